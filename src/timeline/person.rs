//! Who speaks: a recording, or a live person.
//!
//! # What it weighs
//! Each passage (all that sounds between two signs of a machine: ringing, hold music, a key, a beep) is a machine's from
//! beginning to end, or a person speaks from one of its utterances on. Every such beginning is weighed by the [`SIGNS`],
//! in log-odds against "a machine to the end"; together they are a probability for each.
//!
//! # Where the weights come from
//! A log-linear model, fitted to composed calls (`bezet simulate`'s kind) with all calls of a line and with each call as a
//! line of its own, tried on calls of other voices and music.

use super::{
    passage::{Bound, Passage},
    utterance::Utterance,
};
use crate::{
    figure::Reason,
    interval::Interval,
    units::{Decibels, Seconds},
};

/// How likely it is that a person begins to speak here, and the sign that weighed most.
#[derive(Clone, Debug, PartialEq)]
pub struct Liveness {
    /// 0 to 1.
    pub probability: f32,
    /// What speaks for it.
    pub reason: Reason,
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
}

/// Names and weights of the signs, in the order in which [`Context::signs`] measures them.
const SIGNS: [(&str, f32); N_SIGNS] = [
    ("always", -6.3),
    ("first_sound", 1.19),
    ("after_music", 0.32),
    ("after_ringing", 1.78),
    ("after_key", -0.17),
    ("after_beep", -0.99),
    ("after_tone", -3.24),
    ("after_recording", -2.23),
    ("after_message", -2.93),
    ("pause_s", 1.48),
    ("no_pause", -2.04),
    ("ln_voiced_s", 4.35),
    ("turns", 0.06),
    ("spread", 0.51),
    ("mean_pause_s", 2.77),
    ("first_run_s", -0.25),
    ("to_the_end", 2.56),
    ("key_follows", -5.04),
    ("beep_follows", -2.40),
    ("music_follows", -0.48),
    ("ringing_follows", -0.92),
    ("spoken_before", 0.00),
    ("voice_step", 0.07),
    ("level_step", 1.93),
    ("floor_step", 1.99),
    ("floor_parts", 0.04),
    ("no_reference", -0.43),
    ("like_music", 0.31),
    ("caller_answers", 4.29),
    ("caller_silent", -2.55),
    ("caller_spoke_s", -2.17),
    ("recurring_s", -0.74),
    ("left_recurring_s", 0.48),
    ("music_s", -0.33),
    ("left_music_s", 1.11),
    ("noise_s", -0.18),
    ("over_music_s", 0.18),
    ("left_over_music_s", -0.12),
    ("left_unknown_s", -0.33),
    ("left_long_s", -0.33),
    ("unknown_among", 0.56),
    ("voice_share", 0.40),
];
const N_SIGNS: usize = 42;

/// Weighs all passages of a call, which was compared with so many others.
pub(super) fn judge(passages: &[Passage], compared_with: usize) -> Verdict {
    let mut before: Vec<&Utterance> = Vec::new();
    let mut nobody_yet = 1.0f32;
    let mut live = Vec::new();
    let mut person: Option<(Seconds, Liveness)> = None;
    for passage in passages {
        let context = Context { passage, reference: &before, spoken: 1.0 - nobody_yet, compared_with };
        let weighed = context.weigh();
        let any: f32 = weighed.iter().map(|b| b.probability).sum();
        let best = weighed.iter().max_by(|a, b| a.probability.total_cmp(&b.probability)).filter(|_| any > 0.5);
        live.push((best.map(|b| b.at), any));
        if let (Some(best), None) = (best, &person) {
            let near = weighed.iter().filter(|b| (b.at - best.at).abs() <= 1.0).map(|b| b.probability).sum::<f32>();
            person = Some((best.at, Liveness { probability: near * nobody_yet, reason: best.reason.clone() }));
        }
        nobody_yet *= 1.0 - any;
        if best.is_none() {
            before.extend(&passage.utterances);
        }
    }
    Verdict { live, doubt: 1.0 - nobody_yet, person }
}

/// A passage and what is known before it is heard.
struct Context<'a> {
    passage: &'a Passage,
    /// What machines said before.
    reference: &'a [&'a Utterance],
    /// How likely it is that a person spoke before.
    spoken: f32,
    compared_with: usize,
}

/// One place at which a person may begin to speak.
struct Weighed {
    at: Seconds,
    probability: f32,
    reason: Reason,
}

impl Context<'_> {
    fn weigh(&self) -> Vec<Weighed> {
        let utterances = &self.passage.utterances;
        let begins: Vec<usize> =
            (0..utterances.len()).filter(|&i| utterances[i].voice + utterances[i].noise >= 0.25).collect();
        let odds: Vec<([f32; N_SIGNS], f32)> = begins
            .iter()
            .map(|&i| {
                let signs = self.signs(i);
                (signs, signs.iter().zip(SIGNS).map(|(sign, (_, weight))| sign * weight).sum())
            })
            .collect();
        let top = odds.iter().map(|o| o.1).fold(0.0, f32::max);
        let all = (-top).exp() + odds.iter().map(|o| (o.1 - top).exp()).sum::<f32>();
        begins
            .iter()
            .zip(&odds)
            .map(|(&i, (signs, odds))| Weighed {
                at: utterances[i].interval.start(),
                probability: (odds - top).exp() / all,
                reason: reason(signs),
            })
            .collect()
    }

    /// The signs for a person who begins with utterance `i`.
    fn signs(&self, i: usize) -> [f32; N_SIGNS] {
        let p = self.passage;
        let is = |yes: bool| f32::from(u8::from(yes));
        let (left, taken) = p.utterances.split_at(i);
        let previous = left.last();
        let first = &taken[0];
        let after = |bound: Bound| is(i == 0 && p.bounds[0] == bound && !p.is_first);
        let voiced: Vec<&Utterance> = taken.iter().filter(|u| u.voice >= 0.25).collect();
        let seconds = |part: &[Utterance], share: &dyn Fn(&Utterance) -> f64| -> f64 {
            part.iter().map(|u| share(u) * u.interval.duration()).sum()
        };
        let voiced_s = seconds(taken, &|u| if u.voice >= 0.25 { 1.0 } else { 0.0 });
        let spoken: Vec<&Utterance> = voiced.iter().take(TURNS_AMONG).copied().collect();
        let turns = turn_taking(&spoken);
        let turns = turns.filter(|t| t.separation > 1.1).map_or(0.0, |t| (t.changes as f32 - 4.0).clamp(-2.0, 4.0));
        let reference: Vec<&Utterance> =
            self.reference.iter().copied().chain(left).filter(|u| u.voice > 0.6 && u.over_music < 0.3).collect();
        let change = change(&reference, &voiced);
        let music: Vec<&Utterance> = p.music_before.iter().collect();
        let music = change_of(&music, &[first]);
        let caller = p.caller.as_ref().map(|own| {
            let sum = |from: Seconds, to: Seconds| {
                let part = Interval::new(from.min(to), to);
                own.iter().map(|c| c.overlap(part)).sum::<Seconds>()
            };
            let start = first.interval.start();
            (sum(p.span.start(), start - 0.2), sum(start, f64::MAX))
        });
        let compared = (1.0 + self.compared_with as f32).ln().min(3.0);
        let recurring_s = seconds(taken, &|u| u.recurring);
        let follows = |bound: Bound| is(p.bounds[1] == bound);
        [
            1.0,
            is(i == 0 && p.is_first),
            after(Bound::Music),
            after(Bound::Ringing),
            after(Bound::Key),
            after(Bound::Beep),
            after(Bound::Sit) + after(Bound::Tone),
            is(previous.is_some_and(|u| u.recurring >= 0.4)),
            is(previous.is_some_and(|u| u.recurring < 0.4)),
            first.pause.min(1.5) as f32,
            is(first.pause < 0.08),
            ((voiced_s / 9.0).ln() as f32).clamp(-2.5, 1.0),
            turns,
            spread(&spoken),
            mean_pause(&spoken),
            first_run(&voiced).min(8.0) as f32,
            follows(Bound::Recording) + follows(Bound::Tone),
            follows(Bound::Key),
            follows(Bound::Beep),
            follows(Bound::Music),
            follows(Bound::Ringing),
            self.spoken,
            change.map_or(0.0, |c| c.voice),
            change.map_or(0.0, |c| c.level),
            change.map_or(0.0, |c| c.floor),
            floor_parts(&reference, taken),
            is(change.is_none()),
            music.map_or(0.0, |m| m.voice),
            caller.map_or(0.0, |c| is(c.1 > 0.5)),
            caller.map_or(0.0, |c| is(c.1 <= 0.5)),
            caller.map_or(0.0, |c| c.0.min(3.0) as f32),
            recurring_s.min(6.0) as f32,
            seconds(left, &|u| u.recurring).min(6.0) as f32,
            seconds(taken, &|u| u.music).min(6.0) as f32,
            seconds(left, &|u| u.music + u.noise).min(6.0) as f32,
            seconds(taken, &|u| u.noise).min(6.0) as f32,
            seconds(taken, &|u| u.over_music).min(6.0) as f32,
            seconds(left, &|u| u.over_music).min(6.0) as f32,
            compared * seconds(left, &|u| (u.voice - u.recurring).max(0.0)).min(6.0) as f32,
            seconds(left, &|u| u.voice).min(30.0) as f32 / 10.0,
            compared * is(recurring_s < 0.2 * voiced_s),
            first.voice as f32,
        ]
    }
}

/// How many utterances are heard for turns: half a minute or more.
const TURNS_AMONG: usize = 24;

fn reason(signs: &[f32; N_SIGNS]) -> Reason {
    let sign = |name: &str| SIGNS.iter().position(|s| s.0 == name).map_or(0.0, |i| signs[i]);
    if sign("caller_answers") > 0.0 {
        Reason::CallerAnswers
    } else if sign("turns") >= 1.0 {
        Reason::TurnTaking { turns: sign("turns") as u32 + 4 }
    } else {
        Reason::OrderOfEvents
    }
}

/// How what is said differs from what machines said before.
#[derive(Clone, Copy, Debug)]
struct Change {
    /// The voice and what it came through: the distance of the mean shapes, in decibels a band.
    voice: f32,
    /// How much louder or softer, in 10 dB.
    level: f32,
    /// How much noisier its pauses, in 10 dB.
    floor: f32,
}

fn change(reference: &[&Utterance], now: &[&Utterance]) -> Option<Change> {
    const AMONG: usize = 6;
    change_of(reference, &now[..now.len().min(AMONG)])
}

/// How much better two floors, one before and one from here on, explain the pauses than one does: in nats.
fn floor_parts(before: &[&Utterance], from_here: &[Utterance]) -> f32 {
    const SPREAD_DB: f32 = 2.5;
    const MAX_NATS: f32 = 5.0;
    let floors = |us: &mut dyn Iterator<Item = &Utterance>| -> Vec<f32> {
        us.map(|u| u.floor).filter(|f| f.is_finite()).collect()
    };
    let (a, b) = (floors(&mut before.iter().copied()), floors(&mut from_here.iter()));
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

fn change_of(reference: &[&Utterance], now: &[&Utterance]) -> Option<Change> {
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
fn spread(utterances: &[&Utterance]) -> f32 {
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
fn mean_pause(utterances: &[&Utterance]) -> f32 {
    let n = utterances.len().saturating_sub(1);
    let sum: Seconds = utterances.iter().skip(1).map(|u| u.pause.min(1.5)).sum();
    (sum / n.max(1) as Seconds) as f32
}

/// How long is spoken before the first pause in which somebody else may speak.
fn first_run(utterances: &[&Utterance]) -> Seconds {
    const TURN_S: Seconds = 0.5;
    let end = utterances.iter().skip(1).position(|u| u.pause >= TURN_S).map_or(utterances.len(), |i| i + 1);
    utterances[..end].iter().map(|u| u.interval.duration()).sum()
}

/// Whether a row of utterances is one voice or two that take turns.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Turns {
    /// How often the turn changes between the two groups that the utterances fall into.
    changes: usize,
    /// How far apart the groups' means lie, in units of the spread inside them: 1 and less for one voice.
    separation: f32,
}

/// Parts utterances into two groups by their timbre and level (2-means, begun at the two that differ most).
fn turn_taking(utterances: &[&Utterance]) -> Option<Turns> {
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
