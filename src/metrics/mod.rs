//! What a call cost its caller: rings, clocks, hold, keys.

pub mod confidence;
mod measure;
pub(crate) mod messages;
mod pace;
pub mod path;
mod ringing;
pub mod wait;
mod waiting;

pub use measure::measure;
pub use pace::Pace;
pub use path::PathMetrics;
pub use wait::WaitMetrics;

pub use crate::figure::{Figure, Measured, Reason, Unit, Value};

use serde::{Deserialize, Serialize};

use crate::units::Seconds;

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A person spoke.
    Human,
    /// A voicemail box took over.
    Voicemail,
    /// Picked up by a machine and ended by the line: closed or refused.
    Closed,
    /// The recording ends after the pick-up, still waiting.
    Abandoned,
    /// Rang, never picked up.
    NoAnswer,
    /// The busy tone.
    Busy,
    /// The congestion tone.
    Congestion,
    /// A special information tone, with or without its message.
    Unobtainable,
    /// The recording does not tell.
    NotMeasurable,
}

impl Outcome {
    /// Every outcome, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Human,
        Self::Voicemail,
        Self::Closed,
        Self::Abandoned,
        Self::NoAnswer,
        Self::Busy,
        Self::Congestion,
        Self::Unobtainable,
        Self::NotMeasurable,
    ];

    /// Its name in every output, whatever the language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Voicemail => "voicemail",
            Self::Closed => "closed",
            Self::Abandoned => "abandoned",
            Self::NoAnswer => "no_answer",
            Self::Busy => "busy",
            Self::Congestion => "congestion",
            Self::Unobtainable => "unobtainable",
            Self::NotMeasurable => "not_measurable",
        }
    }
}

/// Who or what picked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// A person.
    Human,
    /// A recording, a menu, a queue.
    Machine,
}

impl AnsweredBy {
    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Machine => "machine",
        }
    }
}

/// All figures of one call. Moments count from the start of the recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallMetrics {
    /// How it ended.
    pub outcome: Measured<Outcome>,
    /// Rings before the first answer as a caller counts them.
    pub rings: Measured<u32>,
    /// From the first ring to the pick-up.
    pub ring_s: Measured<Seconds>,
    /// The moment of the pick-up.
    pub answered_s: Measured<Seconds>,
    /// Who or what picked up.
    pub answered_by: Measured<AnsweredBy>,
    /// The keys heard, in order.
    pub keys: Measured<String>,
    /// From the first queue message or music to the person, the ringing before the person, the message or tone by which the
    /// line sends the caller away, or the end.
    pub queue_s: Measured<Seconds>,
    /// Stretches of music without speech over it.
    pub hold_segments: Measured<u32>,
    /// Their total length, transfers included.
    pub hold_music_s: Measured<Seconds>,
    /// Waiting after the pick-up with neither voice, music nor tone, stretches of 2 s and more.
    pub dead_air_s: Measured<Seconds>,
    /// Recorded messages played, each time counted.
    pub announcements: Measured<u32>,
    /// The moment of the first word of the first live person.
    pub time_to_human_s: Measured<Seconds>,
    /// From the pick-up to that word.
    pub wait_after_answer_s: Measured<Seconds>,
    /// From the first ring to that word, or to the end of a call in which nobody spoke.
    pub total_wait_s: Measured<Seconds>,
    /// What the wait feels like.
    pub wait: WaitMetrics,
    /// Which way it took through the menu.
    #[serde(default)]
    pub path: PathMetrics,
}

impl CallMetrics {
    /// The names of all figures, in the order of the columns.
    pub fn names() -> Vec<&'static str> {
        Self::absent(&Reason::NotThere).figures().into_iter().map(|figure| figure.name).collect()
    }

    /// Of a call of which nothing can be measured, and why.
    pub fn absent(reason: &Reason) -> Self {
        fn none<T>(reason: &Reason) -> Measured<T> {
            Measured::absent(0.0, reason.clone())
        }
        Self {
            outcome: none(reason),
            rings: none(reason),
            ring_s: none(reason),
            answered_s: none(reason),
            answered_by: none(reason),
            keys: none(reason),
            queue_s: none(reason),
            hold_segments: none(reason),
            hold_music_s: none(reason),
            dead_air_s: none(reason),
            announcements: none(reason),
            time_to_human_s: none(reason),
            wait_after_answer_s: none(reason),
            total_wait_s: none(reason),
            wait: WaitMetrics::absent(0.0, reason),
            path: PathMetrics::absent(0.0, reason),
        }
    }

    /// Every figure in one shape, in the order of the columns.
    pub fn figures(&self) -> Vec<Figure> {
        let seconds = |m: &Measured<Seconds>| m.map(|v| Value::Seconds(*v));
        let count = |m: &Measured<u32>| m.map(|v| Value::Count(*v));
        let figure = |name, unit, measured| Figure { name, unit, measured };
        let mut figures = vec![
            figure("outcome", Unit::Text, self.outcome.map(|v| Value::Text(v.name().into()))),
            figure("rings", Unit::Count, count(&self.rings)),
            figure("ring_s", Unit::Seconds, seconds(&self.ring_s)),
            figure("answered_s", Unit::Seconds, seconds(&self.answered_s)),
            figure("answered_by", Unit::Text, self.answered_by.map(|v| Value::Text(v.name().into()))),
            figure("keys", Unit::Text, self.keys.map(|v| Value::Text(v.clone()))),
            figure("queue_s", Unit::Seconds, seconds(&self.queue_s)),
            figure("hold_segments", Unit::Count, count(&self.hold_segments)),
            figure("hold_music_s", Unit::Seconds, seconds(&self.hold_music_s)),
            figure("dead_air_s", Unit::Seconds, seconds(&self.dead_air_s)),
            figure("announcements", Unit::Count, count(&self.announcements)),
            figure("time_to_human_s", Unit::Seconds, seconds(&self.time_to_human_s)),
            figure("wait_after_answer_s", Unit::Seconds, seconds(&self.wait_after_answer_s)),
            figure("total_wait_s", Unit::Seconds, seconds(&self.total_wait_s)),
        ];
        figures.extend(self.wait.figures());
        figures.extend(self.path.figures());
        figures
    }

    /// Replaces every confidence by what such evidence was worth on calls whose truth is known.
    pub fn calibrate(&mut self) {
        fn of<T>(figure: &str, measured: &mut Measured<T>, value: &str) {
            let kind = if measured.value.is_some() { value } else { confidence::EMPTY };
            measured.confidence = confidence::calibrated(figure, kind, measured.reason.code(), measured.evidence);
        }
        let outcome = self.outcome.value.map_or("", Outcome::name);
        let by = self.answered_by.value.map_or("", AnsweredBy::name);
        // one line a figure: a new one does not compile before it is listed here
        let Self {
            outcome: ended,
            rings,
            ring_s,
            answered_s,
            answered_by,
            keys,
            queue_s,
            hold_segments,
            hold_music_s,
            dead_air_s,
            announcements,
            time_to_human_s,
            wait_after_answer_s,
            total_wait_s,
            // no truth holds the others of these, so they say what they weighed
            wait: WaitMetrics { busy_announcements, .. },
            path: _,
        } = self;
        of("outcome", ended, outcome);
        of("rings", rings, confidence::VALUE);
        of("ring_s", ring_s, confidence::VALUE);
        of("answered_s", answered_s, confidence::VALUE);
        of("answered_by", answered_by, by);
        of("keys", keys, confidence::VALUE);
        of("queue_s", queue_s, confidence::VALUE);
        of("hold_segments", hold_segments, confidence::VALUE);
        of("hold_music_s", hold_music_s, confidence::VALUE);
        of("dead_air_s", dead_air_s, confidence::VALUE);
        of("announcements", announcements, confidence::VALUE);
        of("time_to_human_s", time_to_human_s, confidence::VALUE);
        of("wait_after_answer_s", wait_after_answer_s, confidence::VALUE);
        of("total_wait_s", total_wait_s, confidence::VALUE);
        of("busy_announcements", busy_announcements, confidence::VALUE);
    }
}
