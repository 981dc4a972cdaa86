//! Matrix products: what nearly all the network's work is.
//!
//! Four rows of the input meet sixteen columns of the weights at a time: eight sums of eight lanes that stay in registers,
//! as many as it takes to keep two multipliers busy (Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication",
//! ACM TOMS 34). Weights are kept in the order in which they are met, so there is nothing to pack.

use pulp::Simd;

use super::weights::{Tensors, WeightsError};

/// Columns that are worked on together.
const COLUMNS: usize = 16;
/// Rows that are worked on together.
const ROWS: usize = 4;
/// Rows that meet a tile of columns before the next tile's turn: both stay in the nearest cache.
const BLOCK: usize = 32;

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
    /// One row an input.
    weight: Vec<[f32; COLUMNS]>,
}

impl Dense {
    pub fn read(tensors: &mut Tensors, name: &str, inputs: usize) -> Result<Self, WeightsError> {
        let (shape, weight) = tensors.take(&format!("{name}.weight"), &[Some(inputs), None])?;
        let outputs = shape[1];
        let (_, bias) = tensors.take(&format!("{name}.bias"), &[Some(outputs)])?;
        if inputs == 0 || outputs == 0 {
            return Err(WeightsError::Tensor(name.into()));
        }
        let columns = |row: &[f32], first: usize| std::array::from_fn(|c| row.get(first + c).copied().unwrap_or(0.0));
        let tile = |first: usize| Tile {
            bias: columns(&bias, first),
            weight: weight.chunks_exact(outputs).map(|row| columns(row, first)).collect(),
        };
        Ok(Self { inputs, outputs, tiles: (0..outputs).step_by(COLUMNS).map(tile).collect() })
    }

    /// `x · weight + bias` for each row of `out`; what was there and what comes out are given to `finish`, whose word
    /// counts. Row `i` of `x` begins at `i · step`: rows overlap where that is less than their length.
    ///
    /// # Panics
    /// Where `x` has fewer rows than `out`.
    #[inline(always)]
    pub fn multiply<S: Simd>(
        &self,
        simd: S,
        x: &[f32],
        step: usize,
        out: &mut [f32],
        finish: impl Fn(f32, f32) -> f32 + Copy,
    ) {
        for (block, out) in out.chunks_mut(BLOCK * self.outputs).enumerate() {
            let x = &x[block * BLOCK * step..];
            let seen = |row: usize| &x[row * step..row * step + self.inputs];
            for (tile, column) in self.tiles.iter().zip((0..).step_by(COLUMNS)) {
                for (rows, out) in out.chunks_mut(ROWS * self.outputs).enumerate() {
                    let first = rows * ROWS;
                    if out.len() == ROWS * self.outputs {
                        let rows = [seen(first), seen(first + 1), seen(first + 2), seen(first + 3)];
                        self.put(tile.sums(simd, rows), column, out, finish);
                    } else {
                        for (i, out) in out.chunks_mut(self.outputs).enumerate() {
                            self.put(tile.sums(simd, [seen(first + i)]), column, out, finish);
                        }
                    }
                }
            }
        }
    }

    /// Sums of the columns from `column` on into their places.
    #[inline(always)]
    fn put<const R: usize>(
        &self,
        sums: [[f32; COLUMNS]; R],
        column: usize,
        out: &mut [f32],
        finish: impl Fn(f32, f32) -> f32,
    ) {
        for (row, sums) in out.chunks_exact_mut(self.outputs).zip(&sums) {
            let row = &mut row[column..];
            match row.first_chunk_mut::<COLUMNS>() {
                Some(row) => row.iter_mut().zip(sums).for_each(|(out, &sum)| *out = finish(*out, sum)),
                None => row.iter_mut().zip(sums).for_each(|(out, &sum)| *out = finish(*out, sum)),
            }
        }
    }
}

impl Tile {
    /// One row of sums a row of inputs.
    #[inline(always)]
    fn sums<S: Simd, const R: usize>(&self, simd: S, rows: [&[f32]; R]) -> [[f32; COLUMNS]; R] {
        // how many of the machine's vectors are sixteen columns
        match COLUMNS / S::F32_LANES {
            2 => self.vector_sums::<S, R, 2>(simd, rows),
            4 => self.vector_sums::<S, R, 4>(simd, rows),
            _ => self.plain_sums(rows),
        }
    }

    #[inline(always)]
    fn vector_sums<S: Simd, const R: usize, const V: usize>(&self, simd: S, rows: [&[f32]; R]) -> [[f32; COLUMNS]; R] {
        let rows = rows.map(|row| &row[..self.weight.len()]);
        let mut sums = [[simd.splat_f32s(0.0); V]; R];
        for row in &mut sums {
            row.copy_from_slice(S::as_simd_f32s(&self.bias).0);
        }
        for (k, weight) in self.weight.iter().enumerate() {
            let weight = S::as_simd_f32s(weight).0;
            for r in 0..R {
                let x = simd.splat_f32s(rows[r][k]);
                for v in 0..V {
                    sums[r][v] = simd.mul_add_e_f32s(x, weight[v], sums[r][v]);
                }
            }
        }
        let mut out = [[0.0; COLUMNS]; R];
        for (out, sums) in out.iter_mut().zip(&sums) {
            S::as_mut_simd_f32s(out).0.copy_from_slice(sums);
        }
        out
    }

    /// The same one by one, for machines without anything wider.
    #[inline(always)]
    fn plain_sums<const R: usize>(&self, rows: [&[f32]; R]) -> [[f32; COLUMNS]; R] {
        let mut sums = [self.bias; R];
        for (k, weight) in self.weight.iter().enumerate() {
            for (sums, row) in sums.iter_mut().zip(rows) {
                sums.iter_mut().zip(weight).for_each(|(sum, weight)| *sum += row[k] * weight);
            }
        }
        sums
    }
}
