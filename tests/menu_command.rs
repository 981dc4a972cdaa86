//! `bezet menu` from outside.

use std::{fs, path::Path};

use assert_cmd::Command;
use serde_json::Value;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/menus/native/fietsenhandel.toml");

fn bezet(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("bezet").unwrap().arg("menu").args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn json_is_one_object_with_the_promised_fields() {
    let (code, out, _) = bezet(&[EXAMPLE, "--format", "json"]);
    assert_eq!(code, 0);
    let object: Value = serde_json::from_str(&out).unwrap();
    for (field, count) in [("nodes", 14), ("reasons", 3)] {
        assert_eq!(object[field].as_array().unwrap().len(), count, "{field}");
    }
    assert!(object["edges"].as_array().unwrap().len() > 20 && object["findings"].is_array());
    let summary = &object["summary"];
    assert_eq!(summary["menus"], 2);
    assert_eq!(summary["collects"], 1);
    assert_eq!(summary["options_per_menu"]["hoofd"], serde_json::json!(["1", "2", "3", "0", "*"]));
    assert_eq!(summary["max_menu_depth"], 2);
    assert_eq!(summary["shortest_keys_to_person"], 0);
    assert_eq!(summary["zero_key_reaches_person"], true);
    assert_eq!((&summary["dead_ends"], &summary["dangling_targets"]), (&0.into(), &0.into()));
    assert_eq!(summary["endless_silence"], false);
    assert_eq!(bezet(&[EXAMPLE, "--format", "json"]).1, out, "the same input gives the same bytes");
}

#[test]
fn the_text_is_dutch_or_english() {
    let (_, dutch, _) = bezet(&[EXAMPLE]);
    assert!(dutch.contains("komt na 48,7 s bij wachtrij receptie") && dutch.contains("~10,6 s"), "{dutch}");
    let (_, english, _) = bezet(&[EXAMPLE, "--lang", "en"]);
    assert!(english.contains("gets to queue receptie after 48.7 s") && english.contains("~10.6 s"), "{english}");
}

#[test]
fn exit_codes_tell_findings_unread_files_and_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let stuck = write(
        folder.path(),
        "stuck.toml",
        "format = \"bezet-menu/1\"\n[[entry]]\nlabel = \"e\"\nstart = \"m\"\n[node.m]\ntype = \"menu\"\nsay = \"Kies 1.\"\n\
         options = [{ key = \"1\", next = \"x\" }]\ntimeout = { then = \"m\" }\n[node.x]\ntype = \"hangup\"\n",
    );
    let broken = write(folder.path(), "broken.toml", "format = \"bezet-menu/1\"\nnmae = \"x\"\n");
    let other = write(folder.path(), "letter.txt", "Geachte heer, mevrouw");
    assert_eq!(bezet(&[&stuck]).0, 0);
    assert_eq!(bezet(&[&stuck, "--fail-on", "error"]).0, 1);
    assert_eq!(bezet(&[&stuck, "--fail-on", "silent-loop"]).0, 1);
    assert_eq!(bezet(&[EXAMPLE, "--fail-on", "error"]).0, 0);
    let (code, out, error) = bezet(&[&broken, EXAMPLE]);
    assert_eq!(code, 2);
    assert!(
        error.contains("regel 2") && error.contains("bedoelde u \"name\"?") && out.contains("Fietsenhandel"),
        "{error}"
    );
    let (code, _, error) = bezet(&[&broken, "--lang", "en"]);
    assert_eq!(code, 2);
    assert!(error.contains(":2") && error.contains("did you mean \"name\"?"), "{error}");
    assert_eq!(bezet(&[&other]).0, 2);
    assert_eq!(bezet(&["/no/such/file"]).0, 2);
    for usage in
        [&[][..], &[EXAMPLE, "--fail-on", "nonsense"], &[EXAMPLE, "--entry", "nowhere"], &["--format", "pdf", EXAMPLE]]
    {
        assert_eq!(bezet(usage).0, 64, "{usage:?}");
    }
}

#[test]
fn a_definition_is_started_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    for language in ["nl", "en"] {
        let path = folder.path().join(format!("{language}.toml"));
        let name = path.to_str().unwrap();
        assert_eq!(bezet(&["--new", name, "--lang", language]).0, 0);
        assert_eq!(bezet(&[name, "--fail-on", "error"]).0, 0, "{language}");
        fs::write(&path, "mine").unwrap();
        assert_eq!(bezet(&["--new", name]).0, 2);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }
}

#[test]
fn export_is_read_back_with_the_same_summary() {
    let folder = tempfile::tempdir().unwrap();
    let summary = |name: &str| {
        let object: Value = serde_json::from_str(&bezet(&[name, "--format", "json"]).1).unwrap();
        object["summary"].clone()
    };
    for extension in ["toml", "yaml", "json"] {
        let path = folder.path().join(format!("menu.{extension}"));
        let name = path.to_str().unwrap();
        assert_eq!(bezet(&["export", EXAMPLE, "--to", name]).0, 0);
        assert_eq!(summary(name), summary(EXAMPLE), "{extension}");
    }
    assert!(bezet(&["export", EXAMPLE]).1.starts_with("format = \"bezet-menu/1\""));
}

#[test]
fn the_folder_has_figures_findings_and_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    assert_eq!(bezet(&[EXAMPLE, "--out", out.to_str().unwrap()]).0, 0);
    for name in
        ["menu.json", "menu.txt", "findings.sarif", "tree.dot", "tree.mmd", "tree.svg", "tree.png", "listening.svg"]
    {
        assert!(fs::metadata(out.join(name)).is_ok_and(|file| file.len() > 100), "{name}");
    }
}

#[test]
fn hostile_definitions_end_in_an_error_soon() {
    let folder = tempfile::tempdir().unwrap();
    let mut bomb = String::from("format: bezet-menu/1\na0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for n in 1..12 {
        bomb += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","));
    }
    let entities = "<?xml version=\"1.0\"?><!DOCTYPE vxml [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><vxml>&b;</vxml>";
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    let start = std::time::Instant::now();
    for (name, text) in [
        ("bomb.yaml", bomb),
        ("entities.vxml", entities.into()),
        ("deep.json", format!("{{\"format\": \"bezet-menu/1\", \"node\": {}}}", deep("[", "]"))),
        ("deep.yaml", format!("format: bezet-menu/1\nnode: {}", deep("[", "]"))),
        ("deep.toml", format!("format = \"bezet-menu/1\"\nname = {}", deep("[", "]"))),
        ("inline.toml", format!("format = \"bezet-menu/1\"\nnode = {}", "{a=".repeat(100_000))),
        ("dotted.toml", format!("format = \"bezet-menu/1\"\nnode{} = 1", ".a".repeat(100_000))),
        ("deep.vxml", format!("<vxml>{}</vxml>", deep("<form>", "</form>"))),
        ("huge.toml", "format = \"bezet-menu/1\"\n[defaults]\ntimeout_s = 1e308\n".into()),
        (
            "huge.json",
            format!("{{\"format\": \"bezet-menu/1\", \"defaults\": {{\"timeout_s\": {}}}}}", "9".repeat(100_000)),
        ),
        ("cut.toml", "format = \"bezet-menu/1\"\nname = \"".into()),
        ("nothing.toml", " \n".into()),
    ] {
        let (code, _, error) = bezet(&[&write(folder.path(), name, text)]);
        assert_eq!(code, 2, "{name}: {error}");
        assert!(error.contains(name) && error.len() < 2_000, "{name}: {error}");
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn a_project_file_accepts_findings_with_a_reason_and_says_what_fails() {
    let folder = tempfile::tempdir().unwrap();
    let menu = write(
        folder.path(),
        "menu.toml",
        "format = \"bezet-menu/1\"\n[[entry]]\nstart = \"m\"\n[node.m]\ntype = \"menu\"\nsay = \"Voor verkoop, kies 1.\"\n\
         options = [{ key = \"1\", next = \"q\" }]\ntimeout = { attempts = 2, then = \"q\" }\n[node.q]\ntype = \"queue\"\n\
         target = \"q\"\n",
    );
    assert_eq!(bezet(&[&menu, "--fail-on", "operator-zero"]).0, 1);
    let project = write(folder.path(), "bezet.toml", "[menu.lint]\nfail_on = [\"operator-zero\"]\n");
    assert_eq!(bezet(&[&menu, "--project", &project]).0, 1);
    let accepted = "[[menu.lint.allow]]\ncode = \"operator-zero\"\nreason = \"a short menu\"\n";
    let project = write(folder.path(), "bezet.toml", format!("[menu.lint]\nfail_on = [\"operator-zero\"]\n{accepted}"));
    let (code, out, _) = bezet(&[&menu, "--project", &project, "--format", "json"]);
    assert!(code == 0 && out.contains("a short menu"), "{out}");
}

#[test]
fn a_folder_holds_what_the_last_run_made_and_nothing_of_it_before() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let place = out.to_string_lossy().into_owned();
    let second = write(folder.path(), "second.toml", fs::read(EXAMPLE).unwrap());
    assert_eq!(bezet(&[EXAMPLE, &second, "--out", &place]).0, 0);
    fs::write(out.join("notes.txt"), "mine").unwrap();
    assert!(out.join("2-tree.svg").exists());
    assert_eq!(bezet(&[EXAMPLE, "--out", &place]).0, 0);
    let names = |name: &str| out.join(name).exists();
    assert!(names("tree.svg") && names("notes.txt") && !names("1-tree.svg") && !names("2-tree.svg"));
}
