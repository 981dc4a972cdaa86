//! Made-up calls before and after, and what is made of them.

use super::*;
use crate::{
    analysis::{CallAnalysis, RecordingFacts},
    interval::Interval,
    label::Label,
    metrics::{AnsweredBy, CallMetrics, Measured, Reason},
    norms::profiles,
    random::Random,
    timeline::{Channel, Segment, Timeline},
};

/// A call of that moment: rung for 5 s, then waited for so long, for a person or in vain.
pub(crate) fn call(line: &str, at: &str, wait_s: f64, person: bool) -> AuditedCall {
    let at_s = |start, end| Interval::new(start, end);
    let heard = |value: f64, from| Measured::heard(value, 1.0, Reason::Heard, from);
    let mut metrics = CallMetrics::absent(&Reason::NoPerson);
    let (end, total) = (6.0 + wait_s, 5.0 + wait_s);
    let outcome = if person { Outcome::Human } else { Outcome::Abandoned };
    metrics.outcome = Measured::heard(outcome, 1.0, Reason::Heard, at_s(5.0, total));
    metrics.rings = Measured::heard(2, 1.0, Reason::Heard, at_s(0.0, 5.0));
    metrics.ring_s = heard(5.0, at_s(0.0, 5.0));
    metrics.answered_s = heard(5.0, at_s(5.0, 5.0));
    metrics.answered_by = Measured::heard(AnsweredBy::Machine, 1.0, Reason::Heard, at_s(5.0, 6.0));
    metrics.queue_s = heard(wait_s, at_s(5.0, total));
    metrics.announcements = Measured::heard((wait_s / 20.0) as u32, 1.0, Reason::Heard, at_s(5.0, total));
    metrics.hold_music_s = heard(wait_s * 0.7, at_s(5.0, total));
    metrics.total_wait_s = heard(total, at_s(0.0, total));
    if person {
        metrics.time_to_human_s = heard(total, at_s(total, end));
        metrics.wait_after_answer_s = heard(wait_s, at_s(5.0, total));
    }
    let segment =
        |start, end, label| Segment { interval: at_s(start, end), label, detail: String::new(), confidence: 1.0 };
    let mut segments = vec![segment(0.0, 5.0, Label::Ringback), segment(5.0, total, Label::Music)];
    if person {
        segments.push(segment(total, end, Label::Human));
    }
    let recording = RecordingFacts::a_law(end);
    AuditedCall {
        file: format!("{line}/{at}.wav"),
        content: None,
        line: line.into(),
        recorded_at: at.parse().ok(),
        contact_reason: None,
        notes: vec![],
        finding: Ok(CallAnalysis {
            recording,
            caller_channel: None,
            country: Measured::absent(1.0, Reason::NotThere),
            timelines: vec![Timeline::new(Channel::Mono, end, segments)],
            plays: vec![],
            metrics,
            labelled: false,
            walk: None,
        }),
    }
}

/// So many calls at four hours of five days, whose waits scatter around `middle_s`; callers hang up after three minutes.
pub(crate) fn audit(month: u32, calls: usize, middle_s: f64, seed: u64) -> Audit {
    let mut random = Random::new(seed);
    let made = |i: usize| {
        let wait_s = middle_s * (0.8 * random.normal()).exp();
        let (day, hour) = (2 + i / 4 % 5, [9, 11, 14, 16][i % 4]);
        let at = format!("2026-{month:02}-{:02}T{hour:02}:{:02}:00+01:00", day + 7 * (i / 20 % 3), i % 60);
        call("klantenservice", &at, wait_s.min(180.0), wait_s < 180.0)
    };
    Audit { client: None, calls: (0..calls).map(made).collect() }
}

fn whole<'a>(comparison: &'a Comparison<'_>) -> &'a Change<'a> {
    comparison.whole.whole_wait()
}

#[test]
fn a_halved_wait_is_seen_and_its_parts_too() {
    let (before, after) = (audit(2, 40, 80.0, 1), audit(3, 40, 32.0, 2));
    let norms: Vec<Norm> = profiles().iter().filter(|norm| norm.id == "80-20").cloned().collect();
    let comparison = compare(&before, &after, &norms, None);
    let wait = whole(&comparison);
    assert_eq!(wait.verdict, Verdict::Less);
    let (difference, medians) = (wait.difference.unwrap(), wait.sides.map(|side| side.value.unwrap().value));
    assert!((difference.value - (medians[1] - medians[0])).abs() < 1e-9, "the difference is that of the medians");
    assert!(difference.high.unwrap() < 0.0 && difference.low.unwrap() < difference.high.unwrap());
    let verdict = |name: &str| {
        let of = |change: &&Change| change.measure.name() == name;
        comparison.whole.measures.iter().find(of).map(|change| change.verdict)
    };
    assert_eq!(verdict("wait:queue_to_person"), Some(Verdict::Less));
    assert_eq!(verdict("hold_music_s"), Some(Verdict::Less));
    assert_eq!(verdict("share:80-20"), Some(Verdict::More));
    assert_eq!(verdict("wait:ring"), Some(Verdict::MayBeChance), "it rang five seconds on both sides");
    assert_eq!(verdict("wait:transfer"), None, "nobody was transferred");
    let [a, b] = comparison.whole.typical().unwrap();
    assert!(a.file.contains("2026-02") && b.file.contains("2026-03"));
}

#[test]
fn calls_of_one_kind_are_not_told_apart() {
    let mut seen = 0;
    for seed in 0..60 {
        let (before, after) = (audit(2, 30, 60.0, 2 * seed), audit(3, 30, 60.0, 2 * seed + 1));
        let all = [&before, &after].map(|audit| audit.calls.iter().collect::<Vec<_>>());
        let strata = matching::matched(&all, None).1;
        let (change, _) = Measure::Wait(Clock::Total).held(&strata);
        seen += usize::from(change.test.unwrap().p < SIGNIFICANT);
    }
    // one in twenty: 3 expected, 8 or more happen in 2 of 100 such tests
    assert!(seen < 8, "{seen} of 60 comparisons without any change claim one");
}

#[test]
fn hours_are_matched_and_what_only_one_side_has_is_left_out() {
    // before: quiet hours with short waits, and one busy hour; after: the busy hour with shorter waits, and the quiet ones rarely
    let at = |month: u32, day: usize, hour: u32, i: usize| {
        format!("2026-{month:02}-{:02}T{hour:02}:{:02}:00+01:00", day % 28 + 1, i % 60)
    };
    let calls = |month, hour: u32, n: usize, wait_s: f64| {
        (0..n).map(move |i| call("x", &at(month, i, hour, i), wait_s + i as f64 % 7.0, true))
    };
    let before = Audit { client: None, calls: calls(1, 9, 30, 20.0).chain(calls(1, 16, 10, 100.0)).collect() };
    let mut after = Audit { client: None, calls: calls(3, 9, 10, 14.0).chain(calls(3, 16, 30, 80.0)).collect() };
    after.calls.extend(calls(3, 20, 5, 300.0));
    let all = compare(&before, &after, &[], Some(Grain::Nothing));
    assert!(whole(&all).difference.unwrap().value > 30.0, "seen together, the busy hour wins");
    let matched = compare(&before, &after, &[], None);
    assert_eq!((matched.matching.grain, matched.matching.strata), (Grain::Hour, 2), "{:?}", matched.matching);
    assert_eq!((matched.matching.calls, matched.matching.left_out), ([20, 20], [0, 5]));
    assert_eq!(whole(&matched).verdict, Verdict::Less, "hour by hour it became shorter");
    assert!(whole(&matched).difference.unwrap().value < 0.0, "and over the same mix of hours as well");
    for caution in [Caution::LeftOut([0, 5]), Caution::EvenedOut([20, 20])] {
        assert!(matched.cautions.contains(&caution), "{:?}", matched.cautions);
    }
}

#[test]
fn too_few_calls_are_said_to_be_too_few() {
    let (before, after) = (audit(2, 6, 60.0, 3), audit(3, 5, 50.0, 4));
    let comparison = compare(&before, &after, &[], None);
    assert_eq!(whole(&comparison).verdict, Verdict::TooFew);
    assert!(comparison.cautions.contains(&Caution::FewCalls([6, 5])));
    assert!(comparison.whole.calls_needed().is_none_or(|n| n > 6));
    assert!(comparison.whole.smallest_visible() > 0.5);
}

#[test]
fn sides_without_calls_without_times_and_the_same_calls_twice() {
    let (empty, some) = (Audit::default(), audit(2, 12, 60.0, 5));
    for (before, after) in [(&empty, &some), (&some, &empty), (&empty, &empty)] {
        let comparison = compare(before, after, &[], None);
        assert_eq!(whole(&comparison).verdict, Verdict::Unknown);
        assert!(comparison.whole.typical().is_none() && comparison.whole.calls_needed().is_none());
    }
    let twice = compare(&some, &some, &[], None);
    assert!(twice.cautions.contains(&Caution::SameCalls(12)));
    assert_eq!(whole(&twice).verdict, Verdict::MayBeChance);
    let mut untimed = audit(3, 12, 60.0, 6);
    untimed.calls.iter_mut().for_each(|call| call.recorded_at = None);
    let comparison = compare(&some, &untimed, &[], None);
    assert!(comparison.cautions.contains(&Caution::Unmatched));
    assert_eq!(comparison.matching.calls, [12, 12]);
    assert!(compare(&audit(4, 12, 60.0, 7), &some, &[], None).cautions.contains(&Caution::WrongWayRound));
}

#[test]
fn who_hung_up_is_not_dropped() {
    // before, half of the callers give up after a minute; without them the waits would be the same on both sides
    let short = |month: u32, n: usize| {
        (0..n).map(move |i| call("x", &format!("2026-{month:02}-01T10:00:{:02}+01:00", i % 60), 20.0 + i as f64, true))
    };
    let gave_up = (0..25).map(|i| call("x", &format!("2026-01-01T10:01:{i:02}+01:00"), 60.0 + f64::from(i), false));
    let before = Audit { client: None, calls: short(1, 25).chain(gave_up).collect() };
    let after = Audit { client: None, calls: short(2, 25).collect() };
    let comparison = compare(&before, &after, &[], None);
    let wait = whole(&comparison);
    assert_eq!((wait.sides[0].unanswered, wait.sides[0].calls), (25, 50));
    assert_eq!(wait.verdict, Verdict::Less);
    let person = &comparison.whole.measures[1];
    assert_eq!((person.measure, person.verdict), (Measure::Person, Verdict::More));
}
