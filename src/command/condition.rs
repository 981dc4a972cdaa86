//! `--fail-on`: what a call may not be, as `total_wait_s>180` or `outcome=no_answer`.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    audit::{Audit, AuditedCall},
    report::{
        table::{self, CallRow, Cell},
        words::Language,
    },
};

/// A column of `calls.csv`, compared with a value. A call of which it holds missed the norm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Condition {
    column: String,
    operator: Operator,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    AtLeast,
    AtMost,
    Not,
    Equal,
    Above,
    Below,
}

/// In the order in which they are looked for: those of two signs first.
const OPERATORS: [(&str, Operator); 7] = [
    (">=", Operator::AtLeast),
    ("<=", Operator::AtMost),
    ("!=", Operator::Not),
    ("==", Operator::Equal),
    ("=", Operator::Equal),
    (">", Operator::Above),
    ("<", Operator::Below),
];

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCondition {
    /// No sign between two parts.
    #[error("write a column, a sign (> >= < <= = !=) and a value, as in \"total_wait_s>180\", or norms")]
    Shape,
    /// No column of that name.
    #[error("calls.csv has no column {0:?}; it has {1}")]
    Column(String, String),
    /// A number was to be compared with something else.
    #[error("{0} is a number, so write one behind the sign, as in \"{0}>180\"")]
    Number(&'static str),
    /// Words have no order.
    #[error("{0} is a text, so it can only be = or != something")]
    Order(&'static str),
}

/// The calls that missed a norm, and those that could not be held against it.
#[derive(Clone, Debug, Default)]
pub struct Verdict<'a> {
    /// The condition holds of them.
    pub missed: Vec<&'a AuditedCall>,
    /// What it asks about could not be measured.
    pub unknown: Vec<&'a AuditedCall>,
}

impl Condition {
    /// Holds every call of `audit` against the condition.
    pub fn judge<'a>(&self, audit: &'a Audit) -> Verdict<'a> {
        let mut verdict = Verdict::default();
        for call in &audit.calls {
            match self.holds(call) {
                Some(true) => verdict.missed.push(call),
                Some(false) => {}
                None => verdict.unknown.push(call),
            }
        }
        verdict
    }

    fn holds(&self, call: &AuditedCall) -> Option<bool> {
        let columns = table::calls();
        let column = columns.iter().find(|column| column.name == self.column)?;
        let order = match column.cell(&CallRow::new(call, Language::default())) {
            Cell::Empty => return None,
            Cell::Text(text) | Cell::Keys(text) => text.cmp(&self.value),
            Cell::Count(count) => f64::from(count).total_cmp(&number(&self.value)?),
            Cell::Seconds(value) | Cell::Number(value) => value.total_cmp(&number(&self.value)?),
            Cell::Confidence(value) => f64::from(value).total_cmp(&number(&self.value)?),
        };
        Some(match self.operator {
            Operator::AtLeast => order != Ordering::Less,
            Operator::AtMost => order != Ordering::Greater,
            Operator::Not => order != Ordering::Equal,
            Operator::Equal => order == Ordering::Equal,
            Operator::Above => order == Ordering::Greater,
            Operator::Below => order == Ordering::Less,
        })
    }
}

fn number(text: &str) -> Option<f64> {
    text.replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

impl FromStr for Condition {
    type Err = NoCondition;

    fn from_str(text: &str) -> Result<Self, NoCondition> {
        let at = text.find(['<', '>', '=', '!']).ok_or(NoCondition::Shape)?;
        let sign = OPERATORS.iter().find(|(sign, _)| text[at..].starts_with(sign));
        let &(sign, operator) = sign.ok_or(NoCondition::Shape)?;
        let (name, value) = (text[..at].trim(), text[at + sign.len()..].trim());
        if name.is_empty() || value.is_empty() {
            return Err(NoCondition::Shape);
        }
        let columns = table::calls();
        let names = || columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
        let column = columns.iter().find(|column| column.name == name);
        let column = column.ok_or_else(|| NoCondition::Column(name.into(), names()))?;
        let is_number = matches!(column.unit, "s" | "count" | "0 to 1");
        if is_number && number(value).is_none() {
            return Err(NoCondition::Number(column.name));
        }
        if !is_number && !matches!(operator, Operator::Equal | Operator::Not) {
            return Err(NoCondition::Order(column.name));
        }
        Ok(Self { column: column.name.into(), operator, value: value.into() })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = OPERATORS.iter().rfind(|(_, operator)| *operator == self.operator).map_or("=", |(sign, _)| sign);
        write!(f, "{}{sign}{}", self.column, self.value)
    }
}

impl TryFrom<String> for Condition {
    type Error = NoCondition;

    fn try_from(text: String) -> Result<Self, NoCondition> {
        text.parse()
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.to_string()
    }
}

/// What makes the exit code 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum FailOn {
    /// Any norm or promise that is not met.
    Norms,
    /// A call of which this holds.
    Call(Condition),
}

impl FromStr for FailOn {
    type Err = NoCondition;

    fn from_str(text: &str) -> Result<Self, NoCondition> {
        match text.trim() {
            "norms" => Ok(Self::Norms),
            text => text.parse().map(Self::Call),
        }
    }
}

impl TryFrom<String> for FailOn {
    type Error = NoCondition;

    fn try_from(text: String) -> Result<Self, NoCondition> {
        text.parse()
    }
}

impl From<FailOn> for String {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Norms => "norms".into(),
            FailOn::Call(condition) => condition.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::tests as made;

    #[test]
    fn calls_are_held_against_it() {
        let audit = Audit { client: None, calls: vec![made::call("1.wav"), made::refused("2.wav")] };
        for (text, missed, unknown) in [
            ("total_wait_s>18,5", 1, 1),
            ("total_wait_s > 19.5", 0, 1),
            ("rings>=2", 1, 1),
            ("rings<2", 0, 1),
            ("rings<=2", 1, 1),
            ("outcome=human", 1, 0),
            ("outcome != human", 1, 0),
            ("answered_by==machine", 1, 1),
            ("keys=07", 1, 1),
            ("confidence<0.9", 1, 1),
        ] {
            let verdict = text.parse::<Condition>().unwrap().judge(&audit);
            assert_eq!((verdict.missed.len(), verdict.unknown.len()), (missed, unknown), "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_explained() {
        for (text, part) in [
            ("total_wait_s", "write a column"),
            (">180", "write a column"),
            ("total_wait_s>", "write a column"),
            ("wait>180", "no column \"wait\"; it has file, line"),
            ("rings>many", "rings is a number"),
            ("outcome>human", "outcome is a text"),
            ("rings!2", "write a column"),
        ] {
            let error = text.parse::<Condition>().unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        for text in ["total_wait_s>=180", "rings=3", "outcome!=human", "rings<3"] {
            assert_eq!(text.parse::<Condition>().unwrap().to_string(), text);
        }
    }
}
