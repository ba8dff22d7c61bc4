//! What the HTML standard says of elements by their names.

/// Whether nobody sees what stands in such an element.
pub(crate) fn is_unseen(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "head" | "title" | "noembed" | "noframes")
}

/// Whether an element stands on lines of its own.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "template"
            | "tfoot"
            | "th"
            | "thead"
            | "title"
            | "tr"
            | "ul"
    )
}

/// Whether an element never holds anything.
pub(crate) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Whether no end tag reaches out of such an element.
pub(super) fn is_scope(name: &str) -> bool {
    matches!(name, "table" | "td" | "th" | "caption" | "template" | "object" | "marquee" | "applet")
}

/// Whether an element is a group of rows.
pub(super) fn is_section(name: &str) -> bool {
    matches!(name, "tbody" | "thead" | "tfoot")
}

/// Which open elements a start tag ends, and which ones it does not look behind.
pub(super) fn ends(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    const LISTS: &[&str] = &["ul", "ol", "menu", "dir", "table", "td", "th", "template"];
    const TABLE: &[&str] = &["table", "template"];
    match name {
        "li" => (&["li"], LISTS),
        "dt" | "dd" => (&["dt", "dd"], &["dl", "table", "td", "th", "template"]),
        "tr" => (&["tr"], TABLE),
        "td" | "th" => (&["td", "th"], &["tr", "table", "template"]),
        _ if is_section(name) => (&["caption", "colgroup"], TABLE),
        "option" => (&["option"], &["select", "datalist"]),
        "optgroup" => (&["optgroup"], &["select"]),
        "body" => (&["head"], &[]),
        _ if is_block(name) => {
            (&["p"], &["button", "table", "td", "th", "caption", "template", "object"])
        }
        _ => (&[], &[]),
    }
}
