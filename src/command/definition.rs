//! Definitions of menus, read from their files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::refused::Refused;
use crate::{
    analysis,
    menu::{
        analysis::listening::{Recordings, each_media},
        graph::{Flow, Media},
        import::{self, ImportError, Problem, SourceFile},
    },
    repeats::Known,
    report::words::say,
    units::Seconds,
    walked::{Design, name_of},
};

/// What sounds for less cannot be told from other sounds.
const MIN_SOUNDING_S: Seconds = 1.0;

/// The flows of `files`, and why others gave none.
pub(super) fn read(files: &[PathBuf]) -> (Vec<Flow>, Vec<ImportError>) {
    let mut refused = vec![];
    let mut sources = vec![];
    for path in files {
        let name = path.to_string_lossy().replace('\\', "/");
        match fs::read(path) {
            Ok(bytes) => sources.push(SourceFile { name, bytes }),
            Err(error) => {
                let problem = Problem::Io { kind: say::kind(&error), said: error.to_string() };
                refused.push(ImportError::new(name, problem));
            }
        }
    }
    let (flows, more) = import::flows(sources);
    refused.extend(more);
    (flows, refused)
}

/// The folder of the recordings that `flow` names: `prompts`, else the one that the definition names.
fn folder(flow: &Flow, prompts: Option<&Path>) -> PathBuf {
    let own = || {
        let file = Path::new(flow.sources.first().map_or("", |source| source.file.as_str()));
        file.parent().unwrap_or(Path::new("")).join(flow.audio_dir.as_deref().unwrap_or(""))
    };
    prompts.map_or_else(own, Path::to_path_buf)
}

/// The lengths of the recordings that `flow` names: in `prompts`, else in the folder that the definition names.
pub(super) fn measure(flow: &Flow, prompts: Option<&Path>) -> Recordings {
    Recordings::measure(flow, &folder(flow, prompts))
}

/// The one definition that `files` are, and its recordings as far as they are there.
///
/// # Errors
/// Where they are none, or more than one.
pub(super) fn design(files: &[PathBuf]) -> Result<(Design, Vec<Known>), Refused> {
    let (mut flows, refused) = read(files);
    if !refused.is_empty() {
        return Err(Refused::Menu(refused));
    }
    let Some(flow) = flows.pop().filter(|_| flows.is_empty()) else {
        return Err(Refused::SeveralMenus(files.to_vec()));
    };
    let folder = folder(&flow, None);
    let mut known: Vec<Known> = vec![];
    each_media(&flow, |media| {
        let Media::Audio { file, .. } = media else { return };
        let name = name_of(file);
        if known.iter().any(|known| known.name == name) {
            return;
        }
        let Ok(heard) = analysis::listen(&folder.join(file)) else { return };
        let prompt = heard.channels.first().map(|heard| Known::prompt(&name, heard));
        known.extend(prompt.filter(|prompt| prompt.sounding_s() >= MIN_SOUNDING_S));
    });
    let recordings = Recordings::measure(&flow, &folder);
    Ok((Design { flow, recordings }, known))
}
