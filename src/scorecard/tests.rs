use std::sync::Arc;

use super::*;
use crate::{
    analysis::{CallAnalysis, RecordingFacts},
    audit::Refusal,
    metrics::{AnsweredBy, CallMetrics, Measured, Outcome, Reason},
    norms::{Ruling, profiles},
    repeats::{Group, Kind, Naming, Play},
    timeline::{Channel, Timeline},
};

fn at(start: f64, end: f64) -> Interval {
    Interval::new(start, end)
}

fn play(name: &str, kind: Kind, start: f64) -> Play {
    let group = Group { name: name.into(), naming: Naming::Prompt, kind, length_s: 4.0, print: String::new() };
    Play { group: Arc::new(group), interval: at(start, start + 4.0), offset_s: 0.0, similarity: 0.9 }
}

/// A call that a machine picked up at 6 s, in which `plays` are heard, and that waited for `wait_s` in all.
fn call(file: &str, rings: u32, wait_s: f64, person: bool, plays: Vec<Play>) -> AuditedCall {
    fn heard<T>(value: T, from: Interval) -> Measured<T> {
        Measured::heard(value, 0.9, Reason::Heard, from)
    }
    let whole = at(0.0, wait_s);
    let mut metrics = CallMetrics::absent(&Reason::NotThere);
    metrics.outcome = heard(if person { Outcome::Human } else { Outcome::Abandoned }, whole);
    metrics.answered_by = heard(AnsweredBy::Machine, at(6.0, 10.0));
    metrics.answered_s = heard(6.0, at(6.0, 6.0));
    metrics.rings = heard(rings, at(0.0, 6.0));
    metrics.hold_music_s = heard(10.0, whole);
    metrics.queue_s = heard(wait_s - 10.0, at(10.0, wait_s));
    metrics.total_wait_s = heard(wait_s, whole);
    if person {
        metrics.time_to_human_s = heard(wait_s, at(wait_s, wait_s + 1.0));
    }
    let busy = plays.iter().filter(|p| p.group.name == "busy").count() as u32;
    metrics.wait.same_announcement =
        Measured::heard(busy, 0.9, Reason::SameMessage { name: "busy".into(), times: busy }, whole);
    AuditedCall {
        file: file.into(),
        content: None,
        line: file.split('/').next().unwrap().into(),
        recorded_at: None,
        contact_reason: None,
        notes: vec![],
        finding: Ok(CallAnalysis {
            recording: RecordingFacts::a_law(wait_s + 2.0),
            caller_channel: None,
            country: Measured::absent(1.0, Reason::NotThere),
            timelines: vec![Timeline::new(Channel::Mono, wait_s + 2.0, vec![])],
            plays,
            metrics,
            labelled: false,
            walk: None,
        }),
    }
}

fn audit() -> Audit {
    let greeting = || play("greeting", Kind::Greeting, 6.5);
    let busy = |start| play("busy", Kind::Apology, start);
    let calls = vec![
        call("a/1.wav", 2, 40.0, true, vec![greeting(), busy(20.0), busy(30.0)]),
        call(
            "a/2.wav",
            4,
            90.0,
            false,
            vec![busy(20.0), busy(40.0), busy(60.0), play("position-2", Kind::Information, 45.0)],
        ),
        call("a/3.wav", 2, 60.0, true, vec![greeting(), busy(20.0), play("position-1", Kind::Information, 26.0)]),
        call("b/4.wav", 1, 20.0, true, vec![]),
        AuditedCall {
            finding: Err(Refusal { code: "x".into(), message: "x".into() }),
            ..call("b/5.wav", 1, 20.0, true, vec![])
        },
    ];
    Audit { client: None, calls }
}

fn find<'s, 'a>(scores: &'s [Score<'a>], point: Point, line: Option<&str>) -> &'s Score<'a> {
    scores.iter().find(|s| s.point == point && s.line == line).unwrap()
}

#[test]
fn a_point_has_its_middle_its_worst_and_the_seconds_to_listen_to() {
    let audit = audit();
    let scores = scores(&audit, &[]);
    let same = find(&scores, Point::SameMessage, Some("a"));
    assert_eq!((same.n, same.median, same.happened), (3, Some(2.0), 3));
    let worst = same.worst.as_ref().unwrap();
    assert_eq!((worst.call.file.as_str(), worst.value, worst.message.as_deref()), ("a/2.wav", 3.0, Some("busy")));
    assert_eq!(worst.from.unwrap().start(), 40.0, "where it comes again");
    let rings = find(&scores, Point::Rings, None);
    assert_eq!((rings.n, rings.unknown.len(), rings.median), (4, 1, Some(2.0)));
    assert_eq!(rings.worst.as_ref().unwrap().value, 4.0);
}

#[test]
fn a_greeting_that_does_not_come_first_is_the_worst() {
    let audit = audit();
    let scores = scores(&audit, &[]);
    let greeting = find(&scores, Point::Greeting, Some("a"));
    assert_eq!((greeting.n, greeting.happened), (3, 2));
    assert_eq!(greeting.worst.as_ref().unwrap().call.file, "a/2.wav");
    assert_eq!(find(&scores, Point::Greeting, Some("b")).why_not, Some(Why::NoneOfKind(Kind::Greeting)));
}

#[test]
fn what_nobody_named_is_not_counted_as_absent() {
    let audit = audit();
    let scores = scores(&audit, &[]);
    let later = find(&scores, Point::CallLater, Some("a"));
    assert_eq!((later.n, &later.why_not), (0, &Some(Why::NoneAbout(Topic::CallLater))));
    let place = find(&scores, Point::Place, Some("a"));
    assert_eq!((place.n, place.happened), (3, 2));
    assert_eq!(place.worst.as_ref().unwrap().call.file, "a/1.wav", "who was told nothing");
    assert_eq!(find(&scores, Point::Menus, None).why_not, Some(Why::NoneOfKind(Kind::Menu)));
    let tune = find(&scores, Point::Tune, Some("a"));
    assert_eq!((tune.n, &tune.why_not), (0, &Some(Why::Figure(Reason::NotThere))));
}

#[test]
fn who_gave_up_does_not_make_the_wait_look_short() {
    let audit = audit();
    let scores = scores(&audit, &[]);
    let wait = find(&scores, Point::Person, Some("a"));
    assert_eq!((wait.n, wait.happened, wait.median), (3, 2, Some(60.0)));
    assert_eq!(wait.worst.as_ref().unwrap().value, 90.0);
}

#[test]
fn a_point_is_judged_by_the_norms_about_it_alone() {
    let audit = audit();
    let scores = scores(&audit, profiles());
    let titles = |point| {
        find(&scores, point, Some("a")).verdicts.iter().map(|v| (v.norm.id.clone(), v.ruling)).collect::<Vec<_>>()
    };
    assert_eq!(titles(Point::Tune), []);
    assert!(titles(Point::Person).contains(&("gemeente-30".into(), Ruling::NotMet)));
    assert!(titles(Point::Rings).iter().all(|(id, _)| id == "nen-8878"));
    assert!(scores.iter().any(|s| !s.verdicts.is_empty()));
}

#[test]
fn an_audit_without_calls_has_points_without_values() {
    let scores = scores(&Audit::default(), &[]).iter().map(|s| (s.n, s.why_not.clone())).collect::<Vec<_>>();
    assert_eq!(scores.len(), Point::ALL.len());
    assert!(scores.iter().all(|s| *s == (0, Some(Why::NoCalls))));
}
