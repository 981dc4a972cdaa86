//! The scorecard as a table: `scorecard.csv`, one row a point, for all lines together and for each of them.

use super::{
    table::{Cell, Column},
    words::{Language, scorecard as words},
};
use crate::{
    audit::Audit,
    norms::{Norm, Ruling},
    scorecard::{Measure, Score, Told, scores},
};

/// A row of `scorecard.csv`.
pub struct ScoreRow<'a> {
    score: Score<'a>,
    language: Language,
}

/// The rows of `scorecard.csv`.
pub fn rows<'a>(norms: &'a [Norm], audit: &'a Audit, language: Language) -> Vec<ScoreRow<'a>> {
    scores(audit, norms).into_iter().map(|score| ScoreRow { score, language }).collect()
}

/// What the norms that judge a point come to together: missed where one is missed, met where all are met.
pub fn ruling(score: &Score<'_>) -> Option<Ruling> {
    let rulings = || score.verdicts.iter().map(|verdict| verdict.ruling);
    let all = rulings().count();
    match (rulings().filter(|r| *r == Ruling::NotMet).count(), rulings().filter(|r| *r == Ruling::Met).count()) {
        _ if all == 0 => None,
        (1.., _) => Some(Ruling::NotMet),
        (_, met) if met == all => Some(Ruling::Met),
        _ => Some(Ruling::Unknown),
    }
}

impl ScoreRow<'_> {
    fn number(&self, value: f64) -> Cell {
        match self.score.point.measure() {
            Measure::Seconds | Measure::Wait => Cell::Seconds(value),
            _ => Cell::Number(value),
        }
    }

    fn worst(&self, cell: impl Fn(&Told<'_>) -> Cell) -> Cell {
        self.score.worst.as_ref().map_or(Cell::Empty, cell)
    }
}

/// The columns of `scorecard.csv`.
pub fn columns<'a>() -> Vec<Column<ScoreRow<'a>>> {
    vec![
        Column::new("point", "", |row: &ScoreRow| Cell::text(row.score.point.name())),
        Column::new("point_title", "", |row| Cell::text(words::title(row.language, row.score.point))),
        Column::new("line", "", |row| Cell::text(row.score.line.unwrap_or_default())),
        Column::new("unit", "", |row| Cell::text(row.score.point.measure().unit())),
        Column::new("median", "", |row| row.score.median.map_or(Cell::Empty, |m| row.number(m))),
        Column::new("worst_value", "", |row| row.worst(|worst| row.number(worst.value))),
        Column::new("told_by", "count", |row| Cell::Count(row.score.n as u32)),
        Column::new("happened_in", "count", |row| match row.score.n {
            0 => Cell::Empty,
            _ => Cell::Count(row.score.happened as u32),
        }),
        Column::new("not_measurable", "count", |row| Cell::Count(row.score.unknown.len() as u32)),
        Column::new("verdict", "", |row| ruling(&row.score).map_or(Cell::Empty, |ruling| Cell::text(ruling.name()))),
        Column::new("norms", "", |row| {
            let ids: Vec<&str> = row.score.verdicts.iter().map(|v| v.norm.id.as_str()).collect();
            Cell::text(ids.join(" "))
        }),
        Column::new("worst_file", "", |row| row.worst(|worst| Cell::text(&worst.call.file))),
        Column::new("from_s", "s", |row| row.worst(|w| w.from.map_or(Cell::Empty, |i| Cell::Seconds(i.start())))),
        Column::new("to_s", "s", |row| row.worst(|w| w.from.map_or(Cell::Empty, |i| Cell::Seconds(i.end())))),
        Column::new("prompt", "", |row| row.worst(|w| w.message.as_ref().map_or(Cell::Empty, Cell::text))),
        Column::new("sentence", "", |row| Cell::text(words::sentence(row.language, &row.score))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{norms::profiles, report::table::tests as made};

    #[test]
    fn what_is_not_measured_is_empty_and_says_why() {
        let audit = Audit { client: None, calls: vec![made::call("a.wav"), made::refused("b.wav")] };
        let rows = rows(profiles(), &audit, Language::En);
        fn cell<'a>(row: &ScoreRow<'a>, name: &str) -> Cell {
            columns::<'a>().iter().find(|c| c.name == name).unwrap().cell(row)
        }
        let row = |point: &str| rows.iter().find(|row| cell(row, "point") == Cell::text(point)).unwrap();
        assert_eq!(cell(row("rings"), "median"), Cell::Number(2.0));
        assert_eq!(
            (cell(row("rings"), "told_by"), cell(row("rings"), "not_measurable")),
            (Cell::Count(1), Cell::Count(1))
        );
        assert_eq!(
            cell(row("rings"), "verdict"),
            Cell::text("unknown"),
            "one call of two kept it, the other does not tell"
        );
        let place = row("place");
        assert_eq!(
            (cell(place, "median"), cell(place, "worst_value"), cell(place, "happened_in")),
            (Cell::Empty, Cell::Empty, Cell::Empty)
        );
        let Cell::Text(why) = cell(place, "sentence") else { panic!("no sentence") };
        assert!(why.starts_with("Not measurable: "), "{why}");
        assert_eq!(cell(place, "verdict"), Cell::Empty, "no norm is about it");
    }
}
