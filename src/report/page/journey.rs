//! The steps of a call over all calls and per contact reason, and what it comes to in four numbers.

use super::Listen;
use crate::{
    analysis::CallAnalysis,
    audit::AuditedCall,
    interval::Interval,
    label::Label,
    metrics::AnsweredBy,
    repeats::Kind,
    report::{
        chart::Wait,
        words::{
            self, Language,
            page::{self as page_words, Step},
        },
    },
    statistics::{
        ranks::quantile,
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
    pub median: String,
    pub ninetieth: String,
    pub n: usize,
    pub longest: Option<Longest>,
}

/// The call that took longest over a step.
pub(super) struct Longest {
    pub value: String,
    pub listen: Listen,
}

/// A contact reason: median and 90th percentile of each step.
pub(super) struct ReasonRow {
    pub reason: String,
    pub n: usize,
    pub steps: Vec<(String, String)>,
}

/// The journey.
pub(super) struct Journey {
    pub steps: Vec<StepRow>,
    pub reasons: Vec<ReasonRow>,
}

/// A number of the verdict's head.
pub(super) struct Tile {
    pub value: String,
    pub label: String,
    pub listen: Option<Listen>,
}

/// What a step took in one call, and where.
struct Taken {
    index: usize,
    value_s: Seconds,
    at_s: Seconds,
}

/// The journey through `calls`.
pub(super) fn of(calls: &[Call<'_>], language: Language) -> Journey {
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
            let (median, ninetieth, _) = quantiles(*step, &of);
            (shown(median, language), shown(ninetieth, language))
        };
        ReasonRow { reason: (*reason).to_owned(), n: of.len(), steps: steps.iter().map(quantiles).collect() }
    };
    Journey {
        reasons: match reasons.len() {
            1..=MOST_REASONS => reasons.iter().map(row).collect(),
            _ => vec![],
        },
        steps: steps.iter().map(|step| step_row(*step, calls, language)).collect(),
    }
}

/// What it comes to: who spoke to a person, and how long that took.
pub(super) fn tiles(calls: &[Call<'_>], unread: usize, language: Language) -> Vec<Tile> {
    let say = |nl: &str, en: &str| language.of((nl, en)).to_owned();
    let of = language.of(("van", "of"));
    let persons = calls.iter().filter(|(_, _, call)| call.metrics.time_to_human_s.value.is_some()).count();
    let first = Tile {
        value: format!("{persons} {of} {}", calls.len() + unread),
        label: say("bellers spraken een medewerker", "callers spoke to a person"),
        listen: None,
    };
    let (median, ninetieth, n) = quantiles(Step::Person, calls);
    let longest = longest(Step::Person, calls, language).map(|longest| longest.listen);
    let wait = |value: Option<Seconds>, nl: &str, en: &str| Tile {
        value: value.map_or("–".into(), |s| format!("{} min", words::clock(s))),
        label: match (value, n) {
            (_, 0) => say("wachten was niet te meten", "the wait could not be measured"),
            (Some(_), _) => say(nl, en),
            (None, _) => say("zoveel bellers kregen niemand", "so many callers reached nobody"),
        },
        listen: None,
    };
    let half = wait(median, "dan heeft de helft een medewerker", "until half of them have a person");
    let most = wait(ninetieth, "dan hebben 9 van de 10 een medewerker", "until 9 in 10 have a person");
    vec![first, half, Tile { listen: longest, ..most }]
}

fn step_row(step: Step, calls: &[Call<'_>], language: Language) -> StepRow {
    let (median, ninetieth, n) = quantiles(step, calls);
    StepRow {
        step: page_words::step(language, step),
        what: page_words::step_is(language, step),
        median: shown(median, language),
        ninetieth: shown(ninetieth, language),
        n,
        longest: longest(step, calls, language),
    }
}

fn shown(value: Option<Seconds>, language: Language) -> String {
    value.map_or("–".to_owned(), |s| words::seconds(language, s))
}

/// Median, 90th percentile, and how many calls they are of.
fn quantiles(step: Step, calls: &[Call<'_>]) -> (Option<Seconds>, Option<Seconds>, usize) {
    if step == Step::Person {
        let waits = calls.iter().map(|(_, _, call)| Wait::of(call));
        let observed = waits.filter_map(|w| w.total_s.map(|wait_s| Observation { wait_s, person: w.person }));
        let curve = KaplanMeier::of(&observed.collect::<Vec<_>>());
        return (curve.quantile_s(0.5), curve.quantile_s(0.9), curve.n);
    }
    let values: Vec<f64> = taken(step, calls).iter().map(|taken| taken.value_s).collect();
    (quantile(&values, 0.5), quantile(&values, 0.9), values.len())
}

fn taken(step: Step, calls: &[Call<'_>]) -> Vec<Taken> {
    let of = |(index, _, call): &Call<'_>| {
        let (value_s, from) = stretch(step, call)?;
        Some(Taken { index: *index, value_s, at_s: from.start() })
    };
    calls.iter().filter_map(of).collect()
}

fn longest(step: Step, calls: &[Call<'_>], language: Language) -> Option<Longest> {
    let longest = taken(step, calls).into_iter().max_by(|a, b| a.value_s.total_cmp(&b.value_s))?;
    let file = calls.iter().find(|(index, ..)| *index == longest.index).map(|(_, call, _)| &call.file)?;
    Some(Longest {
        value: words::seconds(language, longest.value_s),
        listen: Listen::new(longest.index, file, longest.at_s),
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
