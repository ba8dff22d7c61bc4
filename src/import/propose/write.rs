//! A proposed format as the text of a file, explained in plain words.

use std::fmt::Write as _;

use super::super::lines::Line;
use super::{BULLETS, Entries, Kind, Recurring, SHORT, SHOWN, classed, escaped, recurring, stamps};

/// Lines below the last entry's first line that may be a footer.
const FOOTER_LINES: usize = 6;

/// Returns the text of the file.
pub(super) fn file(name: &str, dump: &str, lines: &[Line], entries: &Entries) -> String {
    let mut text = format!(
        "# A format proposed by `archive format new` from {}.\n#\n\
         # What the program is rather sure of stands here as it is. What it only suspects stands behind\n\
         # a `#`: take the `#` away where you agree, and throw the rest out. (`##` begins a remark.) Then\n\
         # look at the result with `archive explain`. docs/format.md explains every key.\n#\n\
         # Patterns are regular expressions in 'single quotes'. `\\d` is a digit, `.+` is anything,\n\
         # `(?<title>…)` gives what stands there to the title; ^ and $ are the ends of the line.\n\n",
        comment(dump)
    );
    let _ = write!(
        text,
        "name = \"{name}\"\n# Who publishes such pages, and what kind of page it is, in a sentence.\n\
         publisher = \"\"\ndescribes = \"{name}: proposed, not described yet\"\n\n"
    );
    recognise(&mut text, lines, entries);
    page(&mut text, lines, entries);
    entry(&mut text, entries);
    time(&mut text, lines, entries);
    summary(&mut text, lines, entries);
    rules(&mut text, lines, entries);
    text
}

/// A text that cannot end its comment.
fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A name between double quotes.
fn named(text: &str) -> String {
    let safe: String =
        comment(text).chars().map(|c| if "\"\\`".contains(c) { '\'' } else { c }).collect();
    let cut: String = safe.chars().take(SHORT).collect();
    if cut.len() < safe.len() { format!("{cut}…") } else { cut }
}

/// Line numbers, counted from 1, the first few.
fn places(places: &[usize]) -> String {
    let shown: Vec<String> = places.iter().take(3).map(|at| (at + 1).to_string()).collect();
    let more = if places.len() > 3 { ", …" } else { "" };
    let noun = if places.len() == 1 { "line" } else { "lines" };
    format!("{noun} {}{more}", shown.join(", "))
}

fn recognise(text: &mut String, lines: &[Line], entries: &Entries) {
    text.push_str(
        "# How such a dump is told from those of other publishers: each of these is on some line. Add\n\
         # what stands on every page of this publisher and on no other, such as its name.\n[recognise]\nall = [\n",
    );
    let example = entries.heads.first().and_then(|at| lines.get(*at));
    match example {
        Some(example) => {
            // Any one of the forms will do for telling it.
            let any: Vec<&str> = entries.start.iter().map(String::as_str).collect();
            let any = unnamed_all(&any);
            let _ = writeln!(
                text,
                "    {{ name = \"a first line such as `{}`\", pattern = '{any}' }},",
                named(example.text())
            );
        }
        None => {
            if let Some(first) = lines.iter().find(|line| !line.is_blank()) {
                let _ = writeln!(
                    text,
                    "    {{ name = \"the line `{}`\", pattern = '^ *{}$' }},",
                    named(first.text()),
                    classed(first.text())
                );
            }
        }
    }
    for (shown, (at, line)) in head(lines, entries).into_iter().take(3).enumerate() {
        // Many pages hold a list: such a format must not take those of other publishers.
        let front = if shown == 0 && entries.kind == Kind::Bullet { "" } else { "# " };
        let _ = writeln!(
            text,
            "    {front}{{ name = \"the line `{}`\", pattern = '^ *{}$' }},  # line {}",
            named(line.text()),
            classed(line.text()),
            at + 1
        );
    }
    text.push_str("]\n\n");
}

/// Several patterns as one, without named groups.
fn unnamed_all(patterns: &[&str]) -> String {
    let plain: Vec<String> = patterns.iter().map(|pattern| super::unnamed(pattern)).collect();
    if plain.len() == 1 { plain.concat() } else { format!("(?:{})", plain.join("|")) }
}

/// The lines above the first entry, with their places.
fn head<'a>(lines: &'a [Line<'a>], entries: &Entries) -> Vec<(usize, &'a Line<'a>)> {
    let first = entries.heads.first().copied().unwrap_or_default();
    lines.iter().enumerate().take(first).filter(|(_, line)| !line.is_blank()).collect()
}

fn page(text: &mut String, lines: &[Line], entries: &Entries) {
    let above = head(lines, entries);
    let Some((at, first)) = above.first() else { return };
    text.push_str("# What stands above the first entry.\n[page]\n");
    let _ = write!(
        text,
        "# The page's own title. Is it line {}? Then write a pattern that fits its other pages, too.\n\
         # title = ['^(?<title>{})$']\n",
        at + 1,
        classed(first.text())
    );
    if let Some((at, pattern, _)) = page_zone(&above) {
        let _ = write!(
            text,
            "# Line {} names the zone of all clocks. Give its offset below.\nzone = ['{pattern}']\n",
            at + 1
        );
    }
    text.push('\n');
}

/// The line that names the zone of all clocks: its place, its pattern, and the zone.
fn page_zone(above: &[(usize, &Line)]) -> Option<(usize, String, String)> {
    above.iter().find_map(|(at, line)| {
        let words = line.text().trim_end_matches('.');
        let rest = words.strip_prefix("All times ")?;
        let joint =
            ["are in ", "stated are ", "in ", "are "].iter().find(|j| rest.starts_with(**j))?;
        let zone = rest.strip_prefix(joint).filter(|zone| !zone.is_empty())?;
        let pattern = format!(r"^All times {joint}(?<zone>{})\.?$", escaped(zone));
        Some((*at, pattern, named(zone)))
    })
}

fn entry(text: &mut String, entries: &Entries) {
    text.push_str("[entry]\n");
    let count = entries.heads.len();
    let at = places(&entries.heads);
    let say = match entries.kind {
        Kind::Alone => "The first line of an entry holds a stamp and no words",
        Kind::Before => "The first line of an entry is a stamp with words behind it",
        Kind::Behind => "The first line of an entry ends in a stamp",
        Kind::Bullet => "No line has a regular stamp. Entries may be the items of the list",
        Kind::Shape => {
            text.push_str(
                "# No line has a regular stamp, and most lines are no items of a list. So titles are told by\n\
                 # their shape: a short line that is no sentence, above a sentence.\n\
                 # If there is a line that begins each entry, write it here and throw [shape] out:\n\
                 # start = ['^(?<stamp>…) (?<title>.+)$']\nby = \"shape\"\n\n[shape]\n\
                 # The longest title, in characters.\nlongest = 95\n\
                 # What a title never ends in, and what a sentence ends in.\n\
                 never_ends_in = \".:;,”\"\nsentence_ends_in = \".!?:\\\"”'’…\"\n\
                 # So many blank lines above a short line make it a title.\nblank_lines = 2\n\n",
            );
            return;
        }
    };
    let _ = writeln!(text, "# {say}: {count} found, {at}.");
    if entries.start.iter().any(|start| start.contains("(?<body>")) {
        text.push_str(
            "# Most of these lines end like a sentence, so they are taken for the entry's own words (`body`).\n\
             # Are they titles? Then write `title` instead of `body`.\n",
        );
    }
    if entries.kind == Kind::Alone {
        text.push_str(
            "# Are titles above or below these lines? `title = \"before\"` or `title = \"after\"` says so, and\n\
             # `extends = \"generic\"` below `name` helps to find them.\n",
        );
    }
    text.push_str("start = [\n");
    for start in &entries.start {
        let _ = writeln!(text, "    '{start}',");
    }
    text.push_str("]\n# Which way the page runs, where the stamps do not tell: \"newest first\" or \"oldest first\".\n# order = \"newest first\"\n\n");
}

fn time(text: &mut String, lines: &[Line], entries: &Entries) {
    if entries.forms.is_empty() {
        return;
    }
    text.push_str(
        "# How the stamps are written: the groups hour, minute, half (am, pm), day, month, year, zone. A\n\
         # stamp without day, month and year gives a clock only; tell the day with `--date`.\n[time]\nforms = [\n",
    );
    for form in &entries.forms {
        let _ = writeln!(text, "    '{form}',");
    }
    text.push_str("]\n");
    if entries
        .forms
        .iter()
        .any(|form| form.contains(r"\d{1,2}/\d{1,2}/") || form.contains(r"\d{1,2}\.\d{1,2}\.\d{4}"))
    {
        text.push_str(
            "# Nothing tells whether 2/4 is 2 April or 4 February, so no date is read. Write\n\
             # (?<day>\\d{1,2})/(?<month>\\d{1,2})/(?<year>\\d{4}) or month first, in `forms`.\n",
        );
    }
    let mut zones = entries.zones.clone();
    zones.extend(page_zone(&head(lines, entries)).map(|(_, _, zone)| zone));
    if zones.is_empty() {
        text.push_str(
            "# The stamps name no zone. Where they do, give its offset from UTC:\n# zones = { \"GMT\" = \"+00:00\" }\n\n",
        );
        return;
    }
    zones.sort_unstable();
    zones.dedup();
    text.push_str(
        "# The zones that stamps or the page name, with their offset from UTC.\n[time.zones]\n",
    );
    for zone in &zones {
        let _ = match stamps::offset(zone) {
            Some(offset) => writeln!(text, "\"{zone}\" = \"{offset}\""),
            None => writeln!(text, "# \"{zone}\" = \"+00:00\"  # which offset does it have?"),
        };
    }
    text.push('\n');
}

/// A list above the first entry, below a short line, is the summary: its place, its head and its
/// bullet.
fn summary_head<'a>(
    above: &[(usize, &'a Line<'a>)],
) -> Option<(usize, &'a Line<'a>, &'static str)> {
    let found = above.windows(3).find_map(|three| {
        let [(at, head), (_, one), (_, two)] = three else { return None };
        let bullet = BULLETS.iter().find(|bullet| {
            let is_item = |line: &Line| {
                line.text().strip_prefix(**bullet).is_some_and(|rest| rest.starts_with(' '))
            };
            is_item(one) && is_item(two) && !is_item(head)
        })?;
        Some((*at, *head, *bullet))
    });
    found.filter(|(_, head, _)| head.text().chars().count() <= SHORT)
}

fn summary(text: &mut String, lines: &[Line], entries: &Entries) {
    let Some((at, head, bullet)) = summary_head(&head(lines, entries)) else { return };
    let _ = write!(
        text,
        "# A list below line {}, above the first entry: the publisher's summary?\n# [summary]\n\
         # head = '^ *{}$'\n# point = '^ *{} *(?<point>.+)$'\n\n",
        at + 1,
        classed(head.text()),
        escaped(bullet)
    );
}

fn rules(text: &mut String, lines: &[Line], entries: &Entries) {
    let recurring = recurring(lines, &entries.heads);
    if !recurring.is_empty() {
        text.push_str("# Short lines that come again and again. Are they buttons and other words that nobody wrote?\n# Then take the `#` away: such lines are dropped, and counted under the name that you give.\n\n");
    }
    for line in &recurring {
        recurs(text, line, entries.heads.len());
    }
    let mut above = head(lines, entries);
    // What another rule above takes is not asked for again.
    let zone = page_zone(&above).map(|(at, ..)| at);
    let list = summary_head(&above);
    above.retain(|(at, line)| {
        let listed =
            list.is_some_and(|(head, _, bullet)| *at == head || line.text().starts_with(bullet));
        Some(*at) != zone && !listed
    });
    above.retain(|(_, line)| line.text().chars().count() <= SHORT);
    above.dedup_by_key(|(_, line)| line.text());
    if !above.is_empty() {
        text.push_str("# Lines above the first entry. Until a rule names them they are counted as `page head`.\n\n");
        for (at, line) in above.iter().take(SHOWN) {
            rule(
                text,
                "discard",
                "page head",
                &format!("^{}$", classed(line.text())),
                &format!("line {}", at + 1),
            );
        }
        if above.len() > SHOWN {
            let _ = write!(text, "# … and {} more lines.\n\n", above.len() - SHOWN);
        }
    }
    let footer = footer(lines, entries);
    if !footer.is_empty() {
        text.push_str("# Short lines at the end. Does the page end there? From a footer on, all is dropped to the next entry.\n\n");
    }
    for (at, line) in footer {
        rule(
            text,
            "footer",
            "page footer",
            &format!("^ *{}$", classed(line.text())),
            &format!("line {}", at + 1),
        );
    }
}

fn recurs(text: &mut String, line: &Recurring, entries: usize) {
    let mut why = format!("{} times, {}", line.places.len(), places(&line.places));
    if entries > 0 {
        let _ = write!(why, "; in {} of {entries} entries", line.in_entries);
        if line.in_entries * 5 >= entries * 3 {
            why.push_str(": it may mark their ends");
        }
    }
    rule(text, "discard", &line.example, &line.pattern, &why);
}

/// Writes one candidate for a rule, behind `#`.
fn rule(text: &mut String, kind: &str, name: &str, pattern: &str, why: &str) {
    let _ = write!(
        text,
        "## {why}:\n# [[{kind}]]\n# name = \"{}\"\n# pattern = '{pattern}'\n\n",
        named(name).to_lowercase()
    );
}

/// The short lines at the very end that are no sentences.
fn footer<'a>(lines: &'a [Line<'a>], entries: &Entries) -> Vec<(usize, &'a Line<'a>)> {
    let Some(last) = entries.heads.last() else { return Vec::new() };
    // What also stands in other entries is a button or a signature.
    let comes_once =
        |line: &Line| lines.iter().filter(|other| other.text() == line.text()).count() == 1;
    let below = lines.iter().enumerate().skip(last + 2).filter(|(_, line)| !line.is_blank());
    let mut found: Vec<_> = below
        .rev()
        .take_while(|(_, line)| {
            line.text().chars().count() <= SHORT / 2
                && !line.text().ends_with(['.', '!', '?', ':', '"', '”', '’', ','])
                && comes_once(line)
        })
        .take(FOOTER_LINES)
        .collect();
    found.reverse();
    found
}
