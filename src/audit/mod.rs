//! An audit: the calls that were given, each judged or refused, in the order of their files.

pub mod entries;
pub mod kept;
pub mod pseudonyms;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::analysis::CallAnalysis;

/// All calls of one audit.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Whose line it is, if the project file says so.
    pub client: Option<String>,
    /// Sorted by line, then file.
    pub calls: Vec<AuditedCall>,
}

/// One recording of an audit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditedCall {
    /// Its path below the argument under which it was found, `/` as separator.
    pub file: String,
    /// The SHA-256 of the recording's bytes, in hexadecimal: the same recording under any name. `None` where the file could
    /// not be opened, and in audits of before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The line that was called.
    pub line: String,
    /// When the call took place; `None` where nothing tells.
    pub recorded_at: Option<DateTime<FixedOffset>>,
    /// Why the call was made, as the side-car says: buy, question, complaint ...
    pub contact_reason: Option<String>,
    /// What is odd about what surrounds the recording: its time, its label file.
    pub notes: Vec<Note>,
    /// What was found, or why the recording could not be read.
    pub finding: Result<CallAnalysis, Refusal>,
}

/// Why a recording is not in the figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// A stable word for machines.
    pub code: String,
    /// What is wrong, where, and what to do about it.
    pub message: String,
}

/// What is odd about a call's surroundings, and how it was dealt with. Worded per language by the reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Note {
    /// The side-car's time of the call is not understood, or could be two days; it was left out.
    TimeNotUnderstood {
        /// The side-car.
        file: String,
        /// The place in it, counted from 1.
        line: u64,
        /// What it says.
        text: String,
    },
    /// The clock showed this time twice that day (the end of summer time); the first was taken.
    TimeShownTwice,
    /// The corrected label file is not understood, so the call stays as it was heard.
    LabelsNotUnderstood {
        /// The label file.
        file: String,
        /// The place in it, counted from 1.
        line: u64,
        /// The text that is not understood.
        text: String,
    },
}
