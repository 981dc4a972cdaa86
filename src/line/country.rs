//! Whose tones a line uses, judged over all its calls; and what a beat means there.
//!
//! Each phase is held against each tone of each plan: how far its frequencies, bursts and pauses lie from the plan's in
//! standard deviations, summed to a log-likelihood. The posterior over plans (all alike before anything is heard) weighs
//! what a beat means: Dutch congestion is Swedish busy, and only the ringing before it, in this call or in another one of
//! the line, tells which.

use super::{Phase, Rhythm, burst::Burst, phase::group_interval};
use crate::{
    label::Label,
    tone_plan::{Tone, TonePlan},
    units::{Hertz, Seconds},
};

/// One standard deviation of a network's frequency, as a share: plant keeps within 2 %.
const FREQUENCY_SPREAD: f32 = 0.006;
/// One standard deviation of a burst's or pause's length, as a share, and what reading it off adds.
const LENGTH_SPREAD: (f64, Seconds) = (0.03, 0.008);
/// A plan that is this much less likely than perfect fits no better than any other that does not fit.
const WORST_FIT: f64 = -14.0;
/// What a variant weighs against a plan's own tone.
const VARIANT: f64 = -0.7;
/// Below this a beat fits no plan at all: pitch and cadence as far off as they may be, both at once, make -11.
const NO_FIT: f64 = -12.0;

/// How likely each plan is, given all phases of a line.
#[derive(Clone, Debug)]
pub struct CountryVerdict<'a> {
    /// Plans with their share of the posterior, likeliest first; equal ones in the order of their codes.
    pub ranking: Vec<(&'a TonePlan, f64)>,
    /// Whether any tone was there to judge by.
    pub heard_tones: bool,
}

/// What a phase means on its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// Ringback, busy, congestion or dial.
    pub label: Label,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// The next likely meaning, where there is one worth naming.
    pub rival: Option<Label>,
}

/// The posterior over `plans`, given all `phases` of a line.
pub fn judge<'a>(plans: &'a [TonePlan], phases: &[Phase]) -> CountryVerdict<'a> {
    let weight = |plan: &TonePlan| phases.iter().map(|phase| best_fit(plan, phase).max(WORST_FIT)).sum::<f64>();
    let logs: Vec<f64> = plans.iter().map(weight).collect();
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logs.iter().map(|l| (l - top).exp()).sum();
    let mut ranking: Vec<_> = plans.iter().zip(logs).map(|(plan, l)| (plan, (l - top).exp() / total)).collect();
    ranking.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.country.cmp(&b.0.country)));
    CountryVerdict { ranking, heard_tones: !phases.is_empty() }
}

impl CountryVerdict<'_> {
    /// What `phase` means, each plan's word weighed by how likely the plan is.
    pub fn meaning(&self, phase: &Phase) -> Meaning {
        match phase.rhythm {
            Rhythm::Steady => Meaning { label: Label::Dial, confidence: 0.8, rival: None },
            Rhythm::Rings => Meaning { label: Label::Ringback, confidence: self.ring_confidence(phase), rival: None },
            Rhythm::Beats => self.beats(phase),
        }
    }

    fn ring_confidence(&self, phase: &Phase) -> f32 {
        let fit = self.ranking.iter().map(|(plan, _)| list_fit(&plan.ringing, phase)).fold(WORST_FIT, f64::max);
        let sure = phase.bursts().map(|b| b.confidence).sum::<f32>() / phase.bursts().count().max(1) as f32;
        let fits = (1.0 + fit / 30.0).clamp(0.4, 1.0) as f32;
        (0.5 + 0.49 * sure) * fits
    }

    fn beats(&self, phase: &Phase) -> Meaning {
        let (mut busy, mut congestion, mut best) = (0.0, 0.0, f64::NEG_INFINITY);
        for (plan, share) in &self.ranking {
            let (b, c) = (list_fit(&plan.busy, phase), list_fit(&plan.congestion, phase));
            best = best.max(b).max(c);
            busy += share * b.max(2.0 * WORST_FIT).exp();
            congestion += share * c.max(2.0 * WORST_FIT).exp();
        }
        if best < NO_FIT {
            // No plan knows this rhythm; slow beats are the busy tone all over the world.
            let slow = beat_period(phase) >= 0.6;
            let label = if slow { Label::Busy } else { Label::Congestion };
            let rival = if slow { Label::Congestion } else { Label::Busy };
            return Meaning { label, confidence: 0.5, rival: Some(rival) };
        }
        let (label, rival, share) = if busy >= congestion {
            (Label::Busy, Label::Congestion, busy / (busy + congestion))
        } else {
            (Label::Congestion, Label::Busy, congestion / (busy + congestion))
        };
        let confidence = (share as f32).min(0.99);
        Meaning { label, confidence, rival: (confidence < 0.9).then_some(rival) }
    }
}

/// How well any tone of `plan` explains `phase`.
fn best_fit(plan: &TonePlan, phase: &Phase) -> f64 {
    match phase.rhythm {
        Rhythm::Rings => list_fit(&plan.ringing, phase),
        Rhythm::Beats => list_fit(&plan.busy, phase).max(list_fit(&plan.congestion, phase)),
        Rhythm::Steady => list_fit(&plan.dial, phase).max(list_fit(&plan.unobtainable, phase)),
    }
}

fn list_fit(tones: &[Tone], phase: &Phase) -> f64 {
    let fit = |(i, tone): (usize, &Tone)| tone_fit(tone, phase) + if i == 0 { 0.0 } else { VARIANT };
    tones.iter().enumerate().map(fit).fold(2.0 * WORST_FIT, f64::max)
}

/// The log-likelihood of `phase` under `tone`, 0 for a perfect fit.
fn tone_fit(tone: &Tone, phase: &Phase) -> f64 {
    frequency_fit(tone, phase)
        + match phase.rhythm {
            Rhythm::Rings => ring_fit(tone, phase),
            Rhythm::Beats => beat_fit(tone, phase),
            Rhythm::Steady => 0.0,
        }
}

fn gaussian(deviations: f64) -> f64 {
    (-0.5 * deviations * deviations).max(-12.0)
}

fn length_fit(measured: Seconds, planned: Seconds) -> f64 {
    gaussian((measured - planned) / (LENGTH_SPREAD.0 * planned + LENGTH_SPREAD.1))
}

/// Each frequency of the plan against the nearest line, and a price for lines too many or too few.
fn frequency_fit(tone: &Tone, phase: &Phase) -> f64 {
    const COUNT_PRICE: f64 = -2.0;
    // The burst with most time for its long spectra shows the lines best.
    let longest = |a: &&Burst, b: &&Burst| a.interval.duration().total_cmp(&b.interval.duration());
    let Some(lines) = phase.bursts().max_by(longest).map(|b| &b.lines) else { return 2.0 * WORST_FIT };
    let nearest = |hz: Hertz| lines.iter().map(|l| (l - hz).abs()).fold(f32::INFINITY, f32::min);
    let fits = tone.frequencies.iter().map(|&hz| gaussian(f64::from(nearest(hz) / (FREQUENCY_SPREAD * hz))));
    fits.sum::<f64>() / tone.frequencies.len().max(1) as f64
        + COUNT_PRICE * lines.len().abs_diff(tone.frequencies.len()) as f64
}

fn ring_fit(tone: &Tone, phase: &Phase) -> f64 {
    let Some(period) = tone.period() else { return WORST_FIT };
    let bursts_a_ring = tone.cadence.len() / 2;
    let ring: Seconds = tone.cadence[..tone.cadence.len() - 1].iter().sum();
    let starts: Vec<Seconds> = phase.groups.iter().map(|g| group_interval(g).start()).collect();
    // The first ring may be cut at its start, so the pause after a ring is a surer measure than from start to start.
    let mut pauses: Vec<Seconds> =
        phase.groups.windows(2).map(|w| group_interval(&w[1]).start() - group_interval(&w[0]).end()).collect();
    pauses.sort_by(f64::total_cmp);
    let pause_fit = pauses.get(pauses.len() / 2).map_or(0.0, |&p| length_fit(p, period - ring));
    let whole: Vec<_> = if phase.groups.len() > 2 {
        phase.groups[1..phase.groups.len() - 1].iter().collect()
    } else {
        phase.groups.iter().collect()
    };
    let longest = whole.iter().map(|g| group_interval(g).duration()).fold(0.0, f64::max);
    let sure_whole = starts.len() > 2;
    // A lone ring that is shorter than the plan's may have been cut by the answer; a longer one cannot.
    let ring_fit = if sure_whole {
        length_fit(longest, ring)
    } else {
        length_fit(longest, ring).max(if longest < ring { -2.5 } else { -12.0 })
    };
    let most_bursts = whole.iter().map(|g| g.len()).max().unwrap_or(0);
    let burst_fit = match most_bursts.cmp(&bursts_a_ring) {
        std::cmp::Ordering::Equal => 0.0,
        std::cmp::Ordering::Less if !sure_whole => -2.5,
        _ => -8.0,
    };
    pause_fit + ring_fit + burst_fit
}

/// Bursts and pauses against the cadence, begun at whichever of its elements fits best.
fn beat_fit(tone: &Tone, phase: &Phase) -> f64 {
    let n = tone.cadence.len();
    if n == 0 {
        return WORST_FIT;
    }
    let bursts: Vec<&Burst> = phase.bursts().collect();
    let (on, off) = beat_lengths(&bursts);
    let fit_from = |first: usize| {
        let element = |i: usize| tone.cadence[(2 * first + i) % n];
        let ons = on.iter().map(|&(i, length)| length_fit(length, element(2 * i)));
        let offs = off.iter().enumerate().map(|(i, &length)| length_fit(length, element(2 * i + 1)));
        let (count, sum) = ons.chain(offs).fold((0usize, 0.0), |(c, s), fit| (c + 1, s + fit));
        // Beats of one train are no independent witnesses: a slow clock shifts all of them alike.
        if count == 0 { WORST_FIT } else { 2.0 * sum / count as f64 }
    };
    (0..n / 2).map(fit_from).fold(2.0 * WORST_FIT, f64::max)
}

/// Lengths of the bursts with their index (the first and the last left out where there are others: they may be cut), and of the pauses.
fn beat_lengths(bursts: &[&Burst]) -> (Vec<(usize, Seconds)>, Vec<Seconds>) {
    let inner = if bursts.len() > 3 { 1..bursts.len() - 1 } else { 0..bursts.len() };
    let on = inner.map(|i| (i, bursts[i].interval.duration())).collect();
    let off = bursts.windows(2).map(|w| w[1].interval.start() - w[0].interval.end()).collect();
    (on, off)
}

/// The usual time from a beat's start to the next one's.
fn beat_period(phase: &Phase) -> Seconds {
    let starts: Vec<Seconds> = phase.bursts().map(|b| b.interval.start()).collect();
    let mut periods: Vec<Seconds> = starts.windows(2).map(|w| w[1] - w[0]).collect();
    periods.sort_by(f64::total_cmp);
    periods.get(periods.len() / 2).copied().unwrap_or(0.0)
}
