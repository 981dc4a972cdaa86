//! The time axis that all pictures share.

use super::{
    canvas::{Anchor, Canvas, text_width},
    layout::SMALL,
    palette::{INK, RULE},
};
use crate::{report::words, units::Seconds};

/// From `[0, span_s]` to pixels, left to right.
#[derive(Clone, Copy, Debug)]
pub struct TimeAxis {
    left: f64,
    right: f64,
    span_s: Seconds,
}

/// Distances between ticks that read well as minutes and seconds.
const STEPS_S: [Seconds; 16] =
    [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14_400.0, 86_400.0];

impl TimeAxis {
    /// An axis between two pixels for so many seconds. No time at all is drawn as one second.
    pub fn new(left: f64, right: f64, span_s: Seconds) -> Self {
        let span_s = if span_s.is_finite() && span_s > 0.0 { span_s } else { 1.0 };
        Self { left, right, span_s }
    }

    /// Where a moment lies; what is outside the axis lies at its ends.
    pub fn x(&self, moment: Seconds) -> f64 {
        self.left + (self.right - self.left) * (moment / self.span_s).clamp(0.0, 1.0)
    }

    /// Where it starts, in pixels.
    pub fn left(&self) -> f64 {
        self.left
    }

    /// Where it ends, in pixels.
    pub fn right(&self) -> f64 {
        self.right
    }

    /// The moments that get a label: as many as fit with air between them.
    pub fn ticks(&self) -> Vec<Seconds> {
        let room_px = 2.0 * text_width(&words::clock(self.span_s), SMALL);
        let most = ((self.right - self.left) / room_px).floor().clamp(1.0, 12.0);
        let fits = |step: &Seconds| self.span_s / step <= most;
        let coarsest = STEPS_S[STEPS_S.len() - 1];
        let step = STEPS_S.into_iter().find(fits).unwrap_or((self.span_s / most / coarsest).ceil() * coarsest);
        (0..=(self.span_s / step) as u32).map(|i| f64::from(i) * step).collect()
    }

    /// Draws rules over the heights `from` to `to`, behind what comes later.
    pub fn rules(&self, canvas: &mut Canvas, from: f64, to: f64) {
        for tick in self.ticks() {
            canvas.path(vec![(self.x(tick), from), (self.x(tick), to)], RULE, 1);
        }
    }

    /// Draws the axis with its labels and its title under the height `y`; returns where it ends.
    pub fn draw(&self, canvas: &mut Canvas, y: f64, title: &str) -> f64 {
        canvas.path(vec![(self.left, y), (self.right, y)], INK, 2);
        for tick in self.ticks() {
            let x = self.x(tick);
            canvas.path(vec![(x, y), (x, y + 10.0)], INK, 2);
            canvas.text((x, y + 28.0), &words::clock(tick), SMALL, Anchor::Middle);
        }
        canvas.text((self.right, y + 62.0), title, SMALL, Anchor::End);
        y + 80.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_few_round_and_inside_whatever_the_span() {
        for span_s in [0.0, 0.3, 1.0, 7.0, 59.0, 61.0, 600.0, 3600.0, 36_000.0, 1e7, f64::NAN] {
            let axis = TimeAxis::new(60.0, 1500.0, span_s);
            let ticks = axis.ticks();
            assert!((1..=13).contains(&ticks.len()), "{span_s}: {ticks:?}");
            assert!(ticks.iter().all(|&tick| axis.x(tick) <= 1500.0 && tick.fract() == 0.0));
        }
    }
}
