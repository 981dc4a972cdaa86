//! What the transmitters promise, measured by a Goertzel filter that knows nothing of them.

use super::{
    call_progress::{Exchange, SIT_TONE_S},
    dtmf::Keypad,
    level,
    noise::Noise,
    random::Random,
    samples, seconds,
    tune::{LOOP_NOTES, Timbre, Tune},
};
use crate::{
    keypad::{KEYPAD, frequencies},
    tone_plan::{self, Tone},
    units::{Decibels, Hertz, SAMPLE_RATE, decibels},
};

/// The level of the component of `signal` at `frequency`, as the root mean square of a sine of that frequency.
fn component(signal: &[f32], frequency: Hertz) -> Decibels {
    let turn = std::f64::consts::TAU * f64::from(frequency) / f64::from(SAMPLE_RATE);
    let (mut re, mut im) = (0.0, 0.0);
    for (i, x) in signal.iter().enumerate() {
        re += f64::from(*x) * (turn * i as f64).cos();
        im += f64::from(*x) * (turn * i as f64).sin();
    }
    let n = signal.len() as f64;
    decibels((2.0 * (re * re + im * im) / (n * n)) as f32)
}

fn assert_level(got: Decibels, want: Decibels, slack: Decibels) {
    assert!((got - want).abs() <= slack, "{got} dBFS instead of {want}");
}

#[test]
fn every_tone_of_every_plan_sounds_at_its_frequencies_and_level() {
    let exchange = Exchange { level: -20.0, ..Exchange::default() };
    for plan in tone_plan::plans() {
        for tone in plan.ringing.iter().chain(&plan.busy).chain(&plan.congestion).chain(&plan.dial) {
            let steady = Tone { cadence: vec![], ..tone.clone() };
            let signal = exchange.listen(&steady, 0.0, 1.0);
            assert_level(level(&signal), -20.0, 0.05);
            let found: f32 = steady.frequencies.iter().map(|f| 10f32.powf(component(&signal, *f) / 10.0)).sum();
            assert_level(decibels(found), -20.0, 0.1);
        }
    }
}

#[test]
fn a_modulated_tone_has_its_sidebands_seven_decibels_below_the_carrier() {
    let tone = Tone::try_from("400*25".to_string()).unwrap();
    let signal = Exchange::default().listen(&tone, 0.0, 1.0);
    for side in [375.0, 425.0] {
        assert_level(component(&signal, side) - component(&signal, 400.0), -6.9, 0.1);
    }
}

#[test]
fn bursts_come_and_go_where_the_cadence_says() {
    let exchange = Exchange { ramp: 0.0, ..Exchange::default() };
    for plan in tone_plan::plans() {
        let tone = &plan.ringing[0];
        let period = tone.period().unwrap();
        let signal = exchange.listen(tone, 0.0, period * 2.0);
        let bursts = exchange.bursts(tone);
        for (i, x) in signal.iter().enumerate() {
            let t = seconds(i) % period;
            let sounding = bursts.iter().any(|(on, off)| (on + 0.001..off - 0.001).contains(&t));
            let quiet = bursts.iter().all(|(on, off)| t < on - 0.001 || t >= off + 0.001);
            // no zero of the tone lasts longer than a sample, but quiet must be quiet
            assert!(!quiet || *x == 0.0, "{} sounds at {t}", plan.country);
            assert!(!sounding || signal[i..i + 4].iter().any(|x| *x != 0.0), "{} is quiet at {t}", plan.country);
        }
    }
}

#[test]
fn listening_may_begin_and_end_inside_a_burst() {
    let dutch = &tone_plan::plan("nl").unwrap().ringing[0];
    let exchange = Exchange::default();
    let whole = exchange.listen(dutch, 0.0, 5.0);
    let late = exchange.listen(dutch, 0.4, 0.3);
    assert_eq!(late.len(), samples(0.3));
    assert!(late.iter().zip(&whole[samples(0.4)..]).all(|(a, b)| (a - b).abs() < 1e-6));
    assert_level(level(&late), exchange.level, 0.1);
}

#[test]
fn an_exchange_may_be_off_pitch_and_slow() {
    let tone = Tone::try_from("425 1/4".to_string()).unwrap();
    let exchange = Exchange { deviation: 0.02, drag: 0.1, ..Exchange::default() };
    let signal = exchange.listen(&tone, 0.0, 5.5);
    let burst = &signal[..samples(1.0)];
    assert_level(component(burst, 433.5), exchange.level, 0.2);
    assert!(component(burst, 425.0) < exchange.level - 15.0);
    assert!(signal[samples(1.09)..samples(1.095)].iter().any(|x| x.abs() > 0.01));
    assert!(signal[samples(1.101)..].iter().all(|x| *x == 0.0));
    assert_eq!(exchange.period(&tone), Some(5.5));
}

#[test]
fn the_information_tone_rises_in_three_steps_of_a_third_of_a_second() {
    let signal = Exchange::default().special_information([950.0, 1400.0, 1800.0], [SIT_TONE_S; 3], 0.03);
    assert_eq!(signal.len(), samples(3.0 * SIT_TONE_S) + 2 * samples(0.03));
    for (i, frequency) in [950.0, 1400.0, 1800.0].into_iter().enumerate() {
        let from = samples(i as f64 * (SIT_TONE_S + 0.03));
        assert_level(component(&signal[from..from + samples(0.3)], frequency), Exchange::default().level, 0.3);
    }
}

#[test]
fn every_key_has_its_two_frequencies_its_level_and_its_twist() {
    for key in KEYPAD.iter().flatten() {
        let keypad = Keypad { level: -14.0, twist: -5.0, duration: 0.5, ..Keypad::default() };
        let signal = keypad.press(*key).unwrap();
        assert_eq!(signal.len(), samples(0.5));
        assert_level(level(&signal), -14.0, 0.1);
        let [low, high] = frequencies(*key).unwrap().map(|f| component(&signal, f));
        assert_level(high - low, -5.0, 0.1);
    }
    assert_eq!(Keypad::default().press('x'), None);
    assert_eq!(Keypad::default().dial("12x"), None);
}

#[test]
fn keys_follow_each_other_with_their_pause() {
    let keypad = Keypad { duration: 0.04, pause: 0.05, ..Keypad::default() };
    let signal = keypad.dial("04#").unwrap();
    assert_eq!(signal.len(), 3 * samples(0.04) + 2 * samples(0.05));
    assert!(signal[samples(0.04)..samples(0.09)].iter().all(|x| *x == 0.0));
}

#[test]
fn a_key_may_be_out_of_tune() {
    let keypad = Keypad { deviation: [0.015, -0.015], duration: 1.0, ..Keypad::default() };
    let signal = keypad.press('5').unwrap();
    assert!(component(&signal, 770.0 * 1.015) > -20.0 && component(&signal, 1336.0 * 0.985) > -20.0);
    assert!(component(&signal, 770.0) < -30.0 && component(&signal, 1336.0) < -30.0);
}

#[test]
fn noise_has_its_level_and_its_colour() {
    let mut random = Random::new(3);
    let mut tilt = |noise: Noise| {
        let signal = noise.make(80_000, -40.0, &mut random);
        assert_level(level(&signal), -40.0, 0.01);
        let band = |low: f32| {
            let bins = (0..100).map(|i| 10f32.powf(component(&signal, low * (1.0 + i as f32 / 100.0)) / 10.0));
            decibels(bins.sum::<f32>() * low)
        };
        band(200.0) - band(1_600.0)
    };
    assert_level(tilt(Noise::White), -9.0, 3.0);
    assert_level(tilt(Noise::Pink), 0.0, 3.0);
    assert!(tilt(Noise::Comfort) > -4.0);
    let hum = Noise::Hum(50.0).make(8_000, -40.0, &mut random);
    assert!(component(&hum, 50.0) > -43.0 && component(&hum, 60.0) < -90.0);
}

#[test]
fn a_loop_has_as_many_notes_as_were_asked_for_and_no_seam() {
    for count in LOOP_NOTES {
        let tune = Tune::of_notes(count);
        assert_eq!(tune.notes.len(), count);
        for timbre in Timbre::ALL {
            let round = tune.play(timbre, -20.0);
            assert_eq!(round.len(), samples(tune.beats * tune.beat));
            assert_level(level(&round), -20.0, 0.01);
            let steepest = round.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
            assert!((round[0] - round[round.len() - 1]).abs() <= steepest, "{timbre:?}");
            assert!(round.iter().all(|x| x.abs() < 1.0), "{timbre:?} clips");
        }
    }
}

#[test]
fn notes_are_in_tune_on_every_timbre() {
    for timbre in Timbre::ALL {
        let mut tune = Tune::of_notes(3);
        tune.notes.truncate(1);
        let signal = &tune.play(timbre, -20.0)[..samples(0.4)];
        // three semitones above A
        let (wanted, around) = (523.25_f32, [0.97, 0.98, 1.02, 1.03]);
        assert!(around.iter().all(|f| component(signal, wanted * f) < component(signal, wanted) - 3.0), "{timbre:?}");
    }
}

#[test]
fn tunes_by_chance_differ_by_seed_and_by_seed_alone() {
    let tune = |seed| Tune::by_chance(&mut Random::new(seed)).play(Timbre::Organ, -20.0);
    assert_eq!(tune(1), tune(1));
    assert_ne!(tune(1), tune(2));
}

#[test]
fn the_melody_of_the_piece_is_one_voice_that_fits_its_bars() {
    let piece = Tune::piece();
    let mut melody: Vec<_> = piece.notes.iter().filter(|n| n.loudness == 1.0).collect();
    melody.sort_by(|a, b| a.at.total_cmp(&b.at));
    assert!(melody.windows(2).all(|pair| pair[0].at + pair[0].beats <= pair[1].at));
    assert!(melody.last().is_some_and(|last| last.at + last.beats <= piece.beats));
    assert!(piece.notes.len() > melody.len() + 16 * 2);
}
