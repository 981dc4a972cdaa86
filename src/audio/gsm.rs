//! GSM 06.10 full rate (ETSI EN 300 961), in the two packings that recorders write.
//!
//! The one place that knows which crate decodes it.

use oxideav_gsm::{DecoderState, UnpackedFrame};

/// The samples of a frame: 20 ms.
pub(super) const FRAME_SAMPLES: usize = 160;

/// The bytes of a frame in a `.gsm` file: a nibble 0xD and 260 bits.
pub(super) const FRAME_BYTES: usize = 33;

/// The bytes of two frames in a WAVE file of format 0x31 ("wav49"): twice 260 bits.
pub(super) const BLOCK_BYTES: usize = 65;

/// The samples of such a block.
pub(super) const BLOCK_SAMPLES: usize = 2 * FRAME_SAMPLES;

/// A decoder, which remembers the frames before.
pub(super) struct Gsm(Box<DecoderState>);

impl Gsm {
    pub(super) fn new() -> Self {
        Self(Box::new(DecoderState::new()))
    }

    /// The samples of a `.gsm` frame of [`FRAME_BYTES`]; none where the bytes are no such frame.
    pub(super) fn frame(&mut self, bytes: &[u8]) -> Option<[i16; FRAME_SAMPLES]> {
        let frame = UnpackedFrame::from_gsm_byte_frame(bytes).ok()?;
        Some(self.0.decode_frame(&frame))
    }

    /// The samples of a WAVE block; of one that is cut, the frames that are whole.
    pub(super) fn block(&mut self, bytes: &[u8]) -> impl Iterator<Item = i16> + use<> {
        let mut padded = [0; BLOCK_BYTES];
        let there = bytes.len().min(BLOCK_BYTES);
        padded[..there].copy_from_slice(&bytes[..there]);
        // the first frame ends in the middle of byte 33
        let whole = match there {
            BLOCK_BYTES => 2,
            33.. => 1,
            _ => 0,
        };
        let pair = UnpackedFrame::pair_from_msgsm_block(&padded).ok();
        let frames = pair.into_iter().flat_map(|(first, second)| [first, second]);
        let decoded: Vec<_> = frames.take(whole).map(|frame| self.0.decode_frame(&frame)).collect();
        decoded.into_iter().flatten()
    }
}

/// Whether `bytes` may start a `.gsm` file: every frame carries the nibble 0xD.
pub(super) fn is_framed(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.chunks(FRAME_BYTES).all(|frame| frame[0] >> 4 == 0xD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_block_gives_its_whole_frames() {
        let block = [0x5A; BLOCK_BYTES];
        for (bytes, samples) in [(65, 320), (64, 160), (33, 160), (32, 0), (0, 0)] {
            assert_eq!(Gsm::new().block(&block[..bytes]).count(), samples, "{bytes} bytes");
        }
    }

    #[test]
    fn a_frame_without_its_mark_is_none() {
        assert!(Gsm::new().frame(&[0; FRAME_BYTES]).is_none());
        assert!(Gsm::new().frame(&[0xD0; FRAME_BYTES]).is_some());
        assert!(Gsm::new().frame(&[0xD0; 10]).is_none());
    }
}
