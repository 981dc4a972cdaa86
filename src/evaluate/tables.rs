//! The tables of an evaluation: `accuracy.csv`, `labels.csv`, `calibration.csv`, `recordings.csv`, `disagreements.csv`; and all
//! of it as JSON.

use serde::Serialize;

use super::{
    CallScore, Collar, Evaluation, SURE, Trouble,
    accuracy::{Group, LabelRow, Measure, wilson},
    calibration::{Bin, Promise},
    score::{Sums, ratio},
    sound::Class,
};
use crate::report::table::{Cell, Column};

/// The version of these tables.
pub const SCHEMA: &str = "bezet-accuracy/1";

/// A row of `accuracy.csv`: a measure of a group.
pub type AccuracyRow<'a> = (&'a Group, &'a Measure);

/// The columns of `accuracy.csv`.
pub fn accuracy<'a>() -> Vec<Column<AccuracyRow<'a>>> {
    fn bound(measure: &Measure, pick: fn((f64, f64)) -> f64) -> Cell {
        measure.count.map_or(Cell::Empty, |(right, of)| Cell::Seconds(pick(wilson(right, of))))
    }
    fn count(measure: &Measure, pick: fn((u64, u64)) -> u64) -> Cell {
        measure.count.map_or(Cell::Empty, |counts| Cell::Count(pick(counts) as u32))
    }
    vec![
        Column::new("by", "", |(group, _): &AccuracyRow| Cell::text(&group.by)),
        Column::new("group", "", |(group, _)| Cell::text(&group.value)),
        Column::new("calls", "count", |(group, _)| Cell::Count(group.calls as u32)),
        Column::new("audited", "count", |(group, _)| Cell::Count(group.audited as u32)),
        Column::new("measure", "", |(_, measure)| Cell::text(&measure.name)),
        Column::new("value", "0 to 1, or s", |(_, measure)| Cell::Seconds(measure.value)),
        Column::new("right", "count", |(_, measure)| count(measure, |c| c.0)),
        Column::new("of", "count", |(_, measure)| count(measure, |c| c.1)),
        Column::new("low_95", "0 to 1", |(_, measure)| bound(measure, |b| b.0)),
        Column::new("high_95", "0 to 1", |(_, measure)| bound(measure, |b| b.1)),
    ]
}

/// The rows of `accuracy.csv`.
pub fn accuracy_rows(evaluation: &Evaluation) -> impl Iterator<Item = AccuracyRow<'_>> {
    evaluation.groups.iter().flat_map(|group| group.measures.iter().map(move |measure| (group, measure)))
}

/// A row of `labels.csv`: a class or label of a group.
pub type LabelsRow<'a> = (&'a Group, &'a LabelRow);

/// The columns of `labels.csv`; each collar is in its column's name.
pub fn labels<'a>() -> Vec<Column<LabelsRow<'a>>> {
    fn share(value: Option<f64>) -> Cell {
        value.map_or(Cell::Empty, Cell::Seconds)
    }
    fn event(row: &LabelsRow<'_>, at: usize) -> Cell {
        share(row.1.event_f1[at])
    }
    fn count(value: Option<u64>) -> Cell {
        value.map_or(Cell::Empty, |count| Cell::Count(count as u32))
    }
    vec![
        Column::new("by", "", |(group, _): &LabelsRow| Cell::text(&group.by)),
        Column::new("group", "", |(group, _)| Cell::text(&group.value)),
        Column::new("label", "", |(_, row)| Cell::text(&row.name)),
        Column::new("truth_s", "s", |(_, row)| Cell::Seconds(row.truth_s)),
        Column::new("heard_s", "s", |(_, row)| Cell::Seconds(row.heard_s)),
        Column::new("frame_precision", "0 to 1", |(_, row)| share(row.frame_precision)),
        Column::new("frame_recall", "0 to 1", |(_, row)| share(row.frame_recall)),
        Column::new("frame_f1", "0 to 1", |(_, row)| share(row.frame_f1)),
        Column::new("events_truth", "count", |(_, row)| count(row.events_truth)),
        Column::new("events_heard", "count", |(_, row)| count(row.events_heard)),
        Column::new("onset_0.1s_f1", "0 to 1", |row| event(row, 0)),
        Column::new("onset_0.5s_f1", "0 to 1", |row| event(row, 1)),
        Column::new("onset_offset_0.1s_f1", "0 to 1", |row| event(row, 2)),
        Column::new("onset_offset_0.5s_f1", "0 to 1", |row| event(row, 3)),
    ]
}

/// The rows of `labels.csv`.
pub fn label_rows(evaluation: &Evaluation) -> impl Iterator<Item = LabelsRow<'_>> {
    evaluation.groups.iter().flat_map(|group| group.labels.iter().map(move |row| (group, row)))
}

/// The columns of `calibration.csv`.
pub fn calibration<'a>() -> Vec<Column<&'a Bin>> {
    vec![
        Column::new("figure", "", |bin: &&Bin| Cell::text(&bin.figure)),
        Column::new("cell", "", |bin| Cell::text(if bin.given { "value" } else { "empty" })),
        Column::new("from", "0 to 1", |bin| Cell::Seconds(bin.from)),
        Column::new("to", "0 to 1", |bin| Cell::Seconds(bin.to)),
        Column::new("mean_confidence", "0 to 1", |bin| Cell::Seconds(bin.mean_confidence)),
        Column::new("share_right", "0 to 1", |bin| Cell::Seconds(bin.right as f64 / bin.of as f64)),
        Column::new("right", "count", |bin| Cell::Count(bin.right as u32)),
        Column::new("of", "count", |bin| Cell::Count(bin.of as u32)),
        Column::new("low_95", "0 to 1", |bin| Cell::Seconds(wilson(bin.right, bin.of).0)),
        Column::new("high_95", "0 to 1", |bin| Cell::Seconds(wilson(bin.right, bin.of).1)),
    ]
}

/// The columns of `recordings.csv`: each call on its own.
pub fn recordings<'a>() -> Vec<Column<(u32, &'a CallScore)>> {
    fn f1(call: &CallScore, class: Class) -> Cell {
        call.sums.as_ref().and_then(|sums| sums.class(class).f1()).map_or(Cell::Empty, Cell::Seconds)
    }
    fn accuracy(call: &CallScore) -> Cell {
        let frames = call.sums.as_ref().map(Sums::frames);
        frames.and_then(|(right, of)| ratio(right, of)).map_or(Cell::Empty, Cell::Seconds)
    }
    vec![
        Column::new("rank", "count", |(rank, _): &(u32, &CallScore)| Cell::Count(*rank)),
        Column::new("file", "", |(_, call)| Cell::text(&call.truth.file)),
        Column::new("line", "", |(_, call)| Cell::text(call.column("line"))),
        Column::new("origin", "", |(_, call)| Cell::text(call.column("origin"))),
        Column::new("country", "ISO 3166", |(_, call)| Cell::text(call.column("country"))),
        Column::new("codec", "", |(_, call)| Cell::text(call.column("codec"))),
        Column::new("container", "", |(_, call)| Cell::text(call.column("container"))),
        Column::new("audited", "count", |(_, call)| Cell::Count(call.audited.into())),
        Column::new("figures", "count", |(_, call)| Cell::Count(call.verdicts.len() as u32)),
        Column::new("figures_wrong", "count", |(_, call)| Cell::Count(call.wrong().count() as u32)),
        Column::new("wrong", "", |(_, call)| Cell::text(call.wrong().map(|v| v.figure).collect::<Vec<_>>().join(" "))),
        Column::new("human_error_s", "s", |(_, call)| call.human_error_s.map_or(Cell::Empty, Cell::Seconds)),
        Column::new("disagreeing_s", "s", |(_, call)| {
            call.sums.as_ref().map_or(Cell::Empty, |_| Cell::Seconds(call.disagreeing_s))
        }),
        Column::new("frame.accuracy", "0 to 1", |(_, call)| accuracy(call)),
        Column::new("frame.speech.f1", "0 to 1", |(_, call)| f1(call, Class::Speech)),
        Column::new("frame.music.f1", "0 to 1", |(_, call)| f1(call, Class::Music)),
        Column::new("frame.silence.f1", "0 to 1", |(_, call)| f1(call, Class::Silence)),
    ]
}

/// The rows of `recordings.csv`, the worst call first.
pub fn recording_rows(evaluation: &Evaluation) -> impl Iterator<Item = (u32, &CallScore)> {
    (1..).zip(&evaluation.calls)
}

/// A row of `disagreements.csv`.
pub struct DisagreementRow<'a> {
    rank: u32,
    call: &'a CallScore,
    kind: &'static str,
    what: String,
    truth: String,
    heard: String,
    confidence: Option<f64>,
    from_to_s: Option<(f64, f64)>,
}

/// The columns of `disagreements.csv`.
pub fn disagreements<'a>() -> Vec<Column<DisagreementRow<'a>>> {
    vec![
        Column::new("rank", "count", |row: &DisagreementRow| Cell::Count(row.rank)),
        Column::new("file", "", |row| Cell::text(&row.call.truth.file)),
        Column::new("line", "", |row| Cell::text(row.call.column("line"))),
        Column::new("kind", "", |row| Cell::text(row.kind)),
        Column::new("what", "", |row| Cell::text(&row.what)),
        Column::new("truth", "", |row| said(row, &row.truth)),
        Column::new("heard", "", |row| said(row, &row.heard)),
        Column::new("confidence", "0 to 1", |row| row.confidence.map_or(Cell::Empty, Cell::Seconds)),
        Column::new("start_s", "s", |row| row.from_to_s.map_or(Cell::Empty, |at| Cell::Seconds(at.0))),
        Column::new("end_s", "s", |row| row.from_to_s.map_or(Cell::Empty, |at| Cell::Seconds(at.1))),
        Column::new("seconds", "s", |row| row.from_to_s.map_or(Cell::Empty, |at| Cell::Seconds(at.1 - at.0))),
    ]
}

/// What truth or audit say of a figure: a number where it is one, so that every spreadsheet reads it as one.
fn said(row: &DisagreementRow<'_>, text: &str) -> Cell {
    if row.what == "keys" {
        return Cell::Keys(text.to_owned());
    }
    let count = text.parse().ok().map(Cell::Count);
    let seconds = || text.parse().ok().filter(|s: &f64| s.is_finite()).map(Cell::Seconds);
    count.or_else(seconds).unwrap_or_else(|| Cell::text(text))
}

/// The rows of `disagreements.csv`: the worst call first; of each, its wrong figures, then the stretches in which truth and
/// estimate differ, the longest first.
pub fn disagreement_rows(evaluation: &Evaluation) -> impl Iterator<Item = DisagreementRow<'_>> {
    let differs = |call: &&CallScore| !call.audited || call.wrong().next().is_some() || !call.disagreements.is_empty();
    evaluation.calls.iter().filter(differs).enumerate().flat_map(|(i, call)| of_call(i as u32 + 1, call))
}

fn of_call(rank: u32, call: &CallScore) -> Vec<DisagreementRow<'_>> {
    if !call.audited {
        let (what, truth, heard) = ("recording".into(), String::new(), String::new());
        return vec![DisagreementRow {
            rank,
            call,
            kind: "not_in_audit",
            what,
            truth,
            heard,
            confidence: None,
            from_to_s: None,
        }];
    }
    let figures = call.wrong().map(|verdict| DisagreementRow {
        rank,
        call,
        kind: "figure",
        what: verdict.figure.into(),
        truth: verdict.truth.clone(),
        heard: verdict.heard.clone().unwrap_or_default(),
        confidence: verdict.sureness.as_ref().map(|sure| sure.confidence),
        from_to_s: verdict.sureness.as_ref().and_then(|sure| sure.from).map(Into::into),
    });
    let stretches = call.disagreements.iter().map(|stretch| DisagreementRow {
        rank,
        call,
        kind: "sound",
        what: String::new(),
        truth: stretch.truth.name().into(),
        heard: stretch.heard.name().into(),
        confidence: None,
        from_to_s: Some(stretch.interval.into()),
    });
    figures.chain(stretches).collect()
}

/// What `--format json` prints and `accuracy.json` holds.
pub fn json(evaluation: &Evaluation) -> String {
    #[derive(Serialize)]
    struct Worst<'a> {
        file: &'a str,
        wrong: Vec<&'a str>,
        disagreeing_s: f64,
    }
    #[derive(Serialize)]
    struct Whole<'a> {
        schema: &'a str,
        bezet: &'a str,
        collars: Vec<String>,
        sure_from: f64,
        groups: &'a [Group],
        promises: &'a [Promise],
        calibration: &'a [Bin],
        worst: Vec<Worst<'a>>,
        troubles: Vec<String>,
    }
    let worst = evaluation.calls.iter().filter(|call| call.wrong().next().is_some()).map(|call| Worst {
        file: &call.truth.file,
        wrong: call.wrong().map(|verdict| verdict.figure).collect(),
        disagreeing_s: call.disagreeing_s,
    });
    let whole = Whole {
        schema: SCHEMA,
        bezet: env!("CARGO_PKG_VERSION"),
        collars: Collar::ALL.map(Collar::name).to_vec(),
        sure_from: SURE,
        groups: &evaluation.groups,
        promises: &evaluation.promises,
        calibration: &evaluation.bins,
        worst: worst.collect(),
        troubles: evaluation.troubles.iter().map(Trouble::to_string).collect(),
    };
    serde_json::to_string_pretty(&whole).expect("names and numbers are always JSON") + "\n"
}
