"""The pictures of all pairs: the matrix under mouse and keys, the lanes, and the table of levels."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.render.plot.pairs.lanes_view import LanesView
from app.render.plot.pairs.levels_view import LevelsView
from app.render.plot.pairs.matrix_view import PairMatrix, limits_of, near_colour
from app.views.pairs.pictures import lanes_picture, levels_picture, matrix_picture
from core.corrections.records.pairs import Pairs
from core.exchange.subject import Subject, subject_of
from tests import documents
from tests.pairs import pairs_result

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
ITEM = documents.result_item(pairs_result(), "pairs-0", "All pairs")
SUBJECT: Subject = subject_of(ITEM, documents.document())


@pytest.fixture
def matrix(qtbot: QtBot) -> PairMatrix:
    view = PairMatrix("pairs.matrix")
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.set_picture(matrix_picture(pairs_result(), SUBJECT))
    with qtbot.waitExposed(view):
        view.show()
    return view


def colour_in(view: PairMatrix, cell: tuple[int, int]) -> QColor:
    """Near the corner of a cell, where no number stands."""
    place = view.rectangle(cell).topLeft().toPoint() + QPoint(5, 5)
    return view.grab().toImage().pixelColor(place)


def test_the_nearest_cell_is_bright_and_one_without_a_correction_is_grey(matrix: PairMatrix) -> None:
    picture = matrix.picture
    assert picture is not None
    assert picture.names == ("Duration", "Housing", "Amount")  # as they promised
    assert picture.best == (2, 0)
    assert picture.texts[2][2] == "∅"
    low, high = limits_of(picture.distance)
    assert (low, high) == (0.35, 1.0)
    shown, expected = colour_in(matrix, (1, 1)), near_colour(1.0)
    assert all(abs(one - other) <= 3 for one, other in zip(shown.getRgb()[:3], expected.getRgb()[:3], strict=True))
    grey = colour_in(matrix, (2, 2))
    assert max(grey.getRgb()[:3]) - min(grey.getRgb()[:3]) < 12


def test_a_cell_is_chosen_by_a_click_opened_by_two_and_read_under_the_pointer(matrix: PairMatrix, qtbot: QtBot) -> None:
    chosen, opened, read = [], [], []
    matrix.chosen.connect(lambda row, column: chosen.append((row, column)))
    matrix.opened.connect(lambda row, column: opened.append((row, column)))
    matrix.pointed.connect(read.append)
    place = matrix.rectangle((2, 0)).center().toPoint()
    at = QPointF(place)
    move = QMouseEvent(QEvent.Type.MouseMove, at, matrix.mapToGlobal(at), NONE, NONE, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(matrix, move)
    qtbot.mouseClick(matrix, LEFT, pos=place)
    qtbot.mouseDClick(matrix, LEFT, pos=place)
    qtbot.mouseRelease(matrix, LEFT, pos=place)  # or the button stays down for every test that follows
    assert (chosen[0], opened) == ((2, 0), [(2, 0)])
    assert read[-1].startswith("Duration × Amount: 0.35, proved.")
    assert matrix.cell_at(QPointF(matrix.rectangle((0, 2)).center())) is None  # above the diagonal there is nothing
    assert "0.35" in matrix.accessibleDescription()


def test_the_arrow_keys_stay_in_the_triangle(matrix: PairMatrix, qtbot: QtBot) -> None:
    opened = []
    matrix.opened.connect(lambda row, column: opened.append((row, column)))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(matrix, key)
    assert matrix.current == (2, 1)
    qtbot.keyClick(matrix, Qt.Key.Key_Up)
    qtbot.keyClick(matrix, Qt.Key.Key_Up)
    assert matrix.current == (0, 0)
    qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert opened == [(0, 0)]


def test_lanes_begin_with_the_level_of_the_input_and_say_what_is_accepted(qtbot: QtBot) -> None:
    pairs = pairs_result()
    lanes = pairs.lanes_of(0, 2)
    assert lanes is not None
    picture = lanes_picture(pairs, lanes, SUBJECT)
    assert [lane.name for lane in picture.lanes] == ["rent", "own", "free"]
    assert [lane.here for lane in picture.lanes] == [True, False, False]
    assert [lane.distance for lane in picture.lanes] == ["0.412", "1", "∅ none"]
    assert picture.axis == "Duration (months)"
    view = LanesView("lanes")
    qtbot.addWidget(view)
    view.set_picture(picture)
    view.resize(500, view.sizeHint().height())
    words = view.accessibleDescription()
    assert "accepted from 4 to 22.5, 60 to 61; nearest stable 20; 0.412" in words
    assert "free: nothing is accepted" in words
    assert not view.grab().isNull()


def test_levels_are_told_by_colour_sign_and_sentence(qtbot: QtBot) -> None:
    pairs = pairs_result()
    table = pairs.table_of(2, 2)
    assert table is not None
    picture = levels_picture(pairs, table)
    assert picture.judged == (("rejected",), ("accepted",), ("rejected",))
    assert (picture.here, picture.best) == ((0, 0), (1, 0))
    assert picture.sentences[1][0] == "own: accepted, proved; lead of what is wanted +0.4"
    view = LevelsView("levels")
    qtbot.addWidget(view)
    view.set_picture(picture)
    view.resize(400, view.sizeHint().height())
    image = view.grab().toImage()
    accepted, rejected = (image.pixelColor(view.cell(row, 0).topLeft().toPoint() + QPoint(6, 6)) for row in (1, 2))
    assert accepted.green() > accepted.red()
    assert rejected.red() > rejected.green()


def test_what_was_not_looked_at_is_empty_and_says_so(qtbot: QtBot) -> None:
    begun: Pairs = replace(pairs_result("partial"))
    picture = matrix_picture(begun, SUBJECT)
    assert picture.texts[2][1] == ""
    assert picture.sentence(2, 1).startswith("Housing × Amount: not looked at yet")
    view = PairMatrix("pairs.matrix")
    qtbot.addWidget(view)
    view.set_picture(picture)
    view.set_picture(None)
    assert view.current is None
