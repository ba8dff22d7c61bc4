//! Tests of reading formats.

use super::*;

const SMALL: &str = "name = 'mine'\npublisher = 'P'\ndescribes = 'D'\n[recognise]\n[entry]\nstart = ['^(?<title>.*)!$']\n";

fn fails(text: &str) -> String {
    Format::parse("formats/mine.toml", text).unwrap_err().to_string()
}

#[test]
fn every_built_in_format_is_sound() {
    for (path, text) in BUILT_IN {
        let format = Format::parse(path, text).unwrap_or_else(|problem| panic!("{problem}"));
        assert_eq!(*path, format!("formats/{}.toml", format.name), "a file is named as its format");
    }
}

#[test]
fn a_misspelt_key_is_named_with_its_line_and_the_nearest_one() {
    let text = SMALL.replace("start =", "strat =");
    let message = fails(&text);
    assert!(message.starts_with("error: formats/mine.toml:6: unknown field `strat`"), "{message}");
    assert!(message.ends_with("hint: did you mean `start`?"), "{message}");
}

#[test]
fn a_bad_expression_is_named_with_its_line() {
    let text = format!("{SMALL}[[discard]]\nname = 'x'\npattern = '(a'\n");
    let message = fails(&text);
    assert!(message.contains("formats/mine.toml:9: the regular expression `(a` is not one"));
    assert!(message.contains("unclosed group"), "{message}");
}

#[test]
fn a_bad_offset_a_bad_group_and_a_bad_name_are_found() {
    let zone = format!("{SMALL}[time.zones]\n'A' = 'one'\n");
    assert!(fails(&zone).contains("mine.toml:8: `one`, expected an offset"), "{}", fails(&zone));
    let group = fails(&SMALL.replace("<title>", "<titel>"));
    assert!(group.contains("mine.toml:6: the group `titel`"), "{group}");
    assert!(group.contains("did you mean `title`?"), "{group}");
    assert!(fails(&SMALL.replace("'mine'", "'My Own'")).contains("mine.toml:1: the name `My Own`"));
    assert!(
        fails(&SMALL.replace("start = ['^(?<title>.*)!$']", "by = 'start'"))
            .contains("mine.toml:5: nothing")
    );
}

#[test]
fn own_formats_come_first_and_replace_built_in_ones() {
    let own = |text: String| ("formats/x.toml".to_string(), text);
    let replaced = SMALL.replace("'mine'", "'itv-topic'");
    let (formats, problems) = load(
        built_in(),
        &[own(SMALL.into()), own(replaced), own(SMALL.into()), own("nmae = 1".into())],
    );
    let names: Vec<_> = formats.iter().map(|format| format.name.as_str()).collect();
    assert_eq!(names[..3], ["mine", "itv-topic", built_in()[0].name.as_str()]);
    assert_eq!(names.len(), built_in().len() + 1);
    assert_eq!(formats[1].publisher, "P");
    assert_eq!(problems.len(), 2, "{problems:?}");
}
