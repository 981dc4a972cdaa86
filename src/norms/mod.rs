//! Norms and promises: what a call has to keep, and how many have to.
//!
//! A [`Norm`] is data: shipped in `profiles.toml`, written by the user in a file of the same form, or as a promise in his
//! project file. [`judge`] holds the calls of an audit against it. Two things make a verdict honest: calls that could not be measured
//! are never counted as kept or broken ([`Ruling::Unknown`] where they could turn the verdict), and the share comes with
//! Wilson's interval, so that ten calls do not prove what only a hundred could.

pub mod clock;
mod norm;
mod verdict;

pub use clock::{Clock, Reading};
pub use norm::{Limit, Norm, NormError, NormFault, Norms, Phrase, Unanswered, What, profiles};
pub use verdict::{Held, Kept, Ruling, Verdict, held, judge};
