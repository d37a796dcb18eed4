"""A new note, as somebody writes it now."""

from core.review.note import Anchor, Note, WholeItem, clean_name, clean_text
from core.session.document import new_id, utc_now


def new_note(text: str, author: str, item_id: str | None = None, anchor: Anchor | None = None) -> Note:
    """A note with an identifier and a time of its own. Without an anchor it is about the item as a whole.

    Raises
    ------
    InvalidRequest
        If there is no text, or too much of it.
    """
    now = utc_now()
    return Note(
        note_id=new_id("note"),
        text=clean_text(text),
        author=clean_name(author),
        created_utc=now,
        changed_utc=now,
        item_id=item_id,
        anchor=anchor or WholeItem(),
    )
