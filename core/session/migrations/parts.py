"""What a session file holds, read but not yet a document: what migrations work on."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.review.note import Note
from core.session.document import Item


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of a file, as its version has them."""

    document_id: str
    created_utc: str
    items: Mapping[str, Item]  # by id, kind by kind
    order: object  # ids of all items, from JSON: whatever somebody wrote there
    notes: Mapping[str, Note] | None  # by id, as they were written; None: the version knows none
    view: Mapping[str, object]  # from JSON
