//! The standard normal distribution, and the χ² distribution of one degree of freedom, which is its square.

/// Two-sided 95 % of the standard normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// The chance of a value above `z`.
pub fn upper_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

/// The chance of a value at least as far from 0 as `z`, on either side.
pub fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The chance that χ² of one degree of freedom exceeds `x`.
pub fn chi_squared_upper_tail(x: f64) -> f64 {
    two_sided(x.max(0.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Abramowitz and Stegun (1964), table 26.1 (Q = 1 - P) and the 5 % point of χ² in table 26.8.
    #[test]
    fn the_tables_of_abramowitz_and_stegun() {
        for (z, tail) in [(0.0, 0.5), (1.0, 0.158_655_254), (2.0, 0.022_750_132), (3.0, 0.001_349_898)] {
            assert!((upper_tail(z) - tail).abs() < 1e-9, "{z}");
        }
        assert!((two_sided(Z_95) - 0.05).abs() < 1e-12);
        assert!((chi_squared_upper_tail(3.84146) - 0.05).abs() < 1e-6);
    }
}
