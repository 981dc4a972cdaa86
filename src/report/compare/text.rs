//! A comparison in words: for the terminal, and as a page of Markdown; and the advice on how many calls to make.

use std::fmt::Write as _;

use crate::{
    compare::{Change, Changes, Comparison, plan::Plan},
    report::words::{
        self, Language,
        compare::{
            caution, difference, matching, measure, sentence, sides, spoken, title, value, verdict, with_interval,
        },
        percent,
    },
};

/// How wide a measure's name is on the terminal, in characters.
const NAME: usize = 46;
/// How wide a value is.
const VALUE: usize = 10;

/// What the terminal says; `folder` is where everything lies.
pub fn summary(comparison: &Comparison<'_>, folder: &str, language: Language) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}: {}", title(language), matching(language, &comparison.matching));
    let _ = writeln!(text, "\n{}", sentence(language, &comparison.whole));
    for &one in &comparison.cautions {
        let _ = writeln!(text, "  {}: {}", language.of(("let op", "mind")), caution(language, one));
    }
    let [before, after] = sides(language);
    let head = language.of(("verschil", "difference"));
    let _ = writeln!(text, "\n{:<NAME$}{before:>VALUE$}{after:>VALUE$}{head:>18}", "");
    for change in &comparison.whole.measures {
        let cells = change.sides.map(|side| said(side.value.map(|range| range.value), |v| of(language, change, v)));
        let by = said(change.difference.map(|d| d.value), |d| difference(language, change.measure.kind(), d));
        let name = shortened(&measure(language, change.measure));
        let what = verdict(language, change);
        let _ = writeln!(text, "{name:<NAME$}{:>VALUE$}{:>VALUE$}{by:>18}  {what}", cells[0], cells[1]);
    }
    for line in &comparison.lines {
        let _ = writeln!(text, "\n{}: {}", line.line.unwrap_or_default(), sentence(language, line));
    }
    let _ = match language {
        Language::Nl => writeln!(text, "\nAlles staat in {folder}: begin met compare.md; de grafieken staan in charts"),
        Language::En => {
            writeln!(text, "\nEverything is in {folder}: start with compare.md; the pictures are in charts")
        }
    };
    text
}

fn said(value: Option<f64>, say: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| "–".into(), say)
}

fn of(language: Language, change: &Change<'_>, v: f64) -> String {
    value(language, change.measure.kind(), v)
}

fn shortened(name: &str) -> String {
    if name.chars().count() < NAME {
        return name.into();
    }
    name.chars().take(NAME - 2).chain(['…']).collect()
}

/// The page `compare.md`; `pictures` are the places of the pictures, with what they show.
pub fn markdown(comparison: &Comparison<'_>, pictures: &[(&str, &str)], language: Language) -> String {
    let mut page = String::new();
    let _ = writeln!(page, "# {}\n\n**{}**\n", title(language), sentence(language, &comparison.whole));
    let _ = writeln!(page, "{}\n", matching(language, &comparison.matching));
    for &one in &comparison.cautions {
        let _ = writeln!(page, "- {}: {}", language.of(("Let op", "Mind")), escaped(&caution(language, one)));
    }
    for (name, alt) in pictures {
        let _ = writeln!(page, "\n![{}]({name})", escaped(alt));
    }
    let _ = writeln!(page, "\n## {}", language.of(("Alle metingen", "All measures")));
    table(&mut page, &comparison.whole, language);
    for line in &comparison.lines {
        let _ = writeln!(page, "\n## {}\n\n{}", escaped(line.line.unwrap_or_default()), sentence(language, line));
        table(&mut page, line, language);
    }
    let _ = writeln!(page, "\n{}", language.of(HOW));
    page
}

fn table(page: &mut String, changes: &Changes<'_>, language: Language) {
    let [before, after] = sides(language);
    let head = language.of((
        ["meting", "verschil", "wat daaruit volgt", "kans", "gesprekken"],
        ["measure", "difference", "what follows", "chance", "calls"],
    ));
    let _ = writeln!(
        page,
        "\n| {} | {before} | {after} | {} | {} | {} | {} |",
        head[0], head[1], head[2], head[3], head[4]
    );
    let _ = writeln!(page, "|---|---|---|---|---|---|---|");
    for change in &changes.measures {
        let kind = change.measure.kind();
        let [b, a] = change.sides.map(|side| {
            side.value.map_or("–".to_owned(), |range| with_interval(language, range, |v| value(language, kind, v)))
        });
        let by = change
            .difference
            .map_or("–".to_owned(), |d| with_interval(language, d, |d| difference(language, kind, d)));
        let p = change.adjusted_p.map_or("–".to_owned(), |p| match p {
            p if p < 0.001 => format!("< {}", words::decimal(language, 0.001, 3)),
            p => words::decimal(language, p, 3),
        });
        let calls = change.sides.map(|side| {
            side.calls.to_string()
                + &match side.unanswered {
                    0 => String::new(),
                    n => format!(" ({n}†)"),
                }
        });
        let what = verdict(language, change);
        let name = escaped(&measure(language, change.measure));
        let _ = writeln!(page, "| {name} | {b} | {a} | {by} | {what} | {p} | {}; {} |", calls[0], calls[1]);
    }
}

/// Markdown's own signs, in foreign text.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' => safe.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' => safe.extend(['\\', c]),
            c => safe.push(c),
        }
    }
    safe
}

/// How everything was counted.
const HOW: (&str, &str) = (
    "## Hoe er is gerekend

- Tussen haakjes staat het gebied waarin de waarde met 95% zekerheid ligt. \"Kans\" is de kans op minstens zo'n groot verschil als \
er in werkelijkheid niets was veranderd; onder 0,050 heet het hier geen toeval.
- Eén meting geeft de doorslag: de hele wachttijd tot een medewerker. De kansen van alle andere zijn vergroot omdat het er zoveel \
zijn (Holm 1979): van twintig metingen springt er anders altijd één uit. Wat alleen zonder die vergroting uitspringt, heet \
\"lijkt\".
- † Gesprekken die zonder medewerker eindigden. Ze vallen niet weg: ze tellen mee zolang ze duurden (Kaplan en Meier 1958). \
Mediaan met het interval van Brookmeyer en Crowley (1982), verschil van de medianen met de bootstrap (Efron 1981, 2000 trekkingen, \
vaste start), log-rank-toets (Mantel 1966) per uur, weekdag of lijn waarbinnen is vergeleken.
- Andere metingen: mediaan met het binomiale interval; verschil volgens Hodges en Lehmann (1963): de middelste van alle verschillen \
tussen een gesprek na en een gesprek vóór, dus niet precies het verschil van de medianen; toets van Mann en Whitney (1947), bij \
meer uren volgens Van Elteren (1960).
- Delen van de gesprekken: interval van Wilson (1927), verschil volgens Newcombe (1998), bij meer uren volgens Mantel en Haenszel \
(1959) met de variantie van Greenland en Robins (1985). Een gesprek waarin op tijd niemand kwam, telt volgens de norm zelf.
- Wat niet te meten is, doet niet mee en staat in compare.csv apart.",
    "## How it was counted

- In brackets: where the value lies with 95% confidence. \"Chance\" is the chance of a difference at least as large if nothing had \
changed in truth; below 0.050 it is no longer put down to chance here.
- One measure decides: the whole wait until a person. The chances of all others are made larger for being so many (Holm 1979): of \
twenty measures one always stands out otherwise. What stands out only without that is said to \"seem\" so.
- † Calls that ended without a person. They are not dropped: they count for as long as they lasted (Kaplan and Meier 1958). Median \
with the interval of Brookmeyer and Crowley (1982), difference of the medians by bootstrap (Efron 1981, 2,000 draws, fixed seed), \
log-rank test (Mantel 1966) within each hour, weekday or line.
- Other measures: median with the binomial interval; difference after Hodges and Lehmann (1963): the middle of all differences \
between a call after and a call before, so not quite the difference of the medians; test of Mann and Whitney (1947), over several \
hours that of van Elteren (1960).
- Shares of the calls: interval of Wilson (1927), difference after Newcombe (1998), over several hours after Mantel and Haenszel \
(1959) with the variance of Greenland and Robins (1985). A call in which nobody came in time counts as the norm itself says.
- What cannot be measured takes no part and stands apart in compare.csv.",
);

/// The advice on how many calls to make, for the terminal.
pub fn plan(plan: &Plan, language: Language) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}",
        language.of((
            "Hoeveel gesprekken zijn er nodig? Getallen gelden per kant: zoveel vóór en zoveel na, op dezelfde uren en weekdagen.",
            "How many calls does it take? Numbers are for each side: so many before and so many after, at the same hours and weekdays.",
        ))
    );
    if plan.too_few {
        let _ = writeln!(
            text,
            "{}",
            language.of((
                "In de opgegeven audit zijn te weinig gesprekken met een medewerker om van uit te gaan; dit zijn de algemene getallen.",
                "The audit that was given has too few calls with a person to go by; these are the general numbers.",
            ))
        );
    }
    let chances = language.of((["80% kans", "90% kans"], ["80% chance", "90% chance"]));
    let _ = writeln!(
        text,
        "\n{:<44}{:>12}{:>12}",
        language.of(("Als de wachttijd korter wordt", "If the wait becomes shorter")),
        chances[0],
        chances[1]
    );
    for row in &plan.waits {
        let median = plan.basis.and_then(|basis| basis.median_s);
        let sample = median.map_or(String::new(), |median| {
            let (from, to) = (spoken(language, median), spoken(language, median * (1.0 - row.shorter)));
            language.of((format!(" ({from} wordt {to})"), format!(" ({from} becomes {to})")))
        });
        let name = format!("  {} {}{sample}", percent(row.shorter), language.of(("korter", "shorter")));
        let calls = |n: Option<usize>| n.map_or_else(|| language.of(("> 400", "> 400")).to_owned(), |n| n.to_string());
        let _ = writeln!(text, "{name:<44}{:>12}{:>12}", calls(row.eighty), calls(row.ninety));
    }
    let _ = writeln!(
        text,
        "\n{:<44}{:>12}{:>12}",
        language.of(("Als het deel binnen de norm verandert", "If the share within the norm changes")),
        chances[0],
        chances[1]
    );
    for row in &plan.shares {
        let name = format!("  {} {} {}", percent(row.before), language.of(("wordt", "becomes")), percent(row.after));
        let _ = writeln!(text, "{name:<44}{:>12}{:>12}", row.eighty, row.ninety);
    }
    let share = percent(plan.sample_share);
    let _ = writeln!(
        text,
        "\n{}",
        language.of((
            format!("Hoe scherp zoveel gesprekken een deel van {share} laten zien (95% zekerheid)"),
            format!("How sharply so many calls show a share of {share} (95% confidence)"),
        ))
    );
    for (n, estimate) in &plan.samples {
        let to = language.of(("tot", "to"));
        let _ = writeln!(
            text,
            "  {:<16}{} {to} {}",
            words::calls(language, *n),
            percent(estimate.low),
            percent(estimate.high)
        );
    }
    let _ = writeln!(text, "\n{}", basis(plan, language));
    text
}

/// What the numbers of the waits rest on.
fn basis(plan: &Plan, language: Language) -> String {
    let waits = match plan.basis {
        Some(basis) => language.of((
            format!(
                "Wachttijden: nagespeeld met {} uit de audit ({} met een medewerker), steeds opnieuw getrokken en met de \
                 log-rank-toets vergeleken.",
                words::calls(language, basis.calls),
                basis.persons
            ),
            format!(
                "Waits: played with {} of the audit ({} with a person), drawn anew again and again and held against each other by \
                 the log-rank test.",
                words::calls(language, basis.calls),
                basis.persons
            ),
        )),
        None => language
            .of((
                "Wachttijden: volgens Schoenfeld (1981), als iedere beller een medewerker krijgt en de wachttijden sterk uiteenlopen \
                 (exponentieel); zijn ze gelijkmatiger, dan is minder genoeg. Geef een eerste audit mee (bezet compare VÓÓR --plan) \
                 en er wordt met die gesprekken gerekend.",
                "Waits: after Schoenfeld (1981), if every caller gets a person and waits vary widely (exponentially); if they are \
                 steadier, fewer will do. Give a first audit along (bezet compare BEFORE --plan) to go by its calls.",
            ))
            .to_owned(),
    };
    let shares = language.of((
        "Delen: volgens Fleiss, zonder continuïteitscorrectie; intervallen van Wilson. \"80% kans\": vier van de vijf van zulke \
         vergelijkingen laten de verandering zien (toets op 5%).",
        "Shares: after Fleiss, without continuity correction; intervals of Wilson. \"80% chance\": four of five such comparisons \
         show the change (test at 5%).",
    ));
    format!("{waits}\n{shares}")
}
