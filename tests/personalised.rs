//! Music in the place of the ringing tone is ringing without rings to count; hold music is not taken for it.

use std::{fs, path::Path};

use bezet::{
    analysis::{self, CallAnalysis, LineSettings},
    label::Label,
    metrics::Reason,
    simulate::{Ingredients, read_script, simulate},
};

/// The calls of a British line with these steps, heard and judged one by one.
fn heard(calls: &[&str], sound: &str) -> Vec<CallAnalysis> {
    let folder = tempfile::tempdir().unwrap();
    let line = format!(
        "client = \"c\"\n[[line]]\nname = \"l\"\ncountry = \"gb\"\nvoice = \"en-insurance\"\ncaller = \"en-caller\"\n{sound}\n"
    );
    let call = |steps: &&str| format!("[[line.call]]\nscenario = \"s\"\noutcome = \"abandoned\"\nsteps = [{steps}]\n");
    fs::write(folder.path().join("script.toml"), line + &calls.iter().map(call).collect::<String>()).unwrap();
    let ingredients = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ingredients");
    let script = read_script(&folder.path().join("script.toml")).unwrap();
    let out = folder.path().join("out");
    simulate(&script, &Ingredients::find(&ingredients).unwrap(), 5, &out, |_| {}).unwrap();
    let one = |i: usize| {
        let heard = analysis::listen(&out.join(format!("calls/l/call-{i:03}.wav"))).unwrap();
        analysis::judge(&[heard], &[None], &LineSettings::default()).remove(0)
    };
    (1..=calls.len()).map(one).collect()
}

const ANSWERED: &str = "{ do = \"pick-up\" }, { do = \"wait\", seconds = 0.8 }, { do = \"say\", prompt = \"greeting\" }, \
    { do = \"wait\", seconds = 0.5 }, { do = \"music\", seconds = 12.0 }, { do = \"say\", prompt = \"busy\" }, { do = \"wait\", seconds = 1.0 }";

/// A call that rings with `tune` in the place of the ringing tone is heard as such.
fn rings_with(tune: &str) {
    let rung = format!(
        "{{ do = \"wait\", seconds = 1.5 }}, {{ do = \"ring-music\", seconds = 14.0, music = \"{tune}\" }}, {ANSWERED}"
    );
    let call = &heard(&[&rung], "")[0];
    let metrics = &call.metrics;
    assert_eq!((metrics.rings.value, &metrics.rings.reason), (None, &Reason::PersonalisedRingback), "{tune}");
    let picked_up = metrics.answered_s.value.expect("the music breaks off");
    assert!((15.2..=16.6).contains(&picked_up), "{tune}: {picked_up}");
    let first = call.line().segments().iter().find(|s| s.label != Label::Silence).unwrap();
    assert_eq!(first.label, Label::Ringback, "{tune}");
    let hold = metrics.hold_music_s.value.unwrap();
    assert!((10.0..14.0).contains(&hold), "{tune}: what rings is no hold music: {hold}");
}

#[test]
fn a_tune_before_the_pick_up_is_ringing_without_rings() {
    rings_with("tune:4:bell");
}

#[test]
#[ignore = "the ear does not hear this organ as music from end to end yet"]
fn an_organ_before_the_pick_up_is_ringing_without_rings() {
    rings_with("tune:piece:organ");
}

#[test]
fn hold_music_at_the_start_stays_hold_music() {
    // picked up at once and music first; and a recording that begins inside the queue
    let music = "{ do = \"music\", seconds = 14.0 }, { do = \"say\", prompt = \"busy\" }, { do = \"wait\", seconds = 1.5 }, \
        { do = \"music\", seconds = 8.0 }";
    let at_once = format!("{{ do = \"pick-up\" }}, {{ do = \"wait\", seconds = 1.5 }}, {music}");
    let inside = format!("{{ do = \"pick-up\" }}, {music}");
    for call in heard(&[&at_once, &inside], "") {
        assert_eq!(call.metrics.rings.reason, Reason::StartsAfterPickUp);
        assert!(call.line().segments().iter().all(|s| s.label != Label::Ringback));
    }
}
