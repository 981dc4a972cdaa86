//! The pitch of the one voice of a tune, where there is one voice, and what was clipped: one value each 40 ms.
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

use serde::{Deserialize, Serialize};

use super::{BAND, HOP_LENGTH, HZ_A_BIN, LOBE, N_BINS, STEP, steps_within};
use crate::{
    dsp::{
        lanes::{LANES, Lanes},
        spectrum::peak_offset,
    },
    interval::Interval,
    packed::Column,
    units::Hertz,
};

/// The steps of a pitch in an octave: eighth tones, fine enough that a tune tuned anywhere keeps its semitones apart.
pub const STEPS_AN_OCTAVE: f32 = 48.0;
/// The pitch that is written as 1, in Hz: a G below what telephones carry, for its harmonics are heard.
pub const LOWEST_HZ: Hertz = 98.0;
/// The highest pitch: five octaves above.
const HIGHEST_HZ: Hertz = 3_100.0;

/// Peaks that are looked at: as many as there are lanes.
const PEAKS: usize = 8;
/// How far below the strongest peak others still count, as a power ratio: 26 dB.
const MIN_RELATIVE: f32 = 0.0025;
/// The strongest peaks, one of which is taken for a low multiple of the pitch.
const LEADERS: usize = 4;
/// The multiples that leaders are taken for, those of all leaders a lane each.
const TAKEN_FOR: [[f32; LANES / LEADERS]; 2] = [[1.0, 2.0], [3.0, 4.0]];
/// What is left of a fundamental's claim for each multiple that its leader is above it, 0.75 of the one before: without this
/// half of every pitch would do as well.
const EARNS: [[f32; LANES / LEADERS]; 2] = [[1.0, 0.75], [0.5625, 0.421_875]];
/// The highest multiple that other peaks are held against.
const MULTIPLES: f32 = 12.0;
/// Added to a small number, it leaves the nearest whole one in the last bits: 1.5 · 2²³.
const ROUNDS: f32 = 12_582_912.0;
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
#[inline(always)]
pub fn voice(power: &[f32; N_BINS]) -> Voice {
    let (eights, rest) = power[BAND].as_chunks::<LANES>();
    let total = eights.iter().fold(Lanes::ZERO, |sum, &eight| sum + Lanes(eight)).sum() + rest.iter().sum::<f32>();
    let peaks = Peaks::of(power);
    let Some(hz) = peaks.fundamental() else { return Voice::default() };
    let (mut weight, mut refined, mut explained) = (0.0, 0.0, 0.0);
    let multiples = multiples(peaks.hz, Lanes([hz; LANES]), Lanes([1.0 / hz; LANES]));
    for i in (0..peaks.n).filter(|&i| multiples.0[i] > 0.0) {
        let lobe = peaks.lobe.0[i];
        explained += lobe;
        // an error in hertz is the smaller a share the higher the multiple
        weight += lobe * multiples.0[i];
        refined += lobe * peaks.hz.0[i];
    }
    let hz = refined / weight.max(f32::MIN_POSITIVE);
    let pitch = (STEPS_AN_OCTAVE * (hz / LOWEST_HZ).max(1.0).log2()).round() + 1.0;
    Voice { pitch: pitch.clamp(1.0, 255.0) as u8, share: (100.0 * explained / total).clamp(0.0, 100.0) as u8 }
}

/// The strongest peaks of a spectrum, strongest first, one a lane; zeros where there are fewer.
struct Peaks {
    /// How many there are.
    n: usize,
    hz: Lanes,
    /// Power in each one's lobe.
    lobe: Lanes,
    /// The lobes' amplitudes: weaker partials are partials too.
    amplitude: Lanes,
}

/// The first bin that may be a peak.
const FIRST: usize = *BAND.start() - 1;
/// How many bins may be.
const CANDIDATES: usize = *BAND.end() - FIRST + 1;
/// The last bits of a power, in which its bin is written, counted from the end: of peaks that are alike to 16 bits, the lowest
/// is the first.
const PLACE: u32 = 0x7f;
/// Times eight bytes of 0 and 1, it leaves a bit of each in the highest byte.
const ONE_BIT_A_BYTE: u64 = 0x0102_0408_1020_4080;
const _: () = assert!(PEAKS == LANES && *BAND.end() + 1 < N_BINS && N_BINS - 2 <= PLACE as usize);

impl Peaks {
    #[inline(always)]
    fn of(power: &[f32; N_BINS]) -> Self {
        let larger = |a: f32, b: f32| if b > a { b } else { a };
        let (eights, rest) = power[BAND].as_chunks::<LANES>();
        let strongest = eights.iter().fold(Lanes([1e-9; LANES]), |top, &eight| top.max(Lanes(eight))).largest();
        let threshold = rest.iter().fold(strongest, |top, &p| larger(top, p)) * MIN_RELATIVE;
        // which bins are maxima at all is found out for many at a time
        let mut maxima = [0u8; CANDIDATES.next_multiple_of(8)];
        let (below, above) = (&power[FIRST - 1..][..CANDIDATES], &power[FIRST + 1..][..CANDIDATES]);
        let own = &power[FIRST..][..CANDIDATES];
        for (i, maximum) in maxima[..CANDIDATES].iter_mut().enumerate() {
            *maximum = u8::from((own[i] > below[i]) & (own[i] >= above[i]) & (own[i] >= threshold));
        }
        let bit_each = |flags: &[u8; 8]| u64::from_le_bytes(*flags).wrapping_mul(ONE_BIT_A_BYTE) >> 56;
        let bits =
            maxima.as_chunks().0.iter().rev().fold(0, |bits: u128, flags| bits << 8 | u128::from(bit_each(flags)));
        // the strongest first: each takes its place, and those behind it move on by one
        let mut ranked = [0u32; PEAKS];
        for (half, mut bits) in [bits as u64, (bits >> 64) as u64].into_iter().enumerate() {
            while bits != 0 {
                let k = FIRST + 64 * half + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let peak = (power[k].to_bits() & !PLACE) | (PLACE - k as u32);
                let [a, b, c, d, e, f, g, _] = ranked;
                let before = [u32::MAX, a, b, c, d, e, f, g];
                for i in 0..PEAKS {
                    ranked[i] = ranked[i].max(before[i].min(peak));
                }
            }
        }
        let bins = ranked.map(|peak| (PLACE - (peak & PLACE)) as usize);
        let n = ranked.iter().filter(|&&peak| peak > 0).count();
        let mut peaks = Self { n, hz: Lanes::ZERO, lobe: Lanes::ZERO, amplitude: Lanes::ZERO };
        let (mut below, mut own, mut above) = (Lanes::ZERO, Lanes::ZERO, Lanes::ZERO);
        for (i, &k) in bins[..n].iter().enumerate() {
            peaks.lobe.0[i] = power[k - LOBE..=k + LOBE].iter().sum();
            (below.0[i], own.0[i], above.0[i]) = (power[k - 1], power[k], power[k + 1]);
        }
        for (i, &bin) in bins.iter().enumerate() {
            peaks.hz.0[i] = (bin as f32 + peak_offset(below.0[i], own.0[i], above.0[i])) * HZ_A_BIN;
        }
        peaks.amplitude = peaks.lobe.map(f32::sqrt);
        peaks
    }

    /// The fundamental whose multiples hold most of the peaks.
    #[inline(always)]
    fn fundamental(&self) -> Option<Hertz> {
        let all = self.amplitude.sum();
        let mut best = (0.0, None);
        for (multiples, earns) in TAKEN_FOR.into_iter().zip(EARNS) {
            // all peaks together cannot make up for what a low fundamental has to earn
            if all * earns[0] <= best.0 {
                break;
            }
            let leader = |i: usize| self.hz.0[i % LEADERS];
            let candidates = Lanes(std::array::from_fn(|i| leader(i) / multiples[i / LEADERS]));
            let claims = self.claims(candidates);
            for i in (0..LANES).filter(|i| i % LEADERS < self.n) {
                let (hz, claim) = (candidates.0[i], claims.0[i] * earns[i / LEADERS]);
                if (LOWEST_HZ..=HIGHEST_HZ).contains(&hz) && claim > best.0 {
                    best = (claim, Some(hz));
                }
            }
        }
        best.1
    }

    /// For each of eight fundamentals the amplitude of the peaks that are multiples of it, the less the more of the multiples
    /// below the highest of them are not there: two notes a fifth apart are no third one an octave below.
    #[inline(always)]
    fn claims(&self, fundamentals: Lanes) -> Lanes {
        let inverse = fundamentals.map(|hz| 1.0 / hz);
        let (mut amplitude, mut there) = (Lanes::ZERO, [0u32; LANES]);
        for i in 0..self.n {
            let multiples = multiples(Lanes([self.hz.0[i]; LANES]), fundamentals, inverse);
            for (there, multiple) in there.iter_mut().zip(multiples.0) {
                // none is bit 0, which nobody asks for
                *there |= 1 << ((multiple + ROUNDS).to_bits() % 32);
            }
            amplitude += multiples.map(|multiple| if multiple > 0.0 { 1.0 } else { 0.0 }) * self.amplitude.0[i];
        }
        let mut claims = Lanes::ZERO;
        for (lane, there) in there.into_iter().enumerate() {
            // what lies below the telephone's band need not be there
            let below = (LOWEST_CARRIED_HZ / fundamentals.0[lane].max(LOWEST_HZ)) as u32;
            let highest = u32::BITS - there.leading_zeros();
            let expected = highest.saturating_sub(1 + below).max(1);
            let found = (there >> (1 + below)).count_ones().max(u32::from(expected == 1));
            claims.0[lane] = amplitude.0[lane] * found as f32 / expected as f32;
        }
        claims
    }
}

/// Which multiple of its fundamental each of eight peaks is, 0 where none. `inverse` is one divided by the fundamentals.
#[inline(always)]
fn multiples(hz: Lanes, fundamentals: Lanes, inverse: Lanes) -> Lanes {
    let rounds = Lanes([ROUNDS; LANES]);
    let nearest = hz * inverse + rounds - rounds;
    let off = (hz - nearest * fundamentals).map(f32::abs);
    let most = (hz * OFF_SHARE + Lanes([OFF_HZ; LANES])).zip(fundamentals * 0.2, |a, b| if a < b { a } else { b });
    let near =
        nearest.zip(off.zip(most, |off, most| f32::from(u8::from(off <= most))), |multiple, near| multiple * near);
    near.map(|multiple| if multiple <= MULTIPLES { multiple } else { 0.0 })
}

/// How many samples of 10 ms, the largest of them `top`, stand at the top of a wave that was cut flat: clipped where it was
/// recorded or before.
///
/// A run of samples that all lie within 0.4 % of the largest: three at full scale (G.711's largest values are 0.98 of it),
/// five below, which no sound in the telephone's band does of itself: a sine of 200 Hz stays so near its top for one sample,
/// and for four in the coarsest step of G.711.
#[inline(always)]
pub fn flat_topped(samples: &[f32], top: f32) -> u8 {
    const NEAR: f32 = 0.996;
    const FULL_SCALE: f32 = 0.975;
    /// Quieter than this nothing is clipped: -20 dBFS.
    const LEAST: f32 = 0.1;
    if top < LEAST {
        return 0;
    }
    let run = if top >= FULL_SCALE { 3 } else { 5 };
    let threshold = NEAR * top;
    if samples.iter().map(|x| u32::from(x.abs() >= threshold)).sum::<u32>() < run {
        return 0;
    }
    let same_run = |a: &f32, b: &f32| (*a >= threshold && *b >= threshold) || (*a <= -threshold && *b <= -threshold);
    let flat = samples.chunk_by(same_run).filter(|r| r[0].abs() >= threshold && r.len() >= run as usize);
    flat.map(|r| r.len()).sum::<usize>().min(usize::from(u8::MAX)) as u8
}

/// What hold music is judged by, every 40 ms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Melody {
    #[serde(with = "crate::packed")]
    voices: Vec<Voice>,
    #[serde(with = "crate::packed")]
    clipped: Vec<u8>,
}

impl Column for Vec<Voice> {
    fn to_bytes(&self) -> Vec<u8> {
        self.iter().flat_map(|voice| [voice.pitch, voice.share]).collect()
    }

    fn from_bytes(bytes: Vec<u8>) -> Self {
        bytes.as_chunks().0.iter().map(|&[pitch, share]| Voice { pitch, share }).collect()
    }
}

impl Melody {
    /// A melody of these steps, a count of flat-topped samples for each.
    pub fn new(voices: Vec<Voice>, clipped: Vec<u8>) -> Self {
        Self { voices, clipped }
    }

    /// The voices of the steps that lie wholly inside `interval`.
    pub fn within(&self, interval: Interval) -> &[Voice] {
        let (first, end) = steps_within(interval, self.voices.len());
        &self.voices[first..end]
    }

    /// How many samples inside `interval` are flat-topped, and how many there are.
    pub fn clipped(&self, interval: Interval) -> (usize, usize) {
        let (first, end) = steps_within(interval, self.clipped.len());
        let clipped = self.clipped[first..end].iter().map(|&n| usize::from(n)).sum();
        (clipped, (end - first) * STEP * HOP_LENGTH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{frames::FramePass, units::SAMPLE_RATE};

    /// Partials of these frequencies and amplitudes.
    fn sound(partials: &[(f32, f32)], seconds: f32) -> Vec<f32> {
        let at = |i: usize| {
            let t = i as f64 / f64::from(SAMPLE_RATE);
            partials.iter().map(|&(hz, a)| a * (std::f64::consts::TAU * f64::from(hz) * t).sin() as f32).sum()
        };
        (0..(seconds * SAMPLE_RATE as f32) as usize).map(at).collect()
    }

    fn voices(samples: &[f32]) -> Vec<Voice> {
        let mut pass = FramePass::default();
        pass.push(samples);
        let voices = pass.finish().voices;
        voices[2..voices.len() - 2].to_vec()
    }

    fn pitch_of(hz: f32) -> u8 {
        (STEPS_AN_OCTAVE * (hz / LOWEST_HZ).log2()).round() as u8 + 1
    }

    #[test]
    fn a_pitch_is_heard_with_its_fundamental_and_without() {
        for hz in [220.0, 311.1, 440.0, 932.3] {
            let whole = [(hz, 0.2), (2.0 * hz, 0.1), (3.0 * hz, 0.08)];
            for partials in [&whole[..1], &whole[..]] {
                let heard = voices(&sound(partials, 0.6));
                assert!(heard.iter().all(|v| v.pitch.abs_diff(pitch_of(hz)) <= 1 && v.share > 90), "{hz}: {heard:?}");
            }
        }
        let above: Vec<(f32, f32)> = (2..7).map(|n| (196.0 * n as f32, 0.1)).collect();
        let heard = voices(&sound(&above, 0.6));
        assert!(heard.iter().all(|v| v.pitch.abs_diff(pitch_of(196.0)) <= 1), "{heard:?}");
    }

    #[test]
    fn a_fifth_is_no_note_an_octave_below() {
        let heard = voices(&sound(&[(640.0, 0.2), (960.0, 0.15)], 0.6));
        assert!(heard.iter().all(|v| v.pitch.abs_diff(pitch_of(640.0)) <= 1), "{heard:?}");
    }

    #[test]
    fn what_is_cut_flat_is_counted_and_what_is_only_loud_is_not() {
        let loud = sound(&[(300.0, 0.6), (740.0, 0.3)], 0.5);
        let cut: Vec<f32> = loud.iter().map(|x| (x * 2.0).clamp(-0.5, 0.5)).collect();
        let full: Vec<f32> = loud.iter().map(|x| (x * 2.5).clamp(-1.0, 1.0)).collect();
        let flat = |hop: &[f32]| u32::from(flat_topped(hop, hop.iter().fold(0.0, |top, x| x.abs().max(top))));
        let count = |samples: &[f32]| samples.chunks(HOP_LENGTH).map(flat).sum::<u32>();
        assert_eq!(count(&loud), 0);
        assert!(count(&cut) > 800 && count(&full) > 300, "{} {}", count(&cut), count(&full));
        assert_eq!(count(&sound(&[(200.0, 0.9)], 0.5)), 0);
    }

    #[test]
    fn a_melody_survives_being_written_down() {
        let melody = Melody::new(vec![Voice { pitch: 241, share: 99 }, Voice::default()], vec![0, 255]);
        let text = serde_json::to_string(&melody).unwrap();
        assert_eq!(serde_json::from_str::<Melody>(&text).unwrap(), melody);
    }
}
