//! Busy, congestion, dial and special information tones of every plan (ITU-T E.180) through what lines do to them: tolerances
//! of frequency and cadence, levels, noise, codecs.

use bezet::{
    label::Label,
    line::{Phase, Rhythm, country, sit::sits},
    synth::{call_progress::Exchange, noise::Noise, random::Random},
    tone_plan::{Tone, plans},
    units::{Decibels, Hertz, Seconds},
};

use super::{
    heard,
    progress::phases_in,
    silence,
    way::{DBFS_OF_0_DBM0, LEVELS, Sent, add, assert_heard_in_g711, assert_heard_through_codecs, each_once},
};

/// By how much a network's frequency and its cadence may be off.
const TOLERANCES: (f64, f64) = (0.02, 0.1);
/// What is quiet before and after.
const QUIET_S: (Seconds, Seconds) = (0.6, 0.6);
/// What a noise is beside the tone.
type Under = Option<(Noise, Decibels)>;
/// A level in dBm0, and what is under the tone.
type Condition = (Decibels, Under);

/// Every level, without noise and with one 20 and 10 dB below.
const CONDITIONS: [Condition; 9] = [
    (LEVELS[0], None),
    (LEVELS[0], Some((Noise::White, 20.0))),
    (LEVELS[0], Some((Noise::White, 10.0))),
    (LEVELS[1], None),
    (LEVELS[1], Some((Noise::Pink, 20.0))),
    (LEVELS[1], Some((Noise::Pink, 10.0))),
    (LEVELS[2], None),
    (LEVELS[2], Some((Noise::Comfort, 20.0))),
    (LEVELS[2], Some((Noise::Comfort, 10.0))),
];
/// What codecs are asked to carry.
const CODED: [Condition; 3] =
    [(LEVELS[0], None), (LEVELS[1], Some((Noise::Pink, 20.0))), (LEVELS[1], Some((Noise::White, 10.0)))];

/// An exchange at `level`, as far off in pitch and time as it may be, or not at all.
fn off_by_chance(level: Decibels, random: &mut Random) -> Exchange {
    let (pitch, time) = (*random.pick(&[-1.0, 0.0, 1.0]), *random.pick(&[-1.0, 0.0, 1.0]));
    let (deviation, drag) = ((TOLERANCES.0 * pitch) as f32, TOLERANCES.1 * time);
    Exchange { level: level + DBFS_OF_0_DBM0, deviation, drag, ..Exchange::default() }
}

/// A sound between quiet, with noise under all of it.
fn in_quiet(sound: Vec<f32>, level: Decibels, under: Under, random: &mut Random) -> Vec<f32> {
    let mut samples = [silence(QUIET_S.0), sound, silence(QUIET_S.1)].concat();
    if let Some((noise, below)) = under {
        add(noise, level - below, &mut samples, random);
    }
    samples
}

/// A tone of an exchange for 4 to 6 s, from anywhere in its cadence.
fn sent(tone: &'static Tone, (level, under): Condition, random: &mut Random, is_heard: Heard) -> Sent {
    let exchange = off_by_chance(level, random);
    let (from, lasts) = (random.uniform(0.0, exchange.period(tone).unwrap_or(0.0)), random.uniform(4.0, 6.0));
    let samples = in_quiet(exchange.listen(tone, from, lasts), exchange.level, under, random);
    let what = format!("{tone:?} from {from:.2} for {lasts:.2} s, {under:?}, {exchange:?}");
    Sent::new(what, samples, move |samples| is_heard(tone, lasts, &phases_in(samples)))
}

/// Whether a tone of so many seconds is what was heard.
type Heard = fn(&Tone, Seconds, &[Phase]) -> bool;

/// Busy and congestion tones: from the first beat to the last, and in each country what its plan says.
fn is_engaged(tone: &Tone, lasts: Seconds, phases: &[Phase]) -> bool {
    /// What of a burst that a recording begins or ends in is too short to be heard.
    const REST_S: Seconds = 0.1;
    let [one] = phases else { return false };
    let pause = tone.cadence.iter().skip(1).step_by(2).copied().fold(0.0, f64::max) * (1.0 + TOLERANCES.1);
    let means = |plan, label| country::judge(std::slice::from_ref(plan), phases).meaning(one).label == label;
    let means_its_own = plans().iter().all(|plan| {
        let own = |own: &[Tone], others: &[Tone], label| {
            !own.contains(tone) || others.iter().any(|other| may_pass_for(tone, other)) || means(plan, label)
        };
        own(&plan.busy, &plan.congestion, Label::Busy) && own(&plan.congestion, &plan.busy, Label::Congestion)
    });
    one.rhythm == Rhythm::Beats && one.interval().duration() > lasts - 2.0 * (pause + REST_S) && means_its_own
}

/// Whether both are one tone when each is as far off as it may be.
fn may_pass_for(a: &Tone, b: &Tone) -> bool {
    let near = |a: f64, b: f64, tolerance: f64| a.max(b) / a.min(b) <= (1.0 + tolerance) / (1.0 - tolerance);
    let pitch = |(a, b): (&Hertz, &Hertz)| near(f64::from(*a), f64::from(*b), TOLERANCES.0);
    let elements = a.cadence.len().max(b.cadence.len());
    let element = |tone: &Tone, i: usize| tone.cadence[i % tone.cadence.len()];
    a.frequencies.len() == b.frequencies.len()
        && a.frequencies.iter().zip(&b.frequencies).all(pitch)
        && (0..elements).all(|i| near(element(a, i), element(b, i), TOLERANCES.1))
}

/// Dial tones: steady from start to end.
fn is_dial(_: &Tone, lasts: Seconds, phases: &[Phase]) -> bool {
    matches!(phases, [one] if one.rhythm == Rhythm::Steady && (one.interval().duration() - lasts).abs() < 0.1)
}

fn engaged() -> Vec<&'static Tone> {
    each_once(plans().iter().flat_map(|plan| plan.busy.iter().chain(&plan.congestion)))
}

fn dial() -> Vec<&'static Tone> {
    each_once(plans().iter().flat_map(|plan| &plan.dial).filter(|tone| tone.cadence.is_empty()))
}

/// Each under a third of the conditions, in turn: all together under all of them.
fn in_turn<T: Copy>(all: Vec<T>, conditions: &[Condition]) -> Vec<(T, Condition)> {
    let turns =
        |i: usize| (0..conditions.len().div_ceil(3)).map(move |turn| conditions[(i + 3 * turn) % conditions.len()]);
    all.into_iter().enumerate().flat_map(|(i, one)| turns(i).map(move |condition| (one, condition))).collect()
}

fn all(tones: Vec<&'static Tone>, conditions: &[Condition], seed: u64, is_heard: Heard) -> Vec<Sent> {
    let mut random = Random::new(seed);
    let each = in_turn(tones, conditions).into_iter();
    each.map(|(tone, condition)| sent(tone, condition, &mut random, is_heard)).collect()
}

#[test]
fn e180_busy_and_congestion_of_every_plan_within_tolerance_at_every_level_in_noise() {
    assert_heard_in_g711(&all(engaged(), &CONDITIONS, 21, is_engaged), 0.01);
}

#[test]
fn e180_busy_and_congestion_of_every_plan_through_every_codec() {
    assert_heard_through_codecs(&all(engaged(), &CODED, 22, is_engaged), 0.02);
}

#[test]
fn e180_dial_tones_of_every_plan_at_every_level_in_noise() {
    // 330 and 440 Hz at -38 dBm0: what is left of them in A-law shows a third line
    assert_heard_in_g711(&all(dial(), &CONDITIONS, 23, is_dial), 0.03);
}

#[test]
fn e180_dial_tones_of_every_plan_through_every_codec() {
    // with noise 10 dB below, G.726 and GSM shake a steady tone as a held note shakes
    assert_heard_through_codecs(&all(dial(), &CODED[..2], 24, is_dial), 0.02);
}

/// A special information tone whose pitches, lengths and gaps are off by as much as they may, each by chance.
fn special((level, under): Condition, hz: [Hertz; 3], off: Hertz, random: &mut Random) -> Sent {
    let exchange = Exchange { level: level + DBFS_OF_0_DBM0, ..Exchange::default() };
    let hz = hz.map(|hz| hz + random.uniform(-1.0, 1.0) as f32 * off);
    let (lengths, gap) = ([0.0; 3].map(|_: f64| random.uniform(0.26, 0.4)), random.uniform(0.0, 0.03));
    let samples = in_quiet(exchange.special_information(hz, lengths, gap), exchange.level, under, random);
    let lasts = lengths.iter().sum::<Seconds>() + 2.0 * gap;
    let is_heard = move |samples: &[f32]| {
        let heard = heard(samples);
        let right = |hz_heard: &[Hertz; 3]| hz_heard.iter().zip(hz).all(|(heard, hz)| (heard - hz).abs() < 12.0);
        matches!(&sits(&heard.evidence)[..], [sit] if (sit.interval.duration() - lasts).abs() < 0.1 && right(&sit.hz))
    };
    Sent::new(format!("{hz:?} for {lengths:.2?} s {gap:.3} s apart, {level} dBm0, {under:?}"), samples, is_heard)
}

/// E.180's own as far off as clause 7 lets it be, several times, and the plans' as they are.
fn specials(conditions: &[Condition], seed: u64) -> Vec<Sent> {
    const STANDARD: [Hertz; 3] = [950.0, 1400.0, 1800.0];
    let mut random = Random::new(seed);
    let mut hz: Vec<_> = plans().iter().flat_map(|plan| &plan.sit).map(|hz| (*hz, 0.0)).collect();
    hz.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap());
    hz.dedup();
    hz.extend([(STANDARD, 50.0); 9]);
    let each = in_turn(hz, conditions).into_iter();
    each.map(|((hz, off), condition)| special(condition, hz, off, &mut random)).collect()
}

#[test]
fn e180_special_information_tones_within_tolerance_at_every_level_in_noise() {
    assert_heard_in_g711(&specials(&CONDITIONS, 25), 0.02);
}

#[test]
fn e180_special_information_tones_through_every_codec() {
    assert_heard_through_codecs(&specials(&CODED, 26), 0.06);
}

#[test]
fn a_dial_tone_with_a_cadence_does_not_ring() {
    for plan in plans() {
        for tone in plan.dial.iter().filter(|tone| !tone.cadence.is_empty()) {
            let sound = Exchange::default().listen(tone, 0.0, 8.0);
            let phases = phases_in(&[silence(QUIET_S.0), sound, silence(QUIET_S.1)].concat());
            assert!(phases.iter().all(|phase| phase.rhythm != Rhythm::Rings), "{} {tone:?}: {phases:#?}", plan.country);
        }
    }
}
