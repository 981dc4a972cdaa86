//! Recorded or live, on composed scenes: what sounds is made here, what the ear makes of it is told, and the whole trip
//! from there on has to find out who speaks.

use bezet::{
    analysis::{CallAnalysis, Heard, LineSettings, RecordingFacts, judge},
    detect::{self, Evidence, Sound},
    frames::FramePass,
    heard::ChannelHeard,
    interval::Interval,
    label::Label,
    metrics::{AnsweredBy, Outcome},
    synth::{
        call_progress::Exchange,
        dtmf::Keypad,
        noise::Noise,
        random::Random,
        samples, seconds, set_level,
        tune::{Timbre, Tune},
    },
    tone_plan,
    units::{Decibels, SAMPLE_RATE, Seconds},
};

/// Somebody, or a machine's voice.
#[derive(Clone, Copy)]
struct Voice {
    pitch: f64,
    throat: f64,
    level: Decibels,
}

const STUDIO: Voice = Voice { pitch: 205.0, throat: 1.1, level: -20.0 };
const AGENT: Voice = Voice { pitch: 118.0, throat: 0.9, level: -26.0 };
const SECOND_AGENT: Voice = Voice { pitch: 230.0, throat: 1.2, level: -23.0 };
const CALLER: Voice = Voice { pitch: 140.0, throat: 1.0, level: -18.0 };
/// The line's own noise, and how much louder the room of somebody live is.
const LINE_DBFS: Decibels = -62.0;
const ROOM_DBFS: Decibels = -50.0;

/// Words that nobody understands: syllables of a buzz through two changing resonances. One seed says the same again.
fn words(voice: Voice, duration: Seconds, seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed);
    let mut out: Vec<f32> = Vec::new();
    while seconds(out.len()) < duration {
        let (length, pitch) = (samples(random.uniform(0.12, 0.26)), voice.pitch * random.uniform(0.85, 1.15));
        let formants = [random.uniform(280.0, 800.0) * voice.throat, random.uniform(900.0, 2400.0) * voice.throat];
        let loud = random.uniform(0.4, 1.0);
        let weight = |hz: f64| formants.iter().map(|f| 1.0 / (1.0 + ((hz - f) / 120.0).powi(2))).sum::<f64>() + 0.02;
        let harmonics: Vec<(f64, f64)> =
            (1..30).map(|k| pitch * f64::from(k)).filter(|hz| *hz < 3400.0).map(|hz| (hz, weight(hz))).collect();
        out.extend((0..length).map(|i| {
            let t = seconds(i);
            let swell = (std::f64::consts::PI * i as f64 / length as f64).sin();
            let buzz: f64 = harmonics.iter().map(|(hz, w)| w * (std::f64::consts::TAU * hz * t).sin()).sum();
            (loud * swell * buzz) as f32
        }));
    }
    out.truncate(samples(duration));
    set_level(&mut out, voice.level);
    out
}

/// A call under construction, with what a perfect ear makes of it.
struct Scene {
    samples: Vec<f32>,
    sounds: Vec<(Interval, Sound)>,
    random: Random,
}

impl Scene {
    fn new(seed: u64) -> Self {
        let mut scene = Self { samples: Vec::new(), sounds: Vec::new(), random: Random::new(seed) };
        scene.quiet(1.0);
        scene
    }

    fn now(&self) -> Seconds {
        seconds(self.samples.len())
    }

    fn put(&mut self, sound: &[f32], floor: Decibels, heard: Option<Sound>) -> Interval {
        let noise = Noise::White.make(sound.len(), floor, &mut self.random);
        let from = self.now();
        self.samples.extend(sound.iter().zip(noise).map(|(s, n)| s + n));
        let interval = Interval::new(from, self.now());
        self.sounds.extend(heard.map(|sound| (interval, sound)));
        interval
    }

    fn quiet(&mut self, duration: Seconds) {
        self.put(&vec![0.0; samples(duration)], LINE_DBFS, None);
    }

    fn ring(&mut self, count: usize) {
        let ringing = &tone_plan::plan("nl").unwrap().ringing[0];
        let exchange = Exchange::default();
        let period = exchange.period(ringing).unwrap();
        self.put(&exchange.listen(ringing, 0.0, period * count as f64 - 2.0), LINE_DBFS, None);
    }

    /// A recording of one voice: phrases with short pauses.
    fn message(&mut self, duration: Seconds, seed: u64) -> Interval {
        let from = self.now();
        for phrase in 0..(duration / 2.0).ceil() as u64 {
            let length = (duration - 2.0 * phrase as f64).min(1.7);
            self.put(&words(STUDIO, length, seed * 100 + phrase), LINE_DBFS, None);
            if length >= 1.7 {
                self.put(&vec![0.0; samples(0.25)], LINE_DBFS, None);
            }
        }
        let interval = Interval::new(from, self.now());
        self.sounds.push((interval, Sound::Speech));
        interval
    }

    fn music(&mut self, duration: Seconds) {
        let round = Tune::piece().play(Timbre::ALL[0], -24.0);
        let piece: Vec<f32> = round.iter().cycle().take(samples(duration)).copied().collect();
        self.put(&piece, LINE_DBFS, Some(Sound::Music));
    }

    fn key(&mut self, key: char) {
        self.put(&Keypad::default().press(key).unwrap(), LINE_DBFS, None);
    }

    fn beep(&mut self) {
        self.put(&Exchange::default().beep(1000.0, 0.5), LINE_DBFS, None);
    }

    /// A live person and the caller, turn by turn, in a room; says when the first word was spoken.
    fn conversation(&mut self, person: Voice, turns: u64, seed: u64) -> Seconds {
        self.put(&vec![0.0; samples(0.4)], ROOM_DBFS, None);
        let first = self.now();
        for turn in 0..turns {
            let person_s = self.random.uniform(1.2, 3.5);
            self.put(&words(person, person_s, seed * 1000 + 2 * turn), ROOM_DBFS, Some(Sound::Speech));
            self.put(&vec![0.0; samples(0.6)], ROOM_DBFS, None);
            let caller_s = self.random.uniform(1.0, 3.0);
            self.put(&words(CALLER, caller_s, seed * 1000 + 2 * turn + 1), ROOM_DBFS, Some(Sound::Speech));
            self.put(&vec![0.0; samples(0.8)], ROOM_DBFS, None);
        }
        first
    }

    fn heard(mut self) -> Heard {
        self.quiet(1.0);
        let mut pass = FramePass::default();
        pass.push(&self.samples);
        let frames = pass.finish();
        let mut evidence = detect::detect(&frames);
        evidence.retain(|e| matches!(e.sound, Sound::Tone(_) | Sound::Key(_)));
        evidence.extend(self.sounds.into_iter().map(|(interval, sound)| Evidence {
            interval,
            sound,
            confidence: 0.95,
            detector: "sound".into(),
            measurements: Vec::new(),
        }));
        evidence.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
        let recording = RecordingFacts {
            duration_s: frames.duration(),
            channels: 1,
            container: "wav".into(),
            codec: "pcm_s16".into(),
            sample_rate: SAMPLE_RATE,
            recorded_at: None,
            warnings: Vec::new(),
        };
        Heard { recording, channels: vec![ChannelHeard::new(&frames, evidence)] }
    }
}

fn judged(calls: &[Heard]) -> Vec<CallAnalysis> {
    let settings = LineSettings { country: Some("nl".into()), ..LineSettings::default() };
    judge(calls, &vec![None; calls.len()], &settings)
}

fn alone(scene: Scene) -> CallAnalysis {
    judged(&[scene.heard()]).remove(0)
}

fn assert_near(got: Option<Seconds>, want: Seconds, what: &str) {
    assert!(got.is_some_and(|got| (got - want).abs() < 0.5), "{what}: {got:?} instead of {want:.2}");
}

fn live_voice_s(call: &CallAnalysis, from: Seconds, to: Seconds) -> Seconds {
    let span = Interval::new(from, to);
    call.line().segments().iter().filter(|s| s.label == Label::Human).map(|s| s.interval.overlap(span)).sum()
}

/// Ringing, a greeting, a key, and twice the same message with music: up to whoever comes on the line. Says when the queue
/// begins.
fn into_the_queue(scene: &mut Scene) -> Seconds {
    scene.ring(2);
    scene.message(5.0, 1);
    scene.quiet(0.3);
    scene.message(8.0, 2);
    scene.quiet(1.0);
    scene.key('1');
    scene.quiet(0.8);
    let queue = scene.message(4.0, 3);
    scene.quiet(0.3);
    scene.music(20.0);
    scene.quiet(0.2);
    scene.message(4.0, 3);
    scene.quiet(0.3);
    scene.music(12.0);
    queue.start()
}

#[test]
fn a_queue_ends_in_ringing_and_a_person() {
    let mut scene = Scene::new(1);
    let queue = into_the_queue(&mut scene);
    scene.quiet(0.3);
    let ringing = scene.now();
    scene.ring(2);
    let first_word = scene.conversation(AGENT, 5, 4);
    let call = alone(scene);
    assert_near(call.metrics.time_to_human_s.value, first_word, "first word");
    assert_near(call.metrics.queue_s.value, ringing - queue, "queue up to the second ringing");
    assert_eq!(call.metrics.outcome.value, Some(Outcome::Human));
    assert_eq!(call.metrics.answered_by.value, Some(AnsweredBy::Machine));
    assert_eq!(live_voice_s(&call, 0.0, first_word - 0.5), 0.0);
}

#[test]
fn a_person_puts_the_caller_on_hold_and_comes_back() {
    let mut scene = Scene::new(2);
    into_the_queue(&mut scene);
    let first_word = scene.conversation(AGENT, 4, 5);
    scene.music(15.0);
    let back = scene.conversation(AGENT, 4, 6);
    let end = scene.now();
    let call = alone(scene);
    assert_near(call.metrics.time_to_human_s.value, first_word, "first word");
    assert!(
        live_voice_s(&call, back, end) > 0.8 * live_voice_s(&call, 0.0, end) / 2.0,
        "he is himself after the music"
    );
    assert_eq!(live_voice_s(&call, 0.0, first_word - 0.5), 0.0);
}

#[test]
fn a_transfer_leads_to_a_second_person() {
    let mut scene = Scene::new(3);
    into_the_queue(&mut scene);
    let first_word = scene.conversation(AGENT, 4, 7);
    scene.music(10.0);
    scene.ring(2);
    let second = scene.conversation(SECOND_AGENT, 4, 8);
    let end = scene.now();
    let call = alone(scene);
    assert_near(call.metrics.time_to_human_s.value, first_word, "the first person's first word");
    assert!(live_voice_s(&call, second - 0.5, end) > 5.0, "the second person is live too");
    assert_eq!(call.metrics.rings.value, Some(2), "ringing of the transfer is none of the caller's rings");
}

#[test]
fn a_voicemail_greeting_and_its_beep_are_a_machine() {
    let mut scene = Scene::new(4);
    scene.ring(3);
    scene.message(7.0, 9);
    scene.quiet(0.4);
    scene.beep();
    scene.quiet(4.0);
    let call = alone(scene);
    assert_eq!(call.metrics.time_to_human_s.value, None);
    assert_eq!(call.metrics.outcome.value, Some(Outcome::Voicemail));
    assert_eq!(call.metrics.announcements.value, Some(1));
    assert_eq!(call.metrics.answered_by.value, Some(AnsweredBy::Machine));
}

#[test]
fn one_recording_of_a_line_has_to_do_without_others() {
    let mut scene = Scene::new(5);
    scene.ring(2);
    scene.message(6.0, 10);
    scene.quiet(0.3);
    scene.music(15.0);
    let first_word = scene.conversation(AGENT, 5, 11);
    let call = alone(scene);
    assert_near(call.metrics.time_to_human_s.value, first_word, "first word");
    assert_eq!(call.metrics.answered_by.value, Some(AnsweredBy::Machine));
    let message: Seconds =
        call.line().segments().iter().filter(|s| s.label == Label::Announcement).map(|s| s.interval.duration()).sum();
    assert!((5.0..7.0).contains(&message), "{message} s of announcement");
}

#[test]
fn a_person_who_picks_up_is_no_machine() {
    let mut scene = Scene::new(6);
    scene.ring(2);
    let first_word = scene.conversation(AGENT, 6, 12);
    let call = alone(scene);
    assert_near(call.metrics.time_to_human_s.value, first_word, "first word");
    assert_eq!(call.metrics.answered_by.value, Some(AnsweredBy::Human));
    assert_eq!(call.metrics.announcements.value, Some(0));
}

#[test]
fn a_message_and_a_person_without_music_between_are_parted() {
    let scenes = (0..4).map(|i| {
        let mut scene = Scene::new(20 + i);
        scene.ring(2);
        scene.message(6.0, 13);
        scene.quiet(0.5);
        let first_word = scene.conversation(AGENT, 5, 30 + i);
        (scene.heard(), first_word)
    });
    let (calls, first_words): (Vec<Heard>, Vec<Seconds>) = scenes.unzip();
    for (call, first_word) in judged(&calls).iter().zip(first_words) {
        assert_near(call.metrics.time_to_human_s.value, first_word, "first word");
        assert_eq!(call.metrics.announcements.value, Some(1), "the message that all calls share");
    }
}

#[test]
fn refused_by_a_message_nobody_has_spoken() {
    let mut scene = Scene::new(7);
    scene.ring(1);
    scene.message(6.0, 14);
    scene.quiet(1.0);
    let call = alone(scene);
    assert_eq!(call.metrics.time_to_human_s.value, None);
    assert_eq!(call.metrics.outcome.value, Some(Outcome::Closed));
}
