"""The box of a correction in several features as an edit: one step for a drag, its proof included."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.commands.history import History
from app.commands.items import AddItems
from app.commands.results import SetBox, SetJointBox
from app.state.document_state import DocumentState
from core.corrections.records.joint import JointBox, JointCorrection
from core.errors import InvalidRequest
from core.session.document import Document, ResultItem
from tests.app.commands.documents import full_document, result
from tests.joints import joint


def document() -> Document:
    return full_document().with_item(result("joint-1", joint()))


def box(low: tuple[float, ...] = (20.0, 4000.0), high: tuple[float, ...] = (30.0, 9000.0), level: int = 0) -> JointBox:
    return JointBox(low=np.array(low), high=np.array(high), levels=(level,))


def joint_of(given: Document) -> JointCorrection:
    item = given.items["joint-1"]
    assert isinstance(item, ResultItem)
    assert isinstance(item.result, JointCorrection)
    return item.result


def test_a_box_is_moved_and_nothing_else() -> None:
    before = document()
    after = joint_of(SetJointBox("joint-1", box()).apply(before))
    assert after.box is not None
    assert after.box.high.tolist() == [30.0, 9000.0]
    assert after.nearest is joint_of(before).nearest


def test_the_same_box_with_the_same_proof_is_no_edit_and_its_proof_is_one() -> None:
    before = SetJointBox("joint-1", box()).apply(document())
    assert SetJointBox("joint-1", box()).apply(before) is before
    after = joint_of(SetJointBox("joint-1", replace(box(), proof="proved")).apply(before))
    assert after.box is not None
    assert after.box.proof == "proved"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (box((1.0,), (2.0,)), "each of 2 numbers"),
        (box((5.0, 1.0), (4.0, 2.0)), "none that is highest below"),
        (box((5.0, np.nan), (6.0, 2.0)), "finite"),
        (replace(box(), levels=()), "each of 1 categories"),
    ],
)
def test_a_box_that_does_not_fit_is_refused(wrong: JointBox, said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        SetJointBox("joint-1", wrong).apply(document())


def test_other_results_have_no_such_box() -> None:
    with pytest.raises(InvalidRequest, match="no such box"):
        SetJointBox("correction-1", box()).apply(document())
    with pytest.raises(InvalidRequest, match="not a correction and has no box"):
        SetBox("joint-1", None).apply(document())


def test_a_proof_that_follows_joins_the_step_that_is_under_way_and_no_other(qapp: QApplication) -> None:
    state = DocumentState()
    history = History(state)
    state.open(document(), None)
    moved, proved = SetJointBox("joint-1", box()), SetJointBox("joint-1", replace(box(), proof="proved"))
    history.push(moved)
    assert history.in_gesture(proved)
    history.push(proved)
    assert history.index == 1
    history.end_gesture()
    assert not history.in_gesture(proved)
    history.undo()
    assert joint_of(state.document).box is not None
    assert joint_of(state.document).box.low.tolist() == joint().box.low.tolist()


def test_a_proof_still_joins_its_step_when_a_result_has_come_in_between(qapp: QApplication) -> None:
    state = DocumentState()
    history = History(state)
    state.open(document(), None)
    history.push(SetJointBox("joint-1", box()))
    history.receive(AddItems((result("joint-2", joint()),), "compute “Another”"))
    proved = SetJointBox("joint-1", replace(box(), proof="proved"))
    assert history.in_gesture(proved)
    history.push(proved)
    assert joint_of(state.document).box.proof == "proved"
    history.undo()
    assert joint_of(state.document).box.low.tolist() == joint().box.low.tolist()
    assert history.undo_text == "compute “Another”"
