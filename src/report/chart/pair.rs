//! Two calls on one time scale, for a room full of people: before and after, worst and best.

use std::collections::BTreeSet;

use super::{
    canvas::{Anchor, Canvas, Type, text_width},
    layout::{FOOT_PX, MARGIN_PX, PAGE_PX, STRONG, heading, legend, shortened_path},
    palette::ACCENT,
    strip::{draw_wait, wait_axis},
    wait::Wait,
};
use crate::{
    analysis::CallAnalysis,
    audit::Audit,
    report::words::{
        Language, Word,
        chart::{pair_title, row_wait},
        word,
    },
};

/// The waits themselves, to be read from the back row.
const NUMBER: Type = Type { size_px: 60.0, bold: true, colour: ACCENT };
const STRIP_PX: f64 = 150.0;

/// Two calls by their names, the first on top.
pub fn two_calls(a: (&str, &CallAnalysis), b: (&str, &CallAnalysis), language: Language) -> String {
    pair([a, b], word(language, Word::StackedBelow), language)
}

/// Two calls by their names, with what is said of them under the heading.
pub(super) fn pair(calls: [(&str, &CallAnalysis); 2], below: &str, language: Language) -> String {
    let calls = calls.map(|(name, call)| (name, call, Wait::of(call)));
    let person_waits = calls.each_ref().map(|(_, _, wait)| wait.total_s.filter(|_| wait.person));
    let waits = person_waits[0].zip(person_waits[1]);
    let mut canvas = Canvas::new(PAGE_PX);
    let mut y = heading(&mut canvas, &pair_title(language, waits), &[below.to_owned()]) + 26.0;
    let axis = wait_axis(MARGIN_PX, PAGE_PX - MARGIN_PX - 20.0, calls.iter().map(|(_, _, wait)| wait));
    axis.rules(&mut canvas, y + 80.0, y + 2.0 * (STRIP_PX + 80.0) + 40.0);
    let mut parts = BTreeSet::new();
    for (name, call, wait) in &calls {
        let number = row_wait(language, &call.metrics, wait.person, wait.total_s);
        let room = axis.right() - axis.left() - text_width(&number, NUMBER) - 40.0;
        canvas.text((axis.left(), y + 44.0), &shortened_path(name, room, STRONG), STRONG, Anchor::Start);
        canvas.text((axis.right(), y + 38.0), &number, NUMBER, Anchor::End);
        let top = y + 80.0;
        parts.extend(draw_wait(&mut canvas, &axis, call, wait, (top, top + STRIP_PX), Some(language)));
        y = top + STRIP_PX + 20.0;
    }
    let y = axis.draw(&mut canvas, y, word(language, Word::AxisFromRing));
    let y = legend(&mut canvas, y + 14.0, &parts, &[], language, |_| None);
    canvas.into_svg(y + FOOT_PX)
}

/// The calls with the shortest and the longest wait to a person, as places in the audit; `None` unless there are two
/// such calls whose waits differ.
pub fn most_telling_pair(audit: &Audit) -> Option<(usize, usize)> {
    let waits = audit.calls.iter().enumerate().filter_map(|(i, call)| {
        let wait = Wait::of(call.finding.as_ref().ok()?);
        Some((i, wait.total_s.filter(|_| wait.person)?))
    });
    let waits: Vec<_> = waits.collect();
    let shortest = waits.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let longest = waits.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (shortest.1 < longest.1).then_some((shortest.0, longest.0))
}
