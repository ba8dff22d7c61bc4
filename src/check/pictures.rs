//! Whether pictures can be known by those who do not see them.

use super::Evidence;
use crate::diagnostic::Diagnostic;
use crate::markdown::shown_pictures;

/// Every picture that the archive holds and shows needs a description (WCAG 2.2, 1.1.1).
pub(super) fn described(evidence: &Evidence<'_>) -> Vec<Diagnostic> {
    let archive = &evidence.plan.archive;
    let entries = archive.entries.iter();
    let entries = entries.map(|entry| (&entry.file, entry.body_line, &entry.body));
    let stories = archive.stories.iter().map(|group| &group.story);
    let stories = stories.map(|story| (&story.file, story.body_line, &story.body));
    let pages = archive.pages.iter().chain(&archive.home);
    let pages = pages.map(|page| (&page.file, page.body_line, &page.body));
    let mut problems = Vec::new();
    for (file, first, body) in entries.chain(stories).chain(pages) {
        for shown in shown_pictures(body).into_iter().filter(|shown| shown.alt.is_empty()) {
            let message = format!(
                "the picture `{}` has no description, expected words for those who do not see it",
                shown.path
            );
            problems.push(
                Diagnostic::error(file, first + shown.line, message)
                    .hint("write them between the brackets: ![A man on a roof](…)"),
            );
        }
    }
    problems
}
