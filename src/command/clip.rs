//! `bezet clip`: cuts a stretch of a recording to a WAV, to be played in a meeting.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::{
    audit::places,
    refused::{Misuse, NoValue, Refused, unreadable},
};
use crate::{
    analysis::{self, LineSettings},
    audio,
    audit::{Audit, AuditedCall, kept},
    interval::Interval,
    label::Label,
    language::Language,
    units::{SAMPLE_RATE, Seconds},
};

/// Cuts a stretch of a recording to a WAV, to play in a meeting
///
/// SOURCE is the folder of an audit, or a recording. What is cut is a message by its name or letter (--group), a sound by its label
/// (--segment) or a stretch by its seconds (--from, --to); of several the longest, with --every each of them. Clips are heard as bezet
/// hears: at 8 kHz, all channels of the recording kept.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of an audit, or a recording
    source: PathBuf,

    /// Of an audit: only calls whose file name ends like this
    #[arg(long, value_name = "FILE")]
    call: Option<String>,

    /// The message of that name or letter
    #[arg(long, value_name = "NAME", conflicts_with_all = ["segment", "from"])]
    group: Option<String>,

    /// The sound of that label (music, announcement, human ...), or only the Nth of each call: music:2
    #[arg(long, value_name = "LABEL[:N]", conflicts_with = "from", value_parser = wanted_segment)]
    segment: Option<(Label, Option<usize>)>,

    /// From this second of the recording
    #[arg(long, value_name = "S", requires = "to", value_parser = moment)]
    from: Option<Seconds>,

    /// Up to this second
    #[arg(long, value_name = "S", requires = "from", value_parser = moment)]
    to: Option<Seconds>,

    /// Cut each of them, not only the longest
    #[arg(long)]
    every: bool,

    /// Fade in and out over so many seconds
    #[arg(long, value_name = "S", default_value_t = 0.0, value_parser = moment)]
    fade: Seconds,

    /// The clip (a name that ends in .wav), or the folder for clips that are named after what they hold [default: this folder]
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,

    /// Replace clips of the same name
    #[arg(long)]
    force: bool,

    /// Where the recordings of the audit are now, if they were moved since
    #[arg(long, value_name = "DIR")]
    recordings: Vec<PathBuf>,

    /// The language of what is said
    #[arg(long, default_value_t)]
    pub(super) lang: Language,
}

/// One stretch to be cut.
#[derive(Clone, Debug, PartialEq)]
struct Cut {
    /// The recording, as the audit names it.
    file: String,
    interval: Interval,
    /// What it is: a group's name or a label.
    what: String,
}

/// Runs the command; the clips that were made are named on `out`.
///
/// # Errors
/// Where nothing fits, the recording cannot be read, or a clip cannot be written.
pub fn run(args: &Args, out: &mut impl io::Write) -> anyhow::Result<()> {
    if args.group.is_none() && args.segment.is_none() && args.from.is_none() {
        return Err(Misuse::WhatToCut.into());
    }
    let whole = Source::open(args)?;
    let cuts = whole.cuts(args)?;
    let single = args.out.as_deref().filter(|out| has_ending(out, "wav"));
    if single.is_some() && cuts.len() > 1 {
        return Err(Misuse::OneFile(cuts.len()).into());
    }
    let folder = args.out.as_deref().filter(|_| single.is_none());
    if let Some(folder) = folder {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    for cut in &cuts {
        let to = single.map_or_else(|| folder.unwrap_or(Path::new("")).join(file_name(cut)), Path::to_owned);
        if to.exists() && !args.force {
            return Err(Refused::ClipExists(to).into());
        }
        let from = whole.place(cut)?;
        let sound = sound(&from, cut.interval).map_err(unreadable(&from))?;
        if sound.first().is_none_or(Vec::is_empty) {
            return Err(Refused::TooShort { file: cut.file.clone(), start: cut.interval.start() }.into());
        }
        write(&to, faded(sound, args.fade), args.force).with_context(|| to.display().to_string())?;
        let seconds = cut.interval.duration();
        writeln!(out, "{}: {} {:.1} s, {}", to.display(), cut.what, seconds, cut.file)?;
    }
    Ok(())
}

/// Where clips are cut from.
struct Source {
    audit: Audit,
    /// Where each recording is.
    places: BTreeMap<String, PathBuf>,
}

impl Source {
    fn open(args: &Args) -> anyhow::Result<Self> {
        if args.source.is_dir() {
            let audit = kept::recall(&args.source)?;
            return Ok(Self { audit, places: places(&args.source, &args.recordings)? });
        }
        let name = args.source.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let places = BTreeMap::from([(name.clone(), args.source.clone())]);
        let calls = if args.from.is_some() { vec![] } else { vec![heard(&args.source, name)?] };
        Ok(Self { audit: Audit { client: None, calls }, places })
    }

    /// What is to be cut, in the order of the calls.
    fn cuts(&self, args: &Args) -> anyhow::Result<Vec<Cut>> {
        let asked = |file: &&str| args.call.as_ref().is_none_or(|name| file.ends_with(name.as_str()));
        if let (Some(from), Some(to)) = (args.from, args.to) {
            if to <= from {
                return Err(Misuse::Backwards.into());
            }
            let files: Vec<&str> = self.places.keys().map(String::as_str).filter(asked).collect();
            let [file] = files[..] else {
                return Err(Misuse::Which(files.len()).into());
            };
            let what = "clip".to_owned();
            return Ok(vec![Cut { file: file.to_owned(), interval: Interval::new(from, to), what }]);
        }
        let calls = self.audit.calls.iter().filter(|call| asked(&call.file.as_str()));
        let found: Vec<Cut> = calls.flat_map(|call| fitting(call, args)).collect();
        if found.is_empty() {
            return Err(self.nothing(args).into());
        }
        // the first of the longest
        let longest = found.iter().map(|cut| cut.interval.duration()).fold(0.0, f64::max);
        Ok(match args.every {
            true => found,
            false => found.into_iter().find(|cut| cut.interval.duration() >= longest).into_iter().collect(),
        })
    }

    /// Says what there is instead.
    fn nothing(&self, args: &Args) -> Refused {
        let calls: Vec<_> = self.audit.calls.iter().filter_map(|call| call.finding.as_ref().ok()).collect();
        let mut there: Vec<String> = match args.group {
            Some(_) => calls.iter().flat_map(|call| &call.plays).map(|play| play.group.name.clone()).collect(),
            None => calls
                .iter()
                .flat_map(|call| &call.timelines)
                .flat_map(|t| t.segments().iter().chain(t.events()))
                .map(|s| s.label.name().to_owned())
                .collect(),
        };
        there.sort();
        there.dedup();
        Refused::NothingToCut(there)
    }

    fn place(&self, cut: &Cut) -> Result<PathBuf, Refused> {
        let place = self.places.get(&cut.file).filter(|path| path.is_file());
        place.cloned().ok_or_else(|| Refused::Lost(cut.file.clone()))
    }
}

/// A single recording, audited on its own.
fn heard(path: &Path, file: String) -> anyhow::Result<AuditedCall> {
    let heard = analysis::listen(path).map_err(unreadable(path))?;
    let call = analysis::judge(&[heard], &[None], &LineSettings::default()).pop();
    let finding = Ok(call.context("a recording gives a call")?);
    let (line, notes) = (String::new(), vec![]);
    Ok(AuditedCall { file, content: None, line, recorded_at: None, contact_reason: None, notes, finding })
}

/// The stretches of a call that are asked for.
fn fitting(call: &AuditedCall, args: &Args) -> Vec<Cut> {
    let Ok(finding) = &call.finding else { return vec![] };
    let cut = |interval, what: &str| Cut { file: call.file.clone(), interval, what: what.to_owned() };
    if let Some(name) = &args.group {
        let plays = finding.plays.iter().filter(|play| play.group.name.eq_ignore_ascii_case(name));
        return plays.map(|play| cut(play.interval, &play.group.name)).collect();
    }
    let Some((label, nth)) = args.segment else { return vec![] };
    let all = finding.timelines.iter().flat_map(|timeline| timeline.segments().iter().chain(timeline.events()));
    let mut alike: Vec<Interval> = all.filter(|s| s.label == label).map(|s| s.interval).collect();
    alike.sort_by(|a, b| a.start().total_cmp(&b.start()));
    let chosen = alike.into_iter().enumerate().filter(|(i, _)| nth.is_none_or(|nth| i + 1 == nth));
    chosen.map(|(_, interval)| cut(interval, label.name())).collect()
}

/// The name of a clip: what it is and where it comes from.
fn file_name(cut: &Cut) -> String {
    let tidy = |text: &str| -> String {
        text.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' }).collect()
    };
    let call = cut.file.rsplit_once('.').map_or(cut.file.as_str(), |(stem, _)| stem);
    format!("{}_{}_{:.1}s-{:.1}s.wav", tidy(&cut.what), tidy(call), cut.interval.start(), cut.interval.end())
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending))
}

/// The samples of each channel inside `interval`, as far as the recording goes.
fn sound(path: &Path, interval: Interval) -> Result<Vec<Vec<f32>>, audio::ReadError> {
    let sample = |moment: Seconds| (moment * Seconds::from(SAMPLE_RATE)).round() as usize;
    let (first, end) = (sample(interval.start()), sample(interval.end()));
    let mut stream = audio::open(path)?;
    let (mut at, mut cut) = (0usize, Vec::<Vec<f32>>::new());
    while at < end
        && let Some(block) = stream.next_block()?
    {
        cut.resize_with(block.len(), Vec::new);
        let length = block.first().map_or(0, Vec::len);
        let inside = |moment: usize| moment.clamp(at, at + length) - at;
        for (channel, samples) in cut.iter_mut().zip(&block) {
            channel.extend_from_slice(&samples[inside(first).min(samples.len())..inside(end).min(samples.len())]);
        }
        at += length;
    }
    Ok(cut)
}

/// Rises over `fade` seconds at its beginning and falls at its end; over half of it at most.
fn faded(mut channels: Vec<Vec<f32>>, fade: Seconds) -> Vec<Vec<f32>> {
    for samples in &mut channels {
        let n = ((fade * Seconds::from(SAMPLE_RATE)) as usize).min(samples.len() / 2);
        let end = samples.len();
        for i in 0..n {
            let gain = (i as f32 + 0.5) / n as f32;
            samples[i] *= gain;
            samples[end - 1 - i] *= gain;
        }
    }
    channels
}

/// Writes a WAV of 16 bits; it appears whole or not at all, and takes the place of another only where that was wished.
fn write(to: &Path, channels: Vec<Vec<f32>>, force: bool) -> anyhow::Result<()> {
    let spec = hound::WavSpec {
        channels: channels.len() as u16,
        sample_rate: SAMPLE_RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".unfinished-").tempfile_in(folder)?;
    let mut wav = hound::WavWriter::new(io::BufWriter::new(file.as_file_mut()), spec)?;
    for i in 0..channels.first().map_or(0, Vec::len) {
        for samples in &channels {
            let sample = (samples.get(i).copied().unwrap_or(0.0) * 32_768.0).round();
            wav.write_sample(sample.clamp(-32_768.0, 32_767.0) as i16)?;
        }
    }
    wav.finalize()?;
    match force {
        true => file.persist(to),
        false => file.persist_noclobber(to),
    }
    .map_err(|unmoved| unmoved.error)?;
    Ok(())
}

fn moment(text: &str) -> Result<Seconds, NoValue> {
    // as Dutch spreadsheets write it, too
    let seconds = text.replace(',', ".").parse().ok().filter(|s: &Seconds| s.is_finite() && *s >= 0.0);
    seconds.ok_or(NoValue::Seconds)
}

fn wanted_segment(text: &str) -> Result<(Label, Option<usize>), NoValue> {
    let (name, nth) = text.split_once(':').map_or((text, None), |(name, nth)| (name, Some(nth)));
    let known = || Label::ALL.map(Label::name).join(", ");
    let label = Label::from_name(name).ok_or_else(|| NoValue::Label(known()))?;
    let nth = nth.map(|n| n.parse().ok().filter(|&n| n > 0).ok_or(NoValue::Number)).transpose()?;
    Ok((label, nth))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clip_is_named_after_what_it_holds_and_where_it_comes_from() {
        let cut =
            Cut { file: "lijn 1/gesprek:2.wav".into(), interval: Interval::new(34.24, 38.06), what: "busy".into() };
        assert_eq!(file_name(&cut), "busy_lijn-1-gesprek-2_34.2s-38.1s.wav");
    }

    #[test]
    fn a_fade_starts_and_ends_in_silence_and_leaves_the_middle_alone() {
        let clip = faded(vec![vec![1.0; 8_000]], 0.1);
        assert!(clip[0][0] < 0.01 && clip[0][7_999] < 0.01 && clip[0][799] > 0.99 && clip[0][4_000] == 1.0);
        assert_eq!(faded(vec![vec![1.0; 3]], 9.0)[0][1], 1.0);
    }

    #[test]
    fn segments_are_asked_for_by_label_and_number() {
        assert_eq!(wanted_segment("music:2"), Ok((Label::Music, Some(2))));
        assert_eq!(wanted_segment("human"), Ok((Label::Human, None)));
        assert!(wanted_segment("muziek").is_err() && wanted_segment("music:0").is_err());
    }

    #[test]
    fn seconds_may_have_a_decimal_comma() {
        assert_eq!(moment("34,5"), Ok(34.5));
        assert!(moment("-1").is_err() && moment("inf").is_err());
    }
}
