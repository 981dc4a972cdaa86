//! An audit as its tables tell it: the estimate that is held against the truth.

use std::{collections::BTreeMap, path::Path};

use super::{
    sheet::{Sheet, SheetError, number},
    sound::{self, Span},
    truth::{MAX_CALL_S, Trouble, key, last_two, normal},
};
use crate::{interval::Interval, units::Seconds};

/// The tables of one audit.
#[derive(Debug, Default)]
pub struct Estimate {
    calls: Vec<EstimateCall>,
    /// By [`key`]; of two recordings that differ in their ending alone, the later.
    by_key: BTreeMap<String, usize>,
    /// By the file's bare name without ending; `None` where several share it.
    by_name: BTreeMap<String, Option<usize>>,
    /// Whether `calls.csv` has these columns.
    columns: Vec<String>,
    /// What of it could not be used, and why.
    pub troubles: Vec<Trouble>,
}

/// One call of an audit.
#[derive(Clone, Debug, Default)]
pub struct EstimateCall {
    /// The recording, as the audit names it.
    pub file: String,
    /// The cells of its row, by column.
    pub cells: BTreeMap<String, String>,
    /// What was heard, on all channels.
    pub spans: Vec<Span>,
    /// What `figures.csv` says of each figure.
    pub figures: BTreeMap<String, Sureness>,
}

/// How sure a figure is, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sureness {
    /// 0 to 1.
    pub confidence: f64,
    /// What was weighed before it was calibrated, 0 to 1; where the audit does not tell, the confidence.
    pub evidence: f64,
    /// Whether there is a value.
    pub given: bool,
    /// The reason as a code.
    pub reason_code: String,
    /// Where in the recording it comes from.
    pub from: Option<Interval>,
}

impl EstimateCall {
    /// The cell in the column `name`; empty where there is none.
    pub fn cell(&self, name: &str) -> &str {
        self.cells.get(name).map_or("", String::as_str)
    }

    /// The cell as a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        number(self.cell(name))
    }

    /// How long the recording lasts.
    pub fn duration_s(&self) -> Option<Seconds> {
        self.number("duration_s").filter(|s| (0.0..=MAX_CALL_S).contains(s))
    }
}

impl Estimate {
    /// The audit in `folder`: its `calls.csv` and `segments.csv`, and its `figures.csv` if it has one.
    ///
    /// # Errors
    /// Where a table is missing or of no use.
    pub fn read(folder: &Path) -> Result<Self, SheetError> {
        let sheet = Sheet::read(&folder.join("calls.csv"), &["file"])?;
        let mut estimate = Self { columns: sheet.columns().to_vec(), ..Self::default() };
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        for row in sheet.rows() {
            let cells: BTreeMap<String, String> =
                sheet.columns().iter().map(|name| (name.clone(), row.cell(name).to_owned())).collect();
            let file = normal(row.cell("file"));
            at.insert(file.clone(), estimate.calls.len());
            estimate.calls.push(EstimateCall { file, cells, ..EstimateCall::default() });
        }
        let segments = Sheet::read(&folder.join("segments.csv"), &["file", "start_s", "end_s", "label"])?;
        let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
        for row in segments.rows() {
            let label = sound::label(row.cell("label"));
            if label.is_none() {
                *unknown.entry(row.cell("label").to_owned()).or_default() += 1;
            }
            let (Some(&call), Some(interval), Some(label)) =
                (at.get(&normal(row.cell("file"))), interval(row.number("start_s"), row.number("end_s")), label)
            else {
                continue;
            };
            estimate.calls[call].spans.push(Span { interval, label, detail: row.cell("detail").to_owned() });
        }
        estimate.troubles = unknown.into_iter().map(|(label, rows)| Trouble::Unheard { label, rows }).collect();
        let figures = folder.join("figures.csv");
        if figures.is_file() {
            for row in Sheet::read(&figures, &["file", "figure", "value", "confidence"])?.rows() {
                let (Some(&call), Some(confidence)) = (at.get(&normal(row.cell("file"))), row.number("confidence"))
                else {
                    continue;
                };
                let sureness = Sureness {
                    confidence,
                    evidence: row.number("evidence").unwrap_or(confidence),
                    given: !row.cell("value").is_empty(),
                    reason_code: row.cell("reason_code").to_owned(),
                    from: interval(row.number("from_s"), row.number("to_s")),
                };
                estimate.calls[call].figures.insert(row.cell("figure").to_owned(), sureness);
            }
        }
        estimate.index();
        Ok(estimate)
    }

    fn index(&mut self) {
        for (i, call) in self.calls.iter().enumerate() {
            let key = key(&call.file);
            let name = key.rsplit('/').next().unwrap_or_default().to_owned();
            self.by_key.insert(key, i);
            self.by_name.entry(name).and_modify(|several| *several = None).or_insert(Some(i));
        }
    }

    /// The call of the recording that the truth names `file`: by the last two parts of its path, else by its name alone
    /// where no other recording has it and the truth names no folder.
    pub fn call(&self, file: &str) -> Option<&EstimateCall> {
        let at = self.by_key.get(&key(file)).or_else(|| self.by_key.get(&last_two(file))).copied();
        let by_name = || {
            let named = |name: &str| self.by_name.get(name).copied().flatten();
            if file.contains('/') { None } else { named(&key(file)).or_else(|| named(file)) }
        };
        at.or_else(by_name).map(|i| &self.calls[i])
    }

    /// Whether `calls.csv` has the column `name`.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column == name)
    }
}

fn interval(start: Option<f64>, end: Option<f64>) -> Option<Interval> {
    let (start, end) = (start?, end?);
    (0.0 <= start && start <= end && end <= MAX_CALL_S).then(|| Interval::new(start, end))
}
