//! The words of the report page.

use super::Language;

/// Fixed words of the page, in one language.
#[derive(Clone, Copy, Debug)]
pub struct PageWords {
    /// Jumps over the navigation.
    pub skip: &'static str,
    /// Heading of the navigation.
    pub contents: &'static str,
    /// Heading of the norms.
    pub verdict: &'static str,
    /// Said where nobody chose a norm.
    pub default_norms: &'static str,
    /// A norm.
    pub norm: &'static str,
    /// What became of it.
    pub ruling: &'static str,
    /// The measured value.
    pub measured: &'static str,
    /// From when to when.
    pub clock: &'static str,
    /// Where to listen.
    pub listen: &'static str,
    /// The longest.
    pub longest: &'static str,
    /// Heading of the norms line by line.
    pub by_line: &'static str,
    /// Heading of the points of critique.
    pub scorecard: &'static str,
    /// How the points are to be read.
    pub scorecard_note: &'static str,
    /// Heading of the steps.
    pub journey: &'static str,
    /// A step of the call.
    pub step: &'static str,
    /// Of which calls.
    pub who: &'static str,
    /// The median.
    pub median: &'static str,
    /// The 90th percentile.
    pub ninetieth: &'static str,
    /// How many.
    pub n: &'static str,
    /// Heading of the steps per contact reason.
    pub by_reason: &'static str,
    /// How the steps are counted.
    pub journey_note: &'static str,
    /// Heading of what the wait is made of.
    pub make_up: &'static str,
    /// Heading of the parts of the wait.
    pub part: &'static str,
    /// All parts together.
    pub total: &'static str,
    /// All lines together.
    pub all_lines: &'static str,
    /// What a number does when it is clicked.
    pub numbers_note: &'static str,
    /// Heading of the messages.
    pub messages: &'static str,
    /// A message.
    pub message: &'static str,
    /// The line.
    pub line: &'static str,
    /// How long.
    pub length: &'static str,
    /// How often it was heard.
    pub times: &'static str,
    /// In how many calls.
    pub in_calls: &'static str,
    /// Heading of the best and the worst call.
    pub extremes: &'static str,
    /// The shortest wait.
    pub best: &'static str,
    /// The longest wait.
    pub worst: &'static str,
    /// Heading of all calls.
    pub calls: &'static str,
    /// What can be done there.
    pub calls_note: &'static str,
    /// The filters.
    pub filter: &'static str,
    /// The search field.
    pub search: &'static str,
    /// No filter.
    pub all: &'static str,
    /// The legend.
    pub legend: &'static str,
    /// A call.
    pub call: &'static str,
    /// When it was made.
    pub when: &'static str,
    /// Why.
    pub reason: &'static str,
    /// How it ended.
    pub outcome: &'static str,
    /// Rings.
    pub rings: &'static str,
    /// The wait.
    pub wait: &'static str,
    /// The ribbon.
    pub ribbon: &'static str,
    /// Where scripts do not run.
    pub no_script: &'static str,
    /// Heading of what could not be measured.
    pub missing: &'static str,
    /// Everything was.
    pub nothing_missing: &'static str,
    /// Figures.
    pub figures: &'static str,
    /// Why it is missing.
    pub why: &'static str,
    /// Heading of the definitions.
    pub definitions: &'static str,
}

/// The fixed words of the page.
pub fn page(language: Language) -> &'static PageWords {
    match language {
        Language::Nl => &NL,
        Language::En => &EN,
    }
}

const NL: PageWords = PageWords {
    skip: "Naar de inhoud",
    contents: "Inhoud",
    verdict: "Oordeel",
    default_norms: "Er is geen norm gekozen; dit zijn veelgebruikte normen naast elkaar. Ze beginnen op verschillende momenten te tellen, en dat verandert het oordeel.",
    norm: "Norm of belofte",
    ruling: "Oordeel",
    measured: "Gemeten",
    clock: "Van wanneer tot wanneer",
    listen: "Luister",
    longest: "Langste",
    by_line: "Lijn voor lijn",
    scorecard: "Scorekaart",
    scorecard_note: "Punt voor punt wat een beller meemaakt. Gemeten, niet beoordeeld: een oordeel staat er alleen bij waar een norm of belofte over dat punt is gekozen.",
    journey: "De reis van de beller",
    step: "Stap",
    who: "Gesprekken",
    median: "Mediaan",
    ninetieth: "9 van de 10",
    n: "Aantal",
    by_reason: "Per reden van bellen",
    journey_note: "Mediaan: de helft van de gesprekken zat eronder. ‘9 van de 10’: 90% zat eronder. Bij het wachten op een medewerker tellen gesprekken die zonder medewerker eindigden mee voor zolang ze duurden (Kaplan-Meier); een streepje betekent dat zoveel bellers niemand kregen, of dat er niets te meten was.",
    make_up: "Waaruit het wachten bestaat",
    part: "Gemiddeld per gesprek",
    total: "Samen",
    all_lines: "Alle lijnen",
    numbers_note: "Elk onderstreept getal leidt naar de gesprekken en de seconden waar het vandaan komt: klik erop.",
    messages: "Meldingen die terugkwamen",
    message: "Melding",
    line: "Lijn",
    length: "Duur",
    times: "Keer gehoord",
    in_calls: "In gesprekken",
    extremes: "Het kortste en het langste wachten",
    best: "Kortste wacht",
    worst: "Langste wacht",
    calls: "Alle gesprekken",
    calls_note: "Klik op een gesprek om het groot te zien; in het grote lint is elk stuk aan te klikken. Ctrl en het muiswiel zoomen.",
    filter: "Gesprekken kiezen",
    search: "Zoeken",
    all: "alle",
    legend: "Legenda",
    call: "Opname",
    when: "Tijdstip",
    reason: "Reden",
    outcome: "Afloop",
    rings: "Keer overgegaan",
    wait: "Wachten in totaal",
    ribbon: "Verloop",
    no_script: "Zonder JavaScript zijn de linten niet te zien; alle cijfers staan in de tabellen.",
    missing: "Wat niet te meten was",
    nothing_missing: "Alles was te meten.",
    figures: "Welke cijfers",
    why: "Waarom niet te meten",
    definitions: "Definities",
};

const EN: PageWords = PageWords {
    skip: "To the content",
    contents: "Contents",
    verdict: "Verdict",
    default_norms: "No norm was chosen; these are common norms side by side. They start their clocks at different moments, which changes the verdict.",
    norm: "Norm or promise",
    ruling: "Verdict",
    measured: "Measured",
    clock: "From when to when",
    listen: "Listen",
    longest: "Longest",
    by_line: "Line by line",
    scorecard: "Scorecard",
    scorecard_note: "Point by point what a caller lives through. Measured, not judged: a verdict stands only where a norm or promise about that point was chosen.",
    journey: "The caller's journey",
    step: "Step",
    who: "Calls",
    median: "Median",
    ninetieth: "9 in 10",
    n: "Count",
    by_reason: "Per contact reason",
    journey_note: "Median: half of the calls lay below. ‘9 in 10’: 90% lay below. In the wait for a person, calls that ended without one count for as long as they lasted (Kaplan-Meier); a dash means that so many callers reached nobody, or that there was nothing to measure.",
    make_up: "What the wait is made of",
    part: "Mean per call",
    total: "Together",
    all_lines: "All lines",
    numbers_note: "Every underlined number leads to the calls and the seconds that it comes from: click it.",
    messages: "Messages that came again",
    message: "Message",
    line: "Line",
    length: "Length",
    times: "Times heard",
    in_calls: "In calls",
    extremes: "The shortest and the longest wait",
    best: "Shortest wait",
    worst: "Longest wait",
    calls: "All calls",
    calls_note: "Click a call to see it large; in the large ribbon every stretch can be clicked. Ctrl and the mouse wheel zoom.",
    filter: "Choose calls",
    search: "Search",
    all: "all",
    legend: "Legend",
    call: "Recording",
    when: "When",
    reason: "Reason",
    outcome: "Outcome",
    rings: "Rings",
    wait: "Total wait",
    ribbon: "Course",
    no_script: "Without JavaScript the ribbons cannot be seen; all figures are in the tables.",
    missing: "What could not be measured",
    nothing_missing: "Everything could be measured.",
    figures: "Which figures",
    why: "Why not measurable",
    definitions: "Definitions",
};

/// What the page's script says, by its own names.
pub fn script_words(language: Language) -> [(&'static str, &'static str); 19] {
    let of = |pair| language.of(pair);
    [
        ("point", of((",", "."))),
        ("play", of(("speel af:", "play:"))),
        ("playing", of(("Speelt", "Playing"))),
        ("playAll", of(("Speel dit stuk", "Play this part"))),
        ("stop", of(("Stop", "Stop"))),
        ("zoomIn", of(("Inzoomen", "Zoom in"))),
        ("zoomOut", of(("Uitzoomen", "Zoom out"))),
        ("earlier", of(("← Eerder", "← Earlier"))),
        ("later", of(("Later →", "Later →"))),
        ("segments", of(("de stukken van dit gesprek", "the stretches of this call"))),
        ("noAudio", of(("Het geluid is niet bij dit verslag gevoegd.", "The sound does not come with this report."))),
        (
            "cannotPlay",
            of((
                "Deze browser kan de opname niet afspelen, of de opname staat niet meer op haar plaats.",
                "This browser cannot play the recording, or the recording is no longer in its place.",
            )),
        ),
        ("key", of(("toets", "key"))),
        ("from", of(("vanaf", "from"))),
        ("behind", of(("Alleen de gesprekken achter", "Only the calls behind"))),
        ("showAll", of(("Toon alle gesprekken", "Show all calls"))),
        ("back", of(("Terug naar het getal", "Back to the number"))),
        ("rests", of(("Rust op", "Rests on"))),
        ("calls", of(("gesprekken", "calls"))),
    ]
}

/// None of the recordings lies in the folder that was named.
pub fn no_recordings(language: Language, folder: &str) -> String {
    language.of((
        format!(
            "{folder}: hier staat geen enkele opname van deze audit; geef de map op waarmee `bezet audit` is gedraaid"
        ),
        format!("{folder}: not one recording of this audit lies here; name the folder that was given to `bezet audit`"),
    ))
}

/// Some of the recordings do not lie there.
pub fn lost_recordings(language: Language, lost: usize, of: usize) -> String {
    language.of((
        format!("{lost} van de {of} opnamen liggen niet in die map en zijn in het verslag niet te horen"),
        format!("{lost} of {of} recordings do not lie in that folder and cannot be heard in the report"),
    ))
}

/// Whether calls can be played.
pub fn sound(language: Language, with_sound: bool) -> &'static str {
    match with_sound {
        true => "",
        false => language.of(("Het geluid is niet bijgevoegd.", "The sound is not included.")),
    }
}

/// What is counted where it says how many of the norms were met.
pub fn norms_met(language: Language, norms: usize) -> &'static str {
    match norms {
        1 => language.of(("norm of belofte gehaald", "norm or promise met")),
        _ => language.of(("normen en beloften gehaald", "norms and promises met")),
    }
}

/// Of a wait that ended in nothing.
pub fn without_person(language: Language) -> &'static str {
    language.of(("geen medewerker", "no person"))
}

/// Of a call that ended before a norm's time was over, without what was waited for.
pub fn in_vain(language: Language) -> &'static str {
    language.of(("tevergeefs", "in vain"))
}

/// So many times.
pub fn times(language: Language, times: usize) -> String {
    let one = times == 1;
    format!("{times} {}", language.of(("keer", if one { "time" } else { "times" })))
}

/// A message that nobody gave a name.
pub fn unnamed(language: Language, letter: &str) -> String {
    language.of((format!("{letter} (zonder naam)"), format!("{letter} (without a name)")))
}

/// How many of a point's norms were met, where there are too many to name.
pub fn norms_of_point(language: Language, met: usize, of: usize) -> String {
    language.of((
        format!("{met} van de {of} normen en beloften hierover gehaald"),
        format!("{met} of {of} norms and promises about this met"),
    ))
}

/// The steps of the journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Until the pick-up.
    Ring,
    /// The machine's greeting.
    Greeting,
    /// Its menus.
    Menu,
    /// Greeting and menu, where nobody said which is which.
    Machine,
    /// The queue.
    Queue,
    /// Until a person.
    Person,
}

/// A step's name.
pub fn step(language: Language, step: Step) -> &'static str {
    language.of(match step {
        Step::Ring => ("Overgaan", "Ringing"),
        Step::Greeting => ("Begroeting", "Greeting"),
        Step::Menu => ("Keuzemenu", "Menu"),
        Step::Machine => ("Automaat", "Machine"),
        Step::Queue => ("Wachtrij", "Queue"),
        Step::Person => ("Tot een medewerker", "Until a person"),
    })
}

/// From when to when a step is counted.
pub fn step_is(language: Language, step: Step) -> &'static str {
    language.of(match step {
        Step::Ring => ("tot er wordt opgenomen", "until the pick-up"),
        Step::Greeting => {
            ("van het opnemen tot het einde van de begroeting", "from the pick-up to the end of the greeting")
        }
        Step::Menu => (
            "van het begin van het eerste keuzemenu tot het einde van het laatste, of de laatste toets",
            "from the beginning of the first menu to the end of the last, or the last key",
        ),
        Step::Machine => (
            "begroeting en keuzemenu: van het opnemen tot de wachtrij of de medewerker",
            "greeting and menu: from the pick-up to the queue or the person",
        ),
        Step::Queue => (
            "van de eerste wachtmelding of wachtmuziek tot een medewerker, de mededeling waarmee de lijn de beller wegstuurt, of het einde",
            "from the first queue message or music to a person, the message by which the line sends the caller away, or the end",
        ),
        Step::Person => ("alles bij elkaar, vanaf de eerste keer overgaan", "all of it, from the first ring"),
    })
}
