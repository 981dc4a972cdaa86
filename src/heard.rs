//! What is kept of a recording once it was heard: the evidence of each channel, and two slow columns. No sample.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    detect::Evidence,
    frames::{Frames, HOP_LENGTH, STEP, TIMBRE_BANDS, melody::Melody, steps_within},
    interval::Interval,
    units::{Decibels, SAMPLE_RATE, Seconds},
};

/// One channel, heard: a few kilobytes a minute.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChannelHeard {
    /// What the detectors say, in time's order.
    pub evidence: Vec<Evidence>,
    /// How loud it was.
    pub levels: Levels,
    /// What it sounded like.
    pub timbre: Timbre,
    /// What its music is judged by.
    pub melody: Melody,
    /// What it is known again by.
    pub print: Print,
}

impl ChannelHeard {
    /// What is kept of a channel's frames and their evidence.
    pub fn new(frames: &Frames, evidence: Vec<Evidence>) -> Self {
        let (timbre, print) = (Timbre { rows: frames.timbre.clone() }, Print { rows: frames.print.clone() });
        let melody = Melody::new(frames.voices.clone(), frames.clipped.clone());
        Self { evidence, levels: Levels::new(frames), timbre, melody, print }
    }
}

/// The mean-square level of the telephone band every 40 ms, to the decibel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    dbfs: Vec<i8>,
}

impl Levels {
    /// Seconds from one level to the next.
    pub const STEP_S: Seconds = (STEP * HOP_LENGTH) as Seconds / SAMPLE_RATE as Seconds;

    fn new(frames: &Frames) -> Self {
        Self { dbfs: frames.band_dbfs.clone() }
    }

    /// Every level, in dBFS.
    pub fn all(&self) -> Vec<Decibels> {
        self.dbfs.iter().map(|&l| Decibels::from(l)).collect()
    }

    /// The levels that lie wholly inside `interval`, in dBFS.
    pub fn within(&self, interval: Interval) -> impl Iterator<Item = Decibels> + '_ {
        let (first, end) = steps_within(interval, self.dbfs.len());
        self.dbfs[first..end].iter().map(|&l| Decibels::from(l))
    }

    /// The level that `share` (0 to 1) of the steps inside `interval` do not exceed; `None` where no step fits in it.
    pub fn percentile(&self, interval: Interval, share: f64) -> Option<Decibels> {
        let (first, end) = steps_within(interval, self.dbfs.len());
        let at = ((end - first).checked_sub(1)? as f64 * share).round() as usize;
        let mut levels = self.dbfs[first..end].to_vec();
        (at < levels.len()).then(|| Decibels::from(*levels.select_nth_unstable(at).1))
    }

    /// The share of the steps inside `interval` that are louder than `level`; 0 where none fits in it.
    pub fn share_above(&self, interval: Interval, level: Decibels) -> f64 {
        let (mut all, mut above) = (0usize, 0usize);
        for l in self.within(interval) {
            all += 1;
            above += usize::from(l > level);
        }
        above as f64 / all.max(1) as f64
    }
}

/// The level of 16 bands in dB every 40 ms: enough to tell voices apart and to know a recording again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Packed", into = "Packed")]
pub struct Timbre {
    rows: Vec<[i8; TIMBRE_BANDS]>,
}

impl Timbre {
    /// All rows.
    pub fn rows(&self) -> &[[i8; TIMBRE_BANDS]] {
        &self.rows
    }

    /// The rows that lie wholly inside `interval`.
    pub fn within(&self, interval: Interval) -> &[[i8; TIMBRE_BANDS]] {
        let (first, end) = steps_within(interval, self.rows.len());
        &self.rows[first..end]
    }
}

/// Rows as text, two hexadecimal digits a band: a third of the size of a list of numbers.
#[derive(Serialize, Deserialize)]
struct Packed(Cow<'static, str>);

/// Hexadecimal digits, the highest first.
const DIGITS: &[u8; 16] = b"0123456789abcdef";

impl From<Timbre> for Packed {
    fn from(timbre: Timbre) -> Self {
        let mut text = String::with_capacity(2 * TIMBRE_BANDS * timbre.rows.len());
        for byte in timbre.rows.iter().flatten().map(|&level| level as u8) {
            text.extend([byte >> 4, byte & 15].map(|d| char::from(DIGITS[usize::from(d)])));
        }
        Self(text.into())
    }
}

impl From<Packed> for Timbre {
    fn from(packed: Packed) -> Self {
        let digit = |d: u8| char::from(d).to_digit(16).unwrap_or(0) as u8;
        let bytes: Vec<i8> =
            packed.0.as_bytes().chunks_exact(2).map(|p| (digit(p[0]) << 4 | digit(p[1])) as i8).collect();
        let row = |part: &[i8]| std::array::from_fn(|band| part[band]);
        Self { rows: bytes.chunks_exact(TIMBRE_BANDS).map(row).collect() }
    }
}

/// The fingerprint: 32 bits every 20 ms, see [`crate::frames::print`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Hexadecimal", into = "Hexadecimal")]
pub struct Print {
    rows: Vec<u32>,
}

impl Print {
    /// All rows.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }
}

impl FromIterator<u32> for Print {
    fn from_iter<I: IntoIterator<Item = u32>>(rows: I) -> Self {
        Self { rows: rows.into_iter().collect() }
    }
}

/// Rows as text, eight hexadecimal digits each.
#[derive(Serialize, Deserialize)]
struct Hexadecimal(Cow<'static, str>);

impl From<Print> for Hexadecimal {
    fn from(print: Print) -> Self {
        let mut text = String::with_capacity(8 * print.rows.len());
        for row in &print.rows {
            text.extend((0..8).rev().map(|i| char::from(DIGITS[(row >> (4 * i) & 15) as usize])));
        }
        Self(text.into())
    }
}

impl From<Hexadecimal> for Print {
    fn from(text: Hexadecimal) -> Self {
        let digit = |d: &u8| char::from(*d).to_digit(16).unwrap_or(0);
        text.0.as_bytes().chunks_exact(8).map(|row| row.iter().fold(0, |bits, d| bits << 4 | digit(d))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timbre_survives_being_written_down() {
        let timbre = Timbre { rows: vec![std::array::from_fn(|i| -80 + 5 * i as i8), [-1; TIMBRE_BANDS]] };
        let text = serde_json::to_string(&timbre).unwrap();
        assert_eq!(serde_json::from_str::<Timbre>(&text).unwrap(), timbre);
    }

    #[test]
    fn a_print_survives_being_written_down() {
        let print: Print = [0, 1, 0xdead_beef, u32::MAX].into_iter().collect();
        let text = serde_json::to_string(&print).unwrap();
        assert_eq!(text, "\"0000000000000001deadbeefffffffff\"");
        assert_eq!(serde_json::from_str::<Print>(&text).unwrap(), print);
    }

    #[test]
    fn only_whole_steps_count() {
        let levels = Levels { dbfs: vec![-50, -20, -40, -30] };
        assert_eq!(levels.within(Interval::new(0.03, 0.16)).collect::<Vec<_>>(), [-20.0, -40.0, -30.0]);
        assert_eq!(levels.percentile(Interval::new(0.0, 0.16), 0.0), Some(-50.0));
        assert_eq!(levels.percentile(Interval::new(0.01, 0.03), 0.5), None);
        assert_eq!(levels.share_above(Interval::new(0.0, 0.16), -35.0), 0.5);
    }
}
