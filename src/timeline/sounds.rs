//! A channel's evidence as segments of sound, the ear's slips mended; every voice is still `speech`.

use super::Segment;
use crate::{
    detect::{Evidence, Sound},
    heard::{ChannelHeard, Levels},
    label::Label,
    units::{Decibels, Seconds},
};

/// Music shorter than this between voices, and voices shorter than this inside music, are slips of the ear.
const MIN_MUSIC_S: Seconds = 0.8;
const MIN_VOICE_IN_MUSIC_S: Seconds = 0.6;
/// Music that lasts this long before and after is one piece, whatever stands between for a moment.
const SAME_PIECE_S: Seconds = 3.0;
/// Inside one piece this much silence is a rest. On 670 composed calls, of 20 such gaps 19 were inside the music.
const MAX_REST_S: Seconds = 3.0;
/// Inside one piece a voice this short that has music under it is a word of a song. On the same calls 26 of 33 were; of those
/// up to 2.5 s every second one is somebody's word.
const MAX_SUNG_S: Seconds = 1.5;
/// Voices this far below the other channel's are its echo or the codec's leak.
const LEAK_DB: Decibels = 15.0;

/// The sounds of the line's side; `caller` is the other channel, if there is one.
pub(super) fn line_sounds(line: &ChannelHeard, caller: Option<&ChannelHeard>) -> Vec<Segment> {
    let mut sounds = one_piece(tidied(sounds(line, caller)));
    hush_background(&mut sounds, &line.levels);
    spread_music(&mut sounds, &line.levels);
    sounds
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
pub(super) fn caller_sounds(own: &ChannelHeard, line: &ChannelHeard) -> Vec<Segment> {
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

/// Music with its rests, and with the single words of its song that were taken for somebody speaking, is one piece.
fn one_piece(mut sounds: Vec<Segment>) -> Vec<Segment> {
    let lasts = |s: &Segment| s.label == Label::Music && s.interval.duration() >= SAME_PIECE_S;
    let anchors: Vec<usize> = (0..sounds.len()).filter(|&i| lasts(&sounds[i])).collect();
    for pair in anchors.windows(2) {
        let (before, after) = (&sounds[pair[0]], &sounds[pair[1]]);
        let gap = after.interval.start() - before.interval.end();
        let confidence = before.confidence.min(after.confidence);
        let between = &mut sounds[pair[0] + 1..pair[1]];
        let all = |is: &dyn Fn(&Segment) -> bool| between.iter().all(|s| s.label == Label::Music || is(s));
        let rest = gap <= MAX_REST_S && all(&|s| matches!(s.label, Label::Silence | Label::Noise));
        let sung = gap <= MAX_SUNG_S && all(&|s| s.label == Label::Speech && s.detail == OVER_MUSIC);
        if rest || sung {
            for s in between.iter_mut().filter(|s| s.label != Label::Music) {
                (s.label, s.confidence) = (Label::Music, s.confidence.min(confidence));
                s.detail.clear();
            }
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
    /// Only music that is sure of itself and lasts spreads.
    const MIN_MUSIC_S: Seconds = 2.0;
    let Some(floor) = pause_floor(sounds, levels) else { return };
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

/// How quiet the pauses inside the call's voices are. Not the quietest of the call: the called end's noise comes up with the
/// pick-up.
pub(super) fn pause_floor(sounds: &[Segment], levels: &Levels) -> Option<Decibels> {
    const MIN_VOICE_S: Seconds = 2.0;
    let voices = sounds.iter().filter(|s| s.label == Label::Speech && s.interval.duration() >= MIN_VOICE_S);
    let mut pauses: Vec<Decibels> = voices.filter_map(|s| levels.percentile(s.interval, 0.05)).collect();
    pauses.sort_by(f32::total_cmp);
    pauses.get(pauses.len() / 2).copied()
}

/// Nobody hears music below this.
pub(super) const MIN_DBFS: Decibels = -60.0;
/// A voice this near is beside the music.
const HUSH_REACH_S: Seconds = 1.5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::Interval;

    /// The labels of `one_piece` over stretches of these lengths, one after the other.
    fn labels(stretches: &[(Label, &str, Seconds)]) -> Vec<Label> {
        let mut at = 0.0;
        let segment = |&(label, detail, length): &(Label, &str, Seconds)| {
            at += length;
            Segment { interval: Interval::new(at - length, at), label, detail: detail.to_owned(), confidence: 0.9 }
        };
        one_piece(stretches.iter().map(segment).collect()).into_iter().map(|s| s.label).collect()
    }

    #[test]
    fn a_rest_and_a_word_of_a_song_do_not_end_the_music() {
        use Label::{Music, Silence, Speech};
        let rest = [(Music, "", 10.0), (Silence, "", 2.0), (Music, "", 4.0)];
        assert_eq!(labels(&rest), [Music; 3]);
        let song = [(Music, "", 10.0), (Speech, OVER_MUSIC, 1.2), (Music, "", 4.0)];
        assert_eq!(labels(&song), [Music; 3]);
    }

    #[test]
    fn a_message_a_spoken_word_and_dead_air_do() {
        use Label::{Music, Silence, Speech};
        for (label, detail, length) in [(Silence, "", 5.0), (Speech, OVER_MUSIC, 2.5), (Speech, "", 1.2)] {
            let between = [(Music, "", 10.0), (label, detail, length), (Music, "", 4.0)];
            assert_eq!(labels(&between), [Music, label, Music]);
        }
        let scrap = [(Music, "", 10.0), (Silence, "", 2.0), (Music, "", 1.0)];
        assert_eq!(labels(&scrap), [Music, Silence, Music]);
    }
}
