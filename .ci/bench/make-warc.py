#!/usr/bin/env python3
"""Makes a large WARC of invented pages, to measure memory and speed of `archive read`.

    make-warc.py OUT.warc.gz [MEBIBYTES, unpacked] [text|html]

One page in ten is a live blog, the others are articles, pictures and requests, as in a real crawl; the
words are drawn from a list, so that they pack about as well as prose does. The same arguments make the
same bytes.
"""

import random
import sys
import zlib

WORDS = """water river dam gate valley village bridge roof boat rescue mayor minister rain night morning
people family children school market road closed open level metres report police army helicopter tonight
warning upper lower town bank engineer said told asked where nobody everybody waits goes stands falls rises
before after behind along under over between hundred thousand nine twelve quiet loud cold bread light""".split()


def sentence(chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _ in range(chance.randint(6, 22))]
    return " ".join(words).capitalize() + "."


def paragraph(chance: random.Random) -> str:
    return " ".join(sentence(chance) for _ in range(chance.randint(1, 5)))


def live_text(chance: random.Random) -> bytes:
    lines = ["Summary", "", "  • " + sentence(chance), ""]
    for post in range(60):
        clock = f"{23 - post // 4:02}:{45 - post % 4 * 15:02}"
        title = " ".join(chance.choice(WORDS) for _ in range(5)).capitalize()
        lines += [f"  {post + 1}. {title}published at {clock} British Summer Time 2 April 2031", ""]
        for _ in range(chance.randint(1, 4)):
            lines += ["    " + paragraph(chance), ""]
    return "\n".join(lines).encode()


def article(chance: random.Random) -> bytes:
    body = "\n".join(f"<p>{paragraph(chance)}</p>" for _ in range(60))
    return f"<!DOCTYPE html><title>{sentence(chance)}</title><body>{body}</body>".encode()


def live_html(chance: random.Random) -> bytes:
    posts = []
    for post in range(60):
        clock = f"{23 - post // 4:02}:{45 - post % 4 * 15:02}"
        body = "".join(f"<p>{paragraph(chance)}</p>" for _ in range(chance.randint(1, 4)))
        posts.append(
            f'<article id="block-{chance.getrandbits(96):024x}" class="block"><header>'
            f'<time datetime="2031-04-02T{clock}:00.000Z">{clock} BST</time></header>'
            f"<h2>{sentence(chance)}</h2>{body}</article>"
        )
    return f"<!DOCTYPE html><title>Quell - live</title><main>{''.join(posts)}</main>".encode()


def record(kind: str, url: str, second: int, content_type: str, block: bytes) -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2031-04-03T{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{second:032x}>\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def response(url: str, second: int, media_type: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}; charset=utf-8\r\n\r\n".encode()
    return record("response", url, second, "application/http; msgtype=response", head + body)


def main() -> None:
    out, size = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1024
    kind = sys.argv[3] if len(sys.argv) > 3 else "text"
    chance = random.Random(2031)
    unpacked = count = 0
    # Pages are made once and served many times under other addresses: making them is slow.
    lives = [(live_text if kind == "text" else live_html)(chance) for _ in range(40)]
    articles = [article(chance) for _ in range(200)]
    pictures = [chance.randbytes(60_000) for _ in range(20)]
    media_type = "text/plain" if kind == "text" else "text/html"
    with open(out, "wb") as file:
        while unpacked < size << 20:
            url = f"https://river.example/{count}"
            get = f"GET /{count} HTTP/1.1\r\nHost: river.example\r\n\r\n".encode()
            if count % 10 == 0:
                found = response(f"{url}/live", count, media_type, lives[count // 10 % len(lives)])
            elif count % 3 == 0:
                found = response(f"{url}.jpg", count, "image/jpeg", pictures[count % len(pictures)])
            else:
                found = response(url, count, "text/html", articles[count % len(articles)])
            for one in (record("request", url, count, "application/http; msgtype=request", get), found):
                unpacked += len(one)
                packer = zlib.compressobj(1, zlib.DEFLATED, 31)
                file.write(packer.compress(one) + packer.flush())
            count += 1
    print(f"{out}: {count} records with their requests, {unpacked >> 20} MiB unpacked")


if __name__ == "__main__":
    main()
