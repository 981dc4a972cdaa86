//! Two stretches held against each other row by row, from one place that looks alike.
//!
//! A local alignment: each pair of rows scores [`EVEN`] less the share of its bits that differ, and the stretch with the
//! highest sum is the match (Smith and Waterman 1981, "Identification of common molecular subsequences", J. Mol. Biol.
//! 147; without gaps but for slips). Where recordings part the score falls, so the ends of a match are its edges.

use std::ops::Range;

use super::rows::Rows;

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
    if !looks_alike(a, b, i, j, within) {
        return None;
    }
    let onward = Side::walk(a, b, (i, j), 1, within, 0.0);
    let back = Side::walk(a, b, (i, j), -1, within, onward.score);
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

fn looks_alike(a: &Rows, b: &Rows, i: usize, j: usize, within: &Range<usize>) -> bool {
    let back = GLANCE_ROWS.min(i).min(j.saturating_sub(within.start));
    let on = GLANCE_ROWS.min(a.len() - i).min(within.end.saturating_sub(j));
    let (mut errors, mut rows) = (0, 0);
    for k in (0..back + on).step_by(2) {
        errors += (a.bits(i - back + k) ^ b.bits(j - back + k)).count_ones();
        rows += 1;
    }
    rows > 3 && errors as f32 <= GLANCE_ERRORS * (32 * rows) as f32
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

impl Side {
    /// Walks from between rows `i - 1` and `i` (`j - 1` and `j`) on (`step` 1) or back (`step` -1). `so_far` speaks for the
    /// match already: a slip is looked for only where as much speaks for what is before it as has to for what is after.
    fn walk(a: &Rows, b: &Rows, from: (usize, usize), step: isize, within: &Range<usize>, so_far: f32) -> Self {
        let mut best = Self { end: from, score: 0.0, live: 0, errors: 0 };
        let (mut i, mut j) = from;
        let (mut score, mut live, mut errors, mut stale) = (0.0f32, 0, 0, 0);
        loop {
            for k in 0..room(a, b, (i, j), step, within) {
                #[cfg(test)]
                COMPARED.set(COMPARED.get() + 1);
                let (x, y) = if step > 0 { (i + k, j + k) } else { (i - 1 - k, j - 1 - k) };
                if a.is_live(x) && b.is_live(y) {
                    let wrong = (a.bits(x) ^ b.bits(y)).count_ones();
                    score += EVEN - wrong as f32 / 32.0;
                    live += 1;
                    errors += wrong;
                } else {
                    score -= PAUSE_COST;
                }
                stale += 1;
                if score > best.score {
                    let end = if step > 0 { (x + 1, y + 1) } else { (x, y) };
                    best = Self { end, score, live, errors };
                    stale = 0;
                }
                if score < best.score - DROP || stale > MAX_STALE_ROWS {
                    break;
                }
            }
            if so_far + best.score < MIN_SLIP_SCORE {
                return best;
            }
            let Some(slip) = slip(a, b, &best, step, within) else { return best };
            (i, j) = (best.end.0, best.end.1.saturating_add_signed(slip));
            (live, errors, stale) = (best.live, best.errors, 0);
            best.end.1 = j;
            // a slip costs, so that no walk can go round in circles
            score = best.score - MIN_SLIP_SCORE / 2.0;
            best.score = score;
        }
    }
}

/// How many pairs of rows there are from between rows `i - 1` and `i` (`j - 1` and `j`) on, or back.
fn room(a: &Rows, b: &Rows, (i, j): (usize, usize), step: isize, within: &Range<usize>) -> usize {
    match step {
        1 => a.len().saturating_sub(i).min(within.end.min(b.len()).saturating_sub(j)),
        _ => i.min(j.saturating_sub(within.start)),
    }
}

/// Differing bits of a pair of rows; `Some(None)` where either is a pause, `None` where either does not exist.
fn pair(a: &Rows, b: &Rows, i: isize, j: isize, within: &Range<usize>) -> Option<Option<u32>> {
    let (i, j) = (usize::try_from(i).ok()?, usize::try_from(j).ok()?);
    if i >= a.len() || !within.contains(&j) {
        return None;
    }
    Some((a.is_live(i) && b.is_live(j)).then(|| (a.bits(i) ^ b.bits(j)).count_ones()))
}

/// The slip after which two stretches that part at `best` go on together, if there is one.
fn slip(a: &Rows, b: &Rows, best: &Side, step: isize, within: &Range<usize>) -> Option<isize> {
    let (i, j) = (best.end.0 as isize, best.end.1 as isize);
    let score = |slip: isize| -> f32 {
        let at = |k: usize| if step > 0 { k as isize } else { -1 - k as isize };
        let pairs = (0..SLIP_WINDOW).map(|k| pair(a, b, i + at(k), j + slip + at(k), within));
        // in a pause nothing tells a slip from a pause of another length
        pairs.map(|p| p.flatten().map_or(-PAUSE_COST, |wrong| EVEN - wrong as f32 / 32.0)).sum()
    };
    // the very next pair has to exist, or the walk would stand still
    let next = if step > 0 { 0 } else { -1 };
    let exists = |slip: &isize| *slip != 0 && pair(a, b, i + next, j + slip + next, within).is_some();
    let slips = (-MAX_SLIP_ROWS..=MAX_SLIP_ROWS).filter(exists);
    let (slip, score) = slips.map(|s| (s, score(s))).max_by(|x, y| x.1.total_cmp(&y.1))?;
    (score > MIN_SLIP_SCORE).then_some(slip)
}
