//! Sun and NeXT `.au` files.
//!
//! Source: Oracle's au(4) manual page (`audio_hdr`): six big-endian words, then text, then the samples.

use super::{
    codec::{self, Codec, Endian, Stated},
    error::ReadError,
    input::{Input, read_at},
    source::Opened,
};

/// The fixed part of the header.
const HEADER_BYTES: u64 = 24;

/// The size that says "unknown".
const SIZE_UNKNOWN: u32 = 0xFFFF_FFFF;

/// Opens a file that starts with `.snd`.
pub(super) fn open(mut input: Input) -> Result<Opened, ReadError> {
    let header = read_at(&mut input, 0, HEADER_BYTES as usize)?;
    if (header.len() as u64) < HEADER_BYTES {
        return Err(ReadError::empty("the file ends within its header"));
    }
    let word = |index: usize| {
        let bytes = &header[4 * index..4 * index + 4];
        bytes.iter().fold(0u32, |word, &byte| word << 8 | u32::from(byte))
    };
    let (start, stated, encoding, sample_rate, channels) = (word(1), word(2), word(3), word(4), word(5));
    let codec = match encoding {
        1 => Codec::MuLaw,
        2 => Codec::PcmS8,
        3 => Codec::PcmS16(Endian::Big),
        4 => Codec::PcmS24(Endian::Big),
        5 => Codec::PcmS32(Endian::Big),
        6 => Codec::F32(Endian::Big),
        7 => Codec::F64(Endian::Big),
        27 => Codec::ALaw,
        23..=26 => {
            return Err(ReadError::unsupported("G.721, G.722 or G.723 in an .au file"));
        }
        other => return Err(ReadError::unsupported(format!("the .au encoding {other}"))),
    };
    codec::open(
        input,
        Stated {
            container: "au",
            codec,
            start: u64::from(start).max(HEADER_BYTES),
            bytes: (stated != SIZE_UNKNOWN).then_some(stated.into()),
            channels: (channels, 20),
            sample_rate: (sample_rate, 16),
        },
    )
}
