use bezet::{
    detect,
    frames::FramePass,
    heard::ChannelHeard,
    line::phase::phases,
    synth::{self, call_progress::Exchange, noise::Noise, random::Random},
    tone_plan::plan,
};
fn show(name: &str, x: Vec<f32>) {
    let mut p = FramePass::default();
    p.push(&x);
    let f = p.finish();
    println!("== {name}");
    let e = detect::detect(&f);
    for e in &e {
        if matches!(e.sound, detect::Sound::Tone(_)) {
            println!(
                "{:?} {:?} {:.2} {:?}",
                e.interval,
                e.sound,
                e.confidence,
                e.measurements.iter().map(|m| (m.name.to_string(), m.value)).collect::<Vec<_>>()
            );
        }
    }
    let h = ChannelHeard::new(&f, e);
    println!("{} phases", phases(&h.evidence, &h.levels).len());
}
fn main() {
    let gb = plan("gb").unwrap();
    let z = |s: f64| vec![0.0f32; synth::samples(s)];
    let x = [z(1.0), Exchange::default().listen(&gb.ringing[1], 0.0, 9.0), z(2.0)].concat();
    show("375+425", x);
    let mut x = [z(1.0), Exchange::default().listen(&gb.ringing[0], 0.0, 9.0), z(2.0)].concat();
    let n = Noise::Pink.make(x.len(), -26.0, &mut Random::new(7));
    x.iter_mut().zip(n).for_each(|(a, b)| *a += b);
    show("gb noise", x);
    show(
        "sit",
        [z(0.5), Exchange::default().special_information([913.8, 1428.5, 1776.7], [0.274, 0.38, 0.38], 0.0), z(1.0)]
            .concat(),
    );
}
