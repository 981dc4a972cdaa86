//! A menu as text that other programs draw: Graphviz DOT and Mermaid.

use std::fmt::Write as _;

use super::words::{
    self, Language,
    menu_tree::{TreeWord, kind, on, tree_word},
};
use crate::menu::{
    analysis::Analysis,
    graph::{Edge, EdgeIndex, Node, NodeIndex, NodeKind, Target},
};

/// The words of an edge: what takes callers along it, and the seconds that it takes who calls for the first time.
fn label(analysis: &Analysis<'_>, index: EdgeIndex, edge: &Edge, language: Language) -> String {
    let on = on(language, &edge.on);
    let seconds = analysis.path(vec![index]).reached.map(|length| length.seconds).filter(|seconds| *seconds >= 0.05);
    match seconds.map(|seconds| words::seconds(language, seconds)) {
        Some(seconds) if on.is_empty() => seconds,
        Some(seconds) => format!("{on} ({seconds})"),
        None => on,
    }
}

fn name(node: &Node) -> &str {
    node.title.as_ref().unwrap_or(&node.id)
}

fn to_person(analysis: &Analysis<'_>, edge: &Edge) -> bool {
    edge.to.node().is_some_and(|to| analysis.to_person.has(to))
}

fn is_person(analysis: &Analysis<'_>, node: NodeIndex) -> bool {
    analysis.ways.person(analysis.flow, node).is_yes()
}

/// The menu in the language of Graphviz (`dot -Tsvg menu.dot`). Ways to a person are bold.
pub fn dot(analysis: &Analysis<'_>, language: Language) -> String {
    let flow = analysis.flow;
    let mut text = format!("digraph {} {{\n  rankdir=LR;\n", dot_text(&flow.name));
    text += "  node [shape=box, fontname=\"DejaVu Sans\"];\n  edge [fontname=\"DejaVu Sans\"];\n";
    for (index, node) in flow.indexed() {
        let look = match &node.kind {
            _ if is_person(analysis, index) => ", style=filled, fillcolor=\"#003F72\", fontcolor=white",
            NodeKind::Menu(_) => ", penwidth=3",
            NodeKind::Hangup { .. } => ", shape=octagon",
            _ => "",
        };
        let what = dot_text(&format!("{}\n{}", kind(language, &node.kind), name(node)));
        let _ = writeln!(text, "  n{} [label={what}{look}];", index.0);
    }
    for (place, entry) in flow.entries.iter().enumerate() {
        let _ = writeln!(text, "  e{place} [label={}, shape=plaintext];", dot_text(&entry.label));
        match &entry.to {
            Target::Node(to) => {
                let _ = writeln!(text, "  e{place} -> n{};", to.0);
            }
            Target::Dangling(missing) => {
                let _ = writeln!(text, "  m{place}e [label={}, style=dashed];", dot_text(&gone(missing, language)));
                let _ = writeln!(text, "  e{place} -> m{place}e;");
            }
        }
    }
    for (place, edge) in flow.edges.iter().enumerate() {
        let label = dot_text(&label(analysis, EdgeIndex(place), edge, language));
        let look = if to_person(analysis, edge) { ", penwidth=3" } else { "" };
        match &edge.to {
            Target::Node(to) => {
                let _ = writeln!(text, "  n{} -> n{} [label={label}{look}];", edge.from.0, to.0);
            }
            Target::Dangling(missing) => {
                let _ = writeln!(text, "  m{place} [label={}, style=dashed];", dot_text(&gone(missing, language)));
                let _ = writeln!(text, "  n{} -> m{place} [label={label}];", edge.from.0);
            }
        }
    }
    text + "}\n"
}

fn gone(missing: &str, language: Language) -> String {
    format!("{missing}\n{}", tree_word(language, TreeWord::Missing))
}

/// A quoted string of DOT, in which only the quote and the backslash mean something.
fn dot_text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' | '\\' => quoted.extend(['\\', sign]),
            '\n' => quoted.push_str("\\n"),
            _ if sign.is_control() => quoted.push(' '),
            _ => quoted.push(sign),
        }
    }
    quoted + "\""
}

/// The menu in the language of Mermaid, which wikis and code hosts draw. Ways to a person are bold.
pub fn mermaid(analysis: &Analysis<'_>, language: Language) -> String {
    let flow = analysis.flow;
    let mut text = String::from("flowchart LR\n");
    for (index, node) in flow.indexed() {
        let what = mermaid_text(&format!("{}: {}", kind(language, &node.kind), name(node)));
        let _ = match &node.kind {
            NodeKind::Hangup { .. } => writeln!(text, "  n{}([{what}])", index.0),
            NodeKind::Hours { .. } | NodeKind::Branch { .. } => writeln!(text, "  n{}{{{{{what}}}}}", index.0),
            _ => writeln!(text, "  n{}[{what}]", index.0),
        };
    }
    let missing = |missing: &str| mermaid_text(&format!("{missing}: {}", tree_word(language, TreeWord::Missing)));
    for (place, entry) in flow.entries.iter().enumerate() {
        let label = mermaid_text(&entry.label);
        let _ = match &entry.to {
            Target::Node(to) => writeln!(text, "  e{place}(({label})) --> n{}", to.0),
            Target::Dangling(name) => writeln!(text, "  e{place}(({label})) -.-> m{place}e[{}]", missing(name)),
        };
    }
    for (place, edge) in flow.edges.iter().enumerate() {
        let label = label(analysis, EdgeIndex(place), edge, language);
        let label = if label.is_empty() { String::new() } else { format!("|{}|", mermaid_text(&label)) };
        let _ = match &edge.to {
            Target::Node(to) => {
                let arrow = if to_person(analysis, edge) { "==>" } else { "-->" };
                writeln!(text, "  n{} {arrow}{label} n{}", edge.from.0, to.0)
            }
            Target::Dangling(name) => writeln!(text, "  n{} -.->{label} m{place}[{}]", edge.from.0, missing(name)),
        };
    }
    let people: Vec<String> = flow
        .indexed()
        .filter(|(index, _)| is_person(analysis, *index))
        .map(|(index, _)| format!("n{}", index.0))
        .collect();
    if !people.is_empty() {
        text += "  classDef person fill:#003F72,color:#fff\n";
        let _ = writeln!(text, "  class {} person", people.join(","));
    }
    text
}

/// A quoted string of Mermaid: what means something there is written as a character entity.
fn mermaid_text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' | '#' | '<' | '>' | '&' | '`' | '\\' | ';' | '|' => {
                let _ = write!(quoted, "#{};", u32::from(sign));
            }
            _ if sign.is_control() => quoted.push(' '),
            _ => quoted.push(sign),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_there_is_escaped() {
        assert_eq!(dot_text("a \"b\" \\ c\nd\u{7}"), "\"a \\\"b\\\" \\\\ c\\nd \"");
        assert_eq!(mermaid_text("press # \"now\" <b>"), "\"press #35; #34;now#34; #60;b#62;\"");
    }
}
