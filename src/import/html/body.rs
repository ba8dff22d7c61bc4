//! A part of a page as the blocks of a body, with what it shows and embeds.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::markdown;
use super::super::{Embed, Media};
use super::Page;
use super::address::{absolute, host};
use super::elements::{is_block, is_unseen};
use super::engines::EmbedRule;
use super::flow::{self, Flow};
use super::inline::{Inline, Style};
use super::tree::{Id, Kind};
use crate::import::markdown::Block;

/// Lists and quotations nested deeper than this become paragraphs: each level costs space on every
/// line, and nobody reads so many.
const DEEPEST: usize = 8;

/// A table that holds one of these lays out a page.
const NO_CELL: &[&str] =
    &["table", "ul", "ol", "figure", "blockquote", "iframe", "video", "pre", "article"];

/// A body as it was found.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Body {
    /// Its blocks.
    pub(in crate::import) blocks: Vec<Block>,
    /// Pictures and recordings.
    pub(in crate::import) media: Vec<Media>,
    /// What it embeds.
    pub(in crate::import) embeds: Vec<Embed>,
}

/// Writes what stands in some elements, but for those that `left_out` names.
pub(super) fn body(page: &Page, roots: &[Id], left_out: &dyn Fn(Id) -> bool) -> Body {
    let mut writer = Writer {
        page,
        left_out,
        media: Vec::new(),
        embeds: Vec::new(),
        embedded: 0,
        nested: 0,
        told: None,
    };
    let mut out = Out::default();
    for root in roots {
        for child in page.tree.children(*root) {
            writer.walk(child, &State::default(), &mut out);
        }
        out.flush();
    }
    Body { blocks: flow::blocks(&out.flows), media: writer.media, embeds: writer.embeds }
}

/// How words are set where the walk stands.
#[derive(Clone, Debug, Default)]
struct State {
    style: Style,
    link: Option<Rc<str>>,
}

/// Blocks that are done, and the line that is not.
#[derive(Debug, Default)]
struct Out {
    flows: Vec<Flow>,
    line: Inline,
    link: Option<(Rc<str>, usize)>,
}

impl Out {
    /// Ends the line.
    fn flush(&mut self) {
        self.link = None;
        let line = std::mem::take(&mut self.line);
        if !line.is_blank() {
            self.flows.extend(line.paragraphs().into_iter().map(Flow::Para));
        }
    }

    fn block(&mut self, flow: Flow) {
        self.flush();
        self.flows.push(flow);
    }

    /// Returns how words are set in this line.
    fn style(&mut self, state: &State) -> Style {
        let link = state.link.as_ref().map(|url| match &self.link {
            Some((known, index)) if known == url => *index,
            _ => {
                let index = self.line.link(url.to_string());
                self.link = Some((url.clone(), index));
                index
            }
        });
        Style { link, ..state.style }
    }
}

struct Writer<'a> {
    page: &'a Page<'a>,
    left_out: &'a dyn Fn(Id) -> bool,
    media: Vec<Media>,
    embeds: Vec<Embed>,
    /// How many posts of others the walk stands in.
    embedded: usize,
    /// How many lists and quotations it stands in.
    nested: usize,
    /// The caption that was written with the figure before it.
    told: Option<Id>,
}

impl Writer<'_> {
    /// Writes one node. As deep as the tree, whose depth is capped.
    fn walk(&mut self, id: Id, state: &State, out: &mut Out) {
        let tree = self.page.tree;
        let name = match tree.kind(id) {
            Kind::Text(text) => {
                let style = out.style(state);
                return out.line.words(text, style);
            }
            Kind::Comment(_) => return,
            Kind::Element(name) => name,
        };
        if is_unseen(name) || (self.left_out)(id) || self.told == Some(id) {
            return;
        }
        if let Some(rule) = self.page.common.embed_rule(tree, id) {
            if self.embedded == 0 {
                return self.embed(id, rule, out);
            }
            return self.children(id, state, out);
        }
        let mut state = state.clone();
        match name {
            "br" => out.line.line_break(),
            "hr" => out.flush(),
            "img" | "amp-img" => self.image(id, &state, out),
            "figure" => self.figure(id, &state, out),
            "video" | "audio" => self.recording(id, name, "", out),
            "iframe" | "embed" | "object" | "amp-iframe" => self.frame(id, out),
            "svg" | "math" | "canvas" | "map" => {}
            "template" if self.embedded == 0 && !self.holds_embed(id) => {}
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name[1..].parse().unwrap_or(1);
                let line = self.line(id, &state, out);
                if !line.is_blank() {
                    out.block(Flow::Heading(level, line));
                }
            }
            "ul" | "ol" | "menu" if self.nested < DEEPEST => self.list(id, name == "ol", out),
            "blockquote" if self.embedded == 0 && self.nested < DEEPEST => {
                let flows = self.inner(id, out);
                if !flows.is_empty() {
                    out.block(Flow::Quote(flows));
                }
            }
            "table" => self.table(id, &state, out),
            "pre" => {
                let text: String = tree.inside(id).filter_map(|id| tree.text(id)).collect();
                if !text.trim().is_empty() {
                    out.block(Flow::Code(text));
                }
            }
            "q" => {
                let style = out.style(&state);
                out.line.words("“", style);
                self.children(id, &state, out);
                let style = out.style(&state);
                out.line.words("”", style);
            }
            name => {
                match name {
                    "a" => {
                        let url = tree.attr(id, "href").and_then(|href| self.absolute(href));
                        state.link = url.map(Rc::from).or(state.link);
                    }
                    "b" | "strong" => state.style.strong = true,
                    "i" | "em" | "dfn" | "var" => state.style.em = true,
                    "code" | "kbd" | "samp" | "tt" => state.style.code = true,
                    _ => {}
                }
                let is_block = is_block(name);
                if is_block {
                    out.flush();
                }
                self.children(id, &state, out);
                if is_block {
                    out.flush();
                }
            }
        }
    }

    fn children(&mut self, id: Id, state: &State, out: &mut Out) {
        for child in self.page.tree.children(id) {
            self.walk(child, state, out);
        }
    }

    fn absolute(&self, reference: &str) -> Option<String> {
        absolute(self.page.url.as_deref(), reference)
    }

    /// Returns the blocks in an element, after ending the line before it.
    fn inner(&mut self, id: Id, out: &mut Out) -> Vec<Flow> {
        out.flush();
        let mut inner = Out::default();
        self.nested += 1;
        self.children(id, &State::default(), &mut inner);
        self.nested -= 1;
        inner.flush();
        inner.flows
    }

    /// Returns what stands in an element as one line; blocks in it that are none go before it.
    fn line(&mut self, id: Id, state: &State, out: &mut Out) -> Inline {
        out.flush();
        let mut inner = Out::default();
        self.children(id, state, &mut inner);
        inner.link = None;
        let mut line = Inline::default();
        for flow in inner.flows {
            match flow {
                Flow::Para(para) => {
                    line.append(para);
                    line.line_break();
                }
                flow => out.flows.push(flow),
            }
        }
        line.append(inner.line);
        line
    }

    fn list(&mut self, id: Id, is_numbered: bool, out: &mut Out) {
        let tree = self.page.tree;
        out.flush();
        let mut items = Vec::new();
        for child in tree.children(id) {
            if (self.left_out)(child) || tree.text(child).is_some_and(|t| t.trim().is_empty()) {
                continue;
            }
            let flows = if tree.name(child) == "li" {
                self.inner(child, out)
            } else {
                let mut inner = Out::default();
                self.walk(child, &State::default(), &mut inner);
                inner.flush();
                inner.flows
            };
            if !flows.is_empty() {
                items.push(flows);
            }
        }
        let first = tree.attr(id, "start").and_then(|start| start.trim().parse().ok());
        let first = is_numbered.then(|| first.filter(|n| *n < 1_000_000).unwrap_or(1));
        if !items.is_empty() {
            out.block(Flow::List(first, items));
        }
    }

    fn table(&mut self, id: Id, state: &State, out: &mut Out) {
        let tree = self.page.tree;
        let is_layout = tree.inside(id).any(|id| NO_CELL.contains(&tree.name(id)));
        let is_row = |row: &Id| tree.name(*row) == "tr" && !(self.left_out)(*row);
        let rows: Vec<Vec<Id>> = tree
            .inside(id)
            .filter(is_row)
            .map(|row| {
                tree.children(row).filter(|c| matches!(tree.name(*c), "td" | "th")).collect()
            })
            .collect();
        if is_layout || rows.iter().all(|row| row.len() < 2) {
            out.flush();
            for child in tree.children(id) {
                self.walk(child, state, out);
            }
            return out.flush();
        }
        for caption in tree.children(id).filter(|id| tree.name(*id) == "caption") {
            self.children(caption, state, out);
            out.flush();
        }
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let cell = |id: Id| self.line(id, &State::default(), out);
            lines.push(row.into_iter().map(cell).collect());
        }
        out.block(Flow::Table(lines));
    }

    /// Writes a picture within the line where it stands.
    fn image(&mut self, id: Id, state: &State, out: &mut Out) {
        let tree = self.page.tree;
        let alt = super::tree::plain(tree.attr(id, "alt").unwrap_or_default());
        let is_letter = ["emoji", "wp-smiley"].iter().any(|class| tree.has_class(id, class));
        let style = out.style(state);
        if is_letter {
            return out.line.words(&alt, style);
        }
        let media = Media { kind: "image".into(), alt, ..Media::default() };
        let url = self.picture_url(id);
        out.line.written(written(&media, url.as_deref()), style.link);
        self.media.push(media);
    }

    /// Returns where a picture is.
    fn picture_url(&self, id: Id) -> Option<String> {
        let tree = self.page.tree;
        let source = |id: Id| {
            let plain = ["src", "data-src", "data-original", "data-lazy-src", "data-image-src"];
            let sets = ["srcset", "data-srcset"];
            let first = |set: &str| set.split_whitespace().next().map(str::to_string);
            let named = plain.iter().filter_map(|name| tree.attr(id, name).map(str::to_string));
            let sets = sets.iter().filter_map(|name| first(tree.attr(id, name)?));
            named
                .chain(sets)
                .filter_map(|url| self.absolute(&url))
                .find(|url| url.starts_with("http"))
        };
        let picture = tree.ancestors(id).next().filter(|id| tree.name(*id) == "picture");
        let others = picture.into_iter().flat_map(|id| tree.children(id));
        source(id).or_else(|| others.filter(|id| tree.name(*id) == "source").find_map(source))
    }

    /// Writes a figure: its pictures and recordings, the first with the caption.
    fn figure(&mut self, id: Id, state: &State, out: &mut Out) {
        let tree = self.page.tree;
        // Figures within figures: each of the inner ones is looked at by itself.
        if tree.inside(id).any(|id| tree.name(id) == "figure") {
            out.flush();
            self.children(id, state, out);
            return out.flush();
        }
        let is_shown = |id: Id| {
            let mut up = tree.ancestors(id).take_while(|up| *up > id);
            !(self.left_out)(id) && !up.any(|up| (self.left_out)(up))
        };
        let of = |names: &[&str]| -> Vec<Id> {
            tree.inside(id).filter(|id| names.contains(&tree.name(*id)) && is_shown(*id)).collect()
        };
        let (images, recordings) = (of(&["img", "amp-img"]), of(&["video", "audio"]));
        let mut captions = of(&["figcaption"]);
        let beside = self.caption_beside(id).filter(|_| captions.is_empty());
        captions.extend(beside);
        let credit = self.credit(id).or_else(|| self.credit(beside?));
        let is_told = |id: Id| captions.iter().chain(&credit).any(|part| tree.holds(*part, id));
        let is_more = |id: &Id| match tree.kind(*id) {
            Kind::Text(text) => !text.trim().is_empty(),
            Kind::Comment(_) => false,
            Kind::Element(name) => {
                matches!(name, "blockquote" | "table" | "iframe" | "ul" | "ol")
            }
        };
        let holds_more = tree.inside(id).filter(is_more).any(|id| !is_told(id) && is_shown(id));
        // More than pictures under one caption is written as what it is.
        if (images.is_empty() && recordings.is_empty()) || holds_more || captions.len() > 1 {
            out.flush();
            self.children(id, state, out);
            return out.flush();
        }
        let (caption, credit) = self.caption(credit, captions.first().copied());
        self.told = beside;
        out.flush();
        let mut seen = BTreeSet::new();
        for image in images {
            let url = self.picture_url(image);
            let alt = super::tree::plain(tree.attr(image, "alt").unwrap_or_default());
            // A page that loads pictures late holds each of them twice.
            if seen.contains(&url) || (url.is_none() && !seen.is_empty()) {
                continue;
            }
            let is_first = seen.is_empty();
            let words = |words: &String| if is_first { words.clone() } else { String::new() };
            let media = Media {
                kind: "image".into(),
                alt,
                caption: words(&caption),
                credit: words(&credit),
            };
            out.block(Flow::Written(written(&media, url.as_deref())));
            self.media.push(media);
            seen.insert(url);
        }
        for recording in recordings {
            let name = tree.name(recording);
            let words = if seen.is_empty() { caption.as_str() } else { "" };
            self.recording(recording, name, words, out);
            seen.insert(None);
        }
    }

    /// Returns the caption that a page puts behind a figure instead of into it.
    fn caption_beside(&self, figure: Id) -> Option<Id> {
        let tree = self.page.tree;
        let is_blank = |id: &Id| tree.text(*id).is_some_and(|text| text.trim().is_empty());
        let behind = (tree.node(figure).end..tree.len()).find(|id| !is_blank(id))?;
        let is_beside = tree.node(behind).parent == tree.node(figure).parent;
        (is_beside && tree.name(behind) == "figcaption" && !(self.left_out)(behind))
            .then_some(behind)
    }

    /// Returns the element of a figure, or of its caption, that says whose picture it is.
    fn credit(&self, figure: Id) -> Option<Id> {
        let tree = self.page.tree;
        let is_words = |id: &Id| {
            !matches!(tree.name(*id), "figcaption" | "img" | "picture" | "figure")
                && !tree.words(*id).is_empty()
                && !tree.inside(*id).any(|id| matches!(tree.name(id), "img" | "figcaption"))
        };
        self.page.common.picture.as_ref()?.credit.all(tree, figure).find(is_words)
    }

    /// Returns the words of a caption, and whom it credits.
    fn caption(&self, credit: Option<Id>, caption: Option<Id>) -> (String, String) {
        let tree = self.page.tree;
        let rule = self.page.common.picture.as_ref();
        let credits: Vec<Id> = credit.into_iter().collect();
        let credit = credits.iter().map(|id| tree.words(*id)).collect::<Vec<_>>().join(" ");
        let bare = credit.strip_prefix('(').and_then(|credit| credit.strip_suffix(')'));
        let credit = bare.map_or(credit.as_str(), str::trim).to_string();
        let mut inner = Out::default();
        if let Some(caption) = caption {
            let left_out = |id: Id| credits.contains(&id) || (self.left_out)(id);
            let mut plain = Writer {
                page: self.page,
                left_out: &left_out,
                media: Vec::new(),
                embeds: Vec::new(),
                embedded: 1,
                nested: DEEPEST,
                told: None,
            };
            for child in tree.children(caption) {
                plain.walk(child, &State::default(), &mut inner);
            }
            inner.flush();
        }
        let words = inner.flows.iter().map(flow::plain).collect::<Vec<_>>().join(" ");
        let words = words.trim().to_string();
        let split = |text: &str| {
            let found = rule?.credits.iter().find_map(|pattern| pattern.captures(text))?;
            let group = |name| found.name(name).map_or("", |group| group.as_str()).to_string();
            Some((group("caption"), group("credit")))
        };
        if credit.is_empty() {
            return split(&words).unwrap_or((words, credit));
        }
        match split(&credit) {
            Some((before, credit)) if before.is_empty() => (words, credit),
            _ => (words, credit),
        }
    }

    fn recording(&mut self, id: Id, kind: &str, caption: &str, out: &mut Out) {
        let tree = self.page.tree;
        let sources = std::iter::once(id).chain(tree.children(id));
        let url = sources
            .filter(|id| matches!(tree.name(*id), "video" | "audio" | "source"))
            .find_map(|id| self.absolute(tree.attr(id, "src")?))
            .filter(|url| url.starts_with("http"));
        let title = ["title", "aria-label"].iter().find_map(|name| tree.attr(id, name));
        let alt = super::tree::plain(title.unwrap_or_default());
        let media = Media { kind: kind.into(), alt, caption: caption.into(), ..Media::default() };
        let label = [&media.caption, &media.alt].into_iter().find(|words| !words.is_empty());
        let label = label.map_or(if kind == "video" { "Video" } else { "Audio" }, String::as_str);
        out.block(Flow::Written(flow::link(label, kind, url.as_deref())));
        self.media.push(media);
    }

    /// Writes a page within the page.
    fn frame(&mut self, id: Id, out: &mut Out) {
        let tree = self.page.tree;
        let source = ["src", "data-src", "data"].iter().find_map(|name| tree.attr(id, name));
        let url = source.and_then(|url| self.absolute(url)).filter(|url| url.starts_with("http"));
        let (provider, kind) = self.network(url.as_deref());
        let title = super::tree::plain(tree.attr(id, "title").unwrap_or_default());
        let label = match (title.as_str(), provider) {
            ("", "") => "Embedded content".to_string(),
            ("", provider) if kind == "page" => provider.to_string(),
            ("", provider) => format!("{provider} {kind}"),
            (title, _) => title.to_string(),
        };
        let mark = if kind == "page" { "post" } else { kind };
        out.block(Flow::Written(flow::link(&label, mark, url.as_deref())));
        self.embeds.push(Embed {
            kind: kind.to_string(),
            provider: provider.to_string(),
            url: url.unwrap_or_default(),
            text: title,
        });
    }

    /// Returns whose page an address leads to, and what it is.
    fn network<'b>(&'b self, url: Option<&'b str>) -> (&'b str, &'b str) {
        let site = url.and_then(host).unwrap_or_default();
        let is_known = |known: &str| {
            site == known || site.strip_suffix(known).is_some_and(|s| s.ends_with('.'))
        };
        let mut known = self.page.common.frame.iter();
        let known = known.find(|(known, _)| is_known(known));
        known.map_or((site, "page"), |(_, (name, kind))| (name.as_str(), kind.as_str()))
    }

    fn holds_embed(&self, id: Id) -> bool {
        let tree = self.page.tree;
        tree.inside(id).any(|id| self.page.common.embed_rule(tree, id).is_some())
    }

    /// Writes somebody else's post as a quotation.
    fn embed(&mut self, id: Id, rule: &EmbedRule, out: &mut Out) {
        let tree = self.page.tree;
        self.embedded += 1;
        let flows = self.inner(id, out);
        self.embedded -= 1;
        let of = |name: &str| {
            let url = |id| tree.attr(id, name).and_then(|url| self.absolute(url));
            std::iter::once(id).chain(tree.inside(id)).filter_map(url).next_back()
        };
        let permalink = [
            "data-instgrm-permalink",
            "cite",
            "data-href",
            "data-canonical-url",
            "data-url",
            "href",
        ];
        let url = permalink.iter().find_map(|name| of(name));
        // Some programs write the embeds of all networks alike: the address tells whose it is.
        let provider = match rule.provider.as_str() {
            "" => self.network(url.as_deref()).0.to_string(),
            name => name.to_string(),
        };
        let words = |flow: &Flow| Some(flow::plain(flow)).filter(|words| !words.is_empty());
        let texts: Vec<String> = flows.iter().filter_map(words).collect();
        let is_signature = |text: &&String| text.starts_with(['—', '–']);
        let text = texts.iter().filter(|text| !is_signature(text)).cloned().collect::<Vec<_>>();
        if texts.is_empty() {
            out.flows.extend(flows);
            let label = format!("{provider} {}", rule.kind);
            out.block(Flow::Written(flow::link(&label, &rule.kind, url.as_deref())));
        } else {
            out.block(Flow::Quote(flows));
        }
        self.embeds.push(Embed {
            kind: rule.kind.clone(),
            provider,
            url: url.unwrap_or_default(),
            text: text.join("\n\n"),
        });
    }
}

/// Writes a picture at its address, or the mark that it is missing.
fn written(media: &Media, url: Option<&str>) -> String {
    url.map_or_else(|| markdown::media(media), |url| markdown::media_at(media, url))
}
