"""Words as a site tells them, for the scripts that read what others read of it."""

import re
import tomllib
import unicodedata
from pathlib import Path

LANGUAGES = Path(__file__).parent.parent / "languages"
INTERFACE = {}


def speak(settings):
    """Takes the interface that the site speaks."""
    wanted = settings.get("interface") or settings.get("language", "en")
    files = [LANGUAGES / f"{tag}.toml" for tag in (wanted, wanted.split("-")[0], "en")]
    INTERFACE.update(tomllib.loads(next(file for file in files if file.exists()).read_text("utf-8")))


def bare(value):
    """Without the marks that set words of the other direction apart (UAX 9)."""
    if isinstance(value, list):
        return [bare(item) for item in value]
    return re.sub("[\u2066-\u2069]", "", value) if isinstance(value, str) else value


def redacted(text):
    """A text in which other words stand for what was taken out."""
    def words(found):
        reason = " ".join(line.strip(" \t>") for line in (found[1] or "").splitlines())
        because = INTERFACE["redacted"]["because"].replace("{because}", reason)
        return because if reason else INTERFACE["redacted"]["plain"]
    return re.sub(r"(?i)(?<!\\)\{\{\s*redacted\s*(?::\s*([^{}]*?)\s*)?\}\}", words, text)


def is_redacted(*texts):
    return any(re.search(r"(?i)(?<!\\)\{\{\s*redacted", text) for text in texts)


def letters(text):
    return re.sub(r"[\W_]+", "", text)


def legal(text):
    """A text as a page can hold it: a mark for each character that HTML and XML forbid, a blank for such white space."""
    def instead(found):
        return " " if found[0].isspace() and found[0] not in "\x1c\x1d\x1e\x1f" else "\ufffd"
    # The last two of each plane are no characters, either.
    ends = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    return re.sub(f"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{ends}]", instead, text)


def is_unseen(text):
    """Whether a text has nothing that a reader sees: blanks, and characters without a shape."""
    shapeless = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
    seen = re.sub(f"[{shapeless}]", "", text)
    return all(c.isspace() or unicodedata.category(c) in ("Cc", "Cf") for c in seen)


def in_xml(text):
    """A text as XML can hold it, white space as one blank (HTML 4.7)."""
    return re.sub("[ \t\n\r\f]+", " ", legal(text)).strip()
