//! Findings as SARIF 2.1.0 (OASIS Standard, March 2020), which code-review systems and editors show at their place.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Language, about, file};
use crate::{
    menu::{
        graph::Flow,
        lint::{Finding, Level, RULES, Rule},
    },
    report::words::finding,
};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The findings in each flow as one SARIF log with one run.
pub fn sarif(found: &[(&Flow, &[Finding])], language: Language) -> Value {
    let mut artifacts: Vec<Value> = vec![];
    let mut results: Vec<Value> = vec![];
    for (flow, findings) in found {
        let first = artifacts.len();
        artifacts.extend(
            flow.sources.iter().map(
                |source| json!({ "location": { "uri": uri(&source.file) }, "hashes": { "sha-256": source.sha256 } }),
            ),
        );
        results.extend(findings.iter().map(|finding| result(flow, finding, first, language)));
    }
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "bezet",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "language": language.code(),
                "rules": RULES.iter().map(|rule| descriptor(rule, language)).collect::<Vec<_>>(),
            }},
            "language": language.code(),
            "columnKind": "unicodeCodePoints",
            "artifacts": artifacts,
            "results": results,
        }],
    })
}

fn descriptor(rule: &Rule, language: Language) -> Value {
    let (title, remedy) = (finding::title(language, rule.check), finding::remedy(language, rule.check));
    let source = language.of(("Bron", "Source"));
    json!({
        "id": rule.code,
        "name": pascal_case(rule.code),
        "shortDescription": { "text": format!("{title}.") },
        "fullDescription": { "text": format!("{title}. {remedy}") },
        "help": { "text": format!("{remedy} {source}: {}.", rule.source) },
        "defaultConfiguration": { "level": level(rule.levels[0]) },
    })
}

fn result(flow: &Flow, found: &Finding, first_artifact: usize, language: Language) -> Value {
    let rule = RULES.iter().position(|rule| rule.check == found.check);
    let about = about(language, flow, found);
    let message = finding::fact(language, &found.fact);
    let text = if about.is_empty() { message } else { format!("{about}: {message}") };
    let mut result = json!({
        "ruleId": found.check.code(),
        "ruleIndex": rule,
        "level": level(found.level),
        "message": { "text": text },
        "partialFingerprints": { "bezet/v1": fingerprint(flow, found) },
    });
    if let Some((origin, file)) = found.origin.as_ref().and_then(|origin| Some((origin, file(flow, origin)?))) {
        let mut physical = json!({ "artifactLocation": { "uri": uri(file), "index": first_artifact + origin.file } });
        if let Some(line) = origin.line {
            physical["region"] = json!({ "startLine": line.max(1) });
        }
        let mut location = json!({ "physicalLocation": physical });
        let node = found.node.map(|node| flow.node(node).id.as_str());
        if let Some(name) = origin.pointer.as_deref().or(node) {
            let kind = if origin.pointer.is_some() { "object" } else { "element" };
            location["logicalLocations"] =
                json!([{ "name": node.unwrap_or(name), "fullyQualifiedName": name, "kind": kind }]);
        }
        result["locations"] = json!([location]);
    }
    if let Some(reason) = &found.accepted {
        result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
    }
    result
}

/// What stays the same when lines move: the rule, the node, and what takes callers along the edge.
fn fingerprint(flow: &Flow, found: &Finding) -> String {
    let node = found.node.map(|node| flow.node(node).id.as_str()).unwrap_or_default();
    let on = found.edge.map(|edge| format!("{:?}", flow.edges[edge.0].on)).unwrap_or_default();
    format!("{}/{node}/{on}", found.check.code())
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

fn pascal_case(code: &str) -> String {
    let part = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    code.split('-').map(part).collect()
}

/// A path as a URI reference (RFC 3986): everything but unreserved characters, `/` and a drive's colon is encoded.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let drive = path.as_bytes().get(1) == Some(&b':');
    let mut uri = String::from(match path.as_bytes().first() {
        Some(b'/') => "file://",
        _ if drive => "file:///",
        _ => "",
    });
    for (i, byte) in path.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            b':' if drive && i == 1 => uri.push(':'),
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_uri_reference() {
        assert_eq!(uri("menus/hoofd menu.toml"), "menus/hoofd%20menu.toml");
        assert_eq!(uri("/tmp/a#b.json"), "file:///tmp/a%23b.json");
        assert_eq!(uri(r"C:\menu's\één.toml"), "file:///C:/menu%27s/%C3%A9%C3%A9n.toml");
        assert_eq!(pascal_case("star-hash-zero-nine"), "StarHashZeroNine");
    }
}
