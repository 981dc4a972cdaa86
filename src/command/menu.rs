//! `bezet menu`: what a phone menu was designed to do to a caller.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::ValueEnum;

use super::{
    Status,
    definition::{measure, read},
    refused::{Misuse, Refused},
};
use crate::{
    language::Language,
    menu::{
        analysis::{Analysis, ReasonCost, listening::Recordings},
        graph::{Certainty, Entry, Flow, Target},
        lint::{self, Exception, FailOn, Finding, Limits, Scene},
        native::{self, Notation},
    },
    project::{self, LintSettings, Project},
    report::{
        chart, lint as lint_report,
        menu::{self as report, MenuReport},
        menu_graph,
    },
};

/// Says what a phone menu does to a caller: keys, seconds, dead ends
///
/// FILE is the definition of a menu: of Asterisk or FreePBX (extensions.conf), FreeSWITCH (XML), VoiceXML, Amazon Connect,
/// Twilio Studio, Genesys Architect (YAML), or of bezet itself (TOML, YAML or JSON; start one with --new). Files that
/// refer to each other are given together.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    /// Definitions of the menu
    #[arg(value_name = "FILE", required_unless_present_any = ["new", "rules", "schema"])]
    files: Vec<PathBuf>,
    /// What is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Language of what is printed
    #[arg(long, value_enum, default_value = "nl")]
    lang: Language,
    /// End with code 1 where there is a finding of this level (error, warning, info) or of this rule; may be repeated
    #[arg(long, value_name = "LEVEL|CODE", value_delimiter = ',')]
    fail_on: Vec<FailOn>,
    /// The client's project file, whose [menu.lint] says which findings are accepted and why; else bezet.toml in the current
    /// folder
    #[arg(long, value_name = "FILE")]
    project: Option<PathBuf>,
    /// Another threshold of a rule; --rules lists the rules
    #[arg(long = "limit", value_name = "NAME=VALUE")]
    limits: Vec<String>,
    /// Folder of the prompts' recordings; else the one that the definition names
    #[arg(long, value_name = "DIR")]
    prompts: Option<PathBuf>,
    /// Where calls come in, as the id of a node; else what the definition says
    #[arg(long = "entry", value_name = "NODE")]
    entries: Vec<String>,
    /// Folder for the findings and for pictures of the menu
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Start a definition: write a small one with comments into this new file
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    new: Option<PathBuf>,
    /// List the rules with their sources
    #[arg(long, conflicts_with_all = ["files", "new"])]
    rules: bool,
    /// Print a JSON Schema of bezet's own format, for editors
    #[arg(long, conflicts_with_all = ["files", "new", "rules"])]
    schema: bool,
}

impl Args {
    /// The language that it speaks.
    pub(super) fn language(&self) -> Language {
        match &self.action {
            Some(Action::Export(export)) => export.lang,
            None => self.lang,
        }
    }
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Write any definition in bezet's own format, to be corrected by hand
    Export(ExportArgs),
}

/// Write any definition in bezet's own format, to be corrected by hand
#[derive(Debug, clap::Args)]
struct ExportArgs {
    /// Definitions of the menu
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Write into this new file (.toml, .yaml or .json); else TOML is printed
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Language of error messages
    #[arg(long, value_enum, default_value = "nl")]
    lang: Language,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Sentences and tables.
    Text,
    /// One object for machines.
    Json,
    /// Findings in SARIF 2.1.0.
    Sarif,
}

/// One definition with everything that was worked out about it.
struct Judged<'f> {
    analysis: Analysis<'f>,
    costs: Vec<ReasonCost>,
    findings: Vec<Finding>,
}

/// Runs the command and prints to `out`.
///
/// # Errors
/// Where an argument cannot be, or `out` or a file cannot be written. A definition that cannot be read is told on standard
/// error, and in the status.
pub fn run(args: &Args, out: &mut impl Write) -> anyhow::Result<Status> {
    if let Some(Action::Export(export)) = &args.action {
        return self::export(export, out);
    }
    if let Some(new) = &args.new {
        create(new, native::start(args.lang))?;
        return Ok(Status::Fine);
    }
    if args.rules {
        write!(out, "{}", lint_report::rules(args.lang))?;
        return Ok(Status::Fine);
    }
    if args.schema {
        write!(out, "{}", native::SCHEMA)?;
        return Ok(Status::Fine);
    }
    let settings = settings(args)?;
    let limits = args.limits.iter().try_fold(settings.limits.clone(), |limits, assignment| limits.with(assignment));
    let limits = limits.map_err(Misuse::Limit)?;
    let (mut flows, refused) = read(&args.files);
    eprint!("{}", report::errors(&refused, args.lang));
    for flow in &mut flows {
        enter(flow, &args.entries)?;
    }
    let recordings: Vec<Recordings> = flows.iter().map(|flow| measure(flow, args.prompts.as_deref())).collect();
    let judged: Vec<Judged<'_>> = flows
        .iter()
        .zip(&recordings)
        .map(|(flow, recordings)| judge(flow, recordings, &limits, &settings.allow))
        .collect();
    print(&judged, args, out)?;
    if let Some(folder) = &args.out {
        write_folder(&judged, args.lang, folder)?;
    }
    let fails = judged.iter().flat_map(|judged| &judged.findings);
    let fail_on = if args.fail_on.is_empty() { &settings.fail_on } else { &args.fail_on };
    let fails = fails.filter(|finding| fail_on.iter().any(|condition| condition.hits(finding))).count();
    Ok(match (refused.is_empty(), fails) {
        (false, _) => Status::SomeUnread,
        (true, 0) => Status::Fine,
        (true, _) => Status::NormMissed,
    })
}

/// Lets calls come in at the nodes of `ids`, where any are given.
fn enter(flow: &mut Flow, ids: &[String]) -> anyhow::Result<()> {
    let mut entries = vec![];
    for id in ids {
        let Some(node) = flow.find(id) else {
            let known: Vec<&str> = flow.nodes.iter().take(20).map(|node| node.id.as_str()).collect();
            let (menu, known) = (flow.name.clone(), known.join(", "));
            return Err(Misuse::NoNode { menu, id: id.clone(), known }.into());
        };
        let to = Target::Node(node);
        entries.push(Entry { label: id.clone(), number: None, to, certainty: Certainty::Certain });
    }
    if !entries.is_empty() {
        flow.entries = entries;
    }
    Ok(())
}

/// What the project file that was named, or that lies in the current folder, says about menus.
fn settings(args: &Args) -> anyhow::Result<LintSettings> {
    let here = Some(PathBuf::from(project::FILE_NAME)).filter(|path| path.is_file());
    let path = args.project.clone().or(here);
    Ok(path.map(|path| Project::read(&path)).transpose()?.map(|project| project.menu.lint).unwrap_or_default())
}

fn judge<'f>(flow: &'f Flow, recordings: &'f Recordings, limits: &Limits, exceptions: &[Exception]) -> Judged<'f> {
    let analysis = Analysis::new(flow, recordings);
    let costs = analysis.costs();
    let findings = lint::lint(&Scene::new(&analysis, &costs, recordings, limits, None), exceptions);
    Judged { analysis, costs, findings }
}

impl Judged<'_> {
    fn report(&self, language: Language) -> MenuReport<'_> {
        MenuReport { analysis: &self.analysis, costs: &self.costs, findings: &self.findings, language }
    }
}

fn print(judged: &[Judged<'_>], args: &Args, out: &mut impl Write) -> anyhow::Result<()> {
    match args.format {
        Format::Text => {
            for (place, one) in judged.iter().enumerate() {
                let gap = if place == 0 { "" } else { "\n\n" };
                write!(out, "{gap}{}", report::text(&one.report(args.lang)))?;
            }
        }
        Format::Json => {
            let object = json(judged, args.lang);
            // a terminal's output is written line by line
            let mut out = BufWriter::new(out);
            serde_json::to_writer_pretty(&mut out, &object)?;
            writeln!(out)?;
            out.flush()?;
        }
        Format::Sarif => {
            let mut out = BufWriter::new(out);
            serde_json::to_writer_pretty(&mut out, &sarif(judged, args.lang))?;
            writeln!(out)?;
            out.flush()?;
        }
    }
    Ok(())
}

/// The object of the one definition, or of each of several.
fn json(judged: &[Judged<'_>], language: Language) -> serde_json::Value {
    let mut objects: Vec<_> = judged.iter().map(|one| report::object(&one.report(language))).collect();
    match objects.len() {
        1 => objects.remove(0),
        _ => serde_json::json!({ "menus": objects }),
    }
}

fn sarif(judged: &[Judged<'_>], language: Language) -> serde_json::Value {
    let found: Vec<_> = judged.iter().map(|one| (one.analysis.flow, one.findings.as_slice())).collect();
    lint_report::sarif(&found, language)
}

/// Writes the figures, the findings and the pictures of each definition into `folder`.
fn write_folder(judged: &[Judged<'_>], language: Language, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let written = std::cell::RefCell::new(BTreeSet::new());
    let put = |name: String, bytes: &[u8]| {
        replace(&folder.join(&name), bytes)?;
        written.borrow_mut().insert(name);
        anyhow::Ok(())
    };
    put("menu.json".into(), format!("{:#}\n", json(judged, language)).as_bytes())?;
    put("findings.sarif".into(), format!("{:#}\n", sarif(judged, language)).as_bytes())?;
    for (place, one) in judged.iter().enumerate() {
        let stem = if judged.len() == 1 { String::new() } else { format!("{}-", place + 1) };
        let report = one.report(language);
        put(format!("{stem}menu.txt"), report::text(&report).as_bytes())?;
        put(format!("{stem}tree.dot"), menu_graph::dot(&one.analysis, language).as_bytes())?;
        put(format!("{stem}tree.mmd"), menu_graph::mermaid(&one.analysis, language).as_bytes())?;
        match chart::menu_tree(&one.analysis, None, language) {
            Ok(pages) => {
                for (page, svg) in pages.iter().enumerate() {
                    let page = if pages.len() == 1 { String::new() } else { format!("-{}", page + 1) };
                    put(format!("{stem}tree{page}.svg"), svg.as_bytes())?;
                    put(format!("{stem}tree{page}.png"), &chart::png(svg)?)?;
                }
            }
            Err(why) => eprintln!("{}", why.message(language)),
        }
        if let Some(svg) = chart::listening(&one.analysis, &one.costs, language) {
            put(format!("{stem}listening.svg"), svg.as_bytes())?;
            put(format!("{stem}listening.png"), &chart::png(&svg)?)?;
        }
    }
    clear(folder, &written.into_inner())
}

/// Where the names of what a run wrote are kept, so that the next one knows what is its own.
const LIST: &str = ".bezet-menu";

/// Removes what an earlier run wrote into `folder` and this one did not, and keeps the list for the next.
fn clear(folder: &Path, written: &BTreeSet<String>) -> anyhow::Result<()> {
    let list = folder.join(LIST);
    let earlier = fs::read_to_string(&list).unwrap_or_default();
    // names alone: nothing outside the folder is ever touched
    let is_name = |name: &&str| !name.is_empty() && Path::new(name).file_name() == Some(name.as_ref());
    for name in earlier.lines().filter(is_name).filter(|name| !written.contains(*name)) {
        match fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| folder.join(name).display().to_string());
            }
            _ => {}
        }
    }
    replace(&list, written.iter().map(|name| format!("{name}\n")).collect::<String>().as_bytes())
}

fn export(args: &ExportArgs, out: &mut impl Write) -> anyhow::Result<Status> {
    let (flows, refused) = read(&args.files);
    eprint!("{}", report::errors(&refused, args.lang));
    if let (Some(to), true) = (&args.to, flows.len() > 1) {
        return Err(Misuse::OneDefinition(to.clone()).into());
    }
    for flow in &flows {
        match &args.to {
            Some(to) => create(to, &native::export(flow, Notation::of_name(&to.to_string_lossy())))?,
            None => write!(out, "{}", native::export(flow, Notation::Toml))?,
        }
    }
    Ok(if refused.is_empty() { Status::Fine } else { Status::SomeUnread })
}

/// Writes a file that must not be there yet: what somebody filled in is not overwritten.
fn create(path: &Path, text: &str) -> anyhow::Result<()> {
    if path.exists() {
        return Err(Refused::DefinitionExists(path.into()).into());
    }
    replace(path, text.as_bytes())
}

/// Writes a file so that it is there whole or not at all.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let at = || path.display().to_string();
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    let unfinished = path.with_file_name(name);
    fs::write(&unfinished, bytes).with_context(at)?;
    fs::rename(&unfinished, path).with_context(at)
}
