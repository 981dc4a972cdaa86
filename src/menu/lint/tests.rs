//! A menu that no rule says anything about, and for each rule the smallest change that it finds.

use super::*;
use crate::menu::{
    analysis::{Analysis, listening::Recordings},
    graph::{Allow, Builder, Edge, EdgeIndex, Flow, Guard, Media, Menu, NodeKind, On, Reason, Retry, Target, Told},
    traffic::{Taken, Traffic},
};

fn say(text: &str) -> Vec<Media> {
    vec![Media::Text { says: text.into(), language: Some("nl".into()) }]
}

fn at(line: u32) -> Origin {
    Origin::line(0, line)
}

fn retry() -> Retry {
    Retry { attempts: Some(2), media: vec![] }
}

fn asking() -> NodeKind {
    NodeKind::Menu(Menu {
        timeout: retry(),
        invalid: retry(),
        no_input_s: Some(5.0),
        barge_in: Told::Yes,
        direct_dial: Told::No,
        ..Menu::default()
    })
}

/// A shop's menu of two levels.
fn shop() -> Flow {
    let mut b = Builder::new("winkel", "native");
    let hours = b.node("open", at(1), NodeKind::Hours { schedule: None });
    let welcome =
        b.node("welkom", at(2), NodeKind::Prompt { media: say("Welkom bij Fiets en Zonen."), barge_in: Told::Yes });
    let main = b.node("hoofd", at(3), asking());
    let service = b.node("service", at(10), asking());
    for (i, queue) in ["q-verkoop", "q-status", "q-reparatie", "q-receptie"].into_iter().enumerate() {
        b.node(queue, at(20 + i as u32), NodeKind::Queue { name: Some(queue.into()) });
    }
    let closed = b.node(
        "dicht",
        at(30),
        NodeKind::Prompt { media: say("Wij zijn morgen om 9 uur weer open."), barge_in: Told::Yes },
    );
    let mailbox = b.node("vm", at(31), NodeKind::Voicemail { name: None });
    b.node("einde", at(32), NodeKind::Hangup { said: true });
    b.link(hours, On::Open, "welkom", at(1));
    b.link(hours, On::Closed, "dicht", at(1));
    b.link(welcome, On::Next, "hoofd", at(2));
    for (node, line, options) in [
        (
            main,
            4,
            [
                ("1", "Voor de verkoop van fietsen, kies 1.", "q-verkoop"),
                ("2", "Voor de werkplaats, kies 2.", "service"),
                ("0", "Wilt u een medewerker spreken, kies 0.", "q-receptie"),
                ("*", "Om dit te herhalen, kies sterretje.", "hoofd"),
            ],
        ),
        (
            service,
            11,
            [
                ("1", "Voor de status van uw bestelling, kies 1.", "q-status"),
                ("2", "Voor een reparatie, kies 2.", "q-reparatie"),
                ("0", "Wilt u een medewerker spreken, kies 0.", "q-receptie"),
                ("*", "Om terug te gaan, kies sterretje.", "hoofd"),
            ],
        ),
    ] {
        for (i, (key, words, to)) in options.into_iter().enumerate() {
            b.link(node, On::Key(key.into()), to, at(line + i as u32)).media = say(words);
        }
        b.link(node, On::Timeout { nth: None }, "q-receptie", at(line));
        b.link(node, On::Invalid { nth: None }, "q-receptie", at(line));
    }
    b.link(closed, On::Next, "vm", at(30));
    b.link(mailbox, On::Next, "einde", at(31));
    b.entry("hoofdnummer", None, "open");
    let flow = b.flow();
    flow.language = Some("nl".into());
    let mut flow = b.finish();
    let goal = flow.find("q-verkoop").unwrap();
    flow.reasons.push(Reason {
        id: "buy".into(),
        label: "kopen".into(),
        goals: vec![goal],
        max_keys: None,
        max_s: None,
    });
    flow
}

fn node(flow: &Flow, id: &str) -> NodeIndex {
    flow.find(id).unwrap_or_else(|| panic!("{id} is there"))
}

fn menu<'a>(flow: &'a mut Flow, id: &str) -> &'a mut Menu {
    let at = node(flow, id);
    match &mut flow.nodes[at.0].kind {
        NodeKind::Menu(menu) => menu,
        _ => panic!("{id} is a menu"),
    }
}

fn place(flow: &Flow, from: &str, on: &On) -> usize {
    let from = node(flow, from);
    flow.edges.iter().position(|edge| edge.from == from && edge.on == *on).expect("the edge is there")
}

fn edge<'a>(flow: &'a mut Flow, from: &str, on: On) -> &'a mut Edge {
    let place = place(flow, from, &on);
    &mut flow.edges[place]
}

fn key(digit: &str) -> On {
    On::Key(digit.into())
}

const SILENCE: On = On::Timeout { nth: None };
const WRONG: On = On::Invalid { nth: None };

fn lead(flow: &mut Flow, from: &str, on: On, to: &str) {
    let to = Target::Node(node(flow, to));
    edge(flow, from, on).to = to;
}

fn add(flow: &mut Flow, from: &str, on: On, to: &str, words: &str) {
    let template = flow.edges[0].clone();
    let media = if words.is_empty() { vec![] } else { say(words) };
    let (from, to) = (node(flow, from), Target::Node(node(flow, to)));
    flow.edges.push(Edge { from, to, on, media, origin: at(99), ..template });
}

fn remove(flow: &mut Flow, from: &str, on: On) {
    let place = place(flow, from, &on);
    flow.edges.remove(place);
}

fn insert(flow: &mut Flow, id: &str, kind: NodeKind) {
    let template = flow.nodes[0].clone();
    flow.nodes.push(crate::menu::graph::Node { id: id.into(), origin: at(98), kind, ..template });
}

/// `hoofd` no longer leads to a person, and neither does anything below it.
fn without_people(flow: &mut Flow) {
    for node in &mut flow.nodes {
        if matches!(node.kind, NodeKind::Queue { .. }) {
            node.kind = NodeKind::Voicemail { name: None };
        }
    }
}

fn run_with(flow: &Flow, recordings: &Recordings, traffic: Option<&Traffic>) -> Vec<Finding> {
    let analysis = Analysis::new(flow, recordings);
    let (costs, limits) = (analysis.costs(), Limits::default());
    lint(&Scene::new(&analysis, &costs, recordings, &limits, traffic), &[])
}

fn run(flow: &Flow) -> Vec<Finding> {
    run_with(flow, &Recordings::default(), None)
}

type Change = fn(&mut Flow);

/// For each rule the changes that it finds, with the level and the node of the first finding.
const CHANGES: &[(&str, Level, &str, Change)] = &[
    ("dead-end", Level::Error, "hoofd", |flow| lead(flow, "hoofd", SILENCE, "einde")),
    ("dead-end", Level::Error, "stil", |flow| {
        insert(flow, "stil", NodeKind::Prompt { media: say("Goed."), barge_in: Told::Yes });
        lead(flow, "hoofd", key("1"), "stil");
    }),
    ("dangling", Level::Error, "hoofd", |flow| edge(flow, "hoofd", key("1")).to = Target::Dangling("weg".into())),
    ("dangling", Level::Error, "", |flow| {
        let mut lost = flow.entries[0].clone();
        lost.to = Target::Dangling("weg".into());
        flow.entries.push(lost);
    }),
    ("no-human", Level::Error, "open", without_people),
    ("reason-unreachable", Level::Error, "q-verkoop", |flow| remove(flow, "hoofd", key("1"))),
    ("unreachable", Level::Warning, "q-status", |flow| remove(flow, "service", key("1"))),
    ("unreachable", Level::Warning, "q-status", |flow| {
        let never = Guard { text: "0".into(), holds: Told::No };
        edge(flow, "service", key("1")).guard = Some(never);
    }),
    ("closed-dead", Level::Warning, "open", |flow| {
        insert(flow, "weg", NodeKind::Prompt { media: say("Wij zijn gesloten."), barge_in: Told::Yes });
        insert(flow, "op", NodeKind::Hangup { said: true });
        add(flow, "weg", On::Next, "op", "");
        lead(flow, "open", On::Closed, "weg");
    }),
    ("hours-missing", Level::Info, "welkom", |flow| flow.entries[0].to = Target::Node(node(flow, "welkom"))),
    ("silent-loop", Level::Error, "hoofd", |flow| lead(flow, "hoofd", SILENCE, "hoofd")),
    ("cycle-menus", Level::Warning, "service", |flow| {
        let inner = node(flow, "service");
        flow.edges.retain(|edge| edge.from != inner);
        add(flow, "service", key("1"), "service", "Om dit te herhalen, kies 1.");
        add(flow, "service", SILENCE, "service", "");
        add(flow, "service", WRONG, "service", "");
    }),
    ("timeout-missing", Level::Error, "hoofd", |flow| lead(flow, "hoofd", SILENCE, "einde")),
    ("timeout-missing", Level::Error, "hoofd", |flow| {
        remove(flow, "hoofd", SILENCE);
        menu(flow, "hoofd").timeout = Retry::default();
    }),
    ("timeout-value", Level::Warning, "hoofd", |flow| menu(flow, "hoofd").no_input_s = Some(12.0)),
    ("timeout-value", Level::Warning, "hoofd", |flow| menu(flow, "hoofd").no_input_s = Some(2.9)),
    ("invalid-missing", Level::Error, "service", |flow| lead(flow, "service", WRONG, "einde")),
    ("invalid-missing", Level::Warning, "service", |flow| {
        remove(flow, "service", WRONG);
        menu(flow, "service").invalid = Retry::default();
    }),
    ("invalid-missing", Level::Warning, "service", |flow| {
        menu(flow, "service").invalid.attempts = Some(1);
        lead(flow, "service", WRONG, "q-status");
    }),
    ("attempts", Level::Warning, "hoofd", |flow| menu(flow, "hoofd").timeout.attempts = Some(4)),
    ("attempts", Level::Warning, "service", |flow| {
        menu(flow, "service").timeout.attempts = Some(1);
        lead(flow, "service", SILENCE, "einde");
    }),
    ("depth-max", Level::Warning, "open", |flow| {
        for (from, to) in [("service", "m3"), ("m3", "m4")] {
            insert(flow, to, asking());
            add(flow, from, key("3"), to, "Voor een offerte, kies 3.");
        }
    }),
    ("keys-to-human", Level::Warning, "open", |flow| flow.reasons[0].max_keys = Some(0)),
    ("keys-to-human", Level::Warning, "open", |flow| {
        without_people(flow);
        insert(flow, "mens", NodeKind::Agent { name: None });
        add(flow, "service", key("345"), "mens", "");
    }),
    ("seconds-to-human", Level::Warning, "open", |flow| flow.reasons[0].max_s = Some(3.0)),
    ("seconds-to-human", Level::Error, "open", |flow| {
        edge(flow, "hoofd", key("1")).heard_s = Some(120.0);
    }),
    ("option-heard-late", Level::Warning, "hoofd", |flow| edge(flow, "hoofd", key("0")).heard_s = Some(21.0)),
    ("option-heard-late", Level::Error, "hoofd", |flow| edge(flow, "hoofd", key("0")).heard_s = Some(31.0)),
    ("greeting-long", Level::Warning, "hoofd", |flow| {
        let welcome = node(flow, "welkom");
        let media = say(&"Dit gesprek kan worden opgenomen voor de kwaliteit. ".repeat(6));
        flow.nodes[welcome.0].kind = NodeKind::Prompt { media, barge_in: Told::Yes };
    }),
    ("greeting-no-bargein", Level::Info, "welkom", |flow| {
        let welcome = node(flow, "welkom");
        let media = say(&"Dit gesprek kan worden opgenomen. ".repeat(4));
        flow.nodes[welcome.0].kind = NodeKind::Prompt { media, barge_in: Told::No };
    }),
    ("options-max", Level::Warning, "hoofd", |flow| {
        for (digit, what) in [("3", "kleding"), ("4", "lessen"), ("5", "verzekeringen"), ("6", "banden")] {
            add(flow, "hoofd", key(digit), "q-status", &format!("Voor {what}, kies {digit}."));
        }
    }),
    ("options-max", Level::Error, "hoofd", |flow| {
        for digit in 3..9 {
            add(flow, "hoofd", key(&digit.to_string()), "q-status", "");
        }
    }),
    ("key-order", Level::Info, "hoofd", |flow| {
        let (one, two) = (place(flow, "hoofd", &key("1")), place(flow, "hoofd", &key("2")));
        flow.edges.swap(one, two);
    }),
    ("key-order", Level::Info, "hoofd", |flow| {
        edge(flow, "hoofd", key("2")).media = say("Voor de werkplaats, kies 3.");
        edge(flow, "hoofd", key("2")).on = key("3");
    }),
    ("operator-zero", Level::Warning, "hoofd", |flow| remove(flow, "hoofd", key("0"))),
    ("operator-zero", Level::Warning, "service", |flow| lead(flow, "service", key("0"), "hoofd")),
    ("repeat", Level::Info, "service", |flow| menu(flow, "service").timeout.attempts = Some(1)),
    ("back", Level::Info, "service", |flow| remove(flow, "service", key("*"))),
    ("star-hash-zero-nine", Level::Info, "hoofd", |flow| lead(flow, "hoofd", key("*"), "q-status")),
    ("star-hash-zero-nine", Level::Info, "service", |flow| add(flow, "service", key("#"), "q-status", "")),
    ("star-hash-zero-nine", Level::Info, "service", |flow| add(flow, "service", key("9"), "q-status", "")),
    ("duplicate-key", Level::Error, "hoofd", |flow| add(flow, "hoofd", key("1"), "q-status", "")),
    ("duplicate-key", Level::Info, "hoofd", |flow| {
        flow.format = "freeswitch".into();
        add(flow, "hoofd", key("1"), "q-status", "");
    }),
    ("ambiguous-digit", Level::Info, "hoofd", |flow| edge(flow, "hoofd", key("2")).wait_s = 5.0),
    ("same-target", Level::Info, "service", |flow| {
        add(flow, "service", key("3"), "q-status", "Voor de rekening, kies 3.");
        lead(flow, "service", key("2"), "q-status");
    }),
    ("hidden-option", Level::Warning, "hoofd", |flow| add(flow, "hoofd", key("3"), "q-status", "")),
    ("hidden-option", Level::Error, "hoofd", |flow| {
        edge(flow, "hoofd", key("2")).media = say("Voor de werkplaats, kies 2. Voor kleding, kies 3.");
    }),
    ("key-before-purpose", Level::Warning, "hoofd", |flow| {
        edge(flow, "hoofd", key("2")).media = say("Kies 2 voor de werkplaats.");
    }),
    ("wording-vague", Level::Info, "service", |flow| {
        edge(flow, "service", key("2")).media = say("Voor de status van een bestelling, kies 2.");
    }),
    ("wording-vague", Level::Info, "service", |flow| {
        edge(flow, "service", key("2")).media = say("Voor reparatie of onderhoud of garantie, kies 2.");
    }),
    ("prompt-missing", Level::Error, "service", |flow| {
        let inner = node(flow, "service");
        flow.edges.iter_mut().filter(|edge| edge.from == inner).for_each(|edge| edge.media.clear());
    }),
    ("exception", Level::Warning, "hoofd", |flow| {
        let main = node(flow, "hoofd");
        flow.nodes[main.0].allow.push(Allow { code: "bakc".into(), reason: Some("zo is het".into()) });
    }),
    ("exception", Level::Warning, "hoofd", |flow| {
        let main = node(flow, "hoofd");
        flow.nodes[main.0].allow.push(Allow { code: "back".into(), reason: None });
    }),
];

#[test]
fn a_good_menu_has_no_findings() {
    let found: Vec<_> = run(&shop()).into_iter().map(|finding| (finding.check.code(), finding.fact)).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn every_rule_finds_what_it_is_for_at_its_place_and_level() {
    let mut faults = vec![];
    for (i, (code, level, id, change)) in CHANGES.iter().enumerate() {
        let mut flow = shop();
        change(&mut flow);
        let found = run(&flow);
        let hit = found.iter().find(|finding| finding.check.code() == *code);
        let name = |finding: &Finding| finding.node.map(|node| flow.node(node).id.as_str()).unwrap_or_default();
        match hit {
            None => {
                let others: Vec<_> = found.iter().map(|finding| finding.check.code()).collect();
                faults.push(format!("change {i}: {code} finds nothing; {others:?} do"));
            }
            Some(hit) if hit.level != *level || name(hit) != *id => {
                faults.push(format!("change {i}: {code} says {:?} at {:?}", hit.level, name(hit)));
            }
            Some(hit) if hit.origin.is_none() && !id.is_empty() => faults.push(format!("{code} names no place")),
            Some(hit) if !hit.check.rule().levels.contains(level) => faults.push(format!("{code} hides a level")),
            Some(_) => {}
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_rule_has_a_change_that_it_finds() {
    // these need recordings or calls, and have their own tests
    let elsewhere = ["text-audio-differ", "frequent-first"];
    for rule in &RULES {
        let tried = CHANGES.iter().any(|(code, ..)| *code == rule.code);
        assert!(tried || elsewhere.contains(&rule.code), "{} is not tried", rule.code);
    }
}

#[test]
fn codes_and_checks_are_one_to_one() {
    for (i, rule) in RULES.iter().enumerate() {
        assert_eq!(rule.check.code(), rule.code);
        assert!(RULES[..i].iter().all(|other| other.code != rule.code && other.check != rule.check), "{}", rule.code);
        assert!(rule.levels.is_sorted_by(|a, b| a > b), "{}: the worst level comes first", rule.code);
    }
}

#[test]
fn counts_are_those_of_the_summary() {
    for (_, _, _, change) in CHANGES {
        let mut flow = shop();
        change(&mut flow);
        let found = run(&flow);
        let count = |check| found.iter().filter(|finding| finding.check == check).count();
        let recordings = Recordings::default();
        let summary = Analysis::new(&flow, &recordings).summary();
        assert_eq!(count(Check::DeadEnd), summary.dead_ends);
        assert_eq!(count(Check::Dangling), summary.dangling_targets);
        assert_eq!(count(Check::SilentLoop) > 0, summary.endless_silence);
    }
}

#[test]
fn a_recording_that_is_missing_or_does_not_fit_its_words_is_found() {
    let mut flow = shop();
    let welcome = node(&flow, "welkom");
    let media = vec![Media::Audio {
        file: "welkom.wav".into(),
        says: Some("Welkom bij Fiets en Zonen.".into()),
        duration_s: None,
    }];
    flow.nodes[welcome.0].kind = NodeKind::Prompt { media, barge_in: Told::Yes };
    let codes = |recordings: &Recordings| {
        let found = run_with(&flow, recordings, None);
        found.into_iter().map(|finding| (finding.check.code(), finding.node)).collect::<Vec<_>>()
    };
    assert!(codes(&Recordings::default()).is_empty(), "nobody looked for recordings");
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(codes(&Recordings::measure(&flow, folder.path())), [("prompt-missing", Some(welcome))]);
    for (seconds, differs) in [(2.4, false), (6.0, true), (0.4, true)] {
        let mut recordings = Recordings::default();
        recordings.insert("welkom.wav", seconds);
        let expected = if differs { vec![("text-audio-differ", Some(welcome))] } else { vec![] };
        assert_eq!(codes(&recordings), expected, "{seconds} s");
    }
}

#[test]
fn the_most_chosen_option_is_only_judged_with_enough_calls() {
    let flow = shop();
    let second = EdgeIndex(place(&flow, "hoofd", &key("2")));
    let first = EdgeIndex(place(&flow, "hoofd", &key("1")));
    let mut traffic = Traffic { calls: 30, ..Traffic::default() };
    traffic.edges.insert(first, Taken { calls: 5, seconds: 20.0 });
    traffic.edges.insert(second, Taken { calls: 25, seconds: 100.0 });
    let codes = |traffic: &Traffic| {
        let found = run_with(&flow, &Recordings::default(), Some(traffic));
        found.iter().map(|finding| finding.check.code()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&traffic), ["frequent-first"]);
    traffic.edges.insert(first, Taken { calls: 26, seconds: 20.0 });
    assert!(codes(&traffic).is_empty());
    traffic.edges.insert(first, Taken { calls: 5, seconds: 20.0 });
    traffic.edges.insert(second, Taken { calls: 14, seconds: 20.0 });
    assert!(codes(&traffic).is_empty(), "19 calls are too few");
}

#[test]
fn an_exception_with_a_reason_silences_its_rule_at_its_node_alone() {
    let mut flow = shop();
    remove(&mut flow, "service", key("*"));
    menu(&mut flow, "hoofd").no_input_s = Some(12.0);
    let inner = node(&flow, "service");
    flow.nodes[inner.0].allow.push(Allow { code: "back".into(), reason: Some("er is geen weg terug".into()) });
    let accepted = |exceptions: &[Exception]| {
        let recordings = Recordings::default();
        let analysis = Analysis::new(&flow, &recordings);
        let (costs, limits) = (analysis.costs(), Limits::default());
        let scene = Scene::new(&analysis, &costs, &recordings, &limits, None);
        lint(&scene, exceptions).into_iter().map(|f| (f.check.code(), f.accepted.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(accepted(&[]), [("timeout-value", false), ("back", true)]);
    let everywhere = Exception { code: "timeout-value".into(), reason: "de centrale kan niet anders".into() };
    assert_eq!(accepted(&[everywhere]), [("timeout-value", true), ("back", true)]);
    let unreasoned = Exception { code: "timeout-value".into(), reason: "  ".into() };
    assert_eq!(accepted(&[unreasoned]), [("timeout-value", false), ("back", true)]);
}

#[test]
fn what_is_not_known_is_neither_accused_nor_acquitted() {
    let mut flow = shop();
    // no words at all, no counts, no times
    for node in &mut flow.nodes {
        if let NodeKind::Menu(menu) = &mut node.kind {
            menu.timeout = Retry::default();
            menu.invalid = Retry::default();
            menu.no_input_s = None;
            menu.barge_in = Told::Unknown;
            menu.media = vec![Media::Dynamic { expression: "${MENU}".into() }];
        }
    }
    flow.edges.iter_mut().for_each(|edge| edge.media.clear());
    let found: Vec<_> = run(&flow).into_iter().map(|finding| (finding.check.code(), finding.fact)).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn ten_thousand_nodes_are_judged_in_a_moment() {
    let mut b = Builder::new("groot", "native");
    for i in 0..5000 {
        let at_menu = b.node(format!("m{i}"), at(i), asking());
        for digit in 1..=4 {
            let to = format!("m{}", (i * 4 + digit) % 5000);
            b.link(at_menu, On::Key(digit.to_string()), to, at(i)).media = say("Voor meer, kies 1.");
        }
        b.node(format!("q{i}"), at(i), NodeKind::Queue { name: None });
        b.link(at_menu, On::Timeout { nth: None }, format!("q{i}"), at(i));
    }
    b.entry("in", None, "m0");
    let flow = b.finish();
    let recordings = Recordings::default();
    let analysis = Analysis::new(&flow, &recordings);
    let (costs, limits) = (analysis.costs(), Limits::default());
    let start = std::time::Instant::now();
    let found = lint(&Scene::new(&analysis, &costs, &recordings, &limits, None), &[]);
    let spent = start.elapsed();
    assert!(!found.is_empty());
    // without optimisation, on a machine that does other things too; what is not linear takes minutes
    assert!(spent.as_secs() < 20, "{spent:?}");
}
