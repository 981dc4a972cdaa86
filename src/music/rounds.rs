//! The loop of hold music: how long it is until the same comes round again, and what a message does to it.
//!
//! # How it works
//! Music that comes round is, one loop later, like itself in all bands; music that only keeps its beat is not. The mean
//! distance in level (dB, a band, 40 ms steps) between the music and itself some lag later is held against that of lags
//! taken blindly: 1 minus their ratio is the agreement. The lag of the best agreement is the loop or a multiple of it; its
//! shortest whole part that agrees as well is the loop. A message between two stretches may let the music go on unheard,
//! halt it, or make it start anew: the lag is looked for within each stretch, by the clock of the call, and by a clock that
//! stands still between the stretches, and the clock that fits all of them is told.
//! # Limits
//! A loop is found where a quarter of it was heard a second time. Where a message halts the music, what is lost of it at
//! either edge of a stretch is missing from the length of a loop that no single stretch holds.

use crate::{
    frames::TIMBRE_BANDS,
    heard::{Levels, Timbre},
    units::Seconds,
};

/// Seconds from row to row.
const ROW_S: Seconds = Levels::STEP_S;
/// The shortest loop that is looked for, in rows: 1.2 s; what comes round faster is a beat.
const MIN_LAG: usize = 30;
/// The longest, in rows: 180 s.
const MAX_LAG: usize = 4_500;
/// So much music is looked at, in rows: 10 minutes; a loop that did not come round by then is none to its caller.
const MAX_ROWS: usize = 15_000;
/// So many rows are compared at each lag; of more music every second, third ... row.
const COMPARED_ROWS: usize = 2_000;
/// How far below the loud parts of the music levels are still compared: below lies the line's noise.
const RANGE_DB: i32 = 35;
/// From this agreement on the music is the same, if no other lag does nearly as well. On 130 composed loops of synthetic
/// tunes and real music through six codecs true loops agree by 0.52 to 0.99, the
/// beat of music without a loop by up to 0.55.
const SAME: f64 = 0.56;
/// From here on it is the same whatever other lags do: a tune of three notes is like itself at many lags.
const SURELY_SAME: f64 = 0.78;
/// How far the agreement at the loop lies above that at lags that are no multiple of it.
const CLEARLY: f64 = 0.1;
/// A whole part of a lag agrees as well if it agrees by no less than this below.
const PART_MARGIN: f64 = 0.25;
/// How much must be heard a second time, in rows: 3 s, or three quarters of a shorter loop, or a quarter of a longer one.
const MIN_OVERLAP: usize = 75;
/// How far the edges of a stretch may be off, in rows: 0.24 s.
const EDGE_ROWS: i32 = 6;
/// Stretches shorter than this, in rows, tell nothing about what a message did: 2 s.
const MIN_ALIGNED: usize = 50;
/// Rows of a stretch that are aligned: 1 minute.
const MAX_ALIGNED: usize = 1_500;
/// Stretches that are aligned with each other.
const MAX_STRETCHES: usize = 12;

/// What music does while a message interrupts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// It goes on unheard.
    GoesOn,
    /// It halts, and goes on where it was.
    Halts,
    /// It starts anew.
    StartsAnew,
}

/// How music comes round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rounds {
    /// How long the loop is; `None` where it only starts anew, so that its end was never heard.
    pub loop_s: Option<Seconds>,
    /// How well the music agrees with itself one loop later: 0 = no better than at any lag, 1 = the same.
    pub agreement: f64,
    /// How much music was heard a second time to tell so.
    pub overlap_s: Seconds,
    /// What messages do to it; `None` where nothing interrupted it, or it cannot be told.
    pub between: Option<Between>,
}

/// The first row of a stretch of music and the one after its last.
pub type Stretch = (usize, usize);

/// The loop of the music in `stretches` (rows of `timbre`, in time's order, not overlapping), as far as it came round, and
/// what messages do to it; `None` where nothing comes again.
pub fn rounds(timbre: &Timbre, stretches: &[Stretch]) -> Option<Rounds> {
    let rows = timbre.rows().len();
    let stretches: Vec<Stretch> =
        stretches.iter().map(|s| (s.0.min(rows), s.1.min(rows))).filter(|s| s.0 < s.1).collect();
    let print = Print::new(timbre, &stretches);
    let chance = print.chance()?;
    let lags = print.lags();
    let within = best(&print, &lags, chance, true);
    if stretches.len() == 1 {
        return within.map(|found| found.rounds(None));
    }
    if print.between(&stretches, None, chance) == Some(Between::StartsAnew) && within.is_none() {
        return Some(Rounds { loop_s: None, agreement: 0.0, overlap_s: 0.0, between: Some(Between::StartsAnew) });
    }
    let settled = |found: Found, between: Between| {
        let all = print.all_aligned(&stretches, found.lag, between);
        (score(all.agreement(chance), all.rows), found, between)
    };
    let goes_on = best(&print, &lags, chance, false).map(|found| settled(found, Between::GoesOn));
    let halted = print.halted();
    let halts = best(&halted, &halted.lags(), chance, false).map(|found| settled(found, Between::Halts));
    let across = match (goes_on, halts) {
        // a message that always lasts as long makes both clocks fit, with loops of different lengths
        (Some(a), Some(b)) if (a.0 - b.0).abs() < CLEARLY && (a.1.lag - b.1.lag).abs() > f64::from(EDGE_ROWS) => None,
        (a, b) => a.into_iter().chain(b).max_by(|a, b| a.0.total_cmp(&b.0)),
    };
    let across = across.filter(|(score, ..)| *score >= SAME - CLEARLY);
    match (within, across) {
        (Some(within), Some((_, across, between))) if across.score() > within.score() + CLEARLY => {
            Some(across.rounds(Some(between)))
        }
        (Some(within), _) => Some(within.rounds(print.between(&stretches, Some(within.lag), chance))),
        (None, Some((_, across, between))) => Some(across.rounds(Some(between))),
        (None, None) => None,
    }
}

/// A lag at which music agrees with itself.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// The loop, in rows.
    lag: f64,
    agreement: f64,
    /// How many rows were compared.
    rows: usize,
}

impl Found {
    fn rounds(self, between: Option<Between>) -> Rounds {
        let overlap_s = self.rows as Seconds * ROW_S;
        Rounds { loop_s: Some(self.lag * ROW_S), agreement: self.agreement, overlap_s, between }
    }

    fn score(self) -> f64 {
        score(self.agreement, self.rows)
    }
}

/// What an agreement is worth: by little music it is easily had by chance.
fn score(agreement: f64, rows: usize) -> f64 {
    agreement - 1.5 / (rows.max(1) as f64).sqrt()
}

/// The loop by one clock, from what the music is apart at each lag: within its stretches alone, or across them too.
fn best(print: &Print, lags: &[Apart], chance: f64, within: bool) -> Option<Found> {
    let end = lags.len();
    let agreement = |lag: usize| {
        let apart = lags.get(lag).map(|apart| apart.told(within)).filter(|d| d.is_enough(lag));
        apart.map_or(f64::NEG_INFINITY, |d| d.agreement(chance))
    };
    let rows = |lag: usize| lags[lag].told(within).rows;
    let scored = |lag: usize| score(agreement(lag), rows(lag));
    let top = (MIN_LAG..end).max_by(|&a, &b| scored(a).total_cmp(&scored(b)).then(b.cmp(&a)))?;
    let best = agreement(top);
    if best < SAME {
        return None;
    }
    let at_best = top as f64 + beyond(agreement(top - 1), best, agreement(top + 1));
    let agrees = |part: f64| print.distance(part, within).agreement(chance) >= (best - PART_MARGIN).max(SAME);
    let part = (2..=top / MIN_LAG).rev().find(|&k| agrees(at_best / k as f64)).unwrap_or(1);
    let lag = at_best / part as f64;
    let is_multiple = |other: usize| (other as f64 / lag - (other as f64 / lag).round()).abs() * lag <= 4.0;
    let rival = (MIN_LAG..end).filter(|&l| !is_multiple(l)).map(agreement).fold(f64::NEG_INFINITY, f64::max);
    let stands_out = best >= SURELY_SAME || best >= rival + CLEARLY;
    stands_out.then_some(Found { lag, agreement: best, rows: rows(top) })
}

/// How far from the middle the top of the parabola through three values one step apart lies, in steps.
fn beyond(before: f64, at: f64, after: f64) -> f64 {
    let bend = before - 2.0 * at + after;
    if bend.is_finite() && bend < 0.0 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 }
}

type Row = [u8; TIMBRE_BANDS];

/// The rows of music, in dB above what is compared.
struct Print {
    rows: Vec<Row>,
    /// The stretches that are looked at, in time's order; what lies between them is no music.
    music: Vec<Stretch>,
    /// Every how many rows one is compared.
    step: usize,
    /// The rows once more, row `i` as number `i / step` of `turned[i % step]`: compared rows lie in line, whatever the lag.
    turned: Vec<Vec<Row>>,
}

impl Print {
    fn new(timbre: &Timbre, stretches: &[Stretch]) -> Self {
        let all = timbre.rows();
        let mut left = MAX_ROWS;
        let mut music = Vec::with_capacity(stretches.len());
        for &(first, end) in stretches {
            let end = end.min(first + left);
            music.push((first, end));
            left -= end - first;
        }
        let mut levels: Vec<i8> = music.iter().flat_map(|&(first, end)| &all[first..end]).flatten().copied().collect();
        let at = levels.len() * 19 / 20;
        let loud = if levels.is_empty() { 0 } else { i32::from(*levels.select_nth_unstable(at).1) };
        let floored = |level: i8| (i32::from(level) - (loud - RANGE_DB)).clamp(0, 2 * RANGE_DB) as u8;
        let step = (levels.len() / TIMBRE_BANDS / COMPARED_ROWS).max(1);
        Self::of(all.iter().map(|row| row.map(floored)).collect(), music, step)
    }

    fn of(rows: Vec<Row>, music: Vec<Stretch>, step: usize) -> Self {
        let turned = (0..step).map(|phase| rows.iter().skip(phase).step_by(step).copied().collect()).collect();
        Self { rows, music, step, turned }
    }

    /// The music alone, without what lies between.
    fn halted(&self) -> Self {
        let rows: Vec<Row> = self.music.iter().flat_map(|&(first, end)| &self.rows[first..end]).copied().collect();
        let mut before = 0;
        let moved = |&(first, end): &Stretch| {
            let start = before;
            before += end - first;
            (start, before)
        };
        let music = self.music.iter().map(moved).collect();
        Self::of(rows, music, self.step)
    }

    /// The rows that are music `lag` rows later too, stretch by stretch, and whether they are in the same stretch then.
    fn overlaps(&self, lag: usize) -> impl Iterator<Item = (Stretch, bool)> + '_ {
        self.music.iter().enumerate().flat_map(move |(i, a)| {
            let reached = self.music.iter().enumerate().skip(i).take_while(move |(_, b)| b.0 < a.1 + lag);
            let both = reached.map(move |(j, b)| {
                let first = a.0.max(b.0.saturating_sub(lag));
                ((first, a.1.min(b.1.saturating_sub(lag))), i == j)
            });
            both.filter(|((first, end), _)| first < end)
        })
    }

    /// How far the music is from itself at each whole lag that is looked for.
    fn lags(&self) -> Vec<Apart> {
        pulp::Arch::new().dispatch(Lags(self))
    }

    /// How far the music is from itself `lag` rows later.
    #[inline(always)]
    fn apart(&self, lag: usize) -> Apart {
        let (now, later, ahead) = (&self.turned[0], &self.turned[lag % self.step], lag / self.step);
        let mut apart = Apart::default();
        for ((first, end), is_within) in self.overlaps(lag) {
            let (first, end) = (first.div_ceil(self.step), end.div_ceil(self.step));
            let distance = Distance::of(&now[first..end], &later[first + ahead..end + ahead], self.step);
            let side = if is_within { &mut apart.within } else { &mut apart.across };
            side.join(distance);
        }
        apart
    }

    /// How far the music is from itself `lag` rows later, a lag between two rows from the mean of both.
    fn distance(&self, lag: f64, within: bool) -> Distance {
        let (whole, rest) = (lag.floor() as usize, lag.fract());
        if !(0.25..0.75).contains(&rest) {
            return self.apart(whole + usize::from(rest >= 0.75)).told(within);
        }
        let mut sum = Distance::default();
        for ((first, end), _) in self.overlaps(whole).filter(|(_, is_within)| *is_within || !within) {
            let end = end.min(self.rows.len() - whole - 1);
            for i in (first.next_multiple_of(self.step)..end).step_by(self.step) {
                let later = mean(&self.rows[i + whole], &self.rows[i + whole + 1]);
                sum.join(Distance::of(&[self.rows[i]], &[later], self.step));
            }
        }
        sum
    }

    /// How far the music is from itself at lags taken blindly, in dB a band; at least what codecs make of the same music.
    fn chance(&self) -> Option<f64> {
        const LAGS: [usize; 8] = [37, 61, 97, 151, 211, 283, 367, 457];
        const LEAST_DB: f64 = 0.5;
        let music: Vec<Row> = self.music.iter().flat_map(|&(first, end)| &self.rows[first..end]).copied().collect();
        let every = |rows: &[Row]| -> Vec<Row> { rows.iter().step_by(self.step).copied().collect() };
        let mean =
            |&lag: &usize| Distance::of(&every(&music[..music.len() - lag]), &every(&music[lag..]), self.step).mean();
        let mut means: Vec<f64> = LAGS.iter().filter(|&&lag| lag * 3 / 2 < music.len()).map(mean).collect();
        means.sort_by(f64::total_cmp);
        means.get(means.len() / 2).map(|m| m.max(LEAST_DB))
    }

    /// What messages do to the music of `lag` rows, by where in it each stretch begins; without a lag only whether the
    /// stretches begin alike.
    fn between(&self, stretches: &[Stretch], lag: Option<f64>, chance: f64) -> Option<Between> {
        let longest = *stretches.iter().max_by_key(|s| s.1 - s.0)?;
        let mut judged: Vec<(f64, Between)> = vec![];
        for kind in [Between::GoesOn, Between::Halts, Between::StartsAnew] {
            let mut sum = Distance::default();
            for &b in stretches.iter().filter(|&&s| s != longest).take(MAX_STRETCHES) {
                sum.join(self.aligned(longest, b, clock(stretches, longest, b, kind), lag));
            }
            if sum.rows >= MIN_ALIGNED {
                judged.push((sum.agreement(chance), kind));
            }
        }
        judged.sort_by(|a, b| b.0.total_cmp(&a.0));
        let rival = judged.get(1).map_or(f64::NEG_INFINITY, |r| r.0);
        judged.first().filter(|j| j.0 >= SAME && j.0 > rival + CLEARLY).map(|j| j.1)
    }

    /// How far all stretches are from each other if they are parts of one loop by that clock.
    fn all_aligned(&self, stretches: &[Stretch], lag: f64, kind: Between) -> Distance {
        let some = &stretches[..stretches.len().min(MAX_STRETCHES)];
        let mut sum = Distance::default();
        for (i, &b) in some.iter().enumerate() {
            for &a in &some[..i] {
                sum.join(self.aligned(a, b, clock(stretches, a, b, kind), Some(lag)));
            }
        }
        sum
    }

    /// How far stretch `b` is from what comes `shift` rows into stretch `a`, which comes round every `lag` rows; the edges of
    /// both being what they are, the best of the shifts about it.
    fn aligned(&self, a: Stretch, b: Stretch, shift: f64, lag: Option<f64>) -> Distance {
        if b.1 - b.0 < MIN_ALIGNED {
            return Distance::default();
        }
        let tried = (-EDGE_ROWS..=EDGE_ROWS).map(|edge| self.laid_over(a, b, shift + f64::from(edge), lag));
        tried.filter(|d| d.rows >= MIN_ALIGNED).min_by(|x, y| x.mean().total_cmp(&y.mean())).unwrap_or_default()
    }

    /// How far stretch `b` is from what comes `shift` rows into stretch `a`, round by round.
    fn laid_over(&self, a: Stretch, b: Stretch, shift: f64, lag: Option<f64>) -> Distance {
        let n = (b.1 - b.0).min(MAX_ALIGNED);
        let (mut sum, mut done) = (Distance::default(), 0);
        while done < n {
            let at = shift + done as f64;
            let at = lag.map_or(at, |lag| at.rem_euclid(lag));
            let rows = lag.map_or(n, |lag| (lag - at).ceil().max(1.0) as usize).min(n - done);
            // what comes before stretch a begins or after it ends meets nothing
            let first = at.round() as isize;
            let before = first.min(0).unsigned_abs().min(rows);
            let own = (a.0.saturating_add_signed(first)).max(a.0).min(a.1);
            let met = (rows - before).min(a.1 - own);
            let other = b.0 + done + before;
            sum.join(Distance::of(&self.rows[own..own + met], &self.rows[other..other + met], 1));
            done += rows;
        }
        sum
    }
}

/// How many rows of music lie between the starts of two stretches, by that clock.
fn clock(stretches: &[Stretch], a: Stretch, b: Stretch, kind: Between) -> f64 {
    let music_before = |at: usize| stretches.iter().map(|s| s.1.min(at) - s.0.min(at)).sum::<usize>() as f64;
    match kind {
        Between::GoesOn => b.0 as f64 - a.0 as f64,
        Between::Halts => music_before(b.0) - music_before(a.0),
        Between::StartsAnew => 0.0,
    }
}

fn mean(a: &Row, b: &Row) -> Row {
    std::array::from_fn(|band| a[band].midpoint(b[band]))
}

/// How far music is from itself at one lag.
#[derive(Clone, Copy, Debug, Default)]
struct Apart {
    /// Where both lie in one stretch.
    within: Distance,
    /// Where they lie in two.
    across: Distance,
}

impl Apart {
    /// Within stretches alone, or over all of them.
    fn told(self, within: bool) -> Distance {
        let mut told = self.within;
        if !within {
            told.join(self.across);
        }
        told
    }
}

/// A sum of distances between rows.
#[derive(Clone, Copy, Debug, Default)]
struct Distance {
    rows: usize,
    /// Whole dB, so that rows may be added in any order, several at a time.
    sum: u64,
}

impl Distance {
    /// Between rows side by side, each of which stands for `weight` rows.
    #[inline(always)]
    fn of(a: &[Row], b: &[Row], weight: usize) -> Self {
        let mut apart = 0;
        for (a, b) in a.as_flattened().iter().zip(b.as_flattened()) {
            apart += u32::from(a.abs_diff(*b));
        }
        Self { rows: a.len() * weight, sum: u64::from(apart) * weight as u64 }
    }

    fn join(&mut self, other: Self) {
        self.rows += other.rows;
        self.sum += other.sum;
    }

    /// In dB a band.
    fn mean(self) -> f64 {
        self.sum as f64 / (self.rows * TIMBRE_BANDS).max(1) as f64
    }

    fn agreement(self, chance: f64) -> f64 {
        1.0 - self.mean() / chance
    }

    fn is_enough(self, lag: usize) -> bool {
        self.rows >= MIN_OVERLAP.min(lag * 3 / 4).max(lag / 4)
    }
}

/// What music is apart at each lag, with the widest instructions that there are.
struct Lags<'a>(&'a Print);

impl pulp::WithSimd for Lags<'_> {
    type Output = Vec<Apart>;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Vec<Apart> {
        let mut lags = vec![Apart::default(); MAX_LAG.min(self.0.rows.len())];
        for (lag, apart) in lags.iter_mut().enumerate().skip(MIN_LAG) {
            *apart = self.0.apart(lag);
        }
        lags
    }
}
