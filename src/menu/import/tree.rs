//! JSON and YAML as one tree that knows its lines.
//!
//! `serde_json` keeps the last of two equal keys without a word and forgets lines; a menu with the key `1` twice has to
//! be told, and at its place. So JSON is read here (RFC 8259), and YAML comes from `serde-saphyr`, which refuses equal
//! keys itself and has a budget against alias bombs.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// How deep objects and lists may stand in each other: exports of menus stay under 40.
const DEEPEST: usize = 100;

/// A value and the line where it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// 1-based.
    pub line: usize,
    pub value: Value,
}

/// A JSON or YAML value. Numbers keep the digits of the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// Why a text is no tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    pub line: usize,
    pub column: usize,
    pub what: String,
}

impl Tree {
    /// The value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value at the end of a way of keys.
    pub fn at(&self, way: &[&str]) -> Option<&Tree> {
        way.iter().try_fold(self, |tree, key| tree.get(key))
    }

    /// The entries of a map, none for anything else.
    pub fn entries(&self) -> &[(String, Tree)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list, none for anything else.
    pub fn items(&self) -> &[Tree] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// A text, number or truth value as text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// The text of a key of a map, unless it is empty.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text().filter(|text| !text.trim().is_empty())
    }

    /// A finite number that is not negative, also when it stands in quotes.
    pub fn number(&self) -> Option<f64> {
        self.text()?.trim().parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0)
    }

    /// Truth, also written as "true" or "True".
    pub fn is_true(&self) -> bool {
        self.text().is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }
}

/// Reads JSON. Two equal keys in one object, anything behind the value and nesting deeper than 100 are errors.
pub fn json(text: &str) -> Result<Tree, Broken> {
    let mut reader = Json { text, at: 0, line: 1, line_start: 0 };
    let tree = reader.value(0)?;
    reader.blank();
    match reader.at < text.len() {
        true => Err(reader.broken("something stands behind the end of the JSON")),
        false => Ok(tree),
    }
}

struct Json<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    line_start: usize,
}

impl Json<'_> {
    fn broken(&self, what: impl Into<String>) -> Broken {
        let column = self.text[self.line_start..self.at.min(self.text.len())].chars().count() + 1;
        Broken { line: self.line, column, what: what.into() }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
            if self.text.as_bytes()[self.at - 1] == b'\n' {
                (self.line, self.line_start) = (self.line + 1, self.at);
            }
        }
    }

    fn take(&mut self, sign: u8, name: &str) -> Result<(), Broken> {
        self.blank();
        match self.peek() == Some(sign) {
            true => self.at += 1,
            false => return Err(self.broken(format!("{name} is missing"))),
        }
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Tree, Broken> {
        self.blank();
        let line = self.line;
        if depth > DEEPEST {
            return Err(self.broken(format!("nested deeper than {DEEPEST}")));
        }
        let value = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'a'..=b'z') => self.word()?,
            Some(_) => return Err(self.broken("this is no JSON value")),
            None => return Err(self.broken("the JSON breaks off here")),
        };
        Ok(Tree { line, value })
    }

    fn map(&mut self, depth: usize) -> Result<Value, Broken> {
        let (mut entries, mut seen) = (Vec::<(String, Tree)>::new(), std::collections::HashSet::new());
        self.at += 1;
        loop {
            self.blank();
            match self.peek() {
                Some(b'}') if entries.is_empty() => break,
                Some(b'"') => {}
                _ => return Err(self.broken("a key in quotes is missing")),
            }
            let place = self.broken("");
            let key = self.string()?;
            if !seen.insert(key.clone()) {
                return Err(Broken { what: format!("the key \"{key}\" stands twice in one object"), ..place });
            }
            self.take(b':', "a colon")?;
            entries.push((key, self.value(depth + 1)?));
            self.blank();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.broken("a comma or } is missing")),
            }
        }
        self.at += 1;
        Ok(Value::Map(entries))
    }

    fn list(&mut self, depth: usize) -> Result<Value, Broken> {
        let mut items = vec![];
        self.at += 1;
        loop {
            self.blank();
            if self.peek() == Some(b']') && items.is_empty() {
                break;
            }
            items.push(self.value(depth + 1)?);
            self.blank();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.broken("a comma or ] is missing")),
            }
        }
        self.at += 1;
        Ok(Value::List(items))
    }

    fn number(&mut self) -> Result<Value, Broken> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        if rest[..end].parse::<f64>().is_err() {
            return Err(self.broken("this is no number"));
        }
        self.at += end;
        Ok(Value::Number(rest[..end].to_owned()))
    }

    fn word(&mut self) -> Result<Value, Broken> {
        let rest = &self.text[self.at..];
        let words = [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)];
        let (word, value) = words
            .into_iter()
            .find(|(word, _)| rest.starts_with(word))
            .ok_or_else(|| self.broken("this is no JSON value"))?;
        self.at += word.len();
        Ok(value)
    }

    fn string(&mut self) -> Result<String, Broken> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let end = rest.find(['"', '\\', '\n']).ok_or_else(|| self.broken("a closing quote is missing"))?;
            text.push_str(&rest[..end]);
            self.at += end + 1;
            match rest.as_bytes()[end] {
                b'"' => return Ok(text),
                b'\\' => text.push(self.escape()?),
                _ => {
                    self.at -= 1;
                    return Err(self.broken("a closing quote is missing"));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Broken> {
        let sign = self.peek().ok_or_else(|| self.broken("the JSON breaks off here"))?;
        let plain = match sign {
            b'"' | b'\\' | b'/' => Some(char::from(sign)),
            b'b' => Some('\u{8}'),
            b'f' => Some('\u{c}'),
            b'n' => Some('\n'),
            b'r' => Some('\r'),
            b't' => Some('\t'),
            _ => None,
        };
        if let Some(plain) = plain {
            self.at += 1;
            return Ok(plain);
        }
        let unit = self.hex().ok_or_else(|| self.broken("an escape that JSON does not have"))?;
        // half of a pair without the other half is kept as the sign for a broken character
        if (0xd800..0xdc00).contains(&unit) && self.text[self.at..].starts_with("\\u") {
            let back = self.at;
            self.at += 1;
            if let Some(low) = self.hex().filter(|low| (0xdc00..0xe000).contains(low)) {
                let both = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(both).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// The four digits behind `u`, where the reader stands.
    fn hex(&mut self) -> Option<u32> {
        let digits = self.text[self.at..].strip_prefix('u')?.get(..4)?;
        let unit = digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())??;
        self.at += 5;
        Some(unit)
    }
}

/// Reads YAML 1.2 of one document. Equal keys, and more aliases or depth than the parser's budget, are errors.
pub fn yaml(text: &str) -> Result<Tree, Broken> {
    serde_saphyr::from_str::<Tree>(text).map_err(|error| {
        let place = error.location();
        let what = error.to_string();
        Broken {
            line: place.as_ref().map_or(1, |place| place.line() as usize),
            column: place.as_ref().map_or(1, |place| place.column() as usize),
            what: what.lines().next().unwrap_or_default().to_owned(),
        }
    })
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = serde_saphyr::Spanned::<Value>::deserialize(deserializer)?;
        Ok(Tree { line: spanned.referenced.line() as usize, value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = vec![];
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = vec![];
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_lines_and_order() {
        let tree = json("{\n \"b\": [1, \"\\u00e9\\ud83d\\ude00\\n\"],\n \"a\": {\"x\":\ntrue}\n}\n").unwrap();
        assert_eq!(tree.entries().iter().map(|(k, v)| (k.as_str(), v.line)).collect::<Vec<_>>(), [("b", 2), ("a", 3)]);
        assert_eq!(tree.get("b").unwrap().items()[1].text(), Some("é😀\n"));
        assert_eq!(tree.at(&["a", "x"]).map(|x| (x.line, x.is_true())), Some((4, true)));
    }

    #[test]
    fn json_tells_what_is_wrong_and_where() {
        let place = |text: &str| json(text).map_err(|b| (b.line, b.column)).unwrap_err();
        assert_eq!(place("{\"1\": 1,\n  \"1\": 2}"), (2, 3));
        assert_eq!(place("{\"a\": }"), (1, 7));
        assert_eq!(place("[1, 2"), (1, 6));
        assert_eq!(place("{} x"), (1, 4));
        assert_eq!(place("\"a\nb\""), (1, 3));
        assert_eq!(place("[1,]"), (1, 4));
        assert!(json("\"\\u12\u{20ac}4\"").is_err());
        let deep = "[".repeat(100_000);
        assert!(json(&deep).unwrap_err().what.contains("nested"));
    }

    #[test]
    fn yaml_keeps_lines_and_refuses_equal_keys() {
        let tree = yaml("a:\n  - yes: 1\n    no: digit_1\n  - ~\nb: 'x'\n").unwrap();
        let item = &tree.get("a").unwrap().items()[0];
        assert_eq!(item.entries().iter().map(|(k, _)| k.as_str()).collect::<Vec<_>>(), ["yes", "no"]);
        assert_eq!(item.get("no").map(|no| (no.line, no.text())), Some((3, Some("digit_1"))));
        assert_eq!(tree.get("a").unwrap().items()[1].value, Value::Null);
        assert_eq!(yaml("a: 1\nb: 2\na: 3\n").unwrap_err().line, 3);
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for n in 1..12 {
            bomb += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","));
        }
        assert!(yaml(&bomb).is_err());
    }
}
