//! `bezet report`: the client's report of an audit, as one page.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args as Arguments;

use super::{audit, pseudonyms::PseudonymList, refused::Refused};
use crate::{
    audit::{AuditedCall, kept, pseudonyms::Pseudonyms},
    language::Language,
    norms::{Norm, NormError, Norms},
    report::{
        page::{self, sound},
        words::page as page_words,
    },
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
    pub(super) lang: Language,

    /// A norm to judge the calls by: a name that `bezet norms` lists, or a file of norms; repeatable [default: those that the
    /// audit was judged by]
    #[arg(long, value_name = "NORM")]
    norm: Vec<String>,

    /// The folder that the recordings were audited from, so that they can be played from the page
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,

    /// Put the recordings inside the page, which then can be sent as one file (6 MB for ten minutes of one channel)
    #[arg(long, requires = "recordings")]
    embed_audio: bool,

    /// Put pseudonyms in the place of file names and of lines that the project file does not name; who is who stands beside
    /// the audit's folder, not in the page
    #[arg(long)]
    anonymise: bool,

    /// Where the pseudonyms are kept, so that a call has the same one next month [default: beside the audit's folder]
    #[arg(long, value_name = "FILE", requires = "anonymise")]
    pseudonyms: Option<PathBuf>,
}

/// Writes the page and says where.
///
/// # Errors
/// Where there is no audit, a norm is none, or the page cannot be written.
pub fn run(args: &Args, out: &mut impl Write) -> anyhow::Result<()> {
    let audit = kept::recall(&args.audit)?;
    let (judged_by, named) = audit::judged_by(&args.audit);
    let norms: Result<Vec<Vec<Norm>>, NormError> = args.norm.iter().map(|n| Norms::find(n, Path::new(""))).collect();
    let norms = if args.norm.is_empty() { judged_by } else { norms?.concat() };
    let (audit, pseudonyms) = match args.anonymise {
        true => {
            let list = PseudonymList::open(args.pseudonyms.as_deref(), &args.audit)?;
            list.anonymise(&audit, &named, args.lang)?
        }
        false => (audit, Pseudonyms::default()),
    };
    let file = args.out.clone().unwrap_or_else(|| args.audit.join(FILE_NAME));
    let recording = |call: &AuditedCall| recording(args.recordings.as_deref()?, pseudonyms.original(&call.file));
    let page_folder = whole(file.parent().unwrap_or(Path::new("")))?;
    let sound = |call: &AuditedCall| match (args.embed_audio, args.anonymise) {
        (true, _) => sound::embedded(&recording(call)?),
        (false, false) => sound::link(&page_folder, &recording(call)?.canonicalize().ok()?),
        // the way to a recording says its name
        (false, true) => None,
    };
    if let Some(folder) = &args.recordings {
        let lost = audit.calls.iter().filter(|call| recording(call).is_none()).count();
        if lost == audit.calls.len() {
            return Err(Refused::NoneToPlay(folder.clone()).into());
        }
        if lost > 0 {
            let _ =
                writeln!(io::stderr(), "bezet: {}", page_words::lost_recordings(args.lang, lost, audit.calls.len()));
        }
    }
    let page = page::render(&audit, &norms, args.lang, &sound)?;
    write_whole(&file, page.as_bytes(), false)?;
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

/// Writes a file so that it appears whole or not at all; for its owner's eyes alone where it is `private`.
pub(super) fn write_whole(path: &Path, bytes: &[u8], private: bool) -> anyhow::Result<()> {
    let folder = whole(path.parent().unwrap_or(Path::new("")))?;
    let context = || path.display().to_string();
    let mut made = tempfile::Builder::new();
    #[cfg(unix)]
    if !private {
        // what any program would give its files: the user's own mask is taken off
        use std::os::unix::fs::PermissionsExt;
        made.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = (private, &mut made);
    let mut file = made.tempfile_in(folder).with_context(context)?;
    file.write_all(bytes).with_context(context)?;
    file.persist(path).map_err(|unmoved| unmoved.error).with_context(context)?;
    Ok(())
}
