//! The wait's figures, each on a call made for it.

use super::*;
use crate::{
    channel::Channel,
    detect,
    figure::Reason,
    frames::FramePass,
    metrics::AnsweredBy,
    repeats::{Kind, Naming},
    synth::{
        self,
        noise::Noise,
        random::Random,
        tune::{Timbre, Tune},
    },
    units::Decibels,
};

const LEVEL: Decibels = -20.0;

fn heard(samples: &[f32]) -> ChannelHeard {
    let mut pass = FramePass::default();
    pass.push(samples);
    let frames = pass.finish();
    ChannelHeard::new(&frames, detect::detect(&frames))
}

fn segment(start: f64, end: f64, label: Label) -> Segment {
    Segment { interval: Interval::new(start, end), label, detail: String::new(), confidence: 0.95 }
}

/// A call that was picked up at once, with a person at `human`.
fn metrics(human: Option<f64>) -> CallMetrics {
    let at = |s: f64| Measured::heard(s, 0.95, Reason::Heard, Interval::new(s, s));
    let absent = CallMetrics::absent(&Reason::NotThere);
    CallMetrics {
        answered_s: at(0.0),
        answered_by: Measured::heard(AnsweredBy::Machine, 0.95, Reason::Heard, Interval::new(0.0, 1.0)),
        time_to_human_s: human.map_or(absent.time_to_human_s.clone(), at),
        ..absent
    }
}

fn measured(line: &Timeline, heard: &ChannelHeard, plays: &[Play], human: Option<f64>) -> WaitMetrics {
    let mut groups: Vec<Arc<Group>> = plays.iter().map(|p| p.group.clone()).collect();
    groups.dedup_by(|a, b| Arc::ptr_eq(a, b));
    measure(&Waiting { line, heard, plays, groups: &groups, keeps_waves: true }, &metrics(human))
}

fn group(name: &str, kind: Kind, naming: Naming) -> Arc<Group> {
    Arc::new(Group { name: name.into(), naming, kind, length_s: 4.0, ..Group::default() })
}

fn play(group: &Arc<Group>, start: f64, end: f64) -> Play {
    Play { group: group.clone(), interval: Interval::new(start, end), offset_s: 0.0, similarity: 0.9 }
}

/// Greeting, then music and the same apology four times, information in between, ringing, a person.
fn queue() -> (Timeline, Vec<(f64, f64)>) {
    let busy = [(20.0, 24.0), (40.0, 44.0), (60.0, 64.0), (100.0, 104.0)];
    let mut line = vec![segment(0.0, 130.0, Label::Music), segment(0.0, 6.0, Label::Announcement)];
    line.extend(busy.iter().map(|b| segment(b.0, b.1, Label::Announcement)));
    line.push(segment(80.0, 83.0, Label::Announcement));
    line.push(segment(110.0, 115.0, Label::Silence));
    line.push(segment(115.0, 120.0, Label::Ringback));
    line.push(segment(120.0, 130.0, Label::Human));
    (Timeline::new(Channel::Mono, 130.0, line), busy.to_vec())
}

#[test]
fn the_same_apology_is_counted_and_is_no_progress() {
    let (line, at) = queue();
    let greeting = group("greeting", Kind::Greeting, Naming::Prompt);
    let busy = group("busy", Kind::Apology, Naming::Prompt);
    let position = group("position", Kind::Information, Naming::Prompt);
    let mut plays = vec![play(&greeting, 0.0, 6.0)];
    plays.extend(at.iter().map(|b| play(&busy, b.0, b.1)));
    plays.push(play(&position, 80.0, 83.0));
    plays.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
    let wait = measured(&line, &ChannelHeard::default(), &plays, Some(120.0));
    assert_eq!(wait.busy_announcements.value, Some(4));
    assert_eq!(wait.repeated_announcements.value, Some(3));
    assert_eq!(wait.same_announcement.value, Some(4));
    assert_eq!(wait.same_announcement.reason, Reason::SameMessage { name: "busy".into(), times: 4 });
    assert_eq!((wait.apologies.value, wait.informations.value), (Some(4), Some(1)));
    let near = |value: Option<f64>, wanted: f64| assert!((value.unwrap() - wanted).abs() < 1e-9, "{value:?}");
    near(wait.apology_share.value, 16.0 / 120.0);
    near(wait.information_share.value, 3.0 / 120.0);
    near(wait.message_share.value, 25.0 / 120.0);
    // from the end of the first apology to the position
    near(wait.longest_without_progress_s.value, 56.0);
    assert_eq!(wait.longest_without_progress_s.from, Some(Interval::new(24.0, 80.0)));
    near(wait.longest_silence_s.value, 5.0);
}

#[test]
fn without_names_no_kind_is_guessed_but_repeats_are_counted() {
    let (line, at) = queue();
    let letter = group("A", Kind::Message, Naming::Letter);
    let plays: Vec<Play> = at.iter().map(|b| play(&letter, b.0, b.1)).collect();
    let wait = measured(&line, &ChannelHeard::default(), &plays, None);
    for absent in [&wait.busy_announcements, &wait.apologies, &wait.informations] {
        assert_eq!((absent.value, &absent.reason), (None, &Reason::NotNamed));
    }
    assert_eq!(wait.repeated_announcements.value, Some(3));
    assert_eq!(wait.same_announcement.value, Some(4));
}

#[test]
fn a_call_that_nobody_picked_up_has_no_wait() {
    let line = Timeline::new(Channel::Mono, 20.0, vec![segment(0.0, 20.0, Label::Ringback)]);
    let unanswered = CallMetrics { answered_by: Measured::absent(0.9, Reason::NeverAnswered), ..metrics(None) };
    let heard = ChannelHeard::default();
    let waiting = Waiting { line: &line, heard: &heard, plays: &[], groups: &[], keeps_waves: true };
    let wait = measure(&waiting, &unanswered);
    let measured: Vec<_> = wait.figures().into_iter().filter(|f| f.measured.value.is_some()).map(|f| f.name).collect();
    assert_eq!(measured, ["repeated_announcements", "same_announcement"]);
    assert_eq!((wait.repeated_announcements.value, wait.same_announcement.value), (Some(0), Some(0)));
    assert_eq!(wait.longest_without_progress_s.reason, Reason::NeverAnswered);
    // a recording that is named and not played was played 0 times
    let named = [group("Bezet-lang", Kind::Apology, Naming::Prompt)];
    let wait = measure(&Waiting { groups: &named, ..waiting }, &unanswered);
    assert_eq!((wait.busy_announcements.value, wait.apologies.value), (Some(0), Some(0)));
    // of silence nothing is told
    let silent = CallMetrics { answered_by: Measured::absent(0.9, Reason::OnlySilence), ..metrics(None) };
    let waiting = Waiting { line: &line, heard: &heard, plays: &[], groups: &named, keeps_waves: true };
    assert!(measure(&waiting, &silent).figures().iter().all(|f| f.measured.value.is_none()));
}

/// Music from `loop_`, interrupted by 4 s of noise after every `every` seconds, by one of the three clocks; and where it plays.
fn interrupted(loop_: &[f32], every: f64, times: usize, clock: Reason) -> (Vec<f32>, Timeline) {
    const MESSAGE_S: f64 = 4.1;
    let (mut samples, mut line, mut phase) = (vec![], vec![], 0);
    let message = Noise::Pink.make(synth::samples(MESSAGE_S), LEVEL, &mut Random::new(3));
    for _ in 0..times {
        let start = synth::seconds(samples.len());
        if clock == Reason::MusicStartsAnew {
            phase = 0;
        }
        let count = synth::samples(every);
        samples.extend((0..count).map(|i| loop_[(phase + i) % loop_.len()]));
        phase += count;
        let end = synth::seconds(samples.len());
        line.push(segment(start, end, Label::Music));
        samples.extend(&message);
        line.push(segment(end, end + MESSAGE_S, Label::Announcement));
        if clock == Reason::MusicGoesOn {
            phase += message.len();
        }
    }
    let under = Noise::White.make(samples.len(), -60.0, &mut Random::new(5));
    samples.iter_mut().zip(under).for_each(|(x, n)| *x += n);
    let duration = synth::seconds(samples.len());
    (samples, Timeline::new(Channel::Mono, duration, line))
}

fn coded(samples: &[f32]) -> Vec<f32> {
    use crate::audio::g711;
    let code = |x: &f32| g711::encode_alaw((x.clamp(-1.0, 1.0) * 32767.0) as i16);
    samples.iter().map(|x| f32::from(g711::decode_alaw(code(x))) / 32768.0).collect()
}

#[test]
fn the_loop_and_what_a_message_does_to_it() {
    let (short, piece) = (Tune::of_notes(7).play(Timbre::Organ, LEVEL), Tune::piece().play(Timbre::Plucked, LEVEL));
    for (loop_, every, times) in [(&short, 14.7, 4), (&piece, 31.0, 3)] {
        let length = synth::seconds(loop_.len());
        for clock in [Reason::MusicGoesOn, Reason::MusicHalts, Reason::MusicStartsAnew] {
            let (samples, line) = interrupted(loop_, every, times, clock.clone());
            let wait = measured(&line, &heard(&coded(&samples)), &[], None);
            let found = wait.music_loop_s;
            assert!(found.value.is_some_and(|l| (l - length).abs() < 0.1), "{length}: {found:?}");
            assert_eq!(found.reason, clock, "{length} s");
            let rounds = (every * times as f64 / length).floor() as u32;
            assert_eq!(wait.music_loops.value, Some(rounds));
        }
    }
}

#[test]
fn a_loop_that_no_stretch_holds_is_found_where_the_music_goes_on_and_not_made_up_where_it_starts_anew() {
    let piece = Tune::piece().play(Timbre::Organ, LEVEL);
    let length = synth::seconds(piece.len());
    let (samples, line) = interrupted(&piece, 13.0, 5, Reason::MusicGoesOn);
    let found = measured(&line, &heard(&samples), &[], None).music_loop_s;
    assert!(found.value.is_none_or(|l| (l - length).abs() < 0.1), "{length}: {found:?}");
    let (samples, line) = interrupted(&piece, 13.0, 5, Reason::MusicStartsAnew);
    let found = measured(&line, &heard(&samples), &[], None).music_loop_s;
    assert_eq!((found.value, found.reason), (None, Reason::MusicCutShort));
}

#[test]
fn the_notes_of_a_tune_are_counted_and_those_of_a_piece_are_not() {
    for timbre in Timbre::ALL {
        // 3, 10, 7, 5, 8, 3, 12, 10, 5, 7, 2, 3: twelve notes, seven different ones
        let tunes = [(3, 3), (4, 4), (5, 5), (7, 6), (12, 7)];
        // twelve bells ring into each other until nobody can tell what is struck
        let most = if timbre == Timbre::Bell { 4 } else { 5 };
        for (count, different) in tunes[..most].iter().copied() {
            let loop_ = Tune::of_notes(count).play(timbre, LEVEL);
            let (samples, line) = interrupted(&loop_, 25.0, 1, Reason::MusicHalts);
            let found = measured(&line, &heard(&coded(&samples)), &[], None).tune_notes;
            assert!(found.value.is_some_and(|n| n.abs_diff(different) <= 1), "{timbre:?} {count}: {found:?}");
        }
    }
    // nine notes of a melody above softer broken chords
    let mut piece = Tune::piece().play(Timbre::Organ, LEVEL);
    let of = |samples: &[f32]| {
        let (samples, line) = interrupted(samples, 25.0, 1, Reason::MusicHalts);
        measured(&line, &heard(&samples), &[], None).tune_notes
    };
    assert!(of(&piece).value.is_none_or(|n| n.abs_diff(9) <= 1), "{:?}", of(&piece));
    // three players at a time
    for seed in [1, 2] {
        let other = Tune::by_chance(&mut Random::new(seed)).play(Timbre::Organ, LEVEL);
        piece.iter_mut().zip(other.iter().cycle()).for_each(|(x, y)| *x += y);
    }
    let found = of(&piece);
    assert_eq!((found.value, found.reason), (None, Reason::SeveralVoices));
}

#[test]
fn a_jump_is_the_step_in_loudness_and_quiet_passages_inside_count_for_nothing() {
    let tone = |seconds: f64, level: Decibels| Noise::White.make(synth::samples(seconds), level, &mut Random::new(1));
    // 8 s of music, half a second of nothing, a voice 9 dB louder with a pause in it, music again
    let mut samples = tone(8.0, -30.0);
    samples.extend(tone(0.5, -70.0));
    samples.extend(tone(1.0, -21.0));
    samples.extend(tone(0.7, -70.0));
    samples.extend(tone(2.0, -21.0));
    samples.extend(tone(6.0, -30.0));
    let line = vec![
        segment(0.0, 8.0, Label::Music),
        segment(8.5, 12.2, Label::Announcement),
        segment(12.2, 18.2, Label::Music),
    ];
    let line = Timeline::new(Channel::Mono, 18.2, line);
    let jump = measured(&line, &heard(&samples), &[], None).loudness_jump_db;
    assert!(jump.value.is_some_and(|db| (db - 9.0).abs() < 1.0), "{jump:?}");
    let music_only = Timeline::new(Channel::Mono, 18.2, vec![segment(0.0, 18.2, Label::Music)]);
    let none = measured(&music_only, &heard(&samples), &[], None).loudness_jump_db;
    assert_eq!((none.value, none.reason), (None, Reason::NoChange));
}

#[test]
fn clipped_music_is_told_from_loud_music() {
    let loop_ = Tune::piece().play(Timbre::Organ, -12.0);
    let share = |gain: f32, keeps_waves: bool| {
        let clip: Vec<f32> = loop_.iter().map(|x| (x * gain).clamp(-0.9, 0.9)).collect();
        let (samples, line) = interrupted(&clip, 20.0, 1, Reason::MusicHalts);
        let heard = heard(&samples);
        let waiting = Waiting { line: &line, heard: &heard, plays: &[], groups: &[], keeps_waves };
        measure(&waiting, &metrics(None)).clipped_music
    };
    assert!(share(1.0, true).value.is_some_and(|s| s < 0.001), "{:?}", share(1.0, true));
    assert!(share(8.0, true).value.is_some_and(|s| s > 0.05), "{:?}", share(8.0, true));
    assert_eq!(share(1.0, false).reason, Reason::HiddenByCodec);
}
