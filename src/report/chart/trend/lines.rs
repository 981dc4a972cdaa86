//! A measure over the periods: a panel a line, all on the same scales.

use super::{
    super::{
        canvas::{Anchor, Canvas, Type, text_width},
        layout::{FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, STRONG, Sign, heading, legend, shortened, wrapped},
        palette::{ACCENT, INK, PAPER, RULE, Rgb, SOFT_INK},
    },
    scale::Scale,
};
use crate::{
    report::words::{Language, trend as said},
    trend::{
        LineTrend, Trend,
        samples::{Level, Measure, Reading},
        series::Series,
    },
};

/// Most panels of a page.
const PANELS: usize = 5;
/// Height of a panel's plot.
const PLOT_PX: f64 = 230.0;
/// Room at the right for the median's value.
const RIGHT_PX: f64 = 110.0;
/// A point needs so much more than the number of calls that it rests on.
const AIR_PX: f64 = 12.0;
/// Whiskers may make the scale so much longer than the points need.
const MOST_STRETCH: f64 = 1.6;
/// Behind a run that is too long.
const RUN: Rgb = Rgb(0xFB, 0xE6, 0xC8);
/// How far an interval without an end is drawn.
const OPEN_PX: f64 = 42.0;
const RADIUS_PX: f64 = 10.0;

/// The pages of the measure at that place.
pub fn draw(trend: &Trend, measure: usize, language: Language) -> Vec<String> {
    let what = &trend.measures[measure];
    if trend.lines.iter().all(|line| line.whole[measure].level == Level::Unknown) {
        let mut canvas = Canvas::new(PAGE_PX);
        let below =
            [said::measured_how(language, what), said::why_empty(language, &trend.lines[0].whole[measure], None)];
        let y = heading(&mut canvas, &said::unmeasured_title(language, what), &below);
        return vec![canvas.into_svg(y + FOOT_PX)];
    }
    let pages = trend.lines.chunks(PANELS);
    let count = pages.len();
    let names = |holds: fn(&Series) -> bool| -> Vec<String> {
        let lines = trend.lines.iter().filter(|line| holds(&line.series[measure]));
        lines.map(|line| trend.short_name(&line.line)).collect()
    };
    let moved = said::Moved {
        shifted: names(Series::shifted),
        stand_out: names(|series| !series.shifted() && !series.outside().is_empty()),
        told: !names(|series| series.can_tell() || series.is_constant()).is_empty(),
    };
    let title = said::trend_title(language, what, &moved);
    let page = |(i, lines): (usize, &[LineTrend])| {
        let plot = Plot::new(trend, measure, what, language);
        let drawn = said::drawn(language, i + 1, count, trend.period, plot.periods(), trend.starts.len());
        plot.page(lines, &title, &[said::measured_how(language, what), drawn])
    };
    pages.enumerate().map(page).collect()
}

/// What the panels share.
struct Plot<'a> {
    trend: &'a Trend,
    measure: usize,
    what: &'a Measure,
    language: Language,
    scale: Scale,
    /// The first period that is drawn.
    first: usize,
    left: f64,
    right: f64,
}

impl<'a> Plot<'a> {
    fn new(trend: &'a Trend, measure: usize, what: &'a Measure, language: Language) -> Self {
        let all = || trend.lines.iter().flat_map(|line| &line.series[measure].points);
        let widest = all().map(|point| text_width(&point.n.to_string(), SMALL)).fold(0.0, f64::max);
        let scale = scale(trend, measure, what);
        let labels = scale.ticks().into_iter().map(|tick| text_width(&said::value(language, what, tick), SMALL));
        let label = labels.fold(text_width(said::n_label(language), SMALL), f64::max);
        let (left, right) = (MARGIN_PX + label + 24.0, PAGE_PX - MARGIN_PX - RIGHT_PX);
        // three letters of a month have to fit as well, at least every other time
        let narrow = (widest + AIR_PX).max(34.0);
        let most = ((right - left) / narrow).floor().max(1.0) as usize;
        Self { trend, measure, what, language, scale, first: trend.starts.len().saturating_sub(most), left, right }
    }

    fn periods(&self) -> usize {
        self.trend.starts.len() - self.first
    }

    fn step(&self) -> f64 {
        ((self.right - self.left) / self.periods() as f64).min(160.0)
    }

    fn x(&self, place: usize) -> f64 {
        self.left + (place as f64 - self.first as f64 + 0.5) * self.step()
    }

    fn page(&self, lines: &[LineTrend], title: &str, below: &[String]) -> String {
        let mut canvas = Canvas::new(PAGE_PX);
        let mut y = heading(&mut canvas, title, below) + 10.0;
        let mut signs = Signs::default();
        for line in lines {
            y = self.panel(&mut canvas, y, line, &mut signs);
        }
        y = self.dates(&mut canvas, y);
        let y = legend(&mut canvas, y + 24.0, &Default::default(), &signs.used(self.language), self.language, |_| None);
        canvas.into_svg(y + FOOT_PX)
    }

    /// Draws a line's panel from `top`; returns where it ends.
    fn panel(&self, canvas: &mut Canvas, top: f64, line: &LineTrend, signs: &mut Signs) -> f64 {
        let series = &line.series[self.measure];
        let name = shortened(&self.trend.name(&line.line), PAGE_PX - 2.0 * MARGIN_PX, STRONG);
        let mut y = top + 30.0;
        canvas.text((MARGIN_PX, y), &name, STRONG, Anchor::Start);
        let beside = MARGIN_PX + text_width(&name, STRONG) + 28.0;
        let verdict = said::verdict(self.language, self.trend, series);
        let room = PAGE_PX - MARGIN_PX - beside;
        if text_width(&verdict, SMALL) <= room {
            canvas.text((beside, y), &verdict, SMALL, Anchor::Start);
        } else {
            for text in wrapped(&verdict, PAGE_PX - 2.0 * MARGIN_PX, SMALL) {
                y += 34.0;
                canvas.text((MARGIN_PX, y), &text, SMALL, Anchor::Start);
            }
        }
        let plot_top = y + 34.0;
        let bottom = plot_top + PLOT_PX;
        let height = |value: f64| bottom - PLOT_PX * self.scale.place(value);
        self.run(canvas, series, (plot_top, bottom), signs);
        for tick in self.scale.ticks() {
            let end = self.x(self.trend.starts.len() - 1) + self.step() / 2.0;
            canvas.path(vec![(self.left, height(tick)), (end, height(tick))], RULE, 1);
            let label = said::value(self.language, self.what, tick);
            canvas.text((self.left - 14.0, height(tick)), &label, SMALL, Anchor::End);
        }
        self.bounds(canvas, series, &height, signs);
        let mut before: Option<(f64, f64)> = None;
        for place in self.first..series.points.len() {
            let point = &series.points[place];
            let at = point.value().map(|value| (self.x(place), height(value)));
            if let (Some(from), Some(to)) = (before, at) {
                canvas.path(vec![from, to], ACCENT, 4);
            }
            before = at;
        }
        for place in self.first..series.points.len() {
            self.point(canvas, series, place, &height, signs);
        }
        canvas.text((self.left - 14.0, bottom + 34.0), said::n_label(self.language), SMALL, Anchor::End);
        for place in self.first..series.points.len() {
            let n = series.points[place].n;
            canvas.text((self.x(place), bottom + 34.0), &n.to_string(), SMALL, Anchor::Middle);
        }
        bottom + 66.0
    }

    /// The shade behind a run that is too long.
    fn run(&self, canvas: &mut Canvas, series: &Series, (top, bottom): (f64, f64), signs: &mut Signs) {
        let Some(runs) = series.runs.filter(|runs| runs.shift() && runs.longest_at.1 >= self.first) else { return };
        let (first, last) = (runs.longest_at.0.max(self.first), runs.longest_at.1);
        let (from, to) = (self.x(first) - self.step() / 2.0, self.x(last) + self.step() / 2.0);
        canvas.rect((from, top - 8.0), (to, bottom), RUN);
        let edge = if runs.longest_above { top - 8.0 } else { bottom };
        canvas.path(vec![(from, edge), (to, edge)], INK, 6);
        signs.run = true;
    }

    /// The median and the limits.
    fn bounds(&self, canvas: &mut Canvas, series: &Series, height: &impl Fn(f64) -> f64, signs: &mut Signs) {
        let half = self.step() / 2.0;
        let end = self.x(self.trend.starts.len() - 1) + half;
        if let Some(median) = series.median {
            let y = height(median);
            canvas.dashed((self.left, y), (end, y), INK, 2);
            canvas.text((end + 12.0, y), &said::value(self.language, self.what, median), SMALL, Anchor::Start);
            signs.median = true;
        }
        if let Measure::Norm(norm) = self.what {
            let (y, median) = (height(norm.share), series.median.map(height));
            canvas.path(vec![(self.left, y), (end, y)], ACCENT, 3);
            let beside = median.filter(|median| (median - y).abs() < 30.0);
            let label_y = beside.map_or(y, |median| if median < y { median + 30.0 } else { median - 30.0 });
            let label = said::value(self.language, self.what, norm.share);
            canvas.text((end + 12.0, label_y), &label, Type { bold: true, ..SMALL }, Anchor::Start);
            signs.norm = true;
        }
        for place in self.first..series.points.len() {
            let Some(limits) = series.limits[place] else { continue };
            for limit in [limits.lower, limits.upper] {
                let excludes = limit > self.scale.low() && !(self.what.is_share_of_calls() && limit >= 1.0);
                if excludes && !self.scale.is_beyond(limit) {
                    let y = height(limit);
                    canvas.path(vec![(self.x(place) - half, y), (self.x(place) + half, y)], SOFT_INK, 2);
                    signs.limits = true;
                }
            }
        }
    }

    fn point(
        &self,
        canvas: &mut Canvas,
        series: &Series,
        place: usize,
        height: &impl Fn(f64) -> f64,
        signs: &mut Signs,
    ) {
        let (point, x) = (&series.points[place], self.x(place));
        match point.level {
            Level::Unknown => {}
            Level::Beyond(longest_s) => {
                beyond_sign(canvas, (x, height(longest_s)));
                signs.beyond = true;
            }
            Level::Known(range) => {
                let y = height(range.value);
                if !point.is_of_few() && (range.low.is_some() || range.high.is_some()) {
                    let low = range.low.map_or(y, height);
                    let open = range.high.is_none_or(|high| self.scale.is_beyond(high));
                    let high = if open { (y - OPEN_PX).max(height(f64::MAX)) } else { range.high.map_or(y, height) };
                    canvas.path(vec![(x, low), (x, high)], SOFT_INK, 3);
                    if open {
                        canvas.area(vec![(x - 8.0, high + 6.0), (x + 8.0, high + 6.0), (x, high - 8.0)], SOFT_INK);
                    }
                    signs.interval = true;
                }
                if point.is_of_few() {
                    few_sign(canvas, (x, y));
                    signs.few = true;
                } else {
                    many_sign(canvas, (x, y));
                    signs.many = true;
                }
                if series.stands_out(place) {
                    outside_frame(canvas, (x, y));
                    signs.outside = true;
                }
            }
        }
    }

    /// The names of the periods under the last panel, and the years under these; returns where they end.
    fn dates(&self, canvas: &mut Canvas, top: f64) -> f64 {
        let starts = &self.trend.starts;
        let label = |place: usize| said::tick(self.language, self.trend.period, starts[place]);
        let widest = (self.first..starts.len()).map(|i| text_width(&label(i), SMALL)).fold(0.0, f64::max);
        let every = ((widest + AIR_PX) / self.step()).ceil().max(1.0) as usize;
        let mut year = None;
        let mut free_from = 0.0;
        for (place, &start) in starts.iter().enumerate().skip(self.first) {
            if (place - self.first).is_multiple_of(every) {
                canvas.text((self.x(place), top + 12.0), &label(place), SMALL, Anchor::Middle);
            }
            let new = said::year(self.trend.period, start);
            if year != Some(new) && self.x(place) >= free_from {
                let text = new.to_string();
                canvas.text((self.x(place), top + 44.0), &text, SMALL, Anchor::Middle);
                free_from = self.x(place) + text_width(&text, SMALL) + AIR_PX;
                year = Some(new);
            }
        }
        top + 66.0
    }
}

/// The scale of all panels: every point, and whiskers and limits as far as they leave the points room.
fn scale(trend: &Trend, measure: usize, what: &Measure) -> Scale {
    let series = || trend.lines.iter().map(|line| &line.series[measure]);
    let points = || series().flat_map(|series| &series.points);
    let level = |point: &Reading| match point.level {
        Level::Known(range) => Some(range.value),
        Level::Beyond(longest_s) => Some(longest_s),
        Level::Unknown => None,
    };
    let most = points().filter_map(level).fold(0.0, f64::max);
    let least = points().filter_map(level).fold(0.0, f64::min);
    let whiskers = points().filter(|point| !point.is_of_few()).filter_map(|point| match point.level {
        Level::Known(range) => range.high,
        _ => None,
    });
    let limits = series().flat_map(|series| series.limits.iter().flatten().map(|limits| limits.upper));
    let stretched = whiskers.chain(limits).fold(most, f64::max).min(most * MOST_STRETCH);
    Scale::new(what, least, stretched, 4)
}

/// Which signs of the legend occur.
#[derive(Default)]
struct Signs {
    many: bool,
    few: bool,
    beyond: bool,
    interval: bool,
    median: bool,
    limits: bool,
    norm: bool,
    run: bool,
    outside: bool,
}

impl Signs {
    fn used(&self, language: Language) -> Vec<Sign> {
        type Draw = fn(&mut Canvas, (f64, f64));
        let draws: [(bool, Draw); 9] = [
            (self.many, many_sign),
            (self.few, few_sign),
            (self.beyond, beyond_sign),
            (self.interval, interval_sign),
            (self.median, median_sign),
            (self.limits, limit_sign),
            (self.norm, norm_sign),
            (self.run, run_sign),
            (self.outside, outside_sign),
        ];
        let named = draws.into_iter().zip(said::trend_signs(language));
        named.filter(|((used, _), _)| *used).map(|((_, draw), name)| (draw, name)).collect()
    }
}

fn many_sign(canvas: &mut Canvas, at: (f64, f64)) {
    canvas.disc(at, RADIUS_PX, ACCENT);
}

fn few_sign(canvas: &mut Canvas, at: (f64, f64)) {
    canvas.disc(at, RADIUS_PX, ACCENT);
    canvas.disc(at, RADIUS_PX - 4.0, PAPER);
}

/// A triangle that points up.
fn beyond_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.area(vec![(x - 13.0, y + 12.0), (x + 13.0, y + 12.0), (x, y - 14.0)], INK);
}

fn interval_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.path(vec![(x, y - 17.0), (x, y + 17.0)], SOFT_INK, 3);
}

fn median_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.dashed((x - 29.0, y), (x + 29.0, y), INK, 2);
}

fn limit_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.path(vec![(x - 29.0, y), (x + 29.0, y)], SOFT_INK, 2);
}

fn norm_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.path(vec![(x - 29.0, y), (x + 29.0, y)], ACCENT, 3);
}

fn run_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.rect((x - 29.0, y - 17.0), (x + 29.0, y + 17.0), RUN);
    canvas.path(vec![(x - 29.0, y - 17.0), (x + 29.0, y - 17.0)], INK, 6);
}

fn outside_frame(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.frame((x - 17.0, y - 17.0), (x + 17.0, y + 17.0), INK, 3);
}

fn outside_sign(canvas: &mut Canvas, at: (f64, f64)) {
    many_sign(canvas, at);
    outside_frame(canvas, at);
}
