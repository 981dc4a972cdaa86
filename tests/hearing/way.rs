//! The way from whoever makes a sound to the recorder: levels, noise, codecs.

use std::{path::Path, process::Command};

use bezet::{
    synth::{self, noise::Noise, random::Random},
    tone_plan::Tone,
    units::{Decibels, SAMPLE_RATE},
};

use super::{programs::installed, through_alaw};

/// 0 dBm0 in dBFS: a full-scale sine is +3.14 dBm0 (ITU-T G.711) and -3.01 dBFS.
pub const DBFS_OF_0_DBM0: Decibels = -6.15;
/// Levels in dBm0: E.180's own, a usual one and a faint one.
pub const LEVELS: [Decibels; 3] = [-10.0, -25.0, -38.0];

/// Codecs of the way: the file's ending, and ffmpeg's words for it.
const CODECS: [(&str, &[&str]); 4] = [
    ("wav", &["-c:a", "g726", "-b:a", "32k"]),
    ("wav", &["-c:a", "libgsm_ms"]),
    ("ogg", &["-c:a", "libopus", "-b:a", "16k", "-application", "voip"]),
    ("ogg", &["-c:a", "libspeex"]),
];

type IsHeard = Box<dyn Fn(&[f32]) -> bool>;

/// What is sent over a line.
pub struct Sent {
    what: String,
    samples: Vec<f32>,
    /// Whether it is heard in what arrives.
    is_heard: IsHeard,
}

impl Sent {
    pub fn new(what: String, samples: Vec<f32>, is_heard: impl Fn(&[f32]) -> bool + 'static) -> Self {
        Self { what, samples, is_heard: Box::new(is_heard) }
    }
}

/// Each of the tones once.
pub fn each_once(tones: impl Iterator<Item = &'static Tone>) -> Vec<&'static Tone> {
    let mut tones: Vec<&Tone> = tones.collect();
    tones.sort_by_key(|tone| format!("{tone:?}"));
    tones.dedup();
    tones
}

/// Adds what a telephone passes of a noise: it, less what lies below 300 Hz.
pub fn add(noise: Noise, level: Decibels, samples: &mut [f32], random: &mut Random) {
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

/// No more than that share is lost in G.711.
#[track_caller]
pub fn assert_heard_in_g711(all: &[Sent], share: f64) {
    assert_few_lost("G.711", all, all.iter().map(|sent| through_alaw(&sent.samples)), share);
}

/// No more than that share is lost through any codec; passed over without ffmpeg.
#[track_caller]
pub fn assert_heard_through_codecs(all: &[Sent], share: f64) {
    if installed("ffmpeg", "-version") {
        for (ending, arguments) in CODECS {
            assert_few_lost(&arguments.join(" "), all, coded(all, ending, arguments).into_iter(), share);
        }
    }
}

#[track_caller]
fn assert_few_lost(line: &str, all: &[Sent], arrived: impl Iterator<Item = Vec<f32>>, share: f64) {
    let lost = all.iter().zip(arrived).filter(|(sent, samples)| !(sent.is_heard)(samples));
    let lost: Vec<&str> = lost.map(|(sent, _)| sent.what.as_str()).collect();
    assert!(lost.len() as f64 <= share * all.len() as f64, "{line}: {} of {}: {lost:#?}", lost.len(), all.len());
}

/// All of them, one after another, through a codec of ffmpeg's: it is asked once.
fn coded(all: &[Sent], ending: &str, arguments: &[&str]) -> Vec<Vec<f32>> {
    let folder = tempfile::tempdir().unwrap();
    let [line, code, back] = ["line.wav", &format!("code.{ending}"), "back.wav"].map(|name| folder.path().join(name));
    let (channels, bits_per_sample, sample_format) = (1, 16, hound::SampleFormat::Int);
    let form = hound::WavSpec { channels, sample_rate: SAMPLE_RATE, bits_per_sample, sample_format };
    let mut writer = hound::WavWriter::create(&line, form).unwrap();
    for x in all.iter().flat_map(|sent| &sent.samples) {
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
    let next = |sent: &Sent| {
        let (own, after) = rest.split_at(sent.samples.len().min(rest.len()));
        rest = after;
        own.to_vec()
    };
    all.iter().map(next).collect()
}
