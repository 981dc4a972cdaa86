//! Whether confidences mean what they say: of the figures that were given with a confidence, how many are right.

use std::collections::BTreeSet;

use serde::Serialize;

use super::score::CallScore;

/// Where a figure counts as sure.
pub const SURE: f64 = 0.9;

/// Of the sure figures, no more than this share may be wrong.
pub const MAX_WRONG: f64 = 0.01;

/// The edges of the bins, the last one closed.
pub const EDGES: [f64; 9] = [0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.0];

/// The name under which all figures are put together.
pub const ALL: &str = "all";

/// Figures of one name and of a confidence in one bin.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// The figure, or [`ALL`].
    pub figure: String,
    /// Whether the figures have a value, or were left empty.
    pub given: bool,
    /// The least confidence in it.
    pub from: f64,
    /// The confidence that it ends at; in it only where that is 1.
    pub to: f64,
    /// How many figures.
    pub of: u64,
    /// How many of them are right.
    pub right: u64,
    /// The mean of their confidences.
    pub mean_confidence: f64,
}

/// What became of the promise about sure figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Promise {
    /// The figure, or [`ALL`].
    pub figure: String,
    /// Those with a confidence of 0.9 or more.
    pub sure: u64,
    /// Those of them that are wrong.
    pub wrong: u64,
    /// All figures of that name whose truth and confidence are known.
    pub of: u64,
}

impl Promise {
    /// The share of the sure figures that is wrong; `None` where none is sure.
    pub fn share_wrong(&self) -> Option<f64> {
        (self.sure > 0).then(|| self.wrong as f64 / self.sure as f64)
    }

    /// Whether it is kept.
    pub fn is_kept(&self) -> bool {
        self.share_wrong().is_none_or(|share| share <= MAX_WRONG)
    }
}

/// A figure that was judged.
struct Judged<'a> {
    figure: &'a str,
    given: bool,
    confidence: f64,
    right: bool,
}

fn judged(calls: &[CallScore]) -> Vec<Judged<'_>> {
    let of_call = |call| {
        CallScore::sureness(call).map(|(verdict, sureness)| Judged {
            figure: verdict.figure,
            given: sureness.given,
            confidence: sureness.confidence.clamp(0.0, 1.0),
            right: verdict.right,
        })
    };
    calls.iter().flat_map(of_call).collect()
}

/// The names of the figures that were judged, all of them together first.
fn names<'a>(judged: &[Judged<'a>]) -> Vec<&'a str> {
    let names: BTreeSet<&str> = judged.iter().map(|one| one.figure).collect();
    [ALL].into_iter().chain(names).collect()
}

/// Confidence against rightness in bins, figure by figure; empty bins are left out.
pub fn bins(calls: &[CallScore]) -> Vec<Bin> {
    let judged = judged(calls);
    let mut bins = vec![];
    for name in names(&judged) {
        for given in [true, false] {
            for edge in EDGES.windows(2) {
                let (from, to) = (edge[0], edge[1]);
                let inside = |c: f64| from <= c && (c < to || to == 1.0);
                let wanted =
                    |one: &&Judged| (name == ALL || one.figure == name) && one.given == given && inside(one.confidence);
                let members: Vec<&Judged> = judged.iter().filter(wanted).collect();
                if members.is_empty() {
                    continue;
                }
                let mean = members.iter().map(|one| one.confidence).sum::<f64>() / members.len() as f64;
                let right = members.iter().filter(|one| one.right).count() as u64;
                let of = members.len() as u64;
                bins.push(Bin { figure: name.into(), given, from, to, of, right, mean_confidence: mean });
            }
        }
    }
    bins
}

/// The promise, figure by figure, values and rightly empty cells together.
pub fn promises(calls: &[CallScore]) -> Vec<Promise> {
    let judged = judged(calls);
    let one = |name: &str| {
        let of_name: Vec<&Judged> = judged.iter().filter(|one| name == ALL || one.figure == name).collect();
        let sure = of_name.iter().filter(|one| one.confidence >= SURE);
        let (sure, wrong) = sure.fold((0, 0), |(sure, wrong), one| (sure + 1, wrong + u64::from(!one.right)));
        Promise { figure: name.into(), sure, wrong, of: of_name.len() as u64 }
    };
    names(&judged).into_iter().map(one).collect()
}
