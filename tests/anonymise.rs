//! `--anonymise` from outside: no name and no number in anything that is written.

mod programs;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use assert_cmd::{assert::OutputAssertExt, cargo::CommandCargoExt};
use bezet::synth::dtmf::Keypad;
use walkdir::WalkDir;

/// What may stand nowhere.
const NAMES: [&str; 7] = ["Jansen", "marie", "0612345678", "piet", "0687654321", "0201234567", NUMBER];
/// A customer's number, typed on the telephone.
const NUMBER: &str = "98765432";

fn bezet(words: &[&str], folder: &Path) {
    let done = Command::cargo_bin("bezet").unwrap().args(words).current_dir(folder).output().unwrap();
    // 2: one of the recordings cannot be read, and is not meant to be
    assert!(matches!(done.status.code(), Some(0 | 2)), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Two short calls and a file that cannot be read, under names as they are in the field.
fn project(folder: &Path) {
    let calls = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/calls/calls/stadtwerke");
    let own = folder.join("calls/Jan Jansen");
    fs::create_dir_all(&own).unwrap();
    fs::create_dir_all(folder.join("calls/klachten 0201234567")).unwrap();
    fs::copy(calls.join("2026-03-11_09.26.55.wav"), own.join("0612345678_marie.wav")).unwrap();
    fs::copy(calls.join("2026-03-12_14.08.29.wav"), folder.join("calls/klachten 0201234567/marie.wav")).unwrap();
    fs::write(own.join("piet_0687654321.amr"), b"#!AMR\n").unwrap();
    typed(&own.join("marie types.wav"));
}

/// A choice from a menu, and later a customer's number.
fn typed(path: &Path) {
    let (quiet, keypad) = (|seconds: usize| vec![0.0_f32; 8000 * seconds], Keypad::default());
    let sound = [quiet(3), keypad.dial("2").unwrap(), quiet(9), keypad.dial(NUMBER).unwrap(), quiet(3)].concat();
    let spec =
        hound::WavSpec { channels: 1, sample_rate: 8000, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut wav = hound::WavWriter::create(path, spec).unwrap();
    sound.iter().for_each(|sample| wav.write_sample((sample * 32_767.0) as i16).unwrap());
    wav.finalize().unwrap();
}

/// Every file below `folder`, the hidden ones too, as its path and its content.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file()).map(|entry| entry.into_path());
    files.map(|path| (path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap())).collect()
}

fn holds(content: &[u8], name: &str) -> bool {
    content.windows(name.len()).any(|window| window.eq_ignore_ascii_case(name.as_bytes()))
}

#[test]
fn no_output_holds_a_name_or_a_number() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    let audit = ["audit", "calls", "--out", "out", "--lang", "nl", "--xlsx", "--json", "--report", "--charts", "all"];
    bezet(&[&audit[..], &["--anonymise"]].concat(), folder.path());
    let out = folder.path().join("out");
    let written = files(&out);
    assert!(written.len() > 20, "{} files", written.len());
    for (path, content) in &written {
        for name in NAMES {
            assert!(!holds(path.as_os_str().as_encoded_bytes(), name), "{name} in the name of {}", path.display());
            assert!(!holds(content, name), "{name} in {}", path.display());
        }
    }
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    assert!(read("calls.csv").contains(",2xxxxxxxx,"), "the choice stays: {}", read("calls.csv"));
    let keys = |text: &str, key: &str| text.lines().filter(|l| l.contains(&format!(",dtmf,{key},"))).count();
    assert_eq!((keys(&read("segments.csv"), "2"), keys(&read("segments.csv"), "x")), (1, NUMBER.len()));
    assert!(!written.iter().any(|(path, _)| path.starts_with(".bezet/heard")), "what was heard holds the keys");
    // a workbook is packed
    if programs::installed("unzip", "-v") {
        let sheets = Command::new("unzip").arg("-p").arg(out.join("audit.xlsx")).output().unwrap();
        assert!(holds(&sheets.stdout, "call-0001"), "the sheets name the calls");
        NAMES.iter().for_each(|name| assert!(!holds(&sheets.stdout, name), "{name} in the workbook"));
    }
    let who = fs::read_to_string(folder.path().join("out.pseudonyms.toml")).unwrap();
    assert!(who.contains("0612345678_marie.wav") && who.contains("Jan Jansen"), "{who}");

    // the next run, with a call that comes first, leaves the others their names
    let call = |text: &str| {
        text.lines().find(|line| line.contains("unobtainable")).unwrap().split(',').next().unwrap().to_owned()
    };
    let before = call(&fs::read_to_string(out.join("calls.csv")).unwrap());
    let calls = folder.path().join("calls");
    fs::copy(calls.join("klachten 0201234567/marie.wav"), calls.join("Jan Jansen/0600000000.wav")).unwrap();
    bezet(&[&audit[..], &["--anonymise"]].concat(), folder.path());
    assert_eq!(call(&fs::read_to_string(out.join("calls.csv")).unwrap()), before);

    // an audit that was not made anonymous can be handed in as a page that is
    bezet(&["audit", "calls", "--out", "open", "--charts", "none", "--report"], folder.path());
    let open = fs::read_to_string(folder.path().join("open/report.html")).unwrap();
    assert!(holds(open.as_bytes(), "0612345678_marie.wav"));
    let page = ["report", "open", "--out", "page.html", "--anonymise", "--recordings", "calls"];
    bezet(&page, folder.path());
    let page = fs::read(folder.path().join("page.html")).unwrap();
    NAMES.iter().for_each(|name| assert!(!holds(&page, name), "{name} in the page"));
}

#[test]
fn the_list_of_pseudonyms_does_not_lie_among_the_results() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    let list = ["audit", "calls", "--out", "out", "--anonymise", "--pseudonyms", "out/who.toml", "--charts", "none"];
    let refused = Command::cargo_bin("bezet").unwrap().args(list).current_dir(folder.path()).assert().code(2);
    assert!(String::from_utf8_lossy(&refused.get_output().stderr).contains("buiten de resultaten"));
    assert!(!folder.path().join("out/calls.csv").exists());
}
