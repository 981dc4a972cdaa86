//! Matrix products: what nearly all the network's work is.
//!
//! Weights are stored as signed bytes, and what is multiplied by them is rounded to 16 bits, so that a sum of products is one
//! of whole numbers: the same on every machine, and twice as many at a time as in floating point (Jacob et al. 2018,
//! "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", CVPR; of theirs, only the
//! products). Four rows of the input meet sixteen columns of the weights at a time: as many sums as there are registers for
//! (Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34). Weights are kept in the
//! order in which they are met, so there is nothing to pack.

use super::{
    ONE,
    multiplier::{Multiplier, Pairs, SIXTEEN},
    weights::{Tensors, WeightsError},
};

/// Columns that are worked on together.
const COLUMNS: usize = SIXTEEN;
/// Rows that are worked on together.
const ROWS: usize = 4;
/// Rows that meet a tile of columns before the next tile's turn: both stay in the nearest cache.
const BLOCK: usize = 32;

/// Pairs of inputs that are met without a look at where they end.
const PAIRS: usize = 8;

/// `x · weight + bias`.
pub(super) struct Dense {
    pub inputs: usize,
    pub outputs: usize,
    /// Of sixteen columns after the other, filled up with zeros.
    tiles: Vec<Tile>,
}

/// Sixteen columns.
struct Tile {
    bias: [f32; COLUMNS],
    /// What a sum of whole numbers is worth.
    scale: [f32; COLUMNS],
    /// One a pair of inputs.
    weight: Vec<[Pairs; PAIRS]>,
}

impl Dense {
    pub fn read(tensors: &mut Tensors, name: &str, inputs: usize) -> Result<Self, WeightsError> {
        let matrix = tensors.take_matrix(&format!("{name}.weight"), inputs)?;
        let outputs = matrix.scale.len();
        let bias = tensors.take(&format!("{name}.bias"), &[outputs])?;
        if inputs == 0 || !inputs.is_multiple_of(2 * PAIRS) || outputs == 0 {
            return Err(WeightsError::Tensor(name.into()));
        }
        let columns = |row: &[f32], first: usize| std::array::from_fn(|c| row.get(first + c).copied().unwrap_or(0.0));
        // of the matrix's next 2 * PAIRS rows, the columns from `first` on
        let weights = |rows: &[i8], first: usize| {
            let weight = |row: usize, c: usize| if c < outputs { i16::from(rows[row * outputs + c]) } else { 0 };
            let pairs = |p: usize, c: usize| -> Pairs {
                std::array::from_fn(|i| [weight(2 * p, c + i), weight(2 * p + 1, c + i)])
            };
            std::array::from_fn(|p| pairs(p, first))
        };
        let tile = |first: usize| Tile {
            bias: columns(&bias, first),
            scale: columns(&matrix.scale, first).map(|step| step / ONE),
            weight: matrix.values.chunks_exact(2 * PAIRS * outputs).map(|rows| weights(rows, first)).collect(),
        };
        Ok(Self { inputs, outputs, tiles: (0..outputs).step_by(COLUMNS).map(tile).collect() })
    }

    /// `x · weight + bias` for each row of `out`: what was there and what comes out are given to `finish`. Row `i` of `x`
    /// begins at `i · step`: rows overlap where that is less than their length.
    ///
    /// # Panics
    /// Where `x` has fewer rows than `out`.
    #[inline(always)]
    pub fn multiply<M: Multiplier, T>(
        &self,
        by: M,
        x: &[i16],
        step: usize,
        out: &mut [T],
        finish: impl Fn(&mut T, f32) + Copy,
    ) {
        for (block, out) in out.chunks_mut(BLOCK * self.outputs).enumerate() {
            let x = &x[block * BLOCK * step..];
            for (tile, column) in self.tiles.iter().zip((0..).step_by(COLUMNS)) {
                for (rows, out) in out.chunks_mut(ROWS * self.outputs).enumerate() {
                    let x = &x[rows * ROWS * step..];
                    if out.len() == ROWS * self.outputs {
                        let sums = tile.sums::<M, ROWS>(by, x, step);
                        self.put(tile, sums, column, out, finish);
                    } else {
                        for (i, out) in out.chunks_mut(self.outputs).enumerate() {
                            let sums = tile.sums::<M, 1>(by, &x[i * step..], step);
                            self.put(tile, sums, column, out, finish);
                        }
                    }
                }
            }
        }
    }

    /// What the sums of the columns from `column` on are worth, into their places.
    #[inline(always)]
    fn put<T, const R: usize>(
        &self,
        tile: &Tile,
        sums: [[i32; COLUMNS]; R],
        column: usize,
        out: &mut [T],
        finish: impl Fn(&mut T, f32),
    ) {
        for (row, sums) in out.chunks_exact_mut(self.outputs).zip(&sums) {
            let row = &mut row[column..];
            if let Some(row) = row.first_chunk_mut::<COLUMNS>() {
                for c in 0..COLUMNS {
                    finish(&mut row[c], sums[c] as f32 * tile.scale[c] + tile.bias[c]);
                }
            } else {
                for c in 0..row.len() {
                    finish(&mut row[c], sums[c] as f32 * tile.scale[c] + tile.bias[c]);
                }
            }
        }
    }
}

impl Tile {
    /// One row of sums a row of inputs.
    #[inline(always)]
    fn sums<M: Multiplier, const R: usize>(&self, by: M, x: &[i16], step: usize) -> [[i32; COLUMNS]; R] {
        let n = self.weight.len();
        let rows: [&[[[i16; 2]; PAIRS]]; R] = std::array::from_fn(|r| &x[r * step..].as_chunks().0.as_chunks().0[..n]);
        let mut sums = [by.zero(); R];
        for (k, weights) in self.weight.iter().enumerate() {
            let pairs = rows.map(|row| &row[k]);
            for (p, weights) in weights.iter().enumerate() {
                for r in 0..R {
                    sums[r] = by.add(sums[r], pairs[r][p], weights);
                }
            }
        }
        std::array::from_fn(|r| by.read(sums[r]))
    }
}
