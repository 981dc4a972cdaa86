//! Recorded messages: each time that one is played.

use std::sync::Arc;

use crate::{
    interval::Interval,
    label::Label,
    repeats::{Group, Naming, Play},
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
/// A recording that begins no later than this in itself is played from its beginning.
const BEGINNING_S: Seconds = 0.5;
/// The share of a voice that lies where a recording is due from which on it is that recording.
const DUE_SHARE: f64 = 0.8;
/// Sounds that only touch may overlap by as much.
const TOUCH_S: Seconds = 0.05;
/// What is left of music, or of a person's first words, before the ear knows the person lasts no longer.
const MAX_RUN_UP_S: Seconds = 2.5;

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

/// A play of a known recording.
#[derive(Clone)]
struct Known<'a> {
    message: Message,
    /// The last part of it that was known again.
    last: &'a Play,
    /// From when to when the whole recording would be played, as far as nothing cuts it short.
    due: Interval,
}

/// The messages of a call in time's order: each play of a known recording is one, and of what is not known each voice
/// from one pause, key or other sound to the next.
pub(crate) fn messages(line: &Timeline, plays: &[Play], keys: &[&Segment]) -> Vec<Message> {
    let voices: Vec<&Segment> =
        line.segments().iter().filter(|s| matches!(s.label, Label::Announcement | Label::Speech)).collect();
    let mut known = known(&voices, plays);
    known.iter_mut().for_each(|k| k.due = uncut(k, line, keys));
    let known = without_fragments(known);
    let mut unknown: Vec<Message> = Vec::new();
    let mut whole: Vec<Message> = known.iter().map(|k| k.message.clone()).collect();
    for voice in &voices {
        for piece in remainders(voice.interval, &known) {
            let is_of = |k: &Known| is_edge(piece, k.message.interval) || is_due(piece, k);
            if let Some(of) = known.iter().position(is_of) {
                whole[of].interval = whole[of].interval.hull(piece);
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
    unknown.retain(|m| {
        let sings = m.sure < MIN_SURE_IN_MUSIC && in_music(line, m);
        m.interval.duration() >= MIN_MESSAGE_S && !sings && !runs_into_person(line, m)
    });
    let mut all = whole;
    all.extend(unknown);
    all.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
    all
}

/// The plays of known recordings where a machine speaks; what was heard of one play in parts is one again.
fn known<'a>(voices: &[&Segment], plays: &'a [Play]) -> Vec<Known<'a>> {
    let mut known: Vec<Known> = Vec::new();
    for play in plays.iter().filter(|p| p.group.is_voice()) {
        let voiced: Seconds = voices.iter().map(|v| v.interval.overlap(play.interval)).sum();
        if voiced < 0.4 * play.interval.duration() {
            continue;
        }
        let goes_on = |k: &&mut Known| {
            let gap = play.interval.start() - k.message.interval.end();
            k.last.is_same(play) && play.offset_s > k.last.offset_s + 0.5 * k.last.interval.duration() && gap < EDGE_S
        };
        let begins = (play.interval.start() - play.offset_s).max(0.0);
        let due = Interval::new(begins, begins + play.group.length_s).hull(play.interval);
        match known.last_mut().filter(goes_on) {
            Some(k) => {
                k.message.interval = k.message.interval.hull(play.interval);
                (k.last, k.due) = (play, k.due.hull(due));
            }
            None => {
                let message =
                    Message { interval: play.interval, group: Some(play.group.clone()), sure: play.similarity };
                known.push(Known { message, last: play, due });
            }
        }
    }
    known
}

/// When a recording is due, up to the key, the tone or the person that cuts it short.
fn uncut(known: &Known<'_>, line: &Timeline, keys: &[&Segment]) -> Interval {
    use Label::{Announcement, Music, Noise, Silence, Speech};
    let heard = known.message.interval;
    let cuts = line.segments().iter().filter(|s| !matches!(s.label, Announcement | Speech | Silence | Noise | Music));
    let (mut from, mut until) = (known.due.start(), known.due.end());
    for cut in cuts.chain(keys.iter().copied()).map(|s| s.interval) {
        if cut.start() >= heard.end() - TOUCH_S {
            until = until.min(cut.start().max(heard.end()));
        } else if cut.end() <= heard.start() + TOUCH_S {
            from = from.max(cut.end().min(heard.start()));
        }
    }
    Interval::new(from, until)
}

/// The plays without those of which but a fragment is heard just where the rest of another is due: recordings that are put
/// together from the same pieces share them.
fn without_fragments(known: Vec<Known<'_>>) -> Vec<Known<'_>> {
    let is_named = |k: &Known| k.last.group.naming != Naming::Letter;
    let is_fragment = |k: &Known| {
        let heard = k.message.interval.duration();
        let from_its_beginning =
            k.message.interval.start() - k.due.start() <= BEGINNING_S && k.last.offset_s <= BEGINNING_S;
        !from_its_beginning || heard < 0.5 * k.last.group.length_s
    };
    let is_part = |k: &Known, host: &Known| {
        let more = host.message.interval.duration() > k.message.interval.duration();
        !std::ptr::eq(k, host)
            && is_due(k.message.interval, host)
            && (is_named(host) && !is_named(k) || is_named(k) == is_named(host) && more && is_fragment(k))
    };
    let host = |k: &Known| known.iter().position(|host| is_part(k, host));
    let hosts: Vec<Option<usize>> = known.iter().map(host).collect();
    let mut whole: Vec<Known> = known.clone();
    for (part, host) in hosts.iter().enumerate() {
        if let Some(host) = *host {
            whole[host].message.interval = whole[host].message.interval.hull(known[part].message.interval);
        }
    }
    let mut hosts = hosts.iter();
    whole.retain(|_| hosts.next().is_some_and(Option::is_none));
    whole
}

/// Whether `piece` is heard where a recording is due of which another part is known.
fn is_due(piece: Interval, known: &Known<'_>) -> bool {
    piece.overlap(known.due) >= DUE_SHARE * piece.duration()
}

/// What is left of `voice` outside the known messages, cut where one of them is due to begin or to end.
fn remainders(voice: Interval, known: &[Known<'_>]) -> Vec<Interval> {
    const MIN_S: Seconds = 0.25;
    let mut left = Vec::new();
    let mut from = voice.start();
    for message in known.iter().map(|k| &k.message).filter(|m| m.interval.overlap(voice) > 0.0) {
        left.push((from, message.interval.start()));
        from = from.max(message.interval.end());
    }
    left.push((from, voice.end()));
    for at in known.iter().flat_map(|k| [k.due.start(), k.due.end()]) {
        if let Some(i) = left.iter().position(|(from, to)| from + MIN_S < at && at + MIN_S < *to) {
            let (from, to) = left[i];
            left.splice(i..=i, [(from, at), (at, to)]);
        }
    }
    left.retain(|(from, to)| to - from >= MIN_S);
    left.into_iter().map(|(from, to)| Interval::new(from, to)).collect()
}

/// Whether `piece` is but the beginning or the end of a message whose middle is known.
fn is_edge(piece: Interval, known: Interval) -> bool {
    let gap = (piece.start() - known.end()).max(known.start() - piece.end());
    piece.duration() < EDGE_S && gap < EDGE_PAUSE_S
}

fn goes_on(line: &Timeline, last: Interval, next: Interval, known: &[Known<'_>], keys: &[&Segment]) -> bool {
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
    cut |= known.iter().any(|k| k.message.interval.overlap(Interval::new(last.start(), next.end())) > 0.0);
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

/// Whether a short unknown voice goes over into a person's without a pause: a machine and a person do not, so it is the person
/// himself, or the end of the music before him.
fn runs_into_person(line: &Timeline, message: &Message) -> bool {
    const NO_PAUSE_S: Seconds = 0.05;
    let end = message.interval.end();
    let follows = |s: &Segment| s.label == Label::Human && (s.interval.start() - end).abs() < NO_PAUSE_S;
    message.interval.duration() < MAX_RUN_UP_S && line.segments().iter().any(follows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Channel;

    fn segment(start: Seconds, end: Seconds, label: Label) -> Segment {
        Segment { interval: Interval::new(start, end), label, detail: String::new(), confidence: 0.95 }
    }

    fn group(name: &str, naming: Naming, length_s: Seconds) -> Arc<Group> {
        Arc::new(Group { name: name.into(), naming, length_s, ..Group::default() })
    }

    fn play(group: &Arc<Group>, start: Seconds, end: Seconds, offset_s: Seconds) -> Play {
        Play { group: group.clone(), interval: Interval::new(start, end), offset_s, similarity: 0.9 }
    }

    /// When messages begin in 30 s of a line, and which recordings they are.
    fn heard(segments: Vec<Segment>, plays: &[Play], keys: &[Segment]) -> Vec<(Seconds, String)> {
        let line = Timeline::new(Channel::Mono, 30.0, segments);
        let found = messages(&line, plays, &keys.iter().collect::<Vec<_>>());
        let name = |m: &Message| m.group.as_ref().map_or(String::new(), |g| g.name.clone());
        found.iter().map(|m| (m.interval.start(), name(m))).collect()
    }

    #[test]
    fn what_is_heard_where_the_rest_of_a_recording_is_due_is_of_it() {
        let menu = group("menu", Naming::Prompt, 16.0);
        let other = group("other", Naming::Prompt, 12.0);
        let letter = group("A", Naming::Letter, 2.0);
        let voice = || vec![segment(4.0, 6.0, Label::Announcement), segment(7.0, 20.0, Label::Announcement)];
        // of two that follow each other the pieces about their common edge are not known
        let greeting = group("greeting", Naming::Prompt, 8.0);
        let both = vec![segment(4.0, 24.0, Label::Announcement)];
        let plays = [play(&greeting, 4.0, 10.0, 0.0), play(&menu, 14.0, 24.0, 1.6)];
        assert_eq!(heard(both, &plays, &[]), [(4.0, "greeting".to_string()), (12.4, "menu".to_string())]);
        let whole = vec![(4.0, "menu".to_string())];
        // its beginning is not known again, or is another recording of the line, or its end is a piece of another one
        assert_eq!(heard(voice(), &[play(&menu, 7.0, 20.0, 3.0)], &[]), whole);
        assert_eq!(heard(voice(), &[play(&letter, 4.0, 6.0, 0.0), play(&menu, 7.0, 20.0, 3.0)], &[]), whole);
        assert_eq!(heard(voice(), &[play(&menu, 4.0, 15.0, 0.0), play(&other, 15.0, 20.0, 7.0)], &[]), whole);
    }

    #[test]
    fn a_key_cuts_a_recording_short() {
        let menu = group("menu", Naming::Prompt, 16.0);
        let voice = || vec![segment(4.0, 8.0, Label::Announcement), segment(9.0, 12.0, Label::Announcement)];
        let (plays, key) = ([play(&menu, 4.0, 8.0, 0.0)], segment(8.2, 8.4, Label::Dtmf));
        assert_eq!(heard(voice(), &plays, &[]).len(), 1);
        assert_eq!(heard(voice(), &plays, &[key]), [(4.0, "menu".to_string()), (9.0, String::new())]);
    }

    #[test]
    fn a_short_voice_that_goes_over_into_a_persons_is_no_message() {
        let voice = |end: Seconds, human: Seconds| {
            let segments = vec![segment(4.0, end, Label::Announcement), segment(human, 20.0, Label::Human)];
            heard(segments, &[], &[]).len()
        };
        assert_eq!(voice(5.5, 5.5), 0);
        assert_eq!(voice(5.5, 6.0), 1, "after a pause somebody else speaks");
        assert_eq!(voice(8.0, 8.0), 1, "nobody's first words are that long");
    }
}
