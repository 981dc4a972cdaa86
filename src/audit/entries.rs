//! What callers typed on their telephones: numbers that say who they are, as a customer's number or a date of birth.
//!
//! Keys that choose from a menu are what an audit is about, and stay. Longer entries are not: each of their keys becomes a
//! sign, so that it still shows how much a caller had to type, and when.

use crate::{
    analysis::CallAnalysis,
    figure::{Reason, Stray},
    interval::Interval,
    label::Label,
    timeline::{Segment, Timeline},
    units::Seconds,
    walked::Exit,
};

/// What stands for a key of an entry. No key of a telephone, and no sign that a spreadsheet takes for anything.
pub const MASKED_KEY: char = 'x';

/// So many keys in a row are an entry; menus of up to three levels are walked with fewer.
const MIN_ENTRY_KEYS: usize = 4;

/// A line that takes an entry waits for so long for its next key: 5 s by default in Asterisk (`TIMEOUT(digit)`), Twilio
/// (`Gather`) and Amazon Connect, 3 s and less elsewhere. Who chooses from one menu after the other without listening may be
/// as quick, and is masked too: nothing tells the two apart.
const NEXT_KEY_WITHIN_S: Seconds = 5.0;

/// The stretches in which `call` has an entry, in time's order.
pub fn entries(call: &CallAnalysis) -> Vec<Interval> {
    let mut keys: Vec<Interval> = keys(call).map(|key| key.interval).collect();
    keys.sort_by(|a, b| a.start().total_cmp(&b.start()));
    let in_a_row = |a: &Interval, b: &Interval| b.start() - a.end() <= NEXT_KEY_WITHIN_S;
    let long = keys.chunk_by(in_a_row).filter(|row| row.len() >= MIN_ENTRY_KEYS);
    long.map(|row| row.iter().copied().fold(row[0], Interval::hull)).collect()
}

/// The same call with a sign in the place of every key of an entry.
pub fn without_entries(call: &CallAnalysis) -> CallAnalysis {
    let entries = entries(call);
    let mut hidden = call.clone();
    if entries.is_empty() {
        return hidden;
    }
    let within = |at: Seconds| entries.iter().any(|entry| entry.start() <= at && at <= entry.end());
    for timeline in &mut hidden.timelines {
        let segments = timeline.segments().iter().cloned();
        let events = timeline.events().iter().map(|event| match is_key(event) && within(event.interval.start()) {
            true => Segment { detail: masked(&event.detail), ..event.clone() },
            false => event.clone(),
        });
        *timeline = Timeline::new(timeline.channel(), timeline.duration(), segments.chain(events).collect());
    }
    if hidden.metrics.keys.value.is_some() {
        let mut pressed: Vec<Segment> = keys(&hidden).cloned().collect();
        pressed.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
        hidden.metrics.keys.value = Some(pressed.iter().map(|key| key.detail.as_str()).collect());
    }
    if let Reason::Strays { at_s, what: Stray::Key(key), .. } = &mut hidden.metrics.path.path.reason
        && within(*at_s)
    {
        *key = masked(key);
    }
    if let Some(walk) = &mut hidden.walk {
        for aside in &mut walk.asides {
            aside.key = aside.key.take().map(|key| if within(aside.at_s) { masked(&key) } else { key });
        }
        for stay in &mut walk.stays {
            if let Some(Exit::Invalid(keys)) = &mut stay.exit
                && within(stay.to_s)
            {
                *keys = masked(keys);
            }
        }
    }
    hidden
}

fn keys(call: &CallAnalysis) -> impl Iterator<Item = &Segment> {
    call.timelines.iter().flat_map(Timeline::events).filter(|event| is_key(event))
}

fn is_key(event: &Segment) -> bool {
    event.label == Label::Dtmf
}

fn masked(keys: &str) -> String {
    keys.chars().map(|_| MASKED_KEY).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::RecordingFacts,
        metrics::{CallMetrics, Measured},
        timeline::Channel,
        walked::{Aside, Stay, Walk},
    };

    /// A call of a minute and a half with these keys at these seconds, on the channel of `caller` where that is true.
    fn call(pressed: &[(f64, &str, bool)]) -> CallAnalysis {
        let key = |(at, digit, _): &(f64, &str, bool)| Segment {
            interval: Interval::new(*at, at + 0.1),
            label: Label::Dtmf,
            detail: (*digit).to_owned(),
            confidence: 1.0,
        };
        let side = |caller: bool| pressed.iter().filter(|p| p.2 == caller).map(key).collect::<Vec<_>>();
        let mut metrics = CallMetrics::absent(&Reason::NotThere);
        let digits = pressed.iter().map(|p| p.1).collect();
        metrics.keys = Measured::heard(digits, 1.0, Reason::Heard, Interval::new(0.0, 90.0));
        CallAnalysis {
            recording: RecordingFacts {
                duration_s: 90.0,
                channels: 2,
                container: "wav".into(),
                codec: "alaw".into(),
                sample_rate: 8000,
                recorded_at: None,
                warnings: vec![],
            },
            caller_channel: None,
            country: Measured::absent(1.0, Reason::NotThere),
            timelines: vec![
                Timeline::new(Channel::Left, 90.0, side(false)),
                Timeline::new(Channel::Right, 90.0, side(true)),
            ],
            plays: vec![],
            metrics,
            walk: None,
            labelled: false,
        }
    }

    #[test]
    fn choices_stay_and_entries_are_masked_to_their_count() {
        let typed = [(30.0, "0"), (30.4, "6"), (31.0, "9"), (35.9, "9"), (36.5, "#")];
        let choices = [(5.0, "1", true), (12.0, "2", true), (80.0, "3", false)];
        let pressed: Vec<(f64, &str, bool)> =
            choices[..2].iter().copied().chain(typed.map(|(at, key)| (at, key, true))).chain([choices[2]]).collect();
        let mut call = call(&pressed);
        let stay = Stay {
            node: "number".into(),
            from_s: 29.0,
            to_s: 36.5,
            exit: Some(Exit::Invalid("0699#".into())),
            edge: None,
            listened_s: None,
            otherwise: false,
            early: false,
            inferred: false,
        };
        let aside = |at_s, key: &str| Aside { at_s, stay: 0, key: Some(key.into()), message: None };
        call.walk =
            Some(Walk { stays: vec![stay], asides: vec![aside(30.4, "6"), aside(80.0, "3")], ..Walk::default() });
        call.metrics.path.path.reason =
            Reason::Strays { at_s: 30.4, node: "number".into(), what: Stray::Key("6".into()) };
        let hidden = without_entries(&call);
        assert_eq!(hidden.metrics.keys.value.as_deref(), Some("12xxxxx3"));
        let details: Vec<&str> = keys(&hidden).map(|key| key.detail.as_str()).collect();
        assert_eq!(details, ["3", "1", "2", "x", "x", "x", "x", "x"], "the line's, then the caller's");
        let walk = hidden.walk.as_ref().unwrap();
        assert_eq!(walk.stays[0].exit, Some(Exit::Invalid("xxxxx".into())));
        assert_eq!(walk.asides.iter().filter_map(|a| a.key.as_deref()).collect::<Vec<_>>(), ["x", "3"]);
        let text = serde_json::to_string(&hidden).unwrap();
        assert!(!text.contains("0699") && !text.contains("\"6\"") && !text.contains("\"9\""), "{text}");
        assert_eq!(serde_json::to_string(&without_entries(&hidden)).unwrap(), text, "twice is once");
    }

    #[test]
    fn three_choices_and_slow_ones_are_no_entry() {
        for pressed in [
            vec![(5.0, "1", true), (6.0, "2", true), (7.0, "1", true)],
            vec![(5.0, "1", true), (11.0, "2", true), (17.0, "1", true), (23.0, "4", true), (29.0, "9", true)],
        ] {
            let call = call(&pressed);
            assert_eq!(without_entries(&call).metrics.keys.value, call.metrics.keys.value);
        }
    }
}
