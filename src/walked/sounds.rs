//! What happened in a call, as far as it can say where in the menu the caller was.

use crate::{
    interval::Interval,
    label::Label,
    metrics::messages::{Message, messages},
    repeats::{Naming, Play},
    timeline::{Segment, Timeline},
    units::Seconds,
};

/// A message that begins so close to a key began after it.
const BESIDE_KEY_S: Seconds = 0.15;
/// Parts of one play agree about its beginning within this.
const SAME_PLAY_S: Seconds = 0.5;

/// A call, heard.
#[derive(Clone, Copy, Debug)]
pub struct CallSounds<'a> {
    /// What the line let the caller hear.
    pub line: &'a Timeline,
    /// The caller's own channel, where it was recorded apart.
    pub caller: Option<&'a Timeline>,
    /// The recordings that are played in it.
    pub plays: &'a [Play],
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    pub interval: Interval,
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// The machine spoke.
    Message(Spoken),
    /// A key.
    Key(String),
    /// Hold music.
    Music,
    /// Ringing after the pick-up.
    Ringing,
    /// A person spoke.
    Person,
    /// The tone that asks to speak.
    Beep,
    /// A tone that ends the call.
    Ended,
}

/// A message of the machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spoken {
    /// Which recording it is, in lower case, where it was known again: a name, or a letter.
    pub group: Option<String>,
    /// Whether somebody gave it that name.
    pub is_named: bool,
    /// When the whole recording would have ended, as far as its length was heard in any call.
    pub whole_end_s: Option<Seconds>,
}

/// What happened in `call` from the pick-up on, in time's order.
pub(super) fn events(call: &CallSounds<'_>) -> Vec<Event> {
    let on_caller = call.caller.into_iter().flat_map(Timeline::events);
    let keys: Vec<&Segment> = call.line.events().iter().chain(on_caller).filter(|e| e.label == Label::Dtmf).collect();
    let mut events = whole(messages(call.line, call.plays, &keys).iter().map(|m| spoken(m, call.plays)));
    for event in &mut events {
        event.interval = after_key(event.interval, &keys);
    }
    for segment in call.line.segments() {
        let what = match segment.label {
            Label::Music => What::Music,
            Label::Ringback => What::Ringing,
            Label::Human => What::Person,
            Label::Busy | Label::Congestion => What::Ended,
            _ => continue,
        };
        events.push(Event { interval: segment.interval, what });
    }
    let beeps = call.line.events().iter().filter(|e| e.label == Label::Beep);
    events.extend(beeps.map(|beep| Event { interval: beep.interval, what: What::Beep }));
    events.extend(keys.iter().map(|key| Event { interval: key.interval, what: What::Key(key.detail.clone()) }));
    events.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
    // what comes before anybody or anything speaks is the way to the pick-up
    let first = events.iter().position(|e| matches!(e.what, What::Message(_) | What::Person | What::Key(_)));
    events.drain(..first.unwrap_or(events.len()));
    events.dedup_by(|next, last| next.what == What::Person && last.what == What::Person);
    events
}

/// Messages, those that were heard in parts put together again.
fn whole(messages: impl Iterator<Item = Event>) -> Vec<Event> {
    let mut whole: Vec<Event> = vec![];
    for next in messages {
        let begun = whole.iter().rposition(|last| last.is_same_play(&next));
        match begun {
            // what was heard between its parts was it as well
            Some(begun) => {
                whole.truncate(begun + 1);
                whole[begun].interval = whole[begun].interval.hull(next.interval);
            }
            None => whole.push(next),
        }
    }
    whole
}

/// The stretch without the tone of a key at its beginning, which the ear may take for the message.
fn after_key(message: Interval, keys: &[&Segment]) -> Interval {
    let key = keys.iter().map(|key| key.interval).find(|key| (key.start() - message.start()).abs() < BESIDE_KEY_S);
    key.map_or(message, |key| Interval::new(key.end().min(message.end()), message.end()))
}

impl Event {
    /// Whether `other` is a later part of the same play of the same recording.
    fn is_same_play(&self, other: &Self) -> bool {
        let (What::Message(a), What::Message(b)) = (&self.what, &other.what) else { return false };
        let begins = a.whole_end_s.zip(b.whole_end_s);
        a.group.is_some() && a.group == b.group && begins.is_some_and(|(a, b)| (a - b).abs() < SAME_PLAY_S)
    }
}

fn spoken(message: &Message, plays: &[Play]) -> Event {
    let Some(group) = &message.group else {
        return Event { interval: message.interval, what: What::Message(Spoken::default()) };
    };
    let play = plays.iter().find(|p| p.group.name == group.name && p.interval.overlap(message.interval) > 0.0);
    let start = play.map_or(message.interval.start(), |play| play.interval.start());
    let spoken = Spoken {
        group: Some(group.name.to_lowercase()),
        is_named: group.naming != Naming::Letter,
        whole_end_s: play.map(|play| play.interval.start() - play.offset_s + group.length_s),
    };
    Event { interval: Interval::new(start, message.interval.end().max(start)), what: What::Message(spoken) }
}
