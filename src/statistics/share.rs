//! Shares: so many of so many calls.

use super::{
    Estimate,
    normal::{Z_95, chi_squared_upper_tail},
};

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

/// How much larger the second share is than the first, each stratum weighing by its calls on both sides; `None` where no
/// stratum has both.
///
/// Of one stratum [Newcombe's](Share::minus); of several the difference of Mantel and Haenszel with the variance of Greenland
/// and Robins (1985), "Estimation of a common effect parameter from sparse follow-up data", Biometrics 41. Where every stratum
/// is all or nothing on both sides that variance is 0, and tells nothing: then Newcombe's ends of each are added up as Zou and
/// Donner (2008), "Construction of confidence limits about effect measures: a general approach", Statist. Med. 27, do.
pub fn stratified_difference(strata: &[(Share, Share)]) -> Option<Estimate> {
    if let [(before, after)] = strata {
        return after.minus(*before);
    }
    let (mut weighted, mut variance, mut weights) = (0.0, 0.0, 0.0);
    for (before, after) in strata.iter().filter(|(before, after)| before.n > 0 && after.n > 0) {
        let (n, m) = (before.n as f64, after.n as f64);
        let (x, y) = (before.hits as f64, after.hits as f64);
        weights += n * m / (n + m);
        weighted += (y * n - x * m) / (n + m);
        variance += (y * (m - y) * n.powi(3) + x * (n - x) * m.powi(3)) / (n * m * (n + m).powi(2));
    }
    if weights == 0.0 {
        return None;
    }
    let value = weighted / weights;
    let (below, above) = match variance {
        0.0 => ends_added_up(strata, weights),
        _ => [Z_95 * variance.sqrt() / weights; 2].into(),
    };
    Some(Estimate { value, low: (value - below).max(-1.0), high: (value + above).min(1.0) })
}

/// How far the interval reaches below and above the weighted difference: the root of the strata's own reaches, squared.
fn ends_added_up(strata: &[(Share, Share)], weights: f64) -> (f64, f64) {
    let (mut below, mut above) = (0.0, 0.0);
    for (before, after) in strata {
        let Some(own) = after.minus(*before) else { continue };
        let (n, m) = (before.n as f64, after.n as f64);
        let weight = n * m / (n + m) / weights;
        below += (weight * (own.value - own.low)).powi(2);
        above += (weight * (own.high - own.value)).powi(2);
    }
    (below.sqrt(), above.sqrt())
}

/// The chance of shares as different as these, or more so, if both sides were alike in every stratum. `None` where no call
/// can tell.
///
/// Mantel and Haenszel (1959), "Statistical aspects of the analysis of data from retrospective studies of disease", J.
/// Natl. Cancer Inst. 22, without continuity correction: of one stratum the "N - 1" test that Campbell (2007, Statist. Med.
/// 26) recommends for tables as small as ours.
pub fn mantel_haenszel(strata: &[(Share, Share)]) -> Option<f64> {
    let (mut away, mut variance, mut any) = (0.0, 0.0, false);
    for (before, after) in strata.iter().filter(|(before, after)| before.n > 0 && after.n > 0) {
        let (n, m) = (before.n as f64, after.n as f64);
        let (total, hits) = (n + m, (before.hits + after.hits) as f64);
        away += after.hits as f64 - m * hits / total;
        variance += m * n * hits * (total - hits) / (total * total * (total - 1.0));
        any = true;
    }
    any.then(|| if variance > 0.0 { chi_squared_upper_tail(away * away / variance) } else { 1.0 })
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

    /// Admissions to Berkeley by department (Bickel, Hammel and O'Connell 1975, "Sex bias in graduate admissions", Science
    /// 187), men and women: together women seem wronged, department by department they are not. χ² 1.5246 as R's
    /// `mantelhaen.test(UCBAdmissions, correct = FALSE)` prints it.
    #[test]
    fn strata_take_away_what_only_their_mix_made() {
        let departments = [
            ((512, 825), (89, 108)),
            ((353, 560), (17, 25)),
            ((120, 325), (202, 593)),
            ((138, 417), (131, 375)),
            ((53, 191), (94, 393)),
            ((22, 373), (24, 341)),
        ];
        let share = |(hits, n)| Share { hits, n };
        let strata = departments.map(|(men, women)| (share(men), share(women)));
        let p = mantel_haenszel(&strata).unwrap();
        assert!((p - chi_squared_upper_tail(1.5246)).abs() < 5e-5, "{p}");
        let difference = stratified_difference(&strata).unwrap();
        assert!(difference.low < 0.0 && difference.high > 0.0 && difference.value > 0.0, "{difference:?}");
        let together = strata.into_iter().fold((Share::default(), Share::default()), |(a, b), (men, women)| {
            let add = |a: Share, b: Share| Share { hits: a.hits + b.hits, n: a.n + b.n };
            (add(a, men), add(b, women))
        });
        assert!(mantel_haenszel(&[together]).unwrap() < 1e-10);
        assert!(stratified_difference(&[together]).unwrap().high < 0.0);
    }

    /// All callers on both sides reached somebody, in both strata: that few calls do not prove that nothing changed.
    #[test]
    fn all_or_nothing_is_not_certainty() {
        let all = |n| Share { hits: n, n };
        let got = stratified_difference(&[(all(8), all(8)), (all(6), all(6))]).unwrap();
        let own = |n: usize| all(n).minus(all(n)).unwrap().high;
        let by_hand = f64::hypot(4.0 / 7.0 * own(8), 3.0 / 7.0 * own(6));
        assert_eq!(got.value, 0.0);
        assert!((got.high - by_hand).abs() < 1e-12 && (got.low + by_hand).abs() < 1e-12, "{got:?}");
        assert!(got.high > 0.2, "{got:?}");
    }

    /// The weighted difference and its variance by hand: 8/10 against 5/10 and 3/4 against 1/6.
    #[test]
    fn two_strata_by_hand() {
        let strata =
            [(Share { hits: 5, n: 10 }, Share { hits: 8, n: 10 }), (Share { hits: 1, n: 6 }, Share { hits: 3, n: 4 })];
        let got = stratified_difference(&strata).unwrap();
        let value = (0.3 * 5.0 + (0.75 - 1.0 / 6.0) * 2.4) / 7.4;
        // each stratum: the square of its weight times p (1 - p) / n of either side
        let variance: f64 = 25.0 * (0.16 / 10.0 + 0.25 / 10.0) + 5.76 * (0.1875 / 4.0 + (5.0 / 36.0) / 6.0);
        assert!((got.value - value).abs() < 1e-12, "{got:?}");
        assert!((got.high - value - Z_95 * variance.sqrt() / 7.4).abs() < 1e-12, "{got:?}");
        assert_eq!(stratified_difference(&[]), None);
        assert_eq!(mantel_haenszel(&[(Share { hits: 3, n: 3 }, Share { hits: 9, n: 9 })]), Some(1.0));
    }
}
