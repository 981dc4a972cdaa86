//! Band features: what the speech/music [`network`](super::network) sees of a frame.
//!
//! A spectrum of 129 bins becomes 64 bands: the bins from 219 to 1,469 Hz one by one, where harmonics and their steadiness
//! show, then sums of three up to 3,594 Hz. A band's feature is `(log10(power + 1e-9) + 9) / 2`: 0 is the floor of -90 dB,
//! where G.711's own idle noise lies, and 10 dB are 0.5. `training/front_end.py` makes the same ones for training;
//! `training/front_end_vector.json` holds the two together.

use super::network::rounded;
use crate::dsp::lanes::{LANES, Lanes, transposed};

/// Bins of a frame's power spectrum: a transform of 256 samples at 8 kHz.
pub const BINS: usize = 129;

/// Features of a frame.
pub const BANDS: usize = 64;

/// The first bin that is heard (218.75 Hz), the telephone's band beginning thereabouts.
const FIRST_BIN: usize = 7;

/// How many bins stay single.
const SINGLE_BINS: usize = 41;

/// How many bins the wider bands sum; the last one has only two left.
const WIDE_BINS: usize = 3;

/// The bin after the last that is heard (3,625 Hz).
const END_BIN: usize = 116;

/// What is added to every power: -90 dB.
const FLOOR_POWER: f32 = 1e-9;

/// The [`BANDS`] features of one frame, in parts of [`ONE`](super::network::ONE).
///
/// `power` is scaled so that a sine of amplitude 1 reads 1 at its bin: `|X|² · 4 / (Σ window)²` of a periodic Hann window.
pub fn band_features(power: &[f32; BINS]) -> [i16; BANDS] {
    let mut rows = [[0; BANDS]; LANES];
    of_eight(&power.map(|p| Lanes([p; LANES])), &mut rows);
    rows[0]
}

/// The same of eight frames, one a lane; one a row comes out.
#[inline(always)]
pub fn of_eight(power: &[Lanes; BINS], rows: &mut [[i16; BANDS]; LANES]) {
    let mut bands = [Lanes::ZERO; BANDS];
    let (single, wide) = bands.split_at_mut(SINGLE_BINS);
    single.copy_from_slice(&power[FIRST_BIN..FIRST_BIN + SINGLE_BINS]);
    for (band, bins) in wide.iter_mut().zip(power[FIRST_BIN + SINGLE_BINS..END_BIN].chunks(WIDE_BINS)) {
        *band = bins.iter().fold(Lanes::ZERO, |sum, &power| sum + power);
    }
    let mut rounds = [[0i16; LANES]; BANDS];
    for (rounds, &band) in rounds.iter_mut().zip(&bands) {
        let logarithm = (band + Lanes([FLOOR_POWER; LANES])).log2();
        for (round, log2) in rounds.iter_mut().zip(logarithm.0) {
            *round = rounded(0.5 * (std::f32::consts::LOG10_2 * log2 + 9.0));
        }
    }
    for (block, first) in rounds.as_chunks().0.iter().zip((0..).step_by(LANES)) {
        for (row, turned) in rows.iter_mut().zip(transposed(*block)) {
            row[first..first + LANES].copy_from_slice(&turned);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::network::ONE, *};
    use crate::dsp::spectrum::PowerSpectrum;

    /// The spectra of `training/front_end.py`, the plain way.
    fn power_spectra(samples: &[f32]) -> Vec<Vec<f32>> {
        let mut spectrum = PowerSpectrum::new(256);
        (0..samples.len() / 80 + 1)
            .map(|i| {
                let sample = |n: usize| (80 * i + n).checked_sub(128).and_then(|at| samples.get(at));
                let seen: Vec<f32> = (0..256).map(|n| sample(n).copied().unwrap_or(0.0)).collect();
                spectrum.of(&seen).to_vec()
            })
            .collect()
    }

    #[test]
    fn features_are_those_of_the_training() {
        let vector: serde_json::Value =
            serde_json::from_str(include_str!("../../training/front_end_vector.json")).unwrap();
        let samples: Vec<f32> =
            vector["samples"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32 / 32_768.0).collect();
        let spectra = power_spectra(&samples);
        assert_eq!(spectra.len() as u64, vector["frame_count"].as_u64().unwrap());
        for (frame, expected) in vector["frames"].as_object().unwrap() {
            let power = &spectra[frame.parse::<usize>().unwrap()];
            let features = band_features(power[..].try_into().unwrap());
            for (have, want) in features.iter().zip(expected.as_array().unwrap()) {
                let want = want.as_f64().unwrap() as f32;
                let have = f32::from(*have) / ONE;
                assert!((have - want).abs() < 1.0 / ONE, "frame {frame}: {have}, not {want}");
            }
        }
    }

    #[test]
    fn silence_is_zero_and_ten_decibels_are_a_half() {
        let features = band_features(&[0.0; BINS]);
        assert_eq!(features, [0; BANDS]);
        let (soft, loud) = (band_features(&[1e-4; BINS]), band_features(&[1e-3; BINS]));
        assert!(soft.iter().zip(&loud).all(|(s, l)| (f32::from(l - s) - ONE / 2.0).abs() <= 1.0));
    }
}
