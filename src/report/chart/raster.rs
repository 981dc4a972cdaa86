//! The same picture as PNG.

use std::sync::{Arc, LazyLock};

use resvg::{
    tiny_skia::{Color, FilterQuality, Pixmap, PixmapPaint, Transform},
    usvg::{Group, ImageKind, Node, Options, Tree, fontdb::Database},
};

use super::canvas::{BOLD, REGULAR};

/// Pixels of the PNG for one of the SVG: sharp on paper and on a projector.
const SCALE: f32 = 2.0;

/// Why a picture did not become a PNG.
#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    /// The SVG is not one.
    #[error("the picture is not valid SVG: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// It is larger than memory should hold.
    #[error("the picture is too large for a PNG: {width} x {height} pixels")]
    TooLarge {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// The encoder refused.
    #[error("the picture could not be written as PNG: {0}")]
    Encode(String),
}

/// The picture `svg` as PNG, at twice its size, on white, with the vendored font whatever the machine has.
///
/// # Errors
/// Where `svg` is none, or more than 64 million pixels would be needed.
pub fn png(svg: &str) -> Result<Vec<u8>, RasterError> {
    /// 256 MB of memory.
    const MAX_PIXELS: u64 = 64_000_000;
    let tree = parse(svg)?;
    let (width, height) = ((tree.size().width() * SCALE) as u32, (tree.size().height() * SCALE) as u32);
    let too_large = || RasterError::TooLarge { width, height };
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(too_large());
    }
    let mut pixmap = Pixmap::new(width, height).ok_or_else(too_large)?;
    pixmap.fill(Color::WHITE);
    let scale = Transform::from_scale(SCALE, SCALE);
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    images(tree.root(), scale, &mut pixmap);
    pixmap.encode_png().map_err(|error| RasterError::Encode(error.to_string()))
}

/// The tree of a picture, its texts laid out in the vendored font.
pub(super) fn parse(svg: &str) -> Result<Tree, resvg::usvg::Error> {
    static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
        let mut fonts = Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(BOLD.to_vec());
        fonts.set_sans_serif_family("DejaVu Sans");
        Arc::new(fonts)
    });
    Tree::from_str(svg, &Options { fontdb: Arc::clone(&FONTS), ..Options::default() })
}

/// Draws the embedded PNG images, which lie on top. resvg's own way to do so would bring decoders of three more formats.
fn images(group: &Group, scale: Transform, pixmap: &mut Pixmap) {
    for node in group.children() {
        match node {
            Node::Group(inner) => images(inner, scale, pixmap),
            Node::Image(image) => {
                let ImageKind::PNG(bytes) = image.kind() else { continue };
                let Ok(picture) = Pixmap::decode_png(bytes) else { continue };
                let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
                let place = image.abs_transform().post_concat(scale);
                pixmap.draw_pixmap(0, 0, picture.as_ref(), &paint, place, None);
            }
            _ => {}
        }
    }
}
