//! Before and after: two audits held against each other, and what of their difference may be chance.
//!
//! Calls are matched first ([`matching`]): calls at hours (or weekdays, or to lines) that only one side has are left out, and
//! calls are held against calls of the same hour, of which both sides have the same share. Then each [`Measure`] is held against itself:
//!
//! | kind | shown | difference | test |
//! |---|---|---|---|
//! | waits that may end in nothing | median of Kaplan and Meier's curve | of the medians, bootstrap | log-rank |
//! | other figures of a call | median | shift of Hodges and Lehmann | Mann and Whitney, over strata van Elteren |
//! | shares of the calls | share, Wilson | Newcombe, over strata Mantel and Haenszel | Mantel and Haenszel |
//!
//! One measure decides: the whole wait, from the first ring to a person. The chances of all others are made larger for
//! there being so many of them (Holm), because of twenty tests one comes out by chance.

pub mod matching;
mod measure;
pub mod plan;
#[cfg(test)]
pub(crate) mod tests;

use crate::{
    audit::{Audit, AuditedCall},
    metrics::Outcome,
    norms::{Clock, Norm, Reading},
    statistics::{
        Range, holm,
        power::{Power, persons_for_waits, visible_ratio},
        survival::{KaplanMeier, LogRank, Observation},
    },
};
use matching::{Grain, Matching, Stratum};
pub use measure::{Kind, Measure};

/// Fewer calls than this on a side that tell of a measure are too few to say much, whatever a test says of them.
pub const MIN_CALLS: usize = 10;

/// The chance below which a difference is no longer put down to chance.
const SIGNIFICANT: f64 = 0.05;

/// The two sides of a comparison, always in this order.
pub type Both<T> = [T; 2];

/// Two audits, held against each other.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    /// How calls were matched.
    pub matching: Matching,
    /// All lines together.
    pub whole: Changes<'a>,
    /// Each line apart, where both audits have the same several ones.
    pub lines: Vec<Changes<'a>>,
    /// What a reader has to know before believing any of it.
    pub cautions: Vec<Caution>,
}

/// What changed, of all calls that were compared or of those to one line.
#[derive(Clone, Debug)]
pub struct Changes<'a> {
    /// The line; `None`: all together.
    pub line: Option<&'a str>,
    /// The calls that were compared.
    pub calls: Both<Vec<&'a AuditedCall>>,
    /// Every measure that either side has, the whole wait first.
    pub measures: Vec<Change<'a>>,
    /// The test of the whole wait, if any call can tell.
    pub log_rank: Option<LogRank>,
}

/// One measure before and after.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// What is measured.
    pub measure: Measure<'a>,
    /// What it came to on either side.
    pub sides: Both<Side>,
    /// How much more it is afterwards; `None` where that cannot be said.
    pub difference: Option<Range>,
    /// What tells it from chance.
    pub test: Option<Test>,
    /// The chance of the test, made larger for the number of measures; the whole wait's own chance as it is.
    pub adjusted_p: Option<f64>,
    /// What follows.
    pub verdict: Verdict,
}

/// A measure on one side.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Side {
    /// Calls that tell.
    pub calls: usize,
    /// Those of them that ended without what was waited for.
    pub unanswered: usize,
    /// Calls that have no such thing: no queue, no key, no menu.
    pub without: usize,
    /// Calls that do not tell.
    pub unknown: usize,
    /// The median, or the share; `None` where no call tells, or half of the callers never got there.
    pub value: Option<Range>,
}

/// A test of whether both sides are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// Which.
    pub kind: TestKind,
    /// The chance of so large a difference if they were.
    pub p: f64,
}

/// The tests that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// Of waits that may end in nothing.
    LogRank,
    /// Of figures, all calls together.
    MannWhitney,
    /// Of figures, hour by hour.
    VanElteren,
    /// Of shares.
    MantelHaenszel,
}

impl TestKind {
    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::LogRank => "log_rank",
            Self::MannWhitney => "mann_whitney",
            Self::VanElteren => "van_elteren",
            Self::MantelHaenszel => "mantel_haenszel",
        }
    }
}

/// What follows of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It became less.
    Less,
    /// It became more.
    More,
    /// It seems to have become less: by itself hardly chance, but one of so many measures may come out like that.
    SeemsLess,
    /// It seems to have become more.
    SeemsMore,
    /// What difference there is may be chance.
    MayBeChance,
    /// There are too few calls to say.
    TooFew,
    /// One side has nothing to compare.
    Unknown,
}

impl Verdict {
    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Less => "less",
            Self::More => "more",
            Self::SeemsLess => "seems_less",
            Self::SeemsMore => "seems_more",
            Self::MayBeChance => "may_be_chance",
            Self::TooFew => "too_few",
            Self::Unknown => "unknown",
        }
    }
}

/// What a reader has to know before believing a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Caution {
    /// So few calls tell of the whole wait.
    FewCalls(Both<usize>),
    /// In so few of the calls a person spoke.
    FewPersons(Both<usize>),
    /// So many calls were ended by the line itself; in the curve they count as if their callers would have waited on.
    EndedByLine(Both<usize>),
    /// So many calls lie at hours (weekdays, lines) that the other side has none at.
    LeftOut(Both<usize>),
    /// So many calls do not say when they were made, and stand apart.
    Untimed(Both<usize>),
    /// Nothing could be matched: calls at other hours or weekdays are held against each other.
    Unmatched,
    /// So many calls were taken out so that each hour (weekday, line) has the same share of both sides.
    EvenedOut(Both<usize>),
    /// Of so many calls the wait cannot be measured.
    NotMeasurable(Both<usize>),
    /// So many recordings could not be read.
    Unreadable(Both<usize>),
    /// So many calls are in both audits.
    SameCalls(usize),
    /// The calls before were made after those after.
    WrongWayRound,
}

impl Changes<'_> {
    /// The whole wait, which decides.
    pub fn whole_wait(&self) -> &Change<'_> {
        &self.measures[0]
    }

    /// The curves of the whole wait.
    pub fn curves(&self) -> Both<KaplanMeier> {
        self.calls.each_ref().map(|calls| KaplanMeier::of(&observations(Clock::Total, calls).0))
    }

    /// How many of the calls came to a person, of those whose wait can be measured.
    pub fn persons(&self) -> Both<usize> {
        self.whole_wait().sides.map(|side| side.calls - side.unanswered)
    }

    /// Calls a side with which a change of the whole wait as large as the one that was measured would probably show; `None`
    /// where there is none.
    pub fn calls_needed(&self) -> Option<usize> {
        let persons = persons_for_waits(self.log_rank?.rate_ratio(), Power::Eighty)? as f64;
        let calls: usize = self.whole_wait().sides.iter().map(|side| side.calls).sum();
        let share = self.persons().iter().sum::<usize>() as f64 / calls as f64;
        let needed = persons / share / 2.0;
        needed.is_finite().then_some(needed.ceil() as usize)
    }

    /// The smallest change of the whole wait that so many calls would probably show: by which share it has to become shorter.
    pub fn smallest_visible(&self) -> f64 {
        1.0 - visible_ratio(self.persons().iter().sum(), Power::Eighty)
    }

    /// A call of each side as the middle caller has it: that whose whole wait lies nearest to the median.
    pub fn typical(&self) -> Option<Both<&AuditedCall>> {
        let medians = self.whole_wait().sides.map(|side| side.value.map(|v| v.value));
        let typical = |side: usize| {
            let waits =
                self.calls[side].iter().filter_map(|call| match Clock::Total.read(call.finding.as_ref().ok()?) {
                    Reading::Waited { wait_s, came, .. } => Some((*call, wait_s, came)),
                    _ => None,
                });
            match medians[side] {
                Some(median) => waits
                    .filter(|(_, _, came)| *came)
                    .min_by(|a, b| (a.1 - median).abs().total_cmp(&(b.1 - median).abs()).then(a.0.file.cmp(&b.0.file))),
                // half of the callers never got there: the one who waited longest shows it
                None => waits.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.file.cmp(&a.0.file))),
            }
        };
        Some([typical(0)?.0, typical(1)?.0])
    }
}

/// Holds `after` against `before`, matched by `grain` (`None`: as finely as the calls allow).
pub fn compare<'a>(before: &'a Audit, after: &'a Audit, norms: &'a [Norm], grain: Option<Grain>) -> Comparison<'a> {
    let heard = |audit: &'a Audit| audit.calls.iter().filter(|call| call.finding.is_ok()).collect::<Vec<_>>();
    let all = [heard(before), heard(after)];
    let (matching, strata) = matching::matched(&all, grain);
    let whole = changes(None, &strata, norms);
    let mut lines: Vec<&str> = strata.iter().filter_map(|stratum| stratum.line).collect();
    lines.dedup();
    let of_line = |line: &&'a str| {
        let own: Vec<Stratum> = strata.iter().filter(|stratum| stratum.line == Some(line)).cloned().collect();
        changes(Some(line), &own, norms)
    };
    let lines = if lines.len() > 1 { lines.iter().map(of_line).collect() } else { vec![] };
    let mut cautions = cautions(&matching, &whole);
    let unreadable = [before.calls.len() - all[0].len(), after.calls.len() - all[1].len()];
    cautions.extend((unreadable != [0, 0]).then_some(Caution::Unreadable(unreadable)));
    cautions.extend(matching::same_calls(&all));
    Comparison { matching, whole, lines, cautions }
}

/// All measures of these strata.
fn changes<'a>(line: Option<&'a str>, strata: &[Stratum<'a>], norms: &'a [Norm]) -> Changes<'a> {
    let mut log_rank = None;
    let mut measures: Vec<Change> = vec![];
    for measure in Measure::all(norms) {
        let (change, ranks) = measure.held(strata);
        if measures.is_empty() {
            log_rank = ranks;
        } else if change.sides.iter().all(|side| side.calls == 0) || change.is_nothing() {
            continue;
        }
        measures.push(change);
    }
    let (first, rest) = measures.split_first_mut().expect("there is always the whole wait");
    let chances: Vec<f64> = rest.iter().filter_map(|change| Some(change.test?.p)).collect();
    let adjusted = holm(&chances);
    first.judge(first.test.map(|test| test.p));
    for (change, p) in rest.iter_mut().filter(|change| change.test.is_some()).zip(adjusted) {
        change.judge(Some(p));
    }
    rest.iter_mut().filter(|change| change.test.is_none()).for_each(|change| change.judge(None));
    let side = |i: usize| strata.iter().flat_map(|stratum| stratum.calls[i].iter().copied()).collect();
    Changes { line, calls: [side(0), side(1)], measures, log_rank }
}

impl Change<'_> {
    /// Whether not a single call on either side had any of it: no menus, no apologies.
    fn is_nothing(&self) -> bool {
        let all_alike = self.test.is_some_and(|test| test.p >= 1.0) && self.measure.kind() != Kind::Share;
        let none = |range: Range| range.value == 0.0 && range.high.is_none_or(|high| high == 0.0);
        all_alike && self.sides.iter().all(|side| side.value.is_some_and(none))
    }

    /// Whether there is more to it than chance, as far as this measure alone tells.
    pub fn stands_out(&self) -> bool {
        matches!(self.verdict, Verdict::Less | Verdict::More | Verdict::SeemsLess | Verdict::SeemsMore)
    }

    /// Says what follows from the (adjusted) chance. The direction is in `verdict` already, where there is one.
    fn judge(&mut self, p: Option<f64>) {
        self.adjusted_p = p;
        let few = self.sides.iter().any(|side| side.calls < MIN_CALLS);
        // a measure that shows nothing cannot seem to have changed
        let shown = self.difference.is_none_or(|d| d.value != 0.0);
        // nor one whose own interval allows for no change
        let none = |d: Range| d.low.is_some_and(|low| low <= 0.0) && d.high.is_some_and(|high| high >= 0.0);
        let clear = shown && !self.difference.is_some_and(none);
        let alone = clear && self.test.is_some_and(|test| test.p < SIGNIFICANT);
        self.verdict = match (p, self.verdict) {
            _ if self.sides.iter().any(|side| side.calls == 0) => Verdict::Unknown,
            (Some(p), direction @ (Verdict::Less | Verdict::More)) if p < SIGNIFICANT => direction,
            (_, Verdict::Less) if alone => Verdict::SeemsLess,
            (_, Verdict::More) if alone => Verdict::SeemsMore,
            _ if few => Verdict::TooFew,
            _ => Verdict::MayBeChance,
        };
    }
}

/// The waits of calls on a clock; how many have none, and of how many it is not known.
fn observations(clock: Clock, calls: &[&AuditedCall]) -> (Vec<Observation>, usize, usize) {
    let (mut waits, mut without, mut unknown) = (vec![], 0, 0);
    for call in calls {
        match call.finding.as_ref().map(|analysis| clock.read(analysis)) {
            Ok(Reading::Waited { wait_s, came, .. }) if wait_s.is_finite() => {
                waits.push(Observation { wait_s, person: came });
            }
            Ok(Reading::NeverStarted) => without += 1,
            _ => unknown += 1,
        }
    }
    (waits, without, unknown)
}

fn cautions(matching: &Matching, whole: &Changes<'_>) -> Vec<Caution> {
    /// Fewer callers than this who spoke to a person on a side, and the log-rank test is a rough one.
    const MIN_PERSONS: usize = 5;
    /// From this share of calls on that do not tell, those that do may be others.
    const MANY_UNKNOWN: f64 = 0.2;
    let wait = whole.whole_wait();
    let mut cautions = vec![];
    let calls = wait.sides.map(|side| side.calls);
    if calls.iter().any(|&n| n < MIN_CALLS) {
        cautions.push(Caution::FewCalls(calls));
    } else if whole.persons().iter().any(|&n| n < MIN_PERSONS) {
        cautions.push(Caution::FewPersons(whole.persons()));
    }
    let by_line = [Outcome::Voicemail, Outcome::Closed, Outcome::NoAnswer, Outcome::Busy]
        .into_iter()
        .chain([Outcome::Congestion, Outcome::Unobtainable])
        .collect::<Vec<_>>();
    let ended = whole.calls.each_ref().map(|calls| {
        let outcome = |call: &&&AuditedCall| call.finding.as_ref().ok().and_then(|a| a.metrics.outcome.value);
        calls.iter().filter(|call| outcome(call).is_some_and(|o| by_line.contains(&o))).count()
    });
    cautions.extend((ended != [0, 0]).then_some(Caution::EndedByLine(ended)));
    cautions.extend((matching.left_out != [0, 0]).then_some(Caution::LeftOut(matching.left_out)));
    cautions.extend((matching.untimed != [0, 0]).then_some(Caution::Untimed(matching.untimed)));
    cautions.extend((matching.grain == Grain::Nothing && !matching.told).then_some(Caution::Unmatched));
    cautions.extend((matching.evened_out != [0, 0]).then_some(Caution::EvenedOut(matching.evened_out)));
    let unknown = wait.sides.map(|side| side.unknown);
    let many = |side: &Side| side.unknown as f64 > MANY_UNKNOWN * (side.calls + side.unknown) as f64;
    cautions.extend(wait.sides.iter().any(many).then_some(Caution::NotMeasurable(unknown)));
    cautions.extend(matching.wrong_way_round.then_some(Caution::WrongWayRound));
    cautions
}
