//! A tree of values as what serde reads structs from: every error knows its line, and a field that does not exist is told
//! with the nearest that does.
//!
//! TOML, YAML and JSON become the same tree, so that one set of structs gives the same answers for all three.

use std::fmt;

use serde::de::{
    self, DeserializeOwned, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
    value::{MapDeserializer, SeqDeserializer, StrDeserializer},
};

use crate::menu::import::{
    Problem,
    tree::{Broken, Tree, Value},
};

/// The name that asks for a value together with its line.
const WITH_LINE: &str = "$value with its line";

/// A value and the line where it begins, counted from 1; 0 where it was not read from a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct At<T> {
    /// The line.
    pub line: u32,
    /// The value.
    pub value: T,
}

/// Why a tree is not what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The line, once it is known.
    pub line: Option<u32>,
    /// The problem.
    pub problem: Problem,
    /// Where an unknown field was met: the fields that there are.
    pub expected: &'static [&'static str],
}

/// The value that `tree` holds.
///
/// # Errors
/// Where it does not: the innermost line and what is wrong there.
pub fn read<T: DeserializeOwned>(tree: &Tree) -> Result<T, Fault> {
    T::deserialize(Leaf(tree))
}

/// The tree of a TOML document.
///
/// # Errors
/// Where it is none, or a key is there twice.
pub fn toml(text: &str) -> Result<Tree, Broken> {
    let lines = Lines::new(text);
    let table = toml::de::DeTable::parse(text).map_err(|error| {
        let (line, column) = lines.place(error.span().map_or(0, |span| span.start));
        Broken { line, column, what: error.message().to_owned() }
    })?;
    Ok(Tree { line: 1, value: from_table(table.into_inner(), &lines) })
}

fn from_table(table: toml::de::DeTable<'_>, lines: &Lines) -> Value {
    // the parser sorts keys; their places tell the order of the file
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let entry = |(key, value): (toml::Spanned<toml::de::DeString<'_>>, toml::Spanned<toml::de::DeValue<'_>>)| {
        let line = lines.place(key.span().start).0;
        (key.into_inner().into_owned(), Tree { line, ..from_value(value, lines) })
    };
    Value::Map(entries.into_iter().map(entry).collect())
}

fn from_value(value: toml::Spanned<toml::de::DeValue<'_>>, lines: &Lines) -> Tree {
    use toml::de::DeValue;
    let line = lines.place(value.span().start).0;
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => match number.radix() {
            10 => Value::Number(number.as_str().replace('_', "")),
            radix => match i64::from_str_radix(number.as_str().get(2..).unwrap_or_default(), radix) {
                Ok(number) => Value::Number(number.to_string()),
                Err(_) => Value::Text(number.as_str().to_owned()),
            },
        },
        DeValue::Float(number) => Value::Number(number.as_str().replace('_', "")),
        DeValue::Boolean(truth) => Value::Bool(truth),
        DeValue::Datetime(time) => Value::Text(time.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(|item| from_value(item, lines)).collect()),
        DeValue::Table(table) => from_table(table, lines),
    };
    Tree { line, value }
}

/// Where the lines of a text begin.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// Line and column of the byte at `at`, both counted from 1.
    fn place(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[line - 1];
        (line, self.text.get(start..at).map_or(1, |before| before.chars().count() + 1))
    }
}

impl Fault {
    fn new(problem: Problem) -> Self {
        Self { line: None, problem, expected: &[] }
    }

    fn within(self, tree: &Tree) -> Self {
        Self { line: self.line.or(u32::try_from(tree.line).ok()), ..self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Problem::Syntax(message.to_string()))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let nearest = nearest(field, expected.iter().copied()).map(str::to_owned);
        let problem = Problem::UnknownField { field: field.into(), place: "bezet-menu/1".into(), nearest };
        Self { expected, ..Self::new(problem) }
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let detail = format!("{variant:?} is none of {}", expected.join(", "));
        Self { expected, ..Self::new(Problem::Value { place: variant.into(), detail }) }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Problem::Missing { field: field.into(), place: "this part".into() })
    }
}

/// The one of `known` that `name` may be a typing mistake for: at most a third of its letters differ.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    /// Longer names are no typing mistakes, and comparing them takes time.
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let best = known.filter(|other| other.len() <= LONGEST).map(|other| (distance(name, other), other)).min()?;
    (best.0 * 3 <= name.chars().count().max(3)).then_some(best.1)
}

/// How many letters have to be added, dropped, changed or swapped with the next (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        rows[i][0] = i;
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            rows[i][j] = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                rows[i][j] = rows[i][j].min(rows[i - 2][j - 2] + 1);
            }
        }
    }
    rows[a.len()][b.len()]
}

/// A tree that serde reads from.
#[derive(Clone, Copy)]
struct Leaf<'a>(&'a Tree);

impl<'a> IntoDeserializer<'a, Fault> for Leaf<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Leaf<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let tree = self.0;
        let read = match &tree.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Number(digits) => match (digits.parse::<u64>(), digits.parse::<i64>(), digits.parse::<f64>()) {
                (Ok(number), _, _) => visitor.visit_u64(number),
                (_, Ok(number), _) => visitor.visit_i64(number),
                (_, _, Ok(number)) => visitor.visit_f64(number),
                _ => Err(de::Error::custom(format!("{digits} is no number"))),
            },
            Value::Text(text) => visitor.visit_str(text),
            Value::List(items) => visitor.visit_seq(SeqDeserializer::<_, Fault>::new(items.iter().map(Leaf))),
            Value::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| (Key(key), Leaf(value)));
                visitor.visit_map(Entries {
                    map: MapDeserializer::new(entries),
                    line: None,
                    entries: tree.entries(),
                    next: 0,
                })
            }
        };
        read.map_err(|fault| fault.within(tree))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        if name == WITH_LINE {
            return visitor.visit_seq(WithLine { tree: self.0, given: 0 });
        }
        visitor.visit_newtype_struct(self).map_err(|fault: Fault| fault.within(self.0))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let read = match &self.0.value {
            Value::Text(text) => visitor.visit_enum(StrDeserializer::<Fault>::new(text)),
            _ => Err(de::Error::custom("a word in quotes belongs here")),
        };
        read.map_err(|fault| fault.within(self.0))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// A key of a map.
struct Key<'a>(&'a str);

impl<'de> IntoDeserializer<'de, Fault> for Key<'de> {
    type Deserializer = StrDeserializer<'de, Fault>;

    fn into_deserializer(self) -> Self::Deserializer {
        StrDeserializer::new(self.0)
    }
}

/// The entries of a map; a fault about a key is one of its line.
struct Entries<'de, M> {
    map: M,
    entries: &'de [(String, Tree)],
    next: usize,
    line: Option<u32>,
}

impl<'de, M: MapAccess<'de, Error = Fault>> MapAccess<'de> for Entries<'de, M> {
    type Error = Fault;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.line = self.entries.get(self.next).and_then(|(_, value)| u32::try_from(value.line).ok());
        self.next += 1;
        self.map.next_key_seed(seed).map_err(|fault| Fault { line: fault.line.or(self.line), ..fault })
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        self.map.next_value_seed(seed).map_err(|fault| Fault { line: fault.line.or(self.line), ..fault })
    }
}

/// A line, then the value.
struct WithLine<'de> {
    tree: &'de Tree,
    given: u8,
}

impl<'de> SeqAccess<'de> for WithLine<'de> {
    type Error = Fault;

    fn next_element_seed<T: de::DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        self.given += 1;
        match self.given {
            1 => seed.deserialize(u32::try_from(self.tree.line).unwrap_or(u32::MAX).into_deserializer()).map(Some),
            2 => seed.deserialize(Leaf(self.tree)).map(Some),
            _ => Ok(None),
        }
    }
}

impl<'de, T: de::Deserialize<'de>> de::Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pair<T>(std::marker::PhantomData<T>);
        impl<'de, T: de::Deserialize<'de>> Visitor<'de> for Pair<T> {
            type Value = At<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value with its line")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<At<T>, A::Error> {
                let line = pair.next_element()?.unwrap_or_default();
                let value = pair.next_element()?.ok_or_else(|| de::Error::custom("a value is missing"))?;
                Ok(At { line, value })
            }
        }
        deserializer.deserialize_newtype_struct(WITH_LINE, Pair(std::marker::PhantomData))
    }
}

impl<T: serde::Serialize> serde::Serialize for At<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<T> From<T> for At<T> {
    fn from(value: T) -> Self {
        Self { line: 0, value }
    }
}
