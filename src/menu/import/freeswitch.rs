//! FreeSWITCH menus (`ivr.conf`, `ivr_menus/*.xml`), with phrase macros and XML dialplans where they are given.
//!
//! As `switch_ivr_menu.c` runs them: every entry that matches a key is carried out, in the order of the file; an action
//! that returns leaves the caller in the same menu; a counter that reaches its maximum leaves the menu for the line of
//! the dialplan behind `ivr`, which is rarely in the file.

use std::collections::{BTreeMap, HashMap};

use roxmltree::{Document, Node};

use super::{
    ImportError, Importer, Problem, SourceFile,
    source::{open, remark},
    xml::{attribute, is, line, origin, parse, prepare, unclosed_declaration},
};
use crate::menu::graph::{
    Builder, Certainty, ExternalKind, Flow, Media, Menu, NodeKind, On, Origin, RemarkKind, Retry, Told,
};

/// Rounds of a menu that does not tell its own (`switch_ivr_menu_init`).
const DEFAULT_ROUNDS: u32 = 3;
/// Seconds without a key (`switch_ivr_menu.c`), where the menu does not tell its own.
const DEFAULT_TIMEOUT_S: f64 = 10.0;

/// The demonstrations that the vendor ships, by the SHA-256 of their bytes.
const VENDOR_DEMOS: [&str; 4] = [
    "d06522c3a6615f47519106ac8ee691795fd030929e4c216242f39738f9d5cf08", // vanilla/ivr_menus/demo_ivr.xml
    "d4dcd560a3940094ae5d7b8fbd2235e1e1eec2ad5947332d47d8bb951d563376", // vanilla/ivr_menus/new_demo_ivr.xml
    "626d34942e4d7fd66c8627fa841cca51fdf8201f6b49c3acc9ba36bc690ff9c7", // insideout/autoload_configs/ivr.conf.xml
    "b2dfc1639304979e9f0200abfb551dfee2240e584c8d8a6c1984838ed55fb270", // FusionPBX, demo_ivr.xml
];

/// FreeSWITCH.
pub struct FreeSwitch;

impl Importer for FreeSwitch {
    fn id(&self) -> &'static str {
        "freeswitch"
    }

    fn about(&self) -> &'static str {
        "FreeSWITCH and FusionPBX menus (XML: menu and entry), with phrase macros and dialplans"
    }

    fn recognises(&self, bytes: &[u8], _: &str) -> bool {
        let (text, _) = super::text::decode(bytes);
        let menu = text.contains("<menu") && (text.contains("<entry") || text.contains("greet-long"));
        let macros = text.contains("<macro") && text.contains("<input");
        let dialplan = text.contains("<condition") && text.contains("destination_number");
        !text.contains("<vxml") && text.contains('<') && (menu || macros || dialplan)
    }

    fn import(&self, files: &[SourceFile]) -> Result<Flow, ImportError> {
        let (mut flow, texts) = open(files, self.id())?;
        let mut prepared = vec![];
        for (at, (file, text)) in files.iter().zip(&texts).enumerate() {
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
            // several menus may stand side by side without a root
            prepared.push(format!("<bezet>{text}</bezet>"));
        }
        let parsed = files.iter().zip(&prepared).map(|(file, text)| {
            // the root that was put around it is not the user's
            parse(file, text).map_err(|error| match error.line {
                Some(1) => ImportError { column: error.column.map(|c| c.saturating_sub(7).max(1)), ..error },
                _ => error,
            })
        });
        let documents = parsed.collect::<Result<Vec<_>, _>>()?;
        let switch = Switch::new(&documents);
        if switch.menus.is_empty() {
            let why = "phrase macros or a dialplan, but no <menu>".into();
            return Err(ImportError::new(&files[0].name, Problem::NoFlow(why)));
        }
        for at in 0..files.len() {
            let source = &flow.flow().sources[at];
            if VENDOR_DEMOS.contains(&source.sha256.as_str()) {
                let name = source.file.clone();
                remark(&mut flow, RemarkKind::VendorDemo, name, Origin { file: at, ..Origin::default() });
            }
        }
        switch.translate(&mut flow);
        Ok(flow.finish())
    }
}

/// All that was given.
struct Switch<'a, 'i> {
    menus: Vec<(usize, Node<'a, 'i>)>,
    by_name: HashMap<&'a str, usize>,
    macros: HashMap<&'a str, Vec<Media>>,
    /// Context and extension with its place.
    extensions: Vec<(&'a str, usize, Node<'a, 'i>)>,
    /// For each menu, the menus that lead to it as a submenu.
    parents: BTreeMap<usize, Vec<usize>>,
}

impl<'a, 'i> Switch<'a, 'i> {
    fn new(documents: &'a [Document<'i>]) -> Self
    where
        'i: 'a,
    {
        let mut all = Self {
            menus: vec![],
            by_name: HashMap::new(),
            macros: HashMap::new(),
            extensions: vec![],
            parents: BTreeMap::new(),
        };
        for (file, document) in documents.iter().enumerate() {
            for node in document.descendants() {
                if is(&node, "menu") {
                    all.by_name.entry(name(&node)).or_insert(all.menus.len());
                    all.menus.push((file, node));
                } else if is(&node, "macro") {
                    if let Some(name) = attribute(&node, "name") {
                        all.macros.entry(name).or_insert_with(|| phrases(&node));
                    }
                } else if is(&node, "extension") && node.descendants().any(|n| is(&n, "condition")) {
                    let context = node.parent().filter(|p| is(p, "context")).and_then(|p| attribute(&p, "name"));
                    all.extensions.push((context.unwrap_or("default"), file, node));
                }
            }
        }
        for (at, (_, menu)) in all.menus.iter().enumerate() {
            let subs = entries(menu).filter(|e| attribute(e, "action") == Some("menu-sub"));
            for sub in subs.filter_map(|e| all.by_name.get(attribute(&e, "param")?).copied()) {
                let parents = all.parents.entry(sub).or_default();
                if sub != at && !parents.contains(&at) {
                    parents.push(at);
                }
            }
        }
        all
    }

    fn translate(&self, flow: &mut Builder) {
        for (at, (file, menu)) in self.menus.iter().enumerate() {
            self.menu(flow, at, *file, menu);
        }
        let mut entered = false;
        for (context, file, extension) in &self.extensions {
            entered |= self.extension(flow, context, *file, extension);
        }
        if entered {
            return;
        }
        let tops: Vec<usize> =
            (0..self.menus.len()).filter(|at| self.parents.get(at).is_none_or(Vec::is_empty)).collect();
        for at in if tops.is_empty() { vec![0] } else { tops } {
            let name = name(&self.menus[at].1);
            flow.entry(name, None, name).certainty = Certainty::Assumed;
        }
    }

    fn menu(&self, flow: &mut Builder, at: usize, file: usize, menu: &Node<'a, 'i>) {
        let name = name(menu);
        let place = origin(file, menu);
        let ms = |key: &str| {
            attribute(menu, key)
                .and_then(|v| v.parse::<f64>().ok())
                .filter(|v| v.is_finite() && *v >= 0.0)
                .map(|v| v / 1000.0)
        };
        let rounds =
            |key: &str| attribute(menu, key).and_then(|v| v.parse().ok()).filter(|n| *n > 0).unwrap_or(DEFAULT_ROUNDS);
        let sound = |key: &str| attribute(menu, key).map_or(vec![], |v| self.sound(v));
        let timeout_s = ms("timeout").filter(|s| *s > 0.0).unwrap_or(DEFAULT_TIMEOUT_S);
        let inter_digit_s = ms("inter-digit-timeout").filter(|s| *s > 0.0).unwrap_or(timeout_s);
        let longest = match attribute(menu, "digit-len") {
            Some(length) => length.parse().unwrap_or(f64::INFINITY),
            None => 1.0,
        };
        let patterns = entries(menu).any(|e| attribute(&e, "digits").is_some_and(|d| d.starts_with('/')));
        let node = flow.node(
            name,
            place.clone(),
            NodeKind::Menu(Menu {
                media: sound("greet-long"),
                repeat_media: sound("greet-short"),
                timeout: Retry { attempts: Some(rounds("max-timeouts")), media: vec![] },
                invalid: Retry { attempts: Some(rounds("max-failures")), media: sound("invalid-sound") },
                no_input_s: Some(timeout_s),
                inter_digit_s: Some(inter_digit_s),
                barge_in: Told::Yes,
                direct_dial: Told::from(patterns),
                ..Menu::default()
            }),
        );
        let own = flow.at(node).id.clone();
        // entries on one key are a sequence
        let mut keys: Vec<(&str, Vec<Node>)> = vec![];
        for entry in entries(menu) {
            match attribute(&entry, "digits") {
                Some(digits) => match keys.iter_mut().find(|(key, _)| *key == digits) {
                    Some((_, list)) => list.push(entry),
                    None => keys.push((digits, vec![entry])),
                },
                None => remark(flow, RemarkKind::NotUnderstood, "<entry> without digits", origin(file, &entry)),
            }
        }
        for (digits, list) in keys {
            let pattern = digits.strip_prefix('/').map(|d| d.trim_end_matches('/'));
            let on = pattern.map_or_else(|| On::Key(digits.to_owned()), |p| On::Pattern(p.to_owned()));
            let wait_s =
                if pattern.is_none() && (digits.chars().count() as f64) < longest { inter_digit_s } else { 0.0 };
            let mut then = own.clone();
            for entry in list.iter().rev() {
                then = self.action(flow, at, file, entry, then);
            }
            flow.link(node, on, then, origin(file, &list[0])).wait_s = wait_s;
        }
        for (on, key) in
            [(On::Timeout { nth: None }, "exec-on-max-timeouts"), (On::Invalid { nth: None }, "exec-on-max-failures")]
        {
            let (to, certainty) = match attribute(menu, key) {
                Some(app) => (self.app(flow, file, menu, app, &own), Certainty::Certain),
                None => (self.left(flow, file, menu), Certainty::Assumed),
            };
            flow.link(node, on, to, place.clone()).certainty = certainty;
        }
    }

    /// The place in the dialplan behind `ivr`, where a caller comes who is put out of a menu.
    fn left(&self, flow: &mut Builder, file: usize, menu: &Node) -> String {
        let called = self.extensions.iter().any(|(_, _, e)| runs(e, name(menu)));
        let id = if called { format!("{}:left", name(menu)) } else { "after-ivr".to_owned() };
        if flow.find(&id).is_none() {
            let kind = NodeKind::External {
                kind: ExternalKind::Dialplan,
                name: "what follows ivr".into(),
                person: Told::Unknown,
            };
            flow.node(id.clone(), origin(file, menu), kind);
        }
        id
    }

    /// The node of an entry; `then` is where a caller goes when it returns.
    fn action(&self, flow: &mut Builder, at: usize, file: usize, entry: &Node, then: String) -> String {
        let param = attribute(entry, "param").unwrap_or_default();
        let id = format!("{}:{}", name(&self.menus[at].1), attribute(entry, "digits").unwrap_or_default());
        let place = origin(file, entry);
        match attribute(entry, "action").unwrap_or_default() {
            "menu-exec-app" => self.app(flow, file, entry, param, &then),
            "menu-sub" => match param {
                "" => "menu-sub".to_owned(),
                param => param.to_owned(),
            },
            "menu-play-sound" | "menu-playback" | "menu-say-phrase" => {
                let node =
                    flow.node(id, place.clone(), NodeKind::Prompt { media: self.sound(param), barge_in: Told::Yes });
                flow.link(node, On::Next, then, place);
                flow.at(node).id.clone()
            }
            "menu-exit" => self.left(flow, file, &self.menus[at].1),
            "menu-back" => {
                self.upwards(flow, "menu-back", self.parents.get(&at).cloned().unwrap_or_default(), at, file, entry)
            }
            "menu-top" => self.upwards(flow, "menu-top", self.tops(at), at, file, entry),
            "menu-call-transfer" => self.app(flow, file, entry, &format!("transfer {param}"), &then),
            other => {
                remark(flow, RemarkKind::NotUnderstood, other, place.clone());
                let node = flow.node(id, place, NodeKind::Unknown { why: other.to_owned() });
                flow.at(node).id.clone()
            }
        }
    }

    /// The first menus of the stacks in which a menu can stand.
    fn tops(&self, at: usize) -> Vec<usize> {
        let (mut tops, mut seen, mut open) = (vec![], vec![false; self.menus.len()], vec![at]);
        while let Some(menu) = open.pop() {
            if std::mem::replace(&mut seen[menu], true) {
                continue;
            }
            match self.parents.get(&menu).filter(|p| !p.is_empty()) {
                Some(parents) => open.extend(parents),
                None => tops.push(menu),
            }
        }
        tops.sort_unstable();
        tops
    }

    /// One menu above is an edge, several are a branch; none is the way out for `menu-back`.
    fn upwards(
        &self,
        flow: &mut Builder,
        word: &str,
        menus: Vec<usize>,
        at: usize,
        file: usize,
        entry: &Node,
    ) -> String {
        match &menus[..] {
            [] if word == "menu-back" => self.left(flow, file, &self.menus[at].1),
            [] => name(&self.menus[at].1).to_owned(),
            [one] => name(&self.menus[*one].1).to_owned(),
            several => {
                let place = origin(file, entry);
                let id = format!("{}:{word}", name(&self.menus[at].1));
                let node = flow.node(id, place.clone(), NodeKind::Branch { on: word.to_owned(), decidable: false });
                for menu in several {
                    flow.link(
                        node,
                        On::Match(name(&self.menus[*menu].1).to_owned()),
                        name(&self.menus[*menu].1),
                        place.clone(),
                    )
                    .certainty = Certainty::Possible;
                }
                flow.at(node).id.clone()
            }
        }
    }

    /// The node of an application and its arguments.
    fn app(&self, flow: &mut Builder, file: usize, at: &Node, call: &str, then: &str) -> String {
        let (app, args) = call.split_once(char::is_whitespace).unwrap_or((call, ""));
        let (args, place) = (args.trim(), origin(file, at));
        let owned = || (!args.is_empty()).then(|| args.split_whitespace().next().unwrap_or_default().to_owned());
        let external = |kind, name: &str, person| NodeKind::External { kind, name: name.to_owned(), person };
        // what comes after it: nothing, the same place again for certain, or when nobody answers
        let (kind, after) = match app.to_ascii_lowercase().as_str() {
            "transfer" => {
                let mut words = args.split_whitespace();
                let (number, context) = (words.next().unwrap_or_default(), words.nth(1).unwrap_or("default"));
                if let Some(extension) = self.extension_for(context, number) {
                    return extension;
                }
                (external(ExternalKind::Dialplan, &format!("{number}@{context}"), Told::Unknown), None)
            }
            "ivr" => return args.to_owned(),
            "bridge" => {
                // variables for the call may stand in front
                let target = args.strip_prefix('{').and_then(|a| a.split_once('}')).map_or(args, |(_, target)| target);
                let kind = match target {
                    t if t.starts_with("user/") || t.starts_with("group/") => {
                        NodeKind::Agent { name: Some(t.to_owned()) }
                    }
                    t if t.starts_with("loopback/") => external(ExternalKind::Dialplan, t, Told::Unknown),
                    t => external(ExternalKind::Number, t, Told::Unknown),
                };
                (kind, Some((On::Fail, Certainty::Possible)))
            }
            "callcenter" | "fifo" => {
                (NodeKind::Queue { name: owned() }, Some((On::QueueFull { after_s: None }, Certainty::Possible)))
            }
            "voicemail" => (
                NodeKind::Voicemail { name: (!args.is_empty()).then(|| args.to_owned()) },
                Some((On::Next, Certainty::Possible)),
            ),
            "hangup" => (NodeKind::Hangup { said: true }, None),
            "playback" | "play_and_get_digits" | "speak" | "say" | "phrase" | "gentones" | "endless_playback" => {
                let media = if app == "phrase" { self.sound(&format!("phrase:{args}")) } else { self.sound(args) };
                (NodeKind::Prompt { media, barge_in: Told::Unknown }, Some((On::Next, Certainty::Certain)))
            }
            "conference" | "park" | "valet_park" | "eavesdrop" | "intercept" | "disa" => {
                (external(ExternalKind::Function, call, Told::Unknown), Some((On::Next, Certainty::Possible)))
            }
            "socket" | "lua" | "javascript" | "python" | "python3" | "perl" | "httapi" | "system"
            | "execute_extension" => {
                (external(ExternalKind::Function, call, Told::Unknown), Some((On::Next, Certainty::Possible)))
            }
            "answer" | "sleep" | "set" | "export" | "log" | "info" | "pre_answer" | "unset" => return then.to_owned(),
            "" => (NodeKind::Unknown { why: "menu-exec-app".into() }, Some((On::Next, Certainty::Possible))),
            _ => {
                remark(flow, RemarkKind::NotUnderstood, call, place.clone());
                (external(ExternalKind::Function, call, Told::Unknown), Some((On::Next, Certainty::Possible)))
            }
        };
        let node = flow.node(format!("{}@{}", app, line(at)), place.clone(), kind);
        if let Some((on, certainty)) = after {
            flow.link(node, on, then, place).certainty = certainty;
        }
        flow.at(node).id.clone()
    }

    /// A greeting, as the words in front of its colon tell.
    fn sound(&self, text: &str) -> Vec<Media> {
        if let Some(name) = text.strip_prefix("phrase:") {
            let name = name.split([':', ' ']).next().unwrap_or(name);
            if let Some(media) = self.macros.get(name) {
                return media.clone();
            }
        }
        match text.strip_prefix("say:") {
            Some(words) => vec![Media::Text { says: words.to_owned(), language: None }],
            None => vec![media(text)],
        }
    }

    /// The id of the first step of an extension of the given dialplan.
    fn extension_for(&self, context: &str, number: &str) -> Option<String> {
        let found =
            self.extensions.iter().find(|(own, _, e)| *own == context && numbers(e).iter().any(|n| n == number));
        found.map(|(own, _, e)| extension_id(own, e))
    }

    /// The steps of an extension; says whether it runs a menu that is there.
    fn extension(&self, flow: &mut Builder, context: &str, file: usize, extension: &Node<'a, 'i>) -> bool {
        let actions: Vec<Node> = extension.descendants().filter(|n| is(n, "action")).collect();
        let place = origin(file, extension);
        let head = flow.node(
            extension_id(context, extension),
            place.clone(),
            NodeKind::Branch { on: "destination_number".into(), decidable: true },
        );
        let (mut then, mut menus) = (format!("{}:end", extension_id(context, extension)), vec![]);
        flow.node(then.clone(), place.clone(), NodeKind::Hangup { said: false });
        for action in actions.iter().rev() {
            let app = attribute(action, "application").unwrap_or_default();
            let data = attribute(action, "data").unwrap_or_default();
            if app == "ivr" && self.by_name.contains_key(data) {
                let left = flow.find(&format!("{data}:left"));
                if let Some(left) = left {
                    flow.link(left, On::Next, then.clone(), origin(file, action));
                }
                menus.push(data);
            }
            then = self.app(flow, file, action, &format!("{app} {data}"), &then);
        }
        flow.link(head, On::Next, then, place);
        for number in numbers(extension).iter().filter(|_| !menus.is_empty()) {
            flow.entry(number.clone(), Some(number.clone()), extension_id(context, extension));
        }
        if !menus.is_empty() && numbers(extension).is_empty() {
            flow.entry(extension_id(context, extension), None, extension_id(context, extension));
        }
        !menus.is_empty()
    }
}

fn name<'a>(node: &Node<'a, '_>) -> &'a str {
    attribute(node, "name").unwrap_or("menu")
}

fn entries<'a, 'i>(menu: &Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> + use<'a, 'i> {
    menu.children().filter(|node| is(node, "entry"))
}

fn extension_id(context: &str, extension: &Node) -> String {
    format!("{context}/{}", attribute(extension, "name").unwrap_or("extension"))
}

fn runs(extension: &Node, menu: &str) -> bool {
    let ivr =
        |n: &Node| is(n, "action") && attribute(n, "application") == Some("ivr") && attribute(n, "data") == Some(menu);
    extension.descendants().any(|n| ivr(&n))
}

/// The numbers that an extension answers to, where its expression is a plain list of them.
fn numbers(extension: &Node) -> Vec<String> {
    let condition =
        extension.descendants().find(|n| is(n, "condition") && attribute(n, "field") == Some("destination_number"));
    let expression = condition.and_then(|c| attribute(&c, "expression")).unwrap_or_default();
    let inner = expression.trim_start_matches('^').trim_end_matches('$').trim_matches(['(', ')']);
    let list: Vec<&str> = inner.split('|').map(|n| n.trim_start_matches('^').trim_end_matches('$')).collect();
    let plain = |n: &&str| !n.is_empty() && n.chars().all(|c| c.is_alphanumeric() || "*#+".contains(c));
    if list.iter().all(plain) { list.into_iter().map(str::to_owned).collect() } else { vec![] }
}

/// What a phrase macro plays: the actions of its first input that match.
fn phrases(node: &Node) -> Vec<Media> {
    let matches = node.descendants().find(|n| is(n, "match"));
    let actions = matches.into_iter().flat_map(|m| m.children().filter(|n| is(n, "action")).collect::<Vec<_>>());
    let media = actions.filter_map(|action| {
        let data = attribute(&action, "data")?;
        match attribute(&action, "function")? {
            "play-file" => Some(media(data)),
            "speak-text" => Some(Media::Text { says: data.to_owned(), language: None }),
            "say" => Some(Media::Dynamic { expression: data.to_owned() }),
            _ => None,
        }
    });
    media.collect()
}

fn media(file: &str) -> Media {
    if let Some(ms) = file.strip_prefix("silence_stream://").and_then(|ms| ms.split(',').next()?.parse::<f64>().ok()) {
        return Media::Pause { duration_s: (ms / 1000.0).max(0.0) };
    }
    match file.contains("${") {
        true => Media::Dynamic { expression: file.to_owned() },
        false => Media::Audio { file: file.to_owned(), says: None, duration_s: None },
    }
}
