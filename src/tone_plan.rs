//! National tones of the telephone network, as data.
//!
//! # What it holds
//! For each country the ringing, busy, congestion, dial and number-unobtainable tone and the special information tone,
//! each with the variants that are heard in the field. A new country is a table in `tone_plans.toml`, no Rust.
//!
//! # Standard
//! Names and purposes are ITU-T E.180/Q.35 (03/98); the national values are those of its Supplement 2 as collected by
//! Asterisk (`indications.conf`) and SpanDSP (`global-tones.xml`). The `source` of each plan says which.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use crate::units::{Hertz, Seconds};

/// The tones of one country.
#[derive(Clone, Debug, PartialEq)]
pub struct TonePlan {
    /// ISO 3166-1 code, two lower-case letters.
    pub country: String,
    /// Other codes by which people know it.
    pub aliases: Vec<String>,
    /// The country's English name.
    pub name: String,
    /// The called telephone rings. As in every list here: the first is the plan's own tone, the rest are variants.
    pub ringing: Vec<Tone>,
    /// The called line is in use.
    pub busy: Vec<Tone>,
    /// The network is full (also: reorder, fast busy). Empty where none is known.
    pub congestion: Vec<Tone>,
    /// The exchange waits for a number. Empty where none is known.
    pub dial: Vec<Tone>,
    /// The number is not in use. Empty where the country plays the special information tone instead.
    pub unobtainable: Vec<Tone>,
    /// The three rising frequencies of the special information tone. Empty where the country has none.
    pub sit: Vec<[Hertz; 3]>,
    /// Where the values come from; the letters are explained at the head of `tone_plans.toml`.
    pub source: String,
}

/// One tone: what sounds, and in which rhythm.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Tone {
    /// What sounds together, rising, as a spectrum shows it: a modulated tone is its carrier between two sidebands.
    pub frequencies: Vec<Hertz>,
    /// The rate at which the amplitude of the middle frequency is modulated.
    pub modulation: Option<Hertz>,
    /// On, off, on, off ..., of even length; empty for a steady tone.
    pub cadence: Vec<Seconds>,
}

impl Tone {
    /// How long one round of the cadence lasts: the ring as a caller counts it. `None` for a steady tone.
    pub fn period(&self) -> Option<Seconds> {
        (!self.cadence.is_empty()).then(|| self.cadence.iter().sum())
    }
}

/// Why a tone or a tone plan cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum TonePlanError {
    /// Not TOML, or not of this shape; the message points at the place.
    #[error("{0}")]
    Malformed(#[from] toml::de::Error),
}

impl TryFrom<String> for Tone {
    type Error = String;

    /// Reads `400+450 0.4/0.2/0.4/2` (frequencies in Hz, on/off in seconds), `400*25 ...` (modulated) or `425` (steady).
    fn try_from(text: String) -> Result<Self, String> {
        let wrong = |what: &str| format!("{what} in the tone {text:?}; expected for example \"425 1/4\"");
        let number = |field: &str| -> Result<f64, String> {
            let value: f64 = field.parse().map_err(|_| wrong(&format!("{field:?} is no number")))?;
            (value.is_finite() && value > 0.0)
                .then_some(value)
                .ok_or_else(|| wrong(&format!("{field:?} is not above zero")))
        };
        let mut parts = text.split_whitespace();
        let pitch = parts.next().ok_or_else(|| wrong("no frequency"))?;
        let cadence = parts.next().map_or(Ok(vec![]), |c| c.split('/').map(number).collect::<Result<Vec<_>, _>>())?;
        if parts.next().is_some() {
            return Err(wrong("more than frequencies and a cadence"));
        }
        if cadence.len() % 2 == 1 {
            return Err(wrong("a cadence without its last pause"));
        }
        let (mut frequencies, modulation) = match pitch.split_once('*') {
            Some((carrier, rate)) => {
                let (carrier, rate) = (number(carrier)? as Hertz, number(rate)? as Hertz);
                (vec![carrier - rate, carrier, carrier + rate], Some(rate))
            }
            None => (pitch.split('+').map(|f| number(f).map(|f| f as Hertz)).collect::<Result<_, _>>()?, None),
        };
        frequencies.sort_by(Hertz::total_cmp);
        Ok(Self { frequencies, modulation, cadence })
    }
}

/// A country's table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    ringing: Vec<Tone>,
    busy: Vec<Tone>,
    #[serde(default)]
    congestion: Vec<Tone>,
    #[serde(default)]
    dial: Vec<Tone>,
    #[serde(default)]
    unobtainable: Vec<Tone>,
    #[serde(default)]
    sit: Vec<[Hertz; 3]>,
    source: String,
}

/// The plans that a text in the form of `tone_plans.toml` holds, by country code.
///
/// # Errors
/// Where the text is no TOML, has an unknown key, or a tone that cannot be read.
pub fn parse(text: &str) -> Result<Vec<TonePlan>, TonePlanError> {
    let entries: BTreeMap<String, Entry> = toml::from_str(text)?;
    let plan = |(country, e): (String, Entry)| TonePlan {
        country,
        aliases: e.aliases,
        name: e.name,
        ringing: e.ringing,
        busy: e.busy,
        congestion: e.congestion,
        dial: e.dial,
        unobtainable: e.unobtainable,
        sit: e.sit,
        source: e.source,
    };
    Ok(entries.into_iter().map(plan).collect())
}

/// Every plan that is built in, by country code.
pub fn plans() -> &'static [TonePlan] {
    static PLANS: LazyLock<Vec<TonePlan>> =
        LazyLock::new(|| parse(include_str!("tone_plans.toml")).expect("the built-in tone plans are tested to parse"));
    &PLANS
}

/// The plan of a country, by its code or an alias of it, in capitals or not.
pub fn plan(country: &str) -> Option<&'static TonePlan> {
    let wanted = country.trim().to_ascii_lowercase();
    plans().iter().find(|plan| plan.country == wanted || plan.aliases.contains(&wanted))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn tones(plan: &TonePlan) -> impl Iterator<Item = &Tone> {
        [&plan.ringing, &plan.busy, &plan.congestion, &plan.dial, &plan.unobtainable].into_iter().flatten()
    }

    #[test]
    fn forty_five_countries_and_more_each_with_ringing_and_busy() {
        assert!(plans().len() >= 45, "{}", plans().len());
        for plan in plans() {
            let code = &plan.country;
            assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase()), "{code}");
            assert!(!plan.ringing.is_empty() && !plan.busy.is_empty(), "{code}");
            assert!(!plan.name.is_empty() && !plan.source.is_empty(), "{code}");
        }
    }

    #[test]
    fn a_code_or_alias_means_one_country() {
        let mut seen = BTreeSet::new();
        for name in plans().iter().flat_map(|plan| plan.aliases.iter().chain([&plan.country])) {
            assert!(seen.insert(name), "{name} twice");
        }
        assert_eq!(plan("UK"), plan("gb"));
        assert_eq!(plan("xx"), None);
    }

    #[test]
    fn values_are_within_what_networks_play() {
        for plan in plans() {
            let code = &plan.country;
            for tone in tones(plan) {
                assert!(tone.frequencies.is_sorted() && (1..=3).contains(&tone.frequencies.len()), "{code} {tone:?}");
                assert!(tone.frequencies.iter().all(|f| (300.0..=1000.0).contains(f)), "{code} {tone:?}");
                assert!(tone.cadence.len().is_multiple_of(2), "{code} {tone:?}");
                assert!(tone.cadence.iter().all(|t| (0.07..=10.0).contains(t)), "{code} {tone:?}");
            }
            for ringing in &plan.ringing {
                assert!(ringing.period().is_some_and(|p| (2.0..=10.0).contains(&p)), "{code} {ringing:?}");
            }
            for engaged in plan.busy.iter().chain(&plan.congestion) {
                assert!(engaged.period().is_some_and(|p| p <= 2.6), "{code} {engaged:?}");
            }
            for sit in &plan.sit {
                assert!(sit.is_sorted() && sit[0] >= 850.0 && sit[2] <= 1900.0, "{code} {sit:?}");
            }
        }
    }

    #[test]
    fn no_tone_is_listed_twice_under_one_meaning() {
        for plan in plans() {
            for list in [&plan.ringing, &plan.busy, &plan.congestion, &plan.dial, &plan.unobtainable] {
                for (i, tone) in list.iter().enumerate() {
                    assert!(!list[..i].contains(tone), "{} {tone:?}", plan.country);
                }
            }
        }
    }

    #[test]
    fn the_dutch_ring_lasts_five_seconds_and_the_british_double_one_three() {
        assert_eq!(plan("nl").unwrap().ringing[0].period(), Some(5.0));
        assert_eq!(plan("nl").unwrap().ringing[0].frequencies, [425.0]);
        let british = &plan("gb").unwrap().ringing[0];
        assert!((british.period().unwrap() - 3.0).abs() < 1e-9);
        assert_eq!(british.frequencies, [400.0, 450.0]);
        assert_eq!(plan("gb").unwrap().unobtainable[0].period(), None);
    }

    #[test]
    fn a_modulated_tone_shows_its_sidebands() {
        let tone = Tone::try_from("400*25 0.4/0.2/0.4/2".to_string()).unwrap();
        assert_eq!((tone.frequencies, tone.modulation), (vec![375.0, 400.0, 425.0], Some(25.0)));
    }

    #[test]
    fn what_is_no_tone_is_refused_with_its_text() {
        for text in ["", "425 1", "425 1/0", "425 1/4 x", "four 1/4", "425 -1/4", "NaN", "425*x", "425 inf/1"] {
            assert!(Tone::try_from(text.to_string()).unwrap_err().contains("expected for example"), "{text}");
        }
        let error = parse("[zz]\nname = \"Z\"\nringing = [\"425 1\"]\nbusy = []\nsource = \"A\"").unwrap_err();
        assert!(error.to_string().contains("425 1"), "{error}");
        assert!(parse("[zz]\nringback = []").is_err());
    }
}
