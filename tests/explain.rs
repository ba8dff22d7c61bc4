//! Seeing what happened: `explain` on the terminal and as a page, and the table of `read`.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{LIVE, Run, run_in};

/// Runs a command on a dump in a folder of its own.
fn with_dump(dump: &[u8], arguments: &[&str]) -> (Run, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("d.txt"), dump).unwrap();
    (run_in(folder.path(), arguments), folder)
}

#[test]
fn a_rule_stands_above_each_entry_and_the_sums_at_the_end() {
    let (run, _folder) = with_dump(LIVE.as_bytes(), &["explain", "d.txt"]);
    assert_eq!(run.code, 0, "{run:?}");
    let lines: Vec<&str> = run.out.lines().collect();
    let at = lines.iter().position(|line| line.contains("published at 05:40")).unwrap();
    assert_eq!(lines[at - 1], "── 1. Wednesday 2 April 2031 05:40: Gates opened ──");
    assert!(lines[at].starts_with(" 5 entry 1       |   1. Gates opened"), "{}", lines[at]);
    assert_eq!(run.out.matches("── ").count(), 2);
    assert!(lines.last().unwrap().starts_with("19 lines: "), "{lines:?}");
    // A page of lines goes into a file or another program as it is: no colours, no pager.
    assert!(!run.out.contains('\u{1b}'));
}

#[test]
fn the_lines_shown_are_those_that_were_read() {
    let wide: Vec<u8> = LIVE
        .replace("nine days", "nine\u{7}\u{1b}[2J days")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let (run, _folder) = with_dump(&wide, &["explain", "d.txt"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.out.contains("| It has rained")
            || run.out.contains("|     It has rained for nine[2J days")
    );
    assert_eq!(run.out.lines().count(), LIVE.lines().count() + 3);
    // Old Macintosh line ends.
    let (run, _folder) = with_dump(LIVE.replace('\n', "\r").as_bytes(), &["explain", "d.txt"]);
    assert_eq!(run.out.lines().count(), LIVE.lines().count() + 3, "{run:?}");
}

#[test]
fn a_dump_in_which_nothing_is_found_is_shown_all_the_same() {
    let (run, _folder) = with_dump(b"A day\n14.00 It rained.\n\nx\n", &["explain", "d.txt"]);
    assert_eq!(run.code, 1, "{run:?}");
    let margin = |line: &str| format!("UNREAD        | {line}");
    let lines = ["A day", "14.00 It rained.", "", "x"];
    let shown: Vec<_> =
        (1..).zip(lines).map(|(at, line)| format!("{at} {}", margin(line))).collect();
    assert_eq!(run.out.lines().collect::<Vec<_>>(), shown);
    assert!(run.err.contains("no format recognises this dump"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_hangs_up_ends_it_quietly() {
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().unwrap();
    let body = "    It has rained in Quell.\n".repeat(40_000);
    std::fs::write(folder.path().join("d.txt"), format!("{LIVE}{body}")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_archive"))
        .args(["explain", "d.txt"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn the_page_says_all_that_is_known() {
    let dump = LIVE.replace("Gates opened", "Gates <b>opened</b> & \"all\"");
    let dump = format!("{dump}\nA stray line\n");
    let (run, folder) = with_dump(dump.as_bytes(), &["explain", "d.txt", "--html", "x.html"]);
    assert_eq!((run.code, run.out.as_str()), (0, "wrote x.html\n"), "{run:?}");
    let page = std::fs::read_to_string(folder.path().join("x.html")).unwrap();
    for part in [
        "<!DOCTYPE html>\n<html lang=\"en\">",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
        "<title>d.txt: what became of each line</title>",
        "<h1>d.txt</h1>",
        "<dt>Format</dt><dd>bbc-rerendered</dd>",
        "<dt>Encoding</dt><dd>UTF-8</dd>",
        "<caption>How many lines went where</caption>",
        "<tr class=\"unread\"><td>1</td><th scope=\"row\">unread: no rule explains them</th></tr>",
        "<th scope=\"row\">dropped by the rule “blank”</th>",
        "<p>Unread line: <a href=\"#L21\">21</a></p>",
        "<li><b class=\"warning\">warning</b> on line <a href=\"#L21\">21</a>: lines that no rule",
        "<li><a href=\"#L5\"><span class=\"time\">Wednesday 2 April 2031 05:40</span> <span lang=\"\">Gates &lt;b&gt;opened&lt;/b&gt; &amp; &quot;all&quot;</span></a></li>",
        "<tr id=\"L5\" class=\"entry first\"><td class=\"number\"><a href=\"#L5\">5</a></td><td class=\"fate\">entry 1</td>",
        "<tr id=\"L21\" class=\"unread\">",
    ] {
        assert!(page.contains(part), "no {part} in\n{page}");
    }
    let sum = archive::fixity::sha256(dump.as_bytes());
    assert!(page.contains(&format!("<dd>{sum}</dd>")));
    assert!(!page.contains("<b>opened"));
    assert_eq!(page.matches("<tr id=\"L").count(), dump.lines().count());
    // Nothing runs, nothing is fetched, and every link leads to a line that is there.
    for word in ["<script", "http://", "https://", "src=", "url(", "@import", "<link"] {
        assert!(!page.contains(word), "{word}");
    }
    for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
    }
    // Every tag that opens closes, in order.
    let mut open = Vec::new();
    for tag in page.split('<').skip(1).filter_map(|rest| rest.split(['>', ' ', '\n']).next()) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "</{name}>"),
            None if tag == "meta" || tag.starts_with('!') => {}
            None => open.push(tag),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn only_a_page_of_its_own_is_written_over() {
    let (run, folder) = with_dump(LIVE.as_bytes(), &["explain", "d.txt", "--html", "x.html"]);
    assert_eq!(run.code, 0, "{run:?}");
    let page = std::fs::read(folder.path().join("x.html")).unwrap();
    let run = run_in(folder.path(), &["explain", "d.txt", "--html", "x.html"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(std::fs::read(folder.path().join("x.html")).unwrap(), page);
    for file in ["d.txt", "mine.html"] {
        let before = b"<!DOCTYPE html>\n<title>Mine</title>\n".to_vec();
        std::fs::write(folder.path().join("mine.html"), &before).unwrap();
        let was = std::fs::read(folder.path().join(file)).unwrap();
        let run = run_in(folder.path(), &["explain", "d.txt", "--html", file]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(&format!("{file} is there already, and no page that")), "{run:?}");
        assert_eq!(std::fs::read(folder.path().join(file)).unwrap(), was);
    }
}

#[test]
fn read_shows_a_table_the_summary_the_ledger_and_the_problems() {
    let dump = format!("{LIVE}\nA stray line\n");
    let (run, _folder) = with_dump(dump.as_bytes(), &["read", "d.txt"]);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[0], "d.txt: BBC, format bbc-rerendered, 2 entries");
    assert_eq!(lines[1], "  line  time                          words  media  title");
    assert_eq!(lines[2], "     5  Wednesday 2 April 2031 05:40     14         Gates opened");
    assert_eq!(lines[3], "    11  Tuesday 1 April 2031 21:15       15      1  Rain goes on");
    assert_eq!(lines[4], "  summary: 1 point, the first: The dam at Quell has opened its gates");
    assert!(lines[5].starts_with("  21 lines: "), "{lines:?}");
    assert!(run.err.starts_with("warning: d.txt:21: lines that no rule explains: 1"), "{run:?}");
    assert!(run.err.ends_with("  unread: line 21\n"), "{run:?}");
}

#[test]
fn an_encoding_can_be_told() {
    let bytes = encoding_rs::WINDOWS_1251.encode(&LIVE.replace("Gates", "Ворота")).0.into_owned();
    let (run, folder) = with_dump(&bytes, &["read", "--encoding", "cp1251", "d.txt"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    assert!(run.out.contains("Ворота opened"), "{run:?}");
    let run = run_in(folder.path(), &["read", "--encoding", "windows1521", "d.txt"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.err.contains("did you mean windows-1251?")
            || run.err.contains("did you mean windows-1252?"),
        "{run:?}"
    );
}
