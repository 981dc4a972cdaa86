//! Silence, speech, music, and speech over music.
//!
//! # What it hears
//! A partition of the channel: each stretch is a voice, music, a voice over music, or neither.
//! # How it works
//! The network's two probabilities (see [`crate::frames::network`]) are evidence for four states every 40 ms; the likeliest
//! course through them, changes of state having their price, is found by the Viterbi algorithm (Viterbi 1967, "Error
//! bounds for convolutional codes", IEEE Trans. Inf. Theory 13). Where sound borders on silence the edge is moved to where
//! the level rises, to 10 ms.
//! # Limits
//! Stretches under 0.2 s are not told apart; sounds that are neither voice nor music (traffic, keyboards) count as silence
//! unless loud.

use super::{Detector, Evidence, Measurement, Sound};
use crate::{
    frames::{Frames, STEP},
    units::Decibels,
};

/// The price of a voice's beginning or ending, in nats.
///
/// This and the three after it are where `training/decoder.py` finds the best means over five sets of composed calls whose
/// sources no training heard. The optimum is flat: between prices of 16 and 40 for music and weights of 0.4 and 0.6 the
/// frames' accuracy stays within 0.001, the F1 of music's segments within 0.02. Against one price of 8 for both the
/// silence between speakers gains 0.01 of F1 and music's segments 0.02.
const SPEECH_PRICE: f32 = 4.0;
/// The price of music's beginning or ending: hold music lasts, and goes on through quiet passages.
const MUSIC_PRICE: f32 = 24.0;
/// The price of a change of state, by the bits that change.
const PRICES: [f32; 4] = [0.0, SPEECH_PRICE, MUSIC_PRICE, MUSIC_PRICE];
/// What one step's evidence weighs: mistakes of the network come in runs of some 200 ms, so its steps are not independent.
const STEP_WEIGHT: f32 = 0.5;
/// Probabilities are kept this far from 0 and 1: no single step may decide.
const MIN_PROBABILITY: f32 = 0.01;
/// How far an edge is looked for about where the steps put it.
const EDGE_FRAMES: usize = 12;
/// Sound that is neither voice nor music is noise, no silence, from here on.
const MIN_NOISE_DBFS: Decibels = -38.0;

/// Below this nobody hears a voice or music on a telephone, whatever the network makes of the context.
const INAUDIBLE_DBFS: Decibels = -62.0;
/// What the network's word still counts there: a quiet passage of a piece goes on being music.
const INAUDIBLE_WEIGHT: f32 = 0.3;

/// The four states: bit 0 is speech, bit 1 is music.
const STATES: [Sound; 4] = [Sound::Silence, Sound::Speech, Sound::Music, Sound::SpeechOverMusic];

/// Hears speech and music.
pub struct SpeechMusic;

impl Detector for SpeechMusic {
    fn id(&self) -> &'static str {
        "sound"
    }

    fn about(&self) -> &'static str {
        "silence, speech, music and speech over music (a small network and a Viterbi pass)"
    }

    fn detect(&self, frames: &Frames) -> Vec<Evidence> {
        if frames.is_empty() {
            return Vec::new();
        }
        let states = likeliest_states(&audible(frames));
        let mut bounds = vec![0];
        bounds.extend((1..states.len()).filter(|&i| states[i] != states[i - 1]));
        let mut edges: Vec<usize> = bounds.iter().map(|&step| step * STEP).collect();
        for i in 1..edges.len() {
            edges[i] = moved_edge(frames, edges[i], states[bounds[i] - 1], states[bounds[i]]).max(edges[i - 1] + 1);
        }
        bounds.push(states.len());
        edges.push(frames.len());
        let stretch = |i: usize| say(frames, states[bounds[i]], (bounds[i], bounds[i + 1]), (edges[i], edges[i + 1]));
        (0..bounds.len() - 1).filter(|&i| edges[i] < edges[i + 1]).map(stretch).collect()
    }
}

/// The posteriors, next to nothing where there is next to nothing to hear.
fn audible(frames: &Frames) -> Vec<[f32; 2]> {
    let heard = |(posterior, level): (&[f32; 2], &i8)| match Decibels::from(*level) {
        level if level < INAUDIBLE_DBFS => posterior.map(|p| p * INAUDIBLE_WEIGHT),
        _ => *posterior,
    };
    let levels = frames.band_dbfs.iter().chain(std::iter::repeat(&i8::MAX));
    frames.posteriors.iter().zip(levels).map(heard).collect()
}

fn state_probability(posterior: [f32; 2], state: usize) -> f32 {
    let of = |p: f32, yes: bool| if yes { p } else { 1.0 - p }.clamp(MIN_PROBABILITY, 1.0);
    of(posterior[0], state & 1 != 0) * of(posterior[1], state & 2 != 0)
}

/// Decide: one state a step.
fn likeliest_states(posteriors: &[[f32; 2]]) -> Vec<usize> {
    let mut score = [0.0f32; 4];
    let mut came_from: Vec<[u8; 4]> = Vec::with_capacity(posteriors.len());
    for &posterior in posteriors {
        let mut from = [0u8; 4];
        let mut next = [0.0f32; 4];
        for state in 0..4 {
            let by_way_of = |before: usize| score[before] - PRICES[before ^ state];
            let best = (0..4).fold(state, |best, s| if by_way_of(s) > by_way_of(best) { s } else { best });
            from[state] = best as u8;
            next[state] = by_way_of(best) + STEP_WEIGHT * state_probability(posterior, state).ln();
        }
        // Only differences matter; kept small, an hour's sum stays exact enough.
        let top = next.into_iter().fold(f32::NEG_INFINITY, f32::max);
        score = next.map(|s| s - top);
        came_from.push(from);
    }
    let mut state = (0..4).fold(0, |best, s| if score[s] > score[best] { s } else { best });
    let mut states = vec![0; posteriors.len()];
    for (i, from) in came_from.iter().enumerate().rev() {
        states[i] = state;
        state = usize::from(from[state]);
    }
    states
}

/// The frame at which the level says that sound begins or ends, near where the steps put it; edges between two sounds stay.
fn moved_edge(frames: &Frames, edge: usize, before: usize, after: usize) -> usize {
    if (before == 0) == (after == 0) {
        return edge;
    }
    let level = |first: usize, end: usize| frames.mean_level(first, end.min(frames.len()));
    let (first, end) = (edge.saturating_sub(EDGE_FRAMES), (edge + EDGE_FRAMES).min(frames.len()));
    let (left, right) = (level(first.saturating_sub(10), first + 4), level(end.saturating_sub(4), end + 10));
    let (quiet, loud) = if before == 0 { (left, right) } else { (right, left) };
    if loud < quiet + 6.0 {
        return edge;
    }
    // A third of the way up: voices set in softly.
    let threshold = quiet + (loud - quiet) / 3.0;
    let is_loud = |frame: &usize| frames.level_dbfs[*frame] > threshold;
    if before == 0 {
        (first..end).find(is_loud).unwrap_or(edge)
    } else {
        (first..end).rev().find(is_loud).map_or(edge, |last| last + 1)
    }
}

/// Say: one stretch, as sure as its steps are on the average.
fn say(frames: &Frames, state: usize, steps: (usize, usize), edges: (usize, usize)) -> Evidence {
    let part = &frames.posteriors[steps.0..steps.1];
    let mean = |pick: &dyn Fn(&[f32; 2]) -> f32| part.iter().map(pick).sum::<f32>() / part.len().max(1) as f32;
    let level = frames.mean_level(edges.0, edges.1);
    let sound = match &STATES[state] {
        Sound::Silence if level > MIN_NOISE_DBFS => Sound::Noise,
        sound => sound.clone(),
    };
    Evidence {
        interval: frames.interval(edges.0, edges.1),
        sound,
        confidence: mean(&|p| state_probability(*p, state)),
        detector: "sound".into(),
        measurements: vec![
            Measurement { name: "speech".into(), value: mean(&|p| p[0]) },
            Measurement { name: "music".into(), value: mean(&|p| p[1]) },
            Measurement { name: "level_dbfs".into(), value: level },
        ],
    }
}
