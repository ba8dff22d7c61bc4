//! How a story and an entry are read: in both orders, over time, by days, with their pictures.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::fmt::Write as _;

use common::Desk;

/// A story of so many entries, half an hour apart, every tenth a key event.
fn story(desk: &Desk, name: &str, count: usize, words: &str) {
    for ix in 0..count {
        let (day, minutes) = (ix / 48 + 1, ix % 48 * 30);
        let (hour, minute) = (minutes / 60, minutes % 60);
        let key = if ix % 10 == 3 { "key_event = true\n" } else { "" };
        desk.write(
            &format!("content/{name}/e{ix:04}.md"),
            format!(
                "+++\nid = \"{name}-{ix:04}\"\ntitle = \"Entry {ix}\"\ndate = 2031-04-{day:02}T{hour:02}:{minute:02}:00+01:00\norder = {ix}\n{key}+++\n{words}\n"
            ),
        );
    }
    desk.write(&format!("content/{name}/story.md"), format!("+++\ntitle = \"The {name}\"\n+++\n"));
}

fn build(desk: &Desk) {
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
}

/// The ids of the entries on a page, as they stand there.
fn posts(html: &str) -> Vec<String> {
    let articles = html.split("<article class=\"post").skip(1);
    articles
        .filter_map(|article| article.split_once(" id=\"")?.1.split_once('"'))
        .map(|(id, _)| id.to_string())
        .collect()
}

#[test]
fn newest_first_is_a_page_that_holds_the_same_entries_in_reverse() {
    let desk = Desk::new();
    story(&desk, "quell", 40, "Words.");
    build(&desk);
    let oldest = posts(&desk.read("public/stories/quell.html"));
    let mut newest = posts(&desk.read("public/stories/quell/newest.html"));
    assert_eq!(oldest.len(), 40);
    newest.reverse();
    assert_eq!(newest, oldest);
    // Each leads to the other, and only one is for search engines.
    assert!(
        desk.read("public/stories/quell.html")
            .contains("<a href=\"quell/newest.html\">Newest first</a>")
    );
    assert!(
        desk.read("public/stories/quell/newest.html")
            .contains("<a href=\"../quell.html\">Oldest first</a>")
    );
    let run = desk.run(&["build", "--base-url", "https://example.org/a/", "--output", "../site"]);
    assert_eq!(run.code, 0, "{run:?}");
    let site = |file: &str| desk.read(&format!("../site/{file}"));
    let canonical = "<link rel=\"canonical\" href=\"https://example.org/a/stories/quell.html\">";
    assert!(site("stories/quell.html").contains(canonical));
    assert!(site("stories/quell/newest.html").contains(canonical));
    let pages = site("sitemap-pages.xml");
    assert!(pages.contains("stories/quell.html") && !pages.contains("newest"), "{pages}");
}

#[test]
fn a_long_story_is_cut_by_days_in_both_orders_and_every_entry_stands_once() {
    let desk = Desk::new();
    story(&desk, "quell", 250, "Words.");
    build(&desk);
    let mut all = Vec::new();
    for day in 1..=6 {
        let oldest = posts(&desk.read(&format!("public/stories/quell/2031-04-0{day}.html")));
        let mut newest =
            posts(&desk.read(&format!("public/stories/quell/2031-04-0{day}-newest.html")));
        newest.reverse();
        assert_eq!(newest, oldest);
        all.extend(oldest);
    }
    assert_eq!(all, (0..250).map(|ix| format!("quell-{ix:04}")).collect::<Vec<_>>());
    let front = desk.read("public/stories/quell.html");
    assert_eq!(posts(&front), Vec::<String>::new());
    // Its own calendar and its key events lead into it.
    assert!(front.contains(
        "<a href=\"quell/2031-04-02.html\" aria-label=\"Wednesday 2 April 2031, 48 entries\""
    ));
    assert!(front.contains("<a href=\"quell/2031-04-02.html#quell-0053\""));
    let day = desk.read("public/stories/quell/2031-04-02.html");
    assert!(day.contains("<span class=\"count\">49 to 96 of 250</span>"), "{day}");
    assert!(day.contains("<span class=\"nth\">49 of 250</span>"));
    assert!(day.contains("<td class=\"here\" aria-current=\"date\">2</td>"));
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn a_day_that_is_long_itself_is_cut_by_hours_and_old_links_lead_on() {
    let desk = Desk::new();
    story(&desk, "quell", 48, "Words.");
    build(&desk);
    let words = "A long sentence of the publisher about the flood. ".repeat(120);
    story(&desk, "quell", 48, &words);
    build(&desk);
    let first = desk.read("public/stories/quell/2031-04-01.html");
    let mut all = posts(&first);
    assert!((2..47).contains(&all.len()), "{}", all.len());
    assert!(first.contains("Tuesday 1 April 2031, to "));
    let mut pages = vec![first];
    let mut parts: Vec<String> = desk.files("public/stories/quell").into_keys().collect();
    parts.retain(|name| name.starts_with("2031-04-01-") && !name.contains("newest"));
    for part in &parts {
        let page = desk.read(&format!("public/stories/quell/{part}"));
        all.extend(posts(&page));
        pages.push(page);
    }
    assert!(!parts.is_empty());
    assert_eq!(all, (0..48).map(|ix| format!("quell-{ix:04}")).collect::<Vec<_>>());
    for page in pages {
        assert!(page.len() < 60_000, "{}", page.len());
    }
    // Every entry had an anchor on the one page.
    let front = desk.read("public/stories/quell.html");
    for ix in 0..48 {
        assert!(front.contains(&format!("id=\"quell-{ix:04}\"")), "{ix}");
    }
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn the_timeline_counts_every_entry() {
    let desk = Desk::new();
    story(&desk, "quell", 100, "Words.");
    desk.write(
        "content/quell/undated.md",
        "+++\nid = \"quell-undated\"\ntitle = \"Undated\"\norder = 999\n+++\nWords.\n",
    );
    build(&desk);
    let html = desk.read("public/stories/quell.html");
    let table = html.split("<figure class=\"timeline\">").nth(1).unwrap();
    let table = table.split("</figure>").next().unwrap();
    let counts = table.split("</th><td>").skip(1).filter_map(|cell| {
        let digits: String = cell.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<usize>().ok()
    });
    let counts: Vec<usize> = counts.collect();
    assert_eq!(counts.iter().sum::<usize>(), 100, "{counts:?}");
    assert!(table.contains("aria-label=\"100 entries, a bar for every "), "{table}");
    assert!(table.contains("<p>1 entry is not shown: its time is not known.</p>"), "{table}");
    // As many bars are drawn as the table has rows, and a share of each that has key events.
    let drawn = |class: &str| {
        let path = table.split_once(&format!("class=\"{class}\" d=\"")).unwrap().1;
        path.split_once('"').unwrap().0.matches('M').count()
    };
    assert_eq!(drawn("bars"), counts.len());
    assert_eq!(drawn("keys"), table.matches(" key event").count());
    // Each row leads to an entry of the page.
    for row in table.split("<th scope=\"row\"><a href=\"#").skip(1) {
        let id = row.split('"').next().unwrap();
        assert!(
            html.contains(&format!("<article class=\"post\" id=\"{id}\""))
                || html.contains(&format!("<article class=\"post key\" id=\"{id}\"")),
            "{id}"
        );
    }
}

#[test]
fn key_events_lead_to_each_other() {
    let desk = Desk::new();
    story(&desk, "quell", 30, "Words.");
    build(&desk);
    let html = desk.read("public/stories/quell.html");
    let of = |id: &str| {
        let article = html.split_once(&format!("id=\"{id}\">")).unwrap().1;
        article.split_once("</article>").unwrap().0.to_string()
    };
    let middle = of("quell-0013");
    assert!(middle.contains("href=\"#quell-0003\"><span class=\"quiet\">Earlier:"), "{middle}");
    assert!(middle.contains("href=\"#quell-0023\"><span class=\"quiet\">Later:"), "{middle}");
    assert!(!of("quell-0003").contains("Earlier:"));
    assert!(!of("quell-0014").contains("class=\"keys\""));
    let newest = desk.read("public/stories/quell/newest.html");
    assert!(newest.contains("href=\"#quell-0003\"><span class=\"quiet\">Earlier:"));
}

#[test]
fn an_entry_names_what_was_near_it_elsewhere() {
    let desk = Desk::new();
    story(&desk, "quell", 20, "Words.");
    desk.write("content/other/story.md", "+++\ntitle = \"The other\"\n+++\n");
    desk.write(
        "content/other/a.md",
        "+++\nid = \"other-a\"\ntitle = \"Beside it\"\ndate = 2031-04-01T02:10:00+01:00\n+++\nWords.\n",
    );
    build(&desk);
    let html = desk.read("public/entries/quell-0004.html");
    let part = html.split_once("The same day elsewhere").unwrap().1;
    assert!(part.contains("<a href=\"other-a.html\"") && part.contains(">Beside it</a>"), "{part}");
    assert!(part.contains("<a href=\"../dates/2031-04-01.html\">All of Tuesday 1 April 2031</a>"));
    let time = html.split_once("aria-label=\"Neighbours in time\"").unwrap().1;
    assert!(time.contains("rel=\"next\" href=\"other-a.html\""), "{time}");
    assert!(html.contains("entry 5 of 20"));
    // From the other, the nearest three.
    let html = desk.read("public/entries/other-a.html");
    let part = html.split_once("The same day elsewhere").unwrap().1.split_once("</ul>").unwrap().0;
    assert_eq!(part.matches("<li").count(), 3);
    for near in ["0003", "0004", "0005"] {
        assert!(part.contains(&format!("quell-{near}.html")), "{near}: {part}");
    }
}

#[test]
fn an_entry_whose_words_are_covered_says_so_elsewhere() {
    let desk = Desk::new();
    story(&desk, "quell", 3, "Words.");
    desk.write(
        "content/other/a.md",
        "+++\nid = \"other-a\"\ntitle = \"Beside {redacted}\"\ndate = 2031-04-01T00:10:00+01:00\nwarnings = [\"death\"]\n+++\nHidden words.\n".replace("{redacted}", "it"),
    );
    build(&desk);
    let html = desk.read("public/entries/quell-0000.html");
    assert!(html.contains("Content warning: death"), "{html}");
    assert!(!html.contains("Hidden words"));
}

/// A PNG of that size with a gradient and some grain.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let pixel = |x: u32, y: u32| {
        let part = |of: u32, all: u32| u8::try_from(of * 255 / all).unwrap();
        image::Rgb([part(x, width), part(y, height), u8::try_from((x * 7 + y * 13) % 32).unwrap()])
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(width, height, pixel)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn a_found_picture_is_filled_in_and_gets_its_size_and_copies() {
    let desk = Desk::imported();
    desk.write("static/images/roof.png", picture(1600, 900));
    desk.write("static/images/unused.png", picture(1600, 900));
    let file = desk
        .files("content")
        .into_keys()
        .find(|name| desk.read(&format!("content/{name}")).contains("missing:image"))
        .map(|name| format!("content/{name}"))
        .unwrap();
    let text = desk.read(&file);
    let (before, behind) = text.split_once("](missing:image").unwrap();
    let before = before.rsplit_once('[').unwrap().0;
    desk.write(&file, format!("{before}[A man on a roof](/images/roof.png{behind}"));
    build(&desk);
    let id = text.split_once("id = \"").unwrap().1.split('"').next().unwrap();
    let html = desk.read(&format!("public/entries/{id}.html"));
    let image = html.split_once("<img ").unwrap().1.split('>').next().unwrap();
    assert!(image.contains("src=\"../images/roof.png\" srcset=\"../copies/"), "{image}");
    assert!(image.contains(" 400w, ") && image.contains("../images/roof.png 1600w\""), "{image}");
    assert!(image.contains("width=\"1600\" height=\"900\" alt=\"A man on a roof\""), "{image}");
    assert!(image.contains("loading=\"lazy\" decoding=\"async\""), "{image}");
    // Every copy is there, of one picture only, and the same when it is made anew.
    let copies = common::bytes(&desk.root().join("public/copies"));
    assert_eq!(copies.len(), 3, "{:?}", copies.keys());
    let pages = common::bytes(&desk.root().join("public"));
    std::fs::remove_dir_all(desk.root().join(".archive/cache")).unwrap();
    std::fs::remove_dir_all(desk.root().join("public")).unwrap();
    build(&desk);
    assert_eq!(common::bytes(&desk.root().join("public")), pages);
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 0, "{run:?}");
    // What was copied once is not copied again.
    let cached = |desk: &Desk| desk.files(".archive/cache/pictures");
    let before = cached(&desk);
    story(&desk, "more", 2, "Words.");
    build(&desk);
    assert_eq!(cached(&desk), before);
}

#[test]
fn a_picture_without_a_description_is_an_error_with_its_line() {
    let desk = Desk::new();
    desk.write("static/roof.png", picture(40, 30));
    story(&desk, "quell", 1, "Words.\n\n![](/roof.png \"A roof\")");
    build(&desk);
    let run = desk.run(&["check"]);
    assert_eq!(run.code, 1, "{run:?}");
    let told = "error: content/quell/e0000.md:9: the picture `roof.png` has no description, expected words for those who do not see it";
    assert!(run.err.contains(told), "{}", run.err);
}

#[test]
fn a_broken_picture_is_told_and_shown_as_it_is() {
    let desk = Desk::new();
    let whole = picture(1600, 900);
    desk.write("static/half.png", &whole[..whole.len() / 2]);
    desk.write("static/words.jpg", "These are words.");
    story(&desk, "quell", 1, "![Half](/half.png)\n\n![Words](/words.jpg)");
    for _ in 0..2 {
        let run = desk.run(&["build"]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(
            run.err.contains("warning: static/half.png: no smaller copies can be made"),
            "{}",
            run.err
        );
        assert!(run.err.contains("warning: static/words.jpg: this is no picture"), "{}", run.err);
    }
    let html = desk.read("public/entries/quell-0000.html");
    assert!(
        html.contains("<img src=\"../half.png\" width=\"1600\" height=\"900\" alt=\"Half\""),
        "{html}"
    );
    assert!(html.contains("<img src=\"../words.jpg\" alt=\"Words\""), "{html}");
}

#[test]
fn a_story_says_what_it_shows_in_few_bytes() {
    let desk = Desk::new();
    let words = "The water rose in the lower town, and boats went from door to door.\n";
    // More than are told to reference managers, and no more than a page has room for.
    let bytes = [41, 44].map(|count| {
        story(&desk, "quell", count, words);
        build(&desk);
        let html = desk.read("public/stories/quell.html");
        assert_eq!(posts(&html).len(), count);
        html.len() - count * words.len()
    });
    // What the page adds to the words of each entry.
    let added = (bytes[1] - bytes[0]) / 3;
    assert!(added < 1_000, "{added} bytes for each entry, {bytes:?}");
}

/// A dump in the layout of a BBC page, the newest entry on top.
fn dump(minutes: impl DoubleEndedIterator<Item = u32>) -> String {
    let mut text = String::from("Summary\n\n  • The dam at Quell has opened its gates\n\n");
    for (ix, minute) in minutes.rev().enumerate() {
        let clock = format!("{:02}:{:02}", minute / 60, minute % 60);
        let _ = write!(
            text,
            "  {}. Water at {clock}published at {clock} British Summer Time 2 April 2031\n\n    The water stood at the mill at {clock}, and people waited for boats.\n\n",
            ix + 1
        );
    }
    text
}

#[test]
fn gaps_and_captures_stand_between_the_entries_in_both_orders() {
    let desk = Desk::new();
    let dumps = [
        ("am", dump((300..480).step_by(13)), "08:30"),
        ("pm", dump((900..1140).step_by(17)), "19:30"),
    ];
    for (name, text, hour) in dumps {
        let file = desk.around().join(format!("{name}.txt"));
        std::fs::write(&file, text).unwrap();
        let captured = format!("2031-04-02T{hour}:00+01:00");
        let url = "https://courier.example/live/quell";
        let run = desk.run(&[
            "import",
            file.to_str().unwrap(),
            "--story",
            "quell",
            "--source-url",
            url,
            "--publisher",
            "Quell Courier",
            "--captured",
            &captured,
        ]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    build(&desk);
    let gap = "<p class=\"gap\">No entry is held between 07:49 and 15:00 UTC+1, 2 April 2031.</p>";
    let saved = "2 April 2031, 08:30 UTC+1</a></p>";
    let at = |html: &str, what: &str| {
        html.find(what).unwrap_or_else(|| panic!("{what} is not on the page\n{html}"))
    };
    let oldest = desk.read("public/stories/quell.html");
    let oldest = oldest.split_once("<section class=\"group\">").unwrap().1;
    let (before, behind) = (at(oldest, ">Water at 07:49</a>"), at(oldest, ">Water at 15:00</a>"));
    assert!((before..behind).contains(&at(oldest, gap)));
    assert!((before..behind).contains(&at(oldest, saved)));
    assert!(at(oldest, "2 April 2031, 19:30 UTC+1</a></p>") > at(oldest, ">Water at 18:58</a>"));
    let newest = desk.read("public/stories/quell/newest.html");
    let newest = newest.split_once("<section class=\"group\">").unwrap().1;
    let (before, behind) = (at(newest, ">Water at 15:00</a>"), at(newest, ">Water at 07:49</a>"));
    assert!((before..behind).contains(&at(newest, gap)));
    assert!((before..behind).contains(&at(newest, saved)));
    assert!(at(newest, "2 April 2031, 19:30 UTC+1</a></p>") < at(newest, ">Water at 18:58</a>"));
    // The timeline has both, and says so.
    let html = desk.read("public/stories/quell.html");
    let timeline = html.split_once("<figure class=\"timeline\">").unwrap().1;
    let timeline = timeline.split_once("</figure>").unwrap().0;
    assert!(
        timeline.contains("<path class=\"gaps\"") && timeline.contains("<path class=\"captures\"")
    );
    assert!(timeline.contains("<p>No entry is held between 07:49 and 15:00"), "{timeline}");
    assert!(
        timeline.contains("<p>The page was saved: 2 April 2031, 08:30 UTC+1.</p>"),
        "{timeline}"
    );
}
