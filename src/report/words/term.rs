//! Fixed words of the pictures: the parts of a call, axes, legends.

use super::{Language, label};
use crate::label::Label;

/// What a stretch of a call is drawn as: a kind of sound, or the menu, which a caller tells from other announcements
/// because it asks for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A kind of sound.
    Sound(Label),
    /// An announcement that a key was pressed in or right after.
    Menu,
}

/// A part's name in a legend.
pub fn part(language: Language, part: Part) -> &'static str {
    match part {
        Part::Sound(sound) => label(language, sound),
        Part::Menu => language.of(("keuzemenu", "menu")),
    }
}

/// A part's code of one or two letters, for stretches too short for its name.
pub fn part_code(language: Language, part: Part) -> &'static str {
    language.of(match part {
        Part::Menu => ("K", "M"),
        Part::Sound(sound) => match sound {
            Label::Silence => ("–", "–"),
            Label::Ringback => ("O", "R"),
            Label::Busy => ("IG", "B"),
            Label::Congestion => ("NO", "N"),
            Label::Sit => ("IT", "I"),
            Label::Dial => ("KT", "D"),
            Label::Dtmf => ("T", "K"),
            Label::Beep => ("P", "Be"),
            Label::Music => ("W", "H"),
            Label::Announcement => ("M", "A"),
            Label::Human => ("Mw", "P"),
            Label::Caller => ("B", "C"),
            Label::Speech => ("?", "?"),
            Label::Noise => ("*", "*"),
        },
    })
}

/// Fixed words of the pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Title of an axis that starts with the recording.
    AxisFromStart,
    /// Title of an axis that starts with the first ring.
    AxisFromRing,
    /// The line's side of a recording of two channels.
    Line,
    /// The caller's side.
    Caller,
    /// Heading over the waits of rows.
    Wait,
    /// A recording that could not be read.
    Unreadable,
    /// Heading of an audit without calls.
    NoCalls,
    /// What to do about it.
    NoCallsBelow,
    /// Under stacked ribbons: what is drawn.
    StackedBelow,
    /// Under stacked ribbons: what `>` means.
    StackedSigns,
    /// Heading of the page that shows all calls small.
    Key,
    /// A beep in the legend.
    Beep,
    /// The start of a ring in the legend.
    Ring,
    /// A call that ended without a person, in the legend of the curve.
    Censored,
    /// The band around the curve.
    Band,
    /// Title of the curve's upright axis.
    ShareAxis,
    /// Under a spectrogram.
    SpectrogramBelow,
    /// Title of a spectrogram's upright axis.
    Kilohertz,
    /// Heading of a spectrogram.
    SpectrogramTitle,
    /// Title of the axis of mean waits.
    MeanAxis,
    /// Title of an axis of waits.
    WaitAxis,
    /// A recording without any length.
    NothingHeard,
    /// Said where only the longest bars are drawn.
    LongestOnly,
}

/// A fixed word or sentence of the pictures.
pub fn word(language: Language, word: Word) -> &'static str {
    language.of(match word {
        Word::AxisFromStart => {
            ("minuten:seconden vanaf het begin van de opname", "minutes:seconds from the start of the recording")
        }
        Word::AxisFromRing => {
            ("minuten:seconden vanaf de eerste keer overgaan", "minutes:seconds from the first ring")
        }
        Word::Line => ("lijn", "line"),
        Word::Caller => ("beller", "caller"),
        Word::Wait => ("wachttijd", "wait"),
        Word::Unreadable => ("niet te lezen", "unreadable"),
        Word::NoCalls => ("Nog niets te tekenen", "Nothing to draw yet"),
        Word::NoCallsBelow => (
            "Er is geen enkel gesprek waarvan dit te meten is.",
            "There is not a single call of which this could be measured.",
        ),
        Word::StackedBelow => (
            "Van de eerste keer overgaan tot het eerste woord van een medewerker of het einde; het gesprek zelf is niet \
             uitgetekend. Staat het overgaan niet op de opname, dan begint de rij waar de opname begint.",
            "From the first ring to the first word of a person or the end; the conversation itself is not drawn out. Where \
             the ringing is not in the recording, the row starts with the recording.",
        ),
        Word::StackedSigns => {
            ("> 1:00: na 1:00 nog geen medewerker.", "> 1:00: nobody yet after 1:00.")
        }
        Word::Key => ("ingedrukte toets", "key pressed"),
        Word::Beep => ("piep", "beep"),
        Word::Ring => ("een keer overgaan", "one ring"),
        Word::Censored => {
            ("gesprek dat zonder medewerker eindigde", "call that ended without a person")
        }
        Word::Band => ("95%-onzekerheid", "95% uncertainty"),
        Word::ShareAxis => {
            ("aandeel bellers dat een medewerker heeft gesproken", "share of callers who have spoken to a person")
        }
        Word::SpectrogramBelow => (
            "Hoe donkerder, hoe luider; lage tonen onderaan. Daaronder wat bezet ervan maakt.",
            "The darker, the louder; low tones at the bottom. Below it, what bezet makes of it.",
        ),
        Word::Kilohertz => ("kHz", "kHz"),
        Word::SpectrogramTitle => ("Het geluid van dit gesprek", "The sound of this call"),
        Word::MeanAxis => ("minuten:seconden per gesprek", "minutes:seconds per call"),
        Word::WaitAxis => ("minuten:seconden", "minutes:seconds"),
        Word::NothingHeard => ("De opname is leeg: er is niets te tekenen.", "The recording is empty: there is nothing to draw."),
        Word::LongestOnly => ("Alleen de lijnen met de langste wachttijd.", "Only the lines with the longest wait."),
    })
}
