//! Lines and calls made by chance, from a seed.
//!
//! What is drawn is a [`Script`] like one that a person writes, and is written beside the calls, so that it can be changed
//! and played again. The shares and lengths are guesses about calls to companies, not measurements of them.

use std::collections::BTreeMap;

use super::{
    SimulateError,
    clip::Clip,
    ingredients::Ingredients,
    perform::has,
    script::{CallScript, Codec, Container, LineScript, Script, Side, Signal, Sound, Step},
};
use crate::{
    metrics::Outcome,
    synth::{
        random::Random,
        tune::{LOOP_NOTES, Timbre},
    },
    tone_plan::{self, TonePlan},
    units::Seconds,
};

/// What to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Wishes {
    /// The same seed and ingredients give the same calls.
    pub seed: u64,
    /// How many lines.
    pub lines: usize,
    /// How many calls to each.
    pub calls: usize,
    /// Whose tones, taken in turn; empty: every plan's.
    pub countries: Vec<String>,
    /// The share of lines that record the caller apart.
    pub stereo_share: f64,
    /// The codecs to draw from.
    pub codecs: Vec<Codec>,
}

/// What can become of a call: name, outcome, and how many of a hundred calls.
const SCENARIOS: [(&str, Outcome, usize); 13] = [
    ("queue", Outcome::Human, 26),
    ("queue_ring", Outcome::Human, 8),
    ("menu_human", Outcome::Human, 12),
    ("direct", Outcome::Human, 10),
    ("transfer", Outcome::Human, 8),
    ("abandon", Outcome::Abandoned, 7),
    ("refused", Outcome::Closed, 4),
    ("closed", Outcome::Closed, 5),
    ("voicemail", Outcome::Voicemail, 6),
    ("no_answer", Outcome::NoAnswer, 5),
    ("busy", Outcome::Busy, 5),
    ("congestion", Outcome::Congestion, 2),
    ("sit", Outcome::Unobtainable, 2),
];

/// The prompts that a line needs beside its menus, and how long each lasts.
const PROMPTS: [(&str, Seconds, Seconds); 8] = [
    ("greeting", 2.5, 7.0),
    ("busy", 2.0, 6.0),
    ("position", 1.5, 4.0),
    ("closed", 3.0, 8.0),
    ("voicemail", 3.0, 8.0),
    ("notice", 3.0, 8.0),
    ("invalid", 1.2, 3.0),
    ("unobtainable", 2.5, 6.0),
];

/// What is shorter is no part of a prompt.
const MIN_PART_S: Seconds = 0.3;

/// The prompts that nobody who is answered by a machine can be without.
const ALWAYS_SAID: [&str; 2] = ["greeting", "busy"];

/// Draws a script.
///
/// # Errors
/// Where a country has no tone plan, or a recording cannot be read.
pub fn choose(ingredients: &Ingredients, wishes: &Wishes) -> Result<Script, SimulateError> {
    let known: Vec<String> = tone_plan::plans().iter().map(|plan| plan.country.clone()).collect();
    let countries = if wishes.countries.is_empty() { &known } else { &wishes.countries };
    // every plan in turn, but not in the order of the alphabet
    let mut order: Vec<&String> = countries.iter().collect();
    if wishes.countries.is_empty() {
        Random::named(wishes.seed, "countries").shuffle(&mut order);
    }
    let lines = (0..wishes.lines)
        .map(|i| {
            let random = Random::named(wishes.seed, &format!("line {i}"));
            Chooser { ingredients, wishes, random }.line(i, order[i % order.len()])
        })
        .collect::<Result<_, _>>()?;
    Ok(Script { client: "Composed calls".into(), lines })
}

struct Chooser<'a> {
    ingredients: &'a Ingredients,
    wishes: &'a Wishes,
    random: Random,
}

impl Chooser<'_> {
    /// Evenly spread, to the millisecond or the thousandth of a decibel: what a script can carry.
    fn between(&mut self, low: f64, high: f64) -> f64 {
        (self.random.uniform(low, high) * 1_000.0).round() / 1_000.0
    }

    fn one_of(&mut self, names: Vec<&String>) -> String {
        if names.is_empty() { String::new() } else { (*self.random.pick(&names)).clone() }
    }

    fn line(&mut self, number: usize, country: &str) -> Result<LineScript, SimulateError> {
        let name = format!("line-{number:02}");
        let plan = tone_plan::plan(country)
            .ok_or_else(|| SimulateError::NoTonePlan { line: name.clone(), country: country.into() })?;
        let voice = self.one_of(self.ingredients.prompts.keys().collect());
        let caller = self.one_of(self.ingredients.people.keys().collect());
        let room = self.one_of(self.ingredients.noise.keys().collect());
        let music = if self.ingredients.music.is_empty() || self.random.chance(0.15) {
            self.tune()
        } else {
            self.one_of(self.ingredients.music.keys().collect())
        };
        let sound = self.sound(plan);
        let mut line = LineScript {
            name,
            country: plan.country.clone(),
            voice,
            caller,
            music,
            room,
            sound,
            prompts: BTreeMap::new(),
            menus: BTreeMap::new(),
            calls: vec![],
        };
        if !line.voice.is_empty() {
            let depth = *self.random.pick(&[0, 0, 1, 1, 1, 2, 2, 3]);
            if depth > 0 {
                self.grow(&mut line.menus, "menu", depth);
            }
            line.prompts = self.prompts(&line)?;
            prune(&mut line.menus, |node| line.prompts.contains_key(node));
            line.prompts.retain(|name, _| !name.starts_with("menu") || line.menus.contains_key(name));
        }
        let habits = Habits {
            restart: self.random.chance(0.5),
            over_music: self.random.chance(0.3),
            every: *self.random.pick(&[12.0, 18.0, 25.0, 30.0, 45.0, 60.0]),
            position: self.random.chance(0.4),
            fade_s: *self.random.pick(&[0.01, 0.05, 0.4, 1.2]),
        };
        for call in 0..self.wishes.calls {
            let random = Random::named(self.wishes.seed, &format!("line {number} call {call}"));
            let call =
                Chooser { ingredients: self.ingredients, wishes: self.wishes, random }.call(&line, plan, &habits);
            line.calls.push(call);
        }
        Ok(line)
    }

    fn tune(&mut self) -> String {
        let timbre = self.random.pick(&Timbre::ALL).name();
        match self.random.below(3) {
            0 => format!("tune:{}:{timbre}", self.random.between(*LOOP_NOTES.start(), *LOOP_NOTES.end())),
            1 => format!("tune:piece:{timbre}"),
            _ => format!("tune:chance-{}:{timbre}", self.random.below(100_000)),
        }
    }

    fn sound(&mut self, plan: &TonePlan) -> Sound {
        let codec = *self.random.pick(&self.wishes.codecs);
        let stereo = self.random.chance(self.wishes.stereo_share);
        // the rarer codecs of the way carry one channel only
        let codec = if stereo && matches!(codec, Codec::Gsm | Codec::G726) { Codec::Alaw } else { codec };
        let containers = [Container::Pcm, Container::Pcm, Container::Alaw, Container::Mulaw, Container::Gsm];
        let simple = stereo || !self.wishes.codecs.contains(&Codec::Gsm);
        let container = *self.random.pick(if simple { &containers[..4] } else { &containers });
        Sound {
            tone_level: self.between(-26.0, -12.0) as f32,
            prompt_level: self.between(-28.0, -15.0) as f32,
            music_level: self.between(-32.0, -17.0) as f32,
            ducking_db: self.between(8.0, 18.0) as f32,
            agent_level: self.between(-31.0, -18.0) as f32,
            caller_level: self.between(-29.0, -15.0) as f32,
            noise_level: self.between(-72.0, -44.0) as f32,
            step_db: self.between(4.0, 22.0) as f32,
            hum: self.random.chance(0.15),
            click: self.random.chance(0.3),
            agc: self.random.chance(0.15),
            loss: *self.random.pick(&[0.0, 0.0, 0.0, 0.01, 0.03]),
            ringing_variant: if self.random.chance(0.15) { self.random.below(plan.ringing.len()) } else { 0 },
            deviation: self.between(-0.01, 0.01) as f32,
            caller_channel: stereo.then(|| *self.random.pick(&[Side::Left, Side::Right])),
            codec,
            container,
        }
    }

    /// A menu of two to five choices; some of them lead to a further menu while there are levels left.
    fn grow(&mut self, menus: &mut BTreeMap<String, BTreeMap<String, String>>, node: &str, levels: usize) {
        let mut keys = BTreeMap::new();
        for key in 1..=self.random.between(2, 5) {
            let deeper = levels > 1 && self.random.chance(0.4);
            let target = if deeper { format!("{node}-{key}") } else { format!("queue{}-{key}", &node[4..]) };
            if deeper {
                self.grow(menus, &target, levels - 1);
            }
            keys.insert(key.to_string(), target);
        }
        menus.insert(node.into(), keys);
    }

    /// Which recordings make up each prompt: the one of its name, or some by chance that last as long as it should. None is
    /// part of two prompts, or what the truth says of one would be heard of the other as well; a prompt for which none is
    /// left is not there.
    fn prompts(&mut self, line: &LineScript) -> Result<BTreeMap<String, Vec<String>>, SimulateError> {
        let files: Vec<String> = self.ingredients.prompts[&line.voice].keys().cloned().collect();
        let menus = line.menus.keys().map(|node| (node.as_str(), 5.0, 14.0));
        let wanted: Vec<_> = PROMPTS.into_iter().chain(menus).collect();
        let bears_a_name = |file: &&String| wanted.iter().any(|(name, ..)| file == name);
        let (named, mut unused): (Vec<_>, Vec<_>) = files.iter().partition(bears_a_name);
        self.random.shuffle(&mut unused);
        // so that those of few recordings go round
        let most = (unused.len() / wanted.len()).max(1);
        let mut prompts = BTreeMap::new();
        for (name, low, high) in wanted.iter().copied() {
            if named.iter().any(|file| *file == name) {
                prompts.insert(name.to_string(), vec![name.to_string()]);
                continue;
            }
            let length = self.between(low, high);
            let (mut parts, mut total, mut unfit) = (vec![], 0.0, vec![]);
            while total < length && parts.len() < most {
                let Some(file) = unused.pop() else { break };
                let part = self.ingredients.prompt(&line.voice, file).map(|clip: Clip| clip.trimmed().duration())?;
                if part >= MIN_PART_S && part <= high + 2.0 {
                    parts.push(file.clone());
                    total += part;
                } else {
                    unfit.push(file);
                }
            }
            unused.extend(unfit);
            if !parts.is_empty() {
                prompts.insert(name.to_string(), parts);
            }
        }
        Ok(prompts)
    }

    fn call(&mut self, line: &LineScript, plan: &TonePlan, habits: &Habits) -> CallScript {
        let people: Vec<&String> = self.ingredients.people.keys().filter(|name| **name != line.caller).collect();
        let possible: Vec<_> = SCENARIOS
            .into_iter()
            .filter(|(name, outcome, _)| {
                let speaks = *outcome != Outcome::Human || !people.is_empty();
                let said = match *name {
                    "direct" | "no_answer" | "busy" | "congestion" | "sit" => true,
                    "closed" | "voicemail" => line.prompts.contains_key(*name),
                    "menu_human" => line.prompts.contains_key("greeting") && !line.menus.is_empty(),
                    _ => ALWAYS_SAID.into_iter().all(|prompt| line.prompts.contains_key(prompt)),
                };
                let sounds = match *name {
                    "congestion" => has(plan, Signal::Congestion),
                    "sit" => !plan.sit.is_empty(),
                    _ => true,
                };
                speaks && sounds && said
            })
            .collect();
        let mut left = self.random.below(possible.iter().map(|(_, _, weight)| weight).sum());
        let (scenario, outcome, _) = possible
            .into_iter()
            .find(|(_, _, weight)| {
                let found = left < *weight;
                left = left.saturating_sub(*weight);
                found
            })
            .expect("a number below the sum of the weights falls on one of them");
        let agent = self.one_of(people);
        let mut sound = toml::Table::new();
        if self.random.chance(0.5) {
            sound.insert("agent_level".into(), self.between(-31.0, -18.0).into());
        }
        let mut plot = Plot { chooser: self, line, plan, habits, agent, steps: vec![] };
        plot.unfold(scenario, outcome);
        let steps = plot.steps;
        CallScript { file: String::new(), scenario: scenario.into(), outcome, recorded_at: String::new(), sound, steps }
    }
}

/// Leaves out the menus that nobody can say, and those that only they led to; their keys lead to the queue.
fn prune(menus: &mut BTreeMap<String, BTreeMap<String, String>>, is_said: impl Fn(&str) -> bool) {
    menus.retain(|node, _| is_said(node));
    let known: Vec<String> = menus.keys().cloned().collect();
    let is_gone = |target: &String| target.starts_with("menu") && !known.contains(target);
    for target in menus.values_mut().flat_map(BTreeMap::values_mut).filter(|target| is_gone(target)) {
        *target = format!("queue{}", &target["menu".len()..]);
    }
    let mut reached = vec!["menu".to_string()];
    let mut i = 0;
    while let Some(node) = reached.get(i) {
        reached.extend(menus.get(node).into_iter().flat_map(BTreeMap::values).cloned().collect::<Vec<_>>());
        i += 1;
    }
    menus.retain(|node, _| reached.contains(node));
}

/// How a line runs its queue, in all its calls.
struct Habits {
    restart: bool,
    over_music: bool,
    every: Seconds,
    position: bool,
    fade_s: Seconds,
}

/// A call in the making.
struct Plot<'a, 'b> {
    chooser: &'a mut Chooser<'b>,
    line: &'a LineScript,
    plan: &'a TonePlan,
    habits: &'a Habits,
    agent: String,
    steps: Vec<Step>,
}

impl Plot<'_, '_> {
    fn unfold(&mut self, scenario: &str, outcome: Outcome) {
        match outcome {
            Outcome::Busy => self.refused_by_the_network(Signal::Busy),
            Outcome::Congestion => self.refused_by_the_network(Signal::Congestion),
            Outcome::Unobtainable => self.unobtainable(),
            Outcome::NoAnswer => {
                self.wait(0.3, 4.0);
                let count = self.chooser.random.between(5, 12) as u32;
                let last = if self.chance(0.5) { 1.0 } else { self.chooser.between(0.3, 1.0) };
                self.steps.push(Step::Ring { count, skip_s: 0.0, last });
            }
            _ => self.answered(scenario),
        }
        self.wait(0.2, 1.5);
    }

    fn chance(&mut self, p: f64) -> bool {
        self.chooser.random.chance(p)
    }

    fn wait(&mut self, low: f64, high: f64) {
        let seconds = self.chooser.between(low, high);
        self.steps.push(Step::Wait { seconds });
    }

    fn has(&self, prompt: &str) -> bool {
        self.line.prompts.contains_key(prompt)
    }

    fn say(&mut self, prompt: &str) {
        self.steps.push(Step::Say { prompt: prompt.into(), share: 1.0, key: None, over_music: false });
    }

    fn tone(&mut self, tone: Signal, low: f64, high: f64) {
        let seconds = self.chooser.between(low, high);
        self.steps.push(Step::Tone { tone, seconds, variant: 0 });
    }

    fn refused_by_the_network(&mut self, tone: Signal) {
        self.wait(0.3, 4.0);
        self.tone(tone, 4.0, 15.0);
    }

    fn unobtainable(&mut self) {
        self.wait(0.3, 3.0);
        let times = self.chooser.random.between(1, 2);
        let variant = if self.chance(0.7) { 0 } else { self.chooser.random.below(self.plan.sit.len()) };
        for _ in 0..times {
            self.steps.push(Step::Sit { variant });
            self.wait(0.3, 1.0);
            if self.has("unobtainable") {
                self.say("unobtainable");
                self.wait(0.4, 1.2);
            }
        }
    }

    fn answered(&mut self, scenario: &str) {
        let rings = *self.chooser.random.pick(&[0, 1, 1, 2, 2, 3, 3, 4, 6, 8]);
        if rings > 0 {
            let late = rings > 1 && self.chance(0.15);
            if !late {
                self.wait(0.3, 4.0);
            }
            let skip_s = if late { self.chooser.between(0.1, 0.35) } else { 0.0 };
            let last = self.chooser.between(0.08, 0.98);
            self.steps.push(Step::Ring { count: rings, skip_s, last });
        }
        self.steps.push(Step::PickUp {});
        match scenario {
            "direct" => self.talk(8.0, 40.0),
            "voicemail" => self.voicemail(),
            "closed" => {
                self.wait(0.2, 0.9);
                self.say("closed");
                self.hung_up(0.6);
            }
            "menu_human" => {
                self.menus();
                self.wait(0.3, 1.5);
                self.rings_on(0.6);
                self.talk(8.0, 40.0);
            }
            _ => self.through_the_queue(scenario),
        }
        if scenario != "abandon" && self.chance(0.25) && !matches!(self.steps.last(), Some(Step::Tone { .. })) {
            self.hung_up(1.0);
        }
    }

    fn through_the_queue(&mut self, scenario: &str) {
        self.menus();
        let length = *self.chooser.random.pick(&[15.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0]);
        let length = length * self.chooser.between(0.7, 1.2);
        self.queue(length);
        match scenario {
            "abandon" => {}
            "refused" => {
                self.wait(0.2, 0.8);
                self.say("busy");
                self.hung_up(0.8);
            }
            _ => {
                self.rings_on(if scenario == "queue_ring" { 1.0 } else { 0.0 });
                self.talk(8.0, 40.0);
                if scenario == "transfer" {
                    self.transfer();
                }
            }
        }
    }

    fn menus(&mut self) {
        self.wait(0.2, 0.9);
        self.say("greeting");
        if self.chance(0.15) && self.has("notice") {
            self.wait(0.3, 1.0);
            self.say("notice");
        }
        let mut node = "menu".to_string();
        let mut failures = 0;
        while let Some(keys) = self.line.menus.get(&node) {
            self.wait(0.1, 1.2);
            let fails = failures < 2 && self.chance(0.18);
            failures += usize::from(fails);
            if fails && self.chance(0.5) {
                // nothing is pressed: the menu comes again
                self.say(&node);
                self.wait(3.5, 7.0);
                continue;
            }
            let key = if fails { "9".into() } else { self.chooser.one_of(keys.keys().collect()) };
            let digit = key.chars().next().expect("a menu has keys, each of one character");
            if self.chance(0.45) {
                // the caller knows the menu and does not wait for its end
                let share = self.chooser.between(0.2, 0.95);
                self.steps.push(Step::Say { prompt: node.clone(), share, key: Some(digit), over_music: false });
            } else {
                self.say(&node);
                self.wait(0.3, 2.5);
                let seconds = self.chooser.between(0.06, 0.3);
                self.steps.push(Step::Key { key: digit, seconds });
            }
            if fails && self.has("invalid") {
                self.wait(0.3, 0.8);
                self.say("invalid");
            } else if !fails {
                node = keys[&key].clone();
                self.wait(0.3, 1.2);
            }
        }
    }

    fn queue(&mut self, length: Seconds) {
        self.steps.push(Step::Queue {});
        self.wait(0.05, 0.6);
        self.say("busy");
        let mut left = length;
        while left > 2.0 {
            self.wait(0.02, 0.5);
            let seconds = self.habits.every.min(left).max(2.0);
            let Habits { restart, fade_s, .. } = *self.habits;
            self.steps.push(Step::Music { seconds, restart, fade_s });
            left -= seconds + 4.0;
            if left > 2.0 {
                let position = self.habits.position && self.chance(0.4) && self.has("position");
                let prompt = if position { "position" } else { "busy" }.to_string();
                if !self.habits.over_music {
                    self.wait(0.02, 0.5);
                }
                self.steps.push(Step::Say { prompt, share: 1.0, key: None, over_music: self.habits.over_music });
            }
        }
    }

    /// With probability `p`, the telephone of the person rings.
    fn rings_on(&mut self, p: f64) {
        if self.chance(p) {
            self.wait(0.1, 1.0);
            let count = self.chooser.random.between(1, 4) as u32;
            let last = self.chooser.between(0.1, 0.95);
            self.steps.push(Step::Ring { count, skip_s: 0.0, last });
        }
    }

    fn talk(&mut self, low: f64, high: f64) {
        let seconds = self.chooser.between(low, high);
        self.steps.push(Step::Talk { seconds, agent: self.agent.clone() });
    }

    fn transfer(&mut self) {
        self.wait(0.2, 0.8);
        let seconds = self.chooser.between(8.0, 40.0);
        self.steps.push(Step::Music { seconds, restart: true, fade_s: self.habits.fade_s });
        let others = self.chooser.ingredients.people.keys();
        let others = others.filter(|name| **name != self.line.caller && **name != self.agent).collect::<Vec<_>>();
        if !others.is_empty() && self.chance(0.7) {
            self.agent = self.chooser.one_of(others);
        }
        self.talk(6.0, 25.0);
    }

    fn voicemail(&mut self) {
        self.wait(0.2, 0.6);
        self.say("voicemail");
        self.wait(0.1, 0.7);
        let (seconds, frequency) = (self.chooser.between(0.2, 0.7), self.chooser.between(750.0, 1_500.0) as f32);
        self.steps.push(Step::Beep { seconds, frequency });
        self.wait(0.5, 2.0);
        if !self.line.caller.is_empty() && self.chance(0.6) {
            let seconds = self.chooser.between(3.0, 12.0);
            self.steps.push(Step::Speak { seconds });
        }
        self.wait(0.5, 4.0);
    }

    /// With probability `p`, the line's end hangs up, which is heard as the busy tone.
    fn hung_up(&mut self, p: f64) {
        if self.chance(p) {
            self.wait(0.2, 1.0);
            self.tone(Signal::Busy, 2.0, 7.0);
        }
    }
}
