//! A graph of any format as a document of `bezet-menu/1`, to be corrected by hand and read again.

use std::fmt::Write as _;

use serde::Serialize;

use super::{
    model::{
        AllowEntry, CertaintyWord, DigitsTable, Document, EntryTable, ExternalWord, FORMAT, MediaTable, NodeTable,
        NodeType, OnWord, Ordered, OverflowTable, ReasonTable, RetryTable, ScheduleTable, SpeechTable, WayTable, Word,
    },
    tree::At,
};
use crate::menu::{
    analysis::ways::Ways,
    graph::{
        Certainty, Edge, EdgeIndex, ExternalKind, Flow, Media, Node, NodeIndex, NodeKind, On, Retry, Target, Told,
    },
};

/// The document of `flow`.
pub fn document(flow: &Flow) -> Document {
    let ways = Ways::new(flow);
    let node = flow.indexed().map(|(index, node)| (node.id.clone(), Writer { flow, ways: &ways }.node(index, node)));
    let word = |schedule: &[String]| schedule.iter().cloned().map(At::from).collect::<Vec<_>>();
    let schedule = flow.schedules.iter().map(|(name, schedule)| {
        let [mon, tue, wed, thu, fri, sat, sun] = schedule.week.each_ref().map(|day| word(day));
        let closed = word(&schedule.closed);
        (name.clone(), ScheduleTable { mon, tue, wed, thu, fri, sat, sun, closed }.into())
    });
    Document {
        format: FORMAT.to_owned().into(),
        name: Some(flow.name.clone()),
        language: flow.language.clone(),
        timezone: flow.timezone.clone().map(At::from),
        audio_dir: flow.audio_dir.clone(),
        speech: flow.speech.map(|speech| SpeechTable {
            syllables_per_second: Some(speech.syllables_per_second.into()),
            sentence_pause_s: Some(speech.sentence_pause_s.into()),
            comma_pause_s: Some(speech.comma_pause_s.into()),
        }),
        defaults: None,
        entry: flow
            .entries
            .iter()
            .map(|entry| {
                let (start, dangling) = target(flow, &entry.to);
                let certainty = certainty(entry.certainty, Certainty::Certain);
                let number = entry.number.clone().map(Word);
                EntryTable { label: Some(entry.label.clone()), number, start, dangling, certainty }.into()
            })
            .collect(),
        schedule: Ordered(schedule.collect()),
        reason: flow
            .reasons
            .iter()
            .map(|reason| {
                ReasonTable {
                    id: reason.id.clone().into(),
                    label: Some(reason.label.clone()),
                    goals: reason.goals.iter().map(|&goal| flow.node(goal).id.clone().into()).collect(),
                    max_keys: reason.max_keys,
                    max_s: reason.max_s.map(At::from),
                }
                .into()
            })
            .collect(),
        node: Ordered(node.collect()),
    }
}

struct Writer<'a> {
    flow: &'a Flow,
    ways: &'a Ways,
}

impl Writer<'_> {
    fn node(&self, index: NodeIndex, node: &Node) -> At<NodeTable> {
        let mut table = NodeTable { title: node.title.clone(), ..NodeTable::default() };
        self.kind(&mut table, &node.kind);
        if matches!(node.kind, NodeKind::Queue { .. } | NodeKind::Agent { .. }) {
            (table.say, table.audio, table.media) = pieces(&node.waiting);
        }
        let codes = node.allow.iter().map(|allow| match &allow.reason {
            Some(reason) => AllowEntry::Full { code: allow.code.clone(), reason: reason.clone() },
            None => AllowEntry::Code(allow.code.clone()),
        });
        table.allow = some(codes.collect());
        let (mut options, mut ways) = (vec![], vec![]);
        let mut keys = std::collections::HashSet::new();
        for &EdgeIndex(edge) in self.ways.out(index) {
            let edge = &self.flow.edges[edge];
            let is_option = matches!(edge.on, On::Key(_) | On::Pattern(_) | On::Speech(_));
            if is_option && matches!(node.kind, NodeKind::Menu(_)) {
                let mut way = self.way(edge);
                let again = way.key.as_ref().is_some_and(|key| !keys.insert(key.0.clone()));
                way.again = again.then_some(true);
                options.push(way.into());
            } else if !self.shorthand(&mut table, edge) {
                ways.push(self.way(edge).into());
            }
        }
        table.options = some(options);
        table.ways = some(ways);
        table.into()
    }

    fn kind(&self, table: &mut NodeTable, kind: &NodeKind) {
        let told = |told: Told| match told {
            Told::Yes => Some(true),
            Told::No => Some(false),
            Told::Unknown => None,
        };
        match kind {
            NodeKind::Prompt { media, barge_in } => {
                table.kind = NodeType::Prompt;
                (table.say, table.audio, table.media) = pieces(media);
                table.barge_in = told(*barge_in);
            }
            NodeKind::Menu(menu) => {
                table.kind = NodeType::Menu;
                (table.say, table.audio, table.media) = pieces(&menu.media);
                table.repeat_media = some(menu.repeat_media.iter().map(piece).collect());
                table.timeout = retry(&menu.timeout);
                table.invalid = retry(&menu.invalid);
                table.max_attempts = menu.max_attempts.map(At::from);
                table.timeout_s = menu.no_input_s.map(At::from);
                table.inter_digit_s = menu.inter_digit_s.map(At::from);
                table.barge_in = told(menu.barge_in);
                table.direct_dial = told(menu.direct_dial);
            }
            NodeKind::Collect(collect) => {
                table.kind = NodeType::Collect;
                (table.say, table.audio, table.media) = pieces(&collect.media);
                table.timeout = retry(&collect.timeout);
                table.invalid = retry(&collect.invalid);
                table.timeout_s = collect.no_input_s.map(At::from);
                table.inter_digit_s = collect.inter_digit_s.map(At::from);
                table.barge_in = told(collect.barge_in);
                table.purpose = collect.purpose.clone();
                let end = collect.end_key.clone().map(Word);
                let digits = DigitsTable { min: collect.min, max: collect.max, end };
                table.digits = (digits != DigitsTable::default()).then_some(digits);
            }
            NodeKind::Hours { schedule } => {
                table.kind = NodeType::Hours;
                match schedule {
                    Some(name) if self.flow.schedules.contains_key(name) => {
                        table.schedule = Some(name.clone().into());
                    }
                    other => table.hours = other.clone(),
                }
            }
            NodeKind::Branch { on, decidable } => {
                table.kind = NodeType::Branch;
                table.on = Some(on.clone());
                table.decidable = decidable.then_some(true);
            }
            NodeKind::Queue { name } => (table.kind, table.target) = (NodeType::Queue, name.clone()),
            NodeKind::Agent { name } => (table.kind, table.target) = (NodeType::Agent, name.clone()),
            NodeKind::Voicemail { name } => (table.kind, table.target) = (NodeType::Voicemail, name.clone()),
            NodeKind::Callback { media } => {
                table.kind = NodeType::Callback;
                (table.say, table.audio, table.media) = pieces(media);
            }
            NodeKind::External { kind, name, person } => {
                table.kind = NodeType::External;
                table.external = Some(match kind {
                    ExternalKind::Number => ExternalWord::Number,
                    ExternalKind::Flow => ExternalWord::Flow,
                    ExternalKind::Function => ExternalWord::Function,
                    ExternalKind::Dialplan => ExternalWord::Dialplan,
                    ExternalKind::Url => ExternalWord::Url,
                });
                table.name = Some(name.clone());
                table.person = told(*person);
            }
            NodeKind::Hangup { said } => {
                table.kind = NodeType::Hangup;
                table.said = (!said).then_some(false);
            }
            NodeKind::Unknown { why } => {
                table.kind = NodeType::Unknown;
                table.unknown = Some(why.clone());
            }
        }
    }

    /// Writes `edge` into a field of its node, where it says no more than such a field does and the field is free.
    fn shorthand(&self, table: &mut NodeTable, edge: &Edge) -> bool {
        let undecided = table.kind == NodeType::Branch && table.decidable.is_none();
        let splits = matches!(edge.on, On::Match(_) | On::Else | On::Next);
        let usual = if undecided && splits { Certainty::Possible } else { Certainty::Certain };
        let is_plain = edge.certainty == usual
            && edge.guard.is_none()
            && edge.wait_s == 0.0
            && edge.media.is_empty()
            && edge.heard_s.is_none()
            && edge.reasons.is_empty();
        let Some(to) = edge.to.node().filter(|_| is_plain).map(|to| self.flow.node(to).id.clone()) else {
            return false;
        };
        let to = At::from(to);
        let fields: Vec<&str> = table.kind.fields().collect();
        let slot = match &edge.on {
            On::Next if fields.contains(&"next") => &mut table.next,
            On::Open if fields.contains(&"open") => &mut table.open,
            On::Closed if fields.contains(&"closed") => &mut table.closed,
            On::Holiday if fields.contains(&"holiday") => &mut table.holiday,
            On::Emergency if fields.contains(&"emergency") => &mut table.emergency,
            On::Else if fields.contains(&"otherwise") => &mut table.otherwise,
            On::Fail if fields.contains(&"fail") => &mut table.fail,
            On::Timeout { nth: None } if fields.contains(&"timeout") => &mut table.timeout.get_or_insert_default().then,
            On::Invalid { nth: None } if fields.contains(&"invalid") => &mut table.invalid.get_or_insert_default().then,
            On::QueueFull { after_s } if fields.contains(&"overflow") && table.overflow.is_none() => {
                table.overflow = Some(OverflowTable { after_s: after_s.map(At::from), then: to });
                return true;
            }
            On::Match(value) if fields.contains(&"outcomes") => {
                let outcomes = &mut table.outcomes.get_or_insert_default().0;
                let is_free = !outcomes.iter().any(|(other, _)| other == value);
                if is_free {
                    outcomes.push((value.clone(), to));
                }
                return is_free;
            }
            _ => return false,
        };
        if slot.is_some() {
            return false;
        }
        *slot = Some(to);
        true
    }

    fn way(&self, edge: &Edge) -> WayTable {
        let mut table = WayTable::default();
        let word = match &edge.on {
            On::Key(key) => {
                table.key = Some(Word(key.clone()));
                None
            }
            On::Pattern(pattern) => {
                table.pattern = Some(pattern.clone());
                None
            }
            On::Speech(words) => {
                table.speech = Some(words.clone());
                None
            }
            On::Timeout { nth } => {
                table.nth = nth.map(At::from);
                Some(OnWord::Timeout)
            }
            On::Invalid { nth } => {
                table.nth = nth.map(At::from);
                Some(OnWord::Invalid)
            }
            On::AttemptsUsed => Some(OnWord::AttemptsUsed),
            On::Open => Some(OnWord::Open),
            On::Closed => Some(OnWord::Closed),
            On::Holiday => Some(OnWord::Holiday),
            On::Emergency => Some(OnWord::Emergency),
            On::Match(value) => {
                table.value = Some(value.clone());
                Some(OnWord::Match)
            }
            On::Else => Some(OnWord::Else),
            On::Next => Some(OnWord::Next),
            On::Fail => Some(OnWord::Fail),
            On::QueueFull { after_s } => {
                table.after_s = after_s.map(At::from);
                Some(OnWord::QueueFull)
            }
        };
        table.on = word;
        (table.say, table.audio, table.media) = pieces(&edge.media);
        (table.next, table.dangling) = target(self.flow, &edge.to);
        table.heard_s = edge.heard_s.map(At::from);
        table.reasons = edge.reasons.iter().cloned().map(At::from).collect();
        table.wait_s = (edge.wait_s != 0.0).then(|| edge.wait_s.into());
        table.certainty = certainty(edge.certainty, Certainty::Certain);
        table.guard = edge.guard.as_ref().map(|guard| guard.text.clone());
        table.holds = edge.guard.as_ref().and_then(|guard| match guard.holds {
            Told::Yes => Some(true),
            Told::No => Some(false),
            Told::Unknown => None,
        });
        table
    }
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

fn certainty(certainty: Certainty, usual: Certainty) -> Option<CertaintyWord> {
    (certainty != usual).then_some(match certainty {
        Certainty::Certain => CertaintyWord::Certain,
        Certainty::Possible => CertaintyWord::Possible,
        Certainty::Assumed => CertaintyWord::Assumed,
        Certainty::External => CertaintyWord::External,
    })
}

fn target(flow: &Flow, to: &Target) -> (Option<At<String>>, Option<String>) {
    match to {
        Target::Node(node) => (Some(flow.node(*node).id.clone().into()), None),
        Target::Dangling(name) => (None, Some(name.clone())),
    }
}

fn retry(retry: &Retry) -> Option<RetryTable> {
    let (say, audio, media) = pieces(&retry.media);
    let table = RetryTable { attempts: retry.attempts.map(At::from), say, audio, media, then: None };
    (table != RetryTable::default()).then_some(table)
}

/// `say`, `audio` and further pieces.
type Pieces = (Option<String>, Option<String>, Option<Vec<MediaTable>>);

fn pieces(media: &[Media]) -> Pieces {
    match media {
        [Media::Text { says, language: None }] => (Some(says.clone()), None, None),
        [Media::Audio { file, says, duration_s: None }] => (says.clone(), Some(file.clone()), None),
        _ => (None, None, some(media.iter().map(piece).collect())),
    }
}

fn piece(media: &Media) -> MediaTable {
    let none = MediaTable::default();
    match media.clone() {
        Media::Audio { file, says, duration_s } => {
            MediaTable { audio: Some(file), say: says, duration_s: duration_s.map(At::from), ..none }
        }
        Media::Text { says, language } => MediaTable { say: Some(says), language, ..none },
        Media::Dynamic { expression } => MediaTable { expression: Some(expression), ..none },
        Media::Pause { duration_s } => MediaTable { pause_s: Some(duration_s.into()), ..none },
    }
}

/// `document` as TOML, a table a node, an option a line.
pub fn toml(document: &Document) -> String {
    let mut out = String::new();
    line(&mut out, "format", Some(&document.format));
    line(&mut out, "name", document.name.as_ref());
    line(&mut out, "language", document.language.as_ref());
    line(&mut out, "timezone", document.timezone.as_ref());
    line(&mut out, "audio_dir", document.audio_dir.as_ref());
    if let Some(speech) = &document.speech {
        out.push_str("\n[speech]\n");
        line(&mut out, "syllables_per_second", speech.syllables_per_second.as_ref());
        line(&mut out, "sentence_pause_s", speech.sentence_pause_s.as_ref());
        line(&mut out, "comma_pause_s", speech.comma_pause_s.as_ref());
    }
    for At { value: entry, .. } in &document.entry {
        out.push_str("\n[[entry]]\n");
        line(&mut out, "label", entry.label.as_ref());
        line(&mut out, "number", entry.number.as_ref());
        line(&mut out, "start", entry.start.as_ref());
        line(&mut out, "dangling", entry.dangling.as_ref());
        line(&mut out, "certainty", entry.certainty.as_ref());
    }
    for (name, At { value: schedule, .. }) in &document.schedule.0 {
        let _ = write!(out, "\n[schedule.{}]\n", key(name));
        for (day, stretches) in [
            ("mon", &schedule.mon),
            ("tue", &schedule.tue),
            ("wed", &schedule.wed),
            ("thu", &schedule.thu),
            ("fri", &schedule.fri),
            ("sat", &schedule.sat),
            ("sun", &schedule.sun),
            ("closed", &schedule.closed),
        ] {
            line(&mut out, day, (!stretches.is_empty()).then_some(stretches));
        }
    }
    for At { value: reason, .. } in &document.reason {
        out.push_str("\n[[reason]]\n");
        line(&mut out, "id", Some(&reason.id));
        line(&mut out, "label", reason.label.as_ref());
        line(&mut out, "goals", Some(&reason.goals));
        line(&mut out, "max_keys", reason.max_keys.as_ref());
        line(&mut out, "max_s", reason.max_s.as_ref());
    }
    for (id, At { value: node, .. }) in &document.node.0 {
        let _ = write!(out, "\n[node.{}]\n", key(id));
        node_lines(&mut out, node);
    }
    out
}

fn node_lines(out: &mut String, node: &NodeTable) {
    line(out, "type", Some(&node.kind));
    line(out, "title", node.title.as_ref());
    line(out, "say", node.say.as_ref());
    line(out, "audio", node.audio.as_ref());
    line(out, "media", node.media.as_ref());
    line(out, "repeat_media", node.repeat_media.as_ref());
    line(out, "barge_in", node.barge_in.as_ref());
    lines(out, "options", node.options.as_deref());
    line(out, "repeat_key", node.repeat_key.as_ref());
    line(out, "timeout", node.timeout.as_ref());
    line(out, "invalid", node.invalid.as_ref());
    line(out, "max_attempts", node.max_attempts.as_ref());
    line(out, "timeout_s", node.timeout_s.as_ref());
    line(out, "inter_digit_s", node.inter_digit_s.as_ref());
    line(out, "direct_dial", node.direct_dial.as_ref());
    line(out, "digits", node.digits.as_ref());
    line(out, "purpose", node.purpose.as_ref());
    line(out, "schedule", node.schedule.as_ref());
    line(out, "hours", node.hours.as_ref());
    line(out, "on", node.on.as_ref());
    line(out, "decidable", node.decidable.as_ref());
    line(out, "target", node.target.as_ref());
    line(out, "kind", node.external.as_ref());
    line(out, "name", node.name.as_ref());
    line(out, "person", node.person.as_ref());
    line(out, "outcomes", node.outcomes.as_ref());
    line(out, "otherwise", node.otherwise.as_ref());
    line(out, "open", node.open.as_ref());
    line(out, "closed", node.closed.as_ref());
    line(out, "holiday", node.holiday.as_ref());
    line(out, "emergency", node.emergency.as_ref());
    line(out, "overflow", node.overflow.as_ref());
    line(out, "said", node.said.as_ref());
    line(out, "unknown", node.unknown.as_ref());
    line(out, "next", node.next.as_ref());
    line(out, "fail", node.fail.as_ref());
    lines(out, "ways", node.ways.as_deref());
    line(out, "allow", node.allow.as_ref());
    line(out, "allow_reason", node.allow_reason.as_ref());
}

/// `name = value`, where there is a value.
fn line<T: Serialize>(out: &mut String, name: &str, value: Option<&T>) {
    if let Some(value) = value {
        let _ = writeln!(out, "{name} = {}", inline(value));
    }
}

/// A list with an item a line, where there is one.
fn lines<T: Serialize>(out: &mut String, name: &str, items: Option<&[T]>) {
    if let Some(items) = items {
        let _ = writeln!(out, "{name} = [");
        for item in items {
            let _ = writeln!(out, "  {},", inline(item));
        }
        out.push_str("]\n");
    }
}

fn inline<T: Serialize>(value: &T) -> String {
    let mut text = String::new();
    match value.serialize(toml::ser::ValueSerializer::new(&mut text)) {
        Ok(_) => text,
        // the structs hold nothing that TOML cannot
        Err(_) => "\"\"".into(),
    }
}

/// A name as a key of TOML: bare where that is allowed.
fn key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if is_bare { name.to_owned() } else { inline(&name) }
}
