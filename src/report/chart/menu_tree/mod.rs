//! A menu as a tree: set in by level, the keys on the ways, the seconds at the ends, the ways to a person thick.
//!
//! One node a row, so that names stay as long as they are and a menu of sixty nodes prints on portrait pages. A node that
//! several ways lead to is drawn once, with a number that the others refer to.

mod rows;

use std::ops::Range;

use rows::{End, Row, Rows};

use super::{
    canvas::{Anchor, Canvas, Type, text_width},
    layout::{FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, STRONG, TITLE, heading, shortened, wrapped},
    palette::{ACCENT, INK, PAPER, Rgb, SOFT_INK},
};
use crate::{
    menu::{
        analysis::Analysis,
        graph::{EdgeIndex, NodeKind},
        traffic::Traffic,
    },
    report::words::{
        self, Language,
        menu_tree::{TreeWord, continued, kind, left_out, too_many, tree_title, tree_word, walked},
    },
};

/// More nodes than these are no picture any more.
pub const MAX_NODES: usize = 400;
/// More rows than these on one page print too small: a portrait A4 of this width is 2260 px high.
const PAGE_HIGH_PX: f64 = 2200.0;
/// Up to so many rows there is room for the words.
const MAX_ROWS_WITH_WORDS: usize = 30;
/// How far a level is set in.
const INDENT_PX: f64 = 64.0;
/// Deeper levels are not set in any further.
const MAX_DEPTH: usize = 11;
/// From the left edge of a row to the line that its children hang from.
const SPINE_PX: f64 = 26.0;
/// The column of times at the right.
const TIMES_PX: f64 = 250.0;
const ROW_PX: f64 = 56.0;
const ROW_WITH_WORDS_PX: f64 = 86.0;
/// What the heading and the legend take at most.
const HEAD_PX: f64 = 420.0;
const BOX_PX: f64 = 42.0;
/// Across a number's disc.
const DISC_PX: f64 = 30.0;
const THICK: u32 = 7;
const THIN: u32 = 2;
/// A way that every call took.
const THICKEST: u32 = 14;
/// The ground of what only speaks.
const SPOKEN: Rgb = Rgb(0xE9, 0xE9, 0xE9);
const WORDS: Type = Type { size_px: 22.0, bold: false, colour: SOFT_INK };

/// Why a menu has no tree: too many nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// How many it has.
    pub nodes: usize,
}

impl TooMany {
    /// As a sentence with what helps.
    pub fn message(self, language: Language) -> String {
        too_many(language, self.nodes, MAX_NODES)
    }
}

/// The tree of the menu that `analysis` is of, as pages; with `traffic`, the calls on it: how many took each way, and the
/// mean seconds that they spent before it.
///
/// # Errors
/// Where it has more than [`MAX_NODES`] nodes.
pub fn menu_tree(
    analysis: &Analysis<'_>,
    traffic: Option<&Traffic>,
    language: Language,
) -> Result<Vec<String>, TooMany> {
    let nodes = analysis.flow.nodes.len();
    if nodes > MAX_NODES {
        return Err(TooMany { nodes });
    }
    let rows = Rows::new(analysis, language);
    let with_words = rows.rows.len() <= MAX_ROWS_WITH_WORDS;
    let high = |row: &Row| if with_words && !row.says.is_empty() { ROW_WITH_WORDS_PX } else { ROW_PX };
    let mut pages = vec![];
    let (mut from, mut used) = (0, 0.0);
    for (i, row) in rows.rows.iter().enumerate() {
        if used + high(row) > PAGE_HIGH_PX - HEAD_PX {
            pages.push(from..i);
            (from, used) = (i, 0.0);
        }
        used += high(row);
    }
    pages.push(from..rows.rows.len());
    let tops = rows.rows.iter().scan(0.0, |sum: &mut f64, row| {
        let top = *sum;
        *sum += high(row);
        Some(top)
    });
    let mut tops: Vec<f64> = tops.collect();
    tops.push(rows.rows.iter().map(high).sum());
    let tree = Tree { analysis, traffic, language, rows: &rows, tops, with_words };
    Ok((0..pages.len()).map(|page| tree.page(page, &pages)).collect())
}

struct Tree<'a> {
    analysis: &'a Analysis<'a>,
    traffic: Option<&'a Traffic>,
    language: Language,
    rows: &'a Rows,
    /// Where each row starts, and the last one ends, as if all were on one page.
    tops: Vec<f64>,
    with_words: bool,
}

impl Tree<'_> {
    fn page(&self, page: usize, pages: &[Range<usize>]) -> String {
        let shown = pages[page].clone();
        let language = self.language;
        let mut canvas = Canvas::new(PAGE_PX);
        let title = tree_title(language, &self.analysis.flow.name, page + 1, pages.len());
        let mut below = vec![];
        if page == 0 {
            let word = |word| tree_word(language, word).to_owned();
            let mut about = vec![];
            about.extend(self.rows.estimated.then(|| word(TreeWord::Estimated)));
            about.extend(self.rows.unknown.then(|| word(TreeWord::SomeUnknown)));
            about.extend(self.traffic.map(|traffic| walked(language, traffic.calls)));
            about.extend((self.rows.left_out > 0).then(|| left_out(language, self.rows.left_out)));
            about.extend(self.rows.rows.is_empty().then(|| word(TreeWord::Nothing)));
            below.push(about.join(" "));
        } else if let Some(row) = self.rows.rows.get(shown.start) {
            let names = self.above(row);
            if !names.is_empty() {
                below.push(continued(language, &names));
            }
        }
        let title = wrapped(&title, PAGE_PX - 2.0 * MARGIN_PX, TITLE).into_iter().take(2).collect::<Vec<_>>().join(" ");
        let mut top = heading(&mut canvas, &title, &below) + 14.0;
        if page == 0 && !self.rows.rows.is_empty() {
            top = self.legend(&mut canvas, top);
        }
        if !self.rows.rows.is_empty() {
            let over = if self.traffic.is_some() { TreeWord::Calls } else { TreeWord::Arrival };
            canvas.text((PAGE_PX - MARGIN_PX, top + 14.0), tree_word(language, over), SMALL, Anchor::End);
            top += 40.0;
        }
        let y = |row: usize| top + self.tops[row] - self.tops[shown.start];
        self.lines(&mut canvas, shown.clone(), top, &y);
        for row in shown.clone() {
            self.row(&mut canvas, &self.rows.rows[row], y(row) + ROW_PX / 2.0);
        }
        canvas.into_svg(y(shown.end) + FOOT_PX)
    }

    /// The names of the nodes above `row`, from the root on.
    fn above(&self, row: &Row) -> Vec<String> {
        let mut names = vec![];
        let mut at = row.parent;
        while let Some(row) = at.map(|at| &self.rows.rows[at]) {
            if let End::Node(node) = row.end {
                let node = self.analysis.flow.node(node);
                names.push(shortened(node.title.as_ref().unwrap_or(&node.id), 300.0, SMALL));
            }
            at = row.parent;
        }
        names.reverse();
        names
    }

    fn left(row: &Row) -> f64 {
        MARGIN_PX + row.depth.min(MAX_DEPTH) as f64 * INDENT_PX
    }

    /// The lines from each row to the rows under it, thin ones first so that thick ones are whole.
    fn lines(&self, canvas: &mut Canvas, shown: Range<usize>, top: f64, y: &impl Fn(usize) -> f64) {
        let half = BOX_PX / 2.0;
        let widths: Vec<u32> = self.rows.rows.iter().map(|row| self.width(row)).collect();
        for width in THIN..=THICKEST {
            for (i, row) in self.rows.rows.iter().enumerate().filter(|(i, _)| widths[*i] == width) {
                let Some(parent) = row.parent.filter(|parent| i >= shown.start && *parent < shown.end) else {
                    continue;
                };
                let x = Self::left(&self.rows.rows[parent]) + SPINE_PX;
                let from = if parent < shown.start { top - 6.0 } else { y(parent) + ROW_PX / 2.0 + half };
                let to = if i < shown.end { y(i) + ROW_PX / 2.0 } else { y(shown.end) };
                let colour = if width > THIN { INK } else { SOFT_INK };
                let in_line = row.depth == self.rows.rows[parent].depth;
                // a step that simply follows hangs straight below
                let to = if in_line && i < shown.end { to - half } else { to };
                canvas.path(vec![(x, from), (x, to)], colour, width);
                if i < shown.end && !in_line {
                    let end = Self::left(row);
                    if self.is_unused(row) {
                        canvas.dashed((x, to), (end, to), colour, width);
                    } else {
                        canvas.path(vec![(x, to), (end, to)], colour, width);
                    }
                }
            }
        }
    }

    /// How thick the way to `row` is drawn: by the calls on it, else by whether it leads to a person.
    fn width(&self, row: &Row) -> u32 {
        match self.traffic {
            Some(traffic) => {
                let share = self.calls(row).map_or(0.0, |(calls, _)| calls as f64 / traffic.calls.max(1) as f64);
                THIN + (share.min(1.0) * f64::from(THICKEST - THIN)).round() as u32
            }
            None if row.to_person => THICK,
            None => THIN,
        }
    }

    /// Whether calls were laid on the tree and none took this way.
    fn is_unused(&self, row: &Row) -> bool {
        self.traffic.is_some() && row.parent.is_some() && self.calls(row).is_none()
    }

    /// How many calls took the way to `row`, and the mean seconds before it.
    fn calls(&self, row: &Row) -> Option<(usize, f64)> {
        let traffic = self.traffic?;
        let taken = row.edges.iter().filter_map(|edge: &EdgeIndex| traffic.of(*edge));
        let (calls, seconds) = taken.fold((0, 0.0), |(calls, s), taken| (calls + taken.calls, s + taken.seconds));
        (calls > 0).then(|| (calls, seconds / calls as f64))
    }

    /// Draws a row whose boxes have their middle at the height `middle`.
    fn row(&self, canvas: &mut Canvas, row: &Row, middle: f64) {
        let (y0, y1) = (middle - BOX_PX / 2.0, middle + BOX_PX / 2.0);
        let left = Self::left(row);
        let right = PAGE_PX - MARGIN_PX - TIMES_PX;
        let mut x = left;
        let bold = Type { bold: true, ..SMALL };
        // the tab: what takes callers here
        let on = cut(&row.on.join(", "), 420.0, bold);
        let spent = row.seconds.filter(|s| *s >= 0.05).map(|s| words::seconds(self.language, s)).unwrap_or_default();
        if !on.is_empty() || !spent.is_empty() {
            let gap = if on.is_empty() || spent.is_empty() { 0.0 } else { 12.0 };
            let wide = text_width(&on, bold) + gap + text_width(&spent, SMALL) + 24.0;
            canvas.rect((x, y0), (x + wide, y1), PAPER);
            canvas.frame((x, y0), (x + wide, y1), INK, 2);
            canvas.text((x + 12.0, middle), &on, bold, Anchor::Start);
            let soft = Type { colour: SOFT_INK, ..SMALL };
            canvas.text((x + wide - 12.0, middle), &spent, soft, Anchor::End);
            x += wide;
        }
        let room = right - x - 12.0;
        self.end(canvas, row, (x, y0, y1), room);
        if self.with_words && !row.says.is_empty() {
            let from = left + SPINE_PX + 22.0;
            canvas.text((from, y1 + 18.0), &cut(&row.says, right - from, WORDS), WORDS, Anchor::Start);
        }
        let at = PAGE_PX - MARGIN_PX;
        if self.traffic.is_some() {
            if let Some((calls, mean)) = self.calls(row) {
                let text = format!("{calls}×  {}", words::seconds(self.language, mean));
                canvas.text((at, middle), &text, STRONG, Anchor::End);
            }
        } else if let (Some(arrival), End::Node(_)) = (row.arrival, &row.end) {
            canvas.text((at, middle), &words::seconds(self.language, arrival), STRONG, Anchor::End);
        }
    }

    /// What stands at the end of a row.
    fn end(&self, canvas: &mut Canvas, row: &Row, (x, y0, y1): (f64, f64, f64), room: f64) {
        let middle = f64::midpoint(y0, y1);
        let plain = |canvas: &mut Canvas, text: &str| {
            let face = Type { bold: true, ..SMALL };
            let text = shortened(text, room - 24.0, face);
            let wide = text_width(&text, face) + 24.0;
            canvas.text((x + 12.0, middle), &text, face, Anchor::Start);
            dashed_frame(canvas, (x, y0), (x + wide, y1));
        };
        let node = match &row.end {
            End::Node(node) => self.analysis.flow.node(*node),
            End::Reference { lead, number, name } => return reference(canvas, (x, y0, y1), room, lead, *number, name),
            End::Missing(name) => {
                let text = format!("{name}: {}", tree_word(self.language, TreeWord::Missing));
                return plain(canvas, &text);
            }
        };
        let person = matches!(&row.end, End::Node(n) if self.analysis.ways.person(self.analysis.flow, *n).is_yes());
        let menu = matches!(node.kind, NodeKind::Menu(_));
        let (fill, ink) = match node.kind {
            _ if person => (ACCENT, PAPER),
            NodeKind::Menu(_) => (PAPER, INK),
            _ => (SPOKEN, INK),
        };
        let what = kind(self.language, &node.kind);
        let kind_face = Type { colour: ink, ..SMALL };
        let name_face = Type { bold: true, ..kind_face };
        let name = match &node.kind {
            NodeKind::Hangup { .. } => "",
            _ => node.title.as_ref().unwrap_or(&node.id),
        };
        let kind_px = text_width(what, kind_face);
        let disc_px = row.number.map_or(0.0, |_| DISC_PX + 8.0);
        let name = shortened(name, (room - kind_px - disc_px - 40.0).max(60.0), name_face);
        let gap = if name.is_empty() { 0.0 } else { 12.0 };
        let wide = 12.0 + disc_px + kind_px + gap + text_width(&name, name_face) + 14.0;
        canvas.rect((x, y0), (x + wide, y1), fill);
        canvas.frame((x, y0), (x + wide, y1), INK, if menu { 5 } else { 2 });
        if let Some(number) = row.number {
            disc(canvas, (x + 12.0 + DISC_PX / 2.0, middle), number, ink, fill);
        }
        let from = x + 12.0 + disc_px;
        canvas.text((from, middle), what, kind_face, Anchor::Start);
        canvas.text((from + kind_px + gap, middle), &name, name_face, Anchor::Start);
    }

    /// What the lines and boxes mean; returns where it ends.
    fn legend(&self, canvas: &mut Canvas, y: f64) -> f64 {
        let (mut x, middle) = (MARGIN_PX, y + 22.0);
        let (y0, y1) = (middle - 17.0, middle + 17.0);
        let mut signs = match self.traffic {
            None => vec![(TreeWord::ToPerson, 0), (TreeWord::Elsewhere, 1)],
            Some(_) => vec![(TreeWord::MoreCalls, 0)],
        };
        signs.extend([(TreeWord::Person, 2), (TreeWord::Menu, 3)]);
        if self.rows.rows.iter().any(|row| matches!(row.end, End::Reference { .. })) {
            signs.push((TreeWord::Reference, 4));
        }
        if self.rows.rows.iter().any(|row| self.is_unused(row)) {
            signs.push((TreeWord::NeverTaken, 5));
        }
        let (mut line_y, mut bottom) = (0.0, y1);
        for (word, sign) in signs {
            let name = tree_word(self.language, word);
            let wide = 48.0 + 12.0 + text_width(name, SMALL);
            if x + wide > PAGE_PX - MARGIN_PX {
                (x, line_y) = (MARGIN_PX, line_y + 46.0);
            }
            let (from, to) = ((x, y0 + line_y), (x + 48.0, y1 + line_y));
            let at = middle + line_y;
            match sign {
                0 => canvas.path(vec![(x, at), (x + 48.0, at)], INK, THICK),
                1 => canvas.path(vec![(x, at), (x + 48.0, at)], SOFT_INK, THIN),
                2 => canvas.rect(from, to, ACCENT),
                3 => canvas.frame(from, to, INK, 5),
                4 => dashed_frame(canvas, from, to),
                _ => canvas.dashed((x, at), (x + 48.0, at), SOFT_INK, THIN),
            }
            canvas.text((x + 60.0, at), name, SMALL, Anchor::Start);
            x += wide + 34.0;
            bottom = y1 + line_y;
        }
        bottom + 12.0
    }
}

/// A node's number on a disc.
fn disc(canvas: &mut Canvas, (x, y): (f64, f64), number: usize, fill: Rgb, ink: Rgb) {
    canvas.disc((x, y), DISC_PX / 2.0, fill);
    let size_px = if number < 100 { 20.0 } else { 15.0 };
    canvas.text((x, y), &number.to_string(), Type { size_px, bold: true, colour: ink }, Anchor::Middle);
}

/// A box for a node that is drawn elsewhere.
fn reference(
    canvas: &mut Canvas,
    (x, y0, y1): (f64, f64, f64),
    room: f64,
    lead: &str,
    number: Option<usize>,
    name: &str,
) {
    let middle = f64::midpoint(y0, y1);
    let lead_px = text_width(lead, SMALL);
    let disc_px = number.map_or(0.0, |_| DISC_PX + 16.0);
    let name = shortened(name, (room - lead_px - disc_px - 24.0).max(0.0), SMALL);
    canvas.text((x + 12.0, middle), lead, SMALL, Anchor::Start);
    if let Some(number) = number {
        disc(canvas, (x + 12.0 + lead_px + 8.0 + DISC_PX / 2.0, middle), number, INK, PAPER);
    }
    if !name.is_empty() {
        canvas.text((x + 12.0 + lead_px + disc_px, middle), &name, SMALL, Anchor::Start);
    }
    let wide = 24.0 + lead_px + disc_px + text_width(&name, SMALL);
    dashed_frame(canvas, (x, y0), (x + wide, y1));
}

/// The outline of a box that stands for another.
fn dashed_frame(canvas: &mut Canvas, (x0, y0): (f64, f64), (x1, y1): (f64, f64)) {
    for (from, to) in [((x0, y0), (x1, y0)), ((x1, y0), (x1, y1)), ((x0, y1), (x1, y1)), ((x0, y0), (x0, y1))] {
        canvas.dashed(from, to, SOFT_INK, 2);
    }
}

/// A sentence that fits `width` pixels: too long a one loses its end.
fn cut(text: &str, width: f64, face: Type) -> String {
    let lines = wrapped(text, width - text_width(" …", face), face);
    match lines.len() {
        0 => String::new(),
        1 => lines[0].clone(),
        _ => format!("{} …", lines[0]),
    }
}
