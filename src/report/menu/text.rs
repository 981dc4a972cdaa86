//! What a menu does to a caller, for people.

use std::fmt::Write as _;

use super::MenuReport;
use crate::{
    menu::{
        analysis::{
            Analysis, MAX_STARTS, ReasonCost,
            cost::Path,
            keys::Keys,
            listening::Length,
            silence::{EndKind, Fate},
            spoken,
        },
        graph::{Flow, NodeIndex, NodeKind, On, Target},
        import::ImportError,
    },
    report::{
        lint,
        words::{
            Language,
            menu::{self as words, Count, Phrase},
            menu_tree, seconds,
        },
    },
};

/// So many menus are written out; the others are counted.
const MOST_MENUS: usize = 40;
/// So many remarks' details are written out.
const MOST_DETAILS: usize = 5;

/// The whole text.
pub fn text(report: &MenuReport<'_>) -> String {
    let MenuReport { analysis, costs, findings, language } = *report;
    let mut text = head(analysis, language);
    text += &reasons(analysis, costs, language);
    text += &silence(analysis, language);
    text += &menus(analysis, language);
    text += &remarks(analysis.flow, language);
    text += &lint::findings(analysis.flow, findings, language);
    text
}

/// Why files could not be read, a line each.
pub fn errors(errors: &[ImportError], language: Language) -> String {
    errors.iter().map(|error| words::import_error(language, error) + "\n").collect()
}

fn phrase(language: Language, phrase: Phrase) -> &'static str {
    words::phrase(language, phrase)
}

fn head(analysis: &Analysis<'_>, language: Language) -> String {
    let (flow, summary) = (analysis.flow, analysis.summary());
    let mut text = format!("{}\n", flow.name);
    let files: Vec<_> = flow.sources.iter().map(|source| source.file.as_str()).collect();
    let _ = writeln!(text, "  {} ({})", files.join(", "), flow.format);
    let options: usize = summary.options_per_menu.iter().map(|(_, keys)| keys.len()).sum();
    let mut counts = vec![
        words::count(language, Count::Menus, summary.menus),
        words::count(language, Count::Options, options),
        words::count(language, Count::Collects, summary.collects),
    ];
    counts.retain(|count| !count.is_empty());
    if !counts.is_empty() {
        let _ = writeln!(text, "  {}", counts.join(", "));
    }
    if summary.max_menu_depth > 1 {
        let _ = writeln!(text, "  {}", words::depth(language, summary.max_menu_depth));
    }
    let _ = writeln!(text, "  {}", shortest(summary.shortest_keys_to_person, summary.unresolved, language));
    for (count, number) in [
        (Count::DeadEnds, summary.dead_ends),
        (Count::ErrorExits, summary.error_exits),
        (Count::Dangling, summary.dangling_targets),
        (Count::Unreachable, summary.unreachable),
    ] {
        if number > 0 {
            let _ = writeln!(text, "  {}", words::count(language, count, number));
        }
    }
    text
}

fn shortest(keys: Keys, unresolved: usize, language: Language) -> String {
    let found = match keys {
        Keys::Count(0) => phrase(language, Phrase::PersonBySilence).to_owned(),
        Keys::Count(count) => words::keys_to_person(language, count),
        Keys::Never => phrase(language, Phrase::PersonNever).to_owned(),
        Keys::Unknown => phrase(language, Phrase::PersonUnknown).to_owned(),
    };
    match (unresolved, keys) {
        (0, _) | (_, Keys::Never) => found,
        (count, _) => format!("{found} ({})", words::count(language, Count::Unresolved, count)),
    }
}

fn name(flow: &Flow, node: NodeIndex) -> &str {
    let node = flow.node(node);
    node.title.as_ref().unwrap_or(&node.id)
}

/// A node with what it is: `Wachtrij verkoop`.
fn goal(flow: &Flow, node: NodeIndex, language: Language) -> String {
    let kind = &flow.node(node).kind;
    let own = match kind {
        NodeKind::Queue { name } | NodeKind::Agent { name } | NodeKind::Voicemail { name } => name.as_deref(),
        NodeKind::External { name, .. } => Some(name.as_str()).filter(|name| !name.is_empty()),
        NodeKind::Hangup { .. } | NodeKind::Unknown { .. } => Some(""),
        _ => None,
    };
    let own = own.unwrap_or_else(|| name(flow, node));
    format!("{} {own}", menu_tree::kind(language, kind).to_lowercase()).trim_end().to_owned()
}

fn reasons(analysis: &Analysis<'_>, costs: &[ReasonCost], language: Language) -> String {
    let flow = analysis.flow;
    let header = [
        Phrase::ColumnReason,
        Phrase::ColumnGoal,
        Phrase::ColumnKeys,
        Phrase::ColumnChoices,
        Phrase::ColumnHeard,
        Phrase::ColumnReached,
        Phrase::ColumnRepeat,
        Phrase::ColumnWorst,
    ];
    let mut rows = vec![header.map(|column| phrase(language, column).to_owned()).to_vec()];
    let several = analysis.starts.len() > 1;
    for cost in costs {
        let label = cost.reason.map_or(phrase(language, Phrase::AnyPerson), |reason| &flow.reasons[reason].label);
        let from = if several { format!(" ({})", name(flow, cost.start)) } else { String::new() };
        let goal = cost.goal.map_or_else(|| "-".into(), |node| goal(flow, node, language));
        let mut row = vec![format!("{label}{from}"), goal];
        match &cost.best {
            None => row.push(phrase(language, no_way(cost)).into()),
            Some(path) => {
                let mark = |length: Option<Length>| length.map_or_else(|| "?".into(), |length| about(length, language));
                row.push(path.keys.to_string());
                row.push(path.choices.to_string());
                row.push(if path.choices == 0 { "-".into() } else { mark(path.heard) });
                row.push(mark(path.reached));
                row.push(path.repeat_s.map_or_else(|| "?".into(), |value| seconds(language, value)));
                row.push(worst(cost, path, language));
            }
        }
        rows.push(row);
    }
    if rows.len() == 1 {
        return String::new();
    }
    let mut text = format!("\n{}\n", phrase(language, Phrase::HeadingReasons));
    text += &table(&rows);
    let lengths = || costs.iter().filter_map(|cost| cost.best.as_ref());
    let estimates = lengths().filter_map(|path| path.reached).filter(|length| length.voice_s > 0.0);
    if let Some(longest) = estimates.max_by(|a, b| a.seconds.total_cmp(&b.seconds)) {
        let rate = analysis.listening.speech().syllables_per_second;
        let range = [spoken::FAST, spoken::SLOW].map(|speed| longest.at_speed(speed));
        text += &format!(
            "  {}\n",
            words::estimated(language, rate, longest.seconds, range, analysis.listening.is_fitted())
        );
    }
    if lengths().any(|path| !path.unknown.is_empty()) {
        let mut unknown: Vec<&str> = lengths().flat_map(|path| &path.unknown).map(|&node| name(flow, node)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        text += &format!("  {}\n", words::no_length(language, &unknown));
    }
    if analysis.starts.len() > MAX_STARTS {
        text += &format!("  {}\n", words::more_starts(language, MAX_STARTS, analysis.starts.len()));
    }
    text
}

fn no_way(cost: &ReasonCost) -> Phrase {
    match (cost.structural, cost.effective) {
        (false, _) => Phrase::NoWay,
        (true, false) => Phrase::WayRuledOut,
        (true, true) => Phrase::WayOutOfHours,
    }
}

/// The worst case, where it differs from the best.
fn worst(cost: &ReasonCost, best: &Path, language: Language) -> String {
    match &cost.worst {
        None => phrase(language, Phrase::WorstElsewhere).into(),
        Some(worst) if worst.edges == best.edges => "=".into(),
        Some(worst) => worst.reached.map_or_else(|| "?".into(), |length| about(length, language)),
    }
}

/// A length; an estimate says that it is one.
fn about(length: Length, language: Language) -> String {
    let mark = if length.estimated { "~" } else { "" };
    format!("{mark}{}", seconds(language, length.seconds))
}

/// Columns side by side, as wide as what is in them; a row may end early.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        // the last cell of a short row may stick out
        let cells = rows.iter().filter(|row| row.len() == columns).filter_map(|row| row.get(column));
        cells
            .chain(rows.iter().filter(|row| row.len() > column + 1).map(|row| &row[column]))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let _ = writeln!(text, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

fn silence(analysis: &Analysis<'_>, language: Language) -> String {
    let flow = analysis.flow;
    let mut text = String::new();
    for &start in analysis.starts.iter().take(MAX_STARTS) {
        let fate = analysis.silence_from(start);
        let from = if analysis.starts.len() > 1 { format!("{}: ", name(flow, start)) } else { String::new() };
        let _ = writeln!(text, "  {from}{}", fate_of(flow, &fate, language));
    }
    if text.is_empty() { text } else { format!("\n{}\n{text}", phrase(language, Phrase::HeadingSilence)) }
}

fn fate_of(flow: &Flow, fate: &Fate, language: Language) -> String {
    let mut told: Vec<String> = vec![];
    for end in &fate.ends {
        let place = match end.kind {
            EndKind::Unhandled | EndKind::Dangling => name(flow, end.node).to_owned(),
            _ => goal(flow, end.node, language),
        };
        let sentence = words::end(language, end.kind, &place, end.after_s);
        if !told.contains(&sentence) {
            told.push(sentence);
        }
    }
    if !fate.endless.is_empty() {
        let names: Vec<_> = fate.endless.iter().map(|&node| name(flow, node)).collect();
        told.push(words::endless(language, &names));
    }
    told.join(phrase(language, Phrase::Or))
}

fn menus(analysis: &Analysis<'_>, language: Language) -> String {
    let flow = analysis.flow;
    let menus: Vec<NodeIndex> =
        flow.indexed().filter(|(_, node)| matches!(node.kind, NodeKind::Menu(_))).map(|(index, _)| index).collect();
    let mut text = String::new();
    for &menu in menus.iter().take(MOST_MENUS) {
        let node = flow.node(menu);
        let length = analysis.listening.prompt(menu).filter(|length| length.seconds > 0.0);
        let length = length.map(|length| format!(", {}", about(length, language))).unwrap_or_default();
        let apart = if analysis.effective.has(menu) { "" } else { phrase(language, Phrase::NotReached) };
        let _ = writeln!(text, "\n  {} ({}{length}){apart}", name(flow, menu), lint::place(flow, &node.origin));
        let mut rows = vec![];
        for (index, edge) in analysis.out(menu) {
            let to = match &edge.to {
                Target::Node(to) if *to == menu => phrase(language, Phrase::Again).to_owned(),
                Target::Node(to) => goal(flow, *to, language),
                Target::Dangling(missing) => words::missing(language, missing),
            };
            let heard = analysis.listening.option(index).filter(|_| matches!(edge.on, On::Key(_)));
            let heard = heard.map(|length| about(length, language)).unwrap_or_default();
            rows.push(vec![format!("  {}", menu_tree::on(language, &edge.on)), to, heard]);
        }
        text += &table(&rows);
    }
    if menus.len() > MOST_MENUS {
        let _ = writeln!(text, "\n  {}", words::more_menus(language, menus.len() - MOST_MENUS));
    }
    if text.is_empty() { text } else { format!("\n{}{text}", phrase(language, Phrase::HeadingMenus)) }
}

fn remarks(flow: &Flow, language: Language) -> String {
    let mut text = String::new();
    for remark in &flow.remarks {
        let mut details: Vec<&str> = remark.details.iter().take(MOST_DETAILS).map(String::as_str).collect();
        if remark.details.len() > MOST_DETAILS {
            details.push("...");
        }
        let details = if details.is_empty() { String::new() } else { format!(": {}", details.join(", ")) };
        let _ = writeln!(text, "  {} ({}x){details}", words::remark(language, remark.kind), remark.count);
    }
    if text.is_empty() { text } else { format!("\n{}\n{text}", phrase(language, Phrase::HeadingRemarks)) }
}
