//! Composed calls from outside: what is written is what was asked for, and what is claimed of it is true.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use bezet::{
    audio,
    command::simulate::{Args, run},
    simulate::{Codec, Ingredients, Script, SimulateError, Wishes, choose, read_script, simulate},
    synth::level,
    tone_plan,
};
use clap::Parser;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn ingredients() -> Ingredients {
    Ingredients::find(&fixtures().join("ingredients")).unwrap()
}

/// What needs no other program.
fn wishes(seed: u64) -> Wishes {
    let codecs = vec![Codec::None, Codec::Alaw, Codec::Mulaw];
    Wishes { seed, lines: 3, calls: 4, countries: vec![], stereo_share: 0.3, codecs }
}

fn composed(seed: u64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let script = choose(&ingredients(), &wishes(seed)).unwrap();
    simulate(&script, &ingredients(), seed, &folder.path().join("out"), |_| {}).unwrap();
    folder
}

/// Every file below `folder`, by its path there.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file());
    files.map(|e| (e.path().strip_prefix(folder).unwrap().into(), fs::read(e.path()).unwrap())).collect()
}

type Row = BTreeMap<String, String>;

fn rows(file: &Path) -> Vec<Row> {
    csv::Reader::from_path(file).unwrap().deserialize().map(Result::unwrap).collect()
}

fn sound(file: &Path) -> Vec<Vec<f32>> {
    let mut stream = audio::open(file).unwrap();
    let mut channels: Vec<Vec<f32>> = vec![];
    while let Some(block) = stream.next_block().unwrap() {
        channels.resize(block.len(), vec![]);
        channels.iter_mut().zip(block).for_each(|(channel, more)| channel.extend(more));
    }
    channels
}

fn number(row: &Row, column: &str) -> Option<f64> {
    row[column].parse().ok()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let (one, again, other) = (composed(5), composed(5), composed(6));
    assert!(contents(one.path()) == contents(again.path()));
    assert!(contents(one.path()) != contents(other.path()));
}

#[test]
fn the_script_that_is_left_behind_plays_the_same_calls_again() {
    let first = composed(8);
    let script = read_script(&first.path().join("out/script.toml")).unwrap();
    let again = tempfile::tempdir().unwrap();
    simulate(&script, &ingredients(), 8, &again.path().join("out"), |_| {}).unwrap();
    assert!(contents(first.path()) == contents(again.path()));
}

#[test]
fn the_truth_agrees_with_itself_and_with_the_recordings() {
    for seed in [11, 12, 13] {
        let folder = composed(seed);
        let out = folder.path().join("out");
        let mut segments: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in rows(&out.join("segments.csv")) {
            segments.entry(row["file"].clone()).or_default().push(row);
        }
        let calls = rows(&out.join("calls.csv"));
        assert_eq!(calls.len(), 12);
        for call in calls {
            let file = &call["file"];
            let heard = segments.remove(file).unwrap_or_default();
            let of = |label: &'static str| heard.iter().filter(move |row| row["label"] == label);
            let start = |row: &Row| number(row, "start_s").unwrap();
            let end = |row: &Row| number(row, "end_s").unwrap();
            let duration = number(&call, "duration_s").unwrap();

            let channels = sound(&out.join("calls").join(file));
            assert_eq!(channels.len().to_string(), call["channels"], "{file}");
            assert!((channels[0].len() as f64 / 8000.0 - duration).abs() < 1e-3, "{file}");

            assert!(heard.iter().all(|row| 0.0 <= start(row) && start(row) < end(row)), "{file}");
            assert!(heard.iter().all(|row| end(row) <= duration + 1e-3), "{file}");
            let segments: Vec<&Row> = heard.iter().filter(|row| row["label"] != "dtmf").collect();
            assert!(segments.windows(2).all(|pair| end(pair[0]) <= start(pair[1]) + 1e-3), "{file}");

            let answered = number(&call, "answered_s");
            if let Some(rings) = number(&call, "rings") {
                let before = of("ringback").filter(|row| answered.is_none_or(|moment| start(row) < moment));
                assert_eq!(before.count() as f64, rings, "{file}");
            }
            let keys: String = of("dtmf").map(|row| row["detail"].as_str()).collect();
            assert_eq!(if keys.is_empty() { "-" } else { &keys }, call["keys"], "{file}");
            let music: f64 = of("music").map(|row| end(row) - start(row)).sum();
            assert!((music - number(&call, "hold_music_s").unwrap()).abs() < 0.05, "{file}");
            assert_eq!(of("human").next().map(start), number(&call, "time_to_human_s"), "{file}");
            assert_eq!(call["outcome"] == "human", of("human").next().is_some(), "{file}");
            if let (Some(answered), Some(first)) = (answered, number(&call, "first_sound_s")) {
                assert!(first >= answered, "{file}");
            }
        }
        assert!(segments.is_empty(), "segments of no call");
    }
}

#[test]
fn where_the_truth_has_sound_there_is_sound_and_where_it_has_none_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut script = choose(&ingredients(), &wishes(21)).unwrap();
    for line in &mut script.lines {
        line.sound.noise_level = -70.0;
        line.sound.caller_channel = None;
        line.sound.hum = false;
        line.sound.click = false;
        line.sound.agc = false;
        line.sound.loss = 0.0;
    }
    simulate(&script, &ingredients(), 21, &folder.path().join("out"), |_| {}).unwrap();
    let segments = rows(&folder.path().join("out/segments.csv"));
    let mut rings = 0;
    for call in rows(&folder.path().join("out/calls.csv")) {
        let samples = &sound(&folder.path().join("out/calls").join(&call["file"]))[0];
        let plan = tone_plan::plan(&call["country"]).unwrap();
        let at = |row: &Row, column: &str| (number(row, column).unwrap() * 8000.0) as usize;
        let mut quiet = vec![true; samples.len()];
        for row in segments.iter().filter(|row| row["file"] == call["file"]) {
            let (from, to) = (at(row, "start_s"), at(row, "end_s").min(samples.len()));
            assert!(level(&samples[from..to]) > -50.0, "{row:?}");
            if row["label"] == "ringback" {
                let share = plan.ringing.iter().map(|tone| share_of(&tone.frequencies, &samples[from..to]));
                assert!(share.fold(0.0, f64::max) > 0.9, "{row:?}");
                rings += 1;
            }
            // the network's filters ring on for some milliseconds
            quiet[from.saturating_sub(80)..(to + 240).min(samples.len())].fill(false);
        }
        let silence: Vec<f32> = samples.iter().zip(quiet).filter(|(_, quiet)| *quiet).map(|(x, _)| *x).collect();
        assert!(level(&silence) < -55.0, "{} {}", call["file"], level(&silence));
    }
    assert!(rings > 10, "{rings}");
}

/// How much of the power of `signal` lies at `frequencies`, all of them up to 1.2 % off, a block of 0.2 s at a time.
fn share_of(frequencies: &[f32], signal: &[f32]) -> f64 {
    let energy = |x: &[f32]| x.iter().map(|x| f64::from(x * x)).sum::<f64>();
    let mut found = 0.0;
    for block in signal.chunks(1600) {
        let component = |frequency: f64| {
            let turn = std::f64::consts::TAU * frequency / 8000.0;
            let (mut re, mut im) = (0.0, 0.0);
            for (i, x) in block.iter().enumerate() {
                re += f64::from(*x) * (turn * i as f64).cos();
                im += f64::from(*x) * (turn * i as f64).sin();
            }
            2.0 * (re * re + im * im) / block.len() as f64
        };
        let strongest = (-12..=12)
            .map(|off| 1.0 + f64::from(off) * 0.001)
            .map(|pitch| frequencies.iter().map(|f| component(f64::from(*f) * pitch)).sum::<f64>());
        found += strongest.fold(0.0, f64::max).min(energy(block));
    }
    found / energy(signal).max(1e-12)
}

/// The shipped script without what needs ffmpeg; and which of its calls that leaves as they are shipped.
fn shipped() -> (Script, Vec<String>) {
    let mut script = read_script(&fixtures().join("script.toml")).unwrap();
    let mut unchanged = vec![];
    for line in &mut script.lines {
        let simple = |name: &str| matches!(name, "none" | "pcm" | "alaw" | "mulaw");
        let sound: Vec<_> = line.calls.iter().map(|call| line.sound_of(call).unwrap()).collect();
        for (call, sound) in line.calls.iter_mut().zip(sound) {
            if simple(sound.codec.name()) && simple(sound.container.name()) {
                unchanged.push(format!("{}/{}.wav", line.name, call.file));
            } else {
                call.sound.insert("codec".into(), "none".into());
                call.sound.insert("container".into(), "pcm".into());
            }
        }
    }
    (script, unchanged)
}

#[test]
fn the_shipped_calls_are_what_the_program_makes() {
    let (script, unchanged) = shipped();
    let folder = tempfile::tempdir().unwrap();
    simulate(&script, &ingredients(), 2026, &folder.path().join("out"), |_| {}).unwrap();
    assert!(unchanged.len() >= 5, "{unchanged:?}");
    for file in &unchanged {
        let played = |root: &Path| sound(&root.join("calls").join(file)).concat();
        let (made, kept) = (played(&folder.path().join("out")), played(&fixtures().join("calls")));
        assert_eq!(made.len(), kept.len(), "{file}: run fixtures/make.sh");
        // the ingredients are Opus, whose decoder may round otherwise on another processor
        let difference: Vec<f32> = made.iter().zip(kept).map(|(a, b)| a - b).collect();
        assert!(level(&difference) < -60.0, "{file} differs: run fixtures/make.sh");
    }
    let truth = |root: &Path| {
        let mut rows = rows(&root.join("segments.csv"));
        // the files' endings tell the containers
        rows.iter_mut().for_each(|row| {
            let file = row.get_mut("file").unwrap();
            file.truncate(file.rfind('.').unwrap());
        });
        rows
    };
    assert_eq!(truth(&folder.path().join("out")), truth(&fixtures().join("calls")), "run fixtures/make.sh");
}

#[test]
fn what_is_missing_from_a_folder_is_done_without() {
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("in/people");
    for speaker in ["de-jutta", "de-caller"] {
        fs::create_dir_all(people.join(speaker)).unwrap();
        for file in fs::read_dir(fixtures().join("ingredients/people").join(speaker)).unwrap().map(Result::unwrap) {
            fs::copy(file.path(), people.join(speaker).join(file.file_name())).unwrap();
        }
    }
    let ingredients = Ingredients::find(&folder.path().join("in")).unwrap();
    let script = choose(&ingredients, &wishes(3)).unwrap();
    simulate(&script, &ingredients, 3, &folder.path().join("out"), |_| {}).unwrap();
    let scenarios: Vec<String> =
        rows(&folder.path().join("out/calls.csv")).iter().map(|row| row["scenario"].clone()).collect();
    assert!(scenarios.iter().any(|s| s == "direct") && !scenarios.iter().any(|s| s == "queue"), "{scenarios:?}");
}

/// What is said against playing `rest` on a Dutch line.
fn refusal(rest: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("script.toml");
    let line = "name = \"l\"\ncountry = \"nl\"\nvoice = \"de-stadtwerke\"\ncaller = \"de-caller\"";
    fs::write(&file, format!("client = \"c\"\n[[line]]\n{line}\n{rest}")).unwrap();
    let out = folder.path().join("out");
    let played = read_script(&file).and_then(|script| simulate(&script, &ingredients(), 1, &out, |_| {}));
    assert!(!out.exists(), "a failed run leaves nothing");
    played.unwrap_err().to_string()
}

/// A call that ends in `outcome` after `steps`.
fn call(outcome: &str, steps: &str) -> String {
    format!("[[line.call]]\nscenario = \"s\"\noutcome = \"{outcome}\"\nsteps = [{steps}]")
}

#[test]
fn a_script_is_refused_with_the_place_and_the_remedy() {
    let refused = |rest: &str, because: &[&str]| {
        let said = refusal(rest);
        assert!(because.iter().all(|word| said.contains(word)), "{because:?} not in {said}");
    };
    refused(&call("busy", "{ do = \"dance\" }"), &["dance", "pick-up", "script.toml", "line"]);
    refused(&call("busy", "{ do = \"wait\", minutes = 1 }"), &["minutes", "seconds"]);
    let unanswered = "{ do = \"ring\", count = 2 }, { do = \"pick-up\" }";
    refused(&call("human", unanswered), &["do not lead to the outcome", "human"]);
    refused(&call("closed", "{ do = \"pick-up\" }, { do = \"say\", prompt = \"welcome\" }"), &["welcome", "greeting"]);
    refused(&call("closed", "{ do = \"pick-up\" }, { do = \"key\", key = \"x\" }"), &["'x'", "0 to 9"]);
    let engaged = "{ do = \"tone\", tone = \"busy\", seconds = 3.0, variant = 9 }";
    refused(&call("busy", engaged), &["number 9", "busy"]);
    refused(&format!("{}\nsound = {{ loudness = 3 }}", call("busy", "")), &["loudness", "tone_level"]);
    refused("music = \"tune:99:bell\"", &["tune:4:bell"]);
    refused("room = \"../../etc/passwd\"", &["no such recording"]);
}

#[test]
fn names_cannot_lead_out_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let refuse = |script: &Script| simulate(script, &ingredients(), 1, &folder.path().join("out"), |_| {});
    for name in ["../up", "a/b", "", ".hidden", "a\\b"] {
        let (mut script, _) = shipped();
        script.lines[0].name = name.into();
        assert!(matches!(refuse(&script), Err(SimulateError::BadName { .. })), "{name:?}");
    }
    let (mut script, _) = shipped();
    script.lines[1].name = script.lines[0].name.clone();
    assert!(matches!(refuse(&script), Err(SimulateError::TwoOfAName { .. })));
}

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

fn command(words: &[&str]) -> Result<(), String> {
    let line = Line::try_parse_from([&["simulate"], words].concat()).map_err(|e| e.to_string())?;
    run(&line.args).map_err(|e| format!("{e:#}"))
}

#[test]
fn the_command_refuses_bad_input_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let shipped = fixtures().join("ingredients");
    let shipped = shipped.to_str().unwrap();
    let refused = |words: &[&str], because: &[&str]| {
        let said = command(words).unwrap_err();
        assert!(because.iter().all(|word| said.contains(word)), "{because:?} not in {said}");
    };
    refused(&[&path("nowhere"), &path("out")], &["no such folder", "people/SPEAKER"]);
    fs::create_dir(path("empty")).unwrap();
    refused(&[&path("empty"), &path("out")], &["no ingredients", "prompts/VOICE"]);
    refused(&[shipped, &path("out"), "--country", "atlantis"], &["atlantis", "two-letter"]);
    refused(&[shipped, &path("out"), "--codecs", "morse"], &["morse", "g726"]);
    refused(&[shipped, &path("out"), "--stereo-share", "2"], &["0 to 1"]);
    refused(&[shipped, &path("out"), "--calls", "0"], &["0"]);
    assert!(!Path::new(&path("out")).exists());
    fs::create_dir(path("full")).unwrap();
    fs::write(path("full/mine.txt"), "mine").unwrap();
    refused(&[shipped, &path("full"), "--lines", "1", "--calls", "1"], &["not empty"]);
    assert_eq!(fs::read(path("full/mine.txt")).unwrap(), b"mine");
}
