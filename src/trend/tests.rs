//! What several calls tell together, on calls that can be counted by hand.

use super::*;
use crate::{
    analysis::{CallAnalysis, RecordingFacts},
    audit::Refusal,
    interval::Interval,
    metrics::{CallMetrics, Measured, Outcome, Reason},
    norms::profiles,
    statistics::Range,
    timeline::{Channel, Timeline},
};
use hours::Opening;
use samples::Level;

/// A call at that time whose caller waited so long, for a person or until he hung up.
fn call(line: &str, at: &str, wait_s: f64, person: bool) -> AuditedCall {
    let at = at.parse().unwrap();
    let mut metrics = CallMetrics::absent(&Reason::NoPerson);
    let heard = |value: f64| Measured::heard(value, 1.0, Reason::Heard, Interval::new(0.0, wait_s));
    let outcome = if person { Outcome::Human } else { Outcome::Abandoned };
    metrics.outcome = Measured::heard(outcome, 1.0, Reason::Heard, Interval::new(0.0, wait_s));
    metrics.total_wait_s = heard(wait_s);
    metrics.rings = Measured::heard(3, 1.0, Reason::Heard, Interval::new(0.0, 1.0));
    if person {
        metrics.time_to_human_s = heard(wait_s);
    }
    let (container, codec, channels, sample_rate) = ("wav".into(), "alaw".into(), 1, 8000);
    let (duration_s, warnings) = (wait_s, vec![]);
    let recording = RecordingFacts { duration_s, channels, container, codec, sample_rate, recorded_at: None, warnings };
    let finding = CallAnalysis {
        recording,
        caller_channel: None,
        country: Measured::absent(1.0, Reason::NotThere),
        timelines: vec![Timeline::new(Channel::Mono, wait_s, vec![])],
        plays: vec![],
        walk: None,
        metrics,
        labelled: false,
    };
    AuditedCall {
        file: format!("{line}/{at:?}-{wait_s}.wav"),
        content: None,
        line: line.into(),
        recorded_at: Some(at),
        contact_reason: None,
        notes: vec![],
        finding: Ok(finding),
    }
}

fn refused(call: AuditedCall) -> AuditedCall {
    let refusal = Refusal { code: "empty".into(), message: String::new() };
    AuditedCall { file: "refused.wav".into(), finding: Err(refusal), ..call }
}

fn busy(mut call: AuditedCall) -> AuditedCall {
    let metrics = &mut call.finding.as_mut().unwrap().metrics;
    metrics.outcome.value = Some(Outcome::Busy);
    AuditedCall { file: "busy.wav".into(), ..call }
}

fn answer(calls: Vec<AuditedCall>, question: Question) -> Result<Trend, NoTrend> {
    let mut all = Calls::default();
    all.add(Audit { client: Some("A".into()), calls });
    Trend::of(all, question)
}

fn asking(measures: Vec<Measure>) -> Question {
    Question { measures, ..Question::default() }
}

const MAY: &str = "2026-05-04T10:30:00+02:00";
const AUGUST: &str = "2026-08-31T23:30:00+02:00";

#[test]
fn months_without_calls_are_there_and_empty() {
    let calls = vec![call("a", AUGUST, 30.0, true), call("a", MAY, 10.0, true)];
    let trend = answer(calls, asking(vec![Measure::Wait])).unwrap();
    let names: Vec<String> = trend.starts.iter().map(|start| Period::Month.name(*start)).collect();
    assert_eq!(names, ["2026-05", "2026-06", "2026-07", "2026-08"], "31 August in its own time zone");
    let points = &trend.lines[0].series[0].points;
    assert_eq!(points.iter().map(|point| point.calls).collect::<Vec<_>>(), [1, 0, 0, 1]);
    assert_eq!(points[1].level, Level::Unknown);
    assert_eq!((points[0].value(), points[3].value()), (Some(10.0), Some(30.0)));
}

#[test]
fn those_who_gave_up_count_as_far_as_they_went_and_engaged_lines_are_no_wait() {
    let waits = |people: &[f64], in_vain: &[f64]| -> Vec<AuditedCall> {
        let people = people.iter().map(|&wait| call("a", MAY, wait, true));
        people.chain(in_vain.iter().map(|&wait| call("a", MAY, wait, false))).collect()
    };
    let read = |mut calls: Vec<AuditedCall>| {
        calls.push(busy(call("a", MAY, 1.0, false)));
        calls.push(refused(call("a", MAY, 1.0, false)));
        answer(calls, asking(vec![Measure::Wait, Measure::Reached])).unwrap()
    };
    // 1 of 4 at 10 s, then 1 of 2 at 30 s: three in eight are still waiting
    let trend = read(waits(&[10.0, 30.0], &[20.0, 40.0]));
    let [wait, reached] = &trend.lines[0].whole[..] else { panic!("two measures") };
    assert_eq!((wait.calls, wait.n, wait.value()), (6, 4, Some(30.0)));
    assert_eq!(
        (reached.n, reached.value()),
        (5, Some(0.4)),
        "an engaged line reached nobody, a broken file tells nothing"
    );
    assert_eq!(trend.unread, 1);
    let trend = read(waits(&[10.0], &[20.0, 40.0]));
    assert_eq!(trend.lines[0].whole[0].level, Level::Beyond(40.0));
    assert!(trend.lines[0].whole[0].is_of_few());
}

#[test]
fn a_norm_and_a_figure_are_followed_too() {
    let norm = profiles().iter().find(|norm| norm.id == "gemeente-30").unwrap().clone();
    let mut calls: Vec<AuditedCall> = (1..=6).map(|i| call("a", MAY, f64::from(i) * 10.0, true)).collect();
    calls.insert(0, refused(call("a", MAY, 5.0, true)));
    let measures = vec![Measure::Norm(Box::new(norm)), Measure::figure("rings").unwrap()];
    let whole = &answer(calls, asking(measures)).unwrap().lines[0].whole;
    assert_eq!((whole[0].n, whole[0].value()), (6, Some(0.5)), "10, 20 and 30 s keep it, 40, 50 and 60 s do not");
    assert_eq!(whole[1].level, Level::Known(Range { value: 3.0, low: Some(3.0), high: Some(3.0) }));
    assert_eq!(Measure::figure("keys"), None, "keys are no number");
}

#[test]
fn calls_without_a_time_and_on_other_days_are_counted_and_left_out() {
    let undated = AuditedCall { recorded_at: None, file: "x.wav".into(), ..call("a", MAY, 1.0, true) };
    let calls = vec![undated, call("a", MAY, 10.0, true), call("a", AUGUST, 30.0, true)];
    let day = |text: &str| Some(text.parse().unwrap());
    let until = |until| Question { until, ..asking(vec![Measure::Wait]) };
    let trend = answer(calls.clone(), until(day("2026-08-30"))).unwrap();
    assert_eq!((trend.calls, trend.undated, trend.outside), (1, 1, 1));
    assert_eq!(answer(calls.clone(), until(day("2026-08-31"))).unwrap().calls, 2);
    let since = Question { since: day("2027-01-01"), ..asking(vec![Measure::Wait]) };
    assert_eq!(answer(calls.clone(), since).unwrap_err(), NoTrend::NoCalls { undated: 1, outside: 2 });
    let wrong = [calls, vec![call("a", "0226-05-04T10:30:00+02:00", 1.0, true)]].concat();
    assert!(matches!(answer(wrong, asking(vec![Measure::Wait])), Err(NoTrend::TooLong { .. })));
}

#[test]
fn weeks_begin_on_monday_and_are_named_by_their_year() {
    let calls =
        vec![call("a", "2026-12-31T10:00:00+01:00", 1.0, true), call("a", "2027-01-04T10:00:00+01:00", 1.0, true)];
    let trend = answer(calls, Question { period: Period::Week, ..asking(vec![Measure::Wait]) }).unwrap();
    let names: Vec<String> = trend.starts.iter().map(|start| Period::Week.name(*start)).collect();
    assert_eq!(names, ["2026-W53", "2027-W01"]);
}

#[test]
fn hours_are_local_and_an_empty_one_is_no_zero() {
    // a Monday
    let calls = vec![call("a", MAY, 10.0, true), call("a", "2026-05-11T10:05:00+02:00", 30.0, true)];
    let open = std::iter::once("ma 9-10:30".parse::<hours::Told>().unwrap()).collect();
    let trend = answer(calls, Question { open, ..asking(vec![Measure::Wait]) }).unwrap();
    let heat = &trend.lines[0].heat;
    let ten = heat.cell(0, 10);
    assert_eq!((ten.reading.calls, ten.reading.value(), ten.open), (2, Some(10.0), Some(Opening::Partly)));
    let nine = heat.cell(0, 9);
    assert_eq!((nine.reading.level, nine.open), (Level::Unknown, Some(Opening::Open)));
    assert_eq!((heat.day(0).calls, heat.day(1).calls, heat.hour(10).calls, heat.hour(9).calls), (2, 0, 2, 0));
    assert_eq!(heat.span(), Some((9, 10)));
}

#[test]
fn an_hour_is_only_called_slow_where_it_surely_is() {
    let line = |slow_s: f64| {
        let at = |hour: u32, day: u32| format!("2026-05-{:02}T{:02}:30:00+02:00", 1 + day, 9 + hour);
        let wait = |hour: u32, day: u32| if hour == 2 { slow_s } else { 60.0 } + f64::from(day * 7 % 13);
        let calls = (0..6).flat_map(|hour| (0..12).map(move |day| call("a", &at(hour, day), wait(hour, day), true)));
        answer(calls.collect(), asking(vec![Measure::Wait])).unwrap().lines[0].heat.slow_hour()
    };
    assert_eq!(line(90.0), Some(11));
    assert_eq!(line(60.0), None, "all hours are alike");
    assert_eq!(line(20.0), None, "a quick hour makes the others no slower than each other");
}

#[test]
fn a_line_of_each_of_two_clients_keeps_the_clients_name() {
    let mut all = Calls::default();
    for client in ["A", "B"] {
        let calls = vec![AuditedCall { file: format!("{client}.wav"), ..call("a", MAY, 1.0, true) }];
        all.add(Audit { client: Some(client.into()), calls });
    }
    let trend = Trend::of(all, asking(vec![Measure::Wait])).unwrap();
    assert_eq!(trend.name(&trend.lines[1].line), "B · a");
    assert_eq!(trend.short_name(&trend.lines[1].line), "B · a", "there is another line of that name");
}
