//! `bezet trend`: what the months of a history say.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use clap::Args as Arguments;

use super::refused::Misuse;
use crate::{
    history::{FILE_NAME, History},
    language::Language,
    norms::Norms,
    report::{
        chart,
        csv::{self, Dialect},
        trend as tables,
        words::trend as words,
        write::{Manifest, OutputFolder, TREND},
    },
    trend::{Period, Question, Trend, hours::Told, samples::Measure},
};

/// What is asked.
#[derive(Clone, Debug, Arguments)]
pub struct Args {
    /// The file that the history is kept in
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    db: PathBuf,

    /// The folder for the results
    #[arg(long, value_name = "DIR", default_value = "bezet-trend")]
    out: PathBuf,

    /// The language of charts and sentences
    #[arg(long, default_value_t)]
    pub(super) lang: Language,

    /// How long a point lasts
    #[arg(long, value_name = "PERIOD", default_value = "month")]
    by: Period,

    /// A norm whose share of calls is followed: a name that `bezet norms` lists, or a file of norms; repeatable
    #[arg(long, value_name = "NORM")]
    norm: Vec<String>,

    /// A column of calls.csv whose middle value is followed, such as rings or busy_announcements; repeatable
    #[arg(long, value_name = "COLUMN")]
    figure: Vec<String>,

    /// Opening hours, as "ma-vr 9:00-17:30, za 10-13" or "mo-fr 9-17"; of one line as "LINE=ma-vr 9-17"; repeatable
    #[arg(long, value_name = "HOURS")]
    open: Vec<Told>,

    /// Only calls from this day on, as 2026-03-31
    #[arg(long, value_name = "DAY")]
    since: Option<NaiveDate>,

    /// Only calls up to and with this day
    #[arg(long, value_name = "DAY")]
    until: Option<NaiveDate>,

    /// How the tables are written
    #[arg(long, value_name = "KIND", default_value = "plain")]
    csv: Dialect,
}

/// Draws, writes the tables, and says on `out` what moved.
///
/// # Errors
/// Where there is no history, no call with a time, or the results cannot be written.
pub fn run(args: &Args, out: &mut impl Write) -> anyhow::Result<()> {
    let language = args.lang;
    let measures = measures(args)?;
    let calls = History::open(&args.db)?.calls()?;
    let open = args.open.iter().cloned().collect();
    let question = Question { period: args.by, measures, open, since: args.since, until: args.until };
    let trend = Trend::of(calls, question)?;

    let folder = OutputFolder::open_for(TREND, &args.out, &["trend.csv", "heat.csv", "benchmark.csv"])?;
    let staging = folder.stage()?;
    let kind = args.csv;
    staging
        .put("trend.csv", |file| csv::write(kind, &tables::point_columns(), tables::points(&trend, language), file))?;
    staging.put("heat.csv", |file| csv::write(kind, &tables::heat_columns(), tables::hours(&trend, language), file))?;
    staging.put("benchmark.csv", |file| {
        csv::write(kind, &tables::whole_columns(), tables::lines(&trend, language), file)
    })?;
    for (name, svg) in chart::trend(&trend, language) {
        let png = chart::png(&svg)?;
        staging.put(&format!("charts/{name}.svg"), |file| file.write_all(svg.as_bytes()))?;
        staging.put(&format!("charts/{name}.png"), |file| file.write_all(&png))?;
    }
    staging.publish(Manifest::new(None, language, trend.calls, trend.unread))?;
    write!(out, "{}", tables::summary(&trend, language))?;
    writeln!(out, "\n{}", words::written(language, &args.out.display().to_string()))?;
    Ok(())
}

/// What is followed: the wait and who reached a person in any case, then what was asked for.
fn measures(args: &Args) -> anyhow::Result<Vec<Measure>> {
    let mut measures = vec![Measure::Wait, Measure::Reached];
    for name in &args.norm {
        measures.extend(Norms::find(name, Path::new(""))?.into_iter().map(|norm| Measure::Norm(Box::new(norm))));
    }
    for name in &args.figure {
        let unknown = || Misuse::NoColumn { name: name.clone(), known: Measure::figure_names().join(", ") };
        measures.push(Measure::figure(name).ok_or_else(unknown)?);
    }
    Ok(measures)
}
