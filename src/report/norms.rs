//! Verdicts on norms: the table `norms.csv`, and the lines of the terminal.

use std::fmt::Write as _;

use super::{
    table::{Cell, Column},
    words::{self, Language},
};
use crate::{
    audit::Audit,
    norms::{Held, Kept, Limit, Norm, Ruling, Verdict, What, judge},
};

/// A row of `norms.csv`.
pub struct NormRow<'a> {
    verdict: Verdict<'a>,
    language: Language,
}

/// Each norm for all lines together and, where there are several, for each of them.
pub fn verdicts<'a>(norms: &'a [Norm], audit: &'a Audit) -> Vec<Verdict<'a>> {
    let mut lines: Vec<&str> = audit.calls.iter().map(|call| call.line.as_str()).collect();
    lines.sort_unstable();
    lines.dedup();
    let lines = if lines.len() > 1 { lines } else { vec![] };
    let each = |norm| {
        let whole = judge(norm, audit, None);
        let lines = lines.iter().map(move |line| judge(norm, audit, Some(line)));
        std::iter::once(whole).chain(lines.filter(|verdict| !verdict.held.is_empty()))
    };
    norms.iter().flat_map(each).collect()
}

/// The rows of `norms.csv`.
pub fn rows<'a>(norms: &'a [Norm], audit: &'a Audit, language: Language) -> Vec<NormRow<'a>> {
    verdicts(norms, audit).into_iter().map(|verdict| NormRow { verdict, language }).collect()
}

impl NormRow<'_> {
    fn count(&self, kept: Kept) -> Cell {
        Cell::Count(self.verdict.count(kept) as u32)
    }

    fn share(&self, which: fn(&crate::statistics::Estimate) -> f64) -> Cell {
        self.verdict.share.as_ref().map_or(Cell::Empty, |share| Cell::Confidence(which(share) as f32))
    }

    fn worst(&self, cell: impl Fn(&Held<'_>) -> Cell) -> Cell {
        self.verdict.worst().map_or(Cell::Empty, cell)
    }
}

/// The columns of `norms.csv`.
pub fn columns<'a>() -> Vec<Column<NormRow<'a>>> {
    vec![
        Column::new("norm", "", |row: &NormRow| Cell::text(&row.verdict.norm.id)),
        Column::new("title", "", |row| Cell::text(row.verdict.norm.title.of(row.language))),
        Column::new("line", "", |row| Cell::text(row.verdict.line.unwrap_or_default())),
        Column::new("verdict", "", |row| Cell::text(row.verdict.ruling.name())),
        Column::new("sure", "", |row| Cell::text(if row.verdict.sure { "yes" } else { "no" })),
        Column::new("measures", "", |row| match row.verdict.norm.what() {
            What::Clock(clock) => Cell::text(clock.name()),
            What::Figure(figure) => Cell::text(figure),
        }),
        Column::new("at_most", "", |row| match row.verdict.norm.limit() {
            Limit::AtMost(bound) => Cell::Seconds(bound),
            Limit::AtLeast(_) => Cell::Empty,
        }),
        Column::new("at_least", "", |row| match row.verdict.norm.limit() {
            Limit::AtLeast(bound) => Cell::Seconds(bound),
            Limit::AtMost(_) => Cell::Empty,
        }),
        Column::new("share_asked", "0 to 1", |row| Cell::Confidence(row.verdict.norm.share as f32)),
        Column::new("share", "0 to 1", |row| row.share(|share| share.value)),
        Column::new("share_low", "0 to 1", |row| row.share(|share| share.low)),
        Column::new("share_high", "0 to 1", |row| row.share(|share| share.high)),
        Column::new("kept", "count", |row| row.count(Kept::Yes)),
        Column::new("broken", "count", |row| row.count(Kept::No)),
        Column::new("left_out", "count", |row| row.count(Kept::LeftOut)),
        Column::new("not_measurable", "count", |row| row.count(Kept::Unknown)),
        Column::new("worst_file", "", |row| row.worst(|held| Cell::text(&held.call.file))),
        Column::new("worst", "", |row| row.worst(|held| held.value.map_or(Cell::Empty, Cell::Seconds))),
        Column::new("from_s", "s", |row| row.worst(|held| held.from.map_or(Cell::Empty, |i| Cell::Seconds(i.start())))),
        Column::new("to_s", "s", |row| row.worst(|held| held.from.map_or(Cell::Empty, |i| Cell::Seconds(i.end())))),
        Column::new("source", "", |row| Cell::text(row.verdict.norm.source.of(row.language))),
    ]
}

/// What the terminal says of the norms, all lines together.
pub fn summary(norms: &[Norm], audit: &Audit, language: Language) -> String {
    let mut text = String::new();
    if norms.is_empty() {
        return text;
    }
    let _ = writeln!(text, "\n{}", language.of(("Normen", "Norms")));
    for norm in norms {
        let verdict = judge(norm, audit, None);
        let _ = writeln!(text, "  {:<13} {}", words::ruling(language, verdict.ruling), norm.title.of(language));
        let _ = writeln!(text, "  {:<13} {}", "", words::verdict(language, &verdict));
        if let Some(worst) = verdict.worst() {
            let place = worst.from.map_or(String::new(), |i| format!(" ({})", words::clock(i.start())));
            let listen = language.of(("luister naar", "listen to"));
            let _ = writeln!(text, "  {:<13} {listen} {}{place}", "", worst.call.file);
        }
    }
    text
}

/// Whether any of the norms was not met.
pub fn any_missed(norms: &[Norm], audit: &Audit) -> bool {
    norms.iter().any(|norm| judge(norm, audit, None).ruling == Ruling::NotMet)
}
