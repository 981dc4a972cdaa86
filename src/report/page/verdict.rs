//! The verdict on each norm, over all lines and line by line.

use super::{
    Listen,
    number::{Bases, Number, Place},
};
use crate::{
    audit::Audit,
    interval::Interval,
    norms::{Held, Kept, Norm, Ruling, Verdict, What},
    report::{
        norms::verdicts,
        words::{self, Language, page as page_words},
    },
};

/// A norm over all lines.
pub(super) struct VerdictRow {
    pub title: String,
    pub note: String,
    pub ruling: Sign,
    pub measured: Number,
    pub mind: Vec<Number>,
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
    pub measured: Number,
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
pub(super) fn of(norms: &[Norm], audit: &Audit, bases: &Bases<'_>, language: Language) -> Verdicts {
    let all = verdicts(norms, audit);
    let (whole, by_line): (Vec<&Verdict>, Vec<&Verdict>) = all.iter().partition(|verdict| verdict.line.is_none());
    let mut lines: Vec<&str> = by_line.iter().filter_map(|verdict| verdict.line).collect();
    lines.sort_unstable();
    lines.dedup();
    let of_line = |verdict: &Verdict| {
        let of = language.of(("van", "of"));
        let measured = verdict.share.map(|share| {
            let text = format!("{} {of} {}", words::percent(share.value), counted(verdict));
            bases.number(text, places(verdict, &words::TOLD, bases, language))
        });
        LineVerdict { ruling: Sign::of(verdict.ruling, language), measured: measured.unwrap_or(Number::plain("–")) }
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
        rows: whole.into_iter().map(|verdict| verdict_row(verdict, bases, language)).collect(),
        by_line: if lines.is_empty() { vec![] } else { norms.iter().map(row).collect() },
        lines: lines.into_iter().map(str::to_owned).collect(),
    }
}

/// How many calls tell.
fn counted(verdict: &Verdict<'_>) -> usize {
    verdict.count(Kept::Yes) + verdict.count(Kept::No)
}

/// Its calls of these kinds: what each measured, and whether it kept the norm.
fn places(verdict: &Verdict<'_>, kinds: &[Kept], bases: &Bases<'_>, language: Language) -> Vec<Place> {
    let held = verdict.held.iter().filter(|held| kinds.contains(&held.kept));
    let place = |held: &Held<'_>| {
        let sign = match held.kept {
            Kept::Yes => "✓ ",
            Kept::No => "✗ ",
            Kept::LeftOut | Kept::Unknown => "",
        };
        let mut said = sign.to_owned();
        if let Some(value) = held.value {
            said += &words::norm_value(language, verdict.norm, value);
            if held.kept == Kept::No && verdict.norm.limit().holds(value) {
                said = said + ", " + page_words::in_vain(language);
            }
        }
        Place::new(bases.index(held.call), held.from, said)
    };
    held.map(place).collect()
}

fn verdict_row(verdict: &Verdict<'_>, bases: &Bases<'_>, language: Language) -> VerdictRow {
    let norm = verdict.norm;
    let worst = verdict
        .worst()
        .map(|held| Listen::new(bases.index(held.call), &held.call.file, held.from.map_or(0.0, Interval::start)));
    let (measured, minds) = words::verdict_in_table(language, verdict);
    let resting_on = |text: String, kinds| bases.number(text, places(verdict, kinds, bases, language));
    VerdictRow {
        title: super::unbroken(norm.title.of(language)),
        note: norm.note.as_ref().map(|n| n.of(language).to_owned()).unwrap_or_default(),
        ruling: Sign::of(verdict.ruling, language),
        measured: resting_on(measured, &words::TOLD),
        mind: minds.into_iter().map(|remark| resting_on(remark.text, remark.counts)).collect(),
        clock: match norm.what() {
            What::Clock(clock) => words::clock_name(language, clock).to_owned(),
            What::Figure(name) => words::column(language, name).map_or(name, |c| c.definition).to_owned(),
        },
        listen: worst,
    }
}
