//! The share of callers who have spoken to a person by a moment, with the calls that ended before counted as far as they
//! went.
//!
//! Kaplan and Meier (1958), "Nonparametric estimation from incomplete observations", J. Am. Stat. Assoc. 53; band by
//! Greenwood's variance on the log(-log) scale, Kalbfleisch and Prentice (2002), section 1.4.

use super::{
    Range,
    normal::{Z_95, chi_squared_upper_tail},
};
use crate::{random::Random, units::Seconds};

/// Products of shares are not exact.
const SLACK: f64 = 1e-9;

/// One call: how long its caller waited, and whether for a person or in vain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// How long, in seconds.
    pub wait_s: Seconds,
    /// Whether a person ended the wait; else it is censored there.
    pub person: bool,
}

/// The curve after one moment at which a person spoke.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The moment, in seconds.
    pub at_s: Seconds,
    /// Share of callers who have spoken to a person by then, 0 to 1.
    pub share: f64,
    /// The 95 % interval of that share; `None` where the share is 1, of which the formula cannot tell.
    pub band: Option<(f64, f64)>,
}

/// The estimated curve. It is 0 before the first step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KaplanMeier {
    /// Its steps upward, in time's order.
    pub steps: Vec<Step>,
    /// When each censored call ended, in time's order.
    pub censored_s: Vec<Seconds>,
    /// How many calls it rests on.
    pub n: usize,
    /// The longest wait of all, where the curve ends.
    pub last_s: Seconds,
}

impl KaplanMeier {
    /// The curve of these calls, in any order. At the same moment persons come before endings, as is the convention.
    pub fn of(observations: &[Observation]) -> Self {
        let calls = in_order(observations);
        let mut curve = Self { n: calls.len(), last_s: calls.last().map_or(0.0, |c| c.wait_s), ..Self::default() };
        let (mut waiting, mut variance_sum) = (1.0, 0.0);
        let mut passed = 0;
        for group in calls.chunk_by(|a, b| a.wait_s == b.wait_s && a.person == b.person) {
            let (at_s, at_risk) = (group[0].wait_s, (calls.len() - passed) as f64);
            passed += group.len();
            if !group[0].person {
                curve.censored_s.extend(group.iter().map(|c| c.wait_s));
                continue;
            }
            let spoke = group.len() as f64;
            waiting *= 1.0 - spoke / at_risk;
            variance_sum += spoke / (at_risk * (at_risk - spoke));
            let band = (spoke < at_risk).then(|| {
                let spread = Z_95 * f64::sqrt(variance_sum) / f64::ln(waiting).abs();
                (1.0 - f64::powf(waiting, f64::exp(-spread)), 1.0 - f64::powf(waiting, f64::exp(spread)))
            });
            curve.steps.push(Step { at_s, share: 1.0 - waiting, band });
        }
        curve
    }

    /// The share of callers who have spoken to a person by a moment.
    pub fn share_at(&self, moment: Seconds) -> f64 {
        self.steps.iter().rev().find(|step| step.at_s <= moment).map_or(0.0, |step| step.share)
    }

    /// The first moment by which that share has spoken to a person; `None` if the curve never gets there.
    pub fn quantile_s(&self, share: f64) -> Option<Seconds> {
        self.steps.iter().find(|step| step.share >= share - SLACK).map(|step| step.at_s)
    }

    /// That moment with its interval: the moments at which the band holds the share. `None` if the curve never gets there; an
    /// end is open where the band holds the share as far as it goes.
    ///
    /// Brookmeyer and Crowley (1982), "A confidence interval for the median survival time", Biometrics 38, on the scale of
    /// the band.
    pub fn quantile_with_interval(&self, share: f64) -> Option<Range> {
        let first = |end: fn((f64, f64)) -> f64| {
            let reaches = |step: &&Step| step.band.is_some_and(|band| end(band) >= share - SLACK);
            self.steps.iter().find(reaches).map(|step| step.at_s)
        };
        Some(Range { value: self.quantile_s(share)?, low: first(|band| band.1), high: first(|band| band.0) })
    }
}

/// How often the calls are drawn anew for an interval.
const DRAWS: usize = 2_000;
/// What decides which calls are drawn: the same calls always give the same interval.
const SEED: u64 = 1979;

/// By how much later that share of callers has spoken to a person in `after` than in `before`, in seconds: the difference
/// of the curves' quantiles. `None` if either curve never gets there; an end is open where too many of the draws do not.
///
/// The interval is the percentile bootstrap of Efron (1981), "Censored data and the bootstrap", J. Am. Stat. Assoc. 76:
/// calls are drawn anew with their endings, on each side apart.
pub fn quantile_difference(before: &[Observation], after: &[Observation], share: f64) -> Option<Range> {
    let (before, after) = (in_order(before), in_order(after));
    let at = |calls: &[Observation]| drawn_quantile(calls, share, |_| 1);
    let value = at(&after)? - at(&before)?;
    let mut random = Random::new(SEED);
    let mut again = |calls: &[Observation]| {
        let mut times = vec![0_usize; calls.len()];
        (0..calls.len()).for_each(|_| times[random.below(calls.len())] += 1);
        drawn_quantile(calls, share, |i| times[i])
    };
    let (mut lows, mut highs) = (vec![], vec![]);
    for _ in 0..DRAWS {
        // of two curves that never get there nothing is known, so either end has to allow for it
        let (low, high) = match (again(&before), again(&after)) {
            (Some(before), Some(after)) => (after - before, after - before),
            (None, Some(_)) => (f64::NEG_INFINITY, f64::NEG_INFINITY),
            (Some(_), None) => (f64::INFINITY, f64::INFINITY),
            (None, None) => (f64::NEG_INFINITY, f64::INFINITY),
        };
        lows.push(low);
        highs.push(high);
    }
    lows.sort_by(f64::total_cmp);
    highs.sort_by(f64::total_cmp);
    let finite = |end: f64| Some(end).filter(|end| end.is_finite());
    let tail = DRAWS / 40;
    Some(Range { value, low: finite(lows[tail]), high: finite(highs[DRAWS - 1 - tail]) })
}

/// By the length of the wait; at the same moment persons come before endings.
fn in_order(observations: &[Observation]) -> Vec<Observation> {
    let mut calls = observations.to_vec();
    calls.sort_by(|a, b| a.wait_s.total_cmp(&b.wait_s).then(b.person.cmp(&a.person)));
    calls
}

/// The quantile of the curve of calls in order, each of them taken so many times.
fn drawn_quantile(calls: &[Observation], share: f64, times: impl Fn(usize) -> usize) -> Option<Seconds> {
    let mut at_risk: usize = (0..calls.len()).map(&times).sum();
    let mut waiting = 1.0;
    for (i, call) in calls.iter().enumerate() {
        let n = times(i);
        if call.person && n > 0 {
            waiting *= 1.0 - n as f64 / at_risk as f64;
            if 1.0 - waiting >= share - SLACK {
                return Some(call.wait_s);
            }
        }
        at_risk -= n;
    }
    None
}

/// The log-rank test of two groups of calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRank {
    /// Calls in which a person spoke, in the second group.
    pub observed: f64,
    /// As many of them as were to be expected if both groups were alike.
    pub expected: f64,
    /// How much that number varies by chance.
    pub variance: f64,
    /// χ² of one degree of freedom.
    pub chi_squared: f64,
    /// The chance of so large a difference if both were alike.
    pub p: f64,
}

impl LogRank {
    /// How many times as often a person comes on the line in the second group, a second's waiting for a second's: the
    /// one-step estimate of Peto et al. (1977), Br. J. Cancer 35.
    pub fn rate_ratio(&self) -> f64 {
        ((self.observed - self.expected) / self.variance).exp()
    }
}

/// Whether persons come on the line at another rate in `after` than in `before`, stratum by stratum (an hour of the day,
/// a weekday; one stratum for all calls alike). `None` where no call can tell.
///
/// Mantel (1966), "Evaluation of survival data and two new rank order statistics arising in its consideration", Cancer
/// Chemother. Rep. 50; Peto and Peto (1972) for the strata.
pub fn log_rank<'a>(strata: impl IntoIterator<Item = (&'a [Observation], &'a [Observation])>) -> Option<LogRank> {
    let (mut observed, mut expected, mut variance) = (0.0, 0.0, 0.0);
    for (before, after) in strata {
        let (mut still_before, mut still_after) = (before.len() as f64, after.len() as f64);
        let mut calls: Vec<(Observation, bool)> = before.iter().map(|&o| (o, false)).collect();
        calls.extend(after.iter().map(|&o| (o, true)));
        calls.sort_by(|(a, _), (b, _)| a.wait_s.total_cmp(&b.wait_s));
        for moment in calls.chunk_by(|(a, _), (b, _)| a.wait_s == b.wait_s) {
            let count =
                |of: &dyn Fn(&Observation, bool) -> bool| moment.iter().filter(|(o, b)| of(o, *b)).count() as f64;
            let (n, d) = (still_before + still_after, count(&|o, _| o.person));
            let share = still_after / n;
            observed += count(&|o, is_after| o.person && is_after);
            expected += d * share;
            if n > 1.0 {
                variance += d * share * (1.0 - share) * (n - d) / (n - 1.0);
            }
            still_before -= count(&|_, is_after| !is_after);
            still_after -= count(&|_, is_after| is_after);
        }
    }
    let chi_squared = (observed - expected) * (observed - expected) / variance;
    let p = chi_squared_upper_tail(chi_squared);
    (variance > 0.0).then_some(LogRank { observed, expected, variance, chi_squared, p })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observations(calls: &[(f64, bool)]) -> Vec<Observation> {
        calls.iter().map(|&(wait_s, person)| Observation { wait_s, person }).collect()
    }

    /// Freireich et al. (1963): weeks of remission, under a placebo and under 6-MP.
    fn leukaemia() -> (Vec<Observation>, Vec<Observation>) {
        let weeks = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0].map(|t| (t, true));
        let censored = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0].map(|t| (t, false));
        let placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
        (observations(&placebo.map(|t| (f64::from(t), true))), observations(&[&weeks[..], &censored[..]].concat()))
    }

    /// Worked by hand: 4 at risk at 10 s, 2 at 30 s (one ended at 20 s), the last one waits on.
    #[test]
    fn four_calls_by_hand() {
        let curve = KaplanMeier::of(&observations(&[(40.0, false), (10.0, true), (30.0, true), (20.0, false)]));
        let got: Vec<_> = curve.steps.iter().map(|s| (s.at_s, s.share)).collect();
        assert_eq!(got, [(10.0, 0.25), (30.0, 1.0 - 0.75 * 0.5)]);
        assert_eq!(curve.censored_s, [20.0, 40.0]);
        assert_eq!((curve.n, curve.last_s), (4, 40.0));
        assert_eq!((curve.quantile_s(0.5), curve.quantile_s(0.9)), (Some(30.0), None));
        assert_eq!((curve.share_at(9.9), curve.share_at(10.0)), (0.0, 0.25));
    }

    /// Remission times under 6-MP, Freireich et al. (1963): the worked example of most textbooks, among them Kleinbaum
    /// and Klein, "Survival Analysis", table 2.1; standard error at 23 weeks 0.1346.
    #[test]
    fn the_leukaemia_example_of_the_textbooks() {
        let curve = KaplanMeier::of(&leukaemia().1);
        let want = [
            (6.0, 0.8571),
            (7.0, 0.8067),
            (10.0, 0.7529),
            (13.0, 0.6902),
            (16.0, 0.6275),
            (22.0, 0.5378),
            (23.0, 0.4482),
        ];
        assert_eq!(curve.steps.len(), want.len());
        for (step, (at_s, waiting)) in curve.steps.iter().zip(want) {
            assert_eq!(step.at_s, at_s);
            assert!((1.0 - step.share - waiting).abs() < 5e-5, "{step:?}");
        }
        assert_eq!(curve.quantile_s(0.5), Some(23.0));
        // By hand from the standard error: S^exp(±1.96 * 0.1346 / (S |ln S|)).
        let s: f64 = 0.4482;
        let spread = f64::exp(Z_95 * 0.1346 / (s * s.ln().abs()));
        let (low, high) = curve.steps[6].band.expect("there is a band");
        assert!((1.0 - high - s.powf(spread)).abs() < 1e-3 && (1.0 - low - s.powf(1.0 / spread)).abs() < 1e-3);
    }

    /// Both groups of Freireich et al.: 9 of 21 under 6-MP where 19.25 were expected, χ² 16.793 (Kleinbaum and Klein,
    /// section 2.V).
    #[test]
    fn the_log_rank_test_of_the_leukaemia_example() {
        let (placebo, treated) = leukaemia();
        let got = log_rank([(&placebo[..], &treated[..])]).unwrap();
        assert_eq!(got.observed, 9.0);
        assert!((got.expected - 19.25).abs() < 0.01 && (got.chi_squared - 16.793).abs() < 5e-4, "{got:?}");
        assert!((got.p - 4.17e-5).abs() < 1e-7);
        // by the variance, 6.257 (Kleinbaum and Klein, the same section): exp((9 - 19.25) / 6.257)
        assert!((got.variance - 6.257).abs() < 1e-3 && (got.rate_ratio() - 0.1943).abs() < 5e-4, "{got:?}");
        // the same calls twice, as two strata: twice the evidence
        let twice = log_rank([(&placebo[..], &treated[..]), (&placebo[..], &treated[..])]).unwrap();
        assert!((twice.chi_squared - 2.0 * got.chi_squared).abs() < 1e-9);
        assert_eq!(log_rank([(&placebo[..0], &treated[9..])]), None);
    }

    /// Medians of the same two groups as SAS's LIFETEST prints them: 23 (13 to no end) and 8 (4 to 11) weeks.
    #[test]
    fn the_medians_of_the_leukaemia_example_with_their_intervals() {
        let (placebo, treated) = leukaemia();
        let median = |calls: &[Observation]| KaplanMeier::of(calls).quantile_with_interval(0.5);
        assert_eq!(median(&treated), Some(Range { value: 23.0, low: Some(13.0), high: None }));
        assert_eq!(median(&placebo), Some(Range { value: 8.0, low: Some(4.0), high: Some(11.0) }));
        assert_eq!(KaplanMeier::of(&treated).quantile_with_interval(0.9), None, "never reached");
        let later = quantile_difference(&placebo, &treated, 0.5).unwrap();
        assert_eq!((later.value, later.high), (15.0, None), "half of the draws of 6-MP never get to the median");
        assert!(later.low.is_some_and(|low| (2.0..12.0).contains(&low)), "{later:?}");
        // the other way round it is the same interval seen from the other end
        let sooner = quantile_difference(&treated, &placebo, 0.5).unwrap();
        assert_eq!((sooner.value, sooner.low), (-15.0, None));
        assert_eq!(quantile_difference(&placebo, &treated, 0.5), Some(later), "the same calls, the same interval");
    }

    /// Where no call ended early, the interval is that of the median of plain numbers.
    #[test]
    fn without_endings_the_interval_is_as_wide_as_medians_vary() {
        let calls: Vec<_> = (0..100).map(|i| Observation { wait_s: f64::from(i), person: true }).collect();
        let later: Vec<_> = calls.iter().map(|o| Observation { wait_s: o.wait_s + 40.0, ..*o }).collect();
        let got = quantile_difference(&calls, &later, 0.5).unwrap();
        // the median of n even numbers over a width w varies with w / (2 sqrt n), a difference with sqrt 2 times that
        let half = Z_95 * f64::sqrt(2.0) * 100.0 / (2.0 * 10.0);
        let (low, high) = (got.low.unwrap(), got.high.unwrap());
        assert_eq!(got.value, 40.0);
        assert!((low - (40.0 - half)).abs() < 4.0 && (high - (40.0 + half)).abs() < 4.0, "{got:?} against {half}");
    }

    #[test]
    fn everyone_got_through_at_once_or_nobody_did() {
        let all = KaplanMeier::of(&observations(&[(5.0, true), (5.0, true)]));
        assert_eq!(all.steps, [Step { at_s: 5.0, share: 1.0, band: None }]);
        let none = KaplanMeier::of(&observations(&[(5.0, false)]));
        assert!(none.steps.is_empty() && none.quantile_s(0.5).is_none());
        assert_eq!(KaplanMeier::of(&[]), KaplanMeier::default());
    }
}
