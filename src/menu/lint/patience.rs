//! What happens to a caller who says nothing, presses a wrong key, or tries again.

use std::collections::BTreeSet;

use super::{Check, Fact, Finding, Level, scene::Scene};
use crate::menu::graph::{Edge, Menu, NodeIndex, NodeKind, On, Target};

/// The edges of `node` on silence; where it counts silences and wrong keys together, what comes after the last.
fn on_silence<'a>(scene: &Scene<'a>, node: NodeIndex) -> Vec<&'a Edge> {
    let is = |on: &On| matches!(on, On::Timeout { .. } | On::AttemptsUsed);
    scene.out(node).map(|(_, edge)| edge).filter(|edge| is(&edge.on)).collect()
}

/// The edges of `node` on a wrong key, likewise.
fn on_wrong_key<'a>(scene: &Scene<'a>, node: NodeIndex) -> Vec<&'a Edge> {
    let is = |on: &On| matches!(on, On::Invalid { .. } | On::AttemptsUsed);
    scene.out(node).map(|(_, edge)| edge).filter(|edge| is(&edge.on)).collect()
}

/// Whether `node` asks for anything at all.
fn asks(scene: &Scene, node: NodeIndex) -> bool {
    scene.out(node).any(|(_, edge)| matches!(edge.on, On::Key(_) | On::Speech(_) | On::Pattern(_)))
}

/// Silence that nothing is said about, or that ends the call.
pub(super) fn timeout_missing(scene: &Scene) -> Vec<Finding> {
    let of_menu = |(node, menu): (NodeIndex, &Menu)| {
        let edges = on_silence(scene, node);
        // where the definition sends callers on without a condition, silence goes there too
        let falls_on = scene.out(node).any(|(_, edge)| matches!(edge.on, On::Next | On::Else));
        let fact = if edges.iter().any(|edge| scene.ends(&edge.to)) {
            Fact::SilenceDrops
        } else if asks(scene, node) && edges.is_empty() && menu.timeout.attempts.is_none() && !falls_on {
            Fact::SilenceUnhandled
        } else {
            return None;
        };
        Some(Finding::at_node(scene, Check::TimeoutMissing, Level::Error, node, fact))
    };
    scene.menus().filter_map(of_menu).collect()
}

/// A reaction to silence that comes too soon or too late.
pub(super) fn timeout_value(scene: &Scene) -> Vec<Finding> {
    let of_menu = |(node, menu): (NodeIndex, &Menu)| {
        let seconds = menu.no_input_s.filter(|_| asks(scene, node))?;
        let fits = (scene.limits.timeout_min_s..=scene.limits.timeout_max_s).contains(&seconds);
        let fact = Fact::Timeout(seconds);
        (!fits).then(|| Finding::at_node(scene, Check::TimeoutValue, Level::Warning, node, fact))
    };
    scene.menus().filter_map(of_menu).collect()
}

/// A wrong key that nothing is said about, that ends the call, or that does what one of the options does.
pub(super) fn invalid_missing(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (node, menu) in scene.menus().filter(|(node, _)| !scene.options(*node).is_empty()) {
        let edges = on_wrong_key(scene, node);
        let falls_on = scene.out(node).any(|(_, edge)| matches!(edge.on, On::Next | On::Else | On::Pattern(_)));
        let at = |level, fact| Finding::at_node(scene, Check::InvalidMissing, level, node, fact);
        if edges.iter().any(|edge| scene.ends(&edge.to)) {
            findings.push(at(Level::Error, Fact::InvalidDrops));
        } else if edges.is_empty() && menu.invalid.attempts.is_none() && !falls_on {
            findings.push(at(Level::Warning, Fact::InvalidUnhandled));
        } else if let Some(key) = taken_for(scene, node, menu, &edges) {
            findings.push(at(Level::Warning, Fact::InvalidTaken { key }));
        }
    }
    findings
}

/// The option that the very first wrong key is taken for: one that is no operator, and not where silence leads.
fn taken_for(scene: &Scene, node: NodeIndex, menu: &Menu, edges: &[&Edge]) -> Option<String> {
    let at_once = |edge: &&&Edge| match edge.on {
        On::Invalid { nth } => nth.or(menu.invalid.attempts).unwrap_or(1) <= 1,
        _ => false,
    };
    let silence: BTreeSet<_> = on_silence(scene, node).iter().filter_map(|edge| edge.to.node()).collect();
    let unasked = |to: &Target| to.node().is_some_and(|to| !silence.contains(&to));
    let edge = edges.iter().find(|edge| at_once(edge) && unasked(&edge.to) && !scene.repeats(node, &edge.to))?;
    let options = scene.choices(node);
    options.iter().find(|option| option.edge.to == edge.to).map(|option| option.key.to_owned())
}

/// No second try, or too many.
pub(super) fn attempts(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (node, menu) in scene.menus() {
        let helps = |edges: &[&Edge]| edges.iter().any(|edge| scene.helps(&edge.to) != Some(false));
        let moves_on = |edges: &[&Edge]| !edges.is_empty() && edges.iter().all(|e| !scene.repeats(node, &e.to));
        let tries = [
            (menu.timeout.attempts, on_silence(scene, node)),
            (menu.invalid.attempts, on_wrong_key(scene, node)),
            (menu.max_attempts, vec![]),
        ];
        let most = tries.iter().filter_map(|(tries, _)| *tries).max();
        let fact = if let Some(most) = most.filter(|&most| most > scene.limits.attempts) {
            Fact::ManyTries(most)
        } else if tries[..2].iter().any(|(tries, edges)| *tries == Some(1) && moves_on(edges) && !helps(edges)) {
            Fact::NoSecondTry
        } else {
            continue;
        };
        findings.push(Finding::at_node(scene, Check::Attempts, Level::Warning, node, fact));
    }
    findings
}

/// Menus in which a caller who says nothing goes round for ever.
pub(super) fn silent_loop(scene: &Scene) -> Vec<Finding> {
    let endless = &scene.analysis.silence.endless;
    let waits = |node: &&NodeIndex| matches!(scene.flow.node(**node).kind, NodeKind::Menu(_) | NodeKind::Collect(_));
    let mut at: Vec<NodeIndex> = endless.iter().filter(waits).copied().collect();
    if at.is_empty() {
        at.extend(endless.first());
    }
    let finding = |node| Finding::at_node(scene, Check::SilentLoop, Level::Error, node, Fact::SilentForever);
    at.into_iter().map(finding).collect()
}
