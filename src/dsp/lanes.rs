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

/// Rows for columns: number `l` of row `j` becomes number `j` of row `l`.
#[inline(always)]
pub fn transposed(rows: [[i16; LANES]; LANES]) -> [[i16; LANES]; LANES] {
    // compilers do not see that it is a few shuffles, so they are told where every processor of a kind has them
    #[cfg(target_arch = "x86_64")]
    if let Some(sse2) = pulp::core_arch::x86::Sse2::try_new() {
        use std::arch::x86_64::__m128i;
        type Eight = [__m128i; LANES];
        let r: Eight = rows.map(pulp::cast);
        let (low, high) = (|a, b| sse2._mm_unpacklo_epi16(a, b), |a, b| sse2._mm_unpackhi_epi16(a, b));
        let pairs: Eight = [
            low(r[0], r[1]),
            high(r[0], r[1]),
            low(r[2], r[3]),
            high(r[2], r[3]),
            low(r[4], r[5]),
            high(r[4], r[5]),
            low(r[6], r[7]),
            high(r[6], r[7]),
        ];
        let fours = |i: usize| {
            let (a, b) = (pairs[i], pairs[i + 2]);
            [sse2._mm_unpacklo_epi32(a, b), sse2._mm_unpackhi_epi32(a, b)]
        };
        let (upper, lower) = ([fours(0), fours(1)], [fours(4), fours(5)]);
        return std::array::from_fn(|j| {
            let (a, b) = (upper[j / 4][j / 2 % 2], lower[j / 4][j / 2 % 2]);
            let row = if j % 2 == 0 { sse2._mm_unpacklo_epi64(a, b) } else { sse2._mm_unpackhi_epi64(a, b) };
            pulp::cast(row)
        });
    }
    #[allow(unreachable_code, reason = "where the shuffles are there, they were taken")]
    std::array::from_fn(|j| std::array::from_fn(|l| rows[l][j]))
}

/// The same of four numbers in four rows.
#[inline(always)]
pub fn transposed_fours(rows: [[f32; 4]; 4]) -> [[f32; 4]; 4] {
    #[cfg(target_arch = "x86_64")]
    if let Some(sse2) = pulp::core_arch::x86::Sse2::try_new() {
        let r: [std::arch::x86_64::__m128i; 4] = rows.map(pulp::cast);
        let (upper, lower) = (
            [sse2._mm_unpacklo_epi32(r[0], r[1]), sse2._mm_unpackhi_epi32(r[0], r[1])],
            [sse2._mm_unpacklo_epi32(r[2], r[3]), sse2._mm_unpackhi_epi32(r[2], r[3])],
        );
        return [
            sse2._mm_unpacklo_epi64(upper[0], lower[0]),
            sse2._mm_unpackhi_epi64(upper[0], lower[0]),
            sse2._mm_unpacklo_epi64(upper[1], lower[1]),
            sse2._mm_unpackhi_epi64(upper[1], lower[1]),
        ]
        .map(pulp::cast);
    }
    #[allow(unreachable_code, reason = "where the shuffles are there, they were taken")]
    std::array::from_fn(|j| std::array::from_fn(|l| rows[l][j]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_change_places() {
        let rows: [[i16; LANES]; LANES] = std::array::from_fn(|l| std::array::from_fn(|j| (100 * l + j) as i16));
        let columns = transposed(rows);
        assert!((0..LANES).all(|j| (0..LANES).all(|l| columns[j][l] == rows[l][j])));
        let rows: [[f32; 4]; 4] = std::array::from_fn(|l| std::array::from_fn(|j| (10 * l + j) as f32));
        let columns = transposed_fours(rows);
        assert!((0..4).all(|j| (0..4).all(|l| columns[j][l] == rows[l][j])));
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
