//! An audit: the calls that were given, each judged or refused, in the order of their files.

use chrono::{DateTime, FixedOffset};

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
#[derive(Clone, Debug)]
pub struct AuditedCall {
    /// Its path below the argument under which it was found, `/` as separator.
    pub file: String,
    /// The line that was called.
    pub line: String,
    /// When the call took place; `None` where nothing tells.
    pub recorded_at: Option<DateTime<FixedOffset>>,
    /// Why the call was made, as the side-car says: buy, question, complaint ...
    pub contact_reason: Option<String>,
    /// What was found, or why the recording could not be read.
    pub finding: Result<CallAnalysis, Refusal>,
}

/// Why a recording is not in the figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// A stable word for machines.
    pub code: String,
    /// What is wrong, where, and what to do about it.
    pub message: String,
}
