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

    /// The sums of the first four lanes and of the last four.
    #[inline(always)]
    pub fn sums_of_four(self) -> [f32; 2] {
        let [a, b, c, d, e, f, g, h] = self.0;
        [(a + b) + (c + d), (e + f) + (g + h)]
    }

    /// The binary logarithm of each lane, of positive, normal numbers, to 4e-5: the exponent, and a polynomial that is exact
    /// at 1 and 2. Without branches or calls, so that eight cost little more than one of the library's.
    #[inline(always)]
    pub fn log2(self) -> Self {
        self.map(log2)
    }

    /// The largest lane.
    #[inline(always)]
    pub fn largest(self) -> f32 {
        let larger = |a: f32, b: f32| if a > b { a } else { b };
        let [a, b, c, d, e, f, g, h] = self.0;
        larger(larger(larger(a, e), larger(c, g)), larger(larger(b, f), larger(d, h)))
    }
}

/// See [`Lanes::log2`].
#[inline(always)]
fn log2(x: f32) -> f32 {
    let bits = x.to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let m = f32::from_bits(bits & 0x007f_ffff | 0x3f80_0000);
    let curve = C0 + m * (C1 + m * (C2 + m * C3));
    exponent as f32 + (m - 1.0) * (1.0 + (m - 2.0) * curve)
}

/// Least squares of `((log2(m) / (m - 1)) - 1) / (m - 2)` on [1, 2], by powers of m.
const C0: f32 = -0.906_699_5;
const C1: f32 = 0.705_313_74;
const C2: f32 = -0.286_166_2;
const C3: f32 = 0.045_300_376;

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

impl From<Lanes> for [f32; LANES] {
    #[inline(always)]
    fn from(lanes: Lanes) -> Self {
        lanes.0
    }
}

/// Eight rows of `to` from as many columns: row `l` becomes lane `l` of each of `from`.
///
/// # Panics
/// Where `from` is longer than a row.
#[inline(always)]
pub fn transpose<T: Copy, const ROW: usize>(from: &[impl Copy + Into<[T; LANES]>], to: &mut [[T; ROW]; LANES]) {
    let (blocks, rest) = from.as_chunks::<LANES>();
    for (i, block) in blocks.iter().enumerate() {
        for (lane, row) in to.iter_mut().enumerate() {
            let row = &mut row[i * LANES..(i + 1) * LANES];
            for j in 0..LANES {
                row[j] = block[j].into()[lane];
            }
        }
    }
    for (j, &column) in rest.iter().enumerate() {
        for (row, value) in to.iter_mut().zip(column.into()) {
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
    fn the_logarithm_holds_over_its_range() {
        for i in 0..=9_000 {
            let x = 10f32.powf(i as f32 / 1_000.0 - 9.0);
            assert!((log2(x) - x.log2()).abs() < 5e-5, "{x}");
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
