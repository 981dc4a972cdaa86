//! What few calls can tell of many: shares, medians and curves, each with the interval that it is known to.
//!
//! Waiting times are skewed and some of them end in nothing (the caller gave up, the line closed), so there are no means
//! and no bell curves here: shares with Wilson's interval ([`share`]), medians and shifts by ranks ([`ranks`]), waits
//! without an end by Kaplan and Meier ([`survival`]), months by run charts ([`runs`]), how many calls are enough
//! ([`power`]). Intervals are two-sided 95 %.
//!
//! Where calls of two sides are matched (by the hour, by the weekday), each pair of sides of one hour is a *stratum*: calls
//! are held against calls of the same stratum alone, and the strata are added up.

pub mod control;
pub mod normal;
pub mod power;
pub mod ranks;
pub mod runs;
pub mod share;
pub mod survival;

/// An estimate, and the 95 % interval in which the true value lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The best single value.
    pub value: f64,
    /// From here ...
    pub low: f64,
    /// ... to here.
    pub high: f64,
}

/// An estimate whose 95 % interval may be open: `None` where the data set no bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The best single value.
    pub value: f64,
    /// From here ...
    pub low: Option<f64>,
    /// ... to here.
    pub high: Option<f64>,
}

impl From<Estimate> for Range {
    fn from(estimate: Estimate) -> Self {
        Self { value: estimate.value, low: Some(estimate.low), high: Some(estimate.high) }
    }
}

/// Chances made larger for having been looked at together: of so many tests without any true difference, the chance that
/// even one of these falls below 5 % is then 5 %. In the order given.
///
/// Holm (1979), "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6.
pub fn holm(chances: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|&a, &b| chances[a].total_cmp(&chances[b]));
    let (mut adjusted, mut so_far) = (vec![1.0; chances.len()], 0.0);
    for (rank, &i) in order.iter().enumerate() {
        so_far = f64::max(so_far, (chances[i] * (chances.len() - rank) as f64).min(1.0));
        adjusted[i] = so_far;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 4 × 0.01, 3 × 0.02, then never less than the one before.
    #[test]
    fn four_tests_by_hand() {
        let got = holm(&[0.04, 0.01, 0.02, 0.03]);
        let want = [0.06, 0.04, 0.06, 0.06];
        assert!(got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-12), "{got:?}");
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }
}
