//! What FreePBX and Issabel generate from their screens: fixed idioms, recognised by the names of their contexts.

use std::collections::HashSet;

use super::{
    Start, pattern,
    syntax::{Dialplan, Extension, Step, arguments},
    walk::{Goal, Met, State, Walker, Way, question},
};
use crate::menu::graph::{Certainty, ExternalKind, Media, Menu, NodeKind, On, Retry, Told};

/// The wait for a key where the screen's field was left empty.
const DEFAULT_TIMEOUT_S: f64 = 10.0;
/// Extensions of a menu that are no options.
const SPECIAL: [&str; 11] = ["s", "i", "t", "h", "e", "o", "a", "T", "fax", "hang", "return"];

/// Whether a dialplan was generated: menus by number, beside the contexts that only a generator names so.
pub fn is_generated(plan: &Dialplan) -> bool {
    let named = |test: fn(&str) -> bool| plan.contexts.iter().any(|c| test(&c.name));
    let menus = named(|name| numbered(name, "ivr-"));
    menus
        && named(|name| {
            ["app-blackhole", "ext-did", "from-did-direct", "ext-local", "ext-queues", "app-announcement-1"]
                .contains(&name)
                || name.starts_with("ext-did-")
        })
        || plan.contexts.iter().any(|c| {
            c.extensions
                .iter()
                .any(|e| e.steps.values().any(|s| s.label.as_deref().is_some_and(|l| l.starts_with("ivrsel-"))))
        })
}

fn numbered(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
}

/// The inbound routes; where there are none, the menus that no other menu leads to.
pub fn entries(plan: &Dialplan) -> Vec<Start> {
    let mut starts = vec![];
    for context in plan
        .contexts
        .iter()
        .filter(|c| c.name.starts_with("ext-did") && !c.name.contains("custom") && c.name != "ext-did-catchall")
    {
        for extension in context.extensions.iter().filter(|e| !["fax", "h", "foo", "i", "t"].contains(&e.name.as_str()))
        {
            if !extension.steps.values().any(|s| s.app == "goto" || s.app == "gotoif") {
                continue;
            }
            let number = pattern::is_dialable(&extension.name).then(|| extension.name.clone());
            let label = number.clone().unwrap_or_else(|| format!("{},{}", context.name, extension.name));
            // what stands before the route's destination is bookkeeping
            let chosen =
                extension.steps.iter().find(|(_, s)| s.label.as_deref() == Some("dest-ext")).map_or(1, |(&p, _)| p);
            starts.push((label, number, State::new(&context.name, &extension.name).at(chosen)));
        }
    }
    if starts.is_empty() {
        let mut led_to = HashSet::new();
        for context in plan.contexts.iter().filter(|c| numbered(&c.name, "ivr-")) {
            let gotos = context.extensions.iter().flat_map(|e| e.steps.values()).filter(|s| s.app == "goto");
            led_to
                .extend(gotos.filter_map(|s| arguments(&s.args).first().cloned()).filter(|name| *name != context.name));
        }
        let menus: Vec<_> = plan.contexts.iter().filter(|c| numbered(&c.name, "ivr-")).collect();
        let free = menus.iter().filter(|c| !led_to.contains(&c.name));
        starts.extend(free.map(|c| (c.name.clone(), None, State::new(&c.name, "s"))));
        if starts.is_empty() {
            starts.extend(menus.first().map(|c| (c.name.clone(), None, State::new(&c.name, "s"))));
        }
    }
    starts
}

/// The menus and opening hours, so that those are seen too that no inbound route leads to.
pub fn roots(plan: &Dialplan) -> Vec<State> {
    plan.contexts.iter().filter(|c| numbered(&c.name, "ivr-")).map(|c| State::new(&c.name, "s")).collect()
}

/// What a destination of the screens is; `None` for everything that the dialplan itself tells.
pub fn idiom(walker: &mut Walker, state: &State) -> Option<Met> {
    let (context, name) = (state.context.as_str(), state.extension.clone());
    let id = format!("{context},{name}");
    let node = |kind, ways| Some(Met::Node { id: id.clone(), title: None, kind, ways });
    if state.priority != 1 && !(numbered(context, "ivr-") && name == "s") {
        return None;
    }
    match context {
        _ if numbered(context, "ivr-") && name == "s" => menu(walker, state),
        _ if numbered(context, "ivr-") && name == "return" => Some(Met::Silent(Goal::Jump(state.sibling("s")))),
        _ if numbered(context, "app-announcement-") && name == "s" => announcement(walker, state),
        "ext-queues" => {
            let extension = walker.extension(context, &name, 1)?;
            let after_s = setting(extension, "QMAXWAIT=").filter(|s| *s > 0.0);
            let to = destination(walker, state, extension);
            node(
                NodeKind::Queue { name: Some(name) },
                to.into_iter().map(|to| Way::new(On::QueueFull { after_s }, to)).collect(),
            )
        }
        "ext-group" => {
            let extension = walker.extension(context, &name, 1)?;
            let to = destination(walker, state, extension);
            node(NodeKind::Agent { name: Some(name) }, to.into_iter().map(|to| Way::new(On::Fail, to)).collect())
        }
        "ext-local" | "from-did-direct" | "ext-findmefollow" | "from-internal-xfer" => match name.strip_prefix("vm") {
            Some("ret") => None,
            Some(rest) => node(
                NodeKind::Voicemail { name: Some(rest.trim_start_matches(char::is_alphabetic).to_owned()) },
                vec![],
            ),
            None => node(NodeKind::Agent { name: Some(name) }, vec![]),
        },
        "timeconditions" => {
            let extension = walker.extension(context, &name, 1)?;
            let labelled = |label: &str| {
                extension
                    .steps
                    .values()
                    .find(|s| s.label.as_deref() == Some(label) && s.app == "goto")
                    .map(|s| s.args.clone())
            };
            let (open, closed) = (labelled("truegoto")?, labelled("falsegoto")?);
            let ways =
                vec![Way::new(On::Open, walker.jump(state, &open)), Way::new(On::Closed, walker.jump(state, &closed))];
            node(NodeKind::Hours { schedule: Some(id.clone()) }, ways)
        }
        "app-directory" | "directory" | "ext-meetme" | "disa" | "callback" | "app-vmblast" | "vmblast-grp"
        | "ext-fax" | "app-fax" | "ext-paging" => {
            node(NodeKind::External { kind: ExternalKind::Function, name: id.clone(), person: Told::Unknown }, vec![])
        }
        _ => None,
    }
}

/// The number in `NAME=${IF(...:30)}` or `NAME=30`.
fn setting(extension: &Extension, name: &str) -> Option<f64> {
    let step = extension
        .steps
        .values()
        .find(|s| s.app == "set" && s.args.starts_with(name) && s.args.contains(|c: char| c.is_ascii_digit()))?;
    let digits = step.args.trim_end_matches([')', '}', ' ']).rsplit([':', '=']).next()?;
    digits.trim().parse().ok().filter(|s: &f64| s.is_finite())
}

/// Where a queue or group sends who is not answered: the last destination of its extension.
fn destination(walker: &mut Walker, state: &State, extension: &Extension) -> Option<Goal> {
    let last = extension
        .steps
        .iter()
        .rev()
        .find(|(_, s)| s.app == "goto" || (s.app == "gotoif" && s.label.as_deref() == Some("gotodest")))?;
    let here = state.at(*last.0);
    match last.1.app.as_str() {
        "goto" => Some(walker.jump(&here, &last.1.args.clone())),
        // `?context,extension,priority:...` where the screen's destination is the first answer
        _ => {
            let (_, targets) = question(&last.1.args);
            let first = targets.split(':').next().unwrap_or_default().to_owned();
            (!first.trim().is_empty()).then(|| walker.jump(&here, &first))
        }
    }
}

/// An announcement: what it plays, and where it goes then.
fn announcement(walker: &mut Walker, state: &State) -> Option<Met> {
    let extension = walker.extension(&state.context, "s", 1)?;
    let plays = |s: &&Step| ["background", "playback"].contains(&s.app.as_str());
    let step = extension.steps.values().find(plays)?;
    let files = arguments(&step.args).first().cloned().unwrap_or_default();
    let barge_in = Told::from(step.app == "background");
    let own = extension.steps.iter().rev().find(|(_, s)| s.app == "goto").map(|(&p, s)| (state.at(p), s.args.clone()));
    let silent = || {
        walker
            .extension(&state.context, "t", 1)
            .and_then(|t| t.steps.get(&1))
            .map(|s| (state.sibling("t"), s.args.clone()))
    };
    let (here, to) = own.or_else(silent)?;
    let goal = walker.jump(&here, &to);
    let kind = NodeKind::Prompt { media: audio(&files), barge_in };
    Some(Met::Node {
        id: state.context.clone(),
        title: title(walker, state),
        kind,
        ways: vec![Way::new(On::Next, goal)],
    })
}

fn title(walker: &Walker, state: &State) -> Option<String> {
    walker.plan.context(&state.context).and_then(|c| walker.plan.contexts[c].title.clone())
}

fn audio(files: &str) -> Vec<Media> {
    let files = files.split('&').map(str::trim).filter(|f| !f.is_empty());
    files
        .map(|file| match file.contains("${") {
            true => Media::Dynamic { expression: file.to_owned() },
            false => Media::Audio { file: file.to_owned(), says: None, duration_s: None },
        })
        .collect()
}

/// A menu of the screens.
fn menu(walker: &mut Walker, state: &State) -> Option<Met> {
    let at = walker.plan.context(&state.context)?;
    let context = &walker.plan.contexts[at];
    let start = context.extension("s")?;
    let set = |steps: &Extension, name: &str| {
        steps
            .steps
            .values()
            .filter(|s| s.app == "set")
            .filter_map(|s| {
                s.args.split_once('=').filter(|(key, _)| key.trim() == name).map(|(_, v)| v.trim().to_owned())
            })
            .next()
    };
    let media = set(start, "IVR_MSG").map(|m| audio(&m)).unwrap_or_default();
    let digit_s = set(start, "TIMEOUT(digit)")
        .and_then(|v| v.parse().ok())
        .filter(|s: &f64| s.is_finite() && *s >= 0.0)
        .unwrap_or(5.0);
    let wait = start.steps.values().find(|s| s.app == "waitexten" || s.app == "read");
    let place = if wait.is_some_and(|s| s.app == "read") { 5 } else { 0 };
    let seconds =
        wait.and_then(|s| arguments(&s.args).get(place)?.parse::<f64>().ok()).filter(|s| s.is_finite() && *s > 0.0);
    let keys: Vec<&str> = context
        .extensions
        .iter()
        .map(|e| e.name.as_str())
        .filter(|n| !SPECIAL.contains(n) && pattern::is_dialable(n))
        .collect();
    let dials = context.includes.iter().any(|name| {
        name.contains("did-direct")
            || name.contains("directory") && !name.ends_with("Disabled")
            || name == "from-internal"
    }) || context.extensions.iter().any(|e| pattern::is_pattern(&e.name) && pattern::takes_digits(&e.name));
    let names = walker.options(&state.context);
    let mut ways: Vec<Way> = keys
        .iter()
        .map(|key| Way {
            wait_s: names.wait_after(key, digit_s),
            ..Way::new(On::Key((*key).to_owned()), Goal::Jump(state.sibling(key)))
        })
        .collect();
    let mut retries = vec![];
    for (name, on) in [("t", On::Timeout { nth: None }), ("i", On::Invalid { nth: None })] {
        let Some(extension) = context.extension(name) else {
            let goal = Goal::Next(State { extension: name.into(), priority: u32::MAX, ..state.clone() });
            ways.push(Way::new(on, goal).sure(Certainty::Assumed));
            retries.push(Retry { attempts: Some(1), media: vec![] });
            continue;
        };
        // `LOOPCOUNT > 3` is tested after counting: three repeats, and the fourth time is the last
        let counted = extension.steps.values().find_map(|s| {
            let (condition, _) = question(&s.args);
            let limit = (s.app == "gotoif" && condition.contains("LOOPCOUNT"))
                .then(|| condition.split_once('>').map(|(_, n)| n.to_owned()))??;
            limit.trim_matches([' ', ']', '"']).parse::<u32>().ok()
        });
        let last = extension.steps.iter().find(|(_, s)| s.label.as_deref() == Some("final")).map(|(&p, _)| p);
        let goal = match (counted, last) {
            (Some(_), Some(last)) => Goal::Jump(State { extension: name.into(), priority: last, ..state.clone() }),
            _ => Goal::Jump(state.sibling(name)),
        };
        let media = counted.and_then(|_| set(extension, "IVR_MSG")).map(|m| audio(&m)).unwrap_or_default();
        retries.push(Retry {
            attempts: Some(counted.filter(|_| last.is_some()).map_or(1, |n| n.saturating_add(1))),
            media,
        });
        ways.push(Way::new(on, goal));
    }
    let invalid = retries.pop().unwrap_or_default();
    let timeout = retries.pop().unwrap_or_default();
    let kind = NodeKind::Menu(Menu {
        media,
        timeout,
        invalid,
        no_input_s: Some(seconds.unwrap_or(DEFAULT_TIMEOUT_S)),
        inter_digit_s: Some(digit_s),
        barge_in: Told::Yes,
        direct_dial: Told::from(dials),
        ..Menu::default()
    });
    Some(Met::Node { id: state.context.clone(), title: title(walker, state), kind, ways })
}
