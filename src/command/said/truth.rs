//! What is wrong with a truth, or with what calls are composed from, in Dutch.

use crate::{
    command::evaluate::NoFloor,
    evaluate::{
        Trouble, TruthError, listed_troubles,
        sheet::{SheetError, SheetFault},
    },
    language::Language,
    report::words::{self, Say, read_error, toml},
    simulate::SimulateError,
};

impl Say for TruthError {
    fn dutch(&self) -> String {
        match self {
            Self::Sheet { folder, error } => format!("{}: {}", folder.display(), error.dutch()),
            Self::Io { path, error } => format!("{}: {}", path.display(), error.dutch()),
            Self::Nothing { path, troubles } => format!(
                "{}: hier staat niets om aan te toetsen; nodig is calls.csv (file, rings, outcome, ...), segments.csv (file, \
                 start_s, end_s, label) of labelbestanden van Audacity (.txt){}",
                path.display(),
                listed_troubles(troubles, Trouble::dutch)
            ),
        }
    }
}

impl Say for Trouble {
    fn dutch(&self) -> String {
        match self {
            Self::NoFile { line } => format!("calls.csv, regel {line}: noemt geen bestand"),
            Self::Twice { line, file } => {
                format!("calls.csv, regel {line}: {file} heeft al een regel hierboven; daar is aan getoetst")
            }
            Self::NoColumn { column, columns } => format!(
                "--by {column}: zo'n kolom is bij geen enkel gesprek gevuld; waarheid en audit hebben {}",
                columns.join(", ")
            ),
            Self::Cell { line, column, value } => {
                format!("calls.csv, regel {line}: {column} kan niet {value:?} zijn; daar is niet aan getoetst")
            }
            Self::NoLabel { line, label } => format!("segments.csv, regel {line}: {label:?} is geen label"),
            Self::NoStretch { line } => format!("segments.csv, regel {line}: dit zijn geen begin en einde"),
            Self::Labels { file, line, text } => format!("{file}, regel {line}: {text} is niet te begrijpen"),
            Self::Unlabelled { file, rest } => format!(
                "{file}: van {} tot {} staat geen label, en dat telt als stilte; geef ook aan wat stil is, dan telt alleen mee wat \
                 een label heeft",
                words::clock(rest.start()),
                words::clock(rest.end())
            ),
            Self::Unheard { label, rows } => {
                format!("segments.csv van de meting: {label:?} is geen label ({rows} regels)")
            }
        }
    }
}

impl Say for SheetError {
    fn dutch(&self) -> String {
        match self {
            Self::Io { file, error } => format!("{file}: {}", error.dutch()),
            Self::Malformed { file, line, what } => format!("{file}, regel {line}: {}", what.dutch()),
        }
    }
}

impl Say for SheetFault {
    fn dutch(&self) -> String {
        match self {
            Self::NoColumn(name) => format!("de kolom {name:?} ontbreekt; de eerste regel noemt de kolommen"),
            Self::TooLong(rows) => format!("meer dan {rows} regels; geef de gesprekken in delen"),
            Self::Reader(said) => format!("de lezer van CSV meldt: {said}"),
        }
    }
}

impl Say for NoFloor {
    fn dutch(&self) -> String {
        match self {
            Self::Shape => "schrijf een maat, = en een getal van 0 tot 1, zoals \"rings.exact=0.97\"".into(),
            Self::Unknown(name, known) => format!("de maat {name:?} bestaat niet; wel: {known}"),
            Self::Error(name) => {
                format!("{name:?} is een fout: hoe minder hoe beter, dus een ondergrens past er niet bij")
            }
        }
    }
}

impl Say for SimulateError {
    fn dutch(&self) -> String {
        match self {
            Self::NoFolder { folder } => format!(
                "{}: deze map bestaat niet; geef er een op met opnamen in prompts/STEM/, people/SPREKER/, music/ of noise/",
                folder.display()
            ),
            Self::NoIngredients { folder } => format!(
                "{}: hier staan geen ingrediënten in; nodig zijn opnamen (wav, flac, mp3, ogg, opus, m4a) in prompts/STEM/, \
                 people/SPREKER/, music/ of noise/",
                folder.display()
            ),
            Self::Read { file, why } => format!("{}: {}", file.display(), read_error(Language::Nl, why, file)),
            Self::Write { file, why } => format!("{}: niet te schrijven ({why})", file.display()),
            Self::NotEmpty { folder } => {
                format!("{}: deze map is niet leeg; kies een nieuwe, of maak hem eerst leeg", folder.display())
            }
            Self::Script { file, source } => {
                format!("{}: {}", file.display(), toml::dutch(&source.to_string(), |_| None))
            }
            Self::CallSound { line, source } => {
                format!("lijn {line:?}: het geluid van een gesprek: {}", toml::dutch(&source.to_string(), |_| None))
            }
            Self::BadName { name } => format!(
                "{name:?} kan geen naam van een lijn of een gesprek zijn: gebruik letters, cijfers, '-', '_' en '.'"
            ),
            Self::TwoOfAName { name } => {
                format!(
                    "{name:?} komt twee keer voor: elke lijn, en elk gesprek van een lijn, heeft een eigen naam nodig"
                )
            }
            Self::NoSuchIngredient { folder, name, known } => {
                format!("{folder}/{name}: deze opname is er niet; wel: {known}")
            }
            Self::NoSuchTune { tune } => format!(
                "{tune:?} is geen wijsje; schrijf bijvoorbeeld \"tune:4:bell\", \"tune:piece:organ\" of \"tune:chance-7:plucked\""
            ),
            Self::SaysNothing { speaker } => format!("{speaker}: in deze opnamen is het stil"),
            Self::NoTonePlan { line, country } => format!(
                "lijn {line:?}: van {country:?} zijn geen telefoontonen bekend; gebruik een landcode van twee letters, zoals \
                 nl, be, gb of us"
            ),
            Self::NoSuchTone { line, country, tone, number, known } => {
                format!("lijn {line:?}: {country} heeft {known} keer de toon {tone}; nummer {number} is er dus niet")
            }
            Self::NoSuchKey { line, key } => {
                format!(
                    "lijn {line:?}: {key:?} is geen toets; een telefoon heeft 0 tot en met 9, *, # en A tot en met D"
                )
            }
            Self::NoSuchNumber { line, what, value, least, most } => {
                format!("lijn {line:?}: {what} = {value}: schrijf een getal van {least} tot en met {most}")
            }
            Self::WrongOutcome { line, scenario, outcome } => format!(
                "lijn {line:?}: de stappen van een gesprek ({scenario}) leiden niet tot de afloop {outcome:?} die erbij staat"
            ),
            Self::NoFfmpeg { codec } => format!(
                "voor {codec} is het programma ffmpeg nodig, en dat staat niet op deze computer; installeer het, of gebruik \
                 --codecs none,alaw,mulaw"
            ),
            Self::Ffmpeg { codec, said } => format!("ffmpeg kan geen {codec} maken en meldt: {said}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::report::words::say::tests::{one_of_each, speaks_both};

    fn path() -> PathBuf {
        "map/bestand".into()
    }

    #[test]
    fn every_trouble_with_a_truth_is_told_in_both_languages() {
        let text = || String::from("x");
        let gone = || std::io::ErrorKind::NotFound.into();
        let sheet = || SheetError::Io { file: text(), error: gone() };
        speaks_both(&one_of_each![
            TruthError::Sheet { folder: path(), error: sheet() } => TruthError::Sheet { .. },
            TruthError::Io { path: path(), error: gone() } => TruthError::Io { .. },
            TruthError::Nothing { path: path(), troubles: vec![Trouble::NoFile { line: 2 }] } => TruthError::Nothing { .. },
        ]);
        speaks_both(&one_of_each![
            Trouble::NoFile { line: 2 } => Trouble::NoFile { .. },
            Trouble::Twice { line: 2, file: text() } => Trouble::Twice { .. },
            Trouble::NoColumn { column: text(), columns: vec![text()] } => Trouble::NoColumn { .. },
            Trouble::Cell { line: 2, column: text(), value: text() } => Trouble::Cell { .. },
            Trouble::NoLabel { line: 2, label: text() } => Trouble::NoLabel { .. },
            Trouble::NoStretch { line: 2 } => Trouble::NoStretch { .. },
            Trouble::Labels { file: text(), line: 2, text: text() } => Trouble::Labels { .. },
            Trouble::Unlabelled { file: text(), rest: crate::interval::Interval::new(30.0, 77.0) }
                => Trouble::Unlabelled { .. },
            Trouble::Unheard { label: text(), rows: 2 } => Trouble::Unheard { .. },
        ]);
        speaks_both(&one_of_each![
            sheet() => SheetError::Io { .. },
            SheetError::Malformed { file: text(), line: 3, what: SheetFault::TooLong(9) } => SheetError::Malformed { .. },
        ]);
        speaks_both(&one_of_each![
            SheetFault::NoColumn(text()) => SheetFault::NoColumn(_),
            SheetFault::TooLong(3) => SheetFault::TooLong(_),
            SheetFault::Reader(text()) => SheetFault::Reader(_),
        ]);
        speaks_both(&one_of_each![
            NoFloor::Shape => NoFloor::Shape,
            NoFloor::Unknown(text(), text()) => NoFloor::Unknown(..),
            NoFloor::Error(text()) => NoFloor::Error(_),
        ]);
    }

    #[test]
    fn every_trouble_with_composing_is_told_in_both_languages() {
        let text = || String::from("x");
        let source = || Box::new(::toml::from_str::<::toml::Table>("a = 1\na = 2").unwrap_err());
        speaks_both(&one_of_each![
            SimulateError::NoFolder { folder: path() } => SimulateError::NoFolder { .. },
            SimulateError::NoIngredients { folder: path() } => SimulateError::NoIngredients { .. },
            SimulateError::Read { file: path(), why: crate::audio::ReadError::Empty { what: text() } } => SimulateError::Read { .. },
            SimulateError::Write { file: path(), why: text() } => SimulateError::Write { .. },
            SimulateError::NotEmpty { folder: path() } => SimulateError::NotEmpty { .. },
            SimulateError::Script { file: path(), source: source() } => SimulateError::Script { .. },
            SimulateError::CallSound { line: text(), source: source() } => SimulateError::CallSound { .. },
            SimulateError::BadName { name: text() } => SimulateError::BadName { .. },
            SimulateError::TwoOfAName { name: text() } => SimulateError::TwoOfAName { .. },
            SimulateError::NoSuchIngredient { folder: text(), name: text(), known: text() }
                => SimulateError::NoSuchIngredient { .. },
            SimulateError::NoSuchTune { tune: text() } => SimulateError::NoSuchTune { .. },
            SimulateError::SaysNothing { speaker: text() } => SimulateError::SaysNothing { .. },
            SimulateError::NoTonePlan { line: text(), country: text() } => SimulateError::NoTonePlan { .. },
            SimulateError::NoSuchTone { line: text(), country: text(), tone: "busy".into(), number: 9, known: 1 }
                => SimulateError::NoSuchTone { .. },
            SimulateError::NoSuchKey { line: text(), key: 'x' } => SimulateError::NoSuchKey { .. },
            SimulateError::NoSuchNumber { line: text(), what: "loss", value: 5.0, least: 0.0, most: 1.0 }
                => SimulateError::NoSuchNumber { .. },
            SimulateError::WrongOutcome { line: text(), scenario: text(), outcome: "human" }
                => SimulateError::WrongOutcome { .. },
            SimulateError::NoFfmpeg { codec: "gsm" } => SimulateError::NoFfmpeg { .. },
            SimulateError::Ffmpeg { codec: "gsm", said: text() } => SimulateError::Ffmpeg { .. },
        ]);
    }
}
