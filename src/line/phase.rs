//! Bursts of tone into phases: ringing as a caller counts it, or the beats of a busy tone. No country is needed for that.
//!
//! All ringing tones of the world pause for two seconds or more; all busy and congestion tones for less than one. Bursts
//! of one tone with quiet between them make a phase; bursts less than [`MAX_BEAT_GAP_S`] apart belong to one group. One
//! burst, or two close ones (the British double ring), are a ring; three and more are beats.

use std::sync::LazyLock;

use super::burst::{Burst, MIN_WHOLE_S, SYLLABLE_STEP_DB, healed, progress_burst, same_tone};
use crate::{
    detect::Evidence,
    heard::Levels,
    interval::Interval,
    tone_plan::{self, Tone},
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
/// How much quieter the pause must be than the bursts: half of the worst signal-to-noise ratio that rings are counted in.
const MIN_PAUSE_DROP_DB: Decibels = 5.0;
/// The share of a pause that may be as loud as the bursts: clicks, lost packets.
const MAX_LOUD_SHARE: f64 = 0.15;
/// Levels of the bursts of one phase agree within this.
const MAX_LEVEL_STEP_DB: Decibels = 8.0;
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
    let bursts: Vec<Burst> = evidence.iter().filter_map(progress_burst).collect();
    for burst in healed(&bursts) {
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

/// Whether `burst` goes on what `chain` began: the same tone, as loud, after a pause that is one.
fn follows(chain: &[Burst], burst: &Burst, levels: &Levels) -> bool {
    let last = &chain[chain.len() - 1];
    let pause = Interval::new(last.interval.end().min(burst.interval.start()), burst.interval.start());
    let quiet = last.level_dbfs.min(burst.level_dbfs) - MIN_PAUSE_DROP_DB;
    // the longest burst shows best what sounds together
    let clearest = chain.iter().fold(last, |a, b| if b.interval.duration() > a.interval.duration() { b } else { a });
    pause.duration() <= MAX_RING_GAP_S
        && same_tone(clearest, burst)
        && (last.level_dbfs - burst.level_dbfs).abs() <= MAX_LEVEL_STEP_DB
        && is_quiet(pause, quiet, levels)
}

/// Whether a pause between two bursts is no louder than `quiet`, their own blur, clicks and lost packets apart.
fn is_quiet(pause: Interval, quiet: Decibels, levels: &Levels) -> bool {
    const BLUR_S: Seconds = 0.03;
    /// One step of the levels and a half.
    const CLICK_S: Seconds = 0.06;
    /// What is left of a burst that packets were lost of, too short to be heard as one: two steps and a half.
    const REST_S: Seconds = 0.1;
    /// A pause is mostly quiet all the same.
    const MAX_REST_SHARE: f64 = 0.35;
    let start = (pause.start() + BLUR_S).min(pause.end());
    let inner = Interval::new(start, (pause.end() - BLUR_S).max(start));
    let lasts = inner.duration();
    let allowed = (MAX_LOUD_SHARE * lasts).max(CLICK_S).max(REST_S.min(MAX_REST_SHARE * lasts));
    levels.share_above(inner, quiet) * lasts <= allowed
}

/// A machine's chain without the first syllables of whoever answered, a moment after the tone. Where syllables stand between
/// the bursts as well, or right beside them, it is no machine's, and is left as it is.
fn without_answer(mut chain: Vec<Burst>) -> Vec<Burst> {
    /// From the pick-up to the first word, at least.
    const MOMENT_S: Seconds = 0.1;
    let words = |i: &usize| {
        let (tone, rest) = (&chain[i - 1], &chain[*i..]);
        rest[0].interval.start() - tone.interval.end() >= MOMENT_S && rest.iter().all(|b| b.is_syllable_beside(tone))
    };
    if let Some(answer) = (1..chain.len()).find(words) {
        chain.truncate(answer);
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
    for group in groups {
        let ringing = phases.last().filter(|phase| phase.rhythm == Rhythm::Rings && keeps_time(phase, &group));
        let goes_on = ringing.is_some();
        let (group, beats) = apart(group, ringing.and_then(|phase| phase.groups.last()).map_or(&[], Vec::as_slice));
        let rhythm = rhythm(&group);
        match phases.last_mut() {
            Some(phase) if goes_on && rhythm == Rhythm::Rings => phase.groups.push(group),
            _ => phases.push(Phase { rhythm, groups: vec![group] }),
        }
        if beats.len() > 2 {
            phases.push(Phase { rhythm: Rhythm::Beats, groups: vec![beats] });
        }
    }
    phases
}

/// The ring in a group that holds more, and what comes after it: words at the ringing's pitch, or the busy tone of an exchange
/// that gave up. A ring is known by its length, which no beat has, or by the ring `before` it. What only beats is left whole.
fn apart(mut group: Vec<Burst>, before: &[Burst]) -> (Vec<Burst>, Vec<Burst>) {
    /// The longest beat of a busy tone in use lasts 0.75 s (India, Singapore), and a tenth more.
    const MAX_BEAT_S: Seconds = 0.83;
    /// What a ring's bursts keep from ring to ring.
    const SAME_S: Seconds = 0.06;
    if rhythm(&group) != Rhythm::Beats {
        return (group, vec![]);
    }
    let is_long = |b: &Burst| (MAX_BEAT_S..=MAX_RING_S).contains(&b.interval.duration());
    let long: Vec<usize> = (0..group.len()).filter(|&i| is_long(&group[i])).collect();
    if let [ring] = long[..] {
        let after = group.split_off(ring + 1);
        return (group.split_off(ring), after);
    }
    let near = |a: Seconds, b: Seconds| (a - b).abs() <= SAME_S;
    let since = |group: &[Burst], i: usize| group[i].interval.start() - group[0].interval.start();
    let length = |burst: &Burst| burst.interval.duration();
    let in_time = (0..group.len().min(before.len())).take_while(|&i| near(since(&group, i), since(before, i))).count();
    let is_whole = in_time == before.len() && (0..in_time).all(|i| near(length(&group[i]), length(&before[i])));
    let beats = group.len() > 2 && is_regular(&group);
    if in_time > 0 && (is_whole && group.len() > in_time + 2 || !beats) {
        let after = group.split_off(in_time);
        return (group, after);
    }
    (group, vec![])
}

/// Whether `next` comes after the pause that this ringing keeps or, where only one ring is known, after one that some
/// country keeps after such a ring. Pauses stay whole where a ring is cut at its start, periods where its end is lost, and from
/// end to end where packets of its start are.
fn keeps_time(ringing: &Phase, next: &[Burst]) -> bool {
    /// Cadences may be a tenth off their plan (E.180), and a little is lost in measuring.
    const MAX_OFF_PLAN: f64 = 0.12;
    /// How much longer than the rings before it a ring may be, and what its edges gain.
    const MAX_LONGER: f64 = 1.12;
    const EDGE_S: Seconds = 0.06;
    /// Seven packets of 20 ms, what is left of the ring beyond them but too short to be heard, and two edges.
    const MAX_LOST_S: Seconds = 0.23;
    /// A ring that begins within this of the recording's start may be cut there.
    const AT_START_S: Seconds = 0.1;
    /// One exchange keeps time much better; what jitter buffers and lost packets do to a pause.
    const MAX_OFF: (f64, Seconds) = (0.04, 0.04);
    static RINGING: LazyLock<Vec<Tone>> =
        LazyLock::new(|| tone_plan::plans().iter().flat_map(|plan| plan.ringing.clone()).collect());
    let step = |a: &[Burst], b: &[Burst]| {
        let (a, b) = (group_interval(a), group_interval(b));
        [b.start() - a.end(), b.start() - a.start(), b.end() - a.end()]
    };
    let Some(last) = ringing.groups.last() else { return true };
    let longest = |group: &[Burst]| group.iter().map(|b| b.interval.duration()).fold(0.0, f64::max);
    let known = ringing.groups.iter().map(|g| group_interval(g).duration()).fold(0.0, f64::max);
    // what is a ring without doubt may have lost packets at its end
    let lost = if known >= MIN_WHOLE_S { MAX_LOST_S } else { 0.0 };
    // only the recording's start makes a ring shorter than those after it
    if ringing.interval().start() > AT_START_S
        && longest(&next[..next.len().min(last.len())]) > (known * MAX_LONGER + EDGE_S).max(known + lost)
    {
        return false;
    }
    let now = step(last, next);
    let same = |now: Seconds, then: Seconds| (now - then).abs() <= MAX_OFF.0 * then + MAX_OFF.1;
    let is_long = next.iter().any(|b| b.interval.duration() >= MIN_WHOLE_S);
    let as_before = |then: [Seconds; 3]| {
        same(now[0], then[0]) || is_long && now[0] > then[0] && (same(now[1], then[1]) || same(now[2], then[2]))
    };
    if ringing.groups.windows(2).any(|w| as_before(step(&w[0], &w[1]))) || is_whole_again(last, next) {
        return true;
    }
    let near = |planned: Seconds, now: Seconds| (now / planned - 1.0).abs() <= MAX_OFF_PLAN;
    let keeps = |tone: &Tone| {
        let (pause, period) = (tone.cadence.last().copied().unwrap_or(0.0), tone.period().unwrap_or(0.0));
        may_be_ring_of(last, tone)
            && (near(pause, now[0]) || is_long && now[0] > pause && now[1..].iter().any(|&step| near(period, step)))
    };
    (ringing.groups.len() == 1 || is_long) && RINGING.iter().any(keeps)
}

/// Whether a ring may be of that tone: the same lines, and no burst longer than the tone's.
fn may_be_ring_of(ring: &[Burst], tone: &Tone) -> bool {
    const NEAR: f32 = 0.025;
    const MAX_LONGER: f64 = 1.12;
    let longest = |lengths: &mut dyn Iterator<Item = Seconds>| lengths.fold(0.0, f64::max);
    let heard = longest(&mut ring.iter().map(|b| b.interval.duration()));
    let planned = longest(&mut tone.cadence.iter().step_by(2).copied());
    let (lowest, highest) = (tone.frequencies[0], tone.frequencies[tone.frequencies.len() - 1]);
    let inside = |hz: &Hertz| (lowest * (1.0 - NEAR)..=highest * (1.0 + NEAR)).contains(hz);
    heard <= planned * MAX_LONGER && ring.iter().flat_map(|b| &b.lines).all(inside)
}

/// Whether the same ring sounds again, whole: then it needs no country's word for its pause.
fn is_whole_again(ring: &[Burst], again: &[Burst]) -> bool {
    let same = |(a, b): (&Burst, &Burst)| {
        let (long, short) = (a.interval.duration(), b.interval.duration());
        (long - short).abs() <= 0.03 + 0.05 * long
            && short >= MIN_WHOLE_S
            && a.is_still()
            && b.is_still()
            && (a.level_dbfs - b.level_dbfs).abs() <= SYLLABLE_STEP_DB
    };
    ring.len() == again.len() && ring.iter().zip(again).all(same)
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
    let clearest =
        phase.bursts().filter(|b| b.is_still()).max_by(|a, b| a.interval.duration().total_cmp(&b.interval.duration()));
    let is_machines = |b: &Burst| b.is_still() || clearest.is_some_and(|clearest| b.is_twin(clearest));
    let is_clean = |b: &&Burst| b.contrast_db >= MIN_PAUSE_DROP_DB && is_machines(b);
    let clean = phase.bursts().filter(is_clean).count();
    if 2 * clean < n + 1 {
        return false;
    }
    match phase.rhythm {
        Rhythm::Beats => {
            n >= 3 && is_regular(&phase.groups[0]) && pauses(&phase.groups[0]) || n == 2 && is_alone(phase, levels)
        }
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

/// Whether the beats stand apart as those of a tone do; notes follow each other.
fn pauses(bursts: &[Burst]) -> bool {
    /// The shortest pause in use is 0.165 s (Czech congestion), less E.180's tenth and what two edges gain.
    const MIN_PAUSE_S: Seconds = 0.1;
    let apart = bursts.windows(2).filter(|w| w[1].interval.start() - w[0].interval.end() >= MIN_PAUSE_S).count();
    2 * apart >= bursts.len() - 1
}

/// Whether the beats repeat: each burst and each pause is as long as the one `p` before, for some `p` of the cadences in
/// use (one burst a round, or two, three, four or six).
fn is_regular(bursts: &[Burst]) -> bool {
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

/// Whether it is quiet for half a second before the phase, or the recording begins there. What is quiet beside a ring in noise
/// is so before it; one held note in music is beside its accompaniment as well, two of a double ring's time are not.
fn is_alone(phase: &Phase, levels: &Levels) -> bool {
    const BEFORE_S: Seconds = 0.5;
    /// A click, or what is left of a burst that packets were lost of, or that the recording begins in.
    const CLICK_S: Seconds = 0.14;
    /// Few notes are held so long.
    const LONG_S: Seconds = 0.6;
    /// How far noise goes up and down about what it falls to beside the bursts.
    const NOISE_SPREAD_DB: Decibels = 3.0;
    let start = phase.interval().start();
    let before = Interval::new((start - BEFORE_S).max(0.0), (start - 0.02).max(0.0).max((start - BEFORE_S).max(0.0)));
    let contrast = phase.bursts().map(|b| b.contrast_db).fold(f32::INFINITY, f32::min);
    let in_noise = (contrast - NOISE_SPREAD_DB).clamp(MIN_PAUSE_DROP_DB, 2.0 * MIN_PAUSE_DROP_DB);
    let is_double = phase.rhythm == Rhythm::Rings && phase.bursts().count() > 1;
    let is_long = phase.bursts().any(|b| b.interval.duration() >= LONG_S);
    let drop = if is_double { in_noise } else { 2.0 * MIN_PAUSE_DROP_DB };
    let loud_s = levels.share_above(before, phase.level_dbfs() - drop) * before.duration();
    loud_s <= if is_double || is_long { CLICK_S } else { MAX_LOUD_SHARE * before.duration() }
}
