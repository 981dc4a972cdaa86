//! `bezet-menu/1` as structs: what TOML, YAML and JSON documents of it hold.
//!
//! One table a node, with the fields of every kind; which kind has which is in [`NodeType::fields`].

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap,
};

use super::tree::At;

/// The name and version of the format.
pub const FORMAT: &str = "bezet-menu/1";

/// A whole document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// [`FORMAT`].
    pub format: At<String>,
    /// What the menu is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The language of what is said, as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The time zone of the opening hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<At<String>>,
    /// The folder of the recordings, relative to the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_dir: Option<String>,
    /// How fast text is spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speech: Option<SpeechTable>,
    /// What holds where a menu does not say otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defaults: Option<Defaults>,
    /// Where calls come in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry: Vec<At<EntryTable>>,
    /// Opening hours by name.
    #[serde(default, skip_serializing_if = "Ordered::is_empty")]
    pub schedule: Ordered<ScheduleTable>,
    /// What callers want.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reason: Vec<At<ReasonTable>>,
    /// What callers meet.
    #[serde(default, skip_serializing_if = "Ordered::is_empty")]
    pub node: Ordered<NodeTable>,
}

/// How fast text is spoken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeechTable {
    /// Syllables a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub syllables_per_second: Option<At<f64>>,
    /// The pause at the end of a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentence_pause_s: Option<At<f64>>,
    /// The pause at a comma.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comma_pause_s: Option<At<f64>>,
}

/// What holds where a menu does not say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// Silence after the prompt before time-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_s: Option<At<f64>>,
    /// Wait for a further digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inter_digit_s: Option<At<f64>>,
    /// Whether a key cuts prompts short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barge_in: Option<bool>,
    /// Whether a key acts at once; else the engine waits `inter_digit_s` for a second digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_digit_immediate: Option<bool>,
}

/// A place where calls come in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryTable {
    /// What it is called; the node where calls start, where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Word>,
    /// The node where such a call starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<At<String>>,
    /// In place of `start`: what it named in the source, where that does not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dangling: Option<String>,
    /// How sure it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<CertaintyWord>,
}

/// Opening hours: stretches such as `09:00-17:30` a day of the week.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleTable {
    /// Monday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mon: Vec<At<String>>,
    /// Tuesday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tue: Vec<At<String>>,
    /// Wednesday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wed: Vec<At<String>>,
    /// Thursday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thu: Vec<At<String>>,
    /// Friday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fri: Vec<At<String>>,
    /// Saturday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sat: Vec<At<String>>,
    /// Sunday.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sun: Vec<At<String>>,
    /// Days that are closed, such as `2026-12-25`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<At<String>>,
}

/// What callers want, and where that must end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonTable {
    /// Its id.
    pub id: At<String>,
    /// What people call it; the id where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The nodes where it may end.
    pub goals: Vec<At<String>>,
    /// The most keys that it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_keys: Option<u32>,
    /// The most seconds that it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_s: Option<At<f64>>,
}

/// What a node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeType {
    /// Something is said, and the call goes on.
    #[default]
    Prompt,
    /// A choice between listed keys.
    Menu,
    /// Digits without a list.
    Collect,
    /// Opening hours.
    Hours,
    /// Anything else that splits.
    Branch,
    /// A queue for people.
    Queue,
    /// A person, or a group that rings.
    Agent,
    /// A box to speak a message into.
    Voicemail,
    /// The company calls back.
    Callback,
    /// Something outside the telephone system.
    External,
    /// The call ends.
    Hangup,
    /// What cannot be known.
    Unknown,
}

/// A node: the fields of every kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeTable {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: NodeType,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What is said, word for word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// The recording of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    /// In place of `say` and `audio`: several pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Vec<MediaTable>>,
    /// What is said in place of it from the second time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_media: Option<Vec<MediaTable>>,
    /// Whether a key cuts it short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barge_in: Option<bool>,
    /// Where the call goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<At<String>>,
    /// The choices of a menu.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<At<WayTable>>>,
    /// The key that says the menu again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_key: Option<At<Word>>,
    /// What silence does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<RetryTable>,
    /// What a wrong key does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid: Option<RetryTable>,
    /// Silences and wrong keys together before `attempts-used`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<At<u32>>,
    /// Silence after the prompt before time-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_s: Option<At<f64>>,
    /// Wait for a further digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inter_digit_s: Option<At<f64>>,
    /// Whether an extension can be dialled besides the options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direct_dial: Option<bool>,
    /// The digits that are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digits: Option<DigitsTable>,
    /// What the digits are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The opening hours: a name under `schedule`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<At<String>>,
    /// In place of `schedule`: hours that are kept elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
    /// Where calls go in opening hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<At<String>>,
    /// Where calls go outside them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<At<String>>,
    /// Where calls go on holidays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holiday: Option<At<String>>,
    /// Where calls go in an emergency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<At<String>>,
    /// What a branch splits on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Whether the definition alone decides which way a branch goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decidable: Option<bool>,
    /// The queue, person or box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Where callers go who wait too long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overflow: Option<OverflowTable>,
    /// What stands outside.
    #[serde(default, rename = "kind", skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalWord>,
    /// Its name, number or address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether a person is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<bool>,
    /// Where each result leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<Ordered<String>>,
    /// Where any other result leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<At<String>>,
    /// Where a failure leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail: Option<At<String>>,
    /// Whether the source says that the call ends here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<bool>,
    /// Why it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
    /// Any other edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ways: Option<Vec<At<WayTable>>>,
    /// Findings that are accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow: Option<Vec<AllowEntry>>,
    /// Why they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_reason: Option<String>,
}

/// An option, or any other edge.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WayTable {
    /// The key of an option.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Word>,
    /// Any digits of a pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Spoken words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speech: Option<Vec<String>>,
    /// What any other edge is taken on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<OnWord>,
    /// The value for `on = "match"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Which silence or wrong key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<At<u32>>,
    /// How long callers wait before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_s: Option<At<f64>>,
    /// What announces it, word for word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// The recording that announces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    /// In place of `say` and `audio`: several pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Vec<MediaTable>>,
    /// When it has been said, from the start of the menu's recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_s: Option<At<f64>>,
    /// Where it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<At<String>>,
    /// In place of `next`: what it named in the source, where that does not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dangling: Option<String>,
    /// In place of `next`: why it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
    /// The contact reasons that it serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<At<String>>,
    /// What the engine waits before it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_s: Option<At<f64>>,
    /// How sure it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<CertaintyWord>,
    /// The condition under which it exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<String>,
    /// Whether that condition can hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
    /// The same key once more, on purpose: it is followed after the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<bool>,
}

/// What silence or a wrong key does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryTable {
    /// How often the prompt is played in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<At<u32>>,
    /// What is said each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// The recording of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    /// In place of `say` and `audio`: several pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Vec<MediaTable>>,
    /// Where the call goes on after the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<At<String>>,
}

/// Digits that are asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigitsTable {
    /// The fewest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u32>,
    /// The most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// The key that ends them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Word>,
}

/// Where callers go who wait too long.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverflowTable {
    /// How long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_s: Option<At<f64>>,
    /// Where to.
    pub then: At<String>,
}

/// One piece of what is played.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaTable {
    /// A recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    /// Words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// Their language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The length of the recording, where it is not at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_s: Option<At<f64>>,
    /// What only the running system knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// A pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause_s: Option<At<f64>>,
}

/// A finding that is accepted: its code, or its code with why.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AllowEntry {
    /// The code.
    Code(String),
    /// The code and why.
    Full {
        /// The code.
        code: String,
        /// Why.
        reason: String,
    },
}

/// A text that may also be written as a number: a key, a telephone number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Word(pub String);

/// A table whose entries keep the order of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Ordered<T>(pub Vec<(String, At<T>)>);

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$doc])* $variant),+ }
    };
}

words! {
    /// What an edge is taken on.
    OnWord {
        /// Without a condition.
        Next,
        /// In opening hours.
        Open,
        /// Outside them.
        Closed,
        /// On holidays.
        Holiday,
        /// In an emergency.
        Emergency,
        /// On silence.
        Timeout,
        /// On a wrong key.
        Invalid,
        /// When all attempts are used.
        AttemptsUsed,
        /// On a value.
        Match,
        /// On any other value.
        Else,
        /// On a failure.
        Fail,
        /// When a queue is full or the wait too long.
        QueueFull,
    }
}

words! {
    /// How sure an edge is.
    CertaintyWord {
        /// The source says so.
        Certain,
        /// It depends on a value that cannot be seen.
        Possible,
        /// What the engine does where the source says nothing.
        Assumed,
        /// It leads into a file that was not given.
        External,
    }
}

words! {
    /// What stands outside.
    ExternalWord {
        /// A telephone number.
        Number,
        /// Another flow.
        Flow,
        /// A program or look-up.
        Function,
        /// A place in a dialplan.
        Dialplan,
        /// An address on a network.
        Url,
    }
}

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(vec![])
    }
}

impl<T> Ordered<T> {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Table<T> {
            type Value = Ordered<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of names")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered<T>, A::Error> {
                let mut entries = vec![];
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Table(std::marker::PhantomData))
    }
}

impl<T: Serialize> Serialize for Ordered<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Word;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text in quotes")
            }

            fn visit_str<E>(self, text: &str) -> Result<Word, E> {
                Ok(Word(text.to_owned()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Word, E> {
                Ok(Word(number.to_string()))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

impl<'de> Deserialize<'de> for AllowEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Full {
            code: String,
            reason: String,
        }
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = AllowEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the code of a finding, or { code, reason }")
            }

            fn visit_str<E>(self, code: &str) -> Result<AllowEntry, E> {
                Ok(AllowEntry::Code(code.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<AllowEntry, A::Error> {
                let Full { code, reason } = Full::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(AllowEntry::Full { code, reason })
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// Fields that every node may have.
const OF_ALL: [&str; 5] = ["type", "title", "allow", "allow_reason", "ways"];

impl NodeType {
    /// Its name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Menu => "menu",
            Self::Collect => "collect",
            Self::Hours => "hours",
            Self::Branch => "branch",
            Self::Queue => "queue",
            Self::Agent => "agent",
            Self::Voicemail => "voicemail",
            Self::Callback => "callback",
            Self::External => "external",
            Self::Hangup => "hangup",
            Self::Unknown => "unknown",
        }
    }

    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Prompt,
        Self::Menu,
        Self::Collect,
        Self::Hours,
        Self::Branch,
        Self::Queue,
        Self::Agent,
        Self::Voicemail,
        Self::Callback,
        Self::External,
        Self::Hangup,
        Self::Unknown,
    ];

    /// The fields that a node of this kind may have, besides those of all.
    fn own_fields(self) -> &'static [&'static str] {
        match self {
            Self::Prompt => &["say", "audio", "media", "barge_in", "next", "fail"],
            Self::Menu => &[
                "say",
                "audio",
                "media",
                "repeat_media",
                "barge_in",
                "options",
                "repeat_key",
                "timeout",
                "invalid",
                "max_attempts",
                "timeout_s",
                "inter_digit_s",
                "direct_dial",
                "fail",
            ],
            Self::Collect => &[
                "say",
                "audio",
                "media",
                "barge_in",
                "digits",
                "purpose",
                "timeout",
                "invalid",
                "timeout_s",
                "inter_digit_s",
                "next",
                "outcomes",
                "otherwise",
                "fail",
            ],
            Self::Hours => &["schedule", "hours", "open", "closed", "holiday", "emergency", "fail"],
            Self::Branch => &["on", "decidable", "outcomes", "otherwise", "next", "fail"],
            Self::Queue | Self::Agent => &["say", "audio", "media", "target", "overflow", "next", "fail"],
            Self::Voicemail => &["target", "next", "fail"],
            Self::Callback => &["say", "audio", "media", "next", "fail"],
            Self::External => &["kind", "name", "person", "outcomes", "otherwise", "next", "fail"],
            Self::Hangup => &["said"],
            Self::Unknown => &["unknown", "next", "fail"],
        }
    }

    /// The fields that a node of this kind may have.
    pub fn fields(self) -> impl Iterator<Item = &'static str> {
        OF_ALL.iter().chain(self.own_fields()).copied()
    }
}
