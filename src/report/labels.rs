//! Audacity label files: what was heard, to be looked at and corrected beside the sound, and given back.
//!
//! A line a label: start, end and text between tabs, times in seconds; the text is the label's name and, behind a space,
//! its detail. One file a call, also where the caller has a channel of their own: the line's segments, and of the caller's
//! channel the keys and the `caller`'s voice, on top.
//!
//! A file that is given back replaces all that was heard of the call. One that says just what was heard changes nothing,
//! so the whole folder may be given back with a few files corrected in it.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

use crate::{
    analysis::CallAnalysis,
    audit::Note,
    interval::Interval,
    label::{Label, Layer},
    timeline::Segment,
    units::Seconds,
};

/// How long an event lasts that is labelled as a point: the shortest key that a receiver must take (ITU-T Q.24, 40 ms).
const POINT_EVENT_S: Seconds = 0.04;

/// What the label file of the recording `file` is called.
pub fn file_name(file: &str) -> String {
    format!("{file}.txt")
}

/// The label file of a call.
pub fn render(call: &CallAnalysis) -> String {
    let line = call.line();
    let callers = call.timelines.iter().filter(|timeline| timeline.channel() != line.channel());
    let callers =
        callers.flat_map(|t| t.events().iter().chain(t.segments().iter().filter(|s| s.label == Label::Caller)));
    let mut labels: Vec<&Segment> = line.segments().iter().chain(line.events()).chain(callers).collect();
    labels.sort_by(|a, b| a.interval.start().total_cmp(&b.interval.start()));
    labels.iter().fold(String::new(), |mut text, segment| {
        let (start, end) = segment.interval.into();
        let detail = segment.detail.split_whitespace().fold(String::new(), |all, word| all + " " + word);
        let _ = writeln!(text, "{start:.6}\t{end:.6}\t{}{detail}", segment.label.name());
        text
    })
}

/// A line of a label file that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderstood {
    /// Which, counted from 1.
    pub line: u64,
    /// The part of it.
    pub text: String,
}

/// The segments of a label file. Frequency ranges (lines that start with `\`) and labels without text are passed over;
/// decimal commas are read.
///
/// # Errors
/// Where a line is not understood: a correction is taken whole or not at all.
pub fn parse(text: &str) -> Result<Vec<Segment>, NotUnderstood> {
    let mut segments = vec![];
    for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let wrong = |text: &str| NotUnderstood { line: i as u64 + 1, text: format!("\"{}\"", text.trim()) };
        if line.trim().is_empty() || line.starts_with('\\') {
            continue;
        }
        let mut parts = line.splitn(3, '\t');
        let mut moment = || {
            let text = parts.next().unwrap_or_default().trim();
            text.replace(',', ".").parse::<Seconds>().ok().filter(|s| s.is_finite())
        };
        let (Some(start), Some(end)) = (moment(), moment()) else { return Err(wrong(line)) };
        if end < start {
            return Err(wrong(line));
        }
        let said = parts.next().unwrap_or_default().trim();
        let (name, detail) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
        if name.is_empty() {
            continue;
        }
        let label = Label::from_name(&name.to_lowercase()).ok_or_else(|| wrong(name))?;
        let end = if label.layer() == Layer::Event { end.max(start + POINT_EVENT_S) } else { end };
        segments.push(Segment {
            interval: Interval::new(start, end),
            label,
            detail: detail.trim().into(),
            confidence: 1.0,
        });
    }
    Ok(segments)
}

/// A folder of corrected label files.
#[derive(Debug)]
pub struct Corrections {
    /// Where each is, by its name below the folder without the `.txt`.
    files: BTreeMap<String, PathBuf>,
}

impl Corrections {
    /// The label files in `folder` and below it.
    pub fn find(folder: &Path) -> Self {
        let all = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().filter_map(Result::ok);
        let named = all.filter_map(|entry| {
            let below = entry.path().strip_prefix(folder).ok()?.to_string_lossy().replace('\\', "/");
            let name = below.strip_suffix(".txt")?.to_owned();
            entry.file_type().is_file().then(|| (name, entry.into_path()))
        });
        Self { files: named.collect() }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Those that belong to none of the recordings `files`.
    pub fn unused<'a>(&self, files: impl IntoIterator<Item = &'a str>) -> Vec<&Path> {
        let used: std::collections::BTreeSet<_> = files.into_iter().filter_map(|file| self.path(file)).collect();
        self.files.values().map(PathBuf::as_path).filter(|path| !used.contains(path)).collect()
    }

    /// The label file of the recording `file`: named after it with or without its extension.
    fn path(&self, file: &str) -> Option<&Path> {
        let stem = || Path::new(file).with_extension("").to_str().and_then(|stem| self.files.get(stem));
        self.files.get(file).or_else(stem).map(PathBuf::as_path)
    }

    /// The segments that take the place of what was heard of the recording `file`, where they differ from it.
    ///
    /// # Errors
    /// Where the file is not understood.
    pub fn of(&self, file: &str, heard: &CallAnalysis) -> Result<Option<Vec<Segment>>, Note> {
        let Some(path) = self.path(file) else { return Ok(None) };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let refused = |line, text| Note::LabelsNotUnderstood { file: name, line, text };
        let text = match fs::read(path).map(String::from_utf8) {
            Ok(Ok(text)) => text,
            Ok(Err(e)) => return Err(refused(0, e.utf8_error().to_string())),
            Err(e) => return Err(refused(0, e.to_string())),
        };
        let segments = match parse(&text) {
            Ok(segments) => segments,
            Err(NotUnderstood { line, text }) => return Err(refused(line, text)),
        };
        Ok(Some(segments).filter(|segments| Ok(segments) != parse(&render(heard)).as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::table::tests as made;

    fn heard() -> CallAnalysis {
        made::call("a.wav").finding.unwrap()
    }

    #[test]
    fn what_audacity_opens() {
        let text = render(&heard());
        assert!(text.starts_with("0.000000\t1.000000\tsilence\n1.000000\t7.000000\tringback 2 rings\n"), "{text}");
        assert!(text.contains("12.500000\t20.000000\tmusic\n13.000000\t13.100000\tdtmf 0\n"), "{text}");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let call = heard();
        let read = parse(&render(&call)).unwrap();
        let timeline = crate::timeline::Timeline::new(call.line().channel(), 30.0, read);
        let names = |t: &crate::timeline::Timeline| {
            t.segments().iter().chain(t.events()).map(|s| (s.interval, s.label, s.detail.clone())).collect::<Vec<_>>()
        };
        assert_eq!(names(&timeline), names(call.line()));
    }

    #[test]
    fn audacitys_odd_lines_are_read() {
        let text = "\u{feff}0,5\t2,25\tMusic\r\n\\\t300.0\t3400.0\r\n3\t4\t\r\n\r\n5.0\t5.0\tdtmf  7 \r\n6\t7\tannouncement over music\r\n";
        let read = parse(text).unwrap();
        assert_eq!(read.len(), 3);
        assert_eq!((read[0].label, read[0].interval), (Label::Music, Interval::new(0.5, 2.25)));
        assert_eq!((read[1].detail.as_str(), read[1].interval), ("7", Interval::new(5.0, 5.04)));
        assert_eq!(read[2].detail, "over music");
    }

    #[test]
    fn what_is_not_understood_is_named_with_its_line() {
        for (text, line, part) in [
            ("0\t1\tmusic\n1\t2\tmuzak\n", 2, "\"muzak\""),
            ("2\t1\tmusic\n", 1, "music"),
            ("a\t1\tmusic\n", 1, "a"),
            ("1\n", 1, "\"1\""),
            ("nan\tinf\tmusic\n", 1, "nan"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.line == line && error.text.contains(part), "{error:?}");
        }
    }

    #[test]
    fn only_a_corrected_file_takes_the_place_of_what_was_heard() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("shop")).unwrap();
        let call = heard();
        fs::write(folder.path().join("shop/1.wav.txt"), render(&call)).unwrap();
        fs::write(folder.path().join("shop/2.txt"), "0\t9\tmusic\n").unwrap();
        fs::write(folder.path().join("shop/3.wav.txt"), "0\t9\tmuzak\n").unwrap();
        fs::write(folder.path().join("4.txt"), "").unwrap();
        let corrections = Corrections::find(folder.path());
        assert_eq!(corrections.of("shop/1.wav", &call), Ok(None));
        assert_eq!(corrections.of("shop/2.wav", &call).unwrap().unwrap()[0].label, Label::Music);
        let note = corrections.of("shop/3.wav", &call).unwrap_err();
        assert_eq!(note, Note::LabelsNotUnderstood { file: "3.wav.txt".into(), line: 1, text: "\"muzak\"".into() });
        assert_eq!(corrections.of("shop/5.wav", &call), Ok(None));
        let unused = corrections.unused(["shop/1.wav", "shop/2.wav", "shop/3.wav"]);
        assert_eq!(unused, [folder.path().join("4.txt")]);
    }

    proptest! {
        #[test]
        fn no_label_file_is_too_odd(text in "\\PC*|([0-9.,\\-e]{0,9}\t?){3}(music|dtmf)?\n?") {
            let _ = parse(&text);
        }
    }
}
