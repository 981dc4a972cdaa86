//! Each figure of a call against the truth: right, wrong, or not known.

use super::{
    estimate::{Estimate, EstimateCall, Sureness},
    sheet::number,
    truth::{Expected, MAX_CALL_S, TruthCall},
};
use crate::{
    metrics::{AnsweredBy, Outcome},
    units::Seconds,
};

/// Totals may be off by this share of them ...
const TOTAL_SHARE: f64 = 0.05;
/// ... or by this much.
const TOTAL_S: Seconds = 2.0;
/// A moment of pick-up may lie this far outside what can be heard of it.
const PICK_UP_S: Seconds = 0.3;
/// The first word of a person may be off by this much.
const WORD_S: Seconds = 1.0;

/// How a figure's rightness is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// The same number, or the same text.
    Exact,
    /// The same text, also where it looks like a number.
    ExactText,
    /// As [`Rule::Exact`], where the audit has that column at all.
    ExactIfThere,
    /// Within 5 % or 2 s.
    Total,
    /// Between the pick-up and its first sound, 0.3 s to spare.
    PickUp,
    /// Within 1 s.
    Word,
    /// From the first ring to a moment of pick-up that [`Rule::PickUp`] would call right.
    RingTime,
    /// From such a moment to a first word that [`Rule::Word`] would call right.
    WaitAfterAnswer,
}

/// Every figure that can be scored: its column, its rule, and the measures that it counts in: those of calls for which
/// the truth has a value, and those for which the cell has to be empty.
const FIGURES: [(&str, Rule, &[&str], &[&str]); 16] = [
    ("rings", Rule::Exact, &["rings.exact"], &["rings.exact"]),
    ("outcome", Rule::Exact, &["outcome.exact"], &["outcome.exact"]),
    ("answered_by", Rule::Exact, &["answered_by.exact"], &["answered_by.exact"]),
    ("keys", Rule::ExactText, &["keys.exact"], &["keys.exact"]),
    ("announcements", Rule::Exact, &["announcements.exact"], &["announcements.exact"]),
    ("busy_announcements", Rule::ExactIfThere, &["busy_announcements.exact"], &["busy_announcements.exact"]),
    ("path", Rule::ExactIfThere, &["path.exact"], &["path.exact"]),
    ("hold_music_s", Rule::Total, &["hold_music.within"], &[]),
    ("queue_s", Rule::Total, &["queue.within"], &[]),
    ("answered_s", Rule::PickUp, &["answered.right"], &["answered.none"]),
    ("time_to_human_s", Rule::Word, &["human.within_1s", "human.found"], &["human.within_1s", "human.none"]),
    ("ring_s", Rule::RingTime, &["ring.within"], &[]),
    ("wait_after_answer_s", Rule::WaitAfterAnswer, &["wait_after_answer.within"], &[]),
    ("total_wait_s", Rule::Word, &["total_wait.within_1s"], &[]),
    ("hold_segments", Rule::Exact, &["hold_segments.exact"], &[]),
    ("dead_air_s", Rule::Total, &["dead_air.within"], &[]),
];

/// The names of all measures of figures, in the order of the tables; each is a share of calls.
pub fn measures() -> Vec<&'static str> {
    let mut names: Vec<&str> = vec![];
    for name in FIGURES.iter().flat_map(|(_, _, there, absent)| there.iter().chain(*absent)) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    names
}

/// The figures of which an empty cell says something: that there was no key, no pick-up, no person, no ringing to count. An
/// empty cell of any other was not measured, and is neither sure nor unsure.
const EMPTY_SAYS_SOMETHING: [&str; 6] = ["rings", "outcome", "answered_by", "answered_s", "keys", "time_to_human_s"];

/// Whether the figure `name`, given or left empty, claims anything that confidence could be about.
pub fn is_claim(name: &str, given: bool) -> bool {
    given || EMPTY_SAYS_SOMETHING.contains(&name)
}

/// Whether `value` may stand in the column `name`: in those of figures, a number that can be or one of the figure's words.
pub fn can_be(name: &str, value: &str) -> bool {
    /// A call has no more of anything that is counted.
    const MOST: f64 = 10_000.0;
    let within = |most: f64| number(value).is_some_and(|x| (0.0..=most).contains(&x));
    match name {
        "outcome" => Outcome::ALL.iter().any(|outcome| outcome.name() == value),
        "answered_by" => [AnsweredBy::Human, AnsweredBy::Machine].iter().any(|by| by.name() == value),
        "keys" | "path" => true,
        "rings" | "announcements" | "busy_announcements" | "hold_segments" => {
            within(MOST) && number(value).is_some_and(|count| count.fract() == 0.0)
        }
        "duration_s" | "first_ring_s" | "first_sound_s" => within(MAX_CALL_S),
        _ => !is_scored(name) || within(MAX_CALL_S),
    }
}

/// Whether the column `name` holds a figure that can be scored.
pub fn is_scored(name: &str) -> bool {
    FIGURES.iter().any(|(figure, ..)| *figure == name)
}

/// The median error of `time_to_human_s`, in seconds, where truth and estimate both have one.
pub const MEDIAN_ERROR: &str = "human.median_error_s";

/// One figure of one call, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The figure's column.
    pub figure: &'static str,
    /// The measures that it counts in.
    pub measures: &'static [&'static str],
    /// Whether it is right.
    pub right: bool,
    /// What is true; empty: the cell has to be empty.
    pub truth: String,
    /// What the audit says; `None` where it lacks the call.
    pub heard: Option<String>,
    /// How sure the audit was, where it says so.
    pub sureness: Option<Sureness>,
}

/// All figures of a call of which the truth is known; `heard` is `None` where the audit lacks it.
pub fn judge(truth: &TruthCall, heard: Option<&EstimateCall>, estimate: &Estimate) -> Vec<Verdict> {
    let one = |&(figure, rule, there, absent): &(&'static str, Rule, &'static [&str], &'static [&str])| {
        if rule == Rule::ExactIfThere && (heard.is_none() || !estimate.has(figure)) {
            return None;
        }
        let (expected, right) = verdict(rule, figure, truth, heard)?;
        let measures = if expected.is_empty() { absent } else { there };
        if measures.is_empty() {
            return None;
        }
        let cell = heard.map(|call| call.cell(figure).to_owned());
        let sureness = heard.and_then(|call| call.figures.get(figure)).cloned();
        Some(Verdict { figure, measures, right, truth: expected, heard: cell, sureness })
    };
    FIGURES.iter().filter_map(one).collect()
}

/// The error of `time_to_human_s`, where both have one.
pub fn human_error_s(truth: &TruthCall, heard: Option<&EstimateCall>) -> Option<Seconds> {
    Some((heard?.number("time_to_human_s")? - truth.number("time_to_human_s")?).abs())
}

/// What is true, as text, and whether the audit says so; `None` where the truth is not known.
fn verdict(rule: Rule, figure: &str, truth: &TruthCall, heard: Option<&EstimateCall>) -> Option<(String, bool)> {
    let cell = heard.map(|call| call.cell(figure));
    let have = cell.and_then(number);
    let between = |low: f64, high: f64| have.is_some_and(|have| low <= have && have <= high);
    let shown = |low: f64, high: f64| {
        if high - low < 1e-9 { seconds(low) } else { format!("{}..{}", seconds(low), seconds(high)) }
    };
    match rule {
        Rule::RingTime => {
            let (low, high) = pick_up(truth)?;
            let first = truth.number("first_ring_s")?;
            Some((shown(low - first, high - first), between(low - first - PICK_UP_S, high - first + PICK_UP_S)))
        }
        Rule::WaitAfterAnswer => {
            let ((low, high), word) = (pick_up(truth)?, truth.number("time_to_human_s")?);
            let (low, high) = ((word - high).max(0.0), (word - low).max(0.0));
            Some((shown(low, high), between(low - WORD_S, high + WORD_S)))
        }
        _ => {
            let want = match truth.expected(figure) {
                Expected::Unknown => return None,
                Expected::Absent => return Some((String::new(), cell == Some(""))),
                Expected::Value(want) => want,
            };
            let right = match rule {
                Rule::ExactText => cell == Some(want),
                Rule::Exact | Rule::ExactIfThere => {
                    cell == Some(want) || number(want).is_some() && number(want) == have
                }
                Rule::Total => {
                    let want = number(want)?;
                    have.is_some_and(|have| (have - want).abs() <= TOTAL_S.max(TOTAL_SHARE * want))
                }
                Rule::Word => {
                    let want = number(want)?;
                    have.is_some_and(|have| (have - want).abs() <= WORD_S)
                }
                Rule::PickUp => {
                    let (low, high) = pick_up(truth)?;
                    return Some((shown(low, high), between(low - PICK_UP_S, high + PICK_UP_S)));
                }
                Rule::RingTime | Rule::WaitAfterAnswer => return None,
            };
            Some((want.to_owned(), right))
        }
    }
}

/// From the pick-up to its first sound: what can be heard of it lies in between.
fn pick_up(truth: &TruthCall) -> Option<(Seconds, Seconds)> {
    let at = truth.number("answered_s")?;
    Some((at, truth.number("first_sound_s").unwrap_or(at).max(at)))
}

fn seconds(value: Seconds) -> String {
    format!("{value:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(truth: &[(&str, &str)], heard: &[(&str, &str)]) -> Vec<Verdict> {
        let cells = |pairs: &[(&str, &str)]| pairs.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        let truth = TruthCall { cells: cells(truth), ..TruthCall::default() };
        let heard = EstimateCall { cells: cells(heard), ..EstimateCall::default() };
        judge(&truth, Some(&heard), &Estimate::default())
    }

    fn right(truth: &[(&str, &str)], heard: &[(&str, &str)]) -> bool {
        let [one] = &verdicts(truth, heard)[..] else { panic!("not one figure") };
        one.right
    }

    #[test]
    fn a_count_is_a_number_and_keys_are_a_text() {
        assert!(right(&[("rings", "3")], &[("rings", "3.0")]));
        assert!(!right(&[("rings", "3")], &[("rings", "")]));
        assert!(!right(&[("keys", "07")], &[("keys", "7")]));
        assert!(right(&[("keys", "-")], &[("keys", "")]) && !right(&[("keys", "-")], &[("keys", "1")]));
    }

    #[test]
    fn totals_may_be_off_by_two_seconds_or_a_twentieth() {
        for (heard, is_right) in [("12.0", true), ("12.1", false), ("8.0", true), ("", false)] {
            assert_eq!(right(&[("hold_music_s", "10")], &[("hold_music_s", heard)]), is_right, "{heard}");
        }
        assert!(right(&[("queue_s", "100")], &[("queue_s", "104.9")]));
    }

    #[test]
    fn a_pick_up_is_right_between_the_step_and_the_first_sound() {
        let truth = [("answered_s", "10"), ("first_sound_s", "11")];
        for (heard, is_right) in [("9.7", true), ("11.3", true), ("9.6", false), ("11.4", false), ("", false)] {
            assert_eq!(right(&truth, &[("answered_s", heard)]), is_right, "{heard}");
        }
        let [one] = &verdicts(&[("answered_s", "-")], &[("answered_s", "4")])[..] else { panic!() };
        assert!(!one.right && one.measures == ["answered.none"]);
    }

    #[test]
    fn an_unknown_cell_is_not_scored_and_a_missing_call_is_wrong() {
        assert!(verdicts(&[("codec", "gsm")], &[("rings", "3")]).is_empty());
        let truth = TruthCall { cells: [("rings".into(), "-".into())].into(), ..TruthCall::default() };
        assert!(!judge(&truth, None, &Estimate::default())[0].right);
    }

    #[test]
    fn spans_of_time_follow_the_moments_that_they_lie_between() {
        let truth = [("answered_s", "10"), ("first_sound_s", "11"), ("first_ring_s", "2"), ("time_to_human_s", "30")];
        let heard =
            [("answered_s", "10"), ("time_to_human_s", "30"), ("ring_s", "9.2"), ("wait_after_answer_s", "20.9")];
        assert!(verdicts(&truth, &heard).iter().all(|v| v.right));
        let late =
            [("answered_s", "10"), ("time_to_human_s", "30"), ("ring_s", "9.4"), ("wait_after_answer_s", "21.1")];
        let wrong: Vec<&str> = verdicts(&truth, &late).iter().filter(|v| !v.right).map(|v| v.figure).collect();
        assert_eq!(wrong, ["ring_s", "wait_after_answer_s"]);
    }
}
