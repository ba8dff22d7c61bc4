//! Where a slip in a template shows: on which page, made from which file, and at which of the entries
//! that the page lists.

use std::ops::Range;

use serde::Serialize;
use serde_json::Value;

use super::{Desk, Page, Subject, origin};
use crate::archive::EntryIx;
use crate::diagnostic::Diagnostic;
use crate::entry::Id;
use crate::paths;

/// Adds to what is wrong in a template where it shows. `view` is what the page's template saw.
pub(super) fn placed(
    desk: Desk<'_>,
    page: &Page,
    template: &str,
    view: &impl Serialize,
    problem: Diagnostic,
) -> Diagnostic {
    let from = origin(desk.archive, page);
    let mut place = format!("this was the page {}", page.path);
    if from != page.kind.name {
        place = format!("{place}, made from {from}");
    }
    if let Some(ix) = culprit(desk, page, template, view, &problem) {
        place = format!("{place}, at the entry {}", desk.archive.entries[ix].file);
    }
    problem.hint(format!("{place}; docs/templates.md lists what a template may use"))
}

/// Returns the entry of a list at which the template fails: the same fails where the page lists it
/// alone, and not where it lists none. An entry's own page is of no other.
fn culprit(
    desk: Desk<'_>,
    page: &Page,
    template: &str,
    view: &impl Serialize,
    problem: &Diagnostic,
) -> Option<EntryIx> {
    if matches!(page.subject, Subject::Entry(_)) {
        return None;
    }
    let whole = serde_json::to_value(view).ok()?;
    let mut listed = Vec::new();
    let _ = sift(page, &whole, &mut |id| {
        listed.push(id.clone());
        true
    });
    let fails = |kept: &Range<usize>| {
        let mut count = 0;
        let part = sift(page, &whole, &mut |_| {
            count += 1;
            kept.contains(&(count - 1))
        });
        let made = desk.templates.render(template, page.path.as_str(), &part);
        made.is_err_and(|other| {
            (&other.path, other.line, &other.message)
                == (&problem.path, problem.line, &problem.message)
        })
    };
    let mut range = 0..listed.len();
    if range.is_empty() || fails(&(0..0)) {
        return None;
    }
    while range.len() > 1 {
        let middle = range.start.midpoint(range.end);
        let halves = [range.start..middle, middle..range.end];
        range = halves.into_iter().find(|half| fails(half))?;
    }
    if fails(&range) { desk.archive.find(listed[range.start].as_str()) } else { None }
}

/// Returns what a template sees with those of its listed entries that are to be kept, in the order in
/// which they stand. What an entry holds goes and stays with it.
fn sift(page: &Page, value: &Value, keep: &mut impl FnMut(&Id) -> bool) -> Value {
    match value {
        Value::Array(list) => {
            let mut left = Vec::new();
            for item in list {
                match entry_of(page, item) {
                    Some(id) if keep(&id) => left.push(item.clone()),
                    Some(_) => {}
                    None => left.push(sift(page, item, keep)),
                }
            }
            Value::Array(left)
        }
        Value::Object(fields) => {
            let sifted = |(name, value): (&String, _)| (name.clone(), sift(page, value, keep));
            fields.iter().map(sifted).collect()
        }
        other => other.clone(),
    }
}

/// Returns the entry whose page an item of a list leads to.
fn entry_of(page: &Page, item: &Value) -> Option<Id> {
    let url = item.get("url")?.as_str()?;
    let name = url.rsplit('/').next()?.strip_suffix(".html")?;
    let id = Id::parse(name).ok()?;
    (page.path.link(&paths::entry(&id)) == url).then_some(id)
}
