//! The voices that the examples are composed of.

use std::{fs, path::Path};

use bezet::{audio, simulate::Clip};

/// Those in `folder`, always in the same order.
pub fn voices(folder: &str) -> Vec<Clip> {
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ingredients").join(folder))
}

/// All recordings below `folder`.
fn below(folder: &Path) -> Vec<Clip> {
    let mut clips = vec![];
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            clips.extend(below(&path));
            continue;
        }
        let mut stream = audio::open(&path).unwrap();
        let mut samples = vec![];
        while let Some(block) = stream.next_block().unwrap() {
            samples.extend_from_slice(&block[0]);
        }
        clips.push(Clip::new(samples));
    }
    clips
}
