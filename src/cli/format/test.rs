//! `archive format test`: what the archive's own formats make of the examples beside them.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{End, FOLDER, Outcome, Stop, counted, find_root, formats, own, say, tell_all, unknown};
use crate::cli::{parse_when, parse_zone};
use crate::date::When;
use crate::diagnostic::{Diagnostic, any_error};
use crate::format::Format;
use crate::fs;
use crate::import::{self, Told};

/// Of a long text, so many characters before a difference are shown, and so many from it on.
const BEFORE: usize = 20;
const FROM: usize = 60;

/// Reads every example of the archive's own formats, and compares with what is expected
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An example of formats/NAME.toml is a dump formats/NAME/CASE.txt. What it must become stands in\nCASE.json beside it: what `archive read --json` prints. What you would tell with --date, --zone,\n--source-url, --captured or --encoding stands in CASE.toml: date = \"2031-04-02\""
)]
pub(super) struct Test {
    /// Only the examples of this format
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Show what is different, then write it down as what is expected
    #[arg(long)]
    update: bool,
}

/// How one example went.
enum Result {
    Same,
    /// Nobody has said yet what it must become.
    New(String),
    /// It becomes something else: what, and the text of the new expectation.
    Differs(Vec<String>, String),
}

pub(super) fn run(command: &Test, root: Option<&Path>) -> Outcome {
    let root = find_root(root)?;
    let mut names = own(&root)?;
    if let Some(name) = &command.name {
        if !names.contains(name) {
            return Err(unknown(name, &names));
        }
        names = vec![name.clone()];
    }
    let (formats, problems) = formats(Some(&root))?;
    tell_all(&problems);
    let mut failed = any_error(&problems);
    let (mut good, mut wrong, mut written) = (0, 0, 0);
    for name in &names {
        let (cases, strays) = cases(&root, name)?;
        tell_all(&strays);
        failed |= any_error(&strays);
        if cases.is_empty() {
            let message = format!("no example in {FOLDER}/{name}/, expected at least one");
            let hint = format!("put a dump there: {FOLDER}/{name}/one.txt");
            tell_all(
                &[Diagnostic::warning(format!("{FOLDER}/{name}.toml"), 0, message).hint(hint)],
            );
        }
        for case in cases {
            let shown = fs::relative(&root, &case);
            let result = match told(&root, &case)? {
                Ok(told) => compare(&case, &told, &formats)?,
                Err(problem) => {
                    tell_all(&[problem]);
                    wrong += 1;
                    continue;
                }
            };
            let (lines, text) = match result {
                Result::Same => {
                    good += 1;
                    continue;
                }
                Result::New(text) => (vec!["nothing is expected of it yet".to_string()], text),
                Result::Differs(lines, text) => (lines, text),
            };
            say(format!("{shown}: {}", lines.join("\n  ")));
            if command.update {
                let expected = case.with_extension("json");
                fs::write(&expected, text.as_bytes())?;
                written += 1;
                say(format!(
                    "  wrote {}: read it against the dump",
                    fs::relative(&root, &expected)
                ));
            } else {
                wrong += 1;
            }
        }
    }
    finish(&names, good, wrong, written);
    Ok(if failed || wrong > 0 { End::Problems } else { End::Done })
}

fn finish(names: &[String], good: usize, wrong: usize, written: usize) {
    if names.is_empty() {
        say(format!("there is no format in {FOLDER}/ yet: archive format new NAME DUMP"));
        return;
    }
    let formats = counted(names.len(), "format", "formats");
    let mut parts = vec![format!("{} as expected", counted(good, "example", "examples"))];
    if wrong > 0 {
        parts.push(format!("{wrong} not"));
    }
    if written > 0 {
        parts.push(format!("{written} written anew"));
    }
    say(format!("{formats}: {}", parts.join(", ")));
    if wrong > 0 {
        say("if the new result is right: archive format test --update");
    }
}

/// Returns the dumps beside a format, and what stands there without one.
fn cases(root: &Path, name: &str) -> std::result::Result<(Vec<PathBuf>, Vec<Diagnostic>), Stop> {
    let files = fs::walk(&root.join(FOLDER).join(name))?;
    let is = |file: &Path, kind: &str| file.extension().is_some_and(|found| found == kind);
    let mut strays = Vec::new();
    for file in files.iter().filter(|file| is(file, "json") || is(file, "toml")) {
        if !files.contains(&file.with_extension("txt")) {
            let message = "no dump of this name with the ending .txt, expected one";
            strays.push(Diagnostic::warning(fs::relative(root, file), 0, message));
        }
    }
    let dumps = files.into_iter().filter(|file| is(file, "txt") && !fs::is_link(file));
    Ok((dumps.collect(), strays))
}

/// Returns what the curator tells of an example.
fn told(
    root: &Path,
    case: &Path,
) -> std::result::Result<std::result::Result<Told, Diagnostic>, Stop> {
    let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut told = Told { name, ..Told::default() };
    let file = case.with_extension("toml");
    let Some(bytes) = fs::read_if_there(&file)? else { return Ok(Ok(told)) };
    let path = fs::relative(root, &file);
    let text = match fs::text_of(&path, bytes) {
        Ok(text) => text,
        Err(problem) => return Ok(Err(*problem)),
    };
    let table: toml::Table = match toml::from_str(&text) {
        Ok(table) => table,
        Err(error) => return Ok(Err(Diagnostic::error(&path, 0, error.message().to_string()))),
    };
    for (key, value) in &table {
        let word = match value {
            toml::Value::String(word) => word.clone(),
            other => other.to_string(),
        };
        if let Err(what) = tell(&mut told, key, &word) {
            let line = text.lines().position(|line| line.trim_start().starts_with(key.as_str()));
            let line = line.map_or(0, |at| at + 1);
            return Ok(Err(Diagnostic::error(&path, line, format!("`{key}`: {what}"))));
        }
    }
    Ok(Ok(told))
}

fn tell(told: &mut Told, key: &str, word: &str) -> std::result::Result<(), String> {
    match key {
        "date" => told.date = Some(parse_when(word)?),
        "zone" => told.zone = Some(parse_zone(word)?),
        "source_url" => told.source_url = Some(word.to_string()),
        "encoding" => told.encoding = Some(import::encoding_name(word)?),
        "captured" => match parse_when(word)? {
            When::Exact(moment) => told.captured = Some(moment),
            _ => return Err(format!("`{word}`, expected a moment: 2031-04-02T05:40:00+01:00")),
        },
        _ => return Err("expected date, zone, source_url, captured or encoding".to_string()),
    }
    Ok(())
}

/// Reads one example and compares.
fn compare(case: &Path, told: &Told, formats: &[Format]) -> std::result::Result<Result, Stop> {
    let found = match import::read(&fs::read(case)?, told, formats) {
        Ok(dump) => import::json(&told.name, &dump),
        Err(findings) => findings.iter().map(ToString::to_string).collect(),
    };
    let text = format!("{}\n", serde_json::to_string_pretty(&found)?);
    let Some(bytes) = fs::read_if_there(&case.with_extension("json"))? else {
        return Ok(Result::New(text));
    };
    let Ok(expected) = serde_json::from_slice::<Value>(&bytes) else {
        return Ok(Result::Differs(vec!["what is expected is no JSON".to_string()], text));
    };
    if expected == found {
        return Ok(Result::Same);
    }
    Ok(Result::Differs(difference(&expected, &found), text))
}

/// Says where two results differ first, and what stands there.
fn difference(expected: &Value, found: &Value) -> Vec<String> {
    let count = |value: &Value| value["entries"].as_array().map(Vec::len);
    let mut lines = Vec::new();
    match (count(expected), count(found)) {
        (Some(_), None) => lines.push("it is refused now".to_string()),
        (None, Some(_)) => lines.push("it is read now, and was refused".to_string()),
        (Some(one), Some(other)) if one != other => {
            lines.push(format!("{one} entries expected, {other} found"));
        }
        _ => {}
    }
    if let (Some(own), Some(other)) = (expected["format"].as_str(), found["format"].as_str())
        && own != other
    {
        lines.push(format!("it is read by the format `{other}` now, and was by `{own}`"));
    }
    let refused = found.as_array().filter(|_| count(expected).is_some());
    if let Some(findings) = refused {
        lines.extend(
            findings.iter().filter_map(Value::as_str).map(|words| words.replace('\n', " ")),
        );
        return lines;
    }
    let Some(first) = first_difference(expected, found, Vec::new()) else { return lines };
    lines.push(place(&first.path, expected, found));
    let (one, other) = shown(first.expected, first.found);
    lines.push(format!("  expected {one}"));
    lines.push(format!("  found    {other}"));
    lines
}

/// The first place at which two values differ.
struct First<'a> {
    path: Vec<String>,
    expected: Option<&'a Value>,
    found: Option<&'a Value>,
}

fn first_difference<'a>(
    expected: &'a Value,
    found: &'a Value,
    path: Vec<String>,
) -> Option<First<'a>> {
    let deeper = |key: &str, one: Option<&'a Value>, other: Option<&'a Value>| {
        let path: Vec<String> = path.iter().cloned().chain([key.to_string()]).collect();
        match (one, other) {
            (Some(one), Some(other)) => first_difference(one, other, path),
            _ => Some(First { path, expected: one, found: other }),
        }
    };
    match (expected, found) {
        (one, other) if one == other => None,
        (Value::Object(one), Value::Object(other)) => {
            // Entries say more than the sums and the problems that follow from them.
            let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
            keys.sort_by_key(|key| (key.as_str() != "entries", key.as_str()));
            keys.iter().find_map(|key| deeper(key, one.get(*key), other.get(*key)))
        }
        (Value::Array(one), Value::Array(other)) => (0..one.len().max(other.len()))
            .find_map(|at| deeper(&at.to_string(), one.get(at), other.get(at))),
        (one, other) => Some(First { path, expected: Some(one), found: Some(other) }),
    }
}

/// Says in words where a difference is.
fn place(path: &[String], expected: &Value, found: &Value) -> String {
    match path {
        [list, at, rest @ ..] if list == "entries" => {
            let number = at.parse::<usize>().unwrap_or_default();
            let entry = |value: &Value| value["entries"].get(number).cloned();
            let entry = entry(found).or_else(|| entry(expected)).unwrap_or_default();
            let title = entry["title"].as_str().unwrap_or_default().to_string();
            let line = entry["lines"][0].as_u64().unwrap_or_default();
            let field = rest.join(".");
            let field = if field.is_empty() { String::new() } else { format!(", {field}") };
            format!("entry {} (`{title}`, line {line}){field}:", number + 1)
        }
        [first, ..] if first == "problems" => "problems:".to_string(),
        _ => format!("{}:", path.join(".")),
    }
}

/// Two values as words; of long texts, what is around the difference.
fn shown(one: Option<&Value>, other: Option<&Value>) -> (String, String) {
    let (Some(Value::String(one)), Some(Value::String(other))) = (one, other) else {
        let words = |value: Option<&Value>| {
            value.map_or_else(|| "nothing".to_string(), |value| cut(&value.to_string(), 0))
        };
        return (words(one), words(other));
    };
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    (cut(&format!("{one:?}"), same), cut(&format!("{other:?}"), same))
}

/// The part of a text around its `at`th character.
fn cut(text: &str, at: usize) -> String {
    let from = if text.chars().count() <= BEFORE + FROM { 0 } else { at.saturating_sub(BEFORE) };
    let part: String = text.chars().skip(from).take(BEFORE + FROM).collect();
    let more = text.chars().nth(from + BEFORE + FROM).is_some();
    format!("{}{part}{}", if from > 0 { "…" } else { "" }, if more { "…" } else { "" })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_difference_is_told_by_entry_and_field() {
        let one = json!({ "dump": "d", "entries": [{ "title": "A", "body": "x", "lines": [1, 2] }, { "title": "B", "body": "y", "lines": [3, 4] }] });
        let mut other = one.clone();
        other["entries"][1]["body"] = json!("z");
        other["dump"] = json!("e");
        let said = difference(&one, &other);
        assert_eq!(said, ["entry 2 (`B`, line 3), body:", "  expected \"y\"", "  found    \"z\""]);
        other["entries"].as_array_mut().unwrap().pop();
        assert_eq!(difference(&one, &other)[0], "2 entries expected, 1 found");
        assert_eq!(difference(&one, &other)[1], "entry 2 (`B`, line 3):");
        assert_eq!(difference(&one, &json!(["error: no"])), ["it is refused now", "error: no"]);
    }

    #[test]
    fn of_long_texts_the_place_that_differs_is_shown() {
        let long = "word ".repeat(60);
        let one = json!(format!("{long}this{long}"));
        let other = json!(format!("{long}that{long}"));
        let (one, other) = shown(Some(&one), Some(&other));
        assert!(one.starts_with('…') && one.contains("word this") && one.ends_with('…'), "{one}");
        assert!(other.contains("word that"), "{other}");
    }
}
