//! The fewest keys to a person, from everywhere at once.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    reach::{Reach, edges, in_open_hours},
    ways::{Ways, keys},
};
use crate::menu::graph::{Certainty, Edge, Flow, NodeIndex, Target, Told};

/// The fewest keys to a person, or to a queue for one, in opening hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// So many; 0 where silence leads there.
    Count(u32),
    /// No way leads there.
    Never,
    /// None is known to lead there, and some lead where the definition does not tell.
    Unknown,
}

/// The fewest keys to a person from each node.
#[derive(Clone, Debug)]
pub struct KeysToPerson {
    fewest: Vec<Option<u32>>,
    to_unknown: Reach,
    silently_to_unknown: Reach,
    unresolved: Vec<NodeIndex>,
}

impl KeysToPerson {
    /// The fewest keys in `flow`.
    pub fn new(flow: &Flow, ways: &Ways) -> Self {
        let open = in_open_hours(ways);
        // what comes behind a person is another call
        let takes = |edge: &Edge| open(edge) && !ways.person(flow, edge.from).is_yes();
        let leaves_files = |edge: &Edge| {
            takes(edge) && edge.certainty == Certainty::External && matches!(edge.to, Target::Dangling(_))
        };
        let mut unresolved: Vec<NodeIndex> = flow
            .indexed()
            .filter(|(node, _)| ways.person(flow, *node) == Told::Unknown)
            .map(|(node, _)| node)
            .collect();
        let mut silently = unresolved.clone();
        for edge in &flow.edges {
            if leaves_files(edge) {
                unresolved.push(edge.from);
                if keys(flow, edge) == Some(0) {
                    silently.push(edge.from);
                }
            }
        }
        unresolved.sort_unstable();
        unresolved.dedup();
        // a person behind digits that nobody is told takes an unknown number of keys
        let people = flow.indexed().filter(|(node, _)| ways.person(flow, *node).is_yes()).map(|(node, _)| node);
        let to_unknown: Vec<NodeIndex> = unresolved.iter().copied().chain(people).collect();
        Self {
            fewest: fewest(flow, ways, takes),
            to_unknown: Reach::to(flow, ways, &to_unknown, takes),
            silently_to_unknown: Reach::to(flow, ways, &silently, |edge| takes(edge) && keys(flow, edge) == Some(0)),
            unresolved,
        }
    }

    /// The fewest keys from `start`.
    pub fn from(&self, start: NodeIndex) -> Keys {
        match self.fewest[start.0] {
            Some(count) => Keys::Count(count),
            None if self.to_unknown.has(start) => Keys::Unknown,
            None => Keys::Never,
        }
    }

    /// Whether silence alone leads from `start` to a person.
    pub fn silence_from(&self, start: NodeIndex) -> Told {
        match self.fewest[start.0] {
            Some(0) => Told::Yes,
            _ if self.silently_to_unknown.has(start) => Told::Unknown,
            _ => Told::No,
        }
    }

    /// The nodes of which, or behind which, the definition does not tell whether there is a person.
    pub fn unresolved(&self) -> &[NodeIndex] {
        &self.unresolved
    }
}

fn fewest(flow: &Flow, ways: &Ways, takes: impl Fn(&Edge) -> bool) -> Vec<Option<u32>> {
    let mut fewest = vec![None; flow.nodes.len()];
    let people = flow.indexed().filter(|(node, _)| ways.person(flow, *node).is_yes());
    let mut heap: BinaryHeap<_> = people.map(|(node, _)| (Reverse(0_u32), node)).collect();
    while let Some((Reverse(count), node)) = heap.pop() {
        if fewest[node.0].is_some() {
            continue;
        }
        fewest[node.0] = Some(count);
        for (_, edge) in
            edges(flow, ways.entering(node)).filter(|(_, edge)| takes(edge) && fewest[edge.from.0].is_none())
        {
            if let Some(more) = keys(flow, edge) {
                heap.push((Reverse(count.saturating_add(more)), edge.from));
            }
        }
    }
    fewest
}

impl Keys {
    /// The fewer of two, over several entries: what is known first, then what is unknown.
    pub fn fewer(self, other: Self) -> Self {
        match (self, other) {
            (Self::Count(a), Self::Count(b)) => Self::Count(a.min(b)),
            (Self::Count(a), _) | (_, Self::Count(a)) => Self::Count(a),
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Never, Self::Never) => Self::Never,
        }
    }
}
