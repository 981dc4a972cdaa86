//! What the line says and plays again: the table `prompts.csv`, one row a recording, and the file that names them.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use super::{
    table::{Cell, Column},
    words::{self, Language},
};
use crate::{
    audit::Audit,
    interval::Interval,
    repeats::{Group, Naming, Play},
    units::Seconds,
};

/// A row of `prompts.csv`: a recording of a line, with all its plays.
pub struct PromptRow<'a> {
    line: &'a str,
    group: &'a Group,
    /// The call's file and the play, call by call in time's order.
    plays: Vec<(&'a str, &'a Play)>,
    /// Seconds in the queues of the line's calls; `None` where no call was seen to wait.
    waiting_s: Option<Seconds>,
    /// Of these, seconds of this recording.
    waited_s: Seconds,
    language: Language,
}

/// The rows of `prompts.csv`: line by line, what is heard most first.
pub fn rows(audit: &Audit, language: Language) -> Vec<PromptRow<'_>> {
    let mut groups: BTreeMap<(&str, &str), PromptRow<'_>> = BTreeMap::new();
    let mut waiting: BTreeMap<&str, Seconds> = BTreeMap::new();
    for call in &audit.calls {
        let Ok(finding) = &call.finding else { continue };
        let queue: Option<Interval> = finding.metrics.queue_s.value.and(finding.metrics.queue_s.from);
        if let Some(queue) = queue {
            *waiting.entry(&call.line).or_default() += queue.duration();
        }
        for play in &finding.plays {
            let row = groups.entry((&call.line, &play.group.name)).or_insert_with(|| PromptRow {
                line: &call.line,
                group: &play.group,
                plays: Vec::new(),
                waiting_s: None,
                waited_s: 0.0,
                language,
            });
            row.plays.push((&call.file, play));
            row.waited_s += queue.map_or(0.0, |queue| queue.overlap(play.interval));
        }
    }
    let mut rows: Vec<PromptRow<'_>> = groups.into_values().collect();
    for row in &mut rows {
        row.waiting_s = waiting.get(row.line).copied().filter(|s| *s > 0.0);
    }
    rows.sort_by(|a, b| a.line.cmp(b.line).then(b.plays.len().cmp(&a.plays.len())));
    rows
}

impl PromptRow<'_> {
    fn calls(&self) -> u32 {
        let mut files: Vec<&str> = self.plays.iter().map(|p| p.0).collect();
        files.dedup();
        files.len() as u32
    }

    /// The middle one of the times from one play to the next in the same call.
    fn every_s(&self) -> Option<Seconds> {
        let pairs = self.plays.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        let mut times: Vec<Seconds> =
            pairs.map(|pair| pair[1].1.interval.start() - pair[0].1.interval.start()).collect();
        times.sort_by(Seconds::total_cmp);
        times.get(times.len() / 2).copied()
    }

    fn similarity(&self) -> f32 {
        self.plays.iter().map(|p| p.1.similarity).sum::<f32>() / self.plays.len().max(1) as f32
    }

    /// How sure it is that all of these are plays of one recording. Of groups found by ear in composed calls of other voices
    /// and music, so many were pure at such a similarity; of those with a prompt's name all were.
    fn confidence(&self) -> f32 {
        const BY_SIMILARITY: [(f32, f32); 3] = [(0.85, 0.95), (0.8, 0.88), (0.0, 0.75)];
        const NAMED: f32 = 0.98;
        if self.group.naming == Naming::Prompt {
            return NAMED;
        }
        BY_SIMILARITY.iter().find(|(from, _)| self.similarity() >= *from).map_or(0.5, |(_, sure)| *sure)
    }

    /// Why cells are empty.
    fn reason(&self) -> String {
        let mut reasons = Vec::new();
        if self.every_s().is_none() {
            reasons.push(self.language.of(("nooit twee keer in één gesprek", "never twice in one call")));
        }
        if self.waiting_s.is_none() {
            reasons.push(self.language.of(("geen wachtrij gehoord", "no queue was heard")));
        }
        reasons.join("; ")
    }
}

/// The columns of `prompts.csv`.
pub fn columns<'a>() -> Vec<Column<PromptRow<'a>>> {
    vec![
        Column::new("line", "", |row: &PromptRow| Cell::text(row.line)),
        Column::new("prompt", "", |row| Cell::text(&row.group.name)),
        Column::new("kind", "", |row| Cell::text(row.group.kind.name())),
        Column::new("named_by", "", |row| Cell::text(row.group.naming.name())),
        Column::new("length_s", "s", |row| Cell::Seconds(row.group.length_s)),
        Column::new("times_heard", "count", |row| Cell::Count(row.plays.len() as u32)),
        Column::new("calls", "count", |row| Cell::Count(row.calls())),
        Column::new("every_s", "s", |row| row.every_s().map_or(Cell::Empty, Cell::Seconds)),
        Column::new("share_of_waiting", "0 to 1", |row| {
            row.waiting_s.map_or(Cell::Empty, |all| Cell::Confidence((row.waited_s / all) as f32))
        }),
        Column::new("first_file", "", |row| row.plays.first().map_or(Cell::Empty, |p| Cell::text(p.0))),
        Column::new("first_s", "s", |row| {
            row.plays.first().map_or(Cell::Empty, |p| Cell::Seconds(p.1.interval.start()))
        }),
        Column::new("similarity", "0 to 1", |row| Cell::Confidence(row.similarity())),
        Column::new("reason", "", |row| Cell::text(row.reason())),
        Column::new("confidence", "0 to 1", |row| Cell::Confidence(row.confidence())),
    ]
}

/// Writes the file that names groups: what was heard, to be named by hand and given back with `--groups`.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_groups(audit: &Audit, language: Language, mut out: impl Write) -> io::Result<()> {
    writeln!(out, "{}", words::groups_head(language))?;
    for row in rows(audit, language) {
        // prompts have their own files, and what was read back from an audit has no print
        if row.group.naming == Naming::Prompt || row.group.print.is_empty() {
            continue;
        }
        let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
        writeln!(out, "\n[[group]]\nline = {}\nname = {}", text(row.line), text(&row.group.name))?;
        writeln!(out, "kind = {}", text(row.group.kind.name()))?;
        if let Some((file, play)) = row.plays.first() {
            writeln!(out, "# {} x, {file} {:.1} s", row.plays.len(), play.interval.start())?;
        }
        if row.group.naming == Naming::Letter {
            writeln!(out, "letter = {}", text(&row.group.name))?;
        }
        writeln!(out, "print = {}", text(&row.group.print))?;
    }
    Ok(())
}
