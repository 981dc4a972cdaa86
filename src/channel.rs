//! The channels of a recording.

use serde::{Deserialize, Serialize};

/// Which channel of the recording something is heard in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// The only one: both sides are mixed.
    Mono,
    /// The first of two.
    Left,
    /// The second of two.
    Right,
}

impl Channel {
    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mono => "mono",
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}
