//! The tables, once: every column with its unit and where its cells come from. CSV and JSON are made from these lists.
//!
//! What a column means stands in [`super::words::column`], in both languages.

use super::{
    notes,
    words::{self, Language},
};
use crate::{
    analysis::CallAnalysis,
    audit::{Audit, AuditedCall},
    label::Label,
    metrics::{Figure, Measured, Outcome, Reason, Unit, Value},
    timeline::{Segment, Timeline},
    units::Seconds,
};

/// The version of the columns, kept with every audit. It changes when a column is renamed, removed, or changes its
/// meaning; new columns come at the end and leave it as it is.
pub const SCHEMA: &str = "bezet-audit/1";

/// The figures that a call as a whole is judged by: its confidence is that of the least sure one of them.
const MAIN_FIGURES: [&str; 4] = ["outcome", "rings", "answered_s", "time_to_human_s"];

/// From this confidence on a figure needs no word of caution: of such figures at most 1 % may be wrong.
const SURE: f32 = 0.9;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing: not measurable, or nothing to say.
    Empty,
    /// A word or a sentence.
    Text(String),
    /// Keys of a telephone: text, also where they look like a number.
    Keys(String),
    /// A number of things.
    Count(u32),
    /// Seconds, given to the millisecond.
    Seconds(Seconds),
    /// A number, given to the thousandth.
    Number(f64),
    /// 0 to 1, given to the thousandth.
    Confidence(f32),
}

impl Cell {
    /// A text; nothing where it is empty.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

/// One column of a table of `Row`s.
pub struct Column<Row> {
    /// Its name, the same in every language and output.
    pub name: &'static str,
    /// The unit of its cells; empty for words.
    pub unit: &'static str,
    cell: Source<Row>,
}

/// Where a column's cells come from.
enum Source<Row> {
    /// The row itself.
    Row(fn(&Row) -> Cell),
    /// The figure of the column's name.
    Figure(fn(&Row, &str) -> Cell),
}

impl<Row> Column<Row> {
    /// A column whose cells come from the row itself.
    pub(crate) const fn new(name: &'static str, unit: &'static str, cell: fn(&Row) -> Cell) -> Self {
        Self { name, unit, cell: Source::Row(cell) }
    }

    /// The cell of `row` in this column.
    pub fn cell(&self, row: &Row) -> Cell {
        match self.cell {
            Source::Row(cell) => cell(row),
            Source::Figure(cell) => cell(row, self.name),
        }
    }
}

/// A row of `calls.csv`.
pub struct CallRow<'a> {
    call: &'a AuditedCall,
    figures: Vec<Figure>,
    language: Language,
}

/// A row of `segments.csv`: a segment, or an event on top.
pub struct SegmentRow<'a> {
    file: &'a str,
    timeline: &'a Timeline,
    segment: &'a Segment,
}

impl SegmentRow<'_> {
    /// What is heard.
    pub fn label(&self) -> Label {
        self.segment.label
    }
}

/// A row of `figures.csv`.
pub struct FigureRow<'a> {
    file: &'a str,
    figure: Figure,
    /// In the place of the figure's own reason: why the recording could not be read.
    refusal: Option<&'a str>,
    language: Language,
}

/// The columns of `calls.csv`.
pub fn calls<'a>() -> Vec<Column<CallRow<'a>>> {
    let figure = |name, unit| Column { name, unit, cell: Source::Figure(CallRow::figure) };
    vec![
        Column::new("file", "", |row: &CallRow| Cell::text(&row.call.file)),
        Column::new("line", "", |row| Cell::text(&row.call.line)),
        Column::new("recorded_at", "RFC 3339", |row| {
            row.call.recorded_at.map_or(Cell::Empty, |at| Cell::Text(at.to_rfc3339()))
        }),
        Column::new("duration_s", "s", |row| row.analysis(|call| Cell::Seconds(call.recording.duration_s))),
        Column::new("channels", "count", |row| row.analysis(|call| Cell::Count(call.recording.channels.into()))),
        Column::new("caller_channel", "", |row| {
            row.analysis(|call| {
                let channel = call.caller_channel.as_ref().and_then(|channel| channel.value);
                channel.map_or(Cell::Empty, |channel| Cell::text(channel.name()))
            })
        }),
        Column::new("country", "ISO 3166", |row| {
            row.analysis(|call| call.country.value.as_ref().map_or(Cell::Empty, Cell::text))
        }),
        Column::new("warnings", "", |row| Cell::text(notes::of_call(row.language, row.call).join("; "))),
        figure("outcome", ""),
        figure("rings", "count"),
        figure("ring_s", "s"),
        figure("answered_s", "s"),
        figure("answered_by", ""),
        figure("keys", ""),
        figure("queue_s", "s"),
        figure("hold_segments", "count"),
        figure("hold_music_s", "s"),
        figure("dead_air_s", "s"),
        figure("announcements", "count"),
        figure("time_to_human_s", "s"),
        figure("wait_after_answer_s", "s"),
        figure("total_wait_s", "s"),
        Column::new("confidence", "0 to 1", CallRow::confidence),
        Column::new("reason", "", CallRow::reason),
        Column::new("contact_reason", "", |row| row.call.contact_reason.as_ref().map_or(Cell::Empty, Cell::text)),
        Column::new("schema", "", |_| Cell::text(SCHEMA)),
        figure("repeated_announcements", "count"),
        figure("same_announcement", "count"),
        figure("busy_announcements", "count"),
        figure("apologies", "count"),
        figure("informations", "count"),
        figure("apology_share", "0 to 1"),
        figure("information_share", "0 to 1"),
        figure("message_share", "0 to 1"),
        figure("music_share", "0 to 1"),
        figure("longest_silence_s", "s"),
        figure("longest_without_progress_s", "s"),
        figure("music_loop_s", "s"),
        figure("music_loops", "count"),
        figure("tune_notes", "count"),
        figure("loudness_jump_db", "dB"),
        figure("clipped_music", "0 to 1"),
        figure("path", ""),
        figure("menu_s", "s"),
        figure("menu_levels", "count"),
        Column::new("container", "", |row| row.analysis(|call| Cell::text(&call.recording.container))),
        Column::new("codec", "", |row| row.analysis(|call| Cell::text(&call.recording.codec))),
    ]
}

/// The columns of `segments.csv`.
pub fn segments<'a>() -> Vec<Column<SegmentRow<'a>>> {
    vec![
        Column::new("file", "", |row: &SegmentRow| Cell::text(row.file)),
        Column::new("channel", "", |row| Cell::text(row.timeline.channel().name())),
        Column::new("start_s", "s", |row| Cell::Seconds(row.segment.interval.start())),
        Column::new("end_s", "s", |row| Cell::Seconds(row.segment.interval.end())),
        Column::new("label", "", |row| Cell::text(row.segment.label.name())),
        Column::new("detail", "", |row| match row.segment.label {
            Label::Dtmf => Cell::Keys(row.segment.detail.clone()),
            _ => Cell::text(&row.segment.detail),
        }),
        Column::new("confidence", "0 to 1", |row| Cell::Confidence(row.segment.confidence)),
    ]
}

/// The columns of `figures.csv`.
pub fn figures<'a>() -> Vec<Column<FigureRow<'a>>> {
    vec![
        Column::new("file", "", |row: &FigureRow| Cell::text(row.file)),
        Column::new("figure", "", |row| Cell::text(row.figure.name)),
        Column::new("value", "", |row| value(&row.figure)),
        Column::new("unit", "", |row| Cell::text(row.figure.unit.name())),
        Column::new("confidence", "0 to 1", |row| Cell::Confidence(row.figure.measured.confidence)),
        Column::new("reason", "", |row| match row.refusal {
            Some(refusal) => Cell::text(refusal),
            None => Cell::text(words::reason(row.language, &row.figure.measured.reason)),
        }),
        Column::new("from_s", "s", |row| row.figure.measured.from.map_or(Cell::Empty, |i| Cell::Seconds(i.start()))),
        Column::new("to_s", "s", |row| row.figure.measured.from.map_or(Cell::Empty, |i| Cell::Seconds(i.end()))),
        Column::new("reason_code", "", |row| Cell::text(row.figure.measured.reason.code())),
        Column::new("evidence", "0 to 1", |row| Cell::Confidence(row.figure.measured.evidence)),
    ]
}

/// The rows of `calls.csv`.
pub fn call_rows(audit: &Audit, language: Language) -> impl Iterator<Item = CallRow<'_>> {
    audit.calls.iter().map(move |call| CallRow::new(call, language))
}

/// The rows of `segments.csv` of one call: channel by channel, events among the segments that they lie on.
pub fn segment_rows(call: &AuditedCall) -> Vec<SegmentRow<'_>> {
    let timelines = call.finding.as_ref().map_or(&[][..], |call| &call.timelines);
    let rows = timelines.iter().flat_map(|timeline| {
        let all = timeline.segments().iter().chain(timeline.events());
        let mut rows: Vec<_> = all.map(|segment| SegmentRow { file: &call.file, timeline, segment }).collect();
        rows.sort_by(|a, b| a.segment.interval.start().total_cmp(&b.segment.interval.start()));
        rows
    });
    rows.collect()
}

/// The rows of `figures.csv` of one call.
pub fn figure_rows(call: &AuditedCall, language: Language) -> Vec<FigureRow<'_>> {
    let row = |figure, refusal| FigureRow { file: &call.file, figure, refusal, language };
    match &call.finding {
        Ok(finding) => finding.metrics.figures().into_iter().map(|figure| row(figure, None)).collect(),
        Err(refusal) => vec![row(not_measurable(), Some(&refusal.message))],
    }
}

/// The outcome of a call whose recording could not be read.
fn not_measurable() -> Figure {
    let value = Some(Value::Text(Outcome::NotMeasurable.name().into()));
    Figure {
        name: "outcome",
        unit: Unit::Text,
        measured: Measured { value, confidence: 1.0, evidence: 1.0, reason: Reason::Unreadable, from: None },
    }
}

/// A figure's value as a cell.
fn value(figure: &Figure) -> Cell {
    match (figure.name, &figure.measured.value) {
        (_, None) => Cell::Empty,
        ("keys", Some(Value::Text(keys))) if !keys.is_empty() => Cell::Keys(keys.clone()),
        (_, Some(Value::Text(text))) => Cell::text(text),
        (_, Some(Value::Count(count))) => Cell::Count(*count),
        (_, Some(Value::Seconds(seconds))) => Cell::Seconds(*seconds),
        (_, Some(Value::Number(number))) => Cell::Number(*number),
    }
}

impl<'a> CallRow<'a> {
    /// The row of `call`.
    pub fn new(call: &'a AuditedCall, language: Language) -> Self {
        let figures = call.finding.as_ref().map_or_else(|_| vec![not_measurable()], |call| call.metrics.figures());
        Self { call, figures, language }
    }

    fn analysis(&self, cell: impl FnOnce(&CallAnalysis) -> Cell) -> Cell {
        self.call.finding.as_ref().map_or(Cell::Empty, cell)
    }

    fn figure(&self, name: &str) -> Cell {
        self.figures.iter().find(|figure| figure.name == name).map_or(Cell::Empty, value)
    }

    fn main_figures(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|figure| MAIN_FIGURES.contains(&figure.name))
    }

    fn least_sure(&self) -> Option<&Figure> {
        self.main_figures().min_by(|a, b| a.measured.confidence.total_cmp(&b.measured.confidence))
    }

    fn confidence(&self) -> Cell {
        self.analysis(|_| self.least_sure().map_or(Cell::Empty, |figure| Cell::Confidence(figure.measured.confidence)))
    }

    /// Why the call cannot be measured, or what is not to be measured about it, or what it is least sure of; if nothing of
    /// that, what its outcome rests on.
    fn reason(&self) -> Cell {
        let call = match &self.call.finding {
            Err(refusal) => return Cell::text(&refusal.message),
            Ok(call) => call,
        };
        let say = |reason: &Reason| words::reason(self.language, reason);
        let title = |name: &str| words::column(self.language, name).map_or(name.to_owned(), |c| c.title.to_owned());
        let mut said = vec![];
        if call.labelled {
            said.push(say(&Reason::Labelled));
        }
        let mut absent: Vec<(String, Vec<String>)> = vec![];
        for figure in self.main_figures().filter(|figure| figure.measured.value.is_none()) {
            let reason = say(&figure.measured.reason);
            match absent.iter_mut().find(|(said, _)| *said == reason) {
                Some((_, titles)) => titles.push(title(figure.name)),
                None => absent.push((reason, vec![title(figure.name)])),
            }
        }
        said.extend(absent.into_iter().map(|(reason, titles)| format!("{}: {reason}", titles.join(", "))));
        let unsure = self.least_sure().filter(|f| f.measured.confidence < SURE && f.measured.value.is_some());
        if let Some(figure) = unsure {
            let unsure = self.language.of(("onzeker", "unsure"));
            said.push(format!("{} ({unsure}): {}", title(figure.name), say(&figure.measured.reason)));
        }
        if said.is_empty() {
            said.push(say(&call.metrics.outcome.reason));
        }
        Cell::text(said.join("; "))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        analysis::RecordingFacts,
        audit::Refusal,
        interval::Interval,
        metrics::{AnsweredBy, CallMetrics, PathMetrics, WaitMetrics},
        timeline::Channel,
    };

    /// A call that rings twice, is picked up by a machine, plays music, and is answered by a person.
    pub fn call(file: &str) -> AuditedCall {
        let at = Interval::new;
        let sure = |from| (0.97, Reason::Heard, from);
        fn heard<T>(value: T, (confidence, reason, from): (f32, Reason, Interval)) -> Measured<T> {
            Measured::heard(value, confidence, reason, from)
        }
        let segment = |start, end, label, detail: &str| Segment {
            interval: at(start, end),
            label,
            detail: detail.into(),
            confidence: 0.95,
        };
        let timeline = Timeline::new(
            Channel::Mono,
            30.0,
            vec![
                segment(1.0, 7.0, Label::Ringback, "2 rings"),
                segment(8.0, 12.0, Label::Announcement, ""),
                segment(12.5, 20.0, Label::Music, ""),
                segment(20.0, 30.0, Label::Human, ""),
                segment(13.0, 13.1, Label::Dtmf, "0"),
                segment(13.5, 13.6, Label::Dtmf, "7"),
            ],
        );
        let metrics = CallMetrics {
            outcome: heard(Outcome::Human, sure(at(20.0, 30.0))),
            rings: heard(2, sure(at(1.0, 7.0))),
            ring_s: heard(6.25, sure(at(1.0, 7.25))),
            answered_s: heard(7.25, (0.7, Reason::Click, at(7.2, 7.3))),
            answered_by: heard(AnsweredBy::Machine, sure(at(8.0, 12.0))),
            keys: heard("07".into(), sure(at(13.0, 13.6))),
            queue_s: heard(12.0, sure(at(8.0, 20.0))),
            hold_segments: heard(1, sure(at(12.5, 20.0))),
            hold_music_s: heard(7.5, sure(at(12.5, 20.0))),
            dead_air_s: heard(0.0, sure(at(0.0, 30.0))),
            announcements: heard(1, sure(at(8.0, 12.0))),
            time_to_human_s: heard(20.0, sure(at(20.0, 30.0))),
            wait_after_answer_s: heard(12.75, sure(at(7.25, 20.0))),
            total_wait_s: heard(19.0004, sure(at(1.0, 20.0))),
            wait: WaitMetrics {
                repeated_announcements: heard(2, sure(at(8.0, 12.0))),
                same_announcement: heard(3, sure(at(8.0, 12.0))),
                music_loop_s: heard(7.56, sure(at(12.5, 20.0))),
                tune_notes: heard(4, sure(at(12.5, 20.0))),
                loudness_jump_db: heard(6.5, sure(at(9.0, 15.5))),
                ..WaitMetrics::absent(0.9, &Reason::NotNamed)
            },
            path: PathMetrics::default(),
        };
        AuditedCall {
            file: file.into(),
            content: None,
            line: "shop".into(),
            recorded_at: Some("2026-05-12T10:15:00+02:00".parse().unwrap()),
            contact_reason: Some("buy".into()),
            notes: vec![],
            finding: Ok(CallAnalysis {
                recording: RecordingFacts::a_law(30.0),
                caller_channel: None,
                country: heard("nl".into(), sure(at(1.0, 7.0))),
                timelines: vec![timeline],
                plays: vec![],
                metrics,
                walk: None,
                labelled: false,
            }),
        }
    }

    /// A recording that could not be read.
    pub fn refused(file: &str) -> AuditedCall {
        let refusal = Refusal { code: "not-audio".into(), message: "=this is no sound recording".into() };
        AuditedCall { finding: Err(refusal), recorded_at: None, contact_reason: None, ..call(file) }
    }

    #[test]
    fn every_column_has_words_and_every_figure_a_column() {
        let names: Vec<_> = calls().iter().map(|c| c.name).collect();
        let call = call("a.wav");
        for figure in call.finding.as_ref().unwrap().metrics.figures() {
            assert!(names.contains(&figure.name), "{} has no column", figure.name);
        }
        let all = names
            .into_iter()
            .chain(segments().into_iter().map(|c| c.name))
            .chain(figures().into_iter().map(|c| c.name))
            .chain(crate::report::norms::columns().into_iter().map(|c| c.name))
            .chain(crate::report::walked::columns().into_iter().map(|c| c.name))
            .chain(crate::report::scorecard::columns().into_iter().map(|c| c.name));
        for name in all.filter(|&name| name != "schema") {
            assert!(words::column(Language::Nl, name).is_some(), "{name} has no words");
        }
    }

    #[test]
    fn a_call_is_as_sure_as_its_least_sure_main_figure_and_says_which() {
        let call = call("a.wav");
        let row = CallRow::new(&call, Language::En);
        assert_eq!(row.confidence(), Cell::Confidence(0.7));
        let Cell::Text(reason) = row.reason() else { panic!("no reason") };
        assert!(reason.starts_with("answered at (unsure): a click"), "{reason}");
    }

    #[test]
    fn figures_that_are_absent_for_one_reason_are_said_together() {
        let mut call = call("a.wav");
        let metrics = &mut call.finding.as_mut().unwrap().metrics;
        metrics.rings = Measured::absent(0.95, Reason::StartsAfterPickUp);
        metrics.answered_s = Measured::absent(0.95, Reason::StartsAfterPickUp);
        let row = CallRow::new(&call, Language::En);
        let want = "rings, answered at: not measurable: the recording starts after the pick-up";
        assert_eq!(row.reason(), Cell::Text(want.into()));
    }

    #[test]
    fn an_unread_recording_is_a_row_that_says_why() {
        let call = refused("a.wav");
        let row = CallRow::new(&call, Language::Nl);
        assert_eq!(row.figure("outcome"), Cell::Text("not_measurable".into()));
        assert_eq!((row.figure("rings"), row.confidence()), (Cell::Empty, Cell::Empty));
        assert_eq!(row.reason(), Cell::Text("=this is no sound recording".into()));
        assert_eq!(figure_rows(&call, Language::Nl).len(), 1);
    }
}
