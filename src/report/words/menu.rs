//! Words about phone menus.

use std::io;

use super::{Language, Say, decimal, phrase::of_menu, seconds};
use crate::{
    menu::{
        analysis::silence::EndKind,
        graph::RemarkKind,
        import::{ImportError, Problem},
    },
    units::Seconds,
};

/// Fixed words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// Over the costs.
    HeadingReasons,
    /// Over the silent caller.
    HeadingSilence,
    /// Over the menus.
    HeadingMenus,
    /// Over what importing left out.
    HeadingRemarks,
    /// What callers want.
    ColumnReason,
    /// Where that ends.
    ColumnGoal,
    /// Keys pressed.
    ColumnKeys,
    /// Choices listened to.
    ColumnChoices,
    /// When the option has been heard.
    ColumnHeard,
    /// When the goal is reached.
    ColumnReached,
    /// The same for a caller who knows the keys.
    ColumnRepeat,
    /// The worst case.
    ColumnWorst,
    /// In place of a contact reason.
    AnyPerson,
    /// Nothing leads to the goal.
    NoWay,
    /// What leads to the goal can never be taken.
    WayRuledOut,
    /// The goal is reached outside opening hours or after a failure only.
    WayOutOfHours,
    /// The system can lead callers elsewhere.
    WorstElsewhere,
    /// Silence leads to a person.
    PersonBySilence,
    /// Nothing leads to a person.
    PersonNever,
    /// Whether anything leads to a person is not known.
    PersonUnknown,
    /// Between ends.
    Or,
    /// A menu that no call gets to.
    NotReached,
    /// Back to the same menu.
    Again,
}

/// A fixed word or sentence.
pub fn phrase(language: Language, phrase: Phrase) -> &'static str {
    language.of(match phrase {
        Phrase::HeadingReasons => {
            ("Wat het een beller kost (binnen openingstijden)", "What it costs a caller (in opening hours)")
        }
        Phrase::HeadingSilence => ("Wie niets doet", "Who does nothing"),
        Phrase::HeadingMenus => (
            "Menu's: toets, waarheen, en na hoeveel seconden die keuze is genoemd",
            "Menus: key, where to, and after how many seconds that choice has been said",
        ),
        Phrase::HeadingRemarks => (
            "Wat de definitie niet vertelt, of wat is overgeslagen",
            "What the definition does not tell, or what was passed over",
        ),
        Phrase::ColumnReason => ("belt voor", "calls for"),
        Phrase::ColumnGoal => ("komt bij", "gets to"),
        Phrase::ColumnKeys => ("toetsen", "keys"),
        Phrase::ColumnChoices => ("keuzes gehoord", "choices heard"),
        Phrase::ColumnHeard => ("keuze bekend na", "choice known after"),
        Phrase::ColumnReached => ("daar na", "there after"),
        Phrase::ColumnRepeat => ("wie de toetsen kent", "who knows the keys"),
        Phrase::ColumnWorst => ("ongunstigst", "worst case"),
        Phrase::AnyPerson => ("een medewerker, welke dan ook", "any person"),
        Phrase::NoWay => ("geen weg", "no way"),
        Phrase::WayRuledOut => ("getekend, maar nooit te nemen", "drawn, but can never be taken"),
        Phrase::WayOutOfHours => {
            ("alleen buiten openingstijd of na een storing", "only out of hours or after a failure")
        }
        Phrase::WorstElsewhere => ("komt mogelijk elders uit", "may end elsewhere"),
        Phrase::PersonBySilence => (
            "Een medewerker of wachtrij is bereikbaar zonder een toets in te drukken.",
            "A person or queue can be reached without pressing a key.",
        ),
        Phrase::PersonNever => {
            ("Geen enkele weg leidt naar een medewerker of wachtrij.", "No way leads to a person or queue.")
        }
        Phrase::PersonUnknown => (
            "Of een weg naar een medewerker leidt, vertelt de definitie niet.",
            "Whether a way leads to a person, the definition does not tell.",
        ),
        Phrase::Or => ("; of ", "; or "),
        Phrase::NotReached => ("  hier komt geen gesprek", "  no call gets here"),
        Phrase::Again => ("hetzelfde menu nog eens", "the same menu again"),
    })
}

/// Things that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Menus.
    Menus,
    /// Options of menus.
    Options,
    /// Steps that ask for digits.
    Collects,
    /// Dead ends.
    DeadEnds,
    /// Exits for failures that end the call.
    ErrorExits,
    /// References to what is not there.
    Dangling,
    /// Nodes that no call gets to.
    Unreachable,
    /// Ways that the definition does not tell the end of.
    Unresolved,
}

/// So many things; empty for no collects.
pub fn count(language: Language, count: Count, number: usize) -> String {
    let one = number == 1;
    let noun = language.of(match (count, one) {
        (Count::Menus, true) => ("menu", "menu"),
        (Count::Menus, false) => ("menu's", "menus"),
        (Count::Options, true) => ("keuze", "option"),
        (Count::Options, false) => ("keuzes", "options"),
        (Count::Collects, _) if number == 0 => return String::new(),
        (Count::Collects, true) => ("keer een nummer intoetsen", "step that asks for a number"),
        (Count::Collects, false) => ("keer een nummer intoetsen", "steps that ask for a number"),
        (Count::DeadEnds, true) => (
            "doodlopend eind: de beller wordt opgehangen zonder geholpen te zijn",
            "dead end: the caller is cut off without help",
        ),
        (Count::DeadEnds, false) => (
            "doodlopende einden: de beller wordt opgehangen zonder geholpen te zijn",
            "dead ends: the caller is cut off without help",
        ),
        (Count::ErrorExits, true) => (
            "uitgang bij een storing die het gesprek beëindigt (apart geteld)",
            "exit on a failure that ends the call (counted apart)",
        ),
        (Count::ErrorExits, false) => (
            "uitgangen bij een storing die het gesprek beëindigen (apart geteld)",
            "exits on failures that end the call (counted apart)",
        ),
        (Count::Dangling, true) => {
            ("verwijzing naar iets dat niet bestaat", "reference to something that does not exist")
        }
        (Count::Dangling, false) => {
            ("verwijzingen naar iets dat niet bestaat", "references to something that does not exist")
        }
        (Count::Unreachable, true) => ("stap waar geen gesprek komt", "step that no call gets to"),
        (Count::Unreachable, false) => ("stappen waar geen gesprek komt", "steps that no call gets to"),
        (Count::Unresolved, true) => ("weg waarvan het einde niet bekend is", "way whose end is not known"),
        (Count::Unresolved, false) => ("wegen waarvan het einde niet bekend is", "ways whose end is not known"),
    });
    format!("{number} {noun}")
}

/// The most menus on one way.
pub fn depth(language: Language, menus: u32) -> String {
    match language {
        Language::Nl => format!("hoogstens {menus} menu's achter elkaar"),
        Language::En => format!("at most {menus} menus in a row"),
    }
}

/// The fewest keys to a person.
pub fn keys_to_person(language: Language, keys: u32) -> String {
    match (language, keys) {
        (Language::Nl, 1) => "De kortste weg naar een medewerker of wachtrij is 1 toets.".into(),
        (Language::Nl, _) => format!("De kortste weg naar een medewerker of wachtrij is {keys} toetsen."),
        (Language::En, 1) => "The shortest way to a person or queue is 1 key.".into(),
        (Language::En, _) => format!("The shortest way to a person or queue is {keys} keys."),
    }
}

/// What a `~` before a length means.
pub fn estimated(language: Language, rate: f64, longest_s: Seconds, range: [Seconds; 2], fitted: bool) -> String {
    let rate = decimal(language, rate, 1);
    let [longest, fast, slow] = [longest_s, range[0], range[1]].map(|value| seconds(language, value));
    match (language, fitted) {
        (Language::Nl, false) => format!(
            "~ is geschat uit de tekst, bij {rate} lettergrepen per seconde; {longest} kan {fast} zijn bij een vlotte en \
             {slow} bij een trage stem."
        ),
        (Language::Nl, true) => format!(
            "~ is geschat uit de tekst, bij {rate} lettergrepen per seconde: zo snel spreekt de stem in de opnamen."
        ),
        (Language::En, false) => format!(
            "~ is estimated from the words (Dutch: {rate} syllables a second, else 2.5 words); {longest} may be {fast} \
             with a fast and {slow} with a slow voice."
        ),
        (Language::En, true) => format!(
            "~ is estimated from the words, at {rate} syllables a second: the speed of the voice in the recordings."
        ),
    }
}

/// Why some lengths are not known.
pub fn no_length(language: Language, nodes: &[&str]) -> String {
    let names = list(nodes);
    match language {
        Language::Nl => {
            format!("? is niet te bepalen: van {names} is tekst noch opname (of de wachttijd niet) bekend.")
        }
        Language::En => {
            format!("? cannot be told: neither words nor recording (or not the wait) of {names} are known.")
        }
    }
}

/// Costs were reckoned from some starts only.
pub fn more_starts(language: Language, shown: usize, all: usize) -> String {
    match language {
        Language::Nl => format!("Berekend vanaf de eerste {shown} van {all} plaatsen waar gesprekken binnenkomen."),
        Language::En => format!("Reckoned from the first {shown} of {all} places where calls come in."),
    }
}

/// Menus that are not written out.
pub fn more_menus(language: Language, more: usize) -> String {
    match language {
        Language::Nl => format!("en nog {more} menu's; met --format json staan ze er alle"),
        Language::En => format!("and {more} more menus; --format json lists them all"),
    }
}

/// A reference to something that is not there.
pub fn missing(language: Language, name: &str) -> String {
    let name = if name.is_empty() { "-" } else { name };
    match language {
        Language::Nl => format!("bestaat niet: {name}"),
        Language::En => format!("does not exist: {name}"),
    }
}

fn list(names: &[&str]) -> String {
    /// More names than this are not read.
    const MOST: usize = 5;
    let mut shown = names.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        shown += ", ...";
    }
    shown
}

/// Where a silent caller ends; `place` says where.
pub fn end(language: Language, kind: EndKind, place: &str, after_s: Option<Seconds>) -> String {
    let after = match (language, after_s) {
        (Language::Nl, Some(value)) => format!(" na {}", seconds(language, value)),
        (Language::Nl, None) => " (na hoelang is niet bekend)".into(),
        (Language::En, Some(value)) => format!(" after {}", seconds(language, value)),
        (Language::En, None) => " (after how long is not known)".into(),
    };
    match (language, kind) {
        (Language::Nl, EndKind::Person | EndKind::Voicemail | EndKind::Callback) => format!("komt{after} bij {place}"),
        (Language::Nl, EndKind::Unknown) => format!("komt{after} bij {place}; wat daarachter zit, is niet bekend"),
        (Language::Nl, EndKind::Hangup) => format!("wordt{after} opgehangen"),
        (Language::Nl, EndKind::Dangling) => format!("loopt{after} vast: na {place} bestaat de volgende stap niet"),
        (Language::Nl, EndKind::Unhandled) => format!("loopt vast bij {place}: daar staat niet wat stilte doet"),
        (Language::En, EndKind::Person | EndKind::Voicemail | EndKind::Callback) => format!("gets to {place}{after}"),
        (Language::En, EndKind::Unknown) => format!("gets to {place}{after}; what is behind it is not known"),
        (Language::En, EndKind::Hangup) => format!("is cut off{after}"),
        (Language::En, EndKind::Dangling) => format!("gets stuck{after}: the step behind {place} does not exist"),
        (Language::En, EndKind::Unhandled) => format!("gets stuck at {place}: nothing says what silence does there"),
    }
}

/// A silent caller who is never let go.
pub fn endless(language: Language, nodes: &[&str]) -> String {
    match language {
        Language::Nl => format!("blijft eindeloos rondgaan in {}", list(nodes)),
        Language::En => format!("goes round for ever in {}", list(nodes)),
    }
}

/// What importing left out or supposed.
pub fn remark(language: Language, kind: RemarkKind) -> &'static str {
    language.of(match kind {
        RemarkKind::OtherChannels => {
            ("takken voor chat of berichten, overgeslagen", "branches for chat or messages, passed over")
        }
        RemarkKind::Variables => {
            ("waarden die alleen het draaiende systeem kent", "values that only the running system knows")
        }
        RemarkKind::OtherFiles => {
            ("verwijzingen naar bestanden die er niet bij zijn", "references to files that were not given")
        }
        RemarkKind::NotEntered => (
            "delen waar geen telefoonnummer heen leidt, overgeslagen",
            "parts that no telephone number leads to, passed over",
        ),
        RemarkKind::VendorDemo => {
            ("dit is een voorbeeldbestand van de leverancier", "this is a demonstration file of the vendor")
        }
        RemarkKind::Decoded => ("niet in UTF-8; gelezen als", "not UTF-8; read as"),
        RemarkKind::Mended => ("gebrekkig, en toch gelezen", "broken, and read all the same"),
        RemarkKind::Placeholders => ("invulplaatsen van een sjabloon", "placeholders of a template"),
        RemarkKind::NotUnderstood => {
            ("onderdelen die niet begrepen zijn, overgeslagen", "parts that were not understood, passed over")
        }
    })
}

/// Why a definition could not be read, with its place and what helps.
pub fn import_error(language: Language, error: &ImportError) -> String {
    match language {
        Language::En => error.to_string(),
        Language::Nl => {
            let line = error.line.map(|line| format!(", regel {line}")).unwrap_or_default();
            let column = error.column.map(|column| format!(", teken {column}")).unwrap_or_default();
            format!("{}{line}{column}: {}; {}", error.file, problem(&error.problem), remedy(&error.problem))
        }
    }
}

fn problem(problem: &Problem) -> String {
    match problem {
        Problem::Io { kind, .. } => {
            format!("het bestand kan niet worden gelezen ({})", io::Error::from(*kind).dutch())
        }
        Problem::Empty => "het bestand is leeg".into(),
        Problem::TooLarge(detail) => format!("te groot ({})", of_menu(detail)),
        Problem::Encoding(detail) => format!("dit is geen tekst ({})", of_menu(detail)),
        Problem::Unrecognised(_) => "dit is geen menu-definitie die hier bekend is".into(),
        Problem::Syntax(detail) => format!("de opmaak klopt hier niet ({detail})"),
        Problem::Unsupported { what, .. } => format!("dit wordt niet gelezen: {}", of_menu(what)),
        Problem::Template(detail) => format!("dit is een sjabloon ({detail}), niet de definitie die eruit ontstaat"),
        Problem::NoFlow(detail) => format!("er staat geen keuzemenu in ({})", of_menu(detail)),
        Problem::UnknownField { field, place, .. } => format!("{field:?} is geen onderdeel van {}", of_menu(place)),
        Problem::Missing { field, .. } => format!("hier ontbreekt {field:?}"),
        Problem::Duplicate { what, .. } => format!("dubbel: {}", of_menu(what)),
        Problem::Dangling { from, to, .. } => format!("{} verwijst naar {to:?}, en dat bestaat niet", of_menu(from)),
        Problem::Value { place, detail } => format!("{} klopt niet ({})", of_menu(place), of_menu(detail)),
    }
}

fn remedy(problem: &Problem) -> String {
    match problem {
        Problem::Io { .. } => "kijk of het er is en of u het mag lezen".into(),
        Problem::Empty => "exporteer het menu opnieuw".into(),
        Problem::TooLarge(_) => "geef alleen het deel dat het menu bepaalt".into(),
        Problem::Encoding(_) => "sla het bestand op als UTF-8 (in Kladblok: Opslaan als, Codering)".into(),
        Problem::Unrecognised(_) => {
            "geef het bestand dat de telefooncentrale exporteert, of begin er een met --new".into()
        }
        Problem::Syntax(_) => "verbeter deze plek, of exporteer het menu opnieuw".into(),
        Problem::Unsupported { remedy, .. } => of_menu(remedy),
        Problem::Template(_) => "geef wat het draaiende systeem ervan maakt".into(),
        Problem::NoFlow(_) => "geef het bestand waar het menu zelf in staat".into(),
        Problem::UnknownField { nearest: Some(nearest), .. } | Problem::Dangling { nearest: Some(nearest), .. } => {
            format!("bedoelde u {nearest:?}?")
        }
        Problem::UnknownField { .. } => {
            "een onbekend veld wordt niet overgeslagen, want het kan een tikfout zijn: verbeter of verwijder het".into()
        }
        Problem::Dangling { .. } => "voeg het toe, of verbeter de naam".into(),
        Problem::Missing { .. } => "voeg het toe".into(),
        Problem::Duplicate { first_line: Some(line), .. } => {
            format!("het staat al in regel {line}: verwijder een van beide")
        }
        Problem::Duplicate { .. } => "verwijder een van beide".into(),
        Problem::Value { .. } => "verbeter deze waarde".into(),
    }
}
