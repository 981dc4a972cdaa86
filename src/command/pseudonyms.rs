//! The list of who is behind which pseudonym: a file beside the results, never among them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::refused::Refused;
use crate::{
    audit::{Audit, pseudonyms::Pseudonyms},
    language::Language,
};

/// What the list is called behind the name of the results' folder.
const EXTENSION: &str = "pseudonyms.toml";

/// The list on the disk.
pub(super) struct PseudonymList {
    path: PathBuf,
    pseudonyms: Pseudonyms,
}

impl PseudonymList {
    /// The list at `path`, else the one beside the folder `results`; empty where there is none yet.
    ///
    /// # Errors
    /// Where it would lie among the results, or cannot be read or understood.
    pub(super) fn open(path: Option<&Path>, results: &Path) -> anyhow::Result<Self> {
        let path = match path {
            Some(path) => path.to_owned(),
            None => beside(results, EXTENSION)?,
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if let (Ok(folder), Ok(results)) = (folder.canonicalize(), results.canonicalize())
            && folder.starts_with(&results)
        {
            return Err(Refused::PseudonymsAmongResults(path).into());
        }
        let pseudonyms = match fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text)
                .map_err(|error| Refused::Pseudonyms { path: path.clone(), said: error.to_string() })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Pseudonyms::default(),
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        };
        Ok(Self { path, pseudonyms })
    }

    /// The audit under pseudonyms, and who is who; the list is written where it grew. Lines among `named` keep their names.
    ///
    /// # Errors
    /// Where the list cannot be written.
    pub(super) fn anonymise(
        mut self,
        audit: &Audit,
        named: &[String],
        language: Language,
    ) -> anyhow::Result<(Audit, Pseudonyms)> {
        let before = self.pseudonyms.clone();
        let hidden = self.pseudonyms.anonymise(audit, named);
        if self.pseudonyms != before {
            let head = language.of((
                "# Wie achter welke schuilnaam zit. Bewaar dit bestand apart en geef het niet mee met de resultaten.\n",
                "# Who is behind which pseudonym. Keep this file apart, and do not hand it in with the results.\n",
            ));
            let text = head.to_owned() + &toml::to_string(&self.pseudonyms)?;
            super::report::write_whole(&self.path, text.as_bytes(), true)?;
        }
        Ok((hidden, self.pseudonyms))
    }
}

/// Beside `results`, called after it, with `extension`.
///
/// # Errors
/// Where there is no such folder, or it has no name.
pub(super) fn beside(results: &Path, extension: &str) -> anyhow::Result<PathBuf> {
    let whole = results.canonicalize().with_context(|| results.display().to_string())?;
    let Some(name) = whole.file_name() else {
        return Err(Refused::NothingBeside(results.into()).into());
    };
    let mut name = name.to_owned();
    name.push(".");
    name.push(extension);
    Ok(whole.with_file_name(name))
}

/// Removes what an earlier run left at `path`.
///
/// # Errors
/// Where it is there and cannot be removed.
pub(super) fn forget(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).with_context(|| path.display().to_string()),
        _ => Ok(()),
    }
}
