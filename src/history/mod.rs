//! The audits of all months, kept in one file.
//!
//! The file is an SQLite database ([`database`]) that holds the lines of every audit's own file as they are; what is read
//! back is checked against the sum of its content. Nothing is worked out when an audit goes in: which calls count, where
//! audits overlap, is settled when they come out ([`calls`]).

pub mod calls;
mod database;

pub use calls::{Calls, ClientCall};
pub use database::{Added, Flaw, History, HistoryError, KeptAudit};

/// The file's name where none is given.
pub const FILE_NAME: &str = "bezet-history.db";
