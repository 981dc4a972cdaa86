//! Recordings whose names are known before listening: the company's own prompts, and groups that were named by hand.

use std::ops::Range;

use super::{
    Kind, Naming,
    grouping::Cluster,
    rows::{PAUSE_BELOW_DB, PAUSE_DBFS, ROW_S, Rows},
};
use crate::{
    heard::{ChannelHeard, Levels},
    interval::Interval,
    units::Seconds,
};

/// A recording that is looked for by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it is called.
    pub name: String,
    /// Who says so.
    pub naming: Naming,
    /// What it is for.
    pub kind: Kind,
    pub(super) rows: Rows,
    /// The rows from the first to the last that can be heard in its own file; none where there is no file.
    audible: Range<usize>,
}

impl Known {
    /// A prompt that was heard from its own file called `name`: its kind is what the name says.
    pub fn prompt(name: &str, heard: &ChannelHeard) -> Self {
        let rows = Rows::new(heard);
        let audible = audible(&heard.levels, rows.len());
        Self { name: name.to_owned(), naming: Naming::Prompt, kind: kind_of(name), rows, audible }
    }

    /// A group that was heard before: `print` is what it was known by.
    pub fn new(name: &str, naming: Naming, kind: Kind, print: &str) -> Self {
        Self { name: name.to_owned(), naming, kind, rows: Rows::read(print), audible: 0..0 }
    }

    /// The rows of the recording from the first to the last that can be heard, if `cluster` is all of it and it has a file.
    pub(super) fn whole(&self, cluster: &Cluster) -> Option<Range<usize>> {
        let searched = self.rows.trimmed(0..self.rows.len());
        let (first, end) = (self.audible.start.min(searched.start), self.audible.end.max(searched.end));
        (!self.audible.is_empty() && cluster.rows == searched).then_some(first..end)
    }

    /// Seconds in which anything sounds: what is shorter than a second cannot be told from other sounds.
    pub fn sounding_s(&self) -> Seconds {
        self.rows.live(0..self.rows.len()) as Seconds * ROW_S
    }
}

/// The rows of a file of `n` from the first to the last that anybody can hear. The room in which it was spoken is heard with
/// it and ends with it; a file has no line's noise that could be taken for that.
fn audible(levels: &Levels, n: usize) -> Range<usize> {
    let whole = Interval::new(0.0, n as Seconds * ROW_S);
    let least = levels.percentile(whole, 0.95).map_or(PAUSE_DBFS, |loud| PAUSE_DBFS.max(loud - PAUSE_BELOW_DB));
    let per_level = (Levels::STEP_S / ROW_S).round() as usize;
    let mut audible = levels.within(whole).enumerate().filter(|(_, level)| *level >= least).map(|(step, _)| step);
    let Some(first) = audible.next() else { return 0..0 };
    let last = audible.last().unwrap_or(first);
    first * per_level..((last + 1) * per_level).min(n)
}

/// Parts of file names that say what a prompt is for, Dutch and English; the first that fits decides.
const NAMES: [(&str, Kind); 38] = [
    ("music", Kind::Music),
    ("muziek", Kind::Music),
    ("moh", Kind::Music),
    ("menu", Kind::Menu),
    ("keuze", Kind::Menu),
    ("choice", Kind::Menu),
    ("option", Kind::Menu),
    ("busy", Kind::Apology),
    ("bezet", Kind::Apology),
    ("druk", Kind::Apology),
    ("sorry", Kind::Apology),
    ("apolog", Kind::Apology),
    ("excuse", Kind::Apology),
    ("later", Kind::Apology),
    ("longer", Kind::Apology),
    ("langer", Kind::Apology),
    ("position", Kind::Information),
    ("positie", Kind::Information),
    ("plaats", Kind::Information),
    ("wachtenden", Kind::Information),
    ("wachttijd", Kind::Information),
    ("wait", Kind::Information),
    ("wacht", Kind::Apology),
    ("hold", Kind::Apology),
    ("closed", Kind::Information),
    ("gesloten", Kind::Information),
    ("opening", Kind::Information),
    ("hours", Kind::Information),
    ("info", Kind::Information),
    ("notice", Kind::Information),
    ("advert", Kind::Advertisement),
    ("reclame", Kind::Advertisement),
    ("promo", Kind::Advertisement),
    ("actie", Kind::Advertisement),
    ("greet", Kind::Greeting),
    ("welcome", Kind::Greeting),
    ("welkom", Kind::Greeting),
    ("begroet", Kind::Greeting),
];

/// What a prompt is for, by its name.
fn kind_of(name: &str) -> Kind {
    let name = name.to_lowercase();
    NAMES.iter().find(|(part, _)| name.contains(part)).map_or(Kind::Message, |(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_says_what_the_prompt_is_for() {
        for (name, kind) in [
            ("greeting", Kind::Greeting),
            ("Welkomsttekst 2026", Kind::Greeting),
            ("menu-1", Kind::Menu),
            ("keuzemenu", Kind::Menu),
            ("alle_lijnen_bezet", Kind::Apology),
            ("busy", Kind::Apology),
            ("position", Kind::Information),
            ("wachttijd", Kind::Information),
            ("aantal wachtenden", Kind::Information),
            ("wachtmuziek", Kind::Music),
            ("zomeractie", Kind::Advertisement),
            ("prompt_017", Kind::Message),
        ] {
            assert_eq!(kind_of(name), kind, "{name}");
        }
    }
}
