//! Lines to pieces: what each line, or run of lines, of a text dump is.
//!
//! Nothing here knows of entries beyond their first lines; [`super::text`] puts pieces together.

use std::collections::BTreeSet;

use super::lines::Line;
use super::marks::{Hit, Mark, Marks};
use super::stamp;
use crate::format::{Fits, Format, MediaRule, PINNED, Pattern, Way};
use crate::import::{Embed, Media};

/// A credit longer than this, in bytes, is a sentence that happens to hold the word.
const LONGEST_CREDIT: usize = 120;
/// A caption longer than this, in bytes, is a paragraph.
const LONGEST_CAPTION: usize = 600;
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
    /// Words behind the stamp, until they are a piece of their own.
    pub(super) rest: String,
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
    /// Who wrote the entry, said behind its first lines.
    Signature(String),
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
    /// The entry whose stamp stands directly above is pinned.
    Pinned,
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
    lines: &'a [Line<'a>],
    format: &'a Format,
    marks: &'a Marks,
    /// For every line, the patterns that fit it.
    fits: &'a [Fits],
    /// The indentation that bodies keep in this dump; 0 where it was lost.
    indent: usize,
    section: Section,
}

/// Returns what every line of a dump is, and what is wrong with them.
pub(super) fn pieces(
    lines: &[Line],
    format: &Format,
    marks: &Marks,
    fits: &[Fits],
) -> (Vec<Piece>, Vec<(usize, String)>) {
    // Where only titles or the ends of entries are told, the first entry may begin anywhere.
    let outer = match marks.way {
        Way::Shape | Way::Separator => Section::Entries,
        _ => Section::Preamble,
    };
    let indent = body_indent(lines, format, fits);
    let mut scanner = Scanner { lines, format, marks, fits, indent, section: outer.clone() };
    let (mut pieces, mut problems) = (Vec::new(), Vec::new());
    let mut first = 0;
    while first < lines.len() {
        if scanner.section == Section::Summary && scanner.ends_summary(first) {
            scanner.section = outer.clone();
        }
        let found = Scanner::RULES.iter().find_map(|rule| rule(&scanner, first));
        let (mut token, next) = found
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
        let rest = scanner.rest_of_head(&mut token);
        pieces.push(Piece { token, first, last: next - 1 });
        if let Some(words) = rest {
            pieces.push(Piece { token: Token::Text(words), first, last: first });
        }
        first = next;
    }
    (pieces, problems)
}

/// The format's indentation, unless most lines of this dump below the first head have lost it.
fn body_indent(lines: &[Line], format: &Format, fits: &[Fits]) -> usize {
    if format.entry.indent == 0 {
        return 0;
    }
    let heads: BTreeSet<usize> = (0..lines.len())
        .filter(|at| format.entry.start.iter().any(|p| fits[*at].has(p, lines[*at].whole())))
        .collect();
    let first = heads.first().copied().unwrap_or_default();
    let bodies = (first..lines.len()).filter(|at| !lines[*at].is_blank() && !heads.contains(at));
    let (kept, lost): (Vec<_>, Vec<_>) =
        bodies.partition(|at| lines[*at].indent >= format.entry.indent);
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
        Self::signature,
        Self::key,
        Self::discard,
        Self::day,
        Self::point,
        Self::page_zone,
        Self::outside,
        Self::media,
        Self::quote,
        Self::item,
    ];

    /// Whether a pattern that sees lines without their indentation fits this one.
    fn fits(&self, pattern: &Pattern, at: usize) -> bool {
        self.fits[at].has(pattern, self.lines[at].text())
    }

    /// Whether a pattern that sees lines with their indentation fits this one.
    fn fits_whole(&self, pattern: &Pattern, at: usize) -> bool {
        self.fits[at].has(pattern, self.lines[at].whole())
    }

    fn blank(&self, at: usize) -> Found {
        let count = self.lines[at..].iter().take_while(|line| line.is_blank()).count();
        (count > 0).then_some((Token::Blank, at + count))
    }

    /// What the election of marks found.
    fn mark(&self, at: usize) -> Found {
        let head = match self.marks.lines.get(&at)? {
            Mark::Separator => return Some((Token::End, at + 1)),
            Mark::Item(words) => Head { rest: words.clone(), ..Head::default() },
            Mark::Stamp(hit) => {
                let key = self.is_key(&hit.rest);
                let (stamp, before) = (hit.stated.clone(), hit.before.clone());
                Head { stamp, before, rest: hit.rest.clone(), key, ..Head::default() }
            }
        };
        Some((Token::Head(head), at + 1))
    }

    /// Takes the words behind the stamp of a head, on its line, unless they are a label.
    fn rest_of_head(&self, token: &mut Token) -> Option<String> {
        let Token::Head(head) = token else { return None };
        let words = std::mem::take(&mut head.rest);
        let is_label = || self.format.entry.label.iter().any(|label| label.is_match(&words));
        (!words.is_empty() && !is_label() && !self.is_key(&words)).then(|| self.stripped(&words))
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

    fn stream(&self, at: usize) -> Found {
        let rule = self.format.page.stream.iter().find(|rule| self.fits(&rule.pattern, at))?;
        let above = self.lines[..at].iter().rposition(|line| !line.is_blank());
        let stamp = above.and_then(|above| self.marks.lines.get(&above));
        if rule.name == PINNED && matches!(stamp, Some(Mark::Stamp(_))) {
            return Some((Token::Pinned, at + 1));
        }
        Some((Token::Stream(rule.name.clone()), at + 1))
    }

    fn updated(&self, at: usize) -> Found {
        if self.section != Section::Entries {
            return None;
        }
        let text = self.lines[at].text();
        let rule = self.format.entry.updated.iter().find(|rule| self.fits(rule, at))?;
        let found = rule.captures(text)?;
        let stamp = found.name("stamp").map_or("", |stamp| stamp.as_str());
        Some((Token::Updated(stamp.trim().to_string()), at + 1))
    }

    fn signature(&self, at: usize) -> Found {
        if self.section != Section::Entries {
            return None;
        }
        let text = self.lines[at].text();
        let rule = self.format.entry.signature.iter().find(|rule| self.fits(rule, at))?;
        let found = rule.captures(text)?;
        Some((Token::Signature(found.name("author")?.as_str().trim().to_string()), at + 1))
    }

    /// A day alone on its line is that of the entries below, and a stamp alone below an equal one
    /// says nothing new.
    fn day(&self, at: usize) -> Found {
        let text = self.lines[at].text();
        if self.marks.way != Way::Stamp || text.len() > LONGEST_DAY {
            return None;
        }
        let again = || Some((Token::Discarded("same stamp again".to_string()), at + 1));
        let next = self.lines[at + 1..].iter().position(|line| !line.is_blank());
        let below = next.and_then(|next| match self.marks.lines.get(&(at + 1 + next))? {
            Mark::Stamp(hit) => Some(hit),
            _ => None,
        });
        // Entries that are items of a list put their bullet before the day.
        let plain = text.trim_start_matches(['•', ' ']);
        let mut soon = (at + 1..self.lines.len()).filter(|at| !self.lines[*at].is_blank()).take(2);
        if plain.len() < text.len()
            && !soon.any(|at| matches!(self.marks.lines.get(&at), Some(Mark::Stamp(_))))
        {
            return None;
        }
        let Some(stamp) = stamp::whole(plain.trim_matches(['(', ')'])) else {
            // "Thursday", above the first clock of that day.
            let is_day =
                below.is_some_and(|hit| hit.stamp.date.is_none()) && stamp::is_weekday(text);
            return is_day.then(|| (Token::Day(text.to_string()), at + 1));
        };
        let day = stamp.date.is_some_and(|date| date.day > 0);
        if day && stamp.clock.is_none() {
            // Posts of other networks end in their date, which is nobody else's.
            let above = self.lines[..at].iter().rev().filter(|line| !line.is_blank()).take(2);
            let of_post = above.into_iter().any(|line| is_of_post(line.text()));
            return (!of_post).then(|| (Token::Day(plain.to_string()), at + 1));
        }
        // "2 hours ago", and below it the clock; or the clock, and below it with its zone.
        let clock = stamp.clock.map(|clock| clock.time);
        let outdone = |hit: &Hit| {
            let theirs = hit.stamp.clock.map(|clock| clock.time);
            theirs.is_some() && (stamp.ago.is_some() || (clock == theirs && hit.rest.is_empty()))
        };
        if stamp.date.is_none() && below.is_some_and(outdone) {
            return again();
        }
        let above = self.lines[..at].iter().rposition(|line| !line.is_blank())?;
        let Some(Mark::Stamp(hit)) = self.marks.lines.get(&above) else { return None };
        let same = hit.rest.is_empty()
            && stamp.date.is_none()
            && stamp.clock.is_some()
            && stamp.clock.map(|clock| clock.time) == hit.stamp.clock.map(|clock| clock.time);
        if same { again() } else { None }
    }

    /// Whether a line belongs to a summary no longer.
    fn ends_summary(&self, at: usize) -> bool {
        let is_point =
            self.format.summary.as_ref().is_some_and(|rule| self.fits_whole(&rule.point, at));
        !self.lines[at].is_blank() && !is_point && self.discard(at).is_none()
    }

    /// What the format's first lines of an entry find on a line that no rule discards.
    fn starts(&self, at: usize) -> Option<regex::Captures<'_>> {
        let line = &self.lines[at];
        let bare = self.format.entry.bare.iter().filter(|_| self.section == Section::Entries);
        let starts = self.format.entry.start.iter();
        let mut starts = starts.chain(bare).filter(|start| self.fits_whole(start, at));
        let found = starts.find_map(|start| start.captures(line.whole()))?;
        let dropped = self.format.discard.iter().any(|rule| self.fits(&rule.pattern, at));
        (!dropped).then_some(found)
    }

    fn head(&self, at: usize) -> Found {
        let found = self.starts(at)?;
        let group = |name| found.name(name).map_or(String::new(), |m| m.as_str().trim().into());
        let (title, stamp, author) = (group("title"), group("stamp"), group("author"));
        let rest = group("body");
        Some((Token::Head(Head { title, stamp, author, rest, ..Head::default() }), at + 1))
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
        if !self.fits_whole(&summary.head, at) {
            return None;
        }
        // Among entries with stamps it is the title of one, or words of it.
        let in_entry = self.section == Section::Entries && self.marks.way == Way::Stamp;
        (!in_entry).then_some((Token::SummaryHead, at + 1))
    }

    fn footer(&self, at: usize) -> Found {
        if self.section != Section::Entries {
            return None;
        }
        let rule = self.format.footer.iter().find(|rule| self.fits_whole(&rule.pattern, at))?;
        Some((Token::Footer(rule.name.clone()), at + 1))
    }

    fn discard(&self, at: usize) -> Found {
        if let Section::Footer(name) = &self.section {
            return Some((Token::Discarded(name.clone()), at + 1));
        }
        let rule = self.format.discard.iter().find(|rule| self.fits(&rule.pattern, at))?;
        Some((Token::Discarded(rule.name.clone()), at + 1))
    }

    fn point(&self, at: usize) -> Found {
        if self.section != Section::Summary {
            return None;
        }
        let summary = self.format.summary.as_ref()?;
        if !self.fits_whole(&summary.point, at) {
            return None;
        }
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
                    patterns.into_iter().find(|(_, p)| self.fits(p, index))
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
            if end == at {
                return None;
            }
            let label = rule.label.replace("{network}", &network).trim().to_string();
            let embed = Embed { kind: rule.kind.clone(), provider: network, ..Embed::default() };
            Some((Token::Embed(embed, label, rule.name.clone()), end))
        })
    }

    /// Whether the block of the rule `name` that ends before line `next` lacks its last line.
    fn is_cut_off(&self, name: &str, next: usize) -> bool {
        let rules = self.format.embed.iter().filter(|rule| rule.name == name);
        let last = rules.filter_map(|rule| rule.lines.last());
        !last.into_iter().any(|pattern| self.fits(pattern, next - 1))
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
            let fits = |(place, pattern): (usize, &Pattern)| {
                !lines[place].is_blank() && self.fits(pattern, at + place)
            };
            if !rule.lines.iter().enumerate().rev().all(fits) {
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
            let short =
                media.credit.len() <= LONGEST_CREDIT && media.caption.len() <= LONGEST_CAPTION;
            short.then_some((rule, media))
        })
    }

    fn quote(&self, at: usize) -> Found {
        self.format.quote.iter().find_map(|rule| {
            let quoted = match &rule.mark {
                Some(mark) if self.fits(mark, at) => self.plain_below(at + 1)?,
                Some(_) => return None,
                None => at,
            };
            // Hardly any line says who spoke: that is asked before all else.
            let below = self.line_below(quoted + 1);
            let below = below.filter(|below| self.fits(&rule.attribution, *below));
            let below = below.filter(|below| self.plain_below(*below).is_some());
            if below.is_none() && rule.mark.is_none() {
                return None;
            }
            let words = std::iter::once(quoted).chain(below);
            let words = words.map(|at| self.stripped(self.lines[at].text())).collect();
            Some((Token::Quote(words), below.unwrap_or(quoted) + 1))
        })
    }

    fn item(&self, at: usize) -> Found {
        let line = &self.lines[at];
        let item = &self.format.list.as_ref()?.item;
        let mark = item.find(line.text()).filter(|_| self.fits(item, at))?;
        Some((Token::Item(line.indent, self.stripped(&line.text()[mark.end()..])), at + 1))
    }

    /// Returns the next line from `at` on that is not blank.
    fn line_below(&self, at: usize) -> Option<usize> {
        (at..self.lines.len()).find(|at| !self.lines[*at].is_blank())
    }

    /// Returns the next line from `at` on that is not blank, if it is a plain paragraph.
    fn plain_below(&self, at: usize) -> Option<usize> {
        let next = self.line_below(at)?;
        let is_mark = |mark: &Pattern| self.fits(mark, next);
        let claimed = self.mark(next).is_some()
            || self.head(next).is_some()
            || self.updated(next).is_some()
            || self.signature(next).is_some()
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

    fn stripped(&self, text: &str) -> String {
        stripped(text, self.format)
    }
}

/// Returns a line without the words that the format cuts out.
pub(super) fn stripped(text: &str, format: &Format) -> String {
    let mut text = text.to_string();
    for rule in &format.strip {
        if rule.pattern.is_match(&text) {
            text = rule.pattern.replace_all(&text, rule.replace.as_str()).into_owned();
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Whether a line is one of a post of another network: it names an account or a picture of it.
fn is_of_post(text: &str) -> bool {
    text.contains("(@") || text.contains("pic.twitter.com/") || text.contains("https://t.co/")
}
