//! The words of a dialplan: contexts, extensions, priorities, labels and applications, as `pbx_config.c` and
//! `config.c` of Asterisk read them.

use std::collections::HashMap;

/// One priority of an extension: an application and its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub file: usize,
    /// 1-based line in its file.
    pub line: usize,
    pub label: Option<String>,
    /// The application in lower case.
    pub app: String,
    /// The arguments as written, without the outer brackets.
    pub args: String,
}

/// An extension: its steps by priority.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extension {
    pub name: String,
    pub steps: std::collections::BTreeMap<u32, Step>,
}

/// A context: its extensions in the order of the file, and the contexts that it includes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    pub name: String,
    pub file: usize,
    pub line: usize,
    /// What stands behind the `;` of its header: FreePBX writes a menu's name there.
    pub title: Option<String>,
    pub extensions: Vec<Extension>,
    by_name: HashMap<String, usize>,
    pub includes: Vec<String>,
}

impl Context {
    /// The extension of exactly this name.
    pub fn extension(&self, name: &str) -> Option<&Extension> {
        self.by_name.get(name).map(|&at| &self.extensions[at])
    }

    fn extension_mut(&mut self, name: &str) -> &mut Extension {
        let at = *self.by_name.entry(name.to_owned()).or_insert_with(|| {
            self.extensions.push(Extension { name: name.to_owned(), ..Extension::default() });
            self.extensions.len() - 1
        });
        &mut self.extensions[at]
    }
}

/// A line that the engine would pass over, with what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Skipped {
    pub file: usize,
    pub line: usize,
    pub why: &'static str,
}

/// The dialplan of one or several files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dialplan {
    pub contexts: Vec<Context>,
    by_name: HashMap<String, usize>,
    pub globals: HashMap<String, String>,
    pub skipped: Vec<Skipped>,
    /// `#include` and `#exec` lines: file, line and what they name.
    pub included_files: Vec<(usize, usize, String)>,
}

impl Dialplan {
    /// The number of the context of this name.
    pub fn context(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Reads one more file.
    pub fn read(&mut self, file: usize, text: &str) {
        let mut reader = Reader { file, depth: 0, context: None, extension: None, priority: 0, line: 0 };
        for (at, line) in text.lines().enumerate() {
            reader.line = at + 1;
            reader.line(self, line);
        }
    }

    fn context_mut(&mut self, name: &str, file: usize, line: usize, title: Option<String>) -> usize {
        let at = *self.by_name.entry(name.to_owned()).or_insert(self.contexts.len());
        if at == self.contexts.len() {
            self.contexts.push(Context { name: name.to_owned(), file, line, ..Context::default() });
        }
        let context = &mut self.contexts[at];
        context.title = context.title.take().or(title);
        at
    }
}

enum Section {
    Context(usize),
    Globals,
    Ignored,
}

struct Reader {
    file: usize,
    line: usize,
    /// How many `;--` are open.
    depth: usize,
    context: Option<Section>,
    extension: Option<String>,
    priority: u32,
}

impl Reader {
    fn line(&mut self, plan: &mut Dialplan, raw: &str) {
        let (text, comment) = self.without_comments(raw);
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if let Some(header) = text.strip_prefix('[') {
            return self.header(plan, header, comment);
        }
        if let Some(directive) = text.strip_prefix('#') {
            let mut words = directive.splitn(2, char::is_whitespace);
            if matches!(words.next(), Some("include" | "tryinclude" | "exec")) {
                let name = words.next().unwrap_or_default().trim().trim_matches(['"', '<', '>']);
                plan.included_files.push((self.file, self.line, name.to_owned()));
            }
            return;
        }
        let Some((name, value)) = text.split_once('=') else {
            return self.skip(plan, "no = in it");
        };
        let value = value.strip_prefix('>').unwrap_or(value).trim();
        let name = name.trim().to_ascii_lowercase();
        let context = match self.context {
            Some(Section::Context(at)) => at,
            Some(Section::Globals) => {
                plan.globals
                    .insert(text.split_once('=').map_or("", |(name, _)| name).trim().to_owned(), value.to_owned());
                return;
            }
            Some(Section::Ignored) => return,
            None => return self.skip(plan, "stands before the first [context]"),
        };
        match name.as_str() {
            "exten" | "extension" => {
                let (extension, rest) = cut(value, ',');
                let Some(rest) = rest else { return self.skip(plan, "an extension without a priority") };
                // a caller's number behind the slash narrows who may dial it
                let extension = cut(&extension, '/').0.trim().trim_matches('"').to_owned();
                let extension = global(&extension, &plan.globals).unwrap_or(extension);
                self.extension = Some(extension.clone());
                self.step(plan, context, &extension, &rest);
            }
            "same" => match self.extension.clone() {
                Some(extension) => self.step(plan, context, &extension, value),
                None => self.skip(plan, "'same' without an extension before it"),
            },
            "include" => {
                let included = cut(value, ',').0.trim().to_owned();
                let includes = &mut plan.contexts[context].includes;
                if !includes.contains(&included) {
                    includes.push(included);
                }
            }
            "ignorepat" | "switch" | "lswitch" | "eswitch" | "autohints" => {}
            _ => self.skip(plan, "neither exten, same nor include"),
        }
    }

    fn header(&mut self, plan: &mut Dialplan, header: &str, comment: Option<&str>) {
        let Some((name, options)) = header.split_once(']') else {
            return self.skip(plan, "a [context] without its closing bracket");
        };
        (self.extension, self.priority) = (None, 0);
        let template = options
            .trim_start()
            .strip_prefix('(')
            .is_some_and(|o| o.split(')').next().unwrap_or_default().contains('!'));
        self.context = Some(match name.trim() {
            "globals" => Section::Globals,
            "general" => Section::Ignored,
            _ if template => Section::Ignored,
            name => {
                let title = comment.map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
                Section::Context(plan.context_mut(name, self.file, self.line, title))
            }
        });
    }

    fn step(&mut self, plan: &mut Dialplan, context: usize, extension: &str, rest: &str) {
        let (priority, call) = cut(rest, ',');
        let (number, label) = match priority.trim().split_once('(') {
            Some((number, label)) => (number.trim(), label.split(')').next().map(|l| l.trim().to_owned())),
            None => (priority.trim(), None),
        };
        let (number, more) = match number.split_once('+') {
            Some((number, more)) => (number.trim(), more.trim().parse().unwrap_or(0)),
            None => (number, 0),
        };
        let number = match number.to_ascii_lowercase().as_str() {
            "hint" => return,
            "n" | "next" => Some(self.priority.saturating_add(1)),
            "s" | "same" => Some(self.priority),
            digits => digits.parse().ok(),
        };
        let Some(number) = number.map(|n: u32| n.saturating_add(more)).filter(|&n| n > 0) else {
            return self.skip(plan, "its priority is neither a number nor n");
        };
        let Some(call) = call else { return self.skip(plan, "a priority without an application") };
        let (app, args) = application(&call);
        self.priority = number;
        let step = Step { file: self.file, line: self.line, label: label.filter(|l| !l.is_empty()), app, args };
        // the engine keeps the first of two equal priorities and says so in its log
        if plan.contexts[context].extension(extension).is_some_and(|e| e.steps.contains_key(&number)) {
            return self.skip(plan, "this priority of the extension is there already");
        }
        plan.contexts[context].extension_mut(extension).steps.insert(number, step);
    }

    fn skip(&self, plan: &mut Dialplan, why: &'static str) {
        plan.skipped.push(Skipped { file: self.file, line: self.line, why });
    }

    /// The line without its comments, and the words of the comment at its end. `;--` opens a block, `--;` closes it,
    /// blocks nest, `\;` is a semicolon (`config_text_file_load`).
    fn without_comments<'a>(&mut self, line: &'a str) -> (String, Option<&'a str>) {
        let (bytes, mut text, mut at, mut from) = (line.as_bytes(), String::new(), 0, 0);
        while let Some(found) = line[at..].find(';').map(|found| found + at) {
            let opens = bytes[found + 1..].starts_with(b"--") && bytes.get(found + 3) != Some(&b'-');
            if found > 0 && bytes[found - 1] == b'\\' && self.depth == 0 {
                text.push_str(&line[from..found - 1]);
                from = found;
            } else if opens {
                if self.depth == 0 {
                    text.push_str(&line[from..found]);
                }
                self.depth += 1;
                at = found + 3;
                continue;
            } else if found >= 2 && self.depth > 0 && &bytes[found - 2..found] == b"--" {
                self.depth -= 1;
                from = found + 1;
            } else if self.depth == 0 {
                text.push_str(&line[from..found]);
                return (text, Some(line[found + 1..].trim_start_matches(';')));
            }
            at = found + 1;
        }
        if self.depth == 0 {
            text.push_str(&line[from.min(line.len())..]);
        }
        (text, None)
    }
}

/// What stands before the first `sign` outside of brackets and quotes, and what stands behind it.
pub fn cut(text: &str, sign: char) -> (String, Option<String>) {
    match split_at(text, sign) {
        Some(at) => (text[..at].to_owned(), Some(text[at + sign.len_utf8()..].to_owned())),
        None => (text.to_owned(), None),
    }
}

fn split_at(text: &str, sign: char) -> Option<usize> {
    let (mut depth, mut quoted) = (0_i32, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if c == sign && depth <= 0 && !quoted => return Some(at),
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The parts of a text between `sign`s outside of brackets and quotes, trimmed.
pub fn split(text: &str, sign: char) -> Vec<String> {
    let (mut parts, mut rest) = (vec![], text);
    while let Some(at) = split_at(rest, sign) {
        parts.push(rest[..at].trim().to_owned());
        rest = &rest[at + sign.len_utf8()..];
    }
    parts.push(rest.trim().to_owned());
    parts
}

/// The arguments of an application. Asterisk before 1.6 put `|` between them.
pub fn arguments(args: &str) -> Vec<String> {
    match split_at(args, ',').is_none() && split_at(args, '|').is_some() {
        true => split(args, '|'),
        false => split(args, ','),
    }
}

/// `App(args)`, `App,args` or `App`.
pub fn application(call: &str) -> (String, String) {
    let call = call.trim().trim_end_matches(';').trim_end();
    let bracket = call.find('(');
    let comma = call.find(',');
    match (bracket, comma) {
        (Some(open), comma) if comma.is_none_or(|comma| open < comma) => {
            let args = &call[open + 1..];
            let args = args.rfind(')').map_or(args, |close| &args[..close]);
            (call[..open].trim().to_ascii_lowercase(), args.trim().to_owned())
        }
        (_, Some(comma)) => (call[..comma].trim().to_ascii_lowercase(), call[comma + 1..].trim().to_owned()),
        _ => (call.to_ascii_lowercase(), String::new()),
    }
}

/// The value of a text that is exactly one global variable.
fn global(text: &str, globals: &HashMap<String, String>) -> Option<String> {
    globals.get(text.strip_prefix("${")?.strip_suffix('}')?).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> Dialplan {
        let mut plan = Dialplan::default();
        plan.read(0, text);
        plan
    }

    fn apps(plan: &Dialplan, context: &str, extension: &str) -> Vec<(u32, String, String)> {
        let steps = &plan.contexts[plan.context(context).unwrap()].extension(extension).unwrap().steps;
        steps.iter().map(|(&p, s)| (p, s.app.clone(), s.args.clone())).collect()
    }

    #[test]
    fn priorities_labels_and_spellings() {
        let plan = plan(
            "[a] ; Main menu\nEXTEN => s,1,Answer ; comment\nSAME=>n(x),BackGround(hi)\nsame => n+2, Goto(s,x)\nexten = 1,1,NoOp(a\\;b)\nexten => 1,3,Dial,SIP/9|20\n",
        );
        assert_eq!(plan.contexts[0].title.as_deref(), Some("Main menu"));
        let s =
            [(1, "answer".into(), "".into()), (2, "background".into(), "hi".into()), (5, "goto".into(), "s,x".into())];
        assert_eq!(apps(&plan, "a", "s"), s);
        assert_eq!(apps(&plan, "a", "1"), [(1, "noop".into(), "a;b".into()), (3, "dial".into(), "SIP/9|20".into())]);
        assert_eq!(arguments("SIP/9|20"), ["SIP/9", "20"]);
        assert_eq!(arguments("$[a | b],\"x,y\",f(1,2)"), ["$[a | b]", "\"x,y\"", "f(1,2)"]);
        assert_eq!(plan.contexts[0].extension("s").unwrap().steps[&2].label.as_deref(), Some("x"));
    }

    #[test]
    fn what_the_engine_passes_over_is_kept_with_its_line() {
        let plan = plan(
            "exten => 1,1,Answer\n[a]\nexten => s,1,Answer\nsame = > n,Hangup()\nsame => (x),n,Hangup\nexten => s,1,Busy\nhello\n",
        );
        assert_eq!(plan.skipped.iter().map(|s| s.line).collect::<Vec<_>>(), [1, 4, 5, 6, 7]);
        assert_eq!(apps(&plan, "a", "s"), [(1, "answer".into(), "".into())]);
    }

    #[test]
    fn blocks_of_comment_nest() {
        let plan = plan(
            "[a]\n;--\nexten => 1,1,Answer\n;-- inner --;\nexten => 2,1,Answer\n--;\nexten => 3,1,Answer\n;--== end of [a] ==--;\nexten => 4,1,Answer ;--- not a block\nexten => 5,1,Answer\n",
        );
        let names: Vec<&str> = plan.contexts[0].extensions.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["3", "4", "5"]);
    }
}
