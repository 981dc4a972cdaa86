//! Gives each voice its name: recording, person or undecided.

use super::{
    Segment,
    passage::{Bound, Passage},
    person::Verdict,
    sounds::OVER_MUSIC,
    utterance::Utterance,
};
use crate::{
    interval::Interval,
    label::Label,
    repeats::{Naming, Play},
    units::Seconds,
};

/// A message has to recur for this share of its length to be known as a recording.
const MIN_RECURRING: f64 = 0.45;
/// Between these a voice stays undecided.
const UNDECIDED: std::ops::Range<f32> = 0.35..0.5;

/// Names the voices among `sounds`, cutting them where a person begins to speak.
/// `records_caller`: whether the caller is on this channel too; then it is he who speaks after a voicemail's beep.
pub(super) fn name(
    sounds: &mut Vec<Segment>,
    passages: &[Passage],
    verdict: &Verdict,
    plays: &[Play],
    records_caller: bool,
) {
    let recordings: Vec<&Play> = plays.iter().filter(|p| p.group.is_voice()).collect();
    // once the company's own are known, what follows the beep and is none of them is no recording
    let any_listed = recordings.iter().any(|p| p.group.naming != Naming::Letter);
    let could_follow_beep: Vec<&Play> =
        recordings.iter().copied().filter(|p| !any_listed || p.group.naming != Naming::Letter).collect();
    for (passage, (start, _)) in passages.iter().zip(&verdict.live) {
        if let Some(start) = *start {
            cut(sounds, start);
            let first = passage.utterances.iter().find(|u| u.interval.start() >= start);
            claim(sounds, first.map(|u| u.interval), Interval::new(start, passage.span.end().max(start)));
        }
    }
    for sound in sounds.iter_mut().filter(|s| s.label == Label::Speech) {
        let middle = (sound.interval.start() + sound.interval.end()) / 2.0;
        let judged = passages.iter().zip(&verdict.live).find(|(p, _)| p.span.contains(middle));
        let played = |plays: &[&Play]| plays.iter().map(|p| p.interval.overlap(sound.interval)).sum::<Seconds>();
        let again = played(&recordings);
        let (label, sure) = match judged {
            Some((_, (Some(start), live))) if middle >= *start => (Label::Human, *live),
            Some((p, _)) if records_caller && p.bounds[0] == Bound::Beep && played(&could_follow_beep) <= 0.0 => {
                (Label::Caller, 0.8)
            }
            _ if again > MIN_RECURRING * sound.interval.duration() => (Label::Announcement, 0.97),
            Some((_, (Some(_), live))) => (Label::Announcement, *live),
            Some((_, (None, live))) if UNDECIDED.contains(live) => (Label::Speech, 1.0 - live),
            Some((_, (None, live))) => (Label::Announcement, 1.0 - live),
            None if sound.detail == OVER_MUSIC => (Label::Announcement, 0.8),
            None => (Label::Announcement, 0.5),
        };
        sound.label = label;
        sound.confidence = sound.confidence.min(sure);
        if label == Label::Announcement {
            say_which(sound, &recordings);
        }
    }
}

/// Makes silence of voices that the ear draws out over the quiet about them: unless a recording is known to play, there is
/// no word without sound.
pub(super) fn hush(sounds: &mut [Segment], utterances: &[Utterance], plays: &[Play]) {
    const MIN_SOUND_S: Seconds = 0.2;
    for sound in sounds.iter_mut().filter(|s| s.label == Label::Speech) {
        let from = utterances.partition_point(|u| u.interval.end() <= sound.interval.start());
        let inside = utterances[from..].iter().take_while(|u| u.interval.start() < sound.interval.end());
        let heard: Seconds = inside.map(|u| u.interval.overlap(sound.interval)).sum();
        if heard < MIN_SOUND_S && plays.iter().all(|p| p.interval.overlap(sound.interval) <= 0.0) {
            (sound.label, sound.confidence) = (Label::Silence, sound.confidence.min(0.7));
            sound.detail.clear();
        }
    }
}

/// Makes a voice of what is said in `word`, which the ear did not hear.
pub(super) fn hear(sounds: &mut Vec<Segment>, word: Interval) {
    const SURE: f32 = 0.5;
    cut(sounds, word.start());
    cut(sounds, word.end());
    for sound in sounds.iter_mut().filter(|s| s.interval.overlap(word) > 0.5 * s.interval.duration()) {
        (sound.label, sound.confidence) = (Label::Speech, sound.confidence.min(SURE));
        sound.detail.clear();
    }
}

/// Cuts the sounds where recordings begin and end.
pub(super) fn cut_at(sounds: &mut Vec<Segment>, plays: &[Play]) {
    for play in plays.iter().filter(|p| p.group.is_voice()) {
        cut(sounds, play.interval.start());
        cut(sounds, play.interval.end());
    }
}

/// Adds to an announcement's detail which recording it is, if that is known: `busy`, `C over_music`.
fn say_which(sound: &mut Segment, recordings: &[&Play]) {
    /// What the ear hears of a recording beside its play lasts no longer.
    const EDGE_S: Seconds = 0.5;
    let (start, end) = sound.interval.into();
    let overlap = |p: &&Play| p.interval.overlap(sound.interval);
    let near = |p: &&Play| p.interval.start() < end + 0.02 && start < p.interval.end() + 0.02;
    let most = recordings.iter().copied().filter(|p| near(p)).max_by(|a, b| overlap(a).total_cmp(&overlap(b)));
    let is_most = |p: &&Play| overlap(p) > 0.5 * (end - start) || end - start < EDGE_S;
    if let Some(play) = most.filter(is_most) {
        sound.detail = match sound.detail.is_empty() {
            true => play.group.name.clone(),
            false => format!("{} {}", play.group.name, sound.detail),
        };
    }
}

/// Cuts the sound that lasts over `at` in two.
fn cut(sounds: &mut Vec<Segment>, at: f64) {
    let over = |s: &Segment| s.interval.start() < at - 0.01 && at + 0.01 < s.interval.end();
    if let Some(i) = sounds.iter().position(over) {
        let after = Segment { interval: Interval::new(at, sounds[i].interval.end()), ..sounds[i].clone() };
        sounds[i].interval = Interval::new(sounds[i].interval.start(), at);
        sounds.insert(i + 1, after);
    }
}

/// What the ear took for music or noise in a person's first word is that word, and what it took for music between his
/// words is his room.
fn claim(sounds: &mut [Segment], first_word: Option<Interval>, spoken: Interval) {
    for sound in sounds.iter_mut() {
        let middle = (sound.interval.start() + sound.interval.end()) / 2.0;
        if !spoken.contains(middle) {
            continue;
        }
        if first_word.is_some_and(|word| word.contains(middle)) && sound.label != Label::Silence {
            (sound.label, sound.confidence) = (Label::Speech, sound.confidence.min(0.6));
        } else if sound.label == Label::Music {
            sound.label = Label::Noise;
        }
        sound.detail.clear();
    }
}
