//! A stretch of recorded voice or music on its way into a call.

use std::ops::Range;

use crate::{
    synth::{self, exact::amplitude, samples},
    units::{Decibels, Seconds},
};

/// Voice is looked for in blocks of 10 ms.
const BLOCK: usize = 80;

/// A block so much below the loudest one holds no voice.
const VOICE_FLOOR_DB: f64 = -38.0;

/// Longer pauses than this part two utterances of one recording.
const UTTERANCE_PAUSE_S: Seconds = 0.6;

/// Nobody speaks longer in one go.
const LONGEST_UTTERANCE_S: Seconds = 9.0;

/// Shorter ones are clicks and breaths.
const SHORTEST_UTTERANCE_S: Seconds = 0.3;

/// Samples at 8 kHz, full scale = 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clip {
    /// The sound.
    pub samples: Vec<f32>,
}

impl Clip {
    /// A clip of `samples`.
    pub fn new(samples: Vec<f32>) -> Self {
        Self { samples }
    }

    /// How long it lasts.
    pub fn duration(&self) -> Seconds {
        synth::seconds(self.samples.len())
    }

    /// Where somebody speaks, in samples; pauses up to `bridged` belong to it.
    pub fn voiced(&self, bridged: Seconds) -> Vec<Range<usize>> {
        let power: Vec<f64> = self.samples.chunks(BLOCK).map(mean_square).collect();
        let floor = power.iter().copied().fold(0.0, f64::max) * amplitude(VOICE_FLOOR_DB).powi(2);
        let mut spans: Vec<Range<usize>> = vec![];
        for i in (0..power.len()).filter(|i| power[*i] > floor) {
            let block = i * BLOCK..((i + 1) * BLOCK).min(self.samples.len());
            match spans.last_mut() {
                Some(last) if block.start - last.end <= samples(bridged) => last.end = block.end,
                _ => spans.push(block),
            }
        }
        spans
    }

    /// Without what is quiet at either end.
    pub fn trimmed(&self) -> Self {
        let spans = self.voiced(0.0);
        match (spans.first(), spans.last()) {
            (Some(first), Some(last)) => Self::new(self.samples[first.start..last.end].to_vec()),
            _ => Self::default(),
        }
    }

    /// Cut where it pauses, into what one says in one go.
    pub fn utterances(&self) -> Vec<Self> {
        let longest = samples(LONGEST_UTTERANCE_S);
        self.voiced(UTTERANCE_PAUSE_S)
            .into_iter()
            .filter(|span| span.len() >= samples(SHORTEST_UTTERANCE_S))
            .map(|span| Self::new(self.samples[span.start..span.end.min(span.start + longest)].to_vec()).trimmed())
            .collect()
    }

    /// At the level `level` while it sounds; the pauses between words do not count.
    pub fn levelled(mut self, level: Decibels) -> Self {
        let spoken: Vec<f32> = self.voiced(0.0).into_iter().flat_map(|span| self.samples[span].to_vec()).collect();
        let power = mean_square(&spoken);
        if power > 0.0 {
            let gain = (amplitude(f64::from(level)) / power.sqrt()) as f32;
            self.samples.iter_mut().for_each(|x| *x = (*x * gain).clamp(-0.98, 0.98));
        }
        self
    }

    /// The same words by a voice that is `factor` times as high and as fast.
    pub fn faster(&self, factor: f64) -> Self {
        let x = |i: isize| self.samples[i.clamp(0, self.samples.len() as isize - 1) as usize];
        let count = (self.samples.len() as f64 / factor) as usize;
        // four points of a cubic (Catmull and Rom): voices are quiet where it errs
        let sample = |n: usize| {
            let at = n as f64 * factor;
            let (i, t) = (at.floor() as isize, (at - at.floor()) as f32);
            let (a, b, c, d) = (x(i - 1), x(i), x(i + 1), x(i + 2));
            b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
        };
        Self::new((0..count).map(sample).collect())
    }

    /// Several after one another, with pauses of `pause` between.
    pub fn joined(clips: &[Self], pause: Seconds) -> Self {
        let mut out = vec![];
        for (i, clip) in clips.iter().enumerate() {
            if i > 0 {
                out.resize(out.len() + samples(pause), 0.0);
            }
            out.extend_from_slice(&clip.samples);
        }
        Self::new(out)
    }
}

fn mean_square(x: &[f32]) -> f64 {
    x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / x.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::{noise::Noise, random::Random};

    fn words(gaps: &[Seconds]) -> Clip {
        let mut random = Random::new(1);
        let mut word = || Clip::new(Noise::White.make(4_000, -20.0, &mut random));
        let mut out = vec![word()];
        for gap in gaps {
            out.push(Clip::new(vec![0.0; samples(*gap)]));
            out.push(word());
        }
        Clip::joined(&out, 0.0)
    }

    #[test]
    fn pauses_up_to_the_limit_belong_to_the_voice() {
        let clip = words(&[0.4, 0.5]);
        assert_eq!(clip.voiced(0.45), vec![0..4_000 + 3_200 + 4_000, 15_200..19_200]);
        assert_eq!(clip.voiced(0.3).len(), 3);
    }

    #[test]
    fn a_recording_is_cut_into_what_is_said_in_one_go() {
        assert_eq!(words(&[0.2, 1.0, 0.2]).utterances().len(), 2);
        assert!(Clip::new(vec![0.0; 8_000]).utterances().is_empty());
    }

    #[test]
    fn the_level_is_that_of_the_words_whatever_the_pauses() {
        let clip = words(&[3.0]).levelled(-30.0);
        assert!((synth::level(&clip.samples[..4_000]) + 30.0).abs() < 0.3);
    }

    #[test]
    fn faster_is_shorter_and_higher() {
        let sine = |hertz: f64| -> Vec<f32> {
            (0..8_000).map(|i| synth::exact::sine(hertz * synth::seconds(i)) as f32).collect()
        };
        let faster = Clip::new(sine(400.0)).faster(1.25);
        assert_eq!(faster.samples.len(), 6_400);
        let error = faster.samples.iter().zip(sine(500.0)).skip(10).take(6_300).map(|(a, b)| (a - b).abs());
        assert!(error.fold(0.0, f32::max) < 0.02);
    }
}
