//! How many calls are enough: before the first one is made, and when a comparison ended undecided.
//!
//! All counts are for a two-sided test at 5 % with as many calls before as after.

use super::normal::Z_95;

/// How sure one wants to be to see a change that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Four out of five such comparisons show it.
    Eighty,
    /// Nine out of ten.
    Ninety,
}

impl Power {
    /// The point of the standard normal distribution below which that share lies.
    fn z(self) -> f64 {
        match self {
            Self::Eighty => 0.841_621_233_572_914_2,
            Self::Ninety => 1.281_551_565_544_600_4,
        }
    }
}

/// Calls a side that show a share of `before` become one of `after` (0 to 1 each); `None` where they are alike.
///
/// Fleiss, Levin and Paik (2003), "Statistical Methods for Rates and Proportions", equation 4.14, without continuity
/// correction.
pub fn calls_for_shares(before: f64, after: f64, power: Power) -> Option<usize> {
    let mean = f64::midpoint(before, after);
    let spread = Z_95 * (2.0 * mean * (1.0 - mean)).sqrt()
        + power.z() * (before * (1.0 - before) + after * (1.0 - after)).sqrt();
    let calls = (spread / (after - before)).powi(2);
    calls.is_finite().then(|| calls.ceil() as usize)
}

/// Callers who spoke to a person, both sides together, that show waits become `ratio` times as long; `None` where that is
/// no change.
///
/// Schoenfeld (1981), "The asymptotic properties of nonparametric tests for comparing survival distributions", Biometrika
/// 68: for waits of which every second is as likely to end as the one before (the ratio of medians is then that of rates).
/// Waits that vary less than that show a change sooner.
pub fn persons_for_waits(ratio: f64, power: Power) -> Option<usize> {
    let persons = 4.0 * ((Z_95 + power.z()) / ratio.ln()).powi(2);
    persons.is_finite().then(|| persons.ceil() as usize)
}

/// The smallest change that so many callers who spoke to a person, both sides together, are likely to show: waits become so
/// many times as long (less than 1). The inverse of [`persons_for_waits`]; 0 of nobody.
pub fn visible_ratio(persons: usize, power: Power) -> f64 {
    if persons == 0 { 0.0 } else { (-2.0 * (Z_95 + power.z()) / (persons as f64).sqrt()).exp() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 60 % against 70 % takes 356 a side, the example of many textbooks; 65 % against 80 % takes 137.9, worked out apart.
    #[test]
    fn shares_as_the_usual_calculators_give_them() {
        assert_eq!(calls_for_shares(0.65, 0.80, Power::Eighty), Some(138));
        assert_eq!(calls_for_shares(0.60, 0.70, Power::Eighty), Some(356));
        assert_eq!(calls_for_shares(0.5, 0.5, Power::Eighty), None);
        assert_eq!(calls_for_shares(0.8, 0.65, Power::Ninety), calls_for_shares(0.65, 0.8, Power::Ninety));
    }

    /// Collett, "Modelling Survival Data in Medical Research", section 10.2: a ratio of hazards of 0.57 takes 133 deaths for a
    /// power of 90 %.
    #[test]
    fn events_as_collett_works_them_out() {
        assert_eq!(persons_for_waits(0.57, Power::Ninety), Some(134), "133 with his rounded points");
        assert_eq!(persons_for_waits(1.0, Power::Ninety), None);
        let ratio = visible_ratio(100, Power::Eighty);
        assert!(persons_for_waits(ratio, Power::Eighty).unwrap().abs_diff(100) <= 1);
        assert_eq!(visible_ratio(0, Power::Eighty), 0.0);
    }
}
