//! Verdicts on norms, in words.

use super::{Language, calls, percent};
use crate::norms::{Clock, Kept, Ruling, Verdict};

/// From when to when a clock runs.
pub fn clock_name(language: Language, clock: Clock) -> &'static str {
    language.of(match clock {
        Clock::Ring => {
            ("van de eerste keer overgaan tot er iets of iemand opneemt", "from the first ring until anything picks up")
        }
        Clock::AnswerToPerson => ("van het opnemen tot een medewerker", "from the pick-up to a person"),
        Clock::ChoiceToPerson => ("van de laatste toets tot een medewerker", "from the last key to a person"),
        Clock::QueueToPerson => (
            "van de eerste wachtmelding of wachtmuziek tot een medewerker",
            "from the first queue message or music to a person",
        ),
        Clock::Transfer => ("van de ene medewerker tot de volgende", "from one person to the next"),
        Clock::Total => ("van de eerste keer overgaan tot een medewerker", "from the first ring to a person"),
    })
}

/// What became of a norm, in one or two words.
pub fn ruling(language: Language, ruling: Ruling) -> &'static str {
    language.of(match ruling {
        Ruling::Met => ("gehaald", "met"),
        Ruling::NotMet => ("niet gehaald", "not met"),
        Ruling::Unknown => ("onbekend", "unknown"),
    })
}

/// What the verdict rests on, in a sentence.
pub fn verdict(language: Language, verdict: &Verdict) -> String {
    let mut said = minds(language, verdict);
    let (kept, broken) = (verdict.count(Kept::Yes), verdict.count(Kept::No));
    match verdict.share {
        None => said.insert(0, none_told(language)),
        Some(share) => {
            let (of, all) = (calls(language, kept + broken), (kept, percent(share.value)));
            let (low, high) = (percent(share.low), percent(share.high));
            let share = language.of((
                format!("{} van {of} ({}; met 95% zekerheid {low} tot {high})", all.0, all.1),
                format!("{} of {of} ({}; {low} to {high} with 95% confidence)", all.0, all.1),
            ));
            said.insert(0, share);
        }
    }
    said.join("; ")
}

/// The same for a table: how many calls kept the norm, and what has to be minded about it.
pub fn verdict_in_table(language: Language, verdict: &Verdict) -> (String, String) {
    let (kept, broken) = (verdict.count(Kept::Yes), verdict.count(Kept::No));
    let mut minds = minds(language, verdict);
    let Some(share) = verdict.share else { return (none_told(language), minds.join("; ")) };
    let (low, high) = (percent(share.low), percent(share.high));
    let range =
        language.of((format!("met 95% zekerheid {low} tot {high}"), format!("{low} to {high} with 95% confidence")));
    minds.insert(0, range);
    let (all, value) = (calls(language, kept + broken), percent(share.value));
    (language.of((format!("{value}: {kept} van {all}"), format!("{value}: {kept} of {all}"))), minds.join("; "))
}

fn none_told(language: Language) -> String {
    language
        .of(("geen enkel gesprek waarvan dit te meten is", "not a single call of which this can be measured"))
        .into()
}

/// What has to be minded about a verdict.
fn minds(language: Language, verdict: &Verdict) -> Vec<String> {
    let (unknown, left_out) = (verdict.count(Kept::Unknown), verdict.count(Kept::LeftOut));
    let mut said = Vec::new();
    if verdict.share.is_some() && !verdict.sure && verdict.ruling != Ruling::Unknown {
        said.push(language.of(("te weinig gesprekken om zeker te zijn", "too few calls to be sure")).to_owned());
    }
    if unknown > 0 {
        let n = calls(language, unknown);
        said.push(match verdict.ruling {
            Ruling::Unknown if verdict.share.is_some() => language.of((
                format!("{n} niet te meten, en dat kan de doorslag geven"),
                format!("{n} not measurable, which could turn the verdict"),
            )),
            _ => language.of((format!("{n} niet te meten"), format!("{n} not measurable"))),
        });
    }
    if left_out > 0 {
        let n = calls(language, left_out);
        said.push(
            language.of((format!("{n} waarover de norm niets zegt"), format!("{n} that the norm says nothing of"))),
        );
    }
    said
}
