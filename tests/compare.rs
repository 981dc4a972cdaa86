//! `bezet compare` from outside, on months of made-up calls.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::{Command, assert::Assert};

/// Fourteen calls to three lines each; the later month's waits are shorter.
fn months() -> [String; 2] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/history");
    ["waterbedrijf-2025-05", "waterbedrijf-2026-09"].map(|name| folder.join(name).display().to_string())
}

fn bezet(words: &[&str], folder: &Path) -> Assert {
    Command::cargo_bin("bezet").unwrap().args(words).current_dir(folder).assert()
}

fn said(done: &Assert) -> String {
    String::from_utf8_lossy(&done.get_output().stdout).into_owned()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let below: Vec<PathBuf> = files.iter().filter(|path| path.is_dir()).flat_map(|path| self::files(path)).collect();
    files.retain(|path| path.is_file());
    files.extend(below);
    files.sort();
    files
}

#[test]
fn the_same_audits_give_the_same_bytes_and_nothing_else_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let [before, after] = months();
    let words = ["compare", &before, &after, "--out", "one", "--lang", "nl"];
    let text = said(&bezet(&words, folder.path()).code(0));
    assert!(text.starts_with("Vóór en na: ") && text.contains("de helft van de bellers"), "{text}");
    bezet(&["compare", &before, &after, "--out", "two", "--lang", "nl"], folder.path()).code(0);
    let (one, two) = (files(&folder.path().join("one")), files(&folder.path().join("two")));
    assert!(one.len() >= 9 && one.len() == two.len(), "{one:?}");
    for (a, b) in one.iter().zip(&two) {
        assert!(fs::read(a).unwrap() == fs::read(b).unwrap(), "{}", a.display());
    }
    let page = fs::read_to_string(folder.path().join("one/compare.md")).unwrap();
    for picture in page.split("](").skip(1).map(|rest| rest.split_once(')').unwrap().0) {
        assert!(folder.path().join("one").join(picture).is_file(), "{picture}");
    }
    // once more into the same folder is fine, into somebody else's it is not
    bezet(&words, folder.path()).code(0);
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("mine/compare.csv"), "mine").unwrap();
    bezet(&["compare", &before, &after, "--out", "mine"], folder.path()).code(2);
    assert_eq!(fs::read_to_string(folder.path().join("mine/compare.csv")).unwrap(), "mine");
}

#[test]
fn every_figure_of_the_table_is_in_the_json_and_the_sides_swap() {
    let folder = tempfile::tempdir().unwrap();
    let [before, after] = months();
    let json = |words: &[&str]| -> serde_json::Value {
        let all = [words, &["--format", "json", "--lang", "en", "--norm", "80-20", "--match", "nothing"]].concat();
        serde_json::from_str(&said(&bezet(&all, folder.path()).code(0))).unwrap()
    };
    let there = json(&["compare", &before, &after]);
    let table = fs::read_to_string(folder.path().join("bezet-compare/compare.csv")).unwrap();
    assert_eq!(table.lines().count(), 1 + there["measures"].as_array().unwrap().len());
    let back = json(&["compare", &after, &before]);
    let wait = |json: &serde_json::Value, column: &str| json["measures"][0][column].as_f64();
    assert_eq!(there["measures"][0]["measure"], "wait:total");
    assert_eq!(wait(&there, "before"), wait(&back, "after"));
    assert_eq!(wait(&there, "difference"), wait(&back, "difference").map(|d| -d));
    assert_eq!(wait(&there, "p"), wait(&back, "p"));
    assert!(back["cautions"].as_array().unwrap().iter().any(|c| c.as_str().unwrap().contains("swapped")), "{back}");
}

#[test]
fn wrong_usage_is_told_from_a_missing_audit() {
    let folder = tempfile::tempdir().unwrap();
    let [before, after] = months();
    bezet(&["compare", &before], folder.path()).code(64);
    bezet(&["compare", &before, &after, "--line", "nowhere"], folder.path()).code(64);
    bezet(&["compare", &before, "nowhere"], folder.path()).code(2);
    bezet(&["compare", &before, &after, "--norm", "nen-9999"], folder.path()).code(2);
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new(), "nothing is left of what failed");
}

#[test]
fn a_plan_needs_no_calls_and_goes_by_those_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let [before, _] = months();
    let general = said(&bezet(&["compare", "--plan", "--lang", "en"], folder.path()).code(0));
    let row = general.lines().find(|line| line.contains("65% becomes 80%")).unwrap_or_default();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["65%", "becomes", "80%", "138", "185"], "{general}");
    let own = said(&bezet(&["compare", &before, "--plan", "--lang", "en", "--norm", "80-20"], folder.path()).code(0));
    assert!(own.contains("14 calls of the audit") && own.contains("becomes"), "{own}");
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}
