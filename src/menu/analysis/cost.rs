//! What a way through the menu costs a caller who knows what he wants.
//!
//! A caller who calls for the first time listens until the option that he needs has been said and takes
//! [`REACTION_S`]; one who calls again presses at once, [`REPEAT_KEY_S`] a key, wherever the prompt lets itself be cut
//! short. The caller chooses at menus; at a branch that cannot be decided from the definition the system chooses: the
//! best case is the way that suits the caller most, the worst the one that suits him least.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, HashSet},
};

use super::{
    listening::{Length, Listening},
    reach::{edges, in_open_hours},
    ways::{Ways, keys},
};
use crate::{
    menu::graph::{Edge, EdgeIndex, Flow, NodeIndex, NodeKind, On, Told},
    units::Seconds,
};

/// From knowing the key to pressing it, for a caller who hears the menu for the first time. An assumption.
pub const REACTION_S: Seconds = 1.0;
/// What a key takes a caller who knows it by heart, and each further digit. An assumption.
pub const REPEAT_KEY_S: Seconds = 0.5;

/// A way through the menu and what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The edges, from the start on.
    pub edges: Vec<EdgeIndex>,
    /// Keys pressed.
    pub keys: u32,
    /// Choices listened to, the taken ones included.
    pub choices: u32,
    /// Menus met.
    pub menus: u32,
    /// When the last option on the way has been said, for a first-time caller; `None` where that cannot be known.
    pub heard: Option<Length>,
    /// When the goal is reached, for a first-time caller; `None` where that cannot be known.
    pub reached: Option<Length>,
    /// When the goal is reached, for a caller who knows the keys by heart.
    pub repeat_s: Option<Seconds>,
    /// What the engine waits in all, in the figures above.
    pub engine_wait_s: Seconds,
    /// Nodes on the way whose length is not known.
    pub unknown: Vec<NodeIndex>,
    /// Whether the way needs silence, a wrong key or an overflow.
    pub needs_waiting: bool,
}

/// The order in which callers prefer ways.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Cost {
    /// Silences and wrong keys: nobody who knows what he wants takes that way.
    detours: u32,
    seconds: Seconds,
    keys: u32,
    hops: u32,
}

impl Eq for Cost {}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cost {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.detours.cmp(&other.detours))
            .then(self.seconds.total_cmp(&other.seconds))
            .then(self.keys.cmp(&other.keys))
            .then(self.hops.cmp(&other.hops))
    }
}

impl Cost {
    fn and(self, step: &Step) -> Self {
        Self {
            detours: self.detours.saturating_add(u32::from(step.is_detour)),
            seconds: self.seconds + step.first.map_or(0.0, |length| length.seconds),
            keys: self.keys.saturating_add(step.keys),
            hops: self.hops.saturating_add(1),
        }
    }
}

/// What following one edge takes.
struct Step {
    first: Option<Length>,
    heard: Option<Length>,
    repeat_s: Option<Seconds>,
    keys: u32,
    is_detour: bool,
    wait_s: Seconds,
}

/// The costs of ways through one flow.
pub struct Costs<'a> {
    flow: &'a Flow,
    ways: &'a Ways,
    listening: &'a Listening,
}

/// Which options a caller may take.
#[derive(Clone, Copy, Debug)]
pub enum Wants<'a> {
    /// Any.
    Anything,
    /// Where a menu has options for this contact reason, only those.
    Reason(&'a str),
}

/// The node and edge that a way came over; none at its start.
type Before = Option<(NodeIndex, EdgeIndex)>;

/// The best ways from one start to everywhere.
pub struct Best {
    /// For each node that can be reached: as which it was, the best first, and from where.
    via: Vec<Option<(usize, Before)>>,
}

/// The ways from everywhere to a goal that suit the caller least.
pub struct Worst {
    /// The edge that such a way takes at each node, none at a goal itself. A node from which the system can lead the
    /// caller elsewhere, or on for ever, has none.
    way: Vec<Option<Option<EdgeIndex>>>,
}

impl Worst {
    /// The edges of the worst way from `start`; `None` where the system can lead the caller elsewhere.
    pub fn from(&self, flow: &Flow, start: NodeIndex) -> Option<Vec<EdgeIndex>> {
        let mut taken = vec![];
        let mut at = start;
        while let Some(edge) = self.way[at.0]? {
            taken.push(edge);
            at = flow.edges[edge.0].to.node()?;
        }
        Some(taken)
    }
}

impl<'a> Costs<'a> {
    /// The costs of the ways of `flow`.
    pub fn new(flow: &'a Flow, ways: &'a Ways, listening: &'a Listening) -> Self {
        Self { flow, ways, listening }
    }

    /// The edges that a caller who `wants` something can be led along from `node`, with what each takes.
    fn steps(&self, node: NodeIndex, wants: Wants<'_>) -> Vec<(EdgeIndex, NodeIndex, Step)> {
        let takes = in_open_hours(self.ways);
        let open = || edges(self.flow, self.ways.out(node)).filter(|(_, edge)| takes(edge));
        let serves = |edge: &Edge| match wants {
            Wants::Reason(reason) => edge.reasons.iter().any(|id| id == reason),
            Wants::Anything => false,
        };
        let is_marked = open().any(|(_, edge)| serves(edge));
        open()
            .filter(|(_, edge)| !is_marked || serves(edge) || !matches!(edge.on, On::Key(_) | On::Speech(_)))
            .filter_map(|(index, edge)| Some((index, edge.to.node()?, self.step(index, edge)?)))
            .collect()
    }

    /// What following `edge` takes; `None` where only a caller who knows an extension by heart can.
    fn step(&self, index: EdgeIndex, edge: &Edge) -> Option<Step> {
        let (flow, node) = (self.flow, edge.from);
        let keys = keys(flow, edge)?;
        let said = self.listening.prompt(node);
        let wait = Length::known(edge.wait_s);
        let (barge_in, no_input_s) = match &flow.node(node).kind {
            NodeKind::Menu(menu) => (menu.barge_in, menu.no_input_s),
            NodeKind::Collect(collect) => (collect.barge_in, collect.no_input_s),
            NodeKind::Prompt { barge_in, .. } => (*barge_in, None),
            _ => (Told::No, None),
        };
        let typing_s = |keys: u32| f64::from(keys) * REPEAT_KEY_S;
        let cut_short = |length: Option<Length>| match barge_in {
            Told::No => length.map(|length| length.seconds),
            Told::Yes | Told::Unknown => Some(0.0),
        };
        let rounds = |count: u32, message: Option<Length>| {
            let round = said? + Length::known(no_input_s?) + message?;
            Some(round.times(count))
        };
        let step = |first: Option<Length>, repeat_s| Step {
            first,
            heard: first,
            repeat_s,
            keys,
            is_detour: false,
            wait_s: edge.wait_s,
        };
        let detour = |length: Option<Length>| Step {
            is_detour: true,
            ..step(length.map(|length| length + wait), length.map(|length| length.seconds + edge.wait_s))
        };
        let (attempts_silent, attempts_wrong, attempts_all) = match &flow.node(node).kind {
            NodeKind::Menu(menu) => (menu.timeout.attempts, menu.invalid.attempts, menu.max_attempts),
            NodeKind::Collect(collect) => (collect.timeout.attempts, collect.invalid.attempts, None),
            _ => (None, None, None),
        };
        Some(match (&flow.node(node).kind, &edge.on) {
            (_, On::Timeout { nth }) => {
                let count = nth.or(attempts_silent).unwrap_or(1).max(1);
                detour(rounds(count, self.listening.on_silence(node)))
            }
            (_, On::AttemptsUsed) => {
                let count = attempts_all.or(attempts_silent).unwrap_or(1).max(1);
                detour(rounds(count, self.listening.on_silence(node)))
            }
            (_, On::Invalid { nth }) => {
                let count = nth.or(attempts_wrong).unwrap_or(1).max(1);
                let round = |said: Length, message| said + Length::known(REACTION_S) + message;
                let all = said.zip(self.listening.on_wrong_key(node)).map(|(said, message)| round(said, message));
                detour(all.map(|round| round.times(count)))
            }
            (_, On::QueueFull { after_s }) => detour(after_s.map(Length::known)),
            (NodeKind::Menu(_), On::Key(_) | On::Speech(_)) => {
                let heard = self.listening.option(index);
                let pressed = Length::known(REACTION_S + typing_s(keys.saturating_sub(1)));
                let repeat_s = cut_short(said).map(|waited| waited + typing_s(keys) + edge.wait_s);
                Step { heard, ..step(heard.map(|heard| heard + pressed + wait), repeat_s) }
            }
            (NodeKind::Collect(_), _) => {
                let typed = Length::known(REACTION_S + typing_s(keys));
                let repeat_s = cut_short(said).map(|waited| waited + typing_s(keys) + edge.wait_s);
                step(said.map(|said| said + typed + wait), repeat_s)
            }
            (NodeKind::Prompt { .. }, _) if barge_in == Told::Yes => {
                step(said.map(|said| said + wait), Some(edge.wait_s))
            }
            _ => step(said.map(|said| said + wait), said.map(|said| said.seconds + edge.wait_s)),
        })
    }

    /// How many choices have been said when that of `option` has.
    fn choices_until(&self, menu: NodeIndex, option: EdgeIndex) -> u32 {
        let heard = |edge| self.listening.option(edge).map(|length| length.seconds);
        let mine = heard(option);
        let mut keys = HashSet::new();
        for (index, edge) in edges(self.flow, self.ways.out(menu)) {
            let On::Key(key) = &edge.on else { continue };
            let earlier = match (heard(index), mine) {
                (Some(other), Some(mine)) => other <= mine,
                _ => index <= option,
            };
            if earlier || index == option {
                keys.insert(key.as_str());
            }
        }
        u32::try_from(keys.len()).unwrap_or(u32::MAX).max(1)
    }

    /// The best ways from `start` for a caller who `wants` something.
    pub fn best(&self, start: NodeIndex, wants: Wants<'_>) -> Best {
        let mut via = vec![None; self.flow.nodes.len()];
        let mut heap = BinaryHeap::from([(Reverse((Cost::default(), start)), None)]);
        let mut order = 0;
        while let Some((Reverse((cost, node)), from)) = heap.pop() {
            if via[node.0].is_some() {
                continue;
            }
            via[node.0] = Some((order, from));
            order += 1;
            for (edge, to, step) in self.steps(node, wants) {
                if via[to.0].is_none() {
                    heap.push((Reverse((cost.and(&step), to)), Some((node, edge))));
                }
            }
        }
        Best { via }
    }

    /// The ways to any of `goals` that suit the caller least.
    pub fn worst(&self, goals: &[NodeIndex], wants: Wants<'_>) -> Worst {
        let count = self.flow.nodes.len();
        let mut into: Vec<Vec<(NodeIndex, EdgeIndex, Step)>> = (0..count).map(|_| vec![]).collect();
        let mut open_ways = vec![0_usize; count];
        for (node, _) in self.flow.indexed() {
            let takes = in_open_hours(self.ways);
            open_ways[node.0] = edges(self.flow, self.ways.out(node)).filter(|(_, edge)| takes(edge)).count();
            for (edge, to, step) in self.steps(node, wants) {
                into[to.0].push((node, edge, step));
            }
        }
        let mut way: Vec<Option<Option<EdgeIndex>>> = vec![None; count];
        let mut worst_yet: Vec<Option<(Cost, EdgeIndex)>> = vec![None; count];
        let mut heap: BinaryHeap<_> = goals.iter().map(|&goal| (Reverse((Cost::default(), goal)), None)).collect();
        while let Some((Reverse((cost, node)), edge)) = heap.pop() {
            if way[node.0].is_some() {
                continue;
            }
            way[node.0] = Some(edge);
            for (from, edge, step) in into[node.0].iter().filter(|(from, ..)| way[from.0].is_none()) {
                let all = cost.and(step);
                if !self.system_chooses(*from) {
                    heap.push((Reverse((all, *from)), Some(*edge)));
                    continue;
                }
                let worst = worst_yet[from.0].filter(|(worst, _)| *worst > all).unwrap_or((all, *edge));
                worst_yet[from.0] = Some(worst);
                open_ways[from.0] -= 1;
                if open_ways[from.0] == 0 {
                    heap.push((Reverse((worst.0, *from)), Some(worst.1)));
                }
            }
        }
        Worst { way }
    }

    /// Whether what happens at `node` is decided by something that the definition does not tell.
    fn system_chooses(&self, node: NodeIndex) -> bool {
        match self.flow.node(node).kind {
            NodeKind::Branch { .. } | NodeKind::External { .. } | NodeKind::Hours { .. } => true,
            NodeKind::Collect(_) => {
                edges(self.flow, self.ways.out(node)).any(|(_, edge)| matches!(edge.on, On::Match(_)))
            }
            _ => false,
        }
    }

    /// The costs of the way along `edges`.
    pub fn path(&self, taken: Vec<EdgeIndex>) -> Path {
        let mut path = Path {
            edges: vec![],
            keys: 0,
            choices: 0,
            menus: 0,
            heard: None,
            reached: Some(Length::default()),
            repeat_s: Some(0.0),
            engine_wait_s: 0.0,
            unknown: vec![],
            needs_waiting: false,
        };
        for &index in &taken {
            let edge = &self.flow.edges[index.0];
            let Some(step) = self.step(index, edge) else { continue };
            let node = &self.flow.node(edge.from).kind;
            path.keys = path.keys.saturating_add(step.keys);
            path.menus += u32::from(matches!(node, NodeKind::Menu(_)));
            if matches!((node, &edge.on), (NodeKind::Menu(_), On::Key(_) | On::Speech(_))) {
                path.choices = path.choices.saturating_add(self.choices_until(edge.from, index));
                path.heard = path.reached.zip(step.heard).map(|(before, heard)| before + heard);
            }
            if step.first.is_none() {
                path.unknown.push(edge.from);
            }
            path.reached = path.reached.zip(step.first).map(|(before, more)| before + more);
            path.repeat_s = path.repeat_s.zip(step.repeat_s).map(|(before, more)| before + more);
            path.engine_wait_s += step.wait_s;
            path.needs_waiting |= step.is_detour;
        }
        path.edges = taken;
        path
    }
}

impl Best {
    /// The edges of the best way to `goal`; `None` where none leads there.
    pub fn to(&self, goal: NodeIndex) -> Option<Vec<EdgeIndex>> {
        let (_, mut at) = self.via[goal.0]?;
        let mut way = vec![];
        while let Some((before, edge)) = at {
            way.push(edge);
            (_, at) = self.via[before.0]?;
        }
        way.reverse();
        Some(way)
    }

    /// The one of `goals` that costs least to reach.
    pub fn nearest(&self, goals: &[NodeIndex]) -> Option<NodeIndex> {
        let order = |goal: NodeIndex| self.via[goal.0].map(|(order, _)| order);
        goals.iter().copied().filter(|goal| order(*goal).is_some()).min_by_key(|goal| order(*goal))
    }
}
