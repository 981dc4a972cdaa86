//! Verdicts on norms, in words.

use super::{Language, calls, column, decimal, percent, seconds};
use crate::norms::{Clock, Kept, Limit, Norm, Ruling, Unanswered, Verdict, What};

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

/// What a norm asks and where it comes from, as a sentence.
pub fn norm_definition(language: Language, norm: &Norm) -> String {
    let say = |nl: String, en: String| language.of((nl, en));
    let what = match norm.what() {
        What::Clock(clock) => clock_name(language, clock),
        What::Figure(name) => column(language, name).map_or(name, |column| column.definition),
    };
    let (bound, unit) = (norm.limit().bound(), if matches!(norm.what(), What::Clock(_)) { " s" } else { "" });
    let bound = format!("{}{unit}", decimal(language, bound, usize::from(bound.fract() != 0.0)));
    let limit = match norm.limit() {
        Limit::AtMost(_) => say(format!("hooguit {bound}"), format!("at most {bound}")),
        Limit::AtLeast(_) => say(format!("ten minste {bound}"), format!("at least {bound}")),
    };
    let share = match norm.share {
        1.0 => say("in elk gesprek".into(), "in every call".into()),
        share => say(format!("in {} van de gesprekken", percent(share)), format!("in {} of the calls", percent(share))),
    };
    let mut text = format!("{what}: {limit}, {share}.");
    if let What::Clock(_) = norm.what() {
        text += &match norm.unanswered {
            Unanswered::Missed => say(
                " Wie ophangt of niemand krijgt, telt als gemist.".into(),
                " A caller who hangs up or reaches nobody counts as missed.".into(),
            ),
            Unanswered::LeftOut => say(
                " Wie voor die tijd ophangt, telt niet mee.".into(),
                " A caller who hangs up before that is not counted.".into(),
            ),
        };
    }
    if let Some(note) = &norm.note {
        text = text + " " + note.of(language);
    }
    let source = norm.source.of(language);
    if !source.is_empty() {
        text += &say(format!(" Bron: {source}."), format!(" Source: {source}."));
    }
    let mut signs = text.chars();
    signs.next().map_or(String::new(), |first| first.to_uppercase().chain(signs).collect())
}

/// What a call measured on a norm: seconds on a clock, or the value of a figure.
pub fn norm_value(language: Language, norm: &Norm, value: f64) -> String {
    let timed = match norm.what() {
        What::Clock(_) => true,
        What::Figure(name) => name.ends_with("_s"),
    };
    match timed {
        true => seconds(language, value),
        false => decimal(language, value, if value.fract() == 0.0 { 0 } else { 2 }),
    }
}

/// The calls that tell whether a norm was kept.
pub const TOLD: [Kept; 2] = [Kept::Yes, Kept::No];

/// Something to be minded about a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// In words.
    pub text: String,
    /// The calls that its numbers count; empty where it has none.
    pub counts: &'static [Kept],
}

/// What the verdict rests on, in a sentence.
pub fn verdict(language: Language, verdict: &Verdict) -> String {
    let mut said: Vec<String> = minds(language, verdict).into_iter().map(|remark| remark.text).collect();
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

/// The same for a table: how many calls kept the norm, and what has to be minded about it, with the calls that each
/// remark counts.
pub fn verdict_in_table(language: Language, verdict: &Verdict) -> (String, Vec<Remark>) {
    let (kept, broken) = (verdict.count(Kept::Yes), verdict.count(Kept::No));
    let mut minds = minds(language, verdict);
    let Some(share) = verdict.share else { return (none_told(language), minds) };
    let (low, high) = (percent(share.low), percent(share.high));
    let range =
        language.of((format!("met 95% zekerheid {low} tot {high}"), format!("{low} to {high} with 95% confidence")));
    minds.insert(0, Remark { text: range, counts: &TOLD });
    let (all, value) = (calls(language, kept + broken), percent(share.value));
    (language.of((format!("{value}: {kept} van {all}"), format!("{value}: {kept} of {all}"))), minds)
}

fn none_told(language: Language) -> String {
    language
        .of(("geen enkel gesprek waarvan dit te meten is", "not a single call of which this can be measured"))
        .into()
}

/// What has to be minded about a verdict.
fn minds(language: Language, verdict: &Verdict) -> Vec<Remark> {
    let (unknown, left_out) = (verdict.count(Kept::Unknown), verdict.count(Kept::LeftOut));
    let mut said = Vec::new();
    if verdict.share.is_some() && !verdict.sure && verdict.ruling != Ruling::Unknown {
        let text = language.of(("te weinig gesprekken om zeker te zijn", "too few calls to be sure")).to_owned();
        said.push(Remark { text, counts: &[] });
    }
    if unknown > 0 {
        let n = calls(language, unknown);
        let text = match verdict.ruling {
            Ruling::Unknown if verdict.share.is_some() => language.of((
                format!("{n} niet te meten, en dat kan de doorslag geven"),
                format!("{n} not measurable, which could turn the verdict"),
            )),
            _ => language.of((format!("{n} niet te meten"), format!("{n} not measurable"))),
        };
        said.push(Remark { text, counts: &[Kept::Unknown] });
    }
    if left_out > 0 {
        let n = calls(language, left_out);
        let text =
            language.of((format!("{n} waarover de norm niets zegt"), format!("{n} that the norm says nothing of")));
        said.push(Remark { text, counts: &[Kept::LeftOut] });
    }
    said
}
