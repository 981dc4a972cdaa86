//! The same message, the same mark: how the recordings of a line are told apart in pictures.

use super::{
    axis::TimeAxis,
    canvas::{Anchor, Canvas, text_width},
    layout::{BODY, MARGIN_PX, caption, caption_width},
    palette::{INK, Look, MESSAGES},
};
use crate::{
    repeats::Play,
    report::words::{Language, chart::message_named},
    units::Seconds,
};

/// One recording and how often it was played.
struct Message {
    name: String,
    plays: u32,
    calls: u32,
    /// The last call that it was counted in.
    last_call: usize,
}

/// The recordings of some calls, those that are played most first.
pub struct Marks {
    messages: Vec<Message>,
}

impl Marks {
    /// The marks of all voices that are played in these calls.
    pub fn of<'a>(calls: impl Iterator<Item = &'a [Play]>) -> Self {
        let mut messages: Vec<Message> = vec![];
        for (call, plays) in calls.enumerate() {
            for play in plays.iter().filter(|play| play.group.is_voice()) {
                let name = &play.group.name;
                match messages.iter_mut().find(|m| m.name == *name) {
                    Some(message) => {
                        message.plays += 1;
                        message.calls += u32::from(message.last_call != call);
                        message.last_call = call;
                    }
                    None => messages.push(Message { name: name.clone(), plays: 1, calls: 1, last_call: call }),
                }
            }
        }
        // most plays first, alike by their names
        messages.sort_by(|a, b| b.plays.cmp(&a.plays).then_with(|| a.name.cmp(&b.name)));
        Self { messages }
    }

    /// Whether there is anything to mark.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// The recording that is played most, and how often.
    pub fn most(&self) -> Option<(&str, u32)> {
        self.messages.first().map(|m| (m.name.as_str(), m.plays))
    }

    fn look(&self, name: &str) -> Look {
        let rank = self.messages.iter().position(|m| m.name == name).unwrap_or(MESSAGES.len());
        MESSAGES[rank.min(MESSAGES.len() - 1)]
    }

    /// Draws the mark of one play between two heights, with its name where that fits.
    pub fn draw(&self, canvas: &mut Canvas, axis: &TimeAxis, play: &Play, zero_s: Seconds, (top, bottom): (f64, f64)) {
        const LEAST_PX: f64 = 3.0;
        const NAME_PX: f64 = 20.0;
        let x0 = axis.x(play.interval.start() - zero_s);
        let x1 = axis.x(play.interval.end() - zero_s).max(x0 + LEAST_PX);
        canvas.rect((x0, top), (x1, bottom), self.look(&play.group.name).fill);
        canvas.frame((x0, top), (x1, bottom), INK, 1);
        let short: String = play.group.name.chars().take(2).collect();
        let fits = |text: &&str| caption_width(text, NAME_PX) + 6.0 <= x1 - x0 && bottom - top >= NAME_PX;
        if let Some(text) = [play.group.name.as_str(), &short].iter().find(|text| fits(text)) {
            caption(canvas, (f64::midpoint(x0, x1), f64::midpoint(top, bottom)), text, NAME_PX);
        }
    }

    /// Draws what each mark stands for and how often it was played, from the height `y`; returns where that ends.
    pub fn legend(&self, canvas: &mut Canvas, mut y: f64, language: Language, of_line: bool) -> f64 {
        const SWATCH_PX: (f64, f64) = (58.0, 34.0);
        const GAP_PX: f64 = 40.0;
        let mut x = MARGIN_PX;
        let (own, rest) = self.messages.split_at(self.messages.len().min(MESSAGES.len() - 1));
        let named = own
            .iter()
            .map(|m| (self.look(&m.name), message_named(language, Some(&m.name), m.plays, of_line.then_some(m.calls))));
        let others = (!rest.is_empty()).then(|| {
            let plays = rest.iter().map(|m| m.plays).sum();
            (MESSAGES[MESSAGES.len() - 1], message_named(language, None, plays, None))
        });
        for (look, text) in named.chain(others) {
            let width = SWATCH_PX.0 + 14.0 + text_width(&text, BODY);
            if x > MARGIN_PX && x + width > canvas.width() - MARGIN_PX {
                x = MARGIN_PX;
                y += SWATCH_PX.1 + 20.0;
            }
            canvas.rect((x, y), (x + SWATCH_PX.0, y + SWATCH_PX.1), look.fill);
            canvas.frame((x, y), (x + SWATCH_PX.0, y + SWATCH_PX.1), INK, 1);
            canvas.text((x + SWATCH_PX.0 + 14.0, y + SWATCH_PX.1 / 2.0), &text, BODY, Anchor::Start);
            x += width + GAP_PX;
        }
        y + SWATCH_PX.1
    }
}
