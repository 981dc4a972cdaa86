//! How long words take to say, estimated from the text.
//!
//! Dutch: syllables at [`Speech::syllables_per_second`], and a pause at every comma and every end of a sentence. Other
//! languages: words at 2.5 a second, a usual rate for recorded announcements, and the same pauses.

use crate::{menu::graph::Speech, units::Seconds};

/// Words a second of a recorded voice in a language whose syllables are not counted here: 150 a minute.
const WORDS_PER_SECOND: f64 = 2.5;

/// A fast voice, as a multiple of the usual 4.2 syllables a second: 5.05 (Verhoeven et al. 2004, the Netherlands).
pub const FAST: f64 = 5.05 / 4.2;
/// A slow voice, likewise: 3.4 syllables a second.
pub const SLOW: f64 = 3.4 / 4.2;

/// Groups of letters that Dutch says as one vowel; the longest first.
const ONE_VOWEL: [&str; 17] =
    ["aai", "ooi", "oei", "eeu", "ieu", "ij", "aa", "ee", "oo", "uu", "ie", "oe", "eu", "ui", "ou", "au", "ei"];

/// The numbers that a menu names as one word, in syllables: nul, een, ... negentien.
const SYLLABLES_TO_19: [u32; 20] = [1, 1, 1, 1, 1, 1, 1, 2, 1, 2, 1, 1, 1, 2, 2, 2, 2, 3, 2, 3];
/// twintig, dertig, ... negentig.
const SYLLABLES_OF_TENS: [u32; 8] = [2, 2, 2, 2, 2, 3, 2, 3];

/// An estimate of how long words take.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// The part that is spoken: it scales with the speed of the voice.
    pub voice_s: Seconds,
    /// The pauses between.
    pub pause_s: Seconds,
}

impl Estimate {
    /// Both together.
    pub fn seconds(self) -> Seconds {
        self.voice_s + self.pause_s
    }
}

/// How long `text` takes in `language` (a BCP 47 tag; Dutch where it is not told).
pub fn estimate(text: &str, language: Option<&str>, speech: Speech) -> Estimate {
    let mut pause_s = 0.0;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let ends = signs.peek().is_none_or(|next| next.is_whitespace() || matches!(next, '"' | '\'' | ')' | '”' | '’'));
        pause_s += match sign {
            '.' | '!' | '?' | '…' if ends => speech.sentence_pause_s,
            ',' | ';' | ':' if ends => speech.comma_pause_s,
            _ => 0.0,
        };
    }
    let voice_s = if is_dutch(language) {
        f64::from(syllables(text)) / speech.syllables_per_second.max(f64::MIN_POSITIVE)
    } else {
        f64::from(words(text)) / WORDS_PER_SECOND
    };
    Estimate { voice_s, pause_s }
}

fn is_dutch(language: Option<&str>) -> bool {
    language.is_none_or(|tag| tag.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("nl")))
}

fn words(text: &str) -> u32 {
    let count = text.split_whitespace().map(|word| match digits(word) {
        // a longer number is spelled out
        Some(number) if number.len() > 2 => number.len(),
        _ => usize::from(word.chars().any(char::is_alphanumeric)),
    });
    u32::try_from(count.sum::<usize>()).unwrap_or(u32::MAX)
}

/// The syllables of Dutch words; numbers as they are read out.
pub fn syllables(text: &str) -> u32 {
    text.split(|sign: char| sign.is_whitespace() || matches!(sign, '-' | '/' | '–')).map(word_syllables).sum()
}

fn word_syllables(word: &str) -> u32 {
    if let Some(number) = digits(word) {
        return number_syllables(number);
    }
    if is_address(word) {
        // "www punt bedrijf punt en el"
        return word.split('.').map(|part| plain_syllables(part).max(u32::from(!part.is_empty()))).sum::<u32>()
            + u32::try_from(word.trim_end_matches('.').matches('.').count()).unwrap_or(u32::MAX);
    }
    plain_syllables(word)
}

/// The digits of a word that is a number but for the signs around it.
fn digits(word: &str) -> Option<&str> {
    let inner = word.trim_matches(|sign: char| !sign.is_alphanumeric());
    (!inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit())).then_some(inner)
}

fn is_address(word: &str) -> bool {
    let inner = word.trim_matches(|sign: char| !sign.is_alphanumeric());
    inner.contains('.') && inner.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '@' | '_'))
}

fn number_syllables(number: &str) -> u32 {
    let spelled = || number.bytes().map(|digit| SYLLABLES_TO_19[usize::from(digit - b'0')]).sum();
    match number.parse::<usize>() {
        Ok(value) if number.len() <= 2 && (value < 10) == (number.len() == 1) => match value {
            0..20 => SYLLABLES_TO_19[value],
            _ if value % 10 == 0 => SYLLABLES_OF_TENS[value / 10 - 2],
            // "eenentwintig"
            _ => SYLLABLES_TO_19[value % 10] + 1 + SYLLABLES_OF_TENS[value / 10 - 2],
        },
        _ => spelled(),
    }
}

/// The vowel groups of a word; at least one where it has letters at all.
fn plain_syllables(word: &str) -> u32 {
    let letters: String = word.chars().flat_map(char::to_lowercase).map(plain).collect();
    let mut rest = letters.as_str();
    let mut count = 0;
    while let Some(first) = rest.chars().next() {
        let group = ONE_VOWEL.iter().find(|group| rest.starts_with(**group));
        let is_vowel = matches!(first, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'ë' | 'ï' | 'ö' | 'ü' | 'ä');
        count += u32::from(is_vowel);
        rest = &rest[group.map_or(first.len_utf8(), |group| group.len())..];
    }
    count.max(u32::from(letters.chars().any(char::is_alphabetic)))
}

/// The letter without an accent that only stresses it; a diaeresis stays, since it starts a new syllable.
fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' | 'ì' | 'î' => 'i',
        'ó' | 'ò' | 'ô' => 'o',
        'ú' | 'ù' | 'û' => 'u',
        other => other,
    }
}

/// How much of `text` a caller has heard when the phrase that names `key` ends, in bytes; `None` where none names it.
pub fn heard_by(text: &str, key: &str) -> Option<usize> {
    let at = named_at(text, key)?;
    let end = text[at..].char_indices().find(|(i, sign)| {
        let next = text[at + i + sign.len_utf8()..].chars().next();
        matches!(sign, '.' | ',' | ';' | '!' | '?' | '\n') && next.is_none_or(char::is_whitespace)
    });
    Some(end.map_or(text.len(), |(i, sign)| at + i + sign.len_utf8()))
}

/// Where `text` names `key`: as a digit of its own, or in words.
fn named_at(text: &str, key: &str) -> Option<usize> {
    let names: &[&str] = match key {
        "0" => &["0", "nul", "zero"],
        "1" => &["1", "een", "één", "one"],
        "2" => &["2", "twee", "two"],
        "3" => &["3", "drie", "three"],
        "4" => &["4", "vier", "four"],
        "5" => &["5", "vijf", "five"],
        "6" => &["6", "zes", "six"],
        "7" => &["7", "zeven", "seven"],
        "8" => &["8", "acht", "eight"],
        "9" => &["9", "negen", "nine"],
        "*" => &["*", "ster", "sterretje", "star"],
        "#" => &["#", "hekje", "pound", "hash"],
        other => return position(text, &[other], false),
    };
    // the digit itself is certain; a word has to follow the command ("een fiets" is no key 1)
    position(text, &names[..1], false).or_else(|| position(text, &names[1..], true))
}

/// Commands that come before the name of a key.
const COMMANDS: [&str; 11] = ["kies", "toets", "druk", "op", "press", "dial", "enter", "choose", "say", "key", "or"];

fn position(text: &str, names: &[&str], after_command: bool) -> Option<usize> {
    let mut before = "";
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let inner = word.trim_matches(|sign: char| !sign.is_alphanumeric() && !matches!(sign, '*' | '#'));
        let command = !after_command || COMMANDS.iter().any(|command| command.eq_ignore_ascii_case(before));
        if command && names.iter().any(|name| name.eq_ignore_ascii_case(inner)) {
            return Some(at);
        }
        before = inner;
        at += word.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dutch_syllables_are_counted_by_vowel_groups() {
        for (text, count) in [
            ("Welkom bij Fietsenhandel Voorbeeld. Dit gesprek kan worden opgenomen.", 19),
            ("Wilt u een fiets of accessoires kopen, kies 1.", 14),
            ("Voor een vraag over uw bestelling of reparatie, kies 2.", 16),
            ("Wilt u een medewerker spreken, kies 0.", 11),
            ("mooie nieuwe ideeën", 2 + 2 + 3),
            ("één", 1),
            ("sst", 1),
            ("- , .", 0),
            ("10 21 030 99", 1 + 4 + 3 + 6),
        ] {
            assert_eq!(syllables(text), count, "{text}");
        }
    }

    #[test]
    fn a_text_takes_its_syllables_and_its_pauses() {
        let welcome = "Welkom bij Fietsenhandel Voorbeeld. Dit gesprek kan worden opgenomen.";
        let estimate = estimate(welcome, Some("nl-NL"), Speech::DUTCH);
        assert!((estimate.voice_s - 19.0 / 4.2).abs() < 1e-9);
        assert!((estimate.pause_s - 1.0).abs() < 1e-9);
    }

    #[test]
    fn other_languages_are_counted_by_words() {
        let estimate = estimate("For sales, press 1.", Some("en-GB"), Speech::DUTCH);
        assert!((estimate.voice_s - 4.0 / 2.5).abs() < 1e-9);
        assert!((estimate.pause_s - 0.75).abs() < 1e-9);
    }

    #[test]
    fn a_point_inside_a_number_or_address_is_no_pause() {
        let estimate = estimate("Ga naar www.voorbeeld.nl", None, Speech::DUTCH);
        assert!(estimate.pause_s.abs() < 1e-9);
    }

    #[test]
    fn the_phrase_that_names_a_key_ends_at_its_sign() {
        let text = "Voor verkoop, kies 1. Voor een fiets van 12 inch toets twee, of blijf aan de lijn.";
        assert_eq!(heard_by(text, "1"), Some("Voor verkoop, kies 1.".len()));
        assert_eq!(heard_by(text, "2").map(|end| &text[..end]).map(|t| t.ends_with("toets twee,")), Some(true));
        assert_eq!(heard_by(text, "3"), None);
        assert_eq!(heard_by("Druk op een voor een fiets", "1"), Some(26));
        assert_eq!(heard_by("Wilt u een fiets", "1"), None);
    }
}
