//! Rings of every plan through what lines do to them: levels, noise, codecs, lost packets, recordings that begin or end inside a
//! ring.

use bezet::{
    line::Rhythm,
    synth::{self, call_progress::Exchange, noise::Noise, random::Random},
    tone_plan::{Tone, plans},
    units::{Decibels, Seconds},
};

use super::{
    progress::phases_in,
    silence,
    way::{DBFS_OF_0_DBM0, LEVELS, Sent, add, assert_heard_in_g711, assert_heard_through_codecs, each_once},
};

/// What is quiet before and after the rings.
const QUIET_S: (Seconds, Seconds) = (1.0, 2.0);
/// Samples of a packet of 20 ms.
const PACKET: usize = 160;

/// The plans' ringing tones, each once.
fn tones() -> Vec<&'static Tone> {
    each_once(plans().iter().flat_map(|plan| &plan.ringing))
}

/// A recording of so many rings that begins after `before` samples: they are heard if they are counted, in one phase.
fn ringing(what: String, samples: Vec<f32>, before: usize, rings: usize) -> Sent {
    let are_counted = move |samples: &[f32]| match &phases_in(&samples[before.min(samples.len())..])[..] {
        [one] => one.rhythm == Rhythm::Rings && one.groups.len() == rings,
        _ => false,
    };
    Sent::new(what, samples, are_counted)
}

/// Between silence, so many rings of which the last one lacks `less` seconds.
fn rings(tone: &Tone, exchange: &Exchange, rings: usize, less: Seconds) -> Vec<f32> {
    let lasts = (rings - 1) as f64 * tone.period().unwrap() + ring_s(tone) - less;
    [silence(QUIET_S.0), exchange.listen(tone, 0.0, lasts), silence(QUIET_S.1)].concat()
}

/// How long one ring of `tone` lasts.
fn ring_s(tone: &Tone) -> Seconds {
    tone.cadence[..tone.cadence.len() - 1].iter().sum()
}

/// One to five rings, the first one cut at its start and the last one at its end or not, as chance has it.
fn by_chance(tone: &Tone, level: Decibels, noise: Option<(Noise, Decibels)>, random: &mut Random) -> Sent {
    let exchange = Exchange { level: level + DBFS_OF_0_DBM0, ..Exchange::default() };
    let count = random.between(1, 5);
    let (first, last) = (tone.cadence[0], tone.cadence[tone.cadence.len() - 2]);
    let mut cut = |burst: Seconds| if random.chance(0.4) { random.uniform(0.1, 0.6) * burst } else { 0.0 };
    let (start, end) = (cut(first), cut(last));
    // nobody counts what is left of a burst that is cut at both ends
    let start = if count == 1 && tone.cadence.len() == 2 && end > 0.0 { 0.0 } else { start };
    let mut samples = rings(tone, &exchange, count, end);
    if let Some((noise, below)) = noise {
        add(noise, exchange.level - below, &mut samples, random);
    }
    let before = if start > 0.0 { synth::samples(QUIET_S.0 + start) } else { 0 };
    let what = format!("{tone:?}, {count} rings from {start:.2} s less {end:.2} s, {level} dBm0, {noise:?}");
    ringing(what, samples, before, count)
}

#[test]
fn rings_of_every_plan_are_counted_at_every_level_in_noise_and_cut_at_either_end() {
    let mut random = Random::new(11);
    let mut all = vec![];
    for tone in tones() {
        for level in LEVELS {
            all.push(by_chance(tone, level, None, &mut random));
            for noise in [Noise::White, Noise::Pink, Noise::Comfort] {
                all.extend([20.0, 10.0].map(|below| by_chance(tone, level, Some((noise, below)), &mut random)));
            }
        }
    }
    assert_heard_in_g711(&all, 0.01);
}

#[test]
fn rings_of_every_plan_are_counted_through_every_codec() {
    let mut random = Random::new(12);
    let conditions = [(-10.0, None), (-25.0, Some((Noise::Pink, 20.0))), (-25.0, Some((Noise::White, 10.0)))];
    let all: Vec<Sent> = tones()
        .into_iter()
        .flat_map(|tone| conditions.map(|(level, noise)| (tone, level, noise)))
        .map(|(tone, level, noise)| by_chance(tone, level, noise, &mut random))
        .collect();
    assert_heard_through_codecs(&all, 0.02);
}

/// What a receiver plays in the place of lost packets.
#[derive(Clone, Copy, Debug)]
enum Concealment {
    Silence,
    /// The packet before, again and again.
    Repetition,
    /// The same, each time half as loud (ITU-T G.711 Appendix I fades a little sooner).
    Fading,
    Comfort(Decibels),
}

impl Concealment {
    fn conceal(self, samples: &mut [f32], from: usize, packets: usize, random: &mut Random) {
        let noise = match self {
            Self::Comfort(level) => Noise::Comfort.make(packets * PACKET, level, random),
            _ => vec![0.0; packets * PACKET],
        };
        for (i, noise) in noise.into_iter().enumerate() {
            samples[from + i] = match self {
                Self::Repetition => samples[from + i - PACKET],
                Self::Fading => 0.5 * samples[from + i - PACKET],
                Self::Silence | Self::Comfort(_) => noise,
            };
        }
    }
}

#[test]
fn a_ring_of_which_packets_are_lost_is_one_ring() {
    use Concealment::{Comfort, Fading, Repetition, Silence};
    const BEGINS_BEFORE_S: Seconds = 0.02;
    let exchange = Exchange::default();
    let mut random = Random::new(12);
    let mut all = vec![];
    for tone in tones() {
        for packets in 3..=7 {
            for concealment in [Silence, Repetition, Fading, Comfort(-55.0), Comfort(-35.0)] {
                let count = random.between(1, 4);
                let mut samples = rings(tone, &exchange, count, 0.0);
                if random.chance(0.5) {
                    add(Noise::White, exchange.level - 20.0, &mut samples, &mut random);
                }
                let (ring, at) = (random.below(count), random.uniform(-BEGINS_BEFORE_S, ring_s(tone)));
                let from = synth::samples(QUIET_S.0 + ring as f64 * tone.period().unwrap() + at);
                concealment.conceal(&mut samples, from, packets, &mut random);
                let what =
                    format!("{tone:?}, {packets} packets of ring {ring} of {count} at {at:.2} s, {concealment:?}");
                all.push(ringing(what, samples, 0, count));
            }
        }
    }
    assert_heard_in_g711(&all, 0.01);
}
