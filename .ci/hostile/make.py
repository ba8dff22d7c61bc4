#!/usr/bin/env python3
"""Makes an archive that wants to break the site: every page of it has to pass all the same.

    make.py ARCHIVE FOLDER [--base-url URL] [--small]

ARCHIVE is the program, FOLDER must not exist. The same text comes out each time; all of it is our own.
With --small the two long stories have a tenth of their entries.
"""

import argparse
import json
import re
import subprocess
import sys
import zlib
from datetime import datetime, timedelta, timezone
from pathlib import Path

import texts

HOUR = timezone(timedelta(hours=1))


def toml(value):
    """A value as TOML. Strings may hold anything."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def table(values):
    return "".join(f"{key} = {toml(value)}\n" for key, value in values.items() if value is not None)


class Maker:
    """Writes the files of one archive and calls the program in it."""

    def __init__(self, program, root):
        self.program, self.root = str(Path(program).resolve()), Path(root).resolve()

    def run(self, *args, fine=(0,)):
        done = subprocess.run([self.program, "-C", self.root, *args], capture_output=True, text=True)
        if done.returncode not in fine:
            sys.exit(f"archive {' '.join(map(str, args))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            file.write_bytes(text)
        else:
            file.write_text(text, encoding="utf-8")

    def page(self, path, values, body=""):
        self.write(path, f"+++\n{table(values)}+++\n\n{body}")

    def story(self, name, values, body=""):
        self.page(f"content/{name}/story.md", values, body)

    def entry(self, story, ident, title, date, body, **more):
        """One entry written by hand. `date` is a moment, or a string in EDTF, or None."""
        day = date.date().isoformat() if isinstance(date, datetime) else "undated"
        values = {"id": ident, "title": title}
        values["date"] = date
        values.update(more)
        self.page(f"content/{story}/{day}/{ident}.md", values, body)

    def settings(self, base_url):
        values = {
            "title": texts.ARCHIVE,
            "description": texts.DESCRIPTION,
            "base_url": base_url,
            "language": "en",
            "curator": texts.CURATOR,
            "rights": texts.RIGHTS,
        }
        warnings = "".join(f"\n[[warning]]\n{table(one)}" for one in texts.WARNINGS)
        self.write("site.toml", table(values) + warnings)

    def vocabulary(self):
        self.write("tags.toml", "\n".join(f"[[tag]]\n{table(tag)}" for tag in texts.TAGS))

    def import_text(self, name, text, *args, fine=(0,)):
        """Imports a dump that stands outside the archive, as a person would."""
        folder = self.root.parent / f"{self.root.name}-dumps"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        return self.run("import", folder / name, *args, fine=fine)


def picture():
    """A PNG of two by two pixels."""
    def chunk(kind, data):
        sum_ = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + sum_

    rows = b"\0\xb0\x20\x20\x20\x20\xb0\0\x20\x20\xb0\xb0\x20\x20"
    head = b"\0\0\0\2\0\0\0\2\x08\2\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def titles(maker):
    """Whatever a title can be; the same words are tags, authors, a story and notes."""
    start = datetime(2031, 4, 2, 9, 0, tzinfo=HOUR)
    maker.story("titles", {"title": texts.STORY, "summary": texts.HARD, "aliases": ["titles-of-old"]}, texts.INTRODUCTION)
    for number, (what, title) in enumerate(texts.TITLES):
        body = f"{title}\n\n{texts.escape(title)}\n\n> [!NOTE]\n> {texts.escape(title)}\n> — {texts.plain(title)}, 2031-05-02\n"
        if what == "invisible":
            body = "Its title cannot be seen.\n"
        maker.entry(
            "titles", f"2031-04-02-title-{number:02}", title, start + timedelta(minutes=7 * number), texts.first(body),
            authors=[title], key_event=number % 9 == 0,
            tags=texts.EVERY_TAG if what == "many tags" else [texts.NAMES[number % len(texts.NAMES)]],
        )
    # The publisher gave no title: the program makes one, here from hard words.
    for number, words in enumerate(texts.HARD):
        maker.entry(
            "titles", f"untitled-{number:02}", texts.plain(words)[:60], start + timedelta(days=1, minutes=number),
            f"{texts.escape(words)}\n", title_basis="made",
        )


def dates(maker):
    """Every kind of date, each at least once with a neighbour of the same."""
    maker.story("dates", {"title": "Dates"})
    for number, date in enumerate(texts.DATES):
        for twin in "ab":
            maker.entry("dates", f"date-{number:02}-{twin}", f"{date} {twin}", date, f"When: {date}.\n", order=number)
    for number, clock in enumerate(["05:40", "23:59", None]):
        maker.entry("dates", f"undated-{number}", f"Day unknown {number}", None, "Some day.\n", clock=clock)
    maker.entry("dates", "date-set", "Found out", "2031-04-02?", "By hand.\n", date_basis="curator", date_because=texts.HARD[0])
    zones = [timedelta(hours=14), timedelta(hours=-12), timedelta(hours=5, minutes=45), timedelta(0)]
    for number, zone in enumerate(zones):
        moment = datetime(2031, 4, 2, 12, 0, tzinfo=timezone(zone))
        maker.entry("dates", f"zone-{number}", f"Noon {number}", moment, "Noon here.\n")


def bodies(maker):
    """Tables, code, deep quotations, notes of all kinds, redactions, warnings, pictures."""
    start = datetime(2031, 4, 3, 9, 0, tzinfo=HOUR)
    maker.story("bodies", {"title": "Bodies", "title_basis": "made"}, texts.INTRODUCTION)
    maker.write("static/images/square.png", picture())
    for number, (ident, body, more) in enumerate(texts.BODIES):
        maker.entry("bodies", ident, ident.replace("-", " ").capitalize(), start + timedelta(hours=number), body, **more)


def small(maker):
    """Stories of three entries, of one, of none, and one without a story.md."""
    for number in range(3):
        moment = datetime(2031, 4, 4 + 9 * number, 12, 0, tzinfo=HOUR)
        maker.entry("three", f"three-{number}", f"Number {number}", moment, "One of three.\n")
    maker.story("three", {"title": "Tiny"})
    maker.story("none", {"title": "Nothing yet"})
    maker.story("one", {"title": "\u202eenO\u202c <i>1</i>"})
    maker.entry("one", "only-one", "Only one", "2031", "Some time in the year.\n")
    maker.page("content/pages/about.md", {"title": texts.PAGE}, texts.FREE)
    maker.page("content/pages/home.md", {"title": texts.HARD[1]}, texts.FREE)


def captures(maker):
    """One page saved three times, with a gap; what was changed, corrected, renamed, withdrawn and sealed."""
    for name, captured, text in texts.CAPTURES:
        maker.import_text(
            name, text, "--story", "quell", "--publisher", texts.PUBLISHER,
            "--source-url", "https://press.example/live/quell?a=1&b=%22%3C", "--captured", captured,
        )
    file = next(maker.root.glob("content/quell/*/*-gates-opened.md"))
    file.write_text(
        file.read_text(encoding="utf-8").replace("two hours", "three hours")
        + '\n> [!NOTE]\n> "at dawn": the sun rose at 06:34 that day.\n>\n> — A. Keeper, 2031-05-02\n',
        encoding="utf-8",
    )
    ident = next(line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("id = ")).split('"')[1]
    maker.run("accept", ident, "--because", texts.HARD[2], "--by", texts.CURATOR)
    # The program dates that by the clock; here it is the same each time.
    words = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(?ms)(^\[\[accepted\]\].*?^date = )\S+", r"\g<1>2031-05-03", words), encoding="utf-8")
    boat = next(maker.root.glob("content/quell/*/*-boat*.md"))
    words = boat.read_text(encoding="utf-8")
    boat.write_text(words.replace("Tom Arden, nine years old,", "{{redacted: name and age of a minor}}"), encoding="utf-8")
    def the(part):
        found = next(maker.root.glob(f"content/quell/*/*{part}*.md")).read_text(encoding="utf-8")
        return next(line for line in found.splitlines() if line.startswith("id = ")).split('"')[1]
    maker.run("rename", the("mill"), "2031-04-01-the-mill-of-quell")
    maker.run("withdraw", the("ferry"), "--because", texts.HARD[3], "--date", "2031-05-02", "--replacement", ident)
    maker.run("seal", texts.CAPTURES[0][0], "--because", texts.HARD[4])


def live(headline, posts):
    """A live blog as publishers' data have it."""
    return json.dumps({
        "@context": "https://schema.org", "@type": "LiveBlogPosting", "headline": headline,
        "url": f"https://press.example/live/{len(posts)}", "coverageStartTime": posts[0]["datePublished"],
        "publisher": {"@type": "Organization", "name": texts.PUBLISHER},
        "liveBlogUpdate": [{"@type": "BlogPosting", **post} for post in reversed(posts)],
    }, ensure_ascii=False, indent=1)


def long(maker, part):
    """A story of 3,000 entries over 40 days, and one of 1,000 in one minute."""
    start = datetime(2031, 5, 1, 6, 0, tzinfo=HOUR)
    count = 3000 // part
    posts = []
    for number in range(count):
        moment = start + timedelta(days=number * 40 // count, minutes=11 * (number % (75 // min(part, 5))))
        headline, words = texts.post(number)
        posts.append({"headline": headline, "datePublished": moment.isoformat(), "articleBody": words})
    maker.import_text("long.json", live("Forty days", posts), "--story", "long", "--captured", "2031-06-12T12:00:00Z")
    minute = datetime(2031, 4, 5, 12, 0, tzinfo=HOUR)
    posts = []
    for number in range(1000 // part):
        moment = minute + timedelta(seconds=number * 60 * part // 1000)
        headline, words = texts.post(number + 7)
        posts.append({"headline": headline, "datePublished": moment.isoformat(), "articleBody": words})
    maker.import_text("minute.json", live("One minute", posts), "--story", "minute", "--captured", "2031-06-12T12:00:00Z")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--base-url")
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args()
    root = Path(options.folder)
    if root.exists():
        sys.exit(f"{root} exists")
    subprocess.run([options.program, "new", root], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    maker = Maker(options.program, root)
    maker.settings(options.base_url)
    maker.vocabulary()
    captures(maker)
    titles(maker)
    dates(maker)
    bodies(maker)
    small(maker)
    long(maker, 10 if options.small else 1)
    maker.run("tag", fine=(0, 1))


main()
