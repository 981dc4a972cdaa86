//! The recordings of a line, found by listening to its calls one after the other.
//!
//! Each call is held against what is known already, then what is left of it against what was left of the calls before. What
//! is found there joins the catalogue. What is known grows with the number of recordings, not of calls, and what is left
//! over is let go of after [`MAX_LEFT_ROWS`], so that the work is linear in the length of the calls, and memory bounded.

use std::{collections::BTreeMap, ops::Range};

use super::{
    align::{Match, align},
    index::{Index, Place},
    rows::Rows,
};

/// What a match has to score to be one: a second of clean sound, two of the worst.
pub const MIN_SCORE: f32 = 8.0;
/// What a named prompt has to score: it is looked for, so less is enough.
pub const MIN_NAMED_SCORE: f32 = 6.0;
/// The live rows of the shortest recording: 1 s.
pub const MIN_LIVE_ROWS: usize = 45;
/// A sound is not held against itself nearer than this: 1.6 s.
const MIN_LAG_ROWS: usize = 80;
/// The rows of sound heard once that are kept, in two halves: 5.5 hours.
const MAX_LEFT_ROWS: usize = 1 << 20;
/// Diagonals so near to a match belong to it: 0.1 s.
const BESIDE_ROWS: usize = 5;
/// Slots for diagonals that were tried in vain and are not tried again soon.
const TRIED: usize = 1 << 10;
/// How many more plays of a recording are kept beside the first: each has other bits spoilt, so that more plays are known by
/// them, but the catalogue grows with the number of recordings and not of calls.
const MAX_COPIES: usize = 2;
/// On how many diagonals of one recording a stretch of a call is looked for. Music is like itself on any number of them, and
/// all but a few tell the same; of a message that a recording holds more than once, one is enough to know the others by.
const MAX_AT_ONCE: usize = 4;

/// A stretch of a sound that is a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Which sound.
    pub source: usize,
    /// Its rows.
    pub rows: Range<usize>,
    /// Whether it is a prompt that was given: its rows are certain.
    pub is_prompt: bool,
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

/// All recordings among the first `n_calls` of `sources`; the others are prompts, which are recordings from the start.
pub fn discover(sources: &[Rows], n_calls: usize) -> Vec<Recording> {
    let mut catalogue = Catalogue {
        sources,
        covered: sources.iter().map(|rows| Covered::none_of(rows.len())).collect(),
        known: Index::default(),
        recordings: Vec::new(),
        first: Vec::new(),
        copies: Vec::new(),
    };
    for (source, rows) in sources.iter().enumerate().skip(n_calls) {
        catalogue.add(Recording { source, rows: rows.trimmed(0..rows.len()), is_prompt: true }, None);
    }
    let mut left = Left::default();
    for call in 0..n_calls {
        catalogue.listen(call, &mut left);
    }
    catalogue.recordings
}

struct Catalogue<'a> {
    sources: &'a [Rows],
    /// Of each source, which rows are known to be of which recording.
    covered: Vec<Covered>,
    /// Places are of recordings: `source` is a number in `recordings`, `row` a row of that recording's source.
    known: Index,
    recordings: Vec<Recording>,
    /// Of each recording, the first that holds the same.
    first: Vec<usize>,
    /// Of each recording that is a first, how many more hold the same.
    copies: Vec<usize>,
}

/// What is known of a source.
struct Covered {
    /// Which stretches are of which recording.
    by: Vec<(Range<usize>, usize)>,
    /// Of each row, whether any of them holds it.
    rows: Vec<bool>,
}

impl Covered {
    fn none_of(rows: usize) -> Self {
        Self { by: Vec::new(), rows: vec![false; rows] }
    }

    fn cover(&mut self, rows: Range<usize>, number: usize) {
        self.rows[rows.clone()].fill(true);
        self.by.push((rows, number));
    }
}

/// What was heard once.
#[derive(Default)]
struct Left {
    now: Index,
    before: Index,
}

impl Left {
    fn insert(&mut self, source: usize, rows: &Rows, row: usize) {
        self.now.insert(source, rows, row);
        if self.now.rows() > MAX_LEFT_ROWS / 2 {
            self.before = std::mem::take(&mut self.now);
        }
    }
}

/// Diagonals that were tried in vain: a table in which the later take the slots of the earlier.
struct Tried {
    of: Vec<(usize, isize, usize)>,
}

impl Tried {
    fn new() -> Self {
        Self { of: vec![(usize::MAX, 0, 0); TRIED] }
    }

    fn slot(source: usize, diagonal: isize) -> usize {
        (source.wrapping_mul(0x9e37) ^ diagonal as usize) % TRIED
    }

    fn has(&self, source: usize, diagonal: isize, row: usize) -> bool {
        let t = self.of[Self::slot(source, diagonal)];
        t.0 == source && t.1 == diagonal && row < t.2
    }

    fn note(&mut self, source: usize, diagonal: isize, until: usize) {
        self.of[Self::slot(source, diagonal)] = (source, diagonal, until);
    }
}

impl Catalogue<'_> {
    /// Adds a recording; `first` is the one that holds the same already. Gives its number.
    fn add(&mut self, recording: Recording, first: Option<usize>) -> usize {
        let number = self.recordings.len();
        let first = first.unwrap_or(number);
        self.first.push(first);
        self.copies.push(0);
        self.copies[first] += usize::from(first != number);
        self.note(number, recording.source, recording.rows.clone());
        self.covered[recording.source].cover(recording.rows.clone(), number);
        self.recordings.push(recording);
        number
    }

    fn note(&mut self, number: usize, source: usize, rows: Range<usize>) {
        for row in rows {
            self.known.insert(number, &self.sources[source], row);
        }
    }

    fn listen(&mut self, call: usize, left: &mut Left) {
        let own = &self.sources[call];
        let (mut tried, mut waiting, mut i) = (Tried::new(), 0, 0);
        while i < own.len() {
            while waiting + MIN_LAG_ROWS < i {
                if !self.covered[call].rows[waiting] {
                    left.insert(call, own, waiting);
                }
                waiting += 1;
            }
            let found = match self.known_at(call, i, &mut tried) {
                Some((number, found)) => {
                    self.grow(number, &found.b);
                    Some((number, found))
                }
                None => self.again_at(call, i, left, &mut tried).map(|(source, found)| {
                    let first = self.holds(call, source, &found);
                    let recording = Recording { source, rows: found.b.clone(), is_prompt: false };
                    (self.add(recording, first), found)
                }),
            };
            match found {
                Some((number, found)) => {
                    self.covered[call].cover(found.a.clone(), number);
                    i = found.a.end.max(i + 1);
                }
                None => i += 1,
            }
        }
        for row in (waiting..own.len()).filter(|&row| !self.covered[call].rows[row]) {
            left.insert(call, own, row);
        }
    }

    /// The best match of row `i` of `call` with a recording that is known.
    fn known_at(&self, call: usize, i: usize, tried: &mut Tried) -> Option<(usize, Match)> {
        let own = &self.sources[call];
        let mut best: Option<(usize, Match)> = None;
        for Place { source: number, row } in self.known.look_up(own, i) {
            let (number, row) = (number as usize, row as usize);
            let recording = &self.recordings[number];
            let source = recording.source;
            let key = (self.sources.len() + number, row as isize - i as isize);
            if source == call && row.abs_diff(i) < MIN_LAG_ROWS || tried.has(key.0, key.1, i) {
                continue;
            }
            // a call's recording may turn out to be longer than it was heard so far, a prompt that was given never
            let within = if recording.is_prompt { recording.rows.clone() } else { 0..self.sources[source].len() };
            let found = align(own, &self.sources[source], i, row, &within);
            let until = found.as_ref().map_or(i + 1, |f| f.a.end);
            let enough = if recording.is_prompt { MIN_NAMED_SCORE } else { MIN_SCORE };
            let touches = |f: &Match| f.b.start < recording.rows.end && f.b.end > recording.rows.start;
            match found.filter(|f| f.score >= enough && f.live >= MIN_LIVE_ROWS && touches(f)) {
                Some(f) if best.as_ref().is_none_or(|b| f.score > b.1.score) => best = Some((number, f)),
                Some(_) => {}
                None => tried.note(key.0, key.1, until),
            }
        }
        best
    }

    /// The recording that holds a match already, the first of its copies; `None` where enough of the match is new on either
    /// side: the edge of what is known is no recording of its own.
    fn holds(&self, call: usize, source: usize, found: &Match) -> Option<usize> {
        let holder = |source: usize, rows: &Range<usize>| {
            let own = &self.sources[source];
            let covered = &self.covered[source];
            let new = rows.clone().filter(|&row| own.is_live(row) && !covered.rows[row]).count();
            let most = covered.by.iter().rev().max_by_key(|(covered, _)| overlap(covered, rows));
            most.filter(|_| new < MIN_LIVE_ROWS).map(|(_, number)| self.first[*number])
        };
        holder(call, &found.a).or_else(|| holder(source, &found.b))
    }

    /// Whether a match is worth a recording of its own.
    fn is_new(&self, call: usize, source: usize, found: &Match) -> bool {
        self.holds(call, source, found).is_none_or(|first| self.copies[first] < MAX_COPIES)
    }

    /// The best match of row `i` of `call` with what was heard once before.
    fn again_at(&self, call: usize, i: usize, left: &Left, tried: &mut Tried) -> Option<(usize, Match)> {
        let own = &self.sources[call];
        let mut best: Option<(usize, Match)> = None;
        for Place { source, row } in left.now.look_up(own, i).chain(left.before.look_up(own, i)) {
            let (source, row) = (source as usize, row as usize);
            let diagonal = row as isize - i as isize;
            if tried.has(source, diagonal, i) {
                continue;
            }
            let other = &self.sources[source];
            let found = align(own, other, i, row, &(0..other.len()));
            let until = found.as_ref().map_or(i + 1, |f| f.a.end);
            match found.filter(|f| f.score >= MIN_SCORE && f.live >= MIN_LIVE_ROWS && self.is_new(call, source, f)) {
                Some(f) if best.as_ref().is_none_or(|b| f.score > b.1.score) => best = Some((source, f)),
                Some(_) => {}
                None => tried.note(source, diagonal, until),
            }
        }
        best
    }

    /// Takes in what more of a recording was heard.
    fn grow(&mut self, number: usize, heard: &Range<usize>) {
        let Recording { source, rows, is_prompt } = self.recordings[number].clone();
        if is_prompt {
            return;
        }
        let (first, end) = (rows.start.min(heard.start), rows.end.max(heard.end));
        self.note(number, source, first..rows.start);
        self.note(number, source, rows.end..end);
        self.covered[source].cover(first..end, number);
        self.recordings[number].rows = first..end;
    }
}

/// A diagonal of a call and a recording that was tried.
struct Diagonal {
    /// Row of the recording less row of the call.
    at: isize,
    /// Until which row of the call.
    until: usize,
    /// How many diagonals on either side went with it.
    beside: usize,
    /// Whether it is a play.
    is_play: bool,
}

/// The diagonals of a call and one recording that were tried.
#[derive(Default)]
struct Diagonals {
    open: Vec<Diagonal>,
    /// Up to this row of the call the recording was found on [`MAX_AT_ONCE`] diagonals.
    enough_until: usize,
}

impl Diagonals {
    fn has(&self, at: isize, row: usize) -> bool {
        self.open.iter().any(|t| row < t.until && t.at.abs_diff(at) <= t.beside)
    }

    /// Notes a diagonal tried at `row`, and forgets those that are over.
    fn note(&mut self, diagonal: Diagonal, row: usize) {
        self.open.retain(|t| t.until > row);
        self.open.push(diagonal);
        let mut plays: Vec<usize> = self.open.iter().filter(|t| t.is_play).map(|t| t.until).collect();
        if plays.len() >= MAX_AT_ONCE {
            plays.sort_unstable();
            self.enough_until = plays[plays.len() - MAX_AT_ONCE];
        }
    }
}

/// Where the recordings are played in `call`: for each play the recording's number and the match, in time's order. One
/// stretch may match several recordings.
pub fn plays_in(call: &Rows, sources: &[Rows], recordings: &[Recording], index: &Index) -> Vec<(usize, Match)> {
    let mut found: Vec<(usize, Match)> = Vec::new();
    let mut tried: BTreeMap<usize, Diagonals> = BTreeMap::new();
    for i in 0..call.len() {
        for Place { source: number, row } in index.look_up(call, i) {
            let (number, row) = (number as usize, row as usize);
            let at = row as isize - i as isize;
            let tried = tried.entry(number).or_default();
            if i < tried.enough_until || tried.has(at, i) {
                continue;
            }
            let Recording { source, rows, is_prompt } = &recordings[number];
            let source = &sources[*source];
            let enough = if *is_prompt { MIN_NAMED_SCORE } else { MIN_SCORE };
            let is_enough = |m: &Match| m.score >= enough && m.live >= MIN_LIVE_ROWS;
            let first = align(call, source, i, row, rows);
            let until = first.as_ref().map_or(i + 1, |m| m.a.end);
            let Some(mut best) = first.filter(is_enough) else {
                tried.note(Diagonal { at, until, beside: 0, is_play: false }, i);
                continue;
            };
            // the diagonals beside it are the same play, one of them heard best
            for beside in [row.wrapping_sub(2), row.wrapping_sub(1), row + 1, row + 2] {
                let other = if rows.contains(&beside) { align(call, source, i, beside, rows) } else { None };
                if let Some(other) = other.filter(|m| m.score > best.score) {
                    best = other;
                }
            }
            let until = best.a.end.max(until);
            tried.note(Diagonal { at: best.diagonal(), until, beside: BESIDE_ROWS, is_play: true }, i);
            found.push((number, best));
        }
    }
    found.sort_by_key(|(number, m)| (m.a.start, m.a.end, *number));
    found
}

/// The index of all recordings, for [`plays_in`].
pub fn index(sources: &[Rows], recordings: &[Recording]) -> Index {
    let mut index = Index::default();
    for (number, recording) in recordings.iter().enumerate() {
        for row in recording.rows.clone() {
            index.insert(number, &sources[recording.source], row);
        }
    }
    index
}
