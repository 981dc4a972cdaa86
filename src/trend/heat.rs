//! The wait by weekday and hour of the day, in the local time of the calls.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};

use super::{
    hours::{Opening, Week},
    samples::{Reading, Samples},
};

/// Hours of a day.
pub const HOURS: usize = 24;

/// A week of hours.
#[derive(Clone, Debug)]
pub struct Heat {
    /// From Monday on, from midnight on.
    cells: Vec<[Cell; HOURS]>,
    /// All hours of each day.
    days: Vec<Reading>,
    /// Each hour of all days.
    hours: Vec<Reading>,
}

/// An hour of a weekday.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// What the calls of that hour tell.
    pub reading: Reading,
    /// Whether the line is open then; `None` where nobody told.
    pub open: Option<Opening>,
}

impl Heat {
    pub(super) fn of(times: &[DateTime<FixedOffset>], waits: &Samples, open: Option<&Week>) -> Self {
        let mut places = vec![vec![vec![]; HOURS]; 7];
        for (i, at) in times.iter().enumerate() {
            places[at.weekday().num_days_from_monday() as usize][at.hour() as usize].push(i);
        }
        let cell = |day: usize, hour: usize| Cell {
            reading: waits.read(&places[day][hour]),
            open: open.map(|week| week.at(day, hour as u32)),
        };
        let day = |day: usize| waits.read(&places[day].concat());
        let hour =
            |hour: usize| waits.read(&places.iter().flat_map(|day| day[hour].iter().copied()).collect::<Vec<_>>());
        let (days, hours) = ((0..7).map(day).collect(), (0..HOURS).map(hour).collect());
        Self { days, hours, cells: (0..7).map(|day| std::array::from_fn(|hour| cell(day, hour))).collect() }
    }

    /// The cell of a weekday, Monday is 0, and an hour of the day.
    pub fn cell(&self, day: usize, hour: usize) -> &Cell {
        &self.cells[day][hour]
    }

    /// All calls on a weekday, Monday is 0.
    pub fn day(&self, day: usize) -> &Reading {
        &self.days[day]
    }

    /// All calls in an hour of the day.
    pub fn hour(&self, hour: usize) -> &Reading {
        &self.hours[hour]
    }

    /// The first and the last hour with a call on any day, or in which the line is open.
    pub fn span(&self) -> Option<(usize, usize)> {
        let used = |cell: &Cell| cell.reading.calls > 0 || cell.open.is_some_and(|open| open != Opening::Closed);
        let mut hours = (0..HOURS).filter(|&hour| self.cells.iter().any(|day| used(&day[hour])));
        let first = hours.next()?;
        Some((first, hours.next_back().unwrap_or(first)))
    }
}
