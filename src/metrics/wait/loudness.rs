//! Loudness jumps between music and voice.
//!
//! Loudness is that of ITU-R BS.1770-5, in the telephone's band: each of the 16 bands of a 40 ms step weighs as much as the
//! recommendation's pre-filter passes at its middle; blocks of 400 ms, 100 ms apart, give the loudness, those more than 10 dB
//! below the mean left out. The jump is the difference between the last three seconds before and the first three after (the
//! short-term window of EBU Tech 3341); what is shorter is taken whole. Absolute loudness needs the set, jumps do not.

use std::sync::LazyLock;

use super::Waiting;
use crate::{
    figure::{Measured, Reason},
    frames::{TIMBRE_BANDS, timbre_band_hz},
    heard::{Levels, Timbre},
    interval::Interval,
    label::Label,
    timeline::Segment,
    units::{Decibels, Seconds, decibels, power},
};

/// The short-term window of EBU Tech 3341.
const WINDOW_S: Seconds = 3.0;
/// Less is no passage whose loudness anybody could tell: two gating blocks.
const MIN_PART_S: Seconds = 0.8;
/// A voice and music further apart are not heard one against the other.
const MAX_PAUSE_S: Seconds = 1.5;
/// Steps in a gating block: 400 ms; from block to block: 120 ms, the nearest to the recommendation's 100 ms.
const BLOCK_STEPS: usize = 10;
const BLOCK_HOP: usize = 3;
/// The relative gate.
const GATE_DB: Decibels = 10.0;

/// What is on either side of a jump.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Music,
    Voice,
}

/// The largest step in loudness between music and voice.
pub fn jump(call: &Waiting<'_>) -> Measured<f64> {
    let side = |s: &Segment| match s.label {
        Label::Music => Some(Side::Music),
        Label::Caller => None,
        label if label.is_voice() => Some(Side::Voice),
        _ => None,
    };
    let parts: Vec<(Interval, Side)> =
        call.line.segments().iter().filter_map(|s| side(s).map(|side| (s.interval, side))).collect();
    if !parts.iter().any(|p| p.1 == Side::Music) {
        return Measured::absent(0.9, Reason::NoMusic);
    }
    let timbre = &call.heard.timbre;
    let jumps = parts.windows(2).filter_map(|pair| {
        let ((a, before), (b, after)) = (pair[0], pair[1]);
        if before == after || b.start() - a.end() > MAX_PAUSE_S {
            return None;
        }
        let a = Interval::new(a.start().max(a.end() - WINDOW_S), a.end());
        let b = Interval::new(b.start(), b.end().min(b.start() + WINDOW_S));
        Some(((loudness(timbre, b)? - loudness(timbre, a)?).abs(), a.hull(b)))
    });
    match jumps.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((step, from)) => Measured::heard(f64::from(step), 0.85, Reason::Heard, from),
        None => Measured::absent(0.85, Reason::NoChange),
    }
}

/// The gated loudness of a stretch, in dB against nothing in particular; `None` where it is too short.
fn loudness(timbre: &Timbre, part: Interval) -> Option<Decibels> {
    let rows = timbre.within(part);
    if (rows.len() as Seconds) * Levels::STEP_S < MIN_PART_S {
        return None;
    }
    let steps: Vec<f32> = rows.iter().map(weighted).collect();
    let blocks: Vec<f32> = steps.windows(BLOCK_STEPS).step_by(BLOCK_HOP).map(mean).collect();
    let gate = mean(&blocks) / power(GATE_DB);
    let heard: Vec<f32> = blocks.into_iter().filter(|b| *b >= gate).collect();
    Some(decibels(mean(&heard)))
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len().max(1) as f32
}

/// The power of one step, weighted.
fn weighted(row: &[i8; TIMBRE_BANDS]) -> f32 {
    static WEIGHTS: LazyLock<[f32; TIMBRE_BANDS]> =
        LazyLock::new(|| std::array::from_fn(|b| weight(timbre_band_hz(b))));
    row.iter().zip(WEIGHTS.iter()).map(|(level, weight)| weight * power(Decibels::from(*level))).sum()
}

/// The power that the pre-filter passes at `hz`: table 1 of BS.1770-5, a second-order section at 48 kHz that raises the
/// highs by 4 dB. The second section only takes away what telephones do not carry.
fn weight(hz: f32) -> f32 {
    const B: [f64; 3] = [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85];
    const A: [f64; 3] = [1.0, -1.690_659_293_182_41, 0.732_480_774_215_85];
    let turn = std::f64::consts::TAU * f64::from(hz) / 48_000.0;
    let gain = |c: [f64; 3]| {
        let (real, imaginary) = c
            .iter()
            .enumerate()
            .fold((0.0, 0.0), |sum, (n, c)| (sum.0 + c * (turn * n as f64).cos(), sum.1 + c * (turn * n as f64).sin()));
        real * real + imaginary * imaginary
    };
    (gain(B) / gain(A)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pre_filter_is_that_of_the_recommendation() {
        // figure 2 of BS.1770-5: nothing at the low end, 4 dB at the high end
        assert!(decibels(weight(100.0)).abs() < 0.1);
        assert!((decibels(weight(10_000.0)) - 4.0).abs() < 0.1);
        let middle = decibels(weight(1_000.0));
        assert!((0.5..0.9).contains(&middle), "{middle}");
    }
}
