"""Notes as they are read in the window: numbered, with local times, and with what they are about in words."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from app.render.pins.pin import Pin
from core.review.note import Note
from core.review.places import about_in_words, in_words
from core.session.document import Document, Item

Shown = Literal["open", "all", "resolved"]
LONGEST_TIP = 500  # characters of a text
LONGEST_LINE = 120  # characters of what a screen reader says of a pin


@dataclass(frozen=True, kw_only=True)
class NoteRow:
    """One note of the list."""

    note: Note
    number: int  # from 1, in the order in which they were written
    about: str  # a sentence without its point
    where: str  # the same for a narrow line: the place first

    @property
    def id(self) -> str:
        return self.note.note_id

    @property
    def signed(self) -> str:
        """By whom."""
        return self.note.author or "Unsigned"

    @property
    def state(self) -> str:
        """``Open``, or by whom and when it was resolved."""
        if not self.note.resolved:
            return "Open"
        by = f" by {self.note.resolved_by}" if self.note.resolved_by else ""
        return f"Resolved{by}, {local_time(self.note.resolved_utc)}"

    @property
    def spoken(self) -> str:
        """All of it in one line, for screen readers."""
        text = " ".join(self.note.text.split())
        cut = text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"
        return f"Note {self.number}, {'resolved' if self.note.resolved else 'open'}, by {self.signed}: {cut}"

    @cached_property
    def pin(self) -> Pin:
        """Its pin."""
        note = self.note
        return Pin(
            note_id=note.note_id,
            number=self.number,
            anchor=note.anchor,
            resolved=note.resolved,
            tip=tip_of(self),
            words=self.spoken,
        )

    def holds(self, words: Sequence[str]) -> bool:
        """Whether every one of these words, in lower case, is somewhere in it."""
        if not words:
            return True
        everything = f"{self.number}\n{self.note.text}\n{self.signed}\n{self.about}\n{self.state}".casefold()
        return all(word in everything for word in words)


class NoteRows:
    """The rows of a document. A note that did not change, about an item that did not, keeps its row."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Item | None, NoteRow]] = {}

    def of(self, document: Document) -> tuple[NoteRow, ...]:
        """Every note, in the order in which they were written."""
        rows, known = [], self._known
        self._known = {}
        for number, note in enumerate(document.notes.values(), start=1):
            item = document.items.get(note.item_id or "")
            before = known.get(note.note_id)
            if before is not None and before[0] is item and (before[1].note, before[1].number) == (note, number):
                row = before[1]
            else:
                row = _row_of(note, number, document)
            self._known[note.note_id] = (item, row)
            rows.append(row)
        return tuple(rows)


def _row_of(note: Note, number: int, document: Document) -> NoteRow:
    item = document.items.get(note.item_id or "")
    name = item.name if item is not None else note.item_name and f"{note.item_name} (gone)"
    place = in_words(note.anchor, item)
    where = " · ".join(words for words in (place, name) if words) or "the session"
    return NoteRow(note=note, number=number, about=sentence(about_in_words(note, document)), where=sentence(where))


def listed(rows: Sequence[NoteRow], shown: Shown, sought: str) -> tuple[NoteRow, ...]:
    """Those that are to be seen, the open ones first."""
    words = sought.casefold().split()
    found = [row for row in rows if shown == "all" or row.note.resolved is (shown == "resolved")]
    return tuple(sorted((row for row in found if row.holds(words)), key=lambda row: row.note.resolved))


def tip_of(row: NoteRow) -> str:
    """Text, author and time as markup, in which tags are seen as they were typed."""
    text = row.note.text if len(row.note.text) <= LONGEST_TIP else f"{row.note.text[: LONGEST_TIP - 1]}…"
    head = f"<b>{row.number} · {html.escape(row.signed)}</b> · {local_time(row.note.created_utc)}"
    settled = f"<br><i>{html.escape(row.state)}</i>" if row.note.resolved else ""
    return f'{head}<br><span style="white-space: pre-wrap">{html.escape(text)}</span>{settled}'


def local_time(utc: str) -> str:
    """A time in ISO 8601 as the clock on the wall showed it here, to the minute; anything else as it is."""
    try:
        return f"{datetime.fromisoformat(utc).astimezone():%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return utc


def sentence(words: str) -> str:
    """With a capital letter at its beginning."""
    return words[:1].upper() + words[1:]
