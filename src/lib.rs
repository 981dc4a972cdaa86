//! bezet audits what a caller experiences on a company's telephone line.
//!
//! The trip of the data, one module a stage; imports run down this list only:
//!
//! ```text
//! bytes ──► audio ──► frames ──► detect ──► line ──► timeline ──► metrics ──► report ──► files
//! ```
//!
//! [`audio`] turns bytes into 8 kHz samples, [`frames`] makes one pass of spectra over them, [`detect`] says what each
//! channel lets hear whatever the country, [`line`] settles what only all calls of a line can tell (whose tones, which
//! side is the caller), [`timeline`] partitions the call, [`metrics`] measures it and [`report`] writes it down.

#![forbid(unsafe_code)]

pub mod audio;
pub mod frames;
pub mod interval;
pub mod units;
