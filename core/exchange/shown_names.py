"""Names that a user gave, as figures and sentences can show them. Imports nothing that draws."""

import re

_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def shown(text: str, longest: int = 70) -> str:
    """A name by a user as a figure can show it: one line of characters that SVG allows, not too long."""
    clean = _UNSHOWABLE.sub("\ufffd", " ".join(text.split()))
    return clean if len(clean) <= longest else f"{clean[: longest - 1].rstrip()}…"


def readable(name: str, longest: int = 34) -> str:
    """A name of a column as one reads it: ``duration in month``."""
    return shown(name.replace("_", " "), longest)
