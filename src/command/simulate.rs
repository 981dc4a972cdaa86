//! `bezet simulate`: composes calls whose truth is known.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use super::refused::NoValue;
use crate::{
    language::Language,
    simulate::{Codec, Ingredients, Wishes, choose, read_script, simulate},
};

/// Composes calls whose truth is known, from recordings of your own
///
/// INGREDIENTS is a folder of recordings: prompts/VOICE/ (recorded prompts), people/SPEAKER/ (live speech), music/ and noise/.
/// Any of them may be missing; without music the program plays tunes of its own.
///
/// OUT receives the recordings (calls/LINE/*), the prompts and menu of each line (lines/LINE/), the truth (calls.csv, segments.csv),
/// a project file (bezet.toml) for `bezet audit`, and the script (script.toml), which can be edited and played again with --script.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of prompts/, people/, music/ and noise/
    pub ingredients: PathBuf,
    /// Folder for the calls and their truth; a new or an empty one
    pub out: PathBuf,
    /// Play this script (TOML) instead of making calls up
    #[arg(long, value_name = "FILE", conflicts_with_all = ["lines", "calls", "country", "stereo_share", "codecs"])]
    pub script: Option<PathBuf>,
    /// The same seed gives the same calls
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many lines (telephone numbers) to make up
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    pub lines: u16,
    /// How many calls to each line
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    pub calls: u16,
    /// Whose tones the lines use, taken in turn (nl,be,gb); all known countries if left out
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub country: Vec<String>,
    /// The share of lines that record caller and line on two channels, 0 to 1
    #[arg(long, default_value_t = 0.3, value_name = "SHARE", value_parser = share)]
    pub stereo_share: f64,
    /// What the calls may go through; all but none, alaw and mulaw need the program ffmpeg
    #[arg(long, value_delimiter = ',', value_parser = codec, default_value = "none,alaw,mulaw,gsm,g726,opus,speex,mp3")]
    pub codecs: Vec<Codec>,
    /// The language of what is said
    #[arg(long, default_value_t)]
    pub lang: Language,
}

/// Runs the command.
///
/// # Errors
/// Where there is nothing to compose from, the script cannot be played, or the calls cannot be written.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let ingredients = Ingredients::find(&args.ingredients)?;
    let script = match &args.script {
        Some(file) => read_script(file)?,
        None => choose(
            &ingredients,
            &Wishes {
                seed: args.seed,
                lines: args.lines.into(),
                calls: args.calls.into(),
                countries: args.country.clone(),
                stereo_share: args.stereo_share,
                codecs: args.codecs.clone(),
            },
        )?,
    };
    simulate(&script, &ingredients, args.seed, &args.out, |line| {
        let sound = &line.sound;
        let sides = if sound.caller_channel.is_some() { "stereo" } else { "mono" };
        let (codec, container) = (sound.codec.name(), sound.container.name());
        let (name, count, country) = (&line.name, line.calls.len(), &line.country);
        let said = args.lang.of((
            format!("{name}: {count} gesprekken, {country}, {codec} als {container}, {sides}"),
            format!("{name}: {count} calls, {country}, {codec} as {container}, {sides}"),
        ));
        // whoever stopped listening is not told
        let _ = writeln!(io::stderr(), "{said}");
    })?;
    Ok(())
}

fn codec(name: &str) -> Result<Codec, NoValue> {
    let known = || Codec::ALL.map(Codec::name).join(", ");
    Codec::ALL.into_iter().find(|codec| codec.name() == name).ok_or_else(|| NoValue::Codec(known()))
}

fn share(text: &str) -> Result<f64, NoValue> {
    text.replace(',', ".").parse().ok().filter(|x| (0.0..=1.0).contains(x)).ok_or(NoValue::Share)
}
