use super::*;

fn html(text: &str) -> String {
    let (words, pictures) = (Words::english(), None);
    let setting = Setting { raw_html: false, under: 2, prefix: "e-", root: "../", words, pictures };
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
    let (words, pictures) = (Words::english(), None);
    let setting = Setting { raw_html: true, under: 2, prefix: "", root: "", words, pictures };
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

#[test]
fn a_note_names_who_wrote_it_and_when() {
    let shown = html(
        "Words[^1].\n\n> [!NOTE]\n> Mine.\n> — A. Okoro, 2031-05-02\n\n[^1]: Also mine.\n    -- B. Sy\n",
    );
    assert!(
        shown.contains("data-voice=\"curator\" data-by=\"A. Okoro\" data-date=\"2031-05-02\">"),
        "{shown}"
    );
    let line = "<p>Mine.</p>\n<p class=\"byline\">A. Okoro, <time datetime=\"2031-05-02\">Friday 2 May 2031</time></p>\n</div>";
    assert!(shown.contains(line), "{shown}");
    assert!(shown.contains("<li id=\"e-note-1\" data-by=\"B. Sy\"><p>Also mine.</p>"), "{shown}");
    assert!(shown.contains("<p class=\"byline\">B. Sy</p>"), "{shown}");
    let alone = html("> [!NOTE]\n> Mine.\n>\n> — The *desk*\n\n> [!NOTE]\n> — A. Okoro\n");
    assert!(!alone.contains("byline"), "{alone}");
    assert!(
        html("> [!NOTE]\n> Mine.\n>\n> — A. Okoro\n")
            .contains("<p>Mine.</p>\n<p class=\"byline\">")
    );
}

#[test]
fn a_note_on_a_phrase_and_the_phrase_lead_to_each_other() {
    let shown = html(
        "They were “*desperate* to\nleave”, desperate to leave.\n\nDesperate to leave.\n\n> [!NOTE]\n> \"desperate to leave\": his *own* words.\n\nThe desperate to leave.\n",
    );
    assert!(shown.contains("leave”, <mark class=\"phrase\" id=\"e-phrase-1\"><a href=\"#e-margin-1\" title=\"See the note\">desperate to leave</a></mark>."), "{shown}");
    assert!(shown.contains("<div class=\"note note-note margin\" id=\"e-margin-1\""), "{shown}");
    assert!(
        shown.contains("<p><a class=\"quoted\" href=\"#e-phrase-1\">&quot;desperate to leave&quot;</a>: his <em>own</em> words.</p>"),
        "{shown}"
    );
    assert_eq!(shown.matches("<mark").count(), 1);
}

#[test]
fn a_phrase_may_go_across_emphasis_and_links() {
    let shown = html(
        "So *very* [wide](https://a.example) a gate.\n\n> [!TIP]\n> “very wide a gate”: see there.\n",
    );
    assert!(shown.contains("<em><mark class=\"phrase\" id=\"e-phrase-1\"><a href=\"#e-margin-1\" title=\"See the note\">very</a></mark></em>"), "{shown}");
    assert!(
        shown.contains("<a href=\"https://a.example\"><mark class=\"phrase\">wide</mark></a>"),
        "{shown}"
    );
    assert_eq!(shown.matches("<mark").count(), 4, "{shown}");
}

#[test]
fn a_phrase_that_is_not_there_is_told() {
    let text = "A gate.\n\n> [!NOTE]\n> \"the gate\": which?\n\n> [!NOTE]\n> \"gate\": this one.\n\n> [!NOTE]\n> \"He\" said: no phrase.\n\n> [!NOTE]\n> 'Gates' and 'doors': none either.\n";
    assert_eq!(lost_phrases(text), [("the gate".to_string(), 3)]);
    let shown = html(text);
    assert_eq!(shown.matches("class=\"quoted\"").count(), 1, "{shown}");
    assert_eq!(lost_phrases(""), []);
    let twice = html("A gate.\n\n> [!NOTE]\n> \"gate\": one.\n\n> [!NOTE]\n> \"A gate\": two.\n");
    assert_eq!(twice.matches("href=\"#e-phrase-1\"").count(), 2, "{twice}");
}

#[test]
fn a_note_on_a_phrase_stands_behind_the_paragraph_of_its_phrase() {
    let shown = html(
        "A gate.\n\nA door.\n\n- An end.\n- A wall.\n\n> [!NOTE]\n> Plain.\n\n> [!NOTE]\n> \"end\": one.\n\n> [!NOTE]\n> \"gate\": two.\n\n> [!NOTE]\n> \"gate\": three.\n",
    );
    let places: Vec<usize> = ["gate</a>", ": two", ": three", "door", "wall", ": one", "Plain"]
        .iter()
        .map(|words| shown.find(words).unwrap())
        .collect();
    assert!(places.is_sorted(), "{places:?} {shown}");
    assert_eq!(shown.matches("role=\"note\"").count(), 4);
}

#[test]
fn what_was_taken_out_is_said_wherever_it_stood() {
    let text = "{{redacted: a name}} saw *it*.\n\n![{{redacted}} waves](images/a.jpg \"{{redacted: a name}}, 12\")\n\n![](missing:image \"{{redacted: a name}}\")\n\n`{{redacted}}`\n";
    let shown = html(text);
    let mark = "<span class=\"redacted\" data-voice=\"curator\">[redacted: a name]</span>";
    assert!(shown.starts_with(&format!("<p>{mark} saw <em>it</em>.</p>")), "{shown}");
    assert!(shown.contains("alt=\"[redacted] waves\""), "{shown}");
    assert!(shown.contains(&format!("<span class=\"caption\">{mark}, 12</span>")), "{shown}");
    assert!(shown.contains(&format!("not held:</b> {mark}</span>")), "{shown}");
    assert!(shown.contains("<code>[redacted]</code>"), "{shown}");
    assert!(!shown.contains("{{") && !shown.contains(['\u{fdd0}', '\u{fdd1}']), "{shown}");
    assert_eq!(shown_text("A {{redacted: a name}} b", Words::english()), "A [redacted: a name] b");
    assert_eq!(publisher_text("A {{redacted: a name}}, b"), "A , b");
}

#[test]
fn a_redaction_in_the_place_of_words_is_no_alteration() {
    let base = "Jane *Doe*, 12, saw it.\n\nShe ran.\n\n![](missing:image \"Jane Doe\")\n";
    let ours = "{{redacted: a name}}, 12, saw it.\n\n{{redacted}}\n\n![](missing:image \"{{redacted}}\")\n";
    assert_eq!(altered(base, ours), None);
    assert_eq!(altered(base, &ours.replace("12", "13")), Some(0));
    assert_eq!(altered(base, &format!("{ours}\nMore.\n")), Some(6));
    assert_eq!(altered(base, &ours.replace("\"{{", "\"A {{")), Some(4));
    assert_eq!(altered("A b.", "A b{{redacted}}."), Some(0), "it stands for nothing");
    assert_eq!(altered(base, "{{redacted}}\n"), None);
}

#[test]
fn a_content_warning_is_the_first_line_of_its_note() {
    let text = "Words.\n\n> [!WARNING]\n> Deaths of *three* men.\n> More on that.\n";
    assert_eq!(warning(text, Words::english()).as_deref(), Some("Deaths of three men."));
    assert_eq!(warning("> [!NOTE]\n> None.\n", Words::english()), None);
}

#[test]
fn a_description_of_a_found_picture_is_no_alteration_where_the_publisher_gave_none() {
    let base = "One\n\n![](missing:image \"He waited\")\n\n![A dam](missing:image)\n\nTwo\n";
    let ours = "One\n\n![A man on a roof](/images/a.jpg \"He waited\")\n\n![A dam](/images/b.jpg)\n\nTwo\n";
    assert_eq!(altered(base, ours), None);
    assert_eq!(altered(base, &ours.replace("A dam", "A dike")), Some(4));
    assert_eq!(altered(base, &ours.replace("He waited", "He sat")), Some(2));
    assert_eq!(altered(base, &ours.replace("Two", "Three")), Some(6));
}

#[test]
fn a_link_without_words_shows_its_address() {
    let address = "<p><a href=\"../entries/a.html\">/entries/a.html</a></p>\n";
    for text in ["[](/entries/a.html)", "[\u{200b}](/entries/a.html)"] {
        assert_eq!(html(text).replace('\u{200b}', ""), address, "{text}");
    }
    assert!(html("[![](/a.png)](https://x.example/)").ends_with("https://x.example/</a></p>\n"));
    assert!(!html("[![A roof](/a.png)](https://x.example/)").contains("https://x.example/<"));
    assert!(!html("[![](missing:image)](https://x.example/)").contains("https://x.example/<"));
    assert_eq!(html("[](javascript:x)"), "<p>javascript:x</p>\n");
    // No address at all would lead to the folder that the page is in.
    assert_eq!(html("[words]()"), "<p>words</p>\n");
}

#[test]
fn the_words_in_html_are_words() {
    let text = "<div>\n<p>One <b>two</p>\n<script>x()</script>\n</div>\n\nThree <i>four</i> {{redacted: a}}.";
    assert_eq!(shown_words(text, true, Words::english()), "One two\nThree four [redacted: a].");
    let shown = shown_words(text, false, Words::english());
    assert!(
        shown.starts_with("<div>\n<p>One <b>two</p>\n<script>x()</script>\n</div>\n"),
        "{shown}"
    );
    assert!(shown.ends_with("Three <i>four</i> [redacted: a]."), "{shown}");
    assert_eq!(shown_words("a *b*", true, Words::english()), shown_text("a *b*", Words::english()));
}
