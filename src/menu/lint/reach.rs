//! What can be reached, and what cannot.

use std::collections::BTreeSet;

use super::{Check, Fact, Finding, Level, scene::Scene};
use crate::menu::{
    analysis::keys::Keys,
    graph::{NodeIndex, NodeKind, Target},
};

/// An entry from which no person can be reached in opening hours, whatever the caller does.
pub(super) fn no_human(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for entry in &scene.flow.entries {
        let Target::Node(start) = entry.to else { continue };
        if scene.analysis.keys.from(start) == Keys::Never {
            let fact = Fact::NoPerson { entry: entry.label.clone() };
            findings.push(Finding::at_node(scene, Check::NoHuman, Level::Error, start, fact));
        }
    }
    findings
}

/// A contact reason that no entry leads to.
pub(super) fn reason_unreachable(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for reason in &scene.flow.reasons {
        if !reason.goals.iter().any(|goal| scene.analysis.effective.has(*goal)) {
            let fact = Fact::ReasonNowhere { reason: reason.label.clone() };
            findings.push(match reason.goals.first() {
                Some(&goal) => Finding::at_node(scene, Check::ReasonUnreachable, Level::Error, goal, fact),
                None => Finding::of_all(Check::ReasonUnreachable, Level::Error, fact),
            });
        }
    }
    findings
}

/// Nodes that no entry reaches. Of a part that hangs together only what stands first is named: the menus, and what
/// nothing leads to.
pub(super) fn unreachable(scene: &Scene) -> Vec<Finding> {
    if scene.analysis.starts.is_empty() {
        return vec![];
    }
    let mut findings = vec![];
    for (index, node) in scene.flow.indexed() {
        if scene.analysis.effective.has(index) || matches!(node.kind, NodeKind::Hangup { said: false }) {
            continue;
        }
        let drawn = scene.analysis.structural.has(index);
        let mut before = scene.analysis.entering(index).map(|(_, edge)| edge.from).filter(|from| *from != index);
        let first = match drawn {
            true => before.any(|from| scene.analysis.effective.has(from)),
            false => before.next().is_none() || matches!(node.kind, NodeKind::Menu(_)),
        };
        if first {
            let fact = Fact::NeverReached { drawn };
            findings.push(Finding::at_node(scene, Check::Unreachable, Level::Warning, index, fact));
        }
    }
    findings
}

/// Menus that only lead to each other: whoever is in one of them cannot get out but by hanging up.
pub(super) fn cycle_menus(scene: &Scene) -> Vec<Finding> {
    let is_menu = |node: &NodeIndex| matches!(scene.flow.node(*node).kind, NodeKind::Menu(_));
    let trapped: BTreeSet<NodeIndex> = scene.analysis.trapped.iter().copied().collect();
    let mut told = BTreeSet::new();
    let mut findings = vec![];
    for &node in trapped.iter().filter(|node| is_menu(node)) {
        if told.contains(&node) {
            continue;
        }
        let (mut open, mut part) = (vec![node], BTreeSet::new());
        while let Some(at) = open.pop() {
            if trapped.contains(&at) && part.insert(at) {
                open.extend(scene.out(at).filter_map(|(_, edge)| edge.to.node()));
            }
        }
        let menus: Vec<NodeIndex> = part.iter().copied().filter(is_menu).collect();
        told.extend(part);
        let names = menus.iter().map(|menu| scene.name(*menu)).collect();
        findings.push(Finding::at_node(scene, Check::CycleMenus, Level::Warning, node, Fact::Circle(names)));
    }
    findings
}
