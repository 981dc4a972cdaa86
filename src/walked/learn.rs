//! All calls of a line together: what one call cannot tell, the others can.

use std::collections::BTreeMap;

use super::{
    align::{Aligner, Learned, Like, Mark, NEVER, Slot, Way},
    plan::Plan,
    sounds::{Event, What},
    walk::{Aside, Basis, Exit, Stay, Walk},
};

/// How often the calls are put on the graph with what was learned the time before.
const ROUNDS: usize = 3;
/// A recording has been heard in every slot so often before anybody listened.
const BEFORE: f64 = 0.2;
/// A walk has to be so much likelier than none at all: e^1.
const MIN_GAIN: f64 = 1.0;

/// The walks of the calls that happened like `calls`, in their order.
pub(super) fn walks(plan: &Plan<'_>, calls: &[Vec<Event>]) -> Vec<Option<Walk>> {
    let has_keys = calls.iter().flatten().any(|event| matches!(event.what, What::Key(_)));
    let mut learned = Learned::new();
    let mut ways: Vec<Option<Way>> = vec![];
    for _ in 0..=ROUNDS {
        let mut aligner = Aligner::new(plan, &learned, has_keys);
        ways = calls.iter().map(|events| aligner.way(events)).collect();
        let next = learn(plan, calls, &ways);
        if next == learned {
            break;
        }
        learned = next;
    }
    let is_of = |slot: Slot, event: &Event| is_mostly(&learned, slot, event);
    ways.into_iter().zip(calls).map(|(way, events)| walk(plan, &way?, events, is_of)).collect()
}

/// Where each recording without a name of the definition's was heard, as costs.
fn learn(plan: &Plan<'_>, calls: &[Vec<Event>], ways: &[Option<Way>]) -> Learned {
    let mut counts: BTreeMap<&str, BTreeMap<Slot, f64>> = BTreeMap::new();
    for (way, events) in ways.iter().zip(calls) {
        let Some(way) = way.as_ref().filter(|way| basis(way, |_, _| false, events).is_some()) else { continue };
        let mut at_goal = false;
        for mark in &way.marks {
            let (event, slot) = match mark {
                Mark::Arrive(node, _) => {
                    at_goal = plan.is_goal(*node);
                    continue;
                }
                Mark::Heard { event, slot, .. } => (*event, *slot),
                Mark::Aside { event } if at_goal => (*event, Slot::Waiting),
                Mark::Aside { event } => (*event, Slot::Aside),
                _ => continue,
            };
            let What::Message(spoken) = &events[event].what else { continue };
            let Some(group) = spoken.group.as_deref() else { continue };
            if !(spoken.is_named && plan.names.contains(group)) {
                *counts.entry(group).or_default().entry(slot).or_default() += 1.0;
            }
        }
    }
    let cost = |slots: &BTreeMap<Slot, f64>| {
        let all: f64 = slots.values().sum::<f64>() + BEFORE * (slots.len() + 1) as f64;
        slots.iter().map(|(&slot, count)| (slot, (-((count + BEFORE) / all).ln()).min(NEVER))).collect()
    };
    counts.iter().map(|(group, slots)| ((*group).to_owned(), cost(slots))).collect()
}

/// Whether a recording was heard in that slot in most calls.
fn is_mostly(learned: &Learned, slot: Slot, event: &Event) -> bool {
    let What::Message(spoken) = &event.what else { return false };
    let cost = spoken.group.as_ref().and_then(|group| learned.get(group)?.get(&slot));
    cost.is_some_and(|cost| *cost < std::f64::consts::LN_2)
}

/// What `way` rests on; `None` where that is nothing.
fn basis(way: &Way, is_of: impl Fn(Slot, &Event) -> bool, events: &[Event]) -> Option<Basis> {
    if way.cost + MIN_GAIN > way.nothing && !way.marks.iter().any(|m| matches!(m, Mark::Goal { .. })) {
        return None;
    }
    let (mut named, mut keys, mut learned, mut spoken) = (0, 0, 0, 0);
    let (mut goal, mut has_waited, mut inferred, mut silent) = (false, false, false, false);
    for mark in &way.marks {
        match mark {
            Mark::Heard { like: Like::Named, slot, .. } if *slot != Slot::Waiting => named += 1,
            Mark::Heard { event, slot, .. } => {
                learned += usize::from(*slot != Slot::Waiting && is_of(*slot, &events[*event]));
                spoken += 1;
            }
            Mark::Leave { inferred: true, .. } => inferred = true,
            Mark::Leave { exit: Exit::Key(_) | Exit::Digits | Exit::Invalid(_), .. } => keys += 1,
            Mark::Leave { exit: Exit::Timeout, .. } => silent = true,
            Mark::Goal { waited } => (goal, has_waited) = (true, has_waited || *waited),
            _ => {}
        }
    }
    match () {
        () if named > 0 => Some(Basis::Prompts),
        () if keys > 0 && spoken > 0 || learned > 0 && (goal || spoken > 1) => Some(Basis::Keys),
        () if has_waited && spoken > 0 && !inferred && !silent && way.cost < way.nothing + MIN_GAIN => {
            Some(Basis::Order)
        }
        () => None,
    }
}

/// The walk that `way` is.
fn walk(plan: &Plan<'_>, way: &Way, events: &[Event], is_of: impl Fn(Slot, &Event) -> bool) -> Option<Walk> {
    let basis = basis(way, is_of, events)?;
    let (mut stays, mut asides): (Vec<Stay>, Vec<Aside>) = (vec![], vec![]);
    let end = events.last().map_or(0.0, |event| event.interval.end());
    let mut at_goal = false;
    for mark in &way.marks {
        match mark {
            Mark::Arrive(node, at) => {
                at_goal = plan.is_goal(*node);
                stays.push(Stay {
                    node: plan.flow.node(*node).id.clone(),
                    from_s: *at,
                    to_s: end.max(*at),
                    exit: None,
                    edge: None,
                    listened_s: None,
                    otherwise: false,
                    early: false,
                    inferred: false,
                });
            }
            Mark::Heard { event, like, .. } => {
                let Some(stay) = stays.last_mut() else { continue };
                *stay.listened_s.get_or_insert(0.0) += events[*event].interval.duration();
                stay.otherwise |= *like == Like::Otherwise;
            }
            Mark::Leave { exit, edge, at, inferred, early } => {
                let Some(stay) = stays.last_mut() else { continue };
                stay.to_s = at.max(stay.from_s);
                stay.exit = Some(exit.clone());
                stay.edge = edge.map(|edge| edge.0);
                (stay.inferred, stay.early) = (*inferred, *early);
            }
            Mark::Aside { event } => {
                let Event { interval, what } = &events[*event];
                let (key, message, is_strange) = match what {
                    What::Key(key) => (Some(key.clone()), None, true),
                    // nobody wrote down all that a queue says
                    What::Message(spoken) => (None, spoken.group.clone(), !at_goal),
                    _ => continue,
                };
                if is_strange {
                    asides.push(Aside { at_s: interval.start(), stay: stays.len().saturating_sub(1), key, message });
                }
            }
            Mark::Goal { .. } => {}
        }
    }
    if at_goal && let Some(last) = stays.last_mut() {
        // a queue is left when somebody speaks
        let spoken = events.iter().filter(|event| event.what == What::Person).map(|event| event.interval.start());
        last.to_s = spoken.filter(|at| *at >= last.from_s).fold(last.to_s, f64::min);
    }
    Some(Walk { stays, asides, basis, cost: way.cost })
}
