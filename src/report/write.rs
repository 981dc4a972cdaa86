//! The folder that an audit is written into: all of it appears, or nothing.
//!
//! Files are made in a hidden folder inside and moved to their places when all are there. `audit.json` lists what bezet
//! wrote, so that the next audit knows what is its own: only that is overwritten or, if no longer made, removed.

use std::{
    collections::BTreeSet,
    fs::{self, File, TryLockError},
    io::{self, BufWriter, Write},
    path::{Component, Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::{table::SCHEMA, words::Language};

/// The file that says what the audit is and which files belong to it.
pub const MANIFEST: &str = "audit.json";

/// What a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The file that says what it is and which files belong to it.
    pub manifest: &'static str,
    /// The version of its tables: a name, `/` and a number.
    pub schema: &'static str,
}

/// An audit.
pub const AUDIT: Kind = Kind { manifest: MANIFEST, schema: SCHEMA };

/// The months of a history.
pub const TREND: Kind = Kind { manifest: "trend.json", schema: "bezet-trend/1" };

impl Kind {
    /// Whether a folder with that schema holds the same kind of thing, in whatever version.
    fn made(self, schema: &str) -> bool {
        self.schema.split('/').next() == schema.split('/').next()
    }
}

/// The hidden folder with what is kept between runs.
const STATE: &str = ".bezet";

/// What an audit is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the columns.
    pub schema: String,
    /// The version of the program.
    pub bezet: String,
    /// Whose line it is.
    pub client: Option<String>,
    /// The language of its sentences.
    pub language: Language,
    /// How many calls it has.
    pub calls: usize,
    /// How many of them could not be read.
    pub unreadable: usize,
    /// Every file that belongs to it, `/` as separator.
    pub files: BTreeSet<String>,
}

impl Manifest {
    /// Of an audit of so many calls, no file written yet.
    pub fn new(client: Option<String>, language: Language, calls: usize, unreadable: usize) -> Self {
        let bezet = env!("CARGO_PKG_VERSION").into();
        Self { schema: SCHEMA.into(), bezet, client, language, calls, unreadable, files: BTreeSet::new() }
    }
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The disk, or the rights.
    #[error("{}: {error}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file is in the way that bezet did not make.
    #[error("{} is in the way and was not written by bezet; choose another folder with --out, or move it", .0.display())]
    InTheWay(PathBuf),
    /// Another run is at work.
    #[error("another bezet is writing into {}; wait for it, or choose another folder with --out", .0.display())]
    Busy(PathBuf),
}

/// Adds the path to an error of the system.
fn at(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    move |error| WriteError::Io { path: path.into(), error }
}

/// A folder for an audit, held by this run alone.
#[derive(Debug)]
pub struct OutputFolder {
    kind: Kind,
    folder: PathBuf,
    /// What earlier runs wrote.
    own: BTreeSet<String>,
    _lock: File,
}

impl OutputFolder {
    /// Opens `folder` for an audit, making it if need be.
    ///
    /// # Errors
    /// As [`open_for`](Self::open_for).
    pub fn open(folder: &Path, files: &[&str]) -> Result<Self, WriteError> {
        Self::open_for(AUDIT, folder, files)
    }

    /// Opens `folder` for what is of that kind, making it if need be.
    ///
    /// # Errors
    /// Where it cannot be written to, another run holds it, or one of `files` is there and not bezet's: better said before
    /// the work than after it.
    pub fn open_for(kind: Kind, folder: &Path, files: &[&str]) -> Result<Self, WriteError> {
        let state = Self::state_of(folder);
        fs::create_dir_all(&state).map_err(at(&state))?;
        let lock = File::create(state.join("lock")).map_err(at(&state))?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            // where a file system knows no locks, the run goes on without
            return Err(WriteError::Busy(folder.into()));
        }
        let listed = |path: PathBuf| {
            let manifest = fs::read(path).ok().and_then(|bytes| serde_json::from_slice::<Owned>(&bytes).ok());
            let manifest = manifest.filter(|manifest| kind.made(&manifest.schema))?;
            Some(manifest.files.into_iter().filter(|name| stays_inside(name)))
        };
        let mut own = BTreeSet::new();
        if let Some(files) = listed(folder.join(kind.manifest)) {
            own.extend(files);
            own.insert(kind.manifest.into());
        }
        // a run that was ended while it moved its files
        own.extend(listed(state.join(kind.manifest)).into_iter().flatten());
        let opened = Self { kind, folder: folder.into(), own, _lock: lock };
        opened.check(files.iter().copied().chain([kind.manifest]))?;
        Ok(opened)
    }

    /// Where what is kept between runs lies.
    pub fn state(&self) -> PathBuf {
        Self::state_of(&self.folder)
    }

    /// Where what is kept between runs lies in `folder`, opened or not.
    pub fn state_of(folder: &Path) -> PathBuf {
        folder.join(STATE)
    }

    fn check<'a>(&self, mut files: impl Iterator<Item = &'a str>) -> Result<(), WriteError> {
        let in_the_way = |name: &&str| !self.own.contains(*name) && self.folder.join(name).symlink_metadata().is_ok();
        files.find(in_the_way).map_or(Ok(()), |name| Err(WriteError::InTheWay(self.folder.join(name))))
    }

    /// Starts a new set of files.
    ///
    /// # Errors
    /// Where the hidden folder cannot be cleared.
    pub fn stage(&self) -> Result<Staging<'_>, WriteError> {
        let folder = self.state().join("next");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(at(&folder))?;
        }
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        Ok(Staging { out: self, folder, files: Mutex::default() })
    }
}

/// What of a manifest tells whose files they are, whatever its version.
#[derive(Deserialize, Serialize)]
struct Owned {
    schema: String,
    files: BTreeSet<String>,
}

/// A set of files in the making; dropped, it was never there.
#[derive(Debug)]
pub struct Staging<'a> {
    out: &'a OutputFolder,
    folder: PathBuf,
    files: Mutex<BTreeSet<String>>,
}

impl Staging<'_> {
    /// Adds the file `name` (`/` as separator), written by `write`; from any thread.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn put(
        &self,
        name: &str,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), WriteError> {
        let path = self.folder.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(at(folder))?;
        }
        let mut file = BufWriter::new(File::create(&path).map_err(at(&path))?);
        write(&mut file).and_then(|()| file.flush()).map_err(at(&path))?;
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(name.into());
        Ok(())
    }

    /// Moves all files to their places, removes those of earlier runs that are no longer made, and writes the manifest.
    ///
    /// # Errors
    /// Where a file is in the way, before anything is moved; or where one cannot be moved.
    pub fn publish(self, mut manifest: Manifest) -> Result<(), WriteError> {
        let Self { out, folder: staged, files } = &self;
        let files = &*files.lock().unwrap_or_else(PoisonError::into_inner);
        out.check(files.iter().map(String::as_str))?;
        let Kind { manifest: listing, schema } = out.kind;
        manifest.schema = schema.into();
        manifest.files.clone_from(files);
        let moving = Owned { schema: schema.into(), files: files.union(&out.own).cloned().collect() };
        let journal = out.state().join(listing);
        fs::write(&journal, json(&moving)).map_err(at(&journal))?;
        for name in files {
            let place = out.folder.join(name);
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder).map_err(at(folder))?;
            }
            fs::rename(staged.join(name), &place).map_err(at(&place))?;
        }
        for name in out.own.iter().filter(|name| !files.contains(*name) && *name != listing) {
            remove(&out.folder, name)?;
        }
        let (unmoved, place) = (staged.join(listing), out.folder.join(listing));
        fs::write(&unmoved, json(&manifest)).map_err(at(&unmoved))?;
        fs::rename(&unmoved, &place).map_err(at(&place))?;
        fs::remove_file(&journal).map_err(at(&journal))
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("names and numbers are always JSON") + "\n"
}

/// Removes the file `name` of an earlier run, and the folders that it leaves empty.
fn remove(folder: &Path, name: &str) -> Result<(), WriteError> {
    let path = folder.join(name);
    match fs::remove_file(&path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(at(&path)(e)),
        _ => {}
    }
    for around in Path::new(name).ancestors().skip(1).filter(|around| !around.as_os_str().is_empty()) {
        if fs::remove_dir(folder.join(around)).is_err() {
            break;
        }
    }
    Ok(())
}

/// Whether `name` stays inside the folder.
fn stays_inside(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        // what is left of it is cleared by the next run at the latest
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publish(folder: &Path, files: &[(&str, &str)]) -> Result<(), WriteError> {
        let out = OutputFolder::open(folder, &["calls.csv"])?;
        let staging = out.stage()?;
        for (name, text) in files {
            staging.put(name, |file| file.write_all(text.as_bytes()))?;
        }
        staging.publish(Manifest::new(None, Language::En, 1, 0))
    }

    fn listed(folder: &Path) -> Vec<String> {
        let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
        let files = files.filter(|e| e.file_type().is_file() && !e.path().components().any(|c| c.as_os_str() == STATE));
        files.map(|e| e.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn what_an_audit_no_longer_makes_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        publish(folder.path(), &[("calls.csv", "1"), ("labels/a/1.txt", "1"), ("labels/2.txt", "1")]).unwrap();
        fs::write(folder.path().join("my notes.txt"), "mine").unwrap();
        publish(folder.path(), &[("calls.csv", "2"), ("labels/2.txt", "2")]).unwrap();
        assert_eq!(listed(folder.path()), ["audit.json", "calls.csv", "labels/2.txt", "my notes.txt"]);
        assert!(!folder.path().join("labels/a").exists());
        assert_eq!(fs::read_to_string(folder.path().join("calls.csv")).unwrap(), "2");
    }

    #[test]
    fn a_file_of_somebody_else_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("calls.csv"), "the side-car").unwrap();
        assert!(matches!(publish(folder.path(), &[("calls.csv", "1")]), Err(WriteError::InTheWay(_))));
        assert_eq!(fs::read_to_string(folder.path().join("calls.csv")).unwrap(), "the side-car");
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("audit.json"), "{\"files\": [\"../x\"]}").unwrap();
        assert!(matches!(publish(folder.path(), &[]), Err(WriteError::InTheWay(_))));
    }

    #[test]
    fn a_set_that_is_not_finished_never_was() {
        let folder = tempfile::tempdir().unwrap();
        publish(folder.path(), &[("calls.csv", "1")]).unwrap();
        let out = OutputFolder::open(folder.path(), &[]).unwrap();
        let staging = out.stage().unwrap();
        staging.put("calls.csv", |file| file.write_all(b"2")).unwrap();
        assert!(staging.put("figures.csv", |_| Err(io::Error::other("the disk is full"))).is_err());
        drop(staging);
        assert_eq!(listed(folder.path()), ["audit.json", "calls.csv"]);
        assert_eq!(fs::read_to_string(folder.path().join("calls.csv")).unwrap(), "1");
    }

    #[test]
    fn a_run_that_was_ended_while_it_moved_files_is_made_good() {
        let folder = tempfile::tempdir().unwrap();
        // as it lies there when the first file was moved and the second was not
        fs::create_dir_all(folder.path().join(".bezet/next")).unwrap();
        fs::write(folder.path().join(".bezet/next/figures.csv"), "1").unwrap();
        let journal = Owned { schema: SCHEMA.into(), files: ["calls.csv", "figures.csv"].map(String::from).into() };
        fs::write(folder.path().join(".bezet/audit.json"), json(&journal)).unwrap();
        fs::write(folder.path().join("calls.csv"), "1").unwrap();
        publish(folder.path(), &[("calls.csv", "2")]).unwrap();
        assert_eq!(listed(folder.path()), ["audit.json", "calls.csv"]);
    }

    #[test]
    fn two_runs_do_not_write_into_one_folder() {
        let folder = tempfile::tempdir().unwrap();
        let first = OutputFolder::open(folder.path(), &[]).unwrap();
        assert!(matches!(OutputFolder::open(folder.path(), &[]), Err(WriteError::Busy(_))));
        drop(first);
        assert!(OutputFolder::open(folder.path(), &[]).is_ok());
    }

    #[test]
    fn a_list_of_files_elsewhere_harms_nothing() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("audit");
        fs::create_dir(&folder).unwrap();
        fs::write(root.path().join("precious"), "mine").unwrap();
        fs::write(folder.join("audit.json"), "{\"schema\": \"bezet-audit/1\", \"files\": [\"../precious\"]}").unwrap();
        publish(&folder, &[("calls.csv", "1")]).unwrap();
        assert!(root.path().join("precious").exists());
    }
}
