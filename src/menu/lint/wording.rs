//! What a menu says: which keys it announces, in what words, and whether its recordings say them.

use std::collections::BTreeSet;

use super::{Check, Fact, Finding, Level, RULES, scene::Scene};
use crate::menu::graph::{Media, Menu, NodeIndex, NodeKind};

/// Two options that share fewer words than these are never called alike: one word in common is no confusion.
const MIN_SHARED_WORDS: usize = 2;

/// Keys that work and are not announced, where all that is said is known; keys that are announced and do not work.
pub(super) fn hidden_option(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (node, menu) in scene.menus() {
        let announced = scene.announced(node);
        if announced.is_empty() {
            continue;
        }
        let said: BTreeSet<&str> = announced.iter().map(|option| option.key.as_str()).collect();
        let options = scene.options(node);
        let works: BTreeSet<&str> = options.iter().map(|option| option.key).collect();
        let hidden: Vec<String> = works.difference(&said).map(|key| (*key).to_owned()).collect();
        if !hidden.is_empty() && scene.says_all(node) {
            let fact = Fact::NotAnnounced(hidden);
            findings.push(Finding::at_node(scene, Check::HiddenOption, Level::Warning, node, fact));
        }
        let dead: Vec<String> = said.difference(&works).map(|key| (*key).to_owned()).collect();
        if !dead.is_empty() && !scene.takes_other_keys(node, menu) {
            let fact = Fact::AnnouncedDead(dead);
            findings.push(Finding::at_node(scene, Check::HiddenOption, Level::Error, node, fact));
        }
    }
    findings
}

/// Options whose key is said before what it is for: the caller has to keep the key in mind while judging the purpose.
pub(super) fn key_before_purpose(scene: &Scene) -> Vec<Finding> {
    let of_menu = |(node, _): (NodeIndex, &Menu)| {
        let keys: Vec<String> =
            scene.announced(node).iter().filter(|option| option.key_first).map(|option| option.key.clone()).collect();
        (!keys.is_empty())
            .then(|| Finding::at_node(scene, Check::KeyBeforePurpose, Level::Warning, node, Fact::KeyFirst(keys)))
    };
    scene.menus().filter_map(of_menu).collect()
}

/// Two options in nearly the same words, and one option for many subjects.
pub(super) fn wording_vague(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (node, _) in scene.menus() {
        let announced = scene.announced(node);
        let note = |fact| Finding::at_node(scene, Check::WordingVague, Level::Info, node, fact);
        for (i, one) in announced.iter().enumerate() {
            for other in announced[i + 1..].iter().filter(|other| other.key != one.key) {
                let (a, b) = (one.telling(), other.telling());
                let shared = a.intersection(&b).count();
                let share = shared as f64 / a.union(&b).count().max(1) as f64;
                if shared >= MIN_SHARED_WORDS && share >= scene.limits.shared_words {
                    findings.push(note(Fact::Alike(one.key.clone(), other.key.clone())));
                }
            }
            let count = one.subjects();
            if count >= scene.limits.subjects {
                findings.push(note(Fact::Subjects { key: one.key.clone(), count }));
            }
        }
    }
    findings
}

/// A menu that says nothing, and recordings that were looked for and are not there.
pub(super) fn prompt_missing(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (node, _) in scene.menus() {
        let asks = scene.out(node).next().is_some();
        if asks && scene.says_nothing(node) {
            findings.push(Finding::at_node(scene, Check::PromptMissing, Level::Error, node, Fact::NothingSaid));
        }
    }
    // where another format names sounds and none of them came along, nobody said that they would
    let named = scene.recordings_named();
    let came_along = scene.flow.format == "native" || named.iter().any(|(_, file)| scene.length_of(file).is_some());
    for (node, file) in named {
        if came_along && scene.is_missing(file) {
            let fact = Fact::AudioMissing { file: file.to_owned() };
            findings.push(Finding::at_node(scene, Check::PromptMissing, Level::Error, node, fact));
        }
    }
    findings
}

/// A recording whose length does not fit the words that it is said to speak.
pub(super) fn text_audio_differ(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    scene.each_media(|node, media| {
        let Media::Audio { file, says: Some(says), duration_s } = media else { return };
        let Some(length) = duration_s.or_else(|| scene.length_of(file)) else { return };
        let estimate = scene.estimate(says);
        let apart = (length - estimate).abs() / estimate;
        if apart.is_finite() && apart > scene.limits.text_audio {
            let fact = Fact::Differs { file: file.clone(), length, estimate };
            findings.push(Finding::at_node(scene, Check::TextAudioDiffer, Level::Info, node, fact));
        }
    });
    findings
}

/// Exceptions in the definition for rules that there are none of, or without a reason.
pub(super) fn exception(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (index, node) in scene.flow.indexed() {
        for allow in &node.allow {
            let fact = if RULES.iter().all(|rule| rule.code != allow.code) {
                Fact::UnknownRule(allow.code.clone())
            } else if allow.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
                Fact::NoReasonGiven(allow.code.clone())
            } else {
                continue;
            };
            findings.push(Finding::at_node(scene, Check::Exception, Level::Warning, index, fact));
        }
    }
    findings
}

/// Whether `node` can be heard at all.
pub(super) fn is_prompt(kind: &NodeKind) -> bool {
    matches!(kind, NodeKind::Prompt { .. })
}
