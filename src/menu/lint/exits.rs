//! Where callers fall out: dead ends, references to nowhere, closed doors.

use std::collections::BTreeSet;

use super::{Check, Fact, Finding, Level, scene::Scene};
use crate::menu::{
    analysis::DeadEnd,
    graph::{EdgeIndex, ExternalKind, Media, NodeIndex, NodeKind, On, Target},
};

/// Exits that end the call without a person, a box, a call back or a way back; the error exits of the system are not
/// among them. One finding for each that the summary counts.
pub(super) fn dead_end(scene: &Scene) -> Vec<Finding> {
    let finding = |end: &DeadEnd| match *end {
        DeadEnd::Exit(index) => {
            let edge = &scene.flow.edges[index.0];
            let last = edge.to.node().map(|to| &scene.flow.node(to).kind);
            let said = matches!(last, Some(NodeKind::Hangup { said: true }));
            Finding::at_edge(scene, Check::DeadEnd, Level::Error, index, Fact::DropsCaller { said })
        }
        DeadEnd::Stuck(node) => Finding::at_node(scene, Check::DeadEnd, Level::Error, node, Fact::NothingFollows),
    };
    scene.analysis.dead_ends.iter().map(finding).collect()
}

/// References to what is not there. One finding for each that the summary counts.
pub(super) fn dangling(scene: &Scene) -> Vec<Finding> {
    let finding = |&index: &EdgeIndex| match &scene.flow.edges[index.0].to {
        Target::Dangling(name) => {
            let fact = Fact::NoTarget(name.clone());
            Some(Finding::at_edge(scene, Check::Dangling, Level::Error, index, fact))
        }
        Target::Node(_) => None,
    };
    let entries = scene.flow.entries.iter().filter_map(|entry| match &entry.to {
        Target::Dangling(name) => Some(Finding::of_all(Check::Dangling, Level::Error, Fact::NoTarget(name.clone()))),
        Target::Node(_) => None,
    });
    scene.analysis.dangling.iter().filter_map(finding).chain(entries).collect()
}

/// A closed door behind which nothing is offered and nothing is told about when it opens.
pub(super) fn closed_dead(scene: &Scene) -> Vec<Finding> {
    let closed = |on: &On| matches!(on, On::Closed | On::Holiday);
    let mut findings = vec![];
    for (index, edge) in scene.flow.edges.iter().enumerate().filter(|(_, edge)| closed(&edge.on)) {
        if edge.to.node().is_some_and(|to| leaves_in_the_dark(scene, to)) {
            let (index, fact) = (EdgeIndex(index), Fact::ClosedTellsNothing);
            findings.push(Finding::at_edge(scene, Check::ClosedDead, Level::Warning, index, fact));
        }
    }
    findings
}

/// Whether everything behind `start` is known, and none of it helps or tells when to call again.
fn leaves_in_the_dark(scene: &Scene, start: NodeIndex) -> bool {
    let (mut open, mut seen) = (vec![start], BTreeSet::new());
    while let Some(node) = open.pop() {
        if !seen.insert(node) {
            continue;
        }
        match &scene.flow.node(node).kind {
            NodeKind::Prompt { media, .. } if media.iter().any(may_tell_when) => return false,
            NodeKind::Prompt { .. } | NodeKind::Hours { .. } | NodeKind::Branch { .. } | NodeKind::Hangup { .. } => {}
            // somewhere to go, or something that the definition does not tell
            _ => return false,
        }
        let onward = scene.out(node).filter(|(_, edge)| edge.on != On::Fail);
        for (_, edge) in onward {
            match edge.to {
                Target::Node(to) => open.push(to),
                Target::Dangling(_) => return false,
            }
        }
    }
    true
}

/// Whether words tell a time or name another way, or may do so because they are not known.
fn may_tell_when(media: &Media) -> bool {
    match media {
        Media::Text { says, .. } | Media::Audio { says: Some(says), .. } => {
            let says = says.to_lowercase();
            let names = ["morgen", "tomorrow", "maandag", "monday", "www", "website", "http", "e-mail", "email"];
            says.chars().any(|c| c.is_ascii_digit()) || names.iter().any(|name| says.contains(name))
        }
        Media::Audio { says: None, .. } | Media::Dynamic { .. } => true,
        Media::Pause { .. } => false,
    }
}

/// A line with people behind it and opening hours nowhere, nor anything that may be them.
pub(super) fn hours_missing(scene: &Scene) -> Vec<Finding> {
    let met = || scene.flow.indexed().filter(|(index, _)| scene.met(*index)).map(|(_, node)| &node.kind);
    let may_tell = |kind: &NodeKind| match kind {
        NodeKind::Hours { .. } | NodeKind::Unknown { .. } => true,
        NodeKind::Branch { decidable, .. } => !decidable,
        NodeKind::External { kind, .. } => *kind != ExternalKind::Number,
        _ => false,
    };
    let people = met().any(|kind| matches!(kind, NodeKind::Queue { .. } | NodeKind::Agent { .. }));
    let start = scene.analysis.starts.first();
    match start {
        Some(&start) if people && !met().any(may_tell) => {
            vec![Finding::at_node(scene, Check::HoursMissing, Level::Info, start, Fact::NoHours)]
        }
        _ => vec![],
    }
}
