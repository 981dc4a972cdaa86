//! Two stretches held against each other row by row, from one place that looks alike.
//!
//! A local alignment: each pair of rows scores [`EVEN`] less the share of its bits that differ, and the stretch with the
//! highest sum is the match (Smith and Waterman 1981, "Identification of common molecular subsequences", J. Mol. Biol.
//! 147; without gaps but for slips). Where recordings part the score falls, so the ends of a match are its edges.

use std::{iter, ops::Range};

use pulp::{Arch, Simd, WithSimd};

use super::rows::{Row, Rows};

/// The share of differing bits that counts neither for nor against. Strangers differ in 0.50 of their bits, over a second
/// hardly ever in less than 0.41; one prompt through another codec and another call in 0.18 on average, and a second of it
/// in less than 0.35 nineteen times in twenty (composed calls of thirty lines, seven codecs, 46 to 72 dB of noise).
const EVEN: f32 = 0.40;
/// What a pair of rows costs of which either is a pause.
const PAUSE_COST: f32 = 0.03;
/// How far the score may fall below its best before the stretch is over: 1 s of strangers.
const DROP: f32 = 5.0;
/// Rows without a new best score after which the stretch is over: pauses between two recordings are no part of either.
const MAX_STALE_ROWS: usize = 45;
/// Rows on either side of a place that are looked at first.
const GLANCE_ROWS: usize = 8;
/// The share of differing bits at a glance beyond which a place is not looked at closer.
const GLANCE_ERRORS: f32 = 0.40;
/// How many rows a play may slip against another in its midst, as a jitter buffer makes it: 60 ms.
const MAX_SLIP_ROWS: isize = 3;
/// The rows after a slip that have to agree, and by how much.
const SLIP_WINDOW: usize = 40;
const MIN_SLIP_SCORE: f32 = 4.0;

/// A stretch of one sound that is a stretch of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Rows of the first.
    pub a: Range<usize>,
    /// Rows of the second.
    pub b: Range<usize>,
    /// How much speaks for it: about 11 for each second of a clean play.
    pub score: f32,
    /// Pairs of rows of which neither is a pause.
    pub live: usize,
    /// Bits that differ in these.
    pub errors: u32,
}

impl Match {
    /// By how many rows the second is ahead of the first, where they begin.
    pub fn diagonal(&self) -> isize {
        self.b.start as isize - self.a.start as isize
    }

    /// The share of bits that agree.
    pub fn similarity(&self) -> f32 {
        1.0 - self.errors as f32 / (32 * self.live.max(1)) as f32
    }
}

/// The stretch about row `i` of `a` that is the one about row `j` of `b`; `within` are the rows of `b` to keep to.
pub fn align(a: &Rows, b: &Rows, i: usize, j: usize, within: &Range<usize>) -> Option<Match> {
    Arch::new().dispatch(Sides { a, b, within, from: (i, j) })
}

/// Two sounds side by side, looked at from rows `from`: with the instructions that the machine has for counting bits, hence
/// the `inline(always)` of all that counts them.
struct Sides<'a> {
    a: &'a Rows,
    b: &'a Rows,
    /// The rows of `b` to keep to.
    within: &'a Range<usize>,
    from: (usize, usize),
}

impl WithSimd for Sides<'_> {
    type Output = Option<Match>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Option<Match> {
        if !self.look_alike() {
            return None;
        }
        let onward = self.walk::<true>(0.0);
        let back = self.walk::<false>(onward.score);
        let (a_first, b_first) = back.end;
        let (a_end, b_end) = onward.end;
        Some(Match {
            a: a_first..a_end,
            b: b_first..b_end,
            score: onward.score + back.score,
            live: onward.live + back.live,
            errors: onward.errors + back.errors,
        })
    }
}

#[cfg(test)]
thread_local! {
    /// How many pairs of rows were compared on walks.
    pub(super) static COMPARED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// What is found in one direction from a place.
struct Side {
    /// The rows at which the match is over: one past the last going on, the first itself going back.
    end: (usize, usize),
    score: f32,
    live: usize,
    errors: u32,
}

impl Sides<'_> {
    /// Whether the rows on either side of the place are alike at a glance.
    #[inline(always)]
    fn look_alike(&self) -> bool {
        let (i, j) = self.from;
        let back = GLANCE_ROWS.min(i).min(j.saturating_sub(self.within.start));
        let on = GLANCE_ROWS.min(self.a.len() - i).min(self.within.end.saturating_sub(j));
        let (a, b) = (self.a.in_line(i - back..i + on), self.b.in_line(j - back..j + on));
        let errors: u32 = a.iter().zip(b).step_by(2).map(|(a, b)| a.wrong(*b)).sum();
        let rows = a.len().div_ceil(2);
        rows > 3 && errors as f32 <= GLANCE_ERRORS * (32 * rows) as f32
    }

    /// Walks on from between rows `i - 1` and `i` (`j - 1` and `j`), or back. `so_far` speaks for the match already: a slip is
    /// looked for only where as much speaks for what is before it as has to for what is after.
    #[inline(always)]
    fn walk<const ONWARD: bool>(&self, so_far: f32) -> Side {
        let mut best = Side { end: self.from, score: 0.0, live: 0, errors: 0 };
        let (mut score, mut live, mut errors) = (0.0f32, 0, 0);
        loop {
            let (i, j) = best.end;
            let mut stale = 0;
            for (k, (x, y)) in self.pairs::<ONWARD>((i, j)).enumerate() {
                #[cfg(test)]
                COMPARED.set(COMPARED.get() + 1);
                score += match x.differs(y) {
                    Some(wrong) => {
                        live += 1;
                        errors += wrong;
                        EVEN - wrong as f32 / 32.0
                    }
                    None => -PAUSE_COST,
                };
                stale += 1;
                if score > best.score {
                    let end = if ONWARD { (i + k + 1, j + k + 1) } else { (i - k - 1, j - k - 1) };
                    best = Side { end, score, live, errors };
                    stale = 0;
                }
                if score < best.score - DROP || stale > MAX_STALE_ROWS {
                    break;
                }
            }
            if so_far + best.score < MIN_SLIP_SCORE {
                return best;
            }
            let Some(slip) = self.slip::<ONWARD>(best.end) else { return best };
            best.end.1 = best.end.1.saturating_add_signed(slip);
            // a slip costs, so that no walk can go round in circles
            best.score -= MIN_SLIP_SCORE / 2.0;
            (score, live, errors) = (best.score, best.live, best.errors);
        }
    }

    /// The pairs of rows from between rows `i - 1` and `i` (`j - 1` and `j`) on, or back.
    #[inline(always)]
    fn pairs<const ONWARD: bool>(&self, (i, j): (usize, usize)) -> impl Iterator<Item = (Row, Row)> {
        let end = self.within.end.min(self.b.len());
        let n = match ONWARD {
            true => self.a.len().saturating_sub(i).min(end.saturating_sub(j)),
            false => i.min(j.saturating_sub(self.within.start)),
        };
        let first = |row: usize| if ONWARD { row } else { row - n };
        let (a, b) = (self.a.in_line(first(i)..first(i) + n), self.b.in_line(first(j)..first(j) + n));
        (0..n).map(move |k| if ONWARD { (a[k], b[k]) } else { (a[n - 1 - k], b[n - 1 - k]) })
    }

    /// The slip after which two stretches that part at rows `i` and `j` go on together, if there is one.
    #[inline(always)]
    fn slip<const ONWARD: bool>(&self, (i, j): (usize, usize)) -> Option<isize> {
        let score = |slip: isize| {
            let row = j.checked_add_signed(slip).filter(|row| (self.within.start..=self.within.end).contains(row))?;
            let mut pairs = self.pairs::<ONWARD>((i, row)).map(|(x, y)| x.differs(y)).peekable();
            // the very next pair has to exist, or the walk would stand still
            pairs.peek()?;
            // in a pause nothing tells a slip from a pause of another length
            let pairs = pairs.chain(iter::repeat(None)).take(SLIP_WINDOW);
            Some(pairs.map(|wrong| wrong.map_or(-PAUSE_COST, |wrong| EVEN - wrong as f32 / 32.0)).sum::<f32>())
        };
        let slips = (-MAX_SLIP_ROWS..=MAX_SLIP_ROWS).filter(|slip| *slip != 0);
        let scored = slips.filter_map(|slip| Some((slip, score(slip)?)));
        let (slip, score) = scored.max_by(|x, y| x.1.total_cmp(&y.1))?;
        (score > MIN_SLIP_SCORE).then_some(slip)
    }
}
