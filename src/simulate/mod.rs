//! Composes calls whose truth is known, for tests, for workshops, and to compare programs by.
//!
//! ```text
//! ingredients (prompts, people, music, noise) ┐
//! script (written, or chosen by a seed) ──────┴► perform ──► network ──► recorder ──► calls/LINE/*.wav
//!                                                       └──► truth ──► calls.csv, segments.csv
//! ```
//!
//! The same script, ingredients and seed give the same bytes. (The codecs that ffmpeg makes, only with the same ffmpeg.)
//! Composed calls prove a mechanism; how common what is in the field, they cannot tell.

mod cast;
mod choose;
mod clip;
mod ingredients;
mod network;
mod perform;
mod recorder;
mod script;
mod truth;

use std::{
    fs,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

pub use choose::{Wishes, choose};
pub use clip::Clip;
pub use ingredients::Ingredients;
pub use script::{CallScript, Codec, Container, LineScript, Script, Side, Signal, Sound, Step};
pub use truth::{CallTruth, Row};

use crate::{audio::ReadError, synth::random::Random, units::Seconds};

/// Why calls could not be composed: what is wrong, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// There is no such folder.
    #[error("{folder}: no such folder; name one that holds recordings in prompts/VOICE/, people/SPEAKER/, music/ or noise/", folder = folder.display())]
    NoFolder {
        /// As it was given.
        folder: PathBuf,
    },
    /// A folder without anything to compose from.
    #[error("{folder}: holds no ingredients; expected recordings (wav, flac, mp3, ogg, opus, m4a) in prompts/VOICE/, people/SPEAKER/, music/ or noise/", folder = folder.display())]
    NoIngredients {
        /// As it was given.
        folder: PathBuf,
    },
    /// A recording that cannot be read.
    #[error("{file}: {why}", file = file.display())]
    Read {
        /// Which.
        file: PathBuf,
        /// What is wrong with it.
        why: ReadError,
    },
    /// A file that cannot be written.
    #[error("{file}: cannot be written: {why}", file = file.display())]
    Write {
        /// Which.
        file: PathBuf,
        /// Why.
        why: String,
    },
    /// A folder that must not be written into.
    #[error("{folder}: is not empty; name a new folder, or empty this one first", folder = folder.display())]
    NotEmpty {
        /// As it was given.
        folder: PathBuf,
    },
    /// A script that is not understood.
    #[error("{file}: {source}", file = file.display())]
    Script {
        /// Which.
        file: PathBuf,
        /// Where in it, and why.
        source: Box<toml::de::Error>,
    },
    /// What a call says of its sound is not understood.
    #[error("line {line:?}: a call's sound: {source}")]
    CallSound {
        /// On which line.
        line: String,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// A name that cannot be a folder's or a file's.
    #[error("{name:?} is no name for a line or a call: use letters, digits, '-', '_' and '.'")]
    BadName {
        /// As it was given.
        name: String,
    },
    /// Two things of one name.
    #[error("{name:?} is there twice: lines, and the calls of a line, need names of their own")]
    TwoOfAName {
        /// Whose.
        name: String,
    },
    /// A recording that a script names is missing.
    #[error("{folder}/{name}: no such recording; there is: {known}")]
    NoSuchIngredient {
        /// Where it was looked for.
        folder: String,
        /// What was looked for.
        name: String,
        /// Some of what there is.
        known: String,
    },
    /// A tune that is not known.
    #[error(
        "{tune:?} is no tune; write for example \"tune:4:bell\", \"tune:piece:organ\" or \"tune:chance-7:plucked\""
    )]
    NoSuchTune {
        /// As it was written.
        tune: String,
    },
    /// A recording without sound.
    #[error("{speaker}: only silence in its recordings")]
    SaysNothing {
        /// Whose.
        speaker: String,
    },
    /// A country without a tone plan.
    #[error("line {line:?}: no tone plan for {country:?}; use a two-letter country code such as nl, be, gb or us")]
    NoTonePlan {
        /// On which line.
        line: String,
        /// As it was written.
        country: String,
    },
    /// A tone that the country has not.
    #[error("line {line:?}: {country} has {known} {tone} tone(s), so there is no number {number}")]
    NoSuchTone {
        /// On which line.
        line: String,
        /// Whose tones.
        country: String,
        /// Which meaning.
        tone: String,
        /// The number asked for, from 0.
        number: usize,
        /// How many there are.
        known: usize,
    },
    /// A key that no telephone has.
    #[error("line {line:?}: {key:?} is no key; a telephone has 0 to 9, *, #, and A to D")]
    NoSuchKey {
        /// On which line.
        line: String,
        /// As it was written.
        key: char,
    },
    /// A number that nothing can be composed from.
    #[error("line {line:?}: {what} = {value}: write a number from {least} to {most}")]
    NoSuchNumber {
        /// On which line, or in which of its calls.
        line: String,
        /// What it is for.
        what: &'static str,
        /// As it was written.
        value: f64,
        /// The smallest there is.
        least: f64,
        /// The largest.
        most: f64,
    },
    /// A call whose steps do not lead to its outcome.
    #[error("line {line:?}: the steps of a call ({scenario}) do not lead to the outcome {outcome:?} that it claims")]
    WrongOutcome {
        /// On which line.
        line: String,
        /// The call's scenario.
        scenario: String,
        /// What it claims.
        outcome: &'static str,
    },
    /// A codec that needs ffmpeg, which is not there.
    #[error(
        "the codec {codec} needs the program ffmpeg, which is not installed; install it, or use --codecs none,alaw,mulaw"
    )]
    NoFfmpeg {
        /// Which.
        codec: &'static str,
    },
    /// ffmpeg failed.
    #[error("ffmpeg cannot make {codec}: {said}")]
    Ffmpeg {
        /// Which codec.
        codec: &'static str,
        /// What it said.
        said: String,
    },
}

/// Reads a script.
///
/// # Errors
/// Where the file cannot be read, is no TOML, or has something that a script has not.
pub fn read_script(file: &Path) -> Result<Script, SimulateError> {
    let text = fs::read_to_string(file).map_err(|e| SimulateError::Read { file: file.into(), why: e.into() })?;
    toml::from_str(&text).map_err(|e| SimulateError::Script { file: file.into(), source: Box::new(e) })
}

/// Plays `script` and leaves the calls and their truth in `out`: a new or an empty folder, which appears whole or not at
/// all. `done` is called after each line.
///
/// # Errors
/// Where the script asks for what is not there, a file cannot be read or written, or a codec cannot be made.
pub fn simulate(
    script: &Script,
    ingredients: &Ingredients,
    seed: u64,
    out: &Path,
    done: impl Fn(&LineScript) + Sync,
) -> Result<(), SimulateError> {
    check_names(script)?;
    check_numbers(script)?;
    let failed = |e: std::io::Error| SimulateError::Write { file: out.into(), why: e.to_string() };
    if out.is_file() {
        return Err(failed(std::io::ErrorKind::NotADirectory.into()));
    }
    if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(SimulateError::NotEmpty { folder: out.into() });
    }
    let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed)?;
    let making = tempfile::Builder::new().prefix(".bezet-simulate-").tempdir_in(parent).map_err(failed)?;
    let folder = making.path().join("calls");
    fs::create_dir(&folder).map_err(failed)?;

    let played: Vec<Vec<Played>> = script
        .lines
        .par_iter()
        .map(|line| {
            let played = play_line(line, ingredients, seed, &folder)?;
            done(line);
            Ok(played)
        })
        .collect::<Result<_, SimulateError>>()?;

    let told: Vec<truth::Told> =
        script.lines.iter().zip(&played).flat_map(|(line, played)| tell(line, played)).collect();
    truth::write(&folder, &told)?;
    write_text(&folder.join("bezet.toml"), &project(script))?;
    write_text(&folder.join("script.toml"), &toml::to_string(script).expect("a script is plain data"))?;
    if out.exists() {
        fs::remove_dir(out).map_err(failed)?;
    }
    fs::rename(&folder, out).map_err(failed)
}

/// A call that was played and recorded.
struct Played {
    file: String,
    sound: Sound,
    truth: CallTruth,
}

fn tell<'a>(line: &'a LineScript, played: &'a [Played]) -> impl Iterator<Item = truth::Told<'a>> {
    line.calls.iter().zip(played).map(move |(call, played)| truth::Told {
        file: played.file.clone(),
        line,
        call,
        sound: &played.sound,
        truth: &played.truth,
    })
}

fn play_line(
    line: &LineScript,
    ingredients: &Ingredients,
    seed: u64,
    out: &Path,
) -> Result<Vec<Played>, SimulateError> {
    let failed = |file: &Path| {
        let file = file.to_path_buf();
        move |e: std::io::Error| SimulateError::Write { file, why: e.to_string() }
    };
    let calls = out.join("calls").join(&line.name);
    fs::create_dir_all(&calls).map_err(failed(&calls))?;
    let mut cast = cast::Cast::new(ingredients, line, Random::named(seed, &format!("{} cast", line.name)))?;
    let room = if line.room.is_empty() { None } else { Some(ingredients.noise(&line.room)?) };
    let mut played = vec![];
    for (call, name) in line.calls.iter().zip(call_names(line)) {
        let sound = line.sound_of(call);
        let sound = sound.map_err(|e| SimulateError::CallSound { line: line.name.clone(), source: Box::new(e) })?;
        let mut random = Random::named(seed, &format!("{} {name}", line.name));
        let (sounds, truth) = perform::perform(line, call, &sound, &mut cast, &mut random)?;
        // a room is so much quieter than the voice in it
        let room = room.clone().map(|room| room.levelled(sound.agent_level - random.uniform(16.0, 30.0) as f32));
        let channels = network::carry(sounds, &sound, room.as_ref(), truth.picked_up, &mut random);
        let file = format!("{}/{name}.{}", line.name, sound.container.ending());
        let scratch = tempfile::tempdir_in(out).map_err(failed(out))?;
        recorder::record(&channels, sound.codec, sound.container, &out.join("calls").join(&file), scratch.path())?;
        played.push(Played { file, sound, truth });
    }
    let folder = out.join("lines").join(&line.name).join("prompts");
    fs::create_dir_all(&folder).map_err(failed(&folder))?;
    for (name, prompt) in cast.prompts() {
        let file = folder.join(format!("{name}.wav"));
        let scratch = tempfile::tempdir_in(out).map_err(failed(out))?;
        recorder::record(std::slice::from_ref(&prompt.samples), Codec::None, Container::Pcm, &file, scratch.path())?;
    }
    write_text(&out.join("lines").join(&line.name).join("menu.toml"), &menu(line))?;
    Ok(played)
}

fn write_text(file: &Path, text: &str) -> Result<(), SimulateError> {
    fs::write(file, text).map_err(|e| SimulateError::Write { file: file.into(), why: e.to_string() })
}

/// The names of a line's recordings, without their endings.
fn call_names(line: &LineScript) -> impl Iterator<Item = String> {
    let name = |(i, call): (usize, &CallScript)| match call.file.as_str() {
        "" => format!("call-{:03}", i + 1),
        name => name.into(),
    };
    line.calls.iter().enumerate().map(name)
}

/// Names become folders and files, so nothing in them may lead elsewhere.
fn check_names(script: &Script) -> Result<(), SimulateError> {
    let fine = |name: &str| {
        !name.starts_with('.')
            && !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let check = |names: Vec<String>| {
        let mut seen = std::collections::BTreeSet::new();
        for name in names {
            if !fine(&name) {
                return Err(SimulateError::BadName { name });
            }
            if let Some(name) = seen.replace(name) {
                return Err(SimulateError::TwoOfAName { name });
            }
        }
        Ok(())
    };
    check(script.lines.iter().map(|line| line.name.clone()).collect())?;
    for line in &script.lines {
        check(call_names(line).collect())?;
        check(line.menus.keys().cloned().collect())?;
    }
    Ok(())
}

/// The longest that a step, or the steps of a call together, may last: nobody waits for longer, and a call is composed in memory.
const MAX_CALL_S: Seconds = 7_200.0;

fn check_numbers(script: &Script) -> Result<(), SimulateError> {
    for line in &script.lines {
        let check = |line: &str, of: Vec<(&'static str, f64, f64, f64)>| {
            let wrong = of.into_iter().find(|(_, value, least, most)| !(*least..=*most).contains(value));
            wrong.map_or(Ok(()), |(what, value, least, most)| {
                Err(SimulateError::NoSuchNumber { line: line.into(), what, value, least, most })
            })
        };
        check(&line.name, line.sound.numbers())?;
        for (call, name) in line.calls.iter().zip(call_names(line)) {
            let name = format!("{}/{name}", line.name);
            let sound = line.sound_of(call);
            let sound = sound.map_err(|e| SimulateError::CallSound { line: line.name.clone(), source: Box::new(e) })?;
            check(&name, sound.numbers())?;
            for step in &call.steps {
                check(&name, step.numbers())?;
            }
            let lasts = call.steps.iter().map(Step::seconds).sum();
            check(&name, vec![("seconds", lasts, 0.0, MAX_CALL_S)])?;
        }
    }
    Ok(())
}

/// The project file of an audit of these calls.
fn project(script: &Script) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let mut out = format!("client = {}\n", quoted(&script.client));
    for line in &script.lines {
        let name = &line.name;
        out += &format!(
            "\n[[line]]\nname = {0}\nrecordings = [\"calls/{name}\"]\nmenu = \"lines/{name}/menu.toml\"\nprompts = \"lines/{name}/prompts\"\n",
            quoted(name)
        );
    }
    out
}

/// The line's menu as its owner would write it down.
fn menu(line: &LineScript) -> String {
    let first = if line.menus.contains_key("menu") { "menu" } else { "queue" };
    let mut out = format!(
        "format = \"bezet-menu/1\"\nname = \"{}\"\naudio_dir = \"prompts\"\n\n[[entry]]\nstart = \"greeting\"\n\n\
         [node.greeting]\ntype = \"prompt\"\naudio = \"greeting.wav\"\nnext = \"{first}\"\n",
        line.name
    );
    let mut queues = std::collections::BTreeSet::new();
    for (node, keys) in &line.menus {
        out += &format!("\n[node.{node}]\ntype = \"menu\"\naudio = \"{node}.wav\"\noptions = [\n");
        for (key, target) in keys {
            out += &format!("  {{ key = \"{key}\", next = \"{target}\" }},\n");
            if !line.menus.contains_key(target) {
                queues.insert(target.as_str());
            }
        }
        out += &format!("]\ninvalid = {{ attempts = 2, audio = \"invalid.wav\", then = \"{node}\" }}\n");
    }
    if queues.is_empty() {
        queues.insert("queue");
    }
    for queue in queues {
        out += &format!("\n[node.{queue}]\ntype = \"queue\"\ntarget = \"{queue}\"\naudio = \"busy.wav\"\n");
    }
    out
}
