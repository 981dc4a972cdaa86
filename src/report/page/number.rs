//! Numbers that lead to where they come from.
//!
//! A number of one call is a link to its second. A number that many calls make (a share, a count, a median between two)
//! is a link that leaves only these calls in the list, each with its own value and its second. Which calls these are
//! stands once in the page's data, however many numbers rest on the same ones.

use std::{cell::RefCell, collections::HashMap};

use serde::Serialize;

use crate::{
    audit::{Audit, AuditedCall},
    interval::Interval,
    units::Seconds,
};

/// Hundredths of a second, as all times of the page's data.
pub(super) fn hundredths(seconds: Seconds) -> u64 {
    (seconds * 100.0).round().max(0.0) as u64
}

/// A call that a number rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Place(
    /// Its place in the audit.
    pub usize,
    /// Where to listen; `None`: nowhere in particular.
    pub Option<u64>,
    /// What it contributes.
    pub String,
);

impl Place {
    /// The call at `index`, whose share in the number is `said`, to be heard from the start of `from`.
    pub fn new(index: usize, from: Option<Interval>, said: impl Into<String>) -> Self {
        Self(index, from.map(|from| hundredths(from.start())), said.into())
    }
}

/// A number as it stands in the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Number {
    pub text: String,
    /// Where it leads without a script; empty: nowhere.
    pub href: String,
    /// The one call that it comes from.
    pub call: Option<usize>,
    /// The second of that call.
    pub at: Option<String>,
    /// The calls that it rests on, by their place in the page's data.
    pub basis: Option<usize>,
}

impl Number {
    /// A text that leads nowhere.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A text that leads to a part of the page.
    pub fn to_part(text: impl Into<String>, id: &str) -> Self {
        Self { text: text.into(), href: format!("#{id}"), ..Self::default() }
    }
}

/// The calls that the numbers of a page rest on, gathered while its tables are made.
pub(super) struct Bases<'a> {
    indices: HashMap<*const AuditedCall, usize>,
    audit: &'a Audit,
    gathered: RefCell<Gathered>,
}

/// Each list of calls once, and where it stands.
#[derive(Default)]
struct Gathered {
    list: Vec<Vec<Place>>,
    known: HashMap<Vec<Place>, usize>,
}

impl<'a> Bases<'a> {
    pub fn new(audit: &'a Audit) -> Self {
        let indices = audit.calls.iter().enumerate().map(|(i, call)| (std::ptr::from_ref(call), i)).collect();
        Self { indices, audit, gathered: RefCell::default() }
    }

    /// The place in the audit of one of its own calls.
    pub fn index(&self, call: &AuditedCall) -> usize {
        self.indices.get(&std::ptr::from_ref(call)).copied().unwrap_or(self.audit.calls.len())
    }

    /// A number that rests on `places`.
    pub fn number(&self, text: impl Into<String>, places: Vec<Place>) -> Number {
        let text = text.into();
        match &places[..] {
            [] => Number::plain(text),
            [Place(call, at, _)] => Number {
                text,
                href: format!("#call-{call}"),
                call: Some(*call),
                at: at.map(|at| format!("{:.2}", at as f64 / 100.0)),
                basis: None,
            },
            _ => {
                let Gathered { list, known } = &mut *self.gathered.borrow_mut();
                let next = list.len();
                let basis = *known.entry(places).or_insert_with_key(|places| {
                    list.push(places.clone());
                    next
                });
                Number { text, href: "#calls".into(), call: None, at: None, basis: Some(basis) }
            }
        }
    }

    /// All that was gathered.
    pub fn into_list(self) -> Vec<Vec<Place>> {
        self.gathered.into_inner().list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_call_is_a_link_to_its_second_and_many_are_kept_once() {
        let audit = Audit { client: None, calls: vec![] };
        let bases = Bases::new(&audit);
        let at = |start| Some(Interval::new(start, start + 1.0));
        let one = bases.number("1", vec![Place::new(7, at(2.345), "")]);
        assert_eq!(
            (one.href.as_str(), one.call, one.at.as_deref(), one.basis),
            ("#call-7", Some(7), Some("2.35"), None)
        );
        let many = || vec![Place::new(0, at(1.0), "a"), Place::new(1, None, "b")];
        assert_eq!((bases.number("2", many()).basis, bases.number("x", many()).basis), (Some(0), Some(0)));
        assert_eq!(bases.number("3", vec![Place::new(0, None, ""), Place::new(1, None, "")]).basis, Some(1));
        assert_eq!(bases.number("–", vec![]), Number::plain("–"));
        assert_eq!(bases.into_list().len(), 2);
    }
}
