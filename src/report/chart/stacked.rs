//! The ribbons of all calls of an audit, sorted by their wait, on one time scale.

use std::collections::BTreeSet;

use super::{
    axis::TimeAxis,
    canvas::{Anchor, Canvas, Type},
    layout::{FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, STRONG, heading, legend, shortened},
    palette::SOFT_INK,
    strip::Strip,
    wait::Wait,
};
use crate::{
    analysis::CallAnalysis,
    audit::{Audit, AuditedCall},
    interval::Interval,
    report::words::{
        Language, Part,
        chart::{Word, overview, page_of, row_wait, sampled, stacked_title, unreadable, word},
    },
    units::Seconds,
};

/// Most rows with names on a page: fewer, and all would be larger than they need; more, and paper cannot hold them.
const ROWS_A_PAGE: usize = 24;
/// Most rows of the page that shows all calls: one pixel each.
const MOST_THIN_ROWS: usize = 900;
/// Height that the thin rows share, in pixels.
const THIN_ROWS_PX: f64 = 900.0;
/// Columns left and right of the ribbons, in pixels.
const NAME_PX: f64 = 400.0;
const WAIT_PX: f64 = 210.0;

/// A row, and the call behind it if it could be read.
struct Row<'a> {
    name: &'a str,
    call: Result<(&'a CallAnalysis, Wait), &'a str>,
}

impl Row<'_> {
    fn wait_s(&self) -> Option<Seconds> {
        self.call.as_ref().ok().and_then(|(_, wait)| wait.total_s)
    }
}

/// All calls, the longest wait on top: one page for up to 24 calls; for more, a page with all calls as thin rows and then
/// pages with names.
pub fn stacked(audit: &Audit, language: Language) -> Vec<String> {
    let rows = sorted(&audit.calls);
    let span_s = shown_span(&rows);
    let refused = unreadable(language, rows.iter().filter(|row| row.call.is_err()).count());
    let title = stacked_title(language, rows.len());
    if rows.is_empty() {
        let mut canvas = Canvas::new(PAGE_PX);
        let below = [word(language, Word::NoCallsBelow).to_owned()];
        let y = heading(&mut canvas, word(language, Word::NoCalls), &below);
        return vec![canvas.into_svg(y + FOOT_PX)];
    }
    let below = |first: Option<String>| -> Vec<String> {
        let signs = rows.iter().any(|row| matches!(&row.call, Ok((_, w)) if !w.person && w.total_s.is_some()));
        let text = [Word::StackedBelow, Word::StackedSigns].into_iter().take(if signs { 2 } else { 1 });
        let text: Vec<_> = text.map(|w| word(language, w).to_owned()).chain(refused.clone()).collect();
        first.into_iter().chain([text.join(" ")]).collect()
    };
    let pages = rows.len().div_ceil(ROWS_A_PAGE);
    if pages == 1 {
        return vec![page(&title, &below(None), &rows, span_s, language)];
    }
    let mut svgs = vec![thin(&title, &rows, span_s, language, &below)];
    for (i, chunk) in rows.chunks(ROWS_A_PAGE).enumerate() {
        let first = i * ROWS_A_PAGE + 1;
        let which = page_of(language, i + 1, pages, first, first + chunk.len() - 1, rows.len());
        svgs.push(page(&title, &below(Some(which)), chunk, span_s, language));
    }
    svgs
}

/// Longest wait first, then calls without one, then what could not be read; alike in the order of the audit.
fn sorted(calls: &[AuditedCall]) -> Vec<Row<'_>> {
    let rows = calls.iter().map(|call| Row {
        name: &call.file,
        call: match &call.finding {
            Ok(found) => Ok((found, Wait::of(found))),
            Err(refusal) => Err(refusal.message.as_str()),
        },
    });
    let mut rows: Vec<_> = rows.collect();
    let key = |row: &Row| (row.call.is_err(), row.wait_s().is_none());
    rows.sort_by(|a, b| {
        key(a).cmp(&key(b)).then_with(|| b.wait_s().unwrap_or(0.0).total_cmp(&a.wait_s().unwrap_or(0.0)))
    });
    rows
}

/// The longest wait, and some room for the beginning of the conversation.
fn shown_span(rows: &[Row]) -> Seconds {
    let waits = rows.iter().filter_map(|row| row.call.as_ref().ok()).map(|(_, wait)| wait.length_s());
    waits.fold(0.0, f64::max) * (1.0 + TALK_SHARE)
}

/// So much of the axis shows the beginning of a conversation.
pub(super) const TALK_SHARE: f64 = 0.04;

/// What is drawn of a call on an axis of `span_s`: its wait, and if a person ends it, the beginning of the conversation.
pub(super) fn shown(call: &CallAnalysis, wait: &Wait, span_s: Seconds) -> Interval {
    let talk = if wait.person { span_s * TALK_SHARE / (1.0 + TALK_SHARE) } else { 0.0 };
    Interval::new(wait.zero_s, (wait.end_s + talk).clamp(wait.zero_s, call.line().duration()))
}

fn page(title: &str, below: &[String], rows: &[Row], span_s: Seconds, language: Language) -> String {
    let row_px = match rows.len() {
        0..=6 => 84.0,
        7..=12 => 60.0,
        _ => 42.0,
    };
    let mut canvas = Canvas::new(PAGE_PX);
    let top = heading(&mut canvas, title, below) + 34.0;
    let axis = TimeAxis::new(MARGIN_PX + NAME_PX, PAGE_PX - MARGIN_PX - WAIT_PX, span_s);
    let bottom = top + row_px * rows.len() as f64;
    axis.rules(&mut canvas, top, bottom);
    canvas.text((axis.right() + 16.0, top - 14.0), word(language, Word::Wait), SMALL, Anchor::Start);
    let mut parts = BTreeSet::new();
    for (i, row) in rows.iter().enumerate() {
        let y = top + row_px * i as f64;
        let middle = y + row_px / 2.0;
        canvas.text((MARGIN_PX, middle), &shortened(row.name, NAME_PX - 20.0, SMALL), SMALL, Anchor::Start);
        match &row.call {
            Ok((call, wait)) => {
                let captions = (row_px >= 60.0).then_some(language);
                parts.extend(draw(
                    &mut canvas,
                    &axis,
                    call,
                    wait,
                    span_s,
                    (y + row_px * 0.1, y + row_px * 0.9),
                    captions,
                ));
                let text = row_wait(language, &call.metrics, wait.person, wait.total_s);
                let face = if wait.person { STRONG } else { SMALL };
                canvas.text((axis.right() + 16.0, middle), &text, face, Anchor::Start);
            }
            Err(message) => {
                let grey = Type { colour: SOFT_INK, ..SMALL };
                let text = shortened(message, axis.right() - axis.left() - 20.0, grey);
                canvas.text((axis.left() + 8.0, middle), &text, grey, Anchor::Start);
                canvas.text((axis.right() + 16.0, middle), word(language, Word::Unreadable), grey, Anchor::Start);
            }
        }
    }
    let y = axis.draw(&mut canvas, bottom + 6.0, word(language, Word::AxisFromRing));
    let y = legend(&mut canvas, y + 10.0, &parts, &[], language, |_| None);
    canvas.into_svg(y + FOOT_PX)
}

fn thin(
    title: &str,
    rows: &[Row],
    span_s: Seconds,
    language: Language,
    below: &dyn Fn(Option<String>) -> Vec<String>,
) -> String {
    let readable: Vec<_> = rows.iter().filter_map(|row| row.call.as_ref().ok()).collect();
    let drawn = readable.len().min(MOST_THIN_ROWS);
    let first =
        if drawn < readable.len() { sampled(language, drawn, readable.len()) } else { overview(language, rows.len()) };
    let mut canvas = Canvas::new(PAGE_PX);
    let top = heading(&mut canvas, title, &below(Some(first))) + 10.0;
    let axis = TimeAxis::new(MARGIN_PX, PAGE_PX - MARGIN_PX - 20.0, span_s);
    // Whole pixels, or rows would differ in height.
    let row_px = (THIN_ROWS_PX / drawn.max(1) as f64).floor().clamp(1.0, 24.0);
    let gap_px = if row_px >= 4.0 { 1.0 } else { 0.0 };
    let bottom = top + row_px * drawn as f64;
    axis.rules(&mut canvas, top, bottom);
    let mut parts = BTreeSet::new();
    for i in 0..drawn {
        let (call, wait) = readable[i * readable.len() / drawn];
        let y = top + row_px * i as f64;
        parts.extend(draw(&mut canvas, &axis, call, wait, span_s, (y, y + row_px - gap_px), None));
    }
    let y = axis.draw(&mut canvas, bottom + 6.0, word(language, Word::AxisFromRing));
    let y = legend(&mut canvas, y + 10.0, &parts, &[], language, |_| None);
    canvas.into_svg(y + FOOT_PX)
}

fn draw(
    canvas: &mut Canvas,
    axis: &TimeAxis,
    call: &CallAnalysis,
    wait: &Wait,
    span_s: Seconds,
    (top, bottom): (f64, f64),
    captions: Option<Language>,
) -> BTreeSet<Part> {
    let strip = Strip { window: shown(call, wait, span_s), zero_s: wait.zero_s, top, bottom, captions };
    strip.draw(canvas, axis, call.line(), |_| true)
}
