//! The pauses of a conversation.
//!
//! # Why
//! Behind a person there is a room with other people in it. The ear, which listens for voices, goes on hearing them while
//! the person has stopped to speak; the caller hears that nobody says anything to him.
//! # How it works
//! Where a person or the caller is said to speak, what lies [`MIN_PAUSE_S`] or longer under the sound around it (as in
//! [`super::utterance`]) is silence. Words fade: the first [`FADE_S`] of it still belong to the last one, and so does what
//! stands out from the quiet after that, for [`MAX_TAIL_S`]. Recordings keep their pauses, which are part of them.
//! # Experiment
//! Of the 40 ms steps inside the conversations of 368 composed calls, whose voices and rooms no training had heard, 13.2 % were
//! voice for silence or the reverse before, 9.3 % after; on another 256 calls 13.5 % and 10.2 %. Pauses from 0.36 to 0.6 s
//! differ by less than half a point. How long a word goes on is a habit of the voices that a set is made of: the best fixed
//! fade was 0.24 s for voices whose clips end in the sound of their rooms and none at all for clips that end with the word,
//! and either cost the others 0.004 to 0.009 of the F1 of speech. So a word ends where nothing more of it is heard, and the
//! fade is one step of the levels: 0.968 and 0.966 on the two kinds, where a fade of 0.12 s gave 0.971 and 0.962.

use super::{Segment, utterance::sounding};
use crate::{
    heard::Levels,
    interval::Interval,
    label::Label,
    units::{Decibels, Seconds},
};

/// Between two turns; between two words it is shorter.
const MIN_PAUSE_S: Seconds = 0.44;
/// From the last loud 40 ms of a word to where it may end.
const FADE_S: Seconds = 0.04;
/// From where a word is heard to its first loud 40 ms.
const RISE_S: Seconds = 0.04;

/// How far a word is followed beyond that, where it can still be heard: a breath, the sound of a room.
const MAX_TAIL_S: Seconds = 0.24;
/// What stands out by more than this from the quiet after a word belongs to the word.
const ABOVE_QUIET_DB: Decibels = 1.0;
/// Steps after a word that tell what is quiet, and how many are too few to tell.
const QUIET_STEPS: usize = 12;
const MIN_QUIET_STEPS: usize = 3;

/// Silences the pauses between the words of people among `sounds`; `levels` is of their channel.
pub(super) fn pause(sounds: &mut Vec<Segment>, levels: &Levels) {
    let is_talk = |s: &Segment| matches!(s.label, Label::Human | Label::Caller);
    if !sounds.iter().any(is_talk) {
        return;
    }
    let pauses = pauses(levels);
    let pieces = |s: Segment| if is_talk(&s) { without(s, &pauses) } else { vec![s] };
    *sounds = std::mem::take(sounds).into_iter().flat_map(pieces).collect();
    let levels = levels.all();
    for i in 1..sounds.len() {
        let (talk, quiet) = (&sounds[i - 1], &sounds[i]);
        if is_talk(talk) && quiet.label == Label::Silence {
            let end = tail(&levels, quiet.interval);
            sounds[i - 1].interval = Interval::new(sounds[i - 1].interval.start(), end);
            sounds[i].interval = Interval::new(end, sounds[i].interval.end());
        }
    }
    sounds.retain(|s| s.interval.duration() > 0.0);
}

/// Where, in the `quiet` after a word, nothing of it is heard any more.
fn tail(levels: &[Decibels], quiet: Interval) -> Seconds {
    let (begins, ends) = (quiet.start() / Levels::STEP_S, quiet.end() / Levels::STEP_S);
    let (first, end) = (begins.ceil() as usize, (ends.floor() as usize).min(levels.len()));
    let mut after: Vec<Decibels> =
        levels.get(first..end).unwrap_or_default().iter().take(QUIET_STEPS).copied().collect();
    if after.len() < MIN_QUIET_STEPS {
        return quiet.start();
    }
    let fifth = (after.len() - 1) / 5;
    let floor = *after.select_nth_unstable_by(fifth, f32::total_cmp).1;
    let audible = levels[begins as usize..end].iter().take_while(|level| **level > floor + ABOVE_QUIET_DB).count();
    if audible == 0 {
        return quiet.start();
    }
    let heard_to = (begins.floor() + audible as Seconds) * Levels::STEP_S;
    heard_to.clamp(quiet.start(), quiet.end().min(quiet.start() + MAX_TAIL_S))
}

/// When nobody speaks, in time's order.
fn pauses(levels: &Levels) -> Vec<Interval> {
    let sounding = sounding(levels);
    let gap = |pair: &[Interval]| {
        let (from, to) = (pair[0].end(), pair[1].start());
        (to - from >= MIN_PAUSE_S).then(|| Interval::new(from + FADE_S, to - RISE_S))
    };
    sounding.windows(2).filter_map(gap).collect()
}

/// `talk` in pieces, what lies in `pauses` silent.
fn without(talk: Segment, pauses: &[Interval]) -> Vec<Segment> {
    let mut pieces = Vec::new();
    let (mut from, end) = (talk.interval.start(), talk.interval.end());
    let first = pauses.partition_point(|p| p.end() <= from);
    for pause in pauses[first..].iter().take_while(|p| p.start() < end) {
        let (start, stop) = (pause.start().max(from), pause.end().min(end));
        if start > from {
            pieces.push(Segment { interval: Interval::new(from, start), ..talk.clone() });
        }
        let (label, detail, confidence) = (Label::Silence, String::new(), talk.confidence.min(0.8));
        pieces.push(Segment { interval: Interval::new(start, stop), label, detail, confidence });
        from = stop;
    }
    if from < end {
        pieces.push(Segment { interval: Interval::new(from, end), ..talk });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A voice moves up and down; a room does so too, a little.
    const WORDS: [i8; 4] = [-20, -24, -30, -26];
    const SOFT_WORDS: [i8; 4] = [-32, -36, -42, -38];
    const ROOM: [i8; 4] = [-45, -44, -45, -44];
    /// What is left of a word in its room, too soft to be one.
    const BREATH: [i8; 4] = [-41; 4];

    /// 2 s of words, `between_s` of something else, 2 s of words: what becomes of it, each with its end.
    fn talk(label: Label, between_s: Seconds, between: [i8; 4]) -> Vec<(Label, f64)> {
        heard_in(label, &[(WORDS, 2.0), (between, between_s), (WORDS, 2.0)])
    }

    /// What becomes of `label` all through these parts, each of so many seconds.
    fn heard_in(label: Label, parts: &[([i8; 4], f64)]) -> Vec<(Label, f64)> {
        let steps = |seconds: Seconds| (seconds / Levels::STEP_S).round() as usize;
        let dbfs: Vec<i8> = parts.iter().flat_map(|(of, s)| of.iter().copied().cycle().take(steps(*s))).collect();
        let levels = Levels::from(dbfs);
        let interval = Interval::new(0.0, parts.iter().map(|(_, seconds)| seconds).sum());
        let mut sounds = vec![Segment { interval, label, detail: String::new(), confidence: 0.9 }];
        pause(&mut sounds, &levels);
        sounds.iter().map(|s| (s.label, (s.interval.end() * 100.0).round() / 100.0)).collect()
    }

    #[test]
    fn a_room_is_silent_between_two_turns() {
        for label in [Label::Human, Label::Caller] {
            let heard = talk(label, 0.8, ROOM);
            assert_eq!(heard, [(label, 2.04), (Label::Silence, 2.76), (label, 4.8)]);
        }
    }

    #[test]
    fn a_word_lasts_as_long_as_it_is_heard_but_not_for_ever() {
        for (breath_s, end) in [(0.08, 2.08), (0.2, 2.2), (0.24, 2.24), (0.4, 2.28)] {
            let heard = heard_in(Label::Human, &[(WORDS, 2.0), (BREATH, breath_s), (ROOM, 1.0), (WORDS, 2.0)]);
            assert_eq!(heard[0], (Label::Human, end), "{breath_s} s");
        }
    }

    #[test]
    fn a_breath_and_a_soft_voice_are_no_pause() {
        assert_eq!(talk(Label::Human, 0.32, ROOM).len(), 1);
        assert_eq!(talk(Label::Human, 0.8, SOFT_WORDS).len(), 1);
    }

    #[test]
    fn a_recording_keeps_its_pauses() {
        assert_eq!(talk(Label::Announcement, 0.8, ROOM).len(), 1);
    }
}
