//! The curator's server, as a browser meets it: pages, changes as they are saved, and nothing for
//! anybody else.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, and holds real files"
)]

mod common;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use common::Desk;

const GATES: &str = "content/quell-live/2031-04-02/0540-gates-opened.md";
const PAGE: &str = "/entries/2031-04-02-0540-gates-opened.html";

/// A server on a port of its own, ended with the test.
struct Server {
    child: Child,
    address: String,
    /// Held open: a server whose reader has hung up ends when it next has something to say.
    _says: BufReader<ChildStdout>,
}

impl Server {
    fn start(desk: &Desk) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_archive"))
            .args(["serve", "--port", "0"])
            .current_dir(desk.root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut says = BufReader::new(child.stdout.take().unwrap());
        says.read_line(&mut line).unwrap();
        let address =
            line.trim().strip_prefix("serving http://").unwrap().trim_end_matches('/').to_string();
        Self { child, address, _says: says }
    }

    fn connect(&self, path: &str, host: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        stream
    }

    /// The whole answer to one request, its head and its body.
    fn get(&self, path: &str, host: &str) -> String {
        let mut answer = Vec::new();
        self.connect(path, host).read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_saved_change_reaches_the_browser() {
    let desk = Desk::imported();
    let server = Server::start(&desk);
    assert!(server.get(PAGE, "localhost").contains("Water filled the lower town."));
    let mut events = BufReader::new(server.connect("/.archive-events", "localhost"));
    let mut wait_for = |words: &str| {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert!(
                events.read_line(&mut line).unwrap() > 0,
                "the server hung up before `{words}`"
            );
        }
    };
    wait_for(": here");
    desk.write(GATES, format!("{}\n> [!NOTE]\n> Seen by two people.\n", desk.read(GATES)));
    wait_for("data: changed");
    assert!(server.get(PAGE, "localhost").contains("Seen by two people."));
    // A mistake is shown on the page, which is still there.
    desk.write(GATES, desk.read(GATES).replace("order = 2", "order = = 2"));
    wait_for("data: changed");
    let page = server.get(PAGE, "localhost");
    assert!(page.contains("Seen by two people.") && page.contains("this is not TOML"), "{page}");
    assert!(!desk.root().join("public").exists(), "serving writes nothing");
}

#[test]
fn only_this_machine_and_only_pages() {
    let desk = Desk::imported();
    let server = Server::start(&desk);
    assert!(server.get("/", &server.address).starts_with("HTTP/1.1 200 "));
    for host in ["evil.example", "127.0.0.1.evil.example", "archive.local:80"] {
        assert!(server.get("/", host).starts_with("HTTP/1.1 403 "), "{host}");
        assert!(server.get("/.archive-events", host).starts_with("HTTP/1.1 403 "), "{host}");
    }
    for path in [
        "/../site.toml",
        "/%2e%2e/site.toml",
        "/site.toml",
        "/content/quell-live/story.md",
        "//etc/passwd",
        "/..%5csite.toml",
        "/%00",
    ] {
        let answer = server.get(path, "localhost");
        assert!(
            answer.starts_with("HTTP/1.1 404 ") || answer.starts_with("HTTP/1.1 400 "),
            "{path}: {answer}"
        );
        assert!(!answer.contains("The settings of this archive"), "{path}");
    }
}
