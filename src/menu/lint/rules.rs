//! The list of rules.

use super::{
    Finding, Level,
    Level::{Error, Info, Warning},
    Scene, cost, exits, keys, patience, reach, wording,
};

/// A rule, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// `dead-end`
    DeadEnd,
    /// `dangling`
    Dangling,
    /// `no-human`
    NoHuman,
    /// `reason-unreachable`
    ReasonUnreachable,
    /// `unreachable`
    Unreachable,
    /// `closed-dead`
    ClosedDead,
    /// `hours-missing`
    HoursMissing,
    /// `silent-loop`
    SilentLoop,
    /// `cycle-menus`
    CycleMenus,
    /// `timeout-missing`
    TimeoutMissing,
    /// `timeout-value`
    TimeoutValue,
    /// `invalid-missing`
    InvalidMissing,
    /// `attempts`
    Attempts,
    /// `depth-max`
    DepthMax,
    /// `keys-to-human`
    KeysToHuman,
    /// `seconds-to-human`
    SecondsToHuman,
    /// `option-heard-late`
    OptionHeardLate,
    /// `greeting-long`
    GreetingLong,
    /// `greeting-no-bargein`
    GreetingNoBargein,
    /// `options-max`
    OptionsMax,
    /// `key-order`
    KeyOrder,
    /// `operator-zero`
    OperatorZero,
    /// `repeat`
    Repeat,
    /// `back`
    Back,
    /// `star-hash-zero-nine`
    StarHashZeroNine,
    /// `duplicate-key`
    DuplicateKey,
    /// `ambiguous-digit`
    AmbiguousDigit,
    /// `same-target`
    SameTarget,
    /// `frequent-first`
    FrequentFirst,
    /// `hidden-option`
    HiddenOption,
    /// `key-before-purpose`
    KeyBeforePurpose,
    /// `wording-vague`
    WordingVague,
    /// `prompt-missing`
    PromptMissing,
    /// `text-audio-differ`
    TextAudioDiffer,
    /// `exception`
    Exception,
}

/// A rule.
pub struct Rule {
    /// Which.
    pub check: Check,
    /// Its stable code.
    pub code: &'static str,
    /// The levels that its findings can have, the worst first.
    pub levels: &'static [Level],
    /// What it rests on.
    pub source: &'static str,
    /// Its findings, in the order of the definition.
    pub find: fn(&Scene) -> Vec<Finding>,
}

impl Check {
    /// The rule.
    pub fn rule(self) -> &'static Rule {
        RULES.iter().find(|rule| rule.check == self).expect("every check has its rule; a test holds that")
    }

    /// Its stable code.
    pub fn code(self) -> &'static str {
        self.rule().code
    }
}

const ISO_13714: &str = "ISO/IEC 13714:1995, user interface to telephone-based services (summary by NCH)";
const AVAYA: &str = "Avaya Interactive Response, guide to voice response design";
const IVRSWORLD: &str = "ivrsworld.com, IVR design problems";
const TRUISM: &str = "follows from the definition itself";

/// Every rule, in the order in which findings are given: what callers cannot get past first.
pub const RULES: [Rule; 35] = [
    rule(Check::DeadEnd, "dead-end", &[Error], IVRSWORLD, exits::dead_end),
    rule(Check::Dangling, "dangling", &[Error], TRUISM, exits::dangling),
    rule(
        Check::NoHuman,
        "no-human",
        &[Error],
        "Software Advice 2014, survey of callers: a person is offered by the third menu",
        reach::no_human,
    ),
    rule(
        Check::ReasonUnreachable,
        "reason-unreachable",
        &[Error],
        "the definition's own contact reasons",
        reach::reason_unreachable,
    ),
    rule(Check::Unreachable, "unreachable", &[Warning], TRUISM, reach::unreachable),
    rule(
        Check::ClosedDead,
        "closed-dead",
        &[Warning],
        "a caller who is turned away must be able to learn when to call again",
        exits::closed_dead,
    ),
    rule(Check::HoursMissing, "hours-missing", &[Info], TRUISM, exits::hours_missing),
    rule(
        Check::SilentLoop,
        "silent-loop",
        &[Error],
        "found in 4 of 16 definitions in use that were walked through by hand",
        patience::silent_loop,
    ),
    rule(
        Check::CycleMenus,
        "cycle-menus",
        &[Warning],
        "found in a definition in use: two menus that only lead to each other",
        reach::cycle_menus,
    ),
    rule(Check::TimeoutMissing, "timeout-missing", &[Error], IVRSWORLD, patience::timeout_missing),
    rule(
        Check::TimeoutValue,
        "timeout-value",
        &[Warning],
        "ivrsworld.com: at most 3 s of silence before a message; defaults of VoIPGRID, Genesys and Asterisk: 10 s",
        patience::timeout_value,
    ),
    rule(Check::InvalidMissing, "invalid-missing", &[Error, Warning], TRUISM, patience::invalid_missing),
    rule(
        Check::Attempts,
        "attempts",
        &[Error, Warning],
        "defaults of VoIPGRID's menu and of Genesys Architect: 3",
        patience::attempts,
    ),
    rule(Check::DepthMax, "depth-max", &[Warning], "eduguru, IVR menu design: 3 levels or fewer", cost::depth_max),
    rule(
        Check::KeysToHuman,
        "keys-to-human",
        &[Warning],
        "Software Advice 2014: a person by the third menu",
        cost::keys_to_human,
    ),
    rule(
        Check::SecondsToHuman,
        "seconds-to-human",
        &[Error, Warning],
        "assumption of bezet, no published source: to be set by the company's own promise",
        cost::seconds_to_human,
    ),
    rule(
        Check::OptionHeardLate,
        "option-heard-late",
        &[Error, Warning],
        "assumption of bezet: five options of four seconds each",
        cost::option_heard_late,
    ),
    rule(
        Check::GreetingLong,
        "greeting-long",
        &[Warning],
        "voicelab.cloud, guide for Dutch menus: a welcome of 8 to 15 s",
        cost::greeting_long,
    ),
    rule(
        Check::GreetingNoBargein,
        "greeting-no-bargein",
        &[Info],
        "ivrsworld.com: keys are accepted while prompts play",
        cost::greeting_no_bargein,
    ),
    rule(
        Check::OptionsMax,
        "options-max",
        &[Error, Warning],
        "Avaya: no more than 4 or 5; ivrsworld.com: 5, at most 7; eduguru: 4",
        keys::options_max,
    ),
    rule(
        Check::KeyOrder,
        "key-order",
        &[Info],
        "Avaya Interactive Response guide; ISO/IEC 13714:1995 (summary by NCH)",
        keys::key_order,
    ),
    rule(Check::OperatorZero, "operator-zero", &[Warning], ISO_13714, keys::operator_zero),
    rule(Check::Repeat, "repeat", &[Info], AVAYA, keys::repeat),
    rule(Check::Back, "back", &[Info], ISO_13714, keys::back),
    rule(Check::StarHashZeroNine, "star-hash-zero-nine", &[Info], ISO_13714, keys::star_hash_zero_nine),
    rule(
        Check::DuplicateKey,
        "duplicate-key",
        &[Error, Info],
        "FreeSWITCH switch_ivr_menu.c runs every entry that matches; elsewhere only one of them can be meant",
        keys::duplicate_key,
    ),
    rule(
        Check::AmbiguousDigit,
        "ambiguous-digit",
        &[Info],
        "Asterisk pbx.c, FreeSWITCH switch_ivr_menu.c: a key that starts a longer number waits for the next",
        keys::ambiguous_digit,
    ),
    rule(Check::SameTarget, "same-target", &[Info], "a choice that changes nothing costs time", keys::same_target),
    rule(Check::FrequentFirst, "frequent-first", &[Info], AVAYA, keys::frequent_first),
    rule(
        Check::HiddenOption,
        "hidden-option",
        &[Error, Warning],
        "found in definitions in use: what is said and what works differ",
        wording::hidden_option,
    ),
    rule(Check::KeyBeforePurpose, "key-before-purpose", &[Warning], ISO_13714, wording::key_before_purpose),
    rule(
        Check::WordingVague,
        "wording-vague",
        &[Info],
        "ACIxD wiki: clear and distinct options matter more than how many there are",
        wording::wording_vague,
    ),
    rule(Check::PromptMissing, "prompt-missing", &[Error], TRUISM, wording::prompt_missing),
    rule(
        Check::TextAudioDiffer,
        "text-audio-differ",
        &[Info],
        "the definition's own words against its recordings",
        wording::text_audio_differ,
    ),
    rule(Check::Exception, "exception", &[Warning], "an accepted finding says why it is accepted", wording::exception),
];

const fn rule(
    check: Check,
    code: &'static str,
    levels: &'static [Level],
    source: &'static str,
    find: fn(&Scene) -> Vec<Finding>,
) -> Rule {
    Rule { check, code, levels, source, find }
}
