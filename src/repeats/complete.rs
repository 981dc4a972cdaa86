//! Plays that were heard in part, carried on to the ends of their recording.
//!
//! A match ends where codec and noise spoil too many bits in a row, but a recording does not turn into something else in
//! mid-word: what goes on sounding where the recording sounds, and is more like it than strangers are, is more of it.

use std::ops::Range;

use super::{
    grouping::{Cluster, Cuts, Found},
    rows::Rows,
};

/// What is looked at at once: 0.4 s.
const STEP_ROWS: usize = 20;
/// The share of the recording's sounding rows that have to sound in the call as well.
const MIN_SOUNDING: f64 = 0.6;
/// The share of bits that may differ: strangers differ in 0.50, give or take 0.03 over half a second.
const MAX_ERRORS: f64 = 0.46;

/// Carries the plays of messages on; `cuts` tell where a caller broke one off.
pub(super) fn complete(sources: &[Rows], clusters: &[Cluster], found: &mut [Vec<Found>], cuts: &[Cuts]) {
    for ((call, own), cuts) in sources.iter().zip(found).zip(cuts) {
        for k in 0..own.len() {
            let cluster = &clusters[own[k].group];
            let recording = &sources[cluster.source];
            if cluster.is_music {
                continue;
            }
            let free_from = k.checked_sub(1).map_or(0, |before| own[before].rows.end);
            let free_to = own.get(k + 1).map_or(call.len(), |next| next.rows.start);
            let key = cuts.keys.iter().copied().find(|&key| key >= own[k].rows.end).unwrap_or(call.len());
            let play = &mut own[k];
            // slips may have moved the end against the beginning by a few rows; what is missing is counted from the play
            let known = cluster.rows.start + play.offset..cluster.rows.end;
            let at = known.start + play.rows.len();
            let room = free_to.min(key).saturating_sub(play.rows.end);
            let more = carried(call, recording, play.rows.end..play.rows.end + room, at..known.end.max(at), true);
            play.rows.end += more;
            let room = play.rows.start.saturating_sub(free_from);
            let before = cluster.rows.start..known.start;
            let more = carried(call, recording, play.rows.start - room..play.rows.start, before, false);
            play.rows.start -= more;
            play.offset -= more;
        }
    }
}

/// How many rows of the call, from the start of `own` on or from its end back, go on as the recording's `rows` do.
pub(super) fn carried(call: &Rows, recording: &Rows, own: Range<usize>, rows: Range<usize>, onward: bool) -> usize {
    let n = own.len().min(rows.len());
    let pair = |k: usize| if onward { (own.start + k, rows.start + k) } else { (own.end - 1 - k, rows.end - 1 - k) };
    let (mut carried, mut at, mut live, mut errors) = (0, 0, 0u32, 0u32);
    while at < n {
        let next = (at + STEP_ROWS).min(n);
        let (mut sounds, mut both) = (0, 0);
        for (i, j) in (at..next).map(pair).filter(|&(i, j)| i < call.len() && j < recording.len()) {
            sounds += u32::from(recording.is_live(j));
            if recording.is_live(j) && call.is_live(i) {
                both += 1;
                errors += (call.bits(i) ^ recording.bits(j)).count_ones();
            }
        }
        live += both;
        at = next;
        if sounds == 0 {
            continue;
        }
        let like = f64::from(errors) <= MAX_ERRORS * 32.0 * f64::from(live);
        if f64::from(both) < MIN_SOUNDING * f64::from(sounds) || !like {
            break;
        }
        carried = at;
    }
    carried
}
