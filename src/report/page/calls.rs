//! The list of calls, and the choices over it.

use super::number::{Bases, Number, Place};
use crate::{
    audit::{Audit, AuditedCall},
    metrics::Measured,
    report::words::{self, Language, page as page_words},
};

/// A choice over a column of the list.
pub(super) struct Filter {
    pub title: &'static str,
    pub column: usize,
    pub options: Vec<String>,
}

/// A call's row.
pub(super) struct CallLine {
    pub file: String,
    pub line: String,
    pub when: String,
    pub reason: String,
    pub outcome: String,
    pub rings: Number,
    pub wait: Number,
}

impl CallLine {
    /// The file's name in parts between which a line may break.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.file.split_inclusive(['/', '_'])
    }
}

/// Choices over the columns of the table of calls: its line, reason and outcome.
pub(super) fn filters(audit: &Audit, bases: &Bases<'_>, language: Language) -> Vec<Filter> {
    let w = page_words::page(language);
    let rows: Vec<CallLine> = audit.calls.iter().map(|call| call_row(call, bases, language)).collect();
    let filter = |title, column, of: fn(&CallLine) -> &String| {
        let mut options: Vec<String> = rows.iter().map(|row| of(row).clone()).filter(|o| !o.is_empty()).collect();
        options.sort_unstable();
        options.dedup();
        Filter { title, column, options }
    };
    let all =
        [filter(w.line, 1, |r| &r.line), filter(w.reason, 3, |r| &r.reason), filter(w.outcome, 4, |r| &r.outcome)];
    all.into_iter().filter(|filter| filter.options.len() > 1).collect()
}

/// The row of a call.
pub(super) fn call_row(call: &AuditedCall, bases: &Bases<'_>, language: Language) -> CallLine {
    let format = language.of(("%d-%m-%Y %H:%M", "%Y-%m-%d %H:%M"));
    let mut row = CallLine {
        file: call.file.clone(),
        line: call.line.clone(),
        when: call.recorded_at.map_or(String::new(), |at| at.format(format).to_string()),
        reason: call.contact_reason.clone().unwrap_or_default(),
        outcome: String::new(),
        rings: Number::default(),
        wait: Number::default(),
    };
    let index = bases.index(call);
    match &call.finding {
        Err(refusal) => row.outcome.clone_from(&refusal.message),
        Ok(call) => {
            let m = &call.metrics;
            row.outcome = m.outcome.value.map_or("–".into(), |outcome| words::outcome(language, outcome).into());
            row.rings = of_call(index, &m.rings, bases, u32::to_string);
            row.wait = of_call(index, &m.total_wait_s, bases, |wait| words::seconds(language, *wait));
        }
    }
    row
}

/// A figure of one call.
fn of_call<T>(index: usize, measured: &Measured<T>, bases: &Bases<'_>, text: impl Fn(&T) -> String) -> Number {
    match &measured.value {
        Some(value) => bases.number(text(value), vec![Place::new(index, measured.from, "")]),
        None => Number::plain("–"),
    }
}
