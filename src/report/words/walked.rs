//! Words of the menu as it was walked.

use super::Language;

/// What is to be said about a step or a way on from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Its designed length is estimated from the words.
    Estimated,
    /// Another recording than the definition's was heard.
    OtherPrompt,
    /// No call came there.
    NeverReached,
    /// No call took it.
    NeverTaken,
    /// A key that the menu does not have.
    NoSuchKey,
    /// After silence the menu came again.
    Again,
    /// A key that does nothing there.
    IdleKey,
    /// A message that the definition does not know.
    Unknown,
    /// The way on that asks nothing of the caller.
    Onwards,
}

/// The remark as a short sentence.
pub fn remark(language: Language, remark: Remark) -> &'static str {
    language.of(match remark {
        Remark::Estimated => ("ontworpen duur geschat uit de tekst", "designed length estimated from the words"),
        Remark::OtherPrompt => {
            ("er klinkt een andere opname dan in de definitie", "another recording is heard than the definition's")
        }
        Remark::NeverReached => ("geen gesprek kwam hier", "no call came here"),
        Remark::NeverTaken => ("in deze gesprekken nooit gekozen", "never chosen in these calls"),
        Remark::NoSuchKey => ("deze toets heeft het menu niet", "the menu does not have this key"),
        Remark::Again => ("na stilte klinkt het menu opnieuw", "after silence the menu comes again"),
        Remark::Onwards => ("vanzelf", "of itself"),
        Remark::IdleKey => ("deze toets doet hier niets", "this key does nothing here"),
        Remark::Unknown => ("deze mededeling staat niet in de definitie", "the definition does not have this message"),
    })
}
