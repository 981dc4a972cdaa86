//! What the verdict on who speaks rests on, for calls whose truth is known: `training/person.py` fits its weights to this.
//!
//! `cargo run --release --example person_signs -- SET...` hears each set of composed calls (`calls/LINE/*.wav`,
//! `lines/LINE/prompts/*.wav`, as `bezet simulate` makes them) once, and judges it in three ways: with the line's prompts,
//! without, and each call as a line of its own. One line of JSON a call and way, with the passages and their signs.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bezet::{
    analysis::{Heard, LineSettings, listen, weigh},
    heard::ChannelHeard,
    repeats::Known,
    timeline::person::{Weighing, signs},
};
use rayon::prelude::*;
use serde_json::json;

fn main() -> io::Result<()> {
    println!("{}", json!({ "signs": signs::NAMES.to_vec() }));
    for set in std::env::args_os().skip(1).map(PathBuf::from) {
        for line in sorted(&set.join("calls"))? {
            judge(&set, &line)?;
        }
    }
    Ok(())
}

fn judge(set: &Path, line: &Path) -> io::Result<()> {
    let name = line.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let files = sorted(line)?;
    let heard: Vec<(String, Heard)> = files.par_iter().filter_map(|f| Some((stem(f), listen(f).ok()?))).collect();
    let (names, calls): (Vec<String>, Vec<Heard>) = heard.into_iter().unzip();
    let prompts = sorted(&set.join("lines").join(&name).join("prompts")).unwrap_or_default();
    let known: Vec<Known> = prompts
        .iter()
        .filter_map(|f| {
            Some(Known::prompt(&stem(f), listen(f).ok()?.channels.first().unwrap_or(&ChannelHeard::default())))
        })
        .collect();
    let with_prompts = LineSettings { known, ..LineSettings::default() };
    let without = LineSettings::default();
    let say = |way: &str, call: usize, weighed: &[Weighing]| {
        println!(
            "{}",
            json!({ "set": set, "way": way, "file": format!("{name}/{}", names[call]), "passages": weighed })
        );
    };
    weigh(&calls, &with_prompts).iter().enumerate().for_each(|(i, w)| say("prompts", i, w));
    weigh(&calls, &without).iter().enumerate().for_each(|(i, w)| say("line", i, w));
    for i in 0..calls.len() {
        weigh(&calls[i..=i], &without).iter().for_each(|w| say("single", i, w));
    }
    Ok(())
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect::<io::Result<_>>()?;
    files.sort();
    Ok(files)
}
