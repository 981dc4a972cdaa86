//! What the way to a person, and to each option, costs.

use super::{
    Check, Fact, Finding, Level,
    scene::{Option_, Scene},
    wording::is_prompt,
};
use crate::{
    menu::{
        analysis::{cost::Path, keys::Keys},
        graph::{EdgeIndex, Media, NodeIndex, NodeKind, Told},
    },
    units::Seconds,
};

/// More menus on one way than a caller has patience for.
pub(super) fn depth_max(scene: &Scene) -> Vec<Finding> {
    let depth = scene.analysis.max_depth;
    let start = scene.analysis.starts.first().filter(|_| depth > scene.limits.depth);
    let at = |&start: &NodeIndex| Finding::at_node(scene, Check::DepthMax, Level::Warning, start, Fact::Depth(depth));
    start.map(at).into_iter().collect()
}

/// More keys to a person than a caller accepts; for each contact reason that sets no limit of its own, that of the rules.
pub(super) fn keys_to_human(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    let keys = |keys, reason, most| Fact::Keys { keys, reason, most };
    for entry in scene.flow.entries.iter().filter_map(|entry| entry.to.node()) {
        let most = scene.limits.keys_to_human;
        if let Keys::Count(count) = scene.analysis.keys.from(entry)
            && count > most
        {
            let fact = keys(count, None, most);
            findings.push(Finding::at_node(scene, Check::KeysToHuman, Level::Warning, entry, fact));
        }
    }
    for (place, reason) in scene.flow.reasons.iter().enumerate() {
        let most = reason.max_keys.unwrap_or(scene.limits.keys_to_human);
        let Some((start, path)) = scene.cheapest(place, |path| Some(f64::from(path.keys))) else { continue };
        if path.keys > most {
            let fact = keys(path.keys, Some(reason.label.clone()), most);
            findings.push(Finding::at_node(scene, Check::KeysToHuman, Level::Warning, start, fact));
        }
    }
    findings
}

/// More seconds to a person or queue than a caller accepts who hears the menu for the first time.
pub(super) fn seconds_to_human(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    let limits = scene.limits;
    let level = |seconds: Seconds, most: Option<Seconds>| match most {
        Some(most) => (seconds > most).then_some(Level::Warning),
        None if seconds > limits.seconds_to_human_error_s => Some(Level::Error),
        None => (seconds > limits.seconds_to_human_warning_s).then_some(Level::Warning),
    };
    let seconds = |path: &Path| path.reached.map(|length| length.seconds);
    let mut add = |start, spent: Seconds, most, reason: Option<String>| {
        if let Some(level) = level(spent, most) {
            let fact = Fact::SecondsToPerson { seconds: spent, reason };
            findings.push(Finding::at_node(scene, Check::SecondsToHuman, level, start, fact));
        }
    };
    for (place, reason) in scene.flow.reasons.iter().enumerate() {
        if let Some((start, path)) = scene.cheapest(place, seconds) {
            add(start, seconds(path).unwrap_or_default(), reason.max_s, Some(reason.label.clone()));
        }
    }
    if scene.flow.reasons.is_empty() {
        for cost in scene.costs.iter().filter(|cost| cost.reason.is_none()) {
            if let Some(spent) = cost.best.as_ref().and_then(seconds) {
                add(cost.start, spent, None, None);
            }
        }
    }
    findings
}

impl<'a> Scene<'a> {
    /// The cheapest way that serves a contact reason, with its start; `None` where none is known.
    fn cheapest(&self, reason: usize, price: impl Fn(&Path) -> Option<f64>) -> Option<(NodeIndex, &Path)> {
        let costs = self.costs.iter().filter(|cost| cost.reason == Some(reason));
        let priced = costs.filter_map(|cost| {
            let path = cost.best.as_ref()?;
            Some((price(path)?, cost.start, path))
        });
        let cheapest = priced.min_by(|(a, ..), (b, ..)| a.total_cmp(b))?;
        Some((cheapest.1, cheapest.2))
    }

    /// The option of `node` that is known last, and when.
    fn last_heard(&self, node: NodeIndex) -> Option<(Option_<'a>, Seconds)> {
        let heard = |option: Option_<'a>| Some((option, self.heard(option.index)?));
        self.options(node).into_iter().filter_map(heard).max_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    /// What the menu `node` says before the words of its first option, where those are apart from its own.
    fn before_options(&self, node: NodeIndex) -> Seconds {
        let before = |option: Option_| {
            let Media::Text { says, .. } = option.edge.media.first()? else { return None };
            Some(self.heard(option.index)? - self.estimate(says))
        };
        let starts = self.options(node).into_iter().filter_map(before);
        starts.min_by(f64::total_cmp).unwrap_or(0.0).max(0.0)
    }

    fn heard(&self, option: EdgeIndex) -> Option<Seconds> {
        self.analysis.listening.option(option).map(|length| length.seconds)
    }
}

/// A menu whose last option is known late.
pub(super) fn option_heard_late(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (node, _) in scene.menus() {
        let Some((option, seconds)) = scene.last_heard(node) else { continue };
        let level = match seconds {
            _ if seconds > scene.limits.option_heard_error_s => Level::Error,
            _ if seconds > scene.limits.option_heard_warning_s => Level::Warning,
            _ => continue,
        };
        let fact = Fact::HeardAt { key: option.key.to_owned(), seconds };
        findings.push(Finding::at_edge(scene, Check::OptionHeardLate, level, option.index, fact));
    }
    findings
}

/// Much talk before the first option of the first menu.
pub(super) fn greeting_long(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (node, _) in scene.menus().filter(|(node, _)| scene.is_first_menu(*node)) {
        let prompts = scene.prompts_before(node).into_iter();
        let before = prompts.map(|prompt| Some(scene.analysis.listening.prompt(prompt)?.seconds));
        let Some(seconds) = before.sum::<Option<Seconds>>().map(|before| before + scene.before_options(node)) else {
            continue;
        };
        if seconds > scene.limits.greeting_s {
            let fact = Fact::GreetingSeconds(seconds);
            findings.push(Finding::at_node(scene, Check::GreetingLong, Level::Warning, node, fact));
        }
    }
    findings
}

/// Long talk that no key cuts short, before a menu or in it.
pub(super) fn greeting_no_bargein(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (index, node) in scene.flow.indexed() {
        let barge_in = match &node.kind {
            NodeKind::Prompt { barge_in, .. } => *barge_in,
            NodeKind::Menu(menu) => menu.barge_in,
            _ => continue,
        };
        let before_a_menu = !is_prompt(&node.kind) || scene.leads_to_menu(index);
        let Some(length) = scene.analysis.listening.prompt(index).filter(|_| barge_in == Told::No) else { continue };
        if before_a_menu && length.seconds > scene.limits.uninterruptible_s {
            let fact = Fact::Uninterruptible(length.seconds);
            findings.push(Finding::at_node(scene, Check::GreetingNoBargein, Level::Info, index, fact));
        }
    }
    findings
}
