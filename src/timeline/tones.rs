//! The machines' own signals on the timeline: call-progress tones, keys, beeps, and what the ear made of their edges.

use super::{Segment, Timeline, compose::CallEvidence, segment};
use crate::{
    detect::{Evidence, Sound},
    heard::{ChannelHeard, Levels},
    interval::Interval,
    label::Label,
    line::{Meaning, Phase, Rhythm, sit::Sit},
    units::{Decibels, Hertz, Seconds},
};

/// Sound this short beside a tone is the tone's own edge.
const TONE_EDGE_S: Seconds = 0.3;
/// As much sound may come before the first ringing: clicks, a word from the caller to himself.
const MAX_SOUND_BEFORE_RINGING_S: Seconds = 0.7;

/// Phases that are no held notes of the music around them. Several rings with quiet between them are their own witness, and
/// so are many beats; what stands alone must not stand in music.
pub(super) fn plausible(phases: &[(Phase, Meaning)], sounds: &[Segment]) -> Vec<(Phase, Meaning)> {
    const NEAR_S: Seconds = 1.5;
    const MANY_BEATS: usize = 5;
    let music_share = |from: Seconds, to: Seconds| {
        let window = Interval::new(from.max(0.0), to.max(from.max(0.0)));
        let music = sounds.iter().filter(|s| s.label == Label::Music).map(|s| s.interval.overlap(window)).sum::<f64>();
        music / NEAR_S
    };
    let in_music = |phase: &Phase| {
        let i = phase.interval();
        music_share(i.start() - NEAR_S, i.start()).min(music_share(i.end(), i.end() + NEAR_S)) > 0.5
    };
    let own_witness = |phase: &Phase| match phase.rhythm {
        Rhythm::Rings => phase.groups.len() > 1,
        Rhythm::Beats => phase.bursts().count() > MANY_BEATS,
        Rhythm::Steady => false,
    };
    phases.iter().filter(|(phase, _)| own_witness(phase) || !in_music(phase)).cloned().collect()
}

pub(super) fn tone_segments(tones: &[(Phase, Meaning)], sits: &[Sit]) -> Vec<Segment> {
    let of_phase = |(phase, meaning): &(Phase, Meaning)| {
        let detail = match (meaning.label, meaning.rival) {
            (Label::Ringback, _) => match phase.groups.len() {
                1 => "1 ring".to_owned(),
                n => format!("{n} rings"),
            },
            (_, Some(rival)) => format!("or {}", rival.name()),
            _ => String::new(),
        };
        Segment { interval: phase.interval(), label: meaning.label, detail, confidence: meaning.confidence }
    };
    let of_sit =
        |sit: &Sit| Segment { detail: sit.variant().to_owned(), ..segment(sit.interval, Label::Sit, sit.confidence) };
    tones.iter().map(of_phase).chain(sits.iter().map(of_sit)).collect()
}

/// What the ear made of a tone's own edges and of the quiet about it becomes silence.
pub(super) fn swallow_edges(sounds: &mut [Segment], tones: &[Segment], levels: &Levels) {
    for sound in sounds.iter_mut().filter(|s| s.label != Label::Silence) {
        let touching: Vec<&Segment> = tones.iter().filter(|t| t.interval.overlap(sound.interval) > 0.0).collect();
        if touching.is_empty() {
            continue;
        }
        let covered: Seconds = touching.iter().map(|t| t.interval.overlap(sound.interval)).sum();
        let rest = sound.interval.duration() - covered;
        if sound.label == Label::Noise
            || rest < TONE_EDGE_S.max(0.1 * covered)
            || is_quiet_beside(sound.interval, &touching, levels)
        {
            sound.label = Label::Silence;
            sound.detail.clear();
        }
    }
}

/// Whether what is left of `sound` beside the tones is no louder than the pauses inside and about them.
fn is_quiet_beside(sound: Interval, tones: &[&Segment], levels: &Levels) -> bool {
    /// A voice or music stands out from the line's own noise by more than this.
    const MIN_ABOVE_PAUSE_DB: Decibels = 7.0;
    /// Quieter pauses are digital silence, against which everything would stand out.
    const MIN_PAUSE_DBFS: Decibels = -66.0;
    /// A single ring has no pause inside.
    const ABOUT_S: Seconds = 4.0;
    let about = |tone: Interval| Interval::new(tone.start() - ABOUT_S, tone.end() + ABOUT_S);
    let pauses = tones.iter().filter_map(|t| levels.percentile(about(t.interval), 0.15));
    let pause = pauses.fold(MIN_PAUSE_DBFS, f32::max);
    let before = Interval::new(sound.start(), tones[0].interval.start().max(sound.start()));
    let last_end = tones[tones.len() - 1].interval.end();
    let after = Interval::new(last_end.min(sound.end()), sound.end());
    let loud = |part: Interval| levels.percentile(part, 0.85).is_some_and(|l| l > pause + MIN_ABOVE_PAUSE_DB);
    !loud(before) && !loud(after)
}

/// What the ear made of a key or a beep alone becomes silence.
pub(super) fn silence_under<'a>(sounds: &mut [Segment], events: impl Iterator<Item = &'a Segment>) {
    let events: Vec<Interval> = events.map(|e| e.interval).collect();
    for sound in sounds.iter_mut().filter(|s| s.label != Label::Silence) {
        let covered: Seconds = events.iter().map(|e| e.overlap(sound.interval)).sum();
        let rest = sound.interval.duration() - covered;
        if covered > 0.0 && (sound.label == Label::Noise || rest < TONE_EDGE_S) {
            sound.label = Label::Silence;
            sound.detail.clear();
        }
    }
}

/// The keys pressed, and whether on the caller's own channel.
pub(super) fn keys(call: &CallEvidence<'_>) -> Vec<(Segment, bool)> {
    let of = |heard: &ChannelHeard, own: bool| -> Vec<(Segment, bool)> {
        let key = |e: &Evidence| match e.sound {
            Sound::Key(digit) => {
                Some((Segment { detail: digit.to_string(), ..segment(e.interval, Label::Dtmf, e.confidence) }, own))
            }
            _ => None,
        };
        heard.evidence.iter().filter_map(key).collect()
    };
    let mut keys = call.caller.map_or_else(Vec::new, |(heard, _)| of(heard, true));
    // The same key on both channels is one key and its leak.
    let on_line = of(call.line.0, false);
    let is_new = |k: &(Segment, bool)| {
        let same = |o: &(Segment, bool)| o.0.detail == k.0.detail && near(o.0.interval, k.0.interval);
        !keys.iter().any(same)
    };
    let new: Vec<_> = on_line.into_iter().filter(is_new).collect();
    keys.extend(new);
    keys.sort_by(|a, b| a.0.interval.start().total_cmp(&b.0.interval.start()));
    keys
}

fn near(a: Interval, b: Interval) -> bool {
    const APART_S: Seconds = 0.06;
    a.start() < b.end() + APART_S && b.start() < a.end() + APART_S
}

/// Single tones that ask to speak: a second or less, quiet on both sides, after a voice.
pub(super) fn beeps(line: &ChannelHeard, tones: &[Segment], sounds: &[Segment]) -> Vec<Segment> {
    const LENGTH_S: std::ops::RangeInclusive<Seconds> = 0.12..=1.6;
    const HZ: std::ops::RangeInclusive<Hertz> = 300.0..=2030.0;
    /// Through any codec a beep deviates by 1 Hz and a little more where packets are lost; a syllable that stands still by 4 and more.
    const MAX_DEVIATION_HZ: Hertz = 3.0;
    const AFTER_VOICE_S: Seconds = 4.0;
    const QUIET_AFTER_S: Seconds = 0.4;
    let is_beep = |e: &&Evidence| {
        let Sound::Tone(lines) = &e.sound else { return false };
        let at = e.interval;
        let (level, contrast) = (e.measured("level_dbfs").unwrap_or(0.0), e.measured("contrast_db").unwrap_or(0.0));
        let deviation = e.measured("frequency_deviation_hz").unwrap_or(f32::MAX);
        let after = Interval::new(at.end() + 0.03, at.end() + QUIET_AFTER_S);
        let after_voice = sounds.iter().any(|s| {
            s.label == Label::Speech && s.interval.start() < at.start() && at.start() - s.interval.end() < AFTER_VOICE_S
        });
        LENGTH_S.contains(&at.duration())
            && lines.len() == 1
            && HZ.contains(&lines[0])
            && contrast >= 12.0
            && deviation < MAX_DEVIATION_HZ
            && e.confidence > 0.75
            && after_voice
            && line.levels.share_above(after, level - 15.0) < 0.15
            && !tones.iter().any(|t| t.interval.overlap(at) > 0.0)
    };
    let say = |e: &Evidence| segment(e.interval, Label::Beep, e.confidence);
    line.evidence.iter().filter(is_beep).map(say).collect()
}

/// The ringing that nothing but silence precedes.
pub(super) fn first_ringing(tones: &[(Phase, Meaning)], line: &Timeline) -> Option<Phase> {
    let (phase, _) = tones.iter().find(|(_, meaning)| meaning.label == Label::Ringback)?;
    let start = phase.interval().start();
    let sound = |s: &&Segment| {
        s.label.is_voice() || matches!(s.label, Label::Music | Label::Busy | Label::Congestion | Label::Sit)
    };
    let before: Seconds = line
        .segments()
        .iter()
        .take_while(|s| s.interval.start() < start)
        .filter(sound)
        .map(|s| s.interval.duration())
        .sum();
    (before <= MAX_SOUND_BEFORE_RINGING_S).then(|| phase.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of "music" from 8 to 15 s over a ring of 1 s at 12 s, in a recording of these levels before and after it.
    fn beside_a_ring(before: [i8; 2], after: [i8; 2]) -> Label {
        let cycle = |of: [i8; 2], steps| of.into_iter().cycle().take(steps);
        let dbfs: Vec<i8> = cycle(before, 300).chain(cycle([-20; 2], 25)).chain(cycle(after, 125)).collect();
        let mut sounds = [segment(Interval::new(8.0, 15.0), Label::Music, 0.9)];
        let ring = segment(Interval::new(12.0, 13.0), Label::Ringback, 0.9);
        swallow_edges(&mut sounds, &[ring], &Levels::from(dbfs));
        sounds[0].label
    }

    #[test]
    fn music_goes_on_up_to_a_single_ring_and_noise_does_not() {
        assert_eq!(beside_a_ring([-24, -30], [-60, -59]), Label::Music);
        assert_eq!(beside_a_ring([-57, -59], [-60, -59]), Label::Silence);
    }
}
