//! JSON-LD: schema.org's `LiveBlogPosting`, with what publishers write into it that is not so.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Feed, Update, html, paths};

/// Bodies of exactly so many characters were cut there by the publisher's program.
const CUT: usize = 1000;

/// Returns the entries of all live blogs in some blocks of JSON-LD.
pub(super) fn feed(blocks: &[Value]) -> Option<Feed> {
    let mut blogs = Vec::new();
    for block in blocks {
        collect(block, &mut blogs);
    }
    let mut feed = Feed::default();
    let mut seen = BTreeSet::new();
    for blog in &blogs {
        let text = |path: &str| paths::text(blog, path).map(|text| html::words(&text));
        feed.title = feed.title.or_else(|| text("headline")).or_else(|| text("name"));
        feed.url = feed.url.or_else(|| paths::text(blog, "url"));
        feed.url = feed.url.or_else(|| paths::text(blog, "mainEntityOfPage.@id"));
        feed.publisher = feed.publisher.or_else(|| text("publisher.name"));
        for item in paths::all(blog, "liveBlogUpdate") {
            let update = update(item);
            // Two blocks for one page say the same twice.
            let key = (update.id.clone(), update.moment, update.body.clone(), update.words.clone());
            if item.is_object() && seen.insert(key) {
                feed.updates.push(update);
            }
        }
    }
    feed.used = [
        "@id",
        "url",
        "headline",
        "articleBody",
        "datePublished",
        "dateCreated",
        "dateModified",
        "author",
    ]
    .map(str::to_string)
    .to_vec();
    feed.page_used = ["headline".to_string(), "url".to_string()].to_vec();
    place(blocks, &mut feed);
    (!feed.updates.is_empty()).then(|| checked(feed))
}

/// Collects the objects that are live blogs: alone, in lists, and in `@graph`.
fn collect<'a>(value: &'a Value, blogs: &mut Vec<&'a Value>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| collect(value, blogs)),
        Value::Object(map) => {
            if has_type(value, "LiveBlogPosting") || map.contains_key("liveBlogUpdate") {
                blogs.push(value);
            }
            for key in ["@graph", "mainEntity", "hasPart", "itemListElement"] {
                map.get(key).into_iter().for_each(|value| collect(value, blogs));
            }
        }
        _ => {}
    }
}

fn has_type(value: &Value, name: &str) -> bool {
    paths::texts(value, "@type").iter().any(|kind| kind == name)
}

/// Finds out where each entry stands in the data.
fn place(blocks: &[Value], feed: &mut Feed) {
    let [block] = blocks else { return };
    let places = paths::listed(&paths::objects(block), "liveBlogUpdate");
    for (update, (place, _)) in feed.updates.iter_mut().zip(places) {
        update.path = place;
    }
}

fn update(item: &Value) -> Update {
    let text = |path: &str| paths::text(item, path).unwrap_or_default();
    let moment = |keys: &[&str]| keys.iter().find_map(|key| html::moment(&text(key), None));
    // An old version of a WordPress plugin writes `{"@type": "Text"}` for a body: an empty one.
    let body = text("articleBody");
    let is_html = html::is_markup(&body);
    let (body, words) =
        if is_html { (body, String::new()) } else { (String::new(), html::entities(&body)) };
    let names = paths::texts(item, "author.name");
    let names = if names.is_empty() { paths::texts(item, "author") } else { names };
    let id = [text("@id"), text("url")].into_iter().find(|id| !id.is_empty()).unwrap_or_default();
    let id = id.rsplit_once('#').map_or(id.as_str(), |(_, fragment)| fragment);
    Update {
        id: id.to_string(),
        title: html::words(&text("headline")),
        body,
        words,
        moment: moment(&["datePublished", "dateCreated"]),
        updated: moment(&["dateModified"]),
        authors: names.into_iter().filter(|name| !name.starts_with("http")).collect(),
        ..Update::default()
    }
}

/// Takes out what cannot be true, and says so.
fn checked(mut feed: Feed) -> Feed {
    let count = feed.updates.len();
    let all_alike = |values: BTreeSet<String>| values.len() == 1 && count > 1;
    let dates = feed.updates.iter().filter_map(|update| update.moment.map(|m| m.to_rfc3339()));
    if all_alike(dates.collect()) {
        let message =
            format!("its JSON-LD gives all {count} entries the same date, expected one each");
        feed.problems.push((message, "that date was not used".into()));
        for update in &mut feed.updates {
            // They are the page's, and so are the authors.
            (update.moment, update.updated) = (None, None);
            update.authors.clear();
        }
    }
    let titles: Vec<_> = feed.updates.iter().map(|u| &u.title).filter(|t| !t.is_empty()).collect();
    let distinct: BTreeSet<_> = titles.iter().collect();
    // Two posts may share a headline; where most do, it is the page's.
    if count > 1 && distinct.len() * 2 <= titles.len() {
        feed.updates.iter_mut().for_each(|update| update.title.clear());
    }
    // Several authors that are the same everywhere wrote the page, not every post.
    let first = feed.updates.first().map(|update| update.authors.clone()).unwrap_or_default();
    if count > 2 && first.len() > 1 && feed.updates.iter().all(|u| u.authors == first) {
        feed.updates.iter_mut().for_each(|update| update.authors.clear());
    }
    let mut cut = 0;
    for update in &mut feed.updates {
        let words =
            if update.words.is_empty() { html::words(&update.body) } else { update.words.clone() };
        let start = update.title.trim_end_matches(['…', '.', ' ']);
        if !start.is_empty() && html::plain(&words).starts_with(start) {
            update.title.clear();
        }
        cut += usize::from(is_cut(update));
    }
    if cut > 0 {
        let message = format!(
            "its JSON-LD holds {cut} of {count} bodies cut at {CUT} characters, expected whole ones"
        );
        feed.problems
            .push((message, "where the page holds no more, they end in mid-sentence".into()));
    }
    feed
}

/// Whether the publisher's program cut this body.
fn is_cut(update: &Update) -> bool {
    [&update.words, &update.body].iter().any(|text| text.chars().count() == CUT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn item(id: u32, date: &str) -> Value {
        json!({"@type": "BlogPosting", "url": format!("https://q.example/live#{id}"), "headline": format!("Title {id}"),
               "articleBody": format!("Words of {id}."), "datePublished": date, "author": {"name": format!("A{id}")}})
    }

    #[test]
    fn a_blog_is_found_wherever_it_stands() {
        let updates = json!([item(1, "2031-04-02T05:40:00+0000"), item(2, "2031-04-02T06:00:00Z")]);
        let blog = json!({"@type": ["NewsArticle", "LiveBlogPosting"], "headline": "Quell", "liveBlogUpdate": updates});
        for data in [blog.clone(), json!([{"@type": "WebPage"}, blog]), json!({"@graph": [blog]})] {
            let feed = feed(&[data]).unwrap();
            assert_eq!((feed.updates.len(), feed.title.as_deref()), (2, Some("Quell")));
            assert_eq!(feed.updates[0].title, "Title 1");
            assert_eq!(feed.updates[0].moment.unwrap().to_rfc3339(), "2031-04-02T05:40:00+00:00");
            assert!(feed.problems.is_empty());
        }
        let twice = feed(&[blog.clone(), blog]).unwrap();
        assert_eq!(twice.updates.len(), 2);
        let single =
            json!({"@type": "LiveBlogPosting", "liveBlogUpdate": item(1, "2031-04-02T05:40:00Z")});
        assert_eq!(feed(&[single]).unwrap().updates.len(), 1);
        assert!(feed(&[json!({"@type": "LiveBlogPosting"})]).is_none());
    }

    #[test]
    fn what_cannot_be_true_is_not_used_and_told() {
        let mut updates = json!([item(1, "2031-04-02T05:40:00Z"), item(2, "2031-04-02T05:40:00Z")]);
        updates[0]["articleBody"] = "x".repeat(CUT).into();
        updates[0]["headline"] = "The page".into();
        updates[1]["headline"] = "The page".into();
        let feed = feed(&[json!({"@type": "LiveBlogPosting", "liveBlogUpdate": updates})]).unwrap();
        assert_eq!(feed.updates[0].moment, None);
        assert_eq!((feed.updates[0].title.as_str(), feed.updates[0].words.len()), ("", CUT));
        let messages: Vec<_> = feed.problems.iter().map(|(message, _)| message.as_str()).collect();
        assert!(messages[0].contains("all 2 entries the same date"), "{messages:?}");
        assert!(messages[1].contains("1 of 2 bodies cut at 1000 characters"), "{messages:?}");
    }

    #[test]
    fn a_headline_that_repeats_the_body_is_no_title() {
        let mut one = item(1, "2031-04-02T05:40:00Z");
        one["headline"] = "Words of…".into();
        one["articleBody"] = "<p>Words of <b>one</b>.</p>".into();
        let feed = feed(&[json!({"@type": "LiveBlogPosting", "liveBlogUpdate": [one]})]).unwrap();
        assert_eq!((feed.updates[0].title.as_str(), feed.updates[0].words.as_str()), ("", ""));
        assert!(feed.updates[0].body.starts_with("<p>"));
    }
}
