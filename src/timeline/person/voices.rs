//! How utterances compare: one voice or another, one line or another, one speaker or two that take turns.

use crate::{
    timeline::utterance::Utterance,
    units::{Decibels, Seconds},
};

/// How what is said differs from what machines said before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    /// The voice and what it came through: the distance of the mean shapes, in decibels a band.
    pub voice: f32,
    /// How much louder or softer, in 10 dB.
    pub level: f32,
    /// How much noisier its pauses, in 10 dB.
    pub floor: f32,
}

/// How much better two floors, one before and one from here on, explain the pauses than one does: in nats.
pub(super) fn floor_parts(before: &[&Utterance], from_here: &[&Utterance]) -> f32 {
    const SPREAD_DB: f32 = 2.5;
    const MAX_NATS: f32 = 5.0;
    let floors = |us: &[&Utterance]| -> Vec<f32> { us.iter().map(|u| u.floor).filter(|f| f.is_finite()).collect() };
    let (a, b) = (floors(before), floors(from_here));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let mean = |v: &[f32]| v.iter().sum::<f32>() / v.len() as f32;
    let (ma, mb) = (mean(&a), mean(&b));
    // n_a n_b / (n_a + n_b) times the squared step is what parting them saves.
    let (na, nb) = (a.len().min(6) as f32, b.len().min(6) as f32);
    let saved = na * nb / (na + nb) * (mb - ma).powi(2) / (2.0 * SPREAD_DB * SPREAD_DB);
    if mb > ma { saved.min(MAX_NATS) } else { -saved.min(MAX_NATS) }
}

pub(super) fn change_of(reference: &[&Utterance], now: &[&Utterance]) -> Option<Change> {
    let duration = |us: &[&Utterance]| us.iter().map(|u| u.interval.duration()).sum::<Seconds>();
    if duration(reference) < 1.0 || duration(now) < 0.1 {
        return None;
    }
    let mean = |us: &[&Utterance], of: &dyn Fn(&Utterance) -> f32| {
        let sum: f32 = us.iter().map(|u| of(u) * u.interval.duration() as f32).sum();
        sum / duration(us) as f32
    };
    let squares: f32 = (0..16).map(|b| (mean(reference, &|u| u.shape[b]) - mean(now, &|u| u.shape[b])).powi(2)).sum();
    let floor = |us: &[&Utterance]| {
        let mut floors: Vec<Decibels> = us.iter().map(|u| u.floor).filter(|f| f.is_finite()).collect();
        floors.sort_by(f32::total_cmp);
        floors.get(floors.len() / 4).copied()
    };
    let floors = floor(reference).zip(floor(now));
    Some(Change {
        voice: (squares / 16.0).sqrt().min(12.0),
        level: ((mean(now, &|u| u.level) - mean(reference, &|u| u.level)) / 10.0).abs().min(2.0),
        floor: floors.map_or(0.0, |(before, now)| (now - before).clamp(-3.0, 6.0) / 6.0),
    })
}

/// How far utterances lie from their mean, in decibels a band and of level: one voice, or several.
pub(super) fn spread(utterances: &[&Utterance]) -> f32 {
    let long: Vec<&Utterance> = utterances.iter().copied().filter(|u| u.interval.duration() >= 0.4).collect();
    if long.len() < 3 {
        return 0.0;
    }
    let mean = |of: &dyn Fn(&Utterance) -> f32| long.iter().map(|u| of(u)).sum::<f32>() / long.len() as f32;
    let centre: [f32; 16] = std::array::from_fn(|b| mean(&|u| u.shape[b]));
    let level = mean(&|u| u.level);
    let apart = |u: &Utterance| {
        let shape: f32 = (0..16).map(|b| (u.shape[b] - centre[b]).powi(2)).sum::<f32>() / 16.0;
        (shape + (u.level - level).powi(2)).sqrt()
    };
    (mean(&apart) / 4.0).min(4.0)
}

/// How long it is quiet between utterances, on the mean.
pub(super) fn mean_pause(utterances: &[&Utterance]) -> f32 {
    let n = utterances.len().saturating_sub(1);
    let sum: Seconds = utterances.iter().skip(1).map(|u| u.pause.min(1.5)).sum();
    (sum / n.max(1) as Seconds) as f32
}

/// How long is spoken before the first pause in which somebody else may speak.
pub(super) fn first_run(utterances: &[&Utterance]) -> Seconds {
    const TURN_S: Seconds = 0.5;
    let end = utterances.iter().skip(1).position(|u| u.pause >= TURN_S).map_or(utterances.len(), |i| i + 1);
    utterances[..end].iter().map(|u| u.interval.duration()).sum()
}

/// Whether a row of utterances is one voice or two that take turns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Turns {
    /// How often the turn changes between the two groups that the utterances fall into.
    pub changes: usize,
    /// How far apart the groups' means lie, in units of the spread inside them: 1 and less for one voice.
    pub separation: f32,
}

/// Parts utterances into two groups by their timbre and level (2-means, begun at the two that differ most).
pub(super) fn turn_taking(utterances: &[&Utterance]) -> Option<Turns> {
    const ROUNDS: usize = 8;
    const MIN_S: Seconds = 0.4;
    /// What a decibel of level weighs beside a decibel in every band.
    const LEVEL_WEIGHT: f32 = 0.5;
    let vectors: Vec<[f32; 17]> = utterances
        .iter()
        .filter(|u| u.interval.duration() >= MIN_S)
        .map(|u| std::array::from_fn(|i| if i < 16 { u.shape[i] / 4.0 } else { u.level * LEVEL_WEIGHT }))
        .collect();
    if vectors.len() < 4 {
        return None;
    }
    let distance = |a: &[f32; 17], b: &[f32; 17]| a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f32>().sqrt();
    let pairs = (0..vectors.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
    let (i, j) = pairs
        .max_by(|&(a, b), &(c, d)| distance(&vectors[a], &vectors[b]).total_cmp(&distance(&vectors[c], &vectors[d])))?;
    let mut centres = [vectors[i], vectors[j]];
    let mut group = vec![0usize; vectors.len()];
    for _ in 0..ROUNDS {
        for (g, v) in group.iter_mut().zip(&vectors) {
            *g = usize::from(distance(v, &centres[1]) < distance(v, &centres[0]));
        }
        for (which, centre) in centres.iter_mut().enumerate() {
            let members: Vec<&[f32; 17]> =
                vectors.iter().zip(&group).filter(|(_, g)| **g == which).map(|(v, _)| v).collect();
            if !members.is_empty() {
                *centre = std::array::from_fn(|k| members.iter().map(|m| m[k]).sum::<f32>() / members.len() as f32);
            }
        }
    }
    let within = vectors.iter().zip(&group).map(|(v, &g)| distance(v, &centres[g])).sum::<f32>() / vectors.len() as f32;
    let changes = group.windows(2).filter(|w| w[0] != w[1]).count();
    let ones = group.iter().sum::<usize>();
    let separation =
        if ones.min(group.len() - ones) < 2 { 0.0 } else { distance(&centres[0], &centres[1]) / within.max(1e-3) };
    Some(Turns { changes, separation })
}
