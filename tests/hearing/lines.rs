//! Rings of every plan through what lines do to them: levels, noise, codecs, lost packets, recordings that begin or end inside a
//! ring.

use std::{path::Path, process::Command};

use bezet::{
    line::{Rhythm, phase::phases},
    synth::{self, call_progress::Exchange, noise::Noise, random::Random},
    tone_plan::{Tone, plans},
    units::{Decibels, SAMPLE_RATE, Seconds},
};

use super::{heard, programs::installed, silence, through_alaw};

/// 0 dBm0 in dBFS: a full-scale sine is +3.14 dBm0 (ITU-T G.711) and -3.01 dBFS.
const DBFS_OF_0_DBM0: Decibels = -6.15;
/// Levels in dBm0: E.180's own, a usual one and a faint one.
const LEVELS: [Decibels; 3] = [-10.0, -25.0, -38.0];
/// What is quiet before and after the rings.
const QUIET_S: (Seconds, Seconds) = (1.0, 2.0);
/// Samples of a packet of 20 ms.
const PACKET: usize = 160;

/// Codecs of the way: the file's ending, and ffmpeg's words for it.
const CODECS: [(&str, &[&str]); 4] = [
    ("wav", &["-c:a", "g726", "-b:a", "32k"]),
    ("wav", &["-c:a", "libgsm_ms"]),
    ("ogg", &["-c:a", "libopus", "-b:a", "16k", "-application", "voip"]),
    ("ogg", &["-c:a", "libspeex"]),
];

/// A recording of so many rings.
struct Ringing {
    what: String,
    samples: Vec<f32>,
    /// How many samples went by before the recording began.
    before: usize,
    rings: usize,
}

impl Ringing {
    /// Whether its rings are heard, in one phase, from `samples`, which a codec may have made of its own.
    fn is_counted(&self, samples: &[f32]) -> bool {
        let heard = heard(&samples[self.before.min(samples.len())..]);
        match &phases(&heard.evidence, &heard.levels)[..] {
            [one] => one.rhythm == Rhythm::Rings && one.groups.len() == self.rings,
            _ => false,
        }
    }
}

/// The plans' ringing tones, each once.
fn tones() -> Vec<&'static Tone> {
    let mut tones: Vec<&Tone> = plans().iter().flat_map(|plan| &plan.ringing).collect();
    tones.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
    tones.dedup();
    tones
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

/// Adds what a telephone passes of a noise: it, less what lies below 300 Hz.
fn add(noise: Noise, level: Decibels, samples: &mut [f32], random: &mut Random) {
    /// A high-pass of the first order.
    const SHARE: f32 = 0.21;
    let mut low = 0.0;
    let mut passed: Vec<f32> = noise.make(samples.len(), level, random);
    for x in &mut passed {
        low += SHARE * (*x - low);
        *x -= low;
    }
    synth::set_level(&mut passed, level);
    samples.iter_mut().zip(passed).for_each(|(x, noise)| *x += noise);
}

/// One to five rings, the first one cut at its start and the last one at its end or not, as chance has it.
fn by_chance(tone: &Tone, level: Decibels, noise: Option<(Noise, Decibels)>, random: &mut Random) -> Ringing {
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
    Ringing { what, samples, before, rings: count }
}

/// What of `all` is not counted, once `line` has made of them what it does.
fn lost(all: &[Ringing], line: impl Fn(&[Ringing]) -> Vec<Vec<f32>>) -> Vec<&str> {
    let at_the_end = line(all);
    let lost = all.iter().zip(at_the_end).filter(|(ringing, samples)| !ringing.is_counted(samples));
    lost.map(|(ringing, _)| ringing.what.as_str()).collect()
}

fn alaw(all: &[Ringing]) -> Vec<Vec<f32>> {
    all.iter().map(|ringing| through_alaw(&ringing.samples)).collect()
}

/// All of them, one after another, through a codec of ffmpeg's: it is asked once.
fn coded(all: &[Ringing], ending: &str, arguments: &[&str]) -> Vec<Vec<f32>> {
    let folder = tempfile::tempdir().unwrap();
    let [line, code, back] = ["line.wav", &format!("code.{ending}"), "back.wav"].map(|name| folder.path().join(name));
    let (channels, bits_per_sample, sample_format) = (1, 16, hound::SampleFormat::Int);
    let form = hound::WavSpec { channels, sample_rate: SAMPLE_RATE, bits_per_sample, sample_format };
    let mut writer = hound::WavWriter::create(&line, form).unwrap();
    for x in all.iter().flat_map(|ringing| &ringing.samples) {
        writer.write_sample((x.clamp(-1.0, 1.0) * 32_767.0).round() as i16).unwrap();
    }
    writer.finalize().unwrap();
    let ffmpeg = |from: &Path, arguments: &[&str], to: &Path| {
        let mut command = Command::new("ffmpeg");
        command.args(["-nostdin", "-v", "error", "-i"]).arg(from).args(arguments).arg(to);
        assert!(command.status().unwrap().success(), "{arguments:?}");
    };
    ffmpeg(&line, arguments, &code);
    ffmpeg(&code, &["-ar", "8000", "-c:a", "pcm_s16le"], &back);
    let samples = hound::WavReader::open(&back).unwrap().into_samples::<i16>();
    let samples: Vec<f32> = samples.map(|x| f32::from(x.unwrap()) / 32_768.0).collect();
    let mut rest = &samples[..];
    let next = |ringing: &Ringing| {
        let (own, after) = rest.split_at(ringing.samples.len().min(rest.len()));
        rest = after;
        own.to_vec()
    };
    all.iter().map(next).collect()
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
    let lost = lost(&all, alaw);
    assert!(100 * lost.len() <= all.len(), "{} of {}: {lost:#?}", lost.len(), all.len());
}

#[test]
fn rings_of_every_plan_are_counted_through_every_codec() {
    if !installed("ffmpeg", "-version") {
        return;
    }
    let mut random = Random::new(12);
    let conditions = [(-10.0, None), (-25.0, Some((Noise::Pink, 20.0))), (-25.0, Some((Noise::White, 10.0)))];
    let all: Vec<Ringing> = tones()
        .into_iter()
        .flat_map(|tone| conditions.map(|(level, noise)| (tone, level, noise)))
        .map(|(tone, level, noise)| by_chance(tone, level, noise, &mut random))
        .collect();
    for (ending, arguments) in CODECS {
        let lost = lost(&all, |all| coded(all, ending, arguments));
        assert!(50 * lost.len() <= all.len(), "{arguments:?}: {} of {}: {lost:#?}", lost.len(), all.len());
    }
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
                all.push(Ringing { what, samples, before: 0, rings: count });
            }
        }
    }
    let lost = lost(&all, alaw);
    assert!(100 * lost.len() <= all.len(), "{} of {}: {lost:#?}", lost.len(), all.len());
}
