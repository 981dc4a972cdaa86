//! Everything that comes in packets: mp3, AAC, ALAC, FLAC, Vorbis and Opus, in their containers.
//!
//! Symphonia takes the containers apart and decodes; what it leaves to its callers is done here: the coder's delay, gaps
//! and damaged packets (both filled with silence, since times must stay right), and Opus.

use std::ops::Range;

use symphonia::{
    core::{
        codecs::{
            CodecParameters,
            audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions, well_known::*},
        },
        errors::Error,
        formats::{FormatOptions, FormatReader, Track, TrackType, probe::Hint},
        io::{MediaSourceStream, MediaSourceStreamOptions},
        meta::MetadataOptions,
        packet::Packet,
        units::TimeBase,
    },
    default::{get_codecs, get_probe},
};

use super::{
    error::ReadError,
    input::{Input, Section, length, read_at},
    mp4::{self, Mp4},
    opus::{self, Opus},
    recognise::{Container, id3_end},
    source::{Format, MAX_CHANNELS, Opened, SAMPLE_RATES, Source},
    warning::Warning,
};
use crate::units::Seconds;

/// A packet that comes so much later than its place leaves a gap; containers that count in milliseconds, and recorders
/// whose clock drifts, stay below it.
const SHORTEST_GAP_S: Seconds = 0.1;

/// A longer gap is a damaged time, not a pause.
const LONGEST_GAP_S: Seconds = 3_600.0;

/// How many packets in a row may be damaged before the first sound is given up.
const MOST_DAMAGED_AT_START: usize = 500;

/// What is missing at the end is told from this on.
const SHORTEST_MISSING_S: Seconds = 0.1;

impl Container {
    /// The name that [`Format`] carries.
    fn name(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Aac => "aac",
            Self::Mp4 => "mp4",
            Self::Flac => "flac",
            Self::Ogg => "ogg",
            Self::Mkv => "mkv",
            Self::Aiff => "aiff",
            Self::Caf => "caf",
        }
    }

    /// What the demuxers call it.
    fn extension(self) -> &'static str {
        match self {
            Self::Mp4 => "m4a",
            other => other.name(),
        }
    }
}

/// Opens a whole file.
pub(super) fn open(mut input: Input, container: Container) -> Result<Opened, ReadError> {
    let end = length(&mut input)?;
    let mut start = 0;
    // tags that the demuxers would take for the stream; some taggers leave several
    while let Some(tag) = id3_end(&read_at(&mut input, start, 10)?) {
        start += tag;
    }
    if start >= end {
        return Err(ReadError::empty("there is nothing behind its tags"));
    }
    open_section(input, container, start..end)
}

/// Opens the part `place` of a file.
pub(super) fn open_section(mut input: Input, container: Container, place: Range<u64>) -> Result<Opened, ReadError> {
    let facts = match container {
        Container::Mp4 => mp4::read(&mut input)?,
        _ => Mp4::default(),
    };
    let section = Section::new(input, place.start, place.end - place.start)?;
    let stream = MediaSourceStream::new(Box::new(section), MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    hint.with_extension(container.extension());
    let reader = get_probe()
        .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|error| refused(error, place.start, container))?;
    let Some(track) = reader.default_track(TrackType::Audio).cloned() else {
        return Err(match (known_coding(facts.coding), reader.tracks().is_empty()) {
            (Some(name), _) => ReadError::unsupported(name),
            (None, false) => ReadError::NotAudio { what: "a video without sound that can be read".into() },
            (None, true) => ReadError::malformed(place.start, "no track of sound"),
        });
    };
    let mut demuxed = Demuxed::new(reader, &track, container, &facts, place.start)?;
    demuxed.find_first_sound(place.start)?;
    if let Some(limit) = facts.duration.filter(|_| facts.timescale > 0) {
        demuxed.left = Some(rescale(limit, facts.timescale, demuxed.sample_rate));
    }
    if !demuxed.is_opus() {
        demuxed.skip = rescale(facts.start, facts.timescale, demuxed.sample_rate);
    }
    let channels = demuxed.heard.len();
    let format = Format {
        container: container.name(),
        codec: demuxed.codec_name(),
        sample_rate: demuxed.sample_rate,
        channels: channels.min(MAX_CHANNELS) as u16,
        bits: demuxed.bits,
    };
    let mut warnings = Vec::new();
    if channels > MAX_CHANNELS {
        warnings.push(Warning::ExtraChannels { present: channels as u32 });
        demuxed.heard.truncate(MAX_CHANNELS);
    }
    Ok(Opened { source: Box::new(demuxed), format, recorded_at: None, warnings })
}

/// The codings of MP4 and 3GP files that are known by name and not decoded.
fn known_coding(coding: Option<[u8; 4]>) -> Option<&'static str> {
    Some(match &coding? {
        b"samr" => "AMR (3GP)",
        b"sawb" => "AMR wide-band (3GP)",
        b"sawp" => "AMR-WB+ (3GP)",
        b"sevc" | b"secb" => "EVRC (3GP)",
        b"sqcp" => "QCELP (3GP)",
        b"ac-3" | b"ec-3" => "Dolby AC-3",
        b"enca" => "protected sound (DRM)",
        _ => return None,
    })
}

/// Why nothing came of a file.
fn refused(error: Error, offset: u64, container: Container) -> ReadError {
    let name = container.name();
    match error {
        Error::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => ReadError::Io(error),
        Error::IoError(_) => ReadError::malformed(offset, format!("the {name} file ends within its header")),
        Error::Unsupported(what) => ReadError::unsupported(format!("this kind of {name} file ({what})")),
        error => ReadError::malformed(offset, format!("the {name} file: {error}")),
    }
}

fn rescale(ticks: u64, from: u32, to: u32) -> u64 {
    let ticks = u128::from(ticks) * u128::from(to) / u128::from(from.max(1));
    u64::try_from(ticks).unwrap_or(u64::MAX)
}

enum Decoder {
    Symphonia(Box<dyn AudioDecoder>),
    Opus(Box<Opus>),
}

/// A container and its decoder.
struct Demuxed {
    reader: Box<dyn FormatReader>,
    container: Container,
    track: u32,
    time_base: Option<TimeBase>,
    decoder: Decoder,
    sample_rate: u32,
    bits: Option<u16>,
    /// What the last packet gave and has not been handed on, one a channel.
    heard: Vec<Vec<f32>>,
    /// Silence that comes before it, in samples.
    silence: u64,
    /// Samples to drop before the recording starts.
    skip: u64,
    /// Samples that the recording still has, where the container says it.
    left: Option<u64>,
    /// Samples that the container promises, where it can be believed.
    promised: Option<u64>,
    /// Samples decoded or filled in so far, with those to drop.
    place: u64,
    given: u64,
    /// The time that stands for the first sample, in samples.
    first_time: Option<f64>,
    damaged: (u64, Seconds),
    gaps: (u64, Seconds, Seconds),
    stopped: Option<String>,
}

impl Demuxed {
    fn new(
        reader: Box<dyn FormatReader>,
        track: &Track,
        container: Container,
        facts: &Mp4,
        offset: u64,
    ) -> Result<Self, ReadError> {
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            return Err(match known_coding(facts.coding) {
                Some(name) => ReadError::unsupported(name),
                None => ReadError::malformed(offset, "how its sound is coded is not said"),
            });
        };
        let decoder = decoder_for(parameters, container, facts)?;
        let skip = match &decoder {
            Decoder::Opus(opus) => opus.pre_skip,
            Decoder::Symphonia(_) => 0,
        };
        let sample_rate = match &decoder {
            Decoder::Opus(_) => opus::SAMPLE_RATE,
            Decoder::Symphonia(_) => parameters.sample_rate.unwrap_or(0),
        };
        // without a tag by its coder, the length of an mp3 is a guess
        let believed = !matches!(container, Container::Mp3 | Container::Aac) || track.delay.is_some();
        Ok(Self {
            container,
            track: track.id,
            time_base: track.time_base,
            decoder,
            sample_rate,
            bits: parameters.bits_per_sample.and_then(|bits| u16::try_from(bits).ok()),
            heard: Vec::new(),
            silence: 0,
            skip,
            left: None,
            promised: track.num_frames.filter(|_| believed && parameters.codec != CODEC_ID_OPUS),
            place: 0,
            given: 0,
            first_time: None,
            damaged: (0, 0.0),
            gaps: (0, 0.0, 0.0),
            stopped: None,
            reader,
        })
    }

    fn is_opus(&self) -> bool {
        matches!(self.decoder, Decoder::Opus(_))
    }

    fn codec_name(&self) -> &'static str {
        match &self.decoder {
            Decoder::Opus(_) => "opus",
            Decoder::Symphonia(decoder) => decoder.codec_info().short_name,
        }
    }

    /// Decodes until there is something to hear: only then the rate and the channels are certain.
    fn find_first_sound(&mut self, offset: u64) -> Result<(), ReadError> {
        for _ in 0..MOST_DAMAGED_AT_START {
            if !self.next_packet()? {
                break;
            }
            if self.heard.first().is_some_and(|samples| !samples.is_empty()) {
                if !SAMPLE_RATES.contains(&self.sample_rate) {
                    let what = format!("{} samples a second", self.sample_rate);
                    return Err(ReadError::malformed(offset, what));
                }
                return Ok(());
            }
        }
        let name = self.container.name();
        Err(match (&self.stopped, self.damaged.0) {
            (None, 0) => ReadError::empty(format!("the {name} file has a header and no sound")),
            (None, _) => ReadError::malformed(offset, format!("no packet of the {name} file can be decoded")),
            (Some(reason), _) => ReadError::malformed(offset, format!("the {name} file: {reason}")),
        })
    }

    /// Decodes the next packet of the track into `heard`. `false` at the end.
    fn next_packet(&mut self) -> Result<bool, ReadError> {
        let packet = match self.reader.next_packet() {
            Ok(Some(packet)) if packet.track_id == self.track => packet,
            Ok(Some(_)) => return Ok(true),
            Ok(None) => return Ok(false),
            Err(Error::IoError(error)) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
                return Err(ReadError::Io(error));
            }
            Err(Error::IoError(_)) => return Ok(self.stop("the file ends within a packet")),
            Err(Error::ResetRequired) => return self.chain(),
            Err(error) => return Ok(self.stop(error)),
        };
        let before = self.sample_rate;
        match self.decode(&packet) {
            Ok(true) => {}
            Ok(false) => return Ok(true),
            Err(reason) => return Ok(self.stop(reason)),
        }
        if self.place > 0 && self.sample_rate != before {
            let reason = format!("the sample rate changes to {} Hz", self.sample_rate);
            self.sample_rate = before;
            return Ok(self.stop(reason));
        }
        self.fill_gap(&packet);
        self.place += self.heard[0].len() as u64;
        Ok(true)
    }

    /// Remembers why nothing more is heard, and says that nothing more is heard.
    fn stop(&mut self, reason: impl ToString) -> bool {
        self.heard.iter_mut().for_each(Vec::clear);
        self.stopped = Some(reason.to_string());
        false
    }

    /// Decodes `packet`. `false` where it gave nothing; an error where nothing more is to be expected.
    fn decode(&mut self, packet: &Packet) -> Result<bool, Error> {
        let channels = self.heard.len();
        let came = match &mut self.decoder {
            Decoder::Opus(opus) => {
                let came = opus.decode(&packet.data, &mut self.heard);
                let end = usize::try_from(packet.trim_end.get()).unwrap_or(usize::MAX);
                for plane in &mut self.heard {
                    plane.truncate(plane.len().saturating_sub(end));
                }
                came
            }
            Decoder::Symphonia(decoder) => match decoder.decode(packet) {
                Ok(buffer) => {
                    self.sample_rate = buffer.spec().rate();
                    buffer.copy_to_vecs_planar(&mut self.heard);
                    Some(())
                }
                Err(Error::DecodeError(_) | Error::IoError(_)) => None,
                Err(error) => return Err(error),
            },
        };
        if came.is_none() {
            self.damaged.1 = if self.damaged.0 == 0 { self.now() } else { self.damaged.1 };
            self.damaged.0 += 1;
            // its time passes in silence
            let length = self.in_samples(packet.dur.get() as f64).min(f64::from(self.sample_rate));
            self.heard.iter_mut().for_each(|plane| {
                plane.clear();
                plane.resize(length as usize, 0.0);
            });
        }
        if self.heard.first().is_none_or(Vec::is_empty) {
            return Ok(false);
        }
        // a stream may turn from two channels to one; a call keeps its sides
        if channels > 0 && self.heard.len() != channels {
            let last = self.heard.last().cloned().unwrap_or_default();
            self.heard.resize(channels, last);
        }
        for sample in self.heard.iter_mut().flatten() {
            *sample = if sample.is_nan() { 0.0 } else { sample.clamp(-1.0, 1.0) };
        }
        Ok(true)
    }

    /// Lets silence come before `packet` where its time says so.
    fn fill_gap(&mut self, packet: &Packet) {
        let start = packet.pts.get() as f64 + packet.trim_start.get() as f64;
        let time = self.in_samples(start);
        let first = *self.first_time.get_or_insert(time - self.place as f64);
        let gap = time - first - self.place as f64;
        let seconds = gap / f64::from(self.sample_rate.max(1));
        if (SHORTEST_GAP_S..LONGEST_GAP_S).contains(&seconds) {
            self.gaps.1 = if self.gaps.0 == 0 { self.now() } else { self.gaps.1 };
            self.gaps.0 += 1;
            self.gaps.2 += seconds;
            self.silence += gap as u64;
            self.place += gap as u64;
        }
    }

    /// Ticks of the track as samples.
    fn in_samples(&self, ticks: f64) -> f64 {
        self.time_base.map_or(0.0, |base| {
            ticks * f64::from(base.numer.get()) / f64::from(base.denom.get()) * f64::from(self.sample_rate)
        })
    }

    /// Where the recording is, with what comes before its start left out.
    fn now(&self) -> Seconds {
        self.place as f64 / f64::from(self.sample_rate.max(1))
    }

    /// Goes on with the next stream of a chained Ogg file, where it is like the one before.
    fn chain(&mut self) -> Result<bool, ReadError> {
        let Some(track) = self.reader.default_track(TrackType::Audio).cloned() else {
            return Ok(self.stop("another stream follows, without sound"));
        };
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            return Ok(self.stop("another stream follows, of an unknown kind"));
        };
        match decoder_for(parameters, self.container, &Mp4::default()) {
            Ok(decoder) => self.decoder = decoder,
            Err(error) => return Ok(self.stop(format!("another stream follows: {error}"))),
        }
        self.track = track.id;
        self.time_base = track.time_base;
        // its clock starts anew
        self.first_time = None;
        self.promised = None;
        Ok(true)
    }

    /// Hands `count` samples on, or silence, less what is to be dropped or lies behind the end.
    fn hand_on(&mut self, channels: &mut [Vec<f32>]) {
        let skipped = self.skip.min(self.heard[0].len() as u64);
        self.skip -= skipped;
        let came = self.heard[0].len() as u64 - skipped;
        let kept = self.left.map_or(came, |left| came.min(left));
        self.left = self.left.map(|left| left - kept);
        self.given += kept;
        let range = skipped as usize..(skipped + kept) as usize;
        for (channel, heard) in channels.iter_mut().zip(&mut self.heard) {
            channel.extend_from_slice(&heard[range.clone()]);
            heard.clear();
        }
    }

    fn finish(&mut self, warnings: &mut Vec<Warning>) {
        let (count, first_at_s) = self.damaged;
        if count > 0 {
            warnings.push(Warning::FramesDamaged { count, first_at_s });
        }
        let (count, first_at_s, total_s) = self.gaps;
        if count > 0 {
            warnings.push(Warning::GapsFilled { count, first_at_s, total_s });
        }
        let at_s = self.given as f64 / f64::from(self.sample_rate);
        let promised = self.promised.unwrap_or(0).saturating_sub(self.place);
        let missing_s = promised as f64 / f64::from(self.sample_rate);
        if let Some(reason) = self.stopped.take() {
            warnings.push(Warning::StoppedEarly { at_s, reason });
        } else if missing_s >= SHORTEST_MISSING_S && self.left != Some(0) {
            warnings.push(Warning::CutShort { missing_s });
        }
    }
}

fn decoder_for(parameters: &AudioCodecParameters, container: Container, facts: &Mp4) -> Result<Decoder, ReadError> {
    if parameters.codec == CODEC_ID_OPUS {
        let channels = parameters.channels.as_ref().map_or(1, |channels| channels.count());
        let opus = Opus::new(parameters.extra_data.as_deref(), channels, container == Container::Mp4)?;
        return Ok(Decoder::Opus(Box::new(opus)));
    }
    let made = get_codecs().make_audio_decoder(parameters, &AudioDecoderOptions::default());
    made.map(Decoder::Symphonia).map_err(|error| {
        let coding = match parameters.codec {
            CODEC_ID_SPEEX => Some("Speex"),
            CODEC_ID_MP1 | CODEC_ID_MP2 => Some("MPEG layer I or II"),
            CODEC_ID_AC3 | CODEC_ID_EAC3 | CODEC_ID_AC4 => Some("Dolby AC-3"),
            CODEC_ID_ADPCM_G722 => Some("G.722"),
            CODEC_ID_ADPCM_G726 | CODEC_ID_ADPCM_G726LE => Some("G.726"),
            CODEC_ID_WMA => Some("Windows Media Audio"),
            _ => known_coding(facts.coding),
        };
        let name = container.name();
        ReadError::unsupported(match coding {
            Some(coding) => format!("{coding} in a file of the kind {name}"),
            None => format!("the coding in this {name} file ({error})"),
        })
    })
}

impl Source for Demuxed {
    fn read(
        &mut self,
        frames: usize,
        channels: &mut [Vec<f32>],
        warnings: &mut Vec<Warning>,
    ) -> Result<bool, ReadError> {
        let wanted = channels[0].len() + frames;
        while channels[0].len() < wanted && self.left != Some(0) {
            if self.silence > 0 {
                let count = self.silence.min(frames as u64);
                self.silence -= count;
                let heard: Vec<_> = self.heard.iter_mut().map(std::mem::take).collect();
                self.heard.iter_mut().for_each(|plane| plane.resize(count as usize, 0.0));
                self.hand_on(channels);
                self.heard = heard;
            } else if !self.heard[0].is_empty() {
                self.hand_on(channels);
            } else if !self.next_packet()? {
                self.finish(warnings);
                return Ok(false);
            }
        }
        if self.left == Some(0) {
            self.finish(warnings);
            return Ok(false);
        }
        Ok(true)
    }
}
