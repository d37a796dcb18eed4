"""Names that people chose, in places where Qt would take them for markup or mnemonics, or be stretched by them."""

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.session.document import DatasetItem

LONGEST_NAME = 60  # characters of a name in a tab, a status line or a question
LONGEST_TIP = 600  # characters of a tooltip
WIDEST_TIP = 100  # characters on one line of a tooltip: Qt breaks the lines of markup only


def short(text: str, most: int = LONGEST_NAME) -> str:
    """The text on one line, its end cut off if it is long."""
    line = " ".join(text[: 2 * most].split())
    return line if len(line) <= most and len(text) <= 2 * most else f"{line[: most - 1]}…"


def sized(data: "DatasetItem") -> str:
    """Data in a chooser: their name, and how many samples they have."""
    return f"{short(data.name)} ({data.samples:,})"


def literal(text: str) -> str:
    """A text for menus, buttons and tabs, where a single & would underline the next letter."""
    return text.replace("&", "&&")


def tip(text: str) -> str:
    """A text for a tooltip, in which tags are seen as they were typed; long ones break into lines."""
    if len(text) <= WIDEST_TIP and not set(text) & set("<&"):
        return text
    cut = text if len(text) <= LONGEST_TIP else f"{text[: LONGEST_TIP - 1]}…"
    return f'<span style="white-space: pre-wrap">{html.escape(cut)}</span>'
