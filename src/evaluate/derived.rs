//! What follows from the labels of a call, where no table says it.
//!
//! Only what follows for certain, by the definitions of the columns: of a call labelled by hand, its outcome without a
//! person, for example, does not.

use super::{
    sound::{Class, Span, joined, stretches},
    truth::TruthCall,
};
use crate::{interval::Interval, label::Label, units::Seconds};

/// Music stretches this close are one stretch of hold, as `hold_segments` counts.
const HOLD_JOIN_S: Seconds = 1.0;
/// Shorter music is no hold music.
const MIN_HOLD_S: Seconds = 1.0;
/// Waiting in silence counts from here on, as `dead_air_s` does.
const MIN_DEAD_AIR_S: Seconds = 2.0;

/// Adds the cells that follow from the labels of `call` and are not told.
pub fn fill_in(call: &mut TruthCall) {
    let Some(mut spans) = call.spans.clone() else { return };
    spans.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
    if call.bare_is_unknown && has_holes(&spans) {
        return;
    }
    let by_hand = !call.cells.contains_key("outcome");
    let picked_up = call.number("answered_s").is_some();
    let mut told = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            call.cells.entry(name.to_owned()).or_insert(value);
        }
    };
    let first = |wanted: &dyn Fn(Label) -> bool| spans.iter().find(|s| wanted(s.label)).map(|s| s.interval.start());
    let human = first(&|label| label == Label::Human);
    if by_hand {
        let keys: String = spans.iter().filter(|s| s.label == Label::Dtmf).map(|s| s.detail.as_str()).collect();
        told("keys", Some(if keys.is_empty() { "-".into() } else { keys }));
        // a voice that is called undecided may be a person
        let undecided = spans.iter().any(|s| s.label == Label::Speech);
        told("time_to_human_s", human.map(text).or_else(|| (!undecided).then(|| "-".into())));
        told("outcome", outcome(&spans, human).map(str::to_owned));
        told("rings", rings(&spans).map(|n| n.to_string()));
        let music =
            spans.iter().filter(|s| s.label == Label::Music).map(|s| s.interval.duration()).fold(0.0, |a, b| a + b);
        told("hold_music_s", Some(text(music)));
    }
    let answer = spans.iter().find(|s| s.label.is_voice() && s.label != Label::Caller || s.label == Label::Music);
    let answer = answer.map(|s| s.interval.start());
    let ringing = spans.iter().filter(|s| s.label == Label::Ringback);
    let ringing: Vec<Interval> =
        ringing.map(|s| s.interval).filter(|i| answer.is_none_or(|answer| i.start() < answer)).collect();
    let first_ring = ringing.first().map(|i| i.start());
    if by_hand && let (Some(answer), Some(last)) = (answer, ringing.last()) {
        // the pick-up itself is not labelled: it lies between the ringing and the first sound
        told("answered_s", Some(text(last.end().min(answer))));
        told("first_sound_s", Some(text(answer)));
        let by = spans.iter().find(|s| s.interval.start() >= answer && s.label != Label::Caller).map(|s| s.label);
        let by = match by {
            Some(Label::Human) => Some("human"),
            Some(Label::Announcement | Label::Music) => Some("machine"),
            _ => None,
        };
        told("answered_by", by.map(str::to_owned));
    }
    told("first_ring_s", first_ring.map(text));
    let holds: Vec<Interval> = joined(stretches_of(&spans, Label::Music), HOLD_JOIN_S);
    told("hold_segments", Some(holds.iter().filter(|h| h.duration() >= MIN_HOLD_S).count().to_string()));
    let duration = call.duration_s();
    let mut told = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            call.cells.entry(name.to_owned()).or_insert(value);
        }
    };
    if let (Some(duration), Some(first)) = (duration, first_ring) {
        told("total_wait_s", Some(text((human.unwrap_or(duration) - first).max(0.0))));
    }
    // the message after an information tone is not waited through
    let answer = answer.filter(|_| by_hand || picked_up);
    if let (Some(duration), Some(answer)) = (duration, answer) {
        told("dead_air_s", Some(text(dead_air(&spans, answer, human.unwrap_or(duration)))));
    }
}

/// Whether anything between the recording's start and the last label is not labelled.
fn has_holes(spans: &[Span]) -> bool {
    /// Labels that are drawn by hand do not meet to the millisecond.
    const SEAM_S: Seconds = 0.25;
    let covered = joined(spans.iter().map(|s| s.interval).collect(), SEAM_S);
    covered.len() > 1 || covered.first().is_some_and(|first| first.start() > SEAM_S)
}

/// Seconds as tables write them.
fn text(value: Seconds) -> String {
    format!("{value:.3}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn stretches_of(spans: &[Span], label: Label) -> Vec<Interval> {
    spans.iter().filter(|s| s.label == label).map(|s| s.interval).collect()
}

fn outcome(spans: &[Span], human: Option<Seconds>) -> Option<&'static str> {
    let has = |label: Label| spans.iter().any(|s| s.label == label);
    let answered = spans.iter().any(|s| s.label.is_voice() || s.label == Label::Music);
    match (human, answered) {
        (Some(_), _) => Some("human"),
        (None, false) if has(Label::Sit) => Some("unobtainable"),
        (None, false) if has(Label::Busy) => Some("busy"),
        (None, false) if has(Label::Congestion) => Some("congestion"),
        (None, false) if has(Label::Ringback) => Some("no_answer"),
        _ => None,
    }
}

/// The rings that the labels of the first ringing count: `3 rings`.
fn rings(spans: &[Span]) -> Option<u32> {
    let answer = spans.iter().position(|s| s.label.is_voice() || s.label == Label::Music).unwrap_or(spans.len());
    let counted = spans[..answer].iter().filter(|s| s.label == Label::Ringback);
    let count = |s: &Span| s.detail.split_whitespace().next()?.parse::<u32>().ok();
    counted.map(count).reduce(|a, b| Some(a?.saturating_add(b?))).flatten()
}

/// The stretches of 2 s and more between `from` and `until` with neither voice, music nor tone; a key is the caller's own
/// doing and ends no waiting.
fn dead_air(spans: &[Span], from: Seconds, until: Seconds) -> Seconds {
    let mut sounding: Vec<Interval> = vec![];
    for class in Class::ALL.into_iter().filter(|class| !matches!(class, Class::Silence | Class::Dtmf)) {
        sounding.extend(stretches(spans, class));
    }
    let mut at = from;
    let mut dead = 0.0;
    for sound in joined(sounding, 0.0).into_iter().map(|i| (i.start(), i.end())).chain([(until, until)]) {
        let gap = sound.0.min(until) - at;
        dead += if gap >= MIN_DEAD_AIR_S { gap } else { 0.0 };
        at = at.max(sound.1);
    }
    dead
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(labels: &[(f64, f64, Label, &str)]) -> TruthCall {
        let span = |&(start, end, label, detail): &(f64, f64, Label, &str)| Span {
            interval: Interval::new(start, end),
            label,
            detail: detail.into(),
        };
        let mut call = TruthCall { spans: Some(labels.iter().map(span).collect()), ..TruthCall::default() };
        call.cells.insert("duration_s".into(), "40".into());
        fill_in(&mut call);
        call
    }

    #[test]
    fn a_labelled_call_tells_its_figures() {
        let call = call(&[
            (1.0, 7.0, Label::Ringback, "2 rings"),
            (8.5, 11.0, Label::Announcement, ""),
            (10.0, 10.1, Label::Dtmf, "7"),
            (11.5, 20.0, Label::Music, ""),
            (20.4, 22.0, Label::Music, ""),
            (25.0, 39.0, Label::Human, ""),
        ]);
        let cell = |name: &str| call.cells.get(name).map(String::as_str);
        assert_eq!((cell("keys"), cell("rings"), cell("outcome")), (Some("7"), Some("2"), Some("human")));
        assert_eq!((cell("answered_s"), cell("first_sound_s")), (Some("7"), Some("8.5")));
        assert_eq!((cell("answered_by"), cell("hold_segments")), (Some("machine"), Some("1")));
        assert_eq!((cell("total_wait_s"), cell("dead_air_s")), (Some("24"), Some("3")));
        assert_eq!(cell("time_to_human_s"), Some("25"));
    }

    #[test]
    fn a_call_that_is_labelled_in_part_tells_no_figures() {
        let silence = Span { interval: Interval::new(0.0, 1.0), label: Label::Silence, detail: String::new() };
        let music = Span { interval: Interval::new(5.0, 9.0), label: Label::Music, detail: String::new() };
        let mut call = TruthCall { spans: Some(vec![silence, music]), bare_is_unknown: true, ..TruthCall::default() };
        fill_in(&mut call);
        assert!(call.cells.is_empty(), "{:?}", call.cells);
    }

    #[test]
    fn what_labels_do_not_tell_stays_unknown() {
        let call = call(&[(1.0, 7.0, Label::Ringback, ""), (8.0, 12.0, Label::Speech, "")]);
        for name in ["rings", "outcome", "time_to_human_s", "answered_by", "announcements"] {
            assert_eq!(call.cells.get(name), None, "{name}");
        }
    }
}
