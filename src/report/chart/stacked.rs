//! The ribbons of all calls of an audit, sorted by their wait, on one time scale.

use std::collections::BTreeSet;

use super::{
    axis::TimeAxis,
    canvas::{Anchor, Canvas, Type},
    layout::{FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, STRONG, heading, legend, shortened, shortened_path, wrapped},
    palette::{PAPER, SOFT_INK},
    strip::{draw_wait, wait_axis},
    wait::Wait,
};
use crate::{
    analysis::CallAnalysis,
    audit::{Audit, AuditedCall},
    report::words::{
        Language, Word,
        chart::{overview, page_of, row_wait, sampled, stacked_title, unreadable},
        word,
    },
    units::Seconds,
};

/// Most rows with names on a page: fewer, and all would be larger than they need; more, and paper cannot hold them.
const ROWS_A_PAGE: usize = 24;
/// Most pages with names: beyond these nobody leafs, and tables serve better.
const MOST_PAGES: usize = 20;
/// Most rows of the page that shows all calls: one pixel each.
const MOST_THIN_ROWS: usize = 900;
/// Height that the thin rows share, in pixels.
const THIN_ROWS_PX: f64 = 900.0;
/// Columns left and right of the ribbons, in pixels.
const NAME_PX: f64 = 420.0;
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
    let refused = rows.iter().filter(|row| row.call.is_err()).count();
    if rows.is_empty() {
        let mut canvas = Canvas::new(PAGE_PX);
        let below = [word(language, Word::NoCallsBelow).to_owned()];
        let y = heading(&mut canvas, word(language, Word::NoCalls), &below);
        return vec![canvas.into_svg(y + FOOT_PX)];
    }
    let title = stacked_title(language, rows.len() - refused);
    let said = if refused < rows.len() { Some(word(language, Word::StackedBelow).to_owned()) } else { None };
    let said = said.into_iter().chain(unreadable(language, refused)).collect::<Vec<_>>().join(" ");
    let axis = axis(MARGIN_PX + NAME_PX, PAGE_PX - MARGIN_PX - WAIT_PX, &rows);
    let pages = rows.len().div_ceil(ROWS_A_PAGE).min(MOST_PAGES);
    if pages == 1 {
        return vec![page(&title, &[said], &rows, &axis, language)];
    }
    let mut svgs = vec![thin(&title, &said, &rows, language)];
    for (i, chunk) in rows.chunks(ROWS_A_PAGE).take(pages).enumerate() {
        let first = i * ROWS_A_PAGE + 1;
        let which = page_of(language, i + 1, pages, first, first + chunk.len() - 1, rows.len());
        svgs.push(page(&title, &[which], chunk, &axis, language));
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

/// All pages share one time scale.
fn axis(left: f64, right: f64, rows: &[Row]) -> TimeAxis {
    wait_axis(left, right, rows.iter().filter_map(|row| row.call.as_ref().ok()).map(|(_, wait)| wait))
}

fn page(title: &str, below: &[String], rows: &[Row], axis: &TimeAxis, language: Language) -> String {
    let row_px = match rows.len() {
        0..=6 => 84.0,
        7..=12 => 60.0,
        _ => 42.0,
    };
    let mut canvas = Canvas::new(PAGE_PX);
    let waiting =
        rows.iter().any(|row| row.call.as_ref().is_ok_and(|(_, wait)| !wait.person && wait.total_s.is_some()));
    let signs = waiting.then(|| word(language, Word::StackedSigns).to_owned());
    let below: Vec<_> = below.iter().cloned().chain(signs).collect();
    let top = heading(&mut canvas, title, &[below.join(" ")]) + 44.0;
    let bottom = top + row_px * rows.len() as f64;
    let readable = rows.iter().any(|row| row.call.is_ok());
    if readable {
        axis.rules(&mut canvas, top, bottom);
        canvas.text((axis.right() + 16.0, top - 22.0), word(language, Word::Wait), SMALL, Anchor::Start);
    }
    let mut parts = BTreeSet::new();
    for (i, row) in rows.iter().enumerate() {
        let y = top + row_px * i as f64;
        let middle = y + row_px / 2.0;
        canvas.text((MARGIN_PX, middle), &shortened_path(row.name, NAME_PX - 20.0, SMALL), SMALL, Anchor::Start);
        match &row.call {
            Ok((call, wait)) => {
                let captions = (row_px >= 60.0).then_some(language);
                parts.extend(draw_wait(&mut canvas, axis, call, wait, (y + row_px * 0.1, y + row_px * 0.9), captions));
                let text = row_wait(language, &call.metrics, wait.person, wait.total_s);
                let face = if wait.person && wait.total_s.is_some() { STRONG } else { SMALL };
                canvas.text((axis.right() + 16.0, middle), &text, face, Anchor::Start);
            }
            Err(message) => {
                let grey = Type { colour: SOFT_INK, ..SMALL };
                let room = PAGE_PX - MARGIN_PX - axis.left() - 8.0;
                let text = format!("{}: {message}", word(language, Word::Unreadable));
                let lines =
                    if row_px >= 60.0 { wrapped(&text, room, grey) } else { vec![shortened(&text, room, grey)] };
                canvas.rect((axis.left() + 2.0, y), (PAGE_PX - MARGIN_PX, y + row_px), PAPER);
                let first = middle - 14.0 * (lines.len().min(2) as f64 - 1.0);
                for (line, y) in lines.iter().zip([first, first + 28.0]) {
                    canvas.text((axis.left() + 8.0, y), line, grey, Anchor::Start);
                }
            }
        }
    }
    if !readable {
        return canvas.into_svg(bottom + FOOT_PX);
    }
    let y = axis.draw(&mut canvas, bottom + 6.0, word(language, Word::AxisFromRing));
    let y = legend(&mut canvas, y + 10.0, &parts, &[], language, |_| None);
    canvas.into_svg(y + FOOT_PX)
}

/// All calls that could be read on one page, a thin row each.
fn thin(title: &str, said: &str, rows: &[Row], language: Language) -> String {
    let readable: Vec<_> = rows.iter().filter_map(|row| row.call.as_ref().ok()).collect();
    let drawn = readable.len().min(MOST_THIN_ROWS);
    let which = if drawn < readable.len() {
        sampled(language, drawn, readable.len(), MOST_PAGES * ROWS_A_PAGE)
    } else {
        overview(language, readable.len(), rows.len() > MOST_PAGES * ROWS_A_PAGE)
    };
    let mut canvas = Canvas::new(PAGE_PX);
    let top = heading(&mut canvas, title, &[which, said.to_owned()]) + 10.0;
    let axis = axis(MARGIN_PX, PAGE_PX - MARGIN_PX - 20.0, rows);
    // Whole pixels, or rows would differ in height.
    let row_px = (THIN_ROWS_PX / drawn.max(1) as f64).floor().clamp(1.0, 24.0);
    let gap_px = if row_px >= 4.0 { 1.0 } else { 0.0 };
    let bottom = top + row_px * drawn as f64;
    axis.rules(&mut canvas, top, bottom);
    let mut parts = BTreeSet::new();
    for i in 0..drawn {
        let (call, wait) = readable[i * readable.len() / drawn];
        let y = top + row_px * i as f64;
        parts.extend(draw_wait(&mut canvas, &axis, call, wait, (y, y + row_px - gap_px), None));
    }
    let y = axis.draw(&mut canvas, bottom + 6.0, word(language, Word::AxisFromRing));
    let y = legend(&mut canvas, y + 10.0, &parts, &[], language, |_| None);
    canvas.into_svg(y + FOOT_PX)
}
