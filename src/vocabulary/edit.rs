//! Tags renamed, merged and split, in the text of `tags.toml`: all else in it stays, remarks too.

use std::fmt::Write as _;

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};

use super::{FILE, parse, slug_of};
use crate::entry::Slug;

/// Returns the vocabulary with a tag called otherwise. Its old name becomes a synonym, its old
/// address an alias.
///
/// # Errors
/// Says why that cannot be.
pub fn rename(text: &str, old: &str, new: &str) -> Result<String, String> {
    let (mut front, slug) = (document(text)?, address_of(new)?);
    let tables = tables(&mut front)?;
    if let Some(other) = owner(tables, new).filter(|other| other != old) {
        return Err(format!(
            "`{new}` stands for `{other}` already\n  hint: to make one of both: archive tag merge \"{old}\" \"{other}\""
        ));
    }
    let at = place(tables, old).unwrap_or_else(|| add(tables, old, None));
    let Some(table) = tables.get_mut(at) else { return Err(unreadable()) };
    let (before, stated) = (slug_in(table)?, table.contains_key("slug"));
    put(table, "name", new);
    drop_from(table, "synonyms", new);
    add_to(table, "synonyms", old);
    if !stated && slug != before {
        drop_from(table, "aliases", slug.as_str());
        add_to(table, "aliases", before.as_str());
    }
    point_to(tables, old, new);
    Ok(front.to_string())
}

/// Returns the vocabulary with one tag made part of another, whose synonym its name becomes, and
/// whose alias its address. What the other cannot take over stays as a remark above it.
///
/// # Errors
/// Says why that cannot be.
pub fn merge(text: &str, from: &str, into: &str) -> Result<String, String> {
    let mut front = document(text)?;
    let tables = tables(&mut front)?;
    let at = place(tables, from).unwrap_or_else(|| add(tables, from, None));
    let gone = take(tables, at).ok_or_else(unreadable)?;
    let above = string(&gone, "broader");
    let at = match place(tables, into) {
        Some(at) => at,
        None => add(tables, into, above.as_deref().filter(|above| *above != into)),
    };
    point_to(tables, from, into);
    let Some(table) = tables.get_mut(at) else { return Err(unreadable()) };
    if string(table, "broader").as_deref() == Some(into) {
        match above.filter(|above| above != into) {
            Some(above) => put(table, "broader", &above),
            None => _ = table.remove("broader"),
        }
    }
    for word in std::iter::once(from.to_string()).chain(list(&gone, "synonyms")) {
        if word != into {
            add_to(table, "synonyms", &word);
        }
    }
    let own = slug_in(table)?;
    for slug in std::iter::once(slug_in(&gone)?.to_string()).chain(list(&gone, "aliases")) {
        if slug != own.as_str() {
            add_to(table, "aliases", &slug);
        }
    }
    for other in list(&gone, "related") {
        if other != into {
            add_to(table, "related", &other);
        }
    }
    let mut remarks = remarks_in(&gone, from);
    for key in ["description", "labels", "matches"] {
        let Some(item) = gone.get(key) else { continue };
        if table.contains_key(key) {
            let said = item.to_string().replace('\n', " ");
            let _ = writeln!(remarks, "# of `{from}`: {key} = {}", said.trim());
        } else {
            table.insert(key, item.clone());
        }
    }
    set_prefix(table, |prefix| {
        let blank = prefix.len() - prefix.trim_start_matches('\n').len();
        format!("{}{remarks}{}", &prefix[..blank], &prefix[blank..])
    });
    part(&mut front)?;
    Ok(front.to_string())
}

/// Returns the vocabulary with a tag that only a person gives from now on, beside those that it was
/// split into; those that are not there yet are added.
///
/// # Errors
/// Says why that cannot be.
pub fn split(text: &str, tag: &str, into: &[String]) -> Result<String, String> {
    let mut front = document(text)?;
    let tables = tables(&mut front)?;
    let at = place(tables, tag).unwrap_or_else(|| add(tables, tag, None));
    let above = tables.get(at).and_then(|table| string(table, "broader"));
    for name in into {
        if place(tables, name).is_none() {
            address_of(name)?;
            add(tables, name, above.as_deref());
        }
    }
    let Some(table) = tables.get_mut(at) else { return Err(unreadable()) };
    table.insert("by_hand", value(true));
    for name in into {
        drop_from(table, "synonyms", name);
        add_to(table, "related", name);
    }
    part(&mut front)?;
    Ok(front.to_string())
}

/// Puts other texts into the place of some in a list. `with` gives those for one, `None` where it
/// stays. None comes twice; remarks stay. Returns whether anything changed.
pub fn exchange(array: &mut Array, with: impl Fn(&str) -> Option<Vec<String>>) -> bool {
    let hit = |value: &Value| value.as_str().and_then(&with).is_some();
    if !array.iter().any(hit) {
        return false;
    }
    let old: Vec<Value> = array.iter().cloned().collect();
    let first = old.first().map(|value| raw(value.decor().prefix()));
    array.clear();
    let mut seen: Vec<String> = Vec::new();
    let mut waiting = String::new();
    for value in old {
        let Some(name) = value.as_str().map(str::to_string) else {
            array.push_formatted(value);
            continue;
        };
        let (before, behind) = (raw(value.decor().prefix()), raw(value.decor().suffix()));
        let changed = with(&name);
        let is_kept = changed.is_none();
        let mut new = changed.unwrap_or_else(|| vec![name]);
        new.retain(|name| is_kept || !seen.contains(name));
        if is_kept && new.iter().any(|name| seen.contains(name)) {
            new.clear();
        }
        if new.is_empty() {
            for remark in [before, behind].into_iter().filter(|text| text.contains('#')) {
                waiting.push_str(&remark);
            }
            continue;
        }
        let gap = match before.rfind('\n') {
            Some(at) => before[at..].to_string(),
            None => " ".to_string(),
        };
        for (at, name) in new.into_iter().enumerate() {
            let mut fresh = if is_kept { value.clone() } else { Value::from(name.as_str()) };
            let prefix = match (at, array.is_empty(), &first) {
                (0, true, Some(first)) if waiting.is_empty() && !before.contains('#') => {
                    first.clone()
                }
                (0, ..) => format!("{}{before}", std::mem::take(&mut waiting)),
                _ => gap.clone(),
            };
            fresh.decor_mut().set_prefix(prefix);
            fresh.decor_mut().set_suffix(if at == 0 { behind.as_str() } else { "" });
            seen.push(name);
            array.push_formatted(fresh);
        }
    }
    if !waiting.is_empty() {
        let trailing = format!("{waiting}{}", array.trailing().as_str().unwrap_or_default());
        let end = if trailing.ends_with('\n') { "" } else { "\n" };
        array.set_trailing(format!("{trailing}{end}"));
    }
    true
}

fn raw(text: Option<&toml_edit::RawString>) -> String {
    text.and_then(toml_edit::RawString::as_str).unwrap_or_default().to_string()
}

fn unreadable() -> String {
    format!("{FILE} cannot be read, expected [[tag]] tables")
}

fn document(text: &str) -> Result<DocumentMut, String> {
    text.parse().map_err(|error| format!("{FILE}: {error}"))
}

fn tables(front: &mut DocumentMut) -> Result<&mut ArrayOfTables, String> {
    let item = front.entry("tag").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    item.as_array_of_tables_mut()
        .ok_or_else(|| format!("`tag` in {FILE} is a list, expected [[tag]] tables"))
}

fn address_of(name: &str) -> Result<Slug, String> {
    slug_of(name)
        .ok_or_else(|| format!("the name `{name}` has no letter or digit to make an address of"))
}

fn string(table: &Table, key: &str) -> Option<String> {
    table.get(key)?.as_str().map(str::to_string)
}

fn list(table: &Table, key: &str) -> Vec<String> {
    let array = table.get(key).and_then(Item::as_array);
    let texts = array.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_string).collect()
}

fn place(tables: &ArrayOfTables, name: &str) -> Option<usize> {
    tables.iter().position(|table| string(table, "name").as_deref() == Some(name))
}

/// The name of the tag that a word stands for.
fn owner(tables: &ArrayOfTables, word: &str) -> Option<String> {
    let stands = |table: &&Table| {
        string(table, "name").as_deref() == Some(word)
            || list(table, "synonyms").iter().any(|synonym| synonym == word)
    };
    tables.iter().find(stands).and_then(|table| string(table, "name"))
}

fn slug_in(table: &Table) -> Result<Slug, String> {
    match string(table, "slug") {
        Some(slug) => Slug::parse(&slug),
        None => address_of(&string(table, "name").unwrap_or_default()),
    }
}

/// Adds a tag at the end, and returns its place.
fn add(tables: &mut ArrayOfTables, name: &str, broader: Option<&str>) -> usize {
    let mut table = Table::new();
    table.insert("name", value(name));
    if let Some(broader) = broader {
        table.insert("broader", value(broader));
    }
    if !tables.is_empty() {
        table.decor_mut().set_prefix("\n");
    }
    tables.push(table);
    tables.len() - 1
}

/// Takes a tag out; what stands above the first one is the file's own, and stays.
fn take(tables: &mut ArrayOfTables, at: usize) -> Option<Table> {
    let mut table = tables.get(at)?.clone();
    tables.remove(at);
    if let (0, Some(next)) = (at, tables.get_mut(0)) {
        let head = raw(table.decor().prefix());
        set_prefix(next, |prefix| {
            if head.is_empty() {
                prefix.trim_start().to_string()
            } else {
                format!("{head}{}", prefix.trim_start())
            }
        });
        table.decor_mut().set_prefix("");
    }
    Some(table)
}

fn set_prefix(table: &mut Table, change: impl FnOnce(&str) -> String) {
    let prefix = change(&raw(table.decor().prefix()));
    table.decor_mut().set_prefix(prefix);
}

/// The remarks above a tag and among its keys, a line each that says whose they were.
fn remarks_in(table: &Table, name: &str) -> String {
    let mut places = vec![raw(table.decor().prefix())];
    for (key, item) in table {
        places.extend(table.key(key).map(|key| raw(key.leaf_decor().prefix())));
        places.extend(item.as_value().map(|value| raw(value.decor().suffix())));
        let array = item.as_array();
        let inner = array.into_iter().flatten();
        places.extend(
            inner.flat_map(|value| [raw(value.decor().prefix()), raw(value.decor().suffix())]),
        );
        places.extend(array.and_then(|array| array.trailing().as_str()).map(str::to_string));
    }
    let lines = places.iter().flat_map(|text| text.lines()).map(str::trim);
    let mut remarks = String::new();
    for remark in lines.filter_map(|line| line.strip_prefix('#')) {
        let _ = writeln!(remarks, "# of `{name}`: {}", remark.trim());
    }
    remarks
}

/// Sets a text; a remark behind the old one stays.
fn put(table: &mut Table, key: &str, text: &str) {
    if let Some(old) = table.get_mut(key).and_then(Item::as_value_mut) {
        let decor = old.decor().clone();
        *old = Value::from(text);
        *old.decor_mut() = decor;
    } else {
        table.insert(key, value(text));
    }
}

fn add_to(table: &mut Table, key: &str, text: &str) {
    let item = table.entry(key).or_insert(value(Array::new()));
    let Some(array) = item.as_array_mut() else { return };
    if array.iter().any(|there| there.as_str() == Some(text)) {
        return;
    }
    // A list with an item a line goes on so.
    let gap = array.iter().last().map(|last| raw(last.decor().prefix()));
    let gap = gap.and_then(|gap| gap.rfind('\n').map(|at| gap[at..].to_string()));
    array.push(text);
    let at = array.len() - 1;
    if let (Some(gap), Some(last)) = (gap, array.get_mut(at)) {
        last.decor_mut().set_prefix(gap);
    }
}

fn drop_from(table: &mut Table, key: &str, text: &str) {
    let Some(array) = table.get_mut(key).and_then(Item::as_array_mut) else { return };
    exchange(array, |there| (there == text).then(Vec::new));
    if array.is_empty() && !array.to_string().contains('#') {
        table.remove(key);
    }
}

/// Makes what leads to one tag lead to another.
fn point_to(tables: &mut ArrayOfTables, old: &str, new: &str) {
    for table in tables.iter_mut() {
        if string(table, "broader").as_deref() == Some(old) {
            put(table, "broader", new);
        }
        if let Some(array) = table.get_mut("related").and_then(Item::as_array_mut) {
            exchange(array, |name| (name == old).then(|| vec![new.to_string()]));
        }
    }
}

/// Takes away what is related and, by now, wider, narrower or the same.
fn part(front: &mut DocumentMut) -> Result<(), String> {
    let (tags, _) = parse(&front.to_string());
    let above = |name: &str| {
        let mut chain: Vec<&str> = Vec::new();
        let mut next = tags.iter().find(|tag| tag.name == name);
        while let Some(tag) = next.filter(|tag| !chain.contains(&tag.name.as_str())) {
            chain.push(&tag.name);
            next = tags.iter().find(|above| above.name == tag.broader);
        }
        chain
    };
    for table in tables(front)?.iter_mut() {
        let Some(own) = string(table, "name") else { continue };
        for other in list(table, "related") {
            if above(&own).contains(&other.as_str()) || above(&other).contains(&own.as_str()) {
                drop_from(table, "related", &other);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAGS: &str = "# The subjects of Quell.\n\n[[tag]]\nname = \"Dam\"  # the old one\nsynonyms = [\n  \"weir\",  # so the sluice keepers say\n  \"barrage\",\n]\nbroader = \"Works\"\ndescription = \"The dam above the town.\"\n\n# Everything that was built.\n[[tag]]\nname = \"Works\"\n\n[[tag]]\nname = \"Spillway\"\nbroader = \"Dam\"\nrelated = [\"Works hall\"]\n\n[[tag]]\nname = \"Works hall\"\n";

    fn sound(text: &str) -> Vec<crate::entry::Tag> {
        let (tags, problems) = parse(text);
        assert_eq!(problems, [], "{text}");
        tags
    }

    #[test]
    fn a_renamed_tag_keeps_its_words_its_remarks_and_its_old_address() {
        let text = rename(TAGS, "Dam", "Quell dam").unwrap();
        let tags = sound(&text);
        assert_eq!(tags[0].synonyms, ["weir", "barrage", "Dam"]);
        assert_eq!(tags[0].aliases[0].as_str(), "dam");
        assert_eq!(tags[2].broader, "Quell dam");
        assert_eq!(
            text.replace("aliases = [\"dam\"]\n", ""),
            TAGS.replace("\"Dam\"  #", "\"Quell dam\"  #")
                .replace("  \"barrage\",\n", "  \"barrage\",\n  \"Dam\",\n")
                .replace("broader = \"Dam\"", "broader = \"Quell dam\"")
        );
        let back = sound(&rename(&text, "Quell dam", "Dam").unwrap());
        assert_eq!(back[0].synonyms, ["weir", "barrage", "Quell dam"]);
        assert_eq!(back[0].aliases[0].as_str(), "quell-dam");
        assert_eq!(back[0].aliases.len(), 1);
    }

    #[test]
    fn a_name_that_is_taken_is_refused() {
        let why = rename(TAGS, "Dam", "Works").unwrap_err();
        assert!(why.contains("stands for `Works` already") && why.contains("tag merge"), "{why}");
        assert!(rename(TAGS, "Works", "weir").unwrap_err().contains("stands for `Dam`"));
        assert!(rename(TAGS, "Works", "???").unwrap_err().contains("no letter or digit"));
    }

    #[test]
    fn a_merged_tag_leaves_its_words_its_address_and_its_remarks() {
        let text = merge(TAGS, "Dam", "Spillway").unwrap();
        let tags = sound(&text);
        assert_eq!(tags.len(), 3);
        let spillway = tags.iter().find(|tag| tag.name == "Spillway").unwrap();
        assert_eq!(spillway.synonyms, ["Dam", "weir", "barrage"]);
        assert_eq!(spillway.aliases[0].as_str(), "dam");
        assert_eq!(spillway.broader, "Works");
        assert_eq!(spillway.description, "The dam above the town.");
        for remark in
            ["# The subjects of Quell.", "# of `Dam`: the old one", "# of `Dam`: so the sluice"]
        {
            assert!(text.contains(remark), "{remark} in {text}");
        }
        assert!(
            text.starts_with("# The subjects of Quell.\n\n# Everything that was built.\n[[tag]]")
        );
        let text = merge(TAGS, "Spillway", "Dam").unwrap();
        assert_eq!(sound(&text)[0].related, ["Works hall"]);
        let text = merge(TAGS, "Dam", "Works").unwrap();
        assert_eq!(sound(&text)[1].broader, "Works");
    }

    #[test]
    fn what_is_related_to_a_merged_tag_is_not_related_to_what_holds_it() {
        let text = merge(TAGS, "Works hall", "Works").unwrap();
        let tags = sound(&text);
        assert_eq!(tags[2].related, Vec::<String>::new());
    }

    #[test]
    fn what_the_other_tag_has_itself_stays_as_a_remark() {
        let text = format!("{TAGS}description = \"A hall.\"\n");
        let text = merge(&text, "Dam", "Works hall").unwrap();
        sound(&text);
        assert!(text.contains("# of `Dam`: description = \"The dam above the town.\"\n"), "{text}");
    }

    #[test]
    fn tags_that_only_entries_have_come_into_the_vocabulary() {
        let tags = sound(&merge("", "the dam", "Dam").unwrap());
        assert_eq!((tags[0].name.as_str(), &tags[0].synonyms[0]), ("Dam", &"the dam".to_string()));
        assert_eq!(tags[0].aliases[0].as_str(), "the-dam");
        let tags = sound(&rename("", "the dam", "Dam").unwrap());
        assert_eq!(tags[0].aliases[0].as_str(), "the-dam");
    }

    #[test]
    fn a_split_tag_is_left_to_persons_and_shows_what_it_was_split_into() {
        let into = ["Old dam".to_string(), "Spillway".to_string()];
        let text = split(TAGS, "Dam", &into).unwrap();
        let tags = sound(&text);
        assert!(tags[0].by_hand);
        assert_eq!(tags[0].related, ["Old dam"]);
        assert_eq!(tags.last().unwrap().broader, "Works");
    }

    fn exchanged(text: &str, from: &str, to: &[&str]) -> String {
        let mut front: DocumentMut = text.parse().unwrap();
        let array = front["tags"].as_array_mut().unwrap();
        exchange(array, |name| {
            (name == from).then(|| to.iter().map(ToString::to_string).collect())
        });
        sound_list(&front.to_string())
    }

    fn sound_list(text: &str) -> String {
        assert!(text.parse::<DocumentMut>().is_ok(), "{text}");
        text.to_string()
    }

    #[test]
    fn lists_keep_their_form_and_their_remarks() {
        assert_eq!(exchanged("tags = [\"a\", \"b\"]\n", "a", &["c"]), "tags = [\"c\", \"b\"]\n");
        assert_eq!(exchanged("tags = [\"a\", \"b\"]\n", "a", &["b"]), "tags = [\"b\"]\n");
        assert_eq!(exchanged("tags = [\"a\", \"b\"]\n", "b", &["a"]), "tags = [\"a\"]\n");
        assert_eq!(
            exchanged("tags = [\"a\", \"b\"]\n", "a", &["c", "d"]),
            "tags = [\"c\", \"d\", \"b\"]\n"
        );
        assert_eq!(exchanged("tags = [\"a\", \"b\"]\n", "a", &[]), "tags = [\"b\"]\n");
        let lines = "tags = [\n  \"a\", # first\n  \"b\", # second\n]\n";
        assert_eq!(exchanged(lines, "a", &["c"]), lines.replace("\"a\"", "\"c\""));
        let gone = exchanged(lines, "b", &["a"]);
        assert!(gone.contains("# first") && gone.contains("# second"), "{gone}");
        let gone = exchanged(lines, "a", &[]);
        assert!(gone.contains("# first") && gone.contains("# second"), "{gone}");
    }
}
