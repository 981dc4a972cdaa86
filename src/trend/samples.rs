//! What each call of a line tells of a measure, and what several calls tell together.

use crate::{
    audit::{Audit, AuditedCall},
    metrics::{CallMetrics, Outcome, Unit, Value},
    norms::{Kept, Norm, judge},
    statistics::{
        Range, ranks,
        share::Share,
        survival::{KaplanMeier, Observation},
    },
    units::Seconds,
};

/// With fewer calls not even their whole range holds a median with 95 % (binomial, Conover 1999, section 3.2).
pub const FEW: usize = 6;

/// What is followed.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// The median wait from the first ring to a person, calls that ended before counted as far as they went.
    Wait,
    /// The share of calls in which a person spoke.
    Reached,
    /// The share of calls that keep a norm.
    Norm(Box<Norm>),
    /// The median of a column of `calls.csv`.
    Figure(&'static str, Unit),
}

impl Measure {
    /// The measure of that column of `calls.csv`; `None` where there is none, or it is no number.
    pub fn figure(name: &str) -> Option<Self> {
        let of = |figure: &crate::metrics::Figure| Self::Figure(figure.name, figure.unit);
        Self::figures().iter().find(|figure| figure.name == name).map(of)
    }

    /// The names of all columns that can be followed.
    pub fn figure_names() -> Vec<&'static str> {
        Self::figures().into_iter().map(|figure| figure.name).collect()
    }

    fn figures() -> Vec<crate::metrics::Figure> {
        let mut figures = CallMetrics::absent(&crate::metrics::Reason::NotThere).figures();
        figures.retain(|figure| figure.unit != Unit::Text);
        figures
    }

    /// Its name in every output.
    pub fn name(&self) -> &str {
        match self {
            Self::Wait => "wait",
            Self::Reached => "reached",
            Self::Norm(norm) => &norm.id,
            Self::Figure(name, _) => name,
        }
    }

    /// Its unit.
    pub fn unit(&self) -> Unit {
        match self {
            Self::Wait => Unit::Seconds,
            Self::Reached | Self::Norm(_) => Unit::Share,
            Self::Figure(_, unit) => *unit,
        }
    }

    /// Whether it is a share of calls, so between 0 and 1.
    pub fn is_share_of_calls(&self) -> bool {
        matches!(self, Self::Reached | Self::Norm(_))
    }
}

/// What each call tells; `None` of one that does not.
#[derive(Clone, Debug)]
pub enum Samples {
    /// Of waits.
    Waits(Vec<Option<Observation>>),
    /// Of shares.
    Did(Vec<Option<bool>>),
    /// Of figures.
    Values(Vec<Option<f64>>),
}

/// What several calls tell together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// How many calls there are.
    pub calls: usize,
    /// How many of them tell.
    pub n: usize,
    /// What they tell.
    pub level: Level,
    /// The share that it is, of a share of calls.
    pub share: Option<Share>,
}

/// What calls tell together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Level {
    /// No call tells.
    Unknown,
    /// Fewer than half got to a person while anybody waited, so that the median lies beyond the longest wait, in seconds.
    Beyond(Seconds),
    /// This, with its interval.
    Known(Range),
}

impl Reading {
    /// Whether it rests on so few calls that its place is not much more than chance.
    pub fn is_of_few(&self) -> bool {
        self.n < FEW
    }

    /// The value, where it is known.
    pub fn value(&self) -> Option<f64> {
        match self.level {
            Level::Known(range) => Some(range.value),
            _ => None,
        }
    }
}

impl Samples {
    /// What each call of `audit` tells of `measure`.
    pub fn of(measure: &Measure, audit: &Audit) -> Self {
        let metrics = |call: &AuditedCall| call.finding.as_ref().ok().map(|finding| finding.metrics.clone());
        match measure {
            Measure::Wait => Self::Waits(audit.calls.iter().map(|call| wait(&metrics(call)?)).collect()),
            Measure::Reached => {
                let reached = |call| match metrics(call)?.outcome.value? {
                    Outcome::NotMeasurable => None,
                    outcome => Some(outcome == Outcome::Human),
                };
                Self::Did(audit.calls.iter().map(reached).collect())
            }
            Measure::Norm(norm) => {
                let verdict = judge(norm, audit, None);
                // in the audit's order, those calls left out that the norm does not concern
                let mut held = verdict.held.iter().peekable();
                let did = |call: &AuditedCall| match held.next_if(|held| std::ptr::eq(held.call, call))?.kept {
                    Kept::Yes => Some(true),
                    Kept::No => Some(false),
                    Kept::LeftOut | Kept::Unknown => None,
                };
                Self::Did(audit.calls.iter().map(did).collect())
            }
            Measure::Figure(name, _) => {
                let value = |call| {
                    let figure = metrics(call)?.figures().into_iter().find(|figure| figure.name == *name)?;
                    match figure.measured.value? {
                        Value::Seconds(value) | Value::Number(value) => Some(value),
                        Value::Count(count) => Some(f64::from(count)),
                        Value::Text(_) => None,
                    }
                };
                Self::Values(audit.calls.iter().map(value).collect())
            }
        }
    }

    /// What the calls at these places tell together.
    pub fn read(&self, places: &[usize]) -> Reading {
        fn picked<T: Copy>(all: &[Option<T>], places: &[usize]) -> Vec<T> {
            places.iter().filter_map(|&place| all[place]).collect()
        }
        let (n, level, share) = match self {
            Self::Waits(all) => {
                let waits = picked(all, places);
                let curve = KaplanMeier::of(&waits);
                let level = match curve.quantile_with_interval(0.5) {
                    Some(median) => Level::Known(median),
                    None if waits.is_empty() => Level::Unknown,
                    None => Level::Beyond(curve.last_s),
                };
                (waits.len(), level, None)
            }
            Self::Did(all) => {
                let did = picked(all, places);
                let share = Share::of(&did, |did| *did);
                let level = share.estimate().map_or(Level::Unknown, |estimate| Level::Known(estimate.into()));
                (did.len(), level, Some(share))
            }
            Self::Values(all) => {
                let values = picked(all, places);
                let open = |value| Range { value, low: None, high: None };
                let known = ranks::quantile_with_interval(&values, 0.5).map(Range::from);
                let level =
                    known.or_else(|| ranks::quantile(&values, 0.5).map(open)).map_or(Level::Unknown, Level::Known);
                (values.len(), level, None)
            }
        };
        Reading { calls: places.len(), n, level, share }
    }
}

/// How long the caller waited and whether for a person; `None` where he never got through or the recording does not tell.
fn wait(metrics: &CallMetrics) -> Option<Observation> {
    let wait_s = metrics.total_wait_s.value.filter(|wait| wait.is_finite() && *wait >= 0.0)?;
    let engaged = matches!(metrics.outcome.value, Some(Outcome::Busy | Outcome::Congestion | Outcome::Unobtainable));
    (!engaged).then_some(Observation { wait_s, person: metrics.time_to_human_s.value.is_some() })
}
