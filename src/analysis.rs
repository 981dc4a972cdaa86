//! The whole trip on one page: one recording is heard on its own, then all calls of a line are judged together.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{
    audio::{ReadError, Warning},
    metrics::{CallMetrics, Measured},
    timeline::{Channel, Segment, Timeline},
    units::Seconds,
};

/// What one recording lets hear, whatever the country and the other calls: small, and all that is kept of the audio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Facts about the file.
    pub recording: RecordingFacts,
}

/// Facts about a recording, its sound apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordingFacts {
    /// How long it lasts.
    pub duration_s: Seconds,
    /// One, or two: the line and the caller apart.
    pub channels: u8,
    /// `wav`, `mp3`, `ogg` ...
    pub container: String,
    /// `pcm_s16`, `alaw`, `gsm_ms`, `opus` ...
    pub codec: String,
    /// As recorded, in samples a second.
    pub sample_rate: u32,
    /// When it was recorded, as the file itself says (local time).
    pub recorded_at: Option<chrono::NaiveDateTime>,
    /// What was odd about the file and was mended.
    pub warnings: Vec<Warning>,
}

/// What is known of a line before listening.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineSettings {
    /// The country whose tones it uses (ISO 3166 code, lower case); `None`: found out from all its calls.
    pub country: Option<String>,
    /// Which channel of two is the caller; `None`: found out from the sound.
    pub caller_channel: Option<Channel>,
}

/// One call, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct CallAnalysis {
    /// Facts about the file.
    pub recording: RecordingFacts,
    /// Which channel of two is the caller's; absent for a recording of one channel.
    pub caller_channel: Option<Measured<Channel>>,
    /// Whose tones the line uses (ISO 3166 code, lower case); its reason names the runner-up.
    pub country: Measured<String>,
    /// One a channel.
    pub timelines: Vec<Timeline>,
    /// All figures.
    pub metrics: CallMetrics,
    /// Whether a corrected label file took the place of what was heard.
    pub labelled: bool,
}

impl CallAnalysis {
    /// The timeline of what the line let the caller hear.
    pub fn line(&self) -> &Timeline {
        let callers = self.caller_channel.as_ref().and_then(|side| side.value);
        self.timelines.iter().find(|t| Some(t.channel()) != callers).unwrap_or(&self.timelines[0])
    }
}

/// Hears one recording.
///
/// # Errors
/// Where the file cannot be read at all; what can be read of a damaged one is heard.
pub fn listen(path: &Path) -> Result<Heard, ReadError> {
    let _ = path;
    todo!()
}

/// Judges all calls of one line together; the result is in their order.
///
/// `labels` holds, for each call, the corrected segments that take the place of what was heard, if any.
pub fn judge(calls: &[Heard], labels: &[Option<Vec<Segment>>], settings: &LineSettings) -> Vec<CallAnalysis> {
    let _ = (calls, labels, settings);
    todo!()
}
