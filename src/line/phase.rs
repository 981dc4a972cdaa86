//! Bursts of tone into phases: ringing as a caller counts it, or the beats of a busy tone. No country is needed for that.
//!
//! All ringing tones of the world pause for two seconds or more; all busy and congestion tones for less than one. Bursts
//! of one tone with quiet between them make a phase; bursts less than [`MAX_BEAT_GAP_S`] apart belong to one group. One
//! burst, or two close ones (the British double ring), are a ring; three and more are beats.

use std::sync::LazyLock;

use crate::{
    detect::{Evidence, Sound},
    heard::Levels,
    interval::Interval,
    tone_plan::{self, Tone, TonePlan},
    units::{Decibels, Hertz, Seconds},
};

/// The longest pause inside a busy or congestion tone in use is 0.75 s, the shortest between two rings 2 s (E.180 Suppl. 2).
const MAX_BEAT_GAP_S: Seconds = 1.2;
/// The longest pause between two rings: 9 s, of some company exchanges.
const MAX_RING_GAP_S: Seconds = 9.6;
/// The longest pause inside a double ring: 0.2 s, and as much again for what codecs do to edges.
pub(crate) const MAX_DOUBLE_GAP_S: Seconds = 0.42;
/// The bursts of a double ring last 0.4 s each.
const MAX_DOUBLE_BURST_S: Seconds = 0.65;
/// The longest burst of ringing in use lasts 2 s.
const MAX_RING_S: Seconds = 2.6;
/// A tone that lasts this long has no cadence: a dial tone, or the steady "number unobtainable".
const MIN_STEADY_S: Seconds = 3.0;
/// Call-progress tones lie here: E.180 recommends 400 to 450 Hz, North America goes up to 620, New Zealand to 900.
const PROGRESS_HZ: std::ops::RangeInclusive<Hertz> = 330.0..=930.0;
/// How much quieter the pause must be than the bursts: half of the worst signal-to-noise ratio that rings are counted in.
const MIN_PAUSE_DROP_DB: Decibels = 5.0;
/// The share of a pause that may be as loud as the bursts: clicks, lost packets.
const MAX_LOUD_SHARE: f64 = 0.15;
/// Levels of the bursts of one phase agree within this.
const MAX_LEVEL_STEP_DB: Decibels = 8.0;
/// Notes wander or ring on; a machine's tone through the worst codec wanders 6 Hz, and 12 where noise is 10 dB below.
const MAX_WANDER_HZ: Hertz = 12.0;
/// An exchange keeps its level: what wanders too and is off by more than this is a syllable at the tone's pitch.
const SYLLABLE_STEP_DB: Decibels = 2.5;

/// One burst of steady tone.
#[derive(Clone, Debug, PartialEq)]
pub struct Burst {
    /// When it sounded.
    pub interval: Interval,
    /// What sounded together, in Hz.
    pub lines: Vec<Hertz>,
    /// How loud, in dBFS.
    pub level_dbfs: Decibels,
    /// How sure the detector was that it is a machine's tone.
    pub confidence: f32,
    /// How far the level falls on both sides, in dB.
    pub contrast_db: Decibels,
    /// How far the frequency wandered, in Hz.
    pub wander_hz: Hertz,
}

impl Burst {
    /// Whether its pitch stands as still as a machine's.
    fn is_still(&self) -> bool {
        self.wander_hz <= MAX_WANDER_HZ
    }

    /// Whether it is part of a voice that by chance has the pitch of `tone`: whoever answers often begins so, a moment after
    /// the last ring.
    fn is_syllable_beside(&self, tone: &Burst) -> bool {
        tone.is_still() && !self.is_still() && (tone.level_dbfs - self.level_dbfs).abs() > SYLLABLE_STEP_DB
    }
}

/// How a phase's bursts follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// One ring a group, long pauses.
    Rings,
    /// Short bursts, short pauses.
    Beats,
    /// No pause at all.
    Steady,
}

/// A stretch of one tone in one rhythm.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// Which rhythm.
    pub rhythm: Rhythm,
    /// The bursts, those of one ring together.
    pub groups: Vec<Vec<Burst>>,
}

impl Phase {
    /// From the first burst's start to the last burst's end.
    pub fn interval(&self) -> Interval {
        let (first, last) = (&self.groups[0][0], self.groups.last().and_then(|g| g.last()));
        first.interval.hull(last.unwrap_or(first).interval)
    }

    /// All bursts in time's order.
    pub fn bursts(&self) -> impl Iterator<Item = &Burst> {
        self.groups.iter().flatten()
    }

    /// The level of its loudest burst.
    pub fn level_dbfs(&self) -> Decibels {
        self.bursts().map(|b| b.level_dbfs).fold(f32::NEG_INFINITY, f32::max)
    }

    /// How long most rings last from their first burst's start to their last burst's end; `None` without bursts.
    pub fn usual_ring_s(&self) -> Option<Seconds> {
        let mut lengths: Vec<Seconds> = self.groups.iter().map(|g| group_interval(g).duration()).collect();
        lengths.sort_by(f64::total_cmp);
        // Cuts only shorten: the upper median is the length of a whole ring as soon as half of them are whole.
        lengths.get(lengths.len() / 2).copied()
    }
}

/// From a ring's first burst's start to its last burst's end.
pub fn group_interval(group: &[Burst]) -> Interval {
    group.iter().fold(group[0].interval, |all, b| all.hull(b.interval))
}

/// The phases that a channel's evidence makes, in time's order.
pub fn phases(evidence: &[Evidence], levels: &Levels) -> Vec<Phase> {
    let mut chains: Vec<Vec<Burst>> = Vec::new();
    for burst in evidence.iter().filter_map(progress_burst) {
        match chains.last_mut() {
            Some(chain) if follows(chain, &burst, levels) => chain.push(burst),
            _ => chains.push(vec![burst]),
        }
    }
    chains
        .into_iter()
        .map(without_answer)
        .flat_map(split_by_rhythm)
        .filter(|phase| is_plausible(phase, levels))
        .collect()
}

/// The burst in a piece of evidence, if it may be a call-progress tone's.
fn progress_burst(evidence: &Evidence) -> Option<Burst> {
    let Sound::Tone(lines) = &evidence.sound else { return None };
    let measured = |name| evidence.measured(name).unwrap_or(0.0);
    (lines.iter().all(|hz| PROGRESS_HZ.contains(hz)) && is_known(lines)).then(|| Burst {
        interval: evidence.interval,
        lines: lines.clone(),
        level_dbfs: measured("level_dbfs"),
        confidence: evidence.confidence,
        contrast_db: measured("contrast_db"),
        wander_hz: measured("frequency_spread_hz"),
    })
}

/// Whether some country's tone has these lines, or one line between those of a pair: a burst too short for the long spectrum
/// shows a pair so.
fn is_known(lines: &[Hertz]) -> bool {
    const NEAR: f32 = 0.025;
    static KNOWN: LazyLock<Vec<Vec<Hertz>>> = LazyLock::new(|| {
        let progress =
            |plan: &TonePlan| -> Vec<Tone> { [&plan.ringing[..], &plan.busy, &plan.congestion, &plan.dial].concat() };
        tone_plan::plans().iter().flat_map(progress).map(|tone| tone.frequencies).collect()
    });
    let near = |a: Hertz, b: Hertz| (a / b - 1.0).abs() <= NEAR;
    let explains = |known: &Vec<Hertz>| {
        let each_line = lines.iter().all(|&l| known.iter().any(|&k| near(l, k)));
        let whole = lines.len() == known.len() || known.len() == 3;
        let between = lines.len() == 1 && known.len() > 1 && known[0] < lines[0] && lines[0] < known[known.len() - 1];
        each_line && whole || between
    };
    KNOWN.iter().any(explains)
}

/// Whether `burst` goes on what `chain` began: the same tone, as loud, after a pause that is one.
fn follows(chain: &[Burst], burst: &Burst, levels: &Levels) -> bool {
    let last = &chain[chain.len() - 1];
    let pause = Interval::new(last.interval.end().min(burst.interval.start()), burst.interval.start());
    let quiet = last.level_dbfs.min(burst.level_dbfs) - MIN_PAUSE_DROP_DB;
    pause.duration() <= MAX_RING_GAP_S
        && same_tone(&last.lines, &burst.lines)
        && (last.level_dbfs - burst.level_dbfs).abs() <= MAX_LEVEL_STEP_DB
        && levels.share_above(pause, quiet) <= MAX_LOUD_SHARE
}

/// Whether two sets of lines may be one tone: a burst too short for the long spectrum shows a pair as one line between.
fn same_tone(a: &[Hertz], b: &[Hertz]) -> bool {
    let mean = |lines: &[Hertz]| lines.iter().sum::<Hertz>() / lines.len().max(1) as Hertz;
    let tolerance = if a.len() == b.len() { 10.0 } else { 40.0 };
    (mean(a) - mean(b)).abs() <= tolerance
}

/// A machine's chain without the first syllables of whoever answered, a moment after the tone. Where syllables stand between
/// the bursts as well, or right beside them, it is no machine's, and is left as it is.
fn without_answer(mut chain: Vec<Burst>) -> Vec<Burst> {
    /// From the pick-up to the first word, at least.
    const MOMENT_S: Seconds = 0.1;
    let still = chain.iter().take_while(|b| b.is_still()).count();
    let (tone, rest) = chain.split_at(still);
    if let (Some(last), Some(word)) = (tone.last(), rest.first())
        && word.interval.start() - last.interval.end() >= MOMENT_S
        && rest.iter().all(|b| b.is_syllable_beside(last))
    {
        chain.truncate(still);
    }
    chain
}

/// A chain of bursts into phases of one rhythm each.
fn split_by_rhythm(chain: Vec<Burst>) -> Vec<Phase> {
    let mut groups: Vec<Vec<Burst>> = Vec::new();
    for burst in chain {
        match groups.last_mut() {
            Some(group) if burst.interval.start() - group_interval(group).end() < MAX_BEAT_GAP_S => group.push(burst),
            _ => groups.push(vec![burst]),
        }
    }
    let mut phases: Vec<Phase> = Vec::new();
    for mut group in groups {
        let goes_on = phases.last().is_some_and(|phase| phase.rhythm == Rhythm::Rings && keeps_time(phase, &group));
        if goes_on && group.len() == 2 && rhythm(&group) == Rhythm::Beats {
            // A ring and then a syllable of whoever answered it, at the ringing's pitch by chance.
            group.truncate(1);
        }
        let rhythm = rhythm(&group);
        match phases.last_mut() {
            Some(phase) if goes_on && rhythm == Rhythm::Rings => phase.groups.push(group),
            _ => phases.push(Phase { rhythm, groups: vec![group] }),
        }
    }
    phases
}

/// Whether `next` comes after the pause that this ringing keeps, or after one that some country keeps where only one ring
/// is known: every ring but the last is whole at its end, so the pauses never vary.
fn keeps_time(ringing: &Phase, next: &[Burst]) -> bool {
    /// Exchanges keep time within a tenth (E.180 allows cadences that much).
    const MAX_OFF: f64 = 0.12;
    static PAUSES_S: LazyLock<Vec<Seconds>> = LazyLock::new(|| {
        let tones = tone_plan::plans().iter().flat_map(|plan| &plan.ringing);
        tones.filter_map(|tone| tone.cadence.last().copied()).collect()
    });
    let pause = |a: &[Burst], b: &[Burst]| group_interval(b).start() - group_interval(a).end();
    let near = |a: Seconds, b: Seconds| (a / b - 1.0).abs() <= MAX_OFF;
    let Some(last) = ringing.groups.last() else { return true };
    let now = pause(last, next);
    match ringing.groups.len() {
        1 => PAUSES_S.iter().any(|&known| near(now, known)),
        n => near(now, pause(&ringing.groups[n - 2], last)),
    }
}

fn rhythm(group: &[Burst]) -> Rhythm {
    match group {
        [one] if one.interval.duration() > MIN_STEADY_S => Rhythm::Steady,
        [_] => Rhythm::Rings,
        [a, b] => {
            let gap = b.interval.start() - a.interval.end();
            let short = a.interval.duration().max(b.interval.duration()) <= MAX_DOUBLE_BURST_S;
            if gap <= MAX_DOUBLE_GAP_S && short { Rhythm::Rings } else { Rhythm::Beats }
        }
        _ => Rhythm::Beats,
    }
}

/// Whether a phase is a machine's and not some held notes: quiet around its bursts, a still frequency, and for beats a
/// rhythm that repeats.
fn is_plausible(phase: &Phase, levels: &Levels) -> bool {
    /// Where no burst lasts this long, nobody would have heard it ring: the shortest in use lasts 0.4 s.
    const MIN_RING_S: Seconds = 0.25;
    let n = phase.bursts().count();
    let is_clean = |b: &&Burst| b.contrast_db >= MIN_PAUSE_DROP_DB && b.is_still();
    let clean = phase.bursts().filter(is_clean).count();
    if 2 * clean < n + 1 {
        return false;
    }
    match phase.rhythm {
        Rhythm::Beats => n >= 3 && is_regular(phase) || n == 2 && is_alone(phase, levels),
        Rhythm::Rings => {
            let lengths_fit = phase.bursts().all(|b| b.interval.duration() <= MAX_RING_S);
            let sure = phase.bursts().map(|b| b.confidence).fold(0.0, f32::max);
            let longest = phase.groups.iter().map(|g| group_interval(g).duration()).fold(0.0, f64::max);
            let usual = phase.bursts().map(|b| b.confidence).sum::<f32>() / n as f32;
            let several = phase.groups.len() > 1 && usual > 0.4;
            lengths_fit && longest >= MIN_RING_S && (several || sure > 0.6 && is_alone(phase, levels))
        }
        Rhythm::Steady => phase.bursts().all(|b| b.confidence > 0.7 && b.wander_hz < 6.0),
    }
}

/// Whether the beats repeat: each burst and each pause is as long as the one `p` before, for some `p` of the cadences in
/// use (one burst a round, or two, three, four or six).
fn is_regular(phase: &Phase) -> bool {
    let bursts: Vec<&Burst> = phase.bursts().collect();
    let on: Vec<Seconds> = bursts.iter().map(|b| b.interval.duration()).collect();
    let off: Vec<Seconds> = bursts.windows(2).map(|w| w[1].interval.start() - w[0].interval.end()).collect();
    let same = |a: Seconds, b: Seconds| (a - b).abs() <= 0.03 + 0.1 * a.max(b);
    [1, 2, 3, 4, 6].into_iter().any(|p| {
        // The last burst may be cut, the first may be.
        let pairs_on =
            (1..on.len().saturating_sub(1)).filter(|&i| i >= p && i - p >= 1).map(|i| same(on[i], on[i - p]));
        let pairs_off = (p..off.len()).map(|i| same(off[i], off[i - p]));
        let fits: Vec<bool> = pairs_on.chain(pairs_off).collect();
        !fits.is_empty() && 10 * fits.iter().filter(|&&fit| fit).count() >= 8 * fits.len()
    })
}

/// Whether it is quiet for half a second before the phase, or the recording begins there.
fn is_alone(phase: &Phase, levels: &Levels) -> bool {
    const BEFORE_S: Seconds = 0.5;
    let start = phase.interval().start();
    let before = Interval::new((start - BEFORE_S).max(0.0), (start - 0.02).max(0.0).max((start - BEFORE_S).max(0.0)));
    levels.share_above(before, phase.level_dbfs() - 2.0 * MIN_PAUSE_DROP_DB) <= MAX_LOUD_SHARE
}
