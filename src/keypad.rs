//! The keys of a push-button telephone and their frequencies (ITU-T Q.23).

use crate::units::Hertz;

/// The low group, one a row of the keypad.
pub const LOW_HZ: [Hertz; 4] = [697.0, 770.0, 852.0, 941.0];
/// The high group, one a column.
pub const HIGH_HZ: [Hertz; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
/// The keypad, row by row.
pub const KEYPAD: [[char; 4]; 4] =
    [['1', '2', '3', 'A'], ['4', '5', '6', 'B'], ['7', '8', '9', 'C'], ['*', '0', '#', 'D']];

/// The low and the high frequency of `key`; `None` if there is no such key.
pub fn frequencies(key: char) -> Option<[Hertz; 2]> {
    KEYPAD.iter().zip(LOW_HZ).find_map(|(row, low)| row.iter().position(|k| *k == key).map(|i| [low, HIGH_HZ[i]]))
}
