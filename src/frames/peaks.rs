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
    total: [f32; LANES],
    first: [f32; LANES],
    second: [f32; LANES],
    low: [f32; LANES],
    high: [f32; LANES],
}

impl Highest {
    /// Of eight spectra, one a lane.
    #[inline(always)]
    pub fn of(power: &[Lanes; N_BINS]) -> Self {
        let total = power[BAND].iter().fold(Lanes::ZERO, |sum, &power| sum + power);
        let first = highest(power, TONES, None);
        Self {
            total: total.0,
            first,
            second: highest(power, TONES, Some(first)),
            low: highest(power, LOW_GROUP, None),
            high: highest(power, HIGH_GROUP, None),
        }
    }

    /// The strongest peaks of frame `lane` of the same spectra.
    #[inline(always)]
    pub fn peaks(&self, lane: usize, power: &[Lanes; N_BINS]) -> Peaks {
        let total = self.total[lane].max(1e-12);
        let first = Lobe::of(power, lane, self.first[lane]);
        let second = Lobe::of(power, lane, self.second[lane]);
        Peaks {
            hz: first.hz(),
            second_hz: second.hz(),
            share: first.power() / total,
            pair_share: ((first.power() + second.power()) / total).min(1.0),
        }
    }

    /// The peaks of both groups of keys in frame `lane`, which is number `frame` of the channel, where they stand out.
    #[inline(always)]
    pub fn key_peaks(&self, lane: usize, power: &[Lanes; N_BINS], frame: usize) -> Option<KeyPeaks> {
        let total = self.total[lane];
        let (low, high) = (Lobe::of(power, lane, self.low[lane]), Lobe::of(power, lane, self.high[lane]));
        let (low_power, high_power) = (low.power(), high.power());
        let stand_out =
            low_power.min(high_power) > KEY_SHARE * total && low_power + high_power > KEY_PAIR_SHARE * total;
        stand_out.then(|| KeyPeaks {
            frame,
            low_hz: low.hz(),
            high_hz: high.hz(),
            low: low_power,
            high: high_power,
            third: Lobe::of(power, lane, third_bin(power, lane, low.bin, high.bin)).power(),
            total,
        })
    }
}

/// The bins about a peak of the short spectrum.
struct Lobe {
    bin: f32,
    power: [f32; 2 * LOBE + 1],
}

impl Lobe {
    /// About `bin`, which is no nearer to an end of the spectrum than a lobe reaches.
    #[inline(always)]
    fn of(power: &[Lanes; N_BINS], lane: usize, bin: f32) -> Self {
        let first = (bin as usize).clamp(LOBE, N_BINS - 1 - LOBE) - LOBE;
        Self { bin, power: std::array::from_fn(|i| power[first + i].0[lane]) }
    }

    #[inline(always)]
    fn power(&self) -> f32 {
        self.power.iter().sum()
    }

    #[inline(always)]
    fn hz(&self) -> Hertz {
        let offset = peak_offset(self.power[LOBE - 1], self.power[LOBE], self.power[LOBE + 1]);
        (self.bin + offset) * HZ_A_BIN
    }
}

/// The bin of the largest power within `bins`, the first of equal ones; the lobe of `but` is left out.
///
/// Bins are numbers like the powers, so that a lane compares and chooses both in the same way.
#[inline(always)]
fn highest(power: &[Lanes; N_BINS], bins: RangeInclusive<usize>, but: Option<[f32; LANES]>) -> [f32; LANES] {
    let mut most = [f32::MIN; LANES];
    let mut at = [*bins.start() as f32; LANES];
    for k in bins {
        let (power, bin) = (power[k].0, k as f32);
        for lane in 0..LANES {
            let near = but.is_some_and(|but| (bin - but[lane]).abs() <= (LOBE + 1) as f32);
            let higher = (power[lane] > most[lane]) & !near;
            most[lane] = if higher { power[lane] } else { most[lane] };
            at[lane] = if higher { bin } else { at[lane] };
        }
    }
    at
}

/// The bin of the strongest peak of `lane` outside the lobes of the two that a key is made of.
fn third_bin(power: &[Lanes; N_BINS], lane: usize, low: f32, high: f32) -> f32 {
    let outside = |k: f32| (k - low).abs() > (2 * LOBE) as f32 && (k - high).abs() > (2 * LOBE) as f32;
    let mut best = (0.0, *BAND.start() as f32);
    for k in BAND.filter(|&k| outside(k as f32)) {
        if power[k].0[lane] > best.0 {
            best = (power[k].0[lane], k as f32);
        }
    }
    best.1
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
