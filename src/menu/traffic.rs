//! How calls went through a menu: for each edge, how many took it and what it cost them.

use std::collections::BTreeMap;

use super::graph::EdgeIndex;
use crate::units::Seconds;

/// What calls did at one edge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Taken {
    /// How many calls took it.
    pub calls: usize,
    /// What they spent before it at the node that it leaves, all together, in seconds.
    pub seconds: Seconds,
}

/// The edges that calls took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traffic {
    /// The calls that were laid on the menu.
    pub calls: usize,
    /// Every edge that at least one of them took.
    pub edges: BTreeMap<EdgeIndex, Taken>,
}

impl Traffic {
    /// What calls did at `edge`; `None` where no call took it.
    pub fn of(&self, edge: EdgeIndex) -> Option<&Taken> {
        self.edges.get(&edge).filter(|taken| taken.calls > 0)
    }

    /// A call took `edge`, `seconds` after it came to the node that the edge leaves.
    pub fn add(&mut self, edge: EdgeIndex, seconds: Seconds) {
        let taken = self.edges.entry(edge).or_default();
        taken.calls += 1;
        taken.seconds += seconds;
    }
}

impl Taken {
    /// The mean seconds that a call spent before this edge.
    pub fn mean_s(&self) -> Option<Seconds> {
        (self.calls > 0).then(|| self.seconds / self.calls as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_add_up_and_what_none_took_is_absent() {
        let mut traffic = Traffic::default();
        traffic.add(EdgeIndex(3), 4.0);
        traffic.add(EdgeIndex(3), 6.0);
        assert_eq!(traffic.of(EdgeIndex(3)).and_then(Taken::mean_s), Some(5.0));
        assert_eq!(traffic.of(EdgeIndex(4)), None);
    }
}
