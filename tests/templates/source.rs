//! What the program's sources say of what a template sees: the structs that are serialised, their
//! fields, and what stands above them.

use std::collections::BTreeMap;
use std::path::Path;

use syn::{Attribute, Expr, Fields, GenericArgument, Item, Lit, Meta, PathArguments, Type};

/// What a field holds, in the words of whoever writes a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Html,
    Number,
    YesOrNo,
    /// By its place among the structs.
    Struct(usize),
    List(Box<Kind>),
    OrNone(Box<Kind>),
    /// Named values.
    Table(Box<Kind>),
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// What it means, in a line.
    pub(crate) doc: String,
    /// An example that is told by hand, behind `Example:` at the end of the remark.
    pub(crate) example: Option<String>,
}

/// A struct that a template sees, or that is part of one.
#[derive(Clone, Debug)]
pub(crate) struct Struct {
    /// Its name, without the `View` that some have at the end.
    pub(crate) name: String,
    /// Its name in the sources.
    pub(crate) ident: String,
    /// The file that it stands in.
    pub(crate) file: String,
    pub(crate) doc: String,
    /// The template that sees it, where it is all that a page has.
    pub(crate) template: Option<String>,
    pub(crate) fields: Vec<Field>,
}

/// Reads every struct that is serialised from `src/view` and `src/pages`. What cannot be understood is
/// told by its place.
pub(crate) fn structs() -> (Vec<Struct>, Vec<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: BTreeMap<String, syn::File> = BTreeMap::new();
    for item in walkdir::WalkDir::new(root.join("src")).into_iter().flatten() {
        let name = item.path().strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let is_rust = item.path().extension().is_some_and(|kind| kind == "rs");
        let is_seen = ["src/view.rs", "src/view/", "src/pages.rs", "src/pages/"];
        if is_rust && is_seen.iter().any(|start| name.starts_with(start)) {
            let text = std::fs::read_to_string(item.path()).unwrap();
            files.insert(name, syn::parse_file(&text).unwrap());
        }
    }
    let (mut raw, mut words) = (Vec::new(), Vec::new());
    for (file, parsed) in &files {
        for item in &parsed.items {
            match item {
                Item::Struct(item) if is_serialised(&item.attrs) => raw.push((file.clone(), item)),
                // An enum of plain names is written as a text.
                Item::Enum(item) if is_serialised(&item.attrs) => {
                    words.push(item.ident.to_string());
                }
                _ => {}
            }
        }
    }
    let mut problems = Vec::new();
    let mut structs: Vec<Struct> = raw
        .iter()
        .map(|(file, item)| {
            let ident = item.ident.to_string();
            let doc = doc(&item.attrs);
            let template = doc.strip_prefix("What `").and_then(|rest| rest.split_once("` sees"));
            Struct {
                name: ident.strip_suffix("View").unwrap_or(&ident).to_string(),
                template: template.map(|(name, _)| name.to_string()),
                file: file.clone(),
                fields: Vec::new(),
                ident,
                doc,
            }
        })
        .collect();
    let mut flat = Vec::new();
    for (at, (file, item)) in raw.iter().enumerate() {
        let place = format!("{file}: {}", item.ident);
        let Fields::Named(named) = &item.fields else {
            problems.push(format!("{place} has no named fields"));
            continue;
        };
        let mut fields = Vec::new();
        for field in &named.named {
            let name = field.ident.as_ref().unwrap().to_string();
            let said = serde_says(&field.attrs);
            if said.as_deref() == Some("skip") {
                continue;
            }
            if said.as_deref().is_some_and(|said| said != "flatten") {
                problems.push(format!(
                    "{place}.{name} has a `serde` attribute, which this test does not know"
                ));
            }
            let (doc, example) = split_example(&doc(&field.attrs));
            let Some(kind) = kind(&structs, &words, file, &field.ty, doc.contains("as HTML"))
            else {
                problems.push(format!("{place}.{name} is of a type that this test does not know"));
                continue;
            };
            if let (Some("flatten"), Kind::Struct(of)) = (said.as_deref(), &kind) {
                flat.push((at, *of));
                continue;
            }
            fields.push(Field { name, kind, doc, example });
        }
        structs[at].fields = fields;
    }
    // Its fields stand among those of the struct that it is part of.
    for (at, of) in flat {
        let fields = structs[of].fields.clone();
        structs[at].fields.splice(0..0, fields);
    }
    (structs, problems)
}

/// What `#[serde(…)]` says of a field.
fn serde_says(attributes: &[Attribute]) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.path().is_ident("serde"))?;
    let Meta::List(list) = &attribute.meta else { return Some(String::new()) };
    Some(list.tokens.to_string())
}

fn is_serialised(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let Meta::List(list) = &attribute.meta else { return false };
        list.tokens.to_string().contains("Serialize")
    })
}

/// The remark above an item, as one line.
fn doc(attributes: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let Meta::NameValue(pair) = &attribute.meta
            && let Expr::Lit(literal) = &pair.value
            && let Lit::Str(text) = &literal.lit
        {
            lines.push(text.value().trim().to_string());
        }
    }
    lines.join(" ").trim().to_string()
}

fn split_example(doc: &str) -> (String, Option<String>) {
    match doc.split_once(" Example: `") {
        Some((doc, rest)) => {
            let example = rest.split_once('`').map_or(rest, |(example, _)| example);
            (doc.to_string(), Some(example.to_string()))
        }
        None => (doc.to_string(), None),
    }
}

/// Reads a type; `None` where it is not known.
fn kind(structs: &[Struct], words: &[String], file: &str, of: &Type, html: bool) -> Option<Kind> {
    let inner = |of: &Type| kind(structs, words, file, of, html);
    let path = match of {
        Type::Reference(reference) => return inner(&reference.elem),
        Type::Slice(slice) => return Some(Kind::List(Box::new(inner(&slice.elem)?))),
        Type::Array(array) => return Some(Kind::List(Box::new(inner(&array.elem)?))),
        Type::Path(path) => &path.path,
        _ => return None,
    };
    let segment = path.segments.last()?;
    let arguments: Vec<&Type> = match &segment.arguments {
        PathArguments::AngleBracketed(list) => list
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(of) => Some(of),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let name = segment.ident.to_string();
    match (name.as_str(), arguments.as_slice()) {
        ("String" | "str" | "char", _) => Some(if html { Kind::Html } else { Kind::Text }),
        ("bool", _) => Some(Kind::YesOrNo),
        (
            "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "isize" | "f32"
            | "f64",
            _,
        ) => Some(Kind::Number),
        ("Vec" | "BTreeSet" | "HashSet" | "VecDeque", [of]) => {
            Some(Kind::List(Box::new(inner(of)?)))
        }
        ("Option", [of]) => Some(Kind::OrNone(Box::new(inner(of)?))),
        ("Box" | "Rc" | "Arc" | "Cow", [of]) => inner(of),
        ("BTreeMap" | "HashMap" | "Map", [_, of]) => Some(Kind::Table(Box::new(inner(of)?))),
        _ if words.contains(&name) => Some(Kind::Text),
        _ => {
            let called = |at: &&usize| structs[**at].ident == name;
            let all: Vec<usize> = (0..structs.len()).collect();
            let near = all.iter().filter(called).find(|at| structs[**at].file == file);
            let mut others = all.iter().filter(called);
            match (near, others.next(), others.next()) {
                (Some(at), ..) | (None, Some(at), None) => Some(Kind::Struct(*at)),
                _ => None,
            }
        }
    }
}
