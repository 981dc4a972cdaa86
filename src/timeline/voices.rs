//! Who speaks: a recording, or a live person.
//!
//! # What it weighs
//! Voices are taken a *passage* at a time: all that is said between two machine sounds (ringing, music, a key, a beep, a
//! message known to be a recording). For each passage, in log-odds:
//!
//! | sign | what it tells |
//! |---|---|
//! | comes again in this call or in others of the line | a recording, whatever else |
//! | never comes again, though other calls are there to compare | a person |
//! | two voices take turns (their timbres alternate) | a person and the caller |
//! | the caller speaks in it, on his own channel | a person |
//! | it follows music or a second ringing | somebody came on the line |
//! | a beep follows | a voicemail greeting |
//! | it is over within a few seconds | a message rather than a conversation |
//!
//! The first passage that weighs more than even is the person's; what he says later is his too.
//! # Limits
//! With one call of a line and one channel a lively recording and a monologue cannot be told apart; the confidence says so.

use crate::{
    figure::Reason,
    heard::{Levels, Timbre},
    interval::Interval,
    units::{Decibels, Seconds},
};

/// What stands before a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// The recording's start, or the first ringing: nobody has spoken yet.
    PickUp,
    /// Music, ringing inside the call, or any sound of a queue.
    Queue,
    /// A key.
    Key,
    /// A message that is known to be a recording.
    Recording,
}

/// All that is said between two machine sounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// The stretches of voice in it.
    pub voices: Vec<Interval>,
    /// What stands before it.
    pub before: Before,
    /// Whether a beep follows, as after a voicemail greeting.
    pub beep_follows: bool,
    /// Seconds of the caller's own voice in it and just after it; `None` where he has no channel of his own.
    pub caller_s: Option<Seconds>,
    /// Whether music follows: more of a queue.
    pub music_follows: bool,
    /// How many other calls of the line its voices were looked for in.
    pub compared_with: usize,
}

/// How likely a passage is a live person's, and the sign that weighed most.
#[derive(Clone, Debug, PartialEq)]
pub struct Liveness {
    /// 0 to 1.
    pub probability: f32,
    /// What speaks for it.
    pub reason: Reason,
}

impl Passage {
    /// From its first voice to its last.
    pub fn interval(&self) -> Interval {
        self.voices.iter().skip(1).fold(self.voices[0], |all, v| all.hull(*v))
    }

    /// Seconds of voice.
    pub fn voiced_s(&self) -> Seconds {
        self.voices.iter().map(|v| v.duration()).sum()
    }

    /// Weighs the signs.
    pub fn liveness(&self, levels: &Levels, timbre: &Timbre) -> Liveness {
        let turns = turn_taking(&utterances(&self.voices, levels, timbre));
        let turn_odds = turns.map_or(0.0, |t| 5.0 * t.alternation * (1.0 - (-(t.utterances as f32) / 6.0).exp()));
        let lasting_odds = (2.0 * (self.voiced_s() / 7.0).ln()).clamp(-3.0, 1.2) as f32;
        let before_odds = match self.before {
            Before::PickUp => -0.8,
            Before::Queue => 1.0,
            Before::Key => -0.5,
            Before::Recording => 0.3,
        };
        let caller_odds = self.caller_s.map_or(0.0, |s| if s > 0.8 { 3.0 } else { -2.0 });
        let unique_odds = match self.compared_with {
            0 => 0.0,
            n => 0.6 + 0.25 * n.min(8) as f32,
        };
        let beep_odds = if self.beep_follows { -5.0 } else { 0.0 };
        let music_odds = if self.music_follows { -1.0 } else { 0.0 };
        let odds = turn_odds + lasting_odds + before_odds + caller_odds + unique_odds + beep_odds + music_odds - 0.6;
        let reason = if caller_odds > 0.0 {
            Reason::CallerAnswers
        } else if turn_odds > 0.8 {
            Reason::TurnTaking { turns: turns.map_or(0, |t| t.utterances as u32) }
        } else {
            Reason::OrderOfEvents
        };
        Liveness { probability: 1.0 / (1.0 + (-odds).exp()), reason }
    }
}

/// One breath of speech.
#[derive(Clone, Debug)]
struct Utterance {
    /// The mean level of each band against the mean over all bands, in dB: the voice and what it came through.
    shape: [Decibels; 16],
    /// How loud, in dBFS.
    level: Decibels,
}

/// The utterances of some stretches of voice: cut where the level dips 20 dB for 120 ms.
fn utterances(voices: &[Interval], levels: &Levels, timbre: &Timbre) -> Vec<Utterance> {
    const DIP_DB: Decibels = 20.0;
    const DIP_STEPS: usize = 3;
    const MIN_STEPS: usize = 10;
    let mut found = Vec::new();
    for &voice in voices {
        let steps: Vec<Decibels> = levels.within(voice).collect();
        let rows = timbre.within(voice);
        let Some(loud) = levels.percentile(voice, 0.9) else { continue };
        let (mut first, mut quiet) = (None, 0);
        for i in 0..=steps.len().min(rows.len()) {
            let is_loud = steps.get(i).is_some_and(|&l| l > loud - DIP_DB) && i < rows.len();
            quiet = if is_loud { 0 } else { quiet + 1 };
            match first {
                None if is_loud => first = Some(i),
                Some(start) if quiet >= DIP_STEPS || i >= steps.len().min(rows.len()) => {
                    let end = i + 1 - quiet.min(i + 1);
                    if end >= start + MIN_STEPS {
                        found.push(utterance(&rows[start..end], &steps[start..end]));
                    }
                    first = None;
                }
                _ => {}
            }
        }
    }
    found
}

fn utterance(rows: &[[i8; 16]], steps: &[Decibels]) -> Utterance {
    let loudest = steps.iter().copied().fold(f32::MIN, f32::max);
    let kept: Vec<usize> = (0..rows.len().min(steps.len())).filter(|&i| steps[i] > loudest - 20.0).collect();
    let n = kept.len().max(1) as f32;
    let mut shape: [f32; 16] = std::array::from_fn(|b| kept.iter().map(|&i| f32::from(rows[i][b])).sum::<f32>() / n);
    let mean = shape.iter().sum::<f32>() / 16.0;
    shape.iter_mut().for_each(|s| *s -= mean);
    Utterance { shape, level: kept.iter().map(|&i| steps[i]).sum::<f32>() / n }
}

/// How a row of utterances alternates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turns {
    /// How many there are.
    pub utterances: usize,
    /// -1 to 1: how much nearer each is to the one before last than to the last.
    pub alternation: f32,
}

fn turn_taking(utterances: &[Utterance]) -> Option<Turns> {
    if utterances.len() < 3 {
        return None;
    }
    let distance = |a: &Utterance, b: &Utterance| {
        let shape = a.shape.iter().zip(&b.shape).map(|(x, y)| (x - y) * (x - y)).sum::<f32>() / 16.0;
        let level = (a.level - b.level) * 0.5;
        (shape + level * level).sqrt()
    };
    let mean = |gap: usize| {
        let all: Vec<f32> = utterances.windows(gap + 1).map(|w| distance(&w[0], &w[gap])).collect();
        all.iter().sum::<f32>() / all.len().max(1) as f32
    };
    let (next, second) = (mean(1), mean(2));
    Some(Turns { utterances: utterances.len(), alternation: (next - second) / (next + second).max(1e-3) })
}
