//! `bezet.toml`, the client's project file: what would else be typed as flags, every time again.
//!
//! ```toml
//! client = "Gemeente Voorbeeld"
//! language = "nl"                    # nl, en
//! country = "nl"                     # ISO 3166; else found out from the tones
//! timezone = "Europe/Amsterdam"      # of times that do not say theirs
//! caller_channel = "auto"            # left, right, auto
//! calls = "calls.csv"                # when each call was made, on which line, and why
//! groups = "groups.toml"             # names of messages, given by hand
//!
//! [[line]]
//! name = "klachten"
//! recordings = ["2026-10", "2026-11/klachten"]
//! country = "be"                     # this line's own, as caller_channel
//! menu = "menu.toml"
//! prompts = "prompts"
//! norms = ["nen-8878"]
//!
//! [menu.lint]                        # for `bezet menu`
//! fail_on = ["error"]
//! limits = { options-warning = 6 }
//! [[menu.lint.allow]]
//! code = "operator-zero"
//! reason = "Wie iets anders wil, blijft aan de lijn"
//!
//! [[promise]]
//! say = "Hooguit drie keer overgaan"
//! figure = "rings"                   # a column of calls.csv, or clock = "total"
//! at_most = 3
//! ```
//!
//! Paths are relative to the file itself. A key that is not known is an error: a typing mistake must not change a figure.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use chrono_tz::Tz;
use clap::ValueEnum;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    channel::Channel,
    language::Language,
    menu::lint::{Exception, FailOn, Limits, RULES},
    norms::{Norm, NormError, Norms},
    tone_plan,
};

/// The name under which a project file is looked for in the current folder.
pub const FILE_NAME: &str = "bezet.toml";

/// The time zone of times that do not say theirs.
pub const DEFAULT_TIME_ZONE: Tz = chrono_tz::Europe::Amsterdam;

/// A client's project.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Whose lines they are.
    pub client: Option<String>,
    /// The language of what is written.
    pub language: Option<Language>,
    /// The country whose tones the lines use.
    pub country: Option<Country>,
    /// The time zone of times that do not say theirs.
    #[serde(default, deserialize_with = "time_zone")]
    pub timezone: Option<Tz>,
    /// Which channel of two is the caller.
    pub caller_channel: Option<CallerChannel>,
    /// The side-car that tells when each call was made.
    pub calls: Option<PathBuf>,
    /// The names that were given to messages by hand.
    pub groups: Option<PathBuf>,
    /// The norms that the calls are judged by: profile names, or files of the client's own.
    #[serde(default)]
    pub norms: Vec<String>,
    /// The client's own promises: norms in his words.
    #[serde(default, rename = "promise")]
    pub promises: Vec<Norm>,
    /// What `bezet menu` is to know about the client's menus.
    #[serde(default)]
    pub menu: MenuSettings,
    /// The client's lines.
    #[serde(default, rename = "line")]
    pub lines: Vec<Line>,
    /// The folder that its paths are relative to.
    #[serde(skip)]
    folder: PathBuf,
}

/// One telephone line of the client.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What it is called in every output.
    pub name: LineName,
    /// Files, and folders with all that is in them.
    #[serde(default)]
    pub recordings: Vec<PathBuf>,
    /// The country whose tones it uses, where it differs from the project's.
    pub country: Option<Country>,
    /// Which channel of two is the caller, where it differs from the project's.
    pub caller_channel: Option<CallerChannel>,
    /// The definition of its menu.
    pub menu: Option<PathBuf>,
    /// The folder with its prompts as the company has them on file.
    pub prompts: Option<PathBuf>,
    /// Norms of this line alone, in place of the project's.
    pub norms: Option<Vec<String>>,
}

/// What `bezet menu` is to know about the client's menus.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuSettings {
    /// About what is found wrong with them.
    #[serde(default)]
    pub lint: LintSettings,
}

/// What is to be said about menus, and what not.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LintSettings {
    /// Rules that the client has reasons not to follow.
    #[serde(default)]
    pub allow: Vec<Exception>,
    /// Other thresholds than the rules' own.
    #[serde(default)]
    pub limits: Limits,
    /// Findings that make a run end with code 1: levels or codes.
    #[serde(default, deserialize_with = "fail_on")]
    pub fail_on: Vec<FailOn>,
}

/// Which channel of a two-channel recording is the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum CallerChannel {
    /// The first channel.
    Left,
    /// The second channel.
    Right,
    /// Find out from the sound.
    Auto,
}

impl CallerChannel {
    /// The channel that was told; `None` where it is to be found out.
    pub fn told(self) -> Option<Channel> {
        match self {
            Self::Left => Some(Channel::Left),
            Self::Right => Some(Channel::Right),
            Self::Auto => None,
        }
    }
}

/// A country whose tones are known: its ISO 3166 code of two letters, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country(String);

impl Country {
    /// The code.
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Country {
    type Error = UnknownCountry;

    fn try_from(code: String) -> Result<Self, UnknownCountry> {
        match tone_plan::plan(&code) {
            Some(plan) => Ok(Self(plan.country.clone())),
            None => Err(UnknownCountry(code)),
        }
    }
}

impl std::str::FromStr for Country {
    type Err = UnknownCountry;

    fn from_str(code: &str) -> Result<Self, UnknownCountry> {
        Self::try_from(code.to_owned())
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.0
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// No country whose tones are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCountry(pub String);

impl fmt::Display for UnknownCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<&str> = tone_plan::plans().iter().map(|plan| plan.country.as_str()).collect();
        write!(f, "{:?} is no country whose tones are known; known are {}", self.0, known.join(", "))
    }
}

impl std::error::Error for UnknownCountry {}

/// A line's name: not empty and on one line of text, since it is a cell of every table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct LineName(String);

impl LineName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for LineName {
    type Error = NoLineName;

    fn try_from(name: String) -> Result<Self, NoLineName> {
        match name.trim().is_empty() || name.chars().any(char::is_control) {
            true => Err(NoLineName),
            false => Ok(Self(name.trim().to_owned())),
        }
    }
}

/// Not the name of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a line's name cannot be empty and has no line breaks or tabs")]
pub struct NoLineName;

/// No time zone of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no time zone; write one such as \"Europe/Amsterdam\"")]
pub struct UnknownTimeZone(pub String);

/// Why a project file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// It cannot be read at all.
    #[error("the project file {} cannot be read: {error}; check --project", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It says something that is not understood.
    #[error("{}: {detail}\n{remedy}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, a caret under the place, and what is wrong there.
        detail: String,
        /// What to do about it.
        remedy: Remedy,
    },
    /// A norm or promise that is none.
    #[error("{}: {error}", path.display())]
    Norm {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: NormError,
    },
    /// An exception that silences nothing, or says no reason.
    #[error("{}: [[menu.lint.allow]]: {what}", path.display())]
    Exception {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: BadException,
    },
    /// Two lines of one name.
    #[error("{}: two lines are called {name:?}; give each [[line]] a name of its own", path.display())]
    SameName {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
}

/// What to do about a project file that is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Remedy {
    /// It is written in other letters.
    #[error("save the file as UTF-8 (in Notepad: Save as, Encoding)")]
    Encoding,
    /// A key that there is not.
    #[error(
        "a key that bezet does not know is not passed over, since it may be a typing mistake: correct or remove it"
    )]
    UnknownKey,
    /// A key that is there twice.
    #[error("remove one of the two")]
    Twice,
    /// A backslash within double quotes.
    #[error("write paths with / or between single quotes: 'C:\\calls'")]
    Backslash,
    /// Anything else.
    #[error("correct this place and run again")]
    Correct,
}

impl Remedy {
    /// What helps against a message of the TOML reader.
    fn against(message: &str) -> Self {
        if message.contains("unknown field") {
            Self::UnknownKey
        } else if message.contains("duplicate key") {
            Self::Twice
        } else if message.contains("invalid basic string") || message.contains("escape") {
            Self::Backslash
        } else {
            Self::Correct
        }
    }
}

/// What is wrong with an exception to the rules of menus.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadException {
    /// Why is not said.
    #[error("{0:?} has no reason; write why it is accepted")]
    NoReason(String),
    /// There is no such rule.
    #[error("{0:?} is no rule; `bezet menu --rules` lists them")]
    NoRule(String),
}

impl Project {
    /// The project of the file at `path`.
    ///
    /// # Errors
    /// Where it cannot be read, or says something that is not understood: the error names the line and shows the place.
    pub fn read(path: &Path) -> Result<Self, ProjectError> {
        let malformed = |detail: String, remedy| ProjectError::Malformed { path: path.into(), detail, remedy };
        let bytes = fs::read(path).map_err(|error| ProjectError::Io { path: path.into(), error })?;
        let text = String::from_utf8(bytes).map_err(|e| malformed(e.utf8_error().to_string(), Remedy::Encoding))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut project: Self = toml::from_str(text)
            .map_err(|e| malformed(e.to_string().trim_end().into(), Remedy::against(&e.to_string())))?;
        for Exception { code, reason } in &project.menu.lint.allow {
            let what = match RULES.iter().any(|rule| rule.code == code) {
                true if !reason.trim().is_empty() => continue,
                true => BadException::NoReason(code.clone()),
                false => BadException::NoRule(code.clone()),
            };
            return Err(ProjectError::Exception { path: path.into(), what });
        }
        for (i, line) in project.lines.iter().enumerate() {
            if project.lines[..i].iter().any(|earlier| earlier.name == line.name) {
                return Err(ProjectError::SameName { path: path.into(), name: line.name.0.clone() });
            }
        }
        for (i, promise) in project.promises.iter_mut().enumerate() {
            if promise.id.is_empty() {
                promise.id = format!("promise-{}", i + 1);
            }
            promise.check().map_err(|error| ProjectError::Norm { path: path.into(), error })?;
        }
        project.folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(project)
    }

    /// The norms that the calls are judged by: the project's for the lines without norms of their own, theirs for the
    /// others, and the client's promises.
    ///
    /// # Errors
    /// Where a name is no norm and no file of norms.
    pub fn norms(&self) -> Result<Vec<Norm>, NormError> {
        let mut norms = Vec::new();
        let mut add = |names: &[String], lines: &[String]| -> Result<(), NormError> {
            for name in names {
                let found = Norms::find(name, &self.folder)?.into_iter();
                norms.extend(found.map(|norm| norm.of_lines(lines)));
            }
            Ok(())
        };
        let name = |line: &Line| line.name.0.clone();
        let own = self.lines.iter().filter(|line| line.norms.is_some());
        let others: Vec<String> = self.lines.iter().filter(|line| line.norms.is_none()).map(name).collect();
        add(&self.norms, if own.clone().next().is_some() { &others } else { &[] })?;
        for line in own {
            add(line.norms.as_deref().unwrap_or_default(), &[name(line)])?;
        }
        norms.extend(self.promises.iter().cloned());
        Ok(norms)
    }

    /// The names of its lines.
    pub fn line_names(&self) -> impl Iterator<Item = String> {
        self.lines.iter().map(|line| line.name.0.clone())
    }

    /// A path of the file as the program can open it.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// The line of that name.
    pub fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name.0 == name)
    }
}

/// The language that the project file at `path` asks for, as far as that can be told of a file that may be broken: what is
/// wrong with it is said in its own language.
pub fn language_of(path: &Path) -> Option<Language> {
    let text = String::from_utf8_lossy(&fs::read(path).ok()?).into_owned();
    // what stands below a table's head belongs to it
    let top = text.trim_start_matches('\u{feff}').lines().take_while(|line| !line.trim_start().starts_with('['));
    let said = top.filter_map(|line| line.split_once('=')).find(|(key, _)| key.trim() == "language")?.1;
    let said = said.split('#').next().unwrap_or_default();
    said.trim().trim_matches(['"', '\'']).parse().ok()
}

fn time_zone<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Tz>, D::Error> {
    let name = String::deserialize(from)?;
    name.parse().map(Some).map_err(|_| D::Error::custom(UnknownTimeZone(name)))
}

fn fail_on<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<FailOn>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    texts.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Project, ProjectError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        fs::write(&path, text).unwrap();
        Project::read(&path)
    }

    #[test]
    fn a_whole_project_is_read() {
        let project = read(concat!(
            "\u{feff}client = \"Voorbeeld\"\nlanguage = \"nl\"\ncountry = \"NL\"\ntimezone = \"Europe/Brussels\"\n",
            "caller_channel = \"left\"\ncalls = \"lijst.csv\"\nnorms = [\"nen-8878\"]\n\n",
            "[[line]]\nname = \"klachten\"\nrecordings = [\"a\", \"b/c.wav\"]\ncountry = \"be\"\n",
            "menu = \"menu.toml\"\nprompts = \"prompts\"\ncaller_channel = \"auto\"\nnorms = []\n\n",
            "[[line]]\nname = \"winkel\"\n",
        ))
        .unwrap();
        assert_eq!(project.country.as_ref().unwrap().code(), "nl");
        assert_eq!(project.timezone, Some(chrono_tz::Europe::Brussels));
        assert_eq!(project.caller_channel.unwrap().told(), Some(Channel::Left));
        let line = project.line("klachten").unwrap();
        assert_eq!(line.country.as_ref().unwrap().code(), "be");
        assert_eq!(line.caller_channel, Some(CallerChannel::Auto));
        assert!(project.resolve(&line.recordings[1]).ends_with("b/c.wav"));
        assert!(project.resolve(&line.recordings[1]).is_absolute());
    }

    #[test]
    fn a_typing_mistake_is_shown_with_its_line_and_a_caret() {
        let error = read("client = \"x\"\n\n[[line]]\nname = \"a\"\nrecordigns = [\"a\"]\n").unwrap_err().to_string();
        for part in ["bezet.toml", "line 5", "recordigns", "^", "expected one of", "correct or remove it"] {
            assert!(error.contains(part), "{part:?} is missing in:\n{error}");
        }
    }

    #[test]
    fn a_value_that_cannot_be_is_refused_where_it_stands() {
        for (text, part) in [
            ("country = \"Nederland\"", "is no country"),
            ("timezone = \"Amsterdam\"", "line 1"),
            ("caller_channel = \"middle\"", "expected one of"),
            ("language = \"de\"", "expected"),
            ("[[line]]\nname = \" \"", "cannot be empty"),
            ("[[line]]\nrecordings = []", "missing field `name`"),
            ("[[line]]\nname = \"a\"\nmenu = 3", "line 3"),
            ("norms = \"nen-8878\"", "sequence"),
            ("client = \"a\"\nclient = \"b\"", "remove one"),
            ("[[line]]\nname = \"a\"\nrecordings = [\"C:\\calls\"]", "single quotes"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{part:?} is missing in:\n{error}");
        }
    }

    #[test]
    fn rules_of_menus_are_silenced_with_a_reason() {
        let lint = "[menu.lint]\nfail_on = [\"error\", \"depth-max\"]\nlimits = { options-warning = 6 }\n";
        let allow = "[[menu.lint.allow]]\ncode = \"operator-zero\"\nreason = \"agreed\"\n";
        let settings = read(&format!("{lint}{allow}")).unwrap().menu.lint;
        assert_eq!((settings.allow.len(), settings.fail_on.len(), settings.limits.options_warning), (1, 2, 6));
        for (text, part) in [
            (allow.replace("operator-zero", "operator"), "is no rule"),
            (allow.replace("agreed", " "), "write why"),
            (lint.replace("depth-max", "depth"), "did you mean"),
            (lint.replace("options-warning", "options"), "unknown field"),
        ] {
            let error = read(&text).unwrap_err().to_string();
            assert!(error.contains(part), "{part:?} is missing in:\n{error}");
        }
    }

    #[test]
    fn two_lines_of_one_name_are_refused() {
        let error = read("[[line]]\nname = \"a\"\n[[line]]\nname = \"a \"\n").unwrap_err().to_string();
        assert!(error.contains("two lines are called \"a\""), "{error}");
    }

    #[test]
    fn a_file_that_is_not_there_says_so() {
        let error = Project::read(Path::new("/no/such/bezet.toml")).unwrap_err().to_string();
        assert!(error.contains("--project"), "{error}");
    }
}
