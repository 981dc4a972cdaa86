//! The command line: one subcommand a file, with its arguments and its `run`.
//!
//! # Exit codes
//! | code | meaning |
//! |---|---|
//! | 0 | fine |
//! | 1 | a norm was missed where `--fail-on` asked for it, or a floor where `--fail-under` did |
//! | 2 | some input could not be read (also where a norm was missed besides), or the output could not be written |
//! | 64 | wrong usage |

pub mod audit;
pub mod clip;
pub mod compare;
mod condition;
mod definition;
pub mod evaluate;
mod hearing;
pub mod history;
pub mod menu;
pub mod norms;
mod progress;
mod prompts;
mod pseudonyms;
mod refused;
pub mod report;
mod results;
mod said;
pub mod simulate;
pub mod trend;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    batch,
    report::words::{Language, failure, say},
};
use hearing::Hearing;
use refused::Misuse;

/// Wrong usage: `EX_USAGE` of sysexits.h.
const EX_USAGE: u8 = 64;

/// What a caller experiences on a company's telephone line, from recordings of calls.
#[derive(Debug, Parser)]
#[command(name = "bezet", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

// what a command does is told with its arguments, at more length for `--help`; here only where it is not
#[derive(Debug, Subcommand)]
enum Command {
    /// Turns recordings into figures and charts
    Audit(Box<audit::Args>),
    Menu(menu::Args),
    /// Lists the norms that calls can be judged by
    Norms(norms::Args),
    /// Writes the client's report of an audit, as one page
    Report(report::Args),
    Compare(compare::Args),
    Clip(clip::Args),
    /// Keeps the audits of all months in one file
    History(history::Args),
    /// Draws what the months of a history say: trends, hours of the week, lines side by side
    Trend(trend::Args),
    Simulate(simulate::Args),
    Evaluate(evaluate::Args),
}

impl Command {
    /// The language that it speaks.
    fn language(&self) -> Language {
        match self {
            Self::Audit(args) => args.language(),
            Self::Menu(args) => args.language(),
            Self::Norms(args) => args.lang,
            Self::Report(args) => args.lang,
            Self::Compare(args) => args.lang,
            Self::Clip(args) => args.lang,
            Self::History(args) => args.lang,
            Self::Trend(args) => args.lang,
            Self::Simulate(args) => args.lang,
            Self::Evaluate(args) => args.language(),
        }
    }
}

/// How a command ended, short of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Fine.
    Fine,
    /// A norm was missed.
    NormMissed,
    /// Some input could not be read.
    SomeUnread,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Fine => 0,
            Status::NormMissed => 1,
            Status::SomeUnread => 2,
        })
    }
}

/// The whole program: parses the command line, runs it, and prints the error if there is one.
pub fn main() -> ExitCode {
    keep_quiet_about_refused_recordings();
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => return misused(&error),
    };
    let language = command.language();
    let result = match command {
        Command::Audit(args) => audit::run(*args, Hearing::new, &mut io::stdout()),
        Command::Menu(args) => menu::run(&args, &mut io::stdout()),
        Command::Norms(args) => norms::run(&args, &mut io::stdout()).map(|()| Status::Fine).map_err(Into::into),
        Command::Report(args) => report::run(&args, &mut io::stdout()).map(|()| Status::Fine),
        Command::Compare(args) => compare::run(&args, &mut io::stdout()).map(|()| Status::Fine),
        Command::Clip(args) => clip::run(&args, &mut io::stdout()).map(|()| Status::Fine),
        Command::History(args) => history::run(&args, &mut io::stdout()).map(|()| Status::Fine),
        Command::Trend(args) => trend::run(&args, &mut io::stdout()).map(|()| Status::Fine),
        Command::Simulate(args) => simulate::run(&args).map(|()| Status::Fine),
        Command::Evaluate(args) => evaluate::run(&args, &mut io::stdout()),
    };
    result.map_or_else(|error| fail(&error, language), ExitCode::from)
}

/// A command line that is not understood, or a call for help.
fn misused(error: &clap::Error) -> ExitCode {
    let words = words();
    match said::usage::dutch(error).filter(|_| asked_language(&words) == Language::Nl) {
        None => {
            let _ = error.print();
        }
        Some(what) => {
            let _ = writeln!(io::stderr(), "bezet: {what}");
            if let Some(pattern) = said::usage::pattern(error) {
                let _ = writeln!(io::stderr(), "       Gebruik: {pattern}");
            }
            let _ = writeln!(io::stderr(), "       {}", failure::more(Language::Nl, named(&words).as_deref()));
        }
    }
    if error.use_stderr() { ExitCode::from(EX_USAGE) } else { ExitCode::SUCCESS }
}

fn fail(error: &anyhow::Error, language: Language) -> ExitCode {
    let broken_pipe = |e: &(dyn std::error::Error + 'static)| {
        e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(broken_pipe) {
        // whoever read the output has seen enough
        return ExitCode::SUCCESS;
    }
    let _ = writeln!(io::stderr(), "bezet: {}", said::error(error, language));
    if error.is::<Misuse>() {
        let _ = writeln!(io::stderr(), "       {}", failure::more(language, named(&words()).as_deref()));
        return ExitCode::from(EX_USAGE);
    }
    if let Some(remedy) = system_error(&format!("{error:#}")).and_then(|kind| failure::remedy(language, kind)) {
        let _ = writeln!(io::stderr(), "       {remedy}");
    }
    ExitCode::from(2)
}

/// The kind of the system's own error that `told` ends in, which says what is wrong and not what to do; none where our
/// words come behind it.
fn system_error(told: &str) -> Option<io::ErrorKind> {
    let (_, rest) = told.rsplit_once("(os error ")?;
    let (code, after) = rest.split_once(')')?;
    let code = code.parse().ok().filter(|_| !after.contains(';'))?;
    Some(say::kind(&io::Error::from_raw_os_error(code)))
}

/// The command that is named, if it is one.
fn named(words: &[String]) -> Option<String> {
    let name = words.get(1)?;
    Cli::command().find_subcommand(name).map(|command| command.get_name().to_owned())
}

/// The words of the command line.
fn words() -> Vec<String> {
    std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect()
}

/// The language of a command line that may not be understood, or else the usual one.
fn asked_language(words: &[String]) -> Language {
    let apart = words.windows(2).filter(|pair| pair[0] == "--lang").map(|pair| pair[1].as_str());
    let joined = words.iter().filter_map(|word| word.strip_prefix("--lang="));
    apart.chain(joined).find_map(|code| code.parse().ok()).unwrap_or_default()
}

/// A recording that the program fails on gets a row that says so. A report of the failure on the terminal besides would
/// only frighten.
fn keep_quiet_about_refused_recordings() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(batch::THREAD_NAME) {
            report(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_own_errors_are_told_from_those_with_a_remedy() {
        let system = io::Error::from_raw_os_error(2);
        assert_eq!(system_error(&format!("a.toml: {system}")), Some(io::ErrorKind::NotFound));
        assert_eq!(system_error(&format!("a.toml: {system}; name another")), None);
        assert_eq!(system_error("a.toml: line 3"), None);
        for language in Language::ALL {
            assert!(failure::remedy(language, system.kind()).is_some());
        }
    }

    #[test]
    fn every_argument_has_a_help_text() {
        Cli::command().debug_assert();
        for command in Cli::command().get_subcommands() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
            }
        }
    }
}
