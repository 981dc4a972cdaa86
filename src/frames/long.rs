//! The long spectrum of a frame, as far as call-progress tones reach.
//!
//! A transform of 1,024 samples is eight of 128, each of every eighth sample, turned and added up (Cooley and Tukey 1965, "An
//! Algorithm for the Machine Calculation of Complex Fourier Series", Math. Comp. 19). Each has a lane of its own, and only
//! the bins that are asked for are added up. A transform of 128 real samples is one of 64 complex ones, taken apart as in
//! [`spectra`](super::spectra).

use std::{
    f64::consts::{PI, TAU},
    ops::RangeInclusive,
};

use super::{
    N_FFT_LONG,
    spectra::{Complex, Turns, pass, turn, turns},
};
use crate::dsp::lanes::{LANES, Lanes};

/// The bins that are told, 320 to 750 Hz: those of call-progress tones and one more on either side.
const BINS: RangeInclusive<usize> = 41..=96;
/// How many these are.
const TOLD: usize = *BINS.end() - *BINS.start() + 1;
/// Samples of a lane's transform.
const PART: usize = N_FFT_LONG / LANES;
/// Complex values of it.
const HALF: usize = PART / 2;
/// Bins of the whole.
pub const N_BINS_LONG: usize = N_FFT_LONG / 2 + 1;

/// Makes Hann-windowed power spectra of [`N_FFT_LONG`] samples.
pub struct LongSpectrum {
    window: [Lanes; PART],
    first: [Turns; HALF / 4],
    second: [Turns; HALF / 16],
    third: [Turns; HALF / 64],
    /// What the halves of the real transforms are turned by.
    apart: [(f32, f32); HALF + 1],
    /// What each lane is turned by in each bin that is told: cosines and sines.
    lanes: [(Lanes, Lanes); TOLD],
    room: Box<[Complex<HALF>; 2]>,
    power: [f32; N_BINS_LONG],
}

impl Default for LongSpectrum {
    fn default() -> Self {
        let hann = |n: usize| 0.5 - 0.5 * (TAU * n as f64 / N_FFT_LONG as f64).cos();
        // A full-scale sine on a bin's centre reads 1 there: |X| = amplitude x sum / 2. The transform gives 2 X.
        let scale = 1.0 / (0..N_FFT_LONG).map(hann).sum::<f64>();
        let lanes = |k: usize| {
            let turns: [(f32, f32); LANES] =
                std::array::from_fn(|lane| turn(-TAU * (lane * k) as f64 / N_FFT_LONG as f64));
            (Lanes(turns.map(|t| t.0)), Lanes(turns.map(|t| t.1)))
        };
        Self {
            window: std::array::from_fn(|n| Lanes(std::array::from_fn(|lane| (hann(n * LANES + lane) * scale) as f32))),
            first: turns(HALF),
            second: turns(HALF / 4),
            third: turns(HALF / 16),
            apart: std::array::from_fn(|k| turn(-PI * k as f64 / HALF as f64)),
            lanes: std::array::from_fn(|i| lanes(BINS.start() + i)),
            room: Box::default(),
            power: [0.0; N_BINS_LONG],
        }
    }
}

impl LongSpectrum {
    /// The power of each bin of `samples`: linear, a full-scale sine reads 1; 0 outside [`BINS`].
    #[inline(always)]
    pub fn of(&mut self, samples: &[f32]) -> &[f32; N_BINS_LONG] {
        let [a, b] = &mut *self.room;
        let every_eighth = |n: usize| Lanes::load(&samples[n * LANES..]) * self.window[n];
        pass::<1, _, _>(|i| (every_eighth(2 * i), every_eighth(2 * i + 1)), b, &self.first);
        pass::<4, _, _>(|i| b.at(i), a, &self.second);
        pass::<16, _, _>(|i| a.at(i), b, &self.third);
        for (k, (cos, sin)) in BINS.zip(&self.lanes) {
            // beyond the middle a real transform is its own mirror image
            let (re, im) = if k <= HALF { self.part(k) } else { self.part(PART - k) };
            let im = if k <= HALF { im } else { Lanes::ZERO - im };
            let (re, im) = ((re * *cos - im * *sin).sum(), (im * *cos + re * *sin).sum());
            self.power[k] = re * re + im * im;
        }
        &self.power
    }

    /// Bin `k`, at most [`HALF`], of each lane's real transform, twice its value.
    #[inline(always)]
    fn part(&self, k: usize) -> (Lanes, Lanes) {
        let z = &self.room[1];
        let (own, other) = (k % HALF, (HALF - k) % HALF);
        let (even_re, even_im) = (z.re[own] + z.re[other], z.im[own] - z.im[other]);
        let (odd_re, odd_im) = (z.im[own] + z.im[other], z.re[other] - z.re[own]);
        let (cos, sin) = self.apart[k];
        (even_re + (odd_re * cos - odd_im * sin), even_im + (odd_im * cos + odd_re * sin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::spectrum::PowerSpectrum;

    #[test]
    fn the_bins_that_are_told_are_those_of_the_whole_transform() {
        let samples: Vec<f32> =
            (0..N_FFT_LONG).map(|n| ((n * n * 37 + 11 * n) % 2_003) as f32 / 1_001.5 - 1.0).collect();
        let mut long = LongSpectrum::default();
        let power = long.of(&samples);
        let mut whole = PowerSpectrum::new(N_FFT_LONG);
        for (k, want) in whole.of(&samples).iter().enumerate() {
            let want = if BINS.contains(&k) { *want } else { 0.0 };
            assert!((power[k] - want).abs() < 1e-5 * want + 1e-9, "bin {k}: {}, not {want}", power[k]);
        }
    }
}
