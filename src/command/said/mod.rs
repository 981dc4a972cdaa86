//! What goes wrong, as the user is told: in the language that he asked for, whoever found it.

mod settings;
mod truth;
pub mod usage;

use std::{error::Error, io};

use super::{
    condition::NoCondition,
    evaluate::NoFloor,
    refused::{Misuse, NoValue, Refused},
};
use crate::{
    audio::ReadError,
    audit::kept::RecallError,
    evaluate::{TruthError, sheet::SheetError},
    history::HistoryError,
    language::{Language, UnknownLanguage},
    menu::{
        import::ImportError,
        lint::{LimitError, UnknownCode},
    },
    norms::NormError,
    project::{ProjectError, UnknownCountry},
    recordings::SideCarError,
    report::{chart::RasterError, words::Say, write::WriteError},
    simulate::SimulateError,
    trend::{NoTrend, hours::NoHours},
};

/// An error and what led to it, in `language`: from where it was met down to the first that tells the whole.
pub fn error(error: &anyhow::Error, language: Language) -> String {
    let mut told = vec![];
    let mut causes = error.chain().peekable();
    while let Some(cause) = causes.next() {
        if let Some(whole) = known(cause, language) {
            told.push(whole);
            break;
        }
        told.push(match language {
            // a library's own words; before them stand the names of files
            Language::Nl if causes.peek().is_none() => format!("de melding luidt: {cause}"),
            _ => cause.to_string(),
        });
    }
    told.join(": ")
}

/// What an error says that is ours or the system's; `None` of others.
fn known(error: &(dyn Error + 'static), language: Language) -> Option<String> {
    macro_rules! said {
        ($($kind:ty),+ $(,)?) => {
            None$(.or_else(|| error.downcast_ref::<$kind>().map(|error| error.say(language))))+
        };
    }
    said!(
        Refused,
        Misuse,
        NoValue,
        ProjectError,
        UnknownCountry,
        UnknownLanguage,
        SideCarError,
        NoCondition,
        NormError,
        RecallError,
        HistoryError,
        NoTrend,
        NoHours,
        WriteError,
        RasterError,
        ImportError,
        LimitError,
        UnknownCode,
        TruthError,
        SheetError,
        NoFloor,
        SimulateError,
        ReadError,
        io::Error,
    )
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_chain_is_told_in_one_language() {
        let gone = || io::Error::from_raw_os_error(2);
        let chain = anyhow::Error::from(gone()).context("map/a.toml");
        assert_eq!(error(&chain, Language::Nl), "map/a.toml: bestaat niet (systeemfout 2)");
        assert_eq!(error(&chain, Language::En), format!("map/a.toml: {}", gone()));
        let inner: Result<(), _> = Err(WriteError::Io { path: "a.csv".into(), error: gone() });
        let chain = inner.context("map").unwrap_err();
        assert_eq!(error(&chain, Language::Nl), "map: a.csv: bestaat niet (systeemfout 2)");
        let foreign = anyhow::Error::from("x".parse::<u8>().unwrap_err()).context("map/b");
        assert_eq!(error(&foreign, Language::Nl), "map/b: de melding luidt: invalid digit found in string");
    }
}
