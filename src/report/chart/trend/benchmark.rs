//! Lines side by side: each a row, each measure a column of points with their intervals.

use super::{
    super::{
        canvas::{Anchor, Canvas},
        layout::{FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, STRONG, heading, shortened, wrapped},
        palette::{ACCENT, INK, PAPER, RULE, SOFT_INK},
    },
    scale::Scale,
};
use crate::{
    report::words::{self, Language, trend as said},
    trend::{
        LineTrend, Trend,
        samples::{Level, Measure, Reading},
    },
};

/// Most lines that are drawn, the slowest first.
const MOST_ROWS: usize = 24;
/// Most measures side by side.
const MOST_COLUMNS: usize = 3;
const NAME_PX: f64 = 440.0;
const ROW_PX: f64 = 120.0;
const GAP_PX: f64 = 70.0;
/// An interval may make the scale so much longer than the points need.
const MOST_STRETCH: f64 = 1.6;

/// The page.
pub fn draw(trend: &Trend, language: Language) -> String {
    let mut rows: Vec<&LineTrend> = trend.lines.iter().collect();
    rows.sort_by(|a, b| key(&b.whole[0]).total_cmp(&key(&a.whole[0])).then_with(|| a.line.cmp(&b.line)));
    let all = rows.len();
    let apart = apart(&rows).map(|(a, b)| (trend.short_name(&a.line), trend.short_name(&b.line)));
    let apart = apart.as_ref().map(|(a, b)| (a.as_str(), b.as_str()));
    rows.truncate(MOST_ROWS);
    let mut canvas = Canvas::new(PAGE_PX);
    let title = said::benchmark_title(language, apart, all);
    let top = heading(&mut canvas, &title, &[said::benchmark_below(language, rows.len(), all)]) + 20.0;
    let measures = &trend.measures[..trend.measures.len().min(MOST_COLUMNS)];
    let room = PAGE_PX - 2.0 * MARGIN_PX - NAME_PX;
    let width = room / measures.len() as f64 - GAP_PX;
    let headings: Vec<Vec<String>> =
        measures.iter().map(|measure| wrapped(&said::measure(language, measure), width + 30.0, STRONG)).collect();
    let lines = headings.iter().map(Vec::len).max().unwrap_or(1);
    let first = top + 36.0 * lines as f64 + 24.0;
    let bottom = first + ROW_PX * rows.len() as f64;
    for (i, row) in rows.iter().enumerate() {
        let y = first + ROW_PX * i as f64;
        canvas.path(vec![(MARGIN_PX, y), (PAGE_PX - MARGIN_PX, y)], RULE, 1);
        let name = shortened(&row.line.name, NAME_PX - 24.0, STRONG);
        canvas.text((MARGIN_PX, y + 34.0), &name, STRONG, Anchor::Start);
        let mut below = y + 66.0;
        if trend.has_clients() && !row.line.client.is_empty() {
            let client = shortened(&row.line.client, NAME_PX - 24.0, SMALL);
            canvas.text((MARGIN_PX, below), &client, SMALL, Anchor::Start);
            below += 31.0;
        }
        canvas.text((MARGIN_PX, below), &words::calls(language, row.calls), SMALL, Anchor::Start);
    }
    for (i, (measure, heading)) in measures.iter().zip(&headings).enumerate() {
        let left = MARGIN_PX + NAME_PX + (width + GAP_PX) * i as f64 + GAP_PX / 2.0;
        for (j, text) in heading.iter().enumerate() {
            canvas.text((left, top + 20.0 + 36.0 * j as f64), text, STRONG, Anchor::Start);
        }
        let column = Column {
            measure,
            left,
            width,
            language,
            scale: scale(&rows, i, measure, if measures.len() > 2 { 2 } else { 4 }),
        };
        column.draw(&mut canvas, (first, bottom), rows.iter().map(|row| &row.whole[i]));
    }
    canvas.into_svg(bottom + 62.0 + FOOT_PX)
}

/// Slow lines first, those beyond every wait before all, those of which nothing is known last.
fn key(reading: &Reading) -> f64 {
    match reading.level {
        Level::Known(range) => range.value,
        Level::Beyond(longest_s) => 1e9 + longest_s,
        Level::Unknown => -1.0,
    }
}

/// The slowest and the quickest line whose intervals lie apart.
fn apart<'a>(rows: &[&'a LineTrend]) -> Option<(&'a LineTrend, &'a LineTrend)> {
    let ends = |line: &&LineTrend| match line.whole[0].level {
        Level::Known(range) => Some((range.low?, range.high)),
        _ => None,
    };
    let known: Vec<_> = rows.iter().filter_map(|line| Some((*line, ends(line)?))).collect();
    let (slow, (low, _)) = known.first()?;
    let (quick, (_, high)) = known.last()?;
    (high.is_some_and(|high| high < *low)).then_some((*slow, *quick))
}

struct Column<'a> {
    measure: &'a Measure,
    left: f64,
    width: f64,
    language: Language,
    scale: Scale,
}

impl Column<'_> {
    fn draw<'r>(&self, canvas: &mut Canvas, (first, bottom): (f64, f64), rows: impl Iterator<Item = &'r Reading>) {
        let x = |value: f64| self.left + self.width * self.scale.place(value);
        for tick in self.scale.ticks() {
            canvas.path(vec![(x(tick), first), (x(tick), bottom)], RULE, 1);
            let label = said::value(self.language, self.measure, tick);
            canvas.text((x(tick), bottom + 30.0), &label, SMALL, Anchor::Middle);
        }
        canvas.path(vec![(self.left, bottom), (self.left + self.width, bottom)], INK, 2);
        for (i, reading) in rows.enumerate() {
            let y = first + ROW_PX * i as f64;
            let (text_y, mark_y) = (y + 38.0, y + 80.0);
            let text = match reading.level {
                Level::Unknown => [said::reading(self.language, self.measure, reading), String::new()],
                _ => [
                    said::level(self.language, self.measure, reading),
                    said::interval(self.language, self.measure, reading),
                ],
            };
            let text = text.join(" ");
            let text = shortened(text.trim_end(), self.width + GAP_PX - 16.0, SMALL);
            let half = super::super::canvas::text_width(&text, SMALL) / 2.0;
            let (least, most) = (self.left + half, (self.left + self.width + 30.0 - half).max(self.left + half));
            let at = match reading.level {
                Level::Known(range) => x(range.value),
                Level::Beyond(longest_s) => x(longest_s),
                Level::Unknown => self.left + half,
            };
            let text_x = at.clamp(least, most);
            canvas.rect((text_x - half - 4.0, text_y - 16.0), (text_x + half + 4.0, text_y + 16.0), PAPER);
            canvas.text((text_x, text_y), &text, SMALL, Anchor::Middle);
            match reading.level {
                Level::Unknown => {}
                Level::Beyond(longest_s) => {
                    let at = x(longest_s);
                    canvas.area(vec![(at - 12.0, mark_y - 13.0), (at - 12.0, mark_y + 13.0), (at + 14.0, mark_y)], INK);
                }
                Level::Known(range) => {
                    if range.low.is_some() || range.high.is_some() {
                        let end = self.left + self.width;
                        let (low, high) = (range.low.map_or(self.left, x), range.high.map_or(end, x));
                        canvas.path(vec![(low, mark_y), (high, mark_y)], SOFT_INK, 5);
                        for (x, closed) in [(low, range.low.is_some()), (high, range.high.is_some())] {
                            if closed {
                                canvas.path(vec![(x, mark_y - 11.0), (x, mark_y + 11.0)], SOFT_INK, 4);
                            }
                        }
                        if range.high.is_none_or(|high| self.scale.is_beyond(high)) {
                            let tip = vec![(end, mark_y - 12.0), (end, mark_y + 12.0), (end + 16.0, mark_y)];
                            canvas.area(tip, SOFT_INK);
                        }
                    }
                    canvas.disc((x(range.value), mark_y), 10.0, ACCENT);
                    if reading.is_of_few() {
                        canvas.disc((x(range.value), mark_y), 6.0, PAPER);
                    }
                }
            }
        }
    }
}

fn scale(rows: &[&LineTrend], place: usize, measure: &Measure, steps: usize) -> Scale {
    let levels = || rows.iter().map(|row| row.whole[place].level);
    let value = |level| match level {
        Level::Known(range) => Some(range.value),
        Level::Beyond(longest_s) => Some(longest_s),
        Level::Unknown => None,
    };
    let most = levels().filter_map(value).fold(0.0, f64::max);
    let least = levels().filter_map(value).fold(0.0, f64::min);
    let ends = levels().filter_map(|level| if let Level::Known(range) = level { range.high } else { None });
    Scale::new(measure, least, ends.fold(most, f64::max).min(most * MOST_STRETCH), steps)
}
