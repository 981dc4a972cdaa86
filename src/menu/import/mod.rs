//! The formats of menu definitions, one file each: foreign bytes into a [`Flow`].

mod connect;
mod dialplan;
mod error;
mod freeswitch;
mod genesys;
mod source;
mod text;
mod tree;
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

/// Every format, in the order in which they are tried.
pub const IMPORTERS: &[&dyn Importer] = &[
    &voicexml::VoiceXml,
    &freeswitch::FreeSwitch,
    &connect::Connect,
    &twilio::Twilio,
    &genesys::Genesys,
    &dialplan::Asterisk,
];
