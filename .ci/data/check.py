#!/usr/bin/env python3
"""Whether what a site gives to programs is what its archive says: data, annotations, feeds, sitemap.

    check.py ROOT SITE      ROOT: the archive; SITE: the folder that it was built into

The archive's files are read here anew (tomllib), the site's by tools of others: frictionless,
feedparser, jsonld. Field by field; exit 0 only if all agree. `check.sh` installs them.
"""

import html
import html.parser
import json
import os
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from datetime import date, datetime, timezone
from pathlib import Path
from urllib.parse import unquote, urlparse

import feedparser
import frictionless
from markdown_it import MarkdownIt

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))
from words import INTERFACE, bare, in_xml, is_redacted, is_unseen, legal, letters, redacted, speak

problems = []
counts = {}


def same(where, found, expected):
    counts[where.split(" ")[0]] = counts.get(where.split(" ")[0], 0) + 1
    if bare(found) != bare(expected):
        problems.append(f"{where}: {found!r}, expected {expected!r}")


def written(value):
    """A date of TOML as the archive writes dates."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value.isoformat() if isinstance(value, date) else (value or "")


def day_of(value):
    """The day of a date that is exactly one, as TOML has it or in words."""
    text = written(value)[:10] if isinstance(value, date) else (value or "")
    return text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else ""


def reader():
    """Markdown as CommonMark has it, with tables; every address is an address, and stands as it is written."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    markdown.validateLink = lambda address: True
    markdown.normalizeLink = markdown.normalizeLinkText = lambda address: address
    return markdown


MARKDOWN = reader()


def publishers_words(body, raw):
    """The letters of the publisher's words: without notes, footnotes, and what Markdown is made of."""
    body = re.sub(r"(?m)^> \[!.*\n?(^>.*\n?)*", "", body)
    body = re.sub(r"(?m)^\[\^[^\]]+\]:.*\n?((^    .*|^$)\n?)*", "", body)
    body = redacted(re.sub(r"\[\^[^\]]+\]", "", body))
    parts, missing = [], False
    blocks = [token.children or [token] for token in MARKDOWN.parse(body)]
    for token in (token for block in blocks for token in block):
        if token.type == "link_open":
            missing = token.attrs["href"].startswith("missing:")
        elif token.type == "link_close":
            missing = False
        elif token.type == "image":
            parts.append(html.escape(token.attrs.get("title", "")))
        elif token.type.startswith("html") and raw:
            parts.append(token.content)
        elif not missing:
            parts.append(html.escape(token.content))
    text = "".join(parts)
    return letters(Text(re.sub(r"(?s)<(script|style)>.*?</\1>", "", text)).text)


class Archive:
    def __init__(self, root):
        self.entries, self.withdrawn, self.sources, self.stories = {}, {}, {}, {}
        self.settings = tomllib.loads((root / "site.toml").read_text("utf-8"))
        speak(self.settings)
        tags = root / "tags.toml"
        vocabulary = tomllib.loads(tags.read_text("utf-8")).get("tag", []) if tags.exists() else []
        self.tags = {word: tag["name"] for tag in vocabulary
                     for word in [tag["name"], *tag.get("synonyms", [])]}
        for file in sorted((root / "content").rglob("*.md")):
            story = file.relative_to(root / "content").parts[0]
            if story == "pages":
                continue
            text = file.read_text("utf-8-sig").replace("\r\n", "\n")
            _, front, body = re.split(r"(?m)^\+\+\+\n", text, maxsplit=2)
            front = tomllib.loads(front)
            if file.name == "story.md":
                self.stories[story] = front
                for source in front.get("sources", []):
                    self.sources[source["dump"]] = source
            elif "withdrawn" in front:
                self.withdrawn[front["id"]] = front
            else:
                self.entries[front["id"]] = (story, front, body)
        self.records = {}
        for file in (root / "dumps").glob("*.record.toml"):
            record = tomllib.loads(file.read_text("utf-8"))
            self.records[record["dump"]] = record


class Text(html.parser.HTMLParser):
    """The text of a page, and its ids."""

    def __init__(self, page, marks=True):
        super().__init__()
        self.text, self.ids, self.marks, self.in_mark = "", set(), marks, False
        self.feed(page)
        self.close()

    def handle_data(self, data):
        if self.marks or not self.in_mark:
            self.text += data

    def handle_starttag(self, tag, attrs):
        self.ids.update(value for name, value in attrs if name == "id")
        self.in_mark = self.in_mark or ("class", "mark") in attrs

    def handle_endtag(self, tag):
        self.in_mark = self.in_mark and tag != "sup"


def check_data(archive, site):
    report = frictionless.validate(str(site / "data" / "datapackage.json"))
    errors = [*report.errors, *(error for task in report.tasks for error in task.errors)]
    problems.extend(f"frictionless: {error.message}" for error in errors)
    rows = sum(task.stats.get("rows", 0) for task in report.tasks)
    print(f"  frictionless {frictionless.__version__}: {len(report.tasks)} tables, {rows} rows, {len(errors)} errors")
    package = frictionless.Package(str(site / "data" / "datapackage.json"))
    read = lambda name: {row["id"]: row.to_dict() for row in package.get_resource(name).read_rows()}
    table, objects = read("entries"), read("entries-json")
    for row in objects.values():
        row["day"] = written(row["day"]) or None
    same("ids of entries.csv", sorted(table), sorted(archive.entries))
    same("ids of entries.jsonl", list(objects), list(table))
    for id, row in objects.items():
        if id in archive.entries:
            compare(archive, id, row)
        for column, value in row.items():
            plain(f"entries.csv {id} {column}", in_csv(table[id][column]), value)
    return objects


def in_csv(value):
    """A value of the table as the file has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return written(value) if isinstance(value, date) else str("" if value is None else value)


def plain(where, cell, value):
    """Whether a cell of the CSV says what the JSON says."""
    cell = cell[1:] if re.match(r"'+[=+\-@\t\r\n＝＋－＠]", cell) else cell
    if isinstance(value, list) and value and isinstance(value[0], dict):
        for note in value:
            same(where, note["words"] in cell, True)
    elif isinstance(value, list):
        items = [re.sub(r"\\(.)", r"\1", item) for item in re.split(r"(?<!\\); ", cell)] if cell else []
        same(where, items, value)
    elif isinstance(value, bool):
        same(where, cell, "yes" if value else "no")
    else:
        same(where, cell, "" if value is None else str(value))


def compare(archive, id, row):
    story, front, body = archive.entries[id]
    source = front.get("source", {})
    page = archive.sources.get(source.get("dump"), {})
    record = archive.records.get(source.get("dump"), {})
    tags = []
    for tag in front.get("tags", []):
        name = archive.tags.get(tag, tag)
        tags += [name] if name not in tags else []
    title, authors = front["title"], [name for name in front.get("authors", []) if not is_unseen(name)]
    words = publishers_words(body, archive.settings.get("raw_html"))
    unseen = is_unseen(title)
    if unseen:  # its first words stand for it
        begins = letters(row["title"].rstrip("…"))
        same(f"entries.jsonl {id} title made", begins and words.startswith(begins), True)
    moment = front.get("date") if isinstance(front.get("date"), datetime) else None
    hidden = is_redacted(title, body, *authors)
    expected = {
        "permalink": f"entries/{id}.html",
        "aliases": front.get("aliases", []),
        "story": story,
        "story_title": archive.stories.get(story, {}).get("title", row["story_title"]),
        "title": row["title"] if unseen else redacted(title),
        "title_basis": "made" if unseen else front.get("title_basis", "stated"),
        "date": written(front.get("date")),
        "date_basis": front.get("date_basis", "curator" if "date" in front else ""),
        "date_because": front.get("date_because", "").strip(),
        "day": day_of(front.get("date")),
        "time": moment.strftime("%H:%M") if moment else str(front.get("clock", ""))[:5],
        "zone": "UTC" + written(moment)[-6:] if moment else "",
        "stated": source.get("stated", ""),
        "updated": written(front.get("updated")),
        "tags": tags,
        "language": front.get("lang") or archive.stories.get(story, {}).get("lang") or archive.settings.get("language", "en"),
        "authors": [redacted(name) for name in authors],
        "key_event": front.get("key_event", False),
        "publisher": page.get("publisher", ""),
        "source_url": page.get("url", record.get("url", "")),
        "captured": written(page.get("captured") or record.get("captured")),
        "dump": source.get("dump", ""),
        "first_line": source.get("lines", [""])[0],
        "last_line": source.get("lines", ["", ""])[-1],
        "sha256": "" if hidden else source.get("sha256", ""),
        "dump_sha256": record.get("sha256", ""),
    }
    for column, value in expected.items():
        found = row[column]
        same(f"entries.jsonl {id} {column}", "" if found is None else found, value)
    same(f"entries.jsonl {id} words", letters(row["words"] or ""), words)
    warned = bool(front.get("warnings")) or "> [!WARNING]" in body
    same(f"entries.jsonl {id} content_warning", bool(row["content_warning"]), warned)
    alerts = len(re.findall(r"(?m)^> \[!(?:NOTE|IMPORTANT|WARNING|CAUTION|TIP)\]", body))
    footnotes = len(re.findall(r"(?m)^\[\^[^\]]+\]:", body))
    same(f"entries.jsonl {id} annotations", len(row["annotations"]), alerts + footnotes)


def check_annotations(site, base, objects):
    run = subprocess.run(["node", str(HERE / "annotations.mjs"), str(site)], capture_output=True, text=True)
    if run.returncode:
        problems.append(f"jsonld: {run.stderr.strip()[-300:]}")
        return
    read = json.loads(run.stdout)
    pages, quotes = {}, 0
    by_entry = {}
    for found in read:
        path = place(site, base, found["source"])
        if path not in pages:
            pages[path] = Text((site / path).read_text("utf-8"))
        page = pages[path]
        if found["exact"] is not None:
            quotes += 1
            whole = found["prefix"] + found["exact"] + found["suffix"]
            same(f"annotations {path} {found['exact'][:30]}", page.text.count(whole), 1)
        if found["fragment"] is not None:
            same(f"annotations {path} #{found['fragment']}", found["fragment"] in page.ids, True)
        by_entry.setdefault(path, []).append(found)
    same("annotations ids", len({found["id"] for found in read}), len(read))
    for row in objects.values():
        told = [found["words"] for found in by_entry.get(row["permalink"], [])]
        for note in row["annotations"]:
            same(f"annotations {row['id']}", note["words"] in told, True)
        if row["content_warning"]:
            same(f"annotations {row['id']} warning", any(
                found["motivation"] == "moderating" for found in by_entry.get(row["permalink"], [])), True)
    print(f"  jsonld: {len(read)} annotations of {len(pages)} pages, {quotes} quotations found there")


def place(site, base, url):
    """The file of the site that an address leads to."""
    if base and url.startswith(base):
        return url[len(base):]
    return os.path.relpath(unquote(urlparse(url).path), site.resolve())


def check_feeds(archive, site, base, objects):
    feeds = [site / "atom.xml", *sorted(site.glob("stories/*.xml")), *sorted(site.glob("tags/*.xml"))]
    limit = archive.settings.get("feed_entries", 50)
    ids, items = {}, 0
    for path in feeds:
        name = str(path.relative_to(site))
        feed = feedparser.parse(path.read_bytes())
        same(f"feeds {name} bozo", (feed.bozo, str(feed.get("bozo_exception", ""))), (False, ""))
        same(f"feeds {name} version", feed.version, "atom10")
        same(f"feeds {name} limit", len(feed.entries) <= limit, True)
        same(f"feeds {name} rights", feed.feed.get("rights", ""), archive.settings.get("rights", ""))
        own = [link.href for link in feed.feed.links if link.rel == "self"]
        same(f"feeds {name} self", own, [base + name if base else os.path.basename(name)])
        for item in feed.entries:
            items += 1
            link = next(link.href for link in item.links if link.rel == "alternate")
            entry = link.rsplit("/", 1)[1].removesuffix(".html")
            where, row = f"feeds {name} {entry}", objects[entry]
            same(f"{where} id", ids.setdefault(entry, item.id), item.id)
            same(f"{where} title", in_xml(item.title), in_xml(row["title"]))
            same(f"{where} lang", item.title_detail.language, row["language"])
            terms = [tag.term for tag in item.get("tags", [])]
            same(f"{where} tags", terms[:len(row["tags"])], row["tags"])
            # Without a summary of its own, feedparser gives the words.
            warning = INTERFACE["entry"]["warning"].replace("{warning}", row["content_warning"] or "\0")
            told = bare(item.summary).startswith(bare(warning))
            same(f"{where} warning", told, bool(row["content_warning"]))
            same(f"{where} warning is a tag", len(terms) - len(row["tags"]), int(bool(row["content_warning"])))
            authors = row["authors"] or [name for name in [row["publisher"]] if name]
            told = [in_xml(author.get("name", "")) for author in item.get("authors", [])]
            same(f"{where} authors", told, [in_xml(name) for name in authors])
            via = [link.href for link in item.links if link.rel == "via"]
            same(f"{where} via", via, [row["source_url"]] if row["source_url"] else [])
            if row["zone"]:
                moment = datetime.fromisoformat(row["date"]).astimezone(timezone.utc)
                same(f"{where} published", item.published_parsed[:6], moment.timetuple()[:6])
            else:
                same(f"{where} published", item.get("published"), None)
            record = archive.records.get(row["dump"], {})
            if record.get("imported"):
                imported = written(record["imported"])
                same(f"{where} updated", item.updated[:10] >= imported[:10], True)
            corrected = INTERFACE["entry"]["corrected"] in row["notices"]
            same(f"{where} corrected", INTERFACE["entry"]["corrected"] in item.content[0].value, corrected)
            first = letters(legal((row["words"] or "").split("\n")[0]))[:60]
            same(f"{where} words", first in letters(Text(item.content[0].value, marks=False).text), True)
    same("feeds ids", len(set(ids.values())), len(ids))
    print(f"  feedparser {feedparser.__version__}: {len(feeds)} feeds, {items} items, {len(ids)} entries")


def check_sitemap(site, base, objects):
    if not base:
        same("sitemap.xml", (site / "sitemap.xml").exists(), False)
        return
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    locs = lambda name: [loc.text[len(base):] for loc in ET.parse(site / name).iter(f"{space}loc")]
    parts, listed = locs("sitemap.xml"), []
    for part in parts:
        found = locs(part)
        same(f"sitemap {part} size", 0 < len(found) <= 50_000, True)
        listed += found
        year = re.fullmatch(r"sitemap-(\d{4})(?:-\d+)?\.xml", part)
        for page in found:
            row = objects.get(page.removeprefix("entries/").removesuffix(".html"))
            if row and year:
                same(f"sitemap {part} {page}", re.search(r"\d{4}", row["date"])[0], year[1])
    gone = re.compile(r'http-equiv="refresh"|class="withdrawn"|<h1[^>]*>Withdrawn|Nothing is filed here')
    expected = []
    for page in sorted(str(path.relative_to(site)) for path in site.rglob("*.html")):
        text = (site / page).read_text("utf-8")
        if page == "404.html" or gone.search(text):
            continue
        # What is the same in another order says where it stands in the first.
        canonical = html.unescape(re.search(r'<link rel="canonical" href="([^"]*)"', text)[1])
        if unquote(canonical) == base + page:
            expected.append(page)
        else:
            same(f"sitemap {page} canonical", unquote(canonical[len(base):]) in listed, True)
    same("sitemap pages", sorted(set(listed) ^ set(expected)), [])
    same("sitemap pages", len(listed), len(set(listed)))
    print(f"  sitemap: {len(parts)} parts, {len(listed)} pages")


def main(root, site, base):
    root, site = Path(root), Path(site)
    archive = Archive(root)
    base = base or archive.settings.get("base_url", "")
    base = base.rstrip("/") + "/" if base else ""
    print(f"{root}, built into {site}: {len(archive.entries)} entries, {len(archive.withdrawn)} withdrawn")
    objects = check_data(archive, site)
    check_annotations(site, base, objects)
    check_feeds(archive, site, base, objects)
    check_sitemap(site, base, objects)
    for what, count in sorted(counts.items()):
        print(f"  {count:>8,} comparisons: {what}")
    for problem in problems[:40]:
        print(f"  PROBLEM {problem}")
    print(f"  {len(problems)} problems")
    return 1 if problems or not archive.entries else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3], sys.argv[3] if len(sys.argv) > 3 else ""))
