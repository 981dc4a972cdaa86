//! The points of the critique as cards.

use std::cell::RefCell;

use super::{
    Listen, MOST_LINES,
    number::{Bases, Number, Place},
    unbroken,
    verdict::Sign,
};
use crate::{
    interval::Interval,
    norms::{Ruling, Verdict},
    report::words::{self, Language, page as page_words, scorecard::Counted},
    scorecard::{Point, Score, Told},
};

/// More norms about one point than this are counted, not named.
const MOST_NORMS: usize = 3;

/// A point of the critique.
pub(super) struct Card {
    pub title: &'static str,
    pub value: Number,
    pub value_is: Vec<Number>,
    pub sentence: Vec<Number>,
    pub rulings: Vec<(Sign, String)>,
    /// In the place of the rulings, where there are many.
    pub rulings_in_short: String,
    pub wide: bool,
    pub lines: Vec<(String, Number)>,
    pub worst_is: &'static str,
    pub listen: Option<Listen>,
}

impl Card {
    /// Whether no call told anything.
    pub fn lacks_value(&self) -> bool {
        self.value.href.is_empty()
    }
}

/// The points of the critique: over all lines, with each line's below.
pub(super) fn cards(scores: &[Score<'_>], bases: &Bases<'_>, language: Language) -> Vec<Card> {
    let card = |point: Point| {
        let whole = scores.iter().find(|s| s.point == point && s.line.is_none())?;
        let lines: Vec<(String, Number)> = scores
            .iter()
            .filter(|s| s.point == point)
            .filter_map(|s| Some((s.line?.to_owned(), headline(s, bases, language))))
            .collect();
        let ruling = |v: &Verdict| (Sign::of(v.ruling, language), unbroken(v.norm.title.of(language)));
        let listen = whole.worst.as_ref().filter(|worst| worst.value > 0.0 || point.low_is_worse());
        let (met, of) = (whole.verdicts.iter().filter(|v| v.ruling == Ruling::Met).count(), whole.verdicts.len());
        let many = of > MOST_NORMS;
        Some(Card {
            wide: point == Point::Person,
            rulings_in_short: if many { page_words::norms_of_point(language, met, of) } else { String::new() },
            title: words::scorecard::title(language, point),
            value: headline(whole, bases, language),
            value_is: linked(whole, bases, language, |mark| words::scorecard::headline_is(language, whole, mark)),
            sentence: linked(whole, bases, language, |mark| words::scorecard::sentence_with(language, whole, mark)),
            rulings: if many { vec![] } else { whole.verdicts.iter().map(ruling).collect() },
            lines: if lines.len() <= MOST_LINES && whole.n > 0 { lines } else { vec![] },
            worst_is: words::scorecard::worst_is(language, point),
            listen: listen.map(|w| Listen::new(w.index, &w.call.file, w.from.map_or(0.0, Interval::start))),
        })
    };
    Point::ALL.into_iter().filter_map(card).collect()
}

/// A point's value, with the calls that it was read off: the middle one, or all that were counted.
fn headline(score: &Score<'_>, bases: &Bases<'_>, language: Language) -> Number {
    let text = unbroken(&words::scorecard::headline(language, score));
    let counted = if score.median.is_some() { Counted::Median } else { Counted::Told };
    match text.as_str() {
        "" => Number::plain("–"),
        _ => bases.number(text, point_places(score, counted, language)),
    }
}

/// A text about a point, each of whose numbers leads to its calls. `say` writes the text, with numbers as it is told to.
fn linked(
    score: &Score<'_>,
    bases: &Bases<'_>,
    language: Language,
    say: impl Fn(&dyn Fn(Counted, String) -> String) -> String,
) -> Vec<Number> {
    // numbers are noted apart while the text is made, and a sign that no text has keeps their places
    const PLACE: char = '\u{fffc}';
    let noted = RefCell::new(vec![]);
    let said = say(&|counted, text| {
        noted.borrow_mut().push((counted, text));
        format!("{PLACE}{}{PLACE}", noted.borrow().len() - 1)
    });
    let noted = noted.into_inner();
    let piece = |(i, piece): (usize, &str)| match piece.parse::<usize>().ok().and_then(|place| noted.get(place)) {
        Some((counted, text)) if i % 2 == 1 => bases.number(unbroken(text), point_places(score, *counted, language)),
        _ => Number::plain(unbroken(piece)),
    };
    said.split(PLACE).enumerate().map(piece).collect()
}

/// The calls behind a number of a point.
fn point_places(score: &Score<'_>, counted: Counted, language: Language) -> Vec<Place> {
    let place = |told: &Told<'_>| {
        let mut said = words::scorecard::value(language, score.point, told.value);
        if score.point == Point::Person && !told.happened {
            said = said + ", " + page_words::without_person(language);
        }
        Place::new(told.index, told.from, said)
    };
    match counted {
        Counted::Told => score.told.iter().map(place).collect(),
        Counted::Happened => score.told.iter().filter(|told| told.happened).map(place).collect(),
        Counted::Median => score.median_calls().into_iter().map(place).collect(),
        Counted::Worst => score.worst.iter().map(place).collect(),
        Counted::Unknown => score.unknown.iter().map(|index| Place::new(*index, None, "")).collect(),
    }
}
