//! The whole trip on one page: one recording is heard on its own, then all calls of a line are judged together.

use std::{path::Path, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    audio::{self, ReadError, Warning},
    channel::Channel,
    detect,
    figure::{Measured, Reason},
    frames::FramePass,
    heard::ChannelHeard,
    interval::Interval,
    line::{CountryVerdict, Phase, country, phase::phases, side, sit},
    metrics::{
        self, CallMetrics, Pace,
        wait::{self, Waiting},
    },
    repeats::{self, Group, Kind, Known, Naming, Play},
    timeline::{
        Segment, Timeline,
        compose::{CallEvidence, Course, compose},
        labelled,
        person::{Surroundings, Weighing},
    },
    tone_plan,
    units::Seconds,
    walked::{self, CallSounds, Design, Walk},
};

/// Changes whenever the same recording would be heard otherwise: what was kept of earlier hearings is then stale.
pub const HEARING_VERSION: u32 = 8;

/// What one recording lets hear, whatever the country and the other calls: small, and all that is kept of the audio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Facts about the file.
    pub recording: RecordingFacts,
    /// One or two channels, the first (left) one first.
    pub channels: Vec<ChannelHeard>,
}

/// Facts about a recording, its sound apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordingFacts {
    /// How long it lasts.
    pub duration_s: Seconds,
    /// One, or two: the line and the caller apart.
    pub channels: u8,
    /// `wav`, `mp3`, `ogg` ...
    pub container: String,
    /// `pcm_s16`, `alaw`, `gsm_ms`, `opus` ...
    pub codec: String,
    /// As recorded, in samples a second.
    pub sample_rate: u32,
    /// When it was recorded, as the file itself says (local time).
    pub recorded_at: Option<chrono::NaiveDateTime>,
    /// What was odd about the file and was mended.
    pub warnings: Vec<Warning>,
}

impl RecordingFacts {
    /// An intact mono recording by a telephone exchange, for tests.
    #[cfg(test)]
    pub(crate) fn a_law(duration_s: Seconds) -> Self {
        Self {
            duration_s,
            channels: 1,
            container: "wav".into(),
            codec: "alaw".into(),
            sample_rate: crate::units::SAMPLE_RATE,
            recorded_at: None,
            warnings: vec![],
        }
    }

    /// Whether what was clipped on its way still shows: codecs that keep the wave, at the telephone's own rate.
    pub fn keeps_waves(&self) -> bool {
        const KEEP: [&str; 4] = ["pcm", "alaw", "ulaw", "flac"];
        self.sample_rate == crate::units::SAMPLE_RATE && KEEP.iter().any(|codec| self.codec.starts_with(codec))
    }
}

/// What is known of a line before listening.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineSettings {
    /// The country whose tones it uses (ISO 3166 code, lower case); `None`: found out from all its calls.
    pub country: Option<String>,
    /// Which channel of two is the caller; `None`: found out from the sound.
    pub caller_channel: Option<Channel>,
    /// The recordings whose names are known: the company's own prompts, and what was named by hand.
    pub known: Vec<Known>,
    /// What the line's menu was designed to be.
    pub menu: Option<Arc<Design>>,
}

/// One call, judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallAnalysis {
    /// Facts about the file.
    pub recording: RecordingFacts,
    /// Which channel of two is the caller's; absent for a recording of one channel.
    pub caller_channel: Option<Measured<Channel>>,
    /// Whose tones the line uses (ISO 3166 code, lower case); its reason names the runner-up.
    pub country: Measured<String>,
    /// The line's first, then the caller's own if he has one.
    pub timelines: Vec<Timeline>,
    /// The recordings that are played in it, in time's order.
    pub plays: Vec<Play>,
    /// All figures.
    pub metrics: CallMetrics,
    /// Its way through the line's menu, where that has a definition and something of it was recognised.
    #[serde(default)]
    pub walk: Option<Walk>,
    /// Whether a corrected label file took the place of what was heard.
    pub labelled: bool,
}

impl CallAnalysis {
    /// The timeline of what the line let the caller hear.
    pub fn line(&self) -> &Timeline {
        &self.timelines[0]
    }

    /// The timeline of the caller's own channel.
    pub fn caller(&self) -> Option<&Timeline> {
        self.timelines.get(1)
    }
}

/// Hears one recording.
///
/// # Errors
/// Where the file cannot be read at all; what can be read of a damaged one is heard.
pub fn listen(path: &Path) -> Result<Heard, ReadError> {
    let mut stream = audio::open(path)?;
    let mut passes: Vec<FramePass> = Vec::new();
    while let Some(block) = stream.next_block()? {
        passes.resize_with(block.len(), FramePass::default);
        passes.iter_mut().zip(&block).for_each(|(pass, samples)| pass.push(samples));
    }
    let mut duration_s: Seconds = 0.0;
    let hear = |pass: FramePass| {
        let frames = pass.finish();
        duration_s = duration_s.max(frames.duration());
        ChannelHeard::new(&frames, detect::detect(&frames))
    };
    let channels: Vec<ChannelHeard> = passes.into_iter().map(hear).collect();
    let format = stream.format();
    let recording = RecordingFacts {
        duration_s,
        channels: channels.len() as u8,
        container: format.container.to_string(),
        codec: format.codec.to_string(),
        sample_rate: format.sample_rate,
        recorded_at: stream.recorded_at(),
        warnings: stream.warnings().to_vec(),
    };
    Ok(Heard { recording, channels })
}

/// Judges all calls of one line together; the result is in their order.
///
/// `labels` holds, for each call, the corrected segments that take the place of what was heard, if any.
///
/// # Panics
/// Where there are not as many `labels` as `calls`.
pub fn judge(calls: &[Heard], labels: &[Option<Vec<Segment>>], settings: &LineSettings) -> Vec<CallAnalysis> {
    assert_eq!(calls.len(), labels.len(), "one entry of labels a call");
    let line = Together::new(calls, settings);
    let country = country_figure(&line.verdict, settings);
    let groups = groups(&line.plays, &settings.known);
    let course = |i: usize| match &labels[i] {
        Some(labels) => labelled::course(&line.evidence(i), labels),
        None => compose(&line.evidence(i)),
    };
    let courses: Vec<Course> = (0..calls.len()).map(course).collect();
    let pace = Pace::of(courses.iter().enumerate().map(|(i, course)| (course, &line.heard(i).levels)));
    let judge_one = |(i, course): (usize, Course)| {
        let (call, heard) = (&calls[i], line.heard(i));
        let mut metrics = metrics::measure(&course, &heard.levels, &pace);
        let waiting = Waiting {
            line: &course.line,
            heard,
            plays: &line.plays[i],
            groups: &groups,
            keeps_waves: call.recording.keeps_waves(),
        };
        metrics.wait = wait::measure(&waiting, &metrics);
        if labels[i].is_none() {
            metrics.calibrate();
        }
        CallAnalysis {
            recording: call.recording.clone(),
            caller_channel: line.callers[i].clone(),
            country: country.clone(),
            timelines: timelines(course),
            plays: line.plays[i].clone(),
            metrics,
            walk: None,
            labelled: labels[i].is_some(),
        }
    };
    let mut judged: Vec<CallAnalysis> = courses.into_iter().enumerate().map(judge_one).collect();
    if let Some(design) = &settings.menu {
        walk(&mut judged, design, &settings.known);
    }
    judged
}

/// Puts each call on the line's menu.
fn walk(calls: &mut [CallAnalysis], design: &Design, known: &[Known]) {
    fn sounds(call: &CallAnalysis) -> CallSounds<'_> {
        CallSounds { line: call.line(), caller: call.caller(), plays: &call.plays }
    }
    let sounds: Vec<CallSounds<'_>> = calls.iter().map(sounds).collect();
    let walks = walked::walks(design, known.iter().map(|known| known.name.as_str()), &sounds);
    for (call, walk) in calls.iter_mut().zip(walks) {
        call.metrics.path = walked::figures(design, walk.as_ref());
        call.walk = walk;
    }
}

/// What the verdict on who speaks rests on, call by call: for `examples/person_signs.rs`, which fits its weights.
pub fn weigh(calls: &[Heard], settings: &LineSettings) -> Vec<Vec<Weighing>> {
    let line = Together::new(calls, settings);
    (0..calls.len()).map(|i| compose(&line.evidence(i)).weighed).collect()
}

/// All calls of a line, with what only all of them tell.
struct Together<'a> {
    calls: &'a [Heard],
    /// Of each call, of each channel.
    phases: Vec<Vec<Vec<Phase>>>,
    callers: Vec<Option<Measured<Channel>>>,
    /// The index of the channel that is not the caller's.
    line_of: Vec<usize>,
    verdict: CountryVerdict<'static>,
    plays: Vec<Vec<Play>>,
    prompts_given: bool,
}

impl<'a> Together<'a> {
    fn new(calls: &'a [Heard], settings: &LineSettings) -> Self {
        let phases: Vec<Vec<Vec<Phase>>> =
            calls.iter().map(|c| c.channels.iter().map(|h| phases(&h.evidence, &h.levels)).collect()).collect();
        let callers = caller_sides(calls, &phases, settings);
        let line_of: Vec<usize> = callers.iter().map(line_channel).collect();
        let line_phases: Vec<Phase> =
            phases.iter().zip(&line_of).flat_map(|(p, &i)| p.get(i).cloned()).flatten().collect();
        let verdict = verdict(&line_phases, settings);
        let heard: Vec<&ChannelHeard> =
            calls.iter().zip(&line_of).map(|(c, &i)| c.channels.get(i).unwrap_or(&NO_CHANNEL)).collect();
        let keys = |call: &Heard| call.channels.iter().flat_map(repeats::key_times).collect();
        let keys: Vec<Vec<Seconds>> = calls.iter().map(keys).collect();
        let plays = repeats::find(&heard, &keys, &settings.known);
        let prompts_given = settings.known.iter().any(|k| k.naming == Naming::Prompt && k.kind != Kind::Music);
        Self { calls, phases, callers, line_of, verdict, plays, prompts_given }
    }

    /// Whether call `i` has the caller on a channel of his own.
    fn has_caller(&self, i: usize) -> bool {
        self.calls[i].channels.len() == 2 && self.callers[i].is_some()
    }

    /// What was heard on the line's own channel of call `i`.
    fn heard(&self, i: usize) -> &'a ChannelHeard {
        self.calls[i].channels.get(self.line_of[i]).unwrap_or(&NO_CHANNEL)
    }

    fn evidence(&self, i: usize) -> CallEvidence<'a> {
        let (call, line) = (&self.calls[i], self.line_of[i]);
        let has_caller = self.has_caller(i);
        let channel = |i: usize| match (has_caller, i) {
            (false, _) => Channel::Mono,
            (true, 0) => Channel::Left,
            (true, _) => Channel::Right,
        };
        let heard = self.heard(i);
        let meant = |phase: &Phase| (phase.clone(), self.verdict.meaning(phase));
        CallEvidence {
            duration: call.recording.duration_s,
            line: (heard, channel(line)),
            caller: has_caller.then(|| (&call.channels[1 - line], channel(1 - line))),
            phases: self.phases[i].get(line).into_iter().flatten().map(meant).collect(),
            sits: sit::sits(&heard.evidence),
            plays: self.plays[i].clone(),
            surroundings: Surroundings { compared_with: self.calls.len() - 1, prompts_given: self.prompts_given },
        }
    }
}

/// Every recording that is played in any of the calls, or whose name is known.
fn groups(plays: &[Vec<Play>], known: &[Known]) -> Vec<Arc<Group>> {
    let named = |k: &Known| Group { name: k.name.clone(), naming: k.naming, kind: k.kind, ..Group::default() };
    let mut groups: Vec<Arc<Group>> = known.iter().map(|k| Arc::new(named(k))).collect();
    for play in plays.iter().flatten() {
        if !groups.iter().any(|g| Arc::ptr_eq(g, &play.group)) {
            groups.push(play.group.clone());
        }
    }
    groups
}

/// Nothing at all, for the recording that holds no samples.
static NO_CHANNEL: std::sync::LazyLock<ChannelHeard> = std::sync::LazyLock::new(ChannelHeard::default);

fn timelines(course: Course) -> Vec<Timeline> {
    std::iter::once(course.line).chain(course.caller).collect()
}

/// The caller's channel of each call that has two.
fn caller_sides(
    calls: &[Heard],
    phases: &[Vec<Vec<Phase>>],
    settings: &LineSettings,
) -> Vec<Option<Measured<Channel>>> {
    let votes = |(call, phases): (&Heard, &Vec<Vec<Phase>>)| match (call.channels.as_slice(), phases.as_slice()) {
        ([left, right], [on_left, on_right]) if !side::are_same(left, right) => {
            Some(side::votes([left, right], [on_left, on_right]))
        }
        _ => None,
    };
    let votes: Vec<Option<f64>> = calls.iter().zip(phases).map(votes).collect();
    side::caller_sides(&votes, settings.caller_channel)
}

/// The index of the channel that is not the caller's; the first where nobody knows.
fn line_channel(caller: &Option<Measured<Channel>>) -> usize {
    match caller.as_ref().and_then(|side| side.value) {
        Some(Channel::Left) => 1,
        _ => 0,
    }
}

fn verdict(phases: &[Phase], settings: &LineSettings) -> CountryVerdict<'static> {
    let told = settings.country.as_deref().and_then(tone_plan::plan);
    match told {
        Some(plan) => country::judge(std::slice::from_ref(plan), phases),
        None => country::judge(tone_plan::plans(), phases),
    }
}

/// The country as a figure: empty where no plan is likelier than all others together.
fn country_figure(verdict: &CountryVerdict<'_>, settings: &LineSettings) -> Measured<String> {
    const LIKELY: f64 = 0.5;
    let whole = Interval::new(0.0, 0.0);
    if let Some(told) = &settings.country {
        return Measured::heard(told.clone(), 1.0, Reason::Told, whole);
    }
    if !verdict.heard_tones {
        return Measured::absent(0.9, Reason::NotThere);
    }
    let codes = |n: usize| verdict.ranking.iter().take(n).map(|(plan, _)| plan.country.as_str()).collect::<Vec<_>>();
    let Some((plan, share)) = verdict.ranking.first() else { return Measured::absent(0.9, Reason::NotThere) };
    let runner_up = codes(2).get(1).copied().unwrap_or_default().to_owned();
    if *share >= LIKELY {
        let reason = if *share > 0.95 { Reason::Heard } else { Reason::Ambiguous { rival: runner_up } };
        return Measured::heard(plan.country.clone(), *share as f32, reason, whole);
    }
    let rivals = verdict.ranking.iter().filter(|(_, s)| *s > share / 3.0).count().clamp(2, 6);
    Measured::absent(1.0 - *share as f32, Reason::Ambiguous { rival: codes(rivals).join(", ") })
}
