"""Undo and redo: the very document from before, drags as one step, never past what was saved."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from app.commands.command import Command
from app.commands.history import History
from app.commands.items import AddItems, RemoveItem, RenameItem
from app.commands.results import ReplaceResult, SetBox
from app.state.document_state import DocumentState
from core.errors import InvalidRequest
from core.session.document import Document, ResultItem
from tests.app.commands.documents import box_at, correction, full_document, network, result, surface
from tests.app.commands.test_commands import box_of


@pytest.fixture
def state() -> DocumentState:
    state = DocumentState()
    state.open(full_document(), None)
    return state


@pytest.fixture
def history(state: DocumentState) -> History:
    return History(state)


def drag(history: History, *xs: float) -> None:
    for x in xs:
        history.push(SetBox("correction-1", box_at(x)))


def box_x(state: DocumentState) -> float:
    box = box_of(state.document)
    assert box is not None
    return box.centre[0]


def random_command(random_numbers: random.Random, document: Document, number: int) -> Command:
    """An edit that can be made and changes something."""
    choice = random_numbers.randrange(4)
    if choice == 0 or len(document.items) < 3:
        return AddItems((network(f"network-x{number}"), result(f"c-{number}", correction(), f"network-x{number}")))
    if choice == 1 and len(document.items) > 6:
        return RemoveItem(random_numbers.choice([i for i in document.items if i != "data-1"]))
    boxes = [i for i, item in document.items.items() if isinstance(item, ResultItem) and i.startswith("c")]
    if choice == 2 and boxes:
        return SetBox(random_numbers.choice(boxes), box_at(random_numbers.random()))
    return RenameItem(random_numbers.choice(list(document.items)), f"Name {number}")


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_thousand_random_edits_undone_give_the_identical_documents_again(
    state: DocumentState, history: History, seed: int
) -> None:
    random_numbers = random.Random(seed)
    documents = [state.document]
    for number in range(1000):
        history.push(random_command(random_numbers, state.document, number))
        history.end_gesture()
        assert state.document is not documents[-1]
        documents.append(state.document)
    assert history.index == 1000
    for document in reversed(documents[:-1]):
        history.undo()
        assert state.document is document
    assert not history.can_undo
    assert not state.dirty
    for document in documents[1:]:
        history.redo()
        assert state.document is document
    assert not history.can_redo


def test_undo_and_redo_at_the_ends_do_nothing(state: DocumentState, history: History) -> None:
    document = state.document
    history.undo()
    history.redo()
    assert state.document is document
    assert (history.can_undo, history.can_redo, history.undo_text, history.redo_text) == (False, False, "", "")


def test_the_texts_name_what_would_happen(history: History) -> None:
    history.push(RenameItem("network-1", "Other"))
    history.push(RemoveItem("surface-1"))
    history.undo()
    assert (history.undo_text, history.redo_text) == ("rename “Small network”", "remove “Result surface-1”")


def test_a_new_edit_takes_the_place_of_what_was_undone(state: DocumentState, history: History) -> None:
    history.push(RemoveItem("surface-1"))
    history.undo()
    history.push(RemoveItem("correction-1"))
    assert not history.can_redo
    assert "surface-1" in state.document.items


def test_a_refused_edit_leaves_document_and_history_as_they_were(state: DocumentState, history: History) -> None:
    history.push(RemoveItem("surface-1"))
    history.undo()
    document = state.document
    with pytest.raises(InvalidRequest):
        history.push(RemoveItem("gone"))
    assert state.document is document
    assert history.can_redo


def test_an_edit_that_changes_nothing_is_no_step_and_not_told(history: History) -> None:
    told: list[int] = []
    history.changed.connect(lambda: told.append(1))
    history.push(RenameItem("network-1", "Small network"))
    assert (history.can_undo, told) == (False, [])


def test_all_steps_of_a_drag_are_one_step_of_undo(state: DocumentState, history: History) -> None:
    before = state.document
    drag(history, 5.1, 5.2, 5.3)
    assert box_x(state) == 5.3
    assert history.index == 1
    history.undo()
    assert state.document is before
    history.redo()
    assert box_x(state) == 5.3


def test_a_second_drag_is_a_second_step(state: DocumentState, history: History) -> None:
    drag(history, 5.1, 5.2)
    history.end_gesture()
    drag(history, 6.1, 6.2)
    assert history.index == 2
    history.undo()
    assert box_x(state) == 5.2


def test_another_edit_in_between_ends_the_drag(history: History) -> None:
    drag(history, 5.1)
    history.push(RemoveItem("surface-1"))
    drag(history, 5.2)
    assert history.index == 3


def late_surface(item_id: str = "surface-2") -> AddItems:
    item = result(item_id, surface())
    return AddItems((item,), f"compute “{item.name}”")


def test_a_result_that_comes_during_a_drag_is_a_step_of_its_own_and_the_drag_stays_one(
    state: DocumentState, history: History
) -> None:
    before = state.document
    drag(history, 5.1, 5.2)
    history.receive(late_surface())
    assert box_x(state) == 5.2
    drag(history, 5.3)
    history.receive(late_surface("surface-3"))
    drag(history, 5.4)
    history.end_gesture()
    assert history.index == 3
    assert history.undo_text == "move box"
    history.undo()
    assert state.document.items["correction-1"] is before.items["correction-1"]
    assert {"surface-2", "surface-3"} <= set(state.document.items)
    assert history.undo_text == "compute “Result surface-3”"
    history.undo()
    history.undo()
    assert state.document is before
    for _ in range(3):
        history.redo()
    assert box_x(state) == 5.4
    assert {"surface-2", "surface-3"} <= set(state.document.items)


def test_escape_during_a_drag_leaves_the_result_that_came_meanwhile(state: DocumentState, history: History) -> None:
    drag(history, 5.1)
    history.receive(late_surface())
    drag(history, 5.2)
    history.cancel_gesture()
    assert box_x(state) == 5.0
    assert "surface-2" in state.document.items
    assert (history.index, history.can_redo) == (1, False)


def test_a_correction_that_is_completed_while_its_box_is_dragged_keeps_the_box_in_the_hand(
    state: DocumentState, history: History
) -> None:
    drag(history, 5.1)
    history.receive(ReplaceResult("correction-1", replace(correction(box_at(9.0)), cells=99)))
    drag(history, 5.2)
    history.end_gesture()
    assert box_x(state) == 5.2
    history.undo()
    assert box_x(state) == 9.0
    history.undo()
    assert box_x(state) == 5.0


def test_a_result_that_puts_the_box_where_it_was_dragged_to_leaves_nothing_of_the_drag(
    state: DocumentState, history: History
) -> None:
    drag(history, 5.1)
    history.receive(ReplaceResult("correction-1", correction(box_at(5.1))))
    assert (history.index, history.undo_text) == (1, "complete “Result correction-1”")
    drag(history, 5.2)
    assert history.index == 2


def test_a_result_that_comes_after_a_save_in_the_middle_of_a_drag_lies_above_what_was_saved(
    state: DocumentState, history: History, tmp_path: Path
) -> None:
    drag(history, 5.1)
    state.mark_saved(state.snapshot(), tmp_path / "a.corrie.h5")
    history.receive(late_surface())
    drag(history, 5.2)
    assert history.index == 3
    history.undo()
    history.undo()
    assert not state.dirty


def test_what_comes_without_a_drag_is_a_step_like_others_and_is_refused_like_others(
    state: DocumentState, history: History
) -> None:
    history.receive(late_surface())
    assert history.undo_text == "compute “Result surface-2”"
    drag(history, 5.1)
    with pytest.raises(InvalidRequest):
        history.receive(late_surface())
    assert box_x(state) == 5.1
    assert history.index == 2


def test_drags_of_two_boxes_do_not_merge(state: DocumentState, history: History) -> None:
    history.push(AddItems((result("correction-2", correction(box_at(1.0))),)))
    history.push(SetBox("correction-1", box_at(2.0)))
    history.push(SetBox("correction-2", box_at(2.0)))
    assert history.index == 3


def test_a_drag_after_an_undo_does_not_merge_into_the_step_before(state: DocumentState, history: History) -> None:
    drag(history, 5.1)
    history.end_gesture()
    drag(history, 5.2)
    history.undo()
    drag(history, 5.3)
    history.undo()
    assert box_x(state) == 5.1


def test_escape_takes_a_drag_back_and_leaves_nothing_to_redo(state: DocumentState, history: History) -> None:
    history.push(RemoveItem("surface-1"))
    before = state.document
    drag(history, 5.1, 5.2)
    history.cancel_gesture()
    assert state.document is before
    assert (history.index, history.can_redo) == (1, False)
    history.cancel_gesture()  # no drag is under way any more
    assert state.document is before


def test_undo_can_come_back_to_what_was_saved_in_the_middle_of_a_drag(
    state: DocumentState, history: History, tmp_path: Path
) -> None:
    drag(history, 5.1)
    state.mark_saved(state.snapshot(), tmp_path / "a.corrie.h5")
    assert history.clean_index == 1
    drag(history, 5.2, 5.3)
    assert (history.index, state.dirty) == (2, True)
    history.undo()
    assert not state.dirty
    assert box_x(state) == 5.1


def test_the_clean_step_is_lost_when_its_branch_is_left(state: DocumentState, history: History, tmp_path: Path) -> None:
    history.push(RemoveItem("surface-1"))
    state.mark_saved(state.snapshot(), tmp_path / "a.corrie.h5")
    history.undo()
    assert (history.clean_index, history.index) == (1, 0)
    history.push(RemoveItem("correction-1"))
    assert history.clean_index is None


def test_undoing_an_edit_does_not_turn_the_camera_back(state: DocumentState, history: History) -> None:
    history.push(RemoveItem("surface-1"))
    state.set_view({"camera": [30, 45]})
    history.undo()
    assert state.snapshot().view == {"camera": [30, 45]}


def test_another_document_begins_without_history(state: DocumentState, history: History) -> None:
    history.push(RemoveItem("surface-1"))
    state.open(full_document(), None)
    assert (history.can_undo, history.can_redo, history.clean_index) == (False, False, 0)
