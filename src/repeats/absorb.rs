//! Fragments of a recording, put where they belong.
//!
//! Through a bad codec a recording is first heard in pieces, and a piece may gather plays of its own before the whole is
//! known. A group that is a piece of another is that other, if its plays go on as the other does; where they do not, it is a
//! shorter recording that sounds alike, and stays one.

use std::{collections::BTreeMap, ops::Range};

use super::{
    catalogue::MIN_LIVE_ROWS,
    complete::carried,
    grouping::{Cluster, Cuts, Found},
    index::{Index, Place},
    rows::Rows,
};

/// Rows of one recording that have to lead to the same place in another before both are compared.
const MIN_VOTES: usize = 3;
/// Places whose diagonals differ by no more than so many rows are one.
const SLACK_ROWS: isize = 3;
/// The share of bits that may differ between two plays of one recording through the worst codec.
const MAX_ERRORS: f64 = 0.38;
/// The share of the whole that a fragment's plays have to go on to, and of the plays that have to do so.
const MIN_WHOLE: f64 = 0.8;
const MIN_PLAYS: f64 = 0.6;
/// How much of a fragment may stick out of the whole: 0.4 s.
const STICKS_OUT_ROWS: usize = 20;
/// A play of which so much lies under another is a piece of it.
const COVERED: f64 = 0.6;

/// Makes fragments of messages plays of the whole.
pub(super) fn absorb(sources: &[Rows], clusters: &[Cluster], found: &mut [Vec<Found>], cuts: &[Cuts]) {
    let mut index = Index::default();
    let voices: Vec<usize> = (0..clusters.len())
        .filter(|&g| !clusters[g].is_music && found.iter().flatten().any(|f| f.group == g))
        .collect();
    for &g in &voices {
        let Cluster { source, rows, .. } = &clusters[g];
        rows.clone().for_each(|row| index.insert(g, &sources[*source], row));
    }
    // the shortest first: a fragment of a fragment goes on to the whole in two steps
    let mut order: Vec<usize> = voices.iter().copied().filter(|&g| clusters[g].prompt.is_none()).collect();
    order.sort_by_key(|&g| (clusters[g].rows.len(), g));
    for piece in order {
        let wholes = wholes(sources, clusters, &index, piece);
        let whole = wholes.into_iter().find_map(|(whole, ahead)| {
            let moved = moved(sources, clusters, found, cuts, piece, whole, ahead)?;
            Some((whole, moved))
        });
        let Some((_, moved)) = whole else { continue };
        for (own, moved) in found.iter_mut().zip(moved) {
            own.retain(|f| f.group != piece);
            own.extend(moved);
            uncover(own);
        }
    }
}

/// The groups that a group may be a piece of, and by how many rows it lies behind their beginning; the longest first.
fn wholes(sources: &[Rows], clusters: &[Cluster], index: &Index, piece: usize) -> Vec<(usize, isize)> {
    let own = &clusters[piece];
    let rows = &sources[own.source];
    let mut votes: BTreeMap<(usize, isize), usize> = BTreeMap::new();
    for row in own.rows.clone() {
        for Place { source: group, row: other } in index.look_up(rows, row) {
            let (group, other) = (group as usize, other as usize);
            if group != piece && is_whole(&clusters[group], own) {
                let ahead = (other - clusters[group].rows.start) as isize - (row - own.rows.start) as isize;
                *votes.entry((group, ahead)).or_default() += 1;
            }
        }
    }
    let about = |group: usize, ahead: isize| -> usize {
        votes.range((group, ahead - SLACK_ROWS)..=(group, ahead + SLACK_ROWS)).map(|(_, n)| n).sum()
    };
    let mut places: Vec<(usize, isize, usize)> = votes.keys().map(|&(g, ahead)| (g, ahead, about(g, ahead))).collect();
    places.retain(|p| p.2 >= MIN_VOTES && is_alike(sources, own, &clusters[p.0], p.1));
    // of each group the place with most votes
    places.sort_by_key(|&(g, ahead, votes)| {
        (std::cmp::Reverse(clusters[g].rows.len()), g, std::cmp::Reverse(votes), ahead)
    });
    places.dedup_by_key(|p| p.0);
    places.into_iter().map(|(g, ahead, _)| (g, ahead)).collect()
}

/// Whether `piece` may be a piece of `other` by its length; of two alike, the one that was given or comes first is the whole.
fn is_whole(other: &Cluster, piece: &Cluster) -> bool {
    let longer = other.rows.len().cmp(&piece.rows.len());
    other.prompt.is_some()
        || longer.then_with(|| (piece.source, piece.rows.start).cmp(&(other.source, other.rows.start))).is_gt()
}

/// Whether the rows of a piece are those of a whole from row `ahead` on.
fn is_alike(sources: &[Rows], piece: &Cluster, whole: &Cluster, ahead: isize) -> bool {
    let (a, b) = (&sources[piece.source], &sources[whole.source]);
    let sticks_out = (-ahead).max(ahead + piece.rows.len() as isize - whole.rows.len() as isize);
    if sticks_out > STICKS_OUT_ROWS as isize {
        return false;
    }
    let (mut live, mut errors) = (0usize, 0u32);
    for k in 0..piece.rows.len() {
        let (i, at) = (piece.rows.start + k, k as isize + ahead);
        let Ok(at) = usize::try_from(at) else { continue };
        let j = whole.rows.start + at;
        if j < whole.rows.end.min(b.len()) && i < a.len() && a.is_live(i) && b.is_live(j) {
            live += 1;
            errors += (a.bits(i) ^ b.bits(j)).count_ones();
        }
    }
    live >= MIN_LIVE_ROWS && f64::from(errors) <= MAX_ERRORS * (32 * live) as f64
}

/// The plays of `piece` as plays of `whole`, call by call, if most of them go on as it does.
fn moved(
    sources: &[Rows],
    clusters: &[Cluster],
    found: &[Vec<Found>],
    cuts: &[Cuts],
    piece: usize,
    whole: usize,
    ahead: isize,
) -> Option<Vec<Vec<Found>>> {
    let recording = &sources[clusters[whole].source];
    let Range { start, end } = clusters[whole].rows;
    let (mut plays, mut wholly) = (0usize, 0usize);
    let mut moved: Vec<Vec<Found>> = Vec::with_capacity(found.len());
    for ((call, own), cuts) in sources.iter().zip(found).zip(cuts) {
        let mut of_call = Vec::new();
        for f in own.iter().filter(|f| f.group == piece) {
            plays += 1;
            let offset = f.offset as isize + ahead;
            // what sticks out at the front is cut off
            let cut = (-offset).max(0) as usize;
            let (first, offset) = (f.rows.start + cut.min(f.rows.len().saturating_sub(1)), offset.max(0) as usize);
            let at = (start + offset).min(end);
            let last = (at + (f.rows.end - first)).min(end);
            let rows = first..first + (last - at).max(1);
            let key = cuts.keys.iter().copied().find(|&key| key >= rows.end).unwrap_or(call.len());
            let on = carried(call, recording, rows.end..key.max(rows.end), last..end, true);
            let back = carried(call, recording, 0..rows.start, start..at, false);
            let rows = rows.start - back..rows.end + on;
            // who broke it off, or where the recording of the call begins or ends, tells nothing
            let is_cut =
                key < rows.end + STICKS_OUT_ROWS && key < call.len() || rows.end + STICKS_OUT_ROWS >= call.len();
            let is_cut = is_cut || rows.start <= STICKS_OUT_ROWS;
            wholly += usize::from(is_cut || rows.len() as f64 >= MIN_WHOLE * (end - start) as f64);
            of_call.push(Found { group: whole, rows, offset: offset.saturating_sub(back), similarity: f.similarity });
        }
        moved.push(of_call);
    }
    (wholly as f64 >= MIN_PLAYS * plays as f64).then_some(moved)
}

/// Plays that do not overlap, in time's order: pieces of a longer one are gone, what else overlaps is cut.
fn uncover(own: &mut Vec<Found>) {
    own.sort_by_key(|f| (std::cmp::Reverse(f.rows.len()), f.rows.start));
    let mut kept: Vec<Found> = Vec::with_capacity(own.len());
    for mut play in own.drain(..) {
        let length = play.rows.len();
        for other in &kept {
            if other.rows.start <= play.rows.start && other.rows.end > play.rows.start {
                let cut = (other.rows.end - play.rows.start).min(play.rows.len());
                play.rows.start += cut;
                play.offset += cut;
            } else if other.rows.start < play.rows.end && other.rows.start > play.rows.start {
                play.rows.end = other.rows.start;
            }
        }
        if play.rows.len() as f64 > (1.0 - COVERED) * length as f64 {
            kept.push(play);
        }
    }
    kept.sort_by_key(|f| f.rows.start);
    *own = kept;
}
