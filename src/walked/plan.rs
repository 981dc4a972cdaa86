//! What the definition lets a caller hear at each node.

use std::collections::BTreeSet;

use crate::{
    menu::{
        analysis::{Analysis, listening::Recordings},
        graph::{EdgeIndex, Flow, Media, Menu, NodeIndex, NodeKind, On, Told},
    },
    units::Seconds,
};

/// The definition of a line's menu.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Design {
    /// The graph.
    pub flow: Flow,
    /// The lengths of its recordings.
    pub recordings: Recordings,
}

/// What a recording is called in every output: the name of its file without folder and ending, in lower case.
pub fn name_of(file: &str) -> String {
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_lowercase()
}

/// A recording or words of the definition.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sound {
    /// The name of its recording, where it has one that was looked for in the calls.
    pub name: Option<String>,
    /// How long it lasts, where that can be told.
    pub seconds: Option<Seconds>,
}

/// What part a sound has at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// What is said there first, and again.
    Prompt,
    /// What is said to silence.
    Silence,
    /// What is said to a wrong key.
    Wrong,
    /// What is said while one waits there.
    Waiting,
}

/// What is heard at one node.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    parts: [Vec<Sound>; 4],
}

impl Heard {
    /// The sounds of that part, in order.
    pub fn part(&self, part: Part) -> &[Sound] {
        &self.parts[part as usize]
    }

    /// Which sound of that part is called `name`.
    pub fn position(&self, part: Part, name: &str) -> Option<usize> {
        self.part(part).iter().position(|sound| sound.name.as_deref() == Some(name))
    }

    /// Whether a recording of that part is known by its sound.
    pub fn is_known(&self, part: Part) -> bool {
        self.part(part).iter().any(|sound| sound.name.is_some())
    }

    /// How long the part lasts, where that can be told of all of it.
    pub fn seconds(&self, part: Part) -> Option<Seconds> {
        let sounds = self.part(part);
        sounds.iter().map(|sound| sound.seconds).sum::<Option<Seconds>>().filter(|_| !sounds.is_empty())
    }
}

/// What the definition says, arranged by what can be heard of it.
pub(super) struct Plan<'d> {
    pub flow: &'d Flow,
    pub analysis: Analysis<'d>,
    pub heard: Vec<Heard>,
    /// The names of all its recordings that were looked for.
    pub names: BTreeSet<String>,
}

impl<'d> Plan<'d> {
    /// The plan of `design`, where recordings called `known` were looked for in the calls.
    pub fn new<'a>(design: &'d Design, known: impl Iterator<Item = &'a str>) -> Self {
        let analysis = Analysis::new(&design.flow, &design.recordings);
        let known: BTreeSet<String> = known.map(str::to_lowercase).collect();
        let mut names = BTreeSet::new();
        let mut sounds = |media: &[Media]| -> Vec<Sound> {
            media
                .iter()
                .filter_map(|one| sound(one, &design.recordings, &known))
                .inspect(|sound| {
                    names.extend(sound.name.clone());
                })
                .collect()
        };
        let heard = design.flow.indexed().map(|(index, node)| {
            let mut parts: [Vec<Sound>; 4] = Default::default();
            parts[Part::Waiting as usize] = sounds(&node.waiting);
            match &node.kind {
                NodeKind::Prompt { media, .. } | NodeKind::Callback { media } => parts[0] = sounds(media),
                NodeKind::Menu(Menu { media, repeat_media, timeout, invalid, .. }) => {
                    parts[0] = sounds(media);
                    let options = analysis.out(index).filter(|(_, edge)| is_option(&edge.on));
                    for (_, option) in options {
                        parts[0].extend(sounds(&option.media));
                    }
                    parts[0].extend(sounds(repeat_media));
                    parts[1] = sounds(&timeout.media);
                    parts[2] = sounds(&invalid.media);
                }
                NodeKind::Collect(collect) => {
                    parts[0] = sounds(&collect.media);
                    parts[1] = sounds(&collect.timeout.media);
                    parts[2] = sounds(&collect.invalid.media);
                }
                _ => {}
            }
            Heard { parts }
        });
        let heard = heard.collect();
        Self { flow: &design.flow, analysis, heard, names }
    }

    /// Whether callers stay at `node`: a queue, a person, a box, a place outside the definition.
    pub fn is_goal(&self, node: NodeIndex) -> bool {
        match &self.flow.node(node).kind {
            NodeKind::Queue { .. } | NodeKind::Agent { .. } | NodeKind::Voicemail { .. } | NodeKind::Unknown { .. } => {
                true
            }
            NodeKind::External { person, .. } => *person == Told::Yes || self.analysis.out(node).next().is_none(),
            _ => false,
        }
    }

    /// Whether people can be met at `node`.
    pub fn has_people(&self, node: NodeIndex) -> bool {
        self.is_goal(node) && !matches!(self.flow.node(node).kind, NodeKind::Voicemail { .. })
    }

    /// Whether `node` asks for keys.
    pub fn asks(&self, node: NodeIndex) -> bool {
        matches!(self.flow.node(node).kind, NodeKind::Menu(_) | NodeKind::Collect(_))
    }

    /// Whether something is said at `node` before anything else happens, whether the definition tells the words or not.
    pub fn speaks(&self, node: NodeIndex) -> bool {
        match &self.flow.node(node).kind {
            NodeKind::Prompt { .. } | NodeKind::Menu(_) | NodeKind::Collect(_) => true,
            _ => !self.heard[node.0].part(Part::Prompt).is_empty(),
        }
    }

    /// The options of `node` that begin with `typed`, with their keys.
    pub fn options<'a>(
        &'a self,
        node: NodeIndex,
        typed: &'a str,
    ) -> impl Iterator<Item = (EdgeIndex, &'d str, NodeIndex)> + 'a {
        self.analysis.out(node).filter_map(move |(index, edge)| match &edge.on {
            On::Key(keys) if keys.starts_with(typed) => Some((index, keys.as_str(), edge.to.node()?)),
            _ => None,
        })
    }
}

fn is_option(on: &On) -> bool {
    matches!(on, On::Key(_) | On::Speech(_) | On::Pattern(_))
}

/// What a piece of media sounds like; `None` for a pause.
fn sound(media: &Media, recordings: &Recordings, known: &BTreeSet<String>) -> Option<Sound> {
    match media {
        Media::Audio { file, duration_s, .. } => {
            let name = name_of(file);
            let seconds = duration_s.or_else(|| recordings.length(file));
            Some(Sound { name: Some(name).filter(|name| known.contains(name)), seconds })
        }
        Media::Text { .. } | Media::Dynamic { .. } => Some(Sound { name: None, seconds: None }),
        Media::Pause { .. } => None,
    }
}
