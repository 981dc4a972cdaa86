//! `bezet audit`: turns recordings into figures and charts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    fs,
    io::{self, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::{
    Status,
    condition::FailOn,
    definition,
    progress::Progress,
    prompts::{self, Prompts},
    pseudonyms::PseudonymList,
    refused::{Misuse, Refused},
};
use crate::{
    analysis::{CallAnalysis, LineSettings},
    audit::{Audit, AuditedCall, Note, entries::entries, kept},
    batch::{self, Ears, HeardCall, Judging},
    norms::{Norm, NormError, Norms},
    project::{self, CallerChannel, Country, DEFAULT_TIME_ZONE, Project},
    recordings,
    repeats::Known,
    report::{
        self,
        chart::Spectrogram,
        csv::{self, Dialect},
        json,
        labels::{self, Corrections},
        notes, page,
        pictures::{self, Charts},
        summary, table,
        walked::{self, LineDesign},
        words::{Language, Say},
        write::{Manifest, OutputFolder, Staging},
        xlsx,
    },
    store::{Key, Store},
    walked::Design,
};

/// Where the arguments of the last run are kept, below the hidden folder.
const ARGUMENTS: &str = "arguments.json";

/// How many of the calls that missed a norm are named on the terminal.
const NAMED: usize = 10;

/// What `bezet audit` is told.
#[derive(Clone, Debug, Default, clap::Args, Serialize, Deserialize)]
#[serde(default)]
pub struct Args {
    /// Recordings, and folders with all that is in them; without any, those that the project file lists
    #[arg(value_name = "RECORDINGS")]
    recordings: Vec<PathBuf>,

    /// The client's project file; without it and without recordings, bezet.toml in the current folder
    #[arg(long, value_name = "FILE")]
    project: Option<PathBuf>,

    /// The folder for the results
    #[arg(long, value_name = "DIR", default_value = "bezet-audit")]
    #[serde(skip)]
    out: PathBuf,

    /// Whose tones the lines use, such as nl, be or gb; otherwise found out from the sound
    #[arg(long, value_name = "CODE")]
    country: Option<Country>,

    /// The language of charts and sentences [default: that of the project file, else nl]
    #[arg(long)]
    lang: Option<Language>,

    /// Which side of a two-channel recording is the caller; otherwise found out from the sound
    #[arg(long, value_name = "SIDE")]
    caller_channel: Option<CallerChannel>,

    /// Which charts to draw [default: summary]
    #[arg(long)]
    charts: Option<Charts>,

    /// How many recordings to hear at once [default: as many as the computer has cores]
    #[arg(long, value_name = "N")]
    #[serde(skip)]
    jobs: Option<NonZeroUsize>,

    /// Go on with the run that was interrupted, with the arguments that it had; others given now replace them
    #[arg(long)]
    #[serde(skip)]
    resume: bool,

    /// Hear everything again, also what earlier runs have heard and what has not changed since
    #[arg(long, conflicts_with = "resume")]
    #[serde(skip)]
    fresh: bool,

    /// How the tables are written [default: plain]
    #[arg(long, value_name = "KIND")]
    csv: Option<Dialect>,

    /// Also write calls.jsonl, prompts.jsonl and lines.jsonl, one JSON object a row
    #[arg(long)]
    json: bool,

    /// Also write audit.xlsx, the tables as an Excel workbook
    #[arg(long)]
    xlsx: bool,

    /// Also write report.html, the client's report, from which the recordings can be played where they lie
    #[arg(long)]
    report: bool,

    /// Put pseudonyms in the place of file names and of lines that the project file does not name, in all that is written;
    /// who is who stands beside the results, not among them
    #[arg(long)]
    anonymise: bool,

    /// Where the pseudonyms are kept, so that a call has the same one next month [default: beside the results]
    #[arg(long, value_name = "FILE", requires = "anonymise")]
    pseudonyms: Option<PathBuf>,

    /// A folder with the company's own prompt files, which are looked for in the calls and give them their names; with a
    /// folder below it that is called as a line is, that one for that line [default: each line's in the project file]
    #[arg(long, value_name = "DIR")]
    prompts: Option<PathBuf>,

    /// The definition of the lines' phone menu, as `bezet menu` reads it; files that refer to each other are all given. The
    /// calls are held against it [default: each line's in the project file]
    #[arg(long, value_name = "FILE")]
    menu: Vec<PathBuf>,

    /// The names that were given to messages by hand: a groups.toml of an earlier audit, with names filled in
    #[arg(long, value_name = "FILE")]
    groups: Option<PathBuf>,

    /// A folder with corrected label files, which take the place of what was heard
    #[arg(long, value_name = "DIR")]
    labels: Option<PathBuf>,

    /// A norm to judge the calls by: a name that `bezet norms` lists, or a file of norms; repeatable. Takes the place of
    /// the project file's
    #[arg(long, value_name = "NORM")]
    norm: Vec<String>,

    /// What no call may be, as "total_wait_s>180" or "outcome=no_answer" (a column of calls.csv), or "norms" for a norm that
    /// is not met; repeatable. Where it happens, the exit code is 1
    #[arg(long, value_name = "CONDITION")]
    fail_on: Vec<FailOn>,
}

impl Args {
    /// To audit `recordings`, or those of `project`, into `out`: tables alone.
    pub(super) fn without_charts(
        recordings: Vec<PathBuf>,
        project: Option<PathBuf>,
        out: PathBuf,
        language: Language,
        jobs: Option<NonZeroUsize>,
    ) -> Self {
        let (lang, charts) = (Some(language), Some(Charts::None));
        Self { recordings, project, out, lang, charts, jobs, ..Self::default() }
    }

    /// The language that the run speaks: the one asked for, else that of the project file, else the usual one.
    pub(super) fn language(&self) -> Language {
        let of_project = || project::language_of(&self.project_file()?);
        self.lang.or_else(of_project).unwrap_or_default()
    }

    /// The project file that was named, or that lies in the current folder where nothing else was named.
    fn project_file(&self) -> Option<PathBuf> {
        let here = PathBuf::from(project::FILE_NAME);
        self.project.clone().or_else(|| Some(here).filter(|path| self.recordings.is_empty() && path.is_file()))
    }

    /// These arguments, filled up with those of an `earlier` run.
    fn or(self, earlier: Self) -> Self {
        fn given<T>(now: Vec<T>, earlier: Vec<T>) -> Vec<T> {
            if now.is_empty() { earlier } else { now }
        }
        // recordings and the project belong together: those of another run would be mixed up
        let anew = !self.recordings.is_empty() || self.project.is_some();
        Self {
            recordings: if anew { self.recordings } else { earlier.recordings },
            project: if anew { self.project } else { earlier.project },
            country: self.country.or(earlier.country),
            lang: self.lang.or(earlier.lang),
            caller_channel: self.caller_channel.or(earlier.caller_channel),
            charts: self.charts.or(earlier.charts),
            csv: self.csv.or(earlier.csv),
            json: self.json || earlier.json,
            xlsx: self.xlsx || earlier.xlsx,
            report: self.report || earlier.report,
            anonymise: self.anonymise || earlier.anonymise,
            pseudonyms: self.pseudonyms.or(earlier.pseudonyms),
            prompts: self.prompts.or(earlier.prompts),
            menu: given(self.menu, earlier.menu),
            groups: self.groups.or(earlier.groups),
            labels: self.labels.or(earlier.labels),
            norm: given(self.norm, earlier.norm),
            fail_on: given(self.fail_on, earlier.fail_on),
            ..self
        }
    }
}

/// Hears, judges and writes down; the summary goes to `out`. `ears` makes what hears, for a language.
///
/// # Errors
/// Where there is nothing to hear, the project file is not understood, or the results cannot be written.
pub fn run<E: Ears>(args: Args, ears: impl FnOnce(Language) -> E, out: &mut impl Write) -> anyhow::Result<Status> {
    let kept = OutputFolder::state_of(&args.out).join(ARGUMENTS);
    let args = if args.resume { resumed(args, &kept)? } else { args };
    let project = project(&args)?;
    if args.recordings.is_empty() && project.as_ref().is_none_or(|p| p.lines.iter().all(|l| l.recordings.is_empty())) {
        return Err(Misuse::NoRecordings.into());
    }
    let folder = OutputFolder::open(&args.out, &["calls.csv", "segments.csv", "figures.csv"])?;
    if args.anonymise {
        // the paths of the recordings are names too
        super::pseudonyms::forget(&kept)?;
    } else if let Ok(text) = serde_json::to_string_pretty(&args) {
        // a path that is no text cannot be kept, and then not be resumed without naming it
        fs::write(&kept, text).with_context(|| kept.display().to_string())?;
    }
    let language = args.lang.or(project.as_ref().and_then(|p| p.language)).unwrap_or_default();
    let jobs = args.jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let norms = norms(&args, project.as_ref())?;
    let run = Run { ears: ears(language), project, language, norms, folder, args };
    let (audit, status) = batch::threads(jobs)?.install(|| run.whole())?;
    out.write_all(summary::render(&audit, &run.args.out.display().to_string(), language).as_bytes())?;
    out.write_all(report::norms::summary(&run.norms, &audit, language).as_bytes())?;
    let missed = run.failures(&audit, out)?;
    out.flush()?;
    Ok(match status {
        Status::Fine if missed => Status::NormMissed,
        status => status,
    })
}

/// The arguments with those that an earlier run left in `kept`.
fn resumed(args: Args, kept: &Path) -> anyhow::Result<Args> {
    let earlier = fs::read(kept).ok().and_then(|bytes| serde_json::from_slice::<Args>(&bytes).ok());
    let named = !args.recordings.is_empty() || args.project.is_some();
    let Some(earlier) = earlier else {
        if named {
            return Ok(args);
        }
        return Err(Misuse::NothingToResume(args.out).into());
    };
    let args = args.or(earlier);
    if !named && let Some(gone) = args.recordings.iter().chain(&args.project).find(|path| !path.exists()) {
        return Err(Refused::Gone(gone.clone()).into());
    }
    Ok(args)
}

/// Where the recordings of the audit in `folder` are: below `recordings`, else where the run that made it was told.
///
/// # Errors
/// Where that run's project file cannot be read any more.
pub fn places(folder: &Path, recordings: &[PathBuf]) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let kept = fs::read(OutputFolder::state_of(folder).join(ARGUMENTS));
    let earlier = kept.ok().and_then(|bytes| serde_json::from_slice::<Args>(&bytes).ok()).unwrap_or_default();
    let args = match recordings {
        [] => earlier,
        moved => Args { recordings: moved.to_vec(), ..earlier },
    };
    let project = if recordings.is_empty() { project(&args)? } else { None };
    let found = recordings::find(&args.recordings, project.as_ref(), DEFAULT_TIME_ZONE);
    Ok(found.recordings.into_iter().map(|recording| (recording.file, recording.path)).collect())
}

/// The norms and promises that the audit in `folder` was judged by, and the lines that its project file names: as far as
/// the run that made it left its arguments and its project file can still be read.
pub(super) fn judged_by(folder: &Path) -> (Vec<Norm>, Vec<String>) {
    let kept = fs::read(OutputFolder::state_of(folder).join(ARGUMENTS));
    let Some(args) = kept.ok().and_then(|bytes| serde_json::from_slice::<Args>(&bytes).ok()) else {
        return (vec![], vec![]);
    };
    let project = project(&args).ok().flatten();
    let lines = project.iter().flat_map(Project::line_names).collect();
    (norms(&args, project.as_ref()).unwrap_or_default(), lines)
}

/// The project file of these arguments, read.
fn project(args: &Args) -> anyhow::Result<Option<Project>> {
    Ok(args.project_file().map(|path| Project::read(&path)).transpose()?)
}

/// The norms that the command line names, else those of the project file; its promises in any case.
fn norms(args: &Args, project: Option<&Project>) -> Result<Vec<Norm>, NormError> {
    let Some(project) = project else { return told(&args.norm) };
    if args.norm.is_empty() {
        return project.norms();
    }
    Ok(told(&args.norm)?.into_iter().chain(project.promises.iter().cloned()).collect())
}

/// The norms of these names.
fn told(names: &[String]) -> Result<Vec<Norm>, NormError> {
    let found: Result<Vec<_>, _> = names.iter().map(|name| Norms::find(name, Path::new(""))).collect();
    Ok(found?.concat())
}

/// The definition of a line's menu.
struct LineMenu {
    design: Arc<Design>,
    /// Its recordings.
    known: Vec<Known>,
}

/// One run, everything settled.
struct Run<E> {
    ears: E,
    project: Option<Project>,
    language: Language,
    norms: Vec<Norm>,
    folder: OutputFolder,
    args: Args,
}

impl<E: Ears> Run<E> {
    /// From finding the recordings to the files in their places.
    fn whole(&self) -> anyhow::Result<(Audit, Status)> {
        let zone = self.project.as_ref().and_then(|p| p.timezone).unwrap_or(DEFAULT_TIME_ZONE);
        let found = recordings::find(&self.args.recordings, self.project.as_ref(), zone);
        for folder in &found.empty {
            self.tell(("geen opnamen in", "no recordings in"), folder.display());
        }
        for side_car in &found.side_cars {
            self.tell(("niet gebruikt:", "not used:"), side_car.say(self.language));
        }
        if found.recordings.is_empty() {
            return Err(Refused::NoRecordingFound.into());
        }
        let corrections = self.corrections(&found.recordings)?;
        let menus = self.menus(found.recordings.iter().map(|recording| recording.line.as_str()).collect())?;

        let store = self.store()?;
        if self.args.fresh {
            store.clear()?;
        }
        let places: BTreeMap<String, PathBuf> =
            found.recordings.iter().map(|r| (r.file.clone(), r.path.clone())).collect();
        let progress = Progress::new(&found.recordings, self.language);
        let heard = batch::hear(&self.ears, found.recordings, &store, |done| progress.tell(done))?;
        progress.finish();

        let keys: Vec<Key> = heard.iter().filter_map(|call| call.heard.clone().ok()).collect();
        let audit = self.judged(heard, &store, zone, corrections.as_ref(), &menus)?;
        let unread = audit.calls.iter().filter(|call| call.finding.is_err()).count();
        let misread = audit.calls.iter().flat_map(|call| &call.notes);
        let misread: Vec<_> = misread.filter(|note| matches!(note, Note::LabelsNotUnderstood { .. })).collect();
        for note in &misread {
            self.tell(("let op:", "mind:"), notes::note(self.language, note));
        }

        let all_read = unread == 0 && misread.is_empty() && found.side_cars.is_empty();
        let (audit, places) = match self.args.anonymise {
            true => self.anonymised(&audit, &places)?,
            false => (audit, places),
        };
        let staging = self.folder.stage()?;
        self.render(&audit, &menus, &staging, &places)?;
        staging.publish(Manifest::new(audit.client.clone(), self.language, audit.calls.len(), unread))?;
        store.keep_only(&keys)?;
        Ok((audit, if all_read { Status::Fine } else { Status::SomeUnread }))
    }

    /// What was heard before. It holds the keys that callers typed, so it lies beside results that are to be shown.
    fn store(&self) -> anyhow::Result<Store> {
        let among = self.folder.state().join("heard");
        if !self.args.anonymise {
            return Ok(Store::open(among)?);
        }
        let beside = super::pseudonyms::beside(&self.args.out, "heard")?;
        match (among.exists(), beside.exists()) {
            (true, false) => fs::rename(&among, &beside).with_context(|| beside.display().to_string())?,
            (true, true) => fs::remove_dir_all(&among).with_context(|| among.display().to_string())?,
            (false, _) => {}
        }
        Ok(Store::open(beside)?)
    }

    /// The audit under pseudonyms, and where its calls are under theirs.
    fn anonymised(
        &self,
        audit: &Audit,
        places: &BTreeMap<String, PathBuf>,
    ) -> anyhow::Result<(Audit, BTreeMap<String, PathBuf>)> {
        let list = PseudonymList::open(self.args.pseudonyms.as_deref(), &self.args.out)?;
        let named = self.project.iter().flat_map(Project::line_names).collect::<Vec<_>>();
        let (audit, pseudonyms) = list.anonymise(audit, &named, self.language)?;
        let place =
            |call: &AuditedCall| Some((call.file.clone(), places.get(pseudonyms.original(&call.file)).cloned()?));
        let places = audit.calls.iter().filter_map(place).collect();
        Ok((audit, places))
    }

    fn corrections(&self, recordings: &[recordings::Recording]) -> anyhow::Result<Option<Corrections>> {
        let Some(folder) = &self.args.labels else { return Ok(None) };
        let corrections = Corrections::find(folder);
        if corrections.is_empty() {
            return Err(Refused::NoLabels(folder.clone()).into());
        }
        for path in corrections.unused(recordings.iter().map(|recording| recording.file.as_str())) {
            self.tell(("hoort bij geen opname:", "belongs to no recording:"), path.display());
        }
        Ok(Some(corrections))
    }

    /// Judges line by line; only one line's calls are held at a time.
    fn judged(
        &self,
        heard: Vec<HeardCall>,
        store: &Store,
        zone: chrono_tz::Tz,
        corrections: Option<&Corrections>,
        menus: &BTreeMap<String, LineMenu>,
    ) -> anyhow::Result<Audit> {
        let mut lines: BTreeMap<String, Vec<HeardCall>> = BTreeMap::new();
        for call in heard {
            lines.entry(call.recording.line.clone()).or_default().push(call);
        }
        let groups = self.groups()?;
        let corrected = corrections.map(|c| move |file: &str, heard: &CallAnalysis| c.of(file, heard));
        let labels = corrected.as_ref().map(|corrected| corrected as batch::Labels);
        let mut audited = Vec::new();
        for (name, calls) in lines {
            let mut settings = self.settings(&name);
            settings.known = self.known(&name, &groups, menus.get(&name).map_or(&[], |menu| &menu.known))?;
            settings.menu = menus.get(&name).map(|menu| menu.design.clone());
            audited.extend(Judging { ears: &self.ears, store, settings, zone, labels }.judge(calls));
        }
        Ok(Audit { client: self.project.as_ref().and_then(|p| p.client.clone()), calls: audited })
    }

    /// The names that were given by hand, line by line.
    fn groups(&self) -> anyhow::Result<BTreeMap<String, Vec<Known>>> {
        let of_project = |p: &Project| p.groups.as_ref().map(|path| p.resolve(path));
        let path = self.args.groups.clone().or_else(|| self.project.as_ref().and_then(of_project));
        path.map_or_else(|| Ok(BTreeMap::new()), |path| prompts::groups(&path))
    }

    /// The definitions of these lines' menus, where they have one.
    fn menus(&self, lines: BTreeSet<&str>) -> anyhow::Result<BTreeMap<String, LineMenu>> {
        let of_line = |name: &str| {
            let project = self.project.as_ref()?;
            Some(vec![project.resolve(project.line(name)?.menu.as_ref()?)])
        };
        let mut menus = BTreeMap::new();
        for name in lines {
            let files = Some(self.args.menu.clone()).filter(|files| !files.is_empty()).or_else(|| of_line(name));
            if let Some(files) = files {
                let (design, known) = definition::design(&files)?;
                menus.insert(name.to_owned(), LineMenu { design: Arc::new(design), known });
            }
        }
        Ok(menus)
    }

    /// The recordings of the line `name` that have a name: its prompts, then those `of_menu`, then what was named by hand.
    fn known(
        &self,
        name: &str,
        groups: &BTreeMap<String, Vec<Known>>,
        of_menu: &[Known],
    ) -> anyhow::Result<Vec<Known>> {
        let own = |folder: &PathBuf| Some(folder.join(name)).filter(|own| own.is_dir()).unwrap_or(folder.clone());
        let of_line = |p: &Project| p.line(name)?.prompts.as_ref().map(|path| p.resolve(path));
        let folder = self.args.prompts.as_ref().map(own).or_else(|| self.project.as_ref().and_then(of_line));
        let prompts = folder.map(|folder| prompts::prompts(&folder)).transpose()?.unwrap_or_default();
        let Prompts { mut known, unused } = prompts;
        for (path, why) in unused {
            let why = prompts::why(self.language, &why, &path);
            self.tell(
                ("niet als bericht te gebruiken:", "of no use as a prompt:"),
                format!("{}: {why}", path.display()),
            );
        }
        let is_new = |k: &&Known| known.iter().all(|other| !other.name.eq_ignore_ascii_case(&k.name));
        let of_menu: Vec<Known> = of_menu.iter().filter(is_new).cloned().collect();
        known.extend(of_menu);
        let by_hand = groups.get(name).into_iter().flatten().filter(|g| known.iter().all(|k| k.name != g.name));
        let by_hand: Vec<Known> = by_hand.cloned().collect();
        known.extend(by_hand);
        Ok(known)
    }

    /// What is told of the line `name`: by the command line, else by the line in the project, else by the project.
    fn settings(&self, name: &str) -> LineSettings {
        let project = self.project.as_ref();
        let line = project.and_then(|p| p.line(name));
        let country = self.args.country.as_ref();
        let country = country.or(line.and_then(|l| l.country.as_ref())).or(project.and_then(|p| p.country.as_ref()));
        let caller = self.args.caller_channel.or(line.and_then(|l| l.caller_channel));
        let caller = caller.or(project.and_then(|p| p.caller_channel));
        LineSettings {
            country: country.map(|country| country.code().to_owned()),
            caller_channel: caller.and_then(CallerChannel::told),
            known: Vec::new(),
            menu: None,
        }
    }

    fn render(
        &self,
        audit: &Audit,
        menus: &BTreeMap<String, LineMenu>,
        out: &Staging,
        places: &BTreeMap<String, PathBuf>,
    ) -> anyhow::Result<()> {
        let menus: Vec<LineDesign<'_>> = menus.iter().map(|(line, menu)| (line.as_str(), &*menu.design)).collect();
        let (csv, language) = (self.args.csv.unwrap_or_default(), self.language);
        out.put("calls.csv", |file| csv::write(csv, &table::calls(), table::call_rows(audit, language), file))?;
        let segments = audit.calls.iter().flat_map(table::segment_rows);
        out.put("segments.csv", |file| csv::write(csv, &table::segments(), segments, file))?;
        let figures = audit.calls.iter().flat_map(|call| table::figure_rows(call, language));
        out.put("figures.csv", |file| csv::write(csv, &table::figures(), figures, file))?;
        out.put("prompts.csv", |file| {
            csv::write(csv, &report::prompts::columns(), report::prompts::rows(audit, language), file)
        })?;
        out.put("lines.csv", |file| {
            csv::write(csv, &report::lines::columns(), report::lines::rows(audit, language), file)
        })?;
        out.put("groups.toml", |file| report::prompts::write_groups(audit, language, file))?;
        if !menus.is_empty() {
            let rows = walked::rows(audit, &menus, language);
            out.put("menu.csv", |file| csv::write(csv, &walked::columns(), rows, file))?;
        }
        if !self.norms.is_empty() {
            let rows = report::norms::rows(&self.norms, audit, language);
            out.put("norms.csv", |file| csv::write(csv, &report::norms::columns(), rows, file))?;
        }
        let rows = report::scorecard::rows(&self.norms, audit, language);
        out.put("scorecard.csv", |file| csv::write(csv, &report::scorecard::columns(), rows, file))?;
        out.put(kept::FILE_NAME, |file| kept::keep(audit, file))?;
        if self.args.xlsx {
            let write = |file: &mut _| xlsx::write(audit, &self.norms, language, file).map_err(io::Error::other);
            out.put("audit.xlsx", write)?;
        }
        if self.args.report {
            let folder = self.args.out.canonicalize()?;
            // the way to a recording says its name
            let heard = |call: &AuditedCall| places.get(&call.file).filter(|_| !self.args.anonymise);
            let sound = |call: &AuditedCall| page::sound::link(&folder, &heard(call)?.canonicalize().ok()?);
            let page = page::render(audit, &self.norms, language, &sound)?;
            out.put("report.html", |file| file.write_all(page.as_bytes()))?;
        }
        if self.args.json {
            out.put("calls.jsonl", |file| json::write(audit, language, file))?;
            let prompts = report::prompts::rows(audit, language);
            out.put("prompts.jsonl", |file| json::write_table(&report::prompts::columns(), &prompts, file))?;
            let lines = report::lines::rows(audit, language);
            out.put("lines.jsonl", |file| json::write_table(&report::lines::columns(), &lines, file))?;
        }
        for call in &audit.calls {
            if let Ok(finding) = &call.finding {
                let name = format!("labels/{}", labels::file_name(&call.file));
                out.put(&name, |file| file.write_all(labels::render(finding).as_bytes()))?;
            }
        }
        let spectrogram = |file: &str, call: &CallAnalysis| {
            let whole = self.ears.spectrogram(places.get(file)?, call)?;
            // which keys an entry has can be read off their frequencies
            let typed = if self.args.anonymise { entries(call) } else { vec![] };
            Some(typed.into_iter().fold(whole, Spectrogram::without))
        };
        Ok(pictures::draw(audit, &menus, self.args.charts.unwrap_or_default(), language, out, spectrogram)?)
    }

    /// Says what happened that may not (`--fail-on`); whether anything did.
    fn failures(&self, audit: &Audit, out: &mut impl Write) -> io::Result<bool> {
        let mut any = false;
        for fail_on in &self.args.fail_on {
            let condition = match fail_on {
                FailOn::Norms => {
                    any |= report::norms::any_missed(&self.norms, audit);
                    continue;
                }
                FailOn::Call(condition) => condition,
            };
            let verdict = condition.judge(audit);
            let (missed, of, unknown) = (verdict.missed.len(), audit.calls.len(), verdict.unknown.len());
            any |= missed > 0;
            let line = self.language.of((
                format!("{condition}: {missed} van {of} gesprekken, {unknown} niet te meten"),
                format!("{condition}: {missed} of {of} calls, {unknown} not measurable"),
            ));
            writeln!(out, "{line}")?;
            for call in verdict.missed.iter().take(NAMED) {
                writeln!(out, "  {}", call.file)?;
            }
            if missed > NAMED {
                writeln!(out, "  ... +{}", missed - NAMED)?;
            }
        }
        Ok(any)
    }

    /// Tells the user something on the side.
    fn tell(&self, what: (&str, &str), about: impl Display) {
        let _ = writeln!(io::stderr(), "bezet: {} {about}", self.language.of(what));
    }
}
