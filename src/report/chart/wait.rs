//! A call as its wait: from the first ring to the first word of a person, or to the end.

use crate::{analysis::CallAnalysis, interval::Interval, label::Label, metrics::Outcome, units::Seconds};

/// The wait of one call, in seconds of its recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wait {
    /// From where it is counted: the first ring, or the recording's start where no ringing is in it.
    pub zero_s: Seconds,
    /// The first word of a person, or the end.
    pub end_s: Seconds,
    /// Whether a person ended it.
    pub person: bool,
    /// The figure `total_wait_s`, if it could be measured.
    pub total_s: Option<Seconds>,
}

impl Wait {
    /// The wait of a call, in agreement with its figures.
    pub fn of(call: &CallAnalysis) -> Self {
        let timeline = call.line();
        let duration = timeline.duration();
        let person = call.metrics.time_to_human_s.value.filter(|moment| moment.is_finite());
        let total_s = call.metrics.total_wait_s.value.filter(|total| total.is_finite() && *total >= 0.0);
        let ringing = timeline.segments().iter().find(|s| s.label == Label::Ringback).map(|s| s.interval.start());
        let zero_s = match (person, total_s) {
            (Some(moment), Some(total)) => moment - total,
            _ => ringing.unwrap_or(0.0),
        };
        let zero_s = zero_s.clamp(0.0, duration);
        let end_s = person.or(total_s.map(|total| zero_s + total)).unwrap_or(duration).clamp(zero_s, duration);
        Self { zero_s, end_s, person: person.is_some(), total_s }
    }

    /// The stretch of the recording that it takes.
    pub fn interval(&self) -> Interval {
        Interval::new(self.zero_s, self.end_s)
    }

    /// How long it took, as far as the recording tells.
    pub fn length_s(&self) -> Seconds {
        self.end_s - self.zero_s
    }
}

/// Whether the caller got through to something that can be waited for.
pub fn got_through(call: &CallAnalysis) -> bool {
    !matches!(
        call.metrics.outcome.value,
        None | Some(Outcome::Busy | Outcome::Congestion | Outcome::Unobtainable | Outcome::NotMeasurable)
    )
}
