//! Made-up but likely calls, for tests and to be looked at.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::{
    analysis::{CallAnalysis, RecordingFacts},
    audit::{Audit, AuditedCall, Refusal},
    history::Calls,
    interval::Interval,
    label::Label,
    metrics::{AnsweredBy, CallMetrics, Measured, Outcome, PathMetrics, Reason, WaitMetrics},
    repeats::{Group, Play},
    timeline::{Channel, Segment, Timeline},
};

/// A call under composition: sounds are put one after another.
pub struct Script {
    at: f64,
    line: Vec<Segment>,
    caller: Vec<Segment>,
    plays: Vec<Play>,
    answered: Option<(f64, AnsweredBy)>,
    human: Option<f64>,
    first_ring: Option<f64>,
    rings: Option<u32>,
    announcements: u32,
    outcome: Outcome,
}

impl Script {
    pub fn new(outcome: Outcome) -> Self {
        Self {
            at: 0.0,
            line: vec![],
            caller: vec![],
            plays: vec![],
            answered: None,
            human: None,
            first_ring: None,
            rings: None,
            announcements: 0,
            outcome,
        }
    }

    fn put(&mut self, seconds: f64, label: Label, detail: &str) {
        let interval = Interval::new(self.at, self.at + seconds);
        self.line.push(Segment { interval, label, detail: detail.into(), confidence: 0.9 });
        self.at += seconds;
    }

    /// A recording of that name is played.
    fn plays(mut self, name: &str, seconds: f64) -> Self {
        let (group, interval) =
            (Group { name: name.into(), ..Group::default() }, Interval::new(self.at, self.at + seconds));
        self.plays.push(Play { group: Arc::new(group), interval, offset_s: 0.0, similarity: 0.9 });
        self.says(seconds)
    }

    pub fn silence(mut self, seconds: f64) -> Self {
        self.at += seconds;
        self
    }

    /// Dutch ringing: one second on, four off; the pause before the answer is silence.
    pub fn rings(mut self, count: u32) -> Self {
        self.first_ring.get_or_insert(self.at);
        if self.answered.is_none() {
            self.rings = Some(self.rings.unwrap_or(0) + count);
        }
        let detail = format!("{count} {}", if count == 1 { "ring" } else { "rings" });
        self.put(f64::from(count) * 5.0 - 4.0, Label::Ringback, &detail);
        self.silence(1.6)
    }

    pub fn answered(mut self, by: AnsweredBy) -> Self {
        self.answered.get_or_insert((self.at, by));
        self
    }

    pub fn says(mut self, seconds: f64) -> Self {
        self.put(seconds, Label::Announcement, "");
        self.announcements += 1;
        self.silence(0.4)
    }

    pub fn key(mut self, digit: &str) -> Self {
        let interval = Interval::new(self.at, self.at + 0.1);
        self.line.push(Segment { interval, label: Label::Dtmf, detail: digit.into(), confidence: 1.0 });
        self.at += 0.5;
        self
    }

    pub fn sound(mut self, label: Label, seconds: f64) -> Self {
        self.put(seconds, label, "");
        self
    }

    pub fn beep(mut self) -> Self {
        let interval = Interval::new(self.at, self.at + 0.5);
        self.line.push(Segment { interval, label: Label::Beep, detail: String::new(), confidence: 1.0 });
        self.at += 0.8;
        self
    }

    /// A conversation in turns; the caller's turns also on a channel of their own.
    pub fn talks(mut self, seconds: f64, mixed: bool) -> Self {
        self.human.get_or_insert(self.at);
        let end = self.at + seconds;
        while self.at < end {
            self.put(3.2, Label::Human, "");
            self.at += 0.4;
            let interval = Interval::new(self.at, self.at + 2.4);
            let turn = Segment { interval, label: Label::Caller, detail: String::new(), confidence: 0.9 };
            if mixed {
                self.line.push(turn)
            } else {
                self.caller.push(turn)
            }
            self.at += 2.7;
        }
        self
    }

    pub fn cut(self, channels: u8) -> CallAnalysis {
        let duration = self.at;
        let whole = Interval::new(0.0, duration);
        let heard = |value: f64| Measured::heard(value, 0.9, Reason::Heard, whole);
        let maybe = |value: Option<f64>| value.map_or(Measured::absent(0.9, Reason::NoPerson), heard);
        let of = |label| self.line.iter().filter(move |s| s.label == label).map(|s| s.interval.duration()).sum::<f64>();
        let answered = self.answered.map(|(moment, _)| moment);
        let end = self.human.unwrap_or(duration);
        let keys = self.line.iter().filter(|s| s.label == Label::Dtmf).map(|s| s.detail.as_str()).collect::<String>();
        let count = |n: u32| Measured::heard(n, 0.9, Reason::Heard, whole);
        let metrics = CallMetrics {
            outcome: Measured::heard(self.outcome, 0.9, Reason::Heard, whole),
            rings: self.rings.map_or(Measured::absent(0.9, Reason::StartsAfterPickUp), count),
            ring_s: maybe(self.first_ring.zip(answered).map(|(a, b)| b - a)),
            answered_s: maybe(answered),
            answered_by: self.answered.map_or(Measured::absent(0.9, Reason::NeverAnswered), |(_, by)| {
                Measured::heard(by, 0.9, Reason::Heard, whole)
            }),
            keys: Measured::heard(keys, 0.9, Reason::Heard, whole),
            queue_s: maybe(None),
            hold_segments: count(self.line.iter().filter(|s| s.label == Label::Music).count() as u32),
            hold_music_s: heard(of(Label::Music)),
            dead_air_s: heard(0.0),
            announcements: count(self.announcements),
            time_to_human_s: maybe(self.human),
            wait_after_answer_s: maybe(self.human.zip(answered).map(|(a, b)| a - b)),
            total_wait_s: maybe(self.first_ring.map(|ring| end - ring)),
            wait: WaitMetrics::absent(0.9, &Reason::NotNamed),
            path: PathMetrics::default(),
        };
        let timelines = match channels {
            1 => vec![Timeline::new(Channel::Mono, duration, self.line)],
            _ => vec![
                Timeline::new(Channel::Left, duration, self.line),
                Timeline::new(Channel::Right, duration, self.caller),
            ],
        };
        CallAnalysis {
            recording: RecordingFacts {
                duration_s: duration,
                channels,
                container: "wav".into(),
                codec: "alaw".into(),
                sample_rate: 8000,
                recorded_at: None,
                warnings: vec![],
            },
            caller_channel: (channels == 2).then(|| Measured::heard(Channel::Right, 0.9, Reason::CallerAnswers, whole)),
            country: Measured::heard("nl".into(), 0.9, Reason::Heard, whole),
            timelines,
            plays: self.plays,
            metrics,
            walk: None,
            labelled: false,
        }
    }
}

/// Greeting, menu, then rounds of "all lines are busy" and a short tune, then a person.
pub fn queue(rings: u32, rounds: u32, channels: u8) -> CallAnalysis {
    let mut call = Script::new(Outcome::Human)
        .silence(1.2)
        .rings(rings)
        .answered(AnsweredBy::Machine)
        .plays("greeting", 5.2)
        .plays("menu", 14.5)
        .key("2")
        .plays("B", 9.0)
        .key("1")
        .key("4");
    for round in 0..rounds {
        call = call.sound(Label::Music, 22.0 + f64::from(round % 3) * 7.0).plays("busy", 4.1);
    }
    call.sound(Label::Music, 8.0).silence(0.8).rings(2).talks(38.0, channels == 1).cut(channels)
}

/// A person picks up after a few rings.
pub fn straight(rings: u32) -> CallAnalysis {
    Script::new(Outcome::Human).silence(0.8).rings(rings).answered(AnsweredBy::Human).talks(41.0, true).cut(1)
}

/// The caller gives up in the queue.
pub fn abandoned(rounds: u32) -> CallAnalysis {
    let mut call = Script::new(Outcome::Abandoned).rings(1).answered(AnsweredBy::Machine).says(6.0);
    for _ in 0..rounds {
        call = call.plays("busy", 4.1).sound(Label::Music, 31.0).silence(2.5);
    }
    call.cut(1)
}

pub fn busy() -> CallAnalysis {
    Script::new(Outcome::Busy).sound(Label::Dial, 2.0).silence(1.0).sound(Label::Busy, 12.0).cut(1)
}

pub fn voicemail() -> CallAnalysis {
    Script::new(Outcome::Voicemail)
        .rings(5)
        .answered(AnsweredBy::Machine)
        .says(11.0)
        .beep()
        .silence(2.0)
        .sound(Label::Noise, 3.0)
        .cut(1)
}

/// A recorder that only starts after the pick-up.
pub fn starts_late() -> CallAnalysis {
    Script::new(Outcome::Human).says(7.0).sound(Label::Music, 25.0).talks(20.0, true).cut(1)
}

pub fn no_answer() -> CallAnalysis {
    Script::new(Outcome::NoAnswer).rings(9).cut(1)
}

pub fn unobtainable() -> CallAnalysis {
    Script::new(Outcome::Unobtainable).sound(Label::Sit, 1.1).says(6.0).sound(Label::Congestion, 7.0).cut(1)
}

pub fn undecided() -> CallAnalysis {
    let mut call = Script::new(Outcome::NotMeasurable)
        .rings(2)
        .answered(AnsweredBy::Machine)
        .says(4.0)
        .sound(Label::Speech, 12.0)
        .cut(1);
    call.metrics.total_wait_s = Measured::absent(0.4, Reason::LiveOrRecorded);
    call.metrics.outcome.reason = Reason::LiveOrRecorded;
    call
}

pub fn silent() -> CallAnalysis {
    let mut call = Script::new(Outcome::NotMeasurable).silence(9.0).cut(1);
    call.metrics.outcome = Measured::absent(0.9, Reason::OnlySilence);
    call
}

/// No time at all.
pub fn empty() -> CallAnalysis {
    Script::new(Outcome::NotMeasurable).cut(1)
}

pub fn audited(line: &str, file: &str, call: CallAnalysis) -> AuditedCall {
    AuditedCall {
        file: format!("{line}/{file}"),
        content: None,
        line: line.into(),
        recorded_at: None,
        contact_reason: None,
        notes: vec![],
        finding: Ok(call),
    }
}

pub fn refused(line: &str, file: &str) -> AuditedCall {
    let message = "AMR wordt niet gelezen; zet het om met: ffmpeg -i opname.amr opname.wav";
    let refusal = Refusal { code: "unsupported".into(), message: message.into() };
    AuditedCall { finding: Err(refusal), ..audited(line, file, empty()) }
}

/// A dozen calls to three lines, of every kind.
pub fn dozen() -> Audit {
    let calls = vec![
        audited("klantenservice", "2026-11-02_0915_klacht.wav", queue(3, 5, 1)),
        audited("klantenservice", "2026-11-02_1400_kopen.wav", queue(1, 1, 1)),
        audited("klantenservice", "2026-11-03_0930_vraag_over_een_factuur_van_vorige_maand.wav", queue(2, 8, 1)),
        audited("klantenservice", "2026-11-04_1645_klacht.wav", abandoned(5)),
        audited("klantenservice", "2026-11-05_1100.wav", starts_late()),
        audited("receptie", "gesprek-001.wav", straight(2)),
        audited("receptie", "gesprek-002.wav", straight(6)),
        audited("receptie", "gesprek-003.wav", no_answer()),
        audited("receptie", "gesprek-004.wav", voicemail()),
        audited("receptie", "gesprek-005.wav", busy()),
        audited("storingen", "a.wav", unobtainable()),
        audited("storingen", "b.wav", abandoned(2)),
        audited("storingen", "c.wav", undecided()),
        refused("storingen", "d.amr"),
    ];
    Audit { client: Some("Voorbeeld BV".into()), calls }
}

/// So many calls of one line, their waits spread out.
pub fn many(count: u32) -> Audit {
    let call = |i: u32| {
        let file = format!("call-{i:03}.wav");
        match i % 11 {
            3 => audited("line-00", &file, abandoned(1 + i % 5)),
            7 => audited("line-00", &file, voicemail()),
            9 if i.is_multiple_of(2) => refused("line-00", &file),
            k if k % 2 == 0 => audited("line-00", &file, straight(1 + i % 5)),
            _ => audited("line-00", &file, queue(1 + i % 4, i * 7 % 10, 1)),
        }
    };
    Audit { client: None, calls: (0..count).map(call).collect() }
}

/// The months of some lines: of two clients or of one, well called, little called and never, with names of every length.
pub fn months(lines: usize, months: u32, clients: usize) -> Calls {
    let mut calls = Calls::default();
    let first = NaiveDate::from_ymd_opt(2024, 11, 1).expect("a day");
    for line in 0..lines {
        let mut audit = Audit { client: Some(format!("Bedrijf {} in de breedste zin", line % clients)), calls: vec![] };
        let name = ["klachten", "klantenservice-met-een-lange-naam", "storing", "a · b", "e", "f", "g"][line % 7];
        for month in (0..months).filter(|month| (month + line as u32) % 7 != 3) {
            for i in 0..(line as u32 * 3 + month) % 11 {
                let call = match (i + month + line as u32) % 5 {
                    0 => abandoned(3 + line as u32),
                    1 => busy(),
                    _ => queue(1 + (i + month * (line as u32 + 1)) % 9, 3, 1),
                };
                let day = first + chrono::Months::new(month) + chrono::Days::new(u64::from(i) * 2);
                let at = day.and_hms_opt(8 + (i * 5 + month) % 11, 30, 0).expect("a time").and_utc().fixed_offset();
                let file = format!("{day}-{i}.wav");
                audit.calls.push(AuditedCall { recorded_at: Some(at), ..audited(name, &file, call) });
            }
        }
        calls.add(audit);
    }
    calls
}
