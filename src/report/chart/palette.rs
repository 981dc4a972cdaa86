//! The look of every sound, the same in all pictures.
//!
//! Colours start from the palette of Okabe and Ito (2008, "Color Universal Design"), which readers with any of the
//! common colour deficiencies can tell apart; patterns and lightness repeat the difference for paper in black and white.

use std::fmt::Write;

use crate::{label::Label, report::words::Part};

/// Red, green and blue, 0 to 255 each (sRGB).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// As SVG writes it.
    pub fn hex(self) -> String {
        format!("#{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }

    /// CIE 1976 lightness L*, 0 (black) to 100 (white), for a white of D65 (IEC 61966-2-1).
    pub fn lightness(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = 0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2);
        if luminance > 216.0 / 24389.0 { 116.0 * luminance.cbrt() - 16.0 } else { luminance * 24389.0 / 27.0 }
    }
}

/// Text, axes and outlines.
pub const INK: Rgb = Rgb(0x1C, 0x1C, 0x1C);
/// Text of the second rank; still dark enough for a projector.
pub const SOFT_INK: Rgb = Rgb(0x4F, 0x4F, 0x4F);
/// Lines behind the data.
pub const RULE: Rgb = Rgb(0xCF, 0xCF, 0xCF);
/// The page.
pub const PAPER: Rgb = Rgb(0xFF, 0xFF, 0xFF);
/// What stands out: the curve, the wait that a picture is about.
pub const ACCENT: Rgb = Rgb(0x00, 0x3F, 0x72);

/// What is drawn over a fill so that it can be told apart without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Nothing.
    Plain,
    /// Upright bars, like rings.
    Bars,
    /// Level lines.
    Lines,
    /// Slanting lines, `/`.
    Rising,
    /// Slanting lines, `\`.
    Falling,
    /// Both slants.
    Cross,
    /// Big dots.
    Dots,
    /// Small dots.
    Specks,
    /// A chessboard.
    Checks,
    /// Level and upright lines.
    Grid,
}

/// How one sound is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The ground.
    pub fill: Rgb,
    /// The pattern's colour.
    pub ink: Rgb,
    /// The pattern.
    pub pattern: Pattern,
}

/// Everything that can be drawn as a stretch of a call, in the order of legends: as a call goes.
pub const PARTS: [Part; 13] = [
    Part::Sound(Label::Dial),
    Part::Sound(Label::Ringback),
    Part::Sound(Label::Announcement),
    Part::Menu,
    Part::Sound(Label::Music),
    Part::Sound(Label::Silence),
    Part::Sound(Label::Noise),
    Part::Sound(Label::Speech),
    Part::Sound(Label::Human),
    Part::Sound(Label::Caller),
    Part::Sound(Label::Busy),
    Part::Sound(Label::Congestion),
    Part::Sound(Label::Sit),
];

/// The look of a part. Fills are unique: the canvas finds the pattern by the fill.
pub fn look(part: Part) -> Look {
    let look = |fill, ink, pattern| Look { fill, ink, pattern };
    match part {
        Part::Menu => look(Rgb(0xF0, 0xE4, 0x42), Rgb(0x6B, 0x5E, 0x00), Pattern::Cross),
        Part::Sound(label) => match label {
            Label::Silence => look(Rgb(0xF6, 0xF6, 0xF6), Rgb(0xF6, 0xF6, 0xF6), Pattern::Plain),
            Label::Ringback => look(Rgb(0x92, 0xCF, 0xF2), Rgb(0x00, 0x4B, 0x7A), Pattern::Bars),
            Label::Announcement => look(Rgb(0xE6, 0x9F, 0x00), Rgb(0x6E, 0x45, 0x00), Pattern::Rising),
            Label::Music => look(Rgb(0x00, 0x9E, 0x73), Rgb(0xFF, 0xFF, 0xFF), Pattern::Dots),
            Label::Human => look(Rgb(0x00, 0x33, 0x5E), Rgb(0x00, 0x33, 0x5E), Pattern::Plain),
            Label::Caller => look(Rgb(0xCC, 0x79, 0xA7), Rgb(0x6A, 0x1F, 0x4A), Pattern::Lines),
            Label::Speech => look(Rgb(0xC3, 0xAE, 0xD6), Rgb(0x4B, 0x2E, 0x6B), Pattern::Falling),
            Label::Busy => look(Rgb(0xD5, 0x5E, 0x00), Rgb(0xFF, 0xFF, 0xFF), Pattern::Checks),
            Label::Congestion => look(Rgb(0x9A, 0x2A, 0x0A), Rgb(0xFF, 0xFF, 0xFF), Pattern::Grid),
            Label::Sit => look(Rgb(0x6B, 0x42, 0x26), Rgb(0xFF, 0xFF, 0xFF), Pattern::Rising),
            Label::Dial => look(Rgb(0xD2, 0xC2, 0x9D), Rgb(0x5E, 0x50, 0x2E), Pattern::Grid),
            Label::Noise => look(Rgb(0xD9, 0xD9, 0xD9), Rgb(0x5A, 0x5A, 0x5A), Pattern::Specks),
            // Events have no stretch of their own; these look after marks and stray data.
            Label::Dtmf => look(Rgb(0x2B, 0x2B, 0x2A), Rgb(0x2B, 0x2B, 0x2A), Pattern::Plain),
            Label::Beep => look(Rgb(0x8C, 0x8C, 0x8B), Rgb(0x1C, 0x1C, 0x1C), Pattern::Lines),
        },
    }
}

/// Hours in which a line is closed. Hatched, or paper without colour takes them for short waits.
pub const CLOSED: Look = Look { fill: Rgb(0xEC, 0xEC, 0xEB), ink: Rgb(0xA4, 0xA4, 0xA4), pattern: Pattern::Rising };

/// The looks of a line's messages, that of the most frequent first; the last one is for all further ones together. They
/// differ in pattern or in lightness, and from every part of a call.
pub const MESSAGES: [Look; 8] = {
    const DARK: Rgb = Rgb(0x22, 0x22, 0x22);
    const WHITE: Rgb = Rgb(0xFF, 0xFF, 0xFF);
    const fn look(fill: Rgb, ink: Rgb, pattern: Pattern) -> Look {
        Look { fill, ink, pattern }
    }
    [
        look(Rgb(0xB8, 0x2E, 0x1E), Rgb(0xB8, 0x2E, 0x1E), Pattern::Plain),
        look(Rgb(0xFD, 0xF3, 0xD8), DARK, Pattern::Rising),
        look(Rgb(0x5B, 0x7F, 0xA6), WHITE, Pattern::Dots),
        look(Rgb(0xDD, 0xEE, 0xDA), DARK, Pattern::Bars),
        look(Rgb(0x3B, 0x5E, 0x3A), WHITE, Pattern::Grid),
        look(Rgb(0xE9, 0xD7, 0xEE), DARK, Pattern::Lines),
        look(Rgb(0xC9, 0xA8, 0x66), DARK, Pattern::Checks),
        look(Rgb(0xB9, 0xB9, 0xB8), DARK, Pattern::Specks),
    ]
};

/// The id of a fill's pattern in a picture. It holds the colours, so pictures that share a page never disagree.
pub fn pattern_id(look: Look) -> String {
    format!("bezet-{:?}-{}", look.pattern, &look.fill.hex()[1..]).to_lowercase()
}

/// The SVG `<pattern>` of a look, on a tile of [`TILE_PX`] that repeats over the whole page.
pub fn pattern_svg(look: Look) -> String {
    let (fill, ink, t) = (look.fill.hex(), look.ink.hex(), TILE_PX);
    let half = t / 2;
    let line = |d: String, width: &str| format!(r#"<path d="{d}" stroke="{ink}" stroke-width="{width}"/>"#);
    // A slanting line needs its neighbours' corners, or the tiles' seams show.
    let rising = format!("M-2 2L2 -2M0 {t}L{t} 0M{} {}L{} {}", t - 2, t + 2, t + 2, t - 2);
    let falling = format!("M-2 {}L2 {}M0 0L{t} {t}M{} -2L{} 2", t - 2, t + 2, t - 2, t + 2);
    let marks = match look.pattern {
        Pattern::Plain => String::new(),
        Pattern::Bars => line(format!("M{half} 0V{t}"), "3"),
        Pattern::Lines => line(format!("M0 {half}H{t}"), "3"),
        Pattern::Rising => line(rising, "2.4"),
        Pattern::Falling => line(falling, "2.4"),
        Pattern::Cross => line(rising + &falling, "1.4"),
        Pattern::Dots => format!(r#"<circle cx="{half}" cy="{half}" r="3.2" fill="{ink}"/>"#),
        Pattern::Specks => format!(
            r#"<circle cx="3" cy="3" r="1.3" fill="{ink}"/><circle cx="{0}" cy="{0}" r="1.3" fill="{ink}"/>"#,
            half + 3
        ),
        Pattern::Checks => {
            format!(r#"<path d="M0 0H{half}V{half}H0ZM{half} {half}H{t}V{t}H{half}Z" fill="{ink}"/>"#)
        }
        Pattern::Grid => line(format!("M{half} 0V{t}M0 {half}H{t}"), "1.8"),
    };
    let mut svg = String::new();
    let _ = write!(
        svg,
        r#"<pattern id="{}" width="{t}" height="{t}" patternUnits="userSpaceOnUse"><rect width="{t}" height="{t}" fill="{fill}"/>{marks}</pattern>"#,
        pattern_id(look)
    );
    svg
}

/// Side of a pattern's tile, in pixels of the page: coarse enough to be told apart from the back of a room.
pub const TILE_PX: u32 = 12;

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps of lightness that a reader tells apart on a printed page, in L*; a just noticeable one is about 1.
    const MIN_LIGHTNESS_STEP: f64 = 12.0;

    #[test]
    fn no_two_parts_look_alike_without_colour() {
        for (i, a) in PARTS.into_iter().enumerate() {
            for b in &PARTS[..i] {
                let (one, other) = (look(a), look(*b));
                assert_ne!(one.fill, other.fill);
                let step = (one.fill.lightness() - other.fill.lightness()).abs();
                assert!(
                    one.pattern != other.pattern || step >= MIN_LIGHTNESS_STEP,
                    "{a:?} and {b:?}: both {:?}, {step:.1} apart",
                    one.pattern
                );
            }
        }
    }

    #[test]
    fn every_sound_has_its_place_and_its_own_fill() {
        for label in Label::ALL {
            let part = Part::Sound(label);
            assert!(PARTS.contains(&part) || label.layer() == crate::label::Layer::Event, "{label:?}");
            for page in [INK, SOFT_INK, RULE, PAPER, ACCENT] {
                assert_ne!(
                    look(part).fill,
                    page,
                    "a text or line in the colour of {label:?} would turn into a pattern"
                );
            }
        }
    }

    #[test]
    fn no_two_messages_look_alike_without_colour_and_none_like_a_part() {
        for (i, one) in MESSAGES.into_iter().enumerate() {
            for other in &MESSAGES[..i] {
                let step = (one.fill.lightness() - other.fill.lightness()).abs();
                assert!(one.pattern != other.pattern || step >= MIN_LIGHTNESS_STEP);
            }
            assert!(PARTS.into_iter().all(|part| look(part).fill != one.fill));
        }
    }

    #[test]
    fn patterns_stand_out_from_their_ground() {
        for part in PARTS {
            let look = look(part);
            let step = (look.fill.lightness() - look.ink.lightness()).abs();
            assert!(look.pattern == Pattern::Plain || step > 25.0, "{part:?}: {step:.1}");
        }
        assert!(CLOSED.fill.lightness() - CLOSED.ink.lightness() > 25.0);
    }

    #[test]
    fn lightness_agrees_with_the_ends_and_middle_grey() {
        assert!(Rgb(0, 0, 0).lightness().abs() < 1e-9);
        assert!((Rgb(255, 255, 255).lightness() - 100.0).abs() < 1e-3);
        assert!((Rgb(119, 119, 119).lightness() - 50.0).abs() < 0.2);
    }
}
