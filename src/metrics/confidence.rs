//! What evidence is worth: from the strength of the signs to a confidence that means something.
//!
//! How strong the signs of a figure are is set by those who measure it; how often a figure with such signs is right only
//! calls can tell whose truth is known. `confidence.toml` holds what they told: for each figure, kind of value and reason, a
//! staircase that never falls, from evidence to confidence (isotonic regression; Zadrozny and Elkan, 2002). It is made by
//! `bezet evaluate TRUTH AUDIT --learn-confidence src/metrics/confidence.toml`.
//!
//! A confidence of [`SURE`] and more is a promise: of such figures at most 1 % are wrong. Only stairs on which so many
//! calls stood, and so few of them wrong, that the promise is likely to hold elsewhere reach that far; others stop below.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

/// Where a figure counts as sure.
pub const SURE: f32 = 0.9;

/// The highest confidence without the promise.
pub const UNSURE: f32 = 0.89;

/// The kind of a figure that has a value; the figures that are one of a few words have that word as their kind.
pub const VALUE: &str = "value";

/// The kind of a figure that was left empty.
pub const EMPTY: &str = "empty";

/// The reason that stands for all reasons too rare for a staircase of their own.
pub const ANY: &str = "any";

/// What calls told about one figure of one kind for one reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staircase {
    /// The figure.
    pub figure: String,
    /// [`VALUE`], [`EMPTY`] or the value itself.
    pub kind: String,
    /// The reason's code, or [`ANY`].
    pub reason: String,
    /// On how many figures it rests.
    pub of: u64,
    /// From this evidence on, this confidence; both rise. Below the first step the first confidence holds.
    pub steps: Vec<(f32, f32)>,
}

/// A table of staircases, as the file holds it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Sorted by figure, kind and reason.
    #[serde(default)]
    pub staircase: Vec<Staircase>,
}

type Key = (String, String, String);

static LEARNED: LazyLock<BTreeMap<Key, Vec<(f32, f32)>>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("confidence.toml")).expect("tested: the table is understood");
    let entry = |s: Staircase| ((s.figure, s.kind, s.reason), s.steps);
    table.staircase.into_iter().map(entry).collect()
});

/// How sure a figure of that kind is with such `evidence`. Where nothing was learned, the evidence, but never [`SURE`].
pub fn calibrated(figure: &str, kind: &str, reason: &str, evidence: f32) -> f32 {
    let find = |reason: &str| LEARNED.get(&(figure.to_owned(), kind.to_owned(), reason.to_owned()));
    match find(reason).or_else(|| find(ANY)) {
        Some(steps) => climb(steps, evidence),
        None => evidence.min(UNSURE),
    }
}

/// The confidence of the highest step that `evidence` reaches.
fn climb(steps: &[(f32, f32)], evidence: f32) -> f32 {
    // the tables that are learned from round evidence to thousandths
    const ROUNDING: f32 = 0.000_5;
    let reached = steps.partition_point(|step| step.0 <= evidence + ROUNDING);
    steps.get(reached.saturating_sub(1)).map_or_else(|| evidence.min(UNSURE), |step| step.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_understood_and_its_stairs_rise() {
        let table: Table = toml::from_str(include_str!("confidence.toml")).unwrap();
        for stairs in &table.staircase {
            assert!(!stairs.steps.is_empty(), "{stairs:?}");
            assert!(stairs.steps.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1), "{stairs:?}");
            assert!(stairs.steps.iter().all(|step| (0.0..=1.0).contains(&step.1)), "{stairs:?}");
        }
        assert_eq!(table.staircase.len(), LEARNED.len(), "two staircases of one name");
    }

    #[test]
    fn more_evidence_climbs_and_too_little_stays_on_the_first_step() {
        let steps = [(0.5, 0.4), (0.8, 0.7), (0.95, 0.99)];
        let got: Vec<f32> = [0.1, 0.5, 0.79, 0.8, 1.0].map(|evidence| climb(&steps, evidence)).to_vec();
        assert_eq!(got, [0.4, 0.4, 0.4, 0.7, 0.99]);
    }

    #[test]
    fn of_what_nothing_was_learned_nothing_is_promised() {
        assert_eq!(calibrated("no_such_figure", VALUE, "heard", 0.99), UNSURE);
        assert_eq!(calibrated("no_such_figure", VALUE, "heard", 0.3), 0.3);
    }
}
