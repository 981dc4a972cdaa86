//! What really happens in a composed call: what an audit of it should find.
//!
//! `calls.csv` has one row a call; a cell of `-` means that the audit's cell has to be empty, an empty one that the truth
//! does not know. `segments.csv` has one row a sound; what no row covers is silence or the line's noise.

use std::path::Path;

use super::{
    SimulateError,
    script::{CallScript, LineScript, Side, Sound},
};
use crate::{
    label::Label,
    metrics::{AnsweredBy, Outcome},
    units::Seconds,
};

/// A stretch of one kind of sound, in seconds from the start of the recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where it begins.
    pub start: Seconds,
    /// Where it is over.
    pub end: Seconds,
    /// What it is.
    pub label: Label,
    /// More of it: the digit of a key, the name of a prompt.
    pub detail: String,
}

/// The truth about one call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallTruth {
    /// How long the recording lasts.
    pub duration: Seconds,
    /// How it ends.
    pub outcome: Outcome,
    /// Rings before the answer.
    pub rings: u32,
    /// When it was picked up, if it was.
    pub picked_up: Option<Seconds>,
    /// By whom.
    pub answered_by: Option<AnsweredBy>,
    /// The keys, in order.
    pub keys: String,
    /// The way through the menus: `NODE:KEY`, `NODE:timeout` and `NODE:invalid`, last the queue.
    pub path: String,
    /// The time in the queue.
    pub queue: Option<Seconds>,
    /// Prompts played, each time counted.
    pub announcements: u32,
    /// Those among them that say that all lines are busy.
    pub busy_announcements: u32,
    /// The first word of the first live person.
    pub human: Option<Seconds>,
    /// Every sound, by its start.
    pub rows: Vec<Row>,
}

impl CallTruth {
    /// Music without speech over it, all of it.
    pub fn hold_music(&self) -> Seconds {
        self.rows.iter().filter(|row| row.label == Label::Music).map(|row| row.end - row.start).fold(0.0, |a, b| a + b)
    }

    /// The first sound from the pick-up on; the end if there is none.
    pub fn first_sound(&self) -> Option<Seconds> {
        let picked_up = self.picked_up?;
        Some(self.rows.iter().map(|row| row.start).find(|start| *start >= picked_up).unwrap_or(self.duration))
    }
}

/// A composed call with all that its row tells.
pub(super) struct Told<'a> {
    pub file: String,
    pub line: &'a LineScript,
    pub call: &'a CallScript,
    pub sound: &'a Sound,
    pub truth: &'a CallTruth,
}

const CALL_COLUMNS: [&str; 25] = [
    "file",
    "line",
    "country",
    "channels",
    "scenario",
    "duration_s",
    "outcome",
    "rings",
    "answered_s",
    "first_sound_s",
    "answered_by",
    "keys",
    "path",
    "queue_s",
    "hold_music_s",
    "announcements",
    "busy_announcements",
    "time_to_human_s",
    "caller_channel",
    "codec",
    "container",
    "noise_db",
    "music",
    "voice",
    "recorded_at",
];

/// Writes `calls.csv` and `segments.csv` into `folder`.
pub(super) fn write(folder: &Path, told: &[Told]) -> Result<(), SimulateError> {
    let path = folder.join("calls.csv");
    let failed = |e: csv::Error| SimulateError::Write { file: path.clone(), why: e.to_string() };
    let mut calls = csv::Writer::from_path(&path).map_err(failed)?;
    calls.write_record(CALL_COLUMNS).map_err(failed)?;
    for one in told {
        calls.write_record(call_row(one)).map_err(failed)?;
    }
    calls.flush().map_err(|e| failed(e.into()))?;

    let path = folder.join("segments.csv");
    let failed = |e: csv::Error| SimulateError::Write { file: path.clone(), why: e.to_string() };
    let mut segments = csv::Writer::from_path(&path).map_err(failed)?;
    segments.write_record(["file", "start_s", "end_s", "label", "detail"]).map_err(failed)?;
    for one in told {
        for row in &one.truth.rows {
            let cells = [&one.file, &moment(row.start), &moment(row.end), row.label.name(), &row.detail];
            segments.write_record(cells).map_err(failed)?;
        }
    }
    segments.flush().map_err(|e| failed(e.into()))
}

fn call_row(one: &Told) -> [String; 25] {
    let truth = one.truth;
    // without any ringing, the recording starts after the pick-up: neither can be known
    let starts_late = truth.picked_up.is_some() && truth.rings == 0;
    // music in the place of the ringing tone: the pick-up is heard, rings are not
    let before_pick_up = |row: &Row| truth.picked_up.is_some_and(|moment| row.start < moment);
    let rings_with_music = truth.rows.iter().any(|row| row.label == Label::Ringback && before_pick_up(row));
    let must_be_empty = || "-".to_string();
    let or_empty = |value: Option<Seconds>| value.map_or_else(must_be_empty, moment);
    [
        one.file.clone(),
        one.line.name.clone(),
        one.line.country.clone(),
        if one.sound.caller_channel.is_some() { "2" } else { "1" }.into(),
        one.call.scenario.clone(),
        moment(truth.duration),
        truth.outcome.name().into(),
        if starts_late { must_be_empty() } else { truth.rings.to_string() },
        if starts_late && !rings_with_music { must_be_empty() } else { or_empty(truth.picked_up) },
        truth.first_sound().map_or_else(String::new, moment),
        truth.answered_by.map_or("", AnsweredBy::name).into(),
        if truth.keys.is_empty() { must_be_empty() } else { truth.keys.clone() },
        truth.path.clone(),
        truth.queue.map_or_else(String::new, moment),
        moment(truth.hold_music()),
        truth.announcements.to_string(),
        truth.busy_announcements.to_string(),
        or_empty(truth.human),
        match one.sound.caller_channel {
            None => "",
            Some(Side::Left) => "left",
            Some(Side::Right) => "right",
        }
        .into(),
        one.sound.codec.name().into(),
        one.sound.container.name().into(),
        format!("{:.1}", one.sound.noise_level),
        one.line.music.clone(),
        one.line.voice.clone(),
        one.call.recorded_at.clone(),
    ]
}

/// Seconds as they are written: three decimals.
fn moment(t: Seconds) -> String {
    format!("{t:.3}")
}
