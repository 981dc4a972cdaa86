//! What was repaired or left out while a recording was read.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::units::Seconds;

/// One thing that a reader of the figures ought to know about the recording that they came from.
///
/// [`Display`](fmt::Display) gives an English sentence; [`Warning::code`] a stable name, the same as in the serialised
/// form. Sizes and offsets are in bytes, offsets from the start of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum Warning {
    /// The header's size of the samples was never filled in (0, 0x7FFFFFFF, 0xFFFFFFFF or near); all samples were read.
    DataSizeUnset {
        /// What the header says.
        stated: u64,
        /// What is there.
        actual: u64,
    },
    /// The header's size of the samples counts the header itself; all samples were read.
    DataSizeCountsHeader {
        /// What the header says.
        stated: u64,
        /// What is there.
        actual: u64,
    },
    /// The header's size of the samples is smaller than what is there; all samples were read.
    DataSizeTooSmall {
        /// What the header says.
        stated: u64,
        /// What is there.
        actual: u64,
    },
    /// The end of the recording is missing.
    CutShort {
        /// How much the header promises beyond what is there.
        missing_s: Seconds,
    },
    /// The last block of samples is incomplete: decoded as far as it goes, or dropped.
    IncompleteBlock {
        /// How much of it is there.
        bytes: u64,
    },
    /// The header's size of the whole file is wrong (by more than 8 bytes, which many writers are off by); not used.
    RiffSizeWrong {
        /// What the header says.
        stated: u64,
        /// What it should say.
        actual: u64,
    },
    /// A part of the header of odd length lacks the byte that pads it.
    PadByteMissing {
        /// Which part.
        chunk: String,
        /// Where it starts.
        offset: u64,
    },
    /// A part of the header states a wrong length; the next one was found by searching.
    ChunkSizeWrong {
        /// Which part.
        chunk: String,
        /// Where it starts.
        offset: u64,
    },
    /// The samples come before the description of their format.
    DataBeforeFormat,
    /// There is a second description of the format; the first was used.
    SecondFormat {
        /// Where the second starts.
        offset: u64,
    },
    /// There is a second recording behind the first; it was not read.
    SecondRecording {
        /// Where it starts.
        offset: u64,
    },
    /// Bytes behind the samples that are no part of the recording.
    TrailingBytes {
        /// How many.
        bytes: u64,
    },
    /// The header's bytes a frame do not fit its format; the format was believed.
    BlockAlignWrong {
        /// What the header says.
        stated: u32,
        /// What was used.
        used: u32,
    },
    /// The header's bits a sample do not fit its format; the format was believed.
    BitsWrong {
        /// What the header says.
        stated: u32,
        /// What was used.
        used: u32,
    },
    /// More than two channels; the first two were read.
    ExtraChannels {
        /// How many there are.
        present: u32,
    },
    /// A file without a header: its format was taken from its name.
    FormatFromName {
        /// What its name says it is.
        format: String,
    },
    /// Samples that are no number or beyond full scale were silenced or clipped.
    SamplesOutOfRange {
        /// How many, all channels together.
        count: u64,
    },
    /// Parts that could not be decoded were replaced by silence, so that times stay right.
    FramesDamaged {
        /// How many.
        count: u64,
        /// Where the first one is.
        first_at_s: Seconds,
    },
    /// Stretches that the file skips were filled with silence, so that times stay right.
    GapsFilled {
        /// How many.
        count: u64,
        /// Where the first one is.
        first_at_s: Seconds,
        /// How long they last together.
        total_s: Seconds,
    },
    /// What comes after this moment could not be decoded.
    StoppedEarly {
        /// Where the decoding stopped.
        at_s: Seconds,
        /// The decoder's reason, in English.
        reason: String,
    },
}

impl Warning {
    /// A stable name of the kind of warning, for tables.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DataSizeUnset { .. } => "data-size-unset",
            Self::DataSizeCountsHeader { .. } => "data-size-counts-header",
            Self::DataSizeTooSmall { .. } => "data-size-too-small",
            Self::CutShort { .. } => "cut-short",
            Self::IncompleteBlock { .. } => "incomplete-block",
            Self::RiffSizeWrong { .. } => "riff-size-wrong",
            Self::PadByteMissing { .. } => "pad-byte-missing",
            Self::ChunkSizeWrong { .. } => "chunk-size-wrong",
            Self::DataBeforeFormat => "data-before-format",
            Self::SecondFormat { .. } => "second-format",
            Self::SecondRecording { .. } => "second-recording",
            Self::TrailingBytes { .. } => "trailing-bytes",
            Self::BlockAlignWrong { .. } => "block-align-wrong",
            Self::BitsWrong { .. } => "bits-wrong",
            Self::ExtraChannels { .. } => "extra-channels",
            Self::FormatFromName { .. } => "format-from-name",
            Self::SamplesOutOfRange { .. } => "samples-out-of-range",
            Self::FramesDamaged { .. } => "frames-damaged",
            Self::GapsFilled { .. } => "gaps-filled",
            Self::StoppedEarly { .. } => "stopped-early",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DataSizeUnset { stated, actual } => {
                write!(f, "the header's data size was never filled in (it says {stated}); all {actual} bytes were read")
            }
            Self::DataSizeCountsHeader { stated, actual } => write!(
                f,
                "the header's data size ({stated}) counts the header too; all {actual} bytes of samples were read"
            ),
            Self::DataSizeTooSmall { stated, actual } => {
                write!(f, "the header's data size ({stated}) is too small; all {actual} bytes of samples were read")
            }
            Self::CutShort { missing_s } => {
                write!(f, "the end is missing: the header promises {missing_s:.3} s more")
            }
            Self::IncompleteBlock { bytes } => {
                write!(f, "the last block of samples is cut: {bytes} bytes of it are there")
            }
            Self::RiffSizeWrong { stated, actual } => {
                write!(f, "the header's file size is wrong (it says {stated}, should be {actual})")
            }
            Self::PadByteMissing { chunk, offset } => {
                write!(f, "the pad byte after the chunk `{chunk}` at byte {offset} is missing")
            }
            Self::ChunkSizeWrong { chunk, offset } => {
                write!(f, "the size of the chunk `{chunk}` at byte {offset} is wrong")
            }
            Self::DataBeforeFormat => {
                write!(f, "the samples come before the description of their format")
            }
            Self::SecondFormat { offset } => {
                write!(f, "a second description of the format at byte {offset} was passed over")
            }
            Self::SecondRecording { offset } => {
                write!(f, "a second recording starts at byte {offset}; it was not read")
            }
            Self::TrailingBytes { bytes } => {
                write!(f, "{bytes} bytes after the samples were passed over")
            }
            Self::BlockAlignWrong { stated, used } => {
                write!(f, "the header's block align ({stated}) does not fit its format; {used} was used")
            }
            Self::BitsWrong { stated, used } => {
                write!(f, "the header's bits a sample ({stated}) do not fit its format; {used} were used")
            }
            Self::ExtraChannels { present } => {
                write!(f, "of {present} channels only the first two were read")
            }
            Self::FormatFromName { format } => {
                write!(f, "the file has no header; its name says {format} and was believed")
            }
            Self::SamplesOutOfRange { count } => {
                write!(f, "{count} samples beyond full scale were clipped (or silenced, if no number)")
            }
            Self::FramesDamaged { count, first_at_s } => {
                write!(f, "{count} damaged frames were replaced by silence, the first at {first_at_s:.3} s")
            }
            Self::GapsFilled { count, first_at_s, total_s } => write!(
                f,
                "{count} gaps, {total_s:.3} s together, were filled with silence, the first at {first_at_s:.3} s"
            ),
            Self::StoppedEarly { at_s, reason } => {
                write!(f, "the decoding stopped at {at_s:.1} s: {reason}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_same_in_the_serialised_form() {
        let warnings = [
            Warning::DataSizeUnset { stated: 0, actual: 8 },
            Warning::CutShort { missing_s: 1.5 },
            Warning::DataBeforeFormat,
            Warning::SamplesOutOfRange { count: 2 },
            Warning::StoppedEarly { at_s: 83.2, reason: "bits".into() },
        ];
        for warning in warnings {
            let json = serde_json::to_value(&warning).unwrap();
            assert_eq!(json["code"], warning.code());
            assert_eq!(serde_json::from_value::<Warning>(json).unwrap(), warning);
        }
    }
}
