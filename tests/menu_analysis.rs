//! What a menu does to a caller: worked figures, endings, and large graphs.

use std::{fs, time::Instant};

use bezet::menu::{
    analysis::{Analysis, DeadEnd, Summary, keys::Keys, listening::Recordings, silence::EndKind},
    graph::{Builder, Flow, Menu, NodeKind, On, Origin, Retry, Told},
    import::{Importer, SourceFile},
    native::Native,
};

const EXAMPLE: &str = include_str!("../fixtures/menus/native/fietsenhandel.toml");

fn read(text: &str) -> Flow {
    let file = SourceFile { name: "menu.toml".into(), bytes: text.into() };
    Native.import(&[file]).unwrap_or_else(|error| panic!("{error}"))
}

/// A document with an entry at `start` and these nodes.
fn flow(start: &str, nodes: &str) -> Flow {
    read(&format!(
        "format = \"bezet-menu/1\"\n[defaults]\ntimeout_s = 5\n[[entry]]\nlabel = \"e\"\nstart = \"{start}\"\n{nodes}"
    ))
}

fn summary(flow: &Flow) -> Summary {
    Analysis::new(flow, &Recordings::default()).summary()
}

fn close(value: f64, expected: f64) -> bool {
    (value - expected).abs() < 0.06
}

#[test]
fn the_worked_figures_of_the_example() {
    let flow = read(EXAMPLE);
    let analysis = Analysis::new(&flow, &Recordings::default());
    let greeting = flow.find("welkom").unwrap();
    assert!(close(analysis.listening.prompt(greeting).unwrap().seconds, 5.5));
    let main = flow.find("hoofd").unwrap();
    let heard = |key: &str| {
        let (edge, _) = analysis.out(main).find(|(_, edge)| edge.on == On::Key(key.into())).unwrap();
        analysis.listening.option(edge).unwrap().seconds
    };
    for (key, seconds) in [("1", 4.1), ("2", 8.6), ("3", 10.6), ("0", 13.9)] {
        assert!(close(heard(key), seconds), "{key}: {}", heard(key));
    }
    let costs = analysis.costs();
    let row = |reason: &str, goal: &str| {
        let is = |place: usize| flow.reasons[place].id == reason;
        let row = costs.iter().find(|cost| cost.reason.is_some_and(is) && cost.goal == flow.find(goal));
        row.unwrap().best.clone().unwrap()
    };
    for (reason, goal, keys, choices, seconds) in
        [("buy", "q-verkoop", 1, 1, 10.6), ("question", "q-service", 2, 4, 22.2), ("complaint", "q-klacht", 1, 3, 17.1)]
    {
        let path = row(reason, goal);
        assert_eq!((path.keys, path.choices), (keys, choices), "{reason}");
        let reached = path.reached.unwrap();
        assert!((reached.seconds - seconds).abs() < 0.1 && reached.estimated, "{reason}: {}", reached.seconds);
        assert!(close(reached.seconds - path.heard.unwrap().seconds, 1.0));
    }
    // who knows the keys still hears the greeting, which cannot be cut short
    assert!(close(row("buy", "q-verkoop").repeat_s.unwrap(), 5.5 + 0.5));
    // two rounds of menu and silence, each with its message, then the reception
    let fate = analysis.silence_from(analysis.starts[0]);
    let [end] = &fate.ends[..] else { panic!("{fate:?}") };
    assert_eq!((end.kind, flow.node(end.node).id.as_str()), (EndKind::Person, "q-receptie"));
    let message = analysis.listening.on_silence(main).unwrap().seconds;
    assert!(close(end.after_s.unwrap() - 2.0 * message, 5.5 + 2.0 * (13.95 + 5.0)));
    let summary = analysis.summary();
    assert_eq!((summary.menus, summary.collects, summary.max_menu_depth), (2, 1, 2));
    assert_eq!((summary.dead_ends, summary.dangling_targets, summary.unreachable), (0, 0, 0));
    assert_eq!(summary.shortest_keys_to_person, Keys::Count(0));
}

#[test]
fn a_recording_is_worth_more_than_words() {
    let flow = read(EXAMPLE.replacen("[node.welkom]\n", "[node.welkom]\naudio = \"w.wav\"\n", 1).as_str());
    let mut recordings = Recordings::default();
    recordings.insert("w.wav", 7.25);
    let analysis = Analysis::new(&flow, &recordings);
    let length = analysis.listening.prompt(flow.find("welkom").unwrap()).unwrap();
    assert_eq!((length.seconds, length.estimated), (7.25, false));
}

#[test]
fn from_three_recordings_on_the_voice_itself_tells_its_speed() {
    let prompt = |id: &str| {
        format!("[node.{id}]\ntype = \"prompt\"\nsay = \"Een twee drie vier vijf zes\"\naudio = \"{id}.wav\"\n")
    };
    let flow = flow("a", &["a", "b", "c"].map(prompt).concat());
    let mut recordings = Recordings::default();
    for name in ["a.wav", "b.wav"] {
        recordings.insert(name, 2.0);
    }
    assert!(!Analysis::new(&flow, &recordings).listening.is_fitted());
    recordings.insert("c.wav", 2.0);
    let analysis = Analysis::new(&flow, &recordings);
    assert!(close(analysis.listening.speech().syllables_per_second, 3.0));
}

#[test]
fn what_has_no_length_makes_no_figure() {
    let flow = flow(
        "a",
        "[node.a]\ntype = \"prompt\"\naudio = \"gone.wav\"\nnext = \"m\"\n[node.m]\ntype = \"menu\"\n\
         options = [{ key = \"1\", say = \"Kies een\", next = \"q\" }]\n[node.q]\ntype = \"queue\"\n",
    );
    let analysis = Analysis::new(&flow, &Recordings::default());
    let path = analysis.costs()[0].best.clone().unwrap();
    assert_eq!((path.keys, path.reached, path.heard), (1, None, None));
    assert_eq!(path.unknown, [flow.find("a").unwrap()]);
}

#[test]
fn the_key_is_known_when_the_phrase_that_names_it_ends() {
    let flow = flow(
        "m",
        "[node.m]\ntype = \"menu\"\nsay = \"Voor verkoop, kies 1. Voor alle andere vragen, kies 2.\"\n\
         options = [{ key = \"1\", next = \"q\" }, { key = \"2\", next = \"q\" }]\n[node.q]\ntype = \"queue\"\n",
    );
    let analysis = Analysis::new(&flow, &Recordings::default());
    let heard: Vec<f64> = analysis
        .out(flow.find("m").unwrap())
        .map(|(edge, _)| analysis.listening.option(edge).unwrap().seconds)
        .collect();
    assert!(close(heard[0], 5.0 / 4.2 + 0.75), "{heard:?}");
    assert!(close(heard[1], 15.0 / 4.2 + 1.5), "{heard:?}");
}

#[test]
fn silence_and_keys_to_a_person() {
    let queue = "[node.q]\ntype = \"queue\"\n";
    let menu = |more: &str| format!("[node.m]\ntype = \"menu\"\nsay = \"Kies\"\n{more}\n{queue}");
    for (nodes, keys, silence, endless) in [
        (menu("options = [{ key = \"1\", next = \"q\" }]"), Keys::Count(1), Told::No, false),
        (menu("options = [{ key = \"12\", next = \"q\" }]"), Keys::Count(2), Told::No, false),
        (
            menu("options = [{ key = \"1\", next = \"m\" }]\ntimeout = { attempts = 3, then = \"q\" }"),
            Keys::Count(0),
            Told::Yes,
            false,
        ),
        (menu("options = [{ key = \"1\", next = \"q\" }]\ntimeout = { then = \"m\" }"), Keys::Count(1), Told::No, true),
        (
            menu("options = [{ key = \"1\", next = \"m\" }]\ninvalid = { attempts = 2, then = \"q\" }"),
            Keys::Count(2),
            Told::No,
            false,
        ),
        (menu("options = [{ pattern = \"XXX\", next = \"q\" }]"), Keys::Unknown, Told::No, false),
        (menu("options = [{ key = \"1\", unknown = \"?\" }]"), Keys::Unknown, Told::No, false),
        (menu("options = [{ key = \"1\", dangling = \"gone\" }]"), Keys::Never, Told::No, false),
        (
            menu("options = [{ key = \"1\", dangling = \"elsewhere\", certainty = \"external\" }]"),
            Keys::Unknown,
            Told::No,
            false,
        ),
        (
            menu("options = [{ key = \"1\", next = \"q\", guard = \"1 = 2\", holds = false }]"),
            Keys::Never,
            Told::No,
            false,
        ),
        (
            menu("ways = [{ on = \"timeout\", nth = 1, next = \"m\" }, { on = \"timeout\", nth = 3, next = \"q\" }]"),
            Keys::Count(0),
            Told::Yes,
            false,
        ),
        (menu("ways = [{ on = \"timeout\", nth = 1, next = \"m\" }]"), Keys::Never, Told::No, true),
        (menu("fail = \"q\""), Keys::Never, Told::No, false),
        (
            "[node.m]\ntype = \"external\"\nkind = \"number\"\nname = \"1\"\n".into(),
            Keys::Unknown,
            Told::Unknown,
            false,
        ),
        (
            "[node.m]\ntype = \"external\"\nkind = \"number\"\nname = \"1\"\nperson = true\n".into(),
            Keys::Count(0),
            Told::Yes,
            false,
        ),
    ] {
        let flow = flow("m", &nodes);
        let summary = summary(&flow);
        let got = (summary.shortest_keys_to_person, summary.zero_key_reaches_person, summary.endless_silence);
        assert_eq!(got, (keys, silence, endless), "{nodes}");
    }
}

#[test]
fn dead_ends_are_exits_without_help() {
    let end = "[node.x]\ntype = \"hangup\"\n";
    let deads = |nodes: &str| summary(&flow("a", &format!("{nodes}{end}"))).dead_ends;
    let prompt = |next: &str| format!("[node.a]\ntype = \"prompt\"\nsay = \"Dag\"\nnext = \"{next}\"\n");
    assert_eq!(deads(&prompt("x")), 1);
    assert_eq!(deads(&format!("{}[node.q]\ntype = \"queue\"\nnext = \"x\"\n", prompt("q"))), 0);
    assert_eq!(
        deads(&format!(
            "{}[node.v]\ntype = \"voicemail\"\nnext = \"b\"\n[node.b]\ntype = \"prompt\"\nnext = \"x\"\n",
            prompt("v")
        )),
        0
    );
    let menu = |more: &str| format!("[node.a]\ntype = \"menu\"\nsay = \"Kies\"\n{more}\n");
    // who presses a key to hang up gets what he asked for
    assert_eq!(deads(&menu("options = [{ key = \"9\", next = \"x\" }]")), 0);
    assert_eq!(deads(&menu("timeout = { then = \"x\" }\ninvalid = { then = \"x\" }")), 2);
    let flow_ = flow("a", &format!("{}{end}", menu("fail = \"x\"")));
    let analysis = Analysis::new(&flow_, &Recordings::default());
    assert_eq!((analysis.dead_ends.len(), analysis.error_exits.len()), (0, 1));
    let stuck = flow("a", "[node.a]\ntype = \"prompt\"\nsay = \"Dag\"\n");
    let analysis = Analysis::new(&stuck, &Recordings::default());
    assert_eq!(analysis.dead_ends, [DeadEnd::Stuck(stuck.find("a").unwrap())]);
    // a part that no call gets to counts as well, and is told to be unreachable
    let apart = flow(
        "a",
        &format!("{}[node.q]\ntype = \"queue\"\n[node.lost]\ntype = \"prompt\"\nnext = \"x\"\n{end}", prompt("q")),
    );
    assert_eq!((summary(&apart).dead_ends, summary(&apart).unreachable), (1, 2));
}

#[test]
fn the_worst_case_is_what_the_system_chooses() {
    let nodes = "[node.a]\ntype = \"branch\"\non = \"VIP\"\noutcomes = { ja = \"q\", nee = \"p\" }\n\
                 [node.p]\ntype = \"prompt\"\nmedia = [{ pause_s = 30 }]\nnext = \"q\"\n[node.q]\ntype = \"queue\"\n";
    let drawn = flow("a", nodes);
    let analysis = Analysis::new(&drawn, &Recordings::default());
    let cost = &analysis.costs()[0];
    assert!(close(cost.best.as_ref().unwrap().reached.unwrap().seconds, 0.0));
    assert!(close(cost.worst.as_ref().unwrap().reached.unwrap().seconds, 30.0));
    // where the system can lead the caller elsewhere, there is no worst case to tell
    let lost = flow(
        "a",
        &nodes.replacen("next = \"q\"", "next = \"x\"", 1).replace("[node.q]", "[node.x]\ntype = \"hangup\"\n[node.q]"),
    );
    let analysis = Analysis::new(&lost, &Recordings::default());
    assert!(analysis.costs()[0].best.is_some() && analysis.costs()[0].worst.is_none());
}

#[test]
fn depth_is_the_longest_way_with_a_menu_counted_once() {
    let menu = |id: &str, to: &[&str]| {
        let option = |(key, next): (usize, &&str)| format!("{{ key = \"{}\", next = \"{next}\" }}", key + 1);
        let options: Vec<_> = to.iter().enumerate().map(option).collect();
        format!("[node.{id}]\ntype = \"menu\"\nsay = \"Kies\"\noptions = [{}]\n", options.join(", "))
    };
    for (nodes, depth) in [
        (menu("a", &["a"]), 1),
        (menu("a", &["b", "c"]) + &menu("b", &["a"]) + &menu("c", &["a"]), 2),
        (menu("a", &["b", "c"]) + &menu("b", &["c", "a"]) + &menu("c", &["a"]), 3),
        // only a walk that takes the right branch first finds all four
        (menu("a", &["b", "d"]) + &menu("b", &["c"]) + &menu("c", &["a"]) + &menu("d", &["b"]), 4),
    ] {
        assert_eq!(summary(&flow("a", &nodes)).max_menu_depth, depth, "{nodes}");
    }
}

/// How long this thread has been at work, in seconds: other programs run on the machine too. Where the system does not
/// tell, how long it is since `start`.
fn worked_s(start: Instant) -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |value| value / 1e9)
}

/// A flow of `count` menus, each with a prompt, options forward and back, silence onwards: cycles everywhere.
fn large(count: usize) -> Flow {
    let mut flow = Builder::new("large", "test");
    let origin = || Origin::line(0, 1);
    for i in 0..count / 2 {
        let retry = Retry { attempts: Some(3), media: vec![] };
        let menu = Menu { timeout: retry.clone(), invalid: retry, no_input_s: Some(5.0), ..Menu::default() };
        let menu = flow.node(format!("m{i}"), origin(), NodeKind::Menu(menu));
        for key in 1..=4 {
            flow.link(menu, On::Key(key.to_string()), format!("p{}", (i * 7 + key * 13) % (count / 2)), origin());
        }
        flow.link(menu, On::Timeout { nth: None }, format!("p{}", (i + 1) % (count / 2)), origin());
        let prompt = flow.node(format!("p{i}"), origin(), NodeKind::Prompt { media: vec![], barge_in: Told::No });
        flow.link(prompt, On::Next, format!("m{i}"), origin());
    }
    flow.node("q", origin(), NodeKind::Queue { name: None });
    let last = flow.find(&format!("m{}", count / 2 - 1)).unwrap();
    flow.link(last, On::Key("0".into()), "q", origin());
    flow.entry("e", None, "m0");
    flow.finish()
}

#[test]
fn ten_thousand_nodes_are_analysed_within_a_second() {
    let flow = large(10_000);
    let start = Instant::now();
    let before = worked_s(start);
    let analysis = Analysis::new(&flow, &Recordings::default());
    let (costs, summary) = (analysis.costs(), analysis.summary());
    let took = worked_s(start) - before;
    assert_eq!(summary.menus, 5_000);
    assert!(matches!(summary.shortest_keys_to_person, Keys::Count(_)) && costs.len() == 1);
    // silence goes round through all menus and never comes to an end
    assert!(summary.endless_silence);
    assert!(took < 1.0, "{took} s");
}

#[test]
fn a_chain_as_long_as_memory_allows_needs_no_stack() {
    let mut flow = Builder::new("chain", "test");
    for i in 0..100_000 {
        let node = flow.node(i.to_string(), Origin::line(0, 1), NodeKind::Menu(Menu::default()));
        flow.link(node, On::Key("1".into()), (i + 1).to_string(), Origin::line(0, 1));
    }
    flow.entry("e", None, "0");
    let flow = flow.finish();
    let summary = summary(&flow);
    assert_eq!((summary.max_menu_depth, summary.dangling_targets), (100_000, 1));
}

#[test]
fn one_menu_of_ten_thousand_options_takes_no_longer() {
    let mut flow = Builder::new("wide", "test");
    let menu = flow.node("m", Origin::line(0, 1), NodeKind::Menu(Menu::default()));
    for i in 0..10_000_u32 {
        flow.link(menu, On::Key(i.to_string()), format!("q{i}"), Origin::line(0, 1));
        flow.link(menu, On::Timeout { nth: Some(i + 1) }, "m", Origin::line(0, 1));
        flow.node(format!("q{i}"), Origin::line(0, 1), NodeKind::Queue { name: None });
    }
    flow.entry("e", None, "m");
    let flow = flow.finish();
    let start = Instant::now();
    let before = worked_s(start);
    let analysis = Analysis::new(&flow, &Recordings::default());
    assert_eq!((analysis.costs().len(), analysis.summary().max_menu_depth), (1, 1));
    let took = worked_s(start) - before;
    assert!(took < 1.0, "{took} s");
}
