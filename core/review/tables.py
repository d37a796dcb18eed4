"""Notes and their places as plain values for JSON, and back."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from core.errors import InvalidRequest
from core.networks.card import describe_validation
from core.review.note import Anchor, Note

Record = TypeVar("Record")

_ANCHORS: TypeAdapter[Anchor] = TypeAdapter(Annotated[Anchor, Field(discriminator="kind")])
_NOTES: TypeAdapter[Note] = TypeAdapter(Note)


def anchor_to_table(anchor: Anchor) -> dict[str, object]:
    """``{"kind": "point", "x": 0.25, "y": -0.5, "loss": 1.32}``, without what is not known."""
    table: dict[str, object] = _ANCHORS.dump_python(anchor, exclude_none=True)
    return table


def anchor_from_table(table: object) -> Anchor:
    """The inverse of `anchor_to_table`. Raises `InvalidRequest` that says what is wrong."""
    return _understood(_ANCHORS, table, "place of a note")


def note_to_table(note: Note) -> dict[str, object]:
    """All fields of a note by name, its place as `anchor_to_table` has it."""
    table: dict[str, object] = _NOTES.dump_python(note)
    return table | {"anchor": anchor_to_table(note.anchor)}


def note_from_table(table: object) -> Note:
    """The inverse of `note_to_table`. Raises `InvalidRequest` that says what is wrong."""
    if isinstance(table, Mapping) and "anchor" in table:
        table = {**table, "anchor": anchor_from_table(table["anchor"])}
    return _understood(_NOTES, table, "note")


def _understood(kind: TypeAdapter[Record], table: object, what: str) -> Record:
    try:
        return kind.validate_python(table)
    except ValidationError as error:
        raise InvalidRequest(f"A {what} cannot be understood: {describe_validation(error)}") from None
