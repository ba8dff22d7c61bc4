//! The dumps, each with its entries.

use std::collections::BTreeMap;

use super::{EntryIx, SourceGroup, StoryGroup};
use crate::entry::{Entry, Source};
use crate::record::Record;

/// Joins each dump with the page that it is a capture of, and with the entries that name it.
pub(super) fn group(
    records: Vec<Record>,
    stories: &[StoryGroup],
    entries: &[Entry],
) -> Vec<SourceGroup> {
    let mut lists: BTreeMap<&str, Vec<EntryIx>> = BTreeMap::new();
    for (ix, entry) in entries.iter().enumerate() {
        if let Some(source) = &entry.source {
            lists.entry(&source.dump).or_default().push(ix);
        }
    }
    records
        .into_iter()
        .map(|record| {
            let mut list = lists.remove(record.dump.as_str()).unwrap_or_default();
            list.sort_by_key(|ix| entries[*ix].source.as_ref().map(|source| source.lines));
            let feeds = |group: &StoryGroup| {
                group.story.sources.iter().find(|source| source.dump == record.dump).cloned()
            };
            let story = stories.iter().position(|group| feeds(group).is_some());
            let source = story
                .and_then(|ix| feeds(&stories[ix]))
                .unwrap_or_else(|| Source { dump: record.dump.clone(), ..Source::default() });
            SourceGroup { record, source, story, entries: list }
        })
        .collect()
}
