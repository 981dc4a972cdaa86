//! The two adaptive differential codings that recorders write into WAVE files, a block at a time.
//!
//! IMA ADPCM: IMA Digital Audio Focus and Technical Working Groups, "Recommended Practices for Enhancing Digital Audio
//! Compatibility in Multimedia Systems" (1992), with Microsoft's block layout (format tag 0x0011). Microsoft ADPCM:
//! "New Multimedia Data Types and Data Techniques" (1994), format tag 0x0002.

/// How far the IMA step index moves after each code; the sign bit does not count.
const IMA_INDEX_CHANGE: [i32; 8] = [-1, -1, -1, -1, 2, 4, 6, 8];

/// The IMA step sizes.
const IMA_STEPS: [i32; 89] = [
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107,
    118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963,
    1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894,
    6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794,
    32767,
];

/// The bytes that start an IMA block, a channel: a sample, the step index, nothing.
pub(super) const IMA_HEADER_BYTES: usize = 4;

/// The bytes that start a Microsoft block, a channel: predictor, step, two samples.
pub(super) const MS_HEADER_BYTES: usize = 7;

/// How the Microsoft step grows or shrinks after each code, in 256ths.
const MS_ADAPTATION: [i32; 16] = [230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230];

/// The predictors that every Microsoft file carries, in 256ths; a file may add its own after them.
pub(super) const MS_PREDICTORS: [(i32, i32); 7] =
    [(256, 0), (512, -256), (0, 0), (192, 64), (240, 0), (460, -208), (392, -232)];

/// The smallest Microsoft step.
const MS_SMALLEST_STEP: i32 = 16;

/// How many samples a channel an IMA block of `bytes` holds.
pub(super) fn ima_frames(bytes: usize, channels: usize) -> usize {
    let header = IMA_HEADER_BYTES * channels;
    if bytes < header {
        return 0;
    }
    1 + (bytes - header) / header * 8
}

/// How many samples a channel a Microsoft block of `bytes` holds.
pub(super) fn ms_frames(bytes: usize, channels: usize) -> usize {
    let header = MS_HEADER_BYTES * channels;
    if bytes < header {
        return 0;
    }
    2 + (bytes - header) * 2 / channels
}

/// Decodes one IMA block, whole or cut; calls `emit(channel, sample)` in the order of time for each channel.
pub(super) fn decode_ima(block: &[u8], channels: usize, mut emit: impl FnMut(usize, i16)) {
    let header = IMA_HEADER_BYTES * channels;
    if block.len() < header {
        return;
    }
    let (starts, codes) = block.split_at(header);
    for (channel, start) in starts.chunks_exact(IMA_HEADER_BYTES).enumerate() {
        let mut sample = i32::from(i16::from_le_bytes([start[0], start[1]]));
        let mut index = usize::from(start[2]).min(IMA_STEPS.len() - 1);
        emit(channel, sample as i16);
        // each channel in turn has 4 bytes, 8 codes, low nibble first
        let mine = codes.chunks_exact(header).map(|group| &group[4 * channel..4 * channel + 4]);
        for code in mine.flatten().flat_map(|byte| [byte & 0x0F, byte >> 4]) {
            let step = IMA_STEPS[index];
            let mut change = step >> 3;
            if code & 4 != 0 {
                change += step;
            }
            if code & 2 != 0 {
                change += step >> 1;
            }
            if code & 1 != 0 {
                change += step >> 2;
            }
            sample += if code & 8 != 0 { -change } else { change };
            sample = sample.clamp(i16::MIN.into(), i16::MAX.into());
            let moved = index as i32 + IMA_INDEX_CHANGE[usize::from(code & 7)];
            index = moved.clamp(0, IMA_STEPS.len() as i32 - 1) as usize;
            emit(channel, sample as i16);
        }
    }
}

/// One channel of a Microsoft block while it is decoded.
#[derive(Clone, Copy, Default)]
struct MsChannel {
    predictor: (i32, i32),
    step: i32,
    newer: i32,
    older: i32,
}

impl MsChannel {
    fn decode(&mut self, code: u8) -> i16 {
        let signed = i32::from((code << 4) as i8 >> 4);
        let predicted = (self.newer * self.predictor.0 + self.older * self.predictor.1) >> 8;
        // a damaged block can hold any step; wrapping keeps it from ending the run
        let sample = predicted.wrapping_add(signed.wrapping_mul(self.step));
        let sample = sample.clamp(i16::MIN.into(), i16::MAX.into());
        self.older = self.newer;
        self.newer = sample;
        let step = MS_ADAPTATION[usize::from(code)].wrapping_mul(self.step) >> 8;
        self.step = step.clamp(MS_SMALLEST_STEP, i32::MAX / MS_ADAPTATION[8]);
        sample as i16
    }
}

/// Decodes one Microsoft block, whole or cut; calls `emit(channel, sample)` in the order of time for each channel.
pub(super) fn decode_ms(block: &[u8], channels: usize, predictors: &[(i32, i32)], mut emit: impl FnMut(usize, i16)) {
    let header = MS_HEADER_BYTES * channels;
    if block.len() < header {
        return;
    }
    let word = |index: usize| i32::from(i16::from_le_bytes([block[index], block[index + 1]]));
    let mut states: Vec<MsChannel> = (0..channels)
        .map(|channel| MsChannel {
            predictor: predictors.get(usize::from(block[channel])).copied().unwrap_or(MS_PREDICTORS[0]),
            step: word(channels + 2 * channel),
            newer: word(3 * channels + 2 * channel),
            older: word(5 * channels + 2 * channel),
        })
        .collect();
    for (channel, state) in states.iter().enumerate() {
        emit(channel, state.older as i16);
        emit(channel, state.newer as i16);
    }
    // the channels take turns, high nibble first; a cut block may end between two channels of a moment
    let whole = (block.len() - header) * 2 / channels * channels;
    let codes = block[header..].iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    for (turn, code) in codes.take(whole).enumerate() {
        let channel = turn % channels;
        emit(channel, states[channel].decode(code));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ima_block_starts_with_its_header_s_sample() {
        // code 7 at the smallest step adds 7 + 3 + 1 + 0 = 11 and moves the index by 8
        let mut samples = Vec::new();
        decode_ima(&[100, 0, 0, 0, 0x07, 0, 0, 0], 1, |_, sample| samples.push(sample));
        assert_eq!(samples.len(), ima_frames(8, 1));
        assert_eq!(samples[..2], [100, 111]);
        assert_eq!(samples[2], 111 + (16 >> 3));
    }

    #[test]
    fn a_microsoft_block_gives_the_older_sample_first() {
        let block = [0, 16, 0, 20, 0, 10, 0, 0x1F];
        let mut samples = Vec::new();
        decode_ms(&block, 1, &MS_PREDICTORS, |_, sample| samples.push(sample));
        assert_eq!(samples.len(), ms_frames(8, 1));
        // predictor 0 repeats the newer sample; codes 1 and -1 move by the step of 16
        assert_eq!(samples, [10, 20, 36, 20]);
    }

    #[test]
    fn a_wild_step_ends_no_run() {
        let mut block = vec![6, 0xFF, 0x7F, 0xFF, 0x7F, 0, 0x80];
        block.extend([0x88; 400]);
        let mut count = 0;
        decode_ms(&block, 1, &MS_PREDICTORS, |_, _| count += 1);
        assert_eq!(count, ms_frames(block.len(), 1));
    }
}
