//! What the wait is made of: stacked bars of ringing, announcements, menus, music, silence.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    axis::TimeAxis,
    canvas::{Anchor, Canvas},
    layout::{
        BODY, FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, STRONG, caption, caption_width, heading, legend, shortened_path,
    },
    palette::{INK, PARTS, look},
    strip::part_of,
    wait::{Wait, got_through},
};
use crate::{
    analysis::CallAnalysis,
    audit::Audit,
    interval::Interval,
    label::Label,
    report::words::{
        self, Language, Part, Word,
        chart::{make_up_below, make_up_by_call_title, make_up_title},
        word,
    },
    units::Seconds,
};

/// Most bars of a picture.
const MOST_BARS: usize = 24;
const NAME_PX: f64 = 420.0;
const SMALLEST_CAPTION_PX: f64 = 18.0;

/// What is shorter in a whole wait is the edge of a neighbour.
const SHORTEST_PART_S: Seconds = 0.05;

/// Seconds of each part, in the order of [`PARTS`].
type MakeUp = BTreeMap<Part, Seconds>;

struct Bar {
    name: String,
    calls: usize,
    made_of: MakeUp,
}

impl Bar {
    fn total_s(&self) -> Seconds {
        self.made_of.values().sum()
    }
}

/// What one call's wait is made of, each part with the stretch where it is first heard.
pub fn parts_of_wait(call: &CallAnalysis) -> BTreeMap<Part, (Seconds, Interval)> {
    let (timeline, wait) = (call.line(), Wait::of(call).interval());
    let mut parts: BTreeMap<Part, (Seconds, Interval)> = BTreeMap::new();
    for segment in timeline.segments() {
        let seconds = segment.interval.overlap(wait);
        if seconds > 0.0 {
            parts.entry(part_of(segment, timeline)).or_insert((0.0, segment.interval)).0 += seconds;
        }
    }
    parts.retain(|_, (seconds, _)| *seconds >= SHORTEST_PART_S);
    parts
}

fn make_up(call: &CallAnalysis) -> MakeUp {
    parts_of_wait(call).into_iter().map(|(part, (seconds, _))| (part, seconds)).collect()
}

/// The calls that count, their line and name; and how many do not.
fn counted(audit: &Audit) -> (Vec<(&str, &str, &CallAnalysis)>, usize) {
    let calls = audit.calls.iter().filter_map(|call| {
        let heard = call.finding.as_ref().ok().filter(|heard| got_through(heard))?;
        Some((call.line.as_str(), call.file.as_str(), heard))
    });
    let calls: Vec<_> = calls.collect();
    let left_out = audit.calls.len() - calls.len();
    (calls, left_out)
}

/// Mean seconds a call, one bar a line, the longest on top.
pub fn make_up_by_line(audit: &Audit, language: Language) -> String {
    let (calls, left_out) = counted(audit);
    let mut lines: BTreeMap<&str, (usize, MakeUp)> = BTreeMap::new();
    for (line, _, call) in &calls {
        let (count, sum) = lines.entry(line).or_default();
        *count += 1;
        for (part, seconds) in make_up(call) {
            *sum.entry(part).or_default() += seconds;
        }
    }
    let bars = lines.into_iter().map(|(line, (count, sum))| Bar {
        name: line.to_owned(),
        calls: count,
        made_of: sum.into_iter().map(|(part, seconds)| (part, seconds / count as f64)).collect(),
    });
    let bars: Vec<_> = bars.collect();
    let largest = match &bars[..] {
        [only] => {
            let total = only.total_s();
            let largest = only.made_of.iter().max_by(|a, b| a.1.total_cmp(b.1)).filter(|_| total > 0.0);
            largest.map(|(part, seconds)| (*part, seconds / total, total))
        }
        _ => None,
    };
    let below = make_up_below(language, true, calls.len(), without_ringing(&calls), left_out);
    draw(&make_up_title(language, largest), below, bars, true, language)
}

/// One bar a call, the longest on top; `None` where there are more calls than bars that can be read.
pub fn make_up_by_call(audit: &Audit, language: Language) -> Option<String> {
    let (calls, left_out) = counted(audit);
    if calls.len() > MOST_BARS {
        return None;
    }
    let bar = |(_, name, call): &(&str, &str, &CallAnalysis)| Bar {
        name: (*name).to_owned(),
        calls: 1,
        made_of: make_up(call),
    };
    let below = make_up_below(language, false, calls.len(), without_ringing(&calls), left_out);
    Some(draw(make_up_by_call_title(language), below, calls.iter().map(bar).collect(), false, language))
}

fn without_ringing(calls: &[(&str, &str, &CallAnalysis)]) -> usize {
    let rings = |call: &CallAnalysis| call.line().segments().iter().any(|s| s.label == Label::Ringback);
    calls.iter().filter(|(_, _, call)| !rings(call)).count()
}

fn draw(title: &str, mut below: String, mut bars: Vec<Bar>, mean: bool, language: Language) -> String {
    let mut canvas = Canvas::new(PAGE_PX);
    if bars.is_empty() {
        let below = [word(language, Word::NoCallsBelow).to_owned()];
        let y = heading(&mut canvas, word(language, Word::NoCalls), &below);
        return canvas.into_svg(y + FOOT_PX);
    }
    bars.sort_by(|a, b| b.total_s().total_cmp(&a.total_s()));
    if bars.len() > MOST_BARS {
        bars.truncate(MOST_BARS);
        below = format!("{below} {}", word(language, Word::LongestOnly));
    }
    let top = heading(&mut canvas, title, &[below]) + 20.0;
    let row_px = match bars.len() {
        0..=3 => 140.0,
        4..=8 => 96.0,
        9..=14 => 64.0,
        _ => 46.0,
    };
    let longest = bars.iter().map(Bar::total_s).fold(0.0, f64::max);
    let axis = TimeAxis::new(MARGIN_PX + NAME_PX, PAGE_PX - MARGIN_PX - 130.0, longest);
    let bottom = top + row_px * bars.len() as f64;
    axis.rules(&mut canvas, top, bottom);
    let mut parts = BTreeSet::new();
    for (i, bar) in bars.iter().enumerate() {
        let (y0, y1) = (top + row_px * (i as f64 + 0.12), top + row_px * (i as f64 + 0.88));
        let middle = f64::midpoint(y0, y1);
        let face = if mean && row_px >= 64.0 { BODY } else { SMALL };
        let name_y = if mean && row_px >= 90.0 { middle - 18.0 } else { middle };
        canvas.text((MARGIN_PX, name_y), &shortened_path(&bar.name, NAME_PX - 20.0, face), face, Anchor::Start);
        if mean && row_px >= 90.0 {
            canvas.text((MARGIN_PX, middle + 18.0), &words::calls(language, bar.calls), SMALL, Anchor::Start);
        }
        let mut from_s = 0.0;
        for part in PARTS {
            let Some(&seconds) = bar.made_of.get(&part) else { continue };
            let (x0, x1) = (axis.x(from_s), axis.x(from_s + seconds));
            canvas.rect((x0, y0), (x1, y1), look(part).fill);
            canvas.frame((x0, y0), (x1, y1), INK, 1);
            let (text, size_px) = (words::clock(seconds), (row_px * 0.4).min(28.0));
            let fits = |size_px: &f64| caption_width(&text, *size_px) + 6.0 <= x1 - x0;
            if let Some(size_px) = [size_px, SMALLEST_CAPTION_PX].into_iter().find(fits) {
                caption(&mut canvas, (f64::midpoint(x0, x1), middle), &text, size_px);
            }
            parts.insert(part);
            from_s += seconds;
        }
        canvas.frame((axis.left(), y0), (axis.x(from_s), y1), INK, 2);
        canvas.text((axis.x(from_s) + 14.0, middle), &words::clock(bar.total_s()), STRONG, Anchor::Start);
    }
    let y = axis.draw(&mut canvas, bottom + 8.0, word(language, if mean { Word::MeanAxis } else { Word::WaitAxis }));
    let share = |part: Part| match &bars[..] {
        [only] if only.total_s() > 0.0 => {
            let seconds = only.made_of.get(&part).copied().unwrap_or(0.0);
            let share = seconds / only.total_s();
            // What rounds to nothing is not nothing.
            let share_text = if share < 0.005 { "< 1%".into() } else { words::percent(share) };
            Some(format!("{} ({share_text})", words::clock(seconds)))
        }
        _ => None,
    };
    let y = legend(&mut canvas, y + 12.0, &parts, &[], language, share);
    canvas.into_svg(y + FOOT_PX)
}
