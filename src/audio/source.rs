//! What every reader gives: samples at the recording's own rate.

use chrono::NaiveDateTime;
use serde::Serialize;

use super::{error::ReadError, warning::Warning};

/// The most channels that are handed on; a call has two sides.
pub(super) const MAX_CHANNELS: usize = 2;

/// The sample rates that are taken for telephony, in samples a second: below and above, a header is not believed.
pub(super) const SAMPLE_RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;

/// How a recording is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Format {
    /// The file format: `wav`, `rf64`, `w64`, `au`, `raw`, `mp3`, `m4a`, `flac`, `ogg`, `mkv`, `aiff`, `aac`.
    pub container: &'static str,
    /// How the samples are coded: `pcm_s16`, `alaw`, `mulaw`, `gsm_ms`, `ima_adpcm`, `opus`, ...
    pub codec: &'static str,
    /// Samples a second, a channel, as stored; Opus, which has no rate of its own, counts as 8 kHz.
    pub sample_rate: u32,
    /// How many channels are handed on: 1 or 2.
    pub channels: u16,
    /// Bits a sample as stored, where the codec has a fixed number of them.
    pub bits: Option<u16>,
}

/// A recording that hands out its samples piece by piece, at its own rate.
pub(super) trait Source: Send {
    /// Appends about `frames` samples to each of `channels` (as many as [`Format::channels`]), the same number to each,
    /// all finite and in [-1, 1]. `false` when nothing follows; warnings are then complete.
    fn read(
        &mut self,
        frames: usize,
        channels: &mut [Vec<f32>],
        warnings: &mut Vec<Warning>,
    ) -> Result<bool, ReadError>;
}

/// A recording whose header has been read.
pub(super) struct Opened {
    pub source: Box<dyn Source>,
    pub format: Format,
    pub recorded_at: Option<NaiveDateTime>,
    pub warnings: Vec<Warning>,
}
