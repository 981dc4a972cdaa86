//! The steps of a call over all calls and per contact reason, and what it comes to in four numbers.

use super::{
    Listen,
    number::{Bases, Number, Place},
};
use crate::{
    analysis::CallAnalysis,
    audit::AuditedCall,
    interval::Interval,
    label::Label,
    metrics::AnsweredBy,
    repeats::Kind,
    report::words::{
        self, Language,
        page::{self as page_words, Step},
    },
    statistics::{
        ranks::{quantile, quantile_places},
        survival::{KaplanMeier, Observation},
    },
    units::Seconds,
};

/// A call with its place in the audit.
pub(super) type Call<'a> = (usize, &'a AuditedCall, &'a CallAnalysis);

/// Longer lists of contact reasons are left to the tables.
const MOST_REASONS: usize = 12;

/// A step.
pub(super) struct StepRow {
    pub step: &'static str,
    pub what: &'static str,
    pub median: Number,
    pub ninetieth: Number,
    pub n: Number,
    pub longest: Option<Longest>,
}

/// The call that took longest over a step.
pub(super) struct Longest {
    pub value: Number,
    pub listen: Listen,
}

/// A contact reason: median and 90th percentile of each step.
pub(super) struct ReasonRow {
    pub reason: String,
    pub n: Number,
    pub steps: Vec<(Number, Number)>,
}

/// The journey.
pub(super) struct Journey {
    pub steps: Vec<StepRow>,
    pub reasons: Vec<ReasonRow>,
}

/// A number of the verdict's head.
pub(super) struct Tile {
    pub value: Number,
    pub label: String,
    pub listen: Option<Listen>,
}

/// What a step took in one call, and where.
struct Taken {
    index: usize,
    value_s: Seconds,
    from: Interval,
    /// Of a wait for a person: whether one came.
    person: bool,
}

impl Taken {
    fn place(&self, step: Step, language: Language) -> Place {
        let mut said = words::seconds(language, self.value_s);
        if step == Step::Person && !self.person {
            said = said + ", " + page_words::without_person(language);
        }
        Place::new(self.index, Some(self.from), said)
    }
}

/// A step's middle and its 90th percentile, each with the calls that it was read off, and all that tell.
struct Quantiles {
    median: Number,
    ninetieth: Number,
    n: Number,
}

/// The journey through `calls`.
pub(super) fn of(calls: &[Call<'_>], bases: &Bases<'_>, language: Language) -> Journey {
    let machine = [Step::Greeting, Step::Menu];
    let told = |step: Step| calls.iter().any(|(_, _, call)| stretch(step, call).is_some());
    // where nobody said which message is the greeting and which a menu, they are one step
    let steps: Vec<Step> = match machine.into_iter().any(told) {
        true => vec![Step::Ring, Step::Greeting, Step::Menu, Step::Queue, Step::Person],
        false => vec![Step::Ring, Step::Machine, Step::Queue, Step::Person],
    };
    let mut reasons: Vec<&str> = calls.iter().filter_map(|(_, call, _)| call.contact_reason.as_deref()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let row = |reason: &&str| {
        let of: Vec<Call> =
            calls.iter().filter(|(_, call, _)| call.contact_reason.as_deref() == Some(*reason)).copied().collect();
        let quantiles = |step: &Step| {
            let Quantiles { median, ninetieth, .. } = quantiles(*step, &of, bases, shown, language);
            (median, ninetieth)
        };
        let n = bases.number(of.len().to_string(), of.iter().map(|(i, ..)| Place::new(*i, None, "")).collect());
        ReasonRow { reason: (*reason).to_owned(), n, steps: steps.iter().map(quantiles).collect() }
    };
    Journey {
        reasons: match reasons.len() {
            1..=MOST_REASONS => reasons.iter().map(row).collect(),
            _ => vec![],
        },
        steps: steps.iter().map(|step| step_row(*step, calls, bases, language)).collect(),
    }
}

/// What it comes to: who spoke to a person, and how long that took.
pub(super) fn tiles(calls: &[Call<'_>], unread: usize, bases: &Bases<'_>, language: Language) -> Vec<Tile> {
    let say = |nl: &str, en: &str| language.of((nl, en)).to_owned();
    let of = language.of(("van", "of"));
    let spoke = |(index, _, call): &Call<'_>| {
        let measured = &call.metrics.time_to_human_s;
        Some(Place::new(*index, measured.from, words::seconds(language, measured.value?)))
    };
    let persons: Vec<Place> = calls.iter().filter_map(spoke).collect();
    let first = Tile {
        value: bases.number(format!("{} {of} {}", persons.len(), calls.len() + unread), persons),
        label: say("bellers spraken een medewerker", "callers spoke to a person"),
        listen: None,
    };
    let minutes = |s: Seconds, _| format!("{} min", words::clock(s));
    let Quantiles { median, ninetieth, n } = quantiles(Step::Person, calls, bases, minutes, language);
    let longest = longest(Step::Person, calls, bases, language).map(|longest| longest.listen);
    let wait = |value: Number, nl: &str, en: &str| Tile {
        label: match (value.href.is_empty(), n.text.as_str()) {
            (_, "0") => say("wachten was niet te meten", "the wait could not be measured"),
            (false, _) => say(nl, en),
            (true, _) => say("zoveel bellers kregen niemand", "so many callers reached nobody"),
        },
        value,
        listen: None,
    };
    let half = wait(median, "dan heeft de helft een medewerker", "until half of them have a person");
    let most = wait(ninetieth, "dan hebben 9 van de 10 een medewerker", "until 9 in 10 have a person");
    vec![first, half, Tile { listen: longest, ..most }]
}

fn step_row(step: Step, calls: &[Call<'_>], bases: &Bases<'_>, language: Language) -> StepRow {
    let Quantiles { median, ninetieth, n } = quantiles(step, calls, bases, shown, language);
    StepRow {
        step: page_words::step(language, step),
        what: page_words::step_is(language, step),
        median,
        ninetieth,
        n,
        longest: longest(step, calls, bases, language),
    }
}

fn shown(value: Seconds, language: Language) -> String {
    words::seconds(language, value)
}

/// Median, 90th percentile, and how many calls they are of.
fn quantiles(
    step: Step,
    calls: &[Call<'_>],
    bases: &Bases<'_>,
    shown: impl Fn(Seconds, Language) -> String,
    language: Language,
) -> Quantiles {
    let taken = taken(step, calls);
    let values: Vec<f64> = taken.iter().map(|taken| taken.value_s).collect();
    let observed = taken.iter().map(|t| Observation { wait_s: t.value_s, person: t.person });
    let curve = KaplanMeier::of(&observed.collect::<Vec<_>>());
    let at = |share: f64| {
        let (value, read_off): (_, Vec<&Taken>) = match step {
            Step::Person => {
                let value = curve.quantile_s(share);
                (value, taken.iter().filter(|t| t.person && Some(t.value_s) == value).collect())
            }
            _ => {
                let places = quantile_places(&values, share);
                (quantile(&values, share), places.into_iter().map(|place| &taken[place]).collect())
            }
        };
        match value {
            Some(value) => {
                bases.number(shown(value, language), read_off.into_iter().map(|t| t.place(step, language)).collect())
            }
            None => Number::plain("–"),
        }
    };
    let all = taken.iter().map(|t| t.place(step, language)).collect();
    Quantiles { median: at(0.5), ninetieth: at(0.9), n: bases.number(taken.len().to_string(), all) }
}

fn taken(step: Step, calls: &[Call<'_>]) -> Vec<Taken> {
    let of = |(index, _, call): &Call<'_>| {
        let (value_s, from) = stretch(step, call)?;
        Some(Taken { index: *index, value_s, from, person: call.metrics.time_to_human_s.value.is_some() })
    };
    calls.iter().filter_map(of).collect()
}

fn longest(step: Step, calls: &[Call<'_>], bases: &Bases<'_>, language: Language) -> Option<Longest> {
    let longest = taken(step, calls).into_iter().max_by(|a, b| a.value_s.total_cmp(&b.value_s))?;
    let file = calls.iter().find(|(index, ..)| *index == longest.index).map(|(_, call, _)| &call.file)?;
    Some(Longest {
        value: bases.number(words::seconds(language, longest.value_s), vec![longest.place(step, language)]),
        listen: Listen::new(longest.index, file, longest.from.start()),
    })
}

/// How long a step took in one call, and the seconds of the recording that it is about.
fn stretch(step: Step, call: &CallAnalysis) -> Option<(Seconds, Interval)> {
    let m = &call.metrics;
    let whole = Interval::new(0.0, call.recording.duration_s);
    match step {
        Step::Ring => Some((m.ring_s.value?, m.ring_s.from.unwrap_or(whole))),
        Step::Greeting => lasting(greeting(call)?),
        // by the menu's own definition, where there is one
        Step::Menu => match (m.path.menu_s.value, m.path.menu_s.from) {
            (Some(menu_s), Some(from)) if menu_s > 0.0 => Some((menu_s, from)),
            _ => lasting(menu(call)?),
        },
        Step::Machine => lasting(machine(call)?),
        // a call without a queue did not wait in one
        Step::Queue => Some((m.queue_s.value.filter(|s| *s > 0.0)?, m.queue_s.from.unwrap_or(whole))),
        Step::Person => Some((m.total_wait_s.value?, m.total_wait_s.from.unwrap_or(whole))),
    }
}

fn lasting(stretch: Interval) -> Option<(Seconds, Interval)> {
    Some((stretch.duration(), stretch))
}

/// From the pick-up to the end of the greeting.
fn greeting(call: &CallAnalysis) -> Option<Interval> {
    let answered_s = call.metrics.answered_s.value?;
    let end = call.plays.iter().find(|p| p.group.kind == Kind::Greeting).map(|p| p.interval.end())?;
    Some(Interval::new(answered_s.min(end), end))
}

/// From the beginning of the first menu to the end of the last, or to the last key where that comes later.
fn menu(call: &CallAnalysis) -> Option<Interval> {
    let menus = || call.plays.iter().filter(|p| p.group.kind == Kind::Menu).map(|p| p.interval);
    let played = menus().reduce(Interval::hull)?;
    let person_s = call.metrics.time_to_human_s.value.unwrap_or(f64::INFINITY);
    let keys = call.timelines.iter().flat_map(|t| t.events()).filter(|e| e.label == Label::Dtmf);
    let last_key = keys.map(|key| key.interval.end()).filter(|end| *end <= person_s).fold(played.end(), f64::max);
    Some(Interval::new(played.start(), last_key))
}

/// From the pick-up by a machine to the queue, or to the person where there is none.
fn machine(call: &CallAnalysis) -> Option<Interval> {
    let m = &call.metrics;
    m.answered_by.value.filter(|by| *by == AnsweredBy::Machine)?;
    let queue = m.queue_s.from.filter(|_| m.queue_s.value.is_some_and(|s| s > 0.0)).map(Interval::start);
    let until = queue.or(m.time_to_human_s.value)?;
    let answered_s = m.answered_s.value?;
    Some(Interval::new(answered_s, until.max(answered_s)))
}
