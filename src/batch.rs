//! Many recordings: heard in parallel, each on its own; then judged line by line.
//!
//! What is heard goes into a [`Store`] at once, and only one line's worth is held in memory while it is judged. A file
//! that cannot be read, or that the program fails on, becomes a [`Refusal`]; it never ends the batch.

use std::{
    any::Any,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    slice,
};

use rayon::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    analysis::{CallAnalysis, LineSettings},
    audit::{AuditedCall, Note, Refusal},
    recordings::{Recording, when},
    report::chart::Spectrogram,
    store::{Key, Store},
    timeline::Segment,
};

/// The name of the threads that hear, so that whoever reports failures can tell theirs apart.
pub const THREAD_NAME: &str = "hearing";

/// What hears and judges: [`crate::analysis`], or a stand-in that makes a batch testable without sound.
pub trait Ears: Sync {
    /// What one recording lets hear.
    type Heard: Clone + Serialize + DeserializeOwned + Send;

    /// Changes whenever the same bytes may be heard differently: what an older version heard is then not used again.
    fn version(&self) -> String;

    /// Hears one recording.
    ///
    /// # Errors
    /// Where it cannot be read at all.
    fn listen(&self, path: &Path) -> Result<Self::Heard, Refusal>;

    /// Judges all calls of one line together; one result a call, in their order. `labels` holds corrected segments.
    fn judge(
        &self,
        calls: &[Self::Heard],
        labels: &[Option<Vec<Segment>>],
        settings: &LineSettings,
    ) -> Vec<CallAnalysis>;

    /// A picture of the sound of a recording that was judged, where there is one.
    fn spectrogram(&self, path: &Path, call: &CallAnalysis) -> Option<Spectrogram> {
        let _ = (path, call);
        None
    }

    /// Words what kept a file from being opened.
    fn unopened(&self, path: &Path, error: io::Error) -> Refusal;

    /// Words a failure of the program itself.
    fn failed(&self, what: &str) -> Refusal;
}

/// A recording that was heard, or refused.
#[derive(Clone, Debug)]
pub struct HeardCall {
    /// Which one.
    pub recording: Recording,
    /// The SHA-256 of its bytes, where they could be read.
    pub content: Option<String>,
    /// Where the store keeps what was heard, or why nothing was.
    pub heard: Result<Key, Refusal>,
}

/// One recording is done.
#[derive(Clone, Copy, Debug)]
pub struct Done<'a> {
    /// Which one.
    pub recording: &'a Recording,
    /// Whether an earlier run had heard it.
    pub from_store: bool,
}

/// The threads that a batch works on.
///
/// # Errors
/// Where they cannot be started.
pub fn threads(jobs: usize) -> io::Result<rayon::ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).thread_name(|_| THREAD_NAME.into());
    pool.build().map_err(io::Error::other)
}

/// Hears `recordings` on the threads that it is called from; the result is in their order. `tell` is called as soon as a
/// recording is done and kept.
///
/// # Errors
/// Where what was heard cannot be kept.
pub fn hear<E: Ears>(
    ears: &E,
    recordings: Vec<Recording>,
    store: &Store,
    tell: impl Fn(Done) + Sync,
) -> io::Result<Vec<HeardCall>> {
    let version = ears.version();
    // one by one: a long recording must not keep its neighbours waiting
    let heard = recordings.into_par_iter().with_max_len(1).map(|recording| {
        let key = Key::of(&recording.path, &version);
        let content = key.as_ref().ok().map(|key| key.content().to_owned());
        let (heard, from_store) = match key {
            Err(e) => (Err(ears.unopened(&recording.path, e)), false),
            Ok(key) if store.has(&key) => (Ok(key), true),
            Ok(key) => match listen(ears, &recording.path) {
                Err(refusal) => (Err(refusal), false),
                Ok(heard) => {
                    store.save(&key, &heard)?;
                    (Ok(key), false)
                }
            },
        };
        tell(Done { recording: &recording, from_store });
        Ok(HeardCall { recording, content, heard })
    });
    heard.collect()
}

/// Where corrected labels come from: for a call's file name and what is said of it without them, the segments that take
/// the place of what was heard, if any.
pub type Labels<'a> = &'a dyn Fn(&str, &CallAnalysis) -> Result<Option<Vec<Segment>>, Note>;

/// How the calls of a line are judged.
pub struct Judging<'a, E: Ears> {
    /// By whom.
    pub ears: &'a E,
    /// Where what was heard is kept.
    pub store: &'a Store,
    /// What is known of the line.
    pub settings: LineSettings,
    /// The time zone of times that recordings themselves tell.
    pub zone: chrono_tz::Tz,
    /// Where corrected labels come from.
    pub labels: Option<Labels<'a>>,
}

impl<E: Ears> Judging<'_, E> {
    /// Judges all calls of one line together; the result is in their order.
    pub fn judge(&self, calls: Vec<HeardCall>) -> Vec<AuditedCall> {
        let (mut heard, mut audited, mut read) = (vec![], vec![], vec![]);
        for call in calls {
            // where the store's file was lost or damaged since, the recording is heard again
            let loaded = call
                .heard
                .and_then(|key| self.store.load(&key).map_or_else(|| listen(self.ears, &call.recording.path), Ok));
            match loaded {
                Ok(call_heard) => {
                    read.push((call.recording, call.content));
                    heard.push(call_heard);
                }
                Err(refusal) => audited.push(self.audited(call.recording, call.content, Err(refusal))),
            }
        }
        let mut judged = self.together(&heard, &vec![None; heard.len()]);
        if let Some(labels) = self.labels {
            let corrected = read.iter_mut().zip(&judged).map(|((recording, _), judged)| {
                labels(&recording.file, judged.as_ref().ok()?).unwrap_or_else(|note| {
                    recording.notes.push(note);
                    None
                })
            });
            let corrected: Vec<_> = corrected.collect();
            if corrected.iter().any(Option::is_some) {
                judged = self.together(&heard, &corrected);
            }
        }
        audited.extend(
            read.into_iter().zip(judged).map(|((recording, content), judged)| self.audited(recording, content, judged)),
        );
        audited.sort_by(|a, b| a.file.cmp(&b.file));
        audited
    }

    /// Judges calls together. Where the program fails on that, calls that it fails on alone are refused and the others are
    /// judged without them.
    fn together(&self, calls: &[E::Heard], labels: &[Option<Vec<Segment>>]) -> Vec<Result<CallAnalysis, Refusal>> {
        let judge = |calls: &[E::Heard], labels: &[Option<Vec<Segment>>]| {
            let judged = catch_unwind(AssertUnwindSafe(|| self.ears.judge(calls, labels, &self.settings)));
            let judged = judged.map_err(|panic| self.ears.failed(&message(&*panic)))?;
            match judged.len() == calls.len() {
                true => Ok(judged),
                false => Err(self.ears.failed("not every call was judged")),
            }
        };
        if calls.is_empty() {
            return vec![];
        }
        if let Ok(judged) = judge(calls, labels) {
            return judged.into_iter().map(Ok).collect();
        }
        let alone = calls.iter().zip(labels).map(|(call, label)| judge(slice::from_ref(call), slice::from_ref(label)));
        let alone: Vec<Result<(), Refusal>> = alone.map(|judged| judged.map(|_| ())).collect();
        let well = |i: &usize| alone[*i].is_ok();
        let (calls, labels): (Vec<_>, Vec<_>) =
            (0..calls.len()).filter(well).map(|i| (calls[i].clone(), labels[i].clone())).unzip();
        let mut judged = match judge(&calls, &labels) {
            Ok(judged) => judged.into_iter().map(Ok).collect(),
            Err(refusal) => vec![Err(refusal); calls.len()],
        }
        .into_iter();
        let one = |alone: Result<(), Refusal>| {
            alone.and_then(|()| judged.next().unwrap_or_else(|| unreachable!("one a call")))
        };
        alone.into_iter().map(one).collect()
    }

    fn audited(
        &self,
        recording: Recording,
        content: Option<String>,
        finding: Result<CallAnalysis, Refusal>,
    ) -> AuditedCall {
        let Recording { path, file, line, recorded_at, contact_reason, mut notes } = recording;
        let in_file = finding.as_ref().ok().and_then(|call| call.recording.recorded_at);
        let moment = recorded_at
            .or_else(|| when::Written::Local(in_file?).in_zone(self.zone))
            .or_else(|| when::in_file_name(&path.file_name()?.to_string_lossy(), self.zone));
        if moment.is_some_and(|moment| moment.shown_twice) {
            notes.push(Note::TimeShownTwice);
        }
        let recorded_at = moment.map(|moment| moment.at);
        AuditedCall { file, content, line, recorded_at, contact_reason, notes, finding }
    }
}

/// Hears one recording; a failure of the program is a refusal of that recording.
fn listen<E: Ears>(ears: &E, path: &Path) -> Result<E::Heard, Refusal> {
    catch_unwind(AssertUnwindSafe(|| ears.listen(path))).unwrap_or_else(|panic| Err(ears.failed(&message(&*panic))))
}

/// What a panic says.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into())
}
