//! The keys of a menu: how many, in what order, and what custom expects of them.

use std::collections::BTreeMap;

use super::{
    Check, Fact, Finding, Level,
    scene::{Option_, Scene},
};
use crate::menu::graph::{Menu, NodeIndex, On, Retry, Target};

/// From so many options on, most of them leading to one place is worth a remark.
const MIN_OPTIONS_TO_COMPARE: usize = 3;

/// More options than a caller remembers. Repeat, back and the operator do not count.
pub(super) fn options_max(scene: &Scene) -> Vec<Finding> {
    let of_menu = |(node, _): (NodeIndex, &Menu)| {
        let count = scene.choices(node).len();
        let level = match count {
            _ if count > scene.limits.options_error => Level::Error,
            _ if count > scene.limits.options_warning => Level::Warning,
            _ => return None,
        };
        Some(Finding::at_node(scene, Check::OptionsMax, level, node, Fact::Options(count)))
    };
    scene.menus().filter_map(of_menu).collect()
}

/// Keys out of order as they are announced, and keys that are skipped.
pub(super) fn key_order(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (node, _) in scene.menus() {
        let note = |fact| Finding::at_node(scene, Check::KeyOrder, Level::Info, node, fact);
        let announced: Vec<String> = scene.announced(node).iter().map(|option| option.key.clone()).collect();
        // 0 and the signs come last by custom, 9 often does
        let digits = |keys: &[String]| keys.iter().filter_map(|k| digit(k)).filter(|d| *d != 0).collect::<Vec<_>>();
        let said = digits(&announced);
        if !said.is_sorted() {
            findings.push(note(Fact::Order(announced)));
        }
        let mut keys: Vec<u8> = digits(&scene.options(node).iter().map(|o| o.key.to_owned()).collect::<Vec<_>>());
        keys.sort_unstable();
        keys.dedup();
        let last = keys.iter().copied().filter(|&key| key != 9).max().unwrap_or(0);
        let missing: Vec<String> = (1..last).filter(|key| !keys.contains(key)).map(|key| key.to_string()).collect();
        if !missing.is_empty() {
            findings.push(note(Fact::Gap(missing)));
        }
    }
    findings
}

/// A key of one digit.
fn digit(key: &str) -> Option<u8> {
    key.parse().ok().filter(|_| key.len() == 1)
}

/// No 0 for a person in the menus that calls meet first; or a 0 for something else.
pub(super) fn operator_zero(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (node, _) in scene.menus() {
        let zeros: Vec<_> = scene.options(node).into_iter().filter(|option| option.key == "0").collect();
        // where nobody can be reached at all, that is said by another rule
        let first = scene.is_first_menu(node) && !scene.options(node).is_empty() && scene.has_person_behind(node);
        match zeros.as_slice() {
            [] if first => {
                findings.push(Finding::at_node(scene, Check::OperatorZero, Level::Warning, node, Fact::NoOperator))
            }
            [zero, ..] if scene.helps(&zero.edge.to) == Some(false) => findings.push(Finding::at_edge(
                scene,
                Check::OperatorZero,
                Level::Warning,
                zero.index,
                Fact::ZeroElsewhere,
            )),
            _ => {}
        }
    }
    findings
}

/// A menu that a caller hears once: no key plays it again, and silence does not either.
pub(super) fn repeat(scene: &Scene) -> Vec<Finding> {
    let of_menu = |(node, menu): (NodeIndex, &Menu)| {
        let again = |edge: &On| matches!(edge, On::Key(_) | On::Timeout { .. } | On::Pattern(_) | On::Speech(_));
        let by_edge = scene.out(node).any(|(_, edge)| again(&edge.on) && scene.repeats(node, &edge.to));
        let by_itself =
            menu.timeout.attempts.is_none_or(|attempts| attempts > 1) && handled(scene, node, &menu.timeout);
        let asks = !scene.options(node).is_empty();
        (asks && !by_edge && !by_itself)
            .then(|| Finding::at_node(scene, Check::Repeat, Level::Info, node, Fact::NoRepeat))
    };
    scene.menus().filter_map(of_menu).collect()
}

/// Whether anything is told of silence at `node`, so that "how often" can be believed to be unsaid.
fn handled(scene: &Scene, node: NodeIndex, timeout: &Retry) -> bool {
    let told = |on: &On| matches!(on, On::Timeout { .. } | On::AttemptsUsed);
    timeout.attempts.is_some() || scene.out(node).any(|(_, edge)| told(&edge.on))
}

/// A menu below another without a way back to it.
pub(super) fn back(scene: &Scene) -> Vec<Finding> {
    let of_menu = |(node, _): (NodeIndex, &Menu)| {
        let below = scene.menu_above(node).is_some();
        let returns = |on: &On| matches!(on, On::Key(_) | On::Speech(_) | On::Pattern(_));
        let back = scene.out(node).any(|(_, edge)| returns(&edge.on) && scene.leads_back(node, &edge.to));
        let asks = !scene.options(node).is_empty();
        (below && asks && !back).then(|| Finding::at_node(scene, Check::Back, Level::Info, node, Fact::NoBack))
    };
    scene.menus().filter_map(of_menu).collect()
}

/// `*` that neither repeats nor goes back, `#` that is an ordinary option, 9 taken for something else than to end or go
/// back while a lower key is free.
pub(super) fn star_hash_zero_nine(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (node, _) in scene.menus() {
        let options = scene.options(node);
        let free = (1..9).any(|key| !options.iter().any(|option| digit(option.key) == Some(key)));
        for option in &options {
            let returns = scene.repeats(node, &option.edge.to) || scene.leads_back(node, &option.edge.to);
            let unaccustomed = match option.key {
                "*" => !returns,
                "#" => true,
                "9" => free && !returns && !scene.ends(&option.edge.to),
                _ => false,
            };
            if unaccustomed {
                let fact = Fact::Unaccustomed { key: option.key.to_owned() };
                findings.push(Finding::at_edge(scene, Check::StarHashZeroNine, Level::Info, option.index, fact));
            }
        }
    }
    findings
}

/// One key twice in a menu, without a condition that tells the two apart.
pub(super) fn duplicate_key(scene: &Scene) -> Vec<Finding> {
    let in_sequence = scene.flow.format == "freeswitch";
    let level = if in_sequence { Level::Info } else { Level::Error };
    let mut findings = vec![];
    for (node, _) in scene.menus() {
        let mut seen: BTreeMap<&str, &Target> = BTreeMap::new();
        let options = scene.options(node);
        for option in options.iter().filter(|option| option.edge.guard.is_none()) {
            match seen.get(option.key) {
                Some(first) if **first != option.edge.to || in_sequence => {
                    let fact = Fact::Twice { key: option.key.to_owned(), in_sequence };
                    findings.push(Finding::at_edge(scene, Check::DuplicateKey, level, option.index, fact));
                }
                Some(_) => {}
                None => {
                    seen.insert(option.key, &option.edge.to);
                }
            }
        }
    }
    findings
}

/// A key after which the engine waits, because a longer number starts with it.
pub(super) fn ambiguous_digit(scene: &Scene) -> Vec<Finding> {
    let mut findings = vec![];
    for (node, _) in scene.menus() {
        for option in scene.options(node).iter().filter(|option| option.edge.wait_s > 0.0) {
            let fact = Fact::Waits { key: option.key.to_owned(), seconds: option.edge.wait_s };
            findings.push(Finding::at_edge(scene, Check::AmbiguousDigit, Level::Info, option.index, fact));
        }
    }
    findings
}

/// A menu most of whose options lead to one place.
pub(super) fn same_target(scene: &Scene) -> Vec<Finding> {
    let of_menu = |(node, _): (NodeIndex, &Menu)| {
        let options = scene.choices(node);
        let mut by_target: BTreeMap<NodeIndex, usize> = BTreeMap::new();
        for target in options.iter().filter_map(|option| option.edge.to.node()) {
            *by_target.entry(target).or_default() += 1;
        }
        let (target, count) =
            by_target.into_iter().max_by_key(|(target, count)| (*count, std::cmp::Reverse(*target)))?;
        let share = count as f64 / options.len() as f64;
        (options.len() >= MIN_OPTIONS_TO_COMPARE && share > scene.limits.same_target).then(|| {
            let fact = Fact::SameTarget { count, of: options.len(), target: scene.name(target) };
            Finding::at_node(scene, Check::SameTarget, Level::Info, node, fact)
        })
    };
    scene.menus().filter_map(of_menu).collect()
}

/// The option that most calls took stands behind others. Only where calls were laid on the menu.
pub(super) fn frequent_first(scene: &Scene) -> Vec<Finding> {
    let Some(traffic) = scene.traffic else { return vec![] };
    let of_menu = |(node, _): (NodeIndex, &Menu)| {
        let calls = |option: &Option_| traffic.of(option.index).map_or(0, |taken| taken.calls);
        let options: Vec<Option_> = scene.choices(node);
        let of: usize = options.iter().map(calls).sum();
        let most = options.iter().map(calls).max().filter(|_| of >= scene.limits.calls)?;
        let place = options.iter().position(|option| calls(option) == most)?;
        (place > 0).then(|| {
            let fact = Fact::NotFirst { key: options[place].key.to_owned(), calls: most, of, place: place + 1 };
            Finding::at_edge(scene, Check::FrequentFirst, Level::Info, options[place].index, fact)
        })
    };
    scene.menus().filter_map(of_menu).collect()
}
