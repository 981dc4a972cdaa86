//! Sun and NeXT `.au` files.
//!
//! Source: Oracle's au(4) manual page (`audio_hdr`): six big-endian words, then text, then the samples.

use super::{
    codec::{Codec, Coded, Endian, MOST_CHANNELS, Place},
    error::ReadError,
    input::{Input, length, read_at},
    source::{Format, MAX_CHANNELS, Opened, SAMPLE_RATES},
    warning::Warning,
};

/// The fixed part of the header.
const HEADER_BYTES: u64 = 24;

/// The size that says "unknown".
const SIZE_UNKNOWN: u64 = 0xFFFF_FFFF;

/// Opens a file that starts with `.snd`.
pub(super) fn open(mut input: Input) -> Result<Opened, ReadError> {
    let there = length(&mut input)?;
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
    if !SAMPLE_RATES.contains(&sample_rate) {
        return Err(ReadError::malformed(16, format!("a sample rate of {sample_rate} Hz")));
    }
    if channels == 0 || channels > u32::from(MOST_CHANNELS) {
        return Err(ReadError::malformed(20, format!("{channels} channels")));
    }
    let start = u64::from(start).max(HEADER_BYTES);
    let available = there.saturating_sub(start);
    if available == 0 {
        return Err(ReadError::empty(format!("the file ends at byte {there}, before its samples")));
    }
    let channels = channels as usize;
    let frame = codec.block_bytes(channels) as u64;
    let (stated, mut warnings) = (u64::from(stated), Vec::new());
    let bytes = match stated {
        SIZE_UNKNOWN => available,
        0 => {
            warnings.push(Warning::DataSizeUnset { stated, actual: available });
            available
        }
        _ if stated > available => {
            warnings
                .push(Warning::CutShort { missing_s: ((stated - available) / frame) as f64 / f64::from(sample_rate) });
            available
        }
        _ => stated,
    };
    if channels > MAX_CHANNELS {
        warnings.push(Warning::ExtraChannels { present: channels as u32 });
    }
    let format = Format {
        container: "au",
        codec: codec.name(),
        sample_rate,
        channels: channels.min(MAX_CHANNELS) as u16,
        bits: codec.bits(),
    };
    let place = Place { start, bytes, channels, sample_rate };
    Ok(Opened { source: Box::new(Coded::new(input, codec, place, u64::MAX)?), format, recorded_at: None, warnings })
}
