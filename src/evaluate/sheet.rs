//! Tables of others: CSV as programs, spreadsheets and hands write it.
//!
//! Columns are found by the names in the first row, separated by `,`, `;` or tabs; decimal commas, a byte order mark, and
//! keys that are guarded against a spreadsheet (`="007"`, `'007`) are read. [`text_of`] says
//! which letters are.

use std::{borrow::Cow, fs, io, path::Path};

/// The most rows that are read of one table: a year of calls of a large company, and still no danger to memory.
const MAX_ROWS: usize = 4_000_000;

/// What `bytes` say: UTF-8, UTF-16 where a byte order mark says so (Excel's "Unicode text"), else Latin 1; without the mark.
pub fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        Cow::Owned(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|&b| char::from(b)).collect(), Cow::Borrowed)
        }
    }
}

/// A table with its column names.
#[derive(Debug, Default)]
pub struct Sheet {
    head: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

/// Why a table is of no use.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// It cannot be read at all.
    #[error("{file}: {error}")]
    Io {
        /// The table's file name.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// It is no table, or lacks a column.
    #[error("{file}, line {line}: {what}")]
    Malformed {
        /// The table's file name.
        file: String,
        /// The place, counted from 1.
        line: u64,
        /// What is wrong there.
        what: SheetFault,
    },
}

/// What is wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetFault {
    /// A column is missing.
    #[error("there is no column {0:?}; the first row names the columns")]
    NoColumn(String),
    /// More rows than are read.
    #[error("more than {0} rows; give the calls in parts")]
    TooLong(usize),
    /// What the reader of CSV says.
    #[error("{0}")]
    Reader(String),
}

impl Sheet {
    /// The table at `path`, which has to have the columns `wanted`.
    ///
    /// # Errors
    /// Where it cannot be read, is no table, is too long, or lacks a column.
    pub fn read(path: &Path, wanted: &[&str]) -> Result<Self, SheetError> {
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let bytes = fs::read(path).map_err(|error| SheetError::Io { file: file.clone(), error })?;
        Self::parse(&bytes, wanted).map_err(|(line, what)| SheetError::Malformed { file, line, what })
    }

    /// The table in `bytes`; an error tells the line and what is wrong there.
    fn parse(bytes: &[u8], wanted: &[&str]) -> Result<Self, (u64, SheetFault)> {
        let text = text_of(bytes);
        let first = text.lines().next().unwrap_or_default();
        let count = |sign: char| first.matches(sign).count();
        let separator = [',', ';', '\t'].into_iter().rev().max_by_key(|&sign| count(sign)).unwrap_or(',');
        let mut reader =
            csv::ReaderBuilder::new().delimiter(separator as u8).flexible(true).from_reader(text.as_bytes());
        let at = |e: &csv::Error| (e.position().map_or(1, csv::Position::line), SheetFault::Reader(e.to_string()));
        let head: Vec<String> =
            reader.headers().map_err(|e| at(&e))?.iter().map(|name| name.trim().to_ascii_lowercase()).collect();
        if let Some(missing) = wanted.iter().find(|name| !head.iter().any(|h| h == *name)) {
            return Err((1, SheetFault::NoColumn((*missing).into())));
        }
        let mut rows = vec![];
        for record in reader.records() {
            rows.push(record.map_err(|e| at(&e))?);
            if rows.len() > MAX_ROWS {
                return Err((rows.len() as u64, SheetFault::TooLong(MAX_ROWS)));
            }
        }
        Ok(Self { head, rows })
    }

    /// Whether it has the column `name`.
    pub fn has(&self, name: &str) -> bool {
        self.head.iter().any(|h| h == name)
    }

    /// Its column names, in lower case.
    pub fn columns(&self) -> &[String] {
        &self.head
    }

    /// Its rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { head: &self.head, record })
    }
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    head: &'a [String],
    record: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    /// Its line in the file, counted from 1.
    pub fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// The cell in the column `name`, without what guards it against a spreadsheet; empty where there is none.
    pub fn cell(&self, name: &str) -> &'a str {
        let column = self.head.iter().position(|h| h == name);
        let cell = column.and_then(|i| self.record.get(i)).unwrap_or_default();
        cell.trim_matches(['\'', '=', '"', ' '])
    }

    /// The cell as a number, decimal comma or point; `None` where it is none.
    pub fn number(&self, name: &str) -> Option<f64> {
        number(self.cell(name))
    }
}

/// A finite number, with a decimal comma or point.
pub fn number(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects_of_our_own_tables_read_alike() {
        let plain = Sheet::parse(b"file,keys,queue_s\r\na/1.wav,007,1.500\r\n", &["file"]).unwrap();
        let excel =
            Sheet::parse(b"\xef\xbb\xbffile;keys;queue_s\r\na/1.wav;\"=\"\"007\"\"\";1,500\r\n", &["file"]).unwrap();
        for sheet in [plain, excel] {
            let row = sheet.rows().next().unwrap();
            assert_eq!((row.cell("keys"), row.number("queue_s"), row.cell("gone")), ("007", Some(1.5), ""));
        }
    }

    #[test]
    fn a_table_without_the_column_is_refused_by_its_name() {
        let (line, what) = Sheet::parse(b"name,b\n1,2\n", &["file"]).unwrap_err();
        assert_eq!((line, what), (1, SheetFault::NoColumn("file".into())));
    }

    #[test]
    fn latin_1_is_read() {
        let sheet = Sheet::parse(b"file,line\nx.wav,caf\xe9\n", &["file"]).unwrap();
        assert_eq!(sheet.rows().next().unwrap().cell("line"), "café");
    }

    #[test]
    fn what_a_spreadsheet_calls_unicode_text_is_read_in_either_order() {
        let text = "file\tline\r\nx.wav\tcafé 🎵\r\n";
        for (mark, bytes_of) in
            [([0xff, 0xfe], u16::to_le_bytes as fn(u16) -> [u8; 2]), ([0xfe, 0xff], u16::to_be_bytes)]
        {
            let bytes: Vec<u8> = mark.into_iter().chain(text.encode_utf16().flat_map(bytes_of)).collect();
            let sheet = Sheet::parse(&bytes, &["file"]).unwrap();
            assert_eq!(sheet.rows().next().unwrap().cell("line"), "café 🎵");
        }
    }
}
