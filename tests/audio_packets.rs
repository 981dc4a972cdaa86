//! Compressed recordings that are cut, holed or damaged within: what can be decoded is heard at its right time, and what is
//! missing is said.

mod recordings;

use bezet::audio::{ReadError, Warning};
use recordings::{Heard, SECONDS, ffmpeg, folder, hear_bytes, installed, snr, wanted};

/// A recording of the signal made by ffmpeg, as bytes.
fn made(test: &str, name: &str, options: &str) -> Option<Vec<u8>> {
    if !installed(&["ffmpeg"]) {
        return None;
    }
    let path = folder(test).join(name);
    ffmpeg(&path, 16_000, 1, options);
    Some(std::fs::read(path).unwrap())
}

/// By how many samples the end of `heard` comes after that of the signal: what lies behind a damage must not move.
fn lag_at_the_end(heard: &Heard) -> i64 {
    let wanted = wanted(0);
    let (from, to) = (34_000, 38_000);
    let at = |lag: i64| -> f32 {
        let start = (from as i64 + lag) as usize;
        let heard = heard.channels[0].get(start..).unwrap_or_default();
        heard.iter().zip(&wanted[from..to]).map(|(a, b)| a * b).sum()
    };
    (-400..=400).max_by(|a, b| at(*a).total_cmp(&at(*b))).unwrap()
}

#[test]
fn a_cut_recording_is_heard_up_to_the_cut() {
    for (name, options) in [
        ("a.mp3", "-c:a libmp3lame -b:a 32k"),
        ("a.flac", "-c:a flac"),
        ("fast.m4a", "-c:a aac -movflags +faststart"),
        ("alac.m4a", "-c:a alac -movflags +faststart"),
        ("vorbis.ogg", "-c:a libvorbis -q:a 9 -page_duration 200000"),
        ("a.opus", "-c:a libopus -page_duration 200000"),
        ("a.webm", "-c:a libopus -f webm"),
    ] {
        let Some(bytes) = made("cut-packets", name, options) else {
            return;
        };
        let heard = hear_bytes(&bytes[..bytes.len() * 6 / 10], name).unwrap();
        let seconds = heard.channels[0].len() as f64 / 8_000.0;
        eprintln!("{name}: {seconds:.2} s, {:?}", heard.warnings);
        assert!((0.35 * SECONDS..0.75 * SECONDS).contains(&seconds), "{name}: {seconds} s");
        let length = heard.channels[0].len().min(40_000);
        let snr = snr(&heard.channels[0], &wanted(0)[..length]);
        assert!(snr > 10.0, "{name}: {snr} dB");
        let told = heard.codes().iter().any(|code| ["cut-short", "stopped-early"].contains(code));
        assert!(told, "{name}: {:?}", heard.warnings);
    }
}

#[test]
fn an_m4a_without_its_index_is_refused() {
    let Some(bytes) = made("no-index", "a.m4a", "-c:a aac") else {
        return;
    };
    match hear_bytes(&bytes[..bytes.len() * 6 / 10], "a.m4a") {
        Err(error @ (ReadError::Malformed { .. } | ReadError::Unsupported { .. })) => {
            assert!(error.to_string().contains("ffmpeg"), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_lies_behind_a_damage_stays_at_its_time() {
    for (name, options) in [
        ("a.flac", "-c:a flac"),
        ("fast.m4a", "-c:a aac -b:a 48k -movflags +faststart"),
        ("alac.m4a", "-c:a alac"),
        ("vorbis.ogg", "-c:a libvorbis -page_duration 100000"),
        ("a.opus", "-c:a libopus -page_duration 100000"),
    ] {
        let Some(mut bytes) = made("holed", name, options) else {
            return;
        };
        let good = hear_bytes(&bytes, name).unwrap();
        let place = bytes.len() / 2;
        for byte in &mut bytes[place..place + 300] {
            *byte = byte.wrapping_mul(31).wrapping_add(7);
        }
        let heard = hear_bytes(&bytes, name).unwrap();
        assert_eq!(good.warnings, [], "{name}");
        assert_eq!(good.channels[0].len(), heard.channels[0].len(), "{name}");
        assert_eq!(lag_at_the_end(&good), lag_at_the_end(&heard), "{name}");
        let told = ["gaps-filled", "frames-damaged"];
        assert!(heard.codes().iter().any(|code| told.contains(code)), "{name}: {:?}", heard.warnings);
    }
}

/// A part of an Ogg file that got lost leaves a gap, not a shift.
#[test]
fn a_lost_page_leaves_a_gap() {
    for (name, options) in
        [("vorbis.ogg", "-c:a libvorbis -page_duration 200000"), ("a.opus", "-c:a libopus -page_duration 200000")]
    {
        let Some(bytes) = made("lost-page", name, options) else {
            return;
        };
        let pages: Vec<usize> = (0..bytes.len()).filter(|&n| bytes[n..].starts_with(b"OggS")).collect();
        let (from, to) = (pages[8], pages[11]);
        let holed = [&bytes[..from], &bytes[to..]].concat();
        let heard = hear_bytes(&holed, name).unwrap();
        assert!(lag_at_the_end(&heard).abs() <= 8, "{name}: {}", lag_at_the_end(&heard));
        match heard.warnings.as_slice() {
            [Warning::GapsFilled { count: 1, total_s, .. }] => {
                assert!((0.3..0.9).contains(total_s), "{name}: {total_s}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

/// Two recordings one behind the other in one Ogg file.
#[test]
fn a_chained_ogg_file_is_heard_to_its_end() {
    for (name, options) in [("a.opus", "-c:a libopus"), ("vorbis.ogg", "-c:a libvorbis")] {
        let Some(mut bytes) = made("chained", name, options) else {
            return;
        };
        let once = hear_bytes(&bytes, name).unwrap().channels[0].len();
        // the second stream must carry another serial number, and a page its checksum: ffmpeg gives both anew
        let again = made("chained", name, &format!("{options} -serial_offset 77")).unwrap();
        bytes.extend(again);
        let heard = hear_bytes(&bytes, name).unwrap();
        assert!(heard.channels[0].len().abs_diff(2 * once) <= 8, "{name}: {}", heard.channels[0].len());
        assert_eq!(heard.warnings, [], "{name}");
    }
}

/// Browsers and servers write WebM as it comes: no sizes, no length.
#[test]
fn a_webm_recording_without_sizes() {
    let Some(bytes) = made("live", "live.webm", "-c:a libopus -f webm -live 1") else {
        return;
    };
    let heard = hear_bytes(&bytes, "live.webm").unwrap();
    assert!((40_000..40_200).contains(&heard.channels[0].len()), "{}", heard.channels[0].len());
    assert_eq!(heard.warnings, []);
}
