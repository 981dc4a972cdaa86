//! README tells the truth: its commands run and print what it says, its tables are those of the program.
//!
//! `BEZET_BLESS=1 cargo test --test readme` writes the generated tables into it.

use std::{env, fmt::Write, fs, path::Path, process::Command};

use bezet::{
    report::{
        compare, lines, norms, prompts, scorecard, table, trend, walked,
        words::{Column, Language, column, compare_column, trend_column},
    },
    tone_plan,
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn readme() -> String {
    fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap()
}

/// What stands in README between `<!-- name -->` and `<!-- /name -->`.
fn section<'a>(readme: &'a str, name: &str) -> &'a str {
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let (_, rest) = readme.split_once(&open).unwrap_or_else(|| panic!("README has no {open}"));
    rest.split_once(&close).unwrap_or_else(|| panic!("README has no {close}")).0
}

/// Fails where README's section is not `wanted`; writes it where told to.
fn holds(name: &str, wanted: &str) {
    let text = readme();
    let found = section(&text, name);
    if found != wanted && env::var_os("BEZET_BLESS").is_some() {
        let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
        let blessed = text.replace(&format!("{open}{found}{close}"), &format!("{open}{wanted}{close}"));
        fs::write(Path::new(ROOT).join("README.md"), blessed).unwrap();
    } else {
        assert_eq!(found, wanted, "README's section {name}; BEZET_BLESS=1 cargo test --test readme writes it");
    }
}

/// The generated sections one after the other: each is written to the same file.
#[test]
fn its_tables_are_those_of_the_program() {
    let mut text = String::new();
    table_of(&mut text, "calls.csv", table::calls().iter().map(|c| (c.name, c.unit)));
    table_of(&mut text, "segments.csv", table::segments().iter().map(|c| (c.name, c.unit)));
    table_of(&mut text, "figures.csv", table::figures().iter().map(|c| (c.name, c.unit)));
    table_of(&mut text, "prompts.csv", prompts::columns().iter().map(|c| (c.name, c.unit)));
    table_of(&mut text, "lines.csv", lines::columns().iter().map(|c| (c.name, c.unit)));
    table_of(&mut text, "menu.csv", walked::columns().iter().map(|c| (c.name, c.unit)));
    table_of(&mut text, "scorecard.csv", scorecard::columns().iter().map(|c| (c.name, c.unit)));
    table_of(&mut text, "norms.csv", norms::columns().iter().map(|c| (c.name, c.unit)));
    let (compared, points) = (compare::columns(), trend::point_columns());
    let (hours, whole) = (trend::heat_columns(), trend::whole_columns());
    table_in(&mut text, "compare.csv", compared.iter().map(|c| (c.name, c.unit)), compare_column);
    table_in(&mut text, "trend.csv", points.iter().map(|c| (c.name, c.unit)), trend_column);
    table_in(&mut text, "heat.csv", hours.iter().map(|c| (c.name, c.unit)), trend_column);
    table_in(&mut text, "benchmark.csv", whole.iter().map(|c| (c.name, c.unit)), trend_column);
    holds("columns", &text);
    holds("countries", &tone_plan::plans().len().to_string());
}

fn table_of<'a>(text: &mut String, file: &str, columns: impl Iterator<Item = (&'a str, &'a str)>) {
    table_in(text, file, columns, column);
}

/// A table whose columns have `words` of their own.
fn table_in<'a>(
    text: &mut String,
    file: &str,
    columns: impl Iterator<Item = (&'a str, &'a str)>,
    words: fn(Language, &str) -> Option<Column>,
) {
    writeln!(text, "\n### `{file}`\n\n| column | unit | meaning |\n|---|---|---|").unwrap();
    for (name, unit) in columns {
        let meaning = match (name, words(Language::En, name)) {
            ("schema", _) => table::SCHEMA.to_owned() + ": the version of the columns",
            (_, Some(words)) => words.definition.to_owned(),
            (_, None) => panic!("{name} has no words"),
        };
        writeln!(text, "| `{name}` | {unit} | {meaning} |").unwrap();
    }
}

/// The text of every fenced block of that language.
fn blocks<'a>(readme: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    readme.split(fence.as_str()).skip(1).map(|rest| rest.split_once("```").unwrap().0).collect()
}

/// Every console block is run, in order and in one folder; what it shows below a command has to be printed, line after
/// line, where `...` stands for any.
#[cfg(unix)]
#[test]
fn its_commands_run_and_print_what_it_shows() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(Path::new(ROOT).join("fixtures"), folder.path().join("fixtures")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_bezet"));
    let path = format!("{}:{}", program.parent().unwrap().display(), env::var("PATH").unwrap());
    let readme = readme();
    let mut ran = 0;
    for block in blocks(&readme, "console") {
        let (commands, shown): (Vec<&str>, Vec<&str>) = block.lines().partition(|line| line.starts_with("$ "));
        let commands = commands.into_iter().filter(|command| !command.starts_with("$ cargo test"));
        let script: String = commands
            .map(|line| line[2..].replace("cargo run --release --locked -- ", "bezet ") + "\n")
            .inspect(|command| assert!(!command.contains("cargo"), "{command}"))
            .collect();
        let done =
            Command::new("sh").args(["-e", "-c", &script]).current_dir(&folder).env("PATH", &path).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "{script}{}\n{out}\n{err}", done.status);
        let mut rest = &*out;
        for line in shown.into_iter().filter(|line| *line != "...") {
            let at = rest.find(line).unwrap_or_else(|| panic!("{script}does not print {line:?} but:\n{out}\n{err}"));
            rest = &rest[at + line.len()..];
        }
        ran += 1;
    }
    assert!(ran >= 8, "only {ran} blocks");
}

#[test]
fn its_project_file_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bezet.toml");
    let readme = readme();
    let projects = blocks(&readme, "toml");
    assert_eq!(projects.len(), 2);
    let read = |text: &str| {
        fs::write(&file, text).unwrap();
        bezet::project::Project::read(&file).unwrap()
    };
    assert_eq!(read(projects[0]).lines.len(), 1);
    assert_eq!(read(projects[1]).norms().unwrap().len(), 3, "two norms and a promise");
}

#[test]
fn its_links_lead_somewhere_and_ci_runs_its_commands() {
    let (readme, ci) = (readme(), fs::read_to_string(Path::new(ROOT).join(".ci/run")).unwrap());
    let targets = readme.split("](").skip(1).map(|rest| rest.split_once(')').unwrap().0);
    for target in targets.filter(|target| !target.starts_with("https://")) {
        assert!(Path::new(ROOT).join(target).is_file(), "README links to {target}");
    }
    let cargo: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("$ cargo ")).collect();
    assert_eq!(cargo.len(), 2);
    for command in cargo {
        assert!(ci.contains(&format!("cargo {command}\n")), ".ci/run does not run cargo {command}");
    }
    for command in blocks(&readme, "sh").into_iter().flat_map(str::lines) {
        assert!(ci.contains(&format!("    {command}\n")), ".ci/run does not run {command}");
    }
}
