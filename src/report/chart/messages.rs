//! A line's messages over its calls: each call a row, each play of a recording a block in the recording's mark.

use super::{
    canvas::{Anchor, Canvas},
    layout::{FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, STRONG, heading, legend, shortened_path},
    marks::Marks,
    palette::{INK, look},
    strip::wait_axis,
    wait::Wait,
};
use crate::{
    analysis::CallAnalysis,
    audit::{Audit, AuditedCall},
    label::Label,
    report::words::{
        Language, Part, Word,
        chart::{messages_below, messages_row, messages_title},
        word,
    },
};

/// Most rows of a page; of more calls those with the most messages are drawn.
const MOST_ROWS: usize = 24;
/// Most lines that are drawn.
const MOST_LINES: usize = 20;
const NAME_PX: f64 = 420.0;
const COUNT_PX: f64 = 250.0;

/// One page a line in which recordings are known again, each with the line's name; none where nothing comes again.
pub fn messages(audit: &Audit, language: Language) -> Vec<(String, String)> {
    let mut lines: Vec<&str> = audit.calls.iter().map(|call| call.line.as_str()).collect();
    lines.dedup();
    lines.sort_unstable();
    lines.dedup();
    let pages = lines.into_iter().filter_map(|line| {
        let calls: Vec<&AuditedCall> = audit.calls.iter().filter(|call| call.line == line).collect();
        page(line, &calls, language).map(|svg| (line.to_owned(), svg))
    });
    pages.take(MOST_LINES).collect()
}

struct Row<'a> {
    file: &'a str,
    call: &'a CallAnalysis,
    wait: Wait,
    /// Plays of voices, and how many of them the caller had heard before in this call.
    plays: u32,
    again: u32,
}

impl<'a> Row<'a> {
    fn of(call: &'a AuditedCall) -> Option<Self> {
        let finding = call.finding.as_ref().ok()?;
        let voices: Vec<_> = finding.plays.iter().filter(|play| play.group.is_voice()).collect();
        let heard_before = |i: &usize| voices[..*i].iter().any(|before| before.group.name == voices[*i].group.name);
        let again = (0..voices.len()).filter(heard_before).count();
        let (plays, again) = (voices.len() as u32, again as u32);
        Some(Self { file: &call.file, call: finding, wait: Wait::of(finding), plays, again })
    }
}

fn page(line: &str, calls: &[&AuditedCall], language: Language) -> Option<String> {
    let mut rows: Vec<Row> = calls.iter().filter_map(|call| Row::of(call)).filter(|row| row.plays > 0).collect();
    let marks = Marks::of(rows.iter().map(|row| row.call.plays.as_slice()));
    let (most, times) = marks.most()?;
    rows.sort_by(|a, b| b.again.cmp(&a.again).then(b.plays.cmp(&a.plays)).then_with(|| a.file.cmp(b.file)));
    let all = rows.len();
    let with_most = rows.iter().filter(|row| row.call.plays.iter().any(|play| play.group.name == most)).count();
    rows.truncate(MOST_ROWS);
    let row_px = match rows.len() {
        0..=6 => 84.0,
        7..=12 => 60.0,
        _ => 42.0,
    };
    let mut canvas = Canvas::new(PAGE_PX);
    let below = messages_below(language, rows.len(), all);
    let top = heading(&mut canvas, &messages_title(language, line, most, times, with_most), &[below]) + 44.0;
    let bottom = top + row_px * rows.len() as f64;
    let axis = wait_axis(MARGIN_PX + NAME_PX, PAGE_PX - MARGIN_PX - COUNT_PX, rows.iter().map(|row| &row.wait));
    axis.rules(&mut canvas, top, bottom);
    for (i, row) in rows.iter().enumerate() {
        let (y, end) = (top + row_px * i as f64, top + row_px * (i as f64 + 1.0));
        let middle = f64::midpoint(y, end);
        canvas.text((MARGIN_PX, middle), &shortened_path(row.file, NAME_PX - 20.0, SMALL), SMALL, Anchor::Start);
        let x1 = axis.x(row.wait.length_s());
        canvas.path(vec![(axis.left(), middle), (x1, middle)], INK, 2);
        let (block_top, block_bottom) = (y + row_px * 0.14, end - row_px * 0.14);
        for play in row.call.plays.iter().filter(|play| play.group.is_voice()) {
            if play.interval.start() < row.wait.end_s {
                marks.draw(&mut canvas, &axis, play, row.wait.zero_s, (block_top, block_bottom));
            }
        }
        if row.wait.person {
            canvas.rect(
                (x1, block_top),
                ((x1 + 18.0).min(axis.right() + 12.0), block_bottom),
                look(Part::Sound(Label::Human)).fill,
            );
        }
        let face = if row.again > 0 { STRONG } else { SMALL };
        canvas.text((axis.right() + 24.0, middle), &messages_row(language, row.plays, row.again), face, Anchor::Start);
    }
    let y = axis.draw(&mut canvas, bottom + 6.0, word(language, Word::AxisFromRing));
    let y = marks.legend(&mut canvas, y + 10.0, language, true);
    let person = rows.iter().any(|row| row.wait.person).then_some(Part::Sound(Label::Human));
    let y = if person.is_some() {
        legend(&mut canvas, y + 24.0, &person.into_iter().collect(), &[], language, |_| None)
    } else {
        y
    };
    Some(canvas.into_svg(y + FOOT_PX))
}
