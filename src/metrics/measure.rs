//! A call's course into its figures.

use super::{
    AnsweredBy, CallMetrics, Outcome, PathMetrics, WaitMetrics,
    messages::{Message, messages},
    pace::Pace,
    ringing::{pick_up, whole_and_cut},
};
use crate::{
    figure::{Measured, Reason},
    heard::Levels,
    interval::Interval,
    label::Label,
    line::Phase,
    timeline::{Segment, Timeline, compose::Course, personalised},
    units::{Decibels, Seconds},
};

/// Sound shorter than this after the ringing is a click, not the answer.
const MIN_ANSWER_S: Seconds = 0.25;
/// The level that nothing exceeds in a recording of nothing.
const NOTHING_DBFS: Decibels = -60.0;

/// All figures of a call on a line whose queue has that `pace`.
pub fn measure(course: &Course, levels: &Levels, pace: &Pace) -> CallMetrics {
    let call = Moments::find(course, levels, pace);
    let outcome = call.outcome();
    let answered_s = call.answered_s();
    let time_to_human_s = call.time_to_human_s();
    CallMetrics {
        rings: call.rings(),
        ring_s: call.ring_s(),
        answered_by: call.answered_by(),
        keys: call.keys(),
        queue_s: call.queue_s(),
        hold_segments: call.hold(|holds| holds.len() as u32),
        hold_music_s: call.hold(|holds| holds.iter().map(|h| h.1).sum()),
        dead_air_s: call.dead_air_s(),
        announcements: call.announcements(),
        wait_after_answer_s: difference(&answered_s, &time_to_human_s),
        total_wait_s: call.total_wait_s(),
        outcome,
        answered_s,
        time_to_human_s,
        wait: WaitMetrics::absent(0.0, &Reason::NotThere),
        path: PathMetrics::default(),
    }
}

/// The moments that the figures are taken between.
pub(super) struct Moments<'a> {
    pub(super) course: &'a Course,
    pub(super) line: &'a Timeline,
    pub(super) ringing: Option<&'a Phase>,
    /// Music in the place of the ringing tone.
    ringing_music: Option<Interval>,
    /// The first voice or music of the called end.
    pub(super) first_sound: Option<&'a Segment>,
    /// The pick-up, if the recording holds it.
    pick_up: Option<Measured<Seconds>>,
    pub(super) human: Option<Seconds>,
    pub(super) only_silence: bool,
    /// The pace of the line's queue.
    pub(super) pace: &'a Pace,
}

impl<'a> Moments<'a> {
    pub(super) fn find(course: &'a Course, levels: &Levels, pace: &'a Pace) -> Self {
        let line = &course.line;
        let ringing = course.first_ringing.as_ref();
        let from = ringing.map_or(0.0, |r| r.interval().end());
        let is_answer = |s: &&Segment| {
            (s.label.is_voice() || s.label == Label::Music)
                && s.interval.start() >= from - 0.05
                && s.interval.duration() >= MIN_ANSWER_S
        };
        let first_sound = line.segments().iter().find(is_answer);
        let pick_up = ringing.zip(first_sound).map(|(r, sound)| pick_up(r, sound, levels));
        let is_music = |s: &&Segment| s.label == Label::Ringback && s.detail == personalised::MUSIC;
        let ringing_music = line.segments().iter().find(is_music).map(|s| s.interval).filter(|_| ringing.is_none());
        // the music breaks off where it is picked up
        let music_ends = |i: Interval| Measured::heard(i.end(), 0.6, Reason::RingCutShort, i);
        let pick_up = pick_up.or(ringing_music.filter(|_| first_sound.is_some()).map(music_ends));
        let whole = Interval::new(0.0, line.duration());
        let only_silence = levels.share_above(whole, NOTHING_DBFS) < 0.002
            || line.segments().iter().all(|s| matches!(s.label, Label::Silence | Label::Noise))
                && line.events().is_empty();
        let human = course.person.as_ref().map(|p| p.0);
        Self { course, line, ringing, ringing_music, first_sound, pick_up, human, only_silence, pace }
    }

    pub(super) fn whole(&self) -> Interval {
        Interval::new(0.0, self.line.duration())
    }

    pub(super) fn segments(&self, label: Label) -> impl Iterator<Item = &'a Segment> {
        self.line.segments().iter().filter(move |s| s.label == label)
    }

    /// Whether anybody or anything picked up.
    pub(super) fn is_answered(&self) -> bool {
        match (self.first_sound, self.refusal()) {
            (Some(sound), Some(refusal)) => sound.interval.start() < refusal.interval.start(),
            (sound, _) => sound.is_some(),
        }
    }

    /// The first tone by which the network itself refuses the call.
    fn refusal(&self) -> Option<&'a Segment> {
        let refuses = |s: &&Segment| matches!(s.label, Label::Busy | Label::Congestion | Label::Sit);
        self.line.segments().iter().find(refuses)
    }

    fn outcome(&self) -> Measured<Outcome> {
        let heard = |outcome, confidence, from| Measured::heard(outcome, confidence, Reason::Heard, from);
        if self.only_silence {
            return Measured::heard(Outcome::NotMeasurable, 0.9, Reason::OnlySilence, self.whole());
        }
        if let Some(sit) = self.segments(Label::Sit).next().filter(|_| !self.is_answered()) {
            return heard(Outcome::Unobtainable, sit.confidence, sit.interval);
        }
        if !self.is_answered() {
            return match (self.refusal(), self.ringing) {
                (Some(tone), _) => {
                    let outcome = if tone.label == Label::Busy { Outcome::Busy } else { Outcome::Congestion };
                    let rival = tone.detail.strip_prefix("or ");
                    let reason = rival.map_or(Reason::Heard, |r| Reason::Ambiguous { rival: r.to_owned() });
                    Measured::heard(outcome, tone.confidence, reason, tone.interval)
                }
                (None, Some(ringing)) => {
                    Measured::heard(Outcome::NoAnswer, 0.9, Reason::EndsBeforeAnswer, ringing.interval())
                }
                (None, None) => Measured::heard(Outcome::NotMeasurable, 0.6, Reason::NotThere, self.whole()),
            };
        }
        if let Some((start, live)) = &self.course.person {
            let from = Interval::new(*start, self.line.duration().max(*start));
            return Measured::heard(Outcome::Human, live.probability, live.reason.clone(), from);
        }
        self.machine_outcome()
    }

    /// How a call ended that only a machine picked up.
    fn machine_outcome(&self) -> Measured<Outcome> {
        let doubt = 1.0 - self.course.doubt;
        let last_voice = self.line.segments().iter().rev().find(|s| s.label.is_voice());
        let beep = self.line.events().iter().find(|e| e.label == Label::Beep);
        if let Some(beep) = beep.filter(|_| self.holds().is_empty()) {
            return Measured::heard(Outcome::Voicemail, 0.9 * doubt.max(0.5), Reason::Heard, beep.interval);
        }
        let after = last_voice.map_or(0.0, |v| v.interval.end());
        let ended_by_line =
            self.line.segments().iter().find(|s| {
                matches!(s.label, Label::Busy | Label::Congestion | Label::Dial) && s.interval.start() >= after
            });
        if let Some(tone) = ended_by_line {
            return Measured::heard(Outcome::Closed, 0.9 * doubt, Reason::Heard, tone.interval);
        }
        let from = last_voice.map_or(self.whole(), |v| v.interval);
        // One message and then the end: refused. Music, a menu or more messages: still waiting.
        let waited = !self.holds().is_empty() || !self.keys_pressed().is_empty() || self.messages().len() > 2;
        if waited {
            Measured::heard(Outcome::Abandoned, 0.85 * doubt, Reason::StillWaiting, from)
        } else {
            Measured::heard(Outcome::Closed, 0.7 * doubt, Reason::OrderOfEvents, from)
        }
    }

    fn rings(&self) -> Measured<u32> {
        match self.ringing {
            Some(ringing) => {
                let (whole, cut) = whole_and_cut(ringing);
                let reason = if cut > 0 { Reason::RingCut { whole, cut } } else { Reason::Heard };
                let sure = self.course.tones.iter().find(|(p, _)| p == ringing).map_or(0.5, |(_, m)| m.confidence);
                Measured::heard(ringing.groups.len() as u32, sure, reason, ringing.interval())
            }
            None if self.only_silence => Measured::absent(0.9, Reason::OnlySilence),
            None if self.ringing_music.is_some() => Measured::absent(0.6, Reason::PersonalisedRingback),
            None if self.is_answered() => Measured::absent(0.9, Reason::StartsAfterPickUp),
            None if self.refusal().is_some() => Measured::heard(0, 0.95, Reason::NotThere, self.whole()),
            None => Measured::absent(0.6, Reason::NotThere),
        }
    }

    pub(super) fn answered_s(&self) -> Measured<Seconds> {
        match &self.pick_up {
            Some(pick_up) if self.is_answered() => pick_up.clone(),
            _ if self.is_answered() => Measured::absent(0.9, Reason::StartsAfterPickUp),
            _ if self.only_silence => Measured::absent(0.9, Reason::OnlySilence),
            _ if self.ringing.is_some() && self.refusal().is_none() => Measured::absent(0.9, Reason::EndsBeforeAnswer),
            _ => Measured::absent(0.9, Reason::NeverAnswered),
        }
    }

    /// The ringing before the first answer, whatever it sounds like.
    pub(super) fn rung(&self) -> Option<Interval> {
        self.ringing.map(Phase::interval).or(self.ringing_music)
    }

    fn ring_s(&self) -> Measured<Seconds> {
        let Some(ringing) = self.rung() else {
            let rings = self.rings();
            return Measured::absent(rings.confidence, rings.reason);
        };
        let start = ringing.start();
        let answered = self.answered_s();
        match answered.value {
            Some(at) => {
                Measured::heard(at - start, answered.confidence, answered.reason, Interval::new(start, at.max(start)))
            }
            None => Measured::absent(answered.confidence, answered.reason),
        }
    }

    fn answered_by(&self) -> Measured<AnsweredBy> {
        if !self.is_answered() {
            return Measured::absent(0.9, self.answered_s().reason);
        }
        let Some(sound) = self.first_sound else { return Measured::absent(0.5, Reason::NotThere) };
        let by = if sound.label == Label::Human { AnsweredBy::Human } else { AnsweredBy::Machine };
        if sound.label == Label::Speech {
            return Measured { confidence: 0.5, ..Measured::heard(by, 0.5, Reason::LiveOrRecorded, sound.interval) };
        }
        Measured::heard(by, sound.confidence, Reason::OrderOfEvents, sound.interval)
    }

    pub(super) fn keys_pressed(&self) -> Vec<&'a Segment> {
        let on_caller = self.course.caller.iter().flat_map(|t| t.events());
        let mut keys: Vec<&Segment> =
            self.line.events().iter().chain(on_caller).filter(|e| e.label == Label::Dtmf).collect();
        keys.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
        keys
    }

    fn keys(&self) -> Measured<String> {
        let pressed = self.keys_pressed();
        let Some((first, last)) = pressed.first().zip(pressed.last()) else {
            return Measured::absent(0.95, Reason::NotThere);
        };
        let sure = pressed.iter().map(|k| k.confidence).fold(1.0, f32::min);
        let digits = pressed.iter().map(|k| k.detail.as_str()).collect();
        Measured::heard(digits, sure, Reason::Heard, first.interval.hull(last.interval))
    }

    /// Recorded messages, each time one was played.
    pub(super) fn messages(&self) -> Vec<Message> {
        messages(self.line, &self.course.plays, &self.keys_pressed())
    }

    fn announcements(&self) -> Measured<u32> {
        if self.only_silence {
            return Measured::absent(0.9, Reason::OnlySilence);
        }
        let messages = self.messages();
        let from = messages.iter().map(|m| m.interval).reduce(Interval::hull).unwrap_or(self.whole());
        let undecided = self.segments(Label::Speech).next().is_some();
        let (sure, reason) = if undecided { (0.5, Reason::LiveOrRecorded) } else { (0.75, Reason::Heard) };
        Measured::heard(messages.len() as u32, sure, reason, from)
    }

    fn time_to_human_s(&self) -> Measured<Seconds> {
        match &self.course.person {
            Some((at, live)) if self.is_answered() => {
                let end = self.line.duration().max(*at);
                Measured::heard(*at, live.probability, live.reason.clone(), Interval::new(*at, (*at + 3.0).min(end)))
            }
            _ if !self.is_answered() => Measured::absent(0.95, self.answered_s().reason),
            _ if self.course.doubt > 0.35 => Measured::absent(1.0 - self.course.doubt, Reason::LiveOrRecorded),
            _ => Measured::absent(1.0 - self.course.doubt, Reason::NoPerson),
        }
    }

    fn total_wait_s(&self) -> Measured<Seconds> {
        let Some(ringing) = self.rung() else {
            let rings = self.rings();
            return Measured::absent(rings.confidence, rings.reason);
        };
        let start = ringing.start();
        let (end, reason) = match self.human {
            Some(human) => (human, Reason::Derived),
            None => (self.line.duration(), Reason::StillWaiting),
        };
        let sure = self.course.person.as_ref().map_or(0.8, |(_, live)| live.probability);
        Measured::heard((end - start).max(0.0), sure, reason, Interval::new(start, end.max(start)))
    }
}

/// From one moment to another, as sure as the less sure of both; absent as the first absent one of them.
fn difference(from: &Measured<Seconds>, to: &Measured<Seconds>) -> Measured<Seconds> {
    match (from.value, to.value) {
        (Some(a), Some(b)) => Measured::heard(
            (b - a).max(0.0),
            from.confidence.min(to.confidence),
            Reason::Derived,
            Interval::new(a, b.max(a)),
        ),
        (None, _) => Measured::absent(from.confidence, from.reason.clone()),
        _ => Measured::absent(to.confidence, to.reason.clone()),
    }
}
