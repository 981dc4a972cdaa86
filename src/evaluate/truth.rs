//! What is known to be true of some calls: composed ones with their tables, or a client's own, labelled by hand.
//!
//! A folder may hold, in any mixture,
//!
//! - `calls.csv`, one row a call: `file` and any columns of an audit's `calls.csv`. An empty cell is not known and not
//!   scored; `-` says that the audit's cell has to be empty. `first_sound_s` is the first sound from the pick-up on, which
//!   bounds what a listener can tell about `answered_s`. Other columns (`codec`, `container`, `origin`) are there to
//!   group by.
//! - `segments.csv`: `file`, `start_s`, `end_s`, `label`, `detail`. What no row covers is silence.
//! - label files of Audacity (`.txt`), named after their recordings. One that labels silence anywhere is taken at its
//!   word, and what it leaves bare is not scored; one that never does leaves silence bare. What follows from the labels
//!   (keys, rings, the person's first word ...) is truth as well where no table says otherwise.
//!
//! A table alone will do too.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

use super::{
    derived, figures,
    sheet::{self, Sheet, SheetError, number},
    sound::{self, Span},
};
use crate::{interval::Interval, label::Label, report::labels, units::Seconds};

/// No call lasts longer: two days.
pub const MAX_CALL_S: Seconds = 172_800.0;

/// All calls of which something is known.
#[derive(Debug, Default)]
pub struct Truth {
    /// In the order in which the tables name them, then those of label files.
    pub calls: Vec<TruthCall>,
    /// What could not be used, and why.
    pub troubles: Vec<Trouble>,
}

/// What of a truth, or of an audit, could not be used, or not as it may have been meant.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Trouble {
    /// A row that is about nothing.
    #[error("calls.csv:{line}: names no file")]
    NoFile {
        /// Where.
        line: u64,
    },
    /// A row about a call that another is about.
    #[error("calls.csv:{line}: {file} has a row before; that one is kept to")]
    Twice {
        /// Where.
        line: u64,
        /// Which call.
        file: String,
    },
    /// A column to group by in which nothing stands.
    #[error("--by {column}: no call has anything in such a column; truth and audit have {}", .columns.join(", "))]
    NoColumn {
        /// As it was asked for.
        column: String,
        /// What could have been.
        columns: Vec<String>,
    },
    /// A figure that no call can have.
    #[error("calls.csv:{line}: {column} cannot be {value:?}; nothing is scored by it")]
    Cell {
        /// Where.
        line: u64,
        /// Which figure.
        column: String,
        /// As it was written.
        value: String,
    },
    /// A label that is none.
    #[error("segments.csv:{line}: {label:?} is no label")]
    NoLabel {
        /// Where.
        line: u64,
        /// As it was written.
        label: String,
    },
    /// Times that are no stretch of a call.
    #[error("segments.csv:{line}: no stretch of time")]
    NoStretch {
        /// Where.
        line: u64,
    },
    /// A label file that is not understood.
    #[error("{file}:{line}: {text} is not understood")]
    Labels {
        /// Which.
        file: String,
        /// Where in it.
        line: u64,
        /// What stands there.
        text: String,
    },
    /// A label file that leaves out much of its call.
    #[error(
        "{file}: no label from {:.1} to {:.1} s, which counts as silence; label what is known to be silence, and what has no label is left out",
        .rest.start(), .rest.end()
    )]
    Unlabelled {
        /// The call.
        file: String,
        /// What it leaves out.
        rest: Interval,
    },
    /// A label in an audit that is none.
    #[error("segments.csv of the audit: {label:?} is no label ({rows} rows)")]
    Unheard {
        /// As it was written.
        label: String,
        /// How often.
        rows: usize,
    },
}

/// What is known of one call.
#[derive(Clone, Debug, Default)]
pub struct TruthCall {
    /// The recording, as the truth names it, `/` as separator.
    pub file: String,
    /// Its cells by column, empty ones left out.
    pub cells: BTreeMap<String, String>,
    /// The columns whose cells cannot be, by which nothing is scored.
    pub refused: BTreeSet<String>,
    /// Its labels by time, if it is labelled.
    pub spans: Option<Vec<Span>>,
    /// Whether what no label covers is unknown, and not silence.
    pub bare_is_unknown: bool,
    /// Whether the labels are of a file of their own, drawn by hand.
    pub is_drawn: bool,
}

/// What the truth says about a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected<'a> {
    /// Nothing.
    Unknown,
    /// It has to be empty.
    Absent,
    /// This.
    Value(&'a str),
}

impl TruthCall {
    /// What has to stand in the column `name`.
    pub fn expected(&self, name: &str) -> Expected<'_> {
        match self.cells.get(name).map(String::as_str) {
            _ if self.refused.contains(name) => Expected::Unknown,
            None => Expected::Unknown,
            Some("-") => Expected::Absent,
            Some(value) => Expected::Value(value),
        }
    }

    /// The number that has to stand in the column `name`, if it is known to be one.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.cells.get(name).filter(|_| !self.refused.contains(name)).and_then(|cell| number(cell))
    }

    /// How long the call lasts, where the truth says so.
    pub fn duration_s(&self) -> Option<Seconds> {
        self.number("duration_s").filter(|s| (0.0..=MAX_CALL_S).contains(s))
    }

    /// The stretch of a recording of `duration` that labels drawn by hand leave out at an end, if they cover too little of it:
    /// whoever labels a part does not mean that the rest is silent.
    pub fn unlabelled(&self, duration: Seconds) -> Option<Interval> {
        const MIN_S: Seconds = 10.0;
        const MIN_SHARE: f64 = 0.25;
        let spans = self.spans.as_ref().filter(|_| self.is_drawn && !self.bare_is_unknown)?;
        let first = spans.iter().map(|s| s.interval.start()).reduce(f64::min)?;
        let last = spans.iter().map(|s| s.interval.end()).fold(0.0, f64::max);
        let rests = [Interval::new(last.min(duration), duration), Interval::new(0.0, first.min(duration))];
        rests.into_iter().find(|rest| rest.duration() > MIN_S.max(MIN_SHARE * duration))
    }

    /// Whether anything of it can be scored.
    fn is_known(&self) -> bool {
        let says = |name: &String| figures::is_scored(name) && !self.refused.contains(name);
        self.spans.is_some() || self.cells.keys().any(says)
    }
}

/// Why there is no truth.
#[derive(Debug, thiserror::Error)]
pub enum TruthError {
    /// A table is of no use.
    #[error("{}: {error}", folder.display())]
    Sheet {
        /// Where it is.
        folder: PathBuf,
        /// What is wrong with it.
        error: SheetError,
    },
    /// Nothing is there.
    #[error("{}: {error}", path.display())]
    Io {
        /// What was looked for.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Nothing in it can be scored.
    #[error(
        "{}: there is nothing to score by; expected calls.csv (file, rings, outcome, ...), segments.csv (file, start_s, end_s, label) or label files of Audacity (.txt){}",
        .path.display(), listed_troubles(.troubles, Trouble::to_string)
    )]
    Nothing {
        /// Where it was looked for.
        path: PathBuf,
        /// What was there and could not be used.
        troubles: Vec<Trouble>,
    },
}

/// Troubles as `say` words them, one a line.
pub fn listed_troubles(troubles: &[Trouble], say: impl Fn(&Trouble) -> String) -> String {
    troubles.iter().map(|trouble| format!("\n  {}", say(trouble))).collect()
}

impl Truth {
    /// The truth at `path`: a folder, or a table.
    ///
    /// # Errors
    /// Where it cannot be read, a table is none, or nothing in it can be scored. A label file or a row that is not
    /// understood is a trouble, and the rest stands.
    pub fn read(path: &Path) -> Result<Self, TruthError> {
        let mut truth = Self::default();
        let in_folder = |error| TruthError::Sheet { folder: path.into(), error };
        if fs::metadata(path).map_err(|error| TruthError::Io { path: path.into(), error })?.is_file() {
            let sheet = Sheet::read(path, &["file"]).map_err(in_folder)?;
            if sheet.has("start_s") { truth.add_segments(&sheet) } else { truth.add_calls(&sheet) }
        } else {
            let (calls, segments) = (path.join("calls.csv"), path.join("segments.csv"));
            if calls.is_file() {
                truth.add_calls(&Sheet::read(&calls, &["file"]).map_err(in_folder)?);
            }
            if segments.is_file() {
                let wanted = ["file", "start_s", "end_s", "label"];
                truth.add_segments(&Sheet::read(&segments, &wanted).map_err(in_folder)?);
            }
            truth.add_label_files(path);
        }
        for call in &mut truth.calls {
            derived::fill_in(call);
        }
        truth.calls.retain(TruthCall::is_known);
        match truth.calls.is_empty() {
            true => Err(TruthError::Nothing { path: path.into(), troubles: truth.troubles }),
            false => Ok(truth),
        }
    }

    fn add_calls(&mut self, sheet: &Sheet) {
        let mut files = BTreeSet::new();
        for row in sheet.rows() {
            let cell = |name: &String| (name.clone(), row.cell(name).to_owned());
            let cells: BTreeMap<String, String> =
                sheet.columns().iter().map(cell).filter(|(_, text)| !text.is_empty()).collect();
            let Some(file) = cells.get("file") else {
                self.troubles.push(Trouble::NoFile { line: row.line() });
                continue;
            };
            if !files.insert(normal(file)) {
                self.troubles.push(Trouble::Twice { line: row.line(), file: normal(file) });
                continue;
            }
            let refused = cells.iter().filter(|(name, text)| *text != "-" && !figures::can_be(name, text));
            let refused: BTreeSet<String> = refused.map(|(name, _)| name.clone()).collect();
            self.troubles.extend(refused.iter().map(|column| {
                let value = cells[column].clone();
                Trouble::Cell { line: row.line(), column: column.clone(), value }
            }));
            self.calls.push(TruthCall { file: normal(file), cells, refused, ..TruthCall::default() });
        }
    }

    fn add_segments(&mut self, sheet: &Sheet) {
        let mut by_file: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        for row in sheet.rows() {
            let times = (row.number("start_s"), row.number("end_s"));
            let label = sound::label(row.cell("label"));
            match (times, label) {
                ((Some(start), Some(end)), Some(label)) if 0.0 <= start && start <= end && end <= MAX_CALL_S => {
                    let span =
                        Span { interval: Interval::new(start, end), label, detail: row.cell("detail").to_owned() };
                    by_file.entry(normal(row.cell("file"))).or_default().push(span);
                }
                (_, None) => {
                    self.troubles.push(Trouble::NoLabel { line: row.line(), label: row.cell("label").to_owned() });
                }
                _ => self.troubles.push(Trouble::NoStretch { line: row.line() }),
            }
        }
        // a call whose length is known and that has no row is a call of silence
        for call in &mut self.calls {
            let spans = by_file.remove(&call.file);
            call.spans = spans.or_else(|| call.duration_s().map(|_| vec![]));
        }
        self.calls.extend(by_file.into_iter().map(|(file, spans)| TruthCall {
            file,
            spans: Some(spans),
            ..TruthCall::default()
        }));
    }

    fn add_label_files(&mut self, folder: &Path) {
        let files = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().filter_map(Result::ok);
        for entry in files.filter(|entry| entry.file_type().is_file()) {
            let below = entry.path().strip_prefix(folder).unwrap_or(entry.path()).to_string_lossy().replace('\\', "/");
            let Some(file) = below.strip_suffix(".txt") else { continue };
            let text = fs::read(entry.path()).map(|bytes| sheet::text_of(&bytes).into_owned()).unwrap_or_default();
            // other texts may lie beside recordings: one that starts with no label is none of ours
            let is_labels = text.lines().next().is_some_and(|first| {
                let mut parts = first.trim_start_matches('\u{feff}').split('\t');
                [parts.next(), parts.next()].into_iter().all(|part| part.is_some_and(|p| number(p).is_some()))
            });
            if !is_labels {
                continue;
            }
            match labels::parse(&text) {
                Ok(segments) => self.add_labels(file, &segments),
                Err(e) => self.troubles.push(Trouble::Labels { file: below, line: e.line, text: e.text }),
            }
        }
    }

    fn add_labels(&mut self, file: &str, segments: &[crate::timeline::Segment]) {
        let named = |call: &TruthCall| {
            let keys = [key(&call.file), last_two(&call.file)];
            keys.contains(&key(file)) || keys.contains(&last_two(file))
        };
        let within = segments.iter().filter(|s| s.interval.start() >= 0.0 && s.interval.end() <= MAX_CALL_S);
        let spans: Vec<Span> =
            within.map(|s| Span { interval: s.interval, label: s.label, detail: s.detail.clone() }).collect();
        let at = self.calls.iter().position(named).unwrap_or_else(|| {
            self.calls.push(TruthCall { file: file.into(), ..TruthCall::default() });
            self.calls.len() - 1
        });
        let call = &mut self.calls[at];
        call.bare_is_unknown = spans.iter().any(|s| matches!(s.label, Label::Silence | Label::Noise));
        call.spans = Some(spans);
        call.is_drawn = true;
    }

    /// The columns that any call has a cell in.
    pub fn columns(&self) -> BTreeSet<&str> {
        self.calls.iter().flat_map(|call| call.cells.keys().map(String::as_str)).collect()
    }
}

/// A path with `/` as separator.
pub fn normal(path: &str) -> String {
    path.trim().replace('\\', "/")
}

/// The last two parts of a path.
pub fn last_two(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    parts.drain(..parts.len().saturating_sub(2));
    parts.join("/")
}

/// What a recording is matched by: the last two parts of its path without the ending, since the truth may be about
/// another copy of it.
pub fn key(path: &str) -> String {
    let two = last_two(path);
    let name_at = two.rfind('/').map_or(0, |at| at + 1);
    match two[name_at..].rfind('.') {
        Some(dot) if dot > 0 => two[..name_at + dot].to_owned(),
        _ => two,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn a_recording_is_known_by_its_last_two_parts_without_the_ending() {
        assert_eq!(key("a/b/call-001.wav"), "b/call-001");
        assert_eq!(key("2026-03-12_14.08.29.wav"), "2026-03-12_14.08.29");
        assert_eq!(key("a/.hidden"), "a/.hidden");
        assert_eq!(last_two("./x/y/z"), "y/z");
    }

    #[test]
    fn an_empty_cell_is_unknown_and_a_dash_has_to_be_empty() {
        let folder = folder(&[("calls.csv", "file,rings,answered_s,outcome\na/1.wav,,-,human\n")]);
        let truth = Truth::read(folder.path()).unwrap();
        let call = &truth.calls[0];
        assert_eq!(call.expected("rings"), Expected::Unknown);
        assert_eq!(call.expected("answered_s"), Expected::Absent);
        assert_eq!(call.expected("outcome"), Expected::Value("human"));
        assert!(call.spans.is_none(), "nobody labelled it");
    }

    #[test]
    fn label_files_beside_recordings_are_truth_and_other_texts_are_not() {
        let folder = folder(&[
            ("calls.csv", "file,line,rings\nshop/1.wav,winkel,3\n"),
            ("shop/1.wav.txt", "0\t1\tsilence\n1\t9\tmusic\n"),
            ("shop/2.txt", "1\t9\tmusic\n12\t15\thuman\n"),
            ("shop/3.txt", "1\t9\tmuzak\n"),
            ("shop/notes.txt", "Belde om tien uur.\n"),
        ]);
        let truth = Truth::read(folder.path()).unwrap();
        let files: Vec<&str> = truth.calls.iter().map(|c| c.file.as_str()).collect();
        assert_eq!(files, ["shop/1.wav", "shop/2"]);
        assert!(truth.calls[0].bare_is_unknown && !truth.calls[1].bare_is_unknown);
        assert_eq!(truth.calls[0].expected("rings"), Expected::Value("3"));
        assert_eq!(truth.calls[1].expected("time_to_human_s"), Expected::Value("12"));
        assert!(
            truth.troubles.len() == 1 && truth.troubles[0].to_string().contains("shop/3.txt:1"),
            "{:?}",
            truth.troubles
        );
    }

    #[test]
    fn a_cell_that_cannot_be_is_told_and_scores_nothing() {
        let rows = "file,rings,outcome,answered_s,keys\na.wav,four,humann,0:19.9,1\nb.wav,-1,human,1e300,-\n";
        let truth = Truth::read(folder(&[("calls.csv", rows)]).path()).unwrap();
        let unknown = |call: usize| {
            let columns = ["rings", "outcome", "answered_s", "keys"];
            columns.map(|column| truth.calls[call].expected(column) == Expected::Unknown)
        };
        assert_eq!((unknown(0), unknown(1)), ([true, true, true, false], [true, false, true, false]));
        assert_eq!(truth.troubles.len(), 5, "{:?}", truth.troubles);
        let four = Trouble::Cell { line: 2, column: "rings".into(), value: "four".into() };
        assert!(truth.troubles.contains(&four), "{:?}", truth.troubles);
    }

    #[test]
    fn of_a_call_that_is_named_twice_the_first_row_counts() {
        let rows = "file,rings\na/1.wav,2\na\\1.wav,3\n";
        let truth = Truth::read(folder(&[("calls.csv", rows)]).path()).unwrap();
        assert_eq!((truth.calls.len(), truth.calls[0].expected("rings")), (1, Expected::Value("2")));
        assert_eq!(truth.troubles, [Trouble::Twice { line: 3, file: "a/1.wav".into() }]);
    }

    #[test]
    fn labels_of_a_part_leave_the_rest_out() {
        let labels = |text| Truth::read(folder(&[("a/1.txt", text)]).path()).unwrap().calls.remove(0);
        let part = labels("3\t20\tmusic\n20\t30\thuman\n");
        assert_eq!(part.unlabelled(77.0), Some(Interval::new(30.0, 77.0)));
        assert_eq!(part.unlabelled(38.0), None);
        assert_eq!(labels("40\t70\tmusic\n").unlabelled(77.0), Some(Interval::new(0.0, 40.0)));
        // whoever labels silence as well says what is known
        assert_eq!(labels("3\t20\tmusic\n20\t30\tsilence\n").unlabelled(77.0), None);
    }

    #[test]
    fn what_kept_a_truth_from_being_one_is_told_with_it() {
        let error = Truth::read(folder(&[("a/1.txt", "1\t9\tmuzak\n")]).path()).unwrap_err().to_string();
        assert!(error.contains("a/1.txt:1"), "{error}");
    }

    #[test]
    fn a_folder_without_truth_says_what_was_expected() {
        let folder = folder(&[("calls.csv", "file,line\n1.wav,a\n")]);
        let error = Truth::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("segments.csv"), "{error}");
    }
}
