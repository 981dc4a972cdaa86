//! A figure, how sure it is, where in the recording it comes from; or the reason why there is none.

use serde::{Deserialize, Serialize};

use crate::{interval::Interval, units::Seconds};

/// A measured value. `value` is `None` where the recording does not tell: never a guess, never 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured<T> {
    /// What was measured, if it could be.
    pub value: Option<T>,
    /// How sure that is, 0 to 1; for an absent value, how sure it is that it is rightly absent.
    pub confidence: f32,
    /// What the signs alone say of it, 0 to 1, before the metrics' calibration holds it against what such signs were
    /// worth on calls whose truth is known.
    pub evidence: f32,
    /// What was weighed, or why there is no value.
    pub reason: Reason,
    /// The seconds of audio that it comes from.
    pub from: Option<Interval>,
}

impl<T> Measured<T> {
    /// A value heard in `from`.
    pub fn heard(value: T, confidence: f32, reason: Reason, from: Interval) -> Self {
        let confidence = confidence.clamp(0.0, 1.0);
        Self { value: Some(value), confidence, evidence: confidence, reason, from: Some(from) }
    }

    /// No value, and why.
    pub fn absent(confidence: f32, reason: Reason) -> Self {
        let confidence = confidence.clamp(0.0, 1.0);
        Self { value: None, confidence, evidence: confidence, reason, from: None }
    }

    /// The same with another view of its value.
    pub fn map<U>(&self, view: impl FnOnce(&T) -> U) -> Measured<U> {
        Measured {
            value: self.value.as_ref().map(view),
            confidence: self.confidence,
            evidence: self.evidence,
            reason: self.reason.clone(),
            from: self.from,
        }
    }
}

/// Why a figure is what it is, or is not there. Worded per language by the reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum Reason {
    /// Plainly heard; nothing to add.
    Heard,
    /// Looked for over the whole recording and not there.
    NotThere,
    /// The recording starts after the pick-up, so what came before cannot be known.
    StartsAfterPickUp,
    /// The recording ends before anything was picked up.
    EndsBeforeAnswer,
    /// Nobody picked up: busy, unobtainable or ringing out.
    NeverAnswered,
    /// The first burst of ringing was cut by the start of the recording, or the last by the answer.
    RingCut {
        /// How many bursts are whole.
        whole: u32,
        /// How many are cut.
        cut: u32,
    },
    /// Music plays in the place of the ringing tone, so there are no rings to count.
    PersonalisedRingback,
    /// The ringing stopped short: picked up in the middle of a burst.
    RingCutShort,
    /// The noise floor stepped when the called end came on the line.
    NoiseFloorStep {
        /// By how much, in dB.
        step_db: f32,
    },
    /// A click where the line was switched through.
    Click,
    /// No sign of the pick-up itself, so the first sound after the ringing is taken.
    FirstSound,
    /// The tone fits more than one meaning or country.
    Ambiguous {
        /// What else it may be.
        rival: String,
    },
    /// Two voices took turns.
    TurnTaking {
        /// How often the turn changed.
        turns: u32,
    },
    /// Inferred from the order of events: the first voice after the last machine sound.
    OrderOfEvents,
    /// The same sound was heard elsewhere in this call or in other calls of the line: a recording.
    HeardBefore {
        /// How often in all.
        times: u32,
    },
    /// There is a voice, but whether it is a live one could not be decided.
    LiveOrRecorded,
    /// The caller's own channel answers it.
    CallerAnswers,
    /// The recording holds no person.
    NoPerson,
    /// There was no queue to wait in.
    NoQueue,
    /// Still waiting where the recording ends: the figure is a lower bound.
    StillWaiting,
    /// The line itself ended the wait: with a last message out of turn, or by hanging up.
    SentAway,
    /// The recording holds nothing but silence.
    OnlySilence,
    /// The recording is too short to tell.
    TooShort,
    /// The file could not be read.
    Unreadable,
    /// A corrected label file says so.
    Labelled,
    /// The project file or the command line says so.
    Told,
    /// This call does not tell; the other calls of its line do.
    OtherCalls,
    /// It follows from other figures, and is as sure as the least sure of them.
    Derived,
    /// One message came most often.
    SameMessage {
        /// What it is called.
        name: String,
        /// How often it was played.
        times: u32,
    },
    /// No message was played twice.
    NothingTwice,
    /// No recording of the line was given this name or this kind.
    NotNamed,
    /// The person spoke at once.
    NoWait,
    /// There was no music.
    NoMusic,
    /// No voice and no music follow each other.
    NoChange,
    /// The music did not come round while it was heard.
    MusicNotRound,
    /// The music starts anew after each message, and its end was never heard.
    MusicCutShort,
    /// The music goes on unheard while a message is played.
    MusicGoesOn,
    /// The music halts while a message is played, and goes on where it was.
    MusicHalts,
    /// The music starts anew after each message.
    MusicStartsAnew,
    /// More than one voice plays at a time.
    SeveralVoices,
    /// A codec or a change of sample rate has rounded the waves off.
    HiddenByCodec,
    /// The line's menu has no definition to hold the call against.
    NoDefinition,
    /// Nothing of the menu's definition was recognised in the call.
    MenuNotHeard,
    /// The definition's own recordings were recognised, in an order that it allows.
    MenuPrompts,
    /// The keys and the order of the messages fit the definition; none of its recordings is known.
    MenuKeys,
    /// The call left what was designed.
    Strays {
        /// When first.
        at_s: Seconds,
        /// At which node of the definition.
        node: String,
        /// By what.
        what: Stray,
    },
}

/// How a call leaves what was designed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stray {
    /// A key that does nothing there.
    Key(String),
    /// A message that the definition does not know; its name, where it has one.
    Message(Option<String>),
    /// Another recording than the definition's.
    OtherPrompt,
    /// A key that was not heard but follows from what came next.
    KeyNotHeard,
}

impl Reason {
    /// Its name for machines, the same in every language.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Heard => "heard",
            Self::NotThere => "not_there",
            Self::StartsAfterPickUp => "starts_after_pick_up",
            Self::EndsBeforeAnswer => "ends_before_answer",
            Self::NeverAnswered => "never_answered",
            Self::RingCut { .. } => "ring_cut",
            Self::PersonalisedRingback => "personalised_ringback",
            Self::RingCutShort => "ring_cut_short",
            Self::NoiseFloorStep { .. } => "noise_floor_step",
            Self::Click => "click",
            Self::FirstSound => "first_sound",
            Self::Ambiguous { .. } => "ambiguous",
            Self::TurnTaking { .. } => "turn_taking",
            Self::OrderOfEvents => "order_of_events",
            Self::HeardBefore { .. } => "heard_before",
            Self::LiveOrRecorded => "live_or_recorded",
            Self::CallerAnswers => "caller_answers",
            Self::NoPerson => "no_person",
            Self::NoQueue => "no_queue",
            Self::StillWaiting => "still_waiting",
            Self::SentAway => "sent_away",
            Self::OnlySilence => "only_silence",
            Self::TooShort => "too_short",
            Self::Unreadable => "unreadable",
            Self::Labelled => "labelled",
            Self::Told => "told",
            Self::OtherCalls => "other_calls",
            Self::Derived => "derived",
            Self::SameMessage { .. } => "same_message",
            Self::NothingTwice => "nothing_twice",
            Self::NotNamed => "not_named",
            Self::NoWait => "no_wait",
            Self::NoMusic => "no_music",
            Self::NoChange => "no_change",
            Self::MusicNotRound => "music_not_round",
            Self::MusicCutShort => "music_cut_short",
            Self::MusicGoesOn => "music_goes_on",
            Self::MusicHalts => "music_halts",
            Self::MusicStartsAnew => "music_starts_anew",
            Self::SeveralVoices => "several_voices",
            Self::NoDefinition => "no_definition",
            Self::MenuNotHeard => "menu_not_heard",
            Self::MenuPrompts => "menu_prompts",
            Self::MenuKeys => "menu_keys",
            Self::Strays { .. } => "strays",
            Self::HiddenByCodec => "hidden_by_codec",
        }
    }
}

/// The unit of a figure, as it is written in outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// A number of things.
    Count,
    /// A word or a text.
    Text,
    /// A part of a whole, 0 to 1.
    Share,
    /// Decibels.
    Decibels,
}

impl Unit {
    /// As written in the column `unit`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Count => "count",
            Self::Text => "text",
            Self::Share => "share",
            Self::Decibels => "dB",
        }
    }
}

/// A value of any figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Seconds.
    Seconds(Seconds),
    /// A number of things.
    Count(u32),
    /// A word or a text.
    Text(String),
    /// A number in the figure's unit.
    Number(f64),
}

/// One figure in the uniform shape that tables are made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name, the column's name in `calls.csv`.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// The value with all that belongs to it.
    pub measured: Measured<Value>,
}
