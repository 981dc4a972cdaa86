//! The network's tones: ringing, busy, congestion, dial, the special information tone, and the beep of a machine.
//!
//! # Standard
//! ITU-T E.180/Q.35 (03/98): tones, levels, and the special information tone of three tones of 330 ± 70 ms each with
//! gaps of at most 30 ms.

use super::{
    exact::{amplitude, sine},
    samples, seconds,
};
use crate::{
    tone_plan::Tone,
    units::{Decibels, Hertz, SAMPLE_RATE, Seconds},
};

/// How long one tone of the special information tone lasts (E.180).
pub const SIT_TONE_S: Seconds = 0.33;

/// How deep a modulated tone is modulated: the carrier's sidebands lie 6.9 dB below it.
const MODULATION_DEPTH: f64 = 0.9;

/// An exchange's tone generator, with its shortcomings.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// The level while a tone sounds.
    pub level: Decibels,
    /// By how much every frequency is off: 0.01 = 1 % sharp.
    pub deviation: f32,
    /// By how much every cadence is off: 0.05 = 5 % slow.
    pub drag: f64,
    /// How long a burst takes to rise, and to fall.
    pub ramp: Seconds,
}

impl Default for Exchange {
    /// What a digital exchange sends: exact, and at the -10 dBm0 that E.180 recommends.
    fn default() -> Self {
        Self { level: -16.0, deviation: 0.0, drag: 0.0, ramp: 0.003 }
    }
}

impl Exchange {
    /// Listens to `tone` for `duration`, beginning `from` seconds into its cadence: so it may be cut at either end.
    pub fn listen(&self, tone: &Tone, from: Seconds, duration: Seconds) -> Vec<f32> {
        let cadence: Vec<Seconds> = tone.cadence.iter().map(|t| t * (1.0 + self.drag)).collect();
        let oscillator = self.oscillator(tone);
        (0..samples(duration))
            .map(|i| {
                let t = from + seconds(i);
                let loudness = envelope(&cadence, self.ramp, t);
                if loudness > 0.0 { (loudness * oscillator(t)) as f32 } else { 0.0 }
            })
            .collect()
    }

    /// When the bursts of `tone` sound, for rounds that start every period: on and off, from the start of a round.
    pub fn bursts(&self, tone: &Tone) -> Vec<(Seconds, Seconds)> {
        let mut at = 0.0;
        tone.cadence
            .chunks_exact(2)
            .map(|pair| {
                let burst = (at, at + pair[0] * (1.0 + self.drag));
                at += (pair[0] + pair[1]) * (1.0 + self.drag);
                burst
            })
            .collect()
    }

    /// How long one round of `tone` takes here; `None` for a steady one.
    pub fn period(&self, tone: &Tone) -> Option<Seconds> {
        tone.period().map(|period| period * (1.0 + self.drag))
    }

    /// The special information tone: its three tones, each for its time, `gap` apart.
    pub fn special_information(&self, frequencies: [Hertz; 3], durations: [Seconds; 3], gap: Seconds) -> Vec<f32> {
        let mut out = vec![];
        for (i, (frequency, duration)) in frequencies.into_iter().zip(durations).enumerate() {
            if i > 0 {
                out.resize(out.len() + samples(gap), 0.0);
            }
            out.extend(self.beep(frequency, duration));
        }
        out
    }

    /// One tone, as a machine that waits for a message gives it.
    pub fn beep(&self, frequency: Hertz, duration: Seconds) -> Vec<f32> {
        // a pause longer than the listening time, so that the burst falls as it rose
        let tone =
            Tone { frequencies: vec![frequency], modulation: None, cadence: vec![duration / (1.0 + self.drag), 1.0] };
        self.listen(&tone, 0.0, duration)
    }

    fn oscillator(&self, tone: &Tone) -> impl Fn(Seconds) -> f64 {
        let gain = amplitude(f64::from(self.level)) * std::f64::consts::SQRT_2;
        let tuned = |f: Hertz| f64::from(f) * (1.0 + f64::from(self.deviation));
        let parts: Vec<(f64, f64)> = match (tone.modulation, tone.frequencies.as_slice()) {
            (Some(_), &[low, carrier, high]) => {
                let loudest = gain / (1.0 + MODULATION_DEPTH * MODULATION_DEPTH / 2.0).sqrt();
                let side = loudest * MODULATION_DEPTH / 2.0;
                vec![(tuned(low), side), (tuned(carrier), loudest), (tuned(high), side)]
            }
            (_, frequencies) => {
                let each = gain / (frequencies.len() as f64).sqrt();
                frequencies.iter().map(|f| (tuned(*f), each)).collect()
            }
        };
        move |t| parts.iter().map(|(frequency, amplitude)| amplitude * sine(frequency * t)).sum()
    }
}

/// How loud a cadence is at `t`, from 0 to 1.
fn envelope(cadence: &[Seconds], ramp: Seconds, t: Seconds) -> f64 {
    let period: Seconds = cadence.iter().sum();
    if cadence.is_empty() {
        return 1.0;
    }
    let mut phase = t % period;
    // half a sample of grace, so that rounding does not leave a burst's last sample in the pause
    let grace = 0.5 / f64::from(SAMPLE_RATE);
    for pair in cadence.chunks_exact(2) {
        if phase < pair[0] - grace {
            let edge = (phase.min(pair[0] - phase) + grace) / ramp.max(grace);
            return edge.clamp(0.0, 1.0);
        }
        phase -= pair[0] + pair[1];
        if phase < -grace {
            return 0.0;
        }
        phase = phase.max(0.0);
    }
    0.0
}
