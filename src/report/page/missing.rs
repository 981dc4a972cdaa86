//! What could not be measured, and why.

use std::collections::BTreeMap;

use super::number::{Bases, Number, Place};
use crate::{
    audit::Audit,
    metrics::CallMetrics,
    report::words::{self, Language},
};

/// Figures that are missing for one reason in the same calls.
pub(super) struct Missing {
    pub why: String,
    pub n: Number,
    pub figures: String,
}

/// Figures that the same calls lack, and where these calls tell so.
struct Together {
    places: Vec<Place>,
    names: Vec<&'static str>,
}

/// Why figures could not be measured, in how many calls, and which figures; the most frequent first.
pub(super) fn missing(audit: &Audit, bases: &Bases<'_>, language: Language) -> Vec<Missing> {
    let mut counted: BTreeMap<(String, &'static str), Vec<Place>> = BTreeMap::new();
    for (index, call) in audit.calls.iter().enumerate() {
        let Ok(finding) = &call.finding else { continue };
        for figure in finding.metrics.figures().into_iter().filter(|figure| figure.measured.value.is_none()) {
            let why = words::bare_reason(language, &figure.measured.reason);
            counted.entry((why, figure.name)).or_default().push(Place::new(index, figure.measured.from, ""));
        }
    }
    // figures that are missing for one reason in the same calls are said together
    let mut together: BTreeMap<(String, Vec<usize>), Together> = BTreeMap::new();
    let order: Vec<&str> = CallMetrics::names();
    for ((why, name), places) in counted {
        let calls = places.iter().map(|place| place.0).collect();
        together.entry((why, calls)).or_insert(Together { places, names: vec![] }).names.push(name);
    }
    let title = |name: &&str| words::column(language, name).map_or((*name).to_owned(), |c| c.title.to_owned());
    let mut rows: Vec<(usize, Missing)> = together
        .into_iter()
        .map(|((why, calls), Together { places, mut names })| {
            names.sort_by_key(|name| order.iter().position(|known| known == name));
            let (n, figures) = (calls.len(), names.iter().map(title).collect::<Vec<_>>().join(", "));
            (n, Missing { why, n: bases.number(n.to_string(), places), figures })
        })
        .collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.why.cmp(&b.1.why)));
    let all = language.of(("het hele gesprek", "the whole call"));
    let mut unread: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for (index, call) in audit.calls.iter().enumerate() {
        if let Err(refusal) = &call.finding {
            unread.entry(&refusal.message).or_default().push(Place::new(index, None, ""));
        }
    }
    let unread = unread.into_iter().map(|(why, places)| Missing {
        why: why.to_owned(),
        n: bases.number(places.len().to_string(), places),
        figures: all.to_owned(),
    });
    unread.chain(rows.into_iter().map(|(_, row)| row)).collect()
}
