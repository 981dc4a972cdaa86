//! What goes wrong below the command line, in Dutch; the English stands with each error.

use std::path::Path;

use super::{Say, menu::import_error, read_error, toml};
use crate::{
    audio::ReadError,
    audit::kept::{Damage, RecallError},
    history::{Flaw, HistoryError},
    language::{Language, UnknownLanguage},
    menu::{
        import::ImportError,
        lint::{LimitError, LimitFault, UnknownCode},
    },
    norms::{NormError, NormFault},
    report::{chart::RasterError, write::WriteError},
    trend::{NoTrend, hours::NoHours},
};

impl Say for UnknownLanguage {
    fn dutch(&self) -> String {
        format!("{:?} is geen taal van bezet; kies nl (Nederlands) of en (Engels)", self.0)
    }
}

impl Say for ReadError {
    fn dutch(&self) -> String {
        read_error(Language::Nl, self, Path::new("OPNAME"))
    }
}

impl Say for ImportError {
    fn dutch(&self) -> String {
        import_error(Language::Nl, self)
    }
}

impl Say for NormError {
    fn dutch(&self) -> String {
        match self {
            Self::Unknown(name, known) => format!(
                "{name:?} is geen norm die bezet kent en ook geen bestand; kies uit {known}, of geef een bestand met normen op"
            ),
            Self::Io { path, error } => format!("{}: {}", path.display(), error.dutch()),
            Self::Toml { path, error } => {
                format!("{}: {}", path.display(), toml::dutch(&error.to_string(), |_| None))
            }
            Self::Meaning { id, fault } => format!("norm {id:?}: {}", fault.dutch()),
        }
    }
}

impl Say for NormFault {
    fn dutch(&self) -> String {
        match self {
            Self::NoId => "zet er id = bij, een korte naam".into(),
            Self::ClockOrFigure => "zet er clock = of figure = in, en niet allebei".into(),
            Self::Figure { name, known } => format!("het cijfer {name:?} bestaat niet; wel: {known}"),
            Self::Limit => "zet er at_most = of at_least = in, en niet allebei".into(),
            Self::Endless => "de grens is geen getal".into(),
            Self::Share(share) => format!("share = {share} is geen deel van het geheel; schrijf 0.8 voor 80 %"),
            Self::Format { path, found } => {
                format!("in {} staat als format {found:?}; dat moet {:?} zijn", path.display(), Self::FORMAT)
            }
        }
    }
}

impl Say for RecallError {
    fn dutch(&self) -> String {
        match self {
            Self::Io { path, error } => format!("{}: {}", path.display(), error.dutch()),
            Self::NoAudit(folder) => format!(
                "{} is geen audit van bezet: er staat geen audit.bezet in; maak er een met `bezet audit ... --out MAP`",
                folder.display()
            ),
            Self::Format { path, found } => format!(
                "{}: het formaat {found:?} hoort bij een andere versie van bezet; maak de audit opnieuw met deze",
                path.display()
            ),
            Self::Damaged { path, line, what } => {
                format!("{}, regel {line}: {}; maak de audit opnieuw", path.display(), what.dutch())
            }
        }
    }
}

impl Say for Damage {
    fn dutch(&self) -> String {
        match self {
            Self::Empty => "het bestand is leeg".into(),
            Self::Short { there, of } => format!("het bestand houdt op na {there} van de {of} gesprekken"),
            Self::Reader(said) => format!("de regel is beschadigd ({said})"),
        }
    }
}

impl Say for HistoryError {
    fn dutch(&self) -> String {
        match self {
            Self::Absent(path) => format!(
                "er is nog geen historie in {}; `bezet history add AUDIT` begint er een, --db kiest een andere",
                path.display()
            ),
            Self::Foreign(path) => {
                format!(
                    "{} is geen historie van bezet en blijft zoals het is; kies een ander bestand met --db",
                    path.display()
                )
            }
            Self::Newer { path, found, known } => format!(
                "{} is van een nieuwere bezet (versie {found}, deze kent {known}); installeer die",
                path.display()
            ),
            Self::Damaged { path, what } => format!(
                "{} is beschadigd ({}); zet een kopie terug, of voeg de audits opnieuw toe aan een nieuw bestand (--db)",
                path.display(),
                what.dutch()
            ),
            Self::NoAudit { path, id } => {
                format!("audit {id} staat niet in {}; `bezet history list` laat zien welke er wel zijn", path.display())
            }
            Self::Unreadable { path, id, error } => format!("audit {id} in {}: {}", path.display(), error.dutch()),
            Self::Busy(path) => format!(
                "een ander programma schrijft juist in {}; probeer het opnieuw als dat klaar is",
                path.display()
            ),
            Self::Database { path, error } => format!(
                "{}: de database meldt: {error}; kijk of de map er is en of u erin mag schrijven",
                path.display()
            ),
        }
    }
}

impl Say for Flaw {
    fn dutch(&self) -> String {
        match self {
            Self::Changed(id) => format!("audit {id} is niet meer wat erin is gezet"),
            Self::Database(said) => format!("de database meldt: {said}"),
        }
    }
}

impl Say for NoTrend {
    fn dutch(&self) -> String {
        match self {
            Self::NoCalls { undated, outside } => format!(
                "geen enkel gesprek heeft een tijd binnen de gevraagde dagen ({undated} zonder tijd, {outside} op andere \
                 dagen); tijden komen uit calls.csv bij de opnamen of uit hun bestandsnamen"
            ),
            Self::TooLong { first, last } => format!(
                "van {} tot {} is te lang voor één trend: klopt een van de datums niet? --since en --until begrenzen de dagen",
                first.format("%d-%m-%Y"),
                last.format("%d-%m-%Y")
            ),
        }
    }
}

impl Say for NoHours {
    fn dutch(&self) -> String {
        format!("{:?} zijn geen openingstijden; schrijf ze als \"ma-vr 9:00-17:30, za 10-13\"", self.0)
    }
}

impl Say for WriteError {
    fn dutch(&self) -> String {
        match self {
            Self::Io { path, error } => format!("{}: {}", path.display(), error.dutch()),
            Self::InTheWay(path) => format!(
                "{} staat in de weg en is niet van bezet; kies een andere map met --out, of verplaats het",
                path.display()
            ),
            Self::Busy(folder) => format!(
                "een andere bezet schrijft juist in {}; wacht daarop, of kies een andere map met --out",
                folder.display()
            ),
        }
    }
}

impl Say for RasterError {
    fn dutch(&self) -> String {
        match self {
            Self::Svg(error) => format!("de tekening is geen geldige SVG: {error}"),
            Self::TooLarge { width, height } => {
                format!("de tekening is te groot voor een PNG: {width} bij {height} beeldpunten")
            }
            Self::Encode(said) => format!("de tekening is niet als PNG te schrijven: {said}"),
        }
    }
}

impl Say for UnknownCode {
    fn dutch(&self) -> String {
        let nearest = self.nearest.map(|nearest| format!("; bedoelde u {nearest:?}?")).unwrap_or_default();
        format!("{:?} is geen niveau (error, warning, info) en geen regel{nearest}", self.given)
    }
}

impl Say for LimitError {
    fn dutch(&self) -> String {
        format!("{:?} is geen drempel: {}", self.assignment, self.fault.dutch())
    }
}

impl Say for LimitFault {
    fn dutch(&self) -> String {
        match self {
            Self::Shape => "schrijf hem als options-error=9".into(),
            Self::Unknown { name, known } => format!("{name:?} bestaat niet; wel: {known}"),
            Self::NoNumber(text) => format!("{text:?} is geen getal"),
            Self::Negative => "onder nul kan niet".into(),
            Self::Fraction => "het moet een heel getal zijn".into(),
            Self::Reader(said) => toml::dutch(said, |_| None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{io, path::PathBuf};

    use super::*;
    use crate::{
        audio::Foreign,
        menu::import::Problem,
        report::words::say::tests::{one_of_each, speaks_both},
    };

    fn gone() -> io::Error {
        io::ErrorKind::NotFound.into()
    }

    fn path() -> PathBuf {
        "map/bestand".into()
    }

    #[test]
    fn every_error_is_told_in_both_languages() {
        let text = || String::from("x");
        let toml = || ::toml::from_str::<::toml::Table>("a = 1\na = 2").unwrap_err();
        speaks_both(&[UnknownLanguage(text())]);
        speaks_both(&one_of_each![
            ReadError::Io(gone()) => ReadError::Io(_),
            ReadError::Empty { what: text() } => ReadError::Empty { .. },
            ReadError::NotAudio { what: Foreign::Text } => ReadError::NotAudio { .. },
            ReadError::unsupported("AMR") => ReadError::Unsupported { .. },
            ReadError::malformed(12, "x") => ReadError::Malformed { .. },
        ]);
        speaks_both(&[ImportError::new("a.toml", Problem::Empty)]);
        speaks_both(&[NoHours(text())]);
        speaks_both(&[UnknownCode { given: text(), nearest: Some("options-max") }]);
        speaks_both(&one_of_each![
            NormError::Unknown(text(), text()) => NormError::Unknown(..),
            NormError::Io { path: path(), error: gone() } => NormError::Io { .. },
            NormError::Toml { path: path(), error: Box::new(toml()) } => NormError::Toml { .. },
            NormError::Meaning { id: text(), fault: NormFault::NoId } => NormError::Meaning { .. },
        ]);
        speaks_both(&one_of_each![
            NormFault::NoId => NormFault::NoId,
            NormFault::ClockOrFigure => NormFault::ClockOrFigure,
            NormFault::Figure { name: text(), known: text() } => NormFault::Figure { .. },
            NormFault::Limit => NormFault::Limit,
            NormFault::Endless => NormFault::Endless,
            NormFault::Share(80.0) => NormFault::Share(_),
            NormFault::Format { path: path(), found: text() } => NormFault::Format { .. },
        ]);
        speaks_both(&one_of_each![
            RecallError::Io { path: path(), error: gone() } => RecallError::Io { .. },
            RecallError::NoAudit(path()) => RecallError::NoAudit(_),
            RecallError::Format { path: path(), found: text() } => RecallError::Format { .. },
            RecallError::Damaged { path: path(), line: 3, what: Damage::Empty } => RecallError::Damaged { .. },
        ]);
        speaks_both(&one_of_each![
            Damage::Empty => Damage::Empty,
            Damage::Short { there: 1, of: 2 } => Damage::Short { .. },
            Damage::Reader(text()) => Damage::Reader(_),
        ]);
        speaks_both(&one_of_each![
            HistoryError::Absent(path()) => HistoryError::Absent(_),
            HistoryError::Foreign(path()) => HistoryError::Foreign(_),
            HistoryError::Newer { path: path(), found: 9, known: 1 } => HistoryError::Newer { .. },
            HistoryError::Damaged { path: path(), what: Flaw::Changed(3) } => HistoryError::Damaged { .. },
            HistoryError::NoAudit { path: path(), id: 3 } => HistoryError::NoAudit { .. },
            HistoryError::Unreadable { path: path(), id: 3, error: RecallError::NoAudit(path()) }
                => HistoryError::Unreadable { .. },
            HistoryError::Busy(path()) => HistoryError::Busy(_),
            HistoryError::Database { path: path(), error: rusqlite::Error::InvalidColumnIndex(3) } => HistoryError::Database { .. },
        ]);
        speaks_both(&one_of_each![
            Flaw::Changed(3) => Flaw::Changed(_),
            Flaw::Database(text()) => Flaw::Database(_),
        ]);
        let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
        speaks_both(&one_of_each![
            NoTrend::NoCalls { undated: 3, outside: 1 } => NoTrend::NoCalls { .. },
            NoTrend::TooLong { first: day("1970-01-01"), last: day("2026-03-31") } => NoTrend::TooLong { .. },
        ]);
        speaks_both(&one_of_each![
            WriteError::Io { path: path(), error: gone() } => WriteError::Io { .. },
            WriteError::InTheWay(path()) => WriteError::InTheWay(_),
            WriteError::Busy(path()) => WriteError::Busy(_),
        ]);
        let svg = resvg::usvg::Error::InvalidSize;
        speaks_both(&one_of_each![
            RasterError::Svg(svg) => RasterError::Svg(_),
            RasterError::TooLarge { width: 1, height: 1 } => RasterError::TooLarge { .. },
            RasterError::Encode(text()) => RasterError::Encode(_),
        ]);
        let faults = one_of_each![
            LimitFault::Shape => LimitFault::Shape,
            LimitFault::Unknown { name: text(), known: text() } => LimitFault::Unknown { .. },
            LimitFault::NoNumber(text()) => LimitFault::NoNumber(_),
            LimitFault::Negative => LimitFault::Negative,
            LimitFault::Fraction => LimitFault::Fraction,
            LimitFault::Reader(text()) => LimitFault::Reader(_),
        ];
        speaks_both(&faults);
        let errors: Vec<_> = faults.into_iter().map(|fault| LimitError { assignment: text(), fault }).collect();
        speaks_both(&errors);
    }

    #[test]
    fn what_is_named_stays_in_both_languages() {
        let error = NormError::Unknown("nen-9999".into(), "nen-8878, 80-20".into());
        for language in Language::ALL {
            let told = error.say(language);
            assert!(told.contains("\"nen-9999\"") && told.contains("nen-8878, 80-20"), "{told}");
        }
    }
}
