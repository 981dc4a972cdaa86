//! What two groups have in common, made a group of its own.
//!
//! Who is told "welcome" and "all lines are busy" with no more than a breath between, every time, seems to hear one recording,
//! until another caller hears the second one alone. Two groups that are alike over a stretch were cut differently: the stretch
//! is a recording, and what either had before or after it is another.

use std::{collections::BTreeMap, ops::Range};

use super::{
    catalogue::MIN_LIVE_ROWS,
    grouping::{Cluster, Found},
    index::{Index, Place},
    rows::Rows,
};

/// Rows of one group that have to lead to the same place in another before both are compared.
const MIN_VOTES: usize = 3;
/// Places whose diagonals differ by no more than so many rows are one.
const SLACK_ROWS: isize = 2;
/// The share of differing bits that counts neither for nor against, as where calls are aligned, and what a pause costs.
const EVEN: f32 = 0.40;
const PAUSE_COST: f32 = 0.03;
/// What a stretch has to score to be common: a second of clean sound, two of the worst.
const MIN_SCORE: f32 = 8.0;
/// What is nearer to a group's edge is its edge: 0.6 s.
const EDGE_ROWS: usize = 30;
/// A piece of a play that is shorter is none: 0.5 s.
const MIN_PIECE_ROWS: usize = 25;
/// How many groups may come of each that there was.
const MAX_GROWTH: usize = 4;

/// Parts groups of voices where others begin or end that are alike.
pub(super) fn part(sources: &[Rows], clusters: &mut Vec<Cluster>, found: &mut [Vec<Found>]) {
    let mut plays = vec![0usize; clusters.len()];
    found.iter().flatten().for_each(|f| plays[f.group] += 1);
    let mut parting = Parting { sources, clusters, index: Index::default(), gone: Vec::new() };
    parting.gone = plays.iter().zip(parting.clusters.iter()).map(|(n, c)| *n == 0 || !is_free(c)).collect();
    let mut waiting: Vec<usize> = (0..plays.len()).filter(|&g| !parting.gone[g]).collect();
    let most = MAX_GROWTH * waiting.len();
    waiting.sort_by_key(|&g| (std::cmp::Reverse(parting.clusters[g].rows.len()), g));
    // those that are held against nothing yet are the last
    let mut rounds = 0;
    while let Some(group) = waiting.pop() {
        rounds += 1;
        if rounds > most {
            break;
        }
        if let Some((other, own, theirs)) = parting.common(group) {
            waiting.extend(parting.divide((group, own), (other, theirs), found));
        } else {
            parting.insert(group);
        }
    }
    found.iter_mut().for_each(|own| own.sort_by_key(|f| (f.rows.start, f.rows.end)));
}

fn is_free(cluster: &Cluster) -> bool {
    cluster.prompt.is_none() && !cluster.is_music
}

struct Parting<'a> {
    sources: &'a [Rows],
    clusters: &'a mut Vec<Cluster>,
    index: Index,
    /// Groups that are no more, or that are let alone.
    gone: Vec<bool>,
}

impl Parting<'_> {
    fn insert(&mut self, group: usize) {
        let Cluster { source, rows, .. } = &self.clusters[group];
        rows.clone().for_each(|row| self.index.insert(group, &self.sources[*source], row));
    }

    /// The group that is most alike, and the rows of both that are, counted from where each begins.
    fn common(&self, group: usize) -> Option<(usize, Range<usize>, Range<usize>)> {
        let own = &self.clusters[group];
        let rows = &self.sources[own.source];
        let mut votes: BTreeMap<(usize, isize), usize> = BTreeMap::new();
        for row in own.rows.clone() {
            for Place { source: other, row: at } in self.index.look_up(rows, row) {
                let other = other as usize;
                if other != group && !self.gone[other] {
                    let at = at as isize - self.clusters[other].rows.start as isize;
                    *votes.entry((other, at - (row - own.rows.start) as isize)).or_default() += 1;
                }
            }
        }
        let about = |(other, ahead): (usize, isize)| -> usize {
            votes.range((other, ahead - SLACK_ROWS)..=(other, ahead + SLACK_ROWS)).map(|(_, n)| n).sum()
        };
        let places = votes.keys().copied().filter(|place| about(*place) >= MIN_VOTES);
        let stretches = places.filter_map(|(other, ahead)| {
            let (score, alike) = self.alike(group, other, ahead);
            (score >= MIN_SCORE).then_some((score, other, ahead, alike))
        });
        let (_, other, ahead, alike) = stretches.max_by(|x, y| x.0.total_cmp(&y.0))?;
        let theirs = (alike.start as isize + ahead) as usize..(alike.end as isize + ahead) as usize;
        Some((other, alike, theirs))
    }

    /// The stretch of a group that is most like `other` where that is `ahead` by so many rows, and how much speaks for it.
    fn alike(&self, group: usize, other: usize, ahead: isize) -> (f32, Range<usize>) {
        let (x, y) = (&self.clusters[group], &self.clusters[other]);
        let (a, b) = (&self.sources[x.source], &self.sources[y.source]);
        let first = (-ahead).max(0) as usize;
        let end = (y.rows.len() as isize - ahead).clamp(first as isize, x.rows.len().max(first) as isize) as usize;
        let (mut best, mut stretch) = (0.0f32, first..first);
        let (mut score, mut begin) = (0.0f32, first);
        for k in first..end {
            let (i, j) = (x.rows.start + k, (y.rows.start as isize + k as isize + ahead) as usize);
            if i >= a.len() || j >= b.len() {
                break;
            }
            score += match a.is_live(i) && b.is_live(j) {
                true => EVEN - (a.bits(i) ^ b.bits(j)).count_ones() as f32 / 32.0,
                false => -PAUSE_COST,
            };
            if score <= 0.0 {
                (score, begin) = (0.0, k + 1);
            } else if score > best {
                (best, stretch) = (score, begin..k + 1);
            }
        }
        let enough = a.live(x.rows.start + stretch.start..x.rows.start + stretch.end) >= MIN_LIVE_ROWS;
        (if enough { best } else { 0.0 }, stretch)
    }

    /// Makes the stretch that two groups have in common a group of its own, and others of what they are besides; the new ones.
    fn divide(
        &mut self,
        (x, own): (usize, Range<usize>),
        (y, theirs): (usize, Range<usize>),
        found: &mut [Vec<Found>],
    ) -> Vec<usize> {
        let (own, theirs) = (self.widened(x, own), self.widened(y, theirs));
        // of the two, the one that is heard longer stands for both
        let (of, rows) = if own.len() >= theirs.len() { (x, own.clone()) } else { (y, theirs.clone()) };
        let start = self.clusters[of].rows.start;
        let both = self.push(Cluster { rows: start + rows.start..start + rows.end, ..self.clusters[of].clone() });
        let mut made = vec![both];
        for (group, stretch) in [(x, own), (y, theirs)] {
            let whole = self.clusters[group].rows.clone();
            let mut pieces = vec![(stretch.clone(), both)];
            for rest in [0..stretch.start, stretch.end..whole.len()] {
                let rows = whole.start + rest.start..whole.start + rest.end;
                let rows = self.sources[self.clusters[group].source].trimmed(rows);
                if self.sources[self.clusters[group].source].live(rows.clone()) >= MIN_LIVE_ROWS {
                    let rest = rows.start - whole.start..rows.end - whole.start;
                    let new = self.push(Cluster { rows, ..self.clusters[group].clone() });
                    made.push(new);
                    pieces.push((rest, new));
                }
            }
            self.gone[group] = true;
            found.iter_mut().for_each(|own| replace(own, group, &pieces));
        }
        made.sort_by_key(|&g| std::cmp::Reverse(self.clusters[g].rows.len()));
        made
    }

    /// A stretch of a group, carried on to the edges that it nearly reaches.
    fn widened(&self, group: usize, stretch: Range<usize>) -> Range<usize> {
        let n = self.clusters[group].rows.len();
        let start = if stretch.start <= EDGE_ROWS { 0 } else { stretch.start };
        start..if n - stretch.end <= EDGE_ROWS { n } else { stretch.end }
    }

    fn push(&mut self, cluster: Cluster) -> usize {
        self.clusters.push(cluster);
        self.gone.push(false);
        self.clusters.len() - 1
    }
}

/// Puts plays of pieces in the place of the plays of `group`.
fn replace(own: &mut Vec<Found>, group: usize, pieces: &[(Range<usize>, usize)]) {
    let (whole, mut kept): (Vec<Found>, Vec<Found>) = own.drain(..).partition(|f| f.group == group);
    for f in whole {
        for (piece, new) in pieces {
            let first = piece.start.max(f.offset);
            let end = piece.end.min(f.offset + f.rows.len());
            if end >= first + MIN_PIECE_ROWS.min(piece.len()) {
                let rows = f.rows.start + (first - f.offset)..f.rows.start + (end - f.offset);
                kept.push(Found { group: *new, rows, offset: first - piece.start, similarity: f.similarity });
            }
        }
    }
    kept.sort_by_key(|f| (f.rows.start, f.rows.end));
    *own = kept;
}
