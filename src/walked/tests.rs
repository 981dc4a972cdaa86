use std::sync::Arc;

use super::*;
use crate::{
    channel::Channel,
    figure::{Reason, Stray},
    interval::Interval,
    label::Label,
    menu::{
        analysis::listening::Recordings,
        import::{self, SourceFile},
    },
    metrics::PathMetrics,
    repeats::{Group, Naming, Play},
    timeline::{Segment, Timeline},
    units::Seconds,
};

/// A greeting, a menu with a menu below it, queues, and a number to be keyed in.
const MENU: &str = r#"
format = "bezet-menu/1"
name = "winkel"

[[entry]]
start = "greeting"

[node.greeting]
type = "prompt"
audio = "greeting.wav"
next = "menu"

[node.menu]
type = "menu"
audio = "menu.wav"
timeout_s = 5
options = [
  { key = "1", next = "queue-1" },
  { key = "2", next = "menu-2" },
  { key = "3", next = "order" },
]
timeout = { attempts = 3, then = "queue-0" }
invalid = { attempts = 2, audio = "invalid.wav", then = "menu" }

[node.menu-2]
type = "menu"
audio = "menu-2.wav"
options = [ { key = "1", next = "queue-2-1" }, { key = "2", next = "queue-2-2" } ]

[node.order]
type = "collect"
audio = "order.wav"
digits = { min = 4, max = 6 }
next = "queue-1"

[node.queue-0]
type = "queue"
target = "reception"
[node.queue-1]
type = "queue"
target = "sales"
audio = "busy.wav"
[node.queue-2-1]
type = "queue"
target = "a"
audio = "busy.wav"
[node.queue-2-2]
type = "queue"
target = "b"
audio = "busy.wav"
"#;

const PROMPTS: [&str; 6] = ["greeting", "menu", "menu-2", "order", "invalid", "busy"];

fn design() -> Design {
    let source = SourceFile { name: "menu.toml".into(), bytes: MENU.into() };
    let (mut flows, refused) = import::flows(vec![source]);
    assert!(refused.is_empty(), "{refused:?}");
    let mut recordings = Recordings::default();
    for prompt in PROMPTS {
        recordings.insert(format!("{prompt}.wav"), 6.0);
    }
    Design { flow: flows.remove(0), recordings }
}

/// What happens in a call, one after the other.
#[derive(Clone, Copy)]
enum Do {
    /// A recording is played whole.
    Play(&'static str),
    /// And cut short after so many seconds.
    Cut(&'static str, Seconds),
    /// A message that is not known again.
    Say(Seconds),
    Key(&'static str),
    Quiet(Seconds),
    Music,
    Ring,
    Person,
}
use Do::*;

/// A call in which that happens, with recordings named by `naming`.
struct Call {
    line: Timeline,
    plays: Vec<Play>,
}

impl Call {
    fn new(course: &[Do], naming: Naming) -> Self {
        let (mut at, mut segments, mut plays) = (0.0, vec![], vec![]);
        let segment = |start: Seconds, end, label, detail: &str| Segment {
            interval: Interval::new(start, end),
            label,
            detail: detail.into(),
            confidence: 0.9,
        };
        let mut play = |name: &str, start: Seconds, end| {
            let group = Group { name: name.into(), naming, length_s: 6.0, ..Group::default() };
            let interval = Interval::new(start, end);
            plays.push(Play { group: Arc::new(group), interval, offset_s: 0.0, similarity: 0.9 });
        };
        for what in course {
            let (label, seconds, detail) = match what {
                Play(name) => {
                    play(name, at, at + 6.0);
                    (Label::Announcement, 6.0, "")
                }
                Cut(name, seconds) => {
                    play(name, at, at + seconds);
                    (Label::Announcement, *seconds, "")
                }
                Say(seconds) => (Label::Announcement, *seconds, ""),
                Key(key) => (Label::Dtmf, 0.1, *key),
                Quiet(seconds) => (Label::Silence, *seconds, ""),
                Music => (Label::Music, 20.0, ""),
                Ring => (Label::Ringback, 5.0, "1 ring"),
                Person => (Label::Human, 8.0, ""),
            };
            segments.push(segment(at, at + seconds, label, detail));
            at += seconds + 0.7;
        }
        Self { line: Timeline::new(Channel::Mono, at, segments), plays }
    }
}

/// The walks of calls in which that happens, all on one line.
fn walks_of(courses: &[&[Do]], naming: Naming, known: &[&str]) -> Vec<Option<Walk>> {
    let calls: Vec<Call> = courses.iter().map(|course| Call::new(course, naming)).collect();
    let sounds = |call: &'_ Call| -> (Timeline, Vec<Play>) { (call.line.clone(), call.plays.clone()) };
    let owned: Vec<_> = calls.iter().map(sounds).collect();
    let sounds: Vec<CallSounds<'_>> =
        owned.iter().map(|(line, plays)| CallSounds { line, caller: None, plays }).collect();
    walks(&design(), known.iter().copied(), &sounds)
}

/// The walk of one call in which the definition's recordings are known.
fn walk_of(course: &[Do]) -> Option<Walk> {
    walks_of(&[course], Naming::Prompt, &PROMPTS).remove(0)
}

fn path_of(course: &[Do]) -> String {
    walk_of(course).map_or_else(|| "none".into(), |walk| walk.to_string())
}

#[test]
fn a_key_leads_on_and_the_last_step_is_where_it_led() {
    let course = [Play("greeting"), Play("menu"), Key("2"), Play("menu-2"), Key("1"), Play("busy"), Music, Person];
    assert_eq!(path_of(&course), "greeting > menu:2 > menu-2:1 > queue-2-1");
}

#[test]
fn a_person_may_answer_without_any_queue() {
    assert_eq!(path_of(&[Play("greeting"), Play("menu"), Key("1"), Ring, Person]), "greeting > menu:1 > queue-1");
}

#[test]
fn who_knows_the_menu_does_not_wait_for_its_end() {
    let walk = walk_of(&[Play("greeting"), Cut("menu", 2.0), Key("1"), Play("busy"), Music]).unwrap();
    assert_eq!(walk.to_string(), "greeting > menu:1 > queue-1");
    assert!(walk.stays[1].early && !walk.stays[0].early);
    assert_eq!(walk.stays[1].listened_s.map(|s| s.round()), Some(2.0));
}

#[test]
fn silence_lets_the_menu_come_again_and_at_last_leads_elsewhere() {
    let again = [Play("greeting"), Play("menu"), Quiet(5.0), Play("menu"), Key("1"), Music];
    assert_eq!(path_of(&again), "greeting > menu:timeout > menu:1 > queue-1");
    let silent =
        [Play("greeting"), Play("menu"), Quiet(5.0), Play("menu"), Quiet(5.0), Play("menu"), Quiet(5.0), Music, Person];
    assert_eq!(path_of(&silent), "greeting > menu:timeout > menu:timeout > menu:timeout > queue-0");
}

#[test]
fn a_wrong_key_is_no_option_and_the_menu_comes_again() {
    let course = [
        Play("greeting"),
        Cut("menu", 3.0),
        Key("9"),
        Play("invalid"),
        Play("menu"),
        Key("2"),
        Play("menu-2"),
        Quiet(6.0),
        Play("menu-2"),
        Key("2"),
        Play("busy"),
        Music,
    ];
    let walk = walk_of(&course).unwrap();
    assert_eq!(walk.to_string(), "greeting > menu:invalid > menu:2 > menu-2:timeout > menu-2:2 > queue-2-2");
    assert_eq!(walk.stays[1].exit, Some(Exit::Invalid("9".into())));
}

#[test]
fn digits_that_are_asked_for_are_one_step() {
    let course = [
        Play("greeting"),
        Play("menu"),
        Key("3"),
        Play("order"),
        Key("4"),
        Key("7"),
        Key("1"),
        Key("1"),
        Play("busy"),
        Music,
        Person,
    ];
    assert_eq!(path_of(&course), "greeting > menu:3 > order:digits > queue-1");
}

#[test]
fn a_message_that_the_definition_does_not_know_is_told_and_passed_over() {
    for strange in [Play("notice"), Say(5.0)] {
        let walk = walk_of(&[Play("greeting"), strange, Play("menu"), Key("1"), Play("busy"), Music, Person]).unwrap();
        assert_eq!(walk.to_string(), "greeting > menu:1 > queue-1");
        assert_eq!(walk.asides.len(), 1, "{:?}", walk.asides);
        let figures = figures(&design(), Some(&walk));
        let Reason::Strays { node, what: Stray::Message(_), at_s } = &figures.path.reason else {
            panic!("{:?}", figures.path.reason)
        };
        assert_eq!((node.as_str(), *at_s), ("greeting", 6.7));
    }
}

#[test]
fn a_key_that_is_not_in_the_recording_follows_from_what_comes_next() {
    let walk = walk_of(&[Play("greeting"), Play("menu"), Play("menu-2"), Key("2"), Play("busy"), Music]).unwrap();
    assert_eq!(walk.to_string(), "greeting > menu:2 > menu-2:2 > queue-2-2");
    assert!(walk.stays[1].inferred && !walk.stays[2].inferred);
    let figures = figures(&design(), Some(&walk));
    assert!(matches!(figures.path.reason, Reason::Strays { what: Stray::KeyNotHeard, .. }));
    assert!(figures.path.confidence < 0.8);
}

#[test]
fn another_text_than_the_designed_one_is_told() {
    let walk = walk_of(&[Play("greeting"), Say(7.0), Key("2"), Play("menu-2"), Key("1"), Music]).unwrap();
    assert_eq!(walk.to_string(), "greeting > menu:2 > menu-2:1 > queue-2-1");
    assert!(walk.stays[1].otherwise, "{walk:?}");
}

#[test]
fn the_path_ends_where_the_caller_hangs_up() {
    assert_eq!(path_of(&[Play("greeting"), Play("menu"), Key("2"), Play("menu-2")]), "greeting > menu:2 > menu-2");
    assert_eq!(path_of(&[Play("greeting"), Quiet(1.0)]), "greeting");
}

#[test]
fn a_call_without_any_of_the_menu_has_no_path() {
    for course in [&[Person, Quiet(2.0), Person][..], &[Say(6.0), Quiet(1.0)], &[Play("closed")], &[Ring], &[]] {
        assert_eq!(path_of(course), "none");
        assert_eq!(walks_of(&[course], Naming::Letter, &[])[0], None);
    }
    let figures = figures(&design(), None);
    assert_eq!((figures.path.value, figures.path.reason), (None, Reason::MenuNotHeard));
    assert_eq!(PathMetrics::default().path.reason, Reason::NoDefinition);
}

#[test]
fn keys_and_order_are_enough_where_no_recording_is_known() {
    let courses: [&[Do]; 5] = [
        &[Say(6.0), Say(8.0), Key("1"), Quiet(1.0), Say(4.0), Music, Person],
        &[Say(6.0), Say(8.0), Quiet(5.5), Say(8.0), Key("2"), Say(7.0), Key("1"), Say(4.0), Music],
        &[Say(6.0), Say(3.0), Key("8"), Say(2.0), Say(8.0), Key("1"), Music, Person],
        &[Say(6.0), Say(4.0), Say(8.0), Key("2"), Say(7.0), Key("9"), Say(7.0), Key("2"), Ring, Person],
        &[Say(6.0), Quiet(2.0)],
    ];
    let walks = walks_of(&courses, Naming::Letter, &[]);
    let paths: Vec<_> = walks.iter().flatten().map(Walk::to_string).collect();
    assert_eq!(
        paths,
        [
            "greeting > menu:1 > queue-1",
            "greeting > menu:timeout > menu:2 > menu-2:1 > queue-2-1",
            "greeting > menu:invalid > menu:1 > queue-1",
            "greeting > menu:2 > menu-2:invalid > menu-2:2 > queue-2-2",
        ]
    );
    let first = figures(&design(), walks[0].as_ref());
    let known = figures(&design(), walk_of(&[Play("greeting"), Play("menu"), Key("1"), Music]).as_ref());
    assert!(first.path.confidence < known.path.confidence);
    assert_eq!((first.path.reason, known.path.reason), (Reason::MenuKeys, Reason::MenuPrompts));
}

#[test]
fn a_recording_without_a_name_is_what_it_was_in_the_other_calls() {
    let courses: [&[Do]; 4] = [
        &[Play("A"), Play("B"), Key("1"), Play("D"), Music, Person],
        &[Play("A"), Play("B"), Key("2"), Play("E"), Key("1"), Play("D"), Music],
        &[Play("A"), Play("C"), Play("B"), Quiet(4.0), Play("B"), Key("1"), Play("D"), Music],
        &[Play("A"), Play("C"), Play("B"), Key("1"), Play("D"), Music],
    ];
    let walks = walks_of(&courses, Naming::Letter, &[]);
    assert_eq!(walks[2].as_ref().unwrap().to_string(), "greeting > menu:timeout > menu:1 > queue-1");
    assert_eq!(walks[3].as_ref().unwrap().to_string(), "greeting > menu:1 > queue-1");
}

#[test]
fn time_in_menus_and_their_number_come_from_the_stays() {
    let course = [Play("greeting"), Play("menu"), Quiet(5.0), Play("menu"), Key("2"), Play("menu-2"), Key("1"), Music];
    let walk = walk_of(&course).unwrap();
    let figures = figures(&design(), Some(&walk));
    assert_eq!(figures.menu_levels.value, Some(2));
    // from the end of the greeting to the last key: 6 + 5 + 6 + 0.1 + 6 s and six pauses of 0.7 s
    assert!((figures.menu_s.value.unwrap() - 27.3).abs() < 0.8, "{:?}", figures.menu_s.value);
}

#[test]
fn ten_thousand_steps_are_walked_through() {
    let mut text = String::from("format = \"bezet-menu/1\"\nname = \"x\"\n[[entry]]\nstart = \"m0\"\n");
    for i in 0..10_000 {
        let next = (i * 7 + 1) % 10_000;
        text += &format!(
            "[node.m{i}]\ntype = \"menu\"\noptions = [ {{ key = \"1\", next = \"m{next}\" }}, {{ key = \"2\", next = \"m{}\" }} ]\n",
            (i + 1) % 10_000
        );
    }
    let source = SourceFile { name: "menu.toml".into(), bytes: text.into() };
    let design = Design { flow: import::flows(vec![source]).0.remove(0), recordings: Recordings::default() };
    let call = Call::new(&[Say(5.0), Key("2"), Say(5.0), Key("1"), Say(5.0)], Naming::Letter);
    let sounds = CallSounds { line: &call.line, caller: None, plays: &call.plays };
    let walks = walks(&design, std::iter::empty(), &[sounds]);
    assert_eq!(walks[0].as_ref().unwrap().to_string(), "m0:2 > m1:1 > m8");
}
