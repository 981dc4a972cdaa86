//! What there is to wait through: hold music, the queue, dead air.

use super::{measure::Moments, messages::Message};
use crate::{
    figure::{Measured, Reason},
    interval::Interval,
    label::Label,
    repeats::Kind,
    units::Seconds,
};

/// Silence from here on is dead air.
const MIN_DEAD_AIR_S: Seconds = 2.0;
/// Music segments this close are one stretch of hold.
const HOLD_JOIN_S: Seconds = 1.0;
/// How long the beginning of the music may be in doubt.
const MAX_DOUBT_S: Seconds = 5.0;
/// Music shorter than this is no hold music.
const MIN_HOLD_S: Seconds = 1.0;

impl Moments<'_> {
    /// The stretches of hold music: from where to where, and the seconds of music in each.
    pub(super) fn holds(&self) -> Vec<(Interval, Seconds)> {
        let from = self.ringing.map_or(0.0, |r| r.interval().end());
        let mut holds: Vec<(Interval, Seconds)> = Vec::new();
        for music in self.segments(Label::Music).filter(|m| m.interval.start() >= from) {
            match holds.last_mut() {
                Some((last, sum)) if music.interval.start() - last.end() <= HOLD_JOIN_S => {
                    *last = last.hull(music.interval);
                    *sum += music.interval.duration();
                }
                _ => holds.push((music.interval, music.interval.duration())),
            }
        }
        holds.retain(|(_, sum)| *sum >= MIN_HOLD_S);
        holds
    }

    pub(super) fn hold<T>(&self, view: impl FnOnce(&[(Interval, Seconds)]) -> T) -> Measured<T> {
        if self.only_silence {
            return Measured::absent(0.9, Reason::OnlySilence);
        }
        let holds = self.holds();
        let sure: Vec<f32> = self.segments(Label::Music).map(|s| s.confidence).collect();
        let sure = if sure.is_empty() { 0.95 } else { sure.iter().sum::<f32>() / sure.len() as f32 };
        let from = holds.iter().map(|h| h.0).reduce(Interval::hull);
        let reason = if holds.is_empty() { Reason::NotThere } else { Reason::Heard };
        Measured::heard(view(&holds), sure, reason, from.unwrap_or(self.whole()))
    }

    /// The first ringing inside the call, after `from` and before the person.
    fn ringing_before_person(&self, from: Seconds) -> Option<Seconds> {
        let human = self.human?;
        let rings = self.segments(Label::Ringback).filter(|r| r.interval.start() > from && r.interval.start() < human);
        rings.map(|r| r.interval.start()).last()
    }

    /// Where the queue begins: with the first music, or with the message that is the queue's own. Of the messages before the
    /// music those are its own that follow the last key; without keys the last one, and any that is heard again later.
    fn queue_start(&self) -> Option<Seconds> {
        let until = self.human.unwrap_or(f64::INFINITY);
        let messages = self.messages();
        let music = self.holds().into_iter().map(|h| h.0).find(|h| h.start() < until).map(|h| h.start());
        let last_key = self.keys_pressed().iter().map(|k| k.interval.end()).rfind(|&at| at < music.unwrap_or(until));
        let before = |m: &&Message| m.interval.start() < music.unwrap_or(until);
        if let Some(key) = last_key {
            let own = messages.iter().filter(before).find(|m| m.interval.start() > key - 0.1);
            return own.map(|m| m.interval.start()).or(music);
        }
        // who says that all lines are busy says it to a queue
        let is_apology = |m: &&Message| m.group.as_ref().is_some_and(|g| g.kind == Kind::Apology);
        if let Some(apology) = messages.iter().filter(before).find(is_apology) {
            return Some(apology.interval.start());
        }
        let music = music?;
        let again = |m: &&Message| messages.iter().any(|n| n.interval.start() > music && n.is_same(m));
        let own = messages.iter().filter(before).find(again).or_else(|| {
            let quiet = |m: &&Message| Interval::new(m.interval.end().min(music), music);
            let dead = |i: Interval| {
                let silent = self.line.segments().iter().filter(|s| s.label == Label::Silence);
                silent.map(|s| s.interval.overlap(i)).sum::<Seconds>()
            };
            // what is neither silence nor a voice between a message and the music is how the music begins
            let beside = |m: &&Message| dead(quiet(m)) < HOLD_JOIN_S && quiet(m).duration() < MAX_DOUBT_S;
            messages.iter().rfind(before).filter(beside)
        });
        Some(own.map_or(music, |m| m.interval.start()))
    }

    pub(super) fn queue_s(&self) -> Measured<Seconds> {
        if !self.is_answered() {
            return Measured::absent(0.9, self.answered_s().reason);
        }
        let Some(start) = self.queue_start() else { return Measured::absent(0.8, Reason::NoQueue) };
        let end = self.ringing_before_person(start).or(self.human).unwrap_or(self.line.duration()).max(start);
        let reason = if self.human.is_some() { Reason::Derived } else { Reason::StillWaiting };
        let sure = self.course.person.as_ref().map_or(0.7, |(_, live)| live.probability);
        Measured::heard(end - start, sure.min(0.85), reason, Interval::new(start, end))
    }

    pub(super) fn dead_air_s(&self) -> Measured<Seconds> {
        if !self.is_answered() {
            return Measured::absent(0.9, self.answered_s().reason);
        }
        let from = self.first_sound.map_or(0.0, |s| s.interval.start());
        let until = self.human.unwrap_or(self.line.duration());
        let silences = self.line.segments().iter().filter(|s| matches!(s.label, Label::Silence | Label::Noise));
        let waiting = silences.filter(|s| s.interval.start() >= from && s.interval.end() <= until + 0.01);
        let dead: Vec<Interval> = waiting.map(|s| s.interval).filter(|i| i.duration() >= MIN_DEAD_AIR_S).collect();
        let total = dead.iter().map(|i| i.duration()).sum();
        let reason = if dead.is_empty() { Reason::NotThere } else { Reason::Heard };
        let whole = Interval::new(from.min(until), until.max(from));
        Measured::heard(total, 0.85, reason, dead.into_iter().reduce(Interval::hull).unwrap_or(whole))
    }
}
