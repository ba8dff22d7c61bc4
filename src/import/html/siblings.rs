//! Entries of a page whose engine is not known: siblings that are alike and each hold exactly one
//! time for machines.

use std::collections::BTreeMap;

use super::engines::Engine;
use super::fields;
use super::tree::{Id, Tree};

/// The engine whose table says what else to look for.
pub(super) const ENGINE: &str = "time-siblings";
/// Fewer siblings are no stream.
const FEWEST: usize = 3;

/// Returns the siblings that look most like entries: the group with the most words.
pub(super) fn entries(tree: &Tree, engine: &Engine, found: Vec<Id>) -> Vec<Id> {
    let mut counts = vec![0u32; tree.len()];
    for id in (1..tree.len()).rev() {
        counts[id] += u32::from(tree.name(id) == "time" && tree.attr(id, "datetime").is_some());
        counts[tree.node(id).parent] += counts[id];
    }
    let mut groups: BTreeMap<(Id, &str, &str), Vec<Id>> = BTreeMap::new();
    let timed = found.into_iter().filter(|id| counts[*id] == 1).collect();
    for id in fields::candidates(tree, engine, timed) {
        let class = tree.attr(id, "class").and_then(|all| all.split_ascii_whitespace().next());
        let key = (tree.node(id).parent, tree.name(id), class.unwrap_or_default());
        groups.entry(key).or_default().push(id);
    }
    let words = |group: &[Id]| group.iter().map(|id| tree.words(*id).len()).sum::<usize>();
    let groups = groups.into_values().filter(|group| group.len() >= FEWEST);
    let groups = groups.filter(|group| !group.iter().any(|id| is_link(tree, *id)));
    groups.max_by_key(|group| words(group)).unwrap_or_default()
}

/// Whether all the words of an element but its time are one link: a card that leads elsewhere.
pub(super) fn is_link(tree: &Tree, id: Id) -> bool {
    let words = |id: Id| tree.words(id).len();
    let longest = tree.inside(id).filter(|id| tree.name(*id) == "a").map(words).max();
    let time = tree.inside(id).filter(|id| tree.name(*id) == "time").map(words).sum::<usize>();
    longest.is_some_and(|longest| longest > 0 && longest + time + 2 >= words(id))
}
