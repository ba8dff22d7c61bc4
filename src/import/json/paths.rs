//! Ways through data: keys between dots, lists on the way gone through. `key[type=headline]` leads
//! only to what has that value there.

use std::fmt::Write as _;

use serde_json::Value;

use super::html;

/// Returns all values at the end of a path.
pub(super) fn all<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = vec![value];
    for key in path.split('.').filter(|key| !key.is_empty()) {
        let (key, wanted) = key.split_once('[').unwrap_or((key, ""));
        let wanted = wanted.trim_end_matches(']').split_once('=');
        let fits = |value: &&Value| {
            wanted.is_none_or(|(key, text)| value.get(key).is_some_and(|value| value == text))
        };
        let next = found.into_iter().flat_map(items).filter_map(|value| value.get(key));
        found = match wanted {
            Some(_) => next.flat_map(items).filter(fits).collect(),
            None => next.collect(),
        };
    }
    found.into_iter().flat_map(items).filter(|value| !value.is_null()).collect()
}

/// Returns the items of a list, of lists in it too, or the value itself.
fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().flat_map(items).collect(),
        value => vec![value],
    }
}

/// Returns the texts and numbers at the end of a path that are not empty.
pub(super) fn texts(value: &Value, path: &str) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_string()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    all(value, path).into_iter().filter_map(text).collect()
}

/// Returns the first text or number at the end of a path.
pub(super) fn text(value: &Value, path: &str) -> Option<String> {
    texts(value, path).into_iter().next()
}

/// Returns every object, and where it stands.
pub(super) fn objects(data: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    walk(data, &mut String::new(), &mut |path, value| {
        if value.is_object() {
            found.push((path.to_string(), value));
        }
    });
    found
}

/// Returns those objects that stand in the lists whose path ends so, or alone in their place.
pub(super) fn listed<'a>(
    objects: &[(String, &'a Value)],
    ending: &str,
) -> Vec<(String, &'a Value)> {
    let last = ending.rsplit('.').next().unwrap_or(ending);
    // Most paths end otherwise, which is told without taking them apart.
    let may_fit = |mut path: &str| {
        while let Some((list, _)) = path.strip_suffix(']').and_then(|path| path.rsplit_once('[')) {
            path = list;
        }
        path.ends_with(last)
    };
    let fits = |path: &str| may_fit(path) && is_end(&keys(path), ending);
    objects.iter().filter(|(path, _)| fits(path)).cloned().collect()
}

fn is_end(keys: &str, ending: &str) -> bool {
    keys.strip_suffix(ending).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Returns a path without the places in lists: `a[3].b` is `a.b`.
pub(super) fn keys(path: &str) -> String {
    let mut keys = String::with_capacity(path.len());
    let mut depth = 0;
    for c in path.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            c if depth == 0 => keys.push(c),
            _ => {}
        }
    }
    keys.trim_start_matches('.').to_string()
}

/// Visits every value with its path. As deep as the data, which its parser caps at 128.
fn walk<'a>(value: &'a Value, path: &mut String, visit: &mut impl FnMut(&str, &'a Value)) {
    visit(path, value);
    let length = path.len();
    match value {
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                let _ = write!(path, "[{index}]");
                walk(value, path, visit);
                path.truncate(length);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(key);
                walk(value, path, visit);
                path.truncate(length);
            }
        }
        _ => {}
    }
}

/// Returns every text, number and truth value with its path: the units of the ledger.
pub(in crate::import) fn leaves(data: &Value) -> Vec<(String, String)> {
    let mut leaves = Vec::new();
    walk(data, &mut String::new(), &mut |path, value| match value {
        Value::String(text) => leaves.push((path.to_string(), html::plain(text))),
        Value::Number(_) | Value::Bool(_) => leaves.push((path.to_string(), value.to_string())),
        _ => {}
    });
    leaves
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_go_through_lists() {
        let data = json!({"a": [{"b": {"c": "x"}}, {"b": {"c": " "}}, {"b": {"c": 3}}], "d": null});
        assert_eq!(texts(&data, "a.b.c"), ["x", "3"]);
        assert_eq!(texts(&data, "a[b=1].b.c"), Vec::<String>::new());
        let kinds = json!({"a": [{"type": "x", "b": "1"}, {"type": "y", "b": "2"}]});
        assert_eq!(texts(&kinds, "a[type=y].b"), ["2"]);
        assert_eq!(text(&data, "d"), None);
        assert_eq!(keys("a[3].b[0].c"), "a.b.c");
        let found = listed(&objects(&data), "a");
        assert_eq!((found.len(), found[1].0.as_str()), (3, "a[1]"));
        assert_eq!(leaves(&data).len(), 3);
    }

    #[test]
    fn an_ending_is_made_of_whole_keys() {
        let data = json!({"x": {"blocks": {"body": {}}}, "myblocks": {"body": [{}]}});
        let found = listed(&objects(&data), "blocks.body");
        assert_eq!(found, [("x.blocks.body".to_string(), &json!({}))]);
    }
}
