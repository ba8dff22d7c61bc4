//! The publisher's voice in a text that a curator has annotated.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::redact::{self, ANY, Hidden};
use super::{MISSING, Missing, curators, margin, missing_keys, options, plain, take_until};
use crate::diff;
use crate::words::Words;

/// The events of the publisher's words, each with its place in the text.
fn publishers(text: &str) -> Vec<(Event<'_>, Range<usize>)> {
    let mut depth = 0_usize;
    let mut list = Vec::new();
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match curators(&event) {
            Some(true) => depth += 1,
            Some(false) => depth = depth.saturating_sub(1),
            None if depth == 0 && !matches!(event, Event::FootnoteReference(_)) => {
                list.push((event, range));
            }
            None => {}
        }
    }
    list
}

/// The publisher's words, a block a line; marks of redactions are still behind their stand-ins.
/// `told` says in which words to tell of pictures and what is not held; without it, only captions are
/// kept.
fn blocks(text: &str, told: Option<&Words>) -> String {
    lines(&seen(text, told))
}

/// What events say, a block a line.
fn lines(events: &[Event<'_>]) -> String {
    let lines = plain(events);
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The events of the publisher's words; of pictures and what is not held, as [`blocks`] has them.
fn seen<'a>(text: &'a str, told: Option<&Words>) -> Vec<Event<'a>> {
    let mut kept: Vec<Event<'_>> = Vec::new();
    let mut events = publishers(text).into_iter().map(|(event, _)| event);
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Image { title, dest_url, .. }) => {
                let alt = plain(&take_until(&mut events, TagEnd::Image));
                let words = match told {
                    Some(words) => picture(&dest_url, &title, &alt, words).into(),
                    None => title,
                };
                kept.push(Event::Text(words));
            }
            Event::Start(Tag::Link { dest_url, .. }) if dest_url.starts_with(MISSING) => {
                let inner = take_until(&mut events, TagEnd::Link);
                kept.extend(inner.into_iter().filter(|_| told.is_some()));
            }
            event => kept.push(event),
        }
    }
    kept
}

/// A picture in words. Whether it is held makes no difference: filling it in is no change.
fn picture(url: &str, caption: &str, alt: &str, words: &Words) -> String {
    let (name, _) = missing_keys(url.strip_prefix(MISSING).unwrap_or_default());
    let name = words.say(name);
    match if caption.is_empty() { alt } else { caption } {
        "" => name.to_string(),
        words => format!("{name}: {words}"),
    }
}

/// Returns the publisher's words as plain text, a block a line, with pictures and what is not held
/// in words: what two texts are compared by for readers.
pub fn told_text(text: &str, words: &Words) -> String {
    let hidden = Hidden::of(text);
    hidden.words(&blocks(&hidden.text, Some(words)), words).into_owned()
}

/// Returns the publisher's words as plain text, a block a line, without annotations, redactions and
/// the marks of what is not held; captions are kept.
pub fn publisher_text(text: &str) -> String {
    let hidden = Hidden::of(text);
    hidden.without(&blocks(&hidden.text, None)).into_owned()
}

/// Returns the same for readers: what was taken out is said.
pub fn shown_text(text: &str, words: &Words) -> String {
    let hidden = Hidden::of(text);
    hidden.words(&blocks(&hidden.text, None), words).into_owned()
}

/// Returns the same for a search: one character, [`ANY`], stands for each redaction.
pub fn found_text(text: &str) -> String {
    let hidden = Hidden::of(text);
    hidden.alike(&blocks(&hidden.text, None)).into_owned()
}

/// Returns the curator's words as plain text, a block a line: annotations and footnotes, with one
/// character, [`ANY`], for each redaction.
pub fn curator_text(text: &str) -> String {
    if !text.contains("[!") && !text.contains("[^") {
        return String::new();
    }
    let hidden = Hidden::of(text);
    let mut depth = 0_usize;
    let mut kept: Vec<Event<'_>> = Vec::new();
    for event in Parser::new_ext(&hidden.text, options()) {
        match curators(&event) {
            Some(true) => depth += 1,
            Some(false) => depth = depth.saturating_sub(1),
            None if depth > 0 => kept.push(event),
            None => {}
        }
    }
    let lines = plain(&kept);
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    hidden.alike(&lines.collect::<Vec<_>>().join("\n")).into_owned()
}

/// Returns the same with the words in the HTML of a text, which stand on the page, too: as they are
/// written, or without their tags where HTML is used as HTML.
pub fn shown_words(text: &str, raw_html: bool, words: &Words) -> String {
    // Nearly every text has none.
    if !text.contains('<') {
        return shown_text(text, words);
    }
    let hidden = Hidden::of(text);
    let mut kept: Vec<Event<'_>> = Vec::new();
    let mut html = String::new();
    for event in seen(&hidden.text, None) {
        match event {
            Event::Html(tags) if raw_html => html.push_str(&tags),
            Event::InlineHtml(_) if raw_html => {}
            Event::End(TagEnd::HtmlBlock) if raw_html => {
                let tree = crate::import::tree::Tree::parse(&std::mem::take(&mut html));
                kept.push(Event::Text(tree.words(0).into()));
                kept.push(Event::End(TagEnd::Paragraph));
            }
            event => kept.push(super::as_text(event)),
        }
    }
    hidden.words(&lines(&kept), words).into_owned()
}

/// Returns what a text mentions and the archive does not hold, for the curator.
pub fn missing(text: &str) -> Vec<Missing> {
    let hidden = Hidden::of(text);
    let mut list = Vec::new();
    let mut events = publishers(&hidden.text).into_iter().peekable();
    while let Some((event, range)) = events.next() {
        let Event::Start(Tag::Image { dest_url, title, .. } | Tag::Link { dest_url, title, .. }) =
            event
        else {
            continue;
        };
        if let Some(kind) = dest_url.strip_prefix(MISSING) {
            let label = match events.peek() {
                Some((Event::Text(words), _)) if title.is_empty() => words.to_string(),
                _ => title.to_string(),
            };
            let label = hidden.words(&label, Words::english()).into_owned();
            let line = text[..range.start].matches('\n').count();
            list.push(Missing { kind: kind.to_string(), label, line });
        }
    }
    list
}

/// Returns the phrase of every marginal note that no longer stands in the publisher's words, with
/// the line of the note, counted from 0.
pub fn lost_phrases(text: &str) -> Vec<(String, usize)> {
    if !text.contains("[!") {
        return Vec::new();
    }
    let (events, places): (Vec<_>, Vec<_>) =
        Parser::new_ext(text, options()).into_offset_iter().unzip();
    let lost = margin::lost(&events).into_iter();
    lost.map(|(phrase, at)| (phrase, text[..places[at].start].matches('\n').count())).collect()
}

/// Returns the first line of the content warning in a text, `> [!WARNING]`; it covers the text.
pub fn warning(text: &str, words: &Words) -> Option<String> {
    if !text.contains("[!") {
        return None;
    }
    let hidden = Hidden::of(text);
    let mut events = Parser::new_ext(&hidden.text, options());
    let kind = pulldown_cmark::BlockQuoteKind::Warning;
    events.find(|event| *event == Event::Start(Tag::BlockQuote(Some(kind))))?;
    let is_end = |event: &Event<'_>| {
        matches!(
            event,
            Event::SoftBreak
                | Event::HardBreak
                | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::BlockQuote(_))
        )
    };
    let line: Vec<_> = events.take_while(|event| !is_end(event)).collect();
    let line = plain(&line);
    Some(hidden.words(line.trim(), words).into_owned())
}

/// Returns the line, counted from 0, on which `ours` first says something else in the publisher's
/// voice than `base` does; `None` where both say the same.
///
/// Annotations do not count, nor does filling in what was `missing:`, nor a description of such a
/// picture where the publisher gave none, nor how lines are wrapped, nor a redaction in the place of
/// words.
pub fn altered(base: &str, ours: &str) -> Option<usize> {
    let line = |at: usize| ours[..at].matches('\n').count();
    let end = ours.trim_end().matches('\n').count();
    let (base, theirs) = (voice(base), voice_without(ours, &undescribed(base)));
    if theirs.iter().any(|(said, _)| said.contains(ANY)) {
        let tokens = |list: &[(String, usize)]| -> Vec<(String, usize)> {
            list.iter().flat_map(|(said, at)| tokens(said).map(|t| (t, *at))).collect()
        };
        let theirs = tokens(&theirs);
        let at = first_uncovered(&tokens(&base), &theirs)?;
        return Some(theirs.get(at).map_or(end, |(_, at)| line(*at)));
    }
    let mut theirs = theirs.into_iter();
    for (what, _) in &base {
        match theirs.next() {
            Some((said, _)) if same(what, &said) => {}
            Some((_, at)) => return Some(line(at)),
            None => return Some(end),
        }
    }
    theirs.next().map(|(_, at)| line(at))
}

/// Whether a line of text, such as a title, says what `base` says but for redactions.
pub fn covers(base: &str, ours: &str) -> bool {
    if base == ours {
        return true;
    }
    let tokens = |text: &str| tokens(text).map(|token| (token, 0)).collect::<Vec<_>>();
    let ours = redact::alike(ours);
    ours.contains(ANY) && first_uncovered(&tokens(base), &tokens(&ours)).is_none()
}

/// Cuts what is said into words, single other signs, and blanks.
fn tokens(said: &str) -> impl Iterator<Item = String> {
    // A target counts as a whole, because that of something missing may be filled in.
    let pieces = if said.starts_with("target ") { vec![said] } else { diff::word_tokens(said) };
    let blank = |token: &str| token.chars().all(char::is_whitespace);
    pieces
        .into_iter()
        .map(|token| if blank(token) { " ".to_string() } else { token.to_string() })
        .collect::<Vec<_>>()
        .into_iter()
}

/// Returns the place in `ours` where it first says something else than `base`, where a redaction
/// stands for one token or more; `None` if it never does.
fn first_uncovered(base: &[(String, usize)], ours: &[(String, usize)]) -> Option<usize> {
    let is_any = |token: &(String, usize)| token.0.chars().eq([ANY]);
    let agree = |b: &(String, usize), o: &(String, usize)| same(&b.0, &o.0);
    let mut segments: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for at in (0..ours.len()).filter(|at| is_any(&ours[*at])) {
        segments.push(start..at);
        start = at + 1;
    }
    let last = start..ours.len();
    let mut from = 0;
    for (number, segment) in segments.iter().enumerate() {
        let wanted = &ours[segment.clone()];
        if number == 0 {
            let common = base.iter().zip(wanted).take_while(|(b, o)| agree(b, o)).count();
            if common < wanted.len() {
                return Some(common);
            }
            from = common;
        } else {
            let agreed =
                |at: usize| base[at..].iter().zip(wanted).take_while(|(b, o)| agree(b, o)).count();
            let places = from.min(base.len())..=base.len();
            let Some(at) = places.clone().find(|at| agreed(*at) == wanted.len()) else {
                return Some(segment.start + places.map(agreed).max().unwrap_or_default());
            };
            from = at + wanted.len();
        }
        // The mark stands for one token at least.
        from += 1;
    }
    let wanted = &ours[last.clone()];
    let common =
        base.iter().rev().zip(wanted.iter().rev()).take_while(|(b, o)| agree(b, o)).count();
    if common < wanted.len() {
        return Some(last.end - common - 1);
    }
    (from + wanted.len() > base.len()).then_some(last.start)
}

fn same(base: &str, ours: &str) -> bool {
    base == ours
        || base
            .split_once(MISSING)
            .is_some_and(|(head, _)| head == "target " && ours.starts_with("target "))
}

/// Returns what the publisher says in a text, in a form of which a hash can be kept: notes, the way
/// lines are wrapped, and the reasons of redactions leave it as it is.
pub fn publisher_voice(text: &str) -> String {
    voice(text).into_iter().map(|(said, _)| said + "\n").collect()
}

/// The pictures of a text that are not held and that the publisher does not describe, by their
/// number among its pictures.
fn undescribed(text: &str) -> BTreeSet<usize> {
    if !text.contains("![](") {
        return BTreeSet::new();
    }
    let mut numbers = BTreeSet::new();
    let mut number = 0;
    let mut events = publishers(text).into_iter().map(|(event, _)| event).peekable();
    while let Some(event) = events.next() {
        if let Event::Start(Tag::Image { dest_url, .. }) = event {
            if dest_url.starts_with(MISSING) && events.peek() == Some(&Event::End(TagEnd::Image)) {
                numbers.insert(number);
            }
            number += 1;
        }
    }
    numbers
}

/// What the publisher says, in a form that two texts can be compared by.
fn voice(text: &str) -> Vec<(String, usize)> {
    voice_without(text, &BTreeSet::new())
}

/// The same, without the descriptions of some pictures, by their number.
fn voice_without(text: &str, passed: &BTreeSet<usize>) -> Vec<(String, usize)> {
    let hidden = Hidden::of(text);
    let mut number = 0;
    let mut is_passed = false;
    let mut list: Vec<(String, usize)> = Vec::new();
    let mut words = String::new();
    let mut words_at = 0;
    for (event, range) in publishers(&hidden.text) {
        match event {
            Event::Start(Tag::Image { .. }) => {
                is_passed = passed.contains(&number);
                number += 1;
            }
            Event::End(TagEnd::Image) => is_passed = false,
            _ if is_passed => continue,
            _ => {}
        }
        let piece = match &event {
            Event::Text(text) | Event::Code(text) => text.to_string(),
            Event::SoftBreak => " ".to_string(),
            event => {
                flush(&mut list, &mut words, words_at);
                list.extend(shape(event).into_iter().map(|shape| (shape, range.start)));
                continue;
            }
        };
        if words.is_empty() {
            words_at = range.start;
        }
        words.push_str(&piece);
    }
    flush(&mut list, &mut words, words_at);
    for (said, _) in &mut list {
        if hidden.stands_in(said) {
            *said = hidden.alike(said).into_owned();
        }
    }
    list
}

fn flush(list: &mut Vec<(String, usize)>, words: &mut String, at: usize) {
    let said = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if !said.is_empty() {
        list.push((format!("words {said}"), at));
    }
    words.clear();
}

/// What of an event's shape counts as said.
fn shape(event: &Event<'_>) -> Vec<String> {
    match event {
        Event::Start(Tag::Image { dest_url, title, .. } | Tag::Link { dest_url, title, .. }) => {
            vec![format!("target {dest_url}"), format!("title {title}")]
        }
        Event::End(TagEnd::Image | TagEnd::Link) | Event::Start(Tag::Paragraph) => Vec::new(),
        Event::Start(tag) => vec![format!("open {:?}", tag.to_end())],
        Event::End(tag) => vec![format!("close {tag:?}")],
        Event::Html(text) | Event::InlineHtml(text) => vec![format!("html {}", text.trim())],
        other => vec![format!("{other:?}")],
    }
}

/// Returns the publisher's Markdown as it is written, without annotations and their marks, one blank
/// for every run of blanks, a line for every paragraph.
pub fn publisher_markdown(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    let mut at = 0;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        let mark = depth == 0 && matches!(event, Event::FootnoteReference(_));
        let opens = curators(&event);
        if mark || (opens == Some(true) && depth == 0) {
            kept.push_str(text.get(at..range.start).unwrap_or_default());
            at = range.end.max(at);
        }
        match opens {
            Some(true) => depth += 1,
            Some(false) => depth = depth.saturating_sub(1),
            None => {}
        }
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    let paragraphs =
        kept.split("\n\n").map(|block| block.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs.filter(|block| !block.is_empty()).collect::<Vec<_>>().join("\n")
}
