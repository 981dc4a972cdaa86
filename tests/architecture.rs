//! Imports run down only: the table of floors in `src/lib.rs` holds for every file.

use std::{fs, path::Path};

use walkdir::WalkDir;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// The modules in the order of the table in the crate's documentation, the lowest first.
fn floors() -> Vec<String> {
    let library = fs::read_to_string(Path::new(SOURCE).join("lib.rs")).unwrap();
    let row = |line: &str| Some(line.strip_prefix("//! | [`")?.split_once('`')?.0.to_owned());
    library.lines().filter_map(row).collect()
}

/// The program text of a file: comments and its tests left out.
fn program(text: &str) -> String {
    let until = ["mod ", "pub(crate) mod "].iter().filter_map(|kind| text.find(&format!("#[cfg(test)]\n{kind}"))).min();
    let lines = text[..until.unwrap_or(text.len())].lines();
    lines.map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The modules of this crate that `text` names, as `crate::x` or within `crate::{ ... }`.
fn imports(text: &str) -> Vec<String> {
    let mut found = vec![];
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(top_level(group)),
            None => found.push(name(rest)),
        }
    }
    found.retain(|module| !module.is_empty());
    found
}

/// The names at the top level of a group, up to its closing brace.
fn top_level(group: &str) -> Vec<String> {
    let (mut depth, mut names, mut from) = (0, vec![], 0);
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(name(group[from..at].trim_start()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(name(group[from..at].trim_start()));
                from = at + 1;
            }
            _ => {}
        }
    }
    names
}

fn name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn every_module_has_a_floor() {
    let library = fs::read_to_string(Path::new(SOURCE).join("lib.rs")).unwrap();
    let mut modules: Vec<String> = library.lines().filter_map(|line| line.strip_prefix("pub mod ")).map(name).collect();
    let mut floors = floors();
    modules.sort();
    floors.sort();
    assert_eq!(floors, modules);
}

#[test]
fn imports_run_down_only() {
    let floors = floors();
    let floor = |module: &str| floors.iter().position(|floor| floor == module);
    let (mut seen, mut faults) = (0, vec![]);
    for entry in WalkDir::new(SOURCE).into_iter().map(Result::unwrap) {
        let path = entry.path().strip_prefix(SOURCE).unwrap();
        let module = path.iter().next().map(|part| name(&part.to_string_lossy())).unwrap_or_default();
        let is_test = path.file_stem().is_some_and(|stem| stem == "tests");
        let (true, false, Some(own)) = (path.extension().is_some_and(|e| e == "rs"), is_test, floor(&module)) else {
            continue;
        };
        let text = fs::read_to_string(entry.path()).unwrap();
        for import in imports(&program(&text)).into_iter().filter(|import| *import != module) {
            seen += 1;
            match floor(&import) {
                Some(other) if other < own => {}
                Some(_) => faults.push(format!("{} imports {import}, which stands above it", path.display())),
                None => faults.push(format!("{} imports {import}, which has no floor", path.display())),
            }
        }
    }
    assert!(seen > 100, "only {seen} imports were found");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn imports_are_found_in_every_form() {
    let text =
        "use crate::units::Seconds;\nuse crate::{\n    a::{B, C},\n    d,\n    e::F,\n};\nlet x = crate::g::h();";
    assert_eq!(imports(text), ["units", "a", "d", "e", "g"]);
    assert_eq!(program("use crate::a; // crate::b\n#[cfg(test)]\nmod tests { use crate::c; }").trim(), "use crate::a;");
}
