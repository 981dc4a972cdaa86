//! The packets of a container, one after the other, at their times.

use std::io::ErrorKind;

use symphonia::core::{
    codecs::CodecParameters,
    errors::Error,
    formats::{FormatReader, Track, TrackType},
    packet::Packet,
    units::TimeBase,
};

use super::{
    super::{
        error::ReadError,
        recognise::Container,
        source::{Format, MAX_CHANNELS, SAMPLE_RATES, Source},
        warning::Warning,
    },
    decoder::{Decoder, guarded},
};
use crate::units::Seconds;

/// A packet that comes so much later than its place leaves a gap; containers that count in milliseconds, and recorders
/// whose clock drifts, stay below it.
const SHORTEST_GAP_S: Seconds = 0.1;

/// More gaps than this together are damaged times, not pauses.
const LONGEST_GAPS_S: Seconds = 3_600.0;

/// How many packets are tried before the first sound is given up.
const MOST_PACKETS_TO_FIRST_SOUND: usize = 500;

/// What is missing at the end is told from this on.
const SHORTEST_MISSING_S: Seconds = 0.1;

/// A container and its decoder.
pub(super) struct Demuxed {
    reader: Box<dyn FormatReader>,
    container: Container,
    offset: u64,
    /// Whether the end of the file is that of the recording too, wherever its demuxer meets it.
    ends_with_file: bool,
    track: u32,
    time_base: Option<TimeBase>,
    decoder: Decoder,
    sample_rate: u32,
    /// What the last packet gave and has not been handed on, one a channel.
    heard: Vec<Vec<f32>>,
    /// Silence that comes before it, in samples.
    silence: u64,
    /// Samples to drop before the recording starts.
    skip: u64,
    /// Samples that the recording still has, where the container says it.
    left: Option<u64>,
    /// Samples that the container promises, where it can be believed.
    promised: u64,
    /// Samples decoded or filled in so far, with those to drop.
    place: u64,
    /// Samples handed on so far.
    given: u64,
    /// The time that stands for the first sample, in samples.
    first_time: Option<f64>,
    damaged: Faults,
    gaps: Faults,
    stopped: Option<String>,
}

/// Faults of one kind: how many, where the first is, how long they last.
#[derive(Default)]
struct Faults {
    count: u64,
    first_at_s: Seconds,
    total_s: Seconds,
}

impl Faults {
    fn add(&mut self, at_s: Seconds, length_s: Seconds) {
        if self.count == 0 {
            self.first_at_s = at_s;
        }
        self.count += 1;
        self.total_s += length_s;
    }
}

impl Demuxed {
    /// The sound of `track`, from the first packet that gives any: only then the rate and the channels are certain.
    /// `offset` is where the container starts, in bytes.
    pub(super) fn new(
        reader: Box<dyn FormatReader>,
        track: &Track,
        container: Container,
        offset: u64,
        ends_with_file: bool,
    ) -> Result<Self, ReadError> {
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            return Err(ReadError::malformed(offset, "how its sound is coded is not said"));
        };
        let decoder = Decoder::new(parameters, container, offset)?;
        // without a tag by its coder, the length of an mp3 is a guess; Opus counts the samples to drop too
        let believed = match container {
            Container::Mp3 | Container::Aac => track.delay.is_some(),
            _ => decoder.name() != "opus",
        };
        let mut demuxed = Self {
            container,
            offset,
            ends_with_file,
            track: track.id,
            time_base: track.time_base,
            sample_rate: decoder.sample_rate,
            heard: Vec::new(),
            silence: 0,
            skip: decoder.delay,
            left: None,
            promised: track.num_frames.filter(|_| believed).unwrap_or(0),
            place: 0,
            given: 0,
            first_time: None,
            damaged: Faults::default(),
            gaps: Faults::default(),
            stopped: None,
            decoder,
            reader,
        };
        demuxed.find_first_sound()?;
        Ok(demuxed)
    }

    /// How the recording is stored.
    pub(super) fn format(&self) -> Format {
        Format {
            container: self.container.name(),
            codec: self.decoder.name(),
            sample_rate: self.sample_rate,
            channels: self.channels().min(MAX_CHANNELS) as u16,
            bits: self.decoder.bits,
        }
    }

    /// The channels in the file.
    pub(super) fn channels(&self) -> usize {
        self.heard.len()
    }

    /// Lets the recording start `start` ticks after the first sample and last `duration` ticks, where that is known;
    /// `timescale` ticks are a second.
    pub(super) fn trim(&mut self, start: Option<u64>, duration: Option<u64>, timescale: u32) {
        let in_samples = |ticks: u64| {
            let samples = u128::from(ticks) * u128::from(self.sample_rate) / u128::from(timescale.max(1));
            u64::try_from(samples).unwrap_or(u64::MAX)
        };
        self.skip = start.map_or(self.skip, in_samples);
        self.left = duration.filter(|_| timescale > 0).map(in_samples);
    }

    fn find_first_sound(&mut self) -> Result<(), ReadError> {
        let offset = self.offset;
        let malformed = |what| Err(ReadError::malformed(offset, what));
        for _ in 0..MOST_PACKETS_TO_FIRST_SOUND {
            if !self.next_packet()? {
                break;
            }
            if self.heard.first().is_some_and(|samples| !samples.is_empty()) {
                if SAMPLE_RATES.contains(&self.sample_rate) {
                    return Ok(());
                }
                return malformed(format!("{} samples a second", self.sample_rate));
            }
        }
        let name = self.container.name();
        match &self.stopped {
            Some(reason) => malformed(format!("the {name} file: {reason}")),
            None if self.damaged.count > 0 => malformed(format!("no packet of the {name} file can be decoded")),
            None => Err(ReadError::empty(format!("the {name} file has a header and no sound"))),
        }
    }

    /// Decodes the next packet of the container into `heard`. `false` at the end.
    fn next_packet(&mut self) -> Result<bool, ReadError> {
        let packet = match guarded(|| self.reader.next_packet()) {
            Ok(Some(packet)) if packet.track_id == self.track => packet,
            Ok(Some(_)) => return Ok(true),
            Ok(None) => return Ok(false),
            Err(Error::IoError(error)) if error.kind() != ErrorKind::UnexpectedEof => {
                return Err(ReadError::Io(error));
            }
            Err(Error::IoError(_)) if self.ends_with_file => return Ok(false),
            Err(Error::IoError(_)) => return Ok(self.stop("the file ends within a packet")),
            Err(Error::ResetRequired) => return Ok(self.chain()),
            Err(error) => return Ok(self.stop(error)),
        };
        if let Err(error) = guarded(|| self.decode(&packet)) {
            return Ok(self.stop(error));
        }
        if self.heard.first().is_none_or(Vec::is_empty) {
            return Ok(true);
        }
        let rate = self.decoder.sample_rate;
        if self.place > 0 && rate != self.sample_rate {
            return Ok(self.stop(format!("the sample rate changes to {rate} Hz")));
        }
        self.sample_rate = rate;
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

    /// Decodes `packet` into `heard`, as many channels as before.
    fn decode(&mut self, packet: &Packet) -> Result<(), Error> {
        let channels = self.heard.len();
        if !self.decoder.decode(packet, &mut self.heard)? {
            // its time passes in silence
            let length = self.in_samples(packet.dur.get() as f64);
            let length = length.min(f64::from(self.sample_rate)) as usize;
            self.damaged.add(self.now(), length as f64 / f64::from(self.sample_rate.max(1)));
            for plane in &mut self.heard {
                plane.clear();
                plane.resize(length, 0.0);
            }
        }
        // a stream may turn from two channels to one; a call keeps its sides
        if channels > 0 && self.heard.len() != channels {
            let last = self.heard.last().cloned().unwrap_or_default();
            self.heard.resize(channels, last);
        }
        for sample in self.heard.iter_mut().flatten() {
            *sample = if sample.is_nan() { 0.0 } else { sample.clamp(-1.0, 1.0) };
        }
        Ok(())
    }

    /// Lets silence come before `packet` where its time says so.
    fn fill_gap(&mut self, packet: &Packet) {
        let time = self.in_samples(packet.pts.get() as f64 + packet.trim_start.get() as f64);
        let place = self.place as f64;
        let gap = time - *self.first_time.get_or_insert(time - place) - place;
        let gap_s = gap / f64::from(self.sample_rate.max(1));
        if gap_s >= SHORTEST_GAP_S && self.gaps.total_s + gap_s <= LONGEST_GAPS_S {
            self.gaps.add(self.now(), gap_s);
            self.silence += gap as u64;
            self.place += gap as u64;
        }
    }

    /// Ticks of the track as samples.
    fn in_samples(&self, ticks: f64) -> f64 {
        self.time_base.map_or(0.0, |base| {
            let seconds = ticks * f64::from(base.numer.get()) / f64::from(base.denom.get());
            seconds * f64::from(self.sample_rate)
        })
    }

    /// The moment of the recording that is reached.
    fn now(&self) -> Seconds {
        self.given as f64 / f64::from(self.sample_rate.max(1))
    }

    /// Goes on with the next stream of a chained Ogg file, where it can be decoded.
    fn chain(&mut self) -> bool {
        let Some(track) = self.reader.default_track(TrackType::Audio).cloned() else {
            return self.stop("another stream follows, without sound");
        };
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            return self.stop("another stream follows, of an unknown kind");
        };
        match Decoder::new(parameters, self.container, self.offset) {
            Ok(decoder) => {
                self.skip += decoder.delay;
                self.decoder = decoder;
            }
            Err(error) => return self.stop(format!("another stream follows: {error}")),
        }
        self.track = track.id;
        self.time_base = track.time_base;
        // its clock starts anew
        self.first_time = None;
        self.promised = 0;
        true
    }

    /// Hands on what was heard, less what is to be dropped or lies behind the end.
    fn hand_on(&mut self, channels: &mut [Vec<f32>]) {
        let came = self.heard[0].len() as u64;
        let skipped = self.skip.min(came);
        let kept = (came - skipped).min(self.left.unwrap_or(u64::MAX));
        for (channel, heard) in channels.iter_mut().zip(&self.heard) {
            channel.extend_from_slice(&heard[skipped as usize..(skipped + kept) as usize]);
        }
        self.heard.iter_mut().for_each(Vec::clear);
        self.skip -= skipped;
        self.left = self.left.map(|left| left - kept);
        self.given += kept;
    }

    /// Hands on some of the silence before what was heard.
    fn hand_on_silence(&mut self, frames: usize, channels: &mut [Vec<f32>]) {
        let count = self.silence.min(frames as u64);
        self.silence -= count;
        let silence = vec![vec![0.0; count as usize]; self.heard.len()];
        let heard = std::mem::replace(&mut self.heard, silence);
        self.hand_on(channels);
        self.heard = heard;
    }

    fn finish(&mut self, warnings: &mut Vec<Warning>) {
        let Faults { count, first_at_s, .. } = self.damaged;
        if count > 0 {
            warnings.push(Warning::FramesDamaged { count, first_at_s });
        }
        let Faults { count, first_at_s, total_s } = self.gaps;
        if count > 0 {
            warnings.push(Warning::GapsFilled { count, first_at_s, total_s });
        }
        let missing = self.promised.saturating_sub(self.place);
        let missing_s = missing as f64 / f64::from(self.sample_rate);
        if let Some(reason) = self.stopped.take() {
            let at_s = self.now();
            warnings.push(Warning::StoppedEarly { at_s, reason });
        } else if missing_s >= SHORTEST_MISSING_S && self.left != Some(0) {
            warnings.push(Warning::CutShort { missing_s });
        }
    }
}

impl Source for Demuxed {
    fn read(
        &mut self,
        frames: usize,
        channels: &mut [Vec<f32>],
        warnings: &mut Vec<Warning>,
    ) -> Result<bool, ReadError> {
        let wanted = channels[0].len() + frames;
        while channels[0].len() < wanted {
            if self.left == Some(0) {
                self.finish(warnings);
                return Ok(false);
            } else if self.silence > 0 {
                self.hand_on_silence(frames, channels);
            } else if !self.heard[0].is_empty() {
                self.hand_on(channels);
            } else if !self.next_packet()? {
                self.finish(warnings);
                return Ok(false);
            }
        }
        Ok(true)
    }
}
