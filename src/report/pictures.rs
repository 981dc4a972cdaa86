//! Which pictures an audit is given, and under which names. Each is written as SVG and, the same picture, as PNG.

use std::io::Write;

use clap::ValueEnum;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    chart::{self, Spectrogram},
    walked::{self, LineDesign},
    words::Language,
    write::{Staging, WriteError},
};
use crate::{
    analysis::CallAnalysis,
    audit::{Audit, AuditedCall},
    menu::analysis::Analysis,
};

/// The folder of the pictures, below that of the audit.
const FOLDER: &str = "charts";

/// How many pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Charts {
    /// None.
    None,
    /// Those of all calls together.
    #[default]
    Summary,
    /// Also a ribbon and a spectrogram of every call.
    All,
}

/// Draws the pictures of `audit`, whose lines have these `menus`, into `out`. `spectrogram` gives a call's spectrogram, where its sound can be had again.
///
/// # Errors
/// Where a picture cannot be written.
pub fn draw(
    audit: &Audit,
    menus: &[LineDesign<'_>],
    charts: Charts,
    language: Language,
    out: &Staging,
    spectrogram: impl Fn(&str, &CallAnalysis) -> Option<Spectrogram> + Sync,
) -> Result<(), WriteError> {
    if charts == Charts::None {
        return Ok(());
    }
    let mut pictures = of_all_calls(audit, language);
    pictures.extend(of_menus(audit, menus, language));
    pictures.into_par_iter().try_for_each(|(name, svg)| put(out, &name, &svg))?;
    if charts == Charts::All {
        audit.calls.par_iter().with_max_len(1).try_for_each(|call| of_call(call, language, out, &spectrogram))?;
    }
    Ok(())
}

fn of_all_calls(audit: &Audit, language: Language) -> Vec<(String, String)> {
    let page = |(i, svg): (usize, String)| match i {
        0 => ("calls".to_owned(), svg),
        i => (format!("calls-{}", i + 1), svg),
    };
    let mut pictures: Vec<_> = chart::stacked(audit, language).into_iter().enumerate().map(page).collect();
    pictures.push(("time-to-human".into(), chart::curve(audit, language)));
    pictures.push(("wait-by-line".into(), chart::make_up_by_line(audit, language)));
    pictures.extend(chart::make_up_by_call(audit, language).map(|svg| ("wait-by-call".into(), svg)));
    let lines = chart::messages(audit, language).into_iter().enumerate();
    pictures.extend(lines.map(|(i, (_, svg))| (format!("messages-{}", i + 1), svg)));
    let pair = chart::most_telling_pair(audit).map(|(a, b)| (&audit.calls[a], &audit.calls[b]));
    if let Some((
        AuditedCall { file: a, finding: Ok(shortest), .. },
        AuditedCall { file: b, finding: Ok(longest), .. },
    )) = pair
    {
        pictures.push(("two-calls".into(), chart::two_calls((a, shortest), (b, longest), language)));
    }
    pictures
}

/// The tree of each line's menu with its calls on it; one that has too many nodes to be drawn is left out.
fn of_menus(audit: &Audit, menus: &[LineDesign<'_>], language: Language) -> Vec<(String, String)> {
    let mut pictures = vec![];
    for (i, (line, design)) in menus.iter().enumerate() {
        let analysis = Analysis::new(&design.flow, &design.recordings);
        let traffic = walked::traffic(audit, line);
        let pages = chart::menu_tree(&analysis, Some(&traffic), language).unwrap_or_default();
        let name =
            |page: usize| if page == 0 { format!("menu-{}", i + 1) } else { format!("menu-{}-{}", i + 1, page + 1) };
        pictures.extend(pages.into_iter().enumerate().map(|(page, svg)| (name(page), svg)));
    }
    pictures
}

fn of_call(
    call: &AuditedCall,
    language: Language,
    out: &Staging,
    spectrogram: impl Fn(&str, &CallAnalysis) -> Option<Spectrogram>,
) -> Result<(), WriteError> {
    let Ok(finding) = &call.finding else { return Ok(()) };
    put(out, &format!("call/{}", call.file), &chart::ribbon(&call.file, finding, language))?;
    if let Some(picture) = spectrogram(&call.file, finding) {
        let svg = chart::spectrogram(&call.file, &picture, finding.line(), language);
        put(out, &format!("call/{}.spectrogram", call.file), &svg)?;
    }
    Ok(())
}

fn put(out: &Staging, name: &str, svg: &str) -> Result<(), WriteError> {
    out.put(&format!("{FOLDER}/{name}.svg"), |file| file.write_all(svg.as_bytes()))?;
    let png = |file: &mut dyn Write| file.write_all(&chart::png(svg).map_err(std::io::Error::other)?);
    out.put(&format!("{FOLDER}/{name}.png"), |file| png(file))
}
