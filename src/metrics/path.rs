//! The way through the menu, as figures.

use serde::{Deserialize, Serialize};

use super::{Figure, Measured, Reason, Unit, Value};
use crate::units::Seconds;

/// Which way a call took through its menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathMetrics {
    /// The ids of the nodes in the order in which it came to them, each with how it was left.
    pub path: Measured<String>,
    /// From coming to a menu to leaving it, over all menus of the call.
    pub menu_s: Measured<Seconds>,
    /// Different menus on the way.
    pub menu_levels: Measured<u32>,
}

impl Default for PathMetrics {
    /// Of a call whose menu has no definition.
    fn default() -> Self {
        Self::absent(1.0, &Reason::NoDefinition)
    }
}

impl PathMetrics {
    /// No figures, and why.
    pub fn absent(sure: f32, reason: &Reason) -> Self {
        Self {
            path: Measured::absent(sure, reason.clone()),
            menu_s: Measured::absent(sure, reason.clone()),
            menu_levels: Measured::absent(sure, reason.clone()),
        }
    }

    /// Every figure in one shape, in the order of the columns.
    pub fn figures(&self) -> Vec<Figure> {
        let figure = |name, unit, measured| Figure { name, unit, measured };
        vec![
            figure("path", Unit::Text, self.path.map(|path| Value::Text(path.clone()))),
            figure("menu_s", Unit::Seconds, self.menu_s.map(|seconds| Value::Seconds(*seconds))),
            figure("menu_levels", Unit::Count, self.menu_levels.map(|count| Value::Count(*count))),
        ]
    }
}
