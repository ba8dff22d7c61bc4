//! What was understood of a dump, as the JSON that `read --json` promises.

use serde_json::{Value, json};

use super::{Dump, DumpEntry};
use crate::date::When;
use crate::diagnostic::Diagnostic;

/// Returns the JSON object of one dump; what is not known is `null`.
pub fn json(name: &str, dump: &Dump) -> Value {
    let totals = dump.ledger.totals();
    json!({
        "dump": name,
        "format": dump.format,
        "publisher": dump.publisher,
        "title": dump.title,
        "url": dump.url,
        "captured": dump.captured.map(|moment| moment.to_rfc3339()),
        "summary": dump.summary,
        "entries": dump.entries.iter().map(entry).collect::<Vec<_>>(),
        "lines": {
            "total": totals.total,
            "entries": totals.entries,
            "summary": totals.summary,
            "discarded": totals.discarded,
            "unread": totals.unread,
        },
        "problems": dump.problems.iter().map(problem).collect::<Vec<_>>(),
    })
}

fn entry(entry: &DumpEntry) -> Value {
    let media = entry.media.iter().map(|media| {
        json!({
            "kind": media.kind,
            "alt": media.alt,
            "caption": media.caption,
            "credit": media.credit,
        })
    });
    let embeds = entry.embeds.iter().map(|embed| {
        json!({
            "kind": embed.kind,
            "provider": embed.provider,
            "url": embed.url,
            "text": embed.text,
        })
    });
    json!({
        "source_id": Some(&entry.source_id).filter(|id| !id.is_empty()),
        "title": entry.title,
        "title_basis": entry.title_basis.name(),
        "date": date(&entry.when),
        "date_basis": entry.date_basis.map(crate::date::DateBasis::name),
        "clock": entry.clock.map(|clock| clock.format("%H:%M").to_string()),
        "stated": entry.stated,
        "authors": entry.authors,
        "key_event": entry.key_event,
        "updated": date(&entry.updated),
        "body": entry.body,
        "media": media.collect::<Vec<_>>(),
        "embeds": embeds.collect::<Vec<_>>(),
        "lines": [entry.lines.0, entry.lines.1],
    })
}

fn date(when: &When) -> Option<String> {
    (!when.is_unknown()).then(|| when.written())
}

fn problem(problem: &Diagnostic) -> Value {
    json!({
        "severity": problem.severity.to_string(),
        "line": problem.line,
        "message": problem.message,
        "hint": problem.hint,
    })
}
