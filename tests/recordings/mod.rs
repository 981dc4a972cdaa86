//! Recordings with a known content, made by the programs that make them in the field.

#![allow(dead_code)] // each test program uses its part

use std::{
    env,
    f64::consts::TAU,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use bezet::audio::{self, AudioStream, Format, ReadError, Warning};

/// How long every made recording is.
pub const SECONDS: f64 = 5.0;

/// Whether `programs` are installed. Where one is missing, the test says so and is passed over, unless
/// `BEZET_REQUIRE_TOOLS=1` makes that a failure.
pub fn installed(programs: &[&str]) -> bool {
    for program in programs {
        let found = Command::new(program)
            .arg(if *program == "sox" { "--version" } else { "-version" })
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !found {
            eprintln!("SKIPPED: {program} not found");
            assert_ne!(env::var("BEZET_REQUIRE_TOOLS").as_deref(), Ok("1"), "{program} is required");
            return false;
        }
    }
    true
}

/// The signal at `time` seconds: a sweep through the telephone band, up on the left and down on the right, in swelling
/// bursts whose rhythm differs too.
pub fn signal(channel: usize, time: f64) -> f64 {
    let (low, high) = (350.0, 3_150.0);
    let (from, to, bursts) = if channel == 0 { (low, high, 3.1) } else { (high, low, 1.7) };
    let phase = from * time + (to - from) * time * time / (2.0 * SECONDS);
    let swell = 0.5 - 0.5 * (TAU * bursts * time).cos();
    // silent at both ends, so that no codec has to code a step
    let edge = (time / 0.05).min((SECONDS - time) / 0.05).clamp(0.0, 1.0);
    0.5 * swell * edge * (TAU * phase).sin()
}

/// The signal at 8 kHz, as it should come back.
pub fn wanted(channel: usize) -> Vec<f32> {
    let samples = (SECONDS * 8_000.0) as usize;
    (0..samples).map(|n| signal(channel, n as f64 / 8_000.0) as f32).collect()
}

/// The signal as interleaved 16-bit little-endian samples.
pub fn pcm(rate: u32, channels: usize) -> Vec<u8> {
    let samples = (SECONDS * f64::from(rate)).round() as usize;
    let sample = |n: usize, channel: usize| (signal(channel, n as f64 / f64::from(rate)) * 32_768.0).round() as i16;
    (0..samples * channels).flat_map(|n| sample(n / channels, n % channels).to_le_bytes()).collect()
}

/// A folder of its own for `test`, empty.
pub fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Has ffmpeg write the signal to `path`, with `options` (split at spaces).
pub fn ffmpeg(path: &Path, rate: u32, channels: usize, options: &str) {
    let mut command = Command::new("ffmpeg");
    command.args(["-hide_banner", "-loglevel", "error", "-y", "-f", "s16le"]);
    command.args(["-ar", &rate.to_string(), "-ac", &channels.to_string(), "-i", "-"]);
    command.args(options.split_whitespace()).arg(path);
    run(command, &pcm(rate, channels));
}

/// Has sox write the signal to `path`, with `options` (split at spaces).
pub fn sox(path: &Path, rate: u32, channels: usize, options: &str) {
    let mut command = Command::new("sox");
    command.args(["-t", "raw", "-e", "signed", "-b", "16", "-D"]);
    command.args(["-r", &rate.to_string(), "-c", &channels.to_string(), "-"]);
    command.args(options.split_whitespace()).arg(path);
    run(command, &pcm(rate, channels));
}

fn run(mut command: Command, input: &[u8]) {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let input = input.to_vec();
    let mut pipe = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        // a program that stops early has its reasons, and its status tells
        let _ = pipe.write_all(&input);
    });
    let status = child.wait().unwrap();
    feeder.join().unwrap();
    assert!(status.success(), "{command:?}");
}

/// A recording, whole.
#[derive(Debug)]
pub struct Heard {
    pub format: Format,
    pub recorded_at: Option<String>,
    pub channels: Vec<Vec<f32>>,
    pub warnings: Vec<Warning>,
}

impl Heard {
    /// The codes of the warnings, in order.
    pub fn codes(&self) -> Vec<&'static str> {
        self.warnings.iter().map(Warning::code).collect()
    }
}

/// Reads the file at `path` to its end.
pub fn hear(path: &Path) -> Result<Heard, ReadError> {
    hear_all(audio::open(path)?)
}

/// Reads `bytes` that go by the name of `name` to their end.
pub fn hear_bytes(bytes: &[u8], name: &str) -> Result<Heard, ReadError> {
    hear_all(AudioStream::new(std::io::Cursor::new(bytes.to_vec()), Path::new(name))?)
}

fn hear_all(mut stream: AudioStream) -> Result<Heard, ReadError> {
    let mut channels = vec![Vec::new(); stream.format().channels.into()];
    let mut last = audio::BLOCK_SAMPLES;
    while let Some(block) = stream.next_block()? {
        assert_eq!(last, audio::BLOCK_SAMPLES, "only the last block is shorter");
        last = block[0].len();
        assert!((1..=audio::BLOCK_SAMPLES).contains(&last));
        assert_eq!(block.len(), channels.len());
        for (channel, samples) in channels.iter_mut().zip(block) {
            assert_eq!(samples.len(), last, "channels of the same length");
            assert!(samples.iter().all(|sample| sample.abs() <= 1.0), "finite and in range");
            channel.extend(samples);
        }
    }
    Ok(Heard {
        format: stream.format().clone(),
        recorded_at: stream.recorded_at().map(|moment| moment.to_string()),
        channels,
        warnings: stream.warnings().to_vec(),
    })
}

/// By how many samples `heard` comes after `wanted`: where the correlation of their middle is highest, within 60 ms.
pub fn lag(heard: &[f32], wanted: &[f32]) -> i64 {
    const REACH: usize = 480;
    let middle = &wanted[12_000..20_000];
    let correlations: Vec<f32> = (0..=2 * REACH)
        .map(|lag| {
            let heard = heard.get(12_000 + lag - REACH..).unwrap_or_default();
            heard.iter().zip(middle).map(|(a, b)| a * b).sum()
        })
        .collect();
    let best = (0..correlations.len()).max_by(|a, b| correlations[*a].total_cmp(&correlations[*b]));
    best.unwrap() as i64 - REACH as i64
}

/// How far the difference lies below the signal, in dB.
pub fn snr(heard: &[f32], wanted: &[f32]) -> f64 {
    let power = |samples: &mut dyn Iterator<Item = f32>| -> f64 { samples.map(|s| f64::from(s).powi(2)).sum() };
    let noise = power(&mut heard.iter().zip(wanted).map(|(a, b)| a - b));
    10.0 * (power(&mut wanted.iter().copied()) / noise.max(1e-30)).log10()
}
