//! From dialplan states to nodes.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, HashSet},
    rc::Rc,
};

use super::{
    freepbx, pattern,
    syntax::{Context, Dialplan, Extension, Step, application, arguments, cut, split},
};
use crate::menu::{
    graph::{Builder, Certainty, Collect, ExternalKind, Media, Menu, NodeKind, On, Origin, RemarkKind, Retry, Told},
    import::source::{count, remark},
};

/// `TIMEOUT(response)` where the dialplan does not set it (`pbx.c`).
const DEFAULT_RESPONSE_S: f64 = 10.0;
/// `TIMEOUT(digit)` where the dialplan does not set it (`pbx.c`).
const DEFAULT_DIGIT_S: f64 = 5.0;
/// More steps in a row that a caller does not notice are a circle of them.
const MOST_SILENT: usize = 20_000;
/// How many contexts the engine searches for one extension (`AST_PBX_MAX_STACK` in `pbx.c`).
const MOST_SEARCHED: usize = 128;
/// Ways that a number which is only known at run time may take.
const MOST_WAYS: usize = 64;
/// Nodes that a dialplan may come to.
const MOST_NODES: usize = 200_000;

/// Where a channel is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State {
    pub context: String,
    pub extension: String,
    pub priority: u32,
}

impl State {
    /// The first priority of an extension.
    pub fn new(context: &str, extension: &str) -> Self {
        Self { context: context.to_owned(), extension: extension.to_owned(), priority: 1 }
    }

    /// Another extension of the same context.
    pub fn sibling(&self, extension: &str) -> Self {
        Self::new(&self.context, extension)
    }

    /// Another priority of the same extension.
    pub fn at(&self, priority: u32) -> Self {
        Self { priority, ..self.clone() }
    }

    fn text(&self) -> String {
        format!("{},{},{}", self.context, self.extension, self.priority)
    }
}

/// Where a way leads: to a state that is still to be looked up, or nowhere.
#[derive(Debug, Clone)]
pub enum Goal {
    /// Somewhere in the dialplan.
    Jump(State),
    /// The next priority, whose absence is the end of the extension.
    Next(State),
    /// A node of that id.
    Node(String),
    /// Nowhere.
    Dangling(String),
}

/// A way out of a node.
#[derive(Debug, Clone)]
pub struct Way {
    pub on: On,
    pub goal: Goal,
    pub certainty: Certainty,
    pub wait_s: f64,
}

impl Way {
    /// A certain way.
    pub fn new(on: On, goal: Goal) -> Self {
        Self { on, goal, certainty: Certainty::Certain, wait_s: 0.0 }
    }

    /// The same with another certainty.
    pub fn sure(self, certainty: Certainty) -> Self {
        Self { certainty, ..self }
    }
}

/// What a state turns out to be.
pub enum Met {
    /// Nothing that a caller notices: it goes on there.
    Silent(Goal),
    /// A node with its ways.
    Node { id: String, title: Option<String>, kind: NodeKind, ways: Vec<Way> },
}

struct Made {
    id: String,
    title: Option<String>,
    origin: Origin,
    kind: NodeKind,
    edges: Vec<(Way, Result<usize, String>)>,
}

/// Walks a dialplan.
pub struct Walker<'a, 'f> {
    pub plan: &'a Dialplan,
    flow: &'f mut Builder,
    generated: bool,
    made: Vec<Made>,
    by_state: HashMap<State, Result<usize, String>>,
    by_id: HashMap<String, usize>,
    open: Vec<(usize, Vec<Way>)>,
    /// For each context that is called as a subroutine, where its callers go on.
    callers: BTreeMap<String, Vec<State>>,
    searches: RefCell<HashMap<String, Rc<[&'a Context]>>>,
    unwaiting: RefCell<HashMap<String, bool>>,
}

impl<'a, 'f> Walker<'a, 'f> {
    /// A walker that has gone nowhere yet. `generated` dialplans have FreePBX's idioms.
    pub fn new(plan: &'a Dialplan, flow: &'f mut Builder, generated: bool) -> Self {
        let mut walker = Self {
            plan,
            flow,
            generated,
            made: vec![],
            by_state: HashMap::new(),
            by_id: HashMap::new(),
            open: vec![],
            callers: BTreeMap::new(),
            searches: RefCell::default(),
            unwaiting: RefCell::default(),
        };
        walker.find_callers();
        walker
    }

    /// Walks on from a state as far as the dialplan goes; gives the id of its node.
    pub fn walk(&mut self, state: &State) -> String {
        let start = self.settle(Goal::Jump(state.clone()));
        while let Some((node, ways)) = self.open.pop() {
            for way in ways {
                let to = self.settle(way.goal.clone());
                self.made[node].edges.push((way, to));
            }
        }
        match start {
            Ok(node) => self.made[node].id.clone(),
            Err(text) => text,
        }
    }

    /// The nodes from which a caller is asked for keys, or put into a queue.
    pub fn asks(&self) -> HashSet<String> {
        let mut before: Vec<Vec<usize>> = vec![vec![]; self.made.len()];
        for (from, made) in self.made.iter().enumerate() {
            for to in made.edges.iter().filter_map(|(_, to)| to.as_ref().ok()) {
                before[*to].push(from);
            }
        }
        let asking = |m: &Made| matches!(m.kind, NodeKind::Menu(_) | NodeKind::Collect(_));
        let mut open: Vec<usize> = (0..self.made.len()).filter(|&at| asking(&self.made[at])).collect();
        let mut seen: HashSet<usize> = open.iter().copied().collect();
        while let Some(at) = open.pop() {
            open.extend(before[at].iter().copied().filter(|from| seen.insert(*from)));
        }
        seen.into_iter().map(|at| self.made[at].id.clone()).collect()
    }

    /// Writes the nodes into the flow that the walks from these nodes met.
    pub fn finish(mut self, from: &[String]) {
        let mut open: Vec<usize> = from.iter().filter_map(|id| self.by_id.get(id).copied()).collect();
        let mut seen: HashSet<usize> = HashSet::new();
        while let Some(at) = open.pop() {
            if seen.insert(at) {
                open.extend(self.made[at].edges.iter().filter_map(|(_, to)| to.as_ref().ok()));
            }
        }
        let ids: Vec<String> = self.made.iter().map(|made| made.id.clone()).collect();
        for (at, made) in std::mem::take(&mut self.made).into_iter().enumerate() {
            if !seen.contains(&at) {
                continue;
            }
            let node = self.flow.node(made.id, made.origin.clone(), made.kind);
            self.flow.at(node).title = made.title;
            for (way, to) in made.edges {
                let to = to.map_or_else(|text| text, |to| ids[to].clone());
                let edge = self.flow.link(node, way.on, to, made.origin.clone());
                (edge.certainty, edge.wait_s) = (way.certainty, way.wait_s);
            }
        }
    }

    /// The number of the node that a goal comes to, or the text of what is not there.
    fn settle(&mut self, goal: Goal) -> Result<usize, String> {
        let (mut state, mut jumped) = match goal {
            Goal::Jump(state) => (state, true),
            Goal::Next(state) => (state, false),
            Goal::Dangling(text) => return Err(text),
            Goal::Node(id) => return self.by_id.get(&id).copied().ok_or(id),
        };
        let (mut way, mut seen) = (vec![], HashSet::new());
        let found = loop {
            if let Some(found) = self.by_state.get(&state) {
                break found.clone();
            }
            if !seen.insert(state.clone()) || way.len() > MOST_SILENT || self.made.len() > MOST_NODES {
                let kind = NodeKind::Unknown { why: format!("{} goes round in itself", state.text()) };
                break Ok(self.make(&state, format!("{}:loop", state.text()), None, kind, vec![], None));
            }
            let idiom = if self.generated && jumped { freepbx::idiom(self, &state) } else { None };
            let step = self.step(&state);
            let line = step.map(|s| Origin::line(s.file, count(s.line)));
            let met = match (idiom, step) {
                (Some(met), _) => met,
                (None, Some(step)) => self.meet(&state, &step.clone()),
                (None, None) if jumped => self.nowhere(&state),
                (None, None) => self.end(&state),
            };
            match met {
                Met::Silent(Goal::Jump(next)) => {
                    way.push(std::mem::replace(&mut state, next));
                    jumped = true;
                }
                Met::Silent(Goal::Next(next)) => {
                    way.push(std::mem::replace(&mut state, next));
                    jumped = false;
                }
                Met::Silent(Goal::Dangling(text)) => break Err(text),
                Met::Silent(Goal::Node(id)) => break self.by_id.get(&id).copied().ok_or(id),
                Met::Node { id, title, kind, ways } => {
                    // one node for all steps of a menu: they share its id
                    let known = self.by_id.get(&id).copied();
                    break Ok(known.unwrap_or_else(|| self.make(&state, id, title, kind, ways, line)));
                }
            }
        };
        // the end of an extension is not what a jump there finds
        let last = (jumped || self.step(&state).is_some()).then_some(state);
        for state in way.into_iter().chain(last) {
            self.by_state.entry(state).or_insert_with(|| found.clone());
        }
        found
    }

    fn make(
        &mut self,
        state: &State,
        id: String,
        title: Option<String>,
        kind: NodeKind,
        ways: Vec<Way>,
        line: Option<Origin>,
    ) -> usize {
        let at = self.made.len();
        let context = self.plan.context(&state.context).map(|c| &self.plan.contexts[c]);
        let origin = line.or_else(|| context.map(|c| Origin::line(c.file, count(c.line)))).unwrap_or_default();
        self.by_id.insert(id.clone(), at);
        self.made.push(Made { id, title, origin, kind, edges: vec![] });
        self.open.push((at, ways));
        at
    }

    /// A jump to what is not there.
    fn nowhere(&mut self, state: &State) -> Met {
        if self.generated && self.plan.context(&state.context).is_none() {
            // FreePBX keeps its fixed contexts in files of its own
            let kind = NodeKind::External { kind: ExternalKind::Dialplan, name: state.text(), person: Told::Unknown };
            remark(self.flow, RemarkKind::OtherFiles, &state.context, Origin::default());
            return Met::Node { id: state.text(), title: None, kind, ways: vec![] };
        }
        Met::Silent(Goal::Dangling(state.text()))
    }

    /// Behind the last priority: the engine hangs up (`autofallthrough`), a macro returns.
    fn end(&mut self, state: &State) -> Met {
        if state.context.starts_with("macro-") {
            return self.returns(state);
        }
        let id = format!("{},{}:end", state.context, state.extension);
        Met::Node { id, title: None, kind: NodeKind::Hangup { said: false }, ways: vec![] }
    }

    fn returns(&self, state: &State) -> Met {
        let callers = self.callers.get(&state.context).cloned().unwrap_or_default();
        let id = format!("{}:return", state.context);
        match &callers[..] {
            [] => Met::Node { id, title: None, kind: NodeKind::Unknown { why: "Return".into() }, ways: vec![] },
            [one] => Met::Silent(Goal::Next(one.clone())),
            several => {
                let ways = several
                    .iter()
                    .take(MOST_WAYS)
                    .map(|to| Way::new(On::Match(to.text()), Goal::Next(to.clone())).sure(Certainty::Possible));
                Met::Node {
                    id,
                    title: None,
                    kind: NodeKind::Branch { on: "Return".into(), decidable: false },
                    ways: ways.collect(),
                }
            }
        }
    }

    /// Notes where each subroutine's callers go on.
    fn find_callers(&mut self) {
        for context in &self.plan.contexts {
            for extension in &context.extensions {
                for (&priority, step) in &extension.steps {
                    let here = State {
                        context: context.name.clone(),
                        extension: extension.name.clone(),
                        priority: priority + 1,
                    };
                    let called = match step.app.as_str() {
                        "gosub" => goto(&here, cut(&step.args, '(').0.trim()).map(|s| s.context),
                        "macro" => arguments(&step.args).first().map(|name| format!("macro-{name}")),
                        _ => None,
                    };
                    if let Some(called) = called.filter(|called| self.plan.context(called).is_some()) {
                        self.callers.entry(called).or_default().push(here);
                    }
                }
            }
        }
    }

    /// The contexts that are searched from one on: itself and its includes, each once.
    fn searched(&self, context: &str) -> Rc<[&'a Context]> {
        if let Some(found) = self.searches.borrow().get(context) {
            return Rc::clone(found);
        }
        let (mut found, mut open) = (vec![], vec![context]);
        let mut seen = HashSet::new();
        while let Some(name) = open.pop().filter(|_| found.len() < MOST_SEARCHED) {
            let Some(at) = self.plan.context(name).filter(|at| seen.insert(*at)) else { continue };
            let context = &self.plan.contexts[at];
            found.push(context);
            open.extend(context.includes.iter().rev().map(String::as_str));
        }
        let found: Rc<[&'a Context]> = found.into();
        self.searches.borrow_mut().insert(context.to_owned(), Rc::clone(&found));
        found
    }

    /// The extension that a name or number finds from a context on, and that has this priority.
    pub fn extension(&self, context: &str, name: &str, priority: u32) -> Option<&'a Extension> {
        self.searched(context).iter().find_map(|context| {
            let literal = context.extension(name).filter(|e| e.steps.contains_key(&priority));
            literal.or_else(|| {
                let digits = !name.is_empty()
                    && !pattern::is_pattern(name)
                    && name.chars().all(|c| c.is_alphanumeric() || "*#+-_".contains(c));
                let mut patterns = context.extensions.iter().filter(|e| digits && pattern::is_pattern(&e.name));
                patterns.find(|e| e.steps.contains_key(&priority) && pattern::matches(&e.name, name))
            })
        })
    }

    fn step(&self, state: &State) -> Option<&'a Step> {
        self.extension(&state.context, &state.extension, state.priority)?.steps.get(&state.priority)
    }

    /// Whether a special extension can be found from here.
    fn has(&self, context: &str, name: &str) -> bool {
        self.searched(context).iter().any(|c| c.extension(name).is_some())
    }

    fn meet(&mut self, state: &State, step: &Step) -> Met {
        if let Some(extension) = self.extension(&state.context, &state.extension, state.priority) {
            let region = regions(extension).into_iter().find(|r| (r.first..=r.wait).contains(&state.priority));
            if let Some(region) = region.filter(|r| r.waits || self.only_background(&state.context)) {
                return self.menu(state, extension, &region);
            }
            if let Some(read) = read_from(extension, state.priority) {
                return self.read(state, extension, read);
            }
        }
        self.app(state, step, &step.app.clone(), &step.args.clone())
    }

    /// Whether keys are only taken while prompts play in this context, since nothing in it waits.
    fn only_background(&self, context: &str) -> bool {
        if let Some(&known) = self.unwaiting.borrow().get(context) {
            return known;
        }
        let searched = self.searched(context);
        let one_key = |c: &Context| c.extensions.iter().any(|e| e.name.len() == 1 && pattern::is_dialable(&e.name));
        let only = searched.first().is_some_and(|own| one_key(own)) && !searched.iter().any(|c| waits(c));
        self.unwaiting.borrow_mut().insert(context.to_owned(), only);
        only
    }

    fn app(&mut self, state: &State, step: &Step, app: &str, args: &str) -> Met {
        let next = Goal::Next(state.at(state.priority.saturating_add(1)));
        let list = arguments(args);
        let first = list.first().cloned().unwrap_or_default();
        let origin = Origin::line(step.file, count(step.line));
        let node = |kind, ways| Met::Node { id: state.text(), title: None, kind, ways };
        let external = |kind, name: &str, person| NodeKind::External { kind, name: name.to_owned(), person };
        let called = || if args.is_empty() { app.to_owned() } else { format!("{app}({args})") };
        if let Some(media) = said(app, args, &BTreeMap::new()) {
            let barge_in = Told::from(app == "background");
            return node(NodeKind::Prompt { media, barge_in }, vec![Way::new(On::Next, next)]);
        }
        match app {
            "goto" => Met::Silent(self.jump(state, args)),
            "gotoif" | "gotoiftime" => {
                let (condition, targets) = question(args);
                let (yes, no) = cut(&targets, ':');
                let mut way =
                    |target: &str| if target.trim().is_empty() { next.clone() } else { self.jump(state, target) };
                let (yes, no) = (way(&yes), way(no.as_deref().unwrap_or_default()));
                match app {
                    "gotoiftime" => {
                        let (on_yes, on_no) = hours(&condition, &targets);
                        node(
                            NodeKind::Hours { schedule: Some(condition) },
                            vec![Way::new(on_yes, yes), Way::new(on_no, no)],
                        )
                    }
                    _ => self.branch(state, condition, vec![(None, yes), (Some(On::Else), no)], origin),
                }
            }
            "execif" => {
                let (condition, calls) = question(args);
                let (yes, no) = cut(&calls, ':');
                let (yes, no) = (application(&yes), no.map(|no| application(&no)));
                let apps = [Some(&yes), no.as_ref()];
                if apps
                    .into_iter()
                    .flatten()
                    .all(|(app, args)| is_silent(app) && said(app, args, &BTreeMap::new()).is_none())
                {
                    return Met::Silent(next);
                }
                if said(&yes.0, &yes.1, &BTreeMap::new()).is_some() {
                    return self.app(state, step, &yes.0, &yes.1);
                }
                let inner = self.called(state, step, &yes, &next, &origin);
                let other = match &no {
                    Some(no) => self.called(state, step, no, &next, &origin),
                    None => next,
                };
                self.branch(state, condition, vec![(None, inner), (Some(On::Else), other)], origin)
            }
            "gosub" | "macro" => {
                let (target, name) = match app {
                    "gosub" => (cut(args, '(').0.trim().to_owned(), cut(args, '(').0),
                    _ => (format!("macro-{first},s,1"), first.clone()),
                };
                // `Gosub(context,s,1(arguments))`, `Gosub(s,label(arguments))`
                let Some(called) = goto(state, &target) else { return Met::Silent(next) };
                let known = self.plan.context(&called.context);
                match known {
                    Some(at) if !heard(&self.plan.contexts[at]) => return Met::Silent(next),
                    // what the generator calls in passing is bookkeeping
                    _ if self.generated => return Met::Silent(next),
                    _ => {}
                }
                let mut ways = vec![Way::new(On::Next, self.jump(state, &target))];
                if known.is_none() {
                    ways.push(Way::new(On::Else, next).sure(Certainty::Possible));
                }
                node(NodeKind::Branch { on: format!("{app} {name}"), decidable: true }, ways)
            }
            "return" | "macroexit" => self.returns(state),
            "while" => {
                let after = self.matching_end(state).map_or_else(|| next.clone(), |p| Goal::Next(state.at(p + 1)));
                self.branch(state, args.to_owned(), vec![(None, next), (Some(On::Else), after)], origin)
            }
            "endwhile" | "continuewhile" => {
                let start = self.matching_start(state);
                Met::Silent(start.map_or(next, |p| Goal::Next(state.at(p))))
            }
            "exitwhile" => {
                let after = self.matching_end(state).map(|p| Goal::Next(state.at(p + 1)));
                Met::Silent(after.unwrap_or(next))
            }
            "dial" => {
                if let Some((extension, context)) = first.strip_prefix("Local/").and_then(|l| l.split_once('@')) {
                    let context = context.split('/').next().unwrap_or(context);
                    let target = self.jump(state, &format!("{context},{extension},1"));
                    return node(
                        NodeKind::Branch { on: called(), decidable: true },
                        vec![Way::new(On::Next, target), Way::new(On::Fail, next)],
                    );
                }
                // whatever number rings, somebody is to take it up
                let kind = NodeKind::Agent { name: Some(first) };
                node(kind, vec![Way::new(On::Fail, next)])
            }
            "queue" => {
                let after_s = list.get(4).and_then(|s| s.parse::<f64>().ok()).filter(|s| s.is_finite() && *s > 0.0);
                node(
                    NodeKind::Queue { name: (!first.is_empty()).then_some(first) },
                    vec![Way::new(On::QueueFull { after_s }, next)],
                )
            }
            "voicemail" => {
                let more = self.step(&state.at(state.priority + 1)).is_some();
                let ways = if more { vec![Way::new(On::Next, next)] } else { vec![] };
                node(NodeKind::Voicemail { name: (!first.is_empty()).then_some(first) }, ways)
            }
            "hangup" | "congestion" | "busy" | "softhangup" => node(NodeKind::Hangup { said: true }, vec![]),
            "agi" | "deadagi" | "fastagi" | "eagi" | "stasis" | "directory" | "disa" | "page" | "confbridge"
            | "meetme" | "voicemailmain" | "echo" | "record" | "dictate" | "agentlogin" | "chanspy" | "pickup"
            | "park" | "parkedcall" | "bridge" | "transfer" | "amd" | "minivmrecord" | "followme" | "externalivr"
            | "sendfax" | "receivefax" | "privacymanager" | "extenspy" | "voicemailplaymsg" | "sms"
            | "alarmreceiver" => {
                let person = match app {
                    "agi" | "deadagi" | "fastagi" | "eagi" | "echo" | "record" | "dictate" | "amd"
                    | "voicemailmain" => Told::No,
                    _ => Told::Unknown,
                };
                node(external(ExternalKind::Function, &called(), person), vec![Way::new(On::Next, next)])
            }
            app if is_silent(app) => Met::Silent(next),
            _ => {
                remark(self.flow, RemarkKind::NotUnderstood, app, origin);
                Met::Silent(next)
            }
        }
    }

    /// Where an application leads that is called inside of another.
    fn called(
        &mut self,
        state: &State,
        step: &Step,
        (app, args): &(String, String),
        next: &Goal,
        origin: &Origin,
    ) -> Goal {
        match app.as_str() {
            "goto" => self.jump(state, args),
            "execif" => next.clone(),
            app if is_silent(app) && said(app, args, &BTreeMap::new()).is_none() => next.clone(),
            app => match self.app(state, step, app, args) {
                Met::Silent(goal) => goal,
                Met::Node { kind, ways, .. } => {
                    let id = format!("{}:{app}", state.text());
                    self.make(state, id.clone(), None, kind, ways, Some(origin.clone()));
                    Goal::Node(id)
                }
            },
        }
    }

    /// A split on what cannot be seen.
    fn branch(&mut self, state: &State, on: String, ways: Vec<(Option<On>, Goal)>, origin: Origin) -> Met {
        let variables =
            on.split("${").skip(1).filter_map(|v| v.split(['}', ':']).next()).collect::<Vec<_>>().join(", ");
        remark(self.flow, RemarkKind::Variables, variables, origin);
        let ways = ways
            .into_iter()
            .map(|(way, goal)| Way::new(way.unwrap_or_else(|| On::Match(on.clone())), goal).sure(Certainty::Possible));
        let ways = ways.collect();
        Met::Node { id: state.text(), title: None, kind: NodeKind::Branch { on, decidable: false }, ways }
    }

    /// The target of a Goto: `priority`, `extension,priority` or `context,extension,priority`.
    pub fn jump(&mut self, state: &State, target: &str) -> Goal {
        let target = target.trim();
        let Some(mut to) = goto(state, target) else {
            // `Goto()`: nobody chose a destination, and the call drops
            let id = format!("{}:no-destination", state.text());
            if !self.by_id.contains_key(&id) {
                let line = self.step(state).map(|s| Origin::line(s.file, count(s.line)));
                self.make(state, id.clone(), None, NodeKind::Hangup { said: false }, vec![], line);
            }
            return Goal::Node(id);
        };
        let last = split_target(target).last().cloned().unwrap_or_default();
        to.extension = to.extension.replace("${EXTEN}", &state.extension).replace("${CONTEXT}", &state.context);
        to.context = to.context.replace("${CONTEXT}", &state.context);
        if to.context.contains("${") {
            return self.unknown(state, &format!("Goto({target})"));
        }
        let number = last.parse::<u32>().ok().filter(|n| *n > 0);
        if to.extension.contains("${")
            || (pattern::is_pattern(&to.extension)
                && self.extension(&to.context, &to.extension, 1).is_none()
                && self.plan.context(&to.context).is_some())
        {
            return self.any_of(state, &to, target);
        }
        match number {
            Some(number) => to.priority = number,
            None if last.contains("${") => return self.unknown(state, &format!("Goto({target})")),
            None => match self.labelled(&to, &last) {
                Some(priority) => to.priority = priority,
                None => return Goal::Dangling(format!("{},{},{last}", to.context, to.extension)),
            },
        }
        Goal::Jump(to)
    }

    /// A number that is only known at run time: any extension of the context that begins and ends as written.
    fn any_of(&mut self, state: &State, to: &State, target: &str) -> Goal {
        let id = format!("{}:any", state.text());
        if self.by_id.contains_key(&id) {
            return Goal::Node(id);
        }
        let head = to.extension.split("${").next().unwrap_or_default().trim_start_matches('_').to_owned();
        let head = if pattern::is_pattern(&to.extension) { String::new() } else { head };
        let plain = |name: &str| !["i", "t", "h", "s", "e", "o", "a", "T"].contains(&name);
        let searched = self.searched(&to.context);
        let names = searched.iter().flat_map(|c| c.extensions.iter().map(|e| e.name.as_str()));
        let names: Vec<&str> =
            names.filter(|n| plain(n) && n.trim_start_matches('_').starts_with(&head)).take(MOST_WAYS).collect();
        let on = format!("Goto({target})");
        remark(self.flow, RemarkKind::Variables, &on, Origin::default());
        if names.is_empty() {
            return match self.plan.context(&to.context) {
                None => Goal::Dangling(target.to_owned()),
                Some(_) => self.unknown(state, &on),
            };
        }
        let ways = names
            .iter()
            .map(|name| {
                Way::new(On::Match((*name).to_owned()), Goal::Jump(State::new(&to.context, name)))
                    .sure(Certainty::Possible)
            })
            .collect();
        let line = self.step(state).map(|s| Origin::line(s.file, count(s.line)));
        self.make(state, id.clone(), None, NodeKind::Branch { on, decidable: false }, ways, line);
        Goal::Node(id)
    }

    fn unknown(&mut self, state: &State, why: &str) -> Goal {
        let id = format!("{}:unknown", state.text());
        if !self.by_id.contains_key(&id) {
            remark(self.flow, RemarkKind::Variables, why, Origin::default());
            let line = self.step(state).map(|s| Origin::line(s.file, count(s.line)));
            self.make(state, id.clone(), None, NodeKind::Unknown { why: why.to_owned() }, vec![], line);
        }
        Goal::Node(id)
    }

    /// The priority of a label.
    pub fn labelled(&self, state: &State, label: &str) -> Option<u32> {
        self.searched(&state.context).iter().find_map(|context| {
            let literal = context.extension(&state.extension).into_iter();
            let patterns = context
                .extensions
                .iter()
                .filter(|e| pattern::is_pattern(&e.name) && pattern::matches(&e.name, &state.extension));
            literal
                .chain(patterns)
                .find_map(|e| e.steps.iter().find(|(_, s)| s.label.as_deref() == Some(label)).map(|(&p, _)| p))
        })
    }

    fn matching_end(&self, state: &State) -> Option<u32> {
        let extension = self.extension(&state.context, &state.extension, state.priority)?;
        let mut depth = 0_i32;
        extension
            .steps
            .range(state.priority + 1..)
            .find(|(_, step)| {
                depth += i32::from(step.app == "while") - i32::from(step.app == "endwhile");
                depth < 0
            })
            .map(|(&p, _)| p)
    }

    fn matching_start(&self, state: &State) -> Option<u32> {
        let extension = self.extension(&state.context, &state.extension, state.priority)?;
        let mut depth = 0_i32;
        extension
            .steps
            .range(..state.priority)
            .rev()
            .find(|(_, step)| {
                depth += i32::from(step.app == "endwhile") - i32::from(step.app == "while");
                depth < 0
            })
            .map(|(&p, _)| p)
    }

    /// The dialable names that a menu in this context takes, and the patterns.
    pub fn options(&self, context: &str) -> Names<'a> {
        let (mut names, mut seen) = (Names::default(), HashSet::new());
        for name in self.searched(context).iter().flat_map(|c| c.extensions.iter().map(|e| e.name.as_str())) {
            let is_pattern = pattern::is_pattern(name) && pattern::takes_digits(name);
            if (is_pattern || pattern::is_dialable(name)) && seen.insert(name) {
                if is_pattern { names.patterns.push(name) } else { names.numbers.push(name) }
            }
        }
        names.sorted.clone_from(&names.numbers);
        names.sorted.sort_unstable();
        names
    }

    fn menu(&mut self, state: &State, extension: &Extension, region: &Region) -> Met {
        let names = self.options(&state.context);
        let id = match (state.extension.as_str(), regions(extension).iter().filter(|r| r.waits).count()) {
            ("s" | "start", 0 | 1) => state.context.clone(),
            (name, 0 | 1) => format!("{},{name}", state.context),
            (name, _) => format!("{},{name},{}", state.context, region.first),
        };
        let mut variables = BTreeMap::new();
        let (mut digit_s, mut response_s) = (DEFAULT_DIGIT_S, DEFAULT_RESPONSE_S);
        for step in extension.steps.range(..region.wait).map(|(_, step)| step).filter(|s| s.app == "set") {
            if let Some((name, value)) = step.args.split_once('=') {
                let name = name.trim().trim_start_matches('_');
                let seconds = value.trim().parse::<f64>().ok().filter(|s| s.is_finite() && *s >= 0.0);
                match (name.to_ascii_lowercase().as_str(), seconds) {
                    ("timeout(digit)", Some(s)) => digit_s = s,
                    ("timeout(response)", Some(s)) => response_s = s,
                    _ => drop(variables.insert(name.to_owned(), value.trim().to_owned())),
                }
            }
        }
        let steps = extension.steps.range(region.first..=region.wait).map(|(_, s)| s);
        let (mut media, mut barge) = (vec![], false);
        for step in steps {
            let (app, args) = inner(step);
            barge |= app == "background";
            media.extend(said(&app, &args, &variables).unwrap_or_default());
        }
        let wait = extension.steps.get(&region.wait);
        let seconds = wait.filter(|_| region.waits).map(|s| {
            arguments(&s.args)
                .first()
                .and_then(|a| a.parse::<f64>().ok())
                .filter(|s| s.is_finite() && *s > 0.0)
                .unwrap_or(response_s)
        });
        let silent = state.at(region.wait.saturating_add(1));
        let handler = |name: &str| self.has(&state.context, name).then(|| Goal::Jump(state.sibling(name)));
        let timeout = match (self.step(&silent).is_some(), region.waits) {
            (true, _) => Way::new(On::Timeout { nth: None }, Goal::Next(silent)),
            (false, true) => match handler("t").or_else(|| handler("e")) {
                Some(goal) => Way::new(On::Timeout { nth: None }, goal),
                None => Way::new(On::Timeout { nth: None }, Goal::Next(silent)).sure(Certainty::Assumed),
            },
            (false, false) => Way::new(On::Timeout { nth: None }, Goal::Next(silent)).sure(Certainty::Assumed),
        };
        let keys = names.numbers.iter().map(|name| Way {
            wait_s: names.wait_after(name, digit_s),
            ..Way::new(On::Key((*name).to_owned()), Goal::Jump(state.sibling(name)))
        });
        let patterns = names
            .patterns
            .iter()
            .map(|name| Way::new(On::Pattern((*name).to_owned()), Goal::Jump(state.sibling(name))));
        let mut ways: Vec<Way> = keys.chain(patterns).collect();
        ways.push(timeout);
        // a pattern of one key that takes all twelve leaves no wrong key
        let all = names
            .patterns
            .iter()
            .any(|n| pattern::is_one_key(n) && "0123456789*#".chars().all(|key| pattern::matches(n, &key.to_string())));
        if !all {
            ways.push(match handler("i").or_else(|| handler("e")) {
                Some(goal) => Way::new(On::Invalid { nth: None }, goal),
                None => {
                    let end = Goal::Next(State { extension: "i".into(), priority: u32::MAX, ..state.clone() });
                    Way::new(On::Invalid { nth: None }, end).sure(Certainty::Assumed)
                }
            });
        }
        let kind = NodeKind::Menu(Menu {
            media,
            timeout: Retry { attempts: Some(1), media: vec![] },
            invalid: Retry { attempts: Some(1), media: vec![] },
            no_input_s: seconds.or(Some(0.0)),
            inter_digit_s: Some(digit_s),
            barge_in: Told::from(barge),
            direct_dial: Told::from(!names.patterns.is_empty()),
            ..Menu::default()
        });
        let context = self.plan.context(&state.context).and_then(|c| self.plan.contexts[c].title.clone());
        Met::Node { id, title: context, kind, ways }
    }

    /// `Read`: a menu where the digits are compared with keys, free digits otherwise.
    fn read(&mut self, state: &State, extension: &Extension, (first, at): (u32, u32)) -> Met {
        let Some(step) = extension.steps.get(&at) else { return Met::Silent(Goal::Next(state.at(at + 1))) };
        let list = arguments(&step.args);
        let text = |n: usize| list.get(n).map(String::as_str).filter(|s| !s.is_empty());
        let number = |n: usize| text(n).and_then(|s| s.parse::<f64>().ok()).filter(|s| s.is_finite() && *s > 0.0);
        let variable = text(0).unwrap_or_default().to_owned();
        let (mut keys, mut silent, mut next) = (vec![], None, at.saturating_add(1));
        let mut last = None;
        while let Some(step) = extension.steps.get(&next) {
            let (condition, targets) = question(&step.args);
            let test =
                ["gotoif", "execif"].contains(&step.app.as_str()).then(|| compared(&condition, &variable)).flatten();
            match test {
                Some(value) => {
                    let (yes, no) = cut(&targets, ':');
                    let yes = if step.app == "execif" { application(&yes) } else { ("goto".into(), yes) };
                    if yes.0 != "goto" {
                        break;
                    }
                    let here = state.at(next);
                    let yes =
                        if yes.1.trim().is_empty() { Goal::Next(state.at(next + 1)) } else { self.jump(&here, &yes.1) };
                    if value.is_empty() || value.eq_ignore_ascii_case("timeout") {
                        silent = Some(yes);
                    } else {
                        keys.push((value, yes));
                    }
                    last = Some(next);
                    if let Some(no) = no.filter(|no| !no.trim().is_empty()) {
                        let no = self.jump(&here, &no);
                        return self.read_node(state, &list, (first, at), extension, keys, silent, no);
                    }
                }
                None if is_silent(&step.app) => {}
                None => break,
            }
            next += 1;
        }
        let rest = Goal::Next(state.at(if last.is_some() { next } else { at + 1 }));
        let _ = number;
        self.read_node(state, &list, (first, at), extension, keys, silent, rest)
    }

    #[allow(clippy::too_many_arguments)]
    fn read_node(
        &mut self,
        state: &State,
        list: &[String],
        (first, at): (u32, u32),
        extension: &Extension,
        keys: Vec<(String, Goal)>,
        silent: Option<Goal>,
        rest: Goal,
    ) -> Met {
        let text = |n: usize| list.get(n).map(String::as_str).filter(|s| !s.is_empty());
        let number = |n: usize| text(n).and_then(|s| s.parse::<f64>().ok()).filter(|s| s.is_finite() && *s > 0.0);
        let mut media = text(1).and_then(|files| said("background", files, &BTreeMap::new())).unwrap_or_default();
        let own = !media.is_empty();
        for step in extension.steps.range(first..at).map(|(_, s)| s) {
            let (app, args) = inner(step);
            media.extend(said(&app, &args, &BTreeMap::new()).unwrap_or_default());
        }
        let max = number(2).map(|n| n as u32);
        let attempts = Some(number(4).map_or(1, |n| n.min(1e6) as u32));
        let retry = Retry { attempts, media: vec![] };
        let no_input_s = Some(number(5).unwrap_or(DEFAULT_RESPONSE_S));
        let is_menu = !keys.is_empty() && keys.iter().all(|(key, _)| pattern::is_dialable(key));
        let single = regions(extension).is_empty() && extension.steps.values().filter(|s| s.app == "read").count() == 1;
        let id = match (is_menu && single, extension.name.as_str()) {
            (true, "s" | "start") => state.context.clone(),
            (true, name) => format!("{},{name}", state.context),
            (false, _) => format!("{},{},{}", state.context, extension.name, text(0).unwrap_or("read")),
        };
        let id = if self.by_id.contains_key(&id) { format!("{id},{at}") } else { id };
        // the same question is one node, wherever in its prompts it is entered
        let id = match extension.steps.get(&at) {
            Some(step) => self
                .made
                .iter()
                .find(|m| {
                    matches!(m.kind, NodeKind::Menu(_) | NodeKind::Collect(_))
                        && m.origin == Origin::line(step.file, count(step.line))
                })
                .map_or(id, |made| made.id.clone()),
            None => id,
        };
        let mut ways = vec![];
        let kind = match is_menu {
            true => {
                ways.extend(keys.into_iter().map(|(key, goal)| {
                    // with room for more digits the engine waits for them, or for #
                    let wait_s = if max.is_none_or(|max| max as usize > key.len()) { DEFAULT_DIGIT_S } else { 0.0 };
                    Way { wait_s, ..Way::new(On::Key(key), goal) }
                }));
                ways.push(Way::new(On::Timeout { nth: None }, silent.unwrap_or_else(|| rest.clone())));
                ways.push(Way::new(On::Invalid { nth: None }, rest));
                NodeKind::Menu(Menu {
                    media,
                    timeout: retry.clone(),
                    invalid: Retry { attempts: Some(1), media: vec![] },
                    no_input_s,
                    barge_in: Told::from(own),
                    direct_dial: Told::No,
                    ..Menu::default()
                })
            }
            false => {
                let after = Goal::Next(state.at(at.saturating_add(1)));
                ways.push(Way::new(On::Next, after.clone()));
                ways.push(Way::new(On::Timeout { nth: None }, after));
                NodeKind::Collect(Collect {
                    media,
                    max,
                    end_key: Some("#".into()),
                    purpose: text(0).map(str::to_owned),
                    timeout: retry,
                    no_input_s,
                    barge_in: Told::from(own),
                    ..Collect::default()
                })
            }
        };
        if !self.by_id.contains_key(&id) {
            let line = extension.steps.get(&at).map(|s| Origin::line(s.file, count(s.line)));
            self.make(state, id.clone(), None, kind, ways, line);
        }
        Met::Silent(Goal::Node(id))
    }
}

/// The extensions that a menu takes.
#[derive(Debug, Default)]
pub struct Names<'a> {
    /// Numbers in the order of the file.
    pub numbers: Vec<&'a str>,
    sorted: Vec<&'a str>,
    /// Patterns in the order of the file.
    pub patterns: Vec<&'a str>,
}

impl Names<'_> {
    /// What the engine waits for after a number that longer ones begin with.
    pub fn wait_after(&self, name: &str, digit_s: f64) -> f64 {
        let next = self.sorted.partition_point(|other| *other <= name);
        let longer = self.sorted.get(next).is_some_and(|other| other.starts_with(name));
        if longer || self.patterns.iter().any(|p| pattern::could_match_longer(p, name)) { digit_s } else { 0.0 }
    }
}

/// The steps of an extension that are one menu: prompts, and what waits for digits behind them.
#[derive(Debug, Clone)]
struct Region {
    first: u32,
    wait: u32,
    /// Whether its last step waits; else keys are taken during the prompts only.
    waits: bool,
}

/// The menus of an extension.
fn regions(extension: &Extension) -> Vec<Region> {
    let (mut found, mut run): (Vec<Region>, Vec<(u32, String)>) = (vec![], vec![]);
    for (&priority, step) in &extension.steps {
        let (app, args) = inner(step);
        if app == "waitexten" {
            // keys are taken from the first prompt on that they cut short
            let start = run.iter().find(|(_, app)| app == "background").or(run.first()).map_or(priority, |(p, _)| *p);
            found.push(Region { first: start, wait: priority, waits: true });
            run.clear();
        } else if said(&app, &args, &BTreeMap::new()).is_some() {
            run.push((priority, app));
        } else if !is_silent(&app) {
            found.extend(only_prompts(&run));
            run.clear();
        }
    }
    found.extend(only_prompts(&run));
    found
}

fn only_prompts(run: &[(u32, String)]) -> Option<Region> {
    let mut background = run.iter().filter(|(_, app)| app == "background").map(|(p, _)| *p);
    let first = background.next()?;
    Some(Region { first, wait: background.next_back().unwrap_or(first), waits: false })
}

/// The `Read` that a priority belongs to: its own, or one behind prompts that it plays nothing of its own after.
fn read_from(extension: &Extension, priority: u32) -> Option<(u32, u32)> {
    let mut at = priority;
    loop {
        let step = extension.steps.get(&at)?;
        let (app, args) = inner(step);
        if app == "read" {
            break;
        }
        let prompt = said(&app, &args, &BTreeMap::new()).is_some();
        if !prompt && (at == priority || !is_silent(&app)) {
            return None;
        }
        at = at.checked_add(1)?;
    }
    if arguments(&extension.steps[&at].args).get(1).is_some_and(|prompt| !prompt.is_empty()) {
        return (at == priority).then_some((at, at));
    }
    let mut first = at;
    for (&p, step) in extension.steps.range(..at).rev() {
        let (app, args) = inner(step);
        match said(&app, &args, &BTreeMap::new()).is_some() {
            true => first = p,
            false if is_silent(&app) => {}
            false => break,
        }
    }
    Some((first, at))
}

/// Whether anything in a context waits for digits.
pub fn waits(context: &Context) -> bool {
    context.extensions.iter().any(|e| e.steps.values().any(|s| s.app == "waitexten"))
}

/// Whether this extension of a context waits for digits.
pub fn waits_in(context: &Context, extension: &str) -> bool {
    context
        .extension(extension)
        .is_some_and(|e| e.steps.values().any(|s| s.app == "waitexten" || s.app == "background"))
}

/// Whether a caller hears anything of a subroutine, or is led elsewhere by it.
fn heard(context: &Context) -> bool {
    const HEARD: [&str; 12] = [
        "dial",
        "queue",
        "voicemail",
        "hangup",
        "read",
        "waitexten",
        "busy",
        "congestion",
        "directory",
        "confbridge",
        "meetme",
        "goto",
    ];
    let steps = context.extensions.iter().filter(|e| e.name != "h").flat_map(|e| e.steps.values());
    steps.map(inner).any(|(app, args)| HEARD.contains(&app.as_str()) || said(&app, &args, &BTreeMap::new()).is_some())
}

/// An `ExecIf` that plays something is that prompt.
fn inner(step: &Step) -> (String, String) {
    if step.app == "execif" {
        let (app, args) = application(&cut(&question(&step.args).1, ':').0);
        if said(&app, &args, &BTreeMap::new()).is_some() {
            return (app, args);
        }
    }
    (step.app.clone(), step.args.clone())
}

/// `condition?rest`, the question mark outside of brackets.
pub fn question(args: &str) -> (String, String) {
    let (condition, rest) = cut(args, '?');
    (condition.trim().to_owned(), rest.unwrap_or_default())
}

/// The literal that a condition compares a variable with: `$["${X}" = "1"]`.
fn compared(condition: &str, variable: &str) -> Option<String> {
    let inner = condition.trim().strip_prefix("$[")?.strip_suffix(']')?;
    let (left, right) = inner.split_once("==").or_else(|| inner.split_once('='))?;
    if left.ends_with(['!', '<', '>']) || right.contains(['&', '|', '=']) || left.contains(['&', '|']) {
        return None;
    }
    let plain = |side: &str| side.trim().trim_matches('"').trim().to_owned();
    let (left, right) = (plain(left), plain(right));
    let names = [format!("${{{variable}}}"), "${READSTATUS}".to_owned()];
    let (name, value) = if names.contains(&left) { (left, right) } else { (right, left) };
    (names.contains(&name) && !value.contains('$')).then_some(value)
}

/// The state that a target names, or `None` where it names nothing.
pub fn goto(state: &State, target: &str) -> Option<State> {
    let parts = split_target(target);
    let extension = |name: &str| name.trim().to_owned();
    match &parts[..] {
        [] => None,
        [one] if one.is_empty() => None,
        [_] => Some(state.at(1)),
        [name, _] => Some(State { extension: extension(name), priority: 1, ..state.clone() }),
        [context, name, ..] => {
            Some(State { context: context.trim().to_owned(), extension: extension(name), priority: 1 })
        }
    }
}

fn split_target(target: &str) -> Vec<String> {
    let target = target.trim();
    let parts = split(target, ',');
    if parts.len() == 1 && target.contains('|') { split(target, '|') } else { parts }
}

/// Which way is open and which is closed cannot be seen from the times; the names of the targets tell.
fn hours(times: &str, targets: &str) -> (On, On) {
    const SHUT: [&str; 14] = [
        "clos", "after", "night", "fora", "ferm", "geslot", "dicht", "geschl", "cerrad", "holiday", "feriad", "festiv",
        "noite", "nacht",
    ];
    let fields = split(times, ',');
    let day = |n: usize| fields.get(n).is_some_and(|f| !f.is_empty() && f != "*");
    let shut = SHUT.iter().any(|word| cut(targets, ':').0.to_ascii_lowercase().contains(word));
    match (day(2) && day(3), shut) {
        (true, _) => (On::Holiday, On::Open),
        (_, true) => (On::Closed, On::Open),
        (_, false) => (On::Open, On::Closed),
    }
}

/// Applications that a caller does not notice.
fn is_silent(app: &str) -> bool {
    const SILENT: [&str; 58] = [
        "",
        "noop",
        "verbose",
        "log",
        "set",
        "setglobalvar",
        "setvar",
        "mset",
        "answer",
        "wait",
        "waituntil",
        "waitforsilence",
        "waitfornoise",
        "waitdigit",
        "waitforring",
        "ringing",
        "progress",
        "proceeding",
        "resetcdr",
        "nocdr",
        "forkcdr",
        "mixmonitor",
        "stopmixmonitor",
        "monitor",
        "stopmonitor",
        "sipaddheader",
        "sipremoveheader",
        "setmusiconhold",
        "startmusiconhold",
        "stopmusiconhold",
        "setcallerpres",
        "setcallerid",
        "setcidname",
        "userevent",
        "queuelog",
        "addqueuemember",
        "removequeuemember",
        "pausequeuemember",
        "unpausequeuemember",
        "system",
        "trysystem",
        "dbdel",
        "dbput",
        "dbget",
        "dbdeltree",
        "dumpchan",
        "stackpop",
        "originate",
        "channelredirect",
        "raiseexception",
        "tryexec",
        "exec",
        "playtones",
        "stopplaytones",
        "saveamaflags",
        "celgenuserevent",
        "lookupblacklist",
        "setamaflags",
    ];
    SILENT.contains(&app)
}

/// What a step plays, or `None` where it plays nothing.
fn said(app: &str, args: &str, variables: &BTreeMap<String, String>) -> Option<Vec<Media>> {
    let list = arguments(args);
    let first = list.first().map_or("", String::as_str);
    let dynamic = |text: &str| vec![Media::Dynamic { expression: text.to_owned() }];
    match app {
        "playback" | "background" | "controlplayback" => {
            let own = first.strip_prefix("${").and_then(|v| v.strip_suffix('}')).and_then(|name| variables.get(name));
            let files = own.map_or(first, String::as_str);
            let media = files.split('&').map(str::trim).filter(|f| !f.is_empty()).map(|file| match file {
                file if file.contains("${") => Media::Dynamic { expression: file.to_owned() },
                file => Media::Audio { file: file.to_owned(), says: None, duration_s: None },
            });
            Some(media.collect())
        }
        "saydigits" | "saynumber" | "sayalpha" | "sayphonetic" if !args.contains("${") => {
            Some(vec![Media::Text { says: first.to_owned(), language: None }])
        }
        "saydigits" | "saynumber" | "sayalpha" | "sayphonetic" | "sayunixtime" | "datetime" | "saycountpl" => {
            Some(dynamic(args))
        }
        "festival" | "flite" | "swift" | "espeak" | "picotts" | "cepstral" => Some(words(first)),
        "musiconhold" | "zapateller" | "morsecode" | "milliwatt" => Some(dynamic(app)),
        // speech that a script fetches
        "agi" | "deadagi"
            if list.len() > 1
                && ["tts", "polly", "speak", "espeak"].iter().any(|w| args.to_ascii_lowercase().contains(w)) =>
        {
            Some(words(&list[1]))
        }
        _ => None,
    }
}

fn words(text: &str) -> Vec<Media> {
    let text = text.trim().trim_matches('"');
    match text.contains("${") || text.is_empty() {
        true => vec![Media::Dynamic { expression: text.to_owned() }],
        false => vec![Media::Text { says: text.to_owned(), language: None }],
    }
}
