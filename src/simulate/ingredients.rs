//! The sounds that calls are composed from: a folder of prompts, people, music and noise.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{SimulateError, clip::Clip};
use crate::audio;

/// What the recordings among the ingredients are called; what is inside, they tell by themselves.
const ENDINGS: [&str; 8] = ["wav", "flac", "mp3", "ogg", "opus", "m4a", "alaw", "ulaw"];

/// What lies below a folder of ingredients. Any of its parts may be missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ingredients {
    /// Recorded prompts: `prompts/VOICE/NAME.*`.
    pub prompts: BTreeMap<String, BTreeMap<String, PathBuf>>,
    /// Live speech, one utterance or more a file: `people/SPEAKER/NAME.*`.
    pub people: BTreeMap<String, BTreeMap<String, PathBuf>>,
    /// Hold music: `music/NAME.*`.
    pub music: BTreeMap<String, PathBuf>,
    /// Noise of rooms: `noise/NAME.*`.
    pub noise: BTreeMap<String, PathBuf>,
}

impl Ingredients {
    /// Looks what there is below `folder`.
    ///
    /// # Errors
    /// Where it is no folder, cannot be read, or holds none of the four.
    pub fn find(folder: &Path) -> Result<Self, SimulateError> {
        if !folder.is_dir() {
            return Err(SimulateError::NoFolder { folder: folder.into() });
        }
        let found = Self {
            prompts: nested(&folder.join("prompts"))?,
            people: nested(&folder.join("people"))?,
            music: recordings(&folder.join("music"))?,
            noise: recordings(&folder.join("noise"))?,
        };
        if found == Self::default() {
            return Err(SimulateError::NoIngredients { folder: folder.into() });
        }
        Ok(found)
    }

    /// A prompt's recording.
    pub(super) fn prompt(&self, voice: &str, name: &str) -> Result<Clip, SimulateError> {
        let files = named(&self.prompts, "prompts", voice)?;
        read(named(files, &format!("prompts/{voice}"), name)?)
    }

    /// All that a speaker says, utterance by utterance, in the order of the files' names.
    pub(super) fn utterances(&self, speaker: &str) -> Result<Vec<Clip>, SimulateError> {
        let mut said = vec![];
        for file in named(&self.people, "people", speaker)?.values() {
            said.extend(read(file)?.utterances());
        }
        if said.is_empty() { Err(SimulateError::SaysNothing { speaker: speaker.into() }) } else { Ok(said) }
    }

    /// A piece of music.
    pub(super) fn music(&self, name: &str) -> Result<Clip, SimulateError> {
        read(named(&self.music, "music", name)?)
    }

    /// A room's noise.
    pub(super) fn noise(&self, name: &str) -> Result<Clip, SimulateError> {
        read(named(&self.noise, "noise", name)?)
    }
}

/// The entry of that name, or which ones there are.
fn named<'a, T>(entries: &'a BTreeMap<String, T>, folder: &str, name: &str) -> Result<&'a T, SimulateError> {
    entries.get(name).ok_or_else(|| {
        let known = entries.keys().take(12).map(String::as_str).collect::<Vec<_>>().join(", ");
        SimulateError::NoSuchIngredient { folder: folder.into(), name: name.into(), known }
    })
}

/// The files of each folder below `folder`.
fn nested(folder: &Path) -> Result<BTreeMap<String, BTreeMap<String, PathBuf>>, SimulateError> {
    let mut out = BTreeMap::new();
    for entry in listing(folder)? {
        if entry.is_dir() {
            let files = recordings(&entry)?;
            if !files.is_empty() {
                out.insert(stem(&entry), files);
            }
        }
    }
    Ok(out)
}

/// The recordings in `folder`, by name.
fn recordings(folder: &Path) -> Result<BTreeMap<String, PathBuf>, SimulateError> {
    let ending = |path: &Path| path.extension().unwrap_or_default().to_ascii_lowercase();
    let is_sound = |path: &PathBuf| ENDINGS.iter().any(|known| ending(path) == *known) && path.is_file();
    Ok(listing(folder)?.into_iter().filter(is_sound).map(|path| (stem(&path), path)).collect())
}

/// What lies in `folder`; nothing if there is no such folder.
fn listing(folder: &Path) -> Result<Vec<PathBuf>, SimulateError> {
    let unreadable = |error: io::Error| SimulateError::Read { file: folder.into(), why: error.into() };
    match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(vec![]),
        entries => entries.map_err(unreadable)?.map(|e| e.map(|e| e.path()).map_err(unreadable)).collect(),
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The sound of a file at 8 kHz, both channels of two mixed.
fn read(file: &Path) -> Result<Clip, SimulateError> {
    let unreadable = |why: audio::ReadError| SimulateError::Read { file: file.into(), why };
    let mut stream = audio::open(file).map_err(unreadable)?;
    let mut samples = vec![];
    while let Some(block) = stream.next_block().map_err(unreadable)? {
        let share = 1.0 / block.len() as f32;
        samples.extend((0..block[0].len()).map(|i| block.iter().map(|channel| channel[i]).sum::<f32>() * share));
    }
    Ok(Clip::new(samples))
}
