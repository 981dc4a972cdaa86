//! Rings, and the moment at which they end: the pick-up.

use crate::{
    figure::{Measured, Reason},
    heard::Levels,
    interval::Interval,
    line::{Phase, phase::group_interval},
    timeline::Segment,
    units::{Decibels, Seconds},
};

/// A burst shorter than this share of the usual ring was cut.
const CUT_SHARE: f64 = 0.9;
/// A rise of the noise floor by this much shows the called end coming on the line.
const MIN_FLOOR_STEP_DB: Decibels = 4.0;

/// How many rings are whole, and how many were cut by the recording's start or by the answer.
pub(super) fn whole_and_cut(ringing: &Phase) -> (u32, u32) {
    let usual = ringing.usual_ring_s().unwrap_or(0.0);
    let cut = ringing.groups.iter().filter(|g| group_interval(g).duration() < CUT_SHARE * usual).count() as u32;
    (ringing.groups.len() as u32 - cut, cut)
}

/// The first audible evidence of the pick-up between the ringing and the first sound after it.
pub(super) fn pick_up(ringing: &Phase, sound: &Segment, levels: &Levels) -> Measured<Seconds> {
    let last_burst = ringing.interval().end();
    let first = sound.interval.start().max(last_burst);
    let gap = Interval::new(last_burst, first);
    let usual = ringing.usual_ring_s().unwrap_or(0.0);
    let last = ringing.groups.last().map_or(0.0, |g| group_interval(g).duration());
    if ringing.groups.len() > 1 && last < CUT_SHARE * usual {
        return Measured::heard(last_burst, 0.93, Reason::RingCutShort, gap);
    }
    if let Some((at, step_db)) = floor_step(gap, levels) {
        let sure = (0.85 + 0.01 * step_db).min(0.95);
        return Measured::heard(at, sure, Reason::NoiseFloorStep { step_db }, gap);
    }
    Measured::heard(first, 0.85, Reason::FirstSound, gap)
}

/// Where in `gap` the noise floor steps up, and by how much: the split with the largest difference of medians.
fn floor_step(gap: Interval, levels: &Levels) -> Option<(Seconds, Decibels)> {
    const MIN_SIDE_STEPS: usize = 4;
    // Half a window of blur at either end belongs to the ringing and to the first sound.
    let inner = Interval::new(gap.start() + 0.06, (gap.end() - 0.06).max(gap.start() + 0.06));
    let steps: Vec<Decibels> = levels.within(inner).collect();
    let median = |part: &[Decibels]| {
        let mut sorted = part.to_vec();
        sorted.sort_by(f32::total_cmp);
        sorted[sorted.len() / 2]
    };
    let splits = MIN_SIDE_STEPS..steps.len().saturating_sub(MIN_SIDE_STEPS);
    let best = splits.map(|i| (i, median(&steps[i..]) - median(&steps[..i]))).max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 >= MIN_FLOOR_STEP_DB).then(|| (inner.start() + best.0 as Seconds * Levels::STEP_S, best.1))
}
