//! What a line adds by itself: noise, hum, comfort noise.

use super::{exact::sine, random::Random, seconds, set_level};
use crate::units::{Decibels, Hertz};

/// A kind of noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Noise {
    /// The same power at every frequency: a line's own.
    White,
    /// 3 dB less an octave: rooms and crowds at a distance.
    Pink,
    /// The mains and its harmonics.
    Hum(Hertz),
    /// What a receiver plays in pauses that were not sent (RFC 3389): noise shaped like a room, in steps of 20 ms.
    Comfort,
}

impl Noise {
    /// Every kind, on European mains.
    pub const ALL: [Self; 4] = [Self::White, Self::Pink, Self::Hum(50.0), Self::Comfort];

    /// So many samples of it at `level`.
    pub fn make(self, count: usize, level: Decibels, random: &mut Random) -> Vec<f32> {
        let mut out: Vec<f32> = match self {
            Self::White => (0..count).map(|_| random.normal() as f32).collect(),
            Self::Pink => pink(count, random),
            Self::Hum(mains) => (0..count).map(|i| hum(f64::from(mains) * seconds(i))).collect(),
            Self::Comfort => comfort(count, random),
        };
        set_level(&mut out, level);
        out
    }
}

/// Rows of noise that change every 2, 4, 8 ... samples, added up (Voss and McCartney).
fn pink(count: usize, random: &mut Random) -> Vec<f32> {
    const ROWS: usize = 12;
    let mut rows = [0.0; ROWS];
    rows.iter_mut().for_each(|row| *row = random.normal());
    (1..=count)
        .map(|i| {
            let row = (i.trailing_zeros() as usize).min(ROWS - 1);
            rows[row] = random.normal();
            (rows.iter().sum::<f64>() + random.normal()) as f32
        })
        .collect()
}

/// The mains with the harmonics that survive a telephone's high-pass.
fn hum(turns: f64) -> f32 {
    const HARMONICS: [(f64, f64); 6] = [(1.0, 1.0), (2.0, 0.3), (3.0, 0.6), (5.0, 0.35), (7.0, 0.2), (9.0, 0.1)];
    HARMONICS.iter().map(|(n, loud)| loud * sine(n * turns)).sum::<f64>() as f32
}

/// Low-passed noise whose level is set anew every 20 ms.
fn comfort(count: usize, random: &mut Random) -> Vec<f32> {
    const FRAME: usize = 160;
    const POLE: f64 = 0.8;
    let (mut last, mut gain) = (0.0, 1.0);
    (0..count)
        .map(|i| {
            if i % FRAME == 0 {
                gain = random.uniform(0.8, 1.2);
            }
            last = POLE * last + random.normal();
            (gain * last) as f32
        })
        .collect()
}
