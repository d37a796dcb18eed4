"""Notes of two reviews beside one another."""

from dataclasses import replace
from types import MappingProxyType

from core.review.comparison.comparing import compare_sessions
from core.review.comparison.notes import KIND
from core.review.comparison.record import Pair
from core.review.note import Note
from core.session.document import Document
from tests.documents import CREATED, document


def noted(*notes: Note) -> Document:
    return replace(document(), notes=MappingProxyType({note.note_id: note for note in notes}))


def note(note_id: str = "n-1", text: str = "Is this a second basin?") -> Note:
    return Note(note_id=note_id, text=text, author="Ada", created_utc=CREATED, changed_utc=CREATED, item_id="surface-0")


def entry(a: Document, b: Document) -> Pair:
    return next(pair for pair in compare_sessions(a, b).pairs if pair.kind == KIND)


def test_sessions_without_notes_have_no_entry_about_them() -> None:
    assert all(pair.kind != KIND for pair in compare_sessions(document(), document()).pairs)


def test_notes_that_are_the_same_are_said_to_be() -> None:
    comparison = compare_sessions(noted(note()), noted(note()))
    assert comparison.identical
    assert comparison.pairs[-1].verdict == "same"


def test_a_note_that_was_settled_changed_written_or_deleted_has_a_line() -> None:
    settled = replace(note("n-2"), resolved=True, resolved_by="Bob", resolved_utc=CREATED)
    pair = entry(noted(note(), note("n-2"), note("n-3")), noted(note(text="It is one."), settled, note("n-4")))
    said = [(line.finding, line.difference) for line in pair.rows]
    assert said == [
        ("differ", "now reads “It is one.”"),
        ("differ", "resolved"),
        ("only in A", ""),
        ("only in B", ""),
    ]
    assert pair.verdict == "differ"
    assert pair.rows[0].what == "Around the minimum: “Is this a second basin?”"
