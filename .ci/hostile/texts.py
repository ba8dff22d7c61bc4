"""The words of the hostile archive. All written for it; none is anybody's."""

import re

MARKUP = '</script><script>alert("no")</script><img src=x onerror=alert(1)>'
LONG = (
    "After nine days of rain the council of the upper town, the harbour office and the keeper of the mill could not agree "
    "whether the gates should be opened at dawn, at noon or not at all, and so the river settled the matter before any "
    "of them"
)
LONG = (LONG + " " + "x" * 240)[:240]
GERMAN = "Hochwasserschutzmaßnahmenkoordinierungsausschussvorsitzendenstellvertreterwahl"
ARABIC = "فُتِحت بوابات السد عند الفجر، وقال رئيس البلدية: «لم يكن لنا خيار»"
HEBREW = "שערי הסכר נפתחו עם שחר, אמרה ראש העיר"
MIXED = "The mayor said «لم يكن لنا خيار» at 5:40 and שלום (again) to 3 people"
CHINESE = "黎明时分水坝闸门打开，下城一小时内被淹，市长说：“我们别无选择。”"
JAPANESE = "夜明けにダムのゲートが開いた。下町は一時間で水に浸かった。"
KOREAN = "새벽에 댐 수문이 열렸다"
THAI = "ประตูเขื่อนเปิดตอนรุ่งสางและน้ำท่วมเมืองล่างภายในหนึ่งชั่วโมง"
HINDI = "भोर में बाँध के द्वार खोले गए"
EMOJI = "🌊👨‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿 flood 🇺🇳👍🏽"
MARKS = "Z̷͎̈́ȧ̴̧l̵̰̎g̶̙̈o̷͚͑ ė́̂̃̄ tȟe̊ rĭvēr"
INVISIBLE = "\u200b\u200d\u2060"
BIDI = "\u202edekcolb era setag ehT\u202c and \u2067un\u2069closed \u202bopen"
QUOTES = "\"Double\", 'single', `back`, “curly”, «guillemets» & an ampersand; 5 < 6 > 4"
TEMPLATE = "{{ entry.title }} {% if true %}{# remark #}{% endif %} ${name} <%= x %> [[wiki]] %s"
WORD = "a" * 30 + "b" * 150
ADDRESS = "https://press.example/" + "very/long/address/" * 12 + "?a=1&b=2#c"

# Told apart by a name that says what each is.
TITLES = [
    ("four letters", "Rain"),
    ("one letter", "q"),
    ("240 letters", LONG),
    ("arabic", ARABIC),
    ("hebrew", HEBREW),
    ("mixed", MIXED),
    ("german", GERMAN),
    ("chinese", CHINESE),
    ("japanese", JAPANESE),
    ("korean", KOREAN),
    ("thai", THAI),
    ("hindi", HINDI),
    ("emoji", EMOJI),
    ("only emoji", "🌊"),
    ("combining marks", MARKS),
    ("zero width", f"ze\u200bro\u200d wi\u2060dth\ufeff so\u00adft"),
    ("bidi controls", BIDI),
    ("markup", f"{MARKUP} <b>bold</b> &amp; &#x3c; <!-- --> ]]>"),
    ("template", TEMPLATE),
    ("quotes", QUOTES),
    ("markdown", "*Not* _emphasis_, [no link](https://press.example/), `code`, # no heading, 1. no list, | a | b |, ~~x~~"),
    ("long word", WORD),
    ("long address", ADDRESS),
    ("only signs", "?!… — ***"),
    ("only digits", "1984"),
    ("line end", "First line\nsecond line"),
    ("tabs and blanks", "  two   blanks\tand a tab  "),
    ("control characters", "bell\x07 escape\x1b delete\x7f next line\x85"),
    ("noncharacters", "a\ufdd0b\uffffc\U0001fffed"),
    ("private use", "\ue000 and \U0010fffd"),
    ("no-break", "no\u00a0break\u202fhere\u2011too"),
    ("invisible", INVISIBLE),
    ("backslashes", "C:\\path\\n \\\\server \\u0041"),
    ("many tags", "Tagged with everything"),
    ("same title", "Rain"),
    ("same title", "Rain"),
    ("file name", "../../etc/passwd"),
    ("redacted", "The boy {{redacted: name of a minor}} is found"),
    ("address in words", "see www.press.example and keeper@press.example"),
    ("math", "√2 ≈ 1.414 ∧ ∀x∈ℝ: x² ≥ 0 ⟨𝕊⟩"),
]

HARD = [ARABIC, MIXED, MARKUP, TEMPLATE, QUOTES, LONG, EMOJI, BIDI, WORD, CHINESE]
ARCHIVE = f"The “hostile” <archive> & {{{{ title }}}} {HEBREW[:10]}"
DESCRIPTION = f"Made to break the site: {MARKUP} {TEMPLATE} {MIXED}"
CURATOR = "K. <Keeper> & \"Co\" {{ curator }} אבג"
RIGHTS = "Our own words: copy them & <be> happy."
PUBLISHER = "River & <Press> \"Ltd\" صحيفة"
STORY = f"A story named {QUOTES} {MARKUP}"
PAGE = "About <this> & {{ page }} " + GERMAN

WARNINGS = [
    {"name": "flood", "label": "people <in> a \"flood\" & {{ worse }}"},
    {"name": "long", "label": "what has a very long label, which goes on for longer than a line of a telephone is wide, and then on"},
    {"name": "rtl", "label": "مشاهد مؤلمة"},
]


def first(body):
    """A body whose first line is not empty and opens no block by accident."""
    return body.lstrip() or "Nothing.\n"


def escape(words):
    """The words as Markdown that shows just them."""
    one = " ".join(words.split())
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~&:\"'$%^@=/])", r"\\\1", one) if one else "Nothing."


def plain(words):
    """The words on one line, without what a signature cannot hold."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", words).split()) or "Nobody"


def tag(name, slug, **more):
    return {"name": name, "slug": slug, **more}


TAGS = [
    tag("Water", "water", synonyms=["waters", "wet <stuff> & \"more\""], labels={"de": "Wasser", "ar": "ماء", "he": "מים", "zh-Hant": "水"},
        matches=["https://vocabulary.example/water?a=1&b=%22"], aliases=["aqua", "eau"], description=f"What flows. {MARKUP} {TEMPLATE}"),
    tag("Rivers", "rivers", broader="Water"),
    tag("Quell", "quell", broader="Rivers", related=["Mill & <mill>"]),
    tag("Quell dam", "quell-dam", broader="Quell"),
    tag("Gates of the Quell dam", "gates", broader="Quell dam"),
    tag("Left gate of the three gates of the Quell dam, as it was rebuilt after the second flood", "left-gate",
        broader="Gates of the Quell dam"),
    tag("Mill & <mill>", "mill"),
    tag("A \"quoted\" {{ tag }}", "quoted"),
    tag(ARABIC[:24], "arabic", labels={"de": "Tore"}),
    tag("שחר", "hebrew"),
    tag("水坝", "chinese"),
    tag(GERMAN, "german"),
    tag("q", "q", by_hand=True),
    tag("🌊", "wave"),
    tag("Unused <tag>", "unused"),
    tag("1984", "year-1984"),
    tag("Élan", "elan"),
    tag("<script>alert(1)</script>", "script"),
]
NAMES = [one["name"] for one in TAGS if one["slug"] != "unused"] + ["Not in the vocabulary & <new>"]
EVERY_TAG = NAMES + [f"Loose tag {number}" for number in range(40)]

DATES = [
    "2031", "2031~", "2031?", "2031%", "2031-XX", "2031-XX-XX", "203X", "20XX", "2031-04", "2031-04~", "2031-04?", "2031-04%",
    "2031-04-XX", "2031-XX-02", "2031-04-02", "2031-04-02~", "2031-04-02?", "2031-04-02%", "2031-21", "2031-22", "2031-23",
    "2031-24", "2031-04/..", "../2031-04", "2031-04/", "/2031-04", "2031-04-01/2031-04-03", "2031-01/2031-12", "1931/2031",
    "2031-04-01~/2031-05-02?", "2031-12-31/2032-01-01", "0000", "0476-09-04", "9999-12-31", "2000-02-29", "1582-10-15",
]
DATES = [date for date in DATES if date != "2031-XX-02"]

INTRODUCTION = f"""An introduction with *emphasis*, [a link](/stories/three.html) and {escape(MARKUP)}.

1. one
2. two

{escape(ARABIC)}
"""

NOTE_KINDS = ["NOTE", "IMPORTANT", "CAUTION", "TIP"]
NOTES = "".join(
    f"> [!{kind}]\n> \"{phrase}\": {escape(HARD[number])}\n> — {plain(HARD[number + 1])[:60]}, 2031-05-0{number + 1}\n\n"
    for number, (kind, phrase) in enumerate(zip(NOTE_KINDS, ["gates of the dam", "at dawn", "lower town", "no choice"]))
)
TABLE = "| Place | Water in m | Since |\n| :--- | ---: | :---: |\n" + "".join(
    f"| {escape(name)} | {number}.5 | {number}:00 |\n" for number, name in enumerate([ARABIC, MARKUP, GERMAN, "Mill"])
)
WIDE = "|" + "".join(f" Column {n} |" for n in range(20)) + "\n|" + " --- |" * 20 + "\n" + ("|" + " 1234567 |" * 20 + "\n") * 3
DEEP = "".join(f"{'> ' * depth}Quotation {depth} of a quotation\n{'> ' * depth}\n" for depth in range(1, 13))
LISTS = "".join(f"{'  ' * depth}- depth {depth}\n" for depth in range(9)) + "\n1. one\n   1. one of one\n\n      1. one of one of one\n2. two\n\n- [ ] not done\n- [x] done\n"
CODE = "```html\n" + MARKUP + "\n" + "wide " * 60 + "\n```\n\n    {{ indented }}\n\nand `in a line " + WORD + "`.\n"
FOOTNOTES = "Words.[^a] More words.[^long] And the first again.[^a]\n\n[^a]: A footnote & <b>no markup</b>.\n    -- A. Keeper, 2031-05-01\n\n[^long]: First paragraph.\n\n    Second paragraph with `code`.\n"
BASE = "The gates of the dam were opened at dawn. The lower town was under water. \"We had no choice,\" the mayor said.\n\n"

BODIES = [
    ("plain-words", BASE, {}),
    ("all-notes", BASE + NOTES + "A last paragraph.\n", {}),
    ("note-first", "> [!NOTE]\n> A note that stands before all words.\n\n" + BASE, {}),
    ("notes-only", "> [!NOTE]\n> Only a note.\n\n> [!TIP]\n> And [another](/entries/plain-words.html).\n", {}),
    ("note-with-blocks", BASE + "> [!IMPORTANT]\n> - a list\n> - in a note\n>\n> | a | b |\n> | - | - |\n> | 1 | 2 |\n>\n> ```\n> code\n> ```\n", {}),
    ("covered", "> [!WARNING]\n> " + escape(MARKUP) + "\n\n" + BASE + NOTES, {}),
    ("covered-by-name", BASE + "![](missing:image \"Not held\")\n", {"warnings": ["flood", "long", "rtl"]}),
    ("tables", "Before.\n\n" + TABLE + "\n" + WIDE + "\nBehind.\n", {}),
    ("lists", "Before.\n\n" + LISTS, {}),
    ("code", "Before.\n\n" + CODE, {}),
    ("deep-quotations", "Before.\n\n" + DEEP, {}),
    ("footnotes", FOOTNOTES, {}),
    ("footnotes-and-notes", FOOTNOTES + "\n" + NOTES.replace("\"gates of the dam\": ", "").replace("\"at dawn\": ", "").replace("\"lower town\": ", "").replace("\"no choice\": ", ""), {}),
    ("headings", "# One\n\nText.\n\n###### Six\n\nText.\n\n## Two\n\nText.\n\nOne\n===\n\nText.\n", {}),
    ("redactions", "The boy, {{redacted: " + "name of <a> minor & \"more\"" + "}}, and {{redacted}} were found.\n\n![{{redacted: face}}](missing:image \"{{redacted}} in the boat\")\n", {"authors": ["{{redacted}}", "B. Second"]}),
    ("pictures", "![A square & <square>](/images/square.png \"A square. " + "Keeper & \\\"Co\\\"\")\n\n![](missing:image \"" + "Caption 'x' <y>" + "\")\n\n![" + ARABIC + "](missing:image)\n\n![](missing:video \"The first steps\")\n\n![](missing:audio)\n\n[Twitter post](missing:post)\n\nWords ![A small square](/images/square.png) in a line, and ![far](https://press.example/x.png).\n", {}),
    ("only-missing", "[Twitter post](missing:post)\n", {}),
    ("links", f"[no words]({ADDRESS}) <{ADDRESS}> [](/entries/plain-words.html) [script](javascript:alert\\(1\\)) [data](data:text/html,x) [mail](mailto:keeper@press.example) [**bold** `code` ![x](/images/square.png)](/dates/2031-04-02.html) [reference][r]\n\n[r]: https://press.example/\"x\"?<y> '{QUOTES[:10]}'\n", {}),
    ("raw-html", "<div class=\"x\">" + MARKUP + "</div>\n\n<script>alert(1)</script>\n\n<style>body{display:none}</style>\n\nA <b>bold</b> word, <!-- a remark --> &copy; &lt; &nbsp; &notanentity;\n", {}),
    ("long-word", WORD + "\n\n" + ADDRESS + "\n\n" + THAI * 6 + "\n\n" + CHINESE * 6 + "\n", {}),
    ("right-to-left", "\n\n".join([ARABIC, HEBREW, MIXED, "> " + ARABIC, "- " + HEBREW + "\n- " + ARABIC, BIDI]) + "\n\n" + f"> [!NOTE]\n> \"{ARABIC.split('،')[0]}\": {MIXED}\n> — {HEBREW[:12]}, 2031-05-01\n", {}),
    ("control-characters", "bell\x07 escape\x1b delete\x7f form feed\x0c c1\x85\x9f nonchar\ufdd0\uffff end.\n", {}),
    ("empty", "", {}),
    ("one-letter", "x\n", {}),
    ("rule", "---\n\nBetween.\n\n***\n", {}),
    ("hard-breaks", "one  \ntwo\\\nthree\n", {}),
    ("very-long", "\n\n".join(f"Paragraph {n}. {LONG}" for n in range(120)) + "\n", {}),
    ("updated", BASE, {"updated": "2031-04-03", "aliases": ["updated-of-old", "older-still"], "key_event": True}),
]

FREE = f"""A free page. {escape(MARKUP)}

## A heading

{TABLE}

> A quotation {escape(HEBREW)}

{FOOTNOTES}

![A square](/images/square.png "Caption")
"""

SUMMARY = "Summary\n\n  • The dam at Quell has opened its gates\n\n"
POSTS = {
    "late": ("17:30", "2 April 2031", "Gates shut again", ["The gates of the Quell dam were shut at half past five."]),
    "noon": ("12:10", "2 April 2031", "</script> at noon & {{ later }}", ["The mayor spoke at noon <b>again</b>."]),
    "gates": ("05:40", "2 April 2031", "Gates opened", ["The gates of the Quell dam opened at dawn.", "Water filled the lower town within the hour."]),
    "boat": ("05:10", "2 April 2031", "A boat for the roof", ["Tom Arden, nine years old, waited on the roof of the school for a boat.", "A boat came from the upper town."]),
    "ferry": ("22:05", "1 April 2031", "Ferry tied up", ["The ferry across the Quell stays tied up for the night."]),
    "mill": ("21:15", "1 April 2031", "Rain at the mill", ["It has rained for nine days in Quell, says the gauge at the mill."]),
}


def saved(names, changed=()):
    lines = [SUMMARY]
    for number, name in enumerate(names, 1):
        clock, day, title, words = POSTS[name]
        body = "\n\n    ".join(dict(changed).get(name, words))
        lines.append(f"  {number}. {title}published at {clock} British Summer Time {day}\n\n    {body}\n\n")
    return "".join(lines)


CAPTURES = [
    ("morning.txt", "2031-04-02T06:00:00+01:00", saved(["gates", "boat", "ferry", "mill"])),
    ("evening.txt", "2031-04-02T18:00:00+01:00", saved(
        ["late", "noon", "gates", "boat", "mill"],
        [("gates", ["The gates of the Quell dam opened at dawn.", "Water filled the lower town within two hours."])])),
    ("night.txt", "2031-04-02T23:00:00+01:00", saved(["late"], [("late", ["The gates of the Quell dam were shut at six."])])),
]

SUBJECTS = ["The river", "The mill", "The ferry", "A boat", "The council", "The harbour office", "The keeper", "The left gate"]
VERBS = ["rises", "stands still", "is heard", "turns back", "waits", "opens again", "reports", "asks for help"]
PLACES = ["at Quell", "below the dam", "in the lower town", "on the bridge", "near the school", "by the gauge"]


def post(number):
    """The headline and the words of one post of a long blog; no two are alike."""
    one, two, three = SUBJECTS[number % 8], VERBS[(number // 8) % 8], PLACES[(number // 5) % 6]
    headline = f"{one} {two} {three}, report {number}"
    if number % 50 == 3:
        headline = HARD[(number // 50) % len(HARD)] + f" {number}"
    words = [f"{one} {two} {three}. The gauge says {number * 7 % 900} centimetres."]
    for more in range(number % 4):
        words.append(f"{SUBJECTS[(number + more) % 8]} {VERBS[(number + 3 * more) % 8]}; {PLACES[more]} the water is {more + 1} metres deep.")
    if number % 40 == 9:
        words.append(HARD[(number // 40) % len(HARD)])
    return headline, "\n\n".join(words)
