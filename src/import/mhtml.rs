//! A page in one file with all that belongs to it, as browsers save it (MHTML, RFC 2557).

use mail_parser::{MessageParser, MimeHeaders, PartType};

use super::Told;
use super::html::{Capture, moment};
use crate::diagnostic::Diagnostic;

/// Returns the page in such a file, in UTF-8, and what the file says of where it comes from.
///
/// # Errors
/// Says that no page is in it.
pub(super) fn page(bytes: &[u8], told: &Told) -> Result<(Vec<u8>, Capture), Vec<Diagnostic>> {
    let none = || {
        let message = "MHTML without a page, expected a part of type text/html";
        vec![Diagnostic::error(&told.name, 0, message)]
    };
    let message = MessageParser::default().parse(bytes).ok_or_else(none)?;
    let location = message.header("Snapshot-Content-Location").and_then(|value| value.as_text());
    let is_page = |part: &&mail_parser::MessagePart| matches!(part.body, PartType::Html(_));
    let own = |part: &&mail_parser::MessagePart| {
        is_page(part) && location.is_some() && part.content_location() == location
    };
    // Frames are parts, too: the page itself has the address of the whole, or comes first.
    let part = message.parts.iter().find(own).or_else(|| message.parts.iter().find(is_page));
    let part = part.ok_or_else(none)?;
    let PartType::Html(html) = &part.body else { return Err(none()) };
    let url = location.or_else(|| part.content_location()).filter(|url| url.starts_with("http"));
    let captured = message.date().and_then(|date| moment(&date.to_rfc3339(), None));
    let page = [&b"\xef\xbb\xbf"[..], html.as_bytes()].concat();
    Ok((page, Capture { url: url.map(str::to_string), captured }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(encoding: &str, kind: &str, body: &str) -> String {
        format!(
            "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://quell.example/live\r\n\
             Subject: Quell\r\nDate: Wed, 2 Apr 2031 06:40:00 +0100\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--x\"\r\n\r\n\r\n\
             ----x\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\
             Content-Location: https://quell.example/live\r\n\r\n{body}\r\n----x--\r\n"
        )
    }

    #[test]
    fn the_page_is_decoded_and_its_origin_read() {
        for (encoding, kind, body) in [
            ("quoted-printable", "text/html", "<p>caf=C3=A9 =\r\n=3D</p>"),
            ("base64", "text/html; charset=utf-8", "PHA+Y2Fmw6kgPTwvcD4="),
            ("quoted-printable", "text/html; charset=windows-1252", "<p>caf=E9 =3D</p>"),
        ] {
            let (page, capture) =
                page(file(encoding, kind, body).as_bytes(), &Told::default()).unwrap();
            assert_eq!(String::from_utf8(page).unwrap().trim_end(), "\u{feff}<p>café =</p>");
            assert_eq!(capture.url.as_deref(), Some("https://quell.example/live"));
            assert_eq!(capture.captured.unwrap().to_rfc3339(), "2031-04-02T06:40:00+01:00");
        }
        assert!(page(file("7bit", "text/plain", "x").as_bytes(), &Told::default()).is_err());
    }
}
