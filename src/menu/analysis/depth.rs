//! How many menus a caller can meet on one way.

use super::{
    reach::{Reach, edges, possible},
    ways::{Ways, is_menu},
};
use crate::menu::graph::{Flow, NodeIndex};

/// The longest way is looked for among all ways only up to this many menus ...
const MAX_MENUS_EXACT: usize = 256;
/// ... and this many steps. Beyond that, edges that lead back are left out, which gives a way that exists.
const MAX_STEPS: usize = 200_000;

/// The menus on the longest way from `starts`, a menu counted once.
pub fn max_depth(flow: &Flow, ways: &Ways, starts: &[NodeIndex]) -> u32 {
    let found = without_back_edges(flow, ways, starts);
    found.max(exact(flow, ways, starts).unwrap_or(0))
}

/// The longest way where each edge to a node that is still open in a depth-first walk is left out: what is left has no
/// cycles, so the longest way in it takes one pass.
fn without_back_edges(flow: &Flow, ways: &Ways, starts: &[NodeIndex]) -> u32 {
    #[derive(Clone, Copy)]
    enum State {
        New,
        Open,
        Done(u32),
    }
    let mut states = vec![State::New; flow.nodes.len()];
    let mut deepest = 0;
    for &start in starts {
        let mut path = vec![(start, 0, 0)];
        while let Some(top) = path.last_mut() {
            let (node, next, below) = *top;
            if next == 0 {
                match states[node.0] {
                    State::New => states[node.0] = State::Open,
                    State::Open => {
                        path.pop();
                        continue;
                    }
                    State::Done(depth) => {
                        path.pop();
                        raise(path.last_mut(), depth, &mut deepest);
                        continue;
                    }
                }
            }
            match ways.out(node).get(next) {
                Some(&edge) => {
                    top.1 += 1;
                    let edge = &flow.edges[edge.0];
                    if let Some(to) = edge.to.node().filter(|_| possible(edge)) {
                        path.push((to, 0, 0));
                    }
                }
                None => {
                    let depth = below + u32::from(is_menu(flow.node(node)));
                    states[node.0] = State::Done(depth);
                    path.pop();
                    raise(path.last_mut(), depth, &mut deepest);
                }
            }
        }
    }
    deepest
}

/// Tells the node that led here, or the whole where none did, how deep it went.
fn raise(parent: Option<&mut (NodeIndex, usize, u32)>, depth: u32, deepest: &mut u32) {
    match parent {
        Some((_, _, below)) => *below = depth.max(*below),
        None => *deepest = depth.max(*deepest),
    }
}

/// The longest way among all ways, where there are few enough of them.
fn exact(flow: &Flow, ways: &Ways, starts: &[NodeIndex]) -> Option<u32> {
    let menus: Vec<NodeIndex> = flow.indexed().filter(|(_, node)| is_menu(node)).map(|(index, _)| index).collect();
    if menus.len() > MAX_MENUS_EXACT {
        return None;
    }
    let next_menus = |from: &[NodeIndex]| {
        let reach = Reach::walk(flow.nodes.len(), from, |node, next| {
            if !is_menu(flow.node(node)) {
                next.extend(onwards(flow, ways, node));
            }
        });
        menus.iter().enumerate().filter(|(_, menu)| reach.has(**menu)).map(|(i, _)| i).collect::<Vec<_>>()
    };
    let after: Vec<Vec<usize>> =
        menus.iter().map(|&menu| next_menus(&onwards(flow, ways, menu).collect::<Vec<_>>())).collect();
    let mut on_path = vec![false; menus.len()];
    let (mut deepest, mut steps) = (0, 0);
    for first in next_menus(starts) {
        let mut path = vec![(first, 0)];
        deepest = deepest.max(1);
        on_path[first] = true;
        while let Some((menu, next)) = path.last_mut() {
            steps += 1;
            if steps > MAX_STEPS {
                return u32::try_from(deepest).ok();
            }
            match after[*menu].get(*next) {
                Some(&to) => {
                    *next += 1;
                    if !std::mem::replace(&mut on_path[to], true) {
                        path.push((to, 0));
                        deepest = deepest.max(path.len());
                    }
                }
                None => {
                    on_path[*menu] = false;
                    path.pop();
                }
            }
        }
    }
    u32::try_from(deepest).ok()
}

fn onwards<'a>(flow: &'a Flow, ways: &'a Ways, node: NodeIndex) -> impl Iterator<Item = NodeIndex> + 'a {
    let open = edges(flow, ways.out(node)).filter(|(_, edge)| possible(edge));
    open.filter_map(|(_, edge)| edge.to.node())
}
