//! Transmitters: one for everything that the receivers have to hear.
//!
//! All of them make mono samples at [`SAMPLE_RATE`], full scale = 1. Levels are the
//! root mean square while sounding, in dBFS, where a full-scale square wave reads 0 and a full-scale sine -3.01.
//! Sines, powers and random numbers are made from plain additions and multiplications ([`exact`], [`random`]), so that
//! one seed gives the same bytes on every machine, whatever its mathematics library.

pub mod call_progress;
pub mod dtmf;
pub mod exact;
pub mod noise;
pub mod tune;

pub use crate::random;
use crate::units::{Decibels, SAMPLE_RATE, Seconds, decibels};

/// How many samples last `duration`.
pub fn samples(duration: Seconds) -> usize {
    (duration.max(0.0) * f64::from(SAMPLE_RATE)).round() as usize
}

/// How long `samples` last.
pub fn seconds(samples: usize) -> Seconds {
    samples as f64 / f64::from(SAMPLE_RATE)
}

/// The root mean square of `signal`.
pub fn level(signal: &[f32]) -> Decibels {
    decibels((signal.iter().map(|x| f64::from(x * x)).sum::<f64>() / signal.len().max(1) as f64) as f32)
}

/// Scales `signal` so that its root mean square is `level`; silence stays silence.
pub fn set_level(signal: &mut [f32], level: Decibels) {
    let power = signal.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / signal.len().max(1) as f64;
    if power > 0.0 {
        let gain = (exact::amplitude(f64::from(level)) / power.sqrt()) as f32;
        signal.iter_mut().for_each(|x| *x *= gain);
    }
}

#[cfg(test)]
mod tests;
