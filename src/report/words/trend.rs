//! What is said of months, hours and lines.

use chrono::{Datelike, NaiveDate};

use super::{Language, calls, clock, column, decimal, percent};
use crate::{
    metrics::Unit,
    statistics::runs::{MIN_VALUES, Runs},
    trend::{
        Period, Trend,
        samples::{FEW, Level, Measure, Reading},
        series::Series,
    },
    units::Seconds,
};

/// A measure, as a heading.
pub fn measure(language: Language, measure: &Measure) -> String {
    match measure {
        Measure::Wait => language.of(("Wachten op een medewerker", "Waiting for a person")).into(),
        Measure::Reached => language.of(("Bellers die een medewerker spreken", "Callers who speak to a person")).into(),
        Measure::Norm(norm) => norm.title.of(language).to_owned(),
        Measure::Figure(name, _) => {
            let mut title = column(language, name).map_or(*name, |column| column.title).chars();
            let title: String = title.next().into_iter().flat_map(char::to_uppercase).chain(title).collect();
            language.of((format!("{title} (middelste waarde)"), format!("{title} (middle value)")))
        }
    }
}

/// How a measure was counted, under its heading.
pub fn measured_how(language: Language, measure: &Measure) -> String {
    match measure {
        Measure::Wait => language.of((
            "De helft van de bellers heeft binnen deze tijd een medewerker, gerekend vanaf de eerste keer overgaan. Wie eerder \
             ophing telt mee zolang hij wachtte (Kaplan-Meier).",
            "Half of the callers have a person within this time, counted from the first ring. Those who hung up before count \
             for as long as they waited (Kaplan-Meier).",
        )),
        Measure::Reached => language.of((
            "Deel van de gesprekken waarin een medewerker aan de lijn kwam.",
            "Share of the calls in which a person came on the line.",
        )),
        Measure::Norm(_) => language.of((
            "Deel van de gesprekken dat deze norm haalt, van de gesprekken die het laten meten.",
            "Share of the calls that keep this norm, of those that can be measured.",
        )),
        Measure::Figure(name, _) => column(language, name).map_or("", |column| column.definition),
    }
    .into()
}

/// A value of a measure.
pub fn value(language: Language, measure: &Measure, value: f64) -> String {
    match measure.unit() {
        Unit::Seconds => clock(value),
        Unit::Share => percent(value),
        Unit::Count | Unit::Text => decimal(language, value, usize::from(value.fract() != 0.0)),
        Unit::Decibels => format!("{} dB", decimal(language, value, 1)),
    }
}

/// What calls tell together, short: `1:23`, `> 4:00`, `?`.
pub fn level(language: Language, measure: &Measure, reading: &Reading) -> String {
    match reading.level {
        Level::Known(range) => value(language, measure, range.value),
        Level::Beyond(longest_s) => format!("> {}", clock(longest_s)),
        Level::Unknown => "?".into(),
    }
}

/// The interval in brackets, where there is one; an open end is said.
pub fn interval(language: Language, measure: &Measure, reading: &Reading) -> String {
    let Level::Known(range) = reading.level else { return String::new() };
    let to = language.of(("tot", "to"));
    match (range.low, range.high) {
        (Some(low), Some(high)) => {
            format!("({} {to} {})", value(language, measure, low), value(language, measure, high))
        }
        (Some(low), None) => format!("({} {})", language.of(("minstens", "at least")), value(language, measure, low)),
        (None, Some(high)) => format!("({} {})", language.of(("hooguit", "at most")), value(language, measure, high)),
        (None, None) => String::new(),
    }
}

/// What calls tell together, with what it rests on.
pub fn reading(language: Language, measure: &Measure, reading: &Reading) -> String {
    let all = calls(language, reading.n);
    match reading.level {
        Level::Unknown => language.of(("niet te meten", "cannot be measured")).into(),
        Level::Beyond(longest_s) => language.of((
            format!("meer dan {}: minder dan de helft van {all} kwam bij een medewerker", clock(longest_s)),
            format!("more than {}: fewer than half of {all} got to a person", clock(longest_s)),
        )),
        Level::Known(_) => {
            let known = [level(language, measure, reading), interval(language, measure, reading)].join(" ");
            format!("{}, {all}", known.trim_end())
        }
    }
}

/// Why a row of a table lacks its value, or its signals: `too_short`, so many points have a value.
pub fn why_empty(language: Language, reading: &Reading, too_short: Option<usize>) -> String {
    let mut why = vec![];
    match reading.level {
        _ if reading.calls == 0 => why.push(language.of(("geen gesprekken", "no calls")).to_owned()),
        Level::Unknown => {
            why.push(language.of(("geen enkel gesprek laat dit meten", "no call lets this be measured")).to_owned());
        }
        Level::Beyond(_) => why.push(
            language
                .of((
                    "minder dan de helft kwam bij een medewerker zolang er werd gewacht",
                    "fewer than half got to a person while anybody waited",
                ))
                .to_owned(),
        ),
        Level::Known(range) if range.low.is_none() || range.high.is_none() => {
            why.push(
                language
                    .of(("te weinig gesprekken voor een heel interval", "too few calls for a whole interval"))
                    .to_owned(),
            );
        }
        Level::Known(_) => {}
    }
    if let Some(useful) = too_short {
        why.push(too_few_points(language, useful));
    }
    why.join("; ")
}

fn too_few_points(language: Language, useful: usize) -> String {
    language.of((
        format!("te weinig om verandering van toeval te onderscheiden: {useful} van de nodige {MIN_VALUES} punten naast de mediaan"),
        format!("too little to tell change from chance: {useful} of the {MIN_VALUES} points off the median that it takes"),
    ))
}

/// What the whole trend rests on.
pub fn rests_on(language: Language, trend: &Trend) -> String {
    let (first, last) = (trend.starts.first().copied(), trend.starts.last().copied());
    let name = |start: Option<NaiveDate>| start.map_or(String::new(), |start| trend.period.name(start));
    let lines = match (language, trend.lines.len()) {
        (Language::Nl, 1) => "1 lijn".into(),
        (Language::Nl, n) => format!("{n} lijnen"),
        (Language::En, 1) => "1 line".into(),
        (Language::En, n) => format!("{n} lines"),
    };
    let count = calls(language, trend.calls);
    let mut text = language.of((
        format!("{count} met {lines}, {} tot en met {}", name(first), name(last)),
        format!("{count} to {lines}, {} to {}", name(first), name(last)),
    ));
    let mut besides = |n: usize, what: (&str, &str)| {
        if n > 0 {
            let _ = std::fmt::Write::write_fmt(&mut text, format_args!("; {n} {}", language.of(what)));
        }
    };
    besides(trend.unread, ("daarvan niet te lezen", "of them unreadable"));
    besides(trend.undated, ("weggelaten omdat hun tijdstip onbekend is", "left out because their time is unknown"));
    besides(trend.outside, ("buiten de gevraagde dagen", "outside the days asked for"));
    text
}

/// A period, in a sentence.
pub fn period(language: Language, period: Period, start: NaiveDate) -> String {
    match period {
        Period::Month => format!("{} {}", month(language, start.month0() as usize), start.year()),
        Period::Week => {
            let week = start.iso_week();
            language.of((
                format!("week {} van {}", week.week(), week.year()),
                format!("week {} of {}", week.week(), week.year()),
            ))
        }
    }
}

fn month(language: Language, month0: usize) -> &'static str {
    const NL: [&str; 12] = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ];
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    language.of((NL, EN))[month0 % 12]
}

/// A period under an axis: the month in three letters, or the number of the week.
pub fn tick(language: Language, period: Period, start: NaiveDate) -> String {
    const NL: [&str; 12] = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
    const EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    match period {
        Period::Month => language.of((NL, EN))[start.month0() as usize % 12].into(),
        Period::Week => start.iso_week().week().to_string(),
    }
}

/// The year of a period.
pub fn year(period: Period, start: NaiveDate) -> i32 {
    match period {
        Period::Month => start.year(),
        Period::Week => start.iso_week().year(),
    }
}

fn periods(language: Language, period: Period, n: usize) -> String {
    match (language, period) {
        (Language::Nl, Period::Month) => format!("{n} maanden"),
        (Language::Nl, Period::Week) => format!("{n} weken"),
        (Language::En, Period::Month) => format!("{n} months"),
        (Language::En, Period::Week) => format!("{n} weeks"),
    }
}

fn side(language: Language, above: bool) -> &'static str {
    language.of(if above { ("boven", "above") } else { ("onder", "below") })
}

/// What moved by more than chance, in sentences; or that nothing did, or that nobody can tell yet.
pub fn signals(language: Language, trend: &Trend, series: &Series) -> Vec<String> {
    if series.is_constant() {
        return vec![language.of(("steeds hetzelfde", "always the same")).into()];
    }
    if !series.can_tell() {
        return vec![too_few_points(language, series.useful())];
    }
    let mut said = vec![];
    if let Some(runs) = series.runs.filter(Runs::shift) {
        let (first, last) = (trend.starts[runs.longest_at.0], trend.starts[runs.longest_at.1]);
        let (first, last) = (period(language, trend.period, first), period(language, trend.period, last));
        let long = periods(language, trend.period, runs.longest);
        let side = side(language, runs.longest_above);
        said.push(language.of((
            format!(
                "verschoven: {long} op rij {side} de mediaan, van {first} tot en met {last}; toeval doet dat zelden"
            ),
            format!("shifted: {long} in a row {side} the median, from {first} to {last}; chance seldom does that"),
        )));
    } else if let Some(runs) = series.runs.filter(Runs::signal) {
        let (crossings, expected) = (runs.crossings, runs.crossings_expected);
        said.push(language.of((
            format!(
                "verschoven: kruist de mediaan maar {crossings} keer, waar toeval het minstens {expected} keer doet"
            ),
            format!(
                "shifted: crosses the median only {crossings} times, where chance does so at least {expected} times"
            ),
        )));
    }
    let outside = series.outside().into_iter().map(|place| period(language, trend.period, trend.starts[place]));
    let outside: Vec<String> = outside.collect();
    if !outside.is_empty() {
        let outside = outside.join(", ");
        said.push(language.of((
            format!("valt op: {outside}; zo ver weg ligt bij toeval nog geen 3 op de 1000"),
            format!("stands out: {outside}; by chance fewer than 3 in 1000 lie so far off"),
        )));
    }
    if said.is_empty() {
        said.push(language.of(("geen verandering die meer is dan toeval", "no change beyond chance")).into());
    }
    said
}

/// The same in a word or a few, beside a line's name.
pub fn verdict(language: Language, trend: &Trend, series: &Series) -> String {
    if series.is_constant() {
        return language.of(("steeds hetzelfde", "always the same")).into();
    }
    if !series.can_tell() {
        let useful = series.useful();
        return language.of((
            format!("te weinig om te zeggen: {useful} van {MIN_VALUES} punten naast de mediaan"),
            format!("too little to tell: {useful} of {MIN_VALUES} points off the median"),
        ));
    }
    let mut said = vec![];
    if let Some(runs) = series.runs.filter(Runs::shift) {
        let long = periods(language, trend.period, runs.longest);
        let side = side(language, runs.longest_above);
        said.push(language.of((
            format!("{long} op rij {side} de mediaan: verschoven"),
            format!("{long} in a row {side} the median: shifted"),
        )));
    } else if series.runs.is_some_and(|runs| runs.signal()) {
        said.push(
            language.of(("verschoven: kruist de mediaan te weinig", "shifted: crosses the median too seldom")).into(),
        );
    }
    match (language, series.outside().len()) {
        (_, 0) => {}
        (Language::Nl, 1) => said.push("één punt valt op".into()),
        (Language::Nl, n) => said.push(format!("{n} punten vallen op")),
        (Language::En, 1) => said.push("one point stands out".into()),
        (Language::En, n) => said.push(format!("{n} points stand out")),
    }
    if said.is_empty() { language.of(("niet meer dan toeval", "no more than chance")).into() } else { said.join("; ") }
}

/// What became of the lines of a page, for its heading.
pub struct Moved {
    /// Those that shifted.
    pub shifted: Vec<String>,
    /// Those of which single points stand out.
    pub stand_out: Vec<String>,
    /// Whether any has points enough to tell.
    pub told: bool,
}

/// The heading of a measure that no call of any line lets be measured.
pub fn unmeasured_title(language: Language, measure: &Measure) -> String {
    let name = self::measure(language, measure);
    language.of((format!("{name}: in geen enkel gesprek te meten"), format!("{name}: not measurable in a single call")))
}

/// The heading of a measure over the periods: which lines moved.
pub fn trend_title(language: Language, measure: &Measure, moved: &Moved) -> String {
    let name = self::measure(language, measure);
    let count = |n: usize| language.of((format!("{n} lijnen"), format!("{n} lines")));
    let names = |lines: &[String]| match lines {
        [one] => (one.clone(), false),
        [one, other] => (format!("{one} {} {other}", language.of(("en", "and"))), true),
        many => (count(many.len()), true),
    };
    let mut said = vec![];
    if !moved.shifted.is_empty() {
        let (lines, many) = names(&moved.shifted);
        said.push(match (language, many) {
            (Language::Nl, false) => format!("{lines} is verschoven"),
            (Language::Nl, true) => format!("{lines} zijn verschoven"),
            (Language::En, false) => format!("{lines} has shifted"),
            (Language::En, true) => format!("{lines} have shifted"),
        });
    }
    if !moved.stand_out.is_empty() {
        let (lines, _) = names(&moved.stand_out);
        said.push(match language {
            Language::Nl => format!("uitschieters bij {lines}"),
            Language::En => format!("outliers at {lines}"),
        });
    }
    let nothing = match moved.told {
        true => ("geen verandering die meer is dan toeval", "no change beyond chance"),
        false => ("nog te kort gevolgd om verandering te zien", "not followed long enough to see change"),
    };
    let said = if said.is_empty() { language.of(nothing).to_owned() } else { said.join(language.of((", ", ", "))) };
    format!("{name}: {said}")
}

/// Said where not all lines are on a page, or not all periods fit.
pub fn drawn(language: Language, page: usize, pages: usize, period: Period, drawn: usize, of: usize) -> String {
    let mut said = vec![];
    if pages > 1 {
        said.push(language.of((format!("Blad {page} van {pages}."), format!("Page {page} of {pages}."))));
    }
    if drawn < of {
        let (drawn, of) = (periods(language, period, drawn), of);
        said.push(language.of((
            format!("Getekend zijn de laatste {drawn} van {of}; trend.csv heeft ze alle."),
            format!("Drawn are the last {drawn} of {of}; trend.csv has them all."),
        )));
    }
    said.join(" ")
}

/// Signs of the trend's legend, in the order: many calls, few calls, beyond, interval, median, limits, norm, run, outside.
pub fn trend_signs(language: Language) -> [String; 9] {
    language.of((
        [
            format!("{FEW} gesprekken of meer"),
            format!("minder dan {FEW}"),
            "langer dan iemand wachtte".to_owned(),
            "95%-interval (pijl: einde onbekend)".to_owned(),
            "mediaan".to_owned(),
            "grens van het toeval".to_owned(),
            "norm: deel dat het moet halen".to_owned(),
            "te lang aan één kant".to_owned(),
            "valt op".to_owned(),
        ],
        [
            format!("{FEW} calls or more"),
            format!("fewer than {FEW}"),
            "longer than anybody waited".to_owned(),
            "95% interval (arrow: end unknown)".to_owned(),
            "median".to_owned(),
            "limit of chance".to_owned(),
            "norm: share that has to".to_owned(),
            "too long on one side".to_owned(),
            "stands out".to_owned(),
        ],
    ))
}

/// In front of the numbers of calls that the points rest on.
pub fn n_label(language: Language) -> &'static str {
    language.of(("gemeten", "measured"))
}

/// The heading of a line's hours: the hour of the day that is surely slower than the line is.
pub fn heat_title(language: Language, line: &str, slow: Option<(usize, Seconds)>) -> String {
    match (language, slow) {
        (Language::Nl, Some((hour, wait_s))) => {
            format!("{line}: het langst tussen {hour} en {} uur, {}", hour + 1, clock(wait_s))
        }
        (Language::En, Some((hour, wait_s))) => {
            format!("{line}: longest between {hour}:00 and {}:00, {}", hour + 1, clock(wait_s))
        }
        (Language::Nl, None) => format!("{line}: wachten per uur en weekdag"),
        (Language::En, None) => format!("{line}: waiting by hour and weekday"),
    }
}

/// Over the column of all days, and beside the row of all hours.
pub fn heat_all(language: Language) -> [&'static str; 2] {
    language.of((["alle dagen", "alle"], ["all days", "all"]))
}

/// Under it.
pub fn heat_below(language: Language, told: bool) -> String {
    let mut text = language
        .of((
            "De mediaan van het wachten op een medewerker, tussen haakjes op hoeveel gesprekken hij rust. Een leeg vak is geen nul: \
             toen is niet gebeld; een vraagteken: wel gebeld, niets te meten.",
            "The median wait for a person, in brackets on how many calls it rests. An empty cell is no zero: nobody called then; a \
             question mark: called, but nothing to measure.",
        ))
        .to_owned();
    text += &language.of((
        format!(" Vakken met minder dan {FEW} gesprekken zijn maar voor een deel gekleurd: die zeggen nog weinig."),
        format!(" Cells of fewer than {FEW} calls are coloured in part: they say little yet."),
    ));
    if !told {
        text +=
            language.of((" Openingstijden zijn niet opgegeven (--open).", " Opening hours were not told (--open)."));
    }
    text
}

/// A day of the week from Monday, 0, on.
pub fn weekday(language: Language, day: usize) -> &'static str {
    const NL: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];
    const EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    language.of((NL, EN))[day % 7]
}

/// Signs of the hours' legend: open, closed.
pub fn heat_signs(language: Language) -> [&'static str; 2] {
    language.of((["open", "gesloten"], ["open", "closed"]))
}

/// A step of the hours' scale, from one wait up to the next.
pub fn heat_step(language: Language, from: Seconds, to: Option<Seconds>) -> String {
    match to {
        Some(to) => format!("{} – {}", clock(from), clock(to)),
        None => language.of((format!("meer dan {}", clock(from)), format!("more than {}", clock(from)))),
    }
}

/// The heading of lines side by side: the ends of the wait, where their intervals lie apart.
pub fn benchmark_title(language: Language, apart: Option<(&str, &str)>, lines: usize) -> String {
    match (language, apart) {
        (Language::Nl, Some((longest, shortest))) => {
            format!("Bij {longest} duurt het wachten langer dan bij {shortest}")
        }
        (Language::En, Some((longest, shortest))) => format!("The wait is longer at {longest} than at {shortest}"),
        (Language::Nl, None) if lines == 1 => "Hoe deze lijn het doet".into(),
        (Language::En, None) if lines == 1 => "How this line does".into(),
        (Language::Nl, None) => format!("{lines} lijnen naast elkaar: de verschillen in wachten kunnen toeval zijn"),
        (Language::En, None) => format!("{lines} lines side by side: the differences in waiting may be chance"),
    }
}

/// Under it; `drawn` of `all` lines.
pub fn benchmark_below(language: Language, drawn: usize, all: usize) -> String {
    let mut text = language
        .of((
            "Alle gesprekken van elke lijn samen, met het 95%-interval; een streep met een pijl heeft geen bekend einde. Gebeld is \
             misschien op andere uren en dagen.",
            "All calls of each line together, with the 95% interval; a line with an arrow has no known end. The calls may have \
             been made at other hours and on other days.",
        ))
        .to_owned();
    if drawn < all {
        text += &language.of((
            format!(" Getekend zijn {drawn} van {all} lijnen; benchmark.csv heeft ze alle."),
            format!(" Drawn are {drawn} of {all} lines; benchmark.csv has them all."),
        ));
    }
    text
}

/// Where everything was written.
pub fn written(language: Language, folder: &str) -> String {
    language.of((
        format!(
            "Alles staat in {folder}: begin met de grafieken; trend.csv, heat.csv en benchmark.csv hebben de cijfers"
        ),
        format!(
            "Everything is in {folder}: start with the charts; trend.csv, heat.csv and benchmark.csv have the figures"
        ),
    ))
}
