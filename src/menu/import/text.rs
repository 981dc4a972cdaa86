//! Bytes to text: menu definitions come out of editors and exports of twenty years.

/// How a file's bytes were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, either byte order.
    Utf16,
    /// Windows-1252, which holds Latin-1: taken when the bytes are no UTF-8.
    Windows1252,
}

/// The characters of Windows-1252 between 0x80 and 0x9F; the rest is Latin-1 (unicode.org, CP1252.TXT).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of a file without its byte order mark, and how it was read. Never fails: bytes that are neither UTF-16
/// nor UTF-8 are Windows-1252.
pub fn decode(bytes: &[u8]) -> (String, Encoding) {
    match bytes {
        [0xff, 0xfe, rest @ ..] => (utf16(rest, u16::from_le_bytes), Encoding::Utf16),
        [0xfe, 0xff, rest @ ..] => (utf16(rest, u16::from_be_bytes), Encoding::Utf16),
        // no mark, yet every other byte of the opening character is zero
        [b'<' | b'{' | b'[' | b';', 0, _, 0, ..] => (utf16(bytes, u16::from_le_bytes), Encoding::Utf16),
        [0, b'<' | b'{' | b'[' | b';', 0, ..] => (utf16(bytes, u16::from_be_bytes), Encoding::Utf16),
        _ => {
            let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                Ok(text) => (text.to_owned(), Encoding::Utf8),
                Err(_) => (bytes.iter().map(|&byte| windows_1252(byte)).collect(), Encoding::Windows1252),
            }
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Text with its runs of white space made single blanks and its ends trimmed.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first `most` characters of a text, with an ellipsis where something was left out.
pub fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_words() {
        let words = "<é€>";
        let little: Vec<u8> = [0xff, 0xfe].into_iter().chain(words.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(words.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        let bare: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xef\xbb\xbf", words.as_bytes()].concat();
        assert_eq!(decode(words.as_bytes()), (words.to_owned(), Encoding::Utf8));
        assert_eq!(decode(&marked), (words.to_owned(), Encoding::Utf8));
        assert_eq!(decode(&little), (words.to_owned(), Encoding::Utf16));
        assert_eq!(decode(&big), (words.to_owned(), Encoding::Utf16));
        assert_eq!(decode(b"<\xe9\x80>"), (words.to_owned(), Encoding::Windows1252));
        assert_eq!(decode(&bare), (words.to_owned(), Encoding::Utf16));
    }
}
