//! Eight numbers that are worked on together.
//!
//! Written with plain arithmetic, one lane beside the other, so that each lane's result is the same on every machine: what
//! instructions there are for it decides the compiler. It may take the widest that the machine has (AVX2 on x86) inside
//! [`pulp::Arch::dispatch`], where everything that is inlined is compiled for them too: hence the `inline(always)` here
//! and in all that works on lanes.

use std::ops::{Add, AddAssign, Mul, Sub};

/// How many numbers.
pub const LANES: usize = 8;

/// Eight numbers, aligned as the widest instructions want them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(align(32))]
pub struct Lanes(pub [f32; LANES]);

impl Lanes {
    /// Nothing in any lane.
    pub const ZERO: Self = Self([0.0; LANES]);

    /// The first eight numbers of `from`.
    ///
    /// # Panics
    /// Where there are fewer.
    #[inline(always)]
    pub fn load(from: &[f32]) -> Self {
        let mut lanes = [0.0; LANES];
        lanes.copy_from_slice(&from[..LANES]);
        Self(lanes)
    }

    /// `f` of each lane.
    #[inline(always)]
    pub fn map(self, f: impl Fn(f32) -> f32) -> Self {
        let mut out = self;
        for lane in 0..LANES {
            out.0[lane] = f(self.0[lane]);
        }
        out
    }

    /// `f` of each pair.
    #[inline(always)]
    pub fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        let mut out = self;
        for lane in 0..LANES {
            out.0[lane] = f(self.0[lane], other.0[lane]);
        }
        out
    }

    /// The larger of each pair.
    #[inline(always)]
    pub fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }

    /// The sum over all lanes, one half on the other: not the order in which a loop would add them.
    #[inline(always)]
    pub fn sum(self) -> f32 {
        let [a, b, c, d, e, f, g, h] = self.0;
        ((a + e) + (c + g)) + ((b + f) + (d + h))
    }

    /// The largest lane.
    #[inline(always)]
    pub fn largest(self) -> f32 {
        let larger = |a: f32, b: f32| if a > b { a } else { b };
        let [a, b, c, d, e, f, g, h] = self.0;
        larger(larger(larger(a, e), larger(c, g)), larger(larger(b, f), larger(d, h)))
    }
}

impl Add for Lanes {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
}

impl AddAssign for Lanes {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Lanes {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
}

impl Mul for Lanes {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
}

impl Mul<f32> for Lanes {
    type Output = Self;
    #[inline(always)]
    fn mul(self, factor: f32) -> Self {
        self.map(|a| a * factor)
    }
}

/// Eight rows of `to` from as many columns: row `l` becomes lane `l` of each of `from`.
///
/// # Panics
/// Where `from` is longer than a row.
#[inline(always)]
pub fn transpose<const ROW: usize>(from: &[Lanes], to: &mut [[f32; ROW]; LANES]) {
    let (blocks, rest) = from.as_chunks::<LANES>();
    for (i, block) in blocks.iter().enumerate() {
        for (lane, row) in to.iter_mut().enumerate() {
            let row = &mut row[i * LANES..(i + 1) * LANES];
            for j in 0..LANES {
                row[j] = block[j].0[lane];
            }
        }
    }
    for (j, column) in rest.iter().enumerate() {
        for (row, &value) in to.iter_mut().zip(&column.0) {
            row[blocks.len() * LANES + j] = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_change_places() {
        let columns: Vec<Lanes> = (0..19).map(|c| Lanes(std::array::from_fn(|l| (100 * l + c) as f32))).collect();
        let mut rows = [[-1.0; 20]; LANES];
        transpose(&columns, &mut rows);
        for (l, row) in rows.iter().enumerate() {
            assert!((0..19).all(|c| row[c] == (100 * l + c) as f32) && row[19] == -1.0);
        }
    }

    #[test]
    fn no_lane_is_left_out() {
        for lane in 0..LANES {
            let one = Lanes(std::array::from_fn(|l| if l == lane { 3.0 } else { -1.0 }));
            assert_eq!((one.sum(), one.largest()), (-4.0, 3.0));
        }
    }
}
