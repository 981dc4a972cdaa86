//! The sound of calls, beside the page or inside it.

use std::{
    io::Cursor,
    path::{Component, Path},
};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{audio, units::SAMPLE_RATE};

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

/// The recording at `path` as a WAV inside an address, as every browser plays it: 8 kHz, 16 bit. `None` where it cannot
/// be read.
pub fn embedded(path: &Path) -> Option<String> {
    let mut stream = audio::open(path).ok()?;
    let mut wav = Cursor::new(Vec::new());
    let mut writer: Option<hound::WavWriter<&mut Cursor<Vec<u8>>>> = None;
    let mut out = Some(&mut wav);
    while let Some(block) = stream.next_block().ok()? {
        if writer.is_none() {
            let spec = hound::WavSpec {
                channels: block.len() as u16,
                sample_rate: SAMPLE_RATE,
                bits_per_sample: 16,
                sample_format: hound::SampleFormat::Int,
            };
            writer = Some(hound::WavWriter::new(out.take()?, spec).ok()?);
        }
        let writer = writer.as_mut()?;
        let length = block.iter().map(|channel| channel.len()).min().unwrap_or(0);
        for i in 0..length {
            for channel in &block {
                let sample = (channel[i] * 32_767.0).round().clamp(-32_768.0, 32_767.0) as i16;
                writer.write_sample(sample).ok()?;
            }
        }
    }
    writer?.finalize().ok()?;
    Some(format!("data:audio/wav;base64,{}", STANDARD.encode(wav.into_inner())))
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
}
