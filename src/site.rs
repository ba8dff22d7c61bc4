//! `site.toml`: every setting, with its default and its meaning.
//!
//! The defaults are written out in `default-site.toml`, which is also what a new archive starts
//! with; a test holds the two together.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, any_error};
use crate::keys::Keys;

/// The commented `site.toml` of a new archive.
pub const DEFAULT: &str = include_str!("default-site.toml");

/// The name of the file that makes a folder an archive.
pub const FILE: &str = "site.toml";

/// The settings of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    /// The name of the archive.
    pub title: String,
    /// What it holds, in a sentence or two.
    pub description: String,
    /// Where the site will stand: empty, or an http(s) address that ends in a slash.
    pub base_url: String,
    /// The language of the publisher's words (BCP 47).
    pub language: String,
    /// The language of the interface (BCP 47); empty where it goes by `language`.
    pub interface: String,
    /// Who keeps the archive.
    pub curator: String,
    /// What readers may do with the texts.
    pub rights: String,
    /// Whether HTML inside entries is used as HTML.
    pub raw_html: bool,
    /// The number of entries above which a story or a tag is split over several pages.
    pub long_list: usize,
    /// The number of entries that a feed holds.
    pub feed_entries: usize,
    /// What entries can warn of.
    pub warnings: Vec<Warning>,
    /// The address of the licence or rights statement of the texts; empty where there is none.
    pub license: String,
    /// What authors are, by their names as entries have them.
    pub authors: BTreeMap<String, Author>,
}

/// What the curator says of an author.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Author {
    /// What the author is.
    pub kind: AuthorKind,
    /// The part of a person's name that lists are sorted by; empty for its last word.
    pub family: String,
}

/// What an author is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthorKind {
    /// A person.
    Person,
    /// An organisation.
    Organisation,
}

/// Something that an entry can warn of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Warning {
    /// The name that entries use.
    pub name: String,
    /// What readers see.
    pub label: String,
}

/// What entries can warn of where `site.toml` does not say, each with its label.
const WARNINGS: [(&str, &str); 7] = [
    ("violence", "violence"),
    ("death", "death"),
    ("injury", "injuries"),
    ("abuse", "abuse"),
    ("suicide", "suicide or self-harm"),
    ("hate", "hateful words"),
    ("distress", "people in distress"),
];

impl Site {
    /// Whether a label is the one that a warning has where `site.toml` does not say another.
    pub fn is_own_label(&self, name: &str, label: &str) -> bool {
        !WARNINGS.contains(&(name, label))
    }

    /// Returns the label of a warning.
    pub fn warning(&self, name: &str) -> Option<&str> {
        let warning = self.warnings.iter().find(|warning| warning.name == name)?;
        Some(&warning.label)
    }
}

impl Default for Site {
    fn default() -> Self {
        Self {
            title: "Untitled archive".into(),
            description: String::new(),
            base_url: String::new(),
            language: "en".into(),
            interface: String::new(),
            curator: String::new(),
            rights: String::new(),
            raw_html: false,
            long_list: 200,
            feed_entries: 50,
            warnings: WARNINGS
                .into_iter()
                .map(|(name, label)| Warning { name: name.into(), label: label.into() })
                .collect(),
            license: String::new(),
            authors: BTreeMap::new(),
        }
    }
}

/// Reads `site.toml`.
///
/// # Errors
/// Every problem of the file, each with its line.
pub fn parse(text: &str) -> Result<Site, Vec<Diagnostic>> {
    let mut keys = Keys::parse(FILE, text, 0);
    let default = Site::default();
    let at_least_one = |number: Option<u64>, default: usize| {
        number.map_or(default, |number| usize::try_from(number).unwrap_or(usize::MAX).max(1))
    };
    let site = Site {
        title: keys.required("title").map_or(default.title, |(title, _)| title),
        description: keys.string("description").unwrap_or_default(),
        base_url: keys.parsed("base_url", base_url).unwrap_or_default(),
        language: keys.parsed("language", language).unwrap_or(default.language),
        interface: keys.parsed("interface", interface).unwrap_or_default(),
        curator: keys.string("curator").unwrap_or_default(),
        rights: keys.string("rights").unwrap_or_default(),
        raw_html: keys.boolean("raw_html").unwrap_or_default(),
        long_list: at_least_one(keys.number("long_list"), default.long_list),
        feed_entries: at_least_one(keys.number("feed_entries"), default.feed_entries),
        warnings: warnings(&mut keys).unwrap_or(default.warnings),
        license: keys.parsed("license", license).unwrap_or_default(),
        authors: authors(&mut keys),
    };
    let problems = keys.finish();
    if any_error(&problems) { Err(problems) } else { Ok(site) }
}

/// Reads the list of warnings; `None` where there is none.
fn warnings(keys: &mut Keys<'_>) -> Option<Vec<Warning>> {
    let tables = keys.tables("warning");
    if tables.is_empty() {
        return None;
    }
    let mut list: Vec<Warning> = Vec::new();
    for mut table in tables {
        let name = table.required("name");
        let label = table.required("label").map(|(label, _)| label);
        if let (Some((name, span)), Some(label)) = (name, label) {
            if list.iter().any(|warning| warning.name == name) {
                table.problem(Some(span), format!("the warning `{name}` is there already"));
            } else {
                list.push(Warning { name, label });
            }
        }
        keys.close(table);
    }
    Some(list)
}

/// Reads what authors are.
fn authors(keys: &mut Keys<'_>) -> BTreeMap<String, Author> {
    let mut all = BTreeMap::new();
    for mut table in keys.tables("author") {
        let name = table.required("name");
        let kind = table.required("kind");
        let family = table.spanned("family");
        let (Some((name, at)), Some((kind, kind_at))) = (name, kind) else {
            keys.close(table);
            continue;
        };
        let part = family.as_ref().map_or("", |(part, _)| part).to_string();
        if all.keys().any(|known| *known == name) {
            table.problem(Some(at), format!("the author `{name}` is there already"));
        } else if family.is_some() && (part.is_empty() || !name.contains(&part)) {
            let message = format!("`author.family`: `{part}`, expected a part of `{name}`");
            table.problem(family.map(|(_, at)| at), message);
        } else {
            match author_kind(&kind) {
                Ok(kind) => _ = all.insert(name, Author { kind, family: part }),
                Err(message) => table.problem(Some(kind_at), format!("`author.kind`: {message}")),
            }
        }
        keys.close(table);
    }
    all
}

fn author_kind(text: &str) -> Result<AuthorKind, String> {
    match text {
        "person" => Ok(AuthorKind::Person),
        "organisation" => Ok(AuthorKind::Organisation),
        _ => Err(format!("`{text}`, expected person or organisation")),
    }
}

fn license(text: &str) -> Result<String, String> {
    let url = crate::address::web(text.trim());
    if url.is_empty() && !text.trim().is_empty() {
        return Err(format!(
            "`{text}`, expected an address such as http://rightsstatements.org/vocab/InC/1.0/"
        ));
    }
    Ok(url)
}

/// Accepts the address of a site, and gives it the final slash that it needs.
///
/// # Errors
/// Says what was found and what was expected.
pub fn base_url(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fits = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>?#".contains(c));
    if !fits {
        return Err(format!("`{text}`, expected an address such as https://example.org/archive/"));
    }
    Ok(format!("{}/", text.trim_end_matches('/')))
}

fn interface(text: &str) -> Result<String, String> {
    if text.is_empty() { Ok(String::new()) } else { language(text) }
}

/// Accepts the tag of a language (BCP 47).
///
/// # Errors
/// Says what was found and what was expected.
pub fn language(text: &str) -> Result<String, String> {
    if oxilangtag::LanguageTag::parse(text).is_ok() {
        Ok(text.to_string())
    } else {
        Err(format!("`{text}`, expected a language such as en or pt-BR"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commented_file_shows_the_defaults() {
        assert_eq!(parse(DEFAULT).unwrap(), Site::default());
        let all: String = DEFAULT
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        assert_eq!(parse(&all).unwrap(), Site::default());
    }

    #[test]
    fn a_slip_is_told() {
        let problems = parse("titel = \"x\"\nbase_url = \"example.org\"\n").unwrap_err();
        let shown = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(
            shown.contains("site.toml:1: unknown key `titel`\n  hint: did you mean `title`?"),
            "{shown}"
        );
        assert!(
            shown.contains("site.toml:2: `base_url`: `example.org`, expected an address"),
            "{shown}"
        );
    }

    #[test]
    fn an_archive_may_have_warnings_of_its_own() {
        let site = parse("title = \"x\"\n[[warning]]\nname = \"war\"\nlabel = \"war\"\n").unwrap();
        assert_eq!((site.warning("war"), site.warning("violence")), (Some("war"), None));
        let twice = "title = \"x\"\n[[warning]]\nname = \"a\"\nlabel = \"b\"\n[[warning]]\nname = \"a\"\nlabel = \"c\"\ntext = 1\n";
        let shown: Vec<_> = parse(twice).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert!(shown[0].contains("site.toml:6: the warning `a` is there already"), "{shown:?}");
        assert!(shown[1].contains("site.toml:8: unknown key `warning.text`"), "{shown:?}");
    }

    #[test]
    fn the_curator_says_what_authors_are() {
        let site = parse("title = \"x\"\nlicense = \"https://example.org/l\"\n[[author]]\nname = \"Reuters\"\nkind = \"organisation\"\n").unwrap();
        assert_eq!(site.license, "https://example.org/l");
        assert_eq!(site.authors["Reuters"].kind, AuthorKind::Organisation);
        let bad = "title = \"x\"\nlicense = \"mine\"\n[[author]]\nname = \"A B\"\nkind = \"group\"\n[[author]]\nname = \"C D\"\nkind = \"person\"\nfamily = \"E\"\n";
        let shown: Vec<_> = parse(bad).unwrap_err().iter().map(ToString::to_string).collect();
        assert!(
            shown[0].contains("site.toml:2: `license`: `mine`, expected an address"),
            "{shown:?}"
        );
        assert!(
            shown.iter().any(|p| p.contains("`group`, expected person or organisation")),
            "{shown:?}"
        );
        assert!(shown.iter().any(|p| p.contains("`E`, expected a part of `C D`")), "{shown:?}");
    }

    #[test]
    fn an_address_gets_its_slash() {
        assert_eq!(base_url("https://example.org/a").unwrap(), "https://example.org/a/");
        assert!(base_url("ftp://example.org").is_err());
        assert!(base_url("https://exa mple.org").is_err());
    }
}
