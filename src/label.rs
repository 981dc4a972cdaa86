//! What a caller hears, in this project's words.

use serde::{Deserialize, Serialize};

/// A kind of sound on a telephone line. Closed on purpose: a new kind makes the compiler list every place that must
/// decide about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// Neither voice, music nor tone; comfort noise included.
    Silence,
    /// The ringing tone: one segment a ringing phase, from the first burst's start to the last burst's end.
    Ringback,
    /// The busy tone.
    Busy,
    /// The congestion tone (also: reorder, fast busy).
    Congestion,
    /// The special information tone: three rising tones ahead of a network's message.
    Sit,
    /// The dial tone, or any steady call-progress tone.
    Dial,
    /// A key: an event, its digit in the detail.
    Dtmf,
    /// A single tone that asks to speak: an event.
    Beep,
    /// Music without speech.
    Music,
    /// A recorded or synthetic voice, also over music.
    Announcement,
    /// The first live person, and every later live voice on the line's side.
    Human,
    /// The caller's own voice, where the recording tells it apart.
    Caller,
    /// A voice of which it could not be decided whether it is live.
    Speech,
    /// Anything else.
    Noise,
}

/// Segments partition the call; events lie on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// What the line was doing.
    Segment,
    /// What happened.
    Event,
}

impl Label {
    /// Every label, in the order of the documentation.
    pub const ALL: [Self; 14] = [
        Self::Silence,
        Self::Ringback,
        Self::Busy,
        Self::Congestion,
        Self::Sit,
        Self::Dial,
        Self::Dtmf,
        Self::Beep,
        Self::Music,
        Self::Announcement,
        Self::Human,
        Self::Caller,
        Self::Speech,
        Self::Noise,
    ];

    /// Its name in every output, whatever the language: a key for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Silence => "silence",
            Self::Ringback => "ringback",
            Self::Busy => "busy",
            Self::Congestion => "congestion",
            Self::Sit => "sit",
            Self::Dial => "dial",
            Self::Dtmf => "dtmf",
            Self::Beep => "beep",
            Self::Music => "music",
            Self::Announcement => "announcement",
            Self::Human => "human",
            Self::Caller => "caller",
            Self::Speech => "speech",
            Self::Noise => "noise",
        }
    }

    /// The label of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.name() == name)
    }

    /// Where it lives.
    pub fn layer(self) -> Layer {
        match self {
            Self::Dtmf | Self::Beep => Layer::Event,
            _ => Layer::Segment,
        }
    }

    /// Whether somebody speaks.
    pub fn is_voice(self) -> bool {
        matches!(self, Self::Announcement | Self::Human | Self::Caller | Self::Speech)
    }

    /// Whether it is a call-progress tone.
    pub fn is_tone(self) -> bool {
        matches!(self, Self::Ringback | Self::Busy | Self::Congestion | Self::Sit | Self::Dial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_found_by_its_name() {
        for label in Label::ALL {
            assert_eq!(Label::from_name(label.name()), Some(label));
        }
    }
}
