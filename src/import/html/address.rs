//! Addresses of pages: made absolute (RFC 3986, section 5.2), and freed from an archive's prefix.

/// Makes an address absolute against the page's. Returns nothing where it leads nowhere safe:
/// only `http`, `https` and `mailto` are.
pub(in crate::import) fn absolute(base: Option<&str>, reference: &str) -> Option<String> {
    let reference = unwrapped(reference.trim());
    let scheme = scheme(reference);
    if let Some(scheme) = scheme {
        let safe =
            ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        return safe.then(|| reference.to_string());
    }
    if base.is_none() && reference.starts_with("//") {
        return Some(format!("https:{reference}"));
    }
    let base = unwrapped(base?.split('#').next()?);
    let (scheme, rest) = base.split_once("://")?;
    if !matches!(scheme, "http" | "https") {
        return None;
    }
    if reference.starts_with("//") {
        return Some(format!("{scheme}:{reference}"));
    }
    let (host, path) = rest.find(['/', '?']).map_or((rest, "/"), |at| rest.split_at(at));
    let (path, query) =
        path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let root = format!("{scheme}://{host}");
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    Some(match reference.chars().next() {
        None => format!("{root}{path}{query}"),
        Some('#') => format!("{root}{path}{query}{reference}"),
        Some('?') => format!("{root}{path}{reference}"),
        Some('/') => format!("{root}{}", without_dots(reference)),
        _ => {
            let folder = path.rfind('/').map_or("/", |at| &path[..=at]);
            format!("{root}{}", without_dots(&format!("{folder}{reference}")))
        }
    })
}

/// Returns the scheme, without the colon, where there is one.
fn scheme(reference: &str) -> Option<&str> {
    let (scheme, _) = reference.split_once(':')?;
    let is_name = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    // What browsers ignore within a scheme must not hide one.
    let is_disguised = || scheme.contains(|c: char| c.is_control()) && !scheme.contains('/');
    (is_name || is_disguised()).then_some(scheme)
}

/// Takes `.` and `..` out of a path; what stands behind it is left alone.
fn without_dots(reference: &str) -> String {
    let at = reference.find(['?', '#']).unwrap_or(reference.len());
    let (path, tail) = reference.split_at(at);
    let mut parts: Vec<&str> = Vec::new();
    let mut pieces = path.split('/').skip(1).peekable();
    while let Some(piece) = pieces.next() {
        let is_last = pieces.peek().is_none();
        match piece {
            "." | ".." => {
                if piece == ".." {
                    parts.pop();
                }
                if is_last {
                    parts.push("");
                }
            }
            piece => parts.push(piece),
        }
    }
    format!("/{}{tail}", parts.join("/"))
}

/// Returns the address that an archive's address is a copy of: the Wayback Machine writes
/// `https://web.archive.org/web/20310402054000im_/https://…`.
pub(in crate::import) fn unwrapped(url: &str) -> &str {
    wayback(url).map_or(url, |(_, url)| url)
}

/// Returns the 14 digits and the original of an address in the Wayback Machine.
pub(in crate::import) fn wayback(url: &str) -> Option<(&str, &str)> {
    let bare = ["https://", "http://", "//"].iter().find_map(|scheme| url.strip_prefix(scheme));
    let bare = bare.and_then(|rest| rest.strip_prefix("web.archive.org")).unwrap_or(url);
    let rest = bare.strip_prefix("/web/")?;
    let (stamp, original) = rest.split_once('/')?;
    let digits = stamp.get(..14).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    let is_marked = stamp[14..].bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    (is_marked && original.starts_with("http")).then_some((digits, original))
}

/// Returns the host of an address, without `www.`.
pub(in crate::import) fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("//")?;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host)).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_absolute() {
        let base = Some("https://quell.example/live/dam?page=2#post");
        for (reference, url) in [
            ("../map#x", "https://quell.example/map#x"),
            ("./a/./b/../c?d=../e", "https://quell.example/live/a/c?d=../e"),
            ("/x", "https://quell.example/x"),
            ("//cdn.example/y", "https://cdn.example/y"),
            ("?page=3", "https://quell.example/live/dam?page=3"),
            ("#top", "https://quell.example/live/dam?page=2#top"),
            ("http://a.example", "http://a.example"),
            ("mailto:a@b.example", "mailto:a@b.example"),
            ("/web/20310402054000/https://quell.example/z", "https://quell.example/z"),
            ("../../../..", "https://quell.example/"),
        ] {
            assert_eq!(absolute(base, reference).as_deref(), Some(url), "{reference}");
        }
        assert_eq!(absolute(Some("https://q.example"), "a"), Some("https://q.example/a".into()));
    }

    #[test]
    fn what_leads_nowhere_safe_is_none() {
        let base = Some("https://quell.example/");
        for reference in
            ["javascript:alert(1)", "data:text/html,x", "java\nscript:x", "file:///etc"]
        {
            assert_eq!(absolute(base, reference), None, "{reference}");
        }
        assert_eq!((absolute(None, "/x"), absolute(Some("file:///x"), "y")), (None, None));
    }

    #[test]
    fn an_archives_address_holds_the_original() {
        let url = "http://web.archive.org/web/20310402054000im_/http://quell.example/a?b";
        assert_eq!(wayback(url), Some(("20310402054000", "http://quell.example/a?b")));
        assert_eq!(wayback("https://quell.example/web/2031/x"), None);
        assert_eq!(host("https://www.quell.example:80/a"), Some("quell.example"));
    }
}
