//! Titles, axes and legends of the pictures.

use super::{Language, label};
use crate::label::Label;

/// What a stretch of a call is drawn as: a kind of sound, or the menu, which a caller tells from other announcements
/// because it asks for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A kind of sound.
    Sound(Label),
    /// An announcement that a key was pressed in or right after.
    Menu,
}

/// A part's name in a legend.
pub fn part(language: Language, part: Part) -> &'static str {
    match part {
        Part::Sound(sound) => label(language, sound),
        Part::Menu => language.of(("keuzemenu", "menu")),
    }
}

/// A part's code of one or two letters, for stretches too short for its name.
pub fn part_code(language: Language, part: Part) -> &'static str {
    language.of(match part {
        Part::Menu => ("K", "M"),
        Part::Sound(sound) => match sound {
            Label::Silence => ("–", "–"),
            Label::Ringback => ("O", "R"),
            Label::Busy => ("IG", "B"),
            Label::Congestion => ("NO", "N"),
            Label::Sit => ("IT", "I"),
            Label::Dial => ("KT", "D"),
            Label::Dtmf => ("T", "K"),
            Label::Beep => ("P", "Be"),
            Label::Music => ("W", "H"),
            Label::Announcement => ("M", "A"),
            Label::Human => ("Mw", "P"),
            Label::Caller => ("B", "C"),
            Label::Speech => ("?", "?"),
            Label::Noise => ("*", "*"),
        },
    })
}
