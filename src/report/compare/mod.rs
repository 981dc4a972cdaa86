//! What a comparison is written down as: `compare.csv`, `compare.json`, `compare.md`, and what the terminal says.

mod text;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    table::{Cell, Column},
    words::{Language, compare as words},
};
use crate::{
    compare::{Change, Changes, Comparison, Kind},
    statistics::Range,
};
pub use text::{markdown, plan, summary};

/// The version of the columns.
pub const SCHEMA: &str = "bezet-compare/1";

/// A row of `compare.csv`: one measure, of all calls or of one line's.
pub struct ChangeRow<'a> {
    change: &'a Change<'a>,
    line: &'a str,
    language: Language,
}

/// The rows of `compare.csv`: all lines together, then each line.
pub fn rows<'a>(comparison: &'a Comparison<'a>, language: Language) -> Vec<ChangeRow<'a>> {
    let of = |changes: &'a Changes<'a>| {
        let line = changes.line.unwrap_or_default();
        changes.measures.iter().map(move |change| ChangeRow { change, line, language })
    };
    std::iter::once(&comparison.whole).chain(&comparison.lines).flat_map(of).collect()
}

impl ChangeRow<'_> {
    fn count(&self, side: usize, which: fn(&crate::compare::Side) -> usize) -> Cell {
        Cell::Count(which(&self.change.sides[side]) as u32)
    }

    fn value(&self, side: usize, which: fn(&Range) -> Option<f64>) -> Cell {
        self.change.sides[side].value.as_ref().and_then(which).map_or(Cell::Empty, Cell::Number)
    }

    fn difference(&self, which: fn(&Range) -> Option<f64>) -> Cell {
        self.change.difference.as_ref().and_then(which).map_or(Cell::Empty, Cell::Number)
    }
}

/// A chance, rounded up: never said to be smaller than it is.
fn chance(p: Option<f64>) -> Cell {
    p.map_or(Cell::Empty, |p| Cell::Number((p * 1000.0).ceil() / 1000.0))
}

/// The columns of `compare.csv`.
pub fn columns<'a>() -> Vec<Column<ChangeRow<'a>>> {
    vec![
        Column::new("measure", "", |row: &ChangeRow| Cell::text(row.change.measure.name())),
        Column::new("line", "", |row| Cell::text(row.line)),
        Column::new("unit", "", |row| {
            Cell::text(match row.change.measure.kind() {
                Kind::Seconds => "s",
                Kind::Count => "count",
                Kind::Decibels => "dB",
                Kind::Share => "share",
            })
        }),
        Column::new("before", "", |row| row.value(0, |range| Some(range.value))),
        Column::new("before_low", "", |row| row.value(0, |range| range.low)),
        Column::new("before_high", "", |row| row.value(0, |range| range.high)),
        Column::new("after", "", |row| row.value(1, |range| Some(range.value))),
        Column::new("after_low", "", |row| row.value(1, |range| range.low)),
        Column::new("after_high", "", |row| row.value(1, |range| range.high)),
        Column::new("difference", "", |row| row.difference(|range| Some(range.value))),
        Column::new("difference_low", "", |row| row.difference(|range| range.low)),
        Column::new("difference_high", "", |row| row.difference(|range| range.high)),
        Column::new("verdict", "", |row| Cell::text(row.change.verdict.name())),
        Column::new("p", "0 to 1", |row| chance(row.change.test.map(|test| test.p))),
        Column::new("p_adjusted", "0 to 1", |row| chance(row.change.adjusted_p)),
        Column::new("test", "", |row| row.change.test.map_or(Cell::Empty, |test| Cell::text(test.kind.name()))),
        Column::new("before_calls", "count", |row| row.count(0, |side| side.calls)),
        Column::new("after_calls", "count", |row| row.count(1, |side| side.calls)),
        Column::new("before_unanswered", "count", |row| row.count(0, |side| side.unanswered)),
        Column::new("after_unanswered", "count", |row| row.count(1, |side| side.unanswered)),
        Column::new("before_without", "count", |row| row.count(0, |side| side.without)),
        Column::new("after_without", "count", |row| row.count(1, |side| side.without)),
        Column::new("before_not_measurable", "count", |row| row.count(0, |side| side.unknown)),
        Column::new("after_not_measurable", "count", |row| row.count(1, |side| side.unknown)),
        Column::new("title", "", |row| Cell::text(words::measure(row.language, row.change.measure))),
    ]
}

/// The comparison as one JSON object; it ends the set of files, and its `schema` says whose they are.
pub fn json(comparison: &Comparison<'_>, language: Language) -> String {
    let matching = &comparison.matching;
    let rows = rows(comparison, language);
    let columns = columns();
    let measures: Vec<Row> = rows.iter().map(|row| Row { columns: &columns, row }).collect();
    let cautions: Vec<String> = comparison.cautions.iter().map(|&c| words::caution(language, c)).collect();
    let object = serde_json::json!({
        "schema": SCHEMA,
        "sentence": words::sentence(language, &comparison.whole),
        "verdict": comparison.whole.whole_wait().verdict.name(),
        "calls_needed": comparison.whole.calls_needed(),
        "matching": {
            "by": matching.grain.name(),
            "by_line": matching.by_line,
            "strata": matching.strata,
            "calls": matching.calls,
            "left_out": matching.left_out,
            "evened_out": matching.evened_out,
            "untimed": matching.untimed,
        },
        "cautions": cautions,
        "typical_calls": comparison.whole.typical().map(|pair| pair.map(|call| call.file.as_str())),
        "measures": measures,
    });
    serde_json::to_string_pretty(&object).expect("names and numbers are always JSON") + "\n"
}

/// A row by its columns' names.
struct Row<'a, 'b> {
    columns: &'a [Column<ChangeRow<'b>>],
    row: &'a ChangeRow<'b>,
}

impl Serialize for Row<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for column in self.columns {
            map.serialize_entry(column.name, &column.cell(self.row))?;
        }
        map.end()
    }
}
