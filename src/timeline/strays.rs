//! Rings that make no phase of their own: one that a transfer or a person cut short, between a message and a voice.
//!
//! Alone such a burst could be anything. But a line's exchange rings with one tone at one level: what sounds as the call's
//! first ringing did, as loud as that, is ringing.

use super::Segment;
use crate::{
    detect::{Evidence, Sound},
    heard::ChannelHeard,
    interval::Interval,
    label::Label,
    line::{Burst, Meaning, Phase, phase::MAX_DOUBLE_GAP_S},
    units::{Decibels, Hertz, Seconds},
};

/// Shorter bursts are clicks and words.
const MIN_BURST_S: Seconds = 0.2;
/// How sure the detector has to be that a burst is a machine's.
const MIN_CONFIDENCE: f32 = 0.6;
/// How far the frequencies and the level may be from the first ringing's.
const SAME_HZ: Hertz = 6.0;
const SAME_DB: Decibels = 3.0;
/// The longest pause from ring to ring.
const MAX_PAUSE_S: Seconds = 6.5;

/// The rings after the first ringing of a call that are not among its `tones`.
pub(super) fn stray_rings(line: &ChannelHeard, tones: &[(Phase, Meaning)], sounds: &[Segment]) -> Vec<Segment> {
    let ringing = tones.iter().filter(|(_, meaning)| meaning.label == Label::Ringback).map(|(phase, _)| phase);
    let Some(first) = ringing.min_by(|a, b| a.interval().start().total_cmp(&b.interval().start())) else {
        return Vec::new();
    };
    let model: Vec<&Burst> = first.bursts().collect();
    let is_free = |at: Interval| tones.iter().all(|(phase, _)| phase.interval().overlap(at) <= 0.0);
    let in_music = |at: Interval| {
        let music = sounds.iter().filter(|s| s.label == Label::Music);
        music.map(|s| s.interval.overlap(at)).sum::<Seconds>() > 0.5 * at.duration()
    };
    let is_ring = |e: &&Evidence| {
        let Sound::Tone(lines) = &e.sound else { return false };
        let level = e.measured("level_dbfs").unwrap_or(f32::NEG_INFINITY);
        e.interval.start() > first.interval().end()
            && e.interval.duration() >= MIN_BURST_S
            && e.confidence >= MIN_CONFIDENCE
            && model.iter().any(|b| same_lines(&b.lines, lines) && (b.level_dbfs - level).abs() <= SAME_DB)
            && is_free(e.interval)
            && !in_music(e.interval)
    };
    let mut rings: Vec<(Segment, usize)> = Vec::new();
    for burst in line.evidence.iter().filter(is_ring) {
        match rings.last_mut() {
            Some((last, count)) if goes_on(last.interval, burst.interval, sounds) => {
                *count += usize::from(burst.interval.start() - last.interval.end() > MAX_DOUBLE_GAP_S);
                last.interval = last.interval.hull(burst.interval);
                last.confidence = last.confidence.min(burst.confidence);
            }
            _ => rings.push((super::segment(burst.interval, Label::Ringback, burst.confidence), 1)),
        }
    }
    let counted = |(ring, count): (Segment, usize)| {
        let detail = if count == 1 { "1 ring".to_owned() } else { format!("{count} rings") };
        Segment { detail, ..ring }
    };
    rings.into_iter().map(counted).collect()
}

fn same_lines(a: &[Hertz], b: &[Hertz]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= SAME_HZ)
}

/// Whether `next` rings on: soon, with neither voice nor music between.
fn goes_on(last: Interval, next: Interval, sounds: &[Segment]) -> bool {
    let pause = Interval::new(last.end().min(next.start()), next.start());
    let is_other = |s: &Segment| (s.label.is_voice() || s.label == Label::Music) && s.interval.overlap(pause) > 0.2;
    pause.duration() <= MAX_PAUSE_S && !sounds.iter().any(is_other)
}
