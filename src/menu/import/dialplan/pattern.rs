//! Names of extensions: which are digits, which are patterns, and which numbers a pattern takes.

/// Whether a caller can dial this name: digits, `*` and `#` (and the four letters of the sixteen-key pad).
pub fn is_dialable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| matches!(c, '0'..='9' | '*' | '#' | 'A'..='D'))
}

/// Whether a name is a pattern.
pub fn is_pattern(name: &str) -> bool {
    name.starts_with('_')
}

/// Whether a pattern begins so that digits can match it.
pub fn takes_digits(pattern: &str) -> bool {
    let first = pattern.trim_start_matches('_').chars().next();
    matches!(first, Some('0'..='9' | '*' | '#' | '+' | 'X' | 'x' | 'Z' | 'z' | 'N' | 'n' | '[' | '.' | '!'))
}

/// Whether `number` matches `pattern` (`_` in front): `X` 0-9, `Z` 1-9, `N` 2-9, `[125-8]`, `.` one or more, `!` none or
/// more of anything; `-` is only for the eye.
pub fn matches(pattern: &str, number: &str) -> bool {
    fits(pattern, number, false)
}

/// Whether more digits behind `number` could match `pattern`.
pub fn could_match_longer(pattern: &str, number: &str) -> bool {
    fits(pattern, number, true)
}

fn fits(pattern: &str, number: &str, longer: bool) -> bool {
    let mut signs = pattern.trim_start_matches('_').chars();
    let mut digits = number.chars();
    loop {
        let Some(sign) = signs.next() else { return digits.next().is_none() && !longer };
        match sign {
            '-' => continue,
            '!' => return true,
            '.' => return longer || digits.next().is_some(),
            _ => {}
        }
        let set = (sign == '[').then(|| signs.by_ref().take_while(|c| *c != ']').collect::<String>());
        let Some(digit) = digits.next() else { return longer };
        let fine = match (sign, set) {
            (_, Some(set)) => in_set(&set, digit),
            ('X' | 'x', _) => digit.is_ascii_digit(),
            ('Z' | 'z', _) => matches!(digit, '1'..='9'),
            ('N' | 'n', _) => matches!(digit, '2'..='9'),
            (sign, _) => sign == digit,
        };
        if !fine {
            return false;
        }
    }
}

fn in_set(set: &str, digit: char) -> bool {
    let signs: Vec<char> = set.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        if signs.get(at + 1) == Some(&'-') && at + 2 < signs.len() {
            if (signs[at]..=signs[at + 2]).contains(&digit) {
                return true;
            }
            at += 3;
        } else {
            if signs[at] == digit {
                return true;
            }
            at += 1;
        }
    }
    false
}

/// Whether one key can only be this pattern: `_X`, `_[0-9*#]`.
pub fn is_one_key(pattern: &str) -> bool {
    let body = pattern.trim_start_matches('_');
    let inner = body.strip_prefix('[').and_then(|b| b.strip_suffix(']'));
    inner.map_or(body.len() == 1 && !matches!(body, "." | "!"), |inner| !inner.contains(']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_as_the_engine_matches_them() {
        assert!(matches("_1XX", "123") && !matches("_1XX", "12") && !matches("_1XX", "1234"));
        assert!(matches("_NXX", "200") && !matches("_NXX", "100"));
        assert!(matches("_X.", "12") && !matches("_X.", "1") && matches("_X!", "1"));
        assert!(matches("_[13-5*]", "4") && matches("_[13-5*]", "*") && !matches("_[13-5*]", "2"));
        assert!(could_match_longer("_1XX", "1") && !could_match_longer("_1XX", "2") && !could_match_longer("_X", "1"));
        assert!(is_one_key("_[0-9*#]") && is_one_key("_X") && !is_one_key("_X."));
    }
}
