//! Bursts of tone: which may be an exchange's, which are one tone's, and which are syllables at a tone's pitch.

use std::sync::LazyLock;

use crate::{
    detect::{Evidence, Sound},
    interval::Interval,
    tone_plan::{self, Tone, TonePlan},
    units::{Decibels, Hertz, Seconds},
};

/// Call-progress tones lie here: E.180 recommends 400 to 450 Hz, North America goes up to 620, New Zealand to 900.
const PROGRESS_HZ: std::ops::RangeInclusive<Hertz> = 330.0..=930.0;
/// Notes wander or ring on; a machine's tone through the worst codec wanders 6 Hz, and 12 where noise is 10 dB below.
const MAX_WANDER_HZ: Hertz = 12.0;
/// An exchange keeps its level: what wanders too and is off by more than this is a syllable at the tone's pitch.
pub(super) const SYLLABLE_STEP_DB: Decibels = 2.5;
/// An exchange keeps its pitch, too: codecs and noise pull a burst's mean by less than this.
const SYLLABLE_STEP_HZ: Hertz = 6.0;
/// What holds a pitch for so long is no word: the shortest burst of a ringing tone lasts 0.4 s, a tenth less here or there.
pub(super) const MIN_WHOLE_S: Seconds = 0.35;
/// What one line lets hear beside a tone is alike from ring to ring: a burst less than half as sure is made of more.
const MURKY_SHARE: f32 = 0.5;

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
    /// How far it wandered in most of its frames, in Hz.
    pub deviation_hz: Hertz,
}

impl Burst {
    /// Whether its pitch stands as still as a machine's.
    pub(super) fn is_still(&self) -> bool {
        self.wander_hz <= MAX_WANDER_HZ
    }

    /// Whether it is part of a voice that by chance has the pitch of `tone`: whoever answers often begins so, a moment after
    /// the last ring.
    pub(super) fn is_syllable_beside(&self, tone: &Burst) -> bool {
        let off_level = (tone.level_dbfs - self.level_dbfs).abs() > SYLLABLE_STEP_DB;
        let off_pitch = tone.lines.len() == self.lines.len() && (tone.hz() - self.hz()).abs() > SYLLABLE_STEP_HZ;
        let slides = self.deviation_hz > MAX_WANDER_HZ;
        let is_murky = self.confidence < MURKY_SHARE * tone.confidence;
        let may_be_still = self.interval.duration() < MIN_WHOLE_S && (is_murky || off_level && off_pitch);
        tone.is_still() && (may_be_still || !self.is_still() && (off_level || off_pitch || slides))
    }

    /// Whether it is `tone` again in pitch and level, and most of it stands still: a short burst in noise wanders at its ends.
    pub(super) fn is_twin(&self, tone: &Burst) -> bool {
        const SAME_HZ: Hertz = 3.0;
        const SAME_DB: Decibels = 1.5;
        /// With noise 10 dB below 99 bursts in 100 deviate by less than 6 Hz, through codecs less.
        const MAX_DEVIATION_HZ: Hertz = 8.0;
        self.deviation_hz <= MAX_DEVIATION_HZ
            && (tone.hz() - self.hz()).abs() <= SAME_HZ
            && (tone.level_dbfs - self.level_dbfs).abs() <= SAME_DB
    }

    /// The mean of its lines.
    fn hz(&self) -> Hertz {
        self.lines.iter().sum::<Hertz>() / self.lines.len().max(1) as Hertz
    }
}

/// The burst in a piece of evidence, if it may be a call-progress tone's.
pub(super) fn progress_burst(evidence: &Evidence) -> Option<Burst> {
    let Sound::Tone(lines) = &evidence.sound else { return None };
    let measured = |name| evidence.measured(name).unwrap_or(0.0);
    (lines.iter().all(|hz| PROGRESS_HZ.contains(hz)) && is_known(lines)).then(|| Burst {
        interval: evidence.interval,
        lines: lines.clone(),
        level_dbfs: measured("level_dbfs"),
        confidence: evidence.confidence,
        contrast_db: measured("contrast_db"),
        wander_hz: measured("frequency_spread_hz"),
        deviation_hz: measured("frequency_deviation_hz"),
    })
}

/// The bursts, those joined that lost packets tore apart.
pub(super) fn healed(bursts: &[Burst]) -> Vec<Burst> {
    /// No tone pauses for so short a time: the shortest pause in use is 0.165 s (Czech congestion), less E.180's tenth and what
    /// two edges gain.
    const MAX_TEAR_S: Seconds = 0.125;
    /// Eight packets of 20 ms. Beats pause for as short a time, again and again.
    const MAX_LONE_TEAR_S: Seconds = 0.165;
    /// How far the pauses of a beat differ, edges and all; the pause of a double ring is longer by more.
    const AGAIN_S: Seconds = 0.025;
    /// Two notes follow each other without a gap.
    const MIN_TEAR_S: Seconds = 0.005;
    const SAME_HZ: Hertz = 3.0;
    /// A short piece of several lines is as loud as their beat happens to be.
    const BEATING_STEP_DB: Decibels = 4.0;
    let pauses: Vec<Seconds> = bursts.windows(2).map(|w| w[1].interval.start() - w[0].interval.end()).collect();
    let is_lone = |i: usize| {
        let beside = [i.checked_sub(1), Some(i + 1)].into_iter().flatten().filter_map(|j| pauses.get(j));
        beside.into_iter().all(|pause| (pause - pauses[i]).abs() > AGAIN_S)
    };
    let mut whole: Vec<Burst> = Vec::new();
    for (i, burst) in bursts.iter().enumerate() {
        let is_torn_off = |last: &&mut Burst| {
            let tear = burst.interval.start() - last.interval.end();
            let longest = if is_lone(i - 1) { MAX_LONE_TEAR_S } else { MAX_TEAR_S };
            (MIN_TEAR_S..=longest).contains(&tear)
                && same_tone(last, burst)
                && (last.lines.len() != burst.lines.len() || (last.hz() - burst.hz()).abs() <= SAME_HZ)
                && (last.level_dbfs - burst.level_dbfs).abs()
                    <= if last.lines.len() > 1 { BEATING_STEP_DB } else { SYLLABLE_STEP_DB }
        };
        match whole.last_mut().filter(is_torn_off) {
            Some(last) => {
                let longer =
                    if last.interval.duration() >= burst.interval.duration() { last.clone() } else { burst.clone() };
                *last = Burst {
                    interval: last.interval.hull(burst.interval),
                    contrast_db: last.contrast_db.min(burst.contrast_db),
                    ..longer
                };
            }
            None => whole.push(burst.clone()),
        }
    }
    whole
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

/// Whether two bursts may be of one tone: line by line, as far as each had the time to show its lines.
pub(super) fn same_tone(a: &Burst, b: &Burst) -> bool {
    /// How far a line may be off: as much as the worst codec and noise 10 dB below make of it.
    const SAME_HZ: Hertz = 10.0;
    /// How near its own lines and its level are where edges show beside them: no word has both.
    const EDGES_HZ: Hertz = 1.5;
    const EDGES_DB: Decibels = 1.5;
    /// A burst this long has several long spectra of 128 ms wholly inside it.
    const CLEAR_S: Seconds = 0.2;
    /// Lines nearer than four bins of the long spectrum make one lobe at one moment and two at the next.
    const APART_HZ: Hertz = 4.0 * 7.8125;
    let near = |a: Hertz, b: Hertz| (a - b).abs() <= SAME_HZ;
    let is_as_loud = (a.level_dbfs - b.level_dbfs).abs() <= EDGES_DB;
    let (rich, poor) = if a.lines.len() >= b.lines.len() { (a, b) } else { (b, a) };
    if rich.lines.len() == poor.lines.len() {
        return rich.lines.iter().zip(&poor.lines).all(|(&a, &b)| near(a, b));
    }
    let (lowest, highest) = (rich.lines[0], rich.lines[rich.lines.len() - 1]);
    // what is too short to show its lines shows one between them, and so does what packets were repeated in
    let is_short = poor.interval.duration() < CLEAR_S.min(rich.interval.duration());
    let is_held = poor.interval.duration() >= MIN_WHOLE_S && is_as_loud;
    let unresolved = match poor.lines[..] {
        [one] if highest - lowest <= APART_HZ && rich.interval.duration() >= CLEAR_S => {
            (lowest - SAME_HZ..=highest + SAME_HZ).contains(&one)
        }
        [one] => is_short && near(one, (lowest + highest) / 2.0) || is_held && (lowest..=highest).contains(&one),
        _ => false,
    };
    // the weak sidebands of a modulated tone come and go with the noise
    let sidebands_lost = rich.lines.len() == 3
        && rich.interval.duration() >= CLEAR_S
        && poor.lines.iter().all(|&p| rich.lines.iter().any(|&r| near(p, r)));
    // the edges of a short one show as lines beside its own, and so does what a coarse codec makes of a faint one
    let edges_shown = (rich.interval.duration() < CLEAR_S || is_held)
        && is_as_loud
        && poor.lines.iter().all(|&p| rich.lines.iter().any(|&r| (p - r).abs() <= EDGES_HZ));
    unresolved || sidebands_lost || edges_shown
}
