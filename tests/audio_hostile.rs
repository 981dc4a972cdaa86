//! Damaged, cut and invented files: an error or some sound, never a panic, and never more memory than the reading needs.

mod recordings;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use bezet::audio::{AudioStream, ReadError};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed, TestRunner},
};
use recordings::{ffmpeg, folder, installed};

/// More than any reading needs: the largest decoder's tables, a packet of two channels at 192 kHz, a long filter.
const MOST_BYTES: i64 = 32 * 1024 * 1024;

/// What a short file can hold at most, in blocks of 2 s: a gap may be filled with up to an hour of silence.
const MOST_BLOCKS: usize = 100_000;

struct Counting;

thread_local! {
    static HELD: Cell<i64> = const { Cell::new(0) };
    static PEAK: Cell<i64> = const { Cell::new(0) };
}

fn count(bytes: i64) {
    HELD.set(HELD.get() + bytes);
    PEAK.set(PEAK.get().max(HELD.get()));
}

// SAFETY: hands every request to the system's allocator unchanged
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(-(layout.size() as i64));
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that this thread holds while `work` runs, beyond what it held before.
fn peak(work: impl FnOnce()) -> i64 {
    let before = HELD.get();
    PEAK.set(before);
    work();
    PEAK.get() - before
}

/// Reads to the end, or to an error; the samples that came.
fn read(bytes: impl Read + Seek + Send + Sync + 'static, name: &str) -> Result<usize, ReadError> {
    let mut stream = AudioStream::new(bytes, Path::new(name))?;
    let mut samples = 0;
    for _ in 0..MOST_BLOCKS {
        let Some(block) = stream.next_block()? else {
            return Ok(samples);
        };
        for channel in &block {
            assert_eq!(channel.len(), block[0].len());
            assert!(channel.iter().all(|sample| sample.abs() <= 1.0));
        }
        samples += block[0].len();
    }
    panic!("{name} has no end");
}

fn survives(bytes: Vec<u8>, name: &str) {
    let size = bytes.len() as i64;
    let most = peak(|| {
        let _ = read(std::io::Cursor::new(bytes), name);
    });
    assert!(most < MOST_BYTES + size, "{name}: {most} bytes");
}

/// `cases` that are the same in every run, so that a run tells about the change and not about luck; with `BEZET_DAMAGES=5000`
/// so many new ones, to find what nobody thought of.
fn config(cases: u32) -> Config {
    let asked = std::env::var("BEZET_DAMAGES").ok().and_then(|cases| cases.parse().ok());
    Config {
        cases: asked.unwrap_or(cases),
        rng_seed: if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(8_000) },
        failure_persistence: None,
        ..Config::default()
    }
}

const STARTS: &[&[u8]] = &[
    b"",
    b"RIFF\0\0\0\0WAVE",
    b"RIFF\xFF\xFF\xFF\xFFWAVEfmt \x10\0\0\0",
    b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1F\0\0\x80\x3E\0\0\x02\0\x10\0",
    b"RIFF\0\0\0\0WAVEfmt \x14\0\0\0\x11\0\x01\0\x40\x1F\0\0\x80\x3E\0\0\0\x01\x04\0\x02\0\xF9\x01data\0\0\0\0",
    b"RIFF\0\0\0\0WAVEfmt \x14\0\0\0\x31\0\x01\0\x40\x1F\0\0\x59\x06\0\0\x41\0\0\0\x02\0\x40\x01data\0\0\0\0",
    b"RIFX\0\0\0\0WAVE",
    b"RF64\xFF\xFF\xFF\xFFWAVEds64\x1C\0\0\0",
    b"riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\0\0",
    b".snd\0\0\0\x18\xFF\xFF\xFF\xFF\0\0\0\x01\0\0\x1F\x40\0\0\0\x01",
    b"OggS\0\x02",
    b"fLaC\0\0\0\x22",
    b"ID3\x04\0\0\0\0\0\x0A",
    b"\xFF\xFB\x90\x64",
    b"\xFF\xF1\x50\x80",
    b"\0\0\0\x18ftypM4A ",
    b"\0\0\0\x08ftyp\0\0\0\x10moov\0\0\0\x08trak",
    b"FORM\0\0\0\0AIFFCOMM",
    b"caff\0\x01\0\0desc",
    b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01",
];

proptest! {
    #![proptest_config(config(1_500))]

    #[test]
    fn invented_bytes_are_survived(
        start in prop::sample::select(STARTS),
        rest in prop::collection::vec(any::<u8>(), 0..3_000),
        name in prop::sample::select(&["call.wav", "call.gsm", "call.ulaw", "call.sln", "call"][..]),
    ) {
        survives([start, &rest].concat(), name);
    }
}

/// A damage to a file: what, and where as a share of its length.
#[derive(Clone, Debug)]
enum Damage {
    Flip(f64, u8),
    Word(f64, [u8; 4]),
    Cut(f64),
    Insert(f64, Vec<u8>),
    Remove(f64, usize),
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let at = |share: f64| (share * bytes.len() as f64) as usize;
        match self {
            Self::Flip(share, mask) => {
                let place = at(*share);
                bytes.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= mask);
            }
            Self::Word(share, word) => {
                let place = at(*share);
                bytes.iter_mut().skip(place).zip(word).for_each(|(byte, new)| *byte = *new);
            }
            Self::Cut(share) => bytes.truncate(at(*share)),
            Self::Insert(share, new) => {
                let place = at(*share);
                bytes.splice(place..place, new.iter().copied());
            }
            Self::Remove(share, count) => {
                let place = at(*share);
                let end = (place + count).min(bytes.len());
                bytes.drain(place..end);
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    // headers decide most, so half of all damage is done there
    let place = prop_oneof![0.0..0.02, 0.0..1.0];
    let word = prop_oneof![
        Just([0; 4]),
        Just([0xFF; 4]),
        Just([0xFF, 0xFF, 0xFF, 0x7F]),
        Just([0x7F, 0xFF, 0xFF, 0xFF]),
        any::<[u8; 4]>(),
    ];
    prop_oneof![
        (place.clone(), 1u8..).prop_map(|(place, mask)| Damage::Flip(place, mask)),
        (place.clone(), word).prop_map(|(place, word)| Damage::Word(place, word)),
        (0.0..1.0).prop_map(Damage::Cut),
        (place.clone(), prop::collection::vec(any::<u8>(), 1..40)).prop_map(|(place, new)| Damage::Insert(place, new)),
        (place, 1usize..100).prop_map(|(place, count)| Damage::Remove(place, count)),
    ]
}

/// Damages a good file some times over.
fn damaged_files_are_survived(test: &str, files: &[(&str, &str)]) {
    if !installed(&["ffmpeg"]) {
        return;
    }
    let folder = folder(test);
    for (name, options) in files {
        let path = folder.join(name);
        ffmpeg(&path, 8_000, 1, &format!("-t 0.6 {options}"));
        let good = std::fs::read(&path).unwrap();
        let mut runner = TestRunner::new(config(150));
        let outcome = runner.run(&prop::collection::vec(damage(), 1..4), |damages| {
            let mut bytes = good.clone();
            for damage in &damages {
                damage.apply(&mut bytes);
            }
            survives(bytes, name);
            Ok(())
        });
        assert!(outcome.is_ok(), "{name}: {outcome:?}");
    }
}

#[test]
fn damaged_wav_files_are_survived() {
    damaged_files_are_survived(
        "damaged-wav",
        &[
            ("pcm.wav", "-c:a pcm_s16le"),
            ("float.wav", "-c:a pcm_f32le -write_bext 1"),
            ("alaw.wav", "-c:a pcm_alaw"),
            ("ima.wav", "-c:a adpcm_ima_wav"),
            ("ms.wav", "-c:a adpcm_ms"),
            ("gsm.wav", "-c:a libgsm_ms"),
            ("rf64.wav", "-rf64 always"),
            ("a.w64", "-f w64"),
            ("a.au", "-f au"),
            ("a.gsm", "-c:a libgsm -f gsm"),
            ("mp3.wav", "-ar 16000 -c:a libmp3lame"),
        ],
    );
}

#[test]
fn damaged_compressed_files_are_survived() {
    damaged_files_are_survived(
        "damaged-compressed",
        &[
            ("a.mp3", "-ar 16000 -c:a libmp3lame -b:a 32k"),
            ("aac.m4a", "-ar 16000 -c:a aac"),
            ("a.aac", "-ar 16000 -c:a aac -f adts"),
            ("alac.m4a", "-c:a alac"),
            ("opus.mp4", "-c:a libopus -f mp4"),
            ("a.flac", "-c:a flac"),
            ("vorbis.ogg", "-ar 16000 -c:a libvorbis"),
            ("a.opus", "-c:a libopus"),
            ("a.webm", "-c:a libopus -f webm"),
            ("a.mkv", "-c:a pcm_s16le -f matroska"),
            ("a.aiff", "-c:a pcm_s16be -f aiff"),
            ("a.caf", "-c:a pcm_s16le -f caf"),
        ],
    );
}

/// A file that is made while it is read: a header, then as many bytes as asked for.
struct Endless {
    header: Vec<u8>,
    length: u64,
    place: u64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = (buffer.len() as u64).min(self.length.saturating_sub(self.place));
        for (place, byte) in (self.place..).zip(&mut buffer[..count as usize]) {
            *byte = match self.header.get(place as usize) {
                Some(byte) => *byte,
                None => (place / 7) as u8,
            };
        }
        self.place += count;
        Ok(count as usize)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(offset) => self.place.checked_add_signed(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
        }
        .unwrap_or(0);
        Ok(self.place)
    }
}

#[test]
fn an_hour_takes_no_more_memory_than_a_minute() {
    let of = |minutes: u64, rate: u32| {
        let bytes = minutes * 60 * u64::from(rate) * 4;
        let header = [
            &b"RIFF\xFF\xFF\xFF\xFFWAVEfmt \x10\0\0\0\x01\0\x02\0"[..],
            &rate.to_le_bytes(),
            &(rate * 4).to_le_bytes(),
            b"\x04\0\x10\0data",
            &(bytes as u32).to_le_bytes(),
        ]
        .concat();
        let length = header.len() as u64 + bytes;
        let mut samples = 0;
        let most = peak(|| {
            let place = 0;
            samples = read(Endless { header, length, place }, "long.wav").unwrap();
        });
        assert_eq!(samples as u64, minutes * 60 * 8_000);
        most
    };
    for rate in [8_000, 48_000] {
        let (minute, hour) = (of(1, rate), of(60, rate));
        assert!(hour < minute + 4_096, "{rate} Hz: {minute} and {hour} bytes");
        assert!(hour < 2 * 1024 * 1024, "{rate} Hz: {hour} bytes");
    }
}
