"""Losses of fresh initialisations against the levels of planes."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from app.render.plot.lines.initialisations_view import InitialisationsView, initialisations_caption
from app.render.plot.lines.level_marks import Level
from tests.app import landscapes


def show(qtbot: QtBot) -> InitialisationsView:
    view = InitialisationsView()
    qtbot.addWidget(view)
    view.resize(640, 520)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_the_trained_network_and_the_levels_are_marked_in_order(qtbot: QtBot) -> None:
    view = show(qtbot)
    view.set_initialisations(landscapes.initialisations())
    view.set_levels([Level(words="barrier", loss=3.1), Level(words="lowest", loss=0.001), Level(words="no", loss=0.0)])
    assert [level.words for level in view.levels] == ["lowest", "the trained network: 0.04", "barrier"]
    low, high = view._plot.getViewBox().viewRange()[1]
    assert low < -3
    assert high > np.log10(6)
    assert not view.grab().isNull()


def test_arrow_keys_and_the_pointer_read_one_initialisation(qtbot: QtBot) -> None:
    view = show(qtbot)
    view.set_initialisations(landscapes.initialisations())
    said: list[str] = []
    view.hovered.connect(said.append)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert said[-1].startswith("seed 0 · loss as initialised")
    assert said[-1].endswith("accuracy 10 % · 31.5 from the trained network")
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert said[-1] == ""
    place = view._places(7)[0]
    view._on_moved(view._plot.getViewBox().mapViewToScene(QPointF(*place)))
    assert said[-1].startswith("seed 7")


def test_what_is_not_computed_or_not_finite_is_said_and_not_drawn(qtbot: QtBot) -> None:
    view = show(qtbot)
    view.set_initialisations(landscapes.initialisations(status="partial"))
    assert view.caption.startswith("Partial: 10 initialisations, 5 computed")
    assert len(view._dots.data) == 10
    lost = landscapes.initialisations()
    lost = replace(lost, loss=np.where(np.arange(10) == 3, np.inf, lost.loss))
    assert "1 without a finite loss" in initialisations_caption(lost)
