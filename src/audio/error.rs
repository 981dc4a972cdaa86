//! Why a file could not be read, and what its owner can do about it.

use std::{fmt, io, path::Path};

use thiserror::Error;

/// The command that turns whatever ffmpeg knows into what is read here; `IN` and `OUT.wav` stand for the names.
pub const CONVERT: &str = "ffmpeg -i IN -ar 8000 -c:a pcm_s16le OUT.wav";

/// Why no sound came out of a file, told apart by what its owner can do.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The disk, the network share or the rights: the file itself may be fine.
    #[error("the file cannot be read: {0}; check that it is there, that you may read it and that no program holds it")]
    Io(#[from] io::Error),

    /// Nothing to hear in it: no bytes, or a header without samples.
    #[error("there is no sound in it: {what}; export the recording again")]
    Empty {
        /// What was found, with its place in the file where that helps.
        what: String,
    },

    /// Something else than sound.
    #[error("this is no sound recording but {what}; {}", .what.remedy())]
    NotAudio {
        /// What it is.
        what: Foreign,
    },

    /// A sound format that is known and not decoded.
    #[error("{format} is not read; convert it first: {command}")]
    Unsupported {
        /// The format's name.
        format: String,
        /// What converts it; `IN` and `OUT.wav` stand for the names.
        command: String,
    },

    /// A sound format that is read, too damaged to make anything of.
    #[error("damaged at byte {offset}: {what}; export it again, or try: {command}")]
    Malformed {
        /// Where the damage is, in bytes from the start of the file.
        offset: u64,
        /// What is wrong there.
        what: String,
        /// What may rescue it; `IN` and `OUT.wav` stand for the names.
        command: String,
    },
}

/// What a file is that holds no recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// Words.
    Text,
    /// A document that is printed or sent, by its kind.
    Document(&'static str),
    /// Files packed into one, by its kind; ZIP may be an Office document too.
    Archive(&'static str),
    /// A picture, by its kind.
    Picture(&'static str),
    /// A moving picture whose sound is not read, by its kind.
    Video(&'static str),
    /// A moving picture without sound.
    SilentVideo,
    /// Notes.
    Midi,
    /// What went over a network, calls among it.
    Capture,
    /// SQLite's.
    Database,
    /// To be run.
    Program,
    /// Nothing that is known; it may be samples without a header.
    Unknown,
}

impl Foreign {
    /// What its owner can do, in English.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Archive(_) => "unpack it first, and name what was in it",
            Self::Video(_) => "save its sound as WAV first, for instance: ffmpeg -i IN OUT.wav",
            Self::Capture => "save its calls as sound first: in Wireshark, Telephony, RTP, RTP Player, Export",
            Self::Unknown => {
                "samples without a header must be named .ulaw, .alaw, .gsm or .sln; else export the recording again"
            }
            _ => "leave it out, or name the recordings alone",
        }
    }
}

impl fmt::Display for Foreign {
    /// With its article, in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("a text"),
            Self::Document("Office") => f.write_str("an Office document or an e-mail"),
            Self::Document(kind) => write!(f, "a {kind} document"),
            Self::Archive("ZIP") => f.write_str("a ZIP archive or an Office document"),
            Self::Archive(kind) => write!(f, "a {kind} archive"),
            Self::Picture(kind) => write!(f, "a picture ({kind})"),
            Self::Video(kind) => write!(f, "a video ({kind})"),
            Self::SilentVideo => f.write_str("a video without sound"),
            Self::Midi => f.write_str("a MIDI file: notes, no sound"),
            Self::Capture => f.write_str("a network capture"),
            Self::Database => f.write_str("a database (SQLite)"),
            Self::Program => f.write_str("a program"),
            Self::Unknown => f.write_str("something unknown"),
        }
    }
}

impl ReadError {
    pub(crate) fn unsupported(format: impl Into<String>) -> Self {
        Self::Unsupported { format: format.into(), command: CONVERT.into() }
    }

    pub(crate) fn malformed(offset: u64, what: impl Into<String>) -> Self {
        Self::Malformed { offset, what: what.into(), command: CONVERT.into() }
    }

    pub(crate) fn empty(what: impl Into<String>) -> Self {
        Self::Empty { what: what.into() }
    }

    /// A stable name of the kind of error, for tables.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::Empty { .. } => "empty",
            Self::NotAudio { .. } => "not-audio",
            Self::Unsupported { .. } => "unsupported",
            Self::Malformed { .. } => "malformed",
        }
    }

    /// The command that makes a readable file out of the one at `path`, ready to paste into a shell, where there is one.
    pub fn command(&self, path: &Path) -> Option<String> {
        let (Self::Unsupported { command, .. } | Self::Malformed { command, .. }) = self else {
            return None;
        };
        let quoted = |path: &Path| format!("\"{}\"", path.display());
        let mut to = path.with_extension("wav");
        if to == path {
            to = path.with_extension("converted.wav");
        }
        // by word, since a file may well be called IN
        let words = command.split(' ').map(|word| match word {
            "IN" => quoted(path),
            "OUT.wav" => quoted(&to),
            word => word.to_owned(),
        });
        Some(words.collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_carries_the_real_names() {
        let error = ReadError::unsupported("AMR");
        assert_eq!(
            error.command(Path::new("mei/IN 3.amr")).as_deref(),
            Some("ffmpeg -i \"mei/IN 3.amr\" -ar 8000 -c:a pcm_s16le \"mei/IN 3.wav\"")
        );
    }

    #[test]
    fn a_conversion_never_overwrites_its_input() {
        let command = ReadError::unsupported("G.729").command(Path::new("a.wav"));
        assert!(command.is_some_and(|command| command.ends_with("\"a.converted.wav\"")));
    }
}
