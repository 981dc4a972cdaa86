//! When a call took place, as far as a text tells: a cell of a side-car, or the name that a recorder gave the file.
//!
//! # What is read
//! | written | by |
//! |---|---|
//! | `20260512-101500`, `20260512_101500`, `20260512 101500`, `20260512101500`, `202605121015` | FreePBX, Asterisk, 3CX, voice memos, call recorders |
//! | `2026-05-12_10.15.00`, `2026-05-12T101500`, `2026-05-12 at 10.15.00`, `2026_05_12-10h15m00` | softphones, dictaphones |
//! | `20260512T081500Z`, `2026-05-12T10:15:00+02:00` | cloud services (ISO 8601) |
//! | `12-05-2026 10.15` | only where it can be one date: `12-05` is May or December, `27-05` is not |
//! | `…-1778573700.12` | Asterisk's unique id: seconds since 1970 (UTC), a dot, a counter |
//!
//! A date without a time of day tells too little and is passed over, and so is a date of six digits (`120526`), which
//! fits two orders nearly always. Where a name holds several times, the first is taken: recorders write the start first.

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// Years that a recording of a call may be from: digital recording began to be sold for telephone lines around 1990.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2099;

/// How far a unique id's clock may be from the time written beside it and still be of the same call: every time zone of
/// the world, and a minute for the set-up. Beyond it the id belongs to something else and is passed over.
const SAME_CALL: TimeDelta = TimeDelta::minutes(14 * 60 + 1);

/// A moment as it was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// With its offset from UTC.
    Zoned(DateTime<FixedOffset>),
    /// On a clock of unknown time zone.
    Local(NaiveDateTime),
}

/// A moment with its offset, and whether that was a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: DateTime<FixedOffset>,
    /// Whether the clock showed this time twice that day (the end of summer time): the first of both was taken.
    pub shown_twice: bool,
}

/// The order of day and month in dates whose year comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// As in Europe: 27-05-2026.
    DayMonth,
    /// As in the United States: 05/27/2026.
    MonthDay,
    /// Not known: only dates that can be read in one way are read.
    Unknown,
}

impl Written {
    /// The moment as clocks of `zone` show it, and on them where it does not say its own; `None` for a time that they
    /// skipped (the start of summer time).
    pub fn in_zone(self, zone: Tz) -> Option<Moment> {
        let local = match self {
            Self::Zoned(at) => {
                return Some(Moment { at: at.with_timezone(&zone).fixed_offset(), shown_twice: false });
            }
            Self::Local(local) => local,
        };
        match zone.from_local_datetime(&local) {
            LocalResult::Single(at) => Some(Moment { at: at.fixed_offset(), shown_twice: false }),
            LocalResult::Ambiguous(first, _) => Some(Moment { at: first.fixed_offset(), shown_twice: true }),
            LocalResult::None => None,
        }
    }
}

/// The moment that the cell of a table tells; `None` if it holds none, or one that can be read in two ways.
pub fn in_cell(cell: &str, order: DateOrder) -> Option<Written> {
    let cell = cell.trim();
    let (written, end) = date_time(cell.as_bytes(), 0, order)?;
    (end == cell.len()).then_some(written)
}

/// The order of day and month that a column of dates is written in, if one of its cells gives it away.
pub fn order_of<'a>(cells: impl IntoIterator<Item = &'a str>) -> DateOrder {
    let (mut day_first, mut month_first) = (false, false);
    for cell in cells {
        let Some((first, second, _)) = year_last(cell.trim().as_bytes(), 0) else { continue };
        day_first |= (13..=31).contains(&first.value);
        month_first |= (13..=31).contains(&second.value);
    }
    match (day_first, month_first) {
        (true, false) => DateOrder::DayMonth,
        (false, true) => DateOrder::MonthDay,
        _ => DateOrder::Unknown,
    }
}

/// The moment that a file's name tells, its extension included or not.
pub fn in_file_name(name: &str, zone: Tz) -> Option<Moment> {
    let bytes = name.as_bytes();
    let starts = (0..bytes.len()).filter(|&i| bytes[i].is_ascii_digit() && (i == 0 || !bytes[i - 1].is_ascii_digit()));
    let written = starts.clone().find_map(|i| date_time(bytes, i, DateOrder::Unknown)).map(|(written, _)| written);
    let id = starts.clone().find_map(|i| unique_id(bytes, i)).map(|at| at.with_timezone(&zone).fixed_offset());
    let written = written.and_then(|written| written.in_zone(zone).map(|moment| (written, moment)));
    match (written, id) {
        // the id is an instant, so it settles a clock that runs on UTC and the hour that summer time's end shows twice
        (Some((Written::Local(_), moment)), Some(id)) if (moment.at - id).abs() <= SAME_CALL => {
            Some(Moment { at: id, shown_twice: false })
        }
        (Some((_, moment)), _) => Some(moment),
        (None, Some(id)) => Some(Moment { at: id, shown_twice: false }),
        (None, None) => None,
    }
}

/// Asterisk's unique id at `at`: ten digits, a dot, a counter.
fn unique_id(bytes: &[u8], at: usize) -> Option<DateTime<Utc>> {
    let seconds = digits(bytes, at)?;
    let counter = digits(bytes, expect(bytes, seconds.end, b".")?)?;
    let after = bytes.get(counter.end);
    if seconds.len != 10 || after.is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    DateTime::from_timestamp(seconds.value as i64, 0).filter(|at| YEARS.contains(&chrono::Datelike::year(at)))
}

/// A run of digits.
#[derive(Clone, Copy)]
struct Digits {
    value: u64,
    len: usize,
    end: usize,
}

fn digits(bytes: &[u8], at: usize) -> Option<Digits> {
    let len = bytes.get(at..)?.iter().take_while(|b| b.is_ascii_digit()).count();
    let value = std::str::from_utf8(&bytes[at..at + len]).ok()?.parse().ok()?;
    Some(Digits { value, len, end: at + len })
}

/// The `n` digits at `at`, whatever follows.
fn fixed(bytes: &[u8], at: usize, n: usize) -> Option<u32> {
    let run = bytes.get(at..at + n).filter(|run| run.iter().all(u8::is_ascii_digit))?;
    std::str::from_utf8(run).ok()?.parse().ok()
}

/// Past one of `accepted` at `at`.
fn expect(bytes: &[u8], at: usize, accepted: &[u8]) -> Option<usize> {
    bytes.get(at).filter(|b| accepted.contains(b)).map(|_| at + 1)
}

/// A date and a time of day at `at`, and where they end.
fn date_time(bytes: &[u8], at: usize, order: DateOrder) -> Option<(Written, usize)> {
    let (date, end) = date(bytes, at, order)?;
    let (time, seconds, end) = time(bytes, gap(bytes, end)?)?;
    let local = date.and_hms_opt(time.0, time.1, seconds)?;
    if bytes.get(end).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let end = fraction(bytes, end);
    Some(match offset(bytes, end) {
        Some((offset, end)) => (Written::Zoned(offset.from_local_datetime(&local).single()?), end),
        None => (Written::Local(local), end),
    })
}

/// A date at `at`, and where it ends.
fn date(bytes: &[u8], at: usize, order: DateOrder) -> Option<(NaiveDate, usize)> {
    let of = |y: u32, m: u32, d: u32| NaiveDate::from_ymd_opt(y as i32, m, d).filter(|_| YEARS.contains(&(y as i32)));
    let run = digits(bytes, at)?;
    match run.len {
        8 | 12 | 14 => {
            of(fixed(bytes, at, 4)?, fixed(bytes, at + 4, 2)?, fixed(bytes, at + 6, 2)?).map(|date| (date, at + 8))
        }
        4 => {
            let separator = bytes.get(run.end).filter(|b| b"-_./".contains(b))?;
            let month = digits(bytes, run.end + 1).filter(|month| month.len <= 2)?;
            let day = digits(bytes, expect(bytes, month.end, &[*separator])?).filter(|day| day.len <= 2)?;
            of(run.value as u32, month.value as u32, day.value as u32).map(|date| (date, day.end))
        }
        1 | 2 => {
            let (first, second, year) = year_last(bytes, at)?;
            let day_month = of(year.value as u32, second.value as u32, first.value as u32);
            let month_day = of(year.value as u32, first.value as u32, second.value as u32);
            let date = match (order, day_month, month_day) {
                (DateOrder::DayMonth, date, _) | (DateOrder::MonthDay, _, date) => date,
                (DateOrder::Unknown, Some(a), Some(b)) => Some(a).filter(|_| a == b),
                (DateOrder::Unknown, a, b) => a.or(b),
            };
            date.map(|date| (date, year.end))
        }
        _ => None,
    }
}

/// The three parts of a date whose year comes last.
fn year_last(bytes: &[u8], at: usize) -> Option<(Digits, Digits, Digits)> {
    let first = digits(bytes, at).filter(|first| first.len <= 2)?;
    let separator = bytes.get(first.end).filter(|b| b"-_./".contains(b))?;
    let second = digits(bytes, first.end + 1).filter(|second| second.len <= 2)?;
    let year = digits(bytes, expect(bytes, second.end, &[*separator])?).filter(|year| year.len == 4)?;
    Some((first, second, year))
}

/// Past what stands between a date and its time.
fn gap(bytes: &[u8], at: usize) -> Option<usize> {
    const GAPS: [&[u8]; 12] = [b" at ", b" om ", b"_at_", b"_om_", b" - ", b", ", b"__", b"--", b"T", b" ", b"_", b"-"];
    let rest = bytes.get(at..)?;
    if rest.first().is_some_and(u8::is_ascii_digit) {
        return Some(at);
    }
    GAPS.iter().find(|gap| rest.starts_with(gap)).map(|gap| at + gap.len()).or_else(|| expect(bytes, at, b"t."))
}

/// A time of day at `at` as hour and minute, the seconds (0 where not written), and where it ends.
fn time(bytes: &[u8], at: usize) -> Option<((u32, u32), u32, usize)> {
    let run = digits(bytes, at)?;
    let two = |i: usize| fixed(bytes, at + i, 2);
    match run.len {
        6 => Some(((two(0)?, two(2)?), two(4)?, run.end)),
        4 => Some(((two(0)?, two(2)?), 0, run.end)),
        1 | 2 => {
            let minute = digits(bytes, expect(bytes, run.end, b":.-_hu")?).filter(|minute| minute.len == 2)?;
            let hour_minute = (run.value as u32, minute.value as u32);
            let second = expect(bytes, minute.end, b":.-_m")
                .and_then(|at| digits(bytes, at))
                .filter(|second| second.len == 2 && second.value < 60);
            match second {
                Some(second) => {
                    Some((hour_minute, second.value as u32, expect(bytes, second.end, b"s").unwrap_or(second.end)))
                }
                None => Some((hour_minute, 0, minute.end)),
            }
        }
        _ => None,
    }
}

/// Past a fraction of a second: a dot or a comma and up to nine digits. A dot may also be that of an extension.
fn fraction(bytes: &[u8], at: usize) -> usize {
    let fraction = expect(bytes, at, b".,").and_then(|at| digits(bytes, at)).filter(|f| (1..=9).contains(&f.len));
    let whole = |f: &Digits| !bytes.get(f.end).is_some_and(|b| b.is_ascii_alphabetic() && *b != b'Z');
    fraction.filter(whole).map_or(at, |f| f.end)
}

/// An offset from UTC at `at`: `Z`, `+0200`, `+02:00`. `-0500` only with its colon: recorders put extensions there.
fn offset(bytes: &[u8], at: usize) -> Option<(FixedOffset, usize)> {
    let over = |end: usize| !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    match bytes.get(at)? {
        b'Z' if over(at + 1) => FixedOffset::east_opt(0).map(|offset| (offset, at + 1)),
        sign @ (b'+' | b'-') => {
            let hours = fixed(bytes, at + 1, 2)?;
            let colon = expect(bytes, at + 3, b":");
            let minutes_at = if *sign == b'-' { colon? } else { colon.unwrap_or(at + 3) };
            let minutes = fixed(bytes, minutes_at, 2).filter(|&m| m < 60 && hours <= 14 && over(minutes_at + 2))?;
            let seconds = (hours * 3600 + minutes * 60) as i32;
            FixedOffset::east_opt(if *sign == b'-' { -seconds } else { seconds }).map(|offset| (offset, minutes_at + 2))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AMSTERDAM: Tz = chrono_tz::Europe::Amsterdam;

    fn told(name: &str) -> Option<String> {
        in_file_name(name, AMSTERDAM).map(|moment| moment.at.to_rfc3339())
    }

    #[test]
    fn recorders_names_tell_when() {
        for name in [
            "20260512-101500.wav",
            "REC_20260512_101500.mp3",
            "20260512 101500-4F2A.m4a",
            "Jan Jansen(0201234567)_20260512101500.mp3",
            "[Jan]_101-0201234567_20260512101500(123).wav",
            "2026-05-12_10.15.00.wav",
            "2026-05-12T101500.wav",
            "2026-05-12T10:15:00.wav",
            "call 2026-05-12 at 10.15.00.wav",
            "opname 2026-05-12 om 10.15.00.wav",
            "2026_05_12-10h15m00s.wav",
            "2026-5-12 10-15-00.ogg",
            "20260512T081500Z.wav",
            "2026-05-12T10:15:00+02:00.wav",
            "20260512T101500+0200.wav",
            "202605121015.wav",
            "20260512-1015.wav",
            "out-0201234567-101-20260512-101500-1778573700.12.wav",
            // the exchange's clock runs on UTC, its unique id tells
            "q-600-0201234567-20260512-081500-1778573700.12.wav",
            "1778573700.12.wav",
            "20260512-101500_20260512-101702.wav",
            // an extension behind the time is no offset
            "20260512-101500-0500.wav",
        ] {
            let got = told(name);
            assert!(got.as_deref().is_some_and(|got| got == "2026-05-12T10:15:00+02:00"), "{name}: {got:?}");
        }
    }

    #[test]
    fn a_unique_id_of_another_year_does_not_move_the_written_time() {
        let got = told("out-0201234567-101-20260512-101500-1747037700.12.wav");
        assert_eq!(got.as_deref(), Some("2026-05-12T10:15:00+02:00"));
    }

    #[test]
    fn numbers_that_are_no_time_tell_nothing() {
        for name in [
            "call-001.wav",
            "0201234567.wav",
            "1747037700.wav",
            "2026-05-12.wav",
            "20260512.wav",
            "20261332-101500.wav",
            "20260512-251500.wav",
            "120526_101500.wav",
            "18991231-101500.wav",
            "RE0a1b20260512101500123.wav",
            "2026-02-30 10.15.00.wav",
            "3.14.wav",
            "",
        ] {
            assert_eq!(told(name), None, "{name}");
        }
    }

    #[test]
    fn a_date_that_may_be_two_days_is_left_out() {
        assert_eq!(told("12-05-2026 10.15.wav"), None);
        assert_eq!(told("27-05-2026 10.15.wav").as_deref(), Some("2026-05-27T10:15:00+02:00"));
        assert_eq!(told("05-05-2026_101500.wav").as_deref(), Some("2026-05-05T10:15:00+02:00"));
    }

    #[test]
    fn a_column_gives_its_order_away() {
        assert_eq!(order_of(["12-5-2026 10:15", "27-5-2026 9:00", ""]), DateOrder::DayMonth);
        assert_eq!(order_of(["5/12/2026 10:15", "5/27/2026 9:00"]), DateOrder::MonthDay);
        assert_eq!(order_of(["5/12/2026 10:15"]), DateOrder::Unknown);
        assert_eq!(order_of(["27-5-2026 9:00", "5-27-2026 9:00"]), DateOrder::Unknown);
        let ten = NaiveDate::from_ymd_opt(2026, 5, 12).unwrap().and_hms_opt(10, 15, 0).unwrap();
        assert_eq!(in_cell("12-5-2026 10:15", DateOrder::DayMonth), Some(Written::Local(ten)));
        assert_eq!(in_cell("12-5-2026 10:15", DateOrder::Unknown), None);
        assert_eq!(in_cell("2026-05-12T10:15:00", DateOrder::Unknown), Some(Written::Local(ten)));
        assert_eq!(in_cell("2026-05-12 10:15 or so", DateOrder::Unknown), None);
    }

    #[test]
    fn the_hour_that_the_clock_shows_twice_is_the_first_unless_an_id_tells() {
        let moment = in_file_name("20261025-023000.wav", AMSTERDAM).unwrap();
        assert_eq!((moment.at.to_rfc3339().as_str(), moment.shown_twice), ("2026-10-25T02:30:00+02:00", true));
        // 2026-10-25 01:30 UTC is the second 02:30 of that night
        let moment = in_file_name("20261025-023000-1792891800.3.wav", AMSTERDAM).unwrap();
        assert_eq!((moment.at.to_rfc3339().as_str(), moment.shown_twice), ("2026-10-25T02:30:00+01:00", false));
    }

    #[test]
    fn an_hour_that_the_clock_skipped_is_no_moment() {
        assert_eq!(told("20260329-023000.wav"), None);
    }

    proptest! {
        #[test]
        fn no_name_is_too_odd(name in "\\PC*|[0-9T:. _+Zé-]{0,40}") {
            let _ = in_file_name(&name, AMSTERDAM);
            let _ = in_cell(&name, DateOrder::DayMonth);
        }
    }
}
