//! What the machine says again: recordings that are heard more than once, in a call or in other calls of the line.
//!
//! What comes again, sample for sample, is a recording: the strongest evidence that there is of a machine. [`find`] looks
//! for it over all calls of a line at once; the plays of one recording are a [`Group`].
//!
//! # How it works
//! Every 20 ms of a call is a row of 32 bits ([`crate::frames::print`]). [`catalogue`] listens to the calls one after the
//! other and holds each against what it knows and what was left of the calls before: half a row without an error
//! ([`index`]) leads to a place, and what is alike about it is the match ([`align`]). Then all calls are held against the
//! whole catalogue, and [`grouping`] decides what is a play of what, and where one recording ends and another begins;
//! [`rivals`] which of prompts that are nearly alike is played; what two groups turn out to have in common is a group of its
//! own ([`common`]).
//! Prompts that are given are in the catalogue from the start.
//! # Limits
//! A message that is heard once and that nobody named is not found. Two messages that always follow each other at the same
//! distance are one. A person who says the very same twice does so with other samples, and makes no group.

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

mod absorb;
pub mod align;
pub mod catalogue;
mod common;
mod complete;
mod ends;
pub mod grouping;
pub mod index;
mod kinds;
pub mod known;
mod rivals;
pub mod rows;

pub use known::Known;

use crate::{
    detect::Sound,
    heard::ChannelHeard,
    interval::Interval,
    units::{Decibels, Seconds},
};
use grouping::{Cluster, Cuts};
use rows::{ROW_S, Rows};

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

impl Kind {
    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Menu => "menu",
            Self::Apology => "apology",
            Self::Information => "information",
            Self::Advertisement => "advertisement",
            Self::Music => "music",
            Self::Message => "message",
        }
    }
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

impl Naming {
    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prompt => "file",
            Self::Hand => "hand",
            Self::Letter => "letter",
        }
    }
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
    /// What it is known again by, as [`Known::new`] reads it; not kept with an audit.
    #[serde(skip)]
    pub print: String,
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

/// For each of a line's calls, the recordings that are played in it, in time's order; plays do not overlap each other. A
/// recording that is heard only once and that is not among the `known` is not among them. `keys` are the seconds of each
/// call at which the caller pressed one, whichever channel that is heard on.
pub fn find(calls: &[&ChannelHeard], keys: &[Vec<Seconds>], known: &[Known]) -> Vec<Vec<Play>> {
    let sources: Vec<Rows> = calls.iter().map(|h| Rows::new(h)).chain(known.iter().map(|k| k.rows.clone())).collect();
    let recordings = catalogue::discover(&sources, calls.len());
    let index = catalogue::index(&sources, &recordings);
    let own = sources[..calls.len()].par_iter();
    let hits: Vec<_> = own.map(|call| catalogue::plays_in(call, &sources, &recordings, &index)).collect();
    let row = |t: &Seconds| (t / ROW_S) as usize;
    let cuts: Vec<Cuts> = keys.iter().map(|keys| Cuts { keys: keys.iter().map(row).collect() }).collect();
    let music: Vec<bool> = known.iter().map(|k| k.kind == Kind::Music).collect();
    let (mut clusters, mut found) = grouping::group(&sources, &recordings, &hits, &cuts, &music);
    drop_background(calls, &clusters, &mut found);
    ends::carry_on(&sources, known, &mut clusters, &mut found, &cuts);
    let groups = named(&clusters, known, &sources);
    let play = |f: &grouping::Found| Play {
        group: groups[f.group].clone(),
        interval: rows::interval_of(&f.rows),
        offset_s: f.offset as Seconds * ROW_S,
        similarity: f.similarity,
    };
    found.iter().map(|own| own.iter().map(play).collect()).collect()
}

/// Lets go of the plays of what is much fainter than the loud parts of its calls: the noise of a room that comes again, or the
/// other side's echo. Nobody is to hear these; a prompt that was given is one however faint.
fn drop_background(calls: &[&ChannelHeard], clusters: &[Cluster], found: &mut [Vec<grouping::Found>]) {
    /// Of music that somebody waits by nineteen parts in twenty are louder (composed calls), of what was taken for music
    /// behind people's voices two in ten.
    const FAINTER_DB: Decibels = 19.0;
    let mut below: Vec<Vec<Decibels>> = vec![Vec::new(); clusters.len()];
    for (heard, own) in calls.iter().zip(found.iter()) {
        let whole = Interval::new(0.0, heard.print.rows().len() as Seconds * ROW_S);
        let Some(loud) = heard.levels.percentile(whole, 0.95) else { continue };
        for f in own {
            below[f.group].extend(heard.levels.percentile(rows::interval_of(&f.rows), 0.8).map(|own| loud - own));
        }
    }
    let is_faint = |(cluster, mut below): (&Cluster, Vec<Decibels>)| {
        below.sort_by(f32::total_cmp);
        cluster.prompt.is_none() && below.get(below.len() / 2).is_some_and(|b| *b > FAINTER_DB)
    };
    let faint: Vec<bool> = clusters.iter().zip(below).map(is_faint).collect();
    found.iter_mut().for_each(|own| own.retain(|f| !faint[f.group]));
}

/// The seconds at which keys begin on a channel.
pub fn key_times(heard: &ChannelHeard) -> impl Iterator<Item = Seconds> + '_ {
    heard.evidence.iter().filter(|e| matches!(e.sound, Sound::Key(_))).map(|e| e.interval.start())
}

/// The groups with their names: those that are known keep theirs, the others get the letters that are free.
fn named(clusters: &[Cluster], known: &[Known], sources: &[Rows]) -> Vec<Arc<Group>> {
    let mut letters = (0..).map(letters).filter(|letter| known.iter().all(|k| k.name != *letter));
    let mut group = |cluster: &Cluster| {
        let length_s = cluster.rows.len() as Seconds * ROW_S;
        let print = sources[cluster.source].written(cluster.rows.clone());
        match cluster.prompt.and_then(|number| known.get(number)) {
            Some(k) => Group { name: k.name.clone(), naming: k.naming, kind: k.kind, length_s, print },
            None => {
                let kind = if cluster.is_music { Kind::Music } else { Kind::Message };
                let name = letters.next().unwrap_or_default();
                Group { name, naming: Naming::Letter, kind, length_s, print }
            }
        }
    };
    clusters.iter().map(|cluster| Arc::new(group(cluster))).collect()
}

/// `A` to `Z`, then `AA`, `AB` ...
fn letters(number: usize) -> String {
    let last = char::from(b'A' + (number % 26) as u8);
    match number / 26 {
        0 => last.to_string(),
        rest => letters(rest - 1) + &last.to_string(),
    }
}

#[cfg(test)]
mod tests;
