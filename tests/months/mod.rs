//! Made-up months of calls to three lines of two clients: what `fixtures/history` is made from. No sound belongs to them.
//!
//! `klantenservice` gets slower from February 2026 on; `storingen` does not change but for one bad month, and has none in
//! another; `klachten`, of another client, is called little, and in its last months most callers reach nobody.

use bezet::{
    analysis::{CallAnalysis, RecordingFacts},
    audit::{Audit, AuditedCall},
    interval::Interval,
    label::Label,
    metrics::{AnsweredBy, CallMetrics, Measured, Outcome, Reason},
    synth::random::Random,
    timeline::{Channel, Segment, Timeline},
};
use chrono::{Datelike, FixedOffset, NaiveDate, TimeZone};

/// How a line does in a month.
struct Month {
    calls: usize,
    /// The middle wait, in seconds.
    wait_s: f64,
    /// How long callers of this study hold out, in seconds.
    patience_s: f64,
}

const FIRST: (i32, u32) = (2025, 5);
const MONTHS: usize = 18;

/// Every audit by the name of its folder: a month of a client.
pub fn audits() -> Vec<(String, Audit)> {
    let mut audits = vec![];
    for i in 0..MONTHS {
        let bent = if i >= 9 { 1.9 } else { 1.0 };
        let service = Month { calls: 8, wait_s: 70.0 * bent, patience_s: 600.0 };
        let faults = match i {
            5 => Month { calls: 0, wait_s: 0.0, patience_s: 0.0 },
            13 => Month { calls: 6, wait_s: 240.0, patience_s: 900.0 },
            _ => Month { calls: 6, wait_s: 45.0, patience_s: 600.0 },
        };
        let patience_s = if i >= 15 { 90.0 } else { 420.0 };
        let complaints = Month { calls: [2, 6, 3, 4][i % 4], wait_s: 160.0, patience_s };
        let (year, month) = (FIRST.0 + (FIRST.1 as usize - 1 + i) as i32 / 12, (FIRST.1 as usize - 1 + i) % 12 + 1);
        let first = NaiveDate::from_ymd_opt(year, month as u32, 1).unwrap();
        let calls = |line, how: &Month, opens| calls(line, how, first, opens);
        let water = [calls("klantenservice", &service, 8), calls("storingen", &faults, 7)].concat();
        let insurer = calls("klachten", &complaints, 9);
        for (client, folder, calls) in
            [("Waterbedrijf Voorbeeld", "waterbedrijf", water), ("Verzekeraar Voorbeeld", "verzekeraar", insurer)]
        {
            let audit = Audit { client: Some(client.into()), calls };
            audits.push((format!("{folder}-{}", first.format("%Y-%m")), audit));
        }
    }
    audits
}

fn calls(line: &str, how: &Month, first: NaiveDate, opens: u32) -> Vec<AuditedCall> {
    let mut random = Random::named(2026, &format!("{line} {first}"));
    let mut calls: Vec<AuditedCall> = (0..how.calls)
        .map(|_| {
            let mut day = first + chrono::Days::new(random.below(28) as u64);
            while day.weekday().num_days_from_monday() > 4 {
                day = first + chrono::Days::new(random.below(28) as u64);
            }
            let (hour, minute) = (opens + random.below(9) as u32, random.below(60) as u32);
            // Monday mornings are the worst
            let rush = if day.weekday().num_days_from_monday() == 0 && hour < 12 { 1.8 } else { 1.0 };
            let wait_s = how.wait_s * rush * (0.45 * random.normal()).exp();
            let patience_s = how.patience_s * random.uniform(0.6, 1.4);
            let summer = (4..10).contains(&day.month());
            let zone = FixedOffset::east_opt(if summer { 7200 } else { 3600 }).unwrap();
            let at = zone.from_local_datetime(&day.and_hms_opt(hour, minute, 0).unwrap()).unwrap();
            let file = format!("{line}/{}.wav", at.format("%Y-%m-%d_%H.%M.%S"));
            let rings = random.between(1, 3) as u32;
            let finding = Ok(finding(rings, wait_s, patience_s));
            let (contact_reason, notes, content) = (None, vec![], None);
            AuditedCall { file, content, line: line.into(), recorded_at: Some(at), contact_reason, notes, finding }
        })
        .collect();
    calls.sort_by(|a, b| a.file.cmp(&b.file));
    calls
}

/// Any call, for audits that only have to be large.
pub fn call(line: &str, file: &str, i: usize) -> AuditedCall {
    let mut calls = calls(line, &Month { calls: 1, wait_s: 60.0 + i as f64, patience_s: 600.0 }, day(), 9);
    AuditedCall { file: file.into(), ..calls.remove(0) }
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()
}

/// It rings, a machine answers, music plays until a person comes or the caller gives up.
fn finding(rings: u32, wait_s: f64, patience_s: f64) -> CallAnalysis {
    let tenth = |s: f64| (s * 10.0).round() / 10.0;
    let answered = 1.0 + f64::from(rings) * 5.0;
    let person = wait_s < patience_s;
    let end = tenth(answered + wait_s.min(patience_s));
    let at = |start, end| Interval::new(start, end);
    let seconds = |value: f64, from| Measured::heard(tenth(value), 1.0, Reason::Heard, from);
    let mut metrics = CallMetrics::absent(&Reason::NotThere);
    let outcome = if person { Outcome::Human } else { Outcome::Abandoned };
    metrics.outcome = Measured::heard(outcome, 1.0, Reason::Heard, at(end, end));
    metrics.rings = Measured::heard(rings, 1.0, Reason::Heard, at(1.0, answered));
    metrics.ring_s = seconds(answered - 1.0, at(1.0, answered));
    metrics.answered_s = seconds(answered, at(answered, answered));
    metrics.answered_by = Measured::heard(AnsweredBy::Machine, 1.0, Reason::Heard, at(answered, answered));
    metrics.queue_s = seconds(end - answered, at(answered, end));
    metrics.total_wait_s = seconds(end - 1.0, at(1.0, end));
    if person {
        metrics.time_to_human_s = seconds(end, at(end, end));
        metrics.wait_after_answer_s = seconds(end - answered, at(answered, end));
    }
    let segment = |from, to, label| Segment { interval: at(from, to), label, detail: String::new(), confidence: 1.0 };
    let mut segments = vec![segment(1.0, answered, Label::Ringback), segment(answered, end, Label::Music)];
    let duration_s = if person { end + 20.0 } else { end };
    segments.extend(person.then(|| segment(end, duration_s, Label::Human)));
    let (container, codec) = ("wav".into(), "alaw".into());
    let recording = RecordingFacts {
        duration_s,
        channels: 1,
        container,
        codec,
        sample_rate: 8000,
        recorded_at: None,
        warnings: vec![],
    };
    CallAnalysis {
        recording,
        caller_channel: None,
        country: Measured::heard("nl".into(), 1.0, Reason::Heard, at(1.0, answered)),
        timelines: vec![Timeline::new(Channel::Mono, duration_s, segments)],
        plays: vec![],
        metrics,
        walk: None,
        labelled: false,
    }
}
