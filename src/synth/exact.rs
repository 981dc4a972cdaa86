//! Elementary functions from additions and multiplications alone.
//!
//! The sines and powers of the standard library come from the machine's mathematics library and may differ in the last
//! bit from one system to the next. These do not: IEEE 754 settles every operation that they use.

use std::f64::consts::{LN_2, LOG2_10, TAU};

/// The sine of so many `turns` (1 = once round), within 1e-11.
pub fn sine(turns: f64) -> f64 {
    let turn = turns - turns.round();
    let quarter = if turn > 0.25 {
        0.5 - turn
    } else if turn < -0.25 {
        -0.5 - turn
    } else {
        turn
    };
    let x = quarter * TAU;
    let square = x * x;
    // Taylor's series up to x^15: the next term is below 7e-12 on a quarter turn
    let (mut term, mut sum) = (x, x);
    for n in 1..8 {
        term *= -square / f64::from((2 * n) * (2 * n + 1));
        sum += term;
    }
    sum
}

/// The cosine of so many `turns`.
pub fn cosine(turns: f64) -> f64 {
    sine(turns + 0.25)
}

/// Two to the power of `x`, within 1e-14 of its value, for exponents that the format can hold.
pub fn exp2(x: f64) -> f64 {
    let whole = x.floor();
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..18 {
        term *= (x - whole) * LN_2 / f64::from(n);
        sum += term;
    }
    let step = if whole < 0.0 { 0.5 } else { 2.0 };
    (0..whole.abs() as u32).fold(sum, |value, _| value * step)
}

/// The ratio of amplitudes that `level` decibels stand for.
pub fn amplitude(level: f64) -> f64 {
    exp2(level * LOG2_10 / 20.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_standard_library() {
        for i in -4000..4000 {
            let x = f64::from(i) * 0.00373;
            assert!((sine(x) - (x * TAU).sin()).abs() < 1e-10, "sine {x}");
            assert!((cosine(x) - (x * TAU).cos()).abs() < 1e-10, "cosine {x}");
            assert!((exp2(x) / x.exp2() - 1.0).abs() < 1e-12, "exp2 {x}");
        }
        assert!((amplitude(-20.0) - 0.1).abs() < 1e-14);
    }
}
