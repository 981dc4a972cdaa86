//! Every container and codec, from files that ffmpeg and sox made: the right length, the right time, the right side.

mod recordings;

use std::path::Path;

use recordings::{SECONDS, ffmpeg, folder, hear, installed, lag, snr, sox, wanted};

/// A file to be made and what must come back of it.
struct Case {
    /// Who makes it, and how.
    tool: fn(&Path, u32, usize, &str),
    options: &'static str,
    name: &'static str,
    container: &'static str,
    codec: &'static str,
    /// At least, in dB.
    snr_db: f64,
    /// At most, in samples of 8 kHz.
    lag: i64,
    /// How much longer than the signal it may be, in ms: codecs without a length fill their last frame.
    longer_ms: f64,
}

const EXACT: f64 = 70.0;

const fn lossless(
    tool: fn(&Path, u32, usize, &str),
    options: &'static str,
    name: &'static str,
    container: &'static str,
    codec: &'static str,
    snr_db: f64,
) -> Case {
    Case { tool, options, name, container, codec, snr_db, lag: 0, longer_ms: 0.2 }
}

fn check(test: &str, cases: &[Case], rates: &[u32], channels: &[usize]) {
    if !installed(&["ffmpeg", "sox"]) {
        return;
    }
    let folder = folder(test);
    let mut faults = Vec::new();
    for case in cases {
        for &rate in rates {
            for &channels in channels {
                let path = folder.join(format!("{rate}-{channels}-{}", case.name));
                (case.tool)(&path, rate, channels, case.options);
                let heard = match hear(&path) {
                    Ok(heard) => heard,
                    Err(error) => {
                        faults.push(format!("{}: {error}", path.display()));
                        continue;
                    }
                };
                assert_eq!(heard.format.container, case.container, "{}", path.display());
                assert_eq!(heard.format.codec, case.codec, "{}", path.display());
                assert_eq!(usize::from(heard.format.channels), channels, "{}", path.display());
                let longer_ms = (heard.channels[0].len() as f64 / 8_000.0 - SECONDS) * 1_000.0;
                for (channel, samples) in heard.channels.iter().enumerate() {
                    let wanted = wanted(channel);
                    let (lag, snr) = (lag(samples, &wanted), snr(samples, &wanted));
                    let line = format!(
                        "{} {channel}: {longer_ms:.2} ms longer, lag {lag}, SNR {snr:.1} dB, {:?}",
                        path.file_name().unwrap().to_string_lossy(),
                        heard.warnings,
                    );
                    eprintln!("{line}");
                    let fits = lag.abs() <= case.lag
                        && snr >= case.snr_db
                        && (-0.2..=case.longer_ms).contains(&longer_ms)
                        && heard.warnings.is_empty();
                    if !fits {
                        faults.push(line);
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

const RATES: &[u32] = &[8_000, 11_025, 16_000, 22_050, 44_100, 48_000];

#[test]
fn pcm_and_floats_in_wav() {
    let cases = [
        lossless(ffmpeg, "-c:a pcm_u8", "u8.wav", "wav", "pcm_u8", 32.0),
        lossless(ffmpeg, "-c:a pcm_s16le", "s16.wav", "wav", "pcm_s16", EXACT),
        lossless(ffmpeg, "-c:a pcm_s24le", "s24.wav", "wav", "pcm_s24", EXACT),
        lossless(ffmpeg, "-c:a pcm_s32le", "s32.wav", "wav", "pcm_s32", EXACT),
        lossless(ffmpeg, "-c:a pcm_f32le", "f32.wav", "wav", "pcm_f32", EXACT),
        lossless(ffmpeg, "-c:a pcm_f64le", "f64.wav", "wav", "pcm_f64", EXACT),
        lossless(ffmpeg, "-c:a pcm_s16le -rf64 always", "rf64.wav", "rf64", "pcm_s16", EXACT),
        lossless(sox, "-b 16 -t wav", "sox16.wav", "wav", "pcm_s16", EXACT),
        lossless(sox, "-b 24 -t wav", "sox24.wav", "wav", "pcm_s24", EXACT),
    ];
    check("pcm", &cases, &[8_000, 44_100], &[1, 2]);
}

#[test]
fn every_rate() {
    let cases = [
        lossless(ffmpeg, "-c:a pcm_s16le", "s16.wav", "wav", "pcm_s16", EXACT),
        lossless(sox, "-b 16 -t flac", "s16.flac", "flac", "flac", EXACT),
    ];
    let odd = [7_000, 8_012, 12_000, 24_000, 32_000, 44_056, 96_000, 192_000];
    check("rates", &cases, &[RATES, &odd].concat(), &[1]);
}

#[test]
fn other_headers_around_pcm() {
    let cases = [
        lossless(ffmpeg, "-c:a pcm_s16le -f w64", "a.w64", "w64", "pcm_s16", EXACT),
        lossless(sox, "-t wavpcm -b 16", "pcm.wav", "wav", "pcm_s16", EXACT),
        lossless(sox, "-B -b 16 -t wav", "rifx.wav", "wav", "pcm_s16", EXACT),
        lossless(sox, "-t au -b 16", "s16.au", "au", "pcm_s16", EXACT),
        lossless(sox, "-t au -e mu-law", "mu.au", "au", "mulaw", 30.0),
        lossless(ffmpeg, "-c:a pcm_f32be -f au", "f32.au", "au", "pcm_f32", EXACT),
        lossless(ffmpeg, "-c:a pcm_s16be -f aiff", "s16.aiff", "aiff", "pcm_s16", EXACT),
        lossless(sox, "-t aiff -b 24", "s24.aif", "aiff", "pcm_s24", EXACT),
        lossless(ffmpeg, "-c:a pcm_s16le -f aiff", "sowt.aifc", "aiff", "pcm_s16", EXACT),
        lossless(ffmpeg, "-c:a pcm_mulaw -f aiff", "mu.aifc", "aiff", "mulaw", 30.0),
        lossless(ffmpeg, "-c:a pcm_f32be -f aiff", "f32.aifc", "aiff", "pcm_f32", EXACT),
    ];
    check("headers", &cases, &[8_000, 44_100], &[1, 2]);
}

#[test]
fn companded_and_adaptive_in_wav() {
    let cases = [
        lossless(ffmpeg, "-c:a pcm_alaw", "alaw.wav", "wav", "alaw", 33.0),
        lossless(ffmpeg, "-c:a pcm_mulaw", "mulaw.wav", "wav", "mulaw", 33.0),
        lossless(sox, "-e a-law -t wav", "sox-alaw.wav", "wav", "alaw", 33.0),
        lossless(sox, "-e u-law -t wav", "sox-mulaw.wav", "wav", "mulaw", 33.0),
        Case { longer_ms: 130.0, ..lossless(ffmpeg, "-c:a adpcm_ima_wav", "ima.wav", "wav", "ima_adpcm", 15.0) },
        Case { longer_ms: 130.0, ..lossless(ffmpeg, "-c:a adpcm_ms", "ms.wav", "wav", "ms_adpcm", 15.0) },
        lossless(sox, "-e ima-adpcm -t wav", "sox-ima.wav", "wav", "ima_adpcm", 15.0),
        lossless(sox, "-e ms-adpcm -t wav", "sox-ms.wav", "wav", "ms_adpcm", 15.0),
    ];
    check("companded", &cases, &[8_000, 16_000, 44_100], &[1, 2]);
}

#[test]
fn gsm_in_wav_and_bare() {
    let cases = [
        Case { lag: 8, longer_ms: 40.0, ..lossless(ffmpeg, "-c:a libgsm_ms", "gsm.wav", "wav", "gsm_ms", 6.0) },
        Case { lag: 8, ..lossless(sox, "-e gsm-full-rate -t wav", "sox-gsm.WAV", "wav", "gsm_ms", 6.0) },
    ];
    check("gsm", &cases, &[8_000], &[1]);
}

#[test]
fn what_phones_and_recorders_compress() {
    let lossy = |options, name, container, codec, snr_db, longer_ms| Case {
        lag: 8,
        longer_ms,
        ..lossless(ffmpeg, options, name, container, codec, snr_db)
    };
    let cases = [
        lossless(ffmpeg, "-c:a flac", "a.flac", "flac", "flac", EXACT),
        lossless(ffmpeg, "-c:a flac -f ogg", "flac.ogg", "ogg", "flac", EXACT),
        lossless(ffmpeg, "-c:a alac", "alac.m4a", "mp4", "alac", EXACT),
        lossy("-c:a libmp3lame -b:a 64k", "a.mp3", "mp3", "mp3", 12.0, 0.2),
        lossy("-c:a libmp3lame -q:a 4", "vbr.mp3", "mp3", "mp3", 12.0, 0.2),
        lossy("-c:a libvorbis -q:a 5", "vorbis.ogg", "ogg", "vorbis", 12.0, 0.2),
        lossy("-c:a aac -b:a 96k", "aac.m4a", "mp4", "aac", 12.0, 1.0),
        lossy("-c:a aac -b:a 96k -movflags +faststart", "fast.m4a", "mp4", "aac", 12.0, 1.0),
        // neither says where the recording starts, nor where it ends
        lossy("-c:a aac -b:a 96k -f adts", "a.aac", "aac", "aac", 12.0, 130.0),
        lossy("-c:a aac -b:a 96k", "aac.mkv", "mkv", "aac", 12.0, 130.0),
        lossy("-c:a pcm_s16le", "pcm.mkv", "mkv", "pcm_s16le", EXACT, 1.0),
    ];
    check("compressed", &cases, RATES, &[2]);
    check("compressed-mono", &cases, &[8_000, 44_100], &[1]);
}

#[test]
fn opus_wherever_it_comes() {
    let lossy = |options, name, container, longer_ms| Case {
        lag: 8,
        longer_ms,
        ..lossless(ffmpeg, options, name, container, "opus", 10.0)
    };
    let cases = [
        lossy("-c:a libopus -b:a 64k", "a.opus", "ogg", 0.2),
        lossy("-c:a libopus -b:a 64k -f webm", "a.webm", "mkv", 25.0),
        lossy("-c:a libopus -b:a 64k -f mp4", "opus.mp4", "mp4", 1.0),
        // at this rate it keeps the sound, not the waveform
        Case { snr_db: 0.0, ..lossy("-c:a libopus -b:a 16k -application voip", "voip.opus", "ogg", 0.2) },
    ];
    check("opus", &cases, &[8_000, 16_000, 48_000], &[1, 2]);
}

/// Samples without a header, for which the name has to speak.
#[test]
fn raw_samples_by_their_name() {
    if !installed(&["ffmpeg", "sox"]) {
        return;
    }
    let folder = folder("raw");
    type Tool = fn(&Path, u32, usize, &str);
    let cases: [(Tool, &str, &str, u32, &str, f64); 7] = [
        (ffmpeg, "-c:a pcm_mulaw -f mulaw", "call.ulaw", 8_000, "mulaw", 33.0),
        (ffmpeg, "-c:a pcm_alaw -f alaw", "call.ALAW", 8_000, "alaw", 33.0),
        (sox, "-t al", "call.al", 8_000, "alaw", 33.0),
        (sox, "-t ul", "call.Ul", 8_000, "mulaw", 33.0),
        (sox, "-t gsm", "call.gsm", 8_000, "gsm", 6.0),
        (ffmpeg, "-f s16le", "call.sln", 8_000, "pcm_s16", EXACT),
        (ffmpeg, "-f s16le", "call.sln16", 16_000, "pcm_s16", EXACT),
    ];
    for (tool, options, name, rate, codec, snr_db) in cases {
        let path = folder.join(name);
        tool(&path, rate, 1, options);
        let heard = hear(&path).unwrap();
        assert_eq!(heard.format.codec, codec, "{name}");
        assert_eq!(heard.codes(), ["format-from-name"], "{name}");
        let length = heard.channels[0].len();
        assert!((40_000..40_160).contains(&length), "{name}: {length}");
        assert_eq!(lag(&heard.channels[0], &wanted(0)), 0, "{name}");
        assert!(snr(&heard.channels[0], &wanted(0)) > snr_db, "{name}");
    }
}

/// A tag of a picture and a title before and behind the stream.
#[test]
fn an_mp3_with_tags_is_no_longer_than_without() {
    if !installed(&["ffmpeg"]) {
        return;
    }
    let path = folder("tags").join("tags.mp3");
    let options = "-c:a libmp3lame -b:a 32k -id3v2_version 3 -write_id3v1 1 -metadata title=Klacht";
    ffmpeg(&path, 16_000, 1, options);
    let heard = hear(&path).unwrap();
    assert_eq!(heard.channels[0].len(), 40_000);
    assert_eq!(heard.warnings, []);
    assert_eq!(lag(&heard.channels[0], &wanted(0)), 0);
}

/// Music programs hand out surround files; a call has two sides.
#[test]
fn of_more_channels_the_first_two_are_read() {
    if !installed(&["ffmpeg"]) {
        return;
    }
    let folder = folder("surround");
    for name in ["six.wav", "six.flac", "six.ogg"] {
        let path = folder.join(name);
        ffmpeg(&path, 48_000, 6, "-strict -2");
        let heard = hear(&path).unwrap();
        assert_eq!(heard.codes(), ["extra-channels"], "{name}");
        assert_eq!(heard.channels.len(), 2, "{name}");
        assert_eq!(lag(&heard.channels[0], &wanted(0)).abs(), 0, "{name}");
    }
}
