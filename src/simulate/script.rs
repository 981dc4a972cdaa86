//! What happens in composed calls, as data: a TOML file says it, or chance does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    metrics::Outcome,
    units::{Decibels, Hertz, Seconds},
};

/// All lines of a client with the calls to them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Whose lines they are.
    pub client: String,
    /// The lines, each with its calls.
    #[serde(rename = "line")]
    pub lines: Vec<LineScript>,
}

/// One company's number: what all calls to it share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineScript {
    /// Its folder's name.
    pub name: String,
    /// Whose tones it uses (ISO 3166 code, lower case).
    pub country: String,
    /// The folder below `prompts/` that its prompts come from; empty if it plays none.
    #[serde(default)]
    pub voice: String,
    /// The speaker, a folder below `people/`, who calls; empty if the caller never speaks.
    #[serde(default)]
    pub caller: String,
    /// The hold music: a file below `music/` without its ending, or a tune: `tune:4:bell` (a loop of 3 to 12 notes),
    /// `tune:piece:organ`, `tune:chance-7:plucked` (made by chance from the seed 7).
    #[serde(default = "four_notes")]
    pub music: String,
    /// The room around the live persons: a file below `noise/` without its ending; empty for a silent one.
    #[serde(default)]
    pub room: String,
    /// Levels and what the network does.
    #[serde(default)]
    pub sound: Sound,
    /// Files of the voice that make up a prompt, joined; a prompt that is not listed is the file of its own name.
    #[serde(default)]
    pub prompts: BTreeMap<String, Vec<String>>,
    /// Menus: node, key, the node it leads to; what is no menu is a queue. A menu's prompt has the node's name.
    #[serde(default)]
    pub menus: BTreeMap<String, BTreeMap<String, String>>,
    /// The calls to it.
    #[serde(rename = "call", default)]
    pub calls: Vec<CallScript>,
}

fn four_notes() -> String {
    "tune:4:bell".into()
}

/// How a line sounds. Levels are in dBFS, those of voices while they speak.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sound {
    /// Ringing, busy and other tones of the network.
    pub tone_level: Decibels,
    /// The line's prompts.
    pub prompt_level: Decibels,
    /// Its hold music.
    pub music_level: Decibels,
    /// By how much the music steps back under a prompt.
    pub ducking_db: Decibels,
    /// The live persons on the line's side.
    pub agent_level: Decibels,
    /// The caller.
    pub caller_level: Decibels,
    /// The noise of the line once it is picked up.
    pub noise_level: Decibels,
    /// By how much the network is quieter before.
    pub step_db: Decibels,
    /// Whether the mains can be heard.
    pub hum: bool,
    /// A click where the called end comes on.
    pub click: bool,
    /// Automatic gain control in the recorder.
    pub agc: bool,
    /// The share of 20 ms packets that get lost.
    pub loss: f64,
    /// Which of the country's ringing tones, 0 = the plan's own.
    pub ringing_variant: usize,
    /// By how much the exchange is off pitch: 0.01 = 1 % sharp.
    pub deviation: f32,
    /// Whether caller and line are recorded apart, and where the caller is then.
    pub caller_channel: Option<Side>,
    /// What the call went through.
    pub codec: Codec,
    /// What it was recorded as.
    pub container: Container,
}

/// Numbers with their names, and from where to where they may go.
type Numbers = Vec<(&'static str, f64, f64, f64)>;

impl Sound {
    pub(super) fn numbers(&self) -> Numbers {
        let level = |name, level: Decibels| (name, f64::from(level), -100.0, 0.0);
        let step = |name, step: Decibels| (name, f64::from(step), 0.0, 60.0);
        vec![
            level("tone_level", self.tone_level),
            level("prompt_level", self.prompt_level),
            level("music_level", self.music_level),
            level("agent_level", self.agent_level),
            level("caller_level", self.caller_level),
            level("noise_level", self.noise_level),
            step("ducking_db", self.ducking_db),
            step("step_db", self.step_db),
            ("loss", self.loss, 0.0, 1.0),
            ("deviation", f64::from(self.deviation), -0.1, 0.1),
        ]
    }
}

impl Default for Sound {
    fn default() -> Self {
        Self {
            tone_level: -18.0,
            prompt_level: -20.0,
            music_level: -24.0,
            ducking_db: 12.0,
            agent_level: -23.0,
            caller_level: -22.0,
            noise_level: -58.0,
            step_db: 12.0,
            hum: false,
            click: false,
            agc: false,
            loss: 0.0,
            ringing_variant: 0,
            deviation: 0.0,
            caller_channel: None,
            codec: Codec::None,
            container: Container::Pcm,
        }
    }
}

/// One of two channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The first.
    Left,
    /// The second.
    Right,
}

/// A codec on the way; [`Codec::None`], A-law and mu-law need nothing, the others the program ffmpeg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    /// None: samples as they are.
    None,
    /// ITU-T G.711, Europe's.
    Alaw,
    /// ITU-T G.711, North America's and Japan's.
    Mulaw,
    /// GSM 06.10 full rate.
    Gsm,
    /// ITU-T G.726 at 32 kbit/s: cordless telephones.
    G726,
    /// Opus at 16 kbit/s: telephones in browsers.
    Opus,
    /// Speex.
    Speex,
    /// MP3 at 24 kbit/s.
    Mp3,
}

impl Codec {
    /// Every codec.
    pub const ALL: [Self; 8] =
        [Self::None, Self::Alaw, Self::Mulaw, Self::Gsm, Self::G726, Self::Opus, Self::Speex, Self::Mp3];

    /// Its name in scripts and in the truth.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Alaw => "alaw",
            Self::Mulaw => "mulaw",
            Self::Gsm => "gsm",
            Self::G726 => "g726",
            Self::Opus => "opus",
            Self::Speex => "speex",
            Self::Mp3 => "mp3",
        }
    }
}

/// The form of a recording's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Container {
    /// WAV, 16-bit PCM.
    Pcm,
    /// WAV, A-law.
    Alaw,
    /// WAV, mu-law.
    Mulaw,
    /// WAV, GSM 06.10 in Microsoft's blocks ("wav49").
    Gsm,
    /// MP3.
    Mp3,
    /// Ogg Opus.
    Opus,
    /// FLAC.
    Flac,
}

impl Container {
    /// Its name in scripts and in the truth.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pcm => "pcm",
            Self::Alaw => "alaw",
            Self::Mulaw => "mulaw",
            Self::Gsm => "gsm",
            Self::Mp3 => "mp3",
            Self::Opus => "opus",
            Self::Flac => "flac",
        }
    }

    /// The ending of its files' names.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pcm | Self::Alaw | Self::Mulaw | Self::Gsm => "wav",
            Self::Mp3 => "mp3",
            Self::Opus => "ogg",
            Self::Flac => "flac",
        }
    }
}

/// One call, step by step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallScript {
    /// The name of its file without the ending; empty: `call-001`, `call-002` ...
    #[serde(default)]
    pub file: String,
    /// What kind of call it is, in the composer's words.
    pub scenario: String,
    /// How it ends.
    pub outcome: Outcome,
    /// When it took place, as written.
    #[serde(default)]
    pub recorded_at: String,
    /// Where this call differs from the line's [`Sound`]: only what differs.
    #[serde(default)]
    pub sound: toml::Table,
    /// What happens, one thing after another.
    pub steps: Vec<Step>,
}

impl LineScript {
    /// How `call` sounds: as the line does, but for what the call itself says.
    ///
    /// # Errors
    /// Where the call names something that a [`Sound`] has not, or gives it a value that it cannot have.
    pub fn sound_of(&self, call: &CallScript) -> Result<Sound, toml::de::Error> {
        let mut sound = toml::Table::try_from(&self.sound).expect("a sound is plain data");
        sound.extend(call.sound.clone());
        sound.try_into()
    }
}

/// Something that happens in a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// Nothing.
    Wait {
        /// For so long.
        seconds: Seconds,
    },
    /// The called telephone rings.
    Ring {
        /// How many rings are heard.
        count: u32,
        /// How far into the first ring this begins: the recording starts too late.
        #[serde(default)]
        skip_s: Seconds,
        /// How much of the last ring's round is heard, 0 to 1: the answer falls into its pause, or cuts its burst.
        #[serde(default = "whole")]
        last: f64,
    },
    /// A personalised ringback: the network plays music in the place of the ringing tone, and it breaks off at the pick-up.
    RingMusic {
        /// For how long.
        seconds: Seconds,
        /// What it plays, named as a line's music is.
        #[serde(default = "four_notes")]
        music: String,
    },
    /// The called end comes on the line.
    PickUp {},
    /// A tone of the network that goes on for a while.
    Tone {
        /// Which.
        tone: Signal,
        /// For how long.
        seconds: Seconds,
        /// Which of the country's tones of that meaning, 0 = the plan's own.
        #[serde(default)]
        variant: usize,
    },
    /// The special information tone.
    Sit {
        /// Which of the country's, 0 = the plan's own.
        #[serde(default)]
        variant: usize,
    },
    /// The line plays a prompt.
    Say {
        /// Its name.
        prompt: String,
        /// How much of it is heard, 0 to 1.
        #[serde(default = "whole")]
        share: f64,
        /// The key that cuts it short: it is pressed just before the prompt stops, and counts as a key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<char>,
        /// Whether the music goes on under it.
        #[serde(default)]
        over_music: bool,
    },
    /// From here on the caller is in the queue.
    Queue {},
    /// Hold music.
    Music {
        /// For how long.
        seconds: Seconds,
        /// Whether it begins at its beginning, and not where it was left.
        #[serde(default)]
        restart: bool,
        /// How long it takes to come and to go.
        #[serde(default = "short_fade")]
        fade_s: Seconds,
    },
    /// The caller presses a key.
    Key {
        /// Which.
        key: char,
        /// For how long.
        #[serde(default = "key_press")]
        seconds: Seconds,
    },
    /// A machine asks to speak.
    Beep {
        /// How long it sounds.
        #[serde(default = "beep_length")]
        seconds: Seconds,
        /// How high.
        #[serde(default = "beep_pitch")]
        frequency: Hertz,
    },
    /// A live person and the caller take turns.
    Talk {
        /// For about so long.
        seconds: Seconds,
        /// The person, a folder below `people/`.
        agent: String,
    },
    /// The caller alone speaks: a message after a beep.
    Speak {
        /// For about so long.
        seconds: Seconds,
    },
}

impl Step {
    pub(super) fn numbers(&self) -> Numbers {
        /// More rings than any telephone gives.
        const MOST_RINGS: f64 = 1_000.0;
        let seconds = |seconds: Seconds| ("seconds", seconds, 0.0, super::MAX_CALL_S);
        match self {
            Self::Ring { count, skip_s, last } => vec![
                ("count", f64::from(*count), 0.0, MOST_RINGS),
                ("skip_s", *skip_s, 0.0, 60.0),
                ("last", *last, 0.0, 1.0),
            ],
            Self::Say { share, .. } => vec![("share", *share, 0.0, 1.0)],
            Self::Music { seconds: lasts, fade_s, .. } => vec![seconds(*lasts), ("fade_s", *fade_s, 0.0, 60.0)],
            Self::Beep { seconds: lasts, frequency } => {
                vec![seconds(*lasts), ("frequency", f64::from(*frequency), 100.0, 3_900.0)]
            }
            _ => vec![seconds(self.seconds())],
        }
    }

    /// How long it is to last, where that is written; rings and prompts last as long as they do.
    pub(super) fn seconds(&self) -> Seconds {
        match *self {
            Self::Wait { seconds }
            | Self::RingMusic { seconds, .. }
            | Self::Tone { seconds, .. }
            | Self::Music { seconds, .. }
            | Self::Key { seconds, .. }
            | Self::Beep { seconds, .. }
            | Self::Talk { seconds, .. }
            | Self::Speak { seconds } => seconds,
            Self::Ring { .. } | Self::PickUp {} | Self::Sit { .. } | Self::Say { .. } | Self::Queue {} => 0.0,
        }
    }
}

fn whole() -> f64 {
    1.0
}

fn short_fade() -> Seconds {
    0.05
}

fn key_press() -> Seconds {
    0.12
}

fn beep_length() -> Seconds {
    0.4
}

fn beep_pitch() -> Hertz {
    1000.0
}

/// A tone of the network that stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signal {
    /// The called line is in use.
    Busy,
    /// The network is full.
    Congestion,
    /// The exchange waits for a number.
    Dial,
    /// The number is not in use.
    Unobtainable,
}
