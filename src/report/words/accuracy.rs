//! What is said about accuracy: measures, the promise about sure figures, the worst calls.

use super::{Language, decimal, percent};

/// What a measure of figures is called; `None` for one that only machines read.
pub fn measure(language: Language, name: &str) -> Option<&'static str> {
    Some(language.of(match name {
        "rings.exact" => ("keer overgegaan, precies", "rings before the answer, exactly"),
        "outcome.exact" => ("afloop", "outcome"),
        "answered_by.exact" => ("opgenomen door", "answered by"),
        "keys.exact" => ("toetsen, precies", "keys, exactly"),
        "announcements.exact" => ("aantal mededelingen, precies", "number of announcements, exactly"),
        "busy_announcements.exact" => {
            ("aantal keer \"alle lijnen zijn bezet\", precies", "times \"all lines are busy\", exactly")
        }
        "path.exact" => ("weg door het keuzemenu", "path through the menu"),
        "hold_music.within" => ("wachtmuziek, op 2 s of 5% na", "hold music, within 2 s or 5%"),
        "queue.within" => ("tijd in de wachtrij, op 2 s of 5% na", "time in the queue, within 2 s or 5%"),
        "answered.right" => ("moment van opnemen, op 0,3 s na", "the moment of the pick-up, within 0.3 s"),
        "answered.none" => ("geen opnemen genoemd waar dat er niet is", "no pick-up claimed where there is none"),
        "human.within_1s" => ("moment van de medewerker, op 1 s na", "the moment of the person, within 1 s"),
        "human.found" => ("... waar een medewerker komt", "... where a person comes"),
        "human.none" => ("... geen genoemd waar niemand komt", "... none claimed where nobody comes"),
        "ring.within" => ("tijd tot opnemen, op 0,3 s na", "time to answer, within 0.3 s"),
        "wait_after_answer.within" => ("wachttijd na het opnemen, op 1 s na", "wait after the answer, within 1 s"),
        "total_wait.within_1s" => ("totale wachttijd, op 1 s na", "total wait, within 1 s"),
        "hold_segments.exact" => ("stukken wachtmuziek, precies", "stretches of music, exactly"),
        "dead_air.within" => ("stil wachten, op 2 s of 5% na", "dead air, within 2 s or 5%"),
        _ => return None,
    }))
}

/// What a class of sound or a label is called in a table of accuracies.
pub fn sound(language: Language, name: &str) -> String {
    let class = name.strip_prefix("class:").unwrap_or(name);
    let plain = match class {
        "ringing" => Some(("overgaan", "ringing")),
        "busy" if class != name => Some(("in gesprek, net overbelast", "busy, network busy")),
        "speech" if class != name => Some(("stem, van wie ook", "voice, whoever's")),
        "voice_over_music" => Some(("stem over muziek", "voice over music")),
        _ => None,
    };
    let label = || crate::label::Label::from_name(class).map(|label| super::label(language, label));
    plain.map(|pair| language.of(pair)).or_else(label).unwrap_or(class).to_owned()
}

/// What calls are grouped by.
pub fn grouped_by(language: Language, column: &str) -> String {
    match column {
        "origin" => language.of(("herkomst", "origin")).into(),
        other => super::column(language, other).map_or(other, |column| column.title).into(),
    }
}

/// So many right of so many.
pub fn right_of(language: Language, right: u64, of: u64) -> String {
    language.of((format!("{right} van {of}"), format!("{right} of {of}")))
}

/// A share with one decimal: `98,8%`.
pub fn share(language: Language, share: f64) -> String {
    // 999 right of 1,000 are not all of them
    let tenths = (share * 1000.0).round().clamp(f64::from(share > 0.0), if share < 1.0 { 999.0 } else { 1000.0 });
    format!("{}%", decimal(language, tenths / 10.0, 1))
}

/// What became of the promise about sure figures.
pub fn promise(language: Language, sure: u64, wrong: u64, of: u64) -> String {
    let found = match sure {
        0 => language.of(("er is geen enkel zo zeker cijfer", "there is no figure that sure")).to_owned(),
        _ => {
            let share = share(language, wrong as f64 / sure as f64);
            language.of((
                format!(
                    "{wrong} van {sure} fout ({share}); zo zeker is {} van alle {of}",
                    percent(sure as f64 / of as f64)
                ),
                format!(
                    "{wrong} of {sure} wrong ({share}); {} of all {of} are that sure",
                    percent(sure as f64 / of as f64)
                ),
            ))
        }
    };
    let kept = language.of(if wrong * 100 <= sure { ("gehaald", "kept") } else { ("niet gehaald", "not kept") });
    language.of((
        format!("Van de cijfers met zekerheid 0,9 of meer mag hooguit 1% fout zijn: {kept}, {found}"),
        format!("Of the figures with confidence 0.9 or more at most 1% may be wrong: {kept}, {found}"),
    ))
}

/// Fixed words about accuracy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccuracyWord {
    /// Heading over the figures.
    Figures,
    /// Heading over the sounds.
    Sounds,
    /// The share of 10 ms frames with the right class.
    FrameAccuracy,
    /// Heading over confidence against rightness.
    Calibration,
    /// Heading over the worst calls.
    Worst,
    /// No call has an error.
    AllRight,
    /// A recording that the audit does not have.
    NotInAudit,
    /// How measures are taken.
    Conventions,
    /// Heading of the page.
    Title,
    /// Column: right.
    Right,
    /// Column: the 95 % interval.
    Interval,
    /// Column: figure.
    Figure,
    /// Column: sound.
    Sound,
    /// Column: seconds in the truth.
    TruthSeconds,
    /// Column: sure figures.
    Sure,
    /// Column: of them wrong.
    Wrong,
    /// Column: all figures.
    All,
    /// Under the plot: how to read it.
    CalibrationBelow,
    /// Title of the plot's level axis.
    ConfidenceAxis,
    /// Title of the plot's upright axis.
    RightAxis,
    /// The diagonal of the plot.
    Diagonal,
    /// The dots of the plot.
    Dots,
    /// Nothing to calibrate.
    NoConfidence,
    /// Calls, in a table's heading.
    Calls,
}

/// A fixed word about accuracy.
pub fn accuracy_word(language: Language, word: AccuracyWord) -> &'static str {
    use AccuracyWord as W;
    language.of(match word {
        W::Figures => ("Cijfers per gesprek", "Figures of a call"),
        W::Sounds => ("Geluiden", "Sounds"),
        W::FrameAccuracy => ("stukjes van 10 ms met het juiste geluid", "10 ms frames with the right sound"),
        W::Calibration => ("Is de zekerheid waar?", "Does the confidence hold?"),
        W::Worst => ("Eerst naluisteren", "Listen to these first"),
        W::AllRight => ("geen enkel cijfer is fout", "not a single figure is wrong"),
        W::NotInAudit => ("ontbreekt in de audit; telt als fout", "missing from the audit; counts as wrong"),
        W::Conventions => ("Hoe er gemeten is", "How it was measured"),
        W::Title => ("Hoe nauwkeurig", "How accurate"),
        W::Right => ("goed", "right"),
        W::Interval => ("95%-interval", "95% interval"),
        W::Figure => ("cijfer", "figure"),
        W::Sound => ("geluid", "sound"),
        W::TruthSeconds => ("in werkelijkheid", "in truth"),
        W::Sure => ("zekerheid ≥ 0,9", "confidence ≥ 0.9"),
        W::Wrong => ("daarvan fout", "of them wrong"),
        W::All => ("alle cijfers", "all figures"),
        W::CalibrationBelow => (
            "Elke stip is een groep cijfers met ongeveer dezelfde zekerheid; de streep is het 95%-interval, het getal telt de \
             cijfers. Op of boven de stippellijn is de zekerheid niet te hoog.",
            "Each dot is a group of figures of about the same confidence; the bar is its 95% interval, the number counts the \
             figures. On or above the dashed line the confidence is not too high.",
        ),
        W::ConfidenceAxis => ("zekerheid die bezet opgaf", "confidence that bezet gave"),
        W::RightAxis => ("aandeel dat echt goed is", "share that is truly right"),
        W::Diagonal => ("zo zeker als goed", "as sure as right"),
        W::Dots => ("cijfers", "figures"),
        W::NoConfidence => {
            ("De audit geeft van geen enkel getoetst cijfer een zekerheid.", "The audit gives no confidence for any figure that was checked.")
        }
        W::Calls => ("gesprekken", "calls"),
    })
}

/// The conventions in one paragraph a line.
pub fn conventions(language: Language) -> [&'static str; 4] {
    language.of((
        [
            "Gesprekken horen bij elkaar als de laatste twee delen van het pad gelijk zijn, zonder extensie. Een gesprek dat in de audit ontbreekt, is overal fout. Wat de waarheid niet zegt, telt niet mee.",
            "Geluiden worden vergeleken op een raster van 10 ms (segmentmaten van sed_eval), één soort per stukje: een toets gaat voor een toon, een toon voor een stem, een stem voor muziek. Pauzes tussen keren overgaan (tot 6,5 s) en in een bezettoon (tot 1 s) horen erbij.",
            "Gebeurtenissen worden één op één aan elkaar gekoppeld, zo veel als kan (mir_eval). De speling staat in de kolomnaam: onset_0.1s is een begin op 0,1 s na, onset_offset_0.5s een begin en een einde op 0,5 s na. Precisie en volledigheid samen zijn de F1.",
            "Het 95%-interval is dat van Wilson: bij weinig gesprekken is het breed.",
        ],
        [
            "Calls belong together if the last two parts of their paths are equal, endings apart. A call that is missing from the audit is wrong everywhere. What the truth does not say is not scored.",
            "Sounds are compared on a grid of 10 ms (segment-based measures of sed_eval), one class a frame: a key goes before a tone, a tone before a voice, a voice before music. Pauses between rings (up to 6.5 s) and in a busy tone (up to 1 s) belong to it.",
            "Events are matched one to one, as many as can be (mir_eval). The collar stands in the column's name: onset_0.1s is a start within 0.1 s, onset_offset_0.5s a start and an end within 0.5 s. Precision and recall together are the F1.",
            "The 95% interval is Wilson's: with few calls it is wide.",
        ],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_all_is_not_all_and_nearly_none_is_not_none() {
        assert_eq!(share(Language::En, 1.0), "100.0%");
        assert_eq!(share(Language::Nl, 0.99999), "99,9%");
        assert_eq!(share(Language::En, 0.00001), "0.1%");
        assert_eq!(share(Language::En, 0.0), "0.0%");
    }

    #[test]
    fn a_promise_is_kept_at_exactly_one_in_a_hundred() {
        assert!(promise(Language::En, 100, 1, 100).contains(": kept"));
        assert!(promise(Language::En, 99, 1, 100).contains("not kept"));
        assert!(promise(Language::Nl, 0, 0, 5).contains("gehaald"));
    }
}
