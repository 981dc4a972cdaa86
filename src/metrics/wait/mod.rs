//! What the wait feels like: the same message again, no sign of progress, the music and how it is played.
//!
//! The wait runs from the pick-up (the start of a recording that begins after it) to the person's first word, or to the end
//! of the recording where there is none.

mod loudness;
mod messages;
mod music;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{CallMetrics, Figure, Measured, Reason, Unit, Value};
use crate::{
    heard::ChannelHeard,
    interval::Interval,
    label::Label,
    repeats::{Group, Play},
    timeline::{Segment, Timeline},
    units::Seconds,
};

/// The figures of one call's wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitMetrics {
    /// Plays of messages that the caller had already heard in this call.
    pub repeated_announcements: Measured<u32>,
    /// How often the message that came most often was played.
    pub same_announcement: Measured<u32>,
    /// Plays of recordings that are named `busy`, `bezet` or begin so.
    pub busy_announcements: Measured<u32>,
    /// Plays of recordings that ask for patience.
    pub apologies: Measured<u32>,
    /// Plays of recordings that tell the caller something: his place, the expected wait, opening hours.
    pub informations: Measured<u32>,
    /// The share of the wait that apologies take.
    pub apology_share: Measured<f64>,
    /// The share of the wait that information takes.
    pub information_share: Measured<f64>,
    /// The share of the wait that messages of any kind take.
    pub message_share: Measured<f64>,
    /// The share of the wait that music without a voice takes.
    pub music_share: Measured<f64>,
    /// The longest stretch of the wait without voice, music or tone.
    pub longest_silence_s: Measured<Seconds>,
    /// The longest stretch of the wait without any sign of progress: a new message, information, ringing, the person.
    pub longest_without_progress_s: Measured<Seconds>,
    /// The length of the music's loop.
    pub music_loop_s: Measured<Seconds>,
    /// How often the loop was heard from its beginning to its end, in all.
    pub music_loops: Measured<u32>,
    /// How many different notes the music's tune has.
    pub tune_notes: Measured<u32>,
    /// The largest step in loudness between music and voice, in dB.
    pub loudness_jump_db: Measured<f64>,
    /// The share of the music's samples whose wave is cut flat.
    pub clipped_music: Measured<f64>,
}

impl WaitMetrics {
    /// None of them, for one and the same reason.
    pub fn absent(confidence: f32, reason: &Reason) -> Self {
        fn none<T>(confidence: f32, reason: &Reason) -> Measured<T> {
            Measured::absent(confidence, reason.clone())
        }
        Self {
            repeated_announcements: none(confidence, reason),
            same_announcement: none(confidence, reason),
            busy_announcements: none(confidence, reason),
            apologies: none(confidence, reason),
            informations: none(confidence, reason),
            apology_share: none(confidence, reason),
            information_share: none(confidence, reason),
            message_share: none(confidence, reason),
            music_share: none(confidence, reason),
            longest_silence_s: none(confidence, reason),
            longest_without_progress_s: none(confidence, reason),
            music_loop_s: none(confidence, reason),
            music_loops: none(confidence, reason),
            tune_notes: none(confidence, reason),
            loudness_jump_db: none(confidence, reason),
            clipped_music: none(confidence, reason),
        }
    }

    /// Every figure in one shape, in the order of the columns.
    pub fn figures(&self) -> Vec<Figure> {
        let figure = |name, unit, measured| Figure { name, unit, measured };
        let count = |name, m: &Measured<u32>| figure(name, Unit::Count, m.map(|v| Value::Count(*v)));
        let seconds = |name, m: &Measured<Seconds>| figure(name, Unit::Seconds, m.map(|v| Value::Seconds(*v)));
        let share = |name, m: &Measured<f64>| figure(name, Unit::Share, m.map(|v| Value::Number(*v)));
        let decibels = |name, m: &Measured<f64>| figure(name, Unit::Decibels, m.map(|v| Value::Number(*v)));
        vec![
            count("repeated_announcements", &self.repeated_announcements),
            count("same_announcement", &self.same_announcement),
            count("busy_announcements", &self.busy_announcements),
            count("apologies", &self.apologies),
            count("informations", &self.informations),
            share("apology_share", &self.apology_share),
            share("information_share", &self.information_share),
            share("message_share", &self.message_share),
            share("music_share", &self.music_share),
            seconds("longest_silence_s", &self.longest_silence_s),
            seconds("longest_without_progress_s", &self.longest_without_progress_s),
            seconds("music_loop_s", &self.music_loop_s),
            count("music_loops", &self.music_loops),
            count("tune_notes", &self.tune_notes),
            decibels("loudness_jump_db", &self.loudness_jump_db),
            share("clipped_music", &self.clipped_music),
        ]
    }
}

/// How sure a count of messages can be at best: a play under a loud room may be missed.
const COUNTED: f32 = 0.93;

/// What is known of a call whose wait is measured.
pub struct Waiting<'a> {
    /// What the line let the caller hear, in time.
    pub line: &'a Timeline,
    /// What was kept of its sound.
    pub heard: &'a ChannelHeard,
    /// The recordings that are played in the call, in time's order.
    pub plays: &'a [Play],
    /// Every recording that is known of the line, whether it is played in this call or not.
    pub groups: &'a [Arc<Group>],
    /// Whether the recording keeps the waves of the line as they were: no codec that models a voice, no change of rate.
    pub keeps_waves: bool,
}

/// The figures of the wait in a call whose other figures are `metrics`.
pub fn measure(call: &Waiting<'_>, metrics: &CallMetrics) -> WaitMetrics {
    let end = call.line.duration();
    let (sure, reason) = (metrics.answered_by.confidence, &metrics.answered_by.reason);
    // what is counted is counted over the whole call, answered or not
    let whole = Wait { interval: Interval::new(0.0, end), person: false, sure: COUNTED };
    let counted = messages::Messages::find(call, &whole);
    let counted = || WaitMetrics {
        repeated_announcements: counted.repeated(),
        same_announcement: counted.same(),
        busy_announcements: counted.busy(),
        apologies: counted.apologies(),
        informations: counted.informations(),
        ..WaitMetrics::absent(sure, reason)
    };
    match (&metrics.answered_by.value, reason) {
        (None, Reason::OnlySilence) => return WaitMetrics::absent(sure, reason),
        (None, _) => return counted(),
        _ => {}
    }
    let first_sound = metrics.answered_by.from.map_or(0.0, Interval::start);
    let until = metrics.time_to_human_s.value.unwrap_or(end).clamp(0.0, end);
    let from = metrics.answered_s.value.unwrap_or(first_sound).clamp(0.0, until);
    let wait = Wait {
        interval: Interval::new(from, until),
        person: metrics.time_to_human_s.value.is_some(),
        sure: if metrics.time_to_human_s.value.is_some() { metrics.time_to_human_s.confidence } else { 0.85 },
    };
    let messages = messages::Messages::find(call, &wait);
    let music = music::Music::find(call);
    WaitMetrics {
        apology_share: messages.apology_share(),
        information_share: messages.information_share(),
        message_share: wait.share(call.line, |s| s.label == Label::Announcement),
        music_share: wait.share(call.line, |s| s.label == Label::Music),
        longest_silence_s: wait.longest_silence(call.line),
        longest_without_progress_s: messages.longest_without_progress(call.line),
        music_loop_s: music.loop_s(),
        music_loops: music.loops(),
        tune_notes: music.tune_notes(call.heard),
        loudness_jump_db: loudness::jump(call),
        clipped_music: music.clipped(call),
        ..counted()
    }
}

/// The wait itself.
#[derive(Clone, Copy, Debug)]
struct Wait {
    interval: Interval,
    /// Whether it ended with a person.
    person: bool,
    /// How sure its end is.
    sure: f32,
}

impl Wait {
    /// The share of it that such segments take.
    fn share(&self, line: &Timeline, is: impl Fn(&Segment) -> bool) -> Measured<f64> {
        if self.interval.duration() <= 0.0 {
            return Measured::absent(self.sure, Reason::NoWait);
        }
        let taken: Seconds = line.segments().iter().filter(|s| is(s)).map(|s| s.interval.overlap(self.interval)).sum();
        Measured::heard(taken / self.interval.duration(), self.sure.min(0.85), Reason::Derived, self.interval)
    }

    fn longest_silence(&self, line: &Timeline) -> Measured<Seconds> {
        if self.interval.duration() <= 0.0 {
            return Measured::absent(self.sure, Reason::NoWait);
        }
        let mut longest: Option<Interval> = None;
        let mut open: Option<Interval> = None;
        for segment in line.segments() {
            let quiet = matches!(segment.label, Label::Silence | Label::Noise);
            let inside = segment.interval.intersection(self.interval).filter(|_| quiet);
            open = inside.map(|inside| open.map_or(inside, |open| open.hull(inside)));
            if let Some(open) = open
                && longest.is_none_or(|l| open.duration() > l.duration())
            {
                longest = Some(open);
            }
        }
        match longest {
            Some(silence) => Measured::heard(silence.duration(), self.sure.min(0.85), Reason::Heard, silence),
            None => Measured::heard(0.0, self.sure.min(0.85), Reason::NotThere, self.interval),
        }
    }
}

#[cfg(test)]
mod tests;
