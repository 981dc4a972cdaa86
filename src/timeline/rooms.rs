//! The rooms that people speak from.
//!
//! # Why
//! The ear takes a room with a radio or a crowd in it for music at times, and a room that sounds alike in two calls is known
//! again as a piece that is played. Neither is hold music, which nobody hears while somebody speaks to him.
//! # How it works
//! A room is there all the time: it sounds between somebody's words as loud as under them. So music that is doubtful, much
//! fainter than the voices next to it and no louder than their own pauses is their room. Recordings have none.
//! # Experiment
//! Of 17 stretches in conversations of 1,392 composed calls that were taken for music ten are found so, and of 1,778 of hold
//! music none. Pauses 3 or 5 dB apart, voices 8 or 10 dB louder, 1.5 or 5 s away: within a call or two it is the same.

use super::Segment;
use crate::{
    heard::Levels,
    interval::Interval,
    label::Label,
    repeats::Play,
    units::{Decibels, Seconds},
};

/// Music of which the ear is less sure is doubtful.
const DOUBTFUL: f32 = 0.8;
/// So is what is known again but does not last: a piece that people wait by is heard for longer somewhere.
const MAX_KNOWN_S: Seconds = 8.0;
/// The voices are louder than their room by at least this, loud parts against loud parts.
const FAINTER_DB: Decibels = 8.0;
/// The middle of a room's levels lies at most this far above the pauses of the voices in it.
const ABOVE_PAUSE_DB: Decibels = 3.0;
/// Shorter voices have no pauses to tell by.
const MIN_VOICE_S: Seconds = 1.0;
/// Voices further away may have been somewhere else.
const REACH_S: Seconds = 5.0;
/// The part of a voice that has to be known for it to be a recording.
const MIN_RECURRING: f64 = 0.3;
/// Pieces of music this close are one.
const JOIN_S: Seconds = 0.6;

/// Makes noise of what was taken for music in the rooms of people; `sounds` are the line's, in time's order, every voice still
/// `speech`.
pub(super) fn hush(sounds: &mut [Segment], levels: &Levels, plays: &[Play]) {
    let share_played = |i: Interval, is_voice: bool| {
        let own = plays.iter().filter(|p| p.group.is_voice() == is_voice);
        own.map(|p| p.interval.overlap(i)).sum::<Seconds>() / i.duration()
    };
    let is_voice = |s: &&Segment| s.label == Label::Speech && s.interval.duration() >= MIN_VOICE_S;
    let voices: Vec<Interval> = sounds.iter().filter(is_voice).map(|s| s.interval).collect();
    for pieces in stretches(sounds) {
        let pieces = &mut sounds[pieces];
        let music = pieces[0].interval.hull(pieces[pieces.len() - 1].interval);
        let is_doubtful = |s: &Segment| {
            let is_brief = music.duration() < MAX_KNOWN_S && share_played(s.interval, false) > 0.5;
            s.label != Label::Music || s.confidence < DOUBTFUL || is_brief
        };
        if !pieces.iter().all(is_doubtful) {
            continue;
        }
        let before = voices.iter().rfind(|v| v.end() <= music.start() + 0.01);
        let after = voices.iter().find(|v| v.start() >= music.end() - 0.01);
        let is_near = |v: &&Interval| (v.start() - music.end()).max(music.start() - v.end()) < REACH_S;
        let beside: Vec<Interval> = before.into_iter().chain(after).filter(is_near).copied().collect();
        let are_people = beside.iter().all(|v| share_played(*v, true) < MIN_RECURRING);
        if are_people && is_room_of(&beside, music, levels) {
            pieces.iter_mut().filter(|s| s.label == Label::Music).for_each(|s| s.label = Label::Noise);
        }
    }
}

/// Whether `music` is fainter than `voices` and goes on under them.
fn is_room_of(voices: &[Interval], music: Interval, levels: &Levels) -> bool {
    let over_voices = |share| voices.iter().filter_map(move |v| levels.percentile(*v, share));
    let (loud, pause) = (over_voices(0.8).reduce(f32::max), over_voices(0.1).reduce(f32::min));
    let (Some(loud), Some(pause)) = (loud, pause) else { return false };
    let is_fainter = levels.percentile(music, 0.8).is_some_and(|own| own < loud - FAINTER_DB);
    is_fainter && levels.percentile(music, 0.5).is_some_and(|middle| middle <= pause + ABOVE_PAUSE_DB)
}

/// Which of `sounds` are one stretch of music, its short gaps included.
fn stretches(sounds: &[Segment]) -> Vec<std::ops::Range<usize>> {
    let mut stretches: Vec<std::ops::Range<usize>> = Vec::new();
    for (i, piece) in sounds.iter().enumerate().filter(|(_, s)| s.label == Label::Music) {
        match stretches.last_mut() {
            Some(last) if piece.interval.start() - sounds[last.end - 1].interval.end() <= JOIN_S => last.end = i + 1,
            _ => stretches.push(i..i + 1),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::repeats::{Group, Kind};

    const WORDS: [i8; 5] = [-20, -24, -45, -30, -26];
    /// Somebody who is silent inside, and outside, of what sounds at -45 dBFS.
    const QUIET_WORDS: [i8; 5] = [-20, -24, -70, -30, -26];
    const ROOM: [i8; 5] = [-45, -44, -46, -43, -45];

    /// What becomes of `music_s` of "music" at the levels of a room between two voices of 3 s, heard with this confidence.
    fn between(words: [i8; 5], music_s: Seconds, confidence: f32, plays: &[Play]) -> Label {
        let steps = |of: [i8; 5], s: Seconds| of.into_iter().cycle().take((s / Levels::STEP_S).round() as usize);
        let dbfs: Vec<i8> = steps(words, 3.0).chain(steps(ROOM, music_s)).chain(steps(words, 3.0)).collect();
        let at = |start, length, label, confidence| Segment {
            interval: Interval::new(start, start + length),
            label,
            detail: String::new(),
            confidence,
        };
        let mut sounds = [
            at(0.0, 3.0, Label::Speech, 0.9),
            at(3.0, music_s, Label::Music, confidence),
            at(3.0 + music_s, 3.0, Label::Speech, 0.9),
        ];
        hush(&mut sounds, &Levels::from(dbfs), plays);
        sounds[1].label
    }

    fn play(kind: Kind, start: Seconds, end: Seconds) -> Play {
        let group = Arc::new(Group { name: "A".into(), kind, length_s: end - start, ..Group::default() });
        Play { group, interval: Interval::new(start, end), offset_s: 0.0, similarity: 0.9 }
    }

    #[test]
    fn what_sounds_under_words_as_it_does_between_them_is_a_room() {
        assert_eq!(between(WORDS, 10.0, 0.6, &[]), Label::Noise);
        assert_eq!(between(WORDS, 4.0, 0.95, &[play(Kind::Music, 3.0, 7.0)]), Label::Noise);
    }

    #[test]
    fn what_begins_where_words_end_or_lasts_or_is_sure_is_music() {
        assert_eq!(between(QUIET_WORDS, 10.0, 0.6, &[]), Label::Music);
        assert_eq!(between(WORDS, 10.0, 0.95, &[play(Kind::Music, 3.0, 13.0)]), Label::Music);
        assert_eq!(between(WORDS, 10.0, 0.9, &[]), Label::Music);
    }

    #[test]
    fn recordings_have_no_room() {
        assert_eq!(between(WORDS, 10.0, 0.6, &[play(Kind::Message, 0.0, 3.0)]), Label::Music);
    }
}
