//! The header faults that recorders leave behind, each on a file that sox or ffmpeg made: what is there is heard, and what
//! was repaired is said.

mod recordings;

use bezet::audio::{ReadError, Warning};
use recordings::{Heard, ffmpeg, folder, hear, hear_bytes, installed, lag, sox, wanted};

/// The samples of a made recording: 5 s at 8 kHz.
const SAMPLES: usize = 40_000;

/// Their bytes, at 16 bits.
const DATA: usize = 2 * SAMPLES;

/// Where they start in what sox writes.
const START: usize = 44;

/// A faultless recording as sox writes it: 16 bits, 8 kHz, one channel, a header of 44 bytes.
fn plain(test: &str) -> Option<Vec<u8>> {
    if !installed(&["sox", "ffmpeg"]) {
        return None;
    }
    let path = folder(test).join("plain.wav");
    sox(&path, 8_000, 1, "-b 16 -t wavpcm");
    let bytes = std::fs::read(path).unwrap();
    assert_eq!(bytes.len(), START + DATA);
    assert_eq!(&bytes[36..40], b"data");
    Some(bytes)
}

/// `bytes` with the little-endian word at `offset` replaced.
fn patched(bytes: &[u8], offset: usize, word: u32) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[offset..offset + 4].copy_from_slice(&word.to_le_bytes());
    bytes
}

const RIFF_SIZE: usize = 4;
const DATA_SIZE: usize = 40;

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [name, &(body.len() as u32).to_le_bytes()[..], body].concat()
}

/// A file of `chunks` with a right RIFF size.
fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    [b"RIFF", &(body.len() as u32 + 4).to_le_bytes()[..], b"WAVE", &body].concat()
}

/// The `fmt ` and the `data` chunk of a plain file.
fn parts(plain: &[u8]) -> (Vec<u8>, Vec<u8>) {
    (plain[12..36].to_vec(), plain[36..].to_vec())
}

/// All samples are there, at their place, and nothing else.
fn assert_whole(heard: &Heard, plain: &[u8], what: &str) {
    assert_eq!(heard.channels[0].len(), SAMPLES, "{what}: {:?}", heard.warnings);
    let samples = plain[START..].as_chunks::<2>().0.iter();
    let wanted: Vec<f32> = samples.map(|b| f32::from(i16::from_le_bytes(*b)) / 32_768.0).collect();
    assert!(heard.channels[0] == wanted, "{what}: other samples");
}

/// `bytes` give all samples of `plain` and exactly the warnings `codes`.
fn assert_heard(bytes: &[u8], plain: &[u8], codes: &[&str], what: &str) {
    let heard = hear_bytes(bytes, "call.wav").unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_whole(&heard, plain, what);
    assert_eq!(heard.codes(), codes, "{what}: {:?}", heard.warnings);
}

#[test]
fn a_data_size_that_was_never_filled_in() {
    let Some(plain) = plain("unset") else { return };
    assert_heard(&plain, &plain, &[], "faultless");
    for size in [0, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x7FFF_F000, 0xFFFF_FFFF - 36] {
        let only_data = patched(&plain, DATA_SIZE, size);
        assert_heard(&only_data, &plain, &["data-size-unset"], &format!("{size:X}"));
        let both = patched(&only_data, RIFF_SIZE, size.saturating_add(36));
        assert_heard(&both, &plain, &["data-size-unset"], &format!("both {size:X}"));
    }
}

#[test]
fn a_data_size_that_counts_the_header() {
    let Some(plain) = plain("counts") else { return };
    for more in [44, 36 + 8] {
        let bytes = patched(&plain, DATA_SIZE, (DATA + more) as u32);
        assert_heard(&bytes, &plain, &["data-size-counts-header"], &format!("{more} more"));
    }
    // with a chunk behind the samples, the size leads into the middle of that chunk
    let (fmt, data) = parts(&plain);
    let list = chunk(b"LIST", &[b"INFOISFT\x20\0\0\0", &[b'x'; 32][..]].concat());
    let bytes = riff(&[fmt, data, list]);
    let bytes = patched(&bytes, DATA_SIZE, (DATA + 44) as u32);
    assert_heard(&bytes, &plain, &["data-size-counts-header"], "with a chunk behind");
}

#[test]
fn a_recording_that_was_cut() {
    let Some(plain) = plain("cut") else { return };
    // in the middle of a sample, 1 s before the end
    let bytes = &plain[..plain.len() - 16_001];
    let heard = hear_bytes(bytes, "call.wav").unwrap();
    assert_eq!(heard.channels[0].len(), SAMPLES - 8_001);
    match heard.warnings.as_slice() {
        [Warning::CutShort { missing_s }, Warning::IncompleteBlock { bytes: 1 }] => {
            assert!((missing_s - 1.0).abs() < 0.001, "{missing_s}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_coded_block_that_was_cut() {
    if !installed(&["ffmpeg", "sox"]) {
        return;
    }
    let folder = folder("cut-block");
    for (name, options, least) in [
        ("gsm.wav", "-c:a libgsm_ms", SAMPLES - 320),
        ("ima.wav", "-c:a adpcm_ima_wav", SAMPLES - 2_100),
        ("ms.wav", "-c:a adpcm_ms", SAMPLES - 2_100),
    ] {
        let path = folder.join(name);
        ffmpeg(&path, 8_000, 1, options);
        let bytes = std::fs::read(&path).unwrap();
        let heard = hear_bytes(&bytes[..bytes.len() - 20], name).unwrap();
        assert_eq!(heard.codes(), ["cut-short", "incomplete-block"], "{name}");
        assert!(heard.channels[0].len() >= least, "{name}: {}", heard.channels[0].len());
        assert!(lag(&heard.channels[0], &wanted(0)).abs() <= 8, "{name}");
    }
}

#[test]
fn a_data_size_that_is_too_small() {
    let Some(plain) = plain("small") else { return };
    let bytes = patched(&plain, DATA_SIZE, 16_000);
    assert_heard(&bytes, &plain, &["data-size-too-small"], "a first flush");
}

#[test]
fn a_wrong_riff_size() {
    let Some(plain) = plain("riff") else { return };
    for size in [0, 12, 36, 1_000_000, 0xFFFF_FFFF] {
        let bytes = patched(&plain, RIFF_SIZE, size);
        assert_heard(&bytes, &plain, &["riff-size-wrong"], &format!("{size}"));
    }
    // forgetting the 8 bytes that it does not count is common and harms nobody
    for size in [plain.len(), plain.len() - 7] {
        let bytes = patched(&plain, RIFF_SIZE, size as u32);
        assert_heard(&bytes, &plain, &[], &format!("{size}"));
    }
}

#[test]
fn chunks_around_the_samples() {
    let Some(plain) = plain("around") else { return };
    let (fmt, data) = parts(&plain);
    let list = chunk(b"LIST", b"INFOISFT\x06\0\0\0Lavf59");
    let bext = chunk(b"bext", &[0; 602]);
    let before = riff(&[list.clone(), bext.clone(), fmt.clone(), list.clone(), data.clone()]);
    assert_heard(&before, &plain, &[], "before");
    let behind = riff(&[fmt.clone(), data.clone(), list.clone(), bext.clone()]);
    assert_heard(&behind, &plain, &[], "behind");
    // chunks behind are no sound, also where no size says where the sound ends
    for size in [0, 0xFFFF_FFFF, 0x7FFF_FFFF] {
        let bytes = patched(&behind, DATA_SIZE, size);
        assert_heard(&bytes, &plain, &["data-size-unset"], &format!("behind {size:X}"));
    }
}

#[test]
fn odd_chunks_with_and_without_their_pad_byte() {
    let Some(plain) = plain("odd") else { return };
    let (fmt, data) = parts(&plain);
    let odd = chunk(b"LIST", b"INFOISFT\x05\0\0\0Lavf5");
    let padded = [odd.clone(), vec![0]].concat();
    assert_heard(&riff(&[fmt.clone(), padded.clone(), data.clone()]), &plain, &[], "pad byte");
    let bytes = riff(&[fmt.clone(), odd.clone(), data.clone()]);
    assert_heard(&bytes, &plain, &["pad-byte-missing"], "no pad byte before the samples");
    let bytes = riff(&[odd.clone(), fmt.clone(), data.clone()]);
    assert_heard(&bytes, &plain, &["pad-byte-missing"], "no pad byte before the format");
    // 8-bit samples of an odd number
    let fmt8 = [&fmt[..20], &[1, 0, 8, 0]].concat();
    let list = chunk(b"LIST", b"INFOISFT\x06\0\0\0Lavf59");
    let data8 = chunk(b"data", &[0x90; 8_001]);
    for (pad, codes) in [(&[0][..], &[][..]), (&[], &["pad-byte-missing"])] {
        let bytes = riff(&[fmt8.clone(), data8.clone(), pad.to_vec(), list.clone()]);
        let heard = hear_bytes(&bytes, "call.wav").unwrap();
        assert_eq!(heard.channels[0].len(), 8_001);
        assert!(heard.channels[0].iter().all(|sample| *sample == 0.125));
        assert_eq!(heard.codes()[..codes.len()], *codes, "{:?}", heard.warnings);
    }
}

#[test]
fn chunks_in_the_wrong_place() {
    let Some(plain) = plain("order") else { return };
    let (fmt, data) = parts(&plain);
    let bytes = riff(&[data.clone(), fmt.clone()]);
    assert_heard(&bytes, &plain, &["data-before-format"], "data before format");
    let other = patched(&fmt, 12, 44_100);
    let bytes = riff(&[fmt.clone(), other.clone(), data.clone()]);
    assert_heard(&bytes, &plain, &["second-format"], "two formats");
    let bytes = [&plain[..], &plain].concat();
    assert_heard(&bytes, &plain, &["second-recording", "riff-size-wrong"], "two files in one");
    // an empty data chunk before the real one
    let bytes = riff(&[fmt.clone(), chunk(b"data", b""), data.clone()]);
    assert_heard(&bytes, &plain, &[], "an empty data chunk");
}

#[test]
fn a_chunk_of_the_wrong_size_is_searched_through() {
    let Some(plain) = plain("search") else { return };
    let (fmt, data) = parts(&plain);
    for size in [5, 9, 200, 100_000, 0xFFFF_FFF0] {
        let list = patched(&chunk(b"LIST", b"INFOISFT\x06\0\0\0Lavf59"), 4, size);
        let bytes = riff(&[fmt.clone(), list, data.clone()]);
        assert_heard(&bytes, &plain, &["chunk-size-wrong"], &format!("{size}"));
    }
    // a format of 18 bytes that says 16, and the other way round
    let long = patched(&[&fmt[..], &[0, 0]].concat(), 4, 16);
    let bytes = riff(&[long, data.clone()]);
    assert_heard(&bytes, &plain, &["chunk-size-wrong"], "18 that says 16");
    let bytes = riff(&[patched(&fmt, 4, 18), data.clone()]);
    assert_heard(&bytes, &plain, &["chunk-size-wrong"], "16 that says 18");
}

#[test]
fn bytes_behind_the_samples_are_no_samples() {
    let Some(plain) = plain("behind") else { return };
    let bytes = [&plain[..], &[0; 300]].concat();
    assert_heard(&bytes, &plain, &["trailing-bytes", "riff-size-wrong"], "zeros");
}

#[test]
fn fields_of_the_format_that_contradict_it() {
    let Some(plain) = plain("fields") else { return };
    let with = |offset: usize, value: u16| {
        let mut bytes = plain.clone();
        bytes[offset..offset + 2].copy_from_slice(&value.to_le_bytes());
        bytes
    };
    assert_heard(&with(32, 0), &plain, &["block-align-wrong"], "block align 0");
    assert_heard(&with(32, 7), &plain, &["block-align-wrong"], "block align 7");
    assert_heard(&with(34, 0), &plain, &[], "bits 0, block align right");
    for (what, bytes) in [
        ("rate 0", patched(&plain, 24, 0)),
        ("rate 1", patched(&plain, 24, 1)),
        ("rate 2^32", patched(&plain, 24, u32::MAX)),
        ("channels 0", with(22, 0)),
        ("channels 65535", with(22, u16::MAX)),
        ("bits 40", with(34, 40)),
    ] {
        match hear_bytes(&bytes, "call.wav") {
            Err(ReadError::Malformed { offset, .. }) => {
                assert!((20..36).contains(&offset), "{what}: {offset}")
            }
            other => panic!("{what}: {other:?}"),
        }
    }
}

#[test]
fn g711_with_the_short_format_and_the_extensible_one() {
    let Some(plain) = plain("g711") else { return };
    let rate = 8_000u32.to_le_bytes();
    for (tag, codec) in [(6u16, "alaw"), (7, "mulaw")] {
        let encode = if tag == 6 { bezet::audio::g711::encode_alaw } else { bezet::audio::g711::encode_mulaw };
        let samples = plain[START..].as_chunks::<2>().0.iter();
        let coded: Vec<u8> = samples.map(|b| encode(i16::from_le_bytes(*b))).collect();
        let data = chunk(b"data", &coded);
        let format = |tag: u16, bits: u16| {
            [&tag.to_le_bytes()[..], &[1, 0], &rate, &rate, &[1, 0], &bits.to_le_bytes()].concat()
        };
        let guid = [&tag.to_le_bytes()[..], b"\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71"].concat();
        let extensible = [&format(0xFFFE, 8)[..], &[22, 0, 8, 0, 4, 0, 0, 0], &guid].concat();
        for (what, body, codes) in [
            ("16 bytes", format(tag, 8), &[][..]),
            ("bits 0", format(tag, 0), &[]),
            ("bits 16", format(tag, 16), &["bits-wrong"]),
            ("extensible", extensible, &[]),
        ] {
            let heard = hear_bytes(&riff(&[chunk(b"fmt ", &body), data.clone()]), "call.wav").unwrap();
            assert_eq!(heard.format.codec, codec, "{what}");
            assert_eq!(heard.codes(), codes, "{what}");
            assert_eq!(heard.channels[0].len(), SAMPLES, "{what}");
            assert!(recordings::snr(&heard.channels[0], &wanted(0)) > 33.0, "{what}");
        }
    }
}

#[test]
fn what_ffmpeg_and_sox_leave_in_a_pipe() {
    let Some(plain) = plain("pipe") else { return };
    let folder = folder("pipe-out");
    let input = folder.join("plain.wav");
    std::fs::write(&input, &plain).unwrap();
    let input = input.to_str().unwrap();
    for (what, command, codes) in [
        ("ffmpeg", format!("ffmpeg -loglevel error -i {input} -f wav - | cat"), &["data-size-unset"][..]),
        (
            "sox",
            format!("tail -c +45 {input} | sox -t raw -e signed -b 16 -r 8000 - -t wavpcm - | cat"),
            &["data-size-unset"],
        ),
    ] {
        let output = std::process::Command::new("sh").args(["-c", &command]).output().unwrap();
        assert!(output.status.success());
        let heard = hear_bytes(&output.stdout, "call.wav").unwrap();
        assert_whole(&heard, &plain, what);
        assert_eq!(heard.codes(), codes, "{what}");
    }
}

#[test]
fn the_broadcast_extension_tells_the_time() {
    let Some(plain) = plain("bext") else { return };
    let folder = folder("bext-out");
    let path = folder.join("bwf.wav");
    let options = "-write_bext 1 -metadata origination_date=2026-03-29 -metadata origination_time=02:30:15";
    ffmpeg(&path, 8_000, 1, options);
    let heard = hear(&path).unwrap();
    assert_eq!(heard.recorded_at.as_deref(), Some("2026-03-29 02:30:15"));
    assert_eq!(hear_bytes(&plain, "call.wav").unwrap().recorded_at, None);
    // behind the samples, where recorders put it that learn the time late
    let (fmt, data) = parts(&plain);
    let mut body = vec![0; 602];
    body[320..338].copy_from_slice(b"2026-11-2109:08:07");
    let heard = hear_bytes(&riff(&[fmt, data, chunk(b"bext", &body)]), "call.wav").unwrap();
    assert_eq!(heard.recorded_at.as_deref(), Some("2026-11-21 09:08:07"));
}

#[test]
fn mp3_in_a_wav_file() {
    if !installed(&["ffmpeg"]) {
        return;
    }
    let path = folder("mp3-wav").join("mp3.wav");
    ffmpeg(&path, 16_000, 2, "-c:a libmp3lame -b:a 64k");
    let heard = hear(&path).unwrap();
    assert_eq!((heard.format.container, heard.format.codec), ("wav", "mp3"));
    for channel in 0..2 {
        // this container does not say how much the coder put before and behind
        let lag = lag(&heard.channels[channel], &wanted(channel)) as f64 / 8.0;
        assert!((0.0..=80.0).contains(&lag), "{lag} ms");
    }
}

#[test]
fn a_header_without_samples_is_empty() {
    let Some(plain) = plain("empty") else { return };
    for bytes in [patched(&plain[..START], DATA_SIZE, 0), plain[..START].to_vec(), Vec::new()] {
        match hear_bytes(&bytes, "call.wav") {
            Err(ReadError::Empty { .. }) => {}
            other => panic!("{} bytes: {other:?}", bytes.len()),
        }
    }
    for bytes in [0, 1, 11, 12, 20, 36, 43, 45] {
        assert!(hear_bytes(&plain[..bytes], "call.wav").is_err(), "{bytes} bytes");
    }
}

/// A format that is refused comes with a command; the command is run, and what it makes is read.
#[test]
fn the_command_of_a_refusal_works() {
    if !installed(&["ffmpeg", "sox"]) {
        return;
    }
    let folder = folder("refused");
    for (name, options) in [
        ("a.g722", "-ar 16000 -c:a g722 -f g722"),
        ("g722.wav", "-ar 16000 -c:a g722"),
        ("g726.wav", "-c:a g726"),
        ("a.g726-32", "-c:a g726le -f g726le"),
        ("speex.spx", "-c:a libspeex"),
        ("a.wma", "-c:a wmav2"),
        ("g723.wav", "-c:a g723_1 -b:a 6300"),
        ("mp2.wav", "-ar 16000 -c:a mp2"),
        ("ac3.mkv", "-ar 48000 -c:a ac3"),
        ("speex.mkv", "-c:a libspeex"),
        ("wavpack.wv", "-c:a wavpack"),
    ] {
        let path = folder.join(name);
        ffmpeg(&path, 8_000, 1, options);
        refused_then_read(&path);
    }
    let path = folder.join("a.vox");
    sox(&path, 8_000, 1, "-t vox");
    refused_then_read(&path);
    // no coder is at hand; a frame of 12.2 kbit/s is a mode byte and 31 bytes
    let path = folder.join("call.amr");
    let frames = [&[0x3C][..], &[0; 31]].concat().repeat(250);
    std::fs::write(&path, [b"#!AMR\n", &frames[..]].concat()).unwrap();
    refused_then_read(&path);
    let amr = path;
    let path = folder.join("call.3gp");
    let status = std::process::Command::new("ffmpeg")
        .args(["-loglevel", "error", "-y", "-i"])
        .arg(&amr)
        .args(["-c:a", "copy"])
        .arg(&path)
        .status()
        .unwrap();
    assert!(status.success());
    let error = refused_then_read(&path);
    assert!(error.contains("AMR"), "{error}");
}

fn refused_then_read(path: &std::path::Path) -> String {
    let error = match hear(path) {
        Err(error @ ReadError::Unsupported { .. }) => error,
        other => panic!("{}: {other:?}", path.display()),
    };
    let command = error.command(path).unwrap().replacen("ffmpeg", "ffmpeg -y -loglevel error", 1);
    let status = std::process::Command::new("sh").args(["-c", &command]).status().unwrap();
    assert!(status.success(), "{command}");
    let made = path.with_extension("wav");
    let made = if made == path { path.with_extension("converted.wav") } else { made };
    let heard = hear(&made).unwrap();
    let length = heard.channels[0].len();
    assert!((SAMPLES - 400..SAMPLES + 1_000).contains(&length), "{command}: {length}");
    error.to_string()
}
