//! Shares: so many of so many calls.

use super::{Estimate, normal::Z_95};

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Those that did.
    pub hits: usize,
    /// All of them.
    pub n: usize,
}

impl Share {
    /// Counts those of which `did` holds.
    pub fn of<T>(all: impl IntoIterator<Item = T>, mut did: impl FnMut(T) -> bool) -> Self {
        all.into_iter().fold(Self::default(), |s, one| Self { hits: s.hits + usize::from(did(one)), n: s.n + 1 })
    }

    /// The share with its score interval; `None` of no calls at all.
    ///
    /// Wilson (1927), "Probable inference, the law of succession, and statistical inference", J. Am. Stat. Assoc. 22;
    /// without continuity correction.
    pub fn estimate(self) -> Option<Estimate> {
        if self.n == 0 {
            return None;
        }
        let (n, p) = (self.n as f64, self.hits as f64 / self.n as f64);
        let z2 = Z_95 * Z_95;
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z_95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        Some(Estimate { value: p, low: (centre - half).max(0.0), high: (centre + half).min(1.0) })
    }

    /// How much larger this share is than `other`, with its interval; `None` where either has no calls.
    ///
    /// Newcombe (1998), "Interval estimation for the difference between independent proportions: comparison of eleven
    /// methods", Statist. Med. 17, method 10: the squares of both Wilson intervals added.
    pub fn minus(self, other: Self) -> Option<Estimate> {
        let (a, b) = (self.estimate()?, other.estimate()?);
        let value = a.value - b.value;
        let below = (a.value - a.low).hypot(b.high - b.value);
        let above = (a.high - a.value).hypot(b.value - b.low);
        Some(Estimate { value, low: value - below, high: value + above })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe (1998), Statist. Med. 17, 857-872: table I, method 3 (81 of 263, 15 of 148, 0 of 20, 1 of 29).
    #[test]
    fn wilson_as_newcombe_tabulates_it() {
        for (hits, n, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let got = Share { hits, n }.estimate().unwrap();
            assert!((got.low - low).abs() < 6e-5 && (got.high - high).abs() < 6e-5, "{hits} of {n}: {got:?}");
        }
        assert_eq!(Share::default().estimate(), None);
    }

    /// Newcombe (1998), Statist. Med. 17, 873-890: table II, method 10.
    #[test]
    fn differences_as_newcombe_tabulates_them() {
        for (a, b, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
        ] {
            let share = |(hits, n)| Share { hits, n };
            let got = share(a).minus(share(b)).unwrap();
            assert!((got.low - low).abs() < 6e-5 && (got.high - high).abs() < 6e-5, "{a:?} {b:?}: {got:?}");
        }
    }
}
