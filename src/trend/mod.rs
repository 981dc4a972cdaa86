//! Months, hours and lines held side by side: what the calls of a history say together.
//!
//! Each line's calls are read once as [`samples`], and then in three ways: period by period ([`series`], with the signals
//! of run charts and control charts), by the hour and the weekday ([`heat`]), and all together, one line beside the other.

pub mod heat;
pub mod hours;
pub mod samples;
pub mod series;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use clap::ValueEnum;

use crate::{
    audit::{Audit, AuditedCall},
    history::Calls,
};
use heat::Heat;
use hours::OpeningHours;
use samples::{Measure, Reading, Samples};
use series::Series;

/// Whose line, and which.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The client; empty where the audits do not tell.
    pub client: String,
    /// The line's name.
    pub name: String,
}

/// How long a point of a trend lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Period {
    /// A calendar month.
    #[default]
    Month,
    /// A week from Monday on (ISO 8601).
    Week,
}

impl Period {
    /// The first day of the period that holds `day`.
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Month => day.with_day(1).unwrap_or(day),
            Self::Week => day.week(chrono::Weekday::Mon).checked_first_day().unwrap_or(day),
        }
    }

    /// The first day of the next one; `None` at the end of all calendars.
    fn after(self, start: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Month => start.checked_add_months(chrono::Months::new(1)),
            Self::Week => start.checked_add_days(chrono::Days::new(7)),
        }
    }

    /// The name of the period that starts on `start`: `2026-03`, `2026-W11`.
    pub fn name(self, start: NaiveDate) -> String {
        match self {
            Self::Month => start.format("%Y-%m").to_string(),
            Self::Week => start.format("%G-W%V").to_string(),
        }
    }
}

/// What is asked of a history.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// How long a point lasts.
    pub period: Period,
    /// What is followed, in this order; the first is the wait.
    pub measures: Vec<Measure>,
    /// When lines are open, as far as told.
    pub open: OpeningHours,
    /// Only calls from this day on.
    pub since: Option<NaiveDate>,
    /// Only calls up to and with this day.
    pub until: Option<NaiveDate>,
}

/// The answer.
#[derive(Debug)]
pub struct Trend {
    /// How long a point lasts.
    pub period: Period,
    /// What is followed.
    pub measures: Vec<Measure>,
    /// The first days of all periods from the first call to the last, none left out.
    pub starts: Vec<NaiveDate>,
    /// Every line with a call, client by client.
    pub lines: Vec<LineTrend>,
    /// How many calls it rests on.
    pub calls: usize,
    /// How many calls were left out because nobody knows when they were made.
    pub undated: usize,
    /// How many lie outside the days that were asked for.
    pub outside: usize,
    /// How many of the calls could not be read: they count as calls, and tell nothing.
    pub unread: usize,
}

/// One line.
#[derive(Debug)]
pub struct LineTrend {
    /// Which.
    pub line: Line,
    /// How many calls.
    pub calls: usize,
    /// One a measure, with a point a period.
    pub series: Vec<Series>,
    /// One a measure, of all calls together.
    pub whole: Vec<Reading>,
    /// The wait by weekday and hour.
    pub heat: Heat,
}

/// More periods than this are not one trend: 40 years of weeks. A single wrong date must not fill the disk.
pub const MAX_PERIODS: usize = 2_100;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTrend {
    /// No call with a time, or none in the days asked for.
    #[error(
        "no call has a time within the days asked for ({undated} without a time, {outside} outside these days); times come \
         from calls.csv beside the recordings or from their file names"
    )]
    NoCalls {
        /// Calls without a time.
        undated: usize,
        /// Calls on other days.
        outside: usize,
    },
    /// The dates lie too far apart.
    #[error(
        "from {first} to {last} is too long for one trend: is one of the dates wrong? --since and --until limit the days"
    )]
    TooLong {
        /// The first day.
        first: NaiveDate,
        /// The last.
        last: NaiveDate,
    },
}

/// A call's local time and the call.
type Dated = (DateTime<FixedOffset>, AuditedCall);

impl Trend {
    /// What `calls` answer to `question`.
    ///
    /// # Errors
    /// Where no call has a time, or the times lie too far apart.
    pub fn of(calls: Calls, question: Question) -> Result<Self, NoTrend> {
        let Question { period, measures, open, since, until } = question;
        let (mut undated, mut outside) = (0, 0);
        let mut lines: BTreeMap<Line, Vec<Dated>> = BTreeMap::new();
        for one in calls.calls {
            let Some(at) = one.call.recorded_at else {
                undated += 1;
                continue;
            };
            let day = at.date_naive();
            if since.is_some_and(|since| day < since) || until.is_some_and(|until| day > until) {
                outside += 1;
                continue;
            }
            let line = Line { client: one.client.unwrap_or_default(), name: one.call.line.clone() };
            lines.entry(line).or_default().push((at, one.call));
        }
        let days = || lines.values().flatten().map(|(at, _)| at.date_naive());
        let (Some(first), Some(last)) = (days().min(), days().max()) else {
            return Err(NoTrend::NoCalls { undated, outside });
        };
        let whole = |start: &NaiveDate| *start <= last;
        let all = std::iter::successors(Some(period.start(first)), |start| period.after(*start)).take_while(whole);
        let starts: Vec<NaiveDate> = all.take(MAX_PERIODS + 1).collect();
        if starts.len() > MAX_PERIODS {
            return Err(NoTrend::TooLong { first, last });
        }
        let count = lines.values().map(Vec::len).sum();
        let unread = lines.values().flatten().filter(|(_, call)| call.finding.is_err()).count();
        let lines = lines.into_iter().map(|(line, mut calls)| {
            // in time's order, and where that is the same by name: the answer does not depend on when what was added
            calls.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.file.cmp(&other.file)));
            LineTrend::of(line, calls, period, &starts, &measures, &open)
        });
        let lines = lines.collect();
        Ok(Self { period, measures, starts, lines, calls: count, undated, outside, unread })
    }

    /// Whether lines of more than one client are in it.
    pub fn has_clients(&self) -> bool {
        self.lines.windows(2).any(|pair| pair[0].line.client != pair[1].line.client)
    }

    /// The name of a line in it, as short as it can be without being another line's.
    pub fn short_name(&self, line: &Line) -> String {
        match self.lines.iter().filter(|other| other.line.name == line.name).count() {
            0 | 1 => line.name.clone(),
            _ => self.name(line),
        }
    }

    /// The name of a line in it: with the client's in front where there is more than one.
    pub fn name(&self, line: &Line) -> String {
        match self.has_clients() && !line.client.is_empty() {
            true => format!("{} · {}", line.client, line.name),
            false => line.name.clone(),
        }
    }
}

impl LineTrend {
    fn of(
        line: Line,
        calls: Vec<Dated>,
        period: Period,
        starts: &[NaiveDate],
        measures: &[Measure],
        open: &OpeningHours,
    ) -> Self {
        let (times, calls): (Vec<_>, Vec<_>) = calls.into_iter().unzip();
        let audit = Audit { client: None, calls };
        let mut by_period: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
        for (i, at) in times.iter().enumerate() {
            by_period.entry(period.start(at.date_naive())).or_default().push(i);
        }
        let everything: Vec<usize> = (0..times.len()).collect();
        let samples: Vec<Samples> = measures.iter().map(|measure| Samples::of(measure, &audit)).collect();
        let picked = |start| by_period.get(start).map_or(&[][..], Vec::as_slice);
        let series = samples.iter().map(|s| Series::of(starts.iter().map(|start| s.read(picked(start))).collect()));
        Self {
            calls: times.len(),
            series: series.collect(),
            whole: samples.iter().map(|s| s.read(&everything)).collect(),
            heat: Heat::of(&times, &Samples::of(&Measure::Wait, &audit), open.of(&line.name)),
            line,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.client.is_empty() {
            true => f.write_str(&self.name),
            false => write!(f, "{} · {}", self.client, self.name),
        }
    }
}
