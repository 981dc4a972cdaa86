//! Pure functions on slices of samples and spectra.

pub mod lanes;
pub mod spectrum;
