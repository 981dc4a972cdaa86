//! What is wrong with a project file, a list of calls or a condition, in Dutch.

use crate::{
    command::condition::NoCondition,
    menu::lint,
    project::{BadException, Country, LineName, NoLineName, ProjectError, Remedy, UnknownCountry, UnknownTimeZone},
    recordings::SideCarError,
    report::words::{Say, toml},
    tone_plan,
};

impl Say for ProjectError {
    fn dutch(&self) -> String {
        match self {
            Self::Io { path, error } => {
                format!("het projectbestand {}: {}; kijk of --project klopt", path.display(), error.dutch())
            }
            Self::Malformed { path, detail, remedy } => {
                format!("{}: {}\n{}", path.display(), toml::dutch(detail, own), remedy.dutch())
            }
            Self::Norm { path, error } => format!("{}: {}", path.display(), error.dutch()),
            Self::Exception { path, what } => format!("{}: [[menu.lint.allow]]: {}", path.display(), what.dutch()),
            Self::SameName { path, name } => {
                format!("{}: twee lijnen heten {name:?}; geef elke [[line]] een eigen naam", path.display())
            }
        }
    }
}

/// Our own sentence within a message of the TOML reader, made again from the value that it names.
fn own(said: &str) -> Option<String> {
    fn same<E: Say>(said: &str, error: Option<E>) -> Option<String> {
        error.filter(|error| error.to_string() == said).map(|error| error.dutch())
    }
    let value = said.split('"').nth(1).unwrap_or_default();
    same(said, LineName::try_from(String::new()).err())
        .or_else(|| same(said, Country::try_from(value.to_owned()).err()))
        .or_else(|| same(said, Some(UnknownTimeZone(value.to_owned()))))
        .or_else(|| same(said, value.parse::<lint::FailOn>().err()))
}

impl Say for Remedy {
    fn dutch(&self) -> String {
        match self {
            Self::Encoding => "sla het bestand op als UTF-8 (in Kladblok: Opslaan als, Codering)",
            Self::UnknownKey => {
                "een onbekende sleutel wordt niet overgeslagen, want het kan een tikfout zijn: verbeter of verwijder hem"
            }
            Self::Twice => "verwijder een van beide",
            Self::Backslash => "schrijf paden met / of tussen enkele aanhalingstekens: 'C:\\calls'",
            Self::Correct => "verbeter deze plek en probeer het opnieuw",
        }
        .into()
    }
}

impl Say for BadException {
    fn dutch(&self) -> String {
        match self {
            Self::NoReason(code) => format!("bij {code:?} staat geen reden; schrijf waarom dit zo mag blijven"),
            Self::NoRule(code) => format!("{code:?} is geen regel; `bezet menu --rules` noemt ze"),
        }
    }
}

impl Say for NoLineName {
    fn dutch(&self) -> String {
        "de naam van een lijn mag niet leeg zijn en geen regeleinden of tabs bevatten".into()
    }
}

impl Say for UnknownTimeZone {
    fn dutch(&self) -> String {
        format!("{:?} is geen tijdzone; schrijf er een als \"Europe/Amsterdam\"", self.0)
    }
}

impl Say for UnknownCountry {
    fn dutch(&self) -> String {
        let known: Vec<&str> = tone_plan::plans().iter().map(|plan| plan.country.as_str()).collect();
        format!("van {:?} kent bezet geen telefoontonen; wel van {}", self.0, known.join(", "))
    }
}

impl Say for SideCarError {
    fn dutch(&self) -> String {
        match self {
            Self::Io { path, error } => format!("de gesprekkenlijst {}: {}", path.display(), error.dutch()),
            Self::Malformed { path, line, what } => {
                format!("{}, regel {line}: dit is geen tabel; de lezer van CSV meldt: {what}", path.display())
            }
            Self::NoFileColumn(path) => format!(
                "{}, regel 1: de kolom \"file\" ontbreekt; de eerste regel noemt de kolommen: file, recorded_at, line, reason",
                path.display()
            ),
        }
    }
}

impl Say for NoCondition {
    fn dutch(&self) -> String {
        match self {
            Self::Shape => {
                "schrijf een kolom, een teken (> >= < <= = !=) en een waarde, zoals \"total_wait_s>180\", of norms"
                    .into()
            }
            Self::Column(name, known) => format!("calls.csv heeft geen kolom {name:?}; wel: {known}"),
            Self::Number(name) => format!("{name} is een getal: zet er een getal achter, zoals in \"{name}>180\""),
            Self::Order(name) => format!("{name} is een tekst: die kan alleen = of != iets zijn"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use super::*;
    use crate::{
        norms::NormError,
        project::{FILE_NAME, Project},
        report::words::say::tests::{one_of_each, speaks_both},
    };

    fn path() -> PathBuf {
        "map/bezet.toml".into()
    }

    #[test]
    fn every_trouble_with_settings_is_told_in_both_languages() {
        let text = || String::from("x");
        let gone = || std::io::ErrorKind::NotFound.into();
        speaks_both(&one_of_each![
            ProjectError::Io { path: path(), error: gone() } => ProjectError::Io { .. },
            ProjectError::Malformed { path: path(), detail: text(), remedy: Remedy::Twice } => ProjectError::Malformed { .. },
            ProjectError::Norm { path: path(), error: NormError::Unknown(text(), text()) } => ProjectError::Norm { .. },
            ProjectError::Exception { path: path(), what: BadException::NoRule(text()) } => ProjectError::Exception { .. },
            ProjectError::SameName { path: path(), name: text() } => ProjectError::SameName { .. },
        ]);
        speaks_both(&one_of_each![
            Remedy::Encoding => Remedy::Encoding,
            Remedy::UnknownKey => Remedy::UnknownKey,
            Remedy::Twice => Remedy::Twice,
            Remedy::Backslash => Remedy::Backslash,
            Remedy::Correct => Remedy::Correct,
        ]);
        speaks_both(&one_of_each![
            BadException::NoReason(text()) => BadException::NoReason(_),
            BadException::NoRule(text()) => BadException::NoRule(_),
        ]);
        speaks_both(&[NoLineName]);
        speaks_both(&[UnknownTimeZone(text())]);
        speaks_both(&[UnknownCountry(text())]);
        speaks_both(&one_of_each![
            SideCarError::Io { path: path(), error: gone() } => SideCarError::Io { .. },
            SideCarError::Malformed { path: path(), line: 3, what: text() } => SideCarError::Malformed { .. },
            SideCarError::NoFileColumn(path()) => SideCarError::NoFileColumn(_),
        ]);
        speaks_both(&one_of_each![
            NoCondition::Shape => NoCondition::Shape,
            NoCondition::Column(text(), text()) => NoCondition::Column(..),
            NoCondition::Number("rings") => NoCondition::Number(_),
            NoCondition::Order("outcome") => NoCondition::Order(_),
        ]);
    }

    #[test]
    fn a_project_file_that_is_not_understood_is_explained_in_dutch_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        for (text, parts) in [
            ("cuontry = \"nl\"", &["regel 1, teken 1", "cuontry = ", "^", "bestaat hier niet; wel: ", "tikfout"][..]),
            ("country = \"Nederland\"", &["\"Nederland\" kent bezet geen telefoontonen; wel van"]),
            ("timezone = \"Amsterdam\"", &["is geen tijdzone", "Europe/Amsterdam"]),
            ("language = \"de\"", &["`de` bestaat hier niet; wel: `nl` of `en`"]),
            ("[[line]]\nname = \" \"", &["regel 2", "mag niet leeg zijn"]),
            ("[[line]]\nrecordings = []", &["hier ontbreekt `name`"]),
            ("[[line]]\nname = \"a\"\nmenu = 3", &["het getal `3`; verwacht: een tekst"]),
            ("norms = \"nen-8878\"", &["verwacht: een lijst tussen [ en ]"]),
            ("client = \"a\"\nclient = \"b\"", &["staat er twee keer", "een van beide"]),
            ("[[line]]\nname = \"a\"\nrecordings = [\"C:\\calls\"]", &["enkele aanhalingstekens"]),
            ("[menu.lint]\nfail_on = [\"depth\"]", &["is geen niveau", "bedoelde u"]),
        ] {
            fs::write(&path, text).unwrap();
            let error = Project::read(&path).unwrap_err();
            let dutch = error.dutch();
            for part in parts {
                assert!(dutch.contains(part), "{part:?} is missing in:\n{dutch}");
            }
            assert!(
                !dutch.contains("expected")
                    && !dutch.contains("meldt")
                    && !dutch.contains(" is no ")
                    && !dutch.contains("error at"),
                "{dutch}"
            );
        }
    }
}
