//! What few calls can tell of many: shares, medians and curves, each with the interval that it is known to.
//!
//! Waiting times are skewed and some of them end in nothing (the caller gave up, the line closed), so there are no means
//! and no bell curves here: shares with Wilson's interval ([`share`]), medians and shifts by ranks ([`ranks`]), waits
//! without an end by Kaplan and Meier ([`survival`]), months by run charts ([`runs`]). Intervals are two-sided 95 %.

pub mod control;
pub mod normal;
pub mod ranks;
pub mod runs;
pub mod share;
pub mod survival;

/// An estimate, and the 95 % interval in which the true value lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The best single value.
    pub value: f64,
    /// From here ...
    pub low: f64,
    /// ... to here.
    pub high: f64,
}

/// An estimate whose 95 % interval may be open: `None` where the data set no bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The best single value.
    pub value: f64,
    /// From here ...
    pub low: Option<f64>,
    /// ... to here.
    pub high: Option<f64>,
}

impl From<Estimate> for Range {
    fn from(estimate: Estimate) -> Self {
        Self { value: estimate.value, low: Some(estimate.low), high: Some(estimate.high) }
    }
}
