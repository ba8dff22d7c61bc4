use super::files::{bibtex, csl_json, ris};
use super::*;

/// An entry of a person and an organisation, whose page and capture are known.
fn full() -> Record {
    Record {
        id: "2031-04-02-0540-dam-gates-opened".into(),
        title: "Dam gates opened".into(),
        authors: vec![
            Name::Person { family: "Okoro".into(), given: "Ana".into() },
            Name::Whole { name: "BBC News".into(), organisation: true },
        ],
        when: When::parse("2031-04-02T05:40:00+01:00").unwrap(),
        story: "Quell flood: live".into(),
        publisher: "The Quell Times".into(),
        page: "https://quell.example/live/1".into(),
        captured: "2031-04-03T09:00:00Z".into(),
        archive: "Quell River Archive".into(),
        permalink: "https://archive.example/entries/2031-04-02-0540-dam-gates-opened.html".into(),
        language: "en-GB".into(),
        tags: vec!["Quell dam".into(), "floods, rain".into()],
        warning: String::new(),
        dump: ("quell-live.txt".into(), "ab12".into()),
    }
}

/// An entry of which nothing is known but its words.
fn bare() -> Record {
    Record {
        title: "[The gates of the dam opened at dawn…]".into(),
        authors: Vec::new(),
        when: When::Unknown,
        publisher: String::new(),
        page: String::new(),
        captured: String::new(),
        permalink: String::new(),
        tags: Vec::new(),
        ..full()
    }
}

fn fields(coins: &str) -> Vec<(&str, &str)> {
    coins.split('&').filter_map(|pair| pair.split_once('=')).collect()
}

#[test]
fn zoteros_rules_are_kept_in_coins() {
    let coins = coins(&full());
    let fields = fields(&coins);
    let all = |key: &str| -> Vec<&str> {
        fields.iter().filter(|(name, _)| *name == key).map(|(_, value)| *value).collect()
    };
    assert_eq!(all("ctx_ver"), ["Z39.88-2004"]);
    assert_eq!(all("rft_val_fmt"), ["info%3Aofi%2Ffmt%3Akev%3Amtx%3Adc"]);
    // Else it is a "web page", or worse, an article of a journal.
    assert_eq!(all("rft.type"), ["blogPost"]);
    // A person's name may be turned about, an organisation's must not.
    assert_eq!(all("rft.au"), ["Okoro%2C+Ana"]);
    assert_eq!(all("rft.aucorp"), ["BBC+News"]);
    assert!(all("rft.creator").is_empty());
    // The only way by which tags arrive, one by one.
    assert_eq!(all("rft.subject"), ["Quell+dam", "floods%2C+rain"]);
    // Never with an offset: its `+` would be read as a space.
    assert_eq!(all("rft.date"), ["2031-04-02T04%3A40%3A00Z"]);
    assert_eq!(all("rft.source"), ["Quell+flood%3A+live"]);
    assert_eq!(
        all("rft.identifier"),
        ["https%3A%2F%2Farchive.example%2Fentries%2F2031-04-02-0540-dam-gates-opened.html"]
    );
}

#[test]
fn what_is_not_known_is_left_out_of_coins() {
    let coins = coins(&bare());
    let names: Vec<&str> = fields(&coins).iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        ["ctx_ver", "rft_val_fmt", "rft.type", "rft.title", "rft.source", "rft.language"]
    );
    let unsure = Record { when: When::parse("2031-04~").unwrap(), ..full() };
    assert!(super::coins(&unsure).contains("&rft.date=about+April+2031&"));
    // What is not sure to be a person is not turned about.
    let name = Name::Whole { name: "Reuters".into(), organisation: false };
    let unknown = Record { authors: vec![name], ..full() };
    assert!(super::coins(&unknown).contains("&rft.aucorp=Reuters&"));
}

#[test]
fn what_tex_would_join_stays_apart() {
    let record = Record { title: "<!-- 'a' ''b`` --- {c}".into(), ..full() };
    let title =
        "  title = {{<!-{}- 'a' '{}'b`{}` -{}-{}- \\textbraceleft{}c\\textbraceright{}}},\n";
    assert!(bibtex(&record).contains(title), "{}", bibtex(&record));
}

#[test]
fn a_span_without_a_beginning_is_a_year_in_words() {
    for (written, field) in [
        ("../2031-04", "  year = {April 2031 or earlier},\n"),
        ("/2031-04", "  year = {until April 2031, start unknown},\n"),
        ("2031-04/..", "  date = {2031-04/..},\n"),
        ("2031-04~", "  date = {2031-04~},\n"),
    ] {
        let record = Record { when: When::parse(written).unwrap(), ..full() };
        assert!(bibtex(&record).contains(field), "{}", bibtex(&record));
    }
}

#[test]
fn a_record_is_bibtex() {
    let shown = bibtex(&full());
    assert_eq!(
        shown,
        "@online{2031-04-02-0540-dam-gates-opened,\n  author = {Okoro, Ana and {BBC News}},\n  title = {{Dam gates opened}},\n  titleaddon = {{Quell flood: live}},\n  date = {2031-04-02},\n  organization = {{The Quell Times}},\n  url = {https://archive.example/entries/2031-04-02-0540-dam-gates-opened.html},\n  keywords = {Quell dam, {floods, rain}},\n  note = {Original: https://quell.example/live/1 (captured 3 April 2031). Kept in Quell River Archive, entry 2031-04-02-0540-dam-gates-opened},\n}\n"
    );
    // Without an address of the archive's own, the page as it was captured is what is cited.
    let original = bibtex(&Record { permalink: String::new(), ..full() });
    assert!(
        original.contains("url = {https://quell.example/live/1},\n  urldate = {2031-04-03},"),
        "{original}"
    );
    assert!(!original.contains("Original:"), "{original}");
}

#[test]
fn characters_of_tex_stay_text_and_braces_stay_paired() {
    let title = "50% of {A_B} & C#: $5 ~ \\x^2 }";
    let shown = bibtex(&Record { title: title.into(), ..full() });
    let line = shown.lines().find(|line| line.starts_with("  title = ")).unwrap();
    assert_eq!(
        line,
        "  title = {{50\\% of \\textbraceleft{}A\\_B\\textbraceright{} \\& C\\#: \\$5 \\textasciitilde{} \\textbackslash{}x\\textasciicircum{}2 \\textbraceright{}}},"
    );
    let (open, close) = (shown.matches('{').count(), shown.matches('}').count());
    assert_eq!(open, close, "{shown}");
}

#[test]
fn a_record_is_ris() {
    let shown = ris(&full());
    assert_eq!(
        shown,
        "TY  - BLOG\nID  - 2031-04-02-0540-dam-gates-opened\nAU  - Okoro, Ana\nAU  - BBC News\nTI  - Dam gates opened\nT2  - Quell flood: live\nPB  - The Quell Times\nDA  - 2031/04/02/\nPY  - 2031\nUR  - https://archive.example/entries/2031-04-02-0540-dam-gates-opened.html\nKW  - Quell dam\nKW  - floods, rain\nLA  - en-GB\nDB  - Quell River Archive\nN1  - Original: https://quell.example/live/1 (captured 3 April 2031). Kept in Quell River Archive, entry 2031-04-02-0540-dam-gates-opened\nER  - \n"
    );
    assert!(!ris(&bare()).contains("DA  -"));
}

#[test]
fn a_record_is_csl_json() {
    let item = |record: &Record| -> serde_json::Value {
        serde_json::from_str::<serde_json::Value>(&csl_json(record)).unwrap()[0].clone()
    };
    let full = item(&full());
    assert_eq!(full["type"], "post-weblog");
    assert_eq!(full["author"][0]["family"], "Okoro");
    assert_eq!(full["author"][1]["literal"], "BBC News");
    assert_eq!(full["issued"]["date-parts"], serde_json::json!([[2031, 4, 2]]));
    assert_eq!(full["container-title"], "Quell flood: live");
    assert_eq!(full["accessed"], serde_json::Value::Null);
    let bare = item(&bare());
    for unknown in ["author", "issued", "publisher", "URL", "accessed"] {
        assert_eq!(bare[unknown], serde_json::Value::Null, "{unknown}");
    }
    let unsure =
        Record { when: When::parse("2031-04-01/2031-04-03").unwrap(), ..super::tests::full() };
    assert_eq!(item(&unsure)["issued"]["literal"], unsure.when.words(Words::english()));
}

#[test]
fn a_file_stands_in_its_address() {
    let record = Record { title: "A \"b\" #c\u{202e} é".into(), ..full() };
    let file = &files(&record, &[], &[])[1];
    assert_eq!((file.name, file.file.as_str()), ("RIS", "2031-04-02-0540-dam-gates-opened.ris"));
    let url = file.address();
    assert!(
        url.starts_with(
            "data:application/x-research-info-systems;charset=utf-8,TY%20%20-%20BLOG%0A"
        ),
        "{url}"
    );
    assert!(url.contains("A%20%22b%22%20%23c%E2%80%AE%20é%0A"), "{url}");
    let plain = |c: char| c.is_alphanumeric() || "%-_.,:;/?@=+*()!$~".contains(c);
    assert!(url.chars().all(plain), "{url}");
}

fn text(record: &Record, work: Work) -> [String; 3] {
    let list: Vec<String> = cited(record, work).into_iter().map(|cited| cited.text).collect();
    list.try_into().unwrap()
}

#[test]
fn both_the_copy_and_the_original_are_cited() {
    let [apa, chicago, mla] = text(&full(), Work::Copy);
    let at = "https://archive.example/entries/2031-04-02-0540-dam-gates-opened.html";
    assert_eq!(
        apa,
        format!(
            "Okoro, A., & BBC News. (2031, April 2). Dam gates opened. Quell flood: live. Quell River Archive. {at}"
        )
    );
    assert_eq!(
        chicago,
        format!(
            "Okoro, Ana, and BBC News. “Dam gates opened.” Quell flood: live, The Quell Times, April 2, 2031. Quell River Archive. {at}."
        )
    );
    assert_eq!(
        mla,
        format!(
            "Okoro, Ana, and BBC News. “Dam gates opened.” Quell flood: live, 2 Apr. 2031, Quell River Archive, {at}."
        )
    );
    let [apa, chicago, mla] = text(&full(), Work::Original);
    let at = "https://quell.example/live/1";
    assert_eq!(
        apa,
        format!(
            "Okoro, A., & BBC News. (2031, April 2). Dam gates opened. Quell flood: live. {at}"
        )
    );
    assert_eq!(
        chicago,
        format!(
            "Okoro, Ana, and BBC News. “Dam gates opened.” Quell flood: live, The Quell Times, April 2, 2031. {at}."
        )
    );
    assert_eq!(
        mla,
        format!(
            "Okoro, Ana, and BBC News. “Dam gates opened.” Quell flood: live, 2 Apr. 2031, {at}."
        )
    );
}

#[test]
fn what_is_not_known_is_said_or_left_out() {
    let [apa, chicago, mla] = text(&bare(), Work::Copy);
    assert!(apa.contains("(n.d.)") && !apa.contains("Retrieved"), "{apa}");
    for cited in [&apa, &chicago, &mla] {
        assert!(cited.contains("[The gates of the dam opened at dawn…]"), "{cited}");
        assert!(cited.contains("ntry 2031-04-02-0540-dam-gates-opened"), "{cited}");
        assert!(
            !cited.contains(",,") && !cited.contains(" ,") && !cited.contains("None"),
            "{cited}"
        );
    }
    let unsure = Record { when: When::parse("2031-04~").unwrap(), ..full() };
    for cited in text(&unsure, Work::Copy) {
        assert!(cited.contains("about April 2031") && !cited.contains("9973"), "{cited}");
    }
    // An undated page is cited by the day on which it was captured.
    let undated = Record { when: When::Unknown, ..full() };
    let [apa, chicago, mla] = text(&undated, Work::Original);
    assert!(
        apa.contains("(n.d.)") && apa.contains("Retrieved April 3, 2031, from https://quell"),
        "{apa}"
    );
    assert!(chicago.contains("Accessed April 3, 2031"), "{chicago}");
    assert!(mla.contains("Accessed 3 Apr. 2031"), "{mla}");
}

#[test]
fn a_publisher_is_named_where_no_author_is_one() {
    let of_a_person = Record { authors: full().authors[..1].to_vec(), ..full() };
    for cited in text(&of_a_person, Work::Copy) {
        assert!(cited.contains("Quell flood: live, The Quell Times"), "{cited}");
    }
}

#[test]
fn titles_stay_as_they_are() {
    for title in [
        "Why did the gates open?",
        "'The Eagle has wings'",
        "50% {of} \\A_B & <b>",
        "فتح بوابات السد",
        "Gates 31 of 9973 opened",
        "Up, up.",
    ] {
        let record = Record { title: title.into(), ..full() };
        for cited in cited(&record, Work::Copy) {
            assert!(cited.text.contains(title.trim_end_matches('.')), "{}", cited.text);
            assert!(cited.html.contains("<bdi>"), "{}", cited.html);
            assert!(!cited.html.contains("<b>"), "{}", cited.html);
            assert!(!cited.text.contains("?.") && !cited.text.contains(".."), "{}", cited.text);
            assert!(
                !cited.text.contains(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)),
                "{}",
                cited.text
            );
        }
    }
}
