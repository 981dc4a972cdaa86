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

pub fn phases_in(signal: &[f32]) -> Vec<Phase> {
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
    for country in ["nl", "gb", "us", "fr", "de", "it", "za", "in"] {
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

#[test]
fn a_ring_that_the_recording_begins_in_needs_no_quiet_before_it() {
    for country in ["nl", "us", "ca", "cz"] {
        let tone = &plan(country).unwrap().ringing[0];
        for rest in [0.4, 0.6, 0.9] {
            for odd in [0, 37, 55] {
                let ring = Exchange::default().listen(tone, tone.cadence[0] - rest, rest);
                // a few samples of the line, a fraction of a frame, before the ring is heard
                let signal = [vec![0.0; odd], ring, silence(3.0)].concat();
                assert_eq!(rings(&phases_in(&signal)), Some(1), "{country} {rest} {odd}");
            }
        }
    }
}

#[test]
fn lost_packets_do_not_make_two_rings_of_one() {
    for country in ["nl", "us", "gb"] {
        let tone = &plan(country).unwrap().ringing[0];
        for (at, lost) in [(0.25, 0.06), (0.25, 0.1), (0.7, 0.08)] {
            let mut signal =
                [silence(1.0), Exchange::default().listen(tone, 0.0, 3.0 * tone.period().unwrap()), silence(2.0)]
                    .concat();
            for ring in 0..3 {
                let from = 8000 + (8000.0 * (f64::from(ring) * tone.period().unwrap() + at)) as usize;
                signal[from..from + (8000.0 * lost) as usize].fill(0.0);
            }
            assert_eq!(rings(&phases_in(&signal)), Some(3), "{country} {at} {lost}");
        }
    }
}

#[test]
fn a_word_in_the_place_of_a_ring_is_none() {
    let exchange = Exchange::default();
    // after one ring, at some country's pause, as loud as the ring and 9 Hz beside it; or as still as one but neither as
    // loud nor of its pitch; or at one line of a pair
    for (country, beside, louder, slide) in [("se", 9.0, 0.0, 0.14), ("nl", 9.0, -6.0, 0.03), ("us", -12.0, 0.0, 0.05)]
    {
        let tone = &plan(country).unwrap().ringing[0];
        let middle = tone.frequencies.iter().sum::<f32>() / tone.frequencies.len() as f32;
        for pause_s in [2.1, 3.1, 4.0, 5.0] {
            let ringing = exchange.listen(tone, 0.0, tone.cadence[0]);
            let word = sliding(middle + beside, exchange.level + louder, slide, 0.11);
            let signal = [silence(1.0), ringing, silence(pause_s), word, silence(2.0)].concat();
            assert_eq!(rings(&phases_in(&signal)), Some(1), "{country} {pause_s}");
        }
    }
}

#[test]
fn a_word_right_after_a_double_ring_is_no_beat() {
    let exchange = Exchange::default();
    let tone = &plan("gb").unwrap().ringing[0];
    for (whole_rings, heard_s, pause_s) in [(1, 0.9, 0.45), (3, 0.8, 0.7), (1, 0.3, 0.5)] {
        let ringing = exchange.listen(tone, 0.0, f64::from(whole_rings) * tone.period().unwrap() + heard_s);
        let word = sliding(427.0, exchange.level + 4.0, 0.02, 0.13);
        let signal = [silence(1.0), ringing, silence(pause_s), word, silence(2.0)].concat();
        let phases = phases_in(&signal);
        assert_eq!(rings(&phases), Some(whole_rings as usize + 1), "{heard_s} {phases:#?}");
    }
}

#[test]
fn a_busy_tone_soon_after_the_last_ring_takes_no_ring_away() {
    for country in ["nl", "au", "sg", "my"] {
        let plan = plan(country).unwrap();
        let (ring, busy) = (&plan.ringing[0], &plan.busy[0]);
        let whole: Seconds = ring.cadence[..ring.cadence.len() - 1].iter().sum();
        let exchange = Exchange::default();
        let ringing = exchange.listen(ring, 0.0, 2.0 * ring.period().unwrap() + whole);
        let signal = [silence(1.0), ringing, silence(1.0), exchange.listen(busy, 0.0, 6.0), silence(1.0)].concat();
        let phases = phases_in(&signal);
        let rhythms: Vec<Rhythm> = phases.iter().map(|p| p.rhythm).collect();
        assert_eq!(rhythms, [Rhythm::Rings, Rhythm::Beats], "{country} {phases:#?}");
        assert_eq!(phases[0].groups.len(), 3, "{country}");
    }
}

#[test]
fn a_beep_with_a_lost_packet_stands_still() {
    // the two frames at its ends and those at the gap hold only part of it
    let mut beep = Exchange::default().beep(1000.0, 0.22);
    beep[700..860].fill(0.0);
    let evidence = super::evidence(&[silence(1.0), beep, silence(1.0)].concat());
    let wander: Vec<f32> = evidence.iter().filter_map(|e| e.measured("frequency_deviation_hz")).collect();
    assert!(matches!(wander[..], [wander] if wander < 3.0), "{wander:?} {evidence:#?}");
}

#[test]
fn the_last_word_before_a_busy_tone_does_not_take_it_away() {
    let exchange = Exchange::default();
    let busy = &plan("fr").unwrap().busy[0];
    let word = sliding(busy.frequencies[0] - 7.0, exchange.level - 4.0, 0.01, 0.12);
    for pause_s in [0.9, 1.35] {
        let beats = exchange.listen(busy, 0.0, 6.0);
        let phases = phases_in(&[silence(1.0), word.clone(), silence(pause_s), beats, silence(1.0)].concat());
        let beating = phases.iter().filter(|p| p.rhythm == Rhythm::Beats).map(|p| p.bursts().count());
        assert!(beating.max() >= Some(6), "{pause_s} {phases:#?}");
    }
}

/// Part of a voice that slides by the share `slide` of its pitch through `hz`, its level rising and falling.
fn sliding(hz: f32, level: Decibels, slide: f32, seconds: Seconds) -> Vec<f32> {
    let n = (8000.0 * seconds) as usize;
    let amplitude = 2f32.sqrt() * 10f32.powf(level / 20.0);
    let mut phase = 0.0f32;
    (0..n)
        .map(|i| {
            let share = i as f32 / n as f32;
            phase += std::f32::consts::TAU * hz * (1.0 + slide * (share - 0.5)) / 8000.0;
            amplitude * (std::f32::consts::PI * share).sin().sqrt() * phase.sin()
        })
        .collect()
}
