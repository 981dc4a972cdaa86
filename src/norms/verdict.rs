//! Calls held against a norm.

use super::{Limit, Norm, Reading, Unanswered, What};
use crate::{
    analysis::CallAnalysis,
    audit::{Audit, AuditedCall},
    interval::Interval,
    metrics::Value,
    statistics::{Estimate, share::Share},
};

/// Whether a call kept a norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It did.
    Yes,
    /// It did not.
    No,
    /// The norm says nothing of such a call.
    LeftOut,
    /// The recording does not tell.
    Unknown,
}

/// One call, held against a norm.
#[derive(Clone, Debug)]
pub struct Held<'a> {
    /// The call.
    pub call: &'a AuditedCall,
    /// Whether it kept the norm.
    pub kept: Kept,
    /// What was measured: seconds, or a number of things.
    pub value: Option<f64>,
    /// Where in the recording.
    pub from: Option<Interval>,
}

/// What became of a norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// Enough calls kept it.
    Met,
    /// Too few did.
    NotMet,
    /// No call tells, or those that do not could turn the verdict.
    Unknown,
}

impl Ruling {
    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Unknown => "unknown",
        }
    }
}

/// A norm and the calls of one line, or of all.
#[derive(Clone, Debug)]
pub struct Verdict<'a> {
    /// The norm.
    pub norm: &'a Norm,
    /// The line; `None`: all lines together.
    pub line: Option<&'a str>,
    /// Every call that it was looked for in, in the audit's order.
    pub held: Vec<Held<'a>>,
    /// What became of it.
    pub ruling: Ruling,
    /// Whether the sample is large enough to say so: the 95 % interval of the share leaves the asked share out, or one call is
    /// enough because every call had to keep it.
    pub sure: bool,
    /// The share of the calls that kept it, of those that tell.
    pub share: Option<Estimate>,
}

impl Verdict<'_> {
    /// How many calls there are of that kind.
    pub fn count(&self, kept: Kept) -> usize {
        self.held.iter().filter(|h| h.kept == kept).count()
    }

    /// The call that is farthest off the limit, to listen to first.
    pub fn worst(&self) -> Option<&Held<'_>> {
        let off = |h: &Held| match self.norm.limit() {
            Limit::AtMost(_) => h.value.unwrap_or(f64::MIN),
            Limit::AtLeast(_) => -h.value.unwrap_or(f64::MAX),
        };
        self.held.iter().filter(|h| h.kept == Kept::No).max_by(|a, b| off(a).total_cmp(&off(b)))
    }
}

/// Holds the calls of `audit` to `line` (all lines: `None`) against `norm`.
pub fn judge<'a>(norm: &'a Norm, audit: &'a Audit, line: Option<&'a str>) -> Verdict<'a> {
    let calls = audit.calls.iter().filter(|call| line.is_none_or(|line| call.line == line));
    let held: Vec<Held> = calls.filter_map(|call| held(norm, call)).collect();
    let count = |kept| held.iter().filter(|h| h.kept == kept).count();
    let (kept, broken, unknown) = (count(Kept::Yes), count(Kept::No), count(Kept::Unknown));
    let share = Share { hits: kept, n: kept + broken }.estimate();
    let enough = |hits: usize, n: usize| n > 0 && hits as f64 >= norm.share * n as f64 - 1e-9;
    let all = kept + broken + unknown;
    let ruling = match (enough(kept, all), enough(kept + unknown, all)) {
        _ if kept + broken == 0 => Ruling::Unknown,
        (true, _) => Ruling::Met,
        (false, false) => Ruling::NotMet,
        (false, true) => Ruling::Unknown,
    };
    let sure = share.is_some_and(|share| match ruling {
        Ruling::Met => share.low >= norm.share,
        Ruling::NotMet => share.high < norm.share || norm.share >= 1.0,
        Ruling::Unknown => false,
    });
    Verdict { norm, line, held, ruling, sure, share }
}

/// Holds one call against `norm`; `None` where the norm does not concern such a call.
pub fn held<'a>(norm: &Norm, call: &'a AuditedCall) -> Option<Held<'a>> {
    let of = |list: &[String], one: Option<&str>| list.is_empty() || one.is_some_and(|o| list.iter().any(|l| l == o));
    let concerns = of(&norm.lines, Some(&call.line)) && of(&norm.reasons, call.contact_reason.as_deref());
    concerns.then(|| hold(norm, call))
}

fn hold<'a>(norm: &Norm, call: &'a AuditedCall) -> Held<'a> {
    let unknown = Held { call, kept: Kept::Unknown, value: None, from: None };
    let Ok(analysis) = &call.finding else { return unknown };
    let limit = norm.limit();
    match norm.what() {
        What::Clock(clock) => match clock.read(analysis) {
            Reading::Unknown(_) => unknown,
            Reading::NeverStarted => Held { kept: Kept::LeftOut, ..unknown },
            Reading::Waited { wait_s, came, from } => {
                let kept = match (came, limit.holds(wait_s), norm.unanswered) {
                    (true, true, _) => Kept::Yes,
                    (false, true, Unanswered::LeftOut) => Kept::LeftOut,
                    _ => Kept::No,
                };
                Held { call, kept, value: Some(wait_s), from }
            }
        },
        What::Figure(name) => match figure(analysis, name) {
            (Some(value), from) => {
                let kept = if limit.holds(value) { Kept::Yes } else { Kept::No };
                Held { call, kept, value: Some(value), from }
            }
            (None, _) => unknown,
        },
    }
}

/// The figure of that name as a number, and where it comes from.
fn figure(call: &CallAnalysis, name: &str) -> (Option<f64>, Option<Interval>) {
    let figure = call.metrics.figures().into_iter().find(|figure| figure.name == name);
    let Some(figure) = figure else { return (None, None) };
    let value = match figure.measured.value {
        Some(Value::Seconds(s)) => Some(s),
        Some(Value::Count(n)) => Some(f64::from(n)),
        Some(Value::Number(number)) => Some(number),
        _ => None,
    };
    (value, figure.measured.from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::RecordingFacts,
        label::Label,
        metrics::{CallMetrics, Measured, Outcome, Reason},
        norms::{Norms, profiles},
        timeline::{Channel, Segment, Timeline},
    };

    /// A call that was picked up after 5 s of ringing and waited from there: for a person, or until it ended.
    fn call(wait_s: f64, person: bool) -> AuditedCall {
        let at = |start, end| Interval::new(start, end);
        let heard = |value: f64, from| Measured::heard(value, 1.0, Reason::Heard, from);
        let mut metrics = CallMetrics::absent(&Reason::NoPerson);
        let outcome = if person { Outcome::Human } else { Outcome::Abandoned };
        metrics.outcome = Measured::heard(outcome, 1.0, Reason::Heard, at(5.0, 5.0 + wait_s));
        metrics.ring_s = heard(5.0, at(0.0, 5.0));
        metrics.rings = Measured::heard(2, 1.0, Reason::Heard, at(0.0, 5.0));
        metrics.answered_s = heard(5.0, at(5.0, 5.0));
        metrics.queue_s = heard(wait_s, at(5.0, 5.0 + wait_s));
        metrics.total_wait_s = heard(5.0 + wait_s, at(0.0, 5.0 + wait_s));
        if person {
            metrics.time_to_human_s = heard(5.0 + wait_s, at(5.0 + wait_s, 6.0 + wait_s));
            metrics.wait_after_answer_s = heard(wait_s, at(5.0, 5.0 + wait_s));
        }
        let segment =
            |start, end, label| Segment { interval: at(start, end), label, detail: String::new(), confidence: 1.0 };
        let mut segments = vec![segment(0.0, 5.0, Label::Ringback), segment(5.0, 5.0 + wait_s, Label::Music)];
        if person {
            segments.push(segment(5.0 + wait_s, 6.0 + wait_s, Label::Human));
        }
        AuditedCall {
            file: format!("{wait_s}.wav"),
            content: None,
            line: "shop".into(),
            recorded_at: None,
            contact_reason: Some("complaint".into()),
            notes: vec![],
            finding: Ok(CallAnalysis {
                recording: RecordingFacts::a_law(6.0 + wait_s),
                caller_channel: None,
                country: Measured::absent(1.0, Reason::NotThere),
                timelines: vec![Timeline::new(Channel::Mono, 6.0 + wait_s, segments)],
                plays: vec![],
                metrics,
                walk: None,
                labelled: false,
            }),
        }
    }

    fn audit(calls: Vec<AuditedCall>) -> Audit {
        Audit { client: None, calls }
    }

    fn profile(id: &str) -> &'static Norm {
        profiles().iter().find(|norm| norm.id == id).unwrap()
    }

    #[test]
    fn the_choice_of_clock_changes_the_verdict() {
        let audit = audit((0..40).map(|_| call(27.0, true)).collect());
        let ruling = |id| judge(profile(id), &audit, None).ruling;
        assert_eq!(ruling("nen-8878"), Ruling::Met, "a machine picked up after 5 s");
        assert_eq!(ruling("fcc-30"), Ruling::Met, "27 s after the pick-up");
        assert_eq!(ruling("gemeente-30"), Ruling::NotMet, "32 s after the first ring");
        assert_eq!(ruling("80-20"), Ruling::NotMet);
        assert_eq!(ruling("fcc-transfer-30"), Ruling::Unknown, "nobody was transferred");
    }

    #[test]
    fn who_hangs_up_early_counts_as_the_norm_says() {
        let calls = || (0..8).map(|_| call(10.0, true)).chain((0..4).map(|_| call(15.0, false)));
        let audit = audit(calls().collect());
        let against = judge(profile("80-20"), &audit, None);
        assert_eq!((against.count(Kept::Yes), against.count(Kept::No), against.ruling), (8, 4, Ruling::NotMet));
        let without = judge(profile("80-20-left-out"), &audit, None);
        assert_eq!((without.count(Kept::Yes), without.count(Kept::LeftOut), without.ruling), (8, 4, Ruling::Met));
        assert!(!without.sure, "eight calls do not prove 80 %");
    }

    #[test]
    fn calls_that_do_not_tell_can_leave_the_verdict_open() {
        let mut calls: Vec<_> = (0..9).map(|_| call(10.0, true)).collect();
        let unread = |mut call: AuditedCall| {
            call.finding.as_mut().unwrap().metrics = CallMetrics::absent(&Reason::StartsAfterPickUp);
            call
        };
        calls.push(unread(call(10.0, true)));
        assert_eq!(judge(profile("80-20"), &audit(calls.clone()), None).ruling, Ruling::Met, "9 of 10 at the least");
        calls.extend((0..5).map(|_| unread(call(10.0, true))));
        assert_eq!(judge(profile("80-20"), &audit(calls.clone()), None).ruling, Ruling::Unknown, "9 to 15 of 15");
        calls.extend((0..20).map(|_| call(60.0, true)));
        assert_eq!(judge(profile("80-20"), &audit(calls), None).ruling, Ruling::NotMet, "15 of 35 at the most");
    }

    #[test]
    fn a_promise_of_the_users_own_concerns_its_calls_alone() {
        let folder = tempfile::tempdir().unwrap();
        let text = "format = \"bezet-norms/1\"\n[[norm]]\nid = \"fast\"\ntitle = \"snel\"\nclock = \"total\"\nat_most = 60\n\
                    reasons = [\"complaint\"]\n[[norm]]\nid = \"r\"\ntitle = \"r\"\nfigure = \"rings\"\nat_most = 3\nlines = [\"x\"]";
        std::fs::write(folder.path().join("own.toml"), text).unwrap();
        let norms = Norms::find("own.toml", folder.path()).unwrap();
        let audit =
            audit(vec![call(100.0, true), call(20.0, true), AuditedCall { contact_reason: None, ..call(500.0, true) }]);
        let verdict = judge(&norms[0], &audit, Some("shop"));
        assert_eq!((verdict.held.len(), verdict.ruling, verdict.sure), (2, Ruling::NotMet, true));
        assert_eq!(verdict.worst().unwrap().call.file, "100.wav");
        assert_eq!(judge(&norms[1], &audit, None).held.len(), 0, "no call to line x");
    }
}
