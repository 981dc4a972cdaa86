//! The menu as it was walked: the table `menu.csv`, one row a step and one a way on from it, and how many calls took each.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    menu::kind_name,
    table::{Cell, Column},
    words::{
        Language,
        menu_tree::on,
        walked::{Remark, remark},
    },
};
use crate::{
    audit::Audit,
    menu::{
        analysis::Analysis,
        graph::{Edge, EdgeIndex, NodeIndex, NodeKind, On, Target},
        traffic::Traffic,
    },
    units::Seconds,
    walked::{Design, Exit, Stay, Walk},
};

/// A menu's definition, and the name of the line that it is of.
pub type LineDesign<'a> = (&'a str, &'a Design);

/// A row of `menu.csv`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepRow {
    line: String,
    node: String,
    step: &'static str,
    option: String,
    leads_to: String,
    /// Calls in which it happened, and how often in all.
    calls: BTreeSet<usize>,
    times: u32,
    /// The calls that came to the node at all.
    of: usize,
    listened: Sum,
    designed_s: Option<Seconds>,
    spent: Sum,
    early: u32,
    inferred: u32,
    otherwise: u32,
    remarks: Vec<String>,
}

/// Seconds to be averaged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sum {
    seconds: Seconds,
    count: u32,
}

impl Sum {
    fn add(&mut self, seconds: Seconds) {
        self.seconds += seconds;
        self.count += 1;
    }

    fn mean(self) -> Cell {
        if self.count == 0 { Cell::Empty } else { Cell::Seconds(self.seconds / f64::from(self.count)) }
    }
}

/// The columns of `menu.csv`.
pub fn columns() -> Vec<Column<StepRow>> {
    vec![
        Column::new("line", "", |row: &StepRow| Cell::text(&row.line)),
        Column::new("node", "", |row| Cell::text(&row.node)),
        Column::new("step", "", |row| Cell::text(row.step)),
        Column::new("option", "", |row| match row.option.bytes().all(|b| b.is_ascii_digit() || b"*#".contains(&b)) {
            true if !row.option.is_empty() => Cell::Keys(row.option.clone()),
            _ => Cell::text(&row.option),
        }),
        Column::new("leads_to", "", |row| Cell::text(&row.leads_to)),
        Column::new("calls", "count", |row| Cell::Count(count(row.calls.len()))),
        Column::new("times", "count", |row| Cell::Count(row.times)),
        #[allow(clippy::cast_possible_truncation)]
        Column::new("share_of_callers", "0 to 1", |row| match row.of {
            0 => Cell::Empty,
            of => Cell::Confidence((row.calls.len() as f64 / of as f64) as f32),
        }),
        Column::new("listened_s", "s", |row| row.listened.mean()),
        Column::new("designed_s", "s", |row| row.designed_s.map_or(Cell::Empty, Cell::Seconds)),
        Column::new("spent_s", "s", |row| row.spent.mean()),
        Column::new("early_keys", "count", |row| Cell::Count(row.early)),
        Column::new("inferred_keys", "count", |row| Cell::Count(row.inferred)),
        Column::new("other_prompt", "count", |row| Cell::Count(row.otherwise)),
        Column::new("remark", "", |row| Cell::text(row.remarks.join("; "))),
    ]
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The rows of `menu.csv`: line by line and node by node as defined, each followed by its ways on, and last what was heard
/// there that the definition does not know.
pub fn rows(audit: &Audit, designs: &[LineDesign<'_>], language: Language) -> Vec<StepRow> {
    designs.iter().flat_map(|(line, design)| Walked::new(audit, line, design).rows(language)).collect()
}

/// How the calls of `line` went through its menu.
pub fn traffic(audit: &Audit, line: &str) -> Traffic {
    let mut traffic = Traffic::default();
    for walk in walks(audit, line) {
        traffic.calls += 1;
        let mut taken: BTreeMap<usize, Seconds> = BTreeMap::new();
        for stay in &walk.stays {
            if let Some(edge) = stay.edge {
                *taken.entry(edge).or_default() += stay.to_s - stay.from_s;
            }
        }
        taken.into_iter().for_each(|(edge, seconds)| traffic.add(EdgeIndex(edge), seconds));
    }
    traffic
}

fn walks<'a>(audit: &'a Audit, line: &'a str) -> impl Iterator<Item = &'a Walk> {
    let calls = audit.calls.iter().filter(move |call| call.line == line);
    calls.filter_map(|call| call.finding.as_ref().ok()?.walk.as_ref())
}

/// A line's walks, sorted by node.
struct Walked<'a> {
    line: &'a str,
    analysis: Analysis<'a>,
    walks: Vec<&'a Walk>,
    /// For each node's id, the calls and their stays.
    stays: BTreeMap<&'a str, Vec<(usize, &'a Stay)>>,
}

impl<'a> Walked<'a> {
    fn new(audit: &'a Audit, line: &'a str, design: &'a Design) -> Self {
        let walks: Vec<&Walk> = walks(audit, line).collect();
        let mut stays: BTreeMap<&str, Vec<(usize, &Stay)>> = BTreeMap::new();
        for (call, walk) in walks.iter().enumerate() {
            for stay in &walk.stays {
                stays.entry(&stay.node).or_default().push((call, stay));
            }
        }
        Self { line, analysis: Analysis::new(&design.flow, &design.recordings), walks, stays }
    }

    fn rows(&self, language: Language) -> Vec<StepRow> {
        let mut rows = vec![];
        for (index, node) in self.analysis.flow.indexed() {
            let stays = self.stays.get(node.id.as_str()).map_or(&[][..], Vec::as_slice);
            let row = StepRow {
                line: self.line.into(),
                node: node.id.clone(),
                step: kind_name(&node.kind),
                ..StepRow::default()
            };
            rows.push(self.node(index, &row, stays, language));
            let came: BTreeSet<usize> = stays.iter().map(|(call, _)| *call).collect();
            let row = StepRow { of: came.len(), ..row };
            rows.extend(self.options(index, &row, stays, language));
            rows.extend(self.undrawn(&row, stays, language));
            rows.extend(self.asides(&row, language));
        }
        rows
    }

    /// The node itself.
    fn node(&self, index: NodeIndex, row: &StepRow, stays: &[(usize, &Stay)], language: Language) -> StepRow {
        let mut row = StepRow { of: self.walks.len(), ..row.clone() };
        let says = !matches!(self.analysis.flow.node(index).kind, NodeKind::Queue { .. } | NodeKind::Voicemail { .. });
        let length = self.analysis.listening.prompt(index).filter(|length| says && length.seconds > 0.0);
        row.designed_s = length.map(|length| length.seconds);
        for (call, stay) in stays {
            row.add(*call, stay);
            if let Some(seconds) = stay.listened_s {
                row.listened.add(seconds);
            }
            row.otherwise += u32::from(stay.otherwise);
        }
        if length.is_some_and(|length| length.estimated) {
            row.remarks.push(remark(language, Remark::Estimated).into());
        }
        if row.otherwise > 0 {
            row.remarks.push(remark(language, Remark::OtherPrompt).into());
        }
        if stays.is_empty() && !self.walks.is_empty() {
            row.remarks.push(remark(language, Remark::NeverReached).into());
        }
        row
    }

    /// The ways on that the definition draws.
    fn options(&self, node: NodeIndex, row: &StepRow, stays: &[(usize, &Stay)], language: Language) -> Vec<StepRow> {
        let drawn = self.analysis.out(node).map(|(index, edge)| {
            let option = match edge.on {
                On::Next => remark(language, Remark::Onwards).into(),
                ref other => on(language, other),
            };
            let mut row = StepRow { option, leads_to: self.target(edge), ..row.clone() };
            row.designed_s = self.analysis.listening.option(index).map(|length| length.seconds);
            for (call, stay) in stays.iter().filter(|(_, stay)| stay.edge == Some(index.0)) {
                row.add(*call, stay);
            }
            let is_choice = matches!(edge.on, On::Key(_) | On::Speech(_) | On::Pattern(_));
            if row.times == 0 && is_choice && !stays.is_empty() {
                row.remarks.push(remark(language, Remark::NeverTaken).into());
            }
            row
        });
        drawn.collect()
    }

    fn target(&self, edge: &Edge) -> String {
        match &edge.to {
            Target::Node(to) => self.analysis.flow.node(*to).id.clone(),
            Target::Dangling(name) => name.clone(),
        }
    }

    /// What callers did for which the definition draws no way: a wrong key or silence after which the menu comes again.
    fn undrawn(&self, row: &StepRow, stays: &[(usize, &Stay)], language: Language) -> Vec<StepRow> {
        let mut rows: BTreeMap<Exit, StepRow> = BTreeMap::new();
        for (call, stay) in stays {
            let (Some(exit), None) = (&stay.exit, stay.edge) else { continue };
            let entry = rows.entry(exit.clone()).or_insert_with(|| {
                let (option, why) = match exit {
                    Exit::Invalid(keys) | Exit::Key(keys) => (keys.clone(), Remark::NoSuchKey),
                    _ => (on(language, &On::Timeout { nth: None }), Remark::Again),
                };
                let remarks = vec![remark(language, why).into()];
                StepRow { option, leads_to: row.node.clone(), remarks, ..row.clone() }
            });
            entry.add(*call, stay);
        }
        rows.into_values().collect()
    }

    /// What was heard there that the definition does not know.
    fn asides(&self, row: &StepRow, language: Language) -> Vec<StepRow> {
        let mut rows: BTreeMap<(Option<&str>, Option<&str>), StepRow> = BTreeMap::new();
        for (call, walk) in self.walks.iter().enumerate() {
            for aside in &walk.asides {
                if walk.stays.get(aside.stay).is_none_or(|stay| stay.node != row.node) {
                    continue;
                }
                let entry = rows.entry((aside.key.as_deref(), aside.message.as_deref())).or_insert_with(|| {
                    let why = if aside.key.is_some() { Remark::IdleKey } else { Remark::Unknown };
                    let option = aside.key.clone().or_else(|| aside.message.clone()).unwrap_or_default();
                    let step = if aside.key.is_some() { row.step } else { "message" };
                    StepRow { option, step, remarks: vec![remark(language, why).into()], ..row.clone() }
                });
                entry.calls.insert(call);
                entry.times += 1;
            }
        }
        rows.into_values().collect()
    }
}

impl StepRow {
    fn add(&mut self, call: usize, stay: &Stay) {
        self.calls.insert(call);
        self.times += 1;
        self.spent.add(stay.to_s - stay.from_s);
        self.early += u32::from(stay.early);
        self.inferred += u32::from(stay.inferred);
    }
}
