//! Passages: all that sounds between two signs of a machine, as utterances.

use super::{Segment, Timeline, compose::CallEvidence, utterance::Utterance};
use crate::{
    interval::Interval,
    label::Label,
    units::{Decibels, Seconds},
};

/// What bounds a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// The recording's start or end.
    Recording,
    /// Ringing.
    Ringing,
    /// Hold music.
    Music,
    /// A key.
    Key,
    /// A beep.
    Beep,
    /// A special information tone.
    Sit,
    /// Busy, congestion or dial tone.
    Tone,
}

/// All that sounds between two signs of a machine.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Passage {
    /// The time between the bounds.
    pub span: Interval,
    /// What bounds it.
    pub bounds: [Bound; 2],
    /// Whether nothing has sounded before it but ringing.
    pub is_first: bool,
    /// What sounds in it; never empty.
    pub utterances: Vec<Utterance>,
    /// The end of the hold music before it, if that is what bounds it.
    pub music_before: Vec<Utterance>,
    /// When the caller speaks on his own channel, up to shortly after the passage; `None` where he has none.
    pub caller: Option<Vec<Interval>>,
}

/// The part of an utterance that has to be voice for it to count as one.
const MIN_VOICE: f64 = 0.25;

/// Cuts the call into passages; those without any voice are left out.
pub(super) fn passages(
    utterances: &[Utterance],
    sounds: &[Segment],
    signals: &[Segment],
    caller: Option<&Timeline>,
    call: &CallEvidence<'_>,
) -> Vec<Passage> {
    let mut bounds: Vec<(Interval, Bound)> = signals.iter().map(|s| (s.interval, bound_of(s.label))).collect();
    bounds.extend(hold_music(sounds, call).into_iter().map(|music| (music, Bound::Music)));
    bounds.sort_by(|a, b| a.0.start().total_cmp(&b.0.start()));
    let end = call.duration.max(0.0);
    bounds.push((Interval::new(end, end), Bound::Recording));
    let mut passages: Vec<Passage> = Vec::new();
    let (mut from, mut before, mut is_first) = (0.0, Bound::Recording, true);
    for (bound, kind) in bounds {
        let span = Interval::new(from, bound.start().max(from));
        let inside = in_span(utterances, span);
        if inside.iter().any(|u| u.voice >= MIN_VOICE) {
            let caller = caller.map(|timeline| caller_in(timeline, span));
            let music_before = match before {
                Bound::Music => music_before(utterances, span.start()),
                _ => Vec::new(),
            };
            passages.push(Passage { music_before, span, bounds: [before, kind], is_first, utterances: inside, caller });
            is_first = false;
        }
        is_first &= matches!(kind, Bound::Ringing);
        if bound.end() >= from {
            (from, before) = (bound.end(), kind);
        }
    }
    passages
}

fn bound_of(label: Label) -> Bound {
    match label {
        Label::Ringback => Bound::Ringing,
        Label::Dtmf => Bound::Key,
        Label::Beep => Bound::Beep,
        Label::Sit => Bound::Sit,
        _ => Bound::Tone,
    }
}

/// The utterances that lie in `span` for the most part and make some sound that the ear has a name for. One that begins in
/// the music before belongs to the music up to there, unless most of it lies behind: then it is a first word over its end.
fn in_span(utterances: &[Utterance], span: Interval) -> Vec<Utterance> {
    /// What is left of music after its end, as the ear has it.
    const TAIL_S: Seconds = 2.5;
    let first = utterances.partition_point(|u| u.interval.end() <= span.start());
    let near = utterances[first..].iter().take_while(|u| u.interval.start() < span.end());
    let cut = |u: &Utterance| {
        let inside = span.intersection(u.interval)?;
        let is_most = inside.duration() >= 0.5 * u.interval.duration();
        let interval = if is_most { u.interval } else { inside };
        let is_more_than_a_tail = is_most || inside.duration() > TAIL_S;
        (is_more_than_a_tail && u.voice + u.music + u.noise > 0.1).then(|| Utterance { interval, ..u.clone() })
    };
    near.filter_map(cut).collect()
}

/// The utterances of the last seconds before `at`.
fn music_before(utterances: &[Utterance], at: Seconds) -> Vec<Utterance> {
    const LAST_S: Seconds = 10.0;
    let is_near = |u: &&Utterance| u.interval.end() <= at + 0.1 && u.interval.end() > at - LAST_S;
    utterances.iter().filter(is_near).cloned().collect()
}

/// Music that somebody waits by: heard before, or long, or as loud as the call's long music.
fn hold_music(sounds: &[Segment], call: &CallEvidence<'_>) -> Vec<Interval> {
    const LONG_S: Seconds = 8.0;
    const SHORT_S: Seconds = 2.0;
    const JOIN_S: Seconds = 0.6;
    const AS_LOUD_DB: Decibels = 5.0;
    const MIN_KNOWN_S: Seconds = 1.0;
    let levels = &call.line.0.levels;
    let plays: Vec<Interval> = call.plays.iter().filter(|p| !p.group.is_voice()).map(|p| p.interval).collect();
    let is_known = |i: Interval| plays.iter().map(|p| p.overlap(i)).sum::<Seconds>() >= MIN_KNOWN_S;
    let mut stretches: Vec<Interval> = Vec::new();
    for music in sounds.iter().filter(|s| s.label == Label::Music) {
        match stretches.last_mut() {
            Some(last) if music.interval.start() - last.end() <= JOIN_S => *last = last.hull(music.interval),
            _ => stretches.push(music.interval),
        }
    }
    let loud = |i: Interval| levels.percentile(i, 0.8);
    let long: Vec<Decibels> = stretches.iter().filter(|i| i.duration() >= LONG_S).filter_map(|i| loud(*i)).collect();
    let as_loud = |i: Interval| loud(i).is_some_and(|l| long.iter().any(|other| (l - other).abs() < AS_LOUD_DB));
    stretches.retain(|i| i.duration() >= LONG_S || is_known(*i) || i.duration() >= SHORT_S && as_loud(*i));
    stretches
}

/// When the caller speaks in `span` and shortly after it.
fn caller_in(caller: &Timeline, span: Interval) -> Vec<Interval> {
    /// An answer comes within this.
    const ANSWER_S: Seconds = 3.0;
    let span = Interval::new(span.start(), span.end() + ANSWER_S);
    let own = caller.segments().iter().filter(|s| s.label == Label::Caller);
    own.filter_map(|s| span.intersection(s.interval)).collect()
}
