//! The figures of a whole definition.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Analysis, keys::Keys};
use crate::menu::graph::{NodeKind, On, Target, Told};

/// The figures of a whole definition, as machines read them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Menus: choices between listed keys.
    pub menus: usize,
    /// Steps that ask for digits without a list.
    pub collects: usize,
    /// The keys of each menu, in the order of the file, by the menu's own name or id.
    #[serde(serialize_with = "as_object")]
    pub options_per_menu: Vec<(String, Vec<String>)>,
    /// Menus on the longest way, a menu counted once.
    pub max_menu_depth: u32,
    /// The fewest keys to a person in opening hours: 0 where silence leads there, `null` where nothing does, `"unknown"`
    /// where the definition does not tell.
    #[serde(serialize_with = "keys")]
    pub shortest_keys_to_person: Keys,
    /// Whether silence leads to a person; `"unknown"` where it leads to where the definition does not tell.
    #[serde(serialize_with = "told")]
    pub zero_key_reaches_person: Told,
    /// Places where the caller is dropped without help.
    pub dead_ends: usize,
    /// The same on exits for failures of the system.
    pub error_exits: usize,
    /// References to what does not exist.
    pub dangling_targets: usize,
    /// Whether a silent caller can go round for ever.
    pub endless_silence: bool,
    /// Nodes that can be reached of which the definition does not tell whether a person is behind them.
    pub unresolved: usize,
    /// Nodes that no entry leads to.
    pub unreachable: usize,
}

impl Summary {
    pub(super) fn new(analysis: &Analysis<'_>) -> Self {
        let flow = analysis.flow;
        let count = |is: fn(&NodeKind) -> bool| flow.nodes.iter().filter(|node| is(&node.kind)).count();
        let menus = flow.indexed().filter(|(_, node)| matches!(node.kind, NodeKind::Menu(_)));
        let options = menus.map(|(index, node)| {
            let mut keys: Vec<String> = vec![];
            let mut seen = std::collections::HashSet::new();
            for (_, edge) in analysis.out(index) {
                if let On::Key(key) = &edge.on
                    && seen.insert(key.as_str())
                {
                    keys.push(key.clone());
                }
            }
            (node.id.clone(), keys)
        });
        let from_starts = || analysis.starts.iter().copied();
        let keys = from_starts().map(|start| analysis.keys.from(start)).fold(Keys::Never, Keys::fewer);
        let silence =
            from_starts().map(|start| analysis.keys.silence_from(start)).fold(Told::No, |a, b| match (a, b) {
                (Told::Yes, _) | (_, Told::Yes) => Told::Yes,
                (Told::Unknown, _) | (_, Told::Unknown) => Told::Unknown,
                (Told::No, Told::No) => Told::No,
            });
        // one reference in the file may be several edges: each way that comes to it
        let dangling: std::collections::HashSet<_> = analysis
            .dangling
            .iter()
            .map(|index| &flow.edges[index.0])
            .map(|edge| (edge.origin.file, edge.origin.line, &edge.origin.pointer, &edge.to))
            .collect();
        let lost_entries = flow.entries.iter().filter(|entry| matches!(entry.to, Target::Dangling(_))).count();
        Self {
            menus: count(|kind| matches!(kind, NodeKind::Menu(_))),
            collects: count(|kind| matches!(kind, NodeKind::Collect(_))),
            options_per_menu: options.collect(),
            max_menu_depth: analysis.max_depth,
            shortest_keys_to_person: if analysis.starts.is_empty() { Keys::Unknown } else { keys },
            zero_key_reaches_person: if analysis.starts.is_empty() { Told::Unknown } else { silence },
            dead_ends: analysis.dead_ends.len(),
            error_exits: analysis.error_exits.len(),
            dangling_targets: dangling.len() + lost_entries,
            endless_silence: !analysis.silence.endless.is_empty(),
            unresolved: analysis.keys.unresolved().iter().filter(|node| analysis.effective.has(**node)).count(),
            unreachable: flow.nodes.len() - analysis.structural.count(),
        }
    }
}

fn as_object<S: Serializer>(menus: &[(String, Vec<String>)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(menus.len()))?;
    for (menu, keys) in menus {
        map.serialize_entry(menu, keys)?;
    }
    map.end()
}

/// As a number, `null` or `"unknown"`.
pub(super) fn keys<S: Serializer>(keys: &Keys, serializer: S) -> Result<S::Ok, S::Error> {
    match keys {
        Keys::Count(count) => serializer.serialize_u32(*count),
        Keys::Never => serializer.serialize_none(),
        Keys::Unknown => serializer.serialize_str("unknown"),
    }
}

/// As `true`, `false` or `"unknown"`.
pub(super) fn told<S: Serializer>(told: &Told, serializer: S) -> Result<S::Ok, S::Error> {
    match told {
        Told::Yes => serializer.serialize_bool(true),
        Told::No => serializer.serialize_bool(false),
        Told::Unknown => serializer.serialize_str("unknown"),
    }
}
