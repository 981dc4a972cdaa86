//! One call as a ribbon on a time axis: what the line let hear, the keys, the pick-up and the first person.

use super::{
    axis::TimeAxis,
    canvas::{Anchor, Canvas, Type, text_width},
    layout::{
        BODY, FOOT_PX, MARGIN_PX, PAGE_PX, STRONG, SUBTITLE, Sign, beep_sign, heading, key_box, key_box_width, legend,
        shortened_path,
    },
    marks::Marks,
    palette::{ACCENT, INK, PAPER},
    strip::{Strip, ring_starts},
    wait::Wait,
};
use crate::{
    analysis::CallAnalysis,
    interval::Interval,
    label::Label,
    report::words::{
        self, Language, Word,
        chart::{answered_flag, facts, headline, person_flag, wait_span},
        word,
    },
    timeline::{Segment, Timeline},
    units::Seconds,
};

/// Below this a moment is marked as uncertain.
pub const DOUBTFUL_CONFIDENCE: f32 = 0.6;
/// Height of the line's strip and of the caller's thinner one, in pixels.
const LINE_PX: f64 = 150.0;
const CALLER_PX: f64 = 46.0;
/// Height of the mark of a message, at the upper edge of the line's strip.
const MARK_PX: f64 = 34.0;

/// The ribbon of the call that is named `name`.
pub fn ribbon(name: &str, call: &CallAnalysis, language: Language) -> String {
    let mut canvas = Canvas::new(PAGE_PX);
    let width = PAGE_PX - 2.0 * MARGIN_PX;
    let below = [shortened_path(name, width, SUBTITLE), facts(language, &call.metrics)];
    let y = heading(&mut canvas, &headline(language, &call.metrics), &below);
    if call.line().duration() <= 0.0 {
        canvas.text((MARGIN_PX, y + 40.0), word(language, Word::NothingHeard), BODY, Anchor::Start);
        return canvas.into_svg(y + 80.0 + FOOT_PX);
    }
    let y = lanes(&mut canvas, y + 10.0, call, language);
    canvas.into_svg(y + FOOT_PX)
}

/// The flags, marks, strips, axis and legend of a whole call from the height `y`; returns where they end.
pub(super) fn lanes(canvas: &mut Canvas, y: f64, call: &CallAnalysis, language: Language) -> f64 {
    let line = call.line();
    let caller = call.timelines.iter().find(|t| t.channel() != line.channel());
    let name_of = |w| word(language, w);
    let known = call.caller_channel.as_ref().is_some_and(|side| side.value.is_some());
    let names = match caller {
        Some(caller) if !known => {
            [words::channel(language, line.channel()), words::channel(language, caller.channel())]
        }
        _ => [name_of(Word::Line), name_of(Word::Caller)],
    };
    let left = match caller {
        Some(_) => {
            let widest = text_width(names[0], BODY).max(text_width(names[1], BODY));
            MARGIN_PX + widest + 20.0
        }
        None => MARGIN_PX,
    };
    let axis = TimeAxis::new(left, PAGE_PX - MARGIN_PX - 20.0, line.duration());
    let metrics = &call.metrics;
    let wait = Wait::of(call);
    // From the top down: the span of the wait, the person, the pick-up, the keys, the rings; only those that there are.
    let mut top = y + 20.0;
    let mut row = |height: f64, wanted: bool| {
        let middle = top + height / 2.0;
        top += if wanted { height } else { 0.0 };
        middle
    };
    let span_y = row(46.0, wait.total_s.is_some());
    let person_y = row(44.0, metrics.time_to_human_s.value.is_some());
    let answered_y = row(44.0, metrics.answered_s.value.is_some());
    let has_events = |label| call.timelines.iter().flat_map(Timeline::events).any(|e| e.label == label);
    row(36.0, has_events(Label::Dtmf));
    row(26.0, true);
    let bottom = top + LINE_PX;

    let strip = |timeline: &Timeline, top, bottom| Strip {
        window: Interval::new(0.0, timeline.duration()),
        zero_s: 0.0,
        top,
        bottom,
        captions: Some(language),
    };
    let foot = if caller.is_some() { bottom + 14.0 + CALLER_PX } else { bottom };
    axis.rules(canvas, top, foot + 16.0);
    let mut parts = strip(line, top, bottom).draw(canvas, &axis, line, |_| true);
    let marks = Marks::of(std::iter::once(call.plays.as_slice()));
    for play in call.plays.iter().filter(|play| play.group.is_voice()) {
        marks.draw(canvas, &axis, play, 0.0, (top, top + MARK_PX));
    }
    if let Some(caller) = caller {
        let speaks = |s: &Segment| !known || s.label.is_voice() && s.label != Label::Announcement;
        let lane = strip(caller, bottom + 14.0, foot);
        parts.extend(lane.draw(canvas, &axis, caller, speaks));
        for (name, height) in names.into_iter().zip([f64::midpoint(top, bottom), foot - CALLER_PX / 2.0]) {
            canvas.text((left - 20.0, height), name, BODY, Anchor::End);
        }
    }
    let mut signs: Vec<Sign> = vec![];
    if ring_marks(canvas, &axis, line, top) {
        signs.push((ring_sign, name_of(Word::Ring).into()));
    }
    signs.extend(event_marks(canvas, &axis, &call.timelines, top, language));

    if let Some(total) = wait.total_s {
        span(canvas, &axis, &wait, span_y, &wait_span(language, total, wait.person));
    }
    if let Some(moment) = metrics.time_to_human_s.value {
        let sure = metrics.time_to_human_s.confidence >= DOUBTFUL_CONFIDENCE;
        flag(canvas, &axis, moment, person_y, bottom, &person_flag(language, moment, sure), STRONG);
    }
    if let Some(moment) = metrics.answered_s.value {
        let text = answered_flag(language, moment, metrics.answered_by.value);
        flag(canvas, &axis, moment, answered_y, bottom, &text, BODY);
    }
    let y = axis.draw(canvas, foot + 16.0, name_of(Word::AxisFromStart));
    let y = legend(canvas, y + 14.0, &parts, &signs, language, |_| None);
    if marks.is_empty() { y } else { marks.legend(canvas, y + 24.0, language, false) }
}

/// A line with ends over the wait, its length in the middle, or beside it where that is too short.
fn span(canvas: &mut Canvas, axis: &TimeAxis, wait: &Wait, y: f64, text: &str) {
    let (x0, x1) = (axis.x(wait.zero_s), axis.x(wait.end_s));
    canvas.path(vec![(x0, y), (x1, y)], ACCENT, 3);
    for x in [x0, x1] {
        canvas.path(vec![(x, y - 12.0), (x, y + 12.0)], ACCENT, 3);
    }
    let face = Type { colour: ACCENT, ..STRONG };
    let width = text_width(text, face);
    if width + 60.0 <= x1 - x0 {
        let middle = f64::midpoint(x0, x1);
        canvas.rect((middle - width / 2.0 - 12.0, y - 18.0), (middle + width / 2.0 + 12.0, y + 18.0), PAPER);
        canvas.text((middle, y), text, face, Anchor::Middle);
    } else if x1 + 14.0 + width <= PAGE_PX - 20.0 {
        canvas.text((x1 + 14.0, y), text, face, Anchor::Start);
    } else {
        canvas.text((x0 - 14.0, y), text, face, Anchor::End);
    }
}

/// A line from the height `y` through the strip, with its text beside it, on the side where it fits.
fn flag(canvas: &mut Canvas, axis: &TimeAxis, moment: Seconds, y: f64, bottom: f64, text: &str, face: Type) {
    let x = axis.x(moment);
    canvas.path(vec![(x, y - 18.0), (x, bottom)], INK, 3);
    let room = PAGE_PX - 20.0 - (x + 12.0);
    let (x, anchor) = if text_width(text, face) <= room { (x + 12.0, Anchor::Start) } else { (x - 12.0, Anchor::End) };
    canvas.text((x, y), text, face, anchor);
}

/// A tick over the strip for each ring that the detail tells of; says whether there is any.
fn ring_marks(canvas: &mut Canvas, axis: &TimeAxis, line: &Timeline, top: f64) -> bool {
    let starts: Vec<_> = line.segments().iter().flat_map(ring_starts).collect();
    for &start in &starts {
        ring_sign(canvas, (axis.x(start), top - 10.0));
    }
    !starts.is_empty()
}

fn ring_sign(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.area(vec![(x - 8.0, y - 8.0), (x + 8.0, y - 8.0), (x, y + 8.0)], INK);
}

/// Keys and beeps of all channels over the strip; keys too close together share a box. Returns the legend's signs.
fn event_marks(
    canvas: &mut Canvas,
    axis: &TimeAxis,
    timelines: &[Timeline],
    top: f64,
    language: Language,
) -> Vec<Sign> {
    let mut events: Vec<_> = timelines.iter().flat_map(Timeline::events).collect();
    events.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
    let mut signs: Vec<Sign> = vec![];
    let beeps: Vec<_> = events.iter().filter(|e| e.label == Label::Beep).collect();
    if !beeps.is_empty() {
        signs.push((beep_sign, word(language, Word::Beep).into()));
    }
    for beep in beeps {
        beep_sign(canvas, (axis.x(beep.interval.start()), top - 12.0));
    }
    // A box starts at its first key and grows with each key that would lie under it.
    let mut boxes: Vec<(f64, String)> = vec![];
    for key in events.iter().filter(|e| e.label == Label::Dtmf) {
        let x = axis.x(key.interval.start());
        let digit: String = key.detail.chars().take(1).collect();
        match boxes.last_mut() {
            Some((left, digits)) if x - key_box_width(&digit) / 2.0 < *left + key_box_width(digits) + 4.0 => {
                if digits.chars().count() < MOST_KEYS_A_BOX {
                    digits.push_str(&digit)
                } else if !digits.ends_with('…') {
                    digits.push('…')
                }
            }
            _ => boxes.push((x - key_box_width(&digit) / 2.0, digit)),
        }
    }
    if !boxes.is_empty() {
        signs.push((
            |canvas, at| {
                key_box(canvas, at, "1");
            },
            word(language, Word::Key).into(),
        ));
    }
    for (left, digits) in boxes {
        let half = key_box_width(&digits) / 2.0;
        let left = left.min(PAGE_PX - MARGIN_PX / 2.0 - 2.0 * half);
        canvas.path(vec![(left + half, top - 24.0), (left + half, top)], INK, 2);
        key_box(canvas, (left + half, top - 42.0), &digits);
    }
    signs
}

/// A phone number dialled into a menu; more than that is cut.
const MOST_KEYS_A_BOX: usize = 16;
