//! `tags.toml`: the authority file of subjects, and how it is applied to words.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, nearest};
use crate::entry::{Slug, Tag};
use crate::keys::Keys;

/// The vocabulary's file.
pub const FILE: &str = "tags.toml";

/// The longest slug of a tag, in bytes.
const SLUG_LENGTH: usize = 60;

/// Reads `tags.toml`: `[[tag]]` tables with `name`, and optionally `slug`, `synonyms`, `broader`
/// and `description`.
pub fn parse(text: &str) -> (Vec<Tag>, Vec<Diagnostic>) {
    let mut keys = Keys::parse(FILE, text, 0);
    let mut tags = Vec::new();
    for mut table in keys.tables("tag") {
        let line = table.line();
        let name = table.required("name");
        let slug = table.parsed("slug", Slug::parse);
        let synonyms = table.strings("synonyms").into_iter().map(|(word, _)| word).collect();
        let broader = table.string("broader").unwrap_or_default();
        let description = table.string("description").unwrap_or_default();
        if let Some((name, span)) = name {
            if let Some(slug) = slug.or_else(|| slug_of(&name)) {
                tags.push(Tag { name, slug, synonyms, broader, description, line });
            } else {
                let message =
                    format!("the name `{name}` has no letter or digit to make an address of");
                table.problem(Some(span), message);
                table.hint("add `slug = \"…\"`");
            }
        }
        keys.close(table);
    }
    let mut problems = keys.finish();
    problems.extend(doubles(&tags));
    problems.extend(wider(&tags));
    (tags, problems)
}

/// Returns the name in the URL of a tag that the vocabulary does not give one.
pub fn slug_of(name: &str) -> Option<Slug> {
    Slug::from_words(name, SLUG_LENGTH)
}

/// Words that two tags lay claim to.
fn doubles(tags: &[Tag]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut owners: BTreeMap<&str, &Tag> = BTreeMap::new();
    let mut slugs: BTreeMap<&Slug, &Tag> = BTreeMap::new();
    for tag in tags {
        for word in std::iter::once(&tag.name).chain(&tag.synonyms) {
            if let Some(first) = owners.insert(word, tag) {
                problems.push(
                    Diagnostic::error(
                        FILE,
                        tag.line,
                        format!(
                            "`{word}` stands for `{}`, and on line {} for `{}`",
                            tag.name, first.line, first.name
                        ),
                    )
                    .hint("a word can lead to one subject only; take it from one of the two"),
                );
            }
        }
        if let Some(first) = slugs.insert(&tag.slug, tag) {
            problems.push(
                Diagnostic::error(
                    FILE,
                    tag.line,
                    format!(
                        "`{}` and `{}` (line {}) would both be tags/{}.html",
                        tag.name, first.name, first.line, tag.slug
                    ),
                )
                .hint("give one of them `slug = \"…\"`"),
            );
        }
    }
    problems
}

/// Broader tags that are not there, or that lead round in a circle.
fn wider(tags: &[Tag]) -> Vec<Diagnostic> {
    let by_name: BTreeMap<&str, &Tag> = tags.iter().map(|tag| (tag.name.as_str(), tag)).collect();
    let mut problems = Vec::new();
    for tag in tags.iter().filter(|tag| !tag.broader.is_empty()) {
        if !by_name.contains_key(tag.broader.as_str()) {
            let problem = Diagnostic::error(
                FILE,
                tag.line,
                format!(
                    "the broader tag `{}` of `{}` is not in the vocabulary",
                    tag.broader, tag.name
                ),
            );
            problems.push(match nearest(&tag.broader, by_name.keys().copied()) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint("add a [[tag]] with that name"),
            });
            continue;
        }
        let mut seen = BTreeSet::from([tag.name.as_str()]);
        let mut above = tag.broader.as_str();
        while let Some(next) = by_name.get(above) {
            if !seen.insert(above) {
                problems.push(Diagnostic::error(
                    FILE,
                    tag.line,
                    format!("`{}` is broader than itself: `{}`", tag.name, tag.broader),
                ));
                break;
            }
            above = next.broader.as_str();
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
    /// Prepares a vocabulary.
    pub fn new(tags: &'a [Tag]) -> Self {
        let mut words: BTreeMap<String, Vec<Word>> = BTreeMap::new();
        for (tag, name) in tags.iter().enumerate().flat_map(|(index, tag)| {
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
}
