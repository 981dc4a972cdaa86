//! What a detector is.

use crate::{detect::Evidence, frames::Frames};

/// A way to hear something. Stateless: calls run in parallel, and the same frames give the same evidence.
pub trait Detector: Sync {
    /// Its name: the file's, for evidence to refer to.
    fn id(&self) -> &'static str;

    /// One line on what it hears and by which standard.
    fn about(&self) -> &'static str;

    /// What it hears in `frames`, in time's order.
    fn detect(&self, frames: &Frames) -> Vec<Evidence>;
}
