//! The client's report: one HTML page that holds all it needs, for the screen, a telephone and paper.
//!
//! The tables are in the page itself, so that they can be read without scripts, by screen readers and on paper; a small
//! script draws the ribbons from compact data when they come into view, and zooms and plays them. Nothing is fetched
//! from anywhere: the page's own policy forbids it. Foreign text (file names, norms) is escaped where it enters.

mod data;
mod journey;
mod messages;
pub mod sound;
mod verdict;

use std::collections::BTreeMap;

use askama::Template;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::{
    chart::{self, palette},
    words::{self, Language, page as page_words},
};
use crate::{
    analysis::CallAnalysis,
    audit::{Audit, AuditedCall},
    interval::Interval,
    metrics::{CallMetrics, Measured},
    norms::{Norm, Ruling, Verdict, profiles},
    scorecard::{Point, Score, scores},
    units::Seconds,
};
use journey::{Journey, Tile};
use messages::Message;
use verdict::{Sign, Verdicts};
use words::page::PageWords;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The norms that are shown where nobody chose any: each starts its clock at another moment.
const COMMON: [&str; 4] = ["nen-8878", "fcc-30", "80-20", "gemeente-30"];

/// More norms about one point than this are counted, not named.
const MOST_NORMS: usize = 3;

/// A table of more lines than this side by side is no longer read.
const MOST_LINES: usize = 8;

/// Where the page finds the sound of a call, if it is to be heard: an address, relative or with the sound inside.
pub type Sound<'a> = &'a dyn Fn(&AuditedCall) -> Option<String>;

/// The page of an audit.
///
/// # Errors
/// Where the template fails, which a test of every branch rules out.
pub fn render(audit: &Audit, norms: &[Norm], language: Language, sound: Sound<'_>) -> Result<String, askama::Error> {
    let common: Vec<Norm> = profiles().iter().filter(|p| COMMON.contains(&p.id.as_str())).cloned().collect();
    let chosen = if norms.is_empty() { &common } else { norms };
    let calls: Vec<(usize, &AuditedCall, &CallAnalysis)> =
        audit.calls.iter().enumerate().filter_map(|(i, call)| Some((i, call, call.finding.as_ref().ok()?))).collect();
    let unread = audit.calls.len() - calls.len();
    let data = data::data(audit, language, sound);
    let with_sound = data.calls.iter().any(|call| call.audio.is_some());
    let hash = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
    let parts = palette::PARTS;
    let page = Page {
        lang: language.code(),
        policy: format!(
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; img-src data:; media-src 'self' data: file:"
        ),
        title: title(audit, language),
        subtitle: subtitle(audit, language),
        style: STYLE,
        script: SCRIPT,
        patterns: parts.map(|part| palette::pattern_svg(palette::look(part))).concat(),
        w: page_words::page(language),
        default_norms: norms.is_empty(),
        tiles: tiles(&calls, unread, chosen, audit, language),
        verdicts: verdict::of(chosen, audit, language),
        scores: cards(&scores(audit, norms), language),
        journey: journey::of(&calls, language),
        curve: chart::curve(audit, language),
        make_up: chart::make_up_by_line(audit, language),
        messages: messages::messages(&calls, language),
        extremes: extremes(audit, language),
        filters: filters(audit, language),
        legend: parts
            .map(|part| Legend { pattern: palette::pattern_id(palette::look(part)), name: words::part(language, part) })
            .to_vec(),
        audio_note: page_words::sound(language, with_sound),
        calls: audit.calls.iter().map(|call| call_row(call, language)).collect(),
        missing: missing(audit, language),
        norms: norm_definitions(chosen, language),
        definitions: definitions(language),
        version: env!("CARGO_PKG_VERSION"),
        data: data::script_safe(&data),
    };
    page.render()
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    lang: &'a str,
    policy: String,
    title: String,
    subtitle: String,
    style: &'a str,
    script: &'a str,
    patterns: String,
    w: &'a PageWords,
    default_norms: bool,
    tiles: Vec<Tile>,
    verdicts: Verdicts,
    scores: Vec<Card>,
    journey: Journey,
    curve: String,
    make_up: String,
    messages: Vec<Message>,
    extremes: Vec<Extreme>,
    filters: Vec<Filter>,
    legend: Vec<Legend>,
    audio_note: &'a str,
    calls: Vec<CallLine>,
    missing: Vec<Missing>,
    norms: Vec<Definition>,
    definitions: Vec<Definition>,
    version: &'a str,
    data: String,
}

/// A place to listen to.
struct Listen {
    call: usize,
    at: String,
    text: String,
}

impl Listen {
    fn new(call: usize, file: &str, at_s: Seconds) -> Self {
        Self { call, at: format!("{at_s:.2}"), text: format!("{file}, {}", words::clock(at_s)) }
    }

    /// Its text in parts between which a line may break.
    fn parts(&self) -> impl Iterator<Item = &str> {
        self.text.split_inclusive(['/', '_'])
    }
}

/// A point of the critique.
struct Card {
    title: &'static str,
    value: String,
    value_is: String,
    sentence: String,
    rulings: Vec<(Sign, String)>,
    /// In the place of the rulings, where there are many.
    rulings_in_short: String,
    wide: bool,
    lines: Vec<(String, String)>,
    worst_is: &'static str,
    listen: Option<Listen>,
}

/// The shortest or the longest wait.
struct Extreme {
    title: &'static str,
    picture: String,
    listen: Listen,
}

struct Filter {
    title: &'static str,
    column: usize,
    options: Vec<String>,
}

#[derive(Clone)]
struct Legend {
    pattern: String,
    name: &'static str,
}

struct CallLine {
    file: String,
    line: String,
    when: String,
    reason: String,
    outcome: String,
    rings: Linked,
    wait: Linked,
}

impl CallLine {
    /// The file's name in parts between which a line may break.
    fn parts(&self) -> impl Iterator<Item = &str> {
        self.file.split_inclusive(['/', '_'])
    }
}

/// A number, and where it comes from.
#[derive(Default)]
struct Linked {
    text: String,
    at: Option<String>,
}

impl Linked {
    fn new<T>(measured: &Measured<T>, text: impl Fn(&T) -> String) -> Self {
        let at = measured.from.map(|from| format!("{:.2}", from.start()));
        measured.value.as_ref().map_or(Self { text: "–".into(), at: None }, |value| Self { text: text(value), at })
    }
}

struct Missing {
    why: String,
    n: usize,
    figures: String,
}

struct Definition {
    term: String,
    meaning: String,
}

/// The same with no break between a number and its unit.
fn unbroken(text: &str) -> String {
    const UNITS: [&str; 6] = ["s", "dB", "min", "keer", "times", "%"];
    let mut joined = String::new();
    for word in text.split(' ') {
        let bare = word.trim_end_matches(['.', ',', ';', ':', ')']);
        let after_number = joined.ends_with(|c: char| c.is_ascii_digit());
        joined += match () {
            () if joined.is_empty() => "",
            () if after_number && UNITS.contains(&bare) => "\u{a0}",
            () => " ",
        };
        joined += word;
    }
    joined
}

fn title(audit: &Audit, language: Language) -> String {
    let what = language.of(("Wat de beller meemaakt", "What the caller experiences"));
    audit.client.as_ref().map_or(what.to_owned(), |client| format!("{client}: {}", lower_first(what)))
}

fn lower_first(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or(String::new(), |first| first.to_lowercase().collect::<String>() + signs.as_str())
}

fn subtitle(audit: &Audit, language: Language) -> String {
    let mut lines: Vec<&str> = audit.calls.iter().map(|call| call.line.as_str()).collect();
    lines.sort_unstable();
    lines.dedup();
    let lines = match lines.len() {
        1 => language.of(("1 lijn", "1 line")).to_owned(),
        n => language.of((format!("{n} lijnen"), format!("{n} lines"))),
    };
    let days = audit.calls.iter().filter_map(|call| call.recorded_at).map(|at| at.date_naive());
    let (first, last) = (days.clone().min(), days.max());
    let day = |day: chrono::NaiveDate| day.format(language.of(("%d-%m-%Y", "%Y-%m-%d"))).to_string();
    let days = match (first, last) {
        (Some(first), Some(last)) if first != last => format!(", {} – {}", day(first), day(last)),
        (Some(first), _) => format!(", {}", day(first)),
        _ => String::new(),
    };
    format!("{}, {lines}{days}", words::calls(language, audit.calls.len()))
}

/// What it comes to, in four numbers.
fn tiles(calls: &[journey::Call<'_>], unread: usize, norms: &[Norm], audit: &Audit, language: Language) -> Vec<Tile> {
    let mut tiles = journey::tiles(calls, unread, language);
    let verdicts = verdict::of(norms, audit, language);
    let of = language.of(("van", "of"));
    tiles.push(Tile {
        value: format!("{} {of} {}", verdicts.met, verdicts.rows.len()),
        label: page_words::norms_met(language, verdicts.rows.len()).to_owned(),
        listen: None,
    });
    tiles
}

/// The points of the critique: over all lines, with each line's below.
fn cards(scores: &[Score<'_>], language: Language) -> Vec<Card> {
    let say = |score: &Score<'_>| words::scorecard::headline(language, score);
    let card = |point: Point| {
        let whole = scores.iter().find(|s| s.point == point && s.line.is_none())?;
        let lines: Vec<(String, String)> = scores
            .iter()
            .filter(|s| s.point == point)
            .filter_map(|s| {
                Some((s.line?.to_owned(), Some(say(s)).filter(|said| !said.is_empty()).unwrap_or("–".into())))
            })
            .collect();
        let ruling = |v: &Verdict| (Sign::of(v.ruling, language), unbroken(v.norm.title.of(language)));
        let listen = whole.worst.as_ref().filter(|worst| worst.value > 0.0 || point.low_is_worse());
        let (met, of) = (whole.verdicts.iter().filter(|v| v.ruling == Ruling::Met).count(), whole.verdicts.len());
        let many = of > MOST_NORMS;
        Some(Card {
            wide: point == Point::Person,
            rulings_in_short: if many { page_words::norms_of_point(language, met, of) } else { String::new() },
            title: words::scorecard::title(language, point),
            value: unbroken(&say(whole)),
            value_is: words::scorecard::headline_is(language, whole),
            sentence: unbroken(&words::scorecard::sentence(language, whole)),
            rulings: if many { vec![] } else { whole.verdicts.iter().map(ruling).collect() },
            lines: if lines.len() <= MOST_LINES && whole.n > 0 { lines } else { vec![] },
            worst_is: words::scorecard::worst_is(language, point),
            listen: listen.map(|w| Listen::new(w.index, &w.call.file, w.from.map_or(0.0, Interval::start))),
        })
    };
    Point::ALL.into_iter().filter_map(card).collect()
}

/// The shortest and the longest wait for a person.
fn extremes(audit: &Audit, language: Language) -> Vec<Extreme> {
    let Some((shortest, longest)) = chart::most_telling_pair(audit) else { return vec![] };
    let extreme = |(title, index): (&'static str, usize)| {
        let call = &audit.calls[index];
        let finding = call.finding.as_ref().ok()?;
        let at_s = finding.metrics.total_wait_s.from.map_or(0.0, Interval::start);
        let picture = chart::ribbon(&call.file, finding, language);
        Some(Extreme { title, picture, listen: Listen::new(index, &call.file, at_s) })
    };
    let w = page_words::page(language);
    [(w.best, shortest), (w.worst, longest)].into_iter().filter_map(extreme).collect()
}

/// Choices over the columns of the table of calls: its line, reason and outcome.
fn filters(audit: &Audit, language: Language) -> Vec<Filter> {
    let w = page_words::page(language);
    let rows: Vec<CallLine> = audit.calls.iter().map(|call| call_row(call, language)).collect();
    let filter = |title, column, of: fn(&CallLine) -> &String| {
        let mut options: Vec<String> = rows.iter().map(|row| of(row).clone()).filter(|o| !o.is_empty()).collect();
        options.sort_unstable();
        options.dedup();
        Filter { title, column, options }
    };
    let all =
        [filter(w.line, 1, |r| &r.line), filter(w.reason, 3, |r| &r.reason), filter(w.outcome, 4, |r| &r.outcome)];
    all.into_iter().filter(|filter| filter.options.len() > 1).collect()
}

fn call_row(call: &AuditedCall, language: Language) -> CallLine {
    let format = language.of(("%d-%m-%Y %H:%M", "%Y-%m-%d %H:%M"));
    let mut row = CallLine {
        file: call.file.clone(),
        line: call.line.clone(),
        when: call.recorded_at.map_or(String::new(), |at| at.format(format).to_string()),
        reason: call.contact_reason.clone().unwrap_or_default(),
        outcome: String::new(),
        rings: Linked::default(),
        wait: Linked::default(),
    };
    match &call.finding {
        Err(refusal) => row.outcome.clone_from(&refusal.message),
        Ok(call) => {
            let m = &call.metrics;
            row.outcome = m.outcome.value.map_or("–".into(), |outcome| words::outcome(language, outcome).into());
            row.rings = Linked::new(&m.rings, u32::to_string);
            row.wait = Linked::new(&m.total_wait_s, |wait| words::seconds(language, *wait));
        }
    }
    row
}

/// Why figures could not be measured, in how many calls, and which figures; the most frequent first.
fn missing(audit: &Audit, language: Language) -> Vec<Missing> {
    let mut counted: BTreeMap<(String, &'static str), usize> = BTreeMap::new();
    for call in &audit.calls {
        let Ok(finding) = &call.finding else { continue };
        for figure in finding.metrics.figures().into_iter().filter(|figure| figure.measured.value.is_none()) {
            *counted.entry((words::bare_reason(language, &figure.measured.reason), figure.name)).or_default() += 1;
        }
    }
    // figures that are missing for one reason in as many calls are said together
    let mut together: BTreeMap<(String, usize), Vec<&'static str>> = BTreeMap::new();
    let order: Vec<&str> = CallMetrics::names();
    for ((why, name), n) in counted {
        together.entry((why, n)).or_default().push(name);
    }
    let title = |name: &&str| words::column(language, name).map_or((*name).to_owned(), |c| c.title.to_owned());
    let mut rows: Vec<Missing> = together
        .into_iter()
        .map(|((why, n), mut names)| {
            names.sort_by_key(|name| order.iter().position(|known| known == name));
            Missing { why, n, figures: names.iter().map(title).collect::<Vec<_>>().join(", ") }
        })
        .collect();
    rows.sort_by(|a, b| b.n.cmp(&a.n).then(a.why.cmp(&b.why)));
    let all = language.of(("het hele gesprek", "the whole call"));
    let mut unread: BTreeMap<&str, usize> = BTreeMap::new();
    for refusal in audit.calls.iter().filter_map(|call| call.finding.as_ref().err()) {
        *unread.entry(&refusal.message).or_default() += 1;
    }
    let unread = unread.into_iter().map(|(why, n)| Missing { why: why.to_owned(), n, figures: all.to_owned() });
    unread.chain(rows).collect()
}

/// What the figures mean.
fn definitions(language: Language) -> Vec<Definition> {
    let figures = CallMetrics::names().into_iter().filter_map(|name| words::column(language, name));
    figures.map(|column| Definition { term: column.title.to_owned(), meaning: column.definition.to_owned() }).collect()
}

/// What the norms ask, and where they come from.
fn norm_definitions(norms: &[Norm], language: Language) -> Vec<Definition> {
    let definition = |norm: &Norm| Definition {
        term: norm.title.of(language).to_owned(),
        meaning: words::norm_definition(language, norm),
    };
    norms.iter().map(definition).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::tests as made;

    fn page(files: &[&str], language: Language) -> String {
        let mut calls: Vec<AuditedCall> = files.iter().map(|file| made::call(file)).collect();
        calls.push(made::refused("broken.wav"));
        render(&Audit { client: Some("Café <b>".into()), calls }, &[], language, &|_| None).unwrap()
    }

    #[test]
    fn a_number_and_its_unit_stay_on_one_line() {
        assert_eq!(unbroken("na 5,0 s; tot 85 % van 3 lijnen"), "na 5,0\u{a0}s; tot 85\u{a0}% van 3 lijnen");
        assert_eq!(unbroken(""), "");
    }

    #[test]
    fn foreign_text_stays_text() {
        let page = page(&["</script><script>alert(1)</script>.wav", "\"><img src=x>.wav"], Language::Nl);
        assert!(!page.contains("<script>alert") && !page.contains("<img") && !page.contains("Café <b>"));
        assert_eq!(page.matches("</script>").count(), 2, "the data's and the script's own");
    }

    #[test]
    fn the_policy_allows_this_script_and_no_other() {
        let page = page(&["a.wav"], Language::En);
        let script = page.rsplit_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
        let hash = STANDARD.encode(Sha256::digest(script.as_bytes()));
        assert!(
            page.contains(&format!("script-src &#39;sha256-{hash}"))
                || page.contains(&format!("script-src 'sha256-{hash}"))
        );
        let named = page.replace("http://www.w3.org/", "");
        assert!(!named.contains("src=\"http") && !named.contains("href=\"http") && !named.contains("@import"));
    }

    #[test]
    fn every_number_of_the_verdict_leads_to_its_seconds() {
        let mut slow = made::call("a.wav");
        slow.finding.as_mut().unwrap().metrics.total_wait_s.value = Some(125.0);
        let page = render(&Audit { client: None, calls: vec![slow] }, &[], Language::En, &|_| None).unwrap();
        assert!(
            page.contains("href=\"#call-0\" data-call=\"0\" data-at=\"1.00\""),
            "the worst call of a norm that was missed"
        );
    }

    #[test]
    fn a_thousand_calls_stay_small() {
        let files: Vec<String> = (0..1000).map(|i| format!("line/{i}.wav")).collect();
        let page = page(&files.iter().map(String::as_str).collect::<Vec<_>>(), Language::Nl);
        assert!(page.len() < 5_000_000, "{} bytes", page.len());
    }
}
