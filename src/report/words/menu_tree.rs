//! Words of the pictures of a menu.

use super::{Language, seconds};
use crate::{
    menu::graph::{ExternalKind, NodeKind, On},
    units::Seconds,
};

/// What a node is, as a manager calls it.
pub fn kind(language: Language, kind: &NodeKind) -> &'static str {
    language.of(match kind {
        NodeKind::Prompt { .. } => ("Mededeling", "Announcement"),
        NodeKind::Menu(_) => ("Menu", "Menu"),
        NodeKind::Collect(_) => ("Nummer intoetsen", "Enter a number"),
        NodeKind::Hours { .. } => ("Openingstijden", "Opening hours"),
        NodeKind::Branch { .. } => ("Systeem kiest", "System decides"),
        NodeKind::Queue { .. } => ("Wachtrij", "Queue"),
        NodeKind::Agent { .. } => ("Medewerker", "Person"),
        NodeKind::External { kind, .. } => match kind {
            ExternalKind::Number => ("Ander nummer", "Other number"),
            ExternalKind::Flow => ("Ander menu", "Other flow"),
            ExternalKind::Function => ("Opzoeken", "Look-up"),
            ExternalKind::Dialplan => ("Elders in de centrale", "Elsewhere in the system"),
            ExternalKind::Url => ("Webadres", "Web address"),
        },
        NodeKind::Voicemail { .. } => ("Voicemail", "Voicemail"),
        NodeKind::Callback { .. } => ("Terugbellen", "Call back"),
        NodeKind::Hangup { said: true } => ("Ophangen", "Hang up"),
        NodeKind::Hangup { said: false } => ("Ophangen (door de centrale)", "Hang up (by the system)"),
        NodeKind::Unknown { .. } => ("Onbekend", "Unknown"),
    })
}

/// What takes callers along an edge, in a few letters; empty where nothing has to.
pub fn on(language: Language, on: &On) -> String {
    let fixed = |pair: (&str, &str)| language.of(pair).to_owned();
    let count = |pair: (&str, &str), nth: &Option<u32>| match nth {
        Some(nth) => format!("{} {nth}", language.of(pair)),
        None => fixed(pair),
    };
    match on {
        On::Key(key) => key.clone(),
        On::Pattern(_) => fixed(("een nummer", "a number")),
        On::Speech(words) => words.first().map_or_else(|| fixed(("spraak", "speech")), |word| format!("\"{word}\"")),
        On::Timeout { nth } => count(("stilte", "silence"), nth),
        On::Invalid { nth } => count(("foute toets", "wrong key"), nth),
        On::AttemptsUsed => fixed(("pogingen op", "tries used")),
        On::Open => fixed(("open", "open")),
        On::Closed => fixed(("gesloten", "closed")),
        On::Holiday => fixed(("feestdag", "holiday")),
        On::Emergency => fixed(("noodstand", "emergency")),
        On::Match(value) => value.clone(),
        On::Else => fixed(("anders", "else")),
        On::Next => String::new(),
        On::Fail => fixed(("mislukt", "fails")),
        On::QueueFull { after_s: Some(after_s) } => match language {
            Language::Nl => format!("na {} wachten", whole(language, *after_s)),
            Language::En => format!("after waiting {}", whole(language, *after_s)),
        },
        On::QueueFull { after_s: None } => fixed(("wachtrij vol", "queue full")),
    }
}

/// Seconds without a decimal that says nothing: `300 s`, `2,5 s`.
fn whole(language: Language, value: Seconds) -> String {
    if value.fract() == 0.0 { format!("{value:.0} s") } else { seconds(language, value) }
}

/// Fixed words of the pictures of a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeWord {
    /// Where calls come in.
    Entry,
    /// Over the column of seconds.
    Arrival,
    /// A path to a person in the legend.
    ToPerson,
    /// Another path in the legend.
    Elsewhere,
    /// A person in the legend.
    Person,
    /// A menu in the legend.
    Menu,
    /// A node that is drawn elsewhere, in the legend.
    Reference,
    /// To the same menu again.
    Again,
    /// Before the number of a node that is drawn elsewhere.
    To,
    /// The same for a node above.
    BackTo,
    /// A thick line in the legend of a tree with calls.
    MoreCalls,
    /// A way that only silence, a mistake or a full queue leads along.
    OnlyByWaiting,
    /// A reference that leads nowhere.
    Missing,
    /// Over the column of calls.
    Calls,
    /// An edge that no call took, in the legend.
    NeverTaken,
    /// Nothing to draw.
    Nothing,
    /// Under a tree without seconds that are measured.
    Estimated,
    /// Under a tree whose seconds are partly unknown.
    SomeUnknown,
    /// Title of the axis of listening times.
    ListeningAxis,
    /// A contact reason that no way serves.
    NoWay,
    /// A way whose length is not known.
    NotKnown,
    /// The bar of a first-time caller, in the legend.
    FirstTime,
    /// The mark of a caller who knows the keys.
    ByHeart,
    /// The bar up to the worst case.
    Worst,
    /// Any person, in place of a contact reason.
    AnyPerson,
    /// Under the chart of listening times.
    ListeningBelow,
}

/// A fixed word or sentence.
pub fn tree_word(language: Language, word: TreeWord) -> &'static str {
    language.of(match word {
        TreeWord::Entry => ("gesprek", "call"),
        TreeWord::Arrival => ("bereikt na", "reached after"),
        TreeWord::ToPerson => ("weg naar een medewerker", "way to a person"),
        TreeWord::Elsewhere => ("andere weg", "other way"),
        TreeWord::Person => ("medewerker of wachtrij", "person or queue"),
        TreeWord::Menu => ("keuzemenu", "menu"),
        TreeWord::Reference => ("elders getekend", "drawn elsewhere"),
        TreeWord::Again => ("nog eens hetzelfde", "the same again"),
        TreeWord::To => ("naar", "to"),
        TreeWord::BackTo => ("terug naar", "back to"),
        TreeWord::MoreCalls => ("dikker: meer gesprekken", "thicker: more calls"),
        TreeWord::OnlyByWaiting => ("alleen na stilte, een fout of een volle wachtrij", "only after silence, a mistake or a full queue"),
        TreeWord::Missing => ("bestaat niet", "does not exist"),
        TreeWord::Calls => ("gesprekken, tijd", "calls, time"),
        TreeWord::NeverTaken => ("door geen gesprek genomen", "taken by no call"),
        TreeWord::Nothing => ("Er is niets te tekenen: geen enkel gesprek komt hier binnen.", "Nothing to draw: no call comes in."),
        TreeWord::Estimated => (
            "De tijden gelden voor wie voor het eerst belt; ze zijn (deels) geschat uit de teksten.",
            "The times are those of a first-time caller; they are (partly) estimated from the words.",
        ),
        TreeWord::SomeUnknown => (
            "Waar geen tijd staat, is van een tekst of opname de lengte niet bekend.",
            "Where no time is given, the length of a text or recording is not known.",
        ),
        TreeWord::ListeningAxis => ("minuten:seconden vanaf het opnemen", "minutes:seconds from the pick-up"),
        TreeWord::NoWay => ("geen weg in het menu", "no way through the menu"),
        TreeWord::NotKnown => ("tijd niet bekend", "time not known"),
        TreeWord::FirstTime => ("belt voor het eerst: luistert tot de keuze", "calls for the first time: listens for the option"),
        TreeWord::ByHeart => ("kent de toetsen uit het hoofd", "knows the keys by heart"),
        TreeWord::Worst => ("ongunstigste geval", "worst case"),
        TreeWord::AnyPerson => ("een medewerker, welke dan ook", "any person"),
        TreeWord::ListeningBelow => (
            "Van het opnemen tot de wachtrij of de medewerker, binnen openingstijden. De wachttijd in de wachtrij hoort er \
             niet bij.",
            "From the pick-up to the queue or person, in opening hours. Waiting in the queue is not part of it.",
        ),
    })
}

/// The heading of a tree.
pub fn tree_title(language: Language, name: &str, page: usize, pages: usize) -> String {
    let title = match language {
        Language::Nl => format!("Het menu van {name}"),
        Language::En => format!("The menu of {name}"),
    };
    if pages > 1 { format!("{title} ({page}/{pages})") } else { title }
}

/// Where a page goes on.
pub fn continued(language: Language, names: &[String]) -> String {
    format!("{} {}", language.of(("Vervolg onder:", "Continued under:")), names.join(" › "))
}

/// How many nodes no call gets to.
pub fn left_out(language: Language, count: usize) -> String {
    match (language, count) {
        (Language::Nl, 1) => "1 onderdeel waar geen gesprek komt, is niet getekend.".into(),
        (Language::Nl, _) => format!("{count} onderdelen waar geen gesprek komt, zijn niet getekend."),
        (Language::En, 1) => "1 part that no call gets to is not drawn.".into(),
        (Language::En, _) => format!("{count} parts that no call gets to are not drawn."),
    }
}

/// Under a tree with calls on it.
pub fn walked(language: Language, count: usize) -> String {
    let calls = super::calls(language, count);
    let lie = if count == 1 { "ligt" } else { "liggen" };
    match language {
        Language::Nl => format!(
            "Op dit menu {lie} {calls}. Rechts staat hoeveel er langs elke weg gingen en hoe lang ze er gemiddeld vóór \
             bezig waren; grijs staat wat het ontwerp kost."
        ),
        Language::En => format!(
            "This menu carries {calls}. On the right: how many took each way, and the mean time that they spent before \
             it; in grey what the design costs."
        ),
    }
}

/// Why a tree was not drawn.
pub fn too_many(language: Language, nodes: usize, most: usize) -> String {
    match language {
        Language::Nl => format!(
            "Dit menu heeft {nodes} onderdelen; een boom van meer dan {most} is op papier niet te lezen. \
             Geef een deel ervan, of gebruik tree.dot met Graphviz."
        ),
        Language::En => format!(
            "This menu has {nodes} parts; a tree of more than {most} cannot be read on paper. \
             Give a part of it, or use tree.dot with Graphviz."
        ),
    }
}

/// The heading of the chart of listening times.
pub fn listening_title(language: Language, slowest: Option<(&str, f64)>) -> String {
    match (language, slowest) {
        (Language::Nl, Some((reason, spent))) => {
            format!("{reason}: {} in het menu", seconds(language, spent))
        }
        (Language::En, Some((reason, spent))) => format!("{reason}: {} in the menu", seconds(language, spent)),
        (Language::Nl, None) => "Hoe lang luistert een beller naar het menu?".into(),
        (Language::En, None) => "How long does a caller listen to the menu?".into(),
    }
}

/// Keys behind a bar.
pub fn keys(language: Language, keys: u32) -> String {
    let noun = language.of(match keys {
        1 => ("toets", "key"),
        _ => ("toetsen", "keys"),
    });
    format!("{keys} {noun}")
}

/// How many bars there was no room for.
pub fn bars_left_out(language: Language, count: usize) -> String {
    match language {
        Language::Nl => format!("Er is geen plaats voor nog {count}; ze staan in menu.json."),
        Language::En => format!("There is no room for {count} more; they are in menu.json."),
    }
}
