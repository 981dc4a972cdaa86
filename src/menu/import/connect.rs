//! Amazon Connect flows, both dialects: the flow language (`Version`, `StartAction`, `Actions`) and the console's older
//! export (`modules`, `start`). Both become the same [`Block`]s, and those become nodes.
//!
//! A block that changes nothing a caller hears (a voice, an attribute, logging) is no node: what leads to it leads to
//! the next one. Error exits are edges on [`On::Fail`], so that a "sorry, there was an error" behind every block does
//! not count as a way that callers go.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{
    ImportError, Importer, Problem, SourceFile,
    source::{base_name, broken, count, open, place, remark, stem, text},
    text::{shorten, squeeze},
    tree::{Tree, json},
};
use crate::menu::graph::{
    Builder, Certainty, Collect, ExternalKind, Flow, Media, Menu, NodeIndex, NodeKind, On, Origin, RemarkKind, Retry,
    Told,
};

/// More blocks that change nothing in a row are a circle of them.
const MOST_SILENT: usize = 10_000;
/// How many queues' names a transfer keeps that may come from several.
const MOST_QUEUES: usize = 4;

/// Amazon Connect.
pub struct Connect;

impl Importer for Connect {
    fn id(&self) -> &'static str {
        "amazon-connect"
    }

    fn about(&self) -> &'static str {
        "Amazon Connect flows (JSON: StartAction and Actions, or start and modules)"
    }

    fn recognises(&self, bytes: &[u8], _: &str) -> bool {
        let (text, _) = super::text::decode(bytes);
        let json = text.trim_start().starts_with('{');
        (json && text.contains("\"Actions\"") && text.contains("\"StartAction\""))
            || (json && text.contains("\"modules\"") && text.contains("\"start\""))
            || text.contains("AWS::Connect::ContactFlow")
    }

    fn import(&self, files: &[SourceFile]) -> Result<Flow, ImportError> {
        let (mut flow, texts) = open(files, self.id())?;
        for (file, text) in files.iter().zip(&texts) {
            if text.contains("AWS::Connect::ContactFlow") && !text.trim_start().starts_with("{\"Version\"") {
                let what = "a CloudFormation template with a flow inside".into();
                let remedy = "export the flow itself from the Connect console (Save, Export flow)".into();
                return Err(ImportError::new(&file.name, Problem::Unsupported { what, remedy }));
            }
        }
        let trees = files.iter().map(|file| json(&text(file)?).map_err(|error| broken(file, error)));
        let trees = trees.collect::<Result<Vec<_>, _>>()?;
        let mut charts = vec![];
        for (at, (file, tree)) in files.iter().zip(&trees).enumerate() {
            charts.push(Chart::new(tree, file, at, files.len() > 1)?);
        }
        if let [chart] = &charts[..] {
            flow.flow().name.clone_from(&chart.name);
        }
        // flows that another one transfers to are entered there
        let entered: Vec<bool> = charts.iter().map(|chart| !charts.iter().any(|other| other.leads_to(chart))).collect();
        let any = entered.contains(&true);
        for (chart, entered) in charts.iter().zip(entered) {
            chart.translate(&mut flow, &charts, entered || !any);
        }
        Ok(flow.finish())
    }
}

/// One block, the same from both dialects.
struct Block<'a> {
    id: &'a str,
    /// The type in the words of the flow language.
    kind: String,
    parameters: Parameters<'a>,
    metadata: Option<&'a Tree>,
    next: Option<&'a str>,
    /// Operand and target.
    conditions: Vec<(String, &'a str)>,
    /// Error type and target.
    errors: Vec<(&'a str, &'a str)>,
    line: usize,
    at: usize,
}

enum Parameters<'a> {
    /// A map of values.
    Named(Option<&'a Tree>),
    /// A list of `{name, value, namespace}`.
    Listed(&'a [Tree]),
}

impl<'a> Parameters<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        match self {
            Self::Named(map) => map.and_then(|map| map.text_of(name)),
            Self::Listed(list) => {
                list.iter().find(|p| p.text_of("name") == Some(name)).and_then(|p| p.text_of("value"))
            }
        }
    }

    /// The value, as an expression where it is one: `$.External.x` or a parameter with a namespace.
    fn value(&self, name: &str) -> Option<String> {
        match self {
            Self::Named(_) => self.text(name).map(str::to_owned),
            Self::Listed(list) => {
                let parameter = list.iter().find(|p| p.text_of("name") == Some(name))?;
                let value = parameter.text_of("value")?;
                Some(match parameter.text_of("namespace") {
                    Some(namespace) => format!("$.{namespace}.{value}"),
                    None => value.to_owned(),
                })
            }
        }
    }
}

/// One flow.
struct Chart<'a> {
    name: String,
    /// `contactFlow`, `customerQueue` and the like, where told.
    purpose: Option<&'a str>,
    start: &'a str,
    blocks: Vec<Block<'a>>,
    by_id: HashMap<&'a str, usize>,
    file: usize,
    list: &'static str,
    prefix: String,
}

impl<'a> Chart<'a> {
    fn new(tree: &'a Tree, file: &SourceFile, at: usize, several: bool) -> Result<Self, ImportError> {
        let missing = |field: &str| {
            ImportError::new(&file.name, Problem::Missing { field: field.into(), place: "the flow".into() })
        };
        let (start, list, metadata) = match tree.get("modules") {
            Some(_) => ("start", "modules", "metadata"),
            None => ("StartAction", "Actions", "Metadata"),
        };
        let items = tree.get(list).ok_or_else(|| missing(list))?.items();
        let metadata = tree.get(metadata);
        let name = metadata.and_then(|m| m.text_of("name")).unwrap_or_else(|| stem(&file.name)).to_owned();
        let start = tree.text_of(start).ok_or_else(|| missing(start))?;
        let blocks = items.iter().enumerate().map(|(number, item)| match list {
            "modules" => legacy(item, number),
            _ => modern(item, number, metadata),
        });
        let blocks = blocks.collect::<Option<Vec<_>>>().ok_or_else(|| missing("Identifier"))?;
        let mut by_id = HashMap::new();
        for (number, block) in blocks.iter().enumerate() {
            if let Some(first) = by_id.insert(block.id, number) {
                let first: &Block = &blocks[first];
                let what = format!("the block {:?}", block.id);
                let problem = Problem::Duplicate { what, first_line: Some(count(first.line)) };
                return Err(ImportError::new(&file.name, problem).at_line(count(block.line)));
            }
        }
        let prefix = if several { format!("{name}/") } else { String::new() };
        let purpose = metadata.and_then(|m| m.text_of("type")).or_else(|| tree.text_of("type"));
        Ok(Self { name, purpose, start, blocks, by_id, file: at, list, prefix })
    }

    fn block(&self, id: &str) -> Option<&Block<'a>> {
        self.by_id.get(id).map(|&at| &self.blocks[at])
    }

    fn origin(&self, block: &Block) -> Origin {
        place(self.file, block.line, format!("/{}/{}", self.list, block.at))
    }

    /// Follows blocks that change nothing for the caller to the first that does.
    fn beyond<'b>(&'b self, id: &'b str) -> &'b str {
        let mut id = id;
        for _ in 0..MOST_SILENT {
            match self.block(id).and_then(|block| self.silent(block)) {
                Some(next) => id = next,
                None => break,
            }
        }
        id
    }

    fn target(&self, id: &str) -> String {
        format!("{}{}", self.prefix, self.beyond(id))
    }

    /// Where a block leads that a caller does not notice.
    fn silent(&self, block: &Block<'a>) -> Option<&'a str> {
        if let Some((voice, _)) = channel(block) {
            return Some(voice);
        }
        let quiet = role(&block.kind) == Role::Silent && block.conditions.is_empty();
        let next = block.next.or_else(|| block.errors.first().map(|(_, to)| *to))?;
        (quiet && block.errors.iter().all(|(_, to)| *to == next)).then_some(next)
    }

    fn translate(&self, flow: &mut Builder, charts: &[Self], entered: bool) {
        let label = if self.name.is_empty() { "start" } else { self.name.as_str() };
        if entered {
            flow.entry(label, None, self.target(self.start)).certainty = Certainty::Assumed;
        }
        let phone = self.reached(|block| match channel(block) {
            Some((voice, _)) => vec![voice],
            None => exits(block),
        });
        let all = self.reached(exits);
        let merged: HashSet<&str> = self.blocks.iter().filter_map(|b| self.stored_compare(b)).map(|b| b.id).collect();
        let queues = self.queues();
        for block in &self.blocks {
            let known = phone.contains(block.id) || !all.contains(block.id);
            match channel(block) {
                _ if !known => remark(flow, RemarkKind::OtherChannels, block.id, self.origin(block)),
                Some((_, 0)) => {}
                Some(_) => remark(flow, RemarkKind::OtherChannels, "$.Channel", self.origin(block)),
                None if self.silent(block).is_some() => {
                    if let Some(hook) = block.parameters.text("EventHooks") {
                        remark(flow, RemarkKind::OtherFiles, hook, self.origin(block));
                    }
                }
                None if merged.contains(block.id) && !self.led_to(block.id) => {}
                None => self.add(flow, block, charts, queues.get(block.id)),
            }
        }
    }

    fn reached<'b>(&'b self, exits: impl Fn(&'b Block<'a>) -> Vec<&'a str>) -> HashSet<&'b str> {
        let (mut seen, mut open) = (HashSet::new(), vec![self.start]);
        while let Some(id) = open.pop() {
            if let Some(block) = self.block(id).filter(|block| seen.insert(block.id)) {
                open.extend(exits(block));
            }
        }
        seen
    }

    /// Whether anything but a stored input leads to the compare that it is merged with.
    fn led_to(&self, compare: &str) -> bool {
        self.blocks.iter().any(|block| {
            let merges = self.stored_compare(block).is_some_and(|c| c.id == compare);
            let ways = exits(block).into_iter().filter(|to| !(merges && block.next == Some(to)));
            self.silent(block).is_none() && ways.into_iter().any(|to| self.beyond(to) == compare)
        }) || self.beyond(self.start) == compare
    }

    /// The compare on the stored digits that follows a stored input.
    fn stored_compare(&self, block: &Block<'a>) -> Option<&Block<'a>> {
        let stored = role(&block.kind) == Role::Input && stores(block);
        let compare = self.block(self.beyond(stored.then_some(block.next)??))?;
        let subject = compare_on(compare)?;
        let on_digits = matches!(subject.as_str(), "$.StoredCustomerInput" | "$.System.Stored customer input");
        (role(&compare.kind) == Role::Compare && on_digits && !compare.conditions.is_empty()).then_some(compare)
    }

    /// The names of the queues that may be set where a block begins.
    fn queues(&self) -> HashMap<&str, BTreeSet<String>> {
        let mut known: HashMap<&str, BTreeSet<String>> = HashMap::new();
        let mut open = vec![self.start];
        let mut rounds = self.blocks.len().saturating_mul(MOST_QUEUES + 1) + 1;
        while let Some(id) = open.pop().filter(|_| rounds > 0) {
            rounds -= 1;
            let Some(block) = self.block(id) else { continue };
            let here = match role(&block.kind) == Role::Silent && block.kind == "UpdateContactTargetQueue" {
                true => queue_name(block).into_iter().collect(),
                false => known.entry(block.id).or_default().clone(),
            };
            for to in exits(block) {
                let first = !known.contains_key(to);
                let there = known.entry(to).or_default();
                let before = there.len();
                there.extend(here.iter().take(MOST_QUEUES).cloned());
                if first || (there.len() > before && before < MOST_QUEUES) {
                    open.push(to);
                }
            }
        }
        known
    }

    fn add(&self, flow: &mut Builder, block: &Block<'a>, charts: &[Self], queues: Option<&BTreeSet<String>>) {
        let origin = self.origin(block);
        let id = format!("{}{}", self.prefix, block.id);
        let role = role(&block.kind);
        let dynamic = |name: Option<String>| name.filter(|name| !name.starts_with("$."));
        let kind = match role {
            Role::Say => NodeKind::Prompt { media: media(block), barge_in: Told::No },
            Role::Input => return self.input(flow, block, id),
            Role::Bot => NodeKind::Menu(Menu {
                media: media(block),
                timeout: once(),
                invalid: once(),
                barge_in: Told::Unknown,
                direct_dial: Told::No,
                ..Menu::default()
            }),
            Role::Compare => {
                let on = compare_on(block).unwrap_or_else(|| block.kind.clone());
                remark(flow, RemarkKind::Variables, &on, origin.clone());
                NodeKind::Branch { on, decidable: false }
            }
            Role::Hours => NodeKind::Hours {
                schedule: shown(block, "HoursOfOperationId").or_else(|| block.parameters.value("Hours")),
            },
            Role::Queue => {
                let own = queue_name(block);
                let carried =
                    queues.filter(|q| !q.is_empty()).map(|q| q.iter().cloned().collect::<Vec<_>>().join(" / "));
                NodeKind::Queue { name: own.or(carried) }
            }
            Role::Agent => NodeKind::Agent { name: dynamic(block.parameters.value("AgentId")) },
            Role::Flow => {
                let name = flow_name(block);
                let given = name.as_deref().and_then(|name| charts.iter().find(|chart| chart.is_called(name)));
                match (&name, given) {
                    (_, Some(chart)) => {
                        let node =
                            flow.node(id, origin.clone(), NodeKind::Branch { on: block.kind.clone(), decidable: true });
                        flow.link(node, On::Next, chart.target(chart.start), origin);
                        return self.exits(flow, block, node, role);
                    }
                    (Some(name), None) if !name.starts_with("$.") => {
                        remark(flow, RemarkKind::OtherFiles, name, origin.clone());
                        NodeKind::External { kind: ExternalKind::Flow, name: name.clone(), person: Told::Unknown }
                    }
                    (name, None) => {
                        let why = name.clone().unwrap_or_else(|| block.kind.clone());
                        remark(flow, RemarkKind::Variables, &why, origin.clone());
                        NodeKind::Unknown { why }
                    }
                }
            }
            Role::Number => NodeKind::External {
                kind: ExternalKind::Number,
                name: block
                    .parameters
                    .value("ThirdPartyPhoneNumber")
                    .or_else(|| block.parameters.value("PhoneNumber"))
                    .unwrap_or_default(),
                person: Told::Unknown,
            },
            Role::Callback => NodeKind::Callback { media: vec![] },
            Role::Function => NodeKind::External {
                kind: if block.kind == "InvokeFlowModule" { ExternalKind::Flow } else { ExternalKind::Function },
                name: flow_name(block)
                    .or_else(|| block.parameters.value("LambdaFunctionARN"))
                    .or_else(|| block.parameters.value("FunctionArn"))
                    .map_or_else(|| block.kind.clone(), |name| short(&name)),
                person: Told::No,
            },
            Role::End => match (self.purpose, block.kind.as_str()) {
                (_, "EndFlowModuleExecution") => {
                    NodeKind::External { kind: ExternalKind::Flow, name: block.kind.clone(), person: Told::Unknown }
                }
                // the flow that is heard while waiting ends, and the caller goes on waiting
                (Some("customerQueue"), "EndFlowExecution") => NodeKind::Queue { name: None },
                _ => NodeKind::Hangup { said: true },
            },
            Role::Loop => {
                let times = block.parameters.text("LoopCount").unwrap_or("?");
                NodeKind::Branch { on: format!("Loop {times}"), decidable: true }
            }
            Role::Split | Role::Silent | Role::Other => {
                if role == Role::Other {
                    remark(flow, RemarkKind::NotUnderstood, &block.kind, origin.clone());
                }
                NodeKind::Branch { on: block.kind.clone(), decidable: block.conditions.is_empty() }
            }
        };
        let node = flow.node(id, origin, kind);
        flow.at(node).title = shown_name(block);
        self.exits(flow, block, node, role);
    }

    /// The edges of anything but an input.
    fn exits(&self, flow: &mut Builder, block: &Block<'a>, node: NodeIndex, role: Role) {
        let origin = self.origin(block);
        let several = !block.conditions.is_empty();
        for (operand, to) in &block.conditions {
            let on = match (role, operand.as_str()) {
                (Role::Bot, words) => On::Speech(vec![words.to_owned()]),
                (Role::Hours, "True") => On::Open,
                (Role::Hours, "False") => On::Closed,
                (Role::Loop, "DoneLooping" | "Complete") => On::AttemptsUsed,
                (Role::Queue, _) => On::QueueFull { after_s: None },
                (_, value) => On::Match(value.to_owned()),
            };
            let possible = matches!(role, Role::Compare | Role::Split | Role::Other | Role::Function | Role::Silent);
            flow.link(node, on, self.target(to), origin.clone()).certainty =
                if possible { Certainty::Possible } else { Certainty::Certain };
        }
        let covered = (role == Role::Hours || role == Role::Loop) && several;
        let unmatched = block.errors.iter().find(|(kind, _)| *kind == "NoMatchingCondition").map(|(_, to)| *to);
        match (block.next, role) {
            (_, Role::End) => {}
            // on success the caller is with somebody: what is drawn behind it happens when the transfer fails
            (Some(next), Role::Queue | Role::Agent | Role::Number | Role::Flow) => {
                if !block.errors.iter().any(|(_, to)| *to == next) {
                    flow.link(node, On::Fail, self.target(next), origin.clone());
                }
            }
            (Some(next), _) if !covered && unmatched != Some(next) => {
                let on = if several && role != Role::Bot { On::Else } else { On::Next };
                let possible = several && on == On::Else;
                flow.link(node, on, self.target(next), origin.clone()).certainty =
                    if possible { Certainty::Possible } else { Certainty::Certain };
            }
            (Some(_), _) => {}
            (None, Role::Queue | Role::Agent | Role::Number | Role::Flow | Role::Callback) => {}
            (None, _) if several || !block.errors.is_empty() => {}
            (None, _) => self.falls_off(flow, block, node, On::Next),
        }
        for (kind, to) in &block.errors {
            let on = match (role, *kind) {
                (Role::Bot, "NoMatchingCondition") => On::Invalid { nth: None },
                (Role::Bot, "InputTimeLimitExceeded" | "Timeout") => On::Timeout { nth: None },
                (Role::Queue, "QueueAtCapacity" | "AtCapacity") => On::QueueFull { after_s: None },
                (_, "NoMatchingCondition") => On::Else,
                _ => On::Fail,
            };
            let possible = on == On::Else;
            flow.link(node, on, self.target(to), origin.clone()).certainty =
                if possible { Certainty::Possible } else { Certainty::Certain };
        }
    }

    /// The call ends because nothing is connected.
    fn falls_off(&self, flow: &mut Builder, block: &Block<'a>, node: NodeIndex, on: On) {
        let (id, origin) = (format!("{}{}:end", self.prefix, block.id), self.origin(block));
        flow.node(id.clone(), origin.clone(), NodeKind::Hangup { said: false });
        flow.link(node, on, id, origin).certainty = Certainty::Assumed;
    }

    /// Keys: a menu where they are compared, digits otherwise.
    fn input(&self, flow: &mut Builder, block: &Block<'a>, id: String) {
        let origin = self.origin(block);
        let seconds = |name: &str| {
            block.parameters.text(name).and_then(|s| s.parse::<f64>().ok()).filter(|s| s.is_finite() && *s >= 0.0)
        };
        let no_input_s = seconds("InputTimeLimitSeconds").or_else(|| seconds("Timeout"));
        let compare = self.stored_compare(block);
        let conditions = compare.map_or(&block.conditions, |compare| &compare.conditions);
        let (silence, options): (Vec<_>, Vec<_>) = conditions.iter().partition(|(operand, _)| operand == "Timeout");
        let keys = !options.is_empty() && options.iter().all(|(operand, _)| is_keys(operand));
        let is_menu = keys || (!stores(block) && !options.is_empty());
        let most = match &block.parameters {
            Parameters::Named(map) => {
                map.and_then(|m| m.at(&["InputValidation", "CustomValidation", "MaximumLength"])?.number())
            }
            Parameters::Listed(_) => seconds("MaxDigits"),
        };
        let kind = match is_menu {
            true => NodeKind::Menu(Menu {
                media: media(block),
                timeout: once(),
                invalid: once(),
                no_input_s,
                barge_in: Told::Yes,
                direct_dial: Told::No,
                ..Menu::default()
            }),
            false => NodeKind::Collect(Collect {
                media: media(block),
                max: most.map(|most| most as u32),
                end_key: block.parameters.text("TerminatorDigits").map(str::to_owned),
                timeout: once(),
                invalid: once(),
                no_input_s,
                barge_in: Told::Yes,
                ..Collect::default()
            }),
        };
        let node = flow.node(id, origin.clone(), kind);
        flow.at(node).title = shown_name(block);
        for (operand, to) in &options {
            let on = match is_menu {
                true if is_keys(operand) => On::Key(operand.clone()),
                true => On::Pattern(operand.clone()),
                false => On::Match(operand.clone()),
            };
            let possible = matches!(on, On::Match(_));
            flow.link(node, on, self.target(to), origin.clone()).certainty =
                if possible { Certainty::Possible } else { Certainty::Certain };
        }
        for (_, to) in &silence {
            flow.link(node, On::Timeout { nth: None }, self.target(to), origin.clone());
        }
        if let Some(compare) = compare {
            let other = compare
                .errors
                .iter()
                .find(|(kind, _)| *kind == "NoMatchingCondition")
                .map(|(_, to)| *to)
                .or(compare.next);
            if let Some(to) = other {
                let on = if is_menu { On::Invalid { nth: None } } else { On::Next };
                flow.link(node, on, self.target(to), origin.clone());
                // a stored input that is not filled in goes down the same way, with the text "Timeout" for digits
                if silence.is_empty() {
                    flow.link(node, On::Timeout { nth: None }, self.target(to), origin.clone()).certainty =
                        Certainty::Assumed;
                }
            }
        } else if let Some(next) = block.next {
            let invalid = block.errors.iter().any(|(kind, _)| *kind == "NoMatchingCondition");
            match is_menu {
                true if invalid => {}
                true => drop(flow.link(node, On::Invalid { nth: None }, self.target(next), origin.clone())),
                false => {
                    flow.link(node, On::Next, self.target(next), origin.clone());
                    if stores(block) {
                        flow.link(node, On::Timeout { nth: None }, self.target(next), origin.clone()).certainty =
                            Certainty::Assumed;
                    }
                }
            }
        } else if options.is_empty() {
            self.falls_off(flow, block, node, On::Next);
        }
        for (kind, to) in &block.errors {
            let on = match *kind {
                "NoMatchingCondition" if is_menu => On::Invalid { nth: None },
                "NoMatchingCondition" => On::Else,
                "InputTimeLimitExceeded" | "Timeout" => On::Timeout { nth: None },
                "InvalidPhoneNumber" => On::Invalid { nth: None },
                _ => On::Fail,
            };
            flow.link(node, on, self.target(to), origin.clone());
        }
    }

    /// Whether a block of this flow transfers to another one.
    fn leads_to(&self, other: &Self) -> bool {
        let flows = self.blocks.iter().filter(|block| role(&block.kind) == Role::Flow);
        !std::ptr::eq(self, other) && flows.filter_map(flow_name).any(|name| other.is_called(&name))
    }

    /// Whether a transfer to a flow of that name or number means this one.
    fn is_called(&self, name: &str) -> bool {
        let file = self.prefix.trim_end_matches('/');
        let own = [self.name.as_str(), file];
        own.iter().any(|own| {
            !own.is_empty() && (name == *own || name.split(['.', '/', '{', '}', ':']).any(|part| part == *own))
        })
    }
}

/// What a block is to a call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Say,
    Input,
    Bot,
    Compare,
    Hours,
    Queue,
    Agent,
    Flow,
    Number,
    Callback,
    Function,
    End,
    Loop,
    /// Splits on what cannot be seen.
    Split,
    /// Nothing that a caller notices.
    Silent,
    Other,
}

fn role(kind: &str) -> Role {
    match kind {
        "MessageParticipant" | "MessageParticipantIteratively" => Role::Say,
        "GetParticipantInput" => Role::Input,
        "ConnectParticipantWithLexBot" => Role::Bot,
        "Compare" | "CheckAttribute" | "CheckContactAttributes" => Role::Compare,
        "CheckHoursOfOperation" => Role::Hours,
        "TransferContactToQueue" | "TransferToQueue" | "DequeueContactAndTransferToQueue" => Role::Queue,
        "TransferContactToAgent" => Role::Agent,
        "TransferToFlow" => Role::Flow,
        "TransferParticipantToThirdParty" | "TransferToPhoneNumber" => Role::Number,
        "CreateCallbackContact" => Role::Callback,
        "InvokeLambdaFunction" | "InvokeFlowModule" => Role::Function,
        "DisconnectParticipant" | "EndFlowExecution" | "EndFlowModuleExecution" => Role::End,
        "Loop" => Role::Loop,
        "CheckMetricData"
        | "CheckStaffing"
        | "DistributeByPercentage"
        | "CheckOutboundCallStatus"
        | "CheckVoiceId"
        | "GetMetricData" => Role::Split,
        "Start"
        | "SetVoice"
        | "Wait"
        | "StartMediaStreaming"
        | "StopMediaStreaming"
        | "CreateTask"
        | "TagContact"
        | "UnTagContact"
        | "AssociateContactToCustomerProfile"
        | "CreateCustomerProfile"
        | "GetCustomerProfile"
        | "StartVoiceIdStream"
        | "ConnectAssistant"
        | "CreateWisdomSession"
        | "CompleteOutboundCall" => Role::Silent,
        kind if kind.starts_with("Update") || kind.starts_with("Set") => Role::Silent,
        _ => Role::Other,
    }
}

/// A block of the flow language.
fn modern<'a>(item: &'a Tree, at: usize, metadata: Option<&'a Tree>) -> Option<Block<'a>> {
    let id = item.text_of("Identifier")?;
    let transitions = item.get("Transitions");
    let list = |name: &str| transitions.and_then(|t| t.get(name)).map_or(&[][..], Tree::items);
    let conditions = list("Conditions").iter().filter_map(|condition| {
        let test = condition.get("Condition");
        let operands = test.and_then(|t| t.get("Operands")).map_or(&[][..], Tree::items);
        let operand = operands.iter().filter_map(Tree::text).collect::<Vec<_>>().join(" ");
        let operand = match operand.is_empty() {
            true => test.and_then(|t| t.text_of("Operand")).unwrap_or_default().to_owned(),
            false => operand,
        };
        Some((operand, condition.text_of("NextAction")?))
    });
    let errors = list("Errors").iter().filter_map(|error| {
        Some((error.text_of("ErrorType").unwrap_or("NoMatchingError"), error.text_of("NextAction")?))
    });
    Some(Block {
        id,
        kind: item.text_of("Type").unwrap_or("?").to_owned(),
        parameters: Parameters::Named(item.get("Parameters")),
        metadata: metadata.and_then(|m| m.get("ActionMetadata")?.get(id)),
        next: transitions.and_then(|t| t.text_of("NextAction")),
        conditions: conditions.collect(),
        errors: errors.collect(),
        line: item.line,
        at,
    })
}

/// A block of the console's older export.
fn legacy(item: &Tree, at: usize) -> Option<Block<'_>> {
    let id = item.text_of("id")?;
    let kind = item.text_of("type").unwrap_or("?");
    let target = item.text_of("target").unwrap_or_default();
    let kind = match (kind, target) {
        ("PlayPrompt", _) => "MessageParticipant",
        ("LoopPrompts", _) => "MessageParticipantIteratively",
        ("GetUserInput", "Lex") => "ConnectParticipantWithLexBot",
        ("GetUserInput" | "StoreUserInput", _) => "GetParticipantInput",
        ("CheckAttribute", _) => "Compare",
        ("SetQueue" | "SetWorkingQueue", _) => "UpdateContactTargetQueue",
        ("Transfer", "Queue") => "TransferContactToQueue",
        ("Transfer", "Flow") => "TransferToFlow",
        ("Transfer", "PhoneNumber" | "External" | "ThirdParty") => "TransferParticipantToThirdParty",
        ("Transfer", "Agent") => "TransferContactToAgent",
        ("Transfer", target) if target.contains("allback") => "CreateCallbackContact",
        ("CreateCallback" | "CreateCallbackContact", _) => "CreateCallbackContact",
        ("InvokeExternalResource", _) => "InvokeLambdaFunction",
        ("Disconnect", _) => "DisconnectParticipant",
        ("ResumeContactFlow" | "EndFlow" | "EndFlowExecution", _) => "EndFlowExecution",
        ("CheckStaffing" | "CheckQueueStatus", _) => "CheckStaffing",
        ("Distribute" | "DistributeByPercentage", _) => "DistributeByPercentage",
        (kind, _) => kind,
    };
    let (mut next, mut conditions, mut errors) = (None, vec![], vec![]);
    for branch in item.get("branches").map_or(&[][..], Tree::items) {
        let Some(to) = branch.text_of("transition") else { continue };
        match branch.text_of("condition").unwrap_or("Success") {
            "Success" => next = Some(to),
            "Evaluate" => conditions.push((branch.text_of("conditionValue").unwrap_or_default().to_owned(), to)),
            "True" | "InHours" => conditions.push(("True".to_owned(), to)),
            "False" | "OutOfHours" => conditions.push(("False".to_owned(), to)),
            "Looping" => conditions.push(("ContinueLooping".to_owned(), to)),
            "Complete" => conditions.push(("DoneLooping".to_owned(), to)),
            "NoMatch" | "Default" => errors.push(("NoMatchingCondition", to)),
            "Error" => errors.push(("NoMatchingError", to)),
            // a test of anything else: the time in the queue, a share of the calls
            test if branch.get("conditionType").is_some() || branch.get("conditionValue").is_some() => {
                let parts = [Some(test), branch.text_of("conditionType"), branch.text_of("conditionValue")];
                conditions.push((parts.into_iter().flatten().collect::<Vec<_>>().join(" "), to));
            }
            other => errors.push((other, to)),
        }
    }
    Some(Block {
        id,
        kind: kind.to_owned(),
        parameters: Parameters::Listed(item.get("parameters").map_or(&[][..], Tree::items)),
        metadata: item.get("metadata"),
        next,
        conditions,
        errors,
        line: item.line,
        at,
    })
}

fn exits<'a>(block: &Block<'a>) -> Vec<&'a str> {
    let conditions = block.conditions.iter().map(|(_, to)| *to);
    conditions.chain(block.next).chain(block.errors.iter().map(|(_, to)| *to)).collect()
}

/// Where a telephone call goes at a split on the channel, and how many other ways there are.
fn channel<'a>(block: &Block<'a>) -> Option<(&'a str, usize)> {
    if role(&block.kind) != Role::Compare || !matches!(compare_on(block)?.as_str(), "$.Channel" | "$.System.Channel") {
        return None;
    }
    let voice =
        block.conditions.iter().find(|(operand, _)| matches!(operand.as_str(), "VOICE" | "TELEPHONY" | "Voice"));
    let other = block.errors.iter().find(|(kind, _)| *kind == "NoMatchingCondition").map(|(_, to)| *to);
    let to = voice.map(|(_, to)| *to).or(other).or(block.next)?;
    Some((to, exits(block).into_iter().filter(|way| *way != to).count()))
}

fn compare_on(block: &Block) -> Option<String> {
    match &block.parameters {
        Parameters::Named(_) => {
            block.parameters.value("ComparisonValue").or_else(|| block.parameters.value("Attribute"))
        }
        Parameters::Listed(_) => {
            let attribute = block.parameters.text("Attribute")?;
            let namespace = block.parameters.text("Namespace");
            Some(namespace.map_or_else(|| attribute.to_owned(), |namespace| format!("$.{namespace}.{attribute}")))
        }
    }
}

/// Whether the digits are stored instead of deciding at once.
fn stores(block: &Block) -> bool {
    match &block.parameters {
        Parameters::Named(map) => map.and_then(|m| m.get("StoreInput")).is_some_and(Tree::is_true),
        Parameters::Listed(_) => block.parameters.text("CustomerInputType").is_some(),
    }
}

/// One round: a retry is a line in the drawing.
fn once() -> Retry {
    Retry { attempts: Some(1), media: vec![] }
}

fn is_keys(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'))
}

/// What the console shows for a parameter, else its value without the account in front.
fn shown(block: &Block, parameter: &str) -> Option<String> {
    let shown = block.metadata.and_then(|m| m.at(&["parameters", parameter, "displayName"])?.text());
    let value = || block.parameters.value(parameter).map(|value| short(&value));
    shown.filter(|s| !s.is_empty()).map(str::to_owned).or_else(value)
}

/// What the author called the block.
fn shown_name(block: &Block) -> Option<String> {
    block.metadata.and_then(|m| m.text_of("friendlyName").or_else(|| m.text_of("name"))).map(str::to_owned)
}

/// The last part of an ARN.
fn short(value: &str) -> String {
    match value.starts_with("arn:") {
        true => base_name(value).rsplit(':').next().unwrap_or(value).to_owned(),
        false => value.to_owned(),
    }
}

fn queue_name(block: &Block) -> Option<String> {
    let text = block.metadata.and_then(|m| m.get("queue")?.text_of("text")).map(str::to_owned);
    text.or_else(|| shown(block, "QueueId")).or_else(|| block.parameters.value("Queue").map(|value| short(&value)))
}

fn flow_name(block: &Block) -> Option<String> {
    let metadata = |key: &str| block.metadata.and_then(|m| m.get(key)?.text_of("text")).map(str::to_owned);
    let shown_as = metadata("ContactFlow").or_else(|| metadata("contactFlow"));
    shown_as.or_else(|| shown(block, "ContactFlowId")).or_else(|| shown(block, "FlowModuleId"))
}

fn media(block: &Block) -> Vec<Media> {
    let one = |value: String| match value.starts_with("$.") {
        true => Media::Dynamic { expression: value },
        false => Media::Text { says: value, language: None },
    };
    if let Some(text) = block.parameters.value("Text").filter(|text| !text.trim().is_empty()) {
        let ssml = block.parameters.text("TextToSpeechType") == Some("ssml");
        return vec![one(if ssml { without_tags(&text) } else { text })];
    }
    if let Some(ssml) = block.parameters.value("SSML") {
        return vec![one(without_tags(&ssml))];
    }
    let prompt = shown(block, "PromptId").or_else(|| block.parameters.value("AudioPrompt").map(|value| short(&value)));
    let audio = |file: String| match file.starts_with("$.") {
        true => Media::Dynamic { expression: file },
        false => Media::Audio { file, says: None, duration_s: None },
    };
    match (prompt, &block.parameters) {
        (Some(prompt), _) => vec![audio(prompt)],
        (None, Parameters::Named(Some(map))) => {
            let uri = map.at(&["Media", "Uri"]).and_then(Tree::text).map(|uri| audio(uri.to_owned()));
            let messages = map.get("Messages").map_or(&[][..], Tree::items).iter().filter_map(|message| {
                let prompt = message.text_of("PromptId").map(|id| audio(short(id)));
                prompt.or_else(|| message.text_of("Text").map(|text| one(text.to_owned())))
            });
            uri.into_iter().chain(messages).collect()
        }
        _ => vec![],
    }
}

/// The words of SSML.
fn without_tags(ssml: &str) -> String {
    let (mut words, mut inside) = (String::new(), false);
    for c in ssml.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                words.push(' ');
            }
            c if !inside => words.push(c),
            _ => {}
        }
    }
    shorten(&squeeze(&words), 100_000)
}
