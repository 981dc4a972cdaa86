//! XML as people write it: a document type without entities, comments that no parser likes, a bare `&`.

use roxmltree::{Document, Node, ParsingOptions};

use super::{
    ImportError, Problem, SourceFile,
    source::{count, place},
};
use crate::menu::graph::Origin;

/// How deep elements may stand in each other.
const DEEPEST: usize = 200;

/// A text that a strict parser can read, with every line in its place: the declaration, a document type that defines
/// nothing and comments are blanked. With `bare_ampersands` a `&` that begins no entity becomes `&amp;`. The second
/// value tells how many of these there were.
pub fn prepare(text: &str, bare_ampersands: bool) -> (String, usize) {
    let (mut made, mut rest, mut mended) = (String::with_capacity(text.len()), text, 0);
    while let Some(at) = rest.find(['<', '&']) {
        made.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|end| end + 3)
        } else if rest.starts_with("<?xml ") || rest.starts_with("<?xml\t") {
            // a declaration that is not closed is left for the parser to refuse
            rest.find('>').map(|end| end + 1).filter(|&end| rest[..end].ends_with("?>"))
        } else if rest.starts_with("<!DOCTYPE") {
            rest.find(['>', '[']).filter(|&end| rest.as_bytes()[end] == b'>').map(|end| end + 1)
        } else if rest.starts_with("<![CDATA[") {
            let end = rest.find("]]>").map_or(rest.len(), |end| end + 3);
            made.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        } else {
            None
        };
        match end {
            Some(end) => {
                made.extend(rest[..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
                rest = &rest[end..];
            }
            None if bare_ampersands && rest.starts_with('&') && !begins_entity(rest) => {
                made.push_str("&amp;");
                rest = &rest[1..];
                mended += 1;
            }
            None => {
                made.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    made.push_str(rest);
    (made, mended)
}

fn begins_entity(text: &str) -> bool {
    let name = text[1..].split(';').next().unwrap_or_default();
    let known = ["amp", "lt", "gt", "quot", "apos"].contains(&name);
    let numbered =
        name.strip_prefix('#').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_hexdigit() || c == 'x'));
    text[1..].contains(';') && (known || numbered)
}

/// Reads a prepared text.
///
/// # Errors
/// With the line and column of the first fault; nesting deeper than 200 and document types with entities are faults.
pub fn parse<'a>(file: &SourceFile, text: &'a str) -> Result<Document<'a>, ImportError> {
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        let place = error.pos();
        let problem = match error {
            roxmltree::Error::DtdDetected => {
                let remedy = "remove the document type (<!DOCTYPE ... [ ... ]>) and write its entities out".into();
                Problem::Unsupported { what: "a document type that defines entities".into(), remedy }
            }
            error => Problem::Syntax(error.to_string()),
        };
        ImportError::new(&file.name, problem).at_line(place.row).at_column(place.col)
    })?;
    let deep = document.descendants().find(|node| node.ancestors().nth(DEEPEST).is_some());
    if let Some(node) = deep {
        let problem = Problem::TooLarge(format!("elements nested deeper than {DEEPEST}"));
        return Err(ImportError::new(&file.name, problem).at_line(line(&node)));
    }
    Ok(document)
}

/// The line of an element, counted from 1.
pub fn line(node: &Node) -> u32 {
    node.document().text_pos_at(node.range().start).row
}

/// The place of an element.
pub fn origin(file: usize, node: &Node) -> Origin {
    Origin { pointer: None, ..place(file, line(node) as usize, "") }
}

/// An attribute without the blanks around it, unless it is empty.
pub fn attribute<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attribute(name).map(str::trim).filter(|value| !value.is_empty())
}

/// Whether an element has this name, in whatever name space.
pub fn is(node: &Node, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// A duration as `5s`, `300ms` or `1.5 s`. Without a unit it is milliseconds from 100 on, and seconds below.
pub fn seconds(text: &str) -> Option<f64> {
    const LEAST_MS: f64 = 100.0;
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len()));
    let number: f64 = number.trim().parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0)?;
    match unit.trim().to_ascii_lowercase().as_str() {
        "s" | "sec" => Some(number),
        "ms" => Some(number / 1000.0),
        "" if number >= LEAST_MS => Some(number / 1000.0),
        "" => Some(number),
        _ => None,
    }
}

/// A broken declaration is told with a better reason than the parser's.
pub fn unclosed_declaration(file: &SourceFile, text: &str) -> Option<ImportError> {
    let start = text.find("<?xml ")?;
    let end = text[start..].find('>')?;
    let closed = text[start..start + end].ends_with('?');
    let line = text[..start].lines().count().max(1);
    let problem = Problem::Syntax("the XML declaration does not end with ?>".into());
    (!closed).then(|| ImportError::new(&file.name, problem).at_line(count(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> SourceFile {
        SourceFile { name: "a.xml".into(), bytes: vec![] }
    }

    #[test]
    fn lines_stay_where_they_are() {
        let text =
            "<?xml version=\"1.0\"?>\n<!DOCTYPE a PUBLIC \"x\"\n \"y\">\n<a><!-- -- \n --><b u='x?a=1&b=2&amp;c'/></a>";
        let (text, mended) = prepare(text, true);
        assert_eq!(mended, 1);
        let document = parse(&file(), &text).unwrap();
        let b = document.descendants().find(|n| is(n, "b")).unwrap();
        assert_eq!((line(&b), attribute(&b, "u")), (5, Some("x?a=1&b=2&c")));
    }

    #[test]
    fn bombs_and_depths_are_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"xx\">]><a>&b;</a>";
        assert!(matches!(parse(&file(), &prepare(bomb, true).0).unwrap_err().problem, Problem::Unsupported { .. }));
        let deep = "<a>".repeat(5000) + &"</a>".repeat(5000);
        assert!(matches!(parse(&file(), &deep).unwrap_err().problem, Problem::TooLarge(_)));
        let wide = format!("<a>{}</a>", "<b><c/></b>".repeat(5000));
        assert!(parse(&file(), &wide).is_ok());
        assert!(unclosed_declaration(&file(), "<?xml version=\"1.0\">\n<a/>").is_some());
    }

    #[test]
    fn durations() {
        let all = ["5s", "300ms", "1.5 s", "500", "5", "-1s", "x", "1e999"].map(seconds);
        assert_eq!(all, [Some(5.0), Some(0.3), Some(1.5), Some(0.5), Some(5.0), None, None, None]);
    }
}
