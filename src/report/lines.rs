//! What calling a line is like: the table `lines.csv`, one row a line and figure, over all its calls.

use std::collections::BTreeMap;

use super::{
    table::{Cell, Column},
    words::Language,
};
use crate::{
    audit::Audit,
    figure::{Unit, Value},
    statistics::ranks::quantile,
};

/// A row of `lines.csv`: one figure over all calls of a line.
pub struct LineRow<'a> {
    line: &'a str,
    figure: &'static str,
    unit: Unit,
    calls: u32,
    /// The values that were measured, each with its call's file, in the order of the calls.
    values: Vec<(&'a str, f64)>,
    language: Language,
}

/// The rows of `lines.csv`: line by line, in the order of the figures; figures that are words have none.
pub fn rows(audit: &Audit, language: Language) -> Vec<LineRow<'_>> {
    let mut lines: BTreeMap<&str, Vec<LineRow<'_>>> = BTreeMap::new();
    for call in &audit.calls {
        let Ok(finding) = &call.finding else { continue };
        let figures = finding.metrics.figures().into_iter().filter(|f| f.unit != Unit::Text);
        let own = lines.entry(&call.line).or_default();
        for figure in figures {
            let at = own.iter().position(|row| row.figure == figure.name).unwrap_or_else(|| {
                let (figure, unit, line) = (figure.name, figure.unit, call.line.as_str());
                own.push(LineRow { line, figure, unit, calls: 0, values: Vec::new(), language });
                own.len() - 1
            });
            own[at].calls += 1;
            own[at].values.extend(figure.measured.value.as_ref().and_then(number).map(|value| (&*call.file, value)));
        }
    }
    lines.into_values().flatten().collect()
}

/// A value as a number, if it is one.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Count(count) => Some((*count).into()),
        Value::Seconds(value) | Value::Number(value) => Some(*value),
        Value::Text(_) => None,
    }
}

impl LineRow<'_> {
    fn cell(&self, value: Option<f64>) -> Cell {
        match (value, self.unit) {
            (None, _) => Cell::Empty,
            (Some(value), Unit::Seconds) => Cell::Seconds(value),
            (Some(value), _) => Cell::Number(value),
        }
    }

    fn quantile(&self, share: f64) -> Cell {
        let values: Vec<f64> = self.values.iter().map(|v| v.1).collect();
        self.cell(quantile(&values, share))
    }

    /// The first of the calls with the largest value.
    fn largest(&self) -> Option<(&str, f64)> {
        self.values.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// Why cells are empty, or what they leave out.
    fn reason(&self) -> String {
        let missing = self.calls - self.values.len() as u32;
        match (missing, self.values.len()) {
            (0, _) => String::new(),
            (_, 0) => self.language.of(("in geen gesprek te meten", "measurable in no call")).to_owned(),
            (missing, _) => {
                let text = self.language.of(("niet te meten in", "not measurable in"));
                format!("{text} {missing} / {}", self.calls)
            }
        }
    }
}

/// The columns of `lines.csv`.
pub fn columns<'a>() -> Vec<Column<LineRow<'a>>> {
    vec![
        Column::new("line", "", |row: &LineRow| Cell::text(row.line)),
        Column::new("figure", "", |row| Cell::text(row.figure)),
        Column::new("unit", "", |row| Cell::text(row.unit.name())),
        Column::new("line_calls", "count", |row| Cell::Count(row.calls)),
        Column::new("measured", "count", |row| Cell::Count(row.values.len() as u32)),
        Column::new("middle", "", |row| row.quantile(0.5)),
        Column::new("percentile_90", "", |row| row.quantile(0.9)),
        Column::new("largest", "", |row| row.cell(row.largest().map(|l| l.1))),
        Column::new("largest_file", "", |row| row.largest().map_or(Cell::Empty, |l| Cell::text(l.0))),
        Column::new("reason", "", |row| Cell::text(row.reason())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{
        csv::{self, Dialect},
        table::tests as made,
    };

    #[test]
    fn a_line_has_a_row_for_each_number_and_says_where_it_is_largest() {
        let (mut longer, mut refused) = (made::call("shop/2.wav"), made::refused("shop/3.wav"));
        for call in [&mut longer, &mut refused] {
            call.line = "shop".into();
        }
        let mut first = made::call("shop/1.wav");
        first.line = "shop".into();
        let metrics = |call: &mut crate::audit::AuditedCall, s: f64| {
            call.finding.as_mut().unwrap().metrics.time_to_human_s.value = Some(s);
        };
        metrics(&mut first, 40.0);
        metrics(&mut longer, 60.0);
        let audit = Audit { client: None, calls: vec![first, longer, refused] };
        let mut out = vec![];
        csv::write(Dialect::Plain, &columns(), rows(&audit, Language::En), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let row = text.lines().find(|l| l.starts_with("shop,time_to_human_s,")).unwrap();
        assert_eq!(row, "shop,time_to_human_s,s,2,2,50.000,58.000,60.000,shop/2.wav,");
        assert!(!text.contains(",outcome,"), "words have no median");
    }
}
