//! Who speaks: a recording, or a live person.
//!
//! # What it weighs
//! Each passage (all that sounds between two signs of a machine: ringing, hold music, a key, a beep) is a machine's from
//! beginning to end, or a person speaks from one of its utterances on. Every such beginning is weighed by its [`signs`],
//! in log-odds against "a machine to the end"; together they are a probability for each.
//!
//! # Where the weights come from
//! A log-linear model (`weights.toml`), fitted by `training/person.py` to composed calls: with the line's prompts given,
//! without, and with each call as a line of its own; tried on calls of other voices and music.

use serde::{Deserialize, Serialize};

mod faint;
pub mod signs;
mod voices;

pub(super) use faint::first_words;

use super::{passage::Passage, utterance::Utterance};
use crate::{figure::Reason, interval::Interval, units::Seconds};
use signs::{N_SIGNS, Signs};

/// How likely it is that a person begins to speak here, and the sign that weighed most.
#[derive(Clone, Debug, PartialEq)]
pub struct Liveness {
    /// 0 to 1.
    pub probability: f32,
    /// What speaks for it.
    pub reason: Reason,
}

/// What is known of a call beside its sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// With how many other calls it was compared.
    pub compared_with: usize,
    /// Whether the company's own prompts were given: then a voice that is none of them is hardly a recording.
    pub prompts_given: bool,
}

/// One passage, weighed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weighing {
    /// The passage.
    pub span: Interval,
    /// Where a person may begin to speak in it.
    pub beginnings: Vec<Beginning>,
}

/// One place at which a person may begin to speak.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beginning {
    /// When.
    pub at: Seconds,
    /// What speaks for it and against it, in the order of [`signs::NAMES`].
    pub signs: Vec<f32>,
    /// How likely it is.
    pub probability: f32,
}

/// Who speaks in each passage of a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    /// For each passage: from when on a person speaks in it, if one does, and how likely it is that one does.
    pub live: Vec<(Option<Seconds>, f32)>,
    /// The first word of the first live person.
    pub person: Option<(Seconds, Liveness)>,
    /// How likely it is that somebody spoke, where no person was found.
    pub doubt: f32,
    /// What it rests on, passage by passage.
    pub weighed: Vec<Weighing>,
}

/// Weighs all passages of a call.
pub(super) fn judge(passages: &[Passage], surroundings: Surroundings) -> Verdict {
    let mut before: Vec<&Utterance> = Vec::new();
    let mut nobody_yet = 1.0f32;
    let mut verdict = Verdict { live: Vec::new(), person: None, doubt: 0.0, weighed: Vec::new() };
    for (number, passage) in passages.iter().enumerate() {
        let is_last = number + 1 == passages.len();
        let signs = Signs::new(passage, &before, is_last, surroundings);
        let beginnings = weigh(passage, &signs);
        let any: f32 = beginnings.iter().map(|b| b.probability).sum();
        let best = beginnings.iter().max_by(|a, b| a.probability.total_cmp(&b.probability)).filter(|_| any > 0.5);
        verdict.live.push((best.map(|b| b.at), any));
        match best {
            Some(best) if verdict.person.is_none() => {
                let near = beginnings.iter().filter(|b| (b.at - best.at).abs() <= 1.0);
                let probability = near.map(|b| b.probability).sum::<f32>() * nobody_yet;
                verdict.person = Some((best.at, Liveness { probability, reason: signs::reason(&best.signs) }));
            }
            Some(_) => {}
            None => before.extend(&passage.utterances),
        }
        nobody_yet *= 1.0 - any;
        verdict.weighed.push(Weighing { span: passage.span, beginnings });
    }
    Verdict { doubt: 1.0 - nobody_yet, ..verdict }
}

/// Every utterance of a passage with which a person may begin.
fn weigh(passage: &Passage, signs: &Signs<'_>) -> Vec<Beginning> {
    let utterances = &passage.utterances;
    let may = |i: &usize| utterances[*i].voice + utterances[*i].noise >= 0.25;
    let measured: Vec<(Seconds, [f32; N_SIGNS])> =
        (0..utterances.len()).filter(may).map(|i| (utterances[i].interval.start(), signs.of(i))).collect();
    let odds: Vec<f32> = measured.iter().map(|(_, own)| signs::log_odds(own)).collect();
    let top = odds.iter().copied().fold(0.0, f32::max);
    let all = (-top).exp() + odds.iter().map(|o| (o - top).exp()).sum::<f32>();
    let beginning = |((at, own), odds): ((Seconds, [f32; N_SIGNS]), f32)| Beginning {
        at,
        signs: own.to_vec(),
        probability: (odds - top).exp() / all,
    };
    measured.into_iter().zip(odds).map(beginning).collect()
}
