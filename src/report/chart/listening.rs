//! How long a caller listens to the menu: one bar a contact reason and goal.

use super::{
    axis::TimeAxis,
    canvas::{Anchor, Canvas, Type},
    layout::{BODY, FOOT_PX, MARGIN_PX, PAGE_PX, SMALL, STRONG, heading, shortened, wrapped},
    palette::{ACCENT, INK, PAPER, Rgb},
};
use crate::{
    menu::analysis::{Analysis, ReasonCost, cost::Path},
    report::words::{
        self, Language,
        menu_tree::{TreeWord, keys, listening_title, tree_word},
    },
    units::Seconds,
};

/// Most bars of a picture.
const MOST_BARS: usize = 24;
const NAME_PX: f64 = 430.0;
const ROW_PX: f64 = 112.0;
/// Behind a bar: seconds and keys.
const VALUE_PX: f64 = 300.0;
const SMALL_STRONG: Type = Type { bold: true, ..SMALL };
/// From the best case to the worst.
const RANGE: Rgb = Rgb(0xC4, 0xCC, 0xD4);

struct Bar {
    reason: String,
    goal: Option<String>,
    /// Whether any way leads there.
    open: bool,
    best_s: Option<Seconds>,
    worst_s: Option<Seconds>,
    by_heart_s: Option<Seconds>,
    keys: u32,
    /// Whether the best way needs silence, a mistake or a full queue: nobody who wants this goes it.
    by_waiting: bool,
}

/// What each contact reason costs at each of its goals, from the pick-up on; `None` where the menu has no place to start.
/// Of several numbers that calls come in by, the cheapest counts for the best case and the dearest for the worst.
pub fn listening(analysis: &Analysis<'_>, costs: &[ReasonCost], language: Language) -> Option<String> {
    // by contact reason and goal
    let mut known: Vec<(Option<usize>, Option<usize>)> = vec![];
    let mut bars: Vec<Bar> = vec![];
    for cost in costs {
        // the goal of "any person" differs by start; what is asked is the nearest
        let key = (cost.reason, cost.reason.and(cost.goal).map(|goal| goal.0));
        let place = known.iter().position(|of| *of == key).unwrap_or_else(|| {
            known.push(key);
            bars.push(bar(analysis, cost, language));
            bars.len() - 1
        });
        add(&mut bars[place], cost);
    }
    let left_out = bars.len().saturating_sub(MOST_BARS);
    bars.truncate(MOST_BARS);
    (!bars.is_empty()).then(|| draw(analysis, &bars, left_out, language))
}

fn bar(analysis: &Analysis<'_>, cost: &ReasonCost, language: Language) -> Bar {
    let flow = analysis.flow;
    let reason = match cost.reason {
        Some(reason) => flow.reasons[reason].label.clone(),
        None => tree_word(language, TreeWord::AnyPerson).to_owned(),
    };
    let goal = cost.goal.map(|goal| flow.node(goal)).map(|node| node.title.as_ref().unwrap_or(&node.id).clone());
    Bar { reason, goal, open: false, best_s: None, worst_s: None, by_heart_s: None, keys: 0, by_waiting: true }
}

fn add(bar: &mut Bar, cost: &ReasonCost) {
    let seconds = |path: &Option<Path>| path.as_ref().and_then(|path| path.reached).map(|length| length.seconds);
    let Some(best) = &cost.best else { return };
    let first = !bar.open;
    bar.open = true;
    let spent = seconds(&cost.best);
    let cheaper = match (spent, bar.best_s) {
        _ if best.needs_waiting != bar.by_waiting => !best.needs_waiting,
        (Some(spent), Some(known)) => spent < known,
        (Some(_), None) => true,
        (None, _) => first,
    };
    if cheaper {
        bar.best_s = spent;
        bar.by_heart_s = best.repeat_s;
        bar.keys = best.keys;
        bar.by_waiting = best.needs_waiting;
    }
    let dearest = seconds(&cost.worst).max_by_value(spent);
    bar.worst_s = bar.worst_s.max_by_value(dearest);
}

/// The larger of two that may be unknown.
trait MaxByValue {
    fn max_by_value(self, other: Self) -> Self;
}

impl MaxByValue for Option<Seconds> {
    fn max_by_value(self, other: Self) -> Self {
        match (self, other) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (one, other) => one.or(other),
        }
    }
}

fn draw(analysis: &Analysis<'_>, bars: &[Bar], left_out: usize, language: Language) -> String {
    let mut canvas = Canvas::new(PAGE_PX);
    let slowest = bars
        .iter()
        .filter(|bar| bar.best_s.is_some() && !bar.by_waiting)
        .max_by(|a, b| a.best_s.partial_cmp(&b.best_s).unwrap());
    let title = match slowest.filter(|_| bars.len() > 1) {
        Some(bar) => listening_title(language, bar.best_s.map(|seconds| (bar.reason.as_str(), seconds))),
        None => listening_title(language, None),
    };
    let title = shortened(&capital(&title), 2.0 * PAGE_PX - 4.0 * MARGIN_PX, super::layout::TITLE);
    let name = shortened(&analysis.flow.name, PAGE_PX - 2.0 * MARGIN_PX, SMALL);
    let mut below = vec![name, tree_word(language, TreeWord::ListeningBelow).to_owned()];
    if estimated(analysis) {
        below.push(tree_word(language, TreeWord::Estimated).to_owned());
    }
    if left_out > 0 {
        below.push(words::menu_tree::bars_left_out(language, left_out));
    }
    let top = heading(&mut canvas, &title, &below) + 24.0;
    let ends =
        bars.iter().filter(|bar| !bar.by_waiting).flat_map(|bar| [bar.best_s, bar.worst_s, bar.by_heart_s]).flatten();
    let axis = TimeAxis::new(MARGIN_PX + NAME_PX, PAGE_PX - MARGIN_PX - VALUE_PX, ends.fold(0.0, f64::max));
    let bottom = top + ROW_PX * bars.len() as f64;
    axis.rules(&mut canvas, top, bottom);
    for (i, bar) in bars.iter().enumerate() {
        let y = top + ROW_PX * (i as f64 + 0.5);
        let same = i > 0 && bars[i - 1].reason == bar.reason;
        let mut lines: Vec<(String, Type)> = vec![];
        if !same {
            let mut reason = wrapped(&capital(&bar.reason), NAME_PX - 24.0, SMALL_STRONG);
            if reason.len() > 2 {
                reason.truncate(2);
                reason[1].push_str(" …");
            }
            lines.extend(reason.into_iter().map(|line| (line, SMALL_STRONG)));
        }
        lines.extend(bar.goal.iter().map(|goal| (shortened(&format!("→ {goal}"), NAME_PX - 24.0, SMALL), SMALL)));
        let first = y - 15.0 * (lines.len() as f64 - 1.0);
        for (n, (line, face)) in lines.iter().enumerate() {
            canvas.text((MARGIN_PX, first + 30.0 * n as f64), line, *face, Anchor::Start);
        }
        let (y0, y1) = (y - 24.0, y + 24.0);
        let keys = keys(language, bar.keys);
        let Some(best_s) = bar.best_s.filter(|_| !bar.by_waiting) else {
            let text = match bar.open {
                true if bar.by_waiting => tree_word(language, TreeWord::OnlyByWaiting).to_owned(),
                true => format!("{}, {keys}", tree_word(language, TreeWord::NotKnown)),
                false => tree_word(language, TreeWord::NoWay).to_owned(),
            };
            canvas.text((axis.left() + 12.0, y), &text, BODY, Anchor::Start);
            continue;
        };
        let mut end = axis.x(best_s);
        let mut value = words::seconds(language, best_s);
        if let Some(worst_s) = bar.worst_s.filter(|worst| *worst > best_s + 0.05) {
            end = axis.x(worst_s);
            canvas.rect((axis.x(best_s), y0 + 8.0), (end, y1 - 8.0), RANGE);
            canvas.frame((axis.x(best_s), y0 + 8.0), (end, y1 - 8.0), INK, 2);
            value = format!("{} – {}", words::decimal(language, best_s, 1), words::seconds(language, worst_s));
        }
        canvas.rect((axis.left(), y0), (axis.x(best_s), y1), ACCENT);
        if let Some(by_heart_s) = bar.by_heart_s {
            by_heart(&mut canvas, (axis.x(by_heart_s), y));
        }
        canvas.text((end + 16.0, y - 17.0), &value, STRONG, Anchor::Start);
        canvas.text((end + 16.0, y + 17.0), &keys, SMALL, Anchor::Start);
    }
    let y = axis.draw(&mut canvas, bottom + 8.0, tree_word(language, TreeWord::ListeningAxis));
    let y = legend(&mut canvas, y + 16.0, bars, language);
    canvas.into_svg(y + FOOT_PX)
}

/// The moment of a caller who knows the keys: a light mark with a dark edge, plain on the bar and beside it.
fn by_heart(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.rect((x - 6.0, y - 34.0), (x + 6.0, y + 34.0), PAPER);
    canvas.frame((x - 6.0, y - 34.0), (x + 6.0, y + 34.0), INK, 3);
}

fn legend(canvas: &mut Canvas, mut y: f64, bars: &[Bar], language: Language) -> f64 {
    let has_range = bars.iter().any(|bar| bar.best_s.zip(bar.worst_s).is_some_and(|(best, worst)| worst > best + 0.05));
    let drawn = |bar: &Bar| bar.best_s.is_some() && !bar.by_waiting;
    let signs = [
        (TreeWord::FirstTime, bars.iter().any(drawn)),
        (TreeWord::Worst, has_range),
        (TreeWord::ByHeart, bars.iter().any(|bar| drawn(bar) && bar.by_heart_s.is_some())),
    ];
    for (word, _) in signs.into_iter().filter(|(_, shown)| *shown) {
        let (x, middle) = (MARGIN_PX, y + 22.0);
        match word {
            TreeWord::FirstTime => canvas.rect((x, middle - 16.0), (x + 58.0, middle + 16.0), ACCENT),
            TreeWord::Worst => {
                canvas.rect((x, middle - 12.0), (x + 58.0, middle + 12.0), RANGE);
                canvas.frame((x, middle - 12.0), (x + 58.0, middle + 12.0), INK, 2);
            }
            _ => {
                canvas.rect((x + 23.0, middle - 20.0), (x + 35.0, middle + 20.0), PAPER);
                canvas.frame((x + 23.0, middle - 20.0), (x + 35.0, middle + 20.0), INK, 3);
            }
        }
        canvas.text((x + 76.0, middle), tree_word(language, word), BODY, Anchor::Start);
        y += 52.0;
    }
    y
}

/// Whether any length behind the bars comes from words instead of recordings.
fn estimated(analysis: &Analysis<'_>) -> bool {
    let prompts = analysis.flow.indexed().filter_map(|(index, _)| analysis.listening.prompt(index));
    prompts.into_iter().any(|length| length.estimated && length.seconds > 0.0)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
