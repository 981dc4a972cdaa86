//! A line's week: weekdays across, hours down, in each cell the wait and on how many calls it rests.

use super::{
    super::{
        canvas::{Anchor, Canvas, Type, text_width},
        layout::{FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, heading, legend},
        palette::{CLOSED, INK, PAPER, RULE},
    },
    SHADES,
    scale::shade_step_s,
};
use crate::{
    report::words::{Language, trend as said},
    trend::{
        LineTrend, Trend,
        hours::Opening,
        samples::{Level, Measure, Reading},
    },
    units::Seconds,
};

const ROW_PX: f64 = 56.0;
const HOUR_PX: f64 = 92.0;
/// Between the hours and what stands for all of them.
const GAP_PX: f64 = 16.0;
/// The column of all days.
const ALL_DAYS: usize = 7;
/// Long waits are set smaller, down to this.
const LEAST_PX: f64 = 20.0;
/// How much of a cell of few calls is coloured.
const FEW_PX: f64 = 26.0;
const WHITE_ON: usize = 3;

/// The upper left and the lower right corner of a cell.
type Place = ((f64, f64), (f64, f64));

/// The page of a line.
pub fn draw(trend: &Trend, line: &LineTrend, language: Language) -> String {
    let mut canvas = Canvas::new(PAGE_PX);
    let (first, last) = line.heat.span().unwrap_or((9, 17));
    let cells = || (0..7).flat_map(|day| (first..=last).map(move |hour| (day, hour)));
    let readings = || {
        let margins = (0..7).map(|day| line.heat.day(day)).chain((first..=last).map(|hour| line.heat.hour(hour)));
        cells().map(|(day, hour)| &line.heat.cell(day, hour).reading).chain(margins)
    };
    let most = readings().filter_map(wait).fold(0.0, f64::max);
    let told = line.heat.cell(0, 0).open.is_some();
    let slow = line.heat.slow_hour().and_then(|hour| Some((hour, line.heat.hour(hour).value()?)));
    let title = said::heat_title(language, &trend.name(&line.line), slow);
    let top = heading(&mut canvas, &title, &[said::heat_below(language, told)]) + 66.0;
    let grid = Grid { top, first, column: (PAGE_PX - 2.0 * MARGIN_PX - HOUR_PX - GAP_PX) / 8.0 };
    let shade_s = shade_step_s(most);
    let [all_days, all_hours] = said::heat_all(language);
    for day in 0..=ALL_DAYS {
        let x = grid.x(day) + grid.column / 2.0;
        let name = if day == ALL_DAYS { all_days } else { said::weekday(language, day) };
        canvas.text((x, top - 28.0), name, SMALL, Anchor::Middle);
    }
    for hour in first..=last {
        let y = grid.y(hour) + ROW_PX / 2.0;
        canvas.text((MARGIN_PX + HOUR_PX - 20.0, y), &format!("{hour}:00"), SMALL, Anchor::End);
    }
    for (day, hour) in cells() {
        grid.ground(&mut canvas, line, day, hour);
        grid.reading(&mut canvas, grid.cell(day, hour), &line.heat.cell(day, hour).reading, shade_s, language);
    }
    let below = grid.y(last + 1) + GAP_PX;
    canvas.text((MARGIN_PX + HOUR_PX - 20.0, below + ROW_PX / 2.0), all_hours, SMALL, Anchor::End);
    for hour in first..=last {
        grid.reading(&mut canvas, grid.cell(ALL_DAYS, hour), line.heat.hour(hour), shade_s, language);
    }
    for day in 0..7 {
        let place = ((grid.x(day), below), (grid.x(day) + grid.column, below + ROW_PX));
        grid.reading(&mut canvas, place, line.heat.day(day), shade_s, language);
    }
    let place = ((grid.x(ALL_DAYS), below), (grid.x(ALL_DAYS) + grid.column, below + ROW_PX));
    grid.reading(&mut canvas, place, &line.whole[0], shade_s, language);
    if told {
        for (day, hour) in cells() {
            grid.outline(&mut canvas, line, day, hour, last);
        }
    }
    let y = scale_legend(&mut canvas, below + ROW_PX + 36.0, shade_s, most, language);
    let [open, closed] = said::heat_signs(language);
    let signs: Vec<super::super::layout::Sign> =
        if told { vec![(open_sign, open.into()), (closed_sign, closed.into())] } else { vec![] };
    let y = legend(&mut canvas, y + 20.0, &Default::default(), &signs, language, |_| None);
    canvas.into_svg(y + FOOT_PX)
}

/// What a cell's colour stands for.
fn wait(reading: &Reading) -> Option<Seconds> {
    match reading.level {
        Level::Known(range) => Some(range.value),
        Level::Beyond(longest_s) => Some(longest_s),
        Level::Unknown => None,
    }
}

fn shade(wait_s: Seconds, shade_s: Seconds) -> usize {
    ((wait_s / shade_s).floor().max(0.0) as usize).min(SHADES.len() - 1)
}

struct Grid {
    top: f64,
    first: usize,
    column: f64,
}

impl Grid {
    /// The left edge of a day; the column of all days stands apart.
    fn x(&self, day: usize) -> f64 {
        MARGIN_PX + HOUR_PX + self.column * day as f64 + if day == ALL_DAYS { GAP_PX } else { 0.0 }
    }

    fn cell(&self, day: usize, hour: usize) -> Place {
        ((self.x(day), self.y(hour)), (self.x(day) + self.column, self.y(hour + 1)))
    }

    fn y(&self, hour: usize) -> f64 {
        self.top + ROW_PX * (hour - self.first) as f64
    }

    /// Grey where the line is closed; of an hour that it is open in part, the half towards the closed hours.
    fn ground(&self, canvas: &mut Canvas, line: &LineTrend, day: usize, hour: usize) {
        let (from, to) = self.cell(day, hour);
        let open = |hour: usize| line.heat.cell(day, hour).open;
        let middle = f64::midpoint(from.1, to.1);
        match open(hour) {
            Some(Opening::Closed) => canvas.rect(from, to, CLOSED.fill),
            Some(Opening::Partly) if hour > 0 && open(hour - 1) != Some(Opening::Closed) => {
                canvas.rect((from.0, middle), to, CLOSED.fill);
            }
            Some(Opening::Partly) => canvas.rect(from, (to.0, middle), CLOSED.fill),
            _ => {}
        }
        canvas.frame(from, to, RULE, 1);
    }

    fn reading(&self, canvas: &mut Canvas, (from, to): Place, reading: &Reading, shade_s: Seconds, language: Language) {
        if reading.calls == 0 {
            return;
        }
        let (inner, end) = ((from.0 + 5.0, from.1 + 5.0), (to.0 - 5.0, to.1 - 5.0));
        canvas.rect(inner, end, PAPER);
        let mut colour = INK;
        if let Some(wait_s) = wait(reading) {
            let shade = shade(wait_s, shade_s);
            let few = reading.is_of_few();
            let right = if few { inner.0 + FEW_PX } else { end.0 };
            canvas.rect(inner, (right, end.1), SHADES[shade]);
            if !few && shade >= WHITE_ON {
                colour = PAPER;
            }
        }
        canvas.frame(inner, end, INK, 1);
        let text = format!("{} ({})", said::level(language, &Measure::Wait, reading), reading.n);
        let left = if reading.is_of_few() { inner.0 + FEW_PX } else { inner.0 };
        let mut face = Type { colour, ..SMALL };
        while text_width(&text, face) > end.0 - left - 6.0 && face.size_px > LEAST_PX {
            face.size_px -= 1.0;
        }
        canvas.text((f64::midpoint(left, end.0), f64::midpoint(from.1, to.1)), &text, face, Anchor::Middle);
    }

    /// A heavy line where open hours meet closed ones.
    fn outline(&self, canvas: &mut Canvas, line: &LineTrend, day: usize, hour: usize, last: usize) {
        let is_open = |day: usize, hour: usize| {
            day < 7
                && (self.first..=last).contains(&hour)
                && line.heat.cell(day, hour).open.is_some_and(|open| open != Opening::Closed)
        };
        if !is_open(day, hour) {
            return;
        }
        let ((x0, y0), (x1, y1)) = self.cell(day, hour);
        let edges = [
            (hour.checked_sub(1).is_some_and(|before| is_open(day, before)), (x0, y0), (x1, y0)),
            (is_open(day, hour + 1), (x0, y1), (x1, y1)),
            (day.checked_sub(1).is_some_and(|before| is_open(before, hour)), (x0, y0), (x0, y1)),
            (is_open(day + 1, hour), (x1, y0), (x1, y1)),
        ];
        for (goes_on, from, to) in edges {
            if !goes_on {
                canvas.path(vec![from, to], INK, 4);
            }
        }
    }
}

/// The shades with the waits that they stand for; returns where they end.
fn scale_legend(canvas: &mut Canvas, y: f64, shade_s: Seconds, most: Seconds, language: Language) -> f64 {
    const SWATCH_PX: (f64, f64) = (58.0, 34.0);
    if most <= 0.0 {
        return y;
    }
    let used = shade(most, shade_s) + 1;
    let width = (PAGE_PX - 2.0 * MARGIN_PX) / SHADES.len() as f64;
    for (i, &fill) in SHADES.iter().enumerate().take(used) {
        let from = shade_s * i as f64;
        let open_end = i + 1 == SHADES.len() && most >= from + shade_s;
        let x = MARGIN_PX + width * i as f64;
        canvas.rect((x, y), (x + SWATCH_PX.0, y + SWATCH_PX.1), fill);
        canvas.frame((x, y), (x + SWATCH_PX.0, y + SWATCH_PX.1), INK, 1);
        let text = said::heat_step(language, from, (!open_end).then_some(from + shade_s));
        canvas.text((x + SWATCH_PX.0 + 14.0, y + SWATCH_PX.1 / 2.0), &text, SMALL, Anchor::Start);
    }
    y + SWATCH_PX.1
}

fn open_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.frame((x - 29.0, y - 17.0), (x + 29.0, y + 17.0), INK, 4);
}

fn closed_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.rect((x - 29.0, y - 17.0), (x + 29.0, y + 17.0), CLOSED.fill);
}
