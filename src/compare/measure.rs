//! What is held against itself.

use super::{Both, Change, Side, Test, TestKind, Verdict, matching::Stratum, observations};
use crate::{
    analysis::CallAnalysis,
    audit::AuditedCall,
    interval::Interval,
    metrics::{AnsweredBy, CallMetrics, Outcome, Unit, Value},
    norms::{Clock, Kept, Norm, held},
    statistics::{
        Estimate, Range, ranks,
        share::{Share, mantel_haenszel, stratified_difference},
        survival::{KaplanMeier, LogRank, Observation, log_rank, quantile_difference},
    },
    units::Seconds,
};

/// Figures of `calls.csv` that a training, another menu or more people on the line can change.
const FIGURES: [&str; 14] = [
    "rings",
    "menu_s",
    "menu_levels",
    "announcements",
    "repeated_announcements",
    "same_announcement",
    "busy_announcements",
    "apologies",
    "hold_segments",
    "hold_music_s",
    "dead_air_s",
    "longest_silence_s",
    "longest_without_progress_s",
    "loudness_jump_db",
];

/// What is measured before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure<'a> {
    /// A wait, which may end without what was waited for.
    Wait(Clock),
    /// From the pick-up by a machine to the queue, or to a person where there is none: greeting and menu.
    Machine,
    /// A column of `calls.csv`.
    Figure(&'static str),
    /// The share of callers who spoke to a person.
    Person,
    /// The share of calls that kept a norm.
    Norm(&'a Norm),
}

/// How a measure is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A median in seconds.
    Seconds,
    /// A median of a number of things.
    Count,
    /// A median in decibels.
    Decibels,
    /// A share of the calls, 0 to 1.
    Share,
}

impl<'a> Measure<'a> {
    /// Every measure, the one that decides first.
    pub(super) fn all(norms: &'a [Norm]) -> Vec<Self> {
        let mut all = vec![Self::Wait(Clock::Total), Self::Person, Self::Wait(Clock::Ring), Self::Machine];
        let later = [Clock::QueueToPerson, Clock::AnswerToPerson, Clock::ChoiceToPerson, Clock::Transfer];
        all.extend(later.map(Self::Wait));
        all.extend(FIGURES.map(Self::Figure));
        all.extend(norms.iter().map(Self::Norm));
        all
    }

    /// Its name in every output.
    pub fn name(self) -> String {
        match self {
            Self::Wait(clock) => format!("wait:{}", clock.name()),
            Self::Machine => "wait:machine".into(),
            Self::Figure(name) => name.into(),
            Self::Person => "share:person".into(),
            Self::Norm(norm) => format!("share:{}", norm.id),
        }
    }

    /// How it is counted.
    pub fn kind(self) -> Kind {
        match self {
            Self::Wait(_) | Self::Machine => Kind::Seconds,
            Self::Person | Self::Norm(_) => Kind::Share,
            Self::Figure(name) => {
                let absent = CallMetrics::absent(&crate::metrics::Reason::NotThere);
                match absent.figures().into_iter().find(|figure| figure.name == name).map(|figure| figure.unit) {
                    Some(Unit::Seconds) => Kind::Seconds,
                    Some(Unit::Decibels) => Kind::Decibels,
                    Some(Unit::Share) => Kind::Share,
                    Some(Unit::Count | Unit::Text) | None => Kind::Count,
                }
            }
        }
    }

    /// Holds it against itself; the log-rank test too, where it is a wait. The verdict is only a direction yet.
    pub(super) fn held(self, strata: &[Stratum<'_>]) -> (Change<'a>, Option<LogRank>) {
        let mut ranks = None;
        let change = match self {
            Self::Wait(clock) => {
                let (change, test) = self.waits(clock, strata);
                ranks = test;
                change
            }
            Self::Machine => self.numbers(strata, &machine_s),
            Self::Figure(name) => self.numbers(strata, &|call| number(call, name)),
            Self::Person => self.shares(strata, &|call| {
                let outcome = call.finding.as_ref().ok()?.metrics.outcome.value?;
                Some((outcome != Outcome::NotMeasurable).then_some(outcome == Outcome::Human))
            }),
            Self::Norm(norm) => self.shares(strata, &|call| match held(norm, call).map(|held| held.kept) {
                Some(Kept::Yes) => Some(Some(true)),
                Some(Kept::No) => Some(Some(false)),
                Some(Kept::Unknown) => Some(None),
                Some(Kept::LeftOut) | None => None,
            }),
        };
        (change, ranks)
    }

    fn change(self, sides: Both<Side>, difference: Option<Range>, test: Option<Test>, leaning: f64) -> Change<'a> {
        let verdict = match leaning {
            up if up > 0.0 => Verdict::More,
            down if down < 0.0 => Verdict::Less,
            _ => Verdict::MayBeChance,
        };
        Change { measure: self, sides, difference, test, adjusted_p: None, verdict }
    }

    fn waits(self, clock: Clock, strata: &[Stratum<'_>]) -> (Change<'a>, Option<LogRank>) {
        let read: Vec<_> = strata.iter().map(|s| s.calls.each_ref().map(|calls| observations(clock, calls))).collect();
        let all =
            [0, 1].map(|i| read.iter().flat_map(|sides| sides[i].0.iter().copied()).collect::<Vec<Observation>>());
        let sides = [0, 1].map(|i| Side {
            calls: all[i].len(),
            unanswered: all[i].iter().filter(|o| !o.person).count(),
            without: read.iter().map(|sides| sides[i].1).sum(),
            unknown: read.iter().map(|sides| sides[i].2).sum(),
            value: KaplanMeier::of(&all[i]).quantile_with_interval(0.5),
        });
        let ranks = log_rank(read.iter().map(|[before, after]| (&before.0[..], &after.0[..])));
        let test = ranks.map(|ranks| Test { kind: TestKind::LogRank, p: ranks.p });
        // persons who come on the line more often than expected shorten the wait
        let leaning = ranks.map_or(0.0, |ranks| ranks.expected - ranks.observed);
        (self.change(sides, quantile_difference(&all[0], &all[1], 0.5), test, leaning), ranks)
    }

    fn numbers(self, strata: &[Stratum<'_>], read: &dyn Fn(&CallAnalysis) -> Option<f64>) -> Change<'a> {
        let mut unknown = [0, 0];
        let mut values: Vec<Both<Vec<f64>>> = vec![];
        for stratum in strata {
            values.push([0, 1].map(|i| {
                let of = stratum.calls[i].iter().map(|call| call.finding.as_ref().ok().and_then(read));
                let (told, silent): (Vec<_>, Vec<_>) = of.partition(Option::is_some);
                unknown[i] += silent.len();
                told.into_iter().flatten().collect()
            }));
        }
        let all = [0, 1].map(|i| values.iter().flat_map(|sides| sides[i].iter().copied()).collect::<Vec<f64>>());
        let sides = [0, 1].map(|i| Side {
            calls: all[i].len(),
            unknown: unknown[i],
            value: ranks::quantile_with_interval(&all[i], 0.5)
                .map(Range::from)
                .or_else(|| Some(Range { value: ranks::quantile(&all[i], 0.5)?, low: None, high: None })),
            ..Side::default()
        });
        let strata: Vec<ranks::Sides> = values.iter().map(|[before, after]| (&before[..], &after[..])).collect();
        let kind = if strata.len() > 1 { TestKind::VanElteren } else { TestKind::MannWhitney };
        let test = ranks::van_elteren(&strata).map(|p| Test { kind, p });
        self.change(sides, ranks::stratified_shift(&strata).map(Range::from), test, ranks::leaning(&strata))
    }

    /// `read` gives `None` of a call that is not concerned, and of others whether they did, if they tell.
    fn shares(self, strata: &[Stratum<'_>], read: &dyn Fn(&AuditedCall) -> Option<Option<bool>>) -> Change<'a> {
        let mut sides = [Side::default(); 2];
        let mut total = [Share::default(); 2];
        let mut shares = vec![];
        for stratum in strata {
            let of = |i: usize| {
                let answers: Vec<Option<bool>> = stratum.calls[i].iter().filter_map(|call| read(call)).collect();
                let share = Share::of(answers.iter().flatten(), |&did| did);
                sides[i].without += stratum.calls[i].len() - answers.len();
                sides[i].unknown += answers.len() - share.n;
                total[i] = Share { hits: total[i].hits + share.hits, n: total[i].n + share.n };
                share
            };
            let [before, after] = [0, 1].map(of);
            shares.push((before, after));
        }
        for (side, share) in sides.iter_mut().zip(total) {
            (side.calls, side.value) = (share.n, share.estimate().map(Range::from));
        }
        let difference: Option<Estimate> = stratified_difference(&shares);
        let test = mantel_haenszel(&shares).map(|p| Test { kind: TestKind::MantelHaenszel, p });
        self.change(sides, difference.map(Range::from), test, difference.map_or(0.0, |d| d.value))
    }
}

/// A figure of a call as a number.
fn number(call: &CallAnalysis, name: &str) -> Option<f64> {
    let figure = call.metrics.figures().into_iter().find(|figure| figure.name == name)?;
    match figure.measured.value? {
        Value::Seconds(value) | Value::Number(value) => Some(value).filter(|value| value.is_finite()),
        Value::Count(count) => Some(f64::from(count)),
        Value::Text(_) => None,
    }
}

/// From the pick-up by a machine to the queue, or to the person where there is none.
fn machine_s(call: &CallAnalysis) -> Option<Seconds> {
    let m = &call.metrics;
    m.answered_by.value.filter(|by| *by == AnsweredBy::Machine)?;
    let queue = m.queue_s.from.filter(|_| m.queue_s.value.is_some()).map(Interval::start);
    Some((queue.or(m.time_to_human_s.value)? - m.answered_s.value?).max(0.0))
}
