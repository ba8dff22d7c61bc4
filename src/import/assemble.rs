//! From entries as they were found, in whichever kind of file, to a dump: titles where there are
//! none, times settled, what is wrong told.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};

use super::markdown::{self, Block};
use super::{Decision, Dump, DumpEntry, Embed, Fate, Ledger, Media, Told, clock, day, zone};
use crate::date::{DateBasis, When};
use crate::diagnostic::Diagnostic;
use crate::entry::TitleBasis;
use crate::format::{Format, Order, Place};

/// A made title has at most so many words of the body.
const TITLE_WORDS: usize = 8;
/// A made title has at most so many characters, its `…` not counted.
pub(super) const TITLE_CHARS: usize = 60;

/// An entry as it was found, before its time is settled and a missing title is made.
#[derive(Clone, Debug, Default)]
pub(super) struct Raw {
    /// The publisher's own name for it (`block-5a1…`, `h_3f…`); empty where the dump holds none.
    pub(super) source_id: String,
    /// The title that stands there, as plain text; empty for none.
    pub(super) title: String,
    /// The stamp as a reader sees it; empty for none.
    pub(super) stated: String,
    /// The day heading above it; empty for none.
    pub(super) heading: String,
    /// When it was changed, as a reader sees it; empty for none.
    pub(super) updated_stated: String,
    /// The moment that the file gives for machines (a `datetime` attribute, a JSON field).
    pub(super) moment: Option<DateTime<FixedOffset>>,
    /// When the publisher says that it was changed.
    pub(super) updated: Option<DateTime<FixedOffset>>,
    /// Who wrote it.
    pub(super) authors: Vec<String>,
    /// Whether the publisher marks it as a key event.
    pub(super) key_event: bool,
    /// Whether it is pinned above the others, out of its time.
    pub(super) pinned: bool,
    /// Its words.
    pub(super) blocks: Vec<Block>,
    /// What it shows, where its blocks are Markdown already.
    pub(super) media: Vec<Media>,
    /// What it embedded.
    pub(super) embeds: Vec<Embed>,
    /// Its first and last line, counted from 0.
    pub(super) lines: (usize, usize),
}

/// What was found in a dump.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// The page's own title.
    pub(super) title: Option<String>,
    /// The page's address, where the file holds it.
    pub(super) url: Option<String>,
    /// When the page was saved, where the file holds it.
    pub(super) captured: Option<DateTime<FixedOffset>>,
    /// The publisher's summary, a point each, as Markdown.
    pub(super) summary: Vec<String>,
    /// What stands above the first entry, a line each: it may name a zone or a day.
    pub(super) above: Vec<String>,
    /// The entries, in the dump's order.
    pub(super) raws: Vec<Raw>,
    /// Where every line went.
    pub(super) fates: Vec<Fate>,
    /// What was decided about the dump.
    pub(super) decisions: Vec<Decision>,
    /// Where titles were decided to stand beside stamps.
    pub(super) place: Option<Place>,
    /// The day heading above whatever follows the last entry.
    pub(super) heading: String,
    /// What the curator should know.
    pub(super) problems: Vec<Diagnostic>,
}

/// Makes a dump of what was found.
pub(super) fn assemble(found: Found, format: &Format, told: &Told) -> Dump {
    let page = page(&found, format, told);
    part(found, &page, None, format, told)
}

/// Reads what the page of a dump says about its own day.
pub(super) fn page(found: &Found, format: &Format, told: &Told) -> day::Page {
    let url = told.source_url.as_deref().or(found.url.as_deref());
    let captured = told.captured.or(found.captured);
    let above = found.title.iter().chain(&found.above).map(String::as_str);
    day::Page::read(&above.collect::<Vec<_>>(), url, captured, format, told)
}

/// Returns whether the stamps of a dump run newest first, as far as they tell.
pub(super) fn direction(found: &Found, format: &Format, told: &Told) -> Option<bool> {
    let stamps = found.raws.iter().map(|raw| (raw.stated.as_str(), raw.heading.as_str()));
    let (clues, _) = day::read(stamps, &format.time);
    runs_newest_first(&clues, format, told)
}

fn runs_newest_first(clues: &[day::Clue], format: &Format, told: &Told) -> Option<bool> {
    let told = told.order.map(|order| order == Order::NewestFirst);
    told.or_else(|| clock::direction(&day::steps(clues), format.entry.order))
}

/// Makes a dump of what was found in one window of it; `runs` is its direction, where known.
pub(super) fn part(
    found: Found,
    page: &day::Page,
    runs: Option<bool>,
    format: &Format,
    told: &Told,
) -> Dump {
    let mut desk = Desk { format, told, problems: found.problems };
    desk.tell_conflicts(page);
    let stamps = found.raws.iter().map(|raw| (raw.stated.as_str(), raw.heading.as_str()));
    let (mut clues, wrong) = day::read(stamps, &format.time);
    clues.iter_mut().zip(&found.raws).for_each(|(clue, raw)| clue.pinned = raw.pinned);
    desk.tell_stamps(&found.raws, &wrong);
    let runs = runs.or_else(|| runs_newest_first(&clues, format, told));
    let settled = day::settle(&clues, runs.unwrap_or(true), page, &format.time, told);
    desk.tell_zones(&found.raws, &settled);
    desk.tell_open(&found.raws, &clues, &settled);
    let entries =
        found.raws.into_iter().zip(settled).map(|(raw, settled)| desk.entry(raw, settled));
    let entries: Vec<_> = entries.collect();
    let told_order = told.order.map(|order| order == Order::NewestFirst);
    let newest_first = told_order.or_else(|| {
        if entries.iter().all(|entry| entry.when.is_unknown()) {
            return runs;
        }
        clock::newest_first(&entries, format.entry.order)
    });
    for (index, message) in clock::out_of_order(&entries, newest_first.unwrap_or_default()) {
        // Clocks of different days that are not known cannot be compared.
        let pair = &clues[index - 1..=index];
        if entries[index].when.is_unknown() && pair.iter().any(day::Clue::says_day) {
            continue;
        }
        desk.problems.push(desk.warning(entries[index].lines.0, message));
    }
    let ledger = Ledger { fates: found.fates };
    let unread: Vec<_> = ledger.unread().collect();
    if let [first, ..] = unread[..] {
        let message = format!("lines that no rule explains: {}, the first is this", unread.len());
        let problem = desk.warning(first, message);
        desk.problems.push(problem.hint("`archive explain` shows where every line went"));
    }
    desk.problems.sort_by_key(|problem| problem.line);
    Dump {
        format: format.name.clone(),
        publisher: Some(format.publisher.clone()).filter(|publisher| !publisher.is_empty()),
        title: found.title,
        url: found.url,
        captured: found.captured,
        summary: found.summary,
        entries,
        newest_first,
        decisions: found.decisions,
        ledger,
        problems: desk.problems,
    }
}

/// What is known while entries are settled.
struct Desk<'a> {
    format: &'a Format,
    told: &'a Told,
    problems: Vec<Diagnostic>,
}

impl Desk<'_> {
    fn warning(&self, line: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(&self.told.name, line, message)
    }

    fn tell_conflicts(&mut self, page: &day::Page) {
        for conflict in &page.conflicts {
            let problem = self.warning(0, format!("the page names two days: {conflict}"));
            self.problems.push(
                problem.hint("the first was used where entries name none; `--date` settles it"),
            );
        }
    }

    fn tell_stamps(&mut self, raws: &[Raw], wrong: &[usize]) {
        for raw in wrong.iter().filter_map(|at| raws.get(*at)).filter(|raw| raw.moment.is_none()) {
            let message = format!("the stamp `{}`, expected one that the format knows", raw.stated);
            let problem = self.warning(raw.lines.0 + 1, message);
            self.problems.push(problem.hint("the entry has no time now"));
        }
    }

    /// Says once for each zone that is missing how many stamps lack it.
    fn tell_zones(&mut self, raws: &[Raw], settled: &[day::Settled]) {
        let mut missing: BTreeMap<&str, Vec<&Raw>> = BTreeMap::new();
        for (raw, settled) in raws.iter().zip(settled).filter(|(raw, _)| raw.moment.is_none()) {
            if let Some(zone) = &settled.missing_zone {
                missing.entry(zone).or_default().push(raw);
            }
        }
        for (zone, raws) in missing {
            let [first, ..] = raws[..] else { continue };
            let found =
                if zone.is_empty() { "no zone".into() } else { format!("the zone `{zone}`") };
            let many = match raws.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            let message = format!(
                "{found} in the stamp `{}`{many}, expected one that is known",
                first.stated
            );
            let hint = "such entries have their day only; name the zone with `--zone`";
            self.problems.push(self.warning(first.lines.0 + 1, message).hint(hint));
        }
    }

    /// Says once which stamps leave something open that nothing settles.
    fn tell_open(&mut self, raws: &[Raw], clues: &[day::Clue], settled: &[day::Settled]) {
        let own =
            || raws.iter().zip(clues).zip(settled).filter(|((raw, _), _)| raw.moment.is_none());
        let halves: Vec<_> = own().filter(|((_, clue), _)| clue.lacks_half()).collect();
        let orders: Vec<_> = own()
            .filter(|((_, clue), settled)| settled.when.is_unknown() && clue.is_of_open_order())
            .collect();
        for (found, message, hint) in [
            (
                halves,
                "a clock of 12 hours, expected `am` or `pm` behind it",
                "the time of such entries is not known; where they run through noon only, you can write it into them",
            ),
            (
                orders,
                "a day and a month whose order nothing tells",
                "set `day_first` under [time] of a format for this publisher",
            ),
        ] {
            let Some(((raw, _), _)) = found.first() else { continue };
            let many = match found.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            let message = format!("the stamp `{}`{many}: {message}", raw.stated);
            self.problems.push(self.warning(raw.lines.0 + 1, message).hint(hint));
        }
    }

    fn entry(&mut self, raw: Raw, settled: day::Settled) -> DumpEntry {
        let line = raw.lines.0 + 1;
        let settled = match raw.moment {
            Some(moment) => day::Settled {
                when: When::Exact(self.in_stated_zone(moment, &raw.stated)),
                basis: Some(DateBasis::Stated),
                clock: None,
                missing_zone: None,
            },
            None => settled,
        };
        let updated = match raw.updated {
            Some(updated) => When::Exact(self.in_stated_zone(updated, &raw.stated)),
            None => self.updated(&raw.updated_stated, &settled.when),
        };
        let (title, title_basis) = self.title_of(&raw);
        let media = raw.blocks.iter().filter_map(|block| match block {
            Block::Media(media) => Some(media.clone()),
            _ => None,
        });
        DumpEntry {
            source_id: raw.source_id,
            title,
            title_basis,
            when: settled.when,
            date_basis: settled.basis,
            clock: settled.clock,
            stated: raw.stated,
            authors: raw.authors,
            key_event: raw.key_event,
            updated,
            body: markdown::body(&raw.blocks),
            media: media.chain(raw.media).collect(),
            embeds: raw.embeds,
            lines: (line, raw.lines.1 + 1),
        }
    }

    /// When an entry was changed: the clock that is stated, on the day and in the zone of the entry.
    fn updated(&self, stated: &str, when: &When) -> When {
        let Ok(stamp) = clock::stamp(stated, &self.format.time) else { return When::Unknown };
        let day = match stamp.date {
            Some(date) => date.year.and_then(|year| date.in_year(year, self.format.time.day_first)),
            None => when.day(),
        };
        let Some(day) = day else { return When::Unknown };
        let zone = zone::named(&stamp.zone, &self.format.time.zones).or(match when {
            When::Exact(moment) => Some(zone::Zone::Fixed(*moment.offset())),
            _ => None,
        });
        let moment =
            stamp.clock.zip(zone).and_then(|(clock, zone)| zone.moment(day.and_time(clock.time)));
        moment.map_or(When::Day(day), When::Exact)
    }

    /// Puts a moment into the zone that the stamp beside it names: machines are told UTC.
    fn in_stated_zone(&self, moment: DateTime<FixedOffset>, stated: &str) -> DateTime<FixedOffset> {
        let stamp = clock::stamp(stated, &self.format.time).unwrap_or_default();
        let zone = zone::named(&stamp.zone, &self.format.time.zones);
        zone.map_or(moment, |zone| zone.show(moment))
    }

    /// The title that stands there, or one made from the first words.
    fn title_of(&self, raw: &Raw) -> (String, TitleBasis) {
        let stated = &raw.title;
        let placeholder = self.format.entry.placeholder.as_ref();
        if !stated.is_empty() && !placeholder.is_some_and(|pattern| pattern.is_match(stated)) {
            return (stated.clone(), TitleBasis::Stated);
        }
        let words = raw.blocks.iter().find_map(|block| match block {
            Block::Text(words) | Block::Item(_, words) | Block::Written(_, words) => {
                Some(words).filter(|words| !words.is_empty())
            }
            Block::Quote(paragraphs) => paragraphs.first(),
            Block::Media(_) | Block::Embed(..) => None,
        });
        let media = raw.blocks.iter().filter_map(|block| match block {
            Block::Media(media) => Some(media),
            _ => None,
        });
        let captions = media.chain(&raw.media).flat_map(|media| [&media.caption, &media.alt]);
        let mut captions = captions;
        let caption = captions.find(|words| !words.is_empty());
        let made = words.or(caption).map_or_else(String::new, |words| first_words(words));
        let made = if made.is_empty() { "Untitled".to_string() } else { made };
        (made, TitleBasis::Made)
    }
}

/// Returns the first words of a text, with `…` where more follow.
pub(super) fn first_words(text: &str) -> String {
    let mut title = String::new();
    let mut length = 0;
    for (count, word) in text.split_whitespace().enumerate() {
        let more = word.chars().count() + usize::from(count > 0);
        if count == TITLE_WORDS || length + more > TITLE_CHARS {
            if count == 0 {
                title.extend(word.chars().take(TITLE_CHARS));
            }
            return format!("{}…", title.trim_end_matches([',', ';', ':', '.', '-', ' ']));
        }
        if count > 0 {
            title.push(' ');
        }
        title.push_str(word);
        length += more;
    }
    title
}
