//! What the ears must hear, clause by clause: a transmitter for every receiver.

mod engaged;
mod keys;
mod lines;
#[path = "../programs/mod.rs"]
mod programs;
mod progress;
mod tunes;
#[path = "../voices/mod.rs"]
mod voices;
mod way;

use bezet::{
    detect::{self, Evidence},
    frames::FramePass,
    heard::ChannelHeard,
    synth::{self, noise::Noise, random::Random},
    units::{Decibels, Seconds},
};

/// Silence of so many seconds.
fn silence(seconds: Seconds) -> Vec<f32> {
    vec![0.0; synth::samples(seconds)]
}

/// The signal with noise of that level under it.
fn noisy(mut signal: Vec<f32>, noise: Noise, level: Decibels) -> Vec<f32> {
    let under = noise.make(signal.len(), level, &mut Random::new(7));
    signal.iter_mut().zip(under).for_each(|(x, n)| *x += n);
    signal
}

/// The signal through G.711 A-law and back.
fn through_alaw(signal: &[f32]) -> Vec<f32> {
    use bezet::audio::g711;
    let code = |x: &f32| g711::encode_alaw((x.clamp(-1.0, 1.0) * 32767.0) as i16);
    signal.iter().map(|x| f32::from(g711::decode_alaw(code(x))) / 32768.0).collect()
}

/// What is kept of a channel that holds `signal`.
fn heard(signal: &[f32]) -> ChannelHeard {
    let mut pass = FramePass::default();
    pass.push(signal);
    let frames = pass.finish();
    ChannelHeard::new(&frames, evidence(signal))
}

fn evidence(signal: &[f32]) -> Vec<Evidence> {
    let mut pass = FramePass::default();
    pass.push(signal);
    detect::detect(&pass.finish())
}
