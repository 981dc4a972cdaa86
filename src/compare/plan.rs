//! How many calls to make, before the first one is made.
//!
//! Shares and waits by formula ([`crate::statistics::power`]); waits by simulation where there are calls already to draw
//! from, because then nothing has to be assumed of how waits vary.

use crate::{
    audit::Audit,
    norms::{Clock, Kept, Norm, held},
    random::Random,
    statistics::{
        Estimate,
        power::{Power, calls_for_shares, persons_for_waits},
        share::Share,
        survival::{KaplanMeier, Observation, log_rank},
    },
    units::Seconds,
};

/// By how much waits may become shorter, as shares of what they are.
const SHORTER: [f64; 5] = [0.1, 0.2, 0.3, 0.4, 0.5];
/// Shares that may change, where no calls tell the present one.
const SHARES: [(f64, f64); 6] = [(0.5, 0.6), (0.5, 0.7), (0.65, 0.8), (0.8, 0.9), (0.8, 0.95), (0.9, 0.95)];
/// By how much a known share may change: up, and down where there is no room.
const STEPS: [f64; 4] = [0.1, 0.2, 0.3, 0.4];
/// How many calls of one side are looked at for how sharply they tell a share.
const SAMPLES: [usize; 6] = [5, 10, 20, 50, 100, 250];
/// The share that is looked at.
const SAMPLE_SHARE: f64 = 0.8;

/// Numbers of calls a side that are tried, a sixth or so apart.
const TRIED: [usize; 22] = [5, 6, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400];
/// How many comparisons are played for each number.
const PLAYED: usize = 500;
/// Fewer calls, or fewer of them with a person, are no basis to draw from.
const MIN_CALLS: usize = 10;
const MIN_PERSONS: usize = 5;
/// What decides which calls are drawn.
const SEED: u64 = 80;

/// The advice.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The calls that it draws from, if there are enough of them.
    pub basis: Option<Basis>,
    /// Why the calls that were given are none to draw from.
    pub too_few: bool,
    /// For waits.
    pub waits: Vec<WaitPlan>,
    /// For shares.
    pub shares: Vec<SharePlan>,
    /// How sharply so many calls tell a share of [`Plan::sample_share`].
    pub samples: Vec<(usize, Estimate)>,
    /// That share.
    pub sample_share: f64,
}

/// Calls that a plan draws from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Basis {
    /// How many.
    pub calls: usize,
    /// How many of them came to a person.
    pub persons: usize,
    /// The median of the whole wait, if the curve gets there.
    pub median_s: Option<Seconds>,
}

/// Calls a side that show waits become shorter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaitPlan {
    /// By this share of what they are.
    pub shorter: f64,
    /// For a chance of 80 % to see it; `None`: more than were tried.
    pub eighty: Option<usize>,
    /// For 90 %.
    pub ninety: Option<usize>,
}

/// Calls a side that show a share become another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharePlan {
    /// The share before.
    pub before: f64,
    /// The share after.
    pub after: f64,
    /// For a chance of 80 % to see it.
    pub eighty: usize,
    /// For 90 %.
    pub ninety: usize,
}

/// The advice where nothing is known yet (`None`), or from calls that were made already and a norm to hold them against.
pub fn plan(made: Option<&Audit>, norm: Option<&Norm>) -> Plan {
    let waits: Vec<Observation> = made.map_or(vec![], |audit| {
        let calls: Vec<_> = audit.calls.iter().collect();
        super::observations(Clock::Total, &calls).0
    });
    let persons = waits.iter().filter(|o| o.person).count();
    let enough = waits.len() >= MIN_CALLS && persons >= MIN_PERSONS;
    let basis = enough.then(|| {
        let median_s = KaplanMeier::of(&waits).quantile_s(0.5);
        Basis { calls: waits.len(), persons, median_s }
    });
    let wait = |shorter: f64| {
        let calls = |power| match basis {
            Some(_) => simulated(&waits, 1.0 - shorter, power),
            None => persons_for_waits(1.0 - shorter, power).map(|persons| persons.div_ceil(2)),
        };
        WaitPlan { shorter, eighty: calls(Power::Eighty), ninety: calls(Power::Ninety) }
    };
    let known = made.zip(norm).and_then(|(audit, norm)| share(audit, norm).estimate()).map(|share| share.value);
    let pairs: Vec<(f64, f64)> = match known {
        Some(now) => STEPS.iter().map(|step| (now, if now + step <= 1.0 { now + step } else { now - step })).collect(),
        None => SHARES.to_vec(),
    };
    let share = |(before, after)| {
        let calls = |power| calls_for_shares(before, after, power);
        Some(SharePlan { before, after, eighty: calls(Power::Eighty)?, ninety: calls(Power::Ninety)? })
    };
    let sample_share = known.unwrap_or(SAMPLE_SHARE);
    // the interval is that of the number of hits nearest to the share
    let sample = |n: usize| {
        let hits = (n as f64 * sample_share).round() as usize;
        Some((n, Share { hits, n }.estimate()?))
    };
    Plan {
        basis,
        too_few: made.is_some() && basis.is_none(),
        waits: SHORTER.map(wait).to_vec(),
        shares: pairs.into_iter().filter_map(share).collect(),
        samples: SAMPLES.into_iter().filter_map(sample).collect(),
        sample_share,
    }
}

/// The share of the calls that keep `norm`, of those that tell.
fn share(audit: &Audit, norm: &Norm) -> Share {
    let kept = audit.calls.iter().filter_map(|call| held(norm, call)).map(|held| held.kept);
    Share::of(kept.filter(|kept| matches!(kept, Kept::Yes | Kept::No)), |kept| kept == Kept::Yes)
}

/// Calls a side at which the log-rank test sees waits become `ratio` times as long with that power: both sides are drawn from
/// `waits`, those of one made shorter, and the test is made, many times over. `None` where the most that are tried are not
/// enough.
fn simulated(waits: &[Observation], ratio: f64, power: Power) -> Option<usize> {
    let wanted = match power {
        Power::Eighty => 0.8,
        Power::Ninety => 0.9,
    };
    let seen = |calls: usize| {
        let mut random = Random::new(SEED);
        let mut drawn = |scale: f64| -> Vec<Observation> {
            let one = |call: Observation| Observation { wait_s: call.wait_s * scale, ..call };
            (0..calls).map(|_| one(*random.pick(waits))).collect()
        };
        let hit = |_: &usize| {
            let (before, after) = (drawn(1.0), drawn(ratio));
            log_rank([(&before[..], &after[..])]).is_some_and(|test| test.p < super::SIGNIFICANT)
        };
        (0..PLAYED).filter(hit).count() as f64 / PLAYED as f64
    };
    let (mut low, mut high) = (0, TRIED.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if seen(TRIED[middle]) >= wanted { high = middle } else { low = middle + 1 }
    }
    TRIED.get(low).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits of which every second is as likely to end as the one before are what the formula is for: drawing from them has
    /// to come to about the same.
    #[test]
    fn simulation_agrees_with_the_formula_where_that_holds() {
        let chance = |i: i32| -60.0 * (1.0 - (f64::from(i) + 0.5) / 400.0).ln();
        let waits: Vec<_> = (0..400).map(|i| Observation { wait_s: chance(i), person: true }).collect();
        for (ratio, power) in [(0.5, Power::Eighty), (0.6, Power::Ninety)] {
            let formula = persons_for_waits(ratio, power).unwrap() as f64 / 2.0;
            let drawn = simulated(&waits, ratio, power).unwrap() as f64;
            assert!((0.8..1.3).contains(&(drawn / formula)), "{ratio}: {drawn} drawn, {formula} by formula");
        }
        assert_eq!(simulated(&waits, 0.95, Power::Eighty), None, "more than 400 a side");
    }

    #[test]
    fn steadier_waits_show_a_change_sooner() {
        let steady: Vec<_> = (0..40).map(|i| Observation { wait_s: 60.0 + f64::from(i % 7), person: true }).collect();
        assert_eq!(simulated(&steady, 0.7, Power::Ninety), Some(5));
    }

    #[test]
    fn without_calls_the_tables_are_those_of_the_formulas() {
        let plan = plan(None, None);
        assert!(plan.basis.is_none() && !plan.too_few);
        let row = plan.shares.iter().find(|row| (row.before, row.after) == (0.65, 0.8)).unwrap();
        assert_eq!((row.eighty, row.ninety > row.eighty), (138, true));
        assert!(plan.waits.windows(2).all(|pair| pair[0].eighty > pair[1].eighty), "larger changes take fewer calls");
        // 8 of 10: Wilson's 49 to 94 %
        let (n, ten) = plan.samples[1];
        assert!(n == 10 && (ten.low - 0.490).abs() < 5e-4 && (ten.high - 0.943).abs() < 5e-4, "{ten:?}");
    }
}
