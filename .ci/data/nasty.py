#!/usr/bin/env python3
"""Makes an archive of all that is hard for those who read a site's data and books.

    nasty.py ARCHIVE DIR      ARCHIVE: the program; DIR: the folder to make
"""

import base64
import struct
import subprocess
import sys
import zlib
from pathlib import Path

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////"
    "////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=")


def png(width, height):
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + b"\x80\x20\x20" * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


SITE = '''title = "Hard & <odd> \\"things\\""
description = "What breaks those who read carelessly: ]]> &amp; %20"
curator = "A. Okoro & Söhne"
rights = "Ask <first>"
language = "{language}"
raw_html = {raw}
{base}
'''

BODIES = {
    "plain": "Words.\n\nMore *words*, `code & <b>`, **bold**.",
    "lists": "1. one\n2. two\n   - a\n   - b\n\n> A quotation.\n>\n> - of a list\n\n---\n\n    code\n\nHard  \nbreak.",
    "table": "| a | b | c |\n| :-- | :-: | --: |\n| 1 | *2* | 3 \\| 4 |\n| | x | |\n\nAfter.",
    "footnotes": "Gates[^a] and *dams*[^b] again[^a].\n\n[^a]: First,\n    second line.\n\n    > Quoted.\n[^b]: Of [^c].\n[^c]: Deep.\n[^never]: Nothing refers to it.\n",
    "notes": "The \"gates\" of the **Quell dam** were opened; the gates were old.\n\n> [!NOTE]\n> \"gates of the Quell dam\": four of them.\n>\n> — A. Keeper, 2031-05-02\n\n> [!TIP]\n> \u201cthe gates\u201d: see [another](entries/plain.html), [none](entries/none.html), <https://a.example/x?y=1&z=2#q>.\n>\n> — B., 2031-05~\n\n> [!CAUTION]\n> Not *sure*.\n>\n> - a\n> - b\n\n> [!IMPORTANT]\n> \u201cQuell dam\u201d: it is a weir.\n",
    "warned": "Blood & bones.[^1]\n\n> [!WARNING]\n> Death, \u2018up close\u2019\n> and more.\n\n> [!NOTE]\n> \"Blood\": none.\n\n[^1]: Mine.\n",
    "pictures": "![A boat](images/boat%201.png \"A boat. The desk\")\n\n![](images/photo.jpg)\n\n![Drawing](images/drawing.svg) ![Gone](images/gone.png)\n\n![Far](https://pictures.example/a.jpg \"Far away\")\n\n![Not held](missing:image \"He waited. River Press\") [Twitter post](missing:post)\n\n[![Linked](images/boat%201.png)](https://a.example/)",
    "links": "[a](https://a.example/ä b) [b](http://) [c](javascript:alert(1)) [d](//host.example/x) [e](mailto:a@b.example) [f](#nowhere) [g](http://[::1]:80/) [h](http://a.example:99999/) [i](https://ex ample/) <https://ünï.example/ö> [j](stories/odd.html) [k](https://a.example/%zz) [l](ftp://a.example) [m](https://user@a.example/?q=[1]|2) [n](https://a.example/\\\\b) [o](http://1.2.3.4.5/) [p](https://xn--/)",
    "redacted": "Then {{redacted: name of a minor & \"more\"}} spoke, and {{redacted}}.",
    "raw": "<div><p>raw <b>bold<p>second</b> <script>alert('x')</script><style>p{}</style>\n<table><tr><td colspan=2>a<td>b</table><ul>loose<li>item</ul>\n<iframe src=\"https://evil.example/\">frame</iframe><img src=https://evil.example/x.png onerror=x alt=\"evil\"><form><input value=x><button>Go</button></form></div></div></section>\n\n<details><summary>Sum</summary>Hidden</details>\n\nInline <font color=red>red</font> <a href=x>y<a href=\"https://b.example\">z</a> <q>q</q> <video src=v>v</video> <svg><path d=\"\"/><text>t</text></svg> <!-- c --> &nbsp;&bogus; <p id=\"1\">one <span id=\"plain\">x",
    "control": "A\u0001B\u000cC\ufffe, and \u202eoverride\u202c, \U0001f6b2 \u0645\u062f\u064a\u0646\u0629 (\u05e2\u05d9\u05e8) 3.",
    "formula": "=HYPERLINK(\"https://evil.example\";\"x\")\n\n+1 -1 @x",
}

ARABIC = [
    ("فتح بوابات السد", "فُتحت بوابات سد «كويل» عند الفجر، وقالت Okoro إن 3 منها بقيت مغلقة.\n\n> [!NOTE]\n> «بوابات سد»: أربع بوابات."),
    ("المطر مستمر منذ تسعة أيام", "لم يتوقف المطر.\n\n| اليوم | مم |\n| --- | --: |\n| الأول | 12 |"),
]


def entry(id, title, body, **more):
    quote = lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    front = [f"id = {quote(id)}", f"title = {quote(title)}"]
    front += [f"{key} = {value}" for key, value in more.items()]
    return "+++\n" + "\n".join(front) + "\n+++\n\n" + body + "\n"


def make(program, place, language, raw, base):
    subprocess.run([program, "new", str(place)], check=True, capture_output=True)
    (place / "site.toml").write_text(SITE.format(
        language=language, raw="true" if raw else "false", base=f'base_url = "{base}"' if base else ""), "utf-8")

    def write(file, text):
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).write_text(text, "utf-8")

    (place / "static/images").mkdir(parents=True, exist_ok=True)
    (place / "static/images/boat 1.png").write_bytes(png(3, 2))
    (place / "static/images/photo.jpg").write_bytes(JPEG)
    write("static/images/drawing.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    long = "A title that goes on and on " * 8 + "& ends <here>"
    write("content/odd/story.md", '+++\ntitle = "Odd & <strange> things, \\"quoted\\""\n'
          'summary = ["A *point* & more", "Second <b>point</b>"]\n'
          '[[sources]]\ndump = "none.txt"\npublisher = "River & Press"\nurl = "https://river.example/live?a=1&b=2"\n'
          '+++\n\nAn introduction with a [link](entries/plain.html), ![A boat](images/boat%201.png) and a footnote.[^1]\n\n[^1]: Yes.\n')
    for at, (name, body) in enumerate(BODIES.items()):
        more = {"date": f"2031-04-0{at % 4 + 1}T05:{at:02}:00+01:00", "date_basis": '"stated"', "order": at,
                "key_event": "true" if at % 3 == 0 else "false", "tags": '["Dam; wall & \\"x\\"", "=Rain"]'}
        if name == "plain":
            more["authors"] = '["A. & B.", "-C {{redacted: name}}"]'
            more["aliases"] = '["older-plain"]'
        if name == "redacted":
            more["warnings"] = '["death"]'
        write(f"content/odd/d/{name}.md", entry(name, long[:240] if name == "lists" else f"{name}: {{{{redacted: a & b}}}} <i>&amp;" if name == "redacted" else name, body, **more))
    write("content/odd/d/made.md", entry("made", "Words of no title", "Words of no title.", title_basis='"made"', order=50, date="2031-04-04"))
    write("content/odd/d/short.md", entry("short", "x", "", order=51, date='"2031-04~"', date_basis='"curator"', date_because='"A guess & \\"more\\""'))
    write("content/odd/d/undated.md", entry("undated", "Undated", "No day.", order=52, clock='"05:10"'))
    write("content/odd/d/old.md", entry("old", "Old", "Long ago.", order=53, date="0999-12-31"))
    write("content/odd/d/gone.md", entry("gone", "Gone", "Nobody reads this.", order=54).replace(
        "\n+++\n\nNobody", "\n\n[withdrawn]\ndate = 2031-04-09\nbecause = \"Asked for\"\n+++\n\nNobody"))
    write("content/arabic/story.md", '+++\ntitle = "سد كويل: تغطية مباشرة"\n+++\n\nمقدمة.\n')
    for at, (title, body) in enumerate(ARABIC):
        write(f"content/arabic/d/{at}.md", entry(f"arabic-{at}", title, body, date=f"2031-04-02T0{at}:00:00+03:00", date_basis='"stated"', order=at, key_event="true"))
    write("content/empty/story.md", '+++\ntitle = "Nothing yet"\n+++\n')
    write("content/empty/d/only.md", entry("only", "{{redacted: all of it}}", "{{redacted: all of it}}", order=1))


def main(program, place):
    place = Path(place)
    make(program, place / "raw", "en-GB", True, "https://odd.example/a/")
    make(program, place / "plain", "ar", False, "")


if __name__ == "__main__":
    main(*sys.argv[1:])
