"""Notes are written, edited, settled, reopened, moved and deleted as steps that the Edit menu names and takes back."""

from collections.abc import Callable

import pytest

from app.commands.command import Command
from app.commands.history import History
from app.commands.items import RemoveItem
from app.commands.notes import AddNote, EditNote, MoveNote, RemoveNote, ReopenNote, ResolveNote
from app.state.document_state import DocumentState
from core.errors import InvalidRequest
from core.review.note import MOST_NOTES, BarAnchor, Note, PointAnchor
from core.review.writing import new_note
from core.session.document import Document
from tests.app.commands.documents import full_document

LATER = "2030-01-01T00:00:00+00:00"


def note_on(item_id: str | None = "surface-1") -> Note:
    return new_note("Why this ridge?", "Ada", item_id, PointAnchor(x=0.5, y=0.5) if item_id else None)


@pytest.fixture
def state() -> DocumentState:
    state = DocumentState()
    state.open(full_document(), None)
    return state


@pytest.fixture
def history(state: DocumentState) -> History:
    history = History(state)
    history.push(AddNote(note_on()))
    return history


def the_note(state: DocumentState) -> Note:
    (note,) = state.document.notes.values()
    return note


EDITS: list[tuple[Callable[[str], Command], str]] = [
    (lambda note_id: EditNote(note_id, "Because of the step.", LATER), "edit note on “Surface”"),
    (lambda note_id: ResolveNote(note_id, "Bo", LATER), "resolve note on “Surface”"),
    (lambda note_id: MoveNote(note_id, PointAnchor(x=0.0, y=0.5), LATER), "move note on “Surface”"),
    (RemoveNote, "delete note on “Surface”"),
]


@pytest.mark.parametrize(("edit", "label"), EDITS)
def test_every_edit_of_a_note_is_a_named_step_that_can_be_taken_back(
    state: DocumentState, history: History, edit: Callable[[str], Command], label: str
) -> None:
    label = label.replace("Surface", state.document.items["surface-1"].name)
    before = state.document
    history.push(edit(the_note(state).note_id))
    after = state.document
    assert history.undo_text == label
    assert after.notes != before.notes
    history.undo()
    assert state.document is before
    history.redo()
    assert state.document is after


def test_adding_a_note_names_what_it_is_on(state: DocumentState, history: History) -> None:
    assert history.undo_text == f"add note on “{state.document.items['surface-1'].name}”"
    history.push(AddNote(note_on(None)))
    assert history.undo_text == "add note on the session"
    history.undo()
    history.undo()
    assert not state.document.notes
    assert not state.dirty


def test_a_session_with_a_new_note_differs_from_its_file(state: DocumentState, history: History) -> None:
    assert state.dirty


def test_edit_and_move_say_when_and_resolving_says_by_whom(state: DocumentState, history: History) -> None:
    note = the_note(state)
    history.push(EditNote(note.note_id, " Because.\r\n ", LATER))
    assert (the_note(state).text, the_note(state).changed_utc) == ("Because.", LATER)
    assert the_note(state).created_utc == note.created_utc
    history.push(ResolveNote(note.note_id, "Bo\n", LATER))
    assert (the_note(state).resolved, the_note(state).resolved_by, the_note(state).resolved_utc) == (True, "Bo", LATER)
    history.push(ReopenNote(note.note_id))
    assert (the_note(state).resolved, the_note(state).resolved_by, the_note(state).resolved_utc) == (False, "", "")
    assert history.undo_text.startswith("reopen note on")


def test_what_changes_nothing_is_no_step(state: DocumentState, history: History) -> None:
    note = the_note(state)
    for idle in (EditNote(note.note_id, note.text), ReopenNote(note.note_id), MoveNote(note.note_id, note.anchor)):
        history.push(idle)
    assert history.index == 1
    history.push(ResolveNote(note.note_id, "Bo"))
    history.push(ResolveNote(note.note_id, "Cy"))
    assert (history.index, the_note(state).resolved_by) == (2, "Bo")


def test_the_steps_of_one_drag_of_a_pin_are_one(state: DocumentState, history: History) -> None:
    note = the_note(state)
    for x in (0.1, 0.2, 0.3):
        history.push(MoveNote(note.note_id, PointAnchor(x=x, y=0.5)))
    history.end_gesture()
    assert history.index == 2
    history.undo()
    assert the_note(state) is note


def test_a_note_without_a_place_in_its_item_is_refused(state: DocumentState, history: History) -> None:
    for wrong in (
        AddNote(new_note("?", "Ada", "surface-1", BarAnchor(index=0))),
        MoveNote(the_note(state).note_id, BarAnchor(index=0)),
    ):
        with pytest.raises(InvalidRequest, match="has no place"):
            history.push(wrong)
    assert history.index == 1


def test_a_note_on_an_item_that_is_gone_or_with_an_id_that_is_taken_is_refused(
    state: DocumentState, history: History
) -> None:
    with pytest.raises(InvalidRequest, match="no item surface-9"):
        history.push(AddNote(note_on("surface-9")))
    with pytest.raises(InvalidRequest, match="already holds a note"):
        history.push(AddNote(the_note(state)))
    with pytest.raises(InvalidRequest, match="needs some text"):
        history.push(EditNote(the_note(state).note_id, "  "))
    with pytest.raises(InvalidRequest, match="no note note-9"):
        history.push(RemoveNote("note-9"))


def test_a_session_takes_no_more_notes_than_can_be_opened_again(state: DocumentState) -> None:
    note = note_on(None)
    full = Document(notes={str(n): note for n in range(MOST_NOTES)})
    with pytest.raises(InvalidRequest, match="at most 5,000 notes"):
        AddNote(note_on(None)).apply(full)


def test_the_note_on_a_removed_item_can_still_be_settled_and_deleted(state: DocumentState, history: History) -> None:
    name = state.document.items["surface-1"].name
    history.push(RemoveItem("surface-1"))
    history.push(ResolveNote(the_note(state).note_id, "Bo"))
    assert history.undo_text == f"resolve note on “{name}”"
    history.push(RemoveNote(the_note(state).note_id))
    assert history.undo_text == f"delete note on “{name}”"
    for _ in range(4):
        history.undo()
    assert state.document.items["surface-1"].name == name
    assert not state.document.notes


def test_views_hear_of_notes_when_these_change_and_only_then(state: DocumentState, history: History) -> None:
    heard: list[int] = []
    state.notes_changed.connect(lambda: heard.append(len(state.document.notes)))
    history.push(AddNote(note_on(None)))
    history.undo()
    assert heard == [2, 1]
    history.push(RemoveItem("correction-1"))
    assert heard == [2, 1]
