//! Samples without any header: only the file's name tells what they are.

use std::path::Path;

use super::{
    codec::{Codec, Coded, Endian, Place},
    error::ReadError,
    gsm,
    input::{Input, length, read_at},
    source::{Format, Opened},
    warning::Warning,
};
use crate::units::SAMPLE_RATE;

/// How samples without a header are coded, by the file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    ALaw,
    MuLaw,
    Gsm,
    /// 16-bit little-endian, at so many samples a second: Asterisk's "signed linear".
    SignedLinear(u32),
}

/// The names that are believed.
const BY_EXTENSION: [(&str, Raw); 22] = [
    ("ulaw", Raw::MuLaw),
    ("mulaw", Raw::MuLaw),
    ("ul", Raw::MuLaw),
    ("mu", Raw::MuLaw),
    ("pcmu", Raw::MuLaw),
    ("g711u", Raw::MuLaw),
    ("alaw", Raw::ALaw),
    ("al", Raw::ALaw),
    ("pcma", Raw::ALaw),
    ("g711a", Raw::ALaw),
    ("gsm", Raw::Gsm),
    ("sln", Raw::SignedLinear(8_000)),
    ("sln8", Raw::SignedLinear(8_000)),
    ("sln12", Raw::SignedLinear(12_000)),
    ("sln16", Raw::SignedLinear(16_000)),
    ("sln24", Raw::SignedLinear(24_000)),
    ("sln32", Raw::SignedLinear(32_000)),
    ("sln44", Raw::SignedLinear(44_100)),
    ("sln48", Raw::SignedLinear(48_000)),
    ("sln96", Raw::SignedLinear(96_000)),
    ("sln192", Raw::SignedLinear(192_000)),
    ("slin", Raw::SignedLinear(8_000)),
];

/// The frames of a `.gsm` file whose mark is checked before it is believed.
const CHECKED_FRAMES: usize = 8;

/// What `name` says that a file without a header is.
pub(super) fn by_name(name: &Path) -> Option<Raw> {
    let extension = name.extension()?.to_str()?;
    let known = BY_EXTENSION.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
    known.map(|&(_, raw)| raw)
}

/// Opens `input` as mono samples coded as `raw`.
pub(super) fn open(mut input: Input, raw: Raw) -> Result<Opened, ReadError> {
    let bytes = length(&mut input)?;
    let (codec, sample_rate) = match raw {
        Raw::ALaw => (Codec::ALaw, SAMPLE_RATE),
        Raw::MuLaw => (Codec::MuLaw, SAMPLE_RATE),
        Raw::SignedLinear(rate) => (Codec::PcmS16(Endian::Little), rate),
        Raw::Gsm => {
            let head = read_at(&mut input, 0, CHECKED_FRAMES * gsm::FRAME_BYTES)?;
            if !gsm::is_framed(&head) {
                return Err(ReadError::malformed(0, "its name says GSM 06.10, its bytes are no GSM frames"));
            }
            (Codec::GsmFrames(gsm::Gsm::new()), SAMPLE_RATE)
        }
    };
    let format = Format { container: "raw", codec: codec.name(), sample_rate, channels: 1, bits: codec.bits() };
    let place = Place { start: 0, bytes, channels: 1, sample_rate };
    Ok(Opened {
        source: Box::new(Coded::new(input, codec, place, u64::MAX)?),
        warnings: vec![Warning::FormatFromName { format: format!("{} at {sample_rate} Hz", format.codec) }],
        format,
        recorded_at: None,
    })
}
