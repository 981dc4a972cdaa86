//! Units of measure. Names that leave the process carry theirs (`answered_s`, `level_dbfs`).

/// Seconds, counted from the start of the recording unless said otherwise.
pub type Seconds = f64;

/// Cycles a second.
pub type Hertz = f32;

/// A ratio of powers on the decibel scale.
pub type Decibels = f32;

/// What everything is heard at: the sample rate of the telephone network (ITU-T G.711), in samples a second.
pub const SAMPLE_RATE: u32 = 8_000;

/// The quietest level that is told apart; digital silence reads as this, never as minus infinity.
pub const FLOOR_DBFS: Decibels = -96.0;

/// The level of a mean-square `power` (full scale = 1), floored at [`FLOOR_DBFS`].
pub fn decibels(power: f32) -> Decibels {
    (10.0 * power.max(1e-12).log10()).max(FLOOR_DBFS)
}

/// The power ratio that `level` stands for.
pub fn power(level: Decibels) -> f32 {
    10f32.powf(level / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_power_is_three_decibels_less() {
        assert!((decibels(0.5) + 3.0103).abs() < 1e-3);
        assert!((power(decibels(0.02)) - 0.02).abs() < 1e-6);
    }

    #[test]
    fn digital_silence_has_a_floor() {
        assert_eq!(decibels(0.0), FLOOR_DBFS);
    }
}
