//! The cheapest way through the menu that explains what was heard.
//!
//! A hypothesis is a node and what was heard there so far. Each event is explained by every hypothesis that can: it is of
//! the node, leads on from it, or is passed over; before each event, hypotheses move on along edges that ask nothing of
//! the caller. Costs are negative logarithms of how likely it is that such a thing happens: they add up, and the cheapest
//! hypothesis at the end is the walk. Of each node in each state only the cheapest is kept, and none that is far behind.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BinaryHeap},
};

use super::{
    plan::{Part, Plan},
    sounds::{Event, Spoken, What},
    walk::Exit,
};
use crate::{
    menu::graph::{Edge, EdgeIndex, NodeIndex, NodeKind, On, Retry, Told},
    units::Seconds,
};

/// One step more: of two ways that explain the same, the shorter.
const STEP: f64 = 0.05;
/// A prompt that is looked for is passed without being heard: 1 in 20, noise or talk lay over it.
const UNHEARD: f64 = 3.0;
/// The same of a prompt that nobody could have recognised: it may not have been a message of its own.
const UNHEARD_UNKNOWN: f64 = 2.5;
/// Another message than the one that was looked for is said in its place: the definition is out of date.
const OTHERWISE: f64 = 3.5;
/// A message that could be anything is what is said here.
const VOICE: f64 = 0.3;
/// A message goes on after a pause.
const GOES_ON: f64 = 0.7;
/// The same by a recording of its own: what always follows another would be one recording with it.
const GOES_ON_APART: f64 = 1.5;
/// Seconds from coming to a step to hearing it, above which each costs something: nobody designs silence.
const PROMPT_S: Seconds = 2.5;
/// What each of these seconds costs, and all of them at most.
const LATE_A_SECOND: f64 = 0.4;
const LATE_AT_MOST: f64 = 2.0;
/// What comes before a step's own words belongs to the step before.
const BEFORE_ITS_WORDS: f64 = 0.01;
/// After its words a menu waits for keys: something strange is rather said before them.
const AFTER_ITS_WORDS: f64 = 0.3;
/// A message of the definition is heard where it cannot be said: recognised by mistake.
const MISTAKEN: f64 = 6.0;
/// A message that is nobody's, if it was known again and is none of the definition's.
const STRANGE: f64 = 1.2;
/// A message that is nobody's.
const PASSED_OVER: f64 = 1.5;
/// Silence is answered at all: fewer callers wait than press a key.
const SILENT: f64 = 0.7;
/// Each second that silence was too short to be answered.
const TOO_SHORT_A_SECOND: f64 = 2.0;
/// Silence that is answered lasts this long where the definition does not tell: systems are set to 3 to 10 s.
const USUAL_SILENCE_S: Seconds = 3.0;
/// What is told may be off by so much: the end of a message is not sharp.
const SILENCE_SLACK_S: Seconds = 1.0;
/// A wrong key is pressed.
const WRONG_KEY: f64 = 1.5;
/// A key before anything of its menu was heard: the caller knows it.
const AHEAD: f64 = 2.5;
/// A key that does nothing.
const IDLE_KEY: f64 = 4.0;
/// The same in a queue, where nobody minds.
const IDLE_KEY_AT_GOAL: f64 = 2.0;
/// A key that was pressed and is not in the recording, where others are.
const UNHEARD_KEY: f64 = 5.0;
/// The same where no call of the line has any key: recorders leave them out (RFC 4733).
const NO_KEYS_RECORDED: f64 = 2.0;
/// A way that the system chooses, and nobody knows why.
const CHOSEN: f64 = 0.3;
/// A way for closed hours, or for a failure.
const UNUSUAL: f64 = 2.0;
/// Music, ringing or a person where there should be none.
const OUT_OF_PLACE: f64 = 2.5;
/// A call that ends in the middle.
const HANGS_UP: f64 = 1.0;
/// A queue or person of which nothing was heard, where no key asked for it.
const UNSEEN_GOAL: f64 = 1.5;
/// Hypotheses so far behind the best are let go: e^-14, one in a million.
const BEAM: f64 = 14.0;
/// And never more than so many.
const MAX_HYPOTHESES: usize = 512;
/// Media of one prompt follow each other within this.
const SAME_PROMPT_S: Seconds = 1.2;
/// An edge of a message that is named by sound.
const EARLY_S: Seconds = 0.3;
/// How much the length of an unknown message may differ before it costs anything: a third, as voices differ in speed.
const LENGTH_RATIO: f64 = 1.33;

/// What is known of recordings without a name: how unlikely it is that one is heard in a slot.
pub(super) type Learned = BTreeMap<String, BTreeMap<Slot, f64>>;
/// What a recording costs in a slot where it was never heard.
pub(super) const NEVER: f64 = 5.0;

/// Where a message can belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    /// To a part of a node.
    Of(NodeIndex, Part),
    /// To waiting, wherever.
    Waiting,
    /// To nothing that the definition knows.
    Aside,
}

/// How a message was taken for one of a node's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Like {
    /// By the sound of its own recording.
    Named,
    /// By having been heard there in other calls.
    Learned,
    /// For want of anything better.
    Any,
    /// It is another one than the definition's.
    Otherwise,
}

/// One thing that a hypothesis did, linked to the one before.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    /// Came to a node.
    Arrive(NodeIndex, Seconds),
    /// Heard an event of its node.
    Heard { event: usize, like: Like, slot: Slot },
    /// Left its node.
    Leave { exit: Exit, edge: Option<EdgeIndex>, at: Seconds, inferred: bool, early: bool },
    /// Passed over an event.
    Aside { event: usize },
    /// Saw what belongs to a queue or a person; whether that was more than a voice.
    Goal { waited: bool },
}

/// The cheapest way of one call.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// What it did, in time's order.
    pub marks: Vec<Mark>,
    pub cost: f64,
    /// What it costs to believe that nothing of the menu was heard at all.
    pub nothing: f64,
}

/// What was heard at the node so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// Nothing.
    Fresh,
    /// Its prompt.
    Heard,
    /// A wrong key or silence, and the prompt is to come again.
    Again,
    /// Digits.
    Typing,
}

#[derive(Clone, Debug)]
struct Hypothesis {
    node: NodeIndex,
    phase: Phase,
    /// Keys of an option that has more to come.
    typed: String,
    cost: f64,
    arrived_s: Seconds,
    /// When the last of what was heard here ended.
    quiet_s: Seconds,
    /// When all that is said would have ended.
    whole_end_s: Seconds,
    /// Which sound of the prompt was heard last.
    at_sound: usize,
    silences: u32,
    wrongs: u32,
    /// Whether a key led here.
    by_key: bool,
    seen: bool,
    trail: usize,
}

/// A hypothesis by its cost, the cheapest first out of a heap.
struct Cheapest(Hypothesis);

impl PartialEq for Cheapest {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cheapest {}

impl PartialOrd for Cheapest {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cheapest {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_cost = other.0.cost.total_cmp(&self.0.cost);
        by_cost.then_with(|| {
            (other.0.node, other.0.phase, &other.0.typed).cmp(&(self.0.node, self.0.phase, &self.0.typed))
        })
    }
}

type State = (NodeIndex, Phase, String);

/// The hypotheses of one moment.
#[derive(Default)]
struct Field(BTreeMap<State, Hypothesis>);

impl Field {
    /// Adds a hypothesis, unless its state has a cheaper one; whether it was added.
    fn add(&mut self, new: Hypothesis) -> bool {
        let state = (new.node, new.phase, new.typed.clone());
        match self.0.get(&state) {
            Some(old) if old.cost <= new.cost => false,
            _ => {
                self.0.insert(state, new);
                true
            }
        }
    }

    fn best(&self) -> f64 {
        self.0.values().map(|h| h.cost).fold(f64::INFINITY, f64::min)
    }

    /// Lets go of what is far behind.
    fn prune(&mut self) {
        let limit = self.best() + BEAM;
        self.0.retain(|_, h| h.cost <= limit);
        if self.0.len() > MAX_HYPOTHESES {
            let mut costs: Vec<f64> = self.0.values().map(|h| h.cost).collect();
            costs.sort_by(f64::total_cmp);
            let limit = costs[MAX_HYPOTHESES];
            self.0.retain(|_, h| h.cost < limit);
        }
    }
}

pub(super) struct Aligner<'a> {
    pub plan: &'a Plan<'a>,
    pub learned: &'a Learned,
    /// Whether any call of the line has keys.
    pub has_keys: bool,
    trail: Vec<(usize, Mark)>,
}

/// The trail's end.
const NOTHING: usize = usize::MAX;

impl<'a> Aligner<'a> {
    pub fn new(plan: &'a Plan<'a>, learned: &'a Learned, has_keys: bool) -> Self {
        Self { plan, learned, has_keys, trail: vec![] }
    }

    /// The cheapest way through `events`; `None` where there are none, or the definition has no start.
    pub fn way(&mut self, events: &[Event]) -> Option<Way> {
        self.trail.clear();
        let start_s = events.first()?.interval.start();
        let mut field = Field::default();
        for &start in &self.plan.analysis.starts {
            let trail = self.mark(NOTHING, Mark::Arrive(start, start_s));
            field.add(Hypothesis {
                node: start,
                phase: Phase::Fresh,
                typed: String::new(),
                cost: 0.0,
                arrived_s: start_s,
                quiet_s: start_s,
                whole_end_s: start_s,
                at_sound: 0,
                silences: 0,
                wrongs: 0,
                by_key: false,
                seen: false,
                trail,
            });
        }
        for (number, event) in events.iter().enumerate() {
            let here = self.spread(field, event.interval.start());
            let mut next = Field::default();
            for hypothesis in here.0.into_values() {
                self.explain(hypothesis, number, event, &mut next);
            }
            next.prune();
            field = next;
        }
        let last = self.spread(field, events.last()?.interval.end());
        let ended = |h: &Hypothesis| h.cost + self.ends(h);
        let best = last.0.values().min_by(|a, b| ended(a).total_cmp(&ended(b)))?;
        let (cost, mut marks, mut at) = (ended(best), vec![], best.trail);
        while let Some((before, mark)) = self.trail.get(at) {
            marks.push(mark.clone());
            at = *before;
        }
        marks.reverse();
        Some(Way { marks, cost, nothing: events.iter().map(|event| self.nothing(event)).sum() })
    }

    fn mark(&mut self, before: usize, mark: Mark) -> usize {
        self.trail.push((before, mark));
        self.trail.len() - 1
    }

    /// What an event costs a caller who was in no menu.
    fn nothing(&self, event: &Event) -> f64 {
        match &event.what {
            What::Message(spoken) => self.aside(spoken),
            What::Key(_) => IDLE_KEY,
            _ => 0.0,
        }
    }

    /// What it costs to end here.
    fn ends(&self, h: &Hypothesis) -> f64 {
        if self.plan.is_goal(h.node) {
            return if h.seen || h.by_key { 0.0 } else { UNSEEN_GOAL };
        }
        match self.plan.flow.node(h.node).kind {
            NodeKind::Hangup { .. } => 0.0,
            _ => HANGS_UP,
        }
    }

    /// All that `field` becomes until `now` without anything being heard.
    fn spread(&mut self, field: Field, now: Seconds) -> Field {
        let mut settled = Field::default();
        let limit = field.best() + BEAM;
        let mut heap: BinaryHeap<Cheapest> = field.0.into_values().map(Cheapest).collect();
        while let Some(Cheapest(h)) = heap.pop() {
            if h.cost > limit || settled.0.len() >= 2 * MAX_HYPOTHESES || !settled.add(h.clone()) {
                continue;
            }
            let plan = self.plan;
            for (index, edge) in plan.analysis.out(h.node) {
                let Some(to) = edge.to.node() else { continue };
                let Some((cost, exit, at)) = self.unasked(&h, edge, now) else { continue };
                let inferred = matches!(exit, Exit::Key(_) | Exit::Digits | Exit::Speech) && h.phase != Phase::Typing;
                if h.cost + cost <= limit {
                    heap.push(Cheapest(self.leave(&h, exit, Some(index), to, at, cost, inferred)));
                }
            }
        }
        settled
    }

    /// What it costs to go along `edge` without a key being heard, how, and when; `None` where that cannot be.
    fn unasked(&self, h: &Hypothesis, edge: &Edge, now: Seconds) -> Option<(f64, Exit, Seconds)> {
        let asks = self.plan.asks(h.node);
        let heard = &self.plan.heard[h.node.0];
        let unheard = match h.phase {
            Phase::Fresh if heard.is_known(Part::Prompt) => UNHEARD,
            Phase::Fresh if self.plan.speaks(h.node) => UNHEARD_UNKNOWN,
            _ => 0.0,
        };
        if edge.guard.as_ref().is_some_and(|guard| guard.holds == Told::No) || !h.typed.is_empty() {
            return None;
        }
        let word = |word: &str| Exit::On(Some(word.to_owned()));
        let quiet = h.quiet_s.max(h.arrived_s);
        let key = if self.has_keys { UNHEARD_KEY } else { NO_KEYS_RECORDED };
        let silent = || (self.silence(h, now), Exit::Timeout, now);
        let (cost, exit, at) = match &edge.on {
            On::Key(keys) => (key, Exit::Key(keys.clone()), quiet),
            On::Pattern(_) => (key + STEP, Exit::Digits, quiet),
            On::Speech(_) => (UNUSUAL, Exit::Speech, quiet),
            On::Timeout { nth } => {
                let (cost, exit, at) = silent();
                let due = nth.or(self.retry(h.node, true).attempts).unwrap_or(1);
                (cost + if h.silences + 1 >= due { 0.0 } else { WRONG_KEY }, exit, at)
            }
            On::Invalid { .. } => return None,
            On::AttemptsUsed if h.silences + h.wrongs > 0 => (CHOSEN, word("attempts"), quiet),
            On::AttemptsUsed => (UNUSUAL, word("attempts"), quiet),
            On::Fail => (UNUSUAL, word("fail"), quiet),
            On::QueueFull { .. } => (UNUSUAL, word("full"), now),
            On::Open => (0.0, word("open"), quiet),
            On::Closed => (UNUSUAL, word("closed"), quiet),
            On::Holiday => (UNUSUAL + STEP, word("holiday"), quiet),
            On::Emergency => (UNUSUAL + STEP, word("emergency"), quiet),
            On::Match(_) | On::Else | On::Next if asks => match h.phase {
                Phase::Typing => (0.0, Exit::Digits, quiet),
                _ if matches!(edge.on, On::Next) => silent(),
                _ => (key, Exit::Digits, quiet),
            },
            On::Match(value) => (CHOSEN, word(value), quiet),
            On::Else => (CHOSEN, word("else"), quiet),
            On::Next if self.plan.is_goal(h.node) => (UNUSUAL, Exit::On(None), now),
            On::Next => (0.0, Exit::On(None), quiet),
        };
        Some((cost + unheard + STEP, exit, at))
    }

    fn retry(&self, node: NodeIndex, silence: bool) -> Retry {
        match &self.plan.flow.node(node).kind {
            NodeKind::Menu(menu) => if silence { &menu.timeout } else { &menu.invalid }.clone(),
            NodeKind::Collect(collect) => if silence { &collect.timeout } else { &collect.invalid }.clone(),
            _ => Retry::default(),
        }
    }

    /// What it costs that silence since the last sound was answered at `now`.
    fn silence(&self, h: &Hypothesis, now: Seconds) -> f64 {
        let told = match &self.plan.flow.node(h.node).kind {
            NodeKind::Menu(menu) => menu.no_input_s,
            NodeKind::Collect(collect) => collect.no_input_s,
            _ => None,
        };
        let least = told.map_or(USUAL_SILENCE_S, |told| (told - SILENCE_SLACK_S).max(0.0));
        SILENT + TOO_SHORT_A_SECOND * (least - (now - h.quiet_s)).max(0.0)
    }

    #[allow(clippy::too_many_arguments)]
    fn leave(
        &mut self,
        h: &Hypothesis,
        exit: Exit,
        edge: Option<EdgeIndex>,
        to: NodeIndex,
        at: Seconds,
        cost: f64,
        inferred: bool,
    ) -> Hypothesis {
        let early = matches!(exit, Exit::Key(_) | Exit::Digits)
            && !inferred
            && h.phase == Phase::Heard
            && at < h.whole_end_s - EARLY_S;
        let by_key = matches!(exit, Exit::Key(_) | Exit::Digits);
        let left = self.mark(h.trail, Mark::Leave { exit, edge, at, inferred, early });
        let trail = self.mark(left, Mark::Arrive(to, at));
        Hypothesis {
            node: to,
            phase: Phase::Fresh,
            typed: String::new(),
            cost: h.cost + cost,
            arrived_s: at,
            quiet_s: at,
            whole_end_s: at,
            at_sound: 0,
            silences: 0,
            wrongs: 0,
            by_key,
            seen: false,
            trail,
        }
    }

    /// Every way in which `h` can explain the event.
    fn explain(&mut self, h: Hypothesis, number: usize, event: &Event, next: &mut Field) {
        match &event.what {
            What::Message(spoken) => self.message(h, number, event, spoken, next),
            What::Key(key) => self.key(h, number, event.interval.start(), key, next),
            What::Music | What::Ringing | What::Person => {
                let has_people = self.plan.has_people(h.node);
                if event.what == What::Person && !has_people {
                    // a voice that was taken for a person
                    let taken = Hypothesis { cost: h.cost + OUT_OF_PLACE, ..h.clone() };
                    self.spoken(&taken, number, event, &Spoken::default(), next);
                }
                let cost = if has_people { 0.0 } else { OUT_OF_PLACE };
                let waited = event.what != What::Person;
                let trail = if has_people { self.mark(h.trail, Mark::Goal { waited }) } else { h.trail };
                let seen = h.seen || has_people;
                next.add(Hypothesis { cost: h.cost + cost, trail, seen, ..h });
            }
            What::Beep => {
                let is_box = matches!(self.plan.flow.node(h.node).kind, NodeKind::Voicemail { .. });
                let cost = if is_box { 0.0 } else { 1.0 };
                let trail = if is_box { self.mark(h.trail, Mark::Goal { waited: true }) } else { h.trail };
                next.add(Hypothesis { cost: h.cost + cost, trail, seen: h.seen || is_box, ..h });
            }
            What::Ended => {
                next.add(h);
            }
        }
    }

    fn message(&mut self, h: Hypothesis, number: usize, event: &Event, spoken: &Spoken, next: &mut Field) {
        self.spoken(&h, number, event, spoken, next);
        let mut cost = self.aside(spoken);
        if self.plan.is_goal(h.node) {
            // a queue says more than its definition
            cost = match self.likely(spoken, Slot::Waiting) {
                _ if self.is_of_menu(spoken) => MISTAKEN,
                Some(learned) => learned,
                None => VOICE,
            };
        }
        let trail = self.mark(h.trail, Mark::Aside { event: number });
        let place = match h.phase {
            Phase::Fresh => BEFORE_ITS_WORDS,
            _ if self.plan.asks(h.node) => AFTER_ITS_WORDS,
            _ => 0.0,
        };
        next.add(Hypothesis { cost: h.cost + cost + place, trail, ..h });
    }

    /// What it costs to pass over a message.
    fn aside(&self, spoken: &Spoken) -> f64 {
        match &spoken.group {
            _ if self.is_of_menu(spoken) => MISTAKEN,
            Some(_) if spoken.is_named => STRANGE + self.likely(spoken, Slot::Aside).unwrap_or(0.0) * 0.5,
            _ => PASSED_OVER + self.likely(spoken, Slot::Aside).unwrap_or(0.0) * 0.5,
        }
    }

    /// Whether the definition has a recording of that name.
    fn is_of_menu(&self, spoken: &Spoken) -> bool {
        spoken.is_named && spoken.group.as_ref().is_some_and(|name| self.plan.names.contains(name))
    }

    /// What was learned of the recording at that place.
    fn likely(&self, spoken: &Spoken, slot: Slot) -> Option<f64> {
        let costs = self.learned.get(spoken.group.as_ref()?)?;
        Some(costs.get(&slot).copied().unwrap_or(NEVER))
    }

    /// Takes the message for one of the node's own.
    fn spoken(&mut self, h: &Hypothesis, number: usize, event: &Event, spoken: &Spoken, next: &mut Field) {
        let (start, end) = (event.interval.start(), event.interval.end());
        let asks = self.plan.asks(h.node);
        let parts: &[Part] = match h.phase {
            Phase::Fresh => &[Part::Prompt, Part::Waiting],
            Phase::Heard if asks => &[Part::Prompt, Part::Silence],
            Phase::Heard => &[Part::Prompt, Part::Waiting],
            Phase::Again => &[Part::Prompt, Part::Wrong, Part::Silence],
            Phase::Typing => &[],
        };
        for &part in parts {
            let Some((like, cost, sound)) = self.is_like(h, part, spoken, end - start) else { continue };
            let slot = if part == Part::Waiting { Slot::Waiting } else { Slot::Of(h.node, part) };
            let is_late = h.phase == Phase::Fresh && part == Part::Prompt;
            let late = (LATE_A_SECOND * (start - h.quiet_s - PROMPT_S)).clamp(0.0, LATE_AT_MOST);
            let cost = if is_late { cost + late } else { cost };
            let again = part == Part::Prompt && h.phase == Phase::Heard;
            let gap = start - h.quiet_s;
            let whole_end_s = spoken.whole_end_s.unwrap_or(end).max(end);
            let mut heard = |aligner: &mut Self, from: Hypothesis, cost: f64, phase: Phase| {
                let trail = aligner.mark(from.trail, Mark::Heard { event: number, like, slot });
                let seen = from.seen || part == Part::Waiting;
                let cost = from.cost + cost;
                next.add(Hypothesis { cost, phase, trail, quiet_s: end, whole_end_s, at_sound: sound, seen, ..from });
            };
            // the rest of the same prompt
            if again {
                let goes_on = match like {
                    Like::Named => sound > h.at_sound && gap < SAME_PROMPT_S + SAME_PROMPT_S,
                    _ => gap < SAME_PROMPT_S,
                };
                if goes_on {
                    let more = match like {
                        Like::Named => 0.0,
                        _ if spoken.group.is_some() => GOES_ON_APART,
                        _ => GOES_ON,
                    };
                    heard(self, h.clone(), cost + more, Phase::Heard);
                }
            }
            match part {
                // the prompt again, or what is said to silence
                Part::Prompt if again && !asks => {}
                Part::Prompt | Part::Silence if again || part == Part::Silence && h.phase == Phase::Heard => {
                    let silence = self.silence(h, start);
                    let again = self.leave(h, Exit::Timeout, None, h.node, start, silence, false);
                    let again = Hypothesis { silences: h.silences + 1, wrongs: h.wrongs, ..again };
                    let phase = if part == Part::Prompt { Phase::Heard } else { Phase::Again };
                    heard(self, again, cost, phase);
                }
                Part::Wrong | Part::Silence => heard(self, h.clone(), cost, Phase::Again),
                Part::Prompt => heard(self, h.clone(), cost, Phase::Heard),
                Part::Waiting => heard(self, h.clone(), cost, h.phase),
            }
        }
    }

    /// Whether the message can be of that part of the node: how, at what cost, and which sound of it.
    fn is_like(&self, h: &Hypothesis, part: Part, spoken: &Spoken, length_s: Seconds) -> Option<(Like, f64, usize)> {
        let heard = &self.plan.heard[h.node.0];
        if self.is_of_menu(spoken) {
            let sound = heard.position(part, spoken.group.as_deref()?)?;
            return Some((Like::Named, 0.0, sound));
        }
        let expected = heard.part(part);
        // where the definition tells no words, something may be said all the same; at a wrong key too
        let says = match part {
            Part::Prompt => !expected.is_empty() || self.plan.speaks(h.node),
            Part::Wrong => true,
            Part::Silence | Part::Waiting => !expected.is_empty(),
        };
        if !says {
            return None;
        }
        let slot = if part == Part::Waiting { Slot::Waiting } else { Slot::Of(h.node, part) };
        let learned = self.likely(spoken, slot);
        let unsaid = if part == Part::Wrong && expected.is_empty() { GOES_ON } else { 0.0 };
        let (like, cost) = match learned {
            _ if heard.is_known(part) => (Like::Otherwise, OTHERWISE + learned.unwrap_or(0.0)),
            Some(learned) => (Like::Learned, learned),
            None => (Like::Any, VOICE + unsaid),
        };
        let odd = heard.seconds(part).map_or(0.0, |told| {
            let ratio = (length_s.max(0.1) / told.max(0.1)).ln();
            // what is cut short by a key says nothing
            (ratio - LENGTH_RATIO.ln()).clamp(0.0, 2.0)
        });
        Some((like, cost + odd, h.at_sound))
    }

    fn key(&mut self, h: Hypothesis, number: usize, at: Seconds, key: &str, next: &mut Field) {
        let plan = self.plan;
        let typed = format!("{}{key}", h.typed);
        let is_goal = plan.is_goal(h.node);
        let idle = if is_goal { IDLE_KEY_AT_GOAL } else { IDLE_KEY };
        let aside = self.mark(h.trail, Mark::Aside { event: number });
        next.add(Hypothesis { cost: h.cost + idle, trail: aside, typed: String::new(), ..h.clone() });
        let ahead = match h.phase {
            Phase::Fresh if plan.speaks(h.node) => AHEAD,
            _ => 0.0,
        };
        let mut is_option = false;
        for (index, keys, to) in plan.options(h.node, &typed) {
            is_option = true;
            let option = if keys == typed {
                self.leave(&h, Exit::Key(typed.clone()), Some(index), to, at, ahead, false)
            } else {
                Hypothesis { typed: typed.clone(), cost: h.cost + ahead, ..h.clone() }
            };
            next.add(option);
        }
        if is_goal {
            return;
        }
        match &plan.flow.node(h.node).kind {
            NodeKind::Menu(menu) => {
                let patterns = plan.analysis.out(h.node).filter(|(_, edge)| matches!(edge.on, On::Pattern(_)));
                for (index, edge) in patterns {
                    if let Some(to) = edge.to.node() {
                        let dialled = self.leave(&h, Exit::Digits, Some(index), to, at, WRONG_KEY + ahead, false);
                        next.add(dialled);
                    }
                }
                if !is_option {
                    self.wrong(&h, at, typed, menu.invalid.attempts, ahead, next);
                }
            }
            NodeKind::Collect(_) => {
                next.add(Hypothesis { phase: Phase::Typing, quiet_s: at, cost: h.cost + ahead, ..h });
            }
            _ => {}
        }
    }

    /// A key that is no option.
    fn wrong(
        &mut self,
        h: &Hypothesis,
        at: Seconds,
        keys: String,
        attempts: Option<u32>,
        ahead: f64,
        next: &mut Field,
    ) {
        let plan = self.plan;
        let cost = WRONG_KEY + ahead;
        let wrongs = h.wrongs + 1;
        let mut leaves = false;
        for (index, edge) in plan.analysis.out(h.node) {
            let On::Invalid { nth } = edge.on else { continue };
            let Some(to) = edge.to.node() else { continue };
            let is_due = wrongs >= nth.or(attempts).unwrap_or(1);
            leaves |= is_due;
            let extra = if is_due { 0.0 } else { WRONG_KEY };
            let left = self.leave(h, Exit::Invalid(keys.clone()), Some(index), to, at, cost + extra, false);
            // what is said to the wrong key is heard first
            let phase = if to == h.node { Phase::Again } else { Phase::Fresh };
            next.add(Hypothesis { phase, wrongs, silences: h.silences, by_key: false, ..left });
        }
        let extra = if leaves { WRONG_KEY } else { 0.0 };
        let again = self.leave(h, Exit::Invalid(keys), None, h.node, at, cost + extra, false);
        next.add(Hypothesis { phase: Phase::Again, wrongs, silences: h.silences, by_key: false, ..again });
    }
}
