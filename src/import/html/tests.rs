//! Tests of reading whole pages: both ways lead to the same, nothing is lost, hostile pages.

use std::fmt::Write as _;

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser};

use super::super::assemble::first_words;
use super::super::{DumpEntry, Fate, markdown, read, units};
use super::*;
use crate::date::When;
use crate::entry::TitleBasis;
use crate::format::built_in;

const PAGES: &[(&str, &str)] = &[
    ("aljazeera", include_str!("../../../tests/dumps/html/aljazeera.html")),
    ("bbc", include_str!("../../../tests/dumps/html/bbc.html")),
    ("bbc-lx", include_str!("../../../tests/dumps/html/bbc-lx.html")),
    ("cnn", include_str!("../../../tests/dumps/html/cnn.html")),
    ("cnn-2019", include_str!("../../../tests/dumps/html/cnn-2019.html")),
    ("guardian", include_str!("../../../tests/dumps/html/guardian.html")),
    ("guardian-frontend", include_str!("../../../tests/dumps/html/guardian-frontend.html")),
    ("nyt", include_str!("../../../tests/dumps/html/nyt.html")),
    ("sourcefabric", include_str!("../../../tests/dumps/html/sourcefabric.html")),
    ("time-siblings", include_str!("../../../tests/dumps/html/time-siblings.html")),
    ("wordpress-liveblog", include_str!("../../../tests/dumps/html/wordpress-liveblog.html")),
];

/// Pages whose text does not tell entries apart any more: their stamps run into other words.
const ONLY_PAGES: &[(&str, &str)] = &[
    ("express", include_str!("../../../tests/dumps/html/express.html")),
    ("reach", include_str!("../../../tests/dumps/html/reach.html")),
    ("scribblelive", include_str!("../../../tests/dumps/html/scribblelive.html")),
];

fn told() -> Told {
    Told { name: "page.html".to_string(), ..Told::default() }
}

fn dump(html: &str) -> Dump {
    read(html.as_bytes(), &told(), &built_in()).unwrap()
}

/// Labels and marks for people who hear the page, which are told by other means here.
const LABELS: &[&str] = &[
    "published at",
    "Posted at",
    "Image source,",
    "Image:",
    ", external",
    "By",
    "From CNN's",
    "Updated at",
    "updated",
    "Post update",
    "image:",
    "iframe:",
    "06:40 2 April",
    "06:12 2 April",
    "06.52 BST",
    "6.45pm BST",
    "18:35",
    "05:08",
    "46m ago",
    "1h ago",
    "BBC News, Quell",
    "05:20",
    "21 mins ago",
    "2 hours ago",
    "KEY EVENT",
    "by",
    "via twitter",
    " on ",
];

/// Returns the letters and digits of a text, which no layout changes.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words that Markdown reads, those of pictures and addresses of links too.
fn words_of(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
    let mut words = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            Event::Html(text) | Event::InlineHtml(text) => panic!("{text} in {markdown}"),
            _ => words.push(' '),
        }
    }
    words
}

#[test]
fn an_entry_without_a_word_stands_on_a_line_of_the_page() {
    let engine = |words: &str| {
        format!(
            "<!doctype html><link rel=canonical href='https://www.nytimes.com/live/2031/04/02/dam'>\
             {words}<div data-testid='live-blog-post' id='gates-open'></div>"
        )
    };
    let page = engine("<p>The dam, live</p>");
    let dump = dump(&page);
    assert_eq!(units(page.as_bytes(), &told()).len(), 1);
    assert_eq!(dump.entries.iter().map(|entry| entry.lines).collect::<Vec<_>>(), [(1, 1)]);
    // Where the page holds no word at all there is nothing to tell of an entry.
    assert!(read(engine("").as_bytes(), &told(), &built_in()).is_err());
}

#[test]
fn a_page_and_its_text_give_the_same_entries() {
    let mut wrong = String::new();
    for (name, html) in PAGES {
        let page = dump(html);
        let flat = flatten::flatten(&Tree::parse(html));
        let text = match read(flat.as_bytes(), &told(), &built_in()) {
            Ok(text) => text,
            Err(problems) => {
                let _ = writeln!(wrong, "{name}: {problems:?}\n{flat}");
                continue;
            }
        };
        let heads = |dump: &Dump| -> Vec<String> {
            let head = |entry: &DumpEntry| match entry.title_basis {
                TitleBasis::Stated => format!("[{}]", entry.title),
                TitleBasis::Made => "made".to_string(),
            };
            dump.entries.iter().map(head).collect()
        };
        // What the text holds of times: often no seconds, sometimes no zone or no day.
        let same_time = |(page, text): (&DumpEntry, &DumpEntry)| match (&page.when, &text.when) {
            (When::Exact(one), When::Exact(other)) => {
                one.timestamp().div_euclid(60) == other.timestamp().div_euclid(60)
            }
            (one, other) => other.is_unknown() || one.day() == other.day(),
        };
        let (ours, theirs) = (heads(&page), heads(&text));
        if ours != theirs || !page.entries.iter().zip(&text.entries).all(same_time) {
            let _ = writeln!(wrong, "{name}: {ours:?} and {theirs:?}\n{flat}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn nothing_of_an_entry_is_lost() {
    for (name, html) in PAGES.iter().chain(ONLY_PAGES) {
        let dump = dump(html);
        let units = units(html.as_bytes(), &told());
        assert_eq!(units.len(), dump.ledger.fates.len(), "{name}");
        assert_eq!(dump.ledger.unread().count(), 0, "{name}");
        for (unit, fate) in units.iter().zip(&dump.ledger.fates) {
            let Fate::Entry(index) = fate else { continue };
            if unit.starts_with('{') {
                // Data that more than one entry came from.
                continue;
            }
            let entry = &dump.entries[*index];
            let title = if entry.title_basis == TitleBasis::Stated { &entry.title } else { "" };
            let media: Vec<_> =
                entry.media.iter().flat_map(|m| [&m.alt, &m.caption, &m.credit]).collect();
            let kept = format!(
                "{title} {} {} {} {media:?} {:?} {:?}",
                entry.stated,
                entry.authors.join(" "),
                words_of(&entry.body),
                entry.embeds,
                entry.updated
            );
            let kept = letters(&kept);
            let mut rest = unit.clone();
            for label in LABELS {
                rest = rest.replace(label, " ");
            }
            for word in rest.split_whitespace().map(letters) {
                assert!(kept.contains(&word), "{name}: `{word}` of `{unit}` is not in {kept}");
            }
        }
    }
}

#[test]
fn a_page_that_no_engine_knows_is_read_as_text() {
    let html = "<html><title>Quell dam – live</title><body><nav>Home</nav><ol><li><h3>Gates openpublished at 06:40 GMT 2 April 2031</h3>\
                <p>Two gates are open.</p></li></ol></body></html>";
    let dump = dump(html);
    assert_eq!(
        (dump.format.as_str(), dump.entries[0].title.as_str()),
        ("bbc-rerendered", "Gates open")
    );
    assert_eq!(units(html.as_bytes(), &told()).len(), dump.ledger.fates.len());
    let problems = read(b"<html><p>A letter.</p>", &told(), &built_in()).unwrap_err();
    assert!(problems[0].message.contains("neither calls itself a live blog"), "{problems:?}");
}

#[test]
fn an_article_is_refused() {
    let teaser = |at: u32| {
        format!(
            "<div class=card><time datetime=2031-04-02T0{at}:10:00Z>0{at}:10</time>\
             <h3><a href=/{at}>Story of the hour {at}</a></h3><p>What happened then, in short.</p></div>"
        )
    };
    let page = |title: &str| {
        let cards: String = (1..6).map(teaser).collect();
        format!(
            "<title>{title}</title><h1>{title}</h1><p>2 April 2031, 05:40</p><p>Long.</p>{cards}"
        )
    };
    let problems = read(page("The dam of Quell").as_bytes(), &told(), &built_in()).unwrap_err();
    assert!(problems[0].message.contains("neither calls itself a live blog"), "{problems:?}");
    // What calls itself one is looked at, and what the curator calls one.
    assert!(read(page("Quell live").as_bytes(), &told(), &built_in()).is_ok());
    let told = Told { format: Some("generic".into()), ..told() };
    assert!(read(page("The dam of Quell").as_bytes(), &told, &built_in()).is_ok());
}

#[test]
fn a_page_of_the_bbcs_live_events_is_read_by_its_text_format() {
    // Its markup is a list, whose numbers count hidden posts, too.
    let html = "<html><title>BBC News - Quell flood as it happened</title><h1>Quell flood</h1>\
                <h2>Key points</h2><ul><li>All times in GMT</ul><h2>Live text</h2>\
                <p>Last updated 12 March 2013</p><ol>\
                <li><p><span class=time>17:46:</span></p><p>That ends our coverage.</p></li><li></li>\
                <li><p><span class=time>17:40:</span></p><p>The water falls.</p></li></ol></html>";
    let dump = dump(html);
    assert_eq!((dump.format.as_str(), dump.entries.len()), ("bbc-live-event", 2));
}

#[test]
fn a_box_of_teasers_beside_an_article_is_no_stream() {
    let page = |kind: &str, posts: &str| {
        format!(
            "<title>Mayor resigns</title><h1>Mayor resigns</h1><p>He lost a vote on Tuesday night.</p>\
             <div class={kind}><h2>Live updates</h2>{posts}</div>"
        )
    };
    let teasers = "<p>10:05</p><p>Rain in the hills</p><p>09:50</p><p>Bus strike is off</p>\
                   <p>09:30</p><p>Fair opens on Friday</p>";
    assert!(read(page("side", teasers).as_bytes(), &told(), &built_in()).is_err());
    let posts = "<h3>Gates open</h3><p>The gates of the dam were opened at noon, wardens say.</p>\
                 <h3>Rain goes on</h3><p>It has rained for nine days, and the river rises.</p>";
    assert_eq!(dump(&page("stream", posts)).entries.len(), 2);
}

#[test]
fn data_alone_is_imported_and_its_lies_are_told() {
    let update = |id: u32, body: &str| {
        format!(
            "{{\"@type\":\"BlogPosting\",\"@id\":\"https://q.example/#b{id}\",\"headline\":\"Page\",\
                 \"datePublished\":\"2031-04-02T05:40:00Z\",\"articleBody\":\"{body}\"}}"
        )
    };
    let html = format!(
        "<html><title>Quell</title><script type='application/ld+json'>{{\"@type\":\"LiveBlogPosting\",\
         \"liveBlogUpdate\":[{},{}]}}</script><p>Please switch on scripts.</p>",
        update(2, &"Rain falls. ".repeat(100)[..1000]),
        update(1, "It rains.")
    );
    let dump = dump(&html);
    assert_eq!((dump.format.as_str(), dump.entries.len()), ("json-ld", 2));
    assert!(dump.entries.iter().all(|entry| entry.when.is_unknown()));
    assert_eq!(dump.entries[1].body, "It rains.");
    let messages: Vec<_> = dump.problems.iter().map(|p| p.message.as_str()).collect();
    assert!(messages.iter().any(|m| m.contains("the same date")), "{messages:?}");
    assert!(messages.iter().any(|m| m.contains("cut at 1000 characters")), "{messages:?}");
    assert!(messages.iter().any(|m| m.contains("in its data only")), "{messages:?}");
}

/// An entry of an engine around hostile markup.
fn around(markup: &str) -> String {
    format!(
        "<html><article id=block-6a00000000000000000000a1 class=block><header><time datetime=2031-04-02T05:40:00Z>\
         05.40 GMT</time></header>{markup}</article>"
    )
}

#[test]
fn hostile_pages_cost_no_more_than_their_size() {
    let n = 4_000;
    let attributes = (0..80_000).fold(String::new(), |all, index| format!("{all} a{index}"));
    for markup in [
        format!("{}deep", "<div>".repeat(4 * n)),
        format!("{}deep", "<ul><li>".repeat(n)),
        format!("{}deep", "<ul><li>x".repeat(n)),
        format!("{}deep", "<blockquote>x".repeat(n)),
        format!("{}x{}", "<b><i>".repeat(n), "</b></i>".repeat(n)),
        format!("<b i>{}</b>", "<i i><b i>x</i></b>".repeat(n)),
        format!("<p{attributes}>x"),
        format!("x<!--{}", "x".repeat(1 << 20)),
        format!("<table>{}{}", "<tr><td>a<td>b".repeat(n), "<td>c".repeat(n)),
        format!("{}deep", "<table><tr><td>x<td>y".repeat(n)),
        format!("{}deep", "<blockquote class=twitter-tweet><p>x".repeat(n)),
        format!("{}deep", "<figure><img src=x><figcaption>".repeat(n)),
        format!("{}deep", "<a href=x><svg>".repeat(n)),
        "<p>*_`[".repeat(n),
        format!("<p>{}", "<b>*</b>_`[![](".repeat(n)),
    ] {
        let html = around(&markup);
        let dump = dump(&html);
        let size = dump.entries.iter().map(|entry| entry.body.len()).sum::<usize>();
        assert!(size <= 8 * html.len() + 600_000, "{size} of {}: {}", html.len(), &markup[..40]);
        assert_eq!(dump.entries.len(), 1);
    }
}

/// Pieces of HTML, nested up to three deep.
fn html() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[a-c 1.*_`#<>&;!|=~+()\\[\\]\\\\-]{0,10}"
            .prop_map(|t| t.replace('&', "&amp;").replace('<', "&lt;")),
        "[a-z]{1,5}( [a-z]{1,5}){0,3}",
        Just("<br>".to_string()),
        Just(" <img src=https://e.example/a.jpg alt='x]y'> ".to_string()),
    ];
    text.prop_recursive(3, 40, 6, |inner| {
        let name = prop::sample::select(vec![
            "p",
            "b",
            "i",
            "ul",
            "ol",
            "li",
            "blockquote",
            "h2",
            "div",
            "a href=/x",
            "code",
            "pre",
            "table",
            "tr",
            "td",
            "th",
            "q",
            "span",
            "figure",
            "figcaption",
            "dl",
            "dt",
            "dd",
        ]);
        (name, prop::collection::vec(inner, 0..6)).prop_map(|(name, inner)| {
            let end = name.split(' ').next().unwrap_or_default();
            format!("<{name}>{}</{end}>", inner.concat())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn a_body_reads_as_the_words_of_its_page(html in html()) {
        let tree = Tree::parse(&html);
        let page = Page::new(&tree, Some("https://e.example/".into()));
        let body = body(&page, &[0], &|_| false);
        let written = markdown::body(&body.blocks);
        let mut expected = letters(&tree.words(0));
        for media in &body.media {
            expected.push_str(&letters(&media.alt));
        }
        let mut found: Vec<_> = letters(&words_of(&written)).chars().collect();
        let mut wanted: Vec<_> = expected.chars().collect();
        // Captions stand in the titles of pictures, and words there are no text.
        prop_assume!(!html.contains("<figcaption>"));
        found.sort_unstable();
        wanted.sort_unstable();
        prop_assert_eq!(found, wanted, "{}\n{}", html, written);
        let plain: String = body.blocks.iter().map(|block| match block {
            Block::Written(_, plain) => plain.as_str(),
            _ => "",
        }).collect();
        prop_assert!(first_words(&plain).len() < 400);
    }
}
