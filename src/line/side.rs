//! Which of two channels is the caller's.
//!
//! Only the line's side rings, sings and plays messages; only the caller's side presses keys. Each second of the former and
//! each key is a vote; a call that tells nothing itself goes with the line's other calls, whose recorder is the same.

use crate::{
    channel::Channel,
    detect::{Evidence, Sound},
    figure::{Measured, Reason},
    heard::ChannelHeard,
    interval::Interval,
    line::Phase,
    units::Decibels,
};

/// What a key weighs against a second of music or ringing.
const KEY_VOTE: f64 = 6.0;
/// What a second of any sound weighs: whoever waits is silent while messages, music and menus play.
const SOUND_VOTE: f64 = 0.3;
/// What a call-progress phase weighs: nobody rings in his caller's ear.
const PHASE_VOTE: f64 = 20.0;
/// The one who speaks first is the called side: a small vote for calls that begin at the pick-up.
const FIRST_VOICE_VOTE: f64 = 1.5;
/// A sound that the other channel has this much louder at the same time is its echo or the codec's leak: it tells nothing.
const LEAK_DB: Decibels = 15.0;
/// Votes that decide a call on its own.
const CLEAR_VOTES: f64 = 4.0;

/// Votes for the right channel being the caller's (below zero: the left).
pub fn votes(channels: [&ChannelHeard; 2], phases: [&[Phase]; 2]) -> f64 {
    let own = channels.map(|heard| heard.evidence.iter().filter(|e| !leaks(e, heard, channels)).collect::<Vec<_>>());
    let line_side = |i: usize| {
        let sum = |pick: fn(&Sound) -> f64| -> f64 {
            own[i].iter().map(|e| pick(&e.sound) * e.interval.duration() * f64::from(e.confidence)).sum()
        };
        let music = sum(|s| f64::from(u8::from(matches!(s, Sound::Music | Sound::SpeechOverMusic))));
        let keys = own[i].iter().filter(|e| matches!(e.sound, Sound::Key(_))).count() as f64;
        let others = channels[1 - i];
        let louder = phases[i].iter().filter(|p| stands_out(p, others)).count() as f64;
        let any = sum(|s| f64::from(u8::from(matches!(s, Sound::Music | Sound::SpeechOverMusic | Sound::Speech))));
        music + any * SOUND_VOTE + louder * PHASE_VOTE - keys * KEY_VOTE
    };
    let first_voice = |i: usize| {
        let voice = |s: &Sound| matches!(s, Sound::Speech | Sound::SpeechOverMusic);
        own[i].iter().find(|e| voice(&e.sound)).map_or(f64::INFINITY, |e| e.interval.start())
    };
    let (left, right) = (first_voice(0), first_voice(1));
    let first = if left + 0.3 < right {
        FIRST_VOICE_VOTE
    } else if right + 0.3 < left {
        -FIRST_VOICE_VOTE
    } else {
        0.0
    };
    line_side(0) - line_side(1) + first
}

/// Whether both channels carry one and the same sound: a recording of one channel that was written down, or coded, as two. Then
/// neither is the caller's.
///
/// # Experiment
/// Of the loud steps of seven composed lines with the caller apart at most 1 % were as loud on both channels; of the one line
/// whose codec had joined its channels, all were.
pub fn are_same(left: &ChannelHeard, right: &ChannelHeard) -> bool {
    const SAME_DB: Decibels = 1.0;
    const SAME_SHARE: f64 = 0.9;
    /// Noise may be as loud on both channels and yet be their own.
    const LOUD_DBFS: Decibels = -50.0;
    /// Fewer steps do not tell: a second.
    const MIN_STEPS: usize = 25;
    let pairs = left.levels.all().into_iter().zip(right.levels.all());
    let loud: Vec<_> = pairs.filter(|(l, r)| l.max(*r) > LOUD_DBFS).collect();
    let same = loud.iter().filter(|(l, r)| (l - r).abs() <= SAME_DB).count();
    loud.len() >= MIN_STEPS && same as f64 >= SAME_SHARE * loud.len() as f64
}

/// Whether what is heard on `own` is only the other channel's, coming through.
fn leaks(evidence: &Evidence, own: &ChannelHeard, channels: [&ChannelHeard; 2]) -> bool {
    let level = |heard: &ChannelHeard| heard.levels.percentile(evidence.interval, 0.8);
    let other = channels.into_iter().find(|heard| !std::ptr::eq(*heard, own));
    match (level(own), other.and_then(level)) {
        (Some(own), Some(other)) => own < other - LEAK_DB,
        _ => false,
    }
}

/// Whether a phase is louder on its own channel than on the other: stereo codecs leak.
fn stands_out(phase: &Phase, other: &ChannelHeard) -> bool {
    let burst = phase.bursts().next().map_or(phase.interval(), |b| b.interval);
    let shrunk = Interval::new(burst.start(), burst.end());
    other.levels.percentile(shrunk, 0.5).is_none_or(|level| level + 6.0 < phase.level_dbfs())
}

/// The caller's channel of each call of a line, from each call's own votes and all calls' together.
pub fn caller_sides(votes: &[Option<f64>], told: Option<Channel>) -> Vec<Option<Measured<Channel>>> {
    let whole = Interval::new(0.0, 0.0);
    let all: f64 = votes.iter().flatten().map(|v| v.clamp(-CLEAR_VOTES * 3.0, CLEAR_VOTES * 3.0)).sum();
    let side = |v: f64| if v > 0.0 { Channel::Right } else { Channel::Left };
    let sure = |v: f64| (0.5 + v.abs() / (2.0 * (v.abs() + CLEAR_VOTES))) as f32;
    let of_call = |own: f64| match told {
        Some(channel) => Measured::heard(channel, 1.0, Reason::Told, whole),
        None if own.abs() >= CLEAR_VOTES => Measured::heard(side(own), sure(own * 3.0), Reason::Heard, whole),
        None if (all + own).abs() > 0.0 => Measured::heard(side(all + own), sure(all + own), Reason::OtherCalls, whole),
        None => Measured::absent(0.5, Reason::NotThere),
    };
    votes.iter().map(|own| own.map(of_call)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heard::Levels;

    /// 4 s whose steps are as loud as `dbfs` says.
    fn channel(dbfs: impl Fn(usize) -> i8) -> ChannelHeard {
        let dbfs: Vec<i8> = (0..100).map(dbfs).collect();
        let levels = Levels::from(dbfs);
        ChannelHeard { levels, ..ChannelHeard::default() }
    }

    #[test]
    fn one_sound_on_two_channels_is_told_from_two() {
        let words = |step: usize| -20 - (7 * step % 30) as i8;
        let line = channel(words);
        assert!(are_same(&line, &channel(words)));
        assert!(!are_same(&line, &channel(|step| words(step + 3))), "somebody else");
        assert!(!are_same(&channel(|_| -60), &channel(|_| -60)), "noise tells nothing");
    }
}
