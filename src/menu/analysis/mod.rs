//! What a menu does to a caller: one pass over the graph, the same for every format.
//!
//! [`Analysis`] holds what lint, pictures and figures are made from: what can be reached ([`reach`]), the fewest keys to
//! a person ([`keys`]), how deep the menus go ([`depth`]), what becomes of a silent caller ([`silence`]), how long one
//! listens ([`listening`]) and what each way costs ([`cost`]). Everything takes time in proportion to the graph, but for a
//! logarithm, and nothing recurses over it.

pub mod cost;
mod depth;
pub mod keys;
pub mod listening;
pub mod reach;
pub mod silence;
pub mod spoken;
mod summary;
pub mod ways;

use super::graph::{Edge, EdgeIndex, Flow, NodeIndex, NodeKind, Target};
use cost::{Costs, Path, Wants};
use keys::KeysToPerson;
use listening::{Listening, Recordings};
use reach::{Reach, drawn, edges, possible};
use silence::Fate;
use ways::{Ways, is_failure, serves};

pub use summary::Summary;

/// Costs are reckoned from so many different starts; a definition with more of them has the rest left out.
pub const MAX_STARTS: usize = 24;

/// A flow and what it does to a caller.
#[derive(Clone, Debug)]
pub struct Analysis<'f> {
    /// The flow.
    pub flow: &'f Flow,
    /// Its edges by node.
    pub ways: Ways,
    /// How long callers listen to each part of it.
    pub listening: Listening,
    /// The different nodes where calls start, in the order of the entries.
    pub starts: Vec<NodeIndex>,
    /// What can be reached from them over the edges as drawn.
    pub structural: Reach,
    /// What can be reached from them over edges that the definition does not rule out.
    pub effective: Reach,
    /// From where a person can be reached in opening hours.
    pub to_person: Reach,
    /// The fewest keys to a person.
    pub keys: KeysToPerson,
    /// Menus on the longest way, a menu counted once.
    pub max_depth: u32,
    /// What becomes of a silent caller, over all starts.
    pub silence: Fate,
    /// Places where the caller is dropped without a person, a box, a promise to call back or a way back.
    pub dead_ends: Vec<DeadEnd>,
    /// The same on exits for failures of the system, which are counted apart.
    pub error_exits: Vec<EdgeIndex>,
    /// Edges whose target does not exist.
    pub dangling: Vec<EdgeIndex>,
    /// Nodes that can be reached and from which no way leads to any end.
    pub trapped: Vec<NodeIndex>,
}

/// A place where the caller is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeadEnd {
    /// An edge to the end of the call.
    Exit(EdgeIndex),
    /// A node that nothing leads on from.
    Stuck(NodeIndex),
}

/// What one contact reason costs at one goal.
#[derive(Clone, Debug, PartialEq)]
pub struct ReasonCost {
    /// The place in [`Flow::reasons`]; `None` for reaching any person.
    pub reason: Option<usize>,
    /// Where the call starts.
    pub start: NodeIndex,
    /// Where it must end; `None` where no person can be reached at all.
    pub goal: Option<NodeIndex>,
    /// Whether a way is drawn.
    pub structural: bool,
    /// Whether a way is open that the definition does not rule out.
    pub effective: bool,
    /// The way that suits the caller most, in opening hours.
    pub best: Option<Path>,
    /// The one that suits him least, where the system decides on the way; `None` where it can lead him elsewhere.
    pub worst: Option<Path>,
}

impl<'f> Analysis<'f> {
    /// Analyses `flow`, whose recordings have the lengths of `recordings`.
    pub fn new(flow: &'f Flow, recordings: &Recordings) -> Self {
        let ways = Ways::new(flow);
        let listening = Listening::new(flow, |node| ways.out(node), recordings);
        let mut seen = vec![false; flow.nodes.len()];
        let starts = flow.entries.iter().filter_map(|entry| entry.to.node());
        let starts: Vec<NodeIndex> = starts.filter(|start| !std::mem::replace(&mut seen[start.0], true)).collect();
        let structural = Reach::from(flow, &ways, &starts, drawn);
        let effective = Reach::from(flow, &ways, &starts, possible);
        let people: Vec<NodeIndex> = people(flow, &ways);
        let open = reach::in_open_hours(&ways);
        let to_person = Reach::to(flow, &ways, &people, open);
        let (dead_ends, error_exits) = dead_ends(flow, &ways, &starts, &structural);
        let is_dangling =
            |edge: &Edge| matches!(edge.to, Target::Dangling(_)) && edge.certainty != super::graph::Certainty::External;
        Self {
            keys: KeysToPerson::new(flow, &ways),
            max_depth: depth::max_depth(flow, &ways, &starts),
            silence: Fate::from(flow, &ways, &listening, &starts),
            dead_ends,
            error_exits,
            dangling: indexed(flow).filter(|(_, edge)| is_dangling(edge)).map(|(index, _)| index).collect(),
            trapped: trapped(flow, &ways, &effective),
            flow,
            ways,
            listening,
            starts,
            structural,
            effective,
            to_person,
        }
    }

    /// What becomes of a silent caller who starts at `start`.
    pub fn silence_from(&self, start: NodeIndex) -> Fate {
        Fate::from(self.flow, &self.ways, &self.listening, &[start])
    }

    /// Every person and every queue for one.
    pub fn people(&self) -> Vec<NodeIndex> {
        people(self.flow, &self.ways)
    }

    /// The edges that leave `node`, with their places.
    pub fn out(&self, node: NodeIndex) -> impl Iterator<Item = (EdgeIndex, &'f Edge)> + '_ {
        self.ways.out(node).iter().map(|&index| (index, &self.flow.edges[index.0]))
    }

    /// The edges that lead to `node`, with their places.
    pub fn entering(&self, node: NodeIndex) -> impl Iterator<Item = (EdgeIndex, &'f Edge)> + '_ {
        self.ways.entering(node).iter().map(|&index| (index, &self.flow.edges[index.0]))
    }

    /// What each contact reason costs at each of its goals, from each start; then what it costs to reach any person.
    pub fn costs(&self) -> Vec<ReasonCost> {
        let costs = Costs::new(self.flow, &self.ways, &self.listening);
        let mut rows = vec![];
        let starts = &self.starts[..self.starts.len().min(MAX_STARTS)];
        let reach: Vec<[Reach; 2]> = starts
            .iter()
            .map(|&start| {
                [
                    Reach::from(self.flow, &self.ways, &[start], drawn),
                    Reach::from(self.flow, &self.ways, &[start], possible),
                ]
            })
            .collect();
        let mut row =
            |reason, start, goal: Option<NodeIndex>, reach: &[Reach; 2], best: Option<_>, worst: Option<_>| {
                let [structural, effective] = reach.each_ref().map(|reach| goal.is_some_and(|goal| reach.has(goal)));
                let [best, worst] = [best, worst].map(|way| way.map(|way| costs.path(way)));
                rows.push(ReasonCost { reason, start, goal, structural, effective, best, worst });
            };
        for (place, reason) in self.flow.reasons.iter().enumerate() {
            let wants = Wants::Reason(&reason.id);
            let worst: Vec<_> = reason.goals.iter().map(|&goal| costs.worst(&[goal], wants)).collect();
            for (&start, reach) in starts.iter().zip(&reach) {
                let best = costs.best(start, wants);
                for (&goal, worst) in reason.goals.iter().zip(&worst) {
                    row(Some(place), start, Some(goal), reach, best.to(goal), worst.from(self.flow, start));
                }
            }
        }
        let people = self.people();
        let worst = costs.worst(&people, Wants::Anything);
        for (&start, reach) in starts.iter().zip(&reach) {
            let best = costs.best(start, Wants::Anything);
            let goal = best.nearest(&people);
            row(None, start, goal, reach, goal.and_then(|goal| best.to(goal)), worst.from(self.flow, start));
        }
        rows
    }

    /// What the way along `edges` costs.
    pub fn path(&self, edges: Vec<EdgeIndex>) -> Path {
        Costs::new(self.flow, &self.ways, &self.listening).path(edges)
    }

    /// The figures of the whole.
    pub fn summary(&self) -> Summary {
        Summary::new(self)
    }
}

fn indexed(flow: &Flow) -> impl Iterator<Item = (EdgeIndex, &Edge)> {
    flow.edges.iter().enumerate().map(|(index, edge)| (EdgeIndex(index), edge))
}

fn people(flow: &Flow, ways: &Ways) -> Vec<NodeIndex> {
    flow.indexed().filter(|(node, _)| ways.person(flow, *node).is_yes()).map(|(node, _)| node).collect()
}

/// Where callers are dropped, and where failures of the system drop them. Parts that no entry leads to count as well.
fn dead_ends(flow: &Flow, ways: &Ways, starts: &[NodeIndex], reached: &Reach) -> (Vec<DeadEnd>, Vec<EdgeIndex>) {
    let mut helps = vec![false; flow.nodes.len()];
    for (index, node) in flow.indexed() {
        helps[index.0] = serves(node);
    }
    // what a caller came for helps, whatever it is
    for goal in flow.reasons.iter().flat_map(|reason| &reason.goals) {
        helps[goal.0] = true;
    }
    let unentered = flow.indexed().filter(|(index, _)| !reached.has(*index) && !helps[index.0]);
    let apart = unentered.filter(|(index, node)| ways.entering(*index).is_empty() || ways::is_menu(node));
    let seeds: Vec<NodeIndex> = starts.iter().copied().chain(apart.map(|(index, _)| index)).collect();
    let walk = |with_failures: bool| {
        Reach::walk(flow.nodes.len(), &seeds, |node, next| {
            if !helps[node.0] {
                let open = edges(flow, ways.out(node)).filter(|(_, edge)| possible(edge));
                let open = open.filter(|(_, edge)| with_failures || !is_failure(edge));
                next.extend(open.filter_map(|(_, edge)| edge.to.node()));
            }
        })
    };
    // "sorry, something went wrong" behind every step is an error exit, however it is said
    let (unhelped, usual) = (walk(true), walk(false));
    let (mut ends, mut errors) = (vec![], vec![]);
    for (index, node) in flow.indexed().filter(|(index, _)| unhelped.has(*index) && !helps[index.0]) {
        let leads_on =
            !matches!(node.kind, NodeKind::Hangup { .. } | NodeKind::External { .. } | NodeKind::Unknown { .. });
        if leads_on && ways.out(index).is_empty() && usual.has(index) {
            ends.push(DeadEnd::Stuck(index));
        }
        for (exit, edge) in edges(flow, ways.out(index)).filter(|(_, edge)| possible(edge)) {
            let Some(NodeKind::Hangup { said }) = edge.to.node().map(|to| &flow.node(to).kind) else { continue };
            // whoever presses a key to hang up gets what he asked for
            let is_chosen = *said && matches!(edge.on, super::graph::On::Key(_));
            if is_failure(edge) || !usual.has(index) {
                errors.push(exit);
            } else if !is_chosen {
                ends.push(DeadEnd::Exit(exit));
            }
        }
    }
    (ends, errors)
}

/// Nodes that callers can get to and from which no way leads to any end.
fn trapped(flow: &Flow, ways: &Ways, effective: &Reach) -> Vec<NodeIndex> {
    let is_end = |index: NodeIndex| {
        let node = flow.node(index);
        serves(node)
            || matches!(node.kind, NodeKind::Hangup { .. } | NodeKind::Unknown { .. })
            || ways.out(index).is_empty()
            || edges(flow, ways.out(index)).any(|(_, edge)| edge.to.node().is_none())
    };
    let ends: Vec<NodeIndex> = flow.indexed().map(|(index, _)| index).filter(|index| is_end(*index)).collect();
    let released = Reach::to(flow, ways, &ends, possible);
    flow.indexed().map(|(index, _)| index).filter(|index| effective.has(*index) && !released.has(*index)).collect()
}
