//! The companded samples of the telephone network: A-law and mu-law, by table.
//!
//! ITU-T G.711 (11/1988), tables 1 and 2. Linear values are 16-bit: the standard's 13 (A-law) and 14 (mu-law) bits,
//! left-justified. Decoding then encoding gives the same byte back (mu-law's negative zero excepted).

/// The linear 16-bit value of each A-law byte, as transmitted (even bits inverted).
pub const ALAW: [i16; 256] = {
    let mut table = [0; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = alaw_to_linear(code as u8);
        code += 1;
    }
    table
};

/// The linear 16-bit value of each mu-law byte, as transmitted (all bits inverted).
pub const MULAW: [i16; 256] = {
    let mut table = [0; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = mulaw_to_linear(code as u8);
        code += 1;
    }
    table
};

/// What A-law inverts for the sake of the line.
const ALAW_INVERTED_BITS: u8 = 0x55;

/// The offset that makes mu-law's segments powers of two, at 16 bits.
const MULAW_BIAS: i32 = 0x84;

/// The loudest sample that mu-law can code, at 16 bits.
const MULAW_CLIP: i32 = 32_635;

/// The sample of an A-law byte.
pub fn decode_alaw(code: u8) -> i16 {
    ALAW[code as usize]
}

/// The sample of a mu-law byte.
pub fn decode_mulaw(code: u8) -> i16 {
    MULAW[code as usize]
}

/// The A-law byte nearest to `sample`: truncated to the standard's 13 bits, as its reference coder does.
pub fn encode_alaw(sample: i16) -> u8 {
    // one's complement folds the negative half onto the positive one without a special case at the ends
    let (sign, magnitude) = if sample < 0 { (0, !sample) } else { (0x80, sample) };
    let magnitude = magnitude >> 4;
    let code = if magnitude < 16 {
        magnitude
    } else {
        let segment = magnitude.ilog2() as i16 - 3;
        (segment << 4) | ((magnitude >> (segment - 1)) & 0x0F)
    };
    (sign | code as u8) ^ ALAW_INVERTED_BITS
}

/// The mu-law byte of `sample`.
pub fn encode_mulaw(sample: i16) -> u8 {
    let (sign, magnitude) = if sample < 0 { (0x80, -i32::from(sample)) } else { (0, i32::from(sample)) };
    let magnitude = magnitude.min(MULAW_CLIP) + MULAW_BIAS;
    let segment = magnitude.ilog2() as i32 - 7;
    let code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0F);
    !(sign | code as u8)
}

const fn alaw_to_linear(code: u8) -> i16 {
    let code = code ^ ALAW_INVERTED_BITS;
    let (segment, step) = ((code >> 4) & 0x07, (code & 0x0F) as i16);
    let magnitude = match segment {
        0 => (step << 4) + 8,
        segment => ((step << 4) + 0x108) << (segment - 1),
    };
    if code & 0x80 != 0 { magnitude } else { -magnitude }
}

const fn mulaw_to_linear(code: u8) -> i16 {
    let code = !code;
    let (segment, step) = ((code >> 4) & 0x07, (code & 0x0F) as i32);
    let magnitude = (((step << 3) + MULAW_BIAS) << segment) - MULAW_BIAS;
    (if code & 0x80 != 0 { -magnitude } else { magnitude }) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_s_own_values() {
        // table 1a: the first and the last value of the positive half, 1 and 4032 of 4096
        assert_eq!(decode_alaw(0x80 ^ 0x55), 8);
        assert_eq!(decode_alaw(0xFF ^ 0x55), 32_256);
        // table 2a: 0 and 8031 of 8192
        assert_eq!(decode_mulaw(0xFF), 0);
        assert_eq!(decode_mulaw(0x80), 8_031 * 4);
        assert_eq!(decode_mulaw(0x00), -8_031 * 4);
        // silence as it is seen on the line
        assert_eq!(encode_alaw(0), 0xD5);
        assert_eq!(encode_mulaw(0), 0xFF);
    }

    #[test]
    fn every_code_comes_back() {
        for code in 0..=255 {
            assert_eq!(encode_alaw(decode_alaw(code)), code);
            if code != 0x7F {
                assert_eq!(encode_mulaw(decode_mulaw(code)), code);
            }
        }
    }

    #[test]
    fn the_error_stays_within_half_a_step() {
        for sample in i16::MIN..=i16::MAX {
            let size = i32::from(sample).abs();
            // a step is at most a 16th of its segment's start; the smallest are 16 (A-law) and 8 (mu-law) of 32768
            let alaw = (i32::from(decode_alaw(encode_alaw(sample))) - i32::from(sample)).abs();
            assert!(alaw <= (size / 32).max(8) + 1, "A-law {sample}: {alaw}");
            let mulaw = (i32::from(decode_mulaw(encode_mulaw(sample))) - i32::from(sample)).abs();
            let bound = if size > MULAW_CLIP { 650 } else { (size + MULAW_BIAS) / 32 + 1 };
            assert!(mulaw <= bound, "mu-law {sample}: {mulaw}");
        }
    }
}
