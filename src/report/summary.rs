//! What the terminal says after an audit, for readers who never saw a program: per line what became of the calls, how long
//! it took to reach a person, and which call to listen to first.

use std::{collections::BTreeMap, fmt::Write as _};

use super::words::{self, Language};
use crate::{
    analysis::CallAnalysis,
    audit::{Audit, AuditedCall},
    metrics::{AnsweredBy, Outcome},
    statistics::survival::{KaplanMeier, Observation},
    units::Seconds,
};

/// How many recordings that could not be read are named; the others are in the table.
const NAMED: usize = 5;

/// How wide a heading of a row is, in characters.
const HEADING: usize = 26;

/// The summary of `audit`, its files lying in `folder`.
pub fn render(audit: &Audit, folder: &str, language: Language) -> String {
    let mut text = String::new();
    let say = |nl: String, en: String| language.of((nl, en));
    let unread: Vec<_> = audit.calls.iter().filter_map(|call| Some((call, call.finding.as_ref().err()?))).collect();
    let client = audit.client.as_ref().map(|client| format!("{client}: ")).unwrap_or_default();
    let heard = words::calls(language, audit.calls.len() - unread.len());
    let _ = writeln!(text, "\n{client}{}", say(format!("{heard} beluisterd"), format!("{heard} heard")));

    let mut lines: BTreeMap<&str, Vec<(&AuditedCall, &CallAnalysis)>> = BTreeMap::new();
    for call in &audit.calls {
        if let Ok(finding) = &call.finding {
            lines.entry(&call.line).or_default().push((call, finding));
        }
    }
    for (name, calls) in &lines {
        let calls_count = words::calls(language, calls.len());
        let _ =
            writeln!(text, "\n{}", say(format!("Lijn {name}: {calls_count}"), format!("Line {name}: {calls_count}")));
        for (heading, value) in line(calls, language) {
            let _ = writeln!(text, "  {heading:<HEADING$}{value}");
        }
    }
    if !unread.is_empty() {
        let count = unread.len();
        let heading = match count {
            1 => say("Niet te lezen: 1 opname".into(), "Could not be read: 1 recording".into()),
            _ => say(format!("Niet te lezen: {count} opnamen"), format!("Could not be read: {count} recordings")),
        };
        let _ = writeln!(text, "\n{heading}");
        for (call, refusal) in unread.iter().take(NAMED) {
            let _ = writeln!(text, "  {}: {}", call.file, refusal.message);
        }
        if let Some(more) = count.checked_sub(NAMED).filter(|&more| more > 0) {
            let more = say(
                format!("en nog {more}: zie de kolom reason in calls.csv"),
                format!("and {more} more: see the column reason in calls.csv"),
            );
            let _ = writeln!(text, "  {more}");
        }
    }
    let _ = writeln!(
        text,
        "\n{}",
        say(
            format!("Alle cijfers staan in {folder}: begin met calls.csv (één rij per gesprek)"),
            format!("All figures are in {folder}: start with calls.csv (one row a call)"),
        )
    );
    text
}

/// What is said of a line: rows of heading and value.
fn line(calls: &[(&AuditedCall, &CallAnalysis)], language: Language) -> Vec<(String, String)> {
    let of = |nl: &str, en: &str| language.of((nl, en)).to_owned();
    let mut rows = vec![];
    for outcome in Outcome::ALL {
        let count = calls.iter().filter(|(_, call)| call.metrics.outcome.value == Some(outcome)).count();
        if count > 0 {
            let share = words::percent(count as f64 / calls.len() as f64);
            let title = if rows.is_empty() { of("afloop", "how they ended") } else { String::new() };
            rows.push((title, format!("{count} × {} ({share})", words::outcome(language, outcome))));
        }
    }
    let by = |by| calls.iter().filter(|(_, call)| call.metrics.answered_by.value == Some(by)).count();
    let (person, machine) = (by(AnsweredBy::Human), by(AnsweredBy::Machine));
    if person + machine > 0 {
        rows.push((
            of("eerst opgenomen door", "first picked up by"),
            language.of((
                format!("een medewerker {person} ×, een automaat {machine} ×"),
                format!("a person {person} ×, a machine {machine} ×"),
            )),
        ));
    }
    rows.push((of("wachten op een mens", "waiting for a person"), waiting(calls, language)));
    if let Some(rings) = median(calls.iter().filter_map(|(_, call)| call.metrics.rings.value.map(f64::from))) {
        let rings = words::decimal(language, rings, usize::from(rings.fract() > 0.0));
        let value = language.of((format!("{rings} keer (mediaan)"), format!("{rings} times (median)")));
        rows.push((of("gaat over", "rings"), value));
    }
    if let Some(share) = music_share(calls) {
        let share = words::percent(share);
        let value = language.of((format!("{share} van de wachttijd"), format!("{share} of the waiting")));
        rows.push((of("wachtmuziek", "hold music"), value));
    }
    if let Some((call, wait_s, at_s)) = worst(calls) {
        let (wait, at) = (words::clock(wait_s), words::clock(at_s));
        let value = language.of((
            format!("{}: {wait} wachten, luister vanaf {at}", call.file),
            format!("{}: {wait} of waiting, listen from {at}", call.file),
        ));
        rows.push((of("langste wacht", "longest wait"), value));
    }
    rows
}

/// The wait for a person. Calls that ended without one count for as long as they lasted (Kaplan-Meier), so that giving up
/// does not make a line look fast.
fn waiting(calls: &[(&AuditedCall, &CallAnalysis)], language: Language) -> String {
    let observed = calls.iter().filter_map(|(_, call)| {
        let wait_s = call.metrics.total_wait_s.value.filter(|wait| wait.is_finite())?;
        Some(Observation { wait_s, person: call.metrics.time_to_human_s.value.is_some() })
    });
    let observed: Vec<_> = observed.collect();
    let curve = KaplanMeier::of(&observed);
    let unknown = calls.len() - observed.len();
    let mut text = match (curve.quantile_s(0.5), curve.quantile_s(0.9)) {
        (Some(half), Some(most)) => {
            let (half, most) = (words::clock(half), words::clock(most));
            language.of((
                format!("de helft binnen {half}, 9 van de 10 binnen {most}"),
                format!("half of them within {half}, 9 in 10 within {most}"),
            ))
        }
        (Some(half), None) => {
            let half = words::clock(half);
            language.of((
                format!("de helft binnen {half}; 9 van de 10 wordt niet gehaald"),
                format!("half of them within {half}; 9 in 10 is never reached"),
            ))
        }
        _ if observed.is_empty() => language.of(("niet te meten", "not measurable")).to_owned(),
        _ => language.of(("minder dan de helft krijgt iemand aan de lijn", "fewer than half reach anybody")).to_owned(),
    };
    if unknown > 0 && !observed.is_empty() {
        let unknown = words::calls(language, unknown);
        let _ = write!(
            text,
            "{}",
            language.of((format!(" ({unknown} niet te meten)"), format!(" ({unknown} not measurable)")))
        );
    }
    text
}

/// The share of the waiting that is music, over the calls in which both are known.
fn music_share(calls: &[(&AuditedCall, &CallAnalysis)]) -> Option<f64> {
    let known = calls.iter().filter_map(|(_, call)| {
        Some((call.metrics.hold_music_s.value?, call.metrics.total_wait_s.value.filter(|wait| wait.is_finite())?))
    });
    let (music, wait) = known.fold((0.0, 0.0), |(music, wait), (m, w)| (music + m, wait + w));
    (wait > 0.0 && music > 0.0).then(|| (music / wait).min(1.0))
}

/// The call with the longest wait, how long that was, and from where to listen.
fn worst<'a>(calls: &[(&'a AuditedCall, &CallAnalysis)]) -> Option<(&'a AuditedCall, Seconds, Seconds)> {
    let waits = calls.iter().filter_map(|(call, finding)| {
        let wait = &finding.metrics.total_wait_s;
        Some((*call, wait.value.filter(|wait| wait.is_finite())?, wait.from.map_or(0.0, |from| from.start())))
    });
    // of two alike the first in the table
    waits.reduce(|worst, next| if next.1 > worst.1 { next } else { worst })
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.len().checked_sub(1)? / 2, values.len() / 2);
    Some((values[low] + values[high]) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        metrics::{Measured, Reason},
        report::table::tests as made,
    };

    #[test]
    fn a_manager_understands_it() {
        let mut calls = vec![made::call("shop/1.wav"), made::call("shop/2.wav"), made::call("shop/3.wav")];
        for (call, wait_s) in calls.iter_mut().zip([19.0, 125.0, 40.0]) {
            call.finding.as_mut().unwrap().metrics.total_wait_s.value = Some(wait_s);
        }
        let metrics = &mut calls[2].finding.as_mut().unwrap().metrics;
        metrics.outcome.value = Some(Outcome::Abandoned);
        metrics.time_to_human_s = Measured::absent(0.9, Reason::NoPerson);
        calls.push(made::refused("shop/4.wav"));
        let audit = Audit { client: Some("Voorbeeld".into()), calls };
        assert_eq!(
            render(&audit, "bezet-audit", Language::En),
            concat!(
                "\nVoorbeeld: 3 calls heard\n",
                "\nLine shop: 3 calls\n",
                "  how they ended            2 × spoke to a person (67%)\n",
                "                            1 × ended while still waiting (33%)\n",
                "  first picked up by        a person 0 ×, a machine 3 ×\n",
                "  waiting for a person      half of them within 2:05, 9 in 10 within 2:05\n",
                "  rings                     2 times (median)\n",
                "  hold music                12% of the waiting\n",
                "  longest wait              shop/2.wav: 2:05 of waiting, listen from 0:01\n",
                "\nCould not be read: 1 recording\n",
                "  shop/4.wav: =this is no sound recording\n",
                "\nAll figures are in bezet-audit: start with calls.csv (one row a call)\n",
            )
        );
        let dutch = render(&audit, "bezet-audit", Language::Nl);
        assert!(dutch.contains("Lijn shop: 3 gesprekken") && dutch.contains("de helft binnen 2:05"), "{dutch}");
    }

    #[test]
    fn nothing_to_say_is_no_reason_to_fail() {
        let audit = Audit { client: None, calls: (0..7).map(|i| made::refused(&format!("{i}.wav"))).collect() };
        let text = render(&audit, "out", Language::Nl);
        assert!(text.contains("Niet te lezen: 7 opnamen") && text.contains("en nog 2:"), "{text}");
        assert!(render(&Audit::default(), "out", Language::En).contains("0 calls heard"));
    }
}
