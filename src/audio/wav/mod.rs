//! RIFF/WAVE recordings, with every header fault that recorders are known to leave behind.
//!
//! [`chunks`] finds what is where, this file tells how the samples are coded. Sources: Multimedia Programming Interface
//! and Data Specifications 1.0 (1991); "New Multimedia Data Types and Data Techniques" (1994); `mmreg.h` for the format
//! tags.

mod bext;
mod chunks;
mod header;

use super::{
    adpcm,
    codec::{Codec, Coded, Endian, MOST_CHANNELS, Place},
    compressed,
    error::ReadError,
    gsm,
    input::Input,
    recognise::Container,
    source::{Format, MAX_CHANNELS, Opened, SAMPLE_RATES},
    warning::Warning,
};

/// The smallest `fmt ` chunk: without the bits a sample.
const FORMAT_BYTES: usize = 14;

/// Where WAVE_FORMAT_EXTENSIBLE keeps the tag that it wraps.
const SUB_FORMAT: usize = 24;

/// The rest of every sub-format that wraps a tag: {....-0000-0010-8000-00AA00389B71}.
const SUB_FORMAT_TAIL: [u8; 14] = *b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71";

const TAG_PCM: u16 = 0x0001;
const TAG_MS_ADPCM: u16 = 0x0002;
const TAG_FLOAT: u16 = 0x0003;
const TAG_ALAW: u16 = 0x0006;
const TAG_MULAW: u16 = 0x0007;
const TAG_IMA_ADPCM: u16 = 0x0011;
const TAG_GSM: u16 = 0x0031;
const TAG_MP3: u16 = 0x0055;
const TAG_IBM_MULAW: u16 = 0x0101;
const TAG_IBM_ALAW: u16 = 0x0102;
const TAG_EXTENSIBLE: u16 = 0xFFFE;

/// The tags that are known by name and not decoded.
const NAMED_TAGS: &[(u16, &str)] = &[
    (0x0010, "OKI ADPCM"),
    (0x0014, "G.723"),
    (0x0017, "Dialogic OKI ADPCM"),
    (0x0022, "DSP Group TrueSpeech"),
    (0x0028, "GSM 6.10 (proprietary framing)"),
    (0x0032, "MSN Audio"),
    (0x0038, "Sierra ADPCM"),
    (0x0040, "G.721 ADPCM"),
    (0x0041, "G.728"),
    (0x0042, "G.723.1"),
    (0x0045, "G.726"),
    (0x0050, "MPEG layer I or II"),
    (0x0057, "AMR"),
    (0x0058, "AMR wide-band"),
    (0x0064, "G.726"),
    (0x0065, "G.722"),
    (0x0083, "G.729"),
    (0x00FF, "AAC"),
    (0x0133, "Sipro ACELP.net"),
    (0x0136, "AMR"),
    (0x0160, "Windows Media Audio"),
    (0x0161, "Windows Media Audio"),
    (0x0285, "Norcom voice"),
    (0x028F, "G.722"),
    (0x1610, "AAC"),
    (0x704F, "Opus"),
    (0x7A21, "AMR"),
    (0x7A22, "AMR wide-band"),
    (0xA100, "G.723.1"),
    (0xA109, "Speex"),
    (0xA112, "G.722"),
    (0xA123, "G.729"),
];

/// The `fmt ` chunk.
struct Description {
    tag: u16,
    channels: u16,
    sample_rate: u32,
    block_align: u16,
    bits: u16,
    /// What the coding adds, from byte 18 on.
    extra: Vec<u8>,
}

impl Description {
    /// Reads a chunk whose body starts at byte `offset` of the file.
    fn parse(chunk: &[u8], offset: u64, endian: Endian) -> Result<Self, ReadError> {
        if chunk.len() < FORMAT_BYTES {
            let what = format!("a `fmt ` chunk of {} bytes", chunk.len());
            return Err(ReadError::malformed(offset, what));
        }
        let half = |place: usize| match (chunk.get(place..).and_then(<[u8]>::first_chunk), endian) {
            (Some(bytes), Endian::Little) => u16::from_le_bytes(*bytes),
            (Some(bytes), Endian::Big) => u16::from_be_bytes(*bytes),
            (None, _) => 0,
        };
        let (low, high) = match endian {
            Endian::Little => (half(4), half(6)),
            Endian::Big => (half(6), half(4)),
        };
        let mut description = Self {
            tag: half(0),
            channels: half(2),
            sample_rate: u32::from(high) << 16 | u32::from(low),
            block_align: half(12),
            bits: half(14),
            extra: chunk.get(18..).unwrap_or_default().to_vec(),
        };
        if description.tag == TAG_EXTENSIBLE {
            match chunk.get(SUB_FORMAT + 2..SUB_FORMAT + 16) {
                Some(tail) if tail == SUB_FORMAT_TAIL => description.tag = half(SUB_FORMAT),
                _ => {
                    return Err(ReadError::unsupported("a WAVE_FORMAT_EXTENSIBLE of an unknown sub-format"));
                }
            }
            description.extra.drain(..description.extra.len().min(22));
        }
        if description.channels == 0 || description.channels > MOST_CHANNELS {
            return Err(ReadError::Malformed {
                offset: offset + 2,
                what: format!("the header says {} channels", description.channels),
                command: "sox -c 1 IN OUT.wav".into(),
            });
        }
        if !SAMPLE_RATES.contains(&description.sample_rate) {
            let rate = description.sample_rate;
            return Err(ReadError::Malformed {
                offset: offset + 4,
                what: format!("the header says {rate} samples a second"),
                command: "sox -r 8000 IN OUT.wav".into(),
            });
        }
        Ok(description)
    }

    /// How the samples are coded, with what had to be corrected. `None` for mp3, which other hands decode.
    fn codec(&self, offset: u64, endian: Endian, warnings: &mut Vec<Warning>) -> Result<Option<Codec>, ReadError> {
        let channels = usize::from(self.channels);
        let codec = match self.tag {
            TAG_PCM => match self.pcm_bytes() {
                1 => Codec::PcmU8,
                2 => Codec::PcmS16(endian),
                3 => Codec::PcmS24(endian),
                4 => Codec::PcmS32(endian),
                _ => {
                    return Err(ReadError::malformed(offset + 14, format!("PCM of {} bits", self.bits)));
                }
            },
            TAG_FLOAT => match self.bits {
                32 => Codec::F32(endian),
                64 => Codec::F64(endian),
                _ if usize::from(self.block_align) == 4 * channels => Codec::F32(endian),
                _ if usize::from(self.block_align) == 8 * channels => Codec::F64(endian),
                bits => {
                    return Err(ReadError::malformed(offset + 14, format!("floats of {bits} bits")));
                }
            },
            TAG_ALAW | TAG_IBM_ALAW => Codec::ALaw,
            TAG_MULAW | TAG_IBM_MULAW => Codec::MuLaw,
            TAG_IMA_ADPCM => {
                let block = self.adpcm_block(adpcm::IMA_HEADER_BYTES, |frames| {
                    adpcm::IMA_HEADER_BYTES * channels + frames.saturating_sub(1) * channels / 2
                });
                Codec::Ima(block.ok_or_else(|| self.no_block(offset))?)
            }
            TAG_MS_ADPCM => {
                let block = self.adpcm_block(adpcm::MS_HEADER_BYTES, |frames| {
                    adpcm::MS_HEADER_BYTES * channels + frames.saturating_sub(2) * channels / 2
                });
                Codec::Ms(block.ok_or_else(|| self.no_block(offset))?, self.ms_predictors())
            }
            TAG_GSM if channels != 1 => {
                return Err(ReadError::unsupported(format!("GSM 6.10 of {channels} channels")));
            }
            TAG_GSM => Codec::GsmBlocks(gsm::Gsm::new()),
            TAG_MP3 => return Ok(None),
            tag => {
                let known = NAMED_TAGS.iter().find(|(known, _)| *known == tag);
                return Err(ReadError::unsupported(match known {
                    Some((_, name)) => format!("{name} in a WAV file (format 0x{tag:04X})"),
                    None => format!("the WAV format 0x{tag:04X}"),
                }));
            }
        };
        let used = codec.block_bytes(channels) as u32;
        let stated = u32::from(self.block_align);
        if stated != used {
            warnings.push(Warning::BlockAlignWrong { stated, used });
        }
        // the field is often left empty, and elsewhere counts the bits of a coding that has no fixed number of them
        if let (Some(used), TAG_PCM | TAG_FLOAT | TAG_ALAW | TAG_MULAW) = (codec.bits(), self.tag)
            && self.bits.div_ceil(8) != used / 8
            && self.bits != 0
        {
            let (stated, used) = (u32::from(self.bits), u32::from(used));
            warnings.push(Warning::BitsWrong { stated, used });
        }
        Ok(Some(codec))
    }

    /// The bytes of a PCM sample: by its bits, else by the block align. 24 bits may sit in 4 bytes.
    fn pcm_bytes(&self) -> usize {
        let by_align = usize::from(self.block_align / self.channels);
        match usize::from(self.bits).div_ceil(8) {
            0 => by_align,
            3 if by_align == 4 => 4,
            by_bits => by_bits,
        }
    }

    /// The bytes of an ADPCM block: as stated, else from the samples a block.
    fn adpcm_block(&self, header: usize, bytes_of: impl Fn(usize) -> usize) -> Option<usize> {
        let frames = self.extra.first_chunk().map_or(0, |bytes| u16::from_le_bytes(*bytes));
        let block = match self.block_align {
            0 if frames > 0 => bytes_of(frames.into()),
            stated => usize::from(stated),
        };
        (block > header * usize::from(self.channels)).then_some(block)
    }

    fn no_block(&self, offset: u64) -> ReadError {
        let what = format!("ADPCM in blocks of {} bytes", self.block_align);
        ReadError::malformed(offset + 12, what)
    }

    /// The predictors behind the samples a block, else the seven that every file must carry.
    fn ms_predictors(&self) -> Vec<(i32, i32)> {
        let half = |bytes: [u8; 2]| i32::from(i16::from_le_bytes(bytes));
        let pairs = self.extra.get(4..).unwrap_or_default().as_chunks::<4>().0;
        let own: Vec<_> = pairs.iter().map(|[a, b, c, d]| (half([*a, *b]), half([*c, *d]))).collect();
        if own.len() < adpcm::MS_PREDICTORS.len() { adpcm::MS_PREDICTORS.to_vec() } else { own }
    }
}

/// Opens a RIFF, RIFX, RF64, BW64 or Wave64 file.
pub(super) fn open(mut input: Input) -> Result<Opened, ReadError> {
    let found = chunks::scan(&mut input)?;
    let (offset, format) = &found.format;
    let description = Description::parse(format, *offset, found.endian)?;
    let mut warnings = found.warnings;
    let channels = usize::from(description.channels);
    let bytes = found.data.end - found.data.start;
    let recorded_at = bext::recorded_at(&found.bext);
    let Some(codec) = description.codec(*offset, found.endian, &mut warnings)? else {
        let mut opened = compressed::open_section(input, Container::Mp3, found.data)?;
        opened.format.container = found.container;
        opened.recorded_at = recorded_at;
        warnings.append(&mut opened.warnings);
        opened.warnings = warnings;
        return Ok(opened);
    };
    if channels > MAX_CHANNELS {
        warnings.push(Warning::ExtraChannels { present: description.channels.into() });
    }
    for warning in &mut warnings {
        if let Warning::CutShort { missing_s } = warning {
            let frames = codec.total_frames(found.missing_bytes, channels);
            *missing_s = frames as f64 / f64::from(description.sample_rate);
        }
    }
    let format = Format {
        container: found.container,
        codec: codec.name(),
        sample_rate: description.sample_rate,
        channels: channels.min(MAX_CHANNELS) as u16,
        bits: codec.bits(),
    };
    // `fact` is believed only where it says how much of the last block is padding
    let total = codec.total_frames(bytes, channels);
    let block = codec.total_frames(codec.block_bytes(channels) as u64, channels);
    let frames = match found.frames {
        Some(frames) if frames < total && total - frames < block => frames,
        _ => total,
    };
    let place = Place { start: found.data.start, bytes, channels, sample_rate: description.sample_rate };
    Ok(Opened { source: Box::new(Coded::new(input, codec, place, frames)?), format, recorded_at, warnings })
}
