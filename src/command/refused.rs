//! What the commands themselves refuse.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::{
    audio::ReadError,
    evaluate::sheet::SheetError,
    language::Language,
    menu::{import::ImportError, lint::LimitError},
    report::{
        menu,
        words::{self, Say, page, toml},
    },
    units::Seconds,
};

/// Why a command stops: something that it needs is not there, or something is in its way.
#[derive(Debug)]
pub enum Refused {
    /// Nothing to audit in what was named.
    NoRecordingFound,
    /// What an interrupted run was told is no longer there.
    Gone(PathBuf),
    /// A folder of corrected labels without any.
    NoLabels(PathBuf),
    /// A list of pseudonyms would be handed in with the results.
    PseudonymsAmongResults(PathBuf),
    /// A list of pseudonyms is not understood.
    Pseudonyms {
        /// The file.
        path: PathBuf,
        /// What the reader of TOML says.
        said: String,
    },
    /// A folder of results beside which no list can be kept.
    NothingBeside(PathBuf),
    /// A file of groups is not understood.
    Groups {
        /// The file.
        path: PathBuf,
        /// What the reader of TOML says.
        said: String,
    },
    /// Two groups of a line have one name.
    SameGroup {
        /// The file of groups.
        path: PathBuf,
        /// Their name.
        name: String,
    },
    /// A definition of a menu that is not understood, or several of them.
    Menu(Vec<ImportError>),
    /// Files of more than one menu.
    SeveralMenus(Vec<PathBuf>),
    /// A recording that cannot be read.
    Recording {
        /// The file.
        path: PathBuf,
        /// Why.
        error: ReadError,
    },
    /// A clip of that name is there.
    ClipExists(PathBuf),
    /// A recording ends before what was to be cut.
    TooShort {
        /// The recording.
        file: String,
        /// Where the clip was to begin.
        start: Seconds,
    },
    /// Nothing has the name of what was to be cut; what there is.
    NothingToCut(Vec<String>),
    /// A recording is not where it was.
    Lost(String),
    /// Not one recording of the audit is in the folder.
    NoneToPlay(PathBuf),
    /// A definition is not overwritten.
    DefinitionExists(PathBuf),
    /// Another audit is where one was to be written.
    OtherAudit(PathBuf),
    /// Recordings cannot be audited without their folder.
    OnlyATable(PathBuf),
    /// The audit that was to be held against the truth is of no use.
    Estimate {
        /// Its folder.
        folder: PathBuf,
        /// Why.
        error: SheetError,
    },
    /// Truth and audit are about different calls.
    OtherCalls {
        /// Where the truth is.
        truth: PathBuf,
        /// Where the audit is.
        audit: PathBuf,
        /// One of the truth's calls.
        file: String,
    },
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Language::En))
    }
}

impl Say for Refused {
    fn dutch(&self) -> String {
        self.told(Language::Nl)
    }
}

impl Refused {
    fn told(&self, language: Language) -> String {
        let quoted = |said: &str| match language {
            Language::Nl => toml::dutch(said, |_| None),
            Language::En => said.trim_end().to_owned(),
        };
        match self {
            Self::NoRecordingFound => language.of((
                "er is geen enkele opname gevonden; geef de opnamen zelf op, of de map waar ze in staan".into(),
                "not a single recording was found; name the recordings themselves, or the folder that they are in".into(),
            )),
            Self::Gone(path) => language.of((
                format!("{} is er niet; geef --resume in de map waarin de audit is begonnen", path.display()),
                format!("{} is not there; run --resume in the folder where the run was started", path.display()),
            )),
            Self::NoLabels(folder) => language.of((
                format!("--labels {}: er staan geen labelbestanden (.txt) in", folder.display()),
                format!("--labels {}: there are no label files (.txt) in it", folder.display()),
            )),
            Self::PseudonymsAmongResults(path) => language.of((
                format!(
                    "{}: bewaar de lijst met schuilnamen buiten de resultaten, anders gaat hij mee als u die doorgeeft",
                    path.display()
                ),
                format!(
                    "{}: keep the list of pseudonyms outside the results, or it goes along with them",
                    path.display()
                ),
            )),
            Self::Pseudonyms { path, said } => language.of((
                format!(
                    "{} is niet te begrijpen; zet het terug zoals bezet het schreef, of kies een andere lijst met --pseudonyms\n{}",
                    path.display(),
                    quoted(said)
                ),
                format!(
                    "{} is not understood; put it back as bezet wrote it, or name another list with --pseudonyms\n{}",
                    path.display(),
                    quoted(said)
                ),
            )),
            Self::NothingBeside(folder) => language.of((
                format!("{}: zeg met --pseudonyms waar de lijst met schuilnamen moet staan", folder.display()),
                format!("{}: say with --pseudonyms where the list is to be kept", folder.display()),
            )),
            Self::Groups { path, said } => language.of((
                format!("{}: {}\nverbeter deze plek en probeer het opnieuw", path.display(), quoted(said)),
                format!("{}: {}\ncorrect this place and run again", path.display(), quoted(said)),
            )),
            Self::SameGroup { path, name } => language.of((
                format!("{}: twee berichten van één lijn heten {name:?}; geef elk een eigen naam", path.display()),
                format!("{}: two groups of a line are called {name:?}; give each a name of its own", path.display()),
            )),
            Self::Menu(errors) => menu::errors(errors, language).trim_end().to_owned(),
            Self::SeveralMenus(files) => {
                let names = files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ");
                language.of((
                    format!("{names}: dit zijn meerdere keuzemenu's; geef elke lijn er een in bezet.toml"),
                    format!("{names}: these are several menus; give each line its own in bezet.toml"),
                ))
            }
            Self::Recording { path, error } => {
                format!("{}: {}", path.display(), words::read_error(language, error, path))
            }
            Self::ClipExists(path) => language.of((
                format!("{} bestaat al; kies een andere naam met --out, of vervang hem met --force", path.display()),
                format!("{} is there already; choose another name with --out, or replace it with --force", path.display()),
            )),
            Self::TooShort { file, start } => language.of((
                format!("{file} eindigt voor {start:.3} s: er valt niets te knippen"),
                format!("{file} ends before {start:.3} s: there is nothing to cut"),
            )),
            Self::NothingToCut(there) if there.is_empty() => {
                language.of(("hier is niets gevonden dat zo heet".into(), "nothing of that name was found here".into()))
            }
            Self::NothingToCut(there) => language.of((
                format!("hier is niets gevonden dat zo heet; wel: {}", there.join(", ")),
                format!("nothing of that name was found here; there is: {}", there.join(", ")),
            )),
            Self::Lost(file) => language.of((
                format!("de opname {file} is niet gevonden; zeg met --recordings waar de opnamen nu staan"),
                format!("the recording {file} was not found; say with --recordings where the recordings are now"),
            )),
            Self::NoneToPlay(folder) => page::no_recordings(language, &folder.display().to_string()),
            Self::DefinitionExists(path) => language.of((
                format!("{} bestaat al; kies een andere naam", path.display()),
                format!("{} exists already; choose another name", path.display()),
            )),
            Self::OtherAudit(path) => language.of((
                format!("{} is een andere audit; kies een andere map, of verplaats hem", path.display()),
                format!("{} is another audit; choose another folder, or move it", path.display()),
            )),
            Self::OnlyATable(path) => language.of((
                format!("{} is een tabel: geef ook de map van de audit op", path.display()),
                format!("{} is a table: name the audit as well", path.display()),
            )),
            Self::Estimate { folder, error } => language.of((
                format!("de audit in {}: {}", folder.display(), error.say(language)),
                format!("the audit in {}: {}", folder.display(), error.say(language)),
            )),
            Self::OtherCalls { truth, audit, file } => language.of((
                format!(
                    "geen van de gesprekken in {} staat in de audit {}: opnamen horen bij elkaar als hun map en hun naam \
                     gelijk zijn, zoals bij {file:?}",
                    truth.display(),
                    audit.display()
                ),
                format!(
                    "none of the calls in {} is in the audit {}: recordings are matched by their folder's and their own \
                     name, as in {file:?}",
                    truth.display(),
                    audit.display()
                ),
            )),
        }
    }
}

/// Wrong usage that only shows after the arguments were parsed.
#[derive(Clone, Debug, PartialEq)]
pub enum Misuse {
    /// Nothing to audit was named.
    NoRecordings,
    /// There is no run to go on with.
    NothingToResume(PathBuf),
    /// What is to be cut was not said.
    WhatToCut,
    /// So many clips for one file.
    OneFile(usize),
    /// A clip that ends before it begins.
    Backwards,
    /// So many recordings fit where one is needed.
    Which(usize),
    /// Two audits were to be named.
    TwoAudits,
    /// No call is to that line.
    NoLine {
        /// The folder of the audit.
        folder: PathBuf,
        /// The line.
        line: String,
        /// Those that there are.
        known: String,
    },
    /// No column of numbers has that name.
    NoColumn {
        /// As it was given.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// The threshold of a rule.
    Limit(LimitError),
    /// No node of a menu has that id.
    NoNode {
        /// The menu.
        menu: String,
        /// As it was given.
        id: String,
        /// Some that there are.
        known: String,
    },
    /// More than one definition for a file.
    OneDefinition(PathBuf),
}

impl std::error::Error for Misuse {}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Language::En))
    }
}

impl Say for Misuse {
    fn dutch(&self) -> String {
        self.told(Language::Nl)
    }
}

impl Misuse {
    fn told(&self, language: Language) -> String {
        match self {
            Self::NoRecordings => language.of((
                "geen opnamen: geef bestanden of mappen op, of een projectbestand (--project) waarin ze bij de lijnen staan"
                    .into(),
                "no recordings: name files or folders, or a project file (--project) whose lines list them".into(),
            )),
            Self::NothingToResume(out) => language.of((
                format!("in {} is geen audit begonnen die verder kan; geef de opnamen op", out.display()),
                format!("there is no run in {} to go on with; name the recordings", out.display()),
            )),
            Self::WhatToCut => language.of((
                "wat moet eruit? geef --group NAAM, --segment LABEL, of --from S --to S".into(),
                "what is to be cut? name --group NAME, --segment LABEL, or --from S --to S".into(),
            )),
            Self::OneFile(count) => language.of((
                format!("{count} fragmenten passen niet in één bestand; geef met --out een map op"),
                format!("{count} clips do not fit in one file; --out names a folder for them"),
            )),
            Self::Backwards => {
                language.of(("--to moet na --from liggen".into(), "--to lies after --from".into()))
            }
            Self::Which(count) => language.of((
                format!("{count} opnamen komen in aanmerking; kies er een met --call"),
                format!("{count} recordings fit; --call names one of them"),
            )),
            Self::TwoAudits => language.of((
                "geef twee audits op, die van ervoor en die van erna (of vraag om --plan)".into(),
                "name two audits, BEFORE and AFTER (or ask for --plan)".into(),
            )),
            Self::NoLine { folder, line, known } => language.of((
                format!("geen gesprek in {} gaat naar lijn {line:?}; wel naar: {known}", folder.display()),
                format!("no call in {} is to line {line:?}; there are {known}", folder.display()),
            )),
            Self::NoColumn { name, known } => language.of((
                format!("{name:?} is geen kolom met getallen; wel: {known}"),
                format!("{name:?} is no column with numbers; there are {known}"),
            )),
            Self::Limit(error) => error.say(language),
            Self::NoNode { menu, id, known } => language.of((
                format!("--entry: {menu} heeft geen punt {id:?}; de eerste zijn {known}"),
                format!("--entry: {menu} has no node {id:?}; its first are {known}"),
            )),
            Self::OneDefinition(path) => language.of((
                format!("{} kan maar één menu bevatten; exporteer ze een voor een", path.display()),
                format!("{} holds one definition; export these one by one", path.display()),
            )),
        }
    }
}

/// Why a value on the command line is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoValue {
    /// Not a moment or a length of time.
    Seconds,
    /// Not the label of a sound; those that there are.
    Label(String),
    /// Not the number of a segment.
    Number,
    /// Not a codec; those that there are.
    Codec(String),
    /// Not a share.
    Share,
}

impl std::error::Error for NoValue {}

impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Language::En))
    }
}

impl Say for NoValue {
    fn dutch(&self) -> String {
        self.told(Language::Nl)
    }
}

impl NoValue {
    fn told(&self, language: Language) -> String {
        match self {
            Self::Seconds => {
                language.of(("geef seconden op, zoals 34,5".into(), "expected seconds, such as 34.5".into()))
            }
            Self::Label(known) | Self::Codec(known) => {
                language.of((format!("bekend zijn: {known}"), format!("known are {known}")))
            }
            Self::Number => {
                language.of(("het getal achter : telt vanaf 1".into(), "the number behind : counts from 1".into()))
            }
            Self::Share => {
                language.of(("geef een getal van 0 tot 1 op".into(), "expected a number from 0 to 1".into()))
            }
        }
    }
}

/// For `map_err`: why the recording at `path` could not be read.
pub fn unreadable(path: &Path) -> impl FnOnce(ReadError) -> Refused {
    move |error| Refused::Recording { path: path.into(), error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        menu::{import::Problem, lint::LimitFault},
        report::words::say::tests::{one_of_each, speaks_both},
    };

    fn path() -> PathBuf {
        "map/bestand".into()
    }

    fn text() -> String {
        "x".into()
    }

    #[test]
    fn every_refusal_is_told_in_both_languages() {
        let error = || ReadError::NotAudio { what: crate::audio::Foreign::Text };
        let sheet = || SheetError::Io { file: text(), error: std::io::ErrorKind::NotFound.into() };
        speaks_both(&one_of_each![
            Refused::NoRecordingFound => Refused::NoRecordingFound,
            Refused::Gone(path()) => Refused::Gone(_),
            Refused::NoLabels(path()) => Refused::NoLabels(_),
            Refused::PseudonymsAmongResults(path()) => Refused::PseudonymsAmongResults(_),
            Refused::Pseudonyms { path: path(), said: text() } => Refused::Pseudonyms { .. },
            Refused::NothingBeside(path()) => Refused::NothingBeside(_),
            Refused::Groups { path: path(), said: text() } => Refused::Groups { .. },
            Refused::SameGroup { path: path(), name: text() } => Refused::SameGroup { .. },
            Refused::Menu(vec![ImportError::new("m", Problem::Empty)]) => Refused::Menu(_),
            Refused::SeveralMenus(vec![path()]) => Refused::SeveralMenus(_),
            Refused::Recording { path: path(), error: error() } => Refused::Recording { .. },
            Refused::ClipExists(path()) => Refused::ClipExists(_),
            Refused::TooShort { file: text(), start: 3.5 } => Refused::TooShort { .. },
            Refused::NothingToCut(vec![]) => Refused::NothingToCut(_),
            Refused::Lost(text()) => Refused::Lost(_),
            Refused::NoneToPlay(path()) => Refused::NoneToPlay(_),
            Refused::DefinitionExists(path()) => Refused::DefinitionExists(_),
            Refused::OtherAudit(path()) => Refused::OtherAudit(_),
            Refused::OnlyATable(path()) => Refused::OnlyATable(_),
            Refused::Estimate { folder: path(), error: sheet() } => Refused::Estimate { .. },
            Refused::OtherCalls { truth: path(), audit: path(), file: text() } => Refused::OtherCalls { .. },
        ]);
        speaks_both(&[Refused::NothingToCut(vec![text()])]);
    }

    #[test]
    fn every_misuse_is_told_in_both_languages() {
        let limit = LimitError { assignment: text(), fault: LimitFault::Shape };
        speaks_both(&one_of_each![
            Misuse::NoRecordings => Misuse::NoRecordings,
            Misuse::NothingToResume(path()) => Misuse::NothingToResume(_),
            Misuse::WhatToCut => Misuse::WhatToCut,
            Misuse::OneFile(3) => Misuse::OneFile(_),
            Misuse::Backwards => Misuse::Backwards,
            Misuse::Which(2) => Misuse::Which(_),
            Misuse::TwoAudits => Misuse::TwoAudits,
            Misuse::NoLine { folder: path(), line: text(), known: text() } => Misuse::NoLine { .. },
            Misuse::NoColumn { name: text(), known: text() } => Misuse::NoColumn { .. },
            Misuse::Limit(limit) => Misuse::Limit(_),
            Misuse::NoNode { menu: text(), id: text(), known: text() } => Misuse::NoNode { .. },
            Misuse::OneDefinition(path()) => Misuse::OneDefinition(_),
        ]);
        speaks_both(&one_of_each![
            NoValue::Seconds => NoValue::Seconds,
            NoValue::Label(text()) => NoValue::Label(_),
            NoValue::Number => NoValue::Number,
            NoValue::Codec(text()) => NoValue::Codec(_),
            NoValue::Share => NoValue::Share,
        ]);
    }
}
