//! What the plays of a recording sound like: voice, music, or nothing worth knowing.

use super::{
    grouping::{Cluster, Found},
    rows::{Rows, Sounding},
};

/// The share of a loop's plays that follow another play of it without a pause.
const LOOP_SHARE: f64 = 0.25;
/// Without a pause: 0.16 s.
const SEAMLESS_ROWS: usize = 8;
/// The least share of a piece of music's plays that the ear has to hear as music, and of a message's as a voice or music. What
/// has less is the line's or a room's noise, that comes again because nothing else sounds.
const MIN_MUSIC: f64 = 0.35;
const MIN_SOUND: f64 = 0.4;

/// What goes round without a pause is no message, whatever the ear takes it for: it is music that sings.
pub(super) fn mark_loops(clusters: &mut [Cluster], found: &[Vec<Found>]) {
    for (group, cluster) in clusters.iter_mut().enumerate() {
        let (mut all, mut seamless) = (0, 0);
        for own in found {
            let mut last_end = None;
            for f in own.iter().filter(|f| f.group == group) {
                all += 1;
                seamless += usize::from(last_end.is_some_and(|end: usize| f.rows.start <= end + SEAMLESS_ROWS));
                last_end = Some(f.rows.end);
            }
        }
        cluster.is_music |= cluster.prompt.is_none() && seamless as f64 > LOOP_SHARE * all as f64;
    }
}

/// Lets go of the plays of what is mere noise; prompts that were given are none.
pub(super) fn drop_noise(sources: &[Rows], clusters: &[Cluster], found: &mut [Vec<Found>]) {
    let mut heard = vec![[0usize; 3]; clusters.len()];
    for (call, own) in sources.iter().zip(found.iter()) {
        for f in own {
            for row in f.rows.clone() {
                match call.sounding(row) {
                    Sounding::Voice | Sounding::VoiceOverMusic => heard[f.group][0] += 1,
                    Sounding::Music => heard[f.group][1] += 1,
                    Sounding::Other => heard[f.group][2] += 1,
                    Sounding::Nothing => {}
                }
            }
        }
    }
    let is_noise = |group: usize| {
        let [voice, music, other] = heard[group].map(|rows| rows as f64);
        let all = voice + music + other;
        let enough = match clusters[group].is_music {
            true => music >= MIN_MUSIC * all,
            false => voice + music >= MIN_SOUND * all,
        };
        clusters[group].prompt.is_none() && !enough
    };
    let noise: Vec<bool> = (0..clusters.len()).map(is_noise).collect();
    found.iter_mut().for_each(|own| own.retain(|f| !noise[f.group]));
}
