//! What has been heard, kept between runs: one file a recording (MessagePack), named after its content.
//!
//! A recording that was renamed or moved is the same recording; one that was changed is another. Files appear whole or
//! not at all, so that a run may be ended at any moment.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, Read, Write as _},
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

/// How much of a file is read at once while its content is summed up, in bytes.
const READ_BYTES: usize = 1 << 16;

/// What a file that is not complete yet is called in front.
const UNFINISHED: &str = ".unfinished-";

/// A recording's content, as a name: alike for the same bytes, heard in the same way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    name: String,
    content: String,
}

impl Key {
    /// The key of the file at `path` for ears of `version`.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn of(path: &Path, version: &str) -> io::Result<Self> {
        let mut content = Sha256::new();
        let mut file = File::open(path)?;
        let mut block = vec![0; READ_BYTES];
        loop {
            match file.read(&mut block)? {
                0 => break,
                n => content.update(&block[..n]),
            }
        }
        let content = content.finalize();
        let mut name = Sha256::new();
        // a file without a header is read as its extension says
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        for part in [version.as_bytes(), extension.as_encoded_bytes(), &content] {
            name.update((part.len() as u64).to_le_bytes());
            name.update(part);
        }
        Ok(Self { name: hex(&name.finalize()), content: hex(&content) })
    }

    /// The SHA-256 of the file's bytes, in hexadecimal.
    pub fn content(&self) -> &str {
        &self.content
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The folder that it is kept in.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Opens the store in `folder`, making it if need be and clearing out what an interrupted run left half done.
    ///
    /// # Errors
    /// Where the folder cannot be made or read.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { folder })
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(format!("{}.msgpack", key.name))
    }

    /// Whether something is kept under `key`.
    pub fn has(&self, key: &Key) -> bool {
        self.path(key).is_file()
    }

    /// What is kept under `key`; `None` where that is nothing or no longer to be read.
    pub fn load<T: DeserializeOwned>(&self, key: &Key) -> Option<T> {
        rmp_serde::from_slice(&fs::read(self.path(key)).ok()?).ok()
    }

    /// Keeps `heard` under `key`.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn save<T: Serialize>(&self, key: &Key, heard: &T) -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.folder)?;
        file.write_all(&rmp_serde::to_vec(heard).map_err(io::Error::other)?)?;
        file.persist(self.path(key))?;
        Ok(())
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// Where a file cannot be removed.
    pub fn clear(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            fs::remove_file(entry?.path())?;
        }
        Ok(())
    }

    /// Forgets all but what is kept under `keys`, so that the store does not outgrow its audit.
    ///
    /// # Errors
    /// Where a file cannot be removed.
    pub fn keep_only<'a>(&self, keys: impl IntoIterator<Item = &'a Key>) -> io::Result<()> {
        let keys: std::collections::BTreeSet<PathBuf> = keys.into_iter().map(|key| self.path(key)).collect();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if !keys.contains(&path) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_of_content_extension_and_ears_but_not_of_the_name() {
        let folder = tempfile::tempdir().unwrap();
        let key = |name: &str, bytes: &[u8], version: &str| {
            fs::write(folder.path().join(name), bytes).unwrap();
            Key::of(&folder.path().join(name), version).unwrap()
        };
        let one = key("1.wav", b"sound", "1");
        assert_eq!(one, key("2.WAV", b"sound", "1"));
        assert_eq!(one.content(), key("3.alaw", b"sound", "2").content());
        assert_ne!(one, key("1.wav", b"sounds", "1"));
        assert_ne!(one, key("1.alaw", b"sound", "1"));
        assert_ne!(one, key("1.wav", b"sound", "2"));
    }

    #[test]
    fn half_a_file_is_cleared_out_and_a_broken_one_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".unfinished-x"), "half").unwrap();
        let store = Store::open(folder.path().into()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let key = |name: &str| Key { name: name.into(), content: String::new() };
        let (key, other) = (key("a"), key("b"));
        store.save(&key, &vec![1.5, 2.5]).unwrap();
        store.save(&other, &0).unwrap();
        assert_eq!(store.load::<Vec<f64>>(&key), Some(vec![1.5, 2.5]));
        let whole = fs::read(store.path(&key)).unwrap();
        fs::write(store.path(&key), &whole[..whole.len() - 1]).unwrap();
        assert_eq!(store.load::<Vec<f64>>(&key), None);
        store.keep_only([&key]).unwrap();
        assert!(store.has(&key) && !store.has(&other));
    }
}
