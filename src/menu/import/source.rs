//! What every importer does before it reads: bytes to text, and a flow that knows its files.

use sha2::{Digest, Sha256};

use super::{
    ImportError, Problem, SourceFile,
    text::{Encoding, decode, shorten},
    tree::Broken,
};
use crate::menu::graph::{Builder, Origin, Remark, RemarkKind, Source};

/// How many details a remark keeps.
const DETAILS: usize = 20;
/// A detail longer than this is cut.
const DETAIL_CHARACTERS: usize = 120;
/// No menu is larger: the largest real one, generated for a whole company, has 2 MB.
const LARGEST_BYTES: usize = 64 << 20;

/// A flow for `files`, named after the first, and the text of each.
///
/// # Errors
/// A file that is empty, too large or no text.
pub fn open(files: &[SourceFile], format: &str) -> Result<(Builder, Vec<String>), ImportError> {
    let name = files.first().map_or("", |file| stem(&file.name));
    let (mut flow, mut texts) = (Builder::new(name, format), vec![]);
    for (at, file) in files.iter().enumerate() {
        let sha256 = Sha256::digest(&file.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        flow.flow().sources.push(Source { file: file.name.clone(), sha256 });
        texts.push(text(file)?);
        match decode(&file.bytes).1 {
            Encoding::Utf8 => {}
            Encoding::Utf16 => {
                remark(&mut flow, RemarkKind::Decoded, "UTF-16", Origin { file: at, ..Origin::default() })
            }
            Encoding::Windows1252 => {
                remark(
                    &mut flow,
                    RemarkKind::Decoded,
                    "Windows-1252 (Latin-1)",
                    Origin { file: at, ..Origin::default() },
                );
            }
        }
    }
    Ok((flow, texts))
}

/// The text of a file.
pub fn text(file: &SourceFile) -> Result<String, ImportError> {
    if file.bytes.len() > LARGEST_BYTES {
        return Err(ImportError::new(&file.name, Problem::TooLarge(format!("{} bytes", file.bytes.len()))));
    }
    let (text, _) = decode(&file.bytes);
    if text.contains('\0') {
        return Err(ImportError::new(&file.name, Problem::Encoding("it has bytes of value 0".into())));
    }
    match text.trim().is_empty() {
        true => Err(ImportError::new(&file.name, Problem::Empty)),
        false => Ok(text),
    }
}

/// The last part of a path without its extension.
pub fn stem(path: &str) -> &str {
    let name = base_name(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}

/// The last part of a path.
pub fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Says a thing once more: remarks of one kind are one, with a count and its first details.
pub fn remark(flow: &mut Builder, kind: RemarkKind, detail: impl AsRef<str>, origin: Origin) {
    let detail = shorten(detail.as_ref(), DETAIL_CHARACTERS);
    let remarks = &mut flow.flow().remarks;
    let at = remarks.iter().position(|remark| remark.kind == kind).unwrap_or_else(|| {
        remarks.push(Remark { kind, count: 0, details: vec![], origin: Some(origin) });
        remarks.len() - 1
    });
    let remark = &mut remarks[at];
    remark.count += 1;
    if !detail.is_empty() && remark.details.len() < DETAILS && !remark.details.contains(&detail) {
        remark.details.push(detail);
    }
}

/// A broken tree as an error of its file.
pub fn broken(file: &SourceFile, broken: Broken) -> ImportError {
    let (line, column) = (count(broken.line), count(broken.column));
    ImportError::new(&file.name, Problem::Syntax(broken.what)).at_line(line).at_column(column)
}

/// A count of lines or columns as the graph writes it.
pub fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A place that knows both its line and its JSON pointer.
pub fn place(file: usize, line: usize, pointer: impl Into<String>) -> Origin {
    Origin { file, line: Some(count(line)), pointer: Some(pointer.into()) }
}
