//! VoiceXML 2.0 and 2.1 (W3C): menus, forms and the documents that they lead to.
//!
//! A `<menu>` is a menu; a `<field>` is one where its options or the conditions of its `<filled>` name the answers, and
//! digits without a list otherwise. Silence and what is not understood follow the catch elements as clause 5.2.4 selects
//! them; where none is found the platform's own handler plays the prompt again, which is an assumed edge back.

use std::collections::HashMap;

use roxmltree::{Document, Node};

use super::{
    ImportError, Importer, Problem, SourceFile,
    source::{base_name, open, remark, stem},
    text::squeeze,
    xml::{attribute, is, line, origin, parse, prepare, seconds, unclosed_declaration},
};
use crate::menu::graph::{
    Builder, Certainty, Collect, ExternalKind, Flow, Media, Menu, NodeIndex, NodeKind, On, Origin, RemarkKind, Retry,
    Told,
};

/// How deep a thrown event may throw events itself, and how deep conditions may stand in each other.
const MOST_NESTED: usize = 12;
/// How many choices of a `dtmf="true"` menu get a key of their own (clause 2.2.2).
const IMPLICIT_KEYS: usize = 9;
/// Nodes that handlers may be copied into before the documents count as hostile.
const MOST_NODES: usize = 200_000;

/// VoiceXML.
pub struct VoiceXml;

impl Importer for VoiceXml {
    fn id(&self) -> &'static str {
        "voicexml"
    }

    fn about(&self) -> &'static str {
        "VoiceXML 2.0 and 2.1 documents"
    }

    fn recognises(&self, bytes: &[u8], name: &str) -> bool {
        let (text, _) = super::text::decode(bytes);
        text.contains("<vxml") || (name.ends_with(".vxml") && text.contains('<'))
    }

    fn import(&self, files: &[SourceFile]) -> Result<Flow, ImportError> {
        let (mut flow, texts) = open(files, self.id())?;
        let mut prepared = vec![];
        for (at, (file, text)) in files.iter().zip(&texts).enumerate() {
            let maker =
                [("<%", "JSP"), ("<?php", "PHP"), ("<?=", "PHP"), ("<jsp:", "JSP"), ("<cfoutput", "ColdFusion")];
            if let Some((_, maker)) = maker.iter().find(|(sign, _)| text.contains(sign)) {
                return Err(ImportError::new(&file.name, Problem::Template((*maker).into())));
            }
            if let Some(error) = unclosed_declaration(file, text) {
                return Err(error);
            }
            let (text, mended) = prepare(text, true);
            if mended > 0 {
                remark(
                    &mut flow,
                    RemarkKind::Mended,
                    format!("{mended} × & without &amp;"),
                    Origin { file: at, ..Origin::default() },
                );
            }
            prepared.push(text);
        }
        let parsed = files.iter().zip(&prepared).map(|(file, text)| parse(file, text));
        let documents = parsed.collect::<Result<Vec<_>, _>>()?;
        for (file, document) in files.iter().zip(&documents) {
            if !is(&document.root_element(), "vxml") {
                let why = format!("its root is <{}>, not <vxml>", document.root_element().tag_name().name());
                return Err(ImportError::new(&file.name, Problem::Unrecognised(why)));
            }
        }
        let mut writer = Writer::new(&mut flow, files, &documents);
        if !writer.documents() {
            let why = "no menu and no form: it only holds what other documents share".into();
            return Err(ImportError::new(&files[0].name, Problem::NoFlow(why)));
        }
        writer.connect();
        Ok(flow.finish())
    }
}

/// A way out of a step that leads nowhere yet.
#[derive(Clone)]
struct Out {
    from: NodeIndex,
    on: On,
    certainty: Certainty,
    /// The item of its form that a `<clear>` made the next to be visited.
    back: Option<usize>,
}

/// Stands for a node where a form begins: a way from here makes its target the form's first node.
const START: NodeIndex = NodeIndex(usize::MAX);
/// Forms that only lead to forms.
const MOST_ALIASES: usize = 64;

/// Where a way leads.
#[derive(Clone)]
enum Goal {
    Node(NodeIndex),
    /// The dialog of a document; without a name its first.
    Dialog(usize, Option<String>),
    /// An item of a form, by its number.
    Item(usize, String, usize),
    /// Nowhere.
    Dangling(String),
}

struct Writer<'w, 'a, 'i> {
    flow: &'w mut Builder,
    files: &'a [SourceFile],
    documents: &'a [Document<'i>],
    /// The first node of a dialog, and of each item of a form.
    dialogs: HashMap<(usize, Option<String>), NodeIndex>,
    items: HashMap<(usize, String, usize), NodeIndex>,
    ways: Vec<(Out, Goal, Origin)>,
    /// Forms without a node of their own, and where they lead.
    aliases: HashMap<(usize, Option<String>), Goal>,
    /// The form that is being translated, and whether it is the first dialog of its document.
    current: (usize, String, bool),
    /// Documents that others lead to.
    led_to: Vec<bool>,
    nested: usize,
}

/// Where a piece of content stands.
#[derive(Clone)]
struct Place<'a, 'i> {
    file: usize,
    dialog: String,
    /// The items of the form, and which of them this content belongs to.
    items: Vec<Node<'a, 'i>>,
    item: usize,
    /// The element whose scope catches events.
    scope: Node<'a, 'i>,
}

impl<'w, 'a, 'i: 'a> Writer<'w, 'a, 'i> {
    fn new(flow: &'w mut Builder, files: &'a [SourceFile], documents: &'a [Document<'i>]) -> Self {
        let led_to = vec![false; documents.len()];
        Self {
            flow,
            files,
            documents,
            dialogs: HashMap::new(),
            items: HashMap::new(),
            ways: vec![],
            aliases: HashMap::new(),
            current: (0, String::new(), false),
            led_to,
            nested: 0,
        }
    }

    /// A name that is unique among documents.
    fn id(&self, file: usize, name: &str) -> String {
        let stem = stem(&self.files[file].name);
        match (self.documents.len() > 1, name) {
            (_, "") => stem.to_owned(),
            (true, name) => format!("{stem}#{name}"),
            (false, name) => name.to_owned(),
        }
    }

    /// Translates every document; says whether any has a dialog.
    fn documents(&mut self) -> bool {
        let mut with_dialogs = vec![];
        for file in 0..self.documents.len() {
            let root = self.documents[file].root_element();
            if self.flow.flow().language.is_none() {
                let language = root.attribute(("http://www.w3.org/XML/1998/namespace", "lang"));
                self.flow.flow().language = language.map(str::to_owned);
            }
            let mut first = true;
            // items that stand outside of any form are read as a form of their own in front
            let stray: Vec<Node> = root.children().filter(|n| is_item(n)).collect();
            let dialogs: Vec<Node> = root.children().filter(|n| is(n, "menu") || is(n, "form")).collect();
            if let Some(odd) = stray.first() {
                remark(
                    self.flow,
                    RemarkKind::Mended,
                    format!("<{}> outside of a form", odd.tag_name().name()),
                    origin(file, odd),
                );
                let next = dialogs.first().map(|d| Goal::Dialog(file, Some(dialog_name(d))));
                self.form(file, "", &root, stray, next, first);
                first = false;
            }
            for dialog in &dialogs {
                match is(dialog, "menu") {
                    true => self.menu(file, dialog, first),
                    false => {
                        let items = dialog.children().filter(is_item).collect();
                        self.form(file, &dialog_name(dialog), dialog, items, None, first);
                    }
                }
                first = false;
            }
            if !first {
                with_dialogs.push(file);
            }
        }
        let mut starts: Vec<usize> = with_dialogs.iter().copied().filter(|&file| !self.led_to[file]).collect();
        let main = |file: &&usize| {
            let stem = stem(&self.files[**file].name).to_ascii_lowercase();
            ["main", "index", "start", "root", "home", "welcome"].iter().any(|name| stem.starts_with(name))
        };
        if starts.is_empty() {
            starts.extend(with_dialogs.iter().find(main).or(with_dialogs.first()));
        } else if starts.iter().filter(main).count() > 0 {
            starts = starts.iter().filter(main).copied().collect();
        }
        for file in starts {
            let (label, id) = (stem(&self.files[file].name).to_owned(), self.resolve(&Goal::Dialog(file, None)));
            self.flow.entry(label, None, id).certainty = Certainty::Assumed;
        }
        !with_dialogs.is_empty()
    }

    /// Turns ways into edges, now that every goal is there.
    fn connect(&mut self) {
        for (out, goal, place) in std::mem::take(&mut self.ways) {
            let to = self.resolve(&goal);
            self.flow.link(out.from, out.on, to, place).certainty = out.certainty;
        }
    }

    /// The id of the node that a goal comes to, or the text of what is not there.
    fn resolve(&mut self, goal: &Goal) -> String {
        let mut goal = goal.clone();
        for _ in 0..MOST_ALIASES {
            let found = match &goal {
                Goal::Node(node) => Some(*node),
                Goal::Dialog(file, name) => self.dialogs.get(&(*file, name.clone())).copied(),
                Goal::Item(file, dialog, item) => self.items.get(&(*file, dialog.clone(), *item)).copied(),
                Goal::Dangling(text) => return text.clone(),
            };
            if let Some(node) = found {
                return self.flow.at(node).id.clone();
            }
            match &goal {
                Goal::Dialog(file, name) => match self.aliases.get(&(*file, name.clone())) {
                    Some(further) => goal = further.clone(),
                    None => return format!("#{}", name.as_deref().unwrap_or_default()),
                },
                Goal::Item(_, dialog, item) => return format!("{dialog}[{item}]"),
                _ => break,
            }
        }
        "a form that leads back to itself".to_owned()
    }

    fn way(&mut self, outs: Vec<Out>, goal: &Goal, place: &Origin) {
        for out in outs {
            if out.from != START {
                self.ways.push((out, goal.clone(), place.clone()));
                continue;
            }
            let (file, name, first) = self.current.clone();
            match goal {
                Goal::Node(node) => self.name_dialog(file, &name, *node, first),
                goal => {
                    self.aliases.entry((file, Some(name))).or_insert(goal.clone());
                    if first {
                        self.aliases.entry((file, None)).or_insert(goal.clone());
                    }
                }
            }
        }
    }

    /// Adds a node behind `outs` and gives its index.
    fn node(&mut self, outs: Vec<Out>, id: String, place: Origin, kind: NodeKind) -> NodeIndex {
        let node = self.flow.node(id, place.clone(), kind);
        self.way(outs, &Goal::Node(node), &place);
        node
    }

    fn menu(&mut self, file: usize, menu: &Node<'a, 'i>, first: bool) {
        let name = dialog_name(menu);
        let choices: Vec<Node> = menu.children().filter(|n| is(n, "choice")).collect();
        let numbered = attribute(menu, "dtmf") == Some("true");
        let mut free = 1..=IMPLICIT_KEYS;
        let keys: Vec<Option<String>> = choices
            .iter()
            .map(|choice| {
                let own = attribute(choice, "dtmf").map(|key| key.split_whitespace().collect());
                own.or_else(|| numbered.then(|| free.next().map(|n| n.to_string()))?)
            })
            .collect();
        let (media, repeat_media) = prompts(menu, &choices, &keys);
        let node = self.flow.node(
            self.id(file, &name),
            origin(file, menu),
            NodeKind::Menu(Menu {
                media,
                repeat_media,
                no_input_s: property(menu, "timeout").and_then(seconds),
                inter_digit_s: property(menu, "interdigittimeout").and_then(seconds),
                barge_in: barge_in(menu),
                direct_dial: Told::No,
                ..Menu::default()
            }),
        );
        self.name_dialog(file, &name, node, first);
        let place = Place { file, dialog: name, items: vec![*menu], item: 0, scope: *menu };
        self.items.insert((file, place.dialog.clone(), 0), node);
        let spoken = property(menu, "inputmodes").is_none_or(|modes| modes.contains("voice"));
        for (choice, key) in choices.iter().zip(&keys) {
            let words = squeeze(&text_of(choice));
            let mut outs = vec![];
            if let Some(key) = key {
                outs.push(Out { from: node, on: On::Key(key.clone()), certainty: Certainty::Certain, back: None });
            }
            let grammar = choice.children().any(|n| is(&n, "grammar"));
            if spoken && (!words.is_empty() || grammar) {
                let words = if words.is_empty() { vec![] } else { vec![words] };
                outs.push(Out { from: node, on: On::Speech(words), certainty: Certainty::Certain, back: None });
            }
            let rest = self.jump(choice, outs, &place);
            self.way(rest, &Goal::Node(node), &origin(file, choice));
        }
        self.global_keys(node, &place, &keys.iter().flatten().cloned().collect::<Vec<_>>());
        self.silence(node, &place);
    }

    fn name_dialog(&mut self, file: usize, name: &str, node: NodeIndex, first: bool) {
        self.dialogs.entry((file, Some(name.to_owned()))).or_insert(node);
        if first {
            self.dialogs.entry((file, None)).or_insert(node);
        }
    }

    /// Keys of links that hold for this dialog, its document and its application.
    fn global_keys(&mut self, node: NodeIndex, place: &Place<'a, 'i>, taken: &[String]) {
        for (file, scope) in self.scopes(place) {
            for link in scope.children().filter(|n| is(n, "link")) {
                let listed = listed_keys(&link).unwrap_or_default().into_iter().map(|(_, key)| key);
                let keys: Vec<String> = attribute(&link, "dtmf").map(str::to_owned).into_iter().chain(listed).collect();
                for key in keys.into_iter().filter(|key| !taken.contains(key)) {
                    let out = Out { from: node, on: On::Key(key), certainty: Certainty::Certain, back: None };
                    let rest = self.jump(&link, vec![out], &Place { file, ..place.clone() });
                    self.way(rest, &Goal::Node(node), &origin(file, &link));
                }
            }
        }
    }

    /// What silence and what is not understood do: the edges of a menu or field.
    fn silence(&mut self, node: NodeIndex, place: &Place<'a, 'i>) {
        for event in ["noinput", "nomatch"] {
            let on = |nth| if event == "noinput" { On::Timeout { nth } } else { On::Invalid { nth } };
            let here = origin(place.file, &place.scope);
            let mut counts: Vec<u32> = self.catches(place, event).iter().map(|(_, catch)| catch_count(catch)).collect();
            counts.push(1);
            counts.sort_unstable();
            counts.dedup();
            // consecutive counts that come back to the same place are one retry
            let mut retry = Retry { attempts: None, media: vec![] };
            for (at, &nth) in counts.iter().enumerate() {
                let last = at + 1 == counts.len();
                let Some((file, catch)) = self.catch(place, event, nth) else {
                    if last {
                        let out = Out { from: node, on: on(None), certainty: Certainty::Assumed, back: None };
                        self.way(vec![out], &Goal::Node(node), &here);
                    }
                    continue;
                };
                let leaves = catch.descendants().any(|n| leaves(&n));
                if !leaves && !last {
                    retry.media = prompts(&catch, &[], &[]).0;
                    continue;
                }
                let step = (at > 0 && !last).then_some(nth);
                let out = Out { from: node, on: on(step), certainty: Certainty::Certain, back: None };
                if at > 0 && last {
                    retry.attempts = Some(nth);
                }
                if !leaves {
                    retry.media = prompts(&catch, &[], &[]).0;
                    self.way(vec![out], &Goal::Node(node), &origin(file, &catch));
                    continue;
                }
                let inner = Place { file, ..place.clone() };
                let rest = self.content(&catch, vec![out], &inner);
                self.way(rest, &Goal::Node(node), &origin(file, &catch));
            }
            match (&mut self.flow.at(node).kind, event) {
                (NodeKind::Menu(menu), "noinput") => menu.timeout = retry,
                (NodeKind::Menu(menu), _) => menu.invalid = retry,
                (NodeKind::Collect(collect), "noinput") => collect.timeout = retry,
                (NodeKind::Collect(collect), _) => collect.invalid = retry,
                _ => {}
            }
        }
    }

    /// The elements that catch events at a place, the innermost first, across to the application's root document.
    fn scopes(&self, place: &Place<'a, 'i>) -> Vec<(usize, Node<'a, 'i>)> {
        let mut scopes: Vec<_> = place.scope.ancestors().filter(Node::is_element).map(|n| (place.file, n)).collect();
        let root = self.documents[place.file].root_element();
        let application = attribute(&root, "application").and_then(|address| self.document(address));
        scopes.extend(
            application.filter(|&file| file != place.file).map(|file| (file, self.documents[file].root_element())),
        );
        scopes
    }

    /// Every handler of an event that can be heard at a place.
    fn catches(&self, place: &Place<'a, 'i>, event: &str) -> Vec<(usize, Node<'a, 'i>)> {
        let scopes = self.scopes(place).into_iter();
        let all = scopes.flat_map(|(file, scope)| {
            scope.children().filter(|n| catches(n, event)).map(move |n| (file, n)).collect::<Vec<_>>()
        });
        all.collect()
    }

    /// The handler that the nth event of a kind gets (clause 5.2.4).
    fn catch(&self, place: &Place<'a, 'i>, event: &str, nth: u32) -> Option<(usize, Node<'a, 'i>)> {
        let able: Vec<_> = self.catches(place, event).into_iter().filter(|(_, c)| catch_count(c) <= nth).collect();
        let highest = able.iter().map(|(_, c)| catch_count(c)).max()?;
        able.into_iter().find(|(_, c)| catch_count(c) == highest)
    }

    fn form(
        &mut self,
        file: usize,
        name: &str,
        form: &Node<'a, 'i>,
        items: Vec<Node<'a, 'i>>,
        next: Option<Goal>,
        first: bool,
    ) {
        self.current = (file, name.to_owned(), first);
        let mut outs = vec![Out { from: START, on: On::Next, certainty: Certainty::Certain, back: None }];
        for (at, item) in items.iter().enumerate() {
            let place = Place { file, dialog: name.to_owned(), items: items.clone(), item: at, scope: *item };
            let nodes = self.flow.flow().nodes.len();
            let (back, on): (Vec<Out>, Vec<Out>) = outs.into_iter().partition(|out| out.back.is_some());
            self.go_back(back, &place);
            outs = self.item(item, on, &place);
            if self.flow.flow().nodes.len() > nodes {
                self.items.entry((file, name.to_owned(), at)).or_insert(NodeIndex(nodes));
            }
        }
        let place = Place { file, dialog: name.to_owned(), items: items.clone(), item: items.len(), scope: *form };
        for filled in form.children().filter(|n| is(n, "filled")) {
            outs = self.content(&filled, outs, &place);
        }
        let here = origin(file, form);
        let (back, outs): (Vec<Out>, Vec<Out>) = outs.into_iter().partition(|out| out.back.is_some());
        self.go_back(back, &place);
        if outs.is_empty() {
            return;
        }
        match next {
            Some(next) => {
                let outs = outs.into_iter().map(|o| Out { certainty: Certainty::Assumed, ..o }).collect();
                self.way(outs, &next, &here);
            }
            None => {
                let id = self.id(file, &format!("{name}:end"));
                self.node(outs, id, here, NodeKind::Hangup { said: false });
            }
        }
    }

    fn go_back(&mut self, outs: Vec<Out>, place: &Place<'a, 'i>) {
        for out in outs {
            let item = out.back.unwrap_or(0);
            let goal = Goal::Item(place.file, place.dialog.clone(), item);
            self.way(vec![out], &goal, &origin(place.file, &place.scope));
        }
    }

    /// One item of a form; gives the ways on to the next.
    fn item(&mut self, item: &Node<'a, 'i>, outs: Vec<Out>, place: &Place<'a, 'i>) -> Vec<Out> {
        let here = origin(place.file, item);
        let name = attribute(item, "name").unwrap_or(&place.dialog).to_owned();
        let id = self.id(place.file, &name);
        let guarded = attribute(item, "cond").is_some() || attribute(item, "expr").is_some();
        let skipping = if guarded { outs.clone() } else { vec![] };
        let mut after = match item.tag_name().name() {
            "block" => self.content(item, outs, place),
            _ if leaves(item) => self.step(item, outs, place),
            "field" | "initial" => self.field(item, outs, place, id),
            "record" => {
                let node = self.node(outs, id, here, NodeKind::Voicemail { name: Some(name) });
                self.filled(item, node, On::Next, place)
            }
            "transfer" => {
                let to = attribute(item, "dest").or_else(|| attribute(item, "destexpr")).unwrap_or_default();
                let kind =
                    NodeKind::External { kind: ExternalKind::Number, name: to.to_owned(), person: Told::Unknown };
                let node = self.node(outs, id, here, kind);
                match attribute(item, "bridge") == Some("false") || attribute(item, "type") == Some("blind") {
                    true => vec![],
                    false => self.filled(item, node, On::Fail, place),
                }
            }
            tag => {
                let what =
                    ["src", "srcexpr", "classid", "name"].iter().find_map(|key| attribute(item, key)).unwrap_or(tag);
                let kind =
                    NodeKind::External { kind: ExternalKind::Function, name: what.to_owned(), person: Told::Unknown };
                let node = self.node(outs, id, here, kind);
                self.filled(item, node, On::Next, place)
            }
        };
        after.extend(skipping.into_iter().map(|out| Out { certainty: Certainty::Possible, ..out }));
        after
    }

    /// The `<filled>` of an item that is no question.
    fn filled(&mut self, item: &Node<'a, 'i>, node: NodeIndex, on: On, place: &Place<'a, 'i>) -> Vec<Out> {
        let mut outs = vec![Out { from: node, on, certainty: Certainty::Certain, back: None }];
        for filled in item.children().filter(|n| is(n, "filled")) {
            outs = self.content(&filled, outs, place);
        }
        outs
    }

    fn field(&mut self, field: &Node<'a, 'i>, outs: Vec<Out>, place: &Place<'a, 'i>, id: String) -> Vec<Out> {
        let here = origin(place.file, field);
        let name = attribute(field, "name").unwrap_or_default();
        let options: Vec<Node> = field.descendants().filter(|n| is(n, "option")).collect();
        let filled: Vec<Node> = field.descendants().filter(|n| is(n, "filled")).collect();
        // a form whose filled stands behind its only question decides about that question
        let outer: Vec<Node> = match place.items.iter().filter(|i| is(i, "field")).count() {
            1 if filled.is_empty() => field
                .parent()
                .into_iter()
                .flat_map(|f| f.children().filter(|n| is(n, "filled")).collect::<Vec<_>>())
                .collect(),
            _ => vec![],
        };
        let tested = filled
            .iter()
            .chain(&outer)
            .flat_map(|f| f.descendants().filter(|n| is(n, "if") || is(n, "elseif")).collect::<Vec<_>>());
        let mut answers: Vec<String> =
            tested.filter_map(|n| attribute(&n, "cond").and_then(|c| answer(c, name))).flatten().collect();
        let kind_of = attribute(field, "type").unwrap_or_default();
        // beside a test for false, the bare name is the test for true
        if kind_of == "boolean" && answers.iter().any(|a| a == "false") && answers.iter().all(|a| a != "true") {
            answers.insert(0, "true".into());
        }
        let (media, repeat_media) = prompts(field, &options, &[]);
        let barge_in = barge_in(field);
        let no_input_s = property(field, "timeout").and_then(seconds);
        let inter_digit_s = property(field, "interdigittimeout").and_then(seconds);
        let is_menu = !options.is_empty() || !answers.is_empty();
        let kind = match is_menu {
            true => NodeKind::Menu(Menu {
                media,
                repeat_media,
                no_input_s,
                inter_digit_s,
                barge_in,
                direct_dial: Told::No,
                ..Menu::default()
            }),
            false => {
                let limit = |key: &str| {
                    kind_of.split(['?', ';']).find_map(|p| p.trim().strip_prefix(key)?.strip_prefix('=')?.parse().ok())
                };
                let length: Option<u32> = limit("length");
                NodeKind::Collect(Collect {
                    media,
                    min: length.or_else(|| limit("minlength")),
                    max: length.or_else(|| limit("maxlength")),
                    end_key: property(field, "termchar").map(str::to_owned),
                    no_input_s,
                    inter_digit_s,
                    barge_in,
                    ..Collect::default()
                })
            }
        };
        let node = self.node(outs, id, here, kind);
        if let NodeKind::Menu(_) = &self.flow.at(node).kind {
            self.flow.at(node).title = (!place.dialog.is_empty()).then(|| place.dialog.clone());
        }
        self.items.entry((place.file, place.dialog.clone(), place.item)).or_insert(node);
        self.silence(node, place);
        let out = |on: On| Out { from: node, on, certainty: Certainty::Certain, back: None };
        if !is_menu {
            let mut outs = vec![out(On::Next)];
            for filled in &filled {
                outs = self.content(filled, outs, place);
            }
            return outs;
        }
        // each answer with how it is given
        let modes = property(field, "inputmodes").unwrap_or("dtmf voice");
        let mut given: Vec<(String, Vec<On>)> = vec![];
        for option in &options {
            let words = squeeze(&text_of(option));
            let value = attribute(option, "value").map_or_else(|| words.clone(), str::to_owned);
            let key = attribute(option, "dtmf").map(|key| On::Key(key.to_owned()));
            let speech = (modes.contains("voice") && !words.is_empty()).then(|| On::Speech(vec![words]));
            given.push((value, key.into_iter().chain(speech).collect()));
        }
        let listed = listed_keys(field);
        for (value, key) in listed.iter().flatten() {
            if given.iter().all(|(other, _)| other != value) {
                given.push((value.clone(), vec![On::Key(key.clone())]));
            }
        }
        for answer in &answers {
            if given.iter().all(|(value, _)| value != answer) {
                let is_key = answer.len() == 1 && answer.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
                let on = match (kind_of, answer.as_str()) {
                    // the built-in grammar of yes and no takes 1 and 2 as keys (appendix P)
                    ("boolean", "true") => vec![On::Key("1".into()), On::Speech(vec!["yes".into()])],
                    ("boolean", "false") => vec![On::Key("2".into()), On::Speech(vec!["no".into()])],
                    _ if is_key => vec![On::Key(answer.clone())],
                    (_, answer) if answer.chars().all(|c| c.is_ascii_digit()) => vec![On::Pattern(answer.to_owned())],
                    _ => vec![On::Speech(vec![answer.clone()])],
                };
                given.push((answer.clone(), on));
            }
        }
        let keys = given.iter().flat_map(|(_, ons)| ons).filter_map(|on| match on {
            On::Key(key) => Some(key.clone()),
            _ => None,
        });
        self.global_keys(node, place, &keys.collect::<Vec<_>>());
        let mut after = vec![];
        for (value, ons) in given {
            let mut outs: Vec<Out> = ons.into_iter().map(out).collect();
            for filled in filled.iter().chain(&outer) {
                outs = self.decided(filled, outs, place, &Some((name.to_owned(), value.clone())));
            }
            after.extend(outs);
        }
        // an answer of the grammar that no condition names
        if options.is_empty() && kind_of != "boolean" && listed.is_none() {
            let mut outs = vec![out(On::Speech(vec![]))];
            for filled in filled.iter().chain(&outer) {
                outs = self.decided(filled, outs, place, &Some((name.to_owned(), "\u{0}".into())));
            }
            after.extend(outs);
        }
        if outer.is_empty() {
            after
        } else {
            let place = Place { item: place.items.len(), ..place.clone() };
            self.go_back(after.iter().filter(|o| o.back.is_some()).cloned().collect(), &place);
            let here = origin(place.file, field);
            let rest: Vec<Out> = after.into_iter().filter(|o| o.back.is_none()).collect();
            if !rest.is_empty() {
                let id = self.id(place.file, &format!("{}:end", place.dialog));
                self.node(rest, id, here, NodeKind::Hangup { said: false });
            }
            vec![]
        }
    }

    fn content(&mut self, parent: &Node<'a, 'i>, outs: Vec<Out>, place: &Place<'a, 'i>) -> Vec<Out> {
        self.decided(parent, outs, place, &None)
    }

    /// Executable content in its order. `known` is a variable whose value is known, so that conditions on it decide.
    fn decided(
        &mut self,
        parent: &Node<'a, 'i>,
        outs: Vec<Out>,
        place: &Place<'a, 'i>,
        known: &Option<(String, String)>,
    ) -> Vec<Out> {
        let children: Vec<Node> = parent.children().collect();
        self.sequence(&children, outs, place, known)
    }

    fn sequence(
        &mut self,
        nodes: &[Node<'a, 'i>],
        mut outs: Vec<Out>,
        place: &Place<'a, 'i>,
        known: &Option<(String, String)>,
    ) -> Vec<Out> {
        self.nested += 1;
        let mut said: Vec<Media> = vec![];
        let mut said_at: Option<Node> = None;
        let mut barge = Told::Unknown;
        let full = self.nested > MOST_NESTED || self.flow.flow().nodes.len() > MOST_NODES;
        for node in nodes.iter().filter(|_| !full) {
            let audible = node.is_text()
                || ["prompt", "audio", "value", "emphasis", "say-as", "break", "enumerate", "emp"]
                    .iter()
                    .any(|n| is(node, n));
            if audible {
                let media = spoken(node, &[], &[]);
                if !media.is_empty() {
                    barge = if is(node, "prompt") { barge_in(node) } else { barge };
                    said_at = said_at.or(Some(*node));
                    said.extend(media);
                }
                // some authors put the goto inside the prompt
                let inner: Vec<Node> =
                    node.descendants().filter(|n| is(n, "goto") || is(n, "exit") || is(n, "throw")).collect();
                if inner.is_empty() {
                    continue;
                }
                outs = self.say(&mut said, &mut said_at, barge, outs, place);
                outs = self.sequence(&inner, outs, place, known);
                continue;
            }
            if !node.is_element() || outs.is_empty() && said.is_empty() {
                continue;
            }
            if is(node, "if") {
                outs = self.say(&mut said, &mut said_at, barge, outs, place);
                outs = self.condition(node, outs, place, known);
            } else if ["goto", "submit", "exit", "disconnect", "return", "throw", "clear", "reprompt"]
                .iter()
                .any(|n| is(node, n))
            {
                outs = self.say(&mut said, &mut said_at, barge, outs, place);
                outs = self.step(node, outs, place);
            }
        }
        outs = self.say(&mut said, &mut said_at, barge, outs, place);
        self.nested -= 1;
        outs
    }

    /// What was collected to be said, as a node.
    fn say(
        &mut self,
        said: &mut Vec<Media>,
        at: &mut Option<Node<'a, 'i>>,
        barge_in: Told,
        outs: Vec<Out>,
        place: &Place<'a, 'i>,
    ) -> Vec<Out> {
        let (media, Some(node)) = (std::mem::take(said), at.take()) else { return outs };
        let only_pauses = media.iter().all(|m| matches!(m, Media::Pause { .. }));
        if media.is_empty() || outs.is_empty() || only_pauses {
            return outs;
        }
        let back = outs.iter().filter_map(|o| o.back).min();
        let element = if node.is_element() { node } else { node.parent().unwrap_or(place.scope) };
        let id = self.id(place.file, &format!("{}:said@{}", place.dialog, line(&element)));
        let node = self.node(outs, id, origin(place.file, &element), NodeKind::Prompt { media, barge_in });
        vec![Out { from: node, on: On::Next, certainty: Certainty::Certain, back }]
    }

    fn condition(
        &mut self,
        node: &Node<'a, 'i>,
        outs: Vec<Out>,
        place: &Place<'a, 'i>,
        known: &Option<(String, String)>,
    ) -> Vec<Out> {
        let mut parts: Vec<(Option<&str>, Vec<Node>)> = vec![(attribute(node, "cond"), vec![])];
        for child in node.children() {
            if is(&child, "elseif") {
                parts.push((attribute(&child, "cond"), vec![]));
            } else if is(&child, "else") {
                parts.push((None, vec![]));
            } else if let Some((_, content)) = parts.last_mut() {
                content.push(child);
            }
        }
        if let Some((name, value)) = known {
            let holds = |cond: &Option<&str>| cond.map_or(Some(true), |c| holds(c, name, value));
            if parts.iter().all(|(cond, _)| holds(cond).is_some()) {
                return match parts.iter().find(|(cond, _)| holds(cond) == Some(true)) {
                    Some((_, content)) => self.sequence(content, outs, place, known),
                    None => outs,
                };
            }
        }
        let here = origin(place.file, node);
        let on = parts[0].0.unwrap_or("if").to_owned();
        remark(self.flow, RemarkKind::Variables, &on, here.clone());
        let id = self.id(place.file, &format!("{}:if@{}", place.dialog, line(node)));
        let branch = self.node(outs, id, here, NodeKind::Branch { on, decidable: false });
        let (mut after, mut covered) = (vec![], false);
        for (cond, content) in &parts {
            covered |= cond.is_none();
            let on = cond.map_or(On::Else, |c| On::Match(c.to_owned()));
            let out = Out { from: branch, on, certainty: Certainty::Possible, back: None };
            after.extend(self.sequence(content, vec![out], place, known));
        }
        if !covered {
            after.push(Out { from: branch, on: On::Else, certainty: Certainty::Possible, back: None });
        }
        after
    }

    /// A step that leads elsewhere.
    fn step(&mut self, node: &Node<'a, 'i>, mut outs: Vec<Out>, place: &Place<'a, 'i>) -> Vec<Out> {
        let here = origin(place.file, node);
        let tag = node.tag_name().name();
        let id = self.id(place.file, &format!("{}:{tag}@{}", place.dialog, line(node)));
        match tag {
            "exit" | "disconnect" => {
                self.node(outs, id, here, NodeKind::Hangup { said: true });
                vec![]
            }
            "return" => {
                let kind =
                    NodeKind::External { kind: ExternalKind::Flow, name: "return".into(), person: Told::Unknown };
                self.node(outs, id, here, kind);
                vec![]
            }
            "submit" => {
                let to = attribute(node, "next").or_else(|| attribute(node, "expr")).unwrap_or_default();
                match self.document(to) {
                    Some(file) => {
                        self.led_to[file] |= file != place.file;
                        self.way(outs, &Goal::Dialog(file, fragment(to)), &here);
                    }
                    None => {
                        let kind =
                            NodeKind::External { kind: ExternalKind::Url, name: to.to_owned(), person: Told::Unknown };
                        self.node(outs, id, here, kind);
                    }
                }
                vec![]
            }
            "clear" => {
                let names = attribute(node, "namelist").unwrap_or_default();
                let named = |item: &Node| {
                    names.is_empty() || names.split_whitespace().any(|n| attribute(item, "name") == Some(n))
                };
                let back = place.items.iter().position(named);
                for out in outs.iter_mut().filter(|_| back.is_some()) {
                    out.back = back;
                }
                outs
            }
            "reprompt" => {
                for out in &mut outs {
                    out.back = Some(out.back.unwrap_or(place.item.min(place.items.len().saturating_sub(1))));
                }
                outs
            }
            _ => self.jump(node, outs, place),
        }
    }

    /// Follows `next`, `nextitem`, `expr` or `event` of a choice, link, goto or throw. Gives back what a handler leaves
    /// where it is.
    fn jump(&mut self, node: &Node<'a, 'i>, outs: Vec<Out>, place: &Place<'a, 'i>) -> Vec<Out> {
        let here = origin(place.file, node);
        if let Some(next) = attribute(node, "next") {
            self.address(next, outs, place, &here);
            return vec![];
        }
        if let Some(item) = attribute(node, "nextitem") {
            let at = place.items.iter().position(|i| attribute(i, "name") == Some(item));
            let goal = at
                .map_or_else(|| Goal::Dangling(item.to_owned()), |at| Goal::Item(place.file, place.dialog.clone(), at));
            self.way(outs, &goal, &here);
            return vec![];
        }
        if let Some(event) = attribute(node, "event") {
            return self.throw(event, outs, place, &here);
        }
        let unseen = ["expr", "expritem", "eventexpr"].iter().find_map(|key| attribute(node, key));
        let id = self.id(place.file, &format!("{}:{}@{}", place.dialog, node.tag_name().name(), line(node)));
        match unseen {
            Some(expression) => {
                remark(self.flow, RemarkKind::Variables, expression, here.clone());
                self.node(outs, id, here, NodeKind::Unknown { why: expression.to_owned() });
            }
            None => {
                self.way(outs, &Goal::Dangling(node.tag_name().name().to_owned()), &here);
            }
        }
        vec![]
    }

    fn throw(&mut self, event: &str, outs: Vec<Out>, place: &Place<'a, 'i>, here: &Origin) -> Vec<Out> {
        if let Some((file, catch)) = self.catch(place, event, 1).filter(|_| self.nested < MOST_NESTED) {
            return self
                .content(&catch, outs, &Place { file, ..place.clone() })
                .into_iter()
                .map(|o| Out { back: Some(o.back.unwrap_or(place.item.min(place.items.len().saturating_sub(1)))), ..o })
                .collect();
        }
        match event {
            "help" | "noinput" | "nomatch" => outs
                .into_iter()
                .map(|o| Out {
                    certainty: Certainty::Assumed,
                    back: Some(place.item.min(place.items.len().saturating_sub(1))),
                    ..o
                })
                .collect(),
            // nobody catches it: the platform ends the call (clause 5.2.5)
            _ => {
                let outs = outs.into_iter().map(|o| Out { certainty: Certainty::Assumed, ..o }).collect();
                let id = self.id(place.file, &format!("{}:{event}", place.dialog));
                let said = event == "exit" || event.starts_with("connection.disconnect");
                self.node(outs, id, here.clone(), NodeKind::Hangup { said });
                vec![]
            }
        }
    }

    /// Leads `outs` to an address.
    fn address(&mut self, next: &str, outs: Vec<Out>, place: &Place<'a, 'i>, here: &Origin) {
        if let Some(name) = next.strip_prefix('#') {
            return self.way(outs, &Goal::Dialog(place.file, Some(name.to_owned())), here);
        }
        match self.document(next) {
            Some(file) => {
                self.led_to[file] |= file != place.file;
                self.way(outs, &Goal::Dialog(file, fragment(next)), here);
            }
            None => {
                let id = next.to_owned();
                let node = self.flow.find(&id).unwrap_or_else(|| {
                    remark(self.flow, RemarkKind::OtherFiles, next, here.clone());
                    let kind = if next.contains("://") { ExternalKind::Url } else { ExternalKind::Flow };
                    self.flow.node(
                        id,
                        here.clone(),
                        NodeKind::External { kind, name: next.to_owned(), person: Told::Unknown },
                    )
                });
                let outs = outs.into_iter().map(|o| Out { certainty: Certainty::External, ..o }).collect();
                self.way(outs, &Goal::Node(node), here);
            }
        }
    }

    /// The given document of an address: by its path, else by its name where only one has it.
    fn document(&self, address: &str) -> Option<usize> {
        let path = address.split(['#', '?']).next().unwrap_or_default().trim_start_matches("./");
        if path.is_empty() {
            return None;
        }
        let named = |file: &SourceFile| base_name(&file.name) == base_name(path);
        let exact = self.files.iter().position(|file| file.name == path || file.name.ends_with(&format!("/{path}")));
        exact.or_else(|| {
            let mut found = self.files.iter().enumerate().filter(|(_, file)| named(file)).map(|(at, _)| at);
            found.next().filter(|_| found.next().is_none())
        })
    }
}

fn fragment(address: &str) -> Option<String> {
    address.split_once('#').map(|(_, name)| name.to_owned()).filter(|name| !name.is_empty())
}

fn dialog_name(dialog: &Node) -> String {
    attribute(dialog, "id").unwrap_or_default().to_owned()
}

fn is_item(node: &Node) -> bool {
    ["block", "field", "initial", "record", "transfer", "subdialog", "object"].iter().any(|name| is(node, name))
        || leaves(node)
}

fn leaves(node: &Node) -> bool {
    ["goto", "exit", "disconnect", "submit", "throw", "return"].iter().any(|name| is(node, name))
}

fn catches(node: &Node, event: &str) -> bool {
    match node.tag_name().name() {
        "catch" if node.is_element() => {
            attribute(node, "event").is_none_or(|events| events.split_whitespace().any(|e| e == event))
        }
        tag @ ("noinput" | "nomatch" | "help" | "error") => tag == event,
        _ => false,
    }
}

fn catch_count(catch: &Node) -> u32 {
    attribute(catch, "count").and_then(|count| count.parse().ok()).filter(|n| *n > 0).unwrap_or(1)
}

/// A property as it holds for an element: its own, else of what it stands in.
fn property<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    let found = node.ancestors().find_map(|scope| {
        scope
            .children()
            .find(|n| is(n, "property") && attribute(n, "name") == Some(name))
            .and_then(|n| n.attribute("value"))
    });
    found.map(str::trim)
}

/// Whether a prompt can be cut short: its own word, else the property, else yes (clause 6.3.4).
fn barge_in(node: &Node) -> Told {
    let own = node.descendants().find(|n| is(n, "prompt")).and_then(|n| attribute(&n, "bargein"));
    Told::from(own.or_else(|| property(node, "bargein")).is_none_or(|value| value != "false"))
}

/// What the first round says, and what later rounds say where that differs.
fn prompts(node: &Node, choices: &[Node], keys: &[Option<String>]) -> (Vec<Media>, Vec<Media>) {
    let spoken_here = |n: &Node| {
        ["prompt", "audio", "value", "enumerate", "block", "emphasis", "break"].iter().any(|name| is(n, name))
            || n.is_text()
    };
    let count = |n: &Node| attribute(n, "count").and_then(|c| c.parse::<u32>().ok()).unwrap_or(1);
    let parts: Vec<Node> = node.children().filter(spoken_here).collect();
    let first = parts.iter().filter(|n| count(n) <= 1).flat_map(|n| spoken(n, choices, keys)).collect();
    let later: Vec<Media> = parts.iter().filter(|n| count(n) == 2).flat_map(|n| spoken(n, choices, keys)).collect();
    (first, later)
}

/// What an element says. The words inside `<audio>` are what is said when the recording is missing: one thing, not two.
fn spoken(node: &Node, choices: &[Node], keys: &[Option<String>]) -> Vec<Media> {
    let (mut media, mut open) = (vec![], vec![*node]);
    while let Some(node) = open.pop() {
        if node.is_text() {
            let words = squeeze(node.text().unwrap_or_default());
            match (media.last_mut(), words.chars().any(char::is_alphanumeric)) {
                (_, false) => {}
                (Some(Media::Text { says, .. }), true) => *says += &format!(" {words}"),
                (_, true) => media.push(Media::Text { says: words, language: None }),
            }
            continue;
        }
        match node.tag_name().name() {
            "audio" => {
                let words = squeeze(&text_of(&node));
                let says = (!words.is_empty()).then(|| words.clone());
                match (attribute(&node, "src"), attribute(&node, "expr")) {
                    (Some(file), _) => media.push(Media::Audio { file: file.to_owned(), says, duration_s: None }),
                    (None, Some(expression)) => media.push(Media::Dynamic { expression: expression.to_owned() }),
                    (None, None) => media.extend(says.map(|says| Media::Text { says, language: None })),
                }
            }
            "value" => {
                media.push(Media::Dynamic { expression: attribute(&node, "expr").unwrap_or_default().to_owned() })
            }
            "break" => {
                let duration = attribute(&node, "time").and_then(seconds);
                media.extend(duration.map(|duration_s| Media::Pause { duration_s }));
            }
            "enumerate" => media.extend(enumerate(&node, choices, keys)),
            "goto" | "grammar" | "filled" | "if" | "noinput" | "nomatch" | "catch" | "script" | "option" | "choice" => {
            }
            _ => open.extend(node.children().rev()),
        }
    }
    media
}

/// The choices as `<enumerate>` reads them out (clause 2.2.4).
fn enumerate(node: &Node, choices: &[Node], keys: &[Option<String>]) -> Vec<Media> {
    let mut media = vec![];
    for (at, choice) in choices.iter().enumerate() {
        let words = squeeze(&text_of(choice));
        let key = keys
            .get(at)
            .cloned()
            .flatten()
            .or_else(|| attribute(choice, "dtmf").map(str::to_owned))
            .unwrap_or_default();
        let mut says = String::new();
        for part in node.children() {
            if part.is_text() {
                says += part.text().unwrap_or_default();
            } else if is(&part, "value") {
                says += if attribute(&part, "expr") == Some("_dtmf") { &key } else { &words };
            } else if let Some(duration_s) =
                is(&part, "break").then(|| attribute(&part, "time").and_then(seconds)).flatten()
            {
                media.push(Media::Pause { duration_s });
            }
        }
        let says = if squeeze(&says).is_empty() { words } else { squeeze(&says) };
        if !says.is_empty() {
            media.push(Media::Text { says: format!("{}.", says.trim_end_matches('.')), language: None });
        }
    }
    media
}

/// The words of an element and what stands in it.
fn text_of(node: &Node) -> String {
    node.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect::<Vec<_>>().join(" ")
}

/// The values that a condition lets a variable have: `x == '1'`, `(x=='no' || x=='exit') && ...`, `x == false`.
fn answer(condition: &str, name: &str) -> Option<Vec<String>> {
    let mut values = vec![];
    for (at, _) in condition.match_indices("==") {
        let left = condition[..at].trim_end().trim_end_matches('=');
        let left: String = left.chars().rev().take_while(|c| c.is_alphanumeric() || "_.$".contains(*c)).collect();
        let left: String = left.chars().rev().collect();
        let same = left == name
            || left
                .rsplit_once('.')
                .is_some_and(|(scope, own)| own == name && ["dialog", "document", "application"].contains(&scope));
        if !same || name.is_empty() {
            continue;
        }
        let right = condition[at..].trim_start_matches('=').trim_start();
        let value = match right.chars().next() {
            Some(quote @ ('\'' | '"')) => right[1..].split(quote).next().map(str::to_owned),
            Some(c) if c.is_ascii_digit() || right.starts_with("true") || right.starts_with("false") => {
                Some(right.chars().take_while(|c| c.is_alphanumeric()).collect())
            }
            _ => None,
        };
        values.extend(value);
    }
    (!values.is_empty()).then_some(values)
}

/// Whether a condition is true where a variable has this value, or `None` where it tests something else.
fn holds(condition: &str, name: &str, value: &str) -> Option<bool> {
    let bare = condition.trim_start_matches(['(', ' ']).strip_prefix(name).map(str::trim_start);
    let is_bare =
        bare.is_some_and(|rest| rest.is_empty() || rest.starts_with("&&")) && ["true", "false"].contains(&value);
    match answer(condition, name) {
        Some(values) => Some(values.iter().any(|v| v == value)),
        None => is_bare.then_some(value == "true"),
    }
}

/// What a key begins with in a grammar of Nuance's: `dtmf-1`, `dtmf-star`, `dtmf-pound`.
const GSL_KEY: &str = "dtmf-";

/// The keys that inline grammars of `parent` list, each after the value that it stands for; `None` where it has no
/// grammar, or one whose words stand elsewhere or are more than single keys.
fn listed_keys(parent: &Node) -> Option<Vec<(String, String)>> {
    let mut keys = vec![];
    for grammar in parent.children().filter(|n| is(n, "grammar")) {
        let text = text_of(&grammar);
        if attribute(&grammar, "src").is_none() && text.contains(GSL_KEY) {
            // Nuance's language: `[dtmf-1 sales] {<wat "sales">}`
            for part in text.split(GSL_KEY).skip(1) {
                let key = part.chars().next().map(|sign| match sign {
                    's' => '*',
                    'p' => '#',
                    digit => digit,
                });
                let tag = part.split_once('{').and_then(|(_, tag)| tag.split('}').next()).unwrap_or_default();
                keys.push(listed(&key.map(String::from).unwrap_or_default(), tag)?);
            }
            continue;
        }
        let is_elsewhere = |n: Node| is(&n, "ruleref") || attribute(&n, "repeat").is_some();
        if attribute(&grammar, "src").is_some()
            || attribute(&grammar, "mode") != Some("dtmf")
            || grammar.descendants().any(is_elsewhere)
        {
            return None;
        }
        let items: Vec<Node> = grammar.descendants().filter(|n| is(n, "item")).collect();
        if items.is_empty() {
            // ABNF: `1 {sales} | 2 {service}`
            for part in text.split('|') {
                let (key, tag) = part.split_once('{').unwrap_or((part, ""));
                keys.push(listed(key.trim(), tag.trim_end().trim_end_matches('}'))?);
            }
        }
        for item in items {
            let own: String = item.children().filter(|n| n.is_text()).filter_map(|n| n.text()).collect();
            let tag = item.descendants().find(|n| is(n, "tag")).map(|tag| text_of(&tag)).unwrap_or_default();
            keys.push(listed(own.trim(), &tag)?);
        }
    }
    (!keys.is_empty()).then_some(keys)
}

/// A key and what its semantic tag says that it stands for: `out = 'sales'`, `sales`; without one, the key itself.
fn listed(key: &str, tag: &str) -> Option<(String, String)> {
    let mut signs = key.chars();
    let is_key = signs.next().is_some_and(|sign| sign.is_ascii_digit() || matches!(sign, '*' | '#'));
    if !is_key || signs.next().is_some() {
        return None;
    }
    let quoted = tag.split(['"', '\'']).nth(1);
    let value =
        quoted.unwrap_or_else(|| tag.rsplit('=').next().unwrap_or_default().trim().trim_end_matches(';').trim());
    let value = if value.is_empty() { key } else { value };
    Some((value.to_owned(), key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_name_their_answers() {
        assert_eq!(answer("lang == 'es'", "lang"), Some(vec!["es".into()]));
        assert_eq!(
            answer("(o=='no' || o==\"exit\")&& o$.confidence > 0.5", "o"),
            Some(vec!["no".into(), "exit".into()])
        );
        assert_eq!(answer("x==1", "x"), Some(vec!["1".into()]));
        assert_eq!(answer("x && x$.confidence > 0.6", "x"), None);
        assert_eq!(answer("y == '1'", "x"), None);
    }
}
