//! A history as pictures: measures over the months, the week's hours, lines side by side.

mod benchmark;
mod hours;
mod lines;
mod scale;

use super::palette::Rgb;
use crate::{report::words::Language, trend::Trend};

/// Most lines that get a page of hours.
const MOST_LINES: usize = 40;

/// The shades of a measure from little to much: one hue, even steps of lightness, so that they also order themselves on
/// paper in black and white.
const SHADES: [Rgb; 5] =
    [Rgb(0xE4, 0xEE, 0xF7), Rgb(0xB4, 0xCF, 0xE8), Rgb(0x7C, 0xAA, 0xD4), Rgb(0x3E, 0x78, 0xB2), Rgb(0x10, 0x40, 0x7A)];

/// Every picture of a history with the name that it is kept under.
pub fn trend(trend: &Trend, language: Language) -> Vec<(String, String)> {
    let mut pictures = vec![("benchmark".to_owned(), benchmark::draw(trend, language))];
    for (i, measure) in trend.measures.iter().enumerate() {
        let safe = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        let name: String = measure.name().chars().map(safe).collect();
        let pages = lines::draw(trend, i, language);
        let several = pages.len() > 1;
        pictures.extend(pages.into_iter().enumerate().map(|(page, svg)| {
            let page = if several { format!("-page-{}", page + 1) } else { String::new() };
            (format!("trend-{}-{name}{page}", i + 1), svg)
        }));
    }
    let hours = trend.lines.iter().take(MOST_LINES).enumerate();
    pictures.extend(hours.map(|(i, line)| (format!("hours-{}", i + 1), hours::draw(trend, line, language))));
    pictures
}
