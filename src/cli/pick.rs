//! Which entry a person means who names one on the command line.

use super::Stop;
use crate::entry::Entry;

/// Finds the entry of that id, earlier id or file.
///
/// # Errors
/// There is none; the nearest id is the hint.
pub(super) fn pick(entries: &[Entry], name: &str) -> Result<usize, Stop> {
    let name = name.trim_start_matches("./");
    let by_id = entries.iter().position(|entry| entry.id.as_str() == name);
    let by_alias =
        || entries.iter().position(|entry| entry.aliases.iter().any(|old| old.as_str() == name));
    let by_file = || entries.iter().position(|entry| entry.file == name);
    by_id.or_else(by_alias).or_else(by_file).ok_or_else(|| {
        let near = entries
            .iter()
            .map(|entry| (strsim::jaro_winkler(name, entry.id.as_str()), &entry.id))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let hint = match near {
            Some((_, id)) => format!("did you mean {id}?"),
            None => "this archive has no entries yet".into(),
        };
        Stop(format!("no entry is called {name}\n  hint: {hint}"))
    })
}
