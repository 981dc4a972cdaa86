//! Windowed power spectra and the frequencies of their peaks.

use rustfft::{Fft, FftDirection, algorithm::Radix4, num_complex::Complex32};

use crate::units::{Hertz, SAMPLE_RATE};

/// A Hann-windowed power spectrum of a fixed length, with the memory that it works in.
///
/// One algorithm is asked for, not a planner: that would have all of the library's transforms compiled in, twice.
pub struct PowerSpectrum {
    fft: Radix4<f32>,
    window: Vec<f32>,
    spectrum: Vec<Complex32>,
    scratch: Vec<Complex32>,
    power: Vec<f32>,
}

impl PowerSpectrum {
    /// A spectrum of `n_fft` samples, `n_fft / 2 + 1` bins.
    ///
    /// # Panics
    /// Where `n_fft` is no power of two.
    pub fn new(n_fft: usize) -> Self {
        assert!(n_fft.is_power_of_two(), "a spectrum's length is a power of two");
        let fft = Radix4::new(n_fft, FftDirection::Forward);
        let hann = |n: usize| 0.5 - 0.5 * (std::f64::consts::TAU * n as f64 / n_fft as f64).cos();
        let window: Vec<f64> = (0..n_fft).map(hann).collect();
        // A full-scale sine on a bin's centre reads 1 there: |X| = amplitude x sum / 2.
        let scale = 2.0 / window.iter().sum::<f64>();
        Self {
            window: window.into_iter().map(|w| (w * scale) as f32).collect(),
            spectrum: vec![Complex32::default(); n_fft],
            scratch: vec![Complex32::default(); fft.get_inplace_scratch_len()],
            power: vec![0.0; n_fft / 2 + 1],
            fft,
        }
    }

    /// The power of each bin of `samples` (as many as the spectrum is long): linear, a full-scale sine reads 1.
    ///
    /// # Panics
    /// Where `samples` are not as many as the spectrum is long.
    pub fn of(&mut self, samples: &[f32]) -> &[f32] {
        assert_eq!(samples.len(), self.window.len(), "as many samples as the spectrum is long");
        for ((into, x), w) in self.spectrum.iter_mut().zip(samples).zip(&self.window) {
            *into = Complex32::new(x * w, 0.0);
        }
        self.fft.process_with_scratch(&mut self.spectrum, &mut self.scratch);
        for (into, x) in self.power.iter_mut().zip(&self.spectrum) {
            *into = x.norm_sqr();
        }
        &self.power
    }
}

/// The frequency in Hz of the peak at bin `k` of a Hann-windowed power spectrum: exact for one steady sine.
#[inline(always)]
pub fn peak_frequency(power: &[f32], k: usize) -> Hertz {
    let bin = SAMPLE_RATE as f32 / (2.0 * (power.len() - 1) as f32);
    let at = |i: usize| power.get(i).copied().unwrap_or(0.0);
    (k as f32 + peak_offset(if k == 0 { 0.0 } else { at(k - 1) }, at(k), at(k + 1))) * bin
}

/// How far above its bin a peak lies, in bins, by the power of this bin and of those below and above it.
///
/// The two largest bins of a Hann-windowed sine stand in the ratio `r = (1 + d) / (2 - d)`, where `d` is the distance
/// from the larger in bins; solved for `d` here (Grandke 1983, "Interpolation Algorithms for Discrete Fourier
/// Transforms of Weighted Signals", IEEE Trans. Instrum. Meas. IM-32).
#[inline(always)]
pub fn peak_offset(below: f32, own: f32, above: f32) -> f32 {
    let (neighbour, sign) = if above >= below { (above, 1.0) } else { (below, -1.0) };
    let r = (neighbour / own.max(f32::MIN_POSITIVE)).sqrt().min(1.0);
    sign * (2.0 * r - 1.0) / (r + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f32, amplitude: f32, n: usize) -> Vec<f32> {
        let step = std::f64::consts::TAU * f64::from(hz) / f64::from(SAMPLE_RATE);
        (0..n).map(|i| amplitude * (step * i as f64).sin() as f32).collect()
    }

    #[test]
    fn a_full_scale_sine_reads_one() {
        let mut spectrum = PowerSpectrum::new(256);
        let power = spectrum.of(&sine(1000.0, 1.0, 256));
        assert!((power[32] - 1.0).abs() < 1e-4, "{}", power[32]);
    }

    #[test]
    fn a_peak_lies_between_the_bins() {
        let mut spectrum = PowerSpectrum::new(256);
        for hz in [400.0, 425.0, 440.0, 450.0, 697.0, 941.0, 1336.0, 1633.0] {
            let power = spectrum.of(&sine(hz, 0.3, 256));
            let k = (0..power.len()).max_by(|&a, &b| power[a].total_cmp(&power[b])).unwrap();
            let error = peak_frequency(power, k) - hz;
            assert!(error.abs() < 0.5, "{hz} Hz is off by {error} Hz");
        }
    }
}
