#!/usr/bin/env python3
"""Writes an archive of made-up entries to measure the search on: make-search.py NUMBER FOLDER.

Words are drawn from a Zipf distribution (exponent 1): the commonest are English, the others are made of
syllables, 300,000 in all, with endings that a stemmer knows. Stories have 20 to 300 entries on one to
four days, over ten years; entries have 30 to 250 words, one to four of 400 tags. The same numbers give
the same bytes.
"""

import itertools
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

COMMON = """the of to and a in is that for it on was with as he be at by i this had not are but from or have an
they which one you were her all she there would their we him been has when who will more no if out so said what up its
about into than them can only other new some could time these two may then do first any my now such like our over man me
even most made after also did many before must through back years where much your way well down should because each just
those people how too little state good very make world still own see men work long get here between both life being
under never day same another know while last might us great old year off come since against go came right used take
three water river flood police minister rescue town bridge hospital officials reports government city emergency""".split()
ENDINGS = ["", "", "", "s", "ed", "ing"]


def vocabulary(size):
    chance = random.Random(1969)
    parts = [a + b for a, b in itertools.product("b c d f g h k l m n p r s t v w st br tr gr".split(), "a e i o u ea ou".split())]
    words, seen = list(COMMON), set(COMMON)
    while len(words) < size:
        stem = "".join(chance.choices(parts, k=chance.choice([1, 2, 2, 2, 3, 3]))) + chance.choice("n r l t m d k".split())
        for word in {stem, stem + chance.choice(ENDINGS)}:
            if word not in seen:
                seen.add(word)
                words.append(word)
    return words[:size]


def main():
    number, root = int(sys.argv[1]), Path(sys.argv[2])
    words = vocabulary(300_000)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    chance = random.Random(7)
    root.mkdir(parents=True)
    (root / "site.toml").write_text('title = "Sample"\ndescription = "Made up."\n')
    tags = [f"Subject {words[200 + n]}" for n in range(400)]
    (root / "tags.toml").write_text("".join(f'[[tag]]\nname = "{tag}"\n\n' for tag in tags))
    made, story = 0, 0
    while made < number:
        story += 1
        start = datetime(2014, 1, 1, 6) + timedelta(days=chance.randrange(3650))
        days, size = chance.choice([1, 1, 2, 4]), min(chance.randint(20, 300), number - made)
        moments = sorted(chance.randrange(days * 960) for _ in range(size))
        slug = f"story-{story:05}"
        title = " ".join(chance.choices(words, cum_weights=weights, k=6)).capitalize()
        (root / "content" / slug).mkdir(parents=True)
        (root / "content" / slug / "story.md").write_text(f'+++\ntitle = "{title}"\n+++\n')
        for order, moment in enumerate(moments, 1):
            when = start + timedelta(days=moment // 960, minutes=moment % 960)
            made += 1
            tag = ", ".join(f'"{t}"' for t in sorted(set(chance.choices(tags, k=chance.randint(1, 4)))))
            head = " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(4, 9))).capitalize()
            text = chance.choices(words, cum_weights=weights, k=chance.randint(30, 250))
            cuts = [text[at:at + 15] for at in range(0, len(text), 15)]
            body = "\n\n".join(" ".join(cut).capitalize() + "." for cut in cuts)
            (root / "content" / slug / f"{order:04}.md").write_text(
                f'+++\nid = "e{made}"\ntitle = "{head}"\ndate = {when:%Y-%m-%dT%H:%M}:00+00:00\norder = {order}\ntags = [{tag}]\n+++\n{body}\n'
            )


main()
