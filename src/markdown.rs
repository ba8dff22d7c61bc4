//! Markdown to HTML, the curator's words told apart from the publisher's. The only user of
//! pulldown-cmark.
//!
//! `CommonMark` with tables, footnotes and GitHub's alerts. Alerts, footnotes and redactions are the
//! curator's; everything else is the publisher's. HTML in the text is shown as text unless the archive allows
//! it, links lead only to http, https, mail and pages of the site, and nothing is fetched from
//! another host: a picture that stands elsewhere becomes a link to it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use pulldown_cmark::{
    BlockQuoteKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html,
};

mod asides;
mod characters;
mod margin;
mod picture;
mod redact;
mod sign;
mod voice;

pub use asides::{Aside, asides};
pub use characters::{is_unseen, legal};
pub use picture::{Shown, shown_pictures};
pub use redact::{ANY as REDACTED, alike, has_redaction, title_html, title_words};
pub use voice::{
    altered, covers, curator_text, found_text, lost_phrases, missing, publisher_markdown,
    publisher_text, publisher_voice, shown_text, shown_words, told_text, warning,
};

use crate::picture::Pictures;
use crate::words::Words;

use redact::Hidden;
use sign::Signature;

/// What a piece of Markdown is rendered for.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Whether HTML in the text is used as HTML.
    pub raw_html: bool,
    /// The level of the heading above the text, 1 to 5: its own headings go below.
    pub under: u8,
    /// What every id begins with, so that several texts can stand on one page.
    pub prefix: &'a str,
    /// The way from the page to the root of the site: empty, or `../` once or more.
    pub root: &'a str,
    /// What the program says itself.
    pub words: &'a Words,
    /// What is known of the site's pictures.
    pub pictures: Option<&'a Pictures>,
}

/// A picture, recording or post that a text mentions and the archive does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// `image`, `video`, `audio` or `post`: what stands behind `missing:`.
    pub kind: String,
    /// The words that describe it.
    pub label: String,
    /// The line of the text that it stands on, counted from 0.
    pub line: usize,
}

/// What marks something that is not held, as the target of a link or picture.
pub const MISSING: &str = "missing:";

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM
}

/// The name of an annotation, and the key of its label.
fn annotation(kind: BlockQuoteKind) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("note", "note.note"),
        BlockQuoteKind::Important => ("correction", "note.correction"),
        BlockQuoteKind::Warning => ("warning", "note.warning"),
        BlockQuoteKind::Caution => ("unverified", "note.unverified"),
        BlockQuoteKind::Tip => ("see-also", "note.see_also"),
    }
}

/// Returns the key of what readers see above an annotation of a kind, by its name; `None` for a
/// footnote.
pub fn annotation_label(name: &str) -> Option<&'static str> {
    use BlockQuoteKind::{Caution, Important, Note, Tip, Warning};
    let kinds = [Note, Important, Warning, Caution, Tip].map(annotation);
    kinds.iter().find(|(known, _)| *known == name).map(|(_, label)| *label)
}

/// What something that is not held is called: the keys of its name, and of its name with the words
/// that it is not held.
fn missing_keys(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "video" => ("missing.video_name", "missing.video"),
        "audio" => ("missing.audio_name", "missing.audio"),
        "post" => ("missing.post_name", "missing.post"),
        _ => ("missing.picture_name", "missing.picture"),
    }
}

/// Renders Markdown as HTML.
pub fn render(text: &str, setting: &Setting<'_>) -> String {
    let hidden = Hidden::of(text);
    let parser = Parser::new_ext(&hidden.text, options());
    let events = if setting.raw_html { parser.collect() } else { parser.map(as_text).collect() };
    let events = margin::link(events, setting.prefix, setting.words.say("note.see_note"));
    let level = HeadingLevel::try_from(usize::from(setting.under) + 1).unwrap_or(HeadingLevel::H6);
    let (notes, out) = (Notes::default(), String::new());
    let mut writer = Writer { setting, level, hidden: &hidden, notes, out };
    writer.blocks(events);
    writer.footnotes();
    match hidden.in_attributes(&writer.out, setting.words) {
        Cow::Owned(html) => html,
        Cow::Borrowed(_) => writer.out,
    }
}

/// HTML as the text that it is where it is not to be used as HTML.
fn as_text(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        event => event,
    }
}

/// Footnotes: the number of each by its label, and the events of each definition.
#[derive(Default)]
struct Notes<'a> {
    numbers: Vec<CowStr<'a>>,
    definitions: BTreeMap<String, Vec<Event<'a>>>,
}

struct Writer<'a, 's> {
    setting: &'s Setting<'s>,
    /// The level of every heading in the text. One for all: a text can open with its smallest
    /// heading, and a page must not skip a level.
    level: HeadingLevel,
    hidden: &'s Hidden<'s>,
    notes: Notes<'a>,
    out: String,
}

impl<'a> Writer<'a, '_> {
    /// Writes a run of events.
    fn blocks(&mut self, events: Vec<Event<'a>>) {
        let ready = self.ready(events);
        html::push_html(&mut self.out, lone_pictures(ready).into_iter());
    }

    /// Turns events into what is written for them, and takes the footnotes out.
    fn ready(&mut self, events: Vec<Event<'a>>) -> Vec<Event<'a>> {
        let mut ready = Vec::with_capacity(events.len());
        let mut events = events.into_iter();
        while let Some(event) = events.next() {
            match event {
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    let inner = take_until(&mut events, TagEnd::FootnoteDefinition);
                    self.notes.definitions.entry(label.to_string()).or_default().extend(inner);
                }
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    let inner = take_until(&mut events, TagEnd::Image);
                    let dest_url = self.hidden.words(&dest_url, self.setting.words);
                    ready.push(raw(self.picture(&dest_url, &title, &plain(&inner))));
                }
                Event::Start(Tag::BlockQuote(Some(kind))) => {
                    let inner = take_until(&mut events, TagEnd::BlockQuote(Some(kind)));
                    self.note(kind, inner, &mut ready);
                }
                Event::Text(text) if self.hidden.stands_in(&text) => {
                    ready.push(raw(self
                        .hidden
                        .html(&escape(&text), self.setting.words)
                        .into_owned()));
                }
                Event::Start(Tag::Link { dest_url, .. }) if dest_url.starts_with(MISSING) => {
                    let label = plain(&take_until(&mut events, TagEnd::Link));
                    let span = self.missing(&dest_url[MISSING.len()..], &label, "");
                    ready.push(raw(self.hidden.html(&span, self.setting.words).into_owned()));
                }
                Event::Start(Tag::Link { dest_url, title, link_type, .. }) => {
                    let mail = link_type == LinkType::Email;
                    let dest_url =
                        if mail { format!("mailto:{dest_url}").into() } else { dest_url };
                    let mut inner = self.ready(take_until(&mut events, TagEnd::Link));
                    let dest_url = self.hidden.words(&dest_url, self.setting.words);
                    if says_nothing(&inner) {
                        // A link without words can be seen and heard by its address alone.
                        inner.push(Event::Text(dest_url.to_string().into()));
                    }
                    let Some(dest_url) = target(&dest_url, self.setting.root) else {
                        ready.extend(inner);
                        continue;
                    };
                    let (link_type, id) = (LinkType::Inline, CowStr::Borrowed(""));
                    let link = Tag::Link { link_type, dest_url: dest_url.into(), title, id };
                    ready.push(Event::Start(link));
                    ready.extend(inner);
                    ready.push(Event::End(TagEnd::Link));
                }
                Event::Start(Tag::Table(columns)) => {
                    // A wide table scrolls by itself, also for who has only a keyboard.
                    let label = escape(self.setting.words.say("note.table"));
                    let open = format!(
                        "<div class=\"table\" role=\"group\" aria-label=\"{label}\" tabindex=\"0\">\n"
                    );
                    ready.extend([Event::Html(open.into()), Event::Start(Tag::Table(columns))]);
                }
                Event::End(TagEnd::Table) => {
                    ready.extend([Event::End(TagEnd::Table), Event::Html("</div>\n".into())]);
                }
                event => ready.push(self.event(event)),
            }
        }
        ready
    }

    /// Turns an alert into what is written for it.
    fn note(
        &mut self,
        kind: BlockQuoteKind,
        mut inner: Vec<Event<'a>>,
        ready: &mut Vec<Event<'a>>,
    ) {
        let (name, label) = annotation(kind);
        let label = escape(self.setting.words.say(label));
        let (place, id) = margin::take_number(&mut inner).map_or_else(Default::default, |number| {
            (" margin", format!(" id=\"{}margin-{number}\"", self.setting.prefix))
        });
        let signature = Signature::take(&mut inner);
        let by = signature.as_ref().map(Signature::attributes).unwrap_or_default();
        let head = format!(
            "<div class=\"note note-{name}{place}\"{id} role=\"note\" aria-label=\"{label}\" data-voice=\"curator\"{by}>\n<p class=\"label\">{label}</p>\n"
        );
        ready.push(Event::Html(head.into()));
        let inner = self.ready(inner);
        ready.extend(inner);
        let line =
            signature.map(|signature| signature.line(self.setting.words)).unwrap_or_default();
        ready.push(Event::Html(format!("{line}</div>\n").into()));
    }

    /// Turns one event into what is written for it.
    fn event(&mut self, event: Event<'a>) -> Event<'a> {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                let (id, classes, attrs) = (None, Vec::new(), Vec::new());
                Event::Start(Tag::Heading { level: self.level, id, classes, attrs })
            }
            Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(self.level)),
            Event::FootnoteReference(label) => raw(self.reference(label)),
            event => event,
        }
    }

    /// Writes the mark of a footnote.
    fn reference(&mut self, label: CowStr<'a>) -> String {
        let known = self.notes.numbers.iter().position(|other| *other == label);
        let first = known.is_none();
        let number = known.unwrap_or_else(|| {
            self.notes.numbers.push(label);
            self.notes.numbers.len() - 1
        }) + 1;
        let prefix = self.setting.prefix;
        let label = self.setting.words.fill("note.footnote", &[("number", &number.to_string())]);
        let label = escape(&label);
        let id = if first { format!(" id=\"{prefix}ref-{number}\"") } else { String::new() };
        format!(
            "<sup class=\"mark\" data-voice=\"curator\"><a{id} href=\"#{prefix}note-{number}\" aria-label=\"{label}\">{number}</a></sup>"
        )
    }

    /// Writes the footnotes that were referred to, in that order.
    fn footnotes(&mut self) {
        if self.notes.numbers.is_empty() && self.notes.definitions.is_empty() {
            return;
        }
        let words = self.setting.words;
        let _ = write!(
            self.out,
            "<div class=\"footnotes\" data-voice=\"curator\">\n<p class=\"label\">{}</p>\n<ol>\n",
            escape(words.say("note.footnotes"))
        );
        let mut number = 0;
        // A footnote can refer to another, which then follows.
        while let Some(label) = self.notes.numbers.get(number).cloned() {
            number += 1;
            let prefix = self.setting.prefix;
            let events = self.notes.definitions.remove(label.as_ref()).unwrap_or_default();
            self.footnote(&format!(" id=\"{prefix}note-{number}\""), events);
            let _ = writeln!(
                self.out,
                "<p class=\"back\"><a href=\"#{prefix}ref-{number}\">{}<span class=\"hidden\"> {}</span></a></p></li>",
                escape(words.say("note.back")),
                escape(&words.fill("note.back_of", &[("number", &number.to_string())]))
            );
        }
        // A footnote that nothing refers to is a curator's word all the same.
        for events in std::mem::take(&mut self.notes.definitions).into_values() {
            self.footnote("", events);
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ol>\n</div>\n");
    }

    /// Writes one footnote, but for its end.
    fn footnote(&mut self, id: &str, mut events: Vec<Event<'a>>) {
        let signature = Signature::take(&mut events);
        let by = signature.as_ref().map(Signature::attributes).unwrap_or_default();
        let _ = write!(self.out, "<li{id}{by}>");
        self.blocks(events);
        self.out.push_str(
            &signature.map(|signature| signature.line(self.setting.words)).unwrap_or_default(),
        );
    }

    /// Writes what stands for something that is not held.
    fn missing(&self, kind: &str, caption: &str, alt: &str) -> String {
        let words = self.setting.words;
        let said = if caption.is_empty() { alt } else { caption };
        let mut html = String::from("<span class=\"missing\"><b>");
        // "Twitter post" says more than "Post".
        if kind == "post" && !said.is_empty() {
            html.push_str(&escape(&words.fill("missing.named", &[("name", said)])));
            html.push_str("</b></span>");
            return html;
        }
        let (_, name) = missing_keys(kind);
        html.push_str(&escape(words.say(name)));
        if said.is_empty() {
            html.push_str("</b>");
        } else {
            let _ = write!(html, ":</b> {}", escape(said));
        }
        if !caption.is_empty() && !alt.is_empty() && alt != caption {
            let described = escape(words.say("missing.described"));
            let _ = write!(html, " <span class=\"alt\"><b>{described}</b> {}</span>", escape(alt));
        }
        html.push_str("</span>");
        html
    }
}

/// Takes the events up to the end of the element that was just opened.
fn take_until<'a>(events: &mut impl Iterator<Item = Event<'a>>, end: TagEnd) -> Vec<Event<'a>> {
    let mut depth = 0;
    let mut taken = Vec::new();
    for event in events {
        match &event {
            Event::Start(tag) if tag.to_end() == end => depth += 1,
            Event::End(tag) if *tag == end => {
                if depth == 0 {
                    break;
                }
                depth -= 1;
            }
            _ => {}
        }
        taken.push(event);
    }
    taken
}

fn raw(html: String) -> Event<'static> {
    Event::InlineHtml(html.into())
}

/// Whether nobody sees or hears anything of what is ready to be written.
fn says_nothing(events: &[Event<'_>]) -> bool {
    events.iter().all(|event| match event {
        Event::Text(text) | Event::Code(text) => is_unseen(text),
        Event::InlineHtml(html) => html.starts_with("<img ") && html.contains(" alt=\"\""),
        Event::Html(_) => false,
        _ => true,
    })
}

/// A paragraph that holds only a picture, or only what stands for one, is set as its caption is.
fn lone_pictures(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out: Vec<Event<'_>> = Vec::with_capacity(events.len());
    for event in events {
        if let (
            Event::End(TagEnd::Paragraph),
            [.., Event::Start(Tag::Paragraph), Event::InlineHtml(inner)],
        ) = (&event, out.as_slice())
            && (inner.starts_with("<span class=\"missing\"") || inner.starts_with("<img "))
        {
            let class = if inner.starts_with("<img ") { "picture" } else { "missing" };
            let block = format!("<p class=\"{class}\">{inner}</p>\n");
            out.truncate(out.len() - 2);
            out.push(Event::Html(block.into()));
            continue;
        }
        out.push(event);
    }
    out
}

/// The scheme of an address, in lower case; `None` for a path.
fn scheme(url: &str) -> Option<String> {
    let head = url.split(['/', '?', '#']).next().unwrap_or_default();
    head.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase())
}

/// An address as a browser reads it: without control characters and blanks around it. A backslash
/// would count as a slash, and so lead to another host.
fn clean(url: &str) -> String {
    let url: String = url.chars().filter(|c| !c.is_control()).collect();
    url.trim().replace('\\', "%5C")
}

/// Returns where a link may lead from a page whose way to the root is `root`; `None` for a scheme
/// that could run a program or read a file, and for no address at all.
fn target(url: &str, root: &str) -> Option<String> {
    let url = &clean(url);
    match scheme(url).as_deref() {
        Some("http" | "https" | "mailto") => Some(url.clone()),
        Some(_) => None,
        None if url.is_empty() => None,
        None if url.starts_with("//") || url.starts_with('#') => Some(url.clone()),
        // A text stands on several pages; its paths count from the root of the site.
        None => Some(format!("{root}{}", url.trim_start_matches('/'))),
    }
}

/// Escapes an address for an attribute of HTML: what no address may hold is percent-encoded.
fn address(url: &str) -> String {
    let mut html = String::new();
    // Writing to a string cannot fail.
    let _ = pulldown_cmark_escape::escape_href(&mut html, url);
    html
}

/// Escapes text for HTML, in elements and in attributes.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The text of a run of events.
fn plain(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(
                TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_) | TagEnd::TableCell,
            ) => {
                text.push('\n');
            }
            _ => {}
        }
    }
    text
}

/// Whether an event opens or closes something that is the curator's.
fn curators(event: &Event<'_>) -> Option<bool> {
    match event {
        Event::Start(Tag::BlockQuote(Some(_)) | Tag::FootnoteDefinition(_)) => Some(true),
        Event::End(TagEnd::BlockQuote(Some(_)) | TagEnd::FootnoteDefinition) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
#[path = "markdown_tests.rs"]
mod tests;
