//! Pictures in a text: those that the archive holds, those that stand elsewhere, and those that
//! nobody holds.

use std::fmt::Write as _;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::redact::Hidden;
use super::{MISSING, Writer, address, clean, escape, options, plain, scheme, take_until, target};
use crate::address::percent_decode;
use crate::picture::Picture;

/// How wide a picture is shown: as the column of text, or on a small screen as that without its
/// edges (see `--text` and `--edge` in the style sheet).
const SIZES: &str = "(min-width: 46rem) 35rem, calc(100vw - 2.5rem)";

/// A picture of the site that a text shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its path in the site.
    pub path: String,
    /// What it shows, in words.
    pub alt: String,
    /// The line of the text that it stands on, counted from 0.
    pub line: usize,
}

/// Returns the pictures of the site that a text shows.
pub fn shown_pictures(text: &str) -> Vec<Shown> {
    if !text.contains("![") {
        return Vec::new();
    }
    let hidden = Hidden::of(text);
    let mut list = Vec::new();
    let mut events = Parser::new_ext(&hidden.text, options()).into_offset_iter();
    while let Some((event, range)) = events.next() {
        let Event::Start(Tag::Image { dest_url, .. }) = event else { continue };
        let inner = events.by_ref().map(|(event, _)| event);
        let alt = plain(&take_until(&mut inner.into_iter(), TagEnd::Image));
        if let Some(path) = own_path(&dest_url) {
            let line = text.get(..range.start).map_or(0, |before| before.matches('\n').count());
            list.push(Shown { path, alt: alt.trim().to_string(), line });
        }
    }
    list
}

/// Returns the path in the site that a picture's address leads to; `None` for one that stands
/// elsewhere, or is not held.
fn own_path(url: &str) -> Option<String> {
    let url = clean(url);
    if url.starts_with(MISSING) || url.starts_with("//") || scheme(&url).is_some() {
        return None;
    }
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decode(path.trim_start_matches('/'));
    (!path.is_empty()).then_some(path)
}

impl Writer<'_, '_> {
    /// Writes a picture, or what stands for one that is not held here.
    pub(super) fn picture(&self, url: &str, caption: &str, alt: &str) -> String {
        let words = self.setting.words;
        let seen = |html: &str| self.hidden.html(html, words).into_owned();
        if let Some(kind) = url.strip_prefix(MISSING) {
            return seen(&self.missing(kind, caption, alt));
        }
        let url = &clean(url);
        let remote = url.starts_with("//") || scheme(url).is_some();
        match target(url, self.setting.root) {
            Some(link) if remote => {
                let said = if caption.is_empty() { alt } else { caption };
                let said = if said.is_empty() { words.say("missing.no_description") } else { said };
                format!(
                    "<span class=\"missing\"><b>{}</b> <a href=\"{}\">{}</a></span>",
                    escape(words.say("missing.picture_elsewhere")),
                    address(&link),
                    seen(&escape(said))
                )
            }
            Some(link) => {
                let known = own_path(url).and_then(|path| self.setting.pictures?.get(&path));
                let image = format!(
                    "<img src=\"{}\"{} alt=\"{}\" loading=\"lazy\" decoding=\"async\">",
                    address(&link),
                    known.map(|picture| self.sizes(&link, picture)).unwrap_or_default(),
                    escape(alt)
                );
                if caption.is_empty() {
                    return image;
                }
                format!("{image}<span class=\"caption\">{}</span>", seen(&escape(caption)))
            }
            None => seen(&self.missing("image", caption, alt)),
        }
    }

    /// The attributes by which a browser keeps room for a picture and takes the copy that it needs
    /// (WHATWG HTML, 4.8.4).
    fn sizes(&self, link: &str, picture: &Picture) -> String {
        let mut html = String::new();
        if !picture.copies.is_empty() {
            html.push_str(" srcset=\"");
            for copy in &picture.copies {
                let _ = write!(html, "{}{} {}w, ", self.setting.root, copy.address, copy.width);
            }
            // A comma or a blank in the address would part it.
            let whole = address(link).replace(',', "%2C");
            let _ = write!(html, "{whole} {}w\" sizes=\"{SIZES}\"", picture.width);
        }
        let _ = write!(html, " width=\"{}\" height=\"{}\"", picture.width, picture.height);
        html
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Setting, render};
    use super::*;
    use crate::picture::{PictureCopy, Pictures};
    use crate::words::Words;

    #[test]
    fn a_picture_has_its_size_and_its_copies() {
        let copy = PictureCopy { width: 400, address: "copies/ab-400.jpg".into() };
        let picture = Picture { width: 1600, height: 900, copies: vec![copy] };
        let pictures = Pictures::from([("images/a b.jpg".to_string(), picture)]);
        let (words, pictures) = (Words::english(), Some(&pictures));
        let setting =
            Setting { raw_html: false, under: 1, prefix: "", root: "../", words, pictures };
        let html = render("![A roof](/images/a%20b.jpg \"He waited\")", &setting);
        assert_eq!(
            html,
            "<p class=\"picture\"><img src=\"../images/a%20b.jpg\" srcset=\"../copies/ab-400.jpg 400w, ../images/a%20b.jpg 1600w\" sizes=\"(min-width: 46rem) 35rem, calc(100vw - 2.5rem)\" width=\"1600\" height=\"900\" alt=\"A roof\" loading=\"lazy\" decoding=\"async\"><span class=\"caption\">He waited</span></p>\n"
        );
        let html = render("![A roof](/images/other.jpg)", &setting);
        assert!(!html.contains("srcset") && !html.contains("width="), "{html}");
    }

    #[test]
    fn the_pictures_of_the_site_are_found_with_their_lines() {
        let text = "One\n\n![A *roof*](images/a%20b.jpg)\n\n![](missing:image \"x\") ![y](https://x.example/z.png)\n\n> [!NOTE]\n> ![](/b.png?x)\n";
        let shown = shown_pictures(text);
        let told: Vec<_> =
            shown.iter().map(|s| (s.path.as_str(), s.alt.as_str(), s.line)).collect();
        assert_eq!(told, [("images/a b.jpg", "A roof", 2), ("b.png", "", 7)]);
    }
}
