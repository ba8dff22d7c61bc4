#!/usr/bin/env python3
"""Compares what other people's tools read of a built site with the files it was made from.

Usage: check.py [--most N] ARCHIVE SITE

ARCHIVE is the folder with site.toml, SITE what `archive build` made of it. For each entry (at most
N, spread over all; 300) its title, date, authors, tags, story, publisher and addresses are compared
with what is read of its page by extruct, html-metadata (the library behind Citoid), citation-js,
rispy and bibtexparser; for each list, the COinS and the updates of the story.
"""

import argparse
import datetime
import html
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import tomllib
import urllib.parse

import bibtexparser
import extruct
import rispy
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent))
from words import is_unseen, legal, redacted, speak

MOST_TOLD = 40  # entries of a list that are told to reference managers

# LaTeX's own commands for braces, which pylatexenc has not heard of.
BRACES = [MacroTextSpec("textbraceleft", "{"), MacroTextSpec("textbraceright", "}")]
LATEX = get_default_latex_context_db()
LATEX.add_context_category("braces", macros=BRACES, prepend=True)

compared = {}
findings = []


def same(what, page, expected, found):
    """Counts a comparison, and keeps what differs."""
    compared[what] = compared.get(what, 0) + 1
    if expected != found:
        findings.append(f"{page}: {what}: expected {expected!r}, read {found!r}")


def front_matter(path):
    text = path.read_text(encoding="utf-8")
    return tomllib.loads(text.split("+++\n")[1])


def line(text):
    return " ".join(text.split())


def titled(facts):
    title = line(legal(redacted(facts["title"])))
    return f"[{title}]" if facts.get("title_basis") == "made" else title


def listed(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


class Archive:
    def __init__(self, root, site):
        self.site = tomllib.loads((root / "site.toml").read_text(encoding="utf-8"))
        speak(self.site)
        tags = root / "tags.toml"
        vocabulary = tomllib.loads(tags.read_text()).get("tag", []) if tags.exists() else []
        self.preferred = {}
        for tag in vocabulary:
            for word in [tag["name"], *tag.get("synonyms", [])]:
                self.preferred[word] = tag["name"]
        self.stories = {p.parent.name: front_matter(p) for p in root.glob("content/*/story.md")}
        # What is called by its first words, since nobody sees its title: as the data have it.
        table = (site / "data" / "entries.jsonl").read_text(encoding="utf-8").split("\n")
        shown = {row["id"]: row["title"] for row in map(json.loads, filter(None, table))}
        self.entries = []
        for path in sorted(root.glob("content/*/*/*.md")):
            facts = front_matter(path)
            if "withdrawn" in facts:
                continue
            if is_unseen(facts["title"]):
                facts["title"], facts["title_basis"] = shown[facts["id"]].strip("[]"), "made"
            facts["authors"] = [legal(redacted(name)) for name in facts.get("authors", []) if not is_unseen(name)]
            facts["story"] = path.relative_to(root / "content").parts[0]
            self.entries.append(facts)
        self.base = self.site.get("base_url", "")

    def tags(self, facts):
        tags = [self.preferred.get(tag, tag) for tag in facts.get("tags", [])]
        return list(dict.fromkeys(tags))

    def source(self, facts):
        dump = facts.get("source", {}).get("dump")
        for source in self.stories[facts["story"]].get("sources", []):
            if source["dump"] == dump:
                return source
        return {}

    def address(self, facts):
        return f"{self.base}entries/{facts['id']}.html"


def day_of(facts):
    date = facts.get("date")
    if isinstance(date, datetime.datetime):
        return date.date()
    if isinstance(date, datetime.date):
        return date
    return None


def records(archive, facts, page, files):
    """The records for reference managers, read by other programs."""
    title, story = titled(facts), archive.stories[facts["story"]]
    source, day, tags = archive.source(facts), day_of(facts), archive.tags(facts)
    page_url = source.get("url", "") if source.get("url", "").startswith("http") else ""
    url = archive.address(facts) if archive.base else page_url
    publisher = line(source.get("publisher", ""))
    names = {line(name) for name in facts.get("authors", [])}

    def whole(names_of):
        found = set()
        for name in names_of or []:
            found.add(name.get("literal") or line(f"{name.get('given', '')} {name['family']}"))
        return found

    for form, label in [("bib", "BibTeX"), ("ris", "RIS"), ("json", "CSL-JSON")]:
        item, what = files[form]["item"], f"{label} by citation-js"
        # To JavaScript a U+FEFF is white space, and citation-js makes one blank of it and the next.
        blank = lambda text: line((text or "").replace("\ufeff", " ")) if form == "bib" else text
        same(f"{what}: title", page, blank(title), blank(item.get("title")))
        same(f"{what}: address", page, url, item.get("URL", ""))
        same(f"{what}: publisher", page, publisher, item.get("publisher", ""))
        if form != "ris":  # in RIS a name without a comma may be read as a given name
            same(f"{what}: authors", page, len(names), len(item.get("author", [])))
        if form == "json":
            same(f"{what}: names", page, {turned(n) for n in names}, {turned(n) for n in whole(item.get("author"))})
        same(f"{what}: tags", page, sorted(tags), sorted(split_tags(item.get("keyword", ""), tags)))
        if form != "bib":
            same(f"{what}: story", page, titled(story), item.get("container-title"))
        if day:
            parts = [day.year, day.month, day.day]
            same(f"{what}: date", page, parts, item.get("issued", {}).get("date-parts", [[]])[0])
        elif "date" not in facts:
            same(f"{what}: no date", page, None, item.get("issued"))
        same(f"{what}: APA is made", page, True, len(files[form]["apa"]) > 10)

    ris = rispy.loads(files["ris"]["text"])[0]
    same("RIS by rispy: kind", page, "BLOG", ris["type_of_reference"])
    same("RIS by rispy: title", page, title, ris.get("title") or ris.get("primary_title"))
    same("RIS by rispy: tags", page, tags, ris.get("keywords", []))
    same("RIS by rispy: authors", page, len(names), len(ris.get("authors", [])))
    same("RIS by rispy: address", page, url, first(ris.get("urls")))

    (entry,) = bibtexparser.parse_string(files["bib"]["text"]).entries
    plain = LatexNodes2Text(math_mode="verbatim", latex_context=LATEX).latex_to_text
    same("BibTeX by bibtexparser: kind", page, "online", entry.entry_type)
    same("BibTeX by bibtexparser: key", page, facts["id"], entry.key)
    read = entry["title"].removeprefix("{").removesuffix("}")
    same("BibTeX by bibtexparser: title", page, squeezed(title), squeezed(plain(read)))
    same("BibTeX by bibtexparser: address", page, url, entry.get("url").value if entry.get("url") else "")


def squeezed(text):
    """A text as TeX sets it: dashes and quotation marks that are typed otherwise, no double spaces."""
    for typed, mark in [("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("`", "‘"), ("'", "’")]:
        text = text.replace(typed, mark)
    return line(text.replace("\N{NO-BREAK SPACE}", " "))


def split_tags(text, tags):
    """Tags with a comma of their own cannot be told apart in one string: they count as read."""
    if any("," in tag for tag in tags):
        return tags
    return [tag.strip() for tag in text.split(",") if tag.strip()]


def first(value):
    return value[0] if value else ""


def turned(name):
    """A name as a set of words, however it is turned about."""
    return frozenset(re.findall(r"[^\s,{}]+", name))


def coins(archive, facts, page, spans):
    """The one COinS span of an entry's page, or one of a list's."""
    (span,) = spans
    fields = urllib.parse.parse_qs(span)
    one = lambda key: first(fields.get(key))
    same("COinS: kind", page, "blogPost", one("rft.type"))
    same("COinS: title", page, titled(facts), one("rft.title"))
    same("COinS: story", page, titled(archive.stories[facts["story"]]), one("rft.source"))
    same("COinS: tags", page, archive.tags(facts), fields.get("rft.subject", []))
    people = fields.get("rft.au", []) + fields.get("rft.aucorp", [])
    same("COinS: authors", page, {turned(line(n)) for n in facts.get("authors", [])}, {turned(n) for n in people})
    if archive.base:
        same("COinS: address", page, archive.address(facts), one("rft.identifier"))
    if "date" in facts:
        same("COinS: date has no offset", page, False, "+" in one("rft.date"))


def heads(archive, facts, page, text, meta):
    """What the head of an entry's page says, read by extruct and html-metadata."""
    title, source = titled(facts), archive.source(facts)
    story = titled(archive.stories[facts["story"]])
    read = extruct.extract(text, syntaxes=["json-ld", "opengraph", "dublincore"])
    post, crumbs = read["json-ld"][0]["@graph"]
    same("JSON-LD by extruct: kind", page, "BlogPosting", post["@type"])
    same("JSON-LD by extruct: title", page, title, post["headline"])
    same("JSON-LD by extruct: story", page, story, post["isPartOf"]["headline"])
    same("JSON-LD by extruct: tags", page, archive.tags(facts), post.get("keywords", []))
    names = {turned(line(name)) for name in facts.get("authors", [])}
    same("JSON-LD by extruct: authors", page, names, {turned(a["name"]) for a in post.get("author", [])})
    url = source.get("url", "")
    same("JSON-LD by extruct: original", page, url if url.startswith("http") else None, post.get("isBasedOn"))
    same("JSON-LD by extruct: breadcrumbs", page, title, crumbs["itemListElement"][-1]["name"])
    date = facts.get("date")
    if isinstance(date, datetime.datetime):
        same("JSON-LD by extruct: date", page, date, datetime.datetime.fromisoformat(post["datePublished"]))
        same("Dublin Core by html-metadata: date", page, date, datetime.datetime.fromisoformat(meta["dublinCore"]["date"]))
    elif date is None:
        same("JSON-LD by extruct: no date", page, None, post.get("datePublished"))
    graph = dict(read["opengraph"][0]["properties"])
    same("Open Graph by extruct: kind", page, "article", graph["og:type"])
    same("Open Graph by extruct: title", page, title, graph["og:title"])
    same("Open Graph by extruct: archive", page, line(archive.site["title"]), line(graph["og:site_name"]))
    terms = {e["name"].lower(): e["content"] for e in read["dublincore"][0]["elements"] + read["dublincore"][0]["terms"]}
    same("Dublin Core by extruct: title", page, title, terms.get("dcterms.title"))
    same("Highwire by html-metadata: title", page, title, meta["highwirePress"]["title"])
    same("Highwire by html-metadata: no journal", page, None, meta["highwirePress"].get("journal_title"))
    same("Dublin Core by html-metadata: tags", page, archive.tags(facts), listed(meta["dublinCore"].get("subject")))
    same("COinS by html-metadata: title", page, title, meta["coins"][0]["rft"]["title"])
    same("COinS by html-metadata: one", page, 1, len(meta["coins"]))


def spans_of(text):
    return [html.unescape(span) for span in re.findall(r'<span class="Z3988" title="([^"]*)">', text)]


def lists(archive, site):
    """Days, stories and their parts: a span for each entry, or none where there are too many."""
    known = {archive.address(facts): facts for facts in archive.entries}
    for path in sorted([*site.glob("dates/*.html"), *site.glob("tags/**/*.html"), *site.glob("stories/**/*.html")]):
        text, page = path.read_text(encoding="utf-8"), str(path.relative_to(site))
        spans = spans_of(text)
        same("list: at most 40 spans", page, True, len(spans) <= MOST_TOLD)
        same("list: no citation of the page itself", page, False, 'name="citation_' in text)
        for span in spans:
            facts = known.get(first(urllib.parse.parse_qs(span).get("rft.identifier")))
            if archive.base and facts:
                coins(archive, facts, page, [span])
        if not page.startswith("stories/") or page == "stories/index.html":
            continue
        for data in extruct.extract(text, syntaxes=["json-ld"])["json-ld"]:
            blog = data["@graph"][0]
            same("story by extruct: kind", page, "LiveBlogPosting", blog["@type"])
            updates = blog.get("liveBlogUpdate", [])
            posts = len(re.findall(r'<article class="post', text))
            same("story by extruct: an update for each entry", page, posts, len(updates))
            for update in updates:
                facts = known.get(update["url"])
                if facts is None:
                    continue
                same("story by extruct: title of an update", page, titled(facts), update["headline"])
                date = facts.get("date")
                if isinstance(date, datetime.datetime):
                    same("story by extruct: date of an update", page, date, datetime.datetime.fromisoformat(update["datePublished"]))


def cards(archive, site):
    """Every picture that a page names is there, a PNG of the size that is told."""
    for path in sorted(site.glob("stories/*.html")):
        page, text = str(path.relative_to(site)), path.read_text(encoding="utf-8")
        for url in re.findall(r'property="og:image" content="([^"]*)"', text):
            file = site / url.removeprefix(archive.base)
            same("card: is there", page, True, file.is_file())
            head = file.read_bytes()[:24]
            same("card: PNG of 1200 by 630", page, (1200, 630), struct.unpack(">II", head[16:24]))


def timemaps(site):
    """Every TimeMap names the original, itself and at least one capture, each with its moment."""
    for path in sorted(site.glob("sources/*.link")):
        page, text = str(path.relative_to(site)), path.read_text()
        links = re.findall(r'<([^>]*)>((?:; [a-z]+="[^"]*")*)', text)
        rels = [dict(re.findall(r'([a-z]+)="([^"]*)"', rest)) for _, rest in links]
        same("TimeMap: the original first", page, "original", rels[0]["rel"])
        same("TimeMap: itself", page, "self", rels[1]["rel"])
        captures = [rel for rel in rels if "memento" in rel["rel"].split()]
        same("TimeMap: has captures", page, True, len(captures) > 0)
        for capture in captures:
            moment = datetime.datetime.strptime(capture["datetime"], "%a, %d %b %Y %H:%M:%S GMT")
            same("TimeMap: a moment", page, True, moment.year > 1900)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=300)
    parser.add_argument("archive", type=pathlib.Path)
    parser.add_argument("site", type=pathlib.Path)
    options = parser.parse_args()
    archive = Archive(options.archive, options.site)
    step = max(1, len(archive.entries) // options.most)
    chosen = archive.entries[::step]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as names:
        for facts in chosen:
            names.write(f"{options.site}/entries/{facts['id']}.html\n")
        names.flush()
        reader = ["node", str(HERE / "read.mjs"), names.name]
        output = subprocess.run(reader, check=True, stdout=subprocess.PIPE, text=True).stdout
    for facts, told in zip(chosen, output.strip("\n").split("\n"), strict=True):
        told = json.loads(told)
        page = f"entries/{facts['id']}.html"
        text = (options.site / page).read_text(encoding="utf-8")
        records(archive, facts, page, told["files"])
        coins(archive, facts, page, spans_of(text))
        heads(archive, facts, page, text, told["meta"])
    lists(archive, options.site)
    timemaps(options.site)
    cards(archive, options.site)
    for what, count in sorted(compared.items()):
        print(f"{count:6} {what}")
    for finding in findings[:40]:
        print(f"differs: {finding}")
    print(f"{len(chosen)} of {len(archive.entries)} entries; {sum(compared.values())} facts compared, {len(findings)} differ")
    return 1 if findings or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
