//! What is kept of a recording once it was heard: the evidence of each channel, and two slow columns. No sample.

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
        Self { evidence, levels: frames.band_dbfs.clone().into(), timbre, melody, print }
    }
}

/// The mean-square level of the telephone band every 40 ms, to the decibel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Levels {
    #[serde(with = "crate::packed")]
    dbfs: Vec<i8>,
}

impl From<Vec<i8>> for Levels {
    /// One level in dBFS every 40 ms.
    fn from(dbfs: Vec<i8>) -> Self {
        Self { dbfs }
    }
}

impl Levels {
    /// Seconds from one level to the next.
    pub const STEP_S: Seconds = (STEP * HOP_LENGTH) as Seconds / SAMPLE_RATE as Seconds;

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
#[serde(transparent)]
pub struct Timbre {
    #[serde(with = "crate::packed")]
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

/// The fingerprint: 32 bits every 20 ms, see [`crate::frames::print`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Print {
    #[serde(with = "crate::packed")]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_steps_count() {
        let levels = Levels { dbfs: vec![-50, -20, -40, -30] };
        assert_eq!(levels.within(Interval::new(0.03, 0.16)).collect::<Vec<_>>(), [-20.0, -40.0, -30.0]);
        assert_eq!(levels.percentile(Interval::new(0.0, 0.16), 0.0), Some(-50.0));
        assert_eq!(levels.percentile(Interval::new(0.01, 0.03), 0.5), None);
        assert_eq!(levels.share_above(Interval::new(0.0, 0.16), -35.0), 0.5);
    }
}
