//! Events of the truth against events of the estimate, one to one.
//!
//! Two events may belong together if their onsets lie within a collar, and their offsets too where that is asked for. As
//! many pairs are made as can be made (maximum bipartite matching, as `mir_eval.util.match_events` does), so neither the
//! order of the events nor an unlucky first choice costs a pair.

use std::collections::VecDeque;

use crate::{interval::Interval, units::Seconds};

/// How near two events have to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Collar {
    /// The most seconds between onsets, and offsets.
    pub seconds: Seconds,
    /// Whether offsets count as well.
    pub offset: bool,
}

impl Collar {
    /// The collars that every table has.
    pub const ALL: [Self; 4] = [
        Self { seconds: 0.1, offset: false },
        Self { seconds: 0.5, offset: false },
        Self { seconds: 0.1, offset: true },
        Self { seconds: 0.5, offset: true },
    ];

    /// Its name in columns and measures: `onset_0.1s`, `onset_offset_0.5s`.
    pub fn name(self) -> String {
        let what = if self.offset { "onset_offset" } else { "onset" };
        format!("{what}_{}s", self.seconds)
    }

    fn holds(self, truth: Interval, estimate: Interval) -> bool {
        // a thousandth is what the tables are written to
        const ROUNDING_S: Seconds = 1e-9;
        let near = |a: Seconds, b: Seconds| (a - b).abs() <= self.seconds + ROUNDING_S;
        near(truth.start(), estimate.start()) && (!self.offset || near(truth.end(), estimate.end()))
    }
}

/// Which estimate belongs to each event of the truth. Both lists are in the order of their onsets; `alike` tells whether
/// two events may belong together whatever their times.
pub fn matched(
    truth: &[Interval],
    estimate: &[Interval],
    collar: Collar,
    alike: impl Fn(usize, usize) -> bool,
) -> Vec<Option<usize>> {
    let near: Vec<Vec<usize>> = truth
        .iter()
        .enumerate()
        .map(|(t, event)| {
            let first = estimate.partition_point(|e| e.start() < event.start() - 2.0 * collar.seconds);
            let reach = event.start() + 2.0 * collar.seconds;
            let within = (first..estimate.len()).take_while(|&e| estimate[e].start() <= reach);
            within.filter(|&e| collar.holds(*event, estimate[e]) && alike(t, e)).collect()
        })
        .collect();
    let mut of_truth = vec![None; truth.len()];
    let mut of_estimate: Vec<Option<usize>> = vec![None; estimate.len()];
    for start in 0..truth.len() {
        augment(start, &near, &mut of_truth, &mut of_estimate);
    }
    of_truth
}

/// Looks breadth first for a way to give the event `start` a partner, moving partners of others where that helps.
fn augment(start: usize, near: &[Vec<usize>], of_truth: &mut [Option<usize>], of_estimate: &mut [Option<usize>]) {
    let mut reached_from: Vec<Option<usize>> = vec![None; of_estimate.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(truth) = queue.pop_front() {
        for &estimate in &near[truth] {
            if reached_from[estimate].is_some() {
                continue;
            }
            reached_from[estimate] = Some(truth);
            if let Some(taken_by) = of_estimate[estimate] {
                queue.push_back(taken_by);
                continue;
            }
            let mut free = estimate;
            while let Some(truth) = reached_from[free] {
                let given_up = of_truth[truth].replace(free);
                of_estimate[free] = Some(truth);
                match given_up {
                    Some(before) => free = before,
                    None => return,
                }
            }
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn events(onsets: &[f64]) -> Vec<Interval> {
        onsets.iter().map(|&at| Interval::new(at, at + 1.0)).collect()
    }

    fn pairs(truth: &[Interval], estimate: &[Interval], collar: Collar) -> usize {
        matched(truth, estimate, collar, |_, _| true).iter().flatten().count()
    }

    const HALF: Collar = Collar { seconds: 0.5, offset: true };

    #[test]
    fn collars_are_in_the_names() {
        let names: Vec<String> = Collar::ALL.into_iter().map(Collar::name).collect();
        assert_eq!(names, ["onset_0.1s", "onset_0.5s", "onset_offset_0.1s", "onset_offset_0.5s"]);
    }

    #[test]
    fn an_event_is_matched_once() {
        assert_eq!(pairs(&events(&[1.0]), &events(&[0.9, 1.1]), HALF), 1);
        assert_eq!(pairs(&events(&[0.9, 1.1]), &events(&[1.0]), HALF), 1);
    }

    #[test]
    fn a_first_choice_that_blocks_another_is_given_up() {
        // 1.0 could take either; 0.6 only the first
        assert_eq!(pairs(&events(&[1.0, 1.05]), &events(&[0.6, 1.4]), HALF), 2);
        let (truth, estimate) = (events(&[0.0, 0.4]), events(&[0.45, 0.8]));
        assert_eq!(matched(&truth, &estimate, HALF, |_, _| true), [Some(0), Some(1)]);
    }

    #[test]
    fn the_offset_counts_where_it_is_asked_for() {
        let (truth, estimate) = ([Interval::new(1.0, 2.0)], [Interval::new(1.0, 9.0)]);
        assert_eq!(pairs(&truth, &estimate, HALF), 0);
        assert_eq!(pairs(&truth, &estimate, Collar { seconds: 0.5, offset: false }), 1);
    }

    #[test]
    fn exactly_the_collar_is_near_enough() {
        assert_eq!(pairs(&events(&[1.0]), &events(&[1.1]), Collar { seconds: 0.1, offset: true }), 1);
        assert_eq!(pairs(&events(&[1.0]), &events(&[1.102]), Collar { seconds: 0.1, offset: true }), 0);
    }

    proptest! {
        /// Against all assignments, tried one by one.
        #[test]
        fn no_assignment_makes_more_pairs(
            mut truth in prop::collection::vec(0.0..4.0f64, 0..6), mut estimate in prop::collection::vec(0.0..4.0f64, 0..6)
        ) {
            fn best(truth: &[Interval], estimate: &[Interval], used: u32) -> usize {
                let Some((first, rest)) = truth.split_first() else { return 0 };
                let with = |e: usize| used & (1 << e) == 0 && HALF.holds(*first, estimate[e]);
                let taken = (0..estimate.len()).filter(|&e| with(e)).map(|e| 1 + best(rest, estimate, used | 1 << e));
                taken.max().unwrap_or(0).max(best(rest, estimate, used))
            }
            truth.sort_by(f64::total_cmp);
            estimate.sort_by(f64::total_cmp);
            let (truth, estimate) = (events(&truth), events(&estimate));
            let found = matched(&truth, &estimate, HALF, |_, _| true);
            let mut partners: Vec<usize> = found.iter().flatten().copied().collect();
            prop_assert_eq!(partners.len(), best(&truth, &estimate, 0));
            for (t, e) in found.iter().enumerate().filter_map(|(t, e)| Some((t, (*e)?))) {
                prop_assert!(HALF.holds(truth[t], estimate[e]));
            }
            partners.sort_unstable();
            partners.dedup();
            prop_assert_eq!(partners.len(), found.iter().flatten().count());
        }
    }
}
