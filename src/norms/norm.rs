//! Norms as data.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use serde::{Deserialize, Serialize};

use super::Clock;
use crate::{language::Language, metrics::CallMetrics};

/// The version of the form that norms are written in.
const FORMAT: &str = "bezet-norms/1";

/// A file of norms.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Norms {
    format: String,
    /// The norms in it.
    #[serde(default, rename = "norm")]
    pub norms: Vec<Norm>,
}

/// What a call has to keep, and which share of the calls has to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Norm {
    /// Its short name, in every output.
    #[serde(default)]
    pub id: String,
    /// What it says, for a reader.
    #[serde(alias = "say")]
    pub title: Phrase,
    /// The clock that it reads ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clock: Option<Clock>,
    /// ... or the column of `calls.csv`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    figure: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_most: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_least: Option<f64>,
    /// The share of the calls that has to keep it, 0 to 1; every call where nothing is said.
    #[serde(default = "every_call")]
    pub share: f64,
    /// What becomes of a call that ended before the limit without what the clock waits for.
    #[serde(default)]
    pub unanswered: Unanswered,
    /// Only calls with these contact reasons; all where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Only calls to these lines; all where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// Where it comes from.
    #[serde(default)]
    pub source: Phrase,
    /// What a reader has to know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Phrase>,
}

fn every_call() -> f64 {
    1.0
}

/// Words in both languages, or in one for all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Phrase {
    /// The user's own words.
    Own(String),
    /// Ours.
    Both {
        /// In Dutch.
        nl: String,
        /// In English.
        en: String,
    },
}

impl Default for Phrase {
    fn default() -> Self {
        Self::Own(String::new())
    }
}

impl Phrase {
    /// The words in that language.
    pub fn of(&self, language: Language) -> &str {
        match self {
            Self::Own(text) => text,
            Self::Both { nl, en } => language.of((nl, en)),
        }
    }
}

/// What becomes of a call that ended before the limit without what the clock waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unanswered {
    /// It broke the norm.
    #[default]
    Missed,
    /// It is not counted.
    LeftOut,
}

/// What a norm looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What<'a> {
    /// A clock.
    Clock(Clock),
    /// A column of `calls.csv`.
    Figure(&'a str),
}

/// Up to where a value keeps the norm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

impl Limit {
    /// Whether `value` keeps it. Values are given to the millisecond, so what differs by less is alike.
    pub fn holds(self, value: f64) -> bool {
        const SLACK: f64 = 5e-4;
        match self {
            Self::AtMost(limit) => value <= limit + SLACK,
            Self::AtLeast(limit) => value >= limit - SLACK,
        }
    }

    /// The bound itself.
    pub fn bound(self) -> f64 {
        match self {
            Self::AtMost(bound) | Self::AtLeast(bound) => bound,
        }
    }
}

/// Why a norm cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NormError {
    /// No profile has that name, and no file either.
    #[error("{0:?} is no norm that bezet knows and no file; choose one of {1}, or give the path of a file of norms")]
    Unknown(String, String),
    /// The disk, or the rights.
    #[error("{}: {error}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is not understood.
    #[error("{}: {error}", path.display())]
    Toml {
        /// The file.
        path: PathBuf,
        /// Where, and what.
        error: Box<toml::de::Error>,
    },
    /// What it says makes no norm.
    #[error("norm {id:?}: {fault}")]
    Meaning {
        /// The norm.
        id: String,
        /// What is wrong with it.
        fault: NormFault,
    },
}

/// What is wrong with a norm.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NormFault {
    /// It has no short name.
    #[error("write id =, its short name")]
    NoId,
    /// It reads nothing, or two things.
    #[error("write either clock = or figure =")]
    ClockOrFigure,
    /// It reads a column that is none.
    #[error("there is no figure {name:?}; there are {known}")]
    Figure {
        /// As it was written.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// It has no limit, or two.
    #[error("write either at_most = or at_least =")]
    Limit,
    /// Its limit has no end.
    #[error("the limit is no number")]
    Endless,
    /// More than all calls, or none.
    #[error("share = {0} is no share; write 0.8 for 80 %")]
    Share(f64),
    /// Its file says that it is something else.
    #[error("the format of {} is {found:?}, not {FORMAT:?}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What it says that it is.
        found: String,
    },
}

impl NormFault {
    /// What a file of norms has to say that it is.
    pub const FORMAT: &str = FORMAT;
}

impl Norm {
    /// The same norm for these lines alone.
    #[must_use]
    pub fn of_lines(self, lines: &[String]) -> Self {
        Self { lines: lines.to_vec(), ..self }
    }

    /// What it looks at.
    ///
    /// # Panics
    /// Never of a norm that was [checked](Self::check), as all that are read are.
    pub fn what(&self) -> What<'_> {
        match (self.clock, &self.figure) {
            (Some(clock), _) => What::Clock(clock),
            (None, Some(figure)) => What::Figure(figure),
            (None, None) => unreachable!("a norm that was checked reads a clock or a figure"),
        }
    }

    /// Up to where a value keeps it.
    pub fn limit(&self) -> Limit {
        match (self.at_most, self.at_least) {
            (Some(bound), _) => Limit::AtMost(bound),
            (None, bound) => Limit::AtLeast(bound.unwrap_or_default()),
        }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    /// Where it reads no clock or two, has no limit or two, or a share that is none.
    pub fn check(&self) -> Result<(), NormError> {
        let wrong = |fault| Err(NormError::Meaning { id: self.id.clone(), fault });
        match (self.clock, &self.figure) {
            _ if self.id.trim().is_empty() => wrong(NormFault::NoId),
            (None, None) | (Some(_), Some(_)) => wrong(NormFault::ClockOrFigure),
            (None, Some(name)) if !CallMetrics::names().contains(&name.as_str()) => {
                wrong(NormFault::Figure { name: name.clone(), known: CallMetrics::names().join(", ") })
            }
            _ if self.at_most.is_some() == self.at_least.is_some() => wrong(NormFault::Limit),
            _ if !self.limit().bound().is_finite() => wrong(NormFault::Endless),
            _ if !(self.share > 0.0 && self.share <= 1.0) => wrong(NormFault::Share(self.share)),
            _ => Ok(()),
        }
    }
}

impl Norms {
    /// The norms in a text.
    fn parse(text: &str, path: &Path) -> Result<Vec<Norm>, NormError> {
        let file: Self =
            toml::from_str(text).map_err(|error| NormError::Toml { path: path.into(), error: Box::new(error) })?;
        if file.format != FORMAT {
            let id = file.norms.first().map_or(String::new(), |n| n.id.clone());
            return Err(NormError::Meaning { id, fault: NormFault::Format { path: path.into(), found: file.format } });
        }
        file.norms.iter().try_for_each(Norm::check)?;
        Ok(file.norms)
    }

    /// The norm of that name, or those of the file at that path below `folder`.
    ///
    /// # Errors
    /// Where there is neither, or the file is no file of norms.
    pub fn find(name: &str, folder: &Path) -> Result<Vec<Norm>, NormError> {
        if let Some(profile) = profiles().iter().find(|profile| profile.id == name) {
            return Ok(vec![profile.clone()]);
        }
        let path = folder.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let known: Vec<&str> = profiles().iter().map(|profile| profile.id.as_str()).collect();
                Err(NormError::Unknown(name.into(), known.join(", ")))
            }
            Err(error) => Err(NormError::Io { path, error }),
        }
    }
}

/// The norms that bezet knows by name.
pub fn profiles() -> &'static [Norm] {
    static PROFILES: LazyLock<Vec<Norm>> = LazyLock::new(|| {
        Norms::parse(include_str!("profiles.toml"), Path::new("profiles.toml")).expect("a test reads what is shipped")
    });
    &PROFILES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_can_be_read_and_says_where_it_comes_from() {
        let names: Vec<&str> = profiles().iter().map(|norm| norm.id.as_str()).collect();
        for name in ["nen-8878", "80-20", "vng-25", "be-150", "fcc-30", "es-180"] {
            assert!(names.contains(&name), "{name}");
        }
        assert!(profiles().iter().all(|norm| !norm.source.of(Language::Nl).is_empty()));
    }

    #[test]
    fn what_makes_no_norm_is_refused_with_what_is_wrong() {
        let refusal = |rest: &str| {
            let text = format!("format = \"bezet-norms/1\"\n[[norm]]\nid = \"x\"\ntitle = \"x\"\n{rest}");
            Norms::parse(&text, Path::new("x.toml")).unwrap_err().to_string()
        };
        assert!(refusal("clock = \"ring\"").contains("at_most"));
        assert!(refusal("at_most = 3").contains("clock ="));
        assert!(refusal("figure = \"ringz\"\nat_most = 3").contains("rings"));
        assert!(refusal("figure = \"rings\"\nat_most = 3\nshare = 80").contains("0.8"));
        assert!(refusal("figure = \"rings\"\nat_mots = 3").contains("at_mots"));
        let unknown = Norms::find("nen-9999", Path::new("/nowhere")).unwrap_err().to_string();
        assert!(unknown.contains("nen-8878"), "{unknown}");
    }
}
