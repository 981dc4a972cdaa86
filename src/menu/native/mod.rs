//! The native format `bezet-menu/1`, in TOML, YAML or JSON: the same structs, the same checks.

mod model;
mod read;
mod start;
mod tree;
mod write;

pub use model::{Document, FORMAT};
pub use start::start;
pub use write::document;

use super::{
    graph::Flow,
    import::{
        ImportError, Importer, Problem, SourceFile, source,
        tree::{self as values, Tree},
    },
};

/// A JSON Schema (2020-12) of the format, for editors.
pub const SCHEMA: &str = include_str!("schema.json");

/// The importer of the native format.
pub struct Native;

/// How a document is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notation {
    /// TOML.
    #[default]
    Toml,
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

impl Notation {
    /// The notation that a file's name tells; TOML where it tells none.
    pub fn of_name(name: &str) -> Self {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Self::Yaml,
            "json" => Self::Json,
            _ => Self::Toml,
        }
    }

    /// The notation of `text`, which is called `name`.
    fn of(text: &str, name: &str) -> Self {
        if text.trim_start().starts_with('{') {
            return Self::Json;
        }
        match Self::of_name(name) {
            Self::Json => Self::Yaml,
            Self::Yaml => Self::Yaml,
            // a name may lie; what assigns the format with a colon is YAML
            Self::Toml => match text.lines().find(|line| line.trim_start().trim_matches('"').starts_with("format")) {
                Some(line) if line.contains(':') && !line.contains('=') => Self::Yaml,
                _ => Self::Toml,
            },
        }
    }
}

impl Importer for Native {
    fn id(&self) -> &'static str {
        "native"
    }

    fn about(&self) -> &'static str {
        "bezet's own format bezet-menu/1, as TOML, YAML or JSON"
    }

    fn recognises(&self, bytes: &[u8], _: &str) -> bool {
        let mark = FORMAT.split('/').next().unwrap_or_default().as_bytes();
        bytes.windows(mark.len()).any(|window| window == mark)
    }

    fn import(&self, files: &[SourceFile]) -> Result<Flow, ImportError> {
        let (flow, texts) = source::open(files, self.id())?;
        let [file] = files else {
            let name = files.get(1).map_or("", |file| file.name.as_str());
            let what = "a second file of bezet-menu/1 at once".into();
            let remedy = "give one file, or one after the other".into();
            return Err(ImportError::new(name, Problem::Unsupported { what, remedy }));
        };
        let tree = parse(&texts[0], &file.name).map_err(|broken| source::broken(file, broken))?;
        let wrong = |(line, problem): (u32, Problem)| match line {
            0 => ImportError::new(&file.name, problem),
            line => ImportError::new(&file.name, problem).at_line(line),
        };
        let document = tree::read::<Document>(&tree);
        let document = document.map_err(|fault| wrong((fault.line.unwrap_or(0), fault.problem)))?;
        read::read(&document, &tree, flow).map_err(wrong)
    }
}

fn parse(text: &str, name: &str) -> Result<Tree, values::Broken> {
    match Notation::of(text, name) {
        Notation::Toml => tree::toml(text),
        Notation::Yaml => values::yaml(text),
        Notation::Json => values::json(text),
    }
}

/// `flow` as a document of the native format, to be corrected by hand and read again.
pub fn export(flow: &Flow, notation: Notation) -> String {
    let document = document(flow);
    match notation {
        Notation::Toml => write::toml(&document),
        Notation::Yaml => serde_saphyr::to_string(&document).unwrap_or_default(),
        Notation::Json => serde_json::to_string_pretty(&document).map(|text| text + "\n").unwrap_or_default(),
    }
}

/// The fields that there are where the document `text` has one that does not exist; `None` where it has none such.
pub fn fields_of(text: &str) -> Option<Vec<&'static str>> {
    let tree = tree::toml(text).ok()?;
    let fault = tree::read::<Document>(&tree).err()?;
    (!fault.expected.is_empty()).then(|| fault.expected.to_vec())
}

/// Whether a node of the type called `kind` may have `field`.
pub fn takes(kind: &str, field: &str) -> bool {
    let kinds = model::NodeType::ALL.into_iter().filter(|known| known.name() == kind);
    kinds.flat_map(model::NodeType::fields).any(|known| known == field)
}
