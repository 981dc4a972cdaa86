//! Names that are given by hand are kept the next month: two audits of the shipped calls, with `groups.toml` between them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::Command;

const LINE: &str = "waterbedrijf";

/// Audits these recordings of the line, without its prompts, and returns the rows of `prompts.csv` by their name.
fn audit(
    folder: &Path,
    month: &str,
    files: &[&str],
    groups: Option<&Path>,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let calls = folder.join(month).join(LINE);
    fs::create_dir_all(&calls).unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/calls/calls").join(LINE);
    for file in files {
        fs::copy(shipped.join(file), calls.join(file)).unwrap();
    }
    let out = out(folder, month);
    let mut bezet = Command::cargo_bin("bezet").unwrap();
    bezet.args(["audit", "--charts", "none", "--lang", "en", "--country", "nl", "--out"]).arg(&out);
    bezet.arg(folder.join(month));
    if let Some(groups) = groups {
        bezet.arg("--groups").arg(groups);
    }
    bezet.assert().success();
    let mut csv = csv::Reader::from_path(out.join("prompts.csv")).unwrap();
    csv.deserialize::<BTreeMap<String, String>>()
        .map(|row| row.unwrap())
        .map(|row| (row["prompt"].clone(), row))
        .collect()
}

fn out(folder: &Path, month: &str) -> PathBuf {
    folder.join(format!("audit-{month}"))
}

fn seconds(row: &BTreeMap<String, String>) -> f64 {
    row["first_s"].parse().unwrap()
}

/// The name of the group that is first heard at `at_s`.
fn heard_first_at(rows: &BTreeMap<String, BTreeMap<String, String>>, at_s: f64) -> String {
    let row = rows.iter().find(|(_, row)| (seconds(row) - at_s).abs() < 0.4 && row["kind"] != "music");
    row.unwrap_or_else(|| panic!("nothing at {at_s} s: {rows:?}")).0.clone()
}

#[test]
fn a_group_keeps_its_name_next_month_and_one_without_a_name_its_letter() {
    let folder = tempfile::tempdir().unwrap();
    // the truth of these calls is beside them: the greeting begins at 10.00 s, "all lines are busy" at 16.73 s,
    // followed by the place in the queue
    let march = audit(folder.path(), "march", &["2026-03-09_09.04.12.wav", "2026-03-09_13.31.50.mp3"], None);
    let (greeting, busy) = (heard_first_at(&march, 10.0), heard_first_at(&march, 16.73));
    assert_eq!(march[&greeting]["times_heard"], "2");
    assert_eq!(march[&greeting]["named_by"], "letter");

    let written = fs::read_to_string(out(folder.path(), "march").join("groups.toml")).unwrap();
    let old = format!("name = \"{greeting}\"\nkind = \"message\"");
    assert!(written.contains(&old), "{written}");
    let named = folder.path().join("named.toml");
    fs::write(&named, written.replace(&old, "name = \"welkom\"\nkind = \"greeting\"")).unwrap();

    let files = ["2026-03-10_16.47.03.ogg", "2026-03-11_18.20.09.wav", "2026-03-12_10.15.30.wav"];
    let april = audit(folder.path(), "april", &files, Some(&named));
    // played once this month: only who knows it from the last can find it
    let welcome = &april["welkom"];
    assert_eq!((welcome["named_by"].as_str(), welcome["kind"].as_str()), ("hand", "greeting"));
    assert_eq!(welcome["times_heard"], "1");
    assert!((seconds(welcome) - 21.6).abs() < 0.3, "{welcome:?}");
    assert_eq!((april[&busy]["named_by"].as_str(), april[&busy]["calls"].as_str()), ("letter", "2"));
    assert!((seconds(&april[&busy]) - 28.33).abs() < 0.3, "{april:?}");

    // and what this month wrote down leads back to the same names
    let again = out(folder.path(), "april").join("groups.toml");
    let may = audit(folder.path(), "may", &["2026-03-09_09.04.12.wav", "2026-03-09_13.31.50.mp3"], Some(&again));
    assert_eq!(may["welkom"]["times_heard"], "2");
    assert!((seconds(&may["welkom"]) - 10.0).abs() < 0.3);
    assert!(may.contains_key(&busy), "{may:?}");
}
