//! About how many bytes things take on a page, so that a page is cut before it weighs 60 kB.
//!
//! Measured on built pages, and rather more than less: a page that is cut a little early harms
//! nobody.

use crate::entry::Entry;

/// How many bytes of a page of a story its posts may take: the rest is for its frame, its timeline,
/// its calendar and what its head says.
pub const POSTS: usize = 40_000;

/// How many bytes of a page the lines of a list may take.
pub const LINES: usize = 48_000;

/// What the heading of a group of lines takes beside its words.
pub const HEADING: usize = 220;

/// How many bytes a text takes as HTML, its signs escaped.
pub fn text(text: &str) -> usize {
    text.len() + 5 * text.bytes().filter(|byte| b"<>&\"'".contains(byte)).count()
}

/// How many bytes Markdown takes as HTML: its words, and what paragraphs, items and links add.
fn markdown(body: &str) -> usize {
    let lines: usize = body
        .lines()
        .map(|line| {
            let line = line.trim_start_matches(['>', ' ']);
            match line.as_bytes() {
                [] => 0,
                [b'[', b'!', ..] => 240,
                [b'[', b'^', ..] => 260,
                [b'|', ..] => 14 * line.matches('|').count(),
                _ => 12,
            }
        })
        .sum();
    let signs = |sign: &str, each: usize| each * body.matches(sign).count();
    text(body)
        + lines
        + signs("](", 30)
        + signs("![", 160)
        + signs("(missing:", 160)
        + signs("[^", 120)
        + signs("**", 8)
}

/// About how many bytes an entry takes where it is read in its story.
pub fn post(entry: &Entry) -> usize {
    let key_event = if entry.key_event { 1_000 } else { 0 };
    let authors: usize = entry.authors.iter().map(|name| 110 + 3 * name.len()).sum();
    let (id, title) = (entry.id.as_str().len(), text(&entry.title));
    640 + 4 * id + 2 * title + key_event + authors + markdown(&entry.body)
}

/// About how many bytes an entry takes as a line of a list, without its first words.
pub fn line(entry: &Entry) -> usize {
    let key_event = if entry.key_event { 60 } else { 0 };
    320 + key_event + entry.id.as_str().len() + text(&entry.title)
}

/// About how many bytes it takes to tell reference managers of an entry.
pub fn coins(entry: &Entry) -> usize {
    let each = |name: &String| 30 + 2 * name.len();
    let names: usize = entry.tags.iter().chain(&entry.authors).map(each).sum();
    360 + 2 * entry.title.len() + entry.id.as_str().len() + names
}

/// Fills pages with things in their order: on each as many as have room, at least one.
pub fn filled<T: Copy>(list: &[T], weigh: impl Fn(T) -> usize, room: usize) -> Vec<Vec<T>> {
    let mut pages: Vec<Vec<T>> = Vec::new();
    let mut left = 0;
    for one in list {
        let own = weigh(*one);
        if pages.is_empty() || own > left {
            pages.push(Vec::new());
            left = room;
        }
        left = left.saturating_sub(own);
        if let Some(page) = pages.last_mut() {
            page.push(*one);
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::parse_entry;
    use crate::entry::Slug;

    #[test]
    fn a_page_takes_what_has_room_and_at_least_one() {
        assert_eq!(filled(&[3, 2, 2, 9, 1], |one| one, 5), [vec![3, 2], vec![2], vec![9], vec![1]]);
        assert_eq!(filled(&[0; 0], |one| one, 5), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn what_adds_markup_weighs_more_than_its_letters() {
        let of = |body: &str| {
            let text = format!("+++\nid = \"a\"\ntitle = \"T\"\n+++\n{body}\n");
            let slug = Slug::parse("quell").unwrap();
            post(&parse_entry("content/quell/a.md", slug, &text).0.unwrap())
        };
        let plain = of("words");
        assert!(of("<&>\"'") > plain + 20);
        assert!(of("[a](b)") > plain + 25);
        assert!(of("> [!NOTE]\n> words") > plain + 200);
        assert_eq!(of("words words") - plain, 6);
    }
}
