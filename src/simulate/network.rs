//! What the way does to a call: the telephone's band, noise that steps up at the pick-up, rooms, gain control, lost packets.

use super::{clip::Clip, perform::Sounds, script::Side, script::Sound};
use crate::{
    synth::{
        exact::{amplitude, cosine, sine},
        noise::Noise,
        random::Random,
        samples,
    },
    units::{Hertz, SAMPLE_RATE, Seconds},
};

/// The band that a telephone network passes (ITU-T G.712), a little wider than its -3 dB points.
const BAND_HZ: (Hertz, Hertz) = (270.0, 3_450.0);

/// How much quieter the caller is in a recording of both sides on one channel.
const NEAR_END_SHARE: f32 = 0.8;

/// A packet of speech: 20 ms.
const PACKET: usize = 160;

/// A lost packet is often followed by another (Gilbert 1960).
const LOST_AGAIN: f64 = 0.35;

/// The channels as they arrive at the recorder.
pub(super) fn carry(
    sounds: Sounds,
    sound: &Sound,
    room: Option<&Clip>,
    picked_up: Option<Seconds>,
    random: &mut Random,
) -> Vec<Vec<f32>> {
    let Sounds { mut line, mut caller, open } = sounds;
    if let Some(room) = room.filter(|room| !room.samples.is_empty()) {
        for (from, to) in open {
            line[from..to].iter_mut().zip(room.samples.iter().cycle()).for_each(|(x, noise)| *x += noise);
        }
    }
    passed(&mut line);
    passed(&mut caller);
    let step = picked_up.map_or(line.len(), samples).min(line.len());
    if sound.click && step < line.len() {
        // the switch's own click: some samples of either sign
        line[step..].iter_mut().take(6).enumerate().for_each(|(i, x)| *x += [0.08, 0.05, -0.09, -0.03, 0.03, 0.01][i]);
    }
    let quieter = amplitude(f64::from(-sound.step_db)) as f32;
    let add = |channel: &mut [f32], noise: Vec<f32>| {
        for (i, (x, n)) in channel.iter_mut().zip(noise).enumerate() {
            *x += if i < step { n * quieter } else { n };
        }
    };
    add(&mut line, Noise::White.make(step.max(1).max(caller.len()), sound.noise_level, random));
    if sound.hum {
        add(&mut line, Noise::Hum(50.0).make(caller.len(), sound.noise_level + 3.0, random));
    }
    let lost = losses(line.len(), sound.loss, random);
    if sound.caller_channel.is_some() {
        let hiss = Noise::White.make(caller.len(), sound.noise_level - 4.0, random);
        caller.iter_mut().zip(hiss).for_each(|(x, n)| *x += n);
        conceal(&mut line, &lost);
    } else {
        line.iter_mut().zip(&caller).for_each(|(x, near)| *x += NEAR_END_SHARE * near);
        conceal(&mut line, &lost);
    }
    let mut channels = match sound.caller_channel {
        None => vec![line],
        Some(Side::Left) => vec![caller, line],
        Some(Side::Right) => vec![line, caller],
    };
    for channel in &mut channels {
        if sound.agc {
            control_gain(channel);
        }
        channel.iter_mut().for_each(|x| *x = x.clamp(-1.0, 1.0));
    }
    channels
}

/// Filters `x` to the telephone's band: two second-order sections each way (Bristow-Johnson's cookbook, Q of a fourth-order
/// Butterworth).
fn passed(x: &mut [f32]) {
    for q in [0.541_196_1, 1.306_563] {
        section(x, BAND_HZ.0, q, true);
        section(x, BAND_HZ.1, q, false);
    }
}

fn section(x: &mut [f32], corner: Hertz, q: f64, high_pass: bool) {
    let turns = f64::from(corner) / f64::from(SAMPLE_RATE);
    let (cos, alpha) = (cosine(turns), sine(turns) / (2.0 * q));
    let edge = if high_pass { 1.0 + cos } else { 1.0 - cos };
    let a0 = 1.0 + alpha;
    let (b0, b1) = (edge / 2.0 / a0, if high_pass { -edge } else { edge } / a0);
    let (a1, a2) = (-2.0 * cos / a0, (1.0 - alpha) / a0);
    let (mut s1, mut s2) = (0.0, 0.0);
    for x in x {
        let input = f64::from(*x);
        let output = b0 * input + s1;
        s1 = b1 * input - a1 * output + s2;
        s2 = b0 * input - a2 * output;
        *x = output as f32;
    }
}

/// Which packets get lost: `share` of them on the average, in bursts.
fn losses(length: usize, share: f64, random: &mut Random) -> Vec<usize> {
    let (mut lost, mut before) = (vec![], false);
    let first = share * (1.0 - LOST_AGAIN) / (1.0 - share).max(0.01);
    for start in (0..length).step_by(PACKET) {
        before = share > 0.0 && random.chance(if before { LOST_AGAIN } else { first });
        if before {
            lost.push(start);
        }
    }
    lost
}

/// Plays the packet before a lost one again at half its level, as receivers do; after three, nothing.
fn conceal(x: &mut [f32], lost: &[usize]) {
    let mut run = 0;
    for (i, &start) in lost.iter().enumerate() {
        run = if i > 0 && lost[i - 1] + PACKET == start { run + 1 } else { 1 };
        for n in start..(start + PACKET).min(x.len()) {
            x[n] = if run <= 3 && n >= PACKET { x[n - PACKET] * 0.5 } else { 0.0 };
        }
    }
}

/// A recorder's gain control: slow, between a third and three times.
fn control_gain(x: &mut [f32]) {
    /// What it aims at, as a root mean square.
    const TARGET: f64 = 0.1;
    /// Below this it holds its gain, so as not to lift mere noise.
    const GATE: f64 = 0.006;
    /// The share of the way to the wanted gain made in 10 ms: half a second to settle.
    const STEP: f64 = 0.02;
    let mut gain = 1.0_f64;
    for block in x.chunks_mut(80) {
        let rms = (block.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / block.len() as f64).sqrt();
        if rms > GATE {
            gain += STEP * ((TARGET / rms).clamp(1.0 / 3.0, 3.0) - gain);
        }
        block.iter_mut().for_each(|x| *x *= gain as f32);
    }
}
