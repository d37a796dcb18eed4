"""What a report is made of: the same sections, sentences, tables and figures, whatever it is written as."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from matplotlib.figure import Figure

Facts = list[tuple[str, str]]
Kind = Literal[
    "general", "source", "result"
]  # of a section; results begin on a page of their own where there are pages

CERTAIN_HEAD = "Kind"  # of a first column that says how sure something is, in colours


@dataclass(frozen=True, kw_only=True)
class Words:
    """A paragraph."""

    text: str
    look: Literal["plain", "lead", "partial", "note"] = "plain"  # a note is what a user wrote


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure, drawn when it is needed, with what it shows in words for those who cannot see it.

    `draw` raises `core.errors.InvalidRequest` where the numbers are too far apart to be drawn.
    """

    draw: Callable[[], Figure]
    words: str


@dataclass(frozen=True, kw_only=True)
class FactTable:
    """Names and values."""

    caption: str
    facts: Facts


@dataclass(frozen=True, kw_only=True)
class ColumnTable:
    """Rows below the heads of their columns; each row has as many cells as there are heads."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Sentences below a heading."""

    title: str
    sentences: tuple[str, ...]


Block = Words | Picture | FactTable | ColumnTable | Listing


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a report that the contents lead to."""

    anchor: str  # unique in the report, a word of HTML
    title: str
    blocks: tuple[Block, ...]
    kind: Kind = "general"


@dataclass(frozen=True, kw_only=True)
class Report:
    """All of it, in the order in which it is read."""

    title: str
    made_utc: str
    version: str  # of Corrie
    lead: str
    facts: Facts  # of the session, for the first page
    sections: tuple[Section, ...]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every figure."""
        return tuple(block for section in self.sections for block in section.blocks if isinstance(block, Picture))


def dated(utc: str) -> str:
    """A time in ISO 8601 as it stands on paper, to the minute; anything else as it is."""
    try:
        return f"{datetime.fromisoformat(utc).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError):
        return utc


def columns(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> ColumnTable:
    """A table of columns."""
    return ColumnTable(caption=caption, heads=tuple(heads), rows=tuple(tuple(row) for row in rows))
