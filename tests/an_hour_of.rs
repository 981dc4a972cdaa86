//! An hour of speech, or of music, holds no key and no tone of the line.

mod voices;

use std::fs;

use assert_cmd::Command;
use bezet::{
    audio::g711,
    synth::{
        self,
        random::Random,
        tune::{Timbre, Tune},
    },
};

const HOUR_S: f64 = 3_600.0;

/// What an audit calls the sounds in a recording of `samples`, each once.
fn labels(samples: &[f32]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let code = |x: &f32| g711::encode_alaw((x.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16);
    fs::write(folder.path().join("hour.alaw"), samples.iter().map(code).collect::<Vec<u8>>()).unwrap();
    let out = folder.path().join("audit");
    let mut audit = Command::new(env!("CARGO_BIN_EXE_bezet"));
    audit.args(["audit", "--charts", "none", "--lang", "en"]).arg(folder.path().join("hour.alaw"));
    audit.arg("--out").arg(&out).assert().success();
    let mut rows = csv::Reader::from_path(out.join("segments.csv")).unwrap();
    let label = rows.headers().unwrap().iter().position(|name| name == "label").unwrap();
    let mut labels: Vec<String> = rows.records().map(|row| row.unwrap()[label].to_owned()).collect();
    labels.sort();
    labels.dedup();
    labels
}

fn assert_no_tones(samples: &[f32], has: &str) {
    let labels = labels(samples);
    let tones = ["dtmf", "ringback", "busy", "congestion", "sit", "dial"];
    assert!(labels.iter().all(|label| !tones.contains(&label.as_str())), "{labels:?}");
    assert!(labels.iter().any(|label| label == has), "{labels:?}");
}

#[test]
fn speech_presses_no_keys_and_rings_no_bell() {
    let clips = voices::voices("");
    let mut random = Random::new(1);
    let mut hour = vec![];
    // the same voices higher and lower, louder and softer
    while hour.len() < synth::samples(HOUR_S) {
        for clip in &clips {
            let level = random.uniform(-32.0, -14.0) as f32;
            hour.extend(clip.faster(random.uniform(0.75, 1.35)).levelled(level).samples);
            hour.extend(vec![0.0; synth::samples(random.uniform(0.1, 1.2))]);
        }
    }
    assert_no_tones(&hour, "announcement");
}

#[test]
fn music_presses_no_keys_and_rings_no_bell() {
    let mut random = Random::new(2);
    let mut hour = vec![];
    while hour.len() < synth::samples(HOUR_S) {
        let (timbre, level) = (*random.pick(&Timbre::ALL), random.uniform(-34.0, -14.0) as f32);
        let round = Tune::by_chance(&mut random).play(timbre, level);
        let rounds = random.between(1, 4);
        for _ in 0..rounds {
            hour.extend_from_slice(&round);
        }
        hour.extend(vec![0.0; synth::samples(random.uniform(0.1, 1.2))]);
    }
    assert_no_tones(&hour, "music");
}
