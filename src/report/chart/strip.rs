//! One timeline as a strip: the ribbon that all pictures of calls are made of.

use std::collections::BTreeSet;

use super::{
    axis::TimeAxis,
    canvas::Canvas,
    layout::{caption, caption_width},
    palette::{INK, look},
    wait::Wait,
};
use crate::{
    analysis::CallAnalysis,
    interval::Interval,
    label::Label,
    report::words::{self, Language, Part},
    timeline::{Segment, Timeline},
    units::Seconds,
};

/// A key so long after the end of an announcement still answers it: the longest time-out that menu guidelines ask for.
const MENU_ANSWER_S: Seconds = 10.0;

/// What a segment is drawn as. An announcement is a menu if it says so itself, or if a key was pressed while it played
/// or after it, before anything else was said.
pub fn part_of(segment: &Segment, timeline: &Timeline) -> Part {
    if segment.label != Label::Announcement {
        return Part::Sound(segment.label);
    }
    let (start, end) = (segment.interval.start(), segment.interval.end());
    let voices = timeline.segments().iter().filter(|s| s.label.is_voice() && s.interval.start() >= end);
    let next_voice = voices.map(|s| s.interval.start()).next().unwrap_or(f64::INFINITY);
    let answers = |key: &Segment| {
        let pressed = key.interval.start();
        key.label == Label::Dtmf && start <= pressed && pressed < next_voice.min(end + MENU_ANSWER_S)
    };
    let menu = segment.detail.contains("menu") || timeline.events().iter().any(answers);
    if menu { Part::Menu } else { Part::Sound(Label::Announcement) }
}

/// The number of rings that a ringing segment's detail starts with.
pub fn rings(segment: &Segment) -> Option<u32> {
    let digits = segment.detail.split(|c: char| !c.is_ascii_digit()).next()?;
    (segment.label == Label::Ringback).then(|| digits.parse().ok()).flatten().filter(|&rings| rings > 0)
}

/// When each of a ringing segment's rings started: evenly spread, for the segment runs from the first burst's start to
/// the last burst's end and a burst of most countries lasts about a second.
pub fn ring_starts(segment: &Segment) -> Vec<Seconds> {
    const BURST_S: Seconds = 1.0;
    /// More than a caller ever waits for; a number in a label file may be anything.
    const MOST: u32 = 100;
    let Some(count) = rings(segment).filter(|&count| count <= MOST) else { return vec![] };
    let to_last_start = (segment.interval.duration() - BURST_S).max(0.0);
    let cycle = to_last_start / f64::from(count.saturating_sub(1).max(1));
    (0..count).map(|i| segment.interval.start() + cycle * f64::from(i)).collect()
}

/// Where and how a strip is drawn.
pub struct Strip {
    /// The part of the timeline that is drawn, in seconds of its recording.
    pub window: Interval,
    /// The moment of the recording that lies at the axis' zero.
    pub zero_s: Seconds,
    /// Upper edge, in pixels.
    pub top: f64,
    /// Lower edge, in pixels.
    pub bottom: f64,
    /// In which language long stretches are captioned; `None`: not at all.
    pub captions: Option<Language>,
}

impl Strip {
    /// Draws what the filter lets through; returns the parts that occur.
    pub fn draw(
        &self,
        canvas: &mut Canvas,
        axis: &TimeAxis,
        timeline: &Timeline,
        shown: impl Fn(&Segment) -> bool,
    ) -> BTreeSet<Part> {
        let mut parts = BTreeSet::new();
        let mut captions = vec![];
        let (left, right) = (self.x(axis, self.window.start()), self.x(axis, self.window.end()));
        for segment in timeline.segments().iter().filter(|s| shown(s)) {
            let Some(interval) = segment.interval.intersection(self.window) else { continue };
            let part = part_of(segment, timeline);
            let (x0, x1) = (self.x(axis, interval.start()), self.x(axis, interval.end()));
            parts.insert(part);
            canvas.rect((x0, self.top), (x1, self.bottom), look(part).fill);
            if x1 - x0 >= 3.0 && self.bottom - self.top >= 8.0 {
                for edge in [x0, x1] {
                    canvas.path(vec![(edge, self.top), (edge, self.bottom)], INK, 1);
                }
            }
            if let Some(text) = self.captions.and_then(|language| self.caption(segment, part, x1 - x0, language)) {
                captions.push((f64::midpoint(x0, x1), text));
            }
        }
        let width = if self.bottom - self.top >= 20.0 { 2 } else { 1 };
        if self.bottom - self.top >= 8.0 && right > left {
            canvas.frame((left, self.top), (right, self.bottom), INK, width);
        }
        for (x, (text, size_px)) in captions {
            caption(canvas, (x, f64::midpoint(self.top, self.bottom)), &text, size_px);
        }
        parts
    }

    /// Where a moment of the recording lies.
    pub fn x(&self, axis: &TimeAxis, moment: Seconds) -> f64 {
        axis.x(moment - self.zero_s)
    }

    /// The longest text about a segment that fits its stretch, and its size.
    fn caption(&self, segment: &Segment, part: Part, room: f64, language: Language) -> Option<(String, f64)> {
        const MIN_LEGIBLE_PX: f64 = 16.0;
        const SMALLER: f64 = 0.78;
        let size_px = ((self.bottom - self.top) * 0.5).min(28.0);
        if size_px < MIN_LEGIBLE_PX || part == Part::Sound(Label::Silence) {
            return None;
        }
        let (name, code) = (words::part(language, part), words::part_code(language, part));
        let small_px = (size_px * SMALLER).max(MIN_LEGIBLE_PX);
        let mut texts = vec![(name.to_owned(), size_px), (name.to_owned(), small_px), (code.to_owned(), size_px)];
        if let Some(count) = rings(segment) {
            let whole = format!("{name} {count}×");
            texts.splice(..0, [(whole.clone(), size_px), (whole, small_px), (format!("{count}×"), size_px)]);
        }
        texts.into_iter().find(|(text, size_px)| caption_width(text, *size_px) + 10.0 <= room)
    }
}

/// So much of an axis of waits is kept for the beginning of the conversation.
const TALK_SHARE: f64 = 0.03;

/// An axis that holds the longest of these waits.
pub fn wait_axis<'a>(left: f64, right: f64, waits: impl Iterator<Item = &'a Wait>) -> TimeAxis {
    TimeAxis::new(left, right, waits.map(Wait::length_s).fold(0.0, f64::max) * (1.0 + TALK_SHARE))
}

/// Draws a call's wait from the axis' zero, and a block for the conversation if it came to one; returns the parts that
/// occur.
pub fn draw_wait(
    canvas: &mut Canvas,
    axis: &TimeAxis,
    call: &CallAnalysis,
    wait: &Wait,
    (top, bottom): (f64, f64),
    captions: Option<Language>,
) -> BTreeSet<Part> {
    let strip = Strip { window: wait.interval(), zero_s: wait.zero_s, top, bottom, captions };
    let mut parts = strip.draw(canvas, axis, call.line(), |_| true);
    if wait.person {
        let person = Part::Sound(Label::Human);
        let x0 = strip.x(axis, wait.end_s);
        let x1 = x0 + (axis.right() - axis.left()) * TALK_SHARE / (1.0 + TALK_SHARE);
        canvas.rect((x0, top), (x1, bottom), look(person).fill);
        parts.insert(person);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::Channel;

    fn heard(start: f64, end: f64, label: Label, detail: &str) -> Segment {
        Segment { interval: Interval::new(start, end), label, detail: detail.into(), confidence: 1.0 }
    }

    #[test]
    fn an_announcement_that_a_key_answers_is_a_menu() {
        let timeline = Timeline::new(
            Channel::Mono,
            40.0,
            vec![
                heard(0.0, 5.0, Label::Announcement, ""),
                heard(6.0, 12.0, Label::Announcement, ""),
                heard(14.0, 14.1, Label::Dtmf, "2"),
                heard(16.0, 20.0, Label::Announcement, ""),
                heard(32.0, 32.1, Label::Dtmf, "1"),
            ],
        );
        let announcements = timeline.segments().iter().filter(|s| s.label == Label::Announcement);
        let parts: Vec<_> = announcements.map(|s| part_of(s, &timeline)).collect();
        let plain = Part::Sound(Label::Announcement);
        assert_eq!(parts, [plain, Part::Menu, plain]);
    }

    #[test]
    fn rings_are_read_from_the_detail_and_spread_over_the_ringing() {
        let ringing = heard(2.0, 13.0, Label::Ringback, "3 rings, last one cut");
        assert_eq!(ring_starts(&ringing), [2.0, 7.0, 12.0]);
        assert_eq!(ring_starts(&heard(2.0, 2.4, Label::Ringback, "1 ring")), [2.0]);
        assert!(ring_starts(&heard(2.0, 9.0, Label::Ringback, "")).is_empty());
        assert!(ring_starts(&heard(2.0, 9.0, Label::Ringback, "99999999999 rings")).is_empty());
        assert!(ring_starts(&heard(2.0, 9.0, Label::Music, "3 rings")).is_empty());
    }
}
