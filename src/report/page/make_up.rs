//! What the wait is made of, in numbers: the mean seconds of each part of it, line by line.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    MOST_LINES,
    number::{Bases, Number, Place},
};
use crate::{
    audit::Audit,
    interval::Interval,
    report::{
        chart::{self, palette::PARTS},
        words::{self, Language, Part, page as page_words},
    },
    units::Seconds,
};

/// The parts of the wait.
pub(super) struct MakeUp {
    /// The lines; all together where there are too many to stand side by side.
    pub lines: Vec<String>,
    /// How many calls each line's means are of.
    pub calls: Vec<Number>,
    pub parts: Vec<PartRow>,
    /// All parts together.
    pub total: Vec<Number>,
}

/// A part, line by line.
pub(super) struct PartRow {
    pub name: &'static str,
    pub pattern: String,
    pub seconds: Vec<Number>,
}

/// A call's wait: its place in the audit, and how long each part takes, with the moment where it is first heard.
struct Waited {
    index: usize,
    wait: Interval,
    parts: BTreeMap<Part, (Seconds, Interval)>,
}

impl Waited {
    fn total_s(&self) -> Seconds {
        self.parts.values().map(|(seconds, _)| seconds).sum()
    }
}

/// What the waits of `audit` are made of, as the picture beside it draws it.
pub(super) fn of(audit: &Audit, bases: &Bases<'_>, language: Language) -> MakeUp {
    let mut lines: BTreeMap<&str, Vec<Waited>> = BTreeMap::new();
    let all: BTreeSet<&str> = audit.calls.iter().map(|call| call.line.as_str()).collect();
    for (index, call) in audit.calls.iter().enumerate() {
        let Ok(finding) = &call.finding else { continue };
        if !chart::got_through(finding) {
            continue;
        }
        let (wait, parts) = (chart::Wait::of(finding).interval(), chart::parts_of_wait(finding));
        let line = if all.len() > MOST_LINES { "" } else { call.line.as_str() };
        lines.entry(line).or_default().push(Waited { index, wait, parts });
    }
    let all_lines = page_words::page(language).all_lines;
    let said = |seconds: Seconds| words::seconds(language, seconds);
    let mean = |calls: &[Waited], one: &dyn Fn(&Waited) -> Option<(Seconds, Interval)>| {
        let told: Vec<(usize, Seconds, Interval)> =
            calls.iter().filter_map(|w| one(w).map(|(seconds, from)| (w.index, seconds, from))).collect();
        let sum: Seconds = told.iter().map(|(_, seconds, _)| seconds).sum();
        let places = told.into_iter().map(|(index, seconds, from)| Place::new(index, Some(from), said(seconds)));
        match sum {
            0.0 => Number::plain("–"),
            _ => bases.number(said(sum / calls.len() as f64), places.collect()),
        }
    };
    let total = |w: &Waited| Some((w.total_s(), w.wait));
    let heard = |part: &Part| lines.values().flatten().any(|w| w.parts.contains_key(part));
    MakeUp {
        calls: lines
            .values()
            .map(|calls| {
                let places = calls.iter().map(|w| Place::new(w.index, Some(w.wait), said(w.total_s())));
                bases.number(calls.len().to_string(), places.collect())
            })
            .collect(),
        parts: PARTS
            .into_iter()
            .filter(heard)
            .map(|part| PartRow {
                name: words::part(language, part),
                pattern: chart::palette::pattern_id(chart::palette::look(part)),
                seconds: lines.values().map(|calls| mean(calls, &|w| w.parts.get(&part).copied())).collect(),
            })
            .collect(),
        total: lines.values().map(|calls| mean(calls, &total)).collect(),
        lines: lines.into_keys().map(|line| if line.is_empty() { all_lines } else { line }.to_owned()).collect(),
    }
}
