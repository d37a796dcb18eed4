"""Edits of the notes of a review: writing, changing, settling, taking up again, moving and deleting one."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from app.commands.command import Command
from app.commands.items import existing, quoted
from core.errors import InvalidRequest
from core.review.note import MOST_NOTES, Anchor, Note, clean_name, clean_text
from core.review.places import check_place
from core.session.document import Document, utc_now


@dataclass(frozen=True, eq=False)
class AddNote(Command):
    """Pin a new note to an item, or to the session. What is typed on right after it becomes part of it."""

    note: Note
    typing: bool = False

    def label(self, document: Document) -> str:
        return f"add note on {_subject(self.note, document)}"

    def apply(self, document: Document) -> Document:
        if self.note.note_id in document.notes:
            raise InvalidRequest(f"The session already holds a note {self.note.note_id}. Give the new one another id.")
        if len(document.notes) >= MOST_NOTES:
            raise InvalidRequest(f"A session holds at most {MOST_NOTES:,} notes. Delete some that are settled.")
        if self.note.item_id is not None:
            check_place(self.note.anchor, existing(document, self.note.item_id))
        return document.with_note(self.note)

    @property
    def merge_key(self) -> Hashable | None:
        return ("text of note", self.note.note_id) if self.typing else None


@dataclass(frozen=True, eq=False)
class EditNote(Command):
    """Give a note another text. The letters of one typing merge; `fresh` says that it began with the note."""

    note_id: str
    text: str
    utc: str = field(default_factory=utc_now)
    typing: bool = False
    fresh: bool = False

    def label(self, document: Document) -> str:
        verb = "add" if self.fresh else "edit"
        return f"{verb} note on {_subject(existing_note(document, self.note_id), document)}"

    @property
    def merge_key(self) -> Hashable | None:
        return ("text of note", self.note_id) if self.typing else None

    def apply(self, document: Document) -> Document:
        note, text = existing_note(document, self.note_id), clean_text(self.text)
        return document if text == note.text else document.with_note(replace(note, text=text, changed_utc=self.utc))


@dataclass(frozen=True, eq=False)
class ResolveNote(Command):
    """Say that a note is settled. One that is settled already stays as it is."""

    note_id: str
    by: str
    utc: str = field(default_factory=utc_now)

    def label(self, document: Document) -> str:
        return f"resolve note on {_subject(existing_note(document, self.note_id), document)}"

    def apply(self, document: Document) -> Document:
        note = existing_note(document, self.note_id)
        if note.resolved:
            return document
        settled = replace(note, resolved=True, resolved_by=clean_name(self.by), resolved_utc=self.utc)
        return document.with_note(settled)


@dataclass(frozen=True, eq=False)
class ReopenNote(Command):
    """Say that a note is open again. One that is open stays as it is."""

    note_id: str

    def label(self, document: Document) -> str:
        return f"reopen note on {_subject(existing_note(document, self.note_id), document)}"

    def apply(self, document: Document) -> Document:
        note = existing_note(document, self.note_id)
        if not note.resolved:
            return document
        return document.with_note(replace(note, resolved=False, resolved_by="", resolved_utc=""))


@dataclass(frozen=True, eq=False)
class MoveNote(Command):
    """Pin a note to another place of its item. The steps of one drag merge."""

    note_id: str
    anchor: Anchor
    utc: str = field(default_factory=utc_now)

    def label(self, document: Document) -> str:
        return f"move note on {_subject(existing_note(document, self.note_id), document)}"

    def apply(self, document: Document) -> Document:
        note = existing_note(document, self.note_id)
        if note.item_id is None:
            raise InvalidRequest("The note is about the session as a whole, and has no place to be moved from.")
        check_place(self.anchor, existing(document, note.item_id))
        if self.anchor == note.anchor:
            return document
        return document.with_note(replace(note, anchor=self.anchor, changed_utc=self.utc))

    @property
    def merge_key(self) -> Hashable:
        return "note", self.note_id


@dataclass(frozen=True, eq=False)
class RemoveNote(Command):
    """Delete a note."""

    note_id: str

    def label(self, document: Document) -> str:
        return f"delete note on {_subject(existing_note(document, self.note_id), document)}"

    def apply(self, document: Document) -> Document:
        existing_note(document, self.note_id)
        return document.without_note(self.note_id)


def existing_note(document: Document, note_id: str) -> Note:
    """The note of that id. Raises `InvalidRequest` if it is gone."""
    if note_id not in document.notes:
        raise InvalidRequest(f"There is no note {note_id} in this session. It was deleted: undo brings it back.")
    return document.notes[note_id]


def _subject(note: Note, document: Document) -> str:
    """What a note is on, for the Edit menu."""
    if note.item_id is None:
        return "the session"
    item = document.items.get(note.item_id)
    return quoted(item.name if item is not None else note.item_name or "a deleted item")
