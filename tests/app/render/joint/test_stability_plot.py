"""Minimal against stable of several features, under mouse and keys."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.render.plot.joint.stability_plot import HINT, StabilityPlot
from tests.joints import joint

LEFT = Qt.MouseButton.LeftButton


class Told:
    """What the plot told."""

    def __init__(self, plot: StabilityPlot) -> None:
        self.picking: list[int] = []
        self.picked: list[int] = []
        self.dropped = 0
        plot.picker.picking.connect(self.picking.append)
        plot.picker.picked.connect(self.picked.append)
        plot.picker.dropped.connect(self._on_dropped)

    def _on_dropped(self) -> None:
        self.dropped += 1


@pytest.fixture
def plot(qtbot: QtBot) -> StabilityPlot:
    """A curve over 0, 1, 2 and 4 times what was asked for, of which the first two have a correction."""
    made = StabilityPlot("joint.tradeoff", "nothing yet")
    qtbot.addWidget(made)
    made.set_curve(joint().tradeoff, ("", "As asked for.", "", ""), (0, 1))
    made.set_pickable(pickable=True)
    made.resize(420, 260)
    with qtbot.waitExposed(made):
        made.show()
    return made


def at(plot: StabilityPlot, scale: float) -> tuple[QWidget, QPoint]:
    view = plot._plot.getViewBox()
    return plot._plot.viewport(), plot._plot.mapFromScene(view.mapViewToScene(QPointF(scale, 0.2)))


def test_a_click_picks_the_nearest_place_that_has_a_correction_and_tells_it_once(plot: StabilityPlot) -> None:
    told = Told(plot)
    QTest.mouseClick(at(plot, 0.2)[0], LEFT, pos=at(plot, 0.2)[1])
    assert (told.picking, told.picked, plot.at) == ([0], [0], 0)
    QTest.mouseClick(at(plot, 3.0)[0], LEFT, pos=at(plot, 3.0)[1])  # provably nothing is that stable
    assert (told.picked, plot.at) == ([0, 1], 1)


def test_a_hand_goes_along_the_curve_and_lets_go_once(plot: StabilityPlot) -> None:
    told = Told(plot)
    widget, start = at(plot, 0.1)
    QTest.mousePress(widget, LEFT, pos=start)
    QTest.mouseMove(widget, at(plot, 0.9)[1])
    assert plot.held
    QTest.mouseRelease(widget, LEFT, pos=at(plot, 0.9)[1])
    assert (told.picking, told.picked) == ([0, 1], [1])


def test_keys_begin_at_what_was_asked_for_and_escape_goes_back(plot: StabilityPlot) -> None:
    told = Told(plot)
    QTest.keyPress(plot, Qt.Key.Key_Right)
    assert (plot.at, plot.held) == (1, True)
    QTest.keyRelease(plot, Qt.Key.Key_Right)
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert told.picked == [1, 0]
    QTest.keyPress(plot, Qt.Key.Key_End)
    QTest.keyPress(plot, Qt.Key.Key_Escape)
    QTest.keyRelease(plot, Qt.Key.Key_End)
    assert (plot.at, told.dropped, told.picked) == (0, 1, [1, 0])


def test_what_is_pointed_at_is_read(plot: StabilityPlot) -> None:
    assert plot.reading == HINT
    QTest.mouseMove(*at(plot, 1.1))
    assert plot.reading == "As asked for."
    QTest.mouseMove(*at(plot, 3.9))
    assert plot.reading == "Stable for 4.00 times the ± that was asked for: provably none exists"


def test_nothing_is_picked_where_the_box_may_not_be_moved(plot: StabilityPlot) -> None:
    plot.set_pickable(pickable=False)
    told = Told(plot)
    QTest.mouseClick(at(plot, 0.2)[0], LEFT, pos=at(plot, 0.2)[1])
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert (told.picking, told.picked, plot.at) == ([], [], None)
    assert plot.reading == "Point at the curve to read it."
