//! The ledger of a page: its text blocks in document order, and what became of each.

use super::super::Fate;
use super::elements::{is_block, is_unseen};
use super::tree::{Id, Kind, Tree, plain};

/// Of a unit that nobody reads, so many characters are shown.
const SHOWN: usize = 120;

/// One text block: what stands together on lines of its own, a script, or a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Its first and its last node.
    pub(super) nodes: (Id, Id),
    /// Its words.
    pub(super) text: String,
}

/// Cuts a page into its text blocks. Depends on nothing but the page.
pub(super) fn units(tree: &Tree) -> Vec<Unit> {
    let mut blocks = vec![0; tree.len()];
    let mut units: Vec<(Id, Unit)> = Vec::new();
    for id in 1..tree.len() {
        let parent = tree.node(id).parent;
        blocks[id] = blocks[parent];
        match tree.kind(id) {
            Kind::Element(name) => {
                if is_block(name) || is_unseen(name) {
                    blocks[id] = id;
                }
                if let Some(text) = shown(tree, id, name) {
                    blocks[id] = id;
                    units.push((id, Unit { nodes: (id, id), text }));
                }
            }
            Kind::Text(text) => match units.last_mut() {
                Some((block, unit)) if *block == blocks[id] => {
                    unit.nodes.1 = id;
                    unit.text.push_str(text);
                }
                _ if text.trim().is_empty() => {}
                _ => units.push((blocks[id], Unit { nodes: (id, id), text: text.to_string() })),
            },
            Kind::Comment(_) => {}
        }
    }
    let finish = |(block, unit): (Id, Unit)| {
        let mut text = plain(&unit.text);
        if is_unseen(tree.name(block))
            && let Some((at, _)) = text.char_indices().nth(SHOWN)
        {
            text.truncate(at);
            text.push('…');
        }
        Unit { text, ..unit }
    };
    units.into_iter().map(finish).collect()
}

/// Returns what stands for an element that shows something other than words.
fn shown(tree: &Tree, id: Id, name: &str) -> Option<String> {
    let kind = match name {
        "img" | "amp-img" => "image",
        "video" | "audio" | "iframe" | "embed" | "object" => name,
        _ => return None,
    };
    let words = ["alt", "title", "src"].iter().find_map(|attr| tree.attr(id, attr));
    Some(format!("{kind}: {}", words.unwrap_or_default()))
}

/// What became of the parts of a page: a fate holds for a node and all in it that has no other.
#[derive(Clone, Debug)]
pub(super) struct Marks(Vec<Option<Fate>>);

impl Marks {
    pub(super) fn new(tree: &Tree) -> Self {
        Self(vec![None; tree.len()])
    }

    pub(super) fn mark(&mut self, id: Id, fate: Fate) {
        self.0[id] = Some(fate);
    }

    pub(super) fn discard(&mut self, id: Id, rule: &str) {
        self.mark(id, Fate::Discarded(rule.to_string().into()));
    }

    /// Whether exactly this node was discarded.
    pub(super) fn is_discarded(&self, id: Id) -> bool {
        matches!(self.0[id], Some(Fate::Discarded(_)))
    }

    /// Returns the fate of each unit; one that went to several places counts where its words are.
    pub(super) fn fates(&self, tree: &Tree, units: &[Unit]) -> Vec<Fate> {
        let mut known: Vec<Option<&Fate>> = vec![None; tree.len()];
        for id in 1..tree.len() {
            known[id] = self.0[id].as_ref().or(known[tree.node(id).parent]);
        }
        let seen = |id: &Id| match tree.kind(*id) {
            Kind::Text(text) => !text.trim().is_empty(),
            Kind::Comment(_) => false,
            Kind::Element(_) => true,
        };
        let fates: Vec<_> = units
            .iter()
            .map(|unit| {
                let nodes = (unit.nodes.0..=unit.nodes.1).filter(seen);
                nodes.filter_map(|id| known[id]).min_by_key(|fate| rank(fate)).cloned()
            })
            .collect();
        // Data within the page may stand anywhere.
        let is_entry = |(fate, unit): (&Option<Fate>, &Unit)| {
            matches!(fate, Some(Fate::Entry(_))) && !is_data(tree, unit)
        };
        let first = fates.iter().zip(units).position(is_entry).unwrap_or(usize::MAX);
        let last = fates.iter().zip(units).rposition(is_entry).unwrap_or_default();
        let settle = |(index, (fate, unit)): (usize, (Option<Fate>, &Unit))| {
            fate.or_else(|| landmark(tree, unit.nodes.0)).unwrap_or_else(|| match index {
                _ if index < first && first < usize::MAX => Fate::Discarded("page head".into()),
                _ if index > last && first < usize::MAX => Fate::Discarded("page footer".into()),
                _ => Fate::Unread,
            })
        };
        fates.into_iter().zip(units).enumerate().map(settle).collect()
    }
}

/// Whether a unit is the text of a script.
pub(super) fn is_data(tree: &Tree, unit: &Unit) -> bool {
    tree.name(tree.node(unit.nodes.0).parent) == "script"
}

fn rank(fate: &Fate) -> u8 {
    match fate {
        Fate::Entry(_) => 0,
        Fate::Summary => 1,
        Fate::Discarded(_) => 2,
        Fate::Unread => 3,
    }
}

/// Returns the fate of what stands in a part of the page whose element says what it is for.
fn landmark(tree: &Tree, id: Id) -> Option<Fate> {
    let rule = std::iter::once(id).chain(tree.ancestors(id)).find_map(|id| {
        Some(match tree.name(id) {
            "script" => "script",
            "style" => "style",
            "noscript" => "script fallback",
            "template" => "template",
            "head" | "title" | "header" => "page head",
            "nav" => "navigation",
            "aside" => "sidebar",
            "footer" => "page footer",
            "svg" => "drawing",
            _ => return None,
        })
    })?;
    Some(Fate::Discarded(rule.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_what_stands_together() {
        let tree = Tree::parse(
            "<title>T</title><div>a <b>b</b><p>c<img alt=d>e</p>f</div><script>x</script>",
        );
        let texts: Vec<_> = units(&tree).into_iter().map(|unit| unit.text).collect();
        assert_eq!(texts, ["T", "a b", "c", "image: d", "e", "f", "x"]);
    }

    #[test]
    fn every_unit_has_one_fate() {
        let tree = Tree::parse(
            "<nav>n</nav><h1>h</h1><p id=e>a <i>b</i></p><p>?</p><p id=f>c</p><p>g</p>",
        );
        let mut marks = Marks::new(&tree);
        let all: Vec<_> = (0..tree.len()).filter(|id| tree.attr(*id, "id").is_some()).collect();
        marks.mark(all[0], Fate::Entry(0));
        marks.mark(all[1], Fate::Entry(1));
        let italic = (0..tree.len()).find(|id| tree.name(*id) == "i").unwrap();
        marks.discard(italic, "share");
        let fates = marks.fates(&tree, &units(&tree));
        let rule = |name: &str| Fate::Discarded(name.to_string().into());
        let [head, foot] = [rule("page head"), rule("page footer")];
        let entry = Fate::Entry;
        assert_eq!(fates, [rule("navigation"), head, entry(0), Fate::Unread, entry(1), foot]);
    }
}
