//! The recordings of a line, found by listening to its calls one after the other.
//!
//! Each call is held against what is known already, then what is left of it against what was left of the calls before. What
//! is found there joins the catalogue. What is known grows with the number of recordings, not of calls, and what is left
//! over is let go of after [`MAX_LEFT_ROWS`], so that the work is linear in the length of the calls, and memory bounded.

use std::ops::Range;

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
/// Diagonals that were tried in vain and are not tried again soon.
const TRIED: usize = 16;

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

/// All recordings among the first `n_calls` of `sources`; the others are prompts, which are recordings from the start.
pub fn discover(sources: &[Rows], n_calls: usize) -> Vec<Recording> {
    let mut catalogue = Catalogue { sources, known: Index::default(), recordings: Vec::new() };
    for (source, rows) in sources.iter().enumerate().skip(n_calls) {
        catalogue.add(Recording { source, rows: rows.trimmed(0..rows.len()), is_prompt: true });
    }
    let mut left = Left::default();
    for call in 0..n_calls {
        catalogue.listen(call, &mut left);
    }
    catalogue.recordings
}

struct Catalogue<'a> {
    sources: &'a [Rows],
    /// Places are of recordings: `source` is a number in `recordings`, `row` a row of that recording's source.
    known: Index,
    recordings: Vec<Recording>,
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

/// The last diagonals that were tried in vain.
struct Tried {
    of: [(usize, isize, usize); TRIED],
    next: usize,
}

impl Tried {
    fn new() -> Self {
        Self { of: [(usize::MAX, 0, 0); TRIED], next: 0 }
    }

    fn has(&self, source: usize, diagonal: isize, row: usize) -> bool {
        self.of.iter().any(|t| t.0 == source && t.1 == diagonal && row < t.2)
    }

    fn note(&mut self, source: usize, diagonal: isize, until: usize) {
        self.of[self.next % TRIED] = (source, diagonal, until);
        self.next += 1;
    }
}

impl Catalogue<'_> {
    fn add(&mut self, recording: Recording) {
        let number = self.recordings.len();
        self.note(number, recording.source, recording.rows.clone());
        self.recordings.push(recording);
    }

    fn note(&mut self, number: usize, source: usize, rows: Range<usize>) {
        for row in rows {
            self.known.insert(number, &self.sources[source], row);
        }
    }

    fn listen(&mut self, call: usize, left: &mut Left) {
        let own = &self.sources[call];
        let mut covered = vec![false; own.len()];
        let (mut tried, mut waiting, mut i) = (Tried::new(), 0, 0);
        while i < own.len() {
            while waiting + MIN_LAG_ROWS < i {
                if !covered[waiting] {
                    left.insert(call, own, waiting);
                }
                waiting += 1;
            }
            let found = match self.known_at(call, i, &mut tried) {
                Some((number, found)) => {
                    self.grow(number, &found.b);
                    Some(found)
                }
                None => self.again_at(call, i, left, &mut tried).map(|(source, found)| {
                    self.add(Recording { source, rows: found.b.clone(), is_prompt: false });
                    found
                }),
            };
            match found {
                Some(found) => {
                    covered[found.a.clone()].fill(true);
                    i = found.a.end.max(i + 1);
                }
                None => i += 1,
            }
        }
        for row in (waiting..own.len()).filter(|&row| !covered[row]) {
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
            match found.filter(|f| f.score >= MIN_SCORE && f.live >= MIN_LIVE_ROWS) {
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
        self.recordings[number].rows = first..end;
    }
}

/// Where the recordings are played in `call`: for each play the recording's number and the match, in time's order. One
/// stretch may match several recordings.
pub fn plays_in(call: &Rows, sources: &[Rows], recordings: &[Recording], index: &Index) -> Vec<(usize, Match)> {
    let mut found: Vec<(usize, Match)> = Vec::new();
    // of each recording, diagonals that were tried, until which row, and how many beside them went with them
    let mut tried: Vec<Vec<(isize, usize, usize)>> = vec![Vec::new(); recordings.len()];
    for i in 0..call.len() {
        for Place { source: number, row } in index.look_up(call, i) {
            let (number, row) = (number as usize, row as usize);
            let diagonal = row as isize - i as isize;
            if tried[number].iter().any(|t| t.0.abs_diff(diagonal) <= t.2 && i < t.1) {
                continue;
            }
            let Recording { source, rows, is_prompt } = &recordings[number];
            let source = &sources[*source];
            let enough = if *is_prompt { MIN_NAMED_SCORE } else { MIN_SCORE };
            let is_enough = |m: &Match| m.score >= enough && m.live >= MIN_LIVE_ROWS;
            let first = align(call, source, i, row, rows);
            let until = first.as_ref().map_or(i + 1, |m| m.a.end);
            tried[number].retain(|t| t.1 > i);
            let Some(mut best) = first.filter(is_enough) else {
                tried[number].push((diagonal, until, 0));
                continue;
            };
            // the diagonals beside it are the same play, one of them heard best
            for beside in [row.wrapping_sub(2), row.wrapping_sub(1), row + 1, row + 2] {
                let other = if rows.contains(&beside) { align(call, source, i, beside, rows) } else { None };
                if let Some(other) = other.filter(|m| m.score > best.score) {
                    best = other;
                }
            }
            tried[number].push((best.diagonal(), best.a.end.max(until), BESIDE_ROWS));
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
