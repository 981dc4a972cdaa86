//! The recordings of an audit: which files, what each is called in the outputs, on which line and when the call was.
//!
//! # Names
//! A recording's name is its path below the argument under which it was found. A folder that is itself a line's (one that
//! the project lists, or that holds the recording directly) keeps its own name in front: `line-00/call-001.wav`. Where two
//! names would be alike, both get their parent folders' names in front, as many as it takes.
//!
//! # Lines
//! The line is told by the project file, else by the side-car, else by the folder that the recording lies in.

mod sidecar;
mod walk;
pub mod when;

use std::{collections::BTreeMap, path::PathBuf};

use chrono_tz::Tz;

use crate::{audit::Note, project::Project};
use sidecar::SideCar;
pub use sidecar::SideCarError;
use when::Moment;

/// A recording, not yet heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Where it is.
    pub path: PathBuf,
    /// What it is called in every output, `/` as separator; no two alike.
    pub file: String,
    /// The line that was called.
    pub line: String,
    /// When the call was made, as the side-car says.
    pub recorded_at: Option<Moment>,
    /// Why the call was made, as the side-car says.
    pub contact_reason: Option<String>,
    /// What was odd about it.
    pub notes: Vec<Note>,
}

/// All recordings of an audit.
#[derive(Debug, Default)]
pub struct Found {
    /// Sorted by line, then name.
    pub recordings: Vec<Recording>,
    /// Folders in which nothing was found.
    pub empty: Vec<PathBuf>,
    /// Side-cars that could not be used.
    pub side_cars: Vec<SideCarError>,
}

/// Finds the recordings of `arguments`, or of the project's lines if there are none, and what is known of each. Times that
/// do not say their time zone are of `zone`.
///
/// A path that does not exist or cannot be opened is found too: hearing it will say why not.
pub fn find(arguments: &[PathBuf], project: Option<&Project>, zone: Tz) -> Found {
    let lines = project.map(folders_of_lines).unwrap_or_default();
    let arguments =
        if arguments.is_empty() { lines.iter().map(|(path, _)| path.clone()).collect() } else { arguments.to_vec() };
    let mut found = Found::default();
    let mut files = vec![];
    for argument in &arguments {
        let keeps_its_name = lines.iter().any(|(path, _)| walk::real(path) == walk::real(argument));
        let below = walk::files(argument, keeps_its_name);
        if below.is_empty() {
            found.empty.push(argument.clone());
        }
        files.extend(below);
    }
    walk::once(&mut files);
    walk::name_apart(&mut files);

    let lines: Vec<(PathBuf, &str)> = lines.iter().map(|(path, name)| (walk::real(path), name.as_str())).collect();
    let mut side_cars = SideCars::new(project);
    let names = count(files.iter().filter_map(|file| file.path.file_name().map(ToOwned::to_owned)));
    for file in files {
        let only_one = file.path.file_name().is_some_and(|name| names[name] == 1);
        let row = side_cars.row(&file, only_one);
        let mut recording = Recording {
            line: String::new(),
            recorded_at: None,
            contact_reason: None,
            notes: vec![],
            file: file.name(),
            path: file.path,
        };
        let mut told = None;
        if let Some((side_car, path, row)) = row {
            told = row.line.clone();
            recording.contact_reason.clone_from(&row.contact_reason);
            match side_car.moment(row, zone) {
                Some(Ok(moment)) => recording.recorded_at = Some(moment),
                Some(Err(())) => recording.notes.push(Note::TimeNotUnderstood {
                    file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                    line: row.text_line,
                    text: row.recorded_at.clone().unwrap_or_default(),
                }),
                None => {}
            }
        }
        let listed =
            lines.iter().filter(|(path, _)| file.real.starts_with(path)).max_by_key(|(path, _)| path.as_os_str().len());
        recording.line =
            listed.map(|(_, name)| (*name).to_owned()).or(told).unwrap_or_else(|| walk::folder_name(&recording.path));
        found.recordings.push(recording);
    }
    found.recordings.sort_by(|a, b| (&a.line, &a.file).cmp(&(&b.line, &b.file)));
    found.side_cars = side_cars.troubles;
    found
}

/// The paths that the project's lines list, each with its line's name.
fn folders_of_lines(project: &Project) -> Vec<(PathBuf, String)> {
    let of = |line: &crate::project::Line| {
        let paths = line.recordings.iter().map(|path| (project.resolve(path), line.name.as_str().to_owned()));
        paths.collect::<Vec<_>>()
    };
    project.lines.iter().flat_map(of).collect()
}

fn count<T: Ord>(things: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for thing in things {
        *counts.entry(thing).or_insert(0) += 1;
    }
    counts
}

/// The side-cars beside the recordings, each read once, and the project's.
struct SideCars {
    read: BTreeMap<PathBuf, Option<SideCar>>,
    projects: Option<PathBuf>,
    troubles: Vec<SideCarError>,
}

impl SideCars {
    fn new(project: Option<&Project>) -> Self {
        let projects = project.and_then(|project| project.calls.as_deref().map(|path| project.resolve(path)));
        Self { read: BTreeMap::new(), projects, troubles: vec![] }
    }

    /// The row on `file` and where it is: from the side-car nearest to it, the project's last.
    fn row(&mut self, file: &walk::File, only_one: bool) -> Option<(&SideCar, PathBuf, &sidecar::Row)> {
        let folders = file.path.ancestors().skip(1).take(file.depth).map(|folder| folder.join(sidecar::FILE_NAME));
        let paths: Vec<PathBuf> = folders.collect();
        let beside = paths.len();
        for (i, path) in paths.into_iter().chain(self.projects.clone()).enumerate() {
            if !self.read.contains_key(&path) {
                // beside the recordings it may be missing; the one that the project names must be there
                let wanted = i == beside || path.is_file();
                let read = if wanted { SideCar::read(&path) } else { Ok(None) };
                let side_car = read.unwrap_or_else(|trouble| {
                    self.troubles.push(trouble);
                    None
                });
                self.read.insert(path.clone(), side_car);
            }
            if self.read[&path].as_ref().is_some_and(|side_car| side_car.row(&file.path, only_one).is_some()) {
                let side_car = self.read[&path].as_ref()?;
                return Some((side_car, path, side_car.row(&file.path, only_one)?));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::project::DEFAULT_TIME_ZONE;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "RIFF____WAVE").unwrap();
        }
        folder
    }

    fn found(root: &Path, arguments: &[&str], project: Option<&str>) -> Vec<(String, String)> {
        let arguments: Vec<PathBuf> = arguments.iter().map(|a| root.join(a)).collect();
        let project = project.map(|text| {
            fs::write(root.join("bezet.toml"), text).unwrap();
            Project::read(&root.join("bezet.toml")).unwrap()
        });
        let found = find(&arguments, project.as_ref(), DEFAULT_TIME_ZONE);
        found.recordings.into_iter().map(|r| (r.line, r.file)).collect()
    }

    fn pairs(want: &[(&str, &str)]) -> Vec<(String, String)> {
        want.iter().map(|(line, file)| ((*line).into(), (*file).into())).collect()
    }

    const PROJECT: &str = "[[line]]\nname = \"een\"\nrecordings = [\"calls/line-00\"]\n[[line]]\nname = \"twee\"\nrecordings = [\"calls/line-01\"]\n";

    #[test]
    fn the_project_names_the_lines_with_and_without_arguments() {
        let root = folder(&["calls/line-00/1.wav", "calls/line-01/1.wav", "calls/line-01/deep/2.wav"]);
        let want = pairs(&[("een", "line-00/1.wav"), ("twee", "line-01/1.wav"), ("twee", "line-01/deep/2.wav")]);
        assert_eq!(found(root.path(), &[], Some(PROJECT)), want);
        assert_eq!(found(root.path(), &["calls"], Some(PROJECT)), want);
        assert_eq!(found(root.path(), &["calls/line-01", "calls/line-00"], Some(PROJECT)), want);
        assert_eq!(found(root.path(), &["calls/line-01/../line-00", "calls"], Some(PROJECT)), want);
    }

    #[test]
    fn without_a_project_the_folder_is_the_line() {
        let root = folder(&["calls/line-00/1.wav", "calls/line-01/deep/2.wav", "calls/3.wav"]);
        let want = pairs(&[("calls", "calls/3.wav"), ("deep", "line-01/deep/2.wav"), ("line-00", "line-00/1.wav")]);
        assert_eq!(found(root.path(), &["calls"], None), want);
        assert_eq!(found(root.path(), &["calls/line-00"], None), pairs(&[("line-00", "line-00/1.wav")]));
        assert_eq!(found(root.path(), &["calls/line-00/1.wav"], None), pairs(&[("line-00", "1.wav")]));
    }

    #[test]
    fn names_that_would_be_alike_are_told_apart_by_their_folders() {
        let root = folder(&["a/x/1.wav", "b/x/1.wav", "b/x/2.wav"]);
        let want = pairs(&[("x", "a/x/1.wav"), ("x", "b/x/1.wav"), ("x", "x/2.wav")]);
        assert_eq!(found(root.path(), &["a/x", "b/x"], None), want);
        assert_eq!(found(root.path(), &["a/x/1.wav", "b/x/1.wav", "b/x"], None).len(), 3);
        let twice = found(root.path(), &["a/x/1.wav", "a/x", "a"], None);
        assert_eq!(twice, pairs(&[("x", "1.wav")]), "one recording counts once");
    }

    #[test]
    fn folders_give_their_recordings_only_but_a_file_named_is_always_taken() {
        let root = folder(&["c/1.wav", "c/.hidden/2.wav", "c/.3.wav", "c/sound", "c/list.txt"]);
        fs::write(root.path().join("c/list.txt"), "not sound").unwrap();
        fs::write(root.path().join("c/empty.mp3"), "").unwrap();
        let want = pairs(&[("c", "c/1.wav"), ("c", "c/empty.mp3"), ("c", "c/sound")]);
        assert_eq!(found(root.path(), &["c"], None), want);
        assert_eq!(
            found(root.path(), &["c/list.txt", "c/gone.wav"], None),
            pairs(&[("c", "gone.wav"), ("c", "list.txt")])
        );
    }

    #[test]
    #[cfg(unix)]
    fn links_that_go_round_end() {
        let root = folder(&["c/a/1.wav"]);
        std::os::unix::fs::symlink(root.path().join("c"), root.path().join("c/a/again")).unwrap();
        assert_eq!(found(root.path(), &["c"], None), pairs(&[("a", "a/1.wav")]));
    }

    #[test]
    fn the_side_car_tells_line_time_and_reason() {
        let root = folder(&["calls/a/1.wav", "calls/a/2.wav", "calls/b/1.wav"]);
        let rows =
            "file,recorded_at,line,reason\na/1.wav,2026-05-12 10:15,winkel,buy\n2.wav,soon,,question\n1.wav,,elders,\n";
        fs::write(root.path().join("calls/calls.csv"), rows).unwrap();
        let found = find(&[root.path().join("calls")], None, DEFAULT_TIME_ZONE);
        let by = |name: &str| found.recordings.iter().find(|r| r.file == name).unwrap();
        assert_eq!(by("a/1.wav").line, "winkel");
        assert_eq!(by("a/1.wav").contact_reason.as_deref(), Some("buy"));
        assert_eq!(by("a/1.wav").recorded_at.unwrap().at.to_rfc3339(), "2026-05-12T10:15:00+02:00");
        assert!(matches!(&by("a/2.wav").notes[..], [Note::TimeNotUnderstood { line: 3, .. }]));
        assert_eq!(by("a/2.wav").line, "a");
        assert_eq!(by("b/1.wav").line, "b", "two recordings are called 1.wav, so a bare name tells nothing");
    }

    #[test]
    fn a_side_car_that_the_project_names_must_be_there() {
        let root = folder(&["calls/1.wav"]);
        fs::write(
            root.path().join("bezet.toml"),
            "calls = \"gone.csv\"\n[[line]]\nname = \"a\"\nrecordings = [\"calls\"]\n",
        )
        .unwrap();
        let project = Project::read(&root.path().join("bezet.toml")).unwrap();
        let found = find(&[], Some(&project), DEFAULT_TIME_ZONE);
        assert_eq!((found.recordings.len(), found.side_cars.len()), (1, 1));
    }

    #[test]
    fn a_folder_without_recordings_is_told() {
        let root = folder(&[]);
        let found = find(&[root.path().to_owned()], None, DEFAULT_TIME_ZONE);
        assert_eq!((found.recordings.len(), found.empty), (0, vec![root.path().to_owned()]));
    }
}
