//! CSS selectors, as much of them as the engines' tables need: `tag`, `*`, `.class`, `#id`,
//! `[attr]`, `[attr=v]`, `[attr^=v]`, `[attr*=v]`, `[attr$=v]`, `[attr~=v]`, `:not(simple)`,
//! descendants, children (`>`) and lists of them (`,`).
//!
//! A library (`selectors` with `cssparser`) would have to be taught this tree through a trait of
//! forty methods, and brings thirty crates: it costs more than these lines.

use std::collections::HashMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::tree::{Id, Tree};

/// A list of selectors; an element fits if it fits one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::import) struct Selector(Vec<Complex>);

/// Compounds from right to left, each with how it stands to the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Complex(Vec<(Relation, Vec<Test>)>);

/// How an element stands to the one that the selector found before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Itself,
    Parent,
    Ancestor,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Tag(String),
    Class(String),
    /// An attribute, how it is compared, and with what.
    Attr(String, Compare, String),
    Not(Box<Test>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    Exists,
    Equals,
    Starts,
    Ends,
    Holds,
    HasWord,
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// Says what cannot be read.
    pub(in crate::import) fn parse(text: &str) -> Result<Self, String> {
        let complexes = split(text, ',').into_iter().map(complex);
        complexes.collect::<Result<_, _>>().map(Self).map_err(|part| {
            format!(
                "the selector `{text}`, expected something like `article.post > h2` at `{part}`"
            )
        })
    }

    /// Returns the selector that no element fits.
    pub(super) const fn none() -> Self {
        Self(Vec::new())
    }

    /// Whether an element fits.
    pub(in crate::import) fn fits(&self, tree: &Tree, id: Id) -> bool {
        !tree.name(id).is_empty() && self.0.iter().any(|Complex(parts)| fits_from(tree, id, parts))
    }

    /// Returns the elements in a node that fit, in document order.
    pub(in crate::import) fn all<'a>(
        &'a self,
        tree: &'a Tree,
        within: Id,
    ) -> impl Iterator<Item = Id> + 'a {
        tree.inside(within).filter(|id| self.fits(tree, *id))
    }

    /// Whether the element or one that it stands in fits.
    pub(in crate::import) fn around(&self, tree: &Tree, id: Id) -> bool {
        self.fits(tree, id) || tree.ancestors(id).any(|id| self.fits(tree, id))
    }
}

/// Many selectors that are asked together. Each is looked at only for elements that have the tag, the
/// class or the attribute that it cannot do without.
#[derive(Debug, Default)]
pub(super) struct Sieve<'a> {
    by_tag: HashMap<&'a str, Vec<Numbered<'a>>>,
    by_class: HashMap<&'a str, Vec<Numbered<'a>>>,
    by_attribute: HashMap<&'a str, Vec<Numbered<'a>>>,
    others: Vec<Numbered<'a>>,
}

/// One of the alternatives of a selector, and the number of that.
type Numbered<'a> = (usize, &'a Complex);

impl<'a> Sieve<'a> {
    pub(super) fn new(selectors: impl IntoIterator<Item = &'a Selector>) -> Self {
        let mut sieve = Self::default();
        for (number, selector) in selectors.into_iter().enumerate() {
            for complex in &selector.0 {
                sieve.bucket(complex).push((number, complex));
            }
        }
        sieve
    }

    fn bucket(&mut self, complex: &'a Complex) -> &mut Vec<Numbered<'a>> {
        let tests = complex.0.first().map_or(&[][..], |(_, tests)| tests);
        let class = tests.iter().find(|test| matches!(test, Test::Class(_)));
        let other = || tests.iter().find(|test| !matches!(test, Test::Not(_)));
        match class.or_else(other) {
            Some(Test::Class(name)) => self.by_class.entry(name).or_default(),
            Some(Test::Tag(name)) => self.by_tag.entry(name).or_default(),
            Some(Test::Attr(name, ..)) => self.by_attribute.entry(name).or_default(),
            _ => &mut self.others,
        }
    }

    /// Calls `found` with the number of each selector that an element fits, in no order and some
    /// twice.
    pub(super) fn each(&self, tree: &Tree, id: Id, mut found: impl FnMut(usize)) {
        let mut ask = |asked: Option<&Vec<Numbered>>| {
            for (number, Complex(parts)) in asked.into_iter().flatten() {
                if fits_from(tree, id, parts) {
                    found(*number);
                }
            }
        };
        if tree.name(id).is_empty() {
            return;
        }
        ask(self.by_tag.get(tree.name(id)));
        for (name, value) in tree.attrs(id) {
            ask(self.by_attribute.get(name));
            if name == "class" {
                value.split_ascii_whitespace().for_each(|class| ask(self.by_class.get(class)));
            }
        }
        ask(Some(&self.others));
    }

    /// Returns the number of the first selector that an element fits.
    pub(super) fn first(&self, tree: &Tree, id: Id) -> Option<usize> {
        let mut first = None;
        self.each(tree, id, |number| {
            first = Some(first.map_or(number, |first: usize| first.min(number)));
        });
        first
    }
}

impl<'de> Deserialize<'de> for Selector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Cuts a text at a character that stands in no brackets.
fn split(text: &str, at: char) -> Vec<&str> {
    let mut depth = 0i32;
    let is_cut = |c: char| {
        depth += i32::from(matches!(c, '[' | '(')) - i32::from(matches!(c, ']' | ')'));
        depth == 0 && c == at
    };
    text.split(is_cut).collect()
}

fn complex(text: &str) -> Result<Complex, String> {
    let spaced = text.trim().replace(" > ", ">").replace('>', " > ");
    let mut parts = Vec::new();
    let mut relation = Relation::Itself;
    for word in split(&spaced, ' ').into_iter().rev().filter(|word| !word.is_empty()) {
        if word == ">" {
            relation = Relation::Parent;
            continue;
        }
        parts.push((relation, compound(word)?));
        relation = Relation::Ancestor;
    }
    let begins = parts.first().is_some_and(|(relation, _)| *relation == Relation::Itself);
    if !begins || relation == Relation::Parent {
        return Err(text.to_string());
    }
    Ok(Complex(parts))
}

fn compound(text: &str) -> Result<Vec<Test>, String> {
    let mut tests = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let name_end = |from: &str| {
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
            from.find(|c| !is_name(c)).unwrap_or(from.len())
        };
        let bad = || rest.to_string();
        let taken = match first {
            '*' => 1,
            '.' | '#' => {
                let (name, _) = rest[1..].split_at(name_end(&rest[1..]));
                if name.is_empty() {
                    return Err(bad());
                }
                tests.push(match first {
                    '.' => Test::Class(name.to_string()),
                    _ => Test::Attr("id".to_string(), Compare::Equals, name.to_string()),
                });
                1 + name.len()
            }
            '[' => {
                let end = rest.find(']').ok_or_else(bad)?;
                tests.push(attribute(&rest[1..end]));
                end + 1
            }
            ':' => {
                let inner = rest.strip_prefix(":not(").ok_or_else(bad)?;
                let end = inner.find(')').ok_or_else(bad)?;
                let [only] = <[Test; 1]>::try_from(compound(&inner[..end])?).map_err(|_| bad())?;
                tests.push(Test::Not(Box::new(only)));
                ":not(".len() + end + 1
            }
            _ => {
                let end = name_end(rest);
                if end == 0 {
                    return Err(bad());
                }
                tests.push(Test::Tag(rest[..end].to_ascii_lowercase()));
                end
            }
        };
        rest = &rest[taken..];
    }
    Ok(tests)
}

fn attribute(text: &str) -> Test {
    let Some((name, value)) = text.split_once('=') else {
        return Test::Attr(text.to_string(), Compare::Exists, String::new());
    };
    let compare = match name.chars().last() {
        Some('^') => Compare::Starts,
        Some('$') => Compare::Ends,
        Some('*') => Compare::Holds,
        Some('~') => Compare::HasWord,
        _ => Compare::Equals,
    };
    let name = name.trim_end_matches(['^', '$', '*', '~']);
    Test::Attr(name.to_string(), compare, value.trim_matches(['"', '\'']).to_string())
}

/// Whether the parts fit, the first of them this element or one in its relation to it.
///
/// Recursion is as deep as the selector is long, and those are the program's own.
fn fits_from(tree: &Tree, id: Id, parts: &[(Relation, Vec<Test>)]) -> bool {
    let Some(((relation, tests), rest)) = parts.split_first() else { return true };
    let fits = |id: Id| tests.iter().all(|test| test.fits(tree, id)) && fits_from(tree, id, rest);
    match relation {
        Relation::Itself => fits(id),
        Relation::Parent => tree.ancestors(id).next().is_some_and(fits),
        Relation::Ancestor => tree.ancestors(id).any(fits),
    }
}

impl Test {
    fn fits(&self, tree: &Tree, id: Id) -> bool {
        match self {
            Self::Tag(name) => tree.name(id) == name,
            Self::Class(class) => tree.has_class(id, class),
            Self::Attr(name, compare, wanted) => {
                tree.attr(id, name).is_some_and(|value| match compare {
                    Compare::Exists => true,
                    Compare::Equals => value == wanted,
                    Compare::Starts => value.starts_with(wanted.as_str()),
                    Compare::Ends => value.ends_with(wanted.as_str()),
                    Compare::Holds => value.contains(wanted.as_str()),
                    Compare::HasWord => value.split_ascii_whitespace().any(|word| word == wanted),
                })
            }
            Self::Not(test) => !test.fits(tree, id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(selector: &str) -> String {
        let tree = Tree::parse(concat!(
            "<article id=a class='post big' data-x='one two'><h2 id=b>T</h2>",
            "<div id=c><p id=d class=post>x<a id=e href='https://x.example/y'>y</a></div></article>"
        ));
        let selector = Selector::parse(selector).unwrap();
        selector.all(&tree, 0).filter_map(|id| tree.attr(id, "id")).collect()
    }

    #[test]
    fn simple_ones() {
        for (selector, ids) in [
            ("article", "a"),
            (".post", "ad"),
            ("p.post", "d"),
            ("#c", "c"),
            ("*", "abcde"),
            ("[href]", "e"),
            ("[id=c]", "c"),
            ("[href^=https]", "e"),
            ("[href$='/y']", "e"),
            ("[href*=x.example]", "e"),
            ("[data-x~=two]", "a"),
            (".post:not(.big)", "d"),
            ("article:not([id=a])", ""),
            ("h2, a", "be"),
        ] {
            assert_eq!(found(selector), ids, "{selector}");
        }
    }

    #[test]
    fn related_ones() {
        for (selector, ids) in [
            ("article p", "d"),
            ("article > p", ""),
            ("article>div > p", "d"),
            ("div a", "e"),
            ("article > * a", "e"),
            ("h2 a", ""),
            ("article > div p a, h2", "be"),
        ] {
            assert_eq!(found(selector), ids, "{selector}");
        }
    }

    #[test]
    fn together_they_find_what_each_finds() {
        let texts = ["div a", ".post", "*", "[id]", ":not(p)", "p.post, h2", "[href*=x]"];
        let selectors: Vec<_> = texts.iter().map(|text| Selector::parse(text).unwrap()).collect();
        let sieve = Sieve::new(&selectors);
        let tree =
            Tree::parse("<div class='a post'><p class=post id=x>b<a href=x>c</a></p></div><h2>d");
        for id in 0..tree.len() {
            let fitting = |number: &usize| selectors[*number].fits(&tree, id);
            let alone: Vec<_> = (0..texts.len()).filter(fitting).collect();
            let mut together = Vec::new();
            sieve.each(&tree, id, |number| together.push(number));
            together.sort_unstable();
            together.dedup();
            assert_eq!(together, alone);
            assert_eq!(sieve.first(&tree, id), alone.first().copied());
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for selector in ["", "a >", "a:hover", "a..b", "a[b", "a,,b", "a ! b"] {
            assert!(Selector::parse(selector).is_err(), "{selector}");
        }
    }
}
