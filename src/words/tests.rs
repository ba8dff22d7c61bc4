use super::*;

fn told(tag: &str, file: &str, text: &str) -> Vec<String> {
    let own = [(format!("languages/{file}.toml"), text.to_string())];
    Words::new(tag, &own).1.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_compiled_in_is_sound_and_whole() {
    for (tag, text) in BUILT_IN {
        // As an archive's own file, so that what it lacks is told.
        let own = [(format!("languages/{tag}.toml"), (*text).to_string())];
        let (words, problems) = Words::new(tag, &own);
        assert_eq!(problems, [], "{tag}");
        assert_eq!(words.keys(), Words::english().keys(), "{tag}");
    }
}

#[test]
fn arabic_has_a_form_for_each_of_its_numbers() {
    let words = Words::new("ar", &[]).0;
    let said = |count| words.count("count.entries", count, &[]);
    assert_eq!(said(0), "لا مدخلات");
    assert_eq!(said(1), "مدخل واحد");
    assert_eq!(said(2), "مدخلان");
    assert_eq!(
        (said(3), said(10), said(103)),
        ("3 مدخلات".into(), "10 مدخلات".into(), "103 مدخلات".into())
    );
    assert_eq!((said(11), said(99)), ("11 مدخلًا".into(), "99 مدخلًا".into()));
    assert_eq!((said(100), said(102)), ("100 مدخل".into(), "102 مدخل".into()));
}

#[test]
fn a_file_of_the_archives_own_counts_key_by_key() {
    let own = [(
        "languages/en.toml".into(),
        "frame.stories = \"Live blogs\"\n[own]\nhello = \"Hello\"\n".into(),
    )];
    let (words, problems) = Words::new("en", &own);
    assert_eq!(problems, []);
    assert_eq!((words.say("frame.stories"), words.say("frame.dates")), ("Live blogs", "Dates"));
    assert_eq!(words.say("own.hello"), "Hello");
    let own = [
        ("languages/pt.toml".into(), "[frame]\nstories = \"Histórias\"\ndates = \"Datas\"".into()),
        ("languages/pt-BR.toml".into(), "[frame]\ndates = \"Dias\"".into()),
    ];
    let (words, _) = Words::new("pt-BR", &own);
    assert_eq!((words.say("frame.stories"), words.say("frame.dates")), ("Histórias", "Dias"));
    assert_eq!(words.say("frame.tags"), "Tags");
    assert_eq!(closest("pt-BR", &own), Some("pt-BR"));
    assert_eq!(closest("pt-PT", &own), Some("pt"));
    assert_eq!(closest("ar-EG", &own), Some("ar"));
    assert_eq!(closest("xx", &own), None);
}

#[test]
fn slips_are_told_with_their_place() {
    let problems =
        told("en", "en", "[frame]\nstorys = \"x\"\nkept_by = \"By {keeper}.\"\nskip = 1\n");
    assert_eq!(
        problems,
        [
            "error: languages/en.toml:4: `frame.skip`, expected a text in quotes, a list of texts, or forms for numbers",
            "error: languages/en.toml:2: unknown text `frame.storys`\n  hint: did you mean `frame.stories`?",
            "error: languages/en.toml:3: unknown placeholder `{keeper}`, expected `{curator}`",
        ]
    );
    let problems =
        told("en", "en", "[frame]\nkept_by = \"Kept.\"\n[count]\nentries = \"{count}\"\n");
    assert!(problems[0].contains("en.toml:2: no placeholder `{curator}`"), "{problems:?}");
    assert!(problems[1].contains("`count.entries` is one text, expected forms"), "{problems:?}");
    let problems = told(
        "en",
        "en",
        "[count]\nentries = { one = \"1\", many = \"\", others = \"\", other = \"{count}\" }\n[date]\nmonths = [\"a\"]\nday = { other = \"\" }\n",
    );
    let shown = problems.join("\n");
    assert!(shown.contains("has the form `others`, expected one, other"), "{shown}");
    assert!(shown.contains("`date.months` has 1 texts, expected 12"), "{shown}");
    assert!(shown.contains("`date.day` has forms for numbers, expected one text"), "{shown}");
    // A file of a language that is not used is read as well.
    assert!(told("en", "fr", "a = ")[0].contains("languages/fr.toml:1: this is not TOML"));
}

#[test]
fn what_a_language_lacks_is_said_in_english_and_told() {
    let problems = told(
        "pl",
        "pl",
        "[count]\nentries = { one = \"{count} wpis\", other = \"{count} wpisu\" }\n",
    );
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(
        problems[0],
        "warning: languages/pl.toml:2: `count.entries` has no form `few`, `many`\n  hint: numbers in this language have the forms one, few, many, other"
    );
    assert!(
        problems[1].starts_with("warning: languages/pl.toml: no text for `basis.because`, "),
        "{problems:?}"
    );
    assert!(problems[1].contains(" more, so the English is shown"), "{problems:?}");
}

#[test]
fn what_reads_the_other_way_is_set_apart() {
    let (english, arabic) = (Words::english(), Words::new("ar", &[]).0);
    let kept = |words: &Words, name: &str| words.fill("frame.kept_by", &[("curator", name)]);
    assert_eq!(kept(english, "A. Okoro"), "Kept by A. Okoro.");
    assert_eq!(kept(english, "سلمى"), "Kept by \u{2068}سلمى\u{2069}.");
    assert!(kept(&arabic, "سلمى").ends_with(": سلمى."));
    assert!(kept(&arabic, "A. Okoro").ends_with(": \u{2068}A. Okoro\u{2069}."));
    assert!(arabic.is_foreign("2031-04-02") && !arabic.is_foreign("2031"));
}

#[test]
fn the_direction_goes_by_script_or_language() {
    for rtl in ["ar", "ar-EG", "fa", "he", "ur", "az-Arab", "ckb-IQ"] {
        assert!(is_rtl(rtl), "{rtl}");
    }
    for ltr in ["en", "arn", "fr-CA", "ar-Latn", "zh-Hant", ""] {
        assert!(!is_rtl(ltr), "{ltr}");
    }
}

#[test]
fn lists_are_joined_as_the_language_does() {
    let arabic = Words::new("ar", &[]).0;
    assert_eq!(Words::english().list_and(&["a", "b", "c"]), "a, b and c");
    assert_eq!(Words::english().list_and(&["a"]), "a");
    assert_eq!(arabic.list_and(&["التاريخ", "العنوان"]), "التاريخ والعنوان");
}
