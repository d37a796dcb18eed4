"""The paper of the drawing tutor: what stays while an end moves is drawn once, and looks as if it were drawn anew."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.views.tutor.paper import Paper
from tests.app.views.tutor.test_keeping import LESSON
from tests.core.corrections.tutor.house import HOUSE


@pytest.fixture
def paper(qtbot) -> Paper:
    return shown(qtbot)


def shown(qtbot) -> Paper:
    """A house without its window, and the lesson that puts it in."""
    made = Paper()
    qtbot.addWidget(made)
    made.resize(400, 380)
    made.template = HOUSE
    made.sketch.replace(LESSON.request.drawing)
    made.set_lesson(LESSON)
    with qtbot.waitExposed(made):
        made.show()
    return made


def at(paper: Paper, x: float, y: float) -> QPoint:
    return paper.place(x, y).toPoint()


def test_a_moved_end_leaves_what_stays_undrawn_and_the_picture_is_that_of_a_new_paper(qtbot, paper: Paper) -> None:
    paper.grab()
    still = paper._still
    QTest.mousePress(paper, Qt.MouseButton.LeftButton, pos=at(paper, *LESSON.placing.start[:2]))
    QTest.mouseMove(paper, at(paper, 120, 140))
    QTest.mouseRelease(paper, Qt.MouseButton.LeftButton, pos=at(paper, 120, 140))
    assert paper.placement[:2].tolist() == [120, 140]
    picture = paper.grab().toImage()
    assert paper._still is still
    other = shown(qtbot)
    other.placement, other.end = paper.placement.copy(), paper.end
    assert other.grab().toImage() == picture


@pytest.mark.parametrize(
    "change",
    [
        lambda paper: setattr(paper, "show_template", False),
        lambda paper: setattr(paper, "template", HOUSE[:1]),
        lambda paper: setattr(paper, "chosen", 1),
        lambda paper: paper.sketch.remove(0),
        lambda paper: paper.set_lesson(None),
        lambda paper: paper.resize(300, 300),
    ],
    ids=["without template", "another template", "chosen", "stroke removed", "without lesson", "smaller"],
)
def test_what_changes_is_drawn_again(paper: Paper, change) -> None:
    before = np.array(paper.grab().toImage().bits())
    change(paper)
    after = np.array(paper.grab().toImage().bits())
    assert before.shape != after.shape or (before != after).any()
