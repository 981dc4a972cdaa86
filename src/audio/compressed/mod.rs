//! Everything that comes in packets: mp3, AAC, ALAC, FLAC, Vorbis and Opus, in their containers.
//!
//! Symphonia takes the containers apart and decodes; what it leaves to its callers is done here: the coder's delay, gaps
//! and damaged packets (both filled with silence, since times must stay right), and Opus.
//!
//! # Limits
//! An mp3 counts no time: where a part of it is lost, what follows comes too early by that much. A WebM recording may be
//! up to 20 ms too long, for the padding of its last Opus packet is not told by its demuxer.

mod decoder;
mod demuxed;
mod mkv;
mod mp4;
mod opus;

use std::{io::ErrorKind, ops::Range};

use symphonia::{
    core::{
        errors::Error,
        formats::{FormatOptions, Track, TrackType, probe::Hint},
        io::{MediaSourceStream, MediaSourceStreamOptions},
        meta::MetadataOptions,
    },
    default::get_probe,
};

use super::{
    error::{Foreign, ReadError},
    input::{Input, Section, length, read_at},
    recognise::{Container, id3_end},
    source::{MAX_CHANNELS, Opened},
    warning::Warning,
};
use decoder::guarded;
use demuxed::Demuxed;
use mp4::Mp4;

impl Container {
    /// The name that [`Format`](super::Format) carries.
    fn name(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Aac => "aac",
            Self::Mp4 => "mp4",
            Self::Flac => "flac",
            Self::Ogg => "ogg",
            Self::Mkv => "mkv",
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
    if let Some(name) = facts.undecoded() {
        return Err(ReadError::unsupported(name));
    }
    // a demuxer that is told of a cut makes nothing of the file; one that meets it keeps what came before
    let ends_with_file = match container {
        Container::Mkv => mkv::end(&mut input)?.is_none_or(|end| end <= place.end),
        _ => false,
    };
    let length = place.end.max(facts.end) - place.start;
    let mut section = Section::new(input, place.start, length)?;
    if container == Container::Mkv {
        section.forbid_seeking();
    }
    let stream = MediaSourceStream::new(Box::new(section), MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    hint.with_extension(container.name());
    let (format, tags) = (FormatOptions::default(), MetadataOptions::default());
    let reader = guarded(|| get_probe().probe(&hint, stream, format, tags))
        .map_err(|error| refused(error, place.start, container))?;
    let Some(track) = reader.default_track(TrackType::Audio).cloned() else {
        let name = container.name();
        let is_picture = |track: &Track| track.track_type().is_some();
        return Err(if reader.tracks().is_empty() {
            ReadError::malformed(place.start, format!("the {name} file has no track of sound"))
        } else if reader.tracks().iter().all(is_picture) {
            ReadError::NotAudio { what: Foreign::SilentVideo }
        } else {
            ReadError::unsupported(format!("the coding in this {name} file"))
        });
    };
    let mut demuxed = Demuxed::new(reader, &track, container, place.start, ends_with_file)?;
    demuxed.trim(facts.start, facts.duration, facts.timescale);
    let mut warnings = Vec::new();
    if demuxed.channels() > MAX_CHANNELS {
        warnings.push(Warning::ExtraChannels { present: demuxed.channels() as u32 });
    }
    Ok(Opened { format: demuxed.format(), source: Box::new(demuxed), recorded_at: None, warnings })
}

/// Why nothing came of a file whose container starts at byte `offset`.
fn refused(error: Error, offset: u64, container: Container) -> ReadError {
    let name = container.name();
    match error {
        Error::IoError(error) if error.kind() != ErrorKind::UnexpectedEof => ReadError::Io(error),
        Error::IoError(_) => ReadError::malformed(offset, format!("the {name} file ends within its header")),
        Error::Unsupported(what) => ReadError::unsupported(format!("this kind of {name} file ({what})")),
        error => ReadError::malformed(offset, format!("the {name} file: {error}")),
    }
}
