"""The form of corrections of images: samples that are wrong, handles drawn on the picture, sentences for nonsense."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.views.inspector.entries import enter, entries_of
from app.views.inspector.image_correction_form import ImageCorrectionForm
from core.corrections.records.correction import CorrectionRequest
from core.corrections.records.joint import JointRequest
from core.data.builtin import open_builtin
from core.data.dataset import Dataset
from core.data.storing import store_dataset

SHAPE = (1, 8, 8)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return open_builtin("digits").first(60)


@pytest.fixture
def said(digits: Dataset) -> np.ndarray:
    """Verdicts that are wrong of samples 7 and 20 only."""
    verdicts = digits.y.copy()
    verdicts[[7, 20]] = (verdicts[[7, 20]] + 1) % 10
    return verdicts


def made(qtbot: QtBot, digits: Dataset) -> ImageCorrectionForm:
    item = store_dataset(digits, origin="digits", keep=True)
    form = ImageCorrectionForm(item, lambda: digits, SHAPE, ())
    qtbot.addWidget(form)
    form.resize(320, 900)
    with qtbot.waitExposed(form):
        form.show()
    return form


@pytest.fixture
def form(qtbot: QtBot, digits: Dataset) -> ImageCorrectionForm:
    form = made(qtbot, digits)
    form.look()
    return form


def drag(form: ImageCorrectionForm, start: tuple[int, int], end: tuple[int, int]) -> None:
    first, last = (form.canvas.place_of(QPoint(*pixel)) for pixel in (start, end))
    QTest.mousePress(form.canvas, LEFT, pos=first)
    QTest.mouseMove(form.canvas, (first + last) / 2)
    QTest.mouseMove(form.canvas, last)
    QTest.mouseRelease(form.canvas, LEFT, pos=last)


def test_samples_are_read_when_somebody_looks_and_judged_at_once_if_they_are_few(qtbot: QtBot, digits: Dataset) -> None:
    read: list[int] = []

    def reading() -> Dataset:
        read.append(1)
        return digits

    form = ImageCorrectionForm(store_dataset(digits, origin="digits", keep=True), reading, SHAPE, ())
    qtbot.addWidget(form)
    assert not read
    with qtbot.waitSignal(form.verdicts_wanted, timeout=1000):
        form.look()
    form.look()
    assert len(read) == 1
    assert "labelled 0" in form.verdict.text()


def test_the_first_wrong_sample_is_gone_to_and_the_next_one_is_a_click_away(
    form: ImageCorrectionForm, said: np.ndarray, digits: Dataset
) -> None:
    form.set_verdicts(said)
    assert form.row.value() == 7
    assert form.verdict.text() == "judged 8, labelled 7"
    other = form.handles[0].towards.value()
    assert other != 7
    assert digits.y[other] == 7
    for row in (20, 7):
        QTest.mouseClick(form.next, LEFT)
        assert form.row.value() == row
    form.row.setValue(3)
    assert form.verdict.text() == "judged 3, labelled 3: nothing to correct"


def test_a_wanted_class_leads_to_samples_that_are_judged_otherwise(
    form: ImageCorrectionForm, said: np.ndarray, digits: Dataset
) -> None:
    form.set_verdicts(said)
    form.wanted.setCurrentText("9")
    assert form.next.text() == "Next other"
    form.row.setValue(8)
    QTest.mouseClick(form.next, LEFT)
    assert form.row.value() == 10  # sample 9 is a nine
    assert digits.y[form.handles[0].towards.value()] == 9
    request = form.request()
    assert isinstance(request, CorrectionRequest)
    assert request.wanted.classes == (9,)


def test_a_sample_that_was_chosen_stays_when_the_verdicts_arrive(form: ImageCorrectionForm, said: np.ndarray) -> None:
    form.row.setValue(3)
    form.set_verdicts(said)
    assert form.row.value() == 3


def test_many_samples_are_judged_only_when_a_wrong_one_is_looked_for(
    qtbot: QtBot, digits: Dataset, said: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.views.inspector.image_correction_form.AT_ONCE", 10)
    form = made(qtbot, digits)
    asked: list[int] = []
    form.verdicts_wanted.connect(lambda: asked.append(1))
    form.look()
    assert not asked
    form.row.setValue(9)
    QTest.mouseClick(form.next, LEFT)
    assert len(asked) == 1
    assert not form.next.isEnabled()
    form.set_verdicts(said)
    assert form.row.value() == 20


def test_a_rectangle_is_drawn_with_the_mouse_in_any_direction_and_stands_in_the_fields(
    form: ImageCorrectionForm,
) -> None:
    drag(form, (5, 6), (2, 3))
    assert [side.value() for side in form.handles[1].sides] == [2, 3, 4, 4]
    assert form.canvas.rectangles == {1: QRect(2, 3, 4, 4)}
    form.handles[1].sides[2].setValue(2)
    assert form.canvas.rectangles == {1: QRect(2, 3, 2, 4)}
    drag(form, (6, 6), (20, 20))  # beyond the rim
    assert form.canvas.rectangles == {1: QRect(6, 6, 2, 2)}


def test_of_two_rectangles_a_click_takes_the_other_one(form: ImageCorrectionForm) -> None:
    form.handles[1].set_rectangle(QRect(0, 0, 2, 2))
    form.handles[0].choose("brightness")
    form.handles[0].set_rectangle(QRect(4, 4, 2, 2))
    drag(form, (5, 0), (6, 1))
    assert form.canvas.rectangles == {0: QRect(5, 0, 2, 2), 1: QRect(0, 0, 2, 2)}
    QTest.mouseClick(form.canvas, LEFT, pos=form.canvas.place_of(QPoint(1, 1)))
    drag(form, (0, 4), (2, 5))
    assert form.canvas.rectangles == {0: QRect(5, 0, 2, 2), 1: QRect(0, 4, 3, 2)}


def test_everything_that_is_entered_stands_in_the_request(form: ImageCorrectionForm, digits: Dataset) -> None:
    form.row.setValue(4)
    form.wanted.setCurrentText("0")
    form.handles[0].towards.setValue(10)
    form.handles[0].range.setText("0, 0.5")
    form.handles[1].set_rectangle(QRect(1, 2, 3, 4))
    form.handles[1].stability.setValue(0.1)
    form.norm.setCurrentText("L2")
    request = form.request()
    assert isinstance(request, CorrectionRequest)
    names = [free.name for free in request.free]
    assert names == ["share of the way to image 10", "fading of 3 × 4 pixels at (1, 2)"]
    assert [(free.low, free.high, free.half_width) for free in request.free] == [(0, 0.5, 0.02), (0, 1, 0.1)]
    assert (request.row, request.wanted.classes, request.norm) == (4, (0,), "L2")
    assert request.input == tuple(digits.x[4].astype(float).reshape(-1))
    assert request.moves is not None


def test_a_third_handle_makes_it_a_search(form: ImageCorrectionForm) -> None:
    assert not form.handles[2].stability.isVisible()
    form.row.setValue(4)
    form.wanted.setCurrentText("0")
    form.handles[2].choose("brightness")
    form.handles[2].set_rectangle(QRect(0, 0, 1, 3))
    form.handles[2].stability.setValue(0.5)
    assert form.handles[2].stability.isVisible()
    assert form.canvas.rectangles[2] == QRect(0, 0, 1, 3)
    assert not form.seconds.isVisible()
    form.more.click()
    form.seconds.setValue(7)
    request = form.request()
    assert isinstance(request, JointRequest)
    assert request.freedom.names[2] == "brightness of 1 × 3 pixels at (0, 0)"
    assert [free.half_width for free in request.freedom.numbers] == [0.02, 0.02, 0.5]
    assert (request.seconds, request.row, request.goal.classes) == (7.0, 4, (0,))


def test_the_stability_of_a_brightness_is_in_the_units_of_the_data(form: ImageCorrectionForm) -> None:
    form.handles[1].choose("brightness")
    assert form.handles[1].stability.value() == pytest.approx(0.32)  # 2 % of 0 to 16


def _outside(form: ImageCorrectionForm) -> None:
    form.handles[1].set_rectangle(QRect(6, 6, 4, 1))


def _itself(form: ImageCorrectionForm) -> None:
    form.handles[0].towards.setValue(form.row.value())


def _same(form: ImageCorrectionForm) -> None:
    form.handles[0].choose("fade")
    for handle in form.handles:
        handle.set_rectangle(QRect(2, 2, 4, 4))


@pytest.mark.parametrize(
    ("nonsense", "words"),
    [
        (lambda form: form.row.setValue(3), "Sample 3 is judged 3 already"),
        (lambda form: form.handles[1].range.setText("0.5"), "Second handle: a range is two numbers"),
        (lambda form: form.handles[0].range.setText("0, much"), "“much” is no number"),
        (_outside, "not within the image"),
        (_itself, "image itself"),
        (_same, "in the same way"),
    ],
)
def test_nonsense_is_refused_in_a_sentence_beside_the_button(
    form: ImageCorrectionForm, said: np.ndarray, nonsense: Callable[[ImageCorrectionForm], object], words: str
) -> None:
    form.set_verdicts(said)
    nonsense(form)
    asked: list[object] = []
    form.requested.connect(asked.append)
    QTest.mouseClick(form.button, LEFT)
    assert form.complaint.isVisible()
    assert words in form.complaint.text()
    assert not asked
    form.row.setValue(20)  # another sample takes the complaint back
    assert not form.complaint.isVisible()


def test_what_was_entered_comes_back(qtbot: QtBot, digits: Dataset, said: np.ndarray) -> None:
    form = made(qtbot, digits)
    form.look()
    form.set_verdicts(said)
    form.row.setValue(20)
    form.wanted.setCurrentText("5")
    form.handles[0].towards.setValue(33)
    form.handles[1].choose("brightness")
    drag(form, (1, 1), (2, 3))
    form.handles[1].stability.setValue(0.5)
    form.handles[1].range.setText("-1, 2")
    before = entries_of([form])
    again = made(qtbot, digits)
    enter([again], before)
    again.entered()
    again.look()
    again.set_verdicts(said)
    assert entries_of([again]) == before
    assert again.request() == form.request()
