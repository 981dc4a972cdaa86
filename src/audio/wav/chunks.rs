//! Where things are in a RIFF, RIFX, RF64, BW64 or Wave64 file, however wrong its sizes.
//!
//! Multimedia Programming Interface and Data Specifications 1.0 (1991), chapter 2 (chunks, pad bytes); EBU Tech 3306
//! (RF64); Sony Wave64. Sizes are believed only as far as what follows agrees with them.

use std::ops::Range;

use super::{
    super::{
        codec::Endian,
        error::ReadError,
        input::{Input, length, read_at},
        warning::Warning,
    },
    bext,
    header::{Dialect, Header, is_known, word},
};

/// What writers leave where they never come back to fill in a size, and what lies near it: 0x7FFFFFFF and above.
const SIZE_PLACEHOLDER: u64 = 0x7FFF_0000;

/// The size in RF64 that says "see the `ds64` chunk".
const SIZE_ELSEWHERE: u64 = 0xFFFF_FFFF;

/// The sizes of the whole file that are wrong by no more than this are common and harm nobody.
const RIFF_SIZE_SLACK: u64 = 8;

/// What follows the samples and is no chunk counts as samples from this length on; below, as left-over bytes.
const SAMPLES_FROM_BYTES: u64 = 1_024;

/// How far the next chunk is searched for where a size misleads.
const SEARCH_BYTES: usize = 64 * 1024;

/// How far from the end chunks behind the samples are searched for.
const TAIL_BYTES: u64 = 256 * 1024;

/// The most chunks that a file is believed to have.
const MOST_CHUNKS: usize = 4_096;

/// The most bytes of a `fmt ` chunk that are of use: with the predictors of Microsoft ADPCM.
const FORMAT_BYTES: usize = 1_100;

/// What was found.
pub(super) struct Chunks {
    /// `wav`, `rf64` or `w64`.
    pub container: &'static str,
    pub endian: Endian,
    /// The body of the first `fmt ` chunk, and where it starts.
    pub format: (u64, Vec<u8>),
    /// Where the samples are.
    pub data: Range<u64>,
    /// What the header says beyond the bytes that are there.
    pub missing_bytes: u64,
    /// Samples a channel, where a `fact` chunk tells.
    pub frames: Option<u64>,
    /// The start of the `bext` chunk.
    pub bext: Vec<u8>,
    pub warnings: Vec<Warning>,
}

/// Finds the chunks of the file in `input`.
pub(super) fn scan(input: &mut Input) -> Result<Chunks, ReadError> {
    let len = length(input)?;
    let head = read_at(input, 0, 40)?;
    let dialect = match head.get(..4) {
        Some(b"RIFX") => Dialect::Riff(Endian::Big),
        Some(b"riff") => Dialect::Wave64,
        _ => Dialect::Riff(Endian::Little),
    };
    let is_rf64 = head.starts_with(b"RF64") || head.starts_with(b"BW64");
    let mut scan = Scan {
        input,
        len,
        dialect,
        is_rf64,
        format: None,
        data: None,
        sizes: None,
        frames: None,
        bext: Vec::new(),
        missing_bytes: 0,
        data_size_wrong: false,
        warnings: Vec::new(),
    };
    scan.run()?;
    scan.check_riff_size(&head);
    let empty = || ReadError::empty(format!("no samples in its {len} bytes"));
    let malformed = |what| ReadError::malformed(dialect.preamble(), what);
    match (scan.format, scan.data) {
        (Some(format), Some(data)) if !data.is_empty() => Ok(Chunks {
            container: match dialect {
                Dialect::Wave64 => "w64",
                Dialect::Riff(_) if is_rf64 => "rf64",
                Dialect::Riff(_) => "wav",
            },
            endian: match dialect {
                Dialect::Riff(endian) => endian,
                Dialect::Wave64 => Endian::Little,
            },
            format,
            data,
            missing_bytes: scan.missing_bytes,
            frames: scan.frames.or(scan.sizes.map(|sizes| sizes.frames)).filter(|frames| *frames > 0),
            bext: scan.bext,
            warnings: scan.warnings,
        }),
        (_, Some(_)) if len <= dialect.preamble() + 2 * dialect.header() => Err(empty()),
        (Some(_), _) => Err(empty()),
        (None, Some(_)) => Err(malformed("no `fmt ` chunk: how the samples are coded is unknown")),
        (None, None) if len < 2 * dialect.preamble() => Err(empty()),
        (None, None) => Err(malformed("neither a `fmt ` nor a `data` chunk")),
    }
}

/// The sizes of the `ds64` chunk.
#[derive(Clone, Copy)]
struct Sizes {
    riff: u64,
    data: u64,
    frames: u64,
}

struct Scan<'a> {
    input: &'a mut Input,
    len: u64,
    dialect: Dialect,
    is_rf64: bool,
    format: Option<(u64, Vec<u8>)>,
    data: Option<Range<u64>>,
    sizes: Option<Sizes>,
    frames: Option<u64>,
    bext: Vec<u8>,
    missing_bytes: u64,
    data_size_wrong: bool,
    warnings: Vec<Warning>,
}

impl Scan<'_> {
    fn run(&mut self) -> Result<(), ReadError> {
        let mut place = self.dialect.preamble();
        for _ in 0..MOST_CHUNKS {
            let Some(header) = self.header_at(place)? else {
                break;
            };
            let body = place + self.dialect.header();
            let end = if header.name == *b"data" && self.has_no_samples() {
                let data = self.data_at(body, header.size)?;
                if self.format.is_none() && !data.is_empty() {
                    self.warnings.push(Warning::DataBeforeFormat);
                }
                let end = data.end;
                self.data = Some(data);
                end
            } else {
                if header.name == *b"RIFF" {
                    self.warnings.push(Warning::SecondRecording { offset: place });
                    break;
                }
                self.read_chunk(place, body, header)?;
                body.saturating_add(header.size)
            };
            match self.next_chunk(place, body, end, header)? {
                Some(next) => place = next,
                None => break,
            }
        }
        Ok(())
    }

    fn has_no_samples(&self) -> bool {
        self.data.as_ref().is_none_or(Range::is_empty)
    }

    fn header_at(&mut self, place: u64) -> Result<Option<Header>, ReadError> {
        let bytes = match place.checked_add(self.dialect.header()) {
            Some(end) if end <= self.len => read_at(self.input, place, self.dialect.header() as usize)?,
            _ => return Ok(None),
        };
        Ok(Header::parse(&bytes, self.dialect))
    }

    /// Keeps what a chunk other than `data` tells.
    fn read_chunk(&mut self, place: u64, body: u64, header: Header) -> Result<(), ReadError> {
        let size = usize::try_from(header.size).unwrap_or(usize::MAX);
        match &header.name {
            b"fmt " if self.format.is_some() => self.warnings.push(Warning::SecondFormat { offset: place }),
            b"fmt " => self.format = Some((body, read_at(self.input, body, size.min(FORMAT_BYTES))?)),
            b"bext" => self.bext = read_at(self.input, body, size.min(bext::BYTES))?,
            b"fact" => {
                let bytes = read_at(self.input, body, size.min(8))?;
                self.frames = match self.dialect {
                    Dialect::Wave64 => bytes.first_chunk().map(|bytes| u64::from_le_bytes(*bytes)),
                    Dialect::Riff(endian) => bytes.first_chunk().map(|bytes| word(*bytes, endian)),
                }
                // in RF64 a full word says "see ds64"; elsewhere nobody has that many samples
                .filter(|frames| *frames != SIZE_ELSEWHERE);
            }
            b"ds64" => {
                let bytes = read_at(self.input, body, size.min(24))?;
                if let ([riff, data, frames], _) = bytes.as_chunks::<8>() {
                    self.sizes = Some(Sizes {
                        riff: u64::from_le_bytes(*riff),
                        data: u64::from_le_bytes(*data),
                        frames: u64::from_le_bytes(*frames),
                    });
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The samples that start at `start`, of which the header says that they are `stated` bytes.
    fn data_at(&mut self, start: u64, mut stated: u64) -> Result<Range<u64>, ReadError> {
        if let (SIZE_ELSEWHERE, true, Some(sizes)) = (stated, self.is_rf64, self.sizes) {
            stated = sizes.data;
        }
        let available = self.len.saturating_sub(start);
        let end = start.saturating_add(stated);
        if available == 0 || (stated == 0 && self.chunks_reach_the_end(start)?) {
            return Ok(start..start);
        }
        if stated > 0 && stated <= available && self.agrees_with_what_follows(start, end)? {
            return Ok(start..end);
        }
        let tail = self.tail(start)?;
        let actual = tail.unwrap_or(self.len) - start;
        // a little behind believable samples is no reason to take it for samples
        if tail.is_none() && stated > 0 && stated < available && available - stated < SAMPLES_FROM_BYTES {
            self.warnings.push(Warning::TrailingBytes { bytes: available - stated });
            return Ok(start..end);
        }
        self.data_size_wrong = true;
        self.warnings.push(if stated == 0 || (stated >= SIZE_PLACEHOLDER && stated > actual) {
            Warning::DataSizeUnset { stated, actual }
        } else if stated < actual {
            Warning::DataSizeTooSmall { stated, actual }
        } else if stated - actual == start || stated - actual == 44 || stated == self.len {
            Warning::DataSizeCountsHeader { stated, actual }
        } else {
            // how long that is, only the format tells
            self.missing_bytes = stated - actual;
            Warning::CutShort { missing_s: 0.0 }
        });
        Ok(start..start + actual)
    }

    /// Whether the end of the samples is the end of the file, or a chunk starts there.
    fn agrees_with_what_follows(&mut self, start: u64, end: u64) -> Result<bool, ReadError> {
        if self.len - end <= 1 {
            return Ok(true);
        }
        for place in [self.padded(start, end), end] {
            if let Some(header) = self.header_at(place)?
                && header.is_plausible()
                && header.size <= self.len - place
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Where the chunk after the one at `place` starts, if there is one.
    fn next_chunk(&mut self, place: u64, body: u64, end: u64, header: Header) -> Result<Option<u64>, ReadError> {
        let padded = self.padded(body, end);
        if padded >= self.len {
            // either the file's end, or a size that leads beyond it with the samples still to come
            return if self.has_no_samples() && header.name != *b"data" {
                self.search(place, body, header)
            } else {
                Ok(None)
            };
        }
        let (after_pad, after_body) = (self.header_at(padded)?, self.header_at(end)?);
        let fits = |header: Option<Header>, test: fn(Header) -> bool| header.is_some_and(test);
        for test in [Header::is_known, Header::is_plausible] {
            if fits(after_pad, test) {
                return Ok(Some(padded));
            }
            if fits(after_body, test) {
                self.warnings.push(Warning::PadByteMissing { chunk: header.shown(), offset: place });
                return Ok(Some(end));
            }
        }
        if self.has_no_samples() {
            self.search(place, body, header)
        } else {
            if !self.warnings.iter().any(|warning| matches!(warning, Warning::TrailingBytes { .. })) {
                self.warnings.push(Warning::TrailingBytes { bytes: self.len - padded });
            }
            Ok(None)
        }
    }

    /// Where `fmt ` or `data` starts behind a chunk whose size misleads.
    fn search(&mut self, place: u64, body: u64, header: Header) -> Result<Option<u64>, ReadError> {
        let bytes = read_at(self.input, body, SEARCH_BYTES)?;
        let wanted = |window: &&[u8]| (*window == b"fmt " && self.format.is_none()) || *window == b"data";
        let found = bytes.windows(4).enumerate().find(|(_, window)| wanted(window));
        let Some((offset, _)) = found else {
            return Ok(None);
        };
        self.warnings.push(Warning::ChunkSizeWrong { chunk: header.shown(), offset: place });
        Ok(Some(body + offset as u64))
    }

    /// Where the chunks behind the samples start, where no size tells: the first known name, not before `from`, from
    /// which chunk after chunk leads to the end of the file.
    fn tail(&mut self, from: u64) -> Result<Option<u64>, ReadError> {
        let start = from.max(self.len.saturating_sub(TAIL_BYTES));
        let bytes = read_at(self.input, start, TAIL_BYTES as usize)?;
        for (offset, _) in bytes.windows(4).enumerate().filter(|(_, window)| is_known(window)) {
            let place = start + offset as u64;
            if self.chunks_reach_the_end(place)? {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// Whether chunk after chunk leads from `place` to the end of the file.
    fn chunks_reach_the_end(&mut self, mut place: u64) -> Result<bool, ReadError> {
        for _ in 0..MOST_CHUNKS {
            let Some(header) = self.header_at(place)?.filter(|header| header.is_plausible()) else {
                return Ok(false);
            };
            let body = place.saturating_add(self.dialect.header());
            let end = body.saturating_add(header.size);
            place = self.padded(body, end);
            if end == self.len || place == self.len {
                return Ok(true);
            }
            if place > self.len {
                return Ok(false);
            }
        }
        Ok(false)
    }

    /// Where the body from `body` to `end` ends with its pad bytes; counted from the body, since a missing pad byte puts
    /// all that follows on odd places.
    fn padded(&self, body: u64, end: u64) -> u64 {
        let size = (end - body).checked_next_multiple_of(self.dialect.alignment());
        size.and_then(|size| size.checked_add(body)).unwrap_or(u64::MAX)
    }

    fn check_riff_size(&mut self, head: &[u8]) {
        let (stated, actual) = match self.dialect {
            Dialect::Wave64 => (head.get(16..24), self.len),
            Dialect::Riff(_) => (head.get(4..8), self.len.saturating_sub(8)),
        };
        let stated = match (stated, self.dialect) {
            (Some(bytes), Dialect::Riff(endian)) => bytes.first_chunk().map(|bytes| word(*bytes, endian)),
            (Some(bytes), Dialect::Wave64) => bytes.first_chunk().map(|bytes| u64::from_le_bytes(*bytes)),
            (None, _) => None,
        };
        let stated = match (stated, self.sizes) {
            (Some(SIZE_ELSEWHERE), Some(sizes)) => Some(sizes.riff),
            (stated, _) => stated,
        };
        // one wrong size is often the reason of the other; it is told once
        let Some(stated) = stated.filter(|_| !self.data_size_wrong) else {
            return;
        };
        if stated.abs_diff(actual) > RIFF_SIZE_SLACK {
            self.warnings.push(Warning::RiffSizeWrong { stated, actual });
        }
    }
}
