//! Writes a call as a recorder would: through the codec of the way, into the form of the file.

use std::{
    fs, io,
    path::Path,
    process::{Command, Stdio},
};

use super::{
    SimulateError,
    script::{Codec, Container},
};
use crate::{
    audio::{ReadError, g711},
    units::SAMPLE_RATE,
};

/// Writes `channels` (equally long, full scale = 1) into `file`, through `codec`, as `container`. `scratch` is an empty
/// folder of its own.
pub(super) fn record(
    channels: &[Vec<f32>],
    codec: Codec,
    container: Container,
    file: &Path,
    scratch: &Path,
) -> Result<(), SimulateError> {
    let mut frames = interleaved(channels);
    let channels = channels.len() as u16;
    // G.711 needs nobody's help
    let companded = match codec {
        Codec::Alaw => Some(Law::A),
        Codec::Mulaw => Some(Law::Mu),
        _ => None,
    };
    if let Some(law) = companded {
        frames.iter_mut().for_each(|x| *x = law.decode(law.encode(*x)));
    }
    let mut source = scratch.join("line.wav");
    write_pcm(&source, &frames, channels)?;
    if let Some((ending, arguments)) = on_the_way(codec) {
        let coded = scratch.join(format!("coded.{ending}"));
        ffmpeg(&source, arguments, &coded, codec.name())?;
        source = scratch.join("decoded.wav");
        ffmpeg(&coded, &["-ar", "8000", "-c:a", "pcm_s16le"], &source, codec.name())?;
        frames = read_pcm(&source)?;
    }
    match container {
        Container::Pcm => write_pcm(file, &frames, channels),
        Container::Alaw => write_companded(file, &frames, channels, Law::A),
        Container::Mulaw => write_companded(file, &frames, channels, Law::Mu),
        Container::Gsm => ffmpeg(&source, &["-c:a", "libgsm_ms"], file, "gsm"),
        Container::Mp3 => ffmpeg(&source, &["-c:a", "libmp3lame", "-b:a", "16k"], file, "mp3"),
        Container::Opus => ffmpeg(&source, &["-c:a", "libopus", "-b:a", "16k"], file, "opus"),
        Container::Flac => ffmpeg(&source, &["-c:a", "flac", "-sample_fmt", "s16"], file, "flac"),
    }
}

/// The file's ending and ffmpeg's arguments for a codec that is not made here.
fn on_the_way(codec: Codec) -> Option<(&'static str, &'static [&'static str])> {
    match codec {
        Codec::None | Codec::Alaw | Codec::Mulaw => None,
        Codec::Gsm => Some(("wav", &["-c:a", "libgsm_ms"])),
        Codec::G726 => Some(("wav", &["-c:a", "g726", "-b:a", "32k"])),
        Codec::Opus => Some(("ogg", &["-c:a", "libopus", "-b:a", "16k", "-application", "voip"])),
        Codec::Speex => Some(("ogg", &["-c:a", "libspeex"])),
        Codec::Mp3 => Some(("mp3", &["-c:a", "libmp3lame", "-b:a", "24k"])),
    }
}

/// Samples of all channels in turn, 16 bit.
fn interleaved(channels: &[Vec<f32>]) -> Vec<i16> {
    let length = channels.first().map_or(0, Vec::len);
    (0..length).flat_map(|i| channels.iter().map(move |c| (c[i] * 32_767.0).round() as i16)).collect()
}

fn failed(file: &Path) -> impl Fn(String) -> SimulateError {
    move |why| SimulateError::Write { file: file.into(), why }
}

fn write_pcm(file: &Path, frames: &[i16], channels: u16) -> Result<(), SimulateError> {
    let form = hound::WavSpec {
        channels,
        sample_rate: SAMPLE_RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let write = || -> Result<(), hound::Error> {
        let mut writer = hound::WavWriter::create(file, form)?;
        frames.iter().try_for_each(|x| writer.write_sample(*x))?;
        writer.finalize()
    };
    write().map_err(|e| failed(file)(e.to_string()))
}

fn read_pcm(file: &Path) -> Result<Vec<i16>, SimulateError> {
    let read = || -> Result<Vec<i16>, hound::Error> { hound::WavReader::open(file)?.into_samples().collect() };
    read().map_err(|e| SimulateError::Read { file: file.into(), why: ReadError::malformed(0, e.to_string()) })
}

/// A WAV file of one byte a sample, with the `fact` chunk that such files have to have.
fn write_companded(file: &Path, frames: &[i16], channels: u16, law: Law) -> Result<(), SimulateError> {
    let data: Vec<u8> = frames.iter().map(|x| law.encode(*x)).collect();
    let length = data.len() as u32;
    let padding = length % 2;
    let mut out = Vec::with_capacity(data.len() + 60);
    out.extend(b"RIFF");
    out.extend((4 + 26 + 12 + 8 + length + padding).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(18_u32.to_le_bytes());
    out.extend(law.format_tag().to_le_bytes());
    out.extend(channels.to_le_bytes());
    out.extend(SAMPLE_RATE.to_le_bytes());
    out.extend((SAMPLE_RATE * u32::from(channels)).to_le_bytes());
    out.extend(channels.to_le_bytes());
    out.extend(8_u16.to_le_bytes());
    out.extend(0_u16.to_le_bytes());
    out.extend(b"fact");
    out.extend(4_u32.to_le_bytes());
    out.extend((length / u32::from(channels.max(1))).to_le_bytes());
    out.extend(b"data");
    out.extend(length.to_le_bytes());
    out.extend(data);
    out.resize(out.len() + padding as usize, 0);
    fs::write(file, out).map_err(|e| failed(file)(e.to_string()))
}

/// Has ffmpeg turn `from` into `to`; the same bytes whenever it is the same ffmpeg.
fn ffmpeg(from: &Path, arguments: &[&str], to: &Path, codec: &'static str) -> Result<(), SimulateError> {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-y", "-i"]).arg(from);
    command.args(["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]).args(arguments).arg(to);
    match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(SimulateError::Ffmpeg { codec, said: said.trim().into() })
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => Err(SimulateError::NoFfmpeg { codec }),
        Err(e) => Err(SimulateError::Ffmpeg { codec, said: e.to_string() }),
    }
}

/// The two laws of ITU-T G.711.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Law {
    A,
    Mu,
}

impl Law {
    /// The tag of a WAV file's `fmt ` chunk.
    fn format_tag(self) -> u16 {
        match self {
            Self::A => 6,
            Self::Mu => 7,
        }
    }

    fn encode(self, sample: i16) -> u8 {
        match self {
            Self::A => g711::encode_alaw(sample),
            Self::Mu => g711::encode_mulaw(sample),
        }
    }

    fn decode(self, code: u8) -> i16 {
        match self {
            Self::A => g711::decode_alaw(code),
            Self::Mu => g711::decode_mulaw(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_companded_file_is_as_long_as_its_header_says() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.wav");
        record(&[vec![0.25; 801]], Codec::Alaw, Container::Alaw, &file, folder.path()).unwrap();
        let bytes = fs::read(&file).unwrap();
        let field = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!(field(4) as usize + 8, bytes.len());
        assert_eq!((&bytes[50..54], field(54)), (&b"data"[..], 801));
        assert_eq!(field(46), 801);
    }
}
