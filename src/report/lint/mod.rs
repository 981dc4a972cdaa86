//! What is wrong with a menu, written down: for people, as JSON, as SARIF 2.1.0.

mod json;
mod sarif;
mod text;

pub use json::{FindingObject, objects};
pub use sarif::sarif;
pub use text::{findings, rules};

use super::words::{Language, menu_tree};
use crate::menu::{
    graph::{Flow, Origin},
    lint::Finding,
};

/// The file that a finding is about, as it was given.
fn file<'a>(flow: &'a Flow, origin: &Origin) -> Option<&'a str> {
    flow.sources.get(origin.file).map(|source| source.file.as_str())
}

/// A place as people and editors read it: `menu.toml:12`, `flow.json#/Actions/3`.
pub fn place(flow: &Flow, origin: &Origin) -> String {
    let file = file(flow, origin).unwrap_or_default();
    match (origin.line, &origin.pointer) {
        (Some(line), _) => format!("{file}:{line}"),
        (None, Some(pointer)) => format!("{file}#{pointer}"),
        (None, None) => file.to_owned(),
    }
}

/// What a finding is about: the node, and the key or condition of the edge.
pub fn about(language: Language, flow: &Flow, finding: &Finding) -> String {
    let node = finding.node.map(|node| flow.node(node));
    let name = node.map(|node| node.title.as_ref().unwrap_or(&node.id).clone()).unwrap_or_default();
    let on = finding.edge.map(|edge| menu_tree::on(language, &flow.edges[edge.0].on)).filter(|on| !on.is_empty());
    match on {
        Some(on) => format!("{name} › {on}"),
        None => name,
    }
}
