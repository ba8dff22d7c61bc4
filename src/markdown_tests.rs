use super::*;

fn html(text: &str) -> String {
    let setting = Setting { raw_html: false, under: 2, prefix: "e-", root: "../" };
    render(text, &setting)
}

#[test]
fn an_annotation_is_the_curators_by_eye_and_by_machine() {
    let shown = html("Words.\n\n> [!IMPORTANT]\n> It was *twelve*.\n");
    assert!(
        shown.starts_with("<p>Words.</p>\n<div class=\"note note-correction\" role=\"note\""),
        "{shown}"
    );
    assert!(shown.contains("data-voice=\"curator\""));
    assert!(shown.contains("<p class=\"label\">Correction</p>"));
    assert!(shown.contains("<em>twelve</em>") && shown.trim_end().ends_with("</div>"), "{shown}");
}

#[test]
fn a_quotation_without_a_mark_is_the_publishers() {
    assert_eq!(html("> He said so."), "<blockquote>\n<p>He said so.</p>\n</blockquote>\n");
}

#[test]
fn what_is_not_held_is_said_not_drawn() {
    let shown = html(
        "![A *man*](missing:image \"A caption. AP\")\n\n[Twitter post](missing:post)\n\n![](missing:video)\n",
    );
    assert_eq!(
        shown,
        "<p class=\"missing\"><span class=\"missing\"><b>Picture, not held:</b> A caption. AP <span class=\"alt\"><b>Described as:</b> A man</span></span></p>\n<p class=\"missing\"><span class=\"missing\"><b>Twitter post, not held</b></span></p>\n<p class=\"missing\"><span class=\"missing\"><b>Video, not held</b></span></p>\n"
    );
}

#[test]
fn html_is_text_and_dangerous_links_are_none() {
    let shown = html(
        "<script>alert(1)</script>\n\na <b onclick=x>b</b> [c](JavaScript:alert(1)) [d](java&#10;script:x) ![e](https://other.example/t.gif)",
    );
    assert!(!shown.contains("<script") && !shown.contains("<b onclick"), "{shown}");
    assert!(
        !shown.contains("href=\"java") && !shown.to_lowercase().contains("href=\"javascript"),
        "{shown}"
    );
    assert!(
        !shown.contains("<img") && shown.contains("<a href=\"https://other.example/t.gif\">e</a>"),
        "{shown}"
    );
}

#[test]
fn html_is_html_where_the_archive_says_so() {
    let setting = Setting { raw_html: true, under: 2, prefix: "", root: "" };
    assert!(render("a <kbd>b</kbd>", &setting).contains("<kbd>b</kbd>"));
}

#[test]
fn paths_count_from_the_root_of_the_site() {
    assert!(html("[a](/entries/b.html)").contains("href=\"../entries/b.html\""));
    assert!(html("![a](images/b.jpg)").contains("src=\"../images/b.jpg\""));
}

#[test]
fn an_address_holds_only_what_an_address_may() {
    let shown = html("![a](<images/b c\"d.jpg>) ![e](<https://other.example/f g>)");
    assert!(shown.contains("src=\"../images/b%20c%22d.jpg\""), "{shown}");
    assert!(shown.contains("href=\"https://other.example/f%20g\""), "{shown}");
}

#[test]
fn footnotes_are_numbered_by_their_first_mark() {
    let shown = html("One[^b], two[^a], again[^b].\n\n[^a]: Aye.\n[^b]: Bee.\n");
    let bee = shown.find("Bee.").unwrap();
    assert!(bee < shown.find("Aye.").unwrap(), "{shown}");
    assert_eq!(shown.matches("id=\"e-ref-1\"").count(), 1);
    assert_eq!(shown.matches("href=\"#e-note-1\"").count(), 2);
    assert!(shown.contains("<li id=\"e-note-1\">"));
}

#[test]
fn a_footnote_without_its_mark_is_not_lost() {
    assert!(html("Words.\n\n[^1]: My words.\n").contains("My words."));
    let twice = html("Words[^1].\n\n[^1]: One.\n\n[^1]: Two.\n");
    assert!(twice.contains("One.") && twice.contains("Two."), "{twice}");
}

#[test]
fn nothing_is_fetched_from_another_host_however_it_is_written() {
    for url in
        ["< //evil.example/x.png>", "<&#9;//evil.example/x.png>", "\\\\\\\\evil.example/x.png"]
    {
        let shown = html(&format!("![x]({url})"));
        assert!(!shown.contains("src=\"//") && !shown.contains("src=\"\\"), "{url}: {shown}");
    }
    assert!(html("<a@b.example>").contains("href=\"mailto:a@b.example\""));
}

#[test]
fn headings_go_below_the_heading_above() {
    assert_eq!(html("# A\n\n#### B\n"), "<h3>A</h3>\n<h3>B</h3>\n");
}

#[test]
fn the_publishers_text_is_without_notes_and_marks() {
    let text = "Words[^1].\n\n![alt](missing:image \"Caption. AP\")\n\n[Twitter post](missing:post)\n\n> [!NOTE]\n> Mine.\n\n- one\n- two\n\n[^1]: Also mine.\n";
    assert_eq!(publisher_text(text), "Words.\nCaption. AP\none\ntwo");
}

#[test]
fn what_is_missing_is_listed_with_its_line() {
    let list =
        missing("Words.\n\n![](missing:image \"Caption. AP\")\n\n[Twitter post](missing:post)\n");
    let shown: Vec<_> = list.iter().map(|m| (m.kind.as_str(), m.label.as_str(), m.line)).collect();
    assert_eq!(shown, [("image", "Caption. AP", 2), ("post", "Twitter post", 4)]);
}

#[test]
fn only_the_publishers_words_count_as_altered() {
    let base = "One two\nthree.\n\n![](missing:image \"C\")\n\n- four\n";
    let annotated = "One two three[^1].\n\n> [!NOTE]\n> Mine.\n\n![](images/c.jpg \"C\")\n\n- four\n\n[^1]: Mine.\n";
    assert_eq!(altered(base, annotated), None);
    assert_eq!(altered(base, &base.replace("three", "four")), Some(0));
    assert_eq!(altered(base, &base.replace("- four", "- five")), Some(5));
    assert_eq!(altered(base, &base.replace("\"C\"", "\"D\"")), Some(3));
    assert_eq!(altered(base, "One two three.\n"), Some(0));
    assert_eq!(altered(base, &format!("{base}\nMore.\n")), Some(7));
}
