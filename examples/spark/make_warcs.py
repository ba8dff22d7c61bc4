#!/usr/bin/env python3
"""Makes a folder of small WARC files to try the Spark job on: invented live blogs of an invented flood.

    make_warcs.py FOLDER [FILES] [PAGES]
"""

import gzip
import sys
from pathlib import Path


def page(file: int, number: int) -> bytes:
    """One live blog of five posts, as a web archive's text extractor would have written it."""
    lines = ["Summary", "", "  • The Quell dam has opened its gates", ""]
    for post in range(5):
        place = f"village {file}-{number}-{post}"
        lines += [
            f"  {post + 1}. Water in {place}published at {20 - post}:30 British Summer Time 2 April 2031",
            "",
            f"    The water stands at {post + 1} metres in {place}, and people wait on the roofs.",
            "",
        ]
    return "\n".join(lines).encode()


def record(kind: str, url: str, second: int, body: bytes) -> bytes:
    """One WARC record, packed as a gzip member of its own."""
    head = (
        "WARC/1.0\r\n"
        f"WARC-Type: {kind}\r\n"
        f"WARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2031-04-03T06:{second // 60 % 60:02}:{second % 60:02}Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        "Content-Type: text/plain\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + body + b"\r\n\r\n", mtime=0)


def main() -> None:
    folder = Path(sys.argv[1])
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    pages = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    folder.mkdir(parents=True, exist_ok=True)
    for file in range(files):
        with open(folder / f"crawl-{file:03}.warc.gz", "wb") as out:
            for number in range(pages):
                url = f"https://river.example/live/quell-{file}-{number}"
                out.write(record("conversion", url, number, page(file, number)))
            out.write(record("conversion", "https://river.example/stew", 0, b"Stew for eight.\n"))


if __name__ == "__main__":
    main()
