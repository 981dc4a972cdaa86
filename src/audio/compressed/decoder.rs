//! One packet into samples, whoever decodes it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use symphonia::{
    core::{
        codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions, well_known::*},
        errors::Error,
        packet::Packet,
    },
    default::get_codecs,
};

use super::{
    super::{codec::MOST_CHANNELS, error::ReadError, recognise::Container},
    opus::{self, Opus},
};

/// The most samples a channel of a packet; the longest that exists, FLAC's, has 65,535. Some decoders reserve what a
/// header says.
const MOST_FRAMES: u64 = 65_536;

/// The samples that every AAC coder puts before the recording, having to overlap the first frame with something; taken
/// where the container does not say how many there are.
const AAC_DELAY: u64 = 1_024;

/// Runs what others wrote on foreign bytes. On some damaged files it panics (an overflow while a header is read); one bad
/// file must not end a batch, so that is an error like any other, after which the file is not touched again.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let broken = Error::LimitError("the decoder broke on it");
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(broken))
}

/// A decoder, which remembers the packets before.
pub(super) struct Decoder {
    kind: Kind,
    /// Samples a second; where 0, the first packet tells.
    pub sample_rate: u32,
    /// Bits a sample, where they are a fixed number.
    pub bits: Option<u16>,
    /// The samples before the recording, where the container does not say how many there are.
    pub delay: u64,
}

enum Kind {
    Symphonia(Box<dyn AudioDecoder>),
    Opus(Box<Opus>),
}

impl Decoder {
    /// A decoder for what a container's header, at byte `offset`, says about its sound.
    pub(super) fn new(parameters: &AudioCodecParameters, container: Container, offset: u64) -> Result<Self, ReadError> {
        let name = container.name();
        let channels = parameters.channels.as_ref().map_or(1, |channels| channels.count());
        let frames = parameters.max_frames_per_packet.unwrap_or(0);
        if frames > MOST_FRAMES || channels > MOST_CHANNELS.into() {
            let what = format!("the {name} file says {channels} channels in packets of {frames}");
            return Err(ReadError::malformed(offset, what));
        }
        if parameters.codec == CODEC_ID_OPUS {
            let header = parameters.extra_data.as_deref();
            let opus = Opus::new(header, channels, container == Container::Mp4)?;
            return Ok(Self {
                sample_rate: opus::SAMPLE_RATE,
                bits: None,
                delay: opus.pre_skip,
                kind: Kind::Opus(Box::new(opus)),
            });
        }
        let options = AudioDecoderOptions::default();
        match guarded(|| get_codecs().make_audio_decoder(parameters, &options)) {
            Ok(decoder) => Ok(Self {
                kind: Kind::Symphonia(decoder),
                sample_rate: parameters.sample_rate.unwrap_or(0),
                bits: parameters.bits_per_sample.and_then(|bits| u16::try_from(bits).ok()),
                delay: if parameters.codec == CODEC_ID_AAC { AAC_DELAY } else { 0 },
            }),
            Err(error) => Err(ReadError::unsupported(match known(parameters.codec) {
                Some(coding) => format!("{coding} in a file of the kind {name}"),
                None => format!("the coding in this {name} file ({error})"),
            })),
        }
    }

    /// The name that [`Format`](super::super::Format) carries.
    pub(super) fn name(&self) -> &'static str {
        match &self.kind {
            Kind::Opus(_) => "opus",
            Kind::Symphonia(decoder) => decoder.codec_info().short_name,
        }
    }

    /// Decodes `packet` and puts its samples in `planes`, one a channel. `false` where it is damaged; an error where
    /// nothing more is to be expected.
    pub(super) fn decode(&mut self, packet: &Packet, planes: &mut Vec<Vec<f32>>) -> Result<bool, Error> {
        match &mut self.kind {
            Kind::Opus(opus) => {
                let came = opus.decode(&packet.data, planes);
                let end = opus::in_samples(packet.trim_end.get());
                let end = usize::try_from(end).unwrap_or(usize::MAX);
                for plane in planes {
                    plane.truncate(plane.len().saturating_sub(end));
                }
                Ok(came.is_some())
            }
            Kind::Symphonia(decoder) => match decoder.decode(packet) {
                Ok(buffer) => {
                    self.sample_rate = buffer.spec().rate();
                    buffer.copy_to_vecs_planar(planes);
                    Ok(true)
                }
                Err(Error::DecodeError(_) | Error::IoError(_)) => Ok(false),
                Err(error) => Err(error),
            },
        }
    }
}

/// The codings that are known by name and not decoded.
fn known(codec: AudioCodecId) -> Option<&'static str> {
    Some(match codec {
        CODEC_ID_SPEEX => "Speex",
        CODEC_ID_MP1 | CODEC_ID_MP2 => "MPEG layer I or II",
        CODEC_ID_AC3 | CODEC_ID_EAC3 | CODEC_ID_AC4 => "Dolby AC-3",
        CODEC_ID_ADPCM_G722 => "G.722",
        CODEC_ID_ADPCM_G726 | CODEC_ID_ADPCM_G726LE => "G.726",
        CODEC_ID_WMA => "Windows Media Audio",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_reserves_no_memory_that_no_packet_needs() {
        let mut parameters = AudioCodecParameters::new();
        parameters.for_codec(CODEC_ID_PCM_S16LE).with_max_frames_per_packet(u64::from(u32::MAX));
        let refused = Decoder::new(&parameters, Container::Mkv, 7).err();
        assert!(matches!(refused, Some(ReadError::Malformed { offset: 7, .. })));
    }

    #[test]
    fn a_decoder_that_breaks_is_an_error() {
        let result = guarded(|| -> Result<(), Error> { panic!("of a decoder, on purpose") });
        assert!(result.is_err());
    }
}
