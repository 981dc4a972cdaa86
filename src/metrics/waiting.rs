//! What there is to wait through: hold music, the queue, dead air.

use super::{measure::Moments, messages::Message};
use crate::{
    figure::{Measured, Reason},
    interval::Interval,
    label::Label,
    repeats::Kind,
    timeline::Segment,
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

    /// From which message on to the next one music plays for the most part, and how long it does.
    fn turns(&self, messages: &[Message]) -> Vec<(usize, Seconds)> {
        let music = |i: Interval| self.segments(Label::Music).map(|s| s.interval.overlap(i)).sum::<Seconds>();
        let turn = |(i, pair): (usize, &[Message])| {
            let (from, to) = (pair[0].interval.end(), pair[1].interval.start());
            let gap = Interval::new(from.min(to), to);
            let music_s = music(gap);
            (music_s >= MIN_HOLD_S.max(0.5 * gap.duration())).then_some((i, music_s))
        };
        messages.windows(2).enumerate().filter_map(turn).collect()
    }

    /// How long the music of this call's queue plays from one message to the next, each time that it goes on after it.
    pub(super) fn music_turns(&self) -> impl Iterator<Item = Seconds> {
        let messages = self.messages();
        let last_music = self.holds().last().map_or(0.0, |h| h.0.start());
        let mut turns = self.turns(&messages);
        turns.retain(|(i, _)| messages[i + 1].interval.end() <= last_music);
        turns.into_iter().map(|turn| turn.1)
    }

    /// When the line sends a waiting caller away with a last message. It is whole and nothing follows it; and it does not come
    /// in turn, where the queue's own messages come.
    fn sent_away(&self, start: Seconds, hung_up: Option<Seconds>) -> Option<Seconds> {
        /// A recording that ends closer to a word was ended in its midst: by the caller.
        const BREAKS_OFF_S: Seconds = 0.15;
        let end = hung_up.unwrap_or(self.line.duration());
        let inside = |m: &Message| m.interval.start() >= start - 0.1 && m.interval.start() < end;
        let messages: Vec<Message> = self.messages().into_iter().filter(inside).collect();
        let &(before, turn_s) = self.turns(&messages).last()?;
        let mut last = messages[before + 1..].iter();
        let silent_s = end - messages.last()?.interval.end();
        let is_over = hung_up.is_some() || silent_s >= BREAKS_OFF_S;
        let music_goes_on = self.holds().iter().any(|h| h.0.start() >= messages[before + 1].interval.end() - 0.1);
        if !is_over || silent_s > MIN_DEAD_AIR_S || music_goes_on {
            return None;
        }
        let in_turn = hung_up.is_none() && self.pace.is_in_turn(turn_s);
        let own = if in_turn { last.next() } else { None };
        // what follows a message that nobody knows may be more of it
        let away = last.next().filter(|_| own.is_none_or(|own| own.group.is_some()))?;
        Some(away.interval.start())
    }

    /// Where the queue that began at `start` ends, and why there.
    fn queue_end(&self, start: Seconds) -> (Seconds, Reason) {
        if let Some(human) = self.human {
            return (self.ringing_before_person(start).unwrap_or(human), Reason::Derived);
        }
        let last_sound = self.line.segments().iter().rev().find(|s| s.label.is_voice() || s.label == Label::Music);
        let since = last_sound.map_or(start, |s| s.interval.end()).max(start);
        let is_end = |s: &&Segment| matches!(s.label, Label::Busy | Label::Congestion | Label::Dial);
        let tone = self.line.segments().iter().filter(is_end).find(|s| s.interval.start() >= since - 0.1);
        let hung_up = tone.map(|t| t.interval.start());
        match self.sent_away(start, hung_up).or(hung_up) {
            Some(at) => (at, Reason::SentAway),
            None => (self.line.duration(), Reason::StillWaiting),
        }
    }

    pub(super) fn queue_s(&self) -> Measured<Seconds> {
        if !self.is_answered() {
            return Measured::absent(0.9, self.answered_s().reason);
        }
        let Some(start) = self.queue_start() else { return Measured::absent(0.8, Reason::NoQueue) };
        let (end, reason) = self.queue_end(start);
        let end = end.max(start);
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        channel::Channel,
        heard::Levels,
        metrics::Pace,
        repeats::{Group, Play},
        timeline::{Timeline, compose::Course},
    };

    /// A call of `duration` seconds that nobody answers, in which `busy` is played at these seconds, four seconds each time,
    /// with music between.
    fn queue(busy: &[Seconds], duration: Seconds, tone: Option<Seconds>) -> Course {
        let segment = |start, end, label| Segment {
            interval: Interval::new(start, end),
            label,
            detail: String::new(),
            confidence: 0.95,
        };
        let group = Arc::new(Group { name: "busy".into(), kind: Kind::Apology, length_s: 4.0, ..Group::default() });
        let at = |start: &Seconds| Interval::new(*start, start + 4.0);
        let plays = busy.iter().map(at);
        let plays =
            plays.map(|interval| Play { group: group.clone(), interval, offset_s: 0.0, similarity: 0.9 }).collect();
        let mut line: Vec<Segment> = busy.iter().map(|b| segment(*b, b + 4.0, Label::Announcement)).collect();
        line.extend(busy.windows(2).map(|b| segment(b[0] + 4.2, b[1] - 0.3, Label::Music)));
        line.extend(tone.map(|tone| segment(tone, duration, Label::Busy)));
        Course {
            line: Timeline::new(Channel::Mono, duration, line),
            caller: None,
            first_ringing: None,
            tones: vec![],
            plays,
            person: None,
            doubt: 0.0,
            weighed: vec![],
        }
    }

    /// How long the queue of the first of a line's calls lasts, and why.
    fn queue_s(calls: &[Course]) -> (Seconds, &'static str) {
        let levels = Levels::default();
        let pace = Pace::of(calls.iter().map(|call| (call, &levels)));
        let queue = Moments::find(&calls[0], &levels, &pace).queue_s();
        (queue.value.unwrap(), queue.reason.code())
    }

    #[test]
    fn who_is_sent_away_waits_until_the_message_that_says_so() {
        let other = queue(&[1.0, 35.0, 69.0, 103.0], 120.0, None);
        let out_of_turn = queue(&[5.0, 39.0, 52.0], 57.0, None);
        assert_eq!(queue_s(&[out_of_turn.clone(), other.clone()]), (47.0, "sent_away"));
        assert_eq!(queue_s(&[out_of_turn]), (47.0, "sent_away"));
        let hung_up = queue(&[5.0, 39.0, 73.0], 85.0, Some(78.0));
        assert_eq!(queue_s(&[hung_up, other]), (68.0, "sent_away"));
    }

    #[test]
    fn who_hangs_up_after_a_message_of_the_queue_waits_until_then() {
        let in_turn = queue(&[5.0, 39.0, 73.0], 78.0, None);
        assert_eq!(queue_s(&[in_turn]), (73.0, "still_waiting"));
        // only the other call shows the pace
        let short = queue(&[5.0, 39.0], 44.0, None);
        let other = queue(&[1.0, 35.0, 69.0, 103.0], 120.0, None);
        assert_eq!(queue_s(&[short.clone(), other]), (39.0, "still_waiting"));
        assert_eq!(queue_s(&[short]).1, "sent_away");
    }

    #[test]
    fn a_call_that_breaks_off_or_goes_on_was_not_sent_away() {
        let in_its_midst = queue(&[5.0, 39.0, 52.0], 56.0, None);
        assert_eq!(queue_s(&[in_its_midst]), (51.0, "still_waiting"));
        let dead_air = queue(&[5.0, 39.0, 52.0], 70.0, None);
        assert_eq!(queue_s(&[dead_air]), (65.0, "still_waiting"));
    }
}
