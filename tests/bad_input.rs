//! What can be wrong, and what the curator reads then: file and line, the exit code, and nothing
//! written or lost.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test may panic, and holds real files"
)]

mod common;

use common::{Desk, LIVE, Run, files};

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";

/// Runs a command that must fail, and holds that nothing in the archive or around it changes.
fn refused(desk: &Desk, arguments: &[&str], code: i32, told: &[&str]) -> Run {
    let before = files(desk.around());
    let run = desk.run(arguments);
    assert_eq!(run.code, code, "{run:?}");
    for words in told {
        assert!(run.err.contains(words), "no `{words}` in {run:#?}");
    }
    common::assert_same(&files(desk.around()), &before, "something was written");
    run
}

#[test]
fn broken_toml() {
    let desk = Desk::imported();
    desk.write(GATES, desk.read(GATES).replace("order = 2", "order = = 2"));
    refused(
        &desk,
        &["build"],
        1,
        &[&format!("error: {GATES}:6: this is not TOML"), "nothing was built: 1 error"],
    );
}

#[test]
fn an_unknown_key() {
    let desk = Desk::imported();
    desk.write(GATES, desk.read(GATES).replace("tags = []", "tgas = []"));
    refused(
        &desk,
        &["build"],
        1,
        &[&format!("error: {GATES}:7: unknown key `tgas`\n  hint: did you mean `tags`?")],
    );
}

#[test]
fn a_bad_date() {
    let desk = Desk::imported();
    desk.write(
        GATES,
        desk.read(GATES).replace("date = 2031-04-02T05:40:00+01:00", "date = \"2031-02-30\""),
    );
    refused(
        &desk,
        &["build"],
        1,
        &[&format!("error: {GATES}:4: `date`: the date `2031-02-30`, expected")],
    );
}

#[test]
fn a_date_that_toml_itself_refuses() {
    let desk = Desk::imported();
    desk.write(GATES, desk.read(GATES).replace("2031-04-02T05:40", "2031-02-30T05:40"));
    let run = refused(
        &desk,
        &["build"],
        1,
        &[
            &format!("error: {GATES}:4: `date`: the date `2031-02-30T05:40:00+01:00`, expected"),
            "nothing was built: 1 error",
        ],
    );
    assert_eq!(run.err.matches(GATES).count(), 1, "{run:?}");
}

#[test]
fn a_duplicate_id() {
    let desk = Desk::imported();
    desk.write("content/quell-live/copy.md", desk.read(GATES));
    refused(
        &desk,
        &["build"],
        1,
        &[
            "error: content/quell-live/copy.md:2: the id `2031-04-02-0540-gates-opened` is that of",
            &format!("{GATES}:2 too"),
            // Once, and not as two pages at one address again.
            "nothing was built: 1 error",
        ],
    );
}

#[test]
fn invalid_utf8_in_content() {
    let desk = Desk::imported();
    let mut bytes = desk.read(GATES).into_bytes();
    bytes.extend(b"bad \xff byte\n");
    desk.write(GATES, bytes);
    refused(
        &desk,
        &["build"],
        1,
        &[&format!("error: {GATES}:19: the byte 0xFF, expected text in UTF-8")],
    );
}

#[test]
fn every_bad_file_is_told_in_one_run() {
    let desk = Desk::imported();
    desk.write("content/quell-live/a.md", "no front matter");
    desk.write("content/quell-live/b.md", "+++\nid = \"b\"\n+++\n");
    desk.write("site.toml", "titel = \"x\"\n");
    desk.write("tags.toml", "[[tag]]\nnam = \"x\"\n");
    desk.write("templates/base.html", "{% if %}");
    let run = refused(
        &desk,
        &["build"],
        1,
        &[
            "a.md:1: ",
            "b.md:2: no `title`",
            "site.toml:1: ",
            "tags.toml:2: ",
            "templates/base.html:1: ",
        ],
    );
    assert!(run.err.contains("nothing was built: "), "{run:?}");
}

#[test]
fn dumps_that_are_none() {
    let desk = Desk::new();
    for (name, bytes, told) in [
        ("empty.txt", &b""[..], "empty.txt"),
        ("blank.txt", b"\n \n\n", "blank.txt"),
        ("binary.txt", b"\x7fELF\0\0\0\0", "binary.txt:1: "),
        ("zip.txt", b"PK\x03\x04\0\0\0\0", "zip.txt: "),
        ("latin.txt", b"one\ntwo\ncaf\xe9\n", "latin.txt:3: "),
        ("other.txt", b"Just a letter to somebody.\n\nWith kind regards.\n", "other.txt"),
    ] {
        let path = desk.around().join(name);
        std::fs::write(&path, bytes).unwrap();
        let run =
            refused(&desk, &["import", path.to_str().unwrap()], 1, &[told, "nothing was imported"]);
        if name == "other.txt" {
            assert!(run.err.contains("bbc-rerendered") && run.err.contains("itv-topic"), "{run:?}");
        }
    }
}

#[test]
fn one_bad_dump_does_not_stop_the_others() {
    let desk = Desk::new();
    std::fs::write(desk.around().join("bad.txt"), "").unwrap();
    std::fs::write(desk.around().join("good.txt"), LIVE).unwrap();
    let run = desk.run(&["import", "../bad.txt", "../good.txt"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("good.txt: 2 entries (2 new)"), "{run:?}");
}

#[test]
fn an_unknown_format_is_told_with_the_nearest() {
    let desk = Desk::new();
    std::fs::write(desk.around().join("good.txt"), LIVE).unwrap();
    for command in ["import", "read", "explain"] {
        refused(
            &desk,
            &[command, "../good.txt", "--format", "bbc-rerenderd"],
            2,
            &["`bbc-rerenderd`, expected one of", "hint: did you mean `bbc-rerendered`?"],
        );
        // A format of web pages is one, too: there is no such thing in this text.
        let run = desk.run(&[command, "../good.txt", "--format", "scribblelive"]);
        assert!(run.code == 1 && !run.err.contains("did you mean"), "{command}: {run:?}");
    }
}

#[test]
fn a_template_that_no_page_is_made_with() {
    let desk = Desk::imported();
    desk.write("templates/entri.html", "{{ nothing }}");
    desk.write("templates/404.html", "{% include \"parts/notice.html\" %}");
    desk.write("templates/parts/notice.html", "Not here.");
    for command in ["build", "check"] {
        let run = desk.run(&[command]);
        let told = "warning: templates/entri.html: no page is made with this file";
        assert!(run.err.contains(told) || run.out.contains(told), "{command}: {run:?}");
        assert!(!format!("{run:?}").contains("notice.html"), "{command}: {run:?}");
    }
    assert_eq!(desk.read("public/404.html"), "Not here.");
}

#[test]
fn a_file_that_cannot_take_its_place() {
    let desk = Desk::imported();
    assert_eq!(desk.run(&["build"]).code, 0);
    desk.remove("public/tags/index.html");
    desk.write("public/tags/index.html/mine", "Mine.");
    desk.write("site.toml", desk.read("site.toml").replace("title = \"", "title = \"New "));
    refused(&desk, &["build"], 2, &["cannot write ", "public/tags/index.html: "]);
    desk.remove("public/tags/index.html/mine");
    std::fs::remove_dir(desk.root().join("public/tags/index.html")).unwrap();
    let run = desk.run(&["build"]);
    assert!(run.code == 0 && desk.read("public/tags/index.html").contains("New "), "{run:?}");
}

#[test]
fn a_missing_template_block() {
    let desk = Desk::imported();
    desk.write("templates/base.html", "<!doctype html>\n<title>{{ page.title }}</title>\n");
    refused(
        &desk,
        &["build"],
        1,
        &["error: templates/base.html: no block `main`, which ", "hint: add {% block main %}"],
    );
}

#[test]
fn folders_that_are_no_output() {
    let desk = Desk::imported();
    for bad in [".", "..", "content", "content/quell-live", "dumps", ".archive", "../a"] {
        refused(
            &desk,
            &["build", "--output", bad],
            2,
            &["error: ", "hint: name a place of its own"],
        );
    }
    desk.write("full/mine.txt", "mine");
    refused(
        &desk,
        &["build", "--output", "full"],
        2,
        &["is not empty and was not made by `archive build`"],
    );
}

#[test]
fn what_cannot_run_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in
        [&["build"][..], &["status"], &["import", "x.txt"], &["check"], &["-C", "nowhere", "build"]]
    {
        let run = common::run_in(folder.path(), arguments);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains("hint: "), "{run:?}");
    }
    let desk = Desk::new();
    refused(&desk, &["import", "../nowhere.txt"], 2, &["cannot read ../nowhere.txt"]);
    refused(&desk, &["bild"], 2, &["build"]);
    refused(&desk, &["new", "."], 2, &["is there already and is not an empty folder"]);
}

#[test]
fn static_files_that_stand_in_the_way() {
    let desk = Desk::imported();
    for name in ["dates", "Style.css", "index.html/z", ".archive-output", "entries"] {
        desk.write(&format!("static/{name}"), "x");
        refused(
            &desk,
            &["build"],
            1,
            &[&format!("error: static/{name}: something else of the site is ")],
        );
        std::fs::remove_dir_all(desk.root().join("static")).unwrap();
    }
}

#[test]
fn a_file_that_was_changed_behind_its_date_is_copied_again() {
    let desk = Desk::imported();
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for words in ["aaaa", "bbbb"] {
        desk.write("static/f.txt", words);
        let file =
            std::fs::File::options().write(true).open(desk.root().join("static/f.txt")).unwrap();
        file.set_modified(old).unwrap();
        assert_eq!(desk.run(&["build"]).code, 0);
        assert_eq!(desk.read("public/f.txt"), words);
    }
}

#[test]
fn two_home_pages() {
    let desk = Desk::imported();
    desk.write("content/pages/home.md", "+++\ntitle = \"A\"\n+++\nOne.\n");
    desk.write("content/pages/de/home.md", "+++\ntitle = \"B\"\n+++\nTwo.\n");
    refused(
        &desk,
        &["build"],
        1,
        &["content/pages/home.md: the home page's words stand in content/pages/de/home.md already"],
    );
}

#[test]
fn an_address_that_is_none() {
    let desk = Desk::new();
    std::fs::write(desk.around().join("d.txt"), LIVE).unwrap();
    refused(
        &desk,
        &["import", "../d.txt", "--source-url", "javascript:alert(1)"],
        2,
        &["expected an address that begins with https://"],
    );
}

#[test]
fn a_dump_called_index() {
    let desk = Desk::new();
    assert_eq!(desk.import("index.txt", LIVE.as_bytes()).code, 0);
    assert_eq!(desk.run(&["build"]).code, 0);
    assert!(desk.root().join("content/index-x/story.md").exists());
}

#[cfg(unix)]
#[test]
fn a_content_folder_that_leads_nowhere_does_not_empty_the_site() {
    let desk = Desk::imported();
    assert_eq!(desk.run(&["build"]).code, 0);
    std::fs::rename(desk.root().join("content"), desk.root().join("x")).unwrap();
    std::os::unix::fs::symlink("/nonexistent", desk.root().join("content")).unwrap();
    let before = desk.files("public");
    let run = desk.run(&["build"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("it is a symbolic link"), "{run:?}");
    common::assert_same(&desk.files("public"), &before, "public");
}

#[cfg(unix)]
#[test]
fn a_link_in_content_is_refused_by_name() {
    let desk = Desk::imported();
    std::os::unix::fs::symlink("/etc/passwd", desk.root().join("content/quell-live/p.md")).unwrap();
    refused(&desk, &["build"], 1, &["content/quell-live/p.md: this is a symbolic link"]);
}

/// The user that owns nothing, on every Linux.
#[cfg(target_os = "linux")]
const NOBODY: u32 = 65_534;

/// As somebody who may not write, where the test itself may do anything.
#[cfg(target_os = "linux")]
fn as_nobody(desk: &Desk, arguments: &[&str]) -> Option<Run> {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    let open = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    open(desk.around(), 0o755);
    // Somebody else has to be able to reach the program, too.
    let program = desk.around().join("program");
    std::fs::copy(env!("CARGO_BIN_EXE_archive"), &program).unwrap();
    open(&program, 0o755);
    let start = || {
        std::process::Command::new(&program)
            .args(arguments)
            .current_dir(desk.root())
            .uid(NOBODY)
            .gid(NOBODY)
            .output()
    };
    // A test beside this one may start a program while the copy is open for writing, and hold it so
    // for a moment (ETXTBSY).
    let busy = |error: &std::io::Error| error.kind() == std::io::ErrorKind::ExecutableFileBusy;
    let mut output = start();
    while output.as_ref().is_err_and(busy) {
        std::thread::sleep(std::time::Duration::from_millis(20));
        output = start();
    }
    let output = output.ok()?;
    Some(Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_only_folder() {
    let desk = Desk::imported();
    assert_eq!(desk.run(&["build"]).code, 0);
    desk.write(GATES, desk.read(GATES).replace("Gates opened", "Gates open"));
    let before = common::bytes(&desk.root());
    // Only root can become somebody else; for others, the folder is read-only as it is.
    let run = as_nobody(&desk, &["build"]).unwrap_or_else(|| {
        use std::os::unix::fs::PermissionsExt as _;
        let public = desk.root().join("public");
        std::fs::set_permissions(&public, std::fs::Permissions::from_mode(0o555)).unwrap();
        let run = desk.run(&["build"]);
        std::fs::set_permissions(&public, std::fs::Permissions::from_mode(0o755)).unwrap();
        run
    });
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("error: cannot ") && run.err.contains("ermission denied"), "{run:?}");
    common::assert_same(&common::bytes(&desk.root()), &before, "a read-only folder");
}

/// Runs the program in the archive with a small disk of its own mounted on `folder`; `None` where
/// this machine does not let a test do that.
#[cfg(target_os = "linux")]
fn on_a_small_disk(
    desk: &Desk,
    folder: &str,
    size: &str,
    arguments: &[&str],
) -> Option<(Run, String)> {
    let script = format!(
        "mount -t tmpfs -o size={size} small {folder} || exit 99; \"$@\"; code=$?; find {folder} -type f | sort >&2; exit $code"
    );
    let output = std::process::Command::new("unshare")
        .args(["--mount", "sh", "-c", &script, "sh", env!("CARGO_BIN_EXE_archive")])
        .args(arguments)
        .current_dir(desk.root())
        .output()
        .ok()?;
    let code = output.status.code().unwrap_or(-1);
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    if code == 99 || (code == 1 && err.contains("unshare")) {
        assert!(std::env::var_os("CI").is_none(), "no small disk can be mounted here: {err}");
        eprintln!("skipped: no small disk can be mounted here");
        return None;
    }
    let left = err.lines().filter(|line| line.starts_with(folder)).collect::<Vec<_>>().join("\n");
    Some((Run { code, out: String::from_utf8_lossy(&output.stdout).into_owned(), err }, left))
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let desk = Desk::imported();
    desk.write("public/.keep", "");
    desk.remove("public/.keep");
    let Some((run, left)) = on_a_small_disk(&desk, "public", "40k", &["build"]) else { return };
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.err.contains("error: cannot write ") && run.err.contains("No space left"),
        "{run:?}"
    );
    assert_eq!(left, "", "a failed build leaves nothing of itself");
    // An import into a full disk: no entry, no half a file.
    let long =
        LIVE.replace("Water filled the lower town.", &"Water filled the town. ".repeat(4000));
    std::fs::write(desk.around().join("long.txt"), long).unwrap();
    let before = common::bytes(&desk.root());
    let (run, left) = on_a_small_disk(&desk, "content", "40k", &["import", "../long.txt"]).unwrap();
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("No space left"), "{run:?}");
    assert_eq!(left, "");
    common::assert_same(&common::bytes(&desk.root()), &before, "the import");
}
