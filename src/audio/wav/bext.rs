//! When a recording was made, by its broadcast extension.
//!
//! EBU Tech 3285 (2011), section 2.3: `OriginationDate` at byte 320 of the chunk, `OriginationTime` behind it.

use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime};

/// The bytes of the chunk that are needed.
pub(super) const BYTES: usize = 338;

/// `yyyy:mm:dd`, with any separator.
const DATE: Range<usize> = 320..330;

/// `hh:mm:ss`, with any separator.
const TIME: Range<usize> = 330..338;

/// The local time that `chunk` tells, if it tells one.
pub(super) fn recorded_at(chunk: &[u8]) -> Option<NaiveDateTime> {
    let number = |bytes: &[u8]| std::str::from_utf8(bytes).ok()?.parse::<u32>().ok();
    let (date, time) = (chunk.get(DATE)?, chunk.get(TIME)?);
    let year = i32::try_from(number(&date[0..4])?).ok().filter(|year| *year > 0)?;
    let day = NaiveDate::from_ymd_opt(year, number(&date[5..7])?, number(&date[8..10])?)?;
    day.and_hms_opt(number(&time[0..2])?, number(&time[3..5])?, number(&time[6..8])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(text: &str) -> Vec<u8> {
        [&[0; 320][..], text.as_bytes(), &[0; 300]].concat()
    }

    #[test]
    fn separators_differ_between_recorders() {
        for text in ["2026-03-29 02:30:00", "2026:03:29:02-30-00", "2026/03/29 02.30.00"] {
            // date and time touch; the separator between them in these texts is left out
            let text = format!("{}{}", &text[..10], &text[11..]);
            let moment = recorded_at(&chunk(&text)).map(|moment| moment.to_string());
            assert_eq!(moment.as_deref(), Some("2026-03-29 02:30:00"), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in ["2026-13-2902:30:00", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "0000-00-0000:00:00"] {
            assert_eq!(recorded_at(&chunk(text)), None, "{text}");
        }
        assert_eq!(recorded_at(&[b'1'; 330]), None);
    }
}
