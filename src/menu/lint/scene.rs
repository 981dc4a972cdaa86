//! The analysed graph as the rules look at it.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, VecDeque},
    iter,
};

use super::{
    announced::{Announced, announced},
    limits::Limits,
    wording::is_prompt,
};
use crate::{
    menu::{
        analysis::{Analysis, ReasonCost, keys::Keys, listening::Recordings, spoken},
        graph::{Edge, EdgeIndex, ExternalKind, Flow, Media, Menu, NodeIndex, NodeKind, On, Target, Told},
        traffic::Traffic,
    },
    units::Seconds,
};

/// Steps that are followed from an option to see where it ends: more prompts in a row than this say nothing else.
const MAX_STEPS_BEHIND_A_KEY: usize = 16;

/// A definition with everything that its rules need to know.
pub struct Scene<'a> {
    /// The graph.
    pub flow: &'a Flow,
    /// What was worked out about it.
    pub analysis: &'a Analysis<'a>,
    /// What each contact reason costs: [`Analysis::costs`].
    pub costs: &'a [ReasonCost],
    /// The lengths of its recordings.
    pub recordings: &'a Recordings,
    /// From which values on rules speak.
    pub limits: &'a Limits,
    /// How calls went through it, where that is known.
    pub traffic: Option<&'a Traffic>,
    /// The edge by which each node is met first, breadth first from the entries; `None` for entries and for what is never
    /// met.
    parent: Vec<Option<NodeIndex>>,
    /// When each node was entered and left by a walk over the tree of `parent`: ancestors enclose.
    span: Vec<(usize, usize)>,
    /// What each menu announces, once it was asked for.
    announced: Vec<OnceCell<Vec<Announced>>>,
}

/// An option of a menu.
#[derive(Clone, Copy, Debug)]
pub(super) struct Option_<'a> {
    /// Its edge.
    pub index: EdgeIndex,
    /// Its edge.
    pub edge: &'a Edge,
    /// Its key.
    pub key: &'a str,
}

impl<'a> Scene<'a> {
    /// The scene of `analysis`, with its `costs` and the recordings that it was made with.
    pub fn new(
        analysis: &'a Analysis<'a>,
        costs: &'a [ReasonCost],
        recordings: &'a Recordings,
        limits: &'a Limits,
        traffic: Option<&'a Traffic>,
    ) -> Self {
        let flow = analysis.flow;
        let (parent, span) = tree(flow, analysis);
        Self {
            flow,
            analysis,
            costs,
            recordings,
            limits,
            traffic,
            parent,
            span,
            announced: vec![OnceCell::new(); flow.nodes.len()],
        }
    }

    /// The edges that leave `node` and are not ruled out.
    pub(super) fn out(&self, node: NodeIndex) -> impl Iterator<Item = (EdgeIndex, &'a Edge)> + use<'a, '_> {
        let edges = self.analysis.ways.out(node).iter().map(|&index| (index, &self.flow.edges[index.0]));
        edges.filter(|(_, edge)| edge.guard.as_ref().is_none_or(|guard| guard.holds != Told::No))
    }

    /// The menus, in the order of the definition.
    pub(super) fn menus(&self) -> impl Iterator<Item = (NodeIndex, &'a Menu)> {
        self.flow.indexed().filter_map(|(index, node)| match &node.kind {
            NodeKind::Menu(menu) => Some((index, menu)),
            _ => None,
        })
    }

    /// The listed keys of `node`, in the order of the definition.
    pub(super) fn options(&self, node: NodeIndex) -> Vec<Option_<'a>> {
        let option = |(index, edge): (EdgeIndex, &'a Edge)| match &edge.on {
            On::Key(key) => Some(Option_ { index, edge, key }),
            _ => None,
        };
        self.out(node).filter_map(option).collect()
    }

    /// The options that a caller has to choose between: one a key, without repeat, back and the operator.
    pub(super) fn choices(&self, node: NodeIndex) -> Vec<Option_<'a>> {
        let mut seen = vec![];
        let mut choices = self.options(node);
        choices.retain(|option| {
            let serves = self.repeats(node, &option.edge.to)
                || self.leads_back(node, &option.edge.to)
                || (option.key == "0" && self.helps(&option.edge.to) != Some(false));
            let first = !seen.contains(&option.key);
            seen.push(option.key);
            first && !serves
        });
        choices
    }

    /// Whether `to` is `node` again, at once or behind prompts.
    pub(super) fn repeats(&self, node: NodeIndex, to: &Target) -> bool {
        let to = to.node().map(|to| self.behind_prompts(to));
        // back to the prompt that is heard on the way to the menu
        to == Some(node)
    }

    /// Whether `to` is a menu, or a prompt before one, that calls meet on the way to `node`.
    pub(super) fn leads_back(&self, node: NodeIndex, to: &Target) -> bool {
        let above = |to: NodeIndex| to != node && self.is_above(to, node);
        to.node().is_some_and(|to| above(to) || above(self.behind_prompts(to)))
    }

    /// The node that a caller comes to behind prompts in a row.
    fn behind_prompts(&self, mut node: NodeIndex) -> NodeIndex {
        for _ in 0..MAX_STEPS_BEHIND_A_KEY {
            if !is_prompt(&self.flow.node(node).kind) {
                break;
            }
            match self.out(node).find(|(_, edge)| edge.on == On::Next).and_then(|(_, edge)| edge.to.node()) {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    /// Whether every call that meets `node` for the first time has come by `above`, on the shortest way there.
    fn is_above(&self, above: NodeIndex, node: NodeIndex) -> bool {
        let ((from, to), (inner, _)) = (self.span[above.0], self.span[node.0]);
        from <= inner && inner < to
    }

    /// The menu that calls meet before `node`.
    pub(super) fn menu_above(&self, node: NodeIndex) -> Option<NodeIndex> {
        iter::successors(self.parent[node.0], |at| self.parent[at.0])
            .find(|at| matches!(self.flow.node(*at).kind, NodeKind::Menu(_)))
    }

    /// Whether `node` is the first menu that calls meet.
    pub(super) fn is_first_menu(&self, node: NodeIndex) -> bool {
        self.met(node) && self.menu_above(node).is_none()
    }

    /// Whether a person is known to be reached from `node` by any keys.
    pub(super) fn has_person_behind(&self, node: NodeIndex) -> bool {
        matches!(self.analysis.keys.from(node), Keys::Count(_))
    }

    /// Whether any call meets `node`.
    pub(super) fn met(&self, node: NodeIndex) -> bool {
        self.span[node.0].1 > 0
    }

    /// Whether `to` gives the caller a person, a box or a call back without another choice; `None` where it cannot be
    /// known.
    pub(super) fn helps(&self, to: &Target) -> Option<bool> {
        let mut open = vec![to.node()?];
        let (mut seen, mut unknown) = (vec![], false);
        while let Some(node) = open.pop() {
            if seen.contains(&node) || seen.len() > MAX_STEPS_BEHIND_A_KEY {
                continue;
            }
            seen.push(node);
            match &self.flow.node(node).kind {
                NodeKind::Queue { .. }
                | NodeKind::Agent { .. }
                | NodeKind::Voicemail { .. }
                | NodeKind::Callback { .. } => {
                    return Some(true);
                }
                NodeKind::External { person: Told::Yes, .. } => return Some(true),
                NodeKind::External { kind, person: Told::Unknown, .. } => {
                    unknown |= *kind != ExternalKind::Function || self.out(node).next().is_none();
                }
                NodeKind::Unknown { .. } => unknown = true,
                NodeKind::Menu(_) | NodeKind::Collect(_) | NodeKind::Hangup { .. } => continue,
                _ => {}
            }
            open.extend(self.out(node).filter(|(_, edge)| edge.on != On::Fail).filter_map(|(_, edge)| edge.to.node()));
        }
        if unknown { None } else { Some(false) }
    }

    /// Whether `to` ends the call, at once or behind prompts.
    pub(super) fn ends(&self, to: &Target) -> bool {
        let last = to.node().map(|to| &self.flow.node(self.behind_prompts(to)).kind);
        matches!(last, Some(NodeKind::Hangup { .. }))
    }

    /// What people call `node`.
    pub(super) fn name(&self, node: NodeIndex) -> String {
        let node = self.flow.node(node);
        node.title.clone().unwrap_or_else(|| node.id.clone())
    }

    /// Prompts that are heard right before `node` on every way: they belong to what it says.
    pub(super) fn prompts_before(&self, node: NodeIndex) -> Vec<NodeIndex> {
        let mut before = vec![];
        let mut at = node;
        while before.len() < MAX_STEPS_BEHIND_A_KEY {
            let into = self.analysis.entering(at).map(|(_, edge)| edge);
            let mut into = into.filter(|edge| edge.on == On::Next && is_prompt(&self.flow.node(edge.from).kind));
            match into.next() {
                Some(edge) if !before.contains(&edge.from) => at = edge.from,
                _ => break,
            }
            before.push(at);
        }
        before.reverse();
        before
    }

    /// Whether the prompts from `node` on end at a menu.
    pub(super) fn leads_to_menu(&self, node: NodeIndex) -> bool {
        matches!(self.flow.node(self.behind_prompts(node)).kind, NodeKind::Menu(_))
    }

    /// All that the menu `node` says, in its order, with the prompts right before it.
    fn said(&self, node: NodeIndex) -> Vec<&'a Media> {
        let mut said = vec![];
        for prompt in self.prompts_before(node) {
            if let NodeKind::Prompt { media, .. } = &self.flow.node(prompt).kind {
                said.extend(media);
            }
        }
        if let NodeKind::Menu(menu) = &self.flow.node(node).kind {
            said.extend(&menu.media);
        }
        said.extend(self.options(node).into_iter().flat_map(|option| &option.edge.media));
        said
    }

    /// The keys that the menu `node` announces, in the order in which they are said.
    pub(super) fn announced(&self, node: NodeIndex) -> &[Announced] {
        self.announced[node.0].get_or_init(|| self.read_announced(node))
    }

    fn read_announced(&self, node: NodeIndex) -> Vec<Announced> {
        let words = |media: &&'a Media| match media {
            Media::Text { says, .. } | Media::Audio { says: Some(says), .. } => Some(says.as_str()),
            _ => None,
        };
        // a piece ends a sentence, whatever its last sign
        let text: Vec<&str> = self.said(node).iter().filter_map(words).collect();
        announced(&text.join(" . "))
    }

    /// Whether the words of all that the menu `node` says are known.
    pub(super) fn says_all(&self, node: NodeIndex) -> bool {
        self.said(node).iter().all(|media| match media {
            Media::Text { .. } | Media::Audio { says: Some(_), .. } | Media::Pause { .. } => true,
            Media::Audio { says: None, .. } | Media::Dynamic { .. } => false,
        })
    }

    /// Whether the menu `node` is reached without anything being said.
    pub(super) fn says_nothing(&self, node: NodeIndex) -> bool {
        self.said(node).is_empty()
    }

    /// Whether keys besides the listed ones do something in `menu`.
    pub(super) fn takes_other_keys(&self, node: NodeIndex, menu: &Menu) -> bool {
        menu.direct_dial != Told::No && self.out(node).any(|(_, edge)| matches!(edge.on, On::Pattern(_)))
            || menu.direct_dial.is_yes()
            || self.out(node).any(|(_, edge)| matches!(edge.on, On::Pattern(_) | On::Else | On::Match(_)))
    }

    /// Shows every piece of media, with the node that says it.
    pub(super) fn each_media(&self, mut see: impl FnMut(NodeIndex, &'a Media)) {
        for (index, node) in self.flow.indexed() {
            let lists: Vec<&'a [Media]> = match &node.kind {
                NodeKind::Prompt { media, .. } | NodeKind::Callback { media } => vec![media],
                NodeKind::Menu(menu) => {
                    vec![&menu.media, &menu.repeat_media, &menu.timeout.media, &menu.invalid.media]
                }
                NodeKind::Collect(collect) => vec![&collect.media, &collect.timeout.media, &collect.invalid.media],
                _ => vec![],
            };
            lists.into_iter().flatten().for_each(|media| see(index, media));
            let edges = self.analysis.ways.out(index).iter().map(|edge| &self.flow.edges[edge.0]);
            edges.flat_map(|edge| &edge.media).for_each(|media| see(index, media));
        }
    }

    /// Every recording that is named, with the first node that does.
    pub(super) fn recordings_named(&self) -> Vec<(NodeIndex, &'a str)> {
        let mut first: BTreeMap<&'a str, NodeIndex> = BTreeMap::new();
        self.each_media(|node, media| {
            if let Media::Audio { file, .. } = media {
                first.entry(file).or_insert(node);
            }
        });
        let mut named: Vec<_> = first.into_iter().map(|(file, node)| (node, file)).collect();
        named.sort_unstable();
        named
    }

    /// Whether the recording `file` was looked for and is not there.
    pub(super) fn is_missing(&self, file: &str) -> bool {
        self.recordings.missing(file).is_some()
    }

    /// The measured length of the recording `file`.
    pub(super) fn length_of(&self, file: &str) -> Option<Seconds> {
        self.recordings.length(file)
    }

    /// How long the voice of this menu takes for `words`.
    pub(super) fn estimate(&self, words: &str) -> Seconds {
        spoken::estimate(words, self.flow.language.as_deref(), self.analysis.listening.speech()).seconds()
    }
}

/// The breadth-first tree from the entries, and when a walk over it enters and leaves each node; (0, 0) for what is
/// never met.
fn tree(flow: &Flow, analysis: &Analysis<'_>) -> (Vec<Option<NodeIndex>>, Vec<(usize, usize)>) {
    let count = flow.nodes.len();
    let (mut parent, mut span, mut met) = (vec![None; count], vec![(0, 0); count], vec![false; count]);
    let mut children: Vec<Vec<NodeIndex>> = vec![vec![]; count];
    let roots: Vec<NodeIndex> = flow.entries.iter().filter_map(|entry| entry.to.node()).collect();
    let mut queue: VecDeque<NodeIndex> = VecDeque::new();
    for root in &roots {
        if !std::mem::replace(&mut met[root.0], true) {
            queue.push_back(*root);
        }
    }
    let starts: Vec<NodeIndex> = queue.iter().copied().collect();
    while let Some(node) = queue.pop_front() {
        for to in analysis.ways.out(node).iter().filter_map(|edge| flow.edges[edge.0].to.node()) {
            if !std::mem::replace(&mut met[to.0], true) {
                parent[to.0] = Some(node);
                children[node.0].push(to);
                queue.push_back(to);
            }
        }
    }
    let mut clock = 0;
    for start in starts {
        let mut open = vec![(start, 0)];
        while let Some((node, next)) = open.last_mut() {
            if *next == 0 {
                clock += 1;
                span[node.0].0 = clock;
            }
            match children[node.0].get(*next) {
                Some(&child) => {
                    *next += 1;
                    open.push((child, 0));
                }
                None => {
                    span[node.0].1 = clock + 1;
                    open.pop();
                }
            }
        }
    }
    (parent, span)
}
