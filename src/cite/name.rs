//! Who wrote an entry: a person, an organisation, or a name of which neither is known.
//!
//! A dump does not say which. Reference managers have to know: they turn a person's name about and
//! shorten it, and would make "B. B. C. News" of an organisation. So a name is an organisation where
//! it is that of a publisher or the curator says so, and a person where the curator says so or it
//! looks like nothing else. All others stay as they are written.

use crate::site::{AuthorKind, Site};

/// The name of an author.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// A person.
    Person {
        /// The part that lists are sorted by: "Okoro".
        family: String,
        /// All before it: "Ana". Empty for a person with one name.
        given: String,
    },
    /// An organisation, or a name of which it is not known what it is: it stays as it is.
    Whole {
        /// The name.
        name: String,
        /// Whether it is known to be an organisation.
        organisation: bool,
    },
}

/// Words that no person's name holds, in small letters. A name with one of them is left as it is.
const NO_PERSON: [&str; 62] = [
    "agence",
    "agencies",
    "agency",
    "analysis",
    "archive",
    "archives",
    "associated",
    "association",
    "breaking",
    "broadcasting",
    "bureau",
    "committee",
    "company",
    "corporation",
    "correspondent",
    "correspondents",
    "council",
    "courier",
    "department",
    "desk",
    "editor",
    "editors",
    "foundation",
    "government",
    "group",
    "guardian",
    "herald",
    "institute",
    "international",
    "journal",
    "live",
    "magazine",
    "media",
    "ministry",
    "monitoring",
    "network",
    "networks",
    "news",
    "newspaper",
    "newsroom",
    "office",
    "online",
    "police",
    "post",
    "press",
    "radio",
    "reporter",
    "reporters",
    "reuters",
    "sample",
    "science",
    "service",
    "services",
    "sport",
    "sports",
    "staff",
    "team",
    "television",
    "times",
    "tribune",
    "university",
    "world",
];

/// Small words that belong to the family name behind them.
const PARTICLES: [&str; 16] = [
    "al", "bin", "bint", "da", "de", "del", "den", "der", "di", "du", "la", "le", "van", "von",
    "\u{d3}", "N\u{ed}",
];

/// The name in small letters, without an article, to compare by.
fn plain(name: &str) -> String {
    let name = name.trim().to_lowercase();
    name.strip_prefix("the ").map_or(name.clone(), str::to_string)
}

/// Returns what a name is. `publisher` is the entry's own.
pub(super) fn name(site: &Site, publisher: &str, words: &str) -> Name {
    let whole = |organisation| Name::Whole { name: words.to_string(), organisation };
    match site.authors.get(words) {
        Some(author) if author.kind == AuthorKind::Organisation => return whole(true),
        Some(author) if !author.family.is_empty() => return person(words, &author.family),
        Some(_) => return person(words, family(words)),
        None => {}
    }
    if !publisher.is_empty() && plain(words) == plain(publisher) {
        return whole(true);
    }
    if looks_like_a_person(words) { person(words, family(words)) } else { whole(false) }
}

/// A person whose family name is a part of the name.
fn person(words: &str, family: &str) -> Name {
    let given = match words.rsplit_once(family) {
        // "Mao Zedong" has its family name in front.
        Some((before, behind)) => format!("{} {}", before.trim(), behind.trim()).trim().to_string(),
        None => String::new(),
    };
    Name::Person { family: family.to_string(), given }
}

/// The last word, and the small words before it.
fn family(words: &str) -> &str {
    let mut start = words.rfind(' ').map_or(0, |space| space + 1);
    while let Some(before) = words[..start].trim_end().rsplit(' ').next() {
        let at = words[..start].trim_end().len() - before.len();
        if at == 0 || !PARTICLES.contains(&before) {
            break;
        }
        start = at;
    }
    &words[start..]
}

/// Whether a name looks like that of a person, written with the family name last: two to four
/// words of Latin letters, each with a capital, and none that tells otherwise.
fn looks_like_a_person(words: &str) -> bool {
    let list: Vec<&str> = words.split(' ').collect();
    let is_latin = |c: char| c.is_alphabetic() && c < '\u{250}';
    let fits = |word: &&str| {
        let small = word.to_lowercase();
        let shouts = word.chars().count() > 2 && word.chars().all(char::is_uppercase);
        (word.starts_with(char::is_uppercase) || PARTICLES.contains(word))
            && !shouts
            && !NO_PERSON.contains(&small.as_str())
    };
    (2..=4).contains(&list.len())
        && list.iter().all(fits)
        && list[0].starts_with(char::is_uppercase)
        && words.chars().all(|c| is_latin(c) || matches!(c, ' ' | '-' | '\'' | '\u{2019}' | '.'))
        && !words.ends_with('.')
}

impl Name {
    /// Returns the name as lists have it: "Okoro, Ana", "BBC News".
    pub fn inverted(&self) -> String {
        match self {
            Self::Person { family, given } if !given.is_empty() => format!("{family}, {given}"),
            Self::Person { family, .. } => family.clone(),
            Self::Whole { name, .. } => name.clone(),
        }
    }

    /// Whether this is known to be a person.
    pub fn is_person(&self) -> bool {
        matches!(self, Self::Person { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site;

    fn told(words: &str) -> String {
        let site = Site::default();
        shown(&name(&site, "The Quell Times", words))
    }

    fn shown(name: &Name) -> String {
        match name {
            Name::Person { .. } => format!("person: {}", name.inverted()),
            Name::Whole { name, organisation: true } => format!("organisation: {name}"),
            Name::Whole { name, .. } => format!("as written: {name}"),
        }
    }

    #[test]
    fn a_publisher_is_an_organisation_and_a_persons_name_a_person() {
        for (words, is) in [
            ("The Quell Times", "organisation: The Quell Times"),
            ("Quell Times", "organisation: Quell Times"),
            ("Ana Okoro", "person: Okoro, Ana"),
            ("Ludwig van der Berg", "person: van der Berg, Ludwig"),
            ("Jean-Paul Ó Briain", "person: Ó Briain, Jean-Paul"),
            ("BBC News", "as written: BBC News"),
            ("River Press", "as written: River Press"),
            ("AFP Paris", "as written: AFP Paris"),
            ("Reuters", "as written: Reuters"),
            ("staff and agencies", "as written: staff and agencies"),
            ("毛 泽东", "as written: 毛 泽东"),
            ("أنا أوكورو", "as written: أنا أوكورو"),
            ("[redacted: a minor]", "as written: [redacted: a minor]"),
        ] {
            assert_eq!(told(words), is);
        }
    }

    #[test]
    fn the_curator_says_what_a_name_is() {
        let text = "title = \"x\"\n[[author]]\nname = \"Reuters\"\nkind = \"organisation\"\n[[author]]\nname = \"Gabriel García Márquez\"\nkind = \"person\"\nfamily = \"García Márquez\"\n[[author]]\nname = \"Mao Zedong\"\nkind = \"person\"\nfamily = \"Mao\"\n[[author]]\nname = \"River Press\"\nkind = \"person\"\n";
        let site = site::parse(text).unwrap();
        let told = |words: &str| shown(&name(&site, "", words));
        assert_eq!(told("Reuters"), "organisation: Reuters");
        assert_eq!(told("Gabriel García Márquez"), "person: García Márquez, Gabriel");
        assert_eq!(told("Mao Zedong"), "person: Mao, Zedong");
        assert_eq!(told("River Press"), "person: Press, River");
    }
}
