//! What `bezet history` says.

use super::{Language, calls};
use crate::history::KeptAudit;

/// An audit went in.
pub fn added(language: Language, id: i64, calls: &str) -> String {
    language.of((format!("toegevoegd als nummer {id}, {calls}"), format!("added as number {id}, {calls}")))
}

/// An audit was in already.
pub fn already(language: Language, id: i64) -> String {
    language.of((
        format!("staat er al in, als nummer {id}; er is niets veranderd"),
        format!("is in already, as number {id}; nothing was changed"),
    ))
}

/// What the history now holds; `again` calls are in more than one audit.
pub fn holds(language: Language, file: &str, count: usize, again: usize) -> String {
    let count = calls(language, count);
    let mut text = match language {
        Language::Nl => format!("{file} bevat {count}"),
        Language::En => format!("{file} holds {count}"),
    };
    if again > 0 {
        text += &language.of((
            format!(
                "; {again} keer stond een gesprek in meer dan één audit: dat telt één keer, zoals de laatste het zegt"
            ),
            format!("; {again} times a call was in more than one audit: it counts once, as the last one says it"),
        ));
    }
    text
}

/// The same recording was given under another time.
pub fn other_time(language: Language, count: usize) -> String {
    language.of((
        format!(
            "let op: {count} keer is het dezelfde opname met een ander tijdstip; die tellen als verschillende gesprekken. \
             Was het een verbetering, haal de eerste audit er dan uit met `bezet history remove`"
        ),
        format!(
            "mind: {count} times it is the same recording with another time; these count as different calls. If that was a \
             correction, take the earlier audit out with `bezet history remove`"
        ),
    ))
}

/// A row of the list.
pub fn listed(language: Language, audit: &KeptAudit) -> String {
    let client = audit.client.as_deref().unwrap_or("-");
    let days = match &audit.days {
        Some((first, last)) if first == last => first.clone(),
        Some((first, last)) => format!("{first} {} {last}", language.of(("tot", "to"))),
        None => language.of(("geen tijdstippen bekend", "no times known")).into(),
    };
    let lines = match (language, audit.lines) {
        (Language::Nl, 1) => "1 lijn".into(),
        (Language::Nl, n) => format!("{n} lijnen"),
        (Language::En, 1) => "1 line".into(),
        (Language::En, n) => format!("{n} lines"),
    };
    let added = audit.added_at.format("%Y-%m-%d");
    let added = language.of((format!("toegevoegd {added}"), format!("added {added}")));
    format!("{:>4}  {client}  {days}  {}, {lines}  {added}  {:.12}", audit.id, calls(language, audit.calls), audit.sum)
}

/// An audit was taken out.
pub fn removed(language: Language, id: i64) -> String {
    language.of((format!("audit {id} is eruit gehaald"), format!("audit {id} is taken out")))
}
