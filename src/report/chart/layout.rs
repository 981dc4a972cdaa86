//! What all pictures share: sizes, the heading, the legend, shortening of names.

use std::collections::BTreeSet;

use super::{
    canvas::{Anchor, Canvas, Type, text_width},
    palette::{INK, PAPER, PARTS, Rgb, SOFT_INK, look},
};
use crate::{
    label::Label,
    report::words::{self, Language, Part},
};

/// Width of every picture. At 24 px and more its smallest text prints at 12 points across a landscape A4, and is about
/// a fiftieth of a screen's height.
pub const PAGE_PX: f64 = 1600.0;
/// Free space at the sides; wide, because the last label of an axis sticks out.
pub const MARGIN_PX: f64 = 60.0;
/// Free space at the foot.
pub const FOOT_PX: f64 = 40.0;

/// The heading.
pub const TITLE: Type = Type { size_px: 44.0, bold: true, colour: INK };
/// What stands under the heading.
pub const SUBTITLE: Type = Type { size_px: 26.0, bold: false, colour: SOFT_INK };
/// Names and labels.
pub const BODY: Type = Type { size_px: 28.0, bold: false, colour: INK };
/// The numbers that matter.
pub const STRONG: Type = Type { size_px: 28.0, bold: true, colour: INK };
/// Axes and captions.
pub const SMALL: Type = Type { size_px: 24.0, bold: false, colour: INK };

/// A line of text in lines that fit `width` pixels, broken between words; a word wider than that is shortened.
pub fn wrapped(text: &str, width: f64, face: Type) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        let longer = lines.last().map(|line| format!("{line} {word}"));
        match longer {
            Some(line) if text_width(&line, face) <= width => *lines.last_mut().expect("has a last") = line,
            _ => lines.push(shortened(word, width, face)),
        }
    }
    lines
}

/// As [`wrapped`], with lines about as long as each other: a heading must not end on a single word.
fn balanced(text: &str, width: f64, face: Type) -> Vec<String> {
    let lines = wrapped(text, width, face);
    let (mut too_narrow, mut fits) = (width / lines.len().max(1) as f64 * 0.8, width);
    while fits - too_narrow > 4.0 {
        let middle = f64::midpoint(too_narrow, fits);
        if wrapped(text, middle, face).len() <= lines.len() { fits = middle } else { too_narrow = middle }
    }
    wrapped(text, fits, face)
}

/// A name that fits `width` pixels: too long a one loses its middle, for the ends tell files apart.
pub fn shortened(name: &str, width: f64, face: Type) -> String {
    if text_width(name, face) <= width {
        return name.into();
    }
    let chars: Vec<char> = name.chars().collect();
    let with = |kept: usize| {
        let head = kept.div_ceil(2);
        let tail = kept - head;
        chars[..head].iter().chain(&['…']).chain(&chars[chars.len() - tail..]).collect::<String>()
    };
    let (mut fits, mut too_many) = (0, chars.len());
    while fits + 1 < too_many {
        let kept = usize::midpoint(fits, too_many);
        if text_width(&with(kept), face) <= width { fits = kept } else { too_many = kept }
    }
    with(fits)
}

/// A file's path that fits `width` pixels: its folders go first, then the middle of its name.
pub fn shortened_path(path: &str, width: f64, face: Type) -> String {
    match path.rsplit_once('/') {
        Some((_, file)) if text_width(path, face) > width => {
            const LEFT_OUT: &str = "…/";
            format!("{LEFT_OUT}{}", shortened(file, width - text_width(LEFT_OUT, face), face))
        }
        _ => shortened(path, width, face),
    }
}

/// Draws the heading and what stands under it; returns the height where the picture itself may start.
pub fn heading(canvas: &mut Canvas, title: &str, below: &[String]) -> f64 {
    let width = canvas.width() - 2.0 * MARGIN_PX;
    let mut y = 62.0;
    for line in balanced(title, width, TITLE) {
        canvas.text((MARGIN_PX, y), &line, TITLE, Anchor::Start);
        y += 56.0;
    }
    for paragraph in below.iter().filter(|paragraph| !paragraph.is_empty()) {
        for line in wrapped(paragraph, width, SUBTITLE) {
            canvas.text((MARGIN_PX, y), &line, SUBTITLE, Anchor::Start);
            y += 36.0;
        }
    }
    y
}

/// Something in a legend that is no part: how it is drawn around a point, and its name.
pub type Sign = (fn(&mut Canvas, (f64, f64)), String);

/// Draws a legend of the parts that occur and of further signs, centred from the height `y`; returns where it ends.
/// `note` adds to a part's name.
pub fn legend(
    canvas: &mut Canvas,
    mut y: f64,
    parts: &BTreeSet<Part>,
    signs: &[Sign],
    language: Language,
    note: impl Fn(Part) -> Option<String>,
) -> f64 {
    const SWATCH_PX: (f64, f64) = (58.0, 34.0);
    const GAP_PX: f64 = 40.0;
    enum Key {
        Part(Part),
        Sign(fn(&mut Canvas, (f64, f64))),
    }
    let named = PARTS.into_iter().filter(|part| parts.contains(part)).map(|part| {
        let name = words::part(language, part);
        (Key::Part(part), note(part).map_or_else(|| name.to_owned(), |note| format!("{name} {note}")))
    });
    let keys: Vec<_> = named.chain(signs.iter().map(|(draw, name)| (Key::Sign(*draw), name.clone()))).collect();
    let mut x = MARGIN_PX;
    for (key, name) in keys {
        let width = SWATCH_PX.0 + 14.0 + text_width(&name, BODY);
        if x > MARGIN_PX && x + width > canvas.width() - MARGIN_PX {
            x = MARGIN_PX;
            y += SWATCH_PX.1 + 20.0;
        }
        let (from, to) = ((x, y), (x + SWATCH_PX.0, y + SWATCH_PX.1));
        let centre = (x + SWATCH_PX.0 / 2.0, y + SWATCH_PX.1 / 2.0);
        match key {
            Key::Part(part) => {
                canvas.rect(from, to, look(part).fill);
                canvas.frame(from, to, INK, 1);
                if part != Part::Sound(Label::Silence) {
                    caption(canvas, centre, words::part_code(language, part), 20.0);
                }
            }
            Key::Sign(draw) => draw(canvas, centre),
        }
        canvas.text((to.0 + 14.0, centre.1), &name, BODY, Anchor::Start);
        x += width + GAP_PX;
    }
    y + SWATCH_PX.1
}

/// A short text on paper of its own, readable over any pattern.
pub fn caption(canvas: &mut Canvas, (x, y): (f64, f64), text: &str, size_px: f64) {
    let face = Type { size_px, bold: false, colour: INK };
    let half = text_width(text, face) / 2.0 + size_px * 0.22;
    canvas.rect((x - half, y - size_px * 0.58), (x + half, y + size_px * 0.62), PAPER);
    canvas.text((x, y), text, face, Anchor::Middle);
}

/// The width that [`caption`] takes.
pub fn caption_width(text: &str, size_px: f64) -> f64 {
    text_width(text, Type { size_px, bold: false, colour: INK }) + size_px * 0.44
}

/// A key that was pressed: its digits in a box around a point. Returns half its width.
pub fn key_box(canvas: &mut Canvas, (x, y): (f64, f64), digits: &str) -> f64 {
    let half = key_box_width(digits) / 2.0;
    canvas.rect((x - half, y - 17.0), (x + half, y + 17.0), PAPER);
    canvas.frame((x - half, y - 17.0), (x + half, y + 17.0), INK, 2);
    canvas.text((x, y), digits, Type { bold: true, ..SMALL }, Anchor::Middle);
    half
}

/// The width that [`key_box`] takes.
pub fn key_box_width(digits: &str) -> f64 {
    text_width(digits, Type { bold: true, ..SMALL }) + 18.0
}

/// A beep: a dark disc.
pub fn beep_sign(canvas: &mut Canvas, at: (f64, f64)) {
    const BEEP: Rgb = INK;
    canvas.disc(at, 8.0, BEEP);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_both_ends_and_fits() {
        let name = "klantenservice/2026-11-21/gesprek-met-een-heel-lange-naam-0042.wav";
        let short = shortened(name, 300.0, BODY);
        assert!(short.starts_with("klant") && short.ends_with("42.wav") && short.contains('…'), "{short}");
        assert!(text_width(&short, BODY) <= 300.0);
        assert_eq!(shortened("kort.wav", 300.0, BODY), "kort.wav");
        assert_eq!(shortened("name", 1.0, BODY), "…");
        assert_eq!(shortened_path("een/lange/map/met/namen/kort.wav", 200.0, BODY), "…/kort.wav");
        assert_eq!(shortened_path("map/kort.wav", 200.0, BODY), "map/kort.wav");
    }

    #[test]
    fn lines_are_broken_between_words_and_none_is_lost() {
        let text = "van de eerste keer overgaan tot het eerste woord van een medewerker";
        let lines = wrapped(text, 300.0, BODY);
        assert!(lines.len() > 1 && lines.iter().all(|line| text_width(line, BODY) <= 300.0));
        assert_eq!(lines.join(" "), text);
    }
}
