//! What recordings are compared by: a row of 32 bits every 20 ms, and whether anything sounds in it.

use std::ops::Range;

use crate::{
    detect::Sound,
    heard::{ChannelHeard, Levels},
    interval::Interval,
    units::{Decibels, Seconds},
};

/// Seconds from row to row.
pub const ROW_S: Seconds = 0.02;

/// What is this far below the loud parts of a channel is a pause: its bits are the line's noise.
pub(super) const PAUSE_BELOW_DB: Decibels = 38.0;
/// A pause wherever it is.
pub(super) const PAUSE_DBFS: Decibels = -64.0;
/// So is what is no louder than this above the quiet tenth of a channel, if that is this far below its loud parts: there
/// the quiet tenth is the line's noise, and not quiet music.
const NOISE_DB: Decibels = 3.0;
const NOISE_BELOW_DB: Decibels = 20.0;

/// What sounds in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sounding {
    /// A pause, a tone or a key: nothing that tells recordings apart.
    Nothing,
    /// A voice.
    Voice,
    /// A voice over music, or one that sings.
    VoiceOverMusic,
    /// Music alone.
    Music,
    /// Anything else.
    Other,
}

/// 20 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    bits: u32,
    sounding: Sounding,
}

impl Row {
    /// How many of the 32 bits differ; `None` where either is a pause.
    #[inline(always)]
    pub fn differs(self, other: Self) -> Option<u32> {
        (self.is_live() && other.is_live()).then(|| self.wrong(other))
    }

    /// How many of the 32 bits differ, be it a pause or not.
    #[inline(always)]
    pub fn wrong(self, other: Self) -> u32 {
        (self.bits ^ other.bits).count_ones()
    }

    fn is_live(self) -> bool {
        self.sounding != Sounding::Nothing
    }
}

/// One channel of a call, or one prompt, as rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    rows: Vec<Row>,
}

impl Rows {
    /// The rows of a channel.
    pub fn new(heard: &ChannelHeard) -> Self {
        let mut rows: Vec<Row> =
            heard.print.rows().iter().map(|&bits| Row { bits, sounding: Sounding::Other }).collect();
        let n = rows.len();
        let mut paint = |range: Range<usize>, what| rows[range].iter_mut().for_each(|row| row.sounding = what);
        // tones last: they lie on top of what else was heard
        for is_tone in [false, true] {
            for e in &heard.evidence {
                let what = match e.sound {
                    Sound::Tone(_) | Sound::Key(_) => Sounding::Nothing,
                    Sound::Speech => Sounding::Voice,
                    Sound::SpeechOverMusic => Sounding::VoiceOverMusic,
                    Sound::Music => Sounding::Music,
                    Sound::Silence | Sound::Noise => Sounding::Other,
                };
                if is_tone == (what == Sounding::Nothing) {
                    paint(rows_of(e.interval, n), what);
                }
            }
        }
        let whole = Interval::new(0.0, n as Seconds * ROW_S);
        let loud = heard.levels.percentile(whole, 0.95).unwrap_or(PAUSE_DBFS);
        let quiet = heard.levels.percentile(whole, 0.10).unwrap_or(PAUSE_DBFS);
        let noise = if quiet + NOISE_DB < loud - NOISE_BELOW_DB { quiet + NOISE_DB } else { PAUSE_DBFS };
        let pause = (loud - PAUSE_BELOW_DB).max(noise).max(PAUSE_DBFS);
        let per_level = (Levels::STEP_S / ROW_S).round() as usize;
        for (step, level) in heard.levels.within(whole).enumerate() {
            if level < pause {
                let first = (step * per_level).min(n);
                paint(first..(first + per_level).min(n), Sounding::Nothing);
            }
        }
        Self { rows }
    }

    /// The rows that [`Self::written`] wrote.
    pub fn read(text: &str) -> Self {
        let digit = |d: &u8| char::from(*d).to_digit(16).unwrap_or(0);
        let rows = text.as_bytes().chunks_exact(8).map(|row| row.iter().fold(0, |bits, d| bits << 4 | digit(d)));
        let sounding = |bits: u32| if bits == 0 { Sounding::Nothing } else { Sounding::Voice };
        Self { rows: rows.map(|bits| Row { bits, sounding: sounding(bits) }).collect() }
    }

    /// `rows` as text, eight hexadecimal digits each; zeros where nothing sounds.
    pub fn written(&self, rows: Range<usize>) -> String {
        let rows = rows.start.min(self.len())..rows.end.min(self.len());
        rows.map(|i| if self.is_live(i) { format!("{:08x}", self.bits(i)) } else { "0".repeat(8) }).collect()
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The bits of row `i`.
    pub fn bits(&self, i: usize) -> u32 {
        self.rows[i].bits
    }

    /// How many bits of row `i` differ from those of row `j` of `other`, be it a pause or not.
    pub fn wrong(&self, i: usize, other: &Self, j: usize) -> u32 {
        self.rows[i].wrong(other.rows[j])
    }

    /// What sounds in row `i`.
    pub fn sounding(&self, i: usize) -> Sounding {
        self.rows[i].sounding
    }

    /// Whether anything sounds in row `i` that recordings can be told apart by.
    pub fn is_live(&self, i: usize) -> bool {
        self.rows[i].is_live()
    }

    /// These rows, in line.
    pub(super) fn in_line(&self, rows: Range<usize>) -> &[Row] {
        &self.rows[rows]
    }

    /// How many of these rows are live.
    pub fn live(&self, rows: Range<usize>) -> usize {
        self.rows[rows].iter().filter(|row| row.is_live()).count()
    }

    /// The rows without the pauses at their ends.
    pub fn trimmed(&self, rows: Range<usize>) -> Range<usize> {
        let mut live = rows.filter(|&i| self.is_live(i));
        let Some(first) = live.next() else { return 0..0 };
        first..live.next_back().unwrap_or(first) + 1
    }
}

/// The rows of `n` whose centres lie in `interval`.
pub fn rows_of(interval: Interval, n: usize) -> Range<usize> {
    let row = |t: Seconds| ((t / ROW_S).round().max(0.0) as usize).min(n);
    row(interval.start())..row(interval.end())
}

/// The time that `rows` last.
pub fn interval_of(rows: &Range<usize>) -> Interval {
    Interval::new(rows.start as Seconds * ROW_S, rows.end as Seconds * ROW_S)
}

#[cfg(test)]
impl Rows {
    /// Rows as they are told.
    pub(super) fn made(bits: Vec<u32>, sounding: Vec<Sounding>) -> Self {
        let row = |(bits, sounding)| Row { bits, sounding };
        Self { rows: bits.into_iter().zip(sounding).map(row).collect() }
    }
}
