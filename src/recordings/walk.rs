//! Which files of an argument are recordings, and what they are called.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs::File as Handle,
    io::Read,
    path::{Component, Path, PathBuf},
};

use walkdir::{DirEntry, WalkDir};

use super::count;

/// Extensions of what phones and recorders make. Such a file in a folder is a recording whatever it holds: that it cannot
/// be read is worth a row.
const EXTENSIONS: [&str; 35] = [
    "3ga", "3gp", "3gpp", "aac", "aif", "aiff", "al", "alaw", "amr", "au", "awb", "caf", "flac", "g722", "g729", "gsm",
    "m4a", "mka", "mp2", "mp3", "oga", "ogg", "opus", "rf64", "sln", "snd", "spx", "ul", "ulaw", "vox", "w64", "wav",
    "wave", "webm", "wma",
];

/// A file that was found.
#[derive(Debug)]
pub struct File {
    pub path: PathBuf,
    /// Where it really is, links followed; two of the same are one recording.
    pub real: PathBuf,
    /// How many folders it lies below the argument's parent: 1 for a file named itself.
    pub depth: usize,
    /// The parts of its name.
    parts: Vec<String>,
    /// The folders around it that are no part of its name, the nearest last.
    around: Vec<String>,
}

impl File {
    /// What it is called, `/` between the parts.
    pub fn name(&self) -> String {
        self.parts.join("/")
    }
}

/// The recordings of one argument: itself if it is no folder, else what lies in it, sorted. `keeps_its_name` puts the
/// folder's own name in front of all, else it is in front of those alone that lie directly in it.
pub fn files(argument: &Path, keeps_its_name: bool) -> Vec<File> {
    let around = parts(&standing(argument));
    if !argument.is_dir() {
        let (name, around) =
            around.split_last().map_or((vec![], &[][..]), |(name, around)| (vec![name.clone()], around));
        return vec![File {
            path: argument.into(),
            real: real(argument),
            depth: 1,
            parts: name,
            around: around.to_vec(),
        }];
    }
    let hidden = |entry: &DirEntry| entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
    let walk = WalkDir::new(argument).follow_links(true).sort_by_file_name().into_iter().filter_entry(|e| !hidden(e));
    let mut files = vec![];
    for entry in walk {
        let (path, depth) = match entry {
            Ok(entry) if entry.file_type().is_file() && is_recording(entry.path()) => {
                (entry.path().to_owned(), entry.depth())
            }
            Ok(_) => continue,
            // a link that leads back to a folder around it: everything in there has been seen
            Err(e) if e.loop_ancestor().is_some() => continue,
            // a folder that may not be opened, or a link to nothing
            Err(e) => match e.path() {
                Some(path) if path.is_dir() || sounds_by_name(path) => (path.to_owned(), e.depth()),
                _ => continue,
            },
        };
        let below = path.strip_prefix(argument).unwrap_or(&path);
        let mut file = File { real: real(&path), depth, parts: parts(below), around: around.clone(), path };
        if keeps_its_name || file.parts.len() <= 1 {
            file.widen();
        }
        files.push(file);
    }
    files
}

/// Keeps the first of files that are the same one.
pub fn once(files: &mut Vec<File>) {
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.real.clone()));
}

/// Makes names that are alike longer until no two are.
pub fn name_apart(files: &mut [File]) {
    loop {
        let names = count(files.iter().map(File::name));
        let mut alike: Vec<&mut File> = files.iter_mut().filter(|file| names[&file.name()] > 1).collect();
        if alike.is_empty() {
            return;
        }
        let widened = alike.iter_mut().map(|file| file.widen()).fold(false, |any, widened| any | widened);
        if !widened {
            // names that differ only in bytes that are no text
            for (i, file) in alike.iter_mut().enumerate() {
                file.parts.push(format!("~{}", i + 1));
            }
        }
    }
}

impl File {
    /// Puts the nearest folder in front of the name, if there is one.
    fn widen(&mut self) -> bool {
        let nearest = self.around.pop();
        let widened = nearest.is_some();
        self.parts.splice(0..0, nearest);
        widened
    }
}

/// Where a path really leads; the path itself if nowhere.
pub fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| standing(path))
}

/// The name of the folder that a file lies in; empty if that has none.
pub fn folder_name(path: &Path) -> String {
    let path = standing(path);
    path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
}

/// The path from the root, as typed if that says it, links followed where `..` leaves no other way.
fn standing(path: &Path) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.into());
    if full.components().any(|part| part == Component::ParentDir) { full.canonicalize().unwrap_or(full) } else { full }
}

/// The names on a path, from the outside in.
fn parts(path: &Path) -> Vec<String> {
    let name = |part: Component| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    };
    path.components().filter_map(name).collect()
}

fn is_recording(path: &Path) -> bool {
    sounds_by_name(path) || sounds_by_content(path)
}

fn sounds_by_name(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    extension.is_some_and(|extension| EXTENSIONS.binary_search(&extension.as_str()).is_ok())
}

/// Whether the first bytes are those of a container or stream of sound.
fn sounds_by_content(path: &Path) -> bool {
    let mut head = Vec::with_capacity(12);
    let read = Handle::open(path).and_then(|file| file.take(12).read_to_end(&mut head));
    let four = |at: usize| head.get(at..at + 4);
    read.is_ok()
        && match four(0) {
            Some(b"RIFF" | b"RIFX" | b"RF64") => four(8) == Some(b"WAVE"),
            Some(b"FORM") => matches!(four(8), Some(b"AIFF" | b"AIFC")),
            Some(
                b"OggS" | b"fLaC" | b"caff" | b".snd" | b"#!AM" | b"riff" | b"\x1a\x45\xdf\xa3" | b"\x30\x26\xb2\x75",
            ) => true,
            Some([b'I', b'D', b'3', _] | [0xff, 0xfa | 0xfb | 0xf2 | 0xf3 | 0xf1 | 0xf9, ..]) => true,
            // not the pictures that share the container with m4a
            _ => four(4) == Some(b"ftyp") && !matches!(four(8), Some(b"heic" | b"heix" | b"mif1" | b"avif")),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extensions_can_be_searched() {
        assert!(EXTENSIONS.is_sorted());
        assert!(sounds_by_name(Path::new("A.WAV")) && !sounds_by_name(Path::new("wav")));
    }
}
