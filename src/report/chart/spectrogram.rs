//! One call's spectrogram, with what was made of it as a ribbon below, on the same time axis.

use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};

use super::{
    axis::TimeAxis,
    canvas::{Anchor, Canvas, text_width},
    layout::{FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, SUBTITLE, heading, legend, shortened},
    palette::INK,
    strip::Strip,
};
use crate::{
    interval::Interval,
    report::words::{Language, Word, decimal, word},
    timeline::Timeline,
    units::{Hertz, Seconds},
};

/// Levels of a channel over time and frequency, coarse enough to be kept for an hour.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrogram {
    /// From one row to the next, in seconds.
    pub hop_s: Seconds,
    /// From one bin to the next; bin 0 is 0 Hz.
    pub hz_per_bin: Hertz,
    /// How many bins a row has.
    pub bins: usize,
    /// Rows after one another, `bins` levels each, in any step of dB: 0 the quietest, 255 the loudest. The picture finds
    /// its own contrast. An incomplete last row is left out.
    pub values: Vec<u8>,
}

impl Spectrogram {
    /// The same as if nothing had been heard in `stretch`.
    pub fn without(mut self, stretch: Interval) -> Self {
        if self.bins > 0 && self.hop_s > 0.0 {
            // a row looks some way to either side
            let length = self.values.len();
            let row = |at: Seconds| ((at / self.hop_s).max(0.0) as usize).saturating_mul(self.bins).min(length);
            let (from, to) = (stretch.start() - 3.0 * self.hop_s, stretch.end() + 4.0 * self.hop_s);
            self.values[row(from)..row(to)].fill(0);
        }
        self
    }
}

const PLOT_PX: f64 = 440.0;
const STRIP_PX: f64 = 90.0;
/// What a telephone carries; above it there is nothing to see.
const TOP_HZ: f64 = 4000.0;
/// Levels below this share of all are paper, above that share full ink.
const QUIET_SHARE: f64 = 0.20;
const LOUD_SHARE: f64 = 0.995;

/// The spectrogram of the call that is named `name`, over its segments.
pub fn spectrogram(name: &str, spectrogram: &Spectrogram, timeline: &Timeline, language: Language) -> String {
    let mut canvas = Canvas::new(PAGE_PX);
    let below =
        [shortened(name, PAGE_PX - 2.0 * MARGIN_PX, SUBTITLE), word(language, Word::SpectrogramBelow).to_owned()];
    let top = heading(&mut canvas, word(language, Word::SpectrogramTitle), &below) + 24.0;
    let left = MARGIN_PX + text_width("4 kHz", SMALL) + 20.0;
    let axis = TimeAxis::new(left, PAGE_PX - MARGIN_PX - 20.0, timeline.duration());
    let bottom = top + PLOT_PX;
    let rows = spectrogram.values.len().checked_div(spectrogram.bins).unwrap_or(0);
    let end_s = (rows as f64 * spectrogram.hop_s).min(timeline.duration());
    let top_hz = (spectrogram.bins as f64 * f64::from(spectrogram.hz_per_bin)).min(TOP_HZ);
    if end_s > 0.0 && top_hz > 0.0 {
        let (x1, y0) = (axis.x(end_s), bottom - PLOT_PX * top_hz / TOP_HZ);
        let columns = ((x1 - left).round() as usize).clamp(1, rows);
        let bins = ((top_hz / f64::from(spectrogram.hz_per_bin)).round() as usize).clamp(1, spectrogram.bins);
        // Rows beyond the timeline's end are cut, so that both axes agree.
        let rows = ((end_s / spectrogram.hop_s).round() as usize).clamp(1, rows);
        if let Some(png) = picture(spectrogram, rows, bins, columns) {
            canvas.image((left, y0), (x1, bottom), png);
        }
    }
    canvas.frame((left - 1.0, top - 1.0), (axis.right() + 1.0, bottom + 1.0), INK, 2);
    for khz in 0..=4 {
        let y = bottom - PLOT_PX * f64::from(khz) * 1000.0 / TOP_HZ;
        canvas.path(vec![(left - 10.0, y), (left, y)], INK, 2);
        let label = decimal(language, f64::from(khz), 0);
        let label = if khz == 4 { format!("{label} {}", word(language, Word::Kilohertz)) } else { label };
        canvas.text((left - 14.0, y), &label, SMALL, Anchor::End);
    }
    let strip = Strip {
        window: Interval::new(0.0, timeline.duration()),
        zero_s: 0.0,
        top: bottom + 16.0,
        bottom: bottom + 16.0 + STRIP_PX,
        captions: Some(language),
    };
    let parts = strip.draw(&mut canvas, &axis, timeline, |_| true);
    let y = axis.draw(&mut canvas, strip.bottom + 12.0, word(language, Word::AxisFromStart));
    let y = legend(&mut canvas, y + 12.0, &parts, &[], language, |_| None);
    canvas.into_svg(y + FOOT_PX)
}

/// `rows` by `bins` levels as a PNG of `columns` pixels in width, time to the right and frequency upwards; rows that share
/// a column are averaged.
fn picture(spectrogram: &Spectrogram, rows: usize, bins: usize, columns: usize) -> Option<Vec<u8>> {
    let row = |i: usize| &spectrogram.values[i * spectrogram.bins..][..bins];
    let (quiet, loud) = contrast((0..rows).flat_map(|i| row(i).iter().copied()));
    let mut pixmap = Pixmap::new(u32::try_from(columns).ok()?, u32::try_from(bins).ok()?)?;
    let mut sums = vec![0u32; bins];
    for column in 0..columns {
        let from = column * rows / columns;
        let to = ((column + 1) * rows / columns).max(from + 1);
        sums.fill(0);
        for i in from..to {
            for (sum, &level) in sums.iter_mut().zip(row(i)) {
                *sum += u32::from(level);
            }
        }
        for (bin, &sum) in sums.iter().enumerate() {
            let level = f64::from(sum) / (to - from) as f64;
            let ink = ((level - quiet) / (loud - quiet).max(1.0)).clamp(0.0, 1.0);
            let at = (bins - 1 - bin) * columns + column;
            pixmap.pixels_mut()[at] = shade(ink);
        }
    }
    pixmap.encode_png().ok()
}

/// The levels that are drawn as paper and as full ink.
fn contrast(levels: impl Iterator<Item = u8>) -> (f64, f64) {
    let mut histogram = [0u64; 256];
    for level in levels {
        histogram[usize::from(level)] += 1;
    }
    let total: u64 = histogram.iter().sum();
    let at = |share: f64| {
        let wanted = (total as f64 * share) as u64;
        let mut seen = 0;
        let level = histogram.iter().position(|&count| {
            seen += count;
            seen > wanted
        });
        level.unwrap_or(255) as f64
    };
    (at(QUIET_SHARE), at(LOUD_SHARE))
}

/// Paper to ink, with a tinge of blue: its lightness falls steadily, so a print without colour reads the same.
fn shade(ink: f64) -> PremultipliedColorU8 {
    let mix = |paper: f64, full: f64| (paper + (full - paper) * ink).round() as u8;
    PremultipliedColorU8::from_rgba(mix(255.0, 6.0), mix(255.0, 14.0), mix(255.0, 48.0), 255)
        .unwrap_or(PremultipliedColorU8::TRANSPARENT)
}
