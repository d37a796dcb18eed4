"""The notes of a review as a table: one row for each, in the order in which they were written."""

from collections.abc import Iterator

from core.exchange.tables.rows import Cell, Row
from core.review.note import Anchor, BarAnchor, PointAnchor, RegionAnchor
from core.review.places import about_in_words
from core.session.document import Document

HEADS = (
    "number", "state", "text", "author", "created_utc", "changed_utc", "resolved_by", "resolved_utc", "about",
    "item_id", "item", "place", "x", "y", "loss", "index", "coordinates", "note_id",
)  # fmt: skip


def note_rows(document: Document) -> Iterator[Row]:
    """Heads of the columns first. Indices are counted from 0, coordinates in the user's units with spaces between."""
    yield HEADS
    for number, note in enumerate(document.notes.values(), start=1):
        item = document.items.get(note.item_id or "")
        yield (
            number,
            "resolved" if note.resolved else "open",
            note.text,
            note.author,
            note.created_utc,
            note.changed_utc,
            note.resolved_by,
            note.resolved_utc,
            about_in_words(note, document),
            note.item_id or "",
            note.item_name if item is None else item.name,
            *_place(note.anchor),
            note.note_id,
        )


def _place(anchor: Anchor) -> tuple[Cell, ...]:
    """Kind, x, y, loss, index and coordinates; empty what the kind does not have."""
    if isinstance(anchor, PointAnchor):
        return anchor.kind, anchor.x, _known(anchor.y), _known(anchor.loss), "", ""
    if isinstance(anchor, BarAnchor):
        return anchor.kind, "", "", "", anchor.index, ""
    if isinstance(anchor, RegionAnchor):
        return anchor.kind, "", "", "", anchor.part, " ".join(map(repr, anchor.coordinates or ()))
    return anchor.kind, "", "", "", "", ""


def _known(value: float | None) -> Cell:
    return "" if value is None else value
