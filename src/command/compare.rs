//! `bezet compare`: an audit before held against one after.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::ValueEnum;

use super::{refused::Misuse, results::Results};
use crate::{
    audit::{Audit, kept},
    compare::{self, Comparison, matching::Grain, plan},
    language::Language,
    norms::{Norm, NormError, Norms, profiles},
    report::{
        chart, compare as report,
        csv::{self, Dialect},
        words::compare::{Panel, curves_title, panel_title, typical_below},
    },
};

/// The norms that calls are judged by where none was chosen: each starts its clock at another moment.
const COMMON: [&str; 4] = ["nen-8878", "fcc-30", "80-20", "gemeente-30"];

/// Every file that the command may write; the last says whose they are.
const FILES: [&str; 13] = [
    "compare.csv",
    "compare.md",
    "charts/waits.svg",
    "charts/waits.png",
    "charts/two-calls.svg",
    "charts/two-calls.png",
    "charts/steps.svg",
    "charts/steps.png",
    "charts/counts.svg",
    "charts/counts.png",
    "charts/shares.svg",
    "charts/shares.png",
    "compare.json",
];

/// Holds calls after a change against calls before it; says how many calls that takes
///
/// The change may be a training, another menu, more people; what may be chance is said as well.
///
/// BEFORE and AFTER are the folders of two audits (`bezet audit ... --out FOLDER`). Calls of the same hour and weekday are held
/// against each other where there are enough of them. With --plan it says how many calls to make, before the first one is
/// made; an audit given along tells it what the waits are like.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of the audit before
    before: Option<PathBuf>,
    /// The folder of the audit after
    after: Option<PathBuf>,
    /// Say how many calls it takes to see a change, and compare nothing
    #[arg(long, conflicts_with_all = ["after", "out", "csv"])]
    plan: bool,
    /// The folder for the results
    #[arg(long, value_name = "DIR", default_value = "bezet-compare")]
    out: PathBuf,
    /// The language of what is written
    #[arg(long, default_value_t)]
    pub(super) lang: Language,
    /// A norm to judge the calls by: a name that `bezet norms` lists, or a file of norms; repeatable
    #[arg(long, value_name = "NORM")]
    norm: Vec<String>,
    /// What calls are matched by [default: as finely as the calls allow]
    #[arg(long = "match", value_name = "GRAIN")]
    matching: Option<Grain>,
    /// Only calls to this line; repeatable
    #[arg(long, value_name = "NAME")]
    line: Vec<String>,
    /// What is printed
    #[arg(long, default_value = "text")]
    format: Format,
    /// How the table is written
    #[arg(long, value_name = "KIND", default_value = "plain")]
    csv: Dialect,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A summary to read.
    Text,
    /// One JSON object, that of compare.json.
    Json,
}

/// Compares, or plans; what it says goes to `out`.
///
/// # Errors
/// Where there is no such audit, a norm is none, or the results cannot be written.
pub fn run(args: &Args, out: &mut impl Write) -> anyhow::Result<()> {
    let language = args.lang;
    let norms: Result<Vec<Vec<Norm>>, NormError> = args.norm.iter().map(|n| Norms::find(n, Path::new(""))).collect();
    let norms = norms?.concat();
    if args.plan {
        let made = args.before.as_deref().map(|folder| recall(folder, &args.line)).transpose()?;
        let plan = plan::plan(made.as_ref(), norms.first());
        out.write_all(report::plan(&plan, language).as_bytes())?;
        return Ok(());
    }
    let (Some(before), Some(after)) = (&args.before, &args.after) else {
        return Err(Misuse::TwoAudits.into());
    };
    let [before, after] = [recall(before, &args.line)?, recall(after, &args.line)?];
    let common = || profiles().iter().filter(|norm| COMMON.contains(&norm.id.as_str())).cloned().collect();
    let norms = if norms.is_empty() { common() } else { norms };
    let results = Results::open(&args.out, &FILES, "bezet-compare/")?;
    let comparison = compare::compare(&before, &after, &norms, args.matching);

    let pictures = pictures(&comparison, language);
    let shown: Vec<(&str, &str)> = pictures.iter().map(|p| (p.svg_name, p.alt.as_str())).collect();
    let mut table = vec![];
    csv::write(args.csv, &report::columns(), report::rows(&comparison, language), &mut table)?;
    let page = report::markdown(&comparison, &shown, language);
    let json = report::json(&comparison, language);
    let mut files = vec![("compare.csv", table), ("compare.md", page.into_bytes())];
    for picture in pictures {
        files.push((picture.png_name, chart::png(&picture.svg)?));
        files.push((picture.svg_name, picture.svg.into_bytes()));
    }
    files.push(("compare.json", json.clone().into_bytes()));
    results.publish(&files)?;
    match args.format {
        Format::Text => {
            out.write_all(report::summary(&comparison, &args.out.display().to_string(), language).as_bytes())?;
        }
        Format::Json => out.write_all(json.as_bytes())?,
    }
    out.flush()?;
    Ok(())
}

/// A picture of the comparison.
struct Picture {
    svg_name: &'static str,
    png_name: &'static str,
    /// What it shows, in a sentence.
    alt: String,
    svg: String,
}

fn pictures(comparison: &Comparison<'_>, language: Language) -> Vec<Picture> {
    let whole = &comparison.whole;
    let calls = chart::typical_calls(whole, language);
    let panel = |panel| Some((panel_title(language, panel).to_owned(), chart::changes(whole, panel, language)?));
    let drawn = [
        (
            "charts/waits.svg",
            "charts/waits.png",
            Some((curves_title(language, whole), chart::two_curves(comparison, language))),
        ),
        ("charts/two-calls.svg", "charts/two-calls.png", calls.map(|svg| (typical_below(language).to_owned(), svg))),
        ("charts/steps.svg", "charts/steps.png", panel(Panel::Steps)),
        ("charts/counts.svg", "charts/counts.png", panel(Panel::Counts)),
        ("charts/shares.svg", "charts/shares.png", panel(Panel::Shares)),
    ];
    let picture = |(svg_name, png_name, drawn): (_, _, Option<(String, String)>)| {
        drawn.map(|(alt, svg)| Picture { svg_name, png_name, alt, svg })
    };
    drawn.into_iter().filter_map(picture).collect()
}

/// The audit in a folder, of these lines only (all, where none is named).
fn recall(folder: &Path, lines: &[String]) -> anyhow::Result<Audit> {
    let mut audit = kept::recall(folder)?;
    let has = |line: &String| audit.calls.iter().any(|call| call.line == *line);
    if let Some(line) = lines.iter().find(|line| !has(line)) {
        let mut known: Vec<&str> = audit.calls.iter().map(|call| call.line.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        let (line, known) = (line.clone(), known.join(", "));
        return Err(Misuse::NoLine { folder: folder.into(), line, known }.into());
    }
    audit.calls.retain(|call| lines.is_empty() || lines.contains(&call.line));
    Ok(audit)
}
