//! What the columns of the tables over several audits are called and mean. Their names may stand in other tables with
//! another meaning, so each table has its own words, and the common ones for the rest.

use super::{Column, Language, column};

/// A column of `compare.csv`.
pub fn compare_column(language: Language, name: &str) -> Option<Column> {
    let (title, definition) = match name {
        "measure" => (
            ("maat", "measure"),
            (
                "wat is vergeleken: `wait:` en een klok, `share:` en een norm, of een kolom van `calls.csv`",
                "what is compared: `wait:` and a clock, `share:` and a norm, or a column of `calls.csv`",
            ),
        ),
        "line" => (("lijn", "line"), ("de lijn; leeg: alle lijnen samen", "the line; empty: all lines together")),
        "unit" => (
            ("eenheid", "unit"),
            ("`s`, `count`, `dB`, of `share`: een deel van 1", "`s`, `count`, `dB`, or `share`: a part of 1"),
        ),
        "before" => (
            ("ervoor", "before"),
            (
                "de mediaan of het deel ervoor; leeg als de helft nooit zo ver kwam",
                "the median or the share before; empty where half never got that far",
            ),
        ),
        "after" => (
            ("erna", "after"),
            (
                "de mediaan of het deel erna; leeg als de helft nooit zo ver kwam",
                "the median or the share after; empty where half never got that far",
            ),
        ),
        "before_low" | "after_low" => (
            ("ten minste", "at least"),
            (
                "de onderkant van het 95%-interval; leeg als dat open is",
                "the lower end of its 95 % interval; empty where that is open",
            ),
        ),
        "before_high" | "after_high" => (
            ("ten hoogste", "at most"),
            (
                "de bovenkant van het 95%-interval; leeg als dat open is",
                "the upper end of its 95 % interval; empty where that is open",
            ),
        ),
        "difference" => (
            ("verschil", "difference"),
            (
                "hoeveel meer erna dan ervoor; minder is negatief",
                "how much more it is after than before; less is negative",
            ),
        ),
        "difference_low" | "difference_high" => (
            ("interval van het verschil", "interval of the difference"),
            ("een uiteinde van het 95%-interval van het verschil", "an end of the difference's 95 % interval"),
        ),
        "verdict" => (
            ("oordeel", "verdict"),
            (
                "`less`, `more`; `seems_less`, `seems_more`: alleen op zichzelf bekeken; `may_be_chance`; `too_few`; `unknown`",
                "`less`, `more`; `seems_less`, `seems_more`: only when looked at by itself; `may_be_chance`; `too_few`; `unknown`",
            ),
        ),
        "p" => (
            ("toeval", "chance"),
            (
                "de kans op zo'n groot verschil als er niets veranderd was",
                "the chance of so large a difference if nothing had changed",
            ),
        ),
        "p_adjusted" => (
            ("toeval, gecorrigeerd", "chance, adjusted"),
            (
                "hetzelfde, rekening houdend met het aantal maten (Holm); van het hele wachten zoals het is",
                "the same, allowing for the number of measures (Holm); of the whole wait as it is",
            ),
        ),
        "test" => (
            ("toets", "test"),
            (
                "`log_rank`, `mann_whitney`, `van_elteren` of `mantel_haenszel`",
                "`log_rank`, `mann_whitney`, `van_elteren` or `mantel_haenszel`",
            ),
        ),
        "before_calls" | "after_calls" => {
            (("gesprekken", "calls"), ("gesprekken die het vertellen", "calls that tell"))
        }
        "before_unanswered" | "after_unanswered" => (
            ("zonder einde", "without an end"),
            (
                "daarvan eindigden zonder waarop werd gewacht; ze tellen zolang ze duurden",
                "those of them that ended without what was waited for; they count for as long as they lasted",
            ),
        ),
        "before_without" | "after_without" => (
            ("zonder", "without"),
            (
                "gesprekken die zoiets niet hebben: geen wachtrij, geen menu",
                "calls that have no such thing: no queue, no menu",
            ),
        ),
        "before_not_measurable" | "after_not_measurable" => {
            (("niet te meten", "not measurable"), ("gesprekken die het niet vertellen", "calls that do not tell"))
        }
        "title" => (("in woorden", "in words"), ("de maat in woorden", "the measure in words")),
        _ => return column(language, name),
    };
    Some(Column { title: language.of(title), definition: language.of(definition) })
}

/// A column of `trend.csv`, `heat.csv` or `benchmark.csv`.
pub fn trend_column(language: Language, name: &str) -> Option<Column> {
    let (title, definition) = match name {
        "client" => (
            ("klant", "client"),
            ("de klant, zoals het projectbestand hem noemt", "the client, as the project file says"),
        ),
        "measure" => (
            ("maat", "measure"),
            (
                "`wait`: tot een medewerker; `reached`: het deel dat er een kreeg; een norm; of een kolom van `calls.csv`",
                "`wait`: until a person; `reached`: the share that got one; a norm; or a column of `calls.csv`",
            ),
        ),
        "unit" => (
            ("eenheid", "unit"),
            ("`s`, `count`, `dB`, of `share`: een deel van 1", "`s`, `count`, `dB`, or `share`: a part of 1"),
        ),
        "period" => (("periode", "period"), ("de maand of week", "the month or week")),
        "starts_on" => (("begint op", "starts on"), ("de eerste dag ervan", "its first day")),
        "weekday" => (("weekdag", "weekday"), ("1: maandag, tot 7: zondag", "1: Monday, to 7: Sunday")),
        "hour" => (
            ("uur", "hour"),
            (
                "het uur waarin het gesprek begon, in de tijdzone van de opname",
                "the hour in which the call began, in the recording's time zone",
            ),
        ),
        "open" => (
            ("open", "open"),
            (
                "`yes`, `no`, `partly`: volgens de openingstijden; leeg als die niet zijn opgegeven",
                "`yes`, `no`, `partly`: by the opening hours; empty where none were given",
            ),
        ),
        "calls" => (("gesprekken", "calls"), ("hoeveel gesprekken er zijn", "how many calls there are")),
        "n" => (("gemeten", "measured"), ("hoeveel daarvan het vertellen", "how many of them tell")),
        "value" | "wait" => (
            ("waarde", "value"),
            (
                "de mediaan of het deel; wie ophing telt mee zolang hij wachtte",
                "the median or the share; those who gave up count for as long as they waited",
            ),
        ),
        "low" | "high" => (
            ("interval", "interval"),
            (
                "een uiteinde van het 95%-interval; leeg als dat open is",
                "an end of its 95 % interval; empty where that is open",
            ),
        ),
        "more_than" => (
            ("meer dan", "more than"),
            (
                "de langste wacht, waar minder dan de helft bij een medewerker kwam",
                "the longest wait, where fewer than half got to a person",
            ),
        ),
        "few" => {
            (("weinig", "few"), ("`yes`: te weinig gesprekken om op te bouwen", "`yes`: too few calls to rely on"))
        }
        "median" => (("mediaan", "median"), ("het midden van alle periodes", "the middle of all periods")),
        "longest_run" => (
            ("langste reeks", "longest run"),
            ("de langste reeks aan één kant van de mediaan", "the longest row of periods on one side of the median"),
        ),
        "longest_run_by_chance" => (
            ("langste reeks door toeval", "longest run by chance"),
            (
                "de langste die toeval verklaart (Anhøj en Olesen)",
                "the longest that chance explains (Anhøj and Olesen)",
            ),
        ),
        "crossings" => (
            ("kruisingen", "crossings"),
            ("hoe vaak de lijn de mediaan kruist", "how often the line crosses the median"),
        ),
        "crossings_by_chance" => (
            ("kruisingen door toeval", "crossings by chance"),
            ("de minste die toeval verklaart", "the fewest that chance explains"),
        ),
        "run_signal" => (
            ("verschoven", "shifted"),
            (
                "`yes`: de reeks is langer of kruist minder dan toeval verklaart",
                "`yes`: a longer run, or fewer crossings, than chance explains",
            ),
        ),
        "limit_low" | "limit_high" => (
            ("grens", "limit"),
            (
                "waartussen een gewone periode ligt (regelkaart)",
                "between these lies an ordinary period (control chart)",
            ),
        ),
        "stands_out" => (
            ("valt op", "stands out"),
            ("`yes`: deze ene periode ligt erbuiten", "`yes`: this one period lies outside them"),
        ),
        "reason" => (
            ("reden", "reason"),
            ("waarom er niets staat, of wat er ontbreekt", "why there is nothing, or what is missing"),
        ),
        _ => return column(language, name),
    };
    Some(Column { title: language.of(title), definition: language.of(definition) })
}
