//! The music of the wait: its tune, its loop, and whether it is clipped.

use super::Waiting;
use crate::{
    figure::{Measured, Reason},
    frames::steps_within,
    heard::ChannelHeard,
    interval::Interval,
    label::Label,
    music::{
        rounds::{Between, Rounds, rounds},
        tune::{Tune, tune},
    },
    units::Seconds,
};

/// Shorter stretches are no hold music.
const MIN_STRETCH_S: Seconds = 1.0;
/// Stretches as close as this are one: the ear's slips inside the music.
const JOIN_S: Seconds = 0.3;

/// The music of one call.
pub struct Music {
    stretches: Vec<Interval>,
    rounds: Option<Rounds>,
    seconds: Seconds,
}

impl Music {
    pub fn find(call: &Waiting<'_>) -> Self {
        let mut stretches: Vec<Interval> = vec![];
        for music in call.line.segments().iter().filter(|s| s.label == Label::Music).map(|s| s.interval) {
            match stretches.last_mut() {
                Some(last) if music.start() - last.end() <= JOIN_S => *last = last.hull(music),
                _ => stretches.push(music),
            }
        }
        stretches.retain(|s| s.duration() >= MIN_STRETCH_S);
        let timbre = &call.heard.timbre;
        let rows: Vec<(usize, usize)> = stretches.iter().map(|&s| steps_within(s, timbre.rows().len())).collect();
        let seconds = stretches.iter().map(|s| s.duration()).sum();
        let rounds = if stretches.is_empty() { None } else { rounds(timbre, &rows) };
        Self { stretches, rounds, seconds }
    }

    fn hull(&self) -> Option<Interval> {
        self.stretches.iter().copied().reduce(Interval::hull)
    }

    /// The length of the loop.
    pub fn loop_s(&self) -> Measured<Seconds> {
        let Some(from) = self.hull() else { return Measured::absent(0.9, Reason::NoMusic) };
        match self.rounds {
            Some(Rounds { loop_s: Some(loop_s), between, .. }) => {
                let reason = match between {
                    Some(Between::GoesOn) => Reason::MusicGoesOn,
                    Some(Between::Halts) => Reason::MusicHalts,
                    Some(Between::StartsAnew) => Reason::MusicStartsAnew,
                    None => Reason::Heard,
                };
                Measured::heard(loop_s, self.sure(), reason, from)
            }
            Some(Rounds { loop_s: None, .. }) => Measured::absent(0.85, Reason::MusicCutShort),
            None => Measured::absent(0.8, Reason::MusicNotRound),
        }
    }

    /// How sure the loop is: as well as it agrees with itself, and surer where a single stretch holds it.
    fn sure(&self) -> f32 {
        let Some(rounds) = self.rounds else { return 0.0 };
        let longest = self.stretches.iter().map(|s| s.duration()).fold(0.0, f64::max);
        let whole = rounds.loop_s.is_some_and(|l| longest > 1.25 * l);
        let agreement = (0.45 + 0.55 * rounds.agreement) as f32;
        if whole { agreement.min(0.95) } else { agreement.min(0.6) }
    }

    /// How often the loop was heard.
    pub fn loops(&self) -> Measured<u32> {
        /// A loop that lacks less than this share was heard whole.
        const WHOLE: f64 = 0.03;
        let length = self.loop_s();
        let loops = length.map(|loop_s| (self.seconds / loop_s + WHOLE).floor() as u32);
        Measured { reason: if length.value.is_some() { Reason::Derived } else { length.reason }, ..loops }
    }

    /// How many different notes the tune has.
    pub fn tune_notes(&self, heard: &ChannelHeard) -> Measured<u32> {
        let Some(from) = self.hull() else { return Measured::absent(0.9, Reason::NoMusic) };
        match tune(&heard.melody, &heard.levels, &self.stretches) {
            Tune::TooShort => Measured::absent(0.9, Reason::TooShort),
            Tune::SeveralVoices => Measured::absent(0.8, Reason::SeveralVoices),
            Tune::Notes(notes, steady) => {
                // of a tune that did not come round there may be notes still to come
                let round = self.loops().value.is_some_and(|loops| loops >= 1);
                let sure = (steady as f32 - 0.1).min(if round { 0.9 } else { 0.7 });
                Measured::heard(notes, sure, Reason::Heard, from)
            }
        }
    }

    /// The share of samples whose wave is cut flat.
    pub fn clipped(&self, call: &Waiting<'_>) -> Measured<f64> {
        let Some(from) = self.hull() else { return Measured::absent(0.9, Reason::NoMusic) };
        let counts = self.stretches.iter().map(|&s| call.heard.melody.clipped(s));
        let (flat, all) = counts.fold((0, 0), |sum, n| (sum.0 + n.0, sum.1 + n.1));
        if flat == 0 && !call.keeps_waves {
            return Measured::absent(0.9, Reason::HiddenByCodec);
        }
        let reason = if flat == 0 { Reason::NotThere } else { Reason::Heard };
        Measured::heard(flat as f64 / all.max(1) as f64, 0.9, reason, from)
    }
}
