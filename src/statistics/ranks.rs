//! Medians, quantiles and shifts by ranks: nothing is assumed of the shape of the waits.

use super::{
    Estimate,
    normal::{Z_95, two_sided},
};

/// Up to this many pairs the distribution of ranks is counted out; beyond it the normal approximation is as good.
const MAX_COUNTED_PAIRS: usize = 2_500;

/// The quantile at `share` (0 to 1) of `values` in any order, linear between neighbours (type 7 of Hyndman and Fan 1996,
/// "Sample quantiles in statistical packages", Am. Stat. 50); `None` of nothing.
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let values = sorted(values);
    let at = share.clamp(0.0, 1.0) * values.len().checked_sub(1)? as f64;
    let (below, part) = (at.floor() as usize, at.fract());
    let above = values[(below + 1).min(values.len() - 1)];
    Some(values[below] + part * (above - values[below]))
}

/// The quantile at `share` with the interval between two of the values themselves: the binomial one, of at least 95 %
/// (Conover 1999, "Practical Nonparametric Statistics", section 3.2). `None` where there are too few for any such interval.
pub fn quantile_with_interval(values: &[f64], share: f64) -> Option<Estimate> {
    let sorted = sorted(values);
    let value = quantile(&sorted, share)?;
    let below = binomial(sorted.len(), share);
    // the largest r with P(X < r) <= 2.5 %, the smallest s with P(X >= s) <= 2.5 %, ranks counted from 1
    let r = below.iter().take_while(|&&p| p <= 0.025).count();
    let s = below.iter().position(|&p| p >= 0.975)? + 1;
    (r >= 1 && s <= sorted.len()).then(|| Estimate { value, low: sorted[r - 1], high: sorted[s - 1] })
}

/// The chances of at most 0, 1, ... `n` hits of `n`.
pub(super) fn binomial(n: usize, p: f64) -> Vec<f64> {
    let log_choose =
        |k: usize| libm::lgamma(n as f64 + 1.0) - libm::lgamma(k as f64 + 1.0) - libm::lgamma((n - k) as f64 + 1.0);
    let mass = |k: usize| (log_choose(k) + k as f64 * p.ln() + (n - k) as f64 * (1.0 - p).ln()).exp();
    let mut sum = 0.0;
    let add = |k: usize| {
        sum += mass(k);
        sum
    };
    (0..=n).map(add).collect()
}

/// By how much `after` lies above `before`: the median of all differences, with the interval that belongs to the rank test.
///
/// Hodges and Lehmann (1963), "Estimates of location based on rank tests", Ann. Math. Stat. 34; interval as in Hollander
/// and Wolfe, "Nonparametric Statistical Methods", section 4.3. `None` where either side is empty, or where both together are
/// too few for an interval of 95 %.
pub fn shift(before: &[f64], after: &[f64]) -> Option<Estimate> {
    let mut differences: Vec<f64> = after.iter().flat_map(|y| before.iter().map(move |x| y - x)).collect();
    differences.sort_by(f64::total_cmp);
    let value = quantile(&differences, 0.5)?;
    let pairs = differences.len();
    // how many differences are left out at either end
    let cut = if pairs <= MAX_COUNTED_PAIRS {
        let below = rank_sum_distribution(before.len(), after.len());
        below.iter().take_while(|&&p| p <= 0.025).count()
    } else {
        let (m, n) = (before.len() as f64, after.len() as f64);
        (m * n / 2.0 - Z_95 * (m * n * (m + n + 1.0) / 12.0).sqrt()).floor().max(0.0) as usize
    };
    (cut >= 1).then(|| Estimate { value, low: differences[cut - 1], high: differences[pairs - cut] })
}

/// The chances that Mann and Whitney's U of `m` and `n` values without ties is at most 0, 1, ... `m·n`.
///
/// Counted by the recurrence of their paper (1947), "On a test of whether one of two random variables is stochastically
/// larger than the other", Ann. Math. Stat. 18, equation 5.
fn rank_sum_distribution(m: usize, n: usize) -> Vec<f64> {
    // counts[u] after adding the j-th of n to i of m, in shares of all orders
    let mut rows: Vec<Vec<f64>> = vec![vec![1.0]; m + 1];
    for j in 1..=n {
        let mut next: Vec<Vec<f64>> = vec![vec![1.0]];
        for i in 1..=m {
            let (share_of_m, share_of_n) = (i as f64 / (i + j) as f64, j as f64 / (i + j) as f64);
            let mut row = vec![0.0; i * j + 1];
            // the largest of all is one of m and beats all j of n, or one of n and beats none
            next[i - 1].iter().enumerate().for_each(|(u, p)| row[u + j] += share_of_m * p);
            rows[i].iter().enumerate().for_each(|(u, p)| row[u] += share_of_n * p);
            next.push(row);
        }
        rows = next;
    }
    let mut sum = 0.0;
    let add = |p: &f64| {
        sum += p;
        sum
    };
    rows[m].iter().map(add).collect()
}

/// The chance of ranks as uneven as these, or more so, if both sides were alike; two-sided. `None` where either is empty.
///
/// Mann and Whitney (1947). Counted out without ties and up to 2,500 pairs; else the normal approximation with the
/// variance corrected for ties and half a rank for continuity.
pub fn mann_whitney(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let twice: usize =
        a.iter().map(|x| b.iter().map(|y| if x > y { 2 } else { usize::from(x == y) }).sum::<usize>()).sum();
    let mut all = [a, b].concat();
    all.sort_by(f64::total_cmp);
    let ties: f64 = all.chunk_by(|x, y| x == y).map(|g| (g.len() as f64).powi(3) - g.len() as f64).sum();
    let (m, n) = (a.len() as f64, b.len() as f64);
    if ties == 0.0 && a.len() * b.len() <= MAX_COUNTED_PAIRS {
        let below = rank_sum_distribution(a.len(), b.len());
        let u = (twice / 2).min(a.len() * b.len() - twice / 2);
        return Some((2.0 * below[u]).min(1.0));
    }
    let total = m + n;
    let variance = m * n / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    let away = ((twice as f64 / 2.0 - m * n / 2.0).abs() - 0.5).max(0.0);
    Some(if variance > 0.0 { two_sided(away / variance.sqrt()) } else { 1.0 })
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Permeability of the human chorioamnion at term and at 12 to 26 weeks: Hollander and Wolfe, table 4.1, with the
    /// estimate 0.305 and the interval (-0.15, 0.76) of the examples there; exact two-sided p 0.2544.
    #[test]
    fn the_example_of_hollander_and_wolfe() {
        let term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
        let early = [1.15, 0.88, 0.90, 0.74, 1.21];
        let got = shift(&early, &term).unwrap();
        assert!(
            (got.value - 0.305).abs() < 1e-9 && (got.low + 0.15).abs() < 1e-9 && (got.high - 0.76).abs() < 1e-9,
            "{got:?}"
        );
        assert!((mann_whitney(&term, &early).unwrap() - 0.254_412).abs() < 1e-6);
    }

    /// All orders of four and four: 1 of 70 at either end.
    #[test]
    fn four_below_four_counted_by_hand() {
        let (low, high) = ([1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]);
        for (a, b) in [(low, high), (high, low)] {
            assert!((mann_whitney(&a, &b).unwrap() - 2.0 / 70.0).abs() < 1e-12);
        }
        assert_eq!(mann_whitney(&low, &[]), None);
        assert_eq!(mann_whitney(&[1.0; 5], &[1.0; 5]), Some(1.0));
    }

    /// With ties, as SciPy's `mannwhitneyu(method="asymptotic")` gives it.
    #[test]
    fn ties_are_corrected_for() {
        let got = mann_whitney(&[1.0, 2.0, 2.0, 3.0, 5.0], &[2.0, 4.0, 4.0, 6.0, 7.0, 7.0]).unwrap();
        assert!((got - TIED_P).abs() < 1e-9, "{got}");
    }

    const TIED_P: f64 = 0.078_645_223_260_723_36;

    /// The counted interval goes over into the approximated one without a jump.
    #[test]
    fn counted_and_approximated_intervals_agree() {
        let values = |n: usize, step: f64| (0..n).map(|i| (i as f64 * step).sin() * 30.0 + 60.0).collect::<Vec<_>>();
        let (counted, approximated) =
            (shift(&values(50, 0.7), &values(50, 1.3)), shift(&values(51, 0.7), &values(50, 1.3)));
        let (counted, approximated) = (counted.unwrap(), approximated.unwrap());
        assert!((counted.low - approximated.low).abs() < 2.0 && (counted.high - approximated.high).abs() < 2.0);
    }

    /// Ranks 5 and 15 of 20 hold the median with 95.9 % (binomial table: 0.0207 below either).
    #[test]
    fn the_median_of_twenty_lies_between_the_sixth_and_the_fifteenth() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        let got = quantile_with_interval(&values, 0.5).unwrap();
        assert_eq!(got, Estimate { value: 10.5, low: 6.0, high: 15.0 });
        // five values: even the whole range holds the median with less than 95 %
        assert_eq!(quantile_with_interval(&values[..5], 0.5), None);
        assert_eq!(quantile_with_interval(&values[..6], 0.5).map(|e| (e.low, e.high)), Some((1.0, 6.0)));
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!([0.0, 0.5, 1.0].map(|q| quantile(&values, q)), [Some(1.0), Some(2.5), Some(4.0)]);
        assert_eq!(quantile(&[], 0.5), None);
    }
}
