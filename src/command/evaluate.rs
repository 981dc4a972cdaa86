//! `bezet evaluate`: holds an audit against what is known to be true.

use std::{
    fs,
    io::{self, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::Context;
use clap::ValueEnum;

use super::{Status, audit, hearing::Hearing, refused::Refused, results::Results};
use crate::{
    evaluate::{self, Estimate, Evaluation, GROUPED_BY, Truth, is_error, known_measures, page, tables},
    project,
    report::{
        chart,
        csv::{self, Dialect},
        words::{Language, accuracy::promise},
    },
};

/// Holds an audit against what is known to be true: how right it is, and where it is wrong
///
/// TRUTH is a folder with calls.csv (file, rings, outcome, ...), segments.csv (file, start_s, end_s, label) or label files of
/// Audacity beside the recordings, or one such table; what `bezet simulate` leaves behind is one. An empty cell is not
/// scored, a dash says that the audit's cell has to be empty.
///
/// AUDIT is the folder of an audit; without it, the recordings in TRUTH are audited first.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is true: a folder, or a table
    truth: PathBuf,
    /// The folder of an audit of the same calls; without it, the recordings in TRUTH are audited first
    audit: Option<PathBuf>,
    /// The folder for the results
    #[arg(long, value_name = "DIR", default_value = "bezet-accuracy")]
    out: PathBuf,
    /// A further column of the truth's or the audit's calls.csv to group the calls by; repeatable
    #[arg(long, value_name = "COLUMN")]
    by: Vec<String>,
    /// A floor, as "rings.exact=0.97" or "frame.accuracy=0.9" (a measure of accuracy.csv, over all calls); repeatable.
    /// If one is not reached, or cannot be measured, the exit code is 1
    #[arg(long, value_name = "NAME=VALUE")]
    fail_under: Vec<Floor>,
    /// The language of what is written [default: that of the project file in TRUTH, else nl]
    #[arg(long)]
    lang: Option<Language>,
    /// What is printed
    #[arg(long, default_value = "text")]
    format: Format,
    /// How the tables are written
    #[arg(long, value_name = "KIND", default_value = "plain")]
    csv: Dialect,
    /// Also write down, as TOML, what the evidence of each figure was worth: the table that confidences are taken from
    #[arg(long, value_name = "FILE")]
    learn_confidence: Option<PathBuf>,
    /// How many recordings to hear at once, where they have to be audited
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

impl Args {
    /// The language that was asked for, else that of the project file among the truth, else the usual one.
    pub(super) fn language(&self) -> Language {
        let of_project = || project::language_of(&self.truth.join(project::FILE_NAME));
        self.lang.or_else(of_project).unwrap_or_default()
    }
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A summary to read.
    Text,
    /// One JSON object, that of accuracy.json.
    Json,
}

/// The least that a measure may be.
#[derive(Clone, Debug, PartialEq)]
struct Floor {
    name: String,
    value: f64,
}

/// Why a text is no floor.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(super) enum NoFloor {
    /// Not two parts, or no number.
    #[error("write a measure, = and a number from 0 to 1, as in \"rings.exact=0.97\"")]
    Shape,
    /// No such measure.
    #[error("there is no measure {0:?}; there are {1}")]
    Unknown(String, String),
    /// Of an error, less is better.
    #[error("{0:?} is an error: the less the better, so it has no floor")]
    Error(String),
}

impl FromStr for Floor {
    type Err = NoFloor;

    fn from_str(text: &str) -> Result<Self, NoFloor> {
        let (name, value) = text.split_once('=').ok_or(NoFloor::Shape)?;
        let (name, value) = (name.trim().to_owned(), value.trim().replace(',', "."));
        let value: f64 = value.parse().ok().filter(|v| (0.0..=1.0).contains(v)).ok_or(NoFloor::Shape)?;
        let known = known_measures();
        if !known.contains(&name) {
            return Err(NoFloor::Unknown(name, known.join(", ")));
        }
        if is_error(&name) { Err(NoFloor::Error(name)) } else { Ok(Self { name, value }) }
    }
}

/// Every file that the command writes; the last says whose they are.
const FILES: [&str; 9] = [
    "accuracy.csv",
    "labels.csv",
    "calibration.csv",
    "recordings.csv",
    "disagreements.csv",
    "accuracy.md",
    "calibration.svg",
    "calibration.png",
    "accuracy.json",
];

/// Runs the command; what it says goes to `out`.
///
/// # Errors
/// Where there is no truth, the audit cannot be read or made, or the results cannot be written.
pub fn run(args: &Args, out: &mut impl Write) -> anyhow::Result<Status> {
    let language = args.language();
    let truth = Truth::read(&args.truth)?;
    let results = Results::open(&args.out, &FILES, "bezet-accuracy/")?;
    let (folder, heard) = match &args.audit {
        Some(folder) => (folder.clone(), Status::Fine),
        None => audited(args, language)?,
    };
    let estimate = Estimate::read(&folder).map_err(|error| Refused::Estimate { folder: folder.clone(), error })?;
    let columns: Vec<String> = GROUPED_BY.map(str::to_owned).into_iter().chain(args.by.iter().cloned()).collect();
    let evaluation = evaluate::evaluate(&truth, &estimate, &columns);
    if evaluation.whole().audited == 0 {
        let file = truth.calls[0].file.clone();
        return Err(Refused::OtherCalls { truth: args.truth.clone(), audit: folder, file }.into());
    }
    write(&evaluation, args, language, results)?;
    if let Some(file) = &args.learn_confidence {
        learn(&evaluation, file)?;
    }
    match args.format {
        Format::Text => out.write_all(page::text(&evaluation, &args.out.display().to_string(), language).as_bytes())?,
        Format::Json => out.write_all(tables::json(&evaluation).as_bytes())?,
    }
    let missed = floors(args, &evaluation, language, out)?;
    out.flush()?;
    Ok(match heard {
        Status::Fine if !evaluation.troubles.is_empty() => Status::SomeUnread,
        Status::Fine if missed => Status::NormMissed,
        status => status,
    })
}

/// Audits the recordings that lie with the truth; where the audit is, and whether all could be read.
fn audited(args: &Args, language: Language) -> anyhow::Result<(PathBuf, Status)> {
    if !args.truth.is_dir() {
        return Err(Refused::OnlyATable(args.truth.clone()).into());
    }
    let folder = args.out.join("audit");
    let project = args.truth.join(project::FILE_NAME);
    let project = project.is_file().then_some(project);
    let recordings = if project.is_some() { vec![] } else { vec![args.truth.clone()] };
    let audit = audit::Args::without_charts(recordings, project, folder.clone(), language, args.jobs);
    let status = audit::run(audit, Hearing::new, &mut io::sink())?;
    Ok((folder, status))
}

/// Writes all files, each of which appears whole.
fn write(evaluation: &Evaluation, args: &Args, language: Language, results: Results) -> anyhow::Result<()> {
    let all = evaluation.promises.first();
    let said = all.map(|p| promise(language, p.sure, p.wrong, p.of)).unwrap_or_default();
    let svg = chart::calibration(&evaluation.reliability(), &said, language);
    let table = |write: &dyn Fn(&mut Vec<u8>) -> io::Result<()>| {
        let mut bytes = vec![];
        write(&mut bytes).map(|()| bytes)
    };
    let kind = args.csv;
    let mut files = vec![];
    for name in FILES {
        let bytes = match name {
            "accuracy.csv" => {
                table(&|to| csv::write(kind, &tables::accuracy(), tables::accuracy_rows(evaluation), to))?
            }
            "labels.csv" => table(&|to| csv::write(kind, &tables::labels(), tables::label_rows(evaluation), to))?,
            "calibration.csv" => table(&|to| csv::write(kind, &tables::calibration(), &evaluation.bins, to))?,
            "recordings.csv" => {
                table(&|to| csv::write(kind, &tables::recordings(), tables::recording_rows(evaluation), to))?
            }
            "disagreements.csv" => {
                table(&|to| csv::write(kind, &tables::disagreements(), tables::disagreement_rows(evaluation), to))?
            }
            "accuracy.md" => page::markdown(evaluation, language).into_bytes(),
            "calibration.svg" => svg.clone().into_bytes(),
            "calibration.png" => chart::png(&svg)?,
            _ => tables::json(evaluation).into_bytes(),
        };
        files.push((name, bytes));
    }
    results.publish(&files)
}

/// Writes the table of what evidence was worth.
fn learn(evaluation: &Evaluation, file: &Path) -> anyhow::Result<()> {
    let calls = evaluation.calls.len();
    let head = format!("# Learned from {calls} calls by: bezet evaluate TRUTH AUDIT --learn-confidence FILE\n\n");
    let table = toml::to_string(&evaluate::learn(&evaluation.calls)).context("the table of confidences")?;
    fs::write(file, head + &table).with_context(|| file.display().to_string())
}

/// Says which floors were not reached; whether any was not.
fn floors(args: &Args, evaluation: &Evaluation, language: Language, out: &mut impl Write) -> io::Result<bool> {
    let mut missed = false;
    for Floor { name, value } in &args.fail_under {
        let measured = evaluation.whole().measure(name).map(|measure| measure.value);
        // a floor that cannot be measured holds nothing up
        let reached = measured.is_some_and(|measured| measured >= *value);
        missed |= !reached;
        let found = measured.map_or_else(
            || {
                language
                    .of((
                        "niet te meten: de waarheid zegt er niets over",
                        "not measurable: the truth says nothing of it",
                    ))
                    .to_owned()
            },
            |measured| format!("{measured:.3}"),
        );
        let verdict = language.of(if reached { ("gehaald", "reached") } else { ("niet gehaald", "not reached") });
        let line = format!("{name} >= {value}: {verdict} ({found})");
        match args.format {
            Format::Text => writeln!(out, "{line}")?,
            Format::Json => writeln!(io::stderr(), "{line}")?,
        }
    }
    Ok(missed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_is_a_measure_that_can_have_one() {
        let floor = |text: &str| text.parse::<Floor>();
        assert_eq!(floor("rings.exact = 0,97"), Ok(Floor { name: "rings.exact".into(), value: 0.97 }));
        assert!(floor("music.onset_offset_0.5s.f1=0.8").is_ok());
        assert_eq!(floor("rings.exact"), Err(NoFloor::Shape));
        assert_eq!(floor("rings.exact=97"), Err(NoFloor::Shape));
        assert!(matches!(floor("ringing=0.9"), Err(NoFloor::Unknown(..))));
        assert!(matches!(floor("frame.error_rate=0.1"), Err(NoFloor::Error(_))));
    }

    #[test]
    fn the_last_file_tells_whose_they_are() {
        assert!(tables::SCHEMA.starts_with("bezet-accuracy/") && FILES[FILES.len() - 1] == "accuracy.json");
    }
}
