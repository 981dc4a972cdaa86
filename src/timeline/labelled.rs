//! A corrected label file in the place of what was heard.

use super::{
    Segment, Timeline,
    compose::{CallEvidence, Course},
    person::Liveness,
};
use crate::{
    figure::Reason,
    interval::Interval,
    label::Label,
    line::{Burst, Meaning, Phase, Rhythm},
};

/// The course of a call as `labels` tell it. Rings are counted by the bursts that were heard inside each labelled ringing;
/// where none was heard, a labelled ringing is one ring.
pub fn course(call: &CallEvidence<'_>, labels: &[Segment]) -> Course {
    let (callers, lines): (Vec<_>, Vec<_>) = labels.iter().cloned().partition(|s| s.label == Label::Caller);
    let own = call.caller.map(|(_, channel)| Timeline::new(channel, call.duration, callers.clone()));
    let all = if own.is_some() { lines } else { labels.to_vec() };
    let line = Timeline::new(call.line.1, call.duration, all);
    let tones: Vec<(Phase, Meaning)> = line
        .segments()
        .iter()
        .filter(|s| s.label.is_tone() && s.label != Label::Sit)
        .map(|s| (phase(call, s), Meaning { label: s.label, confidence: 1.0, rival: None }))
        .collect();
    let ringing = |(_, meaning): &&(Phase, Meaning)| meaning.label == Label::Ringback;
    let answer = line.segments().iter().find(|s| s.label.is_voice() || s.label == Label::Music);
    let before_answer = |p: &Phase| answer.is_none_or(|a| p.interval().start() < a.interval.start());
    let first_ringing =
        tones.iter().filter(ringing).map(|t| &t.0).filter(|p| before_answer(p)).cloned().reduce(|mut all, next| {
            all.groups.extend(next.groups);
            all
        });
    let human = line.segments().iter().find(|s| s.label == Label::Human).map(|s| s.interval.start());
    let person = human.map(|at| (at, Liveness { probability: 1.0, reason: Reason::Labelled }));
    Course {
        line,
        caller: own,
        first_ringing,
        tones,
        plays: call.plays.clone(),
        person,
        doubt: 0.0,
        weighed: Vec::new(),
    }
}

fn phase(call: &CallEvidence<'_>, labelled: &Segment) -> Phase {
    let inside =
        |group: &&Vec<Burst>| group.iter().any(|b| b.interval.overlap(labelled.interval) > 0.5 * b.interval.duration());
    let mut groups: Vec<Vec<Burst>> = call.phases.iter().flat_map(|(p, _)| &p.groups).filter(inside).cloned().collect();
    if groups.is_empty() {
        groups = vec![vec![burst(labelled.interval)]];
    }
    let rhythm = if labelled.label == Label::Ringback { Rhythm::Rings } else { Rhythm::Beats };
    Phase { rhythm, groups }
}

fn burst(interval: Interval) -> Burst {
    Burst {
        interval,
        lines: Vec::new(),
        level_dbfs: 0.0,
        confidence: 1.0,
        contrast_db: 0.0,
        wander_hz: 0.0,
        deviation_hz: 0.0,
    }
}
