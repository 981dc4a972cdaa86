//! The names of recordings: from the company's own prompt files, and from the file of groups.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde::Deserialize;

use super::refused::Refused;
use crate::{
    analysis::{self, Heard},
    audio::ReadError,
    repeats::{Kind, Known, Naming},
    report::words::{self, Language},
    units::Seconds,
};

/// What sounds for less cannot be told from other sounds.
const MIN_SOUNDING_S: Seconds = 1.0;

/// Why a file of a folder of prompts is not looked for.
#[derive(Debug)]
pub enum Unused {
    /// It cannot be read.
    Unreadable(ReadError),
    /// Less than a second of it sounds.
    TooShort,
    /// Another file has the same name.
    SameName,
}

/// What a folder of prompts holds.
#[derive(Debug, Default)]
pub struct Prompts {
    /// The prompts, by the names of their files.
    pub known: Vec<Known>,
    /// The files that are not looked for, and why.
    pub unused: Vec<(PathBuf, Unused)>,
}

/// The prompts in `folder` and below, by the names of their files, and the files that are of no use with the reason. Files
/// that are no audio (a menu's definition, notes) are passed over.
///
/// # Errors
/// Where the folder cannot be read.
pub fn prompts(folder: &Path) -> anyhow::Result<Prompts> {
    let Prompts { mut known, mut unused } = Prompts::default();
    for path in files(folder).with_context(|| folder.display().to_string())? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let prompt = match analysis::listen(&path) {
            Ok(Heard { channels, .. }) => channels.first().map(|heard| Known::prompt(&name, heard)),
            Err(ReadError::NotAudio { .. }) => continue,
            Err(error) => {
                unused.push((path, Unused::Unreadable(error)));
                continue;
            }
        };
        match prompt.filter(|prompt| prompt.sounding_s() >= MIN_SOUNDING_S) {
            None => unused.push((path, Unused::TooShort)),
            Some(prompt) if known.iter().any(|k| k.name == prompt.name) => unused.push((path, Unused::SameName)),
            Some(prompt) => known.push(prompt),
        }
    }
    Ok(Prompts { known, unused })
}

/// The files in `folder` and below, in a fixed order; hidden ones are left out.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    entries.retain(|path| !path.file_name().unwrap_or_default().as_encoded_bytes().starts_with(b"."));
    entries.sort();
    let mut found = Vec::new();
    for path in entries {
        match path.is_dir() {
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    Ok(found)
}

/// Why a file is not looked for, in words.
pub fn why(language: Language, unused: &Unused, path: &Path) -> String {
    match unused {
        Unused::Unreadable(error) => words::read_error(language, error, path.file_name().map_or(path, Path::new)),
        Unused::TooShort => {
            language.of(("er klinkt minder dan een seconde iets", "less than a second of it sounds")).into()
        }
        Unused::SameName => language.of(("een ander bestand heet ook zo", "another file has the same name")).into(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Groups {
    #[serde(default, rename = "group")]
    groups: Vec<GroupEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupEntry {
    line: String,
    name: String,
    kind: Kind,
    /// The letter that it had; a group still called by it was not named.
    letter: Option<String>,
    print: String,
}

/// What a file of groups names, line by line.
///
/// # Errors
/// Where it cannot be read or says something that is not understood.
pub fn groups(path: &Path) -> anyhow::Result<BTreeMap<String, Vec<Known>>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let groups: Groups = toml::from_str(text.strip_prefix('\u{feff}').unwrap_or(&text))
        .map_err(|error| Refused::Groups { path: path.into(), said: error.to_string() })?;
    let mut lines: BTreeMap<String, Vec<Known>> = BTreeMap::new();
    for group in groups.groups {
        let named = group.letter.as_deref() != Some(group.name.as_str());
        let naming = if named { Naming::Hand } else { Naming::Letter };
        let known = Known::new(group.name.trim(), naming, group.kind, &group.print);
        let line = lines.entry(group.line).or_default();
        if known.name.is_empty() || line.iter().any(|k| k.name == known.name) {
            return Err(Refused::SameGroup { path: path.into(), name: known.name }.into());
        }
        line.push(known);
    }
    Ok(lines)
}
