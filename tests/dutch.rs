//! What a Dutch user is told where something is wrong: the file, what is the matter with it and what helps, without a word
//! of English in between.

use std::{fs, path::Path};

use assert_cmd::Command;
use tempfile::TempDir;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

/// Words that stand in English sentences and in no Dutch ones.
const ENGLISH: [&str; 15] = [
    "the", "this", "there", "not", "and", "with", "which", "choose", "expected", "known", "from", "cannot", "error",
    "try", "invalid",
];

/// The exit code of a command and what it says on standard error, without English in it.
fn told(folder: &Path, words: &[&str]) -> (i32, String) {
    let done = Command::cargo_bin("bezet").unwrap().args(words).current_dir(folder).output().unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    let ours: String = said.split(['`', '"']).step_by(2).collect::<Vec<_>>().join(" ");
    let tokens = ours.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '/'));
    let strays: Vec<&str> = tokens.filter(|word| ENGLISH.contains(word)).collect();
    assert!(strays.is_empty(), "{words:?}: {strays:?} in\n{said}");
    (done.status.code().unwrap(), said)
}

fn refused(folder: &TempDir, code: i32, words: &[&str], parts: &[&str]) {
    let (found, said) = told(folder.path(), words);
    assert_eq!(found, code, "{words:?}: {said}");
    for part in parts {
        assert!(said.contains(part), "{words:?}: {part:?} is missing in\n{said}");
    }
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn recordings_that_are_none() {
    let folder = folder(&[("brief.wav", "Geachte heer, mevrouw"), ("oud.wav", "RIFF\0\0\0\0WAVEfmt ")]);
    fs::create_dir(folder.path().join("leeg")).unwrap();
    refused(
        &folder,
        2,
        &["audit", "leeg"],
        &["geen opnamen in leeg", "geen enkele opname gevonden", "geef de opnamen zelf op"],
    );
    refused(
        &folder,
        64,
        &["audit"],
        &["geen opnamen: geef bestanden of mappen op", "Meer hierover: bezet audit --help"],
    );
    let clip = ["clip", "brief.wav", "--segment", "music"];
    refused(&folder, 2, &clip, &["brief.wav: dit is geen geluidsopname maar een tekst; laat het weg"]);
    let clip = ["clip", "weg.wav", "--segment", "music"];
    refused(&folder, 2, &clip, &["weg.wav: het bestand is niet te openen: bestaat niet"]);
    let (code, _) = told(folder.path(), &["audit", "brief.wav", "oud.wav", "--charts", "none", "--out", "uit"]);
    let calls = fs::read_to_string(folder.path().join("uit/calls.csv")).unwrap();
    assert_eq!(code, 2);
    assert!(calls.contains("geen geluidsopname") && calls.contains("exporteer de opname opnieuw"), "{calls}");
}

/// A WAV file: its format chunk and so many bytes of sound.
fn wav(codec: u16, channels: u16, rate: u32, bits: u16, sound: usize) -> Vec<u8> {
    let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec();
    bytes.extend(codec.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate * 2).to_le_bytes());
    bytes.extend((channels * bits / 8).to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend((sound as u32).to_le_bytes());
    bytes.resize(bytes.len() + sound, 0);
    bytes
}

#[test]
fn what_is_damaged_in_a_recording() {
    let folder = folder(&[("nul.wav", "")]);
    for (name, bytes, part) in [
        ("nul.wav", vec![], "er zit geen geluid in (het bestand heeft 0 bytes); exporteer de opname opnieuw"),
        ("kort.wav", wav(1, 1, 8_000, 16, 0), "er zit geen geluid in (in de 44 bytes staat geen geluid)"),
        (
            "snel.wav",
            wav(1, 1, 0, 16, 800),
            "(de kop noemt 0 monsters per seconde); exporteer de opname opnieuw, of probeer: ",
        ),
        ("bits.wav", wav(1, 1, 8_000, 13 * 8, 800), "(PCM van 104 bits)"),
        ("sporen.wav", wav(1, 0, 8_000, 16, 800), "(de kop noemt 0 sporen)"),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
        refused(&folder, 2, &["clip", name, "--segment", "music"], &[name, part]);
    }
}

#[test]
fn a_project_file_that_is_not_there_or_not_understood() {
    let folder = folder(&[
        ("sleutel.toml", "client = \"x\"\ncuontry = \"nl\"\n"),
        ("land.toml", "country = \"Nederland\"\n"),
        ("tijd.toml", "timezone = \"Amsterdam\"\n"),
        ("norm.toml", "norms = [\"nen-9999\"]\n[[line]]\nname = \"a\"\nrecordings = [\"a.wav\"]\n"),
        ("english.toml", "language = \"en\"\ncuontry = \"nl\"\n"),
    ]);
    let audit = |project| ["audit", "--project", project];
    refused(&folder, 2, &audit("weg.toml"), &["het projectbestand weg.toml: bestaat niet", "kijk of --project klopt"]);
    refused(
        &folder,
        2,
        &audit("sleutel.toml"),
        &["sleutel.toml: regel 2, teken 1", "^", "de sleutel `cuontry` bestaat hier niet; wel:", "tikfout"],
    );
    refused(&folder, 2, &audit("land.toml"), &["\"Nederland\" kent bezet geen telefoontonen; wel van", "verbeter"]);
    refused(&folder, 2, &audit("tijd.toml"), &["\"Amsterdam\" is geen tijdzone; schrijf er een als"]);
    refused(&folder, 2, &audit("norm.toml"), &["\"nen-9999\" is geen norm die bezet kent", "kies uit", "nen-8878"]);
    let english =
        Command::cargo_bin("bezet").unwrap().args(audit("english.toml")).current_dir(&folder).assert().code(2);
    let said = String::from_utf8_lossy(&english.get_output().stderr).into_owned();
    assert!(said.contains("unknown field") && said.contains("typing mistake"), "its own language: {said}");
}

#[test]
fn words_of_the_command_that_cannot_be() {
    let folder = folder(&[("a.wav", "")]);
    let audit = |more: &[&'static str]| [&["audit", "a.wav"], more].concat();
    for (more, parts) in [
        (&["--lang", "de"][..], &["--lang <LANG>: \"de\" kan hier niet; kies uit nl, en"][..]),
        (
            &["--country", "xx"],
            &["--country <CODE>: \"xx\" kan hier niet; van \"xx\" kent bezet geen telefoontonen", "nl"],
        ),
        (&["--chart", "none"], &["--chart bestaat hier niet; bedoelde u --charts?", "Gebruik: bezet audit"]),
        (&["--jobs", "0"], &["--jobs <N>: \"0\" kan hier niet; het moet minstens 1 zijn"]),
        (&["--fail-on", "wait>3"], &["calls.csv heeft geen kolom \"wait\"; wel: file"]),
        (&["--resume", "--fresh"], &["--resume", "--fresh", "gaan niet samen"]),
        (&["--pseudonyms", "x.toml"], &["hier ontbreekt: --anonymise"]),
        (&["--out"], &["bij --out <DIR> hoort een waarde"]),
    ] {
        refused(&folder, 64, &audit(more), &[parts, &["Meer hierover: bezet audit --help"]].concat());
    }
    refused(
        &folder,
        64,
        &["adit"],
        &["het commando adit bestaat niet; bedoelde u audit?", "Meer hierover: bezet --help"],
    );
    refused(&folder, 64, &["compare", "a"], &["geef twee audits op"]);
    refused(&folder, 64, &["trend", "--since", "31-3-2026"], &["schrijf een dag als 2026-03-31"]);
    refused(&folder, 64, &["trend", "--open", "altijd"], &["\"altijd\" zijn geen openingstijden; schrijf ze als"]);
    refused(&folder, 64, &["clip", "a.wav"], &["wat moet eruit?"]);
    refused(&folder, 64, &["clip", "a.wav", "--segment", "muzak"], &["bekend zijn: silence"]);
    let english = Command::cargo_bin("bezet").unwrap().args(["audit", "--lang", "en", "--chart"]).assert().code(64);
    let said = String::from_utf8_lossy(&english.get_output().stderr).into_owned();
    assert!(said.contains("unexpected argument") && !said.contains("hier"), "{said}");
}

#[test]
fn folders_that_cannot_be_written_to() {
    let folder = folder(&[("bestand", "x"), ("calls.csv", "file;lijn\n")]);
    let call = format!("{FIXTURES}/compare/ingredients");
    let audit = |out| ["audit", call.as_str(), "--out", out];
    refused(
        &folder,
        2,
        &audit("bestand/uit"),
        &["bestand/uit", "dit is geen map", "Dit is een bestand: geef een map op."],
    );
    refused(
        &folder,
        2,
        &audit("."),
        &["calls.csv staat in de weg en is niet van bezet; kies een andere map met --out"],
    );
}

#[test]
fn menus_that_are_none() {
    let folder = folder(&[
        ("brief.txt", "Geachte heer, mevrouw"),
        ("a.wav", "x"),
        ("stuk.toml", "format = \"bezet-menu/1\"\nnmae = \"x\"\n"),
    ]);
    refused(&folder, 2, &["menu", "brief.txt"], &["brief.txt: dit is geen menu-definitie", "geef het bestand dat"]);
    refused(&folder, 2, &["audit", "a.wav", "--menu", "stuk.toml"], &["stuk.toml, regel 2", "bedoelde u \"name\"?"]);
    let options = "[node.m]\ntype = \"menu\"\nsay = \"Kies 1.\"\noptions = [{ key = \"1\", next = \"m\" }, { key = \"1\", next = \"m\" }]\n";
    let twice = format!("format = \"bezet-menu/1\"\n[[entry]]\nstart = \"m\"\n{options}");
    fs::write(folder.path().join("dubbel.toml"), &twice).unwrap();
    refused(&folder, 2, &["menu", "dubbel.toml"], &["dubbel: toets", "punt \"m\"", "verwijder een van beide"]);
    fs::write(folder.path().join("lua.lua"), "extensions = {}\napp.Answer()\n").unwrap();
    refused(&folder, 2, &["menu", "lua.lua"], &["dit wordt niet gelezen: een belplan in Lua; geef het belplan waar"]);
    refused(&folder, 2, &["menu", "weg.toml"], &["weg.toml: het bestand kan niet worden gelezen"]);
    refused(
        &folder,
        64,
        &["menu", "--limit", "optoins=3", "brief.txt"],
        &["\"optoins=3\" is geen drempel", "bestaat niet; wel:"],
    );
}

#[test]
fn audits_and_histories_that_are_none() {
    let folder = folder(&[("brief.db", "Geachte klant")]);
    fs::create_dir(folder.path().join("leeg")).unwrap();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/reports/example");
    let no_audit = "leeg is geen audit van bezet: er staat geen audit.bezet in; maak er een met `bezet audit";
    for command in [&["compare", "leeg", "leeg"][..], &["report", "leeg"], &["history", "add", "leeg"]] {
        refused(&folder, 2, command, &[no_audit]);
    }
    refused(
        &folder,
        2,
        &["compare", example, example, "--norm", "nen-9999"],
        &["\"nen-9999\" is geen norm", "nen-8878"],
    );
    refused(&folder, 64, &["compare", example, example, "--line", "nergens"], &["\"nergens\"; wel naar: "]);
    refused(&folder, 2, &["trend"], &["er is nog geen historie in bezet-history.db", "`bezet history add AUDIT`"]);
    refused(&folder, 2, &["trend", "--db", "brief.db"], &["brief.db is geen historie van bezet", "--db"]);
    told(folder.path(), &["history", "add", example, "--db", "h.db"]);
    refused(&folder, 2, &["history", "remove", "7", "--db", "h.db"], &["audit 7 staat niet in h.db", "history list"]);
    refused(&folder, 2, &["trend", "--db", "h.db", "--since", "2031-01-01"], &["geen enkel gesprek heeft een tijd"]);
    let newer = rusqlite::Connection::open(folder.path().join("h.db")).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    refused(&folder, 2, &["trend", "--db", "h.db"], &["h.db is van een nieuwere bezet (versie 99", "installeer die"]);
}

#[test]
fn truths_and_ingredients_that_are_none() {
    let folder = folder(&[("waar.csv", "naam;tijd\n1;2\n")]);
    fs::create_dir(folder.path().join("leeg")).unwrap();
    refused(&folder, 2, &["evaluate", "waar.csv", "leeg"], &["waar.csv, regel 1: de kolom \"file\" ontbreekt"]);
    refused(&folder, 2, &["evaluate", "leeg", "leeg"], &["leeg: hier staat niets om aan te toetsen"]);
    refused(&folder, 2, &["simulate", "weg", "uit"], &["weg: deze map bestaat niet; geef er een op met opnamen"]);
    refused(&folder, 2, &["simulate", "leeg", "uit"], &["leeg: hier staan geen ingrediënten in"]);
    refused(&folder, 64, &["simulate", "leeg", "uit", "--calls", "0"], &["het moet binnen 1..=65535 liggen"]);
    refused(&folder, 64, &["simulate", "leeg", "uit", "--codecs", "morse"], &["bekend zijn: none"]);
}
