//! The recordings that came again.

use std::collections::BTreeMap;

use super::Listen;
use crate::{
    analysis::CallAnalysis,
    audit::AuditedCall,
    repeats::Naming,
    report::words::{self, Language, page as page_words},
    units::Seconds,
};

/// A message of a line.
pub(super) struct Message {
    pub name: String,
    pub line: String,
    pub length: String,
    pub times: usize,
    pub calls: usize,
    pub listen: Listen,
}

/// The recordings that were heard more than once, the most frequent first.
pub(super) fn messages(calls: &[(usize, &AuditedCall, &CallAnalysis)], language: Language) -> Vec<Message> {
    struct Group {
        named: bool,
        length_s: Seconds,
        times: usize,
        calls: Vec<usize>,
        first: (usize, String, Seconds),
    }
    let mut groups: BTreeMap<(&str, &str), Group> = BTreeMap::new();
    for (i, call, analysis) in calls {
        for play in analysis.plays.iter().filter(|play| play.group.is_voice()) {
            let group = groups.entry((&call.line, &play.group.name)).or_insert_with(|| Group {
                named: play.group.naming != Naming::Letter,
                length_s: play.group.length_s,
                times: 0,
                calls: vec![],
                first: (*i, call.file.clone(), play.interval.start()),
            });
            group.times += 1;
            if group.calls.last() != Some(i) {
                group.calls.push(*i);
            }
        }
    }
    let mut rows: Vec<((&str, &str), Group)> = groups.into_iter().filter(|(_, group)| group.times > 1).collect();
    rows.sort_by(|a, b| a.0.0.cmp(b.0.0).then(b.1.times.cmp(&a.1.times)).then(a.0.1.cmp(b.0.1)));
    let message = |((line, name), group): ((&str, &str), Group)| Message {
        name: if group.named { name.to_owned() } else { page_words::unnamed(language, name) },
        line: line.to_owned(),
        length: words::seconds(language, group.length_s),
        times: group.times,
        calls: group.calls.len(),
        listen: Listen::new(group.first.0, &group.first.1, group.first.2),
    };
    rows.into_iter().map(message).collect()
}
