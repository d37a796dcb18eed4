"""A thousand random edits, over every kind of edit there is: undone, redone, and walked through to and fro."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from app.commands.history import History
from app.commands.items import AddItems
from app.state.document_state import DocumentState
from core.session.document import Document
from core.session.files import open_document, save_document
from tests import documents
from tests.app.commands.random_edits import Editor, commands_of_the_application
from tests.every_kind import document_of_every_kind
from tests.sameness import differences

EDITS = 1000


@pytest.fixture(scope="module")
def every_kind() -> Document:
    return document_of_every_kind()


def opened(document: Document) -> tuple[DocumentState, History]:
    state = DocumentState()
    history = History(state)
    state.open(document, None)
    return state, history


def content(document: Document) -> dict[str, object]:
    """All that edits can change; how it is looked at is no matter of theirs."""
    return {"items": document.items, "notes": document.notes}


def test_every_kind_of_edit_that_the_application_has_is_among_the_random_ones() -> None:
    known = set(Editor(0).makers)
    assert {kind.__name__ for kind in commands_of_the_application() - known} == set()
    assert known <= commands_of_the_application()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_thousand_random_edits_undone_give_the_first_document_and_redone_the_last(
    every_kind: Document, seed: int, tmp_path: Path
) -> None:
    first = tmp_path / "first.corrie.h5"
    save_document(every_kind, first)
    state, history = opened(every_kind)
    editor, made, seen = Editor(seed), Counter[type](), [every_kind]
    for _ in range(EDITS):
        command = editor.edit(state.document)
        made[type(command)] += 1
        history.push(command)
        history.end_gesture()
        seen.append(state.document)
    assert {kind for kind in editor.makers if made[kind] < 5} == set()
    assert history.index == EDITS
    last = tmp_path / "last.corrie.h5"
    save_document(state.document, last)
    for document in reversed(seen[:-1]):
        history.undo()
        assert state.document is document
    assert not history.can_undo
    assert not state.dirty
    assert differences(content(open_document(first, apart=False)), content(state.document)) == []
    for document in seen[1:]:
        history.redo()
        assert state.document is document
    assert not history.can_redo
    assert differences(content(open_document(last, apart=False)), content(state.document)) == []


@pytest.mark.parametrize("seed", [3, 4])
def test_undo_and_redo_in_between_lead_to_the_very_documents_that_were_left(every_kind: Document, seed: int) -> None:
    state, history = opened(every_kind)
    editor, random, way, at = Editor(seed), Random(seed), [every_kind], 0
    for _ in range(EDITS):
        choice = random.random()
        if choice < 0.3:
            history.undo()
            at = max(0, at - 1)
        elif choice < 0.5:
            history.redo()
            at = min(len(way) - 1, at + 1)
        else:
            history.push(editor.edit(state.document))
            history.end_gesture()
            del way[at + 1 :]
            way.append(state.document)
            at += 1
        assert state.document is way[at]
        assert (history.can_undo, history.can_redo) == (at > 0, at < len(way) - 1)
    while history.can_undo:
        history.undo()
    assert state.document is every_kind


@pytest.mark.parametrize("seed", [5, 6])
def test_gestures_that_results_break_into_undo_to_the_first_document_as_well(every_kind: Document, seed: int) -> None:
    state, history = opened(every_kind)
    editor, random = Editor(seed), Random(seed)
    boxes = (editor.set_box, editor.set_joint_box, editor.move_note)
    came = 0
    for _ in range(EDITS):
        choice = random.random()
        if choice < 0.5:
            for _ in range(random.randint(1, 4)):
                command = random.choice(boxes)(state.document)
                if command is not None:
                    history.push(command)
        elif choice < 0.7:
            came += 1
            item = documents.result_item(documents.surface(4, 4), f"surface-y{came}", f"Result {came}")
            history.receive(AddItems((item,), f"compute “{item.name}”"))
        elif choice < 0.8:
            history.end_gesture()
        elif choice < 0.9:
            history.cancel_gesture()
        elif choice < 0.95:
            history.undo()
        else:
            history.redo()
    assert came > EDITS // 10
    while history.can_redo:
        history.redo()
    last = state.document
    steps = history.index
    while history.can_undo:
        history.undo()
    assert state.document is every_kind
    for _ in range(steps):
        history.redo()
    assert state.document is last
