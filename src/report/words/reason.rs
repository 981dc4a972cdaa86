//! Why a figure is what it is, or why there is none: one plain sentence each.

use super::{Language, decimal};
use crate::{figure::Stray, metrics::Reason};

/// The reason where it is said already that the figure cannot be measured.
pub fn bare_reason(language: Language, why: &Reason) -> String {
    let said = reason(language, why);
    said.strip_prefix(language.of(("niet te meten: ", "not measurable: "))).map_or(said.clone(), str::to_owned)
}

/// The reason as a short sentence without a full stop, so that it fits a cell and a line alike.
pub fn reason(language: Language, reason: &Reason) -> String {
    let fixed = |pair: (&str, &str)| language.of(pair).to_owned();
    match reason {
        Reason::Heard => fixed(("duidelijk gehoord", "plainly heard")),
        Reason::NotThere => {
            fixed(("komt in de hele opname niet voor", "looked for in the whole recording and not there"))
        }
        Reason::StartsAfterPickUp => fixed((
            "niet te meten: de opname begint na het opnemen",
            "not measurable: the recording starts after the pick-up",
        )),
        Reason::EndsBeforeAnswer => fixed((
            "niet te meten: de opname eindigt voordat er is opgenomen",
            "not measurable: the recording ends before anything was picked up",
        )),
        Reason::NeverAnswered => fixed(("er is niet opgenomen", "nobody and nothing picked up")),
        Reason::RingCut { whole, cut } => match language {
            Language::Nl => format!("{whole} keer heel overgegaan, {cut} keer afgekapt"),
            Language::En => format!("{whole} whole {}, {cut} cut off", if *whole == 1 { "ring" } else { "rings" }),
        },
        Reason::PersonalisedRingback => fixed((
            "niet te tellen: er klinkt muziek in plaats van de beltoon",
            "not countable: music plays in the place of the ringing tone",
        )),
        Reason::RingCutShort => fixed((
            "de beltoon breekt midden in een keer overgaan af: daar is opgenomen",
            "the ringing stops in the middle of a ring: that is the pick-up",
        )),
        Reason::NoiseFloorStep { step_db } => {
            let step = decimal(language, f64::from(step_db.abs()), 0);
            match language {
                Language::Nl => format!("de achtergrondruis verspringt {step} dB: daar is opgenomen"),
                Language::En => format!("the background noise changes by {step} dB: that is the pick-up"),
            }
        }
        Reason::Click => {
            fixed(("er klinkt een klik bij het doorverbinden", "a click where the line is switched through"))
        }
        Reason::FirstSound => fixed((
            "het opnemen zelf is niet te horen; het eerste geluid na de beltoon telt",
            "the pick-up itself cannot be heard; the first sound after the ringing counts",
        )),
        Reason::Ambiguous { rival } => match language {
            Language::Nl => format!("niet eenduidig: het kan ook {rival} zijn"),
            Language::En => format!("ambiguous: it may also be {rival}"),
        },
        Reason::TurnTaking { turns } => match (language, turns) {
            (Language::Nl, 1) => "twee stemmen spreken om beurten (1 wisseling)".into(),
            (Language::Nl, _) => format!("twee stemmen spreken om beurten ({turns} wisselingen)"),
            (Language::En, 1) => "two voices take turns (1 change)".into(),
            (Language::En, _) => format!("two voices take turns ({turns} changes)"),
        },
        Reason::OrderOfEvents => fixed((
            "afgeleid uit de volgorde: de eerste stem na het laatste geluid van een automaat",
            "inferred from the order: the first voice after the last sound of a machine",
        )),
        Reason::HeardBefore { times } => match language {
            Language::Nl => format!("hetzelfde geluid klinkt {times} keer: een opname"),
            Language::En => format!("the same sound is heard {times} times: a recording"),
        },
        Reason::LiveOrRecorded => fixed((
            "er klinkt een stem, maar niet te bepalen is of het een medewerker of een opname is",
            "there is a voice, but whether it is a person or a recording could not be decided",
        )),
        Reason::CallerAnswers => fixed(("de beller geeft er antwoord op", "the caller answers it")),
        Reason::NoPerson => fixed(("er is geen medewerker te horen", "no person is heard")),
        Reason::NoQueue => fixed(("er was geen wachtrij", "there was no queue")),
        Reason::StillWaiting => fixed((
            "de beller wacht nog als de opname eindigt: in werkelijkheid duurde het langer",
            "still waiting where the recording ends: in truth it took longer",
        )),
        Reason::SentAway => fixed((
            "de lijn maakte zelf een eind aan het wachten, met een laatste mededeling of door op te hangen",
            "the line itself ended the wait, with a last message or by hanging up",
        )),
        Reason::OnlySilence => fixed(("de opname bevat alleen stilte", "the recording holds nothing but silence")),
        Reason::TooShort => {
            fixed(("de opname is te kort om iets te bepalen", "the recording is too short to tell anything"))
        }
        Reason::Unreadable => fixed(("het bestand is niet te lezen", "the file could not be read")),
        Reason::Labelled => {
            fixed(("overgenomen uit een gecorrigeerd labelbestand", "taken from a corrected label file"))
        }
        Reason::Told => fixed(("opgegeven, niet gehoord", "told, not heard")),
        Reason::OtherCalls => {
            fixed(("volgt uit de andere gesprekken met deze lijn", "follows from the other calls to this line"))
        }
        Reason::Derived => {
            fixed(("berekend uit andere cijfers van dit gesprek", "worked out from other figures of this call"))
        }
        Reason::SameMessage { name, times } => match language {
            Language::Nl => format!("mededeling {name} klonk het vaakst: {times} keer"),
            Language::En => format!("message {name} came most often: {times} times"),
        },
        Reason::NothingTwice => {
            fixed(("geen enkele mededeling is twee keer herkend", "no message was recognised a second time"))
        }
        Reason::NotNamed => fixed((
            "niet te meten: van geen opname van deze lijn is opgegeven dat zij dit is",
            "not measurable: no recording of this line was named as being this",
        )),
        Reason::NoWait => fixed(("er was na het opnemen geen wachttijd", "there was no wait after the answer")),
        Reason::NoMusic => fixed(("er is geen wachtmuziek te horen", "there is no hold music")),
        Reason::NoChange => fixed((
            "muziek en stem volgen elkaar nergens direct op",
            "nowhere do music and a voice follow directly on each other",
        )),
        Reason::MusicNotRound => fixed((
            "niet te meten: de muziek kwam in dit gesprek niet herkenbaar rond",
            "not measurable: the music did not come round again in this call, or not recognisably",
        )),
        Reason::MusicCutShort => fixed((
            "niet te meten: de muziek begint na elke mededeling opnieuw, haar einde is nooit gehoord",
            "not measurable: the music starts anew after each message, so its end was never heard",
        )),
        Reason::MusicGoesOn => fixed((
            "de muziek komt rond; tijdens een mededeling loopt zij ongehoord door",
            "the music comes round; while a message is played it goes on unheard",
        )),
        Reason::MusicHalts => fixed((
            "de muziek komt rond; na een mededeling gaat zij verder waar zij was",
            "the music comes round; after a message it goes on where it was",
        )),
        Reason::MusicStartsAnew => fixed((
            "de muziek komt rond; na elke mededeling begint zij opnieuw",
            "the music comes round; after each message it starts anew",
        )),
        Reason::SeveralVoices => fixed((
            "niet te meten: er klinkt meer dan één stem of instrument tegelijk",
            "not measurable: more than one voice or instrument sounds at a time",
        )),
        Reason::NoDefinition => fixed((
            "niet te bepalen: van deze lijn is geen keuzemenu opgegeven",
            "not measurable: no menu definition was given for this line",
        )),
        Reason::MenuNotHeard => fixed((
            "in dit gesprek is niets van het opgegeven keuzemenu herkend",
            "nothing of the given menu was recognised in this call",
        )),
        Reason::MenuPrompts => fixed((
            "de opnamen van het keuzemenu zelf zijn herkend, in een volgorde die klopt",
            "the menu's own recordings were recognised, in an order that fits",
        )),
        Reason::MenuKeys => fixed((
            "afgeleid uit de toetsen en de volgorde van de mededelingen; de opnamen van het menu zijn niet bekend",
            "inferred from the keys and the order of the messages; the menu's recordings are not known",
        )),
        Reason::Strays { at_s, node, what } => {
            let at = decimal(language, *at_s, 1);
            let what = stray(language, what);
            match language {
                Language::Nl => format!("wijkt het eerst af bij {node}, op {at} s: {what}"),
                Language::En => format!("first differs at {node}, at {at} s: {what}"),
            }
        }
        Reason::HiddenByCodec => fixed((
            "niet te meten: de codering van de opname rondt afgekapte golven af",
            "not measurable: the recording's coding rounds off waves that were cut flat",
        )),
    }
}

/// How a call left what was designed.
fn stray(language: Language, what: &Stray) -> String {
    let pair = match what {
        Stray::Key(key) => (format!("toets {key} doet daar niets"), format!("key {key} does nothing there")),
        Stray::Message(Some(name)) => (
            format!("mededeling {name} staat niet in het opgegeven menu"),
            format!("message {name} is not in the given menu"),
        ),
        Stray::Message(None) => (
            "een mededeling die niet in het opgegeven menu staat".into(),
            "a message that is not in the given menu".into(),
        ),
        Stray::OtherPrompt => {
            ("er klinkt een andere tekst dan is opgegeven".into(), "another text is played than was given".into())
        }
        Stray::KeyNotHeard => (
            "de toets is niet te horen en volgt uit wat daarna kwam".into(),
            "the key cannot be heard and follows from what came next".into(),
        ),
    };
    language.of(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_reason_follow_the_language() {
        let step = Reason::NoiseFloorStep { step_db: -6.4 };
        assert_eq!(reason(Language::Nl, &step), "de achtergrondruis verspringt 6 dB: daar is opgenomen");
        assert_eq!(reason(Language::En, &Reason::RingCut { whole: 1, cut: 2 }), "1 whole ring, 2 cut off");
    }
}
