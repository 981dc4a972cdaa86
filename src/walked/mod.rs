//! Walked against designed: which way through its menu each call of a line took.
//!
//! ```text
//! Design (definition, lengths) ──► plan: what each node lets hear
//! timeline, plays, keys        ──► sounds: what happened, in time's order ──► align ──► Walk
//! ```
//!
//! [`align`] puts a call on the graph by dynamic programming over (node, event). What is heard is of a node, leads on from
//! it, or is passed over at a cost; the cheapest way is the walk. Recordings of the definition that are known by their
//! sound are strong evidence, keys likewise, silence weak. A recording that comes again but has no name is nobody's at
//! first: [`learn`] puts all calls on the graph by keys and order alone, sees where each such recording was heard, and
//! puts them on it again with that knowledge.

mod align;
mod figures;
mod learn;
mod plan;
mod sounds;
mod walk;

pub use figures::figures;
pub use plan::{Design, name_of};
pub use sounds::CallSounds;
pub use walk::{Aside, Basis, Exit, Stay, Walk};

use plan::Plan;

/// The walks of a line's `calls`, in their order; `None` for a call in which nothing of the menu was recognised. `known`
/// are the names of the recordings that were looked for in the calls.
pub fn walks<'a>(design: &Design, known: impl Iterator<Item = &'a str>, calls: &[CallSounds<'_>]) -> Vec<Option<Walk>> {
    let plan = Plan::new(design, known);
    let calls: Vec<Vec<sounds::Event>> = calls.iter().map(sounds::events).collect();
    learn::walks(&plan, &calls)
}

#[cfg(test)]
mod tests;
