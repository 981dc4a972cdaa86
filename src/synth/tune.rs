//! Hold music of our own composition: a loop of a few notes, a longer piece for two voices, and tunes made by chance.
//!
//! Every tune is a loop: what still rings at its end is heard again at its beginning, so that it can be repeated without
//! a seam. The compositions belong to this project and come under its licence.

use super::{
    exact::{cosine, exp2, sine},
    random::Random,
    samples, seconds, set_level,
};
use crate::units::{Decibels, SAMPLE_RATE, Seconds};

/// What a tune is played on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timbre {
    /// Struck metal: partials that are no multiples of each other, each dying at its own pace.
    Bell,
    /// Pipes that sound as long as the key is held.
    Organ,
    /// A plucked string: Karplus and Strong (1983), "Digital synthesis of plucked-string and drum timbres".
    Plucked,
}

impl Timbre {
    /// Every timbre.
    pub const ALL: [Self; 3] = [Self::Bell, Self::Organ, Self::Plucked];

    /// Its name in scripts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bell => "bell",
            Self::Organ => "organ",
            Self::Plucked => "plucked",
        }
    }
}

/// A note of a tune.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Note {
    /// When, in beats from the tune's beginning.
    pub at: f64,
    /// How long, in beats.
    pub beats: f64,
    /// How high, in semitones above the A of 440 Hz.
    pub pitch: i32,
    /// How loud beside the others: 1 = as the melody.
    pub loudness: f64,
}

/// Notes that begin again where they end.
#[derive(Clone, Debug, PartialEq)]
pub struct Tune {
    /// How long one beat lasts.
    pub beat: Seconds,
    /// How many beats one round has.
    pub beats: f64,
    /// In any order.
    pub notes: Vec<Note>,
}

/// The fewest and the most notes of [`Tune::of_notes`].
pub const LOOP_NOTES: std::ops::RangeInclusive<usize> = 3..=12;

impl Tune {
    /// The kind of loop that gave hold music its name: `count` notes (3 to 12), a rest, and again.
    ///
    /// # Panics
    /// Where `count` is outside [`LOOP_NOTES`].
    pub fn of_notes(count: usize) -> Self {
        const LINE: [i32; 12] = [3, 10, 7, 5, 8, 3, 12, 10, 5, 7, 2, 3];
        assert!(LOOP_NOTES.contains(&count), "a loop has 3 to 12 notes, not {count}");
        let notes =
            LINE[..count].iter().enumerate().map(|(i, &pitch)| Note { at: i as f64, beats: 1.0, pitch, loudness: 1.0 });
        Self { beat: 0.45, beats: count as f64 + 1.0, notes: notes.collect() }
    }

    /// "Wachtmuziek in F": sixteen bars of three beats, a melody above broken chords.
    pub fn piece() -> Self {
        // beats and semitones above A; a bar a line
        const MELODY: [&[(f64, i32)]; 16] = [
            &[(1.5, 3), (0.5, 5), (1.0, 8)],
            &[(2.0, 12), (1.0, 8)],
            &[(1.5, 10), (0.5, 8), (1.0, 5)],
            &[(3.0, 3)],
            &[(1.0, 1), (1.0, 5), (1.0, 10)],
            &[(1.5, 13), (0.5, 12), (1.0, 10)],
            &[(1.0, 8), (1.0, 7), (1.0, 5)],
            &[(2.5, 3), (0.5, 3)],
            &[(1.5, 8), (0.5, 10), (1.0, 12)],
            &[(2.0, 15), (1.0, 12)],
            &[(1.5, 13), (0.5, 10), (1.0, 13)],
            &[(3.0, 12)],
            &[(1.0, 10), (1.0, 5), (1.0, 8)],
            &[(1.0, 7), (0.5, 5), (0.5, 7), (1.0, 3)],
            &[(1.5, 5), (1.5, 7)],
            &[(2.0, 8)],
        ];
        const CHORDS: [[i32; 3]; 16] = [
            [-4, 0, 3],
            [-4, 0, 3],
            [-7, -4, 0],
            [-9, -5, -2],
            [-11, -7, -4],
            [-11, -7, -4],
            [-9, -5, -2],
            [-9, -5, 1],
            [-4, 0, 3],
            [-7, -4, 0],
            [-11, -7, -4],
            [-4, 0, 3],
            [-2, 1, 5],
            [-9, -5, 1],
            [-9, -5, -2],
            [-4, 0, 3],
        ];
        let mut notes = vec![];
        for (bar, (melody, chord)) in MELODY.iter().zip(CHORDS).enumerate() {
            let mut at = bar as f64 * 3.0;
            notes.extend(chord.iter().enumerate().map(|(i, &pitch)| Note {
                at: at + i as f64,
                beats: 1.5,
                pitch,
                loudness: 0.45,
            }));
            for &(beats, pitch) in *melody {
                notes.push(Note { at, beats, pitch, loudness: 1.0 });
                at += beats;
            }
        }
        Self { beat: 0.42, beats: 48.0, notes }
    }

    /// A tune made by chance: a walk over a pentatonic scale in two phrases above a bass.
    pub fn by_chance(random: &mut Random) -> Self {
        const SCALE: [i32; 8] = [0, 2, 4, 7, 9, 12, 14, 16];
        const RHYTHMS: [&[f64]; 5] =
            [&[1.0, 1.0, 1.0, 1.0], &[2.0, 1.0, 1.0], &[1.5, 0.5, 2.0], &[0.5, 0.5, 1.0, 2.0], &[3.0, 1.0]];
        let key = random.between(0, 11) as i32 - 6;
        let bars = *random.pick(&[8, 12, 16]);
        let (mut step, mut notes) = (random.between(1, 6), vec![]);
        for bar in 0..bars {
            let mut at = f64::from(bar) * 4.0;
            let root = key + *random.pick(&[-12, -5, -7, -3]);
            for i in 0..4 {
                let pitch = root + [0, 7, 12, 7][i];
                notes.push(Note { at: at + i as f64, beats: 1.0, pitch, loudness: 0.4 });
            }
            for &beats in *random.pick(&RHYTHMS) {
                step = (step + random.between(0, 4)).saturating_sub(2).min(SCALE.len() - 1);
                notes.push(Note { at, beats, pitch: key + SCALE[step], loudness: 1.0 });
                at += beats;
            }
        }
        Self { beat: random.uniform(0.3, 0.6), beats: f64::from(bars) * 4.0, notes }
    }

    /// One round of it at `level`, to be repeated without a seam.
    pub fn play(&self, timbre: Timbre, level: Decibels) -> Vec<f32> {
        let round = samples(self.beats * self.beat);
        let mut out = vec![0.0_f32; round];
        if round == 0 {
            return out;
        }
        for note in &self.notes {
            let start = samples(note.at * self.beat);
            for (i, x) in timbre.sound(note.pitch, note.beats * self.beat).into_iter().enumerate() {
                out[(start + i) % round] += (note.loudness * x) as f32;
            }
        }
        set_level(&mut out, level);
        out
    }
}

/// Partials from here on would not pass a telephone line, and would fold back below its half sample rate.
const HIGHEST_PARTIAL_HZ: f64 = 3_500.0;

impl Timbre {
    /// One note, with all that rings on after it, peak near 1.
    fn sound(self, pitch: i32, duration: Seconds) -> Vec<f64> {
        let frequency = 440.0 * exp2(f64::from(pitch) / 12.0);
        match self {
            Self::Bell => bell(frequency, duration),
            Self::Organ => organ(frequency, duration),
            Self::Plucked => plucked(frequency, duration),
        }
    }
}

fn bell(frequency: f64, duration: Seconds) -> Vec<f64> {
    // ratio to the strike note, loudness, half-life in seconds; after the partials of a small church bell
    const PARTIALS: [(f64, f64, f64); 6] =
        [(0.5, 0.2, 0.9), (1.0, 0.5, 0.6), (1.19, 0.15, 0.5), (2.0, 0.4, 0.35), (2.74, 0.2, 0.2), (3.76, 0.12, 0.12)];
    let count = samples(duration + 1.2);
    let mut out = vec![0.0; count];
    for (ratio, loud, half_life) in PARTIALS {
        let partial = frequency * ratio;
        if partial < HIGHEST_PARTIAL_HZ {
            let fading = exp2(-1.0 / (half_life * f64::from(SAMPLE_RATE)));
            let mut loud = loud;
            for (i, x) in out.iter_mut().enumerate() {
                *x += loud * sine(partial * seconds(i));
                loud *= fading;
            }
        }
    }
    faded(out, 0.002, 0.3)
}

fn organ(frequency: f64, duration: Seconds) -> Vec<f64> {
    // the 8, 4, 2 2/3 and 2 foot stops
    const STOPS: [(f64, f64); 4] = [(1.0, 0.5), (2.0, 0.3), (3.0, 0.12), (4.0, 0.15)];
    let sample = |i: usize| {
        let turns = frequency * seconds(i);
        STOPS.iter().filter(|(n, _)| n * frequency < HIGHEST_PARTIAL_HZ).map(|(n, loud)| loud * sine(n * turns)).sum()
    };
    faded((0..samples(duration + 0.05)).map(sample).collect(), 0.02, 0.06)
}

fn plucked(frequency: f64, duration: Seconds) -> Vec<f64> {
    let rate = f64::from(SAMPLE_RATE);
    // Jaffe and Smith's decay stretching: an even average would leave a string of 8,000 samples a second dull and short;
    // it delays by its share of a sample, the interpolation makes up for the rest of the period
    const SOFTENING: f64 = 0.2;
    let delay = rate / frequency - SOFTENING;
    let (whole, share) = (delay.floor() as usize, delay - delay.floor());
    let mut random = Random::new(frequency.to_bits());
    let count = samples(duration + 0.8);
    let mut string: Vec<f64> = (0..whole + 2).map(|_| random.uniform(-1.0, 1.0)).collect();
    string.reserve(count);
    while string.len() < count + whole + 2 {
        let n = string.len();
        let tap = |back: usize| string[n - back] * (1.0 - share) + string[n - back - 1] * share;
        string.push(0.997 * ((1.0 - SOFTENING) * tap(whole) + SOFTENING * tap(whole + 1)));
    }
    faded(string.split_off(whole + 2), 0.002, 0.2)
}

/// Rises at its beginning and falls at its end, without a corner.
fn faded(mut sound: Vec<f64>, rise: Seconds, fall: Seconds) -> Vec<f64> {
    let smooth = |share: f64| 0.5 - 0.5 * cosine(share / 2.0);
    for (i, x) in sound.iter_mut().enumerate().take(samples(rise)) {
        *x *= smooth(seconds(i) / rise);
    }
    for (i, x) in sound.iter_mut().rev().enumerate().take(samples(fall)) {
        *x *= smooth(seconds(i) / fall);
    }
    sound
}
