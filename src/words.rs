//! The words of the interface, in one language: what the site says itself, beside the publisher's words
//! and the curator's.
//!
//! They stand in `languages/<tag>.toml`: those that are compiled in, and an archive's own on top, key
//! by key. English has every text; whatever another language lacks is said in English. Forms for
//! numbers are those of the Unicode CLDR ("cardinal" plural rules, UTS #35 part 3, section 5).

mod pattern;
mod read;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::LazyLock;

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};

use crate::diagnostic::{Diagnostic, nearest};

use pattern::Pattern;
pub use pattern::Slot;
use read::{Raw, Told};

/// The folder of an archive's own languages.
pub const FOLDER: &str = "languages";

/// The languages that are compiled in, each with its tag (BCP 47).
pub const BUILT_IN: &[(&str, &str)] =
    &[("ar", include_str!("../languages/ar.toml")), ("en", include_str!("../languages/en.toml"))];

/// The language that has every text.
const ENGLISH: &str = "en";

/// Keys that begin so are an archive's own, for its own templates.
const OWN: &str = "own.";

/// How many missing texts a warning names.
const NAMED: usize = 5;

/// The interface in one language.
pub struct Words {
    tag: String,
    rules: Option<PluralRules>,
    texts: HashMap<String, Text>,
    lists: HashMap<String, Vec<String>>,
}

/// What stands behind a key.
#[derive(Clone, Debug)]
enum Text {
    /// One text.
    One(Pattern),
    /// A text for each plural category that the language has.
    Forms(Vec<(PluralCategory, Pattern)>),
}

static IN_ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::new(ENGLISH, &[]).0);

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.tag)
    }
}

impl Words {
    /// Returns the interface in English, which the command line speaks.
    pub fn english() -> &'static Self {
        &IN_ENGLISH
    }

    /// Returns the interface in the language `tag` (BCP 47), of the languages that are compiled in and an
    /// archive's `own` files, each with its path and text. Of `pt-BR`, what it does not say itself is
    /// taken from `pt`, and then from English.
    pub fn new(tag: &str, own: &[(String, String)]) -> (Self, Vec<Diagnostic>) {
        let locale = tag.parse::<Locale>().ok();
        let rules = locale.and_then(|locale| {
            PluralRules::try_new((&locale).into(), icu_plurals::PluralRulesOptions::default()).ok()
        });
        let (texts, lists) = (HashMap::new(), HashMap::new());
        let mut words = Self { tag: tag.to_string(), rules, texts, lists };
        let mut problems = Vec::new();
        let mut said = BTreeSet::new();
        for (of, file, text) in layers(tag, own) {
            let (told, found) = read::file(file, text);
            problems.extend(found);
            for told in told {
                if of == tag || is_wider(of, tag) {
                    said.insert(told.key.clone());
                }
                problems.extend(words.take(file, told));
            }
        }
        problems.extend(words.lacking(&said, own));
        for (file, text) in own.iter().filter(|(file, _)| !is_used(file, tag)) {
            problems.extend(read::file(file, text).1);
        }
        (words, problems)
    }

    /// Takes over what a file says under one key.
    fn take(&mut self, file: &str, told: Told) -> Vec<Diagnostic> {
        let Told { key, line, raw } = told;
        // The first file read is the English one that is compiled in: it has every key.
        let is_first = file.is_empty();
        let error = |message: String| Diagnostic::error(file, line, message);
        let mut problems = Vec::new();
        let known = is_first || key.starts_with(OWN);
        match raw {
            Raw::List(list) => {
                let length = self.lists.get(&key).map(Vec::len);
                match length {
                    Some(length) if length != list.len() => problems.push(error(format!(
                        "`{key}` has {} texts, expected {length}",
                        list.len()
                    ))),
                    None if !known => problems.push(self.unknown(file, line, &key)),
                    _ => _ = self.lists.insert(key, list),
                }
            }
            Raw::Text(text) => match self.texts.get(&key) {
                None if !known => problems.push(self.unknown(file, line, &key)),
                Some(Text::Forms(_)) if !known => problems.push(
                    error(format!("`{key}` is one text, expected forms for numbers"))
                        .hint(format!("such as {key} = {{ {} }}", self.form_names("\"…\""))),
                ),
                before => {
                    let text = Text::One(Pattern::parse(&text));
                    problems.extend(before.and_then(|before| differ(before, &text)).map(error));
                    self.texts.insert(key, text);
                }
            },
            Raw::Forms(forms) => match self.texts.get(&key) {
                None if !known => problems.push(self.unknown(file, line, &key)),
                Some(Text::One(_)) if !known => {
                    problems
                        .push(error(format!("`{key}` has forms for numbers, expected one text")));
                }
                before => {
                    let mut list = Vec::new();
                    for (name, text) in forms {
                        match PluralCategory::get_for_cldr_string(&name) {
                            Some(category) => list.push((category, Pattern::parse(&text))),
                            None => problems.push(error(format!(
                                "`{key}` has the form `{name}`, expected {}",
                                self.form_names("").replace(" = ", "")
                            ))),
                        }
                    }
                    let lacks: Vec<&str> = self
                        .categories()
                        .filter(|category| !list.iter().any(|(known, _)| known == category))
                        .map(form_name)
                        .collect();
                    // What a wider language says is written by its own rules.
                    if !lacks.is_empty() && !is_first {
                        let message = format!("`{key}` has no form `{}`", lacks.join("`, `"));
                        problems.push(Diagnostic::warning(file, line, message).hint(format!(
                            "numbers in this language have the forms {}",
                            self.form_names("").replace(" = ", "")
                        )));
                    }
                    let text = Text::Forms(list);
                    problems.extend(before.and_then(|before| differ(before, &text)).map(error));
                    self.texts.insert(key, text);
                }
            },
        }
        problems
    }

    fn unknown(&self, file: &str, line: usize, key: &str) -> Diagnostic {
        let near = nearest(key, self.texts.keys().chain(self.lists.keys()).map(String::as_str));
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "docs/languages.md says which there are; texts of your own stand under [own]".into()
            }
        };
        Diagnostic::error(file, line, format!("unknown text `{key}`")).hint(hint)
    }

    /// Says which texts an archive's own language lacks.
    fn lacking(&self, said: &BTreeSet<String>, own: &[(String, String)]) -> Option<Diagnostic> {
        let (file, _) = own.iter().find(|(file, _)| is_used(file, &self.tag))?;
        let mut lacks: Vec<&str> =
            self.texts.keys().chain(self.lists.keys()).map(String::as_str).collect();
        lacks.retain(|key| !said.contains(*key));
        lacks.sort_unstable();
        if lacks.is_empty() || primary(&self.tag) == ENGLISH {
            return None;
        }
        let more = match lacks.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        lacks.truncate(NAMED);
        let message =
            format!("no text for `{}`{more}, so the English is shown", lacks.join("`, `"));
        let hint = "docs/languages.md says how to see all that are to be translated";
        Some(Diagnostic::warning(file.as_str(), 0, message).hint(hint))
    }

    /// Returns the language's tag (BCP 47).
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Returns the direction in which the language is written, as HTML says it: `ltr` or `rtl`.
    pub fn direction(&self) -> &'static str {
        if is_rtl(&self.tag) { "rtl" } else { "ltr" }
    }

    /// Whether there is a text with this key.
    pub fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// Returns every key, sorted.
    pub fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> =
            self.texts.keys().chain(self.lists.keys()).map(String::as_str).collect();
        keys.sort_unstable();
        keys
    }

    /// Returns a text in which nothing is to be filled in.
    pub fn say(&self, key: &str) -> &str {
        match self.texts.get(key) {
            Some(Text::One(pattern)) => pattern.plain(),
            Some(Text::Forms(_)) | None => "",
        }
    }

    /// Returns a text with its placeholders filled in. Values of the other direction are set apart by
    /// the marks that Unicode has for it (UAX #9, FSI and PDI).
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.filled(key, None, values)
    }

    /// Returns the text for a number, which is filled in for `{count}`, with its other placeholders.
    pub fn count(&self, key: &str, count: usize, values: &[(&str, &str)]) -> String {
        self.filled(key, Some(count), values)
    }

    fn filled(&self, key: &str, count: Option<usize>, values: &[(&str, &str)]) -> String {
        let Some(pattern) = self.pattern(key, count) else { return String::new() };
        let rtl = is_rtl(&self.tag);
        pattern.fill(|slot| match count {
            Some(count) if slot == "count" => Some(Cow::Owned(count.to_string())),
            _ => {
                let (_, value) = values.iter().find(|(name, _)| *name == slot)?;
                Some(isolated(value, rtl))
            }
        })
    }

    /// Returns the pieces of a text: of one with forms, those for `count`.
    pub fn pieces(&self, key: &str, count: Option<usize>) -> Option<&[Slot]> {
        self.pattern(key, count).map(Pattern::pieces)
    }

    fn pattern(&self, key: &str, count: Option<usize>) -> Option<&Pattern> {
        match self.texts.get(key)? {
            Text::One(pattern) => Some(pattern),
            Text::Forms(forms) => {
                let rules = self.rules.as_ref();
                let category = rules.map_or(PluralCategory::Other, |rules| {
                    rules.category_for(count.unwrap_or_default())
                });
                let is = |wanted| forms.iter().find(move |(category, _)| *category == wanted);
                is(category).or_else(|| is(PluralCategory::Other)).map(|(_, pattern)| pattern)
            }
        }
    }

    /// Returns one of a list of names, counted from 0; the last where there are not as many.
    pub fn name(&self, key: &str, at: usize) -> &str {
        let list = self.lists.get(key).map(Vec::as_slice).unwrap_or_default();
        list.get(at).or(list.last()).map_or("", String::as_str)
    }

    /// Returns a list of names.
    pub fn names(&self, key: &str) -> &[String] {
        self.lists.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns several things as one list: "a, b, c".
    pub fn list<S: AsRef<str>>(&self, items: &[S]) -> String {
        let rtl = is_rtl(&self.tag);
        let items: Vec<Cow<'_, str>> =
            items.iter().map(|item| isolated(item.as_ref(), rtl)).collect();
        items.join(self.say("list.comma"))
    }

    /// Returns several things as a list that ends in a word: "a, b and c".
    pub fn list_and<S: AsRef<str>>(&self, items: &[S]) -> String {
        match items {
            [first @ .., last] if !first.is_empty() => {
                let first = self.list(first);
                self.fill("list.and", &[("first", &first), ("last", last.as_ref())])
            }
            all => self.list(all),
        }
    }

    /// Whether a text has to be set apart among the words of this language.
    pub fn is_foreign(&self, text: &str) -> bool {
        has_other_direction(text, is_rtl(&self.tag))
    }

    fn categories(&self) -> impl Iterator<Item = PluralCategory> + '_ {
        self.rules.iter().flat_map(PluralRules::categories)
    }

    fn form_names(&self, text: &str) -> String {
        let names = self.categories().map(|category| format!("{} = {text}", form_name(category)));
        names.collect::<Vec<_>>().join(", ")
    }
}

/// The files that the interface in the language `tag` is made of, the widest first: the tag of each, its
/// path (empty for the English that is compiled in) and its text.
fn layers<'a>(tag: &str, own: &'a [(String, String)]) -> Vec<(&'a str, &'a str, &'a str)> {
    let mut list = Vec::new();
    for (of, text) in BUILT_IN.iter().filter(|(of, _)| *of == ENGLISH) {
        list.push((*of, "", *text));
    }
    let ends = tag.match_indices('-').map(|(at, _)| at).chain([tag.len()]);
    for wider in ends.map(|end| &tag[..end]) {
        let is = |of: &str| of.eq_ignore_ascii_case(wider);
        let built_in = BUILT_IN.iter().filter(|(of, _)| is(of) && *of != ENGLISH);
        // It is sound, which a test holds: no message names it.
        list.extend(built_in.map(|(of, text)| (*of, "built in", *text)));
        let own = own.iter().filter(|(file, _)| is(tag_of(file)));
        list.extend(own.map(|(file, text)| (tag_of(file), file.as_str(), text.as_str())));
    }
    list
}

/// The language that a file is of, by its name.
fn tag_of(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".toml").unwrap_or_default()
}

/// Whether a language holds another: `pt` holds `pt-BR`.
fn is_wider(of: &str, tag: &str) -> bool {
    let head = tag.get(..of.len()).is_some_and(|head| head.eq_ignore_ascii_case(of));
    head && tag[of.len()..].starts_with('-') || of.eq_ignore_ascii_case(tag)
}

fn is_used(file: &str, tag: &str) -> bool {
    is_wider(tag_of(file), tag)
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

/// Returns the language nearest to `tag` of which there is a file: itself, or one that holds it (`pt` for
/// `pt-BR`).
pub fn closest<'a>(tag: &'a str, own: &[(String, String)]) -> Option<&'a str> {
    let ends = tag.match_indices('-').map(|(at, _)| at).chain([tag.len()]);
    let is = |of: &str, wider: &str| of.eq_ignore_ascii_case(wider);
    let known = |wider: &&str| {
        BUILT_IN.iter().any(|(of, _)| is(of, wider))
            || own.iter().any(|(file, _)| is(tag_of(file), wider))
    };
    ends.map(|end| &tag[..end]).rev().find(known)
}

fn form_name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// Says which placeholders a text has too many or too few, beside the one whose place it takes. A form
/// for a number need not name the number.
fn differ(before: &Text, text: &Text) -> Option<String> {
    let patterns = |text: &Text| -> Vec<Pattern> {
        match text {
            Text::One(pattern) => vec![pattern.clone()],
            Text::Forms(forms) => forms.iter().map(|(_, pattern)| pattern.clone()).collect(),
        }
    };
    let all = |text: &Text| -> BTreeSet<String> {
        patterns(text).iter().flat_map(Pattern::slots).map(str::to_string).collect()
    };
    let wanted = all(before);
    for pattern in patterns(text) {
        let has: BTreeSet<String> = pattern.slots().map(str::to_string).collect();
        if let Some(more) = has.difference(&wanted).next() {
            let expected: Vec<String> = wanted.iter().map(|slot| format!("`{{{slot}}}`")).collect();
            let expected = if expected.is_empty() { "none".into() } else { expected.join(", ") };
            return Some(format!("unknown placeholder `{{{more}}}`, expected {expected}"));
        }
        let free = |slot: &&String| matches!(text, Text::Forms(_)) && slot.as_str() == "count";
        if let Some(less) = wanted.difference(&has).find(|slot| !free(slot)) {
            return Some(format!("no placeholder `{{{less}}}`, which the English text has"));
        }
    }
    None
}

/// Languages that are written from right to left where no script is named, and scripts that are.
const RTL_LANGUAGES: &[&str] = &[
    "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "nqo", "ps", "sd", "syr", "ug", "ur",
    "yi",
];
const RTL_SCRIPTS: &[&str] = &[
    "Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi",
];

/// Whether a language (BCP 47) is written from right to left.
pub fn is_rtl(tag: &str) -> bool {
    let is = |list: &[&str], part: &str| list.iter().any(|known| known.eq_ignore_ascii_case(part));
    match tag.split('-').nth(1).filter(|part| part.len() == 4) {
        Some(script) => is(RTL_SCRIPTS, script),
        None => is(RTL_LANGUAGES, primary(tag)),
    }
}

/// Letters of scripts that are written from right to left: the blocks that Unicode keeps for them
/// (UAX #44, default values of `Bidi_Class`).
fn is_rtl_letter(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
        && c.is_alphabetic()
}

/// Whether a text would not be read rightly among words of a direction: it has letters of the other
/// one, or, where words go from right to left, a number with signs in it.
fn has_other_direction(text: &str, rtl: bool) -> bool {
    if !rtl {
        return !text.is_ascii() && text.chars().any(is_rtl_letter);
    }
    let is_sign = |c: char| matches!(c, '-' | '\u{2212}' | '\u{2013}' | '+' | '/' | ':' | '%');
    text.chars().any(|c| c.is_alphabetic() && !is_rtl_letter(c))
        || text.contains(is_sign) && text.contains(|c: char| c.is_ascii_digit())
}

/// Sets a text apart where it has to be.
fn isolated(text: &str, rtl: bool) -> Cow<'_, str> {
    if has_other_direction(text, rtl) {
        Cow::Owned(format!("\u{2068}{text}\u{2069}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests;
