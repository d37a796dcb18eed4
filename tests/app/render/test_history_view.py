"""Curvature through a training as three plots over one axis."""

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.render.plot.histories.history_view import HistoryView
from core.spectrum.history import History
from tests.histories import history


def show(qtbot: QtBot, shown: History) -> HistoryView:
    view = HistoryView()
    qtbot.addWidget(view)
    view.resize(700, 700)
    with qtbot.waitExposed(view):
        view.show()
    view.set_history(shown)
    return view


def test_loss_gradient_and_every_eigenvalue_are_drawn_over_the_epochs(qtbot: QtBot) -> None:
    shown = history()
    view = show(qtbot, shown)
    assert [len(panel.drawn) for panel in view.panels.values()] == [2, 1, 3]
    first = next(line for line in view.panels["curvature"].drawn if line.look == "solid")
    assert np.array_equal(first.y, np.abs(shown.eigenvalues[:, 0]))
    assert "learning rate falls" in [entry.text for entry in view._legend.entries]
    assert not view.grab().isNull()


def test_one_checkpoint_is_read_in_all_plots_together(qtbot: QtBot) -> None:
    view = show(qtbot, history())
    said: list[str] = []
    view.hovered.connect(said.append)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert said[-1].startswith("epoch 16 · loss 0.05 train, 0.15 test · accuracy 100 % train")
    assert all(panel._mark.isVisible() and panel._mark.value() == 16 for panel in view.panels.values())
    view.panels["gradient"].pointed_at.emit("gradient", 4.0)
    assert said[-1].startswith("epoch 4 · ")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert said[-1] == ""
    assert not any(panel._mark.isVisible() for panel in view.panels.values())


def test_what_is_not_computed_yet_is_said(qtbot: QtBot) -> None:
    view = show(qtbot, history(status="partial", tested=False))
    assert view.caption.startswith("Partial: 6 of 9 checkpoints")
    view.choose(8)
    assert view.reading == "epoch 16: not computed yet"
    assert len(view.panels["loss"].drawn) == 1


def test_a_negative_top_eigenvalue_has_an_open_mark_and_is_counted(qtbot: QtBot) -> None:
    shown = history()
    shown.eigenvalues[3, 0] *= -1
    view = show(qtbot, shown)
    assert "λ₁ is negative at 1 checkpoint" in view.caption
    marks = [line for line in view.panels["curvature"].drawn if line.look == "dashed"]
    assert [line.x.tolist() for line in marks] == [[6.0]]


def test_the_scale_is_logarithmic_until_somebody_chooses_the_linear_one(qtbot: QtBot) -> None:
    view = show(qtbot, history())
    assert view.logarithmic
    view.set_logarithmic(False)
    assert not view.panels["curvature"]._axis.logarithmic
