//! How fast an audit is, and how much memory it takes.
//!
//! `cargo bench` composes a call to a Dutch line in memory (ringing, shipped announcements between rounds of music, a
//! voice at the end; A-law at 8 kHz, one channel) and prints:
//!
//! - each stage on one thread, as its share and as a multiple of real time (the median of several rounds);
//! - the whole program over one hour, charts off, one job, nothing heard before, beside ffmpeg's `silencedetect` over the
//!   same file as a yardstick;
//! - the most memory that the program held meanwhile.
//!
//! On Linux times are those of the processor, so that other work on the machine does not count.

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use bezet::{
    analysis::{Heard, LineSettings, RecordingFacts, judge, listen},
    audio::{self, g711},
    audit::{Audit, AuditedCall},
    detect,
    frames::{
        FramePass, N_BINS, bands,
        network::{self, Listener},
        steps_within,
    },
    heard::ChannelHeard,
    label::Label,
    music::rounds::rounds,
    repeats,
    report::{
        csv::{self, Dialect},
        table,
        words::Language,
    },
    synth::{
        self,
        call_progress::Exchange,
        noise::Noise,
        random::Random,
        tune::{Timbre, Tune},
    },
    tone_plan,
    units::Seconds,
};

/// The call whose stages are timed: 10 minutes.
const STAGED_S: Seconds = 600.0;

/// The call that the whole program hears.
const WHOLE_S: Seconds = 3_600.0;

/// How often each is timed; the median counts.
const ROUNDS: usize = 7;

/// What an audit of an 8 kHz recording has to reach on one core, as a multiple of real time.
const GOAL_SPEED: f64 = 8_000.0;

/// What an hour may take, in MB.
const GOAL_MEMORY_MB: f64 = 200.0;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let round = round();
    let staged = record(&round, STAGED_S, &folder.path().join("staged.wav"));
    let whole = record(&round, WHOLE_S, &folder.path().join("whole.wav"));

    println!("{}", processor());
    stages(&staged);
    let speed = program(&whole, folder.path());
    verdict("speed, whole program", speed, GOAL_SPEED, "x real time", |value, goal| value >= goal);
    if let Some(memory) = memory(&whole, folder.path()) {
        verdict("memory, one-hour call", memory, GOAL_MEMORY_MB, "MB", |value, goal| value < goal);
    }
}

fn verdict(what: &str, value: f64, goal: f64, unit: &str, reached: impl Fn(f64, f64) -> bool) {
    let judged = if reached(value, goal) { "reached" } else { "MISSED" };
    println!("{what}: {value:.0} {unit} (goal {goal:.0}: {judged})");
}

// The recording.

/// About a minute and a half of what callers hear, to be repeated: an announcement, a tune, an announcement over it,
/// near silence.
fn round() -> Vec<f32> {
    let prompts = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/calls/lines/waterbedrijf/prompts");
    let busy = sound(&prompts.join("busy.wav"));
    let closed = sound(&prompts.join("closed.wav"));
    let tune = Tune::piece().play(Timbre::ALL[0], -24.0);
    let mut over: Vec<f32> = tune.clone();
    over.iter_mut().zip(&closed).for_each(|(x, voice)| *x = *x * 0.3 + voice);
    let pause = vec![0.0; synth::samples(3.0)];
    let mut all = [&busy[..], &pause, &tune, &over, &pause].concat();
    let noise = Noise::Comfort.make(all.len(), -60.0, &mut Random::new(1));
    all.iter_mut().zip(noise).for_each(|(x, n)| *x += n);
    all
}

fn sound(path: &Path) -> Vec<f32> {
    let mut stream = audio::open(path).expect("a shipped prompt");
    let mut samples = vec![];
    while let Some(block) = stream.next_block().expect("a shipped prompt") {
        samples.extend_from_slice(&block[0]);
    }
    samples
}

/// Writes a call of `duration` to `path`: three Dutch rings, then `round` again and again.
fn record(round: &[f32], duration: Seconds, path: &Path) -> PathBuf {
    let plan = tone_plan::plan("nl").expect("a known country");
    let rings = Exchange::default().listen(&plan.ringing[0], 0.0, 13.0);
    let samples = rings.iter().chain(round.iter().cycle()).take(synth::samples(duration));
    let coded: Vec<u8> =
        samples.map(|x| g711::encode_alaw((x.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16)).collect();
    fs::write(path, [&header(coded.len() as u32)[..], &coded].concat()).expect("room for a recording");
    path.into()
}

/// The header of a WAV file of A-law at 8 kHz, one channel.
fn header(data_bytes: u32) -> Vec<u8> {
    const ALAW: u16 = 6;
    let mut header = b"RIFF".to_vec();
    header.extend((data_bytes + 36).to_le_bytes());
    header.extend(b"WAVEfmt \x10\0\0\0");
    header.extend(ALAW.to_le_bytes());
    header.extend(1_u16.to_le_bytes());
    header.extend(8_000_u32.to_le_bytes());
    header.extend(8_000_u32.to_le_bytes());
    header.extend(1_u16.to_le_bytes());
    header.extend(8_u16.to_le_bytes());
    header.extend(b"data");
    header.extend(data_bytes.to_le_bytes());
    header
}

// The stages.

fn stages(path: &Path) {
    const STAGES: [&str; 8] = [
        "read and decode",
        "spectra and columns",
        "network",
        "detectors",
        "judging: repeats",
        "judging: music's loop",
        "judging: the rest",
        "tables",
    ];
    let features = features();
    let mut times: [Vec<Duration>; STAGES.len()] = Default::default();
    for _ in 0..ROUNDS {
        let (samples, read) = timed(|| sound(path));
        let (frames, framed) = timed(|| {
            let mut pass = FramePass::default();
            samples.chunks(audio::BLOCK_SAMPLES).for_each(|block| pass.push(block));
            pass.finish()
        });
        // the same number of frames through the network alone
        let (_, network) = timed(|| {
            let mut listener = Listener::new(network::shipped());
            features.as_chunks().0[..frames.len()].iter().for_each(|row| listener.push(row));
            black_box(listener.finish())
        });
        let (heard, detected) = timed(|| ChannelHeard::new(&frames, detect::detect(&frames)));
        let recording = RecordingFacts {
            duration_s: frames.duration(),
            channels: 1,
            container: "wav".into(),
            codec: "alaw".into(),
            sample_rate: 8_000,
            recorded_at: None,
            warnings: vec![],
        };
        let calls = [Heard { recording, channels: vec![heard] }];
        let (mut judged, judging) = timed(|| judge(&calls, &[None], &LineSettings::default()));
        // the same once more, each alone
        let channel = &calls[0].channels[0];
        let (_, repeating) = timed(|| black_box(repeats::find(&[channel], &[Vec::new()], &[])));
        let music = judged[0].line().segments().iter().filter(|s| s.label == Label::Music);
        let stretches: Vec<_> = music.map(|s| steps_within(s.interval, channel.timbre.rows().len())).collect();
        let (_, looping) = timed(|| black_box(rounds(&channel.timbre, &stretches)));
        let call = AuditedCall {
            file: "call.wav".into(),
            content: None,
            line: "line".into(),
            recorded_at: None,
            contact_reason: None,
            notes: vec![],
            finding: Ok(judged.remove(0)),
        };
        let audit = Audit { client: None, calls: vec![call] };
        let (_, written) = timed(|| black_box(tables(&audit)));
        let spectra = framed.saturating_sub(network);
        let rest = judging.saturating_sub(repeating + looping);
        let round = [read, spectra, network, detected, repeating, looping, rest, written];
        times.iter_mut().zip(round).for_each(|(all, time)| all.push(time));
    }
    let (_, listening) = timed(|| black_box(listen(path).expect("the recording just made")));
    let medians = times.map(median);
    let total: f64 = medians.iter().sum();
    println!("\n{:<22}{:>10}{:>8}{:>14}", "stage (10 min call)", "ms", "share", "x real time");
    for (stage, seconds) in STAGES.iter().zip(medians) {
        let speed = if seconds > 0.0 { STAGED_S / seconds } else { f64::INFINITY };
        println!("{stage:<22}{:>10.1}{:>7.1}%{speed:>14.0}", seconds * 1e3, 100.0 * seconds / total);
    }
    println!("{:<22}{:>10.1}{:>7.1}%{:>14.0}", "all", total * 1e3, 100.0, STAGED_S / total);
    println!("(analysis::listen in one go: {:.1} ms)\n", listening.as_secs_f64() * 1e3);
}

/// Features of noise for the longest stretch that is timed: what the network sees does not change how long it takes.
fn features() -> Vec<i16> {
    let mut random = Random::new(2);
    let mut features = vec![0; (STAGED_S * 100.0) as usize * bands::BANDS + bands::BANDS];
    for row in features.chunks_exact_mut(bands::BANDS) {
        let power: [f32; N_BINS] = std::array::from_fn(|_| 1e-5 * random.uniform(0.0, 1.0) as f32);
        row.copy_from_slice(&bands::band_features(&power));
    }
    features
}

fn tables(audit: &Audit) -> Vec<u8> {
    let (mut out, language) = (vec![], Language::En);
    csv::write(Dialect::default(), &table::calls(), table::call_rows(audit, language), &mut out).expect("memory");
    let segments = audit.calls.iter().flat_map(table::segment_rows);
    csv::write(Dialect::default(), &table::segments(), segments, &mut out).expect("memory");
    let figures = audit.calls.iter().flat_map(|call| table::figure_rows(call, language));
    csv::write(Dialect::default(), &table::figures(), figures, &mut out).expect("memory");
    out
}

// The whole program.

/// How many times faster than real time the program is.
fn program(path: &Path, folder: &Path) -> f64 {
    let bezet = median((0..ROUNDS).map(|_| of_child(audit(path, folder))).collect());
    let times = WHOLE_S / bezet;
    println!("bezet audit, 1 h call:           {bezet:>7.2} s = {times:.0} x real time");
    let silencedetect = || {
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-nostdin", "-v", "error", "-threads", "1", "-i"]).arg(path);
        ffmpeg.args(["-af", "silencedetect", "-f", "null", "-"]);
        ffmpeg
    };
    if silencedetect().stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        let peer = median((0..ROUNDS).map(|_| of_child(silencedetect())).collect());
        let (speed, ratio) = (WHOLE_S / peer, bezet / peer);
        println!(
            "ffmpeg silencedetect, same file: {peer:>7.2} s = {speed:.0} x real time; bezet takes {ratio:.2} times as long"
        );
    } else {
        println!("ffmpeg is not installed: nothing to compare with");
    }
    times
}

fn audit(path: &Path, folder: &Path) -> Command {
    let mut bezet = Command::new(env!("CARGO_BIN_EXE_bezet"));
    bezet.args(["audit", "--charts", "none", "--jobs", "1", "--fresh", "--lang", "en", "--out"]);
    bezet.arg(folder.join("out")).arg(path);
    bezet
}

fn of_child(mut command: Command) -> Duration {
    let (before, start) = (children_time(), Instant::now());
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program starts");
    assert!(status.success(), "{command:?}: {status}");
    match (before, children_time()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed(),
    }
}

/// The most memory that the program holds at once, in MB; Linux only.
fn memory(path: &Path, folder: &Path) -> Option<f64> {
    let mut child: Child = audit(path, folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().ok()?.is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        peak = kilobytes.map(|kb| kb / 1e3 * 1.024).or(peak);
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}

// Clocks.

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let (before, start) = (thread_time(), Instant::now());
    let done = work();
    let elapsed = start.elapsed();
    let time = match (before, thread_time()) {
        (Some(before), Some(after)) => after - before,
        _ => elapsed,
    };
    (done, time)
}

/// How long this thread has had a processor, where the system tells.
fn thread_time() -> Option<Duration> {
    // the system counts up to the last time that it looked at the thread, so let it look now
    std::thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// How long all children that have ended had a processor, where the system tells.
fn children_time() -> Option<Duration> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // the name before the parenthesis may hold spaces; from there, cutime and cstime are the 14th and 15th field
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |i: usize| fields.get(i)?.parse::<f64>().ok();
    Some(Duration::from_secs_f64((ticks(13)? + ticks(14)?) / TICKS_PER_SECOND))
}

/// The median, in seconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name));
    format!("on {}", name.unwrap_or(std::env::consts::ARCH))
}
