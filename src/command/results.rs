//! The folder of a command's results: all files appear, each whole, and nothing that somebody else put there is touched.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::report::write::WriteError;

/// A folder that may be written into.
#[derive(Debug)]
pub struct Results {
    folder: PathBuf,
    files: &'static [&'static str],
}

impl Results {
    /// Opens `folder` for `files`: every one that the command may ever write, `/` as separator. The last is JSON, and its
    /// `schema` says whose the others are.
    ///
    /// # Errors
    /// Where one of them is there and the last does not start its `schema` with `schema`, or the folder cannot be made.
    pub fn open(folder: &Path, files: &'static [&'static str], schema: &str) -> anyhow::Result<Self> {
        let last = files.last().and_then(|name| fs::read(folder.join(name)).ok());
        let last = last.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
        let own = last.is_some_and(|json| json["schema"].as_str().is_some_and(|found| found.starts_with(schema)));
        let in_the_way =
            files.iter().map(|name| folder.join(name)).find(|path| !own && path.symlink_metadata().is_ok());
        if let Some(path) = in_the_way {
            return Err(WriteError::InTheWay(path).into());
        }
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        Ok(Self { folder: folder.into(), files })
    }

    /// Moves `made` (names and bytes, in the order of the files) to their places and removes what earlier runs left of the
    /// others.
    ///
    /// # Errors
    /// Where a file cannot be written: before any is moved, unless the disk fails in between.
    pub fn publish(self, made: &[(&str, Vec<u8>)]) -> anyhow::Result<()> {
        let staged = tempfile::Builder::new().prefix(".bezet-").tempdir_in(&self.folder)?;
        let put = |path: &Path, write: &dyn Fn(&Path) -> std::io::Result<()>| {
            let around = path.parent().map_or(Ok(()), fs::create_dir_all);
            around.and_then(|()| write(path)).with_context(|| path.display().to_string())
        };
        for (name, bytes) in made {
            put(&staged.path().join(name), &|path| fs::write(path, bytes))?;
        }
        for (name, _) in made {
            put(&self.folder.join(name), &|path| fs::rename(staged.path().join(name), path))?;
        }
        for stale in self.files.iter().filter(|file| made.iter().all(|(name, _)| name != *file)) {
            let path = self.folder.join(stale);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(error).with_context(|| path.display().to_string());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: &[&str] = &["a.csv", "charts/b.svg", "all.json"];

    fn publish(folder: &Path, schema: &str, names: &[&'static str]) -> anyhow::Result<()> {
        let bytes = |name: &&'static str| (*name, format!("{{\"schema\": \"{schema}/1\"}}").into_bytes());
        Results::open(folder, FILES, "x/")?.publish(&names.iter().map(bytes).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_no_longer_made_goes_and_what_is_not_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        publish(folder.path(), "x", FILES).unwrap();
        fs::write(folder.path().join("mine.txt"), "mine").unwrap();
        publish(folder.path(), "x", &["a.csv", "all.json"]).unwrap();
        assert!(!folder.path().join("charts/b.svg").exists() && folder.path().join("mine.txt").exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "nothing hidden is left");
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.csv"), "mine").unwrap();
        assert!(publish(folder.path(), "x", FILES).unwrap_err().to_string().contains("in the way"));
        fs::write(folder.path().join("all.json"), "{\"schema\": \"y/1\"}").unwrap();
        assert!(publish(folder.path(), "x", FILES).is_err());
        assert_eq!(fs::read_to_string(folder.path().join("a.csv")).unwrap(), "mine");
    }
}
