//! What rules find, with the numbers that their sentences need.

use crate::units::Seconds;

/// What was found. Names and keys are those of the definition.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// The call is ended without help.
    DropsCaller {
        /// Whether the file says so; else it is what the engine does where the file ends.
        said: bool,
    },
    /// A step after which nothing follows, and which is no end of a call.
    NothingFollows,
    /// A reference to something that is not there.
    NoTarget(String),
    /// No way to a person from this entry.
    NoPerson {
        /// The entry.
        entry: String,
    },
    /// No way from any entry to where this contact reason must end.
    ReasonNowhere {
        /// The reason, as people call it.
        reason: String,
    },
    /// No entry leads there.
    NeverReached {
        /// Whether edges are drawn to it that can never be taken.
        drawn: bool,
    },
    /// Outside opening hours nothing is offered and nothing is told.
    ClosedTellsNothing,
    /// No opening hours anywhere.
    NoHours,
    /// So many options in one menu.
    Options(usize),
    /// So many menus on one way.
    Depth(u32),
    /// So many keys to a person.
    Keys {
        /// How many.
        keys: u32,
        /// For which contact reason; `None`: for any.
        reason: Option<String>,
        /// The most that it may be.
        most: u32,
    },
    /// So many seconds to a person or queue, for who hears the menu for the first time.
    SecondsToPerson {
        /// How many.
        seconds: Seconds,
        /// For which contact reason; `None`: for any.
        reason: Option<String>,
    },
    /// An option is heard so late in its menu.
    HeardAt {
        /// Its key.
        key: String,
        /// When its key is known.
        seconds: Seconds,
    },
    /// So long before the first option.
    GreetingSeconds(Seconds),
    /// So long without a key being accepted.
    Uninterruptible(Seconds),
    /// Options that are not in the order of their keys: the keys as they are announced.
    Order(Vec<String>),
    /// Keys that are skipped.
    Gap(Vec<String>),
    /// Options whose key is said before what it is for.
    KeyFirst(Vec<String>),
    /// Two options in nearly the same words.
    Alike(String, String),
    /// One option for several subjects.
    Subjects {
        /// Its key.
        key: String,
        /// How many.
        count: usize,
    },
    /// The option that most callers take stands behind others.
    NotFirst {
        /// Its key.
        key: String,
        /// The calls that took it.
        calls: usize,
        /// The calls that chose in this menu.
        of: usize,
        /// Its place, counted from 1.
        place: usize,
    },
    /// No 0 for a person.
    NoOperator,
    /// 0 leads elsewhere.
    ZeroElsewhere,
    /// The menu is not repeated.
    NoRepeat,
    /// No way back.
    NoBack,
    /// A key that custom gives another meaning.
    Unaccustomed {
        /// `*`, `#` or `9`.
        key: String,
    },
    /// Nothing says what silence does.
    SilenceUnhandled,
    /// Silence ends the call.
    SilenceDrops,
    /// So long before a reaction to silence: too short or too long.
    Timeout(Seconds),
    /// Nothing says what a wrong key does.
    InvalidUnhandled,
    /// A wrong key ends the call.
    InvalidDrops,
    /// A wrong key does what this option does.
    InvalidTaken {
        /// The option's key.
        key: String,
    },
    /// No second try.
    NoSecondTry,
    /// So many tries.
    ManyTries(u32),
    /// A caller who says nothing is kept for ever.
    SilentForever,
    /// Menus that only lead to each other.
    Circle(Vec<String>),
    /// Keys that work and are not announced.
    NotAnnounced(Vec<String>),
    /// Keys that are announced and do not work.
    AnnouncedDead(Vec<String>),
    /// One key twice.
    Twice {
        /// The key.
        key: String,
        /// Whether the engine runs both, one after the other.
        in_sequence: bool,
    },
    /// A key after which the engine waits for more.
    Waits {
        /// The key.
        key: String,
        /// How long.
        seconds: Seconds,
    },
    /// Most options lead to one place.
    SameTarget {
        /// How many.
        count: usize,
        /// Of how many.
        of: usize,
        /// Where to.
        target: String,
    },
    /// A menu that says nothing.
    NothingSaid,
    /// A recording that is not there.
    AudioMissing {
        /// Its name.
        file: String,
    },
    /// A recording whose length does not fit its words.
    Differs {
        /// Its name.
        file: String,
        /// Its length.
        length: Seconds,
        /// What its words would take.
        estimate: Seconds,
    },
    /// An exception for a rule that there is none of.
    UnknownRule(String),
    /// An exception without a reason.
    NoReasonGiven(String),
}
