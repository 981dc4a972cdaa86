//! Utterances: sound from one pause to the next.
//!
//! # Why
//! Whatever the ear makes of it, a sound without a pause is one sound: a piece of music does not turn into a voice without
//! one, and between a machine and a person the line is quiet for a moment. A stretch that the ear calls one voice may hold
//! the end of a message and the first word of a person; its pauses are where it can be cut.
//! # How it works
//! A pause is where the level of the band stays near what the line falls to in the seconds around it, or far below what is
//! loud there, for [`MIN_PAUSE_STEPS`]. Edges of known recordings and of long music cut too, pause or no pause.

use super::{Segment, compose::CallEvidence, sounds::OVER_MUSIC};
use crate::{
    heard::Levels,
    interval::Interval,
    label::Label,
    repeats::{Naming, Play},
    units::{Decibels, FLOOR_DBFS, Seconds},
};

/// Sound this far below the loud parts around it is no more part of a word.
const BELOW_LOUD_DB: Decibels = 20.0;
/// Nor is what stands out from the quietest parts around it by no more than this.
const ABOVE_FLOOR_DB: Decibels = 5.0;
/// Where the level moves by less than this nothing pauses.
const LIVELY_DB: Decibels = 6.0;
/// Steps to either side that are "around": 2.4 s, a sentence.
const AROUND_STEPS: usize = 60;
/// How often the surroundings are looked at again, in steps.
const LOOK_STEPS: usize = 5;
/// A pause, in steps: 120 ms; the stops inside words are shorter.
const MIN_PAUSE_STEPS: usize = 3;
/// An utterance, in steps; what is shorter is a click.
const MIN_STEPS: usize = 3;
/// What is left of an utterance on the other side of an edge has to last this long to be one of its own.
const MIN_PIECE_S: Seconds = 0.3;

/// Sound from one pause to the next.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Utterance {
    /// When.
    pub interval: Interval,
    /// The mean level of its loud parts.
    pub level: Decibels,
    /// The mean level of each band against the mean over all bands: the voice, and what it came through.
    pub shape: [Decibels; 16],
    /// How quiet the pauses before and after it get.
    pub floor: Decibels,
    /// How long it was quiet before it.
    pub pause: Seconds,
    /// The share of it that the ear calls a voice, with music under it or not.
    pub voice: f64,
    /// The share that it calls a voice over music.
    pub over_music: f64,
    /// The share that it calls music.
    pub music: f64,
    /// The share that it calls loud noise.
    pub noise: f64,
    /// The share that is known to be a recording.
    pub recurring: f64,
    /// The share that is known to be a recording with a name.
    pub listed: f64,
}

/// The utterances on the line, in time's order; `signals` (tones, keys, beeps) are none.
pub(super) fn utterances(call: &CallEvidence<'_>, sounds: &[Segment], signals: &[Segment]) -> Vec<Utterance> {
    let heard = call.line.0;
    let mut levels = heard.levels.all();
    levels.truncate(heard.timbre.rows().len());
    for signal in signals {
        let steps = steps(signal.interval, levels.len());
        levels[steps.0..steps.1].fill(FLOOR_DBFS);
    }
    let thresholds = thresholds(&levels);
    let runs = runs(&levels, &thresholds);
    let voices: Vec<&Play> = call.plays.iter().filter(|p| p.group.is_voice()).collect();
    let cuts: Vec<Seconds> = voices.iter().flat_map(|p| [p.interval.start(), p.interval.end()]).collect();
    let pieces: Vec<(usize, usize)> = runs.into_iter().flat_map(|run| pieces(run, &cuts)).collect();
    let utterance = |i: usize| {
        let (first, end) = pieces[i];
        let before = if i == 0 { 0 } else { pieces[i - 1].1 };
        let after = pieces.get(i + 1).map_or(levels.len(), |next| next.0);
        let floor = quietest(&levels[before.max(first.saturating_sub(AROUND_STEPS))..first])
            .min(quietest(&levels[end..after.min(end + AROUND_STEPS)]));
        let interval = Interval::new(time(first), time(end));
        let share = |is: &dyn Fn(&Segment) -> bool| {
            let from = sounds.partition_point(|s| s.interval.end() <= interval.start());
            let inside = sounds[from..].iter().take_while(|s| s.interval.start() < interval.end());
            inside.filter(|s| is(s)).map(|s| s.interval.overlap(interval)).sum::<Seconds>() / interval.duration()
        };
        let played = |is: &dyn Fn(&Play) -> bool| {
            let from = voices.partition_point(|p| p.interval.end() <= interval.start());
            let inside = voices[from..].iter().take_while(|p| p.interval.start() < interval.end());
            inside.filter(|p| is(p)).map(|p| p.interval.overlap(interval)).sum::<Seconds>() / interval.duration()
        };
        let (level, shape) = timbre(&levels[first..end], &heard.timbre.rows()[first..end]);
        Utterance {
            interval,
            level,
            shape,
            floor,
            pause: time(first) - time(before),
            voice: share(&|s| s.label == Label::Speech),
            over_music: share(&|s| s.label == Label::Speech && s.detail == OVER_MUSIC),
            music: share(&|s| s.label == Label::Music),
            noise: share(&|s| s.label == Label::Noise),
            recurring: played(&|_| true),
            listed: played(&|p| p.group.naming != Naming::Letter),
        }
    };
    (0..pieces.len()).map(utterance).collect()
}

/// The stretches of a channel that stand out from what is around them, from pause to pause, in time's order.
pub(super) fn sounding(levels: &Levels) -> Vec<Interval> {
    let levels = levels.all();
    let interval = |(first, end): (usize, usize)| Interval::new(time(first), time(end));
    runs(&levels, &thresholds(&levels)).into_iter().map(interval).collect()
}

fn time(step: usize) -> Seconds {
    step as Seconds * Levels::STEP_S
}

fn steps(interval: Interval, n: usize) -> (usize, usize) {
    let first = (interval.start() / Levels::STEP_S).floor() as usize;
    let end = (interval.end() / Levels::STEP_S).ceil() as usize + 1;
    (first.min(n), end.min(n))
}

/// What a step has to exceed to be sound, from what is loud and what is quiet around it.
fn thresholds(levels: &[Decibels]) -> Vec<Decibels> {
    let mut around = Counts::default();
    let (mut first, mut end) = (0, 0);
    let threshold = |look: usize| {
        let centre = look * LOOK_STEPS;
        let from = centre.saturating_sub(AROUND_STEPS);
        let to = (centre + AROUND_STEPS).min(levels.len());
        levels[end..to].iter().for_each(|&level| around.add(level));
        levels[first..from].iter().for_each(|&level| around.remove(level));
        (first, end) = (from, to);
        let Some(last) = around.n.checked_sub(1) else { return 0.0 };
        let (quiet, loud) = (around.nth(last / 25), around.nth(last * 23 / 25));
        (loud - BELOW_LOUD_DB).max(quiet + ABOVE_FLOOR_DB).min(loud - LIVELY_DB)
    };
    (0..levels.len().div_ceil(LOOK_STEPS)).map(threshold).collect()
}

/// How often there is each level above the floor: levels are whole decibels, so that those around need not be sorted anew
/// at each look.
struct Counts {
    of: [usize; Self::LEVELS],
    n: usize,
}

impl Default for Counts {
    fn default() -> Self {
        Self { of: [0; Self::LEVELS], n: 0 }
    }
}

impl Counts {
    /// More than a byte tells apart.
    const LEVELS: usize = 256;

    fn place(level: Decibels) -> Option<usize> {
        (level > FLOOR_DBFS).then_some((level - FLOOR_DBFS) as usize)
    }

    fn add(&mut self, level: Decibels) {
        if let Some(place) = Self::place(level) {
            self.of[place] += 1;
            self.n += 1;
        }
    }

    fn remove(&mut self, level: Decibels) {
        if let Some(place) = Self::place(level) {
            self.of[place] -= 1;
            self.n -= 1;
        }
    }

    /// The level that `n` others are no louder than.
    fn nth(&self, n: usize) -> Decibels {
        let mut quieter = 0;
        let place = self.of.iter().position(|count| {
            quieter += count;
            quieter > n
        });
        FLOOR_DBFS + place.unwrap_or(0) as Decibels
    }
}

/// The stretches of steps between pauses.
fn runs(levels: &[Decibels], thresholds: &[Decibels]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (i, &level) in levels.iter().enumerate() {
        if level <= thresholds[i / LOOK_STEPS] || level <= FLOOR_DBFS {
            continue;
        }
        let pauses = |end: usize| i - end >= MIN_PAUSE_STEPS || levels[end..i].contains(&FLOOR_DBFS);
        match runs.last_mut() {
            Some((_, end)) if !pauses(*end) => *end = i + 1,
            _ => runs.push((i, i + 1)),
        }
    }
    runs.retain(|(first, end)| end - first >= MIN_STEPS);
    runs
}

/// A run, cut where a recording begins or ends in its midst.
fn pieces((first, end): (usize, usize), cuts: &[Seconds]) -> Vec<(usize, usize)> {
    let margin = (MIN_PIECE_S / Levels::STEP_S) as usize;
    let mut pieces = vec![(first, end)];
    let from = cuts.partition_point(|cut| *cut < time(first));
    for cut in cuts[from..].iter().take_while(|cut| **cut <= time(end)) {
        let at = (cut / Levels::STEP_S).round() as usize;
        let last = pieces[pieces.len() - 1];
        if at >= last.0 + margin && at + margin <= last.1 {
            let n = pieces.len();
            pieces[n - 1] = (last.0, at);
            pieces.push((at, last.1));
        }
    }
    pieces
}

/// The quietest that some steps get for 80 ms; infinite where they do not last that long.
fn quietest(levels: &[Decibels]) -> Decibels {
    let two = |w: &[Decibels]| (w[0] + w[1]) / 2.0;
    levels.windows(2).filter(|w| !w.contains(&FLOOR_DBFS)).map(two).fold(f32::INFINITY, f32::min)
}

/// The mean level and band levels of the loud steps.
fn timbre(levels: &[Decibels], rows: &[[i8; 16]]) -> (Decibels, [Decibels; 16]) {
    let loudest = levels.iter().copied().fold(FLOOR_DBFS, f32::max);
    let kept: Vec<usize> = (0..levels.len()).filter(|&i| levels[i] > loudest - 15.0).collect();
    let n = kept.len().max(1) as f32;
    let mut shape: [f32; 16] = std::array::from_fn(|b| kept.iter().map(|&i| f32::from(rows[i][b])).sum::<f32>() / n);
    let mean = shape.iter().sum::<f32>() / 16.0;
    shape.iter_mut().for_each(|s| *s -= mean);
    (kept.iter().map(|&i| levels[i]).sum::<f32>() / n, shape)
}
