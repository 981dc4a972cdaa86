//! What the page's script draws from.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Sound,
    number::{Place, hundredths},
};
use crate::{
    audit::{Audit, AuditedCall},
    label::Label,
    report::{
        chart::{self, palette},
        words::{self, Language, page as page_words},
    },
    timeline::Segment,
    units::Seconds,
};

/// What the script draws from. Times in hundredths of a second.
#[derive(Serialize)]
pub(super) struct Data {
    words: BTreeMap<&'static str, &'static str>,
    parts: Vec<PartData>,
    /// The longest call, in seconds: all small ribbons share one scale.
    longest: Seconds,
    pub calls: Vec<CallData>,
    /// The calls that numbers rest on.
    pub bases: Vec<Vec<Place>>,
}

#[derive(Serialize)]
struct PartData {
    name: &'static str,
    fill: String,
}

#[derive(Serialize)]
pub(super) struct CallData {
    duration: Seconds,
    /// Part, start, end, and the message where it is one that is known.
    segments: Vec<(usize, u64, u64, String)>,
    keys: Vec<(String, u64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
}

/// The data of an audit.
pub(super) fn data(audit: &Audit, language: Language, sound: Sound<'_>) -> Data {
    let parts = palette::PARTS;
    let call = |call: &AuditedCall| {
        let Ok(analysis) = &call.finding else {
            return CallData { duration: 1.0, segments: vec![], keys: vec![], audio: None };
        };
        let line = analysis.line();
        let segment = |s: &Segment| {
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
        bases: vec![],
    }
}

/// As JSON that cannot end the script element it stands in.
pub(super) fn script_safe(data: &Data) -> String {
    let json = serde_json::to_string(data).expect("numbers and texts are always JSON");
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
