//! A page to draw on: the only place that knows plotters.
//!
//! Marks are kept in a list and written at the end by plotters' SVG backend, so a picture may find its height while it is
//! drawn. Two things the backend lacks are added to its text: patterns (a fill in a part's colour becomes that part's
//! pattern) and images.

use std::{fmt::Write, sync::Once};

use plotters::{
    prelude::{Circle, DrawingArea, IntoDrawingArea, PathElement, Polygon, Rectangle, SVGBackend},
    style::{
        Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TextStyle, register_font,
        text_anchor::{HPos, Pos, VPos},
    },
};

use super::palette::{self, PAPER, PARTS, Rgb};

/// What texts are set in: the vendored font where the reader has it, else one about as wide.
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";
/// DejaVu Sans, cut down to Latin.
pub(super) static REGULAR: &[u8] = include_bytes!("../fonts/DejaVuSans.latin.ttf");
/// The same in bold.
pub(super) static BOLD: &[u8] = include_bytes!("../fonts/DejaVuSans-Bold.latin.ttf");
/// plotters writes a font size divided by this ...
const PLOTTERS_SIZE_PER_EM: f64 = 1.24;
/// ... and measures with the font's whole height, which is this many em in DejaVu Sans.
const FONT_HEIGHT_PER_EM: f64 = 1.164;

/// Which end of a text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It starts there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Type {
    /// Size of the em, in pixels.
    pub size_px: f64,
    /// Heavier.
    pub bold: bool,
    /// Its colour.
    pub colour: Rgb,
}

/// One thing on the page, in pixels from the upper left corner.
enum Mark {
    Rect { x0: f64, y0: f64, x1: f64, y1: f64, fill: Rgb },
    Path { points: Vec<(f64, f64)>, colour: Rgb, width: u32 },
    Area { points: Vec<(f64, f64)>, fill: Rgb },
    Disc { x: f64, y: f64, radius: f64, fill: Rgb },
    Text { x: f64, y: f64, text: String, face: Type, anchor: Anchor },
}

struct Image {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    png: Vec<u8>,
}

/// A page under work.
pub struct Canvas {
    width: f64,
    marks: Vec<Mark>,
    images: Vec<Image>,
}

impl Canvas {
    /// An empty page so wide, in pixels.
    pub fn new(width: f64) -> Self {
        Self { width, marks: vec![], images: vec![] }
    }

    /// Its width.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// A filled rectangle; one in a part's colour gets that part's pattern.
    pub fn rect(&mut self, (x0, y0): (f64, f64), (x1, y1): (f64, f64), fill: Rgb) {
        self.marks.push(Mark::Rect { x0, y0, x1, y1, fill });
    }

    /// The outline of a rectangle.
    pub fn frame(&mut self, (x0, y0): (f64, f64), (x1, y1): (f64, f64), colour: Rgb, width: u32) {
        self.path(vec![(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], colour, width);
    }

    /// A line through points.
    pub fn path(&mut self, points: Vec<(f64, f64)>, colour: Rgb, width: u32) {
        self.marks.push(Mark::Path { points, colour, width });
    }

    /// A dashed straight line.
    pub fn dashed(&mut self, from: (f64, f64), to: (f64, f64), colour: Rgb, width: u32) {
        const DASH_PX: f64 = 12.0;
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy);
        let at = |along: f64| (from.0 + dx * along / length, from.1 + dy * along / length);
        let mut along = 0.0;
        while along < length {
            self.path(vec![at(along), at((along + DASH_PX).min(length))], colour, width);
            along += 1.7 * DASH_PX;
        }
    }

    /// A filled polygon.
    pub fn area(&mut self, points: Vec<(f64, f64)>, fill: Rgb) {
        self.marks.push(Mark::Area { points, fill });
    }

    /// A filled circle.
    pub fn disc(&mut self, (x, y): (f64, f64), radius: f64, fill: Rgb) {
        self.marks.push(Mark::Disc { x, y, radius, fill });
    }

    /// A line of text whose middle is at the height `y`. Characters that XML forbids are replaced.
    pub fn text(&mut self, (x, y): (f64, f64), text: &str, face: Type, anchor: Anchor) {
        let text = text.chars().map(|c| if is_xml(c) { c } else { char::REPLACEMENT_CHARACTER }).collect();
        self.marks.push(Mark::Text { x, y, text, face, anchor });
    }

    /// A PNG image stretched over a rectangle. Images lie on top of everything else.
    pub fn image(&mut self, (x0, y0): (f64, f64), (x1, y1): (f64, f64), png: Vec<u8>) {
        self.images.push(Image { x: x0, y: y0, width: x1 - x0, height: y1 - y0, png });
    }

    /// The picture as SVG, cut off at the height `height`.
    pub fn into_svg(self, height: f64) -> String {
        register_fonts();
        let (width, height) = (self.width.round() as u32, height.round().max(1.0) as u32);
        let mut body = String::new();
        {
            let page = SVGBackend::with_string(&mut body, (width, height)).into_drawing_area();
            let written = page.fill(&colour(PAPER)).and_then(|()| self.marks.iter().try_for_each(|m| draw(&page, m)));
            written.and_then(|()| page.present()).expect("a string takes all that is written to it");
        }
        let mut used = String::new();
        for look in PARTS.map(palette::look).into_iter().chain(palette::MESSAGES).chain([palette::CLOSED]) {
            let fill = format!("fill=\"{}\"", look.fill.hex());
            if body.contains(&fill) {
                used += &palette::pattern_svg(look);
                used.push('\n');
                body = body.replace(&fill, &format!("fill=\"url(#{})\"", palette::pattern_id(look)));
            }
        }
        if !used.is_empty() {
            let head = body.find(">\n").map_or(0, |at| at + 2);
            body.insert_str(head, &format!("<defs>\n{used}</defs>\n"));
        }
        let tail = body.rfind("</svg>").unwrap_or(body.len());
        let mut images = String::new();
        for Image { x, y, width, height, png } in &self.images {
            let data = base64(png);
            let _ = writeln!(
                images,
                r#"<image x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" preserveAspectRatio="none" href="data:image/png;base64,{data}"/>"#
            );
        }
        body.insert_str(tail, &images);
        body
    }
}

/// How wide a text is, in pixels.
pub fn text_width(text: &str, face: Type) -> f64 {
    register_fonts();
    let style = if face.bold { FontStyle::Bold } else { FontStyle::Normal };
    // Measured large, because plotters rounds to whole pixels.
    const MEASURED_AT_PX: f64 = 1000.0;
    let font = FontDesc::new(FontFamily::Name(FAMILY), MEASURED_AT_PX * FONT_HEIGHT_PER_EM, style);
    let width = font.box_size(text).map_or(0, |(width, _)| width);
    f64::from(width) * face.size_px / MEASURED_AT_PX
}

fn register_fonts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for (style, bytes) in [(FontStyle::Normal, REGULAR), (FontStyle::Bold, BOLD)] {
            assert!(register_font(FAMILY, style, bytes).is_ok(), "the vendored font is whole");
        }
    });
}

fn colour(Rgb(r, g, b): Rgb) -> RGBColor {
    RGBColor(r, g, b)
}

fn pixel((x, y): (f64, f64)) -> (i32, i32) {
    (x.round() as i32, y.round() as i32)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Drawn<'a> = Result<(), plotters::drawing::DrawingAreaErrorKind<std::io::Error>>;

fn draw<'a>(page: &Area<'a>, mark: &Mark) -> Drawn<'a> {
    let filled = |fill: Rgb| ShapeStyle { color: colour(fill).to_rgba(), filled: true, stroke_width: 0 };
    match mark {
        Mark::Rect { x0, y0, x1, y1, fill } => {
            let (from, to) = (pixel((*x0, *y0)), pixel((*x1, *y1)));
            if from.0 < to.0 && from.1 < to.1 { page.draw(&Rectangle::new([from, to], filled(*fill))) } else { Ok(()) }
        }
        Mark::Path { points, colour: stroke, width } => {
            let style = colour(*stroke).stroke_width(*width);
            page.draw(&PathElement::new(points.iter().copied().map(pixel).collect::<Vec<_>>(), style))
        }
        Mark::Area { points, fill } => {
            page.draw(&Polygon::new(points.iter().copied().map(pixel).collect::<Vec<_>>(), filled(*fill)))
        }
        Mark::Disc { x, y, radius, fill } => {
            page.draw(&Circle::new(pixel((*x, *y)), radius.round() as i32, filled(*fill)))
        }
        Mark::Text { x, y, text, face, anchor } => {
            let style = if face.bold { FontStyle::Bold } else { FontStyle::Normal };
            let font = FontDesc::new(FontFamily::Name(FAMILY), face.size_px * PLOTTERS_SIZE_PER_EM, style);
            let h_pos = match anchor {
                Anchor::Start => HPos::Left,
                Anchor::Middle => HPos::Center,
                Anchor::End => HPos::Right,
            };
            let style = TextStyle {
                font: font.transform(FontTransform::None),
                color: colour(face.colour).to_backend_color(),
                pos: Pos::new(h_pos, VPos::Center),
            };
            page.draw_text(text, &style, pixel((*x, *y)))
        }
    }
}

/// Whether XML 1.0 (section 2.2, production Char) allows the character; line breaks and tabs do not count here.
fn is_xml(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// The standard alphabet of RFC 4648, section 4, with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0u32, |word, (i, &byte)| word | u32::from(byte) << (16 - 8 * i));
        for i in 0..4 {
            let sextet = (word >> (18 - 6 * i)) as usize & 63;
            text.push(if i <= chunk.len() { char::from(ALPHABET[sextet]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_agrees_with_rfc_4648_section_10() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn bold_and_long_texts_are_wider() {
        let face = Type { size_px: 28.0, bold: false, colour: PAPER };
        let width = text_width("wachtmuziek", face);
        assert!((140.0..220.0).contains(&width), "{width}");
        assert!(text_width("wachtmuziek", Type { bold: true, ..face }) > width);
    }

    #[test]
    fn a_hostile_text_stays_well_formed() {
        let mut canvas = Canvas::new(300.0);
        let face = Type { size_px: 20.0, bold: false, colour: palette::INK };
        canvas.text((10.0, 20.0), "<a href=\"x\">&\u{0}\u{1b}\u{FFFE}]]>'", face, Anchor::Start);
        let svg = canvas.into_svg(40.0);
        resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).expect("well-formed");
    }
}
