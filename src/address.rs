//! Web addresses, as far as dumps need them: which of them are one page, and what a file is called
//! that holds one. Pure, and careful: what is not understood stays as it is.

/// Parameters that lead to a post or to nowhere, never to another page.
const POINTERS: [&str; 5] = ["pinned_post_locator", "post", "fbclid", "gclid", "ns_mchannel"];
/// What the names of parameters begin with that only count visitors.
const TRACKING: &str = "utm_";

/// Returns an address of the web as it may stand in a link; empty for anything else.
pub fn web(url: &str) -> String {
    let web = url.starts_with("https://") || url.starts_with("http://");
    if web { url.to_string() } else { String::new() }
}

/// Returns what all addresses of one live blog have in common: a name to compare by, not one to
/// fetch.
///
/// Left out are the scheme and its usual port, the fragment, the number of a page (`page=3` in the
/// query or behind a `;`, whatever its letters' case, and `page=with:block-…`), links to a post
/// (`post`, `pinned_post_locator`) and the marks of visitor counters (`utm_…`). The host is in
/// lower case, as RFC 3986 (6.2.2.1) has it. All other parameters stay, in their order: what cannot
/// be told for sure to be a piece of the same page counts as another page.
pub fn page_address(url: &str) -> String {
    let url = url.trim();
    let url = url.split('#').next().unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let scheme = scheme.to_ascii_lowercase();
    let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = match before.find('/') {
        Some(at) => before.split_at(at),
        None => (before, "/"),
    };
    let mut host = host.to_ascii_lowercase();
    let port = if scheme == "http" { ":80" } else { ":443" };
    if let Some(bare) = host.strip_suffix(port) {
        host = bare.to_string();
    }
    let mut path_parts = path.split(';');
    let mut address = host + path_parts.next().unwrap_or_default();
    for part in path_parts.filter(|part| stays(part)) {
        address.push(';');
        address.push_str(part);
    }
    let kept: Vec<&str> = query.split('&').filter(|part| !part.is_empty() && stays(part)).collect();
    if !kept.is_empty() {
        address.push('?');
        address.push_str(&kept.join("&"));
    }
    match scheme.as_str() {
        "" | "http" | "https" => address,
        other => format!("{other}://{address}"),
    }
}

/// Whether a parameter tells one page from another.
fn stays(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let name = name.to_ascii_lowercase();
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let is_piece = name == "page" && (is_number || value.starts_with("with:block-"));
    !is_piece && !POINTERS.contains(&name.as_str()) && !name.starts_with(TRACKING)
}

/// Returns the last part of an address's path that says something, without its extension: what a
/// title can be made from. Empty where there is none.
pub fn last_segment(url: &str) -> &str {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    let segment = path.rsplit('/').find(|part| part.chars().any(char::is_alphanumeric));
    let segment = segment.unwrap_or_default();
    match segment.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 5 => stem,
        _ => segment,
    }
}

/// Returns an address without its scheme, as words for a file name.
pub fn words(url: &str) -> &str {
    let url = url.split('#').next().unwrap_or_default();
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

/// Returns an address without its percent-encoding (RFC 3986, 2.1); what is none stays.
pub fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digits = if byte == b'%' { rest.clone().take(2).collect() } else { Vec::new() };
        let value = std::str::from_utf8(&digits).ok().filter(|digits| digits.len() == 2);
        match value.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => {
                bytes.push(value);
                rest.nth(1);
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_live_blog_have_one_address() {
        let page = "river.example/live/quell-123";
        for url in [
            "https://river.example/live/quell-123",
            "http://River.example:80/live/quell-123?page=2",
            "https://river.example:443/live/quell-123?Page=14#block-5a1",
            "https://river.example/live/quell-123;page=3",
            "https://river.example/live/quell-123?page=with:block-5a1f#block-5a1f",
            "https://river.example/live/quell-123?pinned_post_locator=urn:asset:1",
            "https://river.example/live/quell-123?post=asset%3A1&utm_source=x&utm_medium=y",
            " https://river.example/live/quell-123# ",
        ] {
            assert_eq!(page_address(url), page, "{url}");
        }
    }

    #[test]
    fn what_may_be_another_page_has_another_address() {
        let is = |url: &str, address: &str| assert_eq!(page_address(url), address);
        is("https://a.example/live?id=7&page=2", "a.example/live?id=7");
        is("https://a.example/live?page=next", "a.example/live?page=next");
        is("https://a.example/live?pages=2", "a.example/live?pages=2");
        is("https://a.example/lbl0lbi123.html", "a.example/lbl0lbi123.html");
        is("https://a.example/live/", "a.example/live/");
        is("https://a.example", "a.example/");
        is("https://a.example/x;v=2;page=1", "a.example/x;v=2");
        is("file:///home/a.html", "file:///home/a.html");
        is("", "/");
    }

    #[test]
    fn an_address_gives_a_title() {
        assert_eq!(last_segment("https://a.example/live/quell-dam.html?page=2"), "quell-dam");
        assert_eq!(last_segment("https://a.example/live/quell-dam/"), "quell-dam");
        assert_eq!(last_segment("https://a.example/"), "");
        assert_eq!(last_segment("nonsense"), "");
    }
}
