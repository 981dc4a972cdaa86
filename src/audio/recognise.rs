//! What a file is, told by its first bytes.

use std::path::Path;

use super::{
    error::{CONVERT, Foreign, ReadError},
    input::{Input, read_at},
    raw::{self, Raw},
};

/// The bytes that are looked at.
const HEAD_BYTES: usize = 8 * 1024;

/// The MPEG frames that must follow each other before a file without any mark is taken for mp3 or AAC.
const FRAMES_IN_A_ROW: usize = 3;

/// A recording that can be read, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Wav,
    Aiff,
    Au,
    Raw(Raw),
    Compressed(Container),
}

/// The containers that go through the demuxers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Mp3,
    Aac,
    Mp4,
    Flac,
    Ogg,
    Mkv,
}

/// What the mark of a file says.
#[derive(Clone, Copy)]
enum Mark {
    Is(Kind),
    /// A format's name, and the command that converts it.
    Sound(&'static str, &'static str),
    /// What else it is, with its article.
    Else(Foreign),
}

use Container::{Aac, Flac, Mkv, Mp3, Mp4, Ogg};
use Mark::{Else, Is, Sound};

/// The marks of files: where, which bytes, what they say. The first that fits counts.
const MARKS: &[(usize, &[u8], Mark)] = &[
    (8, b"AVI ", Else(Foreign::Video("AVI"))),
    (8, b"WEBP", Else(Foreign::Picture("WebP"))),
    (8, b"RMID", Else(Foreign::Midi)),
    (8, b"QLCM", Sound("QCELP or EVRC (.qcp)", CONVERT)),
    (0, b"RIFF", Is(Kind::Wav)),
    (0, b"RIFX", Is(Kind::Wav)),
    (0, b"RF64", Is(Kind::Wav)),
    (0, b"BW64", Is(Kind::Wav)),
    (0, b"riff\x2E\x91\xCF\x11", Is(Kind::Wav)),
    (0, b".snd", Is(Kind::Au)),
    (8, b"AIFF", Is(Kind::Aiff)),
    (8, b"AIFC", Is(Kind::Aiff)),
    (0, b"fLaC", Is(Kind::Compressed(Flac))),
    // Its reader lets a damaged header reserve a hundred megabytes and panics on some.
    (0, b"caff", Sound("Core Audio (.caf)", CONVERT)),
    (0, b"\x1A\x45\xDF\xA3", Is(Kind::Compressed(Mkv))),
    (4, b"ftyp", Is(Kind::Compressed(Mp4))),
    (4, b"moov", Sound("a QuickTime file without its type", CONVERT)),
    (4, b"mdat", Sound("a QuickTime file without its type", CONVERT)),
    (28, b"Speex   ", Sound("Speex", CONVERT)),
    (0, b"OggS", Is(Kind::Compressed(Ogg))),
    (0, b"#!AMR-WB", Sound("AMR wide-band", CONVERT)),
    (0, b"#!AMR", Sound("AMR", CONVERT)),
    (0, b"#!SILK", Sound("SILK", SILK)),
    (0, b"\x02#!SILK", Sound("SILK (WeChat)", SILK)),
    (0, b"#!iLBC", Sound("iLBC", CONVERT)),
    (0, b"#!EVRC", Sound("EVRC", CONVERT)),
    (0, b"#!SMV", Sound("SMV", CONVERT)),
    (0, b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", Sound("Windows Media (WMA)", CONVERT)),
    (0, b".RMF", Sound("RealAudio", CONVERT)),
    (0, b".ra\xFD", Sound("RealAudio", CONVERT)),
    (0, b"Creative Voice File", Sound("Creative Voice (.voc)", CONVERT)),
    (0, b"NIST_1A", Sound("NIST SPHERE", "sox IN -r 8000 -e signed -b 16 OUT.wav")),
    (0, b"wvpk", Sound("WavPack", CONVERT)),
    (0, b"MAC ", Sound("Monkey's Audio", CONVERT)),
    (0, b"MPCK", Sound("Musepack", CONVERT)),
    (0, b"TTA1", Sound("True Audio", CONVERT)),
    (0, b"\x0B\x77", Sound("Dolby AC-3", CONVERT)),
    (0, b"8SVX", Sound("Amiga 8SVX", CONVERT)),
    (0, b"MThd", Else(Foreign::Midi)),
    (0, b"\xD4\xC3\xB2\xA1", Else(Foreign::Capture)),
    (0, b"\xA1\xB2\xC3\xD4", Else(Foreign::Capture)),
    (0, b"\x0A\x0D\x0D\x0A", Else(Foreign::Capture)),
    (0, b"\x00\x00\x01\xBA", Else(Foreign::Video("MPEG"))),
    (0, b"\x00\x00\x01\xB3", Else(Foreign::Video("MPEG"))),
    (0, b"FLV\x01", Else(Foreign::Video("Flash"))),
    (0, b"%PDF", Else(Foreign::Document("PDF"))),
    (0, b"PK\x03\x04", Else(Foreign::Archive("ZIP"))),
    (0, b"\x1F\x8B", Else(Foreign::Archive("gzip"))),
    (0, b"7z\xBC\xAF", Else(Foreign::Archive("7-Zip"))),
    (0, b"Rar!", Else(Foreign::Archive("RAR"))),
    (0, b"\xD0\xCF\x11\xE0", Else(Foreign::Document("Office"))),
    (0, b"\x89PNG", Else(Foreign::Picture("PNG"))),
    (0, b"\xFF\xD8\xFF", Else(Foreign::Picture("JPEG"))),
    (0, b"GIF8", Else(Foreign::Picture("GIF"))),
    (0, b"SQLite format 3", Else(Foreign::Database)),
    (0, b"MZ", Else(Foreign::Program)),
    (0, b"\x7FELF", Else(Foreign::Program)),
];

/// ffmpeg knows no SILK file; this tool does.
const SILK: &str = "silk-v3-decoder IN OUT.wav";

/// The codings without any header that are known by name and not decoded.
const NAMED_SOUNDS: &[(&str, &str, &str)] = &[
    ("g722", "G.722", "ffmpeg -f g722 -i IN -ar 8000 -c:a pcm_s16le OUT.wav"),
    ("722", "G.722", "ffmpeg -f g722 -i IN -ar 8000 -c:a pcm_s16le OUT.wav"),
    ("g729", "G.729", "ffmpeg -f g729 -i IN -ar 8000 -c:a pcm_s16le OUT.wav"),
    ("g729a", "G.729", "ffmpeg -f g729 -i IN -ar 8000 -c:a pcm_s16le OUT.wav"),
    ("g723", "G.723.1", "ffmpeg -f g723_1 -i IN -ar 8000 -c:a pcm_s16le OUT.wav"),
    ("g723_1", "G.723.1", "ffmpeg -f g723_1 -i IN -ar 8000 -c:a pcm_s16le OUT.wav"),
    ("g726", "G.726", G726),
    ("g726-40", "G.726", "ffmpeg -f g726le -code_size 5 -i IN -ar 8000 -c:a pcm_s16le OUT.wav"),
    ("g726-32", "G.726", G726),
    ("g726-24", "G.726", "ffmpeg -f g726le -code_size 3 -i IN -ar 8000 -c:a pcm_s16le OUT.wav"),
    ("g726-16", "G.726", "ffmpeg -f g726le -code_size 2 -i IN -ar 8000 -c:a pcm_s16le OUT.wav"),
    ("vox", "Dialogic ADPCM (.vox)", "sox -t vox -r 8000 IN -e signed -b 16 OUT.wav"),
    ("siren7", "Siren 7 (G.722.1)", CONVERT),
    ("siren14", "Siren 14 (G.722.1C)", CONVERT),
    ("ilbc", "iLBC", CONVERT),
    ("amr", "AMR without its header", "ffmpeg -f amrnb -i IN -ar 8000 -c:a pcm_s16le OUT.wav"),
    ("awb", "AMR wide-band without its header", "ffmpeg -f amrwb -i IN -ar 8000 -c:a pcm_s16le OUT.wav"),
    ("silk", "SILK", SILK),
    ("slk", "SILK", SILK),
];

const G726: &str = "ffmpeg -f g726le -code_size 4 -i IN -ar 8000 -c:a pcm_s16le OUT.wav";

/// Tells what `input` is: by its mark, by its frames, and only then, for files without any, by `name`.
pub(super) fn recognise(input: &mut Input, name: &Path) -> Result<Kind, ReadError> {
    let head = read_at(input, 0, HEAD_BYTES)?;
    if head.is_empty() {
        return Err(ReadError::empty("the file has 0 bytes"));
    }
    let mark = MARKS.iter().find(|(offset, bytes, _)| head.get(*offset..).is_some_and(|rest| rest.starts_with(bytes)));
    match mark {
        Some(&(_, _, Is(kind))) => return Ok(kind),
        Some(&(_, _, Else(what))) => return Err(ReadError::NotAudio { what }),
        Some(&(_, _, Sound(format, command))) => {
            return Err(ReadError::Unsupported { format: format.into(), command: command.into() });
        }
        None => {}
    }
    if let Some(end) = id3_end(&head) {
        let behind = read_at(input, end, HEAD_BYTES)?;
        return Ok(Kind::Compressed(if behind.starts_with(b"fLaC") {
            Flac
        } else if is_adts(&behind) {
            Aac
        } else {
            Mp3
        }));
    }
    // the marks of frames are weak, and samples without a header hold any bytes: there the name goes first
    if let Some(raw) = raw::by_name(name) {
        return Ok(Kind::Raw(raw));
    }
    let extension = name.extension().and_then(|extension| extension.to_str());
    let named = NAMED_SOUNDS
        .iter()
        .find(|(known, ..)| extension.is_some_and(|extension| known.eq_ignore_ascii_case(extension)));
    if let Some(&(_, format, command)) = named {
        return Err(ReadError::Unsupported { format: format.into(), command: command.into() });
    }
    if is_adts(&head) {
        return Ok(Kind::Compressed(Aac));
    }
    if has_mp3_frames(&head) {
        return Ok(Kind::Compressed(Mp3));
    }
    let is_transport_stream = (0..4).all(|packet| head.get(packet * 188) == Some(&0x47));
    Err(ReadError::NotAudio {
        what: if is_transport_stream {
            Foreign::Video("MPEG transport stream")
        } else if is_text(&head) {
            Foreign::Text
        } else {
            Foreign::Unknown
        },
    })
}

/// Where an ID3v2 tag at the start ends, in bytes.
pub(super) fn id3_end(head: &[u8]) -> Option<u64> {
    let tag = head.first_chunk::<10>().filter(|tag| tag.starts_with(b"ID3"))?;
    let size = tag[6..].iter().fold(0, |size, &byte| size << 7 | u64::from(byte & 0x7F));
    let footer = if tag[5] & 0x10 != 0 { 10 } else { 0 };
    Some(10 + size + footer)
}

/// Whether AAC frames with ADTS headers (ISO/IEC 13818-7, 6.2) follow each other from the first byte on.
fn is_adts(head: &[u8]) -> bool {
    let length = |frame: &[u8]| {
        let header = frame.first_chunk::<7>()?;
        let size = usize::from(header[3] & 3) << 11 | usize::from(header[4]) << 3 | usize::from(header[5]) >> 5;
        (header[0] == 0xFF && header[1] & 0xF6 == 0xF0 && size > 7).then_some(size)
    };
    follow_each_other(head, length)
}

/// Whether MPEG layer III frames follow each other, from the first byte on or after some junk.
fn has_mp3_frames(head: &[u8]) -> bool {
    (0..head.len().min(HEAD_BYTES / 2)).any(|start| follow_each_other(&head[start..], mp3_frame_bytes))
}

fn follow_each_other(head: &[u8], length: impl Fn(&[u8]) -> Option<usize>) -> bool {
    let mut rest = head;
    for _ in 0..FRAMES_IN_A_ROW {
        match length(rest) {
            // a short file may end with its second frame
            Some(bytes) if bytes >= rest.len() => return rest.len() < head.len(),
            Some(bytes) => rest = &rest[bytes..],
            None => return false,
        }
    }
    true
}

/// The length of the MPEG layer III frame that starts here (ISO/IEC 11172-3 and 13818-3, 2.4.2.3).
fn mp3_frame_bytes(frame: &[u8]) -> Option<usize> {
    const KBIT_1: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const KBIT_2: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    const RATES: [usize; 3] = [44_100, 48_000, 32_000];
    let header = frame.first_chunk::<4>()?;
    // sync, and layer III
    if header[0] != 0xFF || header[1] & 0xE6 != 0xE2 {
        return None;
    }
    let version = header[1] >> 3 & 3;
    let (kbit, divisor, samples) = match version {
        3 => (KBIT_1, 1, 144),
        2 => (KBIT_2, 2, 72),
        0 => (KBIT_2, 4, 72),
        _ => return None,
    };
    let bits = *kbit.get(usize::from(header[2] >> 4)).filter(|&&kbit| kbit > 0)? * 1_000;
    let rate = RATES.get(usize::from(header[2] >> 2 & 3))? / divisor;
    Some(samples * bits / rate + usize::from(header[2] >> 1 & 1))
}

fn is_text(head: &[u8]) -> bool {
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7E | 0x80..);
    head.iter().all(is_text) && std::str::from_utf8(&head[..head.len().min(64)]).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8], name: &str) -> Result<Kind, ReadError> {
        let mut input: Input = Box::new(std::io::Cursor::new(bytes.to_vec()));
        recognise(&mut input, Path::new(name))
    }

    #[test]
    fn content_goes_before_the_name() {
        assert_eq!(of(b"RIFF\0\0\0\0WAVE", "call.gsm").unwrap(), Kind::Wav);
        assert_eq!(of(&[0xFF; 400], "CALL.ULAW").unwrap(), Kind::Raw(Raw::MuLaw));
        assert!(matches!(of(&[0xFF; 400], "call"), Err(ReadError::NotAudio { .. })));
    }

    #[test]
    fn what_is_not_decoded_comes_with_its_command() {
        for (bytes, name, command) in [
            (&b"#!AMR\n1234"[..], "a", "ffmpeg -i"),
            (b"#!AMR-WB\n1234", "a.wav", "ffmpeg -i"),
            (b"\x01\x02\x03\x04\x05", "x.g722", "-f g722"),
            (b"\x01\x02\x03\x04\x05", "x.G729", "-f g729"),
            (b"\x01\x02\x03\x04\x05", "x.vox", "sox -t vox"),
        ] {
            match of(bytes, name) {
                Err(ReadError::Unsupported { command: given, .. }) => {
                    assert!(given.contains(command), "{given}");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_no_sound_is_named() {
        for (bytes, what) in [
            (&b"%PDF-1.7"[..], Foreign::Document("PDF")),
            (b"file,line\r\na.wav,3\r\n", Foreign::Text),
            (b"RIFF\0\0\0\0AVI LIST", Foreign::Video("AVI")),
            (b"\x00\x01\x02\x03\x04", Foreign::Unknown),
        ] {
            match of(bytes, "call.wav") {
                Err(ReadError::NotAudio { what: said }) => assert_eq!(said, what),
                other => panic!("{what:?}: {other:?}"),
            }
        }
        assert!(matches!(of(b"", "a.wav"), Err(ReadError::Empty { .. })));
    }

    #[test]
    fn mp3_frames_count_only_in_a_row() {
        // MPEG-2 layer III, 8 kbit/s, 16 kHz: 36 bytes a frame
        let mut frame = [0u8; 36];
        frame[..4].copy_from_slice(&[0xFF, 0xF3, 0x18, 0xC4]);
        assert_eq!(mp3_frame_bytes(&frame), Some(36));
        let stream = frame.repeat(4);
        assert!(has_mp3_frames(&stream));
        assert!(has_mp3_frames(&[&[1, 2, 3][..], &stream].concat()));
        assert!(!has_mp3_frames(&[&frame[..], &[0; 400]].concat()));
    }
}
