//! The thresholds of the rules.

use serde::{Deserialize, Serialize};

use crate::units::Seconds;

/// From which values on a rule speaks. In a project file under `[menu.lint.limits]`, on the command line as `name=value`;
/// what is not named keeps its default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// `options-max`: more options than these in one menu are a warning.
    pub options_warning: usize,
    /// `options-max`: more than these are an error.
    pub options_error: usize,
    /// `depth-max`: more menus than these on one way.
    pub depth: u32,
    /// `keys-to-human`: more keys than these to a person.
    pub keys_to_human: u32,
    /// `seconds-to-human`: more than these to a person or queue are a warning.
    pub seconds_to_human_warning_s: Seconds,
    /// `seconds-to-human`: more than these are an error.
    pub seconds_to_human_error_s: Seconds,
    /// `option-heard-late`: an option heard later than this in its menu is a warning.
    pub option_heard_warning_s: Seconds,
    /// `option-heard-late`: later than this is an error.
    pub option_heard_error_s: Seconds,
    /// `greeting-long`: more than this before the first option.
    pub greeting_s: Seconds,
    /// `greeting-no-bargein`: more than this that no key cuts short.
    pub uninterruptible_s: Seconds,
    /// `timeout-value`: a reaction to silence sooner than this.
    pub timeout_min_s: Seconds,
    /// `timeout-value`: a reaction later than this.
    pub timeout_max_s: Seconds,
    /// `attempts`: more plays of one menu than these before something else happens.
    pub attempts: u32,
    /// `wording-vague`: the share of words that two options have in common.
    pub shared_words: f64,
    /// `wording-vague`: as many subjects in one option.
    pub subjects: usize,
    /// `same-target`: a larger share of a menu's options than this leading to one place.
    pub same_target: f64,
    /// `text-audio-differ`: a recording longer or shorter than its words by more than this share.
    pub text_audio: f64,
    /// `frequent-first`: as many calls through a menu before its order is judged.
    pub calls: usize,
}

impl Default for Limits {
    /// What the sources of the rules name; where they name nothing, what is argued at the rule.
    fn default() -> Self {
        Self {
            options_warning: 5,
            options_error: 7,
            depth: 3,
            keys_to_human: 3,
            seconds_to_human_warning_s: 45.0,
            seconds_to_human_error_s: 90.0,
            option_heard_warning_s: 20.0,
            option_heard_error_s: 30.0,
            greeting_s: 15.0,
            uninterruptible_s: 8.0,
            timeout_min_s: 3.0,
            timeout_max_s: 10.0,
            attempts: 3,
            shared_words: 0.6,
            subjects: 3,
            same_target: 0.5,
            text_audio: 0.4,
            calls: 20,
        }
    }
}

/// Why a threshold was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{assignment:?} is no threshold: {fault}")]
pub struct LimitError {
    /// As it was given.
    pub assignment: String,
    /// What is wrong with it.
    pub fault: LimitFault,
}

/// What is wrong with a threshold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitFault {
    /// No name and value.
    #[error("write it as options-error=9")]
    Shape,
    /// No threshold has that name.
    #[error("there is no {name:?}; there are {known}")]
    Unknown {
        /// As it was given.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// The value is none.
    #[error("{0:?} is no number")]
    NoNumber(String),
    /// Below zero, or without end.
    #[error("it cannot be negative")]
    Negative,
    /// A fraction of what is counted.
    #[error("it has to be a whole number")]
    Fraction,
    /// Anything else that the reader of TOML says.
    #[error("{0}")]
    Reader(String),
}

impl Limits {
    /// The same with the threshold that `assignment` names, as `options-error=9`.
    ///
    /// # Errors
    /// Where there is no such threshold, or the value cannot be one.
    pub fn with(&self, assignment: &str) -> Result<Self, LimitError> {
        self.changed(assignment).map_err(|fault| LimitError { assignment: assignment.into(), fault })
    }

    fn changed(&self, assignment: &str) -> Result<Self, LimitFault> {
        let (name, value) = assignment.split_once('=').ok_or(LimitFault::Shape)?;
        let mut all = toml::Table::try_from(self).map_err(|e| LimitFault::Reader(e.to_string()))?;
        let name = name.trim();
        let Some(old) = all.get(name) else {
            let known = all.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(LimitFault::Unknown { name: name.into(), known });
        };
        let number: f64 = value.trim().replace(',', ".").parse().map_err(|_| LimitFault::NoNumber(value.into()))?;
        if !number.is_finite() || number < 0.0 {
            return Err(LimitFault::Negative);
        }
        let new = match old {
            toml::Value::Integer(_) if number.fract() == 0.0 && number <= 1e9 => toml::Value::Integer(number as i64),
            toml::Value::Integer(_) => return Err(LimitFault::Fraction),
            _ => toml::Value::Float(number),
        };
        all.insert(name.into(), new);
        all.try_into().map_err(|e: toml::de::Error| LimitFault::Reader(e.message().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_threshold_is_changed_and_the_others_stay() {
        let changed = Limits::default().with("options-error = 9").unwrap();
        assert_eq!(changed, Limits { options_error: 9, ..Limits::default() });
        let changed = Limits::default().with("greeting-s=7,5").unwrap();
        assert_eq!(changed, Limits { greeting_s: 7.5, ..Limits::default() });
    }

    #[test]
    fn what_is_no_threshold_is_refused_with_the_names_that_are() {
        for (text, part) in [
            ("optoins=3", "options-warning"),
            ("options-error", "write it as"),
            ("options-error=2.5", "whole"),
            ("greeting-s=-1", "negative"),
            ("greeting-s=NaN", "negative"),
            ("greeting-s=long", "no number"),
        ] {
            let error = Limits::default().with(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_file_names_only_what_differs() {
        let limits: Limits = toml::from_str("depth = 5\ntimeout-max-s = 12.0").unwrap();
        assert_eq!(limits, Limits { depth: 5, timeout_max_s: 12.0, ..Limits::default() });
        assert!(toml::from_str::<Limits>("deepth = 5").is_err());
    }
}
