"""The drawing tutor in the window: a recogniser is trained, a roof is missing, and its ends may lie in their boxes."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.views.tutor.keeping import lesson_to_plain
from app.views.tutor.tutor_page import PAGE_ID, TutorPage
from app.views.tutor.words import MOVE_AN_END
from tests.core.corrections.tutor.house import HOUSE, SAMPLES, small_recipe


@pytest.fixture
def page(driver) -> TutorPage:
    driver.trigger("tutor.page")
    found = driver.window.area.page(PAGE_ID)
    assert isinstance(found, TutorPage)
    return found


def at(page: TutorPage, x: float, y: float) -> QPoint:
    return page.paper.place(x, y).toPoint()


def draw(page: TutorPage, *points: tuple[float, float]) -> None:
    paper = page.paper
    QTest.mousePress(paper, Qt.MouseButton.LeftButton, pos=at(page, *points[0]))
    for one, other in itertools.pairwise(points):
        for share in np.linspace(0, 1, 8):
            QTest.mouseMove(paper, at(page, *(np.array(one) * (1 - share) + np.array(other) * share)))
    QTest.mouseRelease(paper, Qt.MouseButton.LeftButton, pos=at(page, *points[-1]))


def test_strokes_are_drawn_chosen_deleted_and_taken_back_by_mouse_and_keys(page: TutorPage) -> None:
    draw(page, (40, 100), (120, 30), (200, 100))
    draw(page, (60, 200), (180, 200))
    sketch = page.paper.sketch
    assert [stroke.shape[1] for stroke in sketch.strokes] == [3, 2]
    assert np.abs(sketch.strokes[0] - [[40, 120, 200], [100, 30, 100]]).max() <= 2
    QTest.mouseClick(page.paper, Qt.MouseButton.LeftButton, pos=at(page, 120, 200))
    assert page.paper.chosen == 1
    QTest.keyClick(page.paper, Qt.Key.Key_Delete)
    assert len(sketch.strokes) == 1
    QTest.keyClick(page.paper, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(sketch.strokes) == 2
    page.panel.clear.click()
    assert sketch.strokes == ()
    page.panel.undo.click()
    assert len(sketch.strokes) == 2


def test_undo_on_the_paper_leaves_the_session_alone(driver, page: TutorPage) -> None:
    page.paper.setFocus()
    draw(page, (40, 100), (200, 100))
    steps = driver.window.history.undo_text
    QTest.keyClick(page.paper, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.paper.sketch.strokes == ()
    assert driver.window.history.undo_text == steps


def test_what_was_drawn_comes_back_with_the_session(page: TutorPage) -> None:
    page.paper.put(HOUSE)
    page.steps.use.click()
    page.paper.put(HOUSE[:2])
    state = json.loads(json.dumps(page.view_state()))
    page.paper.put(())
    page.restore_view(state)
    assert len(page.paper.sketch.strokes) == 2
    assert "4 strokes" in page.steps.canonical_state.text()
    page.restore_view({"drawing": 3, "canonical": [[1]], "learnt": [], "network": None})
    assert len(page.paper.sketch.strokes) == 2


def test_a_drawing_is_learnt_judged_and_completed(driver, page: TutorPage, tmp_path: Path) -> None:
    tutoring, steps, paper = driver.window.tutor_room.tutoring, page.steps, page.paper
    tutoring.recipe, tutoring.samples = small_recipe(), SAMPLES
    assert not steps.train.isEnabled()
    paper.put(HOUSE)
    steps.use.click()
    steps.train.click()
    assert tutoring.training
    driver.wait(lambda: not tutoring.training)
    driver.wait(lambda: page.verdict.lead is not None)
    assert page.verdict.lead > 0
    (network,) = driver.document.networks
    assert "of held-out drawings are judged rightly" in network.card.description

    QTest.mouseClick(paper, Qt.MouseButton.LeftButton, pos=at(page, 120, 30))  # the roof
    page.panel.delete.click()
    assert page.verdict.lead < 0
    steps.seconds.setValue(1)
    steps.stability.setValue(1)
    steps.correct.click()
    driver.wait(lambda: paper.lesson is not None and paper.lesson.status == "complete")
    lesson = paper.lesson
    assert not tutoring.teaching
    assert page.verdict.lead > 0
    assert page.note.text() == MOVE_AN_END
    assert paper.standing == "proved"

    state = json.loads(json.dumps(page.view_state()))
    paper.put(())
    assert paper.lesson is None
    page.restore_view(state)
    again = paper.lesson
    assert again is not None
    assert lesson_to_plain(again, network.sha256) == lesson_to_plain(lesson, network.sha256)
    assert paper.standing == "proved"

    end, box = 0, lesson.joint[0]
    press = at(page, *paper.placement[:2])
    QTest.mousePress(paper, Qt.MouseButton.LeftButton, pos=press)
    QTest.mouseMove(paper, at(page, *box.high))
    assert paper.placement[:2].tolist() == box.high.tolist()
    assert paper.standing == "proved"
    assert f"End {end + 1}" in page.note.text()
    QTest.mouseMove(paper, at(page, 250, 250))
    assert paper.standing != "proved"
    QTest.mouseRelease(paper, Qt.MouseButton.LeftButton, pos=at(page, 250, 250))
    QTest.keyClick(paper, Qt.Key.Key_Left)
    assert paper.placement[0] == 249

    driver.answers.target = tmp_path / "house.svg"
    steps.export.click()
    driver.wait(driver.answers.target.exists)

    steps.take.click()
    assert paper.lesson is None
    assert len(paper.sketch.strokes) == len(lesson.drawing)
    page.image()
    driver.trigger("edit.undo")  # of the session: the network goes
    assert driver.document.networks == ()
    assert page.verdict.lead is None


def test_training_can_be_stopped_and_leaves_nothing(driver, page: TutorPage) -> None:
    tutoring = driver.window.tutor_room.tutoring
    tutoring.samples = 20_000
    paper = page.paper
    paper.put(HOUSE)
    page.steps.use.click()
    page.steps.train.click()
    driver.wait(lambda: driver.window.jobs.current is not None)
    page.steps.train.click()
    driver.wait(lambda: not tutoring.training)
    assert driver.document.networks == ()
    assert page.steps.train.text() == "Train a recogniser on this drawing"
