//! Bytes into 8 kHz samples.
//!
//! [`open`] recognises a recording by its content, never by its name, and gives an [`AudioStream`] that hands out its
//! sound in blocks: everything at 8 kHz, one or two channels, in bounded memory whatever its length. Files with a wrong
//! header are the rule in this field, so what can be read is read, and every repair is a [`Warning`].
//!
//! ```text
//! recognise ──► wav, aiff, au, raw ──► codec (g711, adpcm, gsm) ──┐
//!           └──► compressed (mp3, m4a, FLAC, Ogg, ...) ───────────┴──► resample ──► AudioStream
//! ```

mod adpcm;
mod aiff;
mod au;
mod codec;
mod compressed;
mod error;
pub mod g711;
mod gsm;
mod input;
mod raw;
mod recognise;
mod resample;
mod source;
mod stream;
mod warning;
mod wav;

pub use error::{CONVERT, Foreign, ReadError};
pub use input::Bytes;
pub use resample::Resampler;
pub use source::Format;
pub use stream::{AudioStream, BLOCK_SAMPLES, open};
pub use warning::Warning;
