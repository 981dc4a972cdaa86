//! Bytes into 8 kHz samples.

use serde::{Deserialize, Serialize};

/// What was odd about a recording and was mended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Warning {}

/// Why a recording could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {}
