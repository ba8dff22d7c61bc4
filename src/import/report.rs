//! What was understood of a dump, as the JSON that `read --json` promises.

use serde_json::{Value, json};

use super::{Decision, Dump, DumpEntry, Totals};
use crate::date::When;
use crate::diagnostic::Diagnostic;

/// Returns the JSON object of one dump; what is not known is `null`.
pub fn json(name: &str, dump: &Dump) -> Value {
    json!({
        "dump": name,
        "format": dump.format,
        "publisher": dump.publisher,
        "title": dump.title,
        "url": dump.url,
        "captured": dump.captured.map(|moment| moment.to_rfc3339()),
        "summary": dump.summary,
        "entries": dump.entries.iter().map(entry_json).collect::<Vec<_>>(),
        "lines": totals_json(&dump.ledger.totals()),
        "decisions": dump.decisions.iter().map(decision).collect::<Vec<_>>(),
        "problems": problems_json(&dump.problems),
    })
}

/// Returns the JSON of where all lines went.
pub fn totals_json(totals: &Totals) -> Value {
    json!({
        "total": totals.total,
        "entries": totals.entries,
        "summary": totals.summary,
        "discarded": totals.discarded,
        "unread": totals.unread,
    })
}

/// Returns the JSON of what the curator should know.
pub fn problems_json(problems: &[Diagnostic]) -> Value {
    problems.iter().map(problem).collect()
}

/// Returns the JSON of one entry.
pub fn entry_json(entry: &DumpEntry) -> Value {
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

fn decision(decision: &Decision) -> Value {
    json!({
        "what": decision.what,
        "chosen": decision.chosen,
        "score": decision.score,
        "set_with": decision.set_with,
    })
}

fn problem(problem: &Diagnostic) -> Value {
    json!({
        "severity": problem.severity.to_string(),
        "line": problem.line,
        "message": problem.message,
        "hint": problem.hint,
    })
}
