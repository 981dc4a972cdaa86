//! Call-progress tones after ITU-T E.180, for every country of the tone plans.

use bezet::{
    label::Label,
    line::{Phase, Rhythm, country, phase::phases, sit::sits},
    synth::{call_progress::Exchange, noise::Noise},
    tone_plan::{Tone, plan, plans},
    units::{Decibels, Seconds},
};

use super::{heard, noisy, silence, through_alaw};

/// The phases heard where `tone` sounds for `duration` from `from` into its cadence, between some silence.
fn phases_of(exchange: &Exchange, tone: &Tone, from: Seconds, duration: Seconds) -> Vec<Phase> {
    phases_in(&[silence(1.0), exchange.listen(tone, from, duration), silence(2.0)].concat())
}

fn phases_in(signal: &[f32]) -> Vec<Phase> {
    let heard = heard(signal);
    phases(&heard.evidence, &heard.levels)
}

/// How many rings were heard, if one phase of ringing was.
fn rings(phases: &[Phase]) -> Option<usize> {
    match phases {
        [one] if one.rhythm == Rhythm::Rings => Some(one.groups.len()),
        _ => None,
    }
}

#[test]
fn three_rings_are_three_in_every_country() {
    for plan in plans() {
        for tone in &plan.ringing {
            let duration = 3.0 * tone.period().unwrap();
            let heard = phases_of(&Exchange::default(), tone, 0.0, duration);
            assert_eq!(rings(&heard), Some(3), "{} {tone:?}: {heard:#?}", plan.country);
        }
    }
}

#[test]
fn cadences_ten_percent_off_and_frequencies_two_percent_off_still_ring() {
    for country in ["nl", "gb", "us", "fr", "se"] {
        let tone = &plan(country).unwrap().ringing[0];
        for (drag, deviation) in [(0.1, 0.02), (-0.1, -0.02)] {
            let exchange = Exchange { drag, deviation, ..Exchange::default() };
            let duration = 3.0 * exchange.period(tone).unwrap();
            assert_eq!(rings(&phases_of(&exchange, tone, 0.0, duration)), Some(3), "{country} {drag}");
        }
    }
}

#[test]
fn rings_cut_at_either_end_count() {
    for country in ["nl", "gb", "us"] {
        let tone = &plan(country).unwrap().ringing[0];
        let (first, period) = (tone.cadence[0], tone.period().unwrap());
        // The recording begins halfway through the first burst; the answer cuts the third ring's first burst.
        let from = 0.5 * first;
        let duration = 2.0 * period - from + 0.6 * first;
        let signal = [Exchange::default().listen(tone, from, duration), silence(3.0)].concat();
        assert_eq!(rings(&phases_in(&signal)), Some(3), "{country}");
    }
}

#[test]
fn a_word_at_the_pitch_of_the_ringing_is_no_ring() {
    let exchange = Exchange::default();
    for country in ["nl", "se", "fr"] {
        let tone = &plan(country).unwrap().ringing[0];
        for (whole_rings, pause_s) in [(0, 0.5), (0, 0.8), (1, 0.8), (2, 0.93 * tone.cadence[1])] {
            let ringing = exchange.listen(tone, 0.0, f64::from(whole_rings) * tone.period().unwrap() + 0.6);
            let word = word(tone.frequencies[0], exchange.level - 4.0);
            let signal = [silence(1.0), ringing, silence(pause_s), word, silence(2.0)].concat();
            assert_eq!(rings(&phases_in(&signal)), Some(whole_rings as usize + 1), "{country} {whole_rings} {pause_s}");
        }
    }
}

/// A tenth of a second of a voice: its pitch slides through `hz`, its level rises and falls.
fn word(hz: f32, level: Decibels) -> Vec<f32> {
    let n = 900;
    let amplitude = 2f32.sqrt() * 10f32.powf(level / 20.0);
    let mut phase = 0.0f32;
    (0..n)
        .map(|i| {
            let share = i as f32 / n as f32;
            phase += std::f32::consts::TAU * hz * (0.93 + 0.14 * share) / 8000.0;
            amplitude * (std::f32::consts::PI * share).sin().sqrt() * phase.sin()
        })
        .collect()
}

#[test]
fn rings_are_counted_at_every_level_and_through_g711() {
    let tone = &plan("nl").unwrap().ringing[0];
    for level in [-10.0, -20.0, -30.0, -40.0f32] {
        let exchange = Exchange { level, ..Exchange::default() };
        let signal = [silence(1.0), exchange.listen(tone, 0.0, 20.0), silence(2.0)].concat();
        assert_eq!(rings(&phases_in(&through_alaw(&signal))), Some(4), "{level} dBFS");
    }
}

#[test]
fn rings_are_counted_through_noise_ten_decibels_below() {
    for country in ["nl", "gb", "us", "fr"] {
        let tone = &plan(country).unwrap().ringing[0];
        for noise in Noise::ALL {
            let exchange = Exchange::default();
            let signal =
                [silence(1.0), exchange.listen(tone, 0.0, 3.0 * tone.period().unwrap()), silence(2.0)].concat();
            let level: Decibels = exchange.level - 10.0;
            let heard = phases_in(&noisy(signal, noise, level));
            assert_eq!(rings(&heard), Some(3), "{country} {noise:?}: {heard:#?}");
        }
    }
}

#[test]
fn busy_beats_and_never_rings() {
    for plan in plans() {
        for tone in plan.busy.iter().chain(&plan.congestion) {
            let heard = phases_of(&Exchange::default(), tone, 0.0, 8.0);
            let beats = heard.iter().any(|p| p.rhythm == Rhythm::Beats);
            assert!(beats && rings(&heard).is_none(), "{} {tone:?}: {heard:#?}", plan.country);
        }
    }
}

#[test]
fn the_ringing_tells_what_a_fast_beat_means() {
    // 425 Hz, 0.25 s on and off: congestion in the Netherlands, busy in Sweden.
    for (code, label) in [("nl", Label::Congestion), ("se", Label::Busy)] {
        let plan = plan(code).unwrap();
        let ringing = phases_of(&Exchange::default(), &plan.ringing[0], 0.0, 24.0);
        let tones = plan.busy.iter().chain(&plan.congestion);
        let beat = tones.into_iter().find(|t| t.cadence == [0.25, 0.25]).unwrap();
        let beats = phases_of(&Exchange::default(), beat, 0.0, 6.0);
        let verdict = country::judge(plans(), &[ringing, beats.clone()].concat());
        assert_eq!(verdict.meaning(&beats[0]).label, label, "{code}");
    }
}

#[test]
fn a_fast_beat_alone_is_ambiguous_and_says_so() {
    let tone = plan("nl").unwrap().congestion[0].clone();
    let beats = phases_of(&Exchange::default(), &tone, 0.0, 6.0);
    let meaning = country::judge(plans(), &beats).meaning(&beats[0]);
    assert!(meaning.rival.is_some() && meaning.confidence < 0.9, "{meaning:?}");
}

#[test]
fn polish_busy_and_congestion_are_one_tone() {
    let plan = plan("pl").unwrap();
    let beats = phases_of(&Exchange::default(), &plan.busy[0], 0.0, 6.0);
    let meaning = country::judge(std::slice::from_ref(plan), &beats).meaning(&beats[0]);
    assert!(meaning.confidence <= 0.51, "{meaning:?}");
}

#[test]
fn every_country_is_at_least_as_likely_as_any_other_on_its_own_tones() {
    for plan in plans() {
        let tones = [&plan.ringing[0], &plan.busy[0]];
        let heard: Vec<Phase> = tones.iter().flat_map(|t| phases_of(&Exchange::default(), t, 0.0, 24.0)).collect();
        let ranking = country::judge(plans(), &heard).ranking;
        let best = ranking[0].1;
        let own = ranking.iter().find(|(p, _)| p.country == plan.country).unwrap().1;
        assert!(own > 0.5 * best, "{}: {own} against {} for {}", plan.country, best, ranking[0].0.country);
    }
}

#[test]
fn special_information_tones_of_e180_and_their_american_variants() {
    for (hz, seconds, variant) in [
        ([950.0, 1400.0, 1800.0], [0.33, 0.33, 0.33], "standard"),
        ([913.8, 1370.6, 1776.7], [0.274, 0.274, 0.38], "intercept"),
        ([913.8, 1428.5, 1776.7], [0.274, 0.38, 0.38], "reorder"),
        ([985.2, 1370.6, 1776.7], [0.38, 0.274, 0.38], "vacant code"),
        ([985.2, 1428.5, 1776.7], [0.38, 0.38, 0.38], "no circuit"),
    ] {
        let tones = Exchange::default().special_information(hz, seconds, 0.0);
        let found = sits(&heard(&[silence(0.5), tones, silence(1.0)].concat()).evidence);
        assert_eq!(found.iter().map(|s| s.variant()).collect::<Vec<_>>(), [variant]);
    }
}

#[test]
fn a_dial_tone_neither_rings_nor_beats() {
    for country in ["nl", "us"] {
        let tone = &plan(country).unwrap().dial[0];
        let heard = phases_of(&Exchange::default(), tone, 0.0, 6.0);
        assert_eq!(heard.iter().map(|p| p.rhythm).collect::<Vec<_>>(), [Rhythm::Steady], "{country}");
    }
}
