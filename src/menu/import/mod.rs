//! The formats of menu definitions, one file each: foreign bytes into a [`Flow`].

mod connect;
mod dialplan;
mod error;
mod freeswitch;
mod genesys;
pub(super) mod source;
mod text;
pub(super) mod tree;
mod twilio;
mod voicexml;
mod xml;

pub use error::{ImportError, Problem};

use super::graph::Flow;

/// One file as it was given.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its name as the user knows it: the path that was given, with `/` as separator. Origins repeat it.
    pub name: String,
    /// All of its bytes.
    pub bytes: Vec<u8>,
}

/// A format of menu definitions.
pub trait Importer: Sync {
    /// Its stable name: `freeswitch`.
    fn id(&self) -> &'static str;

    /// What it reads, on one line.
    fn about(&self) -> &'static str;

    /// Whether `bytes` are of this format, as far as a look tells. `name` only decides between formats that look alike.
    /// A malformed file of the format is recognised too, so that its error comes from the reader that knows it.
    fn recognises(&self, bytes: &[u8], name: &str) -> bool;

    /// The graph of `files`, which are all of this format and may refer to each other.
    ///
    /// # Errors
    /// Where a file is malformed, or nothing of the format after all. References that lead nowhere are no errors but
    /// [`Target::Dangling`](super::graph::Target::Dangling).
    fn import(&self, files: &[SourceFile]) -> Result<Flow, ImportError>;
}

/// The id of the native format, whose documents stand alone.
const NATIVE: &str = "native";

/// Every format, in the order in which they are tried.
pub const IMPORTERS: &[&dyn Importer] = &[
    &super::native::Native,
    &voicexml::VoiceXml,
    &freeswitch::FreeSwitch,
    &connect::Connect,
    &twilio::Twilio,
    &genesys::Genesys,
    &dialplan::Asterisk,
];

/// The flows of `files`: those of one format together, since they may refer to each other; each document of the native
/// format for itself. Besides, why files gave none.
pub fn flows(files: Vec<SourceFile>) -> (Vec<Flow>, Vec<ImportError>) {
    let (mut flows, mut refused) = (vec![], vec![]);
    let mut groups: Vec<(&dyn Importer, Vec<SourceFile>)> = vec![];
    for file in files {
        if file.bytes.iter().all(u8::is_ascii_whitespace) {
            refused.push(ImportError::new(file.name, Problem::Empty));
            continue;
        }
        let Some(importer) = IMPORTERS.iter().find(|importer| importer.recognises(&file.bytes, &file.name)) else {
            let known: Vec<&str> = IMPORTERS.iter().map(|importer| importer.id()).collect();
            refused.push(ImportError::new(file.name, Problem::Unrecognised(format!("known are {}", known.join(", ")))));
            continue;
        };
        let same = groups.iter_mut().find(|(other, _)| other.id() == importer.id() && importer.id() != NATIVE);
        match same {
            Some((_, files)) => files.push(file),
            None => groups.push((*importer, vec![file])),
        }
    }
    for (importer, mut files) in groups {
        // a file that is broken does not take the others along
        while !files.is_empty() {
            match importer.import(&files) {
                Ok(flow) => {
                    flows.push(flow);
                    break;
                }
                Err(error) => {
                    let before = files.len();
                    files.retain(|file| file.name != error.file);
                    let is_one_of_them = files.len() < before;
                    refused.push(error);
                    if !is_one_of_them {
                        break;
                    }
                }
            }
        }
    }
    (flows, refused)
}
