"""The curves of runs: lines that grow, scales, marks of the learning rate, and values at the pointer."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.render.plot.runs.curves_view import MOST_RUNS, CurvesView, run_colours
from app.render.plot.runs.run_series import ShownRun, rate_drops, series_of
from app.render.plot.style import SHAPE_CONTRAST, contrast, plot_colours
from core.training.run import Run
from tests.runs import RECIPE, run

LONG = replace(RECIPE, epochs=20)


def shown(key: str, a_run: Run, colour: int = 0) -> ShownRun:
    return ShownRun(id=key, name=f"Run {key}", run=a_run, colour=colour)


@pytest.fixture
def view(qtbot: QtBot) -> CurvesView:
    view = CurvesView()
    qtbot.addWidget(view)
    view.resize(900, 600)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_without_runs_the_view_says_what_to_do(view: CurvesView) -> None:
    label = view.findChild(QLabel, "curves.empty")
    assert label is not None
    assert label.isVisible()
    assert "start it" in label.text()


def test_train_and_test_are_lines_of_their_own_and_batches_a_faint_one() -> None:
    looks = [series.look for series in series_of(run(epochs=4), "loss", "epoch")]
    assert looks == ["faint", "solid", "dashed"]
    solid = series_of(run(epochs=4), "loss", "epoch")[1]
    np.testing.assert_array_equal(solid.x, [0, 1, 2, 3, 4])


def test_what_was_not_measured_is_no_point_and_an_empty_measure_no_plot(view: CurvesView) -> None:
    blind = replace(run(epochs=4), test_loss=np.full(5, np.nan), top_eigenvalue=np.full(5, np.nan))
    assert len(series_of(blind, "loss", "epoch")[2].x) == 0
    view.set_runs([shown("a", blind)])
    assert view.panels["gradient_norm"].isVisible()
    assert not view.panels["top_eigenvalue"].isVisible()


def test_a_run_that_predicts_numbers_has_no_plot_of_accuracy_and_a_loss_without_nats(view: CurvesView) -> None:
    none = np.full(5, np.nan)
    view.set_runs([shown("a", replace(run(epochs=4), train_accuracy=none, test_accuracy=none))])
    assert not view.panels["accuracy"].isVisible()
    assert view.panels["loss"]._axis.label.toPlainText() == "mean loss"
    view.set_runs([shown("a", run(epochs=4))])
    assert view.panels["loss"]._axis.label.toPlainText() == "mean loss (nats)"


def test_a_batch_loss_beyond_the_last_epoch_lies_in_the_epoch_under_way() -> None:
    growing = replace(run(epochs=4, request=LONG), batch_loss=np.full(18, 0.5, dtype=np.float32))
    faint = series_of(growing, "loss", "epoch")[0]
    assert faint.x[15] == pytest.approx(4.0)
    assert 4.0 < faint.x[17] < 5.0


def test_the_first_epoch_shows_its_batches_before_any_row_but_the_first_is_there() -> None:
    start = replace(run(epochs=0, request=LONG), batch_loss=np.full(3, 2.0, dtype=np.float32))
    assert 0 < series_of(start, "loss", "epoch")[0].x[-1] <= 1
    assert len(series_of(start, "loss", "seconds")[0].x) == 0  # nobody knows yet how long an epoch takes


def test_thousands_of_batches_are_averaged_and_none_of_the_loss_is_lost() -> None:
    losses = np.linspace(2, 1, 6000).astype(np.float32)
    steps = np.array([0, 6000])
    long = replace(run(epochs=1, request=LONG), batch_loss=losses, step=steps)
    faint = series_of(long, "loss", "step")[0]
    assert len(faint.x) <= 1500
    assert faint.y.mean() == pytest.approx(1.5, abs=1e-3)


def test_a_drop_of_the_learning_rate_is_marked_where_the_epoch_before_it_ended() -> None:
    rates = np.array([0.1, 0.1, 0.1, 0.01, 0.01])
    assert rate_drops(replace(run(epochs=4), learning_rate=rates), "epoch").tolist() == [2.0]
    assert rate_drops(run(epochs=4), "epoch").tolist() == []


def test_a_growing_run_moves_its_lines_instead_of_making_new_ones(view: CurvesView) -> None:
    view.set_runs([shown("a", run(epochs=2, request=LONG))])
    panel = view.panels["loss"]
    lines = dict(panel._lines)
    view.set_runs([shown("a", run(epochs=3, request=LONG))])
    assert panel._lines == lines
    assert len(panel._lines["a", "solid"].xData) == 4
    view.set_runs([])
    assert panel._lines == lines  # hidden; the next runs clear them
    view.set_runs([shown("b", run())])
    assert set(panel._lines) == {("b", "solid"), ("b", "dashed"), ("b", "faint")}


def test_arrow_keys_walk_through_the_epochs_and_the_runs(view: CurvesView, qtbot: QtBot) -> None:
    view.set_runs([shown("a", run(epochs=4)), shown("b", run(epochs=4, seed=1), 1)])
    words: list[str] = []
    view.hovered.connect(words.append)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert words[-1].startswith("Run a: epoch 0 of 4")
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert "epoch 1 of 4 · 4 steps" in words[-1]
    assert "accuracy" in words[-1]
    assert "% train" in words[-1]
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert words[-1].startswith("Run b: epoch 1 of 4")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert words[-1] == ""


def test_the_pointer_reads_the_nearest_point_and_lets_go_far_from_all(view: CurvesView, qtbot: QtBot) -> None:
    view.set_runs([shown("a", run(epochs=4))])
    panel = view.panels["accuracy"]
    qtbot.waitUntil(lambda: panel._plot.getViewBox().viewRange()[0][1] > 3)
    box = panel._plot.getViewBox()
    solid = series_of(run(epochs=4), "accuracy", "epoch")[0]
    panel._on_moved(box.mapViewToScene(QPointF(solid.x[2], solid.y[2])))
    assert view.findChild(QLabel, "curves.reading").text().startswith("Run a: epoch 2")
    panel._on_moved(QPointF(-50, -50))
    assert "Point at a curve" in view.findChild(QLabel, "curves.reading").text()


def test_a_logarithmic_loss_leaves_accuracy_alone_and_shows_losses_on_its_ticks(view: CurvesView) -> None:
    view.set_runs([shown("a", run(epochs=4))])
    changes: list[None] = []
    view.view_changed.connect(lambda: changes.append(None))
    view.set_logarithmic(True)
    loss, accuracy = (view.panels[name] for name in ("loss", "accuracy"))
    np.testing.assert_allclose(loss._lines["a", "solid"].yData, np.log10(run(epochs=4).train_loss))
    assert accuracy._lines["a", "solid"].yData.max() > 1
    assert loss._axis.tickStrings([-1.0, 0.0], 1.0, 1.0) == ["0.1", "1"]
    view.set_horizontal("step")
    assert view.horizontal == "step"
    view.set_horizontal("nonsense")
    assert view.horizontal == "step"
    assert len(changes) == 2


def test_colours_of_runs_are_told_apart_and_legible_on_their_background(view: CurvesView) -> None:
    colours = run_colours(view.palette())
    assert len({colour.name() for colour in colours.values()}) == MOST_RUNS
    background = plot_colours(QPalette(view.palette())).background
    assert all(contrast(colour, background) >= SHAPE_CONTRAST for colour in colours.values())
