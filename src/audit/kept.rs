//! An audit written down whole and read back as it was: what reports, comparisons and months are made from.
//!
//! # Format
//! `bezet-audit/1`, JSON lines in UTF-8: the first line is the [`Head`], each further one an [`AuditedCall`] in the audit's
//! order. The tables (`calls.csv` ...) are for people and spreadsheets; this file alone is read again.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read as _, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{Audit, AuditedCall};

/// What the file is called in the folder of an audit.
pub const FILE_NAME: &str = "audit.bezet";

/// The version of the format. It changes when what was written before can no longer be read.
const FORMAT: &str = "bezet-audit/1";

/// A longer line is no call: an hour of the busiest telephone line takes a hundredth of it.
const MAX_LINE_BYTES: u64 = 64 << 20;

/// The first line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Head {
    format: String,
    client: Option<String>,
    calls: usize,
}

/// Why a file is no audit that can be read.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// The disk, or the rights.
    #[error("{}: {error}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// There is no audit in the folder.
    #[error("{} is no audit of bezet: there is no {FILE_NAME} in it; make one with `bezet audit ... --out FOLDER`", .0.display())]
    NoAudit(PathBuf),
    /// Another format, or a newer one.
    #[error("{}: {found:?} is not {FORMAT:?}; make the audit again with this version of bezet", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What it says it is.
        found: String,
    },
    /// A line that does not hold what it should.
    #[error("{}, line {line}: {what}; make the audit again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        what: Damage,
    },
}

/// What is wrong with the file of an audit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Calls are missing.
    #[error("the file ends after {there} of {of} calls")]
    Short {
        /// How many calls are there.
        there: usize,
        /// How many there should be.
        of: usize,
    },
    /// What the reader says of the line.
    #[error("{0}")]
    Reader(String),
}

/// An audit together with the text of its file, for what has to give it back byte for byte.
#[derive(Clone, Debug)]
pub struct Kept {
    text: String,
    audit: Audit,
}

impl Kept {
    /// Reads the audit in `folder`, or in the file of that path.
    ///
    /// # Errors
    /// As [`recall`].
    pub fn recall(folder: &Path) -> Result<Self, RecallError> {
        let (path, mut file) = open(folder)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => {
                RecallError::Damaged { path: path.clone(), line: 1, what: Damage::Reader(error.to_string()) }
            }
            _ => RecallError::Io { path: path.clone(), error },
        })?;
        let audit = read(text.as_bytes(), &path)?;
        // an editor or a version control may have changed the ends of the lines
        let text = text.lines().flat_map(|line| [line, "\n"]).collect();
        Ok(Self { text, audit })
    }

    /// Of an audit that was just made.
    ///
    /// # Panics
    /// Never: memory takes all that is written to it, and JSON is text.
    pub fn new(audit: Audit) -> Self {
        let mut text = Vec::new();
        keep(&audit, &mut text).expect("memory takes all that is written to it");
        Self { text: String::from_utf8(text).expect("JSON is text"), audit }
    }

    /// The lines of its file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The audit.
    pub fn audit(&self) -> &Audit {
        &self.audit
    }
}

/// Writes `audit` to `out`.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn keep(audit: &Audit, mut out: impl Write) -> io::Result<()> {
    let head = Head { format: FORMAT.into(), client: audit.client.clone(), calls: audit.calls.len() };
    serde_json::to_writer(&mut out, &head)?;
    out.write_all(b"\n")?;
    for call in &audit.calls {
        serde_json::to_writer(&mut out, call)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Reads back the audit in `folder`, or in the file of that path.
///
/// # Errors
/// Where there is none, or it is damaged or of another version.
pub fn recall(folder: &Path) -> Result<Audit, RecallError> {
    let (path, file) = open(folder)?;
    read(BufReader::new(file), &path)
}

fn open(folder: &Path) -> Result<(PathBuf, File), RecallError> {
    let path = if folder.is_dir() { folder.join(FILE_NAME) } else { folder.to_owned() };
    match File::open(&path) {
        Ok(file) => Ok((path, file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(RecallError::NoAudit(folder.into())),
        Err(error) => Err(RecallError::Io { path, error }),
    }
}

/// Reads the audit that `lines` hold; `path` is where errors say that it is.
///
/// # Errors
/// Where it is damaged or of another version.
pub fn read(mut lines: impl BufRead, path: &Path) -> Result<Audit, RecallError> {
    let mut number = 0;
    let mut text = Vec::new();
    let mut next = || -> Result<Option<(usize, Vec<u8>)>, RecallError> {
        text.clear();
        number += 1;
        let n = lines.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut text);
        let n = n.map_err(|error| RecallError::Io { path: path.into(), error })?;
        Ok((n > 0).then(|| (number, std::mem::take(&mut text))))
    };
    let damaged = |line: usize, what: Damage| RecallError::Damaged { path: path.into(), line, what };
    let (line, first) = next()?.ok_or_else(|| damaged(1, Damage::Empty))?;
    let head: Head = serde_json::from_slice(&first).map_err(|e| damaged(line, Damage::Reader(e.to_string())))?;
    if head.format != FORMAT {
        return Err(RecallError::Format { path: path.into(), found: head.format });
    }
    let mut calls: Vec<AuditedCall> = Vec::new();
    while let Some((line, text)) = next()? {
        calls.push(serde_json::from_slice(&text).map_err(|e| damaged(line, Damage::Reader(e.to_string())))?);
    }
    if calls.len() != head.calls {
        return Err(damaged(calls.len() + 1, Damage::Short { there: calls.len(), of: head.calls }));
    }
    Ok(Audit { client: head.client, calls })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Note, Refusal};

    fn call(file: &str) -> AuditedCall {
        AuditedCall {
            file: file.into(),
            content: Some("00ff".into()),
            line: "klachten".into(),
            recorded_at: Some("2026-03-09T10:40:00+01:00".parse().unwrap()),
            contact_reason: Some("buy".into()),
            notes: vec![Note::TimeShownTwice],
            finding: Err(Refusal { code: "empty".into(), message: "there is nothing in it".into() }),
        }
    }

    fn written(audit: &Audit) -> Vec<u8> {
        let mut bytes = Vec::new();
        keep(audit, &mut bytes).unwrap();
        bytes
    }

    fn read_back(bytes: &[u8]) -> Result<Audit, RecallError> {
        read(bytes, Path::new("x/audit.bezet"))
    }

    #[test]
    fn an_audit_comes_back_as_it_was() {
        let audit = Audit { client: Some("Café".into()), calls: vec![call("a\n.wav"), call("b.wav")] };
        let bytes = written(&audit);
        let back = read_back(&bytes).unwrap();
        assert_eq!(written(&back), bytes);
        assert_eq!(back.calls[0].file, "a\n.wav");
    }

    #[test]
    fn the_text_of_an_audit_is_the_same_whatever_ends_its_lines() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::new(Audit { client: None, calls: vec![call("a.wav"), call("b.wav")] });
        for text in [kept.text().to_owned(), kept.text().replace('\n', "\r\n"), kept.text().trim_end().to_owned()] {
            std::fs::write(folder.path().join(FILE_NAME), text).unwrap();
            assert_eq!(Kept::recall(folder.path()).unwrap().text(), kept.text());
        }
        std::fs::write(folder.path().join(FILE_NAME), [b'{', 0xff]).unwrap();
        assert!(matches!(Kept::recall(folder.path()), Err(RecallError::Damaged { .. })));
    }

    #[test]
    fn a_damaged_audit_is_refused_by_its_line() {
        let bytes = written(&Audit { client: None, calls: vec![call("a.wav"), call("b.wav")] });
        let half = read_back(&bytes[..bytes.len() - 9]).unwrap_err();
        assert!(matches!(half, RecallError::Damaged { line: 3, .. }), "{half}");
        let lines = bytes.split_inclusive(|&b| b == b'\n').collect::<Vec<_>>();
        let short = read_back(&lines[..2].concat()).unwrap_err().to_string();
        assert!(short.contains("1 of 2 calls"), "{short}");
        assert!(matches!(read_back(b""), Err(RecallError::Damaged { line: 1, .. })));
        assert!(matches!(read_back(b"{\"format\":\"bezet-audit/9\",\"calls\":0}\n"), Err(RecallError::Format { .. })));
        assert!(matches!(recall(Path::new("/nowhere/at all")), Err(RecallError::NoAudit(_))));
    }
}
