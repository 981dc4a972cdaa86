//! A call's course into its figures.

use super::{AnsweredBy, CallMetrics, Outcome};
use crate::{
    figure::{Measured, Reason},
    heard::Levels,
    interval::Interval,
    label::Label,
    line::{Phase, phase::group_interval},
    timeline::{Segment, Timeline, compose::Course, personalised},
    units::{Decibels, Seconds},
};

/// Sound shorter than this after the ringing is a click, not the answer.
const MIN_ANSWER_S: Seconds = 0.25;
/// Silence from here on is dead air.
const MIN_DEAD_AIR_S: Seconds = 2.0;
/// Music segments this close are one stretch of hold.
const HOLD_JOIN_S: Seconds = 1.0;
/// Music shorter than this is no hold music.
const MIN_HOLD_S: Seconds = 1.0;
/// Voices of one message pause for less than this.
const MESSAGE_PAUSE_S: Seconds = 0.6;
/// A burst shorter than this share of the usual ring was cut.
const CUT_SHARE: f64 = 0.9;
/// A rise of the noise floor by this much shows the called end coming on the line.
const MIN_FLOOR_STEP_DB: Decibels = 4.0;
/// The level that nothing exceeds in a recording of nothing.
const NOTHING_DBFS: Decibels = -60.0;

/// All figures of a call.
pub fn measure(course: &Course, levels: &Levels) -> CallMetrics {
    let call = Moments::find(course, levels);
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
    }
}

/// The moments that the figures are taken between.
struct Moments<'a> {
    course: &'a Course,
    line: &'a Timeline,
    ringing: Option<&'a Phase>,
    /// Music in the place of the ringing tone.
    ringing_music: Option<Interval>,
    /// The first voice or music of the called end.
    first_sound: Option<&'a Segment>,
    /// The pick-up, if the recording holds it.
    pick_up: Option<Measured<Seconds>>,
    human: Option<Seconds>,
    only_silence: bool,
}

impl<'a> Moments<'a> {
    fn find(course: &'a Course, levels: &Levels) -> Self {
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
        Self { course, line, ringing, ringing_music, first_sound, pick_up, human, only_silence }
    }

    fn whole(&self) -> Interval {
        Interval::new(0.0, self.line.duration())
    }

    fn segments(&self, label: Label) -> impl Iterator<Item = &'a Segment> {
        self.line.segments().iter().filter(move |s| s.label == label)
    }

    /// Whether anybody or anything picked up.
    fn is_answered(&self) -> bool {
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

    fn answered_s(&self) -> Measured<Seconds> {
        match &self.pick_up {
            Some(pick_up) if self.is_answered() => pick_up.clone(),
            _ if self.is_answered() => Measured::absent(0.9, Reason::StartsAfterPickUp),
            _ if self.only_silence => Measured::absent(0.9, Reason::OnlySilence),
            _ if self.ringing.is_some() && self.refusal().is_none() => Measured::absent(0.9, Reason::EndsBeforeAnswer),
            _ => Measured::absent(0.9, Reason::NeverAnswered),
        }
    }

    /// The ringing before the first answer, whatever it sounds like.
    fn rung(&self) -> Option<Interval> {
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

    fn keys_pressed(&self) -> Vec<&'a Segment> {
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

    /// The stretches of hold music: from where to where, and the seconds of music in each.
    fn holds(&self) -> Vec<(Interval, Seconds)> {
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

    fn hold<T>(&self, view: impl FnOnce(&[(Interval, Seconds)]) -> T) -> Measured<T> {
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

    /// Recorded messages: voices of one recording with pauses inside, each time it was played.
    fn messages(&self) -> Vec<Interval> {
        let keys = self.keys_pressed();
        let is_message = |s: &&Segment| matches!(s.label, Label::Announcement | Label::Speech);
        let mut messages: Vec<(Interval, bool)> = Vec::new();
        for voice in self.line.segments().iter().filter(is_message) {
            let over_music = !voice.detail.is_empty();
            match messages.last_mut() {
                Some((last, last_over)) if self.goes_on(*last, voice.interval, &keys) && *last_over == over_music => {
                    *last = last.hull(voice.interval);
                }
                _ => messages.push((voice.interval, over_music)),
            }
        }
        messages.into_iter().map(|m| m.0).collect()
    }

    fn goes_on(&self, last: Interval, next: Interval, keys: &[&Segment]) -> bool {
        let pause = Interval::new(last.end().min(next.start()), next.start());
        let between =
            |s: &&Segment| s.interval.start() >= pause.start() - 0.01 && s.interval.end() <= pause.end() + 0.01;
        let cut = self.line.segments().iter().filter(between).any(|s| s.label != Label::Silence);
        let keyed = keys.iter().any(|k| k.interval.overlap(pause) > 0.0);
        pause.duration() <= MESSAGE_PAUSE_S && !cut && !keyed
    }

    fn announcements(&self) -> Measured<u32> {
        if self.only_silence {
            return Measured::absent(0.9, Reason::OnlySilence);
        }
        let messages = self.messages();
        let from = messages.iter().copied().reduce(Interval::hull).unwrap_or(self.whole());
        let undecided = self.segments(Label::Speech).next().is_some();
        let (sure, reason) = if undecided { (0.5, Reason::LiveOrRecorded) } else { (0.75, Reason::Heard) };
        Measured::heard(messages.len() as u32, sure, reason, from)
    }

    /// The first ringing inside the call, after `from` and before the person.
    fn ringing_before_person(&self, from: Seconds) -> Option<Seconds> {
        let human = self.human?;
        let rings = self.segments(Label::Ringback).filter(|r| r.interval.start() > from && r.interval.start() < human);
        rings.map(|r| r.interval.start()).last()
    }

    fn queue_s(&self) -> Measured<Seconds> {
        if !self.is_answered() {
            return Measured::absent(0.9, self.answered_s().reason);
        }
        let waits_until = self.human.unwrap_or(f64::INFINITY);
        let Some(music) = self.holds().into_iter().map(|h| h.0).find(|h| h.start() < waits_until) else {
            return Measured::absent(0.8, Reason::NoQueue);
        };
        // The message right before the music is the queue's own.
        let messages = self.messages();
        let own =
            messages.iter().rev().find(|m| m.end() <= music.start() + 0.1 && music.start() - m.end() < HOLD_JOIN_S);
        let start = own.map_or(music.start(), |m| m.start());
        let end = self.ringing_before_person(start).or(self.human).unwrap_or(self.line.duration()).max(start);
        let reason = if self.human.is_some() { Reason::Derived } else { Reason::StillWaiting };
        let sure = self.course.person.as_ref().map_or(0.7, |(_, live)| live.probability);
        Measured::heard(end - start, sure.min(0.85), reason, Interval::new(start, end))
    }

    fn dead_air_s(&self) -> Measured<Seconds> {
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

/// How many rings are whole, and how many were cut by the recording's start or by the answer.
fn whole_and_cut(ringing: &Phase) -> (u32, u32) {
    let usual = ringing.usual_ring_s().unwrap_or(0.0);
    let cut = ringing.groups.iter().filter(|g| group_interval(g).duration() < CUT_SHARE * usual).count() as u32;
    (ringing.groups.len() as u32 - cut, cut)
}

/// The first audible evidence of the pick-up between the ringing and the first sound after it.
fn pick_up(ringing: &Phase, sound: &Segment, levels: &Levels) -> Measured<Seconds> {
    let last_burst = ringing.interval().end();
    let first = sound.interval.start().max(last_burst);
    let gap = Interval::new(last_burst, first);
    let usual = ringing.usual_ring_s().unwrap_or(0.0);
    let last = ringing.groups.last().map_or(0.0, |g| group_interval(g).duration());
    if ringing.groups.len() > 1 && last < CUT_SHARE * usual {
        return Measured::heard(last_burst, 0.93, Reason::RingCutShort, gap);
    }
    if let Some((at, step_db)) = floor_step(gap, levels) {
        let sure = (0.85 + 0.01 * step_db).min(0.95);
        return Measured::heard(at, sure, Reason::NoiseFloorStep { step_db }, gap);
    }
    Measured::heard(first, 0.85, Reason::FirstSound, gap)
}

/// Where in `gap` the noise floor steps up, and by how much: the split with the largest difference of medians.
fn floor_step(gap: Interval, levels: &Levels) -> Option<(Seconds, Decibels)> {
    const MIN_SIDE_STEPS: usize = 4;
    // Half a window of blur at either end belongs to the ringing and to the first sound.
    let inner = Interval::new(gap.start() + 0.06, (gap.end() - 0.06).max(gap.start() + 0.06));
    let steps: Vec<Decibels> = levels.within(inner).collect();
    let median = |part: &[Decibels]| {
        let mut sorted = part.to_vec();
        sorted.sort_by(f32::total_cmp);
        sorted[sorted.len() / 2]
    };
    let splits = MIN_SIDE_STEPS..steps.len().saturating_sub(MIN_SIDE_STEPS);
    let best = splits.map(|i| (i, median(&steps[i..]) - median(&steps[..i]))).max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 >= MIN_FLOOR_STEP_DB).then(|| (inner.start() + best.0 as Seconds * Levels::STEP_S, best.1))
}
