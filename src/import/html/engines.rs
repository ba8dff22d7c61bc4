//! What is known of the programs that make live pages: tables of selectors, a file an engine.
//!
//! An engine's file is a format's file with a table `[html]`, `[json]` or both instead of what
//! tells its text dumps. `guardian.toml` explains the keys.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::super::json::Json;
use super::select::{Selector, Sieve};
use super::tree::{Id, Tree};
use crate::format::{Format, Offset, Pattern};

/// The engines that the program knows; the first of two that fit equally well is used.
const BUILT_IN: &[&str] = &[
    include_str!("../../../formats/html/guardian.toml"),
    include_str!("../../../formats/html/guardian-frontend.toml"),
    include_str!("../../../formats/html/bbc.toml"),
    include_str!("../../../formats/html/bbc-lx.toml"),
    include_str!("../../../formats/html/cnn.toml"),
    include_str!("../../../formats/html/cnn-2019.toml"),
    include_str!("../../../formats/html/nyt.toml"),
    include_str!("../../../formats/html/aljazeera.toml"),
    include_str!("../../../formats/html/sourcefabric.toml"),
    include_str!("../../../formats/html/wordpress-liveblog.toml"),
    include_str!("../../../formats/html/quintype.toml"),
    include_str!("../../../formats/html/reach.toml"),
    include_str!("../../../formats/html/express.toml"),
    include_str!("../../../formats/html/scribblelive.toml"),
    include_str!("../../../formats/html/time-siblings.toml"),
];

/// What pages of all engines have in common.
static COMMON: LazyLock<Common> = LazyLock::new(|| {
    let text = include_str!("../../../formats/html/common.toml");
    let common: Common = toml::from_str(text).unwrap_or_default();
    // Pages and text call themselves live in the same words.
    let path = "formats/generic.toml";
    let generic = Format::parse(path, include_str!("../../../formats/generic.toml"));
    Common { live: generic.map_or_else(|_| Vec::new(), |format| format.page.live), ..common }
});

static ENGINES: LazyLock<Vec<Engine>> =
    LazyLock::new(|| BUILT_IN.iter().filter_map(|text| Engine::parse(text).ok()).collect());

/// Returns the engines that the program knows.
pub(in crate::import) fn engines() -> &'static [Engine] {
    &ENGINES
}

/// What the elements that are entries fit, an engine a selector.
static ENTRIES: LazyLock<Sieve<'static>> = LazyLock::new(|| {
    static NONE: Selector = Selector::none();
    Sieve::new(ENGINES.iter().map(|engine| engine.html.as_ref().map_or(&NONE, |html| &html.entry)))
});

/// The posts of others, a rule a selector.
static EMBEDS: LazyLock<Sieve<'static>> =
    LazyLock::new(|| Sieve::new(COMMON.embed.iter().map(|rule| &rule.select)));

/// Returns the elements that each engine's table calls entries, in one walk over the page.
pub(super) fn found(tree: &Tree) -> Vec<Vec<Id>> {
    let mut found = vec![Vec::new(); ENGINES.len()];
    for id in 1..tree.len() {
        ENTRIES.each(tree, id, |engine| {
            if found[engine].last() != Some(&id) {
                found[engine].push(id);
            }
        });
    }
    found
}

/// Returns what pages of all engines have in common.
pub(super) fn common() -> &'static Common {
    &COMMON
}

/// How one engine's pages look.
#[derive(Clone, Debug)]
pub(in crate::import) struct Engine {
    /// Its name, its publisher, and how stamps are written that only people can read.
    pub(in crate::import) format: Format,
    /// Where things stand in its pages.
    pub(in crate::import) html: Option<Html>,
    /// Where things stand in its data.
    pub(in crate::import) json: Vec<Json>,
}

impl Engine {
    /// Reads an engine from the text of its file.
    ///
    /// # Errors
    /// Says what cannot be read.
    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let mut table: toml::Table = toml::from_str(text)?;
        let html = table.remove("html").map(Html::deserialize).transpose()?;
        let json =
            table.remove("json").map(Vec::<Json>::deserialize).transpose()?.unwrap_or_default();
        // Its text dumps are a format of their own: as a format, it recognises none.
        for key in ["recognise", "entry"] {
            table.entry(key).or_insert_with(|| toml::Table::new().into());
        }
        Ok(Self { format: Format::deserialize(table)?, html, json })
    }
}

/// Where things stand in an engine's pages. Everything but `entry`, `copy`, `summary` and
/// `discard` is looked for within one entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::import) struct Html {
    /// The elements that are entries.
    pub(super) entry: Selector,
    /// Those of them, or elements around them, that may repeat an entry.
    pub(super) copy: Option<Selector>,
    /// The publisher's own name for it.
    #[serde(default)]
    pub(super) id: Vec<Pick>,
    /// Which part of that is the name (`id`).
    pub(super) id_pattern: Option<Pattern>,
    /// Whether what has no such name is no entry.
    #[serde(default)]
    pub(super) needs_id: bool,
    /// Its title.
    #[serde(default)]
    pub(super) title: Vec<Pick>,
    /// The stamp as a reader sees it.
    #[serde(default)]
    pub(super) stamp: Vec<Pick>,
    /// Which part of that is the stamp (`stamp`).
    pub(super) stamp_pattern: Option<Pattern>,
    /// The same for machines: RFC 3339, or seconds or milliseconds since 1970.
    #[serde(default)]
    pub(super) time: Vec<Pick>,
    /// When it was changed, for machines.
    #[serde(default)]
    pub(super) updated: Vec<Pick>,
    /// The offset from UTC of times for machines that name none.
    pub(super) offset: Option<Offset>,
    /// Who wrote it.
    #[serde(default)]
    pub(super) author: Vec<Pick>,
    /// Which part of that names authors (`author`).
    pub(super) byline: Option<Pattern>,
    /// What marks a key event: the entry or something in it.
    pub(super) key: Option<Selector>,
    /// What of it is the body, where that is not everything else.
    pub(super) body: Option<Selector>,
    /// The points of the page's summary.
    pub(super) summary: Option<Selector>,
    /// What the ledger calls entries that are nothing but a link to another page; absent where they
    /// are entries like others.
    pub(super) only_link: Option<String>,
    /// What is no publisher's words, besides what all pages have.
    #[serde(default)]
    pub(super) discard: Vec<Discard>,
}

/// What is left out, under the name that the ledger uses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Discard {
    pub(super) name: String,
    pub(super) select: Selector,
}

/// Where one value stands: `selector` for an element's words, `selector@attribute` for an
/// attribute; without a selector it is the entry's own.
#[derive(Clone, Debug)]
pub(super) struct Pick {
    select: Option<Selector>,
    attribute: Option<String>,
}

impl<'de> Deserialize<'de> for Pick {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (select, attribute) = match text.rsplit_once('@') {
            Some((select, attribute)) => (select, Some(attribute.to_string())),
            None => (text.as_str(), None),
        };
        let select = Some(select).filter(|select| !select.is_empty()).map(Selector::parse);
        Ok(Self { select: select.transpose().map_err(D::Error::custom)?, attribute })
    }
}

impl Pick {
    /// Returns the elements that fit within an entry, each with its value, and whether that is all
    /// that the element says.
    pub(super) fn all<'a>(
        &'a self,
        tree: &'a Tree,
        entry: Id,
    ) -> impl Iterator<Item = Picked> + 'a {
        let own = self.select.is_none().then_some(entry);
        let inner = self.select.iter().flat_map(move |select| select.all(tree, entry));
        own.into_iter().chain(inner).filter_map(move |id| {
            let value = match &self.attribute {
                Some(name) => tree.attr(id, name)?.trim().to_string(),
                None => tree.words(id),
            };
            (!value.is_empty()).then_some(Picked { id, value, is_words: self.attribute.is_none() })
        })
    }
}

/// A value that was found.
#[derive(Clone, Debug)]
pub(super) struct Picked {
    /// The element that holds it.
    pub(super) id: Id,
    /// The value.
    pub(super) value: String,
    /// Whether it is all the words of the element.
    pub(super) is_words: bool,
}

/// What pages of all engines have in common.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Common {
    /// What titles and addresses of live blogs hold: the list of the format `generic`.
    #[serde(skip)]
    pub(super) live: Vec<Pattern>,
    pub(super) discard: Vec<Discard>,
    embed: Vec<EmbedRule>,
    pub(super) frame: BTreeMap<String, (String, String)>,
    pub(super) picture: Option<PictureRule>,
}

/// Posts of others.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EmbedRule {
    select: Selector,
    pub(super) provider: String,
    pub(super) kind: String,
}

/// Whose a picture is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PictureRule {
    pub(super) credit: Selector,
    pub(super) credits: Vec<Pattern>,
}

impl Common {
    /// Returns the rule of the post that an element is.
    pub(super) fn embed_rule(&self, tree: &Tree, id: Id) -> Option<&EmbedRule> {
        EMBEDS.first(tree, id).and_then(|rule| self.embed.get(rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_engine_can_be_read() {
        for text in BUILT_IN {
            Engine::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        }
        assert!(common().discard.len() > 3 && common().live.len() > 2);
        let mut names: Vec<_> = engines().iter().map(|engine| &engine.format.name).collect();
        names.dedup();
        assert_eq!(names.len(), BUILT_IN.len());
    }
}
