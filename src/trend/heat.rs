//! The wait by weekday and hour of the day, in the local time of the calls.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};

use super::{
    hours::{Opening, Week},
    samples::{Reading, Samples},
};
use crate::statistics::survival::log_rank;

/// The chance of calling any hour slow where all are alike.
const RISK: f64 = 0.05;

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
    slow_hour: Option<usize>,
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
        let (days, hours): (_, Vec<Reading>) = ((0..7).map(day).collect(), (0..HOURS).map(hour).collect());
        let slow_hour = slow_hour(times, waits, &hours);
        Self { days, hours, slow_hour, cells: (0..7).map(|day| std::array::from_fn(|hour| cell(day, hour))).collect() }
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

    /// The hour of the day in which callers surely wait longer than in the others, if there is one.
    ///
    /// By the log-rank test against all other hours at 5 %, which is divided by the number of hours that are looked at
    /// (Bonferroni): of ten hours alike one would else often look slow.
    pub fn slow_hour(&self) -> Option<usize> {
        self.slow_hour
    }

    /// The first and the last hour with a call on any day, or in which the line is open.
    pub fn span(&self) -> Option<(usize, usize)> {
        let used = |cell: &Cell| cell.reading.calls > 0 || cell.open.is_some_and(|open| open != Opening::Closed);
        let mut hours = (0..HOURS).filter(|&hour| self.cells.iter().any(|day| used(&day[hour])));
        let first = hours.next()?;
        Some((first, hours.next_back().unwrap_or(first)))
    }
}

fn slow_hour(times: &[DateTime<FixedOffset>], waits: &Samples, hours: &[Reading]) -> Option<usize> {
    let Samples::Waits(waits) = waits else { return None };
    let looked_at: Vec<usize> = (0..HOURS).filter(|&hour| !hours[hour].is_of_few()).collect();
    let mut middles: Vec<f64> = looked_at.iter().filter_map(|&hour| hours[hour].value()).collect();
    middles.sort_by(f64::total_cmp);
    let middle = *middles.get(middles.len() / 2)?;
    // the test takes its time; an hour that is no slower than most need not be tested
    let candidates = looked_at.iter().filter(|&&hour| hours[hour].value().is_none_or(|wait| wait > middle));
    let slow = candidates.filter_map(|&hour| {
        let (mut there, mut elsewhere) = (vec![], vec![]);
        for (at, wait) in times.iter().zip(waits) {
            let side = if at.hour() as usize == hour { &mut there } else { &mut elsewhere };
            side.extend(*wait);
        }
        let test = log_rank([(elsewhere.as_slice(), there.as_slice())])?;
        let slower = test.observed < test.expected && test.p * (looked_at.len() as f64) < RISK;
        slower.then_some((hour, test.p))
    });
    slow.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(hour, _)| hour)
}
