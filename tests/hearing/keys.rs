//! ITU-T Q.23 and Q.24, clause by clause.

use bezet::{
    detect::Sound,
    simulate::Clip,
    synth::{
        self,
        dtmf::Keypad,
        noise::Noise,
        random::Random,
        tune::{Timbre, Tune},
    },
    units::Decibels,
};

use super::{
    evidence, noisy, silence, through_alaw,
    voices::voices,
    way::{Sent, add, assert_heard_in_g711, assert_heard_through_codecs},
};

const ALL: &str = "123A456B789C*0#D";

/// The keys heard when `keypad` dials `keys` between half a second of silence.
fn heard(keypad: &Keypad, keys: &str) -> String {
    heard_in(&dialled(keypad, keys))
}

fn dialled(keypad: &Keypad, keys: &str) -> Vec<f32> {
    [silence(0.5), keypad.dial(keys).expect("only keys"), silence(0.5)].concat()
}

fn heard_in(signal: &[f32]) -> String {
    let key = |sound: &Sound| if let Sound::Key(digit) = sound { Some(*digit) } else { None };
    evidence(signal).iter().filter_map(|e| key(&e.sound)).collect()
}

#[test]
fn q23_all_sixteen_keys_are_told_apart() {
    assert_eq!(heard(&Keypad::default(), ALL), ALL);
}

#[test]
fn q24_frequencies_within_one_and_a_half_percent_are_accepted() {
    for low in [-0.015, 0.0, 0.015] {
        for high in [-0.015, 0.0, 0.015] {
            let keypad = Keypad { deviation: [low, high], ..Keypad::default() };
            assert_eq!(heard(&keypad, ALL), ALL, "{low} {high}");
        }
    }
}

#[test]
fn q24_frequencies_beyond_three_and_a_half_percent_are_rejected() {
    for deviation in [[0.036, 0.0], [-0.036, 0.0], [0.0, 0.036], [0.0, -0.036], [0.036, 0.036]] {
        let keypad = Keypad { deviation, ..Keypad::default() };
        assert_eq!(heard(&keypad, ALL), "", "{deviation:?}");
    }
}

#[test]
fn q24_forty_milliseconds_are_a_key() {
    let keypad = Keypad { duration: 0.040, pause: 0.060, ..Keypad::default() };
    assert_eq!(heard(&keypad, ALL), ALL);
}

#[test]
fn q24_twenty_three_milliseconds_are_none() {
    let keypad = Keypad { duration: 0.023, ..Keypad::default() };
    assert_eq!(heard(&keypad, ALL), "");
}

#[test]
fn q24_the_same_key_twice_is_parted_by_forty_milliseconds() {
    let keypad = Keypad { duration: 0.060, pause: 0.040, ..Keypad::default() };
    assert_eq!(heard(&keypad, "115599"), "115599");
}

#[test]
fn q24_an_interruption_of_ten_milliseconds_parts_nothing() {
    let keypad = Keypad { duration: 0.060, pause: 0.010, ..Keypad::default() };
    assert_eq!(heard(&keypad, "55"), "5");
}

#[test]
fn q24_the_fastest_dialling_is_followed() {
    // 93 ms from key to key.
    let keypad = Keypad { duration: 0.050, pause: 0.043, ..Keypad::default() };
    assert_eq!(heard(&keypad, "0201234567"), "0201234567");
}

#[test]
fn a_key_of_which_two_packets_are_lost_is_one_key() {
    for at in [320, 720, 800] {
        let mut key = Keypad { duration: 0.15, ..Keypad::default() }.press('2').unwrap();
        key[at..at + 320].fill(0.0);
        assert_eq!(heard_in(&[silence(0.5), key, silence(0.5)].concat()), "2", "{at}");
    }
}

#[test]
fn a_key_whose_weaker_tone_a_codec_shakes_is_a_key() {
    // 697 Hz goes through GSM as it is, 1,477 Hz beside it swells and sinks by 6 dB
    let sine = |hz: f32, t: f32| (std::f32::consts::TAU * hz * t).sin();
    let sound = |i: usize| {
        let t = i as f32 / 8000.0;
        0.2 * sine(697.0, t) + 0.13 * 10f32.powf(0.3 * sine(9.0, t)) * sine(1477.0, t)
    };
    let key: Vec<f32> = (0..1180).map(sound).collect();
    assert_eq!(heard_in(&[silence(0.5), key, silence(0.5)].concat()), "3");
}

#[test]
fn q24_twist_from_four_above_to_eight_below() {
    for twist in [-8.0, -4.0, 0.0, 4.0] {
        let keypad = Keypad { twist, ..Keypad::default() };
        assert_eq!(heard(&keypad, ALL), ALL, "{twist} dB");
    }
}

#[test]
fn q24_levels_from_zero_to_minus_twenty_five_are_heard_through_g711() {
    // 0 dBm0 reads -6.1 dBFS here (a full-scale sine is +3.14 dBm0 and -3.01 dBFS).
    for level in [-6.1f32, -15.0, -25.0, -31.1] {
        let keypad = Keypad { level, ..Keypad::default() };
        let signal = through_alaw(&dialled(&keypad, ALL));
        assert_eq!(heard_in(&signal), ALL, "{level} dBFS");
    }
}

#[test]
fn q24_minus_fifty_five_is_rejected() {
    let keypad = Keypad { level: -61.1, ..Keypad::default() };
    assert_eq!(heard(&keypad, ALL), "");
}

#[test]
fn keys_are_heard_in_noise_fifteen_decibels_below() {
    for noise in Noise::ALL {
        let signal = noisy(dialled(&Keypad::default(), ALL), noise, -27.0);
        assert_eq!(heard_in(&signal), ALL, "{noise:?}");
    }
}

#[test]
fn noise_alone_presses_no_key() {
    for noise in Noise::ALL {
        let signal = noise.make(8000 * 120, -20.0, &mut Random::new(3));
        assert_eq!(heard_in(&signal), "", "{noise:?}");
    }
}

#[test]
fn a_sixth_in_a_tune_is_no_key() {
    // G5 and E6, in tune, over a softer C5: near key 5's 770 and 1336 Hz.
    for length_s in [0.05, 0.07, 0.1, 0.2] {
        let note = |hz: f32, level: f32, t: f32| 10f32.powf(level / 20.0) * (std::f32::consts::TAU * hz * t).sin();
        let sound = |i: usize| {
            let t = i as f32 / 8000.0;
            note(783.99, -24.0, t) + note(1318.51, -25.0, t) + note(523.25, -35.0, t)
        };
        let chord: Vec<f32> = (0..(8000.0 * length_s) as usize).map(sound).collect();
        let signal = [silence(0.5), chord, silence(0.5)].concat();
        assert_eq!(heard_in(&signal), "", "{length_s} s");
    }
}

/// Keypads at the limits of Q.24, one clause at a time: frequency, twist, level, duration and pause.
fn at_the_limits() -> Vec<Keypad> {
    let usual = Keypad::default();
    let off = |low, high| Keypad { deviation: [low, high], ..usual.clone() };
    let twisted = |twist| Keypad { twist, ..usual.clone() };
    let at = |level| Keypad { level, ..usual.clone() };
    let timed = |duration, pause| Keypad { duration, pause, ..usual.clone() };
    vec![
        usual.clone(),
        off(0.015, 0.015),
        off(0.015, -0.015),
        off(-0.015, 0.015),
        off(-0.015, -0.015),
        twisted(4.0),
        twisted(-8.0),
        at(-6.1),
        at(-31.1),
        timed(0.07, 0.07),
        timed(0.05, 0.05),
        timed(0.05, 0.043),
        timed(0.04, 0.06),
    ]
}

/// Keypads beyond the limits of Q.24: nothing that they send is a key.
fn beyond_the_limits() -> Vec<Keypad> {
    let off = |low, high| Keypad { deviation: [low, high], ..Keypad::default() };
    let short = Keypad { duration: 0.023, ..Keypad::default() };
    vec![off(0.036, 0.0), off(-0.036, 0.0), off(0.0, 0.036), off(0.0, -0.036), short]
}

/// All keys, one of them twice, with noise so many decibels below: heard if they are heard, or none where they are `none`.
fn all_keys(keypad: Keypad, under: Under, are_keys: bool, random: &mut Random) -> Sent {
    let keys = format!("{ALL}55");
    let mut samples = dialled(&keypad, &keys);
    if let Some((noise, below)) = under {
        add(noise, keypad.level - below, &mut samples, random);
    }
    let expected = if are_keys { keys } else { String::new() };
    Sent::new(format!("{under:?} {keypad:?}"), samples, move |samples| heard_in(samples) == expected)
}

/// What a noise is beside the keys.
type Under = Option<(Noise, Decibels)>;

/// Every clause of Q.24 under each of these.
fn clauses(conditions: &[Under]) -> Vec<Sent> {
    let mut random = Random::new(31);
    let keypads =
        || at_the_limits().into_iter().map(|k| (k, true)).chain(beyond_the_limits().into_iter().map(|k| (k, false)));
    let each = conditions.iter().flat_map(|under| keypads().map(move |keypad| (*under, keypad)));
    each.map(|(under, (keypad, are_keys))| all_keys(keypad, under, are_keys, &mut random)).collect()
}

#[test]
fn q24_every_clause_holds_in_noise_fifteen_decibels_below() {
    assert_heard_in_g711(&clauses(&[Noise::White, Noise::Pink, Noise::Comfort].map(|noise| Some((noise, 15.0)))), 0.0);
}

#[test]
fn q24_every_clause_holds_through_every_codec() {
    // GSM fills one pause of 43 ms
    assert_heard_through_codecs(&clauses(&[None]), 0.06);
}

/// Keys pressed over these sounds so many decibels softer, one at a time; a key may be lost over them, but is no other.
fn over(below: Decibels, sounds: &[Vec<f32>]) -> Vec<Sent> {
    const KEYS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
    let mut random = Random::new(33);
    let mut one = |i: usize| {
        let (key, sound) = (KEYS[i % KEYS.len()], &sounds[i % sounds.len()]);
        let keypad = Keypad { duration: random.uniform(0.08, 0.25), ..Keypad::default() };
        let mut samples = dialled(&keypad, key);
        let from = random.below(sound.len() - samples.len());
        let mut under = sound[from..from + samples.len()].to_vec();
        synth::set_level(&mut under, keypad.level - below);
        samples.iter_mut().zip(&under).for_each(|(x, sound)| *x += sound);
        let is_heard = move |samples: &[f32]| {
            let heard = heard_in(samples);
            assert!(heard.chars().all(|other| key.contains(other)), "{key} heard as {heard}");
            heard == key
        };
        Sent::new(format!("{key} for {:.3} s", keypad.duration), samples, is_heard)
    };
    (0..120).map(&mut one).collect()
}

#[test]
fn keys_are_heard_over_a_voice() {
    let long = |clip: Clip| (clip.samples.len() > synth::samples(2.0)).then_some(clip.samples);
    let voices: Vec<Vec<f32>> = voices("prompts").into_iter().filter_map(long).collect();
    assert_heard_in_g711(&over(6.0, &voices), 0.2);
    assert_heard_in_g711(&over(0.0, &voices), 0.5);
}

#[test]
fn keys_are_heard_over_music() {
    let mut random = Random::new(34);
    let music: Vec<Vec<f32>> = (0..30).map(|i| Tune::by_chance(&mut random).play(Timbre::ALL[i % 3], -20.0)).collect();
    assert_heard_in_g711(&over(6.0, &music), 0.2);
    assert_heard_in_g711(&over(0.0, &music), 0.75);
}
