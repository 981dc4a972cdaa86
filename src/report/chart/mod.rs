//! Pictures: pure functions from an audit to the text of an SVG, and the same picture as PNG.
//!
//! Same input, same bytes. All pictures share one palette, one time axis and one strip; only `canvas` knows plotters.

mod axis;
mod before_after;
mod calibration;
mod canvas;
mod curve;
mod layout;
mod listening;
mod make_up;
mod marks;
#[cfg(test)]
mod menu_samples;
mod menu_tree;
mod messages;
mod pair;
pub mod palette;
mod raster;
mod ribbon;
#[cfg(test)]
mod samples;
mod spectrogram;
mod stacked;
mod strip;
#[cfg(test)]
mod tests;
mod trend;
mod wait;

pub use before_after::{changes, two_curves, typical_calls};
pub use calibration::{Reliability, calibration};
pub use curve::curve;
pub use listening::listening;
pub use make_up::{make_up_by_call, make_up_by_line, parts_of_wait};
pub use menu_tree::{MAX_NODES, TooMany, menu_tree};
pub use messages::messages;
pub use pair::{most_telling_pair, two_calls};
pub use raster::{RasterError, png};
pub use ribbon::ribbon;
pub use spectrogram::{Spectrogram, spectrogram};
pub use stacked::stacked;
pub use strip::part_of;
pub use trend::trend;
pub use wait::{Wait, got_through};
