//! What is said of before and after: the sentence that a trainer reads aloud, and what has to be known besides.

use super::{Language, calls, clock, column, decimal, percent, seconds};
use crate::{
    compare::{
        Both, Caution, Change, Changes, Kind, MIN_CALLS, Measure, Verdict,
        matching::{Grain, Matching},
    },
    norms::Clock,
    statistics::Range,
    units::Seconds,
};

/// More calls than this nobody makes, so they are no advice.
const MOST_CALLS: usize = 2_000;

/// What a measure is called, in a few words.
pub fn measure(language: Language, measure: Measure<'_>) -> String {
    let pair = match measure {
        Measure::Wait(Clock::Total) => ("tot een medewerker, in totaal", "until a person, in all"),
        Measure::Wait(Clock::Ring) => ("tot er wordt opgenomen", "until the pick-up"),
        Measure::Wait(Clock::QueueToPerson) => ("in de wachtrij", "in the queue"),
        Measure::Wait(Clock::AnswerToPerson) => ("na het opnemen", "after the pick-up"),
        Measure::Wait(Clock::ChoiceToPerson) => ("na de laatste toets", "after the last key"),
        Measure::Wait(Clock::Transfer) => ("bij het doorverbinden", "while being transferred"),
        Measure::Machine => ("begroeting en keuzemenu", "greeting and menu"),
        Measure::Person => ("bellers die een medewerker spraken", "callers who spoke to a person"),
        Measure::Figure(name) => return column(language, name).map_or(name, |column| column.title).to_owned(),
        Measure::Norm(norm) => return norm.title.of(language).to_owned(),
    };
    language.of(pair).to_owned()
}

/// A value of a measure, with its unit.
pub fn value(language: Language, kind: Kind, value: f64) -> String {
    match kind {
        Kind::Seconds => seconds(language, value),
        Kind::Share => percent(value),
        Kind::Decibels => format!("{} dB", decimal(language, value, 1)),
        Kind::Count => decimal(language, value, usize::from(value.fract().abs() > 1e-9)),
    }
}

/// A difference of a measure, with its sign and its unit.
pub fn difference(language: Language, kind: Kind, by: f64) -> String {
    let size = match kind {
        Kind::Share => format!("{:.0} {}", by.abs() * 100.0, language.of(("procentpunt", "points"))),
        _ => value(language, kind, by.abs()),
    };
    let sign = if by < 0.0 { "−" } else { "+" };
    if size.bytes().any(|b| b.is_ascii_digit() && b != b'0') { format!("{sign}{size}") } else { size }
}

/// A value with its interval, as far as it has one: `83,4 s (61,0 s tot 120,2 s)`.
pub fn with_interval(language: Language, range: Range, say: impl Fn(f64) -> String) -> String {
    let (to, least, most) = language.of((("tot", "minstens", "hooguit"), ("to", "at least", "at most")));
    let interval = match (range.low, range.high) {
        (Some(low), Some(high)) => format!(" ({} {to} {})", say(low), say(high)),
        (Some(low), None) => format!(" ({least} {})", say(low)),
        (None, Some(high)) => format!(" ({most} {})", say(high)),
        (None, None) => String::new(),
    };
    say(range.value) + &interval
}

/// What follows of a measure, in a word or three.
pub fn verdict(language: Language, change: &Change<'_>) -> &'static str {
    let kind = change.measure.kind();
    language.of(match (change.verdict, kind) {
        (Verdict::Less, Kind::Seconds) => ("korter", "shorter"),
        (Verdict::More, Kind::Seconds) => ("langer", "longer"),
        (Verdict::Less, Kind::Count) => ("minder", "fewer"),
        (Verdict::More, Kind::Count) => ("meer", "more"),
        (Verdict::Less, Kind::Share | Kind::Decibels) => ("lager", "lower"),
        (Verdict::More, Kind::Share | Kind::Decibels) => ("hoger", "higher"),
        (Verdict::SeemsLess, Kind::Seconds) => ("lijkt korter", "seems shorter"),
        (Verdict::SeemsMore, Kind::Seconds) => ("lijkt langer", "seems longer"),
        (Verdict::SeemsLess, Kind::Count) => ("lijkt minder", "seems fewer"),
        (Verdict::SeemsMore, Kind::Count) => ("lijkt meer", "seems more"),
        (Verdict::SeemsLess, Kind::Share | Kind::Decibels) => ("lijkt lager", "seems lower"),
        (Verdict::SeemsMore, Kind::Share | Kind::Decibels) => ("lijkt hoger", "seems higher"),
        (Verdict::MayBeChance, _) if none_measured(change) => ("geen verschil gemeten", "no difference measured"),
        (Verdict::MayBeChance, _) => ("kan toeval zijn", "may be chance"),
        (Verdict::TooFew, _) => ("te weinig gesprekken", "too few calls"),
        (Verdict::Unknown, _) => ("niet te vergelijken", "not comparable"),
    })
}

/// Whether both sides came to the same.
fn none_measured(change: &Change<'_>) -> bool {
    let [before, after] = change.sides.map(|side| side.value.map(|range| range.value));
    before == after && change.difference.is_none_or(|d| d.value == 0.0)
}

/// A length of time as it is said aloud, in whole seconds.
pub fn spoken(language: Language, length: Seconds) -> String {
    let whole = length.abs().round() as u64;
    let (minutes, rest) = (whole / 60, whole % 60);
    let noun = |n: u64, one: (&'static str, &'static str), more: (&'static str, &'static str)| {
        format!("{n} {}", language.of(if n == 1 { one } else { more }))
    };
    let second = |n| noun(n, ("seconde", "second"), ("seconden", "seconds"));
    let minute = |n| noun(n, ("minuut", "minute"), ("minuten", "minutes"));
    match (minutes, rest) {
        (0 | 1, _) if whole < 90 => second(whole),
        (_, 0) => minute(minutes),
        _ => format!("{} {} {}", minute(minutes), language.of(("en", "and")), second(rest)),
    }
}

/// The heading of everything about a comparison.
pub fn title(language: Language) -> &'static str {
    language.of(("Vóór en na", "Before and after"))
}

/// The two sides.
pub fn sides(language: Language) -> Both<&'static str> {
    language.of((["vóór", "na"], ["before", "after"]))
}

/// What the comparison comes to, to be read aloud.
pub fn sentence(language: Language, changes: &Changes<'_>) -> String {
    let change = changes.whole_wait();
    let counts = change.sides.map(|side| side.calls);
    if change.verdict == Verdict::Unknown {
        return language
            .of((
                "Er valt niets te vergelijken: er zijn niet aan beide kanten gesprekken waarvan de wachttijd te meten is.",
                "There is nothing to compare: there are not on both sides calls of which the wait can be measured.",
            ))
            .to_owned();
    }
    let mut said = vec![medians(language, change)];
    match change.verdict {
        // the whole wait stands alone, so it never only seems
        Verdict::Less | Verdict::More | Verdict::SeemsLess | Verdict::SeemsMore => said.push(proven(language, change)),
        Verdict::TooFew => said.push(language.of((
            format!(
                "{} vóór en {} na zijn te weinig om te zeggen of het wachten is veranderd.",
                calls(language, counts[0]),
                calls(language, counts[1])
            ),
            format!(
                "{} before and {} after are too few to say whether the wait has changed.",
                calls(language, counts[0]),
                calls(language, counts[1])
            ),
        ))),
        Verdict::MayBeChance | Verdict::Unknown => said.push(chance(language, change)),
    }
    if change.verdict == Verdict::MayBeChance {
        said.extend(needed(language, changes));
    }
    said.join(" ")
}

/// When half of the callers had a person on the line.
fn medians(language: Language, change: &Change<'_>) -> String {
    let [before, after] = change.sides.map(|side| side.value.map(|range| spoken(language, range.value)));
    match (before, after) {
        (Some(b), Some(a)) => language.of((
            format!("Vóór had de helft van de bellers binnen {b} een medewerker aan de lijn, na binnen {a}."),
            format!("Before, half of the callers had a person on the line within {b}; after, within {a}."),
        )),
        (None, Some(a)) => language.of((
            format!(
                "Vóór had de helft van de bellers aan het eind nog geen medewerker gesproken; na had de helft er binnen {a} een \
                 aan de lijn."
            ),
            format!(
                "Before, half of the callers had spoken to nobody by the end; after, half had a person on the line within {a}."
            ),
        )),
        (Some(b), None) => language.of((
            format!(
                "Vóór had de helft van de bellers binnen {b} een medewerker aan de lijn; na had de helft aan het eind nog geen \
                 medewerker gesproken."
            ),
            format!(
                "Before, half of the callers had a person on the line within {b}; after, half had spoken to nobody by the end."
            ),
        )),
        (None, None) => language
            .of((
                "Vóór en na had de helft van de bellers aan het eind nog geen medewerker gesproken.",
                "Before and after, half of the callers had spoken to nobody by the end.",
            ))
            .to_owned(),
    }
}

/// The difference of the medians as they are said, so that who subtracts what was read aloud gets the same.
fn said_difference(change: &Change<'_>) -> Option<Seconds> {
    let [before, after] = change.sides.map(|side| side.value.map(|range| range.value.round()));
    Some(after? - before?)
}

/// Of a difference that is more than chance.
fn proven(language: Language, change: &Change<'_>) -> String {
    let shorter = matches!(change.verdict, Verdict::Less | Verdict::SeemsLess);
    let sooner = language.of(if shorter { ("eerder", "sooner") } else { ("later", "later") });
    // seen from the side that the verdict names: at least and at most
    let sized = change.difference.zip(said_difference(change)).map(|(d, value)| {
        let (value, least, most) =
            if shorter { (-value, d.high.map(|x| -x), d.low.map(|x| -x)) } else { (value, d.low, d.high) };
        (value, least.filter(|least| *least >= 0.5), most)
    });
    match sized {
        Some((value, Some(least), most)) => {
            let by = spoken(language, value);
            let than = language.of(if shorter { ("korter", "shorter") } else { ("langer", "longer") });
            let least_said = spoken(language, least);
            let between = match most {
                Some(most) => language.of((
                    format!("tussen {least_said} en {}", spoken(language, most)),
                    format!("between {least_said} and {}", spoken(language, most)),
                )),
                None => language.of((format!("minstens {least_said}"), format!("at least {least_said}"))),
            };
            language.of((
                format!("Dat is {by} {than}, en geen toeval: met 95% zekerheid is het {between} {than}."),
                format!("That is {by} {than}, and not by chance: with 95% confidence it is {between} {than}."),
            ))
        }
        Some((value, None, _)) if value < 0.0 => language.of((
            format!(
                "Over alle gesprekken samen komt een medewerker nu {sooner} aan de lijn, en dat is geen toeval; bij de middelste \
                 beller is dat niet te zien."
            ),
            format!(
                "Over all calls together a person now comes on the line {sooner}, and that is not chance; the caller in the \
                 middle does not show it."
            ),
        )),
        _ => language.of((
            format!(
                "Dat een medewerker nu {sooner} aan de lijn komt, is geen toeval; hoeveel {sooner} is met deze gesprekken niet \
                 precies te zeggen."
            ),
            format!(
                "That a person now comes on the line {sooner} is not chance; how much {sooner}, these calls do not tell precisely."
            ),
        )),
    }
}

/// Of a difference that may be chance.
fn chance(language: Language, change: &Change<'_>) -> String {
    let than = |by: f64| {
        let word = if by < 0.0 { ("korter", "shorter") } else { ("langer", "longer") };
        format!("{} {}", spoken(language, by), language.of(word))
    };
    match change.difference.zip(said_difference(change)) {
        Some((Range { low: Some(low), high: Some(high), .. }, value)) => language.of((
            format!(
                "Dat verschil van {} kan toeval zijn: met 95% zekerheid ligt het tussen {} en {}.",
                spoken(language, value),
                than(low),
                than(high)
            ),
            format!(
                "That difference of {} may be chance: with 95% confidence it lies between {} and {}.",
                spoken(language, value),
                than(low),
                than(high)
            ),
        )),
        Some((_, value)) => language.of((
            format!("Dat verschil van {} kan toeval zijn.", spoken(language, value)),
            format!("That difference of {} may be chance.", spoken(language, value)),
        )),
        None => language
            .of((
                "Wat er tussen vóór en na verschilt, kan toeval zijn.",
                "What differs between before and after may be chance.",
            ))
            .to_owned(),
    }
}

/// What would tell more.
fn needed(language: Language, changes: &Changes<'_>) -> Option<String> {
    let most = changes.whole_wait().sides.iter().map(|side| side.calls).max().unwrap_or(0);
    let visible = changes.smallest_visible();
    match changes.calls_needed().filter(|&n| n > most && n <= MOST_CALLS) {
        Some(n) => Some(language.of((
            format!(
                "Is het verschil echt zo groot als gemeten, dan zijn er zo'n {n} gesprekken aan elke kant nodig om dat te laten \
                 zien."
            ),
            format!("If the difference is really as large as measured, it takes about {n} calls on each side to show it."),
        ))),
        None if visible < 0.95 => {
            let visible = percent(visible);
            Some(language.of((
                format!("Met zoveel gesprekken laat alleen een wachttijd die zo'n {visible} korter wordt zich waarschijnlijk zien."),
                format!("So many calls will probably show only a wait that becomes about {visible} shorter."),
            )))
        }
        None => None,
    }
}

/// Something that has to be known, as a sentence.
pub fn caution(language: Language, caution: Caution) -> String {
    let two = |[before, after]: Both<usize>| {
        let [b, a] = sides(language);
        let before = calls(language, before);
        format!("{before} {b}, {after} {a}")
    };
    match caution {
        Caution::FewCalls(n) => language.of((
            format!("Te kleine steekproef: de wachttijd is te meten in {}. Reken op minstens {MIN_CALLS} aan elke kant, en liever meer (bezet compare --plan).", two(n)),
            format!("Too small a sample: the wait can be measured in {}. Make at least {MIN_CALLS} on each side, and better more (bezet compare --plan).", two(n)),
        )),
        Caution::FewPersons(n) => language.of((
            format!("Kleine steekproef: een medewerker kwam in {}. De toets is dan ruw.", two(n)),
            format!("Small sample: a person came in {}. The test is a rough one then.", two(n)),
        )),
        Caution::EndedByLine(n) => language.of((
            format!("De lijn zelf maakte een eind aan {} (in gesprek, gesloten, voicemail, niet opgenomen). In de curve tellen ze mee tot dat einde, alsof de beller had doorgewacht; lees daarom ook welk deel een medewerker sprak.", two(n)),
            format!("The line itself ended {} (busy, closed, voicemail, not answered). In the curve they count up to that end, as if the caller had waited on; so read as well which share spoke to a person.", two(n)),
        )),
        Caution::LeftOut(n) => language.of((
            format!("Niet vergeleken, omdat de andere kant geen gesprek op dat moment of naar die lijn heeft: {}.", two(n)),
            format!("Not compared, because the other side has no call at that time or to that line: {}.", two(n)),
        )),
        Caution::EvenedOut(n) => language.of((
            format!("Weggelaten zodat elk moment aan beide kanten even zwaar telt: {}.", two(n)),
            format!("Left out so that every time weighs as much on both sides: {}.", two(n)),
        )),
        Caution::Untimed(n) => language.of((
            format!("Niet vergeleken, omdat niet bekend is wanneer er is gebeld: {}.", two(n)),
            format!("Not compared, because it is not known when the call was made: {}.", two(n)),
        )),
        Caution::Unmatched => language.of((
            "De tijdstippen van vóór en na passen niet bij elkaar, of zijn niet bekend: drukke en rustige uren lopen door elkaar.".to_owned(),
            "The times before and after do not go together, or are not known: busy and quiet hours are mixed.".to_owned(),
        )),
        Caution::NotMeasurable(n) => language.of((
            format!("De wachttijd is niet te meten in {}; die kunnen anders zijn dan de rest.", two(n)),
            format!("The wait cannot be measured in {}; those may be unlike the others.", two(n)),
        )),
        Caution::Unreadable([b, a]) => language.of((
            format!("Niet te lezen: {b} opnamen vóór, {a} na."),
            format!("Not readable: {b} recordings before, {a} after."),
        )),
        Caution::SameCalls(n) => language.of((
            format!("{} staan in beide audits.", calls(language, n)),
            format!("{} are in both audits.", calls(language, n)),
        )),
        Caution::WrongWayRound => language.of((
            "Alle gesprekken van vóór zijn later gevoerd dan die van na: zijn de twee verwisseld?".to_owned(),
            "All calls before were made later than those after: are the two swapped?".to_owned(),
        )),
    }
}

/// What was held against what.
pub fn matching(language: Language, matching: &Matching) -> String {
    let [b, a] = matching.calls;
    let by = match matching.grain {
        Grain::WeekdayHour => Some(("hetzelfde uur van dezelfde weekdag", "the same hour of the same weekday")),
        Grain::Hour => Some(("hetzelfde uur van de dag", "the same hour of the day")),
        Grain::Weekday => Some(("dezelfde weekdag", "the same weekday")),
        Grain::Nothing => None,
    };
    let line = if matching.by_line { language.of((" en dezelfde lijn", " and the same line")) } else { "" };
    let head = language
        .of((format!("{} vóór en {a} na", calls(language, b)), format!("{} before and {a} after", calls(language, b))));
    match by {
        Some(by) => {
            let by = language.of(by);
            language.of((
                format!("{head}, vergeleken binnen {by}{line}."),
                format!("{head}, held against each other within {by}{line}."),
            ))
        }
        None if matching.by_line => language.of((
            format!("{head}, vergeleken binnen dezelfde lijn, zonder op uur of weekdag te letten."),
            format!("{head}, held against each other within the same line, whatever the hour and weekday."),
        )),
        None => language.of((
            format!("{head}, zonder op uur, weekdag of lijn te letten."),
            format!("{head}, whatever the hour, weekday and line."),
        )),
    }
}

/// The heading of the two curves.
pub fn curves_title(language: Language, changes: &Changes<'_>) -> String {
    let change = changes.whole_wait();
    let medians = change.sides.map(|side| side.value.map(|range| clock(range.value)));
    match (change.verdict, medians) {
        (Verdict::Less | Verdict::More, [Some(b), Some(a)]) => language.of((
            format!("De helft spreekt nu binnen {a} een medewerker; dat was {b}"),
            format!("Half now reach a person within {a}; it was {b}"),
        )),
        (Verdict::Less, _) => language
            .of(("Een medewerker komt nu eerder aan de lijn", "A person now comes on the line sooner"))
            .to_owned(),
        (Verdict::More, _) => {
            language.of(("Een medewerker komt nu later aan de lijn", "A person now comes on the line later")).to_owned()
        }
        (Verdict::Unknown, _) => {
            language.of(("Er valt niets te vergelijken", "There is nothing to compare")).to_owned()
        }
        _ => language
            .of((
                "Of het wachten is veranderd, laten deze gesprekken niet zien",
                "Whether the wait has changed, these calls do not show",
            ))
            .to_owned(),
    }
}

/// Beside a side's curve: its median, and what it rests on.
pub fn curve_label(language: Language, side: usize, changes: &Changes<'_>) -> String {
    let of = changes.whole_wait().sides[side];
    let name = sides(language)[side];
    let median = match of.value {
        Some(range) => format!("{} {}", language.of(("mediaan", "median")), with_interval(language, range, clock)),
        None => language.of(("mediaan niet bereikt", "median not reached")).to_owned(),
    };
    let without = match of.unanswered {
        0 => String::new(),
        n => format!(", {n} {}", language.of(("zonder medewerker", "without a person"))),
    };
    format!("{name}: {median}; {}{without}", calls(language, of.calls))
}

/// Under the two calls.
pub fn typical_below(language: Language) -> &'static str {
    language.of((
        "Van elke kant het gesprek waarvan de wachttijd het dichtst bij het midden ligt, van de eerste keer overgaan tot het \
         eerste woord van een medewerker.",
        "Of each side the call whose wait lies nearest to the middle, from the first ring to the first word of a person.",
    ))
}

/// Which picture of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// The steps of the call, in seconds.
    Steps,
    /// What was counted.
    Counts,
    /// Shares of the calls.
    Shares,
}

/// The heading of a picture of changes.
pub fn panel_title(language: Language, panel: Panel) -> &'static str {
    language.of(match panel {
        Panel::Steps => ("Wat er per stap veranderde", "What changed, step by step"),
        Panel::Counts => ("Wat de beller te horen kreeg", "What the caller got to hear"),
        Panel::Shares => ("Welk deel van de gesprekken het haalde", "Which share of the calls made it"),
    })
}

/// What stands under that heading.
pub fn panel_below(language: Language, panel: Panel) -> &'static str {
    language.of(match panel {
        Panel::Steps => (
            "De middelste beller (mediaan), in minuten en seconden. Vette pijl: geen toeval. Dunne pijl: lijkt zo. Streepjes: kan toeval zijn.",
            "The caller in the middle (median), in minutes and seconds. Bold arrow: not chance. Thin arrow: seems so. Dashes: may be chance.",
        ),
        Panel::Counts => (
            "De middelste beller (mediaan), hoe vaak per gesprek. Vette pijl: geen toeval. Dunne pijl: lijkt zo. Streepjes: kan toeval zijn.",
            "The caller in the middle (median), times a call. Bold arrow: not chance. Thin arrow: seems so. Dashes: may be chance.",
        ),
        Panel::Shares => (
            "Van de gesprekken waarvan het te meten is. Vette pijl: geen toeval. Dunne pijl: lijkt zo. Streepjes: kan toeval zijn.",
            "Of the calls of which it can be measured. Bold arrow: not chance. Thin arrow: seems so. Dashes: may be chance.",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::Audit,
        compare::{compare, tests::audit},
    };

    fn said(before: &Audit, after: &Audit, language: Language) -> String {
        sentence(language, &compare(before, after, &[], None).whole)
    }

    #[test]
    fn the_sentence_says_whether_it_is_chance() {
        let (slow, fast) = (audit(2, 40, 80.0, 1), audit(3, 40, 30.0, 2));
        let nl = said(&slow, &fast, Language::Nl);
        assert!(nl.contains("korter, en geen toeval: met 95% zekerheid is het") && !nl.contains("nodig"), "{nl}");
        let en = said(&fast, &slow, Language::En);
        assert!(en.contains("longer, and not by chance: with 95% confidence it is"), "{en}");
        let en = said(&audit(2, 30, 60.0, 0), &audit(3, 30, 60.0, 1), Language::En);
        assert!(en.contains("may be chance: with 95% confidence it lies between"), "{en}");
        let nl = said(&audit(2, 5, 60.0, 3), &audit(3, 4, 60.0, 4), Language::Nl);
        assert!(nl.contains("4 gesprekken vóór en 4 gesprekken na zijn te weinig om te zeggen"), "{nl}");
        let en = said(&Audit::default(), &fast, Language::En);
        assert!(en.starts_with("There is nothing to compare"), "{en}");
    }

    #[test]
    fn lengths_are_said_as_one_says_them() {
        let of = |s| spoken(Language::Nl, s);
        assert_eq!(
            [of(1.2), of(-53.4), of(89.0), of(90.0)],
            ["1 seconde", "53 seconden", "89 seconden", "1 minuut en 30 seconden"]
        );
        assert_eq!([of(120.0), spoken(Language::En, 121.0)], ["2 minuten", "2 minutes and 1 second"]);
        assert_eq!(spoken(Language::En, 59.7), "60 seconds");
    }

    #[test]
    fn differences_carry_their_sign_and_nothing_has_none() {
        assert_eq!(difference(Language::Nl, Kind::Seconds, -12.34), "−12,3 s");
        assert_eq!(difference(Language::En, Kind::Share, 0.256), "+26 points");
        assert_eq!(difference(Language::Nl, Kind::Count, 0.0), "0");
        assert_eq!(difference(Language::En, Kind::Seconds, -0.01), "0.0 s");
    }
}
