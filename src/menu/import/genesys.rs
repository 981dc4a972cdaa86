//! Genesys Cloud Architect flows as Archy writes them: one `inboundCall` in YAML with its menus, tasks and states.
//!
//! Placeholders of Terraform and Archy (`{{name}}`) stand unquoted in these files, also as keys, so that many are no YAML
//! before they are filled in: they become plain words first. Outputs of an action that are not given fall through to
//! the next action. What comes after the last repeat of a menu without a default choice is not in the file; the call is
//! assumed to end.

use std::collections::HashMap;

use super::{
    ImportError, Importer, Problem, SourceFile,
    source::{broken, open, place, remark},
    text::shorten,
    tree::{Tree, yaml},
};
use crate::menu::graph::{
    Builder, Certainty, Collect, ExternalKind, Flow, Media, Menu, NodeIndex, NodeKind, On, Origin, RemarkKind, Retry,
    Told,
};

/// `menuSelectionTimeout` where neither menu nor flow tells it (Architect, menu settings).
const DEFAULT_TIMEOUT_S: f64 = 10.0;
/// `repeatCount` where neither menu nor flow tells it (Architect, menu settings).
const DEFAULT_REPEATS: f64 = 3.0;
/// `extensionDialingMaxDelay` where neither menu nor flow tells it (Architect, menu settings).
const DEFAULT_EXTENSION_DELAY_S: f64 = 1.0;
/// `noEntryTimeout` of a `collectInput` where the flow does not tell it.
const DEFAULT_ENTRY_TIMEOUT_S: f64 = 5.0;

/// Genesys Cloud Architect.
pub struct Genesys;

impl Importer for Genesys {
    fn id(&self) -> &'static str {
        "genesys-architect"
    }

    fn about(&self) -> &'static str {
        "Genesys Cloud Architect inbound call flows (Archy YAML)"
    }

    fn recognises(&self, bytes: &[u8], _: &str) -> bool {
        let (text, _) = super::text::decode(bytes);
        text.lines().any(|line| FLOW_KINDS.iter().any(|kind| line.trim_end().strip_suffix(':') == Some(kind)))
    }

    fn import(&self, files: &[SourceFile]) -> Result<Flow, ImportError> {
        let (mut flow, texts) = open(files, self.id())?;
        let mut trees = vec![];
        for (at, (file, text)) in files.iter().zip(&texts).enumerate() {
            let (filled, placeholders) = fill(text);
            for (line, name) in placeholders {
                remark(&mut flow, RemarkKind::Placeholders, name, place(at, line, ""));
            }
            trees.push(yaml(&filled).map_err(|error| broken(file, error))?);
        }
        let mut architects = vec![];
        for (at, (file, tree)) in files.iter().zip(&trees).enumerate() {
            let Some(call) = tree.get("inboundCall") else {
                let kind = tree.entries().first().map_or("?", |(key, _)| key.as_str()).to_owned();
                let remedy = "give the flow of the kind inboundCall".into();
                return Err(ImportError::new(
                    &file.name,
                    Problem::Unsupported { what: format!("a flow of the kind {kind}"), remedy },
                ));
            };
            if call.entries().is_empty() {
                return Err(ImportError::new(&file.name, Problem::NoFlow("inboundCall is empty".into())));
            }
            architects.push(Architect::new(call, at, files.len() > 1));
        }
        if let [one] = &architects[..] {
            flow.flow().name = one.name.clone();
        }
        flow.flow().language = architects.first().and_then(|a| a.call.text_of("defaultLanguage")).map(str::to_owned);
        let starts: HashMap<String, String> = architects.iter().map(|a| (a.name.clone(), a.start())).collect();
        for architect in &architects {
            architect.translate(&mut flow, &starts);
        }
        Ok(flow.finish())
    }
}

/// The kinds of flows that Archy knows, by their outermost key.
const FLOW_KINDS: [&str; 14] = [
    "inboundCall",
    "inQueueCall",
    "inboundEmail",
    "inboundChat",
    "inboundShortMessage",
    "outboundCall",
    "secureCall",
    "commonModule",
    "workflow",
    "bot",
    "digitalBot",
    "surveyInvite",
    "voicemail",
    "workitem",
];

/// The text with each `{{placeholder}}` made a word, and the placeholders with their lines.
fn fill(text: &str) -> (String, Vec<(usize, String)>) {
    let (mut filled, mut found) = (String::with_capacity(text.len()), vec![]);
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let mut rest = line;
        while let Some((before, inner, after)) = rest
            .split_once("{{")
            .and_then(|(before, tail)| tail.split_once("}}").map(|(inner, after)| (before, inner, after)))
        {
            let word: String = inner.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
            filled.push_str(before);
            filled.push_str(&format!("__{word}__"));
            found.push((at + 1, inner.trim().to_owned()));
            rest = after;
        }
        filled.push_str(rest);
    }
    (filled, found)
}

/// A way out of a step that leads nowhere yet.
#[derive(Clone)]
struct Out {
    from: NodeIndex,
    on: On,
    certainty: Certainty,
}

/// One flow.
struct Architect<'a> {
    name: String,
    call: &'a Tree,
    file: usize,
    prefix: String,
}

/// Where actions stand.
#[derive(Clone)]
struct Place<'p> {
    /// The menu to which the end of a menu's own task returns.
    menu: Option<&'p str>,
    /// The task, menu or state, for names.
    owner: &'p str,
    starts: &'p HashMap<String, String>,
}

impl<'a> Architect<'a> {
    fn new(call: &'a Tree, file: usize, several: bool) -> Self {
        let name = call.text_of("name").unwrap_or("inboundCall").to_owned();
        let prefix = if several { format!("{name}/") } else { String::new() };
        Self { name, call, file, prefix }
    }

    fn id(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn origin(&self, tree: &Tree) -> Origin {
        Origin { pointer: None, ..place(self.file, tree.line, "") }
    }

    /// The id of what a call meets first.
    fn start(&self) -> String {
        match audio(self.call.get("initialGreeting")).is_empty() {
            true => self.id(&reference(self.call.text_of("startUpRef").unwrap_or_default())),
            false => self.id("initialGreeting"),
        }
    }

    /// The things of a collection: `menus: - menu: {...}`.
    fn all(&self, collection: &str, kind: &str) -> Vec<&'a Tree> {
        let items = self.call.get(collection).map_or(&[][..], Tree::items);
        items.iter().filter_map(|item| item.get(kind)).collect()
    }

    fn translate(&self, flow: &mut Builder, starts: &HashMap<String, String>) {
        let start = self.call.text_of("startUpRef").map(reference);
        flow.entry(self.name.clone(), None, self.start());
        let greeting = self.call.get("initialGreeting");
        let first = self.id(start.as_deref().unwrap_or_default());
        let media = audio(greeting);
        if let Some(greeting) = greeting.filter(|_| !media.is_empty()) {
            let node = flow.node(
                self.id("initialGreeting"),
                self.origin(greeting),
                NodeKind::Prompt { media, barge_in: Told::Unknown },
            );
            match &start {
                Some(_) => drop(flow.link(node, On::Next, first, self.origin(greeting))),
                None => {
                    let end = flow.node(self.id("end"), self.origin(greeting), NodeKind::Hangup { said: false });
                    let end = flow.at(end).id.clone();
                    flow.link(node, On::Next, end, self.origin(greeting)).certainty = Certainty::Assumed;
                }
            }
        }
        for menu in self.all("menus", "menu") {
            self.menu(flow, menu, None, starts);
        }
        for (collection, kind) in [("tasks", "task"), ("states", "state")] {
            for task in self.all(collection, kind) {
                let own = own_ref(task);
                let place = Place { menu: None, owner: own, starts };
                let head =
                    flow.node(self.id(own), self.origin(task), NodeKind::Branch { on: kind.into(), decidable: true });
                flow.at(head).title = task.text_of("name").map(str::to_owned);
                let outs = vec![Out { from: head, on: On::Next, certainty: Certainty::Certain }];
                let outs = self.actions(flow, task.get("actions"), outs, &place);
                self.ends(flow, outs, task, own);
            }
        }
    }

    /// The call ends where the actions do.
    fn ends(&self, flow: &mut Builder, outs: Vec<Out>, at: &Tree, owner: &str) {
        if outs.is_empty() {
            return;
        }
        let node = flow.node(self.id(&format!("{owner}/end")), self.origin(at), NodeKind::Hangup { said: false });
        let id = flow.at(node).id.clone();
        for out in outs {
            flow.link(out.from, out.on, id.clone(), self.origin(at)).certainty = Certainty::Assumed;
        }
    }

    /// A value of a menu's settings, of the flow's, or none.
    fn setting(&self, menu: &'a Tree, name: &str) -> Option<&'a Tree> {
        let told = |holder: &'a Tree| holder.at(&["settingsMenu", name])?.get("lit");
        told(menu).or_else(|| told(self.call))
    }

    fn menu(
        &self,
        flow: &mut Builder,
        menu: &'a Tree,
        parent: Option<&str>,
        starts: &HashMap<String, String>,
    ) -> String {
        let (own, here) = (own_ref(menu), self.origin(menu));
        let seconds = |name: &str| self.setting(menu, name).and_then(duration);
        let repeats = self.setting(menu, "repeatCount").and_then(Tree::number).unwrap_or(DEFAULT_REPEATS);
        let listens = self.setting(menu, "listenForExtensionDialing").is_none_or(Tree::is_true);
        let delay_s = seconds("extensionDialingMaxDelay").unwrap_or(DEFAULT_EXTENSION_DELAY_S);
        let retry = Retry { attempts: Some((repeats.min(1e6) as u32).saturating_add(1)), media: vec![] };
        let media = [menu.get("audio"), menu.get("defaultAudio")].into_iter().map(audio).find(|m| !m.is_empty());
        let media = media.or_else(|| {
            let own = ["tts", "exp", "prompt"].iter().any(|key| menu.get(key).is_some());
            own.then(|| audio(Some(menu)))
        });
        let node = flow.node(
            self.id(own),
            here.clone(),
            NodeKind::Menu(Menu {
                media: media.unwrap_or_default(),
                timeout: retry.clone(),
                invalid: retry,
                no_input_s: Some(seconds("menuSelectionTimeout").unwrap_or(DEFAULT_TIMEOUT_S)),
                inter_digit_s: listens.then_some(delay_s),
                barge_in: Told::Yes,
                direct_dial: Told::from(listens),
                ..Menu::default()
            }),
        );
        flow.at(node).title = menu.text_of("name").map(str::to_owned);
        let id = flow.at(node).id.clone();
        let mut targets: Vec<(&str, &str, String)> = vec![];
        let wait_s = if listens { delay_s } else { 0.0 };
        for choice in menu.get("choices").map_or(&[][..], Tree::items) {
            let Some((kind, body)) = choice.entries().first() else { continue };
            let to = self.choice(flow, kind, body, &id, parent, starts);
            self.keys(flow, node, body, &to, wait_s);
            targets.push((body.text_of("refId").unwrap_or_default(), body.text_of("name").unwrap_or_default(), to));
        }
        for other in self.all("menus", "menu").into_iter().filter(|other| own_ref(other) != own) {
            for choice in other.get("choices").map_or(&[][..], Tree::items) {
                let Some((kind, body)) = choice.entries().first() else { continue };
                if body.get("globalDtmf").is_some_and(Tree::is_true) {
                    self.keys(flow, node, body, &self.id(&choice_target(kind, own_ref(other), body)), wait_s);
                }
            }
        }
        let default = ["defaultChildMenuRef", "defaultChoiceRef", "defaultChoice"].iter().find_map(|key| menu.get(key));
        let default = default.and_then(|d| d.text().or_else(|| d.text_of("name"))).map(reference);
        let (to, certainty) = match default {
            Some(default) => {
                let found = targets.iter().find(|(r, name, _)| *r == default || *name == default);
                (found.map_or_else(|| self.id(&default), |(_, _, to)| to.clone()), Certainty::Certain)
            }
            None => {
                let end = flow.node(self.id(&format!("{own}/end")), here.clone(), NodeKind::Hangup { said: false });
                (flow.at(end).id.clone(), Certainty::Assumed)
            }
        };
        for on in [On::Timeout { nth: None }, On::Invalid { nth: None }] {
            flow.link(node, on, to.clone(), here.clone()).certainty = certainty;
        }
        id
    }

    /// The edges of a choice: its key and its spoken words.
    fn keys(&self, flow: &mut Builder, node: NodeIndex, body: &Tree, to: &str, wait_s: f64) {
        if let Some(key) = body.text_of("dtmf").and_then(key_of) {
            flow.link(node, On::Key(key), to, self.origin(body)).wait_s = wait_s;
        }
        let words = body.get("speechRecTerms").map(words).unwrap_or_default();
        if !words.is_empty() {
            flow.link(node, On::Speech(words), to, self.origin(body));
        }
    }

    /// The id of what a choice of a menu leads to.
    fn choice(
        &self,
        flow: &mut Builder,
        kind: &str,
        body: &'a Tree,
        menu: &str,
        parent: Option<&str>,
        starts: &HashMap<String, String>,
    ) -> String {
        let here = self.origin(body);
        let own = menu.strip_prefix(&self.prefix).unwrap_or(menu);
        let id = self.id(&choice_id(own, body));
        let target = |key: &str| body.text_of(key).map(|r| self.id(&reference(r)));
        match kind {
            "menuRepeatMenu" => return menu.to_owned(),
            "menuPreviousMenu" => return parent.unwrap_or(menu).to_owned(),
            "menuJumpToMenu" => return target("targetMenuRef").unwrap_or_else(|| kind.to_owned()),
            "menuJumpToTask" => return target("targetTaskRef").unwrap_or_else(|| kind.to_owned()),
            "menuChangeState" => return target("targetStateRef").unwrap_or_else(|| kind.to_owned()),
            "menuSubMenu" => return self.menu(flow, body, Some(menu), starts),
            "menuTask" => {
                let head = flow.node(id, here, NodeKind::Branch { on: "task".into(), decidable: true });
                flow.at(head).title = body.text_of("name").map(str::to_owned);
                let place = Place { menu: Some(menu), owner: own, starts };
                let outs = vec![Out { from: head, on: On::Next, certainty: Certainty::Certain }];
                let actions = body.get("actions").or_else(|| body.at(&["task", "actions"]));
                for out in self.actions(flow, actions, outs, &place) {
                    flow.link(out.from, out.on, menu, self.origin(body)).certainty = Certainty::Assumed;
                }
                return flow.at(head).id.clone();
            }
            _ => {}
        }
        let mut letters = kind.strip_prefix("menu").unwrap_or(kind).chars();
        let action: String = letters.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(letters).collect();
        let action = action.as_str();
        let terminal = self.terminal(flow, action, body, starts);
        let (kind, link) = terminal.unwrap_or_else(|| {
            remark(flow, RemarkKind::NotUnderstood, kind, here.clone());
            (NodeKind::Unknown { why: kind.to_owned() }, None)
        });
        let before = audio(body.get("preTransferAudio").or_else(|| body.get("audio")));
        let node = flow.node(
            id,
            here.clone(),
            if before.is_empty() {
                kind.clone()
            } else {
                NodeKind::Prompt { media: before.clone(), barge_in: Told::No }
            },
        );
        let id = flow.at(node).id.clone();
        let last = match before.is_empty() {
            true => node,
            false => {
                let last = flow.node(format!("{id}/transfer"), here.clone(), kind);
                let to = flow.at(last).id.clone();
                flow.link(node, On::Next, to, here.clone());
                last
            }
        };
        flow.at(last).title = body.text_of("name").map(str::to_owned);
        if let Some(link) = link {
            flow.link(last, On::Next, link, here);
        }
        id
    }

    /// What a transfer, a disconnect or a voicemail is, and where it leads within the given files.
    fn terminal(
        &self,
        flow: &mut Builder,
        action: &str,
        body: &'a Tree,
        starts: &HashMap<String, String>,
    ) -> Option<(NodeKind, Option<String>)> {
        let name = |keys: &[&str]| keys.iter().find_map(|key| named(body.get(key)?));
        let kind = match action {
            "disconnect" => NodeKind::Hangup { said: true },
            "transferToAcd" => NodeKind::Queue { name: name(&["targetQueue"]) },
            "transferToUser" => NodeKind::Agent { name: name(&["targetUser"]) },
            "transferToGroup" => NodeKind::Agent { name: name(&["targetGroup"]) },
            "transferToExtension" | "dialByExtension" => NodeKind::Agent { name: name(&["targetExtension"]) },
            "transferToNumber" | "transferExternal" | "transferToExternal" => NodeKind::External {
                kind: ExternalKind::Number,
                name: name(&["targetNumber", "number", "targetAddress"]).unwrap_or_default(),
                person: Told::Unknown,
            },
            "transferToVoicemail" | "transferVoicemail" | "transferToUserVoicemail" | "transferToGroupVoicemail" => {
                NodeKind::Voicemail { name: name(&["targetUser", "targetGroup", "target"]) }
            }
            "createCallback" => NodeKind::Callback { media: vec![] },
            "transferToFlow" | "transferFlow" | "transferToFlowSecure" => {
                let flow_name = name(&["targetFlow", "targetSecureFlow"]).unwrap_or_default();
                if let Some(start) = starts.get(&flow_name) {
                    return Some((NodeKind::Branch { on: action.to_owned(), decidable: true }, Some(start.clone())));
                }
                remark(flow, RemarkKind::OtherFiles, &flow_name, self.origin(body));
                NodeKind::External { kind: ExternalKind::Flow, name: flow_name, person: Told::Unknown }
            }
            _ => return None,
        };
        Some((kind, None))
    }

    /// A list of actions, one after the other.
    fn actions(&self, flow: &mut Builder, list: Option<&'a Tree>, mut outs: Vec<Out>, place: &Place) -> Vec<Out> {
        let items = list.map_or(&[][..], Tree::items);
        let mut at = 0;
        while let Some((kind, body)) = items.get(at).and_then(|item| item.entries().first()) {
            at += 1;
            if outs.is_empty() {
                break;
            }
            if kind == "collectInput" {
                outs = self.collect(flow, body, outs, place, items.get(at), &mut at);
                continue;
            }
            outs = self.action(flow, kind, body, outs, place);
        }
        outs
    }

    /// Adds a node behind `outs`.
    fn step(
        &self,
        flow: &mut Builder,
        outs: Vec<Out>,
        place: &Place,
        kind: &str,
        body: &Tree,
        node: NodeKind,
    ) -> NodeIndex {
        let name = body.text_of("name").unwrap_or(kind);
        let index = flow.node(self.id(&format!("{}/{name}", place.owner)), self.origin(body), node);
        let id = flow.at(index).id.clone();
        for out in outs {
            flow.link(out.from, out.on, id.clone(), self.origin(body)).certainty = out.certainty;
        }
        index
    }

    fn action(&self, flow: &mut Builder, kind: &str, body: &'a Tree, mut outs: Vec<Out>, place: &Place) -> Vec<Out> {
        let certain = |from, on| Out { from, on, certainty: Certainty::Certain };
        match kind {
            "playAudio" | "playAudioOnSilence" => {
                let node = self.step(
                    flow,
                    outs,
                    place,
                    kind,
                    body,
                    NodeKind::Prompt { media: audio(body.get("audio")), barge_in: Told::Unknown },
                );
                return vec![certain(node, On::Next)];
            }
            "jumpToMenu" | "jumpToTask" | "changeState" | "jumpToReusableTask" => {
                let target =
                    ["targetMenuRef", "targetTaskRef", "targetStateRef"].iter().find_map(|key| body.text_of(key));
                let to = target.map_or_else(|| kind.to_owned(), |target| self.id(&reference(target)));
                for out in outs {
                    flow.link(out.from, out.on, to.clone(), self.origin(body)).certainty = out.certainty;
                }
                return vec![];
            }
            "previousMenu" | "repeatMenu" | "jumpToPreviousMenu" => {
                let to = place.menu.unwrap_or(kind);
                for out in outs {
                    flow.link(out.from, out.on, to, self.origin(body)).certainty = out.certainty;
                }
                return vec![];
            }
            "evaluateSchedule" | "evaluateScheduleGroup" => {
                let schedule = ["schedule", "scheduleGroup", "evaluate"].iter().find_map(|key| named(body.get(key)?));
                let node = self.step(flow, outs, place, kind, body, NodeKind::Hours { schedule });
                let ways = match kind {
                    "evaluateSchedule" => vec![("active", On::Open), ("inactive", On::Closed)],
                    _ => vec![
                        ("open", On::Open),
                        ("closed", On::Closed),
                        ("holiday", On::Holiday),
                        ("emergency", On::Emergency),
                    ],
                };
                return self.outputs(flow, body, node, ways, place);
            }
            "decision" => {
                let on = body.at(&["condition", "exp"]).and_then(Tree::text).unwrap_or("decision").to_owned();
                remark(flow, RemarkKind::Variables, &on, self.origin(body));
                let node =
                    self.step(flow, outs, place, kind, body, NodeKind::Branch { on: on.clone(), decidable: false });
                return self.outputs(flow, body, node, vec![("yes", On::Match(on)), ("no", On::Else)], place);
            }
            "createCallback" => {
                let node = self.step(flow, outs, place, kind, body, NodeKind::Callback { media: vec![] });
                return self.outputs(flow, body, node, vec![("success", On::Next), ("failure", On::Fail)], place);
            }
            "callTask"
            | "callCommonModule"
            | "callBot"
            | "callDigitalBot"
            | "callLexBot"
            | "callDialogEngineBot"
            | "callDialogflowBot" => {
                let target = body.text_of("targetTaskRef").map(reference);
                let name = target.or_else(|| named(body.get("commonModule")?)).unwrap_or_else(|| kind.to_owned());
                let kind_of = if kind == "callTask" { ExternalKind::Flow } else { ExternalKind::Function };
                let node = self.step(
                    flow,
                    outs,
                    place,
                    kind,
                    body,
                    NodeKind::External { kind: kind_of, name, person: Told::No },
                );
                return self.outputs(flow, body, node, self.labels(body), place);
            }
            "endTask" | "endState" | "endFlow" | "exit" => {
                self.ends(flow, outs, body, place.owner);
                return vec![];
            }
            _ => {}
        }
        if let Some((node, link)) = self.terminal(flow, kind, body, place.starts) {
            let before = audio(body.get("preTransferAudio"));
            if !before.is_empty() {
                let said =
                    self.step(flow, outs, place, kind, body, NodeKind::Prompt { media: before, barge_in: Told::No });
                outs = vec![certain(said, On::Next)];
            }
            let ends = matches!(node, NodeKind::Hangup { .. });
            let node = self.step(flow, outs, place, kind, body, node);
            if let Some(link) = link {
                flow.link(node, On::Next, link, self.origin(body));
            }
            if ends {
                return vec![];
            }
            return self.outputs(flow, body, node, vec![("failure", On::Fail)], place);
        }
        let labels = self.labels(body);
        if labels.is_empty() {
            return outs;
        }
        // a look-up, a loop or a switch: which way it goes cannot be seen
        let node = self.step(flow, outs, place, kind, body, NodeKind::Branch { on: kind.to_owned(), decidable: false });
        remark(flow, RemarkKind::Variables, body.text_of("name").unwrap_or(kind), self.origin(body));
        self.outputs(flow, body, node, labels, place)
    }

    /// The outputs that an action of unknown kind has, and those that it has besides.
    fn labels(&self, body: &'a Tree) -> Vec<(&'a str, On)> {
        let outputs = body.get("outputs").map_or(&[][..], Tree::entries);
        let on = |label: &str| match label {
            "failure" | "timeout" | "error" => On::Fail,
            "success" | "found" | "loop" => On::Match(label.to_owned()),
            "default" | "notFound" => On::Else,
            label => On::Match(label.to_owned()),
        };
        let mut all: Vec<(&str, On)> = outputs.iter().map(|(label, _)| (label.as_str(), on(label))).collect();
        // a switch lists its cases
        let cases = body.get("cases").map_or(&[][..], Tree::items);
        all.extend(cases.iter().filter_map(|case| {
            let inner = case.get("case")?;
            let value = inner.at(&["value", "exp"]).or_else(|| inner.at(&["value", "lit"]));
            Some(("case", On::Match(value.and_then(Tree::text).unwrap_or("case").to_owned())))
        }));
        if all.is_empty() {
            return all;
        }
        // the output that is not drawn falls through
        for (given, other) in [
            ("failure", "success"),
            ("timeout", "success"),
            ("notFound", "found"),
            ("loop", "done"),
            ("case", "default"),
        ] {
            if all.iter().any(|(label, _)| *label == given) && all.iter().all(|(label, _)| *label != other) {
                all.push((other, if other == "success" || other == "found" { On::Next } else { On::Else }));
            }
        }
        all
    }

    /// The ways on from a node: through the actions of each output, or straight to the next action.
    fn outputs(
        &self,
        flow: &mut Builder,
        body: &'a Tree,
        node: NodeIndex,
        ways: Vec<(&str, On)>,
        place: &Place,
    ) -> Vec<Out> {
        let decided = !matches!(flow.at(node).kind, NodeKind::Branch { decidable: false, .. });
        let mut cases = body.get("cases").map_or(&[][..], Tree::items).iter();
        let mut after = vec![];
        for (label, on) in ways {
            let actions = match label {
                "case" => cases.next().and_then(|case| case.at(&["case", "actions"])),
                "default" => body.at(&["default", "actions"]).or_else(|| body.at(&["outputs", "default", "actions"])),
                label => body.at(&["outputs", label, "actions"]),
            };
            let certainty = if decided { Certainty::Certain } else { Certainty::Possible };
            after.extend(self.actions(flow, actions, vec![Out { from: node, on, certainty }], place));
        }
        if after.is_empty() && body.get("outputs").is_none() && !matches!(flow.at(node).kind, NodeKind::Branch { .. }) {
            after.push(Out { from: node, on: On::Next, certainty: Certainty::Certain });
        }
        after
    }

    /// Digits; a menu where decisions on them follow.
    fn collect(
        &self,
        flow: &mut Builder,
        body: &'a Tree,
        outs: Vec<Out>,
        place: &Place,
        following: Option<&'a Tree>,
        at: &mut usize,
    ) -> Vec<Out> {
        let variable = ["inputData", "data", "result"].iter().find_map(|key| body.at(&[key, "var"])?.text());
        let inner = body.at(&["outputs", "success", "actions"]);
        let inside = inner.and_then(|list| list.items().first());
        let test = |item: Option<&'a Tree>| {
            let (kind, decision) = item?.entries().first()?;
            (kind == "decision" && literal(decision, variable?).is_some()).then_some(decision)
        };
        let (decision, within) = match (test(inside), test(following)) {
            (Some(decision), _) => (Some(decision), true),
            (None, next) => (next.filter(|_| inside.is_none()), false),
        };
        let media = audio(body.get("inputAudio").or_else(|| body.get("audio")).or_else(|| body.get("prompt")));
        let timeout = body.at(&["noEntryTimeout", "lit"]).and_then(duration);
        let timeout = timeout.or_else(|| {
            self.call.at(&["settingsActionDefaults", "collectInput", "noEntryTimeout", "lit"]).and_then(duration)
        });
        let no_input_s = Some(timeout.unwrap_or(DEFAULT_ENTRY_TIMEOUT_S));
        let digits = |keys: &[&str]| {
            keys.iter().find_map(|key| {
                let told = body.at(&["digits", key]).or_else(|| body.get(key))?;
                told.number().or_else(|| told.get("lit")?.number()).or_else(|| told.at(&["lit", "value"])?.number())
            })
        };
        let exact = digits(&["exact", "exactDigits"]);
        let (min, max) =
            (exact.or_else(|| digits(&["min", "minDigits"])), exact.or_else(|| digits(&["max", "maxDigits"])));
        let kind = match decision {
            Some(_) => NodeKind::Menu(Menu {
                media,
                no_input_s,
                barge_in: Told::Unknown,
                direct_dial: Told::No,
                ..Menu::default()
            }),
            None => NodeKind::Collect(Collect {
                media,
                min: min.map(|n| n as u32),
                max: max.map(|n| n as u32),
                no_input_s,
                ..Collect::default()
            }),
        };
        let node = self.step(flow, outs, place, "collectInput", body, kind);
        let out = |on| Out { from: node, on, certainty: Certainty::Certain };
        let mut after = match decision {
            Some(decision) => {
                let mut after = vec![];
                self.choose(flow, decision, variable.unwrap_or_default(), node, place, &mut after);
                if within {
                    let rest = inner.map_or(&[][..], Tree::items);
                    for (kind, body) in
                        rest.iter().skip(1).filter_map(|item| item.entries().first().map(|(k, b)| (k, b)))
                    {
                        after = self.action(flow, kind, body, after, place);
                    }
                } else {
                    *at += 1;
                }
                after
            }
            None => self.actions(flow, inner, vec![out(On::Next)], place),
        };
        // what is not drawn falls through
        let failure = body.at(&["outputs", "failure", "actions"]);
        let silent = vec![out(On::Timeout { nth: None })];
        after.extend(self.actions(flow, failure, silent, place));
        after
    }

    /// A chain of decisions on one variable: an option for each value, and what is left as a key that is no option.
    fn choose(
        &self,
        flow: &mut Builder,
        decision: &'a Tree,
        variable: &str,
        node: NodeIndex,
        place: &Place,
        after: &mut Vec<Out>,
    ) {
        let mut next = Some(decision);
        while let Some(decision) = next.take() {
            let key = literal(decision, variable).unwrap_or_default();
            let yes = vec![Out { from: node, on: On::Key(key), certainty: Certainty::Certain }];
            after.extend(self.actions(flow, decision.at(&["outputs", "yes", "actions"]), yes, place));
            let no = decision.at(&["outputs", "no", "actions"]);
            let further = no.and_then(|list| list.items().first()?.entries().first());
            match further.filter(|(kind, body)| kind == "decision" && literal(body, variable).is_some()) {
                Some((_, body)) => next = Some(body),
                None => {
                    let wrong = vec![Out { from: node, on: On::Invalid { nth: None }, certainty: Certainty::Certain }];
                    after.extend(self.actions(flow, no, wrong, place));
                }
            }
        }
    }
}

/// The refId of a menu, task or state, else its name.
fn own_ref(tree: &Tree) -> &str {
    tree.text_of("refId").or_else(|| tree.text_of("name")).unwrap_or("menu")
}

fn choice_id(menu: &str, body: &Tree) -> String {
    format!("{menu}/{}", body.text_of("refId").or_else(|| body.text_of("name")).unwrap_or("choice"))
}

/// The name of what a choice of a menu leads to, where that is no choice of that other menu.
fn choice_target(kind: &str, menu: &str, body: &Tree) -> String {
    let target = ["targetMenuRef", "targetTaskRef", "targetStateRef"].iter().find_map(|key| body.text_of(key));
    match (kind, target) {
        (_, Some(target)) => reference(target),
        ("menuSubMenu", None) => own_ref(body).to_owned(),
        ("menuRepeatMenu" | "menuPreviousMenu", None) => menu.to_owned(),
        _ => choice_id(menu, body),
    }
}

/// `/inboundCall/menus/menu[Main_10]` names `Main_10`.
fn reference(path: &str) -> String {
    path.rsplit_once('[').map_or(path, |(_, inner)| inner.trim_end_matches(']')).to_owned()
}

fn key_of(dtmf: &str) -> Option<String> {
    let word = dtmf.trim().trim_start_matches("digit_").trim_start_matches("digits_");
    match word {
        "star" => Some("*".into()),
        "pound" | "hash" => Some("#".into()),
        "none" | "noValue" => None,
        digits if !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#')) => {
            Some(digits.to_owned())
        }
        _ => None,
    }
}

/// `seconds: 10`, `minutes: 1`, `ms: 1500`.
fn duration(tree: &Tree) -> Option<f64> {
    let parts = [("hours", 3600.0), ("minutes", 60.0), ("seconds", 1.0), ("ms", 0.001)];
    let told: Vec<f64> = parts.iter().filter_map(|(unit, s)| Some(tree.get(unit)?.number()? * s)).collect();
    (!told.is_empty()).then(|| told.iter().sum())
}

/// A queue, user, number or flow: `lit: {name: x}`, `lit: x`, `exp: x`, `name: x` or plain.
fn named(tree: &Tree) -> Option<String> {
    let lit = tree.get("lit");
    let found = lit
        .and_then(|l| l.text_of("name").or_else(|| l.text()))
        .or_else(|| tree.text_of("exp"))
        .or_else(|| tree.text_of("name"));
    found.or_else(|| tree.text()).map(str::to_owned)
}

/// Every text below a tree: the spoken words of a choice stand by language.
fn words(tree: &Tree) -> Vec<String> {
    let (mut found, mut open) = (vec![], vec![tree]);
    while let Some(tree) = open.pop() {
        open.extend(tree.items().iter().rev());
        open.extend(
            tree.entries()
                .iter()
                .filter(|(key, _)| key != "mode" && key != "inheritance")
                .map(|(_, value)| value)
                .rev(),
        );
        found.extend(
            tree.text().filter(|text| !text.is_empty() && *text != "true" && *text != "false").map(str::to_owned),
        );
    }
    found
}

/// What is said: `tts`, a prompt by name, or the words in an expression.
fn audio(tree: Option<&Tree>) -> Vec<Media> {
    let Some(tree) = tree else { return vec![] };
    let dynamic = |text: &str| text.contains("__") && text.split("__").count() > 2;
    if let Some(tts) = tree.text_of("tts").or_else(|| tree.text()) {
        return vec![match dynamic(tts) {
            true => Media::Dynamic { expression: tts.to_owned() },
            false => Media::Text { says: tts.to_owned(), language: None },
        }];
    }
    if let Some(expression) = tree.text_of("exp") {
        return expression_media(expression);
    }
    let prompt = tree
        .text_of("prompt")
        .map(str::to_owned)
        .or_else(|| tree.get("lit").and_then(|lit| lit.text_of("name").or_else(|| lit.text())).map(str::to_owned));
    if let Some(file) = prompt {
        return vec![Media::Audio { file, says: None, duration_s: None }];
    }
    // by language: the first
    tree.entries()
        .iter()
        .filter(|(key, _)| !["noValue", "name", "mode"].contains(&key.as_str()))
        .map(|(_, value)| audio(Some(value)))
        .find(|m| !m.is_empty())
        .unwrap_or_default()
}

/// The quoted words of `AudioPlaybackOptions(ToAudioTTS("..."), false)`; anything else is not known.
fn expression_media(expression: &str) -> Vec<Media> {
    let quoted: Vec<&str> = expression.split('"').skip(1).step_by(2).filter(|words| !words.trim().is_empty()).collect();
    match quoted.is_empty() {
        true => vec![Media::Dynamic { expression: shorten(expression, 200) }],
        false => vec![Media::Text { says: quoted.join(" "), language: None }],
    }
}

/// The value that a decision compares a variable with.
fn literal(decision: &Tree, variable: &str) -> Option<String> {
    let expression = decision.at(&["condition", "exp"])?.text()?;
    let (left, right) = expression.split_once("==").or_else(|| expression.split_once('='))?;
    let (left, right) = (left.trim(), right.trim());
    let (name, value) = if left == variable { (left, right) } else { (right, left) };
    let value = value.trim_matches('"');
    let is_key = !value.is_empty() && value.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
    (name == variable && is_key).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_words() {
        let (text, found) = fill("a: {{x}}\n{{prefix}}-Lambda:\n  b: \"{{ y.z }} and {{w}}\"\n");
        assert_eq!(text, "a: __x__\n__prefix__-Lambda:\n  b: \"__y_z__ and __w__\"\n");
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2, 3, 3]);
    }

    #[test]
    fn keys_and_references() {
        assert_eq!(
            ["digit_1", "digit_star", "digit_pound", "none", "7"].map(key_of),
            [Some("1".into()), Some("*".into()), Some("#".into()), None, Some("7".into())]
        );
        assert_eq!(reference("./choices/menuDisconnect[Bye_11]"), "Bye_11");
    }
}
