"""Margins of samples as bars, and a measure of networks against their gap."""

import numpy as np
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from app.render.plot.sizes.gap_view import GapView
from app.render.plot.sizes.margins_view import MarginsView
from core.generalisation.table import complexity_table
from tests.complexities import begun, complexity


def test_no_bar_of_the_margins_is_half_right_and_half_wrong(qtbot: QtBot) -> None:
    view, found = MarginsView(), complexity()
    qtbot.addWidget(view)
    view.set_complexity(found)
    bars = view.bars
    assert bars is not None
    assert bars.counts.sum() == len(found.margins)
    assert bars.counts[bars.hatched].sum() == (found.margins <= 0).sum()
    assert [entry.text for entry in view._legend.entries] == ["right", "wrong"]


def test_a_bar_under_the_pointer_is_read(qtbot: QtBot) -> None:
    view = MarginsView()
    qtbot.addWidget(view)
    view.resize(600, 400)
    with qtbot.waitExposed(view):
        view.show()
    view.set_complexity(complexity())
    said: list[str] = []
    view.hovered.connect(said.append)
    bars = view.bars
    assert bars is not None
    place = int(np.argmax(bars.counts))
    middle = QPointF(float(bars.edges[place : place + 2].mean()), 1.0)
    view.panel._on_moved(view.panel._plot.getViewBox().mapViewToScene(middle))
    assert said[-1].startswith(f"{bars.counts[place]} samples with a margin of ")


def test_margins_that_are_not_measured_yet_are_said_to_be_missing(qtbot: QtBot) -> None:
    view = MarginsView()
    qtbot.addWidget(view)
    view.set_complexity(begun())
    assert view._pages.currentIndex() == 0


def test_networks_are_points_and_the_correlation_is_told(qtbot: QtBot) -> None:
    table = complexity_table([(f"net {size}", complexity(sharper=1 + size / 10)) for size in range(6)])
    view = GapView()
    qtbot.addWidget(view)
    view.resize(600, 400)
    with qtbot.waitExposed(view):
        view.show()
    column = [measure.key for measure in table.measures].index("sharpness")
    view.set_table(table, column)
    assert len(view._dots.data) == 6
    assert view.reading.startswith("Spearman ρ 1 ")
    said: list[str] = []
    view.hovered.connect(said.append)
    view.grab()  # pyqtgraph finds the range when it paints
    place = QPointF(float(table.values[2, column]), 100 * float(table.gap[2]))
    view._on_moved(view._plot.getViewBox().mapViewToScene(place))
    assert said[-1].startswith("net 2: ")
