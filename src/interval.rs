//! A half-open stretch of time, `[start, end)`.

use serde::{Deserialize, Serialize};

use crate::units::Seconds;

/// A stretch of time whose end never comes before its start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(Seconds, Seconds)", into = "(Seconds, Seconds)")]
pub struct Interval {
    start: Seconds,
    end: Seconds,
}

impl Interval {
    /// From `start` up to, not including, `end`.
    ///
    /// # Panics
    /// Where either is not finite or `end` lies before `start`.
    pub fn new(start: Seconds, end: Seconds) -> Self {
        assert!(start.is_finite() && end.is_finite() && start <= end, "[{start}, {end}) is no interval");
        Self { start, end }
    }

    /// Where it begins.
    pub fn start(self) -> Seconds {
        self.start
    }

    /// Where it is over.
    pub fn end(self) -> Seconds {
        self.end
    }

    /// How long it lasts.
    pub fn duration(self) -> Seconds {
        self.end - self.start
    }

    /// Whether `moment` lies in it.
    pub fn contains(self, moment: Seconds) -> bool {
        self.start <= moment && moment < self.end
    }

    /// How much of it lies in `other` too.
    pub fn overlap(self, other: Self) -> Seconds {
        (self.end.min(other.end) - self.start.max(other.start)).max(0.0)
    }

    /// The smallest stretch that holds both.
    pub fn hull(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The part that lies in `other`, if any lasts.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then(|| Self::new(start, end))
    }
}

impl From<Interval> for (Seconds, Seconds) {
    fn from(interval: Interval) -> Self {
        (interval.start, interval.end)
    }
}

impl TryFrom<(Seconds, Seconds)> for Interval {
    type Error = String;

    fn try_from((start, end): (Seconds, Seconds)) -> Result<Self, String> {
        if start.is_finite() && end.is_finite() && start <= end {
            Ok(Self { start, end })
        } else {
            Err(format!("[{start}, {end}) is no interval"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_outside() {
        let second = Interval::new(1.0, 2.0);
        assert!(second.contains(1.0) && !second.contains(2.0));
        assert_eq!(second.overlap(Interval::new(2.0, 3.0)), 0.0);
        assert_eq!(second.intersection(Interval::new(2.0, 3.0)), None);
    }

    #[test]
    #[should_panic(expected = "is no interval")]
    fn time_does_not_run_backwards() {
        Interval::new(2.0, 1.0);
    }
}
