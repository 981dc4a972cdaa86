//! What a menu does wrong, as findings with a stable code.
//!
//! [`RULES`] is the whole list: one entry a rule, with its code, the source it rests on and a pure function over the
//! analysed graph. Thresholds stand in [`Limits`]. The sentences that a reader sees are made elsewhere from a finding's
//! [`Fact`], in every language.
//!
//! Rules speak only of what the definition tells. Where words, lengths or targets are unknown, a rule that needs them
//! stays silent: it neither accuses nor acquits.

mod announced;
mod cost;
mod exits;
mod fact;
mod fail_on;
mod keys;
mod limits;
mod patience;
mod reach;
mod rules;
mod scene;
#[cfg(test)]
mod tests;
mod wording;

pub use fact::Fact;
pub use fail_on::{FailOn, UnknownCode};
pub use limits::{LimitError, LimitFault, Limits};
pub use rules::{Check, RULES, Rule};
pub use scene::Scene;

use serde::{Deserialize, Serialize};

use crate::menu::graph::{EdgeIndex, Node, NodeIndex, Origin};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Callers lose time or their way.
    Warning,
    /// Callers get stuck.
    Error,
}

impl Level {
    /// As it is written in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Which rule.
    pub check: Check,
    /// How bad it is here.
    pub level: Level,
    /// What was found, with its numbers.
    pub fact: Fact,
    /// The node that it is about, where it is about one.
    pub node: Option<NodeIndex>,
    /// The edge that it is about, where it is about one.
    pub edge: Option<EdgeIndex>,
    /// The place in the file; `None` where it is about the definition as a whole.
    pub origin: Option<Origin>,
    /// Why its owner accepts it; an accepted finding fails no run.
    pub accepted: Option<String>,
}

/// A rule that the owner of a definition switches off in all of it, and why.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The rule's code.
    pub code: String,
    /// Why.
    pub reason: String,
}

/// Everything that [`RULES`] find in `scene`: the rules in their order, each in the order of the definition. What is
/// accepted, at its node or by `exceptions`, is there too, and says so.
pub fn lint(scene: &Scene, exceptions: &[Exception]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| (rule.find)(scene)).collect();
    for finding in &mut findings {
        let node = finding.node.map(|node| scene.flow.node(node));
        finding.accepted = node.and_then(|node| accepted_at(node, finding.check)).or_else(|| {
            let exception = exceptions.iter().find(|exception| exception.code == finding.check.code())?;
            Some(exception.reason.trim().to_owned()).filter(|reason| !reason.is_empty())
        });
    }
    findings
}

/// Why the owner of `node` accepts findings of `check` there; an exception without a reason is none.
fn accepted_at(node: &Node, check: Check) -> Option<String> {
    let allow = node.allow.iter().find(|allow| allow.code == check.code())?;
    allow.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned)
}

impl Finding {
    /// About the node `node` of `scene`.
    fn at_node(scene: &Scene, check: Check, level: Level, node: NodeIndex, fact: Fact) -> Self {
        let origin = Some(scene.flow.node(node).origin.clone());
        Self { check, level, fact, node: Some(node), edge: None, origin, accepted: None }
    }

    /// About the edge `edge` of `scene`.
    fn at_edge(scene: &Scene, check: Check, level: Level, edge: EdgeIndex, fact: Fact) -> Self {
        let at = &scene.flow.edges[edge.0];
        let origin = Some(at.origin.clone());
        Self { check, level, fact, node: Some(at.from), edge: Some(edge), origin, accepted: None }
    }

    /// About the definition as a whole.
    fn of_all(check: Check, level: Level, fact: Fact) -> Self {
        Self { check, level, fact, node: None, edge: None, origin: None, accepted: None }
    }
}
