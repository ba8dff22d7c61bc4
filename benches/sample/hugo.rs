//! The sample as the content of a Hugo site. Its templates stand in `.ci/bench/hugo/`.

use std::fmt::Write as _;
use std::path::Path;

use archive::entry::Entry;
use archive::keys::{quoted, quoted_list};

use super::{Sample, write};

/// A story is a section with its entries in it; years, months, days, tags and dumps are taxonomies.
pub(crate) fn write_site(sample: &Sample, root: &Path) {
    for ((story, entries), record) in sample.stories.iter().zip(&sample.records) {
        let folder = root.join("content/stories").join(story.slug.as_str());
        let mut head = format!("+++\ntitle = {}\n", quoted(&story.title));
        let _ = writeln!(head, "[params]\nsummary = {}", quoted_list(&story.summary));
        let _ = write!(
            head,
            "dump = {}\nimported = \"2 April 2031\"\npublisher = \"BBC\"\n+++\n",
            quoted(&record.dump)
        );
        write(&folder.join("_index.md"), &head);
        for entry in entries {
            let total = record.lines.total;
            write(&folder.join(format!("{}.md", entry.id)), &page(entry, &record.dump, total));
        }
        let mut head = format!("+++\ntitle = {}\n[params]\n", quoted(&record.dump));
        let _ = writeln!(head, "story = {}", quoted(&format!("/stories/{}", story.slug)));
        let _ = writeln!(head, "sha256 = {}\nbytes = {}", quoted(&record.sha256), record.bytes);
        let _ = writeln!(head, "format = {}\nprogram = \"0.1.0\"", quoted(&record.format));
        let _ = writeln!(head, "imported = \"2 April 2031\"\npublisher = \"BBC\"");
        let (lines, blank) = (&record.lines, record.lines.discarded.get("blank"));
        let _ = writeln!(head, "total = {}\nunread = {}", lines.total, lines.unread);
        let _ = writeln!(head, "entries = {}\nsummary = {}", lines.entries, lines.summary);
        let _ = write!(head, "blank = {}\n+++\n", blank.copied().unwrap_or_default());
        write(&root.join("content/sources").join(&record.dump).join("_index.md"), &head);
    }
}

fn page(entry: &Entry, dump: &str, total: usize) -> String {
    let date = entry.when.written();
    let mut head = format!("+++\ntitle = {}\ndate = {date}\n", quoted(&entry.title));
    let _ = writeln!(head, "slug = \"{}\"\ntags = {}", entry.id, quoted_list(&entry.tags));
    let (year, month, day) = (&date[..4], &date[..7], &date[..10]);
    let _ = writeln!(head, "years = [\"{year}\"]\nmonths = [\"{month}\"]\ndays = [\"{day}\"]");
    let _ = writeln!(head, "sources = [{}]\n[params]\ntotal = {total}", quoted(dump));
    if let Some(source) = &entry.source {
        let _ = writeln!(head, "lines = [{}, {}]", source.lines.0, source.lines.1);
        let _ = writeln!(head, "stated = {}", quoted(&source.stated));
        let _ = writeln!(head, "sha256 = {}", quoted(&source.sha256));
    }
    format!("{head}+++\n\n{}\n", entry.body)
}
