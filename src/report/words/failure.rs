//! What to do where the system itself refuses.

use std::io::ErrorKind;

use super::Language;

/// Where more is said about a command; about all where it is not known which.
pub fn more(language: Language, command: Option<&str>) -> String {
    let command = command.map(|name| format!(" {name}")).unwrap_or_default();
    language.of((format!("Meer hierover: bezet{command} --help"), format!("More about it: bezet{command} --help")))
}

/// What its user can do about an error of the system; `None` where nothing is known that would help.
pub fn remedy(language: Language, kind: ErrorKind) -> Option<&'static str> {
    Some(language.of(match kind {
        ErrorKind::NotFound => (
            "Kijk of de naam klopt: een pad telt vanaf de map waarin u het commando geeft.",
            "Check the name: a path counts from the folder in which the command is given.",
        ),
        ErrorKind::PermissionDenied | ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => (
            "Sluit het bestand in andere programma's (zoals Excel), of kies met --out een map waarin u mag schrijven.",
            "Close the file in other programs (such as Excel), or choose a folder with --out that you may write to.",
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (
            "De schijf is vol: maak ruimte, of kies met --out een andere.",
            "The disk is full: make room, or choose another with --out.",
        ),
        ErrorKind::ReadOnlyFilesystem => (
            "Hier kan niet worden geschreven: kies met --out een andere map.",
            "Nothing can be written here: choose another folder with --out.",
        ),
        ErrorKind::AlreadyExists => (
            "Er staat al een bestand dat zo heet: kies met --out een andere naam.",
            "A file of that name is there already: choose another name with --out.",
        ),
        ErrorKind::NotADirectory => ("Dit is een bestand: geef een map op.", "This is a file: name a folder."),
        ErrorKind::IsADirectory => ("Dit is een map: geef een bestand op.", "This is a folder: name a file."),
        _ => return None,
    }))
}
