//! What speaks for a person who begins with a certain utterance, and against it.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{
    Surroundings,
    voices::{change_of, first_run, floor_parts, mean_pause, spread, turn_taking},
};
use crate::{
    figure::Reason,
    interval::Interval,
    timeline::{
        passage::{Bound, Passage},
        utterance::Utterance,
    },
    units::Seconds,
};

/// The signs, in the order in which [`Signs::of`] measures them.
pub const NAMES: [&str; N_SIGNS] = [
    "always",
    "first_sound",
    "after_music",
    "after_ringing",
    "after_key",
    "after_beep",
    "after_tone",
    "after_recording",
    "after_message",
    "pause_s",
    "no_pause",
    "ln_voiced_s",
    "turns",
    "spread",
    "mean_pause_s",
    "first_run_s",
    "recording_ends",
    "tone_follows",
    "key_follows",
    "beep_follows",
    "music_follows",
    "ringing_follows",
    "is_last",
    "voice_step",
    "level_step",
    "floor_step",
    "floor_parts",
    "no_reference",
    "like_music",
    "caller_answers",
    "caller_silent",
    "caller_spoke_s",
    "caller_waits_s",
    "recurring_s",
    "left_recurring_s",
    "unlisted_recurring_s",
    "music_s",
    "left_music_s",
    "noise_s",
    "over_music_s",
    "left_over_music_s",
    "left_unknown_s",
    "left_unlisted_s",
    "left_long_s",
    "left_same_voice_s",
    "local_voice_step",
    "local_level_step",
    "unknown_among",
    "unlisted_among",
    "voice_share",
];
/// How many there are.
pub const N_SIGNS: usize = 50;

/// How many utterances are heard for turns: half a minute or more.
const TURNS_AMONG: usize = 24;
/// How many are compared with what machines said before.
const CHANGE_AMONG: usize = 6;
/// How many of these.
const REFERENCE: usize = 40;
/// How many on either side of a beginning are compared with each other.
const LOCAL: usize = 3;
/// The share of an utterance that is known to be a recording from which on it is one.
const RECORDED: f64 = 0.4;
/// The share that is a voice from which on it is one.
const VOICED: f64 = 0.25;

/// The file of weights.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    sign: Vec<Weight>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weight {
    name: String,
    weight: f32,
}

static WEIGHTS: LazyLock<[f32; N_SIGNS]> = LazyLock::new(|| {
    let weights: Weights = toml::from_str(include_str!("weights.toml")).expect("tested: the weights are understood");
    NAMES.map(|name| weights.sign.iter().find(|s| s.name == name).map_or(0.0, |s| s.weight))
});

/// The log-odds of a person who begins with such signs, against a machine to the end.
pub(super) fn log_odds(signs: &[f32; N_SIGNS]) -> f32 {
    signs.iter().zip(WEIGHTS.iter()).map(|(sign, weight)| sign * weight).sum()
}

/// What is said to have weighed most.
pub(super) fn reason(signs: &[f32]) -> Reason {
    let sign = |name: &str| NAMES.iter().position(|n| *n == name).map_or(0.0, |i| signs[i]);
    if sign("caller_answers") > 0.0 {
        Reason::CallerAnswers
    } else if sign("turns") >= 1.0 {
        Reason::TurnTaking { turns: sign("turns") as u32 + 4 }
    } else {
        Reason::OrderOfEvents
    }
}

/// A passage and what is known before it is heard.
pub(super) struct Signs<'a> {
    passage: &'a Passage,
    /// What machines said before, the last of it.
    reference: Vec<&'a Utterance>,
    is_last: bool,
    surroundings: Surroundings,
    /// For each utterance the sums over those before it, and last over all.
    sums: Vec<Sums>,
}

/// Seconds of what was heard.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    voiced: Seconds,
    voice: Seconds,
    recurring: Seconds,
    listed: Seconds,
    unknown: Seconds,
    unlisted: Seconds,
    music: Seconds,
    noise: Seconds,
    over_music: Seconds,
}

impl Sums {
    fn and(self, u: &Utterance) -> Self {
        let duration = u.interval.duration();
        let add = |sum: Seconds, share: f64| sum + share * duration;
        Self {
            voiced: add(self.voiced, f64::from(u8::from(u.voice >= VOICED))),
            voice: add(self.voice, u.voice),
            recurring: add(self.recurring, u.recurring),
            listed: add(self.listed, u.listed),
            unknown: add(self.unknown, (u.voice - u.recurring).max(0.0)),
            unlisted: add(self.unlisted, (u.voice - u.listed).max(0.0)),
            music: add(self.music, u.music),
            noise: add(self.noise, u.noise),
            over_music: add(self.over_music, u.over_music),
        }
    }
}

/// Whether an utterance is a machine's voice that others can be held against.
fn is_reference(u: &Utterance) -> bool {
    u.voice > 0.6 && u.over_music < 0.3
}

fn is(yes: bool) -> f32 {
    f32::from(u8::from(yes))
}

/// So many seconds, and no more.
fn up_to(most: Seconds, seconds: Seconds) -> f32 {
    seconds.min(most) as f32
}

impl<'a> Signs<'a> {
    /// The signs of a passage; `before` is what machines said in the call before it.
    pub fn new(passage: &'a Passage, before: &[&'a Utterance], is_last: bool, surroundings: Surroundings) -> Self {
        let mut sums = vec![Sums::default()];
        for u in &passage.utterances {
            sums.push(sums[sums.len() - 1].and(u));
        }
        let mut reference: Vec<&Utterance> =
            before.iter().rev().copied().filter(|u| is_reference(u)).take(REFERENCE).collect();
        reference.reverse();
        Self { passage, reference, is_last, surroundings, sums }
    }

    /// The signs for a person who begins with utterance `i`.
    pub fn of(&self, i: usize) -> [f32; N_SIGNS] {
        let p = self.passage;
        let (left, taken) = p.utterances.split_at(i);
        let (previous, first) = (left.last(), &taken[0]);
        let (before, all) = (self.sums[i], self.sums[p.utterances.len()]);
        let after = |bound: Bound| is(i == 0 && p.bounds[0] == bound && !p.is_first);
        let follows = |bound: Bound| is(p.bounds[1] == bound);
        let voiced: Vec<&Utterance> = taken.iter().filter(|u| u.voice >= VOICED).take(TURNS_AMONG).collect();
        let voiced_s = all.voiced - before.voiced;
        let turns = turn_taking(&voiced);
        let turns = turns.filter(|t| t.separation > 1.1).map_or(0.0, |t| (t.changes as f32 - 4.0).clamp(-2.0, 4.0));
        let own = left.iter().rev().filter(|u| is_reference(u));
        let reference: Vec<&Utterance> = own.chain(self.reference.iter().rev().copied()).take(REFERENCE).collect();
        let opening = &voiced[..voiced.len().min(CHANGE_AMONG)];
        let change = change_of(&reference, opening);
        let heard: Vec<&Utterance> = taken.iter().take(TURNS_AMONG).collect();
        let music: Vec<&Utterance> = p.music_before.iter().collect();
        let music = change_of(&music, &[first]);
        let caller = self.caller(first.interval.start());
        let Surroundings { compared_with, prompts_given } = self.surroundings;
        let compared = (1.0 + compared_with as f32).ln().min(3.0);
        let listed = is(prompts_given);
        let (recurring_s, listed_s) = (all.recurring - before.recurring, all.listed - before.listed);
        // of what comes again, only the company's own prompts are sure to be machines once these are given
        let (again_s, unlisted_again_s) =
            if prompts_given { (listed_s, recurring_s - listed_s) } else { (recurring_s, 0.0) };
        let (same_voice, local_voice, local_level) = self.beside(i, opening);
        [
            1.0,
            is(i == 0 && p.is_first),
            after(Bound::Music),
            after(Bound::Ringing),
            after(Bound::Key),
            after(Bound::Beep),
            after(Bound::Sit) + after(Bound::Tone),
            is(previous.is_some_and(|u| u.recurring >= RECORDED)),
            is(previous.is_some_and(|u| u.recurring < RECORDED)),
            up_to(1.5, first.pause),
            is(first.pause < 0.08),
            ((voiced_s / 9.0).ln() as f32).clamp(-2.5, 1.0),
            turns,
            spread(&voiced),
            mean_pause(&voiced),
            up_to(8.0, first_run(&voiced)),
            follows(Bound::Recording),
            follows(Bound::Tone),
            follows(Bound::Key),
            follows(Bound::Beep),
            follows(Bound::Music),
            follows(Bound::Ringing),
            is(self.is_last),
            change.map_or(0.0, |c| c.voice),
            change.map_or(0.0, |c| c.level),
            change.map_or(0.0, |c| c.floor),
            floor_parts(&reference, &heard),
            is(change.is_none()),
            music.map_or(0.0, |m| m.voice),
            caller.map_or(0.0, |c| is(c.after_s > 0.5)),
            caller.map_or(0.0, |c| is(c.after_s <= 0.5)),
            caller.map_or(0.0, |c| up_to(3.0, c.before_s)),
            caller.and_then(|c| c.answers_after_s).map_or(0.0, |s| up_to(20.0, s) / 10.0),
            up_to(6.0, again_s),
            up_to(6.0, if prompts_given { before.listed } else { before.recurring }),
            up_to(6.0, unlisted_again_s),
            up_to(6.0, all.music - before.music),
            up_to(6.0, before.music + before.noise),
            up_to(6.0, all.noise - before.noise),
            up_to(6.0, all.over_music - before.over_music),
            up_to(6.0, before.over_music),
            compared * up_to(6.0, before.unknown),
            listed * up_to(6.0, before.unlisted),
            up_to(30.0, before.voice) / 10.0,
            same_voice,
            local_voice,
            local_level,
            compared * is(recurring_s < 0.2 * voiced_s),
            listed * is(listed_s < 0.2 * voiced_s),
            first.voice as f32,
        ]
    }

    /// How the beginning at utterance `i` differs from what is left to a machine right before it: for how long that
    /// seems to be the same voice though no recording, and the steps of voice and level.
    fn beside(&self, i: usize, opening: &[&Utterance]) -> (f32, f32, f32) {
        const VOICE_DB: f32 = 3.0;
        const LEVEL_10DB: f32 = 0.4;
        let voices = self.passage.utterances[..i].iter().rev().filter(|u| u.voice >= VOICED);
        let unknown: Vec<&Utterance> = voices.clone().filter(|u| u.recurring < RECORDED).take(CHANGE_AMONG).collect();
        let unknown_s: Seconds = unknown.iter().map(|u| u.interval.duration()).sum();
        let same = change_of(&unknown, opening)
            .map_or(0.0, |c| (-(c.voice / VOICE_DB).powi(2) - (c.level / LEVEL_10DB).powi(2)).exp());
        let near: Vec<&Utterance> = voices.take(LOCAL).collect();
        let step = change_of(&near, &opening[..opening.len().min(LOCAL)]);
        (same * up_to(4.0, unknown_s), step.map_or(0.0, |c| c.voice), step.map_or(0.0, |c| c.level))
    }

    /// What the caller does on a channel of his own, seen from a beginning.
    fn caller(&self, start: Seconds) -> Option<Caller> {
        let own = self.passage.caller.as_ref()?;
        let sum = |from: Seconds, to: Seconds| {
            let part = Interval::new(from.min(to), to);
            own.iter().map(|c| c.overlap(part)).sum::<Seconds>()
        };
        let answer = own.iter().find(|c| c.duration() > 0.4 && c.end() > start + 0.2);
        Some(Caller {
            before_s: sum(self.passage.span.start(), start - 0.2),
            after_s: sum(start, f64::MAX),
            answers_after_s: answer.map(|c| (c.start() - start).max(0.0)),
        })
    }
}

/// What the caller says around a beginning.
#[derive(Clone, Copy)]
struct Caller {
    /// Seconds before it.
    before_s: Seconds,
    /// Seconds from it on.
    after_s: Seconds,
    /// How long after it the caller speaks first.
    answers_after_s: Option<Seconds>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sign_has_one_weight() {
        let weights: Weights = toml::from_str(include_str!("weights.toml")).unwrap();
        let names: Vec<&str> = weights.sign.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, NAMES);
        assert!(weights.sign.iter().all(|s| s.weight.is_finite()));
    }
}
