//! Samples as WAVE, Sun and headerless files hold them: PCM, G.711, ADPCM and GSM, in blocks of a fixed size.

use super::{
    adpcm,
    error::ReadError,
    g711, gsm,
    input::{Input, fill, length},
    source::{Format, MAX_CHANNELS, Opened, SAMPLE_RATES, Source},
    warning::Warning,
};
use crate::units::Seconds;

/// The bytes that are read at a time, about.
const READ_BYTES: usize = 64 * 1024;

/// The most channels that a header is believed to have.
pub(super) const MOST_CHANNELS: u16 = 64;

/// The order of the bytes of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endian {
    Little,
    Big,
}

/// How samples are coded.
pub(super) enum Codec {
    /// 8 bits, silence is 128.
    PcmU8,
    /// 8 bits, signed.
    PcmS8,
    /// 16 bits, signed.
    PcmS16(Endian),
    /// 24 bits, signed.
    PcmS24(Endian),
    /// 32 bits, signed.
    PcmS32(Endian),
    /// 32 bits, floating.
    F32(Endian),
    /// 64 bits, floating.
    F64(Endian),
    ALaw,
    MuLaw,
    /// IMA ADPCM in blocks of so many bytes.
    Ima(usize),
    /// Microsoft ADPCM in blocks of so many bytes, with its predictors.
    Ms(usize, Vec<(i32, i32)>),
    /// GSM 06.10 in blocks of 65 bytes.
    GsmBlocks(gsm::Gsm),
    /// GSM 06.10 in frames of 33 bytes.
    GsmFrames(gsm::Gsm),
}

impl Codec {
    /// The name that [`Format`] carries.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::PcmU8 => "pcm_u8",
            Self::PcmS8 => "pcm_s8",
            Self::PcmS16(_) => "pcm_s16",
            Self::PcmS24(_) => "pcm_s24",
            Self::PcmS32(_) => "pcm_s32",
            Self::F32(_) => "pcm_f32",
            Self::F64(_) => "pcm_f64",
            Self::ALaw => "alaw",
            Self::MuLaw => "mulaw",
            Self::Ima(_) => "ima_adpcm",
            Self::Ms(..) => "ms_adpcm",
            Self::GsmBlocks(_) => "gsm_ms",
            Self::GsmFrames(_) => "gsm",
        }
    }

    /// Bits a sample, where they are a fixed number.
    pub(super) fn bits(&self) -> Option<u16> {
        match self {
            Self::PcmU8 | Self::PcmS8 | Self::ALaw | Self::MuLaw => Some(8),
            Self::PcmS16(_) => Some(16),
            Self::PcmS24(_) => Some(24),
            Self::PcmS32(_) | Self::F32(_) => Some(32),
            Self::F64(_) => Some(64),
            Self::Ima(_) | Self::Ms(..) => Some(4),
            Self::GsmBlocks(_) | Self::GsmFrames(_) => None,
        }
    }

    /// The bytes of the smallest piece that can be decoded alone, for so many channels. Never 0.
    pub(super) fn block_bytes(&self, channels: usize) -> usize {
        match self {
            Self::Ima(bytes) | Self::Ms(bytes, _) => *bytes,
            Self::GsmBlocks(_) => gsm::BLOCK_BYTES,
            Self::GsmFrames(_) => gsm::FRAME_BYTES,
            _ => usize::from(self.bits().unwrap_or(8)) / 8 * channels,
        }
    }

    /// The samples a channel of such a piece, or of one that is cut to `bytes`.
    fn frames(&self, bytes: usize, channels: usize) -> usize {
        match self {
            Self::Ima(_) => adpcm::ima_frames(bytes, channels),
            Self::Ms(..) => adpcm::ms_frames(bytes, channels),
            Self::GsmBlocks(_) if bytes == gsm::BLOCK_BYTES => gsm::BLOCK_SAMPLES,
            Self::GsmBlocks(_) if bytes < gsm::FRAME_BYTES => 0,
            Self::GsmBlocks(_) => gsm::FRAME_SAMPLES,
            Self::GsmFrames(_) => bytes / gsm::FRAME_BYTES * gsm::FRAME_SAMPLES,
            _ => bytes / self.block_bytes(channels),
        }
    }

    /// How many samples a channel come out of `bytes`.
    pub(super) fn total_frames(&self, bytes: u64, channels: usize) -> u64 {
        let block = self.block_bytes(channels) as u64;
        let whole = bytes / block * self.frames(block as usize, channels) as u64;
        whole + self.frames((bytes % block) as usize, channels) as u64
    }

    /// Decodes whole blocks, or one that is cut, and appends the first channels of `channels` that `into` has room for.
    fn decode(&mut self, bytes: &[u8], channels: usize, into: &mut [Vec<f32>], faults: &mut Faults) {
        use Endian::{Big, Little};
        match self {
            Self::PcmU8 => planes(bytes, channels, into, |[b]| (f32::from(b) - 128.0) / 128.0),
            Self::PcmS8 => planes(bytes, channels, into, |[b]| f32::from(b as i8) / 128.0),
            Self::PcmS16(Little) => planes(bytes, channels, into, |b| unit16(i16::from_le_bytes(b))),
            Self::PcmS16(Big) => planes(bytes, channels, into, |b| unit16(i16::from_be_bytes(b))),
            Self::PcmS24(Little) => planes(bytes, channels, into, |[a, b, c]| unit32([0, a, b, c])),
            Self::PcmS24(Big) => planes(bytes, channels, into, |[c, b, a]| unit32([0, a, b, c])),
            Self::PcmS32(Little) => planes(bytes, channels, into, unit32),
            Self::PcmS32(Big) => planes(bytes, channels, into, |[d, c, b, a]| unit32([a, b, c, d])),
            Self::F32(Little) => planes(bytes, channels, into, |b| faults.tame(f32::from_le_bytes(b))),
            Self::F32(Big) => planes(bytes, channels, into, |b| faults.tame(f32::from_be_bytes(b))),
            Self::F64(Little) => planes(bytes, channels, into, |b| faults.tame(f64::from_le_bytes(b) as f32)),
            Self::F64(Big) => planes(bytes, channels, into, |b| faults.tame(f64::from_be_bytes(b) as f32)),
            Self::ALaw => planes(bytes, channels, into, |[b]| ALAW[usize::from(b)]),
            Self::MuLaw => planes(bytes, channels, into, |[b]| MULAW[usize::from(b)]),
            Self::Ima(size) => {
                for block in bytes.chunks(*size) {
                    adpcm::decode_ima(block, channels, |channel, sample| push(into, channel, sample));
                }
            }
            Self::Ms(size, predictors) => {
                for block in bytes.chunks(*size) {
                    adpcm::decode_ms(block, channels, predictors, |channel, sample| {
                        push(into, channel, sample);
                    });
                }
            }
            Self::GsmBlocks(decoder) => {
                for block in bytes.chunks(gsm::BLOCK_BYTES) {
                    into[0].extend(decoder.block(block).map(unit16));
                }
            }
            Self::GsmFrames(decoder) => {
                for frame in bytes.chunks_exact(gsm::FRAME_BYTES) {
                    match decoder.frame(frame) {
                        Some(samples) => into[0].extend(samples.map(unit16)),
                        None => {
                            faults.damaged(into[0].len());
                            into[0].extend([0.0; gsm::FRAME_SAMPLES]);
                        }
                    }
                }
            }
        }
    }
}

/// A-law bytes as samples in [-1, 1].
const ALAW: [f32; 256] = unit_table(&g711::ALAW);

/// Mu-law bytes as samples in [-1, 1].
const MULAW: [f32; 256] = unit_table(&g711::MULAW);

const fn unit_table(linear: &[i16; 256]) -> [f32; 256] {
    let mut table = [0.0; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = linear[code] as f32 / 32_768.0;
        code += 1;
    }
    table
}

fn unit16(sample: i16) -> f32 {
    f32::from(sample) / 32_768.0
}

fn unit32(little_endian: [u8; 4]) -> f32 {
    i32::from_le_bytes(little_endian) as f32 / 2_147_483_648.0
}

fn push(into: &mut [Vec<f32>], channel: usize, sample: i16) {
    if let Some(plane) = into.get_mut(channel) {
        plane.push(unit16(sample));
    }
}

/// Takes interleaved samples of `N` bytes apart into planes.
fn planes<const N: usize>(
    bytes: &[u8],
    channels: usize,
    into: &mut [Vec<f32>],
    mut sample: impl FnMut([u8; N]) -> f32,
) {
    if channels == 1 {
        into[0].extend(bytes.as_chunks::<N>().0.iter().map(|&bytes| sample(bytes)));
        return;
    }
    for (channel, plane) in into.iter_mut().enumerate() {
        let frames = bytes.chunks_exact(N * channels);
        plane.extend(frames.map(|frame| {
            let mut bytes = [0; N];
            bytes.copy_from_slice(&frame[channel * N..][..N]);
            sample(bytes)
        }));
    }
}

/// What went wrong while samples were decoded.
#[derive(Default)]
struct Faults {
    out_of_range: u64,
    damaged: u64,
    /// In samples from where the current read began.
    first_damaged: Option<usize>,
}

impl Faults {
    fn tame(&mut self, sample: f32) -> f32 {
        if sample.abs() <= 1.0 {
            return sample;
        }
        self.out_of_range += 1;
        if sample.is_nan() { 0.0 } else { sample.clamp(-1.0, 1.0) }
    }

    fn damaged(&mut self, place: usize) {
        self.damaged += 1;
        self.first_damaged.get_or_insert(place);
    }
}

/// Where coded samples lie in a file.
pub(super) struct Place {
    /// The first byte.
    pub start: u64,
    /// How many bytes.
    pub bytes: u64,
    /// The channels in the file; at least 1.
    pub channels: usize,
    /// Samples a second.
    pub sample_rate: u32,
}

/// What a short header says about the samples behind it.
pub(super) struct Stated {
    pub container: &'static str,
    pub codec: Codec,
    /// The first byte of the samples.
    pub start: u64,
    /// How many bytes there are of them; `None` where the header says that it does not know.
    pub bytes: Option<u64>,
    /// The channels, and where in the file that stands.
    pub channels: (u32, u64),
    /// Samples a second, and where in the file that stands.
    pub sample_rate: (u32, u64),
}

/// Opens samples of which nothing is known but what `stated` says, as far as they are there.
pub(super) fn open(mut input: Input, stated: Stated) -> Result<Opened, ReadError> {
    let Stated { container, codec, start, bytes, channels: (channels, channels_at), sample_rate: (rate, rate_at) } =
        stated;
    if !SAMPLE_RATES.contains(&rate) {
        return Err(ReadError::malformed(rate_at, format!("a sample rate of {rate} Hz")));
    }
    if channels == 0 || channels > u32::from(MOST_CHANNELS) {
        return Err(ReadError::malformed(channels_at, format!("{channels} channels")));
    }
    let there = length(&mut input)?;
    let available = there.saturating_sub(start);
    if available == 0 {
        return Err(ReadError::empty(format!("the file ends at byte {there}, before its samples")));
    }
    let channels = channels as usize;
    let frame = codec.block_bytes(channels) as u64;
    let mut warnings = Vec::new();
    let bytes = match bytes {
        None => available,
        Some(0) => {
            warnings.push(Warning::DataSizeUnset { stated: 0, actual: available });
            available
        }
        Some(stated) if stated > available => {
            let missing_s = ((stated - available) / frame) as Seconds / Seconds::from(rate);
            warnings.push(Warning::CutShort { missing_s });
            available
        }
        Some(stated) => stated,
    };
    if channels > MAX_CHANNELS {
        warnings.push(Warning::ExtraChannels { present: channels as u32 });
    }
    let format = Format {
        container,
        codec: codec.name(),
        sample_rate: rate,
        channels: channels.min(MAX_CHANNELS) as u16,
        bits: codec.bits(),
    };
    let place = Place { start, bytes, channels, sample_rate: rate };
    Ok(Opened { source: Box::new(Coded::new(input, codec, place, u64::MAX)?), format, recorded_at: None, warnings })
}

/// Coded samples, read block by block.
pub(super) struct Coded {
    input: Input,
    codec: Codec,
    channels: usize,
    sample_rate: u32,
    bytes_left: u64,
    frames_left: u64,
    frames_done: u64,
    faults: Faults,
    first_damaged_at_s: Option<Seconds>,
    buffer: Vec<u8>,
}

impl Coded {
    /// The samples at `place`, at most `frames` a channel (the padding of the last block is none of the recording).
    pub(super) fn new(mut input: Input, codec: Codec, place: Place, frames: u64) -> Result<Self, ReadError> {
        input.seek(std::io::SeekFrom::Start(place.start))?;
        Ok(Self {
            input,
            codec,
            channels: place.channels,
            sample_rate: place.sample_rate,
            bytes_left: place.bytes,
            frames_left: frames,
            frames_done: 0,
            faults: Faults::default(),
            first_damaged_at_s: None,
            buffer: Vec::new(),
        })
    }

    fn finish(&mut self, warnings: &mut Vec<Warning>) {
        let faults = std::mem::take(&mut self.faults);
        if faults.out_of_range > 0 {
            warnings.push(Warning::SamplesOutOfRange { count: faults.out_of_range });
        }
        if let Some(first_at_s) = self.first_damaged_at_s {
            warnings.push(Warning::FramesDamaged { count: faults.damaged, first_at_s });
        }
    }
}

impl Source for Coded {
    fn read(
        &mut self,
        frames: usize,
        channels: &mut [Vec<f32>],
        warnings: &mut Vec<Warning>,
    ) -> Result<bool, ReadError> {
        let block = self.codec.block_bytes(self.channels);
        let blocks = frames.div_ceil(self.codec.frames(block, self.channels).max(1));
        let want = (blocks.max(1).saturating_mul(block)).min((READ_BYTES / block).max(1) * block);
        let want = want.min(usize::try_from(self.bytes_left).unwrap_or(usize::MAX));
        self.buffer.resize(want, 0);
        let there = fill(&mut self.input, &mut self.buffer)?;
        let cut = there % block;
        let before = channels[0].len();
        let (whole, rest) = self.buffer[..there].split_at(there - cut);
        self.codec.decode(whole, self.channels, channels, &mut self.faults);
        if cut > 0 {
            self.codec.decode(rest, self.channels, channels, &mut self.faults);
            // behind an odd number of odd blocks, some writers count the pad byte
            if cut > 1 || block.is_multiple_of(2) {
                warnings.push(Warning::IncompleteBlock { bytes: cut as u64 });
            }
        }
        let came = (channels[0].len() - before) as u64;
        if let (None, Some(place)) = (self.first_damaged_at_s, self.faults.first_damaged) {
            let frame = self.frames_done + (place - before) as u64;
            self.first_damaged_at_s = Some(frame as f64 / f64::from(self.sample_rate));
        }
        let kept = came.min(self.frames_left);
        for channel in channels {
            channel.truncate(before + kept as usize);
        }
        self.frames_done += kept;
        self.frames_left -= kept;
        // a file that shrinks while it is read ends here
        self.bytes_left = if there < want { 0 } else { self.bytes_left - there as u64 };
        let more = self.bytes_left > 0 && self.frames_left > 0;
        if !more {
            self.finish(warnings);
        }
        Ok(more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(mut codec: Codec, bytes: &[u8], channels: usize) -> Vec<Vec<f32>> {
        let mut planes = vec![Vec::new(); channels];
        codec.decode(bytes, channels, &mut planes, &mut Faults::default());
        planes
    }

    #[test]
    fn pcm_of_every_width_means_the_same() {
        for (codec, bytes) in [
            (Codec::PcmU8, vec![0x40, 0xC0]),
            (Codec::PcmS8, vec![0xC0, 0x40]),
            (Codec::PcmS16(Endian::Little), vec![0, 0xC0, 0, 0x40]),
            (Codec::PcmS16(Endian::Big), vec![0xC0, 0, 0x40, 0]),
            (Codec::PcmS24(Endian::Little), vec![0, 0, 0xC0, 0, 0, 0x40]),
            (Codec::PcmS24(Endian::Big), vec![0xC0, 0, 0, 0x40, 0, 0]),
            (Codec::PcmS32(Endian::Little), vec![0, 0, 0, 0xC0, 0, 0, 0, 0x40]),
            (Codec::PcmS32(Endian::Big), vec![0xC0, 0, 0, 0, 0x40, 0, 0, 0]),
            (Codec::F32(Endian::Little), [(-0.5f32).to_le_bytes(), 0.5f32.to_le_bytes()].concat()),
            (Codec::F64(Endian::Big), [(-0.5f64).to_be_bytes(), 0.5f64.to_be_bytes()].concat()),
        ] {
            let name = codec.name();
            assert_eq!(decoded(codec, &bytes, 2), [[-0.5], [0.5]], "{name}");
        }
    }

    #[test]
    fn only_the_channels_asked_for_are_kept() {
        let mut planes = vec![Vec::new(); 2];
        let bytes = [0x80, 0xC0, 0, 0x80, 0xC0, 0];
        Codec::PcmU8.decode(&bytes, 3, &mut planes, &mut Faults::default());
        assert_eq!(planes, [[0.0, 0.0], [0.5, 0.5]]);
    }

    #[test]
    fn floats_beyond_full_scale_are_counted() {
        let mut faults = Faults::default();
        let bytes: Vec<u8> =
            [f32::NAN, 2.0, f32::NEG_INFINITY, 0.25].iter().flat_map(|sample| sample.to_le_bytes()).collect();
        let mut planes = vec![Vec::new()];
        Codec::F32(Endian::Little).decode(&bytes, 1, &mut planes, &mut faults);
        assert_eq!(planes, [[0.0, 1.0, -1.0, 0.25]]);
        assert_eq!(faults.out_of_range, 3);
    }

    #[test]
    fn frames_are_counted_before_they_are_decoded() {
        assert_eq!(Codec::PcmS16(Endian::Little).total_frames(11, 2), 2);
        assert_eq!(Codec::GsmBlocks(gsm::Gsm::new()).total_frames(65 * 3 + 40, 1), 3 * 320 + 160);
        assert_eq!(Codec::Ima(256).total_frames(512 + 12, 1), 2 * 505 + 17);
        assert_eq!(Codec::Ms(256, vec![]).total_frames(256 + 8, 2), 244);
    }
}
