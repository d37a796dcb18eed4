"""Notes of a review, one group for each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.review.note import MOST_NOTES, Note
from core.review.tables import anchor_to_table, note_from_table
from core.session import layout
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.refusal import Refusal

ENCODING = "corrie-note"
_TEXTS = ("text", "author", "created_utc", "changed_utc")


def write_notes(writer: GroupWriter, notes: Mapping[str, Note]) -> None:
    """Write all notes into their group, in their order."""
    if len(notes) > MOST_NOTES:
        raise Refusal(
            f"The session holds {len(notes):,} notes; at most {MOST_NOTES:,} can be kept.", "Delete settled ones."
        )
    for note_id, note in notes.items():
        if note.note_id != note_id:
            raise Refusal(
                f'The note "{note.note_id}" is filed under "{note_id}".', "Report this: it is a mistake in Corrie."
            )
        _write_note(writer.group(note_id), note)


def read_notes(reader: GroupReader) -> Mapping[str, Note]:
    """The inverse of `write_notes`. Raises `Refusal` for too many, or for one that no person can have written."""
    note_ids = reader.names()
    if len(note_ids) > MOST_NOTES:
        raise Refusal(f"It holds {len(note_ids):,} notes, and no session has over {MOST_NOTES:,}.")
    return MappingProxyType({note_id: _read_note(reader.group(note_id), note_id) for note_id in note_ids})


def _write_note(writer: GroupWriter, note: Note) -> None:
    writer.text("encoding-type", ENCODING)
    writer.number("encoding-version", layout.ENCODING_VERSION)
    for name in _TEXTS:
        writer.text(name, getattr(note, name))
    if note.item_id is not None:
        writer.text("item", note.item_id)
    if note.item_name:
        writer.text("item_name", note.item_name)
    writer.json("anchor", anchor_to_table(note.anchor))
    if note.resolved:
        writer.text("resolved_by", note.resolved_by)
        writer.text("resolved_utc", note.resolved_utc)


def _read_note(reader: GroupReader, note_id: str) -> Note:
    if reader.text("encoding-type") != ENCODING or reader.integer("encoding-version") > layout.ENCODING_VERSION:
        raise Refusal(
            f'The note "{note_id}" is written in a way that this version does not know.', "Open it with a newer Corrie."
        )
    table: dict[str, Any] = {name: reader.text(name) for name in _TEXTS}
    for name in ("item_name", "resolved_by", "resolved_utc"):
        if reader.has(name):
            table[name] = reader.text(name)
    table |= {"note_id": note_id, "item_id": reader.text("item") if reader.has("item") else None}
    return note_from_table(table | {"anchor": reader.json("anchor"), "resolved": reader.has("resolved_utc")})
