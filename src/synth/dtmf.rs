//! Keys of a push-button telephone.
//!
//! # Standard
//! ITU-T Q.23: one of four low and one of four high frequencies at once, each within 1.8 %. What a receiver has to
//! accept is Q.24; everything that it limits can be set here.

use super::{
    exact::{amplitude, sine},
    samples, seconds,
};
use crate::{
    keypad::frequencies,
    units::{Decibels, Hertz, Seconds},
};

/// A telephone's key sender, with its shortcomings.
#[derive(Clone, Debug, PartialEq)]
pub struct Keypad {
    /// The level of both frequencies together.
    pub level: Decibels,
    /// The high frequency's level minus the low one's.
    pub twist: Decibels,
    /// By how much the low and the high frequency are off: 0.01 = 1 % sharp.
    pub deviation: [f32; 2],
    /// How long a key sounds.
    pub duration: Seconds,
    /// How long it is quiet between two keys.
    pub pause: Seconds,
}

impl Default for Keypad {
    /// A telephone in good order: 2 dB of twist to make up for the line, 100 ms on and off.
    fn default() -> Self {
        Self { level: -12.0, twist: 2.0, deviation: [0.0; 2], duration: 0.1, pause: 0.1 }
    }
}

impl Keypad {
    /// One key; `None` if there is no such key.
    pub fn press(&self, key: char) -> Option<Vec<f32>> {
        /// Softens the click at either end.
        const RAMP_S: Seconds = 0.001;
        let [low, high] = frequencies(key)?;
        let tuned = |f: Hertz, off: f32| f64::from(f) * (1.0 + f64::from(off));
        let (low, high) = (tuned(low, self.deviation[0]), tuned(high, self.deviation[1]));
        // p_low + p_high = power, p_high / p_low = ratio
        let (power, ratio) = (amplitude(f64::from(self.level)).powi(2), amplitude(f64::from(self.twist)).powi(2));
        let p_low = power / (1.0 + ratio);
        let (a_low, a_high) = ((2.0 * p_low).sqrt(), (2.0 * (power - p_low)).sqrt());
        let count = samples(self.duration);
        let sample = |i: usize| {
            let (t, left) = (seconds(i), seconds(count - i));
            let edge = (t.min(left) / RAMP_S).min(1.0);
            (edge * (a_low * sine(low * t) + a_high * sine(high * t))) as f32
        };
        Some((0..count).map(sample).collect())
    }

    /// Several keys, one after another; `None` if one of them does not exist.
    pub fn dial(&self, keys: &str) -> Option<Vec<f32>> {
        let mut out = vec![];
        for (i, key) in keys.chars().enumerate() {
            if i > 0 {
                out.resize(out.len() + samples(self.pause), 0.0);
            }
            out.extend(self.press(key)?);
        }
        Some(out)
    }
}
