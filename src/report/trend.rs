//! What a history says over the months, as tables and in the terminal.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::{
    table::{Cell, Column},
    words::{self, Language, trend as said},
};
use crate::trend::{
    LineTrend, Trend,
    heat::{self, HOURS},
    samples::{Level, Measure, Reading},
    series::Series,
};

/// A row of `trend.csv`: a measure of a line in a period.
pub struct PointRow<'a> {
    trend: &'a Trend,
    line: &'a LineTrend,
    measure: &'a Measure,
    series: &'a Series,
    place: usize,
    language: Language,
}

/// A row of `heat.csv`: an hour of a weekday of a line.
pub struct HeatRow<'a> {
    line: &'a LineTrend,
    day: usize,
    hour: usize,
    language: Language,
}

/// A row of `benchmark.csv`: a measure of a line over all calls.
pub struct WholeRow<'a> {
    line: &'a LineTrend,
    measure: &'a Measure,
    reading: &'a Reading,
    language: Language,
}

/// The rows of `trend.csv`: line by line, measure by measure, in time's order; periods without calls too.
pub fn points(trend: &Trend, language: Language) -> impl Iterator<Item = PointRow<'_>> {
    trend.lines.iter().flat_map(move |line| {
        line.series.iter().zip(&trend.measures).flat_map(move |(series, measure)| {
            let row = move |place| PointRow { trend, line, measure, series, place, language };
            (0..series.points.len()).map(row)
        })
    })
}

/// The rows of `heat.csv`: every hour of the week of every line, also those without calls.
pub fn hours(trend: &Trend, language: Language) -> impl Iterator<Item = HeatRow<'_>> {
    trend.lines.iter().flat_map(move |line| {
        (0..7).flat_map(move |day| (0..HOURS).map(move |hour| HeatRow { line, day, hour, language }))
    })
}

/// The rows of `benchmark.csv`.
pub fn lines(trend: &Trend, language: Language) -> impl Iterator<Item = WholeRow<'_>> {
    trend.lines.iter().flat_map(move |line| {
        let both = line.whole.iter().zip(&trend.measures);
        both.map(move |(reading, measure)| WholeRow { line, measure, reading, language })
    })
}

impl PointRow<'_> {
    fn reading(&self) -> &Reading {
        &self.series.points[self.place]
    }

    fn start(&self) -> NaiveDate {
        self.trend.starts[self.place]
    }

    fn limit(&self, end: fn(&crate::statistics::control::Limits) -> f64) -> Cell {
        self.series.limits[self.place].as_ref().map_or(Cell::Empty, |limits| Cell::Number(end(limits)))
    }

    fn runs(&self, cell: fn(&crate::statistics::runs::Runs) -> Cell) -> Cell {
        self.series.runs.as_ref().map_or(Cell::Empty, cell)
    }
}

impl HeatRow<'_> {
    fn cell(&self) -> &heat::Cell {
        self.line.heat.cell(self.day, self.hour)
    }
}

fn value(reading: &Reading) -> Cell {
    reading.value().map_or(Cell::Empty, Cell::Number)
}

fn end(reading: &Reading, end: fn(crate::statistics::Range) -> Option<f64>) -> Cell {
    match reading.level {
        Level::Known(range) => end(range).map_or(Cell::Empty, Cell::Number),
        _ => Cell::Empty,
    }
}

fn beyond(reading: &Reading) -> Cell {
    match reading.level {
        Level::Beyond(longest_s) => Cell::Number(longest_s),
        _ => Cell::Empty,
    }
}

fn yes(yes: bool) -> Cell {
    Cell::text(if yes { "yes" } else { "no" })
}

fn count(n: usize) -> Cell {
    Cell::Count(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The columns of `trend.csv`.
pub fn point_columns<'a>() -> Vec<Column<PointRow<'a>>> {
    vec![
        Column::new("client", "", |row: &PointRow| Cell::text(&row.line.line.client)),
        Column::new("line", "", |row| Cell::text(&row.line.line.name)),
        Column::new("measure", "", |row| Cell::text(row.measure.name())),
        Column::new("unit", "", |row| Cell::text(row.measure.unit().name())),
        Column::new("period", "", |row| Cell::Text(row.trend.period.name(row.start()))),
        Column::new("starts_on", "ISO 8601", |row| Cell::Text(row.start().to_string())),
        Column::new("calls", "count", |row| count(row.reading().calls)),
        Column::new("n", "count", |row| count(row.reading().n)),
        Column::new("value", "", |row| value(row.reading())),
        Column::new("low", "", |row| end(row.reading(), |range| range.low)),
        Column::new("high", "", |row| end(row.reading(), |range| range.high)),
        Column::new("more_than", "", |row| beyond(row.reading())),
        Column::new("few", "", |row| if row.reading().n == 0 { Cell::Empty } else { yes(row.reading().is_of_few()) }),
        Column::new("median", "", |row| row.series.median.map_or(Cell::Empty, Cell::Number)),
        Column::new("longest_run", "count", |row| row.runs(|runs| count(runs.longest))),
        Column::new("longest_run_by_chance", "count", |row| row.runs(|runs| count(runs.longest_expected))),
        Column::new("crossings", "count", |row| row.runs(|runs| count(runs.crossings))),
        Column::new("crossings_by_chance", "count", |row| row.runs(|runs| count(runs.crossings_expected))),
        Column::new("run_signal", "", |row| row.runs(|runs| yes(runs.signal()))),
        Column::new("limit_low", "", |row| row.limit(|limits| limits.lower)),
        Column::new("limit_high", "", |row| row.limit(|limits| limits.upper)),
        Column::new("stands_out", "", |row| match (row.reading().value(), row.series.limits[row.place]) {
            (Some(_), Some(_)) => yes(row.series.stands_out(row.place)),
            _ => Cell::Empty,
        }),
        Column::new("reason", "", |row| {
            let too_short = (!row.series.can_tell()).then(|| row.series.useful());
            Cell::text(said::why_empty(row.language, row.reading(), too_short))
        }),
    ]
}

/// The columns of `heat.csv`.
pub fn heat_columns<'a>() -> Vec<Column<HeatRow<'a>>> {
    vec![
        Column::new("client", "", |row: &HeatRow| Cell::text(&row.line.line.client)),
        Column::new("line", "", |row| Cell::text(&row.line.line.name)),
        Column::new("weekday", "ISO 8601", |row| count(row.day + 1)),
        Column::new("hour", "", |row| count(row.hour)),
        Column::new("open", "", |row| row.cell().open.map_or(Cell::Empty, |open| Cell::text(open.name()))),
        Column::new("calls", "count", |row| count(row.cell().reading.calls)),
        Column::new("n", "count", |row| count(row.cell().reading.n)),
        Column::new("wait", "s", |row| value(&row.cell().reading)),
        Column::new("low", "s", |row| end(&row.cell().reading, |range| range.low)),
        Column::new("high", "s", |row| end(&row.cell().reading, |range| range.high)),
        Column::new("more_than", "s", |row| beyond(&row.cell().reading)),
        Column::new("reason", "", |row| Cell::text(said::why_empty(row.language, &row.cell().reading, None))),
    ]
}

/// The columns of `benchmark.csv`.
pub fn whole_columns<'a>() -> Vec<Column<WholeRow<'a>>> {
    vec![
        Column::new("client", "", |row: &WholeRow| Cell::text(&row.line.line.client)),
        Column::new("line", "", |row| Cell::text(&row.line.line.name)),
        Column::new("measure", "", |row| Cell::text(row.measure.name())),
        Column::new("unit", "", |row| Cell::text(row.measure.unit().name())),
        Column::new("calls", "count", |row| count(row.line.calls)),
        Column::new("n", "count", |row| count(row.reading.n)),
        Column::new("value", "", |row| value(row.reading)),
        Column::new("low", "", |row| end(row.reading, |range| range.low)),
        Column::new("high", "", |row| end(row.reading, |range| range.high)),
        Column::new("more_than", "", |row| beyond(row.reading)),
        Column::new("reason", "", |row| Cell::text(said::why_empty(row.language, row.reading, None))),
    ]
}

/// What the terminal says: what it rests on, and each line's measures with what moved.
pub fn summary(trend: &Trend, language: Language) -> String {
    let mut text = format!("{}\n", said::rests_on(language, trend));
    for line in &trend.lines {
        let calls = words::calls(language, line.calls);
        let _ = writeln!(text, "\n{}, {calls}", line.line);
        for ((series, measure), whole) in line.series.iter().zip(&trend.measures).zip(&line.whole) {
            let name = said::measure(language, measure);
            let _ = writeln!(text, "  {name}: {}", said::reading(language, measure, whole));
            for sentence in said::signals(language, trend, series) {
                let _ = writeln!(text, "    {sentence}");
            }
        }
    }
    text
}
