//! `bezet audit` from outside: through the program where no sound is needed, and through the library with ears that read
//! what they are to have heard.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use assert_cmd::{assert::OutputAssertExt, cargo::CommandCargoExt};
use bezet::{
    analysis::{CallAnalysis, LineSettings, RecordingFacts},
    audit::Refusal,
    batch::Ears,
    command::{
        Status,
        audit::{Args, run},
    },
    interval::Interval,
    label::Label,
    metrics::{AnsweredBy, CallMetrics, Measured, Outcome, PathMetrics, Reason, WaitMetrics},
    timeline::{Channel, Segment, Timeline},
};
use clap::Parser;
use serde::{Deserialize, Serialize};

/// Ears for text files: `12.5` is a call of that many seconds, and words are what goes wrong with it.
#[derive(Default)]
struct Fake {
    heard: AtomicUsize,
    settings: Mutex<BTreeMap<usize, LineSettings>>,
    slow: bool,
}

#[derive(Clone, Serialize, Deserialize)]
struct FakeHeard {
    text: String,
    duration_s: f64,
}

impl Ears for &Fake {
    type Heard = FakeHeard;

    fn version(&self) -> String {
        "1".into()
    }

    fn listen(&self, path: &Path) -> Result<FakeHeard, Refusal> {
        self.heard.fetch_add(1, Ordering::SeqCst);
        if self.slow {
            thread::sleep(Duration::from_millis(50));
        }
        let text = fs::read_to_string(path).map_err(|e| self.unopened(path, e))?;
        match text.split(' ').next().unwrap_or_default() {
            "panics" => panic!("on {text}"),
            "unreadable" => Err(Refusal { code: "unsupported".into(), message: "AMR is not read".into() }),
            number => Ok(FakeHeard { duration_s: number.parse().unwrap(), text }),
        }
    }

    fn judge(
        &self,
        calls: &[FakeHeard],
        labels: &[Option<Vec<Segment>>],
        settings: &LineSettings,
    ) -> Vec<CallAnalysis> {
        self.settings.lock().unwrap().insert(calls.len(), settings.clone());
        assert!(calls.iter().all(|call| !call.text.contains("misjudged")), "a call that cannot be judged");
        calls.iter().zip(labels).map(|(call, labels)| analysis(call, labels.as_deref(), settings)).collect()
    }

    fn unopened(&self, _path: &Path, error: io::Error) -> Refusal {
        Refusal { code: "io".into(), message: error.kind().to_string() }
    }

    fn failed(&self, what: &str) -> Refusal {
        Refusal { code: "failed".into(), message: format!("failed: {what}") }
    }
}

/// A call of one ring and then a person, who speaks from the middle on.
fn analysis(call: &FakeHeard, labels: Option<&[Segment]>, settings: &LineSettings) -> CallAnalysis {
    let (end, half) = (call.duration_s, call.duration_s / 2.0);
    let person =
        Segment { interval: Interval::new(half, end), label: Label::Human, detail: String::new(), confidence: 0.9 };
    let segments = labels.map_or(vec![person], <[Segment]>::to_vec);
    let (whole, none) = (Interval::new(0.0, end), || Measured::absent(0.9, Reason::NotThere));
    let sure = |value: f64| Measured::heard(value, 0.95, Reason::Heard, whole);
    let count = |value: u32| Measured::heard(value, 0.95, Reason::Heard, whole);
    CallAnalysis {
        recording: RecordingFacts {
            duration_s: end,
            channels: 1,
            container: "wav".into(),
            codec: "alaw".into(),
            sample_rate: 8000,
            recorded_at: call.text.contains("dated").then(|| "2026-02-03T04:05:06".parse().unwrap()),
            warnings: vec![],
        },
        caller_channel: None,
        country: Measured::heard(settings.country.clone().unwrap_or("gb".into()), 0.9, Reason::Heard, whole),
        timelines: vec![Timeline::new(Channel::Mono, end, segments)],
        plays: vec![],
        metrics: CallMetrics {
            outcome: Measured::heard(Outcome::Human, 0.95, Reason::Heard, whole),
            rings: count(1),
            ring_s: sure(1.0),
            answered_s: sure(1.0),
            answered_by: Measured::heard(AnsweredBy::Human, 0.95, Reason::Heard, whole),
            keys: Measured::heard("007".into(), 0.95, Reason::Heard, whole),
            queue_s: none(),
            hold_segments: count(0),
            hold_music_s: sure(0.0),
            dead_air_s: sure(0.0),
            announcements: count(0),
            time_to_human_s: sure(half),
            wait_after_answer_s: sure(half),
            total_wait_s: sure(half),
            wait: WaitMetrics::absent(0.9, &Reason::NotNamed),
            path: PathMetrics::default(),
        },
        walk: None,
        labelled: labels.is_some(),
    }
}

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: Args,
}

/// A folder of made-up recordings, and what audits of it leave.
struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self { root: tempfile::tempdir().unwrap() };
        for (name, text) in files {
            place.write(name, text);
        }
        place
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Audits with `ears`; words that start with `@` are paths below the place.
    fn audit(&self, ears: &Fake, args: &str) -> anyhow::Result<(Status, String)> {
        let path = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.path(name).display().to_string(),
            None => word.to_owned(),
        };
        let out = format!("--out={}", self.path("out").display());
        let words = ["audit".to_owned(), out].into_iter().chain(args.split_whitespace().map(path));
        let mut said = vec![];
        let status = run(Cli::try_parse_from(words)?.args, |_| ears, &mut said)?;
        Ok((status, String::from_utf8(said)?))
    }

    /// All files of the audit, the hidden folder apart.
    fn result(&self) -> BTreeMap<String, Vec<u8>> {
        let out = self.path("out");
        let files = walkdir::WalkDir::new(&out).into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file());
        let name = |path: &Path| path.strip_prefix(&out).unwrap().to_string_lossy().into_owned();
        let files = files.map(|e| (name(e.path()), fs::read(e.path()).unwrap()));
        files.filter(|(name, _)| !name.starts_with(".bezet")).collect()
    }

    /// The rows of a table, by file.
    fn rows(&self, table: &str) -> BTreeMap<String, BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.path("out").join(table)).unwrap();
        let rows = reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
        rows.map(|row| (row["file"].clone(), row)).collect()
    }

    fn kept(&self) -> usize {
        fs::read_dir(self.path("out/.bezet/heard")).map_or(0, |kept| {
            kept.filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().ends_with(".msgpack")).count()
        })
    }
}

fn two_lines() -> Place {
    Place::new(&[
        ("calls/a/1.wav", "10"),
        ("calls/a/2.wav", "20"),
        ("calls/b/1.wav", "30 b"),
        ("calls/b/notes.txt", "-"),
    ])
}

#[test]
fn what_goes_wrong_with_one_recording_is_a_row_and_the_batch_goes_on() {
    let place = two_lines();
    place.write("calls/a/3.wav", "panics at once");
    place.write("calls/a/4.amr", "unreadable");
    place.write("calls/a/5.wav", "50 misjudged");
    let ears = Fake::default();
    let (status, said) = place.audit(&ears, "@calls @calls/gone.wav --charts none --lang en").unwrap();
    assert_eq!(status, Status::SomeUnread);
    let rows = place.rows("calls.csv");
    let told =
        |file: &str| (rows[file]["outcome"].as_str(), rows[file]["rings"].as_str(), rows[file]["reason"].as_str());
    assert_eq!(told("a/1.wav"), ("human", "1", "plainly heard"));
    assert_eq!(told("a/3.wav"), ("not_measurable", "", "failed: on panics at once"));
    assert_eq!(told("a/4.amr"), ("not_measurable", "", "AMR is not read"));
    assert_eq!(told("a/5.wav"), ("not_measurable", "", "failed: a call that cannot be judged"));
    assert_eq!(told("gone.wav"), ("not_measurable", "", "entity not found"));
    assert_eq!(rows.len(), 7);
    assert!(said.contains("Could not be read: 4 recordings") && said.contains("Line b: 1 call\n"), "{said}");
}

#[test]
fn a_second_run_hears_only_what_is_new_or_changed_and_leaves_the_same_bytes() {
    let place = two_lines();
    let ears = Fake::default();
    let heard = || ears.heard.swap(0, Ordering::SeqCst);
    place.audit(&ears, "@calls --json").unwrap();
    let first = place.result();
    assert_eq!(heard(), 3);
    place.audit(&ears, "@calls --json").unwrap();
    assert_eq!((heard(), place.result() == first), (0, true));
    place.audit(&ears, "@calls --json --fresh").unwrap();
    assert_eq!((heard(), place.result() == first), (3, true));

    place.write("calls/a/2.wav", "25");
    fs::rename(place.path("calls/a/1.wav"), place.path("calls/a/0.wav")).unwrap();
    place.audit(&ears, "@calls").unwrap();
    assert_eq!(heard(), 1, "the changed one; a new name is no new recording");
    let names: Vec<_> = place.result().into_keys().filter(|name| !name.starts_with("charts/")).collect();
    let want = [
        "audit.bezet",
        "audit.json",
        "calls.csv",
        "figures.csv",
        "groups.toml",
        "labels/a/0.wav.txt",
        "labels/a/2.wav.txt",
        "labels/b/1.wav.txt",
        "lines.csv",
        "prompts.csv",
        "scorecard.csv",
        "segments.csv",
    ];
    assert_eq!(names, want, "what is no longer made is gone");
    assert_eq!(place.kept(), 3);
}

#[test]
fn a_damaged_store_is_heard_again() {
    let place = two_lines();
    let ears = Fake::default();
    place.audit(&ears, "@calls --charts none").unwrap();
    let first = place.result();
    for kept in fs::read_dir(place.path("out/.bezet/heard")).unwrap() {
        fs::write(kept.unwrap().path(), "{").unwrap();
    }
    place.audit(&ears, "@calls --charts none").unwrap();
    assert_eq!((ears.heard.load(Ordering::SeqCst), place.result() == first), (6, true));
}

#[test]
fn the_number_of_jobs_changes_no_byte() {
    let calls: Vec<_> = (0..20).map(|i| (format!("calls/{}/{i}.wav", i % 3), format!("{}", 20 - i))).collect();
    let calls: Vec<_> = calls.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (one, two) = (Place::new(&calls), Place::new(&calls));
    one.audit(&Fake::default(), "@calls --jobs 1 --json --charts all").unwrap();
    two.audit(&Fake::default(), "@calls --jobs 2 --json --charts all").unwrap();
    assert_eq!(one.result().keys().collect::<Vec<_>>(), two.result().keys().collect::<Vec<_>>());
    assert!(one.result() == two.result());
    assert!(one.result().contains_key("charts/call/0/0.wav.svg"));
}

/// Not a test of its own: the run that [`a_run_that_is_killed_is_gone_on_with`] kills.
#[test]
fn a_run_to_be_killed() {
    let Ok(place) = std::env::var("BEZET_TEST_RUN") else { return };
    let args = [&format!("--out={place}/out"), &format!("{place}/calls"), "--jobs=1", "--charts=none", "--json"];
    let args = Cli::try_parse_from(["audit"].into_iter().chain(args.map(|word| -> &str { word }))).unwrap().args;
    run(args, |_| &*Box::leak(Box::new(Fake { slow: true, ..Fake::default() })), &mut io::sink()).unwrap();
}

#[test]
fn a_run_that_is_killed_is_gone_on_with() {
    const CALLS: usize = 200;
    let calls: Vec<_> = (0..CALLS).map(|i| (format!("calls/a/{i:03}.wav"), format!("{}", i + 1))).collect();
    let calls: Vec<_> = calls.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (place, never_killed) = (Place::new(&calls), Place::new(&calls));
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_run_to_be_killed"])
        .env("BEZET_TEST_RUN", place.root.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while place.kept() < 3 && Instant::now() < patience {
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = place.kept();
    assert!((3..CALLS).contains(&kept), "{kept}");
    assert!(place.result().is_empty(), "all of it appears, or nothing");

    let ears = Fake::default();
    place.audit(&ears, "--resume").unwrap();
    assert_eq!(ears.heard.load(Ordering::SeqCst), CALLS - kept);
    never_killed.audit(&Fake::default(), "@calls --charts none --json").unwrap();
    assert!(place.result() == never_killed.result());
}

#[test]
fn there_must_be_something_to_go_on_with() {
    let place = two_lines();
    let error = place.audit(&Fake::default(), "--resume").unwrap_err().to_string();
    assert!(error.contains("no run in"), "{error}");
    place.audit(&Fake::default(), "@calls --resume --charts none").unwrap();
    fs::remove_dir_all(place.path("calls")).unwrap();
    let error = place.audit(&Fake::default(), "--resume").unwrap_err().to_string();
    assert!(error.contains("in the folder where the run was started"), "{error}");
}

#[test]
fn flags_win_over_the_line_and_the_line_over_the_project() {
    let place = two_lines();
    place.write(
        "bezet.toml",
        "client = \"Test\"\ncountry = \"be\"\ncaller_channel = \"left\"\nlanguage = \"en\"\n[[line]]\nname = \"one\"\n\
         recordings = [\"calls/a\"]\ncountry = \"nl\"\n[[line]]\nname = \"two\"\nrecordings = [\"calls/b\"]\ncaller_channel = \"auto\"\n",
    );
    let ears = Fake::default();
    let settings = || {
        let settings = std::mem::take(&mut *ears.settings.lock().unwrap());
        // line one has two calls, line two has one
        [2, 1].map(|calls| (settings[&calls].country.clone(), settings[&calls].caller_channel))
    };
    let (_, said) = place.audit(&ears, "--project @bezet.toml --charts none").unwrap();
    assert!(said.contains("Test: 3 calls heard") && said.contains("Line two"), "{said}");
    assert_eq!(settings(), [(Some("nl".into()), Some(Channel::Left)), (Some("be".into()), None)]);
    place.audit(&ears, "@calls --project @bezet.toml --charts none --country de --caller-channel right").unwrap();
    assert_eq!(settings(), [(Some("de".into()), Some(Channel::Right)), (Some("de".into()), Some(Channel::Right))]);
    assert_eq!(place.rows("calls.csv").into_keys().collect::<Vec<_>>(), ["a/1.wav", "a/2.wav", "b/1.wav"]);
}

#[test]
fn a_corrected_label_file_takes_the_place_of_what_was_heard_and_the_output_says_so() {
    let place = two_lines();
    place.audit(&Fake::default(), "@calls --charts none --lang en").unwrap();
    let labels = place.path("out/labels/a/1.wav.txt");
    fs::write(&labels, "0\t4\tmusic\n4\t10\thuman\n").unwrap();
    // the folder is given back whole, and again after it was written anew
    for _ in 0..2 {
        let (status, _) = place.audit(&Fake::default(), "@calls --charts none --lang en --labels @out/labels").unwrap();
        assert_eq!(status, Status::Fine);
        let rows = place.rows("calls.csv");
        assert_eq!(rows["a/1.wav"]["reason"], "taken from a corrected label file");
        assert_eq!(rows["a/2.wav"]["reason"], "plainly heard");
        let segments = fs::read_to_string(place.path("out/segments.csv")).unwrap();
        assert!(segments.contains("a/1.wav,mono,0.000,4.000,music,,1.000\r\n"), "{segments}");
    }
    fs::write(&labels, "0\t4\tmusic\n4\t10\tpersoon\n").unwrap();
    let (status, _) = place.audit(&Fake::default(), "@calls --charts none --lang en --labels @out/labels").unwrap();
    assert_eq!(status, Status::SomeUnread);
    let row = &place.rows("calls.csv")["a/1.wav"];
    assert_eq!(row["warnings"], "1.wav.txt, line 2: \"persoon\" is not understood; the label file was not used");
    assert_eq!((row["outcome"].as_str(), row["reason"].as_str()), ("human", "plainly heard"));
}

#[test]
fn the_time_of_a_call_is_from_the_side_car_else_the_recording_else_its_name() {
    let place = Place::new(&[
        ("calls/20260512-101500-a.wav", "10"),
        ("calls/20260512-101500-b.wav", "11 dated"),
        ("calls/20260512-101500-c.wav", "12 dated"),
        ("calls/d.wav", "13"),
        ("calls/20261025-023000-e.wav", "14"),
        ("calls/calls.csv", "file;recorded_at;reason\n20260512-101500-c.wav;2026-06-07 08:09;klacht\nd.wav;morgen;\n"),
    ]);
    place.audit(&Fake::default(), "@calls --charts none --lang nl").unwrap();
    let rows = place.rows("calls.csv");
    let at = |name: &str| rows[&format!("calls/{name}.wav")]["recorded_at"].clone();
    assert_eq!(at("20260512-101500-a"), "2026-05-12T10:15:00+02:00");
    assert_eq!(at("20260512-101500-b"), "2026-02-03T04:05:06+01:00");
    assert_eq!(at("20260512-101500-c"), "2026-06-07T08:09:00+02:00");
    assert_eq!(rows["calls/20260512-101500-c.wav"]["contact_reason"], "klacht");
    assert_eq!(at("d"), "");
    assert!(rows["calls/d.wav"]["warnings"].starts_with("calls.csv, regel 3: het tijdstip \"morgen\""));
    assert_eq!(at("20261025-023000-e"), "2026-10-25T02:30:00+02:00");
    assert!(rows["calls/20261025-023000-e.wav"]["warnings"].contains("einde zomertijd"));
}

#[test]
fn a_missed_norm_is_an_exit_code_and_names_the_calls() {
    let place = two_lines();
    let (status, said) =
        place.audit(&Fake::default(), "@calls --charts none --lang en --fail-on total_wait_s>9").unwrap();
    assert_eq!(status, Status::NormMissed);
    assert!(said.ends_with("total_wait_s>9: 2 of 3 calls, 0 not measurable\n  a/2.wav\n  b/1.wav\n"), "{said}");
    let (status, _) = place.audit(&Fake::default(), "@calls --charts none --fail-on total_wait_s>99").unwrap();
    assert_eq!(status, Status::Fine);
}

#[test]
fn dutch_excel_gets_its_commas_and_keys_keep_their_zeros() {
    let place = two_lines();
    place.audit(&Fake::default(), "@calls --charts none --csv excel-nl").unwrap();
    let text = fs::read_to_string(place.path("out/calls.csv")).unwrap();
    assert!(text.starts_with("\u{feff}file;line;recorded_at;") && text.contains(";\"=\"\"007\"\"\";"), "{text}");
}

#[test]
fn no_output_holds_a_path_of_this_machine() {
    let place = two_lines();
    place.audit(&Fake::default(), "@calls --json --charts all").unwrap();
    let root = place.root.path().display().to_string();
    for (name, bytes) in place.result() {
        assert!(!String::from_utf8_lossy(&bytes).contains(&root), "{name}");
    }
}

fn bezet(args: &[&str]) -> assert_cmd::assert::Assert {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::cargo_bin("bezet").unwrap();
    command.args(args).current_dir(folder.path()).assert()
}

fn stderr(run: &assert_cmd::assert::Assert) -> String {
    String::from_utf8(run.get_output().stderr.clone()).unwrap()
}

#[test]
fn wrong_usage_is_64_and_help_is_not() {
    bezet(&["--help"]).code(0);
    bezet(&["audit", "--help"]).code(0);
    bezet(&["--version"]).code(0);
    for (args, part) in [
        (&[][..], "Usage"),
        (&["audit"], "no recordings"),
        (&["audit", "--nonsense"], "--nonsense"),
        (&["audit", "x.wav", "--country", "xx"], "known are"),
        (&["audit", "x.wav", "--fail-on", "wait>3"], "no column"),
        (&["audit", "x.wav", "--jobs", "0"], "--jobs"),
        (&["audit", "--resume", "--fresh"], "cannot be used"),
        (&["audit", "--resume"], "no run in"),
    ] {
        let english = if args.is_empty() { &[][..] } else { &["--lang", "en"] };
        let run = bezet(&[args, english].concat()).code(64);
        assert!(stderr(&run).contains(part), "{args:?}: {}", stderr(&run));
    }
}

#[test]
fn what_cannot_be_read_is_2_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let bezet = |args: &[&str]| Command::cargo_bin("bezet").unwrap().args(args).current_dir(folder.path()).assert();
    let run = bezet(&["audit", "--project", "gone.toml", "--lang", "en"]).code(2);
    assert_eq!(stderr(&run).matches("No such file").count(), 1, "{}", stderr(&run));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "a run that cannot start leaves nothing behind");
    fs::write(folder.path().join("bezet.toml"), "client = \"x\"\ncuontry = \"nl\"\n").unwrap();
    let run = bezet(&["audit", "--lang", "en"]).code(2);
    let said = stderr(&run);
    assert!(said.contains("line 2") && said.contains("cuontry") && said.contains('^'), "{said}");

    fs::write(folder.path().join("call.wav"), "this is no sound").unwrap();
    let run = bezet(&["audit", "call.wav", "gone.wav", "--out", "out", "--charts", "none"]).code(2);
    assert!(!stderr(&run).contains("panicked"), "{}", stderr(&run));
    let calls = fs::read_to_string(folder.path().join("out/calls.csv")).unwrap();
    assert_eq!(calls.matches(",not_measurable,").count(), 2, "{calls}");

    fs::write(folder.path().join("calls.csv"), "file,recorded_at\n").unwrap();
    let run = bezet(&["audit", "call.wav", "--out", ".", "--lang", "en"]).code(2);
    assert!(stderr(&run).contains("was not written by bezet"), "{}", stderr(&run));
    fs::create_dir(folder.path().join("empty")).unwrap();
    bezet(&["audit", "empty"]).code(2);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let place = two_lines();
    let words = ["audit".into(), place.path("calls").into_os_string(), "--charts=none".into(), "--out".into()];
    let args = Cli::try_parse_from(words.into_iter().chain([place.path("out").into_os_string()])).unwrap().args;
    let error = run(args, |_| &*Box::leak(Box::<Fake>::default()), &mut Closed).unwrap_err();
    assert!(
        error.chain().any(|e| e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
    );
    assert_eq!(place.rows("calls.csv").len(), 3, "the files are in their places all the same");
}
