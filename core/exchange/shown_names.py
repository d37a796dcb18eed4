"""Names that a user gave, as figures, sentences and pages can show them. Imports nothing that draws."""

import re

# Control characters, what is no character at all, and what makes those behind it run the other way.
_NEVER = "\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
_IN_A_LINE = re.compile(f"[\x00-\x1f{_NEVER}]+")
_IN_A_TEXT = re.compile(f"[\x00-\x08\x0b-\x1f{_NEVER}]")


def shown(text: str, longest: int = 70) -> str:
    """A name by a user as a figure can show it: one line of characters that SVG allows, not too long."""
    clean = _IN_A_LINE.sub("\ufffd", " ".join(text.split()))
    return clean if len(clean) <= longest else f"{clean[: longest - 1].rstrip()}…"


def printable(text: str) -> str:
    """A text of several lines, of any length, as a page can show it."""
    return _IN_A_TEXT.sub("\ufffd", text)


def readable(name: str, longest: int = 34) -> str:
    """A name of a column as one reads it: ``duration in month``."""
    return shown(name.replace("_", " "), longest)
