//! Everything that is said to a reader, in Dutch and in English.
//!
//! Each function matches once on what is to be said and holds both languages side by side, so the compiler proves that
//! nothing is missing and a translator sees what belongs together. Machine names (`time_to_human_s`) are not words:
//! they never change with the language.

pub mod accuracy;
pub mod chart;
mod column;
pub mod compare;
mod error;
pub mod failure;
mod figure;
pub mod finding;
pub mod history;
pub mod menu;
pub mod menu_tree;
mod norm;
mod number;
pub mod page;
mod phrase;
mod reason;
pub mod say;
pub mod scorecard;
mod term;
pub mod toml;
pub mod trend;
pub mod walked;
mod warning;

pub use crate::language::Language;
pub use column::{compare_column, trend_column};
pub use figure::{Column, column};
pub use norm::{Remark, TOLD, clock_name, norm_definition, norm_value, ruling, verdict, verdict_in_table};
pub use number::{calls, clock, clock_tenths, decimal, percent, seconds};
pub use reason::{bare_reason, reason};
pub use say::Say;
pub use term::{Part, Word, part, part_code, word};
pub use warning::{read_error, warning};

use crate::{
    label::Label,
    metrics::{AnsweredBy, Outcome, Unit},
    timeline::Channel,
};

/// A kind of sound, as a manager calls it.
pub fn label(language: Language, label: Label) -> &'static str {
    language.of(match label {
        Label::Silence => ("stilte", "silence"),
        Label::Ringback => ("overgaan", "ringing"),
        Label::Busy => ("in gesprek", "busy tone"),
        Label::Congestion => ("net overbelast", "network busy"),
        Label::Sit => ("informatietoon", "information tone"),
        Label::Dial => ("kiestoon", "dial tone"),
        Label::Dtmf => ("toets", "key"),
        Label::Beep => ("piep", "beep"),
        Label::Music => ("wachtmuziek", "hold music"),
        Label::Announcement => ("mededeling", "announcement"),
        Label::Human => ("medewerker", "person"),
        Label::Caller => ("beller", "caller"),
        Label::Speech => ("stem, onbeslist", "voice, undecided"),
        Label::Noise => ("ander geluid", "other sound"),
    })
}

/// What stands at the head of the file that names groups, as comments of TOML.
pub fn groups_head(language: Language) -> &'static str {
    language.of((
        "# Wat deze lijn vaker afspeelt. Geef een bericht een eigen name en een kind (greeting, menu, apology, information,\n\
         # advertisement, music, message), bewaar dit bestand onder een andere naam en geef het mee met --groups of als\n\
         # groups in bezet.toml: dan houdt elk bericht zijn naam, ook volgende maand. Laat letter en print staan.",
        "# What this line plays more than once. Give a message a name and a kind (greeting, menu, apology, information,\n\
         # advertisement, music, message), keep this file under another name and give it back with --groups or as groups\n\
         # in bezet.toml: each message then keeps its name, next month too. Leave letter and print as they are.",
    ))
}

/// How a call ended.
pub fn outcome(language: Language, outcome: Outcome) -> &'static str {
    language.of(match outcome {
        Outcome::Human => ("medewerker gesproken", "spoke to a person"),
        Outcome::Voicemail => ("voicemail", "voicemail"),
        Outcome::Closed => ("opgenomen en afgesloten door een automaat", "picked up and ended by a machine"),
        Outcome::Abandoned => ("afgebroken tijdens het wachten", "ended while still waiting"),
        Outcome::NoAnswer => ("niet opgenomen", "not answered"),
        Outcome::Busy => ("in gesprek", "busy"),
        Outcome::Congestion => ("net overbelast", "network busy"),
        Outcome::Unobtainable => ("nummer niet bereikbaar", "number unobtainable"),
        Outcome::NotMeasurable => ("niet te meten", "not measurable"),
    })
}

/// Who or what picked up.
pub fn answered_by(language: Language, by: AnsweredBy) -> &'static str {
    language.of(match by {
        AnsweredBy::Human => ("een medewerker", "a person"),
        AnsweredBy::Machine => ("een automaat", "a machine"),
    })
}

/// A side of a recording.
pub fn channel(language: Language, channel: Channel) -> &'static str {
    language.of(match channel {
        Channel::Mono => ("beide kanten op één spoor", "both sides on one track"),
        Channel::Left => ("links", "left"),
        Channel::Right => ("rechts", "right"),
    })
}

/// A unit, as it stands behind a value.
pub fn unit(language: Language, unit: Unit) -> &'static str {
    language.of(match unit {
        Unit::Seconds => ("s", "s"),
        Unit::Count => ("aantal", "count"),
        Unit::Text => ("tekst", "text"),
        Unit::Share => ("deel", "share"),
        Unit::Decibels => ("dB", "dB"),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_sounds_are_called_the_same() {
        for language in Language::ALL {
            let names: BTreeSet<_> = Label::ALL.into_iter().map(|l| label(language, l)).collect();
            assert_eq!(names.len(), Label::ALL.len());
            let ends: BTreeSet<_> = Outcome::ALL.into_iter().map(|o| outcome(language, o)).collect();
            assert_eq!(ends.len(), Outcome::ALL.len());
        }
    }

    #[test]
    fn a_language_is_read_from_its_code_and_nothing_else() {
        for language in Language::ALL {
            assert_eq!(language.to_string().parse(), Ok(language));
        }
        assert_eq!(" NL".parse(), Ok(Language::Nl));
        assert!("de".parse::<Language>().is_err());
    }
}
