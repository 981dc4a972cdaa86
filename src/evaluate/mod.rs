//! An audit against the truth: how right it is, where it is wrong, and whether it knows.
//!
//! ```text
//! truth  (calls.csv, segments.csv, label files) ┐
//! audit  (calls.csv, segments.csv, figures.csv) ┴► a score a call ──► groups of calls ──► measures, with counts
//!                                                              └──► calibration     └──► worst calls first
//! ```
//!
//! # Conventions
//! - **Calls** are matched by the last two parts of their recordings' paths, endings apart. One that the audit lacks is
//!   wrong everywhere.
//! - **Frames** (segment-based measures of sed_eval; Mesaros, Heittola and Virtanen, "Metrics for Polyphonic Sound Event
//!   Detection", 2016) lie on a grid of 10 ms; a sound covers the frames from its start to its end, both rounded to the
//!   nearest. One class a frame: where sounds overlap, keys win over tones, tones over voices, voices over music. The
//!   pauses of ringing (6.5 s) and of a busy tone (1 s) belong to it on both sides, so that it does not matter whether
//!   rings are labelled one by one.
//! - **Events** (event-based) are matched one to one, as many as can be (mir_eval; Raffel et al., 2014), onsets within a
//!   collar, offsets too where the name says so. The collar stands in the name: `music.onset_offset_0.5s.f1`.
//! - **Figures** of a call are right or wrong as a whole; `figures` holds the rules. Shares carry their counts and Wilson's
//!   95 % interval.
//! - What the truth does not know is not scored.

mod accuracy;
mod calibration;
mod derived;
mod estimate;
mod figures;
mod learn;
mod matching;
pub mod page;
mod score;
pub mod sheet;
mod sound;
pub mod tables;
mod truth;

use std::{cmp::Ordering, collections::BTreeSet};

use crate::report::chart::Reliability;

pub use accuracy::{Group, LabelRow, Measure, is_error, known_measures, wilson};
pub use calibration::{ALL, Bin, EDGES, MAX_WRONG, Promise, SURE};
pub use estimate::{Estimate, EstimateCall, Sureness};
pub use figures::Verdict;
pub use learn::learn;
pub use matching::{Collar, matched};
pub use score::{CallScore, Count, Disagreement, Sums};
pub use sound::{Class, Span};
pub use truth::{Expected, Trouble, Truth, TruthCall, TruthError, listed_troubles};

/// The columns that calls are grouped by unless told otherwise; `origin` is `composed` or `recorded`.
pub const GROUPED_BY: [&str; 5] = ["origin", "country", "codec", "container", "line"];

/// All that was measured of one audit.
#[derive(Debug)]
pub struct Evaluation {
    /// All calls, then the groups.
    pub groups: Vec<Group>,
    /// Every call, the worst first.
    pub calls: Vec<CallScore>,
    /// Confidence against rightness.
    pub bins: Vec<Bin>,
    /// The promise about sure figures.
    pub promises: Vec<Promise>,
    /// What of the truth could not be used.
    pub troubles: Vec<Trouble>,
}

impl Evaluation {
    /// Of all calls.
    pub fn whole(&self) -> &Group {
        &self.groups[0]
    }

    /// Confidence against rightness over all figures, as it is drawn.
    pub fn reliability(&self) -> Vec<Reliability> {
        let of_edge = |edge: &[f64]| {
            let inside: Vec<&Bin> = self.bins.iter().filter(|b| b.figure == ALL && b.from == edge[0]).collect();
            let (count, right) = inside.iter().fold((0, 0), |(of, right), b| (of + b.of, right + b.right));
            let confidence = inside.iter().map(|b| b.mean_confidence * b.of as f64).sum::<f64>() / count as f64;
            let share = right as f64 / count as f64;
            (count > 0).then(|| Reliability { confidence, right: share, interval: wilson(right, count), count })
        };
        EDGES.windows(2).filter_map(of_edge).collect()
    }
}

/// What label files leave out at either end of their calls, where that counts as silence and is much.
fn partly_labelled(truth: &Truth, estimate: &Estimate) -> Vec<Trouble> {
    let told = |call: &TruthCall| {
        let duration = call.duration_s().or_else(|| estimate.call(&call.file)?.duration_s())?;
        Some(Trouble::Unlabelled { file: call.file.clone(), rest: call.unlabelled(duration)? })
    };
    truth.calls.iter().filter_map(told).collect()
}

/// Which of `columns`, the usual ones apart, hold nothing.
fn missing(calls: &[CallScore], columns: &[String]) -> Vec<Trouble> {
    let asked = columns.iter().filter(|column| !GROUPED_BY.contains(&column.as_str()));
    let empty = asked.filter(|column| calls.iter().all(|call| call.column(column).is_empty()));
    let there = || calls.iter().flat_map(CallScore::filled_columns).collect::<BTreeSet<_>>();
    let trouble = |column: &String| {
        let columns = there().into_iter().map(str::to_owned).collect();
        Trouble::NoColumn { column: column.clone(), columns }
    };
    empty.map(trouble).collect()
}

/// Holds `estimate` against `truth`, and groups the calls by `columns` besides.
pub fn evaluate(truth: &Truth, estimate: &Estimate, columns: &[String]) -> Evaluation {
    let mut calls: Vec<CallScore> = truth.calls.iter().map(|call| score::score(call, estimate)).collect();
    for call in &mut calls {
        // a composer writes down what it composed; nobody else knows a recording's scenario
        let composed = call.truth.cells.contains_key("scenario");
        let origin = if composed { "composed" } else { "recorded" };
        call.truth.cells.entry("origin".into()).or_insert_with(|| origin.into());
    }
    let (bins, promises) = (calibration::bins(&calls), calibration::promises(&calls));
    let groups = accuracy::groups(&calls, columns);
    calls.sort_by(worse);
    let troubles =
        [&truth.troubles[..], &partly_labelled(truth, estimate), &estimate.troubles, &missing(&calls, columns)]
            .concat();
    Evaluation { groups, calls, bins, promises, troubles }
}

/// The call with more wrong figures first, then the one that differs for longer.
fn worse(a: &CallScore, b: &CallScore) -> Ordering {
    let wrong = |call: &CallScore| call.wrong().count();
    wrong(b).cmp(&wrong(a)).then(b.disagreeing_s.total_cmp(&a.disagreeing_s)).then(a.truth.file.cmp(&b.truth.file))
}
