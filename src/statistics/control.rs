//! Control charts: how far months go up and down by chance alone, if nothing changes.
//!
//! Shewhart's limits: of single values (XmR) three standard deviations by their moving range, NIST/SEMATECH e-Handbook of
//! Statistical Methods, section 6.3.2.2; of shares (p, section 6.3.3.2) what the binomial distribution itself leaves as
//! seldom beyond them as three standard deviations of a bell curve do, since months are too small for that curve.

use super::{ranks::binomial, share::Share};

/// Three standard deviations over the mean of the ranges of two neighbours: 3 / d2, d2 = 1.128 for two.
const XMR_FACTOR: f64 = 3.0 / 1.128;

/// The chance of a value beyond three standard deviations on one side of a bell curve.
const BEYOND_THREE_SIGMA: f64 = 0.001_349_898;

/// Where a value lies by chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// In the middle.
    pub centre: f64,
    /// From here ...
    pub lower: f64,
    /// ... to here.
    pub upper: f64,
}

impl Limits {
    /// Whether `value` is farther out than chance explains.
    pub fn exclude(&self, value: f64) -> bool {
        value < self.lower || value > self.upper
    }
}

/// The natural limits of single values in time's order; `None` of fewer than two.
pub fn individuals(values: &[f64]) -> Option<Limits> {
    let ranges: Vec<f64> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    if ranges.is_empty() {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (centre, reach) = (mean(values), XMR_FACTOR * mean(&ranges));
    Some(Limits { centre, lower: centre - reach, upper: centre + reach })
}

/// The limits of each of several shares, if all came of one: the least and the largest share that chance still explains.
/// `None` of no calls, and of all where every call did or none: nothing is then known of how seldom the others are.
pub fn proportions(shares: &[Share]) -> Vec<Option<Limits>> {
    let (hits, n) = shares.iter().fold((0, 0), |(hits, n), share| (hits + share.hits, n + share.n));
    let centre = hits as f64 / n as f64;
    let limits = |share: &Share| {
        if share.n == 0 || hits == 0 || hits == n {
            return None;
        }
        let at_most = binomial(share.n, centre);
        let least = at_most.iter().take_while(|&&p| p < BEYOND_THREE_SIGMA).count();
        // of k and more the chance is 1 - at_most[k - 1]
        let beyond = (1..=share.n).find(|&k| 1.0 - at_most[k - 1] < BEYOND_THREE_SIGMA).unwrap_or(share.n + 1);
        let of = |k: usize| k as f64 / share.n as f64;
        Some(Limits { centre, lower: of(least), upper: of(beyond - 1) })
    };
    shares.iter().map(limits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The handbook's flow rates of ten batches, section 6.3.2.2: mean 50.81, mean range 1.8778, limits 45.8159 and 55.8041.
    #[test]
    fn the_batches_of_the_handbook() {
        let batches = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];
        let got = individuals(&batches).unwrap();
        assert!((got.centre - 50.81).abs() < 1e-9);
        assert!((got.lower - 45.8159).abs() < 5e-4 && (got.upper - 55.8041).abs() < 5e-4, "{got:?}");
        assert!(!batches.iter().any(|&batch| got.exclude(batch)));
        assert_eq!(individuals(&[1.0]), None);
    }

    /// The handbook's wafers of 50 chips each, section 6.3.3.2: mean share 0.2313 over 30 wafers, limits 0.0524 and 0.4102 by
    /// the bell curve. The binomial distribution is skew: of 347 of 1500 it leaves 4 to 21 of 50 (SciPy's `binom`).
    #[test]
    fn the_wafers_of_the_handbook() {
        let wafers: Vec<Share> = (0..30).map(|i| Share { hits: if i < 17 { 12 } else { 11 }, n: 50 }).collect();
        let got = proportions(&wafers)[0].unwrap();
        assert!((got.centre - 0.2313).abs() < 5e-5, "{got:?}");
        assert_eq!((got.lower, got.upper), (4.0 / 50.0, 21.0 / 50.0));
        assert!((got.lower - 0.0524).abs() < 1.5 / 50.0 && (got.upper - 0.4102).abs() < 0.5 / 50.0);
        assert!(got.exclude(3.0 / 50.0) && !got.exclude(4.0 / 50.0) && got.exclude(22.0 / 50.0));
    }

    #[test]
    fn none_of_six_stands_out_where_most_did_and_one_of_six_does_not_where_half_did() {
        let share = |hits, n| Share { hits, n };
        let mostly = proportions(&[share(50, 54), share(0, 6)]);
        assert!(mostly[1].unwrap().exclude(0.0));
        let half = proportions(&[share(27, 54), share(1, 6)]);
        assert!(!half[1].unwrap().exclude(1.0 / 6.0));
    }

    #[test]
    fn where_every_call_did_or_there_is_none_there_are_no_limits() {
        assert_eq!(proportions(&[Share { hits: 100, n: 100 }, Share { hits: 3, n: 3 }]), [None, None]);
        let shares = proportions(&[Share { hits: 5, n: 10 }, Share::default()]);
        assert!(shares[0].is_some() && shares[1].is_none());
        assert!(proportions(&[]).is_empty());
    }
}
