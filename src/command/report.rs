//! `bezet report`: the client's report of an audit, as one page.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args as Arguments;

use crate::{
    audit::{AuditedCall, kept},
    language::Language,
    norms::{Norm, NormError, Norms},
    report::page::{self, sound},
};

/// The page's name where none is given.
const FILE_NAME: &str = "report.html";

/// What is asked.
#[derive(Clone, Debug, Arguments)]
pub struct Args {
    /// The folder of an audit
    audit: PathBuf,

    /// Where to write the page [default: report.html in the audit's folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// The language of the page
    #[arg(long, default_value_t)]
    lang: Language,

    /// A norm to judge the calls by: a name that `bezet norms` lists, or a file of norms; repeatable
    #[arg(long, value_name = "NORM")]
    norm: Vec<String>,

    /// The folder that the recordings were audited from, so that they can be played from the page
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,

    /// Put the recordings inside the page, which then can be sent as one file (8 MB for ten minutes)
    #[arg(long, requires = "recordings")]
    embed_audio: bool,
}

/// Writes the page and says where.
///
/// # Errors
/// Where there is no audit, a norm is none, or the page cannot be written.
pub fn run(args: &Args, out: &mut impl Write) -> anyhow::Result<()> {
    let audit = kept::recall(&args.audit)?;
    let norms: Result<Vec<Vec<Norm>>, NormError> = args.norm.iter().map(|n| Norms::find(n, Path::new(""))).collect();
    let file = args.out.clone().unwrap_or_else(|| args.audit.join(FILE_NAME));
    let recording = |call: &AuditedCall| recording(args.recordings.as_deref()?, &call.file);
    let page_folder = whole(file.parent().unwrap_or(Path::new("")))?;
    let sound = |call: &AuditedCall| {
        let path = recording(call)?;
        if args.embed_audio { sound::embedded(&path) } else { sound::link(&page_folder, &path.canonicalize().ok()?) }
    };
    let page = page::render(&audit, &norms?.concat(), args.lang, &sound)?;
    write_whole(&file, page.as_bytes())?;
    writeln!(out, "{}", file.display())?;
    Ok(())
}

/// The recording that an audit calls `file`, below `folder`: an argument that is itself a line's folder keeps its name in
/// front.
fn recording(folder: &Path, file: &str) -> Option<PathBuf> {
    let below = file.split_once('/').map(|(_, below)| folder.join(below));
    [Some(folder.join(file)), below].into_iter().flatten().find(|path| path.is_file())
}

fn whole(folder: &Path) -> anyhow::Result<PathBuf> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    folder.canonicalize().with_context(|| folder.display().to_string())
}

/// Writes a file so that it appears whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = whole(path.parent().unwrap_or(Path::new("")))?;
    let context = || path.display().to_string();
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(context)?;
    file.write_all(bytes).with_context(context)?;
    file.persist(path).with_context(context)?;
    Ok(())
}
