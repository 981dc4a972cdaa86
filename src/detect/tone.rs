//! Bursts of steady tone.
//!
//! # What it hears
//! One piece of evidence a burst: one frequency or several together between 330 and 2,000 Hz, held still. Whether it is
//! ringing, busy, part of a special information tone or a beep is decided later, from its rhythm and its line's country.
//! # Standard
//! ITU-T E.180/Q.35 (03/98): call-progress tones of 400 to 450 Hz (and national others), cadences from 0.1 s up.
//! # How it works
//! A frame is tonal when its one or two strongest peaks hold most of the band's power. Tonal frames whose power-weighted
//! mean frequency stays put make a burst; its edges are where the level crosses half the burst's power, which for a
//! rectangular 10 ms mean is the true edge. A burst must be flat in level over 50 ms means (beats of a double tone average
//! out) and still in frequency: voices and most notes are neither.
//! # Limits
//! A held flute or organ note is a burst too; only rhythm tells it from ringing.

use super::{Detector, Evidence, Measurement, Sound};
use crate::{
    frames::{Frames, frame_to_time, time_to_frame},
    interval::Interval,
    units::{Decibels, FLOOR_DBFS, Hertz, Seconds, decibels, power},
};

/// The band's share that one or two peaks hold in a tonal frame: 3 dB of signal over noise.
const MIN_PAIR_SHARE: f32 = 0.62;
/// How far a burst's mean frequency may stray from frame to frame: the two lines of a 50 Hz pair take turns, and noise
/// 10 dB below pulls at them.
const MAX_STRAY_HZ: Hertz = 75.0;
/// How far beyond its tonal frames a burst may reach: half a window, in which another sound outweighs it.
const MAX_REACH_FRAMES: usize = 2;
/// Gaps up to this inside a burst are lost packets (one or two of 20 ms), not its end.
const MAX_DROPOUT_FRAMES: usize = 5;
/// A tone that is down by so much, in a trough of its modulation or for a lost packet, lets noise be heard in its place.
const TROUGH_DB: Decibels = 8.0;
/// From there it is as far to where the tone is up: half a period of the slowest modulation in use, 16 Hz (Japan).
const TROUGH_FRAMES: usize = 4;
/// Shorter bursts are not told from notes and syllables; the shortest cadence element in use is 0.1 s.
const MIN_BURST_S: Seconds = 0.07;
/// Quieter tones are not heard: Q.24 asks receivers to reject below -55 dBm.
const MIN_LEVEL_DBFS: Decibels = -62.0;
/// What its level is averaged over: 50 ms.
const MEAN_FRAMES: usize = 5;
/// The standard deviation of a burst's level over 50 ms means, beyond which it is no machine's tone.
const MAX_LEVEL_SPREAD_DB: Decibels = 2.2;

/// Hears steady tones.
pub struct Tone;

impl Detector for Tone {
    fn id(&self) -> &'static str {
        "tone"
    }

    fn about(&self) -> &'static str {
        "bursts of steady tone (ITU-T E.180)"
    }

    fn detect(&self, frames: &Frames) -> Vec<Evidence> {
        runs(frames).into_iter().filter_map(|run| burst(frames, run)).collect()
    }
}

/// Frames `[first, end)` in which a tone may sound.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: usize,
    end: usize,
}

/// The power-weighted mean frequency of a frame's two peaks, if they make a tone.
fn tonal(frames: &Frames, frame: usize) -> Option<Hertz> {
    let p = frames.peaks[frame];
    let heard = p.pair_share >= MIN_PAIR_SHARE && frames.level_dbfs[frame] >= MIN_LEVEL_DBFS && p.hz >= 320.0;
    let second = p.pair_share - p.share;
    heard.then(|| (p.hz * p.share + p.second_hz * second) / p.pair_share)
}

/// Measure: stretches in which the mean frequency stays put.
fn runs(frames: &Frames) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut open: Option<(Run, Hertz)> = None;
    for frame in 0..frames.len() {
        let Some(hz) = tonal(frames, frame) else { continue };
        match &mut open {
            Some((run, mean)) if frame - run.end <= MAX_DROPOUT_FRAMES && (hz - *mean).abs() <= MAX_STRAY_HZ => {
                run.end = frame + 1;
                *mean += (hz - *mean) * 0.1;
            }
            _ => {
                runs.extend(open.take().map(|(run, _)| run));
                open = Some((Run { first: frame, end: frame + 1 }, hz));
            }
        }
    }
    runs.extend(open.map(|(run, _)| run));
    runs
}

/// Decide: whether a run is a machine's burst, and where it begins and ends.
fn burst(frames: &Frames, run: Run) -> Option<Evidence> {
    if frame_to_time(run.end - run.first) < MIN_BURST_S {
        return None;
    }
    let plateau = median(frames.level_dbfs[run.first..run.end].to_vec());
    let interval = edges(frames, run, plateau)?;
    let spread = level_spread(frames, run);
    let share = mean(frames.peaks[run.first..run.end].iter().map(|p| p.pair_share));
    let (lines, line_spread) = lines(frames, run);
    if interval.duration() < MIN_BURST_S || spread > MAX_LEVEL_SPREAD_DB || lines.is_empty() {
        return None;
    }
    // A beating pair wanders from frame to frame by its nature; its lines do not.
    let stray = if lines.len() > 1 { line_spread } else { frequency_spread(frames, run) };
    let confidence = ((share - 0.55) / 0.35).clamp(0.0, 1.0) * (1.0 - spread / (2.0 * MAX_LEVEL_SPREAD_DB));
    let measurement = |name: &'static str, value| Measurement { name: name.into(), value };
    Some(Evidence {
        interval,
        sound: Sound::Tone(lines),
        confidence,
        detector: "tone".into(),
        measurements: vec![
            measurement("level_dbfs", plateau),
            measurement("level_spread_db", spread),
            measurement("share", share),
            measurement("frequency_spread_hz", stray),
            measurement("frequency_deviation_hz", frequency_deviation(frames, run)),
            measurement("contrast_db", contrast(frames, interval, plateau)),
        ],
    })
}

/// Where the level crosses half the plateau's power on either side of the run, to a fraction of a frame.
fn edges(frames: &Frames, run: Run, plateau: Decibels) -> Option<Interval> {
    let half = power(plateau) / 2.0;
    let level = |frame: usize| power(frames.level_dbfs[frame]);
    // The mean of three frames bridges the nulls of a double tone's beat.
    let around = |frame: usize| {
        let (a, b) = (frame.saturating_sub(1), (frame + 2).min(frames.len()));
        (a..b).map(level).fold(0.0, f32::max)
    };
    let inside_first = (run.first..run.end).find(|&f| level(f) >= half)?;
    let inside_last = (run.first..run.end).rev().find(|&f| level(f) >= half)?;
    let mut first = inside_first;
    while first > 0 && first + MAX_REACH_FRAMES > inside_first && level(first - 1) >= half {
        first -= 1;
    }
    let mut last = inside_last;
    while last + 1 < frames.len() && last < inside_last + MAX_REACH_FRAMES && level(last + 1) >= half {
        last += 1;
    }
    let part = |inner: usize, outer: usize| {
        let (inner, outer) = (around(inner).max(half), level(outer).min(half));
        f64::from((inner - half) / (inner - outer).max(f32::MIN_POSITIVE))
    };
    let start = if first == 0 { 0.0 } else { first as f64 - part(first, first - 1).min(0.5) };
    let end = if last + 1 >= frames.len() { frames.len() as f64 } else { last as f64 + part(last, last + 1).min(0.5) };
    let seconds = |frame: f64| (frame * frame_to_time(1)).clamp(0.0, frames.duration());
    (seconds(start) < seconds(end)).then(|| Interval::new(seconds(start), seconds(end)))
}

/// The standard deviation in dB of the 50 ms mean level inside the run, its first and last 30 ms apart.
fn level_spread(frames: &Frames, run: Run) -> Decibels {
    let (first, end) = if run.end - run.first > 12 { (run.first + 3, run.end - 3) } else { (run.first, run.end) };
    let end = end.max(first + MEAN_FRAMES).min(frames.len());
    let powers: Vec<f32> = frames.level_dbfs[first..end].iter().map(|&level| power(level)).collect();
    let mean = |part: &[f32]| decibels(part.iter().sum::<f32>() / part.len().max(1) as f32);
    let levels: Vec<f32> = powers.windows(MEAN_FRAMES.min(powers.len()).max(1)).map(mean).collect();
    let m = median(levels.clone());
    // A lost packet is not unsteadiness: what lies far below the median is left out, as long as it is little.
    let near: Vec<f32> = levels.iter().copied().filter(|l| (l - m).abs() < 6.0).collect();
    if near.len() * 10 < levels.len() * 7 {
        return f32::INFINITY;
    }
    standard_deviation(&near)
}

/// How far the frequency wanders: its standard deviation, but for the frames in which the tone is down between louder ones. What
/// these tell, in the troughs of a modulated tone and in lost packets, is the noise's frequency; the edges of a word are its own.
fn frequency_spread(frames: &Frames, run: Run) -> Hertz {
    let loudest = |part: &[Decibels]| part.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let is_trough = |frame: usize| {
        let (before, rest) = frames.level_dbfs[run.first..run.end].split_at(frame - run.first);
        let about =
            [&before[before.len().saturating_sub(TROUGH_FRAMES)..], &rest[1..rest.len().min(1 + TROUGH_FRAMES)]];
        about.into_iter().all(|part| rest[0] < loudest(part) - TROUGH_DB)
    };
    let hz: Vec<f32> = (run.first..run.end).filter(|&f| !is_trough(f)).filter_map(|f| tonal(frames, f)).collect();
    standard_deviation(&hz)
}

/// How far the frequency wanders in most frames: their median deviation, as a standard deviation. Frames that hold an edge or
/// a lost packet besides the tone are off by tens of hertz and few; here they do not count.
fn frequency_deviation(frames: &Frames, run: Run) -> Hertz {
    /// From the median absolute deviation to the standard deviation of the same normal spread.
    const NORMAL: f32 = 1.4826;
    let hz: Vec<f32> = (run.first..run.end).filter_map(|f| tonal(frames, f)).collect();
    let middle = median(hz.clone());
    NORMAL * median(hz.iter().map(|hz| (hz - middle).abs()).collect())
}

/// How far the level falls outside the burst: the smaller of both sides, each taken at its quietest within 150 ms. Beyond
/// the recording it is silent; what of a frame the recording's own start or end cuts off is no quiet either.
fn contrast(frames: &Frames, interval: Interval, plateau: Decibels) -> Decibels {
    /// Frames nearer to the burst than this hold some of it.
    const EDGE_FRAMES: usize = 2;
    let (start, end) = (time_to_frame(interval.start()), time_to_frame(interval.end()));
    let quietest = |a: usize, b: usize| {
        let part = &frames.level_dbfs[a.min(frames.len())..b.min(frames.len())];
        part.iter().copied().reduce(f32::min).unwrap_or(FLOOR_DBFS)
    };
    let before = if start <= EDGE_FRAMES { FLOOR_DBFS } else { quietest(start.saturating_sub(15), start) };
    let after = if end + EDGE_FRAMES >= frames.len() { FLOOR_DBFS } else { quietest(end, end + 15) };
    plateau - before.max(after).min(plateau)
}

/// The frequencies that sound together, lowest first: the lines of the long spectra inside the run that recur in most of
/// them, else (out of their reach) the short spectra's median. Also how far the lines wander, in Hz.
fn lines(frames: &Frames, run: Run) -> (Vec<Hertz>, Hertz) {
    /// A line weaker than this beside the strongest is a side lobe or a harmonic of the codec.
    const MIN_RELATIVE: f32 = 0.08;
    /// Lines nearer than this are the same.
    const SAME_HZ: Hertz = 9.0;
    // looked up, not searched for: a long call has thousands of runs and tens of thousands of long spectra
    let after = frames.tone_lines.partition_point(|l| l.frame < run.first + 4);
    let before = frames.tone_lines.partition_point(|l| l.frame + 4 < run.end);
    let inside = &frames.tone_lines[after..before.max(after)];
    let mut clusters: Vec<(Vec<f32>, f32)> = Vec::new();
    for line in inside {
        for (&hz, &relative) in line.hz.iter().zip(&line.relative) {
            if hz <= 0.0 || relative < MIN_RELATIVE {
                continue;
            }
            match clusters.iter_mut().find(|(c, _)| (median(c.clone()) - hz).abs() < SAME_HZ) {
                Some((cluster, weight)) => {
                    cluster.push(hz);
                    *weight += relative;
                }
                None => clusters.push((vec![hz], relative)),
            }
        }
    }
    clusters.retain(|(cluster, _)| 2 * cluster.len() > inside.len());
    if clusters.is_empty() {
        let of = |pick: fn(&crate::frames::Peaks) -> f32| {
            median(frames.peaks[run.first..run.end].iter().map(pick).collect())
        };
        let second = of(|p| (p.pair_share - p.share) / p.share.max(1e-6));
        let (low, high) = (of(|p| p.hz.min(p.second_hz)), of(|p| p.hz.max(p.second_hz)));
        let hz = if second > 0.15 { vec![low, high] } else { vec![of(|p| p.hz)] };
        return (hz, frequency_spread(frames, run));
    }
    let wander = clusters.iter().map(|(cluster, _)| standard_deviation(cluster)).fold(0.0, f32::max);
    let mut hz: Vec<f32> = clusters.into_iter().map(|(cluster, _)| median(cluster)).collect();
    hz.sort_by(f32::total_cmp);
    (hz, wander)
}

fn median(mut values: Vec<f32>) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}

fn mean(values: impl ExactSizeIterator<Item = f32>) -> f32 {
    let n = values.len().max(1) as f32;
    values.sum::<f32>() / n
}

fn standard_deviation(values: &[f32]) -> f32 {
    let m = mean(values.iter().copied());
    mean(values.iter().map(|v| (v - m) * (v - m))).sqrt()
}
