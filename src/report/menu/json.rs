//! A menu and what it does to a caller as one JSON object, for machines. Seconds have three decimals; what cannot be
//! known is `null`.

use serde_json::{Map, Value, json};

use super::MenuReport;
use crate::{
    menu::{
        analysis::{Analysis, ReasonCost, cost::Path, listening::Length, silence::EndKind, spoken},
        graph::{
            Certainty, Edge, EdgeIndex, ExternalKind, Flow, Media, NodeIndex, NodeKind, On, Origin, RemarkKind, Target,
            Told,
        },
    },
    report::lint,
    units::Seconds,
};

/// The version of the object's fields.
const SCHEMA: &str = "bezet-menu-analysis/1";

/// The object.
pub fn object(report: &MenuReport<'_>) -> Value {
    let MenuReport { analysis, costs, findings, language } = *report;
    let flow = analysis.flow;
    let sources = flow.sources.iter().map(|source| json!({ "file": source.file, "sha256": source.sha256 }));
    let entries = flow.entries.iter().map(|entry| {
        json!({
            "label": entry.label,
            "number": entry.number,
            "node": entry.to.node().map(|node| id(flow, node)),
            "dangling": dangling(&entry.to),
            "certainty": certainty(entry.certainty),
        })
    });
    let reasons = flow.reasons.iter().enumerate().map(|(place, reason)| {
        let rows = costs.iter().filter(|cost| cost.reason == Some(place));
        json!({
            "id": reason.id,
            "label": reason.label,
            "goals": reason.goals.iter().map(|&goal| id(flow, goal)).collect::<Vec<_>>(),
            "max_keys": reason.max_keys,
            "max_s": reason.max_s,
            "costs": rows.map(|row| cost(analysis, row)).collect::<Vec<_>>(),
        })
    });
    let people = costs.iter().filter(|cost| cost.reason.is_none()).map(|row| cost(analysis, row));
    let silence = analysis.starts.iter().take(crate::menu::analysis::MAX_STARTS).map(|&start| {
        let fate = analysis.silence_from(start);
        let ends = fate.ends.iter().map(|end| {
            json!({ "end": end_name(end.kind), "node": id(flow, end.node), "after_s": end.after_s.map(thousandths) })
        });
        json!({
            "start": id(flow, start),
            "ends": ends.collect::<Vec<_>>(),
            "endless": fate.endless.iter().map(|&node| id(flow, node)).collect::<Vec<_>>(),
        })
    });
    let remarks = flow
        .remarks
        .iter()
        .map(|remark| json!({ "kind": remark_name(remark.kind), "count": remark.count, "details": remark.details }));
    let speech = analysis.listening.speech();
    json!({
        "schema": SCHEMA,
        "name": flow.name,
        "format": flow.format,
        "language": flow.language,
        "timezone": flow.timezone,
        "sources": sources.collect::<Vec<_>>(),
        "entries": entries.collect::<Vec<_>>(),
        "nodes": flow.indexed().map(|(index, _)| node(analysis, index)).collect::<Vec<_>>(),
        "edges": (0..flow.edges.len()).map(|index| edge(analysis, EdgeIndex(index))).collect::<Vec<_>>(),
        "reasons": reasons.collect::<Vec<_>>(),
        "people": people.collect::<Vec<_>>(),
        "silence": silence.collect::<Vec<_>>(),
        "findings": lint::objects(flow, findings, language),
        "remarks": remarks.collect::<Vec<_>>(),
        "speech": {
            "syllables_per_second": thousandths(speech.syllables_per_second),
            "fitted_to_recordings": analysis.listening.is_fitted(),
        },
        "summary": analysis.summary(),
    })
}

fn id(flow: &Flow, node: NodeIndex) -> &str {
    &flow.node(node).id
}

fn dangling(to: &Target) -> Option<&str> {
    match to {
        Target::Dangling(name) => Some(name),
        Target::Node(_) => None,
    }
}

fn thousandths(value: Seconds) -> f64 {
    (value * 1000.0).round() / 1000.0 + 0.0
}

fn seconds(length: Option<Length>) -> Option<f64> {
    length.map(|length| thousandths(length.seconds))
}

fn told(told: Told) -> Value {
    match told {
        Told::Yes => json!(true),
        Told::No => json!(false),
        Told::Unknown => json!("unknown"),
    }
}

fn place(flow: &Flow, origin: &Origin, object: &mut Map<String, Value>) {
    object.insert("file".into(), json!(flow.sources.get(origin.file).map(|source| &source.file)));
    object.insert("line".into(), json!(origin.line));
    object.insert("pointer".into(), json!(origin.pointer));
}

fn node(analysis: &Analysis<'_>, index: NodeIndex) -> Value {
    let flow = analysis.flow;
    let node = flow.node(index);
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.into(), value);
    put("id", json!(node.id));
    put("title", json!(node.title));
    put("type", json!(kind_name(&node.kind)));
    put("reachable", json!(analysis.effective.has(index)));
    put("reachable_as_drawn", json!(analysis.structural.has(index)));
    put("person", told(analysis.ways.person(flow, index)));
    let said = analysis.listening.prompt(index);
    let mut says = |media: &[Media]| {
        put("media", Value::Array(media.iter().map(piece).collect()));
        put("prompt_s", json!(seconds(said)));
        put("estimated", json!(said.map(|length| length.estimated)));
    };
    match &node.kind {
        NodeKind::Prompt { media, barge_in } => {
            says(media);
            put("barge_in", told(*barge_in));
        }
        NodeKind::Menu(menu) => {
            says(&menu.media);
            put("timeout_s", json!(menu.no_input_s));
            put("inter_digit_s", json!(menu.inter_digit_s));
            put("timeout_attempts", json!(menu.timeout.attempts));
            put("invalid_attempts", json!(menu.invalid.attempts));
            put("max_attempts", json!(menu.max_attempts));
            put("barge_in", told(menu.barge_in));
            put("direct_dial", told(menu.direct_dial));
        }
        NodeKind::Collect(collect) => {
            says(&collect.media);
            put("min", json!(collect.min));
            put("max", json!(collect.max));
            put("end_key", json!(collect.end_key));
            put("purpose", json!(collect.purpose));
            put("timeout_s", json!(collect.no_input_s));
            put("timeout_attempts", json!(collect.timeout.attempts));
            put("invalid_attempts", json!(collect.invalid.attempts));
            put("barge_in", told(collect.barge_in));
        }
        NodeKind::Hours { schedule } => {
            put("schedule", json!(schedule));
        }
        NodeKind::Branch { on, decidable } => {
            put("on", json!(on));
            put("decidable", json!(decidable));
        }
        NodeKind::Queue { name } | NodeKind::Agent { name } | NodeKind::Voicemail { name } => {
            put("target", json!(name));
            put("media", Value::Array(node.waiting.iter().map(piece).collect()));
        }
        NodeKind::External { kind, name, .. } => {
            put("kind", json!(external_name(*kind)));
            put("target", json!(name));
        }
        NodeKind::Callback { media } => says(media),
        NodeKind::Hangup { said } => {
            put("said", json!(said));
        }
        NodeKind::Unknown { why } => {
            put("why", json!(why));
        }
    }
    place(flow, &node.origin, &mut object);
    Value::Object(object)
}

fn piece(media: &Media) -> Value {
    match media {
        Media::Audio { file, says, duration_s } => json!({ "audio": file, "say": says, "duration_s": duration_s }),
        Media::Text { says, language } => json!({ "say": says, "language": language }),
        Media::Dynamic { expression } => json!({ "expression": expression }),
        Media::Pause { duration_s } => json!({ "pause_s": duration_s }),
    }
}

fn edge(analysis: &Analysis<'_>, index: EdgeIndex) -> Value {
    let flow = analysis.flow;
    let Edge { from, to, on, guard, certainty: sure, origin, media, wait_s, reasons, .. } = &flow.edges[index.0];
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.into(), value);
    put("from", json!(id(flow, *from)));
    put("to", json!(to.node().map(|to| id(flow, to))));
    put("dangling", json!(dangling(to)));
    put("on", json!(on_name(on)));
    put("certainty", json!(certainty(*sure)));
    match on {
        On::Key(key) => put("key", json!(key)),
        On::Pattern(pattern) => put("pattern", json!(pattern)),
        On::Speech(words) => put("speech", json!(words)),
        On::Match(value) => put("value", json!(value)),
        On::Timeout { nth } | On::Invalid { nth } => put("nth", json!(nth)),
        On::QueueFull { after_s } => put("after_s", json!(after_s)),
        _ => None,
    };
    if let Some(guard) = guard {
        put("guard", json!(guard.text));
        put("guard_holds", told(guard.holds));
    }
    if matches!(on, On::Key(_) | On::Speech(_)) {
        let heard = analysis.listening.option(index);
        put("heard_s", json!(seconds(heard)));
        put("estimated", json!(heard.map(|length| length.estimated)));
        put("media", Value::Array(media.iter().map(piece).collect()));
        put("reasons", json!(reasons));
    }
    if *wait_s > 0.0 {
        put("wait_s", json!(wait_s));
    }
    place(flow, origin, &mut object);
    Value::Object(object)
}

fn cost(analysis: &Analysis<'_>, row: &ReasonCost) -> Value {
    let flow = analysis.flow;
    json!({
        "start": id(flow, row.start),
        "goal": row.goal.map(|goal| id(flow, goal)),
        "structural": row.structural,
        "effective": row.effective,
        "best": row.best.as_ref().map(|path| way(flow, path)),
        "worst": row.worst.as_ref().map(|path| way(flow, path)),
    })
}

fn way(flow: &Flow, path: &Path) -> Value {
    let at_speed = |speed| path.reached.map(|length| thousandths(length.at_speed(speed)));
    let first = path.edges.first().map(|edge| flow.edges[edge.0].from);
    let nodes = first.into_iter().chain(path.edges.iter().filter_map(|edge| flow.edges[edge.0].to.node()));
    json!({
        "path": nodes.map(|node| id(flow, node)).collect::<Vec<_>>(),
        "keys": path.keys,
        "choices": path.choices,
        "menus": path.menus,
        "heard_s": seconds(path.heard),
        "reached_s": seconds(path.reached),
        "reached_fast_voice_s": at_speed(spoken::FAST),
        "reached_slow_voice_s": at_speed(spoken::SLOW),
        "repeat_caller_s": path.repeat_s.map(thousandths),
        "engine_wait_s": thousandths(path.engine_wait_s),
        "estimated": path.reached.map(|length| length.estimated),
        "unknown": path.unknown.iter().map(|&node| id(flow, node)).collect::<Vec<_>>(),
        "needs_waiting": path.needs_waiting,
    })
}

/// The kind's name in every output.
pub fn kind_name(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Prompt { .. } => "prompt",
        NodeKind::Menu(_) => "menu",
        NodeKind::Collect(_) => "collect",
        NodeKind::Hours { .. } => "hours",
        NodeKind::Branch { .. } => "branch",
        NodeKind::Queue { .. } => "queue",
        NodeKind::Agent { .. } => "agent",
        NodeKind::External { .. } => "external",
        NodeKind::Voicemail { .. } => "voicemail",
        NodeKind::Callback { .. } => "callback",
        NodeKind::Hangup { .. } => "hangup",
        NodeKind::Unknown { .. } => "unknown",
    }
}

fn external_name(kind: ExternalKind) -> &'static str {
    match kind {
        ExternalKind::Number => "number",
        ExternalKind::Flow => "flow",
        ExternalKind::Function => "function",
        ExternalKind::Dialplan => "dialplan",
        ExternalKind::Url => "url",
    }
}

fn on_name(on: &On) -> &'static str {
    match on {
        On::Key(_) => "key",
        On::Pattern(_) => "pattern",
        On::Speech(_) => "speech",
        On::Timeout { .. } => "timeout",
        On::Invalid { .. } => "invalid",
        On::AttemptsUsed => "attempts-used",
        On::Open => "open",
        On::Closed => "closed",
        On::Holiday => "holiday",
        On::Emergency => "emergency",
        On::Match(_) => "match",
        On::Else => "else",
        On::Next => "next",
        On::Fail => "fail",
        On::QueueFull { .. } => "queue-full",
    }
}

fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Possible => "possible",
        Certainty::Assumed => "assumed",
        Certainty::External => "external",
    }
}

fn end_name(kind: EndKind) -> &'static str {
    match kind {
        EndKind::Person => "person",
        EndKind::Voicemail => "voicemail",
        EndKind::Callback => "callback",
        EndKind::Unknown => "unknown",
        EndKind::Hangup => "hangup",
        EndKind::Dangling => "dangling",
        EndKind::Unhandled => "unhandled",
    }
}

fn remark_name(kind: RemarkKind) -> &'static str {
    match kind {
        RemarkKind::OtherChannels => "other-channels",
        RemarkKind::Variables => "variables",
        RemarkKind::OtherFiles => "other-files",
        RemarkKind::NotEntered => "not-entered",
        RemarkKind::VendorDemo => "vendor-demo",
        RemarkKind::Decoded => "decoded",
        RemarkKind::Mended => "mended",
        RemarkKind::Placeholders => "placeholders",
        RemarkKind::NotUnderstood => "not-understood",
    }
}
