//! Findings as objects, for machines.

use serde::Serialize;

use super::{Language, file};
use crate::{
    menu::{
        graph::{EdgeIndex, Flow},
        lint::{Finding, Level},
    },
    report::words::finding,
};

/// A finding as machines read it. Codes and levels never change with the language; sentences do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FindingObject {
    /// The rule's code.
    pub code: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What was found.
    pub message: String,
    /// What helps.
    pub remedy: &'static str,
    /// What the rule rests on.
    pub source: &'static str,
    /// The id of the node that it is about, or `null`.
    pub node: Option<String>,
    /// The place among the edges of the edge that it is about, or `null`.
    pub edge: Option<usize>,
    /// The file, or `null` where it is about the definition as a whole.
    pub file: Option<String>,
    /// The line, counted from 1, or `null`.
    pub line: Option<u32>,
    /// The place in a JSON document (RFC 6901), or `null`.
    pub pointer: Option<String>,
    /// Why its owner accepts it, or `null`.
    pub accepted: Option<String>,
}

/// The findings in `flow` as objects, in their order.
pub fn objects(flow: &Flow, findings: &[Finding], language: Language) -> Vec<FindingObject> {
    findings.iter().map(|found| object(flow, found, language)).collect()
}

fn object(flow: &Flow, found: &Finding, language: Language) -> FindingObject {
    let origin = found.origin.as_ref();
    FindingObject {
        code: found.check.code(),
        level: found.level,
        message: finding::fact(language, &found.fact),
        remedy: finding::remedy(language, found.check),
        source: found.check.rule().source,
        node: found.node.map(|node| flow.node(node).id.clone()),
        edge: found.edge.map(|EdgeIndex(edge)| edge),
        file: origin.and_then(|origin| file(flow, origin)).map(str::to_owned),
        line: origin.and_then(|origin| origin.line),
        pointer: origin.and_then(|origin| origin.pointer.clone()),
        accepted: found.accepted.clone(),
    }
}
