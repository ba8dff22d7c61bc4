//! The picture that a link to a story is shown with elsewhere (Open Graph): its title, when it was,
//! how many entries it has and who published it.
//!
//! Others fetch it by its whole address, so there is none without `base_url`. Nor is there one for a
//! title with letters that its font does not have: a card of boxes is worse than none.

use super::{Desk, Kind, Page, Subject};
use crate::archive::{Archive, StoryGroup};
use crate::card::{self, Card};
use crate::diagnostic::Diagnostic;
use crate::paths::{self, OutPath};
use crate::{cite, view};

/// The card of a story.
pub const CARD: Kind = Kind { name: "the card of a story", plan, write };

fn plan(archive: &Archive) -> Vec<(OutPath, Subject)> {
    let stories = archive.stories.iter().enumerate();
    stories
        .filter(|(_, group)| view::has_card(archive, group))
        .map(|(ix, group)| (paths::card(&group.story.slug), Subject::Story(ix)))
        .collect()
}

fn write(desk: Desk<'_>, page: &Page) -> Result<Vec<u8>, Diagnostic> {
    let Subject::Story(ix) = page.subject else { return Ok(Vec::new()) };
    let archive = desk.archive;
    let (group, words) = (&archive.stories[ix], &archive.words);
    let mut facts = vec![
        view::opening(&view::story_span(archive, group)),
        view::entries(words, group.entries.len()),
    ];
    facts.retain(|fact| !fact.is_empty());
    let mut below = vec![facts.join(" · ")];
    below.extend(publishers(group));
    below.retain(|line| card::shows(line));
    let above = if card::shows(&archive.site.title) { archive.site.title.as_str() } else { "" };
    let title = cite::story_title(&group.story, words);
    card::draw(&Card { above, title: &title, below: &below })
        .map_err(|error| Diagnostic::error(page.path.as_str(), 0, format!("cannot draw: {error}")))
}

/// Who published the story, each once; nothing where nobody is known.
fn publishers(group: &StoryGroup) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for source in &group.story.sources {
        if !source.publisher.is_empty() && !names.contains(&source.publisher.as_str()) {
            names.push(&source.publisher);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}
