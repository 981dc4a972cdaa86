//! `bezet history`: the audits of all months, in one file.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Subcommand;

use super::refused::Refused;
use crate::{
    audit::kept::{self, Kept},
    history::{Added, FILE_NAME, History},
    language::Language,
    report::words::{calls, history as words},
};

/// What is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,

    /// The file that the history is kept in
    #[arg(long, value_name = "FILE", default_value = FILE_NAME, global = true)]
    db: PathBuf,

    /// The language of what is said
    #[arg(long, default_value_t, global = true)]
    pub(super) lang: Language,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// Adds audits; one that is in already changes nothing
    Add {
        /// The folders of audits, as `bezet audit` leaves them
        #[arg(required = true, value_name = "AUDIT")]
        audits: Vec<PathBuf>,
    },
    /// Lists the audits with their numbers
    List,
    /// Writes audits out again as they were added, a folder each
    Export {
        /// The folder to write to
        out: PathBuf,
        /// The numbers of the audits; all where none is given
        #[arg(value_name = "NUMBER")]
        audits: Vec<i64>,
    },
    /// Takes an audit out
    Remove {
        /// The number of the audit
        #[arg(value_name = "NUMBER")]
        audit: i64,
    },
}

/// Does what is asked and says so on `out`.
///
/// # Errors
/// Where there is no audit, no history, or one cannot be written to.
pub fn run(args: &Args, out: &mut impl Write) -> anyhow::Result<()> {
    let language = args.lang;
    match &args.action {
        Action::Add { audits } => {
            // all are read before the first goes in
            let read: Result<Vec<_>, _> = audits.iter().map(|folder| Kept::recall(folder)).collect();
            let read = read?;
            let mut history = History::open_or_start(&args.db)?;
            for (folder, kept) in audits.iter().zip(&read) {
                let added = history.add(kept)?;
                let count = calls(language, kept.audit().calls.len());
                let said = match added {
                    Added::New(id) => words::added(language, id, &count),
                    Added::Already(id) => words::already(language, id),
                };
                writeln!(out, "{}: {said}", folder.display())?;
            }
            let all = history.calls()?;
            writeln!(out, "{}", words::holds(language, &args.db.display().to_string(), all.calls.len(), all.again))?;
            if all.other_time > 0 {
                writeln!(out, "{}", words::other_time(language, all.other_time))?;
            }
        }
        Action::List => {
            for audit in History::open(&args.db)?.audits()? {
                writeln!(out, "{}", words::listed(language, &audit))?;
            }
        }
        Action::Export { out: folder, audits } => {
            let history = History::open(&args.db)?;
            let all = history.audits()?.into_iter().map(|audit| audit.id);
            let chosen = if audits.is_empty() { all.collect() } else { audits.clone() };
            for id in chosen {
                let place = folder.join(id.to_string());
                export(&place, history.text(id)?.as_bytes())?;
                writeln!(out, "{}", place.display())?;
            }
        }
        Action::Remove { audit } => {
            History::open(&args.db)?.remove(*audit)?;
            writeln!(out, "{}", words::removed(language, *audit))?;
        }
    }
    Ok(())
}

/// Writes the file of an audit into `folder`, whole; another file there is not overwritten.
fn export(folder: &Path, text: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(kept::FILE_NAME);
    let context = || path.display().to_string();
    if fs::read(&path).is_ok_and(|there| there != text) {
        return Err(Refused::OtherAudit(path).into());
    }
    fs::create_dir_all(folder).with_context(context)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(context)?;
    file.write_all(text).with_context(context)?;
    file.persist(&path).map_err(|unmoved| unmoved.error).with_context(context)?;
    Ok(())
}
