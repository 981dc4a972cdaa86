//! The strongest peaks of a spectrum, and what keys and call-progress tones are known by.

use std::ops::RangeInclusive;

use super::{BAND, HZ_A_BIN, KeyPeaks, LOBE, N_BINS, Peaks, ToneLines};
use crate::{
    dsp::{
        lanes::{LANES, Lanes},
        spectrum::{peak_frequency, peak_offset},
    },
    units::Hertz,
};

/// The bins in which the strongest peaks are looked for, 280 to 2,030 Hz: all call-progress tones, SIT and beeps.
const TONES: RangeInclusive<usize> = 9..=65;
/// The bins about the low group, 697 to 941 Hz.
const LOW_GROUP: RangeInclusive<usize> = 21..=31;
/// The bins about the high group, 1,209 to 1,633 Hz.
const HIGH_GROUP: RangeInclusive<usize> = 37..=54;
/// Each group's share of the band's power below which a frame is no candidate for a key: with 8 dB of twist and
/// noise 6 dB under the key the weaker tone still holds more.
const KEY_SHARE: f32 = 0.06;
/// Both groups' share together.
const KEY_PAIR_SHARE: f32 = 0.4;
/// The bins of the long spectrum in which call-progress tones lie, 330 to 740 Hz.
const PROGRESS_LONG: RangeInclusive<usize> = 42..=95;

/// The highest bins of eight frames.
pub struct Highest {
    /// Power of the band.
    total: Lanes,
    first: Tops,
    second: Tops,
    low: Tops,
    high: Tops,
}

/// One bin of each of eight frames.
#[derive(Clone, Copy)]
struct Tops {
    /// Which. Bins are numbers like the powers, so that a lane compares and chooses both in the same way.
    bin: Lanes,
    /// Power in the lobe about it.
    lobe: Lanes,
}

impl Highest {
    /// Of eight spectra, one a lane.
    #[inline(always)]
    pub fn of(power: &[Lanes; N_BINS]) -> Self {
        let total = power[BAND].iter().fold(Lanes::ZERO, |sum, &power| sum + power);
        let first = highest(power, TONES, LOBE + 1, []);
        Self {
            total,
            first,
            second: highest(power, TONES, LOBE + 1, [first.bin]),
            low: highest(power, LOW_GROUP, 0, []),
            high: highest(power, HIGH_GROUP, 0, []),
        }
    }

    /// The strongest peaks of frame `lane` of the same spectra.
    #[inline(always)]
    pub fn peaks(&self, lane: usize, power: &[Lanes; N_BINS]) -> Peaks {
        let total = self.total.0[lane].max(1e-12);
        let (first, second) = (self.first.lobe.0[lane], self.second.lobe.0[lane]);
        Peaks {
            hz: hz(power, lane, self.first.bin.0[lane]),
            second_hz: hz(power, lane, self.second.bin.0[lane]),
            share: first / total,
            pair_share: ((first + second) / total).min(1.0),
        }
    }

    /// The peaks of both groups of keys in the first `wanted` frames of the same spectra, where they stand out. The first
    /// frame is number `first` of the channel.
    #[inline(always)]
    pub fn key_peaks(&self, power: &[Lanes; N_BINS], first: usize, wanted: usize, into: &mut Vec<KeyPeaks>) {
        let Self { total, low, high, .. } = self;
        let stands_out = |lane: usize| {
            let (low, high, total) = (low.lobe.0[lane], high.lobe.0[lane], total.0[lane]);
            low.min(high) > KEY_SHARE * total && low + high > KEY_PAIR_SHARE * total
        };
        let mut lanes = (0..wanted).filter(|&lane| stands_out(lane)).peekable();
        if lanes.peek().is_none() {
            return;
        }
        let third = highest(power, BAND, 2 * LOBE, [low.bin, high.bin]).lobe.0;
        into.extend(lanes.map(|lane| KeyPeaks {
            frame: first + lane,
            low_hz: hz(power, lane, low.bin.0[lane]),
            high_hz: hz(power, lane, high.bin.0[lane]),
            low: low.lobe.0[lane],
            high: high.lobe.0[lane],
            third: third[lane],
            total: total.0[lane],
        }));
    }
}

/// The frequency of the peak of `lane` at `bin`.
#[inline(always)]
fn hz(power: &[Lanes; N_BINS], lane: usize, bin: f32) -> Hertz {
    let k = (bin as usize).clamp(1, N_BINS - 2);
    (bin + peak_offset(power[k - 1].0[lane], power[k].0[lane], power[k + 1].0[lane])) * HZ_A_BIN
}

/// The bin of the largest power within `bins`, the first of equal ones, that is further than `near` from each of `but`.
#[inline(always)]
fn highest<const N: usize>(power: &[Lanes; N_BINS], bins: RangeInclusive<usize>, near: usize, but: [Lanes; N]) -> Tops {
    let near = near as f32;
    let mut most = Lanes([f32::MIN; LANES]);
    let mut tops = Tops { bin: Lanes([*bins.start() as f32; LANES]), lobe: Lanes::ZERO };
    for k in bins {
        let lobe = power[k - LOBE..=k + LOBE].iter().fold(Lanes::ZERO, |sum, &power| sum + power);
        let (power, bin) = (power[k], k as f32);
        for lane in 0..LANES {
            let mut higher = power.0[lane] > most.0[lane];
            for but in &but {
                higher &= (bin - but.0[lane]).abs() > near;
            }
            most.0[lane] = if higher { power.0[lane] } else { most.0[lane] };
            tops.bin.0[lane] = if higher { bin } else { tops.bin.0[lane] };
            tops.lobe.0[lane] = if higher { lobe.0[lane] } else { tops.lobe.0[lane] };
        }
    }
    tops
}

/// The lines of frame `frame` in the long spectrum `power`.
pub fn tone_lines(power: &[f32], frame: usize) -> ToneLines {
    // which bins are maxima at all is found out without a branch, one bit each
    const FIRST: usize = *PROGRESS_LONG.start();
    const _: () = assert!(*PROGRESS_LONG.end() - FIRST < u64::BITS as usize);
    let about = &power[FIRST - 1..=*PROGRESS_LONG.end() + 1];
    let is_maximum = |three: &[f32]| u64::from((three[1] >= three[0]) & (three[1] > three[2]));
    let mut maxima = about.windows(3).rev().fold(0, |maxima, three| maxima << 1 | is_maximum(three));
    let mut bins = [None; 3];
    while maxima != 0 {
        let k = FIRST + maxima.trailing_zeros() as usize;
        maxima &= maxima - 1;
        let stronger = |other: &Option<usize>| other.is_some_and(|other| power[other] >= power[k]);
        let place = bins.iter().take_while(|&other| stronger(other)).count();
        if place < bins.len() {
            bins[place..].rotate_right(1);
            bins[place] = Some(k);
        }
    }
    let strongest = bins[0].map_or(1.0, |k| power[k].max(f32::MIN_POSITIVE));
    let mut lines = ToneLines { frame, hz: [0.0; 3], relative: [0.0; 3] };
    for (i, k) in bins.into_iter().flatten().enumerate() {
        lines.hz[i] = peak_frequency(power, k);
        lines.relative[i] = power[k] / strongest;
    }
    lines
}
