"""A note of a review: its text, who wrote it when, what it is pinned to, and whether it is settled.

A note is a value: two with equal fields are the same note. It may come from anybody's file, so whatever it holds is
bounded, and coordinates are finite.
"""

import math
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core.errors import InvalidRequest

LONGEST_TEXT = 20_000  # characters
LONGEST_NAME = 200  # characters of an author, or of an item
LONGEST_IDENTIFIER = 200
LONGEST_TIME = 40
MOST_COORDINATES = 64  # of one place
LARGEST_INDEX = 2**53 - 1  # what every reader of JSON keeps exactly
MOST_NOTES = 5_000  # of one session

# Control characters but tab and end of line, halves of characters, and what turns the direction of the text around.
_UNFIT_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_UNFIT_IN_LINE = re.compile("[\t\n\u2028\u2029]")


@dataclass(frozen=True, kw_only=True)
class WholeItem:
    """The item as a whole, or the session where the note is about no item."""

    kind: Literal["item"] = "item"


@dataclass(frozen=True, kw_only=True)
class PointAnchor:
    """A point of a surface, a curve, a trajectory or a map of convexity, in the coordinates of its axes."""

    x: float
    y: float | None = None  # None: along a curve
    loss: float | None = None  # the height that was shown there, in the unit of the loss
    kind: Literal["point"] = "point"

    def __post_init__(self) -> None:
        _check_finite("point", (self.x, self.y, self.loss))


@dataclass(frozen=True, kw_only=True)
class BarAnchor:
    """One of several bars: an eigenvalue, a bar of a histogram, a strength of an attack; counted from 0."""

    index: int
    kind: Literal["bar"] = "bar"

    def __post_init__(self) -> None:
        _check_index("bar", self.index)


@dataclass(frozen=True, kw_only=True)
class RegionAnchor:
    """A part of a correction: a region of a slice, a box, or the row of a case; counted from 0."""

    part: int
    coordinates: tuple[float, ...] | None = None  # a point in it: the free features in the user's units
    kind: Literal["region"] = "region"

    def __post_init__(self) -> None:
        _check_index("part", self.part)
        coordinates = self.coordinates or ()
        if len(coordinates) > MOST_COORDINATES:
            raise InvalidRequest(f"A place has at most {MOST_COORDINATES} coordinates, not {len(coordinates):,}.")
        _check_finite("part", coordinates)


Anchor = WholeItem | PointAnchor | BarAnchor | RegionAnchor


@dataclass(frozen=True, kw_only=True)
class Note:
    """What somebody wrote about an item, or about the session.

    Raises
    ------
    InvalidRequest
        If a part of it is missing, too long, no time, or cannot be shown.
    """

    note_id: str
    text: str = field(repr=False)
    author: str  # "" where nobody wanted to be named
    created_utc: str  # ISO 8601
    changed_utc: str  # of text or place; as `created_utc` until there is a change
    item_id: str | None  # None: about the session as a whole
    anchor: Anchor = field(default_factory=WholeItem)
    item_name: str = ""  # what the item was called, once it is no longer in the session
    resolved: bool = False
    resolved_by: str = ""
    resolved_utc: str = ""  # "" as long as it is open

    def __post_init__(self) -> None:
        if not self.note_id:
            raise InvalidRequest("A note has no identifier.")
        _check_text("identifier", self.note_id, LONGEST_IDENTIFIER)
        _check_text("item", self.item_id or "", LONGEST_IDENTIFIER)
        _check_text("item's name", self.item_name, LONGEST_NAME)
        for author in (self.author, self.resolved_by):
            _check_text("author", author, LONGEST_NAME)
        if not self.text.strip():
            raise InvalidRequest("A note needs some text.")
        _check_text("text", self.text, LONGEST_TEXT, lines=True)
        for time in (self.created_utc, self.changed_utc, *([self.resolved_utc] if self.resolved else [])):
            _check_time(time)
        if not self.resolved and (self.resolved_by or self.resolved_utc):
            raise InvalidRequest("A note that is open says by whom or when it was resolved.")
        if self.item_id is None and not isinstance(self.anchor, WholeItem):
            raise InvalidRequest("A note about the session as a whole is pinned to a place in it.")


def clean_text(text: str) -> str:
    """A text as somebody typed or pasted it, as a note can hold it: without control characters, and blanks around it.

    It is not shortened: one that is too long is refused by the note.
    """
    return _UNFIT_IN_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_name(name: str) -> str:
    """The name of an author or an item in one line, cut off where it is too long for a note."""
    line = " ".join(_UNFIT_IN_TEXT.sub("", name).split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1].rstrip()}…"


def _check_text(what: str, text: str, longest: int, *, lines: bool = False) -> None:
    if len(text) > longest:
        raise InvalidRequest(f"The {what} of a note has {len(text):,} characters; at most {longest:,} are kept.")
    if _UNFIT_IN_TEXT.search(text) or (not lines and _UNFIT_IN_LINE.search(text)):
        raise InvalidRequest(f"The {what} of a note holds control characters, which cannot be shown.")


def _check_time(time: str) -> None:
    try:
        known = len(time) <= LONGEST_TIME and datetime.fromisoformat(time).tzinfo is not None
    except ValueError:
        known = False
    if not known:
        raise InvalidRequest(f"A note has the time {time[:LONGEST_TIME]!r}, which is none with a time zone.")


def _check_finite(what: str, coordinates: tuple[float | None, ...]) -> None:
    if not all(value is None or math.isfinite(value) for value in coordinates):
        raise InvalidRequest(f"A note is pinned to a {what} whose coordinates are not finite.")


def _check_index(what: str, index: int) -> None:
    if not 0 <= index <= LARGEST_INDEX:
        raise InvalidRequest(f"A note is pinned to the {what} {index}, and they are counted from 0.")
