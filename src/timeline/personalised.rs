//! Music in the place of the ringing tone: a personalised ringback (3GPP TS 22.182, "customized alerting tone").
//!
//! It is the network's and comes before the pick-up, so what tells it from hold music is the called end's noise: before and
//! under it there is none, from the pick-up on there is. Where that step cannot be heard, music stays music.

use super::Segment;
use crate::{
    heard::Levels,
    interval::Interval,
    label::Label,
    units::{Decibels, Seconds},
};

/// The detail of a ringing that is music: no rings can be counted in it.
pub const MUSIC: &str = "music";

/// The network is quiet for at least so long before it lets anything hear; a recording that starts inside hold music begins
/// with music.
const MIN_QUIET_BEFORE_S: Seconds = 0.25;
/// Nobody lets it ring for longer: networks give up after one to three minutes (ITU-T E.180 leaves it to them).
const MAX_RINGING_S: Seconds = 90.0;
/// Shorter music is a jingle.
const MIN_RINGING_S: Seconds = 2.0;
/// A rise of the noise floor by this much shows the called end coming on the line.
const MIN_STEP_DB: Decibels = 4.0;
/// The floor of the called end is looked for in the pauses so long after the music.
const AFTER_S: Seconds = 20.0;

/// Where in a call's sounds, in time's order and without tones, music takes the place of ringing: from the first note to the
/// last before the pick-up.
fn ringing_music(sounds: &[Segment], levels: &Levels) -> Option<Interval> {
    let is_quiet = |s: &&Segment| s.label == Label::Silence;
    let first = sounds.iter().position(|s| s.label != Label::Silence)?;
    let music: Vec<&Segment> =
        sounds[first..].iter().take_while(|s| matches!(s.label, Label::Music | Label::Silence)).collect();
    let last = music.iter().rposition(|s| s.label == Label::Music)?;
    let ringing = music[0].interval.hull(music[last].interval);
    // what follows has to be the called end's: a voice
    let answer = sounds[first + last + 1..].iter().find(|s| s.label != Label::Silence)?;
    let before = Interval::new(0.0, ringing.start());
    let lasts = (MIN_RINGING_S..=MAX_RINGING_S).contains(&ringing.duration());
    if !answer.label.is_voice() || before.duration() < MIN_QUIET_BEFORE_S || !lasts {
        return None;
    }
    let reach = Interval::new(ringing.end(), ringing.end() + AFTER_S);
    let pauses = sounds.iter().filter(is_quiet).filter(|s| s.interval.overlap(reach) > 0.0);
    let mut after: Vec<Decibels> = pauses.filter_map(|s| levels.percentile(s.interval, 0.5)).collect();
    after.sort_by(f32::total_cmp);
    let (quiet, called_end) = (levels.percentile(before, 0.5)?, *after.get(after.len() / 2)?);
    (called_end - quiet >= MIN_STEP_DB).then_some(ringing)
}

/// The ringing that is music, taken out of the sounds as the tone that it stands for.
pub fn take_out(sounds: &mut [Segment], levels: &Levels) -> Option<Segment> {
    /// It rests on one step of the noise floor.
    const CONFIDENCE: f32 = 0.6;
    let ringing = ringing_music(sounds, levels)?;
    sounds.iter_mut().filter(|s| s.interval.overlap(ringing) > 0.0).for_each(|s| s.label = Label::Silence);
    Some(Segment { interval: ringing, label: Label::Ringback, detail: MUSIC.to_owned(), confidence: CONFIDENCE })
}
