//! What was mended in a recording, and why one could not be read.

use std::path::Path;

use super::{Language, Say, clock_tenths, decimal, phrase::of_sound};
use crate::audio::{Foreign, ReadError, Warning};

/// A warning as a sentence without a full stop.
pub fn warning(language: Language, warning: &Warning) -> String {
    match warning {
        _ if language == Language::En => warning.to_string(),
        Warning::DataSizeUnset { stated, actual } => {
            format!("de lengte in de kop is nooit ingevuld ({stated}); alle {actual} bytes zijn gelezen")
        }
        Warning::DataSizeCountsHeader { stated, actual } => {
            format!("de lengte in de kop ({stated}) telt de kop mee; alle {actual} bytes geluid zijn gelezen")
        }
        Warning::DataSizeTooSmall { stated, actual } => {
            format!("de lengte in de kop ({stated}) is te klein; alle {actual} bytes geluid zijn gelezen")
        }
        Warning::CutShort { missing_s } => {
            format!("het einde ontbreekt: volgens de kop duurt de opname {} s langer", decimal(language, *missing_s, 1))
        }
        Warning::IncompleteBlock { bytes } => {
            format!("het laatste blok geluid is afgekapt: er zijn {bytes} bytes van")
        }
        Warning::RiffSizeWrong { stated, actual } => {
            format!("de bestandslengte in de kop klopt niet ({stated} in plaats van {actual})")
        }
        Warning::PadByteMissing { chunk, offset } => {
            format!("na het blok `{chunk}` op byte {offset} ontbreekt de opvulbyte")
        }
        Warning::ChunkSizeWrong { chunk, offset } => {
            format!("de lengte van het blok `{chunk}` op byte {offset} klopt niet")
        }
        Warning::DataBeforeFormat => "het geluid staat vóór de beschrijving van zijn formaat".into(),
        Warning::SecondFormat { offset } => {
            format!("een tweede beschrijving van het formaat op byte {offset} is overgeslagen")
        }
        Warning::SecondRecording { offset } => {
            format!("op byte {offset} begint een tweede opname; die is niet gelezen")
        }
        Warning::TrailingBytes { bytes } => format!("{bytes} bytes na het geluid zijn overgeslagen"),
        Warning::BlockAlignWrong { stated, used } => {
            format!("de blokgrootte in de kop ({stated}) past niet bij het formaat; {used} is gebruikt")
        }
        Warning::BitsWrong { stated, used } => {
            format!("het aantal bits in de kop ({stated}) past niet bij het formaat; {used} is gebruikt")
        }
        Warning::ExtraChannels { present } => {
            format!("van de {present} sporen zijn alleen de eerste twee gelezen")
        }
        Warning::FormatFromName { format } => {
            format!("het bestand heeft geen kop; volgens zijn naam is het {format} en zo is het gelezen")
        }
        Warning::SamplesOutOfRange { count } => {
            format!("{count} meetwaarden buiten het bereik zijn begrensd (of stil gemaakt als ze geen getal waren)")
        }
        Warning::FramesDamaged { count: 1, first_at_s } => {
            format!("1 beschadigd stukje is door stilte vervangen, op {}", clock_tenths(language, *first_at_s))
        }
        Warning::FramesDamaged { count, first_at_s } => format!(
            "{count} beschadigde stukjes zijn door stilte vervangen, het eerste op {}",
            clock_tenths(language, *first_at_s)
        ),
        Warning::GapsFilled { count, first_at_s, total_s } => format!(
            "{count} {}, samen {} s, met stilte gevuld; {} op {}",
            if *count == 1 { "gat" } else { "gaten" },
            decimal(language, *total_s, 1),
            if *count == 1 { "het begint" } else { "het eerste begint" },
            clock_tenths(language, *first_at_s)
        ),
        Warning::StoppedEarly { at_s, reason } => {
            format!("na {} is niets meer te lezen ({})", clock_tenths(language, *at_s), of_sound(reason))
        }
    }
}

/// Why the file at `path` could not be read, and what to do about it, as a sentence without a full stop. What stands
/// between brackets in Dutch is the reader's own finding, in English.
pub fn read_error(language: Language, error: &ReadError, path: &Path) -> String {
    let command = error.command(path).unwrap_or_default();
    match (language, error) {
        (Language::Nl, ReadError::Io(error)) => format!(
            "het bestand is niet te openen: {}; kijk of het er nog is, of u het mag lezen en of geen ander programma \
             het vasthoudt",
            error.dutch()
        ),
        (Language::Nl, ReadError::Empty { what }) => {
            format!("er zit geen geluid in ({}); exporteer de opname opnieuw", of_sound(what))
        }
        (Language::Nl, ReadError::NotAudio { what }) => {
            let (what, remedy) = foreign(*what);
            format!("dit is geen geluidsopname maar {what}; {remedy}")
        }
        (Language::Nl, ReadError::Unsupported { format, .. }) => {
            format!("{} wordt niet gelezen; zet het eerst om: {command}", of_sound(format))
        }
        (Language::Nl, ReadError::Malformed { offset, what, .. }) => {
            format!(
                "beschadigd op byte {offset} ({}); exporteer de opname opnieuw, of probeer: {command}",
                of_sound(what)
            )
        }
        (Language::En, ReadError::Unsupported { format, .. }) => {
            format!("{format} is not read; convert it first: {command}")
        }
        (Language::En, ReadError::Malformed { offset, what, .. }) => {
            format!("damaged at byte {offset}: {what}; export it again, or try: {command}")
        }
        (Language::En, ReadError::Io(_) | ReadError::Empty { .. } | ReadError::NotAudio { .. }) => error.to_string(),
    }
}

/// What a file is that holds no recording, and what to do about it, in Dutch.
fn foreign(what: Foreign) -> (String, &'static str) {
    let leave_out = "laat het weg, of geef alleen de opnamen op";
    match what {
        Foreign::Text => ("een tekst".into(), leave_out),
        Foreign::Document("Office") => ("een Office-document of een e-mail".into(), leave_out),
        Foreign::Document(kind) => (format!("een {kind}-document"), leave_out),
        Foreign::Archive(kind) => (
            if kind == "ZIP" { "een ZIP-bestand of een Office-document".into() } else { format!("een {kind}-bestand") },
            "pak het eerst uit en geef op wat erin zat",
        ),
        Foreign::Picture(kind) => (format!("een afbeelding ({kind})"), leave_out),
        Foreign::Video(kind) => {
            (format!("een video ({kind})"), "bewaar het geluid eerst als WAV, bijvoorbeeld met: ffmpeg -i IN OUT.wav")
        }
        Foreign::SilentVideo => ("een video zonder geluid".into(), leave_out),
        Foreign::Midi => ("een MIDI-bestand: noten, geen geluid".into(), leave_out),
        Foreign::Capture => (
            "opgevangen netwerkverkeer".into(),
            "bewaar de gesprekken eerst als geluid: in Wireshark Telephony, RTP, RTP Player, Export",
        ),
        Foreign::Database => ("een database (SQLite)".into(), leave_out),
        Foreign::Program => ("een programma".into(), leave_out),
        Foreign::Unknown => (
            "iets onbekends".into(),
            "geluid zonder kop moet .ulaw, .alaw, .gsm of .sln heten; exporteer de opname anders opnieuw",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_recording_is_said_with_a_remedy_and_without_english() {
        let error = ReadError::NotAudio { what: Foreign::Text };
        let of = |language| read_error(language, &error, Path::new("in/text.wav"));
        assert_eq!(
            of(Language::Nl),
            "dit is geen geluidsopname maar een tekst; laat het weg, of geef alleen de opnamen op"
        );
        assert_eq!(
            of(Language::En),
            "this is no sound recording but a text; leave it out, or name the recordings alone"
        );
        let named = ReadError::NotAudio { what: Foreign::Archive("ZIP") };
        assert!(read_error(Language::Nl, &named, Path::new("a.zip")).contains("pak het eerst uit"));
    }

    #[test]
    fn a_remedy_names_the_file_in_both_languages() {
        let error = ReadError::Unsupported { format: "AMR".into(), command: crate::audio::CONVERT.into() };
        for language in Language::ALL {
            let text = read_error(language, &error, Path::new("mei/3.amr"));
            assert!(text.starts_with("AMR ") && text.contains("ffmpeg -i \"mei/3.amr\""), "{text}");
        }
    }

    #[test]
    fn times_in_a_warning_follow_the_language() {
        let gaps = Warning::GapsFilled { count: 2, first_at_s: 83.25, total_s: 1.5 };
        let text = warning(Language::Nl, &gaps);
        assert_eq!(text, "2 gaten, samen 1,5 s, met stilte gevuld; het eerste begint op 1:23,3");
    }
}
