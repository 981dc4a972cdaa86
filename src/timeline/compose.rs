//! Evidence into a timeline: tones over sounds, then who speaks.

use super::{
    Segment, Timeline, personalised,
    voices::{Before, Liveness, Passage},
};
use crate::{
    channel::Channel,
    detect::{Evidence, Sound},
    figure::Reason,
    heard::{ChannelHeard, Levels},
    interval::Interval,
    label::Label,
    line::{Meaning, Phase, Rhythm, sit::Sit},
    repeats::Play,
    units::{Decibels, Hertz, Seconds},
};

/// All that is known of one call before its timeline is made.
pub struct CallEvidence<'a> {
    /// How long the recording lasts.
    pub duration: Seconds,
    /// What the line let hear (or both sides, in a recording of one channel).
    pub line: (&'a ChannelHeard, Channel),
    /// The caller's own channel, if there is one.
    pub caller: Option<(&'a ChannelHeard, Channel)>,
    /// The line's call-progress tones and what they mean, in time's order.
    pub phases: Vec<(Phase, Meaning)>,
    /// Its special information tones.
    pub sits: Vec<Sit>,
    /// What was heard before, here or in other calls of the line: where voices of `plays` are.
    pub recurring: Vec<Interval>,
    /// The recordings that are played in it, in time's order.
    pub plays: Vec<Play>,
    /// With how many other calls it was compared.
    pub compared_with: usize,
}

/// A call laid out in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// What the line let the caller hear.
    pub line: Timeline,
    /// The caller's own channel, if there is one.
    pub caller: Option<Timeline>,
    /// The ringing before the first answer.
    pub first_ringing: Option<Phase>,
    /// The tones that are part of the timeline.
    pub tones: Vec<(Phase, Meaning)>,
    /// The first word of the first live person, and why.
    pub person: Option<(Seconds, Liveness)>,
    /// How likely the likeliest passage that was not taken for a person is one.
    pub doubt: f32,
}

/// Music shorter than this between voices, and voices shorter than this inside music, are slips of the ear.
const MIN_MUSIC_S: Seconds = 0.8;
const MIN_VOICE_IN_MUSIC_S: Seconds = 0.6;
/// Sound this short beside a tone is the tone's own edge.
const TONE_EDGE_S: Seconds = 0.3;
/// Voices this far below the other channel's are its echo or the codec's leak.
const LEAK_DB: Decibels = 15.0;
/// As much sound may come before the first ringing: clicks, a word from the caller to himself.
const MAX_SOUND_BEFORE_RINGING_S: Seconds = 0.7;
/// A message has to recur for this share of its length to be known as a recording.
const MIN_RECURRING: f64 = 0.45;

/// Lays a call out in time.
pub fn compose(call: &CallEvidence<'_>) -> Course {
    let mut sounds = tidied(sounds(call.line.0, call.caller.map(|c| c.0)));
    hush_background(&mut sounds, &call.line.0.levels);
    spread_music(&mut sounds, &call.line.0.levels);
    let tones = plausible(&call.phases, &sounds);
    let tone_segments = tone_segments(&tones, &call.sits);
    swallow_edges(&mut sounds, &tone_segments, &call.line.0.levels);
    let keys = keys(call);
    let beeps = beeps(call.line.0, &tone_segments, &sounds);
    silence_under(&mut sounds, keys.iter().map(|k| &k.0).chain(&beeps));
    let rings = tones.iter().any(|(_, meaning)| meaning.label == Label::Ringback);
    if let Some(ringing) = personalised::ringing_music(&sounds, &call.line.0.levels).filter(|_| !rings) {
        personalised::rename(&mut sounds, ringing);
    }
    let mut heard = sounds;
    heard.extend(tone_segments);
    heard.extend(beeps);
    heard.extend(keys.iter().filter(|k| !k.1).map(|k| k.0.clone()));
    let unnamed = Timeline::new(call.line.1, call.duration, heard);
    let caller = call.caller.map(|(heard, channel)| {
        let mut own = caller_sounds(heard, call.line.0);
        let pressed: Vec<_> = keys.iter().filter(|k| k.1).map(|k| k.0.clone()).collect();
        silence_under(&mut own, pressed.iter());
        own.extend(pressed);
        Timeline::new(channel, call.duration, own)
    });
    let all_keys: Vec<Segment> = keys.into_iter().map(|k| k.0).collect();
    name_voices(call, unnamed, caller, tones, &all_keys)
}

fn segment(interval: Interval, label: Label, confidence: f32) -> Segment {
    Segment { interval, label, detail: String::new(), confidence }
}

/// The channel's sounds as segments, the other channel's leak left out; every voice still `speech`.
fn sounds(own: &ChannelHeard, other: Option<&ChannelHeard>) -> Vec<Segment> {
    own.evidence.iter().filter_map(|e| sound_segment(e, own, other)).collect()
}

fn sound_segment(e: &Evidence, own: &ChannelHeard, other: Option<&ChannelHeard>) -> Option<Segment> {
    let label = match e.sound {
        Sound::Silence => Label::Silence,
        Sound::Noise => Label::Noise,
        Sound::Music => Label::Music,
        Sound::Speech | Sound::SpeechOverMusic => Label::Speech,
        Sound::Tone(_) | Sound::Key(_) => return None,
    };
    let level = |heard: &ChannelHeard| heard.levels.percentile(e.interval, 0.8);
    let leaked = other.is_some_and(|other| match (level(own), level(other)) {
        (Some(own), Some(other)) => own < other - LEAK_DB,
        _ => false,
    });
    let label = if leaked { Label::Silence } else { label };
    let over_music = e.sound == Sound::SpeechOverMusic && !leaked;
    let detail = if over_music { OVER_MUSIC.to_owned() } else { String::new() };
    Some(Segment { interval: e.interval, label, detail, confidence: e.confidence })
}

/// The detail of a voice with music under it.
pub const OVER_MUSIC: &str = "over_music";

/// The caller's own sounds: his voice, and music or noise in his room, which is of no interest.
fn caller_sounds(own: &ChannelHeard, line: &ChannelHeard) -> Vec<Segment> {
    let name = |s: Segment| match s.label {
        Label::Speech => Segment { label: Label::Caller, detail: String::new(), ..s },
        Label::Music => Segment { label: Label::Noise, ..s },
        _ => s,
    };
    sounds(own, Some(line)).into_iter().map(name).collect()
}

/// Sounds with the ear's slips mended: a scrap of music between voices is voice, a scrap of voice inside music is music.
fn tidied(mut sounds: Vec<Segment>) -> Vec<Segment> {
    for i in 1..sounds.len().saturating_sub(1) {
        let (before, after) = (sounds[i - 1].label, sounds[i + 1].label);
        let length = sounds[i].interval.duration();
        let is_scrap = match sounds[i].label {
            Label::Music => before == Label::Speech && after == Label::Speech && length < MIN_MUSIC_S,
            Label::Speech => before == Label::Music && after == Label::Music && length < MIN_VOICE_IN_MUSIC_S,
            _ => false,
        };
        if is_scrap {
            sounds[i].label = before;
            sounds[i].detail = sounds[i - 1].detail.clone();
        }
    }
    sounds
}

/// What plays faintly between two voices is somebody's room, no hold music: that is about as loud as the voices are.
fn hush_background(sounds: &mut [Segment], levels: &Levels) {
    /// How much fainter, against the louder parts of the voices on both sides.
    const FAINTER_DB: Decibels = 14.0;
    /// Longer, it is music that somebody listens to, however faint.
    const MAX_S: Seconds = 8.0;
    /// A few seconds that the ear is not sure of are no hold music either, in a call that has no other.
    const DOUBTFUL_S: Seconds = 5.0;
    const DOUBTFUL: f32 = 0.8;
    let around_is_queue = sounds.iter().any(|s| s.label == Label::Music && s.interval.duration() >= MAX_S);
    let loud = |s: &Segment| levels.percentile(s.interval, 0.8);
    let voices: Vec<Segment> = sounds.iter().filter(|s| s.label == Label::Speech).cloned().collect();
    for music in sounds.iter_mut().filter(|s| s.label == Label::Music && s.interval.duration() < MAX_S) {
        let before = voices.iter().rfind(|v| v.interval.end() <= music.interval.start() + 0.01);
        let after = voices.iter().find(|v| v.interval.start() >= music.interval.end() - 0.01);
        let near = |v: &&Segment| {
            let gap = (v.interval.start() - music.interval.end()).max(music.interval.start() - v.interval.end());
            gap < HUSH_REACH_S
        };
        let around: Vec<Decibels> =
            before.filter(near).into_iter().chain(after.filter(near)).filter_map(loud).collect();
        let voice = around.into_iter().reduce(f32::min);
        let faint = voice.zip(loud(music)).is_some_and(|(voice, own)| own < voice - FAINTER_DB);
        let doubtful = music.interval.duration() < DOUBTFUL_S && music.confidence < DOUBTFUL && !around_is_queue;
        if faint || voice.is_some() && doubtful {
            music.label = Label::Noise;
        }
    }
}

/// What is loud beside hold music and is no voice is more of the music: lines do not roar of themselves. Goes both ways, so
/// that a piece's drums or its quiet verse do not end it.
fn spread_music(sounds: &mut [Segment], levels: &Levels) {
    /// Shorter gaps are pauses between a message and the music.
    const MIN_S: Seconds = 0.6;
    /// A quiet passage still stands out from the pauses inside the call's voices by this much.
    const MIN_ABOVE_FLOOR_DB: Decibels = 9.0;
    /// Nobody hears it below this.
    const MIN_DBFS: Decibels = -60.0;
    /// Only music that is sure of itself and lasts spreads.
    const MIN_MUSIC_S: Seconds = 2.0;
    // The pauses of voices, not the quietest of the call: the called end's noise comes up with the pick-up.
    let voices = sounds.iter().filter(|s| s.label == Label::Speech && s.interval.duration() >= MIN_MUSIC_S);
    let mut pauses: Vec<Decibels> = voices.filter_map(|s| levels.percentile(s.interval, 0.05)).collect();
    pauses.sort_by(f32::total_cmp);
    let Some(&floor) = pauses.get(pauses.len() / 2) else { return };
    let stands_out = |s: &Segment| {
        let quiet = levels.percentile(s.interval, 0.25);
        s.interval.duration() >= MIN_S && quiet.is_some_and(|l| l > floor + MIN_ABOVE_FLOOR_DB && l > MIN_DBFS)
    };
    let is_music = |s: &Segment| s.label == Label::Music && s.interval.duration() >= MIN_MUSIC_S && s.confidence > 0.5;
    let forward = 1..sounds.len();
    let backward = (0..sounds.len().saturating_sub(1)).rev();
    for (i, beside) in forward.map(|i| (i, i - 1)).chain(backward.map(|i| (i, i + 1))) {
        let no_voice = matches!(sounds[i].label, Label::Noise | Label::Silence);
        if no_voice && is_music(&sounds[beside]) && stands_out(&sounds[i]) {
            sounds[i].label = Label::Music;
            sounds[i].confidence = sounds[beside].confidence.min(0.7);
        }
    }
}

/// A voice this near is beside the music.
const HUSH_REACH_S: Seconds = 1.5;

/// Phases that are no held notes of the music around them. Several rings with quiet between them are their own witness, and
/// so are many beats; what stands alone must not stand in music.
fn plausible(phases: &[(Phase, Meaning)], sounds: &[Segment]) -> Vec<(Phase, Meaning)> {
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

fn tone_segments(tones: &[(Phase, Meaning)], sits: &[Sit]) -> Vec<Segment> {
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
fn swallow_edges(sounds: &mut [Segment], tones: &[Segment], levels: &Levels) {
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

/// Whether what is left of `sound` beside the tones is no louder than the pauses inside them.
fn is_quiet_beside(sound: Interval, tones: &[&Segment], levels: &Levels) -> bool {
    /// A voice or music stands out from the line's own noise by more than this.
    const MIN_ABOVE_PAUSE_DB: Decibels = 7.0;
    /// Quieter pauses are digital silence, against which everything would stand out.
    const MIN_PAUSE_DBFS: Decibels = -66.0;
    let pauses = tones.iter().filter_map(|t| levels.percentile(t.interval, 0.15));
    let pause = pauses.fold(MIN_PAUSE_DBFS, f32::max);
    let before = Interval::new(sound.start(), tones[0].interval.start().max(sound.start()));
    let last_end = tones[tones.len() - 1].interval.end();
    let after = Interval::new(last_end.min(sound.end()), sound.end());
    let loud = |part: Interval| levels.percentile(part, 0.85).is_some_and(|l| l > pause + MIN_ABOVE_PAUSE_DB);
    !loud(before) && !loud(after)
}

/// What the ear made of a key or a beep alone becomes silence.
fn silence_under<'a>(sounds: &mut [Segment], events: impl Iterator<Item = &'a Segment>) {
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
fn keys(call: &CallEvidence<'_>) -> Vec<(Segment, bool)> {
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
fn beeps(line: &ChannelHeard, tones: &[Segment], sounds: &[Segment]) -> Vec<Segment> {
    const LENGTH_S: std::ops::RangeInclusive<Seconds> = 0.12..=1.6;
    const HZ: std::ops::RangeInclusive<Hertz> = 300.0..=2030.0;
    const AFTER_VOICE_S: Seconds = 4.0;
    const QUIET_AFTER_S: Seconds = 0.4;
    let is_beep = |e: &&Evidence| {
        let Sound::Tone(lines) = &e.sound else { return false };
        let at = e.interval;
        let (level, contrast) = (e.measured("level_dbfs").unwrap_or(0.0), e.measured("contrast_db").unwrap_or(0.0));
        let wander = e.measured("frequency_spread_hz").unwrap_or(f32::MAX);
        let after = Interval::new(at.end() + 0.03, at.end() + QUIET_AFTER_S);
        let after_voice = sounds.iter().any(|s| {
            s.label == Label::Speech && s.interval.start() < at.start() && at.start() - s.interval.end() < AFTER_VOICE_S
        });
        LENGTH_S.contains(&at.duration())
            && lines.len() == 1
            && HZ.contains(&lines[0])
            && contrast >= 12.0
            && wander < 8.0
            && e.confidence > 0.75
            && after_voice
            && line.levels.share_above(after, level - 15.0) < 0.15
            && !tones.iter().any(|t| t.interval.overlap(at) > 0.0)
    };
    let say = |e: &Evidence| segment(e.interval, Label::Beep, e.confidence);
    line.evidence.iter().filter(is_beep).map(say).collect()
}

/// Gives each voice its name: recording, person or undecided.
fn name_voices(
    call: &CallEvidence<'_>,
    unnamed: Timeline,
    caller: Option<Timeline>,
    tones: Vec<(Phase, Meaning)>,
    keys: &[Segment],
) -> Course {
    let passages = passages(call, &unnamed, caller.as_ref(), keys);
    let (levels, timbre) = (&call.line.0.levels, &call.line.0.timbre);
    let judged: Vec<(Passage, Liveness)> =
        passages.into_iter().map(|p| (p.liveness(levels, timbre), p)).map(|(l, p)| (p, l)).collect();
    let person = judged.iter().find(|(_, live)| live.probability > 0.5);
    let starts_s = person.map_or(f64::INFINITY, |(p, _)| p.interval().start());
    let before = judged.iter().filter(|(p, _)| p.interval().start() < starts_s);
    let doubt = before.map(|(_, live)| live.probability).fold(0.0, f32::max);
    let name = |s: &Segment| {
        if s.label != Label::Speech {
            return s.clone();
        }
        let passage = judged.iter().find(|(p, _)| p.interval().overlap(s.interval) > 0.0);
        let (label, sure) = match passage {
            _ if is_recording(s, &unnamed, &call.recurring) => (Label::Announcement, 0.97),
            Some((p, live)) if p.interval().start() >= starts_s => (Label::Human, live.probability.max(0.5)),
            Some((_, live)) if live.probability > 0.35 => (Label::Speech, 1.0 - live.probability),
            Some((_, live)) => (Label::Announcement, 1.0 - live.probability),
            None => (Label::Announcement, 0.5),
        };
        Segment { label, confidence: s.confidence.min(sure), ..s.clone() }
    };
    let mut named: Vec<Segment> = unnamed.segments().iter().map(name).collect();
    named.extend(unnamed.events().iter().cloned());
    let line = Timeline::new(unnamed.channel(), unnamed.duration(), named);
    let first_ringing = first_ringing(&tones, &line);
    let person = person.map(|(p, live)| (p.interval().start(), live.clone()));
    Course { line, caller, first_ringing, tones, person, doubt }
}

/// Whether a voice is known to be a recording: it comes again, or it speaks over music that also plays without it.
fn is_recording(voice: &Segment, line: &Timeline, recurring: &[Interval]) -> bool {
    const BESIDE_S: Seconds = 1.0;
    const MIN_MUSIC_ALONE_S: Seconds = 2.0;
    let again: Seconds = recurring.iter().map(|r| r.overlap(voice.interval)).sum();
    let beside = |music: &&Segment| {
        music.label == Label::Music
            && music.interval.duration() >= MIN_MUSIC_ALONE_S
            && music.interval.start() < voice.interval.end() + BESIDE_S
            && music.interval.end() > voice.interval.start() - BESIDE_S
    };
    let over_music = voice.detail == OVER_MUSIC && line.segments().iter().any(|s| beside(&s));
    over_music || again > MIN_RECURRING * voice.interval.duration()
}

/// The voices between machine sounds, recordings left out.
fn passages(call: &CallEvidence<'_>, line: &Timeline, caller: Option<&Timeline>, keys: &[Segment]) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut before = Before::PickUp;
    let mut open = false;
    let mut events: Vec<&Segment> = line.segments().iter().chain(line.events()).chain(keys.iter()).collect();
    events.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
    let mut heard_anything = false;
    for s in events {
        match s.label {
            Label::Speech if is_recording(s, line, &call.recurring) => (before, open) = (Before::Recording, false),
            Label::Speech => match passages.last_mut().filter(|_| open) {
                Some(passage) => passage.voices.push(s.interval),
                None => {
                    let voices = vec![s.interval];
                    let caller_s = caller.map(|_| 0.0);
                    let compared_with = call.compared_with;
                    passages.push(Passage {
                        voices,
                        before,
                        beep_follows: false,
                        caller_s,
                        music_follows: false,
                        key_follows: false,
                        compared_with,
                    });
                    open = true;
                }
            },
            Label::Music | Label::Noise if s.interval.duration() < 1.0 => continue,
            Label::Music => {
                mark_last(&mut passages, s.interval, |p| p.music_follows = true);
                (before, open) = (Before::Queue, false);
            }
            Label::Ringback => (before, open) = (if heard_anything { Before::Queue } else { Before::PickUp }, false),
            Label::Beep => {
                mark_last(&mut passages, s.interval, |p| p.beep_follows = true);
                (before, open) = (Before::Recording, false);
            }
            Label::Dtmf => {
                mark_last(&mut passages, s.interval, |p| p.key_follows = true);
                (before, open) = (Before::Key, false);
            }
            Label::Busy | Label::Congestion | Label::Sit | Label::Dial => (before, open) = (Before::Recording, false),
            Label::Silence | Label::Noise => continue,
            Label::Announcement | Label::Human | Label::Caller => unreachable!("voices have no names yet"),
        }
        heard_anything |= s.label != Label::Ringback;
    }
    if let Some(caller) = caller {
        for passage in &mut passages {
            let near = passage.interval();
            let near = Interval::new(near.start(), near.end() + 3.0);
            let own = caller.segments().iter().filter(|s| s.label == Label::Caller);
            passage.caller_s = Some(own.map(|s| s.interval.overlap(near)).sum());
        }
    }
    passages
}

/// Changes the last passage if it ended shortly before `at`.
fn mark_last(passages: &mut [Passage], at: Interval, change: impl FnOnce(&mut Passage)) {
    const SHORTLY_S: Seconds = 4.0;
    if let Some(last) = passages.last_mut().filter(|p| at.start() - p.interval().end() < SHORTLY_S) {
        change(last);
    }
}

/// The ringing that nothing but silence precedes.
fn first_ringing(tones: &[(Phase, Meaning)], line: &Timeline) -> Option<Phase> {
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

/// Why a passage was or was not taken for a person's, for figures that rest on it.
pub fn reason_of(course: &Course) -> Reason {
    course.person.as_ref().map_or(Reason::NoPerson, |(_, live)| live.reason.clone())
}
