//! How the work of judging a line grows with its calls, and what share of an audit it takes.
//!
//! `cargo bench --bench growth` composes up to 1,000 calls to one line in memory: rings, a greeting, a menu, the same
//! message and a piece of music in turn, each call with its own number of rounds and its own stretch of the music, through
//! A-law and noise, and in the end a voice that never says the same again. The first 100, 200, 500 and 1,000 are heard and
//! judged together. Printed are the seconds of processor that hearing, the search for repeats and all the judging (the search
//! is part of it) take, how the search grows from step to step (an exponent of 1 is linear, 2 is quadratic), and the most
//! memory held.

use std::{fs, hint::black_box, path::Path, time::Instant};

use bezet::{
    analysis::{Heard, LineSettings, RecordingFacts, judge},
    audio::{self, g711},
    detect,
    frames::FramePass,
    heard::ChannelHeard,
    repeats,
    synth::{
        call_progress::Exchange,
        noise::Noise,
        random::Random,
        samples,
        tune::{Timbre, Tune},
    },
    tone_plan,
    units::SAMPLE_RATE,
};

/// How many calls are judged together, unless other numbers are told: `cargo bench --bench growth -- 50 100`.
const CALLS: [usize; 4] = [100, 200, 500, 1_000];

fn main() {
    let mut steps: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).filter(|n| *n > 0).collect();
    steps.sort_unstable();
    if steps.is_empty() {
        steps = CALLS.to_vec();
    }
    let line = Line::new();
    let composing_s = timed(|| (0..50).for_each(|i| drop(black_box(line.sound(i))))).1 / 50.0;
    println!(
        "{:>6}{:>9}{:>11}{:>11}{:>11}{:>16}{:>8}{:>12}",
        "calls", "hours", "hearing s", "repeats s", "judging s", "repeats' share", "grows", "at most MB"
    );
    let mut calls: Vec<Heard> = Vec::new();
    let (mut hearing_s, mut before): (f64, Option<(usize, f64)>) = (0.0, None);
    for n in steps {
        let more = calls.len()..n;
        hearing_s -= composing_s * more.len() as f64;
        hearing_s += timed(|| calls.extend(more.map(|i| line.call(i)))).1;
        let heard: Vec<&ChannelHeard> = calls.iter().map(|c| &c.channels[0]).collect();
        let (_, repeats_s) = timed(|| black_box(repeats::find(&heard, &[])));
        let (_, judging_s) = timed(|| black_box(judge(&calls, &vec![None; n], &LineSettings::default())));
        let hours = calls.iter().map(|c| c.recording.duration_s).sum::<f64>() / 3_600.0;
        let share = repeats_s / (hearing_s + judging_s);
        let grows = before.map(|(m, s)| (repeats_s / s).ln() / (n as f64 / m as f64).ln());
        let grows = grows.map_or_else(String::new, |e| format!("^{e:.2}"));
        let most = peak_mb().map_or_else(String::new, |mb| format!("{mb:.0}"));
        let share = format!("{:.0}%", 100.0 * share);
        println!(
            "{n:>6}{hours:>9.1}{hearing_s:>11.2}{repeats_s:>11.2}{judging_s:>11.2}{share:>16}{grows:>8}{most:>12}"
        );
        before = Some((n, repeats_s));
    }
}

/// What all calls of the line have in common.
struct Line {
    greeting: Vec<f32>,
    menu: Vec<f32>,
    busy: Vec<f32>,
    music: Vec<f32>,
}

impl Line {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/calls/lines/waterbedrijf/prompts");
        let prompt = |name: &str| sound(&folder.join(name));
        let music = Tune::piece().play(Timbre::ALL[0], -24.0);
        Self { greeting: prompt("greeting.wav"), menu: prompt("closed.wav"), busy: prompt("busy.wav"), music }
    }

    /// The sound of call number `i`.
    fn sound(&self, i: usize) -> Vec<f32> {
        let mut random = Random::new(1_000 + i as u64);
        let plan = tone_plan::plan("nl").expect("a known country");
        let mut call = Exchange::default().listen(&plan.ringing[0], 0.0, random.uniform(5.0, 12.0));
        let mut say = |part: &[f32], pause_s: f64| {
            call.extend(part);
            call.extend(vec![0.0; samples(pause_s)]);
        };
        say(&self.greeting, random.uniform(0.2, 1.0));
        say(&self.menu, random.uniform(0.2, 1.0));
        for _ in 0..1 + i % 4 {
            say(&self.busy, 0.2);
            let from = samples(random.uniform(0.0, 10.0));
            let stretch: Vec<f32> =
                self.music.iter().cycle().skip(from).take(samples(random.uniform(10.0, 20.0))).copied().collect();
            say(&stretch, 0.2);
        }
        // somebody: noise in syllables, never the same twice
        for _ in 0..12 {
            let syllable = samples(random.uniform(0.15, 0.4));
            let band = Noise::Pink.make(syllable, random.uniform(-32.0, -20.0) as f32, &mut random);
            say(&band, random.uniform(0.05, 0.5));
        }
        let hiss = Noise::Comfort.make(call.len(), random.uniform(-65.0, -52.0) as f32, &mut random);
        call.iter_mut().zip(hiss).for_each(|(x, n)| *x += n);
        let coded = |x: &f32| g711::encode_alaw((x.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16);
        call.iter().map(|x| f32::from(g711::decode_alaw(coded(x))) / f32::from(i16::MAX)).collect()
    }

    fn call(&self, i: usize) -> Heard {
        let mut pass = FramePass::default();
        self.sound(i).chunks(audio::BLOCK_SAMPLES).for_each(|block| pass.push(block));
        let frames = pass.finish();
        let recording = RecordingFacts {
            duration_s: frames.duration(),
            channels: 1,
            container: "wav".into(),
            codec: "alaw".into(),
            sample_rate: SAMPLE_RATE,
            recorded_at: None,
            warnings: vec![],
        };
        Heard { recording, channels: vec![ChannelHeard::new(&frames, detect::detect(&frames))] }
    }
}

fn sound(path: &Path) -> Vec<f32> {
    let mut stream = audio::open(path).expect("a shipped prompt");
    let mut all = vec![];
    while let Some(block) = stream.next_block().expect("a shipped prompt") {
        all.extend_from_slice(&block[0]);
    }
    all
}

/// The seconds of processor that all threads of this program take for `work`; by the clock where the system does not tell.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let (before, start) = (processor_s(), Instant::now());
    let done = work();
    let seconds = before.zip(processor_s()).map_or(start.elapsed().as_secs_f64(), |(before, after)| after - before);
    (done, seconds)
}

/// The most memory that this program held so far, in MB.
fn peak_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(peak.trim().trim_end_matches("kB").trim().parse::<f64>().ok()? / 1_000.0)
}

fn processor_s() -> Option<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // the name before the parenthesis may hold spaces; from there, utime and stime are the 12th and 13th field
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    Some((fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?) / TICKS_PER_SECOND)
}
