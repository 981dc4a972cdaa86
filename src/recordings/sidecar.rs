//! The side-car `calls.csv`: what the recordings themselves do not tell.
//!
//! Columns are found by their names in the first row (`file`, `recorded_at`, `line`, `reason`; others are passed over),
//! separated by `,`, `;` or tabs; only `file` must be there. A row belongs to the recording whose path below the
//! side-car's folder it names, with or without the extension; else to the one whose file name it names, if there is only
//! one of that name on both sides. A table that bezet wrote itself is no side-car.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use chrono_tz::Tz;

use super::when::{self, DateOrder, Moment};

/// The name under which it is looked for beside the recordings.
pub const FILE_NAME: &str = "calls.csv";

/// What the column `schema` of bezet's own tables starts with, in every version.
const OWN_SCHEMA: &str = "bezet-audit/";

/// A side-car's rows, ready to be asked.
#[derive(Debug)]
pub struct SideCar {
    folder: PathBuf,
    order: DateOrder,
    rows: Vec<Row>,
    /// Row numbers by path below the folder, and by that path without its extension.
    by_path: BTreeMap<String, usize>,
    /// Row numbers by bare file name; `None` where several rows share it.
    by_name: BTreeMap<String, Option<usize>>,
}

/// What a side-car says of one recording. A cell that is empty says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The line that was called.
    pub line: Option<String>,
    /// Why the call was made.
    pub contact_reason: Option<String>,
    /// When, as it is written.
    pub recorded_at: Option<String>,
    /// Where it is in the file, counted from 1.
    pub text_line: u64,
}

/// Why a side-car is of no use.
#[derive(Debug, thiserror::Error)]
pub enum SideCarError {
    /// It cannot be read at all.
    #[error("the list of calls {} cannot be read: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It is no table.
    #[error("{}, line {line}: {what}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The place.
        line: u64,
        /// What the reader says.
        what: String,
    },
    /// It lacks the column that names the recordings.
    #[error(
        "{}, line 1: there is no column \"file\"; the first row names the columns: file, recorded_at, line, reason",
        .0.display()
    )]
    NoFileColumn(PathBuf),
}

impl SideCar {
    /// The side-car at `path`; `None` where the table is one of bezet's own outputs.
    ///
    /// # Errors
    /// Where it cannot be read or is no table of recordings.
    pub fn read(path: &Path) -> Result<Option<Self>, SideCarError> {
        let malformed = |line, what: String| SideCarError::Malformed { path: path.into(), line, what };
        let bytes = fs::read(path).map_err(|error| SideCarError::Io { path: path.into(), error })?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        // Excel saves "CSV" in the old Windows code page, where every byte is a letter of Latin 1 or near it
        let text =
            String::from_utf8(bytes.to_vec()).unwrap_or_else(|e| e.as_bytes().iter().map(|&b| b as char).collect());
        let mut reader =
            csv::ReaderBuilder::new().delimiter(separator(&text)).flexible(true).from_reader(text.as_bytes());
        let head: Vec<String> = match reader.headers() {
            Ok(head) => head.iter().map(|name| name.trim().to_ascii_lowercase()).collect(),
            Err(e) => return Err(malformed(1, e.to_string())),
        };
        let column = |name: &str| head.iter().position(|h| h == name);
        let Some(file) = column("file") else {
            return Err(SideCarError::NoFileColumn(path.into()));
        };
        let (schema, line, reason, at) = (column("schema"), column("line"), column("reason"), column("recorded_at"));
        let mut side_car = Self {
            folder: path.parent().unwrap_or(Path::new("")).into(),
            order: DateOrder::Unknown,
            rows: vec![],
            by_path: BTreeMap::new(),
            by_name: BTreeMap::new(),
        };
        for record in reader.records() {
            let record = record.map_err(|e| malformed(e.position().map_or(0, csv::Position::line), e.to_string()))?;
            let text_line = record.position().map_or(0, csv::Position::line);
            let cell = |column: Option<usize>| {
                let text = record.get(column?)?.trim();
                (!text.is_empty()).then(|| text.to_owned())
            };
            if cell(schema).is_some_and(|schema| schema.starts_with(OWN_SCHEMA)) {
                return Ok(None);
            }
            let Some(file) = cell(Some(file)) else { continue };
            let row = Row { line: cell(line), contact_reason: cell(reason), recorded_at: cell(at), text_line };
            side_car.add(&normal(&file), row);
        }
        side_car.order = when::order_of(side_car.rows.iter().filter_map(|row| row.recorded_at.as_deref()));
        Ok(Some(side_car))
    }

    fn add(&mut self, file: &str, row: Row) {
        let i = self.rows.len();
        self.rows.push(row);
        let name = file.rsplit('/').next().unwrap_or(file);
        for path in [file, without_extension(file)] {
            self.by_path.entry(path.to_owned()).or_insert(i);
        }
        for name in std::collections::BTreeSet::from([name, without_extension(name)]) {
            self.by_name.entry(name.to_owned()).and_modify(|row| *row = None).or_insert(Some(i));
        }
    }

    /// What it says of the recording at `path`. `only_one` tells whether no other recording has its file name.
    pub fn row(&self, path: &Path, only_one: bool) -> Option<&Row> {
        let below = path.strip_prefix(&self.folder).ok().map(|below| normal(&below.to_string_lossy()));
        let name = path.file_name()?.to_string_lossy();
        let exact = below
            .as_deref()
            .and_then(|below| self.by_path.get(below).or_else(|| self.by_path.get(without_extension(below))));
        let by_name = || {
            let row = self.by_name.get(&*name).or_else(|| self.by_name.get(without_extension(&name)));
            row.filter(|_| only_one).and_then(Option::as_ref)
        };
        exact.or_else(by_name).map(|&i| &self.rows[i])
    }

    /// When that call was made: `None` where the row does not say, an error where what it says is not understood or can
    /// be read in two ways.
    pub fn moment(&self, row: &Row, zone: Tz) -> Option<Result<Moment, ()>> {
        let cell = row.recorded_at.as_deref()?;
        Some(when::in_cell(cell, self.order).and_then(|written| written.in_zone(zone)).ok_or(()))
    }
}

/// The separator that the first row has most of.
fn separator(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |separator: u8| head.bytes().filter(|&b| b == separator).count();
    [b',', b';', b'\t'].into_iter().max_by_key(|&s| (count(s), s == b',')).unwrap_or(b',')
}

/// A path as it is compared: `/` between its parts and no `./` before them.
fn normal(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.trim_start_matches("./").to_owned()
}

fn without_extension(path: &str) -> &str {
    match path.rsplit_once('.') {
        // an extension holds a letter; `1778573700.12` ends in the counter of a unique id
        Some((stem, extension))
            if extension.bytes().any(|b| b.is_ascii_alphabetic()) && !extension.contains('/') && !stem.is_empty() =>
        {
            stem
        }
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side_car(text: &[u8]) -> Result<Option<SideCar>, SideCarError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        fs::write(&path, text).unwrap();
        SideCar::read(&path).map(|car| car.map(|car| SideCar { folder: "calls".into(), ..car }))
    }

    fn told(car: &SideCar, path: &str) -> Option<(Option<String>, Option<String>)> {
        let row = car.row(Path::new(path), true)?;
        let at = car.moment(row, chrono_tz::Europe::Amsterdam).map(|m| m.unwrap().at.to_rfc3339());
        Some((row.line.clone(), at))
    }

    #[test]
    fn rows_are_found_by_path_then_by_name() {
        let text = b"file,recorded_at,line,reason\r\na/1.wav,2026-05-12 10:15,x,buy\r\nb\\1.wav,,y,\r\n./3,2026-05-12T08:15:00Z,,\r\n";
        let car = side_car(text).unwrap().unwrap();
        let ten = Some("2026-05-12T10:15:00+02:00".to_owned());
        assert_eq!(told(&car, "calls/a/1.wav"), Some((Some("x".into()), ten.clone())));
        assert_eq!(told(&car, "calls/b/1.wav"), Some((Some("y".into()), None)));
        assert_eq!(told(&car, "calls/deep/down/3.mp3"), Some((None, ten)));
        assert_eq!(told(&car, "calls/c/1.wav"), None, "two rows have that name");
        assert!(car.row(Path::new("calls/deep/3.mp3"), false).is_none(), "two recordings have that name");
        assert_eq!(car.row(Path::new("calls/a/1.wav"), false).unwrap().contact_reason.as_deref(), Some("buy"));
    }

    #[test]
    fn what_dutch_excel_saves_is_read() {
        let car = side_car(
            b"\xef\xbb\xbfFile;Recorded_At;Line\r\n1.wav;27-5-2026 9:05;\"a;b\"\r\n2.wav;1-6-2026 10:00;c\r\n",
        );
        let car = car.unwrap().unwrap();
        assert_eq!(told(&car, "calls/1.wav"), Some((Some("a;b".into()), Some("2026-05-27T09:05:00+02:00".into()))));
        assert_eq!(told(&car, "calls/2.wav").unwrap().1, Some("2026-06-01T10:00:00+02:00".into()));
        let old = side_car(b"file;line\n1.wav;caf\xe9\n").unwrap().unwrap();
        assert_eq!(told(&old, "calls/1.wav").unwrap().0, Some("café".into()));
    }

    #[test]
    fn a_time_that_is_two_days_is_not_guessed() {
        let car = side_car(b"file,recorded_at\n1.wav,5-6-2026 10:00\n").unwrap().unwrap();
        let row = car.row(Path::new("calls/1.wav"), true).unwrap();
        assert_eq!(car.moment(row, chrono_tz::Europe::Amsterdam), Some(Err(())));
        assert_eq!(row.text_line, 2);
    }

    #[test]
    fn its_own_output_is_no_side_car() {
        assert!(side_car(b"file,line,reason,schema\n1.wav,x,heard,bezet-audit/1\n").unwrap().is_none());
    }

    #[test]
    fn a_table_without_files_is_an_error_that_names_the_columns() {
        let error = side_car(b"naam;tijd\n1;2\n").unwrap_err().to_string();
        assert!(error.contains("no column \"file\"") && error.contains("line 1"), "{error}");
    }

    #[test]
    fn an_empty_or_binary_file_is_no_reason_to_stop_with_a_panic() {
        assert!(side_car(b"").is_err());
        assert!(side_car(&[0, 159, 146, 150, 10, 13, 34]).is_err());
    }
}
