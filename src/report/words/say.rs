//! Errors in both languages.

use std::{error::Error, io};

use super::Language;

/// A file that another program holds open; the standard library has no kind for it.
const WINDOWS_SHARING_VIOLATION: i32 = 32;

/// An error that can be told in Dutch too. Its `Display` is the English.
///
/// Each type matches once on all that it can be, so that a new variant does not compile without its Dutch. What another
/// program or library says is quoted as it is, behind words of ours.
pub trait Say: Error {
    /// What is wrong and what helps, in Dutch, without a full stop.
    fn dutch(&self) -> String;

    /// The same in `language`.
    fn say(&self, language: Language) -> String {
        match language {
            Language::Nl => self.dutch(),
            Language::En => self.to_string(),
        }
    }
}

/// The kind of an error of the system, told finer than the standard library does.
pub fn kind(error: &io::Error) -> io::ErrorKind {
    match error.raw_os_error() {
        Some(WINDOWS_SHARING_VIOLATION) if cfg!(windows) => io::ErrorKind::ResourceBusy,
        _ => error.kind(),
    }
}

impl Say for io::Error {
    fn dutch(&self) -> String {
        use io::ErrorKind as Kind;
        let what = match kind(self) {
            Kind::NotFound => "bestaat niet",
            Kind::PermissionDenied => "geen toegang",
            Kind::AlreadyExists => "bestaat al",
            Kind::StorageFull | Kind::QuotaExceeded => "de schijf is vol",
            Kind::ReadOnlyFilesystem => "hier kan niet worden geschreven",
            Kind::NotADirectory => "dit is geen map",
            Kind::IsADirectory => "dit is een map",
            Kind::DirectoryNotEmpty => "de map is niet leeg",
            Kind::ResourceBusy | Kind::ExecutableFileBusy => "is in gebruik bij een ander programma",
            Kind::InvalidFilename => "zo kan een bestand niet heten",
            Kind::FileTooLarge => "het bestand is te groot",
            Kind::UnexpectedEof => "het bestand houdt te vroeg op",
            Kind::InvalidData => "dit is geen tekst in UTF-8",
            _ => return format!("het systeem meldt: {self}"),
        };
        // the number is what a helpdesk asks for
        self.raw_os_error().map_or_else(|| what.to_owned(), |code| format!("{what} (systeemfout {code})"))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// One of each variant of an error: a variant that is not among the patterns does not compile.
    macro_rules! one_of_each {
        ($($sample:expr => $pattern:pat),+ $(,)?) => {{
            let samples = vec![$($sample),+];
            for sample in &samples {
                match sample { $($pattern => {})+ }
            }
            samples
        }};
    }
    pub(crate) use one_of_each;

    /// Words that stand in every English sentence and in no Dutch one.
    const ENGLISH: [&str; 19] = [
        "the", "this", "that", "there", "not", "and", "with", "which", "write", "choose", "expected", "known", "from",
        "cannot", "make", "give", "name", "another", "or",
    ];

    /// Of each error: two languages, and no word of ours in the wrong one.
    pub(crate) fn speaks_both<E: Say>(errors: &[E]) {
        for error in errors {
            let (dutch, english) = (error.say(Language::Nl), error.say(Language::En));
            assert_ne!(dutch, english);
            assert!(!dutch.is_empty() && !dutch.ends_with('.'), "{dutch}");
            // names, commands and keys are the same in all languages
            let ours: String = dutch.split(['`', '"']).step_by(2).collect::<Vec<_>>().join(" ");
            let words = ours.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '/'));
            let strays: Vec<&str> = words.filter(|word| ENGLISH.contains(word)).collect();
            assert!(strays.is_empty(), "{strays:?} in: {dutch}");
        }
    }

    #[test]
    fn the_system_speaks_both() {
        use io::ErrorKind as Kind;
        let kinds = [
            Kind::NotFound,
            Kind::PermissionDenied,
            Kind::AlreadyExists,
            Kind::StorageFull,
            Kind::NotADirectory,
            Kind::IsADirectory,
            Kind::ResourceBusy,
            Kind::InvalidData,
            Kind::UnexpectedEof,
        ];
        speaks_both(&kinds.map(io::Error::from));
        let gone = io::Error::from_raw_os_error(2).dutch();
        assert_eq!(gone, "bestaat niet (systeemfout 2)");
        assert_eq!(io::Error::other("disk on fire").dutch(), "het systeem meldt: disk on fire");
    }
}
