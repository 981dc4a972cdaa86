//! The pitch of the one voice of a tune, where there is one voice: one value each 40 ms.
//!
//! # How it works
//! The peaks of a spectrum are held against the multiples of every fundamental that one of the strongest four may belong
//! to; the fundamental whose multiples hold most of the peaks' amplitude is the pitch, a lower one having to earn its
//! place by explaining more (after Maher and Beauchamp 1994, "Fundamental frequency estimation of musical signals using a
//! two-way mismatch procedure", JASA 95). The share of the band's power that its multiples hold tells how much of the sound
//! that one voice is.
//! # Limits
//! Of several voices at a time the pitch is that of the strongest, and its share is small. Partials nearer than 60 Hz to
//! each other are one peak.

use super::{BAND, LOBE, N_BINS};
use crate::{dsp::spectrum::peak_frequency, units::Hertz};

/// The steps of a pitch in an octave: eighth tones, fine enough that a tune tuned anywhere keeps its semitones apart.
pub const STEPS_AN_OCTAVE: f32 = 48.0;
/// The pitch that is written as 1, in Hz: a G below what telephones carry, for its harmonics are heard.
pub const LOWEST_HZ: Hertz = 98.0;
/// The highest pitch: five octaves above.
const HIGHEST_HZ: Hertz = 3_100.0;

/// Peaks that are looked at.
const PEAKS: usize = 8;
/// How far below the strongest peak others still count, as a power ratio: 26 dB.
const MIN_RELATIVE: f32 = 0.0025;
/// The strongest peaks, one of which is taken for a low multiple of the pitch.
const LEADERS: usize = 4;
/// The highest multiple that a leader is taken for, and that other peaks are held against.
const LEADER_MULTIPLES: u8 = 4;
const MULTIPLES: f32 = 12.0;
/// What is left of a fundamental's claim for each multiple that its leader is above it: without this half of every pitch
/// would do as well.
const LOWER_EARNS: f32 = 0.75;
/// Telephones carry nothing to speak of below, in Hz (ITU-T G.712: 300 Hz; many codecs reach lower).
const LOWEST_CARRIED_HZ: Hertz = 250.0;
/// How far a peak may lie off its multiple: what noise and a neighbour's lobe do to it, and the stiffness of strings.
const OFF_HZ: Hertz = 7.0;
const OFF_SHARE: f32 = 0.01;

/// What sings in one step of 40 ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Voice {
    /// Its pitch in eighth tones, 1 being [`LOWEST_HZ`]; 0 where there is none.
    pub pitch: u8,
    /// The share of the band's power that it holds, in percent.
    pub share: u8,
}

/// The strongest voice in a power spectrum of [`N_BINS`] bins.
pub fn voice(power: &[f32]) -> Voice {
    let total: f32 = power[BAND].iter().sum();
    let (peaks, n) = peaks(power);
    let peaks = &peaks[..n];
    let Some(hz) = fundamental(peaks) else { return Voice::default() };
    let (mut weight, mut refined, mut explained) = (0.0, 0.0, 0.0);
    for peak in peaks {
        if let Some(multiple) = multiple(peak.hz, hz) {
            explained += peak.lobe;
            // an error in hertz is the smaller a share the higher the multiple
            weight += peak.lobe * multiple;
            refined += peak.lobe * peak.hz;
        }
    }
    let hz = refined / weight.max(f32::MIN_POSITIVE);
    let pitch = (STEPS_AN_OCTAVE * (hz / LOWEST_HZ).max(1.0).log2()).round() + 1.0;
    Voice { pitch: pitch.clamp(1.0, 255.0) as u8, share: (100.0 * explained / total).clamp(0.0, 100.0) as u8 }
}

/// A peak of the spectrum.
#[derive(Clone, Copy, Debug, Default)]
struct Peak {
    hz: Hertz,
    /// Power in its lobe.
    lobe: f32,
    /// The lobe's amplitude: weaker partials are partials too.
    amplitude: f32,
}

/// The strongest peaks, strongest first, and how many there are.
fn peaks(power: &[f32]) -> ([Peak; PEAKS], usize) {
    let mut bins = [0usize; PEAKS];
    let mut n = 0;
    let strongest = power[BAND].iter().copied().fold(1e-9, f32::max);
    let (first, last) = (*BAND.start() - 1, *BAND.end());
    for k in first..=last.min(N_BINS - 2) {
        let p = power[k];
        if p < strongest * MIN_RELATIVE || p <= power[k - 1] || p < power[k + 1] {
            continue;
        }
        let place = bins[..n].iter().position(|&b| power[b] < p).unwrap_or(n);
        if place < PEAKS {
            n = (n + 1).min(PEAKS);
            bins[place..n].rotate_right(1);
            bins[place] = k;
        }
    }
    let mut peaks = [Peak::default(); PEAKS];
    for (peak, &k) in peaks.iter_mut().zip(&bins[..n]) {
        let lobe = power[k.saturating_sub(LOBE)..=(k + LOBE).min(N_BINS - 1)].iter().sum::<f32>();
        *peak = Peak { hz: peak_frequency(power, k), lobe, amplitude: lobe.sqrt() };
    }
    (peaks, n)
}

/// Which multiple of `fundamental` a peak is, if any.
fn multiple(hz: Hertz, fundamental: Hertz) -> Option<f32> {
    let multiple = (hz / fundamental).round();
    let off = (hz - multiple * fundamental).abs();
    ((1.0..=MULTIPLES).contains(&multiple) && off <= (OFF_HZ + OFF_SHARE * hz).min(0.2 * fundamental))
        .then_some(multiple)
}

/// The fundamental whose multiples hold most of the peaks.
fn fundamental(peaks: &[Peak]) -> Option<Hertz> {
    let mut best = (0.0, None);
    for leader in peaks.iter().take(LEADERS) {
        let mut earns = 1.0;
        for n in 1..=LEADER_MULTIPLES {
            let hz = leader.hz / f32::from(n);
            if hz < LOWEST_HZ {
                break;
            }
            if hz <= HIGHEST_HZ {
                let claim = earns * claim(peaks, hz);
                if claim > best.0 {
                    best = (claim, Some(hz));
                }
            }
            earns *= LOWER_EARNS;
        }
    }
    best.1
}

/// The amplitude of the peaks that are multiples of `fundamental`, the less the more of the multiples below the highest of
/// them are not there: two notes a fifth apart are no third one an octave below.
fn claim(peaks: &[Peak], fundamental: Hertz) -> f32 {
    let (mut amplitude, mut there) = (0.0, 0u16);
    for peak in peaks {
        if let Some(multiple) = multiple(peak.hz, fundamental) {
            amplitude += peak.amplitude;
            there |= 1 << multiple as u16;
        }
    }
    // what lies below the telephone's band need not be there
    let below = (LOWEST_CARRIED_HZ / fundamental).floor() as u32;
    let highest = u16::BITS - there.leading_zeros();
    let expected = highest.saturating_sub(1 + below).max(1);
    let found = (there >> (1 + below)).count_ones().max(u32::from(expected == 1));
    amplitude * found as f32 / expected as f32
}
