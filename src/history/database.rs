//! The file: an SQLite database that knows itself by its application id and its schema's version.
//!
//! Writers wait for each other; each change is one transaction, which is there whole or not at all, also after the power
//! failed. A rollback journal and no write-ahead log, so that the file also works on a network drive and is one file when
//! it is copied.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::Calls;
use crate::audit::{
    Audit,
    kept::{self, Kept, RecallError},
};

/// "bezt" in ASCII, at offset 68 of the file (SQLite's file format, section 1.3.13).
const APPLICATION_ID: i64 = 0x6265_7A74;

/// What makes each version of the schema from the one before.
const MIGRATIONS: [&str; 1] = [include_str!("schema-1.sql")];

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why the history cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// There is no such file.
    #[error("there is no history at {}; `bezet history add AUDIT` starts one, --db names another", .0.display())]
    Absent(PathBuf),
    /// A file that somebody else made.
    #[error("{} is not a history of bezet and stays as it is; name another file with --db", .0.display())]
    Foreign(PathBuf),
    /// Made by a later version.
    #[error("{} was made by a newer bezet (its version {found}, this one knows {known}); install that one", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// What it holds is not what was put in.
    #[error("{} is damaged ({what}); put a copy of it back, or add the audits again to a new file (--db)", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What shows it.
        what: Flaw,
    },
    /// No audit of that number.
    #[error("there is no audit {id} in {}; `bezet history list` shows which there are", path.display())]
    NoAudit {
        /// The file.
        path: PathBuf,
        /// The number.
        id: i64,
    },
    /// An audit that this version cannot read, or not write.
    #[error("audit {id} in {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The number.
        id: i64,
        /// Why.
        error: RecallError,
    },
    /// Another run is writing, and takes its time.
    #[error("{} is being written to by another program; try again when it is done", .0.display())]
    Busy(PathBuf),
    /// Anything else that the database says: no rights, no room.
    #[error("{}: {error}; check that the folder is there and can be written to", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What it says.
        error: rusqlite::Error,
    },
}

/// What shows that a history is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The audit of that number.
    #[error("audit {0} is not what was put in")]
    Changed(i64),
    /// What the database says.
    #[error("{0}")]
    Database(String),
}

/// What became of an audit that was to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is in, under this number.
    New(i64),
    /// The very same audit was in already, under this number.
    Already(i64),
}

/// An audit of the history.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptAudit {
    /// Its number.
    pub id: i64,
    /// The SHA-256 of its content, in hexadecimal.
    pub sum: String,
    /// Whose lines they are, if that was told.
    pub client: Option<String>,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// How many calls it has.
    pub calls: usize,
    /// How many of them have a time.
    pub dated: usize,
    /// How many lines.
    pub lines: usize,
    /// The days of its first and its last call, as `2026-05-12`; `None` where no call has a time.
    pub days: Option<(String, String)>,
}

/// An open history.
#[derive(Debug)]
pub struct History {
    connection: Connection,
    path: PathBuf,
}

impl History {
    /// Opens the history at `path`.
    ///
    /// # Errors
    /// Where there is none, the file is somebody else's, damaged, or of a newer version.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        if path.exists() { Self::at(path) } else { Err(HistoryError::Absent(path.into())) }
    }

    /// Opens the history at `path`, starting it where there is none.
    ///
    /// # Errors
    /// As [`open`](Self::open), or where no file can be made there.
    pub fn open_or_start(path: &Path) -> Result<Self, HistoryError> {
        Self::at(path)
    }

    fn at(path: &Path) -> Result<Self, HistoryError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let wrong = |error| wrong(path, error);
        let mut connection = Connection::open_with_flags(path, flags).map_err(wrong)?;
        connection.busy_timeout(PATIENCE).map_err(wrong)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(wrong)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(wrong)?;
        if version(&connection, path)? < MIGRATIONS.len() as i64 {
            let change = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrong)?;
            // another run may have been quicker
            let from = version(&change, path)?;
            for migration in MIGRATIONS.iter().skip(from as usize) {
                change.execute_batch(migration).map_err(wrong)?;
            }
            change.pragma_update(None, "application_id", APPLICATION_ID).map_err(wrong)?;
            change.pragma_update(None, "user_version", MIGRATIONS.len() as i64).map_err(wrong)?;
            change.commit().map_err(wrong)?;
        }
        let sound: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(wrong)?;
        if sound != "ok" {
            return Err(HistoryError::Damaged { path: path.into(), what: Flaw::Database(sound) });
        }
        Ok(Self { connection, path: path.into() })
    }

    /// Adds `audit`; the same audit twice is no change.
    ///
    /// # Errors
    /// Where the file cannot be written to.
    pub fn add(&mut self, kept: &Kept) -> Result<Added, HistoryError> {
        let (audit, text) = (kept.audit(), kept.text());
        let mut lines = text.split('\n');
        let head = lines.next().unwrap_or_default();
        let sum = hex(&Sha256::digest(text));
        let path = self.path.clone();
        let put = |change: &Transaction| -> rusqlite::Result<Added> {
            let there = change.query_row("SELECT id FROM audit WHERE sum = ?1", [&sum], |row| row.get(0)).optional()?;
            if let Some(id) = there {
                return Ok(Added::Already(id));
            }
            let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
            change.execute(
                "INSERT INTO audit (sum, client, added_at, head) VALUES (?1, ?2, ?3, ?4)",
                params![sum, audit.client, now as i64, head],
            )?;
            let id = change.last_insert_rowid();
            let into = "INSERT INTO call (audit, position, line, recorded_at, whole) VALUES (?1, ?2, ?3, ?4, ?5)";
            let mut insert = change.prepare(into)?;
            for (position, (call, whole)) in audit.calls.iter().zip(lines).enumerate() {
                let at = call.recorded_at.map(|at| at.to_rfc3339());
                insert.execute(params![id, position as i64, call.line, at, whole])?;
            }
            Ok(Added::New(id))
        };
        self.change(put).map_err(|error| wrong(&path, error))
    }

    /// Takes an audit out; what it said last of its calls is then said by the audit before it, if there is one.
    ///
    /// # Errors
    /// Where there is no such audit, or the file cannot be written to.
    pub fn remove(&mut self, id: i64) -> Result<(), HistoryError> {
        let path = self.path.clone();
        let removed = self.change(|change| change.execute("DELETE FROM audit WHERE id = ?1", [id]));
        match removed.map_err(|error| wrong(&path, error))? {
            0 => Err(HistoryError::NoAudit { path, id }),
            _ => Ok(()),
        }
    }

    fn change<T>(&mut self, change: impl FnOnce(&Transaction) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let changed = change(&transaction)?;
        transaction.commit()?;
        Ok(changed)
    }

    /// Every audit, in the order in which they were added.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn audits(&self) -> Result<Vec<KeptAudit>, HistoryError> {
        let read = || -> rusqlite::Result<Vec<KeptAudit>> {
            let mut select = self.connection.prepare(
                "SELECT id, sum, client, added_at, count(call.audit), count(recorded_at), count(DISTINCT line), \
                 min(substr(recorded_at, 1, 10)), max(substr(recorded_at, 1, 10)) \
                 FROM audit LEFT JOIN call ON call.audit = audit.id GROUP BY id ORDER BY id",
            )?;
            let count = |n: i64| n.max(0) as usize;
            let rows = select.query_map([], |row| {
                let first: Option<String> = row.get(7)?;
                Ok(KeptAudit {
                    id: row.get(0)?,
                    sum: row.get(1)?,
                    client: row.get(2)?,
                    added_at: DateTime::from_timestamp(row.get(3)?, 0).unwrap_or_default(),
                    calls: count(row.get(4)?),
                    dated: count(row.get(5)?),
                    lines: count(row.get(6)?),
                    days: first.zip(row.get(8)?),
                })
            })?;
            rows.collect()
        };
        read().map_err(|error| wrong(&self.path, error))
    }

    /// The text of the audit of that number, as it was added.
    ///
    /// # Errors
    /// Where there is none, or it is not what was put in.
    pub fn text(&self, id: i64) -> Result<String, HistoryError> {
        let read = || -> rusqlite::Result<Option<(String, String)>> {
            let select = "SELECT head, sum FROM audit WHERE id = ?1";
            self.connection.query_row(select, [id], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        };
        let wrong = |error| wrong(&self.path, error);
        let no_audit = || HistoryError::NoAudit { path: self.path.clone(), id };
        let (mut text, sum) = read().map_err(wrong)?.ok_or_else(no_audit)?;
        text.push('\n');
        let mut add_calls = || -> rusqlite::Result<()> {
            let mut select = self.connection.prepare("SELECT whole FROM call WHERE audit = ?1 ORDER BY position")?;
            let mut rows = select.query([id])?;
            while let Some(row) = rows.next()? {
                text.push_str(row.get_ref(0)?.as_str()?);
                text.push('\n');
            }
            Ok(())
        };
        add_calls().map_err(wrong)?;
        if hex(&Sha256::digest(&text)) != sum {
            let what = Flaw::Changed(id);
            return Err(HistoryError::Damaged { path: self.path.clone(), what });
        }
        Ok(text)
    }

    /// The audit of that number.
    ///
    /// # Errors
    /// As [`text`](Self::text), or where this version cannot read it.
    pub fn audit(&self, id: i64) -> Result<Audit, HistoryError> {
        let unreadable = |error| HistoryError::Unreadable { path: self.path.clone(), id, error };
        kept::read(self.text(id)?.as_bytes(), &self.path).map_err(unreadable)
    }

    /// The calls of all audits, each once.
    ///
    /// # Errors
    /// As [`audit`](Self::audit).
    pub fn calls(&self) -> Result<Calls, HistoryError> {
        let mut calls = Calls::default();
        for audit in self.audits()? {
            calls.add(self.audit(audit.id)?);
        }
        Ok(calls)
    }
}

/// The schema's version of a history; 0 of a file that holds nothing yet.
fn version(connection: &Connection, path: &Path) -> Result<i64, HistoryError> {
    let read = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(|error| wrong(path, error));
    let (application, version) = (read("PRAGMA application_id")?, read("PRAGMA user_version")?);
    let known = MIGRATIONS.len() as i64;
    match application {
        APPLICATION_ID if version > known => Err(HistoryError::Newer { path: path.into(), found: version, known }),
        APPLICATION_ID => Ok(version.max(0)),
        0 if version == 0 && read("SELECT count(*) FROM sqlite_schema")? == 0 => Ok(0),
        _ => Err(HistoryError::Foreign(path.into())),
    }
}

fn wrong(path: &Path, error: rusqlite::Error) -> HistoryError {
    let path = path.to_path_buf();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => HistoryError::Foreign(path),
        Some(ErrorCode::DatabaseCorrupt) => HistoryError::Damaged { path, what: Flaw::Database(error.to_string()) },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => HistoryError::Busy(path),
        _ => HistoryError::Database { path, error },
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::audit::{AuditedCall, Refusal};

    fn audit(client: &str, files: &[&str]) -> Kept {
        let call = |file: &&str| AuditedCall {
            file: (*file).into(),
            content: None,
            line: "klachten".into(),
            recorded_at: Some("2026-03-09T10:40:00+01:00".parse().unwrap()),
            contact_reason: None,
            notes: vec![],
            finding: Err(Refusal { code: "empty".into(), message: "'\"\n;--".into() }),
        };
        Kept::new(Audit { client: Some(client.into()), calls: files.iter().map(call).collect() })
    }

    #[test]
    fn the_same_audit_twice_is_no_change_and_it_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("h.db");
        let mut history = History::open_or_start(&path).unwrap();
        assert_eq!(history.add(&audit("A", &["1.wav", "2.wav"])).unwrap(), Added::New(1));
        let bytes = fs::read(&path).unwrap();
        assert_eq!(history.add(&audit("A", &["1.wav", "2.wav"])).unwrap(), Added::Already(1));
        assert_eq!(fs::read(&path).unwrap(), bytes, "not a byte");
        assert_eq!(history.add(&audit("A", &["2.wav", "3.wav"])).unwrap(), Added::New(2));
        let history = History::open(&path).unwrap();
        assert_eq!(history.text(1).unwrap(), audit("A", &["1.wav", "2.wav"]).text());
        assert_eq!(Kept::new(history.audit(1).unwrap()).text(), history.text(1).unwrap());
        let calls = history.calls().unwrap();
        assert_eq!((calls.calls.len(), calls.again), (3, 1), "2.wav is one call");
        let listed = history.audits().unwrap();
        assert_eq!((listed[1].calls, listed[1].lines, listed[1].dated), (2, 1, 2));
        assert_eq!(listed[0].days, Some(("2026-03-09".into(), "2026-03-09".into())));
    }

    #[test]
    fn what_is_taken_out_is_gone_with_its_calls_and_its_number_is_not_given_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut history = History::open_or_start(&folder.path().join("h.db")).unwrap();
        history.add(&audit("A", &["1.wav"])).unwrap();
        history.add(&audit("A", &["1.wav", "2.wav"])).unwrap();
        history.remove(2).unwrap();
        assert_eq!(history.calls().unwrap().calls.len(), 1);
        assert!(matches!(history.remove(2), Err(HistoryError::NoAudit { id: 2, .. })));
        assert_eq!(history.add(&audit("B", &[])).unwrap(), Added::New(3));
        assert_eq!(history.audits().unwrap()[1].days, None);
    }

    #[test]
    fn a_file_of_somebody_else_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter.db");
        fs::write(&path, "Dear client, ".repeat(100)).unwrap();
        let before = fs::read(&path).unwrap();
        assert!(matches!(History::open_or_start(&path), Err(HistoryError::Foreign(_))));
        assert_eq!(fs::read(&path).unwrap(), before);
        let other = folder.path().join("other.db");
        Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x); PRAGMA user_version = 1").unwrap();
        let before = fs::read(&other).unwrap();
        assert!(matches!(History::open_or_start(&other), Err(HistoryError::Foreign(_))));
        assert_eq!(fs::read(&other).unwrap(), before);
        assert!(matches!(History::open(&folder.path().join("none.db")), Err(HistoryError::Absent(_))));
        assert!(!folder.path().join("none.db").exists(), "asking makes no file");
        assert!(matches!(History::open_or_start(folder.path()), Err(HistoryError::Database { .. })));
    }

    #[test]
    fn a_newer_file_is_left_to_the_newer_program() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("h.db");
        drop(History::open_or_start(&path).unwrap());
        Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
        assert!(matches!(History::open(&path), Err(HistoryError::Newer { found: 99, .. })));
    }

    #[test]
    fn a_change_of_a_single_digit_is_found_and_so_is_a_cut_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("h.db");
        let mut history = History::open_or_start(&path).unwrap();
        let files: Vec<String> = (0..200).map(|i| format!("{i}.wav")).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        history.add(&audit("A", &files)).unwrap();
        drop(history);
        let whole = fs::read(&path).unwrap();
        let at = whole.windows(7).position(|w| w == b"77.wav\"").unwrap();
        let mut changed = whole.clone();
        changed[at] = b'8';
        fs::write(&path, &changed).unwrap();
        assert!(matches!(History::open(&path).and_then(|h| h.calls()), Err(HistoryError::Damaged { .. })));
        for cut in [whole.len() / 2, 4096 + 100, 300, 17] {
            fs::write(&path, &whole[..cut]).unwrap();
            let refused = History::open(&path).and_then(|h| h.calls());
            assert!(
                matches!(refused, Err(HistoryError::Damaged { .. } | HistoryError::Foreign(_))),
                "{cut}: {refused:?}"
            );
            assert_eq!(fs::read(&path).unwrap(), &whole[..cut], "a damaged file is evidence: not a byte is changed");
        }
    }
}
