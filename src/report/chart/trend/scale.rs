//! An axis of values: seconds, shares, counts.

use crate::{metrics::Unit, trend::samples::Measure};

/// Distances between seconds that read well.
const STEPS_S: [f64; 14] = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0];

/// From values to a place between 0 and 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    /// The scale on which `measure` is drawn where its values reach from `least` to `most`, with at most so many steps.
    pub fn new(measure: &Measure, least: f64, most: f64, steps: usize) -> Self {
        if measure.is_share_of_calls() {
            return Self { low: 0.0, high: 1.0, step: 1.0 / steps.clamp(1, 4) as f64 };
        }
        let (least, most) = (least.min(0.0), if most > least.min(0.0) { most } else { least.min(0.0) + 1.0 });
        let step = step(measure.unit(), (most - least) / steps as f64);
        Self { low: (least / step).floor() * step, high: (most / step).ceil() * step, step }
    }

    /// Where a value lies, 0 at the lower end; what is outside lies at the ends.
    pub fn place(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Whether a value lies beyond its upper end.
    pub fn is_beyond(&self, value: f64) -> bool {
        value > self.high
    }

    /// The lower end.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The values that get a label.
    pub fn ticks(&self) -> Vec<f64> {
        let count = ((self.high - self.low) / self.step).round() as usize;
        (0..=count).map(|i| self.low + i as f64 * self.step).collect()
    }
}

/// Steps for shades of waits up to `most`: so large that with four of them little is left over.
pub fn shade_step_s(most: f64) -> f64 {
    STEPS_S.into_iter().rev().find(|step| *step <= most / 4.0).unwrap_or(STEPS_S[0])
}

/// The smallest round distance that is no smaller than `least`.
fn step(unit: Unit, least: f64) -> f64 {
    let least = if least.is_finite() && least > 0.0 { least } else { 1.0 };
    if unit == Unit::Seconds
        && let Some(step) = STEPS_S.into_iter().find(|step| *step >= least)
    {
        return step;
    }
    let decade = 10f64.powf(least.log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * decade).find(|step| *step >= least * (1.0 - 1e-9));
    let round = round.unwrap_or(10.0 * decade);
    if unit == Unit::Count { round.max(1.0) } else { round }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_few_and_hold_the_values() {
        for most in [0.0, 0.4, 7.0, 61.0, 185.0, 3599.0, 1e6] {
            let scale = Scale::new(&Measure::Wait, 0.0, most, 4);
            let ticks = scale.ticks();
            assert!((2..=6).contains(&ticks.len()) && ticks[ticks.len() - 1] >= most, "{most}: {ticks:?}");
        }
        assert_eq!(Scale::new(&Measure::Wait, 0.0, 185.0, 4).ticks(), [0.0, 60.0, 120.0, 180.0, 240.0]);
        assert_eq!(Scale::new(&Measure::Reached, 0.4, 0.9, 2).ticks(), [0.0, 0.5, 1.0]);
        let rings = Measure::figure("rings").unwrap();
        assert_eq!(Scale::new(&rings, 1.0, 2.0, 4).ticks(), [0.0, 1.0, 2.0], "no half ring");
        let scale = Scale::new(&Measure::Wait, 0.0, f64::NAN, 4);
        assert!(scale.place(5.0).is_finite());
    }
}
