//! The points, and what each says of one call.

use std::collections::BTreeSet;

use super::Topic;
use crate::{
    analysis::CallAnalysis,
    audit::AuditedCall,
    interval::Interval,
    metrics::{AnsweredBy, Measured, Outcome, Reason},
    norms::{Clock, What},
    repeats::{Kind, Naming, Play},
    units::Seconds,
};

/// A greeting that begins within this of the pick-up is the first thing that is said.
const GREETED_WITHIN_S: Seconds = 3.0;

/// A point of the critique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// How often it rings before a machine answers.
    Rings,
    /// Whether the machine begins with its greeting.
    Greeting,
    /// How many menus one has to go through.
    Menus,
    /// How often the message that comes most often is played.
    SameMessage,
    /// How often the caller is asked for patience.
    Apologies,
    /// How often he is advised to call back later.
    CallLater,
    /// How often he is told how many are before him.
    Place,
    /// How many different notes the tune has.
    Tune,
    /// How often the same music comes round.
    Rounds,
    /// The longest silence.
    Silence,
    /// The longest stretch without any sign of progress.
    NoProgress,
    /// The largest step in loudness between music and voice.
    Loudness,
    /// The wait for a person.
    Person,
}

/// In what a point is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A number of things.
    Count,
    /// Seconds.
    Seconds,
    /// Decibels.
    Decibels,
    /// Yes (1) or no (0).
    Happens,
    /// Seconds until a person, or until the call ended without one.
    Wait,
}

impl Measure {
    /// Its unit in tables.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Seconds | Self::Wait => "s",
            Self::Decibels => "dB",
            Self::Happens => "share",
        }
    }
}

/// What a point says of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// So much.
    Value {
        /// In the unit of the point's measure.
        value: f64,
        /// Where to listen.
        from: Option<Interval>,
        /// The message that it is about.
        message: Option<String>,
    },
    /// A wait, over or not.
    Waited {
        /// For so long.
        wait_s: Seconds,
        /// Until a person came; else until the call ended without one.
        person: bool,
        /// Where to listen.
        from: Option<Interval>,
    },
    /// It should, but the recording does not tell.
    Unknown(Why),
    /// The point is not about such a call.
    NotAsked(Why),
}

/// Why a point has no value.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// The figure says why.
    Figure(Reason),
    /// The recording could not be read.
    Unread,
    /// No machine picked up.
    NoMachine,
    /// There was no queue.
    NoQueue,
    /// No message of the line is known to be of this kind.
    NoneOfKind(Kind),
    /// No message of the line is named as being about this.
    NoneAbout(Topic),
    /// There are no calls.
    NoCalls,
}

/// What is known of the messages of a line, from all its calls.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Messages that somebody named.
    named: BTreeSet<String>,
    kinds: BTreeSet<Kind>,
}

impl Line {
    /// Takes in what is played in `call`.
    pub fn hear(&mut self, call: &AuditedCall) {
        for play in call.finding.iter().flat_map(|finding| &finding.plays) {
            self.kinds.insert(play.group.kind);
            if play.group.naming != Naming::Letter {
                self.named.insert(play.group.name.clone());
            }
        }
    }
}

impl Point {
    /// Every point, in the order of a call.
    pub const ALL: [Self; 13] = [
        Self::Rings,
        Self::Greeting,
        Self::Menus,
        Self::SameMessage,
        Self::Apologies,
        Self::CallLater,
        Self::Place,
        Self::Tune,
        Self::Rounds,
        Self::Silence,
        Self::NoProgress,
        Self::Loudness,
        Self::Person,
    ];

    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rings => "rings",
            Self::Greeting => "greeting",
            Self::Menus => "menus",
            Self::SameMessage => "same_message",
            Self::Apologies => "apologies",
            Self::CallLater => "call_later",
            Self::Place => "place",
            Self::Tune => "tune",
            Self::Rounds => "rounds",
            Self::Silence => "silence",
            Self::NoProgress => "no_progress",
            Self::Loudness => "loudness",
            Self::Person => "person",
        }
    }

    /// In what it is measured.
    pub fn measure(self) -> Measure {
        match self {
            Self::Greeting => Measure::Happens,
            Self::Silence | Self::NoProgress => Measure::Seconds,
            Self::Loudness => Measure::Decibels,
            Self::Person => Measure::Wait,
            _ => Measure::Count,
        }
    }

    /// Whether the lowest value is the worst: a tune of few notes, a caller who is told nothing.
    pub fn low_is_worse(self) -> bool {
        matches!(self, Self::Greeting | Self::Place | Self::Tune)
    }

    /// Whether a norm that looks at `what` judges this point.
    pub fn is_judged_by(self, what: What<'_>) -> bool {
        match (self, what) {
            (Self::Rings, What::Clock(clock)) => clock == Clock::Ring,
            (Self::Person, What::Clock(clock)) => !matches!(clock, Clock::Ring | Clock::Transfer),
            (_, What::Clock(_)) => false,
            (_, What::Figure(figure)) => self.figures().contains(&figure),
        }
    }

    /// The columns of `calls.csv` that are about the same.
    fn figures(self) -> &'static [&'static str] {
        match self {
            Self::Rings => &["rings", "ring_s"],
            Self::Greeting | Self::CallLater => &[],
            Self::Menus => &["menu_levels"],
            Self::SameMessage => &["same_announcement", "repeated_announcements", "busy_announcements"],
            Self::Apologies => &["apologies", "apology_share"],
            Self::Place => &["informations", "information_share"],
            Self::Tune => &["tune_notes"],
            Self::Rounds => &["music_loops", "music_loop_s"],
            Self::Silence => &["longest_silence_s", "dead_air_s"],
            Self::NoProgress => &["longest_without_progress_s"],
            Self::Loudness => &["loudness_jump_db", "clipped_music"],
            Self::Person => &["total_wait_s", "time_to_human_s", "wait_after_answer_s", "queue_s"],
        }
    }

    /// What it says of `call`, to a line of which `line` is known.
    pub fn read(self, call: &CallAnalysis, line: &Line) -> Reading {
        if self == Self::Person {
            return person(call);
        }
        let m = &call.metrics;
        match m.answered_by.value {
            Some(AnsweredBy::Machine) => {}
            Some(AnsweredBy::Human) => return Reading::NotAsked(Why::NoMachine),
            None if refused(call) => return Reading::NotAsked(Why::NoMachine),
            None => return Reading::Unknown(Why::Figure(m.answered_by.reason.clone())),
        }
        match self {
            Self::Rings => figure(&m.rings, |v| f64::from(*v)),
            Self::Greeting => greeting(call, line),
            // by the menu's own definition, where there is one
            Self::Menus if m.path.menu_levels.value.is_some() => figure(&m.path.menu_levels, |v| f64::from(*v)),
            Self::Menus => menus(call, line),
            Self::SameMessage => same_message(call),
            Self::Apologies if m.wait.apologies.value.is_none() && m.wait.apologies.reason == Reason::NotNamed => {
                Reading::Unknown(Why::NoneOfKind(Kind::Apology))
            }
            Self::Apologies => figure(&m.wait.apologies, |v| f64::from(*v)),
            Self::CallLater => about(Topic::CallLater, call, line),
            Self::Place if m.queue_s.value.is_none_or(|s| s == 0.0) => Reading::NotAsked(Why::NoQueue),
            Self::Place => about(Topic::Place, call, line),
            Self::Tune => music(call, &m.wait.tune_notes, |v| f64::from(*v)),
            Self::Rounds => music(call, &m.wait.music_loops, |v| f64::from(*v)),
            Self::Silence => figure(&m.wait.longest_silence_s, |v| *v),
            Self::NoProgress => figure(&m.wait.longest_without_progress_s, |v| *v),
            Self::Loudness => music(call, &m.wait.loudness_jump_db, |v| *v),
            Self::Person => person(call),
        }
    }
}

/// Whether the call is known to be one that nothing picked up.
fn refused(call: &CallAnalysis) -> bool {
    let unanswered = [Outcome::NoAnswer, Outcome::Busy, Outcome::Congestion, Outcome::Unobtainable];
    call.metrics.outcome.value.is_some_and(|outcome| unanswered.contains(&outcome))
}

fn figure<T>(measured: &Measured<T>, number: impl Fn(&T) -> f64) -> Reading {
    match &measured.value {
        Some(value) => Reading::Value { value: number(value), from: measured.from, message: None },
        None => Reading::Unknown(Why::Figure(measured.reason.clone())),
    }
}

/// A figure of the music: nothing is asked of a call that has none.
fn music<T>(call: &CallAnalysis, measured: &Measured<T>, number: impl Fn(&T) -> f64) -> Reading {
    match call.metrics.hold_music_s.value {
        Some(music_s) if music_s == 0.0 && measured.value.is_none() => Reading::NotAsked(Why::Figure(Reason::NoMusic)),
        _ => figure(measured, number),
    }
}

fn person(call: &CallAnalysis) -> Reading {
    let m = &call.metrics;
    match m.total_wait_s.value {
        Some(wait_s) => {
            Reading::Waited { wait_s, person: m.time_to_human_s.value.is_some(), from: m.total_wait_s.from }
        }
        None if refused(call) => Reading::NotAsked(Why::Figure(Reason::NeverAnswered)),
        None => Reading::Unknown(Why::Figure(m.total_wait_s.reason.clone())),
    }
}

fn plays(call: &CallAnalysis, is: impl Fn(&Play) -> bool) -> Vec<&Play> {
    call.plays.iter().filter(|play| is(play)).collect()
}

/// Whether the greeting is the first thing said after the pick-up.
fn greeting(call: &CallAnalysis, line: &Line) -> Reading {
    let m = &call.metrics;
    if !line.kinds.contains(&Kind::Greeting) {
        return Reading::Unknown(Why::NoneOfKind(Kind::Greeting));
    }
    let Some(answered_s) = m.answered_s.value else {
        return Reading::Unknown(Why::Figure(m.answered_s.reason.clone()));
    };
    let greetings = plays(call, |p| p.group.kind == Kind::Greeting);
    let first = greetings.into_iter().find(|p| p.interval.start() - answered_s <= GREETED_WITHIN_S);
    let said =
        Interval::new(answered_s, (answered_s + GREETED_WITHIN_S).min(call.recording.duration_s).max(answered_s));
    Reading::Value {
        value: if first.is_some() { 1.0 } else { 0.0 },
        from: Some(first.map_or(said, |p| p.interval)),
        message: first.map(|p| p.group.name.clone()),
    }
}

/// How many different menus are played.
fn menus(call: &CallAnalysis, line: &Line) -> Reading {
    if !line.kinds.contains(&Kind::Menu) {
        // keys alone do not tell: a wrong key and a second menu sound alike
        return Reading::Unknown(Why::NoneOfKind(Kind::Menu));
    }
    let played = plays(call, |p| p.group.kind == Kind::Menu);
    let names: BTreeSet<&str> = played.iter().map(|p| p.group.name.as_str()).collect();
    let from = played.first().map(|first| played.iter().fold(first.interval, |hull, p| hull.hull(p.interval)));
    Reading::Value { value: names.len() as f64, from, message: None }
}

/// The message that comes most often, to be listened to where it comes again.
fn same_message(call: &CallAnalysis) -> Reading {
    let measured = &call.metrics.wait.same_announcement;
    let reading = figure(measured, |v| f64::from(*v));
    match (&measured.reason, reading) {
        (Reason::SameMessage { name, .. }, Reading::Value { value, from, .. }) => {
            let again = plays(call, |p| p.group.name == *name);
            Reading::Value { value, from: again.get(1).map(|p| p.interval).or(from), message: Some(name.clone()) }
        }
        (_, reading) => reading,
    }
}

/// How often messages about `topic` are played.
fn about(topic: Topic, call: &CallAnalysis, line: &Line) -> Reading {
    if !line.named.iter().any(|name| topic.is_in(name)) {
        return Reading::Unknown(Why::NoneAbout(topic));
    }
    let told = plays(call, |p| p.group.naming != Naming::Letter && topic.is_in(&p.group.name));
    Reading::Value {
        value: told.len() as f64,
        from: told.first().map(|p| p.interval).or(call.metrics.queue_s.from),
        message: told.first().map(|p| p.group.name.clone()),
    }
}
