//! The share of callers who have spoken to a person, as a curve over the time that they waited.

use super::{
    axis::TimeAxis,
    canvas::{Anchor, Canvas, Type, text_width},
    layout::{FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, STRONG, Sign, heading},
    palette::{ACCENT, INK, PAPER, RULE, Rgb},
    wait::Wait,
};
use crate::{
    audit::Audit,
    report::words::{
        self, Language, Word,
        chart::{curve_below, curve_title, median_label, ninetieth_label},
        word,
    },
    statistics::survival::{KaplanMeier, Observation},
    units::Seconds,
};

const PLOT_PX: f64 = 520.0;
/// With fewer calls the heading asks instead of telling: the median's 95 % interval then spans most of the curve.
const MIN_CALLS_TO_CLAIM: usize = 10;
/// The band of uncertainty.
const BAND: Rgb = Rgb(0xDC, 0xE6, 0xF0);

/// When callers speak to a person: Kaplan-Meier over `total_wait_s` of all calls that have one.
pub fn curve(audit: &Audit, language: Language) -> String {
    let heard = audit.calls.iter().filter_map(|call| call.finding.as_ref().ok()).map(Wait::of);
    let observations: Vec<_> =
        heard.filter_map(|wait| wait.total_s.map(|wait_s| Observation { wait_s, person: wait.person })).collect();
    let estimate = KaplanMeier::of(&observations);
    let left_out = audit.calls.len() - estimate.n;
    draw(&estimate, left_out, language)
}

fn draw(estimate: &KaplanMeier, left_out: usize, language: Language) -> String {
    let mut canvas = Canvas::new(PAGE_PX);
    let few = estimate.n < MIN_CALLS_TO_CLAIM;
    let title = curve_title(language, estimate.n, estimate.quantile_s(0.5).filter(|_| !few));
    if estimate.n == 0 {
        let y = heading(&mut canvas, &title, &[word(language, Word::NoCallsBelow).to_owned()]);
        return canvas.into_svg(y + FOOT_PX);
    }
    let below = [curve_below(language, estimate.n, estimate.censored_s.len(), left_out, few)];
    let y = heading(&mut canvas, &title, &below);
    canvas.text((MARGIN_PX, y + 26.0), word(language, Word::ShareAxis), SMALL, Anchor::Start);
    let top = y + 62.0;
    let left = MARGIN_PX + text_width("100%", SMALL) + 20.0;
    let axis = TimeAxis::new(left, PAGE_PX - MARGIN_PX - 20.0, estimate.last_s);
    let bottom = top + PLOT_PX;
    let height = |share: f64| bottom - PLOT_PX * share;

    band(&mut canvas, &axis, estimate, height);
    for quarter in 0..=4 {
        let share = f64::from(quarter) / 4.0;
        canvas.path(vec![(left, height(share)), (axis.right(), height(share))], RULE, 1);
        canvas.text((left - 14.0, height(share)), &words::percent(share), SMALL, Anchor::End);
    }
    axis.rules(&mut canvas, top, bottom);
    for (share, label) in [(0.5, median_label as Label), (0.9, ninetieth_label)] {
        mark(&mut canvas, &axis, estimate.quantile_s(share), share, height, label, language);
    }
    let mut line = vec![(axis.left(), height(0.0))];
    for step in &estimate.steps {
        let before = line[line.len() - 1].1;
        line.extend([(axis.x(step.at_s), before), (axis.x(step.at_s), height(step.share))]);
    }
    line.push((axis.x(estimate.last_s), line[line.len() - 1].1));
    canvas.path(line, ACCENT, 5);
    for &moment in &estimate.censored_s {
        censored_sign(&mut canvas, (axis.x(moment), height(estimate.share_at(moment))));
    }
    for share in [0.5, 0.9] {
        if let Some(moment) = estimate.quantile_s(share) {
            canvas.disc((axis.x(moment), height(share)), 9.0, INK);
        }
    }
    let y = axis.draw(&mut canvas, bottom, word(language, Word::AxisFromRing));
    let mut signs: Vec<Sign> = vec![];
    if !estimate.censored_s.is_empty() {
        signs.push((censored_sign, word(language, Word::Censored).into()));
    }
    if estimate.steps.iter().any(|step| step.band.is_some()) {
        signs.push((band_sign, word(language, Word::Band).into()));
    }
    let y = super::layout::legend(&mut canvas, y + 10.0, &Default::default(), &signs, language, |_| None);
    canvas.into_svg(y + FOOT_PX)
}

/// Between the 95 % limits, as far as there are any.
fn band(canvas: &mut Canvas, axis: &TimeAxis, estimate: &KaplanMeier, height: impl Fn(f64) -> f64) {
    let ends = estimate.steps.iter().skip(1).map(|next| next.at_s).chain([estimate.last_s]);
    for (step, end) in estimate.steps.iter().zip(ends) {
        if let Some((low, high)) = step.band {
            canvas.rect((axis.x(step.at_s), height(high)), (axis.x(end), height(low)), BAND);
        }
    }
}

fn band_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.rect((x - 29.0, y - 17.0), (x + 29.0, y + 17.0), BAND);
}

/// A short upright stroke on the curve.
fn censored_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.path(vec![(x, y - 15.0), (x, y + 15.0)], ACCENT, 3);
}

type Label = fn(Language, Option<Seconds>) -> String;

/// Dashes from a share of callers to the moment when it is reached, and its name where the curve leaves room: right of
/// and under the point, or left of and over it.
fn mark(
    canvas: &mut Canvas,
    axis: &TimeAxis,
    at: Option<Seconds>,
    share: f64,
    height: impl Fn(f64) -> f64,
    label: Label,
    language: Language,
) {
    let (y, text) = (height(share), label(language, at));
    let width = text_width(&text, STRONG);
    let Some(at) = at else {
        canvas.dashed((axis.left(), y), (axis.right(), y), INK, 2);
        boxed(canvas, (axis.left() + 16.0, y - 24.0), &text);
        return;
    };
    let x = axis.x(at);
    canvas.dashed((axis.left(), y), (x, y), INK, 2);
    canvas.dashed((x, y), (x, height(0.0)), INK, 2);
    if x + 18.0 + width <= PAGE_PX - 24.0 {
        boxed(canvas, (x + 18.0, y + 30.0), &text);
    } else {
        boxed(canvas, (x - 18.0 - width, y - 30.0), &text);
    }
}

/// A strong text from `x` on paper of its own.
fn boxed(canvas: &mut Canvas, (x, y): (f64, f64), text: &str) {
    let face: Type = STRONG;
    canvas.rect((x - 6.0, y - 19.0), (x + text_width(text, face) + 6.0, y + 19.0), PAPER);
    canvas.text((x, y), text, face, Anchor::Start);
}
