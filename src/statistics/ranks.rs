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
    let (below, above, part) = neighbours(values.len(), share)?;
    Some(values[below] + part * (values[above] - values[below]))
}

/// The places of the one or two of `values` that their quantile at `share` is read off: those between which it lies, the
/// first of equal ones.
pub fn quantile_places(values: &[f64], share: f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    match neighbours(values.len(), share) {
        None => vec![],
        Some((below, _, 0.0)) => vec![order[below]],
        Some((below, above, _)) => vec![order[below], order[above]],
    }
}

/// Between which of `n` sorted values the quantile at `share` lies, and how far from the first to the second.
fn neighbours(n: usize, share: f64) -> Option<(usize, usize, f64)> {
    let last = n.checked_sub(1)?;
    let at = share.clamp(0.0, 1.0) * last as f64;
    let below = at.floor() as usize;
    Some((below, (below + 1).min(last), at.fract()))
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

/// Two sides of one stratum, before and after.
pub type Sides<'a> = (&'a [f64], &'a [f64]);

/// The chance of ranks as uneven as these, or more so, if both sides were alike in every stratum; two-sided. `None` where no
/// stratum has both sides.
///
/// Van Elteren (1960), "On the combination of independent two-sample tests of Wilcoxon", Bull. Int. Stat. Inst. 37: each
/// stratum's test weighs by one over its number of calls and one, which is best for a shift. Of one stratum
/// [Mann and Whitney's](mann_whitney).
pub fn van_elteren(strata: &[Sides<'_>]) -> Option<f64> {
    if let [(before, after)] = strata {
        return mann_whitney(after, before);
    }
    let (mut sum, mut variance, mut any) = (0.0, 0.0, false);
    for (before, after) in strata.iter().filter(|(before, after)| !before.is_empty() && !after.is_empty()) {
        sum += lean(before, after);
        variance += lean_variance(before, after);
        any = true;
    }
    any.then(|| if variance > 0.0 { two_sided(sum / variance.sqrt()) } else { 1.0 })
}

/// To which side the ranks lean: above 0 where the second sides' values tend to be the larger ones.
pub fn leaning(strata: &[Sides<'_>]) -> f64 {
    strata.iter().map(|(before, after)| lean(before, after)).sum()
}

/// A stratum's part of van Elteren's sum: 0 where either side is as likely to have the larger value.
fn lean(before: &[f64], after: &[f64]) -> f64 {
    let twice = |y: &f64| before.iter().map(|x| if y > x { 2 } else { usize::from(x == y) }).sum::<usize>();
    let twice: usize = after.iter().map(twice).sum();
    (twice as f64 - (before.len() * after.len()) as f64) / 2.0 / (before.len() + after.len() + 1) as f64
}

/// How much [`lean`] varies by chance: less, the more of the values are ties.
fn lean_variance(before: &[f64], after: &[f64]) -> f64 {
    let all = sorted(&[before, after].concat());
    let ties: f64 = all.chunk_by(|x, y| x == y).map(|g| (g.len() as f64).powi(3) - g.len() as f64).sum();
    let (pairs, total) = ((before.len() * after.len()) as f64, all.len() as f64);
    pairs / 12.0 * (total + 1.0 - ties / (total * (total - 1.0))) / (total + 1.0).powi(2)
}

/// By how much the second side lies above the first where only calls of the same stratum are held against each other: the
/// shift at which [van Elteren's test](van_elteren) sees none, and all those that it does not rule out. `None` where the
/// calls are too few for an interval.
///
/// Of one stratum this is the estimate of Hodges and Lehmann with its interval, counted out where there are few pairs
/// ([`shift`]). Neither memory nor time grows with the number of pairs.
pub fn stratified_shift(strata: &[Sides<'_>]) -> Option<Estimate> {
    if let [(before, after)] = strata
        && before.len() * after.len() <= MAX_COUNTED_PAIRS
    {
        return shift(before, after);
    }
    let of = |flip: f64| -> Vec<Stratum> {
        let both = strata.iter().filter(|(before, after)| !before.is_empty() && !after.is_empty());
        let side = |values: &[f64]| sorted(&values.iter().map(|v| v * flip).collect::<Vec<_>>());
        both.map(|(before, after)| Stratum { before: side(before), after: side(after) }).collect()
    };
    let (up, down) = (of(1.0), of(-1.0));
    let half: f64 = up.iter().map(|s| s.weight() * s.pairs() / 2.0).sum();
    let spread = up.iter().map(|s| lean_variance(&s.before, &s.after)).sum::<f64>().sqrt();
    let cut = half - Z_95 * spread;
    let median = f64::midpoint(first_beyond(&up, half * (1.0 - 1e-12))?, -first_beyond(&down, half * (1.0 - 1e-12))?);
    let low = largest_below(&up, first_beyond(&up, cut)?)?;
    let high = -largest_below(&down, first_beyond(&down, cut)?)?;
    Some(Estimate { value: median, low, high })
}

/// The sorted sides of a stratum.
struct Stratum {
    before: Vec<f64>,
    after: Vec<f64>,
}

impl Stratum {
    fn pairs(&self) -> f64 {
        (self.before.len() * self.after.len()) as f64
    }

    fn weight(&self) -> f64 {
        1.0 / (self.before.len() + self.after.len() + 1) as f64
    }

    /// Calls `each` with every value of `after`, and from where on the values of `before` differ from it by no more than
    /// `limit` (by less, where `strictly`).
    fn scan(&self, limit: f64, strictly: bool, mut each: impl FnMut(f64, usize)) {
        let mut from = 0;
        for &y in &self.after {
            let far = |x: f64| if strictly { y - x >= limit } else { y - x > limit };
            while from < self.before.len() && far(self.before[from]) {
                from += 1;
            }
            each(y, from);
        }
    }
}

/// The smallest difference of a pair up to which the pairs weigh more than `weight`.
fn first_beyond(strata: &[Stratum], weight: f64) -> Option<f64> {
    let up_to = |limit: f64| -> f64 {
        let count = |s: &Stratum| {
            let mut pairs = 0;
            s.scan(limit, false, |_, from| pairs += s.before.len() - from);
            s.weight() * pairs as f64
        };
        strata.iter().map(count).sum()
    };
    // halving the numbers that a float can be, in their order: ends at a difference itself
    let (mut low, mut high) = (ordinal(-f64::MAX), ordinal(f64::MAX));
    if up_to(f64::MAX) <= weight {
        return None;
    }
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if up_to(float(middle)) > weight { high = middle } else { low = middle }
    }
    Some(float(high))
}

/// The largest difference of a pair below `limit`.
fn largest_below(strata: &[Stratum], limit: f64) -> Option<f64> {
    let mut largest = f64::NEG_INFINITY;
    for s in strata {
        s.scan(limit, true, |y, from| {
            if let Some(x) = s.before.get(from) {
                largest = largest.max(y - x);
            }
        });
    }
    largest.is_finite().then_some(largest)
}

/// The place of a float among all floats (IEEE 754: the bits of positive ones are in order).
fn ordinal(x: f64) -> i128 {
    let bits = i128::from(x.abs().to_bits());
    if x.is_sign_negative() { -bits } else { bits }
}

fn float(place: i128) -> f64 {
    let size = f64::from_bits(place.unsigned_abs() as u64);
    if place < 0 { -size } else { size }
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
    fn a_quantile_names_the_values_that_it_is_read_off() {
        assert_eq!(quantile_places(&[9.0, 1.0, 5.0], 0.5), [2], "the middle of three");
        assert_eq!(quantile_places(&[9.0, 1.0, 5.0, 7.0], 0.5), [2, 3], "between two of four");
        assert_eq!(quantile_places(&[3.0; 11], 0.9), [9]);
        assert!(quantile_places(&[], 0.5).is_empty());
    }

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

    /// One stratum by the general way is Hollander and Wolfe's interval; and two strata are held against every shift there is.
    #[test]
    fn the_shift_over_strata_is_what_the_test_does_not_rule_out() {
        let term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
        let early = [1.15, 0.88, 0.90, 0.74, 1.21];
        // an empty stratum beside it forces the general way
        let got = stratified_shift(&[(&early, &term), (&[], &term)]).unwrap();
        assert!((got.value - 0.305).abs() < 1e-9, "{got:?}");
        assert!((got.low + 0.15).abs() < 0.1 && (got.high - 0.76).abs() < 0.1, "{got:?}");
        let wave =
            |n: usize, step: f64, up: f64| (0..n).map(|i| (i as f64 * step).sin() * 9.0 + up).collect::<Vec<_>>();
        let (a, b, c, d) = (wave(12, 0.7, 40.0), wave(9, 1.3, 30.0), wave(5, 2.1, 90.0), wave(8, 0.4, 82.0));
        let got = stratified_shift(&[(&a, &b), (&c, &d)]).unwrap();
        let p_at = |shift: f64| {
            let moved = |values: &[f64]| values.iter().map(|y| y - shift).collect::<Vec<_>>();
            van_elteren(&[(&a, &moved(&b)), (&c, &moved(&d))]).unwrap()
        };
        assert!(p_at(got.value) > 0.9, "{got:?}");
        for (end, out) in [(got.low, -1.0), (got.high, 1.0)] {
            assert!(p_at(end + out * 1e-6) < 0.05 && p_at(end - out * 0.7) > 0.05, "{end} of {got:?}");
        }
    }

    /// All 3 · 10 ways to deal the values of each stratum out anew: mean and variance of van Elteren's sum, counted.
    #[test]
    fn van_elteren_against_every_order() {
        let (one, two) = ([3.0, 7.0, 8.0], [1.0, 2.0, 2.0, 5.0, 9.0]);
        // the first of one, any two of the other are "before"
        let score = |before: &[f64], after: &[f64]| {
            let wins = |y: &f64| {
                before.iter().map(|x| if y > x { 1.0 } else { f64::from(u8::from(x == y)) / 2.0 }).sum::<f64>()
            };
            after.iter().map(wins).sum::<f64>() / (before.len() + after.len() + 1) as f64
        };
        let without = |all: &[f64], out: &[usize]| {
            let kept = all.iter().enumerate().filter(|(i, _)| !out.contains(i)).map(|(_, v)| *v);
            kept.collect::<Vec<_>>()
        };
        let mut sums = vec![];
        for i in 0..3 {
            for j in 0..5 {
                for k in j + 1..5 {
                    sums.push(
                        score(&[one[i]], &without(&one, &[i])) + score(&[two[j], two[k]], &without(&two, &[j, k])),
                    );
                }
            }
        }
        let mean = sums.iter().sum::<f64>() / sums.len() as f64;
        let variance = sums.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / sums.len() as f64;
        let got = van_elteren(&[(&[8.0], &[3.0, 7.0]), (&[5.0, 9.0], &[1.0, 2.0, 2.0])]).unwrap();
        let z = (score(&[8.0], &[3.0, 7.0]) + score(&[5.0, 9.0], &[1.0, 2.0, 2.0]) - mean) / variance.sqrt();
        assert!((got - two_sided(z)).abs() < 1e-12, "{got} {z}");
        assert_eq!(van_elteren(&[(&[], &[1.0])]), None);
        assert_eq!(van_elteren(&[(&[2.0], &[2.0]), (&[], &[])]), Some(1.0));
    }

    #[test]
    fn floats_are_in_order() {
        let values = [-f64::MAX, -1.5, -0.0, f64::MIN_POSITIVE, 0.3, f64::MAX];
        assert!(values.windows(2).all(|w| ordinal(w[0]) < ordinal(w[1])));
        assert!(values.iter().all(|&x| float(ordinal(x)) == x));
    }
}
