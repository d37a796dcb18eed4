"""The notes of two reviews: which were written, settled, changed or taken away between them."""

from core.exchange.shown_names import shown
from core.review.comparison.record import Finding, Pair, Row, verdict_of
from core.review.note import Note
from core.session.document import Document

KIND = "notes"
NAME = "Review notes"
_LONGEST = 60  # characters of a note


def notes_pair(a: Document, b: Document) -> Pair | None:
    """All notes of both as one entry, a line for each note; None where neither session has any."""
    if not a.notes and not b.notes:
        return None
    rows = [
        _row(a.notes.get(note_id), b.notes.get(note_id), a if note_id in a.notes else b)
        for note_id in dict.fromkeys((*a.notes, *b.notes))
    ]
    return Pair(
        kind=KIND,
        a_id="",
        b_id="",
        a_name=NAME,
        b_name=NAME,
        matched_by="their ids",
        verdict=verdict_of(rows),
        rows=tuple(rows),
    )


def _row(one: Note | None, other: Note | None, session: Document) -> Row:
    note = one or other
    what = "" if note is None else f"{_about(note, session)}: “{shown(note.text, _LONGEST)}”"
    finding: Finding = "only in A" if other is None else "only in B" if one is None else "differ"
    if one == other:
        finding = "same"
    return Row(
        part="about", what=what, a=_state(one), b=_state(other), difference=_changes(one, other), finding=finding
    )


def _about(note: Note, session: Document) -> str:
    """What the note is on: the item by its name, or the session."""
    item = session.items.get(note.item_id) if note.item_id is not None else None
    return shown(item.name if item is not None else note.item_name or "the session", _LONGEST)


def _state(note: Note | None) -> str:
    if note is None:
        return ""
    author = f" by {note.author}" if note.author else ""
    return f"{'resolved' if note.resolved else 'open'}, written{author}"


def _changes(one: Note | None, other: Note | None) -> str:
    if one is None or other is None or one == other:
        return ""
    changed = []
    if one.resolved != other.resolved:
        changed.append("resolved" if other.resolved else "opened again")
    if one.text != other.text:
        changed.append(f"now reads “{shown(other.text, _LONGEST)}”")
    if one.anchor != other.anchor or one.item_id != other.item_id:
        changed.append("pinned to another place")
    return ", ".join(changed) or "author or time changed"
