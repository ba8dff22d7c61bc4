//! Dates, tags, sources and the home page as a reader meets them: what stands on a wall, side by
//! side, under a year, and beside a publisher's name.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::Desk;

/// An entry, as a curator could have written it.
fn entry(desk: &Desk, story: &str, id: &str, date: &str, more: &str) {
    let date = if date.is_empty() { String::new() } else { format!("date = {date}\n") };
    desk.write(
        &format!("content/{story}/{id}.md"),
        format!("+++\nid = \"{id}\"\ntitle = \"Title of {id}\"\n{date}order = 1\n{more}+++\n\nWords of {id}.\n"),
    );
}

fn built(desk: &Desk) {
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
}

fn count(text: &str, what: &str) -> usize {
    text.matches(what).count()
}

/// The figures in the cells of a table, in their order.
fn figures(page: &str) -> Vec<usize> {
    let cells = page.split("<td class=\"l").skip(1);
    cells
        .map(|cell| cell.split('>').nth(2).unwrap().split('<').next().unwrap().parse().unwrap())
        .collect()
}

#[test]
fn a_wall_tells_every_day_and_says_which_years_are_empty() {
    let desk = Desk::new();
    for (number, date) in ["1969-07-20", "1969-07-20", "1969-07-21", "2031-04-02T05:40:00+01:00"]
        .into_iter()
        .enumerate()
    {
        entry(&desk, "quell", &format!("e{number}"), date, "");
    }
    entry(&desk, "quell", "undated", "", "");
    built(&desk);
    let page = desk.read("public/dates/index.html");
    assert_eq!(figures(&page), [2, 1, 1]);
    assert!(page.contains(">1970 to 2030: no entries</td>"), "{page}");
    assert!(
        page.contains("<a href=\"1969-07-20.html\" title=\"20 July 1969, 2 entries\">2</a>"),
        "{page}"
    );
    assert!(page.contains("<a href=\"1969-07.html\">July</a> <span class=\"count\">3</span></th>"));
    assert!(page.contains("Day unknown</a> <span class=\"count\">1</span>"), "{page}");
    assert_eq!(count(&page, "<th scope=\"col\">"), 31);
    // No day of the year is one of two years.
    assert!(!desk.root().join("public/dates/days.html").exists());
    entry(&desk, "quell", "again", "2031-07-20", "");
    built(&desk);
    let days = desk.read("public/dates/days.html");
    assert!(
        days.contains("href=\"2031-07-20.html#other-years\" title=\"20 July, 3 entries, 2 years\"")
    );
    assert_eq!(figures(&days).iter().sum::<usize>(), 5);
    let day = desk.read("public/dates/1969-07-20.html");
    let others = &day[day.find("id=\"other-years\"").unwrap()..];
    assert!(others.contains("<a href=\"2031-07-20.html\" dir=\"auto\">2031</a>"), "{others}");
    assert!(!desk.read("public/dates/1969-07-21.html").contains("other-years"));
    // The page that vanishes leads on.
    desk.remove("content/quell/again.md");
    built(&desk);
    assert!(desk.read("public/dates/days.html").contains("href=\"index.html\""));
}

#[test]
fn stories_of_a_day_stand_on_one_axis_each_entry_once() {
    let desk = Desk::new();
    entry(&desk, "quell", "q1", "2031-04-02T05:40:00+01:00", "key_event = true\n");
    entry(&desk, "quell", "q2", "2031-04-02T06:10:00+01:00", "");
    entry(&desk, "marden", "m1", "2031-04-02T05:50:00+01:00", "warnings = [\"death\"]\n");
    entry(&desk, "marden", "m2", "2031-04-02", "");
    entry(&desk, "alone", "a1", "2031-04-03T05:50:00+01:00", "");
    built(&desk);
    let page = desk.read("public/dates/2031-04-02.html");
    let hours: Vec<&str> = page
        .split("<h2 id=\"hour-")
        .skip(1)
        .map(|hour| hour.split('>').nth(1).unwrap().split('<').next().unwrap())
        .collect();
    assert_eq!(hours, ["Hour unknown", "05:00", "06:00"]);
    let places: Vec<usize> = ["m2", "q1", "m1", "q2"]
        .map(|id| page.find(&format!("entries/{id}.html")).unwrap())
        .to_vec();
    assert!(places.is_sorted(), "in the order of time: {places:?}");
    for id in ["q1", "q2", "m1", "m2"] {
        assert_eq!(count(&page, &format!("entries/{id}.html")), 1, "{id}");
    }
    assert!(page.contains("Content warning: death") && !page.contains("Words of m1"), "{page}");
    assert!(page.contains("<li class=\"c2 key\">") || page.contains("<li class=\"c1 key\">"));
    assert_eq!(count(&page, "<li class=\"c1"), 2);
    assert_eq!(count(&page, "<li class=\"c2"), 2);
    // One story is a plain list.
    let alone = desk.read("public/dates/2031-04-03.html");
    assert!(!alone.contains("hour-1") && alone.contains("<ul class=\"lines\">"), "{alone}");
    // Another zone: the hours are told in UTC, and the day before is named.
    entry(&desk, "marden", "m3", "2031-04-02T00:30:00+02:00", "");
    built(&desk);
    let page = desk.read("public/dates/2031-04-02.html");
    assert!(page.contains(">1 April 2031, 22:00</h2>") && page.contains(">04:00</h2>"), "{page}");
    assert!(page.contains("the hours are those of UTC"), "{page}");
}

#[test]
fn a_day_that_is_too_full_is_told_in_figures() {
    let desk = Desk::new();
    for number in 0..130 {
        let (hour, minute) = (6 + number / 60, number % 60);
        let date = format!("2031-04-02T{hour:02}:{minute:02}:00+01:00");
        let story = ["quell", "marden", "ostrey"][number % 3];
        let key = if number == 7 { "key_event = true\n" } else { "" };
        entry(&desk, story, &format!("e{number:03}"), &date, key);
    }
    built(&desk);
    let page = desk.read("public/dates/2031-04-02.html");
    let table =
        &page[page.find("<table class=\"figures\">").unwrap()..page.find("</table>").unwrap()];
    let cells: usize = table
        .split("entries\">")
        .skip(1)
        .map(|cell| cell.split('<').next().unwrap().parse::<usize>().unwrap())
        .sum();
    assert_eq!(cells, 130);
    assert!(table.contains("href=\"../stories/quell.html#e000\""), "{table}");
    assert!(page.contains("Title of e007") && !page.contains("Title of e008"), "{page}");
    assert!(page.len() < 60_000);
    // The month has no room for them either.
    let month = desk.read("public/dates/2031-04.html");
    assert!(!month.contains("Title of e007"), "{month}");
    for story in ["Quell", "Marden", "Ostrey"] {
        assert!(month.contains(&format!(">{story}</a>")), "{month}");
    }
}

#[test]
fn a_tag_is_told_by_year_and_story_and_cut_by_date() {
    let desk = Desk::new();
    let tagged = "tags = [\"Dam\"]\n";
    entry(&desk, "quell", "q1", "2030-12-31", tagged);
    entry(&desk, "quell", "q2", "2031-01-01", tagged);
    entry(&desk, "marden", "m1", "2031-01-02", tagged);
    entry(&desk, "quell", "q3", "2031-01-03", tagged);
    entry(&desk, "quell", "q4", "", tagged);
    built(&desk);
    let page = desk.read("public/tags/dam.html");
    let heads: Vec<&str> = ["<h2 class=\"of-year\">", "<h3 id="]
        .iter()
        .flat_map(|tag| page.match_indices(tag))
        .collect::<std::collections::BTreeMap<_, _>>()
        .into_keys()
        .map(|at| {
            page[at..]
                .split("</h")
                .next()
                .unwrap()
                .rsplit('>')
                .nth(usize::from(page[at..].starts_with("<h3")))
                .unwrap()
        })
        .map(|words| words.trim_end_matches("</a"))
        .collect();
    assert_eq!(heads, ["2030", "Quell", "2031", "Quell", "Marden", "Year unknown", "Quell"]);
    assert_eq!(count(&page, "../entries/"), 5);
    let time = "31 December 2030 to 3 January 2031, most on 31 December 2030 (1 entry), and 1 entry of which the day is not known";
    assert!(page.contains(&format!("<figcaption>{time}</figcaption>")), "{page}");
    let index = desk.read("public/tags/index.html");
    assert!(index.contains(&format!("aria-label=\"{time}\"")), "{index}");
    // Too long for a page, then for a year, then for a month.
    let settings = desk.read("site.toml");
    desk.write("site.toml", settings.replace("#long_list = 200", "long_list = 2"));
    built(&desk);
    let years = desk.read("public/tags/dam.html");
    assert!(years.contains("dam/2031.html") && !years.contains("../entries/"), "{years}");
    let year = desk.read("public/tags/dam/2031.html");
    assert!(year.contains("2031-01.html") && !year.contains("entries/"), "{year}");
    let month = desk.read("public/tags/dam/2031-01.html");
    assert!(month.contains("2031-01-02.html") && !month.contains("entries/"), "{month}");
    let day = desk.read("public/tags/dam/2031-01-02.html");
    assert!(day.contains("entries/m1.html") && day.contains("href=\"2031-01-01.html\""), "{day}");
    assert!(desk.read("public/tags/dam/undated.html").contains("entries/q4.html"));
    // What was published stays, and leads on.
    desk.write("site.toml", settings);
    built(&desk);
    assert!(desk.read("public/tags/dam/2031-01-02.html").contains("dam.html"));
    let run = desk.run(&["check"]);
    assert!(!run.err.contains("error"), "{run:?}");
}

#[test]
fn sources_stand_by_publisher_with_what_they_cover() {
    let desk = Desk::imported();
    built(&desk);
    let page = desk.read("public/sources/index.html");
    assert!(page.contains("1 capture of 1 page by 1 publisher"), "{page}");
    let stretch = "1 April 2031, 21:15 to 2 April 2031, 05:40 UTC+1";
    assert!(page.contains(stretch), "{page}");
    assert!(page.contains("<td class=\"number\">2 entries</td>"), "{page}");
    // Many are told by the month in which their entries begin.
    for number in 0..101 {
        let dump = format!("d{number}.txt");
        let record = desk.read("dumps/quell-live.txt.record.toml");
        desk.write(&format!("dumps/{dump}.record.toml"), record.replace("quell-live.txt", &dump));
        std::fs::copy(
            desk.root().join("dumps/quell-live.txt"),
            desk.root().join(format!("dumps/{dump}")),
        )
        .unwrap();
    }
    built(&desk);
    let page = desk.read("public/sources/index.html");
    assert_eq!(figures(&page), [1]);
    assert!(
        page.contains("href=\"dates/2031-04.html\"") && page.contains("dates/undated.html"),
        "{page}"
    );
    assert!(desk.read("public/sources/dates/2031-04.html").contains(stretch));
    assert_eq!(count(&desk.read("public/sources/dates/undated.html"), "<th scope=\"row\">"), 101);
}

/// Everything that stands in an element with this beginning.
fn within<'a>(page: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    page.split(open).skip(1).map(|part| part.split(close).next().unwrap()).collect()
}

#[test]
fn a_day_that_an_uncertain_date_parts_has_its_anchor_once() {
    let desk = Desk::new();
    for (order, date) in
        ["2031-04-02", "\"2031-04-02~\"", "2031-04-02T10:00:00+01:00"].iter().enumerate()
    {
        entry(&desk, "quell", &format!("e{order}"), date, "");
        let file = format!("content/quell/e{order}.md");
        desk.write(&file, desk.read(&file).replace("order = 1", &format!("order = {order}")));
    }
    built(&desk);
    for page in ["public/stories/quell.html", "public/stories/quell/newest.html"] {
        let page = desk.read(page);
        assert_eq!(count(&page, "id=\"day-2031-04-02\""), 1, "{page}");
        let mut ids = within(&page, " id=\"", "\"");
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{page}");
        // The parts of the day stand where they stood.
        assert_eq!(count(&page, "id=\"date-2\"") + count(&page, "id=\"date-3\""), 2, "{page}");
    }
}

#[test]
fn a_story_says_as_much_of_its_time_as_is_known() {
    let desk = Desk::new();
    entry(&desk, "quell", "q1", "\"2031\"", "");
    entry(&desk, "marden", "m1", "", "");
    desk.write("content/none/story.md", "+++\ntitle = \"Nothing yet\"\n+++\n");
    built(&desk);
    let facts = |page: &str| within(&desk.read(page), "<p class=\"facts\">", "</p>").join("\n");
    assert_eq!(facts("public/stories/quell.html"), "2031 · 1 entry");
    assert_eq!(facts("public/stories/marden.html"), "Undated · 1 entry");
    assert_eq!(facts("public/stories/none.html"), "0 entries");
    let list = facts("public/stories/index.html");
    let mut list: Vec<&str> = list.lines().collect();
    list.sort_unstable();
    assert_eq!(list, ["0 entries", "2031 · 1 entry", "Undated · 1 entry"]);
    let about = |story: &str| {
        let page = desk.read(&format!("public/stories/{story}.html"));
        within(&page, "<meta name=\"description\" content=\"", "\"")[0].to_string()
    };
    assert_eq!(about("none"), "Nothing yet: 0 entries.");
    assert_eq!(about("quell"), "Quell: 1 entry, 2031.");
}

#[test]
fn the_index_of_tags_has_each_heading_once_in_the_order_of_its_language() {
    let desk = Desk::new();
    let names = [
        "Water",
        "Élan",
        "Eagle",
        "Loose tag 10",
        "Loose tag 2",
        "1984",
        "3 boats",
        "水坝",
        "黎明",
        "שחר",
        "فجر",
        "أحمد",
        "\\\"Quoted\\\" dam",
    ];
    let tags = names.map(|name| format!("\"{name}\"")).join(", ");
    entry(&desk, "quell", "q1", "2031-04-02", &format!("tags = [{tags}]\n"));
    let wave =
        "[[tag]]\nname = \"🌊\"\nslug = \"wave\"\nby_hand = true\nsynonyms = [\"evening\"]\n";
    desk.write("tags.toml", wave);
    built(&desk);
    let page = desk.read("public/tags/index.html");
    let heads: Vec<&str> = within(&page, "<h2 id=\"letter-", "</h2>")
        .iter()
        .map(|head| head.split_once('>').unwrap().1)
        .collect();
    assert_eq!(heads, ["Signs", "0–9", "E", "L", "Q", "W", "ש", "ا", "ف", "Chinese characters"]);
    let lists = within(&page, "<h2 id=\"letter-", "</section>").join("");
    let places = |names: &[&str]| -> Vec<usize> {
        names
            .iter()
            .map(|name| lists.find(&format!("{name}</a>")).unwrap_or_else(|| panic!("{name}")))
            .collect()
    };
    for order in [
        &["3 boats", "1984", "Eagle", "Élan"][..],
        &["Loose tag 2", "Loose tag 10"],
        &["水坝", "黎明"],
    ] {
        assert!(places(order).is_sorted(), "{order:?}: {lists}");
    }
    // An entry's own page has them in the order of its file.
    desk.write(
        "site.toml",
        desk.read("site.toml").replace("language = \"en\"", "language = \"sv\""),
    );
    desk.write(
        "content/quell/q2.md",
        desk.read("content/quell/q1.md")
            .replace("q1", "q2")
            .replace("tags = [", "tags = [\"Ås\", "),
    );
    built(&desk);
    let page = desk.read("public/tags/index.html");
    let (last, own) = (page.find(">W</h2>").unwrap(), page.find(">Å</h2>").unwrap());
    assert!(last < own, "{page}");
}
