//! A small server for the curator: the site as it would be built, from memory, and a browser that
//! shows each saved change at once.
//!
//! Pages are made when they are asked for; `public/` is not touched. Only this machine is answered
//! (the address is loopback, and so must be the name that the browser asked for), and only paths
//! that the plan holds.

use std::collections::HashMap;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use notify::{RecursiveMode, Watcher as _};
use tiny_http::{Header, Request, Response, Server};

use crate::build::{self, Plan};
use crate::diagnostic::Diagnostic;
use crate::markdown::escape;
use crate::pages::Desk;
use crate::{fs, input};

/// Where the browser listens for changes.
const EVENTS: &str = "/.archive-events";
/// Asks the browser to load the page again when the server says so.
const RELOAD: &str =
    "<script>new EventSource('/.archive-events').onmessage=()=>location.reload()</script>";
/// Editors save in several steps; what follows within this time belongs to the same change.
const SETTLE: Duration = Duration::from_millis(60);
/// How often a waiting browser is told that the server is still there.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How many requests are answered at the same time.
const WORKERS: usize = 4;
/// How many ports are tried after the first when that one is taken.
const PORTS: u16 = 20;
/// Parts of an archive that no page is made from.
const IGNORED: &[&str] = &[".git", ".archive", "public"];

/// The site as it stands now.
#[derive(Default)]
struct Site {
    plan: Option<Arc<Plan>>,
    /// The place of each page in the plan, by path.
    places: HashMap<String, usize>,
    /// The files of `static/`, by path.
    copied: HashMap<String, PathBuf>,
    /// What is wrong since the last change, as text.
    problems: String,
    /// Grows with every change.
    version: u64,
}

/// The site, and a bell that rings when it changes.
struct Shared {
    site: Mutex<Site>,
    changed: Condvar,
}

/// What happened, for the command line to tell.
#[derive(Debug)]
pub enum Event {
    /// The server answers at this address.
    Ready(String),
    /// The site was read again.
    Changed {
        /// How many pages it has.
        pages: usize,
        /// How long reading took.
        took: Duration,
    },
    /// The files have errors; the last good site is still shown.
    Broken(Vec<Diagnostic>),
}

/// Serves the archive at `root` until the program is ended; `tell` hears what happens.
///
/// # Errors
/// No port to listen on, or files that cannot be watched.
pub fn serve(root: &Path, port: u16, tell: &dyn Fn(Event)) -> Result<(), String> {
    let root = fs::canonical(root).map_err(|error| error.to_string())?;
    let listener = listen(port)?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let server = Server::from_listener(listener, None).map_err(|error| error.to_string())?;
    let server = Arc::new(server);
    let shared = Arc::new(Shared { site: Mutex::default(), changed: Condvar::new() });
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !event.kind.is_access()
        {
            let _ = sender.send(event.paths);
        }
    })
    .map_err(|error| format!("cannot watch the files: {error}"))?;
    watcher
        .watch(&root, RecursiveMode::Recursive)
        .map_err(|error| format!("cannot watch {}: {error}", root.display()))?;
    refresh(&root, &shared, tell);
    for _ in 0..WORKERS {
        let (server, shared) = (Arc::clone(&server), Arc::clone(&shared));
        std::thread::spawn(move || {
            while let Ok(request) = server.recv() {
                answer(request, &shared);
            }
        });
    }
    tell(Event::Ready(format!("http://{address}/")));
    watch(&root, &changes, || refresh(&root, &shared, tell));
    Ok(())
}

/// Listens on `port`, or on one of the next where that is taken.
fn listen(port: u16) -> Result<TcpListener, String> {
    (port..=port.saturating_add(PORTS))
        .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok())
        .ok_or_else(|| {
            format!(
                "ports {port} to {} are taken\n  hint: name another with --port",
                port.saturating_add(PORTS)
            )
        })
}

/// Calls `refresh` after every change that a page could be made from.
fn watch(root: &Path, changes: &Receiver<Vec<PathBuf>>, refresh: impl Fn()) {
    while let Ok(paths) = changes.recv() {
        let mut matters = paths.iter().any(|path| counts(root, path));
        loop {
            match changes.recv_timeout(SETTLE) {
                Ok(paths) => matters |= paths.iter().any(|path| counts(root, path)),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        if matters {
            refresh();
        }
    }
}

/// Whether a page could be made from the file at `path`.
fn counts(root: &Path, path: &Path) -> bool {
    let inside = fs::relative(root, path);
    let first = inside.split('/').next().unwrap_or_default();
    !IGNORED.contains(&first) && !first.starts_with(".public")
}

/// Reads the archive again. Where that fails, the last good site stays, with the problems on it.
fn refresh(root: &Path, shared: &Shared, tell: &dyn Fn(Event)) {
    let started = std::time::Instant::now();
    let read = input::read(root)
        .map_err(|error| vec![Diagnostic::error("", 0, error.to_string())])
        .and_then(|inputs| {
            let mut copied = build::copied(root).map_err(|error| match error {
                build::Error::Content(problems) => problems,
                build::Error::Machine(why) => vec![Diagnostic::error("", 0, why)],
            })?;
            let (plan, problems) = build::plan_with_pictures(root, &inputs, &copied, Some(""))?;
            copied.extend(build::picture_copies(root, &plan));
            Ok((plan, problems, copied))
        });
    let mut site = lock(&shared.site);
    site.version += 1;
    let event = match read {
        Ok((plan, problems, copied)) => {
            let pages = plan.pages.iter().enumerate();
            site.places = pages.map(|(at, page)| (page.path.to_string(), at)).collect();
            site.copied = copied.into_iter().map(|(path, file)| (path.to_string(), file)).collect();
            site.problems = text(&problems);
            let pages = plan.pages.len();
            site.plan = Some(Arc::new(plan));
            Event::Changed { pages, took: started.elapsed() }
        }
        Err(problems) => {
            site.problems = text(&problems);
            Event::Broken(problems)
        }
    };
    drop(site);
    shared.changed.notify_all();
    tell(event);
}

fn text(problems: &[Diagnostic]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer(request: Request, shared: &Arc<Shared>) {
    if !from_here(&request) {
        let _ = request.respond(plain(403, "This server answers this machine only.\n"));
        return;
    }
    let url = request.url().split(['?', '#']).next().unwrap_or_default().to_string();
    if url == EVENTS {
        let shared = Arc::clone(shared);
        std::thread::spawn(move || listen_for_changes(request, &shared));
        return;
    }
    let _ = request.respond(page(&url, shared));
}

/// Whether the browser asked for this machine by a name of its own: a page of another site that
/// makes its name lead here must not read the archive.
fn from_here(request: &Request) -> bool {
    let host = request.headers().iter().find(|header| header.field.equiv("Host"));
    host.is_some_and(|host| is_loopback(host.value.as_str()))
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

type Page = Response<std::io::Cursor<Vec<u8>>>;

fn plain(status: u16, text: &str) -> Page {
    Response::from_string(text).with_status_code(status)
}

/// Makes the page at `url`.
fn page(url: &str, shared: &Shared) -> Page {
    let Some(path) = decode(url) else { return plain(400, "This is no address of a page.\n") };
    let path =
        if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path };
    let (plan, place, file, problems) = {
        let site = lock(&shared.site);
        let place = site.places.get(&path).or_else(|| site.places.get("404.html")).copied();
        (site.plan.clone(), place, site.copied.get(&path).cloned(), site.problems.clone())
    };
    if let Some(file) = file {
        return match fs::read(&file) {
            Ok(bytes) => Response::from_data(bytes).with_header(kind(&path)),
            Err(error) => plain(500, &error.to_string()),
        };
    }
    let (Some(plan), Some(place)) = (plan, place) else {
        return html(
            500,
            with_problems("<!doctype html><title>Problems</title><body></body>", &problems),
        );
    };
    let page = &plan.pages[place];
    let status = if page.path.as_str() == path { 200 } else { 404 };
    match page.bytes(Desk { archive: &plan.archive, templates: &plan.templates }) {
        Ok(bytes) if page.path.is_page() => {
            html(status, with_problems(&String::from_utf8_lossy(&bytes), &problems))
        }
        Ok(bytes) => Response::from_data(bytes).with_header(kind(&path)),
        Err(problem) => html(
            500,
            with_problems(
                "<!doctype html><title>Problem</title><body></body>",
                &problem.to_string(),
            ),
        ),
    }
}

fn html(status: u16, text: String) -> Page {
    Response::from_string(text).with_status_code(status).with_header(kind("x.html"))
}

/// Puts the problems, if any, and the call for changes at the end of a page.
fn with_problems(html: &str, problems: &str) -> String {
    let mut end = RELOAD.to_string();
    if !problems.is_empty() {
        end.push_str("<pre role=\"alert\" style=\"position:fixed;inset:auto 0 0 0;margin:0;padding:1em;max-height:50vh;overflow:auto;background:#3b0d0d;color:#fff;white-space:pre-wrap\">");
        end.push_str(&escape(problems));
        end.push_str("</pre>");
    }
    match html.rfind("</body>") {
        Some(at) => format!("{}{end}{}", &html[..at], &html[at..]),
        None => format!("{html}{end}"),
    }
}

/// Returns the path behind an address, without its first slash; `None` for one that no page has.
fn decode(url: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = url.strip_prefix('/')?.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok().filter(|path| !path.contains(['\0', '\\']))
}

/// The header that says what a file is, by its extension.
fn kind(path: &str) -> Header {
    let kind = match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "pdf" => "application/pdf",
        "mp4" => "video/mp4",
        "mp3" => "audio/mpeg",
        _ => "application/octet-stream",
    };
    Header::from_bytes("Content-Type", kind).expect("a constant without a line end is a header")
}

/// Holds a browser's connection open and tells it when the site has changed (server-sent events,
/// WHATWG HTML, section 9.2).
fn listen_for_changes(request: Request, shared: &Shared) {
    let mut writer = request.into_writer();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n: here\n\n";
    let mut said = writer.write_all(head.as_bytes()).and_then(|()| writer.flush());
    let mut seen = lock(&shared.site).version;
    while said.is_ok() {
        let site = lock(&shared.site);
        let waited =
            shared.changed.wait_timeout_while(site, HEARTBEAT, |site| site.version == seen);
        let (site, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let line = if site.version == seen { ": still here\n\n" } else { "data: changed\n\n" };
        seen = site.version;
        drop(site);
        said = writer.write_all(line.as_bytes()).and_then(|()| writer.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_answered() {
        for good in ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"] {
            assert!(is_loopback(good), "{good}");
        }
        for bad in
            ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "localhost.evil:80"]
        {
            assert!(!is_loopback(bad), "{bad}");
        }
    }

    #[test]
    fn an_address_is_decoded_once() {
        assert_eq!(decode("/a%20b.html").as_deref(), Some("a b.html"));
        assert_eq!(decode("/%252e").as_deref(), Some("%2e"));
        for bad in ["a", "/%", "/%0", "/%zz", "/a%00b", "/a\\b", "/%ff"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    #[test]
    fn problems_stand_at_the_end_of_the_page_as_text() {
        let page = with_problems("<body><p>a</p></body>", "error: <script>");
        assert!(page.contains("error: &lt;script&gt;</pre></body>"), "{page}");
        assert!(with_problems("x", "").ends_with("</script>"));
    }
}
