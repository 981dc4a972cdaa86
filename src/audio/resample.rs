//! Any sample rate to 8 kHz, block by block.
//!
//! # How it works
//! A polyphase filter: one windowed sinc, cut into a phase for each place that an output sample can take between two
//! input samples. Linear phase, its delay removed, so output sample `n` stands exactly for the moment `n / 8000` s and
//! the recording's edges are met by silence. Same input, same output, however it is cut into blocks.
//! # Limits
//! Rates that share no divisor with 8,000 (44,099) have 8,000 phases: some megabytes.
//! # References
//! Crochiere and Rabiner (1983), Multirate Digital Signal Processing, section 3.3 (polyphase structures). Kaiser (1974),
//! Nonrecursive digital filter design using the I0-sinh window function (length and beta from attenuation and width).

use crate::units::SAMPLE_RATE;

/// How far what would fold back is pushed down: below the noise of 14-bit samples.
const STOP_BAND_DB: f64 = 90.0;

/// Where the pass-band ends, as a share of half the lower rate: 3.6 kHz for 8 kHz, above the 3.4 kHz of the network. The
/// stop-band starts as far above the half rate, so that what folds back stays outside of the pass-band.
const PASS_BAND_SHARE: f64 = 0.9;

/// Samples multiplied at once; the compiler makes vector code of it.
const LANES: usize = 16;

/// One channel on its way to 8 kHz.
pub struct Resampler {
    /// The filter, `phases[phase * taps + tap]`, in the order of the input.
    phases: Vec<f32>,
    taps: usize,
    /// The input samples from one output sample to the next: whole ones, and the rest in phases.
    advance: (usize, usize),
    phase_count: usize,
    /// The input from the first sample that still counts.
    held: Vec<f32>,
    /// Where the next output sample's first tap lies in `held`, and its phase.
    next: (usize, usize),
    received: u64,
    given: u64,
    input_rate: u64,
}

impl Resampler {
    /// From `input_rate` samples a second to 8 kHz.
    ///
    /// # Panics
    /// Where `input_rate` is 0.
    pub fn new(input_rate: u32) -> Self {
        assert!(input_rate > 0, "no samples a second");
        let divisor = gcd(input_rate, SAMPLE_RATE);
        let phase_count = (SAMPLE_RATE / divisor) as usize;
        let step = (input_rate / divisor) as usize;
        let (phases, taps) = filter(input_rate, phase_count);
        Self {
            phases,
            taps,
            advance: (step / phase_count, step % phase_count),
            phase_count,
            // the first output sample stands for the first input sample: the taps before it meet silence
            held: vec![0.0; taps / 2 - 1],
            next: (0, 0),
            received: 0,
            given: 0,
            input_rate: input_rate.into(),
        }
    }

    /// Takes `input` in and appends to `output` what can be told of it by now.
    pub fn push(&mut self, input: &[f32], output: &mut Vec<f32>) {
        self.received += input.len() as u64;
        self.held.extend_from_slice(input);
        self.run(u64::MAX, output);
    }

    /// Appends the last samples to `output`: after it, `ceil(received * 8000 / rate)` have come out in all.
    pub fn finish(&mut self, output: &mut Vec<f32>) {
        let total = (self.received * u64::from(SAMPLE_RATE)).div_ceil(self.input_rate);
        self.held.resize(self.held.len() + self.taps, 0.0);
        self.run(total, output);
    }

    fn run(&mut self, total: u64, output: &mut Vec<f32>) {
        let (mut place, mut phase) = self.next;
        while self.given < total && place + self.taps <= self.held.len() {
            let filter = &self.phases[phase * self.taps..][..self.taps];
            let sample = dot(filter, &self.held[place..][..self.taps]);
            output.push(sample.clamp(-1.0, 1.0));
            self.given += 1;
            place += self.advance.0;
            phase += self.advance.1;
            if phase >= self.phase_count {
                phase -= self.phase_count;
                place += 1;
            }
        }
        // where the rate is high, the next sample may lie beyond all that is held
        let done = place.min(self.held.len());
        self.held.drain(..done);
        self.next = (place - done, phase);
    }
}

/// The filter, a row of taps a phase, each row summing to 1, and the number of taps: even, and whole [`LANES`].
fn filter(input_rate: u32, phase_count: usize) -> (Vec<f32>, usize) {
    let rate = f64::from(input_rate);
    let half = f64::from(input_rate.min(SAMPLE_RATE)) / 2.0;
    let width = 2.0 * (1.0 - PASS_BAND_SHARE) * half / rate;
    // Kaiser's estimates, the width in cycles a sample
    let length = (STOP_BAND_DB - 7.95) / (14.36 * width) + 1.0;
    let beta = 0.1102 * (STOP_BAND_DB - 8.7);
    let taps = (length.ceil() as usize + 1).next_multiple_of(LANES);
    let reach = taps as f64 / 2.0;
    let cutoff = 2.0 * half / rate;
    let mut phases = Vec::with_capacity(phase_count * taps);
    for phase in 0..phase_count {
        let row: Vec<f64> = (0..taps)
            .map(|tap| {
                let distance = tap as f64 - (reach - 1.0) - phase as f64 / phase_count as f64;
                let edge = 1.0 - (distance / reach).powi(2);
                sinc(cutoff * distance) * bessel_i0(beta * edge.max(0.0).sqrt())
            })
            .collect();
        let sum: f64 = row.iter().sum();
        phases.extend(row.iter().map(|tap| (tap / sum) as f32));
    }
    (phases, taps)
}

fn sinc(x: f64) -> f64 {
    let angle = std::f64::consts::PI * x;
    if angle == 0.0 { 1.0 } else { angle.sin() / angle }
}

/// The modified Bessel function of the first kind and order 0, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut sum, mut term, mut order) = (1.0, 1.0, 1.0);
    while term > sum * 1e-12 {
        term *= quarter / (order * order);
        sum += term;
        order += 1.0;
    }
    sum
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0f32; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum()
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn sine(rate: u32, hertz: f64, samples: usize) -> Vec<f32> {
        (0..samples).map(|n| (0.5 * (TAU * hertz * n as f64 / f64::from(rate)).sin()) as f32).collect()
    }

    fn resampled(rate: u32, input: &[f32], block: usize) -> Vec<f32> {
        let mut resampler = Resampler::new(rate);
        let mut output = Vec::new();
        for piece in input.chunks(block) {
            resampler.push(piece, &mut output);
        }
        resampler.finish(&mut output);
        output
    }

    /// In dB below the level of the input.
    fn error_db(got: &[f32], want: &[f32]) -> f64 {
        let power: f64 = got.iter().zip(want).map(|(g, w)| f64::from(g - w).powi(2)).sum();
        10.0 * (power / got.len() as f64 / 0.125).max(1e-20).log10()
    }

    #[test]
    fn what_lies_in_the_pass_band_comes_through_at_its_time() {
        for rate in [6_000, 7_999, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000] {
            for hertz in [50.0, 425.0, 1_633.0, 0.9 * f64::from(rate.min(8_000)) / 2.0] {
                let output = resampled(rate, &sine(rate, hertz, rate as usize), 4_096);
                let want = sine(8_000, hertz, output.len());
                // away from the edges, where the recording starts and ends abruptly
                let error = error_db(&output[400..7_600], &want[400..7_600]);
                assert!(error < -75.0, "{rate} Hz, {hertz} Hz: {error:.1} dB");
            }
        }
    }

    #[test]
    fn what_would_fold_back_is_gone() {
        for (rate, hertz) in [(11_025, 4_500.0), (16_000, 4_400.0), (44_100, 7_000.0), (48_000, 20_000.0)] {
            let output = resampled(rate, &sine(rate, hertz, rate as usize), 1_000);
            let error = error_db(&output[400..7_600], &vec![0.0; 7_200]);
            assert!(error < -80.0, "{rate} Hz, {hertz} Hz: {error:.1} dB");
        }
    }

    #[test]
    fn the_cut_into_blocks_does_not_matter() {
        for rate in [5_000, 11_025, 48_000, 192_000] {
            let input = sine(rate, 700.0, 20_011);
            let whole = resampled(rate, &input, input.len());
            assert_eq!(whole, resampled(rate, &input, 1), "{rate} Hz");
            assert_eq!(whole, resampled(rate, &input, 997), "{rate} Hz");
        }
    }

    #[test]
    fn the_length_is_exact() {
        for (rate, samples, want) in
            [(48_000, 48_000, 8_000), (44_100, 1, 1), (11_025, 11_026, 8_001), (16_000, 0, 0), (4_000, 3, 6)]
        {
            assert_eq!(resampled(rate, &vec![0.1; samples], 100).len(), want, "{samples} at {rate} Hz");
        }
    }

    #[test]
    fn the_level_holds_at_every_phase() {
        let output = resampled(11_025, &[0.5; 11_025], 512);
        assert!(output[300..7_700].iter().all(|sample| (sample - 0.5).abs() < 1e-5));
    }
}
