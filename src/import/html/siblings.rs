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
    let mut times = vec![0u32; tree.len()];
    for id in (1..tree.len()).rev() {
        times[id] += u32::from(tree.name(id) == "time" && tree.attr(id, "datetime").is_some());
        times[tree.node(id).parent] += times[id];
    }
    let mut groups: BTreeMap<(Id, &str, &str), Vec<Id>> = BTreeMap::new();
    let likely = found.into_iter().filter(|id| times[*id] == 1).collect();
    for id in fields::candidates(tree, engine, likely) {
        let class = tree.attr(id, "class").and_then(|all| all.split_ascii_whitespace().next());
        let key = (tree.node(id).parent, tree.name(id), class.unwrap_or_default());
        groups.entry(key).or_default().push(id);
    }
    let letters = |group: &[Id]| group.iter().map(|id| letters(tree, *id)).sum::<usize>();
    let groups = groups.into_values().filter(|group| group.len() >= FEWEST);
    let groups = groups.filter(|group| !group.iter().any(|id| is_link(tree, *id)));
    groups.max_by_key(|group| letters(group)).unwrap_or_default()
}

/// Whether all the words of an element but its time are one link: a card that leads elsewhere.
pub(super) fn is_link(tree: &Tree, id: Id) -> bool {
    let of = |name: &'static str| tree.inside(id).filter(move |id| tree.name(*id) == name);
    let longest = of("a").map(|id| letters(tree, id)).max();
    let time = of("time").map(|id| letters(tree, id)).sum::<usize>();
    longest.is_some_and(|longest| longest > 0 && longest + time + 2 >= letters(tree, id))
}

/// Returns how much text stands in an element, in bytes, white space left out.
fn letters(tree: &Tree, id: Id) -> usize {
    let count = |text: &str| text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
    tree.inside(id).filter_map(|id| tree.text(id)).map(count).sum()
}
