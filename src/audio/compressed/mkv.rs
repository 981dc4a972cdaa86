//! What the demuxer leaves unsaid about a Matroska or WebM file: where it should end.
//!
//! RFC 8794 (EBML), sections 4 (variable-size integers) and 6.2 (unknown sizes); RFC 9559, section 5.1.

use std::io;

use super::super::input::{Input, read_at};

/// The bytes of the first element's name, and of that of the segment, which holds all else.
const NAME_BYTES: usize = 4;

/// The name of the segment.
const SEGMENT: [u8; NAME_BYTES] = [0x18, 0x53, 0x80, 0x67];

/// Where `input` should end, in bytes, beyond its real end where it was cut. None where it does not say: browsers and
/// servers write recordings as they come.
pub(super) fn end(input: &mut Input) -> io::Result<Option<u64>> {
    let mut place = 0;
    for _ in 0..2 {
        let bytes = read_at(input, place, NAME_BYTES + 8)?;
        let Some((name, size)) = bytes.split_first_chunk::<NAME_BYTES>() else {
            return Ok(None);
        };
        let Some((size, width)) = variable_integer(size) else {
            return Ok(None);
        };
        place = (place + (NAME_BYTES + width) as u64).saturating_add(size);
        if *name == SEGMENT {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// The integer that `bytes` start with, and its width; none where it says "unknown".
fn variable_integer(bytes: &[u8]) -> Option<(u64, usize)> {
    let width = bytes.first()?.leading_zeros() as usize + 1;
    let digits = bytes.get(..width).filter(|_| width <= 8)?;
    let number = digits.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    let mask = (1 << (7 * width)) - 1;
    let size = number & mask;
    (size != mask).then_some((size, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_as_wide_as_their_first_byte_says() {
        assert_eq!(variable_integer(&[0x82]), Some((2, 1)));
        assert_eq!(variable_integer(&[0x40, 0x02]), Some((2, 2)));
        assert_eq!(variable_integer(&[0x01, 0, 0, 0, 0, 0, 1, 0]), Some((256, 8)));
        assert_eq!(variable_integer(&[0x40]), None);
        assert_eq!(variable_integer(&[0; 9]), None);
    }

    #[test]
    fn an_unknown_size_is_none() {
        assert_eq!(variable_integer(&[0xFF]), None);
        assert_eq!(variable_integer(&[0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), None);
    }
}
