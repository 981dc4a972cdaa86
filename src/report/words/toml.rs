//! What the reader of TOML says of a place that it does not understand, in Dutch.

/// What the reader says of the grammar, as it begins, and in Dutch. Of two that begin alike the longer stands first.
const GRAMMAR: [(&str, &str); 22] = [
    ("duplicate key", "deze sleutel staat er twee keer"),
    ("missing escaped value", "achter \\ kan dit teken hier niet"),
    ("string values must be quoted", "hier hoort een waarde; zet tekst tussen aanhalingstekens"),
    ("key with no value", "achter deze sleutel ontbreekt = met een waarde"),
    ("missing value", "hier ontbreekt een waarde"),
    ("missing comma", "hier ontbreekt een komma"),
    ("missing assignment", "hier ontbreekt een ="),
    ("missing opening quote", "hier ontbreekt een aanhalingsteken"),
    ("missing table open", "hier ontbreekt een ["),
    ("invalid basic string", "hier ontbreekt een aanhalingsteken, of er staat een teken in dat niet kan"),
    ("invalid literal string", "hier ontbreekt een aanhalingsteken"),
    ("unclosed array table", "hier ontbreekt ]]"),
    ("unclosed table", "hier ontbreekt een ]"),
    ("unclosed array", "hier ontbreekt een ]"),
    ("unclosed inline table", "hier ontbreekt een }"),
    ("extra comma", "hier staat een komma te veel"),
    ("extra", "hier staat een = te veel"),
    ("unexpected leading zero", "een getal begint niet met een 0"),
    ("unexpected", "dit hoort hier niet"),
    ("invalid unquoted key", "zet deze sleutel tussen aanhalingstekens"),
    ("invalid key-value pair", "hier hoort een sleutel, een = en een waarde"),
    ("invalid utf-8 sequence", "dit is geen tekst in UTF-8"),
];

/// A message of the reader in Dutch: the place and the excerpt of the file as they are, below it what is wrong there.
/// `own` knows the Dutch of our own sentences, which come back as the reader's last line.
pub fn dutch(message: &str, own: impl Fn(&str) -> Option<String>) -> String {
    let mut lines = vec![];
    let mut said = vec![];
    for line in message.trim_end().lines() {
        let excerpt = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start().starts_with('|');
        match place(line) {
            Some(place) => lines.push(place),
            None if excerpt => lines.push(line.to_owned()),
            None => said.push(line),
        }
    }
    let said = said.join("\n");
    lines.push(own(&said).or_else(|| fault(&said)).unwrap_or_else(|| format!("de lezer van TOML meldt: {said}")));
    lines.join("\n")
}

/// The head of a message.
fn place(line: &str) -> Option<String> {
    let (row, column) = line.strip_prefix("TOML parse error at line ")?.split_once(", column ")?;
    Some(format!("regel {row}, teken {column}"))
}

/// What is wrong, where the reader says it in a way that is known.
fn fault(said: &str) -> Option<String> {
    if let Some((_, dutch)) = GRAMMAR.iter().find(|(english, _)| said.starts_with(english)) {
        return Some((*dutch).into());
    }
    if let Some(field) = said.strip_prefix("missing field ") {
        return Some(format!("hier ontbreekt {field}"));
    }
    if let Some(field) = said.strip_prefix("duplicate field ") {
        return Some(format!("{field} staat er twee keer"));
    }
    if let Some(rest) = said.strip_prefix("unknown field ") {
        return Some(choice("de sleutel", rest));
    }
    if let Some(rest) = said.strip_prefix("unknown variant ") {
        return Some(choice("de waarde", rest));
    }
    let (found, wanted) = said.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    Some(format!("hier staat {}; verwacht: {}", value(found), kind(wanted)?))
}

/// What is not known here, and what is.
fn choice(what: &str, rest: &str) -> String {
    let Some((name, known)) = rest.split_once(", ") else { return format!("{what} {rest} bestaat hier niet") };
    // one, two ("`a` or `b`") or several ("one of `a`, `b`")
    let known = known.trim_start_matches("expected ").trim_start_matches("one of ").replace("` or `", "` of `");
    match known.starts_with('`') {
        true => format!("{what} {name} bestaat hier niet; wel: {known}"),
        false => format!("{what} {name} bestaat hier niet"),
    }
}

/// What was found, as serde calls it.
fn value(found: &str) -> String {
    let kinds = [
        ("string", "de tekst"),
        ("integer", "het getal"),
        ("floating point", "het getal"),
        ("boolean", "de waarde"),
        ("sequence", "een lijst"),
        ("map", "een groep van sleutels"),
    ];
    let named = kinds.iter().find_map(|(english, dutch)| Some((dutch, found.strip_prefix(english)?)));
    named.map_or_else(|| found.to_owned(), |(dutch, rest)| format!("{dutch}{rest}"))
}

/// What was expected, as serde calls it.
fn kind(wanted: &str) -> Option<&'static str> {
    Some(match wanted {
        "a string" | "path string" | "a borrowed string" => "een tekst tussen aanhalingstekens",
        "a sequence" => "een lijst tussen [ en ]",
        "a boolean" => "true of false",
        "a map" => "een groep van sleutels",
        wanted if wanted.starts_with("struct ") => "een groep van sleutels",
        "usize" | "u8" | "u16" | "u32" | "u64" | "i64" => "een geheel getal",
        "f64" | "f32" => "een getal",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(message: &str) -> String {
        dutch(message, |_| None)
    }

    #[test]
    fn the_place_and_the_excerpt_stay_and_the_fault_is_dutch() {
        let message = "TOML parse error at line 5, column 1\n  |\n5 | recordigns = [\"a\"]\n  | ^^^^^^^^^^\n\
                       unknown field `recordigns`, expected one of `name`, `recordings`\n";
        assert_eq!(
            said(message),
            "regel 5, teken 1\n  |\n5 | recordigns = [\"a\"]\n  | ^^^^^^^^^^\n\
             de sleutel `recordigns` bestaat hier niet; wel: `name`, `recordings`"
        );
    }

    #[test]
    fn the_reader_says_what_is_known_here() {
        let mut wrong = vec![];
        for (text, dutch) in [
            ("a = 1\na = 2", "deze sleutel staat er twee keer"),
            ("a = x", "hier hoort een waarde; zet tekst tussen aanhalingstekens"),
            ("a", "achter deze sleutel ontbreekt = met een waarde"),
            ("a =", "hier hoort een waarde; zet tekst tussen aanhalingstekens"),
            ("a = [\"x\" \"y\"]", "hier ontbreekt een komma"),
            ("a = [1", "hier ontbreekt een ]"),
            ("[a", "hier ontbreekt een ]"),
            ("a = \"C:\\calls\"", "achter \\ kan dit teken hier niet"),
            ("a = \"x", "hier ontbreekt een aanhalingsteken"),
        ] {
            let message = ::toml::from_str::<::toml::Table>(text).unwrap_err().to_string();
            let told = said(&message);
            if !told.lines().last().unwrap().starts_with(dutch) {
                wrong.push(format!("{text:?}: {message}\n{told}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn what_is_known_is_dutch_and_the_rest_is_quoted() {
        for (message, dutch) in [
            ("unknown variant `de`, expected `nl` or `en`", "de waarde `de` bestaat hier niet; wel: `nl` of `en`"),
            ("unknown field `x`, there are no fields", "de sleutel `x` bestaat hier niet"),
            ("missing field `name`", "hier ontbreekt `name`"),
            (
                "invalid type: integer `3`, expected path string",
                "hier staat het getal `3`; verwacht: een tekst tussen aanhalingstekens",
            ),
            (
                "invalid type: string \"a\", expected a sequence",
                "hier staat de tekst \"a\"; verwacht: een lijst tussen [ en ]",
            ),
            ("duplicate key", "deze sleutel staat er twee keer"),
            ("missing comma between array elements, expected `,`", "hier ontbreekt een komma"),
            ("radix must be lowercase", "de lezer van TOML meldt: radix must be lowercase"),
        ] {
            assert_eq!(said(message), dutch);
        }
        assert_eq!(dutch("ours", |said| (said == "ours").then(|| "van ons".into())), "van ons");
    }
}
