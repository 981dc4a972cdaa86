//! Numbers as they are written in each language.

use super::Language;
use crate::units::Seconds;

/// `value` with so many decimals: a comma before them in Dutch, a point in English. Never "-0".
pub fn decimal(language: Language, value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = match text.strip_prefix('-') {
        Some(zero) if zero.bytes().all(|b| matches!(b, b'0' | b'.')) => zero.into(),
        _ => text,
    };
    match language {
        Language::Nl => text.replace('.', ","),
        Language::En => text,
    }
}

/// A length of time in seconds with one decimal: `83,4 s`.
pub fn seconds(language: Language, value: Seconds) -> String {
    format!("{} s", decimal(language, value, 1))
}

/// A share of 1 in whole per cents: `62%`.
pub fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// A moment on a time axis as minutes and seconds, `1:23`, or with hours, `1:02:03`, rounded to whole seconds.
pub fn clock(value: Seconds) -> String {
    let whole = value.max(0.0).round() as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// As [`clock`], with tenths of a second: `1:23,4`.
pub fn clock_tenths(language: Language, value: Seconds) -> String {
    let tenths = (value.max(0.0) * 10.0).round() as u64;
    format!("{}{}{}", clock((tenths / 10) as Seconds), language.of((',', '.')), tenths % 10)
}

/// So many calls.
pub fn calls(language: Language, count: usize) -> String {
    let noun = language.of(match count {
        1 => ("gesprek", "call"),
        _ => ("gesprekken", "calls"),
    });
    format!("{count} {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_language() {
        assert_eq!(decimal(Language::Nl, 1234.5, 1), "1234,5");
        assert_eq!(decimal(Language::En, 1234.5, 1), "1234.5");
        assert_eq!(decimal(Language::Nl, -0.04, 1), "0,0");
        assert_eq!(decimal(Language::Nl, -0.05, 2), "-0,05");
    }

    #[test]
    fn a_clock_carries_over() {
        assert_eq!(clock(59.6), "1:00");
        assert_eq!(clock(3599.7), "1:00:00");
        assert_eq!(clock_tenths(Language::Nl, 59.96), "1:00,0");
        assert_eq!(clock_tenths(Language::En, 83.44), "1:23.4");
    }

    #[test]
    fn one_call_is_no_plural() {
        assert_eq!(calls(Language::Nl, 1), "1 gesprek");
        assert_eq!(calls(Language::En, 0), "0 calls");
    }
}
