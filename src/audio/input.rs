//! Foreign bytes: anything that can be read and searched, or a section of it.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// Anything that can be read and searched from another thread: a file, or bytes in memory.
pub trait Bytes: Read + Seek + Send + Sync {}

impl<T: Read + Seek + Send + Sync> Bytes for T {}

/// The bytes of one recording.
pub(super) type Input = Box<dyn Bytes>;

/// How many bytes there are.
pub(super) fn length(input: &mut Input) -> io::Result<u64> {
    input.seek(SeekFrom::End(0))
}

/// At most `count` bytes from `offset` on; fewer at the end of the file. The caller bounds `count`.
pub(super) fn read_at(input: &mut Input, offset: u64, count: usize) -> io::Result<Vec<u8>> {
    input.seek(SeekFrom::Start(offset))?;
    let mut bytes = vec![0; count];
    let there = fill(input, &mut bytes)?;
    bytes.truncate(there);
    Ok(bytes)
}

/// Reads until `buffer` is full or the file ends; how many bytes came.
pub(super) fn fill(input: &mut Input, buffer: &mut [u8]) -> io::Result<usize> {
    let mut there = 0;
    while there < buffer.len() {
        match input.read(&mut buffer[there..]) {
            Ok(0) => break,
            Ok(count) => there += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(there)
}

/// The bytes `[start, start + length)` of a file as a file of its own.
pub(super) struct Section {
    input: Input,
    start: u64,
    length: u64,
    position: u64,
    is_seekable: bool,
}

impl Section {
    pub(super) fn new(mut input: Input, start: u64, length: u64) -> io::Result<Self> {
        input.seek(SeekFrom::Start(start))?;
        Ok(Self { input, start, length, position: 0, is_seekable: true })
    }

    /// Lets it pass for a stream, of which only what comes next can be read and no length is known.
    pub(super) fn forbid_seeking(&mut self) {
        self.is_seekable = false;
    }
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.length.saturating_sub(self.position);
        let count = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let count = self.input.read(&mut buffer[..count])?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Section {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        let absolute = target.and_then(|target| target.checked_add(self.start));
        let (Some(target), Some(absolute)) = (target, absolute) else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a place outside the file"));
        };
        self.input.seek(SeekFrom::Start(absolute))?;
        self.position = target;
        Ok(target)
    }
}

impl MediaSource for Section {
    fn is_seekable(&self) -> bool {
        self.is_seekable
    }

    fn byte_len(&self) -> Option<u64> {
        self.is_seekable.then_some(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_neither_starts_early_nor_ends_late() {
        let input: Input = Box::new(io::Cursor::new((0..100u8).collect::<Vec<_>>()));
        let mut section = Section::new(input, 10, 5).unwrap();
        let mut bytes = Vec::new();
        section.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, [10, 11, 12, 13, 14]);
        assert_eq!(section.seek(SeekFrom::End(-2)).unwrap(), 3);
        bytes.clear();
        section.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, [13, 14]);
        assert!(section.seek(SeekFrom::Current(-9)).is_err());
    }
}
