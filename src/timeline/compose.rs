//! Evidence into a timeline: tones over sounds, then who speaks.

use super::{
    Segment, Timeline, edges, known, names,
    passage::passages,
    person::{self, Liveness, Surroundings, Weighing},
    personalised, rooms,
    sounds::{caller_sounds, line_sounds},
    strays::stray_rings,
    tones::{beeps, first_ringing, keys, plausible, silence_under, swallow_edges, tone_segments},
    turns,
    utterance::utterances,
};
use crate::{
    channel::Channel,
    heard::ChannelHeard,
    label::Label,
    line::{Meaning, Phase, sit::Sit},
    repeats::Play,
    units::Seconds,
};

/// All that is known of one call before its timeline is made.
pub struct CallEvidence<'a> {
    /// How long the recording lasts.
    pub duration: Seconds,
    /// What the line let hear (or both sides, in a recording of one channel).
    pub line: (&'a ChannelHeard, Channel),
    /// The caller's own channel, if there is one.
    pub caller: Option<(&'a ChannelHeard, Channel)>,
    /// The line's call-progress tones and what they mean, in time's order.
    pub phases: Vec<(Phase, Meaning)>,
    /// Its special information tones.
    pub sits: Vec<Sit>,
    /// The recordings that are played in it, in time's order.
    pub plays: Vec<Play>,
    /// What is known of it beside its sound.
    pub surroundings: Surroundings,
}

/// A call laid out in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// What the line let the caller hear.
    pub line: Timeline,
    /// The caller's own channel, if there is one.
    pub caller: Option<Timeline>,
    /// The ringing before the first answer.
    pub first_ringing: Option<Phase>,
    /// The tones that are part of the timeline.
    pub tones: Vec<(Phase, Meaning)>,
    /// The recordings that are played in it, in time's order.
    pub plays: Vec<Play>,
    /// The first word of the first live person, and why.
    pub person: Option<(Seconds, Liveness)>,
    /// How likely it is that somebody spoke, where no person was found.
    pub doubt: f32,
    /// What this rests on, passage by passage.
    pub weighed: Vec<Weighing>,
}

/// Lays a call out in time.
pub fn compose(call: &CallEvidence<'_>) -> Course {
    let line = call.line.0;
    let mut sounds = known::repaint(line_sounds(line, call.caller.map(|c| c.0)), &call.plays);
    rooms::hush(&mut sounds, &line.levels, &call.plays);
    let tones = plausible(&call.phases, &sounds);
    let mut tone_segments = tone_segments(&tones, &call.sits);
    tone_segments.extend(stray_rings(line, &tones, &sounds));
    tone_segments.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
    edges::follow(&mut sounds, &line.levels, &tone_segments);
    swallow_edges(&mut sounds, &tone_segments, &line.levels);
    let keys = keys(call);
    let beeps = beeps(line, &tone_segments, &sounds);
    silence_under(&mut sounds, keys.iter().map(|k| &k.0).chain(&beeps));
    if tone_segments.iter().all(|tone| tone.label != Label::Ringback) {
        tone_segments.extend(personalised::take_out(&mut sounds, &line.levels));
    }
    let caller = call.caller.map(|(heard, channel)| {
        let mut own = caller_sounds(heard, line);
        let pressed: Vec<_> = keys.iter().filter(|k| k.1).map(|k| k.0.clone()).collect();
        silence_under(&mut own, pressed.iter());
        turns::pause(&mut own, &heard.levels);
        own.extend(pressed);
        Timeline::new(channel, call.duration, own)
    });
    let signals: Vec<Segment> = tone_segments.iter().chain(&beeps).chain(keys.iter().map(|k| &k.0)).cloned().collect();
    let utterances = utterances(call, &sounds, &signals);
    let passages = passages(&utterances, &sounds, &signals, caller.as_ref(), call);
    let mut verdict = person::judge(&passages, call.surroundings);
    for word in person::first_words(&line.levels, &passages, &mut verdict) {
        names::hear(&mut sounds, word);
    }
    names::cut_at(&mut sounds, &call.plays);
    names::hush(&mut sounds, &utterances, &call.plays);
    names::name(&mut sounds, &passages, &verdict, &call.plays, caller.is_none());
    turns::pause(&mut sounds, &line.levels);
    let mut heard = sounds;
    heard.extend(tone_segments);
    heard.extend(beeps);
    heard.extend(keys.into_iter().filter(|k| !k.1).map(|k| k.0));
    let line = Timeline::new(call.line.1, call.duration, heard);
    let first_ringing = first_ringing(&tones, &line);
    Course {
        line,
        caller,
        first_ringing,
        tones,
        plays: call.plays.clone(),
        person: verdict.person,
        doubt: verdict.doubt,
        weighed: verdict.weighed,
    }
}
