//! The sound of calls, beside the page or inside it.

use std::path::{Component, Path};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    audio::{self, g711},
    units::SAMPLE_RATE,
};

/// The address of the file at `to` for a page that lies in the folder `from`; both whole paths. `None` where there is no
/// way from one to the other, as between two drives.
pub fn link(from: &Path, to: &Path) -> Option<String> {
    let (from, to): (Vec<Component>, Vec<Component>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return None;
    }
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    let down = to[shared..].iter().map(|part| escaped(&part.as_os_str().to_string_lossy()));
    Some(up.chain(down).collect::<Vec<_>>().join("/"))
}

/// A part of an address (RFC 3986, section 2).
fn escaped(part: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    part.bytes().map(one).collect()
}

/// The recording at `path` as a WAV inside an address: 8 kHz, mu-law, half of what 16 bit takes and as good as a telephone
/// ever was. `None` where it cannot be read.
///
/// Chromium's demuxer is FFmpeg, Firefox has a decoder of its own (`WAVDecoder`) and Safari that of the system: all three
/// play `WAVE_FORMAT_MULAW`, as none plays ADPCM, and not all play Opus inside Ogg.
pub fn embedded(path: &Path) -> Option<String> {
    let mut stream = audio::open(path).ok()?;
    let (mut channels, mut codes) = (0, Vec::new());
    while let Some(block) = stream.next_block().ok()? {
        channels = block.len();
        let length = block.iter().map(|channel| channel.len()).min().unwrap_or(0);
        for i in 0..length {
            let sample = |channel: &[f32]| (channel[i] * 32_767.0).round().clamp(-32_768.0, 32_767.0) as i16;
            codes.extend(block.iter().map(|channel| g711::encode_mulaw(sample(channel))));
        }
    }
    let wav = mulaw_wav(u16::try_from(channels).ok().filter(|&channels| channels > 0)?, &codes)?;
    Some(format!("data:audio/wav;base64,{}", STANDARD.encode(wav)))
}

/// A WAV of mu-law `codes`, the channels in turn; `None` where they are too many for one. With the `fact` chunk that every
/// format but PCM has to have (Multimedia Programming Interface and Data Specifications 1.0, IBM and Microsoft 1991).
fn mulaw_wav(channels: u16, codes: &[u8]) -> Option<Vec<u8>> {
    const WAVE_FORMAT_MULAW: u16 = 7;
    /// From behind the file's length to the first code.
    const HEAD_BYTES: u32 = 50;
    let length = u32::try_from(codes.len()).ok()?;
    let padded = length.checked_add(length % 2)?;
    let frames = length / u32::from(channels);
    let mut wav = Vec::with_capacity(codes.len() + 64);
    wav.extend(b"RIFF");
    wav.extend(padded.checked_add(HEAD_BYTES)?.to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(18_u32.to_le_bytes());
    wav.extend(WAVE_FORMAT_MULAW.to_le_bytes());
    wav.extend(channels.to_le_bytes());
    wav.extend(SAMPLE_RATE.to_le_bytes());
    wav.extend((SAMPLE_RATE * u32::from(channels)).to_le_bytes());
    // a frame's bytes, a sample's bits, and no more about the format
    wav.extend([channels, 8, 0].map(u16::to_le_bytes).concat());
    wav.extend(b"fact");
    wav.extend(4_u32.to_le_bytes());
    wav.extend(frames.to_le_bytes());
    wav.extend(b"data");
    wav.extend(length.to_le_bytes());
    wav.extend(codes);
    wav.resize(wav.len() + (padded - length) as usize, 0);
    Some(wav)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_a_page_to_a_recording() {
        let link = |from: &str, to: &str| link(Path::new(from), Path::new(to));
        assert_eq!(link("/a/report", "/a/calls/x y#1.wav").as_deref(), Some("../calls/x%20y%231.wav"));
        assert_eq!(link("/a", "/a/é.wav").as_deref(), Some("%C3%A9.wav"));
        assert_eq!(link("/a/b/c", "/d.wav").as_deref(), Some("../../../d.wav"));
    }

    #[test]
    fn embedded_sound_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        for (channels, codes) in [(1, vec![0x12_u8, 0x80, 0xFF]), (2, vec![0x12, 0x92, 0x00, 0xC3])] {
            let path = folder.path().join("mulaw.wav");
            let wav = mulaw_wav(channels, &codes).unwrap();
            assert_eq!(wav.len() % 2, 0);
            assert_eq!(u32::from_le_bytes(wav[4..8].try_into().unwrap()) as usize, wav.len() - 8);
            std::fs::write(&path, wav).unwrap();
            let mut stream = audio::open(&path).unwrap();
            let block = stream.next_block().unwrap().unwrap();
            assert_eq!(block.len(), usize::from(channels));
            let frames = codes.chunks(usize::from(channels)).enumerate();
            for (i, code, channel) in frames.flat_map(|(i, f)| f.iter().enumerate().map(move |(c, code)| (i, *code, c)))
            {
                let want = f32::from(g711::decode_mulaw(code)) / 32_768.0;
                assert!((block[channel][i] - want).abs() < 1e-4, "{channel} {i}: {} for {want}", block[channel][i]);
            }
            assert!(stream.warnings().is_empty(), "{:?}", stream.warnings());
        }
    }
}
