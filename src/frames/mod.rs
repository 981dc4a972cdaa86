//! One pass of spectra over a channel: the columns that every detector reads.
//!
//! A frame is 10 ms. Frame `i` is centred on sample `80 i`, so that [`frame_to_time`] needs no offset; the signal is
//! taken to be zero outside the recording. One hour is 360,000 frames: the columns below keep it at about 10 MB a
//! channel, and no sample outlives the pass.

pub mod bands;
mod long;
pub mod melody;
pub mod network;
mod peaks;
pub mod print;
mod spectra;

use self::{
    long::LongSpectrum,
    melody::Voice,
    network::Listener,
    peaks::Highest,
    print::PrintPass,
    spectra::{Hops, Spectra},
};
use crate::{
    dsp::lanes::{LANES, Lanes},
    interval::Interval,
    units::{Decibels, FLOOR_DBFS, Hertz, SAMPLE_RATE, Seconds, decibels},
};

/// Samples in a spectrum: 32 ms, long enough to part the low DTMF tones, short enough for a 40 ms key.
pub const N_FFT: usize = 256;
/// Samples from frame to frame: 10 ms.
pub const HOP_LENGTH: usize = 80;
/// Bins in a spectrum, 31.25 Hz apart.
pub const N_BINS: usize = N_FFT / 2 + 1;
/// From bin to bin, in Hz.
const HZ_A_BIN: Hertz = SAMPLE_RATE as Hertz / N_FFT as Hertz;
/// Samples in the long spectrum that parts the 400 and 450 Hz of a double ringing tone: 128 ms.
const N_FFT_LONG: usize = 1024;
/// Every how many frames the long spectrum is taken while a tone sounds: 40 ms, three or more in the shortest burst.
const LONG_EVERY: usize = 4;

/// The bins of the telephone band, 190 to 3,600 Hz: what a level or a share is counted over.
const BAND: std::ops::RangeInclusive<usize> = 6..=115;
/// A Hann window's main lobe reaches two bins to either side of its peak.
const LOBE: usize = 2;

/// Frames in a step of the slow columns: 40 ms.
pub const STEP: usize = 4;
/// Bands of the timbre column.
pub const TIMBRE_BANDS: usize = 16;
/// The first bin of each timbre band and the end of the last: about equal steps on the mel scale, 220 to 3,500 Hz.
const TIMBRE_EDGES: [usize; TIMBRE_BANDS + 1] = [7, 10, 13, 16, 20, 24, 28, 33, 38, 44, 51, 58, 66, 75, 86, 98, 112];
/// A sine of mean-square power 1 reads 2 at its peak and half as much again beside it: what a sum over bins is divided by.
const POWER_OF_A_SINE: f32 = 3.0;
/// What timbre is floored at, in power: G.711's quantisation noise hides below.
const TIMBRE_FLOOR: f32 = 1e-8;

/// The share of the band that two peaks must hold before a frame is worth a long spectrum.
const TONAL_SHARE: f32 = 0.5;
/// Where its strongest peak must lie.
const TONAL_HZ: std::ops::Range<Hertz> = 320.0..740.0;
/// How many frames before it one of the same tone must lie: the first frames of a burst are of no use, and a few may be lost.
const TONAL_FRAMES: std::ops::Range<usize> = 4..10;
/// How many frames a tone has lasted where it is a long one, but for one of them.
const LONG_TONAL_FRAMES: usize = 20;
/// How far their mean frequencies may differ: those of a pair of tones wander.
const TONAL_STRAY_HZ: Hertz = 150.0;

/// The strongest narrow-band sound of one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Peaks {
    /// Frequency of the strongest peak in Hz.
    pub hz: Hertz,
    /// Frequency of the second strongest, outside the first one's lobe.
    pub second_hz: Hertz,
    /// The share of the band's power in the first peak's lobe.
    pub share: f32,
    /// The share in both lobes.
    pub pair_share: f32,
}

/// The strongest peak of each DTMF group in one frame; only frames in which both stand out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyPeaks {
    /// Which frame.
    pub frame: usize,
    /// Frequency of the strongest peak of the low group's band in Hz.
    pub low_hz: Hertz,
    /// Frequency of the strongest peak of the high group's band in Hz.
    pub high_hz: Hertz,
    /// Power in the low peak's lobe.
    pub low: f32,
    /// Power in the high peak's lobe.
    pub high: f32,
    /// Power in the lobe of the strongest peak beside these two.
    pub third: f32,
    /// Power of the whole band.
    pub total: f32,
}

/// The peaks of a 128 ms spectrum between 330 and 740 Hz, strongest first; only where a tone may sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ToneLines {
    /// The frame on which the spectrum is centred.
    pub frame: usize,
    /// Frequencies in Hz; 0 where there are fewer peaks.
    pub hz: [Hertz; 3],
    /// Power of each relative to the strongest.
    pub relative: [f32; 3],
}

/// The columns of one channel, all but the sparse ones with one value a frame.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    /// Samples in the channel.
    pub n_samples: usize,
    /// Mean-square level of the 10 ms around the frame's centre, in dBFS.
    pub level_dbfs: Vec<Decibels>,
    /// The strongest narrow-band sounds.
    pub peaks: Vec<Peaks>,
    /// Sparse: candidates for keys.
    pub key_peaks: Vec<KeyPeaks>,
    /// Sparse: fine lines of possible call-progress tones.
    pub tone_lines: Vec<ToneLines>,
    /// One row each 40 ms: the probabilities that a voice speaks and that music plays, both of which may be high.
    pub posteriors: Vec<[f32; 2]>,
    /// One each 40 ms: the level of the telephone band, in dBFS; hum and rumble below it do not count.
    pub band_dbfs: Vec<i8>,
    /// One row each 40 ms: the level of each band in dB.
    pub timbre: Vec<[i8; TIMBRE_BANDS]>,
    /// One each 40 ms: the strongest voice of a tune.
    pub voices: Vec<Voice>,
    /// One each 40 ms: how many samples are flat-topped.
    pub clipped: Vec<u8>,
    /// One row each 20 ms: the fingerprint's bits, see [`mod@print`].
    pub print: Vec<u32>,
}

/// The moment of a frame's centre.
pub fn frame_to_time(frame: usize) -> Seconds {
    (frame * HOP_LENGTH) as Seconds / Seconds::from(SAMPLE_RATE)
}

/// The frame whose centre lies nearest to `time`.
pub fn time_to_frame(time: Seconds) -> usize {
    (time * Seconds::from(SAMPLE_RATE) / HOP_LENGTH as Seconds).round().max(0.0) as usize
}

/// The half-open range of steps of 40 ms that lie wholly inside `interval`, of `n` that there are.
pub fn steps_within(interval: Interval, n: usize) -> (usize, usize) {
    let step = frame_to_time(STEP);
    let first = (interval.start() / step - 1e-6).ceil().max(0.0) as usize;
    let end = (interval.end() / step + 1e-6).floor().max(0.0) as usize;
    (first.min(n), end.min(n).max(first.min(n)))
}

/// The middle of a band of the timbre column.
pub fn timbre_band_hz(band: usize) -> Hertz {
    let edges = (TIMBRE_EDGES[band], TIMBRE_EDGES[band + 1] - 1);
    (edges.0 + edges.1) as Hertz / 2.0 * HZ_A_BIN
}

impl Frames {
    /// The number of frames.
    pub fn len(&self) -> usize {
        self.level_dbfs.len()
    }

    /// Whether there is nothing to hear.
    pub fn is_empty(&self) -> bool {
        self.level_dbfs.is_empty()
    }

    /// How long the channel lasts.
    pub fn duration(&self) -> Seconds {
        self.n_samples as Seconds / Seconds::from(SAMPLE_RATE)
    }

    /// The stretch from the centre of frame `first` to that of frame `end`, kept inside the channel.
    pub fn interval(&self, first: usize, end: usize) -> Interval {
        let end = frame_to_time(end).min(self.duration());
        Interval::new(frame_to_time(first).min(end), end)
    }

    /// The mean power over the frames `[first, end)`, as a level in dBFS.
    pub fn mean_level(&self, first: usize, end: usize) -> Decibels {
        let part = &self.level_dbfs[first.min(self.len())..end.min(self.len())];
        decibels(part.iter().map(|&l| crate::units::power(l)).sum::<f32>() / part.len().max(1) as f32)
    }
}

/// Makes [`Frames`] of a channel that comes in blocks of any size; the result does not depend on their size.
///
/// Eight frames are measured at a time, each in its own lane: their numbers are those that each would have alone.
pub struct FramePass {
    short: Spectra,
    long: LongSpectrum,
    /// The samples from `buffer_start` on, the first ones being zeros before the recording.
    buffer: Vec<f32>,
    /// Index of `buffer[0]`, counted in samples from half a long window before the recording's start.
    buffer_start: usize,
    room: Box<Room>,
    ear: Listener,
    print: PrintPass,
    frames: Frames,
}

/// What eight frames are worked on in.
struct Room {
    hops: Hops,
    /// The power of each bin, a frame in each lane.
    power: [Lanes; N_BINS],
    /// The sums over the frames of each step of 40 ms.
    steps: [[f32; N_BINS]; LANES / STEP],
    /// The network's features, a frame in each row.
    features: [[i16; bands::BANDS]; LANES],
}

impl Default for FramePass {
    fn default() -> Self {
        Self {
            short: Spectra::default(),
            long: LongSpectrum::default(),
            buffer: vec![0.0; N_FFT_LONG / 2],
            buffer_start: 0,
            room: Box::new(Room {
                hops: Hops::default(),
                power: [Lanes::ZERO; N_BINS],
                steps: [[0.0; N_BINS]; LANES / STEP],
                features: [[0; bands::BANDS]; LANES],
            }),
            ear: Listener::new(network::shipped()),
            print: PrintPass::default(),
            frames: Frames::default(),
        }
    }
}

/// Samples from the start of the first of eight long windows to the end of the last.
const EIGHT_SAMPLES: usize = (LANES - 1) * HOP_LENGTH + N_FFT_LONG;
const _: () = assert!((N_FFT_LONG - N_FFT) / 2 + Hops::SAMPLES <= EIGHT_SAMPLES && LANES.is_multiple_of(STEP));

impl FramePass {
    /// Takes the next samples, 8 kHz, full scale 1.
    pub fn push(&mut self, samples: &[f32]) {
        self.buffer.extend_from_slice(samples);
        self.frames.n_samples += samples.len();
        while self.frames.len() * HOP_LENGTH + EIGHT_SAMPLES <= self.buffer_start + self.buffer.len() {
            self.next_eight(LANES);
        }
        self.let_go();
    }

    /// Ends the channel.
    pub fn finish(mut self) -> Frames {
        if self.frames.n_samples > 0 {
            let frames = self.frames.n_samples / HOP_LENGTH + 1;
            self.buffer.resize(self.buffer.len() + N_FFT_LONG + EIGHT_SAMPLES, 0.0);
            while self.frames.len() < frames {
                let wanted = (frames - self.frames.len()).min(LANES);
                self.next_eight(wanted);
            }
        }
        self.frames.posteriors = self.ear.finish();
        self.frames.print = self.print.finish();
        self.frames
    }

    /// Measures the next eight frames, and keeps the first `wanted`. Not inlined: what it dispatches to is large, and one
    /// copy for each kind of processor is enough to compile.
    #[inline(never)]
    fn next_eight(&mut self, wanted: usize) {
        pulp::Arch::new().dispatch(Eight { pass: self, wanted });
    }

    /// Lets go of the samples that no later frame needs.
    fn let_go(&mut self) {
        let done = (self.frames.len() * HOP_LENGTH - self.buffer_start).min(self.buffer.len());
        if done > N_FFT_LONG {
            self.buffer.drain(..done);
            self.buffer_start += done;
        }
    }

    /// The work of [`Self::next_eight`].
    #[inline(always)]
    fn eight(&mut self, wanted: usize) {
        let first = self.frames.len();
        let from = first * HOP_LENGTH - self.buffer_start;
        let samples = &self.buffer[from..from + EIGHT_SAMPLES];
        let Room { hops, power, steps, features } = &mut *self.room;
        hops.fill(&samples[(N_FFT_LONG - N_FFT) / 2..]);
        self.short.of(hops, power);

        let around = |n: usize| hops.sample((N_FFT - HOP_LENGTH) / 2 + n);
        let (mut squares, mut tops) = (Lanes::ZERO, Lanes::ZERO);
        for n in 0..HOP_LENGTH {
            squares += around(n) * around(n);
            tops = tops.max(around(n).map(f32::abs));
        }
        let level_dbfs = levels(squares * (1.0 / HOP_LENGTH as f32)).0;
        self.frames.level_dbfs.extend_from_slice(&level_dbfs[..wanted]);

        bands::of_eight(power, features);
        for row in &features[..wanted] {
            self.ear.push(row);
        }
        self.print.push(power, wanted);

        let highest = Highest::of(power);
        for lane in 0..wanted {
            let frame = first + lane;
            let peaks = highest.peaks(lane, power);
            self.frames.peaks.push(peaks);
            if frame.is_multiple_of(LONG_EVERY) && is_tonal(&peaks) && is_due(&self.frames.peaks) {
                let window = &samples[lane * HOP_LENGTH..][..N_FFT_LONG];
                self.frames.tone_lines.push(peaks::tone_lines(self.long.of(window), frame));
            }
        }
        highest.key_peaks(power, first, wanted, &mut self.frames.key_peaks);

        let centre = N_FFT_LONG / 2 - HOP_LENGTH / 2;
        let hop = |lane: usize| &samples[centre + lane * HOP_LENGTH..][..HOP_LENGTH];
        for (bin, power) in power.iter().enumerate() {
            let sums = power.sums_of_four();
            (steps[0][bin], steps[1][bin]) = (sums[0], sums[1]);
        }
        for (step, power) in steps[..wanted / STEP].iter().enumerate() {
            let mut clipped = 0u8;
            for lane in step * STEP..(step + 1) * STEP {
                clipped = clipped.saturating_add(melody::flat_topped(hop(lane), tops.0[lane]));
            }
            self.frames.clipped.push(clipped);
            self.frames.voices.push(melody::voice(power));
            let bands = timbre_bands(power);
            let mut timbre = [0; TIMBRE_BANDS];
            for (timbre, bands) in timbre.as_chunks_mut().0.iter_mut().zip(bands.as_chunks().0) {
                let mean = Lanes(*bands) * (1.0 / STEP as f32) + Lanes([TIMBRE_FLOOR; LANES]);
                *timbre = levels(mean).0.map(|level| level.round_ties_even() as i8);
            }
            self.frames.timbre.push(timbre);
            let band = bands.iter().sum::<f32>() / (STEP as f32 * POWER_OF_A_SINE);
            self.frames.band_dbfs.push(decibels(band).round() as i8);
        }
    }
}

/// The next eight frames of a pass, with the widest instructions that there are.
struct Eight<'a> {
    pass: &'a mut FramePass,
    wanted: usize,
}

impl pulp::WithSimd for Eight<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.pass.eight(self.wanted);
    }
}

/// Whether a call-progress tone may sound in a frame of these peaks.
fn is_tonal(peaks: &Peaks) -> bool {
    peaks.pair_share > TONAL_SHARE && TONAL_HZ.contains(&peaks.hz)
}

/// Whether lines of the last frame's tone are worth looking for: it may have begun some frames before; of a long one every
/// other look is enough.
fn is_due(peaks: &[Peaks]) -> bool {
    let Some((last, before)) = peaks.split_last() else { return false };
    let mean = |p: &Peaks| (p.hz * p.share + p.second_hz * (p.pair_share - p.share)) / p.pair_share;
    let near = |p: &Peaks| p.pair_share > TONAL_SHARE && (mean(p) - mean(last)).abs() <= TONAL_STRAY_HZ;
    let held = before.iter().rev().take(TONAL_FRAMES.end).skip(TONAL_FRAMES.start - 1).any(near);
    // none that a lost packet or a pause interrupted: what follows is a burst of its own
    let is_long = || before.iter().rev().take(LONG_TONAL_FRAMES).filter(|p| near(p)).count() + 1 >= LONG_TONAL_FRAMES;
    held && ((peaks.len() - 1).is_multiple_of(2 * LONG_EVERY) || !is_long())
}

/// [`decibels`] of eight powers at once, to 0.0002 dB.
#[inline(always)]
fn levels(power: Lanes) -> Lanes {
    const DECIBELS_AN_OCTAVE: f32 = 10.0 * std::f32::consts::LOG10_2;
    (power.max(Lanes([1e-12; LANES])).log2() * DECIBELS_AN_OCTAVE).max(Lanes([FLOOR_DBFS; LANES]))
}

/// The power in each band of timbre.
#[inline(always)]
fn timbre_bands(power: &[f32; N_BINS]) -> [f32; TIMBRE_BANDS] {
    std::array::from_fn(|i| power[TIMBRE_EDGES[i]..TIMBRE_EDGES[i + 1]].iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(samples: &[f32], block: usize) -> Frames {
        let mut pass = FramePass::default();
        samples.chunks(block).for_each(|b| pass.push(b));
        pass.finish()
    }

    fn sines(hz: &[f32], seconds: f32) -> Vec<f32> {
        let at = |i: usize| {
            let t = i as f64 / f64::from(SAMPLE_RATE);
            hz.iter().map(|&f| (std::f64::consts::TAU * f64::from(f) * t).sin()).sum::<f64>() / hz.len() as f64
        };
        (0..(seconds * SAMPLE_RATE as f32) as usize).map(|i| 0.5 * at(i) as f32).collect()
    }

    #[test]
    fn blocks_of_any_size_give_the_same_frames() {
        let samples = sines(&[400.0, 450.0], 1.0);
        let (whole, crumbs) = (pass(&samples, 8000), pass(&samples, 37));
        assert_eq!(whole.level_dbfs, crumbs.level_dbfs);
        assert_eq!(whole.peaks, crumbs.peaks);
        assert_eq!(whole.tone_lines, crumbs.tone_lines);
        assert_eq!(whole.len(), 101);
    }

    #[test]
    fn the_long_spectrum_parts_a_double_tone() {
        let frames = pass(&sines(&[400.0, 450.0], 1.0), 8000);
        let middle = frames.tone_lines.iter().find(|l| l.frame >= 50).unwrap();
        let mut hz = [middle.hz[0], middle.hz[1]];
        hz.sort_by(f32::total_cmp);
        assert!((hz[0] - 400.0).abs() < 2.0 && (hz[1] - 450.0).abs() < 2.0, "{hz:?}");
        assert!(middle.relative[1] > 0.7);
    }

    #[test]
    fn an_empty_channel_has_no_frames() {
        assert!(pass(&[], 10).is_empty());
    }
}
