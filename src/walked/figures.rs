//! A walk as figures of its call.

use super::{
    plan::Design,
    walk::{Basis, Walk},
};
use crate::{
    figure::{Measured, Reason, Stray},
    interval::Interval,
    menu::graph::NodeKind,
    metrics::path::PathMetrics,
    units::Seconds,
};

/// How sure a walk is that rests on the definition's own recordings and of which nothing had to be supposed.
const BY_PROMPTS: f64 = 0.96;
/// The same by keys and the order of messages.
const BY_KEYS: f64 = 0.85;
/// The same by order alone.
const BY_ORDER: f64 = 0.6;
/// How much less sure each supposition makes it, for a cost of 1.
const A_COST: f64 = 0.06;

/// The figures of the call whose walk is `walk`, through the menu of `design`.
pub fn figures(design: &Design, walk: Option<&Walk>) -> PathMetrics {
    let Some((walk, (first, last))) = walk.and_then(|walk| Some((walk, walk.stays.first().zip(walk.stays.last())?)))
    else {
        return PathMetrics::absent(0.8, &Reason::MenuNotHeard);
    };
    let base = match walk.basis {
        Basis::Prompts => BY_PROMPTS,
        Basis::Keys => BY_KEYS,
        Basis::Order => BY_ORDER,
    };
    #[allow(clippy::cast_possible_truncation)]
    let sure = (base * (-A_COST * walk.cost).exp()) as f32;
    let reason = first_stray(walk).unwrap_or(match walk.basis {
        Basis::Prompts => Reason::MenuPrompts,
        Basis::Keys => Reason::MenuKeys,
        Basis::Order => Reason::OrderOfEvents,
    });
    let from = Interval::new(first.from_s, last.to_s.max(first.from_s));
    let asks = |node: &str| {
        let kind = design.flow.find(node).map(|node| &design.flow.node(node).kind);
        matches!(kind, Some(NodeKind::Menu(_) | NodeKind::Collect(_)))
    };
    let menus: Vec<_> = walk.stays.iter().filter(|stay| asks(&stay.node)).collect();
    let seconds: Seconds = menus.iter().map(|stay| stay.to_s - stay.from_s).sum();
    let mut levels: Vec<&str> = menus.iter().map(|stay| stay.node.as_str()).collect();
    levels.sort_unstable();
    levels.dedup();
    let levels = u32::try_from(levels.len()).unwrap_or(u32::MAX);
    PathMetrics {
        path: Measured::heard(walk.to_string(), sure, reason.clone(), from),
        menu_s: Measured::heard(seconds, sure, reason.clone(), from),
        menu_levels: Measured::heard(levels, sure, reason, from),
    }
}

/// Where the walk first leaves what was designed.
fn first_stray(walk: &Walk) -> Option<Reason> {
    let asides = walk.asides.iter().map(|aside| {
        let node = walk.stays.get(aside.stay).map_or_else(String::new, |stay| stay.node.clone());
        let what = match (&aside.key, &aside.message) {
            (Some(key), _) => Stray::Key(key.clone()),
            (None, message) => Stray::Message(message.clone()),
        };
        (aside.at_s, node, what)
    });
    let stays = walk.stays.iter().filter_map(|stay| {
        let (at_s, what) = match stay {
            stay if stay.otherwise => (stay.from_s, Stray::OtherPrompt),
            stay if stay.inferred => (stay.to_s, Stray::KeyNotHeard),
            _ => return None,
        };
        Some((at_s, stay.node.clone(), what))
    });
    let first = asides.chain(stays).min_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(Reason::Strays { at_s: first.0, node: first.1, what: first.2 })
}
