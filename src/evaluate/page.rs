//! An evaluation in words: for the terminal, and as a page of Markdown.

use std::fmt::Write as _;

use super::{
    Evaluation, Group,
    accuracy::{LabelRow, Measure, wilson},
    matching::Collar,
};
use crate::report::words::{
    self, Language, Say,
    accuracy::{AccuracyWord as W, accuracy_word, conventions, grouped_by, measure, promise, right_of, share, sound},
};

/// How many of the worst calls are named.
const WORST: usize = 5;
/// How many groups of a column are shown on the page; the table has them all.
const MOST_GROUPS: usize = 60;
/// How wide a heading of a row is on the terminal, in characters.
const HEADING: usize = 46;

/// What the terminal says; `folder` is where the tables lie.
pub fn text(evaluation: &Evaluation, folder: &str, language: Language) -> String {
    let say = |word| accuracy_word(language, word);
    let whole = evaluation.whole();
    let mut text = String::new();
    let calls = words::calls(language, whole.calls);
    let heading = language.of((
        format!("{calls} aan de waarheid getoetst, {} daarvan in de audit", whole.audited),
        format!("{calls} held against the truth, {} of them in the audit", whole.audited),
    ));
    let _ = writeln!(text, "\n{heading}");
    let origins = evaluation.groups.iter().filter(|group| group.by == "origin").count();
    if origins > 1 {
        let note = language.of((
            "opgenomen en samengestelde gesprekken zitten hier door elkaar: accuracy.csv houdt ze uit elkaar (by = origin)",
            "recorded and composed calls are mixed here: accuracy.csv keeps them apart (by = origin)",
        ));
        let _ = writeln!(text, "  {note}");
    }
    let _ = writeln!(text, "\n{}", say(W::Figures));
    for (title, one) in titled(whole, language) {
        let _ = writeln!(text, "  {title:<HEADING$}{}", counted(one, language));
    }
    if let Some(accuracy) = whole.measure("frame.accuracy") {
        let _ = writeln!(text, "\n{}", say(W::Sounds));
        let _ = writeln!(text, "  {:<HEADING$}{}", say(W::FrameAccuracy), share(language, accuracy.value));
        for row in whole.labels.iter().filter(|row| row.name.starts_with("class:") && row.truth_s > 0.0) {
            if let Some(f1) = row.frame_f1 {
                let _ =
                    writeln!(text, "    {:<1$}F1 {2}", sound(language, &row.name), HEADING - 2, share(language, f1));
            }
        }
    }
    let _ = writeln!(text, "\n{}", say(W::Calibration));
    match evaluation.promises.first().filter(|all| all.of > 0) {
        Some(all) => writeln!(text, "  {}", promise(language, all.sure, all.wrong, all.of)),
        None => writeln!(text, "  {}", say(W::NoConfidence)),
    }
    .expect("a string takes all");
    let _ = writeln!(text, "\n{}", say(W::Worst));
    for line in worst(evaluation, language) {
        let _ = writeln!(text, "  {line}");
    }
    for trouble in &evaluation.troubles {
        let _ = writeln!(text, "{} {}", language.of(("let op:", "note:")), trouble.say(language));
    }
    let _ = writeln!(
        text,
        "\n{}",
        language.of((
            format!("Alles staat in {folder}: begin met accuracy.md; disagreements.csv zegt waar te luisteren"),
            format!("Everything is in {folder}: start with accuracy.md; disagreements.csv says where to listen"),
        ))
    );
    text
}

/// The measures of figures that have a title, with it.
fn titled(group: &Group, language: Language) -> impl Iterator<Item = (&'static str, &Measure)> {
    group.measures.iter().filter_map(move |one| Some((measure(language, &one.name)?, one)))
}

/// A share of calls with what it rests on: `98,8%  332 van 336  (96,9% - 99,5%)`.
fn counted(measure: &Measure, language: Language) -> String {
    let value = share(language, measure.value);
    let Some((right, of)) = measure.count else { return value };
    format!("{value:>7}  {:>14}  ({})", right_of(language, right, of), interval(right, of, language))
}

fn interval(right: u64, of: u64, language: Language) -> String {
    let (low, high) = wilson(right, of);
    format!("{} - {}", share(language, low), share(language, high))
}

/// The calls to listen to first.
fn worst(evaluation: &Evaluation, language: Language) -> Vec<String> {
    let mut lines = vec![];
    let wrong = evaluation.calls.iter().filter(|call| !call.audited || call.wrong().next().is_some());
    for call in wrong.take(WORST) {
        let file = &call.truth.file;
        if !call.audited {
            lines.push(format!("{file}: {}", accuracy_word(language, W::NotInAudit)));
            continue;
        }
        let title = |name: &str| words::column(language, name).map_or(name.to_owned(), |column| column.title.into());
        let figures: Vec<String> = call.wrong().map(|verdict| title(verdict.figure)).collect();
        let seconds = words::seconds(language, call.disagreeing_s);
        let listen = call.disagreements.first().map(|longest| {
            let at = words::clock(longest.interval.start());
            language.of((format!(", luister vanaf {at}"), format!(", listen from {at}")))
        });
        lines.push(format!(
            "{file}: {}; {}{}",
            figures.join(", "),
            language.of((format!("{seconds} anders gehoord"), format!("{seconds} heard otherwise"))),
            listen.unwrap_or_default()
        ));
    }
    if lines.is_empty() {
        lines.push(accuracy_word(language, W::AllRight).into());
    }
    lines
}

/// The page `accuracy.md`.
pub fn markdown(evaluation: &Evaluation, language: Language) -> String {
    let say = |word| accuracy_word(language, word);
    let whole = evaluation.whole();
    let mut page = format!("# {}\n\n{}\n", say(W::Title), scope(whole, language));
    let _ = writeln!(page, "\n## {}\n", say(W::Figures));
    page += &figure_table(whole, language);
    page += &sounds(whole, language);
    let _ = writeln!(page, "\n## {}\n", say(W::Calibration));
    if let Some(all) = evaluation.promises.first().filter(|all| all.of > 0) {
        let _ = writeln!(
            page,
            "{}.\n\n![{}](calibration.png)\n",
            promise(language, all.sure, all.wrong, all.of),
            say(W::Calibration)
        );
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |\n|---|---|---|---|",
            say(W::Figure),
            say(W::All),
            say(W::Sure),
            say(W::Wrong)
        );
        for one in &evaluation.promises {
            let name = if one.figure == super::ALL { say(W::All) } else { &one.figure };
            let wrong =
                one.share_wrong().map_or(String::new(), |wrong| format!("{} ({})", one.wrong, share(language, wrong)));
            let _ = writeln!(page, "| {} | {} | {} | {wrong} |", cell(name), one.of, one.sure);
        }
    } else {
        let _ = writeln!(page, "{}", say(W::NoConfidence));
    }
    page += &by_group(evaluation, language);
    let _ = writeln!(page, "\n## {}\n", say(W::Worst));
    for line in worst(evaluation, language) {
        let _ = writeln!(page, "- {}", cell(&line));
    }
    let _ = writeln!(page, "\n## {}\n", say(W::Conventions));
    for paragraph in conventions(language) {
        let _ = writeln!(page, "- {paragraph}");
    }
    page
}

fn scope(group: &Group, language: Language) -> String {
    let calls = words::calls(language, group.calls);
    language.of((
        format!("{calls}, {} daarvan in de audit.", group.audited),
        format!("{calls}, {} of them in the audit.", group.audited),
    ))
}

/// The figures of a group as a table of Markdown.
pub fn figure_table(group: &Group, language: Language) -> String {
    let say = |word| accuracy_word(language, word);
    let mut table = format!("| {} | {} | | {} |\n|---|---|---|---|\n", say(W::Figure), say(W::Right), say(W::Interval));
    for (title, one) in titled(group, language) {
        let Some((right, of)) = one.count else { continue };
        let (value, counts) = (share(language, one.value), right_of(language, right, of));
        let _ = writeln!(table, "| {title} | {value} | {counts} | {} |", interval(right, of, language));
    }
    table
}

fn sounds(group: &Group, language: Language) -> String {
    let say = |word| accuracy_word(language, word);
    let Some(accuracy) = group.measure("frame.accuracy") else { return String::new() };
    let mut table =
        format!("\n## {}\n\n{}: {}.\n\n", say(W::Sounds), say(W::FrameAccuracy), share(language, accuracy.value));
    let collars = Collar::ALL.map(|collar| format!("`{}` F1", collar.name())).join(" | ");
    let _ = writeln!(
        table,
        "| {} | {} | F1 | {collars} |\n|---|---|---|---|---|---|---|",
        say(W::Sound),
        say(W::TruthSeconds)
    );
    let shown = |value: Option<f64>| value.map_or(String::new(), |value| share(language, value));
    let row = |row: &LabelRow| {
        let events: Vec<String> = row.event_f1.iter().map(|f1| shown(*f1)).collect();
        let truth = words::seconds(language, row.truth_s);
        format!("| {} | {truth} | {} | {} |\n", sound(language, &row.name), shown(row.frame_f1), events.join(" | "))
    };
    table.extend(group.labels.iter().filter(|row| row.truth_s > 0.0).map(row));
    table
}

/// What the groups are compared by.
const COMPARED: [&str; 7] = [
    "rings.exact",
    "outcome.exact",
    "answered.right",
    "hold_music.within",
    "human.found",
    "human.none",
    "frame.accuracy",
];

fn by_group(evaluation: &Evaluation, language: Language) -> String {
    let mut page = String::new();
    let mut columns: Vec<&str> = vec![];
    for group in &evaluation.groups[1..] {
        if !columns.contains(&group.by.as_str()) {
            columns.push(&group.by);
        }
    }
    for column in columns {
        let groups: Vec<&Group> = evaluation.groups.iter().filter(|group| group.by == column).collect();
        if groups.len() > MOST_GROUPS || column == "file" {
            continue;
        }
        let heads = COMPARED.map(|name| format!("`{name}`")).join(" | ");
        let title = grouped_by(language, column);
        let calls = accuracy_word(language, W::Calls);
        let _ =
            writeln!(page, "\n## {title}\n\n| {title} | {calls} | {heads} |\n|---|---|---|---|---|---|---|---|---|");
        for group in groups {
            let shown = |name| group.measure(name).map_or(String::new(), |one| share(language, one.value));
            let _ =
                writeln!(page, "| {} | {} | {} |", cell(&group.value), group.calls, COMPARED.map(shown).join(" | "));
        }
    }
    page
}

/// A text of others in a table of Markdown.
fn cell(text: &str) -> String {
    let safe = |c: char| match c {
        '|' | '<' | '>' | '`' | '[' | ']' | '*' | '\\' => format!("\\{c}"),
        c if c.is_control() => " ".into(),
        c => c.into(),
    };
    text.chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::figures;

    #[test]
    fn every_measure_of_figures_has_a_title_in_both_languages() {
        for name in figures::measures() {
            for language in Language::ALL {
                assert!(measure(language, name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn a_file_name_breaks_no_table() {
        assert_eq!(cell("a|b\n<c>"), "a\\|b \\<c\\>");
    }
}
