//! Which calls are held against which: those at the same hour and weekday, as finely as there are calls for it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Timelike};
use clap::ValueEnum;

use super::{Both, Caution};
use crate::audit::AuditedCall;

/// The first of these is taken that leaves such a share of either side's calls. The hour comes before the weekday even if it
/// costs many calls: queues change more between nine and four o'clock than between Monday and Thursday.
const MIN_LEFT: [(Grain, f64); 3] = [(Grain::WeekdayHour, 0.75), (Grain::Hour, 0.4), (Grain::Weekday, 0.4)];
/// So many calls have to share a stratum on average: a stratum of one against one is a toss of a coin.
const MIN_CALLS_A_STRATUM: f64 = 5.0;
/// Mixes of hours that differ by less than this (half the sum of the differences of their shares) are alike.
const MAX_UNEVEN: f64 = 0.1;

/// What calls are matched by, from the finest on. The hours are those of the caller's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Grain {
    /// The same hour of the same weekday
    WeekdayHour,
    /// The same hour
    Hour,
    /// The same weekday
    Weekday,
    /// Nothing: all calls against all
    Nothing,
}

impl Grain {
    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::WeekdayHour => "weekday-hour",
            Self::Hour => "hour",
            Self::Weekday => "weekday",
            Self::Nothing => "nothing",
        }
    }
}

/// How calls were matched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matching {
    /// By what.
    pub grain: Grain,
    /// Whether that was told, and not found out from the calls.
    pub told: bool,
    /// Whether the line was matched as well: both audits have lines of the same names.
    pub by_line: bool,
    /// How many strata there are.
    pub strata: usize,
    /// How many calls were compared.
    pub calls: Both<usize>,
    /// How many have no counterpart on the other side.
    pub left_out: Both<usize>,
    /// How many do not say when they were made, where that was needed.
    pub untimed: Both<usize>,
    /// How many were taken out of strata of which one side had more than its share, so that medians and shares of both sides
    /// are over the same mix of hours.
    pub evened_out: Both<usize>,
    /// Whether all calls before were made later than all calls after.
    pub wrong_way_round: bool,
}

/// Calls that are held against each other.
#[derive(Clone, Debug)]
pub struct Stratum<'a> {
    /// The line, where lines are matched.
    pub line: Option<&'a str>,
    /// The calls of either side; neither is empty.
    pub calls: Both<Vec<&'a AuditedCall>>,
}

/// The line, the weekday (0 = Monday) and the hour that a stratum is of; `None` where that does not matter.
type Key<'a> = (Option<&'a str>, Option<u32>, Option<u32>);

/// Matches the calls of both sides by `grain`, or as finely as they allow.
pub fn matched<'a>(sides: &Both<Vec<&'a AuditedCall>>, grain: Option<Grain>) -> (Matching, Vec<Stratum<'a>>) {
    let lines = sides.each_ref().map(|calls| calls.iter().map(|call| call.line.as_str()).collect::<BTreeSet<_>>());
    let by_line = !lines[0].is_disjoint(&lines[1]);
    if let Some(grain) = grain {
        let (matching, strata) = by(sides, grain, by_line);
        return (Matching { told: true, ..matching }, strata);
    }
    let fits = |(matching, strata): &(Matching, Vec<Stratum>), least: f64| {
        let left = |i: usize| matching.calls[i] > 0 && matching.calls[i] as f64 >= least * sides[i].len() as f64;
        let calls = matching.calls[0] + matching.calls[1];
        left(0) && left(1) && calls as f64 >= MIN_CALLS_A_STRATUM * strata.len() as f64
    };
    let mut tried = MIN_LEFT.into_iter().map(|(grain, least)| (by(sides, grain, by_line), least));
    let found = tried.find(|(found, least)| fits(found, *least)).map(|(found, _)| found);
    found.unwrap_or_else(|| by(sides, Grain::Nothing, by_line))
}

fn by<'a>(sides: &Both<Vec<&'a AuditedCall>>, grain: Grain, by_line: bool) -> (Matching, Vec<Stratum<'a>>) {
    let mut untimed = [0, 0];
    let mut strata: BTreeMap<Key, Both<Vec<&AuditedCall>>> = BTreeMap::new();
    for (side, calls) in sides.iter().enumerate() {
        for &call in calls {
            let line = by_line.then_some(call.line.as_str());
            let (weekday, hour) = match (call.recorded_at, grain) {
                (_, Grain::Nothing) => (None, None),
                (None, _) => {
                    untimed[side] += 1;
                    continue;
                }
                (Some(at), Grain::WeekdayHour) => (Some(at.weekday().num_days_from_monday()), Some(at.hour())),
                (Some(at), Grain::Hour) => (None, Some(at.hour())),
                (Some(at), Grain::Weekday) => (Some(at.weekday().num_days_from_monday()), None),
            };
            strata.entry((line, weekday, hour)).or_default()[side].push(call);
        }
    }
    strata.retain(|_, [before, after]| !before.is_empty() && !after.is_empty());
    let mut strata: Vec<Stratum> = strata.into_iter().map(|((line, _, _), calls)| Stratum { line, calls }).collect();
    let found = counts(&strata);
    even_out(&mut strata);
    let calls = counts(&strata);
    let times = sides.each_ref().map(|calls| calls.iter().filter_map(|call| call.recorded_at).collect::<Vec<_>>());
    let matching = Matching {
        grain,
        told: false,
        by_line,
        strata: strata.len(),
        calls,
        left_out: [0, 1].map(|side| sides[side].len() - found[side] - untimed[side]),
        untimed,
        evened_out: [0, 1].map(|side| found[side] - calls[side]),
        wrong_way_round: times[0].iter().min().zip(times[1].iter().max()).is_some_and(|(before, after)| before > after),
    };
    (matching, strata)
}

fn counts(strata: &[Stratum<'_>]) -> Both<usize> {
    [0, 1].map(|side| strata.iter().map(|stratum| stratum.calls[side].len()).sum())
}

/// Where strata hold other shares of the calls before than after, takes calls out of those that one side has too many in,
/// evenly spread over time. A side's busy hours would else make its whole wait longer.
fn even_out(strata: &mut [Stratum<'_>]) {
    let [before, after] = counts(strata).map(|n| n as f64);
    let off = |s: &Stratum| (s.calls[0].len() as f64 / before - s.calls[1].len() as f64 / after).abs();
    if strata.iter().map(off).sum::<f64>() / 2.0 <= MAX_UNEVEN {
        return;
    }
    let ratio = after / before;
    for stratum in strata {
        let [n, m] = stratum.calls.each_ref().map(|calls| calls.len() as f64);
        let kept = [n.min(m / ratio), m.min(n * ratio)].map(|n| (n.round() as usize).max(1));
        for (calls, kept) in stratum.calls.iter_mut().zip(kept) {
            calls.sort_by(|a, b| a.recorded_at.cmp(&b.recorded_at).then_with(|| a.file.cmp(&b.file)));
            let all = calls.len();
            *calls = (0..kept.min(all)).map(|i| calls[(2 * i + 1) * all / (2 * kept.min(all))]).collect();
        }
    }
}

/// The calls that are in both audits: the same recording, or (of audits that do not tell) the same file at the same moment.
pub(super) fn same_calls(sides: &Both<Vec<&AuditedCall>>) -> Option<Caution> {
    let content = |call: &&AuditedCall| call.content.clone();
    let place = |call: &&AuditedCall| Some(format!("{} {}", call.recorded_at?, call.file.rsplit('/').next()?));
    let both = |key: &dyn Fn(&&AuditedCall) -> Option<String>| {
        let [before, after] = sides.each_ref().map(|calls| calls.iter().filter_map(key).collect::<BTreeSet<_>>());
        before.intersection(&after).count()
    };
    let same = both(&content).max(both(&place));
    (same > 0).then_some(Caution::SameCalls(same))
}
