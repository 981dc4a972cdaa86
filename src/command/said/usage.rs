//! Wrong usage, as the parser of the command line finds it, in Dutch.

use std::error::Error as _;

use clap::{
    Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::known;
use crate::language::Language;

/// What is wrong with the command line and how it should be, in Dutch; `None` of what is no error, such as a call for help.
pub fn dutch(error: &Error) -> Option<String> {
    let told = |kind| error.get(kind).map(ToString::to_string).filter(|text| !text.is_empty());
    let argument = || told(ContextKind::InvalidArg).unwrap_or_default();
    let value = || told(ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::DisplayVersion => {
            return None;
        }
        ErrorKind::UnknownArgument => {
            format!("{} bestaat hier niet{}", argument(), meant(error, ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => format!(
            "het commando {} bestaat niet{}",
            told(ContextKind::InvalidSubcommand).unwrap_or_default(),
            meant(error, ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::InvalidValue => match (value(), told(ContextKind::ValidValue)) {
            (Some(value), Some(valid)) => format!("{}: {value:?} kan hier niet; kies uit {valid}", argument()),
            (Some(value), None) => format!("{}: {value:?} kan hier niet", argument()),
            (None, Some(valid)) => format!("bij {} hoort een waarde; kies uit {valid}", argument()),
            (None, None) => format!("bij {} hoort een waarde", argument()),
        },
        ErrorKind::ValueValidation => {
            format!("{}: {:?} kan hier niet{}", argument(), value().unwrap_or_default(), cause(error))
        }
        ErrorKind::MissingRequiredArgument => format!("hier ontbreekt: {}", argument()),
        ErrorKind::MissingSubcommand => {
            format!("er ontbreekt een commando; kies uit {}", told(ContextKind::ValidSubcommand).unwrap_or_default())
        }
        ErrorKind::ArgumentConflict => match told(ContextKind::PriorArg) {
            Some(prior) if prior == argument() => format!("{prior} mag maar één keer"),
            Some(prior) => format!("{} en {prior} gaan niet samen", argument()),
            None => format!("{} gaat niet samen met de rest", argument()),
        },
        ErrorKind::NoEquals => format!("zet een = tussen {} en de waarde", argument()),
        ErrorKind::TooManyValues => format!("{:?} is te veel bij {}", value().unwrap_or_default(), argument()),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("bij {} hoort een ander aantal waarden", argument())
        }
        ErrorKind::InvalidUtf8 => "dit is geen leesbare tekst (UTF-8)".into(),
        _ => format!("het commando is niet begrepen ({error})"),
    };
    Some(what)
}

/// How the command is used, without styles; `None` where that is not known.
pub fn pattern(error: &Error) -> Option<String> {
    let usage = error.get(ContextKind::Usage)?.to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    (!usage.is_empty()).then(|| usage.replace("[OPTIONS]", "[OPTIES]").replace("<COMMAND>", "<COMMANDO>"))
}

/// What comes nearest to a name that is not there.
fn meant(error: &Error, kind: ContextKind) -> String {
    let nearest = match error.get(kind) {
        Some(ContextValue::String(nearest)) => vec![nearest.clone()],
        Some(ContextValue::Strings(nearest)) => nearest.clone(),
        _ => vec![],
    };
    match nearest.is_empty() {
        true => String::new(),
        false => format!("; bedoelde u {}?", nearest.join(" of ")),
    }
}

/// Why a value is none.
fn cause(error: &Error) -> String {
    let Some(cause) = error.source() else { return String::new() };
    let number = "schrijf een heel getal";
    let why = if let Some(said) = known(cause, Language::Nl) {
        said
    } else if cause.is::<chrono::ParseError>() {
        "schrijf een dag als 2026-03-31".to_owned()
    } else if let Some(error) = cause.downcast_ref::<std::num::ParseIntError>() {
        let least = matches!(error.kind(), std::num::IntErrorKind::Zero);
        if least { "het moet minstens 1 zijn".into() } else { number.into() }
    } else if let Some((_, range)) = cause.to_string().split_once(" is not in ") {
        format!("het moet binnen {range} liggen")
    } else if cause.to_string().contains("digit") {
        number.into()
    } else {
        cause.to_string()
    };
    format!("; {why}")
}
