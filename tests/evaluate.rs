//! `bezet evaluate` from outside: it agrees with another scorer, with label files, floors and foreign files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::{Command, assert::Assert};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn evaluate(words: &[&Path], flags: &[&str]) -> Assert {
    Command::cargo_bin("bezet").unwrap().arg("evaluate").args(words).args(flags).assert()
}

fn table(file: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(file).unwrap().deserialize().map(Result::unwrap).collect()
}

/// The measures of `accuracy.csv` by column, group and name.
fn measures(folder: &Path) -> BTreeMap<(String, String, String), String> {
    let row = |mut row: BTreeMap<String, String>| {
        let mut cell = |name: &str| row.remove(name).unwrap();
        ((cell("by"), cell("group"), cell("measure")), cell("value"))
    };
    table(&folder.join("accuracy.csv")).into_iter().map(row).collect()
}

/// Audited calls with errors of every kind put in, and what an independent scorer (in Python, of the same rules) says.
#[test]
fn it_agrees_with_an_independent_scorer_to_the_last_digit() {
    let folder = tempfile::tempdir().unwrap();
    let (accuracy, out) = (fixtures().join("accuracy"), folder.path().join("out"));
    evaluate(&[&accuracy.join("truth"), &accuracy.join("audit"), Path::new("--out"), &out], &[]).code(0);
    let found = measures(&out);
    let (mut group, mut compared) = ((String::new(), String::new()), 0);
    for line in fs::read_to_string(accuracy.join("expected.txt")).unwrap().lines() {
        if let Some(heading) = line.strip_prefix("# ") {
            let name = heading.split(':').next().unwrap();
            group = name.split_once('=').map_or_else(Default::default, |(by, value)| (by.into(), value.into()));
            continue;
        }
        let (name, value) = line.split_once(' ').unwrap();
        let key = (group.0.clone(), group.1.clone(), name.to_owned());
        assert_eq!(found.get(&key).map(String::as_str), Some(value.trim()), "{key:?}");
        compared += 1;
    }
    assert!(compared > 80, "only {compared} values");
}

#[test]
fn the_worst_call_comes_first_with_its_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let accuracy = fixtures().join("accuracy");
    let out = folder.path().join("out");
    let said =
        evaluate(&[&accuracy.join("truth"), &accuracy.join("audit"), Path::new("--out"), &out], &["--lang", "en"]);
    let said = String::from_utf8(said.get_output().stdout.clone()).unwrap();
    assert!(said.contains("18 calls held against the truth, 17 of them in the audit"), "{said}");
    let rows = table(&out.join("disagreements.csv"));
    let ranks: Vec<u32> = rows.iter().map(|row| row["rank"].parse().unwrap()).collect();
    assert!(ranks.is_sorted() && ranks[0] == 1);
    assert!(said.contains(&format!("{}: ", rows[0]["file"])), "the worst call is named:\n{said}");
    let wrong = |rank: u32| rows.iter().zip(&ranks).filter(|(row, r)| **r == rank && row["kind"] == "figure").count();
    let counts: Vec<usize> = (1..=*ranks.last().unwrap()).map(wrong).collect();
    let missing = rows.iter().position(|row| row["kind"] == "not_in_audit").unwrap();
    let counts: Vec<usize> =
        (1..).zip(counts).filter(|(rank, _)| *rank != ranks[missing]).map(|(_, count)| count).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    for row in rows.iter().filter(|row| row["kind"] == "sound") {
        let second = |name: &str| row[name].parse::<f64>().unwrap();
        assert!(row["truth"] != row["heard"] && second("end_s") - second("start_s") >= 0.199, "{row:?}");
    }
}

#[test]
fn every_recording_has_its_row_and_a_column_of_nothing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (accuracy, out) = (fixtures().join("accuracy"), folder.path().join("out"));
    let words = [&accuracy.join("truth"), &accuracy.join("audit"), Path::new("--out"), &*out];
    let said = evaluate(&words, &["--by", "weather", "--lang", "en"]).code(2);
    let said = String::from_utf8(said.get_output().stdout.clone()).unwrap();
    assert!(said.contains("--by weather") && said.contains("codec"), "{said}");
    let rows = table(&out.join("recordings.csv"));
    assert_eq!(rows.len(), 18);
    let wrong: Vec<u32> = rows.iter().map(|row| row["figures_wrong"].parse().unwrap()).collect();
    assert!(wrong.is_sorted_by(|a, b| a >= b), "the worst first: {wrong:?}");
    for row in &rows {
        assert_eq!(row["wrong"].split_whitespace().count().to_string(), row["figures_wrong"], "{row:?}");
    }
    assert_eq!(rows.iter().filter(|row| row["audited"] == "0").count(), 1);
}

#[test]
fn floors_decide_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let (accuracy, out) = (fixtures().join("accuracy"), folder.path().join("out"));
    let paths = [accuracy.join("truth"), accuracy.join("audit"), "--out".into(), out];
    let run = |flags: &[&str]| evaluate(&paths.each_ref().map(PathBuf::as_path), flags);
    run(&["--fail-under", "rings.exact=0.66"]).code(0);
    let said = run(&["--fail-under", "rings.exact=0.67", "--fail-under", "human.none=1"]).code(1);
    let said = String::from_utf8(said.get_output().stdout.clone()).unwrap();
    assert!(said.contains("rings.exact >= 0.67: niet gehaald (0.667)"), "{said}");
    assert!(said.contains("human.none >= 1: gehaald"), "{said}");
    run(&["--fail-under", "path.exact=0.1"]).code(1);
    run(&["--fail-under", "ringing=0.1"]).code(64);
    run(&["--fail-under", "human.median_error_s=1"]).code(64);
}

#[test]
fn json_is_one_object_and_the_same_as_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (accuracy, out) = (fixtures().join("accuracy"), folder.path().join("out"));
    let flags = ["--format", "json", "--by", "scenario"];
    let said = evaluate(&[&accuracy.join("truth"), &accuracy.join("audit"), Path::new("--out"), &out], &flags).code(0);
    let printed: serde_json::Value = serde_json::from_slice(&said.get_output().stdout).unwrap();
    let written: serde_json::Value = serde_json::from_slice(&fs::read(out.join("accuracy.json")).unwrap()).unwrap();
    assert_eq!(printed, written);
    assert_eq!(printed["schema"], "bezet-accuracy/1");
    assert!(printed["groups"].as_array().unwrap().iter().any(|group| group["by"] == "scenario"));
}

#[test]
fn what_others_wrote_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let accuracy = fixtures().join("accuracy");
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("accuracy.csv"), "mine").unwrap();
    let words = [&accuracy.join("truth"), &accuracy.join("audit"), Path::new("--out"), &*out];
    let said = evaluate(&words, &[]).code(2);
    assert!(String::from_utf8_lossy(&said.get_output().stderr).contains("staat in de weg"));
    assert_eq!(fs::read(out.join("accuracy.csv")).unwrap(), b"mine");
    fs::remove_file(out.join("accuracy.csv")).unwrap();
    evaluate(&words, &[]).code(0);
    evaluate(&words, &[]).code(0);
}

/// A consultant's own way: recordings in a folder, one of them labelled in Audacity, nothing else.
#[test]
fn recordings_with_a_label_file_beside_them_are_audited_and_scored() {
    let folder = tempfile::tempdir().unwrap();
    let calls = folder.path().join("klant/lijn");
    fs::create_dir_all(&calls).unwrap();
    let name = "2026-03-12_14.08.29.wav";
    fs::copy(fixtures().join("calls/calls/stadtwerke").join(name), calls.join(name)).unwrap();
    let truth = table(&fixtures().join("calls/segments.csv"));
    let labels: String = truth
        .iter()
        .filter(|row| row["file"] == format!("stadtwerke/{name}"))
        .map(|row| format!("{}\t{}\t{}\n", row["start_s"], row["end_s"], row["label"]))
        .collect();
    assert!(!labels.is_empty());
    fs::write(calls.join(format!("{name}.txt")), labels).unwrap();
    let out = folder.path().join("out");
    let said = evaluate(&[&folder.path().join("klant"), Path::new("--out"), &out], &["--lang", "en"]).code(0);
    let said = String::from_utf8(said.get_output().stdout.clone()).unwrap();
    assert!(said.contains("1 call held against the truth, 1 of them in the audit"), "{said}");
    let found = measures(&out);
    let whole = |name: &str| found.get(&(String::new(), String::new(), name.to_owned()));
    assert!(whole("frame.accuracy").unwrap().parse::<f64>().unwrap() > 0.6, "{found:?}");
    for name in ["human.found", "outcome.exact", "answered.right", "keys.exact"] {
        assert!(whole(name).is_some(), "{name} follows from the labels: {found:?}");
    }
    assert_eq!(whole("announcements.exact"), None, "labels do not count messages");
    assert!(found.keys().any(|(by, group, _)| by == "origin" && group == "recorded"), "{found:?}");
    assert!(out.join("audit/calls.csv").is_file());
}

#[test]
fn a_truth_that_is_none_says_what_was_expected() {
    let folder = tempfile::tempdir().unwrap();
    for (text, because) in
        [("name,rings\na,1\n", "de kolom \"file\" ontbreekt"), ("file,line\n1.wav,a\n", "niets om aan te toetsen")]
    {
        fs::write(folder.path().join("calls.csv"), text).unwrap();
        let audit = fixtures().join("accuracy/audit");
        let said = evaluate(&[folder.path(), &audit, Path::new("--out"), &folder.path().join("out")], &[]).code(2);
        let said = String::from_utf8_lossy(&said.get_output().stderr).into_owned();
        assert!(said.contains(because), "{said}");
    }
    fs::write(folder.path().join("calls.csv"), "file,rings\nelsewhere/1.wav,1\n").unwrap();
    let audit = fixtures().join("accuracy/audit");
    let said = evaluate(&[folder.path(), &audit, Path::new("--out"), &folder.path().join("out")], &[]).code(2);
    assert!(String::from_utf8_lossy(&said.get_output().stderr).contains("geen van de gesprekken"));
}
