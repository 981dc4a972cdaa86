//! Recorded messages: each time that one is played.

use std::sync::Arc;

use crate::{
    interval::Interval,
    label::Label,
    repeats::{Group, Play},
    timeline::{Segment, Timeline},
    units::Seconds,
};

/// Voices of one message pause for less than this.
const MESSAGE_PAUSE_S: Seconds = 0.6;
/// What the ear hears of a message before and after its known part lasts no longer.
const EDGE_S: Seconds = 1.5;
/// And follows on within this.
const EDGE_PAUSE_S: Seconds = 0.45;
/// A message lasts this long; what is shorter is a slip of the ear.
const MIN_MESSAGE_S: Seconds = 1.0;
/// Music inside a message is a slip of the ear up to this.
const MAX_MUSIC_INSIDE_S: Seconds = 2.0;
/// A voice of which the ear is less sure, with music before and after it, is somebody who sings.
const MIN_SURE_IN_MUSIC: f32 = 0.45;

/// A recorded message, once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    /// When it is played.
    pub interval: Interval,
    /// Which recording it is, if it is known.
    pub group: Option<Arc<Group>>,
    /// How sure the ear is of the voice.
    sure: f32,
}

impl Message {
    /// Whether both are plays of one known recording.
    pub fn is_same(&self, other: &Self) -> bool {
        self.group.as_ref().zip(other.group.as_ref()).is_some_and(|(a, b)| Arc::ptr_eq(a, b))
    }
}

/// The messages of a call in time's order: each play of a known recording is one, and of what is not known each voice
/// from one pause, key or other sound to the next.
pub(crate) fn messages(line: &Timeline, plays: &[Play], keys: &[&Segment]) -> Vec<Message> {
    let voices: Vec<&Segment> =
        line.segments().iter().filter(|s| matches!(s.label, Label::Announcement | Label::Speech)).collect();
    let known = known(&voices, plays);
    let mut unknown: Vec<Message> = Vec::new();
    let mut known_edges = known.clone();
    for voice in &voices {
        for piece in remainders(voice.interval, &known) {
            if let Some(edge) = known_edges.iter_mut().find(|m| is_edge(piece, m.interval)) {
                edge.interval = edge.interval.hull(piece);
                continue;
            }
            match unknown.last_mut().filter(|last| goes_on(line, last.interval, piece, &known, keys)) {
                Some(last) => {
                    let (a, b) = (last.interval.duration() as f32, piece.duration() as f32);
                    last.sure = (last.sure * a + voice.confidence * b) / (a + b);
                    last.interval = last.interval.hull(piece);
                }
                None => unknown.push(Message { interval: piece, group: None, sure: voice.confidence }),
            }
        }
    }
    unknown.retain(|m| m.interval.duration() >= MIN_MESSAGE_S && !(m.sure < MIN_SURE_IN_MUSIC && in_music(line, m)));
    let mut all = known_edges;
    all.extend(unknown);
    all.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
    all
}

/// The plays of known recordings where a machine speaks; what was heard of one play in parts is one again.
fn known(voices: &[&Segment], plays: &[Play]) -> Vec<Message> {
    let mut known: Vec<(Message, &Play)> = Vec::new();
    for play in plays.iter().filter(|p| p.group.is_voice()) {
        let voiced: Seconds = voices.iter().map(|v| v.interval.overlap(play.interval)).sum();
        if voiced < 0.4 * play.interval.duration() {
            continue;
        }
        let goes_on = |(message, last): &&mut (Message, &Play)| {
            let gap = play.interval.start() - message.interval.end();
            last.is_same(play) && play.offset_s > last.offset_s + 0.5 * last.interval.duration() && gap < EDGE_S
        };
        match known.last_mut().filter(goes_on) {
            Some((message, last)) => (message.interval, *last) = (message.interval.hull(play.interval), play),
            None => {
                let message =
                    Message { interval: play.interval, group: Some(play.group.clone()), sure: play.similarity };
                known.push((message, play));
            }
        }
    }
    known.into_iter().map(|k| k.0).collect()
}

/// What is left of `voice` outside the known messages.
fn remainders(voice: Interval, known: &[Message]) -> Vec<Interval> {
    const MIN_S: Seconds = 0.25;
    let mut left = Vec::new();
    let mut from = voice.start();
    for message in known.iter().filter(|m| m.interval.overlap(voice) > 0.0) {
        left.push((from, message.interval.start()));
        from = from.max(message.interval.end());
    }
    left.push((from, voice.end()));
    left.retain(|(from, to)| to - from >= MIN_S);
    left.into_iter().map(|(from, to)| Interval::new(from, to)).collect()
}

/// Whether `piece` is but the beginning or the end of a message whose middle is known.
fn is_edge(piece: Interval, known: Interval) -> bool {
    let gap = (piece.start() - known.end()).max(known.start() - piece.end());
    piece.duration() < EDGE_S && gap < EDGE_PAUSE_S
}

fn goes_on(line: &Timeline, last: Interval, next: Interval, known: &[Message], keys: &[&Segment]) -> bool {
    let pause = Interval::new(last.end().min(next.start()), next.start());
    let between = line.segments().iter().filter(|s| s.interval.overlap(pause) > 0.01);
    let (mut silent, mut cut) = (0.0, false);
    for s in between {
        match s.label {
            Label::Silence | Label::Noise => silent += s.interval.overlap(pause),
            Label::Music => cut |= s.interval.duration() > MAX_MUSIC_INSIDE_S,
            _ => cut |= !s.label.is_voice(),
        }
    }
    cut |= keys.iter().any(|k| k.interval.overlap(pause) > 0.0);
    cut |= known.iter().any(|m| m.interval.overlap(Interval::new(last.start(), next.end())) > 0.0);
    silent <= MESSAGE_PAUSE_S && pause.duration() <= MAX_MUSIC_INSIDE_S && !cut
}

/// Whether hold music plays right before and right after a message.
fn in_music(line: &Timeline, message: &Message) -> bool {
    const BESIDE_S: Seconds = 0.6;
    let music = |i: Interval| line.segments().iter().any(|s| s.label == Label::Music && s.interval.overlap(i) > 0.1);
    let i = message.interval;
    music(Interval::new((i.start() - BESIDE_S).max(0.0), i.start()))
        && music(Interval::new(i.end(), i.end() + BESIDE_S))
}
