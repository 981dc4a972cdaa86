//! The recordings that came again.

use std::collections::BTreeMap;

use super::{
    Listen,
    number::{Bases, Number, Place},
};
use crate::{
    analysis::CallAnalysis,
    audit::AuditedCall,
    interval::Interval,
    repeats::Naming,
    report::words::{self, Language, page as page_words},
    units::Seconds,
};

/// A message of a line.
pub(super) struct Message {
    pub name: String,
    pub line: String,
    pub length: Number,
    pub times: Number,
    pub calls: Number,
    pub listen: Listen,
}

/// The recordings that were heard more than once, the most frequent first.
pub(super) fn messages(
    calls: &[(usize, &AuditedCall, &CallAnalysis)],
    bases: &Bases<'_>,
    language: Language,
) -> Vec<Message> {
    struct Group {
        named: bool,
        length_s: Seconds,
        plays: Vec<(usize, Interval)>,
        first_file: String,
    }
    let mut groups: BTreeMap<(&str, &str), Group> = BTreeMap::new();
    for (i, call, analysis) in calls {
        for play in analysis.plays.iter().filter(|play| play.group.is_voice()) {
            let group = groups.entry((&call.line, &play.group.name)).or_insert_with(|| Group {
                named: play.group.naming != Naming::Letter,
                length_s: play.group.length_s,
                plays: vec![],
                first_file: call.file.clone(),
            });
            group.plays.push((*i, play.interval));
        }
    }
    let mut rows: Vec<((&str, &str), Group)> = groups.into_iter().filter(|(_, group)| group.plays.len() > 1).collect();
    rows.sort_by(|a, b| a.0.0.cmp(b.0.0).then(b.1.plays.len().cmp(&a.1.plays.len())).then(a.0.1.cmp(b.0.1)));
    let message = |((line, name), group): ((&str, &str), Group)| {
        let (first, first_from) = group.plays[0];
        let played = |(index, from): &(usize, Interval)| Place::new(*index, Some(*from), "");
        let mut once = group.plays.clone();
        once.dedup_by_key(|(index, _)| *index);
        let in_call = |(index, from): &(usize, Interval)| {
            let times = group.plays.iter().filter(|(i, _)| i == index).count();
            Place::new(*index, Some(*from), page_words::times(language, times))
        };
        Message {
            name: if group.named { name.to_owned() } else { page_words::unnamed(language, name) },
            line: line.to_owned(),
            length: bases
                .number(words::seconds(language, group.length_s), vec![Place::new(first, Some(first_from), "")]),
            times: bases.number(group.plays.len().to_string(), group.plays.iter().map(played).collect()),
            calls: bases.number(once.len().to_string(), once.iter().map(in_call).collect()),
            listen: Listen::new(first, &group.first_file, first_from.start()),
        }
    };
    rows.into_iter().map(message).collect()
}
