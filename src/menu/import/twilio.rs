//! Twilio Studio flows: widgets and their transitions, as the console and the API export them.
//!
//! A `gather-input-on-call` whose keys a following `split-based-on` tests is one menu, not two steps. A transition
//! without `next` ends the execution, and with it the call (Twilio, "Studio: Flow definition").

use std::collections::{HashMap, HashSet};

use super::{
    ImportError, Importer, Problem, SourceFile,
    source::{broken, open, place, remark, stem, text},
    text::shorten,
    tree::{Tree, json},
};
use crate::menu::graph::{
    Builder, Certainty, Collect, ExternalKind, Flow, Guard, Media, Menu, NodeIndex, NodeKind, On, Origin, RemarkKind,
    Retry, Told,
};

/// `timeout` of a gather that does not tell its own, in seconds (Twilio, `<Gather>`).
const DEFAULT_TIMEOUT_S: f64 = 5.0;
/// The key that ends the digits of a gather that does not tell its own (Twilio, `<Gather>`).
const DEFAULT_FINISH_KEY: &str = "#";
/// How many `set-variables` may stand between a gather and its split.
const MOST_BETWEEN: usize = 8;

/// Twilio Studio.
pub struct Twilio;

impl Importer for Twilio {
    fn id(&self) -> &'static str {
        "twilio-studio"
    }

    fn about(&self) -> &'static str {
        "Twilio Studio flows (JSON: description, states, initial_state)"
    }

    fn recognises(&self, bytes: &[u8], _: &str) -> bool {
        let (text, _) = super::text::decode(bytes);
        text.trim_start().starts_with('{')
            && text.contains("\"states\"")
            && (text.contains("\"initial_state\"") || text.contains("\"transitions\""))
    }

    fn import(&self, files: &[SourceFile]) -> Result<Flow, ImportError> {
        let (mut flow, _) = open(files, self.id())?;
        let mut entered = false;
        for (at, file) in files.iter().enumerate() {
            let tree = json(&text(file)?).map_err(|error| broken(file, error))?;
            let (root, pointer) = match tree.get("definition") {
                Some(inner) if tree.get("states").is_none() => (inner, "/definition"),
                _ => (&tree, ""),
            };
            let states = root.get("states").ok_or_else(|| {
                ImportError::new(&file.name, Problem::Missing { field: "states".into(), place: "the flow".into() })
            })?;
            let prefix = if files.len() > 1 { format!("{}/", stem(&file.name)) } else { String::new() };
            let mut studio = Studio::new(states, file, at, format!("{pointer}/states"), prefix)?;
            entered |= studio.translate(&mut flow, root.text_of("initial_state"));
        }
        if !entered {
            let why = "no incoming call is connected to anything: this flow answers messages only";
            return Err(ImportError::new(&files[0].name, Problem::NoFlow(why.into())));
        }
        Ok(flow.finish())
    }
}

/// One flow.
struct Studio<'a> {
    widgets: Vec<Widget<'a>>,
    by_name: HashMap<&'a str, usize>,
    file: usize,
    pointer: String,
    prefix: String,
}

struct Widget<'a> {
    name: &'a str,
    kind: &'a str,
    properties: Option<&'a Tree>,
    transitions: Vec<Transition<'a>>,
    line: usize,
}

struct Transition<'a> {
    event: &'a str,
    next: Option<&'a str>,
    conditions: Vec<&'a Tree>,
    line: usize,
}

/// What a widget is to a call.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Trigger,
    Gather,
    Say,
    Split,
    Dial,
    Queue,
    Voicemail,
    Hangup,
    /// Runs, and the call goes on.
    Function,
    /// Of another channel: it sends or awaits a message.
    Message,
}

fn role(kind: &str) -> Option<Role> {
    Some(match kind.to_ascii_lowercase().replace('_', "-").as_str() {
        "trigger" => Role::Trigger,
        "gather-input-on-call" => Role::Gather,
        "say-play" => Role::Say,
        "split-based-on" => Role::Split,
        "connect-call-to" => Role::Dial,
        "enqueue-call" | "send-to-flex" => Role::Queue,
        "record-voicemail" => Role::Voicemail,
        "hangup" | "hang-up" | "end" => Role::Hangup,
        "send-message" | "send-and-wait-for-reply" | "search" => Role::Message,
        "run-function"
        | "make-http-request"
        | "http-request"
        | "set-variables"
        | "run-subflow"
        | "add-twiml-redirect"
        | "capture-payments"
        | "connect-virtual-agent"
        | "connect-virtual-agent-v2"
        | "send-to-auto-pilot"
        | "make-outgoing-call"
        | "make-outgoing-call-v2"
        | "fork-stream"
        | "record-call" => Role::Function,
        _ => return None,
    })
}

impl<'a> Studio<'a> {
    fn new(
        states: &'a Tree,
        file: &SourceFile,
        at: usize,
        pointer: String,
        prefix: String,
    ) -> Result<Self, ImportError> {
        let (mut widgets, mut by_name) = (vec![], HashMap::new());
        for state in states.items() {
            let missing = |field: &str| {
                let problem = Problem::Missing { field: field.into(), place: "a state".into() };
                ImportError::new(&file.name, problem).at_line(super::source::count(state.line))
            };
            let name = state.text_of("name").ok_or_else(|| missing("name"))?;
            let kind = state.text_of("type").ok_or_else(|| missing("type"))?;
            if let Some(&first) = by_name.get(name) {
                let first: &Widget = &widgets[first as usize];
                let first_line = Some(super::source::count(first.line));
                let problem = Problem::Duplicate { what: format!("the state {name:?}"), first_line };
                return Err(ImportError::new(&file.name, problem).at_line(super::source::count(state.line)));
            }
            let transitions =
                state.get("transitions").map_or(&[][..], Tree::items).iter().map(|transition| Transition {
                    event: transition.text_of("event").unwrap_or("next"),
                    next: transition.text_of("next"),
                    conditions: transition.get("conditions").map_or(&[][..], Tree::items).iter().collect(),
                    line: transition.line,
                });
            by_name.insert(name, widgets.len() as u32);
            widgets.push(Widget {
                name,
                kind,
                properties: state.get("properties"),
                transitions: transitions.collect(),
                line: state.line,
            });
        }
        let by_name = by_name.into_iter().map(|(name, at)| (name, at as usize)).collect();
        Ok(Self { widgets, by_name, file: at, pointer, prefix })
    }

    fn origin(&self, widget: usize, line: usize) -> Origin {
        place(self.file, line, format!("{}/{widget}", self.pointer))
    }

    fn id(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Adds the flow's nodes and edges; says whether calls come in at all.
    fn translate(&mut self, flow: &mut Builder, initial: Option<&str>) -> bool {
        let voice = self.widgets.iter().any(|widget| {
            matches!(role(widget.kind), Some(Role::Gather | Role::Say | Role::Dial | Role::Queue | Role::Voicemail))
        });
        let trigger = initial.and_then(|name| self.by_name.get(name).copied());
        let trigger = trigger.or_else(|| self.widgets.iter().position(|w| role(w.kind) == Some(Role::Trigger)));
        let Some(trigger) = trigger.filter(|_| voice) else { return false };
        let phone = ["incomingCall", "incomingParent", "incomingRequest"];
        let at = |event: &str| self.widgets[trigger].transitions.iter().find(|t| t.event == event).and_then(|t| t.next);
        let is_trigger = role(self.widgets[trigger].kind) == Some(Role::Trigger);
        // a flow without an incoming call is entered from another flow, or by a call that a program makes
        let entry = phone.iter().find_map(|event| at(event).map(|next| (*event, next)));
        let entry = if is_trigger { entry } else { Some(("incomingCall", self.widgets[trigger].name)) };
        let Some((event, next)) = entry else { return false };
        let label = match self.prefix.trim_end_matches('/') {
            "" => event.to_owned(),
            file => format!("{file}: {event}"),
        };
        flow.entry(label, None, self.id(next)).certainty =
            if event == phone[0] { Certainty::Certain } else { Certainty::Assumed };
        let others: Vec<&str> =
            self.widgets[trigger].transitions.iter().filter(|t| t.event != event).filter_map(|t| t.next).collect();
        let dropped = self.other_channels(next, &others, trigger);
        let merged = self.merged();
        for at in 0..self.widgets.len() {
            if dropped.contains(&at) {
                remark(flow, RemarkKind::OtherChannels, self.widgets[at].name, self.origin(at, self.widgets[at].line));
            } else if (at != trigger || !is_trigger) && !merged.contains(&at) {
                self.widget(flow, at);
            }
        }
        true
    }

    /// The widgets that only messages reach.
    fn other_channels(&self, phone: &str, others: &[&str], trigger: usize) -> HashSet<usize> {
        let by_phone = self.reached(&[phone], trigger);
        self.reached(others, trigger).difference(&by_phone).copied().collect()
    }

    /// The splits that are part of a gather's menu, with what stands between, and that nothing else leads to.
    fn merged(&self) -> HashSet<usize> {
        let (mut merged, mut otherwise) = (HashSet::new(), HashSet::new());
        for (at, widget) in self.widgets.iter().enumerate() {
            for transition in &widget.transitions {
                let what = transition.event.to_ascii_lowercase();
                let what = if what == "keypress" { "digits" } else { what.as_str() };
                let split =
                    (role(widget.kind) == Some(Role::Gather)).then(|| self.split_after(at, transition, what)).flatten();
                let next = transition.next.and_then(|next| self.by_name.get(next).copied());
                match (split, next) {
                    (Some(split), Some(mut between)) => {
                        while merged.insert(between) && between != split {
                            let next =
                                self.widgets[between].transitions.first().and_then(|t| self.by_name.get(t.next?));
                            between = next.copied().unwrap_or(split);
                        }
                    }
                    (_, Some(next)) => {
                        otherwise.insert((at, next));
                    }
                    _ => {}
                }
            }
        }
        // a widget that is kept keeps what it leads to
        while let Some(&(_, kept)) = otherwise.iter().find(|(from, to)| !merged.contains(from) && merged.contains(to)) {
            merged.remove(&kept);
        }
        merged
    }

    fn reached(&self, from: &[&str], trigger: usize) -> HashSet<usize> {
        let mut seen = HashSet::new();
        let mut open: Vec<usize> = from.iter().filter_map(|name| self.by_name.get(name).copied()).collect();
        while let Some(at) = open.pop() {
            if at != trigger && seen.insert(at) {
                open.extend(self.widgets[at].transitions.iter().filter_map(|t| self.by_name.get(t.next?).copied()));
            }
        }
        seen
    }

    fn widget(&self, flow: &mut Builder, at: usize) {
        let widget = &self.widgets[at];
        let origin = self.origin(at, widget.line);
        let kind = match role(widget.kind) {
            Some(Role::Gather) => return self.gather(flow, at),
            Some(Role::Say) => NodeKind::Prompt { media: said(widget.properties), barge_in: Told::No },
            Some(Role::Split) => {
                let on = widget.properties.and_then(|p| p.text_of("input")).unwrap_or(widget.name);
                remark(flow, RemarkKind::Variables, on, origin.clone());
                NodeKind::Branch { on: on.to_owned(), decidable: false }
            }
            Some(Role::Dial) => dial(widget),
            Some(Role::Queue) => {
                let name = ["queue_name", "queueName", "workflow", "queue"];
                let name = name.iter().find_map(|key| widget.properties?.text_of(key)).map(str::to_owned);
                NodeKind::Queue { name }
            }
            Some(Role::Voicemail) => NodeKind::Voicemail { name: None },
            Some(Role::Hangup | Role::Trigger) => NodeKind::Hangup { said: true },
            Some(Role::Function | Role::Message) => {
                let kind = match widget.kind {
                    "run-subflow" => ExternalKind::Flow,
                    "make-http-request" | "http-request" | "add-twiml-redirect" => ExternalKind::Url,
                    _ => ExternalKind::Function,
                };
                let what = ["url", "flow_sid", "connector_name"].iter().find_map(|key| widget.properties?.text_of(key));
                NodeKind::External { kind, name: what.unwrap_or(widget.kind).to_owned(), person: Told::No }
            }
            None => {
                remark(flow, RemarkKind::NotUnderstood, widget.kind, origin.clone());
                NodeKind::External { kind: ExternalKind::Function, name: widget.kind.to_owned(), person: Told::Unknown }
            }
        };
        let node = flow.node(self.id(widget.name), origin, kind);
        for transition in &widget.transitions {
            self.transition(flow, node, at, transition);
        }
    }

    /// A transition of anything but a gather.
    fn transition(&self, flow: &mut Builder, node: NodeIndex, at: usize, transition: &Transition) {
        let widget = &self.widgets[at];
        let role = role(widget.kind);
        let event = transition.event.to_ascii_lowercase();
        let with_person = matches!(role, Some(Role::Dial | Role::Queue));
        let on = match event.as_str() {
            "hangup" => return,
            // the caller was connected: what follows is after the conversation, or when nobody answered
            "callcompleted" | "callcomplete" if with_person && transition.next.is_none() => return,
            "callcompleted" | "callcomplete" if with_person => On::Fail,
            "nomatch" => On::Else,
            "timeout" => On::Timeout { nth: None },
            "noaudio" => On::Timeout { nth: None },
            "fail" | "failed" | "failedtoenqueue" | "callfailure" | "failure" | "providererror" | "validationerror"
            | "maxfailedattempts" | "payinterrupted" | "deliveryfailure" => On::Fail,
            "match" => On::Match(conditions(&transition.conditions)),
            _ if role == Some(Role::Function) && several(&widget.transitions) => match transition.conditions.is_empty()
            {
                true => On::Match(transition.event.to_owned()),
                false => On::Match(conditions(&transition.conditions)),
            },
            _ => On::Next,
        };
        let guard = (event == "match").then(|| self.never(at, transition)).flatten();
        let possible = matches!(on, On::Match(_) | On::Else | On::Fail);
        let edge = self.leave(flow, node, at, transition, on);
        edge.guard = guard;
        if possible {
            edge.certainty = Certainty::Possible;
        }
    }

    /// Adds the edge of a transition; one without `next` drops the call.
    fn leave<'f>(
        &self,
        flow: &'f mut Builder,
        node: NodeIndex,
        at: usize,
        transition: &Transition,
        on: On,
    ) -> &'f mut crate::menu::graph::Edge {
        let origin = self.origin(at, transition.line);
        let to = match transition.next {
            Some(next) => self.id(next),
            None => {
                let id = self.id(&format!("{}:{}", self.widgets[at].name, transition.event));
                if flow.find(&id).is_none() {
                    flow.node(id.clone(), origin.clone(), NodeKind::Hangup { said: false });
                }
                id
            }
        };
        flow.link(node, on, to, origin)
    }

    /// Why a condition on the keys of a gather can never hold: that gather does not lead here.
    fn never(&self, split: usize, transition: &Transition) -> Option<Guard> {
        let text = conditions(&transition.conditions);
        let subject = self.subject(split, transition)?;
        let (name, _) = digits_of(subject)?;
        let heard = self
            .by_name
            .get(name)
            .is_some_and(|&from| self.reached(&[self.widgets[from].name], usize::MAX).contains(&split));
        (!heard).then_some(Guard { text, holds: Told::No })
    }

    /// What a transition of a split tests.
    fn subject(&self, split: usize, transition: &Transition<'a>) -> Option<&'a str> {
        let argument = transition.conditions.iter().find_map(|c| c.get("arguments")?.items().first()?.text());
        argument.or_else(|| self.widgets[split].properties?.text_of("input"))
    }

    fn gather(&self, flow: &mut Builder, at: usize) {
        let widget = &self.widgets[at];
        let properties = widget.properties;
        let property = |names: &[&str]| names.iter().find_map(|name| properties?.get(name));
        let timeout_s = property(&["timeout"]).and_then(Tree::number).unwrap_or(DEFAULT_TIMEOUT_S);
        let digits = property(&["number_of_digits", "num_digits", "numDigits"]).and_then(Tree::number);
        let finish = property(&["finish_on_key", "finishOnKey"]).and_then(Tree::text).unwrap_or(DEFAULT_FINISH_KEY);
        let attempts = property(&["loop"]).and_then(Tree::number).filter(|n| *n >= 1.0).map(|n| n as u32);
        let stops = property(&["stop_gather", "stopGather"]).map(Tree::is_true);
        let media = said(properties);
        let keys = widget.transitions.iter().find(|t| t.event.eq_ignore_ascii_case("keypress"));
        let speech = widget.transitions.iter().find(|t| t.event.eq_ignore_ascii_case("speech"));
        let keys_split = keys.and_then(|t| self.split_after(at, t, "digits"));
        let speech_split = speech.and_then(|t| self.split_after(at, t, "speech"));
        let origin = self.origin(at, widget.line);
        let retry = Retry { attempts: attempts.or(Some(1)), media: vec![] };
        let is_menu = keys_split.is_some() || speech_split.is_some();
        let kind = match is_menu {
            true => NodeKind::Menu(Menu {
                media,
                timeout: retry,
                no_input_s: Some(timeout_s),
                inter_digit_s: Some(timeout_s),
                barge_in: Told::from(stops),
                direct_dial: Told::No,
                ..Menu::default()
            }),
            false => NodeKind::Collect(Collect {
                media,
                max: digits.map(|n| n as u32),
                end_key: (!finish.is_empty()).then(|| finish.to_owned()),
                timeout: retry,
                no_input_s: Some(timeout_s),
                inter_digit_s: Some(timeout_s),
                barge_in: Told::from(stops),
                ..Collect::default()
            }),
        };
        let node = flow.node(self.id(widget.name), origin, kind);
        if let Some(split) = keys_split {
            self.options(flow, node, split, &Digits { most: digits, finish, timeout_s });
        } else if let Some(keys) = keys {
            let on = if is_menu { On::Pattern("0-9*#".into()) } else { On::Next };
            self.leave(flow, node, at, keys, on);
        }
        match (speech_split, speech) {
            (Some(split), _) if Some(split) != keys_split => self.spoken(flow, node, split),
            (None, Some(speech)) if keys.is_none_or(|keys| keys.next != speech.next || is_menu) => {
                self.leave(flow, node, at, speech, On::Speech(vec![]));
            }
            _ => {}
        }
        if let Some(silence) = widget.transitions.iter().find(|t| t.event.eq_ignore_ascii_case("timeout")) {
            self.leave(flow, node, at, silence, On::Timeout { nth: None });
        }
    }

    /// The split that a gather's keys or speech lead to and that tests them.
    fn split_after(&self, gather: usize, transition: &Transition, what: &str) -> Option<usize> {
        let mut at = *self.by_name.get(transition.next?)?;
        for _ in 0..MOST_BETWEEN {
            match self.widgets[at].kind {
                "set-variables" => at = *self.by_name.get(self.widgets[at].transitions.first()?.next?)?,
                _ => break,
            }
        }
        let split = &self.widgets[at];
        if role(split.kind) != Some(Role::Split) {
            return None;
        }
        let subjects =
            split.transitions.iter().filter(|t| !t.conditions.is_empty()).filter_map(|t| self.subject(at, t));
        let input = split.properties.and_then(|p| p.text_of("input"));
        let mut tested = subjects.chain(input).filter_map(digits_of);
        tested.any(|(name, tested)| name == self.widgets[gather].name && tested.starts_with(what)).then_some(at)
    }

    fn options(&self, flow: &mut Builder, node: NodeIndex, split: usize, digits: &Digits) {
        for transition in &self.widgets[split].transitions {
            if transition.event.eq_ignore_ascii_case("nomatch") {
                self.leave(flow, node, split, transition, On::Invalid { nth: None });
                continue;
            }
            for key in keys(&transition.conditions) {
                let swallowed = matches!(&key, On::Key(key) if !digits.finish.is_empty() && key == digits.finish);
                let wait_s = match &key {
                    On::Key(key) if digits.most != Some(key.chars().count() as f64) => digits.timeout_s,
                    _ => 0.0,
                };
                let spoken =
                    self.subject(split, transition).and_then(digits_of).is_some_and(|(_, what)| what == "speech");
                let key = match key {
                    On::Key(word) | On::Pattern(word) if spoken => On::Speech(vec![word]),
                    key => key,
                };
                let edge = self.leave(flow, node, split, transition, key);
                edge.wait_s = wait_s;
                if swallowed {
                    let text = format!("finish_on_key is {}: it ends the digits and does not arrive", digits.finish);
                    edge.guard = Some(Guard { text, holds: Told::No });
                }
            }
        }
    }

    fn spoken(&self, flow: &mut Builder, node: NodeIndex, split: usize) {
        for transition in &self.widgets[split].transitions {
            let on = match transition.event.eq_ignore_ascii_case("nomatch") {
                true => On::Invalid { nth: None },
                false => On::Speech(
                    transition.conditions.iter().filter_map(|c| c.text_of("value")).map(str::to_owned).collect(),
                ),
            };
            self.leave(flow, node, split, transition, on);
        }
    }
}

struct Digits<'a> {
    most: Option<f64>,
    finish: &'a str,
    timeout_s: f64,
}

fn several(transitions: &[Transition]) -> bool {
    let fine =
        |t: &&Transition| !matches!(t.event.to_ascii_lowercase().as_str(), "fail" | "failed" | "hangup" | "timeout");
    transitions.iter().filter(fine).count() > 1
}

/// `{{widgets.NAME.Digits}}` or `.SpeechResult`: the gather's name and "digits" or "speech".
fn digits_of(expression: &str) -> Option<(&str, &'static str)> {
    let inner = expression.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let (name, field) = inner.strip_prefix("widgets.")?.split_once('.')?;
    let field = field.split(['|', ' ']).next()?;
    match field {
        "Digits" => Some((name, "digits")),
        "SpeechResult" => Some((name, "speech")),
        _ => None,
    }
}

/// The keys that conditions let through; what is no list of keys becomes a pattern.
fn keys(conditions_: &[&Tree]) -> Vec<On> {
    let literal = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#')) && !text.is_empty();
    let all = conditions_.iter().flat_map(|condition| {
        let value = condition.text_of("value").unwrap_or_default().trim();
        let kind = condition.text_of("type").unwrap_or_default();
        let values: Vec<&str> = match kind {
            "equal_to" | "matches_any_of" => value.split(',').map(str::trim).collect(),
            "regex" => vec![value.trim_start_matches('^').trim_end_matches('$')],
            _ => vec![],
        };
        match !values.is_empty() && values.iter().all(|value| literal(value)) {
            true => values.iter().map(|value| On::Key((*value).to_owned())).collect(),
            false => vec![On::Pattern(format!("{kind} {value}"))],
        }
    });
    all.collect()
}

/// Conditions in the flow's own words.
fn conditions(conditions: &[&Tree]) -> String {
    let words = |c: &&Tree| {
        let name = c.text_of("friendly_name");
        name.map_or_else(
            || format!("{} {}", c.text_of("type").unwrap_or_default(), c.text_of("value").unwrap_or_default()),
            str::to_owned,
        )
    };
    shorten(&conditions.iter().map(words).collect::<Vec<_>>().join(" & "), 80)
}

fn said(properties: Option<&Tree>) -> Vec<Media> {
    let Some(properties) = properties else { return vec![] };
    let language = properties.text_of("language").map(str::to_owned);
    match (properties.text_of("say"), properties.text_of("play")) {
        // a sentence with a variable in it is mostly known: its length is not
        (Some(say), _) if say.trim_start().starts_with("{{") && say.trim_end().ends_with("}}") => {
            vec![Media::Dynamic { expression: say.to_owned() }]
        }
        (Some(say), _) => vec![Media::Text { says: say.to_owned(), language }],
        (None, Some(play)) if play.contains("{{") => vec![Media::Dynamic { expression: play.to_owned() }],
        (None, Some(play)) => vec![Media::Audio { file: play.to_owned(), says: None, duration_s: None }],
        (None, None) => vec![],
    }
}

fn dial(widget: &Widget) -> NodeKind {
    let property = |name: &str| widget.properties.and_then(|p| p.text_of(name));
    let to = property("to").unwrap_or_default().to_owned();
    match property("noun").unwrap_or("number") {
        "client" | "sip" => NodeKind::Agent { name: (!to.is_empty()).then_some(to) },
        _ => NodeKind::External { kind: ExternalKind::Number, name: to, person: Told::Unknown },
    }
}
