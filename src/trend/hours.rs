//! Opening hours, as they are told: `ma-vr 9:00-17:30, za 10-13`.

use std::{collections::BTreeMap, str::FromStr};

/// Minutes of a day.
const DAY_MIN: u32 = 24 * 60;

/// Opening hours of a week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    /// From Monday on: from which minute of the day to which.
    days: [Vec<(u32, u32)>; 7],
}

/// How much of an hour a line is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// All of it.
    Open,
    /// A part.
    Partly,
    /// Nothing.
    Closed,
}

impl Opening {
    /// Its name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "yes",
            Self::Partly => "partly",
            Self::Closed => "no",
        }
    }
}

impl Week {
    /// How much of the hour from `hour` o'clock a line is open; `day` counts from Monday, 0.
    pub fn at(&self, day: usize, hour: u32) -> Opening {
        let (from, to) = (hour * 60, hour * 60 + 60);
        let open = |&(start, end): &(u32, u32)| end.min(to).saturating_sub(start.max(from));
        match self.days[day].iter().map(open).sum::<u32>() {
            0 => Opening::Closed,
            60.. => Opening::Open,
            _ => Opening::Partly,
        }
    }

    /// The first and the last hour in which it is open on any day.
    pub fn span(&self) -> Option<(u32, u32)> {
        let all = || self.days.iter().flatten();
        Some((all().map(|open| open.0 / 60).min()?, all().map(|open| (open.1 - 1) / 60).max()?))
    }
}

/// Why a text is no opening hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no opening hours; write them as \"ma-vr 9:00-17:30, za 10-13\" or \"mo-fr 9:00-17:30\"")]
pub struct NoHours(pub String);

/// The days in Dutch and in English; any beginning of two letters or more will do.
const DAYS: [[&str; 2]; 7] = [
    ["maandag", "monday"],
    ["dinsdag", "tuesday"],
    ["woensdag", "wednesday"],
    ["donderdag", "thursday"],
    ["vrijdag", "friday"],
    ["zaterdag", "saturday"],
    ["zondag", "sunday"],
];

fn day(text: &str) -> Option<usize> {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    let named = |names: &[&str; 2]| text.len() >= 2 && names.iter().any(|name| name.starts_with(&text));
    DAYS.iter().position(named)
}

/// The minute of a day, as `9`, `9:00`, `09.00` or `24:00`.
fn minute(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once([':', '.']).unwrap_or((text, "0"));
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let (hours, minutes) = (number(hours.trim())?, number(minutes.trim())?);
    (hours <= 24 && minutes < 60 && hours * 60 + minutes <= DAY_MIN).then_some(hours * 60 + minutes)
}

impl FromStr for Week {
    type Err = NoHours;

    fn from_str(text: &str) -> Result<Self, NoHours> {
        let wrong = || NoHours(text.to_owned());
        let mut week = Self::default();
        for part in text.split([',', ';']).map(str::trim) {
            let (days, hours) = part.split_once(char::is_whitespace).ok_or_else(wrong)?;
            let (first, last) = days.split_once('-').unwrap_or((days, days));
            let (first, last) = (day(first).ok_or_else(wrong)?, day(last).ok_or_else(wrong)?);
            let (from, to) = hours.split_once('-').ok_or_else(wrong)?;
            let (from, to) = (minute(from.trim()).ok_or_else(wrong)?, minute(to.trim()).ok_or_else(wrong)?);
            if first > last || from >= to {
                return Err(wrong());
            }
            week.days[first..=last].iter_mut().for_each(|day| day.push((from, to)));
        }
        Ok(week)
    }
}

/// Opening hours of a line by its name, or of all lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    line: Option<String>,
    week: Week,
}

impl FromStr for Told {
    type Err = NoHours;

    fn from_str(text: &str) -> Result<Self, NoHours> {
        match text.split_once('=') {
            Some((line, week)) => Ok(Self { line: Some(line.trim().to_owned()), week: week.parse()? }),
            None => Ok(Self { line: None, week: text.parse()? }),
        }
    }
}

/// Opening hours as far as told: a line's own, else those of all.
#[derive(Clone, Debug, Default)]
pub struct OpeningHours(BTreeMap<Option<String>, Week>);

impl FromIterator<Told> for OpeningHours {
    fn from_iter<I: IntoIterator<Item = Told>>(told: I) -> Self {
        Self(told.into_iter().map(|told| (told.line, told.week)).collect())
    }
}

impl OpeningHours {
    /// Those of the line of that name.
    pub fn of(&self, line: &str) -> Option<&Week> {
        self.0.get(&Some(line.to_owned())).or_else(|| self.0.get(&None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_in_both_languages() {
        let week: Week = "ma-do 8:30-17:00, vr 9-12; za. 10.00-13.15".parse().unwrap();
        assert_eq!("Mon-Thu 8:30-17:00, fri 9-12, saturday 10:00-13:15".parse(), Ok(week.clone()));
        let at = |day, hour| week.at(day, hour);
        assert_eq!((at(0, 7), at(0, 8), at(0, 9)), (Opening::Closed, Opening::Partly, Opening::Open));
        assert_eq!((at(3, 16), at(3, 17), at(4, 12), at(5, 13)), {
            (Opening::Open, Opening::Closed, Opening::Closed, Opening::Partly)
        });
        assert_eq!((at(6, 12), week.span()), (Opening::Closed, Some((8, 16))));
        let split: Week = "ma 9-12, ma 13-24".parse().unwrap();
        assert_eq!((split.at(0, 12), split.at(0, 23), split.span()), (Opening::Closed, Opening::Open, Some((9, 23))));
    }

    #[test]
    fn what_is_no_hours_says_how_to_write_them() {
        for text in
            ["", "ma", "9-17", "ma-vr", "ma-vr 17-9", "vr-ma 9-17", "ma 9-25", "ma 9:60-17", "m 9-17", "ma +9-17"]
        {
            let refused = text.parse::<Week>().unwrap_err().to_string();
            assert!(refused.contains("ma-vr 9:00-17:30"), "{text}");
        }
    }

    #[test]
    fn a_line_has_its_own_hours_or_those_of_all() {
        let told = ["ma-vr 9-17", "klachten = za 10-12"].map(|text| text.parse::<Told>().unwrap());
        let open: OpeningHours = told.into_iter().collect();
        assert_eq!(open.of("klachten").unwrap().at(5, 10), Opening::Open);
        assert_eq!(open.of("klachten").unwrap().at(0, 10), Opening::Closed);
        assert_eq!(open.of("winkel").unwrap().at(0, 10), Opening::Open);
        assert_eq!(OpeningHours::default().of("winkel"), None);
    }
}
