//! What the machine says again: recordings that are heard more than once, in a call or in other calls of the line.
//!
//! What comes again, sample for sample, is a recording: the strongest evidence that there is of a machine. [`find`] looks
//! for it over all calls of a line at once; the plays of one recording are a [`Group`].

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    detect::Sound,
    heard::ChannelHeard,
    interval::Interval,
    line::recurrence::{self, Print},
    units::Seconds,
};

/// What a recording is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Says whose line it is.
    Greeting,
    /// Lists what the keys are for.
    Menu,
    /// "All our lines are busy", "it takes longer than usual", "call back later".
    Apology,
    /// The place in the queue, the expected wait, opening hours.
    Information,
    /// Praises something.
    Advertisement,
    /// Music.
    Music,
    /// A message of which nobody said what it is for.
    #[default]
    Message,
}

/// Where a group's name comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Naming {
    /// From the file of the company's own prompt.
    Prompt,
    /// From the hand that wrote the file of groups.
    Hand,
    /// Nobody named it: a letter.
    #[default]
    Letter,
}

/// One recording of a line, however often it is played.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// What it is called, unique within the line: `busy`, or `C`.
    pub name: String,
    /// Where the name comes from.
    pub naming: Naming,
    /// What it is for.
    pub kind: Kind,
    /// How long the whole recording lasts, as far as it was heard.
    pub length_s: Seconds,
}

impl Group {
    /// Whether it is something said, not music.
    pub fn is_voice(&self) -> bool {
        self.kind != Kind::Music
    }
}

/// One time that a recording is heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Play {
    /// What is played; all plays of one recording hold the same.
    #[serde(with = "shared")]
    pub group: Arc<Group>,
    /// When, in the call.
    pub interval: Interval,
    /// At which second of the recording it begins: 0 unless its beginning is missing.
    pub offset_s: Seconds,
    /// The share of the fingerprint's bits that agree, 0.5 (by chance) to 1.
    pub similarity: f32,
}

impl Play {
    /// Whether two plays on one line are of the same recording.
    pub fn is_same(&self, other: &Self) -> bool {
        self.group.name == other.group.name
    }
}

/// A group written down with each of its plays.
mod shared {
    use super::{Arc, Deserialize, Group, Serialize};

    pub fn serialize<S: serde::Serializer>(group: &Arc<Group>, serializer: S) -> Result<S::Ok, S::Error> {
        group.as_ref().serialize(serializer)
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Arc<Group>, D::Error> {
        Group::deserialize(deserializer).map(Arc::new)
    }
}

/// For each of a line's calls, the recordings that are played in it, in time's order; plays of voices do not overlap each
/// other. A recording that is heard only once and that nobody named is not among them.
pub fn find(calls: &[&ChannelHeard]) -> Vec<Vec<Play>> {
    let prints: Vec<Print> = calls.iter().map(|h| Print::new(&h.timbre)).collect();
    let voices = |h: &&ChannelHeard| -> Vec<Interval> {
        let is_voice = |s: &Sound| matches!(s, Sound::Speech | Sound::SpeechOverMusic);
        h.evidence.iter().filter(|e| is_voice(&e.sound)).map(|e| e.interval).collect()
    };
    let voices: Vec<Vec<Interval>> = calls.iter().map(voices).collect();
    let compared: Vec<recurrence::Call<'_>> =
        prints.iter().zip(&voices).map(|(print, voices)| recurrence::Call { print, voices }).collect();
    let recurring = recurrence::recurring(&compared);
    let all: Vec<(usize, Interval)> =
        recurring.iter().enumerate().flat_map(|(call, found)| found.iter().map(move |&i| (call, i))).collect();
    let mut groups: Vec<Vec<(usize, Interval)>> = Vec::new();
    for stretch in all {
        let same =
            |member: &(usize, Interval)| recurrence::same(&prints[stretch.0], stretch.1, &prints[member.0], member.1);
        match groups.iter_mut().find(|group| same(&group[0])) {
            Some(group) => group.push(stretch),
            None => groups.push(vec![stretch]),
        }
    }
    let mut plays: Vec<Vec<Play>> = vec![Vec::new(); calls.len()];
    for (number, members) in groups.into_iter().enumerate() {
        let length_s = members.iter().map(|m| m.1.duration()).fold(0.0, Seconds::max);
        let group = Arc::new(Group { name: letters(number), length_s, ..Group::default() });
        for (call, interval) in members {
            plays[call].push(Play { group: group.clone(), interval, offset_s: 0.0, similarity: 0.8 });
        }
    }
    plays.iter_mut().for_each(|p| p.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start())));
    plays
}

/// `A` to `Z`, then `AA`, `AB` ...
fn letters(number: usize) -> String {
    let last = char::from(b'A' + (number % 26) as u8);
    match number / 26 {
        0 => last.to_string(),
        rest => letters(rest - 1) + &last.to_string(),
    }
}
