//! How long a caller listens: to a prompt, and until an option is known.
//!
//! In this order: a length told by hand or measured from the recording; else an estimate from the words. What has
//! neither has no length, and no figure is made from it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::spoken::{self, estimate};
use crate::{
    audio,
    menu::graph::{Edge, EdgeIndex, Flow, Media, NodeIndex, NodeKind, On, Speech},
    units::{SAMPLE_RATE, Seconds},
};

/// From so many prompts that have both words and a recording on, the rate of their voice is used for the others.
const MIN_PROMPTS_TO_FIT: usize = 3;

/// The lengths of a flow's recordings, by the name that the flow gives them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recordings {
    lengths: BTreeMap<String, Result<Seconds, String>>,
}

/// A length of time that is listened to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Length {
    /// All of it.
    pub seconds: Seconds,
    /// The part of it that is estimated from words and scales with the speed of the voice.
    pub voice_s: Seconds,
    /// Whether any of it is an estimate.
    pub estimated: bool,
}

/// How long callers listen to each part of a flow.
#[derive(Clone, Debug)]
pub struct Listening {
    prompts: Vec<Option<Length>>,
    options: Vec<Option<Length>>,
    retries: Vec<[Option<Length>; 2]>,
    speech: Speech,
    fitted: bool,
}

impl Recordings {
    /// Measures every recording that `flow` names and that lies in `folder`.
    pub fn measure(flow: &Flow, folder: &Path) -> Self {
        let mut names = BTreeSet::new();
        each_media(flow, |media| {
            if let Media::Audio { file, duration_s: None, .. } = media {
                names.insert(file.clone());
            }
        });
        let lengths = names.into_iter().map(|name| {
            let length = measure(&folder.join(&name));
            (name, length)
        });
        Self { lengths: lengths.collect() }
    }

    /// The length of the recording called `file`.
    pub fn length(&self, file: &str) -> Option<Seconds> {
        self.lengths.get(file)?.as_ref().ok().copied()
    }

    /// Why the recording called `file` has no length; `None` where it has one or nobody looked.
    pub fn missing(&self, file: &str) -> Option<&str> {
        self.lengths.get(file)?.as_ref().err().map(String::as_str)
    }

    /// Adds a length that is known.
    pub fn insert(&mut self, file: impl Into<String>, seconds: Seconds) {
        self.lengths.insert(file.into(), Ok(seconds));
    }
}

fn measure(path: &Path) -> Result<Seconds, String> {
    let mut sound = audio::open(path).map_err(|error| error.to_string())?;
    let mut samples = 0;
    while let Some(block) = sound.next_block().map_err(|error| error.to_string())? {
        samples += block.first().map_or(0, Vec::len);
    }
    #[allow(clippy::cast_precision_loss)]
    Ok(samples as f64 / f64::from(SAMPLE_RATE))
}

/// Every piece of media of `flow`.
pub fn each_media(flow: &Flow, mut see: impl FnMut(&Media)) {
    for node in &flow.nodes {
        let (first, retries): (&[Media], _) = match &node.kind {
            NodeKind::Prompt { media, .. } | NodeKind::Callback { media } => (media, None),
            NodeKind::Menu(menu) => (&menu.media, Some((&menu.repeat_media, &menu.timeout, &menu.invalid))),
            NodeKind::Collect(collect) => {
                collect.timeout.media.iter().chain(&collect.invalid.media).for_each(&mut see);
                (&collect.media, None)
            }
            _ => (&[], None),
        };
        first.iter().chain(&node.waiting).for_each(&mut see);
        if let Some((repeat, timeout, invalid)) = retries {
            repeat.iter().chain(&timeout.media).chain(&invalid.media).for_each(&mut see);
        }
    }
    flow.edges.iter().flat_map(|edge| &edge.media).for_each(see);
}

impl std::ops::Add for Length {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            seconds: self.seconds + other.seconds,
            voice_s: self.voice_s + other.voice_s,
            estimated: self.estimated || other.estimated,
        }
    }
}

impl Length {
    /// A length that is known.
    pub fn known(seconds: Seconds) -> Self {
        Self { seconds, voice_s: 0.0, estimated: false }
    }

    /// That many times the length.
    pub fn times(self, count: u32) -> Self {
        let count = f64::from(count);
        Self { seconds: self.seconds * count, voice_s: self.voice_s * count, ..self }
    }

    /// Its length at another speed of the voice, as a multiple of the one that was supposed.
    pub fn at_speed(self, factor: f64) -> Seconds {
        self.seconds - self.voice_s + self.voice_s / factor
    }
}

impl Listening {
    /// The lengths of everything in `flow`, whose outgoing edges `out` lists.
    pub fn new<'a>(flow: &Flow, out: impl Fn(NodeIndex) -> &'a [EdgeIndex], recordings: &Recordings) -> Self {
        let told = flow.speech.unwrap_or(Speech::DUTCH);
        let fit = fit(flow, recordings, told);
        let clock = Clock { flow, recordings, speech: fit.unwrap_or(told) };
        let mut listening = Self {
            prompts: vec![None; flow.nodes.len()],
            options: vec![None; flow.edges.len()],
            retries: vec![[None; 2]; flow.nodes.len()],
            speech: clock.speech,
            fitted: fit.is_some(),
        };
        for (index, node) in flow.indexed() {
            listening.prompts[index.0] = match &node.kind {
                NodeKind::Prompt { media, .. } | NodeKind::Callback { media } => clock.all(media),
                NodeKind::Collect(collect) => {
                    listening.retries[index.0] = [clock.all(&collect.timeout.media), clock.all(&collect.invalid.media)];
                    clock.all(&collect.media)
                }
                NodeKind::Menu(menu) => {
                    listening.retries[index.0] = [clock.all(&menu.timeout.media), clock.all(&menu.invalid.media)];
                    clock.menu(&menu.media, out(index), &mut listening.options)
                }
                _ => Some(Length::default()),
            };
        }
        listening
    }

    /// How long what `node` says takes, options included; `None` where that cannot be known. Nodes that say nothing
    /// take no time.
    pub fn prompt(&self, node: NodeIndex) -> Option<Length> {
        self.prompts[node.0]
    }

    /// When a caller who listens from the start of the menu knows the option of `edge`; `None` where that cannot be
    /// known, and for edges that are no options.
    pub fn option(&self, edge: EdgeIndex) -> Option<Length> {
        self.options[edge.0]
    }

    /// How long what `node` says to a silent caller takes before its prompt comes again.
    pub fn on_silence(&self, node: NodeIndex) -> Option<Length> {
        self.retries[node.0][0]
    }

    /// How long what `node` says to a wrong key takes before its prompt comes again.
    pub fn on_wrong_key(&self, node: NodeIndex) -> Option<Length> {
        self.retries[node.0][1]
    }

    /// The speed of the voice that estimates suppose.
    pub fn speech(&self) -> Speech {
        self.speech
    }

    /// Whether that speed was fitted to prompts that have both words and a recording.
    pub fn is_fitted(&self) -> bool {
        self.fitted
    }
}

/// The rate of the voice, from prompts that have both words and a recording.
fn fit(flow: &Flow, recordings: &Recordings, told: Speech) -> Option<Speech> {
    let (mut count, mut voice_s, mut syllables) = (0, 0.0, 0);
    each_media(flow, |media| {
        let Media::Audio { file, says: Some(words), duration_s } = media else { return };
        let Some(length) = duration_s.or_else(|| recordings.length(file)) else { return };
        let voice = length - estimate(words, Some("nl"), told).pause_s;
        if voice > 0.0 {
            count += 1;
            voice_s += voice;
            syllables += spoken::syllables(words);
        }
    });
    let rate = f64::from(syllables) / voice_s;
    let is_dutch = flow.language.as_deref().is_none_or(|tag| tag.starts_with("nl"));
    (is_dutch && count >= MIN_PROMPTS_TO_FIT && rate.is_finite() && rate > 0.0)
        .then_some(Speech { syllables_per_second: rate, ..told })
}

struct Clock<'a> {
    flow: &'a Flow,
    recordings: &'a Recordings,
    speech: Speech,
}

impl Clock<'_> {
    fn words(&self, text: &str, language: Option<&str>) -> Length {
        let estimate = estimate(text, language.or(self.flow.language.as_deref()), self.speech);
        Length { seconds: estimate.seconds(), voice_s: estimate.voice_s, estimated: true }
    }

    fn one(&self, media: &Media) -> Option<Length> {
        match media {
            Media::Audio { file, says, duration_s } => match duration_s.or_else(|| self.recordings.length(file)) {
                Some(seconds) => Some(Length::known(seconds)),
                None => says.as_deref().map(|says| self.words(says, None)),
            },
            Media::Text { says, language } => Some(self.words(says, language.as_deref())),
            Media::Dynamic { .. } => None,
            Media::Pause { duration_s } => Some(Length::known(*duration_s)),
        }
    }

    fn all(&self, media: &[Media]) -> Option<Length> {
        media.iter().try_fold(Length::default(), |sum, media| Some(sum + self.one(media)?))
    }

    /// The length of a menu's prompt, and into `heard` when each of its options is known.
    fn menu(&self, media: &[Media], out: &[EdgeIndex], heard: &mut [Option<Length>]) -> Option<Length> {
        let edges = || out.iter().map(|&index| (index, &self.flow.edges[index.0]));
        let options = || edges().filter(|(_, edge)| matches!(edge.on, On::Key(_) | On::Speech(_)));
        let is_audio = |media: &[Media]| media.iter().any(|media| matches!(media, Media::Audio { .. }));
        let with_words = || options().filter(|(_, edge)| !edge.media.is_empty());
        let told = options().any(|(_, edge)| edge.heard_s.is_some());
        let whole_in_one =
            told || is_audio(media) && with_words().count() > 0 && !with_words().any(|(_, edge)| is_audio(&edge.media));
        if whole_in_one {
            return self.one_recording(media, options().collect(), heard);
        }
        let intro = self.all(media);
        let mut so_far = intro;
        for (index, edge) in options().filter(|(_, edge)| !edge.media.is_empty()) {
            so_far = so_far.and_then(|sum| Some(sum + self.all(&edge.media)?));
            heard[index.0] = edge.heard_s.map(Length::known).or(so_far);
        }
        for (index, edge) in options().filter(|(_, edge)| edge.media.is_empty()) {
            let named = || self.named_in(media, edge);
            heard[index.0] = edge.heard_s.map(Length::known).or_else(named).or(so_far);
        }
        so_far
    }

    /// A menu whose options are all in one recording.
    fn one_recording(
        &self,
        media: &[Media],
        options: Vec<(EdgeIndex, &Edge)>,
        heard: &mut [Option<Length>],
    ) -> Option<Length> {
        let texts: Vec<Length> = options.iter().map(|(_, edge)| self.all(&edge.media).unwrap_or_default()).collect();
        let spoken = texts.iter().fold(Length::default(), |sum, text| sum + *text);
        let last = options
            .iter()
            .filter_map(|(_, edge)| edge.heard_s)
            .fold(None, |last: Option<Seconds>, at| Some(last.map_or(at, |last| last.max(at))));
        let measured = self.all(media).filter(|length| !length.estimated && !media.is_empty());
        let whole = measured.or(last.map(Length::known)).or_else(|| Some(self.all(media)? + spoken)).unwrap_or(spoken);
        // what the words tell of the order, stretched or squeezed to the recording
        let factor = if spoken.seconds > 0.0 { whole.seconds / spoken.seconds } else { 1.0 };
        let mut so_far = 0.0;
        for ((index, edge), text) in options.iter().zip(&texts) {
            so_far += text.seconds;
            let by_words = Length { seconds: so_far * factor, voice_s: 0.0, estimated: true };
            heard[index.0] = Some(edge.heard_s.map_or(by_words, Length::known));
        }
        Some(whole)
    }

    /// When the phrase that names the key of `edge` ends.
    fn named_in(&self, media: &[Media], edge: &Edge) -> Option<Length> {
        let On::Key(key) = &edge.on else { return None };
        let mut so_far = Length::default();
        for media in media {
            let (words, language) = match media {
                Media::Text { says, language } => (Some(says), language.as_deref()),
                Media::Audio { says, .. } => (says.as_ref(), None),
                Media::Dynamic { .. } | Media::Pause { .. } => (None, None),
            };
            if let Some((words, end)) = words.and_then(|words| Some((words, spoken::heard_by(words, key)?))) {
                let part = self.words(&words[..end], language);
                let whole = self.words(words, language);
                return Some(match self.one(media)? {
                    length if length.estimated => so_far + part,
                    length => {
                        let seconds = part.seconds / whole.seconds.max(f64::MIN_POSITIVE) * length.seconds;
                        so_far + Length { seconds, voice_s: 0.0, estimated: true }
                    }
                });
            }
            so_far = so_far + self.one(media)?;
        }
        None
    }
}
