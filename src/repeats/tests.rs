//! A transmitter of fingerprints: recordings are rows of random bits, each play of one has bits wrong as codecs make them.

use super::{
    align, catalogue,
    grouping::{self, Cluster, Cuts, Found},
    rows::{Rows, Sounding},
};
use crate::synth::random::Random;

/// The share of bits that a play has wrong, each by itself: two plays then differ in 0.20 of theirs. (Codecs make more
/// mistakes, but in heaps.)
const WRONG: f64 = 0.11;

/// Recordings and calls under construction.
struct Studio {
    random: Random,
}

/// One call under construction.
#[derive(Default)]
struct Scene {
    bits: Vec<u32>,
    sounding: Vec<Sounding>,
    keys: Vec<usize>,
}

impl Studio {
    fn new(seed: u64) -> Self {
        Self { random: Random::new(seed) }
    }

    /// A recording of so many seconds: the bits of neighbouring rows are alike, as those of sound are.
    fn recording(&mut self, seconds: f64) -> Vec<u32> {
        let mut row = self.random.bits() as u32;
        let change = |random: &mut Random| (0..32).filter(|_| random.chance(0.2)).fold(0, |bits, i| bits | 1u32 << i);
        (0..(seconds * 50.0) as usize)
            .map(|_| {
                row ^= change(&mut self.random);
                row
            })
            .collect()
    }

    fn play(&mut self, scene: &mut Scene, recording: &[u32], what: Sounding) {
        for row in recording {
            let wrong = (0..32).filter(|_| self.random.chance(WRONG)).fold(0, |bits, i| bits | 1u32 << i);
            scene.bits.push(row ^ wrong);
            scene.sounding.push(what);
        }
    }

    fn say(&mut self, scene: &mut Scene, recording: &[u32]) {
        self.play(scene, recording, Sounding::Voice);
    }

    /// A person: never the same twice.
    fn talk(&mut self, scene: &mut Scene, seconds: f64) {
        let once = self.recording(seconds);
        self.say(scene, &once);
    }

    fn pause(&mut self, scene: &mut Scene, from_s: f64, to_s: f64) {
        let rows = (self.random.uniform(from_s, to_s) * 50.0) as usize;
        scene.bits.extend((0..rows).map(|_| self.random.bits() as u32));
        scene.sounding.extend(vec![Sounding::Nothing; rows]);
    }
}

impl Scene {
    fn now(&self) -> usize {
        self.bits.len()
    }
}

fn found(scenes: Vec<Scene>, prompts: &[Vec<u32>]) -> (Vec<Cluster>, Vec<Vec<Found>>) {
    let n = scenes.len();
    let cuts: Vec<Cuts> = scenes.iter().map(|s| Cuts { keys: s.keys.clone() }).collect();
    let mut sources: Vec<Rows> = scenes.into_iter().map(|s| Rows::made(s.bits, s.sounding)).collect();
    sources.extend(prompts.iter().map(|p| Rows::made(p.clone(), vec![Sounding::Voice; p.len()])));
    let recordings = catalogue::discover(&sources, n);
    let index = catalogue::index(&sources, &recordings);
    let hits: Vec<_> =
        sources[..n].iter().map(|call| catalogue::plays_in(call, &sources, &recordings, &index)).collect();
    grouping::group(&sources, &recordings, &hits, &cuts, &vec![false; prompts.len()])
}

/// Whether `play` is these rows, to 0.3 s at either end.
fn is_at(play: &Found, rows: &std::ops::Range<usize>) -> bool {
    play.rows.start.abs_diff(rows.start) <= 15 && play.rows.end.abs_diff(rows.end) <= 15
}

#[test]
fn a_message_that_comes_again_is_one_group_with_its_edges_and_people_are_none() {
    let mut studio = Studio::new(1);
    let busy = studio.recording(4.0);
    let (mut scenes, mut truth) = (Vec::new(), Vec::new());
    for call in 0..4 {
        let (mut scene, mut own) = (Scene::default(), Vec::new());
        for _ in 0..=call {
            studio.talk(&mut scene, 5.0);
            studio.pause(&mut scene, 0.1, 1.5);
            own.push(scene.now()..scene.now() + busy.len());
            studio.say(&mut scene, &busy);
            studio.pause(&mut scene, 0.1, 1.5);
        }
        scenes.push(scene);
        truth.push(own);
    }
    let (groups, plays) = found(scenes, &[]);
    assert_eq!(groups.len(), 1, "{groups:?}");
    for (own, truth) in plays.iter().zip(&truth) {
        assert_eq!(own.len(), truth.len());
        assert!(own.iter().zip(truth).all(|(play, rows)| is_at(play, rows)), "{own:?} for {truth:?}");
        assert!(own.iter().all(|play| play.similarity > 0.7));
    }
}

#[test]
fn what_is_short_makes_no_group() {
    let mut studio = Studio::new(2);
    let click = studio.recording(0.6);
    let scenes = (0..6).map(|_| {
        let mut scene = Scene::default();
        for _ in 0..5 {
            studio.talk(&mut scene, 3.0);
            studio.say(&mut scene, &click);
        }
        scene
    });
    let (groups, _) = found(scenes.collect(), &[]);
    assert!(groups.is_empty(), "{groups:?}");
}

#[test]
fn two_messages_that_once_followed_each_other_at_the_same_distance_are_two() {
    let mut studio = Studio::new(3);
    let (greeting, menu) = (studio.recording(5.0), studio.recording(7.0));
    let scenes: Vec<Scene> = (0..8)
        .map(|call| {
            let mut scene = Scene::default();
            studio.pause(&mut scene, 1.0, 2.0);
            if call != 5 {
                studio.say(&mut scene, &greeting);
            }
            match call {
                0..3 => studio.pause(&mut scene, 0.2, 0.2),
                _ => {
                    studio.pause(&mut scene, 0.5, 0.9);
                    studio.talk(&mut scene, 2.0);
                    studio.pause(&mut scene, 0.5, 0.9);
                }
            }
            if call != 4 {
                studio.say(&mut scene, &menu);
            }
            studio.pause(&mut scene, 1.0, 2.0);
            scene
        })
        .collect();
    let (groups, plays) = found(scenes, &[]);
    let lengths: Vec<f64> = groups.iter().map(|g| g.rows.len() as f64 / 50.0).collect();
    assert_eq!(groups.len(), 2, "{lengths:?}");
    for (call, own) in plays.iter().enumerate() {
        assert_eq!(own.len(), if call == 4 || call == 5 { 1 } else { 2 }, "call {call}: {own:?}");
    }
}

#[test]
fn a_message_that_begins_as_another_does_is_another() {
    let mut studio = Studio::new(4);
    let (sorry, and_later) = (studio.recording(3.0), studio.recording(3.0));
    let scenes: Vec<Scene> = (0..8)
        .map(|call| {
            let mut scene = Scene::default();
            studio.talk(&mut scene, 2.0);
            studio.pause(&mut scene, 0.5, 0.9);
            studio.say(&mut scene, &sorry);
            studio.pause(&mut scene, 0.3, 0.3);
            if call % 2 == 0 {
                studio.say(&mut scene, &and_later);
            }
            studio.pause(&mut scene, 1.5, 2.5);
            studio.talk(&mut scene, 2.0);
            scene
        })
        .collect();
    let (groups, plays) = found(scenes, &[]);
    let group = |call: usize| {
        assert_eq!(plays[call].len(), 1, "call {call}: {:?} of {groups:?}", plays[call]);
        plays[call][0].group
    };
    for call in 0..8 {
        assert_eq!(group(call), group(call % 2), "call {call}: {plays:?} of {groups:?}");
    }
    assert_ne!(group(0), group(1));
}

#[test]
fn who_presses_a_key_before_the_end_heard_the_same_message() {
    let mut studio = Studio::new(5);
    let menu = studio.recording(10.0);
    let scenes: Vec<Scene> = (0..8)
        .map(|call| {
            let mut scene = Scene::default();
            studio.pause(&mut scene, 1.0, 2.0);
            let heard = if call % 2 == 0 { menu.len() } else { 60 * (call + 1) };
            studio.say(&mut scene, &menu[..heard]);
            scene.keys.push(scene.now());
            studio.pause(&mut scene, 0.5, 0.9);
            studio.talk(&mut scene, 3.0);
            scene
        })
        .collect();
    let (groups, plays) = found(scenes, &[]);
    assert_eq!(groups.len(), 1, "{groups:?}");
    assert!((9.6..10.4).contains(&(groups[0].rows.len() as f64 / 50.0)), "{groups:?}");
    assert!(plays.iter().all(|own| own.len() == 1 && own[0].offset < 15), "{plays:?}");
}

#[test]
fn music_is_kept_apart_from_the_message_between_it() {
    let mut studio = Studio::new(6);
    let (music, busy) = (studio.recording(20.0), studio.recording(4.0));
    let scenes: Vec<Scene> = (0..5)
        .map(|_| {
            let mut scene = Scene::default();
            for _ in 0..3 {
                studio.pause(&mut scene, 0.1, 0.8);
                studio.say(&mut scene, &busy);
                studio.pause(&mut scene, 0.2, 0.2);
                studio.play(&mut scene, &music, Sounding::Music);
            }
            scene
        })
        .collect();
    let (groups, plays) = found(scenes, &[]);
    let voices: Vec<usize> = (0..groups.len()).filter(|&g| !groups[g].is_music).collect();
    assert_eq!(voices.len(), 1, "{groups:?}");
    assert!(groups.len() > 1, "the music is a group too");
    for own in &plays {
        assert_eq!(own.iter().filter(|p| p.group == voices[0]).count(), 3, "{own:?}");
    }
}

#[test]
fn a_prompt_that_was_given_is_found_though_it_is_played_once_and_cut_short() {
    let mut studio = Studio::new(7);
    let (closed, position) = (studio.recording(6.0), studio.recording(3.0));
    let mut scene = Scene::default();
    studio.talk(&mut scene, 4.0);
    let first = scene.now()..scene.now() + 150;
    studio.say(&mut scene, &closed[..150]);
    studio.pause(&mut scene, 0.4, 0.6);
    let second = scene.now()..scene.now() + position.len();
    studio.say(&mut scene, &position);
    let third = scene.now()..scene.now() + position.len();
    studio.say(&mut scene, &position);
    studio.talk(&mut scene, 4.0);
    let (groups, plays) = found(vec![scene], &[closed, position]);
    assert_eq!(groups.iter().map(|g| g.prompt).collect::<Vec<_>>(), [Some(0), Some(1)]);
    let own = &plays[0];
    assert_eq!(own.iter().map(|p| p.group).collect::<Vec<_>>(), [0, 1, 1]);
    for (play, rows) in own.iter().zip([first, second, third]) {
        assert!(is_at(play, &rows), "{play:?} for {rows:?}");
    }
}

#[test]
fn a_play_that_slips_in_its_midst_is_one_play() {
    let mut studio = Studio::new(8);
    let busy = studio.recording(6.0);
    let slipped = [&busy[..140], &busy[142..]].concat();
    let scenes: Vec<Scene> = [&busy, &slipped, &busy]
        .into_iter()
        .map(|message| {
            let mut scene = Scene::default();
            studio.talk(&mut scene, 2.0);
            studio.say(&mut scene, message);
            studio.talk(&mut scene, 2.0);
            scene
        })
        .collect();
    let (groups, plays) = found(scenes, &[]);
    assert_eq!(groups.len(), 1, "{groups:?}");
    assert!(plays.iter().all(|own| own.len() == 1 && own[0].rows.len() > 280), "{plays:?}");
}

#[test]
fn music_that_is_like_itself_for_ten_minutes_costs_no_more_by_the_minute() {
    /// Pairs of rows that are compared for each row of `minutes` of a tune of four seconds.
    fn compared_a_row(minutes: usize) -> usize {
        let mut studio = Studio::new(10);
        let tune = studio.recording(4.0);
        let mut scene = Scene::default();
        (0..15 * minutes).for_each(|_| studio.play(&mut scene, &tune, Sounding::Music));
        let sources = [Rows::made(scene.bits, scene.sounding)];
        align::COMPARED.set(0);
        let recordings = catalogue::discover(&sources, 1);
        let index = catalogue::index(&sources, &recordings);
        assert!(!catalogue::plays_in(&sources[0], &sources, &recordings, &index).is_empty());
        align::COMPARED.get() / sources[0].len()
    }
    let (five, ten) = (compared_a_row(5), compared_a_row(10));
    assert!(ten < 2 * 96, "at most every place of both words of a row is compared, once in either search: {ten}");
    assert!(ten <= five + five / 4, "{five} a row in five minutes, {ten} in ten");
}

#[test]
fn the_catalogue_grows_with_the_recordings_of_a_line_and_not_with_its_calls() {
    let mut studio = Studio::new(11);
    let (greeting, busy, music) = (studio.recording(5.0), studio.recording(4.0), studio.recording(20.0));
    let scenes = (0..60).map(|call| {
        let mut scene = Scene::default();
        studio.pause(&mut scene, 0.5, 2.0);
        studio.say(&mut scene, &greeting);
        for _ in 0..1 + call % 3 {
            studio.pause(&mut scene, 0.1, 0.8);
            studio.say(&mut scene, &busy);
            let from = 37 * call % 800;
            studio.play(&mut scene, &music[from..from + 200], Sounding::Music);
        }
        studio.talk(&mut scene, 4.0);
        scene
    });
    let sources: Vec<Rows> = scenes.map(|s| Rows::made(s.bits, s.sounding)).collect();
    let known = |n_calls: usize| -> usize {
        let recordings = catalogue::discover(&sources[..n_calls], n_calls);
        recordings.iter().map(|recording| recording.rows.len()).sum()
    };
    let (of_20, of_60) = (known(20), known(60));
    assert!(of_60 < of_20 + of_20 / 2, "rows of recordings in 20 calls {of_20}, in 60 {of_60}");
}

#[test]
fn a_print_that_was_written_down_is_read_back() {
    let mut studio = Studio::new(9);
    let mut scene = Scene::default();
    studio.talk(&mut scene, 2.0);
    studio.pause(&mut scene, 0.5, 0.5);
    let rows = Rows::made(scene.bits, scene.sounding);
    let read = Rows::read(&rows.written(0..rows.len()));
    assert_eq!(read.len(), rows.len());
    assert!(
        (0..rows.len())
            .all(|i| read.is_live(i) == rows.is_live(i) && (!rows.is_live(i) || read.bits(i) == rows.bits(i)))
    );
}
