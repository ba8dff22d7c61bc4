//! Lines to pieces: what each line, or run of lines, of a text dump is.
//!
//! Nothing here knows of entries beyond their first lines; [`super::text`] puts pieces together.

use super::day::Page;
use super::lines::Line;
use super::marks::{Mark, Marks};
use super::stamp;
use crate::format::{Format, MediaRule, Pattern, Way};
use crate::import::{Embed, Media};

/// A credit longer than this is a sentence that happens to hold the word.
const LONGEST_CREDIT: usize = 120;
/// The longest line that holds a day and nothing else, in bytes.
const LONGEST_DAY: usize = 60;
/// The head of a page without stamps is no longer than this, in lines.
const LONGEST_HEAD: usize = 30;

/// The first line of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// The title, empty where the line holds none.
    pub(super) title: String,
    /// The stamp as it is written.
    pub(super) stamp: String,
    /// Who wrote the entry.
    pub(super) author: String,
    /// Words before the stamp of which it is not decided yet what they are.
    pub(super) before: String,
    /// Whether the publisher marks the entry as a key event.
    pub(super) key: bool,
}

/// What a line, or a run of lines, is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Nothing to see.
    Blank,
    /// The first line of an entry.
    Head(Head),
    /// Another line of what [`Token::Head`] holds.
    HeadMore,
    /// The line with which an entry ends.
    End,
    /// When the entry was changed.
    Updated(String),
    /// The mark of a key event: of the entry below, or of this one.
    Key(bool),
    /// The day of the entries below.
    Day(String),
    /// A line of this name below which the entries begin.
    Stream(String),
    /// The page's own title.
    PageTitle(String),
    /// The line above the summary.
    SummaryHead,
    /// One point of the summary.
    Point(String),
    /// Dropped by the rule of this name.
    Discarded(String),
    /// The first line of a footer of this name.
    Footer(String),
    /// A picture or a recording.
    Media(Media),
    /// A post of somebody else: itself, its words in the body, and the rule that found it.
    Embed(Embed, String, String),
    /// A quotation and who said it, a paragraph each.
    Quote(Vec<String>),
    /// An item of a list, and how far it stands in.
    Item(usize, String),
    /// A paragraph.
    Text(String),
    /// No rule explains it.
    Unread,
}

/// A token and the lines it was made of, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// What it is.
    pub(super) token: Token,
    /// Its first line.
    pub(super) first: usize,
    /// Its last line.
    pub(super) last: usize,
}

/// The part of a page that a line stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Section {
    Preamble,
    Summary,
    Entries,
    Footer(String),
}

/// A token, and the line behind its last one.
type Found = Option<(Token, usize)>;

/// What a line means depends on where it stands and what follows it.
struct Scanner<'a> {
    lines: &'a [Line],
    format: &'a Format,
    marks: &'a Marks,
    /// The indentation that bodies keep in this dump; 0 where it was lost.
    indent: usize,
    section: Section,
}

/// Returns what every line of a dump is, and what is wrong with them.
pub(super) fn pieces(
    lines: &[Line],
    format: &Format,
    marks: &Marks,
) -> (Vec<Piece>, Vec<(usize, String)>) {
    // Where only titles or the ends of entries are told, the first entry may begin anywhere.
    let outer = match marks.way {
        Way::Shape | Way::Separator => Section::Entries,
        _ => Section::Preamble,
    };
    let indent = body_indent(lines, format);
    let mut scanner = Scanner { lines, format, marks, indent, section: outer.clone() };
    let (mut pieces, mut problems) = (Vec::new(), Vec::new());
    let mut first = 0;
    while first < lines.len() {
        if scanner.section == Section::Summary && scanner.ends_summary(first) {
            scanner.section = outer.clone();
        }
        let found = Scanner::RULES.iter().find_map(|rule| rule(&scanner, first));
        let (token, next) = found
            .unwrap_or_else(|| (Token::Text(scanner.stripped(lines[first].text())), first + 1));
        match &token {
            Token::Head(_) | Token::Stream(_) => scanner.section = Section::Entries,
            Token::SummaryHead => scanner.section = Section::Summary,
            Token::Footer(name) => scanner.section = Section::Footer(name.clone()),
            Token::Embed(_, _, name) if scanner.is_cut_off(name, next) => {
                problems.push((first, format!("this {name} breaks off after line {next}")));
            }
            _ => {}
        }
        let rest = scanner.rest_of_head(&token, first);
        pieces.push(Piece { token, first, last: next - 1 });
        if let Some(words) = rest {
            pieces.push(Piece { token: Token::Text(words), first, last: first });
        }
        first = next;
    }
    (pieces, problems)
}

/// The format's indentation, unless most lines of this dump below the first head have lost it.
fn body_indent(lines: &[Line], format: &Format) -> usize {
    let is_head = |line: &Line| format.entry.start.iter().any(|start| start.is_match(line.whole()));
    let bodies = lines.iter().skip_while(|line| !is_head(line));
    let (kept, lost): (Vec<_>, Vec<_>) = bodies
        .filter(|line| !line.is_blank() && !is_head(line))
        .partition(|line| line.indent >= format.entry.indent);
    if kept.len() >= lost.len() { format.entry.indent } else { 0 }
}

impl Scanner<'_> {
    /// What a line can be, in the order in which it is tried.
    const RULES: [fn(&Self, usize) -> Found; 19] = [
        Self::blank,
        Self::mark,
        Self::head,
        Self::page_title,
        Self::stream,
        Self::summary_head,
        Self::footer,
        Self::embed,
        Self::updated,
        Self::key,
        Self::discard,
        Self::day,
        Self::point,
        Self::page_zone,
        Self::above_first,
        Self::outside,
        Self::media,
        Self::quote,
        Self::item,
    ];

    fn blank(&self, at: usize) -> Found {
        let count = self.lines[at..].iter().take_while(|line| line.is_blank()).count();
        (count > 0).then_some((Token::Blank, at + count))
    }

    /// What the election of marks found.
    fn mark(&self, at: usize) -> Found {
        let head = match self.marks.lines.get(&at)? {
            Mark::Separator => return Some((Token::End, at + 1)),
            Mark::Item(_) => Head::default(),
            Mark::Stamp(hit) => {
                let key = self.is_key(&hit.rest);
                let (stamp, before) = (hit.stated.clone(), hit.before.clone());
                Head { stamp, before, key, ..Head::default() }
            }
        };
        Some((Token::Head(head), at + 1))
    }

    /// The words behind the stamp of a head, on its line.
    fn rest_of_head(&self, token: &Token, at: usize) -> Option<String> {
        if !matches!(token, Token::Head(_)) {
            return None;
        }
        let words = match self.marks.lines.get(&at)? {
            Mark::Separator => return None,
            Mark::Item(words) => words,
            Mark::Stamp(hit) => &hit.rest,
        };
        let is_label = self.format.entry.label.iter().any(|label| label.is_match(words));
        (!words.is_empty() && !is_label && !self.is_key(words)).then(|| self.stripped(words))
    }

    /// Whether words mark a key event.
    fn is_key(&self, words: &str) -> bool {
        self.format.entry.key.iter().any(|key| key.is_match(words))
    }

    fn key(&self, at: usize) -> Found {
        if !self.is_key(self.lines[at].text()) {
            return None;
        }
        let below = self.lines[at + 1..].iter().position(|line| !line.is_blank());
        let leads = below.is_some_and(|n| self.marks.lines.contains_key(&(at + 1 + n)));
        (leads || self.section == Section::Entries).then_some((Token::Key(leads), at + 1))
    }

    /// The line directly above the first stamp may be its entry's title.
    fn above_first(&self, at: usize) -> Found {
        let below = self.lines[at + 1..].iter().position(|line| !line.is_blank())? + at + 1;
        let first = self.section == Section::Preamble
            && self.marks.way == Way::Stamp
            && !Page::is_dated(self.lines[at].text())
            && matches!(self.marks.lines.get(&below), Some(Mark::Stamp(_)));
        first.then(|| (Token::Text(self.stripped(self.lines[at].text())), at + 1))
    }

    fn stream(&self, at: usize) -> Found {
        let text = self.lines[at].text();
        let rule = self.format.page.stream.iter().find(|rule| rule.pattern.is_match(text))?;
        Some((Token::Stream(rule.name.clone()), at + 1))
    }

    fn updated(&self, at: usize) -> Found {
        if self.section != Section::Entries {
            return None;
        }
        let text = self.lines[at].text();
        let found = self.format.entry.updated.iter().find_map(|rule| rule.captures(text))?;
        let stamp = found.name("stamp").map_or("", |stamp| stamp.as_str());
        Some((Token::Updated(stamp.trim().to_string()), at + 1))
    }

    /// A day alone on its line is that of the entries below, and a stamp alone below an equal one
    /// says nothing new.
    fn day(&self, at: usize) -> Found {
        let text = self.lines[at].text();
        if self.marks.way != Way::Stamp
            || text.len() > LONGEST_DAY
            || !text.bytes().any(|b| b.is_ascii_digit())
        {
            return None;
        }
        let stamp = stamp::whole(text)?;
        let day = stamp.date.is_some_and(|date| date.day > 0);
        if day && stamp.clock.is_none() {
            return Some((Token::Day(text.to_string()), at + 1));
        }
        let above = self.lines[..at].iter().rposition(|line| !line.is_blank())?;
        let Some(Mark::Stamp(hit)) = self.marks.lines.get(&above) else { return None };
        let same = hit.rest.is_empty()
            && stamp.date.is_none()
            && stamp.clock.is_some()
            && stamp.clock.map(|clock| clock.time) == hit.stamp.clock.map(|clock| clock.time);
        same.then(|| (Token::Discarded("same stamp again".to_string()), at + 1))
    }

    /// Whether a line belongs to a summary no longer.
    fn ends_summary(&self, at: usize) -> bool {
        let is_point = |line: &Line| {
            self.format.summary.as_ref().is_some_and(|rule| rule.point.is_match(line.whole()))
        };
        !self.lines[at].is_blank() && !is_point(&self.lines[at]) && self.discard(at).is_none()
    }

    fn head(&self, at: usize) -> Found {
        let whole = self.lines[at].whole();
        let bare = self.format.entry.bare.iter().filter(|_| self.section == Section::Entries);
        let starts = self.format.entry.start.iter();
        let found = starts.chain(bare).find_map(|start| start.captures(whole))?;
        let group = |name| found.name(name).map_or(String::new(), |m| m.as_str().trim().into());
        let (title, stamp, author) = (group("title"), group("stamp"), group("author"));
        Some((Token::Head(Head { title, stamp, author, ..Head::default() }), at + 1))
    }

    fn page_title(&self, at: usize) -> Found {
        if self.section != Section::Preamble {
            return None;
        }
        let text = self.lines[at].text();
        let found = self.format.page.title.iter().find_map(|title| title.captures(text))?;
        Some((Token::PageTitle(found.name("title")?.as_str().to_string()), at + 1))
    }

    /// The line that says in which zone the clocks of the page are: read already, and no entry's.
    fn page_zone(&self, at: usize) -> Found {
        // Without stamps nothing tells where the page's head ends; its first lines are its own.
        let head =
            self.section == Section::Preamble || (self.marks.lines.is_empty() && at < LONGEST_HEAD);
        let names =
            head && self.format.page.zone.iter().any(|zone| zone.is_match(self.lines[at].text()));
        names.then(|| (Token::Discarded("page zone".to_string()), at + 1))
    }

    fn summary_head(&self, at: usize) -> Found {
        let summary = self.format.summary.as_ref()?;
        summary.head.is_match(self.lines[at].whole()).then_some((Token::SummaryHead, at + 1))
    }

    fn footer(&self, at: usize) -> Found {
        if self.section != Section::Entries {
            return None;
        }
        let whole = self.lines[at].whole();
        let rule = self.format.footer.iter().find(|rule| rule.pattern.is_match(whole))?;
        Some((Token::Footer(rule.name.clone()), at + 1))
    }

    fn discard(&self, at: usize) -> Found {
        if let Section::Footer(name) = &self.section {
            return Some((Token::Discarded(name.clone()), at + 1));
        }
        let text = self.lines[at].text();
        let rule = self.format.discard.iter().find(|rule| rule.pattern.is_match(text))?;
        Some((Token::Discarded(rule.name.clone()), at + 1))
    }

    fn point(&self, at: usize) -> Found {
        if self.section != Section::Summary {
            return None;
        }
        let summary = self.format.summary.as_ref()?;
        let found = summary.point.captures(self.lines[at].whole())?;
        Some((Token::Point(self.stripped(found.name("point")?.as_str())), at + 1))
    }

    /// What stands above the first entry, or further out than any body, is nobody's.
    fn outside(&self, at: usize) -> Found {
        let inside = self.section == Section::Entries && self.lines[at].indent >= self.indent;
        (!inside).then_some((Token::Unread, at + 1))
    }

    fn embed(&self, at: usize) -> Found {
        if self.section != Section::Entries {
            return None;
        }
        self.format.embed.iter().find_map(|rule| {
            let (mut wanted, mut end, mut network) = (0, at, String::new());
            for (line, index) in self.lines[at..].iter().zip(at..) {
                if line.is_blank() {
                    continue;
                }
                let patterns = rule.lines.iter().enumerate().skip(wanted);
                let Some((place, pattern)) =
                    patterns.into_iter().find(|(_, p)| p.is_match(line.text()))
                else {
                    break;
                };
                if network.is_empty()
                    && let Some(name) =
                        pattern.captures(line.text()).and_then(|c| c.name("network"))
                {
                    network = name.as_str().to_string();
                }
                (wanted, end) = (place + 1, index + 1);
            }
            let label = rule.label.replace("{network}", &network).trim().to_string();
            let embed = Embed { kind: rule.kind.clone(), provider: network, ..Embed::default() };
            (end > at).then(|| (Token::Embed(embed, label, rule.name.clone()), end))
        })
    }

    /// Whether the block of the rule `name` that ends before line `next` lacks its last line.
    fn is_cut_off(&self, name: &str, next: usize) -> bool {
        let rules = self.format.embed.iter().filter(|rule| rule.name == name);
        let last = rules.filter_map(|rule| rule.lines.last());
        !last.into_iter().any(|pattern| pattern.is_match(self.lines[next - 1].text()))
    }

    fn media(&self, at: usize) -> Found {
        let (rule, mut media) = self.media_lines(at)?;
        let mut next = at + rule.lines.len();
        if rule.caption_below
            && let Some(below) = self.plain_below(next)
        {
            media.caption = self.stripped(self.lines[below].text());
            next = below + 1;
        }
        Some((Token::Media(media), next))
    }

    /// Returns the first rule that the lines from `at` on fit, and what they say.
    fn media_lines(&self, at: usize) -> Option<(&MediaRule, Media)> {
        self.format.media.iter().find_map(|rule| {
            let lines = self.lines.get(at..at + rule.lines.len())?;
            // From the last pattern on: it is the most telling, and the first may fit any line.
            let fits = |(line, pattern): (&Line, &Pattern)| {
                !line.is_blank() && pattern.is_match(line.text())
            };
            if !lines.iter().zip(&rule.lines).rev().all(fits) {
                return None;
            }
            let mut media = Media { kind: rule.kind.name().to_string(), ..Media::default() };
            for (line, pattern) in lines.iter().zip(&rule.lines) {
                let Some(found) = pattern.captures(line.text()) else { continue };
                for (name, field) in [
                    ("alt", &mut media.alt),
                    ("caption", &mut media.caption),
                    ("credit", &mut media.credit),
                ] {
                    if let Some(group) = found.name(name) {
                        *field = group.as_str().trim().to_string();
                    }
                }
            }
            (media.credit.chars().count() <= LONGEST_CREDIT).then_some((rule, media))
        })
    }

    fn quote(&self, at: usize) -> Found {
        let text = self.lines[at].text();
        self.format.quote.iter().find_map(|rule| {
            let quoted = match &rule.mark {
                Some(mark) if mark.is_match(text) => self.plain_below(at + 1)?,
                Some(_) => return None,
                None => at,
            };
            let mut words = vec![self.stripped(self.lines[quoted].text())];
            let below = self
                .plain_below(quoted + 1)
                .filter(|below| rule.attribution.is_match(self.lines[*below].text()));
            if let Some(below) = below {
                words.push(self.stripped(self.lines[below].text()));
            } else if rule.mark.is_none() {
                return None;
            }
            Some((Token::Quote(words), below.unwrap_or(quoted) + 1))
        })
    }

    fn item(&self, at: usize) -> Found {
        let line = &self.lines[at];
        let mark = self.format.list.as_ref()?.item.find(line.text())?;
        Some((Token::Item(line.indent, self.stripped(&line.text()[mark.end()..])), at + 1))
    }

    /// Returns the next line from `at` on that is not blank, if it is a plain paragraph.
    fn plain_below(&self, at: usize) -> Option<usize> {
        let blank = self.lines[at..].iter().take_while(|line| line.is_blank()).count();
        let next = at + blank;
        let line = self.lines.get(next)?;
        let is_mark = |mark: &Pattern| mark.is_match(line.text());
        let claimed = self.mark(next).is_some()
            || self.head(next).is_some()
            || self.updated(next).is_some()
            || self.summary_head(next).is_some()
            || self.footer(next).is_some()
            || self.embed(next).is_some()
            || self.discard(next).is_some()
            || self.outside(next).is_some()
            || self.media_lines(next).is_some()
            || self.item(next).is_some()
            || self.format.quote.iter().filter_map(|rule| rule.mark.as_ref()).any(is_mark);
        (!claimed).then_some(next)
    }

    /// Returns a line without the words that the format cuts out.
    fn stripped(&self, text: &str) -> String {
        let mut text = text.to_string();
        for rule in &self.format.strip {
            if rule.pattern.is_match(&text) {
                text = rule.pattern.replace_all(&text, rule.replace.as_str()).into_owned();
            }
        }
        text.truncate(text.trim_end().len());
        text
    }
}
