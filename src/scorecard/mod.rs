//! The critique of waiting lines as a scorecard: point by point what a caller lives through, measured.
//!
//! The points are those of the old complaint "all our lines are engaged": how often it rings before a machine answers,
//! whether it says whose line it is, the same message again, the tune and how often it comes round, layers of menus, how
//! many callers are before you, the advice to call back later, the minutes until a person. [`scores`] reads each of them off the
//! calls of an audit; what a point says of a call, and of which calls it says nothing, stands in [`point`].
//!
//! A point has no norm of its own. It is judged only by the norms and promises that the user named ([`Score::verdicts`]).

pub mod point;
mod topic;

use std::collections::BTreeMap;

pub use point::{Measure, Point, Reading, Why};
pub use topic::Topic;

use crate::{
    audit::{Audit, AuditedCall},
    interval::Interval,
    norms::{Norm, Verdict, judge},
    statistics::{
        ranks::{quantile, quantile_places},
        survival::{KaplanMeier, Observation},
    },
};
use point::Line;

/// One point, over all calls or those to one line.
#[derive(Clone, Debug)]
pub struct Score<'a> {
    /// What is looked at.
    pub point: Point,
    /// The line; `None`: all lines together.
    pub line: Option<&'a str>,
    /// How many calls tell.
    pub n: usize,
    /// What each of these says, in the audit's order.
    pub told: Vec<Told<'a>>,
    /// The places in the audit of the calls that should tell and do not.
    pub unknown: Vec<usize>,
    /// In how many of the `n` it happened at all: the value is above 0 (for the wait: a person came).
    pub happened: usize,
    /// The middle value, in the unit of the point's measure. For the wait by Kaplan and Meier, absent where fewer than half
    /// reach anybody; absent for a yes or no.
    pub median: Option<f64>,
    /// The call that is worst off, or the first of these.
    pub worst: Option<Told<'a>>,
    /// Why there is no value at all.
    pub why_not: Option<Why>,
    /// The norms and promises that judge this point.
    pub verdicts: Vec<Verdict<'a>>,
}

/// What one call says of a point.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// Which.
    pub call: &'a AuditedCall,
    /// Its place in the audit.
    pub index: usize,
    /// Its value.
    pub value: f64,
    /// Whether it happened at all in this call.
    pub happened: bool,
    /// Where to listen.
    pub from: Option<Interval>,
    /// The message that it is about.
    pub message: Option<String>,
}

impl Score<'_> {
    /// The calls that the median is read off: the middle one, or the two that it lies between.
    pub fn median_calls(&self) -> Vec<&Told<'_>> {
        match (self.point.measure(), self.median) {
            (Measure::Wait, Some(median)) => self.told.iter().filter(|t| t.happened && t.value == median).collect(),
            (_, None) => vec![],
            _ => {
                let values: Vec<f64> = self.told.iter().map(|t| t.value).collect();
                quantile_places(&values, 0.5).into_iter().map(|place| &self.told[place]).collect()
            }
        }
    }

    /// The share of the calls in which it happened.
    pub fn share(&self) -> Option<f64> {
        (self.n > 0).then(|| self.happened as f64 / self.n as f64)
    }
}

/// Every point over all calls of `audit` and, where there are several lines, for each of them, in the order of a call.
pub fn scores<'a>(audit: &'a Audit, norms: &'a [Norm]) -> Vec<Score<'a>> {
    let lines: BTreeMap<&str, Line> = audit.calls.iter().fold(BTreeMap::new(), |mut lines, call| {
        lines.entry(call.line.as_str()).or_insert_with(Line::default).hear(call);
        lines
    });
    let each: Vec<Option<&str>> = match lines.len() {
        0 | 1 => vec![None],
        _ => std::iter::once(None).chain(lines.keys().copied().map(Some)).collect(),
    };
    let of = |point: Point| each.iter().map(|line| score(point, *line, audit, &lines, norms)).collect::<Vec<_>>();
    Point::ALL.into_iter().flat_map(of).collect()
}

fn score<'a>(
    point: Point,
    line: Option<&'a str>,
    audit: &'a Audit,
    lines: &BTreeMap<&str, Line>,
    norms: &'a [Norm],
) -> Score<'a> {
    let concerned = audit.calls.iter().enumerate().filter(|(_, call)| line.is_none_or(|line| call.line == line));
    let (mut told, mut whys, mut unknown): (Vec<Told>, Vec<Why>, Vec<usize>) = (vec![], vec![], vec![]);
    let mut observed: Vec<Observation> = vec![];
    let mut not_asked: Vec<Why> = vec![];
    for (index, call) in concerned {
        let Ok(finding) = &call.finding else {
            whys.push(Why::Unread);
            unknown.push(index);
            continue;
        };
        match point.read(finding, &lines[call.line.as_str()]) {
            Reading::Value { value, from, message } => {
                told.push(Told { call, index, value, happened: value > 0.0, from, message });
            }
            Reading::Waited { wait_s, person, from } => {
                observed.push(Observation { wait_s, person });
                told.push(Told { call, index, value: wait_s, happened: person, from, message: None });
            }
            Reading::Unknown(why) => {
                whys.push(why);
                unknown.push(index);
            }
            Reading::NotAsked(why) => not_asked.push(why),
        }
    }
    let values: Vec<f64> = told.iter().map(|t| t.value).collect();
    let measure = point.measure();
    let median = match measure {
        Measure::Wait => KaplanMeier::of(&observed).quantile_s(0.5),
        Measure::Happens => None,
        _ => quantile(&values, 0.5),
    };
    let (n, happened) = (told.len(), told.iter().filter(|t| t.happened).count());
    let badness = |t: &Told| if point.low_is_worse() { -t.value } else { t.value };
    // the first of those that are as bad
    let worst = told.iter().reduce(|worst, next| if badness(next) > badness(worst) { next } else { worst }).cloned();
    Score {
        point,
        line,
        n,
        told,
        unknown,
        happened,
        median,
        worst,
        why_not: if n > 0 { None } else { why_not(whys, not_asked) },
        verdicts: norms
            .iter()
            .filter(|norm| point.is_judged_by(norm.what()))
            .map(|norm| judge(norm, audit, line))
            .filter(|verdict| !verdict.held.is_empty())
            .collect(),
    }
}

/// Why no call tells: what hinders those that should; else what most of the others lack, and least of all that no machine
/// picked up.
fn why_not(unknown: Vec<Why>, not_asked: Vec<Why>) -> Option<Why> {
    let (no_machine, lacking): (Vec<Why>, Vec<Why>) = not_asked.into_iter().partition(|why| *why == Why::NoMachine);
    most_frequent(unknown).or(most_frequent(lacking)).or(no_machine.into_iter().next()).or(Some(Why::NoCalls))
}

/// The reason that most calls give; the first of those that as many give.
fn most_frequent(whys: Vec<Why>) -> Option<Why> {
    let mut counted: Vec<(Why, usize)> = vec![];
    for why in whys {
        match counted.iter_mut().find(|(known, _)| *known == why) {
            Some((_, n)) => *n += 1,
            None => counted.push((why, 1)),
        }
    }
    counted.into_iter().reduce(|most, next| if next.1 > most.1 { next } else { most }).map(|(why, _)| why)
}

#[cfg(test)]
mod tests;
