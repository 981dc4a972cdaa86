//! `bezet clip` from outside, on the calls that the repository ships.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::{Command, assert::Assert};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/calls")
}

fn bezet(words: &[&str], folder: &Path) -> Assert {
    Command::cargo_bin("bezet").unwrap().args(words).current_dir(folder).assert()
}

/// Writes two channels of which every sample tells where it is: one rises, the other is its negative.
fn ramp(path: &Path, seconds: u32) {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(path, spec).unwrap();
    for i in 0..(seconds * 8_000) as i32 {
        let sample = (i / 4) as i16;
        wav.write_sample(sample).unwrap();
        wav.write_sample(-sample).unwrap();
    }
    wav.finalize().unwrap();
}

fn samples(path: &Path) -> (u16, Vec<i16>) {
    let mut wav = hound::WavReader::open(path).unwrap();
    (wav.spec().channels, wav.samples().map(Result::unwrap).collect())
}

#[test]
fn seconds_are_cut_to_the_sample_with_both_channels_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    ramp(&folder.path().join("call.wav"), 5);
    let cut = ["clip", "call.wav", "--from", "1.5", "--to", "3,25", "--out", "a.wav", "--lang", "en"];
    bezet(&cut, folder.path()).code(0);
    let (channels, clip) = samples(&folder.path().join("a.wav"));
    assert_eq!((channels, clip.len()), (2, 2 * 14_000));
    assert_eq!((clip[0], clip[1], clip[27_998]), (3_000, -3_000, (25_999 / 4) as i16));
    let refused = bezet(&cut, folder.path()).code(2);
    assert!(String::from_utf8_lossy(&refused.get_output().stderr).contains("--force"));
    bezet(&[&cut[..], &["--force", "--fade", "0.5"]].concat(), folder.path()).code(0);
    assert_eq!(samples(&folder.path().join("a.wav")).1[0], 0);
    bezet(&["clip", "call.wav", "--from", "9", "--to", "10"], folder.path()).code(2);
    bezet(&["clip", "call.wav", "--from", "3", "--to", "2"], folder.path()).code(64);
    bezet(&["clip", "call.wav"], folder.path()).code(64);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn a_sound_of_an_audit_is_found_again_in_its_recording() {
    let folder = tempfile::tempdir().unwrap();
    let calls = fixtures();
    let calls = calls.to_str().unwrap();
    bezet(&["audit", calls, "--out", "audit", "--charts", "none", "--lang", "en"], folder.path()).code(0);
    bezet(&["clip", "audit", "--segment", "music", "--every", "--out", "clips"], folder.path()).code(0);
    let mut rows = csv::Reader::from_path(folder.path().join("audit/segments.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let music: Vec<f64> = rows
        .iter()
        .filter(|row| &row[4] == "music")
        .map(|row| row[3].parse::<f64>().unwrap() - row[2].parse::<f64>().unwrap())
        .collect();
    let clips: Vec<PathBuf> = fs::read_dir(folder.path().join("clips")).unwrap().map(|e| e.unwrap().path()).collect();
    assert!(!music.is_empty() && music.len() == clips.len(), "{} {}", music.len(), clips.len());
    let seconds = |path: &PathBuf| {
        let (channels, clip) = samples(path);
        clip.len() as f64 / f64::from(channels) / 8_000.0
    };
    let (all, cut): (f64, f64) = (music.iter().sum(), clips.iter().map(seconds).sum());
    assert!((all - cut).abs() < 0.01 * music.len() as f64, "{all} {cut}");
    assert!(clips.iter().all(|clip| clip.file_name().unwrap().to_string_lossy().starts_with("music_")));
    let unknown = bezet(&["clip", "audit", "--group", "no such message", "--lang", "en"], folder.path()).code(2);
    assert!(String::from_utf8_lossy(&unknown.get_output().stderr).contains("there is"));
}
