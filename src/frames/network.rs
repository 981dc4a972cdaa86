//! The network that hears speech and music: band features in, two probabilities for every 40 ms out.
//!
//! A small convolutional network, trained by `training/train.py` on voices, music and tones that went through telephone
//! codecs. Its layers are described in `training/ARCHITECTURE.md`; in short: two strided convolutions bring the rate
//! from 10 to 40 ms, residual blocks look at syllables there, others look at a pooled copy of 320 ms a row up to 20 s to
//! either side (what makes music music also while somebody sings), and both views are merged.
//!
//! There are about 14,000 multiply-adds a frame, nearly all of them in matrix products of whole numbers ([`dense`]). All else
//! is plain arithmetic, lane by lane, so that every machine hears the same.

use std::sync::LazyLock;

use super::bands::BANDS;
use crate::dsp::lanes::{LANES, Lanes};
use dense::Dense;
use multiplier::Multiplier;
use rows::Rows;
use weights::{Header, Tensors};

pub use listener::Listener;
pub use weights::WeightsError;

mod dense;
mod listener;
mod multiplier;
mod rows;
mod weights;

/// Frames of 10 ms that one pair of probabilities answers for.
pub const STEP_FRAMES: usize = 4;

/// Frames of a row of the coarse view.
const ALIGN_FRAMES: usize = 32;

/// Taps of a block's depthwise convolution.
const TAPS: usize = 5;

/// Steps that are pooled into a row of the coarse view.
const POOL: usize = ALIGN_FRAMES / STEP_FRAMES;

/// What 1 is written as where numbers are rounded to 16 bits: a range of ±128 in steps of 0.004. In 150 calls of all codecs
/// no layer went beyond 90, and one number in a hundred beyond 20; what goes beyond the range stays at its end.
pub const ONE: f32 = 256.0;

/// A number as it is multiplied: the nearest whole part, of two equally near the even one.
#[inline(always)]
pub fn rounded(x: f32) -> i16 {
    /// Added to a number of this range, it leaves the nearest whole one in the last 16 bits: 1.5 · 2²³.
    const ROUNDS: f32 = 12_582_912.0;
    const LEAST: f32 = i16::MIN as f32;
    const MOST: f32 = i16::MAX as f32;
    let x = x * ONE;
    let x = if x > LEAST { x } else { LEAST };
    let x = if x < MOST { x } else { MOST };
    (x + ROUNDS).to_bits() as i16
}

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
    taps: [Vec<[f32; LANES]>; TAPS],
    shift: Vec<[f32; LANES]>,
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

    /// The view of 40 ms steps into `room.steps`, `steps` × width. Of the features, rows of [`BANDS`], those before and behind
    /// the frames of these steps are there too, one each.
    #[inline(always)]
    fn fine_view<M: Multiplier>(&self, by: M, features: &[i16], steps: usize, room: &mut Room) {
        room.halved.resize(2 * steps);
        let halved = room.halved.inner_mut();
        self.stem.multiply(by, features, 2 * BANDS, halved, |out, sum| *out = rounded(sum.max(0.0)));
        room.steps.resize(steps);
        let (halved, outputs) = (room.halved.from(1, 2 * steps + 2), self.stem.outputs);
        self.step.multiply(by, halved, 2 * outputs, room.steps.inner_mut(), |out, sum| *out = sum.max(0.0));
        for block in &self.fine {
            block.apply(by, &mut room.steps, &mut room.hidden);
        }
    }

    /// What the coarse view is made of: one row for each [`POOL`] steps of the fine one.
    #[inline(always)]
    fn pooled<M: Multiplier>(&self, by: M, fine: &[f32], hidden: &mut Vec<i16>) -> Vec<f32> {
        let width = self.step.outputs;
        hidden.clear();
        for steps in fine.chunks_exact(POOL * width) {
            let columns = |c: usize| (0..POOL).map(move |step| eights(&steps[step * width..])[c]);
            for c in 0..width / LANES {
                let sum = columns(c).fold(Lanes::ZERO, |sum, x| sum + Lanes(x));
                hidden.extend((sum * (1.0 / POOL as f32)).0.map(rounded));
            }
            for c in 0..width / LANES {
                let most = columns(c).fold(Lanes([f32::MIN; LANES]), |most, x| most.max(Lanes(x)));
                hidden.extend(most.0.map(rounded));
            }
        }
        all(by, &self.pool, hidden, |out, sum| *out = sum.max(0.0))
    }

    /// What the coarse view adds to each row of [`POOL`] steps: rows × width.
    #[inline(always)]
    fn far_view<M: Multiplier>(&self, by: M, pooled: &[f32], room: &mut Room) -> Vec<f32> {
        room.coarse.resize(pooled.len() / self.pool.outputs);
        room.coarse.inner_mut().copy_from_slice(pooled);
        for block in &self.coarse {
            block.apply(by, &mut room.coarse, &mut room.hidden);
        }
        positive(room.coarse.inner(), &mut room.hidden);
        all(by, &self.merge, &room.hidden, |out, sum| *out = sum)
    }

    /// Both views together: the probabilities for each step.
    #[inline(always)]
    fn merged_view<M: Multiplier>(&self, by: M, fine: &[f32], far: &[f32], room: &mut Room) -> Vec<[f32; 2]> {
        let width = self.step.outputs;
        room.steps.resize(fine.len() / width);
        let rows = room.steps.inner_mut().chunks_exact_mut(width).zip(fine.chunks_exact(width));
        for (i, (sum, fine)) in rows.enumerate() {
            let far = &far[i / POOL * width..][..width];
            for c in 0..width {
                sum[c] = fine[c] + far[c];
            }
        }
        for block in &self.merged {
            block.apply(by, &mut room.steps, &mut room.hidden);
        }
        positive(room.steps.inner(), &mut room.hidden);
        let logits: Vec<f32> = all(by, &self.head, &room.hidden, |out, sum| *out = sum);
        logits.as_chunks().0.iter().map(|z: &[f32; 2]| z.map(sigmoid)).collect()
    }
}

/// A layer's answer to each row of `x`.
#[inline(always)]
fn all<M: Multiplier>(by: M, layer: &Dense, x: &[i16], finish: impl Fn(&mut f32, f32) + Copy) -> Vec<f32> {
    let mut out = vec![0.0; x.len() / layer.inputs * layer.outputs];
    layer.multiply(by, x, layer.inputs, &mut out, finish);
    out
}

/// ReLU, rounded for a product.
#[inline(always)]
fn positive(x: &[f32], out: &mut Vec<i16>) {
    out.resize(x.len(), 0);
    for (out, x) in out.iter_mut().zip(x) {
        *out = rounded(x.max(0.0));
    }
}

/// Room that the layers work in, kept from stretch to stretch.
struct Room {
    /// What the stem gives, 20 ms a row.
    halved: Rows<i16>,
    /// 40 ms a row.
    steps: Rows<f32>,
    /// 320 ms a row.
    coarse: Rows<f32>,
    /// What is multiplied.
    hidden: Vec<i16>,
}

impl Room {
    fn of(network: &Network) -> Self {
        let reach = |blocks: &[Block]| blocks.iter().map(|block| TAPS / 2 * block.dilation).max().unwrap_or(0);
        let steps = reach(&network.fine).max(reach(&network.merged));
        Self {
            halved: Rows::new(network.stem.outputs, 1),
            steps: Rows::new(network.step.outputs, steps),
            coarse: Rows::new(network.pool.outputs, reach(&network.coarse)),
            hidden: vec![],
        }
    }
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
            let taps = tensors.take(&format!("{name}.taps"), &[TAPS, width])?;
            let taps = std::array::from_fn(|k| eights(&taps[k * width..(k + 1) * width]).to_vec());
            let shift = eights(&tensors.take(&format!("{name}.shift"), &[width])?).to_vec();
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
    fn apply<M: Multiplier>(&self, by: M, x: &mut Rows<f32>, hidden: &mut Vec<i16>) {
        let width = self.dense.inputs;
        let rows = x.inner().len() / width;
        hidden.resize(rows * width, 0);
        let seen: [&[[f32; LANES]]; TAPS] = {
            let all = x.from(TAPS / 2 * self.dilation, rows + (TAPS - 1) * self.dilation);
            std::array::from_fn(|k| eights(&all[k * self.dilation * width..][..rows * width]))
        };
        let columns = width / LANES;
        for (row, out) in hidden.as_chunks_mut::<LANES>().0.chunks_exact_mut(columns).enumerate() {
            let seen: [&[[f32; LANES]]; TAPS] = std::array::from_fn(|k| &seen[k][row * columns..(row + 1) * columns]);
            for c in 0..columns {
                let mut sum = Lanes(self.shift[c]);
                for (seen, taps) in seen.iter().zip(&self.taps) {
                    sum += Lanes(seen[c]) * Lanes(taps[c]);
                }
                for (out, sum) in out[c].iter_mut().zip(sum.0) {
                    *out = rounded(sum.max(0.0));
                }
            }
        }
        self.dense.multiply(by, hidden, width, x.inner_mut(), |x, sum| *x += sum);
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
        features.as_chunks::<BANDS>().0.iter().for_each(|row| listener.push(&row.map(rounded)));
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
                assert!((have[side] - want[side]).abs() < 5e-3, "step {step}: {have:?}, not {want:?}");
            }
        }
    }

    #[test]
    fn numbers_are_rounded_to_the_nearest_and_stay_in_range() {
        let of = |whole: f32| rounded(whole / ONE);
        assert_eq!([of(2.4), of(2.5), of(3.5), of(-2.6), of(40_000.0), of(-1e9)], [2, 2, 4, -3, i16::MAX, i16::MIN]);
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
