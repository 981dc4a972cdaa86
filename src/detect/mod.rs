//! What each channel lets hear, whatever the country: one detector a file, each a pure function of [`Frames`].

mod detector;
mod evidence;
mod key;
mod sound;
mod tone;

pub use detector::Detector;
pub use evidence::{Evidence, Measurement, Sound};

use crate::frames::Frames;

/// Every detector, in the order in which `bezet list detectors` and the documentation name them.
pub const DETECTORS: &[&dyn Detector] = &[&tone::Tone, &key::Key, &sound::SpeechMusic];

/// What all detectors hear in one channel, in time's order.
pub fn detect(frames: &Frames) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = DETECTORS.iter().flat_map(|detector| detector.detect(frames)).collect();
    evidence.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
    evidence
}
