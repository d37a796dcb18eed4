"""A matrix whose cells are too small for their numbers writes the one that is pointed at where it can be read."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.render.plot.pairs import matrix_view
from app.render.plot.pairs.matrix_view import MatrixPicture, PairMatrix


def picture_of(count: int) -> MatrixPicture:
    texts = tuple(tuple(f"{10 * row + column}.5" for column in range(count)) for row in range(count))
    return MatrixPicture(
        names=tuple(f"feature {place}" for place in range(count)),
        distance=np.ones((count, count)),
        texts=texts,
        short=texts,
        sentence=lambda row, column: texts[row][column],
        strong=np.zeros((count, count), dtype=bool),
        best=None,
        unit="weighted L1 distance",
    )


@pytest.mark.parametrize(
    ("count", "size", "number"), [(16, (470, 330), "31.5"), (16, (760, 250), "31.5"), (4, (470, 330), "")]
)
def test_the_number_under_the_pointer_is_written_where_the_cells_are_too_small(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, count: int, size: tuple[int, int], number: str
) -> None:
    written: list[tuple[tuple[str, ...], str, float]] = []

    def note(painter: QPainter, place: object, names: tuple[str, ...], text: str, _look: object) -> None:
        written.append((names, text, place.width()))  # type: ignore[attr-defined]

    monkeypatch.setattr(matrix_view, "paint_reading", note)
    matrix = PairMatrix("matrix")
    qtbot.addWidget(matrix)
    matrix.resize(*size)
    matrix.set_picture(picture_of(count))
    matrix.set_current((3, 1))
    with qtbot.waitExposed(matrix):
        matrix.show()
    QTest.mouseMove(matrix, QPoint(0, 0))
    matrix.grab()
    assert bool(written) is bool(number)
    if number:
        assert written[-1][:2] == (("feature 1", "feature 3"), number)
        QTest.mouseMove(matrix, matrix.rectangle((2, 2)).center().toPoint())
        matrix.grab()
        assert written[-1][:2] == (("feature 2",), "22.5")
        assert written[-1][2] >= 70


def test_it_is_drawn_in_the_corner_that_is_free(qtbot: QtBot) -> None:
    matrix = PairMatrix("matrix")
    qtbot.addWidget(matrix)
    matrix.resize(470, 330)
    matrix.set_picture(picture_of(16))
    without = matrix.grab().toImage()
    matrix.set_current((3, 1))
    changed = matrix.grab().toImage()
    corner = matrix.rectangle((6, 13)).center().toPoint()
    region = [(corner.x() + x, y) for x in range(-60, 60) for y in range(60, 110)]
    assert any(without.pixel(*place) != changed.pixel(*place) for place in region)
