//! Which findings make a run fail.

use std::str::FromStr;

use super::{Finding, Level, RULES};

/// What `--fail-on` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Findings of this level and worse.
    Level(Level),
    /// Findings of this rule, whatever their level.
    Code(String),
}

/// Neither a level nor a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is neither a level (error, warning, info) nor a rule{}", .nearest.map(|n| format!("; did you mean {n:?}?")).unwrap_or_default())]
pub struct UnknownCode {
    /// As it was given.
    pub given: String,
    /// The rule that it looks most like.
    pub nearest: Option<&'static str>,
}

impl FromStr for FailOn {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let given = text.trim().to_lowercase();
        let level = [Level::Error, Level::Warning, Level::Info].into_iter().find(|level| level.name() == given);
        if let Some(level) = level {
            return Ok(Self::Level(level));
        }
        if RULES.iter().any(|rule| rule.code == given) {
            return Ok(Self::Code(given));
        }
        // as many parts in common as can be, counted by their first three letters: "option-max" is "options-max"
        let starts = |code: &str| code.split('-').map(|part| part.chars().take(3).collect()).collect::<Vec<String>>();
        let shared = |code: &str| starts(code).iter().filter(|part| starts(&given).contains(part)).count();
        let nearest = RULES.iter().map(|rule| rule.code).rev().max_by_key(|code| shared(code));
        let nearest = nearest.filter(|code| shared(code) > 0);
        Err(UnknownCode { given: text.into(), nearest })
    }
}

impl FailOn {
    /// Whether `finding` is one of them. An accepted finding never is.
    pub fn hits(&self, finding: &Finding) -> bool {
        finding.accepted.is_none()
            && match self {
                Self::Level(level) => finding.level >= *level,
                Self::Code(code) => finding.check.code() == code,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::lint::{Check, Fact};

    #[test]
    fn a_level_takes_the_worse_ones_too_and_a_code_only_its_own() {
        let finding = Finding::of_all(Check::DepthMax, Level::Warning, Fact::Depth(4));
        let fails = |text: &str| text.parse::<FailOn>().unwrap().hits(&finding);
        assert!(fails("warning") && fails("info") && fails("depth-max") && fails(" Depth-Max "));
        assert!(!fails("error") && !fails("options-max"));
        let accepted = Finding { accepted: Some("agreed".into()), ..finding.clone() };
        assert!(!FailOn::Level(Level::Info).hits(&accepted));
    }

    #[test]
    fn a_typing_mistake_names_the_nearest() {
        let error = "option-max".parse::<FailOn>().unwrap_err().to_string();
        assert!(error.contains("\"options-max\""), "{error}");
        assert!("qq".parse::<FailOn>().unwrap_err().to_string().ends_with("nor a rule"));
    }
}
