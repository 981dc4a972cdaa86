//! Bytes into 8 kHz samples.
