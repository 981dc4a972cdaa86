//! Sentences of the pictures: headings, what stands under them, flags and marks.

use super::{Language, Part, Word, answered_by, calls, clock, clock_tenths, label, part, percent, reason, word};
use crate::{
    label::Label,
    metrics::{AnsweredBy, CallMetrics, Outcome, Reason},
    units::Seconds,
};

/// What a single call comes to, as the heading of its picture.
pub fn headline(language: Language, metrics: &CallMetrics) -> String {
    let total = metrics.total_wait_s.value.map(clock);
    let fixed = |pair: (&str, &str)| language.of(pair).to_owned();
    match (metrics.outcome.value, total) {
        (Some(Outcome::Human), Some(total)) => match language {
            Language::Nl => format!("De beller wacht {total} op een medewerker"),
            Language::En => format!("The caller waits {total} for a person"),
        },
        (Some(Outcome::Human), None) => fixed(("De beller spreekt een medewerker", "The caller speaks to a person")),
        (Some(Outcome::Abandoned), Some(total)) => match language {
            Language::Nl => format!("Na {total} nog steeds geen medewerker"),
            Language::En => format!("Still nobody after {total}"),
        },
        (Some(Outcome::Abandoned), None) => fixed(("De beller krijgt geen medewerker", "The caller reaches nobody")),
        (Some(Outcome::Voicemail), _) => fixed(("De beller krijgt de voicemail", "The caller gets voicemail")),
        (Some(Outcome::Closed), _) => {
            fixed(("Een automaat neemt op en beëindigt het gesprek", "A machine picks up and ends the call"))
        }
        (Some(Outcome::NoAnswer), _) => match metrics.rings.value {
            Some(rings) if rings > 0 => match language {
                Language::Nl => format!("{rings} keer overgegaan en niemand neemt op"),
                Language::En => format!("It rings {rings} times and nobody answers"),
            },
            _ => fixed(("Niemand neemt op", "Nobody answers")),
        },
        (Some(Outcome::Busy), _) => fixed(("De lijn is in gesprek", "The line is busy")),
        (Some(Outcome::Congestion), _) => fixed(("Het net is overbelast", "The network is busy")),
        (Some(Outcome::Unobtainable), _) => fixed(("Het nummer is niet bereikbaar", "The number is unobtainable")),
        (Some(Outcome::NotMeasurable) | None, _) => {
            fixed(("Wat er in deze opname te horen is", "What this recording lets hear"))
        }
    }
}

/// The figures of a call in one line under the heading; only those that there are.
pub fn facts(language: Language, metrics: &CallMetrics) -> String {
    let mut facts: Vec<String> = vec![];
    let mut add = |fact: Option<String>| facts.extend(fact);
    if matches!(metrics.outcome.value, None | Some(Outcome::NotMeasurable)) {
        add(Some(&metrics.outcome.reason).filter(|why| **why != Reason::Heard).map(|why| reason(language, why)));
    }
    let counted = |count: u32, one: (&str, &str), more: (&str, &str)| match count {
        0 => None,
        1 => Some(format!("1 {}", language.of(one))),
        _ => Some(format!("{count} {}", language.of(more))),
    };
    add(metrics.rings.value.and_then(|n| counted(n, ("keer overgegaan", "ring"), ("keer overgegaan", "rings"))));
    add(metrics
        .announcements
        .value
        .and_then(|n| counted(n, ("mededeling", "announcement"), ("mededelingen", "announcements"))));
    add(metrics
        .hold_music_s
        .value
        .filter(|s| *s >= 0.5)
        .map(|s| format!("{} {}", clock(s), language.of(("wachtmuziek", "of hold music")))));
    add(metrics
        .dead_air_s
        .value
        .filter(|s| *s >= 0.5)
        .map(|s| format!("{} {}", clock(s), language.of(("stil wachten", "of dead air")))));
    let line = facts.join("  ·  ");
    let mut chars = line.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The heading of a line's messages over its calls: what comes most, and in how many of them.
pub fn messages_title(language: Language, line: &str, most: &str, times: u32, of: usize) -> String {
    let calls = calls(language, of);
    match language {
        Language::Nl => format!("{line}: mededeling {most} klinkt {times} keer in {calls}"),
        Language::En => format!("{line}: message {most} is played {times} times in {calls}"),
    }
}

/// What is drawn under that heading; `drawn` of `all` calls.
pub fn messages_below(language: Language, drawn: usize, all: usize) -> String {
    let mut text = language
        .of((
            "Elk blok is een mededeling die als opname is herkend; hetzelfde merk is dezelfde opname. Rechts hoeveel het er zijn, \
             en hoeveel daarvan de beller in dat gesprek al had gehoord.",
            "Each block is a message that was recognised as a recording; the same mark is the same recording. On the right how \
             many there are, and how many of them the caller had already heard in that call.",
        ))
        .to_owned();
    if drawn < all {
        text += &language.of((
            format!(" Getekend zijn de {drawn} van {all} gesprekken met de meeste herhalingen."),
            format!(" Drawn are the {drawn} of {all} calls with the most repeats."),
        ));
    }
    text
}

/// At the end of a call's row: how many messages, how many of them again.
pub fn messages_row(language: Language, plays: u32, again: u32) -> String {
    match (language, again) {
        (_, 0) => plays.to_string(),
        (Language::Nl, _) => format!("{plays}, {again} opnieuw"),
        (Language::En, _) => format!("{plays}, {again} again"),
    }
}

/// A message in the legend, with how often it was played and, for a line, in how many calls; without a name: all others.
pub fn message_named(language: Language, name: Option<&str>, plays: u32, in_calls: Option<u32>) -> String {
    let name = name.unwrap_or(language.of(("andere", "others")));
    match in_calls {
        Some(of) => {
            let calls = calls(language, of as usize);
            format!("{name}: {plays}× {} {calls}", language.of(("in", "in")))
        }
        None => format!("{name}: {plays}×"),
    }
}

/// Over the line that spans the wait.
pub fn wait_span(language: Language, total_s: Seconds, person: bool) -> String {
    let more = if person { "" } else { "> " };
    format!("{more}{} {}", clock(total_s), language.of(("wachten", "waiting")))
}

/// The flag at the pick-up.
pub fn answered_flag(language: Language, moment: Seconds, by: Option<AnsweredBy>) -> String {
    let at = clock_tenths(language, moment);
    match (language, by) {
        (Language::Nl, Some(by)) => format!("opgenomen {at} door {}", answered_by(language, by)),
        (Language::Nl, None) => format!("opgenomen {at}"),
        (Language::En, Some(by)) => format!("picked up {at} by {}", answered_by(language, by)),
        (Language::En, None) => format!("picked up {at}"),
    }
}

/// The flag at the first word of a person; `sure` where nothing is to be doubted.
pub fn person_flag(language: Language, moment: Seconds, sure: bool) -> String {
    let at = clock_tenths(language, moment);
    let doubt = if sure { "" } else { language.of((" (onzeker)", " (uncertain)")) };
    format!("{} {at}{doubt}", label(language, Label::Human))
}

/// The wait at the end of a row: with a person, without one and still waiting, or how the call ended instead.
pub fn row_wait(language: Language, metrics: &CallMetrics, person: bool, total_s: Option<Seconds>) -> String {
    match (person, total_s, metrics.outcome.value) {
        (true, Some(total), _) => clock(total),
        (true, None, _) => language.of(("begin ontbreekt", "start missing")).into(),
        (false, Some(total), Some(Outcome::Abandoned)) => {
            format!("> {}", clock(total))
        }
        (false, _, Some(outcome)) => short_outcome(language, outcome).into(),
        (false, _, None) => short_outcome(language, Outcome::NotMeasurable).into(),
    }
}

/// How a call ended in a word or two.
fn short_outcome(language: Language, outcome: Outcome) -> &'static str {
    language.of(match outcome {
        Outcome::Human => ("medewerker", "person"),
        Outcome::Voicemail => ("voicemail", "voicemail"),
        Outcome::Closed => ("afgesloten", "ended by line"),
        Outcome::Abandoned => ("afgebroken", "gave up"),
        Outcome::NoAnswer => ("niet opgenomen", "no answer"),
        Outcome::Busy => ("in gesprek", "busy"),
        Outcome::Congestion => ("overbelast", "network busy"),
        Outcome::Unobtainable => ("onbereikbaar", "unobtainable"),
        Outcome::NotMeasurable => ("niet te meten", "not measurable"),
    })
}

/// Heading of the stacked ribbons.
pub fn stacked_title(language: Language, count: usize) -> String {
    match (language, count) {
        (Language::Nl, 0) => "Geen enkele opname is te lezen".into(),
        (Language::Nl, 1) => "Wat deze beller hoorde".into(),
        (Language::En, 0) => "Not one recording could be read".into(),
        (Language::Nl, n) => format!("Wat {n} bellers hoorden: de langste wachttijd bovenaan"),
        (Language::En, 1) => "What this caller heard".into(),
        (Language::En, n) => format!("What {n} callers heard: the longest wait on top"),
    }
}

/// Which of several pages this is, and which rows it holds, counted from 1.
pub fn page_of(language: Language, page: usize, pages: usize, first: usize, last: usize, of: usize) -> String {
    match language {
        Language::Nl => {
            format!("Blad {page} van {pages}: gesprek {first} tot en met {last} van {of}, geordend op wachttijd.")
        }
        Language::En => format!("Page {page} of {pages}: calls {first} to {last} of {of}, in order of their wait."),
    }
}

/// Said on a page whose rows are too thin for names; where `some`, not all of the names follow.
pub fn overview(language: Language, count: usize, some: bool) -> String {
    match (language, some) {
        (Language::Nl, false) => {
            format!("Overzicht van alle {count} gesprekken, elk een dunne regel. De namen staan op de volgende bladen.")
        }
        (Language::Nl, true) => format!(
            "Overzicht van alle {count} gesprekken, elk een dunne regel. De langste staan met naam op de volgende bladen."
        ),
        (Language::En, false) => {
            format!("All {count} calls, a thin row each. Their names are on the pages that follow.")
        }
        (Language::En, true) => {
            format!("All {count} calls, a thin row each. The longest are named on the pages that follow.")
        }
    }
}

/// Said where there are more calls than rows that can be drawn; only the first `named` have their names on pages.
pub fn sampled(language: Language, rows: usize, count: usize, named: usize) -> String {
    match language {
        Language::Nl => format!(
            "{rows} van de {count} gesprekken, gelijk verdeeld over de volgorde van wachttijd. De {named} langste staan met \
             naam op de volgende bladen."
        ),
        Language::En => format!(
            "{rows} of the {count} calls, evenly spread over the order of their wait. The {named} longest are named on the \
             pages that follow."
        ),
    }
}

/// How many recordings are listed but not drawn.
pub fn unreadable(language: Language, count: usize) -> Option<String> {
    match (language, count) {
        (_, 0) => None,
        (Language::Nl, 1) => Some("1 opname is niet te lezen.".into()),
        (Language::Nl, n) => Some(format!("{n} opnamen zijn niet te lezen.")),
        (Language::En, 1) => Some("1 recording could not be read.".into()),
        (Language::En, n) => Some(format!("{n} recordings could not be read.")),
    }
}

/// Heading of two calls side by side, from their waits for a person where both have one.
pub fn pair_title(language: Language, waits: Option<(Seconds, Seconds)>) -> String {
    match (language, waits) {
        (Language::Nl, Some((a, b))) => {
            format!("Wachten op een medewerker: {} tegenover {}", clock(a), clock(b))
        }
        (Language::Nl, None) => "Twee gesprekken op dezelfde tijdschaal".into(),
        (Language::En, Some((a, b))) => format!("Waiting for a person: {} against {}", clock(a), clock(b)),
        (Language::En, None) => "Two calls on one time scale".into(),
    }
}

/// Heading of the cumulative curve.
pub fn curve_title(language: Language, n: usize, median_s: Option<Seconds>) -> String {
    match (language, median_s) {
        (_, _) if n == 0 => word(language, Word::NoCalls).into(),
        (Language::Nl, Some(t)) => format!("De helft spreekt binnen {} een medewerker", clock(t)),
        (Language::Nl, None) => "Hoe snel spreekt een beller een medewerker?".into(),
        (Language::En, Some(t)) => format!("Half of the callers reach a person within {}", clock(t)),
        (Language::En, None) => "How soon does a caller speak to a person?".into(),
    }
}

/// What the curve rests on: how many calls, how many of them ended without a person, how many are left out, and whether
/// they are too `few` to say much.
pub fn curve_below(language: Language, n: usize, censored: usize, left_out: usize, few: bool) -> String {
    let mut text = match (language, censored) {
        (Language::Nl, 0) => {
            format!("{}, gerekend vanaf de eerste keer overgaan; alle tot een medewerker.", calls(language, n))
        }
        (Language::En, 0) => format!("{}, counted from the first ring; all reached a person.", calls(language, n)),
        (Language::Nl, _) => {
            let (end, count, last) =
                if censored == 1 { ("eindigde", "telt", "het duurde") } else { ("eindigden", "tellen", "ze duurden") };
            format!(
                "{}, gerekend vanaf de eerste keer overgaan; {censored} daarvan {end} zonder medewerker en {count} mee \
                 zolang {last} (Kaplan-Meier).",
                calls(language, n)
            )
        }
        (Language::En, _) => format!(
            "{}, counted from the first ring; {censored} of them ended without a person and count for as long as they \
             lasted (Kaplan-Meier).",
            calls(language, n)
        ),
    };
    if left_out > 0 {
        text += &match language {
            Language::Nl => {
                format!(" Niet meegeteld: {} zonder verbinding of niet te meten.", calls(language, left_out))
            }
            Language::En => {
                format!(" Left out: {} that did not get through or could not be measured.", calls(language, left_out))
            }
        };
    }
    if few {
        text += language.of((
            " Zo weinig gesprekken zeggen nog weinig over de lijn.",
            " So few calls say little about the line yet.",
        ));
    }
    text
}

/// Beside the median of the curve.
pub fn median_label(language: Language, at: Option<Seconds>) -> String {
    match (language, at) {
        (Language::Nl, Some(t)) => format!("mediaan: {}", clock(t)),
        (Language::Nl, None) => "mediaan: niet bereikt".into(),
        (Language::En, Some(t)) => format!("median: {}", clock(t)),
        (Language::En, None) => "median: not reached".into(),
    }
}

/// Beside the 90th percentile of the curve.
pub fn ninetieth_label(language: Language, at: Option<Seconds>) -> String {
    match (language, at) {
        (Language::Nl, Some(t)) => format!("9 van de 10 bellers: {}", clock(t)),
        (Language::Nl, None) => "9 van de 10 bellers: niet bereikt".into(),
        (Language::En, Some(t)) => format!("9 out of 10 callers: {}", clock(t)),
        (Language::En, None) => "9 out of 10 callers: not reached".into(),
    }
}

/// Heading of what each call's wait is made of.
pub fn make_up_by_call_title(language: Language) -> &'static str {
    language.of(("Waaruit bestaat het wachten per gesprek?", "What is the wait of each call made of?"))
}

/// Heading of what the wait is made of; with the largest part, its share and the mean wait where there is one line.
pub fn make_up_title(language: Language, largest: Option<(Part, f64, Seconds)>) -> String {
    match (language, largest) {
        (Language::Nl, Some((largest, share, wait))) => {
            format!("Van gemiddeld {} wachten is {} {}", clock(wait), percent(share), part(language, largest))
        }
        (Language::Nl, None) => "Waaruit bestaat het wachten?".into(),
        (Language::En, Some((largest, share, wait))) => {
            format!("Of {} waiting on average, {} is {}", clock(wait), percent(share), part(language, largest))
        }
        (Language::En, None) => "What is the wait made of?".into(),
    }
}

/// Under what the wait is made of: how it was counted. `unheard` calls lack the ringing, `left_out` never got through.
pub fn make_up_below(language: Language, mean: bool, n: usize, unheard: usize, left_out: usize) -> String {
    let mut text = match (language, mean) {
        (Language::Nl, true) => format!("Gemiddelde van {}", calls(language, n)),
        (Language::Nl, false) => calls(language, n),
        (Language::En, true) => format!("Mean of {}", calls(language, n)),
        (Language::En, false) => calls(language, n),
    };
    text += language.of((
        ", van de eerste keer overgaan tot het eerste woord van een medewerker of het einde.",
        ", from the first ring to the first word of a person or the end.",
    ));
    if unheard > 0 {
        text += &match language {
            Language::Nl => format!(" Bij {unheard} staat het overgaan niet op de opname."),
            Language::En => format!(" In {unheard} the ringing is not in the recording."),
        };
    }
    if left_out > 0 {
        text += &match language {
            Language::Nl => {
                format!(" Niet meegeteld: {} zonder verbinding of niet te meten.", calls(language, left_out))
            }
            Language::En => {
                format!(" Left out: {} that did not get through or could not be measured.", calls(language, left_out))
            }
        };
    }
    text
}
