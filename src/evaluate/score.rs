//! One call's score, and the sums over many.

use super::{
    estimate::{Estimate, EstimateCall, Sureness},
    figures::{self, Verdict},
    matching::{Collar, matched},
    sound::{Class, FRAMES_PER_S, Span, frame_at, frames, joined, on_grid, stretches},
    truth::TruthCall,
};
use crate::{interval::Interval, label::Label, timeline::OVER_MUSIC, units::Seconds};

/// Voices of one message pause for less than this: they are one event.
const VOICE_PAUSE_S: Seconds = 0.6;

/// Stretches of frames that differ are worth a listen from here on; shorter ones are the edges of sounds.
const MIN_DISAGREEMENT_S: Seconds = 0.2;

/// What is compared on its own besides the classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// A label that shares its class with others, or has none.
    Label(Label),
    /// A voice while music plays: labelled as both, or as a voice whose detail says so.
    VoiceOverMusic,
}

impl Own {
    /// Each of them; labels that are missing here are what their class is, pauses put right.
    pub const ALL: [Self; 10] = [
        Self::Label(Label::Noise),
        Self::Label(Label::Busy),
        Self::Label(Label::Congestion),
        Self::Label(Label::Dial),
        Self::Label(Label::Beep),
        Self::Label(Label::Announcement),
        Self::Label(Label::Human),
        Self::Label(Label::Caller),
        Self::Label(Label::Speech),
        Self::VoiceOverMusic,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Label(label) => label.name(),
            Self::VoiceOverMusic => "voice_over_music",
        }
    }

    /// In which of `count` frames it is.
    fn active(self, spans: &[Span], count: usize) -> Vec<bool> {
        let frames = |is: &dyn Fn(&Span) -> bool| {
            let mut active = vec![false; count];
            spans.iter().filter(|span| is(span)).for_each(|span| active[on_grid(span.interval, count)].fill(true));
            active
        };
        match self {
            Self::Label(label) => frames(&|span| span.label == label),
            Self::VoiceOverMusic => {
                let is_voice = |span: &Span| Class::of(span.label) == Class::Speech;
                // label files of Audacity have it with a space
                let is_said = |detail: &str| detail.replace(' ', "_").contains(OVER_MUSIC);
                let says_so = |span: &Span| is_voice(span) && is_said(&span.detail);
                let (said, voice, music) = (frames(&says_so), frames(&is_voice), frames(&|s| s.label == Label::Music));
                (0..count).map(|i| said[i] || voice[i] && music[i]).collect()
            }
        }
    }
}

/// True positives, and what truth and estimate have in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// In both.
    pub both: u64,
    /// In the truth.
    pub truth: u64,
    /// In the estimate.
    pub heard: u64,
}

impl Count {
    /// The share of what is heard that is true; `None` where nothing is heard.
    pub fn precision(self) -> Option<f64> {
        ratio(self.both, self.heard)
    }

    /// The share of what is true that is heard; `None` where nothing is true.
    pub fn recall(self) -> Option<f64> {
        ratio(self.both, self.truth)
    }

    /// The harmonic mean of both; `None` where there is nothing of either.
    pub fn f1(self) -> Option<f64> {
        ratio(2 * self.both, self.truth + self.heard)
    }

    fn add(&mut self, other: Self) {
        self.both += other.both;
        self.truth += other.truth;
        self.heard += other.heard;
    }
}

/// `part` of `whole`, if there is a whole.
pub fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Sums over frames and events, of a call or of many.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    /// Frames by class, the truth's first.
    pub confusion: [[u64; Class::ALL.len()]; Class::ALL.len()],
    /// Frames of each of [`Own::ALL`].
    pub own: [Count; Own::ALL.len()],
    /// Events by class and collar of [`Collar::ALL`].
    pub events: [[Count; Collar::ALL.len()]; Class::ALL.len()],
}

impl Sums {
    /// Adds those of another call.
    pub fn add(&mut self, other: &Self) {
        let both = self.confusion.as_flattened_mut().iter_mut().zip(other.confusion.as_flattened());
        both.for_each(|(sum, more)| *sum += more);
        self.own.iter_mut().zip(other.own).for_each(|(sum, more)| sum.add(more));
        let both = self.events.as_flattened_mut().iter_mut().zip(other.events.as_flattened());
        both.for_each(|(sum, more)| sum.add(*more));
    }

    /// The frames of `class`.
    pub fn class(&self, class: Class) -> Count {
        let i = class as usize;
        let heard = self.confusion.iter().map(|row| row[i]).sum();
        Count { both: self.confusion[i][i], truth: self.confusion[i].iter().sum(), heard }
    }

    /// All frames, and those with the right class among them.
    pub fn frames(&self) -> (u64, u64) {
        let right = (0..Class::ALL.len()).map(|i| self.confusion[i][i]).sum();
        (right, self.confusion.as_flattened().iter().sum())
    }
}

/// One call, scored.
#[derive(Clone, Debug)]
pub struct CallScore {
    /// The truth's row.
    pub truth: TruthCall,
    /// The audit's line, country and recording, or what the truth says where it lacks the call.
    pub columns: Vec<(String, String)>,
    /// Whether the audit has it.
    pub audited: bool,
    /// Every figure that can be judged.
    pub verdicts: Vec<Verdict>,
    /// The error of the moment of the first person.
    pub human_error_s: Option<Seconds>,
    /// Frames and events; `None` where the call is not labelled.
    pub sums: Option<Sums>,
    /// Where truth and estimate differ, the longest first.
    pub disagreements: Vec<Disagreement>,
    /// How long they differ in all.
    pub disagreeing_s: Seconds,
}

/// A stretch in which truth and estimate differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// When.
    pub interval: Interval,
    /// What is true.
    pub truth: Class,
    /// What was heard.
    pub heard: Class,
}

impl CallScore {
    /// The figures that are wrong.
    pub fn wrong(&self) -> impl Iterator<Item = &Verdict> {
        self.verdicts.iter().filter(|verdict| !verdict.right)
    }

    /// What the call has in `column`: the truth's cell, else the audit's; empty where neither tells.
    pub fn column(&self, column: &str) -> &str {
        if let Some(told) = self.truth.cells.get(column) {
            return told;
        }
        self.columns.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value)
    }

    /// The columns in which the call has anything.
    pub fn filled_columns(&self) -> impl Iterator<Item = &str> {
        let own = self.truth.cells.keys().map(String::as_str);
        own.chain(self.columns.iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| name.as_str()))
    }

    /// How sure the audit was of each figure that is judged and claims something.
    pub fn sureness(&self) -> impl Iterator<Item = (&Verdict, &Sureness)> {
        let sure = self.verdicts.iter().filter_map(|verdict| Some((verdict, verdict.sureness.as_ref()?)));
        sure.filter(|(verdict, sure)| figures::is_claim(verdict.figure, sure.given))
    }
}

/// Scores one call.
pub fn score(truth: &TruthCall, estimate: &Estimate) -> CallScore {
    let heard = estimate.call(&truth.file);
    let labelled = truth.spans.as_deref().map(|spans| Labelled::new(truth, spans, heard));
    let disagreements = labelled.as_ref().map(Labelled::disagreements).unwrap_or_default();
    let sums = labelled.as_ref().map(Labelled::sums);
    let frames = sums.as_ref().map_or((0, 0), Sums::frames);
    let columns = heard.map(|call| call.cells.clone().into_iter().collect()).unwrap_or_default();
    CallScore {
        truth: truth.clone(),
        columns,
        audited: heard.is_some(),
        verdicts: figures::judge(truth, heard, estimate),
        human_error_s: figures::human_error_s(truth, heard),
        sums,
        disagreements,
        disagreeing_s: (frames.1 - frames.0) as Seconds / FRAMES_PER_S,
    }
}

/// A labelled call beside what was heard of it.
struct Labelled<'a> {
    truth: &'a [Span],
    heard: &'a [Span],
    /// The class of each frame, the truth's and the estimate's.
    frames: (Vec<Class>, Vec<Class>),
    /// Which frames count.
    known: Vec<bool>,
    /// Where nothing is known, so that events there count neither way.
    bare: bool,
}

impl<'a> Labelled<'a> {
    fn new(truth: &TruthCall, spans: &'a [Span], heard: Option<&'a EstimateCall>) -> Self {
        let last = spans.iter().map(|s| s.interval.end()).fold(0.0, Seconds::max);
        let duration = truth.duration_s().or_else(|| heard.and_then(EstimateCall::duration_s)).unwrap_or(last);
        let count = frame_at(duration);
        let heard = heard.map_or(&[][..], |call| &call.spans);
        let mut known = vec![!truth.bare_is_unknown; count];
        for span in spans {
            known[on_grid(span.interval, count)].fill(true);
        }
        let frames = (frames(spans, count), frames(heard, count));
        Self { truth: spans, heard, frames, known, bare: truth.bare_is_unknown }
    }

    fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        for i in (0..self.known.len()).filter(|&i| self.known[i]) {
            sums.confusion[self.frames.0[i] as usize][self.frames.1[i] as usize] += 1;
        }
        for (count, own) in sums.own.iter_mut().zip(Own::ALL) {
            let (truth, heard) = (own.active(self.truth, self.known.len()), own.active(self.heard, self.known.len()));
            for i in (0..self.known.len()).filter(|&i| self.known[i]) {
                count.both += u64::from(truth[i] && heard[i]);
                count.truth += u64::from(truth[i]);
                count.heard += u64::from(heard[i]);
            }
        }
        for class in Class::ALL.into_iter().filter(|class| *class != Class::Silence) {
            let (truth, heard) = (self.events(self.truth, class), self.events(self.heard, class));
            let stretches = |events: &[(Interval, &str)]| events.iter().map(|e| e.0).collect::<Vec<_>>();
            for (count, collar) in sums.events[class as usize].iter_mut().zip(Collar::ALL) {
                // a key is found if it is that key
                let alike = |t: usize, h: usize| class != Class::Dtmf || truth[t].1 == heard[h].1;
                let pairs = matched(&stretches(&truth), &stretches(&heard), collar, alike);
                let both = pairs.iter().flatten().count() as u64;
                *count = Count { both, truth: truth.len() as u64, heard: heard.len() as u64 };
            }
        }
        sums
    }

    /// The events of `class` with their details, in time's order; those that lie where nothing is known left out.
    fn events<'s>(&self, spans: &'s [Span], class: Class) -> Vec<(Interval, &'s str)> {
        let mut events: Vec<(Interval, &str)> = match class {
            Class::Dtmf => {
                let keys = spans.iter().filter(|s| s.label == Label::Dtmf);
                keys.map(|s| (s.interval, s.detail.as_str())).collect()
            }
            Class::Speech => joined(stretches(spans, class), VOICE_PAUSE_S).into_iter().map(|i| (i, "")).collect(),
            _ => stretches(spans, class).into_iter().map(|i| (i, "")).collect(),
        };
        events.sort_by(|a, b| a.0.start().total_cmp(&b.0.start()));
        if self.bare {
            events.retain(|(interval, _)| {
                let range = on_grid(*interval, self.known.len());
                self.known[range].iter().any(|known| *known)
            });
        }
        events
    }

    fn disagreements(&self) -> Vec<Disagreement> {
        let (truth, heard) = &self.frames;
        let mut found: Vec<Disagreement> = vec![];
        let mut from = 0;
        for i in 1..=self.known.len() {
            let same = |a: usize, b: usize| (truth[a], heard[a], self.known[a]) == (truth[b], heard[b], self.known[b]);
            if i < self.known.len() && same(from, i) {
                continue;
            }
            let length = (i - from) as Seconds / FRAMES_PER_S;
            if self.known[from] && truth[from] != heard[from] && length >= MIN_DISAGREEMENT_S {
                let at = |frame: usize| frame as Seconds / FRAMES_PER_S;
                let interval = Interval::new(at(from), at(i));
                found.push(Disagreement { interval, truth: truth[from], heard: heard[from] });
            }
            from = i;
        }
        found.sort_by(|a, b| b.interval.duration().total_cmp(&a.interval.duration()));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: f64, end: f64, label: Label) -> Span {
        Span { interval: Interval::new(start, end), label, detail: String::new() }
    }

    fn compared(truth: Vec<Span>, heard: Vec<Span>, bare_is_unknown: bool) -> (Sums, Vec<Disagreement>) {
        let mut call = TruthCall { spans: Some(truth.clone()), bare_is_unknown, ..TruthCall::default() };
        call.cells.insert("duration_s".into(), "10".into());
        let heard = EstimateCall { spans: heard, ..EstimateCall::default() };
        let labelled = Labelled::new(&call, &truth, Some(&heard));
        (labelled.sums(), labelled.disagreements())
    }

    #[test]
    fn frames_that_nobody_labelled_are_not_scored() {
        let truth = vec![span(0.0, 2.0, Label::Silence), span(2.0, 4.0, Label::Music)];
        let heard = vec![span(2.0, 4.0, Label::Music), span(6.0, 9.0, Label::Announcement)];
        let (sums, disagreements) = compared(truth.clone(), heard.clone(), true);
        assert_eq!((sums.frames(), disagreements), ((400, 400), vec![]));
        assert_eq!(sums.events[Class::Speech as usize][0], Count::default());
        assert_eq!(compared(truth, heard, false).0.frames(), (700, 1000));
    }

    #[test]
    fn a_disagreement_names_its_seconds_and_edges_are_none() {
        let truth = vec![span(1.0, 3.0, Label::Announcement), span(5.0, 9.0, Label::Music)];
        let heard = vec![span(1.1, 3.1, Label::Announcement), span(5.0, 7.0, Label::Music)];
        let (sums, disagreements) = compared(truth, heard, false);
        let want = Disagreement { interval: Interval::new(7.0, 9.0), truth: Class::Music, heard: Class::Silence };
        assert_eq!(disagreements, [want]);
        assert_eq!(sums.class(Class::Music), Count { both: 200, truth: 400, heard: 200 });
        let collars: Vec<u64> = sums.events[Class::Speech as usize].iter().map(|c| c.both).collect();
        assert_eq!(collars, [1, 1, 1, 1]);
        let collars: Vec<u64> = sums.events[Class::Music as usize].iter().map(|c| c.both).collect();
        assert_eq!(collars, [1, 1, 0, 0]);
    }

    #[test]
    fn who_speaks_is_scored_by_label_and_not_by_class() {
        let (sums, _) = compared(vec![span(1.0, 3.0, Label::Human)], vec![span(1.0, 3.0, Label::Speech)], false);
        assert_eq!(sums.frames(), (1000, 1000));
        let of = |label: Label| sums.own[Own::ALL.iter().position(|own| *own == Own::Label(label)).unwrap()];
        assert_eq!(of(Label::Human), Count { both: 0, truth: 200, heard: 0 });
        assert_eq!(of(Label::Speech).precision(), Some(0.0));
        assert_eq!(of(Label::Speech).recall(), None);
    }

    #[test]
    fn a_voice_over_music_is_labelled_as_both_or_by_its_detail() {
        let both = vec![span(0.0, 8.0, Label::Music), span(2.0, 5.0, Label::Announcement)];
        let said = vec![Span { detail: "busy over_music".into(), ..span(2.0, 4.0, Label::Announcement) }];
        let over = Own::ALL.iter().position(|own| *own == Own::VoiceOverMusic).unwrap();
        assert_eq!(compared(both, said, false).0.own[over], Count { both: 200, truth: 300, heard: 200 });
    }
}
