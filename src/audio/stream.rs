//! A recording from its first byte to its last sample at 8 kHz.

use std::{fs::File, path::Path};

use chrono::NaiveDateTime;

use super::{
    aiff, au, compressed,
    error::ReadError,
    input::{Bytes, Input},
    raw,
    recognise::{Kind, recognise},
    resample::Resampler,
    source::{Format, Opened, Source},
    warning::Warning,
    wav,
};
use crate::units::SAMPLE_RATE;

/// The samples of a block, a channel: 2 s. Only the last block of a recording is shorter.
pub const BLOCK_SAMPLES: usize = 16_000;

/// A recording that hands out its sound in blocks, in memory that does not grow with its length.
pub struct AudioStream {
    source: Box<dyn Source>,
    format: Format,
    recorded_at: Option<NaiveDateTime>,
    warnings: Vec<Warning>,
    /// One a channel; none where the recording is at 8 kHz already.
    resamplers: Vec<Resampler>,
    /// Samples at the recording's own rate, before the resamplers.
    stored: Vec<Vec<f32>>,
    /// Samples at 8 kHz, not handed out yet.
    ready: Vec<Vec<f32>>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing has been heard yet.
    Fresh,
    Running,
    Ended,
}

/// Opens the recording at `path`.
///
/// What it is, is told from its content; only files without any header (`.ulaw`, `.alaw`, `.gsm`, `.sln`) by their name.
///
/// # Errors
/// Where it cannot be read, is no sound, is coded in a way that is not decoded here, or is damaged beyond use.
pub fn open(path: &Path) -> Result<AudioStream, ReadError> {
    AudioStream::new(File::open(path)?, path)
}

impl AudioStream {
    /// The recording in `bytes`, which go by the name of `name`.
    ///
    /// # Errors
    /// As [`open`].
    pub fn new(bytes: impl Bytes + 'static, name: &Path) -> Result<Self, ReadError> {
        let mut input: Input = Box::new(bytes);
        let opened = match recognise(&mut input, name)? {
            Kind::Wav => wav::open(input)?,
            Kind::Aiff => aiff::open(input)?,
            Kind::Au => au::open(input)?,
            Kind::Raw(raw) => raw::open(input, raw)?,
            Kind::Compressed(container) => compressed::open(input, container)?,
        };
        Ok(Self::from_opened(opened))
    }

    fn from_opened(opened: Opened) -> Self {
        let format = opened.format;
        let channels = usize::from(format.channels);
        let resamplers = if format.sample_rate == SAMPLE_RATE {
            Vec::new()
        } else {
            (0..channels).map(|_| Resampler::new(format.sample_rate)).collect()
        };
        Self {
            source: opened.source,
            format,
            recorded_at: opened.recorded_at,
            warnings: opened.warnings,
            resamplers,
            stored: vec![Vec::new(); channels],
            ready: vec![Vec::new(); channels],
            state: State::Fresh,
        }
    }

    /// How the recording is stored.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// When the recording began, by the recorder's own clock, where a `bext` chunk (EBU Tech 3285) tells it.
    pub fn recorded_at(&self) -> Option<NaiveDateTime> {
        self.recorded_at
    }

    /// What was repaired or left out so far; complete once the end was reached.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The next [`BLOCK_SAMPLES`] at 8 kHz, `block[channel][sample]`, finite and in [-1, 1]; `None` at the end.
    ///
    /// Every channel has the same length; only the last block is shorter, and none is empty.
    ///
    /// # Errors
    /// Where the disk fails, or where there is no sound in the whole recording. After an error, the recording is at its
    /// end. Sound that cannot be decoded is no error: it ends the recording with a [`Warning`].
    pub fn next_block(&mut self) -> Result<Option<Vec<Vec<f32>>>, ReadError> {
        while self.state != State::Ended && self.ready[0].len() < BLOCK_SAMPLES {
            if let Err(error) = self.hear() {
                self.state = State::Ended;
                self.ready.iter_mut().for_each(Vec::clear);
                return Err(error);
            }
        }
        if self.ready[0].is_empty() {
            return Ok(None);
        }
        let block = self.ready.iter_mut().map(|channel| {
            let rest = channel.split_off(channel.len().min(BLOCK_SAMPLES));
            std::mem::replace(channel, rest)
        });
        Ok(Some(block.collect()))
    }

    /// Reads on, into `ready`.
    fn hear(&mut self) -> Result<(), ReadError> {
        let more = if self.resamplers.is_empty() {
            let wanted = BLOCK_SAMPLES - self.ready[0].len();
            self.source.read(wanted, &mut self.ready, &mut self.warnings)?
        } else {
            let wanted = self.format.sample_rate as usize / 4;
            let more = self.source.read(wanted, &mut self.stored, &mut self.warnings)?;
            let channels = self.resamplers.iter_mut().zip(&mut self.stored).zip(&mut self.ready);
            for ((resampler, stored), ready) in channels {
                resampler.push(stored, ready);
                stored.clear();
                if !more {
                    resampler.finish(ready);
                }
            }
            more
        };
        if !self.ready[0].is_empty() {
            self.state = State::Running;
        }
        if !more {
            if self.state == State::Fresh {
                let reasons: Vec<_> = self.warnings.iter().map(ToString::to_string).collect();
                return Err(ReadError::empty(match reasons.is_empty() {
                    true => "it holds no samples".to_owned(),
                    false => reasons.join("; "),
                }));
            }
            self.state = State::Ended;
        }
        Ok(())
    }
}
