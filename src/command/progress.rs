//! How far the hearing is: a bar with an estimate on a terminal, a plain line every now and then elsewhere.

use std::{
    io::{self, IsTerminal, Write},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{batch::Done, language::Language, recordings::Recording};

/// How long it is quiet between two plain lines.
const QUIET: Duration = Duration::from_secs(10);

/// The progress of one batch.
pub struct Progress {
    language: Language,
    bar: Option<ProgressBar>,
    recordings: usize,
    done: AtomicUsize,
    from_store: AtomicUsize,
    last_line: Mutex<Instant>,
}

impl Progress {
    /// For hearing `recordings`. Time is estimated from their sizes: they are not all of one length.
    pub fn new(recordings: &[Recording], language: Language) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let style = language.of((
                "  luisteren {bar:32} {percent} %  {msg}  nog {eta}",
                "  listening {bar:32} {percent} %  {msg}  {eta} left",
            ));
            let style = ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(recordings.iter().map(size).sum()).with_style(style)
        });
        let (done, from_store) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { language, bar, recordings: recordings.len(), done, from_store, last_line: Mutex::new(Instant::now()) }
    }

    /// One recording is done.
    pub fn tell(&self, done: Done) {
        let count = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.from_store.fetch_add(usize::from(done.from_store), Ordering::Relaxed);
        let so_far = format!("{count}/{}", self.recordings);
        if let Some(bar) = &self.bar {
            bar.inc(size(done.recording));
            bar.set_message(so_far);
            return;
        }
        let mut last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= QUIET {
            *last = Instant::now();
            let _ = writeln!(io::stderr(), "{} {so_far}", self.language.of(("beluisterd:", "heard:")));
        }
    }

    /// All are done.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let (all, before) = (self.recordings, self.from_store.load(Ordering::Relaxed));
        let line = match (self.language, before) {
            (Language::Nl, 0) => format!("beluisterd: {all}/{all}"),
            (Language::En, 0) => format!("heard: {all}/{all}"),
            (Language::Nl, _) => format!("beluisterd: {all}/{all}, waarvan {before} al eerder"),
            (Language::En, _) => format!("heard: {all}/{all}, {before} of them before"),
        };
        let _ = writeln!(io::stderr(), "{line}");
    }
}

fn size(recording: &Recording) -> u64 {
    recording.path.metadata().map_or(0, |file| file.len())
}
