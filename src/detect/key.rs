//! DTMF keys.
//!
//! # What it hears
//! One piece of evidence a key press: the digits, `*`, `#` and `A` to `D`.
//! # Standard
//! ITU-T Q.23 (frequencies); Q.24 (receivers): each frequency accepted within 1.5 %, rejected beyond 3.5 %; 40 ms are a
//! key, 24 ms are none; pauses from 40 ms part two keys, 10 ms do not; the high group from 8 dB below to 4 dB above the
//! low one.
//! # How it works
//! In each frame the strongest peak of either group must lie near one of Q.23's frequencies and both together must hold
//! most of the telephone band's power. Frames of one digit make a press; how long it lasted is read off where its power
//! crosses a quarter of its maximum. Against talk-off (voices and music that press keys) a press must be pure, still in both
//! frequencies and steady in both levels: a voice's formants are none of these at once.
//! # Limits
//! A key under a voice that is as loud as the key is missed.

use super::{Detector, Evidence, Measurement, Sound};
use crate::{
    frames::{Frames, KeyPeaks, frame_to_time},
    interval::Interval,
    keypad::{HIGH_HZ, KEYPAD, LOW_HZ},
    units::{Decibels, Hertz, Seconds, decibels},
};

/// Between Q.24's 1.5 % (accept; 1.8 % in Japan) and 3.5 % (reject), near the former: notes lie everywhere.
const MAX_DEVIATION: f32 = 0.02;
/// The high group against the low one: Q.24's 4 dB above with 3 dB to spare for the line's slope.
const MAX_TWIST_DB: Decibels = 7.0;
/// Q.24's 8 dB below with 3 dB to spare.
const MIN_TWIST_DB: Decibels = -11.0;
/// Between what Q.24's 24 ms (no key) and 40 ms (a key) read as: the window makes 28 ms of the former, 41 of the latter.
const MIN_PRESS_S: Seconds = 0.034;
/// A gap shorter than this is an interruption, Q.24's pauses between keys are 40 ms and more.
const MAX_INTERRUPTION_FRAMES: usize = 3;
/// What is shorter is a lost packet of 20 ms, no pause: Q.24's shortest is 40 ms (30 in Japan).
const MIN_PAUSE_S: Seconds = 0.028;
/// Nobody lets a key go and presses it again in so short a time; two lost packets, and what codecs make of their edges.
const MIN_PAUSE_BY_HAND_S: Seconds = 0.05;
/// A machine can, and its presses last alike to within this.
const SAME_PRESS_S: Seconds = 0.012;
/// The share of the band's power in both peaks, on the average of a press.
const MIN_PURITY: f32 = 0.72;
/// How still each frequency must be over a press: its standard deviation as a share.
const MAX_WANDER: f32 = 0.008;
/// How strong a third peak may be beside the weaker of a key's two: noise is spread thin, chords are not.
const MAX_THIRD_DB: Decibels = -7.0;
/// The same over a voice or music (a caller who does not wait for the menu's end): then all else must be right.
const MAX_THIRD_OVER_SOUND_DB: Decibels = -2.5;
/// What "right" is then: lasting, stiller and purer than need be, both frequencies as exact as generated ones are, and no
/// more twist than a line adds.
const MIN_PRESS_OVER_SOUND_S: Seconds = 0.07;
const MAX_DEVIATION_OVER_SOUND: f32 = 0.007;
const MAX_WANDER_OVER_SOUND: f32 = 0.0055;
const MIN_PURITY_OVER_SOUND: f32 = 0.78;
const TWIST_OVER_SOUND_DB: std::ops::RangeInclusive<Decibels> = -4.5..=6.5;
/// How steady each tone must be inside a press: the standard deviation of its level.
const MAX_LEVEL_SPREAD_DB: Decibels = 1.8;
/// The same of both together where nothing else sounds: lost packets shake even a generated key, and a codec that predicts the
/// stronger tone shakes the weaker one alone.
const MAX_LEVEL_SPREAD_ALONE_DB: Decibels = 3.5;
/// What "nothing else" is.
const ALONE_PURITY: f32 = 0.92;
const ALONE_THIRD_DB: Decibels = -15.0;
/// How exact both frequencies have to be where something else sounds: G5 and E6, a sixth that tunes are full of, lie 1.8 %
/// above and 1.3 % below those of key 5.
const MAX_DEVIATION_BESIDE: f32 = 0.012;
/// The keys of the fourth column are on no telephone a caller has: they need to be purer.
const RARE_PURITY: f32 = 0.88;
/// Below this no key is heard: Q.24 rejects at -55 dBm.
const MIN_LEVEL_DBFS: Decibels = -55.0;

/// Hears DTMF keys.
pub struct Key;

impl Detector for Key {
    fn id(&self) -> &'static str {
        "key"
    }

    fn about(&self) -> &'static str {
        "DTMF keys (ITU-T Q.23, Q.24)"
    }

    fn detect(&self, frames: &Frames) -> Vec<Evidence> {
        let mut presses: Vec<(char, Vec<KeyPeaks>)> = Vec::new();
        for peaks in &frames.key_peaks {
            let Some(digit) = digit(peaks) else { continue };
            match presses.last_mut() {
                Some((last, frames)) if *last == digit && continues(frames, peaks) => frames.push(*peaks),
                _ => presses.push((digit, vec![*peaks])),
            }
        }
        let parted = presses.into_iter().flat_map(|(digit, peaks)| parted(peaks).into_iter().map(move |p| (digit, p)));
        rejoined(parted.filter_map(|(digit, peaks)| press(digit, &peaks)).collect())
    }
}

/// The key whose two frequencies and twist a frame shows, if any.
fn digit(peaks: &KeyPeaks) -> Option<char> {
    let nearest = |hz: Hertz, group: &[Hertz; 4]| (0..4).find(|&i| (hz / group[i] - 1.0).abs() <= MAX_DEVIATION);
    let twist = decibels(peaks.high) - decibels(peaks.low);
    let row = nearest(peaks.low_hz, &LOW_HZ)?;
    let column = nearest(peaks.high_hz, &HIGH_HZ)?;
    (MIN_TWIST_DB..=MAX_TWIST_DB).contains(&twist).then_some(KEYPAD[row][column])
}

fn continues(press: &[KeyPeaks], next: &KeyPeaks) -> bool {
    press.last().is_some_and(|last| next.frame - last.frame <= MAX_INTERRUPTION_FRAMES)
}

/// One key held, or the same one twice: parted where the tones are down to half their amplitude for longer than an
/// interruption, which the window blurs but does not shorten.
fn parted(peaks: Vec<KeyPeaks>) -> Vec<Vec<KeyPeaks>> {
    let loudest = peaks.iter().map(|p| p.low + p.high).fold(0.0, f32::max);
    let mut parts: Vec<Vec<KeyPeaks>> = Vec::new();
    let mut last_loud = None;
    for peak in peaks {
        let is_loud = peak.low + peak.high >= loudest / 4.0;
        let pause = last_loud.is_some_and(|last| peak.frame - last > MAX_INTERRUPTION_FRAMES);
        match parts.last_mut() {
            Some(part) if !(is_loud && pause) => part.push(peak),
            _ => parts.push(vec![peak]),
        }
        last_loud = if is_loud { Some(peak.frame) } else { last_loud };
    }
    parts
}

/// Presses of one digit that a lost packet has parted, as one.
fn rejoined(presses: Vec<Evidence>) -> Vec<Evidence> {
    let mut keys: Vec<Evidence> = Vec::new();
    for press in presses {
        let is_torn_off = |key: &&mut Evidence| {
            let pause = press.interval.start() - key.interval.end();
            let by_hand = (press.interval.duration() - key.interval.duration()).abs() > SAME_PRESS_S;
            key.sound == press.sound && pause < if by_hand { MIN_PAUSE_BY_HAND_S } else { MIN_PAUSE_S }
        };
        match keys.last_mut().filter(is_torn_off) {
            Some(key) => {
                key.interval = key.interval.hull(press.interval);
            }
            None => keys.push(press),
        }
    }
    keys
}

/// Decide: whether frames of one digit are a key, and when it was pressed.
fn press(digit: char, peaks: &[KeyPeaks]) -> Option<Evidence> {
    let loudest = peaks.iter().map(|p| p.low + p.high).fold(0.0, f32::max);
    // Half-filled windows smear the frequencies: what is judged is the inside of the press.
    let core: Vec<&KeyPeaks> = peaks.iter().filter(|p| p.low + p.high >= loudest / 2.0).collect();
    let level = decibels(loudest / 2.0);
    let n = core.len() as f32;
    let purity = core.iter().map(|p| (p.low + p.high) / p.total).sum::<f32>() / n;
    let wander = |pick: fn(&KeyPeaks) -> f32| {
        let mean = core.iter().map(|p| pick(p)).sum::<f32>() / n;
        (core.iter().map(|p| (pick(p) - mean).powi(2)).sum::<f32>() / n).sqrt() / mean
    };
    let wander = wander(|p| p.low_hz).max(wander(|p| p.high_hz));
    // Where the press is long enough, its edges are left out: there the window holds half a tone.
    let inner = if core.len() > 5 { &core[2..core.len() - 2] } else { &core[..] };
    let unsteady = |pick: fn(&KeyPeaks) -> f32| spread(inner.iter().map(|p| decibels(pick(p))));
    let third = inner.iter().map(|p| decibels(p.third) - decibels(p.low.min(p.high))).sum::<f32>() / inner.len() as f32;
    let pressed = width(peaks, loudest);
    let duration = pressed.duration();
    // The shorter, the purer: 40 ms of a voice fit by chance what 100 ms do not.
    let rare = HIGH_HZ[3] * (1.0 - MAX_DEVIATION) < core[0].high_hz;
    let purity_needed = if duration < 0.06 { MIN_PURITY + 0.13 } else { MIN_PURITY };
    let twist = core.iter().map(|p| decibels(p.high) - decibels(p.low)).sum::<f32>() / n;
    let exact = duration >= MIN_PRESS_OVER_SOUND_S
        && deviation(digit, &core) <= MAX_DEVIATION_OVER_SOUND
        && wander <= MAX_WANDER_OVER_SOUND
        && purity >= MIN_PURITY_OVER_SOUND
        && TWIST_OVER_SOUND_DB.contains(&twist);
    let third_allowed = if exact { MAX_THIRD_OVER_SOUND_DB } else { MAX_THIRD_DB };
    let is_pure = purity >= if rare { RARE_PURITY.max(purity_needed) } else { purity_needed } && third <= third_allowed;
    let alone = purity >= ALONE_PURITY && third <= ALONE_THIRD_DB;
    let is_exact = third <= ALONE_THIRD_DB || deviation(digit, &core) <= MAX_DEVIATION_BESIDE;
    let level_spread = match (core.len() > 5, alone) {
        (false, _) => 0.0,
        (true, true) => unsteady(|p| p.low + p.high),
        (true, false) => unsteady(|p| p.low).max(unsteady(|p| p.high)),
    };
    let spread_allowed = if alone { MAX_LEVEL_SPREAD_ALONE_DB } else { MAX_LEVEL_SPREAD_DB };
    let is_steady = wander <= MAX_WANDER && level_spread <= spread_allowed;
    if duration < MIN_PRESS_S || level < MIN_LEVEL_DBFS || !is_pure || !is_exact || !is_steady {
        return None;
    }
    let measurement = |name: &'static str, value| Measurement { name: name.into(), value };
    Some(Evidence {
        interval: pressed,
        sound: Sound::Key(digit),
        confidence: (0.5 + (purity - MIN_PURITY) * 1.6 + 0.2 * (1.0 - wander / MAX_WANDER)).clamp(0.0, 0.99),
        detector: "key".into(),
        measurements: vec![
            measurement("level_dbfs", level),
            measurement("purity", purity),
            measurement("third_db", third),
            measurement("wander", wander),
            measurement("level_spread_db", level_spread),
            measurement("twist_db", twist),
        ],
    })
}

/// How far a press lies from its key's two frequencies: the larger of both shares.
fn deviation(digit: char, press: &[&KeyPeaks]) -> f32 {
    let place = (0..4).flat_map(|row| (0..4).map(move |column| (row, column))).find(|&(r, c)| KEYPAD[r][c] == digit);
    let Some((row, column)) = place else { return f32::INFINITY };
    let mean = |pick: fn(&KeyPeaks) -> f32| press.iter().map(|p| pick(p)).sum::<f32>() / press.len().max(1) as f32;
    let off = |hz: Hertz, nominal: Hertz| (hz / nominal - 1.0).abs();
    off(mean(|p| p.low_hz), LOW_HZ[row]).max(off(mean(|p| p.high_hz), HIGH_HZ[column]))
}

/// From where to where a key sounded. An edge lies where the window is half filled: there the amplitude is half of the
/// largest, interpolated between frames; a frame that is no candidate holds none of the key.
fn width(peaks: &[KeyPeaks], loudest: f32) -> Interval {
    let half = loudest.sqrt() / 2.0;
    let amplitude = |p: &KeyPeaks| (p.low + p.high).sqrt();
    let loud = |p: &&KeyPeaks| amplitude(p) >= half;
    let first = peaks.iter().position(|p| loud(&p)).unwrap_or(0);
    let last = peaks.iter().rposition(|p| loud(&p)).unwrap_or(0);
    let outside = |frame: Option<usize>, neighbour: Option<&KeyPeaks>| {
        neighbour.filter(|p| Some(p.frame) == frame).map_or(0.0, amplitude)
    };
    let before = outside(peaks[first].frame.checked_sub(1), first.checked_sub(1).map(|i| &peaks[i]));
    let after = outside(Some(peaks[last].frame + 1), peaks.get(last + 1));
    let part = |inner: f32, outer: f32| f64::from((inner - half) / (inner - outer).max(f32::MIN_POSITIVE));
    let hop = frame_to_time(1);
    let start = frame_to_time(peaks[first].frame) - hop * part(amplitude(&peaks[first]), before);
    let end = frame_to_time(peaks[last].frame) + hop * part(amplitude(&peaks[last]), after);
    Interval::new(start.max(0.0), end.max(start.max(0.0)))
}

/// The standard deviation of some levels.
fn spread(levels: impl ExactSizeIterator<Item = Decibels> + Clone) -> Decibels {
    let n = levels.len().max(1) as f32;
    let mean = levels.clone().sum::<f32>() / n;
    (levels.map(|l| (l - mean) * (l - mean)).sum::<f32>() / n).sqrt()
}
