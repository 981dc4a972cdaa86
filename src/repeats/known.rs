//! Recordings whose names are known before listening: the company's own prompts, and groups that were named by hand.

use super::{
    Kind, Naming,
    rows::{ROW_S, Rows},
};
use crate::{heard::ChannelHeard, units::Seconds};

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
}

impl Known {
    /// A prompt that was heard from its own file called `name`: its kind is what the name says.
    pub fn prompt(name: &str, heard: &ChannelHeard) -> Self {
        Self { name: name.to_owned(), naming: Naming::Prompt, kind: kind_of(name), rows: Rows::new(heard) }
    }

    /// A group that was heard before: `print` is what it was known by.
    pub fn new(name: &str, naming: Naming, kind: Kind, print: &str) -> Self {
        Self { name: name.to_owned(), naming, kind, rows: Rows::read(print) }
    }

    /// Seconds in which anything sounds: what is shorter than a second cannot be told from other sounds.
    pub fn sounding_s(&self) -> Seconds {
        self.rows.live(0..self.rows.len()) as Seconds * ROW_S
    }
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
