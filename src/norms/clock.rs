//! The clocks of norms: each starts at another moment of the call.
//!
//! The same call may keep one norm and break the next, only because of when the clock was started; so each norm says which
//! one it reads.

use serde::{Deserialize, Serialize};

use crate::{
    analysis::CallAnalysis,
    interval::Interval,
    label::Label,
    metrics::{Outcome, Reason},
    units::Seconds,
};

/// From when to when a wait is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// From the first ring until anything picks up.
    Ring,
    /// From the pick-up to the first word of a person.
    AnswerToPerson,
    /// From the last key before him to a person.
    ChoiceToPerson,
    /// From the first queue message or music to a person.
    QueueToPerson,
    /// From the last word of one person to the first of the next: the longest such wait of the call.
    Transfer,
    /// From the first ring to a person: what the caller lives through.
    Total,
}

/// What a clock shows of one call.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// It ran.
    Waited {
        /// For so long.
        wait_s: Seconds,
        /// Until what the clock waits for came; else until the call ended without it.
        came: bool,
        /// Where in the recording.
        from: Option<Interval>,
    },
    /// The call has no such wait: no queue, no key, no transfer.
    NeverStarted,
    /// The recording does not tell.
    Unknown(Reason),
}

impl Clock {
    /// Every clock, in the order of the call.
    pub const ALL: [Self; 6] =
        [Self::Ring, Self::AnswerToPerson, Self::ChoiceToPerson, Self::QueueToPerson, Self::Transfer, Self::Total];

    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ring => "ring",
            Self::AnswerToPerson => "answer_to_person",
            Self::ChoiceToPerson => "choice_to_person",
            Self::QueueToPerson => "queue_to_person",
            Self::Transfer => "transfer",
            Self::Total => "total",
        }
    }

    /// What it shows of `call`.
    pub fn read(self, call: &CallAnalysis) -> Reading {
        let m = &call.metrics;
        let came = m.time_to_human_s.value.is_some();
        match self {
            Self::Ring => match m.ring_s.value {
                Some(wait_s) => Reading::Waited { wait_s, came: true, from: m.ring_s.from },
                None => never_picked_up(call).unwrap_or_else(|| Reading::Unknown(m.ring_s.reason.clone())),
            },
            Self::Total => match m.total_wait_s.value {
                Some(wait_s) => Reading::Waited { wait_s, came, from: m.total_wait_s.from },
                None => never_picked_up(call).unwrap_or_else(|| Reading::Unknown(m.total_wait_s.reason.clone())),
            },
            Self::AnswerToPerson => match (m.wait_after_answer_s.value, m.answered_s.value) {
                (Some(wait_s), _) => Reading::Waited { wait_s, came: true, from: m.wait_after_answer_s.from },
                (None, Some(answered)) if nobody(call) => until_end(call, answered),
                _ if never_picked_up(call).is_some() => Reading::NeverStarted,
                _ => Reading::Unknown(m.wait_after_answer_s.reason.clone()),
            },
            Self::ChoiceToPerson => since_last_key(call),
            Self::QueueToPerson => match (m.queue_s.value, &m.queue_s.reason) {
                (Some(wait_s), _) => Reading::Waited { wait_s, came, from: m.queue_s.from },
                (None, Reason::NoQueue | Reason::NeverAnswered) => Reading::NeverStarted,
                (None, reason) => Reading::Unknown(reason.clone()),
            },
            Self::Transfer => longest_transfer(call),
        }
    }
}

/// Whether the call is known to hold no person.
fn nobody(call: &CallAnalysis) -> bool {
    let without = [Outcome::Voicemail, Outcome::Closed, Outcome::Abandoned];
    call.metrics.outcome.value.is_some_and(|outcome| without.contains(&outcome))
}

/// The wait of a call that nothing picked up; `None` of any other.
fn never_picked_up(call: &CallAnalysis) -> Option<Reading> {
    let m = &call.metrics;
    let wait_s = match m.outcome.value? {
        Outcome::NoAnswer => m.total_wait_s.value?,
        Outcome::Busy | Outcome::Congestion | Outcome::Unobtainable => m.total_wait_s.value.unwrap_or(0.0),
        _ => return None,
    };
    Some(Reading::Waited { wait_s, came: false, from: m.total_wait_s.from.or(m.outcome.from) })
}

fn until_end(call: &CallAnalysis, since: Seconds) -> Reading {
    let from = Interval::new(since.min(call.recording.duration_s), call.recording.duration_s);
    Reading::Waited { wait_s: from.duration(), came: false, from: Some(from) }
}

fn since_last_key(call: &CallAnalysis) -> Reading {
    let m = &call.metrics;
    let person = m.time_to_human_s.value;
    let keys = call.timelines.iter().flat_map(|t| t.events()).filter(|e| e.label == Label::Dtmf);
    let before = keys.map(|key| key.interval.end()).filter(|&end| person.is_none_or(|person| end <= person));
    let Some(last) = before.max_by(f64::total_cmp) else { return Reading::NeverStarted };
    match person {
        Some(person) => Reading::Waited { wait_s: person - last, came: true, from: Some(Interval::new(last, person)) },
        None if nobody(call) => until_end(call, last),
        None => Reading::Unknown(m.time_to_human_s.reason.clone()),
    }
}

/// Between two live voices there is a transfer where music or ringing sounds.
fn longest_transfer(call: &CallAnalysis) -> Reading {
    let (mut last_word, mut on_hold, mut longest) = (None::<Seconds>, false, None::<Interval>);
    for segment in call.timelines.first().into_iter().flat_map(|line| line.segments()) {
        match segment.label {
            Label::Human => {
                let wait = last_word.filter(|_| on_hold).map(|since| Interval::new(since, segment.interval.start()));
                longest = [longest, wait].into_iter().flatten().max_by(|a, b| a.duration().total_cmp(&b.duration()));
                (last_word, on_hold) = (Some(segment.interval.end()), false);
            }
            Label::Music | Label::Ringback => on_hold = true,
            _ => {}
        }
    }
    match longest {
        Some(wait) => Reading::Waited { wait_s: wait.duration(), came: true, from: Some(wait) },
        None => Reading::NeverStarted,
    }
}
