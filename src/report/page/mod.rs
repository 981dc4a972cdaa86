//! The client's report: one HTML page that holds all it needs, for the screen, a telephone and paper.
//!
//! The tables are in the page itself, so that they can be read without scripts, by screen readers and on paper; a small
//! script draws the ribbons from compact data when they come into view, and zooms and plays them. Nothing is fetched
//! from anywhere: the page's own policy forbids it. Foreign text (file names, norms) is escaped where it enters.

mod calls;
mod cards;
mod data;
mod journey;
mod make_up;
mod messages;
mod missing;
mod number;
pub mod sound;
mod verdict;

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
    metrics::CallMetrics,
    norms::{Norm, profiles},
    scorecard::scores,
    units::Seconds,
};
use calls::{CallLine, Filter};
use cards::Card;
use journey::{Journey, Tile};
use make_up::MakeUp;
use messages::Message;
use missing::Missing;
use number::{Bases, Number};
use verdict::Verdicts;
use words::page::PageWords;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The norms that are shown where nobody chose any: each starts its clock at another moment.
const COMMON: [&str; 4] = ["nen-8878", "fcc-30", "80-20", "gemeente-30"];

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
    let bases = Bases::new(audit);
    let mut data = data::data(audit, language, sound);
    let with_sound = data.calls.iter().any(|call| call.audio.is_some());
    let hash = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
    let parts = palette::PARTS;
    let mut page = Page {
        lang: language.code(),
        policy: format!(
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; img-src data:; media-src 'self' data: file:"
        ),
        title: title(audit, language),
        calls_in_all: Number::to_part(words::calls(language, audit.calls.len()), "calls"),
        subtitle: subtitle(audit, language),
        style: STYLE,
        script: SCRIPT,
        patterns: parts.map(|part| palette::pattern_svg(palette::look(part))).concat(),
        w: page_words::page(language),
        default_norms: norms.is_empty(),
        tiles: tiles(&calls, unread, chosen, audit, &bases, language),
        verdicts: verdict::of(chosen, audit, &bases, language),
        scores: cards::cards(&scores(audit, norms), &bases, language),
        journey: journey::of(&calls, &bases, language),
        curve: chart::curve(audit, language),
        make_up: make_up::of(audit, &bases, language),
        make_up_picture: chart::make_up_by_line(audit, language),
        messages: messages::messages(&calls, &bases, language),
        extremes: extremes(audit, language),
        filters: calls::filters(audit, &bases, language),
        legend: parts
            .map(|part| Legend { pattern: palette::pattern_id(palette::look(part)), name: words::part(language, part) })
            .to_vec(),
        audio_note: page_words::sound(language, with_sound),
        calls: audit.calls.iter().map(|call| calls::call_row(call, &bases, language)).collect(),
        missing: missing::missing(audit, &bases, language),
        norms: norm_definitions(chosen, language),
        definitions: definitions(language),
        version: env!("CARGO_PKG_VERSION"),
        data: String::new(),
    };
    data.bases = bases.into_list();
    page.data = data::script_safe(&data);
    page.render()
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    lang: &'a str,
    policy: String,
    title: String,
    calls_in_all: Number,
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
    make_up: MakeUp,
    make_up_picture: String,
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

/// The shortest or the longest wait.
struct Extreme {
    title: &'static str,
    picture: String,
    listen: Listen,
}

#[derive(Clone)]
struct Legend {
    pattern: String,
    name: &'static str,
}

struct Definition {
    term: String,
    meaning: String,
}

/// The same with no break between a number and its unit.
fn unbroken(text: &str) -> String {
    const UNITS: [&str; 6] = ["s", "dB", "min", "keer", "times", "%"];
    let mut joined = String::new();
    for (i, word) in text.split(' ').enumerate() {
        let bare = word.trim_end_matches(['.', ',', ';', ':', ')']);
        let after_number = joined.ends_with(|c: char| c.is_ascii_digit());
        joined += match () {
            () if i == 0 => "",
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

/// What stands behind the number of calls: lines and days.
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
    format!(", {lines}{days}")
}

/// What it comes to, in four numbers.
fn tiles(
    calls: &[journey::Call<'_>],
    unread: usize,
    norms: &[Norm],
    audit: &Audit,
    bases: &Bases<'_>,
    language: Language,
) -> Vec<Tile> {
    let mut tiles = journey::tiles(calls, unread, bases, language);
    let verdicts = verdict::of(norms, audit, bases, language);
    let of = language.of(("van", "of"));
    tiles.push(Tile {
        value: Number::to_part(format!("{} {of} {}", verdicts.met, verdicts.rows.len()), "norms"),
        label: page_words::norms_met(language, verdicts.rows.len()).to_owned(),
        listen: None,
    });
    tiles
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
mod tests;
