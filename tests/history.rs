//! `bezet history` and `bezet trend` from outside: runs that are killed, runs at the same time, and what they leave behind.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use bezet::audit::{Audit, AuditedCall, kept};

mod months;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn bezet(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bezet"));
    command.args(arguments);
    command
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn done(arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = bezet(arguments).output().unwrap();
    assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

fn refused(arguments: &[&str]) -> String {
    let Output { status, stderr, .. } = bezet(arguments).output().unwrap();
    assert_eq!(status.code(), Some(2), "{arguments:?}");
    String::from_utf8(stderr).unwrap()
}

/// A folder with an audit of so many calls in it.
fn audit_of(folder: &Path, name: &str, calls: usize) -> PathBuf {
    let mut audit = Audit { client: Some(name.into()), calls: vec![] };
    for i in 0..calls {
        audit.calls.push(months::call(name, &format!("{name}/{i:06}.wav"), i));
    }
    let place = folder.join(name);
    fs::create_dir_all(&place).unwrap();
    let mut text = vec![];
    kept::keep(&audit, &mut text).unwrap();
    fs::write(place.join(kept::FILE_NAME), text).unwrap();
    place
}

fn listed(db: &str) -> usize {
    done(&["history", "list", "--db", db]).lines().count()
}

/// Adds an audit and kills the run (SIGKILL, which no program can see coming) once it has begun to change the file. Whether
/// it was caught at that.
fn killed_while_writing(db: &Path, audit: &Path) -> bool {
    let journal = PathBuf::from(format!("{}-journal", db.display()));
    let size = || fs::metadata(db).map_or(0, |file| file.len());
    let before = size();
    let mut child = bezet(&["history", "add", &text(audit), "--db", &text(db)])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    // pages of the file are changed while the journal can still undo them: in the middle of the transaction
    while !(journal.exists() && size() > before + 100_000) && Instant::now() < until {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    journal.exists()
}

#[test]
fn a_run_that_is_killed_in_mid_write_changed_nothing_and_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("h.db");
    let (small, large) = (audit_of(folder.path(), "small", 3), audit_of(folder.path(), "large", 4_000));
    // killed at the very first writing, and then with something to lose
    let mut caught = usize::from(killed_while_writing(&db, &large));
    done(&["history", "add", &text(&small), "--db", &text(&db)]);
    for _ in 0..2 {
        caught += usize::from(killed_while_writing(&db, &large));
        let listed = done(&["history", "list", "--db", &text(&db)]);
        assert!(listed.contains("small") && !listed.contains("large"), "{listed}");
    }
    assert_eq!(caught, 3, "every run was killed in the middle of its writing");
    let said = done(&["history", "add", &text(&large), "--db", &text(&db), "--lang", "en"]);
    assert!(said.contains("4003 calls"), "{said}");
    assert_eq!(listed(&text(&db)), 2);
}

#[test]
fn writers_at_the_same_time_wait_for_each_other_and_the_same_audit_goes_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let db = text(&folder.path().join("h.db"));
    let audits: Vec<String> = (0..6).map(|i| text(&audit_of(folder.path(), &format!("a{}", i % 3), 200))).collect();
    let running: Vec<_> = audits
        .iter()
        .map(|audit| bezet(&["history", "add", audit, "--db", &db]).stdout(Stdio::null()).spawn().unwrap())
        .collect();
    for mut child in running {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(listed(&db), 3);
}

#[test]
fn what_goes_in_comes_out_again_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let db = text(&folder.path().join("h.db"));
    let audit = format!("{ROOT}/reports/example");
    let said = done(&["history", "add", &audit, &audit, "--db", &db]);
    assert!(said.contains("toegevoegd als nummer 1, 16 gesprekken") && said.contains("staat er al in"), "{said}");
    let out = folder.path().join("out");
    done(&["history", "export", &text(&out), "--db", &db]);
    let kept = |folder: &Path| fs::read(folder.join(kept::FILE_NAME)).unwrap();
    assert!(kept(&out.join("1")) == kept(Path::new(&audit)));
    done(&["history", "export", &text(&out), "1", "--db", &db]);
    fs::write(out.join("1").join(kept::FILE_NAME), "mine").unwrap();
    assert!(refused(&["history", "export", &text(&out), "--db", &db]).contains("een andere audit"));
    done(&["history", "remove", "1", "--db", &db]);
    assert!(refused(&["history", "remove", "1", "--db", &db]).contains("history list"));
    assert_eq!(listed(&db), 0);
}

#[test]
fn what_is_no_history_and_no_audit_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = folder.path().join("brief.db");
    fs::write(&foreign, "Geachte klant").unwrap();
    let audit = format!("{ROOT}/reports/example");
    for command in [vec!["history", "add", &audit], vec!["history", "list"], vec!["trend"]] {
        let said = refused(&[&command[..], &["--db", &text(&foreign)]].concat());
        assert!(said.contains("geen historie van bezet") && said.contains("--db"), "{said}");
    }
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "Geachte klant");
    let none = text(&folder.path().join("none.db"));
    for command in [vec!["history", "list"], vec!["trend"]] {
        assert!(refused(&[&command[..], &["--db", &none]].concat()).contains("bezet history add"));
    }
    let said = refused(&["history", "add", ROOT, "--db", &none]);
    assert!(
        said.contains("bezet audit") && !Path::new(&none).exists(),
        "an audit that is none starts no history: {said}"
    );
}

/// Every file below a folder, by its name, but for what is kept between runs.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let all = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let own = all.filter(|file| file.file_type().is_file() && !file.path().iter().any(|part| part == ".bezet"));
    own.map(|file| (file.path().strip_prefix(folder).unwrap().into(), fs::read(file.path()).unwrap())).collect()
}

#[test]
fn months_say_the_same_in_whatever_order_they_were_added() {
    let folder = tempfile::tempdir().unwrap();
    let mut audits: Vec<String> =
        fs::read_dir(format!("{ROOT}/fixtures/history")).unwrap().map(|entry| text(&entry.unwrap().path())).collect();
    audits.sort();
    let mut made = vec![];
    for name in ["forth", "back"] {
        let (db, out) = (text(&folder.path().join(name).with_extension("db")), text(&folder.path().join(name)));
        let add: Vec<&str> =
            ["history", "add", "--db", &db].into_iter().chain(audits.iter().map(String::as_str)).collect();
        done(&add);
        let arguments = ["trend", "--db", &db, "--out", &out, "--lang", "en", "--open", "mo-fr 8-17"];
        let said = done(&arguments);
        assert!(said.contains("314 calls to 3 lines, 2025-05 to 2026-10"), "{said}");
        assert!(said.contains("9 months in a row above the median, from February 2026 to October 2026"), "{said}");
        assert!(said.contains("stands out: June 2026"), "{said}");
        made.push(files(Path::new(&out)));
        audits.reverse();
    }
    assert!(made[0] == made[1], "charts and tables alike");
    let table = |name: &str| {
        let bytes = &made[0].iter().find(|(path, _)| path == Path::new(name)).unwrap().1;
        String::from_utf8(bytes.clone()).unwrap()
    };
    let heat = table("heat.csv");
    assert_eq!(heat.lines().count(), 1 + 3 * 7 * 24);
    assert!(heat.contains("klachten,7,3,no,0,0,,,,,no calls\r\n"), "an hour without calls is empty, not 0");
    let trend = table("trend.csv");
    assert_eq!(trend.lines().count(), 1 + 3 * 2 * 18);
    let without = trend.lines().find(|row| row.contains("storingen,wait,s,2025-10,")).unwrap();
    assert!(without.contains(",2025-10-01,0,0,,,,,,"), "{without}");
    let beyond = trend.lines().find(|row| row.contains("klachten,wait,s,2026-10,")).unwrap();
    assert!(beyond.contains("fewer than half got to a person"), "{beyond}");
    assert!(made[0].iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "png")).count() == 6);
}

/// The fixture says what `months` makes, also where it was written before audits held more figures than they did; `BEZET_BLESS=1
/// cargo test --test history` writes it anew.
#[test]
fn the_fixture_says_what_it_is_made_from() {
    for (name, audit) in months::audits() {
        let folder = Path::new(ROOT).join("fixtures/history").join(name);
        if std::env::var_os("BEZET_BLESS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            let mut text = vec![];
            kept::keep(&audit, &mut text).unwrap();
            fs::write(folder.join(kept::FILE_NAME), &text).unwrap();
        }
        let there = kept::recall(&folder).unwrap();
        assert_eq!(there.client, audit.client);
        let said = |audit: &Audit| -> Vec<_> {
            let call = |call: &AuditedCall| {
                let metrics = &call.finding.as_ref().unwrap().metrics;
                let figures = (metrics.outcome.value, metrics.rings.value, metrics.queue_s.value);
                (call.file.clone(), call.recorded_at, figures, metrics.total_wait_s.clone())
            };
            audit.calls.iter().map(call).collect()
        };
        assert_eq!(said(&there), said(&audit), "{}", folder.display());
    }
}
