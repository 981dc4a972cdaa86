//! The share of callers who have spoken to a person by a moment, with the calls that ended before counted as far as they
//! went.
//!
//! Kaplan and Meier (1958), "Nonparametric estimation from incomplete observations", J. Am. Stat. Assoc. 53; band by
//! Greenwood's variance on the log(-log) scale, Kalbfleisch and Prentice (2002), section 1.4.

use super::{
    Range,
    normal::{Z_95, chi_squared_upper_tail},
};
use crate::units::Seconds;

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
        let mut calls = observations.to_vec();
        calls.sort_by(|a, b| a.wait_s.total_cmp(&b.wait_s).then(b.person.cmp(&a.person)));
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

/// The log-rank test of two groups of calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRank {
    /// Calls in which a person spoke, in the second group.
    pub observed: f64,
    /// As many of them as were to be expected if both groups were alike.
    pub expected: f64,
    /// χ² of one degree of freedom.
    pub chi_squared: f64,
    /// The chance of so large a difference if both were alike.
    pub p: f64,
}

/// Whether persons come on the line at another rate in `after` than in `before`, stratum by stratum (an hour of the day,
/// a weekday; one stratum for all calls alike). `None` where no call can tell.
///
/// Mantel (1966), "Evaluation of survival data and two new rank order statistics arising in its consideration", Cancer
/// Chemother. Rep. 50; Peto and Peto (1972) for the strata.
pub fn log_rank<'a>(strata: impl IntoIterator<Item = (&'a [Observation], &'a [Observation])>) -> Option<LogRank> {
    let (mut observed, mut expected, mut variance) = (0.0, 0.0, 0.0);
    for (before, after) in strata {
        let mut moments: Vec<Seconds> = before.iter().chain(after).filter(|o| o.person).map(|o| o.wait_s).collect();
        moments.sort_by(f64::total_cmp);
        moments.dedup();
        for at in moments {
            let count = |calls: &[Observation], counts: &dyn Fn(&Observation) -> bool| {
                calls.iter().filter(|o| counts(o)).count() as f64
            };
            let at_risk = |calls| count(calls, &|o| o.wait_s >= at);
            let spoke = |calls| count(calls, &|o| o.person && o.wait_s == at);
            let (n, d) = (at_risk(before) + at_risk(after), spoke(before) + spoke(after));
            let share = at_risk(after) / n;
            observed += spoke(after);
            expected += d * share;
            if n > 1.0 {
                variance += d * share * (1.0 - share) * (n - d) / (n - 1.0);
            }
        }
    }
    let chi_squared = (observed - expected) * (observed - expected) / variance;
    (variance > 0.0).then(|| LogRank { observed, expected, chi_squared, p: chi_squared_upper_tail(chi_squared) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observations(calls: &[(f64, bool)]) -> Vec<Observation> {
        calls.iter().map(|&(wait_s, person)| Observation { wait_s, person }).collect()
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
        let weeks = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0].map(|t| (t, true));
        let censored = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0].map(|t| (t, false));
        let curve = KaplanMeier::of(&observations(&[&weeks[..], &censored[..]].concat()));
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
        let weeks = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0].map(|t| (t, true));
        let censored = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0].map(|t| (t, false));
        let placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
        let placebo = observations(&placebo.map(|t| (f64::from(t), true)));
        let treated = observations(&[&weeks[..], &censored[..]].concat());
        let got = log_rank([(&placebo[..], &treated[..])]).unwrap();
        assert_eq!(got.observed, 9.0);
        assert!((got.expected - 19.25).abs() < 0.01 && (got.chi_squared - 16.793).abs() < 5e-4, "{got:?}");
        assert!((got.p - 4.17e-5).abs() < 1e-7);
        // the same calls twice, as two strata: twice the evidence
        let twice = log_rank([(&placebo[..], &treated[..]), (&placebo[..], &treated[..])]).unwrap();
        assert!((twice.chi_squared - 2.0 * got.chi_squared).abs() < 1e-9);
        assert_eq!(log_rank([(&placebo[..0], &treated[9..])]), None);
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
