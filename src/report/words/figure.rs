//! What each figure and each column of the tables is called and means.

use super::Language;

/// A column, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it is called in a heading.
    pub title: &'static str,
    /// What it means, in one line.
    pub definition: &'static str,
}

/// The column or figure of that machine name, in words; `None` for a name that no table has.
pub fn column(language: Language, name: &str) -> Option<Column> {
    let (title, definition) = match name {
        "file" => (("bestand", "file"), ("waar de opname staat", "where the recording is")),
        "line" => (("lijn", "line"), ("de lijn die is gebeld", "the line that was called")),
        "recorded_at" => (
            ("tijdstip", "recorded at"),
            ("wanneer is gebeld; leeg als niets dat vertelt", "when the call was made; empty where nothing tells"),
        ),
        "contact_reason" => (("reden van bellen", "contact reason"), ("waarom is gebeld", "why the call was made")),
        "duration_s" => (("duur opname", "duration"), ("hoe lang de opname duurt", "how long the recording lasts")),
        "channels" => (
            ("sporen", "channels"),
            (
                "1: beide kanten op één spoor; 2: lijn en beller apart",
                "1: both sides on one track; 2: line and caller apart",
            ),
        ),
        "caller_channel" => (
            ("spoor van de beller", "caller's channel"),
            ("op welk spoor de beller staat", "which channel holds the caller"),
        ),
        "country" => (
            ("land", "country"),
            ("van welk land de tonen zijn (landcode)", "whose tones the line uses (country code)"),
        ),
        "warnings" => (
            ("opmerkingen", "warnings"),
            ("wat er mis was met het bestand en is hersteld", "what was wrong with the file and was mended"),
        ),
        "outcome" => (("afloop", "outcome"), ("hoe het gesprek eindigde", "how the call ended")),
        "rings" => (
            ("keer overgegaan", "rings"),
            (
                "hoe vaak de telefoon overging tot er werd opgenomen, zoals een beller telt",
                "how often it rang before the pick-up, as a caller counts",
            ),
        ),
        "ring_s" => (
            ("tijd tot opnemen", "time to answer"),
            ("van de eerste keer overgaan tot het opnemen", "from the first ring to the pick-up"),
        ),
        "answered_s" => (
            ("moment van opnemen", "answered at"),
            (
                "wanneer is opgenomen, gerekend vanaf het begin van de opname",
                "the moment of the pick-up, from the start of the recording",
            ),
        ),
        "answered_by" => {
            (("opgenomen door", "answered by"), ("een medewerker of een automaat", "a person or a machine"))
        }
        "keys" => {
            (("toetsen", "keys"), ("de toetsen die te horen zijn, op volgorde", "the keys that were heard, in order"))
        }
        "queue_s" => (
            ("tijd in de wachtrij", "time in the queue"),
            (
                "van de eerste wachtmelding of wachtmuziek tot een medewerker, de mededeling waarmee de lijn de beller wegstuurt, of het einde",
                "from the first queue message or music to a person, the message by which the line sends the caller away, or the end",
            ),
        ),
        "hold_segments" => (
            ("stukken wachtmuziek", "stretches of music"),
            ("hoe vaak er wachtmuziek klonk zonder stem erover", "how often there was music without a voice over it"),
        ),
        "hold_music_s" => (
            ("wachtmuziek", "hold music"),
            ("hoe lang er in totaal wachtmuziek klonk", "how long there was music in all"),
        ),
        "dead_air_s" => (
            ("stil wachten", "dead air"),
            (
                "wachten na het opnemen zonder stem, muziek of toon, in stukken van 2 s of meer",
                "waiting after the pick-up with neither voice, music nor tone, in stretches of 2 s and more",
            ),
        ),
        "announcements" => (
            ("mededelingen", "announcements"),
            (
                "hoeveel ingesproken berichten zijn afgespeeld, elke keer geteld",
                "recorded messages played, each time counted",
            ),
        ),
        "time_to_human_s" => (
            ("moment van de medewerker", "person at"),
            (
                "het eerste woord van de eerste medewerker, gerekend vanaf het begin van de opname",
                "the first word of the first live person, from the start of the recording",
            ),
        ),
        "wait_after_answer_s" => (
            ("wachttijd na het opnemen", "wait after the answer"),
            ("van het opnemen tot het eerste woord van een medewerker", "from the pick-up to a person's first word"),
        ),
        "total_wait_s" => (
            ("totale wachttijd", "total wait"),
            (
                "van de eerste keer overgaan tot het eerste woord van een medewerker, of tot het einde",
                "from the first ring to a person's first word, or to the end",
            ),
        ),
        "repeated_announcements" => (
            ("herhaalde mededelingen", "repeated announcements"),
            (
                "hoe vaak een mededeling klonk die de beller in dit gesprek al had gehoord",
                "how often a message was played that the caller had already heard in this call",
            ),
        ),
        "same_announcement" => (
            ("dezelfde mededeling", "same announcement"),
            (
                "hoe vaak de mededeling die het vaakst kwam is afgespeeld",
                "how often the message that came most often was played",
            ),
        ),
        "busy_announcements" => (
            ("bezetmeldingen", "busy announcements"),
            (
                "hoe vaak een opname is afgespeeld waarvan de naam met `busy` of `bezet` begint; leeg als geen opname zo heet",
                "how often a recording was played whose name begins with `busy` or `bezet`; empty where none has such a name",
            ),
        ),
        "apologies" => (
            ("excuses", "apologies"),
            (
                "hoe vaak de lijn om geduld vroeg (bezet, drukte, bel later); leeg als niet is opgegeven welke opnamen dat zijn",
                "how often the line asked for patience (busy, longer than usual, call later); empty where no recording is known as such",
            ),
        ),
        "informations" => (
            ("informatie", "information"),
            (
                "hoe vaak de lijn iets vertelde (plaats in de rij, wachttijd, openingstijden); leeg als niet is opgegeven welke \
                 opnamen dat zijn",
                "how often the line told something (place in the queue, expected wait, hours); empty where no recording is known as \
                 such",
            ),
        ),
        "apology_share" => (
            ("deel excuses", "share of apologies"),
            (
                "welk deel van het wachten na het opnemen uit excuses bestaat",
                "the part of the wait after the answer that apologies take",
            ),
        ),
        "information_share" => (
            ("deel informatie", "share of information"),
            (
                "welk deel van het wachten na het opnemen uit informatie bestaat",
                "the part of the wait after the answer that information takes",
            ),
        ),
        "message_share" => (
            ("deel mededelingen", "share of messages"),
            (
                "welk deel van het wachten na het opnemen uit mededelingen bestaat",
                "the part of the wait after the answer that recorded messages take",
            ),
        ),
        "music_share" => (
            ("deel muziek", "share of music"),
            (
                "welk deel van het wachten na het opnemen uit muziek zonder stem bestaat",
                "the part of the wait after the answer that music without a voice takes",
            ),
        ),
        "longest_silence_s" => (
            ("langste stilte", "longest silence"),
            (
                "het langste stuk van het wachten zonder stem, muziek of toon",
                "the longest stretch of the wait with neither voice, music nor tone",
            ),
        ),
        "longest_without_progress_s" => (
            ("langst zonder teken van vooruitgang", "longest without progress"),
            (
                "het langste stuk van het wachten zonder nieuwe mededeling, informatie, overgaan of medewerker; dezelfde mededeling \
                 nog eens telt niet als vooruitgang",
                "the longest stretch of the wait without a new message, information, ringing or a person; the same message again is \
                 no progress",
            ),
        ),
        "music_loop_s" => (
            ("lengte van de muzieklus", "music loop"),
            ("na hoeveel tijd dezelfde muziek opnieuw begint", "after how long the same music comes round again"),
        ),
        "music_loops" => (
            ("keer rond", "music loops"),
            ("hoe vaak de hele muzieklus is gehoord", "how often the whole loop of music was heard"),
        ),
        "tune_notes" => (
            ("noten in het deuntje", "notes in the tune"),
            (
                "hoeveel verschillende noten het deuntje heeft; leeg bij muziek van meer stemmen tegelijk",
                "how many different notes the tune has; empty for music of several voices at a time",
            ),
        ),
        "loudness_jump_db" => (
            ("sprong in luidheid", "loudness jump"),
            (
                "het grootste verschil in luidheid waar muziek en stem elkaar opvolgen (naar ITU-R BS.1770, in de telefoonband)",
                "the largest difference in loudness where music and voice follow each other (after ITU-R BS.1770, in the telephone's \
                 band)",
            ),
        ),
        "clipped_music" => (
            ("vervormde muziek", "clipped music"),
            (
                "welk deel van de muziek is afgekapt doordat zij te hard is opgenomen of afgespeeld",
                "the part of the music whose wave is cut flat because it was recorded or played too loud",
            ),
        ),
        "path" => (
            ("pad", "path"),
            (
                "de weg door het keuzemenu: elke stap, met de toets of de stilte waarmee de beller verder ging",
                "the way through the menu: each step, with the key or the silence that led on",
            ),
        ),
        "menu_s" => (
            ("tijd in menu's", "time in menus"),
            (
                "van binnenkomen in een keuzemenu tot verdergaan, over alle menu's van het gesprek",
                "from coming to a menu to leaving it, over all menus of the call",
            ),
        ),
        "menu_levels" => {
            (("menulagen", "menu levels"), ("verschillende keuzemenu's op de weg", "different menus on the way"))
        }
        "container" => (
            ("bestandssoort", "container"),
            (
                "waar het geluid in zit: `wav`, `mp3`, `ogg` ...; uit de inhoud, niet uit de naam",
                "what the sound is wrapped in: `wav`, `mp3`, `ogg` ...; from the content, not the name",
            ),
        ),
        "codec" => (
            ("codec", "codec"),
            (
                "waarmee het geluid is ingepakt: `pcm_s16`, `alaw`, `gsm`, `opus` ...",
                "how the sound is packed: `pcm_s16`, `alaw`, `gsm`, `opus` ...",
            ),
        ),
        "node" => (
            ("plaats in het menu", "node"),
            ("de stap, zoals de definitie hem noemt", "the step, as the definition calls it"),
        ),
        "step" => (
            ("soort stap", "step"),
            (
                "`prompt`, `menu`, `collect`, `hours`, `branch`, `queue`, `agent`, `external`, `voicemail`, `callback`, \
                 `hangup`, `unknown`; `message` voor een mededeling die de definitie niet kent",
                "`prompt`, `menu`, `collect`, `hours`, `branch`, `queue`, `agent`, `external`, `voicemail`, `callback`, \
                 `hangup`, `unknown`; `message` for a message that the definition does not know",
            ),
        ),
        "option" => (
            ("keuze", "option"),
            (
                "de toets, of wat anders verder leidt; leeg in de rij van de stap zelf",
                "the key, or what else leads on; empty in the row of the step itself",
            ),
        ),
        "leads_to" => {
            (("leidt naar", "leads to"), ("de stap waar de keuze heen leidt", "the step that the option leads to"))
        }
        "times" => (("keer", "times"), ("hoe vaak in alle gesprekken samen", "how often in all calls together")),
        "share_of_callers" => (
            ("deel van de bellers", "share of callers"),
            (
                "welk deel van de gesprekken die hier kwamen; bij een stap: van alle gesprekken die in het menu te volgen waren",
                "the share of the calls that came here; for a step: of all calls that could be followed through the menu",
            ),
        ),
        "listened_s" => (
            ("geluisterd", "listened"),
            ("hoe lang er gemiddeld naar de tekst is geluisterd", "how long its words were listened to, on average"),
        ),
        "designed_s" => (
            ("ontworpen duur", "designed"),
            (
                "hoe lang de hele tekst volgens de definitie duurt; bij een keuze: tot zij is genoemd",
                "how long all its words last by the definition; for an option: until it was named",
            ),
        ),
        "spent_s" => (
            ("besteed", "spent"),
            (
                "van binnenkomen tot verdergaan, gemiddeld, stilte meegerekend",
                "from coming there to leaving it, on average, silence included",
            ),
        ),
        "early_keys" => (
            ("vroege toetsen", "early keys"),
            ("hoe vaak de toets kwam voordat alles was gezegd", "how often the key came before all was said"),
        ),
        "inferred_keys" => (
            ("afgeleide toetsen", "inferred keys"),
            (
                "hoe vaak de toets niet te horen was en uit het vervolg is afgeleid",
                "how often the key could not be heard and follows from what came next",
            ),
        ),
        "other_prompt" => (
            ("andere tekst", "other prompt"),
            (
                "hoe vaak er een andere opname klonk dan die van de definitie",
                "how often another recording was heard than the definition's",
            ),
        ),
        "remark" => (("opmerking", "remark"), ("wat hieraan opvalt", "what is odd about it")),
        "confidence" => {
            (("zekerheid", "confidence"), ("hoe zeker dit is, van 0 tot 1", "how sure this is, from 0 to 1"))
        }
        "reason" => (
            ("toelichting", "reason"),
            ("waarop dit berust, of waarom het niet te meten is", "what this rests on, or why it cannot be measured"),
        ),
        "prompt" => (
            ("bericht", "prompt"),
            (
                "de naam van de opgenomen boodschap of muziek; een letter zolang niemand haar een naam gaf",
                "the name of the recorded message or music; a letter while nobody named it",
            ),
        ),
        "kind" => (
            ("soort", "kind"),
            (
                "`greeting`, `menu`, `apology`, `information`, `advertisement`, `music`, of `message` zolang niemand het zegt",
                "`greeting`, `menu`, `apology`, `information`, `advertisement`, `music`, or `message` while nobody says",
            ),
        ),
        "named_by" => (
            ("benoemd door", "named by"),
            (
                "waar de naam vandaan komt: een bestand (`file`), met de hand (`hand`), of nergens (`letter`)",
                "where the name comes from: a `file`, by `hand`, or nowhere (`letter`)",
            ),
        ),
        "length_s" => (("lengte", "length"), ("hoe lang het hele bericht duurt", "how long the whole recording lasts")),
        "times_heard" => (
            ("keer gehoord", "times heard"),
            ("hoe vaak het is gehoord in alle gesprekken samen", "how often it was heard in all calls together"),
        ),
        "line_calls" => (("gesprekken", "calls"), ("hoeveel gesprekken de lijn heeft", "how many calls the line has")),
        "measured" => (
            ("gemeten", "measured"),
            ("in hoeveel daarvan het te meten was", "in how many of these it could be measured"),
        ),
        "middle" => (
            ("middelste", "middle"),
            ("de helft van de gesprekken blijft hieronder", "half of the calls stay below this"),
        ),
        "percentile_90" => (
            ("90e percentiel", "90th percentile"),
            ("negen van de tien gesprekken blijven hieronder", "nine calls in ten stay below this"),
        ),
        "largest" => (("hoogste", "largest"), ("de hoogste waarde", "the largest value")),
        "largest_file" => (
            ("hoogste in", "largest in"),
            ("het eerste gesprek met de hoogste waarde", "the first call with the largest value"),
        ),
        "calls" => (("gesprekken", "calls"), ("in hoeveel gesprekken", "in how many calls")),
        "every_s" => (
            ("elke", "every"),
            (
                "de middelste tijd van begin tot begin als het in één gesprek terugkomt",
                "the middle time from beginning to beginning where it comes again in one call",
            ),
        ),
        "share_of_waiting" => (
            ("deel van het wachten", "share of the waiting"),
            ("welk deel van de tijd in de wachtrij het klonk", "the share of the time in the queue that it sounded"),
        ),
        "first_file" => {
            (("eerste opname", "first recording"), ("waar het voor het eerst te horen is", "where to hear it first"))
        }
        "first_s" => (
            ("eerste moment", "first moment"),
            ("in seconden vanaf het begin van die opname", "seconds from the start of that recording"),
        ),
        "similarity" => (
            ("gelijkenis", "similarity"),
            (
                "het deel van de vingerafdruk dat gelijk is, gemiddeld over alle keren; vreemden halen 0,5",
                "the share of the fingerprint that agrees, the mean of all times; strangers reach 0.5",
            ),
        ),
        "channel" => (("spoor", "channel"), ("op welk spoor het te horen is", "on which channel it is heard")),
        "start_s" => (
            ("begin", "start"),
            ("in seconden vanaf het begin van de opname", "seconds from the start of the recording"),
        ),
        "end_s" => {
            (("einde", "end"), ("in seconden vanaf het begin van de opname", "seconds from the start of the recording"))
        }
        "label" => (("geluid", "label"), ("wat er te horen is", "what is heard")),
        "detail" => (("bijzonderheid", "detail"), ("meer erover, zoals welke toets", "more of it, such as which key")),
        "figure" => (("cijfer", "figure"), ("de naam van het cijfer", "the figure's name")),
        "value" => (("waarde", "value"), ("leeg als het niet te meten is", "empty where it cannot be measured")),
        "unit" => (("eenheid", "unit"), ("s voor seconden", "s for seconds")),
        "from_s" => (
            ("bron van", "from"),
            (
                "waar in de opname het bewijs voor het cijfer begint",
                "where in the recording the figure's evidence starts",
            ),
        ),
        "to_s" => (
            ("bron tot", "to"),
            (
                "waar in de opname het bewijs voor het cijfer eindigt",
                "where in the recording the figure's evidence ends",
            ),
        ),
        "reason_code" => {
            (("code toelichting", "reason code"), ("de toelichting als vast woord", "the reason as a fixed word"))
        }
        "evidence" => (
            ("aanwijzingen", "evidence"),
            (
                "hoe sterk de aanwijzingen zijn, voordat ze zijn afgezet tegen gesprekken waarvan de waarheid bekend is",
                "how strong the signs are, before they are held against calls whose truth is known",
            ),
        ),
        "norm" => (("norm", "norm"), ("de korte naam van de norm", "the norm's short name")),
        "title" => (("wat hij zegt", "what it says"), ("de norm in woorden", "the norm in words")),
        "verdict" => (
            ("oordeel", "verdict"),
            ("met: gehaald; not_met: niet gehaald; unknown: niet te zeggen", "met, not_met, or unknown"),
        ),
        "sure" => (
            ("zeker", "sure"),
            (
                "of er genoeg gesprekken zijn om het met 95% zekerheid te zeggen",
                "whether there are enough calls to say so with 95% confidence",
            ),
        ),
        "measures" => (
            ("meet", "measures"),
            ("de klok of de kolom die de norm leest", "the clock or the column that the norm reads"),
        ),
        "at_most" => {
            (("hooguit", "at most"), ("de grens, als het niet meer mag zijn", "the limit, where it may not be more"))
        }
        "at_least" => (
            ("ten minste", "at least"),
            ("de grens, als het niet minder mag zijn", "the limit, where it may not be less"),
        ),
        "share_asked" => (
            ("gevraagd aandeel", "share asked"),
            ("welk deel van de gesprekken de norm moet halen", "the share of the calls that has to keep the norm"),
        ),
        "share" => (("aandeel", "share"), ("het deel dat de norm haalde", "the share that kept the norm")),
        "share_low" => (
            ("aandeel, ondergrens", "share, lower bound"),
            ("de ondergrens met 95% zekerheid (Wilson)", "its lower bound with 95% confidence (Wilson)"),
        ),
        "share_high" => (
            ("aandeel, bovengrens", "share, upper bound"),
            ("de bovengrens met 95% zekerheid (Wilson)", "its upper bound with 95% confidence (Wilson)"),
        ),
        "kept" => (("gehaald", "kept"), ("gesprekken die de norm haalden", "calls that kept the norm")),
        "broken" => (("niet gehaald", "broken"), ("gesprekken die de norm niet haalden", "calls that did not")),
        "left_out" => (
            ("buiten de norm", "left out"),
            ("gesprekken waarover de norm niets zegt", "calls that the norm says nothing of"),
        ),
        "not_measurable" => {
            (("niet te meten", "not measurable"), ("gesprekken die het niet vertellen", "calls that do not tell"))
        }
        "worst_file" => (
            ("slechtste gesprek", "worst call"),
            ("het gesprek om het eerst te beluisteren", "the call to listen to first"),
        ),
        "worst" => (
            ("gemeten in dat gesprek", "measured in it"),
            ("wat er in dat gesprek is gemeten", "what was measured in that call"),
        ),
        "source" => (("bron", "source"), ("waar de norm vandaan komt", "where the norm comes from")),
        "point" => (("punt", "point"), ("het punt als vast woord", "the point as a fixed word")),
        "point_title" => (("wat er gemeten is", "what was measured"), ("het punt in woorden", "the point in words")),
        "median" => (
            ("mediaan", "median"),
            (
                "de middelste waarde; bij het wachten op een medewerker tellen gesprekken zonder medewerker mee voor zolang ze duurden",
                "the middle value; of waits for a person, calls without one count for as long as they lasted",
            ),
        ),
        "worst_value" => (
            ("slechtste waarde", "worst value"),
            (
                "de waarde van het slechtste gesprek: de hoogste, of de laagste bij noten, begroeting en wachtenden",
                "the worst call's value: the highest, or the lowest for notes, greeting and callers before you",
            ),
        ),
        "told_by" => (("gemeten in", "measured in"), ("gesprekken die het vertellen", "calls that tell")),
        "happened_in" => (
            ("gebeurd in", "happened in"),
            (
                "gesprekken waarin het gebeurde; bij het wachten: waarin een medewerker kwam",
                "calls in which it happened; of waits: in which a person came",
            ),
        ),
        "norms" => (
            ("normen", "norms"),
            ("de gekozen normen die over dit punt gaan", "the chosen norms that are about this point"),
        ),
        "sentence" => (("in woorden", "in words"), ("wat het betekent", "what it comes to")),
        _ => return None,
    };
    Some(Column { title: language.of(title), definition: language.of(definition) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{CallMetrics, Reason};

    #[test]
    fn every_figure_of_a_call_has_words() {
        let metrics = CallMetrics::absent(&Reason::TooShort);
        for figure in metrics.figures() {
            for language in Language::ALL {
                let column = column(language, figure.name).unwrap_or_else(|| panic!("{} has no words", figure.name));
                assert!(!column.title.is_empty() && !column.definition.is_empty());
            }
        }
        assert_eq!(column(Language::Nl, "no_such_column"), None);
    }
}
