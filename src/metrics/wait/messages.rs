//! Messages of the wait: the same again, apologies and information, and how long nothing told of progress.

use std::sync::Arc;

use super::{Wait, Waiting};
use crate::{
    figure::{Measured, Reason},
    interval::Interval,
    label::Label,
    repeats::{Group, Kind, Naming, Play},
    timeline::Timeline,
    units::Seconds,
};

/// How the names of the recordings begin whose plays `busy_announcements` counts.
const BUSY: [&str; 2] = ["busy", "bezet"];
/// A voice of which less than this belongs to no known recording says nothing of its own.
const MIN_OWN_S: Seconds = 1.0;
/// How sure it is that a recording was not missed.
const RECOGNISED: f32 = 0.85;

/// The messages of one call's wait.
pub struct Messages<'a> {
    wait: Wait,
    /// Plays of recordings that are known, in time's order.
    plays: Vec<&'a Play>,
    /// Voices of the wait that belong to no known recording.
    unknown: Vec<Interval>,
    groups: &'a [Arc<Group>],
}

impl<'a> Messages<'a> {
    pub fn find(call: &Waiting<'a>, wait: &Wait) -> Self {
        let in_wait = |i: Interval| i.start() < wait.interval.end() && i.end() > wait.interval.start();
        let plays: Vec<&Play> = call.plays.iter().filter(|p| p.group.is_voice() && in_wait(p.interval)).collect();
        let is_message = |label: Label| matches!(label, Label::Announcement | Label::Speech);
        let voices = call.line.segments().iter().filter(|s| is_message(s.label)).map(|s| s.interval);
        let own = |voice: &Interval| {
            let known: Seconds = plays.iter().map(|p| p.interval.overlap(*voice)).sum();
            voice.duration() - known >= MIN_OWN_S
        };
        let unknown = voices.filter(|v| in_wait(*v)).filter(own).collect();
        Self { wait: *wait, plays, unknown, groups: call.groups }
    }

    /// The recordings played, each with its plays.
    fn by_group(&self) -> Vec<Vec<&'a Play>> {
        let mut groups: Vec<Vec<&Play>> = vec![];
        for &play in &self.plays {
            match groups.iter_mut().find(|g| g[0].is_same(play)) {
                Some(group) => group.push(play),
                None => groups.push(vec![play]),
            }
        }
        groups
    }

    fn most(&self) -> Option<Vec<&'a Play>> {
        // the first of those that came as often
        self.by_group().into_iter().reduce(|most, group| if group.len() > most.len() { group } else { most })
    }

    fn sure(&self) -> f32 {
        self.wait.sure.min(RECOGNISED)
    }

    /// Plays of recordings that had been played before in this call.
    pub fn repeated(&self) -> Measured<u32> {
        let again: u32 = self.by_group().iter().map(|g| g.len() as u32 - 1).sum();
        self.counted(again, self.most())
    }

    /// How often the message that came most often was played.
    pub fn same(&self) -> Measured<u32> {
        let most = self.most();
        let unknown = u32::from(!self.unknown.is_empty());
        self.counted(most.as_ref().map_or(unknown, |plays| plays.len() as u32), most)
    }

    fn counted(&self, count: u32, most: Option<Vec<&Play>>) -> Measured<u32> {
        match most {
            Some(plays) if plays.len() > 1 => {
                let reason = Reason::SameMessage { name: plays[0].group.name.clone(), times: plays.len() as u32 };
                Measured::heard(count, self.sure(), reason, hull(&plays).unwrap_or(self.wait.interval))
            }
            _ => Measured::heard(count, self.sure(), Reason::NothingTwice, self.wait.interval),
        }
    }

    /// Plays of recordings whose names begin with one of [`BUSY`]: `busy`, `busy-long`.
    pub fn busy(&self) -> Measured<u32> {
        let says = |name: &str| BUSY.iter().any(|busy| name.to_lowercase().starts_with(busy));
        let named = |g: &Group| g.naming != Naming::Letter && says(&g.name);
        if !self.groups.iter().any(|g| named(g)) {
            return Measured::absent(0.95, Reason::NotNamed);
        }
        self.plays_of(|g| named(g))
    }

    /// Plays of recordings that ask for patience.
    pub fn apologies(&self) -> Measured<u32> {
        self.of_kind(Kind::Apology)
    }

    /// Plays of recordings that inform.
    pub fn informations(&self) -> Measured<u32> {
        self.of_kind(Kind::Information)
    }

    /// The share of the wait that apologies take.
    pub fn apology_share(&self) -> Measured<f64> {
        self.share_of(Kind::Apology)
    }

    /// The share of the wait that information takes.
    pub fn information_share(&self) -> Measured<f64> {
        self.share_of(Kind::Information)
    }

    /// Whether the kinds of this line's messages are known: somebody named recordings, one of this kind among them.
    fn knows(&self, kind: Kind) -> bool {
        let named = |g: &&Arc<Group>| g.naming != Naming::Letter && g.kind == kind;
        self.groups.iter().any(|g| named(&g)) || self.plays.iter().any(|p| p.group.kind == kind)
    }

    fn of_kind(&self, kind: Kind) -> Measured<u32> {
        if !self.knows(kind) {
            return Measured::absent(0.95, Reason::NotNamed);
        }
        self.plays_of(|g| g.kind == kind)
    }

    fn plays_of(&self, is: impl Fn(&Group) -> bool) -> Measured<u32> {
        let plays: Vec<&Play> = self.plays.iter().copied().filter(|p| is(&p.group)).collect();
        let nameless = self.plays.iter().filter(|p| p.group.kind == Kind::Message).count() + self.unknown.len();
        // what nobody named may be of the kind, too; a recording that is named is found wherever it is played
        let sure = if nameless > 0 { self.sure() } else { self.wait.sure.min(0.93) };
        let from = hull(&plays);
        let reason = if from.is_some() { Reason::Heard } else { Reason::NotThere };
        Measured::heard(plays.len() as u32, sure, reason, from.unwrap_or(self.wait.interval))
    }

    fn share_of(&self, kind: Kind) -> Measured<f64> {
        if !self.knows(kind) {
            return Measured::absent(0.95, Reason::NotNamed);
        }
        if self.wait.interval.duration() <= 0.0 {
            return Measured::absent(self.wait.sure, Reason::NoWait);
        }
        let plays = self.plays.iter().filter(|p| p.group.kind == kind);
        let taken: Seconds = plays.map(|p| p.interval.overlap(self.wait.interval)).sum();
        Measured::heard(taken / self.wait.interval.duration(), self.sure(), Reason::Derived, self.wait.interval)
    }

    /// The longest stretch between two signs of progress: messages that had not been played before, information each time,
    /// ringing, and the person.
    pub fn longest_without_progress(&self, line: &Timeline) -> Measured<Seconds> {
        let wait = self.wait.interval;
        if wait.duration() <= 0.0 {
            return Measured::absent(self.wait.sure, Reason::NoWait);
        }
        let is_first = |i: usize| !self.plays[..i].iter().any(|before| before.is_same(self.plays[i]));
        let told = |i: &usize| is_first(*i) || self.plays[*i].group.kind == Kind::Information;
        let mut signs: Vec<Interval> = (0..self.plays.len()).filter(told).map(|i| self.plays[i].interval).collect();
        signs.extend(&self.unknown);
        signs.extend(line.segments().iter().filter(|s| s.label == Label::Ringback).map(|s| s.interval));
        signs.retain(|s| s.overlap(wait) > 0.0);
        signs.sort_by(|a, b| a.start().total_cmp(&b.start()));
        let (mut at, mut longest) = (wait.start(), Interval::new(wait.start(), wait.start()));
        for start_end in signs.iter().map(|s| (s.start(), s.end())).chain([(wait.end(), wait.end())]) {
            let gap = Interval::new(at, start_end.0.clamp(at, wait.end()));
            if gap.duration() > longest.duration() {
                longest = gap;
            }
            at = at.max(start_end.1.min(wait.end()));
        }
        let to_the_end = longest.end() >= wait.end() && !self.wait.person;
        let reason = if to_the_end { Reason::StillWaiting } else { Reason::Derived };
        // an unknown voice may be a message that was heard before
        let sure = if self.unknown.is_empty() { self.sure() } else { self.sure().min(0.65) };
        Measured::heard(longest.duration(), sure, reason, longest)
    }
}

fn hull(plays: &[&Play]) -> Option<Interval> {
    plays.iter().map(|p| p.interval).reduce(Interval::hull)
}
