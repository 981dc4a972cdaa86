//! What only all calls of a line can tell: whose tones they are, which side is the caller.

pub mod burst;
pub mod country;
pub mod phase;
pub mod side;
pub mod sit;

pub use burst::Burst;
pub use country::{CountryVerdict, Meaning};
pub use phase::{Phase, Rhythm};
