//! Who and what is to be heard on one line: its prompts, its music, its people, none of whom says a sentence twice.

use std::collections::BTreeMap;

use super::{SimulateError, clip::Clip, ingredients::Ingredients, script::LineScript};
use crate::{
    synth::{
        random::Random,
        tune::{LOOP_NOTES, Timbre, Tune},
    },
    units::{Decibels, Seconds},
};

/// The pause between two files that make up one prompt.
const JOINT_S: Seconds = 0.25;

/// The sounds of a line, read once.
pub(super) struct Cast<'a> {
    ingredients: &'a Ingredients,
    music: Vec<f32>,
    prompts: BTreeMap<String, Clip>,
    /// What each speaker has not said yet.
    unsaid: BTreeMap<String, Vec<Clip>>,
    random: Random,
}

impl<'a> Cast<'a> {
    /// The cast of `line`; `random` shuffles what people say.
    pub fn new(ingredients: &'a Ingredients, line: &LineScript, random: Random) -> Result<Self, SimulateError> {
        let music = music(ingredients, &line.music, line.sound.music_level)?;
        Ok(Self { ingredients, music, prompts: BTreeMap::new(), unsaid: BTreeMap::new(), random })
    }

    /// One round of the hold music; never empty.
    pub fn music(&self) -> &[f32] {
        &self.music
    }

    /// One round of another piece of music; never empty.
    pub fn piece(&self, name: &str, level: Decibels) -> Result<Vec<f32>, SimulateError> {
        music(self.ingredients, name, level)
    }

    /// The prompts played so far, as the company has them on file.
    pub fn prompts(&self) -> &BTreeMap<String, Clip> {
        &self.prompts
    }

    /// The prompt called `name`.
    pub fn prompt(&mut self, line: &LineScript, name: &str) -> Result<Clip, SimulateError> {
        if let Some(known) = self.prompts.get(name) {
            return Ok(known.clone());
        }
        let own = [name.to_string()];
        let files = line.prompts.get(name).map_or(&own[..], Vec::as_slice);
        let parts: Result<Vec<Clip>, _> =
            files.iter().map(|file| Ok(self.ingredients.prompt(&line.voice, file)?.trimmed())).collect();
        let prompt = Clip::joined(&parts?, JOINT_S).levelled(line.sound.prompt_level);
        if prompt.samples.is_empty() {
            return Err(SimulateError::SaysNothing { speaker: format!("{} ({name})", line.voice) });
        }
        self.prompts.insert(name.into(), prompt.clone());
        Ok(prompt)
    }

    /// What `speaker` has not said before; once all is said, at another pitch: live speech never comes again.
    pub fn utterance(&mut self, speaker: &str) -> Result<Clip, SimulateError> {
        if self.unsaid.get(speaker).is_none_or(Vec::is_empty) {
            let again = self.unsaid.contains_key(speaker);
            let mut said = self.ingredients.utterances(speaker)?;
            if again {
                said = said.iter().map(|clip| clip.faster(self.random.uniform(0.9, 1.1))).collect();
            }
            self.random.shuffle(&mut said);
            self.unsaid.insert(speaker.into(), said);
        }
        let left = self.unsaid.get_mut(speaker).and_then(Vec::pop);
        left.ok_or_else(|| SimulateError::SaysNothing { speaker: speaker.into() })
    }
}

/// The music that a script names.
fn music(ingredients: &Ingredients, name: &str, level: Decibels) -> Result<Vec<f32>, SimulateError> {
    let Some(tune) = name.strip_prefix("tune:") else {
        let clip = ingredients.music(name)?.levelled(level);
        let silent = clip.voiced(0.0).is_empty();
        return if silent { Err(SimulateError::SaysNothing { speaker: name.into() }) } else { Ok(clip.samples) };
    };
    let unknown = || SimulateError::NoSuchTune { tune: name.into() };
    let (piece, timbre) = tune.split_once(':').ok_or_else(unknown)?;
    let timbre = Timbre::ALL.into_iter().find(|t| t.name() == timbre).ok_or_else(unknown)?;
    let tune = match (piece, piece.strip_prefix("chance-")) {
        ("piece", _) => Tune::piece(),
        (_, Some(seed)) => Tune::by_chance(&mut Random::new(seed.parse().map_err(|_| unknown())?)),
        (notes, None) => Tune::of_notes(notes.parse().ok().filter(|n| LOOP_NOTES.contains(n)).ok_or_else(unknown)?),
    };
    Ok(tune.play(timbre, level))
}
