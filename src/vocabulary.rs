//! `tags.toml`: the authority file of subjects, and how it is applied to words.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, nearest};
use crate::entry::{Slug, Tag};
use crate::keys::Keys;

pub mod edit;

/// The vocabulary's file.
pub const FILE: &str = "tags.toml";

/// The longest slug of a tag, in bytes.
const SLUG_LENGTH: usize = 60;

/// Reads `tags.toml`: `[[tag]]` tables with `name`, and all that docs/content.md lists.
pub fn parse(text: &str) -> (Vec<Tag>, Vec<Diagnostic>) {
    let mut keys = Keys::parse(FILE, text, 0);
    let mut read: Vec<Read> = Vec::new();
    for mut table in keys.tables("tag") {
        read.extend(read_tag(&mut keys, &mut table));
        keys.close(table);
    }
    let mut problems = keys.finish();
    problems.extend(doubles(&read));
    problems.extend(addresses(&read));
    problems.extend(wider(&read));
    problems.extend(related(&read));
    (read.into_iter().map(|read| read.tag).collect(), problems)
}

/// A tag, and where it says what concerns others.
struct Read {
    tag: Tag,
    broader: usize,
    related: Vec<usize>,
    aliases: Vec<usize>,
}

fn read_tag<'a>(keys: &mut Keys<'a>, table: &mut Keys<'a>) -> Option<Read> {
    let line = table.line();
    let name = table.required("name");
    let slug = table.parsed("slug", Slug::parse);
    let synonyms = table.strings("synonyms").into_iter().map(|(word, _)| word).collect();
    let broader = table.spanned("broader");
    let related = table.strings("related");
    let mut aliases = Vec::new();
    for (text, span) in table.strings("aliases") {
        match Slug::parse(&text) {
            Ok(slug) => aliases.push((slug, table.line_of(&span))),
            Err(message) => table.problem(Some(span), format!("`tag.aliases`: {message}")),
        }
    }
    let matches = matches(table);
    let labels = labels(table);
    let by_hand = table.boolean("by_hand").unwrap_or_default();
    let description = table.string("description").unwrap_or_default();
    let (name, span) = name?;
    let Some(slug) = slug.or_else(|| slug_of(&name)) else {
        let message = format!("the name `{name}` has no letter or digit to make an address of");
        table.problem(Some(span), message);
        table.hint("add `slug = \"…\"`");
        return None;
    };
    let lines = related.iter().map(|(_, span)| keys.line_of(span)).collect();
    let broader_line = broader.as_ref().map_or(line, |(_, span)| keys.line_of(span));
    let tag = Tag {
        synonyms,
        broader: broader.map(|(name, _)| name).unwrap_or_default(),
        related: related.into_iter().map(|(name, _)| name).collect(),
        labels,
        matches,
        by_hand,
        description,
        line,
        aliases: aliases.iter().map(|(slug, _)| slug.clone()).collect(),
        ..Tag::named(name, slug)
    };
    let aliases = aliases.into_iter().map(|(_, line)| line).collect();
    Some(Read { tag, broader: broader_line, related: lines, aliases })
}

/// Addresses in other vocabularies.
fn matches(table: &mut Keys<'_>) -> Vec<String> {
    let mut list = Vec::new();
    for (text, span) in table.strings("matches") {
        if oxiri::Iri::parse(text.as_str()).is_ok() {
            list.push(text);
        } else {
            let message = format!("`tag.matches`: `{text}`, expected a whole address");
            table.problem(Some(span), message);
            table.hint("such as http://www.wikidata.org/entity/Q43653");
        }
    }
    list
}

/// Names in other languages.
fn labels(table: &mut Keys<'_>) -> Vec<(String, String)> {
    let Some(mut inner) = table.table("labels") else { return Vec::new() };
    let mut list: Vec<(String, String)> = Vec::new();
    for (language, label, span) in inner.texts() {
        let twice = list.iter().any(|(there, _)| there.eq_ignore_ascii_case(&language));
        if oxilangtag::LanguageTag::parse(language.as_str()).is_err() {
            let message = format!("`tag.labels`: `{language}`, expected a language such as ar");
            inner.problem(Some(span), message);
            inner.hint("or pt-BR, zh-Hant: a language tag of BCP 47");
        } else if twice {
            inner.problem(Some(span), format!("`tag.labels`: `{language}` stands there twice"));
        } else if label.trim().is_empty() {
            let message = format!("`tag.labels.{language}` is empty, expected a name");
            inner.problem(Some(span), message);
        } else {
            list.push((language, label));
        }
    }
    table.close(inner);
    list.sort();
    list
}

/// Returns the name in the URL of a tag that the vocabulary does not give one.
pub fn slug_of(name: &str) -> Option<Slug> {
    Slug::from_words(name, SLUG_LENGTH)
}

/// Words that two tags lay claim to.
fn doubles(read: &[Read]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut owners: BTreeMap<&str, &Tag> = BTreeMap::new();
    for tag in read.iter().map(|read| &read.tag) {
        for word in std::iter::once(&tag.name).chain(&tag.synonyms) {
            if let Some(first) = owners.insert(word, tag) {
                let message = format!(
                    "`{word}` stands for `{}`, and on line {} for `{}`",
                    tag.name, first.line, first.name
                );
                problems.push(
                    Diagnostic::error(FILE, tag.line, message)
                        .hint("a word can lead to one subject only; take it from one of the two"),
                );
            }
        }
    }
    problems
}

/// Addresses, of today and earlier, that two tags lay claim to.
fn addresses(read: &[Read]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut owners: BTreeMap<&Slug, &Tag> = BTreeMap::new();
    for tag in read.iter().map(|read| &read.tag) {
        if let Some(first) = owners.insert(&tag.slug, tag) {
            let message = format!(
                "`{}` and `{}` (line {}) would both be tags/{}.html",
                tag.name, first.name, first.line, tag.slug
            );
            problems.push(
                Diagnostic::error(FILE, tag.line, message).hint("give one of them `slug = \"…\"`"),
            );
        }
    }
    for Read { tag, aliases, .. } in read {
        for (alias, line) in tag.aliases.iter().zip(aliases) {
            if let Some(first) = owners.insert(alias, tag) {
                let message = format!(
                    "the alias `{alias}` of `{}` is the address or an alias of `{}` (line {}) too",
                    tag.name, first.name, first.line
                );
                problems.push(
                    Diagnostic::error(FILE, *line, message)
                        .hint("an old address can lead to one tag only"),
                );
            }
        }
    }
    problems
}

/// Every tag by its name.
fn by_name(read: &[Read]) -> BTreeMap<&str, &Tag> {
    read.iter().map(|read| (read.tag.name.as_str(), &read.tag)).collect()
}

/// A name that stands for no tag of the vocabulary.
fn unknown(line: usize, message: String, name: &str, names: &BTreeMap<&str, &Tag>) -> Diagnostic {
    let problem = Diagnostic::error(FILE, line, message);
    match nearest(name, names.keys().copied()) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint("add a [[tag]] with that name"),
    }
}

/// Broader tags that are not there, or that lead round in a circle.
fn wider(read: &[Read]) -> Vec<Diagnostic> {
    let names = by_name(read);
    let mut problems = Vec::new();
    for Read { tag, broader: line, .. } in read.iter().filter(|read| !read.tag.broader.is_empty()) {
        if !names.contains_key(tag.broader.as_str()) {
            let message = format!(
                "the broader tag `{}` of `{}` is not in the vocabulary",
                tag.broader, tag.name
            );
            problems.push(unknown(*line, message, &tag.broader, &names));
        } else if above(tag, &names).iter().any(|above| above.name == tag.name) {
            let message = format!("`{}` is broader than itself: `{}`", tag.name, tag.broader);
            problems.push(Diagnostic::error(FILE, *line, message));
        }
    }
    problems
}

/// The tags above one, the nearest first; in a circle, each once.
fn above<'a>(tag: &'a Tag, names: &BTreeMap<&str, &'a Tag>) -> Vec<&'a Tag> {
    let mut chain: Vec<&Tag> = Vec::new();
    let mut next = names.get(tag.broader.as_str());
    while let Some(tag) = next {
        if chain.iter().any(|there| there.name == tag.name) {
            break;
        }
        chain.push(tag);
        next = names.get(tag.broader.as_str());
    }
    chain
}

/// Related tags that are not there, or that are wider or narrower: those are related already.
fn related(read: &[Read]) -> Vec<Diagnostic> {
    let names = by_name(read);
    let mut problems = Vec::new();
    for Read { tag, related, .. } in read {
        for (name, line) in tag.related.iter().zip(related) {
            let Some(other) = names.get(name.as_str()) else {
                let message =
                    format!("the related tag `{name}` of `{}` is not in the vocabulary", tag.name);
                problems.push(unknown(*line, message, name, &names));
                continue;
            };
            let is_above = |one: &Tag, tag: &Tag| {
                above(tag, &names).iter().any(|above| above.name == one.name)
            };
            let what = if other.name == tag.name {
                "the tag itself"
            } else if is_above(other, tag) {
                "broader than it"
            } else if is_above(tag, other) {
                "narrower than it"
            } else {
                continue;
            };
            let message = format!("the related tag `{name}` of `{}` is {what}", tag.name);
            problems.push(
                Diagnostic::error(FILE, *line, message)
                    .hint("`related` is for tags that are not part of each other; take it away"),
            );
        }
    }
    problems
}

/// A vocabulary ready to be applied to many texts.
#[derive(Debug)]
pub struct Matcher<'a> {
    tags: &'a [Tag],
    /// Every name and synonym, by its first word in lower case.
    words: BTreeMap<String, Vec<Word>>,
}

/// One name or synonym, cut into words.
#[derive(Debug)]
struct Word {
    tokens: Vec<String>,
    /// Whether it holds a capital letter, and so has to be met as it is spelled.
    spelled: bool,
    tag: usize,
}

impl<'a> Matcher<'a> {
    /// Prepares a vocabulary, without the tags that only a person gives.
    pub fn new(tags: &'a [Tag]) -> Self {
        let mut words: BTreeMap<String, Vec<Word>> = BTreeMap::new();
        let given = tags.iter().enumerate().filter(|(_, tag)| !tag.by_hand);
        for (tag, name) in given.flat_map(|(index, tag)| {
            std::iter::once(&tag.name).chain(&tag.synonyms).map(move |name| (index, name))
        }) {
            let tokens: Vec<String> = tokens(name).into_iter().map(str::to_string).collect();
            let spelled = name.chars().any(char::is_uppercase);
            if let Some(first) = tokens.first() {
                words.entry(first.to_lowercase()).or_default().push(Word { tokens, spelled, tag });
            }
        }
        Self { tags, words }
    }

    /// Returns the tags whose name or synonym stands in `text` as whole words, in the vocabulary's
    /// order.
    ///
    /// A word in small letters is found in any case ("cats" in "Cats"); one with a capital only as
    /// it is spelled ("Turkey" is not "turkey").
    pub fn find(&self, text: &str) -> Vec<&'a Tag> {
        let tokens = tokens(text);
        let mut found = BTreeSet::new();
        for (start, token) in tokens.iter().enumerate() {
            for word in self.words.get(&token.to_lowercase()).into_iter().flatten() {
                let here = tokens[start..].iter().take(word.tokens.len());
                let same = here.len() == word.tokens.len()
                    && here.zip(&word.tokens).all(|(a, b)| {
                        if word.spelled { *a == b } else { a.to_lowercase() == b.to_lowercase() }
                    });
                if same {
                    found.insert(word.tag);
                }
            }
        }
        found.into_iter().map(|index| &self.tags[index]).collect()
    }
}

/// The words of a text: runs of letters and digits. An apostrophe ends a word, so that "Aleppo's"
/// holds "Aleppo".
fn tokens(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(tags: &[Tag], text: &str) -> Vec<String> {
        Matcher::new(tags).find(text).iter().map(|tag| tag.name.clone()).collect()
    }

    #[test]
    fn whole_words_only_and_capitals_count() {
        let (tags, problems) = parse(
            "[[tag]]\nname = \"Apollo 1\"\n[[tag]]\nname = \"Apollo 11\"\n[[tag]]\nname = \"Turkey\"\n[[tag]]\nname = \"moon\"\nsynonyms = [\"lunar\"]\n",
        );
        assert_eq!(problems, []);
        assert_eq!(names(&tags, "Apollo 11's crew"), ["Apollo 11"]);
        assert_eq!(names(&tags, "a turkey on the LUNAR surface"), ["moon"]);
        assert_eq!(names(&tags, "Turkey, moonlight"), ["Turkey"]);
    }

    #[test]
    fn a_word_leads_to_one_subject() {
        let (_, problems) = parse(
            "[[tag]]\nname = \"a\"\nsynonyms = [\"x\"]\n[[tag]]\nname = \"b\"\nsynonyms = [\"x\"]\nbroader = \"c\"\n",
        );
        let shown: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert!(
            shown[0].contains("tags.toml:4: `x` stands for `b`, and on line 1 for `a`"),
            "{shown:?}"
        );
        assert!(
            shown[1].contains("the broader tag `c` of `b` is not in the vocabulary"),
            "{shown:?}"
        );
    }

    #[test]
    fn a_circle_of_broader_tags_is_told() {
        let (_, problems) = parse(
            "[[tag]]\nname = \"a\"\nbroader = \"b\"\n[[tag]]\nname = \"b\"\nbroader = \"a\"\n",
        );
        assert_eq!(problems.len(), 2);
    }

    #[test]
    fn two_tags_never_share_a_page() {
        let (_, problems) = parse("[[tag]]\nname = \"a b\"\n[[tag]]\nname = \"a-b\"\n");
        assert!(problems.iter().any(|p| p.message.contains("tags/a-b.html")), "{problems:?}");
    }

    fn problems(text: &str) -> Vec<String> {
        parse(text).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn all_that_is_known_of_a_tag_is_read() {
        let (tags, problems) = parse(
            "[[tag]]\nname = \"Lower town\"\nrelated = [\"Quell dam\"]\nlabels = { de = \"Unterstadt\", ar = \"المدينة\" }\naliases = [\"old-town\"]\nmatches = [\"https://vocabulary.example/1\"]\nby_hand = true\n\n[[tag]]\nname = \"Quell dam\"\n",
        );
        assert_eq!(problems, []);
        assert_eq!(tags[0].related, ["Quell dam"]);
        let labels = [("ar", "المدينة"), ("de", "Unterstadt")];
        assert_eq!(tags[0].labels, labels.map(|(a, b)| (a.to_string(), b.to_string())));
        assert_eq!(tags[0].aliases[0].as_str(), "old-town");
        assert_eq!(tags[0].matches, ["https://vocabulary.example/1"]);
        assert_eq!(names(&tags, "Lower town, Quell dam"), ["Quell dam"]);
    }

    #[test]
    fn what_is_related_is_there_and_neither_wider_nor_narrower() {
        let found = problems(
            "[[tag]]\nname = \"Quell\"\nrelated = [\n  \"Lower twon\",\n  \"Lower town\",\n]\n[[tag]]\nname = \"Lower town\"\nbroader = \"Quell\"\nrelated = [\"Quell\", \"Lower town\"]\n",
        );
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found[0].starts_with("error: tags.toml:4: the related tag `Lower twon`"));
        assert!(found[0].ends_with("did you mean `Lower town`?"), "{found:?}");
        assert!(
            found[1].contains("tags.toml:5: the related tag `Lower town` of `Quell` is narrower")
        );
        assert!(
            found[2].contains("tags.toml:10: the related tag `Quell` of `Lower town` is broader")
        );
        assert!(found[3].contains("is the tag itself"));
    }

    #[test]
    fn labels_addresses_and_aliases_are_read_strictly() {
        let found = problems(
            "[[tag]]\nname = \"Quell\"\n\n[tag.labels]\nde = \"Quell\"\ngerman_ = \"Quell\"\nfr = \"\"\n[[tag]]\nname = \"Dam\"\nmatches = [\"not an address\"]\naliases = [\"quell\", \"A B\"]\n",
        );
        assert_eq!(found.len(), 5, "{found:?}");
        let all = found.join("\n");
        for wanted in [
            "tags.toml:6: `tag.labels`: `german_`, expected a language",
            "tags.toml:7: `tag.labels.fr` is empty",
            "tags.toml:10: `tag.matches`: `not an address`",
            "tags.toml:11: `tag.aliases`: `A B`",
        ] {
            assert!(all.contains(wanted), "{wanted} in {all}");
        }
        let found = problems(
            "[[tag]]\nname = \"Quell\"\n[[tag]]\nname = \"Dam\"\naliases = [\n  \"quell\", \"dam\"]\n",
        );
        assert!(found[0].contains("tags.toml:6: the alias `quell` of `Dam` is the address"));
        assert!(found[1].contains("the alias `dam` of `Dam`"), "{found:?}");
    }
}
