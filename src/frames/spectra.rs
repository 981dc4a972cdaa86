//! The power spectra of eight frames at once, one frame a lane.
//!
//! A transform of 256 real samples is one of 128 complex ones and a step that takes it apart (Sorensen, Jones, Heideman and
//! Burrus 1987, "Real-Valued Fast Fourier Transform Algorithms", IEEE Trans. ASSP 35). The complex one is Stockham's, which
//! needs no reordering: three passes of radix 4 and one of radix 2, the last one done while taking apart (Van Loan 1992,
//! "Computational Frameworks for the Fast Fourier Transform", 1.7). With a frame in each lane there is nothing to shuffle.

use std::f64::consts::{PI, TAU};

use super::{HOP_LENGTH, N_BINS, N_FFT};
use crate::dsp::lanes::{LANES, Lanes, transposed_fours};

/// Complex values in the inner transform.
const HALF: usize = N_FFT / 2;
/// A quarter of them: the butterflies of a pass.
const QUARTER: usize = HALF / 4;
/// Hops that eight windows reach over, and one more so that fours fill a row.
const HOPS: usize = LANES + N_FFT / HOP_LENGTH + 1;
const _: () = assert!(HOPS.is_multiple_of(4) && HOP_LENGTH.is_multiple_of(4));

/// Where each sample of a window lies among the hops: a table, for a division each would cost more than what follows.
const PLACES: [usize; N_FFT] = {
    let mut places = [0; N_FFT];
    let mut n = 0;
    while n < N_FFT {
        places[n] = n % HOP_LENGTH * HOPS + n / HOP_LENGTH;
        n += 1;
    }
    places
};

/// Eight frames' samples, turned: row `r` holds sample `r` of each hop, so that sample `r` of eight hops that follow each
/// other lie in line.
pub struct Hops([[f32; HOPS]; HOP_LENGTH]);

impl Default for Hops {
    fn default() -> Self {
        Self([[0.0; HOPS]; HOP_LENGTH])
    }
}

impl Hops {
    /// Samples that eight windows reach over.
    pub const SAMPLES: usize = HOPS * HOP_LENGTH;

    /// Takes the samples from the first one of the first window on.
    ///
    /// # Panics
    /// Where there are fewer than [`Self::SAMPLES`].
    #[inline(always)]
    pub fn fill(&mut self, samples: &[f32]) {
        for hop in (0..HOPS).step_by(4) {
            let hops: [&[[f32; 4]]; 4] =
                std::array::from_fn(|i| samples[(hop + i) * HOP_LENGTH..][..HOP_LENGTH].as_chunks().0);
            for (four, rows) in self.0.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                let turned = transposed_fours([hops[0][four], hops[1][four], hops[2][four], hops[3][four]]);
                for (row, turned) in rows.iter_mut().zip(turned) {
                    row[hop..hop + 4].copy_from_slice(&turned);
                }
            }
        }
    }

    /// Sample `n` of each of the eight windows.
    #[inline(always)]
    pub fn sample(&self, n: usize) -> Lanes {
        Lanes::load(&self.0.as_flattened()[PLACES[n]..])
    }
}

/// `N` complex values in each lane.
#[derive(Clone)]
pub(super) struct Complex<const N: usize> {
    pub re: [Lanes; N],
    pub im: [Lanes; N],
}

impl<const N: usize> Default for Complex<N> {
    fn default() -> Self {
        Self { re: [Lanes::ZERO; N], im: [Lanes::ZERO; N] }
    }
}

impl<const N: usize> Complex<N> {
    /// Value `i`, real and imaginary.
    #[inline(always)]
    pub fn at(&self, i: usize) -> (Lanes, Lanes) {
        (self.re[i], self.im[i])
    }
}

/// The cosines and sines of one, two and three times an angle.
pub(super) type Turns = [(f32, f32); 3];

/// The turns of the groups of a pass over `of` values.
pub(super) fn turns<const GROUPS: usize>(of: usize) -> [Turns; GROUPS] {
    std::array::from_fn(|p| std::array::from_fn(|i| turn(-TAU * ((i + 1) * p) as f64 / of as f64)))
}

/// The cosine and sine of an angle.
pub(super) fn turn(angle: f64) -> (f32, f32) {
    (angle.cos() as f32, angle.sin() as f32)
}

/// Makes Hann-windowed power spectra of [`N_FFT`] samples.
pub struct Spectra {
    window: [f32; N_FFT],
    first: [Turns; QUARTER],
    second: [Turns; QUARTER / 4],
    third: [Turns; QUARTER / 16],
    /// What the halves of the real transform are turned by.
    apart: [(f32, f32); HALF / 2],
    room: Box<[Complex<HALF>; 2]>,
}

impl Default for Spectra {
    fn default() -> Self {
        let hann = |n: usize| 0.5 - 0.5 * (TAU * n as f64 / N_FFT as f64).cos();
        // A full-scale sine on a bin's centre reads 1 there: |X| = amplitude x sum / 2. The transform gives 2 X.
        let scale = 1.0 / (0..N_FFT).map(hann).sum::<f64>();
        Self {
            window: std::array::from_fn(|n| (hann(n) * scale) as f32),
            first: turns(HALF),
            second: turns(HALF / 4),
            third: turns(HALF / 16),
            apart: std::array::from_fn(|k| turn(-PI * k as f64 / HALF as f64)),
            room: Box::default(),
        }
    }
}

impl Spectra {
    /// The power of each bin of the eight windows: linear, a full-scale sine reads 1.
    #[inline(always)]
    pub fn of(&mut self, hops: &Hops, power: &mut [Lanes; N_BINS]) {
        let [a, b] = &mut *self.room;
        let windowed = |n: usize| hops.sample(n) * self.window[n];
        pass::<1, _, _>(|i| (windowed(2 * i), windowed(2 * i + 1)), b, &self.first);
        pass::<4, _, _>(|i| b.at(i), a, &self.second);
        pass::<16, _, _>(|i| a.at(i), b, &self.third);
        self.apart(power);
    }

    /// The last pass of the transform, and the real transform's two halves from it.
    #[inline(always)]
    fn apart(&self, power: &mut [Lanes; N_BINS]) {
        const MIDDLE: usize = HALF / 2;
        let z = &self.room[1];
        let (re, im) = (z.re[0] + z.re[MIDDLE], z.im[0] + z.im[MIDDLE]);
        let (sum, difference) = (re + im, re - im);
        power[0] = sum * sum * 4.0;
        power[HALF] = difference * difference * 4.0;
        let (re, im) = (z.re[0] - z.re[MIDDLE], z.im[0] - z.im[MIDDLE]);
        power[MIDDLE] = (re * re + im * im) * 4.0;
        for k in 1..MIDDLE {
            let (a_re, a_im) = (z.re[k] + z.re[k + MIDDLE], z.im[k] + z.im[k + MIDDLE]);
            let (b_re, b_im) = (z.re[MIDDLE - k] - z.re[HALF - k], z.im[MIDDLE - k] - z.im[HALF - k]);
            let (even_re, even_im) = (a_re + b_re, a_im - b_im);
            let (odd_re, odd_im) = (a_im + b_im, b_re - a_re);
            let (cos, sin) = self.apart[k];
            let (t_re, t_im) = (odd_re * cos - odd_im * sin, odd_im * cos + odd_re * sin);
            let (re, im) = (even_re + t_re, even_im + t_im);
            power[k] = re * re + im * im;
            let (re, im) = (even_re - t_re, even_im - t_im);
            power[HALF - k] = re * re + im * im;
        }
    }
}

/// One pass of radix 4: `GROUPS` groups, in each of which `STRIDE` butterflies share their turns, a quarter of the values
/// in all. `from` gives each value once.
#[inline(always)]
pub(super) fn pass<const STRIDE: usize, const GROUPS: usize, const N: usize>(
    from: impl Fn(usize) -> (Lanes, Lanes),
    to: &mut Complex<N>,
    turns: &[Turns; GROUPS],
) {
    const { assert!(4 * STRIDE * GROUPS == N) };
    let quarter = N / 4;
    for (p, turns) in turns.iter().enumerate() {
        for q in 0..STRIDE {
            let i = (STRIDE * p + q) % quarter;
            let (a_re, a_im) = from(i);
            let (b_re, b_im) = from(i + quarter);
            let (c_re, c_im) = from(i + 2 * quarter);
            let (d_re, d_im) = from(i + 3 * quarter);
            let (ac_re, ac_im) = (a_re + c_re, a_im + c_im);
            let (a_c_re, a_c_im) = (a_re - c_re, a_im - c_im);
            let (bd_re, bd_im) = (b_re + d_re, b_im + d_im);
            let (b_d_re, b_d_im) = (b_re - d_re, b_im - d_im);
            let out = [
                (a_c_re + b_d_im, a_c_im - b_d_re),
                (ac_re - bd_re, ac_im - bd_im),
                (a_c_re - b_d_im, a_c_im + b_d_re),
            ];
            let o = (4 * STRIDE * p + q) % (N - 3 * STRIDE);
            (to.re[o], to.im[o]) = (ac_re + bd_re, ac_im + bd_im);
            for (j, ((re, im), &(cos, sin))) in out.into_iter().zip(turns).enumerate() {
                let o = o + (j + 1) * STRIDE;
                (to.re[o], to.im[o]) = (re * cos - im * sin, im * cos + re * sin);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::spectrum::PowerSpectrum;

    #[test]
    fn each_lane_is_its_own_window_s_spectrum() {
        let samples: Vec<f32> =
            (0..Hops::SAMPLES).map(|n| ((n * n * 37 + 11 * n) % 2_003) as f32 / 1_001.5 - 1.0).collect();
        let mut hops = Hops::default();
        hops.fill(&samples);
        let mut power = [Lanes::ZERO; N_BINS];
        Spectra::default().of(&hops, &mut power);
        let mut alone = PowerSpectrum::new(N_FFT);
        for lane in 0..LANES {
            let want = alone.of(&samples[lane * HOP_LENGTH..][..N_FFT]);
            for (k, want) in want.iter().enumerate() {
                assert!((power[k].0[lane] - want).abs() < 1e-5 * want + 1e-9, "lane {lane}, bin {k}");
            }
        }
    }
}
