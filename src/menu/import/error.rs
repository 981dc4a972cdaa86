//! Why a definition could not be read, where, and what its owner can do about it.

use std::{fmt, io};

/// Why a definition could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// The file, as it was given.
    pub file: String,
    /// The line, counted from 1, where it is known.
    pub line: Option<u32>,
    /// The column, counted from 1, where it is known.
    pub column: Option<u32>,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a definition, told apart by what its owner can do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The disk, the network share or the rights.
    #[error("the file cannot be read: {said}")]
    Io {
        /// What kind of trouble it is.
        kind: io::ErrorKind,
        /// What the system says.
        said: String,
    },
    /// No bytes, or nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// More bytes, nodes or levels than any menu has.
    #[error("too large: {0}")]
    TooLarge(String),
    /// Bytes that are no text.
    #[error("this is no text: {0}")]
    Encoding(String),
    /// No definition of a menu in any format that is read.
    #[error("this is no menu definition that is known here: {0}")]
    Unrecognised(String),
    /// The grammar of the format is broken.
    #[error("{0}")]
    Syntax(String),
    /// A format, dialect or construct that is known and not read.
    #[error("{what} is not read")]
    Unsupported {
        /// What it is.
        what: String,
        /// What to give in its place.
        remedy: String,
    },
    /// A program that makes a definition, and not the definition itself.
    #[error("this is a template ({0}), not the definition that it makes")]
    Template(String),
    /// The right format, and no menu or call flow in it.
    #[error("there is no call flow in it: {0}")]
    NoFlow(String),
    /// A field that the format does not have.
    #[error("{field:?} is no field of {place}")]
    UnknownField {
        /// What was written.
        field: String,
        /// In what.
        place: String,
        /// The nearest that exists.
        nearest: Option<String>,
    },
    /// A field that the format asks for.
    #[error("{place} has no {field:?}")]
    Missing {
        /// The field.
        field: String,
        /// In what.
        place: String,
    },
    /// The same name or key twice.
    #[error("{what} is there twice")]
    Duplicate {
        /// What it is, with its name.
        what: String,
        /// Where it was first, as a line counted from 1.
        first_line: Option<u32>,
    },
    /// A reference to something that is not there.
    #[error("{from} leads to {to:?}, which does not exist")]
    Dangling {
        /// What refers.
        from: String,
        /// What it refers to.
        to: String,
        /// The nearest that exists.
        nearest: Option<String>,
    },
    /// A value that cannot be.
    #[error("{place}: {detail}")]
    Value {
        /// Where it was written.
        place: String,
        /// What is wrong with it.
        detail: String,
    },
}

impl Problem {
    /// What helps.
    pub fn remedy(&self) -> String {
        match self {
            Self::Io { .. } => "check that it is there and that you may read it".into(),
            Self::Empty => "export the menu again".into(),
            Self::TooLarge(_) => "give only the part that defines the menu".into(),
            Self::Encoding(_) => "save the file as UTF-8 (in Notepad: Save as, Encoding)".into(),
            Self::Unrecognised(_) => "give the file that the telephone system exports, or start one with --new".into(),
            Self::Syntax(_) => "correct this place, or export the menu again".into(),
            Self::Unsupported { remedy, .. } => remedy.clone(),
            Self::Template(_) => "give what the running system makes of it".into(),
            Self::NoFlow(_) => "give the file that holds the menu itself".into(),
            Self::UnknownField { nearest: Some(nearest), .. } | Self::Dangling { nearest: Some(nearest), .. } => {
                format!("did you mean {nearest:?}?")
            }
            Self::UnknownField { .. } => {
                "a field that is not known is not passed over, since it may be a typing mistake: correct or remove it"
                    .into()
            }
            Self::Dangling { .. } => "add it, or correct the name".into(),
            Self::Missing { .. } => "add it".into(),
            Self::Duplicate { first_line: Some(line), .. } => {
                format!("it stands in line {line} already: remove one of the two")
            }
            Self::Duplicate { .. } => "remove one of the two".into(),
            Self::Value { .. } => "correct this value".into(),
        }
    }
}

impl ImportError {
    /// Something wrong with `file` as a whole.
    pub fn new(file: impl Into<String>, problem: Problem) -> Self {
        Self { file: file.into(), line: None, column: None, problem }
    }

    /// The same at a line, counted from 1.
    pub fn at_line(self, line: u32) -> Self {
        Self { line: Some(line), ..self }
    }

    /// The same at a column of its line, counted from 1.
    pub fn at_column(self, column: u32) -> Self {
        Self { column: Some(column), ..self }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        write!(f, ": {}; {}", self.problem, self.problem.remedy())
    }
}

impl std::error::Error for ImportError {}
