//! What a menu does to a caller, written down: for people, and as one JSON object.

mod json;
mod text;

pub use json::{kind_name, object};
pub use text::{errors, text};

use super::words::Language;
use crate::menu::{
    analysis::{Analysis, ReasonCost},
    lint::Finding,
};

/// Everything about one definition.
#[derive(Clone, Copy)]
pub struct MenuReport<'a> {
    /// The graph and what was worked out about it.
    pub analysis: &'a Analysis<'a>,
    /// What each contact reason costs.
    pub costs: &'a [ReasonCost],
    /// What was found wrong.
    pub findings: &'a [Finding],
    /// The language of its sentences.
    pub language: Language,
}
