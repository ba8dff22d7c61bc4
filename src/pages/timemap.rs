//! The captures of a publisher's page for Memento clients: a `TimeMap` in link format (RFC 7089,
//! section 5; RFC 6690), one beside the page of each dump, so that no import moves it.
//!
//! Its addresses have to be whole, and a capture has to have a moment: there is none without
//! `base_url`, and a capture of which only the day is known is not in it.

use std::fmt::Write as _;

use super::{Desk, Kind, Page, Subject};
use crate::archive::Archive;
use crate::date::When;
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::{cite, view};

/// A list of captures.
pub const TIMEMAP: Kind = Kind { name: "a list of captures", plan, write };

fn plan(archive: &Archive) -> Vec<(OutPath, Subject)> {
    if archive.site.base_url.is_empty() {
        return Vec::new();
    }
    let sources = archive.sources.iter().enumerate().filter(|(_, group)| {
        let source = &group.source;
        !view::outside(&source.url).is_empty() && cite::http(&source.captured).is_some()
    });
    sources.map(|(ix, group)| (paths::timemap(&group.record.dump), Subject::Source(ix))).collect()
}

fn write(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Source(ix) = page.subject else { return Ok(Vec::new()) };
    let archive = desk.archive;
    let own = &archive.sources[ix];
    // The captures of the same page; a dump that no story lists is one by itself.
    let series = archive.history.capture(&own.record.dump).and_then(|(at, _)| {
        let all = own.story.map(|story| archive.history.series_of(story));
        all.into_iter().flatten().find(|series| series.captures.contains(&at))
    });
    let captures = series.map(|series| &archive.history.captures[series.captures.clone()]);
    let mut dumps: Vec<&str> =
        captures.into_iter().flatten().map(|capture| capture.dump.as_str()).collect();
    if dumps.is_empty() {
        dumps.push(&own.record.dump);
    }
    let mut captures: Vec<(When, String, OutPath)> = dumps
        .iter()
        .filter_map(|dump| {
            let source = &archive.source(dump)?.source;
            let moment = cite::http(&source.captured)?;
            Some((When::parse(&source.captured).ok()?, moment, paths::source(dump)))
        })
        .collect();
    captures.sort_by_key(|(when, _, path)| (when.earliest(), path.clone()));
    let base = &archive.site.base_url;
    let mut text = format!("<{}>; rel=\"original\",\n", own.source.url.replace(['<', '>'], ""));
    let (first, last) = (captures.first(), captures.last());
    _ = write!(text, "<{base}{}>; rel=\"self\"; type=\"application/link-format\"", page.path);
    if let (Some((_, from, _)), Some((_, until, _))) = (first, last) {
        _ = write!(text, "; from=\"{from}\"; until=\"{until}\"");
    }
    let count = captures.len();
    for (at, (_, moment, path)) in captures.iter().enumerate() {
        let rel = match (at == 0, at + 1 == count) {
            (true, true) => "first last memento",
            (true, false) => "first memento",
            (false, true) => "last memento",
            (false, false) => "memento",
        };
        _ = write!(text, ",\n<{base}{path}>; rel=\"{rel}\"; datetime=\"{moment}\"");
    }
    text.push('\n');
    Ok(text.into_bytes())
}
