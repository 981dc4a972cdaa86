//! The way that a call took through its menu.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::units::Seconds;

/// The way that a call took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Walk {
    /// Where it was, in time's order.
    pub stays: Vec<Stay>,
    /// What was heard besides, of which the definition knows nothing.
    pub asides: Vec<Aside>,
    /// What it rests on.
    pub basis: Basis,
    /// What had to be supposed for it, as a negative logarithm of how likely that is: 0 where nothing had to be.
    pub cost: f64,
}

/// What a walk rests on, the strongest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Recordings of the definition were recognised.
    #[default]
    Prompts,
    /// Keys, and the order of what was heard.
    Keys,
    /// The order of what was heard alone.
    Order,
}

/// A stay at a node, from coming there to leaving it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stay {
    /// The node's id.
    pub node: String,
    /// When the caller came there.
    pub from_s: Seconds,
    /// When it was left, or the call's end.
    pub to_s: Seconds,
    /// How it was left; `None` for the last.
    pub exit: Option<Exit>,
    /// The edge that led on, by its place in the definition; `None` where none is drawn for that.
    pub edge: Option<usize>,
    /// How long something of this node was heard; `None` where nothing was.
    pub listened_s: Option<Seconds>,
    /// Whether what was said there is not the definition's recording, although that was looked for.
    pub otherwise: bool,
    /// Whether a key came before all was said.
    pub early: bool,
    /// Whether the key was not heard but follows from what came next.
    pub inferred: bool,
}

/// Something heard that the definition does not know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aside {
    /// When.
    pub at_s: Seconds,
    /// At which stay, as its place in [`Walk::stays`].
    pub stay: usize,
    /// A key that does nothing there; else a message.
    pub key: Option<String>,
    /// The message's name, where it has one.
    pub message: Option<String>,
}

/// How a node is left.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// By a key, or several.
    Key(String),
    /// By a key that is no option there.
    Invalid(String),
    /// By silence.
    Timeout,
    /// By free digits.
    Digits,
    /// By speaking.
    Speech,
    /// By anything that asks nothing of the caller; a word where the definition gives one.
    On(Option<String>),
}

impl fmt::Display for Exit {
    /// What stands behind the node's id in a path, its colon included; nothing where the way just goes on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(keys) => write!(f, ":{keys}"),
            Self::Invalid(_) => f.write_str(":invalid"),
            Self::Timeout => f.write_str(":timeout"),
            Self::Digits => f.write_str(":digits"),
            Self::Speech => f.write_str(":speech"),
            Self::On(Some(word)) => write!(f, ":{word}"),
            Self::On(None) => Ok(()),
        }
    }
}

impl fmt::Display for Walk {
    /// `greeting > menu:3 > menu-3:timeout > menu-3:2 > queue-3-2`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, stay) in self.stays.iter().enumerate() {
            let gap = if i == 0 { "" } else { " > " };
            write!(f, "{gap}{}", stay.node)?;
            stay.exit.iter().try_for_each(|exit| exit.fmt(f))?;
        }
        Ok(())
    }
}
