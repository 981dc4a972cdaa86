//! The ears of the real program.

use std::{io, path::Path, time::UNIX_EPOCH};

use crate::{
    analysis::{self, CallAnalysis, Heard, LineSettings},
    audio::ReadError,
    audit::Refusal,
    batch::Ears,
    report::words::Language,
    timeline::Segment,
};

/// Hears and judges with [`analysis`], and says in one language what goes wrong.
#[derive(Debug)]
pub struct Hearing {
    language: Language,
}

impl Hearing {
    /// Ears that speak `language`.
    pub fn new(language: Language) -> Self {
        Self { language }
    }
}

impl Ears for Hearing {
    type Heard = Heard;

    /// The program's version, size and date: any other build may hear differently.
    fn version(&self) -> String {
        let program = std::env::current_exe().and_then(|path| path.metadata());
        let stamp = program.map_or_else(
            |_| String::new(),
            |file| {
                let date = file.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
                format!("{} {}", file.len(), date.map_or(0, |at| at.as_nanos()))
            },
        );
        format!("{} {stamp}", env!("CARGO_PKG_VERSION"))
    }

    fn listen(&self, path: &Path) -> Result<Heard, Refusal> {
        analysis::listen(path).map_err(|error| refusal(&error))
    }

    fn judge(&self, calls: &[Heard], labels: &[Option<Vec<Segment>>], settings: &LineSettings) -> Vec<CallAnalysis> {
        analysis::judge(calls, labels, settings)
    }

    fn unopened(&self, _path: &Path, error: io::Error) -> Refusal {
        refusal(&ReadError::from(error))
    }

    fn failed(&self, what: &str) -> Refusal {
        let message = self.language.of((
            format!("bezet kon deze opname niet verwerken door een fout in het programma ({what}); meld dit"),
            format!(
                "bezet could not deal with this recording because of an error in the program ({what}); please report it"
            ),
        ));
        Refusal { code: "failed".into(), message }
    }
}

fn refusal(error: &ReadError) -> Refusal {
    Refusal { code: error.code().into(), message: error.to_string() }
}
