//! Tags with their entries, and how they hang together.

use std::collections::{BTreeMap, BTreeSet};

use super::{EntryIx, TagGroup};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, Slug, Tag};
use crate::index::Index;
use crate::vocabulary;

/// Joins the vocabulary with the tags of entries, in the order of `index`. `language` is that of the
/// tags' own names, `published` every address that was published once.
pub(super) fn group(
    mut tags: Vec<Tag>,
    entries: &[Entry],
    (language, index): (&str, &Index),
    published: &BTreeSet<String>,
) -> (Vec<TagGroup>, Vec<Diagnostic>) {
    let mut lists: BTreeMap<&str, Vec<EntryIx>> = BTreeMap::new();
    for (ix, entry) in entries.iter().enumerate() {
        for tag in &entry.tags {
            lists.entry(tag).or_default().push(ix);
        }
    }
    adopt(&mut tags, lists.keys().copied(), published);
    let mut problems = named_twice(&tags, language);
    problems.extend(unseen(&tags));
    let mut groups: Vec<TagGroup> = tags
        .into_iter()
        .map(|tag| {
            let entries = lists.remove(tag.name.as_str()).unwrap_or_default();
            new_group(tag, true, entries)
        })
        .collect();
    let mut unknown: Vec<TagGroup> = Vec::new();
    for (name, list) in lists {
        if let Some(slug) = vocabulary::slug_of(name) {
            unknown.push(new_group(Tag::named(name, slug), false, list));
        } else {
            let message = format!("the tag `{name}` has no letter or digit to make an address of");
            problems.push(
                Diagnostic::error(&entries[list[0]].file, 0, message)
                    .hint("add it to tags.toml with `slug = \"…\"`"),
            );
        }
    }
    problems.extend(shared_addresses(&groups, &unknown, entries));
    let wider: Vec<String> = groups.iter().map(|group| group.tag.broader.clone()).collect();
    // An address that was once published keeps its page.
    groups.retain(|TagGroup { tag, entries, .. }| {
        !entries.is_empty() || wider.contains(&tag.name) || !tag.aliases.is_empty() || tag.by_hand
    });
    groups.extend(unknown);
    groups.sort_by(|a, b| index.compare(&a.tag.name, &b.tag.name));
    join(&mut groups);
    (groups, problems)
}

/// A tag that became a synonym by hand has left its page behind: the address leads to the tag that
/// owns the word, as after `archive tag merge`. `names` are the tags that entries have.
fn adopt<'a>(tags: &mut [Tag], names: impl Iterator<Item = &'a str>, published: &BTreeSet<String>) {
    let own = tags.iter().flat_map(|tag| std::iter::once(&tag.slug).chain(&tag.aliases).cloned());
    let mut taken: BTreeSet<Slug> = own.chain(names.filter_map(vocabulary::slug_of)).collect();
    for Tag { synonyms, aliases, .. } in tags {
        let left = synonyms.iter().filter_map(|word| vocabulary::slug_of(word));
        for slug in left.filter(|slug| published.contains(&format!("tags/{slug}.html"))) {
            if taken.insert(slug.clone()) {
                aliases.push(slug);
            }
        }
    }
}

fn new_group(tag: Tag, known: bool, entries: Vec<EntryIx>) -> TagGroup {
    TagGroup { tag, known, entries, narrower: Vec::new(), broader: None, related: Vec::new() }
}

/// Fills in which tags are wider, narrower and related.
fn join(groups: &mut [TagGroup]) {
    let places: BTreeMap<String, usize> =
        groups.iter().enumerate().map(|(ix, group)| (group.tag.name.clone(), ix)).collect();
    for ix in 0..groups.len() {
        if let Some(above) = places.get(&groups[ix].tag.broader).copied() {
            groups[ix].broader = Some(above);
            groups[above].narrower.push(ix);
        }
        for name in groups[ix].tag.related.clone() {
            if let Some(other) = places.get(&name).copied() {
                groups[ix].related.push(other);
                groups[other].related.push(ix);
            }
        }
    }
    for group in groups {
        group.related.sort_unstable();
        group.related.dedup();
    }
}

/// A label in the language of the tags' own names would be a second name.
fn named_twice(tags: &[Tag], language: &str) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for tag in tags {
        for (other, label) in &tag.labels {
            if other.eq_ignore_ascii_case(language) {
                let message = format!(
                    "`labels` gives `{}` a name in `{other}`, which is the language of the archive",
                    tag.name
                );
                problems.push(
                    Diagnostic::error(vocabulary::FILE, tag.line, message)
                        .hint(format!("make `{label}` its name or a synonym")),
                );
            }
        }
    }
    problems
}

/// Names of blanks and of characters without a shape: nobody could see or hear the link to such a tag.
fn unseen(tags: &[Tag]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for tag in tags {
        let name = std::iter::once((&tag.name, "the name"));
        let synonyms = tag.synonyms.iter().map(|word| (word, "a synonym"));
        let labels = tag.labels.iter().map(|(_, label)| (label, "a label"));
        for (word, what) in name.chain(synonyms).chain(labels) {
            if crate::markdown::is_unseen(word) {
                let codes: Vec<String> =
                    word.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
                let message = format!(
                    "{what} of the tag `{}` cannot be seen: [{}]",
                    tag.slug,
                    codes.join(" ")
                );
                problems.push(
                    Diagnostic::error(vocabulary::FILE, tag.line, message)
                        .hint("it takes a letter, a figure or a sign for a link to be found"),
                );
            }
        }
    }
    problems
}

/// Tags whose names differ and whose addresses do not, where one of them is not in the vocabulary;
/// those in it were compared when it was read.
fn shared_addresses(
    known: &[TagGroup],
    unknown: &[TagGroup],
    entries: &[Entry],
) -> Vec<Diagnostic> {
    let mut owners: BTreeMap<&Slug, &TagGroup> = BTreeMap::new();
    for group in known {
        let slugs = std::iter::once(&group.tag.slug).chain(&group.tag.aliases);
        owners.extend(slugs.map(|slug| (slug, group)));
    }
    let file = |group: &TagGroup| match group.entries.first() {
        Some(ix) if !group.known => entries[*ix].file.clone(),
        _ => vocabulary::FILE.to_string(),
    };
    let mut problems = Vec::new();
    for group in unknown {
        if let Some(first) = owners.insert(&group.tag.slug, group) {
            let message = format!(
                "the tags `{}` and `{}` ({}) would both be tags/{}.html",
                group.tag.name,
                first.tag.name,
                file(first),
                group.tag.slug
            );
            problems.push(Diagnostic::error(file(group), 0, message).hint(
                "if they are one subject, make one a synonym of the other in tags.toml; if not, give one `slug = \"…\"` there",
            ));
        }
    }
    problems
}
