//! Asterisk dialplans (`extensions.conf`), and what FreePBX and Issabel generate from their screens.
//!
//! The dialplan is walked the way `pbx.c` runs it: a state is a context, an extension and a priority; the extension is
//! looked up in the context where the channel *is*, through its includes, literal names before patterns. A step that
//! waits for digits in a context is a menu, and its options are the extensions of that context.

mod freepbx;
mod pattern;
mod syntax;
mod walk;

use std::collections::HashSet;

use super::{
    ImportError, Importer, Problem, SourceFile,
    source::{count, open, remark},
};
use crate::menu::graph::{Certainty, Flow, Origin, RemarkKind};
use syntax::Dialplan;
use walk::{State, Walker};

/// Asterisk, FreePBX and Issabel.
pub struct Asterisk;

impl Importer for Asterisk {
    fn id(&self) -> &'static str {
        "asterisk"
    }

    fn about(&self) -> &'static str {
        "Asterisk dialplans (extensions.conf), also those that FreePBX and Issabel generate"
    }

    fn recognises(&self, bytes: &[u8], name: &str) -> bool {
        let (text, _) = super::text::decode(bytes);
        let mut lines = text.lines().map(str::trim_start);
        let exten = |line: &str| {
            let word = line.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
            line.contains('=') && ["exten", "same"].contains(&word.as_str())
        };
        lines.any(exten) || ["conf", "ael", "lua"].iter().any(|end| name.ends_with(&format!(".{end}")))
    }

    fn import(&self, files: &[SourceFile]) -> Result<Flow, ImportError> {
        let (mut flow, texts) = open(files, self.id())?;
        let mut plan = Dialplan::default();
        for (at, (file, text)) in files.iter().zip(&texts).enumerate() {
            refuse_other_languages(file, text)?;
            plan.read(at, text);
        }
        if plan.contexts.iter().all(|context| context.extensions.is_empty()) {
            let commented =
                texts.iter().any(|text| text.contains(";--") && text.to_ascii_lowercase().contains("exten"));
            let why = if commented { "every extension stands in a comment" } else { "no context with extensions" };
            return Err(ImportError::new(&files[0].name, Problem::NoFlow(why.into())));
        }
        for line in &plan.skipped {
            let place = Origin::line(line.file, count(line.line));
            remark(
                &mut flow,
                RemarkKind::NotUnderstood,
                format!("{}:{}: {}", files[line.file].name, line.line, line.why),
                place,
            );
        }
        for (file, line, name) in &plan.included_files {
            let given = files.iter().any(|f| super::source::base_name(&f.name) == super::source::base_name(name));
            if !given {
                remark(&mut flow, RemarkKind::OtherFiles, name, Origin::line(*file, count(*line)));
            }
        }
        let generated = freepbx::is_generated(&plan);
        let mut walker = Walker::new(&plan, &mut flow, generated);
        let candidates = if generated { freepbx::entries(&plan) } else { entries(&plan) };
        let starts: Vec<_> = candidates
            .into_iter()
            .map(|(label, number, state)| {
                let node = walker.walk(&state);
                (label, number, node)
            })
            .collect();
        // what no call leads to is part of the definition too
        let rest = if generated { freepbx::roots(&plan) } else { roots(&plan) };
        let mut kept: Vec<String> = rest.iter().map(|state| walker.walk(state)).collect();
        // phones that call each other, and numbers that only ring somewhere, are no way into a menu
        let asks = walker.asks();
        let any = starts.iter().any(|(_, _, id)| asks.contains(id));
        let (entered, passed): (Vec<_>, Vec<_>) = starts.into_iter().partition(|(_, _, id)| !any || asks.contains(id));
        kept.extend(entered.iter().map(|(_, _, id)| id.clone()));
        walker.finish(&kept);
        for (label, _, _) in passed {
            remark(&mut flow, RemarkKind::NotEntered, label, Origin::default());
        }
        for (label, number, id) in entered {
            flow.entry(label, number, id).certainty = if generated { Certainty::Certain } else { Certainty::Assumed };
        }
        Ok(flow.finish())
    }
}

/// AEL and Lua say the same in languages of their own.
fn refuse_other_languages(file: &SourceFile, text: &str) -> Result<(), ImportError> {
    let refuse = |what: &str| {
        let remedy = "give the dialplan that the system runs: asterisk -rx 'dialplan save extensions.conf'".into();
        Err(ImportError::new(&file.name, Problem::Unsupported { what: what.into(), remedy }))
    };
    let has = |word: &str| text.lines().any(|line| line.trim_start().starts_with(word) && line.contains('{'));
    if file.name.ends_with(".ael")
        || ((has("context ") || has("macro ")) && text.contains("=>") && !text.contains("exten"))
    {
        return refuse("a dialplan in AEL");
    }
    if file.name.ends_with(".lua") || (text.contains("extensions = {") && text.contains("app.")) {
        return refuse("a dialplan in Lua");
    }
    Ok(())
}

type Start = (String, Option<String>, State);

/// Where calls may come in: contexts that nothing leads to, with the numbers in them, or their `s`.
fn entries(plan: &Dialplan) -> Vec<Start> {
    let referred = referred(plan);
    let mut starts = vec![];
    for context in plan.contexts.iter().filter(|c| !referred.contains(&c.name) && !c.name.starts_with("macro-")) {
        let start = |name: &str| State::new(&context.name, name);
        let waits = walk::waits(context);
        let alone: Vec<&str> = context
            .extensions
            .iter()
            .map(|e| e.name.as_str())
            .filter(|name| {
                let own = *name == "s" || *name == "start";
                own || (!waits
                    && (pattern::is_dialable(name) || (pattern::is_pattern(name) && pattern::takes_digits(name))))
                    || (waits && context.extension("s").is_none() && walk::waits_in(context, name))
            })
            .collect();
        for name in alone {
            let label = if name == "s" { context.name.clone() } else { format!("{},{name}", context.name) };
            let number = pattern::is_dialable(name).then(|| name.to_owned());
            starts.push((label, number, start(name)));
        }
    }
    if starts.is_empty() {
        let first = plan
            .contexts
            .iter()
            .find(|c| walk::waits(c))
            .or_else(|| plan.contexts.iter().find(|c| !c.extensions.is_empty()));
        if let Some(context) = first {
            let name = context.extension("s").or(context.extensions.first()).map_or("s", |e| e.name.as_str());
            starts.push((context.name.clone(), None, State::new(&context.name, name)));
        }
    }
    starts
}

/// Contexts that another one names, in an include or as an argument.
fn referred(plan: &Dialplan) -> HashSet<String> {
    let mut referred = HashSet::new();
    for context in &plan.contexts {
        referred.extend(context.includes.iter().filter(|name| **name != context.name).cloned());
        for step in context.extensions.iter().flat_map(|e| e.steps.values()) {
            let words = step
                .args
                .split(|c: char| matches!(c, ',' | '?' | ':' | '|' | '@' | '(' | ')' | '&') || c.is_whitespace());
            referred
                .extend(words.filter(|word| *word != context.name && plan.context(word).is_some()).map(str::to_owned));
        }
    }
    referred
}

/// Every extension of every context that asks for keys, so that what no call reaches is seen as well.
fn roots(plan: &Dialplan) -> Vec<State> {
    let asking = plan.contexts.iter().filter(|c| !c.name.starts_with("macro-") && walk::waits(c));
    asking.flat_map(|c| c.extensions.iter().filter(|e| e.name != "h").map(|e| State::new(&c.name, &e.name))).collect()
}
