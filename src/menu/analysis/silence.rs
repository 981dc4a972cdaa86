//! What becomes of a caller who says and presses nothing.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use super::{
    listening::Listening,
    reach::{Reach, edges, in_open_hours},
    ways::Ways,
};
use crate::{
    menu::graph::{Edge, EdgeIndex, Flow, NodeIndex, NodeKind, On, Retry, Target, Told},
    units::Seconds,
};

/// What becomes of a silent caller, in opening hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Fate {
    /// Where it can end, the soonest first. More than one where the definition does not decide.
    pub ends: Vec<End>,
    /// Nodes that such a caller goes round in without ever being let go.
    pub endless: Vec<NodeIndex>,
}

/// Where a silent caller ends.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// How.
    pub kind: EndKind,
    /// At which node.
    pub node: NodeIndex,
    /// After how long at the soonest; `None` where that cannot be known.
    pub after_s: Option<Seconds>,
}

/// How a silent caller ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndKind {
    /// At a person or in a queue for one.
    Person,
    /// At a voicemail box.
    Voicemail,
    /// With a promise to be called back.
    Callback,
    /// Somewhere that the definition does not tell.
    Unknown,
    /// With the call ended.
    Hangup,
    /// At a step that does not exist.
    Dangling,
    /// At a step that says nothing about silence.
    Unhandled,
}

/// A menu behaves otherwise at each silence, so a place is a node and which of its steps is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    node: NodeIndex,
    step: usize,
}

/// What silence does at a place.
struct Move {
    to: Result<Place, ()>,
    seconds: Option<Seconds>,
}

struct Silence<'a> {
    flow: &'a Flow,
    ways: &'a Ways,
    listening: &'a Listening,
    /// At which silences something happens, node by node: the silences in order, each with its edges.
    steps: Vec<Vec<(u32, Vec<EdgeIndex>)>>,
    /// The first place of each node, and the number of places behind the last.
    first: Vec<usize>,
}

impl Fate {
    /// What becomes of callers who start at any of `starts`.
    pub fn from(flow: &Flow, ways: &Ways, listening: &Listening, starts: &[NodeIndex]) -> Self {
        Silence::new(flow, ways, listening).fate(starts)
    }

    /// Whether silence can lead to a person.
    pub fn reaches_person(&self) -> bool {
        self.ends.iter().any(|end| end.kind == EndKind::Person)
    }
}

/// How many silences or wrong keys an edge waits for.
fn rounds(edge: &Edge, retry: &Retry) -> u32 {
    let nth = match edge.on {
        On::Timeout { nth } | On::Invalid { nth } => nth,
        _ => None,
    };
    nth.or(retry.attempts).unwrap_or(1).max(1)
}

/// At which silences something happens at `node`, in order, and over which edges.
fn steps(flow: &Flow, ways: &Ways, node: NodeIndex) -> Vec<(u32, Vec<EdgeIndex>)> {
    let Some(retry) = retry(flow, node) else { return vec![] };
    let mut steps: BTreeMap<u32, Vec<EdgeIndex>> = BTreeMap::new();
    for (index, edge) in edges(flow, ways.out(node)).filter(|(_, edge)| matches!(edge.on, On::Timeout { .. })) {
        steps.entry(rounds(edge, retry)).or_default().push(index);
    }
    steps.into_iter().collect()
}

fn retry(flow: &Flow, node: NodeIndex) -> Option<&Retry> {
    match &flow.node(node).kind {
        NodeKind::Menu(menu) => Some(&menu.timeout),
        NodeKind::Collect(collect) => Some(&collect.timeout),
        _ => None,
    }
}

impl<'a> Silence<'a> {
    fn new(flow: &'a Flow, ways: &'a Ways, listening: &'a Listening) -> Self {
        let steps: Vec<_> = flow.indexed().map(|(node, _)| steps(flow, ways, node)).collect();
        let mut first = vec![0];
        for steps in &steps {
            first.push(first.last().copied().unwrap_or(0) + steps.len().max(1));
        }
        Self { flow, ways, listening, steps, first }
    }

    fn index(&self, place: Place) -> usize {
        self.first[place.node.0] + place.step
    }

    /// How the call ends at `node`, if it does.
    fn end(&self, node: NodeIndex) -> Option<EndKind> {
        match (&self.flow.node(node).kind, self.ways.person(self.flow, node)) {
            (_, Told::Yes) => Some(EndKind::Person),
            (NodeKind::Voicemail { .. }, _) => Some(EndKind::Voicemail),
            (NodeKind::Callback { .. }, _) => Some(EndKind::Callback),
            (NodeKind::Hangup { .. }, _) => Some(EndKind::Hangup),
            (_, Told::Unknown) => Some(EndKind::Unknown),
            (_, Told::No) => None,
        }
    }

    /// What silence does at `place`.
    fn moves(&self, place: Place) -> Vec<Move> {
        let takes = in_open_hours(self.ways);
        let out = || edges(self.flow, self.ways.out(place.node)).filter(|(_, edge)| takes(edge));
        let said = self.listening.prompt(place.node).map(|length| length.seconds);
        let start = |to: &Target| to.node().map(|node| Place { node, step: 0 }).ok_or(());
        let Some(retry) = retry(self.flow, place.node) else {
            return out().map(|(_, edge)| Move { to: start(&edge.to), seconds: said }).collect();
        };
        let no_input_s = match &self.flow.node(place.node).kind {
            NodeKind::Menu(menu) => menu.no_input_s,
            NodeKind::Collect(collect) => collect.no_input_s,
            _ => None,
        };
        let message = self.listening.on_silence(place.node).map(|length| length.seconds);
        let round = said.zip(no_input_s).zip(message).map(|((said, wait), message)| said + wait + message);
        let steps = &self.steps[place.node.0];
        if let Some((nth, timeouts)) = steps.get(place.step) {
            let before = place.step.checked_sub(1).map_or(0, |before| steps[before].0);
            let seconds = round.map(|round| round * f64::from(nth - before));
            let timeouts = edges(self.flow, timeouts).filter(|(_, edge)| takes(edge));
            let moves = timeouts.map(|(_, edge)| {
                let again = edge.to.node() == Some(place.node);
                let step = if again { (place.step + 1).min(steps.len() - 1) } else { 0 };
                Move { to: edge.to.node().map(|node| Place { node, step }).ok_or(()), seconds }
            });
            return moves.collect();
        }
        let used: Vec<_> = out().filter(|(_, edge)| edge.on == On::AttemptsUsed).collect();
        let attempts = match &self.flow.node(place.node).kind {
            NodeKind::Menu(menu) => menu.max_attempts,
            _ => None,
        };
        let seconds = round.map(|round| round * f64::from(attempts.or(retry.attempts).unwrap_or(1).max(1)));
        if !used.is_empty() {
            return used.into_iter().map(|(_, edge)| Move { to: start(&edge.to), seconds }).collect();
        }
        // digits that may be left out
        let onwards = out().filter(|(_, edge)| matches!(edge.on, On::Next | On::Else));
        onwards.map(|(_, edge)| Move { to: start(&edge.to), seconds }).collect()
    }

    fn fate(&self, starts: &[NodeIndex]) -> Fate {
        let count = self.first[self.flow.nodes.len()];
        let mut settled: Vec<bool> = vec![false; count];
        let begin = |&node: &NodeIndex| (Reverse(Time::default()), Reverse(Place { node, step: 0 }));
        let mut heap: BinaryHeap<_> = starts.iter().map(begin).collect();
        let mut places = vec![];
        let (mut ends, mut leaving) = (vec![], vec![]);
        let mut back: Vec<Vec<usize>> = vec![vec![]; count];
        while let Some((Reverse(time), Reverse(place))) = heap.pop() {
            let index = self.index(place);
            if std::mem::replace(&mut settled[index], true) {
                continue;
            }
            places.push((NodeIndex(index), place));
            let mut end = |kind, time: Time| {
                ends.push(End { kind, node: place.node, after_s: time.seconds() });
                leaving.push(NodeIndex(index));
            };
            if let Some(kind) = self.end(place.node) {
                end(kind, time);
                continue;
            }
            let moves = self.moves(place);
            if moves.is_empty() {
                end(EndKind::Unhandled, time);
            }
            for Move { to, seconds } in moves {
                match to {
                    Ok(to) => {
                        back[self.index(to)].push(index);
                        heap.push((Reverse(time.and(seconds)), Reverse(to)));
                    }
                    Err(()) => end(EndKind::Dangling, time.and(seconds)),
                }
            }
        }
        let let_go = Reach::walk(count, &leaving, |place, next| {
            next.extend(back[place.0].iter().copied().map(NodeIndex));
        });
        let mut endless: Vec<NodeIndex> =
            places.iter().filter(|(index, _)| !let_go.has(*index)).map(|(_, place)| place.node).collect();
        endless.sort_unstable();
        endless.dedup();
        Fate { ends, endless }
    }
}

/// Seconds since the call came in, and how many stretches of unknown length are in them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Time {
    known_s: Seconds,
    unknown: u32,
}

impl Time {
    fn and(self, more: Option<Seconds>) -> Self {
        match more {
            Some(seconds) => Self { known_s: self.known_s + seconds, ..self },
            None => Self { unknown: self.unknown.saturating_add(1), ..self },
        }
    }

    fn seconds(self) -> Option<Seconds> {
        (self.unknown == 0).then_some(self.known_s)
    }
}

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.known_s.total_cmp(&other.known_s).then(self.unknown.cmp(&other.unknown))
    }
}
