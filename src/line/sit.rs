//! The special information tone: three rising tones ahead of a network's message.
//!
//! ITU-T E.180/Q.35 clause 7: 950, 1,400 and 1,800 Hz, each within 50 Hz and 330 ms long (70 ms either way), up to 30 ms
//! apart. North American networks shift and shorten them to mark the cause; the detail names what was heard.

use crate::{
    detect::{Evidence, Sound},
    interval::Interval,
    units::{Hertz, Seconds},
};

/// The nominal frequencies in Hz.
const SIT_HZ: [Hertz; 3] = [950.0, 1400.0, 1800.0];
/// E.180's 50 Hz, and 20 more for the American low variants (914, 1,371 and 1,429 Hz).
const MAX_OFF_HZ: Hertz = 72.0;
/// From the American short tones (274 ms) less what edges lose, up to E.180's longest (400 ms) and what they gain.
const TONE_S: std::ops::RangeInclusive<Seconds> = 0.18..=0.48;
/// E.180's 30 ms, the blur of two edges, and two lost packets.
const MAX_GAP_S: Seconds = 0.13;

/// One special information tone.
#[derive(Clone, Debug, PartialEq)]
pub struct Sit {
    /// From the first tone's start to the third one's end.
    pub interval: Interval,
    /// The three frequencies heard, in Hz.
    pub hz: [Hertz; 3],
    /// How sure, 0 to 1.
    pub confidence: f32,
}

impl Sit {
    /// The cause that the variant marks (Bellcore's four, E.180's own otherwise).
    pub fn variant(&self) -> &'static str {
        let low = |i: usize, boundary: Hertz| self.hz[i] < boundary;
        match (low(0, 932.0), low(0, 968.0), low(1, 1400.0)) {
            _ if (self.hz[0] - 950.0).abs() < 18.0 => "standard",
            (true, _, true) => "intercept",
            (true, _, false) => "reorder",
            (false, false, true) => "vacant code",
            (false, false, false) => "no circuit",
            _ => "standard",
        }
    }
}

/// The special information tones among a channel's evidence.
pub fn sits(evidence: &[Evidence]) -> Vec<Sit> {
    let tones: Vec<(&Evidence, Hertz)> = evidence
        .iter()
        .filter_map(|e| match &e.sound {
            Sound::Tone(lines) if lines.len() == 1 => Some((e, lines[0])),
            _ => None,
        })
        .collect();
    tones.windows(3).filter_map(sit).collect()
}

fn sit(tones: &[(&Evidence, Hertz)]) -> Option<Sit> {
    let fits = |(i, (e, hz)): (usize, &(&Evidence, Hertz))| {
        (hz - SIT_HZ[i]).abs() <= MAX_OFF_HZ && TONE_S.contains(&e.interval.duration())
    };
    let joined = |w: &[(&Evidence, Hertz)]| w[1].0.interval.start() - w[0].0.interval.end() <= MAX_GAP_S;
    (tones.iter().enumerate().all(fits) && tones.windows(2).all(joined)).then(|| Sit {
        interval: tones[0].0.interval.hull(tones[2].0.interval),
        hz: [tones[0].1, tones[1].1, tones[2].1],
        confidence: tones.iter().map(|(e, _)| e.confidence).sum::<f32>() / 3.0 * 0.1 + 0.9,
    })
}
