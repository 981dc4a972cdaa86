//! The notes and the loop of tunes made by chance: 3 to 12 notes of two octaves, of several tempi, levels and noises.

use bezet::{
    frames::steps_within,
    interval::Interval,
    music::{
        rounds::rounds,
        tune::{self, tune},
    },
    synth::{
        self,
        noise::Noise,
        random::Random,
        tune::{LOOP_NOTES, Note, Timbre, Tune},
    },
    units::{Decibels, Seconds},
};

use super::{heard, noisy, through_alaw};

/// A tune of so many different notes, each played once or twice, long and short, with a rest at its end or without.
fn by_chance(count: usize, beat: Seconds, random: &mut Random) -> Tune {
    let mut pitches: Vec<i32> = vec![];
    while pitches.len() < count {
        let pitch = random.uniform(-7.0, 17.0).round() as i32;
        if !pitches.contains(&pitch) {
            pitches.push(pitch);
        }
    }
    let again: Vec<i32> = pitches.iter().copied().filter(|_| random.chance(0.3)).collect();
    let (mut at, mut notes) = (0.0, vec![]);
    for pitch in pitches.into_iter().chain(again) {
        let beats = if random.chance(0.3) { 0.5 } else { 1.0 };
        notes.push(Note { at, beats, pitch, loudness: 1.0 });
        at += beats;
    }
    Tune { beat, beats: at + if random.chance(0.5) { 1.0 } else { 0.0 }, notes }
}

#[test]
fn notes_are_counted_to_within_one_and_loops_measured_to_a_tenth_of_a_second() {
    /// Quicker rounds are heard as two.
    const SHORTEST_LOOP_S: Seconds = 1.2;
    const LINES: [(Decibels, Decibels); 3] = [(-20.0, -70.0), (-28.0, -60.0), (-16.0, -50.0)];
    let mut random = Random::new(3);
    let (mut counts, mut loops) = (vec![], vec![]);
    for timbre in [Timbre::Organ, Timbre::Plucked] {
        for (count, beat) in LOOP_NOTES.flat_map(|count| [(count, 0.25), (count, 0.5)]) {
            let (level, noise) = LINES[count % LINES.len()];
            let tune_ = by_chance(count, beat, &mut random);
            let round = tune_.play(timbre, level);
            let loop_s = synth::seconds(round.len());
            let whole = Interval::new(0.0, (3.2 * loop_s).max(20.0));
            let line: Vec<f32> = round.iter().copied().cycle().take(synth::samples(whole.end())).collect();
            let heard = heard(&through_alaw(&noisy(line, Noise::White, noise)));
            let what = format!("{timbre:?}, {count} notes, beat {beat} s, loop {loop_s:.2} s");
            counts.push((count, tune(&heard.melody, &heard.levels, &[whole]), what.clone()));
            let steps = steps_within(whole, heard.timbre.rows().len());
            let found = rounds(&heard.timbre, &[steps]).and_then(|rounds| rounds.loop_s);
            if loop_s >= SHORTEST_LOOP_S {
                loops.push((found.is_some_and(|l| (l - loop_s).abs() <= 0.1), what));
            }
        }
    }
    let is_right = |(count, heard, _): &&(usize, tune::Tune, String)| match heard {
        tune::Tune::Notes(notes, _) => count.abs_diff(*notes as usize) <= 1,
        _ => false,
    };
    let right = counts.iter().filter(is_right).count();
    assert!(right as f64 >= 0.9 * counts.len() as f64, "{right} of {}: {counts:?}", counts.len());
    assert!(loops.iter().all(|l| l.0), "{:?}", loops.iter().filter(|l| !l.0).collect::<Vec<_>>());
}
