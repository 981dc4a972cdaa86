//! `bezet norms`: the norms that it knows by name, and where they come from.

use std::io::{self, Write};

use clap::Args as Arguments;

use crate::{
    language::Language,
    norms::{Norm, What, profiles},
    report::words,
};

/// What is asked.
#[derive(Clone, Debug, Arguments)]
pub struct Args {
    /// The language of the list
    #[arg(long, default_value_t)]
    pub(super) lang: Language,
}

/// Lists them on `out`.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn run(args: &Args, out: &mut impl Write) -> io::Result<()> {
    let language = args.lang;
    for norm in profiles() {
        let row = |out: &mut dyn Write, heading: (&str, &str), text: &str| {
            writeln!(out, "  {:<10} {text}", language.of(heading))
        };
        writeln!(out, "{:<18} {}", norm.id, norm.title.of(language))?;
        row(out, ("klok", "clock"), measures(norm, language))?;
        if let Some(note) = &norm.note {
            row(out, ("let op", "mind"), note.of(language))?;
        }
        row(out, ("bron", "source"), norm.source.of(language))?;
    }
    Ok(())
}

fn measures(norm: &Norm, language: Language) -> &str {
    match norm.what() {
        What::Clock(clock) => words::clock_name(language, clock),
        What::Figure(name) => words::column(language, name).map_or(name, |column| column.definition),
    }
}
