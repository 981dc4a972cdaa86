//! bezet audits what a caller experiences on a company's telephone line.
//!
//! The trip of the data:
//!
//! ```text
//! each recording:  bytes ──► audio ──► frames ──► detect ──► heard ──► store
//! each line:       heard of all its calls ──► line ──► repeats ──► timeline ──► metrics ──► analysis
//! each audit:      analyses ──► report ──► calls.csv, segments.csv, figures.csv, labels, charts
//! ```
//!
//! [`audio`] turns bytes into 8 kHz samples, [`frames`] makes one pass of spectra over them, [`detect`] says what each
//! channel lets hear whatever the country, [`line`](mod@line) settles what only all calls of a line can tell (whose
//! tones, which side is the caller, what comes again), [`timeline`] partitions the call, [`metrics`] measures it and
//! [`report`] writes it down. [`analysis`] is that trip on one page.
//!
//! # Floors
//!
//! A module imports only from modules above its own row (`tests/architecture.rs` reads this table):
//!
//! | module | what it owns |
//! |---|---|
//! | [`units`] | seconds, hertz, decibels, the 8 kHz that everything is heard at |
//! | [`interval`] | a stretch of time |
//! | [`packed`] | columns of numbers as bytes |
//! | [`channel`] | mono, left, right |
//! | [`language`] | Dutch and English |
//! | [`keypad`] | the keys of a telephone and their frequencies |
//! | [`label`] | what a stretch of a call can be called |
//! | [`random`] | numbers that a seed decides for ever |
//! | [`statistics`] | shares, medians, shifts, curves of waits, run charts |
//! | [`audio`] | recordings of every container and codec as blocks of samples, and what was mended |
//! | [`dsp`] | spectra |
//! | [`tone_plan`] | the tones of each country, as data |
//! | [`frames`] | one pass over a channel: the columns that every detector reads, and the speech/music network |
//! | [`detect`] | detectors, each a pure function from frames to evidence |
//! | [`heard`] | what is kept of a channel once its sound is let go |
//! | [`music`] | what hold music is made of: the notes of its tune, the loop in which it comes round |
//! | [`figure`] | a value with its confidence, its reason and the seconds it came from |
//! | [`menu`] | what a phone menu was designed to do to a caller |
//! | [`line`](mod@line) | what all calls of a line tell together |
//! | [`repeats`] | recordings that are heard again, in a call and over the calls of a line |
//! | [`timeline`] | segments that partition a call, and events on top |
//! | [`metrics`] | the figures of a call |
//! | [`walked`] | which way through its menu each call took |
//! | [`analysis`] | from recordings to judged calls |
//! | [`audit`] | the judged calls of one audit |
//! | [`history`] | the audits of all months, kept in one file |
//! | [`norms`] | norms and promises, and the verdict of an audit's calls on them |
//! | [`compare`] | two audits held against each other: what changed, and what may be chance |
//! | [`scorecard`] | the critique of waiting lines, point by point, measured over an audit's calls |
//! | [`trend`] | months, hours and lines held side by side, and what moves by more than chance |
//! | [`report`] | tables, labels, charts and sentences, in Dutch and English |
//! | [`project`] | the client's project file |
//! | [`recordings`] | which files there are, of which line, and when they were recorded |
//! | [`store`] | what was heard, kept between runs |
//! | [`batch`] | many recordings in parallel, in bounded memory |
//! | [`synth`] | transmitters: tones, keys, tunes, noise |
//! | [`simulate`] | composed calls whose truth is known |
//! | [`evaluate`] | audits held against the truth: accuracy, calibration, the worst calls |
//! | [`command`] | the command line |

#![forbid(unsafe_code)]

pub mod analysis;
pub mod audio;
pub mod audit;
pub mod batch;
pub mod channel;
pub mod command;
pub mod compare;
pub mod detect;
pub mod dsp;
pub mod evaluate;
pub mod figure;
pub mod frames;
pub mod heard;
pub mod history;
pub mod interval;
pub mod keypad;
pub mod label;
pub mod language;
pub mod line;
pub mod menu;
pub mod metrics;
pub mod music;
pub mod norms;
pub mod packed;
pub mod project;
pub mod random;
pub mod recordings;
pub mod repeats;
pub mod report;
pub mod scorecard;
pub mod simulate;
pub mod statistics;
pub mod store;
pub mod synth;
pub mod timeline;
pub mod tone_plan;
pub mod trend;
pub mod units;
pub mod walked;
