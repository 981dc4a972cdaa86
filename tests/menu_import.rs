//! Menus of every foreign format, as small files that hold the constructs and traps of real ones. The figures beside
//! each were counted by hand in the file.

use std::{fs, path::Path, time::Instant};

use bezet::menu::{
    analysis::{Analysis, Summary, listening::Recordings},
    graph::{Certainty, Flow, Media, Node, NodeKind, On, RemarkKind, Target, Told},
    import::{IMPORTERS, ImportError, Problem, SourceFile},
};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/menus");

fn file(name: &str) -> SourceFile {
    SourceFile { name: name.to_owned(), bytes: fs::read(Path::new(FIXTURES).join(name)).unwrap() }
}

fn text(name: &str, text: &str) -> SourceFile {
    SourceFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

fn read(files: &[SourceFile]) -> Result<Flow, ImportError> {
    let first = &files[0];
    let importer = IMPORTERS.iter().find(|i| i.recognises(&first.bytes, &first.name));
    importer.unwrap_or_else(|| panic!("nobody recognises {}", first.name)).import(files)
}

fn import(names: &[&str]) -> Flow {
    read(&names.iter().map(|name| file(name)).collect::<Vec<_>>()).unwrap()
}

fn summary(flow: &Flow) -> Summary {
    Analysis::new(flow, &Recordings::default()).summary()
}

/// The figures as the command prints them.
fn figures(flow: &Flow) -> serde_json::Value {
    let mut all = serde_json::to_value(summary(flow)).unwrap();
    let map = all.as_object_mut().unwrap();
    for other in ["unresolved", "unreachable", "error_exits"] {
        map.remove(other);
    }
    all
}

fn node<'f>(flow: &'f Flow, id: &str) -> &'f Node {
    let ids = || flow.nodes.iter().map(|node| node.id.as_str()).collect::<Vec<_>>().join(" | ");
    flow.node(flow.find(id).unwrap_or_else(|| panic!("no {id} among {}", ids())))
}

/// The ids that edges on `on` lead to from a node.
fn targets<'f>(flow: &'f Flow, from: &str, on: impl Fn(&On) -> bool) -> Vec<&'f str> {
    let from = flow.find(from).unwrap_or_else(|| panic!("no {from}"));
    let edges = flow.edges.iter().filter(|edge| edge.from == from && on(&edge.on));
    edges
        .map(|edge| match &edge.to {
            Target::Node(to) => flow.node(*to).id.as_str(),
            Target::Dangling(text) => text.as_str(),
        })
        .collect()
}

fn key<'f>(flow: &'f Flow, from: &str, key: &str) -> Vec<&'f str> {
    targets(flow, from, |on| *on == On::Key(key.to_owned()))
}

fn silence<'f>(flow: &'f Flow, from: &str) -> Vec<&'f str> {
    targets(flow, from, |on| matches!(on, On::Timeout { .. }))
}

fn remarked(flow: &Flow, kind: RemarkKind) -> usize {
    flow.remarks.iter().filter(|remark| remark.kind == kind).map(|remark| remark.count).sum()
}

#[test]
fn a_dialplan_written_by_hand() {
    let flow = import(&["asterisk/winkel.conf"]);
    assert_eq!(
        figures(&flow),
        serde_json::json!({
            "menus": 2, "collects": 1,
            "options_per_menu": { "hoofd": ["1", "2", "3", "9"], "service": ["1", "2", "*"] },
            "max_menu_depth": 2, "shortest_keys_to_person": 1, "zero_key_reaches_person": false,
            // the order's status and the closed shop run off their ends, a silent and a wrong key in the service menu
            "dead_ends": 4, "dangling_targets": 1, "endless_silence": true,
        })
    );
    assert_eq!(flow.entries.iter().map(|e| e.number.as_deref()).collect::<Vec<_>>(), [Some("0201234567")]);
    // WaitExten has a next priority, so t is never reached
    assert_eq!(silence(&flow, "hoofd"), ["hoofd,s,5"]);
    let never = flow.find("hoofd,t,1").unwrap();
    assert!(flow.edges.iter().all(|edge| edge.to != Target::Node(never)));
    assert_eq!(key(&flow, "hoofd", "9"), ["hoofd"]);
    // the included _1XX makes key 1 wait
    let wait = |key: &str| {
        flow.edges.iter().find(|e| e.on == On::Key(key.into()) && flow.node(e.from).id == "hoofd").unwrap().wait_s
    };
    assert_eq!((wait("1"), wait("2")), (3.0, 0.0));
    let NodeKind::Menu(menu) = &node(&flow, "hoofd").kind else { panic!() };
    assert_eq!(
        (menu.no_input_s, menu.barge_in, menu.direct_dial, menu.media.len()),
        (Some(6.0), Told::Yes, Told::Yes, 2)
    );
    let NodeKind::Collect(order) = &node(&flow, "service,1,ORDER").kind else { panic!() };
    assert_eq!((order.max, order.timeout.attempts, order.no_input_s), (Some(8), Some(2), Some(7.0)));
    // `same = >` and the second t,2
    assert_eq!(remarked(&flow, RemarkKind::NotUnderstood), 2);
    assert_eq!(node(&flow, "service").origin.line, Some(42));
}

#[test]
fn a_dialplan_that_reads_digits_into_a_variable() {
    let flow = import(&["asterisk/lezen.conf"]);
    assert_eq!(
        figures(&flow),
        serde_json::json!({
            "menus": 1, "collects": 0, "options_per_menu": { "binnenkomend": ["1", "2"] },
            "max_menu_depth": 1, "shortest_keys_to_person": 0, "zero_key_reaches_person": true,
            // nobody chose where key 2 goes
            "dead_ends": 1, "dangling_targets": 0, "endless_silence": false,
        })
    );
    let NodeKind::Menu(menu) = &node(&flow, "binnenkomend").kind else { panic!() };
    assert_eq!((menu.timeout.attempts, menu.no_input_s, menu.barge_in), (Some(3), Some(5.0), Told::No));
    assert_eq!(silence(&flow, "binnenkomend"), ["stil,s,1"]);
}

#[test]
fn a_dialplan_with_patterns_and_subroutines() {
    assert_eq!(
        figures(&import(&["asterisk/patronen.conf"])),
        serde_json::json!({
            "menus": 2, "collects": 0, "options_per_menu": { "taal": ["2"], "keuze": ["1", "2"] },
            "max_menu_depth": 2, "shortest_keys_to_person": 1, "zero_key_reaches_person": false,
            "dead_ends": 0, "dangling_targets": 1, "endless_silence": true,
        })
    );
}

#[test]
fn a_connect_flow_that_tests_the_time_in_the_queue() {
    let flow = import(&["amazon-connect/wachttijd.json"]);
    assert_eq!(
        figures(&flow),
        serde_json::json!({
            "menus": 1, "collects": 0, "options_per_menu": { "menu": ["1", "2"] },
            // the menu is met where the wait is short: a test, no failure
            "max_menu_depth": 1, "shortest_keys_to_person": 1, "zero_key_reaches_person": false,
            // "it is busy" and the address both end the call; the others follow errors only
            "dead_ends": 2, "dangling_targets": 0, "endless_silence": false,
        })
    );
    assert_eq!(targets(&flow, "check", |on| matches!(on, On::Match(_))), ["menu"]);
}

#[test]
fn a_voicexml_menu_that_is_spoken() {
    assert_eq!(
        figures(&import(&["voicexml/spraak.vxml"])),
        serde_json::json!({
            "menus": 1, "collects": 0, "options_per_menu": { "keuze": [] },
            "max_menu_depth": 1, "shortest_keys_to_person": "unknown", "zero_key_reaches_person": false,
            "dead_ends": 1, "dangling_targets": 0, "endless_silence": false,
        })
    );
}

#[test]
fn a_voicexml_field_that_lists_its_keys_in_a_grammar() {
    let flow = import(&["voicexml/toetsen.vxml"]);
    let mut all = figures(&flow);
    let keys = all["options_per_menu"]["wat"].as_array_mut().unwrap();
    keys.sort_by_key(ToString::to_string);
    assert_eq!(
        all,
        serde_json::json!({
            "menus": 1, "collects": 0, "options_per_menu": { "wat": ["0", "1", "2", "3"] },
            "max_menu_depth": 1, "shortest_keys_to_person": "unknown", "zero_key_reaches_person": false,
            "dead_ends": 2, "dangling_targets": 0, "endless_silence": true,
        })
    );
    assert_eq!(key(&flow, "wat", "1"), key(&flow, "wat", "2"));
}

#[test]
fn keys_are_listed_in_every_language_of_grammars() {
    for grammar in [
        "<grammar type=\"text/gsl\">[ [dtmf-1 sales] {&lt;c \"sales\"&gt;} [dtmf-star] {&lt;c \"help\"&gt;} ]</grammar>",
        "<grammar mode=\"dtmf\">1 {sales} | * {help}</grammar>",
        "<grammar mode=\"dtmf\"><rule id=\"r\"><item>1<tag>sales</tag></item><item>*<tag>out='help';</tag></item></rule></grammar>",
    ] {
        let document = format!(
            "<vxml version=\"2.0\"><form id=\"m\"><field name=\"c\"><prompt>say</prompt>{grammar}<filled>\
             <if cond=\"c == 'sales'\"><goto next=\"#a\"/><else/><goto next=\"#b\"/></if></filled></field></form>\
             <form id=\"a\"><block>A</block></form><form id=\"b\"><block>B</block></form></vxml>"
        );
        let flow = read(&[text("main.vxml", &document)]).unwrap();
        assert_eq!(figures(&flow)["options_per_menu"], serde_json::json!({ "c": ["1", "*"] }), "{grammar}");
        assert_ne!(key(&flow, "c", "1"), key(&flow, "c", "*"));
    }
}

#[test]
fn both_sides_of_a_condition_are_followed() {
    let plan = "[in]\nexten => s,1,Background(keuze)\n same => n,WaitExten(5)\n\
                exten => 1,1,ExecIf($[\"${NACHT}\"=\"1\"]?Goto(nacht,s,1):Goto(dag,s,1))\n\
                [nacht]\nexten => s,1,VoiceMail(1)\n[dag]\nexten => s,1,Queue(dag)\n";
    let flow = read(&[text("extensions.conf", plan)]).unwrap();
    assert_eq!(targets(&flow, "in,1,1", |on| *on == On::Else), ["dag,s,1"]);
}

#[test]
fn what_freepbx_generates() {
    let flow = import(&["freepbx/extensions_additional.conf"]);
    assert_eq!(
        figures(&flow),
        serde_json::json!({
            "menus": 3, "collects": 0,
            "options_per_menu": { "ivr-1": ["1", "2"], "ivr-2": ["1", "2", "3"], "ivr-3": ["1"] },
            "max_menu_depth": 2, "shortest_keys_to_person": 0, "zero_key_reaches_person": true,
            // wrong keys in 1; no destination and the farewell in 2; silence and wrong keys in 3, which nobody enters
            "dead_ends": 5, "dangling_targets": 0, "endless_silence": false,
        })
    );
    assert_eq!(node(&flow, "ivr-1").title.as_deref(), Some("Hoofdmenu"));
    let NodeKind::Menu(menu) = &node(&flow, "ivr-1").kind else { panic!() };
    assert_eq!((menu.timeout.attempts, menu.no_input_s, menu.timeout.media.len()), (Some(3), Some(8.0), 1));
    let NodeKind::Menu(menu) = &node(&flow, "ivr-2").kind else { panic!() };
    assert_eq!((menu.timeout.attempts, menu.direct_dial), (Some(1), Told::Yes));
    assert_eq!(targets(&flow, "timeconditions,1", |on| *on == On::Open), ["ivr-1"]);
    assert_eq!(targets(&flow, "timeconditions,1", |on| *on == On::Closed), ["app-announcement-1"]);
    assert_eq!(
        targets(&flow, "ext-queues,600", |on| *on == On::QueueFull { after_s: Some(90.0) }),
        ["ext-local,vmb201"]
    );
    assert!(!format!("{flow:?}").contains("geheim"), "a password got into the graph");
}

#[test]
fn freeswitch_menus_with_their_phrases() {
    let flow = import(&["freeswitch/ivr.xml", "freeswitch/phrases.xml"]);
    assert_eq!(
        figures(&flow),
        serde_json::json!({
            "menus": 2, "collects": 0,
            "options_per_menu": { "hoofd": ["1", "2", "3", "4", "9"], "service": ["1", "2", "*"] },
            "max_menu_depth": 2, "shortest_keys_to_person": 1, "zero_key_reaches_person": "unknown",
            "dead_ends": 0, "dangling_targets": 1, "endless_silence": false,
        })
    );
    let NodeKind::Menu(menu) = &node(&flow, "hoofd").kind else { panic!() };
    assert_eq!((menu.timeout.attempts, menu.invalid.attempts, menu.direct_dial), (Some(3), Some(2), Told::Yes));
    assert_eq!(menu.media.len(), 3);
    assert_eq!(menu.repeat_media, [Media::Text { says: "Kies 1, 2 of 3.".into(), language: None }]);
    // both entries on key 2, one after the other
    let news = key(&flow, "hoofd", "2")[0];
    let NodeKind::Prompt { media, .. } = &node(&flow, news).kind else { panic!("{news}") };
    assert_eq!(
        media,
        &[Media::Audio { file: "http://winkel.example/nieuws?taal=nl&nr=2".into(), says: None, duration_s: None }]
    );
    assert!(matches!(node(&flow, targets(&flow, news, |on| *on == On::Next)[0]).kind, NodeKind::Agent { .. }));
    assert_eq!(key(&flow, "service", "*"), ["hoofd"]);
    // what comes after the last round is in a dialplan that was not given
    let left =
        flow.edges.iter().find(|e| flow.node(e.from).id == "hoofd" && matches!(e.on, On::Timeout { .. })).unwrap();
    assert_eq!(left.certainty, Certainty::Assumed);
    assert_eq!((remarked(&flow, RemarkKind::Mended), remarked(&flow, RemarkKind::NotUnderstood)), (1, 1));
}

#[test]
fn voicexml_documents_that_refer_to_each_other() {
    let flow = import(&["voicexml/main.vxml", "voicexml/service.vxml", "voicexml/root.vxml"]);
    assert_eq!(
        figures(&flow),
        serde_json::json!({
            "menus": 2, "collects": 1,
            "options_per_menu": { "main#hoofd": ["1", "2", "*", "3", "0"], "service#wat": ["0", "1", "2"] },
            "max_menu_depth": 2, "shortest_keys_to_person": "unknown", "zero_key_reaches_person": "unknown",
            // the farewell of *, and the second silence or misunderstanding in the service menu
            "dead_ends": 3, "dangling_targets": 1, "endless_silence": false,
        })
    );
    assert_eq!(flow.entries.iter().map(|e| e.label.as_str()).collect::<Vec<_>>(), ["main"]);
    let NodeKind::Menu(menu) = &node(&flow, "main#hoofd").kind else { panic!() };
    assert_eq!((menu.timeout.attempts, menu.no_input_s, menu.barge_in), (Some(3), Some(4.0), Told::Yes));
    assert_eq!(menu.timeout.media, [Media::Text { says: "Ik hoorde niets.".into(), language: None }]);
    let says = |media: &[Media]| media.iter().filter(|m| matches!(m, Media::Text { .. })).count();
    assert_eq!(says(&menu.media), 5, "one introduction and four choices: {:?}", menu.media);
    let welcome = flow.entries[0].to.node().unwrap();
    let NodeKind::Prompt { media, barge_in } = &flow.node(welcome).kind else { panic!() };
    // the words inside of audio are the same prompt, not another
    assert_eq!(
        media[0],
        Media::Audio { file: "welkom.wav".into(), says: Some("Welkom bij de winkel.".into()), duration_s: None }
    );
    assert_eq!((media.len(), *barge_in, &media[1]), (2, Told::No, &Media::Pause { duration_s: 0.5 }));
    let folder = flow.edges.iter().find(|e| e.on == On::Key("3".into())).unwrap();
    assert_eq!(folder.certainty, Certainty::External);
    let NodeKind::Collect(order) = &node(&flow, "service#order").kind else { panic!() };
    assert_eq!((order.min, order.max), (Some(6), Some(8)));
}

#[test]
fn connect_flows_of_both_dialects() {
    let flow = import(&["amazon-connect/main.json", "amazon-connect/service.json"]);
    assert_eq!(
        figures(&flow),
        serde_json::json!({
            "menus": 2, "collects": 1,
            "options_per_menu": { "Hoofdflow/menu": ["1", "2", "3"], "Service/ask": ["1", "2"] },
            "max_menu_depth": 2, "shortest_keys_to_person": 0, "zero_key_reaches_person": true,
            // closed, and the order's status; "sorry" follows errors only. Neither "gone" nor "nowhere" is there
            "dead_ends": 2, "dangling_targets": 2, "endless_silence": false,
        })
    );
    assert_eq!(flow.entries.iter().map(|e| e.label.as_str()).collect::<Vec<_>>(), ["Hoofdflow"]);
    assert_eq!(targets(&flow, "Hoofdflow/service", |on| *on == On::Next), ["Service/ask"]);
    assert_eq!(targets(&flow, "Service/ask", |on| matches!(on, On::Timeout { .. })), ["Service/ask"]);
    assert_eq!(targets(&flow, "Service/ask", |on| matches!(on, On::Invalid { .. })), ["Service/nowhere"]);
    assert!(
        matches!(&node(&flow, "Hoofdflow/to-sales").kind, NodeKind::Queue { name: Some(name) } if name == "verkoop")
    );
    assert!(
        matches!(&node(&flow, "Service/transfer").kind, NodeKind::Queue { name: Some(name) } if name == "Reparatie")
    );
    assert!(
        matches!(&node(&flow, "Hoofdflow/hours").kind, NodeKind::Hours { schedule: Some(name) } if name == "Winkel")
    );
    assert!(flow.find("Hoofdflow/chat").is_none());
    assert_eq!(remarked(&flow, RemarkKind::OtherChannels), 2);
    let origin = &node(&flow, "Hoofdflow/menu").origin;
    assert_eq!((origin.file, origin.line, origin.pointer.as_deref()), (0, Some(22), Some("/Actions/4")));
}

#[test]
fn a_studio_flow() {
    let flow = import(&["twilio-studio/flow.json"]);
    assert_eq!(
        figures(&flow),
        serde_json::json!({
            "menus": 1, "collects": 1, "options_per_menu": { "menu": ["1", "2", "3", "#"] },
            "max_menu_depth": 1, "shortest_keys_to_person": 1, "zero_key_reaches_person": false,
            // a spoken answer, and the end of the farewell
            "dead_ends": 2, "dangling_targets": 1, "endless_silence": false,
        })
    );
    let guard = |key: &str| flow.edges.iter().find(|e| e.on == On::Key(key.into())).unwrap().guard.clone();
    // # ends the digits and never arrives
    assert_eq!((guard("1"), guard("#").map(|g| g.holds)), (None, Some(Told::No)));
    let wrong = flow.edges.iter().find(|e| flow.node(e.from).id == "welke" && matches!(e.on, On::Match(_))).unwrap();
    assert_eq!(wrong.guard.as_ref().map(|g| g.holds), Some(Told::No), "it tests keys of a widget that is not there");
    let NodeKind::Menu(menu) = &node(&flow, "menu").kind else { panic!() };
    assert_eq!((menu.timeout.attempts, menu.no_input_s, menu.barge_in), (Some(2), Some(5.0), Told::Yes));
    assert!(flow.find("kies").is_none() && flow.find("antwoord").is_none());
    assert_eq!(remarked(&flow, RemarkKind::OtherChannels), 1);
}

#[test]
fn an_architect_flow_with_placeholders() {
    let flow = import(&["genesys-architect/winkel.yaml"]);
    assert_eq!(
        figures(&flow),
        serde_json::json!({
            "menus": 3, "collects": 0,
            "options_per_menu": {
                "Hoofd_10": ["1", "2", "3", "9", "8"], "Service_11": ["1", "*", "3"], "Bestelling_20/Welke": ["1", "2"],
            },
            "max_menu_depth": 3, "shortest_keys_to_person": 1, "zero_key_reaches_person": false,
            // silence and wrong keys in two menus, and the farewell of the task
            "dead_ends": 5, "dangling_targets": 1, "endless_silence": false,
        })
    );
    assert_eq!(remarked(&flow, RemarkKind::Placeholders), 3);
    let NodeKind::Menu(menu) = &node(&flow, "Hoofd_10").kind else { panic!() };
    assert_eq!((menu.timeout.attempts, menu.no_input_s, menu.direct_dial), (Some(3), Some(8.0), Told::No));
    assert_eq!(node(&flow, "Hoofd_10").title.as_deref(), Some("Hoofdmenu"));
    assert_eq!(key(&flow, "Service_11", "*"), ["Hoofd_10"]);
    assert_eq!(key(&flow, "Service_11", "3"), ["Bestelling_20"]);
    let assumed = |from: &str| {
        flow.edges
            .iter()
            .find(|e| flow.node(e.from).id == from && matches!(e.on, On::Timeout { .. }))
            .unwrap()
            .certainty
    };
    assert_eq!((assumed("Hoofd_10"), assumed("Service_11")), (Certainty::Certain, Certainty::Assumed));
    let greeting = flow.entries[0].to.node().unwrap();
    assert!(matches!(&flow.node(greeting).kind, NodeKind::Prompt { media, .. }
        if media == &[Media::Text { says: "Welkom bij de winkel.".into(), language: None }]));
}

#[test]
fn a_menu_file_alone_keeps_what_it_refers_to_outside() {
    let flow = import(&["voicexml/main.vxml"]);
    assert_eq!(
        summary(&flow).options_per_menu,
        [("hoofd".to_owned(), ["1", "2", "*", "3"].map(str::to_owned).to_vec())]
    );
    let files: Vec<&str> = flow
        .remarks
        .iter()
        .filter(|r| r.kind == RemarkKind::OtherFiles)
        .flat_map(|r| &r.details)
        .map(String::as_str)
        .collect();
    assert_eq!(files, ["service.vxml", "folder.vxml#begin"]);
    let flow = import(&["amazon-connect/main.json"]);
    assert!(matches!(&node(&flow, "service").kind, NodeKind::External { person: Told::Unknown, .. }));
}

#[test]
fn text_that_is_not_utf_8_is_read_and_said() {
    let xml = "<include><menu name=\"caf\u{e9}\" greet-long=\"a.wav\"><entry action=\"menu-top\" digits=\"1\"/></menu></include>";
    let latin: Vec<u8> = xml.chars().map(|c| c as u32 as u8).collect();
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(xml.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [latin, wide] {
        let flow = read(&[SourceFile { name: "ivr.xml".into(), bytes }]).unwrap();
        assert_eq!(flow.nodes[0].id, "café");
        assert_eq!(remarked(&flow, RemarkKind::Decoded), 1);
    }
}

#[test]
fn what_is_refused_says_where_and_why() {
    let refused = |name: &str, content: &str| read(&[text(name, content)]).unwrap_err();
    let ael = refused("a.ael", "context winkel {\n 1 => { Queue(x); };\n};\n");
    assert!(matches!(ael.problem, Problem::Unsupported { .. }), "{ael}");
    let lua = refused("extensions.lua", "extensions = {\n a = { [\"1\"] = function() app.queue('x') end } }\n");
    assert!(matches!(lua.problem, Problem::Unsupported { .. }), "{lua}");
    let jsp = refused("menu.vxml", "<%@ page %>\n<vxml version=\"2.1\"><menu/></vxml>");
    assert_eq!(jsp.problem, Problem::Template("JSP".into()));
    let php = refused("menu.vxml", "<?php echo 1 ?>\n<vxml version=\"2.1\"><menu/></vxml>");
    assert_eq!(php.problem, Problem::Template("PHP".into()));
    let declared = refused("menu.vxml", "<?xml version=\"1.0\">\n<vxml version=\"2.1\"><menu/></vxml>");
    assert_eq!(declared.line, Some(1));
    let quotes =
        refused("ivr.xml", "<include>\n<menu name=\u{201c}a\u{201d} greet-long=\"b\">\n<entry/></menu></include>");
    assert_eq!(quotes.line, Some(2));
    let twice = refused("ivr.xml", "<include>\n<menu name=\"a\"><entry/></menu>\n</include>\n</include>");
    assert_eq!(twice.line, Some(4));
    let key = refused("f.json", "{\"states\": [],\n \"initial_state\": \"a\",\n \"states\": []}");
    assert_eq!((key.line, key.column), (Some(3), Some(2)));
    let messages = refused(
        "f.json",
        "{\"initial_state\":\"T\",\"states\":[{\"name\":\"T\",\"type\":\"trigger\",\"transitions\":[{\"event\":\"incomingMessage\",\"next\":\"a\"}]},{\"name\":\"a\",\"type\":\"send-message\"}]}",
    );
    assert!(matches!(messages.problem, Problem::NoFlow(_)), "{messages}");
    let cloud = refused("stack.yaml", "Resources:\n  Flow:\n    Type: AWS::Connect::ContactFlow\n");
    assert!(matches!(cloud.problem, Problem::Unsupported { .. }), "{cloud}");
    let chat = refused("chat.yaml", "inboundChat:\n  name: x\n");
    assert!(matches!(chat.problem, Problem::Unsupported { .. }), "{chat}");
    let comments = refused("extensions.conf", ";--\n[a]\nexten => 1,1,Answer\n--;\n");
    assert!(matches!(comments.problem, Problem::NoFlow(_)), "{comments}");
    let empty = refused("menu.vxml", "  \n<");
    assert!(matches!(empty.problem, Problem::Syntax(_)), "{empty}");
}

/// Hostile files of each format end, soon and without falling over.
#[test]
fn hostile_files_end() {
    let deep = |open: &str, close: &str| open.repeat(20_000) + &close.repeat(20_000);
    let mut dialplan = String::from("[a]\n");
    for n in 0..20_000 {
        dialplan += &format!("exten => {n},1,Goto({},1)\n", (n + 1) % 20_000);
    }
    dialplan += "exten => s,1,Background(x)\nsame => n,WaitExten(99999999999999999999999999)\nsame => n,Goto(s,1)\n";
    let includes: String = (0..3000)
        .map(|n| {
            format!("[c{n}]\ninclude => c{}\ninclude => c{}\nexten => s,1,WaitExten\n", (n + 1) % 3000, (n * 7) % 3000)
        })
        .collect();
    let mut yaml = String::from("inboundCall:\n  name: x\n  a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for n in 1..12 {
        yaml += &format!("  a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","));
    }
    let blocks: String = (0..10_000)
        .map(|n| {
            format!(
                "{{\"Identifier\":\"{n}\",\"Type\":\"SetVoice\",\"Transitions\":{{\"NextAction\":\"{}\"}}}},",
                (n + 1) % 10_000
            )
        })
        .collect();
    let files = [
        ("a.conf", dialplan),
        ("b.conf", includes),
        ("c.vxml", format!("<vxml>{}</vxml>", deep("<form>", "</form>"))),
        ("d.vxml", "<!DOCTYPE vxml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><vxml>&b;</vxml>".into()),
        ("e.vxml", "<vxml><catch event=\"a\"><throw event=\"b\"/></catch><catch event=\"b\"><throw event=\"a\"/></catch><form><block><throw event=\"a\"/></block></form></vxml>".into()),
        ("f.xml", format!("<menu name=\"a\"><entry/>{}</menu>", deep("<entry>", "</entry>"))),
        ("g.json", format!("{{\"StartAction\":\"0\",\"Actions\":{}", deep("[", "]"))),
        ("h.json", format!("{{\"StartAction\":\"0\",\"Actions\":[{}{{\"Identifier\":\"x\",\"Type\":\"Loop\"}}]}}", blocks)),
        ("i.json", "{\"initial_state\":\"g\",\"states\":[{\"name\":\"g\",\"type\":\"gather-input-on-call\",\"properties\":{\"timeout\":1e308,\"loop\":1e300,\"number_of_digits\":-5},\"transitions\":[{\"event\":\"keypress\",\"next\":\"g\"},{\"event\":\"timeout\",\"next\":\"g\"}]}]}".into()),
        ("j.yaml", yaml),
        ("k.yaml", format!("inboundCall:\n  name: {}", deep("[", "]"))),
    ];
    for (name, content) in files {
        let begun = Instant::now();
        if let Ok(flow) = read(&[text(name, &content)]) {
            summary(&flow);
        }
        assert!(begun.elapsed().as_secs() < 20, "{name} took {:?}", begun.elapsed());
    }
}

/// Damaged copies of every fixture are read or refused; none brings the reader down. `BEZET_MUTATIONS` sets how many.
#[test]
fn damaged_files_never_panic() {
    let rounds = std::env::var("BEZET_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(300_u64);
    let names = [
        "asterisk/winkel.conf",
        "asterisk/lezen.conf",
        "freepbx/extensions_additional.conf",
        "freeswitch/ivr.xml",
        "voicexml/main.vxml",
        "voicexml/service.vxml",
        "amazon-connect/main.json",
        "amazon-connect/service.json",
        "twilio-studio/flow.json",
        "genesys-architect/winkel.yaml",
    ];
    let (mut read_well, mut refused) = (0, 0);
    for (at, name) in names.into_iter().enumerate() {
        let original = file(name);
        let importer = IMPORTERS.iter().find(|i| i.recognises(&original.bytes, name)).unwrap();
        let mut random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(at as u64 + 1);
        let mut next = |below: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random % below.max(1) as u64) as usize
        };
        for _ in 0..rounds {
            let mut bytes = original.bytes.clone();
            for _ in 0..=next(4) {
                let (from, length) = (next(bytes.len()), next(40));
                let to = (from + length).min(bytes.len());
                let piece = bytes[from..to].to_vec();
                let place = next(bytes.len());
                match next(5) {
                    0 => drop(bytes.drain(from..to)),
                    1 => drop(bytes.splice(place..place, piece)),
                    2 => bytes[from] = next(256) as u8,
                    3 => bytes[from] = b"\"'<>{}[](),;:=&$?#\n 01*"[next(23)],
                    _ => bytes.truncate(from.max(1)),
                }
                if bytes.is_empty() {
                    bytes.push(b' ');
                }
            }
            match importer.import(&[SourceFile { name: name.into(), bytes }]) {
                Ok(flow) => {
                    summary(&flow);
                    read_well += 1;
                }
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    refused += 1;
                }
            }
        }
    }
    assert!(read_well > 100 && refused > 100, "{read_well} read, {refused} refused: the damage is of no use");
}
