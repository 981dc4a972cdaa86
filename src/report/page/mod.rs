//! The client's report: one HTML page that holds all it needs, for the screen, a telephone and paper.
//!
//! The tables are in the page itself, so that they can be read without scripts, by screen readers and on paper; a small
//! script draws the ribbons from compact data when they come into view, and zooms and plays them. Nothing is fetched
//! from anywhere: the page's own policy forbids it. Foreign text (file names, norms) is escaped where it enters.

pub mod sound;

use std::collections::BTreeMap;

use askama::Template;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    chart::{self, Wait, palette},
    norms::verdicts,
    table,
    words::{self, Language, page as page_words},
};
use crate::{
    analysis::CallAnalysis,
    audit::{Audit, AuditedCall},
    interval::Interval,
    label::Label,
    metrics::AnsweredBy,
    norms::{Norm, Ruling, Verdict, What, profiles},
    statistics::{
        ranks::quantile,
        survival::{KaplanMeier, Observation},
    },
    units::Seconds,
};
use words::page::{PageWords, Step};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The norms that are shown where nobody chose any: each starts its clock at another moment.
const COMMON: [&str; 4] = ["nen-8878", "fcc-30", "80-20", "gemeente-30"];

/// Longer lists of contact reasons are left to the tables.
const MOST_REASONS: usize = 8;

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
    let data = data(audit, language, sound);
    let with_sound = data.calls.iter().any(|call| call.audio.is_some());
    let hash = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
    let extremes = chart::most_telling_pair(audit).into_iter().flat_map(|(a, b)| [a, b]);
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
        verdicts: verdicts(chosen, audit).iter().map(|v| verdict_row(v, audit, language)).collect(),
        scores: vec![],
        steps: steps(&calls, language),
        curve: chart::curve(audit, language),
        make_up: chart::make_up_by_line(audit, language),
        messages: messages(&calls, language),
        extremes: extremes
            .filter_map(|i| Some(chart::ribbon(&audit.calls[i].file, audit.calls[i].finding.as_ref().ok()?, language)))
            .collect(),
        filters: filters(audit, language),
        legend: parts
            .map(|part| Legend { pattern: palette::pattern_id(palette::look(part)), name: words::part(language, part) })
            .to_vec(),
        audio_note: if with_sound {
            ""
        } else {
            language.of(("Het geluid is niet bijgevoegd.", "The sound is not included."))
        },
        calls: audit.calls.iter().map(|call| call_row(call, language)).collect(),
        missing: missing(audit, language),
        definitions: definitions(language),
        version: env!("CARGO_PKG_VERSION"),
        data: script_safe(&data),
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
    verdicts: Vec<VerdictRow>,
    scores: Vec<Score>,
    steps: Vec<StepRow>,
    curve: String,
    make_up: String,
    messages: Vec<Message>,
    extremes: Vec<String>,
    filters: Vec<Filter>,
    legend: Vec<Legend>,
    audio_note: &'a str,
    calls: Vec<CallLine>,
    missing: Vec<Missing>,
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
}

struct VerdictRow {
    title: String,
    note: String,
    class: &'static str,
    sign: &'static str,
    ruling: &'static str,
    measured: String,
    clock: String,
    listen: Option<Listen>,
}

/// A point of the critique.
struct Score {
    title: String,
    value: String,
    sentence: String,
    listen: Option<Listen>,
}

struct StepRow {
    step: String,
    who: String,
    median: String,
    ninetieth: String,
    n: usize,
}

struct Message {
    name: String,
    line: String,
    length: String,
    times: usize,
    calls: usize,
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
    rings: String,
    wait: String,
}

struct Missing {
    figure: String,
    why: String,
    n: usize,
}

struct Definition {
    term: &'static str,
    meaning: &'static str,
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

fn verdict_row(verdict: &Verdict<'_>, audit: &Audit, language: Language) -> VerdictRow {
    let (class, sign) = match verdict.ruling {
        Ruling::Met => ("met", "✓"),
        Ruling::NotMet => ("not_met", "✗"),
        Ruling::Unknown => ("unknown", "?"),
    };
    let norm = verdict.norm;
    let line = verdict.line.map(|line| format!(" ({line})")).unwrap_or_default();
    let worst = verdict.worst().and_then(|held| {
        let call = audit.calls.iter().position(|call| std::ptr::eq(call, held.call))?;
        Some(Listen::new(call, &held.call.file, held.from.map_or(0.0, Interval::start)))
    });
    VerdictRow {
        title: norm.title.of(language).to_owned() + &line,
        // once, with the norm as a whole
        note: norm
            .note
            .as_ref()
            .filter(|_| verdict.line.is_none())
            .map(|n| n.of(language).to_owned())
            .unwrap_or_default(),
        class,
        sign,
        ruling: words::ruling(language, verdict.ruling),
        measured: words::verdict(language, verdict),
        clock: match norm.what() {
            What::Clock(clock) => words::clock_name(language, clock).to_owned(),
            What::Figure(name) => words::column(language, name).map_or(name, |c| c.definition).to_owned(),
        },
        listen: worst,
    }
}

/// The steps over all calls, and the whole wait for each contact reason.
fn steps(calls: &[(usize, &AuditedCall, &CallAnalysis)], language: Language) -> Vec<StepRow> {
    let all = language.of(("alle", "all")).to_owned();
    let seconds = |value: Option<f64>| value.map_or("–".to_owned(), |s| words::seconds(language, s));
    let row = |step: Step, of: &dyn Fn(&CallAnalysis) -> Option<Seconds>| {
        let values: Vec<f64> = calls.iter().filter_map(|(_, _, call)| of(call)).collect();
        StepRow {
            step: page_words::step(language, step).to_owned(),
            who: all.clone(),
            median: seconds(quantile(&values, 0.5)),
            ninetieth: seconds(quantile(&values, 0.9)),
            n: values.len(),
        }
    };
    let wait = |who: String, of: &dyn Fn(&AuditedCall) -> bool| {
        let waits = calls.iter().filter(|(_, call, _)| of(call)).map(|(_, _, call)| Wait::of(call));
        let observed = waits.filter_map(|w| w.total_s.map(|wait_s| Observation { wait_s, person: w.person }));
        let curve = KaplanMeier::of(&observed.collect::<Vec<_>>());
        StepRow {
            step: page_words::step(language, Step::Person).to_owned(),
            who,
            median: seconds(curve.quantile_s(0.5)),
            ninetieth: seconds(curve.quantile_s(0.9)),
            n: curve.n,
        }
    };
    let mut rows = vec![
        row(Step::Ring, &|call| call.metrics.ring_s.value),
        row(Step::Machine, &machine_s),
        row(Step::Queue, &|call| call.metrics.queue_s.value),
        wait(all.clone(), &|_| true),
    ];
    let mut reasons: Vec<&str> = calls.iter().filter_map(|(_, call, _)| call.contact_reason.as_deref()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    if (2..=MOST_REASONS).contains(&reasons.len()) {
        rows.extend(reasons.iter().map(|&r| wait(r.to_owned(), &|call| call.contact_reason.as_deref() == Some(r))));
    }
    rows
}

/// From the pick-up by a machine to the queue, or to the person where there is none.
fn machine_s(call: &CallAnalysis) -> Option<Seconds> {
    let m = &call.metrics;
    m.answered_by.value.filter(|by| *by == AnsweredBy::Machine)?;
    let until =
        m.queue_s.from.filter(|_| m.queue_s.value.is_some()).map(Interval::start).or(m.time_to_human_s.value)?;
    Some((until - m.answered_s.value?).max(0.0))
}

/// The recordings that were heard more than once, the most frequent first.
fn messages(calls: &[(usize, &AuditedCall, &CallAnalysis)], language: Language) -> Vec<Message> {
    struct Group {
        length_s: Seconds,
        times: usize,
        calls: Vec<usize>,
        first: (usize, String, Seconds),
    }
    let mut groups: BTreeMap<(&str, &str), Group> = BTreeMap::new();
    for (i, call, analysis) in calls {
        for play in analysis.plays.iter().filter(|play| play.group.is_voice()) {
            let group = groups.entry((&call.line, &play.group.name)).or_insert_with(|| Group {
                length_s: play.group.length_s,
                times: 0,
                calls: vec![],
                first: (*i, call.file.clone(), play.interval.start()),
            });
            group.times += 1;
            if group.calls.last() != Some(i) {
                group.calls.push(*i);
            }
        }
    }
    let mut rows: Vec<((&str, &str), Group)> = groups.into_iter().filter(|(_, group)| group.times > 1).collect();
    rows.sort_by(|a, b| a.0.0.cmp(b.0.0).then(b.1.times.cmp(&a.1.times)).then(a.0.1.cmp(b.0.1)));
    let message = |((line, name), group): ((&str, &str), Group)| Message {
        name: name.to_owned(),
        line: line.to_owned(),
        length: words::seconds(language, group.length_s),
        times: group.times,
        calls: group.calls.len(),
        listen: Listen::new(group.first.0, &group.first.1, group.first.2),
    };
    rows.into_iter().map(message).collect()
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
        rings: String::new(),
        wait: String::new(),
    };
    match &call.finding {
        Err(refusal) => row.outcome.clone_from(&refusal.message),
        Ok(call) => {
            let m = &call.metrics;
            row.outcome = m.outcome.value.map_or("–".into(), |outcome| words::outcome(language, outcome).into());
            row.rings = m.rings.value.map_or("–".into(), |rings| rings.to_string());
            row.wait = m.total_wait_s.value.map_or("–".into(), |wait| words::seconds(language, wait));
        }
    }
    row
}

/// Which figures could not be measured, why, and in how many calls; the most frequent first.
fn missing(audit: &Audit, language: Language) -> Vec<Missing> {
    let mut counted: BTreeMap<(usize, String), (String, usize)> = BTreeMap::new();
    for call in &audit.calls {
        let figures = match &call.finding {
            Ok(finding) => finding.metrics.figures(),
            Err(refusal) => {
                let all = language.of(("het hele gesprek", "the whole call")).to_owned();
                counted.entry((0, refusal.message.clone())).or_insert((all, 0)).1 += 1;
                continue;
            }
        };
        for (at, figure) in figures.into_iter().enumerate().filter(|(_, figure)| figure.measured.value.is_none()) {
            let title = words::column(language, figure.name).map_or(figure.name, |c| c.title).to_owned();
            let why = words::reason(language, &figure.measured.reason);
            counted.entry((at + 1, why)).or_insert((title, 0)).1 += 1;
        }
    }
    counted.into_iter().map(|((_, why), (figure, n))| Missing { figure, why, n }).collect()
}

fn definitions(language: Language) -> Vec<Definition> {
    let columns = table::calls();
    let words = columns.iter().filter_map(|column| words::column(language, column.name));
    words.map(|column| Definition { term: column.title, meaning: column.definition }).collect()
}

/// What the script draws from. Times in hundredths of a second.
#[derive(Serialize)]
struct Data {
    words: BTreeMap<&'static str, &'static str>,
    parts: Vec<PartData>,
    /// The longest call, in seconds: all small ribbons share one scale.
    longest: Seconds,
    calls: Vec<CallData>,
}

#[derive(Serialize)]
struct PartData {
    name: &'static str,
    fill: String,
}

#[derive(Serialize)]
struct CallData {
    duration: Seconds,
    /// Part, start, end, and the message where it is one that is known.
    segments: Vec<(usize, u64, u64, String)>,
    keys: Vec<(String, u64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio: Option<String>,
}

fn data(audit: &Audit, language: Language, sound: Sound<'_>) -> Data {
    let parts = palette::PARTS;
    let hundredths = |s: Seconds| (s * 100.0).round().max(0.0) as u64;
    let call = |call: &AuditedCall| {
        let Ok(analysis) = &call.finding else {
            return CallData { duration: 1.0, segments: vec![], keys: vec![], audio: None };
        };
        let line = analysis.line();
        let segment = |s: &crate::timeline::Segment| {
            let part = chart::part_of(s, line);
            let at = parts.iter().position(|p| *p == part).unwrap_or(0);
            let play = analysis.plays.iter().find(|p| p.interval.overlap(s.interval) > s.interval.duration() / 2.0);
            let message = play.filter(|p| p.group.is_voice() && s.label.is_voice());
            let message = message.map_or(String::new(), |p| p.group.name.clone());
            (at, hundredths(s.interval.start()), hundredths(s.interval.end()), message)
        };
        let events = analysis.timelines.iter().flat_map(|t| t.events());
        let keys = events.filter(|e| e.label == Label::Dtmf);
        CallData {
            duration: line.duration().max(0.01),
            segments: line.segments().iter().map(segment).collect(),
            keys: keys.map(|e| (e.detail.clone(), hundredths(e.interval.start()))).collect(),
            audio: sound(call),
        }
    };
    let calls: Vec<CallData> = audit.calls.iter().map(call).collect();
    Data {
        words: page_words::script_words(language).into_iter().collect(),
        parts: parts
            .iter()
            .map(|&part| PartData {
                name: words::part(language, part),
                fill: format!("url(#{})", palette::pattern_id(palette::look(part))),
            })
            .collect(),
        longest: calls.iter().map(|call| call.duration).fold(1.0, f64::max),
        calls,
    }
}

/// As JSON that cannot end the script element it stands in.
fn script_safe(data: &Data) -> String {
    let json = serde_json::to_string(data).expect("numbers and texts are always JSON");
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
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
