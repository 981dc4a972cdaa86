//! What is compared: the classes of sound, laid out on a time grid and as events.

use crate::{interval::Interval, label::Label, units::Seconds};

/// Frames a second of the time grid: 10 ms each.
pub const FRAMES_PER_S: f64 = 100.0;

/// What a frame can be. The order is that of the columns of a confusion matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Neither voice, music nor tone; other noises too.
    Silence,
    /// The ringing tone, pauses between rings included.
    Ringing,
    /// Busy or congestion, pauses between beats included.
    Busy,
    /// The special information tone.
    Sit,
    /// A key.
    Dtmf,
    /// Any voice, also over music.
    Speech,
    /// Music without a voice.
    Music,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 7] =
        [Self::Silence, Self::Ringing, Self::Busy, Self::Sit, Self::Dtmf, Self::Speech, Self::Music];

    /// From the one that gives way to the one that wins where they overlap in time.
    const BY_RANK: [Self; 6] = [Self::Music, Self::Speech, Self::Ringing, Self::Busy, Self::Sit, Self::Dtmf];

    /// Its name in the names of measures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Silence => "silence",
            Self::Ringing => "ringing",
            Self::Busy => "busy",
            Self::Sit => "sit",
            Self::Dtmf => "dtmf",
            Self::Speech => "speech",
            Self::Music => "music",
        }
    }

    /// The class of a label; what is none of the others counts as silence.
    pub fn of(label: Label) -> Self {
        match label {
            Label::Silence | Label::Noise | Label::Dial | Label::Beep => Self::Silence,
            Label::Ringback => Self::Ringing,
            Label::Busy | Label::Congestion => Self::Busy,
            Label::Sit => Self::Sit,
            Label::Dtmf => Self::Dtmf,
            Label::Music => Self::Music,
            Label::Announcement | Label::Human | Label::Caller | Label::Speech => Self::Speech,
        }
    }

    /// Stretches with no more than this between them are one: truth and estimate may label each ring or the whole
    /// ringing, and score alike.
    fn joined_over_s(self) -> Seconds {
        match self {
            Self::Ringing => 6.5,
            Self::Busy => 1.0,
            Self::Music => 0.6,
            Self::Silence | Self::Sit | Self::Dtmf | Self::Speech => 0.0,
        }
    }
}

/// A label's stretch, of the truth or the estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// When.
    pub interval: Interval,
    /// What.
    pub label: Label,
    /// More of it: the digit of a key, how many rings.
    pub detail: String,
}

/// The label of that name; some names that other programs use are known too.
pub fn label(name: &str) -> Option<Label> {
    let name = name.trim().to_lowercase();
    match name.as_str() {
        "ringing" => Some(Label::Ringback),
        "agent" => Some(Label::Human),
        _ => Label::from_name(&name),
    }
}

/// The stretches of `class`, in time's order, joined over its pauses.
pub fn stretches(spans: &[Span], class: Class) -> Vec<Interval> {
    let of_class = spans.iter().filter(|span| Class::of(span.label) == class).map(|span| span.interval);
    joined(of_class.collect(), class.joined_over_s())
}

/// Stretches in time's order, those with at most `gap` between them as one.
pub fn joined(mut stretches: Vec<Interval>, gap: Seconds) -> Vec<Interval> {
    stretches.sort_by(|a, b| a.start().total_cmp(&b.start()).then(a.end().total_cmp(&b.end())));
    let mut out: Vec<Interval> = vec![];
    for next in stretches {
        match out.last_mut() {
            Some(last) if next.start() - last.end() <= gap => *last = last.hull(next),
            _ => out.push(next),
        }
    }
    out
}

/// The class of each of `count` frames.
pub fn frames(spans: &[Span], count: usize) -> Vec<Class> {
    let mut frames = vec![Class::Silence; count];
    for class in Class::BY_RANK {
        for stretch in stretches(spans, class) {
            frames[on_grid(stretch, count)].fill(class);
        }
    }
    frames
}

/// The frames from `stretch`'s start to its end, both rounded to the nearest frame.
pub fn on_grid(stretch: Interval, count: usize) -> std::ops::Range<usize> {
    let from = frame_at(stretch.start()).min(count);
    from..frame_at(stretch.end()).clamp(from, count)
}

/// The frame whose start is nearest to `moment`; half-way, the even one.
pub fn frame_at(moment: Seconds) -> usize {
    (moment.max(0.0) * FRAMES_PER_S).round_ties_even() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: f64, end: f64, label: Label) -> Span {
        Span { interval: Interval::new(start, end), label, detail: String::new() }
    }

    #[test]
    fn rings_labelled_one_by_one_or_as_a_whole_are_the_same_frames() {
        let one_by_one = [span(1.0, 2.0, Label::Ringback), span(6.0, 7.0, Label::Ringback)];
        assert_eq!(frames(&one_by_one, 900), frames(&[span(1.0, 7.0, Label::Ringback)], 900));
    }

    #[test]
    fn a_key_wins_over_the_voice_that_it_is_pressed_in() {
        let spans = [span(0.1, 0.2, Label::Dtmf), span(0.0, 0.4, Label::Announcement), span(0.0, 1.0, Label::Music)];
        let got = frames(&spans, 100);
        assert_eq!([got[5], got[15], got[30], got[50]], [Class::Speech, Class::Dtmf, Class::Speech, Class::Music]);
    }

    #[test]
    fn what_lies_outside_the_call_is_cut_off() {
        assert_eq!(frames(&[span(0.5, 1e9, Label::Music)], 60)[49..52], [Class::Silence, Class::Music, Class::Music]);
        assert_eq!(on_grid(Interval::new(7.0, 8.0), 100), 100..100);
    }
}
