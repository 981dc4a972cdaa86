//! All calls together, and group by group: the measures that are reported and held to floors.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    figures,
    matching::Collar,
    score::{CallScore, Count, Own, Sums, ratio},
    sound::Class,
};
use crate::statistics::share::Share;

/// A measure of a group of calls.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// Its name, as `score` tools and floors use it: `rings.exact`, `music.onset_offset_0.5s.f1`.
    pub name: String,
    /// 0 to 1; seconds where the name ends in `_s`.
    pub value: f64,
    /// Of how many calls it holds, and of how many it could; only of shares of calls.
    pub count: Option<(u64, u64)>,
}

/// A group of calls: all of them, or those that share a value in a column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// The column; empty for all calls.
    pub by: String,
    /// The value that they share.
    pub value: String,
    /// How many calls.
    pub calls: usize,
    /// How many of them the audit has.
    pub audited: usize,
    /// What was measured of them; a measure that their truth does not tell is left out.
    pub measures: Vec<Measure>,
    /// Label by label.
    pub labels: Vec<LabelRow>,
}

/// A label in a group of calls.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelRow {
    /// Class or label.
    pub name: String,
    /// Seconds of it in the truth.
    pub truth_s: f64,
    /// Seconds of it in the estimate.
    pub heard_s: f64,
    /// Share of what is heard that is true, over frames of 10 ms.
    pub frame_precision: Option<f64>,
    /// Share of what is true that is heard.
    pub frame_recall: Option<f64>,
    /// The harmonic mean of both.
    pub frame_f1: Option<f64>,
    /// Events in the truth; only of classes.
    pub events_truth: Option<u64>,
    /// Events in the estimate.
    pub events_heard: Option<u64>,
    /// F1 over events, a collar each, in the order of [`Collar::ALL`].
    pub event_f1: Vec<Option<f64>>,
}

impl Group {
    /// The group of `calls`.
    pub fn of(by: &str, value: &str, calls: &[&CallScore]) -> Self {
        let mut sums = Sums::default();
        calls.iter().filter_map(|call| call.sums.as_ref()).for_each(|one| sums.add(one));
        let audited = calls.iter().filter(|call| call.audited).count();
        let mut measures = frames(&sums);
        measures.extend(events(&sums));
        measures.extend(of_figures(calls));
        Self { by: by.into(), value: value.into(), calls: calls.len(), audited, measures, labels: labels(&sums) }
    }

    /// The measure of that name.
    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.name == name)
    }
}

/// All calls, then the groups by each of `columns` of which more than one value occurs.
pub fn groups(calls: &[CallScore], columns: &[String]) -> Vec<Group> {
    let mut groups = vec![Group::of("", "", &calls.iter().collect::<Vec<_>>())];
    for column in columns {
        let mut by_value: BTreeMap<&str, Vec<&CallScore>> = BTreeMap::new();
        for call in calls {
            by_value.entry(call.column(column)).or_default().push(call);
        }
        if by_value.len() > 1 || by_value.keys().any(|value| !value.is_empty()) {
            groups.extend(by_value.into_iter().map(|(value, calls)| Group::of(column, value, &calls)));
        }
    }
    groups
}

fn value(name: impl Into<String>, value: Option<f64>) -> Option<Measure> {
    Some(Measure { name: name.into(), value: value?, count: None })
}

fn frames(sums: &Sums) -> Vec<Measure> {
    let mut measures = vec![];
    for class in Class::ALL {
        let (count, name) = (sums.class(class), class.name());
        // a class that never occurs has no accuracy; what is taken for it wrongly costs the others
        if count.truth > 0 {
            measures.extend(value(format!("frame.{name}.f1"), count.f1()));
            measures.extend(value(format!("frame.{name}.precision"), count.precision()));
            measures.extend(value(format!("frame.{name}.recall"), count.recall()));
        }
    }
    let (right, all) = sums.frames();
    measures.extend(value("frame.accuracy", ratio(right, all)));
    measures.extend(value("frame.error_rate", error_rate(sums)));
    measures
}

/// sed_eval's segment-based error rate, silence being no event: substitutions, deletions and insertions a frame in which
/// there is something to hear.
fn error_rate(sums: &Sums) -> Option<f64> {
    let silence = Class::Silence as usize;
    let (mut wrong, mut sounding) = (0, 0);
    for (truth, row) in sums.confusion.iter().enumerate() {
        for (heard, count) in row.iter().enumerate() {
            wrong += if truth == heard { 0 } else { *count };
            sounding += if truth == silence { 0 } else { *count };
        }
    }
    ratio(wrong, sounding)
}

fn events(sums: &Sums) -> Vec<Measure> {
    let mut measures = vec![];
    for class in Class::ALL {
        for (count, collar) in sums.events[class as usize].iter().zip(Collar::ALL) {
            if count.truth == 0 && count.heard == 0 {
                continue;
            }
            let name = |what: &str| format!("{}.{}.{what}", class.name(), collar.name());
            measures.extend(value(name("f1"), count.f1()));
            measures.extend(value(name("precision"), count.precision()));
            measures.extend(value(name("recall"), count.recall()));
        }
    }
    let music = sums.events[Class::Music as usize][Collar::ALL.len() - 1];
    if music.truth > 0 {
        measures.extend(value("music.event_f1", music.f1()));
    }
    measures
}

fn of_figures(calls: &[&CallScore]) -> Vec<Measure> {
    let mut measures: Vec<Measure> = vec![];
    for name in figures::measures() {
        let counted = calls.iter().flat_map(|call| &call.verdicts).filter(|v| v.measures.contains(&name));
        let (right, of) = counted.fold((0, 0), |(right, of), v| (right + u64::from(v.right), of + 1));
        let share = ratio(right, of);
        measures.extend(share.map(|value| Measure { name: name.into(), value, count: Some((right, of)) }));
    }
    let mut errors: Vec<f64> = calls.iter().filter_map(|call| call.human_error_s).collect();
    errors.sort_by(f64::total_cmp);
    measures.extend(value(figures::MEDIAN_ERROR, median(&errors)));
    measures
}

/// The median of sorted values; of an even number, the mean of the two in the middle.
fn median(sorted: &[f64]) -> Option<f64> {
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = if sorted.len().is_multiple_of(2) { sorted[sorted.len() / 2 - 1] } else { *upper };
    Some((lower + upper) / 2.0)
}

fn labels(sums: &Sums) -> Vec<LabelRow> {
    let row = |name: &str, count: Count, events: Option<&[Count; Collar::ALL.len()]>| LabelRow {
        name: name.into(),
        truth_s: count.truth as f64 / super::sound::FRAMES_PER_S,
        heard_s: count.heard as f64 / super::sound::FRAMES_PER_S,
        frame_precision: count.precision(),
        frame_recall: count.recall(),
        frame_f1: count.f1(),
        events_truth: events.map(|e| e[0].truth),
        events_heard: events.map(|e| e[0].heard),
        event_f1: Collar::ALL.iter().enumerate().map(|(i, _)| events.and_then(|e| e[i].f1())).collect(),
    };
    let classes = Class::ALL.into_iter().map(|class| {
        let events = (class != Class::Silence).then_some(&sums.events[class as usize]);
        row(&format!("class:{}", class.name()), sums.class(class), events)
    });
    let own = Own::ALL.into_iter().zip(sums.own).map(|(own, count)| row(own.name(), count, None));
    classes.chain(own).filter(|row| row.truth_s > 0.0 || row.heard_s > 0.0).collect()
}

/// Every name that a measure can have.
pub fn known_measures() -> Vec<String> {
    let mut names: Vec<String> = vec!["frame.accuracy".into(), "frame.error_rate".into(), "music.event_f1".into()];
    for class in Class::ALL {
        for kind in ["f1", "precision", "recall"] {
            names.push(format!("frame.{}.{kind}", class.name()));
            if class != Class::Silence {
                names.extend(Collar::ALL.map(|collar| format!("{}.{}.{kind}", class.name(), collar.name())));
            }
        }
    }
    names.extend(figures::measures().into_iter().map(str::to_owned));
    names.push(figures::MEDIAN_ERROR.into());
    names
}

/// Whether less of the measure is better.
pub fn is_error(name: &str) -> bool {
    name == "frame.error_rate" || name.ends_with("_error_s")
}

/// The 95 % interval of a share, `right` of `of`, which is not 0.
pub fn wilson(right: u64, of: u64) -> (f64, f64) {
    let estimate = Share { hits: right as usize, n: of as usize }.estimate();
    // at the ends only rounding errors would differ from the limits
    let low = estimate.filter(|_| right > 0).map_or(0.0, |e| e.low);
    let high = estimate.filter(|_| right < of).map_or(1.0, |e| e.high);
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_in_the_middle() {
        assert_eq!((median(&[]), median(&[3.0]), median(&[1.0, 2.0])), (None, Some(3.0), Some(1.5)));
    }

    #[test]
    fn all_of_all_reaches_up_to_one_and_none_down_to_zero() {
        for of in 1..300 {
            assert_eq!((wilson(0, of).0, wilson(of, of).1), (0.0, 1.0));
        }
        assert!((wilson(81, 263).0 - 0.2553).abs() < 6e-5);
    }

    #[test]
    fn the_error_rate_counts_silence_as_nothing_to_hear() {
        let mut sums = Sums::default();
        let (silence, speech, music) = (Class::Silence as usize, Class::Speech as usize, Class::Music as usize);
        sums.confusion[speech][speech] = 60;
        sums.confusion[speech][music] = 20;
        sums.confusion[speech][silence] = 20;
        sums.confusion[silence][music] = 10;
        sums.confusion[silence][silence] = 90;
        assert_eq!(error_rate(&sums), Some(0.5));
    }
}
