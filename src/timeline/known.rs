//! What is known to be a recording, in the place of what the ear made of it.
//!
//! The ear judges by a few seconds, a play by all calls of a line. Music that was heard before is music, also where it sings
//! or is faint; a prompt that the company gave is a voice, also over music.

use super::{Segment, sounds::OVER_MUSIC};
use crate::{
    interval::Interval,
    label::Label,
    repeats::{Naming, Play},
    units::Seconds,
};

/// What is left of a sound beside a play and lasts no longer is the play's own edge.
const EDGE_S: Seconds = 0.3;
/// A pause this long inside a recording is part of it; longer, nobody knows any more that a message goes on.
const MAX_PAUSE_S: Seconds = 2.0;
/// How sure it is that a play is what it is.
const SURE: f32 = 0.95;

/// The sounds of the line, in time's order, with the plays on top.
pub(super) fn repaint(sounds: Vec<Segment>, plays: &[Play]) -> Vec<Segment> {
    sounds.into_iter().flat_map(|sound| pieces(sound, plays)).collect()
}

/// A sound, cut where plays begin and end, each piece with its own label.
fn pieces(sound: Segment, plays: &[Play]) -> Vec<Segment> {
    let over: Vec<&Play> = plays.iter().filter(|p| p.interval.overlap(sound.interval) > 0.0).collect();
    let mut pieces = Vec::with_capacity(1 + 2 * over.len());
    let mut from = sound.interval.start();
    for play in over {
        let Some(inside) = play.interval.intersection(sound.interval) else { continue };
        pieces.extend(beside(&sound, from, inside.start()));
        if inside.duration() > 0.0 {
            pieces.push(played(Segment { interval: inside, ..sound.clone() }, play));
        }
        from = from.max(inside.end());
    }
    if pieces.is_empty() {
        return vec![sound];
    }
    pieces.extend(beside(&sound, from, sound.interval.end()));
    pieces
}

/// The part of `sound` from `from` to `to`, which no play covers.
fn beside(sound: &Segment, from: Seconds, to: Seconds) -> Option<Segment> {
    if to <= from {
        return None;
    }
    let piece = Segment { interval: Interval::new(from, to), ..sound.clone() };
    let is_edge = piece.interval.duration() < EDGE_S.min(0.5 * sound.interval.duration());
    Some(match sound.label {
        Label::Speech | Label::Noise if is_edge => Segment { label: Label::Silence, detail: String::new(), ..piece },
        _ => piece,
    })
}

/// What a piece of a sound is, of which it is known what is played in it.
fn played(piece: Segment, play: &Play) -> Segment {
    let is_given = play.group.naming != Naming::Letter;
    match piece.label {
        _ if !play.group.is_voice() => {
            Segment { label: Label::Music, detail: String::new(), confidence: SURE, ..piece }
        }
        Label::Music if is_given => {
            Segment { label: Label::Speech, detail: OVER_MUSIC.to_owned(), confidence: SURE, ..piece }
        }
        Label::Silence if is_pause_of(play, piece.interval) => {
            Segment { label: Label::Speech, confidence: piece.confidence.min(SURE), ..piece }
        }
        Label::Noise if is_given => Segment { label: Label::Speech, confidence: SURE, ..piece },
        Label::Noise => Segment { label: Label::Speech, confidence: piece.confidence.min(0.7), ..piece },
        _ => piece,
    }
}

/// Whether the recording was heard before `quiet` and is heard again after it, or its file begins or ends there.
fn is_pause_of(play: &Play, quiet: Interval) -> bool {
    let inside = play.interval.start() + EDGE_S < quiet.start() && quiet.end() + EDGE_S < play.interval.end();
    (inside || play.group.naming == Naming::Prompt) && quiet.duration() <= MAX_PAUSE_S
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::repeats::{Group, Kind};

    /// What a recording of `kind` from 1 to 9 s makes of words with `quiet` between them.
    fn with_quiet(kind: Kind, quiet: (Seconds, Seconds)) -> Vec<Label> {
        let at = |start, end, label| Segment {
            interval: Interval::new(start, end),
            label,
            detail: String::new(),
            confidence: 0.9,
        };
        let sounds = vec![
            at(0.5, quiet.0, Label::Speech),
            at(quiet.0, quiet.1, Label::Silence),
            at(quiet.1, 12.0, Label::Speech),
        ];
        let group = Arc::new(Group { name: "menu".into(), kind, length_s: 8.0, ..Group::default() });
        let play = Play { group, interval: Interval::new(1.0, 9.0), offset_s: 0.0, similarity: 0.9 };
        let middle = (quiet.0 + quiet.1) / 2.0;
        let painted = repaint(sounds, &[play]);
        painted.iter().filter(|s| s.interval.contains(middle)).map(|s| s.label).collect()
    }

    #[test]
    fn a_recording_keeps_its_pauses() {
        assert_eq!(with_quiet(Kind::Menu, (4.0, 5.2)), [Label::Speech]);
    }

    #[test]
    fn dead_air_and_the_quiet_at_its_edges_are_not_its() {
        assert_eq!(with_quiet(Kind::Menu, (3.0, 6.0)), [Label::Silence]);
        assert_eq!(with_quiet(Kind::Menu, (8.4, 8.9)), [Label::Silence]);
    }
}
