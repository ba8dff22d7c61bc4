"""Words as a site tells them, for the scripts that read what others read of it."""

import re
import tomllib
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


def in_xml(text):
    """A text as XML can hold it: without the signs that it forbids; white space is one blank (HTML 4.7)."""
    text = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
    return re.sub("[ \t\n\r\f]+", " ", text).strip()
