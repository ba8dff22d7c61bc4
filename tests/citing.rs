//! What the pages say to reference managers and other machines, and what they must not say.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::Desk;

/// An archive of hostile entries, built. `base` is its address, or empty.
fn built(base: &str) -> Desk {
    let desk = Desk::new();
    let site = format!(
        "title = \"Quell & \\\"River\\\" Archive\"\nbase_url = \"{base}\"\nrights = \"All rights reserved\"\nlicense = \"http://rightsstatements.org/vocab/InC/1.0/\"\n[[author]]\nname = \"Reuters\"\nkind = \"organisation\"\n"
    );
    desk.write("site.toml", site);
    desk.write("content/quell/story.md", "+++\ntitle = \"Quell flood: live\"\n+++\n");
    let entry = |id: &str, keys: &str, body: &str| {
        let file = format!("content/quell/2031-04-02/{id}.md");
        desk.write(&file, format!("+++\nid = \"{id}\"\n{keys}\n+++\n\n{body}\n"));
    };
    let day = "date = 2031-04-02T05:40:00+01:00\ndate_basis = \"curator\"\ndate_because = \"told\"";
    entry(
        "hostile",
        &format!(
            "title = '</script><b> \"x\" {{A_B}} & 50% \\c'\n{day}\ntags = [\"a & b\"]\nauthors = [\"Ana Okoro\", \"Reuters\"]"
        ),
        "Words </script> in the open.",
    );
    entry(
        "arabic",
        &format!("title = \"فتح بوابات السد؟\"\n{day}\nauthors = [\"أنا أوكورو\"]"),
        "كلمات",
    );
    entry("undated", "title = \"No day\"\ntitle_basis = \"made\"", "Nothing is known.");
    entry(
        "about",
        "title = \"About then\"\ndate = \"2031-04~\"\ndate_basis = \"curator\"\ndate_because = \"guessed\"",
        "Around.",
    );
    entry(
        "covered",
        &format!("title = \"Covered\"\n{day}\nwarnings = [\"death\"]"),
        "Coveredwords stand here.",
    );
    entry(
        "redacted",
        &format!(
            "title = \"Named {{{{redacted: a minor}}}} today\"\n{day}\nauthors = [\"{{{{redacted: a minor}}}}\"]"
        ),
        "Seen: {{redacted: a minor}}.",
    );
    entry(
        "withdrawn",
        &format!(
            "title = \"Withdrawnwords\"\n{day}\n[withdrawn]\nbecause = \"asked\"\ndate = 2031-05-01"
        ),
        "Withdrawnbody.",
    );
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 0, "{run:?}");
    desk
}

fn head(page: &str) -> &str {
    page.split_once("</head>").unwrap().0
}

/// The contents of every `<meta>` of that name.
fn metas<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("<meta name=\"{name}\" content=\"");
    page.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// The JSON-LD of a page.
fn linked(page: &str) -> serde_json::Value {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn a_reference_manager_finds_a_blog_post_and_its_people() {
    let desk = built("https://archive.example/q/");
    let page = desk.read("public/entries/hostile.html");
    assert_eq!(metas(&page, "z:itemType"), ["blogPost"]);
    assert_eq!(metas(&page, "z:blogTitle"), ["Quell flood: live"]);
    // An organisation would be turned about.
    assert_eq!(metas(&page, "citation_author"), ["Okoro, Ana"]);
    assert_eq!(metas(&page, "DCTERMS.creator"), ["Okoro, Ana", "Reuters"]);
    assert_eq!(metas(&page, "citation_date"), ["2031-04-02T04:40:00Z"]);
    assert_eq!(
        metas(&page, "citation_public_url"),
        ["https://archive.example/q/entries/hostile.html"]
    );
    assert_eq!(page.matches("class=\"Z3988\"").count(), 1);
    assert!(page.contains("rft.au=Okoro%2C+Ana&amp;rft.aucorp=Reuters&amp;"), "{page}");
    for (path, spans) in
        [("stories/quell.html", 6), ("dates/2031-04-02.html", 4), ("dates/undated.html", 1)]
    {
        let list = desk.read(&format!("public/{path}"));
        assert_eq!(list.matches("class=\"Z3988\"").count(), spans, "{path}");
        assert!(!list.contains("name=\"citation_"), "{path}");
    }
    for (name, (bytes, _)) in desk.files("public") {
        let page = String::from_utf8_lossy(&bytes);
        assert!(!page.contains("citation_journal_title"), "{name}");
    }
}

#[test]
fn schema_org_has_the_story_its_posts_and_the_way_to_them() {
    let desk = built("https://archive.example/q/");
    let story = linked(&desk.read("public/stories/quell.html"));
    let blog = &story["@graph"][0];
    assert_eq!(blog["@type"], "LiveBlogPosting");
    assert_eq!(blog["coverageStartTime"], "2031-04-02T05:40:00+01:00");
    let posts = blog["liveBlogUpdate"].as_array().unwrap();
    let urls: Vec<&str> = posts.iter().map(|post| post["url"].as_str().unwrap()).collect();
    assert_eq!(urls.len(), 6);
    assert!(urls.contains(&"https://archive.example/q/entries/hostile.html"), "{urls:?}");
    let made = posts.iter().find(|post| post["headline"] == "[No day]").unwrap();
    assert_eq!(made["datePublished"], serde_json::Value::Null);
    let entry = linked(&desk.read("public/entries/hostile.html"));
    let post = &entry["@graph"][0];
    assert_eq!(post["headline"], "</script><b> \"x\" {A_B} & 50% \\c");
    assert_eq!(post["author"][0]["@type"], "Person");
    assert_eq!(post["author"][1]["@type"], "Organization");
    assert_eq!(post["isPartOf"]["url"], "https://archive.example/q/stories/quell.html");
    assert_eq!(post["license"], "http://rightsstatements.org/vocab/InC/1.0/");
    let crumbs = entry["@graph"][1]["itemListElement"].as_array().unwrap();
    let crumbs: Vec<&str> = crumbs.iter().map(|crumb| crumb["item"].as_str().unwrap()).collect();
    assert_eq!(
        crumbs,
        [
            "https://archive.example/q/index.html",
            "https://archive.example/q/stories/index.html",
            "https://archive.example/q/stories/quell.html",
            "https://archive.example/q/dates/2031-04-02.html",
            "https://archive.example/q/entries/hostile.html",
        ]
    );
}

#[test]
fn what_is_covered_taken_out_or_withdrawn_is_not_told_to_machines() {
    let desk = built("https://archive.example/q/");
    for (name, (bytes, _)) in desk.files("public") {
        let page = String::from_utf8_lossy(&bytes);
        assert!(!page.contains("Withdrawnwords") && !page.contains("Withdrawnbody"), "{name}");
        assert!(!page.contains("{{redacted"), "{name}");
        if name.contains(".html") && page.contains("</head>") {
            assert!(!head(&page).contains("Coveredwords"), "{name}");
        }
    }
    let covered = desk.read("public/entries/covered.html");
    assert_eq!(linked(&covered)["@graph"][0]["contentRating"], "Content warning: death.");
    assert_eq!(metas(&covered, "z:extra"), ["Content warning: death"]);
    let story = linked(&desk.read("public/stories/quell.html"));
    let posts = story["@graph"][0]["liveBlogUpdate"].as_array().unwrap();
    let covered = posts.iter().find(|post| post["headline"] == "Covered").unwrap();
    assert_eq!(covered["articleBody"], serde_json::Value::Null);
    let open = posts.iter().find(|post| post["headline"] == "About then").unwrap();
    assert_eq!(open["articleBody"], "Around.");
}

#[test]
fn without_an_address_nothing_is_invented() {
    let desk = built("");
    for page in [
        "entries/hostile.html",
        "entries/undated.html",
        "stories/quell.html",
        "dates/2031-04-02.html",
    ] {
        let text = desk.read(&format!("public/{page}"));
        for whole in [
            "og:url",
            "og:image",
            "citation_public_url",
            "rft.identifier",
            "rel=\"canonical\"",
            "rel=\"timemap\"",
        ] {
            assert!(!text.contains(whole), "{page}: {whole}");
        }
    }
    let page = desk.read("public/entries/undated.html");
    assert_eq!(metas(&page, "DCTERMS.identifier"), ["undated"]);
    assert!(metas(&page, "citation_date").is_empty() && metas(&page, "citation_author").is_empty());
    assert_eq!(linked(&page)["@graph"][0]["url"], "undated.html");
    assert!(head(&page).contains("<meta property=\"og:title\" content=\"[No day]\">"), "{page}");
    assert!(page.contains("(n.d.)") && page.contains("<bdi>[No day]</bdi>"), "{page}");
    let about = desk.read("public/entries/about.html");
    assert!(about.contains("(about April 2031)"), "{about}");
}

#[test]
fn a_publishers_page_is_cited_with_its_capture() {
    let desk = Desk::new();
    let site = desk
        .read("site.toml")
        .replace("#base_url = \"\"", "base_url = \"https://archive.example/q/\"");
    desk.write("site.toml", site);
    desk.write("../quell-live.txt", common::LIVE);
    let dump = desk.around().join("quell-live.txt");
    let run = desk.run(&[
        "import",
        dump.to_str().unwrap(),
        "--source-url",
        "https://quell.example/live",
        "--captured",
        "2031-04-03T09:00:00+01:00",
        "--publisher",
        "The Quell Times",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(desk.run(&["build"]).code, 0);
    let name = "2031-04-02-0540-gates-opened";
    let page = desk.read(&format!("public/entries/{name}.html"));
    let original =
        "data-originalurl=\"https://quell.example/live\" data-versiondate=\"2031-04-03T08:00:00Z\"";
    for at in [format!("entries/{name}.html"), "sources/quell-live.txt.html".into()] {
        assert!(desk.read(&format!("public/{at}")).contains(original), "{at}");
    }
    assert!(head(&page).contains("<link rel=\"original\" href=\"https://quell.example/live\">"));
    assert!(head(&page).contains("<link rel=\"memento\" href=\"../sources/quell-live.txt.html\">"));
    assert!(page.contains("The publisher’s page, as captured on 3 April 2031"), "{page}");
    assert!(page.contains("download=\"2031-04-02-0540-gates-opened.bib\""), "{page}");
    assert_eq!(linked(&page)["@graph"][0]["isBasedOn"], "https://quell.example/live");
    assert_eq!(
        desk.read("public/sources/quell-live.txt.link"),
        "<https://quell.example/live>; rel=\"original\",\n<https://archive.example/q/sources/quell-live.txt.link>; rel=\"self\"; type=\"application/link-format\"; from=\"Thu, 03 Apr 2031 08:00:00 GMT\"; until=\"Thu, 03 Apr 2031 08:00:00 GMT\",\n<https://archive.example/q/sources/quell-live.txt.html>; rel=\"first last memento\"; datetime=\"Thu, 03 Apr 2031 08:00:00 GMT\"\n"
    );
}

#[test]
fn a_long_list_is_not_made_longer() {
    let desk = Desk::new();
    desk.write("content/quell/story.md", "+++\ntitle = \"Quell\"\n+++\n");
    for number in 0..200 {
        let (hour, minute) = (number / 60, number % 60);
        desk.write(
            &format!("content/quell/2031-04-02/{number}.md"),
            format!("+++\nid = \"2031-04-02-{hour:02}{minute:02}-water-is-rising-in-the-lower-town\"\ntitle = \"Water is rising in the lower town, hour {hour}\"\ndate = 2031-04-02T{hour:02}:{minute:02}:00Z\ndate_basis = \"curator\"\ndate_because = \"told\"\n+++\n\nThe water is rising.\n"),
        );
    }
    assert_eq!(desk.run(&["build"]).code, 0);
    let day = desk.read("public/dates/2031-04-02.html");
    assert!(!day.contains("Z3988"), "a list of 200 entries tells none to reference managers");
    assert!(day.len() < 80_000, "{} bytes", day.len());
    let parts = desk.files("public/stories/quell").into_keys();
    let mut told = 0;
    for part in parts.filter(|name| name.contains(".html") && !name.contains("newest")) {
        let page = desk.read(&format!("public/stories/quell/{part}"));
        assert!(page.len() < 60_000, "{part}: {} bytes", page.len());
        let story = linked(&page);
        let posts = story["@graph"][0]["liveBlogUpdate"].as_array().unwrap();
        assert!(posts.iter().all(|post| !post["headline"].is_null() && !post["url"].is_null()));
        told += posts.len();
    }
    assert_eq!(told, 200);
}
