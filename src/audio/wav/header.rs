//! What stands before each chunk: its name and its size, in the dialects of RIFF.

use super::super::codec::Endian;

/// The chunks that recorders and editors write.
const KNOWN: &[&[u8; 4]] = &[
    b"fmt ", b"data", b"LIST", b"list", b"fact", b"bext", b"cue ", b"smpl", b"inst", b"id3 ", b"ID3 ", b"JUNK",
    b"junk", b"PAD ", b"pad ", b"FLLR", b"iXML", b"axml", b"aXML", b"chna", b"PEAK", b"DISP", b"plst", b"levl",
    b"afsp", b"minf", b"elm1", b"regn", b"umid", b"cart", b"ds64", b"wavl", b"slnt", b"acid", b"strc", b"_PMX",
    b"LGWV", b"SNDM", b"qlty", b"mext", b"link", b"note", b"labl", b"ltxt", b"file", b"RIFF", b"bwf ", b"AFAn",
    b"Cr8r", b"SAUR", b"ResU", b"tlst",
];

/// The dialects, which differ in the width of names and sizes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Riff(Endian),
    Wave64,
}

impl Dialect {
    /// The bytes before the first chunk.
    pub(super) fn preamble(self) -> u64 {
        match self {
            Self::Riff(_) => 12,
            Self::Wave64 => 40,
        }
    }

    /// The bytes before a chunk's body.
    pub(super) fn header(self) -> u64 {
        match self {
            Self::Riff(_) => 8,
            Self::Wave64 => 24,
        }
    }

    /// What a chunk's body is rounded up to.
    pub(super) fn alignment(self) -> u64 {
        match self {
            Self::Riff(_) => 2,
            Self::Wave64 => 8,
        }
    }
}

/// A chunk's name, and the size of its body as its header states it.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) name: [u8; 4],
    pub(super) size: u64,
}

impl Header {
    /// The header that `bytes` start with.
    pub(super) fn parse(bytes: &[u8], dialect: Dialect) -> Option<Self> {
        let name = *bytes.first_chunk()?;
        let size = match dialect {
            Dialect::Riff(endian) => word(*bytes.get(4..)?.first_chunk()?, endian),
            // this size counts the header
            Dialect::Wave64 => {
                let size = u64::from_le_bytes(*bytes.get(16..)?.first_chunk()?);
                size.saturating_sub(dialect.header())
            }
        };
        Some(Self { name, size })
    }

    /// Whether it is a chunk that recorders and editors write.
    pub(super) fn is_known(self) -> bool {
        is_known(&self.name)
    }

    /// Whether it may be a chunk at all.
    pub(super) fn is_plausible(self) -> bool {
        self.is_known() || self.name.iter().all(|byte| (0x20..0x7F).contains(byte))
    }

    /// Its name, to be shown.
    pub(super) fn shown(self) -> String {
        self.name.escape_ascii().to_string()
    }
}

/// Whether `name` is that of a chunk that recorders and editors write.
pub(super) fn is_known(name: &[u8]) -> bool {
    KNOWN.iter().any(|known| known.as_slice() == name)
}

/// A size, or another word of 32 bits.
pub(super) fn word(bytes: [u8; 4], endian: Endian) -> u64 {
    u64::from(match endian {
        Endian::Little => u32::from_le_bytes(bytes),
        Endian::Big => u32::from_be_bytes(bytes),
    })
}
