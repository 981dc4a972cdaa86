//! Where music begins and ends.
//!
//! # Why
//! Music fades in, is plucked softly with quiet between the notes, dies away: the ear calls that silence or noise, while the
//! caller hears it well.
//! # How it works
//! From the edge of music outward, over what is neither voice nor tone, the furthest step that stands out from the line's noise
//! is the music's, as long as half of the steps up to there do.
//! # Experiment
//! On 1,392 composed calls half stands out beside music where it plays on, and hardly ever where it does not: with thresholds
//! of 6, 9 or 12 dB as many calls' hold music is right, and no call's is worse than without.

use super::{
    Segment,
    sounds::{MIN_DBFS, pause_floor},
};
use crate::{
    heard::Levels,
    interval::Interval,
    label::Label,
    units::{Decibels, Seconds},
};

/// What is heard of music stands out from the pauses of the call's voices by this much.
const ABOVE_FLOOR_DB: Decibels = 9.0;
/// The share of the steps that stand out in what is more of the music: between soft notes it is quiet.
const MIN_SHARE: f64 = 0.5;
/// What is shorter, of the music or of the pause that is left, is not told apart from its neighbour.
const MIN_S: Seconds = 0.3;
/// Only music that lasts and is sure of itself is followed.
const MIN_MUSIC_S: Seconds = 2.0;
const MIN_SURE: f32 = 0.5;

/// Follows the music among `sounds`, which are the line's in time's order, as far as it is heard; `tones` are none of it.
pub(super) fn follow(sounds: &mut [Segment], levels: &Levels, tones: &[Segment]) {
    let Some(floor) = pause_floor(sounds, levels) else { return };
    let is_music =
        |s: &Segment| s.label == Label::Music && s.interval.duration() >= MIN_MUSIC_S && s.confidence > MIN_SURE;
    let onward = (1..sounds.len()).map(|i| (i, i - 1, Some(i + 1)));
    let back = (0..sounds.len().saturating_sub(1)).rev().map(|i| (i, i + 1, i.checked_sub(1)));
    for (i, beside, beyond) in onward.chain(back) {
        let (own, music) = (sounds[i].interval, sounds[beside].interval);
        let touch = (own.start() - music.end()).max(music.start() - own.end()) < Levels::STEP_S;
        if !matches!(sounds[i].label, Label::Noise | Label::Silence) || !touch || !is_music(&sounds[beside]) {
            continue;
        }
        // the room of who speaks next is no music
        let voice = beyond.and_then(|k| sounds.get(k)).filter(|s| s.label == Label::Speech);
        let room = voice.and_then(|s| levels.percentile(s.interval, 0.05));
        let least = (room.map_or(floor, |room| room.max(floor)) + ABOVE_FLOOR_DB).max(MIN_DBFS);
        let is_onward = beside < i;
        let mut steps: Vec<Decibels> = levels.within(until_tone(own, tones, is_onward)).collect();
        if !is_onward {
            steps.reverse();
        }
        let length = (audible(&steps, least) as Seconds * Levels::STEP_S).min(own.duration());
        if length < MIN_S {
            continue;
        }
        if own.duration() - length < MIN_S {
            (sounds[i].label, sounds[i].confidence) = (Label::Music, sounds[beside].confidence.min(0.7));
        } else if is_onward {
            sounds[beside].interval = Interval::new(music.start(), own.start() + length);
            sounds[i].interval = Interval::new(own.start() + length, own.end());
        } else {
            sounds[beside].interval = Interval::new(own.end() - length, music.end());
            sounds[i].interval = Interval::new(own.start(), own.end() - length);
        }
    }
}

/// The part of `own` from its start, or back from its end, in which no tone sounds.
fn until_tone(own: Interval, tones: &[Segment], is_onward: bool) -> Interval {
    let mut inside = tones.iter().filter_map(|tone| own.intersection(tone.interval));
    match is_onward {
        true => Interval::new(own.start(), inside.next().map_or(own.end(), Interval::start)),
        false => Interval::new(inside.next_back().map_or(own.start(), Interval::end), own.end()),
    }
}

/// The longest beginning of `levels` that ends loud and is loud in [`MIN_SHARE`] of its steps.
fn audible(levels: &[Decibels], least: Decibels) -> usize {
    let (mut loud, mut end) = (0, 0);
    for (before, _) in levels.iter().enumerate().filter(|(_, level)| **level > least) {
        loud += 1;
        if f64::from(loud) >= MIN_SHARE * (before + 1) as f64 {
            end = before + 1;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOOR: i8 = -60;

    /// Where the music begins of which the ear hears only what comes after 12 s: 4 s of words, 8 s of `levels` over and over,
    /// 8 s of music.
    fn beginning(levels: &[i8], tone: Option<Interval>) -> Seconds {
        let words = [-20, -25, FLOOR, -30].into_iter().cycle().take(100);
        let dbfs: Vec<i8> = words.chain(levels.iter().copied().cycle().take(200)).chain([-25; 200]).collect();
        let at = |start, end, label| Segment {
            interval: Interval::new(start, end),
            label,
            detail: String::new(),
            confidence: 0.95,
        };
        let mut sounds = [at(0.0, 4.0, Label::Speech), at(4.0, 12.0, Label::Silence), at(12.0, 20.0, Label::Music)];
        let tones: Vec<Segment> =
            tone.into_iter().map(|tone| super::super::segment(tone, Label::Ringback, 0.9)).collect();
        follow(&mut sounds, &Levels::from(dbfs), &tones);
        sounds.iter().find(|s| s.label == Label::Music).map(|s| s.interval.start()).unwrap()
    }

    #[test]
    fn music_that_fades_in_begins_where_it_is_heard() {
        let fade: Vec<i8> = (0..200i16).map(|i| (FLOOR as i16 + i / 5) as i8).collect();
        let begins = beginning(&fade, None);
        assert!((begins - 6.0).abs() < 0.1, "{begins}");
    }

    #[test]
    fn between_soft_notes_the_music_goes_on() {
        let plucked = [-30, -35, -40, -45, -50, FLOOR, FLOOR, FLOOR];
        assert_eq!(beginning(&plucked, None), 4.0);
    }

    #[test]
    fn quiet_clicks_and_tones_are_no_music() {
        assert_eq!(beginning(&[FLOOR], None), 12.0);
        assert_eq!(beginning(&[-30, FLOOR, FLOOR, FLOOR], None), 12.0);
        assert_eq!(beginning(&[-30], Some(Interval::new(9.0, 10.0))), 10.0);
    }
}
