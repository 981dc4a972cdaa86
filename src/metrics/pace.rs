//! The pace of a line's queue: how long its music plays from one message to the next.
//!
//! A queue plays its messages by the clock. A message that comes out of turn, with the music broken off before its time, was not
//! the queue's own: the time-out of a queue leads on to what the line says next. One call may be too short to show the pace;
//! the others of its line show it.

use super::measure::Moments;
use crate::{heard::Levels, timeline::compose::Course, units::Seconds};

/// How well the music between two messages keeps its length, as the ear has it.
const SAME_S: Seconds = 0.5;

/// How long a line's music plays between two messages, each time that it was heard in any of its calls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pace {
    turns: Vec<Seconds>,
}

impl Pace {
    /// The pace of the line whose calls these are.
    pub fn of<'a>(calls: impl IntoIterator<Item = (&'a Course, &'a Levels)>) -> Self {
        let unknown = Self::default();
        let turns = |(course, levels)| Moments::find(course, levels, &unknown).music_turns().collect::<Vec<_>>();
        Self { turns: calls.into_iter().flat_map(turns).collect() }
    }

    /// Whether a message after so many seconds of music comes in turn. Where no pace is known, none does.
    pub(super) fn is_in_turn(&self, music_s: Seconds) -> bool {
        self.turns.iter().any(|turn| (turn - music_s).abs() <= SAME_S)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_in_turn_where_the_music_before_it_is_as_long_as_elsewhere() {
        let pace = Pace { turns: vec![30.1, 29.6, 30.0] };
        assert!(pace.is_in_turn(30.4) && pace.is_in_turn(29.2));
        assert!(!pace.is_in_turn(12.0) && !pace.is_in_turn(45.0));
    }

    #[test]
    fn without_a_pace_nothing_is_in_turn() {
        assert!(!Pace::default().is_in_turn(30.0));
    }
}
