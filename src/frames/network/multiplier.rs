//! What multiplies whole numbers: the machine's own instruction where there is one, plain arithmetic elsewhere. Sums are exact
//! either way.

/// Columns that are worked on together.
pub(super) const SIXTEEN: usize = 16;

/// The weights that a pair of inputs has in each of sixteen columns.
pub(super) type Pairs = [[i16; 2]; SIXTEEN];

/// Sums of products of pairs.
pub(super) trait Multiplier: Copy {
    /// Sixteen sums, as the machine holds them.
    type Sums: Copy;

    /// Nothing in any of them.
    fn zero(self) -> Self::Sums;

    /// To each sum, the products of `x` and its weights. Of pairs of -32,768 twice over the sum is undefined; weights are
    /// bytes.
    fn add(self, sums: Self::Sums, x: [i16; 2], weights: &Pairs) -> Self::Sums;

    /// The sums.
    fn read(self, sums: Self::Sums) -> [i32; SIXTEEN];
}

/// As the compiler does it.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Multiplier for Plain {
    type Sums = [i32; SIXTEEN];

    #[inline(always)]
    fn zero(self) -> Self::Sums {
        [0; SIXTEEN]
    }

    #[inline(always)]
    fn add(self, mut sums: Self::Sums, x: [i16; 2], weights: &Pairs) -> Self::Sums {
        for (sum, weights) in sums.iter_mut().zip(weights) {
            *sum += i32::from(x[0]) * i32::from(weights[0]) + i32::from(x[1]) * i32::from(weights[1]);
        }
        sums
    }

    #[inline(always)]
    fn read(self, sums: Self::Sums) -> [i32; SIXTEEN] {
        sums
    }
}

/// AVX2's `vpmaddwd`, twice.
#[cfg(target_arch = "x86_64")]
impl Multiplier for pulp::x86::V3 {
    type Sums = [std::arch::x86_64::__m256i; 2];

    #[inline(always)]
    fn zero(self) -> Self::Sums {
        pulp::cast([0; SIXTEEN])
    }

    #[inline(always)]
    fn add(self, sums: Self::Sums, x: [i16; 2], weights: &Pairs) -> Self::Sums {
        let x = self.avx._mm256_set1_epi32(pulp::cast(x));
        let weights: Self::Sums = pulp::cast(*weights);
        let add = |half: usize| self.avx2._mm256_add_epi32(sums[half], self.avx2._mm256_madd_epi16(x, weights[half]));
        [add(0), add(1)]
    }

    #[inline(always)]
    fn read(self, sums: Self::Sums) -> [i32; SIXTEEN] {
        pulp::cast(sums)
    }
}
