//! Confidence against rightness: a reliability diagram.

use super::{
    canvas::{Anchor, Canvas, Type, text_width},
    layout::{FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, STRONG, Sign, heading, legend},
    palette::{ACCENT, INK, PAPER, RULE},
};
use crate::report::words::{
    self, Language,
    accuracy::{AccuracyWord, accuracy_word},
};

/// The plot is a square, so that the diagonal is one.
const PLOT_PX: f64 = 760.0;
/// The room that the count beside a dot needs.
const COUNT_PX: (f64, f64) = (96.0, 38.0);

/// Figures of about the same confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reliability {
    /// The mean of their confidences, 0 to 1.
    pub confidence: f64,
    /// The share of them that is right, 0 to 1.
    pub right: f64,
    /// The 95 % interval of that share.
    pub interval: (f64, f64),
    /// How many they are.
    pub count: u64,
}

/// The picture of `groups`; `promise` is the sentence about sure figures.
pub fn calibration(groups: &[Reliability], promise: &str, language: Language) -> String {
    let say = |word| accuracy_word(language, word);
    let mut canvas = Canvas::new(PAGE_PX);
    let title = say(AccuracyWord::Calibration);
    if groups.is_empty() {
        let y = heading(&mut canvas, title, &[say(AccuracyWord::NoConfidence).to_owned()]);
        return canvas.into_svg(y + FOOT_PX);
    }
    let y = heading(&mut canvas, title, &[format!("{promise}."), say(AccuracyWord::CalibrationBelow).to_owned()]);
    canvas.text((MARGIN_PX, y + 30.0), say(AccuracyWord::RightAxis), SMALL, Anchor::Start);
    let top = y + 70.0;
    let left = (PAGE_PX - PLOT_PX) / 2.0;
    let bottom = top + PLOT_PX;
    let at = |confidence: f64, share: f64| (left + PLOT_PX * confidence, bottom - PLOT_PX * share);
    for fifth in 0..=5 {
        let share = f64::from(fifth) / 5.0;
        canvas.path(vec![at(0.0, share), at(1.0, share)], RULE, 1);
        canvas.path(vec![at(share, 0.0), at(share, 1.0)], RULE, 1);
        let (x, y) = at(0.0, share);
        canvas.text((x - 16.0, y), &words::percent(share), SMALL, Anchor::End);
        let (x, y) = at(share, 0.0);
        canvas.path(vec![(x, y), (x, y + 10.0)], INK, 2);
        canvas.text((x, y + 30.0), &words::decimal(language, share, 1), SMALL, Anchor::Middle);
    }
    canvas.path(vec![at(0.0, 1.0), at(0.0, 0.0), at(1.0, 0.0)], INK, 2);
    canvas.dashed(at(0.0, 0.0), at(1.0, 1.0), INK, 2);
    for group in groups {
        let (low, high) = group.interval;
        canvas.path(vec![at(group.confidence, low), at(group.confidence, high)], ACCENT, 5);
        for end in [low, high] {
            let (x, y) = at(group.confidence, end);
            canvas.path(vec![(x - 11.0, y), (x + 11.0, y)], ACCENT, 3);
        }
        canvas.disc(at(group.confidence, group.right), 11.0, ACCENT);
    }
    let mut placed: Vec<(f64, f64)> = vec![];
    for group in groups.iter().rev() {
        // the counts stand right of the dots; where dots crowd, one below the other
        let (x, mut y) = at(group.confidence, group.right);
        while let Some(taken) = placed.iter().find(|p| (p.0 - x).abs() < COUNT_PX.0 && (p.1 - y).abs() < COUNT_PX.1) {
            y = taken.1 + COUNT_PX.1;
        }
        placed.push((x, y));
        count(&mut canvas, (x + 24.0, y), &group.count.to_string());
    }
    canvas.text((left + PLOT_PX, bottom + 66.0), say(AccuracyWord::ConfidenceAxis), SMALL, Anchor::End);
    let signs: [Sign; 2] =
        [(dot_sign, say(AccuracyWord::Dots).into()), (diagonal_sign, say(AccuracyWord::Diagonal).into())];
    let y = legend(&mut canvas, bottom + 96.0, &Default::default(), &signs, language, |_| None);
    canvas.into_svg(y + FOOT_PX)
}

/// How many figures a dot stands for, on paper of its own.
fn count(canvas: &mut Canvas, (x, y): (f64, f64), text: &str) {
    let face: Type = STRONG;
    canvas.rect((x - 4.0, y - 17.0), (x + text_width(text, face) + 4.0, y + 17.0), PAPER);
    canvas.text((x, y), text, face, Anchor::Start);
}

fn dot_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.path(vec![(x, y - 17.0), (x, y + 17.0)], ACCENT, 5);
    canvas.disc((x, y), 11.0, ACCENT);
}

fn diagonal_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.dashed((x - 29.0, y), (x + 29.0, y), INK, 2);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_lies_where_its_confidence_and_share_are() {
        let group = Reliability { confidence: 0.5, right: 1.0, interval: (0.8, 1.0), count: 17 };
        let svg = calibration(&[group], "promise", Language::En);
        assert!(svg.contains(">\n17\n<") || svg.contains(">17<"), "{svg}");
        assert!(svg.contains(&format!("cx=\"{}\"", PAGE_PX / 2.0)), "in the middle of the plot");
    }

    #[test]
    fn without_figures_it_says_so() {
        assert!(calibration(&[], "", Language::Nl).contains("geen enkel getoetst cijfer"));
    }
}
