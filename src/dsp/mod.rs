//! Pure functions on slices of samples and spectra.

pub mod spectrum;
