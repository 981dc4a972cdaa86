//! The graph of a phone menu: one model for every format.
//!
//! A [`Flow`] has nodes (what the caller meets) and edges (what takes the caller on). Nothing is guessed silently: an
//! edge that the file does not spell out says so in its [`Certainty`], a reference that leads nowhere is
//! [`Target::Dangling`], what only the running system knows is [`NodeKind::Unknown`] or an undecidable
//! [`NodeKind::Branch`].
//!
//! # Silence and wrong keys
//! A menu that is played again after silence has no edge for that; `timeout.attempts` counts how often it is played in
//! all, and the edge [`On::Timeout`] without `nth` is what comes after the last time. An edge with `nth` is what the nth
//! silence (counted from 1) does, and every later one up to the next `nth`. [`On::Invalid`] likewise.

use std::collections::{BTreeMap, HashMap};

use crate::units::Seconds;

/// A definition, as a graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// What it calls itself; else its file.
    pub name: String,
    /// The id of the importer that read it.
    pub format: String,
    /// The files that it was read from, in the order given.
    pub sources: Vec<Source>,
    /// The language of what is said, as a BCP 47 tag, where told.
    pub language: Option<String>,
    /// The time zone of the opening hours, where told.
    pub timezone: Option<String>,
    /// The folder of the prompts' audio, relative to the first file; that file's own folder where not told.
    pub audio_dir: Option<String>,
    /// How fast text is spoken, where told.
    pub speech: Option<Speech>,
    /// Where calls come in.
    pub entries: Vec<Entry>,
    /// What callers meet, in the order of the files.
    pub nodes: Vec<Node>,
    /// What takes callers on, in the order of the files.
    pub edges: Vec<Edge>,
    /// What callers want, and where that must end.
    pub reasons: Vec<Reason>,
    /// Opening hours by name.
    pub schedules: BTreeMap<String, Schedule>,
    /// What importing left out or had to suppose.
    pub remarks: Vec<Remark>,
}

/// A file that a flow was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name as given.
    pub file: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A node's place in [`Flow::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIndex(pub usize);

/// An edge's place in [`Flow::edges`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EdgeIndex(pub usize);

/// A place where calls come in.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is called.
    pub label: String,
    /// The telephone number, where told.
    pub number: Option<String>,
    /// Where such a call starts.
    pub to: Target,
    /// `Assumed` where nothing in the file says that calls come in here.
    pub certainty: Certainty,
}

/// Something that a caller meets.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its own name or id in the file; unique in the flow.
    pub id: String,
    /// What people call it, where that differs from the id.
    pub title: Option<String>,
    /// Where it is defined.
    pub origin: Origin,
    /// What it is.
    pub kind: NodeKind,
    /// What is said to callers while they wait there: the messages of a queue.
    pub waiting: Vec<Media>,
    /// Findings that its owner accepts: the rule's code and why.
    pub allow: Vec<Allow>,
}

/// A finding that the owner of a menu accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The code of the rule.
    pub code: String,
    /// Why it is accepted.
    pub reason: Option<String>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// Something is said, and the call goes on.
    Prompt {
        /// What is said, in order.
        media: Vec<Media>,
        /// Whether a key cuts it short.
        barge_in: Told,
    },
    /// A choice between listed keys. The options are its edges on [`On::Key`] and [`On::Speech`].
    Menu(Menu),
    /// Digits without a list: an order number, an extension.
    Collect(Collect),
    /// Opening hours. Edges on [`On::Open`], [`On::Closed`], [`On::Holiday`], [`On::Emergency`].
    Hours {
        /// The name in [`Flow::schedules`], or the file's own words for hours that it does not hold; `None` if unsaid.
        schedule: Option<String>,
    },
    /// Anything else that splits: an attribute, the result of a look-up, a counter.
    Branch {
        /// What it splits on, in the file's own words.
        on: String,
        /// Whether the definition alone decides which way calls go. Else all ways are [`Certainty::Possible`].
        decidable: bool,
    },
    /// A queue for people. Edges on [`On::QueueFull`].
    Queue {
        /// Its name, where told.
        name: Option<String>,
    },
    /// A person, or a group that rings.
    Agent {
        /// Name or extension, where told.
        name: Option<String>,
    },
    /// Something outside the definition.
    External {
        /// What.
        kind: ExternalKind,
        /// Its name, number or address, in the file's own words.
        name: String,
        /// Whether a person is there.
        person: Told,
    },
    /// A box to speak a message into.
    Voicemail {
        /// Its name, where told.
        name: Option<String>,
    },
    /// The company calls back.
    Callback {
        /// What is said.
        media: Vec<Media>,
    },
    /// The call ends.
    Hangup {
        /// Whether the file says so; else it is what the engine does at the end of the definition.
        said: bool,
    },
    /// What cannot be known from the definition.
    Unknown {
        /// Why.
        why: String,
    },
}

/// A choice between listed keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Menu {
    /// What is said before the options, or the whole menu where the options have no words of their own.
    pub media: Vec<Media>,
    /// What is said in place of it from the second time on; empty where it is the same.
    pub repeat_media: Vec<Media>,
    /// What silence does short of the edge on [`On::Timeout`].
    pub timeout: Retry,
    /// What a key that is no option does short of the edge on [`On::Invalid`].
    pub invalid: Retry,
    /// Silences and wrong keys together before [`On::AttemptsUsed`], where the engine counts them together.
    pub max_attempts: Option<u32>,
    /// Silence after the prompt before time-out.
    pub no_input_s: Option<Seconds>,
    /// Wait for a further digit where keys may be longer than one.
    pub inter_digit_s: Option<Seconds>,
    /// Whether a key cuts the prompt short.
    pub barge_in: Told,
    /// Whether an extension can be dialled besides the options.
    pub direct_dial: Told,
}

/// Digits without a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collect {
    /// What is said.
    pub media: Vec<Media>,
    /// The fewest digits, where told.
    pub min: Option<u32>,
    /// The most digits, where told.
    pub max: Option<u32>,
    /// The key that ends them.
    pub end_key: Option<String>,
    /// What they are for.
    pub purpose: Option<String>,
    /// What silence does short of the edge on [`On::Timeout`].
    pub timeout: Retry,
    /// What wrong digits do short of the edge on [`On::Invalid`].
    pub invalid: Retry,
    /// Silence after the prompt before time-out.
    pub no_input_s: Option<Seconds>,
    /// Wait for a further digit.
    pub inter_digit_s: Option<Seconds>,
    /// Whether a key cuts the prompt short.
    pub barge_in: Told,
}

/// What is done about silence, or about a wrong key, before the call goes on elsewhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Retry {
    /// How often the prompt is played in all, the first time counted; `None` where neither file nor engine says.
    pub attempts: Option<u32>,
    /// What is said each time.
    pub media: Vec<Media>,
}

/// Opening hours: for each day of the week from Monday on, stretches as `09:00-17:30`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Monday to Sunday.
    pub week: [Vec<String>; 7],
    /// Days that are closed, as `2026-12-25`.
    pub closed: Vec<String>,
}

/// What stands outside a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExternalKind {
    /// A telephone number.
    Number,
    /// Another flow of the same system.
    Flow,
    /// A program or look-up.
    Function,
    /// A place in a dialplan.
    Dialplan,
    /// An address on a network.
    Url,
}

/// Something that takes callers from a node to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Where from.
    pub from: NodeIndex,
    /// Where to.
    pub to: Target,
    /// On what.
    pub on: On,
    /// The condition under which it exists, in the file's own words.
    pub guard: Option<Guard>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Where it is defined; for an assumed edge, where it would be.
    pub origin: Origin,
    /// The words or recording that announce this option, where they are apart from its menu's.
    pub media: Vec<Media>,
    /// When these words end, in seconds from the start of the menu's prompt, where told.
    pub heard_s: Option<Seconds>,
    /// What the engine waits for before it follows, e.g. whether a longer number comes.
    pub wait_s: Seconds,
    /// Contact reasons that this option serves, as ids in [`Flow::reasons`].
    pub reasons: Vec<String>,
}

/// A condition of an edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// In the file's own words.
    pub text: String,
    /// Whether it can ever hold: `No` for a test that the definition itself rules out.
    pub holds: Told,
}

/// Where an edge leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// To a node.
    Node(NodeIndex),
    /// To something that is not there: the reference in the file's own words.
    Dangling(String),
}

/// What takes a caller on.
#[derive(Clone, Debug, PartialEq)]
pub enum On {
    /// A key, or several in a row.
    Key(String),
    /// Any digits of a pattern, in the file's own words.
    Pattern(String),
    /// Spoken words; empty where they stand elsewhere.
    Speech(Vec<String>),
    /// Silence; see the module on `nth`.
    Timeout {
        /// Which silence, counted from 1.
        nth: Option<u32>,
    },
    /// A key that is no option; see the module on `nth`.
    Invalid {
        /// Which wrong key, counted from 1.
        nth: Option<u32>,
    },
    /// Silences and wrong keys together reached [`Menu::max_attempts`].
    AttemptsUsed,
    /// Within opening hours.
    Open,
    /// Outside opening hours.
    Closed,
    /// On a holiday.
    Holiday,
    /// In an emergency, switched by hand.
    Emergency,
    /// A value of what a branch, collect or external splits on.
    Match(String),
    /// Any other value.
    Else,
    /// No condition.
    Next,
    /// The step failed: an error exit of the system, nobody answers, busy.
    Fail,
    /// The queue is full, or the caller waited this long in it.
    QueueFull {
        /// How long.
        after_s: Option<Seconds>,
    },
}

/// How sure an edge or entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// The file says so.
    #[default]
    Certain,
    /// It depends on a value that cannot be seen.
    Possible,
    /// What the engine does where the file says nothing.
    Assumed,
    /// Into another file that was not given.
    External,
}

/// A yes or no that may be unsaid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Told {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Neither file nor engine says.
    #[default]
    Unknown,
}

/// Something that is played or said.
#[derive(Clone, Debug, PartialEq)]
pub enum Media {
    /// A recording.
    Audio {
        /// Its path or id, in the file's own words.
        file: String,
        /// The words that it says, where told.
        says: Option<String>,
        /// Its length, where told.
        duration_s: Option<Seconds>,
    },
    /// Words spoken by the system.
    Text {
        /// The words.
        says: String,
        /// Their language as a BCP 47 tag, where told.
        language: Option<String>,
    },
    /// What only the running system knows.
    Dynamic {
        /// The expression, in the file's own words.
        expression: String,
    },
    /// A pause.
    Pause {
        /// Its length.
        duration_s: Seconds,
    },
}

/// What callers want, and where that must end.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Where it must end: any of these nodes.
    pub goals: Vec<NodeIndex>,
    /// The most keys that it may take.
    pub max_keys: Option<u32>,
    /// The most seconds that it may take.
    pub max_s: Option<Seconds>,
}

/// How fast text is spoken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speech {
    /// Syllables a second, pauses not counted.
    pub syllables_per_second: f64,
    /// The pause at the end of a sentence.
    pub sentence_pause_s: Seconds,
    /// The pause at a comma.
    pub comma_pause_s: Seconds,
}

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The file's place in [`Flow::sources`].
    pub file: usize,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The place in a JSON document (RFC 6901).
    pub pointer: Option<String>,
}

/// What importing left out or had to suppose, for the reader to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What.
    pub kind: RemarkKind,
    /// How often.
    pub count: usize,
    /// Details in the file's own words: names of variables, of files.
    pub details: Vec<String>,
    /// The first place.
    pub origin: Option<Origin>,
}

/// Kinds of remarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RemarkKind {
    /// Branches of other channels (chat, message, task) were left out.
    OtherChannels,
    /// Values that only the running system knows decide where calls go.
    Variables,
    /// References into files that were not given.
    OtherFiles,
    /// Parts of the definition that no telephone number leads to were left out.
    NotEntered,
    /// The file is one that the vendor ships as a demonstration.
    VendorDemo,
    /// The text was not UTF-8; `details` tells what it was read as.
    Decoded,
    /// Something broken was read all the same; `details` tells what.
    Mended,
    /// Placeholders of a template were taken for words.
    Placeholders,
    /// Constructs that the importer does not know and passed over.
    NotUnderstood,
}

impl Speech {
    /// Dutch as a menu's voice speaks it: 4.2 syllables a second, 0.5 s at the end of a sentence, 0.25 s at a comma.
    ///
    /// Verhoeven, De Pauw and Kloots (2004), Language and Speech 47(3), measured 5.05 syllables a second in spontaneous
    /// Dutch of the Netherlands and 4.23 of Belgium, pauses left out; a recorded menu is slower than talk. With the
    /// pauses this comes to about 123 words a minute.
    pub const DUTCH: Self = Self { syllables_per_second: 4.2, sentence_pause_s: 0.5, comma_pause_s: 0.25 };
}

impl Origin {
    /// A line, counted from 1, of the file at `file` in [`Flow::sources`].
    pub fn line(file: usize, line: u32) -> Self {
        Self { file, line: Some(line), pointer: None }
    }

    /// A place in the JSON document at `file` in [`Flow::sources`].
    pub fn pointer(file: usize, pointer: impl Into<String>) -> Self {
        Self { file, line: None, pointer: Some(pointer.into()) }
    }
}

impl Target {
    /// The node, where there is one.
    pub fn node(&self) -> Option<NodeIndex> {
        match self {
            Self::Node(node) => Some(*node),
            Self::Dangling(_) => None,
        }
    }
}

impl Told {
    /// Whether it is told to be so.
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }
}

impl From<bool> for Told {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl From<Option<bool>> for Told {
    fn from(told: Option<bool>) -> Self {
        told.map_or(Self::Unknown, Self::from)
    }
}

impl Flow {
    /// The node at `index`.
    ///
    /// # Panics
    /// Where the index is of another flow.
    pub fn node(&self, index: NodeIndex) -> &Node {
        &self.nodes[index.0]
    }

    /// The node of that id.
    pub fn find(&self, id: &str) -> Option<NodeIndex> {
        self.nodes.iter().position(|node| node.id == id).map(NodeIndex)
    }

    /// Every node with its index.
    pub fn indexed(&self) -> impl Iterator<Item = (NodeIndex, &Node)> {
        self.nodes.iter().enumerate().map(|(i, node)| (NodeIndex(i), node))
    }
}

/// Builds a [`Flow`] whose edges name their targets before those exist.
///
/// ```
/// use bezet::menu::graph::{Builder, Menu, NodeKind, On, Origin, Target};
///
/// let mut flow = Builder::new("winkel", "native");
/// let menu = flow.node("hoofd", Origin::line(0, 1), NodeKind::Menu(Menu::default()));
/// flow.node("verkoop", Origin::line(0, 9), NodeKind::Queue { name: None });
/// flow.link(menu, On::Key("1".into()), "verkoop", Origin::line(0, 3));
/// flow.link(menu, On::Key("2".into()), "servies", Origin::line(0, 4));
/// flow.entry("hoofdnummer", None, "hoofd");
/// let flow = flow.finish();
/// assert_eq!(flow.edges[0].to, Target::Node(flow.find("verkoop").unwrap()));
/// assert_eq!(flow.edges[1].to, Target::Dangling("servies".into()));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Builder {
    flow: Flow,
    by_id: HashMap<String, NodeIndex>,
    copies: HashMap<String, usize>,
    hops: Vec<Hop>,
    starts: Vec<Start>,
}

/// An edge whose target is still a name.
#[derive(Clone, Debug)]
struct Hop {
    edge: Edge,
    to: String,
}

#[derive(Clone, Debug)]
struct Start {
    entry: Entry,
    to: String,
}

impl Builder {
    /// A flow without anything in it yet. `format` is the importer's id.
    pub fn new(name: impl Into<String>, format: &str) -> Self {
        Self { flow: Flow { name: name.into(), format: format.into(), ..Flow::default() }, ..Self::default() }
    }

    /// The flow's own fields: language, schedules, remarks, reasons.
    pub fn flow(&mut self) -> &mut Flow {
        &mut self.flow
    }

    /// Adds a node. Where the id is taken, the node gets the next free `id~2`, `id~3`; what names the id leads to the
    /// first.
    pub fn node(&mut self, id: impl Into<String>, origin: Origin, kind: NodeKind) -> NodeIndex {
        let wanted = id.into();
        let mut id = wanted.clone();
        while self.by_id.contains_key(&id) {
            let copies = self.copies.entry(wanted.clone()).or_insert(1);
            *copies += 1;
            id = format!("{wanted}~{copies}");
        }
        let index = NodeIndex(self.flow.nodes.len());
        self.by_id.insert(id.clone(), index);
        self.flow.nodes.push(Node { id, title: None, origin, kind, waiting: vec![], allow: vec![] });
        index
    }

    /// The node at `index`, to be changed.
    pub fn at(&mut self, index: NodeIndex) -> &mut Node {
        &mut self.flow.nodes[index.0]
    }

    /// The node of that id, if there is one yet.
    pub fn find(&self, id: &str) -> Option<NodeIndex> {
        self.by_id.get(id).copied()
    }

    /// Adds a certain edge to the node of the id `to`, which may come later, and gives it to be refined.
    pub fn link(&mut self, from: NodeIndex, on: On, to: impl Into<String>, origin: Origin) -> &mut Edge {
        self.hops.push(Hop { edge: Edge::new(from, on, origin), to: to.into() });
        let last = self.hops.len() - 1;
        &mut self.hops[last].edge
    }

    /// Adds a place where calls come in; it leads to the node of the id `to`.
    pub fn entry(&mut self, label: impl Into<String>, number: Option<String>, to: impl Into<String>) -> &mut Entry {
        let to: String = to.into();
        let entry =
            Entry { label: label.into(), number, to: Target::Dangling(to.clone()), certainty: Certainty::Certain };
        self.starts.push(Start { entry, to });
        let last = self.starts.len() - 1;
        &mut self.starts[last].entry
    }

    /// The flow: what names a node leads to it, what names none dangles.
    pub fn finish(self) -> Flow {
        let Self { mut flow, by_id, hops, starts, .. } = self;
        let target = |to: String| by_id.get(&to).map_or_else(|| Target::Dangling(to), |&node| Target::Node(node));
        flow.edges = hops.into_iter().map(|hop| Edge { to: target(hop.to), ..hop.edge }).collect();
        flow.entries = starts.into_iter().map(|start| Entry { to: target(start.to), ..start.entry }).collect();
        flow
    }
}

impl Edge {
    /// A certain edge that leads nowhere yet.
    fn new(from: NodeIndex, on: On, origin: Origin) -> Self {
        Self {
            from,
            to: Target::Dangling(String::new()),
            on,
            guard: None,
            certainty: Certainty::Certain,
            origin,
            media: vec![],
            heard_s: None,
            wait_s: 0.0,
            reasons: vec![],
        }
    }
}
