//! `bezet-menu/1`: read, written, refused.

use std::fs;

use bezet::{
    language::Language,
    menu::{
        graph::{Edge, Flow, Origin},
        import::{self, IMPORTERS, ImportError, Importer, SourceFile},
        native::{self, Native, Notation},
    },
};
use serde_json::Value;
use walkdir::WalkDir;

const MENUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/menus");
const EXAMPLE: &str = include_str!("../fixtures/menus/native/fietsenhandel.toml");

fn read(name: &str, text: &str) -> Result<Flow, ImportError> {
    Native.import(&[SourceFile { name: name.into(), bytes: text.into() }])
}

/// A flow without what a document of another format cannot keep: places, files, remarks. Edges in one order a node.
fn essence(mut flow: Flow) -> Flow {
    flow.sources.clear();
    flow.remarks.clear();
    flow.format.clear();
    flow.nodes.iter_mut().for_each(|node| node.origin = Origin::default());
    flow.edges.iter_mut().for_each(|edge| edge.origin = Origin::default());
    // options keep their order among each other
    let rank = |edge: &Edge| {
        let is_option = matches!(format!("{:?}", edge.on).split('(').next(), Some("Key" | "Pattern" | "Speech"));
        (edge.from, !is_option, if is_option { String::new() } else { format!("{edge:?}") })
    };
    flow.edges.sort_by_key(rank);
    flow
}

#[test]
fn the_three_notations_are_one_format() {
    let first = essence(read("menu.toml", EXAMPLE).unwrap());
    for (notation, name) in [(Notation::Toml, "m.toml"), (Notation::Yaml, "m.yaml"), (Notation::Json, "m.json")] {
        let text = native::export(&first, notation);
        assert_eq!(essence(read(name, &text).unwrap_or_else(|e| panic!("{e}\n{text}"))), first, "{text}");
        assert_eq!(essence(read("without a telling name", &text).unwrap()), first, "{name}");
    }
}

#[test]
fn what_any_importer_gives_is_written_and_read_back() {
    let mut seen = std::collections::BTreeSet::new();
    for entry in WalkDir::new(MENUS).sort_by_file_name().into_iter().map(Result::unwrap) {
        if !entry.file_type().is_file() || entry.path().extension().is_some_and(|extension| extension == "md") {
            continue;
        }
        let name = entry.path().to_string_lossy().into_owned();
        let (flows, _) = import::flows(vec![SourceFile { bytes: fs::read(entry.path()).unwrap(), name: name.clone() }]);
        for flow in flows {
            seen.insert(flow.format.clone());
            let first = essence(flow);
            for (notation, file) in [(Notation::Toml, "m.toml"), (Notation::Yaml, "m.yaml"), (Notation::Json, "m.json")]
            {
                let text = native::export(&first, notation);
                let again = read(file, &text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
                assert_eq!(essence(again), first, "{name} as {file}");
            }
        }
    }
    assert_eq!(seen.len(), IMPORTERS.len(), "a fixture of every format: {seen:?}");
}

#[test]
fn a_new_definition_is_a_good_one_in_both_languages() {
    for language in Language::ALL {
        let flow = read("new.toml", native::start(language)).unwrap();
        assert_eq!((flow.entries.len(), flow.reasons.len(), flow.schedules.len()), (1, 1, 1));
        assert!(flow.nodes.len() >= 6);
    }
}

/// The example with `old` replaced by `new`; its error.
fn broken(old: &str, new: &str) -> ImportError {
    assert!(EXAMPLE.contains(old), "{old:?} is not in the example");
    read("menu.toml", &EXAMPLE.replacen(old, new, 1)).unwrap_err()
}

#[test]
fn every_mistake_is_told_with_its_line_and_a_remedy() {
    for (old, new, parts) in [
        ("repeat_key = \"*\"", "repeat_kye = \"*\"", ["repeat_kye", "did you mean \"repeat_key\"?"]),
        ("next = \"hoofd\"\n", "next = \"hooft\"\n", ["\"hooft\"", "did you mean \"hoofd\"?"]),
        ("key = \"2\", say = \"Voor een vraag", "key = \"1\", say = \"Voor een vraag", ["key \"1\"", "remove one"]),
        ("key = \"3\"", "key = \"x\"", ["\"x\" is no key", "correct"]),
        ("repeat_key = \"*\"", "repeat_key = \"0\"", ["key \"0\"", "remove one"]),
        ("repeat_key = \"*\"", "purpose = \"winkel\"", ["purpose", "\"menu\""]),
        ("type = \"collect\"", "type = \"collekt\"", ["collekt", "collect"]),
        ("goals = [\"q-verkoop\"]", "goals = [\"q-verkop\"]", ["q-verkop", "did you mean \"q-verkoop\"?"]),
        ("reasons = [\"buy\"]", "reasons = [\"buyt\"]", ["\"buyt\"", "did you mean \"buy\"?"]),
        ("schedule = \"winkel\"", "schedule = \"winkels\"", ["winkels", "did you mean \"winkel\"?"]),
        ("start = \"open\"", "start = \"opne\"", ["opne", "did you mean \"open\"?"]),
        ("thu = [\"09:00-21:00\"]", "thu = [\"09:00-25:00\"]", ["09:00-25:00", "correct"]),
        ("\"2026-12-26\"", "\"2026-13-26\"", ["2026-13-26", "correct"]),
        ("Europe/Amsterdam", "Amsterdam", ["no time zone", "correct"]),
        ("timeout_s = 5.0", "timeout_s = -5.0", ["-5", "between 0 and"]),
        ("timeout_s = 5.0", "timeout_s = 1e300", ["between 0 and", "correct"]),
        ("timeout_s = 5.0", "timeout_s = nan", ["between 0 and", "correct"]),
        ("attempts = 2, say", "attempts = 0, say", ["between 1 and", "correct"]),
        ("attempts = 2, say", "attempts = 4000000000, say", ["between 1 and", "correct"]),
        ("attempts = 2, say", "attempts = 99999999999999999999, say", ["expected u32", "correct"]),
        ("syllables_per_second = 4.2", "syllables_per_second = 0.0", ["syllables", "correct"]),
        ("kind = \"function\"", "kind = \"fucntion\"", ["fucntion", "function"]),
        ("bezet-menu/1", "bezet-menu/2", ["bezet-menu/2", "bezet-menu/1"]),
        ("language = ", "language=\"a\"\nlanguage = ", ["duplicate key", "correct"]),
    ] {
        let error = broken(old, new);
        let changed = EXAMPLE.replacen(old, new, 1);
        let line = changed.lines().position(|line| line.contains(new.lines().last().unwrap())).unwrap() + 1;
        let text = error.to_string();
        assert_eq!(error.line.map(|line| line as usize), Some(line), "{new}: {text}");
        for part in parts {
            assert!(text.contains(part), "{part:?} is missing in {text}");
        }
    }
}

#[test]
fn yaml_and_json_refuse_a_key_twice_too() {
    for (name, text, line) in [
        ("m.yaml", "format: bezet-menu/1\nname: a\nname: b\n", 3),
        ("m.json", "{\"format\": \"bezet-menu/1\",\n\"name\": \"a\",\n\"name\": \"b\"}", 3),
        ("m.yaml", "format: bezet-menu/1\nnode:\n  a: {type: hangup}\n  a: {type: hangup}\n", 4),
    ] {
        let error = read(name, text).unwrap_err();
        assert_eq!(error.line, Some(line), "{error}");
    }
}

#[test]
fn keys_may_be_written_as_numbers() {
    let text = "format: bezet-menu/1\nnode:\n  m:\n    type: menu\n    options:\n    - {key: 1, say: een, next: m}\n";
    let flow = read("m.yaml", text).unwrap();
    assert!(format!("{:?}", flow.edges[0].on).contains("\"1\""));
    assert_eq!(flow.edges[0].origin.line, Some(6));
}

#[test]
fn an_option_may_lead_where_nobody_knows() {
    let text =
        "format = \"bezet-menu/1\"\n[node.m]\ntype = \"menu\"\noptions = [{ key = \"1\", unknown = \"ask IT\" }]\n";
    let flow = read("m.toml", text).unwrap();
    assert!(format!("{:?}", flow.nodes).contains("ask IT"));
    let neither = text.replace("unknown = \"ask IT\"", "say = \"hm\"");
    assert!(read("m.toml", &neither).unwrap_err().to_string().contains("next"));
}

/// The fields of each part of the schema.
fn fields(part: &Value) -> Vec<&str> {
    part["properties"].as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_schema_has_the_fields_that_are_read_and_no_others() {
    let schema: Value = serde_json::from_str(native::SCHEMA).unwrap();
    // what is written under a field that does not exist names, in its error, all that do
    let document = |part: &str| format!("format = \"bezet-menu/1\"\n{part}");
    for (part, name, text) in [
        (&schema, "document", "{}= 1\n"),
        (&schema["$defs"]["SpeechTable"], "speech", "[speech]\n{} = 1\n"),
        (&schema["$defs"]["Defaults"], "defaults", "[defaults]\n{} = 1\n"),
        (&schema["$defs"]["EntryTable"], "entry", "[[entry]]\n{} = 1\n"),
        (&schema["$defs"]["ScheduleTable"], "schedule", "[schedule.a]\n{} = 1\n"),
        (&schema["$defs"]["ReasonTable"], "reason", "[[reason]]\n{} = 1\n"),
        (&schema["$defs"]["NodeTable"], "node", "[node.a]\n{} = 1\n"),
        (&schema["$defs"]["WayTable"], "option", "[node.a]\ntype = \"menu\"\noptions = [{ {} = 1 }]\n"),
        (&schema["$defs"]["RetryTable"], "timeout", "[node.a]\ntype = \"menu\"\ntimeout = { {} = 1 }\n"),
        (&schema["$defs"]["DigitsTable"], "digits", "[node.a]\ntype = \"collect\"\ndigits = { {} = 1 }\n"),
        (&schema["$defs"]["OverflowTable"], "overflow", "[node.a]\ntype = \"queue\"\noverflow = { {} = 1 }\n"),
        (&schema["$defs"]["MediaTable"], "media", "[node.a]\ntype = \"prompt\"\nmedia = [{ {} = 1 }]\n"),
    ] {
        let known = native::fields_of(&document(&text.replacen("{}", "nosuchfieldatall", 1)));
        let mut known = known.unwrap_or_else(|| panic!("{name} takes any field"));
        known.sort_unstable();
        assert_eq!(known, fields(part), "{name}");
    }
    let nodes = &schema["$defs"]["NodeTable"];
    let types: Vec<&str> =
        nodes["properties"]["type"]["enum"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
    for kind in types {
        let rule =
            nodes["allOf"].as_array().unwrap().iter().find(|rule| {
                rule["if"]["properties"]["type"]["enum"].as_array().unwrap().iter().any(|name| name == kind)
            });
        let allowed = rule.unwrap()["then"]["propertyNames"]["enum"].as_array().unwrap();
        for field in allowed.iter().map(|field| field.as_str().unwrap()) {
            assert!(native::takes(kind, field), "{kind}: {field}");
        }
        let count = fields(nodes).iter().filter(|field| native::takes(kind, field)).count();
        assert_eq!(count, allowed.len(), "{kind}");
    }
}

#[test]
fn a_queue_has_its_messages_and_an_entry_needs_no_name() {
    let text =
        "format = \"bezet-menu/1\"\n[[entry]]\nstart = \"q\"\n[node.q]\ntype = \"queue\"\naudio = \"busy.wav\"\n";
    let flow = read("m.toml", text).unwrap();
    assert_eq!((flow.entries[0].label.as_str(), flow.nodes[0].waiting.len()), ("q", 1));
    assert_eq!(essence(read("m.toml", &native::export(&flow, Notation::Toml)).unwrap()), essence(flow));
}
