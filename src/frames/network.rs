//! The network that hears speech and music: band features in, two probabilities for every 40 ms out.
//!
//! A small convolutional network, trained by `training/train.py` on voices, music and tones that went through telephone
//! codecs. Its layers are described in `training/ARCHITECTURE.md`; in short: two strided convolutions bring the rate
//! from 10 to 40 ms, residual blocks look at syllables there, others look at a pooled copy of 320 ms a row up to 20 s to
//! either side (what makes music music also while somebody sings), and both views are merged.
//!
//! There are about 14,000 multiply-adds a frame, nearly all of them in matrix products. Where the machine can multiply and
//! add in one, it does, so that probabilities differ in their last digits between machines, never on one.

use std::sync::LazyLock;

use pulp::Simd;

use super::bands::BANDS;
use crate::dsp::lanes::{LANES, Lanes};
use dense::Dense;
use weights::{Header, Tensors};

pub use listener::Listener;
pub use weights::WeightsError;

mod dense;
mod listener;
mod weights;

/// Frames of 10 ms that one pair of probabilities answers for.
pub const STEP_FRAMES: usize = 4;

/// Frames of a row of the coarse view.
const ALIGN_FRAMES: usize = 32;

/// Taps of a block's depthwise convolution.
const TAPS: usize = 5;

/// Steps that are pooled into a row of the coarse view.
const POOL: usize = ALIGN_FRAMES / STEP_FRAMES;

/// Rows of a block that are computed at a time: what lies between its two halves stays in the nearest cache.
const TILE: usize = 64;

/// The trained weights (see `training/README.md` for what they were trained on).
static WEIGHTS: &[u8] = include_bytes!("weights.bin");

/// The network as shipped.
pub fn shipped() -> &'static Network {
    static NETWORK: LazyLock<Network> =
        LazyLock::new(|| Network::read(WEIGHTS).expect("the shipped weights are whole: a test reads them"));
    &NETWORK
}

/// Residual block: depthwise convolution, ReLU, dense.
struct Block {
    dilation: usize,
    taps: Vec<f32>,
    shift: Vec<f32>,
    dense: Dense,
}

/// The layers, ready to run.
pub struct Network {
    stem: Dense,
    step: Dense,
    fine: Vec<Block>,
    pool: Dense,
    coarse: Vec<Block>,
    merge: Dense,
    merged: Vec<Block>,
    head: Dense,
}

impl Network {
    /// Takes the weights file apart.
    ///
    /// # Errors
    /// Where it is not of the format `bezet-ear/1`, is cut short, or its layers do not fit.
    pub fn read(bytes: &[u8]) -> Result<Self, WeightsError> {
        let line = bytes.iter().position(|&b| b == b'\n').unwrap_or(bytes.len());
        let header: Header = serde_json::from_slice(&bytes[..line])?;
        if header.format != "bezet-ear/1" || header.bands != BANDS {
            return Err(WeightsError::Foreign { format: header.format, bands: header.bands });
        }
        let mut tensors = Tensors::new(header.tensors, &bytes[(line + 1).min(bytes.len())..])?;
        let stem = Dense::read(&mut tensors, "stem", 4 * BANDS)?;
        let step = Dense::read(&mut tensors, "step", 4 * stem.outputs)?;
        let width = step.outputs;
        let fine = Block::read_all(&mut tensors, "fine", width, &header.fine)?;
        let pool = Dense::read(&mut tensors, "pool", 2 * width)?;
        let coarse = Block::read_all(&mut tensors, "coarse", pool.outputs, &header.coarse)?;
        let merge = Dense::read(&mut tensors, "merge", pool.outputs)?;
        let merged = Block::read_all(&mut tensors, "merged", width, &header.merged)?;
        let head = Dense::read(&mut tensors, "head", width)?;
        if merge.outputs != width || head.outputs != 2 {
            return Err(WeightsError::Tensor("merge or head".into()));
        }
        Ok(Self { stem, step, fine, pool, coarse, merge, merged, head })
    }

    /// The view of 40 ms steps, frames × [`BANDS`] in, `steps` × width out.
    #[inline(always)]
    fn fine_view<S: Simd>(&self, simd: S, features: &[f32], steps: usize) -> Vec<f32> {
        let halved = halve(simd, &self.stem, features, steps * 2);
        let mut x = halve(simd, &self.step, &halved, steps);
        let mut scratch = Scratch::default();
        for block in &self.fine {
            block.apply(simd, &mut x, &mut scratch);
        }
        x
    }

    /// What the coarse view is made of: one row for each [`POOL`] steps of the fine one.
    #[inline(always)]
    fn pooled<S: Simd>(&self, simd: S, fine: &[f32]) -> Vec<f32> {
        let width = self.step.outputs;
        let mut pooled = vec![0.0; fine.len() / POOL * 2];
        for (out, steps) in pooled.chunks_exact_mut(2 * width).zip(fine.chunks_exact(POOL * width)) {
            let (mean, max) = out.split_at_mut(width);
            max.copy_from_slice(&steps[..width]);
            for step in steps.chunks_exact(width) {
                mean.iter_mut().zip(step).for_each(|(m, v)| *m += v / POOL as f32);
                max.iter_mut().zip(step).for_each(|(m, v)| *m = m.max(*v));
            }
        }
        all(simd, &self.pool, &pooled, 0.0)
    }

    /// What the coarse view adds to each row of [`POOL`] steps: rows × width.
    #[inline(always)]
    fn far_view<S: Simd>(&self, simd: S, pooled: &[f32]) -> Vec<f32> {
        let mut coarse = pooled.to_vec();
        let mut scratch = Scratch::default();
        for block in &self.coarse {
            block.apply(simd, &mut coarse, &mut scratch);
        }
        coarse.iter_mut().for_each(|v| *v = v.max(0.0));
        all(simd, &self.merge, &coarse, f32::NEG_INFINITY)
    }

    /// Both views together: the probabilities for each step.
    #[inline(always)]
    fn merged_view<S: Simd>(&self, simd: S, fine: &[f32], far: &[f32]) -> Vec<[f32; 2]> {
        let width = self.step.outputs;
        let mut x = fine.to_vec();
        for (rows, far) in x.chunks_exact_mut(POOL * width).zip(far.chunks_exact(width)) {
            for row in rows.chunks_exact_mut(width) {
                row.iter_mut().zip(far).for_each(|(v, f)| *v += f);
            }
        }
        let mut scratch = Scratch::default();
        for block in &self.merged {
            block.apply(simd, &mut x, &mut scratch);
        }
        x.iter_mut().for_each(|v| *v = v.max(0.0));
        let logits = all(simd, &self.head, &x, f32::NEG_INFINITY);
        logits.chunks_exact(2).map(|z| [sigmoid(z[0]), sigmoid(z[1])]).collect()
    }
}

/// A layer's answer to each row of `x`, cut off below `least`.
#[inline(always)]
fn all<S: Simd>(simd: S, layer: &Dense, x: &[f32], least: f32) -> Vec<f32> {
    let mut out = vec![0.0; x.len() / layer.inputs * layer.outputs];
    layer.multiply(simd, x, layer.inputs, &mut out, |_, sum| sum.max(least));
    out
}

/// The convolution of kernel 4 and stride 2 that a layer's weights are, then ReLU: `wanted` rows, of which row i sees the
/// input's rows 2i - 1 to 2i + 2. What lies outside `x` is zero.
#[inline(always)]
fn halve<S: Simd>(simd: S, layer: &Dense, x: &[f32], wanted: usize) -> Vec<f32> {
    let (channels, outputs) = (layer.inputs / 4, layer.outputs);
    let mut out = vec![0.0; wanted * outputs];
    // Windows overlap by half, each four rows one after the other; all but those at the ends can be seen in place.
    let whole = (x.len() / channels).saturating_sub(3) / 2;
    let inner = whole.min(wanted.saturating_sub(1));
    if inner > 0 {
        let seen = &x[channels..(2 * inner + 3) * channels];
        let out = &mut out[outputs..(inner + 1) * outputs];
        layer.multiply(simd, seen, 2 * channels, out, |_, sum| sum.max(0.0));
    }
    for i in (0..wanted.min(1)).chain(inner + 1..wanted) {
        let mut window = vec![0.0; layer.inputs];
        for (k, row) in window.chunks_exact_mut(channels).enumerate() {
            let at = (2 * i + k).checked_sub(1).map(|at| at * channels);
            if let Some(seen) = at.and_then(|at| x.get(at..at + channels)) {
                row.copy_from_slice(seen);
            }
        }
        let out = &mut out[i * outputs..(i + 1) * outputs];
        layer.multiply(simd, &window, layer.inputs, out, |_, sum| sum.max(0.0));
    }
    out
}

/// Room that blocks use in turn.
#[derive(Default)]
struct Scratch {
    /// What the depthwise convolution gives for [`TILE`] rows.
    hidden: Vec<f32>,
    /// The block's input, while its output is written.
    before: Vec<f32>,
}

impl Block {
    /// The blocks `name`0, `name`1 and so on, one for each dilation.
    fn read_all(
        tensors: &mut Tensors,
        name: &str,
        width: usize,
        dilations: &[usize],
    ) -> Result<Vec<Self>, WeightsError> {
        let read = |(i, &dilation): (usize, &usize)| {
            let name = format!("{name}{i}");
            let (_, taps) = tensors.take(&format!("{name}.taps"), &[Some(TAPS), Some(width)])?;
            let (_, shift) = tensors.take(&format!("{name}.shift"), &[Some(width)])?;
            let dense = Dense::read(tensors, &name, width)?;
            match dense.outputs == width && width.is_multiple_of(LANES) {
                true => Ok(Self { dilation, taps, shift, dense }),
                false => Err(WeightsError::Tensor(name)),
            }
        };
        dilations.iter().enumerate().map(read).collect()
    }

    /// `x += relu(depthwise(x) + shift) · weight + bias`.
    #[inline(always)]
    fn apply<S: Simd>(&self, simd: S, x: &mut [f32], scratch: &mut Scratch) {
        let width = self.shift.len();
        let Scratch { hidden, before } = scratch;
        before.clear();
        before.extend_from_slice(x);
        hidden.resize(TILE * width, 0.0);
        for (tile, out) in x.chunks_mut(TILE * width).enumerate() {
            let hidden = &mut hidden[..out.len()];
            for (i, row) in hidden.chunks_exact_mut(width).enumerate() {
                self.depthwise(before, tile * TILE + i, row);
            }
            self.dense.multiply(simd, hidden, width, out, |x, sum| x + sum);
        }
    }

    /// One row of `relu(depthwise(x) + shift)`.
    #[inline(always)]
    fn depthwise(&self, x: &[f32], t: usize, out: &mut [f32]) {
        let width = out.len();
        let seen = |k: usize| {
            let row = (t + k * self.dilation).checked_sub(TAPS / 2 * self.dilation)?;
            x.get(row * width..(row + 1) * width)
        };
        let taps = |k: usize| &self.taps[k * width..(k + 1) * width];
        if let (Some(a), Some(b), Some(c), Some(d), Some(e)) = (seen(0), seen(1), seen(2), seen(3), seen(4)) {
            // All at once where nothing is missing: one pass in place of five.
            let (rows, taps) = ([a, b, c, d, e].map(eights), std::array::from_fn::<_, TAPS, _>(|k| eights(taps(k))));
            let (out, shift) = (out.as_chunks_mut::<LANES>().0, eights(&self.shift));
            for (i, out) in out.iter_mut().enumerate() {
                let product = |k: usize| Lanes(rows[k][i]) * Lanes(taps[k][i]);
                let sum = product(0) + product(1) + product(2) + product(3) + product(4);
                *out = (sum + Lanes(shift[i])).max(Lanes::ZERO).0;
            }
            return;
        }
        out.copy_from_slice(&self.shift);
        for k in 0..TAPS {
            if let Some(row) = seen(k) {
                for ((o, v), w) in out.iter_mut().zip(row).zip(taps(k)) {
                    *o += v * w;
                }
            }
        }
        out.iter_mut().for_each(|v| *v = v.max(0.0));
    }
}

/// Numbers in eights: a block is as wide as some of them are, see [`Block::read_all`].
#[inline(always)]
fn eights(row: &[f32]) -> &[[f32; LANES]] {
    row.as_chunks().0
}

fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + (-z).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(features: &[f32]) -> Vec<[f32; 2]> {
        let mut listener = Listener::new(shipped());
        features.as_chunks::<BANDS>().0.iter().for_each(|row| listener.push(row));
        listener.finish()
    }

    fn vector() -> (Vec<f32>, Vec<[f32; 2]>) {
        let vector: serde_json::Value =
            serde_json::from_str(include_str!("../../training/network_vector.json")).unwrap();
        let frames = vector["frames"].as_u64().unwrap() as usize;
        let feature = |t: usize, b: usize| {
            let wave = (t * (b % 7 + 3) + b * b) % 97;
            wave as f32 / 97.0 * 2.0 + ((t / 40 + b / 9) % 3) as f32 * 0.5
        };
        let features = (0..frames).flat_map(|t| (0..BANDS).map(move |b| feature(t, b))).collect();
        let pair = |p: &serde_json::Value| [p[0].as_f64().unwrap() as f32, p[1].as_f64().unwrap() as f32];
        (features, vector["posteriors"].as_array().unwrap().iter().map(pair).collect())
    }

    #[test]
    fn probabilities_are_those_of_the_training() {
        let (features, expected) = vector();
        let posteriors = heard(&features);
        assert_eq!(posteriors.len(), expected.len());
        for (step, (have, want)) in posteriors.iter().zip(&expected).enumerate() {
            for side in 0..2 {
                assert!((have[side] - want[side]).abs() < 1e-3, "step {step}: {have:?}, not {want:?}");
            }
        }
    }

    #[test]
    fn short_recordings_have_their_steps_too() {
        for frames in [0, 1, 3, 4, 5, 31, 32, 33] {
            assert_eq!(heard(&vec![0.5; frames * BANDS]).len(), frames.div_ceil(STEP_FRAMES));
        }
    }

    /// `cargo test --release speed -- --ignored --nocapture`
    #[test]
    #[ignore = "a measurement, not a check"]
    fn speed_on_one_core() {
        let frames = 600 * 100;
        let features: Vec<f32> = (0..frames * BANDS).map(|i| (i * i % 1_009) as f32 / 400.0).collect();
        shipped();
        let best = (0..20)
            .map(|_| {
                let start = std::time::Instant::now();
                std::hint::black_box(heard(&features));
                start.elapsed().as_secs_f64()
            })
            .fold(f64::MAX, f64::min);
        println!("{:.0} times real time", frames as f64 / 100.0 / best);
    }
}
