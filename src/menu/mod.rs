//! What a phone menu was designed to do to a caller.
//!
//! ```text
//! definition files ──► import ──► Flow (the graph) ──► analysis: reach, paths, costs ──► lint, pictures
//! ```
//!
//! [`graph`] is the one model that every format is translated into, [`import`] holds the formats, one file each.
//! Importers only translate: every judgement is a pass over the graph, the same for all formats.

pub mod analysis;
pub mod graph;
pub mod import;
pub mod lint;
pub mod native;
pub mod traffic;
