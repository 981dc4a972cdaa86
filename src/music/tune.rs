//! The tune of hold music: how many different notes it has.
//!
//! # How it works
//! Steps of 40 ms of one pitch in a row are a note that is played; notes that lie within half a semitone of each other are
//! one note of the tune, an octave apart they are two. A note counts if it is played more than once and long enough to be
//! no slide between two others.
//! # Limits
//! Only of a tune that one voice plays. Where several sound at a time most steps have no steady pitch of their own, and
//! there is no small number of notes to be told. Bells that ring into each other make notes of their own: of twelve of a
//! church's seven different ones ten are heard.

use crate::{
    frames::melody::{Melody, STEPS_AN_OCTAVE, Voice},
    heard::Levels,
    interval::Interval,
    units::Decibels,
};

/// A played note lasts at least so many steps: 80 ms. One that is struck and dies away at once may last a single step.
const MIN_STEPS: usize = 2;
/// Pitches of one played note lie within this of their mean, in eighth tones; a semitone is four.
const SAME_PITCH: f32 = 2.0;
/// A note that is struck is this much louder in its first steps than in those before,
const ATTACK_DB: Decibels = 2.0;
const ATTACK_STEPS: usize = 3;
/// or, slurred, no further than this below the last one that was struck.
const LEGATO_DB: Decibels = 4.0;
/// The loudest tenth of the music is at most this much louder than what counts.
const RANGE_DB: Decibels = 20.0;
/// The share of the loud steps that belong to played notes in a tune of one voice. Of 22 pieces of real music all but a
/// telephone's ringing melody stay below; of 60 tunes of one voice all stay above but those that noise drowns.
const MIN_STEADY: f64 = 0.85;
/// The share of the band, in percent, that the voice holds in half of the steps or more.
const MIN_SHARE: u8 = 60;
/// A note of the tune is played at least so often,
const MIN_PLAYED: usize = 2;
/// for at least so many steps in all,
const MIN_STEPS_IN_ALL: usize = 4;
/// and for this share of all notes.
const MIN_PART: f64 = 0.012;

/// What was found out about a tune.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tune {
    /// One voice plays so many different notes; the share of the loud steps that belong to them.
    Notes(u32, f64),
    /// More than one voice at a time, or no steady pitch.
    SeveralVoices,
    /// Hardly any music.
    TooShort,
}

/// A note that was played.
#[derive(Clone, Copy, Debug)]
struct Played {
    /// The mean pitch in eighth tones.
    pitch: f32,
    steps: usize,
    /// Whether it was struck, rather than left over when louder partials of the note before had died away.
    struck: bool,
}

/// The tune of the music in `stretches`.
pub fn tune(melody: &Melody, levels: &Levels, stretches: &[Interval]) -> Tune {
    /// Four seconds: fewer hold no tune.
    const LEAST_STEPS: usize = 100;
    let steps: Vec<Vec<(Voice, Decibels)>> =
        stretches.iter().map(|&s| melody.within(s).iter().copied().zip(levels.within(s)).collect()).collect();
    let mut loudness: Vec<Decibels> = steps.iter().flatten().map(|s| s.1).collect();
    if loudness.len() < LEAST_STEPS {
        return Tune::TooShort;
    }
    loudness.sort_by(f32::total_cmp);
    let threshold = loudness[loudness.len() * 9 / 10] - RANGE_DB;
    let loud: Vec<Voice> = steps.iter().flatten().filter(|s| s.1 >= threshold).map(|s| s.0).collect();
    let played: Vec<Played> = steps.iter().flat_map(|stretch| played(stretch, threshold)).collect();
    let held = played.iter().map(|p| p.steps).filter(|&steps| steps >= MIN_STEPS).sum::<usize>();
    let steady = held as f64 / loud.len().max(1) as f64;
    let mut shares: Vec<u8> = loud.iter().map(|v| v.share).collect();
    shares.sort_unstable();
    if steady < MIN_STEADY || shares.get(shares.len() / 2).is_none_or(|&share| share < MIN_SHARE) {
        return Tune::SeveralVoices;
    }
    let struck: Vec<Played> = played.into_iter().filter(|p| p.struck).collect();
    Tune::Notes(different(&struck), steady)
}

/// The notes played in one stretch of music.
fn played(stretch: &[(Voice, Decibels)], threshold: Decibels) -> Vec<Played> {
    let mut all: Vec<Played> = vec![];
    let mut struck_at = Decibels::NEG_INFINITY;
    let mut first = 0;
    while first < stretch.len() {
        let (mut sum, mut n) = (0.0, 0);
        for &(voice, level) in &stretch[first..] {
            let pitch = f32::from(voice.pitch);
            if voice.pitch == 0 || level < threshold || n > 0 && (pitch - sum / n as f32).abs() > SAME_PITCH {
                break;
            }
            sum += pitch;
            n += 1;
        }
        // a high string dies away at once, and leaves the one before to be heard again
        let plucked = n == 1
            && stretch[first].0.share >= MIN_SHARE
            && stretch.get(first + 1).is_some_and(|s| s.1 < stretch[first].1);
        if n >= MIN_STEPS || plucked {
            let level = stretch[first..first + n.min(ATTACK_STEPS)].iter().map(|s| s.1).fold(Decibels::MIN, f32::max);
            let before = stretch[first.saturating_sub(ATTACK_STEPS)..first].iter().map(|s| s.1).reduce(f32::min);
            let rises = before.is_none_or(|before| level >= before + ATTACK_DB);
            let pitch = sum / n as f32;
            // a bell's note dies away into its octave
            let octave = all
                .last()
                .is_some_and(|last: &Played| ((pitch - last.pitch).abs() - STEPS_AN_OCTAVE).abs() <= SAME_PITCH);
            let struck = rises || n >= MIN_STEPS && level >= struck_at - LEGATO_DB && !octave;
            if struck {
                struck_at = level;
            }
            if struck || n >= MIN_STEPS {
                all.push(Played { pitch, steps: n, struck });
            }
        }
        first += n.max(1);
    }
    all
}

/// How many different notes were played: peaks of the histogram of pitches, from the highest down.
fn different(played: &[Played]) -> u32 {
    /// A long note weighs no more than this many steps: how often it is played counts too.
    const MOST_WEIGHT: usize = 8;
    const SMOOTH: [f64; 5] = [1.0, 2.0, 3.0, 2.0, 1.0];
    const MARGIN: usize = 2;
    let mut histogram = [0.0f64; 256 + 2 * MARGIN];
    for note in played {
        let bin = note.pitch.round().clamp(0.0, 255.0) as usize;
        for (i, weight) in SMOOTH.iter().enumerate() {
            histogram[bin + i] += weight * note.steps.min(MOST_WEIGHT) as f64;
        }
    }
    let all: usize = played.iter().map(|p| p.steps).sum();
    let mut notes = 0;
    loop {
        let top = (0..histogram.len()).fold(0, |top, i| if histogram[i] > histogram[top] { i } else { top });
        if histogram[top] <= 0.0 {
            return notes;
        }
        let pitch = top as f32 - MARGIN as f32;
        let members = || played.iter().filter(|p| (p.pitch - pitch).abs() <= SAME_PITCH);
        let steps: usize = members().map(|p| p.steps).sum();
        let counts =
            members().count() >= MIN_PLAYED && steps >= MIN_STEPS_IN_ALL && steps as f64 >= MIN_PART * all as f64;
        notes += u32::from(counts);
        histogram[top.saturating_sub(MARGIN)..=(top + MARGIN).min(255 + 2 * MARGIN)].fill(0.0);
    }
}
