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
//! | a key follows | a menu |
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
    /// Whether a key follows: it was a menu.
    pub key_follows: bool,
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
        let turn_odds =
            turns.filter(|t| t.separation > 1.1).map_or(0.0, |t| 0.2 * (t.changes as f32 - 4.0).clamp(-2.0, 4.0));
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
        let key_odds = if self.key_follows { -3.0 } else { 0.0 };
        let music_odds = if self.music_follows { -1.0 } else { 0.0 };
        let odds =
            turn_odds + lasting_odds + before_odds + caller_odds + unique_odds + beep_odds + key_odds + music_odds
                - 0.6;
        let reason = if caller_odds > 0.0 {
            Reason::CallerAnswers
        } else if turn_odds > 0.8 {
            Reason::TurnTaking { turns: turns.map_or(0, |t| t.changes as u32) }
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

/// Whether a row of utterances is one voice or two that take turns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turns {
    /// How often the turn changes between the two groups that the utterances fall into.
    pub changes: usize,
    /// How far apart the groups' means lie, in units of the spread inside them: 1 and less for one voice.
    pub separation: f32,
}

/// Parts utterances into two groups by their timbre and level (2-means, begun at the two that differ most).
fn turn_taking(utterances: &[Utterance]) -> Option<Turns> {
    const ROUNDS: usize = 12;
    if utterances.len() < 4 {
        return None;
    }
    let vectors: Vec<Vec<f32>> = utterances
        .iter()
        .map(|u| u.shape.iter().map(|s| s / 4.0).chain(std::iter::once(u.level * LEVEL_WEIGHT)).collect())
        .collect();
    let distance = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f32>().sqrt();
    let pairs = (0..vectors.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
    let (i, j) = pairs
        .max_by(|&(a, b), &(c, d)| distance(&vectors[a], &vectors[b]).total_cmp(&distance(&vectors[c], &vectors[d])))?;
    let mut centres = [vectors[i].clone(), vectors[j].clone()];
    let mut group = vec![0usize; vectors.len()];
    for _ in 0..ROUNDS {
        for (g, v) in group.iter_mut().zip(&vectors) {
            *g = usize::from(distance(v, &centres[1]) < distance(v, &centres[0]));
        }
        for (which, centre) in centres.iter_mut().enumerate() {
            let members: Vec<&Vec<f32>> =
                vectors.iter().zip(&group).filter(|(_, g)| **g == which).map(|(v, _)| v).collect();
            if !members.is_empty() {
                let mean = |k: usize| members.iter().map(|m| m[k]).sum::<f32>() / members.len() as f32;
                *centre = (0..centre.len()).map(mean).collect();
            }
        }
    }
    let within = vectors.iter().zip(&group).map(|(v, &g)| distance(v, &centres[g])).sum::<f32>() / vectors.len() as f32;
    let changes = group.windows(2).filter(|w| w[0] != w[1]).count();
    let alone = group.iter().sum::<usize>().min(group.len() - group.iter().sum::<usize>()) < 2;
    let separation = if alone { 0.0 } else { distance(&centres[0], &centres[1]) / within.max(1e-3) };
    Some(Turns { changes, separation })
}

/// What a decibel of level weighs beside a decibel in every band.
const LEVEL_WEIGHT: f32 = 0.5;
