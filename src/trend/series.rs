//! A measure over the periods, and whether it moves by more than chance.
//!
//! Two signs are looked for, each by its own published rule: runs on one side of the median that are too long, or crossings
//! that are too few ([`crate::statistics::runs`]), for a change that lasts; single points outside the limits of chance
//! ([`crate::statistics::control`]), for a month that stands out.

use super::samples::{Level, Reading};
use crate::{
    statistics::{
        control::{self, Limits},
        ranks::quantile,
        runs::{MIN_VALUES, Runs},
    },
    units::Seconds,
};

/// A measure of one line, period by period.
#[derive(Clone, Debug)]
pub struct Series {
    /// A reading a period, in time's order; also of periods without calls.
    pub points: Vec<Reading>,
    /// The median of the known points.
    pub median: Option<f64>,
    /// What the runs say; `None` of too few points. Their places are places in `points`.
    pub runs: Option<Runs>,
    /// A point a period: where chance alone puts it; `None` of too few points, or calls.
    pub limits: Vec<Option<Limits>>,
}

impl Series {
    pub(super) fn of(points: Vec<Reading>) -> Self {
        let known: Vec<f64> = points.iter().filter_map(Reading::value).collect();
        let median = quantile(&known, 0.5);
        let (places, ranked): (Vec<usize>, Vec<f64>) = ranked(&points).into_iter().unzip();
        let mut runs = Runs::of(&ranked);
        if let Some(runs) = &mut runs {
            runs.longest_at = (places[runs.longest_at.0], places[runs.longest_at.1]);
        }
        let limits = if known.len() < MIN_VALUES { vec![None; points.len()] } else { limits(&points, &known) };
        Self { points, median, runs, limits }
    }

    /// How many points the rules for runs rest on: those that do not lie on the median.
    pub fn useful(&self) -> usize {
        let ranked: Vec<f64> = ranked(&self.points).into_iter().map(|(_, value)| value).collect();
        let median = quantile(&ranked, 0.5);
        ranked.iter().filter(|value| Some(**value) != median).count()
    }

    /// Whether there are points enough to tell change from chance, by either rule.
    pub fn can_tell(&self) -> bool {
        self.runs.is_some() || self.limits.iter().any(Option::is_some)
    }

    /// Whether the point at `place` stands out alone.
    pub fn stands_out(&self, place: usize) -> bool {
        let (value, limits) = (self.points[place].value(), self.limits[place]);
        value.zip(limits).is_some_and(|(value, limits)| limits.exclude(value))
    }

    /// Whether it lies elsewhere than it did, by more than chance.
    pub fn shifted(&self) -> bool {
        self.runs.is_some_and(|runs| runs.signal())
    }

    /// The places of the points that stand out alone.
    pub fn outside(&self) -> Vec<usize> {
        (0..self.points.len()).filter(|&place| self.stands_out(place)).collect()
    }

    /// Whether it is known at several points and the same at each.
    pub fn is_constant(&self) -> bool {
        let known: Vec<f64> = self.points.iter().filter_map(Reading::value).collect();
        known.len() > 1 && known.windows(2).all(|pair| pair[0] == pair[1]) && ranked(&self.points).len() == known.len()
    }
}

/// The points that have a place in the order of levels. One whose median lies beyond the longest wait goes on top where it
/// is surely above the middle, and is left out where nobody can tell.
fn ranked(points: &[Reading]) -> Vec<(usize, f64)> {
    let known: Vec<f64> = points.iter().filter_map(Reading::value).collect();
    let beyond = |point: &Reading| match point.level {
        Level::Beyond(longest_s) => Some(longest_s),
        _ => None,
    };
    let all_beyond = || points.iter().filter_map(beyond);
    let top = known.iter().copied().chain(all_beyond()).fold(0.0, f64::max) + 1.0;
    // with the points on top the middle lies no lower than this
    let surely: Vec<f64> = known.iter().copied().chain(all_beyond().map(|_| top)).collect();
    let middle = quantile(&surely, 0.5);
    let sure = |longest_s: Seconds| middle.is_some_and(|middle| longest_s >= middle || middle == top);
    let place = |point: &Reading| point.value().or_else(|| beyond(point).filter(|s| sure(*s)).map(|_| top));
    points.iter().enumerate().filter_map(|(i, point)| Some((i, place(point)?))).collect()
}

fn limits(points: &[Reading], known: &[f64]) -> Vec<Option<Limits>> {
    let shares: Option<Vec<_>> = points.iter().map(|point| point.share).collect();
    match shares {
        Some(shares) => control::proportions(&shares),
        None => vec![control::individuals(known); points.len()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{Range, share::Share};

    fn known(value: f64) -> Reading {
        Reading { calls: 9, n: 9, level: Level::Known(Range { value, low: None, high: None }), share: None }
    }

    fn beyond(longest_s: f64) -> Reading {
        Reading { level: Level::Beyond(longest_s), ..known(0.0) }
    }

    const NONE: Reading = Reading { calls: 0, n: 0, level: Level::Unknown, share: None };

    #[test]
    fn a_step_is_found_with_its_months_and_empty_months_break_nothing() {
        let mut points: Vec<Reading> = (0..8).map(|i| known(60.0 + f64::from(i % 3))).collect();
        points.push(NONE);
        points.extend((0..8).map(|i| known(120.0 + f64::from(i % 3))));
        let series = Series::of(points);
        let runs = series.runs.unwrap();
        assert!(runs.shift() && series.shifted(), "{runs:?}");
        assert_eq!((runs.longest_at, runs.longest_above), ((9, 16), true));
        assert_eq!(series.useful(), 16, "none of them lies on the median");
    }

    #[test]
    fn a_month_in_which_most_reached_nobody_is_above_the_middle_and_not_passed_over() {
        let mut points: Vec<Reading> = (0..8).map(|i| known(60.0 + f64::from(i % 3))).collect();
        points.extend((0..8).map(|_| beyond(300.0)));
        let series = Series::of(points);
        assert!(series.runs.unwrap().shift());
        assert_eq!(series.limits, vec![None; 16], "eight values have no limits");
        let short: Vec<Reading> = (0..12).map(|i| known(60.0 + f64::from(i))).chain([beyond(5.0)]).collect();
        assert_eq!(Series::of(short).useful(), 12, "of calls that all ended after 5 s nobody can tell");
    }

    #[test]
    fn a_single_month_that_stands_out_is_a_signal_of_its_own() {
        let mut points: Vec<Reading> = (0..20).map(|i| known(60.0 + f64::from(i % 2))).collect();
        points[7] = known(90.0);
        let series = Series::of(points);
        assert!(series.outside() == [7] && !series.shifted());
        let share = |hits, n| {
            let share = Share { hits, n };
            Reading { share: Some(share), level: Level::Known(share.estimate().unwrap().into()), ..NONE }
        };
        let series = Series::of((0..12).map(|i| if i == 3 { share(5, 40) } else { share(20, 40) }).collect());
        assert!(series.stands_out(3) && !series.stands_out(4));
    }

    #[test]
    fn nine_months_say_nothing() {
        let series = Series::of((0..9).map(|i| known(f64::from(i))).collect());
        assert!(series.runs.is_none() && !series.can_tell() && !series.is_constant());
        assert!(Series::of(vec![known(2.0), NONE, known(2.0)]).is_constant());
        assert_eq!(series.median, Some(4.0));
    }
}
