//! Which keys a prompt announces, and for what.
//!
//! Two orders are in use: `voor verkoop, kies 1` and `press 1 for sales`. What follows a key directly, without a pause,
//! with a word such as "for" is its purpose; else its purpose is what stands before it, back to the key before.

use std::collections::BTreeSet;

/// A key that is announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Announced {
    /// The key.
    pub key: String,
    /// The words that say what it is for, in lower case.
    pub purpose: Vec<String>,
    /// Whether the key is said before its purpose.
    pub key_first: bool,
}

/// Verbs that ask for a key: Dutch, English, German, French, Spanish, Italian, Portuguese.
const VERBS: [&str; 30] = [
    "kies",
    "kiest",
    "toets",
    "toetst",
    "druk",
    "drukt",
    "press",
    "dial",
    "push",
    "select",
    "hit",
    "enter",
    "type",
    "choose",
    "drücken",
    "drücke",
    "wählen",
    "tapez",
    "appuyez",
    "composez",
    "pulse",
    "presione",
    "marque",
    "oprima",
    "digite",
    "prema",
    "premere",
    "digiti",
    "pressione",
    "tecle",
];
/// Words between such a verb and its key.
const BETWEEN: [&str; 21] = [
    "op", "dan", "een", "de", "het", "the", "key", "digit", "number", "on", "toets", "cijfer", "nummer", "sur", "la",
    "le", "el", "número", "die", "il", "touche",
];
/// Words that start a purpose behind a key.
const FOR: [&str; 21] = [
    "voor", "om", "als", "indien", "wanneer", "for", "to", "if", "für", "um", "wenn", "pour", "si", "para", "per",
    "se", "waar", "when", "zu", "bij", "por",
];
/// Keys in words.
const SPOKEN: [(&str, &str); 46] = [
    ("nul", "0"),
    ("een", "1"),
    ("één", "1"),
    ("twee", "2"),
    ("drie", "3"),
    ("vier", "4"),
    ("vijf", "5"),
    ("zes", "6"),
    ("zeven", "7"),
    ("acht", "8"),
    ("negen", "9"),
    ("ster", "*"),
    ("sterretje", "*"),
    ("hekje", "#"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("star", "*"),
    ("pound", "#"),
    ("hash", "#"),
    ("eins", "1"),
    ("zwei", "2"),
    ("drei", "3"),
    ("un", "1"),
    ("deux", "2"),
    ("trois", "3"),
    ("quatre", "4"),
    ("cinq", "5"),
    ("uno", "1"),
    ("dos", "2"),
    ("tres", "3"),
    ("cuatro", "4"),
    ("cinco", "5"),
    ("cero", "0"),
    ("due", "2"),
    ("tre", "3"),
    ("dois", "2"),
    ("três", "3"),
    ("um", "1"),
];
/// Words that say nothing about a purpose.
const EMPTY: [&str; 62] = [
    "voor",
    "om",
    "als",
    "indien",
    "wilt",
    "u",
    "uw",
    "een",
    "de",
    "het",
    "te",
    "dan",
    "heeft",
    "of",
    "en",
    "met",
    "over",
    "vraag",
    "vragen",
    "bent",
    "is",
    "in",
    "op",
    "aan",
    "naar",
    "bij",
    "spreken",
    "wil",
    "van",
    "for",
    "to",
    "if",
    "you",
    "your",
    "the",
    "a",
    "an",
    "or",
    "and",
    "with",
    "about",
    "question",
    "questions",
    "would",
    "like",
    "want",
    "speak",
    "are",
    "have",
    "of",
    "please",
    "our",
    "any",
    "para",
    "la",
    "el",
    "los",
    "con",
    "un",
    "una",
    "pour",
    "le",
];

/// A word, and whether a comma or the end of a sentence stands behind it.
struct Token {
    word: String,
    pause: bool,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = vec![];
    for piece in text.split_whitespace() {
        let is_edge = |c: char| !c.is_alphanumeric() && c != '*' && c != '#';
        let word = piece.trim_matches(is_edge).to_lowercase();
        let pause = piece.ends_with([',', '.', ';', ':', '!', '?']);
        match tokens.last_mut() {
            Some(last) if word.is_empty() => last.pause |= pause,
            _ if word.is_empty() => {}
            _ => tokens.push(Token { word, pause }),
        }
    }
    tokens
}

/// The key that a word names.
fn key(word: &str) -> Option<String> {
    let digits = word.trim_end_matches(['.', ',']);
    if !digits.is_empty() && digits.len() <= 2 && digits.chars().all(|c| c.is_ascii_digit() || c == '*' || c == '#') {
        return Some(digits.into());
    }
    SPOKEN.iter().find(|(spoken, _)| *spoken == word).map(|(_, key)| (*key).into())
}

/// The keys that `text` announces, in its order. None for a text in whose language the verbs are not known.
pub(super) fn announced(text: &str) -> Vec<Announced> {
    let tokens = tokens(text);
    // (the verb's place, the key's place, the key)
    let mut mentions: Vec<(usize, usize, String)> = vec![];
    let mut i = 0;
    while i < tokens.len() {
        let verb = VERBS.contains(&tokens[i].word.as_str());
        let mut at = i + 1;
        while verb && at < tokens.len() && at <= i + 5 && !tokens[at - 1].pause {
            let word = tokens[at].word.as_str();
            // "druk op de een" asks for 1, "kies een nummer" for none
            let article = BETWEEN.contains(&word) && at + 1 < tokens.len() && !tokens[at].pause;
            let behind = tokens.get(at + 1).map(|next| next.word.as_str());
            let names = key(word).filter(|_| !article || behind.is_some_and(|next| FOR.contains(&next)));
            if let Some(key) = names {
                mentions.push((i, at, key));
                i = at;
                break;
            }
            if !BETWEEN.contains(&word) {
                break;
            }
            at += 1;
        }
        i += 1;
    }
    let mut found: Vec<Announced> = vec![];
    for (n, (verb, at, key)) in mentions.iter().enumerate() {
        let from = if n == 0 { 0 } else { mentions[n - 1].1 + 1 };
        let to = mentions.get(n + 1).map_or(tokens.len(), |next| next.0);
        let opens = *verb == from || tokens[verb - 1].pause || found.last().is_some_and(|last| last.key_first);
        let follows = !tokens[*at].pause && tokens.get(at + 1).is_some_and(|next| FOR.contains(&next.word.as_str()));
        let key_first = opens && follows;
        let span = if key_first { sentence_from(&tokens, at + 1, to) } else { sentence_before(&tokens, from, *verb) };
        let purpose = span.iter().map(|token| token.word.clone()).collect();
        found.push(Announced { key: key.clone(), purpose, key_first });
    }
    found
}

/// The words from `from` to the first pause that is followed by no more of the same clause, at most up to `to`.
fn sentence_from(tokens: &[Token], from: usize, to: usize) -> &[Token] {
    let to = to.max(from);
    let end = tokens[from..to].iter().position(|token| token.pause).map_or(to, |pause| from + pause + 1);
    &tokens[from..end]
}

/// The words before `to`, not beyond `from`: those after the last word that starts a purpose, else all.
fn sentence_before(tokens: &[Token], from: usize, to: usize) -> &[Token] {
    let from = from.min(to);
    let start = tokens[from..to].iter().rposition(|token| FOR.contains(&token.word.as_str()));
    &tokens[start.map_or(from, |start| from + start)..to]
}

impl Announced {
    /// The words that tell this purpose from others.
    pub(super) fn telling(&self) -> BTreeSet<&str> {
        self.purpose.iter().map(String::as_str).filter(|word| !EMPTY.contains(word)).collect()
    }

    /// How many subjects it joins: its telling words parted by "or" and "and".
    pub(super) fn subjects(&self) -> usize {
        const JOINS: [&str; 9] = ["of", "en", "or", "and", "oder", "und", "ou", "o", "y"];
        let parts = self.purpose.split(|word| JOINS.contains(&word.as_str()));
        parts.filter(|part| part.iter().any(|word| !EMPTY.contains(&word.as_str()))).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<(String, bool)> {
        announced(text).into_iter().map(|a| (a.key, a.key_first)).collect()
    }

    fn said(expected: &[(&str, bool)]) -> Vec<(String, bool)> {
        expected.iter().map(|(key, first)| ((*key).to_owned(), *first)).collect()
    }

    #[test]
    fn both_orders_are_told_apart_in_several_wordings() {
        for (text, expected) in [
            ("Voor verkoop, kies 1. Voor service, kies 2.", &[("1", false), ("2", false)][..]),
            ("Kies 1 voor verkoop, kies 2 voor service.", &[("1", true), ("2", true)]),
            ("Press 1 for sales press 2 for support", &[("1", true), ("2", true)]),
            ("For sales press 1 for support press 2", &[("1", false), ("2", false)]),
            ("For sales, press 1; for support, press 2.", &[("1", false), ("2", false)]),
            ("Thank you for calling. Press one for English, or press nine to leave.", &[("1", true), ("9", true)]),
            ("Wilt u een medewerker spreken, druk dan op de nul.", &[("0", false)]),
            ("Toets een 1 voor verkoop", &[("1", true)]),
            ("Toets een voor verkoop", &[("1", true)]),
            ("Om dit te herhalen, toets sterretje.", &[("*", false)]),
            ("Para español, marque dos.", &[("2", false)]),
        ] {
            assert_eq!(keys(text), said(expected), "{text}");
        }
    }

    #[test]
    fn numbers_that_are_no_keys_are_none() {
        for text in [
            "Wij zijn open van 9 tot 17 uur.",
            "Kies een nummer uit de lijst.",
            "Please enter your 5 digit code.",
            "Bel 112 als er iemand in gevaar is.",
            "",
        ] {
            assert_eq!(keys(text), said(&[]), "{text}");
        }
    }

    #[test]
    fn a_purpose_is_what_belongs_to_its_key() {
        let found = announced("Welkom bij Acme. Voor een nieuwe fiets, kies 1. Voor onderdelen of reparatie, kies 2.");
        assert_eq!(found[0].telling().into_iter().collect::<Vec<_>>(), ["fiets", "nieuwe"]);
        assert_eq!(found[1].subjects(), 2);
        let found = announced("Press 1 for billing, press 2 for orders.");
        assert_eq!(found[1].telling().into_iter().collect::<Vec<_>>(), ["orders"]);
    }
}
