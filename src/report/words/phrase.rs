//! Findings of the readers of recordings and menus, in Dutch. They come up as English phrases with what was found in them;
//! one that is not here is shown as it came.

/// What a reader of recordings finds; `{}` stands for a value. Of two that fit, the more particular comes first.
const SOUND: &[(&str, &str)] = &[
    ("the file has 0 bytes", "het bestand heeft 0 bytes"),
    ("no samples in its {} bytes", "in de {} bytes staat geen geluid"),
    ("there is nothing behind its tags", "achter de tags staat niets"),
    ("it holds no samples", "er staat geen geluid in"),
    ("the file ends within its header", "het bestand houdt op in de kop"),
    ("the file ends at byte {}, before its samples", "het bestand houdt op bij byte {}, vóór het geluid"),
    ("the {} file has no track of sound", "dit {}-bestand heeft geen geluidsspoor"),
    ("the {} file ends within its header", "dit {}-bestand houdt op in de kop"),
    ("the {} file has a header and no sound", "dit {}-bestand heeft een kop en geen geluid"),
    ("the {} file says {} channels in packets of {}", "dit {}-bestand noemt {} sporen in pakketten van {}"),
    ("the {} file: {}", "dit {}-bestand: de lezer meldt: {}"),
    ("no packet of the {} file can be decoded", "geen pakket van dit {}-bestand is te lezen"),
    ("how its sound is coded is not said", "er staat niet bij hoe het geluid gecodeerd is"),
    ("the header says {} channels", "de kop noemt {} sporen"),
    ("the header says {} samples a second", "de kop noemt {} monsters per seconde"),
    ("the WAV format {}", "de WAV-vorm {}"),
    ("the .au encoding {}", "de .au-codering {}"),
    ("the AIFF-C coding {}", "de AIFF-C-codering {}"),
    ("Opus of {} channels", "Opus van {} sporen"),
    ("GSM 6.10 of {} channels", "GSM 6.10 van {} sporen"),
    ("this kind of Opus", "dit soort Opus"),
    ("this gain of Opus", "deze versterking van Opus"),
    ("a WAVE_FORMAT_EXTENSIBLE of an unknown sub-format", "een onbekende soort WAVE_FORMAT_EXTENSIBLE"),
    ("G.721, G.722 or G.723 in an .au file", "G.721, G.722 of G.723 in een .au-bestand"),
    ("the sample rate changes to {} Hz", "de bemonstering verandert in {} Hz"),
    ("another stream follows: {}", "er volgt een andere stroom: {}"),
    ("the coding in this {} file ({})", "de codering in dit {}-bestand ({})"),
    ("the coding in this {} file", "de codering in dit {}-bestand"),
    ("this kind of {} file ({})", "dit soort {}-bestand ({})"),
    ("{} samples a second", "{} monsters per seconde"),
    ("a sample rate of {} Hz", "een bemonstering van {} Hz"),
    ("{} bits a sample", "{} bits per monster"),
    ("{} channels", "{} sporen"),
    (
        "no `fmt ` chunk: how the samples are coded is unknown",
        "het blok `fmt ` ontbreekt, dus hoe het geluid gecodeerd is",
    ),
    ("neither a `fmt ` nor a `data` chunk", "de blokken `fmt ` en `data` ontbreken"),
    ("a `fmt ` chunk of {} bytes", "een blok `fmt ` van {} bytes"),
    ("PCM of {} bits", "PCM van {} bits"),
    ("floats of {} bits", "kommagetallen van {} bits"),
    ("ADPCM in blocks of {} bytes", "ADPCM in blokken van {} bytes"),
    (
        "nothing says how the samples are coded (no COMM chunk)",
        "het blok COMM ontbreekt, dus hoe het geluid gecodeerd is",
    ),
    ("the COMM chunk is cut short", "het blok COMM is afgekapt"),
    ("its name says GSM 06.10, its bytes are no GSM frames", "het heet GSM 06.10 te zijn, maar dat is het niet"),
];

/// What a reader of menus finds, where, and what it advises.
const MENU: &[(&str, &str)] = &[
    ("this entry", "dit beginpunt"),
    ("this option", "deze keuze"),
    ("this part", "dit onderdeel"),
    ("the flow", "het menu"),
    ("a state", "een toestand"),
    ("an option of {}", "een keuze van {}"),
    ("node {}", "punt {}"),
    ("key {} in {}", "toets {} in {}"),
    ("the reason {}", "de reden {}"),
    ("the state {}", "de toestand {}"),
    ("the block {}", "het blok {}"),
    ("{}, where {} belongs", "hier staat {}, en dat moet {} zijn"),
    ("{} is no time zone; write one such as {}", "{} is geen tijdzone; schrijf er een als {}"),
    (
        "{} syllables a second are no speech; 3 to 6 are usual",
        "met {} lettergrepen per seconde praat niemand; 3 tot 6 is gewoon",
    ),
    ("{} is no number of seconds between {} and {}", "{} is geen aantal seconden tussen {} en {}"),
    ("{} is not between {} and {}", "{} ligt niet tussen {} en {}"),
    ("{} is no key: 0 to 9, * and # are", "{} is geen toets; dat zijn 0 tot en met 9, * en #"),
    ("{} is no stretch of a day; write one such as {}", "{} is geen tijdvak; schrijf er een als {}"),
    ("{} is no day; write one such as {}", "{} is geen dag; schrijf er een als {}"),
    (
        "an id cannot be empty and has no line breaks or tabs",
        "een naam mag niet leeg zijn en geen regeleinden of tabs bevatten",
    ),
    ("{} is none of {}", "{} bestaat hier niet; wel: {}"),
    ("elements nested deeper than {}", "onderdelen dieper genest dan {}"),
    ("it has bytes of value 0", "er staan nulbytes in"),
    ("every extension stands in a comment", "alles staat in commentaar"),
    ("no context with extensions", "geen context met toestellen"),
    ("inboundCall is empty", "inboundCall is leeg"),
    (
        "no incoming call is connected to anything: this flow answers messages only",
        "inkomende gesprekken komen nergens uit: hier worden alleen berichten beantwoord",
    ),
    (
        "no menu and no form: it only holds what other documents share",
        "geen menu en geen formulier: hier staat alleen wat andere documenten delen",
    ),
    ("phrase macros or a dialplan, but no <menu>", "zinnen of een belplan, maar geen <menu>"),
    ("a dialplan in {}", "een belplan in {}"),
    ("give the dialplan that the system runs: {}", "geef het belplan waar het systeem op draait: {}"),
    ("a flow of the kind {}", "een flow van de soort {}"),
    ("give the flow of the kind inboundCall", "geef de flow van de soort inboundCall"),
    ("a CloudFormation template with a flow inside", "een CloudFormation-sjabloon met een flow erin"),
    (
        "export the flow itself from the Connect console (Save, Export flow)",
        "exporteer de flow zelf uit de Connect-console (Save, Export flow)",
    ),
    ("a second file of bezet-menu/1 at once", "een tweede bestand van bezet-menu/1 tegelijk"),
    ("give one file, or one after the other", "geef één bestand, of geef ze na elkaar"),
    ("a document type that defines entities", "een documenttype dat entiteiten vastlegt"),
    (
        "remove the document type (<!DOCTYPE ... [ ... ]>) and write its entities out",
        "verwijder het documenttype (<!DOCTYPE ... [ ... ]>) en schrijf de entiteiten uit",
    ),
];

/// A finding about a recording.
pub fn of_sound(finding: &str) -> String {
    among(SOUND, finding)
}

/// A finding about a menu, its place, or what helps.
pub fn of_menu(finding: &str) -> String {
    among(MENU, finding)
}

fn among(phrases: &[(&str, &str)], finding: &str) -> String {
    let dutch = phrases.iter().find_map(|(english, dutch)| {
        // a place within a place is a phrase too
        let values: Vec<String> = values(english, finding)?.into_iter().map(|value| among(phrases, value)).collect();
        Some(filled(dutch, &values))
    });
    dutch.unwrap_or_else(|| finding.to_owned())
}

/// What stands in `text` where `pattern` has its `{}`; `None` where it says something else.
fn values<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut pieces = pieces.peekable();
    let mut values = vec![];
    while let Some(piece) = pieces.next() {
        let end = match pieces.peek() {
            Some(_) => rest.find(piece)?,
            None => rest.strip_suffix(piece)?.len(),
        };
        values.push(&rest[..end]);
        rest = &rest[end + piece.len()..];
    }
    rest.is_empty().then_some(values)
}

fn filled(pattern: &str, values: &[String]) -> String {
    let mut values = values.iter();
    let pieces = pattern.split("{}").enumerate();
    pieces
        .map(|(i, piece)| if i == 0 { piece.to_owned() } else { values.next().cloned().unwrap_or_default() + piece })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_takes_all_its_values_along() {
        for (english, dutch) in SOUND.iter().chain(MENU) {
            assert_eq!(english.matches("{}").count(), dutch.matches("{}").count(), "{english}");
            assert_ne!(english, dutch);
            let found = ["Ogg", "12", "7"].map(str::to_owned);
            let values = &found[..english.matches("{}").count()];
            let all = if SOUND.iter().any(|(e, _)| e == english) { SOUND } else { MENU };
            assert_eq!(among(all, &filled(english, values)), filled(dutch, values), "hidden behind another");
        }
    }

    #[test]
    fn what_is_not_known_stays() {
        assert_eq!(of_sound("the Ogg file: no page found"), "dit Ogg-bestand: de lezer meldt: no page found");
        assert_eq!(of_sound("it smells"), "it smells");
        assert_eq!(of_menu("an option of node \"m\""), "een keuze van punt \"m\"");
        assert_eq!(of_menu("4000 is not between 1 and 99"), "4000 ligt niet tussen 1 en 99");
    }
}
