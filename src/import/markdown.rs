//! A publisher's plain text as Markdown: escaped where Markdown would read more into it than words,
//! and nowhere else, so that it stays readable.
//!
//! "Markdown" is `CommonMark` with tables, footnotes and GitHub's alerts, as `pulldown-cmark` reads
//! them. A paragraph is one line here, so nothing that takes two lines (tables, setext headings)
//! can arise.

use crate::import::Media;

/// A part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph.
    Text(String),
    /// An item of a list, and how far it stands in.
    Item(usize, String),
    /// A quotation, a paragraph each.
    Quote(Vec<String>),
    /// A picture or a recording.
    Media(Media),
    /// A post of somebody else: its kind and its words.
    Embed(String, String),
    /// A block that is Markdown already, and its words without any marks.
    Written(String, String),
}

/// Writes a body.
pub(super) fn body(blocks: &[Block]) -> String {
    let mut body = String::new();
    let mut levels: Vec<usize> = Vec::new();
    for block in blocks {
        let Block::Item(indent, words) = block else {
            levels.clear();
            separate(&mut body, "\n\n");
            write(&mut body, block);
            continue;
        };
        separate(&mut body, if levels.is_empty() { "\n\n" } else { "\n" });
        levels.retain(|level| level < indent);
        body.push_str(&"  ".repeat(levels.len()));
        levels.push(*indent);
        body.push_str("- ");
        // Dashes behind the item's own would make a thematic break of both.
        if words.starts_with('-') && words.chars().all(|c| matches!(c, '-' | ' ' | '\t')) {
            body.push_str(&words.replacen('-', "\\-", 1));
        } else {
            write_text(&mut body, words);
        }
    }
    body
}

fn separate(body: &mut String, separator: &str) {
    if !body.is_empty() {
        body.push_str(separator);
    }
}

fn write(body: &mut String, block: &Block) {
    match block {
        Block::Text(words) | Block::Item(_, words) => write_text(body, words),
        Block::Quote(paragraphs) => {
            for (at, words) in paragraphs.iter().enumerate() {
                body.push_str(if at == 0 { "> " } else { "\n>\n> " });
                write_text(body, words);
            }
        }
        Block::Media(media) => body.push_str(&self::media(media)),
        Block::Written(markdown, _) => body.push_str(markdown),
        Block::Embed(kind, words) => {
            let words = label(words);
            body.extend(["[", &words, "](missing:", kind, ")"]);
        }
    }
}

/// Writes a picture or a recording that the dump mentions and does not hold.
pub(super) fn media(media: &Media) -> String {
    media_at(media, &format!("missing:{}", media.kind))
}

/// Writes a picture or a recording that stands at an address.
pub(super) fn media_at(media: &Media, address: &str) -> String {
    let caption = match (media.caption.as_str(), media.credit.as_str()) {
        ("", words) | (words, "") => words.to_string(),
        (caption, credit) => {
            let said = caption.trim_end_matches(['"', '\'', '”', '’', ')']);
            let stop = if said.ends_with(['.', '!', '?', '…']) { "" } else { "." };
            format!("{caption}{stop} {credit}")
        }
    };
    let title =
        if caption.is_empty() { String::new() } else { format!(" \"{}\"", quoted(&caption)) };
    format!("![{}]({}{title})", label(&media.alt), self::address(address))
}

/// Writes one line of text as a paragraph, a quotation's or an item's.
pub(super) fn text(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    write_text(&mut out, plain);
    out
}

fn write_text(out: &mut String, plain: &str) {
    if !could_be_read_otherwise(plain) {
        out.push_str(plain);
        return;
    }
    let chars: Vec<char> = plain.chars().collect();
    let at_start = start_escape(&chars);
    let pairs = Pairs::of(&chars);
    for (index, &c) in chars.iter().enumerate() {
        if at_start == Some(index) || is_special(&chars, index, &pairs) {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Whether a line holds any character that could have to be escaped; most hold none.
fn could_be_read_otherwise(plain: &str) -> bool {
    let bytes = plain.as_bytes();
    let opens = matches!(bytes.first(), Some(b'#' | b'>' | b'-' | b'+' | b'~' | b'0'..=b'9'));
    let is_mark =
        |byte: u8| matches!(byte, b'\\' | b'`' | b'*' | b'_' | b'[' | b']' | b'<' | b'&' | b'{');
    // Many bytes at once, which a search that may stop at any of them is not.
    opens || bytes.iter().fold(false, |found, byte| found | is_mark(*byte))
}

/// Writes a part of a line that stands between links or emphasis: what is next to it is not known,
/// so more is escaped than [`text`] has to.
pub(super) fn part(plain: &str) -> String {
    let chars: Vec<char> = plain.chars().collect();
    let at_start = start_escape(&chars);
    let pairs = Pairs { flank: vec![false; chars.len()], code: true };
    let mut out = String::with_capacity(plain.len() + 8);
    for (index, &c) in chars.iter().enumerate() {
        let is_last = index + 1 == chars.len();
        let special = match c {
            '[' | ']' => true,
            '!' => is_last,
            '<' if is_last => true,
            '*' | '_' => {
                let before = index.checked_sub(1).map_or('a', |at| chars[at]);
                let after = chars.get(index + 1).copied().unwrap_or('a');
                let at_edge = index == 0 || is_last;
                (c == '*' && at_edge) || can_flank(c, Some(before), Some(after))
            }
            _ => is_special(&chars, index, &pairs),
        };
        if special || at_start == Some(index) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Writes an address between round brackets.
pub(super) fn address(url: &str) -> String {
    let chars: Vec<char> = url.chars().collect();
    let mut out = String::with_capacity(url.len());
    for (index, &c) in chars.iter().enumerate() {
        match c {
            ' ' => out.push_str("%20"),
            '\\' => out.push_str("%5C"),
            c if c.is_whitespace() || c.is_control() => {}
            '(' | ')' | '<' | '>' => out.extend(['\\', c]),
            '&' if is_entity(&chars[index..]) => out.push_str("\\&"),
            c => out.push(c),
        }
    }
    out
}

/// Writes one line of text between square brackets.
pub(super) fn label(plain: &str) -> String {
    let chars: Vec<char> = plain.chars().collect();
    let pairs = Pairs { code: true, ..Pairs::of(&chars) };
    let mut out = String::with_capacity(plain.len());
    for (index, &c) in chars.iter().enumerate() {
        if matches!(c, '[' | ']') || is_special(&chars, index, &pairs) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Writes one line of text between double quotes.
fn quoted(plain: &str) -> String {
    let chars: Vec<char> = plain.chars().collect();
    let mut out = String::with_capacity(plain.len());
    for (index, &c) in chars.iter().enumerate() {
        let special = match c {
            '"' => true,
            '\\' => escapes(&chars, index),
            '&' => is_entity(&chars[index..]),
            '{' => is_redaction(&chars[index..]),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Where the marks of a line could enclose something.
struct Pairs {
    /// For every character, whether it is a `*` or `_` that could open or close emphasis.
    flank: Vec<bool>,
    code: bool,
}

impl Pairs {
    fn of(chars: &[char]) -> Self {
        let mut flank = vec![false; chars.len()];
        let mut start = 0;
        for run in chars.chunk_by(|a, b| a == b) {
            let end = start + run.len();
            if matches!(run[0], '*' | '_') {
                let before = start.checked_sub(1).map(|at| chars[at]);
                flank[start..end].fill(can_flank(run[0], before, chars.get(end).copied()));
            }
            start = end;
        }
        for mark in ['*', '_'] {
            // One alone has nothing to enclose.
            let marks: Vec<_> =
                (0..chars.len()).filter(|&i| chars[i] == mark && flank[i]).collect();
            if let [only] = marks[..] {
                flank[only] = false;
            }
        }
        let code = chars.iter().filter(|c| **c == '`').take(2).count() == 2;
        Self { flank, code }
    }
}

/// Whether a mark anywhere in a line would be read as more than itself.
fn is_special(chars: &[char], at: usize, pairs: &Pairs) -> bool {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '\\' => escapes(chars, at),
        '`' => pairs.code,
        '*' | '_' => pairs.flank[at],
        '[' => next == Some('^'),
        ']' => matches!(next, Some('(' | '[' | ':')),
        '<' => next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
        '&' => is_entity(&chars[at..]),
        '{' => is_redaction(&chars[at..]),
        _ => false,
    }
}

/// Whether a text opens as the mark of words does that a curator took out.
fn is_redaction(chars: &[char]) -> bool {
    let inner = chars.strip_prefix(&['{', '{']).unwrap_or_default();
    let word = inner.iter().skip_while(|c| c.is_whitespace());
    word.take("redacted".len()).copied().eq("redacted".chars())
}

/// Whether the backslash at `at` would escape what follows it, or break a line at the end.
fn escapes(chars: &[char], at: usize) -> bool {
    chars.get(at + 1).is_none_or(char::is_ascii_punctuation)
}

/// Whether a run of `*` or `_` between these two characters can open or close emphasis.
fn can_flank(mark: char, before: Option<char>, after: Option<char>) -> bool {
    let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let apart = is_space(before) && is_space(after);
    let within = mark == '_' && is_letter(before) && is_letter(after);
    !apart && !within
}

/// Whether an entity such as `&amp;` or `&#39;` begins here.
fn is_entity(chars: &[char]) -> bool {
    // The longest name that HTML knows has 31 letters.
    let rest = chars[1..].iter().take(40);
    let name = rest.take_while(|c| c.is_ascii_alphanumeric() || **c == '#').count();
    name > 0 && chars.get(name + 1) == Some(&';')
}

/// Whether a run of `*` can open emphasis of what begins with `first`, or close it mirrored,
/// wherever `outside` stands on its other side. Says no where Unicode's tables would be needed.
pub(super) fn can_enclose(outside: Option<char>, inside: Option<char>) -> bool {
    // Letters in circles and boxes are symbols to Markdown.
    let is_symbol = |c: char| matches!(c, '\u{2460}'..='\u{24ff}' | '\u{1f100}'..='\u{1f1ff}');
    let is_letter = |c: char| c.is_alphabetic() && !is_symbol(c) || c.is_ascii_digit();
    let free = outside.is_none_or(|c| c.is_whitespace() || c.is_ascii_punctuation());
    inside.is_some_and(|c| !c.is_whitespace() && (is_letter(c) || free))
}

/// Returns where to escape the beginning of a line that would open a block.
fn start_escape(chars: &[char]) -> Option<usize> {
    let ends_or_space = |at: usize| chars.get(at).is_none_or(|c| matches!(c, ' ' | '\t'));
    let run = |mark: char| chars.iter().take_while(|c| **c == mark).count();
    let first = *chars.first()?;
    let opens = match first {
        '#' => run('#') <= 6 && ends_or_space(run('#')),
        '>' => true,
        '-' | '+' | '*' | '_' => (first != '_' && ends_or_space(1)) || is_rule(chars, first),
        '`' | '~' => run(first) >= 3,
        '[' => chars.get(1) == Some(&'!'),
        '0'..='9' => return ordinal_end(chars).filter(|&end| ends_or_space(end + 1)),
        _ => false,
    };
    opens.then_some(0)
}

/// Whether the line is a thematic break.
fn is_rule(chars: &[char], mark: char) -> bool {
    let marks = chars.iter().filter(|c| **c == mark).count();
    mark != '+' && marks >= 3 && chars.iter().all(|c| *c == mark || matches!(c, ' ' | '\t'))
}

/// Returns where the `.` or `)` of an ordered list's number stands.
fn ordinal_end(chars: &[char]) -> Option<usize> {
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    ((1..=9).contains(&digits) && matches!(chars.get(digits), Some('.' | ')'))).then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    fn events(markdown: &str) -> Vec<Event<'_>> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
        Parser::new_ext(markdown, options).collect()
    }

    /// The words of a text, and a mark for everything that is not words.
    fn words(markdown: &str) -> String {
        events(markdown)
            .into_iter()
            .map(|event| match event {
                Event::Text(text) => text.to_string(),
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => String::new(),
                other => format!("\u{0}{other:?}"),
            })
            .collect()
    }

    fn image(markdown: &str) -> Option<(String, String)> {
        let (mut alt, mut title) = (String::new(), None);
        for event in events(markdown) {
            match event {
                Event::Start(Tag::Image { title: t, .. }) => title = Some(t.to_string()),
                Event::Text(text) => alt.push_str(&text),
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                other => panic!("{other:?}"),
            }
        }
        title.map(|title| (alt, title))
    }

    fn line() -> impl Strategy<Value = String> {
        let marks = r#"[-+*_~`#<>&;!\[\]()|:=\\"'./x?a1 ^]{0,24}"#;
        let hard = prop_oneof![
            marks,
            "(&amp;|&#39;|<b>|</b>|<!--|\\[x\\]\\(y\\)|\\[\\^1\\]|\\*\\*|__|``|a|é| |—){0,8}",
            "([-*_+] ?){1,5}[a ]?",
            "[0-9]{1,10}[.)] ?a?",
            "\\PC{0,40}",
        ];
        hard.prop_map(|text| crate::import::lines::plain(&text))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn a_paragraph_reads_as_its_words(plain in line()) {
            prop_assert_eq!(words(&text(&plain)), plain);
        }

        #[test]
        fn an_item_and_a_quotation_read_as_their_words(plain in line()) {
            prop_assume!(!plain.is_empty());
            let marks = ["\u{0}Start(List(None))", "\u{0}Start(Item)", "\u{0}End(Item)", "\u{0}End(List(false))"];
            let [open, item, end, close] = marks;
            let list = words(&body(&[Block::Item(0, plain.clone())]));
            prop_assert_eq!(list, format!("{open}{item}{plain}{end}{close}"));
            let quote = words(&body(&[Block::Quote(vec![plain.clone(), plain.clone()])]));
            let (open, close) = ("\u{0}Start(BlockQuote(None))", "\u{0}End(BlockQuote(None))");
            prop_assert_eq!(quote, format!("{open}{plain}{plain}{close}"));
        }

        #[test]
        fn a_picture_keeps_its_words(alt in line(), caption in line(), credit in line()) {
            let kind = "image".to_string();
            let media = Media { kind, alt: alt.clone(), caption: caption.clone(), credit: credit.clone() };
            let (read_alt, title) = image(&super::media(&media)).unwrap();
            prop_assert_eq!(read_alt, alt);
            prop_assert!(title.starts_with(&caption) && title.ends_with(&credit));
        }
    }

    #[test]
    fn what_markdown_leaves_alone_is_left_alone() {
        for plain in [
            "5 * 3 * 2 and a_name_here",
            "a footnote* to a price of £2.50 [sic] & more, AT&T",
            "#hashtag, 3 < 4 > 2, 2016. - then -",
            "1.5 million; a | b | c; ~ten~; (see [here])",
            "\"Quoted\" it's — C:\\temp … http://example.org/a_b_c",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn what_markdown_would_read_is_escaped_once() {
        for (plain, written) in [
            ("1. first", "1\\. first"),
            ("- dash", "\\- dash"),
            ("# head", "\\# head"),
            ("*bold* words", "\\*bold\\* words"),
            ("[a](b)", "[a\\](b)"),
            ("[!NOTE]", "\\[!NOTE]"),
            ("a[^1]", "a\\[^1]"),
            ("&amp; <b>", "\\&amp; \\<b>"),
            ("---", "\\---"),
        ] {
            assert_eq!(text(plain), written);
        }
    }

    #[test]
    fn a_caption_and_a_credit_make_one_title() {
        let written = |alt: &str, caption: &str, credit: &str| {
            let [alt, caption, credit] = [alt, caption, credit].map(str::to_string);
            media(&Media { kind: "image".into(), alt, caption, credit })
        };
        assert_eq!(written("A [map]", "Seen", "PA"), "![A \\[map\\]](missing:image \"Seen. PA\")");
        assert_eq!(written("", "Seen.", "PA"), "![](missing:image \"Seen. PA\")");
        assert_eq!(written("", "", "PA"), "![](missing:image \"PA\")");
        assert_eq!(written("", "The \"end\"", ""), "![](missing:image \"The \\\"end\\\"\")");
        assert_eq!(written("A", "", ""), "![A](missing:image)");
    }

    #[test]
    fn lists_nest_by_their_indentation() {
        let item = |indent: usize, words: &str| Block::Item(indent, words.to_string());
        let blocks =
            [item(4, "a"), item(6, "b"), item(6, "c"), item(4, "d"), Block::Text("e".into())];
        assert_eq!(body(&blocks), "- a\n  - b\n  - c\n- d\n\ne");
    }
}
