//! Which entry a person means: by its id, an earlier id, or the path of its file.

use super::Stop;
use crate::diagnostic::nearest;
use crate::entry::{Entry, Slug};

/// Returns the place of the entry that is called `name`: its id, one of its aliases, or the path of its
/// file, from the archive's root or from a folder on the way to it.
pub(super) fn pick(entries: &[Entry], name: &str) -> Result<usize, Stop> {
    let path = name.replace('\\', "/");
    let path = path.trim_start_matches("./");
    let by_id = |entry: &Entry| entry.id.as_str() == name;
    let by_alias = |entry: &Entry| entry.aliases.iter().any(|alias| alias.as_str() == name);
    let by_path = |entry: &Entry| {
        entry.file == path
            || entry.file.ends_with(&format!("/{path}"))
            || path.ends_with(&format!("/{}", entry.file))
    };
    let ways: [&dyn Fn(&Entry) -> bool; 3] = [&by_id, &by_alias, &by_path];
    for way in ways {
        let found: Vec<usize> = (0..entries.len()).filter(|ix| way(&entries[*ix])).collect();
        match found[..] {
            [] => {}
            [one] => return Ok(one),
            [one, other, ..] => {
                return Err(Stop(format!(
                    "`{name}` could be {} or {}\n  hint: name its id, {} or {}",
                    entries[one].file, entries[other].file, entries[one].id, entries[other].id
                )));
            }
        }
    }
    let ids = entries.iter().map(|entry| entry.id.as_str());
    let hint = match nearest(name, ids.chain(entries.iter().flat_map(aliases))) {
        Some(near) => format!("did you mean {near}?"),
        None => "an id stands at the top of an entry's file, and in the address of its page".into(),
    };
    Err(Stop(format!(
        "there is no entry `{name}`, expected an id or the path of an entry's file\n  hint: {hint}"
    )))
}

fn aliases(entry: &Entry) -> impl Iterator<Item = &str> {
    entry.aliases.iter().map(Slug::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(file: &str, id: &str) -> Entry {
        let text = format!("+++\nid = \"{id}\"\ntitle = \"T\"\naliases = [\"old-{id}\"]\n+++\n");
        let story = Slug::parse("s").unwrap();
        crate::content::parse_entry(file, story, &text).0.unwrap()
    }

    #[test]
    fn an_entry_is_found_by_id_alias_and_path() {
        let entries =
            [entry("content/s/a/gates.md", "gates"), entry("content/s/b/gates.md", "rain")];
        let found = |name: &str| pick(&entries, name).map_err(|Stop(why)| why);
        for name in [
            "gates",
            "old-gates",
            "content/s/a/gates.md",
            "./content/s/a/gates.md",
            "a/gates.md",
            "/x/content/s/a/gates.md",
        ] {
            assert_eq!(found(name), Ok(0), "{name}");
        }
        assert!(found("gates.md").unwrap_err().contains("a/gates.md or content/s/b/gates.md"));
        assert!(found("gaets").unwrap_err().ends_with("hint: did you mean gates?"));
    }
}
