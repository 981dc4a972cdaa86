//! A menu as the rows of a tree: every node once, under the way on which callers meet it first; further ways to it are
//! references.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use crate::{
    menu::{
        analysis::{Analysis, ways::is_failure},
        graph::{Edge, EdgeIndex, Media, NodeIndex, NodeKind, On, Target},
    },
    report::words::{
        Language,
        menu_tree::{TreeWord, on, tree_word},
    },
    units::Seconds,
};

/// What stands at the end of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    /// A node, drawn here.
    Node(NodeIndex),
    /// A node that is drawn elsewhere.
    Reference {
        /// "to", "back to".
        lead: &'static str,
        /// Its number there.
        number: Option<usize>,
        /// What it is called.
        name: String,
    },
    /// A reference that leads nowhere.
    Missing(String),
}

/// One row of the tree.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The row above that this one hangs from; `None` for where calls come in.
    pub parent: Option<usize>,
    /// How far it is set in.
    pub depth: usize,
    /// What takes callers here: keys, or conditions.
    pub on: Vec<String>,
    /// The edges that it stands for.
    pub edges: Vec<EdgeIndex>,
    /// What it takes a first-time caller from the row above to here.
    pub seconds: Option<Seconds>,
    /// What it takes from the pick-up to here.
    pub arrival: Option<Seconds>,
    /// Whether a person is here or further on.
    pub to_person: bool,
    /// Where it leads.
    pub end: End,
    /// Its number, where others refer to it.
    pub number: Option<usize>,
    /// The words that are heard for it.
    pub says: String,
}

/// The rows of a menu, and what has to be said about them.
pub(super) struct Rows {
    pub rows: Vec<Row>,
    /// Whether any length is an estimate.
    pub estimated: bool,
    /// Whether any length is not known.
    pub unknown: bool,
    /// Nodes that no call gets to.
    pub left_out: usize,
}

/// Edges of one node to one target: one row.
struct Branch<'a> {
    to: &'a Target,
    edges: Vec<(EdgeIndex, &'a Edge)>,
}

struct Planter<'a> {
    analysis: &'a Analysis<'a>,
    language: Language,
    parent: Vec<Option<NodeIndex>>,
    numbers: BTreeMap<NodeIndex, usize>,
    row_of: BTreeMap<NodeIndex, usize>,
    out: Rows,
}

impl Rows {
    pub(super) fn new(analysis: &Analysis<'_>, language: Language) -> Self {
        let parent = parents(analysis);
        let out = Self { rows: vec![], estimated: false, unknown: false, left_out: 0 };
        let mut planter =
            Planter { analysis, language, parent, numbers: BTreeMap::new(), row_of: BTreeMap::new(), out };
        planter.plant();
        planter.refer();
        let Planter { mut out, row_of, .. } = planter;
        out.left_out = analysis.flow.nodes.len()
            - analysis
                .flow
                .indexed()
                .filter(|(i, n)| row_of.contains_key(i) || matches!(n.kind, NodeKind::Hangup { .. }))
                .count();
        out
    }
}

/// An edge that nobody who knows what he wants takes.
fn is_detour(edge: &Edge) -> bool {
    is_failure(edge)
        || matches!(edge.on, On::Timeout { .. } | On::Invalid { .. } | On::AttemptsUsed | On::QueueFull { .. })
}

/// The node under which each node is drawn: the one before it on the way with the fewest detours, then steps.
fn parents(analysis: &Analysis<'_>) -> Vec<Option<NodeIndex>> {
    let mut parent = vec![None; analysis.flow.nodes.len()];
    let mut settled = vec![false; parent.len()];
    let starts = analysis.starts.iter().enumerate();
    let mut heap: BinaryHeap<_> = starts.map(|(i, start)| (Reverse((0, 0, i)), *start, None)).collect();
    let mut found = heap.len();
    while let Some((Reverse((detours, steps, _)), node, from)) = heap.pop() {
        if std::mem::replace(&mut settled[node.0], true) {
            continue;
        }
        parent[node.0] = from;
        for (_, edge) in analysis.out(node) {
            if let Some(to) = edge.to.node().filter(|to| !settled[to.0]) {
                found += 1;
                heap.push((Reverse((detours + usize::from(is_detour(edge)), steps + 1, found)), to, Some(node)));
            }
        }
    }
    parent
}

impl<'a> Planter<'a> {
    /// Rows in the order of the tree, deepest first, without recursion.
    fn plant(&mut self) {
        let mut entries: Vec<(NodeIndex, Vec<String>)> = vec![];
        for entry in &self.analysis.flow.entries {
            let Some(start) = entry.to.node() else { continue };
            match entries.iter_mut().find(|(node, _)| *node == start) {
                Some((_, labels)) => labels.push(entry.label.clone()),
                None => entries.push((start, vec![entry.label.clone()])),
            }
        }
        for (start, labels) in entries {
            let end = End::Node(start);
            let mut label = labels[0].clone();
            if labels.len() > 1 {
                label = format!("{label} (+{})", labels.len() - 1);
            }
            if label.is_empty() {
                label = tree_word(self.language, TreeWord::Entry).into();
            }
            let row = Row {
                parent: None,
                depth: 0,
                on: vec![label],
                edges: vec![],
                seconds: None,
                arrival: Some(0.0),
                to_person: self.analysis.to_person.has(start),
                end,
                number: None,
                says: self.says(start),
            };
            // a start that another start leads to is drawn under that one
            if self.parent[start.0].is_none() {
                self.out.rows.push(row);
                self.row_of.insert(start, self.out.rows.len() - 1);
                self.grow(self.out.rows.len() - 1);
            }
        }
    }

    fn grow(&mut self, root: usize) {
        let End::Node(node) = self.out.rows[root].end else { return };
        let mut open = vec![(root, self.branches(node), 0)];
        while let Some((row, branches, next)) = open.last_mut() {
            let (row, Some(branch)) = (*row, branches.get(*next)) else {
                open.pop();
                continue;
            };
            *next += 1;
            let only_child = branches.len() == 1 && branch.edges.iter().all(|(_, edge)| edge.on == On::Next);
            let depth = self.out.rows[row].depth + usize::from(!only_child);
            let child = self.row(row, depth, branch);
            self.out.rows.push(child);
            let place = self.out.rows.len() - 1;
            if let End::Node(to) = self.out.rows[place].end {
                if !matches!(self.analysis.flow.node(to).kind, NodeKind::Hangup { .. }) {
                    self.row_of.insert(to, place);
                }
                let branches = self.branches(to);
                open.push((place, branches, 0));
            }
        }
    }

    /// The ways on from `node`, those to one place together, detours last.
    fn branches(&self, node: NodeIndex) -> Vec<Branch<'a>> {
        let mut branches: Vec<Branch<'a>> = vec![];
        let mut place: BTreeMap<NodeIndex, usize> = BTreeMap::new();
        for (index, edge) in self.analysis.out(node) {
            match edge.to.node().and_then(|to| place.get(&to)) {
                Some(&at) => branches[at].edges.push((index, edge)),
                None => {
                    if let Some(to) = edge.to.node() {
                        place.insert(to, branches.len());
                    }
                    branches.push(Branch { to: &edge.to, edges: vec![(index, edge)] });
                }
            }
        }
        branches.sort_by_key(|branch| branch.edges.iter().all(|(_, edge)| is_detour(edge)));
        branches
    }

    fn row(&mut self, parent: usize, depth: usize, branch: &Branch<'a>) -> Row {
        let analysis = self.analysis;
        let mut labels: Vec<String> = vec![];
        for label in branch.edges.iter().map(|(_, edge)| on(self.language, &edge.on)).filter(|label| !label.is_empty())
        {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        // what a caller takes who knows what he wants
        let (index, edge) = branch.edges.iter().find(|(_, edge)| !is_detour(edge)).unwrap_or(&branch.edges[0]);
        let length = analysis.path(vec![*index]).reached;
        self.out.estimated |= length.is_some_and(|length| length.estimated);
        self.out.unknown |= length.is_none() && !matches!(edge.on, On::QueueFull { .. });
        // waiting in a queue is no listening to a menu: what comes after it has no time
        let queued = matches!(edge.on, On::QueueFull { .. });
        let seconds = length.map(|length| length.seconds).filter(|_| !queued);
        let from = match self.out.rows[parent].end {
            End::Node(node) => Some(node),
            _ => None,
        };
        let own_words = branch.edges.iter().map(|(_, edge)| words(&edge.media)).find(|words| !words.is_empty());
        let (end, says, to_person) = match branch.to {
            Target::Dangling(name) => (End::Missing(name.clone()), String::new(), false),
            &Target::Node(to) => {
                let is_end = matches!(analysis.flow.node(to).kind, NodeKind::Hangup { .. });
                let here = is_end || self.parent[to.0] == from && !self.row_of.contains_key(&to);
                let end =
                    if here { End::Node(to) } else { End::Reference { lead: "", number: None, name: String::new() } };
                let says = own_words.unwrap_or_else(|| if here { self.says(to) } else { String::new() });
                (end, says, analysis.to_person.has(to))
            }
        };
        Row {
            parent: Some(parent),
            depth,
            on: labels,
            edges: branch.edges.iter().map(|(index, _)| *index).collect(),
            seconds,
            arrival: self.out.rows[parent].arrival.zip(seconds).map(|(before, more)| before + more),
            to_person: to_person && !is_detour(edge),
            end,
            number: None,
            says,
        }
    }

    /// Gives numbers to the rows that others refer to, and the references their words.
    fn refer(&mut self) {
        let target = |this: &Self, row: &Row| {
            let first = row.edges.first()?;
            this.analysis.flow.edges[first.0].to.node()
        };
        let mut referred: Vec<usize> = vec![];
        for row in self.out.rows.iter().filter(|row| matches!(row.end, End::Reference { .. })) {
            let own = row.parent.and_then(|parent| match self.out.rows[parent].end {
                End::Node(node) => Some(node),
                _ => None,
            });
            let to = target(self, row).filter(|to| Some(*to) != own);
            referred.extend(to.and_then(|to| self.row_of.get(&to)));
        }
        referred.sort_unstable();
        referred.dedup();
        for (number, place) in referred.iter().enumerate() {
            self.out.rows[*place].number = Some(number + 1);
            if let End::Node(node) = self.out.rows[*place].end {
                self.numbers.insert(node, number + 1);
            }
        }
        for place in 0..self.out.rows.len() {
            let row = &self.out.rows[place];
            let (End::Reference { .. }, Some(to)) = (&row.end, target(self, row)) else { continue };
            let above = |wanted: NodeIndex| {
                let mut at = row.parent;
                while let Some(row) = at {
                    if self.out.rows[row].end == End::Node(wanted) {
                        return true;
                    }
                    at = self.out.rows[row].parent;
                }
                false
            };
            let node = self.analysis.flow.node(to);
            let name = node.title.as_ref().unwrap_or(&node.id);
            let back = above(to);
            let end = match self.numbers.get(&to) {
                Some(&number) => {
                    let word = if back { TreeWord::BackTo } else { TreeWord::To };
                    End::Reference { lead: tree_word(self.language, word), number: Some(number), name: name.clone() }
                }
                None => End::Reference {
                    lead: tree_word(self.language, TreeWord::Again),
                    number: None,
                    name: String::new(),
                },
            };
            // going back is no way to a person of its own
            self.out.rows[place].to_person &= !back;
            self.out.rows[place].end = end;
        }
    }

    /// What is heard at `node`.
    fn says(&self, node: NodeIndex) -> String {
        match &self.analysis.flow.node(node).kind {
            NodeKind::Prompt { media, .. } | NodeKind::Callback { media } => words(media),
            NodeKind::Menu(menu) => words(&menu.media),
            NodeKind::Collect(collect) => words(&collect.media),
            NodeKind::Branch { on, .. } => on.clone(),
            NodeKind::Unknown { why } => why.clone(),
            _ => String::new(),
        }
    }
}

/// The words of `media`, one after the other.
fn words(media: &[Media]) -> String {
    let words = media.iter().filter_map(|media| match media {
        Media::Text { says, .. } | Media::Audio { says: Some(says), .. } => Some(says.as_str()),
        Media::Audio { file, says: None, .. } => Some(file.as_str()),
        Media::Dynamic { .. } | Media::Pause { .. } => None,
    });
    words.collect::<Vec<_>>().join(" ")
}
