//! Findings and rules for people.

use std::fmt::Write as _;

use super::{Language, about, place};
use crate::{
    menu::{
        graph::Flow,
        lint::{Finding, Level, RULES},
    },
    report::words::finding,
};

/// So many findings of one rule are written out; the others are counted.
const MOST_OF_A_RULE: usize = 8;

/// What was found in `flow`, the worst first, by rule, each rule with what helps.
pub fn findings(flow: &Flow, found: &[Finding], language: Language) -> String {
    let mut text = String::new();
    let (accepted, open): (Vec<&Finding>, Vec<&Finding>) = found.iter().partition(|found| found.accepted.is_some());
    for level in [Level::Error, Level::Warning, Level::Info] {
        let of_level = || open.iter().filter(|found| found.level == level);
        let count = of_level().count();
        if count == 0 {
            continue;
        }
        let _ = writeln!(text, "\n{} ({count})", heading(language, level));
        for rule in &RULES {
            let of_rule: Vec<_> = of_level().filter(|found| found.check == rule.check).collect();
            if of_rule.is_empty() {
                continue;
            }
            let _ = writeln!(text, "  {} [{}]", finding::title(language, rule.check), rule.code);
            for found in of_rule.iter().take(MOST_OF_A_RULE) {
                let at = found.origin.as_ref().map(|origin| place(flow, origin)).filter(|place| !place.is_empty());
                let about = Some(about(language, flow, found)).filter(|about| !about.is_empty());
                let lead: Vec<_> = at.into_iter().chain(about).collect();
                let lead = if lead.is_empty() { String::new() } else { format!("{}: ", lead.join("  ")) };
                let _ = writeln!(text, "    {lead}{}", finding::fact(language, &found.fact));
            }
            if let Some(more) = of_rule.len().checked_sub(MOST_OF_A_RULE).filter(|more| *more > 0) {
                let more = match language {
                    Language::Nl => format!("en nog {more}; met --format json staan ze er alle"),
                    Language::En => format!("and {more} more; --format json lists them all"),
                };
                let _ = writeln!(text, "    {more}");
            }
            let _ = writeln!(text, "    → {}", finding::remedy(language, rule.check));
        }
    }
    if open.is_empty() {
        let _ = writeln!(text, "\n{}", language.of(("Geen opmerkingen over dit menu.", "Nothing found in this menu.")));
    }
    if !accepted.is_empty() {
        let _ = writeln!(text, "\n{} ({})", language.of(("Geaccepteerd", "Accepted")), accepted.len());
        for found in accepted {
            let reason = found.accepted.as_deref().unwrap_or_default();
            let _ = writeln!(text, "  [{}] {}: {reason}", found.check.code(), about(language, flow, found));
        }
    }
    text
}

fn heading(language: Language, level: Level) -> &'static str {
    language.of(match level {
        Level::Error => ("Fout: hier loopt een beller vast", "Errors: callers get stuck here"),
        Level::Warning => {
            ("Let op: hier verliest een beller tijd of de weg", "Warnings: callers lose time or their way")
        }
        Level::Info => ("Ter info", "Notes"),
    })
}

/// Every rule with its code, levels, title, remedy and source.
pub fn rules(language: Language) -> String {
    let mut text = String::new();
    for rule in &RULES {
        let levels: Vec<_> = rule.levels.iter().map(|level| finding::level(language, *level)).collect();
        let _ = writeln!(text, "{} ({})", rule.code, levels.join(", "));
        let _ = writeln!(text, "  {}. {}", finding::title(language, rule.check), finding::remedy(language, rule.check));
        let _ = writeln!(text, "  {}: {}", language.of(("Bron", "Source")), rule.source);
    }
    text
}
