//! What is wrong with a menu, why that matters, and what helps: the rules of [`lint`](crate::menu::lint) in words.

use super::{Language, seconds};
use crate::menu::lint::{Check, Fact, Level};

/// How bad a finding is.
pub fn level(language: Language, level: Level) -> &'static str {
    language.of(match level {
        Level::Error => ("fout", "error"),
        Level::Warning => ("let op", "warning"),
        Level::Info => ("ter info", "note"),
    })
}

/// Keys or names in a row: `1, 2 en 3`.
fn list(language: Language, items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} {} {last}", rest.join(", "), language.of(("en", "and"))),
    }
}

/// What was found, as one sentence that stands by itself under the menu's name.
pub fn fact(language: Language, fact: &Fact) -> String {
    let fixed = |pair: (&str, &str)| language.of(pair).to_owned();
    let say = |nl: String, en: String| language.of((nl, en));
    let names = |items: &[String]| list(language, items);
    let long = |value| seconds(language, value);
    match fact {
        Fact::DropsCaller { said: true } => fixed((
            "Het gesprek wordt hier beëindigd zonder medewerker, voicemail of terugbelverzoek.",
            "The call is ended here without a person, voicemail or a call back.",
        )),
        Fact::DropsCaller { said: false } => fixed((
            "Hier houdt het menu op: de telefooncentrale verbreekt dan de verbinding.",
            "The menu stops here, and the telephone system then drops the call.",
        )),
        Fact::NothingFollows => fixed((
            "Na deze stap komt niets meer, en de beller is niet geholpen.",
            "Nothing comes after this step, and the caller has not been helped.",
        )),
        Fact::NoTarget(name) => say(
            format!("Dit verwijst naar \"{name}\", en dat bestaat niet."),
            format!("This leads to \"{name}\", which does not exist."),
        ),
        Fact::NoPerson { entry } => say(
            format!("Wie via \"{entry}\" belt, kan nergens een medewerker krijgen, ook niet tijdens openingstijden."),
            format!("Whoever calls through \"{entry}\" can reach no person anywhere, not even in opening hours."),
        ),
        Fact::ReasonNowhere { reason } => say(
            format!("Voor \"{reason}\" is er geen enkele weg door het menu."),
            format!("There is no way through the menu for \"{reason}\"."),
        ),
        Fact::NeverReached { drawn: false } => {
            fixed(("Geen enkele beller komt hier: niets verwijst ernaar.", "No caller gets here: nothing leads to it."))
        }
        Fact::NeverReached { drawn: true } => fixed((
            "Geen enkele beller komt hier: de voorwaarde die ernaartoe leidt, kan nooit waar zijn.",
            "No caller gets here: the condition that leads to it can never hold.",
        )),
        Fact::ClosedTellsNothing => fixed((
            "Buiten openingstijden hoort de beller niet wanneer er wel iemand is, en kan geen bericht achterlaten.",
            "Outside opening hours the caller is not told when to call again and can leave no message.",
        )),
        Fact::NoHours => fixed((
            "Er zijn nergens openingstijden: 's nachts gebeurt hetzelfde als overdag.",
            "There are no opening hours anywhere: at night the same happens as by day.",
        )),
        Fact::Options(count) => say(
            format!("Dit menu heeft {count} keuzes; een beller onthoudt er vier of vijf."),
            format!("This menu has {count} options; a caller remembers four or five."),
        ),
        Fact::Depth(depth) => say(
            format!("Een beller kan {depth} menu's achter elkaar krijgen."),
            format!("A caller can meet {depth} menus in a row."),
        ),
        Fact::Keys { keys, reason: Some(reason), most } => say(
            format!("Voor \"{reason}\" moet de beller {keys} toetsen indrukken; afgesproken is hoogstens {most}."),
            format!("For \"{reason}\" the caller has to press {keys} keys; the limit is {most}."),
        ),
        Fact::Keys { keys, reason: None, most } => say(
            format!("Het kost minstens {keys} toetsen om een medewerker te krijgen; de grens is {most}."),
            format!("It takes at least {keys} keys to reach a person; the limit is {most}."),
        ),
        Fact::SecondsToPerson { seconds, reason: Some(reason) } => say(
            format!("Voor \"{reason}\" is een nieuwe beller {} bezig voordat het menu klaar is.", long(*seconds)),
            format!("For \"{reason}\" a first-time caller spends {} in the menu.", long(*seconds)),
        ),
        Fact::SecondsToPerson { seconds, reason: None } => say(
            format!("Een nieuwe beller is minstens {} bezig voordat er een medewerker gebeld wordt.", long(*seconds)),
            format!("A first-time caller spends at least {} in the menu before a person is called.", long(*seconds)),
        ),
        Fact::HeardAt { key, seconds } => say(
            format!("Pas na {} hoort de beller keuze {key}.", long(*seconds)),
            format!("Option {key} is only heard after {}.", long(*seconds)),
        ),
        Fact::GreetingSeconds(seconds) => say(
            format!("Het duurt {} voordat de eerste keuze komt.", long(*seconds)),
            format!("It takes {} before the first option comes.", long(*seconds)),
        ),
        Fact::Uninterruptible(seconds) => say(
            format!("De beller moet {} uitluisteren en kan er niet doorheen drukken.", long(*seconds)),
            format!("The caller has to sit through {} that no key cuts short.", long(*seconds)),
        ),
        Fact::Order(keys) => say(
            format!("De toetsen worden niet op volgorde genoemd: {}.", names(keys)),
            format!("The keys are not announced in order: {}.", names(keys)),
        ),
        Fact::Gap(keys) => say(
            format!("De toetsen lopen niet door: {} wordt overgeslagen.", names(keys)),
            format!("The keys skip {}.", names(keys)),
        ),
        Fact::KeyFirst(keys) => match (language, keys.len()) {
            (Language::Nl, 1) => format!("Bij toets {} wordt eerst de toets genoemd en dan pas waarvoor.", names(keys)),
            (Language::Nl, _) => {
                format!("Bij de toetsen {} wordt eerst de toets genoemd en dan pas waarvoor.", names(keys))
            }
            (Language::En, 1) => format!("For key {} the key is said before what it is for.", names(keys)),
            (Language::En, _) => format!("For keys {} the key is said before what it is for.", names(keys)),
        },
        Fact::Alike(one, other) => say(
            format!("Keuze {one} en keuze {other} klinken bijna hetzelfde."),
            format!("Options {one} and {other} sound nearly the same."),
        ),
        Fact::Subjects { key, count } => say(
            format!("Keuze {key} noemt {count} onderwerpen tegelijk."),
            format!("Option {key} joins {count} subjects."),
        ),
        Fact::NotFirst { key, calls, of, place } => say(
            format!("De meeste bellers ({calls} van de {of}) kiezen {key}, en die staat op plaats {place}."),
            format!("Most callers ({calls} of {of}) choose {key}, which stands in place {place}."),
        ),
        Fact::NoOperator => fixed(("Er is geen 0 voor een medewerker.", "There is no 0 for a person.")),
        Fact::ZeroElsewhere => fixed((
            "De 0 doet hier iets anders dan een medewerker bellen.",
            "The 0 does something else here than to call a person.",
        )),
        Fact::NoRepeat => fixed((
            "Wie het niet goed verstaat, kan dit menu niet nog eens horen.",
            "Whoever did not catch it cannot hear this menu again.",
        )),
        Fact::NoBack => {
            fixed(("Wie hier verkeerd zit, kan niet terug.", "Whoever came here by mistake cannot go back."))
        }
        Fact::Unaccustomed { key } => match key.as_str() {
            "*" => fixed((
                "Het sterretje doet hier iets anders dan herhalen of teruggaan.",
                "The star key does something else here than to repeat or go back.",
            )),
            "#" => fixed((
                "Het hekje is hier een gewone keuze; bellers kennen het als einde van een nummer.",
                "The hash key is an ordinary option here; callers know it as the end of a number.",
            )),
            _ => fixed((
                "De 9 is hier een gewone keuze terwijl er lagere toetsen vrij zijn; ze staat bekend als afsluiten of terug.",
                "The 9 is an ordinary option here while lower keys are free; it is known for leaving or going back.",
            )),
        },
        Fact::SilenceUnhandled => fixed((
            "Er staat nergens wat er gebeurt als de beller niets doet.",
            "Nothing says what happens when the caller does nothing.",
        )),
        Fact::SilenceDrops => fixed(("Wie niets indrukt, wordt opgehangen.", "Whoever presses nothing is cut off.")),
        Fact::Timeout(value) => say(
            format!("Het menu wacht {} op een toets voordat er iets gebeurt.", long(*value)),
            format!("The menu waits {} for a key before anything happens.", long(*value)),
        ),
        Fact::InvalidUnhandled => fixed((
            "Er staat nergens wat er gebeurt bij een toets die geen keuze is.",
            "Nothing says what happens on a key that is no option.",
        )),
        Fact::InvalidDrops => {
            fixed(("Wie een verkeerde toets indrukt, wordt opgehangen.", "Whoever presses a wrong key is cut off."))
        }
        Fact::InvalidTaken { key } => say(
            format!("Een verkeerde toets doet hetzelfde als keuze {key}."),
            format!("A wrong key does the same as option {key}."),
        ),
        Fact::NoSecondTry => fixed(("De beller krijgt geen tweede kans.", "The caller gets no second try.")),
        Fact::ManyTries(count) => say(
            format!("Het menu komt wel {count} keer voordat er iets anders gebeurt."),
            format!("The menu is played up to {count} times before anything else happens."),
        ),
        Fact::SilentForever => fixed((
            "Wie niets indrukt, hoort dit eindeloos opnieuw en komt nergens.",
            "Whoever presses nothing hears this for ever and gets nowhere.",
        )),
        Fact::Circle(menus) => match menus.len() {
            1 => fixed((
                "Dit menu leidt alleen naar zichzelf: ophangen is de enige uitweg.",
                "This menu only leads to itself: hanging up is the only way out.",
            )),
            _ => say(
                format!("Deze menu's leiden alleen naar elkaar: {}. Ophangen is de enige uitweg.", names(menus)),
                format!("These menus only lead to each other: {}. Hanging up is the only way out.", names(menus)),
            ),
        },
        Fact::NotAnnounced(keys) => say(
            format!("Werkt wel, maar wordt niet genoemd: {}.", names(keys)),
            format!("Works but is not announced: {}.", names(keys)),
        ),
        Fact::AnnouncedDead(keys) => say(
            format!("Wordt genoemd, maar werkt niet: {}.", names(keys)),
            format!("Is announced but does not work: {}.", names(keys)),
        ),
        Fact::Twice { key, in_sequence: false } => {
            say(format!("Toets {key} staat twee keer in dit menu."), format!("Key {key} is in this menu twice."))
        }
        Fact::Twice { key, in_sequence: true } => say(
            format!("Toets {key} staat meer dan eens in dit menu: de centrale voert ze na elkaar uit."),
            format!("Key {key} is in this menu more than once: the system runs them one after the other."),
        ),
        Fact::Waits { key, seconds } => say(
            format!("Na toets {key} wacht de centrale nog {}: er zijn nummers die zo beginnen.", long(*seconds)),
            format!("After key {key} the system waits {}: longer numbers start with it.", long(*seconds)),
        ),
        Fact::SameTarget { count, of, target } => say(
            format!("{count} van de {of} keuzes komen uit bij hetzelfde: {target}."),
            format!("{count} of the {of} options end in the same place: {target}."),
        ),
        Fact::NothingSaid => {
            fixed(("Dit menu zegt niets: de beller hoort stilte.", "This menu says nothing: the caller hears silence."))
        }
        Fact::AudioMissing { file } => say(
            format!("De opname \"{file}\" is niet gevonden of niet te lezen."),
            format!("The recording \"{file}\" was not found or cannot be read."),
        ),
        Fact::Differs { file, length, estimate } => say(
            format!(
                "De opname \"{file}\" duurt {}, terwijl de tekst ongeveer {} zou duren.",
                long(*length),
                long(*estimate)
            ),
            format!(
                "The recording \"{file}\" takes {}, while its words would take about {}.",
                long(*length),
                long(*estimate)
            ),
        ),
        Fact::UnknownRule(code) => say(
            format!("Er is een uitzondering gemaakt voor \"{code}\", en die regel bestaat niet."),
            format!("There is an exception for \"{code}\", which is no rule."),
        ),
        Fact::NoReasonGiven(code) => say(
            format!("Bij de uitzondering voor \"{code}\" staat geen reden; daarom telt ze niet."),
            format!("The exception for \"{code}\" gives no reason, so it does not count."),
        ),
    }
}

/// What a rule asks for, as a short title.
pub fn title(language: Language, check: Check) -> &'static str {
    language.of(match check {
        Check::DeadEnd => ("Geen doodlopende weg", "No dead end"),
        Check::Dangling => ("Elke verwijzing bestaat", "Every reference exists"),
        Check::NoHuman => ("Overal is een medewerker te krijgen", "A person can be reached"),
        Check::ReasonUnreachable => ("Elke contactreden heeft een weg", "Every contact reason has a way"),
        Check::Unreachable => ("Elk onderdeel is te bereiken", "Every part can be reached"),
        Check::ClosedDead => ("Gesloten is niet het einde", "Closed is not the end"),
        Check::HoursMissing => ("Openingstijden zijn geregeld", "Opening hours are there"),
        Check::SilentLoop => ("Wie zwijgt komt ergens uit", "Silence leads somewhere"),
        Check::CycleMenus => ("Menu's leiden niet alleen naar elkaar", "Menus do not only lead to each other"),
        Check::TimeoutMissing => ("Op stilte volgt iets", "Silence is answered"),
        Check::TimeoutValue => ("Niet te kort en niet te lang wachten", "A wait neither too short nor too long"),
        Check::InvalidMissing => ("Op een verkeerde toets volgt iets", "A wrong key is answered"),
        Check::Attempts => ("Twee of drie pogingen", "Two or three tries"),
        Check::DepthMax => ("Weinig menu's achter elkaar", "Few menus in a row"),
        Check::KeysToHuman => ("Weinig toetsen tot een medewerker", "Few keys to a person"),
        Check::SecondsToHuman => ("Snel bij een medewerker", "Soon at a person"),
        Check::OptionHeardLate => ("Geen keuze ver achteraan", "No option far behind"),
        Check::GreetingLong => ("Een korte begroeting", "A short greeting"),
        Check::GreetingNoBargein => ("Door een lange tekst heen te drukken", "Long talk can be cut short"),
        Check::OptionsMax => ("Weinig keuzes per menu", "Few options in a menu"),
        Check::KeyOrder => ("Toetsen op volgorde", "Keys in order"),
        Check::OperatorZero => ("0 is een medewerker", "0 is a person"),
        Check::Repeat => ("Het menu is nog eens te horen", "The menu can be heard again"),
        Check::Back => ("Er is een weg terug", "There is a way back"),
        Check::StarHashZeroNine => ("Bijzondere toetsen doen het bekende", "Special keys do what is customary"),
        Check::DuplicateKey => ("Elke toets één keer", "Each key once"),
        Check::AmbiguousDigit => ("Een toets werkt meteen", "A key works at once"),
        Check::SameTarget => ("Keuzes maken verschil", "Options make a difference"),
        Check::FrequentFirst => ("De meest gekozen keuze eerst", "The most chosen option first"),
        Check::HiddenOption => ("Wat genoemd wordt, werkt", "What is announced works"),
        Check::KeyBeforePurpose => ("Eerst waarvoor, dan de toets", "First the purpose, then the key"),
        Check::WordingVague => ("Keuzes zijn uit elkaar te houden", "Options can be told apart"),
        Check::PromptMissing => ("Elk menu zegt iets", "Every menu says something"),
        Check::TextAudioDiffer => ("Tekst en opname horen bij elkaar", "Text and recording agree"),
        Check::Exception => ("Uitzonderingen hebben een reden", "Exceptions give a reason"),
    })
}

/// What helps against findings of a rule.
pub fn remedy(language: Language, check: Check) -> &'static str {
    language.of(match check {
        Check::DeadEnd => (
            "Leid deze uitgang naar een medewerker, voicemail, een terugbelverzoek of terug naar het menu.",
            "Let this exit lead to a person, voicemail, a call back or back to the menu.",
        ),
        Check::Dangling => (
            "Verbeter de naam, voeg het onderdeel toe, of geef ook het bestand waarin het staat.",
            "Correct the name, add the part, or give the file that holds it as well.",
        ),
        Check::NoHuman => (
            "Geef de beller ergens een medewerker: een toets 0, of na stilte.",
            "Offer a person somewhere: on key 0, or after silence.",
        ),
        Check::ReasonUnreachable => (
            "Geef een keuze in het menu voor deze reden, of pas de doelen van de reden aan.",
            "Give this reason an option in the menu, or correct where it must end.",
        ),
        Check::Unreachable => (
            "Verwijs ernaar of verwijder het; ontbreekt een bestand, geef dat dan ook.",
            "Lead to it or remove it; if a file is missing, give it as well.",
        ),
        Check::ClosedDead => (
            "Noem de openingstijden en laat de beller een bericht inspreken of een terugbelverzoek doen.",
            "Tell the opening hours, and offer voicemail or a call back.",
        ),
        Check::HoursMissing => (
            "Voeg openingstijden toe met een mededeling voor erbuiten; staan ze elders, dan is dit in orde.",
            "Add opening hours with a message for outside them; if they are kept elsewhere, this is fine.",
        ),
        Check::SilentLoop => (
            "Verbind na twee of drie keer stilte door met een medewerker.",
            "After two or three silences put the caller through to a person.",
        ),
        Check::CycleMenus => (
            "Geef een van deze menu's een keuze die eruit leidt, het liefst naar een medewerker.",
            "Give one of these menus an option that leads out, best to a person.",
        ),
        Check::TimeoutMissing => (
            "Herhaal het menu na stilte en verbind daarna door met een medewerker.",
            "Repeat the menu after silence, then put the caller through to a person.",
        ),
        Check::TimeoutValue => {
            ("Kies een wachttijd van 3 tot 10 seconden, 5 is gangbaar.", "Set a wait of 3 to 10 seconds; 5 is usual.")
        }
        Check::InvalidMissing => (
            "Zeg dat de keuze niet bestaat en herhaal het menu.",
            "Say that there is no such option, and repeat the menu.",
        ),
        Check::Attempts => (
            "Speel het menu twee of drie keer en verbind daarna door met een medewerker.",
            "Play the menu two or three times, then put the caller through to a person.",
        ),
        Check::DepthMax => (
            "Voeg menu's samen of laat de eerste keuze al bij een medewerker uitkomen.",
            "Merge menus, or let the first choice end at a person.",
        ),
        Check::KeysToHuman => {
            ("Bied een medewerker eerder aan, bijvoorbeeld met 0.", "Offer a person earlier, for example on 0.")
        }
        Check::SecondsToHuman => (
            "Kort de teksten in of zet deze keuze verder naar voren.",
            "Shorten the texts, or move this option forward.",
        ),
        Check::OptionHeardLate => (
            "Kort de teksten ervoor in, of zet veelgevraagde keuzes voorop.",
            "Shorten the words before it, or put the most wanted options first.",
        ),
        Check::GreetingLong => (
            "Houd de begroeting korter dan 15 seconden en zet mededelingen ná de keuzes.",
            "Keep the greeting under 15 seconds, and put notices behind the options.",
        ),
        Check::GreetingNoBargein => ("Laat toetsen al tijdens de tekst toe.", "Accept keys while it plays."),
        Check::OptionsMax => (
            "Breng het terug tot vier of vijf keuzes, of verdeel ze over twee menu's.",
            "Bring it down to four or five options, or split them over two menus.",
        ),
        Check::KeyOrder => (
            "Noem de toetsen oplopend vanaf 1, zonder er een over te slaan.",
            "Announce the keys from 1 upwards without skipping any.",
        ),
        Check::OperatorZero => {
            ("Geef 0 aan een medewerker en noem die keuze als laatste.", "Give 0 to a person and announce it last.")
        }
        Check::Repeat => (
            "Herhaal het menu na stilte, of geef er een toets voor, gewoonlijk het sterretje.",
            "Repeat the menu after silence, or give it a key, by custom the star.",
        ),
        Check::Back => (
            "Geef een toets terug naar het vorige menu, gewoonlijk het sterretje.",
            "Give a key back to the menu before, by custom the star.",
        ),
        Check::StarHashZeroNine => (
            "Gebruik * voor herhalen of terug, # voor het einde van een nummer en 9 voor afsluiten.",
            "Use * to repeat or go back, # to end a number and 9 to leave.",
        ),
        Check::DuplicateKey => {
            ("Haal er één weg of geef die een andere toets.", "Remove one of them, or give it another key.")
        }
        Check::AmbiguousDigit => (
            "Begin langere nummers met een cijfer dat geen keuze is.",
            "Let longer numbers start with a digit that is no option.",
        ),
        Check::SameTarget => (
            "Voeg deze keuzes samen, of laat ze ook echt ergens anders uitkomen.",
            "Merge these options, or let them lead to different places.",
        ),
        Check::FrequentFirst => ("Zet deze keuze vooraan, als toets 1.", "Put this option first, as key 1."),
        Check::HiddenOption => (
            "Zorg dat de tekst precies de toetsen noemt die werken.",
            "Let the words announce exactly the keys that work.",
        ),
        Check::KeyBeforePurpose => {
            ("Draai het om: \"voor verkoop, kies 1\".", "Turn it round: \"for sales, press 1\".")
        }
        Check::WordingVague => (
            "Geef elke keuze één onderwerp, in woorden die de andere keuzes niet gebruiken.",
            "Give each option one subject, in words that the others do not use.",
        ),
        Check::PromptMissing => (
            "Neem een tekst op die de keuzes noemt, of verbeter de naam van de opname.",
            "Record words that announce the options, or correct the recording's name.",
        ),
        Check::TextAudioDiffer => (
            "Luister de opname na en pas de tekst aan, of neem opnieuw op.",
            "Listen to the recording and correct the text, or record it again.",
        ),
        Check::Exception => (
            "Schrijf bij elke uitzondering de regel en de reden: { code = \"back\", reason = \"...\" }.",
            "Give each exception its rule and its reason: { code = \"back\", reason = \"...\" }.",
        ),
    })
}
