//! The call as a caller lives through it: segments that partition the time, events on top.

use serde::{Deserialize, Serialize};

pub mod compose;
mod edges;
mod known;
pub mod labelled;
mod names;
mod passage;
pub mod person;
pub mod personalised;
mod rooms;
mod sounds;
mod strays;
mod tones;
mod turns;
mod utterance;

pub use crate::channel::Channel;
pub(crate) use sounds::OVER_MUSIC;

use crate::{
    interval::Interval,
    label::{Label, Layer},
    units::Seconds,
};

/// A stretch of one kind of sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// When.
    pub interval: Interval,
    /// What.
    pub label: Label,
    /// More of it: the digit of a key, `over_music`, `3 rings, last one cut`.
    pub detail: String,
    /// How sure, 0 to 1.
    pub confidence: f32,
}

/// One channel's segments and events, in time's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    channel: Channel,
    duration: Seconds,
    segments: Vec<Segment>,
    events: Vec<Segment>,
}

/// A segment with nothing more to say about it.
fn segment(interval: Interval, label: Label, confidence: f32) -> Segment {
    Segment { interval, label, detail: String::new(), confidence }
}

impl Timeline {
    /// A timeline of `channel` that lasts `duration` seconds.
    ///
    /// Whatever `heard` holds, the result's segments partition `[0, duration)`: what nothing covers is silence, where two
    /// overlap the later in the list wins, and neighbours alike (label and detail) become one.
    pub fn new(channel: Channel, duration: Seconds, heard: Vec<Segment>) -> Self {
        let call = Interval::new(0.0, duration.max(0.0));
        let (mut events, heard): (Vec<_>, Vec<_>) = heard.into_iter().partition(|s| s.label.layer() == Layer::Event);
        events.retain(|event| call.intersection(event.interval).is_some());
        events.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
        let silence = Segment { interval: call, label: Label::Silence, detail: String::new(), confidence: 1.0 };
        let mut segments = if call.duration() > 0.0 { vec![silence] } else { vec![] };
        for segment in heard {
            let Some(interval) = call.intersection(segment.interval) else { continue };
            segments = paint(segments, Segment { interval, ..segment });
        }
        Self { channel, duration: call.end(), segments: merged(segments), events }
    }

    /// Which channel it is of.
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// How long the recording lasts.
    pub fn duration(&self) -> Seconds {
        self.duration
    }

    /// What the line was doing: a partition of `[0, duration)`.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// What happened on top: keys and beeps.
    pub fn events(&self) -> &[Segment] {
        &self.events
    }
}

/// `over` on top of a sorted partition.
fn paint(under: Vec<Segment>, over: Segment) -> Vec<Segment> {
    let first = under.partition_point(|s| s.interval.end() <= over.interval.start());
    let last = under.partition_point(|s| s.interval.start() < over.interval.end());
    let mut painted = under;
    let mut patch = Vec::with_capacity(3);
    if let Some(before) = painted.get(first).filter(|s| s.interval.start() < over.interval.start()) {
        let interval = Interval::new(before.interval.start(), over.interval.start());
        patch.push(Segment { interval, ..before.clone() });
    }
    let after = last.checked_sub(1).and_then(|i| painted.get(i)).filter(|s| s.interval.end() > over.interval.end());
    let after = after.map(|s| Segment { interval: Interval::new(over.interval.end(), s.interval.end()), ..s.clone() });
    patch.push(over);
    patch.extend(after);
    painted.splice(first..last, patch);
    painted
}

/// Neighbours of the same label and detail as one, sure as the time-weighted mean of both.
fn merged(segments: Vec<Segment>) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::with_capacity(segments.len());
    for next in segments {
        match out.last_mut() {
            Some(last) if last.label == next.label && last.detail == next.detail => {
                let (a, b) = (last.interval.duration() as f32, next.interval.duration() as f32);
                last.confidence = (last.confidence * a + next.confidence * b) / (a + b).max(f32::EPSILON);
                last.interval = last.interval.hull(next.interval);
            }
            _ => out.push(next),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn segment(start: f64, length: f64, label: Label) -> Segment {
        Segment { interval: Interval::new(start, start + length), label, detail: String::new(), confidence: 0.5 }
    }

    proptest! {
        #[test]
        fn segments_partition_the_call_whatever_is_heard(
            spans in prop::collection::vec((0.0..12.0f64, 0.0..5.0f64, 0usize..14), 0..40), duration in 0.0..10.0f64
        ) {
            let heard = spans.iter().map(|&(s, l, i)| segment(s, l, Label::ALL[i])).collect();
            let timeline = Timeline::new(Channel::Mono, duration, heard);
            let mut at = 0.0;
            for s in timeline.segments() {
                prop_assert_eq!(s.interval.start(), at);
                prop_assert!(s.interval.duration() > 0.0);
                prop_assert!(s.label.layer() == Layer::Segment);
                at = s.interval.end();
            }
            prop_assert_eq!(at, duration);
        }
    }

    #[test]
    fn the_later_wins_and_what_is_alike_becomes_one() {
        let heard =
            vec![segment(1.0, 4.0, Label::Music), segment(2.0, 1.0, Label::Speech), segment(4.0, 2.0, Label::Music)];
        let timeline = Timeline::new(Channel::Mono, 7.0, heard);
        let got: Vec<_> = timeline.segments().iter().map(|s| (s.label, s.interval.end())).collect();
        let want = [
            (Label::Silence, 1.0),
            (Label::Music, 2.0),
            (Label::Speech, 3.0),
            (Label::Music, 6.0),
            (Label::Silence, 7.0),
        ];
        assert_eq!(got, want);
    }
}
