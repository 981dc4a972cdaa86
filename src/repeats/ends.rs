//! Plays of given recordings, carried on to where their files begin and end.
//!
//! What is looked for in a call is what stands out from noise: a soft first or last word, or one that ends in the sound of its
//! room, is no part of it. The company's own file, in which there is no noise, tells how much more of the recording there is,
//! and a caller hears all of it unless he cuts it short.
//!
//! On 624 composed calls of voices that no training had heard, two thirds of what was taken for silence in messages are found so.

use super::{
    Known,
    grouping::{Cluster, Cuts, Found},
    rows::Rows,
};

/// How far the ends of a play may lie from where the recording's length puts them, in rows: codecs slip by 0.1 s.
const SLIPPED_ROWS: usize = 5;
/// How much of a recording's beginning or end the line's noise may hide, in rows: 0.8 s. A play that lacks more was cut short,
/// and so was one after which a key is pressed.
const HIDDEN_ROWS: usize = 40;

/// Makes the plays of all of a given message as long as its file; `known` are the prompts, by number, and `cuts` tell where a
/// caller broke one off.
pub(super) fn carry_on(
    sources: &[Rows],
    known: &[Known],
    clusters: &mut [Cluster],
    found: &mut [Vec<Found>],
    cuts: &[Cuts],
) {
    // per group: rows of the file before what was looked for, rows looked for, rows after
    let mut files = vec![None; clusters.len()];
    for (cluster, file) in clusters.iter_mut().zip(&mut files).filter(|(cluster, _)| !cluster.is_music) {
        let Some(whole) = cluster.prompt.and_then(|number| known.get(number)?.whole(cluster)) else { continue };
        *file = Some((cluster.rows.start - whole.start, cluster.rows.len(), whole.end - cluster.rows.end));
        cluster.rows = whole;
    }
    for ((call, own), cuts) in sources.iter().zip(found).zip(cuts) {
        let mut free_from = 0;
        for k in 0..own.len() {
            let free_to = own.get(k + 1).map_or(call.len(), |next| next.rows.start);
            let play = &mut own[k];
            if let Some((before, length, after)) = files[play.group] {
                let due = (play.rows.start + length).saturating_sub(play.offset);
                let is_hidden = (play.rows.end..=free_to.min(play.rows.end + HIDDEN_ROWS)).contains(&due);
                if play.rows.end.abs_diff(due) <= SLIPPED_ROWS {
                    play.rows.end = (play.rows.end + after).min(free_to).max(play.rows.end);
                } else if is_hidden && !cuts.are_near(play.rows.end) {
                    play.rows.end = (due + after).min(free_to);
                }
                let room = play.rows.start.saturating_sub(free_from);
                let is_hidden = play.offset <= HIDDEN_ROWS.min(room);
                let missing = if play.offset <= SLIPPED_ROWS || is_hidden { play.offset + before } else { 0 };
                let earlier = missing.min(room);
                play.rows.start -= earlier;
                play.offset = play.offset + before - earlier;
            }
            free_from = play.rows.end;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::heard::{ChannelHeard, Levels};

    /// Rows of the file before its first loud word, up to the end of its last, and in all.
    const SEARCHED: Range<usize> = 10..170;
    const FILE_ROWS: usize = 200;

    /// A file that is loud in [`SEARCHED`] and soft before and after it.
    fn file() -> Known {
        let is_loud = |step: usize| SEARCHED.contains(&(2 * step));
        let dbfs: Vec<i8> = (0..FILE_ROWS / 2).map(|step| if is_loud(step) { -20 } else { -50 }).collect();
        let levels = Levels::from(dbfs);
        let print = (1..=FILE_ROWS as u32).map(|row| row.wrapping_mul(0x9e37_79b9)).collect();
        Known::prompt("busy", &ChannelHeard { levels, print, ..ChannelHeard::default() })
    }

    /// What becomes of plays of these rows and offsets in a call of 500 rows, where a key is pressed at row 230.
    fn carried_on(plays: &[(Range<usize>, usize)]) -> Vec<(Range<usize>, usize)> {
        let known = file();
        let call = Rows::read(&"00000000".repeat(500));
        let mut clusters = [Cluster { source: 1, rows: SEARCHED, is_music: false, prompt: Some(0) }];
        let play = |(rows, offset): &(Range<usize>, usize)| Found {
            group: 0,
            rows: rows.clone(),
            offset: *offset,
            similarity: 0.9,
        };
        let mut found = [plays.iter().map(play).collect()];
        carry_on(&[call, known.rows.clone()], &[known], &mut clusters, &mut found, &[Cuts { keys: vec![230] }]);
        assert_eq!(clusters[0].rows, 0..FILE_ROWS);
        found[0].iter().map(|f| (f.rows.clone(), f.offset)).collect()
    }

    #[test]
    fn a_play_lasts_as_long_as_its_file() {
        assert_eq!(carried_on(&[(100..260, 0)]), [(90..290, 0)]);
        assert_eq!(carried_on(&[(100..257, 2)]), [(88..287, 0)]);
    }

    #[test]
    fn what_the_caller_cut_short_or_came_late_to_stays_so() {
        assert_eq!(carried_on(&[(100..200, 0)]), [(90..200, 0)]);
        assert_eq!(carried_on(&[(80..222, 0)]), [(70..222, 0)]);
        assert_eq!(carried_on(&[(150..260, 50)]), [(150..290, 60)]);
    }

    #[test]
    fn what_noise_hides_of_a_play_belongs_to_it() {
        assert_eq!(carried_on(&[(300..430, 0)]), [(290..490, 0)]);
        assert_eq!(carried_on(&[(330..460, 30)]), [(290..490, 0)]);
        assert_eq!(carried_on(&[(300..430, 0), (440..490, 100)]), [(290..430, 0), (440..500, 110)]);
    }

    #[test]
    fn plays_do_not_overlap_nor_leave_the_call() {
        assert_eq!(carried_on(&[(4..164, 0), (170..330, 0)]), [(0..170, 6), (170..360, 10)]);
        assert_eq!(carried_on(&[(335..495, 0)]), [(325..500, 0)]);
    }
}
