//! Pseudonyms for calls and lines: an audit that can be shown without saying who was called or who called.
//!
//! Names and telephone numbers stand in the names of files and folders, and nothing tells a name from another word. So the
//! whole of a file's path goes: `0612345678_jansen.wav` becomes `line-1/call-0007.wav`. A line keeps its name where the
//! client gave it one that holds no telephone number. What a caller typed goes too ([`super::entries`]).
//!
//! The same call keeps its pseudonym for as long as the same [`Pseudonyms`] are used. They lead back to the names and so
//! belong to nobody else: no output holds them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Audit, AuditedCall, Note, Refusal, entries::without_entries};
use crate::{analysis::CallAnalysis, repeats::Group};

/// So many digits in a row, with few signs between them, are a telephone number.
const MIN_PHONE_DIGITS: usize = 6;

/// Signs that may stand between two digits of one number: `(0)20`, `31 (0)`.
const MAX_SIGNS_BETWEEN: usize = 2;

/// What stands for a telephone number inside a text.
const MASK: &str = "…";

/// Longer extensions are none.
const MAX_EXTENSION: usize = 5;

/// Who is behind which pseudonym.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pseudonyms {
    /// Pseudonyms of lines, and their names.
    #[serde(default)]
    lines: BTreeMap<String, String>,
    /// Pseudonyms of calls, and their files as the audit named them.
    #[serde(default)]
    calls: BTreeMap<String, String>,
}

impl Pseudonyms {
    /// The same audit under pseudonyms; new ones are added. Lines among `named` keep their names.
    pub fn anonymise(&mut self, audit: &Audit, named: &[String]) -> Audit {
        // what looks like a pseudonym stays, so no other call may be given it
        let taken: BTreeSet<&str> =
            audit.calls.iter().flat_map(|call| [call.line.as_str(), split(last(&call.file)).0]).collect();
        let mut calls: Vec<AuditedCall> = audit.calls.iter().map(|call| self.call(call, named, &taken)).collect();
        calls.sort_by(|a, b| a.line.cmp(&b.line).then(a.file.cmp(&b.file)));
        Audit { client: audit.client.clone(), calls }
    }

    /// The file behind the pseudonym of a call.
    pub fn original<'a>(&'a self, pseudonym: &'a str) -> &'a str {
        self.calls.get(pseudonym).map_or(pseudonym, String::as_str)
    }

    fn call(&mut self, call: &AuditedCall, named: &[String], taken: &BTreeSet<&str>) -> AuditedCall {
        let line = match named.contains(&call.line) && !has_phone(&call.line) {
            true => call.line.clone(),
            false => self.line(&call.line, taken),
        };
        let file = self.file(&call.file, &line, taken);
        let scrub = |text: &str| scrub(text, &call.file, &file);
        let note = |note: &Note| match note {
            Note::TimeNotUnderstood { file, line, text } => {
                Note::TimeNotUnderstood { file: scrub(last(file)), line: *line, text: scrub(text) }
            }
            Note::TimeShownTwice => Note::TimeShownTwice,
            Note::LabelsNotUnderstood { file, line, text } => {
                Note::LabelsNotUnderstood { file: scrub(last(file)), line: *line, text: scrub(text) }
            }
        };
        AuditedCall {
            notes: call.notes.iter().map(note).collect(),
            finding: match &call.finding {
                Ok(finding) => Ok(without_phones(&without_entries(finding))),
                Err(refusal) => Err(Refusal { code: refusal.code.clone(), message: scrub(&refusal.message) }),
            },
            content: call.content.clone(),
            contact_reason: call.contact_reason.as_deref().map(masked),
            recorded_at: call.recorded_at,
            line,
            file,
        }
    }

    fn line(&mut self, name: &str, taken: &BTreeSet<&str>) -> String {
        if self.lines.contains_key(name) || is_numbered(name, "line-") {
            return name.to_owned();
        }
        if let Some((known, _)) = self.lines.iter().find(|(_, original)| *original == name) {
            return known.clone();
        }
        let numbered = (self.lines.len() + 1..).map(|number| format!("line-{number}"));
        let pseudonym = first_free(numbered, |name| taken.contains(name) || self.lines.contains_key(name));
        self.lines.insert(pseudonym.clone(), name.to_owned());
        pseudonym
    }

    fn file(&mut self, file: &str, line: &str, taken: &BTreeSet<&str>) -> String {
        let (stem, extension) = split(last(file));
        if self.calls.contains_key(file) || is_numbered(stem, "call-") {
            return file.to_owned();
        }
        if let Some((known, _)) = self.calls.iter().find(|(_, original)| *original == file) {
            return known.clone();
        }
        let numbered = (self.calls.len() + 1..).map(|number| format!("call-{number:04}"));
        let known = |name: &str| self.calls.keys().any(|known| split(last(known)).0 == name);
        let name = first_free(numbered, |name| taken.contains(name) || known(name));
        let pseudonym = format!("{line}/{name}{extension}");
        self.calls.insert(pseudonym.clone(), file.to_owned());
        pseudonym
    }
}

fn first_free(mut names: impl Iterator<Item = String>, taken: impl Fn(&str) -> bool) -> String {
    names.find(|name| !taken(name)).expect("numbers do not end")
}

/// Whether `name` is `prefix` and a number: a pseudonym already.
fn is_numbered(name: &str, prefix: &str) -> bool {
    let number = name.strip_prefix(prefix).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && number.len() < MIN_PHONE_DIGITS
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A file's name and its extension with the dot.
fn split(name: &str) -> (&str, &str) {
    let fits = |e: &str| (1..=MAX_EXTENSION).contains(&e.len()) && e.bytes().all(|b| b.is_ascii_alphanumeric());
    match name.rfind('.').filter(|dot| *dot > 0 && fits(&name[dot + 1..])) {
        Some(dot) => name.split_at(dot),
        None => (name, ""),
    }
}

/// `text` with every mention of `file`, or of a part of its path, under its pseudonym, and no telephone numbers.
fn scrub(text: &str, file: &str, pseudonym: &str) -> String {
    let (new_stem, _) = split(last(pseudonym));
    let mut scrubbed = text.replace(file, pseudonym).replace(last(file), last(pseudonym));
    let parts = file.split(['/', '\\']).map(|part| split(part).0).filter(|part| part.chars().count() > 2);
    for part in parts {
        scrubbed = scrubbed.replace(part, new_stem);
    }
    masked(&scrubbed)
}

/// The places of telephone numbers in `text`, in bytes.
fn phones(text: &str) -> Vec<std::ops::Range<usize>> {
    let (mut found, mut start, mut end, mut digits, mut gap) = (vec![], None, 0, 0, 0);
    let mut close = |start: &mut Option<usize>, end: usize, digits: &mut usize| {
        if let Some(from) = start.take().filter(|_| *digits >= MIN_PHONE_DIGITS) {
            found.push(from..end);
        }
        *digits = 0;
    };
    for (at, sign) in text.char_indices() {
        match sign {
            '0'..='9' => {
                if gap > MAX_SIGNS_BETWEEN {
                    close(&mut start, end, &mut digits);
                }
                start = start.or(Some(at));
                (end, digits, gap) = (at + 1, digits + 1, 0);
            }
            ' ' | '-' | '.' | '(' | ')' | '+' | '/' => gap += 1,
            _ => close(&mut start, end, &mut digits),
        }
    }
    close(&mut start, end, &mut digits);
    found
}

fn has_phone(text: &str) -> bool {
    !phones(text).is_empty()
}

/// `text` with a mask in the place of every telephone number.
fn masked(text: &str) -> String {
    let mut masked = text.to_owned();
    for place in phones(text).into_iter().rev() {
        masked.replace_range(place, MASK);
    }
    masked
}

/// The same call with messages whose names, taken from files, hold no telephone numbers.
fn without_phones(finding: &CallAnalysis) -> CallAnalysis {
    let names = || finding.plays.iter().map(|play| play.group.name.as_str()).filter(|name| has_phone(name));
    if names().next().is_none() {
        return finding.clone();
    }
    let renamed: BTreeMap<&str, String> = names().map(|name| (name, masked(name))).collect();
    // a message's name stands in the figures' reasons too: every text that is just that name, wherever it is
    let mut value = serde_json::to_value(finding).expect("numbers and texts are always JSON");
    rename(&mut value, &renamed);
    // as text, which analyses are read from anyway: a reader of values beside it took minutes to compile
    let text = serde_json::to_vec(&value).expect("a value is always JSON");
    let mut call: CallAnalysis = serde_json::from_slice(&text).expect("what was just written can be read");
    for (play, old) in call.plays.iter_mut().zip(&finding.plays) {
        play.group = Arc::new(Group { print: old.group.print.clone(), ..(*play.group).clone() });
    }
    call
}

fn rename(value: &mut Value, renamed: &BTreeMap<&str, String>) {
    match value {
        Value::String(text) => {
            if let Some(new) = renamed.get(text.as_str()) {
                text.clone_from(new);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| rename(value, renamed)),
        Value::Object(fields) => fields.values_mut().for_each(|value| rename(value, renamed)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(file: &str, line: &str) -> AuditedCall {
        let name = last(file);
        AuditedCall {
            file: file.into(),
            content: None,
            line: line.into(),
            recorded_at: None,
            contact_reason: Some("klacht van 06-12345678".into()),
            notes: vec![Note::LabelsNotUnderstood {
                file: format!("/home/jansen/{name}.txt"),
                line: 3,
                text: "x".into(),
            }],
            finding: Err(Refusal {
                code: "unsupported".into(),
                message: format!("AMR: ffmpeg -i \"{name}\" \"{}.wav\"", split(name).0),
            }),
        }
    }

    fn audit(files: &[(&str, &str)]) -> Audit {
        Audit { client: Some("X".into()), calls: files.iter().map(|(file, line)| call(file, line)).collect() }
    }

    fn written(audit: &Audit) -> String {
        serde_json::to_string(&audit.calls).unwrap()
    }

    #[test]
    fn neither_name_nor_number_is_left_anywhere() {
        let audit = audit(&[("Jan de Vries/0612345678_jansen.amr", "Jan de Vries"), ("b/call.wav", "klachten")]);
        let mut pseudonyms = Pseudonyms::default();
        let hidden = pseudonyms.anonymise(&audit, &["klachten".into()]);
        let text = written(&hidden);
        for name in ["Vries", "jansen", "0612345678", "12345678"] {
            assert!(!text.contains(name), "{name} in {text}");
        }
        assert_eq!(hidden.calls[0].file, "klachten/call-0002.wav");
        assert_eq!((hidden.calls[1].line.as_str(), hidden.calls[1].file.as_str()), ("line-1", "line-1/call-0001.amr"));
        let message = &hidden.calls[1].finding.as_ref().unwrap_err().message;
        assert_eq!(message, "AMR: ffmpeg -i \"call-0001.amr\" \"call-0001.wav\"");
        assert_eq!(pseudonyms.original("line-1/call-0001.amr"), "Jan de Vries/0612345678_jansen.amr");
    }

    #[test]
    fn a_call_keeps_its_pseudonym_when_others_come_before_it() {
        let mut pseudonyms = Pseudonyms::default();
        let first = pseudonyms.anonymise(&audit(&[("a/m.wav", "a")]), &[]);
        let both = pseudonyms.anonymise(&audit(&[("a/b.wav", "a"), ("a/m.wav", "a")]), &[]);
        assert_eq!(first.calls[0].file, "line-1/call-0001.wav");
        let files: Vec<&str> = both.calls.iter().map(|call| call.file.as_str()).collect();
        assert_eq!(files, ["line-1/call-0001.wav", "line-1/call-0002.wav"]);
        assert_eq!(pseudonyms.original("line-1/call-0001.wav"), "a/m.wav");
        // what is anonymous already stays what it is, with or without the list
        assert_eq!(written(&pseudonyms.anonymise(&both, &[])), written(&both));
        assert_eq!(written(&Pseudonyms::default().anonymise(&both, &[])), written(&both));
    }

    #[test]
    fn no_two_calls_get_one_name() {
        let audit =
            audit(&[("a/call-0002.wav", "line-2"), ("a/jan.wav", "a"), ("b/piet.wav", "b"), ("c/klaas.wav", "c")]);
        let hidden = Pseudonyms::default().anonymise(&audit, &[]);
        let distinct = |of: fn(&AuditedCall) -> &String| hidden.calls.iter().map(of).collect::<BTreeSet<_>>().len();
        assert_eq!((distinct(|call| &call.line), distinct(|call| &call.file)), (4, 4));
    }

    #[test]
    fn telephone_numbers_are_told_from_other_digits() {
        assert_eq!(masked("bel 06-1234 5678 of +31 (0)20 123 4567!"), "bel … of +…!");
        assert_eq!(masked("menu-12 van 2026, 1234"), "menu-12 van 2026, 1234");
        assert_eq!(masked("0800-1234"), "…");
        assert_eq!(split("a.b/c"), ("a.b/c", ""));
        assert_eq!(split(".wav"), (".wav", ""));
    }

    #[test]
    fn a_line_with_a_number_in_its_name_does_not_keep_it() {
        let hidden =
            Pseudonyms::default().anonymise(&audit(&[("0800-123456/a.wav", "0800-123456")]), &["0800-123456".into()]);
        assert_eq!(hidden.calls[0].line, "line-1");
    }
}
