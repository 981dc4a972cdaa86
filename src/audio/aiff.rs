//! AIFF and AIFF-C, as Macs and studio recorders write them.
//!
//! Apple, "Audio Interchange File Format" 1.3 (1989) and "AIFF-C" draft (1991): big-endian chunks, of which `COMM` tells
//! the format and `SSND` holds the samples.

use super::{
    codec::{self, Codec, Endian, Stated},
    error::ReadError,
    input::{Input, length, read_at},
    source::Opened,
};

/// The bytes before the first chunk.
const PREAMBLE_BYTES: u64 = 12;

/// The bytes before a chunk's body.
const HEADER_BYTES: u64 = 8;

/// The part of `COMM` that is of use: channels, frames, bits, rate and, in AIFF-C, the coding.
const COMMON_BYTES: usize = 22;

/// The bytes of `SSND` before its samples: an offset and a block size.
const SOUND_HEADER_BYTES: u64 = 8;

/// The most chunks that a file is believed to have.
const MOST_CHUNKS: usize = 4_096;

/// What `COMM` says.
struct Common {
    /// Where its body starts.
    offset: u64,
    channels: u16,
    frames: u32,
    codec: Codec,
    sample_rate: u32,
}

/// Opens a file that starts with `FORM` and says that it is `AIFF` or `AIFC`.
pub(super) fn open(mut input: Input) -> Result<Opened, ReadError> {
    let there = length(&mut input)?;
    let is_compressed = read_at(&mut input, 8, 4)? == b"AIFC";
    let (mut common, mut sound) = (None, None);
    let mut place = PREAMBLE_BYTES;
    for _ in 0..MOST_CHUNKS {
        let header = read_at(&mut input, place, HEADER_BYTES as usize)?;
        let Some((name, size)) = header.split_first_chunk::<4>().and_then(|(name, size)| Some((*name, word(size)?)))
        else {
            break;
        };
        let body = place + HEADER_BYTES;
        match &name {
            b"COMM" if common.is_none() => {
                let bytes = read_at(&mut input, body, COMMON_BYTES.min(size as usize))?;
                common = Some(Common::parse(&bytes, body, is_compressed)?);
            }
            b"SSND" if sound.is_none() => sound = Some(body),
            _ => {}
        }
        // a body of odd length is padded
        place = body + u64::from(size) + u64::from(size % 2);
    }
    let Some(common) = common else {
        return Err(ReadError::malformed(PREAMBLE_BYTES, "nothing says how the samples are coded (no COMM chunk)"));
    };
    let Some(body) = sound else {
        return Err(ReadError::empty(format!("no samples in its {there} bytes")));
    };
    let offset = word(&read_at(&mut input, body, 4)?).unwrap_or(0);
    let frame = common.codec.block_bytes(usize::from(common.channels)) as u64;
    codec::open(
        input,
        Stated {
            container: "aiff",
            codec: common.codec,
            start: body + SOUND_HEADER_BYTES + u64::from(offset),
            bytes: Some(u64::from(common.frames) * frame),
            channels: (common.channels.into(), common.offset),
            sample_rate: (common.sample_rate, common.offset + 8),
        },
    )
}

impl Common {
    /// What the `bytes` at `offset` say.
    fn parse(bytes: &[u8], offset: u64, is_compressed: bool) -> Result<Self, ReadError> {
        let cut = || ReadError::malformed(offset, "the COMM chunk is cut short");
        let (fixed, coding) = bytes.split_first_chunk::<18>().ok_or_else(cut)?;
        let coding = match (is_compressed, coding.first_chunk::<4>()) {
            (false, _) => b"NONE",
            (true, Some(coding)) => coding,
            (true, None) => return Err(cut()),
        };
        let short = |at: usize| u16::from_be_bytes([fixed[at], fixed[at + 1]]);
        Ok(Self {
            offset,
            channels: short(0),
            frames: u32::from(short(2)) << 16 | u32::from(short(4)),
            codec: coded_as(coding, short(6), offset)?,
            sample_rate: whole_extended(fixed[8..].first_chunk().ok_or_else(cut)?),
        })
    }
}

/// The coding by the name of `coding`, of samples of `bits`.
fn coded_as(coding: &[u8; 4], bits: u16, offset: u64) -> Result<Codec, ReadError> {
    let endian = if coding == b"sowt" { Endian::Little } else { Endian::Big };
    match coding {
        // samples of odd widths are stored in whole bytes, the lowest bits 0
        b"NONE" | b"twos" | b"sowt" => match bits {
            1..=8 => Ok(Codec::PcmS8),
            9..=16 => Ok(Codec::PcmS16(endian)),
            17..=24 => Ok(Codec::PcmS24(endian)),
            25..=32 => Ok(Codec::PcmS32(endian)),
            _ => Err(ReadError::malformed(offset + 6, format!("{bits} bits a sample"))),
        },
        b"raw " => Ok(Codec::PcmU8),
        b"in24" => Ok(Codec::PcmS24(endian)),
        b"in32" => Ok(Codec::PcmS32(endian)),
        b"fl32" | b"FL32" => Ok(Codec::F32(endian)),
        b"fl64" | b"FL64" => Ok(Codec::F64(endian)),
        b"alaw" | b"ALAW" => Ok(Codec::ALaw),
        b"ulaw" | b"ULAW" => Ok(Codec::MuLaw),
        other => Err(ReadError::unsupported(format!("the AIFF-C coding {}", other.escape_ascii()))),
    }
}

/// The whole part of a number of 80 bits (IEEE 754's double-extended: sign and exponent, then 64 bits with their leading
/// one); 0 where it is no number from 1 to 2³².
fn whole_extended(bytes: &[u8; 10]) -> u32 {
    const BIAS: u16 = 16_383;
    let [high, low, mantissa @ ..] = *bytes;
    let exponent = u16::from_be_bytes([high, low]);
    match exponent.checked_sub(BIAS) {
        Some(exponent @ 0..=31) => (u64::from_be_bytes(mantissa) >> (63 - exponent)) as u32,
        _ => 0,
    }
}

/// A size or another word of 32 bits.
fn word(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::warning::Warning;

    #[test]
    fn rates_of_eighty_bits() {
        assert_eq!(whole_extended(&[0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0]), 8_000);
        assert_eq!(whole_extended(&[0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]), 44_100);
        for no_rate in [[0; 10], [0xFF; 10], [0x3F, 0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0]] {
            assert_eq!(whole_extended(&no_rate), 0);
        }
    }

    /// An AIFF-C file with the chunks in the order of `chunks`, each a name and a body.
    fn file(chunks: &[(&[u8; 4], &[u8])]) -> Result<Opened, ReadError> {
        let mut bytes = b"FORM\0\0\0\0AIFC".to_vec();
        for (name, body) in chunks {
            bytes.extend_from_slice(*name);
            bytes.extend((body.len() as u32).to_be_bytes());
            bytes.extend_from_slice(body);
            bytes.extend(vec![0; body.len() % 2]);
        }
        open(Box::new(std::io::Cursor::new(bytes)))
    }

    /// One channel of `frames` at 8 kHz, coded as `coding` says.
    fn common(frames: u32, coding: &[u8; 4]) -> Vec<u8> {
        let rate = [0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0];
        [&[0, 1][..], &frames.to_be_bytes(), &[0, 16], &rate, coding, &[0, 0]].concat()
    }

    #[test]
    fn samples_may_stand_before_what_describes_them() {
        let samples = [[0; 8].as_slice(), &[0x00, 0x40, 0x00, 0xC0]].concat();
        let mut opened = file(&[(b"NAME", b"odd"), (b"SSND", &samples), (b"COMM", &common(2, b"sowt"))]).unwrap();
        assert_eq!((opened.format.codec, opened.format.sample_rate), ("pcm_s16", 8_000));
        let mut planes = [Vec::new()];
        opened.source.read(10, &mut planes, &mut Vec::new()).unwrap();
        assert_eq!(planes[0], [0.5, -0.5]);
        assert!(opened.warnings.is_empty());
    }

    #[test]
    fn a_recorder_that_was_switched_off_says_how_much_is_missing() {
        let cut = file(&[(b"COMM", &common(8_002, b"alaw")), (b"SSND", &[0; 10])]).unwrap();
        assert_eq!(cut.warnings, [Warning::CutShort { missing_s: 1.0 }]);
        let unset = file(&[(b"COMM", &common(0, b"alaw")), (b"SSND", &[0; 10])]).unwrap();
        assert_eq!(unset.warnings, [Warning::DataSizeUnset { stated: 0, actual: 2 }]);
    }

    #[test]
    fn what_is_not_decoded_is_named() {
        let refused = file(&[(b"COMM", &common(9, b"MAC6")), (b"SSND", &[0; 10])]).err();
        assert!(matches!(refused, Some(ReadError::Unsupported { format, .. }) if format.contains("MAC6")));
        assert!(matches!(file(&[]).err(), Some(ReadError::Malformed { offset: 12, .. })));
        assert!(matches!(file(&[(b"COMM", &common(9, b"alaw"))]).err(), Some(ReadError::Empty { .. })));
    }
}
