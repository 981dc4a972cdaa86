//! The scorecard in words.

use super::{Language, bare_reason, calls, clock, decimal, reason, seconds};
use crate::{
    metrics::Reason,
    repeats::Kind,
    scorecard::{Measure, Point, Score, Topic, Why},
};

/// What a point is called.
pub fn title(language: Language, point: Point) -> &'static str {
    language.of(match point {
        Point::Rings => ("Overgaan tot de automaat opneemt", "Rings until the machine answers"),
        Point::Greeting => ("Zegt eerst wie er opneemt", "Says first who is answering"),
        Point::Menus => ("Keuzemenu's na elkaar", "Menus one after the other"),
        Point::SameMessage => ("Dezelfde melding opnieuw", "The same message again"),
        Point::Apologies => ("Vraagt om geduld", "Asks for patience"),
        Point::CallLater => ("Advies om later te bellen", "Advice to call back later"),
        Point::Place => ("Wachtenden voor u", "Callers before you"),
        Point::Tune => ("Noten in het deuntje", "Notes in the tune"),
        Point::Rounds => ("Dezelfde muziek weer rond", "The same music round again"),
        Point::Silence => ("Langste stilte", "Longest silence"),
        Point::NoProgress => ("Langst zonder vooruitgang", "Longest without progress"),
        Point::Loudness => ("Sprong in luidheid", "Jump in loudness"),
        Point::Person => ("Tot een medewerker", "Until a person"),
    })
}

/// A value of a point, with what it counts.
pub fn value(language: Language, point: Point, value: f64) -> String {
    let nouns = match point {
        Point::Menus => (("keuzemenu", "keuzemenu's"), ("menu", "menus")),
        Point::Tune => (("noot", "noten"), ("note", "notes")),
        _ => (("keer", "keer"), ("time", "times")),
    };
    match point.measure() {
        Measure::Count => {
            let (one, many) = language.of(nouns);
            let noun = if value == 1.0 { one } else { many };
            format!("{} {noun}", decimal(language, value, usize::from(value.fract() != 0.0)))
        }
        Measure::Seconds => seconds(language, value),
        Measure::Decibels => format!("{} dB", decimal(language, value, 0)),
        Measure::Happens => language.of(if value > 0.0 { ("ja", "yes") } else { ("nee", "no") }).into(),
        Measure::Wait => format!("{} min", clock(value)),
    }
}

/// What a point comes to, in a word or two; empty where it has no value.
pub fn headline(language: Language, score: &Score<'_>) -> String {
    let of =
        || language.of((format!("{} van {}", score.happened, score.n), format!("{} of {}", score.happened, score.n)));
    match (score.n, score.point.measure(), score.median) {
        (0, ..) => String::new(),
        (_, Measure::Happens, _) => of(),
        // fewer than half reach anybody
        (_, Measure::Wait, None) => of(),
        (_, _, median) => median.map_or(String::new(), |median| value(language, score.point, median)),
    }
}

/// What the number of [`headline`] is: the middle call's, or a share; each number as `mark` writes it.
pub fn headline_is(language: Language, score: &Score<'_>, mark: impl Fn(Counted, String) -> String) -> String {
    let of = mark(Counted::Told, calls(language, score.n));
    match (score.point.measure(), score.median) {
        (Measure::Happens, _) => language.of(("van de gesprekken", "of the calls")).into(),
        (Measure::Wait, None) => language.of(("spraken iemand", "spoke to a person")).into(),
        _ => language.of((format!("mediaan van {of}"), format!("median of {of}"))),
    }
}

/// What a number in a point's sentence counts or measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// All calls that tell.
    Told,
    /// Those in which it happened.
    Happened,
    /// The middle of them.
    Median,
    /// The worst of them.
    Worst,
    /// Those that should tell and do not.
    Unknown,
}

/// What a point comes to, as one or two plain sentences.
pub fn sentence(language: Language, score: &Score<'_>) -> String {
    sentence_with(language, score, |_, number| number)
}

/// The same, each number as `mark` writes it.
pub fn sentence_with(language: Language, score: &Score<'_>, mark: impl Fn(Counted, String) -> String) -> String {
    let Some(worst) = &score.worst else {
        let why = score.why_not.as_ref().map_or(String::new(), |w| why(language, w));
        return language.of((format!("Niet te meten: {why}."), format!("Not measurable: {why}.")));
    };
    let n = mark(Counted::Told, calls(language, score.n));
    let h = mark(Counted::Happened, score.happened.to_string());
    let m = score.median.map(|m| mark(Counted::Median, value(language, score.point, m))).unwrap_or_default();
    let w = mark(Counted::Worst, value(language, score.point, worst.value));
    let levels = mark(Counted::Worst, worst.value.to_string());
    let message = worst.message.as_deref().unwrap_or_default();
    let none = score.happened == 0;
    let say = |nl: String, en: String| language.of((nl, en));
    let said = match score.point {
        Point::Greeting => say(
            format!(
                "In {h} van {n} begint de automaat meteen met zijn begroeting. Of de naam van het bedrijf erin valt, is op de \
                 aangewezen plek te horen."
            ),
            format!(
                "In {h} of {n} the machine begins with its greeting at once. Whether it names the company can be heard at the \
                 place given."
            ),
        ),
        Point::CallLater if none => say(
            "In geen enkel gesprek klinkt het advies om later te bellen.".into(),
            "In no call is the caller advised to call back later.".into(),
        ),
        Point::CallLater => say(
            format!("In {h} van {n} krijgt de beller het advies om later te bellen; het vaakst {w}."),
            format!("In {h} of {n} the caller is advised to call back later; at most {w}."),
        ),
        Point::Apologies if none => say(
            "De lijn vraagt in geen enkel gesprek om geduld.".into(),
            "In no call does the line ask for patience.".into(),
        ),
        Point::Apologies => say(
            format!("In {h} van {n} vraagt de lijn om geduld (bezet, druk, bel later); het vaakst {w} in één gesprek."),
            format!("In {h} of {n} the line asks for patience (busy, longer than usual); at most {w} in one call."),
        ),
        Point::Place if none => say(
            "Geen enkele wachtende hoort hoeveel bellers er voor hem zijn.".into(),
            "Nobody who waits is told how many callers are before him.".into(),
        ),
        Point::Place => say(
            format!("In {h} van {n} met een wachtrij hoort de beller hoeveel wachtenden er voor hem zijn."),
            format!("In {h} of {n} with a queue the caller is told how many are before him."),
        ),
        Point::Menus if none => {
            say("Geen enkele beller krijgt een keuzemenu.".into(), "No caller has to go through a menu.".into())
        }
        Point::SameMessage if worst.value <= 1.0 => say(
            "Geen enkele melding klinkt twee keer in één gesprek.".into(),
            "No message is played twice in one call.".into(),
        ),
        Point::SameMessage => say(
            format!("Het ergst is de melding ‘{message}’: {w} in één gesprek."),
            format!("Worst is the message ‘{message}’: {w} in one call."),
        ),
        Point::Rounds if none => say(
            "De muziek komt in geen enkel gesprek helemaal rond.".into(),
            "The music never comes round as a whole.".into(),
        ),
        Point::Person if score.median.is_none() => say(
            format!(
                "Minder dan de helft van de bellers krijgt een medewerker: {h} van {n}. De langste wacht duurt {w}."
            ),
            format!("Fewer than half of the callers reach a person: {h} of {n}. The longest wait takes {w}."),
        ),
        Point::Person => say(
            format!(
                "{h} van {n} {} tot een medewerker. Van alle bellers heeft de helft er een binnen {m}. De langste wacht duurt {w}.",
                if score.n == 1 { "leidt" } else { "leiden" }
            ),
            format!(
                "{h} of {n} {} to a person. Half of all callers have one within {m}. The longest wait takes {w}.",
                if score.n == 1 { "leads" } else { "lead" }
            ),
        ),
        _ if score.n == 1 => say(format!("Gemeten in één gesprek: {w}."), format!("Measured in one call: {w}.")),
        Point::Rings => say(
            format!("In de helft van de gesprekken gaat de telefoon hooguit {m} over; het vaakst {w}."),
            format!("In half of the calls it rings {m} or less; at most {w}."),
        ),
        Point::Menus if score.median == Some(0.0) => say(
            format!("In {h} van {n} moet de beller door een keuzemenu; de langste weg telt er {levels}."),
            format!("In {h} of {n} the caller goes through a menu; the longest way has {levels}."),
        ),
        Point::Menus => say(
            format!("De helft van de bellers gaat door hooguit {m}; de langste weg telt er {levels}."),
            format!("Half of the callers go through {m} or fewer; the longest way has {levels}."),
        ),
        Point::Tune => {
            say(format!("Het armste deuntje doet het met {w}."), format!("The poorest tune makes do with {w}."))
        }
        Point::Rounds if score.median == Some(0.0) => say(
            format!("In {h} van {n} komt dezelfde muziek helemaal rond; het vaakst {w}."),
            format!("In {h} of {n} the same music comes round as a whole; at most {w}."),
        ),
        Point::Rounds => say(
            format!("In de helft van de gesprekken komt dezelfde muziek {m} of vaker helemaal rond; het vaakst {w}."),
            format!("In half of the calls the same music comes round {m} or more; at most {w}."),
        ),
        Point::Silence => say(
            format!("In de helft van de gesprekken is er een stilte van {m} of langer; de langste duurt {w}."),
            format!("In half of the calls there is a silence of {m} or more; the longest takes {w}."),
        ),
        Point::NoProgress => say(
            format!(
                "In de helft van de gesprekken hoort de beller {m} of langer niets nieuws: geen andere melding, geen informatie, \
                 geen mens. Het langst {w}."
            ),
            format!(
                "In half of the calls the caller hears nothing new for {m} or more: no other message, no information, no person. \
                 At most {w}."
            ),
        ),
        Point::Loudness => say(
            format!("Tussen muziek en stem verspringt de luidheid met {m}; het ergst met {w}."),
            format!("Between music and voice the loudness jumps by {m}; at worst by {w}."),
        ),
    };
    match score.unknown.len() {
        0 => said,
        k => {
            let k = mark(Counted::Unknown, calls(language, k));
            said + &say(format!(" Niet te meten: {k}."), format!(" Not measurable: {k}."))
        }
    }
}

/// Why a point has no value; without a full stop.
pub fn why(language: Language, why: &Why) -> String {
    let of = |pair: (&str, &str)| language.of(pair).to_owned();
    match why {
        Why::Figure(r) => bare_reason(language, r),
        Why::Unread => reason(language, &Reason::Unreadable),
        Why::NoMachine => {
            of(("geen enkel gesprek is door een automaat opgenomen", "not one call was picked up by a machine"))
        }
        Why::NoQueue => reason(language, &Reason::NoQueue),
        Why::NoneOfKind(kind) => of(match kind {
            Kind::Greeting => (
                "van geen enkele melding is opgegeven dat zij de begroeting is",
                "no message is known to be the greeting",
            ),
            Kind::Menu => {
                ("van geen enkele melding is opgegeven dat zij een keuzemenu is", "no message is known to be a menu")
            }
            _ => (
                "van geen enkele melding is opgegeven dat zij om geduld vraagt",
                "no message is known to ask for patience",
            ),
        }),
        Why::NoneAbout(Topic::Place) => of((
            "van geen enkele melding is opgegeven dat zij zegt hoeveel wachtenden er zijn",
            "no message is known to tell how many callers are waiting",
        )),
        Why::NoneAbout(Topic::CallLater) => of((
            "van geen enkele melding is opgegeven dat zij aanraadt om later te bellen",
            "no message is known to advise to call back later",
        )),
        Why::NoCalls => of(("er zijn geen gesprekken", "there are no calls")),
    }
}

/// What the value of [`Score::worst`] is among all: the most, or the least.
pub fn worst_is(language: Language, point: Point) -> &'static str {
    language.of(match point {
        Point::Greeting => ("zonder begroeting", "without a greeting"),
        _ if point.low_is_worse() => ("minst", "least"),
        Point::Silence | Point::NoProgress | Point::Person => ("langst", "longest"),
        _ => ("meest", "most"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{audit::Audit, scorecard::scores};

    #[test]
    fn every_point_has_its_own_title_and_says_why_it_is_empty() {
        for language in Language::ALL {
            let mut titles: Vec<_> = Point::ALL.into_iter().map(|p| title(language, p)).collect();
            titles.sort_unstable();
            titles.dedup();
            assert_eq!(titles.len(), Point::ALL.len());
            for score in scores(&Audit::default(), &[]) {
                assert_eq!(headline(language, &score), "");
                let said = sentence(language, &score);
                assert!(said.ends_with(language.of(("er zijn geen gesprekken.", "there are no calls."))), "{said}");
            }
        }
    }

    #[test]
    fn values_say_what_they_count() {
        assert_eq!(value(Language::Nl, Point::Rings, 2.5), "2,5 keer");
        assert_eq!(value(Language::En, Point::Tune, 1.0), "1 note");
        assert_eq!(value(Language::Nl, Point::Person, 83.4), "1:23 min");
        assert_eq!(value(Language::En, Point::Loudness, 9.6), "10 dB");
    }
}
