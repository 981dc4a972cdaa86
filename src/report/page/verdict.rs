//! The verdict on each norm, over all lines and line by line.

use super::Listen;
use crate::{
    audit::Audit,
    interval::Interval,
    norms::{Kept, Norm, Ruling, Verdict, What},
    report::{
        norms::verdicts,
        words::{self, Language},
    },
};

/// A norm over all lines.
pub(super) struct VerdictRow {
    pub title: String,
    pub note: String,
    pub ruling: Sign,
    pub measured: String,
    pub mind: String,
    pub clock: String,
    pub listen: Option<Listen>,
}

/// A norm line by line.
pub(super) struct LineVerdicts {
    pub title: String,
    pub lines: Vec<Option<LineVerdict>>,
}

/// What became of a norm on one line.
pub(super) struct LineVerdict {
    pub ruling: Sign,
    pub measured: String,
}

/// A ruling as it is shown.
pub(super) struct Sign {
    pub class: &'static str,
    pub sign: &'static str,
    pub words: &'static str,
}

impl Sign {
    pub fn of(ruling: Ruling, language: Language) -> Self {
        let (class, sign) = match ruling {
            Ruling::Met => ("met", "✓"),
            Ruling::NotMet => ("not_met", "✗"),
            Ruling::Unknown => ("unknown", "?"),
        };
        Self { class, sign, words: words::ruling(language, ruling) }
    }
}

/// All verdicts.
pub(super) struct Verdicts {
    pub rows: Vec<VerdictRow>,
    /// The lines, where there are several.
    pub lines: Vec<String>,
    pub by_line: Vec<LineVerdicts>,
    pub met: usize,
}

/// The verdicts on `norms`.
pub(super) fn of(norms: &[Norm], audit: &Audit, language: Language) -> Verdicts {
    let all = verdicts(norms, audit);
    let (whole, by_line): (Vec<&Verdict>, Vec<&Verdict>) = all.iter().partition(|verdict| verdict.line.is_none());
    let mut lines: Vec<&str> = by_line.iter().filter_map(|verdict| verdict.line).collect();
    lines.sort_unstable();
    lines.dedup();
    let of_line = |verdict: &Verdict| {
        let of = language.of(("van", "of"));
        let measured = verdict.share.map(|share| format!("{} {of} {}", words::percent(share.value), counted(verdict)));
        LineVerdict { ruling: Sign::of(verdict.ruling, language), measured: measured.unwrap_or("–".into()) }
    };
    let row = |norm: &Norm| LineVerdicts {
        title: super::unbroken(norm.title.of(language)),
        lines: lines
            .iter()
            .map(|line| by_line.iter().find(|v| v.line == Some(line) && std::ptr::eq(v.norm, norm)).map(|v| of_line(v)))
            .collect(),
    };
    Verdicts {
        met: whole.iter().filter(|verdict| verdict.ruling == Ruling::Met).count(),
        rows: whole.into_iter().map(|verdict| verdict_row(verdict, audit, language)).collect(),
        by_line: if lines.is_empty() { vec![] } else { norms.iter().map(row).collect() },
        lines: lines.into_iter().map(str::to_owned).collect(),
    }
}

/// How many calls tell.
fn counted(verdict: &Verdict<'_>) -> usize {
    verdict.count(Kept::Yes) + verdict.count(Kept::No)
}

fn verdict_row(verdict: &Verdict<'_>, audit: &Audit, language: Language) -> VerdictRow {
    let norm = verdict.norm;
    let worst = verdict.worst().and_then(|held| {
        let call = audit.calls.iter().position(|call| std::ptr::eq(call, held.call))?;
        Some(Listen::new(call, &held.call.file, held.from.map_or(0.0, Interval::start)))
    });
    let (measured, mind) = words::verdict_in_table(language, verdict);
    VerdictRow {
        title: super::unbroken(norm.title.of(language)),
        note: norm.note.as_ref().map(|n| n.of(language).to_owned()).unwrap_or_default(),
        ruling: Sign::of(verdict.ruling, language),
        measured,
        mind,
        clock: match norm.what() {
            What::Clock(clock) => words::clock_name(language, clock).to_owned(),
            What::Figure(name) => words::column(language, name).map_or(name, |c| c.definition).to_owned(),
        },
        listen: worst,
    }
}
