//! The network that hears speech and music: band features in, two probabilities for every 40 ms out.
//!
//! A small convolutional network, trained by `training/train.py` on voices, music and tones that went through telephone
//! codecs. Its layers are described in `training/ARCHITECTURE.md`; in short: two strided convolutions bring the rate
//! from 10 to 40 ms, residual blocks look at syllables there, others look at a pooled copy of 320 ms a row up to 20 s to
//! either side (what makes music music also while somebody sings), and both views are merged.
//!
//! Nearly all the work is matrix products over a whole stretch of audio at once, by `ndarray`; there are about 14,000
//! multiply-adds a frame.

use std::sync::LazyLock;

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2, ShapeBuilder};
use serde::Deserialize;

use super::bands::BANDS;

/// Frames of 10 ms that one pair of probabilities answers for.
pub const STEP_FRAMES: usize = 4;

/// Frames of a row of the coarse view. A stretch that is heard on its own begins at a multiple of this, counted from the
/// start of the recording: then it is heard as the whole would have been.
pub const ALIGN_FRAMES: usize = 32;

/// How far a probability can reach to either side, in frames, rounded up to [`ALIGN_FRAMES`]: a stretch that is heard
/// with so much more before and behind gives, in its own frames, what the whole recording would have given.
pub const CONTEXT_FRAMES: usize = 2_112;

/// Taps of a block's depthwise convolution.
const TAPS: usize = 5;

/// Steps that are pooled into a row of the coarse view.
const POOL: usize = ALIGN_FRAMES / STEP_FRAMES;

/// The trained weights (see `training/README.md` for what they were trained on).
static WEIGHTS: &[u8] = include_bytes!("weights.bin");

/// The network as shipped.
pub fn shipped() -> &'static Network {
    static NETWORK: LazyLock<Network> = LazyLock::new(|| {
        Network::read(WEIGHTS).expect("the shipped weights are whole: a test reads them")
    });
    &NETWORK
}

/// Why bytes are not a network's weights.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The first line is not the expected JSON.
    #[error("the weights' header: {0}")]
    Header(#[from] serde_json::Error),
    /// Another format than `bezet-ear/1` or another number of bands.
    #[error("weights of format {format} for {bands} bands cannot be used")]
    Foreign {
        /// What the header says.
        format: String,
        /// Likewise.
        bands: usize,
    },
    /// The bytes end before the tensors do, or go on after them.
    #[error("the weights are {have} bytes long where their header wants {want}")]
    Length {
        /// Bytes after the header.
        have: usize,
        /// Bytes that the tensors take.
        want: usize,
    },
    /// A layer is missing or does not fit its neighbours.
    #[error("the weights' tensor {0} is missing or of the wrong shape")]
    Tensor(String),
}

/// First line of the weights file.
#[derive(Deserialize)]
struct Header {
    format: String,
    bands: usize,
    fine: Vec<usize>,
    coarse: Vec<usize>,
    merged: Vec<usize>,
    tensors: Vec<Tensor>,
}

/// One array of the weights file.
#[derive(Deserialize)]
struct Tensor {
    name: String,
    shape: Vec<usize>,
    /// Steps of the signed bytes, one for each column; half-precision floats where absent.
    scale: Option<Vec<f32>>,
}

/// `x · weight + bias`.
struct Dense {
    inputs: usize,
    outputs: usize,
    weight: Vec<f32>,
    bias: Vec<f32>,
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
        let line = bytes
            .iter()
            .position(|&b| b == b'\n')
            .unwrap_or(bytes.len());
        let header: Header = serde_json::from_slice(&bytes[..line])?;
        if header.format != "bezet-ear/1" || header.bands != BANDS {
            return Err(WeightsError::Foreign {
                format: header.format,
                bands: header.bands,
            });
        }
        let mut tensors = Tensors::new(header.tensors, &bytes[(line + 1).min(bytes.len())..])?;
        let stem = tensors.dense("stem", 4 * BANDS)?;
        let step = tensors.dense("step", 4 * stem.outputs)?;
        let width = step.outputs;
        let fine = tensors.blocks("fine", width, &header.fine)?;
        let pool = tensors.dense("pool", 2 * width)?;
        let coarse = tensors.blocks("coarse", pool.outputs, &header.coarse)?;
        let merge = tensors.dense("merge", pool.outputs)?;
        let merged = tensors.blocks("merged", width, &header.merged)?;
        let head = tensors.dense("head", width)?;
        if merge.outputs != width || head.outputs != 2 {
            return Err(WeightsError::Tensor("merge or head".into()));
        }
        Ok(Self {
            stem,
            step,
            fine,
            pool,
            coarse,
            merge,
            merged,
            head,
        })
    }

    /// The probabilities of speech and of music, one pair for every [`STEP_FRAMES`] frames, the last step perhaps for fewer.
    ///
    /// `features` are frames × [`BANDS`], row-major, as [`band_features`](super::bands::band_features) gives them. Beyond
    /// both ends the network takes silence for granted; see [`CONTEXT_FRAMES`] for hearing a recording in stretches.
    ///
    /// # Panics
    /// Where `features` does not hold whole frames.
    pub fn posteriors(&self, features: &[f32]) -> Vec<[f32; 2]> {
        assert_eq!(features.len() % BANDS, 0, "whole frames");
        let frames = features.len() / BANDS;
        if frames == 0 {
            return Vec::new();
        }
        let padded = frames.next_multiple_of(ALIGN_FRAMES);
        // A row of zeros before, and behind what the padding and the last window need: no window hangs over the edge.
        let mut input = vec![0.0; (padded + 2) * BANDS];
        input[BANDS..BANDS + features.len()].copy_from_slice(features);
        let middle = halve(&input, padded, &self.stem, 1);
        let mut x = halve(&middle, padded / 2, &self.step, 0);
        let mut scratch = vec![0.0; x.len()];
        for block in &self.fine {
            block.apply(&mut x, &mut scratch);
        }
        let coarse = self.far_view(&x);
        let width = self.step.outputs;
        for (rows, far) in x
            .chunks_exact_mut(POOL * width)
            .zip(coarse.chunks_exact(width))
        {
            for row in rows.chunks_exact_mut(width) {
                add(row, far);
            }
        }
        for block in &self.merged {
            block.apply(&mut x, &mut scratch);
        }
        relu(&mut x);
        let mut logits = vec![0.0; padded / STEP_FRAMES * 2];
        self.head.apply(&x, &mut logits);
        logits
            .chunks_exact(2)
            .take(frames.div_ceil(STEP_FRAMES))
            .map(|z| [sigmoid(z[0]), sigmoid(z[1])])
            .collect()
    }

    /// What the coarse path adds to each row of `POOL` steps: rows × width.
    fn far_view(&self, x: &[f32]) -> Vec<f32> {
        let width = self.step.outputs;
        let rows = x.len() / (POOL * width);
        let mut pooled = vec![0.0; rows * 2 * width];
        for (out, steps) in pooled
            .chunks_exact_mut(2 * width)
            .zip(x.chunks_exact(POOL * width))
        {
            let (mean, max) = out.split_at_mut(width);
            max.copy_from_slice(&steps[..width]);
            for step in steps.chunks_exact(width) {
                add(mean, step);
                max.iter_mut().zip(step).for_each(|(m, &v)| *m = m.max(v));
            }
            mean.iter_mut().for_each(|m| *m /= POOL as f32);
        }
        let mut coarse = vec![0.0; rows * self.pool.outputs];
        self.pool.apply(&pooled, &mut coarse);
        relu(&mut coarse);
        let mut scratch = vec![0.0; coarse.len()];
        for block in &self.coarse {
            block.apply(&mut coarse, &mut scratch);
        }
        relu(&mut coarse);
        let mut far = vec![0.0; rows * width];
        self.merge.apply(&coarse, &mut far);
        far
    }
}

/// Convolution of kernel 4 and stride 2, ReLU. `input` has one row before its first and at least one behind its last.
/// The result gets a row of zeros before and one behind where `edges` is 1, ready to be halved again.
fn halve(input: &[f32], rows: usize, dense: &Dense, edges: usize) -> Vec<f32> {
    let channels = dense.inputs / 4;
    // Rows overlap by half: a window is four rows of the input that lie one after the other.
    let windows =
        ArrayView2::from_shape((rows / 2, dense.inputs).strides((2 * channels, 1)), input)
            .expect("the padding holds the last window");
    let mut out = vec![0.0; (rows / 2 + 2 * edges) * dense.outputs];
    let inner = edges * dense.outputs..(rows / 2 + edges) * dense.outputs;
    dense.apply_view(windows, &mut out[inner.clone()], 0.0);
    relu(&mut out[inner]);
    out
}

impl Dense {
    /// `out = x · weight + bias`, row by row.
    fn apply(&self, x: &[f32], out: &mut [f32]) {
        let x =
            ArrayView2::from_shape((x.len() / self.inputs, self.inputs), x).expect("whole rows");
        self.apply_view(x, out, 0.0);
    }

    /// `out = keep · out + x · weight + bias`.
    fn apply_view(&self, x: ArrayView2<f32>, out: &mut [f32], keep: f32) {
        let weight = ArrayView2::from_shape((self.inputs, self.outputs), &self.weight)
            .expect("read as such");
        let mut product =
            ArrayViewMut2::from_shape((x.nrows(), self.outputs), out).expect("one row a row");
        general_mat_mul(1.0, &x, &weight, keep, &mut product);
        product += &ArrayView1::from(&self.bias);
    }
}

impl Block {
    /// `x += relu(depthwise(x) + shift) · weight + bias`; `hidden` is scratch of the same length.
    fn apply(&self, x: &mut [f32], hidden: &mut [f32]) {
        let width = self.shift.len();
        let rows = x.len() / width;
        for (t, out) in hidden.chunks_exact_mut(width).enumerate() {
            out.copy_from_slice(&self.shift);
            for (k, taps) in self.taps.chunks_exact(width).enumerate() {
                let Some(seen) = (t + k * self.dilation).checked_sub(TAPS / 2 * self.dilation)
                else {
                    continue;
                };
                if seen < rows {
                    let row = &x[seen * width..(seen + 1) * width];
                    for ((o, v), w) in out.iter_mut().zip(row).zip(taps) {
                        *o += v * w;
                    }
                }
            }
            relu(out);
        }
        let hidden = ArrayView2::from_shape((rows, width), &*hidden).expect("whole rows");
        self.dense.apply_view(hidden, x, 1.0);
    }
}

/// The tensors of a weights file, handed out by name.
struct Tensors(Vec<(Tensor, Vec<f32>)>);

impl Tensors {
    fn new(list: Vec<Tensor>, data: &[u8]) -> Result<Self, WeightsError> {
        let bytes = |t: &Tensor| {
            let numbers = t.shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d))?;
            numbers.checked_mul(if t.scale.is_some() { 1 } else { 2 })
        };
        let want = list
            .iter()
            .try_fold(0usize, |n, t| n.checked_add(bytes(t)?));
        if want != Some(data.len()) {
            return Err(WeightsError::Length {
                have: data.len(),
                want: want.unwrap_or(usize::MAX),
            });
        }
        let mut rest = data;
        let mut read = Vec::with_capacity(list.len());
        for tensor in list {
            let (mine, after) = rest.split_at(bytes(&tensor).unwrap_or(0));
            rest = after;
            let values = match &tensor.scale {
                Some(scale) if scale.len() == *tensor.shape.last().unwrap_or(&0) => mine
                    .iter()
                    .zip(scale.iter().cycle())
                    .map(|(&b, s)| f32::from(b as i8) * s)
                    .collect(),
                Some(_) => return Err(WeightsError::Tensor(tensor.name)),
                None => mine
                    .chunks_exact(2)
                    .map(|b| half(u16::from_le_bytes([b[0], b[1]])))
                    .collect(),
            };
            read.push((tensor, values));
        }
        Ok(Self(read))
    }

    fn take(
        &mut self,
        name: &str,
        shape: &[Option<usize>],
    ) -> Result<(Vec<usize>, Vec<f32>), WeightsError> {
        let fits = |t: &Tensor| {
            t.shape.len() == shape.len()
                && t.shape
                    .iter()
                    .zip(shape)
                    .all(|(&d, want)| want.is_none_or(|w| w == d))
        };
        let at = self.0.iter().position(|(t, _)| t.name == name && fits(t));
        let (tensor, values) = self
            .0
            .swap_remove(at.ok_or_else(|| WeightsError::Tensor(name.into()))?);
        Ok((tensor.shape, values))
    }

    fn dense(&mut self, name: &str, inputs: usize) -> Result<Dense, WeightsError> {
        let (shape, weight) = self.take(&format!("{name}.weight"), &[Some(inputs), None])?;
        let (_, bias) = self.take(&format!("{name}.bias"), &[Some(shape[1])])?;
        Ok(Dense {
            inputs,
            outputs: shape[1],
            weight,
            bias,
        })
    }

    fn blocks(
        &mut self,
        name: &str,
        width: usize,
        dilations: &[usize],
    ) -> Result<Vec<Block>, WeightsError> {
        let block = |(i, &dilation): (usize, &usize)| {
            let name = format!("{name}{i}");
            let (_, taps) = self.take(&format!("{name}.taps"), &[Some(TAPS), Some(width)])?;
            let (_, shift) = self.take(&format!("{name}.shift"), &[Some(width)])?;
            let dense = self.dense(&name, width)?;
            match dense.outputs == width {
                true => Ok(Block {
                    dilation,
                    taps,
                    shift,
                    dense,
                }),
                false => Err(WeightsError::Tensor(name)),
            }
        };
        dilations.iter().enumerate().map(block).collect()
    }
}

/// An IEEE 754 half-precision number; infinities and NaN do not occur in weights and read as large numbers.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    match exponent {
        0 => sign * fraction * 2f32.powi(-24),
        _ => sign * (1.0 + fraction / 1_024.0) * 2f32.powi(exponent - 15),
    }
}

fn relu(x: &mut [f32]) {
    x.iter_mut().for_each(|v| *v = v.max(0.0));
}

fn add(to: &mut [f32], from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(t, f)| *t += f);
}

fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + (-z).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector() -> (Vec<f32>, Vec<[f32; 2]>) {
        let vector: serde_json::Value =
            serde_json::from_str(include_str!("../../training/network_vector.json")).unwrap();
        let frames = vector["frames"].as_u64().unwrap() as usize;
        let feature = |t: usize, b: usize| {
            let wave = (t * (b % 7 + 3) + b * b) % 97;
            wave as f32 / 97.0 * 2.0 + ((t / 40 + b / 9) % 3) as f32 * 0.5
        };
        let features = (0..frames)
            .flat_map(|t| (0..BANDS).map(move |b| feature(t, b)))
            .collect();
        let pair =
            |p: &serde_json::Value| [p[0].as_f64().unwrap() as f32, p[1].as_f64().unwrap() as f32];
        (
            features,
            vector["posteriors"]
                .as_array()
                .unwrap()
                .iter()
                .map(pair)
                .collect(),
        )
    }

    #[test]
    fn probabilities_are_those_of_the_training() {
        let (features, expected) = vector();
        let posteriors = shipped().posteriors(&features);
        assert_eq!(posteriors.len(), expected.len());
        for (step, (have, want)) in posteriors.iter().zip(&expected).enumerate() {
            for side in 0..2 {
                assert!(
                    (have[side] - want[side]).abs() < 1e-3,
                    "step {step}: {have:?}, not {want:?}"
                );
            }
        }
    }

    #[test]
    fn a_stretch_with_its_context_is_heard_as_the_whole() {
        let frames = 3 * CONTEXT_FRAMES;
        let features: Vec<f32> = (0..frames * BANDS)
            .map(|i| (i * i % 1_009) as f32 / 400.0)
            .collect();
        let whole = shipped().posteriors(&features);
        let stretch = CONTEXT_FRAMES..CONTEXT_FRAMES + 10 * ALIGN_FRAMES;
        let with_context = &features[..(stretch.end + CONTEXT_FRAMES) * BANDS];
        let alone = shipped().posteriors(with_context);
        for step in stretch.start / STEP_FRAMES..stretch.end / STEP_FRAMES {
            for side in 0..2 {
                assert!(
                    (alone[step][side] - whole[step][side]).abs() < 1e-4,
                    "step {step}"
                );
            }
        }
        let later = shipped()
            .posteriors(&features[(stretch.end - CONTEXT_FRAMES - 10 * ALIGN_FRAMES) * BANDS..]);
        assert!((later[later.len() - 1][0] - whole[whole.len() - 1][0]).abs() < 1e-4);
    }

    #[test]
    fn the_context_is_as_long_as_the_layers_reach() {
        let reach = |blocks: &[Block]| blocks.iter().map(|b| TAPS / 2 * b.dilation).sum::<usize>();
        let network = shipped();
        let steps =
            reach(&network.fine) + reach(&network.merged) + POOL * (reach(&network.coarse) + 1) + 1;
        assert!(
            (steps * STEP_FRAMES).next_multiple_of(ALIGN_FRAMES) <= CONTEXT_FRAMES,
            "{steps} steps"
        );
    }

    #[test]
    fn short_recordings_have_their_steps_too() {
        for frames in [0, 1, 3, 4, 5, 31, 32, 33] {
            assert_eq!(
                shipped().posteriors(&vec![0.5; frames * BANDS]).len(),
                frames.div_ceil(STEP_FRAMES)
            );
        }
    }

    #[test]
    fn damaged_weights_are_refused() {
        assert!(matches!(Network::read(b""), Err(WeightsError::Header(_))));
        assert!(matches!(
            Network::read(&WEIGHTS[..WEIGHTS.len() - 1]),
            Err(WeightsError::Length { .. })
        ));
        let line = WEIGHTS.iter().position(|&b| b == b'\n').unwrap();
        let swap = |from: &str, to: &str| {
            let header = std::str::from_utf8(&WEIGHTS[..line])
                .unwrap()
                .replace(from, to);
            [header.as_bytes(), &WEIGHTS[line..]].concat()
        };
        assert!(matches!(
            Network::read(&swap("bezet-ear/1", "other")),
            Err(WeightsError::Foreign { .. })
        ));
        assert!(matches!(
            Network::read(&swap("head.weight", "feet.weight")),
            Err(WeightsError::Tensor(_))
        ));
    }

    #[test]
    fn half_precision_reads_as_it_was_written() {
        for (bits, value) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x0001, 5.960_464_5e-8),
            (0, 0.0),
        ] {
            assert_eq!(half(bits), value);
        }
    }

    /// `cargo test --release speed -- --ignored --nocapture`
    #[test]
    #[ignore = "a measurement, not a check"]
    fn speed_on_one_core() {
        let frames = 60 * 100 + 2 * CONTEXT_FRAMES;
        let features: Vec<f32> = (0..frames * BANDS)
            .map(|i| (i * i % 1_009) as f32 / 400.0)
            .collect();
        let network = shipped();
        let best = (0..20)
            .map(|_| {
                let start = std::time::Instant::now();
                std::hint::black_box(network.posteriors(&features));
                start.elapsed().as_secs_f64()
            })
            .fold(f64::MAX, f64::min);
        println!("{:.0} times real time", frames as f64 / 100.0 / best);
    }
}
