//! A first document, to be filled in.

use crate::language::Language;

/// A small menu with a comment at everything that has to be filled in.
pub fn start(language: Language) -> &'static str {
    match language {
        Language::Nl => include_str!("start_nl.toml"),
        Language::En => include_str!("start_en.toml"),
    }
}
