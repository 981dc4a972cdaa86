//! Which edges leave and enter each node, and what a node is to a caller.

use crate::menu::graph::{Edge, EdgeIndex, ExternalKind, Flow, Node, NodeIndex, NodeKind, On, Told};

/// The edges of each node, in the order of the flow.
#[derive(Clone, Debug)]
pub struct Ways {
    out: Lists,
    into: Lists,
    /// Whether a node has an edge for opening hours.
    has_hours: Vec<bool>,
}

/// One list of edges a node, end to end.
#[derive(Clone, Debug)]
struct Lists {
    start: Vec<usize>,
    edges: Vec<EdgeIndex>,
}

impl Lists {
    /// The edges of `flow` by the node that `of` names.
    fn new(flow: &Flow, of: impl Fn(&Edge) -> Option<NodeIndex>) -> Self {
        let mut start = vec![0; flow.nodes.len() + 1];
        for node in flow.edges.iter().filter_map(&of) {
            start[node.0 + 1] += 1;
        }
        for i in 1..start.len() {
            start[i] += start[i - 1];
        }
        let mut next = start.clone();
        let mut edges = vec![EdgeIndex(0); start[flow.nodes.len()]];
        for (i, edge) in flow.edges.iter().enumerate() {
            if let Some(node) = of(edge) {
                edges[next[node.0]] = EdgeIndex(i);
                next[node.0] += 1;
            }
        }
        Self { start, edges }
    }

    fn of(&self, node: NodeIndex) -> &[EdgeIndex] {
        &self.edges[self.start[node.0]..self.start[node.0 + 1]]
    }
}

impl Ways {
    /// The edges of `flow`.
    pub fn new(flow: &Flow) -> Self {
        let mut has_hours = vec![false; flow.nodes.len()];
        for edge in flow.edges.iter().filter(|edge| edge.on == On::Open) {
            has_hours[edge.from.0] = true;
        }
        let (out, into) = (Lists::new(flow, |edge| Some(edge.from)), Lists::new(flow, |edge| edge.to.node()));
        Self { out, into, has_hours }
    }

    /// The edges that leave `node`.
    pub fn out(&self, node: NodeIndex) -> &[EdgeIndex] {
        self.out.of(node)
    }

    /// The edges that lead to `node`.
    pub fn entering(&self, node: NodeIndex) -> &[EdgeIndex] {
        self.into.of(node)
    }

    /// Whether a person, or a queue for one, is at `node`.
    pub fn person(&self, flow: &Flow, node: NodeIndex) -> Told {
        match &flow.node(node).kind {
            NodeKind::Queue { .. } | NodeKind::Agent { .. } => Told::Yes,
            // a look-up whose results lead on is a step on the way
            NodeKind::External { kind: ExternalKind::Function, person: Told::Unknown, .. }
                if !self.out(node).is_empty() =>
            {
                Told::No
            }
            NodeKind::External { person, .. } => *person,
            NodeKind::Unknown { .. } => Told::Unknown,
            _ => Told::No,
        }
    }
}

/// Whether the caller is helped at `node`: a person, a box, a promise to call back, or a place outside the definition.
pub fn serves(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Queue { .. } | NodeKind::Agent { .. } | NodeKind::Voicemail { .. } | NodeKind::Callback { .. } => {
            true
        }
        NodeKind::External { person: Told::Yes, .. } => true,
        NodeKind::External { person: Told::No, .. } => false,
        NodeKind::External { kind, .. } => *kind != ExternalKind::Function,
        _ => false,
    }
}

/// Whether the definition itself rules out that callers ever take `edge`.
pub fn ruled_out(edge: &Edge) -> bool {
    edge.guard.as_ref().is_some_and(|guard| guard.holds == Told::No)
}

/// Whether `edge` is an exit for failures of the system or of a transfer.
pub fn is_failure(edge: &Edge) -> bool {
    edge.on == On::Fail
}

/// Whether `edge` is for hours that are not the ordinary opening hours, at a node that has an edge for those.
pub fn is_out_of_hours(ways: &Ways, edge: &Edge) -> bool {
    matches!(edge.on, On::Closed | On::Holiday | On::Emergency) && ways.has_hours[edge.from.0]
}

/// The menu, if `node` is one.
pub fn is_menu(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Menu(_))
}

/// How many keys a caller presses to take `edge`; `None` where only a caller who knows an extension by heart can.
pub fn keys(flow: &Flow, edge: &Edge) -> Option<u32> {
    let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let (attempts, digits) = match &flow.node(edge.from).kind {
        NodeKind::Menu(menu) => (menu.invalid.attempts, 0),
        NodeKind::Collect(collect) => (collect.invalid.attempts, collect.min.unwrap_or(1).max(1)),
        _ => (None, 0),
    };
    Some(match &edge.on {
        On::Key(keys) => count(keys),
        // an answer, as a key is one
        On::Speech(_) => 1,
        On::Pattern(_) => return None,
        On::Invalid { nth } => nth.or(attempts).unwrap_or(1).max(1),
        On::Match(_) | On::Else | On::Next => digits,
        _ => 0,
    })
}
