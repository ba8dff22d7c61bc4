//! Data that a page carries in its scripts.

use serde_json::Value;

use super::super::json::{self, Feed};
use super::engines::Engine;
use super::tree::{Id, Tree};

/// Data, and the script that it stands in.
type Placed = (Value, Id);

/// Returns the data of a page's scripts: first JSON-LD, then all other.
fn data(tree: &Tree) -> (Vec<Placed>, Vec<Placed>) {
    let scripts = (0..tree.len()).filter(|id| tree.name(*id) == "script");
    let (mut ld, mut others) = (Vec::new(), Vec::new());
    for id in scripts {
        let text: String = tree.inside(id).filter_map(|id| tree.text(id)).collect();
        if is_ld(tree, id) {
            let value = serde_json::from_str(text.trim().trim_end_matches(';'));
            ld.extend(value.ok().map(|value| (value, id)));
        } else if let Some(value) = value(&text) {
            others.push((value, id));
        }
    }
    (ld, others)
}

fn is_ld(tree: &Tree, id: Id) -> bool {
    tree.attr(id, "type")
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json"))
}

/// Returns the data that a script is, or sets a variable to.
fn value(text: &str) -> Option<Value> {
    let text = text.trim();
    let rest = match text.strip_prefix("window").or_else(|| text.strip_prefix("var ")) {
        Some(rest) => rest.split_once('=')?.1.trim_start(),
        None if text.starts_with(['{', '[']) => text,
        // The BBC hands its data to a program: `Morph.setPayload('…', {…});`
        None if text.starts_with("Morph.") => &text[text.find('{')?..],
        None => return None,
    };
    // Behind the value the script goes on.
    let value = serde_json::Deserializer::from_str(rest).into_iter::<Value>().next()?.ok()?;
    match value {
        // Data within a text within a script.
        Value::String(text) => serde_json::from_str(&text).ok(),
        Value::Object(_) | Value::Array(_) => Some(value),
        _ => None,
    }
}

/// Returns what a page's data says of entries, the richer first: an engine's own data is whole,
/// JSON-LD often is not.
pub(super) fn feeds(tree: &Tree) -> Vec<Carried> {
    let (ld, others) = data(tree);
    let carried = |(value, script): &Placed| {
        let (feed, engine) = json::feed(value)?;
        Some(Carried { feed, engine, script: *script })
    };
    let mut feeds: Vec<_> = others.iter().filter_map(carried).collect();
    let script = ld.first().map_or(0, |(_, script)| *script);
    let values: Vec<_> = ld.into_iter().map(|(value, _)| value).collect();
    feeds.extend(json::ld_feed(&values).map(|feed| Carried { feed, engine: None, script }));
    feeds
}

/// Entries that a page carries as data.
#[derive(Debug)]
pub(super) struct Carried {
    pub(super) feed: Feed,
    /// Whose data it is; none for JSON-LD.
    pub(super) engine: Option<&'static Engine>,
    /// The script that holds it.
    pub(super) script: Id,
}

/// Returns the best of them.
pub(super) fn feed(tree: &Tree) -> Option<Carried> {
    feeds(tree).into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_found_in_scripts() {
        let read = |html: &str| {
            let (_, others) = data(&Tree::parse(html));
            others.into_iter().map(|(value, _)| value).collect::<Vec<_>>()
        };
        for script in [
            "<script>window.__INITIAL_DATA__=\"{\\\"a\\\":1}\";more()</script>",
            "<script>window.guardian = {\"a\":1};</script>",
            "<script type=application/json>{\"a\":1}</script>",
            "<script>Morph.setPayload('/x', {\"a\":1});</script>",
        ] {
            assert_eq!(read(script), [serde_json::json!({"a": 1})], "{script}");
        }
        assert!(read("<script>let a = {b: 1};</script><script>window.x = 1</script>").is_empty());
    }
}
