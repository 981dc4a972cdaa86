//! Learns what evidence is worth: the table of [`crate::metrics::confidence`], from calls whose truth is known.
//!
//! Of each figure, kind and reason the pairs of evidence and rightness are pooled until rightness rises with evidence
//! (pool adjacent violators; Ayer et al., 1955), in blocks that are no smaller than can be believed. A block's confidence
//! is its share of right figures after the rule of succession, (right + 1) / (n + 2).
//!
//! To reach the promise, the share of wrong ones has to be within it after one wrong and fifty right ones more are
//! added: fifty figures without an error, a hundred and fifty with one, two hundred and fifty with two. Learned on one
//! part of 624 composed calls and believed on another (even lines and odd ones, older sets and newer ones, each way round),
//! 0.7 % of the sure figures were wrong (0.0 to 1.1 %); with half a wrong one added it was 1.1 %, with none but the rule of
//! succession two in five fewer figures were sure and no fewer of them wrong.

use std::collections::BTreeMap;

use super::{calibration::MAX_WRONG, score::CallScore};
use crate::metrics::confidence::{ANY, EMPTY, SURE, Staircase, Table, UNSURE, VALUE};

/// Fewer figures make no block: their share could be anything.
const MIN_BLOCK: u64 = 30;

/// What is added to a block before it is held against the promise: so many wrong ...
const CREDIT_WRONG: f64 = 1.0;
/// ... among so many.
const CREDIT: f64 = 50.0;

/// The figures whose kind is their value.
const NAMED: [&str; 2] = ["outcome", "answered_by"];

/// A figure that was judged: how strong its signs are, and whether it is right.
type Sample = (f64, bool);

/// The table that `calls` teach.
pub fn learn(calls: &[CallScore]) -> Table {
    let mut samples: BTreeMap<(String, String, String), Vec<Sample>> = BTreeMap::new();
    for (verdict, sure) in calls.iter().flat_map(CallScore::sureness) {
        let named = NAMED.contains(&verdict.figure).then(|| verdict.heard.as_deref().unwrap_or_default());
        let kind = if sure.given { named.unwrap_or(VALUE) } else { EMPTY };
        for reason in [sure.reason_code.as_str(), ANY] {
            let key = (verdict.figure.to_owned(), kind.to_owned(), reason.to_owned());
            samples.entry(key).or_default().push((sure.evidence, verdict.right));
        }
    }
    let enough = |(_, samples): &(_, Vec<Sample>)| samples.len() as u64 >= MIN_BLOCK;
    let staircase = |((figure, kind, reason), samples): ((String, String, String), Vec<Sample>)| {
        let of = samples.len() as u64;
        let mut steps = stairs(samples);
        if reason == ANY {
            // what only stands in for other reasons promises nothing
            steps.iter_mut().for_each(|step| step.1 = step.1.min(UNSURE));
            steps.dedup_by_key(|step| step.1);
        }
        Staircase { figure, kind, reason, of, steps }
    };
    Table { staircase: samples.into_iter().filter(enough).map(staircase).collect() }
}

/// Neighbouring samples, pooled.
#[derive(Clone, Copy)]
struct Block {
    from: f64,
    right: u64,
    of: u64,
}

impl Block {
    fn share(self) -> f64 {
        (self.right as f64 + 1.0) / (self.of as f64 + 2.0)
    }

    fn confidence(self) -> f32 {
        let thousandths = |share: f64| (share * 1000.0).floor() as f32 / 1000.0;
        let wrong = ((self.of - self.right) as f64 + CREDIT_WRONG) / (self.of as f64 + CREDIT);
        let promised = self.of >= MIN_BLOCK && wrong <= MAX_WRONG;
        if promised { thousandths(1.0 - wrong).max(SURE) } else { thousandths(self.share()).min(UNSURE) }
    }
}

fn stairs(mut samples: Vec<Sample>) -> Vec<(f32, f32)> {
    samples.sort_by(|a, b| a.0.total_cmp(&b.0));
    // what has the same evidence stands on the same step, in whatever order the calls come
    let mut alike: Vec<Block> = vec![];
    for (evidence, right) in samples {
        match alike.last_mut().filter(|last| last.from == evidence) {
            Some(last) => (last.right, last.of) = (last.right + u64::from(right), last.of + 1),
            None => alike.push(Block { from: evidence, right: u64::from(right), of: 1 }),
        }
    }
    let mut blocks: Vec<Block> = vec![];
    for block in alike {
        match blocks.last_mut().filter(|last| last.of < MIN_BLOCK) {
            Some(last) => (last.right, last.of) = (last.right + block.right, last.of + block.of),
            None => blocks.push(block),
        }
    }
    let mut pooled: Vec<Block> = vec![];
    for mut block in blocks {
        while let Some(last) =
            pooled.last().copied().filter(|last| last.share() >= block.share() || block.of < MIN_BLOCK)
        {
            block = Block { from: last.from, right: last.right + block.right, of: last.of + block.of };
            pooled.pop();
        }
        pooled.push(block);
    }
    let mut steps: Vec<(f32, f32)> = vec![];
    for block in pooled {
        let confidence = block.confidence().max(steps.last().map_or(0.0, |step| step.1));
        if steps.last().is_none_or(|step| step.1 < confidence) {
            steps.push(((block.from * 1000.0).round() as f32 / 1000.0, confidence));
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(parts: &[(f64, u64, u64)]) -> Vec<Sample> {
        parts.iter().flat_map(|&(evidence, right, of)| (0..of).map(move |i| (evidence, i < right))).collect()
    }

    #[test]
    fn the_promise_needs_many_calls_and_hardly_an_error() {
        let confidence = |right, of| stairs(samples(&[(0.97, right, of)]))[0].1;
        assert!(confidence(50, 50) >= SURE && confidence(49, 49) < SURE);
        assert!(confidence(149, 150) >= SURE && confidence(148, 149) < SURE);
        assert!(confidence(248, 250) >= SURE && confidence(247, 249) < SURE);
        assert_eq!(confidence(190, 200), UNSURE);
        assert!((confidence(50, 100) - 0.5).abs() < 0.01);
    }

    #[test]
    fn evidence_that_is_worth_less_than_weaker_evidence_is_pooled_with_it() {
        let steps = stairs(samples(&[(0.3, 10, 40), (0.6, 36, 40), (0.9, 30, 40)]));
        assert_eq!(steps.len(), 2);
        assert!(steps[0].0 == 0.3 && steps[1].0 == 0.6, "{steps:?}");
        assert!((steps[1].1 - 67.0 / 82.0).abs() < 0.01, "{steps:?}");
    }

    #[test]
    fn the_order_of_the_calls_does_not_matter() {
        let mut worst_first = samples(&[(0.4, 3, 5), (0.95, 285, 300)]);
        let best_first = stairs(worst_first.clone());
        worst_first.sort_by_key(|sample| sample.1);
        assert_eq!(stairs(worst_first), best_first);
        assert!(best_first.iter().all(|step| step.1 < SURE), "{best_first:?}");
    }

    #[test]
    fn a_handful_is_no_step_of_its_own() {
        assert_eq!(stairs(samples(&[(0.3, 10, 40), (0.99, 5, 5)])).len(), 1);
    }
}
