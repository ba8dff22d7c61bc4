//! Templates: those compiled in, and an archive's own on top, file by file. The only user of Tera.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use tera::{ArgFromValue as _, Context, Kwargs, State, Tera, TeraResult, Value};

use crate::diagnostic::Diagnostic;
use crate::input::TEMPLATES;
use crate::markdown::legal;
use crate::words::Words;

mod catalogue;
mod report;
mod speech;

use report::report;

pub use catalogue::{BuiltIn, built_in};

/// The templates that are compiled in.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("404.html", include_str!("../templates/404.html")),
    ("almanac.html", include_str!("../templates/almanac.html")),
    ("base.html", include_str!("../templates/base.html")),
    ("captures.html", include_str!("../templates/captures.html")),
    ("charts.html", include_str!("../templates/charts.html")),
    ("components.html", include_str!("../templates/components.html")),
    ("dates.html", include_str!("../templates/dates.html")),
    ("day.html", include_str!("../templates/day.html")),
    ("entry.html", include_str!("../templates/entry.html")),
    ("gone.html", include_str!("../templates/gone.html")),
    ("home.html", include_str!("../templates/home.html")),
    ("meta.html", include_str!("../templates/meta.html")),
    ("month.html", include_str!("../templates/month.html")),
    ("page.html", include_str!("../templates/page.html")),
    ("reading.html", include_str!("../templates/reading.html")),
    ("redirect.html", include_str!("../templates/redirect.html")),
    ("search.html", include_str!("../templates/search.html")),
    ("source.html", include_str!("../templates/source.html")),
    ("sources.html", include_str!("../templates/sources.html")),
    ("stories.html", include_str!("../templates/stories.html")),
    ("story.html", include_str!("../templates/story.html")),
    ("tag.html", include_str!("../templates/tag.html")),
    ("tags.html", include_str!("../templates/tags.html")),
    ("undated.html", include_str!("../templates/undated.html")),
    ("withdrawn.html", include_str!("../templates/withdrawn.html")),
    ("year.html", include_str!("../templates/year.html")),
];

/// The style sheet that is compiled in; `templates/style.css` of an archive replaces it.
pub const STYLE: (&str, &str) = ("style.css", include_str!("../templates/style.css"));

/// The script of the search page; `templates/search.js` of an archive replaces it.
pub const SCRIPT: (&str, &str) = ("search.js", include_str!("../templates/search.js"));

/// An archive's templates, ready to use.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    /// The names of those that are the archive's own.
    own: BTreeSet<String>,
    /// The style sheet.
    pub style: String,
    /// The script of the search page.
    pub script: String,
}

impl Templates {
    /// Puts an archive's own templates, by name and text, over those that are compiled in.
    ///
    /// # Errors
    /// Every template that cannot be used, every block that a page fills and its frame lacks, and every
    /// text that one asks for and `words` has not got.
    pub fn new(own: &[(String, String)], words: &Arc<Words>) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut all: Vec<(&str, &str)> = BUILT_IN.to_vec();
        let mut style = STYLE.1.to_string();
        let mut script = SCRIPT.1.to_string();
        for (name, text) in own {
            if name == STYLE.0 {
                style.clone_from(text);
            } else if name == SCRIPT.0 {
                script.clone_from(text);
            } else if let Some(slot) = all.iter_mut().find(|(known, _)| known == name) {
                slot.1 = text;
            } else {
                // A template of the archive's own, for its own templates to include.
                all.push((name, text));
            }
        }
        // One by one first, so that each broken file is told by its own name.
        for (name, text) in own.iter().filter(|(name, _)| name != STYLE.0 && name != SCRIPT.0) {
            if let Err(problem) = syntax(name, text) {
                problems.push(problem);
            }
        }
        if problems.is_empty() {
            problems.extend(missing_blocks(&all, own));
            problems.extend(all.iter().flat_map(|(name, text)| speech::unknown(name, text, words)));
        }
        let mut tera = Tera::new();
        speech::register(&mut tera, words);
        tera.register_filter("json", json);
        tera.register_filter("safe", safe);
        if problems.is_empty()
            && let Err(error) = tera.add_raw_templates(all)
        {
            problems.push(report(&error, TEMPLATES, |_| false));
        }
        let own = own.iter().map(|(name, _)| name.clone()).collect();
        if problems.is_empty() { Ok(Self { tera, own, style, script }) } else { Err(problems) }
    }

    /// Renders one template with what its page may see; `page` says which page that is. Here every
    /// text enters a page, so here characters are shown that HTML has no place for.
    ///
    /// # Errors
    /// What is wrong in the template, with the page that it was rendered for.
    pub fn render(
        &self,
        name: &str,
        page: &str,
        view: &impl Serialize,
    ) -> Result<String, Diagnostic> {
        let made = Context::from_serialize(view)
            .and_then(|context| self.tera.render(name, &context))
            .map_err(|error| {
                let mut problem =
                    report(&error, &format!("{TEMPLATES}/{name}"), |file| self.own.contains(file));
                problem.hint = format!(
                    "this was the page {page}; docs/templates.md lists what a template may use"
                );
                problem
            })?;
        Ok(match legal(&made) {
            Cow::Owned(shown) => shown,
            Cow::Borrowed(_) => made,
        })
    }
}

/// The filter `json`: a value as JSON, such as `__tera_context`, which is all that a page has. It may
/// stand in HTML and in a script as it is: `<`, `>` and `&` are written as JSON escapes them.
fn json(value: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<String> {
    defined(value)?;
    let text = serde_json::to_string_pretty(value).map_err(tera::Error::message)?;
    Ok([('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026")]
        .iter()
        .fold(text, |text, (letter, escape)| text.replace(*letter, escape)))
}

/// The filter `safe`: a value as HTML. Tera's own shows nothing where a field is misspelt.
fn safe(value: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    defined(value)?;
    Ok(if value.is_string() {
        value.clone().mark_safe()
    } else {
        Value::safe_string(&value.to_string())
    })
}

/// Refuses what is not defined, so that the error points at it.
fn defined(value: &Value) -> TeraResult<()> {
    if value.is_undefined() { <&str>::from_value(value).map(drop) } else { Ok(()) }
}

/// Files that would change nothing: none of them has a built-in template's name, is named by
/// another template, or defines a component.
pub fn unused(own: &[(String, String)]) -> Vec<Diagnostic> {
    let names = || BUILT_IN.iter().map(|(name, _)| *name).chain([STYLE.0, SCRIPT.0]);
    let stem = |name: &'static str| name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_named = |name: &str| {
        let quoted = ['"', '\'', '`'].map(|quote| format!("{quote}{name}{quote}"));
        let others = own.iter().filter(|(other, _)| other != name);
        others.into_iter().any(|(_, text)| quoted.iter().any(|name| text.contains(name)))
    };
    own.iter()
        .filter(|(name, text)| {
            let defines = !tag_argument(text, "component").is_empty();
            !names().any(|known| known == name) && !is_named(name) && !defines
        })
        .map(|(name, _)| {
            // All of them end alike; only what stands before can be near.
            let word = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            let near = crate::diagnostic::nearest(word, names().map(stem));
            let near = near.and_then(|near| names().find(|name| stem(name) == near));
            let message = "no page is made with this file, expected the name of a built-in \
                           template, or another template that includes it";
            let hint = "docs/templates.md lists the names".to_string();
            Diagnostic::warning(format!("{TEMPLATES}/{name}"), 0, message)
                .hint(near.map_or(hint, |near| format!("did you mean `{near}`?")))
        })
        .collect()
}

/// Parses one template by itself.
fn syntax(name: &str, text: &str) -> Result<(), Diagnostic> {
    match Tera::new().add_raw_template(name, text) {
        Err(error) if matches!(error.kind(), tera::ErrorKind::SyntaxError(_)) => {
            Err(report(&error, &format!("{TEMPLATES}/{name}"), |_| false))
        }
        _ => Ok(()),
    }
}

/// Blocks that a template fills and the one that it extends does not have: what stands in them
/// would vanish without a word. The template that is the archive's own is to blame, and where both
/// are, the frame.
fn missing_blocks(all: &[(&str, &str)], own: &[(String, String)]) -> Vec<Diagnostic> {
    let is_own = |name: &str| own.iter().any(|(known, _)| known == name);
    let mut problems = Vec::new();
    for (name, text) in all {
        let Some(parent) = tag_argument(text, "extends").into_iter().next() else { continue };
        let Some((_, frame)) = all.iter().find(|(known, _)| *known == parent) else { continue };
        let has = blocks_with_ancestors(all, frame);
        for block in tag_argument(text, "block").into_iter().filter(|block| !has.contains(block)) {
            let at = text.find(&format!("block {block}")).unwrap_or(0);
            let line = crate::diagnostic::line_at(text, at);
            problems.push(if is_own(&parent) {
                let message = format!("no block `{block}`, which {name}:{line} fills");
                let hint = "add {% block NAME %}{% endblock %} where the page's text belongs";
                Diagnostic::error(format!("{TEMPLATES}/{parent}"), 0, message)
                    .hint(hint.replace("NAME", &block))
            } else {
                let message = format!("fills the block `{block}`, which {parent} does not have");
                let near = crate::diagnostic::nearest(&block, has.iter().map(String::as_str));
                Diagnostic::error(format!("{TEMPLATES}/{name}"), line, message)
                    .hint(near.map_or_else(String::new, |near| format!("did you mean `{near}`?")))
            });
        }
    }
    // Every page misses the same block of a frame; one of them tells it.
    problems.sort();
    problems.dedup_by(|a, b| {
        a.path == b.path && a.message.split(',').next() == b.message.split(',').next()
    });
    problems
}

fn blocks_with_ancestors(all: &[(&str, &str)], text: &str) -> Vec<String> {
    let mut blocks = tag_argument(text, "block");
    if let Some(parent) = tag_argument(text, "extends").into_iter().next()
        && let Some((_, frame)) = all.iter().find(|(known, _)| *known == parent)
        && *frame != text
    {
        blocks.extend(blocks_with_ancestors(all, frame));
    }
    blocks
}

/// The first word behind every `{% tag` of a template.
fn tag_argument(text: &str, tag: &str) -> Vec<String> {
    text.split("{%")
        .skip(1)
        .filter_map(|piece| {
            let inside = piece.split("%}").next()?.trim_start_matches('-').trim();
            let word = inside.strip_prefix(tag)?.strip_prefix(' ')?.trim();
            Some(word.trim_end_matches('-').trim().trim_matches(['"', '\'', '`']).to_string())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> Arc<Words> {
        Arc::new(Words::new("en", &[]).0)
    }

    fn own(name: &str, text: &str) -> Vec<String> {
        match Templates::new(&[(name.to_string(), text.to_string())], &english()) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn the_built_in_templates_are_sound() {
        assert!(
            Templates::new(&[], &english()).is_ok(),
            "{:?}",
            Templates::new(&[], &english()).err()
        );
    }

    #[test]
    fn a_frame_without_its_block_is_told() {
        let problems = own("base.html", "<!doctype html><title>x</title>");
        assert!(
            problems.iter().any(|p| p.starts_with("error: templates/base.html: no block `main`")),
            "{problems:?}"
        );
    }

    #[test]
    fn a_misspelt_block_is_told_where_it_stands() {
        let text = "{% extends \"base.html\" %}\n{% block mian %}x{% endblock %}";
        let problems = own("page.html", text);
        assert_eq!(
            problems,
            [
                "error: templates/page.html:2: fills the block `mian`, which base.html does not have\n  hint: did you mean `main`?"
            ]
        );
    }

    #[test]
    fn a_file_that_no_page_is_made_with_is_told() {
        let own = |files: &[(&str, &str)]| {
            let own = files.iter().map(|(name, text)| (name.to_string(), text.to_string()));
            let told = unused(&own.collect::<Vec<_>>());
            told.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let told = own(&[("entri.html", ""), ("parts/wombat.html", "")]);
        assert!(told[0].starts_with("warning: templates/entri.html: no page is made"), "{told:?}");
        assert!(told[0].ends_with("\n  hint: did you mean `entry.html`?"), "{told:?}");
        assert!(told[1].ends_with("\n  hint: docs/templates.md lists the names"), "{told:?}");
        let used = [
            ("style.css", ""),
            ("404.html", "{% include \"parts/notice.html\" %}"),
            ("parts/notice.html", "{{ <mine /> }}"),
            ("parts/mine.html", "{% component mine() %}x{% endcomponent mine %}"),
        ];
        assert_eq!(own(&used), Vec::<String>::new());
    }

    #[test]
    fn a_broken_template_is_told_with_its_line() {
        let problems = own("entry.html", "one\n{% if %}\n");
        assert!(problems[0].starts_with("error: templates/entry.html:2: "), "{problems:?}");
    }

    fn with(files: &[(&str, &str)]) -> Templates {
        let own = files.iter().map(|(name, text)| ((*name).to_string(), (*text).to_string()));
        Templates::new(&own.collect::<Vec<_>>(), &english()).unwrap()
    }

    #[test]
    fn a_value_as_json_can_break_out_of_nothing() {
        let text = "<script>x = {{ __tera_context | json | safe }}</script>";
        let templates = with(&[("404.html", text)]);
        let view = std::collections::BTreeMap::from([("a", "</script><b>&\"")]);
        let made = templates.render("404.html", "404.html", &view).unwrap();
        let inside = made.strip_prefix("<script>x = ").unwrap().strip_suffix("</script>").unwrap();
        assert!(!inside.contains(['<', '>', '&']), "{inside}");
        let read: serde_json::Value = serde_json::from_str(inside).unwrap();
        assert_eq!(read["a"], "</script><b>&\"");
    }

    #[test]
    fn no_character_reaches_a_page_that_html_has_no_place_for() {
        let text = "<p title=\"{{ a }}\">{{ a }} {{ a | safe }} {{ __tera_context | json | safe }}";
        let view = std::collections::BTreeMap::from([("a", "x\u{7f}\u{fdd0}\u{85}y")]);
        let made = with(&[("404.html", text)]).render("404.html", "404.html", &view).unwrap();
        let shown = "x\u{fffd}\u{fffd} y";
        assert!(made.starts_with(&format!("<p title=\"{shown}\">{shown} {shown} {{")), "{made:?}");
        assert!(!made.contains(['\u{7f}', '\u{fdd0}', '\u{85}']), "{made:?}");
    }

    #[test]
    fn what_is_not_defined_is_an_error_behind_a_filter_too() {
        let view = std::collections::BTreeMap::from([(
            "entry",
            std::collections::BTreeMap::from([("title", "<b>T</b>")]),
        )]);
        let made = |text: &str| {
            let templates = with(&[("404.html", text)]);
            templates.render("404.html", "404.html", &view).map_err(|problem| problem.to_string())
        };
        assert_eq!(made("{{ entry.title | safe }}").unwrap(), "<b>T</b>");
        assert_eq!(made("{{ 1 | safe }}").unwrap(), "1");
        for text in [
            "\n<p>{{ entry.titel }}",
            "\n<p>{{ entry.titel | safe }}",
            "\n<p>{{ entry.titel | json }}",
            "\n<p>{{ entry.titel | upper }}",
            "\n<p>{{ titel | safe }}",
            "\n{% for x in entry.titel %}{% endfor %}",
        ] {
            let told = made(text).unwrap_err();
            assert!(told.starts_with("error: templates/404.html:2: "), "{text}: {told}");
            assert!(told.contains("titel` is not defined"), "{text}: {told}");
        }
    }

    #[test]
    fn what_a_component_lacks_is_told_where_it_is_called() {
        let text = "\n\n{{ <count link={wombat} /> }}";
        let templates = with(&[("404.html", text)]);
        let view = std::collections::BTreeMap::from([("a", "")]);
        let told = templates.render("404.html", "404.html", &view).unwrap_err().to_string();
        assert!(
            told.starts_with("error: templates/404.html:3: `link` is not defined in comp"),
            "{told}"
        );
        // What is wrong in a component of the archive's own is told there.
        let own = "{% component mine(link) %}\n{{ link.nam }}{% endcomponent mine %}";
        let text = text.replace("count", "mine").replace("wombat", "page");
        let templates = with(&[("404.html", &text), ("mine.html", own)]);
        let view = std::collections::BTreeMap::from([("page", &view)]);
        let told = templates.render("404.html", "404.html", &view).unwrap_err().to_string();
        assert!(told.starts_with("error: templates/mine.html:2: "), "{told}");
    }

    #[test]
    fn a_template_of_the_archives_own_replaces_the_built_in_one() {
        let templates =
            Templates::new(&[("404.html".into(), "mine {{ a }}".into())], &english()).unwrap();
        let view = std::collections::BTreeMap::from([("a", "<b>")]);
        assert_eq!(templates.render("404.html", "404.html", &view).unwrap(), "mine &lt;b&gt;");
    }
}
