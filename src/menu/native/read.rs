//! A document of `bezet-menu/1` into the graph, with every reference and value checked.

use std::collections::{HashMap, HashSet};

use super::{
    model::{
        AllowEntry, CertaintyWord, Document, EntryTable, ExternalWord, FORMAT, MediaTable, NodeTable, NodeType, OnWord,
        RetryTable, ScheduleTable, WayTable, Word,
    },
    tree::{At, nearest},
};
use crate::{
    keypad,
    menu::{
        graph::{
            Allow, Builder, Certainty, Collect, Edge, ExternalKind, Flow, Guard, Media, Menu, NodeIndex, NodeKind, On,
            Origin, Reason, Retry, Schedule, Speech, Told,
        },
        import::{Problem, tree::Tree},
    },
    units::Seconds,
};

/// No wait in a menu is longer: a day.
const MAX_S: Seconds = 86_400.0;
/// No menu is played more often.
const MAX_ATTEMPTS: u32 = 1_000;
/// No row of keys is longer.
const MAX_KEYS: usize = 32;

/// Something wrong at a line.
type Wrong = (u32, Problem);

/// Adds what `document` says to `flow`. `tree` is what the document was read from.
///
/// # Errors
/// The first reference that leads nowhere or value that cannot be, with its line.
pub(super) fn read(document: &Document, tree: &Tree, mut flow: Builder) -> Result<Flow, Wrong> {
    if document.format.value != FORMAT {
        let detail = format!("{:?}, where {FORMAT:?} belongs", document.format.value);
        return Err((document.format.line, Problem::Value { place: "format".into(), detail }));
    }
    let reader = Reader::new(document, tree)?;
    if let Some(defaults) = &document.defaults {
        seconds(defaults.timeout_s.as_ref(), "timeout_s")?;
        seconds(defaults.inter_digit_s.as_ref(), "inter_digit_s")?;
    }
    let head = flow.flow();
    head.name = document.name.clone().unwrap_or_else(|| std::mem::take(&mut head.name));
    head.language = document.language.clone();
    head.audio_dir = document.audio_dir.clone();
    if let Some(zone) = &document.timezone {
        let is_known = zone.value.parse::<chrono_tz::Tz>().is_ok();
        let detail = || format!("{:?} is no time zone; write one such as \"Europe/Amsterdam\"", zone.value);
        check(is_known, zone.line, "timezone", detail)?;
        head.timezone = Some(zone.value.clone());
    }
    head.speech = reader.speech()?;
    for (name, table) in &document.schedule.0 {
        head.schedules.insert(name.clone(), schedule(&table.value)?);
    }
    for (id, table) in &document.node.0 {
        reader.node(&mut flow, id, table)?;
    }
    for entry in &document.entry {
        reader.entry(&mut flow, entry)?;
    }
    for reason in &document.reason {
        let table = &reason.value;
        let goals = table.goals.iter().map(|goal| {
            let id = reader.exists(&format!("reason {:?}", table.id.value), goal)?;
            flow.find(id).ok_or((goal.line, Problem::Missing { field: goal.value.clone(), place: "node".into() }))
        });
        let goals = goals.collect::<Result<Vec<_>, _>>()?;
        let max_s = seconds(table.max_s.as_ref(), "max_s")?;
        let label = table.label.clone().unwrap_or_else(|| table.id.value.clone());
        let reason = Reason { id: table.id.value.clone(), label, goals, max_keys: table.max_keys, max_s };
        flow.flow().reasons.push(reason);
    }
    Ok(flow.finish())
}

struct Reader<'a> {
    document: &'a Document,
    nodes: HashMap<&'a str, usize>,
    reasons: HashSet<&'a str>,
    /// The fields of each node as written, with their lines.
    written: HashMap<&'a str, &'a Tree>,
}

/// The parts of an edge besides where it comes from.
struct Way<'a> {
    line: u32,
    next: Option<&'a At<String>>,
    dangling: Option<&'a str>,
    certainty: Certainty,
}

impl<'a> Reader<'a> {
    fn new(document: &'a Document, tree: &'a Tree) -> Result<Self, Wrong> {
        let nodes = document.node.0.iter().enumerate().map(|(place, (id, _))| (id.as_str(), place)).collect();
        let mut reasons = HashSet::new();
        for reason in &document.reason {
            let id = &reason.value.id;
            if !reasons.insert(id.value.as_str()) {
                let what = format!("the reason {:?}", id.value);
                return Err((id.line, Problem::Duplicate { what, first_line: None }));
            }
        }
        let written = tree.get("node").map_or(&[][..], Tree::entries);
        let written = written.iter().map(|(id, fields)| (id.as_str(), fields)).collect();
        Ok(Self { document, nodes, reasons, written })
    }

    fn speech(&self) -> Result<Option<Speech>, Wrong> {
        let Some(table) = &self.document.speech else { return Ok(None) };
        let usual = Speech::DUTCH;
        let rate = seconds(table.syllables_per_second.as_ref(), "syllables_per_second")?;
        if let Some(told) = &table.syllables_per_second {
            let detail = || format!("{} syllables a second are no speech; 3 to 6 are usual", told.value);
            check((0.5..=20.0).contains(&told.value), told.line, "syllables_per_second", detail)?;
        }
        Ok(Some(Speech {
            syllables_per_second: rate.unwrap_or(usual.syllables_per_second),
            sentence_pause_s: seconds(table.sentence_pause_s.as_ref(), "sentence_pause_s")?
                .unwrap_or(usual.sentence_pause_s),
            comma_pause_s: seconds(table.comma_pause_s.as_ref(), "comma_pause_s")?.unwrap_or(usual.comma_pause_s),
        }))
    }

    /// The id that `reference` names, if there is such a node.
    fn exists<'b>(&self, from: &str, reference: &'b At<String>) -> Result<&'b str, Wrong> {
        if self.nodes.contains_key(reference.value.as_str()) {
            return Ok(&reference.value);
        }
        let nearest = nearest(&reference.value, self.document.node.0.iter().map(|(id, _)| id.as_str()));
        let to = reference.value.clone();
        Err((reference.line, Problem::Dangling { from: from.into(), to, nearest: nearest.map(str::to_owned) }))
    }

    fn entry(&self, flow: &mut Builder, entry: &At<EntryTable>) -> Result<(), Wrong> {
        let table = &entry.value;
        let named = table.label.as_ref().or(table.start.as_ref().map(|start| &start.value));
        let label = named.or(table.dangling.as_ref()).cloned().unwrap_or_default();
        let number = table.number.as_ref().map(|number| number.0.clone());
        let start = match (&table.start, &table.dangling) {
            (Some(start), None) => self.exists(&format!("entry {label:?}"), start)?.to_owned(),
            (None, Some(name)) => dangling_name(name, &self.nodes),
            _ => return Err((entry.line, Problem::Missing { field: "start".into(), place: "this entry".into() })),
        };
        flow.entry(label, number, start).certainty = certainty(table.certainty, Certainty::Certain);
        Ok(())
    }

    fn node(&self, flow: &mut Builder, id: &str, at: &At<NodeTable>) -> Result<(), Wrong> {
        let table = &at.value;
        let place = format!("node {id:?}");
        let is_name = !id.trim().is_empty() && !id.chars().any(char::is_control);
        check(is_name, at.line, "node", || "an id cannot be empty and has no line breaks or tabs".into())?;
        let fields = self.written.get(id).map_or(&[][..], |fields| fields.entries());
        for (field, value) in fields {
            if !table.kind.fields().any(|known| known == field) {
                let of = format!("a node of type {:?} ({id})", table.kind.name());
                let nearest = nearest(field, table.kind.fields()).map(str::to_owned);
                let problem = Problem::UnknownField { field: field.clone(), place: of, nearest };
                return Err((u32::try_from(value.line).unwrap_or(at.line), problem));
            }
        }
        let node = flow.node(id, Origin::line(0, at.line), self.kind(at)?);
        flow.at(node).title = table.title.clone();
        flow.at(node).allow = allowed(table);
        if matches!(table.kind, NodeType::Queue | NodeType::Agent) {
            flow.at(node).waiting = pieces(table.say.as_ref(), table.audio.as_ref(), table.media.as_ref())?;
        }
        self.edges(flow, node, &place, at)
    }

    fn kind(&self, at: &At<NodeTable>) -> Result<NodeKind, Wrong> {
        let table = &at.value;
        let defaults = self.document.defaults.clone().unwrap_or_default();
        let media = || pieces(table.say.as_ref(), table.audio.as_ref(), table.media.as_ref());
        let barge_in = Told::from(table.barge_in.or(defaults.barge_in));
        let no_input_s = || seconds(table.timeout_s.as_ref().or(defaults.timeout_s.as_ref()), "timeout_s");
        let inter_digit_s =
            || seconds(table.inter_digit_s.as_ref().or(defaults.inter_digit_s.as_ref()), "inter_digit_s");
        let target = || table.target.clone();
        Ok(match table.kind {
            NodeType::Prompt => NodeKind::Prompt { media: media()?, barge_in },
            NodeType::Menu => NodeKind::Menu(Menu {
                media: media()?,
                repeat_media: pieces(None, None, table.repeat_media.as_ref())?,
                timeout: retry(table.timeout.as_ref())?,
                invalid: retry(table.invalid.as_ref())?,
                max_attempts: attempts(table.max_attempts.as_ref(), "max_attempts")?,
                no_input_s: no_input_s()?,
                inter_digit_s: inter_digit_s()?,
                barge_in,
                direct_dial: Told::from(table.direct_dial),
            }),
            NodeType::Collect => {
                let digits = table.digits.clone().unwrap_or_default();
                NodeKind::Collect(Collect {
                    media: media()?,
                    min: digits.min,
                    max: digits.max,
                    end_key: digits.end.map(|end| end.0),
                    purpose: table.purpose.clone(),
                    timeout: retry(table.timeout.as_ref())?,
                    invalid: retry(table.invalid.as_ref())?,
                    no_input_s: no_input_s()?,
                    inter_digit_s: inter_digit_s()?,
                    barge_in,
                })
            }
            NodeType::Hours => {
                if let Some(name) = &table.schedule {
                    let known = || self.document.schedule.0.iter().map(|(name, _)| name.as_str());
                    if !known().any(|known| known == name.value) {
                        let nearest = nearest(&name.value, known()).map(str::to_owned);
                        let (from, to) = ("schedule".into(), name.value.clone());
                        return Err((name.line, Problem::Dangling { from, to, nearest }));
                    }
                }
                let told = table.schedule.as_ref().map(|name| name.value.clone());
                NodeKind::Hours { schedule: told.or_else(|| table.hours.clone()) }
            }
            NodeType::Branch => {
                let on = table.on.clone().unwrap_or_default();
                NodeKind::Branch { on, decidable: table.decidable.unwrap_or(false) }
            }
            NodeType::Queue => NodeKind::Queue { name: target() },
            NodeType::Agent => NodeKind::Agent { name: target() },
            NodeType::Voicemail => NodeKind::Voicemail { name: target() },
            NodeType::Callback => NodeKind::Callback { media: media()? },
            NodeType::External => NodeKind::External {
                kind: match table.external {
                    Some(ExternalWord::Number) => ExternalKind::Number,
                    Some(ExternalWord::Flow) => ExternalKind::Flow,
                    Some(ExternalWord::Dialplan) => ExternalKind::Dialplan,
                    Some(ExternalWord::Url) => ExternalKind::Url,
                    Some(ExternalWord::Function) | None => ExternalKind::Function,
                },
                name: table.name.clone().unwrap_or_default(),
                person: Told::from(table.person),
            },
            NodeType::Hangup => NodeKind::Hangup { said: table.said.unwrap_or(true) },
            NodeType::Unknown => NodeKind::Unknown { why: table.unknown.clone().unwrap_or_default() },
        })
    }

    fn edges(&self, flow: &mut Builder, node: NodeIndex, place: &str, at: &At<NodeTable>) -> Result<(), Wrong> {
        let table = &at.value;
        self.options(flow, node, place, at)?;
        let undecided = table.kind == NodeType::Branch && !table.decidable.unwrap_or(false);
        let split = if undecided { Certainty::Possible } else { Certainty::Certain };
        let mut link = |on: On, next: Option<&At<String>>, certainty| -> Result<(), Wrong> {
            let Some(next) = next else { return Ok(()) };
            let way = Way { line: next.line, next: Some(next), dangling: None, certainty };
            self.link(flow, node, place, on, &way).map(|_| ())
        };
        for (label, next) in table.outcomes.iter().flat_map(|outcomes| &outcomes.0) {
            link(On::Match(label.clone()), Some(next), split)?;
        }
        for (on, next, certainty) in [
            (On::Else, &table.otherwise, split),
            (On::Next, &table.next, split),
            (On::Open, &table.open, Certainty::Certain),
            (On::Closed, &table.closed, Certainty::Certain),
            (On::Holiday, &table.holiday, Certainty::Certain),
            (On::Emergency, &table.emergency, Certainty::Certain),
            (On::Fail, &table.fail, Certainty::Certain),
        ] {
            link(on, next.as_ref(), certainty)?;
        }
        let then = |retry: Option<&RetryTable>| retry.and_then(|retry| retry.then.clone());
        link(On::Timeout { nth: None }, then(table.timeout.as_ref()).as_ref(), Certainty::Certain)?;
        link(On::Invalid { nth: None }, then(table.invalid.as_ref()).as_ref(), Certainty::Certain)?;
        if let Some(overflow) = &table.overflow {
            let after_s = seconds(overflow.after_s.as_ref(), "after_s")?;
            link(On::QueueFull { after_s }, Some(&overflow.then), Certainty::Certain)?;
        }
        for way in table.ways.iter().flatten() {
            self.way(flow, node, place, way)?;
        }
        Ok(())
    }

    fn options(&self, flow: &mut Builder, node: NodeIndex, place: &str, at: &At<NodeTable>) -> Result<(), Wrong> {
        let table = &at.value;
        let immediate = self.document.defaults.as_ref().and_then(|defaults| defaults.first_digit_immediate);
        let inter_digit_s = match &flow.at(node).kind {
            NodeKind::Menu(menu) if immediate == Some(false) => menu.inter_digit_s.unwrap_or(0.0),
            _ => 0.0,
        };
        let mut seen: HashMap<&str, u32> = HashMap::new();
        for option in table.options.iter().flatten() {
            if let Some(key) = &option.value.key {
                is_key(&key.0, option.line)?;
                let first_line = seen.insert(&key.0, option.line);
                if first_line.is_some() && option.value.again != Some(true) {
                    let what = format!("key {:?} in {place}", key.0);
                    return Err((option.line, Problem::Duplicate { what, first_line }));
                }
            }
            let edge = self.way(flow, node, place, option)?;
            if option.value.wait_s.is_none() && matches!(edge.on, On::Key(_)) {
                edge.wait_s = inter_digit_s;
            }
        }
        if let Some(key) = &table.repeat_key {
            is_key(&key.value.0, key.line)?;
            if let Some(first) = seen.get(key.value.0.as_str()) {
                let what = format!("key {:?} in {place}", key.value.0);
                return Err((key.line, Problem::Duplicate { what, first_line: Some(*first) }));
            }
            let id = flow.at(node).id.clone();
            flow.link(node, On::Key(key.value.0.clone()), id, Origin::line(0, key.line)).wait_s = inter_digit_s;
        }
        Ok(())
    }

    /// An edge written as a table of its own.
    fn way<'b>(
        &self,
        flow: &'b mut Builder,
        node: NodeIndex,
        place: &str,
        at: &At<WayTable>,
    ) -> Result<&'b mut Edge, Wrong> {
        let table = &at.value;
        let on = on(table, at.line)?;
        let unknown_id;
        let unknown;
        let mut next = table.next.as_ref();
        if let Some(why) = &table.unknown {
            let word = table.key.as_ref().map_or("?", |key| key.0.as_str());
            let id = format!("{}:{word}", flow.at(node).id);
            let made = flow.node(id, Origin::line(0, at.line), NodeKind::Unknown { why: why.clone() });
            unknown_id = flow.at(made).id.clone();
            unknown = At { line: 0, value: unknown_id };
            next = Some(&unknown);
        }
        let told = [table.next.is_some(), table.dangling.is_some(), table.unknown.is_some()];
        if told.iter().filter(|told| **told).count() != 1 {
            let field = "next (or unknown = \"why\")".to_owned();
            return Err((at.line, Problem::Missing { field, place: format!("an option of {place}") }));
        }
        let certainty = certainty(table.certainty, Certainty::Certain);
        let way = Way { line: at.line, next, dangling: table.dangling.as_deref(), certainty };
        for reason in &table.reasons {
            if !self.reasons.contains(reason.value.as_str()) {
                let nearest = nearest(&reason.value, self.reasons.iter().copied()).map(str::to_owned);
                let (from, to) = (format!("reasons in {place}"), reason.value.clone());
                return Err((reason.line, Problem::Dangling { from, to, nearest }));
            }
        }
        let media = pieces(table.say.as_ref(), table.audio.as_ref(), table.media.as_ref())?;
        let heard_s = seconds(table.heard_s.as_ref(), "heard_s")?;
        let wait_s = seconds(table.wait_s.as_ref(), "wait_s")?;
        let edge = self.link(flow, node, place, on, &way)?;
        edge.media = media;
        edge.heard_s = heard_s;
        edge.wait_s = wait_s.unwrap_or(0.0);
        edge.reasons = table.reasons.iter().map(|reason| reason.value.clone()).collect();
        edge.guard = table.guard.clone().map(|text| Guard { text, holds: Told::from(table.holds) });
        Ok(edge)
    }

    fn link<'b>(
        &self,
        flow: &'b mut Builder,
        node: NodeIndex,
        place: &str,
        on: On,
        way: &Way<'_>,
    ) -> Result<&'b mut Edge, Wrong> {
        let to = match (way.next, way.dangling) {
            (Some(next), _) if next.line == 0 => next.value.clone(),
            (Some(next), _) => self.exists(place, next)?.to_owned(),
            (None, Some(name)) => dangling_name(name, &self.nodes),
            (None, None) => return Err((way.line, Problem::Missing { field: "next".into(), place: place.into() })),
        };
        let edge = flow.link(node, on, to, Origin::line(0, way.line));
        edge.certainty = way.certainty;
        Ok(edge)
    }
}

fn check(holds: bool, line: u32, place: &str, detail: impl FnOnce() -> String) -> Result<(), Wrong> {
    if holds { Ok(()) } else { Err((line, Problem::Value { place: place.into(), detail: detail() })) }
}

fn seconds(told: Option<&At<f64>>, place: &str) -> Result<Option<Seconds>, Wrong> {
    let Some(told) = told else { return Ok(None) };
    let detail = || format!("{} is no number of seconds between 0 and {MAX_S}", told.value);
    check((0.0..=MAX_S).contains(&told.value), told.line, place, detail)?;
    Ok(Some(told.value))
}

fn attempts(told: Option<&At<u32>>, place: &str) -> Result<Option<u32>, Wrong> {
    let Some(told) = told else { return Ok(None) };
    let detail = || format!("{} is not between 1 and {MAX_ATTEMPTS}", told.value);
    check((1..=MAX_ATTEMPTS).contains(&told.value), told.line, place, detail)?;
    Ok(Some(told.value))
}

fn is_key(keys: &str, line: u32) -> Result<(), Wrong> {
    let on_keypad = |key: char| keypad::frequencies(key).is_some();
    let is_key = (1..=MAX_KEYS).contains(&keys.len()) && keys.chars().all(on_keypad);
    check(is_key, line, "key", || format!("{keys:?} is no key: 0 to 9, * and # are"))
}

fn certainty(told: Option<CertaintyWord>, untold: Certainty) -> Certainty {
    match told {
        Some(CertaintyWord::Certain) => Certainty::Certain,
        Some(CertaintyWord::Possible) => Certainty::Possible,
        Some(CertaintyWord::Assumed) => Certainty::Assumed,
        Some(CertaintyWord::External) => Certainty::External,
        None => untold,
    }
}

/// A name that no node has, for what dangles.
fn dangling_name(name: &str, nodes: &HashMap<&str, usize>) -> String {
    let mut free = name.to_owned();
    while nodes.contains_key(free.as_str()) {
        free.push('?');
    }
    free
}

fn retry(table: Option<&RetryTable>) -> Result<Retry, Wrong> {
    let Some(table) = table else { return Ok(Retry::default()) };
    let media = pieces(table.say.as_ref(), table.audio.as_ref(), table.media.as_ref())?;
    Ok(Retry { attempts: attempts(table.attempts.as_ref(), "attempts")?, media })
}

/// What `say` and `audio` say together, and then the further pieces.
fn pieces(say: Option<&String>, audio: Option<&String>, more: Option<&Vec<MediaTable>>) -> Result<Vec<Media>, Wrong> {
    let mut media = vec![];
    match (say, audio) {
        (says, Some(file)) => media.push(Media::Audio { file: file.clone(), says: says.cloned(), duration_s: None }),
        (Some(says), None) => media.push(Media::Text { says: says.clone(), language: None }),
        (None, None) => {}
    }
    for piece in more.into_iter().flatten() {
        let duration_s = seconds(piece.duration_s.as_ref(), "duration_s")?;
        let (says, language) = (piece.say.clone(), piece.language.clone());
        if let Some(file) = &piece.audio {
            media.push(Media::Audio { file: file.clone(), says, duration_s });
        } else if let Some(says) = says {
            media.push(Media::Text { says, language });
        } else if let Some(expression) = &piece.expression {
            media.push(Media::Dynamic { expression: expression.clone() });
        } else if let Some(duration_s) = seconds(piece.pause_s.as_ref(), "pause_s")? {
            media.push(Media::Pause { duration_s });
        }
    }
    Ok(media)
}

fn allowed(table: &NodeTable) -> Vec<Allow> {
    let entries = table.allow.iter().flatten().map(|entry| match entry {
        AllowEntry::Code(code) => Allow { code: code.clone(), reason: table.allow_reason.clone() },
        AllowEntry::Full { code, reason } => Allow { code: code.clone(), reason: Some(reason.clone()) },
    });
    entries.collect()
}

/// What an edge of its own is taken on.
fn on(table: &WayTable, line: u32) -> Result<On, Wrong> {
    let after_s = seconds(table.after_s.as_ref(), "after_s")?;
    let nth = attempts(table.nth.as_ref(), "nth")?;
    if let Some(Word(key)) = &table.key {
        return Ok(On::Key(key.clone()));
    }
    if let Some(pattern) = &table.pattern {
        return Ok(On::Pattern(pattern.clone()));
    }
    if let Some(words) = &table.speech {
        return Ok(On::Speech(words.clone()));
    }
    let Some(word) = table.on else {
        return Err((line, Problem::Missing { field: "key".into(), place: "this option".into() }));
    };
    Ok(match word {
        OnWord::Next => On::Next,
        OnWord::Open => On::Open,
        OnWord::Closed => On::Closed,
        OnWord::Holiday => On::Holiday,
        OnWord::Emergency => On::Emergency,
        OnWord::Timeout => On::Timeout { nth },
        OnWord::Invalid => On::Invalid { nth },
        OnWord::AttemptsUsed => On::AttemptsUsed,
        OnWord::Match => On::Match(table.value.clone().unwrap_or_default()),
        OnWord::Else => On::Else,
        OnWord::Fail => On::Fail,
        OnWord::QueueFull => On::QueueFull { after_s },
    })
}

fn schedule(table: &ScheduleTable) -> Result<Schedule, Wrong> {
    let days = [&table.mon, &table.tue, &table.wed, &table.thu, &table.fri, &table.sat, &table.sun];
    let mut schedule = Schedule::default();
    for (day, stretches) in schedule.week.iter_mut().zip(days) {
        for stretch in stretches {
            let detail = || format!("{:?} is no stretch of a day; write one such as \"09:00-17:30\"", stretch.value);
            check(is_stretch(&stretch.value), stretch.line, "schedule", detail)?;
            day.push(stretch.value.clone());
        }
    }
    for day in &table.closed {
        let is_day = chrono::NaiveDate::parse_from_str(&day.value, "%Y-%m-%d").is_ok();
        let detail = || format!("{:?} is no day; write one such as \"2026-12-25\"", day.value);
        check(is_day, day.line, "closed", detail)?;
        schedule.closed.push(day.value.clone());
    }
    Ok(schedule)
}

fn is_stretch(text: &str) -> bool {
    let minutes = |time: &str| -> Option<u32> {
        let (hour, minute) = time.split_once(':')?;
        let (hour, minute) = (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?);
        (minute < 60 && hour <= 24 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
    };
    let ends = text.split_once('-').map(|(from, to)| (minutes(from.trim()), minutes(to.trim())));
    matches!(ends, Some((Some(from), Some(to))) if from < to)
}
