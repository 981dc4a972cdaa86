//! What can be reached.

use super::ways::{Ways, is_failure, is_out_of_hours, ruled_out};
use crate::menu::graph::{Edge, EdgeIndex, Flow, NodeIndex};

/// The nodes that can be reached from somewhere: `reached[node]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    reached: Vec<bool>,
}

impl Reach {
    /// What `starts` reach over the edges that `takes` allows.
    pub fn from(flow: &Flow, ways: &Ways, starts: &[NodeIndex], takes: impl Fn(&Edge) -> bool) -> Self {
        Self::walk(flow.nodes.len(), starts, |node, next| {
            let open = ways.out(node).iter().map(|&edge| &flow.edges[edge.0]).filter(|edge| takes(edge));
            next.extend(open.filter_map(|edge| edge.to.node()));
        })
    }

    /// What reaches `ends` over the edges that `takes` allows.
    pub fn to(flow: &Flow, ways: &Ways, ends: &[NodeIndex], takes: impl Fn(&Edge) -> bool) -> Self {
        Self::walk(flow.nodes.len(), ends, |node, next| {
            let open = ways.entering(node).iter().map(|&edge| &flow.edges[edge.0]).filter(|edge| takes(edge));
            next.extend(open.map(|edge| edge.from));
        })
    }

    /// Every node that `step` leads to from `starts`.
    pub(super) fn walk(count: usize, starts: &[NodeIndex], step: impl Fn(NodeIndex, &mut Vec<NodeIndex>)) -> Self {
        let mut reached = vec![false; count];
        let mut next: Vec<NodeIndex> = starts.to_vec();
        let mut open = vec![];
        while let Some(node) = next.pop() {
            if !std::mem::replace(&mut reached[node.0], true) {
                step(node, &mut open);
                next.append(&mut open);
            }
        }
        Self { reached }
    }

    /// Whether `node` is among them.
    pub fn has(&self, node: NodeIndex) -> bool {
        self.reached[node.0]
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.reached.iter().filter(|reached| **reached).count()
    }
}

/// Every edge: the structure as drawn.
pub fn drawn(_: &Edge) -> bool {
    true
}

/// Edges that the definition does not rule out.
pub fn possible(edge: &Edge) -> bool {
    !ruled_out(edge)
}

/// What a caller meets who calls in opening hours while all systems work.
pub fn in_open_hours(ways: &Ways) -> impl Fn(&Edge) -> bool {
    |edge| possible(edge) && !is_failure(edge) && !is_out_of_hours(ways, edge)
}

/// The edges of `indices`.
pub fn edges<'a>(flow: &'a Flow, indices: &'a [EdgeIndex]) -> impl Iterator<Item = (EdgeIndex, &'a Edge)> {
    indices.iter().map(|&index| (index, &flow.edges[index.0]))
}
