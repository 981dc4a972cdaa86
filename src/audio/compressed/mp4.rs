//! What the demuxer leaves unsaid about an MP4 file: which part of its sound belongs to the recording.
//!
//! AAC coders put some samples of their own before the recording (1,024 or 2,112 are common, up to 0.1 s at low rates).
//! The edit list says which; Apple's older files say it in an `iTunSMPB` tag. ISO/IEC 14496-12, 8.6.5 and 8.6.6 (edit
//! list), 8.4 (media), 8.5.2 (sample description).

use std::{io, ops::Range};

use super::super::input::{Input, length, read_at};

/// The most boxes that are looked at; a file has some dozens.
const MOST_BOXES: usize = 10_000;

/// How much of the user data is searched for Apple's tag.
const USER_DATA_BYTES: u64 = 1024 * 1024;

/// What is said about the first track of sound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mp4 {
    /// The name of the coding: `mp4a`, `alac`, `samr`, ...
    pub coding: Option<[u8; 4]>,
    /// Ticks a second, in which the next two count.
    pub timescale: u32,
    /// What comes before the recording, where that is said.
    pub start: Option<u64>,
    /// How long the recording is, where that is said.
    pub duration: Option<u64>,
    /// Where the file should end, in bytes; beyond its real end where it was cut.
    pub end: u64,
}

impl Mp4 {
    /// The name of the coding, where it is one that is known and not decoded.
    pub(super) fn undecoded(&self) -> Option<&'static str> {
        Some(match &self.coding? {
            b"samr" => "AMR (3GP)",
            b"sawb" => "AMR wide-band (3GP)",
            b"sawp" => "AMR-WB+ (3GP)",
            b"sevc" | b"secb" => "EVRC (3GP)",
            b"sqcp" => "QCELP (3GP)",
            b"ac-3" | b"ec-3" => "Dolby AC-3",
            b"enca" => "protected sound (DRM)",
            _ => return None,
        })
    }
}

/// Reads what `input` says about its sound; as much as is whole.
pub(super) fn read(input: &mut Input) -> io::Result<Mp4> {
    let len = length(input)?;
    let mut budget = MOST_BOXES;
    let mut found = Mp4::default();
    let top = boxes(input, 0..len, &mut budget)?;
    let end = top.iter().map(|(_, body)| body.end).fold(len, u64::max);
    let Some((_, movie)) = top.into_iter().find(|(name, _)| name == b"moov") else {
        return Ok(Mp4 { end, ..found });
    };
    let mut movie_timescale = 0;
    for (name, body) in boxes(input, movie.clone(), &mut budget)? {
        match &name {
            b"mvhd" => movie_timescale = timescale(input, &body)?,
            b"trak" if found.coding.is_none() => found = track(input, body, movie_timescale, &mut budget)?,
            _ => {}
        }
    }
    // the edit list knows better
    if found.start.is_none()
        && let Some(user_data) = child(input, movie, b"udta", &mut budget)?
    {
        let size = (user_data.end - user_data.start).min(USER_DATA_BYTES);
        let bytes = read_at(input, user_data.start, size as usize)?;
        if let Some((start, duration)) = apple_tag(&bytes) {
            (found.start, found.duration) = (Some(start), duration);
        }
    }
    Ok(Mp4 { end, ..found })
}

/// A track's facts; none where it is no sound.
fn track(input: &mut Input, track: Range<u64>, movie_timescale: u32, budget: &mut usize) -> io::Result<Mp4> {
    let mut found = Mp4::default();
    let Some(media) = child(input, track.clone(), b"mdia", budget)? else {
        return Ok(found);
    };
    match child(input, media.clone(), b"hdlr", budget)? {
        Some(handler) if read_at(input, handler.start + 8, 4)? == b"soun" => {}
        _ => return Ok(found),
    }
    if let Some(header) = child(input, media.clone(), b"mdhd", budget)? {
        found.timescale = timescale(input, &header)?;
    }
    let mut place = Some(media);
    for name in [b"minf", b"stbl", b"stsd"] {
        place = match place {
            Some(range) => child(input, range, name, budget)?,
            None => None,
        };
    }
    if let Some(descriptions) = place {
        found.coding = read_at(input, descriptions.start + 12, 4)?.first_chunk().copied();
    }
    if let Some(edits) = child(input, track, b"edts", budget)?
        && let Some(list) = child(input, edits, b"elst", budget)?
    {
        let bytes = read_at(input, list.start, 256)?;
        if let Some((start, duration)) = first_edit(&bytes) {
            found.start = Some(start);
            let to_media = |ticks: u64| {
                let ticks = u128::from(ticks) * u128::from(found.timescale);
                u64::try_from(ticks.div_ceil(u128::from(movie_timescale.max(1)))).ok()
            };
            found.duration = to_media(duration).filter(|duration| *duration > 0);
        }
    }
    Ok(found)
}

/// The ticks a second of an `mvhd` or `mdhd` box.
fn timescale(input: &mut Input, header: &Range<u64>) -> io::Result<u32> {
    let bytes = read_at(input, header.start, 24)?;
    let place = if bytes.first() == Some(&1) { 20 } else { 12 };
    let word = bytes.get(place..).and_then(<[u8]>::first_chunk);
    Ok(word.map_or(0, |word| u32::from_be_bytes(*word)))
}

/// The first edit that shows something: where it starts in the media's ticks, its length in the movie's.
fn first_edit(list: &[u8]) -> Option<(u64, u64)> {
    let entries = list.get(8..)?;
    if list[0] == 1 {
        let word = |bytes: &[u8]| Some(u64::from_be_bytes(*bytes.first_chunk()?));
        let edits = entries.chunks_exact(20).filter_map(|edit| Some((word(&edit[8..])?, word(edit)?)));
        edits.into_iter().find(|(start, _)| *start <= i64::MAX as u64)
    } else {
        let word = |bytes: &[u8]| Some(u32::from_be_bytes(*bytes.first_chunk()?));
        let edits = entries.chunks_exact(12).filter_map(|edit| Some((word(&edit[4..])?, word(edit)?)));
        let shown = edits.into_iter().find(|(start, _)| *start <= i32::MAX as u32);
        shown.map(|(start, duration)| (start.into(), duration.into()))
    }
}

/// Apple's own note of the samples before the recording and the recording's length: hexadecimal words in a text.
fn apple_tag(user_data: &[u8]) -> Option<(u64, Option<u64>)> {
    const NAME: &[u8] = b"iTunSMPB";
    let place = user_data.windows(NAME.len()).position(|window| window == NAME)?;
    let rest = &user_data[place + NAME.len()..];
    // behind a box header, a type and a locale
    let data = rest.windows(4).take(64).position(|window| window == b"data")?;
    let text = rest.get(data + 12..)?;
    let end = text.iter().position(|byte| !matches!(byte, b' ' | b'0'..=b'9' | b'A'..=b'F' | b'a'..=b'f'));
    let text = std::str::from_utf8(&text[..end.unwrap_or(text.len())]).ok()?;
    let mut words = text.split_ascii_whitespace().map(|word| u64::from_str_radix(word, 16).ok());
    let start = words.nth(1)??;
    let duration = words.nth(1).flatten().filter(|duration| *duration > 0);
    Some((start, duration))
}

/// The body of the first box called `name` in `range`.
fn child(input: &mut Input, range: Range<u64>, name: &[u8; 4], budget: &mut usize) -> io::Result<Option<Range<u64>>> {
    let boxes = boxes(input, range, budget)?;
    Ok(boxes.into_iter().find(|(found, _)| found == name).map(|(_, body)| body))
}

/// The boxes in `range`: their names and bodies, the last of which may lead beyond the file's end.
fn boxes(input: &mut Input, range: Range<u64>, budget: &mut usize) -> io::Result<Vec<([u8; 4], Range<u64>)>> {
    let mut found = Vec::new();
    let mut place = range.start;
    while *budget > 0 {
        *budget -= 1;
        let header = read_at(input, place, 16)?;
        let Some(([size, name], _)) = header.as_chunks::<4>().0.split_first_chunk::<2>() else {
            break;
        };
        let (body, end) = match (u32::from_be_bytes(*size), header.get(8..).and_then(<[u8]>::first_chunk)) {
            (0, _) => (place + 8, range.end),
            (1, Some(long)) => (place + 16, place.saturating_add(u64::from_be_bytes(*long))),
            (size, _) => (place + 8, place + u64::from(size)),
        };
        if body > end || place >= range.end {
            break;
        }
        found.push((*name, body..end));
        place = end;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_edit_is_passed_over() {
        let list = [
            &[0, 0, 0, 0, 0, 0, 0, 2][..],
            &[0, 0, 0, 9, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1, 0, 0],
            &[0, 0, 0x10, 0, 0, 0, 0x04, 0, 0, 1, 0, 0],
        ];
        assert_eq!(first_edit(&list.concat()), Some((1_024, 4_096)));
        assert_eq!(first_edit(&list[0][..4]), None);
    }

    #[test]
    fn apple_s_tag_counts_in_hexadecimal() {
        let text = b" 00000000 00000840 000001CA 00000000003F31F6 00000000 00000000";
        let tag = [&b"----mean....name....iTunSMPB\0\0\0\x54data\0\0\0\x01\0\0\0\0"[..], text].concat();
        assert_eq!(apple_tag(&tag), Some((2_112, Some(0x3F31F6))));
        assert_eq!(apple_tag(b"iTunSMPBdata"), None);
    }
}
