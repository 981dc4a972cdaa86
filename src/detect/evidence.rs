//! What was heard, how sure that is and why.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{interval::Interval, units::Hertz};

/// A sound as it is heard, before anybody asks what it means on this line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sound {
    /// A steady tone of the frequencies that sound together, lowest first, in Hz.
    Tone(Vec<Hertz>),
    /// A DTMF key.
    Key(char),
    /// Neither voice nor music.
    Silence,
    /// A voice.
    Speech,
    /// Music without a voice over it.
    Music,
    /// A voice over music.
    SpeechOverMusic,
    /// Loud, but none of these.
    Noise,
}

/// One named figure that a decision rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// What was measured, its unit in the name: `level_dbfs`.
    pub name: Cow<'static, str>,
    /// How much.
    pub value: f32,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// When.
    pub interval: Interval,
    /// What.
    pub sound: Sound,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// Which detector says so.
    pub detector: Cow<'static, str>,
    /// Why it says so.
    pub measurements: Vec<Measurement>,
}

impl Evidence {
    /// A measurement by its name.
    pub fn measured(&self, name: &str) -> Option<f32> {
        self.measurements.iter().find(|m| m.name == name).map(|m| m.value)
    }
}
