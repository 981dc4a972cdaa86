//! What is odd about a recording or its surroundings, in words.

use super::words::{Language, warning};
use crate::audit::{AuditedCall, Note};

/// All that was odd about a call, a sentence each.
pub fn of_call(language: Language, call: &AuditedCall) -> Vec<String> {
    let warnings = call.finding.as_ref().map_or(&[][..], |call| &call.recording.warnings);
    let warnings = warnings.iter().map(|w| warning(language, w));
    warnings.chain(call.notes.iter().map(|n| note(language, n))).collect()
}

/// A note, as a sentence without a full stop.
pub fn note(language: Language, note: &Note) -> String {
    match (language, note) {
        (Language::Nl, Note::TimeNotUnderstood { file, line, text }) => {
            format!("{file}, regel {line}: het tijdstip \"{text}\" is niet eenduidig; schrijf het als 2026-05-12 10:15")
        }
        (Language::En, Note::TimeNotUnderstood { file, line, text }) => {
            format!("{file}, line {line}: the time \"{text}\" is not clear; write it as 2026-05-12 10:15")
        }
        (Language::Nl, Note::TimeShownTwice) => {
            "dit tijdstip kwam die dag twee keer voor (einde zomertijd); de eerste keer is aangehouden".into()
        }
        (Language::En, Note::TimeShownTwice) => {
            "the clock showed this time twice that day (end of summer time); the first was taken".into()
        }
        (Language::Nl, Note::LabelsNotUnderstood { file, line, text }) => {
            format!("{file}, regel {line}: {text} wordt niet begrepen; het labelbestand is niet gebruikt")
        }
        (Language::En, Note::LabelsNotUnderstood { file, line, text }) => {
            format!("{file}, line {line}: {text} is not understood; the label file was not used")
        }
    }
}
