//! Plays a call's script: sound on two channels, and the truth of what was played.

use super::{
    SimulateError,
    cast::Cast,
    clip::Clip,
    script::{CallScript, LineScript, Signal, Sound, Step},
    truth::{CallTruth, Row},
};
use crate::{
    label::Label,
    metrics::{AnsweredBy, Outcome},
    synth::{
        call_progress::{Exchange, SIT_TONE_S},
        dtmf::Keypad,
        exact::amplitude,
        random::Random,
        samples, seconds,
    },
    timeline::personalised,
    tone_plan::{self, Tone, TonePlan},
    units::{Decibels, Seconds},
};

/// A pause in a recorded voice up to this belongs to the announcement.
const PROMPT_PAUSE_S: Seconds = 0.45;

/// A pause in a live voice up to this belongs to the utterance.
const LIVE_PAUSE_S: Seconds = 0.3;

/// How long a menu goes on after the key that cuts it short was pressed.
const KEY_REACTION_S: (Seconds, Seconds) = (0.06, 0.3);

/// The sound of a call before the network gets hold of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Sounds {
    /// What the line lets hear.
    pub line: Vec<f32>,
    /// The caller: voice and keys.
    pub caller: Vec<f32>,
    /// When a live person's microphone is open on the line's side.
    pub open: Vec<(usize, usize)>,
}

/// Plays `call`, a call to `line`, with the voices of `cast`.
pub(super) fn perform(
    line: &LineScript,
    call: &CallScript,
    sound: &Sound,
    cast: &mut Cast,
    random: &mut Random,
) -> Result<(Sounds, CallTruth), SimulateError> {
    let plan = tone_plan::plan(&line.country)
        .ok_or_else(|| SimulateError::NoTonePlan { line: line.name.clone(), country: line.country.clone() })?;
    let exchange = Exchange { level: sound.tone_level, deviation: sound.deviation, ..Exchange::default() };
    let mut stage = Stage {
        line,
        sound,
        plan,
        exchange,
        cast,
        random,
        sounds: Sounds::default(),
        now: 0,
        music_at: 0,
        rows: vec![],
        rings: 0,
        picked_up: None,
        keys: String::new(),
        node: None,
        path: vec![],
        queue: None,
        announcements: 0,
        busy_announcements: 0,
    };
    for step in &call.steps {
        stage.play(step)?;
    }
    let (sounds, truth) = stage.curtain(call);
    agree(line, call, &truth)?;
    Ok((sounds, truth))
}

/// The call while it is played.
struct Stage<'a, 'b> {
    line: &'a LineScript,
    sound: &'a Sound,
    plan: &'a TonePlan,
    exchange: Exchange,
    cast: &'a mut Cast<'b>,
    random: &'a mut Random,
    sounds: Sounds,
    /// Where the next sound goes, in samples.
    now: usize,
    music_at: usize,
    rows: Vec<Row>,
    rings: u32,
    picked_up: Option<Seconds>,
    keys: String,
    /// The menu that waits for a key.
    node: Option<String>,
    path: Vec<String>,
    /// How many rows there are before the queue.
    queue: Option<usize>,
    announcements: u32,
    busy_announcements: u32,
}

#[derive(Clone, Copy)]
enum Party {
    Line,
    Caller,
}

impl Stage<'_, '_> {
    fn play(&mut self, step: &Step) -> Result<(), SimulateError> {
        match step {
            Step::Wait { seconds } => self.wait(*seconds),
            Step::Ring { count, skip_s, last } => self.ring(*count, *skip_s, *last)?,
            Step::RingMusic { seconds, music } => {
                let piece = self.cast.piece(music, self.sound.tone_level)?;
                let heard: Vec<f32> = piece.iter().copied().cycle().take(samples(*seconds)).collect();
                self.row(self.now, self.now + heard.len(), Label::Ringback, personalised::MUSIC);
                self.put(Party::Line, &heard);
            }
            Step::PickUp {} => self.picked_up = Some(seconds(self.now)),
            Step::Tone { tone, seconds, variant } => self.tone(*tone, *seconds, *variant)?,
            Step::Sit { variant } => self.sit(*variant)?,
            Step::Say { prompt, share, key, over_music } => self.say(prompt, *share, *key, *over_music)?,
            Step::Queue {} => self.queue = Some(self.rows.len()),
            Step::Music { seconds, restart, fade_s } => {
                if *restart {
                    self.music_at = 0;
                }
                let mut music = self.music(samples(*seconds));
                fade(&mut music, samples(*fade_s));
                self.row(self.now, self.now + music.len(), Label::Music, "");
                self.put(Party::Line, &music);
            }
            Step::Key { key, seconds } => {
                self.key(*key, *seconds)?;
                self.choose(*key);
            }
            Step::Beep { seconds, frequency } => {
                let beep = self.exchange.beep(*frequency, *seconds);
                self.row(self.now, self.now + beep.len(), Label::Beep, "");
                self.put(Party::Line, &beep);
            }
            Step::Talk { seconds, agent } => self.talk(*seconds, agent)?,
            Step::Speak { seconds } => {
                let end = self.now + samples(*seconds);
                while self.now < end {
                    self.speak(Party::Caller, &self.line.caller)?;
                    let pause = self.random.uniform(0.2, 0.9);
                    self.wait(pause);
                }
            }
        }
        Ok(())
    }

    /// Adds `sound` at `at`, whatever else is to be heard there.
    fn lay(&mut self, party: Party, at: usize, sound: &[f32]) {
        let length = self.sounds.line.len().max(at + sound.len());
        self.sounds.line.resize(length, 0.0);
        self.sounds.caller.resize(length, 0.0);
        let channel = match party {
            Party::Line => &mut self.sounds.line,
            Party::Caller => &mut self.sounds.caller,
        };
        channel[at..at + sound.len()].iter_mut().zip(sound).for_each(|(x, y)| *x += y);
    }

    fn put(&mut self, party: Party, sound: &[f32]) {
        self.lay(party, self.now, sound);
        self.now += sound.len();
    }

    fn wait(&mut self, duration: Seconds) {
        self.put(Party::Line, &vec![0.0; samples(duration)]);
    }

    fn row(&mut self, start: usize, end: usize, label: Label, detail: &str) {
        if end > start {
            self.rows.push(Row { start: seconds(start), end: seconds(end), label, detail: detail.into() });
        }
    }

    fn ring(&mut self, count: u32, skip: Seconds, last: f64) -> Result<(), SimulateError> {
        let tone = variant(&self.plan.ringing, self.sound.ringing_variant, self.line, "ringing")?;
        let Some(period) = self.exchange.period(tone) else { return Ok(()) };
        for ring in 0..count {
            let from = if ring == 0 { skip.min(period) } else { 0.0 };
            let to = if ring + 1 == count { (period * last).max(from) } else { period };
            let heard = self.exchange.listen(tone, from, to - from);
            let sounding = sounding(&heard);
            if sounding > 0 {
                self.row(self.now, self.now + sounding, Label::Ringback, "");
                self.rings += u32::from(self.picked_up.is_none());
            }
            self.put(Party::Line, &heard);
        }
        Ok(())
    }

    fn tone(&mut self, signal: Signal, duration: Seconds, number: usize) -> Result<(), SimulateError> {
        let (tones, label, name) = match signal {
            Signal::Busy => (&self.plan.busy, Label::Busy, "busy"),
            Signal::Congestion => (&self.plan.congestion, Label::Congestion, "congestion"),
            Signal::Dial => (&self.plan.dial, Label::Dial, "dial"),
            Signal::Unobtainable => (&self.plan.unobtainable, Label::Dial, "unobtainable"),
        };
        let heard = self.exchange.listen(variant(tones, number, self.line, name)?, 0.0, duration);
        self.row(self.now, self.now + sounding(&heard), label, "");
        self.put(Party::Line, &heard);
        Ok(())
    }

    fn sit(&mut self, number: usize) -> Result<(), SimulateError> {
        let frequencies = *variant(&self.plan.sit, number, self.line, "sit")?;
        let heard = self.exchange.special_information(frequencies, [SIT_TONE_S; 3], 0.02);
        self.row(self.now, self.now + heard.len(), Label::Sit, "");
        self.put(Party::Line, &heard);
        Ok(())
    }

    fn say(&mut self, name: &str, share: f64, key: Option<char>, over_music: bool) -> Result<(), SimulateError> {
        if self.line.menus.contains_key(name) {
            if let Some(unanswered) = self.node.replace(name.into()) {
                self.path.push(format!("{unanswered}:timeout"));
            }
        } else if name == "greeting" {
            self.path.push(name.into());
        }
        let prompt = self.cast.prompt(self.line, name)?;
        let prompt = Clip::new(prompt.samples).levelled(self.sound.prompt_level);
        let heard = ((prompt.samples.len() as f64 * share.clamp(0.0, 1.0)) as usize).max(1).min(prompt.samples.len());
        let detail = if over_music { format!("{name} over_music") } else { name.into() };
        let start = self.now;
        let mut between = start;
        for span in prompt.voiced(PROMPT_PAUSE_S).into_iter().filter(|span| span.start < heard) {
            if over_music {
                self.row(between, start + span.start, Label::Music, "");
            }
            between = start + span.end.min(heard);
            self.row(start + span.start, between, Label::Announcement, &detail);
        }
        if over_music {
            self.row(between, start + heard, Label::Music, "");
            let quieter = amplitude(f64::from(-self.sound.ducking_db)) as f32;
            let music: Vec<f32> = self.music(heard).into_iter().map(|x| x * quieter).collect();
            self.lay(Party::Line, start, &music);
        }
        self.put(Party::Line, &prompt.samples[..heard]);
        self.announcements += 1;
        self.busy_announcements += u32::from(name.starts_with("busy"));
        if let Some(key) = key {
            let reaction = samples(self.random.uniform(KEY_REACTION_S.0, KEY_REACTION_S.1)).min(heard);
            self.now -= reaction;
            self.key(key, 0.12)?;
            self.now = self.now.max(start + heard);
            self.choose(key);
        }
        Ok(())
    }

    /// The next so many samples of the hold music.
    fn music(&mut self, count: usize) -> Vec<f32> {
        let music = self.cast.music();
        let heard = (0..count).map(|i| music[(self.music_at + i) % music.len()]).collect();
        self.music_at = (self.music_at + count) % music.len();
        heard
    }

    fn key(&mut self, key: char, duration: Seconds) -> Result<(), SimulateError> {
        let level = self.random.uniform(-18.0, -9.0) as Decibels;
        let twist = self.random.uniform(-2.0, 3.0) as Decibels;
        let keypad = Keypad { level, twist, duration, ..Keypad::default() };
        let sound = keypad.press(key).ok_or_else(|| SimulateError::NoSuchKey { line: self.line.name.clone(), key })?;
        self.row(self.now, self.now + sound.len(), Label::Dtmf, &key.to_string());
        self.put(Party::Caller, &sound);
        self.keys.push(key);
        Ok(())
    }

    /// The menu that waits, if one does, goes where the key leads.
    fn choose(&mut self, key: char) {
        if let Some(node) = self.node.take() {
            match self.line.menus.get(&node).and_then(|keys| keys.get(&key.to_string())) {
                Some(target) => {
                    self.path.push(format!("{node}:{key}"));
                    if !self.line.menus.contains_key(target) {
                        self.path.push(target.clone());
                    }
                }
                None => self.path.push(format!("{node}:invalid")),
            }
        }
    }

    fn speak(&mut self, party: Party, speaker: &str) -> Result<(), SimulateError> {
        let (label, level) = match party {
            Party::Line => (Label::Human, self.sound.agent_level),
            Party::Caller => (Label::Caller, self.sound.caller_level),
        };
        let said = self.cast.utterance(speaker)?.levelled(level);
        for span in said.voiced(LIVE_PAUSE_S) {
            self.row(self.now + span.start, self.now + span.end, label, "");
        }
        self.put(party, &said.samples);
        Ok(())
    }

    fn talk(&mut self, duration: Seconds, agent: &str) -> Result<(), SimulateError> {
        let start = self.now;
        let pause = self.random.uniform(0.1, 0.9);
        self.wait(pause);
        loop {
            self.speak(Party::Line, agent)?;
            let pause = self.random.uniform(0.15, 1.2);
            self.wait(pause);
            if !self.line.caller.is_empty() {
                self.speak(Party::Caller, &self.line.caller)?;
                // some think before they answer
                let pause = if self.random.chance(0.2) { 2.0 } else { 0.9 } * self.random.uniform(0.2, 1.0);
                self.wait(pause);
            }
            if self.now >= start + samples(duration) {
                break;
            }
        }
        self.sounds.open.push((start, self.now));
        Ok(())
    }

    /// The end: what was played, and what is true of it.
    fn curtain(mut self, call: &CallScript) -> (Sounds, CallTruth) {
        let duration = seconds(self.now.max(self.sounds.line.len()));
        let human = self.rows.iter().find(|row| row.label == Label::Human).map(|row| row.start);
        let queue = self.queue.and_then(|first| {
            let rows = &self.rows[first..];
            // waiting is over with a person, the ringing before that person, or when the line's end sends the caller away: by
            // hanging up, or with the message before that
            let over = |row: &Row| matches!(row.label, Label::Human | Label::Ringback | Label::Busy);
            let end = rows.iter().position(over).map(|i| {
                let music = rows[..i].iter().rposition(|row| row.label != Label::Announcement);
                let sent_away = rows[i].label == Label::Busy && music.is_some_and(|m| rows[m].label == Label::Music);
                if sent_away { rows[music.map_or(i, |m| m + 1)].start } else { rows[i].start }
            });
            let end = end.unwrap_or(duration);
            rows.first().map(|row| (end - row.start).max(0.0))
        });
        let answered_by = self.picked_up.map(|moment| {
            let first = self.rows.iter().find(|row| row.start >= moment);
            if first.is_some_and(|row| row.label == Label::Human) { AnsweredBy::Human } else { AnsweredBy::Machine }
        });
        if let (Some("greeting"), 1, Some(_)) = (self.path.last().map(String::as_str), self.path.len(), queue) {
            self.path.push("queue".into());
        }
        self.rows.sort_by(|a, b| a.start.total_cmp(&b.start));
        // who never got into the queue walked no path that could be scored
        let path = if queue.is_some() || human.is_some() { self.path.join(" > ") } else { String::new() };
        let truth = CallTruth {
            duration,
            outcome: call.outcome,
            rings: self.rings,
            picked_up: self.picked_up,
            answered_by,
            keys: self.keys,
            path,
            queue,
            announcements: self.announcements,
            busy_announcements: self.busy_announcements,
            human,
            rows: self.rows,
        };
        (self.sounds, truth)
    }
}

/// The tone of that number, or why there is none.
fn variant<'a, T>(tones: &'a [T], number: usize, line: &LineScript, tone: &str) -> Result<&'a T, SimulateError> {
    tones.get(number).ok_or_else(|| SimulateError::NoSuchTone {
        line: line.name.clone(),
        country: line.country.clone(),
        tone: tone.into(),
        number,
        known: tones.len(),
    })
}

/// Whether the script's outcome is what its steps amount to.
fn agree(line: &LineScript, call: &CallScript, truth: &CallTruth) -> Result<(), SimulateError> {
    let heard = |label: Label| truth.rows.iter().any(|row| row.label == label);
    let answered = truth.picked_up.is_some();
    let fits = match call.outcome {
        Outcome::Human => truth.human.is_some(),
        Outcome::Voicemail => answered && truth.human.is_none() && heard(Label::Beep),
        Outcome::Closed | Outcome::Abandoned => answered && truth.human.is_none(),
        Outcome::NoAnswer => !answered && truth.rings > 0,
        Outcome::Busy => !answered && heard(Label::Busy),
        Outcome::Congestion => !answered && heard(Label::Congestion),
        Outcome::Unobtainable => !answered && heard(Label::Sit),
        Outcome::NotMeasurable => true,
    };
    let (line, scenario, outcome) = (line.name.clone(), call.scenario.clone(), call.outcome.name());
    if fits { Ok(()) } else { Err(SimulateError::WrongOutcome { line, scenario, outcome }) }
}

/// Up to where there is sound: the pause after a last burst is silence.
fn sounding(heard: &[f32]) -> usize {
    heard.iter().rposition(|x| *x != 0.0).map_or(0, |last| last + 1)
}

fn fade(sound: &mut [f32], length: usize) {
    let length = length.min(sound.len() / 2);
    let last = sound.len().saturating_sub(1);
    for i in 0..length {
        let share = i as f32 / length as f32;
        sound[i] *= share;
        sound[last - i] *= share;
    }
}

/// The tones that a plan calls busy, for a line that hangs up.
pub(super) fn has(plan: &TonePlan, signal: Signal) -> bool {
    let tones: &[Tone] = match signal {
        Signal::Busy => &plan.busy,
        Signal::Congestion => &plan.congestion,
        Signal::Dial => &plan.dial,
        Signal::Unobtainable => &plan.unobtainable,
    };
    !tones.is_empty()
}
