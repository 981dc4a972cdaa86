//! Run charts: whether months that go up and down say anything.
//!
//! Anhøj and Olesen (2014), "Run charts revisited: a simulation study of run chart rules for detection of non-random variation
//! in health care processes", PLoS ONE 9(11): a shift is a run on one side of the median that is longer than
//! round(log2 n) + 3, or fewer crossings of the median than the 5 % point of the binomial distribution of n - 1
//! trials at even chance; values on the median itself are left out.

/// A run chart needs so many values off the median: with fewer its rules say nothing (Anhøj and Olesen begin at 10).
pub const MIN_VALUES: usize = 10;

/// The rules suppose that a value lies on either side as easily. Where many values are the median itself (shares of 100 %, say)
/// the others may all lie on one side of it, and long runs mean nothing: the smaller side has to hold this share of them.
const LEAST_SIDE: f64 = 0.4;

/// What the runs of a series say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Runs {
    /// The median of all values.
    pub median: f64,
    /// Values that do not lie on it.
    pub useful: usize,
    /// The longest row of values on one side.
    pub longest: usize,
    /// The places of that row's first and last value in the series.
    pub longest_at: (usize, usize),
    /// Whether that row lies above the median.
    pub longest_above: bool,
    /// The longest that chance explains.
    pub longest_expected: usize,
    /// How often the series crosses the median.
    pub crossings: usize,
    /// The fewest that chance explains.
    pub crossings_expected: usize,
}

impl Runs {
    /// The runs of `values` in time's order; `None` with fewer than [`MIN_VALUES`] off their median, or
    /// where these lie too much on one side of it.
    pub fn of(values: &[f64]) -> Option<Self> {
        let median = super::ranks::quantile(values, 0.5)?;
        let off = values.iter().enumerate().filter(|&(_, &v)| v != median);
        let sides: Vec<(usize, bool)> = off.map(|(i, &v)| (i, v > median)).collect();
        if sides.len() < MIN_VALUES {
            return None;
        }
        let n = sides.len();
        let above = sides.iter().filter(|(_, above)| *above).count();
        if (above.min(n - above) as f64) < LEAST_SIDE * n as f64 {
            return None;
        }
        // of rows of one length the last: what is so now matters more than what was
        let longest = sides.chunk_by(|a, b| a.1 == b.1).max_by_key(|run| run.len())?;
        Some(Self {
            median,
            useful: n,
            longest: longest.len(),
            longest_at: (longest[0].0, longest[longest.len() - 1].0),
            longest_above: longest[0].1,
            longest_expected: (n as f64).log2().round() as usize + 3,
            crossings: sides.windows(2).filter(|w| w[0].1 != w[1].1).count(),
            crossings_expected: fewest_crossings(n - 1),
        })
    }

    /// Whether the series is other than chance around one level.
    pub fn signal(&self) -> bool {
        self.shift() || self.crossings < self.crossings_expected
    }

    /// Whether the longest run alone says so.
    pub fn shift(&self) -> bool {
        self.longest > self.longest_expected
    }
}

/// The 5 % point of so many tosses of a fair coin.
fn fewest_crossings(tosses: usize) -> usize {
    let mut mass = 0.5f64.powi(tosses as i32);
    let (mut sum, mut k) = (mass, 0);
    while sum < 0.05 && k < tosses {
        mass *= (tosses - k) as f64 / (k + 1) as f64;
        k += 1;
        sum += mass;
    }
    k
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Anhøj and Olesen (2014), table 1: the limits at 10, 12, 16, 20 and 24 useful values.
    #[test]
    fn the_limits_of_the_paper() {
        for (n, longest, crossings) in [(10, 6, 2), (12, 7, 3), (16, 7, 4), (20, 7, 6), (24, 8, 8)] {
            let values: Vec<f64> = (0..n).map(|i| f64::from(i % 2)).collect();
            let runs = Runs::of(&values).unwrap();
            assert_eq!((runs.longest_expected, runs.crossings_expected), (longest, crossings), "{n}");
            assert!(!runs.signal(), "a series that always crosses is no shift");
        }
    }

    #[test]
    fn a_step_is_a_signal_and_too_few_months_are_none() {
        let step: Vec<f64> = (0..24).map(|i| f64::from(i / 12) * 10.0 + f64::from(i % 3)).collect();
        let runs = Runs::of(&step).unwrap();
        assert_eq!((runs.longest, runs.crossings), (12, 1));
        assert_eq!((runs.longest_at, runs.longest_above), ((12, 23), true));
        assert!(runs.signal());
        assert_eq!(Runs::of(&step[..9]), None);
        assert_eq!(Runs::of(&[5.0; 30]), None, "all on the median");
        let mostly_all: Vec<f64> =
            (0..40).map(|i| if i % 5 < 3 { 1.0 } else { 0.9 - f64::from(i % 3) / 100.0 }).collect();
        assert_eq!(Runs::of(&mostly_all), None, "below the median is the only other side");
    }
}
