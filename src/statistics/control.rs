//! Control charts: how far months go up and down by chance alone, if nothing changes.
//!
//! Shewhart's limits at three standard deviations: of single values (XmR) by their moving range, of shares (p) by the
//! binomial distribution; NIST/SEMATECH e-Handbook of Statistical Methods, sections 6.3.2.2 and 6.3.3.2.

use super::share::Share;

/// Three standard deviations over the mean of the ranges of two neighbours: 3 / d2, d2 = 1.128 for two.
const XMR_FACTOR: f64 = 3.0 / 1.128;

/// The normal approximation of a share holds from so many expected calls of either kind on.
const MIN_EXPECTED: f64 = 5.0;

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

/// The limits of each of several shares, if all came of one; `None` for those of too few calls to have limits.
pub fn proportions(shares: &[Share]) -> Vec<Option<Limits>> {
    let (hits, n) = shares.iter().fold((0, 0), |(hits, n), share| (hits + share.hits, n + share.n));
    let centre = hits as f64 / n as f64;
    let limits = |share: &Share| {
        let n = share.n as f64;
        let reach = 3.0 * (centre * (1.0 - centre) / n).sqrt();
        let enough = n * centre >= MIN_EXPECTED && n * (1.0 - centre) >= MIN_EXPECTED;
        enough.then(|| Limits { centre, lower: (centre - reach).max(0.0), upper: (centre + reach).min(1.0) })
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

    /// The handbook's wafers of 50 chips each, section 6.3.3.2: mean share 0.2313 over 30 wafers, limits 0.0524 and 0.4102.
    #[test]
    fn the_wafers_of_the_handbook() {
        let wafers: Vec<Share> = (0..30).map(|i| Share { hits: if i < 17 { 12 } else { 11 }, n: 50 }).collect();
        let got = proportions(&wafers)[0].unwrap();
        assert!((got.centre - 0.2313).abs() < 5e-5, "{got:?}");
        assert!((got.lower - 0.0524).abs() < 1e-4 && (got.upper - 0.4102).abs() < 1e-4, "{got:?}");
    }

    #[test]
    fn a_share_of_few_calls_has_no_limits() {
        let shares = [Share { hits: 50, n: 100 }, Share { hits: 0, n: 4 }, Share::default()];
        let got = proportions(&shares);
        assert!(got[0].is_some() && got[1].is_none() && got[2].is_none());
        assert_eq!(
            proportions(&[Share { hits: 100, n: 100 }]),
            [None],
            "without any miss nothing is known of their number"
        );
    }
}
