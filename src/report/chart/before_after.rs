//! Before and after, for a room full of people: two curves, two calls, and what changed as arrows. Before is light and hollow,
//! after dark and filled, so that they are told apart without colour as well.

use super::{
    axis::TimeAxis,
    canvas::{Anchor, Canvas, Type, text_width},
    layout::{BODY, FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, heading, wrapped},
    pair::pair,
    palette::{ACCENT, INK, PAPER, RULE, Rgb, SOFT_INK},
};
use crate::{
    compare::{Both, Change, Changes, Comparison, Kind, Measure, Verdict},
    norms::Clock,
    report::words::{
        self, Language, Word,
        compare::{
            Panel, curve_label, curves_title, measure, panel_below, panel_title, sides, typical_below, value, verdict,
        },
        word,
    },
    statistics::survival::KaplanMeier,
    units::Seconds,
};

/// What is drawn of the calls before ...
const BEFORE: Rgb = Rgb(0xD9, 0x7D, 0x0B);
/// ... and after.
const AFTER: Rgb = ACCENT;
/// The bands around the curves, and where both lie.
const BANDS: Both<Rgb> = [Rgb(0xFC, 0xE7, 0xCB), Rgb(0xC9, 0xD8, 0xE6)];
const BOTH_BANDS: Rgb = Rgb(0xD3, 0xC9, 0xBC);
/// Names and numbers, to be read from the back row.
const LARGE: Type = Type { size_px: 34.0, bold: false, colour: INK };
const LARGE_STRONG: Type = Type { bold: true, ..LARGE };

/// When callers spoke to a person, before and after: Kaplan and Meier's curves with their bands.
pub fn two_curves(comparison: &Comparison<'_>, language: Language) -> String {
    const PLOT_PX: f64 = 600.0;
    let changes = &comparison.whole;
    let mut canvas = Canvas::new(PAGE_PX);
    let below = words::compare::matching(language, &comparison.matching);
    let y = heading(&mut canvas, &curves_title(language, changes), &[below]);
    let curves = changes.curves();
    if curves.iter().all(|curve| curve.n == 0) {
        return canvas.into_svg(y + FOOT_PX);
    }
    canvas.text((MARGIN_PX, y + 32.0), word(language, Word::ShareAxis), BODY, Anchor::Start);
    let (top, left) = (y + 76.0, MARGIN_PX + text_width("100%", BODY) + 20.0);
    let last_s = curves.iter().map(|curve| curve.last_s).fold(0.0, f64::max);
    let axis = TimeAxis::new(left, PAGE_PX - MARGIN_PX - 20.0, last_s);
    let bottom = top + PLOT_PX;
    let height = |share: f64| bottom - PLOT_PX * share;
    bands(&mut canvas, &axis, &curves, height);
    for quarter in 0..=4 {
        let share = f64::from(quarter) / 4.0;
        canvas.path(vec![(left, height(share)), (axis.right(), height(share))], RULE, 1);
        canvas.text((left - 14.0, height(share)), &words::percent(share), BODY, Anchor::End);
    }
    axis.rules(&mut canvas, top, bottom);
    let names = sides(language);
    let medians = curves.each_ref().map(|curve| curve.quantile_s(0.5));
    if let Some(furthest) = medians.into_iter().flatten().max_by(f64::total_cmp) {
        canvas.dashed((left, height(0.5)), (axis.x(furthest), height(0.5)), INK, 2);
    }
    for side in [0, 1] {
        let curve = &curves[side];
        let mut line = vec![(axis.left(), height(0.0))];
        for step in &curve.steps {
            let before = line[line.len() - 1].1;
            line.extend([(axis.x(step.at_s), before), (axis.x(step.at_s), height(step.share))]);
        }
        line.push((axis.x(curve.last_s), line[line.len() - 1].1));
        canvas.path(line, colour(side), 8);
        for &moment in &curve.censored_s {
            let (x, y) = (axis.x(moment), height(curve.share_at(moment)));
            canvas.path(vec![(x, y - 16.0), (x, y + 16.0)], colour(side), 4);
        }
    }
    for (side, median) in medians.into_iter().enumerate() {
        let Some(median) = median else { continue };
        let x = axis.x(median);
        canvas.dashed((x, height(0.5)), (x, bottom), INK, 2);
        disc(&mut canvas, (x, height(0.5)), 15.0, side);
        let first = medians[1 - side].is_none_or(|other| median < other || (median == other && side == 0));
        let text = format!("{}: {}", names[side], words::clock(median));
        beside(&mut canvas, (x, height(0.5)), &text, first, left);
    }
    let mut y = axis.draw(&mut canvas, bottom, word(language, Word::AxisFromRing)) + 16.0;
    for side in [0, 1] {
        y += 22.0;
        canvas.path(vec![(MARGIN_PX, y), (MARGIN_PX + 80.0, y)], colour(side), 8);
        disc(&mut canvas, (MARGIN_PX + 40.0, y), 15.0, side);
        let width = PAGE_PX - 2.0 * MARGIN_PX - 104.0;
        for line in wrapped(&curve_label(language, side, changes), width, LARGE) {
            canvas.text((MARGIN_PX + 104.0, y), &line, LARGE, Anchor::Start);
            y += 44.0;
        }
    }
    let signs = format!(
        "| {}   ·   {}",
        word(language, Word::Censored),
        language.of(("vlak: 95%-onzekerheid", "area: 95% uncertainty"))
    );
    canvas.text((MARGIN_PX, y + 14.0), &signs, BODY, Anchor::Start);
    canvas.into_svg(y + 34.0 + FOOT_PX)
}

fn colour(side: usize) -> Rgb {
    [BEFORE, AFTER][side]
}

/// The sign of a side: hollow before, filled after.
fn disc(canvas: &mut Canvas, at: (f64, f64), radius: f64, side: usize) {
    canvas.disc(at, radius + 2.0, PAPER);
    canvas.disc(at, radius, colour(side));
    if side == 0 {
        canvas.disc(at, radius * 0.5, PAPER);
    }
}

/// A number beside a point: over it to the left, where there is room, or under it to the right.
fn beside(canvas: &mut Canvas, (x, y): (f64, f64), text: &str, to_left: bool, left: f64) {
    let width = text_width(text, LARGE_STRONG);
    let (x, y) = match to_left {
        true if x - 24.0 - width > left => (x - 24.0 - width, y - 30.0),
        true => (x + 24.0, y - 34.0),
        false if x + 24.0 + width < PAGE_PX - 20.0 => (x + 24.0, y + 34.0),
        false => (x - 24.0 - width, y + 34.0),
    };
    canvas.rect((x - 6.0, y - 22.0), (x + width + 6.0, y + 22.0), PAPER);
    canvas.text((x, y), text, LARGE_STRONG, Anchor::Start);
}

/// Both bands, and what they share in a colour of its own.
fn bands(canvas: &mut Canvas, axis: &TimeAxis, curves: &Both<KaplanMeier>, height: impl Fn(f64) -> f64) {
    let mut edges: Vec<Seconds> = curves.iter().flat_map(|curve| curve.steps.iter().map(|step| step.at_s)).collect();
    edges.extend(curves.iter().map(|curve| curve.last_s));
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    let band = |curve: &KaplanMeier, at: Seconds| {
        (at < curve.last_s).then(|| curve.steps.iter().rev().find(|step| step.at_s <= at)?.band).flatten()
    };
    for ends in edges.windows(2) {
        let mut paint = |(low, high): (f64, f64), fill| {
            canvas.rect((axis.x(ends[0]), height(high)), (axis.x(ends[1]), height(low)), fill);
        };
        let both = curves.each_ref().map(|curve| band(curve, ends[0]));
        for side in [0, 1] {
            if let Some(band) = both[side] {
                paint(band, BANDS[side]);
            }
        }
        if let [Some(a), Some(b)] = both {
            let (low, high) = (a.0.max(b.0), a.1.min(b.1));
            if low < high {
                paint((low, high), BOTH_BANDS);
            }
        }
    }
}

/// The call in the middle of each side on one time scale; `None` where either side has none.
pub fn typical_calls(changes: &Changes<'_>, language: Language) -> Option<String> {
    let [before, after] = changes.typical()?;
    let names = sides(language);
    let name = |side: usize, file: &str| format!("{}: {file}", names[side]);
    let (a, b) = (name(0, &before.file), name(1, &after.file));
    let calls = [(&*a, before.finding.as_ref().ok()?), (&*b, after.finding.as_ref().ok()?)];
    Some(pair(calls, typical_below(language), language))
}

/// What is drawn in each picture of changes, in the order of the call.
const STEPS: [Measure<'static>; 7] = [
    Measure::Wait(Clock::Ring),
    Measure::Machine,
    Measure::Wait(Clock::QueueToPerson),
    Measure::Wait(Clock::Total),
    Measure::Figure("hold_music_s"),
    Measure::Figure("dead_air_s"),
    Measure::Figure("longest_without_progress_s"),
];
const COUNTS: [&str; 5] = ["rings", "announcements", "repeated_announcements", "busy_announcements", "hold_segments"];

/// Median by median (share by share) from before to after; `None` where there is nothing to draw.
pub fn changes(changes: &Changes<'_>, panel: Panel, language: Language) -> Option<String> {
    let find = |wanted: Measure| changes.measures.iter().find(move |change| change.measure == wanted);
    let rows: Vec<&Change> = match panel {
        Panel::Steps => STEPS.into_iter().filter_map(find).collect(),
        Panel::Counts => COUNTS.into_iter().filter_map(|name| find(Measure::Figure(name))).collect(),
        Panel::Shares => changes.measures.iter().filter(|change| change.measure.kind() == Kind::Share).collect(),
    };
    let mut drawn: Vec<(&Change, Both<f64>)> = vec![];
    for change in rows {
        // what there was none of before and after is no change
        if let [Some(before), Some(after)] = change.sides.map(|side| side.value.map(|range| range.value))
            && (before, after) != (0.0, 0.0)
        {
            drawn.push((change, [before, after]));
        }
    }
    (!drawn.is_empty()).then(|| arrows(&drawn, panel, language))
}

fn arrows(rows: &[(&Change<'_>, Both<f64>)], panel: Panel, language: Language) -> String {
    const ROW_PX: f64 = 120.0;
    const VERDICT_PX: f64 = 290.0;
    /// Room beside the axis for the numbers of the outermost discs.
    const NUMBER_PX: f64 = 130.0;
    // the names of norms are long
    let name_px = if panel == Panel::Shares { 560.0 } else { 430.0 };
    let mut canvas = Canvas::new(PAGE_PX);
    let y = heading(&mut canvas, panel_title(language, panel), &[panel_below(language, panel).to_owned()]);
    let [before, after] = sides(language);
    let mut x = MARGIN_PX + name_px + NUMBER_PX;
    for (side, name) in [before, after].into_iter().enumerate() {
        disc(&mut canvas, (x, y + 40.0), 17.0, side);
        canvas.text((x + 32.0, y + 40.0), name, LARGE_STRONG, Anchor::Start);
        x += 32.0 + text_width(name, LARGE_STRONG) + 70.0;
    }
    let top = y + 84.0;
    let bottom = top + ROW_PX * rows.len() as f64;
    let most = match panel {
        Panel::Shares => 1.0,
        _ => rows.iter().flat_map(|(_, values)| *values).fold(f64::MIN_POSITIVE, f64::max),
    };
    let (left, right) = (MARGIN_PX + name_px + NUMBER_PX, PAGE_PX - MARGIN_PX - VERDICT_PX - NUMBER_PX);
    let x_of = |v: f64| left + (right - left) * v / most;
    let say = |change: &Change, v: f64| match panel {
        Panel::Steps => words::clock(v),
        _ => value(language, change.measure.kind(), v),
    };
    canvas.path(vec![(left, top - 8.0), (left, bottom)], INK, 2);
    for (i, (change, values)) in rows.iter().enumerate() {
        let middle = top + ROW_PX * (i as f64 + 0.5);
        if i > 0 {
            canvas.path(
                vec![(MARGIN_PX, middle - ROW_PX / 2.0), (PAGE_PX - MARGIN_PX, middle - ROW_PX / 2.0)],
                RULE,
                1,
            );
        }
        lines(
            &mut canvas,
            (MARGIN_PX, middle),
            &measure(language, change.measure),
            name_px - 20.0,
            LARGE,
            Anchor::Start,
        );
        let [from, to] = values.map(x_of);
        let proven = matches!(change.verdict, Verdict::Less | Verdict::More);
        if change.stands_out() {
            arrow(&mut canvas, (from, middle), to, if proven { 10 } else { 4 });
        } else if (to - from).abs() > 1.0 {
            canvas.dashed((from, middle), (to, middle), SOFT_INK, 4);
        }
        // where both lie in one place, the hollow one goes around the filled one
        let radius = if (to - from).abs() < 12.0 { 26.0 } else { 17.0 };
        disc(&mut canvas, (from, middle), radius, 0);
        disc(&mut canvas, (to, middle), 17.0, 1);
        let texts = values.map(|v| say(change, v));
        let (low, high) = if from <= to { (0, 1) } else { (1, 0) };
        let bold = |side: usize| if side == 1 { LARGE_STRONG } else { LARGE };
        if texts[0] != texts[1] {
            let x = from.min(to);
            let width = text_width(&texts[low], bold(low));
            canvas.rect((x - 34.0 - width, middle - 22.0), (x - 29.0, middle + 22.0), PAPER);
            canvas.text((x - 32.0, middle), &texts[low], bold(low), Anchor::End);
        }
        canvas.text((from.max(to) + 34.0, middle), &texts[high], bold(high), Anchor::Start);
        let face = match change.stands_out() {
            true if proven => LARGE_STRONG,
            true => LARGE,
            false => Type { colour: SOFT_INK, ..LARGE },
        };
        let what = verdict(language, change);
        lines(&mut canvas, (PAGE_PX - MARGIN_PX, middle), what, VERDICT_PX - 10.0, face, Anchor::End);
    }
    canvas.text((left, bottom + 26.0), "0", SMALL, Anchor::Middle);
    canvas.into_svg(bottom + 44.0 + FOOT_PX)
}

/// A line with a head, from disc to disc.
fn arrow(canvas: &mut Canvas, (from, y): (f64, f64), to: f64, width: u32) {
    const HEAD_PX: f64 = 30.0;
    let way = (to - from).signum();
    let tip = to - way * 20.0;
    let back = tip - way * HEAD_PX * 0.6;
    // the discs of a small change leave no room for it
    if (back - from) * way > 0.0 {
        canvas.path(vec![(from, y), (back, y)], INK, width);
    }
    if (to - from).abs() > HEAD_PX + 40.0 {
        let back = tip - way * HEAD_PX;
        canvas.area(vec![(tip, y), (back, y - 20.0), (back, y + 20.0)], INK);
    }
}

/// A text of a line or two, its middle at a height.
fn lines(canvas: &mut Canvas, (x, y): (f64, f64), text: &str, width: f64, face: Type, anchor: Anchor) {
    let (mut lines, mut face) = (wrapped(text, width, face), face);
    if lines.len() > 2 {
        face.size_px = BODY.size_px;
        lines = wrapped(text, width, face);
    }
    let line_px = face.size_px * 1.2;
    let first = y - line_px * (lines.len() as f64 - 1.0) / 2.0;
    for (i, line) in lines.iter().enumerate() {
        canvas.text((x, first + line_px * i as f64), line, face, anchor);
    }
}
